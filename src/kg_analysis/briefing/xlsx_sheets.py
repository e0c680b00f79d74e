"""Cells of a workbook: text that stays text, numbers with their format, headings, links, widths.

Responsibility: the one way in which a cell is written. Text is never taken for a formula.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from kg_analysis.briefing.model import Briefing
from kg_analysis.charts.theme import FOCUS, MUTED, PALE

FONT = "Arial"
_INPUT = "FFF2CC"
_LINE_POINTS = 13.5  # height of a line
_LINE = Side(style="thin", color="D9D9D9")
_CONTROL = {number: None for number in range(32) if number not in (9, 10)}  # no XML file can hold these


def prepare(sheet: Worksheet, briefing: Briefing) -> None:
    """Page of a sheet: A4 across, one page wide, title rows and page number printed."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
    sheet.oddFooter.left.text = briefing.title.replace("&", "&&")[:200]


def text(cell: Any, words: str, *, wrap: bool = False) -> None:
    """Write words as text, even where they begin like a formula."""
    cell.value = words.translate(_CONTROL)[:32767]  # the most that a cell holds
    cell.data_type = "s"
    cell.quotePrefix = words[:1] in ("=", "+", "-", "@", "'")  # stays text when edited
    cell.font = Font(name=FONT, size=10)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")


def number(cell: Any, value: float, decimals: int) -> None:
    """Write a number that shows so many decimals; the decimal sign is that of the reader's Excel."""
    cell.value = int(value) if float(value).is_integer() else value
    cell.number_format = number_format(decimals)
    cell.font = Font(name=FONT, size=10)
    cell.alignment = Alignment(horizontal="right", vertical="top")


def number_format(decimals: int) -> str:
    """Excel's format of a number with its thousands apart."""
    return "#,##0." + "0" * decimals if decimals else "#,##0"


def heading(sheet: Worksheet, row: int, words: str, *, small: bool = False) -> None:
    """Heading in the first column."""
    cell = sheet.cell(row, 1)
    text(cell, words)
    cell.font = Font(name=FONT, size=11 if small else 14, bold=True, color=FOCUS.removeprefix("#"))


def line(sheet: Worksheet, row: int, words: str, *, first: int = 1, last: int = 1, letters: float = 100) -> None:
    """Plain words over the columns ``first`` to ``last``, ``letters`` wide, in as many lines as they take."""
    cell = sheet.cell(row, first)
    text(cell, words, wrap=True)
    cell.font = Font(name=FONT, size=10, color=MUTED.removeprefix("#") if first == 1 else None)
    if last > first:
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    sheet.row_dimensions[row].height = _LINE_POINTS * math.ceil(max(1, len(words)) / letters)


def reference(cell: Any, words: str) -> None:
    """Ids, of which as much shows as fits."""
    text(cell, words)
    cell.font = Font(name=FONT, size=8, color=MUTED.removeprefix("#"))
    cell.alignment = Alignment(horizontal="fill", vertical="top")


def header(cell: Any, words: str, *, right: bool) -> None:
    """A column's head."""
    text(cell, words, wrap=True)
    cell.font = Font(name=FONT, size=10, bold=True)
    cell.fill = PatternFill("solid", start_color=PALE.removeprefix("#"))
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="right" if right else "left")
    cell.border = Border(bottom=_LINE)


def mark_input(cell: Any) -> None:
    """Mark a cell that the reader may change."""
    cell.fill = PatternFill("solid", start_color=_INPUT)
    cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def link(cell: Any, sheet: str, words: str) -> None:
    """Link to the head of a sheet."""
    text(cell, words)
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(sheet)}!A1")
    cell.font = Font(name=FONT, size=10, underline="single", color=FOCUS.removeprefix("#"))


def linked_back(sheet: Worksheet, contents: str, briefing: Briefing) -> None:
    """Link to the contents in the second row."""
    link(sheet.cell(2, 1), contents, f"← {briefing.words['contents']}")


def widths(sheet: Worksheet, found: Mapping[int, float]) -> None:
    """Widths of columns [characters]."""
    for column, width in found.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
