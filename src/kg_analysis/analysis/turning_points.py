"""When a wave rose, peaked and fell: a smooth of the daily counts, and its days with their 95% intervals.

Responsibility: the smooth itself for charts, and three days read off it. A dated Series of counts in, a DataFrame out.
A step is not looked for: waves are smooth, and a search finds steps in any of them.

Terms: *smooth* = expected cases a day, a penalised spline of the logarithm with weekday effects (a generalised additive
model of statsmodels) that has one degree of freedom a fortnight; *peak* = day of its maximum; *rise* = first day from
which it stays above a quarter of the peak until the peak; *fall* = day after the last on which it is at least three
quarters of the peak, the end of the plateau where there is one.

Coverage of the peak's 95% interval over 200 simulated waves a case, with its Monte Carlo error
(``python benchmarks/bench_coverage.py --epidemics 200``): Poisson 98.5 +- 0.9%, superspreading events k = 0.3 97.5 +-
1.1%, k = 0.1 94.9 +- 1.6%, lasting superspreaders k = 0.3 98.0 +- 1.0%, weekday pattern 100%, delayed reports 99.0 +-
0.7%. Rise and fall have intervals of the same make, whose coverage was not measured.

Notes
-----
The intervals come from draws of the spline's coefficients: normal, with the penalised fit's (Bayesian) covariance,
which allows for the bias of smoothing, times the dispersion of weekly totals. Resampling the residuals in blocks was
measured and rejected: it takes the smooth for the truth and held the peak in 43 to 88% of the waves.

References
----------
Wood SN (2017), Generalized Additive Models, section 6.10. Nychka D (1988), JASA 83, doi:10.1080/01621459.1988.10478711.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.analysis import epidemic
from kg_analysis.analysis.daily_counts import dated_counts
from kg_analysis.analysis.dispersion import WEEK, Floats
from kg_analysis.bounds import beside
from kg_analysis.errors import DataError

FORTNIGHT = 14  # days a degree of freedom: 20 held too few peaks, 10 gave intervals of months where counts scatter
KNOT_DAYS = 5
SHORTEST_DAYS = 28  # with fewer, weekdays and the smooth cannot be told apart
FEWEST_CASES = 44  # over the dispersion: 11 for each degree of freedom of the simplest smooth
RISEN, FALLEN = 0.25, 0.75  # of the peak
NO_CASES = 0.02  # added to every day's cases in the fit
NEAR_PEAK = 0.5  # of the smooth's maximum; days below it are no candidates, few counts leave their logarithm too open
DRAWS, SEED = 1000, 20210621
Z95 = 1.959964


@dataclass(frozen=True)
class _Fit:
    """Smooth on the logarithm: days, design of the days (without weekdays), coefficients and their covariance."""

    index: pd.DatetimeIndex
    design: Floats
    coefficients: Floats
    covariance: Floats


def smooth(
    cases: pd.Series[Any],
    interval_mean_days: float = epidemic.INTERVAL_MEAN_DAYS,
    interval_sd_days: float = epidemic.INTERVAL_SD_DAYS,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """Expected cases of each day without the weekday pattern, with a 95% interval.

    ``cases``: new cases [cases], whole numbers indexed by every calendar day; NaN where there is no count.
    ``interval_mean_days``, ``interval_sd_days``: between infections [days]; used for the dispersion alone.
    ``dispersion``: 1 takes counts as Poisson; None estimates it from the counts.
    Indexed by ``date``, from the first day with cases to the last with a count: ``expected_cases`` with ``_low``,
    ``_high`` and ``_kind``, and ``cases`` as given.
    Raises DataError: if there are fewer than 28 days from the first with cases, or too few cases.

    Examples
    --------
    >>> days = pd.date_range("2021-09-01", periods=60, name="date")
    >>> smooth(pd.Series(100, days))["expected_cases"].iloc[[0, 30]].round(1).tolist()
    [100.0, 100.0]
    """
    counts = dated_counts(cases)
    fit = _fit(counts, interval_mean_days, interval_sd_days, dispersion)
    log = fit.design @ fit.coefficients
    error = np.sqrt(np.einsum("dp,pq,dq->d", fit.design, fit.covariance, fit.design))
    low, high = np.exp(log - Z95 * error), np.exp(log + Z95 * error)
    columns = beside("expected_cases", np.exp(log), low, high, "confidence_95")
    return pd.DataFrame(columns | {"cases": counts.loc[fit.index]}, index=fit.index)


def turning_points(
    cases: pd.Series[Any],
    interval_mean_days: float = epidemic.INTERVAL_MEAN_DAYS,
    interval_sd_days: float = epidemic.INTERVAL_SD_DAYS,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """Days on which the highest wave of the series rose, peaked and fell, each with a 95% interval.

    ``cases``, ``interval_mean_days``, ``interval_sd_days``, ``dispersion``: as :func:`smooth`. Of several waves the
    highest is dated; cut the series to date another.
    Indexed by ``event`` (rise, peak, fall): ``day``, ``day_low``, ``day_high``, ``day_kind`` and ``reason``. A day that
    the series does not hold is NaT, with the reason ``risen_before_series``, ``not_yet_peaked`` or ``not_yet_fallen``;
    a bound is NaT where the interval reaches beyond the series.

    Notes
    -----
    Days are those of the series, of report if it counts reports; :func:`kg_analysis.analysis.epidemic.by_infection`
    has the shift. The same series gives the same days: the draws have a generator of their own.

    Examples
    --------
    >>> days = pd.date_range("2021-09-01", periods=101, name="date")
    >>> bell = 400 * np.exp(-(((np.arange(101) - 50) / 20) ** 2) / 2)
    >>> turning_points(pd.Series(bell.round(), days))["day"].dt.strftime("%d/%m").to_dict()
    {'rise': '18/09', 'peak': '21/10', 'fall': '06/11'}
    """
    fit = _fit(dated_counts(cases), interval_mean_days, interval_sd_days, dispersion)
    draws = np.random.default_rng(SEED).multivariate_normal(fit.coefficients, fit.covariance, size=DRAWS, method="eigh")
    best = fit.design @ fit.coefficients
    near = best >= best.max() + np.log(NEAR_PEAK)
    point = _days(best[None, :], near)
    drawn = _days(draws @ fit.design.T, near)
    last = len(fit.index) - 1
    rows = []
    for event, reason in (("rise", "risen_before_series"), ("peak", "not_yet_peaked"), ("fall", "not_yet_fallen")):
        low, high = np.quantile(drawn[event], [0.025, 0.975], method="inverted_cdf")
        day = point[event][0]
        outside = not 0 < day <= last or (event == "peak" and day == last)
        low, high = min(low, day), max(high, day)
        first = fit.index[int(low)] if not outside and low > 0 else pd.NaT
        until = fit.index[int(high)] if not outside and high < last else pd.NaT
        days = beside("day", pd.NaT if outside else fit.index[int(day)], first, until, "confidence_95")
        rows.append({"event": event, **days, "reason": reason if outside else ""})
    found = pd.DataFrame(rows).set_index("event")
    return found.astype(dict.fromkeys(("day", "day_low", "day_high"), "datetime64[ns]"))


def _days(log_curves: Floats, near: Any) -> dict[str, Floats]:
    """Rise, peak and fall of each curve [curves x days] as positions; 0 or one past the last day where not held."""
    count = log_curves.shape[1]
    position = np.arange(count)
    peak = np.where(near, log_curves, -np.inf).argmax(axis=1)
    height = log_curves[np.arange(len(log_curves)), peak][:, None]
    low_before = (log_curves < height + np.log(RISEN)) & (position < peak[:, None])
    high_after = (log_curves >= height + np.log(FALLEN)) & near
    return {
        "rise": np.where(low_before.any(axis=1), count - low_before[:, ::-1].argmax(axis=1), 0),
        "peak": peak,
        "fall": count - high_after[:, ::-1].argmax(axis=1),
    }


def _fit(counts: pd.Series[float], mean_days: float, sd_days: float, dispersion: float | None) -> _Fit:
    """Generalised additive model of the counts from the first day with cases to the last with a count."""
    import statsmodels.api as sm  # noqa: PLC0415
    from statsmodels.gam.api import BSplines, GLMGam  # noqa: PLC0415

    phi = _phi(counts, mean_days, sd_days, dispersion)
    used = _wave_days(counts, phi)
    y, days = counts.loc[used].to_numpy(), np.arange(len(used), dtype=float)
    seen = np.isfinite(y)
    splines = BSplines(
        days[seen][:, None],
        df=[max(8, len(y) // KNOT_DAYS + 4)],
        degree=[3],
        knot_kwds=[{"lower_bound": 0.0, "upper_bound": float(len(y) - 1)}],
    )
    weekday = np.eye(WEEK)[used.day_of_week]
    fixed = np.column_stack([np.ones(len(y)), weekday[:, 1:] - weekday[:, :1]])
    curve = splines.transform(days[:, None])
    whole = np.column_stack([fixed, curve])
    penalty = np.zeros((whole.shape[1],) * 2)
    penalty[WEEK:, WEEK:] = 2 * splines.penalty_matrices[0]  # statsmodels adds alpha x penalty, not half of it
    pilot = pd.Series(y).rolling(WEEK, center=True, min_periods=1).mean().interpolate(limit_direction="both") + 0.5
    alpha = _penalty_weight(whole[seen], pilot.to_numpy()[seen], penalty, max(4, len(y) / FORTNIGHT) + WEEK - 1)
    # the logarithm of a month without cases has no bound, and statsmodels refuses a fit that leaves no residual
    bounded = y[seen] + NO_CASES + 1e-6 * (np.arange(seen.sum()) % 2)
    model = GLMGam(bounded, exog=fixed[seen], smoother=splines, alpha=[alpha], family=sm.families.Poisson())
    result = model.fit()
    weights = result.fittedvalues
    spread = float(np.average(phi.loc[used][seen], weights=weights))
    kept = np.r_[0, WEEK : whole.shape[1]]  # the weekdays' effects add up to nothing and stay out of the smooth
    covariance = spread * np.asarray(result.cov_params())[np.ix_(kept, kept)]
    return _Fit(used, whole[:, kept], np.asarray(result.params)[kept], covariance)


def _phi(counts: pd.Series[float], mean_days: float, sd_days: float, dispersion: float | None) -> pd.Series[float]:
    """Dispersion of each day, of weekly totals unless it is given."""
    values, weights = counts.to_numpy(), epidemic.interval_weights(mean_days, sd_days, None)
    pressure = epidemic.infectiousness(values, weights)
    found = epidemic.window_dispersion(values, pressure, weights, counts.index, dispersion, WEEK)
    return pd.Series(found, counts.index)


def _wave_days(counts: pd.Series[float], phi: pd.Series[float]) -> pd.DatetimeIndex:
    """Days from the first with cases to the last with a count, if they can carry a smooth."""
    valid = counts.loc[counts[counts > 0].first_valid_index() : counts.last_valid_index()]
    if not (counts > 0).any() or len(valid) < SHORTEST_DAYS:
        days = len(valid) if (counts > 0).any() else 0
        raise DataError(
            f"cases has {days} days from the first with cases: a smooth with weekday effects needs {SHORTEST_DAYS}"
        )
    if (valid / phi).sum() < FEWEST_CASES:
        raise DataError(
            f"cases: {valid.sum():g} cases that scatter {phi.loc[valid.index].median():.1f} times as much as Poisson "
            f"counts are too few for a smooth; give a longer series, at least {FEWEST_CASES} cases a unit of dispersion"
        )
    return pd.DatetimeIndex(valid.index)


def _penalty_weight(design: Floats, weights: Floats, penalty: Floats, freedom: float) -> float:
    """Weight of the penalty with which the smooth has the degrees of freedom asked for."""
    from scipy.optimize import brentq  # noqa: PLC0415

    information = (design * weights[:, None]).T @ design
    tiny = 1e-9 * np.trace(information) * np.eye(len(information))

    def excess(log_weight: float) -> float:
        return float(np.trace(np.linalg.solve(information + tiny + 10**log_weight * penalty, information))) - freedom

    return float(10 ** brentq(excess, -8, 14, xtol=0.01))
