"""Growth by period from the report alone: what Q3 cost, what Q4 had to deliver, what next year starts from.

Responsibility: every growth number. GRDP levels at constant prices add up, so growth rates combine with last year's
levels as weights; without printed levels the weight of Q4 is an input, shown over a range.

Terms: *cumulative* = H1, 9M, FY; *single* = a quarter; *share of Q4* s = its part in last year's GRDP; *break-even* =
the Q4 that leaves the year at zero; *catch-up* = next year's growth that returns to the trend level. Rates in percent.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, derive

PERIODS = ("Q1", "Q2", "H1", "Q3", "9M", "Q4", "H2", "FY")  # in the order in which they end
CUMULATIVE = ("H1", "9M", "FY")  # from 1 January on
PLAUSIBLE, IMPLAUSIBLE, UNDECIDED = "plausible", "implausible", "undecided"


@dataclass(frozen=True)
class Growth:
    """GRDP growth of the year as printed, over the same period of the year before.

    Attributes
    ----------
    year : int
    periods : dict of str to Quantity
        Percent by period (``H1``, ``Q3``, ``9M``, ``FY``, …) for the whole economy; only what is printed.
    above_expectation : Quantity or None
        H1 growth minus the growth expected [percentage points].
    """

    year: int
    periods: dict[str, Quantity]
    above_expectation: Quantity | None

    def period(self, name: str) -> Quantity:
        """Growth of a period [percent].

        Raises
        ------
        NotPrintedError
            If it is not printed.
        """
        if name not in self.periods:
            raise NotPrintedError(f"grdp_growth: growth of {name} {self.year} is not printed", "growth_period")
        return self.periods[name]

    def expectation(self) -> Quantity:
        """H1 growth minus the growth expected [percentage points].

        Raises
        ------
        NotPrintedError
            If it is not printed.
        """
        if self.above_expectation is None:
            raise NotPrintedError(f"grdp_growth_vs_expectation: not printed for {self.year}", "growth_expectation")
        return self.above_expectation


def growth(data: Dataset) -> Growth:
    """Growth by period of the whole economy.

    References
    ----------
    Report 2021, section I.4.
    """
    rows = data.grdp_growth
    rows = rows[(rows["year"] == data.year) & (rows["sector"] == "total") & rows["basis"].isin(["actual", "estimate"])]
    found = {row.period: data.quantity(row.figure_ids) for row in rows.itertuples() if not pd.isna(row.growth_pct)}
    periods = {name: found[name] for name in sorted(found, key=PERIODS.index)}
    return Growth(data.year, periods, data.find("grdp_growth_vs_expectation"))


def h1_weight(found: Growth) -> Quantity:
    """Share of H1 in last year's nine months that the printed rates imply: a diagnostic, never a structure.

    Raises
    ------
    NotPrintedError
        If H1, Q3 or 9M is not printed.
    """
    h1, q3, nine = (found.period(each) for each in ("H1", "Q3", "9M"))
    if h1.low <= q3.high and q3.low <= h1.high:
        raise NotPrintedError(
            "H1 and Q3 grew alike within rounding, so their growth implies no weights", "growth_weight"
        )
    return derive(lambda a, b, c: (c - b) / (a - b), h1, q3, nine, unit="share")


def judge_h1_weight(weight: Quantity, data: Dataset) -> str:
    """Whether the implied share of H1 lies in the range that economies show: plausible, implausible or undecided."""
    low, high = data.assumption("h1_of_9m_low").value, data.assumption("h1_of_9m_high").value
    if weight.high < low or weight.low > high:
        return IMPLAUSIBLE
    return PLAUSIBLE if low <= weight.low and weight.high <= high else UNDECIDED


def expected_h1(found: Growth) -> Quantity:
    """H1 growth that had been expected: printed growth less the printed points above it [percent].

    Raises
    ------
    NotPrintedError
        If either is not printed.
    """
    return derive(lambda g, points: g - points, found.period("H1"), found.expectation(), unit="pct")


def change(found: Growth, first: str, second: str) -> Quantity:
    """Growth of one period less that of another [percentage points]."""
    pair = found.period(second), found.period(first)
    return derive(lambda after, before: after - before, *pair, unit="percentage_point")


def naive_mean(found: Growth) -> Quantity:
    """Simple mean of H1 and Q3: half a year and a quarter given equal weight; shown as a mistake to avoid."""
    return derive(lambda h1, q3: (h1 + q3) / 2, found.period("H1"), found.period("Q3"), unit="pct")
