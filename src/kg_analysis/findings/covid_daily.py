"""Sentences and titles on daily COVID counts: quality, level, breaks, growth, and the report's phases beside them.

Responsibility: which words the numbers of :mod:`kg_analysis.analysis.daily` and its neighbours call for. No cause is
claimed, and the end of a collection is never the end of a wave.
"""

from __future__ import annotations

import pandas as pd

from kg_analysis.analysis.change_points import Break, nearest
from kg_analysis.analysis.covid import Wave
from kg_analysis.analysis.daily import Alignment, Daily, counted, exact_mean, seven_day_mean
from kg_analysis.analysis.daily_growth import rate_of, time_of
from kg_analysis.analysis.daily_phases import ABOVE, BELOW, INCOMPLETE, INSIDE, After, PhaseCount
from kg_analysis.analysis.daily_quality import quality_rows, weekday_rows
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings.wording import listed, size
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity

WAVE = "wave"


def basis(daily: Daily, here: ReportContext) -> str:
    """What the dates are: day of report, sampling or first symptoms."""
    return here.say(f"covid_daily.basis_{daily.date_basis}")


def quality(daily: Daily, here: ReportContext) -> str:
    """How complete the series is, what is flagged, and that nothing is filled in."""
    days = {str(row["quality"]).removeprefix("quality_"): row["days"] for row in quality_rows(daily)}
    text = here.say(
        "covid_daily.quality",
        **days,
        start=daily.start,
        end=daily.end,
        noted=int((daily.shown["collector_flag"] != "").sum()),
        basis=basis(daily, here),
    )
    if not daily.others:
        return text
    titles = [str(here.data.sources.at[each, "title"]) for each in daily.others]
    return f"{text} {here.say('covid_daily.quality_others', others='; '.join(titles))}"


def weekdays(daily: Daily, here: ReportContext) -> str:
    """Whether some weekday stands out from the week around it."""
    rows = [(str(row["weekday"]), row["weekday_factor"]) for row in weekday_rows(daily)]
    uneven = [(name, factor) for name, factor in rows if factor.low > 1 or factor.high < 1]
    if not uneven:
        return here.say("covid_daily.weekday_even")
    parts = [
        here.say("covid_daily.weekday_part", weekday=here.say(f"cell.{name}"), factor=factor) for name, factor in uneven
    ]
    return here.say("covid_daily.weekday_uneven", parts=listed(parts, here))


def counts(daily: Daily, alignment: Alignment, here: ReportContext) -> str:
    """Highest 7-day mean and highest single day."""
    day, mean = highest(daily, alignment)
    cases = daily.shown["cases"]
    most = cases.idxmax()
    return here.say(
        "covid_daily.counts",
        alignment=here.say(f"covid_daily.alignment_{alignment}"),
        mean=mean,
        day=day.date(),
        most=counted(cases[most]),
        most_day=most.date(),
    )


def counts_title(daily: Daily, alignment: Alignment, here: ReportContext) -> str:
    """Finding on the level of the counts, at most 15 words."""
    day, mean = highest(daily, alignment)
    return here.say("covid_daily.counts_title", mean=mean, day=day.date())


def highest(daily: Daily, alignment: Alignment) -> tuple[pd.Timestamp, Quantity]:
    """Day and value of the highest 7-day mean shown.

    Raises
    ------
    NotPrintedError
        If no week is whole.
    """
    means = seven_day_mean(daily.table["cases"], alignment).loc[daily.shown.index].dropna()
    if means.empty:
        raise NotPrintedError("series/covid_daily.csv: no week without a missing day", "covid_week")
    day = means.idxmax()
    return day, exact_mean(means[day])


def breaks(found: tuple[Break, ...], here: ReportContext) -> str:
    """Every change of level, with the days that fit nearly as well."""
    if not found:
        return here.say("covid_daily.breaks_none")
    parts = [
        here.say(
            "covid_daily.break_part",
            day=each.day,
            earliest=each.earliest,
            latest=each.latest,
            before=here.page.number(each.before, 1),
            after=here.page.unit(here.page.number(each.after, 1), "cases_per_day"),
        )
        for each in found
    ]
    return here.say("covid_daily.breaks", count=len(found), parts="; ".join(parts))


def distances(found: tuple[Break, ...], wave: Wave, daily: Daily, here: ReportContext) -> str:
    """How far the report's phase boundaries lie from the nearest break."""
    sentences = []
    for phase, closest in nearest(found, wave, daily):
        later = (closest.day - phase.start).days
        where = "same" if later == 0 else "later" if later > 0 else "earlier"
        days = here.page.unit(here.page.number(abs(later), 0), "days")
        text = here.say(f"covid_daily.distance_{where}", days=days)
        sentences.append(here.say("covid_daily.distance", phase=phase.number, start=phase.start, where=text))
    return " ".join(sentences)


def growth(frame: pd.DataFrame, here: ReportContext) -> str:
    """How many fortnights grew or fell for certain, and the clearest of each."""
    known = frame.dropna(subset=["rate"])
    rising, falling = int((known["low"] > 0).sum()), int((known["high"] < 0).sum())
    parts = [
        here.say(
            "covid_daily.growth_certain",
            known=len(known),
            rising=rising,
            falling=falling,
            open=len(known) - rising - falling,
        )
    ]
    for key, column in (("up", "doubling_days"), ("down", "halving_days")):
        row = clearest(frame, column)
        if row is not None:
            values = {"day": row.name.date(), "rate": rate_of(row), "time": time_of(row, column)}
            parts.append(here.say(f"covid_daily.growth_{key}", **values))
    return " ".join(parts)


def growth_title(frame: pd.DataFrame, here: ReportContext) -> str:
    """Finding on growth, at most 15 words: the clearest growth, else the clearest fall."""
    for key, column in (("growth_title", "doubling_days"), ("growth_fall_title", "halving_days")):
        row = clearest(frame, column)
        if row is not None:
            values = {"day": row.name.date(), "rate": size(rate_of(row)), "time": time_of(row, column)}
            return here.say(f"covid_daily.{key}", **values)
    return here.say("covid_daily.growth_open_title", day=frame.index[-1].date())


def clearest(frame: pd.DataFrame, column: str) -> pd.Series | None:
    """The day on which growth (or fall) is fastest at the cautious end of its interval; None where none is certain."""
    cautious = frame[f"{column}_high"].dropna()
    return None if cautious.empty else frame.loc[cautious.idxmin()]


def phases(compared: tuple[PhaseCount, ...], here: ReportContext) -> str:
    """Each phase, and the wave, as the report prints it and as the daily counts add up."""
    parts = []
    for each in compared:
        key = "phase_wave" if each.phase == WAVE else "phase_name"
        parts.append(
            here.say(
                f"covid_daily.phase_{each.verdict}",
                name=here.say(f"covid_daily.{key}", phase=each.phase),
                daily=each.daily_mean,
                printed=each.printed_mean,
                difference=each.difference,
                known=each.days_known,
                days=each.days,
            )
        )
    return here.say("covid_daily.phases", parts=" ".join(parts))


def phases_title(compared: tuple[PhaseCount, ...], here: ReportContext) -> str:
    """Finding on the largest difference of a phase, at most 15 words."""
    single = [each for each in compared if each.phase != WAVE]
    outside = [(each, size(each.difference)) for each in single if each.difference and each.verdict in (ABOVE, BELOW)]
    if outside:
        worst, difference = max(outside, key=lambda each: each[1].value)
        return here.say(f"covid_daily.phases_title_{worst.verdict}", phase=worst.phase, difference=difference)
    incomplete = all(each.verdict == INCOMPLETE for each in single)
    return here.say(f"covid_daily.phases_title_{INCOMPLETE if incomplete else INSIDE}")


def after(found: After, here: ReportContext) -> str:
    """What the counts hold after the report's table, and that their end is no end of the wave."""
    compared = ""
    if found.wave_peak_mean is not None:
        key = "after_higher" if found.peak_mean.value > found.wave_peak_mean.value else "after_lower"
        compared = here.say(f"covid_daily.{key}", wave_peak=found.wave_peak_mean)
    last = here.say("covid_daily.after_last", last=found.last_mean) if found.last_mean is not None else ""
    return here.say(
        "covid_daily.after",
        start=found.start,
        end=found.end,
        days=found.days,
        known=found.days_known,
        cases=found.cases,
        peak=found.peak_mean,
        day=found.peak_day,
        compared=compared,
        last=last,
    )


def left_out(daily: Daily, here: ReportContext) -> list[tuple[pd.Timestamp, str]]:
    """Days whose published count is set aside, with that count."""
    shown = daily.shown
    days = shown.index[shown["raw"].notna() & shown["cases"].isna()]
    return [(day, here.say("covid_daily.mark_left_out", raw=counted(shown.at[day, "raw"]))) for day in days]
