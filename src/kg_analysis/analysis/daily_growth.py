"""Growth rate and doubling time from daily counts.

Responsibility: how fast counts grew in a fortnight, with its interval. A doubling time is given only where growth is
certain; where it is not, there is none, however large the point estimate.

Terms: *growth rate* r = slope of the logarithm of expected cases (per day); *doubling time* = ln 2 / r, *halving
time* = -ln 2 / r (days); *dispersion* = variance over mean, 1 for a Poisson count.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from kg_analysis.analysis.daily import WEEK, Daily, Floats, estimate
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.quantities import Quantity, Row

WINDOW_DAYS = 14
LEVEL = 0.95
FEWEST_FREE = 3  # days beyond the fitted numbers, without which there is no dispersion to speak of
STEPS = 60  # of Newton's method; about six suffice
LARGEST = 30.0  # log of expected cases, so that a step too long does not overflow


def growth_frame(daily: Daily, window_days: int = WINDOW_DAYS) -> pd.DataFrame:
    """Growth rate of each day shown, from the window that ends on it.

    Returns
    -------
    DataFrame
        Indexed by day: ``rate``, ``low``, ``high`` [per day] and ``dispersion``, NaN where the window has a day without
        a count or too few cases; ``doubling_days`` and ``halving_days`` only where the interval leaves out zero, with
        ``_low`` and ``_high``.
    """
    found = growth_rates(daily.table["cases"], window_days).loc[daily.shown.index]
    for name, sign in (("doubling_days", 1), ("halving_days", -1)):
        certain = (sign * found["low"] > 0) & (sign * found["high"] > 0)
        for end, column in (
            ("", "rate"),
            ("_low", "high" if sign > 0 else "low"),
            ("_high", "low" if sign > 0 else "high"),
        ):
            found[name + end] = (math.log(2) / (sign * found[column])).where(certain)
    return found


def growth_rates(cases: pd.Series[float], window_days: int = WINDOW_DAYS) -> pd.DataFrame:
    """Quasi-Poisson log-linear fit with weekday effects to the window that ends on each day.

    Parameters
    ----------
    cases : Series
        Indexed by every calendar day, NaN where missing.
    window_days : int
        At least two weeks, so that every weekday is there twice.

    Returns
    -------
    DataFrame
        ``rate``, ``low``, ``high`` [per day], ``dispersion``; interval of Student's t, dispersion at least 1.

    Raises
    ------
    DataError
        If the window is shorter than two weeks.

    Notes
    -----
    In a window of two weeks the rate is the logarithm of the second week's cases over the first week's, by seven.
    """
    if window_days < 2 * WEEK:
        raise DataError(f"window of {window_days} days: growth with weekday effects needs at least 14")
    table = pd.DataFrame(np.nan, index=cases.index, columns=["rate", "low", "high", "dispersion"])
    if len(cases) < window_days:
        return table
    windows = np.lib.stride_tricks.sliding_window_view(cases.to_numpy(dtype=float), window_days)
    half = window_days // 2
    usable = np.flatnonzero((windows[:, :half].sum(axis=1) > 0) & (windows[:, -half:].sum(axis=1) > 0))
    if len(usable):
        table.iloc[usable + window_days - 1] = _fit(windows[usable])
    return table


def growth_rows(daily: Daily, frame: pd.DataFrame) -> list[Row]:
    """Growth rate at the end of each week shown, with the doubling or halving time where one is certain.

    Raises
    ------
    NotPrintedError
        If no fortnight has a growth rate.
    """
    known = frame.dropna(subset=["rate"])
    if known.empty:
        raise NotPrintedError(
            "series/covid_daily.csv: no fortnight with enough cases for a growth rate", "covid_growth"
        )
    chosen = known[(known.index[-1] - known.index).days % (2 * WEEK) == 0]
    return [
        {
            "window_end": day.date(),
            "growth_pct_per_day": rate_of(row),
            "doubling_days": time_of(row, "doubling_days"),
            "halving_days": time_of(row, "halving_days"),
            "series_source_id": daily.source_id,
        }
        for day, row in chosen.iterrows()
    ]


def rate_of(row: pd.Series) -> Quantity:
    """Growth rate of a day [percent per day]: 100 (exp(r) - 1)."""
    value, low, high = (100 * math.expm1(row[name]) for name in ("rate", "low", "high"))
    return estimate(value, low, high, "pct_per_day")


def time_of(row: pd.Series, name: str) -> Quantity | None:
    """Doubling or halving time of a day; None where growth or fall is not certain."""
    if np.isnan(row[name]):
        return None
    return estimate(row[name], row[f"{name}_low"], row[f"{name}_high"], "days")


def _fit(windows: Floats) -> Floats:
    """Rate, bounds and dispersion of each window [windows x 4]; weekdays without a case are left out."""
    from scipy.special import stdtrit  # noqa: PLC0415

    count, days = windows.shape
    weekday = np.arange(days) % WEEK
    design = np.column_stack([np.eye(WEEK)[weekday], np.arange(days) - (days - 1) / 2])
    totals = windows @ design[:, :WEEK]
    used = (totals > 0)[:, weekday].astype(float)
    start = np.log(np.maximum(totals, 1) / np.bincount(weekday))
    mean, information = _newton(windows, design, used, np.column_stack([start, np.zeros(count)]))
    rate = mean[:, -1]
    expected = _expected(design, mean)
    free = used.sum(axis=1) - (totals > 0).sum(axis=1) - 1
    pearson = (used * (windows - expected) ** 2 / expected).sum(axis=1)
    dispersion = np.maximum(pearson / np.maximum(free, 1), 1)
    error = np.sqrt(dispersion * np.linalg.inv(information)[:, -1, -1])
    wide = stdtrit(np.maximum(free, 1), (1 + LEVEL) / 2) * error
    found = np.column_stack([rate, rate - wide, rate + wide, dispersion])
    found[free < FEWEST_FREE] = np.nan
    return found


def _newton(windows: Floats, design: Floats, used: Floats, start: Floats) -> tuple[Floats, Floats]:
    """Maximum of the Poisson likelihood of all windows at once, and the information there."""
    found = start
    idle = np.zeros((len(windows), design.shape[1]))
    idle[:, :WEEK] = (used @ design[:, :WEEK]) == 0  # keeps the matrix regular for weekdays left out
    for _ in range(STEPS):
        expected = _expected(design, found) * used
        information = np.einsum("wd,di,dj->wij", expected, design, design) + np.einsum(
            "wi,ij->wij", idle, np.eye(WEEK + 1)
        )
        step = np.linalg.solve(information, ((windows * used - expected) @ design)[:, :, None])[:, :, 0]
        found = found + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-12:
            break
    return found, information


def _expected(design: Floats, found: Floats) -> Floats:
    return np.exp(np.clip(found @ design.T, -LARGEST, LARGEST))
