"""Charts of a COVID wave: the year by day, the report's phases, community share, reproduction number, two sources.

Responsibility: the marks. Numbers come from ``analysis``, words from ``narrative.covid``. Each takes frames and returns
a figure whose rows are in ``figure.data``; a parameter's name says which frame of the registry it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kg_analysis.analysis.covid import COMMUNITY, MEAN, WAVE
from kg_analysis.analysis.daily_counts import best_lag
from kg_analysis.charts.frame import canvas, captioned, categories, enough, note, number_ticks
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, PALE, RULE, SECOND, SHADE, THIRD, style
from kg_analysis.narrative import covid as words
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import need

NARROW = 20  # days; a label is wider than the bar of a shorter phase
PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
PHASE_LOOK = ((FOCUS, "-", "o"), (SECOND, "--", "s"), (THIRD, "-.", "D"), (CONTEXT, ":", "^"))


def daily_cases(
    cases: pd.DataFrame, deaths: pd.DataFrame, wave: pd.DataFrame, totals: pd.DataFrame, ctx: ReportContext
) -> Figure:
    """Cases a day with their 7-day mean, deaths below, the report's phases as a strip above."""
    title = words.year_title(totals, cases, ctx)
    with_deaths = not deaths.empty and deaths["used"].notna().any()
    with style(ctx.fmt.language):
        ratios = (0.5, 4.0, 1.6) if with_deaths else (0.5, 4.0)
        figure, axes = canvas(len(ratios), ratios)
        _strip(axes[0], wave, cases.index, ctx)
        _counts(axes[1], cases, PALE, FOCUS, ctx.say("covid.cases_axis"), ctx)
        if with_deaths:
            _counts(axes[2], deaths.reindex(cases.index), RULE, INK, ctx.say("covid.deaths_axis"), ctx)
        _month_axis(axes[-1], cases.index, ctx)
        ids = [] if wave.empty else wave["figure_ids"]
        series = {*cases["source_id"].dropna(), *(deaths["source_id"].dropna() if with_deaths else ())}
        data = _daily_rows(cases, deaths if with_deaths else None)
        source = ctx.sources(ids, series)
        values: dict[str, Any] = {"basis": words.basis_of(cases, ctx), "start": _day(cases, 0), "end": _day(cases, -1)}
        return captioned(figure, ctx, "covid.daily", "covid_daily_cases", title, source, data, **values)


def phase_bars(wave: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Bars as wide as the phase and as high as its mean, so that the area is cases; community cases at the foot."""
    title = words.size_title(wave, ctx)
    total, phases = words.whole(wave), wave[wave["phase"] != WAVE]
    enough(phases[["days", MEAN, COMMUNITY]])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        edges: dict[str, Any] = {"align": "edge", "edgecolor": "white", "linewidth": 1.5}
        left = mdates.date2num(phases["start"])
        axes.bar(left, phases[MEAN], width=phases["days"], color=PALE, **edges)
        axes.bar(left, phases[COMMUNITY].fillna(0), width=phases["days"], color=FOCUS, **edges)
        errors = np.abs(phases[[f"{MEAN}_low", f"{MEAN}_high"]].sub(phases[MEAN], axis=0).to_numpy().T)
        # The line stands at a side of a wide bar, clear of the label within it.
        at = left + phases["days"].to_numpy() * np.where(phases["days"] < NARROW, 0.5, 0.8)
        axes.errorbar(at, phases[MEAN], yerr=errors, fmt="none", ecolor=INK, capsize=4, lw=1.2)
        top = float(phases[f"{MEAN}_high"].max())
        _nothing_after(axes, total, ctx)
        axes.set_ylim(0, 1.45 * top)
        for place, (_, phase) in zip(left, phases.iterrows(), strict=True):
            _bar_labels(axes, place, phase, top, ctx)
        axes.set_xticks([*left, mdates.date2num(total["end"])])
        axes.set_xticklabels([ctx.fmt.short_date(day) for day in (*phases["start"], total["end"])])
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt))
        source = ctx.sources(wave["figure_ids"])
        return captioned(figure, ctx, "covid.bars", "covid_phase_bars", title, source, wave, wave=total)


def community_share(wave: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Share of community cases by phase and for the wave, with its rounding interval."""
    title = words.community_title(wave, ctx)
    rows = wave[wave["community_share_pct"].notna()].reset_index(drop=True)
    enough(rows["community_share_pct"])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        for place, row in rows.iterrows():
            colour, marker = (INK, "D") if row["phase"] == WAVE else (FOCUS, "o")
            _interval(axes, row, "community_share_pct", float(place), colour, marker)
            label = ctx.fmt.bounded(row, "community_share_pct")
            at = (row["community_share_pct_high"], place)
            note(axes, label, at, (10, 0), va="center", color=colour, weight="bold", bbox=PAPER)
        categories(axes, "y", range(len(rows)), [_phase_name(each, ctx) for each in rows["phase"]])
        axes.set_ylim(len(rows) - 0.5, -0.6)
        axes.grid(visible=True, axis="x")
        axes.set_xlim(0, min(115.0, 1.5 * float(rows["community_share_pct_high"].max())))
        axes.xaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        source = ctx.sources(wave["figure_ids"])
        values: dict[str, Any] = {"wave": words.whole(wave)}
        return captioned(figure, ctx, "covid.community", "covid_community_share", title, source, rows, **values)


def reproduction(rts: words.Reproductions, cases: pd.DataFrame, ctx: ReportContext, *, window_days: int = 7) -> Figure:
    """Reproduction number with its band; other serial intervals as thin lines; the last days greyed."""
    title = words.reproduction_title(rts, ctx)
    rt = words.taken(rts)
    first, *others = rts
    shown = rt.loc[rt["reproduction_number"].first_valid_index() :]
    column = "reproduction_number"
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        recent = shown.index[shown["recent"].astype(bool)]
        if len(recent):
            axes.axvspan(recent[0], recent[-1], color=SHADE, lw=0)
        axes.fill_between(shown.index, shown[f"{column}_low"], shown[f"{column}_high"], color=PALE, lw=0)
        for dash, interval in zip(("--", ":"), others, strict=False):
            line, name = rts[interval][column].loc[shown.index], words.interval_label(interval, ctx)
            axes.plot(line.index, line, color=CONTEXT, lw=1.2, ls=dash, label=ctx.say("covid.rt_line", interval=name))
        own = ctx.say("covid.rt_line", interval=words.interval_label(first, ctx))
        axes.plot(shown.index, shown[column], color=FOCUS, lw=2, label=own)
        axes.hlines(1, shown.index[0], shown.index[-1], color=INK, lw=1)
        _line_end(axes, pd.Series([1.0], shown.index[-1:]), ctx.say("covid.rt_one"), INK)
        axes.legend(loc="upper center", fontsize=9)  # the lines run too close together to be named at their ends
        if len(recent):
            middle = recent[0] + (recent[-1] - recent[0]) / 2
            at: dict[str, Any] = {"xycoords": axes.get_xaxis_transform(), "ha": "center", "va": "top"}
            axes.annotate(ctx.say("covid.rt_recent"), (middle, 0.98), size=9, color=MUTED, **at)
        axes.set_ylim(0, min(6.0, 1.1 * float(shown[f"{column}_high"].max())))
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt, 1))
        _month_axis(axes, shown.index, ctx)
        start, end = shown.index[0].date(), shown.index[-1].date()
        values = {"window": window_days, "interval": words.interval_label(first, ctx), "start": start, "end": end}
        source = ctx.sources([], cases["source_id"].dropna())
        data = shown.reset_index().assign(series_source_id=cases["source_id"].dropna().iloc[0])
        return captioned(figure, ctx, "covid.rt", "covid_reproduction", title, source, data, **values)


def report_and_bulletins(compared: pd.DataFrame, cases: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Difference between bulletins and report by phase, for every lag; the lag that agrees best is marked."""
    title = words.lag_title(compared, ctx)
    rows = compared[(compared["phase"] != WAVE) & compared["difference_pct"].notna()]
    enough(rows["difference_pct"])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        axes.hlines(0, -0.3, rows["lag_days"].max(), color=INK, lw=1)
        best = best_lag(compared)
        if best is not None:
            axes.axvspan(best - 0.4, best + 0.4, color=SHADE, lw=0)
        for (colour, dash, marker), (name, phase) in zip(PHASE_LOOK, rows.groupby("phase"), strict=False):
            errors = np.abs(phase[["difference_pct_low", "difference_pct_high"]].sub(phase["difference_pct"], axis=0))
            sns.lineplot(x=phase["lag_days"], y=phase["difference_pct"], color=colour, ls=dash, marker=marker, ax=axes)
            axes.errorbar(
                phase["lag_days"], phase["difference_pct"], yerr=errors.to_numpy().T, fmt="none", ecolor=colour, lw=1
            )
            line = phase.set_index("lag_days")["difference_pct"]
            _line_end(axes, line, ctx.say("covid.phase", phase=name), colour)
        note(axes, ctx.say("covid.lag_equal"), (rows["lag_days"].min(), 0), (2, 3), size=9, color=INK)
        axes.set_xlim(-0.3, rows["lag_days"].max() + 1.4)
        axes.set_xticks(sorted(rows["lag_days"].unique()))
        axes.set_xlabel(ctx.say("covid.lag_axis"))
        axes.set_ylabel("")
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        source = ctx.sources(compared["figure_ids"], cases["source_id"].dropna())
        values: dict[str, Any] = {"start": rows["start"].min(), "end": rows["end"].max()}
        return captioned(figure, ctx, "covid.lag", "covid_report_and_bulletins", title, source, compared, **values)


def _strip(axes: Axes, wave: pd.DataFrame, days: pd.DatetimeIndex, ctx: ReportContext) -> None:
    """The report's phases as a strip, and the days for which it prints no cases."""
    axes.set_ylim(0, 1)
    axes.axis("off")
    if wave.empty:
        return
    day = pd.Timedelta(days=1)
    for tone, (_, phase) in zip((0.9, 0.7) * len(wave), wave[wave["phase"] != WAVE].iterrows(), strict=False):
        start, end = mdates.date2num(phase["start"]), mdates.date2num(phase["end"] + day)
        axes.barh(0.5, end - start, left=start, height=0.9, color=FOCUS, alpha=tone, lw=0)
        name = ctx.say("covid.strip_phase", phase=phase) if phase["days"] >= NARROW else str(phase["phase"])
        axes.text((start + end) / 2, 0.5, name, ha="center", va="center", color="white", size=9)
    start, end = mdates.date2num(wave["end"].max() + day), mdates.date2num(days[-1] + day)
    if end > start:
        axes.barh(0.5, end - start, left=start, height=0.9, color=SHADE, lw=0)
        axes.text((start + end) / 2, 0.5, ctx.say("covid.strip_none"), ha="center", va="center", color=MUTED, size=9)


def _counts(axes: Axes, daily: pd.DataFrame, bar: str, line: str, label: str, ctx: ReportContext) -> None:
    """Bars of single days under their 7-day mean; days set aside are open."""
    days = mdates.date2num(daily.index)
    axes.bar(days, daily["used"].fillna(0), width=1.0, color=bar, lw=0)
    axes.plot(days, daily["mean"], color=line, lw=2)
    aside = daily["raw"].notna() & daily["used"].isna() & (daily["raw"] > 0)
    axes.bar(days[aside], daily["raw"][aside], width=1.0, facecolor="none", edgecolor=CONTEXT, lw=0.8)
    axes.set_xlim(days[0] - 0.5, days[-1] + 0.5)
    axes.set_title(label, loc="left", size=9, color=MUTED, pad=3)
    axes.locator_params(axis="y", nbins=4)
    axes.yaxis.set_major_formatter(number_ticks(ctx.fmt))


def _bar_labels(axes: Axes, left: float, phase: pd.Series, top: float, ctx: ReportContext) -> None:
    """What a bar stands for: above it, or beside it where it is narrow; community cases at their part."""
    text = ctx.say("covid.bar_label", phase=phase)
    community = pd.notna(phase[COMMUNITY])
    wide = phase["days"] >= NARROW
    if community and (not wide or phase[COMMUNITY] < 0.06 * top):
        text += "\n" + ctx.say("covid.community_label", phase=phase)
    elif community:
        at = (left + phase["days"] / 2, phase[COMMUNITY] / 2)
        centred: dict[str, Any] = {"ha": "center", "va": "center", "size": 9}
        axes.annotate(ctx.say("covid.community_label", phase=phase), at, color="white", weight="bold", **centred)
        above = (at[0], (phase[COMMUNITY] + phase[MEAN]) / 2)
        if phase[MEAN] - phase[COMMUNITY] > 0.15 * top:
            axes.annotate(ctx.say("covid.others_label"), above, color=INK, **centred)
    at = (left + (phase["days"] / 2 if wide else 0), phase[f"{MEAN}_high"])
    align = "center" if wide else "left"
    note(axes, text, at, (0, 6), ha=align, va="bottom", bbox=PAPER, size=9, linespacing=1.3)


def _nothing_after(axes: Axes, total: Mapping[Any, Any], ctx: ReportContext) -> None:
    """Shaded ground after the last day, which the report has no cases for."""
    start, last = mdates.date2num(total["start"]), mdates.date2num(total["end"]) + 1
    room = max(20, total["days"] // 4)
    axes.axvspan(last, last + room, color=SHADE, lw=0)
    text = ctx.say("covid.no_data_after", wave=total)
    axes.text(
        last + room / 2, 0.97, text, transform=axes.get_xaxis_transform(), ha="center", va="top", color=MUTED, size=9
    )
    axes.set_xlim(start, last + room)


def _interval(axes: Axes, row: pd.Series, column: str, place: float, colour: str, marker: str) -> None:
    error = [[row[column] - row[f"{column}_low"]], [row[f"{column}_high"] - row[column]]]
    axes.errorbar(row[column], place, xerr=error, color=colour, marker=marker, ms=4, capsize=7, capthick=1.6, lw=1.6)


def _line_end(axes: Axes, line: pd.Series, label: str, colour: str) -> None:
    """Name of a line beside its last point."""
    last = line.last_valid_index()
    if last is not None:
        note(axes, label, (last, line[last]), (6, 0), va="center", size=9, color=colour, annotation_clip=False)


def _month_axis(axes: Axes, days: pd.DatetimeIndex, ctx: ReportContext) -> None:
    """First days of the months, or of the weeks where the axis is shorter than two months."""
    long = len(days) > 60
    chosen = [day for day in days if (day.day == 1 if long else day.weekday() == 0)] or [days[0]]
    axes.set_xticks(mdates.date2num(chosen), [ctx.fmt.short_date(day) for day in chosen])


def _daily_rows(cases: pd.DataFrame, deaths: pd.DataFrame | None) -> pd.DataFrame:
    """What is plotted, a row a day: counts as published and as used, and their means."""
    names = {"raw": "published_cases", "used": "used_cases", "mean": "mean_cases_per_day"}
    table = cases.rename(columns={**names, "source_id": "series_source_id"})
    table = table.drop(columns=["sum", "date_basis"], errors="ignore")
    if deaths is not None:
        found = deaths.reindex(table.index)
        table["published_deaths"], table["used_deaths"] = found["raw"], found["used"]
        table["mean_deaths_per_day"] = found["mean"]
        table["deaths_series_source_id"] = found["source_id"]
    return table.rename_axis("date").reset_index()


def _phase_name(phase: str, ctx: ReportContext) -> str:
    return ctx.say("covid.whole_wave") if phase == WAVE else ctx.say("covid.phase", phase=phase)


def _day(daily: pd.DataFrame, place: int) -> date:
    return pd.Timestamp(need(daily, "covid_daily").index[place]).date()
