"""Sentences on this year against the year before.

Responsibility: which words :mod:`kg_analysis.analysis.comparison` calls for.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg_analysis.findings.wording import direction, listed, size
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Row


def year_on_year(rows: Sequence[Row], here: ReportContext) -> str:
    """Which headline figures may be compared with the year before, and why the others may not."""
    compared = [_compared(row, here) for row in rows if row["change"] is not None]
    sentences = [here.say("vintages.compared", parts="; ".join(compared))] if compared else []
    refused = dict.fromkeys(str(row["reason"]) for row in rows if row["change"] is None)
    for reason in refused:
        names = [_named(row, here) for row in rows if row["reason"] == reason and row["change"] is None]
        sentences.append(here.say("vintages.refused", names=listed(names, here), why=here.say(f"missing.{reason}")))
    return " ".join(sentences)


def _compared(row: Row, here: ReportContext) -> str:
    change = row["change"]
    values = {"name": _named(row, here), "now": row["now"], "before": row["before"], "size": size(change)}
    return here.say(f"vintages.change_{direction(change)}", **values)


def _named(row: Row, here: ReportContext) -> str:
    period = here.say(f"vintages.period_{row['period']}")
    key = "vintages.named_until" if row["period"] == "budget" else "vintages.named"
    return here.say(key, label=here.label(str(row["indicator"])), period=period, until=row["until"])
