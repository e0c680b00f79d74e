"""Chart of a COVID wave as bars whose area is cases.

Responsibility: the marks. Numbers come from ``analysis.covid``, words from ``findings.covid``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from kg_analysis.analysis import covid
from kg_analysis.analysis.covid import Phase, Wave
from kg_analysis.charts.dates import day_ticks, width, x
from kg_analysis.charts.frame import Chart, canvas, finish, number_ticks
from kg_analysis.charts.labels import Place, bar_boxes, box_of, first_free, shrink
from kg_analysis.charts.marks import PAPER
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, PALE, SHADE
from kg_analysis.findings import covid as findings
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import frame

DAY = timedelta(days=1)
NARROW = 20  # days; a label is wider than the bar of a shorter phase
ROOMS = (1.8, 2.2, 2.7, 3.3, 4.0, 5.0)  # height of the axis in highest bars: the first that has room for all labels
ROWS = (1.4, *(1.1 + 0.1 * step for step in range(40)))  # heights for labels over all bars, in highest bars
LINE = 0.06 * ROOMS[0]  # height of a line of text, in highest bars
OVER = 2  # points between the end of a line to a label and the label
INSIDE, ABOVE, BESIDE = "inside", "above", "beside"


def phase_bars(found: Wave, here: ReportContext) -> Chart:
    """Bars as wide as the phase and as high as its mean, so that the area is cases; community cases at the foot."""
    title = findings.size_title(found, here)
    with canvas() as (figure, axes):
        for phase in found.phases:
            _bar(axes, phase)
        _no_data(axes, found, here)
        shrink(axes)
        axes.set_ylim(0, ROOMS[0] * _top(found))
        places = {phase.number: _community_label(axes, phase, found, here) for phase in found.phases}
        _name_others(axes, covid.largest_mean(found), here)
        _label(axes, found, places, here)
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


def _no_data(axes: Axes, found: Wave, here: ReportContext) -> None:
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


def _label(axes: Axes, found: Wave, places: dict[int, str], here: ReportContext) -> None:
    """Say of every bar all there is, or its mean where there are too many; the table has the rest."""
    full = {phase.number: _words(phase, places[phase.number], here) for phase in found.phases}
    short = {
        phase.number: here.say("covid.bar_label_short", phase=phase.number, mean=phase.mean) for phase in found.phases
    }
    for words in (full, short):
        for room in ROOMS:
            axes.set_ylim(0, room * _top(found))
            if _label_all(axes, found, words):
                return
    axes.set_ylim(0, ROOMS[0] * _top(found))


def _label_all(axes: Axes, found: Wave, words: dict[int, str]) -> bool:
    """Label every bar; whether there was room for all of them, none is left where there was not."""
    drawn: list[Any] = []
    taken = [*bar_boxes(axes), *map(box_of, axes.texts)]
    for phase in found.phases:
        label = first_free(axes, _places(axes, phase, found, words[phase.number]), taken)
        if label is None:
            for each in drawn:
                each.remove()
            return False
        drawn.append(label)
        taken.append(box_of(label))
        if label.xyann[1] == OVER:
            centre = x(phase.start) + phase.days / 2
            drawn += axes.plot([centre, centre], [phase.mean.high, label.xy[1]], color=CONTEXT, lw=0.8, ls=":")
    return True


def _words(phase: Phase, place: str, here: ReportContext) -> str:
    label = here.say("covid.bar_label", phase=phase.number, mean=phase.mean, days=phase.days, cases=phase.cases)
    if phase.community_mean is not None and place == BESIDE:
        label += "\n" + here.say("covid.community_label", mean=phase.community_mean)
    return label


def _places(axes: Axes, phase: Phase, found: Wave, label: str) -> Iterator[Place]:
    """Above the bar, then above all bars: a narrow one has no room above itself."""
    left, right = x(phase.start), x(phase.start) + phase.days
    style: dict[str, Any] = {"va": "bottom", "size": 9, "linespacing": 1.3, "bbox": PAPER}
    style["textcoords"] = "offset points"
    if phase.days >= NARROW:
        yield partial(axes.annotate, label, ((left + right) / 2, phase.mean.high), xytext=(0, 5), ha="center", **style)
    late = (phase.start - found.start).days > found.days / 2
    edges = [(left, "left", 3), (right, "right", -3)]
    for row in ROWS:
        for edge, side, inward in reversed(edges) if late else edges:
            at = (edge, row * _top(found))
            yield partial(axes.annotate, label, at, xytext=(inward, OVER), ha=side, **style)


def _community_label(axes: Axes, phase: Phase, found: Wave, here: ReportContext) -> str:
    """Label community cases within their part or above it where there is room; say where, or that they go with all."""
    community, line = phase.community_mean, LINE * _top(found)
    if community is None or phase.days < NARROW:
        return BESIDE
    inside = community.value > line
    if not inside and phase.mean.value - community.value <= line:
        return BESIDE
    label = axes.annotate(
        here.say("covid.community_label", mean=community),
        (x(phase.start) + (phase.days / 2 if inside else 0), community.value),
        xytext=(0, -4) if inside else (5, 3),
        textcoords="offset points",
        ha="center" if inside else "left",
        va="top" if inside else "bottom",
        color="white" if inside else FOCUS,
        size=9,
        weight="bold",
    )
    if box_of(label).width > width(axes, phase.days):
        label.remove()
        return BESIDE
    return INSIDE if inside else ABOVE


def _name_others(axes: Axes, phase: Phase, here: ReportContext) -> None:
    """Say what the pale part is, in the highest bar."""
    community = phase.community_mean
    if community is None or phase.days < NARROW or phase.mean.value - community.value < phase.mean.value / 4:
        return
    middle = x(phase.start) + phase.days / 2, (phase.mean.value + community.value) / 2
    label = axes.annotate(here.say("covid.others_label"), middle, ha="center", va="center", color=INK, size=9)
    if box_of(label).width > width(axes, phase.days):
        label.remove()
