"""How complete and even daily COVID counts are: tables of the days missing, doubtful or remarked on.

Responsibility: say what :mod:`kg_analysis.analysis.daily` flags, and whether weekdays differ. Nothing is corrected.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kg_analysis.analysis.daily import FLAGS, WEEK, Daily, counted, estimate, seven_day_mean
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, Row

SEVEN_AT_ONCE = 2.69  # quantile of the normal distribution at 1 - 0.05 / 14


def quality_rows(found: Daily) -> list[Row]:
    """One row a finding on the data: how many days, and which the first are."""
    shown = found.shown
    flags = shown["flag"].str.split()
    rows = [_quality("days", pd.Series(True, shown.index), found)]
    rows += [_quality(name, flags.map(lambda each, name=name: name in each), found) for name in FLAGS]
    collected = shown["collector_flag"]
    words = sorted({word for cell in collected for word in cell.split()})
    rows += [
        _quality(f"collector_{name}", collected.map(lambda cell, name=name: name in cell.split()), found)
        for name in words
    ]
    return rows


def flagged_rows(found: Daily) -> list[Row]:
    """Every day that a rule flags: as published, as used, and why.

    Raises
    ------
    NotPrintedError
        If no day is flagged.
    """
    doubtful = found.shown[found.shown["flag"] != ""]
    if doubtful.empty:
        raise NotPrintedError("no day of series/covid_daily.csv is flagged", "covid_daily_flags")
    return [
        {
            "date": day.date(),
            "raw_cases": _count(row["raw"]),
            "used_cases": _count(row["cases"]),
            "flag": row["flag"].split()[0],
            "series_source_id": found.source_id,
        }
        for day, row in doubtful.iterrows()
    ]


def weekday_rows(found: Daily) -> list[Row]:
    """Counts of each weekday against the week around them [factor], with intervals that hold for all seven at once.

    Notes
    -----
    Ratio of sums; its logarithm has variance dispersion / cases (quasi-Poisson), the dispersion that of the days around
    these ratios. The intervals are those of 95% for seven comparisons (Bonferroni): the odd one out is looked for.
    """
    shown = found.shown
    table = pd.DataFrame({"cases": shown["cases"], "mean": seven_day_mean(shown["cases"], "centred")}).dropna()
    sums = table.groupby(table.index.day_of_week).sum()
    sums = sums[(sums > 0).all(axis=1)]
    if len(sums) < WEEK:
        raise NotPrintedError("series/covid_daily.csv: too few days with cases for a weekday pattern", "covid_weekday")
    ratio = sums["cases"] / sums["mean"]
    expected = (table["mean"] * ratio.loc[table.index.day_of_week].to_numpy())[table["mean"] > 0]
    residuals = (table["cases"].loc[expected.index] - expected) ** 2 / expected
    dispersion = max(1.0, residuals.sum() / (len(expected) - WEEK))
    spread = np.exp(SEVEN_AT_ONCE * np.sqrt(dispersion / sums["cases"]))
    return [
        {
            "weekday": f"weekday_{weekday}",
            "weekday_factor": estimate(ratio[weekday], ratio[weekday] / wide, ratio[weekday] * wide, "factor"),
            "series_source_id": found.source_id,
        }
        for weekday, wide in spread.items()
    ]


def _quality(name: str, chosen: pd.Series[bool], found: Daily) -> Row:
    days = chosen.index[chosen]
    return {
        "quality": f"quality_{name}",
        "days": len(days),
        "first_day": days[0].date() if len(days) else None,
        "last_day": days[-1].date() if len(days) else None,
        "series_source_id": found.source_id,
    }


def _count(value: float) -> Quantity | None:
    return None if np.isnan(value) else counted(value)
