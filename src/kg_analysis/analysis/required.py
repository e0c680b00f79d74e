"""What the remaining quarters must grow for a target of the year, from quarterly levels: three ways to spread it.

Responsibility: required growth with its rounding, the path it is measured against, and where it stands among the
province's own past years. No probability is given: a handful of years carries none.

Terms: *required growth* r = [(1 + T) last year - done] / last year's remaining quarters - 1; *path* = assumed growth of
a sector in a quarter, its mean over past years, exact by choice; *shift* = points added to every rate of the path so
that the year meets its target. Levels in bn VND, rates in percent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from kg_analysis.analysis.levels import PARTS, TOTAL, Levels, add
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Interval, Number, propagate, round_half_up, weighted_ratio
from kg_analysis.quantities import Quantity, derive

FEWEST_YEARS = 3  # for a path
PATH_YEARS = 5  # whose mean it is, if so many are known
YEARS_FOR_A_SHARE = 8  # of past years, below which only a count is given

Path = Mapping[tuple[int, str], Quantity]


@dataclass(frozen=True)
class Standing:
    """Where a rate stands in the history of its quarter.

    Attributes
    ----------
    quarter : int
    reached_least, reached_most : int
        Past years that grew at least as fast, rounding left open.
    years : int
    slowest, fastest : Quantity
        [percent].
    """

    quarter: int
    reached_least: int
    reached_most: int
    years: int
    slowest: Quantity
    fastest: Quantity


def required_even(found: Levels, target: Quantity) -> Quantity:
    """Growth of every remaining quarter if all grow alike [percent].

    Raises
    ------
    NotPrintedError
        If no quarter remains.
    """
    rest = found.before(found.remaining)
    inputs = target, found.now(), found.before(found.known), rest
    return derive(lambda t, v, d, r: 100 * (((1 + t / 100) * (d + r) - v) / r - 1), *inputs, unit="pct")


def required_path(found: Levels, target: Quantity, path: Path) -> dict[int, Quantity]:
    """Growth of each remaining quarter in proportion to the path's total [percent].

    Raises
    ------
    NotPrintedError
        If the path hardly grows, so that nothing can be in proportion to it.
    """
    quarters = found.remaining
    rates = [Fraction(path[quarter, TOTAL].interval.low) for quarter in quarters]
    inputs = target, found.now(), found.before(found.known), *(found.before([each]) for each in quarters)
    if min(rates) < Fraction(1, 2):  # percent; nearer to zero, a proportion says nothing
        raise NotPrintedError("grdp_quarterly: the path of the remaining quarters hardly grows", "growth_path_flat")

    def needed(rate: Fraction, t: Number, v: Number, d: Number, *rest: Number) -> Number:
        more = (1 + t / 100) * (d + sum(rest)) - v - sum(rest)
        return 100 * rate * more / sum(p * x for p, x in zip(rates, rest, strict=True))

    return {
        quarter: derive(lambda *numbers, p=rate: needed(p, *numbers), *inputs, unit="pct")
        for quarter, rate in zip(quarters, rates, strict=True)
    }


def required_sector(found: Levels, target: Quantity, sector: str) -> Quantity:
    """Growth of one sector in the remaining quarters if the others keep their growth since 1 January [percent].

    Raises
    ------
    NotPrintedError
        If the sectors are not all given, or no quarter remains.
    """
    rest = found.remaining
    if found.parts != PARTS:
        raise NotPrintedError("grdp_quarterly: not all sectors are given", "grdp_quarterly_sectors")
    goal = target.interval

    def gap(now: Number, done: Number, left: Number) -> Number:
        return (1 + Fraction(goal.low) / 100) * (done + left) - now - left * now / done

    others = [
        derive(gap, found.now(each), found.before(found.known, each), found.before(rest, each), unit="bn_vnd")
        for each in PARTS
        if each != sector
    ]
    own = found.now(sector), found.before(found.known, sector), found.before(rest, sector)
    return derive(
        lambda t, f, now, done, left: 100 * ((f + (1 + t / 100) * (done + left) - now) / left - 1),
        target,
        add(others),
        *own,
        unit="pct",
    )


def path(found: Levels, years: int = PATH_YEARS) -> dict[tuple[int, str], Quantity]:
    """Assumed growth of every sector and of the total in each remaining quarter, exact by choice [percent].

    The mean of past years, rounded to one decimal.

    Parameters
    ----------
    found : Levels
    years : int
        Past years whose mean is taken, the last ones.

    Raises
    ------
    NotPrintedError
        If fewer than three past years are known.
    """
    means: dict[tuple[int, str], Quantity] = {}
    for quarter in found.remaining:
        for sector in (TOTAL, *(part for part in found.parts if part != TOTAL)):
            past = list(found.history(quarter, sector).values())[-years:]
            if len(past) < FEWEST_YEARS:
                raise NotPrintedError(f"grdp_quarterly: {len(past)} past years of Q{quarter} {sector}", "growth_path")
            mean = sum((Fraction(each.interval.value or 0) for each in past), Fraction(0)) / len(past)
            means[quarter, sector] = Quantity(Interval.exact(round_half_up(mean, 1)), "pct", (), 1, "scenario")
    return means


def shift(found: Levels, target: Quantity, rates: Path) -> Quantity:
    """Points to add to every rate of the path so that the year meets its target [percentage points]."""
    goal = Fraction(target.interval.low) / 100
    first = propagate(lambda v, d: (1 + goal) * d - v, found.now().interval, found.before(found.known).interval)
    terms = [
        (goal - Fraction(rates[quarter, part].interval.low) / 100, found.before([quarter], part).interval)
        for quarter in found.remaining
        for part in found.parts
    ]
    ratio = weighted_ratio(first, terms)
    points = Interval(100 * ratio.low, 100 * ratio.high, None if ratio.value is None else 100 * ratio.value)
    return Quantity(points, "percentage_point", inputs=frozenset({"scenario"}) | found.now().rests_on)


def implied_last(found: Levels, target: Quantity, rates: Path) -> Quantity:
    """Growth of the last quarter if those before it only follow the path [percent]."""
    *between, last = found.remaining
    goal = Fraction(target.interval.low) / 100
    levels = [found.now(), found.before(found.known)]
    first = derive(lambda v, d: (1 + goal) * d - v, *levels, unit="bn_vnd")
    steps = [
        derive(
            lambda x, p=Fraction(rates[quarter, TOTAL].interval.low): x * (goal - p / 100),
            found.before([quarter]),
            unit="bn_vnd",
        )
        for quarter in between
    ]
    base = found.before([last])
    return derive(lambda f, x: 100 * (f / x + goal), add([first, *steps]), base, unit="pct")


def standing(found: Levels, quarter: int, rate: Quantity) -> Standing:
    """Where a rate stands among the province's own growth of that quarter in past years.

    Raises
    ------
    NotPrintedError
        If no past year is known.
    """
    past = list(found.history(quarter).values())
    if not past:
        raise NotPrintedError(f"grdp_quarterly: no past growth of Q{quarter}", "growth_path")
    surely = sum(each.interval.low >= rate.interval.high for each in past)
    maybe = sum(each.interval.high >= rate.interval.low for each in past)
    ordered = sorted(past, key=lambda each: each.value)
    return Standing(quarter, surely, maybe, len(past), ordered[0], ordered[-1])
