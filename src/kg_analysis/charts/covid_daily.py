"""Charts of daily COVID counts: the counts with their 7-day mean and breaks, and the report's phases beside them.

Responsibility: the marks. Numbers come from ``analysis.daily`` and its neighbours, words from ``findings.covid_daily``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from kg_analysis.analysis.change_points import Break
from kg_analysis.analysis.covid import Wave
from kg_analysis.analysis.daily import Alignment, Daily, seven_day_mean
from kg_analysis.analysis.daily_phases import PhaseCount, comparison_rows
from kg_analysis.charts.dates import day_ticks, x
from kg_analysis.charts.frame import Chart, canvas, finish, number_ticks
from kg_analysis.charts.marks import PAPER
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, PALE, RULE, SECOND
from kg_analysis.findings import covid_daily as findings
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, frame

HALF_DAY = 0.5
ROOM = 1.4  # height of the axis in highest days: two lanes and a line of text above them
PHASE_LANE, BREAK_LANE = 1.24, 1.1  # in highest days
APART = 0.42  # part of the axis between two labelled days
_WAVE = "wave"


def counts(
    daily: Daily, alignment: Alignment, breaks: tuple[Break, ...] | None, wave: Wave | None, here: ReportContext
) -> Chart:
    """Cases a day with their 7-day mean, the report's phases above them, and the breaks found.

    Parameters
    ----------
    daily : Daily
    alignment : {"trailing", "centred"}
    breaks : tuple of Break or None
    wave : Wave or None
        None where the year has no phase table.
    here : ReportContext
    """
    title = findings.counts_title(daily, alignment, here)
    shown = daily.shown
    mean = seven_day_mean(daily.table["cases"], alignment).loc[shown.index]
    ids = [] if wave is None else [each for phase in wave.phases for each in phase.date_ids]
    source = ". ".join([here.cite_series([daily.source_id]), *([here.cite(ids)] if ids else [])])
    with canvas() as (figure, axes):
        top = float(shown["cases"].max()) or 1.0
        days = [x(each) for each in shown.index]
        axes.bar(days, shown["cases"].fillna(0), width=1, color=PALE, lw=0)
        axes.plot(days, mean, color=FOCUS, lw=2)
        axes.set_xlim(days[0] - HALF_DAY, days[-1] + HALF_DAY)
        axes.set_ylim(0, ROOM * top)
        _phases(axes, wave, top, here)
        _breaks(axes, breaks or (), top, here)
        _left_out(axes, daily, top, here)
        month_ticks(axes, shown.index, here)
        axes.yaxis.set_major_formatter(number_ticks(here.page))
        axes.set_yticks([each for each in axes.get_yticks() if each <= top])
        return finish(
            figure,
            here.page,
            name="covid_daily_counts",
            title=title,
            subtitle=here.say(
                "covid_daily.counts_subtitle",
                basis=findings.basis(daily, here),
                start=daily.start,
                end=daily.end,
                alignment=here.say(f"covid_daily.alignment_{alignment}"),
            ),
            source=source,
            alt=here.say("covid_daily.counts_alt", finding=title + "."),
            data=_count_rows(daily, mean, breaks or (), ids),
        )


def against_report(compared: tuple[PhaseCount, ...], daily: Daily, here: ReportContext) -> Chart:
    """Mean a day by phase, as printed and as the daily counts add up."""
    title = findings.phases_title(compared, here)
    data = frame(comparison_rows(compared, daily))
    ids = sorted({each for line in data["figure_ids"] for each in line.split()})
    with canvas() as (figure, axes):
        for row, each in enumerate(compared):
            _pair(axes, row, each, here)
        names = [_name(each.phase, here) for each in compared]
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.6)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x", color=RULE)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        most = max(each.high for one in compared for each in (one.printed_mean, one.daily_mean) if each is not None)
        axes.set_xlim(0, 1.45 * most)
        axes.xaxis.set_major_formatter(number_ticks(here.page))
        return finish(
            figure,
            here.page,
            name="covid_daily_against_report",
            title=title,
            subtitle=here.say("covid_daily.phases_subtitle", start=compared[-1].start, end=compared[-1].end),
            source=". ".join([here.cite(ids), here.cite_series([daily.source_id])]),
            alt=here.say("covid_daily.phases_alt", finding=title + "."),
            data=data,
        )


def month_ticks(axes: Axes, days: pd.DatetimeIndex, here: ReportContext) -> None:
    """First days of the months, or of the weeks where the axis is shorter than two months."""
    long = len(days) > 60
    chosen = [each.date() for each in days if (each.day == 1 if long else each.weekday() == 0)]
    day_ticks(axes, chosen or [days[0].date()], here)


def _phases(axes: Axes, wave: Wave | None, top: float, here: ReportContext) -> None:
    """The report's phases as a lane of bars above the counts, with a line down at each of their ends."""
    low, high = axes.get_xlim()
    inside = [each for each in wave.phases if x(each.start) < high and x(each.end) > low] if wave else []
    if not inside:
        return
    for phase in inside:
        left, right = max(x(phase.start) - HALF_DAY, low), min(x(phase.end) + HALF_DAY, high)
        axes.barh(PHASE_LANE * top, right - left, left=left, height=0.08 * top, color=CONTEXT, edgecolor="white")
        style: dict[str, Any] = {"color": "white", "size": 9, "weight": "bold", "ha": "center", "va": "center"}
        axes.text((left + right) / 2, PHASE_LANE * top, str(phase.number), **style)
        axes.plot([left, left], [0, (PHASE_LANE - 0.04) * top], color=CONTEXT, lw=0.9, ls="--")
    right = min(x(inside[-1].end) + HALF_DAY, high)
    axes.plot([right, right], [0, (PHASE_LANE - 0.04) * top], color=CONTEXT, lw=0.9, ls="--")
    text = here.say("covid_daily.mark_phases", end=wave.end if wave else inside[-1].end)
    first = max(x(inside[0].start) - HALF_DAY, low)
    early = first < (low + high) / 2
    style = {"xytext": (0, 2), "textcoords": "offset points", "va": "bottom", "size": 9}
    place = (first if early else right, (PHASE_LANE + 0.04) * top)
    axes.annotate(text, place, color=MUTED, ha="left" if early else "right", **style)


def _breaks(axes: Axes, breaks: Sequence[Break], top: float, here: ReportContext) -> None:
    """A marker a break in a lane of its own, the days that fit nearly as well as a line through it."""
    for each in breaks:
        at = x(each.day) - HALF_DAY
        axes.plot([at, at], [0, BREAK_LANE * top], color=SECOND, lw=1, ls=":")
        axes.plot([x(each.earliest) - HALF_DAY, x(each.latest) - HALF_DAY], [BREAK_LANE * top] * 2, color=SECOND, lw=2)
        axes.plot(at, BREAK_LANE * top, marker="v", color=SECOND, ms=6)
    if not breaks:
        return
    low, high = axes.get_xlim()
    marks = [low, *(x(each.day) for each in breaks), high]
    right, left = max(((b - a, a) for a, b in pairwise(marks)), key=lambda gap: gap[0])
    style: dict[str, Any] = {"ha": "center", "va": "center", "color": SECOND, "size": 9}
    axes.text(left + right / 2, BREAK_LANE * top, here.say("covid_daily.mark_break"), **style)


def _left_out(axes: Axes, daily: Daily, top: float, here: ReportContext) -> None:
    """A cross on the axis for each day whose published count is set aside, with that count where there is room."""
    low, high = axes.get_xlim()
    labelled = low - high
    for day, text in findings.left_out(daily, here):
        at = x(day)
        axes.plot(at, 0.02 * top, marker="x", color=INK, ms=7, mew=1.8, clip_on=False)
        if at - labelled < APART * (high - low):
            continue
        labelled = at
        late = (at - low) / (high - low) > 0.5
        style: dict[str, Any] = {"textcoords": "offset points", "ha": "right" if late else "left", "bbox": PAPER}
        axes.annotate(text, (at, 0.02 * top), xytext=(4 if late else -4, 10), color=INK, size=9, **style)


def _pair(axes: Axes, row: int, each: PhaseCount, here: ReportContext) -> None:
    """The printed mean above, the daily one below it."""
    _point(
        axes, row - 0.17, each.printed_mean, FOCUS, "o", here.say("covid_daily.phases_report", mean=each.printed_mean)
    )
    if each.daily_mean is not None:
        label = here.say("covid_daily.phases_daily", mean=each.daily_mean)
        _point(axes, row + 0.17, each.daily_mean, SECOND, "D", label)


def _point(axes: Axes, row: float, value: Quantity, colour: str, marker: str, label: str) -> None:
    error = [[value.value - value.low], [value.high - value.value]]
    axes.errorbar(value.value, row, xerr=error, color=colour, marker=marker, ms=5, capsize=5, lw=1.6)
    style: dict[str, Any] = {"xytext": (10, 0), "textcoords": "offset points", "va": "center", "size": 9}
    axes.annotate(label, (value.high, row), color=colour, weight="bold", bbox=PAPER, **style)


def _name(phase: str, here: ReportContext) -> str:
    return here.say(f"covid_daily.phase_{'wave' if phase == _WAVE else 'name'}", phase=phase)


def _count_rows(daily: Daily, mean: pd.Series[float], breaks: Sequence[Break], ids: Sequence[str]) -> pd.DataFrame:
    """Every day shown: as published, as used, its mean, its flags, and whether a break lies there."""
    shown = daily.shown
    places: set[date] = {each.day for each in breaks}
    return pd.DataFrame(
        {
            "date": [each.date() for each in shown.index],
            "raw_cases": shown["raw"].astype("Int64").to_numpy(),
            "used_cases": shown["cases"].astype("Int64").to_numpy(),
            "seven_day_mean": mean.round(2).to_numpy(),
            "flag": shown["flag"].to_numpy(),
            "collector_flag": shown["collector_flag"].to_numpy(),
            "break": [each.date() in places for each in shown.index],
            "series_source_id": daily.source_id,
            "figure_ids": " ".join(sorted(ids)),
        }
    )
