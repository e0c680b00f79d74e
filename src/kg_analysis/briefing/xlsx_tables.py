"""A table on a sheet: numbers as numbers with their bounds beside, units, filter, frozen header, sources.

Responsibility: where each cell of a table goes. A quantity that is not exact has its lowest and highest value in the
two columns beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kg_analysis.briefing.elements import Cell, Table
from kg_analysis.briefing.model import Briefing
from kg_analysis.briefing.xlsx_sheets import header, heading, line, number, reference, text, widths
from kg_analysis.quantities import Quantity

FIRST = 4  # row of the header


@dataclass(frozen=True)
class _Place:
    """A column of the sheet: which column of the table, and which of its numbers."""

    column: int
    part: str  # value, low, high or unit


def add_table(sheet: Worksheet, table: Table, briefing: Briefing) -> None:
    """Write a table with its title above and its source below."""
    heading(sheet, 1, table.title)
    places = [place for index in range(len(table.columns)) for place in _places(table, index)]
    for position, place in enumerate(places, 1):
        header(sheet.cell(FIRST, position), _label(table, place, briefing), right=table.columns[place.column].numeric)
    ids = len(places) + 1
    header(sheet.cell(FIRST, ids), briefing.words["figure_ids"], right=False)
    for row, found in enumerate(table.rows, FIRST + 1):
        for position, place in enumerate(places, 1):
            _write(sheet, row, position, found.cells[place.column], place.part)
        reference(sheet.cell(row, ids), " ".join(found.figure_ids))
    last = FIRST + len(table.rows)
    sheet.auto_filter.ref = f"A{FIRST}:{get_column_letter(ids)}{last}"
    sheet.freeze_panes = sheet.cell(FIRST + 1, 2 if len(places) > 2 else 1)
    sheet.print_title_rows = f"{FIRST}:{FIRST}"
    wide = {position: _width(sheet, position, last) for position in range(1, ids)} | {ids: 24}
    widths(sheet, wide)
    if table.source:
        source = f"{briefing.words['source']} {table.source}"
        line(sheet, last + 2, source, last=ids, letters=sum(wide.values()))


def _places(table: Table, index: int) -> list[_Place]:
    """Columns of the sheet for a column of the table."""
    cells = [row.cells[index] for row in table.rows]
    quantities = [each.value for each in cells if isinstance(each.value, Quantity)]
    parts = ["value"]
    if any(not _is_exact(each) for each in quantities):
        parts += ["low", "high"]
    if quantities and table.columns[index].unit == "" and any(each.unit_label for each in cells):
        parts.append("unit")
    return [_Place(index, each) for each in parts]


def _label(table: Table, place: _Place, briefing: Briefing) -> str:
    column = table.columns[place.column]
    if place.part == "unit":
        return briefing.words["unit"]
    unit = f" ({column.unit_label})" if column.unit_label else ""
    end = "" if place.part == "value" else f", {briefing.words[place.part]}"
    return f"{column.label}{end}{unit}"


def _write(sheet: Worksheet, row: int, position: int, found: Cell, part: str) -> None:
    cell, value = sheet.cell(row, position), found.value
    if part == "unit":
        text(cell, found.unit_label)
    elif isinstance(value, Quantity):
        _quantity(sheet, row, position, value, found, part)
    elif part != "value":
        return
    elif isinstance(value, date):
        cell.value, cell.number_format = value, "dd/mm/yyyy"
    elif isinstance(value, int):
        number(cell, value, 0)
    else:
        text(cell, found.text, wrap=len(found.text) > 40)


def _quantity(sheet: Worksheet, row: int, position: int, value: Quantity, found: Cell, part: str) -> None:
    cell, decimals = sheet.cell(row, position), value.shown_decimals
    if part == "value":
        if value.interval.value is None:
            text(cell, found.text)  # only a bound is printed: no number stands for it
        else:
            number(cell, round(value.value, 10), decimals)
    elif not _is_exact(value):
        bound = value.low if part == "low" else value.high
        if math.isfinite(bound):
            number(cell, round(bound, 10), decimals + (value.decimals is not None))


def _is_exact(value: Quantity) -> bool:
    return value.low == value.high


def _width(sheet: Worksheet, position: int, last: int) -> float:
    """Room for the longest cell, and for the head in three lines."""
    shown = [sheet.cell(row, position).value for row in range(FIRST + 1, last + 1)]
    longest = max((len(str(each)) for each in shown if each is not None), default=0)
    head = math.ceil(len(str(sheet.cell(FIRST, position).value)) / 3)
    return min(max(11, longest + 2, head + 3), 44)
