"""Chart of a COVID wave as bars whose area is cases.

Responsibility: the marks. Numbers come from ``analysis.covid``, words from ``findings.covid``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from matplotlib.axes import Axes

from kg_analysis.analysis import covid
from kg_analysis.analysis.covid import Phase, Wave
from kg_analysis.charts.dates import day_ticks, x
from kg_analysis.charts.frame import Chart, canvas, finish, number_ticks
from kg_analysis.charts.marks import PAPER
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, PALE, SHADE
from kg_analysis.findings import covid as findings
from kg_analysis.findings.context import Context
from kg_analysis.quantities import frame

DAY = timedelta(days=1)
NARROW = 20  # days; a label is wider than the bar of a shorter phase
ROOM = 1.8  # height of the axis in highest bars: two rows of labels above them
LINE = 0.06  # part of the axis that a line of text takes
INSIDE, ABOVE, BESIDE = "inside", "above", "beside"


def phase_bars(found: Wave, here: Context) -> Chart:
    """Bars as wide as the phase and as high as its mean, so that the area is cases; community cases at the foot."""
    title = findings.size_title(found, here)
    with canvas() as (figure, axes):
        for phase in found.phases:
            _bar(axes, phase)
            _label(axes, phase, found, here)
        _name_others(axes, covid.largest_mean(found), here)
        _no_data(axes, found, here)
        axes.set_ylim(0, ROOM * _top(found))
        day_ticks(axes, [phase.start for phase in found.phases] + [found.end], here)
        axes.yaxis.set_major_formatter(number_ticks(here.page))
        data = frame(covid.phase_rows(found))
        return finish(
            figure,
            here.page,
            name="covid_phase_bars",
            title=title,
            subtitle=here.say("covid.phase_bars_subtitle", start=found.start, end=found.end),
            source=here.cite(each for line in data["figure_ids"] for each in line.split()),
            alt=here.say("covid.phase_bars_alt", finding=title + "."),
            data=data,
        )


def _top(found: Wave) -> float:
    return max(phase.mean.high for phase in found.phases)


def _no_data(axes: Axes, found: Wave, here: Context) -> None:
    """Shaded ground after the last day, which the report has no cases for."""
    last = found.end + DAY
    room = max(20, found.days // 4)
    axes.axvspan(x(last), x(last + room * DAY), color=SHADE, lw=0)
    style: dict[str, Any] = {"ha": "center", "va": "top", "color": MUTED, "size": 9}
    text = here.say("covid.no_data_after", end=found.end)
    axes.text(x(last) + room / 2, 0.97, text, transform=axes.get_xaxis_transform(), **style)
    axes.set_xlim(x(found.start), x(last + room * DAY))


def _bar(axes: Axes, phase: Phase) -> None:
    """Both parts of the bar, and the rounding of the whole, clear of a label within the bar."""
    left, mean = x(phase.start), phase.mean
    outline: dict[str, Any] = {"width": phase.days, "align": "edge", "edgecolor": "white", "linewidth": 1.5}
    axes.bar(left, mean.value, color=PALE, **outline)
    if phase.community_mean is not None:
        axes.bar(left, phase.community_mean.value, color=FOCUS, **outline)
    at = left + phase.days * (0.5 if phase.days < NARROW else 0.75)
    error = [[mean.value - mean.low], [mean.high - mean.value]]
    axes.errorbar(at, mean.value, yerr=error, color=INK, capsize=4, lw=1.2)


def _label(axes: Axes, phase: Phase, found: Wave, here: Context) -> None:
    """What the bar stands for: above it, or above all labels with a line to it where it is narrow."""
    label = here.say("covid.bar_label", phase=phase.number, mean=phase.mean, days=phase.days, cases=phase.cases)
    place = _community_place(phase, found)
    if phase.community_mean is not None and place == BESIDE:
        label += "\n" + here.say("covid.community_label", mean=phase.community_mean)
    elif phase.community_mean is not None:
        _community_label(axes, phase, place, here)
    left, centre, mean = x(phase.start), x(phase.start) + phase.days / 2, phase.mean
    style: dict[str, Any] = {"va": "bottom", "size": 9, "linespacing": 1.3, "bbox": PAPER}
    style["textcoords"] = "offset points"
    if phase.days >= NARROW:
        axes.annotate(label, (centre, mean.high), xytext=(0, 5), ha="center", **style)
        return
    height = 1.4 * _top(found)
    axes.plot([centre, centre], [mean.high, height], color=CONTEXT, lw=0.8, ls=":")
    late = (phase.start - found.start).days > found.days / 2
    edge, side, inward = (left + phase.days, "right", -3) if late else (left, "left", 3)
    axes.annotate(label, (edge, height), xytext=(inward, 2), ha=side, **style)


def _community_place(phase: Phase, found: Wave) -> str:
    """Where community cases are labelled: within their part or above it if there is room, else with the rest."""
    line = LINE * ROOM * _top(found)
    if phase.community_mean is None or phase.days < NARROW:
        return BESIDE
    if phase.community_mean.value > line:
        return INSIDE
    return ABOVE if phase.mean.value - phase.community_mean.value > line else BESIDE


def _community_label(axes: Axes, phase: Phase, place: str, here: Context) -> None:
    if phase.community_mean is None:
        return
    inside = place == INSIDE
    axes.annotate(
        here.say("covid.community_label", mean=phase.community_mean),
        (x(phase.start) + (phase.days / 2 if inside else 0), phase.community_mean.value),
        xytext=(0, -4) if inside else (5, 3),
        textcoords="offset points",
        ha="center" if inside else "left",
        va="top" if inside else "bottom",
        color="white" if inside else FOCUS,
        size=9,
        weight="bold",
    )


def _name_others(axes: Axes, phase: Phase, here: Context) -> None:
    """Say what the pale part is, in the highest bar."""
    community = phase.community_mean
    if community is None or phase.days < NARROW or phase.mean.value - community.value < phase.mean.value / 4:
        return
    middle = x(phase.start) + phase.days / 2, (phase.mean.value + community.value) / 2
    axes.annotate(here.say("covid.others_label"), middle, ha="center", va="center", color=INK, size=9)
