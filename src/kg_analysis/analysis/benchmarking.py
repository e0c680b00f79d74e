"""Quarters made to add up to revised years: proportional first-difference Denton.

Responsibility: the method and its bounds, and the revision of a year in the series. The revised quarters are computed,
not published.

Terms: *indicator* = quarters as first published; *benchmark* = revised level of a whole year; *ratio* = benchmarked
over indicator, which the method lets change as little as possible from one quarter to the next, across years too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from kg_analysis.analysis.levels import YEAR, Release, releases
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, Row, derive, given

FIRST, REVISED, DENTON, SCALED = "first", "revised", "denton", "scaled"
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Revision:
    """Quarters of consecutive years as first published, and made to add up to the revised years.

    Attributes
    ----------
    periods : tuple of (int, int)
        Year and quarter.
    first : dict of (int, int) to Quantity
        As first published [bn VND].
    years : dict of int to Quantity
        Revised level of each year [bn VND].
    denton : dict of (int, int) to Quantity
        Benchmarked quarters [bn VND].
    scaled : dict of (int, int) to Quantity
        Quarters scaled year by year, which jumps between years; shown beside [bn VND].
    revised : dict of (int, int) to Quantity
        Quarters as the revising release publishes them; none where the reader set the year's level.
    vintages : tuple of str
        Of the first and of the revising release.
    source_ids : tuple of str
    chosen : bool
        Whether the reader set the revised level of the last year.
    """

    periods: tuple[tuple[int, int], ...]
    first: dict[tuple[int, int], Quantity]
    years: dict[int, Quantity]
    denton: dict[tuple[int, int], Quantity]
    scaled: dict[tuple[int, int], Quantity]
    revised: dict[tuple[int, int], Quantity]
    vintages: tuple[str, str]
    source_ids: tuple[str, ...]
    chosen: bool


def proportional_denton(indicator: Sequence[float], benchmarks: Sequence[float], per_year: int = 4) -> Array:
    """Quarters that add up exactly to the benchmarks, with the smallest squared changes of their ratio.

    Parameters
    ----------
    indicator : sequence of float
        Positive; ``per_year`` values for each benchmark, in order of time.
    benchmarks : sequence of float
        Level of each year.
    per_year : int

    Returns
    -------
    ndarray
        Shape of ``indicator``.

    Raises
    ------
    DataError
        If the lengths do not match or a value of the indicator is not positive.

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
    return series * _ratios(series, years, per_year)


def revision(data: Dataset, chosen: float | None = None) -> Revision:
    """Last whole year up to the data's, as first published, made to add up to its level in the latest release.

    Parameters
    ----------
    data : Dataset
    chosen : float, optional
        Revised level of the year that the reader sets [bn VND], in the place of the latest release's.

    Raises
    ------
    NotPrintedError
        If no whole year has been published twice, and no revised level is given.
    """
    found = releases(data)
    whole = [(year, each) for each in found for year in {key[0] for key in each.cells} if each.holds(year, YEAR)]
    ends = sorted({year for year, _ in whole if year <= data.year}, reverse=True)
    for year in ends:
        holding = [each for at, each in whole if at == year]
        if len(holding) > 1 or chosen is not None:
            return _revision(year, holding[0], holding[-1], chosen)
    raise NotPrintedError("grdp_quarterly: no whole year was published twice", "grdp_quarterly_revision")


def revision_rows(found: Revision) -> list[Row]:
    """One row a quarter: as first published, revised, benchmarked and merely scaled [bn VND]."""
    return [
        {
            "year": year,
            "quarter": f"Q{quarter}",
            "first_bn_vnd": found.first[year, quarter],
            "revised_bn_vnd": found.revised.get((year, quarter)),
            "denton_bn_vnd": found.denton[year, quarter],
            "scaled_bn_vnd": found.scaled[year, quarter],
        }
        for year, quarter in found.periods
    ]


def _revision(year: int, first: Release, last: Release, chosen: float | None) -> Revision:
    """The year with the one before it where both releases hold it, so that the ratio has a past to follow."""
    years = [each for each in (year - 1, year) if first.holds(each, YEAR) and last.holds(each, YEAR)]
    periods = tuple((each, quarter) for each in years for quarter in YEAR)
    quarters = {period: first.level(period[0], [period[1]]) for period in periods}
    totals = {each: last.level(each, YEAR) for each in years}
    if chosen is not None:
        totals[year] = given(chosen, "bn_vnd")
    return Revision(
        periods,
        quarters,
        totals,
        dict(zip(periods, _bounded(list(quarters.values()), list(totals.values())), strict=True)),
        {period: _scaled(quarters, period, totals[period[0]]) for period in periods},
        {} if chosen is not None else {period: last.level(period[0], [period[1]]) for period in periods},
        (first.vintage, last.vintage),
        tuple(dict.fromkeys((first.source_id, last.source_id))),
        chosen is not None,
    )


def _ratios(series: Array, years: Array, per_year: int) -> Array:
    """Ratios by the first-order conditions: changes squared, under one constraint a year."""
    size, count = len(series), len(years)
    steps = np.diff(np.eye(size), axis=0)
    adds = np.kron(np.eye(count), np.ones(per_year)) * series
    system = np.block([[2 * steps.T @ steps, adds.T], [adds, np.zeros((count, count))]])
    return np.linalg.solve(system, np.concatenate([np.zeros(size), years]))[:size]


def _bounded(first: Sequence[Quantity], years: Sequence[Quantity]) -> list[Quantity]:
    """Benchmarked quarters; bounds add up what the rounding of each input, taken by itself, moves them."""
    inputs = [*first, *years]
    middle = np.array([each.value for each in inputs])
    centre = _solved(middle, len(first))
    reach = np.zeros(len(first))
    for place, each in enumerate(inputs):
        half = (each.high - each.low) / 2
        if half:
            reach += np.abs(_solved(middle + half * np.eye(len(inputs))[place], len(first)) - centre)
    finest = min(each.shown_decimals for each in first)
    bases = frozenset(basis for each in inputs for basis in each.rests_on)
    return [
        Quantity(_interval(value, room), "bn_vnd", inputs=bases, finest=finest)
        for value, room in zip(centre, reach, strict=True)
    ]


def _solved(inputs: Array, quarters: int) -> Array:
    return proportional_denton(inputs[:quarters].tolist(), inputs[quarters:].tolist())


def _interval(value: float, room: float) -> Interval:
    middle, half = Fraction(str(value)), Fraction(str(room))
    return Interval(middle - half, middle + half, middle)


def _scaled(quarters: dict[tuple[int, int], Quantity], period: tuple[int, int], total: Quantity) -> Quantity:
    own = quarters[period]
    rest = [quarters[period[0], each] for each in YEAR if each != period[1]]
    return derive(lambda b, x, *others: b * x / (x + sum(others)), total, own, *rest, unit="bn_vnd")
