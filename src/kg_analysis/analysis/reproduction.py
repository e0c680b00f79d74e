"""Reproduction number from daily counts by Cori et al. 2013, for one series or a whole table at once.

Responsibility: serial interval, infectiousness and posterior. Counts enter as published, never smoothed: the window
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
import pandas as pd

from kg_analysis.analysis.daily import Daily, Floats
from kg_analysis.errors import DataError
from kg_analysis.quantities import Quantity

PRIOR_SHAPE, PRIOR_SCALE = 1.0, 5.0
WINDOW_DAYS = 7
FEWEST_CASES = 11  # in a window; fewer leave the posterior's coefficient of variation above 0.3
RECENT_DAYS = 10  # at the end of the series, which later bulletins may still change
TAIL = 1e-10  # of the serial interval that is cut off
UNKNOWN = 0.01  # of the serial interval that may fall on days without a count
QUANTILES = (0.025, 0.5, 0.975)


@dataclass(frozen=True)
class SerialInterval:
    """Mean and standard deviation of a serial interval [days].

    Attributes
    ----------
    name : str
        ``first`` or ``second``: its place beside the other.
    mean_days, sd_days : float
    chosen : bool
        Whether the reader set it, or it stands in ``assumptions.csv``.
    """

    name: str
    mean_days: float
    sd_days: float
    chosen: bool = False


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


@dataclass(frozen=True)
class Reproduction:
    """Reproduction number of one series under two serial intervals.

    Attributes
    ----------
    daily : Daily
    intervals : tuple of SerialInterval
    window_days : int
    frames : tuple of DataFrame
        One an interval, as :func:`rt_frame` gives it.
    """

    daily: Daily
    intervals: tuple[SerialInterval, ...]
    window_days: int
    frames: tuple[pd.DataFrame, ...]


def serial_interval(mean_days: float, sd_days: float) -> Floats:
    """Probabilities w_0, w_1, ... of a serial interval of k days: a gamma distribution shifted by one day.

    Parameters
    ----------
    mean_days, sd_days : float
        The mean must be above 1 day.

    Returns
    -------
    ndarray
        w_0 = 0; as long as the distribution is, but for a tail of 1e-10.

    Raises
    ------
    DataError
        If the mean is not above 1 day or the standard deviation not positive.

    References
    ----------
    Cori et al. 2013, web appendix 11: each w_k is the gamma density integrated against a triangle of two days.
    """
    from scipy.special import gammainc, gammaincinv  # noqa: PLC0415

    if not (mean_days > 1 and sd_days > 0):
        raise DataError(
            f"serial interval of mean {mean_days} and sd {sd_days} days: give a mean above 1 day and an sd above 0"
        )
    shape, scale = ((mean_days - 1) / sd_days) ** 2, sd_days**2 / (mean_days - 1)
    days = np.arange(int(scale * gammaincinv(shape, 1 - TAIL)) + 4, dtype=float)

    def mass(x: Floats) -> Floats:
        """Second antiderivative of the density, up to a linear term that the differences below remove."""
        positive = np.maximum(x, 0) / scale
        return np.asarray(x * gammainc(shape, positive) - shape * scale * gammainc(shape + 1, positive))

    weights = mass(days) - 2 * mass(days - 1) + mass(days - 2)
    return np.maximum(weights, 0)


def infectiousness(cases: Floats, weights: Floats) -> Floats:
    """Infectiousness of each day: past cases weighted by the serial interval.

    Parameters
    ----------
    cases : ndarray
        Days x series, NaN where missing; before the first day there are none.
    weights : ndarray
        w_0, w_1, ... of :func:`serial_interval`.

    Returns
    -------
    ndarray
        Days x series; NaN on the first day, and where more than 1% of the weight falls on missing days.
    """
    known = np.nan_to_num(cases)
    absent = np.isnan(cases).astype(float)
    total, lost = np.zeros_like(known), np.zeros_like(known)
    any_absent = bool(absent.any())
    for lag in range(1, min(len(weights), len(cases))):
        total[lag:] += weights[lag] * known[:-lag]
        if any_absent:
            lost[lag:] += weights[lag] * absent[:-lag]
    total[lost > UNKNOWN] = np.nan
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
    return Posterior(shape / rate, np.sqrt(shape) / rate, *_quantiles(shape, rate), window_cases)


def rt_frame(daily: Daily, mean_days: float, sd_days: float, window_days: int = WINDOW_DAYS) -> pd.DataFrame:
    """Reproduction number of each day shown, under one serial interval.

    Parameters
    ----------
    daily : Daily
    mean_days, sd_days : float
        Of the serial interval.
    window_days : int
        Days that share one value; the window ends on the day it is filed under.

    Returns
    -------
    DataFrame
        Indexed by day: ``mean``, ``sd``, ``low``, ``median``, ``high``, ``window_cases``; ``suppressed`` where the window
        has too few cases or a day without a count, ``recent`` on the last ten days.
    """
    table = daily.table
    imported = None if table["imported"].isna().all() else table["imported"].to_numpy()
    found = estimate_r(table["cases"].to_numpy(), serial_interval(mean_days, sd_days), window_days, imported)
    names = Posterior.__dataclass_fields__
    frame = pd.DataFrame({name: getattr(found, name) for name in names}, index=table.index)
    frame["suppressed"] = frame["mean"].isna()
    frame["recent"] = frame.index > frame.index[-1] - pd.Timedelta(days=RECENT_DAYS)
    return frame.loc[daily.shown.index]


def side_by_side(daily: Daily, first: SerialInterval, second: SerialInterval, window_days: int) -> Reproduction:
    """Reproduction number under two serial intervals, so that what hangs on them can be seen."""
    intervals = (first, second)
    frames = tuple(rt_frame(daily, each.mean_days, each.sd_days, window_days) for each in intervals)
    return Reproduction(daily, intervals, window_days, frames)


def interval_of(name: str, mean: Quantity, sd: Quantity, chosen: bool) -> SerialInterval:
    """Serial interval of two scenario inputs."""
    return SerialInterval(name, mean.value, sd.value, chosen)


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
