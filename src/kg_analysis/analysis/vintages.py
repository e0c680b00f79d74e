"""The same figure in several publications: growth revised, disbursement estimated and then settled.

Responsibility: set versions of one figure side by side, oldest first, each with its source. None replaces another.

Terms: *version* = a figure as one publication prints it; *outturn* = the result after the period closed; *bias* =
outturn less estimate [percentage points].
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.data.views import period_name
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, Row, derive

_RATIO, _PAID, _PLAN = "pubinv_disbursed_plan_ratio", "pubinv_disbursed", "pubinv_plan"


@dataclass(frozen=True)
class Version:
    """Growth of a period as one publication prints it.

    Attributes
    ----------
    year : int
    period : str
        ``H1``, ``9M``, ``FY`` …
    published : str
        Vintage.
    source_id : str
    growth : Quantity
        [percent].
    """

    year: int
    period: str
    published: str
    source_id: str
    growth: Quantity


@dataclass(frozen=True)
class Outturn:
    """Disbursement of a budget year as estimated before its close and as settled after it.

    Attributes
    ----------
    year : int
    estimated_ratio, settled_ratio : Quantity
        Share of the plan of the time [percent].
    estimated_paid, settled_paid : Quantity
        [bn VND].
    plan_then, plan_now : Quantity
        Plan behind the estimate, and at the close [bn VND].
    """

    year: int
    estimated_ratio: Quantity
    settled_ratio: Quantity
    estimated_paid: Quantity
    settled_paid: Quantity
    plan_then: Quantity
    plan_now: Quantity

    @property
    def bias(self) -> Quantity:
        """Settled less estimated share [percentage points]."""
        return derive(lambda a, b: a - b, self.settled_ratio, self.estimated_ratio, unit="percentage_point")

    @property
    def from_money(self) -> Quantity:
        """Part of the bias that is money not paid, on the plan of the estimate [percentage points]."""
        inputs = self.settled_paid, self.estimated_paid, self.plan_then
        return derive(lambda now, then, plan: 100 * (now - then) / plan, *inputs, unit="percentage_point")

    @property
    def from_plan(self) -> Quantity:
        """Part of the bias that is the grown plan [percentage points]."""
        inputs = self.settled_paid, self.plan_now, self.plan_then
        return derive(lambda paid, now, then: 100 * paid * (1 / now - 1 / then), *inputs, unit="percentage_point")


def growth_versions(data: Dataset) -> list[Version]:
    """Versions of every period's growth of the year that was published with more than one value, oldest first.

    Raises
    ------
    NotPrintedError
        If no growth of the year was published with two values.
    """
    rows = data.about(data.year, "grdp_growth")
    rows = rows[(rows["dimension"] == "") & rows["value"].notna()]
    rows = rows[rows["basis"].isin(["actual", "estimate"])]
    found = [_version(data, row) for _, row in rows.sort_values(["period_end", "vintage"], kind="stable").iterrows()]
    found = [each for each in found if not any(_rounds(each, other) for other in found)]
    values = {each.period: {v.growth.value for v in found if v.period == each.period} for each in found}
    revised = [each for each in found if len(values[each.period]) > 1]
    if not revised:
        raise NotPrintedError(f"grdp_growth: no growth of {data.year} was published with two values", "growth_versions")
    return revised


def _rounds(one: Version, other: Version) -> bool:
    """Whether a version merely prints another with fewer decimals: 8.6 beside 8.61."""
    finer = (other.growth.decimals or 0) > (one.growth.decimals or 0)
    return one.period == other.period and finer and one.growth.low <= other.growth.value <= one.growth.high


def version_rows(found: list[Version]) -> list[Row]:
    """One row a version."""
    return [
        {
            "year": each.year,
            "period": each.period,
            "published": each.published,
            "source_id": each.source_id,
            "growth_pct": each.growth,
            "basis": each.growth.basis,
        }
        for each in found
    ]


def outturn(data: Dataset) -> Outturn:
    """Estimate and outturn of the year's disbursement at the same close.

    Raises
    ------
    NotPrintedError
        If either is not printed, or the estimate's plan does not follow from it.
    """
    estimates, settled = (_at_close(data, _RATIO, basis) for basis in ("estimate", "actual"))
    if estimates.empty or settled.empty:
        raise NotPrintedError(
            f"investment: no estimate with a later outturn is printed for {data.year}", "investment_outturn"
        )
    own = estimates[
        [data.is_of_year(str(each)) for each in estimates.index]
    ]  # the page of the outturn may quote the estimate
    first, last = (own if len(own) else estimates).iloc[0], settled.iloc[-1]
    paid_then = _of_source(data, _PAID, first, "estimate")
    paid_now, plan_now = _of_source(data, _PAID, last, "actual"), _of_source(data, _PLAN, last, "plan")
    ratio_then = data.quantity(str(first.name))
    plan_then = derive(lambda paid, ratio: 100 * paid / ratio, paid_then, ratio_then, unit="bn_vnd")
    return Outturn(data.year, ratio_then, data.quantity(str(last.name)), paid_then, paid_now, plan_then, plan_now)


def bias_rows(found: Outturn) -> list[Row]:
    """One row a year: estimated and settled share, bias and its two parts."""
    return [
        {
            "year": str(found.year),
            "estimated_pct": found.estimated_ratio,
            "settled_pct": found.settled_ratio,
            "bias_pp": found.bias,
            "from_money_pp": found.from_money,
            "from_plan_pp": found.from_plan,
        }
    ]


def _version(data: Dataset, row: pd.Series) -> Version:
    named = {"period_end": row["period_end"].date().isoformat(), "period_type": row["period_type"]}
    return Version(data.year, period_name(named), row["vintage"], row["source_id"], data.quantity(str(row.name)))


def _at_close(data: Dataset, indicator: str, basis: str) -> pd.DataFrame:
    """Figures of the whole plan at the close of the budget year, with a point value, oldest first."""
    rows = data.about(data.year, indicator)
    rows = rows[(rows["dimension"] == "") & (rows["basis"] == basis)]
    rows = rows[rows["period_type"] == "budget_year"]
    at_close = rows["as_of"] == rows["period_end"]
    dated = at_close | rows["as_of"].isna() if indicator == _PLAN else at_close  # a plan may stand without a day
    return rows[dated & rows["value"].notna()].sort_values("vintage")


def _of_source(data: Dataset, indicator: str, row: pd.Series, basis: str) -> Quantity:
    """Figure of the same source as a ratio."""
    found = _at_close(data, indicator, basis)
    found = found[found["source_id"] == row["source_id"]]
    if found.empty:
        raise NotPrintedError(
            f"{indicator}: {row['source_id']} prints the share of the plan without it", "investment_outturn"
        )
    return data.quantity(str(found.index[-1]))
