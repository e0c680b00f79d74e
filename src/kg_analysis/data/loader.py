"""All tables of a data folder as DataFrames: one loader, with dates as dates and codes as strings.

Responsibility: find the folder, read and validate every table once, and remember what was read by the hashes of its
files. Selecting is pandas, in the hands of whoever asks.

Terms: *inputs* = sha256 of every file read, by its path under the data folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from kg_analysis.data.checks import parse_formula
from kg_analysis.data.files import read_table
from kg_analysis.data.schemas import CLEAN, REGISTERS, TOPICAL, is_citable, is_excluded
from kg_analysis.data.series import present, read_series, short
from kg_analysis.errors import DataError

FOLDER = "KG_DATA"  # environment variable that names the data folder
_MOST_REMEMBERED = 4
_REMEMBERED: dict[tuple[tuple[str, str], ...], Tables] = {}


@dataclass(frozen=True)
class Tables:
    """Every table of a data folder; columns are described in ``data/README.md``."""

    # every printed figure of every area, year, source and vintage, one row each: ``value`` with its bounds ``low``
    # and ``high`` and what they are (``bound_kind``), ``unit``, ``basis``, ``vintage``, ``source_id``, ``grade`` of
    # the source, and ``is_corrected`` where the figure is known to be wrong as printed
    figures: pd.DataFrame
    # covid_phases, measures, grdp_growth, grdp_levels, sector_outputs, investment, targets, tasks: views of the
    # figures by topic; ``figure_ids`` names the rows behind each
    covid_phases: pd.DataFrame
    measures: pd.DataFrame
    grdp_growth: pd.DataFrame
    grdp_levels: pd.DataFrame
    sector_outputs: pd.DataFrame
    investment: pd.DataFrame
    targets: pd.DataFrame
    tasks: pd.DataFrame
    # programme_items, online_services, legal_references: likewise
    programme_items: pd.DataFrame
    online_services: pd.DataFrame
    legal_references: pd.DataFrame
    # covid_daily, covid_deaths_daily: counts by day and source: ``new_cases`` [cases] or ``new_deaths`` [deaths] as
    # published, ``flag``, and ``is_excluded`` where a flag keeps the day out of every mean, rate and model
    covid_daily: pd.DataFrame
    covid_deaths_daily: pd.DataFrame
    # grdp_quarterly, disbursement_monthly: A department's own series; no rows where the folder has none
    grdp_quarterly: pd.DataFrame
    disbursement_monthly: pd.DataFrame
    # sources, indicators, areas, assumptions, checks, corrections: registers
    sources: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    assumptions: pd.DataFrame
    checks: pd.DataFrame
    corrections: pd.DataFrame
    inputs: dict[str, str]  # sha256 of every file read
    folder: Path  # where the tables were read

    @cached_property
    def bounded(self) -> dict[str, pd.DataFrame]:
        """Figures, indexed by ``figure_id``, and their views without numbers that only a word bounds."""
        figures = self.figures.drop(columns=["grade", "is_corrected"])
        views = {short(table): without_wording(getattr(self, short(table))) for table in TOPICAL}
        return views | {"figures": without_wording(figures).set_index("figure_id")}

    @cached_property
    def named(self) -> dict[str, tuple[str, ...]]:
        """Figures that each check names."""
        return {str(name): _named(text) for name, text in zip(self.checks["id"], self.checks["formula"], strict=True)}

    @cached_property
    def cited(self) -> Tables:
        """The tables without figures of sources that are not cited in what is sent, and the checks that name them."""
        kept = set(self.sources.loc[is_citable(self.sources), "id"])
        lost = set(self.figures.loc[~self.figures["source_id"].isin(kept), "figure_id"])
        sound = [lost.isdisjoint(self.named[each]) for each in self.checks["id"]]
        names = ("figures", "investment", "sector_outputs")
        cut = {name: rows[rows["source_id"].isin(kept)] for name in names for rows in [getattr(self, name)]}
        return replace(self, **cut, checks=self.checks[sound])


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


def load(data_dir: Path | str | None = None) -> Tables:
    """Every table of a data folder, validated.

    Parameters
    ----------
    data_dir : path or None
        None takes the folder that ``KG_DATA`` names, else ``data/`` beside or above the working directory, else that
        of the source checkout.

    Returns
    -------
    Tables
        The same object while no file changes; take a ``copy()`` of a table before writing into it.

    Raises
    ------
    DataError
        Every failure of the files; the folders looked in where there is none.

    Examples
    --------
    >>> tables = load()
    >>> tables.covid_phases[["phase", "start", "end", "mean_cases_per_day"]].head(1).to_string(index=False)
    ' phase      start        end  mean_cases_per_day\\n     1 2021-06-21 2021-08-17                17.0'
    """
    folder = data_folder(data_dir)
    inputs = input_hashes(folder)
    key = tuple(inputs.items())
    if key not in _REMEMBERED:
        if len(_REMEMBERED) >= _MOST_REMEMBERED:
            _REMEMBERED.clear()
        _REMEMBERED[key] = _read(folder, inputs)
    if _REMEMBERED[key].folder != folder:  # a copy elsewhere, such as a run has
        _REMEMBERED[key] = replace(_REMEMBERED[key], folder=folder)
    return _REMEMBERED[key]


def data_folder(data_dir: Path | str | None = None) -> Path:
    """Folder of the data.

    Raises DataError: if there is none, with the folders looked in.
    """
    looked = [Path(data_dir)] if data_dir is not None else list(_places())
    for folder in looked:
        if (folder / "indicators.csv").is_file():
            return folder.resolve()
    named = ", ".join(str(each) for each in looked)
    raise DataError(f"no data folder with indicators.csv; looked in {named}; pass data_dir or set {FOLDER}")


def _places() -> Iterator[Path]:
    if named := os.environ.get(FOLDER):
        yield Path(named)  # a folder that is named and not there is an error, not a reason to take another
        return
    here = Path.cwd()
    yield from (folder / "data" for folder in (here, *here.parents))
    yield Path(__file__).resolve().parents[3] / "data"


def input_hashes(data_dir: Path) -> dict[str, str]:
    """sha256 of every file that is read, by its path under the data folder; missing files are left out."""
    names = [f"{table.name}.csv" for table in (*REGISTERS, *CLEAN, *present(data_dir))]
    files = {name: data_dir / name for name in names}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if path.is_file()}


def read_all(data_dir: Path) -> dict[str, pd.DataFrame]:
    """Registers, clean tables and series by their name without folder, in their types.

    Raises DataError: every failure of the files.
    """
    found: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    for table in (*REGISTERS, *CLEAN):
        try:
            found[table.name.rpartition("/")[2]] = read_table(data_dir / f"{table.name}.csv", table)
        except DataError as error:
            problems.extend(error.problems)
    try:
        found |= read_series(data_dir)
    except DataError as error:
        problems.extend(error.problems)
    if problems:
        raise DataError(dict.fromkeys(problems))
    return found


def _read(folder: Path, inputs: dict[str, str]) -> Tables:
    tables = read_all(folder)
    grades = tables["sources"].set_index("id")["grade"]
    figures = tables["figures"]
    tables["figures"] = figures.assign(
        grade=figures["source_id"].map(grades),
        is_corrected=figures["figure_id"].isin(tables["corrections"]["figure_id"]),
    )
    for name in ("covid_daily", "covid_deaths_daily"):
        tables[name] = tables[name].assign(is_excluded=is_excluded(tables[name]["flag"]))
    return Tables(**tables, inputs=inputs, folder=folder)
