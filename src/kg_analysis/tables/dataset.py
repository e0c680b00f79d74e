"""What a notebook reads: the clean tables of one area and year, in one vintage.

Responsibility: load, select and cite. Figures published later about the same year are another vintage; they are
never mixed into this one.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.intervals import Interval, Number
from kg_analysis.quantities import Quantity
from kg_analysis.tables.files import read_table
from kg_analysis.tables.schemas import CLEAN, REGISTERS


@dataclass(frozen=True)
class Dataset:
    """Clean tables of one area, year and vintage, with the registers that explain them.

    Attributes
    ----------
    year : int
    area : str
        Area code.
    vintage : str
        Publication date of the figures; the one most of the year's figures have.
    figures : DataFrame
        Figures of the year and aims for the next, indexed by ``figure_id``.
    covid_phases, measures, grdp_growth, sector_outputs, investment : DataFrame
        Views of these figures; columns as in ``tables/schemas.py``.
    sources, indicators, areas, assumptions : DataFrame
        Registers, indexed by their id (areas by code and boundary).
    inputs : dict of str to str
        sha256 of every file read, by its path under the data folder.
    """

    year: int
    area: str
    vintage: str
    figures: pd.DataFrame
    covid_phases: pd.DataFrame
    measures: pd.DataFrame
    grdp_growth: pd.DataFrame
    sector_outputs: pd.DataFrame
    investment: pd.DataFrame
    sources: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    assumptions: pd.DataFrame
    inputs: dict[str, str]

    @property
    def area_name(self) -> str:
        """Name of the area within the boundary that its figures hold for."""
        boundary = self.figures["boundary_version"].iloc[0]
        return str(self.areas.at[(self.area, boundary), "name"])

    def quantity(self, figure_id: str) -> Quantity:
        """Printed figure as a quantity.

        Raises
        ------
        DataError
            If the figure is not among those of the year.
        """
        if figure_id not in self.figures.index:
            raise DataError(f"figure {figure_id!r} is not among those of {self.year}; see data/clean/figures.csv")
        row = self.figures.loc[figure_id]
        value = None if pd.isna(row["value"]) else Fraction(str(row["value"]))
        interval = Interval(_bound(row["low"], -math.inf), _bound(row["high"], math.inf), value)
        decimals = None if pd.isna(row["decimals"]) else int(row["decimals"])
        return Quantity(interval, row["unit"], (figure_id,), decimals, row["basis"])

    def find(self, indicator: str, **columns: str) -> Quantity | None:
        """The year's figure of an indicator, further selected by columns; None if it is not printed.

        Raises
        ------
        DataError
            If several figures fit, naming them.
        """
        rows = self.select(indicator, **columns)
        if len(rows) > 1:
            raise DataError(f"{indicator}: {', '.join(rows.index)} all fit; select one by item, period_type or basis")
        return self.quantity(rows.index[0]) if len(rows) else None

    def select(self, indicator: str, **columns: str) -> pd.DataFrame:
        """Figures of an indicator, further selected by columns, in order of the page."""
        chosen = self.figures["indicator"] == indicator
        for column, wanted in columns.items():
            chosen &= self.figures[column] == wanted
        return self.figures[chosen]

    def assumption(self, name: str) -> Quantity:
        """Scenario input of ``assumptions.csv``, exact by choice."""
        if name not in self.assumptions.index:
            raise DataError(f"assumption {name!r} is missing; add it to data/assumptions.csv")
        row = self.assumptions.loc[name]
        return Quantity(Interval.exact(str(row["value"])), row["unit"], (), None, "scenario")


def load(data_dir: Path, year: int, area: str) -> Dataset:
    """Dataset of one area and year.

    Raises
    ------
    DataError
        Every failure of the files; an area or year without figures, with those that have some.
    """
    tables, inputs = _read_all(data_dir)
    figures = tables["clean/figures"]
    if area not in set(figures["area_code"]):
        raise DataError(
            f"area {area!r} has no figures; areas with figures: {', '.join(sorted(set(figures['area_code'])))}"
        )
    figures = figures[figures["area_code"] == area]
    years = years_with_figures(figures)
    if year not in years:
        raise DataError(f"year {year} has no figures; years with figures: {', '.join(map(str, years))}")
    of_year = _year_of(figures) == year
    vintage = str(figures.loc[of_year & _is_result(figures), "vintage"].mode().max())
    figures = figures[(figures["vintage"] == vintage) & (of_year | _looks_ahead(figures, year))].set_index("figure_id")
    names = ("covid_phases", "measures", "grdp_growth", "sector_outputs", "investment")
    views = {name: _of_figures(tables[f"clean/{name}"], figures.index) for name in names}
    registers = {name: tables[name].set_index("id") for name in ("sources", "indicators", "assumptions")}
    areas = tables["areas"].set_index(["area_code", "boundary_version"])
    return Dataset(year, area, vintage, figures, **views, **registers, areas=areas, inputs=inputs)


def years_with_figures(figures: pd.DataFrame) -> list[int]:
    """Years for which results are printed; a mere aim for a year does not count."""
    return sorted({int(each) for each in _year_of(figures)[_is_result(figures)]})


def _year_of(figures: pd.DataFrame) -> pd.Series[int]:
    """Year that a figure counts for; a wave that runs into the next year stays whole, in the year it began."""
    in_wave = figures["dimension"] == "wave_phase"
    group = figures["item"].str.partition("-")[0].where(in_wave, figures.index.astype(str))
    return figures["period_start"].dt.year.groupby(group).transform("min")


def _is_result(figures: pd.DataFrame) -> pd.Series[bool]:
    return figures["basis"].isin(["actual", "estimate"]) & figures["value"].notna()


def _looks_ahead(figures: pd.DataFrame, year: int) -> pd.Series[bool]:
    """Aims for the next year, and the cut-off day that closes this budget year in the next January."""
    ahead = figures["basis"].isin(["plan", "scenario"]) | (figures["period_type"] == "day")
    return (figures["period_start"].dt.year == year + 1) & ahead


def _bound(cell: float, open_end: float) -> Number:
    return open_end if pd.isna(cell) else Fraction(str(cell))


def _of_figures(view: pd.DataFrame, chosen: pd.Index) -> pd.DataFrame:
    """Rows of a view all of whose figures are chosen."""
    keep = view["figure_ids"].map(lambda ids: set(ids.split()) <= set(chosen))
    return view[keep.astype(bool)].reset_index(drop=True)


def _read_all(data_dir: Path) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    tables: dict[str, pd.DataFrame] = {}
    inputs: dict[str, str] = {}
    problems: list[str] = []
    for table in (*REGISTERS, *CLEAN):
        path = data_dir / f"{table.name}.csv"
        try:
            tables[table.name] = read_table(path, table)
            inputs[f"{table.name}.csv"] = hashlib.sha256(path.read_bytes()).hexdigest()
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return tables, inputs
