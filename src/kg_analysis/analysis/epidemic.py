"""Epidemic statistics of daily counts: reproduction number, growth rate, and a forecast of the next day.

Responsibility: a dated Series of new cases in, a dated DataFrame out, one row a day of the series. Every number x has
its 95% interval in x_low and x_high and what kind it is in x_kind. No files, no choice of days: counts that are not to
be used are empty (NaN) in the series. Counts enter as published, never smoothed; an empty day is never a zero.

Terms: *interval* = days from an infection (or first symptoms) to those it causes, w_k = its probability of k days;
*infectiousness* of a day = sum over k of w_k times the cases k days before; *local* = infected within the area;
*dispersion* phi = variance over mean of counts, 1 for Poisson.

Coverage of the 95% intervals and, in brackets, their width over the best possible, 200 simulated epidemics a case
(``python benchmarks/bench_coverage.py --epidemics 200``, which defines truth and best; Monte Carlo error 0.1 to 1.2):

======================================  ============  ============  ============
case                                    reproduction  growth        next day
======================================  ============  ============  ============
Poisson                                 97.3 (1.05)   97.3 (1.04)   96.8 (1.10)
superspreading events, k = 0.3          95.7 (1.08)   95.7 (1.07)   94.4 (1.05)
superspreading events, k = 0.1          94.5 (1.13)   95.1 (1.08)   94.5 (1.07)
lasting superspreaders, k = 0.3         94.2 (1.00)   93.5 (0.98)   95.5 (1.03)
lasting superspreaders, k = 0.1         90.3 (0.98)   89.8 (0.97)   95.3 (0.98)
events with k = 0.1, then Poisson       95.9 (1.10)   94.4 (1.09)   96.6 (1.24)
weekday pattern                         97.8 (1.20)   98.3 (1.22)   95.2 (1.27)
step of R                               98.8 (1.35)   99.4 (1.50)   95.6 (1.19)
smooth wave                             97.6 (1.08)   98.2 (1.16)   97.0 (1.14)
smooth wave, delayed reports            97.9 (1.11)   96.1 (1.14)   96.4 (1.20)
imported cases, marked                  97.2 (1.06)   97.3 (1.06)   96.7 (1.11)
imported cases, not marked              59.9 (0.49)   30.8 (0.36)   96.6 (1.11)
======================================  ============  ============  ============

The province's own series of 2021: 92.1% of 177 days inside the forecast of the day before. The intervals do not hold
what is assumed: the interval between infections, a constant share of cases found, and imports that nobody marked.

References
----------
Cori A, Ferguson NM, Fraser C, Cauchemez S (2013), American Journal of Epidemiology 178, doi:10.1093/aje/kwt133.
Wallinga J, Lipsitch M (2007), Proceedings of the Royal Society B 274, doi:10.1098/rspb.2006.3754.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.analysis.daily_counts import dated_counts
from kg_analysis.analysis.dispersion import WEEK, Floats, checked_dispersion, dispersion_by_day
from kg_analysis.bounds import beside
from kg_analysis.errors import DataError

PRIOR_SHAPE, PRIOR_SCALE = 1.0, 5.0
INTERVAL_MEAN_DAYS, INTERVAL_SD_DAYS = 4.1, 2.9
INTERVALS = ("base", "low", "high")  # of the Delta variant in assumptions.csv
FEWEST_CASES = 11  # over the dispersion, in a window; fewer leave the posterior's coefficient of variation above 0.3
UNKNOWN = 0.25  # of the interval that may fall on days without a count; the other days then stand for them
SEEN_BEFORE = 0.95  # of the interval, in the series; on its first days infectors are missing, which is no scatter
RECENT_DAYS = 10  # at the end of a series, which later reports may still change
TAIL = 1e-10  # of the interval's distribution that is cut off
QUANTILES = (0.025, 0.5, 0.975)
MEMORY_DAYS = 10  # after which an error of the forecast counts half
PATTERN_WEEKS = 8  # before a day, from which its weekday's factor is taken
RATES = np.linspace(-2, 2, 8001)  # growth rates [per day] between which Euler-Lotka's equation is inverted


def discretised_interval(mean_days: float, sd_days: float) -> pd.Series[float]:
    """Probabilities w_0, w_1, ... of an interval of k days: a gamma distribution shifted by one day.

    ``mean_days``, ``sd_days``: the mean must be above 1 day.
    Indexed by ``days``, w_0 = 0, sum 1; as long as the distribution is, but for a tail of 1e-10.
    Raises DataError: if the mean is not above 1 day or the standard deviation not positive.

    References
    ----------
    Cori et al. 2013, web appendix 11: each w_k is the gamma density integrated against a triangle of two days.

    Examples
    --------
    >>> discretised_interval(2.6, 1.5).loc[1:3].round(4).tolist()
    [0.2332, 0.3586, 0.1981]
    """
    from scipy.special import gammainc, gammaincinv  # noqa: PLC0415

    if not (np.isfinite([mean_days, sd_days]).all() and mean_days > 1 and sd_days > 0):
        raise DataError(
            f"interval of mean {mean_days} and sd {sd_days} days: give a mean above 1 day and an sd above 0"
        )
    shape, scale = ((mean_days - 1) / sd_days) ** 2, sd_days**2 / (mean_days - 1)
    days = np.arange(int(scale * gammaincinv(shape, 1 - TAIL)) + 4, dtype=float)

    def mass(x: Floats) -> Floats:
        """Second antiderivative of the density, up to a linear term that the differences below remove."""
        positive = np.maximum(x, 0) / scale
        return np.asarray(x * gammainc(shape, positive) - shape * scale * gammainc(shape + 1, positive))

    weights = np.maximum(mass(days) - 2 * mass(days - 1) + mass(days - 2), 0)
    return pd.Series(weights, pd.RangeIndex(len(days), name="days"), name="probability")


def serial_intervals(
    assumptions: pd.DataFrame, mean_days: float | None = None, sd_days: float | None = None
) -> list[tuple[float, float]]:
    """Mean and standard deviation [days] of the interval to take, then of those that show how much hangs on it.

    ``assumptions``: ``assumptions`` indexed by id, with ``value``. ``mean_days``, ``sd_days``: in place of the assumed
    ones.

    Examples
    --------
    >>> ids = [f"delta_interval_{name}_{part}" for name in ("base", "low", "high") for part in ("mean", "sd")]
    >>> serial_intervals(pd.DataFrame({"value": [4.1, 2.9, 3.2, 2.5, 4.7, 3.3]}, index=ids), sd_days=3.0)
    [(4.1, 3.0), (3.2, 2.5), (4.7, 3.3)]
    """
    value = assumptions["value"].astype(float)
    base, *others = ((value[f"delta_interval_{name}_mean"], value[f"delta_interval_{name}_sd"]) for name in INTERVALS)
    first = (base[0] if mean_days is None else mean_days, base[1] if sd_days is None else sd_days)
    return [(float(mean), float(sd)) for mean, sd in (first, *others)]


def reproduction(
    cases: pd.Series[Any],
    interval_mean_days: float = INTERVAL_MEAN_DAYS,
    interval_sd_days: float = INTERVAL_SD_DAYS,
    interval: Any = None,
    imported: pd.Series[Any] | None = None,
    dispersion: float | None = None,
    window_days: int = WEEK,
) -> pd.DataFrame:
    """Reproduction number of the window that ends on each day, with a 95% interval that allows for over-dispersion.

    Parameters
    ----------
    cases : Series
        New cases [cases], whole numbers indexed by every calendar day; NaN where there is no count.
    interval_mean_days, interval_sd_days : float
        Of the interval between infections [days]. The default is that of the Delta variant; 3.2 (2.5) and 4.7 (3.3)
        show how much hangs on it.
    interval : sequence or Series, optional
        Probabilities w_0, w_1, ... in place of mean and sd; w_0 = 0.
    imported : Series, optional
        Of the cases, those infected elsewhere: they infect, but were not infected here. NaN = none known.
    dispersion : float, optional
        1 takes counts as Poisson and gives EpiEstim's posterior; None estimates it for each day.
    window_days : int
        Days that share one value.

    Returns
    -------
    DataFrame
        Indexed by ``date``, the last day of the window: ``reproduction_number`` (posterior mean) with ``_low``,
        ``_high``, ``_kind`` ("credible_95"), ``_sd`` and ``_median``; ``window_cases`` (local), ``dispersion``;
        ``suppressed`` where the window has fewer than 11 x dispersion cases, a day without a count or no day with cases
        before it, and the numbers are empty; ``recent`` on the last ten days, which later reports may still change.

    Raises
    ------
    DataError
        If the series is not one of daily counts, or the interval, window or dispersion cannot be.

    Notes
    -----
    Posterior Gamma(1 + cases / phi, 1 / (1/5 + infectiousness / phi)), sums over the window. Imported cases that are
    not marked count as infected here and push the number up.

    Examples
    --------
    >>> days = pd.date_range("2021-09-01", periods=60, name="date")
    >>> result = reproduction(pd.Series(100, days))
    >>> result.filter(regex="_(low|high)$").iloc[-1].astype(float).round(2).tolist()
    [0.93, 1.08]
    """
    counts = dated_counts(cases)
    weights = interval_weights(interval_mean_days, interval_sd_days, interval)
    _check_window(window_days)
    local = _local(counts, imported)
    pressure = infectiousness(counts.to_numpy(), weights)
    phi = window_dispersion(local, pressure, weights, counts.index, dispersion, window_days)
    window_cases = _window_sums(local, window_days)
    shape = PRIOR_SHAPE + window_cases / phi
    rate = 1 / PRIOR_SCALE + _window_sums(pressure, window_days) / phi
    usable = _started(counts.to_numpy(), window_days) & np.isfinite(rate)
    usable &= np.nan_to_num(window_cases) >= FEWEST_CASES * phi
    shape = np.where(usable, shape, np.nan)
    low, median, high = _gamma_quantiles(shape, rate)
    name = "reproduction_number"
    return pd.DataFrame(
        {
            **beside(name, shape / rate, low, high, "credible_95"),
            f"{name}_sd": np.sqrt(shape) / rate,
            f"{name}_median": median,
            "window_cases": window_cases,
            "dispersion": phi,
            "suppressed": ~usable,
            "recent": counts.index > counts.index[-1] - pd.Timedelta(days=RECENT_DAYS),
        },
        index=counts.index,
    )


def growth_rate(
    cases: pd.Series[Any],
    window_days: int = 2 * WEEK,
    interval_mean_days: float = INTERVAL_MEAN_DAYS,
    interval_sd_days: float = INTERVAL_SD_DAYS,
    interval: Any = None,
    imported: pd.Series[Any] | None = None,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """Growth rate per day to which transmission in the window that ends on each day leads, with doubling time.

    ``cases``, ``interval_mean_days``, ``interval_sd_days``, ``interval``, ``imported``, ``dispersion``: as
    :func:`reproduction`. ``window_days``: days that share one value.
    Indexed by ``date``, the last day of the window: ``growth_pct_per_day`` with ``_low``, ``_high``, ``_kind``;
    ``doubling_days`` and ``halving_days`` with bounds, only where the interval of the growth rate leaves out 0;
    ``suppressed`` and ``recent`` as :func:`reproduction`.

    Notes
    -----
    From the reproduction number's median and bounds by Euler-Lotka's equation, 1 / R = sum of w_k exp(-r k). Steady
    growth gives its own rate back whatever interval is assumed. A log-linear fit to the counts measures how the counts
    went; what it misses is the chance that moved them (coverage in the module's header).

    Examples
    --------
    >>> days = pd.date_range("2021-09-01", periods=50, name="date")
    >>> result = growth_rate(pd.Series((1000 * 1.05 ** np.arange(50)).round(), days))
    >>> result["growth_pct_per_day"].iloc[-1].round(1), result["doubling_days"].iloc[-1].round(1)
    (np.float64(5.0), np.float64(14.2))
    """
    result = reproduction(
        cases, interval_mean_days, interval_sd_days, interval, imported, dispersion, window_days=window_days
    )
    weights = interval_weights(interval_mean_days, interval_sd_days, interval)
    rates = {
        end: growth_of(result[f"reproduction_number{source}"].to_numpy(), weights)
        for end, source in (("", "_median"), ("_low", "_low"), ("_high", "_high"))
    }
    found = pd.DataFrame(
        {f"growth_pct_per_day{end}": 100 * np.expm1(rate) for end, rate in rates.items()}, index=result.index
    ).assign(growth_pct_per_day_kind="credible_95")
    for name, sign, ends in (("doubling_days", 1, ("_high", "_low")), ("halving_days", -1, ("_low", "_high"))):
        one_sided = (sign * rates["_low"] > 0) & (sign * rates["_high"] > 0)
        for end, source in (("", ""), ("_low", ends[0]), ("_high", ends[1])):
            found[name + end] = np.log(2) / np.where(one_sided, sign * rates[source], np.nan)
        found[f"{name}_kind"] = "credible_95"
    return found.assign(suppressed=result["suppressed"], recent=result["recent"])


def predict_next(
    cases: pd.Series[Any],
    interval_mean_days: float = INTERVAL_MEAN_DAYS,
    interval_sd_days: float = INTERVAL_SD_DAYS,
    interval: Any = None,
    window_days: int = WEEK,
) -> pd.DataFrame:
    """Forecast of each day's count from the days before it, and of the day after the last.

    ``cases``, ``interval_mean_days``, ``interval_sd_days``, ``interval``, ``window_days``: as :func:`reproduction`.
    Indexed by ``date``, one day more than the series: ``predicted_cases`` with ``_low``, ``_high`` (whole numbers) and
    ``_kind``; ``cases`` as observed; ``inside`` whether the count lies in the interval, missing where there is no count
    or no forecast.

    Notes
    -----
    Negative binomial about the window's reproduction number times the day's infectiousness, and times the weekday's
    factor where that would have forecast the days before better. Its variance is that of the reproduction number and
    the scatter of past forecasts, in which an error counts half after ten days. Only days before the one forecast are
    used, so that ``inside`` is an honest test.

    Examples
    --------
    >>> days = pd.date_range("2021-09-01", periods=60, name="date")
    >>> predict_next(pd.Series(100, days)).filter(regex="_(low|high)$").iloc[-1].astype(int).tolist()
    [80, 122]
    """
    counts = dated_counts(cases)
    weights = interval_weights(interval_mean_days, interval_sd_days, interval)
    _check_window(window_days)
    index = pd.date_range(counts.index[0], periods=len(counts) + 1, name="date")
    observed = np.append(counts.to_numpy(), np.nan)
    pressure = infectiousness(observed, weights)
    local = np.append(_local(counts, None), np.nan)
    known = np.isfinite(local) & np.isfinite(pressure)
    sums = [_trailing(np.where(known, values, 0), window_days) for values in (local, pressure)]
    shape, rate = PRIOR_SHAPE + sums[0], 1 / PRIOR_SCALE + sums[1]
    expected = shape / rate * pressure
    expected[~(sums[0] >= FEWEST_CASES)] = np.nan
    more = 1 + pressure / rate  # what the reproduction number's own uncertainty adds to the variance
    plain = _past_scatter(observed, expected, expected * more)
    by_weekday = expected * _past_weekday_factors(observed, expected)
    patterned = _past_scatter(observed, by_weekday, by_weekday * more)
    better = patterned < plain
    expected = np.where(better, by_weekday, expected)
    variance = expected * more * np.where(better, patterned, plain)
    low, high = _negative_binomial_bounds(expected, variance)
    inside = pd.Series((observed >= low) & (observed <= high), index=index, dtype="boolean")
    return pd.DataFrame(
        {
            **beside("predicted_cases", np.where(np.isfinite(low), expected, np.nan), low, high, "confidence_95"),
            "cases": observed,
            "inside": inside.mask(np.isnan(observed) | np.isnan(low)),
        },
        index=index,
    )


def by_infection(result: pd.DataFrame, delay_days: int) -> pd.DataFrame:
    """The same numbers dated by infection: every date moved back by the mean days from infection to report.

    ``result``: of :func:`reproduction`, :func:`growth_rate` or :func:`kg_analysis.analysis.turning_points.smooth`.
    ``delay_days``: mean days from infection to report, whole.
    The same columns; the index is named ``infection_date``, the attribute ``dated_by`` says how it was made.
    Raises DataError: if the delay is not a whole number of days, zero or more.

    Notes
    -----
    A shift, not a deconvolution: it moves the dates and leaves the counts as smeared as the delays made them, so a step
    of the reproduction number looks slower than it was. Deconvolving sharpens noise as well and would need the delays'
    distribution, which the reports do not give.

    Examples
    --------
    >>> days = pd.date_range("2021-09-01", periods=60, name="date")
    >>> by_infection(reproduction(pd.Series(100, days)), delay_days=8).index[-1]
    Timestamp('2021-10-22 00:00:00')
    """
    if not (isinstance(delay_days, int | np.integer) and delay_days >= 0):
        raise DataError(
            f"delay of {delay_days!r} days: give a whole number of days from infection to report, 0 or more"
        )
    moved = result.set_axis(pd.DatetimeIndex(result.index) - pd.Timedelta(days=int(delay_days))).rename_axis(
        "infection_date"
    )
    moved.attrs = {**result.attrs, "dated_by": f"date of report less {delay_days} days"}
    return moved


def _check_window(window_days: int) -> None:
    if not (isinstance(window_days, int | np.integer) and window_days >= 1):
        raise DataError(f"window of {window_days!r} days: give a whole number of days, at least 1")


def interval_weights(mean_days: float, sd_days: float, interval: Any) -> Floats:
    """w_0, w_1, ...: those given, checked, or those of a mean and sd."""
    if interval is None:
        return discretised_interval(mean_days, sd_days).to_numpy()
    weights = np.asarray(interval, dtype=float)
    if weights.ndim != 1 or len(weights) < 2 or not np.isfinite(weights).all() or (weights < 0).any():
        raise DataError(f"interval {np.round(weights, 3).tolist()}: give probabilities w_0, w_1, ..., none negative")
    if weights[0] != 0:
        raise DataError(f"interval starts with w_0 = {weights[0]:g}: put 0 first, no case infects on its own day")
    if abs(weights.sum() - 1) > 0.01:
        raise DataError(f"interval sums to {weights.sum():.3f}: divide it by its sum, probabilities add up to 1")
    return weights


def _local(counts: pd.Series[float], imported: pd.Series[Any] | None) -> Floats:
    """Cases infected within the area; those of the first day with cases were infected by none of the counts."""
    local = counts.to_numpy().copy()
    if imported is not None:
        elsewhere = dated_counts(imported, "imported")
        if not elsewhere.index.equals(counts.index):
            raise DataError(
                f"imported cases run from {elsewhere.index[0]:%Y-%m-%d} to {elsewhere.index[-1]:%Y-%m-%d}, cases from "
                f"{counts.index[0]:%Y-%m-%d} to {counts.index[-1]:%Y-%m-%d}: use imported.reindex(cases.index)"
            )
        more = elsewhere[elsewhere > counts]
        if len(more):
            raise DataError(
                f"imported cases of {more.index[0]:%Y-%m-%d} are {more.iloc[0]:g}, cases {counts[more.index[0]]:g}: "
                "imported cases are part of the cases; correct one of them"
            )
        local -= elsewhere.fillna(0).to_numpy()
    seen = np.flatnonzero(counts.to_numpy() > 0)
    if len(seen):
        local[seen[0]] = 0
    return local


def infectiousness(cases: Floats, weights: Floats) -> Floats:
    """Past cases weighted by the interval; NaN on the first day and where too much of the weight is on empty days.

    Up to a quarter, the days known stand for those empty: an empty day is not one without cases.
    """
    days = len(cases)
    total = np.convolve(np.nan_to_num(cases), weights)[:days]
    lost = np.convolve(np.isnan(cases).astype(float), weights)[:days]
    found = total / np.where(lost > UNKNOWN, np.nan, 1 - lost)
    found[0] = np.nan
    return found


def window_dispersion(
    local: Floats, pressure: Floats, weights: Floats, index: pd.DatetimeIndex, given: float | None, window_days: int
) -> Floats:
    """Dispersion of the window that ends on each day."""
    if given is not None:
        return np.full(len(local), checked_dispersion(given))
    begun = np.cumsum(weights)[np.minimum(np.arange(len(local)), len(weights) - 1)] > SEEN_BEFORE
    settled = np.where(begun, pressure, np.nan)
    middle = dispersion_by_day(local, settled, index.day_of_week.to_numpy(), window_days)
    late = window_days // 2
    return np.concatenate([np.full(late, middle[0]), middle])[: len(middle)]


def _started(counts: Floats, window_days: int) -> Any:
    """Whether the window that ends on the day starts after the first day with cases."""
    seen = np.cumsum(np.nan_to_num(counts) > 0) > 0
    before = np.zeros_like(seen)
    before[window_days:] = seen[:-window_days]
    return before


def _window_sums(values: Floats, window_days: int) -> Floats:
    """Sum of the days of the window that ends on each day; NaN where one is empty or lies before the series."""
    found = np.full_like(values, np.nan)
    if window_days <= len(values):
        found[window_days - 1 :] = np.lib.stride_tricks.sliding_window_view(values, window_days).sum(axis=1)
    return found


def _gamma_quantiles(shape: Floats, rate: Floats) -> tuple[Floats, ...]:
    """Quantiles of the posterior where it is defined; the costly step."""
    from scipy.special import gammaincinv  # noqa: PLC0415

    defined = np.isfinite(shape) & np.isfinite(rate)
    found = []
    for level in QUANTILES:
        values = np.full_like(shape, np.nan)
        values[defined] = gammaincinv(shape[defined], level) / rate[defined]
        found.append(values)
    return tuple(found)


def growth_of(reproduction_number: Floats, weights: Floats) -> Floats:
    """Growth rate r [per day] with R = 1 / sum of w_k exp(-r k); at its bounds beyond them."""
    days = np.arange(len(weights))
    with np.errstate(over="ignore"):
        known = -np.log(np.exp(-RATES[:, None] * days) @ weights)
    return np.asarray(np.interp(np.log(np.maximum(reproduction_number, 1e-12)), known, RATES))


def _trailing(values: Floats, window_days: int) -> Floats:
    """Sum of the days before each day, as many as the window has and the series holds."""
    totals = np.concatenate([[0.0], np.cumsum(values)])
    days = np.arange(len(values))
    return np.asarray(totals[days] - totals[np.maximum(days - window_days, 0)])


def _past_scatter(observed: Floats, expected: Floats, spread: Floats) -> Floats:
    """Dispersion of the forecasts before each day, recent ones weighing more, at least 1; NaN with fewer than seven."""
    from scipy.signal import lfilter  # noqa: PLC0415

    used = np.isfinite(observed) & np.isfinite(expected)
    terms = np.where(used, (observed - expected) ** 2 / np.where(used, spread, 1), 0)
    keep = 0.5 ** (1 / MEMORY_DAYS)
    total, days = (lfilter([0, 1], [1, -keep], values) for values in (terms, used.astype(float)))
    enough = np.cumsum(used) - used >= WEEK
    return np.where(enough, np.maximum(1, total / np.where(enough, days, 1)), np.nan)


def _past_weekday_factors(observed: Floats, expected: Floats) -> Floats:
    """Counts over forecasts of the same weekday in the eight weeks before each day, drawn towards 1 by two weeks."""
    used = np.isfinite(observed) & np.isfinite(expected)
    values = np.stack([np.where(used, observed, 0), np.where(used, expected, 0), used])
    counts, forecasts, weeks = np.zeros_like(values)
    for lag in range(WEEK, (PATTERN_WEEKS + 1) * WEEK, WEEK):
        earlier = np.zeros_like(values)
        earlier[:, lag:] = values[:, :-lag]
        counts, forecasts, weeks = counts + earlier[0], forecasts + earlier[1], weeks + earlier[2]
    towards = 2 * forecasts / np.maximum(weeks, 1)
    return np.where(forecasts > 0, (counts + towards) / np.maximum(forecasts + towards, 1e-9), 1)


def _negative_binomial_bounds(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """2.5% and 97.5% quantiles of counts with this mean and variance; NaN where either is unknown."""
    from scipy.stats import nbinom  # noqa: PLC0415

    known = np.isfinite(mean) & np.isfinite(variance) & (mean > 0)
    over = np.maximum(variance[known], mean[known] * (1 + 1e-6)) - mean[known]
    size = mean[known] ** 2 / over
    found = []
    for level in (QUANTILES[0], QUANTILES[-1]):
        bound = np.full_like(mean, np.nan)
        bound[known] = nbinom.ppf(level, size, size / (size + mean[known]))
        found.append(bound)
    return found[0], found[1]
