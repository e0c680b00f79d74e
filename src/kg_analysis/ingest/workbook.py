"""The review workbook as an Excel file.

Responsibility: rows in, bytes out: sheets, drop-downs, colours. Text stays text, also where it begins like a formula,
and the same rows give the same bytes. What the rows say is decided in ``review``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kg_analysis.disk import repacked
from kg_analysis.ingest.sheets import (
    COLUMNS,
    FIGURES,
    FIXED,
    LISTS,
    LOCKED_FIELDS,
    PROPOSALS,
    ROW_SHEETS,
    SOURCE_FIELDS,
    UNMATCHED,
    Column,
    shown,
)

Cells = dict[str, str]
_FILLS = {
    "sure": "DDF0E3",
    "likely": "FFF2CC",
    "unsure": "F8D7CD",
    "given": "EFEFEF",
    "head": "12436D",
    "warned": "F4B183",
    "topic": "D9E2EC",
}
_SPARE = 200  # rows below the last in which the drop-downs still stand


def build_workbook(
    rows: Mapping[str, Sequence[Cells]],
    source: Cells,
    proposals: Sequence[tuple[str, Cells]],
    choices: Mapping[str, Sequence[str]],
    language: str,
) -> bytes:
    """Excel file of a review.

    Parameters
    ----------
    rows : mapping
        Rows of each sheet of ``ROW_SHEETS`` in order, each a cell by column name.
    source : dict
        Fields of the source.
    proposals : sequence of (sheet, cells)
        What the machine proposed, kept out of sight to tell later what a person changed.
    choices : mapping
        Lists that hang on the data: ``indicator``, ``unit``, ``area_code``.
    language : str
        ``vi`` or ``en``.
    """
    book = Workbook()
    book.remove(book.active)
    lists = {**choices, **FIXED, "status": [shown(f"status_{each}", language) for each in FIXED["status"]]}
    _guide(book.create_sheet(shown("sheet_guide", language)), language)
    _source(book.create_sheet(shown("sheet_source", language)), source, lists, language)
    for name in ROW_SHEETS:
        sheet = book.create_sheet(shown(f"sheet_{name}", language))
        _fill(sheet, COLUMNS[name], rows[name], language)
        _drop_downs(sheet, COLUMNS[name], lists, len(rows[name]))
    _lists(book.create_sheet(LISTS), lists)
    _proposals(book.create_sheet(PROPOSALS), proposals)
    content = io.BytesIO()
    book.save(content)
    return repacked(content.getvalue())


def put(cell: Cell, text: str) -> None:
    """Write text that stays text: an "=" or "+" at its beginning is no formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.value = text
    cell.data_type = "s" if text else cell.data_type
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def _guide(sheet: Worksheet, language: str) -> None:
    sheet.column_dimensions["A"].width = 110
    for number, line in enumerate(shown("guide", language).split("\n"), 1):
        put(sheet.cell(number, 1), line)
        sheet.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    first = len(shown("guide", language).split("\n")) + 2
    for number, key in enumerate(("sure", "likely", "unsure", "warned"), first):
        put(sheet.cell(number, 1), shown(f"colour_{key}", language))
        sheet.cell(number, 1).fill = _fill_of(key)


def _source(sheet: Worksheet, source: Cells, lists: Mapping[str, Sequence[str]], language: str) -> None:
    for column, width in zip("ABC", (16, 70, 70), strict=True):
        sheet.column_dimensions[column].width = width
    _header(sheet, [shown(f"source_{each}", language) for each in ("field", "value", "meaning")])
    for number, name in enumerate(SOURCE_FIELDS, 2):
        put(sheet.cell(number, 1), name)
        put(sheet.cell(number, 2), source[name])
        sheet.cell(number, 2).number_format = "@"
        put(sheet.cell(number, 3), shown(f"source_about_{name}", language))
        sheet.cell(number, 1).fill = _fill_of("given")
        sheet.cell(number, 2).alignment = sheet.cell(number, 3).alignment = Alignment(wrap_text=True, vertical="top")
        if name in LOCKED_FIELDS:
            sheet.cell(number, 2).fill = _fill_of("given")
        if name in ("kind", "language", "area_code"):
            _validate(sheet, name, lists[name], f"B{number}", lists)


def _fill(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Cells], language: str) -> None:
    _header(sheet, [shown(f"column_{each.name}", language) for each in columns])
    looks: dict[tuple[str, bool, bool], Any] = {}
    topic = None
    for number, row in enumerate(rows, 2):
        begins = topic not in (None, row.get("topic", ""))
        topic = row.get("topic", "")
        for index, column in enumerate(columns, 1):
            cell = sheet.cell(number, index)
            text = row.get(column.name, "")
            look = (_colour_of(column, row), column.width >= 30, begins)
            if look not in looks:
                _dress(cell, *look)
                looks[look] = cell._style
            cell._style = copy(looks[look])
            put(cell, shown(f"status_{text}", language) if column.name == "status" else text)
    for index, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(len(rows) + 1, 2)}"


def _dress(cell: Cell, colour: str, wrap: bool, begins: bool) -> None:
    """Look of a cell: its colour, whether its text wraps, a line above where a topic begins."""
    cell.alignment, cell.number_format = Alignment(vertical="top", wrap_text=wrap), "@"
    if colour:
        cell.fill = _fill_of(colour)
    if begins:
        cell.border = Border(top=Side(style="medium", color=_FILLS["head"]))


def _colour_of(column: Column, row: Cells) -> str:
    """Status and confidence by how sure the machine is; a warning stands out; grey is only to read."""
    if column.name in ("status", "confidence") and row.get("confidence"):
        sure = float(row["confidence"])
        return "sure" if sure >= 0.9 else "likely" if sure >= 0.6 else "unsure"
    if column.name == "warning" and row.get("warning"):
        return "warned"
    return "given" if column.given else ""


def _header(sheet: Worksheet, labels: Sequence[str]) -> None:
    for index, label in enumerate(labels, 1):
        cell = sheet.cell(1, index)
        put(cell, label)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _fill_of("head")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.protection = Protection(locked=True)


def _drop_downs(sheet: Worksheet, columns: Sequence[Column], lists: Mapping[str, Sequence[str]], count: int) -> None:
    for index, column in enumerate(columns, 1):
        if column.choices:
            letter = get_column_letter(index)
            _validate(sheet, column.choices, lists[column.choices], f"{letter}2:{letter}{count + 1 + _SPARE}", lists)


def _validate(
    sheet: Worksheet, name: str, words: Sequence[str], cells: str, lists: Mapping[str, Sequence[str]]
) -> None:
    letter = get_column_letter(list(lists).index(name) + 1)
    rule = DataValidation("list", formula1=f"{LISTS}!${letter}$2:${letter}${len(words) + 1}", allow_blank=True)
    rule.showErrorMessage = True
    rule.add(cells)
    sheet.add_data_validation(rule)


def _lists(sheet: Worksheet, lists: Mapping[str, Sequence[str]]) -> None:
    """The words of the drop-downs: hidden, and locked against changes."""
    for index, (name, words) in enumerate(lists.items(), 1):
        for number, word in enumerate((name, *words), 1):
            put(sheet.cell(number, index), word)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True


def _proposals(sheet: Worksheet, proposals: Sequence[tuple[str, Cells]]) -> None:
    for number, (name, row) in enumerate(proposals, 1):
        put(sheet.cell(number, 1), name)
        put(sheet.cell(number, 2), json.dumps(row, ensure_ascii=False, sort_keys=True)[:32_000])
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True


def _fill_of(name: str) -> PatternFill:
    return PatternFill("solid", fgColor=_FILLS[name])


def group_by_topic(name: str, rows: list[Cells]) -> list[Cells]:
    """Rows of a sheet in their order: figures by topic, all else as on the page."""
    if name not in (FIGURES, UNMATCHED):
        return rows
    return sorted(rows, key=lambda row: (row.get("topic", ""), int(row["start"] or 0)))
