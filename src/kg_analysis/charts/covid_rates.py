"""Charts of the reproduction number and of the growth rate from daily COVID counts.

Responsibility: the marks. A value that is not computed leaves a gap and a bar at the foot of the axis; the last days,
which later bulletins may still change, are grey.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from kg_analysis.analysis.daily import Daily
from kg_analysis.analysis.daily_reproduction import Reproduction
from kg_analysis.analysis.reproduction import FEWEST_CASES
from kg_analysis.charts.covid_daily import month_ticks
from kg_analysis.charts.dates import x
from kg_analysis.charts.frame import Chart, canvas, finish
from kg_analysis.charts.marks import PAPER, spread, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, RULE, SECOND, SHADE
from kg_analysis.findings import covid_daily as daily_findings
from kg_analysis.findings import covid_reproduction as findings
from kg_analysis.narrative.context import ReportContext

_LINES = ((FOCUS, "-"), (SECOND, "--"))
LABELS = 0.2  # part of the days that labels take at the right
GAP = 0.16  # between labels, in heights of the axis
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def reproduction(found: Reproduction, here: ReportContext) -> Chart:
    """Reproduction number under each serial interval, with its 95% interval, on a log axis around 1."""
    title = findings.reproduction_title(found, here)
    days = found.frames[0].index
    with canvas() as (figure, axes):
        axes.set_yscale("log")
        axes.axhline(1, color=INK, lw=1)
        for frame, (colour, style) in zip(found.frames, _LINES, strict=False):
            _ribbon(axes, frame, colour, style)
        _limits(axes, found)
        _recent(axes, found.frames[0], here)
        _suppressed(axes, found.frames[0])
        _names(axes, found, here)
        month_ticks(axes, days, here)
        return finish(
            figure,
            here.page,
            name="covid_reproduction",
            title=title,
            subtitle=here.say(
                "covid_daily.rt_subtitle",
                window=found.window_days,
                start=found.daily.start,
                end=found.daily.end,
                fewest=FEWEST_CASES,
            ),
            source=here.cite_series([found.daily.source_id]),
            alt=here.say("covid_daily.rt_alt", finding=title + "."),
            data=_rt_rows(found),
        )


def growth(frame: pd.DataFrame, daily: Daily, here: ReportContext) -> Chart:
    """Growth rate of each fortnight with its 95% interval; bold where growth or fall is certain."""
    title = daily_findings.growth_title(frame, here)
    percent = 100 * np.expm1(frame[["rate", "low", "high"]])
    certain = frame["doubling_days"].notna() | frame["halving_days"].notna()
    days = [x(each) for each in frame.index]
    with canvas() as (figure, axes):
        axes.axhline(0, color=INK, lw=1)
        axes.fill_between(days, percent["low"], percent["high"], color=FOCUS, alpha=0.18, lw=0)
        axes.plot(days, percent["rate"], color=CONTEXT, lw=1.2)
        axes.plot(days, percent["rate"].where(certain), color=FOCUS, lw=3)
        axes.set_xlim(days[0], days[-1])
        axes.set_ylim(*_room(percent))
        month_ticks(axes, frame.index, here)
        tick_numbers(axes.yaxis, here.page, "%")
        return finish(
            figure,
            here.page,
            name="covid_growth_rate",
            title=title,
            subtitle=here.say("covid_daily.growth_subtitle", start=daily.start, end=daily.end),
            source=here.cite_series([daily.source_id]),
            alt=here.say("covid_daily.growth_alt", finding=title + "."),
            data=_growth_rows(frame, percent, daily),
        )


def _ribbon(axes: Axes, frame: pd.DataFrame, colour: str, style: str) -> None:
    """Band and line, grey on the last days."""
    days = np.array([x(each) for each in frame.index])
    axes.fill_between(days, frame["low"], frame["high"], color=colour, alpha=0.22, lw=0)
    axes.plot(days, frame["mean"].where(~frame["recent"]), color=colour, lw=1.8, ls=style)
    joined = frame["recent"] | frame["recent"].shift(-1, fill_value=False)
    axes.plot(days, frame["mean"].where(joined), color=CONTEXT, lw=1.8, ls=style)


def _limits(axes: Axes, found: Reproduction) -> None:
    """Room for every band, for 1 and for the labels at the right; round factors on the axis."""
    low = min(frame["low"].min() for frame in found.frames)
    high = max(frame["high"].max() for frame in found.frames)
    axes.set_ylim(min(low, 0.5) / 1.35, max(high, 2) * 1.1)
    first, last = (x(found.frames[0].index[each]) for each in (0, -1))
    axes.set_xlim(first, last + LABELS * (last - first) / (1 - LABELS))
    floor, ceiling = axes.get_ylim()
    axes.yaxis.set_major_locator(FixedLocator([each for each in TICKS if floor <= each <= ceiling]))
    axes.yaxis.set_minor_locator(NullLocator())


def _recent(axes: Axes, frame: pd.DataFrame, here: ReportContext) -> None:
    days = [x(each) for each in frame.index[frame["recent"]]]
    axes.axvspan(days[0] - 0.5, days[-1] + 0.5, color=SHADE, lw=0, zorder=0)
    style: dict[str, Any] = {"xytext": (6, -2), "textcoords": "offset points", "va": "top", "color": MUTED, "size": 9}
    text = here.say("covid_daily.rt_recent")
    axes.annotate(text, (days[-1] + 0.5, 1), xycoords=axes.get_xaxis_transform(), **style)


def _suppressed(axes: Axes, frame: pd.DataFrame) -> None:
    """A grey bar at the foot of the axis under every day that is not computed."""
    days = [x(each) for each in frame.index[frame["suppressed"]]]
    if days:
        where: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "color": RULE, "hatch": "////"}
        axes.bar(days, [0.045] * len(days), width=1, lw=0, **where)


def _names(axes: Axes, found: Reproduction, here: ReportContext) -> None:
    """Serial intervals at the ends of their lines, and the line at 1; apart from one another."""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: here.page.number(value, 0 if value >= 1 else 1)))
    floor, ceiling = np.log(axes.get_ylim())
    lines = zip(found.intervals, found.frames, _LINES, strict=False)
    labels = [(here.say("covid_daily.rt_one"), 1.0, INK)]
    for interval, frame, (colour, _) in lines:
        labels.append((findings.line_name(interval, here), float(frame["mean"].dropna().iloc[-1]), colour))
    heights = [(np.log(value) - floor) / (ceiling - floor) for _, value, _ in labels]
    places = spread(heights, GAP)
    _, right = axes.get_xlim()
    last = x(found.frames[0].index[-1])
    for (text, value, colour), place in zip(labels, places, strict=True):
        at = np.exp(floor + min(max(place, 0.08), 0.92) * (ceiling - floor))
        start = last + 0.06 * (right - last)
        axes.plot([last, start], [value, at], color=colour, lw=0.8)
        axes.text(start + 0.03 * (right - last), at, text, color=colour, size=9, va="center", ha="left", bbox=PAPER)


def _room(percent: pd.DataFrame) -> tuple[float, float]:
    """Limits that hold every rate, and the bands but for their widest, which the first few cases make."""
    bounds = percent[["low", "high"]].stack().dropna()
    if bounds.empty:
        return -1.0, 1.0
    low = min(bounds.quantile(0.05), percent["rate"].min(), -1)
    high = max(bounds.quantile(0.95), percent["rate"].max(), 1)
    return 1.1 * float(low), 1.1 * float(high)


def _rt_rows(found: Reproduction) -> pd.DataFrame:
    """One row a day and serial interval."""
    parts = []
    for interval, frame in zip(found.intervals, found.frames, strict=True):
        part = frame[["mean", "sd", "low", "median", "high"]].round(4).reset_index(names="date")
        part.insert(1, "serial_interval_mean_days", interval.mean_days)
        part.insert(2, "serial_interval_sd_days", interval.sd_days)
        part["window_cases"] = frame["window_cases"].astype("Int64").to_numpy()
        part["suppressed"], part["recent"] = frame["suppressed"].to_numpy(), frame["recent"].to_numpy()
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    return table.assign(date=table["date"].dt.date, series_source_id=found.daily.source_id, figure_ids="")


def _growth_rows(frame: pd.DataFrame, percent: pd.DataFrame, daily: Daily) -> pd.DataFrame:
    table = percent.round(2).rename(columns=lambda name: f"growth_pct_per_day{'' if name == 'rate' else '_' + name}")
    times = [name for name in frame.columns if "_days" in name]
    table = table.join(frame[times].round(2)).reset_index(names="date")
    return table.assign(date=table["date"].dt.date, series_source_id=daily.source_id, figure_ids="")
