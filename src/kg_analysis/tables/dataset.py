"""What a notebook reads: the clean tables of one area and year, with all else that was published about the area.

Responsibility: load, select and cite. Which figures a year rests on is chosen by ``edition``; the others stay apart.
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
from kg_analysis.tables.edition import choose, years_with_figures
from kg_analysis.tables.files import read_table
from kg_analysis.tables.schemas import CLEAN, REGISTERS, TOPICAL
from kg_analysis.tables.series import present, read_series


@dataclass(frozen=True)
class Dataset:
    """Clean tables of one area and year, with the registers that explain them.

    Attributes
    ----------
    year : int
    area : str
        Area code.
    edition : str
        Rule by which the figures were selected: ``report`` or ``latest``, see :mod:`kg_analysis.tables.edition`.
    vintages : tuple of str
        When the figures were published: one date, or the first and the last.
    figures : DataFrame
        Figures of the year and aims for the next, indexed by ``figure_id``.
    published : DataFrame
        All figures of the area, of every year, source and vintage, indexed likewise, but those known to be wrong.
    everything : DataFrame
        Figures of all areas, those known to be wrong included, for the checks.
    covid_phases, measures, grdp_growth, sector_outputs, investment, targets, tasks, programme_items : DataFrame
        Views of the year's figures; columns as in ``tables/topic_schemas.py``.
    online_services : DataFrame
        Likewise.
    legal_references : DataFrame
        Legal documents that the year's own report names.
    covid_daily, grdp_quarterly, disbursement_monthly : DataFrame
        Optional series of the area, of all years, sources and vintages; columns as in ``tables/series_schemas.py``, no
        rows where the data folder has no such file.
    sources, indicators, areas, assumptions, checks, corrections : DataFrame
        Registers, indexed by their id (areas by code and boundary).
    inputs : dict of str to str
        sha256 of every file read, by its path under the data folder.
    """

    year: int
    area: str
    edition: str
    vintages: tuple[str, ...]
    figures: pd.DataFrame
    published: pd.DataFrame
    everything: pd.DataFrame
    covid_phases: pd.DataFrame
    measures: pd.DataFrame
    grdp_growth: pd.DataFrame
    sector_outputs: pd.DataFrame
    investment: pd.DataFrame
    targets: pd.DataFrame
    tasks: pd.DataFrame
    programme_items: pd.DataFrame
    online_services: pd.DataFrame
    legal_references: pd.DataFrame
    covid_daily: pd.DataFrame
    grdp_quarterly: pd.DataFrame
    disbursement_monthly: pd.DataFrame
    sources: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    assumptions: pd.DataFrame
    checks: pd.DataFrame
    corrections: pd.DataFrame
    inputs: dict[str, str]

    @property
    def area_name(self) -> str:
        """Name of the area within the boundary that its figures hold for."""
        boundary = self.figures["boundary_version"].iloc[0]
        return str(self.areas.at[(self.area, boundary), "name"])

    def quantity(self, figure_id: str) -> Quantity:
        """Published figure as a quantity.

        Raises
        ------
        DataError
            If no such figure of the area was published.
        """
        for figures in (self.figures, self.published):
            if figure_id in figures.index:
                return to_quantity(figures.loc[figure_id])
        raise DataError(f"figure {figure_id!r} is not among those of area {self.area}; see data/clean/figures.csv")

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


def to_quantity(row: pd.Series) -> Quantity:
    """Row of ``clean/figures``, named by its ``figure_id``, as a quantity."""
    value = None if pd.isna(row["value"]) else Fraction(str(row["value"]))
    interval = Interval(_bound(row["low"], -math.inf), _bound(row["high"], math.inf), value)
    decimals = None if pd.isna(row["decimals"]) else int(row["decimals"])
    return Quantity(interval, row["unit"], (str(row.name),), decimals, row["basis"])


def load(data_dir: Path, year: int, area: str) -> Dataset:
    """Dataset of one area and year.

    Raises
    ------
    DataError
        Every failure of the files; an area or year without figures, with those that have some.
    """
    tables, inputs = _read_all(data_dir)
    series, series_inputs = _read_series(data_dir)
    everything = tables["clean/figures"].set_index("figure_id")
    if area not in set(everything["area_code"]):
        raise DataError(
            f"area {area!r} has no figures; areas with figures: {', '.join(sorted(set(everything['area_code'])))}"
        )
    published = everything[everything["area_code"] == area]
    years = years_with_figures(published)
    if year not in years:
        raise DataError(f"year {year} has no figures; years with figures: {', '.join(map(str, years))}")
    registers = {table.name: tables[table.name].set_index(list(table.key)) for table in REGISTERS}
    published = published[~published.index.isin(registers["corrections"].index)]
    edition = choose(published, registers["sources"], year)
    views = {
        table.name.removeprefix("clean/"): _of_figures(tables[table.name], edition.figures.index) for table in TOPICAL
    }
    references = tables["clean/legal_references"]
    own = registers["sources"].index[registers["sources"]["report_year"] == year]
    references = references[references["source_id"].isin(own)].reset_index(drop=True)
    return Dataset(
        year,
        area,
        edition.rule,
        edition.vintages,
        edition.figures,
        published,
        everything,
        **views,
        legal_references=references,
        **_of_area(series, area, str(edition.figures["boundary_version"].iloc[0])),
        **registers,
        inputs=inputs | series_inputs,
    )


def read_checks(data_dir: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Declared checks, the figures of all areas and sources, and the assumptions, each indexed by its id but the first.

    Raises
    ------
    DataError
        Every failure of the files.
    """
    tables, _ = _read_all(data_dir)
    return tables["checks"], tables["clean/figures"].set_index("figure_id"), tables["assumptions"].set_index("id")


def _bound(cell: float, open_end: float) -> Number:
    return open_end if pd.isna(cell) else Fraction(str(cell))


def _of_figures(view: pd.DataFrame, chosen: pd.Index) -> pd.DataFrame:
    """Rows of a view all of whose figures are chosen."""
    keep = view["figure_ids"].map(lambda ids: set(ids.split()) <= set(chosen))
    return view[keep.astype(bool)].reset_index(drop=True)


def _of_area(series: dict[str, pd.DataFrame], area: str, boundary: str) -> dict[str, pd.DataFrame]:
    """Rows of every series that hold for the area within its boundary."""
    own = {name: (rows["area_code"] == area) & (rows["boundary_version"] == boundary) for name, rows in series.items()}
    return {name: rows[own[name]].reset_index(drop=True) for name, rows in series.items()}


def _read_series(data_dir: Path) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    files = {f"{table.name}.csv": data_dir / f"{table.name}.csv" for table in present(data_dir)}
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    return read_series(data_dir), hashes


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
