"""Figures of one area and year: what a report on that year rests on, and which of several publications leads.

Responsibility: two rules and a thin view of the tables: select the figures that a year rests on, cut everything to one
area; and the rule by which notebooks, charts and briefings choose among publications, whose order stands in
``leading.toml``. All parts are DataFrames.

Terms: *edition* = rule by which the figures of a year were selected: ``report`` = all from the province's report on
that year, of one vintage, and the aims for it that an earlier report printed; ``latest`` = for a year without a report,
the last published figure of each kind, whichever source printed it. What is not selected stays published: a later
figure about the same period is another vintage, never an overwrite. *Quantity* = what a figure is of: area within its
boundary, indicator, dimension and item, period, and the cut-off day where the period was not over on it; *settled* =
actual, published after the period or cut-off day had closed, and not changed by a later publication; *superseded* =
published of the same quantity, and not leading.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.bounds import PRINTED
from kg_analysis.data import loader
from kg_analysis.data.schemas import SERIES, TOPICAL
from kg_analysis.data.series import short
from kg_analysis.errors import DataError

REPORT, LATEST = "report", "latest"
RESULTS, AIMS = ("actual", "estimate"), ("plan", "scenario")
_SAME = ["indicator", "boundary_version", "dimension", "item", "period_type", "period_start", "period_end", "as_of"]
_LONGEST_YEAR = 400  # days; a budget year has 13 months, an average over several years belongs to none of them


def choose(figures: pd.DataFrame, sources: pd.DataFrame, year: int) -> tuple[str, pd.DataFrame]:
    """Edition of a year and its figures.

    ``figures``: all published figures of an area, indexed by ``figure_id``. ``sources``: register, indexed by id.
    ``year``: a year of :func:`years_with_figures`.
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
        return REPORT, figures[figures.index.isin([*own.index, *aims.index])]
    return LATEST, _latest(figures[of_year])


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
    return figures["basis"].isin(RESULTS) & numeric


def is_aim(figures: pd.DataFrame) -> pd.Series[bool]:
    """Whether a figure says what is aimed at."""
    return figures["basis"].isin(AIMS)


def _looks_ahead(figures: pd.DataFrame, year: int) -> pd.Series[bool]:
    """Aims for later years, and the cut-off day that closes this budget year in the next January."""
    ahead = is_aim(figures) & (figures["period_start"].dt.year > year)
    return ahead | ((figures["period_start"].dt.year == year + 1) & (figures["period_type"] == "day"))


def _latest(figures: pd.DataFrame) -> pd.DataFrame:
    """Last published figure of each kind; an aim does not replace a result. Of two published together, the first."""
    published = figures["vintage"].str.ljust(10, "~")  # a date known to the year or month counts as its end
    last_first = figures.assign(_aim=is_aim(figures), _published=published)
    last_first = last_first.sort_values("_published", ascending=False, kind="stable")
    groups = last_first.groupby([*_SAME, "_aim"], sort=False, dropna=False)
    return figures[figures.index.isin([_finest(group) for _, group in groups])]


def _finest(last_first: pd.DataFrame) -> str:
    """The last published figure, or an earlier print with more decimals that it merely rounds: 8.61 beside 8.6."""
    last = last_first.iloc[0]
    if pd.isna(last["value"]) or len(last_first) == 1:
        return str(last.name)
    same = last_first["value"].between(last["low"], last["high"]) & (last_first["decimals"] > last["decimals"])
    return str(last_first.index[same][0] if same.any() else last.name)


@dataclass(frozen=True)
class Dataset:
    """Clean tables of one area and year, with the registers that explain them; columns as in ``data/README.md``."""

    year: int
    area: str
    edition: str  # rule by which the figures were selected, see :func:`choose`
    tables: loader.Tables  # of every area and year; without what is not cited, where that was asked for
    figures: pd.DataFrame  # of the year and aims for the next, indexed by ``figure_id``
    published: pd.DataFrame  # of the area: every year, source and vintage, but those known to be wrong
    everything: pd.DataFrame  # those too, and figures of other areas that the year's checks name
    # Views of the year's figures.
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
    legal_references: pd.DataFrame  # documents that the year's own report names
    # Optional series of the area, of all years, sources and vintages.
    covid_daily: pd.DataFrame
    covid_deaths_daily: pd.DataFrame
    grdp_quarterly: pd.DataFrame
    disbursement_monthly: pd.DataFrame
    # Registers, indexed by their id.
    sources: pd.DataFrame  # that any of the tables rests on
    indicators: pd.DataFrame
    assumptions: pd.DataFrame
    checks: pd.DataFrame  # that use a figure about the year: of the area, or of one that has no report of its own
    all_areas: pd.DataFrame  # indexed by code and boundary
    # Growth and levels of every area, none known to be wrong.
    regional_figures: pd.DataFrame
    regional_growth: pd.DataFrame
    regional_levels: pd.DataFrame

    @property
    def folder(self) -> Path:
        """Data folder."""
        return self.tables.folder

    @property
    def inputs(self) -> dict[str, str]:
        """sha256 of every file read, by its path under the data folder."""
        return dict(self.tables.inputs)

    @property
    def vintages(self) -> tuple[str, ...]:
        """When the figures were published: one date, or the first and the last."""
        found = sorted(set(self.figures["vintage"]))
        return (found[0],) if len(found) == 1 else (found[0], found[-1])

    @property
    def replaced(self) -> frozenset[str]:
        """Results of the area that a later publication changed, whether or not it may be cited."""
        rows = loader.load(self.folder).figures
        rows = rows[(rows["area_code"] == self.area) & rows["basis"].isin(RESULTS)]
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
        return str(self.all_areas.at[(self.area, boundary), "name"])

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
        """Every figure held about the year on some topics of the codebook, or on all, with source and place."""
        tables = self.tables
        rows = tables.figures[tables.figures["area_code"] == self.area]
        about = (rows["period_start"].dt.year <= self.year) & (rows["period_end"].dt.year >= self.year)
        rows = rows[about | rows["figure_id"].isin(self.figures.index)]
        topic = rows["indicator"].map(self.indicators["topic"])
        rows = (rows[topic.isin(topics)] if topics else rows).sort_values(["indicator", "period_end", "vintage"])
        where = rows["section"] + rows["place"].where(rows["place"].eq(""), " " + rows["place"])
        shown = rows.assign(where=where).rename(columns={"period_end": "until", "vintage": "published"})
        shown = shown.rename(columns={"figure_id": "figure_ids"}).reset_index(drop=True)
        kept = ["label", "as_printed", "boundary_version", "until", "basis", "published", "source_id", "where"]
        return shown[[*kept, "figure_ids"]]

    def row(self, figure_id: str) -> pd.Series:
        """Published figure as a row of ``clean/figures``.

        Raises DataError: if no such figure of the area was published.
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

    ``figures``: figures of the area. ``areas``: register, indexed by area code and boundary. ``year``: A year with
    results.
    """
    found = figures[(year_of(figures) == year) & is_result(figures)]
    boundaries = list(dict.fromkeys(found["boundary_version"]))
    spans = areas.loc[[(found["area_code"].iloc[0], each) for each in boundaries]].set_axis(boundaries)
    for day in (pd.Timestamp(year, 12, 31), pd.Timestamp(year, 1, 1)):
        valid = ~(spans["valid_from"] > day) & ~(spans["valid_to"] < day)
        if valid.any():
            return str(spans.index[valid][0])
    return str(boundaries[0])


def of_figures(view: pd.DataFrame, chosen: set[str]) -> pd.DataFrame:
    """Rows of a view all of whose figures are chosen."""
    keep = view["figure_ids"].map(lambda ids: chosen.issuperset(ids.split()))
    return view[keep.astype(bool)].reset_index(drop=True)


def checks_of(tables: loader.Tables, area: str, year: int, chosen: set[str]) -> tuple[pd.DataFrame, set[str]]:
    """Checks that use a figure about the year, with all the figures they name.

    A figure of another area counts where that area has no report of its own, in which its checks would be shown.
    """
    figures, sources = tables.bounded["figures"], tables.sources
    reports = figures["source_id"].isin(sources.loc[sources["kind"] == "report", "id"])
    reporting = set(figures.loc[reports, "area_code"])
    ours = (figures["area_code"] == area) | ~figures["area_code"].isin(reporting - {area})
    used = chosen | set(figures.index[(year_of(figures) == year) & ours])
    named = tables.named
    keep = [each for each in tables.checks["id"] if not used.isdisjoint(named[each])]
    return tables.checks.set_index("id").loc[keep], {name for each in keep for name in named[each]}


def published_years(data_dir: Path) -> dict[str, list[int]]:
    """Years with figures of every area that has some.

    Raises DataError: every failure of the files.
    """
    parts = loader.load(data_dir).bounded["figures"].groupby("area_code")
    found = {str(area): years_with_figures(rows) for area, rows in parts}
    return {area: years for area, years in sorted(found.items()) if years}


def load(data_dir: Path, year: int, area: str, *, citable: bool = False) -> Dataset:
    """Dataset of one area and year.

    ``area``: area code. ``citable``: leave out figures of sources that are not cited in what is sent, and the checks
    that name them.
    Raises DataError: every failure of the files; an area or year without figures, with those that have some.
    """
    tables = loader.load(data_dir)
    tables = tables.cited if citable else tables
    figures = tables.bounded["figures"]
    own = figures[figures["area_code"] == area]
    if own.empty:
        listed = ", ".join(sorted(set(figures["area_code"])))
        raise DataError(f"area {area!r} has no figures; areas with figures: {listed}")
    if year not in (years := years_with_figures(own)):
        raise DataError(f"year {year} has no figures; years with figures: {', '.join(map(str, years))}")
    areas, sources = tables.areas.set_index(["area_code", "boundary_version"]), tables.sources.set_index("id")
    own = own[own["boundary_version"] == boundary_of(own, areas, year)]
    published = own[~own.index.isin(tables.corrections["figure_id"])]
    edition, of_year = choose(published, sources, year)
    chosen = set(of_year.index)
    reports = sources.index[(sources["report_year"] == year) & sources.index.isin(published["source_id"])]
    mentions = tables.legal_references
    mentions = mentions[mentions["source_id"].isin(reports)].reset_index(drop=True)
    checks, named = checks_of(tables, area, year, chosen)
    everything = figures[figures.index.isin([*own.index, *named])]
    views = {short(table): tables.bounded[short(table)] for table in TOPICAL}
    series = _series_of(tables, area, of_year["boundary_version"].iloc[0])
    regional = _compared(tables)
    rest_on = {each for rows in (everything, mentions, regional, *series.values()) for each in rows["source_id"]}
    return Dataset(
        year,
        area,
        edition,
        tables,
        of_year,
        published,
        everything,
        **{name: of_figures(rows[rows["area_code"] == area], chosen) for name, rows in views.items()},
        legal_references=mentions,
        **series,
        sources=sources[sources.index.isin(rest_on)],
        indicators=tables.indicators.set_index("id"),
        assumptions=tables.assumptions.set_index("id"),
        checks=checks,
        all_areas=areas,
        regional_figures=regional,
        regional_growth=of_figures(tables.grdp_growth, set(regional.index)),
        regional_levels=of_figures(tables.grdp_levels, set(regional.index)),
    )


def _series_of(tables: loader.Tables, area: str, boundary: str) -> dict[str, pd.DataFrame]:
    """Optional series of one area within one boundary, by name."""
    dense = {short(table): getattr(tables, short(table)) for table in SERIES}
    own = {name: (rows["area_code"] == area) & (rows["boundary_version"] == boundary) for name, rows in dense.items()}
    return {name: rows[own[name]].reset_index(drop=True) for name, rows in dense.items()}


def _compared(tables: loader.Tables) -> pd.DataFrame:
    """Figures of growth of every area: what a province is compared with."""
    topics = tables.indicators.set_index("id")["topic"]
    figures = tables.figures.set_index("figure_id")
    return figures[(figures["indicator"].map(topics) == "growth") & ~figures["is_corrected"]]


_ORDER = ["_standing", "_grade", "_published", "_row"]


def leading(figures: pd.DataFrame, *, citable_only: bool = False) -> pd.DataFrame:
    """Leading figure of every quantity.

    ``figures``: rows of ``Tables.figures``, whatever selection of them. Figures without a value or a bound, and those
    known to be wrong as printed, are left out. ``citable_only``: leave out figures of sources that are not cited in
    what is sent.
    One row a quantity, in the order of ``figures``: the leading row with ``standing`` (settled, preliminary, estimate,
    plan, scenario) and ``superseded_ids``, the other figures of the quantity separated by blanks, the next to lead
    first.

    Notes
    -----
    An earlier publication that a later one changed was preliminary, whatever its words.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "figure_id": ["june-2021", "july-2022"], "area_code": "91", "boundary_version": "kien-giang",
    ...     "indicator": "grdp_growth", "dimension": "", "item": "", "period_type": "half",
    ...     "period_start": pd.Timestamp("2021-01-01"), "period_end": pd.Timestamp("2021-06-30"), "comparator": "",
    ...     "basis": "actual", "as_of": pd.NaT, "vintage": ["2021-12", "2022-07"], "grade": ["official", "press"],
    ...     "value": [4.52, 3.54], "low": [4.515, 3.535], "high": [4.525, 3.545], "is_corrected": False})
    >>> leading(rows)[["figure_id", "standing", "superseded_ids"]].iloc[0].tolist()
    ['july-2022', 'settled', 'june-2021']
    """
    rules = _rules()
    rows = figures[(figures[["value", "low", "high"]].notna().any(axis=1)) & ~figures["is_corrected"]]
    rows = _ranked(rows, rules)
    if citable_only:
        rows = rows[rows["grade"] != rules["grade"][-1]]
    ordered = rows.sort_values(_ORDER, ascending=[True, True, False, True], kind="stable")
    others = ordered.groupby("_quantity")["figure_id"].agg(lambda ids: " ".join(ids.iloc[1:]))
    first = ordered.drop_duplicates("_quantity").sort_values("_row")
    kept = first.assign(superseded_ids=first["_quantity"].map(others))
    return kept[[*figures.columns, "standing", "superseded_ids"]].reset_index(drop=True)


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("kg_analysis.data").joinpath("leading.toml").read_text(encoding="utf-8"))


def _ranked(figures: pd.DataFrame, rules: dict[str, Any]) -> pd.DataFrame:
    """Figures with the number of their quantity, their standing, and the columns of ``_ORDER``."""
    is_open = figures["as_of"].notna() & (figures["as_of"] < figures["period_end"])
    rows = figures.assign(
        _aim=figures["basis"].isin(rules["aims"]),
        _cutoff=figures["as_of"].where(is_open),
        _published=last_day(figures["vintage"]),
        _row=np.arange(len(figures)),
    )
    rows["_quantity"] = rows.groupby([*rules["quantity"], "_aim", "_cutoff"], dropna=False, sort=False).ngroup()
    rows["standing"] = _standings(rows)
    places = {column: {name: place for place, name in enumerate(rules[column])} for column in ("standing", "grade")}
    return rows.assign(
        _standing=rows["standing"].map(places["standing"]),
        _grade=rows["grade"].map(places["grade"]).fillna(len(places["grade"])),
    )


def last_day(vintages: pd.Series) -> pd.Series:
    """Last day that a vintage may mean: 2021-12 is 31 December, 2022 the last day of the year."""
    text = vintages.astype(str)
    months = text.where(text.str.len() > 4, text + "-12").str[:7]
    ends = pd.to_datetime(months, format="%Y-%m") + pd.offsets.MonthEnd(0)
    return pd.to_datetime(text.where(text.str.len() == 10)).fillna(ends)


def _standings(rows: pd.DataFrame) -> pd.Series[str]:
    """Basis of each row, an actual told apart into settled and preliminary."""
    actual = rows["basis"] == "actual"
    newest = rows[actual].sort_values(["_published", "_row"], kind="stable").drop_duplicates("_quantity", keep="last")
    bounds = newest.set_index("_quantity")[["low", "high"]].reindex(rows["_quantity"]).set_index(rows.index)
    changed = (rows["high"] < bounds["low"]) | (rows["low"] > bounds["high"])  # more than another rounding
    closing = rows["_cutoff"].fillna(rows["period_end"])
    of_a_day = rows["period_type"].isin(["point", "day"])
    closed = (rows["_published"] > closing) | (of_a_day & (rows["_published"] == closing))
    return rows["basis"].mask(actual, pd.Series(np.where(closed & ~changed, "settled", "preliminary"), rows.index))
