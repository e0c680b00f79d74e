"""CSV files: strict about bytes, complete about errors.

Responsibility: every read of a CSV under ``data/``. A file is read whole or not at all, and all of its failures are
reported at once, each with file, row, column, value and remedy.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import hashlib
import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from kg_analysis.data.columns import Table
from kg_analysis.errors import DataError
from kg_analysis.untrusted import unseen

_SOUND: dict[tuple[str, str], pd.DataFrame] = {}  # tables found sound, by their name and the hash of their file
_MOST_BYTES = 50_000_000  # of a file; all tables of the project together have some 2 million
_MOST_IN_LINE = 10_000  # characters of a header
_MOST_REMEMBERED = 5000  # a nation has some hundred reports


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """Table of a CSV file, validated and converted.

    ``table``: its schema.
    ``number`` columns as float (NaN = missing), ``whole`` as Int64, ``day`` as datetime64, the rest as text.
    Raises DataError: every failure of the file, each with row, column, value and remedy. Rows count as in a
    spreadsheet: the header is row 1.
    """
    return convert(read_text(path, table), table)


def read_text(path: Path, table: Table) -> pd.DataFrame:
    """Validated table of a CSV file, its cells still the text of the file.

    Raises DataError: as for :func:`read_table`.
    """
    content = _content(path)
    key = _key(table, content)
    if key not in _SOUND:
        rows = _parse(path, table, content)
        if problems := _problems(rows, table):
            raise DataError(f"{_place(path)} {problem}" for problem in problems)
        _remember({key: rows})
    return _SOUND[key].copy()


def header_of(path: Path) -> list[str]:
    """Names in the first line of a CSV file; what is wrong with the file is said when it is read."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        line = file.readline(_MOST_IN_LINE)
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def validate_together(paths: Sequence[Path], table: Table) -> None:
    """Prove many files of one table in one go; what is not sound is left for :func:`read_text` to name.

    A validation costs much the same for one row as for a thousand, and the pages of the press have few rows each.
    """
    try:
        contents = {path: _content(path) for path in paths}
        new = {path: content for path, content in contents.items() if _key(table, content) not in _SOUND}
        parts = {path: _parse(path, table, content) for path, content in new.items()}
    except DataError:
        return
    if not parts or failures(pd.concat(parts.values(), ignore_index=True), table):
        return
    sound = {path: rows for path, rows in parts.items() if not _duplicates(rows, table)}
    _remember({_key(table, new[path]): rows for path, rows in sound.items()})


def _key(table: Table, content: bytes) -> tuple[str, str]:
    return table.name, hashlib.sha256(content).hexdigest()


def _remember(sound: dict[tuple[str, str], pd.DataFrame]) -> None:
    if len(_SOUND) + len(sound) > _MOST_REMEMBERED:
        _SOUND.clear()
    _SOUND.update(sound)


def read_lenient(path: Path, table: Table) -> tuple[pd.DataFrame, list[str]]:
    """Text of a CSV file whatever its cells hold, and every failure of it; empty where it is no table at all."""
    try:
        rows = _parse(path, table, _content(path))
    except DataError as error:
        return pd.DataFrame(columns=list(table.columns), dtype=str), list(error.problems)
    return rows, [f"{_place(path)} {problem}" for problem in _problems(rows, table)]


def convert(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Copy of validated text with each column in its type."""
    typed = rows.copy()
    for column in table.columns:
        kind = table.kind(column)
        if kind == "number":
            typed[column] = pd.to_numeric(rows[column].replace("", None)).astype(float)
        elif kind == "whole":
            typed[column] = pd.to_numeric(rows[column].replace("", None)).astype("Int64")
        elif kind == "day":
            typed[column] = pd.to_datetime(rows[column].replace("", None), format="%Y-%m-%d")
    return typed


def to_csv(rows: pd.DataFrame) -> bytes:
    """Bytes of a table of text: UTF-8 without BOM, commas, LF."""
    return rows.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _place(path: Path) -> str:
    """Last folder and name: printed/kien-giang-2021.csv."""
    return "/".join(path.parts[-2:])


def _parse(path: Path, table: Table, content: bytes) -> pd.DataFrame:
    columns, text = list(table.columns), _decode(path, content)
    delimiter = _delimiter(text.partition("\n")[0])
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise DataError(f"{_place(path)}: no CSV ({error}); look for a quotation mark that is not closed") from None
    header = rows[0] if rows else []
    if header != columns:
        raise DataError(f"{_place(path)} row 1: {_header_problem(header, columns)}")
    while not any(rows[-1]) and len(rows[-1]) == len(columns):  # Excel writes rows that were cleared
        rows.pop()
    if ragged := [
        f"{_place(path)} row {number}: {_ragged(row, len(columns))}"
        for number, row in enumerate(rows[1:], 2)
        if len(row) != len(columns)
    ]:
        raise DataError(ragged)
    found = pd.DataFrame(rows[1:], columns=columns, dtype=str)
    return found if delimiter == "," else _with_points(path, found, table)


def _delimiter(header: str) -> str:
    """What parts the cells: Excel takes the semicolon where the comma is the sign of decimals."""
    return ";" if ";" in header and "," not in header else ","


def _with_points(path: Path, rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Rows of a file with semicolons, its numbers with a decimal point and without thousands.

    Raises DataError: every number that has only one group of three digits behind a point: 1.234 may be either.
    """
    numbers = [each for each in table.columns if table.kind(each) in ("number", "whole")]
    if problems := [
        f"{_place(path)} row {int(row) + 2}: {name} {cell!r} may be {cell.replace('.', '')} or "
        f"{cell.replace('.', ',')}; save the file with commas between cells and decimal points"
        for name in numbers
        for row, cell in rows[name].items()
        if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", cell)
    ]:
        raise DataError(problems)
    for name in numbers:
        grouped = rows[name].str.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
        rows[name] = rows[name].str.replace(".", "", regex=False).where(grouped, rows[name])
        rows[name] = rows[name].str.replace(r"^(-?\d+),(\d+)$", r"\1.\2", regex=True)
    return rows


def _ragged(row: list[str], wanted: int) -> str:
    if not row:
        return "the line is blank; remove it"
    return f"{len(row)} cells instead of {wanted}; put text with a comma in quotes"


def _content(path: Path) -> bytes:
    place = _place(path)
    try:
        if (size := path.stat().st_size) > _MOST_BYTES:
            raise DataError(
                f"{place}: {size / 1e6:.0f} MB, at most {_MOST_BYTES / 1e6:.0f} are read; cut the file down"
            )
        return path.read_bytes()
    except FileNotFoundError:
        remedy = "run `kg clean`" if path.parent.name == "clean" else "restore it"
        raise DataError(f"{place}: the file is missing; {remedy}") from None
    except OSError as error:
        raise DataError(f"{place}: cannot be read ({error.strerror}); check that it is a readable file") from None


def _decode(path: Path, content: bytes) -> str:
    """Text with LF line ends; a byte order mark and CRLF are read, but a clean table is what `kg clean` writes."""
    place = _place(path)
    if path.parent.name == "clean" and (content.startswith(codecs.BOM_UTF8) or b"\r" in content):
        raise DataError(
            f"{place}: was saved by another program, with a byte order mark or CR line ends; run `kg clean`"
        )
    try:
        decoded = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        remedy = "save as UTF-8 (in Excel: CSV UTF-8)"
        raise DataError(f"{place} row {row}: byte {content[error.start]:#x} is no UTF-8; {remedy}") from None
    problems = []
    for number, line in enumerate(decoded.split("\n"), 1):
        if "\r" in line:
            problems.append(f"{place} row {number}: has a CR line end; save with LF line ends")
        if code := unseen(line):
            problems.append(f"{place} row {number}: holds {code}, a character that cannot be seen; remove it")
        if not unicodedata.is_normalized("NFC", line):
            problems.append(f"{place} row {number}: letters and accents are stored apart; save as Unicode NFC")
    if problems:
        raise DataError(problems)
    return decoded


def _header_problem(header: list[str], columns: list[str]) -> str:
    missing = [each for each in columns if each not in header]
    unknown = [each for each in header if each not in columns]
    if not missing and not unknown:
        return f"columns are out of order or repeated; the order is {', '.join(columns)}"
    parts = []
    for each in unknown:
        close = difflib.get_close_matches(each, missing, n=1)
        parts.append(f"column {each!r} is not known" + (f", did you mean {close[0]!r}?" if close else ""))
    if missing:
        parts.append(f"missing columns: {', '.join(missing)}")
    return "; ".join(parts) + f"; expected {', '.join(columns)}"


def failures(rows: pd.DataFrame, table: Table) -> list[tuple[int, str, str]]:
    """What a table refuses, in order: position of the row, column (none for a rule over the row), value and remedy."""
    try:
        table.schema().validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        found = {}
        for case in error.failure_cases.itertuples(index=False):
            row = -2 if pd.isna(case.index) else int(case.index)
            column = case.column if case.schema_context == "Column" else ""
            # A rule over the row has one message, although pandera lists every cell of it.
            found[row, f"{column}{case.check}"] = (
                (row, column, f"{column} {case.failure_case!r}: {case.check}") if column else (row, "", case.check)
            )
        return [found[each] for each in sorted(found)]
    return []


def _problems(rows: pd.DataFrame, table: Table) -> list[str]:
    """Failures of a table, each with its row as a spreadsheet counts it."""
    found = []
    for row, column, problem in failures(rows, table):
        key = " ".join(f"{each}={rows.at[row, each]!r}" for each in table.key) if row >= 0 else ""
        found.append(f"row {row + 2}: {problem}" if column else f"row {row + 2}: {key}: {problem}")
    return found + _duplicates(rows, table)


def _duplicates(rows: pd.DataFrame, table: Table) -> list[str]:
    keys = list(table.key)
    again = rows[rows.duplicated(subset=keys, keep="first")]
    problems = []
    for index, row in again.iterrows():
        first = rows.index[(rows[keys] == row[keys]).all(axis=1)][0]
        key = ", ".join(f"{each} {row[each]!r}" for each in keys)
        problems.append(f"row {int(index) + 2}: {key} already stands in row {first + 2}; remove one of the two")
    return problems
