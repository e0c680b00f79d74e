"""Cumulative GRDP levels that statistics offices have published: contributions, other bases, the rest of the year.

Responsibility: what follows from one publication's level, growth and share of the plan. No two publications are set
against each other but to show whether they can stand on one base.

Terms: *release* = the figures of one source and vintage about one period; *implied* = last year's level behind a level
and its growth; *plan behind a ratio* = level over its share of the plan. Levels in bn VND, growth in percent.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kg_analysis.analysis.contributions import Contribution, has_shares
from kg_analysis.analysis.levels import PARTS, TOTAL
from kg_analysis.data.dataset import Dataset
from kg_analysis.data.views import period_name
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Number
from kg_analysis.quantities import Quantity, derive

OTHERS = "others"
_MEASURES = {"grdp_level": "level", "grdp_growth": "growth", "grdp_plan_ratio": "ratio", "grdp_contribution": "points"}
_SPANS = {"Q1": 1, "H1": 2, "9M": 3, "FY": 4}  # quarters of a period from 1 January on


@dataclass(frozen=True)
class Published:
    """What one release says of one sector, or of the total, since 1 January.

    Attributes
    ----------
    year : int
    period : str
        ``Q1``, ``H1``, ``9M`` or ``FY``.
    vintage, source_id, sector : str
    level : Quantity
        [bn VND]; without a point estimate where only a bound is printed.
    growth, ratio, points : Quantity or None
        Growth [percent], share of the year's plan [percent], printed contribution [percentage points].
    """

    year: int
    period: str
    vintage: str
    source_id: str
    sector: str
    level: Quantity
    growth: Quantity | None = None
    ratio: Quantity | None = None
    points: Quantity | None = None

    def implied(self) -> Quantity | None:
        """Level of the same period of the year before [bn VND]; None where no growth is printed."""
        if self.growth is None:
            return None
        return derive(lambda v, g: v / (1 + g / 100), self.level, self.growth, unit="bn_vnd")


def published_levels(data: Dataset) -> list[Published]:
    """Every published level since 1 January, of every year, in order of period and vintage.

    Raises
    ------
    NotPrintedError
        If none was published.
    """
    levels = data.ever("grdp_level")
    rows = levels if levels.empty else data.ever(*_MEASURES)  # growth is of use beside a level only
    rows = rows[rows["basis"].isin(["actual", "estimate"])]
    rows = rows[(rows["dimension"] == "") | (rows["dimension"] == "sector")]
    keys = ["source_id", "vintage", "period_type", "period_start", "period_end", "item"]
    found = [_published(data, own) for _, own in rows.groupby(keys) if (own["indicator"] == "grdp_level").any()]
    if not found:
        raise NotPrintedError("grdp_level: no level was published", "growth_levels")
    order = sorted(found, key=lambda each: (each.year, _SPANS.get(each.period, 0), each.vintage, each.sector != TOTAL))
    return [each for each in order if each.period in _SPANS]


def published_contributions(data: Dataset) -> list[Contribution]:
    """Contributions that follow from levels and growth of one release, with what is left for the other sectors.

    Raises
    ------
    NotPrintedError
        If no release prints level and growth of both a sector and the total.
    """
    found = [each for each in published_levels(data) if each.year == data.year]
    results = []
    for whole in (each for each in found if each.sector == TOTAL and each.growth is not None):
        total = _with_point(whole, found)
        sectors = [each for each in found if _same_release(each, whole) and each.sector != TOTAL and each.growth]
        if sectors:
            results += [*(_contribution(each, whole, total) for each in sectors), *_rest(sectors, whole, total)]
    if not results:
        raise NotPrintedError(f"grdp_level: no sector's level and growth for {data.year}", "growth_contributions")
    return results


def printed_points(data: Dataset) -> dict[tuple[str, str], Quantity]:
    """Contributions that the year's releases print themselves, by period and sector [percentage points]."""
    found = [each for each in published_levels(data) if each.year == data.year]
    return {(each.period, each.sector): each.points for each in found if each.points is not None}


def plan_behind(release: Published) -> Quantity:
    """Plan of the year behind a level and its share of the plan [bn VND].

    Raises
    ------
    NotPrintedError
        If the share is not printed.
    """
    if release.ratio is None:
        raise NotPrintedError(f"grdp_plan_ratio: not printed for {release.period} {release.year}", "growth_plan_ratio")
    return derive(lambda v, ratio: 100 * v / ratio, release.level, release.ratio, unit="bn_vnd")


def _published(data: Dataset, rows: pd.DataFrame) -> Published:
    first = rows.iloc[0]
    cells = {_MEASURES[row["indicator"]]: data.quantity(str(name)) for name, row in rows.iterrows()}
    period = period_name({**first, "period_end": first["period_end"].date().isoformat()})
    sector = str(first["item"]) if first["dimension"] == "sector" else TOTAL
    year, vintage, source = first["period_start"].year, str(first["vintage"]), str(first["source_id"])
    level, *rest = (cells.get(each) for each in _MEASURES.values())
    return Published(year, period, vintage, source, sector, level or cells["level"], *rest)


def _same_release(first: Published, second: Published) -> bool:
    return (first.source_id, first.vintage, first.period) == (second.source_id, second.vintage, second.period)


def _with_point(whole: Published, found: list[Published]) -> Quantity:
    """Level of the total; where only a bound is printed, with the plan that the same office's other release implies."""
    if whole.level.interval.value is not None or whole.ratio is None:
        return whole.level
    office = whole.source_id.split("-")[0]
    for other in found:
        if other.sector == TOTAL and other.source_id.startswith(office) and other.ratio and other is not whole:
            plan = plan_behind(other)
            if plan.interval.value is not None:
                level = derive(lambda p, ratio: p * ratio / 100, plan, whole.ratio, unit="bn_vnd")
                ids = tuple(sorted({*level.figure_ids, *whole.level.figure_ids}))
                both = level.interval.intersect(whole.level.interval)
                return Quantity(both, "bn_vnd", ids, inputs=level.rests_on | whole.level.rests_on)
    return whole.level


def _contribution(part: Published, whole: Published, total: Quantity) -> Contribution:
    inputs = part.level, _rate(part), total, _rate(whole)
    points = derive(_points, *inputs, unit="percentage_point")
    share = None
    if has_shares(inputs[-1]):
        share = derive(lambda v, g, t, gt: 100 * _points(v, g, t, gt) / gt, *inputs, unit="share_pct")
    return Contribution(part.period, part.sector, part.level, part.implied(), part.growth, points, share)


def _rest(parts: list[Published], whole: Published, total: Quantity) -> list[Contribution]:
    """What the sectors without a printed level add, and the total itself."""
    flat = [each for part in parts for each in (part.level, _rate(part))]
    growth = _rate(whole)

    def others(t: Number, gt: Number, *pairs: Number) -> Number:
        return gt - sum(_points(v, g, t, gt) for v, g in zip(pairs[::2], pairs[1::2], strict=True))

    points = derive(others, total, growth, *flat, unit="percentage_point")
    share = None
    if has_shares(growth):
        share = derive(lambda t, gt, *pairs: 100 * others(t, gt, *pairs) / gt, total, growth, *flat, unit="share_pct")
    rest = [Contribution(whole.period, OTHERS, None, None, None, points, share)] if len(parts) < len(PARTS) else []
    before = derive(lambda t, gt: t / (1 + gt / 100), total, growth, unit="bn_vnd")
    own = derive(lambda rate: rate, growth, unit="percentage_point")
    return [*rest, Contribution(whole.period, TOTAL, total, before, growth, own, None)]


def _points(v: Number, g: Number, t: Number, gt: Number) -> Number:
    """Increase of a sector over the total's level of the year before, both from level and growth [points]."""
    return 100 * (v - v / (1 + g / 100)) * (1 + gt / 100) / t


def _rate(release: Published) -> Quantity:
    if release.growth is None:
        raise NotPrintedError(f"grdp_growth: not printed beside the level of {release.period}", "growth_contributions")
    return release.growth
