"""Output of industry and trade against its plan and against last year, from growth and plan ratio.

Responsibility: what the two printed ratios of a sector imply. Gross output is not value added: nothing here is GRDP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Number
from kg_analysis.quantities import Quantity, Row, derive


@dataclass(frozen=True)
class Output:
    """Output of one sector in the year.

    Attributes
    ----------
    indicator : str
        Its row in ``indicators.csv``.
    actual : Quantity or None
        Output [bn VND]; None where only ratios are printed.
    growth, plan_ratio : Quantity or None
        Over the same period of last year, and of the year's plan [percent].
    period : str
        ``FY``, or the longest part of the year from January on that is printed.
    """

    indicator: str
    actual: Quantity | None
    growth: Quantity | None
    plan_ratio: Quantity | None
    period: str = "FY"

    @property
    def plan(self) -> Quantity | None:
        """Plan behind the printed ratio [bn VND]."""
        return _derived(lambda value, ratio: 100 * value / ratio, self.actual, self.plan_ratio, unit="bn_vnd")

    @property
    def last_year(self) -> Quantity | None:
        """Output of the year before, behind the printed growth [bn VND]."""
        return _derived(lambda value, rate: 100 * value / (100 + rate), self.actual, self.growth, unit="bn_vnd")

    @property
    def planned_growth(self) -> Quantity | None:
        """Growth that the plan meant [percent]; needs no level."""
        return _derived(lambda g, r: 100 * ((100 + g) / r - 1), self.growth, self.plan_ratio, unit="pct")

    @property
    def realised_increase(self) -> Quantity | None:
        """Part of the planned increase that was reached [percent]; None where the plan meant no clear increase."""
        planned = self.planned_growth
        if planned is None or planned.low < PLANNED_GROWTH_FLOOR:
            return None
        return _derived(_realised, self.growth, self.plan_ratio, unit="share_pct")

    @property
    def is_estimate(self) -> bool:
        """Whether any of the printed numbers is an estimate."""
        return any(
            each is not None and each.basis == "estimate" for each in (self.actual, self.growth, self.plan_ratio)
        )

    @property
    def basis(self) -> str:
        """estimate as soon as one of the printed numbers is one."""
        return "estimate" if self.is_estimate else "actual"


_LONGEST = ("FY", "11M", "10M", "9M", "8M", "7M", "H1", "5M", "4M", "Q1")
PLANNED_GROWTH_FLOOR = 0.5  # below this the part reached divides by almost nothing [percent]


def outputs(data: Dataset) -> list[Output]:
    """Sectors whose output is printed, in the order of the codebook.

    Raises
    ------
    NotPrintedError
        If none is.

    References
    ----------
    Report 2021, section I.4.a.
    """
    rows = data.sector_outputs[data.sector_outputs["year"] == data.year]
    if rows.empty:
        raise NotPrintedError(f"sector_outputs: no output of industry or trade is printed for {data.year}", "outputs")
    order = [_LONGEST.index(each) if each in _LONGEST else len(_LONGEST) for each in rows["period"]]
    longest = rows.assign(_order=order).sort_values(["indicator", "_order"], kind="stable")
    return [_output(data, row) for _, row in longest.drop_duplicates("indicator").iterrows()]


def output_rows(found: list[Output]) -> list[Row]:
    """One row a sector: output, plan and last year [bn VND], growth printed and planned [percent]."""
    return [
        {
            "indicator": each.indicator,
            "basis": each.basis,
            "actual_bn_vnd": each.actual,
            "plan_bn_vnd": each.plan,
            "last_year_bn_vnd": each.last_year,
            "growth_pct": each.growth,
            "plan_ratio_pct": each.plan_ratio,
            "planned_growth_pct": each.planned_growth,
            "realised_increase_pct": each.realised_increase,
        }
        for each in found
    ]


def _output(data: Dataset, row: pd.Series) -> Output:
    by_indicator = {data.row(each)["indicator"]: each for each in row["figure_ids"].split()}

    def quantity(suffix: str) -> Quantity | None:
        found = by_indicator.get(row["indicator"] + suffix)
        return data.quantity(found) if found else None

    return Output(row["indicator"], quantity(""), quantity("_growth"), quantity("_plan_ratio"), row["period"])


def _derived(formula: Callable[..., Number], *inputs: Quantity | None, unit: str) -> Quantity | None:
    """What follows from the inputs; None where one is not printed, or only as a bound ("gần 40%")."""
    known = [each for each in inputs if each is not None and each.interval.value is not None]
    return derive(formula, *known, unit=unit) if len(known) == len(inputs) else None


def _realised(growth: Number, ratio: Number) -> Number:
    """(A - L)/(P - L) with the actual A cancelled: g r / (100 + g - r), all in percent."""
    return growth * ratio / (100 + growth - ratio)
