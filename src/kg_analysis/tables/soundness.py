"""Everything wrong with a data folder at once, however much of it cannot be read.

Responsibility: the second look that is taken when the first one failed. Files are read leniently, so that a broken cell
in one does not hide what another says of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.tables.checks import check_problems
from kg_analysis.tables.columns import Table
from kg_analysis.tables.figures import parse_row
from kg_analysis.tables.files import read_lenient
from kg_analysis.tables.labels import label_problems
from kg_analysis.tables.printed import Registers, cross_problems, place, placed, printed_files
from kg_analysis.tables.registers import AREAS, ASSUMPTIONS, CHECKS, CORRECTIONS, INDICATORS, LABEL_PATTERNS, SOURCES
from kg_analysis.tables.series import present, series_problems
from kg_analysis.tables.vocabulary import WORDS
from kg_analysis.units import UNITS


def all_problems(data_dir: Path) -> list[str]:
    """Every problem of the registers, the printed figures and the checks, each once, in the order of the files."""
    problems: list[str] = []

    def lenient(name: str, table: Table) -> pd.DataFrame:
        rows, found = read_lenient(data_dir / f"{name}.csv", table)
        problems.extend(found)
        return rows

    tables = {each.name: lenient(each.name, each) for each in (SOURCES, INDICATORS, AREAS, ASSUMPTIONS, CORRECTIONS)}
    checks, patterns = lenient(CHECKS.name, CHECKS), lenient(LABEL_PATTERNS.name, LABEL_PATTERNS)
    typed = printed_files(data_dir).items()
    parts = [placed(lenient(f"printed/{path.stem}", table), path) for path, table in typed]
    printed = pd.concat(parts, ignore_index=True)
    registers = Registers(
        tables["sources"].drop_duplicates("id").set_index("id"),
        tables["indicators"].drop_duplicates("id").set_index("id"),
        tables["areas"].drop_duplicates(list(AREAS.key)).set_index(list(AREAS.key)),
        tables["corrections"],
    )
    problems.extend(cross_problems(printed, registers))
    problems.extend(_token_problems(printed, registers))
    units = registers.indicators["unit"].to_dict()
    named = {row["figure_id"]: units.get(row["indicator"], "") for row in printed.to_dict("records")}
    problems.extend(label_problems(patterns, registers.indicators.index))
    assumed = tables["assumptions"].drop_duplicates("id").set_index("id")["unit"].to_dict()
    for series in present(data_dir):
        rows = lenient(series.name, series)
        problems.extend(series_problems(series, rows, tables["sources"], tables["areas"]))
    problems.extend(check_problems(checks, named, assumed))
    return list(dict.fromkeys(problems))


def _token_problems(printed: pd.DataFrame, registers: Registers) -> Iterator[str]:
    """Tokens that cannot be read, of those rows whose indicator and unit are known."""
    for row in printed.to_dict("records"):
        if row["indicator"] not in registers.indicators.index or row["source_id"] not in registers.sources.index:
            continue
        indicator = registers.indicators.loc[row["indicator"]]
        if indicator["unit"] not in (*UNITS, *WORDS):
            continue
        try:
            parse_row(row, indicator, str(registers.sources.at[row["source_id"], "language"]))
        except DataError as error:
            yield from (f"{place(row)}: {problem}" for problem in error.problems)
        except (KeyError, ValueError):  # a cell that its column has already refused
            continue
