"""Dated totals that were published about a budget year: points on its course, at whatever day they were taken.

Responsibility: points in months of the 13-month budget year, the mean pace up to and between them. A bound ("hơn 610 tỷ
đồng") stays a bound: it limits a pace and is never a point.

Terms: *months* = from 1 January of the budget year to the cut-off day, part of a month by its days; 31 January of the
next year is 13. Amounts in bn VND.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from kg_analysis.analysis.forecasts import run_rate
from kg_analysis.analysis.investment import Investment, Target
from kg_analysis.analysis.monthly import CLOSE
from kg_analysis.analysis.nature import nature
from kg_analysis.analysis.pacing import months_since_january
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, Row, derive, union_bases, union_ids

FASTER, SLOWER, OPEN = "faster", "slower", "open"


@dataclass(frozen=True)
class DatedPoint:
    """Money paid by a day.

    Attributes
    ----------
    day : date
    months : Fraction
        From 1 January of the budget year.
    paid : Quantity
        [bn VND]; without a value where only a bound is printed.
    vintage, source_id : str
    """

    day: date
    months: Fraction
    paid: Quantity
    vintage: str
    source_id: str

    @property
    def is_point(self) -> bool:
        """Whether the amount is a number and what was, not a bound nor an estimate."""
        return self.paid.interval.value is not None and self.paid.basis == "actual"


@dataclass(frozen=True)
class Course:
    """Dated totals of a budget year, the first one first.

    Attributes
    ----------
    year : int
    points : tuple of DatedPoint
        Numbers, bounds and estimates.
    plan : Quantity or None
        [bn VND].
    """

    year: int
    points: tuple[DatedPoint, ...]
    plan: Quantity | None

    @property
    def last(self) -> DatedPoint | None:
        """Last outturn to a day that is a number; None where there is none."""
        return next((each for each in reversed(self.points) if each.is_point), None)

    @property
    def before(self) -> DatedPoint | None:
        """Last outturn or bound of an outturn to an earlier day."""
        last = self.last
        known = [each for each in self.points if each.paid.basis == "actual"]
        return next((each for each in reversed(known) if last is not None and each.months < last.months), None)

    @property
    def at_run_rate(self) -> Quantity | None:
        """Money paid at the close if the mean month so far went on [bn VND]; None at the close itself."""
        last = self.last
        return None if last is None or last.months >= CLOSE else run_rate(last.paid, last.months)

    @property
    def recent(self) -> Quantity | None:
        """Mean pace between the last two totals [bn VND per month]; a bound where the earlier is one."""
        last, before = self.last, self.before
        if last is None or before is None:
            return None
        length = last.months - before.months
        low = max(
            Fraction(0), Fraction(last.paid.interval.low - min(before.paid.interval.high, last.paid.interval.low))
        )
        high = last.paid.interval.high - max(Fraction(0), before.paid.interval.low)
        both, middle = (last.paid, before.paid), before.paid.interval.value
        value = None if middle is None else Fraction(last.paid.interval.value or 0) - middle
        pace = Interval(low / length, high / length, None if value is None else value / length)
        return Quantity(pace, "bn_vnd_per_month", union_ids(both), inputs=union_bases(both))

    @property
    def turn(self) -> str:
        """Whether the pace since the earlier total is faster or slower than before it, or open."""
        recent, before = self.recent, self.before
        if recent is None or before is None:
            return OPEN
        first = before.paid.interval.low / before.months, before.paid.interval.high / before.months
        if recent.interval.high < first[0]:
            return SLOWER
        return FASTER if recent.interval.low > first[1] else OPEN


def course(data: Dataset, found: Investment) -> Course:
    """Every dated total of the year's disbursement, whoever published it.

    Raises
    ------
    NotPrintedError
        If none is printed with its day.
    """
    rows = data.about(data.year, "pubinv_disbursed")
    rows = rows[(rows["dimension"] == "") & rows["as_of"].notna() & rows["basis"].isin(["actual", "estimate"])]
    if rows.empty:
        raise NotPrintedError(f"pubinv_disbursed: no dated total is printed for {data.year}", "investment_dated")
    rows = rows.sort_values(["as_of", "vintage"], kind="stable")
    return Course(data.year, tuple(_point(data, row) for _, row in rows.iterrows()), _plan(data, rows, found))


def required(found: Course, goal: Target) -> Quantity | None:
    """Pace that the target takes from the last total on [bn VND per month]; None without plan or months left."""
    last = found.last
    if last is None or found.plan is None or last.months >= CLOSE:
        return None
    left = CLOSE - last.months
    return derive(lambda p, r, d: (p * r / 100 - d) / left, found.plan, goal.ratio, last.paid, unit="bn_vnd_per_month")


def acceleration(found: Course, goal: Target) -> Quantity | None:
    """Required pace over the recent one; where the recent pace is only bounded above, the least it can be."""
    need, recent = required(found, goal), found.recent
    if need is None or recent is None or need.interval.low <= 0 or recent.interval.high <= 0:
        return None
    if recent.interval.low > 0:
        return derive(lambda a, b: a / b, need, recent, unit="factor")
    both = need, recent
    bound = Interval.bounded(Fraction(need.interval.low) / Fraction(recent.interval.high))
    return Quantity(bound, "factor", union_ids(both), inputs=union_bases(both))


def course_rows(found: Course) -> list[Row]:
    """One row a dated total, with its month of the budget year; a bound has no amount, only its limits."""
    return [
        {
            "as_of": each.day,
            "months": Quantity(Interval.exact(each.months), "months", (), 2),
            "disbursed_bn_vnd": each.paid,
            "basis": nature(each.paid),
            "published": each.vintage,
            "source_id": each.source_id,
        }
        for each in found.points
    ]


def _point(data: Dataset, row: pd.Series) -> DatedPoint:
    day = row["as_of"].date()
    return DatedPoint(
        day, months_since_january(day, data.year), data.quantity(str(row.name)), row["vintage"], row["source_id"]
    )


def _plan(data: Dataset, rows: pd.DataFrame, found: Investment) -> Quantity | None:
    """Plan printed beside the last actual total, else the one of the year's figures."""
    actual = rows[rows["basis"] == "actual"]
    for source in reversed(list(actual["source_id"])):
        plans = data.about(data.year, "pubinv_plan")
        plans = plans[(plans["dimension"] == "") & plans["value"].notna() & (plans["source_id"] == source)]
        if len(plans):
            return data.quantity(str(plans.index[-1]))
    return found.plan
