"""Figures of one area and year: what a report on that year rests on.

Responsibility: a thin view of the tables: select the figures that a year rests on, cut everything to one area. All of
its parts are DataFrames.

Terms: *edition* = the figures selected for a year; ``report`` = all from the province's report on that year, of one
vintage, and the aims for it that an earlier report printed; ``latest`` = for a year without a report, the last
published figure of each kind, whichever source printed it. What is not selected stays published: a later figure about
the same period is another vintage, never an overwrite. *Input* = a file under the data folder with its sha256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from kg_analysis.bounds import PRINTED
from kg_analysis.data import loader
from kg_analysis.data.checks import parse_formula
from kg_analysis.data.files import read_table
from kg_analysis.data.leading import leading
from kg_analysis.data.schemas import CLEAN, REGISTERS, SERIES, TOPICAL, is_citable
from kg_analysis.data.series import present, read_series, short
from kg_analysis.errors import DataError

REPORT, LATEST = "report", "latest"
_SAME = ["indicator", "boundary_version", "dimension", "item", "period_type", "period_start", "period_end", "as_of"]
_LONGEST_YEAR = 400  # days; a budget year has 13 months, an average over several years belongs to none of them


@dataclass(frozen=True)
class Edition:
    """Figures of a year, indexed by ``figure_id``, and the rule that selected them."""

    rule: str
    figures: pd.DataFrame

    @property
    def vintages(self) -> tuple[str, ...]:
        """Publication dates, the first and the last; one for a report."""
        found = sorted(set(self.figures["vintage"]))
        return (found[0],) if len(found) == 1 else (found[0], found[-1])


def choose(figures: pd.DataFrame, sources: pd.DataFrame, year: int) -> Edition:
    """Edition of a year.

    Parameters
    ----------
    figures : DataFrame
        All published figures of an area, indexed by ``figure_id``.
    sources : DataFrame
        Register, indexed by id.
    year : int
        A year of :func:`years_with_figures`.
    """
    of_year = year_of(figures) == year
    reports = sources.index[(sources["kind"] == "report") & (sources["report_year"] == year)]
    from_report = figures["source_id"].isin(reports)
    if (from_report & of_year & is_result(figures)).any():
        latest = figures[from_report].sort_values("vintage", kind="stable")["source_id"].iloc[-1]
        from_report &= figures["source_id"] == latest  # a report issued anew is another vintage
        own = figures[from_report & (of_year | _looks_ahead(figures, year))]
        earlier = of_year & is_aim(figures) & figures["source_id"].isin(sources.index[sources["kind"] == "report"])
        aims = _latest(pd.concat([own[is_aim(own)], figures[earlier & ~from_report]]))
        return Edition(REPORT, figures[figures.index.isin([*own.index, *aims.index])])
    return Edition(LATEST, _latest(figures[of_year]))


def years_with_figures(figures: pd.DataFrame) -> list[int]:
    """Years for which results are printed; a mere aim for a year does not count."""
    within_a_year = figures["period_end"] - figures["period_start"] < pd.Timedelta(days=_LONGEST_YEAR)
    return sorted({int(each) for each in year_of(figures)[is_result(figures) & within_a_year]})


def year_of(figures: pd.DataFrame) -> pd.Series[int]:
    """Year that a figure counts for; a wave that runs into the next year stays whole, in the year it began."""
    in_wave = figures["dimension"] == "wave_phase"
    wave = figures["source_id"] + " " + figures["item"].str.partition("-")[0]
    return figures["period_start"].dt.year.groupby(wave.where(in_wave, figures.index.to_series())).transform("min")


def is_result(figures: pd.DataFrame) -> pd.Series[bool]:
    """Whether a figure says what was, not what is aimed at: a number, or words that bound one."""
    numeric = figures["value"].notna() | figures["bound_kind"].isin(PRINTED)
    return figures["basis"].isin(["actual", "estimate"]) & numeric


def is_aim(figures: pd.DataFrame) -> pd.Series[bool]:
    """Whether a figure says what is aimed at."""
    return figures["basis"].isin(["plan", "scenario"])


def _looks_ahead(figures: pd.DataFrame, year: int) -> pd.Series[bool]:
    """Aims for later years, and the cut-off day that closes this budget year in the next January."""
    ahead = is_aim(figures) & (figures["period_start"].dt.year > year)
    return ahead | ((figures["period_start"].dt.year == year + 1) & (figures["period_type"] == "day"))


def _latest(figures: pd.DataFrame) -> pd.DataFrame:
    """Last published figure of each kind; an aim does not replace a result. Of two published together, the first."""
    kind = figures[_SAME].assign(aim=is_aim(figures))
    published = figures["vintage"].str.ljust(10, "~")  # a date known to the year or month counts as its end
    last_first = figures.assign(_published=published, _order=range(len(figures))).sort_values(
        ["_published", "_order"], ascending=[False, True]
    )
    ordered = last_first.assign(**kind.loc[last_first.index].add_prefix("_of_"))
    keys = [column for column in ordered.columns if column.startswith("_of_")]
    groups = ordered.groupby(keys, sort=False, dropna=False)
    kept = [_finest(group) for _, group in groups]
    return figures[figures.index.isin(kept)]


def _finest(last_first: pd.DataFrame) -> str:
    """The last published figure, or an earlier print with more decimals that it merely rounds: 8.61 beside 8.6."""
    last = last_first.iloc[0]
    if pd.isna(last["value"]) or len(last_first) == 1:
        return str(last.name)
    same = last_first["value"].between(last["low"], last["high"]) & (last_first["decimals"] > last["decimals"])
    return str(last_first.index[same][0] if same.any() else last.name)


_REMEMBERED: dict[tuple[tuple[str, str], ...], Store] = {}
_MOST_REMEMBERED = 4


@dataclass(frozen=True)
class Store:
    """All tables of a data folder.

    Attributes
    ----------
    inputs : dict of str to str
        sha256 of every file read, by its path under the data folder.
    figures : DataFrame
        Figures of all areas, indexed by ``figure_id``.
    years : Series of int
        Year that each figure counts for.
    areas : dict of str to dict of str to DataFrame
        By area code: its ``figures``, its rows of every topic table and of every series.
    references : DataFrame
        Legal references of all sources.
    registers : dict of str to DataFrame
        Sources, indicators, areas, assumptions, checks and corrections, indexed by their id.
    named : dict of str to tuple of str
        Figures that each check names.
    """

    inputs: dict[str, str]
    figures: pd.DataFrame
    years: pd.Series[int]
    areas: dict[str, dict[str, pd.DataFrame]]
    references: pd.DataFrame
    registers: dict[str, pd.DataFrame]
    named: dict[str, tuple[str, ...]]


def read_store(data_dir: Path) -> Store:
    """Tables of a data folder, validated.

    Raises
    ------
    DataError
        Every failure of the files.
    """
    inputs = input_hashes(data_dir)
    key = tuple(inputs.items())
    if key not in _REMEMBERED:
        store = _read(data_dir, inputs)
        if len(_REMEMBERED) >= _MOST_REMEMBERED:
            _REMEMBERED.clear()
        _REMEMBERED[key] = store
    return _REMEMBERED[key]


def input_hashes(data_dir: Path) -> dict[str, str]:
    """sha256 of every file that is read, by its path under the data folder; missing files are left out."""
    names = [f"{table.name}.csv" for table in (*REGISTERS, *CLEAN, *present(data_dir))]
    files = {name: data_dir / name for name in names}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if path.is_file()}


def published_years(data_dir: Path) -> dict[str, list[int]]:
    """Years with figures of every area that has some.

    Raises
    ------
    DataError
        Every failure of the files.
    """
    store = read_store(data_dir)
    found = {area: years_with_figures(parts["figures"]) for area, parts in store.areas.items()}
    return {area: years for area, years in sorted(found.items()) if years}


def _read(data_dir: Path, inputs: dict[str, str]) -> Store:
    tables = _read_all(data_dir)
    series = read_series(data_dir)
    figures = without_wording(tables["clean/figures"]).set_index("figure_id")
    topical = {table.name.removeprefix("clean/"): without_wording(tables[table.name]) for table in TOPICAL}
    cut = topical | series | {"figures": figures}
    areas: dict[str, dict[str, pd.DataFrame]] = {}
    for name, rows in cut.items():
        for area, part in rows.groupby("area_code", sort=False):
            areas.setdefault(str(area), {})[name] = part
    for parts in areas.values():
        parts |= {name: rows.iloc[:0] for name, rows in cut.items() if name not in parts}
    registers = {table.name: tables[table.name].set_index(list(table.key)) for table in REGISTERS}
    named = {str(each): _named(text) for each, text in registers["checks"]["formula"].items()}
    return Store(inputs, figures, year_of(figures), areas, tables["clean/legal_references"], registers, named)


def without_wording(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures or a view of them as code reads them that knows no bounds by wording: a bound where "gần 40%" is printed.

    The number gives way to the one bound that is certain ("gần 40%" is at most 40), and "khoảng 40%" to none.
    """
    found = rows.copy()
    if "qualifier" in rows.columns:
        hedged = rows["bound_kind"] == "wording"
        found.loc[hedged, "value"] = float("nan")
        found.loc[hedged, "decimals"] = pd.NA
        found.loc[rows["qualifier"].isin(["approx_below", "vague"]), "low"] = float("nan")
        found.loc[rows["qualifier"].isin(["approx_above", "vague"]), "high"] = float("nan")
        return found
    for kind in (each for each in rows.columns if each.endswith("_kind")):
        number, hedged = kind.removesuffix("_kind"), rows[kind] == "wording"
        decimals = {"ratio_pct": "ratio_decimals", "value_bn_vnd": "value_decimals"}.get(number)
        if number == "ratio_pct":  # the bound, with its word in ratio_qualifier
            found[number] = rows[number].fillna(rows[f"{number}_low"]).fillna(rows[f"{number}_high"])
        else:
            found.loc[hedged, number] = float("nan")
        if decimals:
            found.loc[hedged, decimals] = pd.NA
    return found


def _named(formula: str) -> tuple[str, ...]:
    """Figures of a formula; none where it cannot be read, which the check of the data reports."""
    try:
        return parse_formula(formula).figure_ids
    except DataError:
        return ()


def _read_all(data_dir: Path) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    for table in (*REGISTERS, *CLEAN):
        try:
            tables[table.name] = read_table(data_dir / f"{table.name}.csv", table)
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return tables


def only_citable(store: Store) -> Store:
    """The store without the figures of sources that are not cited in what is sent, and the checks that name them."""
    sources = store.registers["sources"]
    kept = store.figures["source_id"].isin(sources.index[is_citable(sources)])
    named = {name: ids for name, ids in store.named.items() if kept.reindex(list(ids), fill_value=True).all()}
    checks = store.registers["checks"]
    return replace(
        store,
        figures=store.figures[kept],
        years=store.years[kept],
        areas={
            area: {**parts, "figures": parts["figures"][kept.reindex(parts["figures"].index)]}
            for area, parts in store.areas.items()
        },
        registers=store.registers | {"checks": checks.loc[list(named)]},
        named=named,
    )


def of_figures(view: pd.DataFrame, chosen: set[str]) -> pd.DataFrame:
    """Rows of a view all of whose figures are chosen."""
    keep = view["figure_ids"].map(lambda ids: chosen.issuperset(ids.split()))
    return view[keep.astype(bool)].reset_index(drop=True)


def within(own: dict[str, pd.DataFrame], boundary: str) -> dict[str, pd.DataFrame]:
    """Rows of every series that hold for the area within a boundary."""
    rows = {short(table): own[short(table)] for table in SERIES}
    return {name: each[each["boundary_version"] == boundary].reset_index(drop=True) for name, each in rows.items()}


def references_of(store: Store, published: pd.DataFrame, year: int) -> pd.DataFrame:
    """Legal references of the reports on the year that figures of the area stand in."""
    sources = store.registers["sources"]
    reports = sources.index[(sources["report_year"] == year) & sources.index.isin(published["source_id"])]
    return store.references[store.references["source_id"].isin(reports)].reset_index(drop=True)


def sources_of(store: Store, *tables: pd.DataFrame) -> pd.DataFrame:
    """Rows of the register of sources that stand in one of the tables."""
    sources = store.registers["sources"]
    return sources[sources.index.isin({each for table in tables for each in table["source_id"]})]


def checks_of(store: Store, area: str, year: int, chosen: set[str]) -> tuple[pd.DataFrame, set[str]]:
    """Checks that use a figure about the year, with all the figures they name.

    A figure of another area counts where that area has no report of its own, in which its checks would be shown.
    """
    sources = store.registers["sources"]
    reports = set(sources.index[sources["kind"] == "report"])
    reporting = {code for code, parts in store.areas.items() if not reports.isdisjoint(parts["figures"]["source_id"])}
    ours = store.figures["area_code"] == area
    about = (store.years == year) & (ours | ~store.figures["area_code"].isin(reporting - {area}))
    used = chosen | set(store.figures.index[about.to_numpy(bool)])
    keep = [each for each, names in store.named.items() if not used.isdisjoint(names)]
    checks = store.registers["checks"].loc[keep]
    return checks, {name for each in keep for name in store.named[each]}


@dataclass(frozen=True)
class Dataset:
    """Clean tables of one area and year, with the registers that explain them.

    Attributes
    ----------
    year : int
    area : str
        Area code.
    edition : str
        Rule by which the figures were selected: ``report`` or ``latest``, see :func:`choose`.
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
    covid_phases, measures, grdp_growth, grdp_levels, sector_outputs, investment, targets, tasks : DataFrame
        Views of the year's figures; columns as in ``data/schemas.py``.
    online_services : DataFrame
        Likewise.
    legal_references : DataFrame
        Legal documents that the year's own report names.
    covid_daily, covid_deaths_daily, grdp_quarterly, disbursement_monthly : DataFrame
        Optional series of the area, of all years, sources and vintages; columns as in ``data/schemas.py``, no
        rows where the data folder has no such file.
    sources, areas, corrections : DataFrame
        Rows of the registers that concern the area, indexed by their id (areas by code and boundary).
    checks : DataFrame
        Declared checks that use a figure about the year: of the area, or of one that has no report of its own.
    indicators, assumptions : DataFrame
        Registers, indexed by their id.
    inputs : dict of str to str
        sha256 of every file read, by its path under the data folder.
    folder : Path
        Data folder.
    citable : bool
        Whether figures that are not cited in what is sent are left out.
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
    grdp_levels: pd.DataFrame
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
    folder: Path
    citable: bool
    regional_figures: pd.DataFrame
    regional_growth: pd.DataFrame
    regional_levels: pd.DataFrame
    all_areas: pd.DataFrame

    @property
    def tables(self) -> loader.Tables:
        """All tables of the folder, of every area and year; without what is not cited, where that was asked for."""
        found = loader.load(self.folder)
        if not self.citable:
            return found
        kept = set(found.sources.loc[is_citable(found.sources), "id"])
        names = ("figures", "investment", "sector_outputs")
        return replace(
            found, **{name: rows[rows["source_id"].isin(kept)] for name in names for rows in [getattr(found, name)]}
        )

    @property
    def replaced(self) -> frozenset[str]:
        """Results of the area that a later publication changed, whether or not it may be cited."""
        rows = loader.load(self.folder).figures
        rows = rows[(rows["area_code"] == self.area) & rows["basis"].isin(["actual", "estimate"])]
        bounds = rows.set_index("figure_id")[["low", "high"]]
        found = leading(rows)
        return frozenset(
            old
            for top in found[found["standing"] == "settled"].to_dict("records")
            for old in top["superseded_ids"].split()
            if bounds.at[old, "high"] < top["low"] or bounds.at[old, "low"] > top["high"]
        )

    @property
    def area_name(self) -> str:
        """Name of the area within the boundary that its figures hold for."""
        boundary = self.figures["boundary_version"].iloc[0]
        return str(self.areas.at[(self.area, boundary), "name"])

    @property
    def publications(self) -> list[str]:
        """Sources of the year's figures, sorted."""
        return sorted(set(self.figures["source_id"]))

    @property
    def reports(self) -> list[str]:
        """Sources of the year's figures that are the province's own report on the year; none where none is held."""
        kinds = self.sources.loc[self.publications]
        return [str(each) for each in kinds.index[(kinds["kind"] == "report") & (kinds["report_year"] == self.year)]]

    def about(self, year: int, indicator: str) -> pd.DataFrame:
        """Published figures of an indicator whose period begins in a year, whoever printed them."""
        of_year = self.published["period_start"].dt.year == year
        return self.published[of_year & (self.published["indicator"] == indicator)]

    def printed(self, *topics: str) -> pd.DataFrame:
        """Every figure held about the year on some topics, with source and place, used in an analysis or not.

        Parameters
        ----------
        *topics : str
            Of the codebook; none takes all.
        """
        tables = self.tables
        rows = tables.figures[tables.figures["area_code"] == self.area]
        about = (rows["period_start"].dt.year <= self.year) & (rows["period_end"].dt.year >= self.year)
        rows = rows[about | rows["figure_id"].isin(self.figures.index)]
        topic = rows["indicator"].map(self.indicators["topic"])
        rows = (rows[topic.isin(topics)] if topics else rows).sort_values(["indicator", "period_end", "vintage"])
        where = rows["section"] + rows["place"].where(rows["place"].eq(""), " " + rows["place"])
        return pd.DataFrame(
            {
                "label": rows["label"],
                "as_printed": rows["as_printed"],
                "boundary_version": rows["boundary_version"],
                "until": rows["period_end"],
                "basis": rows["basis"],
                "published": rows["vintage"],
                "source_id": rows["source_id"],
                "where": where,
                "figure_ids": rows["figure_id"],
            }
        ).reset_index(drop=True)

    def row(self, figure_id: str) -> pd.Series:
        """Published figure as a row of ``clean/figures``.

        Raises
        ------
        DataError
            If no such figure of the area was published.
        """
        for figures in (self.figures, self.published):
            if figure_id in figures.index:
                return figures.loc[figure_id]
        raise DataError(f"figure {figure_id!r} is not among those of area {self.area}; see data/clean/figures.csv")

    def rows(self, figure_ids: Iterable[str]) -> pd.DataFrame:
        """Published figures as rows of ``clean/figures``, in the order of their ids."""
        wanted = sorted(set(figure_ids))
        if set(wanted) <= set(self.published.index):
            return self.published.loc[wanted]
        return self.tables.figures.set_index("figure_id").loc[wanted]  # of another area

    def select(self, indicator: str, **columns: str) -> pd.DataFrame:
        """Figures of an indicator, further selected by columns, in order of the page."""
        found = self.figures[self.figures["indicator"] == indicator]
        for column, wanted in columns.items():
            found = found[found[column] == wanted]
        return found


def boundary_of(figures: pd.DataFrame, areas: pd.DataFrame, year: int) -> str:
    """Boundary that a year of an area is looked at in: the one valid at its end, else at its beginning.

    A year that changes boundary in its middle is two series, of which only one has the figures of the whole year's end.

    Parameters
    ----------
    figures : DataFrame
        Figures of the area.
    areas : DataFrame
        Register, indexed by area code and boundary.
    year : int
        A year with results.
    """
    found = figures[(year_of(figures) == year) & is_result(figures)]
    boundaries = list(dict.fromkeys(found["boundary_version"]))
    spans = areas.loc[[(found["area_code"].iloc[0], each) for each in boundaries]].set_axis(boundaries)
    for day in (pd.Timestamp(year, 12, 31), pd.Timestamp(year, 1, 1)):
        valid = ~(spans["valid_from"] > day) & ~(spans["valid_to"] < day)
        if valid.any():
            return str(spans.index[valid][0])
    return str(boundaries[0])


def _regional(store: Store, folder: Path) -> dict[str, pd.DataFrame]:
    """What a province is compared with: growth and levels of every area, none of them known to be wrong."""
    tables = loader.load(folder)
    topics = tables.indicators.set_index("id")["topic"]
    figures = tables.figures.set_index("figure_id")
    figures = figures[(figures["indicator"].map(topics) == "growth") & ~figures["is_corrected"]]
    figures = figures[figures.index.isin(store.figures.index)]
    ids = set(figures.index)
    views = {"regional_growth": tables.grdp_growth, "regional_levels": tables.grdp_levels}
    return {"regional_figures": figures} | {name: of_figures(view, ids) for name, view in views.items()}


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
    within_boundary = own["figures"]["boundary_version"] == boundary_of(own["figures"], store.registers["areas"], year)
    own = own | {"figures": own["figures"][within_boundary]}
    published = own["figures"][~own["figures"].index.isin(corrections.index)]
    edition = choose(published, store.registers["sources"], year)
    chosen = set(edition.figures.index)
    references = references_of(store, published, year)
    series = within(own, str(edition.figures["boundary_version"].iloc[0]))
    checks, named = checks_of(store, area, year, chosen)
    everything = store.figures[store.figures.index.isin([*own["figures"].index, *named])]
    areas, regional = store.registers["areas"], _regional(store, data_dir)
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
        sources=sources_of(store, everything, references, regional["regional_figures"], *series.values()),
        indicators=store.registers["indicators"].copy(),
        areas=areas[areas.index.get_level_values("area_code") == area],
        assumptions=store.registers["assumptions"].copy(),
        checks=checks,
        corrections=corrections[corrections.index.isin(own["figures"].index)],
        inputs=dict(store.inputs),
        folder=data_dir,
        citable=citable,
        **regional,
        all_areas=areas,
    )
