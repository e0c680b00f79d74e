"""Disbursement a month: what was achieved, and what the target takes.

Responsibility: every number that divides by months, and the table of all investment results. An average assumes even
months; it is a yardstick and no forecast.

Terms: *budget year* = 1 January Y to 31 January Y+1, 13 months.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kg_analysis.analysis.investment import Investment, Target, factor_to_target, missing_to_target, undisbursed
from kg_analysis.analysis.nature import nature
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.quantities import Quantity, Row, available, derive


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


@dataclass(frozen=True)
class Course:
    """What a target takes a month from each month on, were money paid at the mean pace until then.

    Attributes
    ----------
    pace : Pace
        Achieved so far, and needed over the whole year.
    from_month : dict of int to Quantity
        By whole months gone, 0 to the last but one [bn VND per month]; negative where the target is met by then.
    """

    pace: Pace
    from_month: dict[int, Quantity]


def budget_months(data: Dataset) -> int:
    """Months of the budget year: 13 by law."""
    return int(data.assumption("budget_months").value)


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
            f"{months}; correct as_of"
        )
    left = months - done
    unit = "bn_vnd_per_month"
    achieved = derive(lambda amount: amount / done, paid, unit=unit)
    needed = derive(lambda p, r: p * r / 100 / months, plan, goal.ratio, unit=unit)
    rest = derive(lambda p, r, a: (p * r / 100 - a) / left, plan, goal.ratio, paid, unit=unit) if left else None
    return Pace(done, months, achieved, needed, rest, found.disbursed.basis)


def course(found: Investment, goal: Target, months: int) -> Course:
    """Monthly disbursement that a target takes from each month on, were money paid at the mean pace until then.

    The mean pace stands for months of which no figure is printed: a yardstick for what waiting costs, no forecast.

    Raises
    ------
    NotPrintedError, DataError
        As :func:`pace` does.
    """
    so_far = pace(found, goal, months)
    inputs = found.whole_plan(), goal.ratio, found.paid()
    rest = {
        gone: derive(
            lambda plan, ratio, paid, gone=gone: (
                (plan * ratio / 100 - paid * gone / so_far.months_done) / (months - gone)
            ),
            *inputs,
            unit="bn_vnd_per_month",
        )
        for gone in range(months)
    }
    return Course(so_far, rest)


def months_since_january(day: date, year: int) -> Fraction:
    """Months from 1 January of ``year`` to a day, included: 31 January of the next year are 13."""
    length = calendar.monthrange(day.year, day.month)[1]
    return 12 * (day.year - year) + day.month - 1 + Fraction(day.day, length)


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
    return [
        {"quantity": name, "value": value, "unit": value.unit, "basis": nature(value)}
        for name, value in results.items()
    ]
