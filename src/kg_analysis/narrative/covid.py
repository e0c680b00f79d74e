"""Sentences and titles on a COVID wave: the report's phases, the daily bulletins, and what each cannot say.

Responsibility: which words the numbers of ``analysis.covid``, ``daily_counts`` and ``epidemic`` call for. No cause is
claimed; the end of a collection is never the end of a wave. A parameter's name says which frame of the registry it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kg_analysis.analysis.covid import WAVE, mean_of_means
from kg_analysis.analysis.daily_counts import ABOVE, BELOW, INCOMPLETE, best_lag, peak
from kg_analysis.errors import NotPrintedError
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import direction, listed, need

Row = Mapping[Any, Any]
# Reproduction numbers by mean and standard deviation [days] of the serial interval, the one taken first.
Reproductions = Mapping[tuple[float, float], pd.DataFrame]


def year_size(wave: pd.DataFrame, totals: pd.DataFrame, ctx: ReportContext) -> str:
    """How large the year's wave was: by the report, and by the bulletins up to one cut-off day."""
    sentences = []
    if len(wave):
        sentences.append(ctx.say("covid.year_report", wave=whole(wave)))
    if len(totals):
        key = "covid.year_bulletins" if totals["deaths"].notna().any() else "covid.year_bulletins_cases"
        sentences.append(ctx.say(key, all=period(totals, "year") or period(totals, "all")))
    if not sentences:
        raise NotPrintedError("neither phases nor daily counts of this year", "covid")
    return " ".join(sentences)


def year_peak(cases: pd.DataFrame, turning: pd.DataFrame, ctx: ReportContext) -> str:
    """Highest 7-day mean and single day, and the interval of the day on which the smoothed wave was highest."""
    text = ctx.say("covid.peak", peak=_peak(cases))
    top = turning[(turning["event"] == "peak") & turning["day"].notna()] if len(turning) else turning
    return f"{text} {ctx.say('covid.peak_smooth', top=top.iloc[0])}" if len(top) else text


def after_table(totals: pd.DataFrame, ctx: ReportContext) -> str:
    """What came after the report's table stopped, cases and deaths, as a multiple of what the table covers."""
    after = period(need(totals, "covid_daily"), "after")
    if not after:
        raise NotPrintedError("no phases whose end could be gone beyond", "covid_daily_after")
    key = "covid.after" if pd.notna(after["deaths"]) else "covid.after_cases"
    return ctx.say(key, phases=period(totals, "phases"), after=after)


def year_title(totals: pd.DataFrame, cases: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the year, at most 15 words: what lies outside the report's table, or the peak."""
    after = period(totals, "after") if len(totals) else {}
    if after and after["cases_of_phases_factor"] > 1:
        return ctx.say("covid.after_title", phases=period(totals, "phases"), after=after)
    try:
        return ctx.say("covid.peak_title", peak=_peak(cases))
    except NotPrintedError:
        if totals.empty:
            raise
        return ctx.say("covid.count_title", all=period(totals, "year") or period(totals, "all"))


def _peak(cases: pd.DataFrame) -> pd.Series:
    """Highest week of the year; a series that falls from its first day on has its peak in the year before."""
    found = peak(need(cases, "covid_daily")["used"], mean=cases["mean"])
    if found.empty:
        raise NotPrintedError("no week of daily counts without a missing day", "covid_week")
    if found["day"] == cases.index[0]:
        raise NotPrintedError("the counts fall from the first day on", "covid_peak")
    return found


def turning_points(turning: pd.DataFrame, wave: pd.DataFrame, ctx: ReportContext) -> str:
    """When the smoothed wave began to rise, was highest and began to fall, each with its interval."""
    known = need(turning, "covid_turning")[turning["day"].notna()]
    if known.empty:
        raise NotPrintedError("the series holds no turning point", "covid_turning")
    parts = [ctx.say(f"covid.turn_{row['event']}", turn=row) for _, row in known.iterrows()]
    text = ctx.say("covid.turning", parts=listed(parts, ctx))
    if wave.empty:
        return text
    starts = [ctx.fmt.short_date(day.date()) for day in wave.loc[wave["phase"] != WAVE, "start"].iloc[1:]]
    return f"{text} {ctx.say('covid.turning_phases', starts=listed(starts, ctx))}" if starts else text


def size(wave: pd.DataFrame, ctx: ReportContext) -> str:
    """How large the wave of the report's table was, and which phase most of it fell into."""
    need(wave, "covid_phases")
    return ctx.say("covid.size", wave=whole(wave), phase=largest(wave))


def naive_mean(wave: pd.DataFrame, ctx: ReportContext) -> str:
    """The simple mean of the phases, shown as the mistake it is."""
    naive = ctx.fmt.value(mean_of_means(need(wave, "covid_phases")), "cases_per_day", "1")
    return ctx.say("covid.naive", naive=naive)


def size_title(wave: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the size of the wave, at most 15 words."""
    return ctx.say("covid.size_title", wave=whole(need(wave, "covid_phases")), phase=largest(wave))


def community(wave: pd.DataFrame, ctx: ReportContext) -> str:
    """How much of the wave was community spread, and where the share was largest."""
    top, total = community_peak(wave), whole(wave)
    known = pd.notna(total["community_share_pct"])
    return ctx.say("covid.community" if known else "covid.community_partly", wave=total, phase=top)


def community_title(wave: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on community spread, at most 15 words."""
    top, total = community_peak(wave), whole(wave)
    known = pd.notna(total["community_share_pct"])
    return ctx.say("covid.community_title" if known else "covid.community_partly_title", wave=total, phase=top)


def steps(wave_steps: pd.DataFrame, ctx: ReportContext) -> str:
    """Every step from a phase to the next: all cases, community and other cases, each with its direction."""
    need(wave_steps, "covid_steps")
    return " ".join(_step(row, ctx) for _, row in wave_steps.iterrows())


def stop(wave: pd.DataFrame, ctx: ReportContext) -> str:
    """Where the phase table stops, against the last day that the report counts anything to."""
    total = whole(need(wave, "covid_phases"))
    cutoffs = ctx.data.select("report_cutoff")["period_start"]
    if cutoffs.empty:
        return ctx.say("covid.stop_undated", wave=total)
    last = cutoffs.max()
    return ctx.say("covid.stop", wave=total, cutoff=last.date(), days=(last - total["end"]).days)


def measures(ctx: ReportContext) -> str:
    """Every distancing measure that the report names, with its dates, its length, or neither."""
    rows = ctx.data.measures
    if rows.empty:
        raise NotPrintedError("no distancing measure is named", "covid_measures")
    place = rows["figure_ids"].map(lambda ids: min(ctx.data.row(each)["start"] for each in ids.split()))
    parts = [
        ctx.say("covid.measure_part", name=_measure(row, ctx), dated=_dated(row, ctx))
        for _, row in rows.loc[place.sort_values().index].iterrows()
    ]
    return ctx.say("covid.measures", parts="; ".join(parts))


def growth(growth_rates: pd.DataFrame, ctx: ReportContext) -> str:
    """On how many days the growth rate's interval lay above or below 0, and where growth and fall were fastest."""
    known = need(growth_rates, "covid_growth").dropna(subset=["growth_pct_per_day"])
    if known.empty:
        raise NotPrintedError("no fortnight with enough cases for a growth rate", "covid_growth")
    rising, falling = known["growth_pct_per_day_low"] > 0, known["growth_pct_per_day_high"] < 0
    counts = {"rising": int(rising.sum()), "falling": int(falling.sum()), "windows": len(known)}
    text = [ctx.say("covid.growth", **counts, open=len(known) - counts["rising"] - counts["falling"])]
    for name, chosen, by in (("up", rising, "growth_pct_per_day_low"), ("down", falling, "growth_pct_per_day_high")):
        rows = known[chosen]
        if len(rows):
            day = rows[by].idxmax() if name == "up" else rows[by].idxmin()
            text.append(ctx.say(f"covid.growth_{name}", day=day.date(), rate=rows.loc[day]))
    return " ".join(text)


def reproduction(rts: Reproductions, ctx: ReportContext) -> str:
    """Days above and below 1, the last settled value, and the same day under other serial intervals."""
    rt, day = taken(rts), last_settled(taken(rts))
    above, below, unsure = _days(rt)
    counts = {"above": above, "below": below, "open": unsure}
    text = ctx.say("covid.rt", interval=interval_label(next(iter(rts)), ctx), **counts, day=day.date(), rt=rt.loc[day])
    others = [
        ctx.say("covid.rt_other", interval=interval_label(interval, ctx), rt=other.loc[day])
        for interval, other in list(rts.items())[1:]
        if day in other.index and pd.notna(other.at[day, "reproduction_number"])
    ]
    return f"{text} {ctx.say('covid.rt_others', others=listed(others, ctx))}" if others else text


def reproduction_title(rts: Reproductions, ctx: ReportContext) -> str:
    """Finding on the reproduction number, at most 15 words."""
    last_settled(taken(rts))
    above, below, _ = _days(taken(rts))
    return ctx.say("covid.rt_title", above=above, below=below)


def lag(compared: pd.DataFrame, ctx: ReportContext) -> str:
    """Report against bulletins: the difference on the same dates, at the lag that agrees best, and what is left."""
    same, best = _lags(compared)
    text = ctx.say("covid.lag_same", parts=_differences(same, ctx))
    if best is None:
        return text
    rest = [row for _, row in best.iterrows() if row["phase"] != WAVE and row["verdict"] in (ABOVE, BELOW)]
    days = int(best["lag_days"].iloc[0])
    text += " " + ctx.say("covid.lag_best", days=days, parts=_differences(best, ctx))
    if rest:
        phases = listed([ctx.say("covid.phase_lower", phase=row["phase"]) for row in rest], ctx)
        text += " " + ctx.say("covid.lag_rest", phases=phases)
    return f"{text} {ctx.say('covid.lag_note')}"


def lag_title(compared: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on report and bulletins, at most 15 words."""
    same, best = _lags(compared)
    rows = (same if best is None else best).query("phase != @WAVE and verdict in ['above', 'below']")
    if rows.empty:
        return ctx.say("covid.lag_title_inside")
    worst = rows.loc[rows["difference_pct"].abs().idxmax()]
    return ctx.say(f"covid.lag_title_{worst['verdict']}", days=int(worst["lag_days"]), phase=worst)


def fatality(totals: pd.DataFrame, ctx: ReportContext) -> str:
    """Deaths per hundred cases in the report's phases, counted a fixed time later, with its caveat."""
    rows = need(totals, "covid_deaths")[totals["cfr_pct"].notna()]
    if rows.empty:
        raise NotPrintedError("no period with deaths counted long enough after its cases", "covid_deaths")
    parts = [ctx.say(f"covid.cfr_{row['period']}", period=row) for _, row in rows.iterrows()]
    return ctx.say("covid.cfr", parts=listed(parts, ctx))


def quality(cases: pd.DataFrame, deaths: pd.DataFrame, ctx: ReportContext) -> str:
    """How complete the series are, what is set aside, and that nothing is filled in."""
    need(cases, "covid_daily")
    aside = int((cases["raw"].notna() & cases["used"].isna()).sum())
    values = {"start": cases.index[0].date(), "end": cases.index[-1].date(), "days": len(cases), "aside": aside}
    text = ctx.say("covid.quality", **values, missing=int(cases["raw"].isna().sum()))
    if deaths.empty:
        return text
    lost = int(deaths["used"].isna().sum())
    return f"{text} {ctx.say('covid.quality_deaths', days=len(deaths), aside=lost)}"


def limits(wave: pd.DataFrame, cases: pd.DataFrame, ctx: ReportContext) -> str:
    """What these figures cannot say."""
    parts = []
    if len(wave):
        parts.append(ctx.say("covid.limits_phases", phases=int((wave["phase"] != WAVE).sum()), wave=whole(wave)))
    if len(cases):
        parts.append(ctx.say("covid.limits_daily", end=cases.index[-1].date()))
    if not parts:
        raise NotPrintedError("neither phases nor daily counts of this year", "covid")
    return " ".join(parts)


def limits_of_spread(growth_rates: pd.DataFrame, ctx: ReportContext) -> str:
    """What growth rates and reproduction numbers cannot say."""
    need(growth_rates, "covid_growth")
    return ctx.say("covid.limits_spread")


def whole(wave: pd.DataFrame) -> dict[Any, Any]:
    """Row of the whole wave."""
    return wave[wave["phase"] == WAVE].iloc[0].to_dict()


def largest(wave: pd.DataFrame) -> dict[Any, Any]:
    """Row of the phase with the most cases."""
    phases = wave[wave["phase"] != WAVE]
    return phases.loc[phases["cases"].idxmax()].to_dict()


def community_peak(wave: pd.DataFrame) -> dict[Any, Any]:
    """Row of the phase with the largest share of community cases."""
    phases = need(wave, "covid_phases")
    phases = phases[(phases["phase"] != WAVE) & phases["community_share_pct"].notna()]
    if phases.empty:
        raise NotPrintedError("no community cases are printed for this wave", "covid_community")
    return phases.loc[phases["community_share_pct"].idxmax()].to_dict()


def period(totals: pd.DataFrame, name: str) -> dict[Any, Any]:
    """Row of a period; empty where there is none."""
    rows = totals[totals["period"] == name]
    return rows.iloc[0].to_dict() if len(rows) else {}


def taken(rts: Reproductions) -> pd.DataFrame:
    """Reproduction number under the serial interval taken; no rows where there is none."""
    return next(iter(rts.values())) if len(rts) else pd.DataFrame()


def interval_label(interval: tuple[float, float], ctx: ReportContext) -> str:
    """Mean and standard deviation of a serial interval: ``4,1 ± 2,9``."""
    return " ± ".join(ctx.fmt.value(days, "days", "1n") for days in interval)


def last_settled(rt: pd.DataFrame) -> pd.Timestamp:
    """Last day with a reproduction number that later reports will hardly change; else the last with any."""
    known = need(rt, "covid_reproduction").dropna(subset=["reproduction_number"])
    if known.empty:
        raise NotPrintedError("no window with enough cases", "covid_reproduction")
    settled = known[~known["recent"]]
    return (settled if len(settled) else known).index[-1]


def basis_of(series: pd.DataFrame, ctx: ReportContext) -> str:
    """What the dates of a series are: day of report, of sampling or of first symptoms."""
    basis = series["date_basis"].iloc[0] if "date_basis" in series else "report"
    return ctx.say(f"covid.basis_{basis}")


def _days(rt: pd.DataFrame) -> tuple[int, int, int]:
    known = rt.dropna(subset=["reproduction_number"])
    above, below = (known["reproduction_number_low"] > 1).sum(), (known["reproduction_number_high"] < 1).sum()
    return int(above), int(below), int(len(known) - above - below)


def _step(row: Row, ctx: ReportContext) -> str:
    text = ctx.say(f"covid.step_{direction(row, 'total_factor', 1)}", step=row, change=change(row, "total_factor"))
    if pd.isna(row["community_factor"]) or pd.isna(row["other_factor"]):
        return text
    parts = {}
    for name in ("community", "other"):
        column = f"{name}_factor"
        part = {"factor": row[column], **_bounds(row, column, "factor")}
        key = f"covid.change_{direction(row, column, 1)}"
        parts[name] = ctx.say(key, part=part, change=change(row, column))
    return f"{text} {ctx.say('covid.step_parts', **parts)}"


def change(row: Row, column: str) -> dict[str, Any]:
    """Change in percent that a factor means: 0.06 is -94; as a row with ``change_pct`` and its bounds."""
    ends = {f"change_pct{end}": 100 * (row[f"{column}{end}"] - 1) for end in ("", "_low", "_high")}
    return {**ends, "change_pct_kind": row[f"{column}_kind"], "figure_ids": row.get("figure_ids")}


def _bounds(row: Row, column: str, name: str) -> dict[str, Any]:
    ends = {f"{name}{end}": row[f"{column}{end}"] for end in ("_low", "_high", "_kind")}
    return {**ends, "figure_ids": row.get("figure_ids")}


def _lags(compared: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Rows without a lag, and those of the lag that agrees best; None where no lag is complete."""
    if need(compared, "covid_daily_phases")["verdict"].eq(INCOMPLETE).all():
        raise NotPrintedError("the daily counts cover no phase of the report", "covid_daily_phases")
    best = best_lag(compared)
    return compared[compared["lag_days"] == 0], None if best is None else compared[compared["lag_days"] == best]


def _differences(rows: pd.DataFrame, ctx: ReportContext) -> str:
    ordered = rows[rows["phase"] != WAVE]
    return listed([ctx.say(f"covid.difference_{row['verdict']}", phase=row) for _, row in ordered.iterrows()], ctx)


def _measure(row: pd.Series, ctx: ReportContext) -> str:
    if not ctx.fmt.knows(f"covid.measure_{row['measure']}"):
        return str(ctx.data.row(row["figure_ids"].split()[0])["label"])
    said, scope = ctx.say(f"covid.measure_{row['measure']}"), ctx.say(f"covid.scope_{row['scope']}")
    return ctx.say("covid.measure_scope", measure=said, scope=scope)


def _dated(row: pd.Series, ctx: ReportContext) -> str:
    if pd.notna(row["start"]):
        return ctx.say(f"covid.measure_{'from' if pd.isna(row['end']) else 'between'}", measure=row)
    if pd.isna(row["days_printed"]):
        return ctx.say("covid.measure_undated")
    return ctx.say("covid.measure_length", days=int(row["days_printed"]))
