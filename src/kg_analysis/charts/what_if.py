"""Charts of what a target takes: Q4 growth over its share of the year, monthly disbursement over the months gone.

Responsibility: the marks of curves that a reader moves. Numbers come from ``analysis.scenarios`` and
``analysis.pacing``, words from ``findings``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from kg_analysis.analysis import scenarios
from kg_analysis.analysis.growth import Growth
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import PAPER, spread, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, SECOND, SHADE
from kg_analysis.findings import outlook
from kg_analysis.findings.wording import as_given, printed_as
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, frame, given, union_ids

STEP = 2.5  # percent of the year between two points of the curve over shares
MARGIN = 5  # percent of the year drawn beyond the assumed and the chosen shares

Points = Sequence[tuple[float, Quantity]]


def fourth_quarter(found: Growth, shares: Shares, target: Quantity, here: ReportContext) -> Chart:
    """Q4 that the target takes over the share of Q4, the chosen share marked; in grey that of the printed year.

    The base of ``shares`` is the chosen one; it may lie outside the assumed range.
    """
    nine, year = found.period("9M"), found.periods.get("FY")
    grid = _share_grid(shares)
    curve = [(each, scenarios.implied_q4(target, nine, given(each, "share_pct"))) for each in grid]
    other = (
        [] if year is None else [(each, scenarios.implied_q4(year, nine, given(each, "share_pct"))) for each in grid]
    )
    chosen = scenarios.implied_q4(target, nine, shares.base)
    names = {"target": here.say("growth.curve_implied", year=printed_as("title", as_given(target), here))}
    if year is not None:
        names["printed"] = here.say("growth.curve_implied", year=printed_as("title", year, here))
    with canvas() as (figure, axes):
        axes.axvspan(shares.low.value, shares.high.value, color=SHADE, lw=0)
        _curves(axes, curve, other)
        _limits(axes, [curve, other], here, "%")
        _mark(axes, shares.base.value, chosen, here, rising=curve[-1][1].value > curve[0][1].value)
        _names(axes, curve, other, names)
        tick_numbers(axes.xaxis, here.page, "%")
        axes.set_xlabel(here.say("growth.curve_axis"))
        title = outlook.target_title(found, shares, target, here)
        return finish(
            figure,
            here.page,
            name="growth_required_q4",
            title=title,
            subtitle=here.say("explore.growth_subtitle"),
            source=here.cite(union_ids(each for _, each in (*curve, *other))),
            alt=here.say("explore.growth_alt", finding=title + "."),
            data=frame({"share_pct": share, "required_q4_pct": each} for share, each in curve),
        )


def _share_grid(shares: Shares) -> list[float]:
    """Over the assumed range and the chosen share, with a margin."""
    ends = [each.value for each in (shares.low, shares.base, shares.high)]
    low, high = max(1.0, min(ends) - MARGIN), min(99.0, max(ends) + MARGIN)
    steps = math.ceil((high - low) / STEP)
    return sorted({low + (high - low) * step / steps for step in range(steps + 1)} | {shares.base.value})


def _curves(axes: Axes, curve: Points, other: Points) -> None:
    """What is asked in the emphasis colour with its rounding as a band, what is printed in grey."""
    if other:
        axes.plot([x for x, _ in other], [each.value for _, each in other], color=CONTEXT, ls="-.", lw=1.6)
    places = [x for x, _ in curve]
    low, high = ([getattr(each, end) for _, each in curve] for end in ("low", "high"))
    axes.fill_between(places, low, high, color=FOCUS, alpha=0.2, lw=0)
    axes.plot(places, [each.value for _, each in curve], color=FOCUS, ls="--", lw=2)


def _limits(axes: Axes, curves: Sequence[Points], here: ReportContext, unit: str = "") -> None:
    """Room above and below for the label of the point, and to the right for the names; zero is always seen."""
    ends = [0.0, *(bound for curve in curves for _, each in curve for bound in (each.low, each.high))]
    room = 0.18 * (max(ends) - min(ends) or 1)
    axes.set_ylim(min(ends) - room * (min(ends) < 0), max(ends) + room)
    places = [x for x, _ in curves[0]]
    axes.set_xlim(places[0], places[-1] + 0.32 * (places[-1] - places[0]))
    axes.axhline(0, color=INK, lw=0.9)
    axes.set_xticks([float(each) for each in axes.get_xticks() if places[0] <= each <= places[-1]])
    tick_numbers(axes.yaxis, here.page, unit)


def _mark(axes: Axes, place: float, chosen: Quantity, here: ReportContext, rising: bool) -> None:
    """The chosen point with its value, on the side that the curve leaves free; the interval is the band."""
    axes.plot(place, chosen.value, marker="o", ms=9, mfc="white", mec=SECOND, mew=2.2, zorder=4)
    left, right = axes.get_xlim()
    inside = rising and place > left + 0.3 * (right - left)  # left of a point near the axis there is no room
    axes.annotate(
        here.page.unit(here.page.number(chosen.interval.value or 0, chosen.shown_decimals), chosen.unit),
        (place, chosen.value),
        xytext=(-4 if inside else 4, 9),
        ha="right" if inside else "left",
        va="bottom",
        color=SECOND,
        weight="bold",
        size=11,
        textcoords="offset points",
        bbox=PAPER,
    )


def _names(axes: Axes, curve: Points, other: Points, names: dict[str, str]) -> None:
    """Each curve named at its right end."""
    low, high = axes.get_ylim()
    ends = {"target": curve[-1], **({"printed": other[-1]} if other else {})}
    heights = spread([each.value for _, each in ends.values()], 0.15 * (high - low))
    style: dict[str, Any] = {"textcoords": "offset points", "va": "center", "weight": "bold", "bbox": PAPER}
    for (name, (place, _)), height in zip(ends.items(), heights, strict=True):
        colour = FOCUS if name == "target" else CONTEXT
        axes.annotate(names[name], (place, height), xytext=(6, 0), color=colour, **style)
