"""Growth targets of the year, low, base and high, and what the rest of the year needs when only rates are known.

Responsibility: whose targets they are, and the rate-only form. With levels see ``analysis.required``.

Terms: *rest* = quarters after the known ones; *share of the rest* s = its part in last year's GRDP. Rates in percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kg_analysis.analysis.levels import TOTAL
from kg_analysis.analysis.published_levels import Published, published_levels
from kg_analysis.analysis.scenarios import implied_q4
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval, Number
from kg_analysis.quantities import Quantity, Row, derive, given

LOW, BASE, HIGH = "low", "base", "high"
CHOSEN, PLANNED, TREND = "chosen", "planned", "trend"
_REST = {"H1": 50, "9M": 25, "Q1": 75}  # share of the rest with equal quarters [percent]
_STEPS = (-10, -5, 0, 5, 10)


@dataclass(frozen=True)
class Targets:
    """Growth of the year aimed at [percent], exact by choice.

    Attributes
    ----------
    low, base, high : Quantity
    origin : str
        Where the base comes from: ``chosen`` by the reader, ``planned`` as printed, or the assumed ``trend``.
    """

    low: Quantity
    base: Quantity
    high: Quantity
    origin: str

    def items(self) -> list[tuple[str, Quantity]]:
        """Name and target, ascending."""
        return [(LOW, self.low), (BASE, self.base), (HIGH, self.high)]


def targets(data: Dataset, base: float | None = None, low: float | None = None, high: float | None = None) -> Targets:
    """Targets of the year: the reader's, else the printed plan with an assumed step below and above.

    Raises
    ------
    DataError
        If they do not ascend.
    """
    middle, origin = _base(data, base)
    step = data.assumption("target_step")
    lower = given(low, "pct") if low is not None else _shifted(middle, -step.value)
    upper = given(high, "pct") if high is not None else _shifted(middle, step.value)
    if not lower.value < middle.value < upper.value:
        raise DataError(
            f"targets {lower.value:g}, {middle.value:g}, {upper.value:g} do not ascend; set target_low_pct, "
            "target_growth_pct and target_high_pct in this order"
        )
    return Targets(lower, middle, upper, origin)


def planned_growth(data: Dataset) -> Quantity:
    """Growth of the year as planned and printed, with its rounding [percent].

    Raises
    ------
    NotPrintedError
        If it is not printed.
    """
    rows = data.about(data.year, "grdp_growth")
    rows = rows[(rows["basis"] == "plan") & (rows["dimension"] == "")]
    rows = rows[(rows["period_type"] == "year") & rows["value"].notna()]
    if rows.empty:
        raise NotPrintedError(f"grdp_growth: no planned growth of {data.year} is printed", "growth_plan_rate")
    return data.quantity(str(rows.sort_values("vintage").index[-1]))


def year_from_parts(rates: Sequence[Quantity], shares: Sequence[Quantity]) -> Quantity:
    """Growth of the year from growth of its parts, weighted by their shares in last year's GRDP [percent].

    Rates of quarters are neither added nor averaged plainly; the shares add up to 100.

    Raises
    ------
    DataError
        If the shares do not add up to 100 within their rounding.
    """
    low, high = (sum(getattr(each.interval, end) for each in shares) for end in ("low", "high"))
    if not low <= 100 <= high:
        raise DataError(f"shares of the year add up to {float(low):g} to {float(high):g}; give shares of 100 percent")
    parts = [derive(lambda g, s: g * s / 100, *pair, unit="pct") for pair in zip(rates, shares, strict=True)]
    low, high, value = (sum(getattr(each.interval, end) for each in parts) for end in ("low", "high", "value"))
    return Quantity(Interval(low, high, value), "pct", inputs=frozenset(b for each in parts for b in each.rests_on))


def latest_release(data: Dataset) -> Published:
    """Latest release of the total's level and growth before the year ended.

    Raises
    ------
    NotPrintedError
        If there is none.
    """
    found = [each for each in published_levels(data) if each.year == data.year and each.sector == TOTAL]
    found = [each for each in found if each.growth is not None and each.period in _REST]
    if not found:
        raise NotPrintedError(f"grdp_level: no level before the end of {data.year} was published", "growth_levels")
    return found[-1]


def rest_rows(release: Published, aims: Targets) -> list[Row]:
    """Growth that the rest of the year needs, for each share of the rest and each target [percent].

    The rate-only form r = [T - (1 - s) g] / s, which needs no levels.
    """
    done = release.growth
    if done is None:
        raise NotPrintedError(f"grdp_growth: not printed for {release.period}", "growth_levels")
    shares = [given(_REST[release.period] + step, "share_pct") for step in _STEPS]
    return [
        {"rest_share_pct": share} | {f"need_{name}_pct": implied_q4(goal, done, share) for name, goal in aims.items()}
        for share in shares
    ]


def rest_from_plan(release: Published, planned: Quantity, target: Quantity) -> Quantity:
    """Growth that the rest of the year needs, last year's level taken from the plan behind the release [percent].

    The plan over one plus its growth is last year; the level over one plus its growth is last year's same period. The
    level itself cancels out, so the result rests on the printed share of the plan.

    Raises
    ------
    NotPrintedError
        If the release prints no share of the plan or no growth.
    """
    if release.ratio is None or release.growth is None:
        raise NotPrintedError(f"grdp_plan_ratio: not printed for {release.period}", "growth_plan_ratio")
    inputs = release.ratio, planned, release.growth, target
    return derive(
        lambda ratio, p, g, t: (
            100 * (((1 + t / 100) * _year(ratio, p) - 1) / (_year(ratio, p) - 1 / (1 + g / 100)) - 1)
        ),
        *inputs,
        unit="pct",
    )


def last_year_from_plan(release: Published, planned: Quantity) -> Quantity:
    """Last year's level behind a release's share of the plan and the planned growth [bn VND]."""
    if release.ratio is None:
        raise NotPrintedError(f"grdp_plan_ratio: not printed for {release.period}", "growth_plan_ratio")
    inputs = release.level, release.ratio, planned
    return derive(lambda v, ratio, p: v * _year(ratio, p), *inputs, unit="bn_vnd")


def _year(ratio: Number, planned: Number) -> Number:
    """Last year's level for each unit of the level done."""
    return 100 / ratio / (1 + planned / 100)


def _base(data: Dataset, base: float | None) -> tuple[Quantity, str]:
    if base is not None:
        return given(base, "pct"), CHOSEN
    try:
        planned = planned_growth(data)
    except NotPrintedError:
        return data.assumption("trend_growth"), TREND
    exact = Interval.exact(str(planned.value))
    return Quantity(exact, "pct", planned.figure_ids, planned.decimals, "plan"), PLANNED


def _shifted(target: Quantity, step: float) -> Quantity:
    """A target some points lower or higher; points are added to a rate, not percent of it."""
    return Quantity(Interval.exact(Fraction(str(target.value)) + Fraction(str(step))), "pct", (), None, "scenario")
