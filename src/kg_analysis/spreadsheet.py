"""What Excel opens, and what it gives back.

Responsibility: tables as CSV that Excel opens as they are meant, for which Vietnamese letters need a byte order mark
and a text that begins like a formula an apostrophe; the cells of a workbook, opened in the limited process.

Terms: *place* of a cell = its letters and number, e.g. ``B14``.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg_analysis.errors import DataError
from kg_analysis.untrusted import read_apart, read_content

if TYPE_CHECKING:
    import pandas as pd  # the limited process does without

MOST_ROWS = 20_000  # of a sheet
_MOST_CELLS = 40 * MOST_ROWS
BOM = b"\xef\xbb\xbf"  # without it Excel reads Vietnamese letters wrongly
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d.,]+%?")


def csv_bytes(table: pd.DataFrame) -> bytes:
    """CSV of a table, its texts kept texts.

    A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return and is no plain number gets an
    apostrophe before it, as Excel itself marks text.
    """
    return BOM + table.map(_as_text).to_csv(index=False, lineterminator="\n").encode("utf-8")


def _as_text(cell: Any) -> Any:
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook."""

    title: str
    cells: dict[str, Any]  # by place: text, number, date, or a :class:`Refused`; empty cells are left out
    rows: int  # number of the last row that holds something
    epoch: date  # day 0 of the workbook's serial numbers

    def heading(self) -> dict[str, str]:
        """Letters of each column by the text in its first row."""
        first = {place: cell for place, cell in self.cells.items() if re.fullmatch(r"[A-Z]+1", place)}
        return {str(cell).strip(): place[:-1] for place, cell in first.items()}

    def day(self, serial: float) -> date:
        """Day of a serial number."""
        return self.epoch + timedelta(days=int(serial))


@dataclass(frozen=True)
class Refused:
    """A cell whose content is not text or number itself."""

    problem: str


def read_book(path: Path, what: str, *, strict: bool) -> dict[str, Sheet]:
    """Sheets of a workbook by title.

    ``what``: which workbook to give, for messages. ``strict``: whether formulas, error values and shares shown in
    percent are refused; else a formula counts by the value that was saved with it.
    Raises DataError: if the file is no xlsx workbook, broken, or vast.
    """
    content = read_content(path, "xlsx", what)
    if not content.startswith(b"PK\x03\x04"):
        raise DataError(f"{path.name}: is no Excel workbook (xlsx); give {what}")
    found = read_apart("xlsx", path, content, strict=strict)
    epoch = date.fromisoformat(found["epoch"])
    return {
        title: Sheet(title, {place: _read(cell) for place, cell in cells.items()}, rows, epoch)
        for title, (rows, cells) in found["sheets"].items()
    }


def _read(cell: Any) -> Any:
    if isinstance(cell, dict):
        return Refused(cell["problem"]) if "problem" in cell else date.fromisoformat(cell["day"])
    return cell


# --- in the limited process


def read_cells(content: bytes, *, strict: bool) -> dict[str, Any]:
    """Cells of every sheet as JSON values, see :func:`read_book`."""
    from openpyxl import load_workbook  # noqa: PLC0415  the caller has no use for it

    _refuse_vast(content)
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=not strict, keep_links=False)
    sheets = {}
    for sheet in book.worksheets:
        cells = {
            cell.coordinate: _written(cell, strict)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None and str(cell.value).strip()
        }
        sheets[sheet.title] = (max((int(re.sub(r"\D", "", place)) for place in cells), default=0), cells)
    return {"epoch": book.epoch.date(), "sheets": sheets}


def _refuse_vast(content: bytes) -> None:
    """Refuse sheets that open to far more cells than a table has: merged ranges, rows far down."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for entry in package.infolist():
            if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename):
                continue
            sheet = package.read(entry)
            if re.search(rb"<(?:\w+:)?mergeCell\b", sheet):
                raise DataError(f"{entry.filename} has merged cells, which no table has; unmerge them")
            last = max((int(each) for each in re.findall(rb'<(?:\w+:)?row\b[^>]*\br="(\d{1,9})"', sheet)), default=0)
            if last > MOST_ROWS or len(re.findall(rb"<(?:\w+:)?c\b", sheet)) > _MOST_CELLS:
                raise DataError(
                    f"{entry.filename} has {last} rows, at most {MOST_ROWS} are read; remove the empty ones"
                )


def _written(cell: Any, strict: bool) -> Any:
    value, form = cell.value, cell.number_format  # a style that is not there shows here that the file is damaged
    if strict and cell.data_type in ("f", "e"):
        what = "a formula" if cell.data_type == "f" else f"the error value {value}"
        return {"problem": f"holds {what}; write the text or number itself"}
    if strict and isinstance(value, int | float) and "%" in (form or ""):
        return {"problem": f"holds {value} shown in percent; set the cell to text and write the number again"}
    if isinstance(value, datetime | date):
        return {"day": value.isoformat()[:10]}
    return value if isinstance(value, str | int | float) else str(value)
