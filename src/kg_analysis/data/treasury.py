"""A department's treasury export as a monthly series: the workbook of ``data/templates`` read into its table.

Responsibility: the layout of the workbook, one row an investor, fund source and cut-off day, and its reading with every
failure named by sheet and row. What the numbers say is :mod:`kg_analysis.analysis.investment`'s matter. The layout is
that of the columns a TABMIS listing of disbursement is usually cut down to; it is ours, not the treasury's.

Terms: *investor* = who spends the money; *cut-off day* = day up to which the money is counted. Amounts in bn VND.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from kg_analysis.data.files import convert
from kg_analysis.data.schemas import DISBURSEMENT_MONTHLY
from kg_analysis.errors import DataError
from kg_analysis.spreadsheet import read_book

SHEET = "Giải ngân"
# Heading in the workbook of every column, with what it becomes.
HEADINGS = {
    "Năm ngân sách": "budget_year",
    "Ngày chốt số liệu": "as_of",
    "Đơn vị (chủ đầu tư)": "investor",
    "Nguồn vốn": "fund_source",
    "Kế hoạch Thủ tướng giao (tỷ đồng)": "plan_bn_vnd",
    "Kế hoạch HĐND giao (tỷ đồng)": "plan_council_bn_vnd",
    "Kế hoạch phân bổ chi tiết (tỷ đồng)": "plan_allocated_bn_vnd",
    "Lũy kế giải ngân (tỷ đồng)": "disbursed_cum_bn_vnd",
    "Lũy kế khối lượng hoàn thành (tỷ đồng)": "volume_cum_bn_vnd",
    "Nguyên nhân chậm": "cause",
}
_AMOUNTS = tuple(name for name in HEADINGS.values() if name.endswith("bn_vnd"))
_TOTAL = ("tổng số", "tổng cộng", "total")
DECIMALS = 3  # a treasury counts to the million VND


def read_treasury(
    path: Path, source_id: str, vintage: str, area_code: str = "91", boundary_version: str = "kien-giang"
) -> pd.DataFrame:
    """Rows of ``series/disbursement_monthly`` from a filled workbook.

    ``path``: ``.xlsx`` in the layout of ``data/templates/disbursement_treasury.xlsx``. ``source_id``: source to enter
    in sources.csv. ``vintage``: when the export was made, e.g. ``2022-09-05``.
    In the types of the series; an empty cell is missing and not 0.
    Raises DataError: A file that is no workbook, or too large; a missing sheet or heading; every cell that is no day or
    amount.
    """
    given = {"area_code": area_code, "boundary_version": boundary_version, "vintage": vintage, "source_id": source_id}
    problems: list[str] = []
    rows = [{**row, **given} for row in _rows(path, problems)]
    if problems:
        raise DataError(problems)
    if not rows:
        raise DataError(f"{path.name}: sheet {SHEET!r} holds no row; fill it in below the headings")
    table = pd.DataFrame(rows, dtype=str).reindex(columns=list(DISBURSEMENT_MONTHLY.columns)).fillna("")
    key = list(DISBURSEMENT_MONTHLY.key)
    if (twice := table[table.duplicated(key)]).size:
        row = twice.iloc[0]
        raise DataError(f"{path.name}: {row['investor']}, {row['fund_source']}, {row['as_of']} stands twice; keep one")
    return convert(table.sort_values(key, kind="stable").reset_index(drop=True), DISBURSEMENT_MONTHLY)


def write_template(path: Path, rows: pd.DataFrame | None = None) -> None:
    """Write the workbook with its headings, and rows of the series where some are given."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(list(HEADINGS))
    sheet.freeze_panes = "A2"
    for row in [] if rows is None else rows.to_dict("records"):
        sheet.append([_cell(row[name]) for name in HEADINGS.values()])
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = max(14, len(str(column[0].value)) + 2)
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    book.save(path)


def _cell(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if value is None or pd.isna(value) or value == "" else value


def _rows(path: Path, problems: list[str]) -> Iterator[dict[str, str]]:
    book = read_book(path, f"the treasury's workbook with the sheet {SHEET!r}", strict=False)
    if SHEET not in book:
        raise DataError(f"{path.name}: no sheet {SHEET!r}, only {', '.join(book)}; rename the sheet")
    sheet = book[SHEET]
    letters = sheet.heading()
    if missing := [each for each in HEADINGS if each not in letters]:
        raise DataError(f"{path.name}: sheet {SHEET!r} lacks the heading {missing[0]!r}; take those of the template")
    for number in range(2, sheet.rows + 1):
        cells = {name: sheet.cells.get(f"{letters[heading]}{number}") for heading, name in HEADINGS.items()}
        if any(cell is not None for cell in cells.values()):
            yield _row(cells, f"{path.name}, sheet {SHEET!r} row {number}", problems)


def _row(cells: dict[str, Any], where: str, problems: list[str]) -> dict[str, str]:
    row = {name: str(cells[name] or "").strip() for name in ("investor", "fund_source", "cause")}
    for name in ("investor", "fund_source"):
        row[name] = "total" if row[name].casefold() in _TOTAL else row[name]
        if not row[name]:
            problems.append(f"{where}: {name} is empty; write the unit or fund, or Tổng số")
    for name in _AMOUNTS:
        value = cells[name]
        if value is None:
            row[name] = ""
        elif isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(f"{where}: {name} is {value!r}; enter a number in bn VND, or leave the cell empty")
        else:
            row[name] = f"{value:.{DECIMALS}f}"
    row["decimals"] = str(DECIMALS)
    day, year = cells["as_of"], cells["budget_year"]
    if not isinstance(day, date) or isinstance(year, bool) or not isinstance(year, int | float):
        problems.append(f"{where}: budget year {year!r} and cut-off day {day!r}; enter a year and a date")
        return row
    index = (day.year - int(year)) * 12 + day.month
    if not 1 <= index <= 13:
        problems.append(f"{where}: {day:%Y-%m-%d} lies outside budget year {int(year)}; correct one of the two")
    return row | {"budget_year": str(int(year)), "month_index": str(index), "as_of": f"{day:%Y-%m-%d}"}
