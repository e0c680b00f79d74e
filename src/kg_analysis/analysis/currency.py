"""Up to which day the figures of each topic count.

Responsibility: cut-off days, and which figures carry none.

Terms: *cut-off* = last day that a figure covers: its printed day, else the end of its period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kg_analysis.analysis.comparison import age
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Row


@dataclass(frozen=True)
class CutOff:
    """Latest and earliest day that the figures of a topic cover.

    Attributes
    ----------
    topic : str
    day : date
    estimated : bool
        Whether figures up to this day are estimates: the day lay ahead when they were printed.
    figure_ids : tuple of str
    """

    topic: str
    day: date
    estimated: bool
    figure_ids: tuple[str, ...]


def cut_offs(data: Dataset) -> list[CutOff]:
    """Days up to which the results of each topic count, by topic and then by day.

    Raises
    ------
    NotPrintedError
        If no result has a period.
    """
    rows = data.figures[data.figures["basis"].isin(["actual", "estimate"]) & (data.figures["period_type"] != "day")]
    rows = rows[(rows["low"].notna() | rows["high"].notna()) & ~until_now(rows)]
    if rows.empty:
        raise NotPrintedError(f"figures: no result is printed for {data.year}", "other_figures")
    days = rows["as_of"].fillna(rows["period_end"]).dt.date
    topics = rows["indicator"].map(data.indicators["topic"])
    groups = rows.groupby([topics.rename("topic"), days.rename("day"), rows["basis"] == "estimate"], sort=True)
    return [CutOff(topic, day, bool(estimated), tuple(part.index)) for (topic, day, estimated), part in groups]


def undated(data: Dataset) -> int:
    """Counts "up to now" of which no day is printed: they stand on no cut-off day."""
    rows = data.figures[data.figures["low"].notna() | data.figures["high"].notna()]
    return int(until_now(rows).sum())


def cut_off_rows(found: Sequence[CutOff]) -> list[Row]:
    """One row a topic and cut-off day."""
    return [
        {
            "topic": each.topic,
            "cut_off": each.day,
            "basis": "estimate" if each.estimated else "actual",
            "figures": len(each.figure_ids),
            "figure_ids": " ".join(each.figure_ids),
        }
        for each in found
    ]


def until_now(rows: pd.DataFrame) -> pd.Series[bool]:
    """Counted, not estimated, for a period that had not ended, without a printed day."""
    ahead = pd.Series([age(row) == "running" for _, row in rows.iterrows()], index=rows.index, dtype=bool)
    return ahead & (rows["basis"] == "actual") & rows["as_of"].isna()


def last_day(row: pd.Series) -> date:
    """Cut-off day of a figure."""
    day: pd.Timestamp = row["period_end"] if pd.isna(row["as_of"]) else row["as_of"]
    return day.date()
