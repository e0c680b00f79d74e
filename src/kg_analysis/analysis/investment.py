"""Public investment from the report alone: the plan behind the ratios, what is left, what pace the target takes.

Responsibility: every disbursement number. Completed work and money paid have different cut-off dates and are never
two points of one curve.

Terms: *plan* = the amount that the printed ratios refer to; *budget year* = 1 January Y to 31 January Y+1, 13 months;
*target* = share of the plan to be paid by its close. Amounts in bn VND.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeGuard

import pandas as pd

from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, Row, available, derive, given, union_ids
from kg_analysis.tables.dataset import Dataset


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
        What the printed ratios allow together [bn VND]; where they contradict each other, that of disbursement alone.
    plans_agree : bool
        Whether both ratios can refer to one plan.
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
    """Share of the plan to be paid [percent], and the year it was set for (None = chosen by the reader)."""

    ratio: Quantity
    year: int | None


@dataclass(frozen=True)
class Pace:
    """Disbursement a month [bn VND per month].

    Attributes
    ----------
    months_done : Fraction
        From 1 January to the cut-off date.
    months : int
        Of the whole budget year.
    achieved : Quantity
        Paid so far over ``months_done``.
    needed : Quantity
        Target over the whole year.
    needed_from_now : Quantity or None
        What is missing to the target over the months left; None when none is left.
    basis : str
        Of the money paid: the pace of an estimate is an estimate.
    """

    months_done: Fraction
    months: int
    achieved: Quantity
    needed: Quantity
    needed_from_now: Quantity | None
    basis: str


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
    plans = [each.plan for each in (disbursed, completed) if each is not None and each.plan is not None]
    try:
        return Investment(data.year, completed, disbursed, _common(plans), True)
    except DataError:
        return Investment(data.year, completed, disbursed, plans[0], False)


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
            bound = Interval.exact(str(row["ratio_pct"]))  # "từ 95% trở lên" is met from 95 on
            return Target(Quantity(bound, "share_pct", tuple(row["figure_ids"].split()), None, "plan"), year)
    raise NotPrintedError(
        f"investment: no target for disbursement is printed in {data.year}; set target_ratio_pct", "investment_target"
    )


def budget_months(data: Dataset, months: int | None = None) -> int:
    """Months of the budget year: the reader's, else those of ``assumptions.csv``, 13 by law."""
    return int(data.assumption("budget_months").value) if months is None else months


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


def pace(found: Investment, goal: Target, months: int) -> Pace:
    """Monthly disbursement achieved and needed.

    Parameters
    ----------
    found : Investment
    goal : Target
    months : int
        Months of the budget year, 13 by law.

    Raises
    ------
    NotPrintedError
        If amount, plan or cut-off date is not printed.
    DataError
        If ``months`` is not positive or the cut-off lies outside the budget year.
    """
    paid, plan = found.paid(), found.whole_plan()
    if found.disbursed is None or found.disbursed.as_of is None:
        raise NotPrintedError(
            f"investment: the cut-off date of disbursement is not printed for {found.year}", "investment_cutoff"
        )
    done = months_since_january(found.disbursed.as_of, found.year)
    if not 0 < done <= months:
        raise DataError(
            f"cut-off {found.disbursed.as_of} is {float(done):g} months into budget year {found.year}, which has "
            f"{months}; correct as_of or months"
        )
    left = months - done
    unit = "bn_vnd_per_month"
    achieved = derive(lambda amount: amount / done, paid, unit=unit)
    needed = derive(lambda p, r: p * r / 100 / months, plan, goal.ratio, unit=unit)
    rest = derive(lambda p, r, a: (p * r / 100 - a) / left, plan, goal.ratio, paid, unit=unit) if left else None
    return Pace(done, months, achieved, needed, rest, found.disbursed.basis)


def months_since_january(day: date, year: int) -> Fraction:
    """Months from 1 January of ``year`` to a day, included: 31 January of the next year are 13."""
    length = calendar.monthrange(day.year, day.month)[1]
    return 12 * (day.year - year) + day.month - 1 + Fraction(day.day, length)


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


def result_rows(found: Investment, goal: Target | None, months: int) -> list[Row]:
    """What follows from the printed figures: plan, money left and, where there is a target, distance and pace.

    Raises
    ------
    NotPrintedError
        If nothing follows from them.
    """
    attempts: dict[str, Callable[[], Quantity | None]] = {
        "plan": found.whole_plan,
        "undisbursed": lambda: undisbursed(found),
    }
    if goal is not None:
        attempts |= {
            "missing_to_target": lambda: missing_to_target(found, goal),
            "factor_to_target": lambda: factor_to_target(found, goal),
            "pace_achieved": lambda: pace(found, goal, months).achieved,
            "pace_needed": lambda: pace(found, goal, months).needed,
            "pace_needed_from_now": lambda: pace(found, goal, months).needed_from_now,
        }
    results = available(attempts)
    if not results:
        found.whole_plan()  # says what is missing
    return [{"quantity": name, "value": value, "unit": value.unit} for name, value in results.items()]


def causes(data: Dataset) -> list[Row]:
    """Causes of delay and sectors concerned that the report names, in the order of the page; no shares are given.

    Returns
    -------
    list of Row
        ``kind`` (cause or sector), ``item``, ``label``, ``section``, ``place``, ``figure_ids``.

    Raises
    ------
    NotPrintedError
        If the report names none.
    """
    rows = data.figures[data.figures["indicator"].isin(["pubinv_delay_cause", "pubinv_delay_sector"])]
    if rows.empty:
        problem = f"pubinv_delay_cause: no cause of delay is printed for {data.year}"
        raise NotPrintedError(problem, "investment_causes")
    return [
        {
            "kind": row["dimension"],
            "item": row["item"],
            "label": row["label"],
            "section": row["section"],
            "place": row["place"],
            "figure_ids": figure_id,
        }
        for figure_id, row in rows.iterrows()
    ]


def _progress(data: Dataset, rows: pd.DataFrame, measure: str) -> Progress | None:
    found = rows[rows["measure"] == measure]
    if found.empty:
        return None
    row = found.sort_values("as_of").iloc[-1]
    by_kind = {
        "ratio" if str(data.figures.at[each, "indicator"]).endswith("_ratio") else "amount": each
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
    return Quantity(common, "bn_vnd", union_ids(plans))
