"""From printed tokens to values: the table ``clean/figures``.

Responsibility: read the registers and ``printed/``, check what one file says against another, and parse every token
in the unit that the codebook gives its indicator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.tables.columns import Table
from kg_analysis.tables.files import read_text
from kg_analysis.tables.schemas import AREAS, ASSUMPTIONS, FIGURES, INDICATORS, PRINTED, SOURCES
from kg_analysis.vietnamese import parse_amount, parse_date, parse_period


@dataclass(frozen=True)
class Registers:
    """What the printed figures refer to, each indexed by its key; cells are text."""

    sources: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame


def read_registers(data_dir: Path) -> Registers:
    """Sources, indicators and areas of a data folder; assumptions are checked along.

    Raises
    ------
    DataError
        Every failure of the four files.
    """
    tables = collect(data_dir, {table.name: table for table in (SOURCES, INDICATORS, AREAS, ASSUMPTIONS)})
    return Registers(
        tables["sources"].set_index("id"),
        tables["indicators"].set_index("id"),
        tables["areas"].set_index(list(AREAS.key)),
    )


def collect(data_dir: Path, wanted: dict[str, Table]) -> dict[str, pd.DataFrame]:
    """Several validated files as text, by their name under ``data_dir``; all failures of all files in one error."""
    found: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    for name, table in wanted.items():
        try:
            found[name] = read_text(data_dir / f"{name}.csv", table)
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return found


def read_printed(data_dir: Path, registers: Registers) -> pd.DataFrame:
    """All printed figures, validated and checked against the registers, with ``source_id`` and ``file_row``.

    Raises
    ------
    DataError
        Every failure of every file: unknown source, indicator or area, a figure id used twice, a period outside the
        boundary.
    """
    paths = sorted((data_dir / "printed").glob("*.csv"))
    if not paths:
        raise DataError(f"{data_dir.name}/printed: no CSV file; restore the folder")
    tables = collect(data_dir, {f"printed/{path.stem}": PRINTED for path in paths})
    parts = [
        rows.assign(source_id=name.removeprefix("printed/"), file_row=range(2, len(rows) + 2))
        for name, rows in tables.items()
    ]
    printed = pd.concat(parts, ignore_index=True)
    problems = list(_reference_problems(printed, registers))
    if problems:
        raise DataError(problems)
    return printed


def build_figures(printed: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Table ``clean/figures`` as text, in order of source and offset.

    Raises
    ------
    DataError
        Every token that cannot be parsed in its indicator's unit or does not agree with the row's period.
    """
    problems: list[str] = []
    values: list[dict[str, str]] = []
    for row in printed.to_dict("records"):
        try:
            values.append(parse_row(row, registers.indicators.loc[row["indicator"]]))
        except DataError as error:
            problems.extend(f"{place(row)}: {problem}" for problem in error.problems)
    if problems:
        raise DataError(problems)
    figures = pd.concat([printed, pd.DataFrame(values, index=printed.index)], axis=1)
    order = figures["start"].astype(int)
    return (
        figures.assign(_o=order)
        .sort_values(["source_id", "_o", "figure_id"])[list(FIGURES.columns)]
        .reset_index(drop=True)
    )


def place(row: dict[str, object]) -> str:
    """Where a printed figure stands: printed/kien-giang-2021.csv row 14."""
    return f"printed/{row['source_id']}.csv row {row['file_row']}"


def parse_row(row: dict[str, str], indicator: pd.Series) -> dict[str, str]:
    """Value columns of ``clean/figures`` for one printed row, as text.

    Raises
    ------
    DataError
        If token, unit, qualifier and period do not agree.
    """
    token, kind, unit = row["as_printed"], indicator["kind"], indicator["unit"]
    year = int(row["period_start"][:4])
    if kind == "date":
        day = parse_date(token, year)
        _same(token, row, ("day", day, day))
    elif kind == "period":
        _same(token, row, parse_period(token, year))
    if kind in ("date", "period", "statement"):
        return {"value": "", "unit": unit, "decimals": "", "low": "", "high": ""}
    amount = parse_amount(token, unit)
    if amount.qualifier != row["qualifier"]:
        raise DataError(f"{token!r} reads as {amount.qualifier}, the row says {row['qualifier']}; correct qualifier")
    exact = amount.qualifier == "exact"
    return {
        "value": _text(Fraction(amount.value)) if amount.value is not None else "",
        "unit": unit,
        "decimals": str(amount.decimals) if exact else "",
        "low": _text(amount.interval.low),
        "high": _text(amount.interval.high),
    }


def _same(token: str, row: dict[str, str], meant: tuple[str, date, date]) -> None:
    kinds = ("day", "point") if meant[0] == "day" else (meant[0],)
    printed = (row["period_start"], row["period_end"])
    if row["period_type"] not in kinds or printed != (meant[1].isoformat(), meant[2].isoformat()):
        raise DataError(
            f"{token!r} means {meant[0]} {meant[1]} to {meant[2]}, the row says {row['period_type']} {printed[0]} to "
            f"{printed[1]}; correct the row's period"
        )


def _text(bound: Fraction | float) -> str:
    """Plain decimal digits of a finite number; "" for an open bound."""
    if isinstance(bound, float):
        return ""
    return format(Decimal(bound.numerator) / Decimal(bound.denominator), "f")


def _reference_problems(printed: pd.DataFrame, registers: Registers) -> Iterator[str]:
    seen: dict[str, str] = {}
    for row in printed.to_dict("records"):
        where = place(row)
        if row["source_id"] not in registers.sources.index:
            yield f"{where}: source {row['source_id']!r} is not in sources.csv; add it, or rename the file"
        if row["indicator"] not in registers.indicators.index:
            yield f"{where}: label {row['label']!r} has no indicator {row['indicator']!r}; add it to indicators.csv"
        if row["figure_id"] in seen:
            yield f"{where}: figure_id {row['figure_id']!r} already stands in {seen[row['figure_id']]}; rename one"
        seen[row["figure_id"]] = where
        area = (row["area_code"], row["boundary_version"])
        if area not in registers.areas.index:
            yield f"{where}: area {area[0]} with boundary {area[1]!r} is not in areas.csv; add it"
            continue
        first, last = registers.areas.loc[area, ["valid_from", "valid_to"]]
        if (last and row["period_end"] > last) or row["period_start"] < first:
            period = f"{row['period_start']} to {row['period_end']}"
            yield f"{where}: period {period} leaves boundary {area[1]!r}; use the boundary of that time"
