"""Whether transmission changed sharply on a date given beforehand: a directive, a boundary between phases.

Responsibility: one test of one date. A search for dates is not offered: among many days one always looks like a step.
The date must come from outside the counts, and several dates tested are several chances to be wrong.

Terms: *change* = reproduction number from the date on over that before it, less 1, where the smooth change of the
weeks around is taken out.

Notes
-----
Quasi-Poisson regression (statsmodels GLM) of the counts on past infectiousness, weekday, a straight line of the
logarithm of the reproduction number over the 21 days on either side, and a step. A step is set against the
reproduction number and not against the counts: what chance did to the counts stays in them, and a bend of a smooth
curve through them was found in 11 to 24% of simulated epidemics that had none, at the 5% level. This test found one in
0.5 to 5.5% of them (200 each: Poisson, superspreading of both kinds with k = 0.3 and 0.1, weekdays, smooth waves,
delays, imports), and all of 200 steps from 1.22 to 0.85 (``python benchmarks/bench_coverage.py --epidemics 200``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.analysis.daily_counts import daily_counts
from kg_analysis.analysis.dispersion import WEEK
from kg_analysis.analysis.epidemic import (
    INTERVAL_MEAN_DAYS,
    INTERVAL_SD_DAYS,
    infectiousness,
    interval_weights,
    window_dispersion,
)
from kg_analysis.errors import DataError

SIDE_DAYS = 21
FEWEST_DAYS = 14  # with a count, on either side


def break_at_date(
    cases: pd.Series[Any],
    day: str | date,
    interval_mean_days: float = INTERVAL_MEAN_DAYS,
    interval_sd_days: float = INTERVAL_SD_DAYS,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """Change of the reproduction number on a given date, with a 95% interval and the test's p-value.

    Parameters
    ----------
    cases : Series
        New cases [cases], whole numbers indexed by every calendar day; NaN where there is no count.
    day : date or str
        First day of the new regime in the dates of the series. Reports follow infections by days: add the mean delay to
        the date of a measure.
    interval_mean_days, interval_sd_days, dispersion
        As :func:`kg_analysis.analysis.epidemic.reproduction`.

    Returns
    -------
    DataFrame
        One row: ``date``, ``change_pct`` with ``_low``, ``_high``, ``_kind`` ("confidence_95"), ``p_value``.

    Raises
    ------
    DataError
        If there are not 21 days before and after, with counts on at least 14 and cases around them.

    Examples
    --------
    >>> days = pd.date_range("2021-07-01", periods=60, name="date")
    >>> steady = pd.Series([100, 104, 97, 99, 101] * 12, days)
    >>> break_at_date(steady, "2021-08-01")["p_value"].item() > 0.2
    True
    """
    import statsmodels.api as sm  # noqa: PLC0415
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415

    counts = daily_counts(cases)
    first = pd.Timestamp(day)
    weights = interval_weights(interval_mean_days, interval_sd_days, None)
    pressure = infectiousness(counts.to_numpy(), weights)
    phi = window_dispersion(counts.to_numpy(), pressure, weights, counts.index, dispersion, WEEK)
    table = pd.DataFrame({"cases": counts, "pressure": pressure, "phi": phi})
    table = table.loc[first - pd.Timedelta(days=SIDE_DAYS) : first + pd.Timedelta(days=SIDE_DAYS - 1)].dropna()
    table = table[table["pressure"] > 0]
    after = (table.index >= first).astype(float)
    if min(after.sum(), len(after) - after.sum()) < FEWEST_DAYS or table["cases"].sum() == 0:
        raise DataError(
            f"{first:%Y-%m-%d}: a break needs counts on {FEWEST_DAYS} of the {SIDE_DAYS} days before and after, "
            f"cases has {len(after) - int(after.sum())} and {int(after.sum())}; give a longer series or another date"
        )
    weekday = np.eye(WEEK)[table.index.day_of_week]
    line = (table.index - first).days / SIDE_DAYS
    design = np.column_stack([after, line, np.ones(len(after)), weekday[:, 1:] - weekday[:, :1]])
    model = sm.GLM(
        table["cases"].to_numpy(), design, sm.families.Poisson(), offset=np.log(table["pressure"]).to_numpy()
    )
    result = model.fit()
    spread = max(np.average(table["phi"], weights=result.fittedvalues), result.pearson_chi2 / result.df_resid)
    step, error = result.params[0], np.sqrt(spread * result.cov_params()[0, 0])
    wide = stdtrit(result.df_resid, 0.975) * error
    return pd.DataFrame(
        {
            "date": [first],
            "change_pct": 100 * np.expm1(step),
            "change_pct_low": 100 * np.expm1(step - wide),
            "change_pct_high": 100 * np.expm1(step + wide),
            "change_pct_kind": "confidence_95",
            "p_value": 2 * stdtr(result.df_resid, -abs(step) / error),
        }
    )
