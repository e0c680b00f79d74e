"""Reproduction number by Cori et al. 2013, for one series or a whole table of days and series at once.

Responsibility: infectiousness and posterior, arrays in and out. Counts enter as published, never smoothed: the window
does the smoothing, and smoothing before it would narrow the interval.

Terms: *serial interval* = days from the first symptoms of a case to those of the case it infects; w_k = its probability
of k days; *infectiousness* of day t = sum over k of w_k times the cases of day t - k; *local* = infected within the
area: cases less those imported, and without those of the first day with cases, whose infectors are not in the counts.

References
----------
Cori A, Ferguson NM, Fraser C, Cauchemez S (2013), American Journal of Epidemiology 178, doi:10.1093/aje/kwt133.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg_analysis.analysis.daily import Floats
from kg_analysis.errors import DataError

PRIOR_SHAPE, PRIOR_SCALE = 1.0, 5.0
WINDOW_DAYS = 7
FEWEST_CASES = 11  # in a window; fewer leave the posterior's coefficient of variation above 0.3
UNKNOWN = 0.25  # of the serial interval that may fall on days without a count; the other days then stand for them
QUANTILES = (0.025, 0.5, 0.975)


@dataclass(frozen=True)
class Posterior:
    """Reproduction number of each day and series; arrays of days x series, NaN where it is not defined.

    Attributes
    ----------
    mean, sd, low, median, high : ndarray
        ``low`` and ``high`` bound 95%.
    window_cases : ndarray
        Local cases of the window that ends on the day.
    """

    mean: Floats
    sd: Floats
    low: Floats
    median: Floats
    high: Floats
    window_cases: Floats


def infectiousness(cases: Floats, weights: Floats) -> Floats:
    """Infectiousness of each day: past cases weighted by the serial interval.

    Parameters
    ----------
    cases : ndarray
        Days x series, NaN where missing; before the first day there are none.
    weights : ndarray
        w_0, w_1, ... of :func:`kg_analysis.analysis.serial_intervals.probabilities`.

    Returns
    -------
    ndarray
        Days x series; NaN on the first day, and where more than a quarter of the weight falls on missing days. Up to
        that, the days known stand for those missing: a missing day is not one without cases.
    """
    known = np.nan_to_num(cases)
    absent = np.isnan(cases).astype(float)
    total, lost = np.zeros_like(known), np.zeros_like(known)
    any_absent = bool(absent.any())
    for lag in range(1, min(len(weights), len(cases))):
        total[lag:] += weights[lag] * known[:-lag]
        if any_absent:
            lost[lag:] += weights[lag] * absent[:-lag]
    if any_absent:
        total /= np.where(lost > UNKNOWN, np.nan, 1 - lost)
    total[:1] = np.nan
    return total


def estimate_r(
    cases: Floats,
    weights: Floats,
    window_days: int = WINDOW_DAYS,
    imported: Floats | None = None,
    fewest_cases: int = FEWEST_CASES,
) -> Posterior:
    """Reproduction number of every day and series in one pass.

    Parameters
    ----------
    cases : ndarray
        Days x series [cases], or days alone; NaN where missing, never smoothed.
    weights : ndarray
        w_0, w_1, ... with w_0 = 0.
    window_days : int
        Days that share one value; a window must start after the first day with cases.
    imported : ndarray or None
        Of these infected elsewhere, same shape, NaN = none known; they infect, but were not infected here.
    fewest_cases : int
        Windows with fewer local cases are suppressed.

    Returns
    -------
    Posterior
        Gamma(a + local cases of the window, 1 / (1/b + infectiousness of the window)) with prior a = 1, b = 5.

    Raises
    ------
    DataError
        If the window is no day long, w_0 is not 0, or the shapes differ.
    """
    counts = np.asarray(cases, dtype=float)
    if counts.ndim == 1:
        single = None if imported is None else np.asarray(imported, dtype=float)[:, None]
        found = estimate_r(counts[:, None], weights, window_days, single, fewest_cases)
        return Posterior(*(getattr(found, name)[:, 0] for name in Posterior.__dataclass_fields__))
    local = _local(counts, weights, window_days, imported)
    shape = PRIOR_SHAPE + _window_sums(local, window_days)
    rate = 1 / PRIOR_SCALE + _window_sums(infectiousness(counts, weights), window_days)
    window_cases = shape - PRIOR_SHAPE
    shape[~(window_cases >= fewest_cases) | ~_started(counts, window_days)] = np.nan
    low, median, high = _quantiles(shape, rate)
    return Posterior(shape / rate, np.sqrt(shape) / rate, low, median, high, window_cases)


def _local(counts: Floats, weights: Floats, window_days: int, imported: Floats | None) -> Floats:
    """Cases infected within the area; those of each series' first day with cases are not."""
    if window_days < 1 or weights[0] != 0:
        raise DataError(f"window of {window_days} days and w_0 = {weights[0]}: give at least one day, and w_0 = 0")
    if imported is not None and np.shape(imported) != counts.shape:
        raise DataError(f"imported cases are {np.shape(imported)}, cases {counts.shape}; give one for each")
    local = counts - (0 if imported is None else np.nan_to_num(imported))
    seen = counts > 0
    first = np.argmax(seen, axis=0)
    columns = np.flatnonzero(seen.any(axis=0))
    local[first[columns], columns] = 0
    return local


def _started(counts: Floats, window_days: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether the window that ends on the day starts after the first day with cases."""
    seen = np.cumsum(np.nan_to_num(counts) > 0, axis=0) > 0
    before = np.zeros_like(seen)
    before[window_days:] = seen[:-window_days]
    return before


def _window_sums(values: Floats, window_days: int) -> Floats:
    """Sum of the days of the window that ends on each day; NaN where one is missing or lies before the series."""
    missing = np.isnan(values)
    sums = np.full_like(values, np.nan)
    if window_days > len(values):
        return sums
    totals = np.cumsum(np.vstack([np.zeros_like(values[:1]), np.where(missing, 0, values)]), axis=0)
    gaps = np.cumsum(np.vstack([np.zeros_like(missing[:1], dtype=int), missing]), axis=0)
    whole = gaps[window_days:] == gaps[:-window_days]
    sums[window_days - 1 :] = np.where(whole, totals[window_days:] - totals[:-window_days], np.nan)
    return sums


def _quantiles(shape: Floats, rate: Floats) -> tuple[Floats, ...]:
    """Quantiles of the posterior where it is defined; the costly step."""
    from scipy.special import gammaincinv  # noqa: PLC0415

    defined = np.isfinite(shape) & np.isfinite(rate)
    found = []
    for level in QUANTILES:
        values = np.full_like(shape, np.nan)
        values[defined] = gammaincinv(shape[defined], level) / rate[defined]
        found.append(values)
    return tuple(found)
