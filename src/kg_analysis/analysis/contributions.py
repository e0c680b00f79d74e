"""What each sector adds to growth, from quarterly levels.

Responsibility: contributions in points and their share of growth. Points and percent are different units; a share is
not given where growth is near zero, for there it says nothing.

Terms: *contribution* = increase of a sector over the whole economy's level of the year before [percentage points].
Levels in bn VND; growth and shares of growth in percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg_analysis.analysis.levels import CUMULATIVE, PARTS, TOTAL, Levels, add, growth_of
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, Row, derive

NEAR_ZERO = 0.5  # percent: growth nearer to zero has no shares


@dataclass(frozen=True)
class Contribution:
    """One sector, or the total, in one period.

    Attributes
    ----------
    period : str
        ``Q1`` … for a single quarter, ``H1``, ``9M`` or ``FY`` for all since 1 January.
    sector : str
        Sector, ``total``, or ``others`` for what is not known by sector.
    level, before : Quantity or None
        Level of the period and of the same period of the year before [bn VND].
    growth : Quantity or None
        [percent].
    points : Quantity
        Contribution; for the total its growth [percentage points].
    share : Quantity or None
        Share of growth [percent]; None where growth is near zero.
    """

    period: str
    sector: str
    level: Quantity | None
    before: Quantity | None
    growth: Quantity | None
    points: Quantity
    share: Quantity | None


def contributions(found: Levels) -> list[Contribution]:
    """Contributions of the known quarters one by one, then of all since 1 January.

    Raises
    ------
    NotPrintedError
        If the four sectors are not all given.
    """
    if found.parts != PARTS:
        raise NotPrintedError(f"grdp_quarterly: not all sectors of {found.year} are given", "grdp_quarterly_sectors")
    periods = {f"Q{each}": [each] for each in found.known}
    periods |= {CUMULATIVE[n]: list(found.known[:n]) for n in range(2, found.done + 1)}
    return [each for name, quarters in periods.items() for each in _period(found, name, quarters)]


def contribution_rows(found: Sequence[Contribution]) -> list[Row]:
    """One row a period and sector."""
    return [
        {
            "period": each.period,
            "sector": each.sector,
            "level_bn_vnd": each.level,
            "before_bn_vnd": each.before,
            "growth_pct": each.growth,
            "contribution_pp": each.points,
            "share_of_growth_pct": each.share,
        }
        for each in found
    ]


def gap(found: Sequence[Contribution], period: str) -> Quantity:
    """Growth of the total less all contributions of a period: zero within rounding if they add up [points]."""
    own = [each for each in found if each.period == period]
    total = next(each.points for each in own if each.sector == TOTAL)
    parts = add([each.points for each in own if each.sector != TOTAL])
    return derive(lambda whole, sum_: whole - sum_, total, parts, unit="percentage_point")


def has_shares(growth: Quantity) -> bool:
    """Whether growth lies far enough from zero, rounding included, for shares of it to say something."""
    return growth.interval.low >= NEAR_ZERO or growth.interval.high <= -NEAR_ZERO


def _period(found: Levels, name: str, quarters: Sequence[int]) -> list[Contribution]:
    now, before = (
        {each: found.release.level(year, quarters, each) for each in (TOTAL, *PARTS)}
        for year in (found.year, found.year - 1)
    )
    growth = growth_of(now[TOTAL], before[TOTAL])
    points = derive(lambda rate: rate, growth, unit="percentage_point")
    total = Contribution(name, TOTAL, now[TOTAL], before[TOTAL], growth, points, None)
    printed = all(
        (year, each, TOTAL) in found.release.cells for year in (found.year, found.year - 1) for each in quarters
    )
    return [*(_sector(name, each, now, before, growth, printed=printed) for each in PARTS), total]


def _sector(
    period: str, sector: str, now: dict[str, Quantity], before: dict[str, Quantity], growth: Quantity, *, printed: bool
) -> Contribution:
    """A sector over the printed total, or over the sum of sectors in which it stands itself."""
    new, old = now[sector], before[sector]
    if printed:
        points = derive(lambda v, v0, t0: 100 * (v - v0) / t0, new, old, before[TOTAL], unit="percentage_point")
    else:
        rest = add([before[each] for each in PARTS if each != sector])
        points = derive(lambda v, v0, r0: 100 * (v - v0) / (v0 + r0), new, old, rest, unit="percentage_point")
    share = _share(sector, now, before, printed=printed) if has_shares(growth) else None
    return Contribution(period, sector, new, old, growth_of(new, old), points, share)


def _share(sector: str, now: dict[str, Quantity], before: dict[str, Quantity], *, printed: bool) -> Quantity:
    new, old = now[sector], before[sector]
    if printed:
        formula = lambda v, v0, t, t0: 100 * (v - v0) / (t - t0)  # noqa: E731
        return derive(formula, new, old, now[TOTAL], before[TOTAL], unit="share_pct")
    rest, rest0 = (add([levels[each] for each in PARTS if each != sector]) for levels in (now, before))
    formula = lambda v, v0, r, r0: 100 * (v - v0) / (v - v0 + r - r0)  # noqa: E731
    return derive(formula, new, old, rest, rest0, unit="share_pct")
