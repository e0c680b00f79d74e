"""The review workbook as a person gives it back: an untrusted Excel file.

Responsibility: open it safely, find sheets and columns by their headers, and take every cell as text. What the cells
mean is judged in ``review_check``.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from kg_analysis.errors import DataError
from kg_analysis.ingest.sheets import (
    COLUMNS,
    PROPOSALS,
    ROW_SHEETS,
    SOURCE,
    SOURCE_FIELDS,
    STATUSES,
    read_word,
    shown,
)
from kg_analysis.ingest.untrusted import check_package
from kg_analysis.text import LANGUAGES

Cells = dict[str, str]
AT = "@"  # under this name a row keeps the number that it has on its sheet
_SIZE = 30_000_000  # [bytes]
_MOST_ROWS = 20_000


@dataclass(frozen=True)
class Review:
    """A review as given back.

    Attributes
    ----------
    source : dict
        Fields of the source.
    rows : dict of str to list of dict
        Rows by sheet; ``@`` holds the number of the row.
    proposals : dict of str to (str, dict)
        What the machine had proposed, by key: sheet and cells.
    titles : dict of str to str
        Title of each sheet in the file.
    letters : dict of str to dict of str to str
        Letter of each column by sheet and name.
    """

    source: Cells
    rows: dict[str, list[Cells]]
    proposals: dict[str, tuple[str, Cells]]
    titles: dict[str, str]
    letters: dict[str, dict[str, str]]

    def at(self, sheet: str, row: Cells, column: str) -> str:
        """Where a cell stands: ``Số liệu!I14``."""
        return f"{self.titles[sheet]}!{self.letters[sheet].get(column, '')}{row[AT]}"

    def at_source(self, name: str) -> str:
        """Where a field of the source stands."""
        return f"{self.titles[SOURCE]}!B{SOURCE_FIELDS.index(name) + 2}"

    def changes(self, sheet: str, row: Cells) -> Cells:
        """Cells of a row that a person has changed; all of a row that a person has added."""
        _, proposed = self.proposals.get(row.get("key", ""), ("", {}))
        names = [each.name for each in COLUMNS[sheet] if not each.given]
        return {name: row[name] for name in names if row.get(name, "") != _one_line(proposed.get(name, ""))}


def read_review(path: Path) -> Review:
    """Review of an Excel file.

    Raises
    ------
    DataError
        If the file is no such workbook; every missing sheet or column, formula, error value and unknown status, each
        by sheet and cell.
    """
    book = _opened(path)
    problems: list[str] = []
    titles = {name: _title(book, name) for name in (SOURCE, *ROW_SHEETS)}
    absent = [shown(f"sheet_{name}", "vi") for name, title in titles.items() if not title]
    if PROPOSALS not in book.sheetnames or absent:
        missing = ", ".join(absent) or PROPOSALS
        raise DataError(f"{path.name}: sheets are missing: {missing}; take the workbook that `kg draft` wrote")
    letters: dict[str, dict[str, str]] = {}
    rows: dict[str, list[Cells]] = {}
    for name in ROW_SHEETS:
        letters[name] = _letters(book[titles[name]], name, problems)
        rows[name] = list(_rows(book[titles[name]], name, letters[name], problems))
    source = _source(book[titles[SOURCE]], problems)
    proposals = _proposals(book[PROPOSALS], path)
    if problems:
        raise DataError(problems)
    return Review(source, rows, proposals, titles, letters)


def _opened(path: Path) -> Any:
    if not path.is_file():
        raise DataError(f"{path}: no such file; give the workbook that `kg draft` wrote")
    size = path.stat().st_size
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    if not packed or size > _SIZE:
        raise DataError(f"{path.name}: is no Excel workbook (xlsx) of `kg draft`; give the one that it wrote")
    check_package(path, "xl/", "xlsx")
    try:
        return load_workbook(path, data_only=False, keep_links=False)
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, SyntaxError) as error:
        raise DataError(f"{path.name}: the workbook is broken ({error}); draft it anew") from None


def _title(book: Any, name: str) -> str:
    wanted = {shown(f"sheet_{name}", language) for language in LANGUAGES}
    return next((title for title in book.sheetnames if title in wanted), "")


def _letters(sheet: Any, name: str, problems: list[str]) -> dict[str, str]:
    """Letter of each column by its header, wherever it has been moved to."""
    headers = {str(cell.value).strip(): cell.column_letter for cell in sheet[1] if cell.value is not None}
    found = {}
    for column in COLUMNS[name]:
        words = [shown(f"column_{column.name}", language) for language in LANGUAGES]
        letter = next((headers[word] for word in words if word in headers), "")
        if letter:
            found[column.name] = letter
        else:
            problems.append(f"{sheet.title}!1: column {words[0]!r} ({column.name}) is missing; put it back")
    return found


def _rows(sheet: Any, name: str, letters: dict[str, str], problems: list[str]) -> Iterator[Cells]:
    if sheet.max_row > _MOST_ROWS:
        problems.append(f"{sheet.title}: {sheet.max_row} rows, at most {_MOST_ROWS} are read; remove the empty ones")
        return
    for number in range(2, sheet.max_row + 1):
        cells = {column: _text(sheet[f"{letter}{number}"], problems) for column, letter in letters.items()}
        if not any(cells.values()):
            continue
        status = read_word("status", STATUSES, cells.get("status", ""))
        if "status" in letters and status not in STATUSES:
            words = ", ".join(shown(f"status_{each}", "vi") for each in STATUSES)
            problems.append(f"{sheet.title}!{letters['status']}{number}: status {status!r}: choose one of {words}")
        yield {each.name: cells.get(each.name, "") for each in COLUMNS[name]} | {"status": status, AT: str(number)}


def _source(sheet: Any, problems: list[str]) -> Cells:
    found = {}
    for number in range(2, min(sheet.max_row, 100) + 1):
        name = _text(sheet.cell(number, 1), problems)
        if name in SOURCE_FIELDS:
            found[name] = _text(sheet.cell(number, 2), problems)
    found.setdefault("grade", "official" if found.get("kind") == "report" else "")  # workbooks from before the column
    for name in SOURCE_FIELDS:
        if name not in found:
            problems.append(f"{sheet.title}!A: the row {name!r} is missing; put it back")
    return found


def _proposals(sheet: Any, path: Path) -> dict[str, tuple[str, Cells]]:
    try:
        return {
            cells["key"]: (str(name), cells)
            for name, text in sheet.iter_rows(values_only=True, max_col=2)
            if text and isinstance(cells := json.loads(text), dict)
        }
    except (json.JSONDecodeError, KeyError, TypeError):
        raise DataError(f"{path.name}: the hidden sheet {PROPOSALS!r} was changed; draft the report anew") from None


def _text(cell: Any, problems: list[str]) -> str:
    """Text of a cell; days in ISO form, whole numbers without a point."""
    value = cell.value
    where = f"{cell.parent.title}!{get_column_letter(cell.column)}{cell.row}"
    if cell.data_type == "f":
        problems.append(f"{where}: holds a formula; write the text or number itself")
        return ""
    if cell.data_type == "e":
        problems.append(f"{where}: holds the error value {value}; write the text or number itself")
        return ""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _one_line(str(value))


def _one_line(text: str) -> str:
    return re.sub(r"\s*[\n\r\t]\s*", " ", text).strip()
