"""Sentences on distancing measures: which are named, and how far they are dated.

Responsibility: words for what is dated and for what is not. No effect is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from kg_analysis.narrative.context import ReportContext

Measure = Mapping[str, Any]


def in_page_order(here: ReportContext) -> list[Measure]:
    """Measures as the report comes to them; empty where it names none."""
    rows = here.data.measures
    offsets = rows["figure_ids"].map(lambda ids: min(here.data.row(each)["start"] for each in ids.split()))
    return [
        {str(name): None if pd.isna(cell) else cell for name, cell in row.items()}
        for row in rows.loc[offsets.sort_values().index].to_dict("records")
    ]


def measures(here: ReportContext) -> str:
    """Every measure with its dates, its length, or neither."""
    listed = in_page_order(here)
    if not listed:
        return here.say("covid.no_measures")
    parts = [here.say("covid.measure_part", name=name(each, here), dated=dated(each, here)) for each in listed]
    return here.say("covid.measures", parts="; ".join(parts))


def name(measure: Measure, here: ReportContext) -> str:
    """Name of a measure with its scope; the label of its figure where it has no name here yet."""
    if not here.page.knows(f"covid.measure_{measure['measure']}"):
        return str(here.data.row(str(measure["figure_ids"]).split()[0])["label"])
    said, scope = here.say(f"covid.measure_{measure['measure']}"), here.say(f"covid.scope_{measure['scope']}")
    return here.say("covid.measure_scope", measure=said, scope=scope)


def dated(measure: Measure, here: ReportContext) -> str:
    """When it held, as far as the report says."""
    start, end = day(measure["start"]), day(measure["end"])
    if start is not None:
        return here.say(f"covid.measure_{'from' if end is None else 'between'}", start=start, end=end)
    days = measure["days_printed"]
    return here.say("covid.measure_undated") if days is None else here.say("covid.measure_length", days=int(days))


def day(cell: pd.Timestamp | None) -> date | None:
    """Day of a cell of the table; None where it is not printed."""
    return None if cell is None else cell.date()
