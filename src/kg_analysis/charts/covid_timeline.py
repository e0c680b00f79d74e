"""Timeline of a COVID wave: phases, distancing measures, and where the figures stop.

Responsibility: draw what is dated where it is dated, and what is not dated apart, in a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from kg_analysis.analysis.covid import Phase, Wave
from kg_analysis.charts.dates import day_ticks, width, x
from kg_analysis.charts.frame import Chart, canvas, finish
from kg_analysis.charts.labels import Place, bar_boxes, box_of, first_free, shrink
from kg_analysis.charts.marks import PAPER
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, RULE, SECOND, SHADE
from kg_analysis.findings import covid as findings
from kg_analysis.findings.measures import Measure, day, in_page_order, name
from kg_analysis.narrative.context import ReportContext

DAY = timedelta(days=1)
BAR = 0.5  # height of a lane's bar
LANES = 0.3  # part of the figure that the names of the lanes may take
TOP = -0.95  # room above the first lane for the phases' dates
_CENTRED: dict[str, Any] = {"ha": "center", "va": "center"}


def timeline(found: Wave, here: ReportContext) -> Chart:
    """Phases and dated measures on one time axis; lengths without dates stand beside it, dashed."""
    measures = in_page_order(here)
    with canvas() as (figure, axes):
        end = found.latest_cutoff or found.end + found.days // 4 * DAY
        _phases(axes, found)
        _stop(axes, found, end, here)
        for lane, measure in enumerate(measures, 1):
            if day(measure["start"]) is not None:
                _dated(axes, lane, measure, end, here)
        left = _undated(axes, measures, found, end, here)
        _lanes(axes, [here.say("covid.lane_phases"), *[name(each, here).replace(" (", "\n(") for each in measures]])
        axes.set_xlim(left, x(end) + found.days * 0.14)
        days = [*(phase.start for phase in found.phases), found.end, *filter(None, [found.latest_cutoff])]
        day_ticks(axes, days, here)
        shrink(axes, left=LANES)
        _no_cases(axes, found, end, here)
        _phase_labels(axes, found, here)
        data = _rows(found, measures)
        return finish(
            figure,
            here.page,
            name="covid_timeline",
            title=findings.stop_title(found, here),
            subtitle=here.say("covid.timeline_subtitle"),
            source=here.cite([*" ".join(data["figure_ids"]).split(), *here.data.select("report_cutoff").index]),
            alt=here.say("covid.timeline_alt", finding=findings.stop_title(found, here) + "."),
            data=data,
        )


def _phases(axes: Axes, found: Wave) -> None:
    """A bar a phase."""
    for phase in found.phases:
        axes.barh(0, phase.days, left=x(phase.start), height=BAR, color=FOCUS, edgecolor="white", linewidth=1.5)


def _phase_labels(axes: Axes, found: Wave, here: ReportContext) -> None:
    """Its number in the bar; dates above it, or below a short one; left out where there is no room for them."""
    taken = list(map(box_of, axes.texts))
    for phase in found.phases:
        style: dict[str, Any] = {"color": "white", "weight": "bold", **_CENTRED}
        middle = x(phase.start) + phase.days / 2, 0
        if number := first_free(axes, [partial(axes.annotate, str(phase.number), middle, **style)], taken):
            taken.append(box_of(number))
    taken += bar_boxes(axes)
    for phase in found.phases:
        label = first_free(axes, _date_places(axes, phase, found, here), taken)
        if label is not None:
            taken.append(box_of(label))


def _date_places(axes: Axes, phase: Phase, found: Wave, here: ReportContext) -> Iterator[Place]:
    label = here.say("covid.phase_dates", start=phase.start, end=phase.end)
    left, right = x(phase.start), x(phase.start) + phase.days
    above: dict[str, Any] = {"xytext": (0, 3), "va": "bottom"}
    below: dict[str, Any] = {"xytext": (0, -3), "va": "top"}
    places = [((left + right) / 2, "center", above), (left, "left", below), (left, "left", above)]
    places += [(right, "right", above), (right, "right", below)]
    short = phase.days < found.days / 5
    style: dict[str, Any] = {"textcoords": "offset points", "color": FOCUS, "size": 9, "bbox": PAPER}
    for at, side, where in places[1:] if short else places:
        edge = -BAR / 2 if where is above else BAR / 2
        yield partial(axes.annotate, label, (at, edge), ha=side, **where, **style)


def _stop(axes: Axes, found: Wave, end: date, here: ReportContext) -> None:
    """The time without case figures, to the latest date that the report has figures for."""
    start = x(found.end + DAY)
    gap = x(end) - start
    if gap > found.days / 5:
        axes.barh(0, gap, left=start, height=BAR, color=SHADE, edgecolor=CONTEXT, linestyle=":")
    if found.latest_cutoff is None:
        return
    axes.axvline(x(found.latest_cutoff), color=CONTEXT, lw=1, ls=":")
    if gap > found.days / 2:
        axes.annotate(
            here.say("covid.cutoff_mark"),
            (x(found.latest_cutoff), -BAR / 2),
            xytext=(-4, 3),
            textcoords="offset points",
            ha="right",
            va="bottom",
            color=MUTED,
            size=9,
            bbox=PAPER,
        )


def _no_cases(axes: Axes, found: Wave, end: date, here: ReportContext) -> None:
    """Say in the gap, or below it where it is narrow, that there are no figures of cases."""
    start = x(found.end + DAY)
    gap = x(end) - start
    if gap <= found.days / 5:
        return
    words = here.say("covid.no_cases_lane")
    style: dict[str, Any] = {"color": MUTED, "ha": "center"}
    label = axes.annotate(words, (start + gap / 2, 0), va="center", **style)
    if box_of(label).width > width(axes, gap):
        label.remove()
        place: dict[str, Any] = {"xytext": (0, -4), "textcoords": "offset points", "va": "top", "ha": "right"}
        axes.annotate(words, (start + gap, BAR / 2), **style | place)


def _dated(axes: Axes, lane: int, measure: Measure, end: date, here: ReportContext) -> None:
    """A bar from its first day to its last, or on beyond the axis where no last day is printed."""
    first, last = day(measure["start"]) or end, day(measure["end"])
    left, right = x(first), x(last + DAY) if last is not None else x(end)
    axes.barh(lane, right - left, left=left, height=BAR, color=SECOND)
    if last is None:
        arrow = {"arrowstyle": "-|>", "color": SECOND, "lw": 2}
        axes.annotate("", (right + 8, lane), (right - 1, lane), arrowprops=arrow)
    axes.annotate(
        here.say(f"covid.measure_{'from' if last is None else 'between'}", start=first, end=last),
        (left, lane),
        xytext=(-6, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        color=SECOND,
        bbox=PAPER,
    )


def _undated(axes: Axes, measures: Sequence[Measure], found: Wave, end: date, here: ReportContext) -> float:
    """A column left of the time axis for what has no dates, its lengths to scale; return where the axes begin."""
    open_ended = {lane: each for lane, each in enumerate(measures, 1) if day(each["start"]) is None}
    if not open_ended:
        return x(found.start) - 1
    span, gap = x(end) - x(found.start), 0.03 * (x(end) - x(found.start))
    lengths = {lane: each["days_printed"] for lane, each in open_ended.items()}
    wide = max([0.33 * span, *(1.1 * each for each in lengths.values() if each is not None)])
    left = x(found.start) - gap - wide
    middle = left + wide / 2
    axes.axvspan(left, left + wide, color=SHADE, lw=0)
    axes.text(middle, 0, here.say("covid.undated_column"), color=MUTED, size=9, **_CENTRED)
    style: dict[str, Any] = {"facecolor": "white", "edgecolor": SECOND, "linestyle": "--"}
    for lane, days in lengths.items():
        if days is None:
            text, box = here.say("covid.undated_length"), style | {"boxstyle": "round,pad=0.35"}
            axes.text(middle, lane, text, color=SECOND, size=9, bbox=box, **_CENTRED)
        else:
            axes.barh(lane, days, left=middle - days / 2, height=BAR, linewidth=1.5, **style)
            axes.text(middle, lane, here.say("covid.undated_days", days=int(days)), color=SECOND, **_CENTRED)
    return left


def _lanes(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, TOP)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=RULE)
    axes.tick_params(axis="y", length=0, labelcolor=INK)


def _rows(found: Wave, measures: Sequence[Measure]) -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "row": f"phase_{phase.number}",
            "scope": "province",
            "start": phase.start,
            "end": phase.end,
            "days": phase.days,
            "figure_ids": " ".join(phase.cases.figure_ids),
        }
        for phase in found.phases
    ]
    names = {"measure": "row", "days_printed": "days"}
    columns = ("measure", "scope", "start", "end", "days_printed", "figure_ids")
    rows += [{names.get(column, column): each[column] for column in columns} for each in measures]
    table = pd.DataFrame(rows)
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column]).dt.date
    return table.astype({"days": "Int64"})
