"""Chart of the Q4 that a year takes, over what it depends on: the share of Q4 in last year's GRDP.

Responsibility: the marks. Numbers come from ``analysis.scenarios``, words from ``findings.growth``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from kg_analysis.analysis import scenarios
from kg_analysis.analysis.growth import Growth
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import PAPER, spread, tick_numbers
from kg_analysis.charts.theme import FOCUS, INK, MUTED, SECOND, SHADE
from kg_analysis.findings import growth as findings
from kg_analysis.findings.wording import printed_as
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, Row, frame, given, union_ids

NEAREST = 0.11  # part of the axis that a label of a point takes
MARGIN = 5  # percentage points of the share drawn beyond the assumed range


def q4_curve(found: Growth, shares: Shares, here: ReportContext) -> Chart:
    """Implied and break-even Q4 over the share of Q4, with the rounding as a band and the assumed range shaded."""
    nine, year = found.period("9M"), found.periods.get("FY")
    zero = given(0, "pct")
    goals = {"implied": year, "break_even": zero} if year is not None else {"break_even": zero}
    ends = max(1.0, shares.low.value - MARGIN), min(99.0, shares.high.value + MARGIN)
    grid = [given(float(each), "share_pct") for each in np.round(np.linspace(*ends, 41), 3)]
    curves = {name: [scenarios.implied_q4(goal, nine, each) for each in grid] for name, goal in goals.items()}
    title = findings.fourth_quarter_title(found, shares, here)
    with canvas() as (figure, axes):
        _ground(axes, shares, ends)
        for name, curve in curves.items():
            _curve(axes, name, [each.value for each in grid], curve)
        _curve_frame(axes, curves, shares, ends, here)
        marked = list({each.value: each for each in (shares.base, shares.low, shares.high)}.values())
        for name, above in _label_sides(curves).items():
            points = [(each, scenarios.implied_q4(goals[name], nine, each)) for each in marked]
            _points(axes, name, points, above, here)
        _curve_names(axes, curves, ends[1], year, here)
        return finish(
            figure,
            here.page,
            name="growth_q4_curve",
            title=title,
            subtitle=here.say("growth.curve_subtitle"),
            source=here.cite(union_ids(each for curve in curves.values() for each in curve)),
            alt=here.say("growth.curve_alt", finding=title + "."),
            data=frame(_rows(goals, nine, shares)),
        )


def _rows(goals: dict[str, Quantity], nine: Quantity, shares: Shares) -> list[Row]:
    return [
        {"curve": name, "share_pct": share, "q4_growth_pct": scenarios.implied_q4(goal, nine, share)}
        for name, goal in goals.items()
        for share in scenarios.share_grid(shares)
    ]


def _ground(axes: Axes, shares: Shares, ends: tuple[float, float]) -> None:
    """The assumed range, and the zero line as far as the curves go."""
    axes.axvspan(shares.low.value, shares.high.value, color=SHADE, lw=0)
    axes.plot(ends, [0, 0], color=INK, lw=0.9)


def _curve(axes: Axes, name: str, shares: Sequence[float], curve: Sequence[Quantity]) -> None:
    colour, dash = (FOCUS, "--") if name == "implied" else (SECOND, "-.")
    axes.fill_between(
        shares, [each.low for each in curve], [each.high for each in curve], color=colour, alpha=0.2, lw=0
    )
    axes.plot(shares, [each.value for each in curve], color=colour, ls=dash, lw=2)


def _curve_frame(
    axes: Axes, curves: dict[str, list[Quantity]], shares: Shares, ends: tuple[float, float], here: ReportContext
) -> None:
    """Limits with room for the labels, and the name of the shaded range."""
    values = [0.0, *(bound for curve in curves.values() for each in curve for bound in (each.low, each.high))]
    room = 0.2 * (max(values) - min(values) or 1)
    axes.set_ylim(min(values) - room, max(values) + room)
    axes.set_xlim(ends[0], ends[1] + 0.3 * (ends[1] - ends[0]))
    axes.annotate(
        here.say("growth.curve_range"),
        ((shares.low.value + shares.high.value) / 2, axes.get_ylim()[1]),
        xytext=(0, -4),
        textcoords="offset points",
        ha="center",
        va="top",
        color=MUTED,
        size=9,
    )
    axes.set_xticks([float(each) for each in range(0, 101, 5) if ends[0] <= each <= ends[1]])
    tick_numbers(axes.xaxis, here.page, "%")
    tick_numbers(axes.yaxis, here.page, "%")
    axes.set_xlabel(here.say("growth.curve_axis"))


def _label_sides(curves: dict[str, list[Quantity]]) -> dict[str, bool]:
    """Whether each curve's points are labelled above it: away from the zero line, or from the other curve if near."""
    middle = {name: curve[len(curve) // 2].value for name, curve in curves.items()}
    values = [0.0, *(each.value for curve in curves.values() for each in curve)]
    near = max(middle.values()) - min(middle.values()) <= 0.25 * (max(values) - min(values))
    if near and len(curves) > 1:
        upper = max(middle, key=lambda name: middle[name])
        return {name: name == upper for name in middle}
    return {name: value >= 0 for name, value in middle.items()}


def _points(
    axes: Axes, name: str, points: Sequence[tuple[Quantity, Quantity]], above: bool, here: ReportContext
) -> None:
    """Points at the assumed shares, labelled on the side that the curve leaves free."""
    colour = FOCUS if name == "implied" else SECOND
    first, *_, last = sorted(points, key=lambda point: point[0].value)
    right = (first[1].value >= last[1].value) == above
    nearest = NEAREST * (axes.get_xlim()[1] - axes.get_xlim()[0])
    for share, rate in points:
        axes.plot(share.value, rate.value, marker="o", ms=7, mfc="white", mec=colour, mew=1.8)
        if 0 < abs(share.value - points[0][0].value) < nearest:
            continue  # the base comes first and is labelled before its neighbours
        axes.annotate(
            here.page.unit(here.page.number(rate.interval.value or 0, rate.shown_decimals), rate.unit),
            (share.value, rate.value),
            xytext=(6 if right else -6, 5 if above else -5),
            textcoords="offset points",
            ha="left" if right else "right",
            va="bottom" if above else "top",
            color=colour,
            weight="bold",
        )


def _clear_of_zero(height: float, gap: float) -> float:
    """Height of a label of two lines that the zero line does not run through."""
    return height if abs(height) > 0.6 * gap else math.copysign(0.6 * gap, height)


def _curve_names(
    axes: Axes, curves: dict[str, list[Quantity]], end: float, year: Quantity | None, here: ReportContext
) -> None:
    """Name each curve at its right end."""
    texts = {"break_even": here.say("growth.curve_break_even")}
    if year is not None:
        texts["implied"] = here.say("growth.curve_implied", year=printed_as("title", year, here))
    low, high = axes.get_ylim()
    gap = 0.15 * (high - low)
    upwards = sorted(curves, key=lambda name: curves[name][-1].value)
    heights = spread([_clear_of_zero(curves[name][-1].value, gap) for name in upwards], gap)
    for name, height in zip(upwards, heights, strict=True):
        axes.annotate(
            texts[name],
            (end, height),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=FOCUS if name == "implied" else SECOND,
            weight="bold",
            bbox=PAPER,
        )
