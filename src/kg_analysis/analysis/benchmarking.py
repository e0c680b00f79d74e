"""Quarters made to add up to a revised year: proportional first-difference Denton, with the rounding of its inputs.

Responsibility: the method, and the revision of a year in quarterly levels. Benchmarked quarters are computed, not
published.

Terms: *indicator* = quarters as first published; *benchmark* = revised level of a whole year; *ratio* = benchmarked
over indicator, which the method lets change as little as possible from one quarter to the next, across years too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from kg_analysis.analysis.levels import SINGLE, TOTAL, with_totals
from kg_analysis.bounds import ROUNDING
from kg_analysis.errors import DataError, NotPrintedError

Array = npt.NDArray[np.float64]
_NUMBER = ("level_bn_vnd", "level_bn_vnd_low", "level_bn_vnd_high")


def proportional_denton(indicator: Sequence[float], benchmarks: Sequence[float], per_year: int = 4) -> Array:
    """Quarters that add up exactly to the benchmarks, with the smallest squared changes of their ratio.

    ``indicator``: positive; ``per_year`` values for each benchmark, in order of time. ``benchmarks``: level of each
    year.
    Shape of ``indicator``.
    Raises DataError: if the lengths do not match or a value of the indicator is not positive.

    Examples
    --------
    >>> proportional_denton([1, 1, 1, 1], [2, 4], per_year=2).round(3).tolist()
    [0.833, 1.167, 1.833, 2.167]

    References
    ----------
    Denton, F. T. (1971), Journal of the American Statistical Association 66(333), 99-102; International Monetary Fund,
    Quarterly National Accounts Manual, chapter on benchmarking.
    """
    series, years = np.asarray(indicator, dtype=float), np.asarray(benchmarks, dtype=float)
    if len(series) != per_year * len(years) or not len(years):
        raise DataError(f"{len(series)} quarters do not make {len(years)} years of {per_year}; give whole years")
    if not (series > 0).all():
        raise DataError(f"indicator {series.min():g} is not positive; the ratio to it is undefined")
    size, count = len(series), len(years)
    steps = np.diff(np.eye(size), axis=0)
    adds = np.kron(np.eye(count), np.ones(per_year)) * series
    system = np.block([[2 * steps.T @ steps, adds.T], [adds, np.zeros((count, count))]])
    return series * np.linalg.solve(system, np.concatenate([np.zeros(size), years]))[:size]


def benchmarked(quarterly: pd.DataFrame, year: int, chosen_bn_vnd: float | None = None) -> pd.DataFrame:
    """Last whole year up to ``year`` as first published, its quarters made to add up to its latest level.

    The year before goes with it where both publications hold it, so that the ratio has a past to follow.

    Parameters
    ----------
    quarterly : DataFrame
        :func:`singles`.
    chosen_bn_vnd : float or None
        Level of the year that the reader sets, in the place of the latest publication's.

    Returns
    -------
    DataFrame
        A row a quarter: ``first_bn_vnd``, ``revised_bn_vnd`` (as republished; none where the reader set the year),
        ``denton_bn_vnd``, ``scaled_bn_vnd`` (year by year, which jumps between years) with bounds, ``first_vintage``,
        ``last_vintage``, ``series_source_id``.

    Raises
    ------
    NotPrintedError
        If no whole year has been published twice, and no level is given.
    """
    if quarterly.empty:
        raise NotPrintedError("no quarterly level of GRDP at constant prices", "grdp_quarterly")
    totals = {key: with_totals(rows) for key, rows in quarterly.groupby(["vintage", "source_id"])}
    totals = {key: rows[rows["sector"] == TOTAL] for key, rows in sorted(totals.items(), key=lambda each: each[0])}
    whole = {
        key: {y for y, own in rows.groupby("year") if set(own["period"]) >= set(SINGLE)} for key, rows in totals.items()
    }
    for last in sorted({y for each in whole.values() for y in each if y <= year}, reverse=True):
        holding = [key for key, years in whole.items() if last in years]
        if len(holding) > 1 or chosen_bn_vnd is not None:
            years = [y for y in (last - 1, last) if y in whole[holding[0]] and y in whole[holding[-1]]]
            return _benchmarked(totals[holding[0]], totals[holding[-1]], years, chosen_bn_vnd)
    raise NotPrintedError("no whole year was published twice", "grdp_quarterly_revision")


def reach(formula: Callable[[Array], Array], values: Array, halves: Array) -> tuple[Array, Array]:
    """Results at the middle of all inputs, and how far rounding moves them: each input's own effect, added up.

    Exact where the formula is linear; the roundings of levels are so small beside them that it is linear there.
    """
    centre = formula(values)
    moved = np.zeros_like(centre)
    for place in np.ndindex(values.shape):
        if halves[place]:
            shifted = values.copy()
            shifted[place] += halves[place]
            moved += np.abs(formula(shifted) - centre)
    return centre, moved


def _benchmarked(first: pd.DataFrame, last: pd.DataFrame, years: list[int], chosen: float | None) -> pd.DataFrame:
    place = [(year, quarter) for year in years for quarter in SINGLE]
    old, new = (rows.set_index(["year", "period"]).loc[place, list(_NUMBER)].astype(float) for rows in (first, last))
    targets = new.groupby(level="year", sort=False).sum()
    if chosen is not None:
        targets.loc[years[-1]] = chosen
    values = np.concatenate([old["level_bn_vnd"], targets["level_bn_vnd"]])
    halves = np.concatenate([(each.iloc[:, 2] - each.iloc[:, 1]) / 2 for each in (old, targets)])
    size = len(place)

    def scaled(x: Array) -> Array:
        by_year = x[:size].reshape(-1, 4)
        result: Array = (by_year * (x[size:] / by_year.sum(axis=1))[:, None]).ravel()
        return result

    table = pd.DataFrame({"year": [year for year, _ in place], "quarter": [quarter for _, quarter in place]})
    for name, rows in (("first_bn_vnd", old), ("revised_bn_vnd", new if chosen is None else new * np.nan)):
        table = table.assign(
            **{f"{name}{end}": rows[c].to_numpy() for end, c in zip(("", "_low", "_high"), _NUMBER, strict=True)}
        )
    formulas = (
        ("denton_bn_vnd", lambda x: proportional_denton(x[:size].tolist(), x[size:].tolist())),
        ("scaled_bn_vnd", scaled),
    )
    for name, formula in formulas:
        middle, room = reach(formula, values, halves)
        table = table.assign(**{name: middle, f"{name}_low": middle - room, f"{name}_high": middle + room})
    kinds = {f"{name}_kind": ROUNDING for name in ("first_bn_vnd", "revised_bn_vnd", "denton_bn_vnd", "scaled_bn_vnd")}
    sources = sorted({first["source_id"].iloc[0], last["source_id"].iloc[0]})
    vintages = {"first_vintage": first["vintage"].iloc[0], "last_vintage": last["vintage"].iloc[0]}
    return table.assign(**kinds, **vintages, series_source_id=sources[0], is_chosen=chosen is not None)
