"""Public investment from the report alone: the plan behind the ratios, what is left, what pace the target takes.

Responsibility: every disbursement number. Completed work and money paid have different cut-off dates and are never
two points of one curve.

Terms: *plan* = the amount that the printed ratios refer to; *budget year* = 1 January Y to 31 January Y+1, 13 months;
*target* = share of the plan to be paid by its close. Amounts in bn VND.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeGuard

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, Row, derive, given, union_bases, union_ids


@dataclass(frozen=True)
class Progress:
    """Work completed or money paid at a cut-off date.

    Attributes
    ----------
    measure : str
        ``completed_volume`` or ``disbursed``.
    as_of : date or None
        Cut-off date as printed.
    amount : Quantity or None
        [bn VND].
    ratio : Quantity or None
        Share of the plan [percent].
    basis : str
    """

    measure: str
    as_of: date | None
    amount: Quantity | None
    ratio: Quantity | None
    basis: str

    @property
    def plan(self) -> Quantity | None:
        """Plan behind the printed ratio [bn VND]; None where amount or ratio is no more than a bound ("gần 40%")."""
        if not _is_point(self.amount) or not _is_point(self.ratio) or self.ratio.low <= 0:
            return None
        return derive(lambda amount, ratio: 100 * amount / ratio, self.amount, self.ratio, unit="bn_vnd")


@dataclass(frozen=True)
class Investment:
    """Public investment of a budget year.

    Attributes
    ----------
    year : int
    completed, disbursed : Progress or None
    plan : Quantity or None
        The printed plan and what the printed ratios allow, together [bn VND]; where they contradict each other, the
        printed plan, else that of disbursement alone.
    plans_agree : bool
        Whether all of them can refer to one plan.
    """

    year: int
    completed: Progress | None
    disbursed: Progress | None
    plan: Quantity | None
    plans_agree: bool

    def paid(self) -> Quantity:
        """Money disbursed [bn VND].

        Raises
        ------
        NotPrintedError
            If it is not printed, or only as a bound.
        """
        if self.disbursed is None or not _is_point(self.disbursed.amount):
            raise NotPrintedError(f"investment: the amount disbursed is not printed for {self.year}", "investment_paid")
        return self.disbursed.amount

    def whole_plan(self) -> Quantity:
        """Plan of the year [bn VND].

        Raises
        ------
        NotPrintedError
            If no amount is printed together with its share of the plan.
        """
        if self.plan is None:
            raise NotPrintedError(
                f"investment: no amount is printed with its share of the plan for {self.year}", "investment_plan"
            )
        return self.plan


@dataclass(frozen=True)
class Target:
    """Share of the plan to be paid.

    Attributes
    ----------
    ratio : Quantity
        [percent]; of an aim "from 95% on", its lower end.
    year : int or None
        Year it was set for; None = chosen by the reader.
    or_more : bool
        Whether the aim is a lower bound, so that what is missing to it is the least that is.
    """

    ratio: Quantity
    year: int | None
    or_more: bool = False


def investment(data: Dataset) -> Investment:
    """Progress of the year's plan.

    Raises
    ------
    NotPrintedError
        If nothing on public investment is printed for the year.

    References
    ----------
    Report 2021, section I.4.a.
    """
    rows = data.investment
    rows = rows[(rows["budget_year"] == data.year) & rows["basis"].isin(["actual", "estimate"])]
    if rows.empty:
        raise NotPrintedError(f"investment: nothing on public investment is printed for {data.year}", "investment")
    completed, disbursed = (_progress(data, rows, measure) for measure in ("completed_volume", "disbursed"))
    printed = data.find("pubinv_plan", dimension="")
    plans = [printed] if _is_point(printed) else []
    plans += [each.plan for each in (disbursed, completed) if each is not None and each.plan is not None]
    try:
        common, agree = _common(plans), True
    except DataError:
        common, agree = plans[0], False
    return Investment(data.year, completed, disbursed, printed if _is_point(printed) else common, agree)


def target(data: Dataset, ratio_pct: float | None = None) -> Target:
    """Target share of the plan: the reader's, else the year's own aim, else the aim for the next year.

    Raises
    ------
    NotPrintedError
        If no aim is printed and none is given.
    """
    if ratio_pct is not None:
        return Target(given(ratio_pct, "share_pct"), None)
    rows = data.investment[(data.investment["basis"] == "plan") & (data.investment["measure"] == "disbursed")]
    for year in (data.year, data.year + 1):
        found = rows[(rows["budget_year"] == year) & rows["ratio_pct"].notna()]
        if len(found):
            row = found.iloc[-1]
            ids = tuple(row["figure_ids"].split())
            bound = Interval.exact(str(row["ratio_pct"]))  # "từ 95% trở lên" is met from 95 on
            or_more = any(data.quantity(each).interval.value is None for each in ids)
            return Target(Quantity(bound, "share_pct", ids, None, "plan"), year, or_more)
    raise NotPrintedError(
        f"investment: no target for disbursement is printed in {data.year}; set target_ratio_pct", "investment_target"
    )


def undisbursed(found: Investment) -> Quantity:
    """Plan less money paid [bn VND]; negative when more was paid than planned."""
    return derive(lambda plan, paid: plan - paid, found.whole_plan(), found.paid(), unit="bn_vnd")


def missing_to_target(found: Investment, goal: Target) -> Quantity:
    """Money still to pay to reach the target [bn VND]; negative when it is met."""
    inputs = found.whole_plan(), found.paid(), goal.ratio
    return derive(lambda plan, paid, ratio: plan * ratio / 100 - paid, *inputs, unit="bn_vnd")


def factor_to_target(found: Investment, goal: Target) -> Quantity:
    """Money that the target means, as a multiple of what is paid."""
    inputs = found.whole_plan(), found.paid(), goal.ratio
    return derive(lambda plan, paid, ratio: plan * ratio / 100 / paid, *inputs, unit="factor")


def progress_rows(found: Investment) -> list[Row]:
    """One row for completed work and one for disbursement, as printed."""
    return [
        {
            "measure": each.measure,
            "as_of": each.as_of,
            "amount_bn_vnd": each.amount,
            "ratio_pct": each.ratio,
            "plan_bn_vnd": each.plan,
            "basis": each.basis,
        }
        for each in (found.completed, found.disbursed)
        if each is not None
    ]


def _progress(data: Dataset, rows: pd.DataFrame, measure: str) -> Progress | None:
    found = rows[rows["measure"] == measure]
    if found.empty:
        return None
    row = found.sort_values("as_of", na_position="first").iloc[-1]
    by_kind = {
        "ratio" if str(data.row(each)["indicator"]).endswith("_ratio") else "amount": each
        for each in row["figure_ids"].split()
    }
    amount, ratio = (data.quantity(by_kind[each]) if each in by_kind else None for each in ("amount", "ratio"))
    return Progress(measure, None if pd.isna(row["as_of"]) else row["as_of"].date(), amount, ratio, row["basis"])


def _is_point(quantity: Quantity | None) -> TypeGuard[Quantity]:
    return quantity is not None and quantity.interval.value is not None


def _common(plans: list[Quantity]) -> Quantity | None:
    if not plans:
        return None
    common = plans[0].interval
    for each in plans[1:]:
        common = common.intersect(each.interval)
    return Quantity(common, "bn_vnd", union_ids(plans), inputs=union_bases(plans))
