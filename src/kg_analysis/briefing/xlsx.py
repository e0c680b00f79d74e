"""The briefing as a workbook: contents, findings, one sheet a table or chart, calculations that can be changed.

Responsibility: which sheets there are and what stands on them; cells, charts and formulas are written by the modules
beside this one. Every label is text, whatever it begins with.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kg_analysis.briefing.archive import normalised
from kg_analysis.briefing.elements import Figure, Table
from kg_analysis.briefing.model import Briefing
from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.briefing.xlsx_cached import with_results
from kg_analysis.briefing.xlsx_calculations import add_calculation
from kg_analysis.briefing.xlsx_charts import add_figure
from kg_analysis.briefing.xlsx_sheets import heading, line, link, linked_back, prepare, text, widths
from kg_analysis.briefing.xlsx_tables import add_table
from kg_analysis.disk import write_bytes

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_MOST_LETTERS = 31  # of a sheet's name


@dataclass(frozen=True)
class _Entry:
    """A sheet as the contents name it."""

    sheet: str
    kind: str
    title: str


def write(briefing: Briefing, path: Path, layout: LayoutChoice, template: Path | None) -> None:
    """Write the workbook; ``layout`` and ``template`` are for Word and left alone."""
    book = Workbook()
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook has no sheet")
    entries: list[_Entry] = []
    results: dict[tuple[str, str], float] = {}

    def add(kind: str, title: str, fill: Callable[[Worksheet], object]) -> None:
        sheet = book.create_sheet(_name(title, [first.title, *(each.sheet for each in entries)]))
        prepare(sheet, briefing)
        linked_back(sheet, first.title, briefing)
        fill(sheet)
        entries.append(_Entry(sheet.title, kind, title))

    first.title = _name(briefing.words["contents"], [])
    for found in (each for section in briefing.sections for each in section.calculations):
        add("input", found.title, partial(add_calculation, found=found, briefing=briefing, results=results))
    for table in _each_table(briefing):
        add("table", table.title, partial(add_table, table=table, briefing=briefing))
    for figure in _each_figure(briefing):
        add("figure", figure.chart.title, partial(add_figure, figure=figure, briefing=briefing))
    add("table", briefing.numbers.title, partial(add_table, table=briefing.numbers, briefing=briefing))
    _contents(first, entries, briefing)
    _properties(book, briefing)
    content = io.BytesIO()
    book.save(content)
    write_bytes(path, normalised(with_results(content.getvalue(), results), briefing.day))


def _contents(sheet: Worksheet, entries: Sequence[_Entry], briefing: Briefing) -> None:
    prepare(sheet, briefing)
    heading(sheet, 1, briefing.title)
    for row, words in ((2, briefing.published), (3, briefing.words["changeable"])):
        line(sheet, row, words, last=2, letters=125)
    row = _listed(sheet, 5, briefing.words["findings"], briefing.findings)
    heading(sheet, row, briefing.words["contents"], small=True)
    for number, entry in enumerate(entries, row + 1):
        text(sheet.cell(number, 1), briefing.words[entry.kind])
        link(sheet.cell(number, 2), entry.sheet, entry.title)
    left_out = [each for section in briefing.sections for part in section.parts for each in part.left_out]
    left_out += [each for section in briefing.sections for each in section.left_out]
    caveats = [each for section in briefing.sections for part in section.parts for each in part.caveats]
    row = _listed(sheet, row + len(entries) + 2, briefing.words["sources"], briefing.sources)
    row = _listed(sheet, row, briefing.words["caveat"], dict.fromkeys(caveats))
    _listed(sheet, row, briefing.words["left_out"], dict.fromkeys(left_out))
    widths(sheet, {1: 16, 2: 100})


def _listed(sheet: Worksheet, row: int, title: str, lines: Iterable[str]) -> int:
    """Heading and lines; the row for what comes next."""
    listed = list(lines)
    if not listed:
        return row
    heading(sheet, row, title, small=True)
    for number, each in enumerate(listed, row + 1):
        line(sheet, number, each, first=2)
    return row + len(listed) + 2


def _each_table(briefing: Briefing) -> Iterable[Table]:
    return {each.name: each for each in briefing.tables}.values()


def _each_figure(briefing: Briefing) -> Iterable[Figure]:
    """Charts of the parts and of the findings, each once."""
    slides = [each.figure for section in briefing.sections for each in section.slides if each.figure is not None]
    return {each.chart.name: each for each in [*briefing.figures, *slides]}.values()


def _name(title: str, taken: Iterable[str]) -> str:
    """Name of a sheet: the title's beginning without what Excel forbids, each name once."""
    others = {each.casefold() for each in taken}
    clean = _FORBIDDEN.sub(" ", title).strip("' ") or "Sheet"
    for number in range(1, 1000):
        end = f" {number}" if number > 1 else ""
        name = clean[: _MOST_LETTERS - len(end)].strip("' ") + end
        if name.casefold() not in others:
            return name
    raise ValueError(f"more than a thousand sheets begin with {clean!r}")


def _properties(book: Workbook, briefing: Briefing) -> None:
    found = book.properties
    found.title, found.creator, found.subject = briefing.title, briefing.masthead.issuer, briefing.published[:255]
    found.lastModifiedBy, found.language = "", briefing.language
