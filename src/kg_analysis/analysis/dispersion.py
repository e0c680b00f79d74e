"""How much more daily counts of an epidemic scatter than Poisson counts.

Responsibility: the dispersion of a window's total, estimated from the counts themselves, for the intervals of
:mod:`kg_analysis.analysis.epidemic`. Arrays of one value a day in and out, NaN where a day has no count.

Terms: *dispersion* phi = variance over mean, 1 for a Poisson count; *infectiousness* of a day = past cases weighted by
the interval between infections; *term* = a squared residual over its mean, whose average estimates phi.

Notes
-----
Two causes of scatter need two looks. Clusters that are reported on one day show in the days around their weekly mean.
People who infect many over several days do not: the days of their cases scatter together, and the daily statistic sees
a smooth series (phi = 1 where the weekly total has 3 to 7). So the total of a window is set against what a reproduction
number that changes evenly over about three and a half weeks leads to expect. The daily statistic then says when in the
series the scatter was large, the weekly one how much of it a total keeps. A quantile of the weekly terms is taken,
because a true step of the reproduction number is a large residual of a few weeks and would inflate their mean; as the
terms are few, Student's quantile over the normal one widens what follows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kg_analysis.errors import DataError

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

WEEK = 7
TREND_DAYS = 20  # more than the window, over which the reproduction number is taken to change evenly
AROUND_DAYS = 14  # on each side, whose daily scatter describes a day
BORROWED_DAYS = 5  # of the whole series, added to those, so that a quiet month is not taken for one without scatter
FEWEST_TERMS = 28  # weekly terms (about four weeks that do not overlap); with fewer the daily statistic stands alone
LEVEL, CHI_SQUARED = 0.3, 0.14847  # quantile of the weekly terms, and that of chi-squared with one degree of freedom
LEAST_DAILY = 0.25  # daily scatter; made-up counts have less, and weekly terms over next to nothing mean nothing
FEWEST_WEEKS = 4  # of each weekday, before it gets a factor


def dispersion_by_day(local: Floats, pressure: Floats, weekday: Any, window_days: int = WEEK) -> Floats:
    """Dispersion of the total of a window that lies around each day, at least 1.

    ``local``: cases infected within the area [cases], one a day; NaN where missing. ``pressure``: infectiousness of
    each day [cases]; NaN where unknown. ``weekday``: 0 to 6; any day may be 0. ``window_days``: length of the window
    whose total is used.
    """
    from scipy.special import ndtri, stdtrit  # noqa: PLC0415

    terms = daily_terms(local, weekday)
    around = _around(terms)
    totals = window_terms(local, pressure, window_days) / around
    totals = totals[np.isfinite(totals)]
    if len(totals) < FEWEST_TERMS:
        return np.maximum(1, around)
    few = stdtrit(len(totals) / WEEK, 0.975) / ndtri(0.975)
    return np.maximum(1, around * np.quantile(totals, LEVEL) / CHI_SQUARED * few**2)


def weekday_factors(cases: Floats, weekday: Any) -> Floats:
    """Factor of each weekday [7]: its cases over the centred weekly mean of its days; 1 with too few weeks."""
    mean = _centred_mean(cases)
    used = np.isfinite(mean) & np.isfinite(cases)
    days = np.bincount(weekday[used], minlength=WEEK)
    observed = np.bincount(weekday[used], cases[used], WEEK)
    expected = np.bincount(weekday[used], mean[used], WEEK)
    if days.min() < FEWEST_WEEKS or observed.min() <= 0:
        return np.ones(WEEK)
    return np.asarray(observed / expected)


def daily_terms(cases: Floats, weekday: Any) -> Floats:
    """Pearson's statistic of each day against its centred week, times 7/6 for the mean that the day itself enters.

    A regular weekday pattern is no scatter of a week's total and is taken out first.
    """
    factors = weekday_factors(cases, weekday)
    expected = _centred_mean(cases) * factors[weekday]
    terms = np.full_like(cases, np.nan)
    seen = expected > 0
    terms[seen] = (cases[seen] - expected[seen]) ** 2 / expected[seen] * WEEK / (WEEK - 1)
    fitted = WEEK - 1 if np.ptp(factors) > 0 else 0
    return terms * seen.sum() / max(seen.sum() - fitted, 1)


def window_terms(local: Floats, pressure: Floats, window_days: int) -> Floats:
    """Squared residual of each window's total over its expectation, filed under the window's middle day.

    The expectation is that of a reproduction number on a straight line through the days around the window (weighted
    least squares, the variance of a day taken as proportional to its infectiousness). Each term is divided by one less
    the window's leverage in that fit, so that it estimates the dispersion.
    """
    days = window_days + TREND_DAYS  # TREND_DAYS is even, so that the window lies in the middle
    found = np.full_like(local, np.nan)
    if len(local) < days:
        return found
    known = np.isfinite(local) & np.isfinite(pressure)
    counts = np.lib.stride_tricks.sliding_window_view(np.where(known, local, 0), days)
    weights = np.lib.stride_tricks.sliding_window_view(np.where(known, pressure, 0), days)
    before = (days - window_days) // 2
    inside = slice(before, before + window_days)
    design = np.column_stack([np.ones(days), np.linspace(-1, 1, days)])
    information = np.einsum("tl,lp,lq->tpq", weights, design, design) + 1e-9 * np.eye(2)
    line = np.linalg.solve(information, (counts @ design)[..., None])[..., 0]
    expected = np.sum((weights * (line @ design.T))[:, inside], axis=1)
    carried = weights[:, inside] @ design[inside]
    own = np.einsum("tp,tp->t", carried, np.linalg.solve(information, carried[..., None])[..., 0])
    left = 1 - own / np.maximum(weights[:, inside].sum(axis=1), 1e-9)
    whole = np.lib.stride_tricks.sliding_window_view(known, days).all(axis=1) & (expected > 1) & (left > 0.1)
    middle = np.flatnonzero(whole) + before + window_days // 2
    residual = counts[:, inside].sum(axis=1) - expected
    found[middle] = (residual**2 / np.where(whole, expected * left, 1))[whole]
    return found


def _around(terms: Floats) -> Floats:
    """Mean of the daily terms around each day, drawn towards that of the whole series."""
    seen = np.isfinite(terms)
    if not seen.any():
        return np.ones_like(terms)
    kernel = np.ones(2 * AROUND_DAYS + 1)
    total = np.convolve(np.where(seen, terms, 0), kernel)[AROUND_DAYS : AROUND_DAYS + len(terms)]
    days = np.convolve(seen.astype(float), kernel)[AROUND_DAYS : AROUND_DAYS + len(terms)]
    whole = float(terms[seen].mean())
    return np.asarray(np.maximum((total + BORROWED_DAYS * whole) / (days + BORROWED_DAYS), LEAST_DAILY))


def _centred_mean(cases: Floats) -> Floats:
    """Mean of the seven days around each day; NaN where one is missing."""
    found = np.full_like(cases, np.nan)
    if len(cases) >= WEEK:
        found[3:-3] = np.lib.stride_tricks.sliding_window_view(cases, WEEK).mean(axis=1)
    return found


def checked_dispersion(value: float) -> float:
    """Dispersion that a caller sets, at least 1.

    Raises DataError: if it is below 1 or no number.
    """
    if not (np.isfinite(value) and value >= 1):
        raise DataError(f"dispersion of {value}: give 1 (Poisson) or more, or None to estimate it from the counts")
    return float(value)
