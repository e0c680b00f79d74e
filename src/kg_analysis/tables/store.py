"""The tables of a data folder in memory, typed and cut by area.

Responsibility: read all tables once, however many areas and years are then selected from them. What is remembered is
named by the hashes of the files, so a changed file is read anew; a process forked later shares what is there.

Terms: *input* = a file under the data folder with its sha256.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.tables.edition import year_of, years_with_figures
from kg_analysis.tables.files import read_table
from kg_analysis.tables.formula import parse_formula
from kg_analysis.tables.schemas import CLEAN, REGISTERS, TOPICAL
from kg_analysis.tables.series import present, read_series

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


def read_checks(data_dir: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Declared checks, the figures of all areas and sources, and the assumptions, each indexed by its id but the first.

    Raises
    ------
    DataError
        Every failure of the files.
    """
    store = read_store(data_dir)
    return store.registers["checks"].reset_index(), store.figures.copy(), store.registers["assumptions"].copy()


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
