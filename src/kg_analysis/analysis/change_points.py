"""Days on which the level of daily counts changed, found without looking at the report's phases.

Responsibility: the exact best division of the counts into stretches of one level, and how well each break is placed. A
break says that counts changed, not why; the days are days of report.

Terms: *stretch* = days between two breaks, at least seven; *break* = first day of a stretch; *dispersion* = variance
over mean, estimated from each day against the next and so blind to the breaks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kg_analysis.analysis.covid import Phase, Wave
from kg_analysis.analysis.daily import Daily, Floats
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Row

SHORTEST = 7  # days of a stretch
NUMBERS_PER_BREAK = 2  # its day and the level after it
WITHIN = 3.84  # rise of the cost, in dispersions, up to which a day may as well be the break (95% of chi-squared)


@dataclass(frozen=True)
class Break:
    """First day of a new level.

    Attributes
    ----------
    day, earliest, latest : date
        Best day, and the days that fit nearly as well.
    before, after : float
        Levels [cases per day].
    """

    day: date
    earliest: date
    latest: date
    before: float
    after: float


def breaks(daily: Daily) -> tuple[Break, ...]:
    """Breaks among the days shown; days without a count are passed over.

    Raises
    ------
    NotPrintedError
        If there are fewer than two stretches' days, or no cases.
    """
    cases = daily.shown["cases"].dropna()
    if len(cases) < 2 * SHORTEST or cases.sum() == 0:
        raise NotPrintedError("series/covid_daily.csv: too few days with cases for change points", "covid_breaks")
    return find_breaks(cases)


def find_breaks(cases: pd.Series[float]) -> tuple[Break, ...]:
    """Breaks of a series of counts, by exact search.

    Parameters
    ----------
    cases : Series
        Indexed by day, nothing missing [cases].

    Notes
    -----
    Least Poisson cost over all divisions; each break costs dispersion x 2 ln n more (BIC of two numbers a break,
    adjusted as in quasi-likelihood). Effort grows with the square of the days.
    """
    counts = cases.to_numpy(dtype=float)
    spread = dispersion(counts)
    starts = [0, *segment(counts, spread * NUMBERS_PER_BREAK * math.log(len(counts))), len(counts)]
    totals = np.concatenate([[0.0], np.cumsum(counts)])
    days = [day.date() for day in cases.index]
    found = []
    for left, at, right in zip(starts, starts[1:], starts[2:], strict=False):
        places = np.arange(left + SHORTEST, right - SHORTEST + 1)
        costs = _cost(totals, np.full_like(places, left), places) + _cost(totals, places, np.full_like(places, right))
        good = places[costs <= costs[places == at] + WITHIN * spread]
        before, after = counts[left:at].mean(), counts[at:right].mean()
        found.append(Break(days[at], days[good[0]], days[good[-1]], float(before), float(after)))
    return tuple(found)


def segment(counts: Floats, penalty: float) -> list[int]:
    """Positions of the breaks that minimise Poisson cost + penalty x breaks, by dynamic programming.

    Parameters
    ----------
    counts : ndarray
        One a day.
    penalty : float
        Cost of a break, on the scale of twice the log-likelihood.

    Returns
    -------
    list of int
        In ascending order; stretches are at least seven days.
    """
    count = len(counts)
    totals = np.concatenate([[0.0], np.cumsum(counts)])
    best = np.full(count + 1, np.inf)
    best[0] = -penalty
    origin = np.zeros(count + 1, dtype=int)
    for end in range(SHORTEST, count + 1):
        starts = np.arange(0, end - SHORTEST + 1)
        costs = best[starts] + _cost(totals, starts, np.full_like(starts, end)) + penalty
        origin[end] = int(np.argmin(costs))
        best[end] = costs[origin[end]]
    found, at = [], count
    while origin[at] > 0:
        at = int(origin[at])
        found.append(at)
    return found[::-1]


def dispersion(counts: Floats) -> float:
    """Variance over mean of counts whose level drifts slowly, at least 1.

    The square of the difference of two neighbours of one level is on average the dispersion x their sum. Squares and
    sums are added up before they are divided, so that high counts, which scatter most, weigh most: rather a break too
    few than one too many.
    """
    sums = (counts[1:] + counts[:-1]).sum()
    return max(1.0, float((np.diff(counts) ** 2).sum() / sums)) if sums > 0 else 1.0


def nearest(found: tuple[Break, ...], wave: Wave, daily: Daily) -> list[tuple[Phase, Break]]:
    """Each phase that begins among the days shown, with the break nearest to its first day.

    Raises
    ------
    NotPrintedError
        If the counts have no break, or the report's phases lie outside them.
    """
    inside = [phase for phase in wave.phases if daily.start < phase.start <= daily.end]
    if not found or not inside:
        raise NotPrintedError("no break of the daily counts to set against the report's phases", "covid_breaks")
    return [(phase, min(found, key=lambda each, day=phase.start: abs((each.day - day).days))) for phase in inside]  # type: ignore[misc]


def distance_rows(found: tuple[Break, ...], wave: Wave, daily: Daily) -> list[Row]:
    """For each boundary of the report's phases, the nearest break and the days between them; later is positive."""
    return [
        {
            "phase": str(phase.number),
            "start": phase.start,
            "nearest_break": closest.day,
            "earliest": closest.earliest,
            "latest": closest.latest,
            "days_later": (closest.day - phase.start).days,
            "series_source_id": daily.source_id,
            "figure_ids": phase.date_ids[0],
        }
        for phase, closest in nearest(found, wave, daily)
    ]


def _cost(totals: Floats, starts: np.ndarray, ends: np.ndarray) -> Floats:
    """Twice the negative log-likelihood of one level from start to end, but for what no division changes."""
    cases, days = totals[ends] - totals[starts], ends - starts
    return np.asarray(-2 * cases * np.log(np.where(cases > 0, cases, 1) / days))
