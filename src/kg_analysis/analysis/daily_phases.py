"""Daily counts against the report's phases, and what they say of the days after the report's table.

Responsibility: the same days counted twice. The report's means are the province's own, the daily counts another's: both
are shown, neither is corrected, and no reason for the difference is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd

from kg_analysis.analysis.covid import Phase, Wave
from kg_analysis.analysis.daily import Alignment, Daily, exact_mean, seven_day_mean
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, Row, derive

INSIDE, ABOVE, BELOW, INCOMPLETE = "inside", "above", "below", "incomplete"


@dataclass(frozen=True)
class PhaseCount:
    """One phase of the report, or the wave, as the daily counts have it.

    Attributes
    ----------
    phase : str
        Number, or ``wave``.
    start, end : date
    days, days_known : int
        Days, and those with a count.
    printed_mean : Quantity
        The report's [cases per day].
    daily_cases, daily_mean : Quantity or None
        Of the daily counts; None where a day has no count.
    difference : Quantity or None
        Daily mean over printed mean, less one [percent], over the rounding of the print.
    verdict : str
        ``inside`` the rounding of the printed mean, ``above`` or ``below`` it, or ``incomplete``.
    """

    phase: str
    start: date
    end: date
    days: int
    days_known: int
    printed_mean: Quantity
    daily_cases: Quantity | None
    daily_mean: Quantity | None
    difference: Quantity | None
    verdict: str


@dataclass(frozen=True)
class After:
    """Daily counts after the last day of the report's phases.

    Attributes
    ----------
    start, end : date
        First day after the phases, last day of the series.
    days, days_known : int
    cases : Quantity
        Cases of the days with a count.
    peak_day : date
        Day of the highest 7-day mean.
    peak_mean, last_mean : Quantity or None
        That mean, and the mean of the last seven days [cases per day].
    wave_peak_mean : Quantity or None
        Highest 7-day mean within the phases.
    """

    start: date
    end: date
    days: int
    days_known: int
    cases: Quantity
    peak_day: date
    peak_mean: Quantity
    last_mean: Quantity | None
    wave_peak_mean: Quantity | None


def compare(found: Wave, daily: Daily) -> tuple[PhaseCount, ...]:
    """Each phase and the wave, printed and as the daily counts add up.

    Raises
    ------
    NotPrintedError
        If the daily counts and the phases have no day in common.
    """
    if found.end < daily.table.index[0].date() or found.start > daily.end:
        raise NotPrintedError("series/covid_daily.csv holds no day of the report's phases", "covid_daily_phases")
    parts = [_compared(str(phase.number), phase, phase.mean, daily) for phase in found.phases]
    return (*parts, _compared("wave", found, found.mean, daily))


def comparison_rows(compared: tuple[PhaseCount, ...], daily: Daily) -> list[Row]:
    """One row a phase and one for the wave."""
    return [
        {
            "phase": each.phase,
            "start": each.start,
            "end": each.end,
            "days": each.days,
            "days_known": each.days_known,
            "mean_cases": each.printed_mean,
            "daily_mean_cases": each.daily_mean,
            "daily_cases": each.daily_cases,
            "difference_pct": each.difference,
            "against_report": each.verdict,
            "series_source_id": daily.source_id,
        }
        for each in compared
    ]


def after(found: Wave, daily: Daily, alignment: Alignment = "trailing") -> After:
    """What the daily counts hold after the phases.

    Raises
    ------
    NotPrintedError
        If they hold no whole week after them.
    """
    start = found.end + timedelta(days=1)
    later = daily.table.loc[pd.Timestamp(start) :, "cases"]
    means = seven_day_mean(daily.table["cases"], alignment)
    means_later = means.loc[later.index].dropna()
    if means_later.empty:
        raise NotPrintedError(f"series/covid_daily.csv holds no week after {found.end}", "covid_daily_after")
    within = means.loc[pd.Timestamp(found.start) : pd.Timestamp(found.end)].dropna()
    last = later.iloc[-7:]
    peak = means_later.idxmax()
    return After(
        start,
        daily.end,
        len(later),
        int(later.notna().sum()),
        _exact(Fraction(int(later.sum())), "cases"),
        peak.date(),
        exact_mean(means_later[peak]),
        exact_mean(last.mean()) if len(last) == 7 and last.notna().all() else None,
        exact_mean(within.max()) if len(within) else None,
    )


def _compared(name: str, part: Phase | Wave, printed: Quantity, daily: Daily) -> PhaseCount:
    phases = part.phases if isinstance(part, Wave) else (part,)
    days = [day for each in phases for day in pd.date_range(each.start, each.end)]
    cases = daily.table["cases"].reindex(days)
    known = int(cases.notna().sum())
    if known < len(days):
        return PhaseCount(name, part.start, part.end, len(days), known, printed, None, None, None, INCOMPLETE)
    total = Fraction(int(cases.sum()))
    mean = _exact(total / len(days), "cases_per_day")
    difference = derive(lambda d, m: 100 * (d / m - 1), mean, printed, unit="share_pct") if printed.low > 0 else None
    verdict = _verdict(mean, printed)
    return PhaseCount(
        name, part.start, part.end, len(days), known, printed, _exact(total, "cases"), mean, difference, verdict
    )


def _verdict(mean: Quantity, printed: Quantity) -> str:
    """The upper bound of a rounding interval is itself excluded."""
    if mean.interval.low < printed.interval.low:
        return BELOW
    return ABOVE if mean.interval.low >= printed.interval.high else INSIDE


def _exact(value: Fraction, unit: str) -> Quantity:
    return Quantity(Interval.exact(value), unit, inputs=frozenset({"actual"}))
