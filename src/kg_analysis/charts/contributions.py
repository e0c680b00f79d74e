"""Charts of what each sector added to growth, and of levels over their publications.

Responsibility: the marks. Numbers come from ``analysis.contributions``, ``published_levels`` and ``level_versions``,
words from ``findings.levels``. Sectors are told apart by order, label and colour; what rests on an estimate is
hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from kg_analysis.analysis.contributions import Contribution, contribution_rows
from kg_analysis.analysis.level_versions import LevelVersion, version_rows
from kg_analysis.analysis.levels import PARTS, TOTAL, Levels
from kg_analysis.analysis.published_levels import OTHERS
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import DERIVED, PAPER, HeadedBar, fill, headed_bars, spread, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, PALE, SECOND, THIRD
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import levels as findings
from kg_analysis.findings.wording import capital
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, frame, union_ids

ORDER = (*PARTS, OTHERS)
_COLOURS = {
    "agriculture": THIRD,
    "industry_construction": FOCUS,
    "services": SECOND,
    "product_tax": PALE,
    OTHERS: CONTEXT,
}
_INKS = {"agriculture": THIRD, "industry_construction": FOCUS, "services": SECOND, "product_tax": INK, OTHERS: MUTED}
WIDE, NARROW = 0.62, 0.4  # bars of cumulative and of single periods


def published(found: Sequence[Contribution], here: ReportContext) -> Chart:
    """Contributions that follow from published cumulative levels, one bar a period."""
    drawn = [each for each in found if each.points.interval.value is not None]
    periods = [each.period for each in drawn if each.sector not in (TOTAL, OTHERS)]
    drawn = [each for each in drawn if each.period in periods]
    if not drawn:
        raise NotPrintedError("grdp_level: only bounds of contributions follow", "growth_contributions")
    source = here.cite(union_ids(each.points for each in drawn))
    return _contributions("growth_levels_contributions", drawn, "published", source, here)


def quarterly(found: Sequence[Contribution], levels: Levels, here: ReportContext) -> Chart:
    """Contributions of every known quarter and of the year so far, from the quarterly series."""
    source = here.cite_series([levels.release.source_id])
    return _contributions("growth_levels_quarters", found, "quarterly", source, here)


def level_versions(found: Sequence[LevelVersion], here: ReportContext) -> Chart:
    """One bar a publication, grouped by the period that it speaks of."""
    bars = [_version_bar(each, here) for each in found]
    with canvas() as (figure, axes):
        headed_bars(axes, bars, 9)
        axes.set_xlim(0, max(bar.value.value for bar in bars) * 1.02)
        tick_numbers(axes.xaxis, here.page)
        title = findings.versions_title(found, here)
        return finish(
            figure,
            here.page,
            name="growth_levels_versions",
            title=title,
            subtitle=here.say("growth_levels.versions_subtitle"),
            source=here.cite(union_ids(each.level for each in found)),
            alt=here.say("growth_levels.versions_alt", finding=title + "."),
            data=frame(version_rows(found)),
        )


def _contributions(name: str, found: Sequence[Contribution], kind: str, source: str, here: ReportContext) -> Chart:
    periods = list(dict.fromkeys(each.period for each in found))
    title = findings.contributions_title(found, here)
    with canvas() as (figure, axes):
        bars = [[each for each in found if each.period == period] for period in periods]
        tops = [_bar(axes, place, bar, here) for place, bar in enumerate(bars)]
        axes.axhline(0, color=INK, lw=0.9)
        axes.set_xticks(range(len(periods)), [capital(here.say(f"growth.short_{each}")) for each in periods])
        axes.tick_params(axis="x", length=0, labelcolor=INK)
        axes.set_xlim(-0.6, len(periods) - 0.4 + 0.36 * len(periods))
        low, high = min(low for low, _ in tops), max(high for _, high in tops)
        axes.set_ylim(low - 0.1 * (high - low), high + 0.14 * (high - low))
        tick_numbers(axes.yaxis, here.page)
        for place, bar in enumerate(bars[:-1]):
            _numbers(axes, place, bar, here)
        _names(axes, len(periods) - 1, bars[-1], here)
        return finish(
            figure,
            here.page,
            name=name,
            title=title,
            subtitle=here.say(f"growth_levels.{kind}_subtitle"),
            source=source,
            alt=here.say("growth_levels.contributions_alt", finding=findings.contributions(found, here)),
            data=frame(contribution_rows(found)),
        )


def _bar(axes: Axes, place: int, found: Sequence[Contribution], here: ReportContext) -> tuple[float, float]:
    """Positive parts upwards and negative ones downwards from zero, the total as a diamond; both ends of the bar."""
    width = NARROW if found[0].period.startswith("Q") else WIDE
    for sector, start, points in _stack(found):
        basis = "estimate" if "estimate" in points.rests_on else "actual"
        look = fill(_COLOURS[sector], basis) | {"linewidth": 0.8}
        axes.bar(place, points.value, width, bottom=start, **look)
    ends = [0.0, *(start + points.value for _, start, points in _stack(found))]
    total = next(each.points for each in found if each.sector == TOTAL)
    axes.plot(place, total.value, "D", color=INK, mfc="white", mew=1.6, ms=8, zorder=4)
    label = here.page.quantity(total, "short-n")
    top = max(*ends, total.value)
    style: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "bottom", "weight": "bold"}
    axes.annotate(f"◆ {label}", (place, top), xytext=(0, 7), color=INK, **style)
    return min(*ends, total.value), top


def _stack(found: Sequence[Contribution]) -> list[tuple[str, float, Quantity]]:
    """Sector, where its part begins, and the part."""
    up = down = 0.0
    parts = []
    for each in sorted((each for each in found if each.sector != TOTAL), key=lambda each: ORDER.index(each.sector)):
        value = each.points.value
        parts.append((each.sector, up if value >= 0 else down, each.points))
        up, down = up + max(value, 0), down + min(value, 0)
    return parts


def _numbers(axes: Axes, place: int, found: Sequence[Contribution], here: ReportContext) -> None:
    """Points within those parts of a bar that are high enough to hold them."""
    low, high = axes.get_ylim()
    style: dict[str, Any] = {"ha": "center", "va": "center", "size": 9, "bbox": PAPER}
    for sector, start, points in _stack(found):
        if abs(points.value) > 0.07 * (high - low):
            label = here.page.quantity(points, "short-n")
            axes.text(place, start + points.value / 2, label, color=_INKS[sector], **style)


def _names(axes: Axes, place: int, found: Sequence[Contribution], here: ReportContext) -> None:
    """Sectors with their points beside the last bar."""
    low, high = axes.get_ylim()
    parts = _stack(found)
    heights = spread([start + points.value / 2 for _, start, points in parts], 0.12 * (high - low))
    for (sector, start, points), height in zip(parts, heights, strict=True):
        name = capital(here.say(f"growth_levels.short_{sector}"))
        axes.annotate(
            f"{name} {here.page.quantity(points, 'short-n')}",
            (place + WIDE / 2, start + points.value / 2),
            xytext=(place + WIDE / 2 + 0.08, height),
            va="center",
            color=_INKS[sector],
            weight="bold",
            size=9.5,
            arrowprops={"arrowstyle": "-", "color": MUTED, "lw": 0.7, "shrinkA": 1, "shrinkB": 0},
        )


def _version_bar(each: LevelVersion, here: ReportContext) -> HeadedBar:
    heading = here.say(
        f"growth_levels.version_row_{'implied' if each.implied else 'printed'}",
        period=capital(here.say(f"growth.name_{each.period}")),
        which=each.year,
        day=here.page.published(each.published),
        level=each.level,
    )
    return HeadedBar(heading, each.level, CONTEXT, DERIVED if each.implied else each.level.basis)
