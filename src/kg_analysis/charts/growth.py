"""Charts of growth by period: the year's course, the Q4 it implies, and what that Q4 depends on.

Responsibility: the marks. Numbers come from ``analysis.growth``, words from ``findings.growth``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from kg_analysis.analysis import growth, scenarios
from kg_analysis.analysis.growth import CUMULATIVE, Growth
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.charts.frame import Chart, canvas, finish
from kg_analysis.charts.marks import DERIVED, PAPER, fill, spread, tick_numbers
from kg_analysis.charts.theme import FOCUS, INK, MUTED, SECOND, SHADE
from kg_analysis.findings import growth as findings
from kg_analysis.findings.context import Context
from kg_analysis.findings.wording import as_given, capital, printed_as
from kg_analysis.quantities import Quantity, frame, given, union_ids

WIDE, NARROW = 0.72, 0.36  # bars of cumulative and of single periods
NEAREST = 0.11  # part of the axis that a label of a point takes
MARGIN = 5  # percentage points of the share drawn beyond the plausible range


def periods(found: Growth, shares: Shares, here: Context) -> Chart:
    """Bars by period in order of time: cumulative ones wide, single ones narrow, the implied Q4 open."""
    title = findings.periods_title(found, here)  # says what is missing before anything is drawn
    implied = _implied(found, shares)
    rates = dict(found.periods) | ({"Q4": implied[1]} if implied else {})
    names = sorted(rates, key=growth.PERIODS.index)
    with canvas() as (figure, axes):
        for position, name in enumerate(names):
            derived = implied if implied and name == "Q4" else None
            _period_bar(axes, position, name, rates[name], derived, here)
        axes.axhline(0, color=INK, lw=0.9)
        axes.set_xticks(range(len(names)), [_tick(name, implied is not None, here) for name in names])
        axes.tick_params(axis="x", length=0, labelcolor=INK)
        reach = [0.0, *(each.value for each in rates.values())]
        reach += [bound for each in implied or () for bound in (each.low, each.high)]
        room = 0.22 * (max(reach) - min(reach) or 1)  # two lines of a label
        axes.set_ylim(min(reach) - room * (min(reach) < 0), max(reach) + room)
        tick_numbers(axes.yaxis, here.page, "%")
        key = f"growth.periods_subtitle{'_derived' if implied else ''}"
        low, base, high = (as_given(each) for each in (shares.low, shares.base, shares.high))
        return finish(
            figure,
            here.page,
            name="growth_periods",
            title=title,
            subtitle=here.say(key, share=base, low=low, high=high),
            source=here.cite(union_ids(rates.values())),
            alt=here.say("growth.periods_alt", finding=findings.periods(found, here)),
            data=frame(_period_rows(rates, names, implied)),
        )


def q4_curve(found: Growth, shares: Shares, here: Context) -> Chart:
    """Implied and break-even Q4 over the share of Q4, with the rounding as a band and the plausible range shaded."""
    nine, year = found.period("9M"), found.periods.get("FY")
    zero = given(0, "pct")
    goals = {"implied": year, "break_even": zero} if year is not None else {"break_even": zero}
    marked = list({each.value: each for each in (shares.base, shares.low, shares.high)}.values())
    ends = max(1.0, shares.low.value - MARGIN), min(99.0, shares.high.value + MARGIN)
    grid = [given(float(each), "share_pct") for each in np.round(np.linspace(*ends, 41), 3)]
    with canvas() as (figure, axes):
        axes.axvspan(shares.low.value, shares.high.value, color=SHADE, lw=0)
        axes.plot(ends, [0, 0], color=INK, lw=0.9)
        curves = {
            name: [scenarios.implied_q4(goal, nine, each) for each in grid] for name, goal in goals.items() if goal
        }
        for name, curve in curves.items():
            _curve(axes, name, [each.value for each in grid], curve)
        _curve_frame(axes, curves, shares, ends, here)
        for name, above in _label_sides(curves).items():
            points = [(each, scenarios.implied_q4(goals[name] or zero, nine, each)) for each in marked]
            _points(axes, name, points, above, here)
        _curve_names(axes, curves, ends[1], year, here)
        rows = [
            {"curve": name, "share_pct": share, "q4_growth_pct": scenarios.implied_q4(goal, nine, share)}
            for name, goal in goals.items()
            if goal
            for share in scenarios.share_grid(shares)
        ]
        return finish(
            figure,
            here.page,
            name="growth_q4_curve",
            title=findings.fourth_quarter_title(found, shares, here),
            subtitle=here.say("growth.curve_subtitle"),
            source=here.cite(union_ids(each for curve in curves.values() for each in curve)),
            alt=here.say("growth.curve_alt", finding=findings.fourth_quarter(found, shares, here)),
            data=frame(rows),
        )


def _implied(found: Growth, shares: Shares) -> tuple[Quantity, Quantity, Quantity] | None:
    """Implied Q4 at the low, base and high share; None where Q4 itself is printed, or what implies it is not."""
    if "Q4" in found.periods or not {"9M", "FY"} <= set(found.periods):
        return None
    year, nine = found.period("FY"), found.period("9M")
    low, base, high = (scenarios.implied_q4(year, nine, each) for each in (shares.low, shares.base, shares.high))
    return low, base, high


def _period_bar(
    axes: Axes,
    position: int,
    name: str,
    rate: Quantity,
    implied: Sequence[Quantity] | None,
    here: Context,
) -> None:
    basis = DERIVED if implied else rate.basis
    axes.bar(position, rate.value, width=WIDE if name in CUMULATIVE else NARROW, zorder=2, **fill(FOCUS, basis))
    ends = [rate.value]
    label = here.say("growth.bar_estimate", rate=rate) if rate.basis == "estimate" else here.page.quantity(rate)
    if implied:
        ends = [min(each.low for each in implied), max(each.high for each in implied)]
        axes.plot([position, position], ends, color=INK, lw=1.4, marker="_", ms=9, zorder=3)
        low, high = (here.page.number(each, rate.shown_decimals) for each in ends)
        label = here.say("growth.bar_derived", rate=_plain(rate, here), low=low, high=high)
    above = rate.value >= 0
    axes.annotate(
        label,
        (position, max(*ends, 0) if above else min(*ends, 0)),
        xytext=(0, 5 if above else -5),
        textcoords="offset points",
        ha="center",
        va="bottom" if above else "top",
        weight="bold",
        size=10,
        color=FOCUS,
        bbox=PAPER,
    )


def _plain(rate: Quantity, here: Context) -> str:
    """The rate alone; its interval is drawn."""
    return here.page.unit(here.page.number(rate.value, rate.shown_decimals), rate.unit)


def _tick(name: str, implied: bool, here: Context) -> str:
    span = "derived" if implied and name == "Q4" else "cumulative" if name in CUMULATIVE else "single"
    return f"{capital(here.say(f'growth.short_{name}'))}\n{here.say(f'growth.span_{span}')}"


def _period_rows(
    rates: dict[str, Quantity], names: Sequence[str], implied: Sequence[Quantity] | None
) -> list[dict[str, object]]:
    rows = [("Q4_low_share", implied[0]), ("Q4_high_share", implied[2])] if implied else []
    listed = [*((name, rates[name]) for name in names), *rows]
    return [
        {
            "period": name,
            "span": "cumulative" if name in CUMULATIVE else "single",
            "growth_pct": rate,
            "basis": rate.basis or DERIVED,
        }
        for name, rate in listed
    ]


def _curve(axes: Axes, name: str, shares: Sequence[float], curve: Sequence[Quantity]) -> None:
    colour, dash = (FOCUS, "--") if name == "implied" else (SECOND, "-.")
    axes.fill_between(
        shares, [each.low for each in curve], [each.high for each in curve], color=colour, alpha=0.2, lw=0
    )
    axes.plot(shares, [each.value for each in curve], color=colour, ls=dash, lw=2)


def _curve_frame(
    axes: Axes, curves: dict[str, list[Quantity]], shares: Shares, ends: tuple[float, float], here: Context
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


def _points(axes: Axes, name: str, points: Sequence[tuple[Quantity, Quantity]], above: bool, here: Context) -> None:
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
            _plain(rate, here),
            (share.value, rate.value),
            xytext=(6 if right else -6, 5 if above else -5),
            textcoords="offset points",
            ha="left" if right else "right",
            va="bottom" if above else "top",
            color=colour,
            weight="bold",
        )


def _curve_names(
    axes: Axes, curves: dict[str, list[Quantity]], end: float, year: Quantity | None, here: Context
) -> None:
    """Name each curve at its right end."""
    texts = {"break_even": here.say("growth.curve_break_even")}
    if year is not None:
        texts["implied"] = here.say("growth.curve_implied", year=printed_as("title", year, here))
    low, high = axes.get_ylim()
    heights = spread([curve[-1].value for curve in curves.values()], 0.15 * (high - low))
    for name, height in zip(curves, heights, strict=True):
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
