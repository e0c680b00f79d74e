"""Reproduction number of one daily series under two serial intervals.

Responsibility: from the flagged counts to one table a serial interval, which charts, sentences and an interactive panel
take. Days that are set aside or missing leave their windows empty; nothing is filled in or smoothed.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kg_analysis.analysis.daily import Daily
from kg_analysis.analysis.reproduction import WINDOW_DAYS, Posterior, estimate_r
from kg_analysis.analysis.serial_intervals import SerialInterval, probabilities
from kg_analysis.errors import NotPrintedError

RECENT_DAYS = 10  # at the end of the series, which later bulletins may still change


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
        Indexed by day: ``mean``, ``sd``, ``low``, ``median``, ``high``, ``window_cases``; ``suppressed`` where the
        window has too few cases or a day without a count, ``recent`` on the last ten days.
    """
    table = daily.table
    imported = None if table["imported"].isna().all() else table["imported"].to_numpy()
    found = estimate_r(table["cases"].to_numpy(), probabilities(mean_days, sd_days), window_days, imported)
    names = Posterior.__dataclass_fields__
    frame = pd.DataFrame({name: getattr(found, name) for name in names}, index=table.index)
    frame["suppressed"] = frame["mean"].isna()
    frame["recent"] = frame.index > frame.index[-1] - pd.Timedelta(days=RECENT_DAYS)
    return frame.loc[daily.shown.index]


def side_by_side(daily: Daily, intervals: tuple[SerialInterval, ...], window_days: int = WINDOW_DAYS) -> Reproduction:
    """Reproduction number under each serial interval, so that what hangs on them can be seen.

    Raises
    ------
    NotPrintedError
        If no window has enough cases.
    """
    frames = tuple(rt_frame(daily, each.mean_days, each.sd_days, window_days) for each in intervals)
    if all(frame["suppressed"].all() for frame in frames):
        raise NotPrintedError("series/covid_daily.csv: no window with enough cases", "covid_reproduction")
    return Reproduction(daily, intervals, window_days, frames)
