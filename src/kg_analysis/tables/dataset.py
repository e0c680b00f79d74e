"""What a notebook reads: the clean tables of one area and year, with all else that was published about the area.

Responsibility: select and cite. Which figures a year rests on is chosen by ``edition``; the others stay apart. Every
table that is taken from a dataset is noted, see ``reads``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity
from kg_analysis.tables.cells import to_quantity
from kg_analysis.tables.edition import choose, years_with_figures
from kg_analysis.tables.reads import Digests, Tracked, part_of, publications
from kg_analysis.tables.schemas import REGISTERS, SERIES, TOPICAL
from kg_analysis.tables.selection import checks_of, of_figures, only_citable, references_of, sources_of, within
from kg_analysis.tables.series import short
from kg_analysis.tables.store import read_store

_CUT = ("figures", "published", "everything", "check_figures", "legal_references")
_TABLES = (*_CUT, *(short(table) for table in (*TOPICAL, *SERIES, *REGISTERS)))


@dataclass(frozen=True)
class Dataset(Tracked):
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
        All figures of the area, those known to be wrong included, and those of other areas that its checks name.
    check_figures : DataFrame
        Figures that the year's checks name, whatever their area.
    covid_phases, measures, grdp_growth, sector_outputs, investment, targets, tasks, programme_items : DataFrame
        Views of the year's figures; columns as in ``tables/topic_schemas.py``.
    online_services : DataFrame
        Likewise.
    legal_references : DataFrame
        Legal documents that the year's own report names.
    covid_daily, covid_deaths_daily, grdp_quarterly, disbursement_monthly : DataFrame
        Optional series of the area, of all years, sources and vintages; columns as in ``tables/series_schemas.py``, no
        rows where the data folder has no such file.
    sources, areas, corrections : DataFrame
        Rows of the registers that concern the area, indexed by their id (areas by code and boundary).
    checks : DataFrame
        Declared checks that use a figure about the year: of the area, or of one that has no report of its own.
    indicators, assumptions : DataFrame
        Registers, indexed by their id.
    inputs : dict of str to str
        sha256 of every file read, by its path under the data folder.
    used : set of str
        Parts read so far, see :mod:`kg_analysis.tables.reads`.
    """

    year: int
    area: str
    edition: str
    vintages: tuple[str, ...]
    figures: pd.DataFrame
    published: pd.DataFrame
    everything: pd.DataFrame
    check_figures: pd.DataFrame
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
    covid_deaths_daily: pd.DataFrame
    grdp_quarterly: pd.DataFrame
    disbursement_monthly: pd.DataFrame
    sources: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    assumptions: pd.DataFrame
    checks: pd.DataFrame
    corrections: pd.DataFrame
    inputs: dict[str, str]
    used: set[str] = field(default_factory=set, compare=False, repr=False)
    tables = frozenset(_TABLES)

    @property
    def area_name(self) -> str:
        """Name of the area within the boundary that its figures hold for."""
        boundary = self.silent("figures")["boundary_version"].iloc[0]
        return str(self.silent("areas").at[(self.area, boundary), "name"])

    @property
    def publications(self) -> list[str]:
        """Sources of the year's figures, sorted."""
        self.used.add("publications")
        return list(publications(self)["source_id"])

    @property
    def reads(self) -> dict[str, str]:
        """Digest of every part that was read so far."""
        return Digests(self).of(self.used)

    def size(self, table: str) -> int:
        """Number of rows of a table."""
        self.used.add(f"size:{table}")
        return len(self.silent(table))

    def about(self, year: int, indicator: str) -> pd.DataFrame:
        """Published figures of an indicator whose period begins in a year, whoever printed them."""
        return self._part(f"about:{year}:{indicator}")

    def ever(self, *indicators: str) -> pd.DataFrame:
        """Published figures of indicators, about whatever year and whoever printed them, in order of the table."""
        self.used.update(f"ever:{each}" for each in indicators)
        published = self.silent("published")
        return published[published["indicator"].isin(indicators)]

    def topic(self, topic: str) -> pd.DataFrame:
        """Figures of the year on a topic, in order of the page."""
        return self._part(f"topic:{topic}")

    def row(self, figure_id: str) -> pd.Series:
        """Published figure as a row of ``clean/figures``.

        Raises
        ------
        DataError
            If no such figure of the area was published.
        """
        self.used.add(f"figure:{figure_id}")
        for figures in (self.silent("figures"), self.silent("published")):
            if figure_id in figures.index:
                return figures.loc[figure_id]
        raise DataError(f"figure {figure_id!r} is not among those of area {self.area}; see data/clean/figures.csv")

    def rows(self, figure_ids: Iterable[str]) -> pd.DataFrame:
        """Published figures as rows of ``clean/figures``, in the order of their ids."""
        wanted = sorted(set(figure_ids))
        self.used.update(f"figure:{each}" for each in wanted)
        return self.silent("published").loc[wanted]

    def is_of_year(self, figure_id: str) -> bool:
        """Whether a figure is among those that the year rests on."""
        self.used.add(f"figure:{figure_id}")
        return figure_id in self.silent("figures").index

    def _part(self, part: str) -> pd.DataFrame:
        self.used.add(part)
        return part_of(self, part)

    def quantity(self, figure_id: str) -> Quantity:
        """Published figure as a quantity.

        Raises
        ------
        DataError
            If no such figure of the area was published.
        """
        return to_quantity(self.row(figure_id))

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
        found = self._part(f"indicator:{indicator}")
        for column, wanted in columns.items():
            found = found[found[column] == wanted]
        return found

    def assumption(self, name: str) -> Quantity:
        """Scenario input of ``assumptions.csv``, exact by choice."""
        if name not in self.assumptions.index:
            raise DataError(f"assumption {name!r} is missing; add it to data/assumptions.csv")
        row = self.assumptions.loc[name]
        return Quantity(Interval.exact(str(row["value"])), row["unit"], (), None, "scenario")


def load(data_dir: Path, year: int, area: str, *, citable: bool = False) -> Dataset:
    """Dataset of one area and year.

    Parameters
    ----------
    data_dir : Path
    year : int
    area : str
        Area code.
    citable : bool
        Leave out figures of sources that are not cited in what is sent, and the checks that name them.

    Raises
    ------
    DataError
        Every failure of the files; an area or year without figures, with those that have some.
    """
    store = read_store(data_dir)
    if citable:
        store = only_citable(store)
    if area not in store.areas or store.areas[area]["figures"].empty:
        listed = ", ".join(sorted(code for code, parts in store.areas.items() if len(parts["figures"])))
        raise DataError(f"area {area!r} has no figures; areas with figures: {listed}")
    own = store.areas[area]
    corrections = store.registers["corrections"]
    years = years_with_figures(own["figures"])
    if year not in years:
        raise DataError(f"year {year} has no figures; years with figures: {', '.join(map(str, years))}")
    published = own["figures"][~own["figures"].index.isin(corrections.index)]
    edition = choose(published, store.registers["sources"], year)
    chosen = set(edition.figures.index)
    references = references_of(store, published, year)
    series = within(own, str(edition.figures["boundary_version"].iloc[0]))
    checks, named = checks_of(store, area, year, chosen)
    everything = store.figures[store.figures.index.isin([*own["figures"].index, *named])]
    areas = store.registers["areas"]
    return Dataset(
        year,
        area,
        edition.rule,
        edition.vintages,
        edition.figures,
        published,
        everything,
        everything[everything.index.isin(named)],
        **{short(table): of_figures(own[short(table)], chosen) for table in TOPICAL},
        legal_references=references,
        **series,
        sources=sources_of(store, everything, references, *series.values()),
        indicators=store.registers["indicators"].copy(),
        areas=areas[areas.index.get_level_values("area_code") == area],
        assumptions=store.registers["assumptions"].copy(),
        checks=checks,
        corrections=corrections[corrections.index.isin(own["figures"].index)],
        inputs=dict(store.inputs),
    )
