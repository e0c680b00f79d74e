"""Quarterly GRDP by sector: which levels belong together, and growth that follows from them.

Responsibility: choose the release that a year rests on, add quarters up, and give the growth of a quarter in past
years. Levels of two releases are never set against each other, nor are two price bases.

Terms: *release* = all levels with one vintage and source, at constant prices: this year's and those it compares with;
*parts* = the four sectors that make up GRDP, or the total alone where they are not all given. Levels in bn VND, growth
in percent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, derive, union_bases, union_ids

TOTAL = "total"
PARTS = ("agriculture", "industry_construction", "services", "product_tax")
YEAR = (1, 2, 3, 4)
CUMULATIVE = {2: "H1", 3: "9M", 4: "FY"}  # by the number of quarters
_PRICES = "constant_2010"

Cells = Mapping[tuple[int, int, str], Quantity]


@dataclass(frozen=True)
class Release:
    """Levels that one publication gives.

    Attributes
    ----------
    vintage, source_id : str
    cells : mapping of (year, quarter, sector) to Quantity
        Level of a single quarter [bn VND].
    """

    vintage: str
    source_id: str
    cells: Cells

    def holds(self, year: int, quarters: Iterable[int]) -> bool:
        """Whether the total of all these quarters is given, or follows from its four parts."""
        return all(
            (year, quarter, TOTAL) in self.cells or all((year, quarter, part) in self.cells for part in PARTS)
            for quarter in quarters
        )

    def parts(self, cells: Iterable[tuple[int, int]]) -> tuple[str, ...]:
        """The four sectors where all are given in each year and quarter, else the total alone."""
        whole = all((year, quarter, part) in self.cells for year, quarter in cells for part in PARTS)
        return PARTS if whole else (TOTAL,)

    def level(self, year: int, quarters: Iterable[int], sector: str = TOTAL) -> Quantity:
        """Level of the quarters together [bn VND]; the total as given, else the sum of its parts."""
        return add([each for quarter in quarters for each in self._cell(year, quarter, sector)])

    def _cell(self, year: int, quarter: int, sector: str) -> list[Quantity]:
        if sector == TOTAL and (year, quarter, TOTAL) not in self.cells:
            return [self.cells[year, quarter, part] for part in PARTS]
        return [self.cells[year, quarter, sector]]


@dataclass(frozen=True)
class Levels:
    """Quarterly levels of a year with those of the year before, and all other releases.

    Attributes
    ----------
    year : int
    release : Release
        Rests on it: the latest that holds the year's first quarter and the whole year before.
    done : int
        Quarters of the year taken as known, from the first on.
    releases : tuple of Release
        All, oldest first.
    """

    year: int
    release: Release
    done: int
    releases: tuple[Release, ...]

    @property
    def known(self) -> tuple[int, ...]:
        """Quarters taken as known."""
        return YEAR[: self.done]

    @property
    def remaining(self) -> tuple[int, ...]:
        """Quarters still to come.

        Raises
        ------
        NotPrintedError
            If the year is whole.
        """
        if self.done == len(YEAR):
            raise NotPrintedError(f"grdp_quarterly: no quarter of {self.year} is left", "grdp_quarterly_whole")
        return YEAR[self.done :]

    @property
    def parts(self) -> tuple[str, ...]:
        """Sectors that the whole calculation can use."""
        return self.release.parts([*((self.year, each) for each in self.known), *((self.year - 1, q) for q in YEAR)])

    def now(self, sector: str = TOTAL) -> Quantity:
        """Level of the known quarters [bn VND]."""
        return self.release.level(self.year, self.known, sector)

    def before(self, quarters: Iterable[int], sector: str = TOTAL) -> Quantity:
        """Level of quarters of the year before [bn VND]."""
        return self.release.level(self.year - 1, quarters, sector)

    def history(self, quarter: int, sector: str = TOTAL) -> dict[int, Quantity]:
        """Growth of a quarter in each earlier year, from the latest release that holds both years [percent]."""
        found: dict[int, Quantity] = {}
        for release in self.releases:
            for year in sorted({key[0] for key in release.cells if key[0] < self.year}):
                pair = (year - 1, year)
                if all(_gives(release, each, quarter, sector) for each in pair):
                    old, new = (release.level(each, [quarter], sector) for each in pair)
                    found[year] = growth_of(new, old)
        return dict(sorted(found.items()))


def levels(data: Dataset, done: int | None = None) -> Levels:
    """Levels of the year from the optional series.

    Parameters
    ----------
    data : Dataset
    done : int, optional
        Quarters to take as known; all that are given if None.

    Raises
    ------
    NotPrintedError
        If there is no series, or no release holds a quarter of the year with the whole year before.
    DataError
        If more quarters are asked for than are given.
    """
    found = releases(data)
    fitting = [each for each in found if each.holds(data.year, [1]) and each.holds(data.year - 1, YEAR)]
    if not fitting:
        raise NotPrintedError(
            f"grdp_quarterly: no vintage holds Q1 {data.year} and the four quarters of {data.year - 1}",
            "grdp_quarterly_year",
        )
    release = fitting[-1]
    given = next((n for n in YEAR if not release.holds(data.year, [n])), len(YEAR) + 1) - 1
    if done is not None and done > given:
        raise DataError(f"done_quarters = {done}: vintage {release.vintage} holds {given} of {data.year}; give fewer")
    return Levels(data.year, release, done or given, tuple(found))


def releases(data: Dataset) -> list[Release]:
    """Every release of the series at constant prices, oldest first.

    Raises
    ------
    NotPrintedError
        If there is none.
    """
    rows = data.grdp_quarterly
    if rows.empty:
        raise NotPrintedError("series/grdp_quarterly.csv is not there or holds no row of the area", "grdp_quarterly")
    rows = rows[rows["price_base"] == _PRICES]
    if rows.empty:
        raise NotPrintedError("grdp_quarterly: no level at constant prices", "grdp_quarterly_prices")
    return [
        Release(str(vintage), str(source_id), _cells(own))
        for (vintage, source_id), own in rows.groupby(["vintage", "source_id"], sort=True)
    ]


def add(quantities: Sequence[Quantity]) -> Quantity:
    """Sum of amounts rounded independently of each other, with as many decimals as the coarsest has."""
    if len(quantities) == 1:
        return quantities[0]
    intervals = [each.interval for each in quantities]
    low, high = sum((each.low for each in intervals), Fraction(0)), sum((each.high for each in intervals), Fraction(0))
    value = sum((Fraction(each.value or 0) for each in intervals), Fraction(0))
    known = all(each.value is not None for each in intervals)
    interval, unit = Interval(low, high, value if known else None), quantities[0].unit
    finest = min(each.shown_decimals for each in quantities)
    return Quantity(interval, unit, union_ids(quantities), inputs=union_bases(quantities), finest=finest)


def growth_of(now: Quantity, before: Quantity) -> Quantity:
    """Growth from one level to another [percent]."""
    return derive(lambda new, old: 100 * (new / old - 1), now, before, unit="pct")


def _gives(release: Release, year: int, quarter: int, sector: str) -> bool:
    return (year, quarter, sector) in release.cells or (sector == TOTAL and release.holds(year, [quarter]))


def _cells(rows: pd.DataFrame) -> dict[tuple[int, int, str], Quantity]:
    return {(int(row.year), int(row.quarter), str(row.sector)): _quantity(row) for row in rows.itertuples()}


def _quantity(row: object) -> Quantity:
    value, decimals, basis = (getattr(row, each) for each in ("value_bn_vnd", "decimals", "basis"))
    return Quantity(Interval.rounded(Decimal(str(value)), int(decimals)), "bn_vnd", (), int(decimals), str(basis))
