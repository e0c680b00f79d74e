"""What a year's sources say on one page: targets, tasks, programme, online services, and the rest.

Responsibility: arrange printed counts by system, never adding across systems.

Terms: *system* = who set or who counts: the same thing counted by two systems is two counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kg_analysis.analysis.currency import last_day, until_now
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, Row, derive

_SHOWN = ("economy", "society", "administration")  # topics without a section of their own


@dataclass(frozen=True)
class System:
    """Counts of one system by status.

    Attributes
    ----------
    name : str
        e.g. ``government``.
    as_of : date or None
        Cut-off day as printed.
    counts : dict of str to Quantity
        By status, as printed.
    """

    name: str
    as_of: date | None
    counts: dict[str, Quantity]

    @property
    def total(self) -> Quantity | None:
        """All of the system: printed as total, assigned, or as what is completed and under way."""
        for each in ("total", "assigned"):
            if each in self.counts:
                return self.counts[each]
        parts = [self.counts[each] for each in ("completed", "in_progress") if each in self.counts]
        return derive(lambda a, b: a + b, *parts, unit="count") if len(parts) == 2 else None

    @property
    def missed(self) -> Quantity | None:
        """Targets missed: printed, else the total less those met or exceeded."""
        if "missed" in self.counts:
            return self.counts["missed"]
        if self.total is None or self.reached is None:
            return None
        return derive(lambda total, reached: total - reached, self.total, self.reached, unit="count")

    @property
    def missed_other(self) -> Quantity | None:
        """Targets missed that are not economic; None where it is not told apart."""
        if self.missed is None or "missed_economic" not in self.counts:
            return None
        return derive(lambda all_, part: all_ - part, self.missed, self.counts["missed_economic"], unit="count")

    @property
    def is_estimate(self) -> bool:
        """Whether any count was printed before its period ended."""
        return any(each.basis == "estimate" for each in self.counts.values())

    @property
    def reached(self) -> Quantity | None:
        """Targets met or exceeded: printed together, else the sum of the two."""
        if "met_or_exceeded" in self.counts:
            return self.counts["met_or_exceeded"]
        parts = [self.counts[each] for each in ("met", "exceeded") if each in self.counts]
        return derive(lambda a, b: a + b, *parts, unit="count") if len(parts) == 2 else None


def targets(data: Dataset) -> list[System]:
    """Targets of the whole year by who set them.

    Raises
    ------
    NotPrintedError
        If none are printed.
    """
    return _systems(data, data.targets, "targets")


def tasks(data: Dataset) -> list[System]:
    """Tasks by who gave them and who counts them.

    Raises
    ------
    NotPrintedError
        If none are printed.
    """
    return _systems(data, data.tasks, "tasks")


def programme(data: Dataset) -> list[System]:
    """Schemes and tasks of each programme by status.

    Raises
    ------
    NotPrintedError
        If none are printed.
    """
    return _systems(data, data.programme_items, "programme", whole_year=False)


def count_rows(found: Sequence[System]) -> list[Row]:
    """One row a system and status, as printed."""
    return [
        {"system": each.name, "status": status, "as_of": each.as_of, "count": count, "basis": count.basis}
        for each in found
        for status, count in each.counts.items()
    ]


def service_rows(data: Dataset) -> list[Row]:
    """Online public services: number, rank and share of procedures, by year.

    Raises
    ------
    NotPrintedError
        If nothing is printed on them.
    """
    rows = data.figures[data.figures["indicator"].str.startswith("online_service_")]
    if rows.empty:
        raise NotPrintedError(f"online_services: nothing is printed for {data.year}", "online_services")
    return _figure_rows(data, rows)


def other_rows(data: Dataset) -> list[Row]:
    """Numbers on the economy, society and administration that no other section shows, in the order of the page.

    Raises
    ------
    NotPrintedError
        If there are none.
    """
    topics = data.figures["indicator"].map(data.indicators["topic"])
    numbers = data.figures["low"].notna() | data.figures["high"].notna()
    rows = data.figures[topics.isin(_SHOWN) & numbers]
    if rows.empty:
        raise NotPrintedError(f"figures: nothing else is printed for {data.year}", "other_figures")
    return _figure_rows(data, rows)


def statement_rows(data: Dataset, topic: str) -> list[Row]:
    """What the sources say of a topic in words, without a number, in the order of the page.

    Raises
    ------
    NotPrintedError
        If they say nothing in words.
    """
    found = data.topic(topic)
    in_words = found["indicator"].map(data.indicators["kind"]) == "statement"
    named = found["dimension"].isin(["cause", "sector", "funding", "measure"])  # shown with their own section
    rows = found[in_words & ~named]
    if rows.empty:
        raise NotPrintedError(f"{topic}: nothing is said in words for {data.year}", "statements")
    return _figure_rows(data, rows)


def _systems(data: Dataset, table: pd.DataFrame, missing: str, *, whole_year: bool = True) -> list[System]:
    rows = table[table["count"].notna() & (table["basis"] != "plan")]
    rows = rows[rows["period"] == "FY"] if whole_year else rows
    if rows.empty:
        raise NotPrintedError(f"{missing}: none are printed for {data.year}", missing)
    found = []
    for name, part in rows.groupby("system", sort=False):
        days = part["as_of"].dropna()
        counts = {row.status: data.quantity(row.figure_ids) for row in part.itertuples()}
        found.append(System(str(name), days.max().date() if len(days) else None, counts))
    return found


def _figure_rows(data: Dataset, rows: pd.DataFrame) -> list[Row]:
    undated_ = until_now(rows)
    return [
        {
            "label": row["label"],
            "printed": row["as_printed"],
            "until": None if undated_[figure_id] else last_day(row),
            "basis": row["basis"],
            "place": row["section"] or data.sources.at[row["source_id"], "issuer"],
            "figure_ids": figure_id,
        }
        for figure_id, row in rows.iterrows()
    ]
