"""Money disbursed month by month: one budget year of the optional series, added up where no total is published.

Responsibility: which rows of the series speak for a year, and what the whole and each investor had paid and were to
pay. A month without a value is missing; it is never 0 and never the sum of those who did report.

Terms: *month index* = 1 to 12, and 13 for January of the next year, which belongs to this budget year and not to the
next; *denominator* = which of three plans a share refers to: assigned by the Prime Minister, set by the People's
Council, or allocated in detail. Amounts in bn VND.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import LeftOutError
from kg_analysis.intervals import Interval, Number
from kg_analysis.quantities import Quantity, derive, union_bases, union_ids

TOTAL, CLOSE = "total", 13
DENOMINATORS = {
    "assigned": "plan_bn_vnd",
    "council": "plan_council_bn_vnd",
    "allocated": "plan_allocated_bn_vnd",
}
PAID = "disbursed_cum_bn_vnd"
PLAN_COLUMNS = {**DENOMINATORS, "assigned": "plan_assigned_bn_vnd"}  # of results: no plan goes without its name
_CELL = ["month_index", "investor", "fund_source"]


@dataclass(frozen=True)
class MonthlyYear:
    """One budget year of the series.

    Attributes
    ----------
    year : int
    source_id : str
        The one source that the rows come from.
    versions : DataFrame
        Its rows of the year, of every vintage.
    others : tuple of str
        Sources of the year that are left aside, so that no two are mixed.
    """

    year: int
    source_id: str
    versions: pd.DataFrame
    others: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Last published row of every month, investor and fund source."""
        published = self.versions["vintage"].str.ljust(10, "~")  # a date known to the month counts as its end
        ordered = self.versions.assign(_published=published).sort_values("_published", kind="stable")
        return ordered.drop_duplicates(_CELL, keep="last").drop(columns="_published").sort_values(_CELL)

    @cached_property
    def investors(self) -> tuple[str, ...]:
        """Investors by name, without the total."""
        return tuple(sorted(set(self.rows["investor"]) - {TOTAL}))

    @cached_property
    def months(self) -> tuple[int, ...]:
        """Months for which the money paid by all is known."""
        return tuple(month for month in range(1, CLOSE + 1) if self.paid(month) is not None)

    @cached_property
    def _cells(self) -> dict[tuple[int, str, str], pd.Series]:
        return {(int(row["month_index"]), row["investor"], row["fund_source"]): row for _, row in self.rows.iterrows()}

    @cached_property
    def _funds(self) -> dict[str, set[str]]:
        return {each: set(rows["fund_source"]) - {TOTAL} for each, rows in self.rows.groupby("investor")}

    def cell(self, month: int, investor: str, fund: str, column: str) -> Quantity | None:
        """A published amount [bn VND]; None where it is missing."""
        row = self._cells.get((month, investor, fund))
        return None if row is None or pd.isna(row[column]) else amount(row, column)

    def of(self, month: int, investor: str = TOTAL, column: str = PAID) -> Quantity | None:
        """Amount of an investor, or of all [bn VND]: as published, else the sum of parts of which none is missing."""
        found = self.cell(month, investor, TOTAL, column)
        if found is None and self._funds.get(investor):
            found = whole(self.cell(month, investor, fund, column) for fund in sorted(self._funds[investor]))
        if found is None and investor == TOTAL and self.investors:
            found = whole(self.of(month, each, column) for each in self.investors)
        return found

    def paid(self, month: int, investor: str = TOTAL) -> Quantity | None:
        """Money paid from 1 January to the end of a month [bn VND]."""
        return self.of(month, investor)

    def increment(self, month: int) -> Quantity | None:
        """Money paid by all in one month [bn VND per month]; None where it or the month before is not known."""
        now, before = self.paid(month), self.paid(month - 1) if month > 1 else Quantity(Interval.exact(0), "bn_vnd")
        if now is None or before is None:
            return None
        return derive(lambda a, b: a - b, now, before, unit="bn_vnd_per_month")

    def plan(self, month: int, denominator: str, investor: str = TOTAL) -> Quantity | None:
        """Plan as it stood in a month [bn VND]; None where that month gives none."""
        return self.of(month, investor, DENOMINATORS[denominator])

    def denominator(self, month: int, wanted: str | None = None) -> str:
        """The plan wanted, else the first of the three that the month gives.

        Raises
        ------
        LeftOutError
            If the month gives none, or not the one wanted.
        """
        for each in DENOMINATORS if wanted is None else [wanted]:
            if self.plan(month, each) is not None:
                return each
        raise LeftOutError(
            f"disbursement_monthly: no plan{f' {wanted}' if wanted else ''} in month {month} of {self.year}",
            "disbursement_plan",
        )

    def month(self, wanted: int | None = None) -> int:
        """The month wanted, else the last before the close for which the money paid is known.

        Raises
        ------
        LeftOutError
            If the money paid by then is not known.
        """
        known = [each for each in self.months if each < CLOSE]
        if not known or (wanted is not None and wanted not in known):
            raise LeftOutError(
                f"disbursement_monthly: the money paid by month {wanted or ''} of {self.year} is not known; months "
                f"known: {', '.join(map(str, known)) or 'none'}",
                "disbursement_month",
            )
        return known[-1] if wanted is None else wanted

    def reported(self, wanted: int | None = None) -> int:
        """The month wanted, else the last before the close in which any investor reported, though not all may have.

        Raises
        ------
        LeftOutError
            If no investor reported in it.
        """
        parts = self.rows[(self.rows["investor"] != TOTAL) & self.rows[PAID].notna()]
        known = sorted({int(month) for month in parts["month_index"]} - {CLOSE})
        if not known or (wanted is not None and wanted not in known):
            raise LeftOutError(f"disbursement_monthly: no investor in month {wanted or ''}", "disbursement_investors")
        return known[-1] if wanted is None else wanted


def monthly_year(data: Dataset, year: int | None = None) -> MonthlyYear:
    """A budget year of the series, by default the year of the run; of several sources the one with most months.

    Raises
    ------
    LeftOutError
        If the series is absent or has no row of the year.
    """
    series, wanted = data.disbursement_monthly, data.year if year is None else year
    if series.empty:
        raise LeftOutError("disbursement_monthly: the series is absent", "disbursement_monthly")
    rows = series[series["budget_year"] == wanted]
    if rows.empty:
        raise LeftOutError(f"disbursement_monthly: no row of budget year {wanted}", "disbursement_year")
    sizes = rows.groupby("source_id")["month_index"].nunique().sort_values(ascending=False, kind="stable")
    chosen, *others = sizes.index
    return MonthlyYear(wanted, str(chosen), rows[rows["source_id"] == chosen], tuple(map(str, others)))


def amount(row: pd.Series, column: str) -> Quantity:
    """Amount of a row with its rounding."""
    decimals = int(row["decimals"])
    return Quantity(Interval.rounded(str(row[column]), decimals), "bn_vnd", (), decimals, "actual")


def whole(parts: Iterable[Quantity | None]) -> Quantity | None:
    """Sum of parts with its interval; None where one of them is missing, or where there is none."""
    listed = list(parts)
    known = [each for each in listed if each is not None]
    if not listed or len(known) < len(listed):
        return None
    if len(known) == 1:
        return known[0]
    return add_up(known)


def add_up(parts: list[Quantity]) -> Quantity:
    """Sum of quantities of one unit, bound by bound: corners of many parts would be too many to try."""

    def total(numbers: Iterable[Number]) -> Number:
        return sum(numbers, start=0 * parts[0].interval.low)

    values = [each.interval.value for each in parts if each.interval.value is not None]
    value = total(values) if len(values) == len(parts) else None
    interval = Interval(
        total(each.interval.low for each in parts),
        total(each.interval.high for each in parts),
        value,  # type: ignore[arg-type]
    )
    return Quantity(interval, parts[0].unit, union_ids(parts), inputs=union_bases(parts))


def share(part: Quantity, of: Quantity) -> Quantity | None:
    """Share of something that the part is no part of by rounding, such as a plan [percent]; None of nothing."""
    if of.low <= 0:
        return None
    return derive(lambda a, b: 100 * a / b, part, of, unit="pct")


def share_of_parts(some: list[Quantity], others: list[Quantity]) -> Quantity | None:
    """Share of some parts in all of them [percent], in which the parts count once: all of them are exactly 100%."""
    if not others:
        return Quantity(Interval.exact(100), "pct", inputs=union_bases(some))
    part, rest = add_up(some), add_up(others)
    if part.low + rest.low <= 0:
        return None
    return derive(lambda a, b: 100 * a / (a + b), part, rest, unit="pct")
