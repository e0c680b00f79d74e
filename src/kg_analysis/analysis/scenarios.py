"""What growth takes and would mean: the fourth quarter, targets, and the year ahead.

Responsibility: every number that rests on an assumption, and the table of all growth results. Without printed levels
the weight of Q4 is an input, shown over a range.

Terms: *share of Q4* s = its part in last year's GRDP; *break-even* = the Q4 that leaves the year at zero; *catch-up* =
next year's growth that returns to the trend level. Rates in percent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kg_analysis.analysis.growth import Growth, change, expected_h1, h1_weight, naive_mean
from kg_analysis.analysis.nature import CHECK, WRONG, nature
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Number
from kg_analysis.quantities import Quantity, Row, available, derive, given

_MARKED = {"h1_weight": CHECK, "naive_mean_h1_q3": WRONG}


@dataclass(frozen=True)
class Shares:
    """Share of Q4 in last year's GRDP [percent]: a base value within a plausible range."""

    low: Quantity
    base: Quantity
    high: Quantity


def q4_shares(data: Dataset, base_pct: float | None = None) -> Shares:
    """Share of Q4 from the assumptions, its base value replaced by ``base_pct`` [percent] if given.

    Raises
    ------
    DataError
        If the share is not between 0 and 100.
    """
    base = data.assumption("q4_share_base") if base_pct is None else given(base_pct, "share_pct")
    if not 0 < base.value < 100:
        raise DataError(f"q4_share_pct {base_pct} is no share; give a number between 0 and 100")
    low, high = data.assumption("q4_share_low"), data.assumption("q4_share_high")
    ordered = sorted((low, base, high), key=lambda each: each.value)
    return Shares(ordered[0], base, ordered[-1])


def implied_q4(year_growth: Quantity, nine_months: Quantity, share: Quantity) -> Quantity:
    """Growth of Q4 that takes nine months to a given growth of the year [percent].

    Parameters
    ----------
    year_growth : Quantity
        Growth of the year, printed or targeted [percent]; 0 gives the break-even.
    nine_months : Quantity
        Growth of nine months [percent].
    share : Quantity
        Share of Q4 in last year's GRDP [percent].

    Returns
    -------
    Quantity
        g_FY + (g_FY - g_9M)(1 - s)/s.
    """
    return derive(lambda fy, nine, s: fy + (fy - nine) * (100 - s) / s, year_growth, nine_months, share, unit="pct")


def required_rows(found: Growth, targets: Sequence[Quantity], shares: Sequence[Quantity]) -> list[Row]:
    """Q4 growth needed for each target of the year and each share of Q4 [percent].

    Returns
    -------
    list of Row
        ``target_pct``, ``share_pct``, ``required_q4_pct``.
    """
    nine = found.period("9M")
    return [
        {"target_pct": target, "share_pct": share, "required_q4_pct": implied_q4(target, nine, share)}
        for target in targets
        for share in shares
    ]


def target_grid(found: Growth, target: Quantity | None) -> list[Quantity]:
    """Growth of the year worth asking about: round steps around the printed and the chosen one, and these themselves.

    Parameters
    ----------
    found : Growth
    target : Quantity or None
        Growth that the reader asks about [percent].

    Returns
    -------
    list of Quantity
        Ascending [percent]; five to a dozen values.
    """
    fixed = [each for each in (found.periods.get("FY"), target) if each is not None]
    values = [each.value for each in fixed] or [0.0]
    low, high = math.ceil(min(values)) - 1, math.floor(max(values)) + 1
    high += high - low < 2
    step = next(each for each in (0.5, 1, 2, 5, 10, 100) if high - low <= 8 * each)
    steps = [given(low + step * index, "pct") for index in range(math.floor((high - low) / step) + 1)]
    others = [each for each in steps if all(abs(each.value - one.value) > step / 5 for one in fixed)]
    return sorted([*{each.value: each for each in reversed(fixed)}.values(), *others], key=lambda each: each.value)


def share_grid(shares: Shares) -> list[Quantity]:
    """Shares of Q4 over the plausible range in four equal steps, and the base itself [percent]."""
    low, width = shares.low.value, shares.high.value - shares.low.value
    grid = {low + width * step / 4: given(low + width * step / 4, "share_pct") for step in range(5)}
    return [(grid | {shares.base.value: shares.base})[each] for each in sorted({*grid, shares.base.value})]


def catch_up(year_growth: Quantity, trend: Quantity) -> Quantity:
    """Next year's growth that returns to the level of two years of trend growth [percent]."""
    return derive(lambda g, t: _growth(_factor(t) ** 2 / _factor(g)), year_growth, trend, unit="pct")


def two_year_level(year_growth: Quantity, next_growth: Quantity) -> Quantity:
    """Level of next year against the year before this one [percent above]."""
    return derive(lambda g, n: _growth(_factor(g) * _factor(n)), year_growth, next_growth, unit="pct")


def base_effect(period_growth: Quantity) -> Quantity:
    """Growth that next year shows by merely returning to the level before the fall [percent]."""
    return derive(lambda g: _growth(1 / _factor(g)), period_growth, unit="pct")


def growth_rows(found: Growth, share: Quantity, trend: Quantity) -> list[Row]:
    """Every growth result of the year that its figures allow, one row each.

    Returns
    -------
    list of Row
        ``quantity`` (its id), ``value``, ``unit``, ``basis`` (see :mod:`kg_analysis.analysis.nature`).

    Raises
    ------
    NotPrintedError
        If no growth is printed at all.
    """
    printed = {f"growth_{name}": rate for name, rate in found.periods.items()}
    derived = {
        "expected_h1": lambda: expected_h1(found),
        "change_h1_to_9m": lambda: change(found, "H1", "9M"),
        "implied_q4": lambda: implied_q4(found.period("FY"), found.period("9M"), share),
        "break_even_q4": lambda: implied_q4(given(0, "pct"), found.period("9M"), share),
        "h1_weight": lambda: h1_weight(found),
        "naive_mean_h1_q3": lambda: naive_mean(found),
        "catch_up_next_year": lambda: catch_up(found.period("FY"), trend),
        "level_next_year_at_trend": lambda: two_year_level(found.period("FY"), trend),
        "base_effect_q3": lambda: base_effect(found.period("Q3")),
    }
    results = printed | available(derived)
    if not results:
        raise NotPrintedError(f"grdp_growth: no growth is printed for {found.year}", "growth_period")
    return [
        {"quantity": name, "value": result, "unit": result.unit, "basis": _MARKED.get(name) or nature(result)}
        for name, result in results.items()
    ]


def _factor(rate: Number) -> Number:
    return 1 + rate / 100


def _growth(factor: Number) -> Number:
    return 100 * (factor - Fraction(1))
