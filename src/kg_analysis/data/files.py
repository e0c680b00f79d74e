"""CSV files: strict about bytes, complete about errors.

Responsibility: every read of a CSV under ``data/``. A file is read whole or not at all, and all of its failures are
reported at once, each with file, row, column, value and remedy.
"""

from __future__ import annotations

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

# Control characters, non-characters, soft hyphens, marks of direction and whatever else shows nothing on the page: two
# cells that look alike must be alike.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
    "|[" + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)) + "]"
)
_SOUND: dict[tuple[str, str], pd.DataFrame] = {}  # tables found sound, by their name and the hash of their file
_MOST_REMEMBERED = 5000  # a nation has some hundred reports


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """Table of a CSV file, validated and converted.

    Parameters
    ----------
    path : Path
    table : Table
        Its schema.

    Returns
    -------
    DataFrame
        ``number`` columns as float (NaN = missing), ``whole`` as Int64, ``day`` as datetime64, the rest as text.

    Raises
    ------
    DataError
        Every failure of the file, each with row, column, value and remedy. Rows count as in a spreadsheet: the header
        is row 1.
    """
    return convert(read_text(path, table), table)


def read_text(path: Path, table: Table) -> pd.DataFrame:
    """Validated table of a CSV file, its cells still the text of the file.

    Raises
    ------
    DataError
        As for :func:`read_table`.
    """
    content = _content(path)
    key = _key(table, content)
    if key not in _SOUND:
        rows = _parse(path, list(table.columns), content)
        problems = _failures(rows, table) + _duplicates(rows, table)
        if problems:
            raise DataError(f"{_place(path)} {problem}" for problem in problems)
        _remember({key: rows})
    return _SOUND[key].copy()


def header_of(path: Path) -> list[str]:
    """Names in the first line of a CSV file; what is wrong with the file is said when it is read."""
    try:
        with path.open(encoding="utf-8", newline="", errors="replace") as file:
            return next(csv.reader(file), [])
    except (OSError, csv.Error):
        return []


def validate_together(paths: Sequence[Path], table: Table) -> None:
    """Prove many files of one table in one go; what is not sound is left for :func:`read_text` to name.

    A validation costs much the same for one row as for a thousand, and the pages of the press have few rows each.
    """
    try:
        contents = {path: _content(path) for path in paths}
        new = {path: content for path, content in contents.items() if _key(table, content) not in _SOUND}
        parts = {path: _parse(path, list(table.columns), content) for path, content in new.items()}
    except DataError:
        return
    if not parts or _failures(pd.concat(parts.values(), ignore_index=True), table):
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
        rows = _parse(path, list(table.columns), _content(path))
    except DataError as error:
        return pd.DataFrame(columns=list(table.columns), dtype=str), list(error.problems)
    return rows, [f"{_place(path)} {problem}" for problem in _failures(rows, table) + _duplicates(rows, table)]


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


def _parse(path: Path, columns: list[str], content: bytes) -> pd.DataFrame:
    try:
        rows = list(csv.reader(io.StringIO(_decode(path, content), newline=""), strict=True))
    except csv.Error as error:
        raise DataError(f"{_place(path)}: no CSV ({error}); look for a quotation mark that is not closed") from None
    header = rows[0] if rows else []
    if header != columns:
        raise DataError(f"{_place(path)} row 1: {_header_problem(header, columns)}")
    ragged = [
        f"{_place(path)} row {number}: {_ragged(row, len(columns))}"
        for number, row in enumerate(rows[1:], 2)
        if len(row) != len(columns)
    ]
    if ragged:
        raise DataError(ragged)
    return pd.DataFrame(rows[1:], columns=columns, dtype=str)


def _ragged(row: list[str], wanted: int) -> str:
    if not row:
        return "the line is blank; remove it"
    return f"{len(row)} cells instead of {wanted}; put text with a comma in quotes"


def _content(path: Path) -> bytes:
    place = _place(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        remedy = "run `kg clean`" if path.parent.name == "clean" else "restore it"
        raise DataError(f"{place}: the file is missing; {remedy}") from None
    except OSError as error:
        raise DataError(f"{place}: cannot be read ({error.strerror}); check that it is a readable file") from None


def _decode(path: Path, content: bytes) -> str:
    place = _place(path)
    if content.startswith(b"\xef\xbb\xbf"):
        raise DataError(f"{place} row 1: starts with a byte order mark; save as UTF-8 without BOM")
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise DataError(f"{place} row {row}: byte {content[error.start]:#x} is no UTF-8; save as UTF-8") from None
    problems = []
    if "\r" in decoded:
        row = decoded[: decoded.index("\r")].count("\n") + 1
        problems.append(f"{place} row {row}: has CR line ends; save with LF line ends")
    for number, line in enumerate(decoded.split("\n"), 1):
        if found := _UNSEEN.search(line):
            code = f"U+{ord(found[0]):04X}"
            problems.append(f"{place} row {number}: holds {code}, a character that cannot be seen; remove it")
        if not unicodedata.is_normalized("NFC", line):
            problems.append(f"{place} row {number}: letters and accents are stored apart; save as Unicode NFC")
    if problems:
        raise DataError(problems)
    return decoded


def _header_problem(header: list[str], columns: list[str]) -> str:
    missing = [each for each in columns if each not in header]
    unknown = [each for each in header if each not in columns]
    if len(header) == 1 and ";" in header[0]:
        return "cells are separated by semicolons; save with commas"
    if not missing and not unknown:
        return f"columns are out of order or repeated; the order is {', '.join(columns)}"
    parts = []
    for each in unknown:
        close = difflib.get_close_matches(each, missing, n=1)
        parts.append(f"column {each!r} is not known" + (f", did you mean {close[0]!r}?" if close else ""))
    if missing:
        parts.append(f"missing columns: {', '.join(missing)}")
    return "; ".join(parts) + f"; expected {', '.join(columns)}"


def _failures(rows: pd.DataFrame, table: Table) -> list[str]:
    try:
        table.schema().validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        found: dict[tuple[int, str], str] = {}
        for case in error.failure_cases.itertuples(index=False):
            row = 0 if pd.isna(case.index) else int(case.index) + 2
            column = case.column if case.schema_context == "Column" else ""
            if column:
                found[row, f"{column}{case.check}"] = f"row {row}: {column} {case.failure_case!r}: {case.check}"
            else:  # a rule over the row: one message, although pandera lists every cell of it
                key = " ".join(f"{each}={rows.at[row - 2, each]!r}" for each in table.key) if row else ""
                found[row, case.check] = f"row {row}: {key}: {case.check}"
        return [found[each] for each in sorted(found)]
    return []


def _duplicates(rows: pd.DataFrame, table: Table) -> list[str]:
    keys = list(table.key)
    again = rows[rows.duplicated(subset=keys, keep="first")]
    problems = []
    for index, row in again.iterrows():
        first = rows.index[(rows[keys] == row[keys]).all(axis=1)][0]
        key = ", ".join(f"{each} {row[each]!r}" for each in keys)
        problems.append(f"row {int(index) + 2}: {key} already stands in row {first + 2}; remove one of the two")
    return problems
