"""``data/clean``: generated from ``data/printed``, byte for byte the same each time.

Responsibility: build the clean tables, write them together, and say where committed ones differ from what the printed
figures give.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError
from kg_analysis.tables.checks import check_problems
from kg_analysis.tables.datapackage import build_documents
from kg_analysis.tables.figures import build_figures, build_references
from kg_analysis.tables.files import read_text, to_csv
from kg_analysis.tables.printed import collect, place, read_printed, read_references, read_registers
from kg_analysis.tables.schemas import ASSUMPTIONS, CHECKS, CLEAN, FIGURES, LEGAL_REFERENCES
from kg_analysis.tables.series import read_series
from kg_analysis.tables.soundness import all_problems
from kg_analysis.tables.views import build_views


def build_clean(data_dir: Path) -> dict[str, bytes]:
    """Content of every clean table by its name, e.g. ``clean/covid_phases``.

    Raises
    ------
    DataError
        Every failure of the registers, of the printed figures, or of a table that they would give.
    """
    return _build(data_dir)[0]


def _build(data_dir: Path) -> tuple[dict[str, bytes], pd.DataFrame]:
    """Content of every clean table, and the figures among them."""
    registers = read_registers(data_dir)
    printed = read_printed(data_dir, registers)
    figures = build_figures(printed, registers)
    references = build_references(read_references(data_dir, registers))
    try:
        views = build_views(figures, registers.indicators)
    except DataError as error:
        raise DataError(_with_rows(error.problems, printed)) from None
    tables = {FIGURES.name: figures, **views, LEGAL_REFERENCES.name: references}
    return {name: to_csv(rows) for name, rows in tables.items()}, figures


def _with_rows(problems: Iterable[str], printed: pd.DataFrame) -> list[str]:
    """Problems of the topic tables with the typed rows that they name."""
    places = {row["figure_id"]: place(row) for row in printed.to_dict("records")}
    found = [[places[word] for word in re.split(r"[\s:;,]+", each) if word in places] for each in problems]
    return [f"{' and '.join(rows)}: {each}" if rows else each for rows, each in zip(found, problems, strict=True)]


def write_clean(data_dir: Path) -> list[Path]:
    """Regenerate ``data/clean`` and what describes the tables; nothing is written unless every table is sound.

    Returns
    -------
    list of Path
        Files written.

    Raises
    ------
    DataError
        As for :func:`build_clean`; also if a generated table breaks its own schema.
    """
    contents = build_clean(data_dir)
    staged = data_dir / ".clean.partial"
    problems: list[str] = []
    try:
        for table in CLEAN:
            partial = staged / f"{table.name}.csv"
            write_bytes(partial, contents[table.name])
            try:
                read_text(partial, table)
            except DataError as error:
                problems.extend(error.problems)
        if problems:
            raise DataError(problems)
    finally:
        _remove(staged)
    files = {f"{table.name}.csv": contents[table.name] for table in CLEAN} | build_documents(data_dir)
    for name, content in files.items():
        write_bytes(data_dir / name, content)
    return [data_dir / name for name in files]


def stale_rows(data_dir: Path) -> list[str]:
    """First difference of each clean table from what the printed figures give; empty when all agree.

    Raises
    ------
    DataError
        As for :func:`build_clean`, or if a clean table is missing or broken.
    """
    return _stale(data_dir)[0]


def _stale(data_dir: Path) -> tuple[list[str], pd.DataFrame]:
    """Differences of the clean tables, and the figures that the printed ones give.

    Raises
    ------
    DataError
        As for :func:`build_clean`, or if a clean table is missing or broken.
    """
    problems: list[str] = []
    expected: dict[str, bytes] = {}
    tables = {table.name: table for table in CLEAN}
    try:
        expected, figures = _build(data_dir)
    except DataError as error:
        problems.extend(error.problems)
    try:
        collect(data_dir, tables)
    except DataError as error:
        problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    found = ((name, (data_dir / f"{name}.csv").read_bytes()) for name in tables)
    stale = [problem for name, content in found if (problem := _difference(name, content, expected[name]))]
    for name, content in build_documents(data_dir).items():
        path = data_dir / name
        if not path.is_file() or path.read_bytes() != content:
            stale.append(f"{data_dir.name}/{name}: no longer describes the tables; run `kg clean`")
    return stale, figures


def check_data(data_dir: Path) -> None:
    """Prove that all tables under ``data_dir`` are sound and agree with each other.

    Raises
    ------
    DataError
        Every problem found, each with file, row and remedy.
    """
    try:
        problems, figures = _stale(data_dir)
        problems += _check_problems(data_dir, figures)
    except DataError as error:
        problems = [*error.problems, *all_problems(data_dir)]
    if problems:
        raise DataError(dict.fromkeys(problems))


def _check_problems(data_dir: Path, figures: pd.DataFrame) -> list[str]:
    read_series(data_dir)
    tables = collect(data_dir, {table.name: table for table in (CHECKS, ASSUMPTIONS)})
    units = figures.set_index("figure_id")["unit"].to_dict()
    return list(check_problems(tables["checks"], units, tables["assumptions"].set_index("id")["unit"].to_dict()))


def _difference(name: str, actual: bytes, expected: bytes) -> str | None:
    """First row in which a committed table differs from the generated one, and in which cells."""
    if actual == expected:
        return None
    found, wanted = (list(csv.reader(io.StringIO(content.decode(), newline=""))) for content in (actual, expected))
    remedy = "run `kg clean`, or correct printed/"
    pairs = enumerate(zip(found[1:], wanted[1:], strict=False), 2)
    different = next(((row, *pair) for row, pair in pairs if pair[0] != pair[1]), None)
    if different is None:
        return f"{name}.csv: {len(found) - 1} rows, the printed figures give {len(wanted) - 1}; {remedy}"
    row, old, new = different
    cells = [
        f"{column} is {was!r}, the printed figures give {gives!r}"
        for column, was, gives in zip(wanted[0], old, new, strict=True)
        if was != gives
    ]
    return f"{name}.csv row {row}: {'; '.join(cells)}; {remedy}"


def _remove(staged: Path) -> None:
    for path in sorted(staged.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    if staged.exists():
        staged.rmdir()
