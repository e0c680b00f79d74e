"""Rows of the analysis as tables of a briefing: labels, printed cells, units, source.

Responsibility: the one way from rows of quantities to a :class:`~kg_analysis.briefing.elements.Table`. No arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kg_analysis.briefing.elements import Cell, Column, Table, TableRow, Value
from kg_analysis.findings.tables import HIDDEN, cell_text
from kg_analysis.findings.wording import capital
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, Row, frame, union_ids


def table(name: str, rows: Sequence[Row], here: ReportContext) -> Table:
    """Table as the page prints it, with its numbers and its source line.

    Parameters
    ----------
    name : str
        Stem of its CSV; the title is the text ``briefing.table_<name>``.
    rows : sequence of Row
        At least one; all with the same keys.
    here : ReportContext
    """
    names = [each for each in rows[0] if each not in HIDDEN and any(row[each] is not None for row in rows)]
    printed = tuple(TableRow(tuple(_cell(row, each, here) for each in names), _ids(row)) for row in rows)
    known = sorted({each for row in printed for each in row.figure_ids} & set(here.data.published.index))
    columns = tuple(_column(each, rows, here) for each in names)
    source = here.cite(known) if known else ""
    printed = tuple(replace(row, cells=(_opening(row.cells[0]), *row.cells[1:])) for row in printed)
    return Table(name, here.say(f"briefing.table_{name}"), columns, printed, source, frame(rows))


def unit_label(unit: str, page: NumberFormatter) -> str:
    """Unit as the page names it: ``tỷ đồng``, ``%``; "" for plain counts and ranks."""
    return page.text(f"units.{unit}").replace("{n}", "").strip() if page.knows(f"units.{unit}") else ""


def _column(name: str, rows: Sequence[Row], here: ReportContext) -> Column:
    cells = [row[name] for row in rows if row[name] is not None]
    units = {each.unit for each in cells if isinstance(each, Quantity)}
    unit = units.pop() if len(units) == 1 else ""
    numeric = all(isinstance(each, (Quantity, date, int)) for each in cells)
    label = here.say(f"column.{name}")
    return Column(name, label, unit, unit_label(unit, here.page) if unit else "", numeric)


def _cell(row: Row, name: str, here: ReportContext) -> Cell:
    found = row[name]
    text = cell_text(found, name, here, row.get(f"{name}_printed"))
    value: Value = found if isinstance(found, (Quantity, date, int)) else None
    if not isinstance(found, Quantity):
        return Cell(text, value, "", text)
    return Cell(text, value, unit_label(found.unit, here.page), here.page.quantity(found, "n"))


def _opening(cell: Cell) -> Cell:
    """First cell of a row, which begins with a capital."""
    return replace(cell, text=capital(cell.text), bare=capital(cell.bare))


def _ids(row: Row) -> tuple[str, ...]:
    if "figure_ids" in row:
        return tuple(str(row["figure_ids"]).split())
    return union_ids(each for each in row.values() if isinstance(each, Quantity))
