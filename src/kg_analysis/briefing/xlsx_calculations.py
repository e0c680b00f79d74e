"""A calculation on a sheet: inputs in marked cells, results as live formulas.

Responsibility: from formulas over ids to formulas over cells. Each result stands beside the library's own, with its
interval, so that a reader sees what was printed before anything was changed.
"""

from __future__ import annotations

import re

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kg_analysis.briefing.elements import Calculation, Result
from kg_analysis.briefing.model import Briefing
from kg_analysis.briefing.xlsx_sheets import header, heading, line, mark_input, number, text, widths

_WORD = re.compile(r"[a-z]\w*")


def add_calculation(
    sheet: Worksheet, found: Calculation, briefing: Briefing, results: dict[tuple[str, str], float]
) -> None:
    """Write a calculation; ``results`` gains the library's result of each formula cell, by sheet and cell."""
    words = briefing.words
    heading(sheet, 1, found.title)
    line(sheet, 3, words["changeable"], last=5, letters=190)
    for column, label in enumerate((words["input"], "", words["unit"], "", words["source"]), 1):
        header(sheet.cell(4, column), label, right=column == 2)
    places: dict[str, str] = {}
    for row, each in enumerate(found.inputs, 5):
        text(sheet.cell(row, 1), each.label)
        cell = sheet.cell(row, 2)
        number(cell, each.quantity.value, each.quantity.shown_decimals)
        mark_input(cell)
        text(sheet.cell(row, 3), each.unit_label)
        text(sheet.cell(row, 4), each.text)
        text(sheet.cell(row, 5), each.source, wrap=True)
        places[each.id] = f"$B${row}"
    _only_numbers(sheet, len(found.inputs))
    first = 5 + len(found.inputs) + 1
    for column, label in enumerate((words["result"], "", words["unit"], words["as_printed"], ""), 1):
        header(sheet.cell(first, column), label, right=column == 2)
    for row, result in enumerate(found.results, first + 1):
        results.update(_result(sheet, row, result, places))
    sheet.freeze_panes = "A5"
    widths(sheet, {1: 46, 2: 16, 3: 16, 4: 34, 5: 80})


def _result(sheet: Worksheet, row: int, found: Result, places: dict[str, str]) -> dict[tuple[str, str], float]:
    text(sheet.cell(row, 1), found.label)
    text(sheet.cell(row, 3), found.unit_label)
    text(sheet.cell(row, 4), found.text)
    if not set(_WORD.findall(found.formula)) <= set(places):
        return {}  # an input is not printed, so nothing can be changed here
    cell = sheet.cell(row, 2)
    number(cell, 0, found.quantity.shown_decimals)
    cell.value = "=" + _WORD.sub(lambda word: places[word[0]], found.formula).replace(" ", "")
    places[found.id] = f"$B${row}"
    return {(sheet.title, cell.coordinate): found.quantity.value}


def _only_numbers(sheet: Worksheet, count: int) -> None:
    """Refuse words in an input: a formula over them would show an error."""
    rule = DataValidation(type="decimal", operator="between", formula1="-1000000000", formula2="1000000000")
    rule.add(f"B5:B{4 + count}")
    sheet.add_data_validation(rule)
