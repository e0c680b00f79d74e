"""Blocks of the Word file: header block, signature block, data tables, rules.

Responsibility: what Decree 30/2020/NĐ-CP lays out in two columns, and tables whose head repeats on each page.
"""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from kg_analysis.briefing.elements import Table
from kg_analysis.briefing.grid import laid_out
from kg_analysis.briefing.labels import breakable, printable
from kg_analysis.briefing.model import Masthead, Words

_DOTS = "…" * 12  # blanks to be filled by hand
_TEXT_MM = 160  # between margins of 30 and 20 mm
_KEPT = 3  # lines at each end of a table that a page break does not part
_CHARACTER_MM = 1.75  # mean width of a character in a cell


def header_block(word: Word, masthead: Masthead, size: float) -> None:
    """Issuer to the left, nation and motto to the right, number and date under them, blank."""
    table = _columns(word, 2, 2, (62, 98))
    left, right = table.rows[0].cells
    if masthead.parent:
        _line(left, masthead.parent.upper(), size - 1)
    for text in masthead.issuer.upper().split("\n"):
        _line(left, text, size - 1, bold=True)
    _rule(left, 21, size)
    _line(right, masthead.nation.upper(), size - 1, bold=True)
    _line(right, masthead.motto, size, bold=True)
    _rule(right, 21, size)
    below = table.rows[1].cells
    _line(below[0], masthead.number, size)
    _line(below[1], masthead.place_and_date, size, italic=True)


def signature_block(word: Word, masthead: Masthead, size: float) -> None:
    """Recipients to the left, room for office, signature and name to the right, blank."""
    word.add_paragraph("", "KG Cell")
    table = _columns(word, 1, 2, (80, 80))
    left, right = table.rows[0].cells
    _line(left, masthead.recipients, size - 1, bold=True, italic=True).alignment = WD_ALIGN_PARAGRAPH.LEFT
    for _ in range(2):
        _line(left, f"- {_DOTS};", size - 2).alignment = WD_ALIGN_PARAGRAPH.LEFT
    _line(right, _DOTS, size, bold=True)
    for _ in range(3):
        _line(right, "", size)
    _line(right, _DOTS, size, bold=True)


def data_table(word: Word, table: Table, words: Words) -> None:
    """Title, and a table whose head repeats on each page; a wide and short one is turned, its first column the head."""
    title = word.add_paragraph(printable(f"{words['table']}: {table.title}"), "KG Caption")
    title.paragraph_format.keep_with_next = True
    title.runs[0].bold = True
    texts, right = laid_out(table)
    grid = word.add_table(len(texts), len(texts[0]))
    _grid(grid)
    _row_property(grid.rows[0], "w:tblHeader")  # repeated on each page, and read out as the head
    for number, (row, line) in enumerate(zip(grid.rows, texts, strict=True)):
        kept = number < _KEPT - 1 or len(texts) - _KEPT <= number < len(texts) - 1
        _row_property(row, "w:cantSplit")
        for place, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            _fill(cell, text, head=line is texts[0], right=right[place])
            cell.paragraphs[0].paragraph_format.keep_with_next = kept
    _set_widths(grid, _widths(texts))


def rule_under(paragraph: Paragraph, indent_mm: float) -> None:
    """Thin line under a paragraph, shorter than it on each side: a third to a half of it, or as long as its text."""
    properties = paragraph._p.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties.append(borders)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent_mm)


def _columns(word: Word, rows: int, columns: int, widths: Sequence[float]) -> WordTable:
    """Table without lines, as wide as the text."""
    table = word.add_table(rows, columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(table, widths)
    return table


def _set_widths(table: WordTable, widths: Sequence[float]) -> None:
    """Widths [mm] of columns and cells; Word reads the ones, LibreOffice the others."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _rule(cell: _Cell, indent_mm: float, size: float) -> None:
    """Line between two texts of a cell, which takes no room itself."""
    paragraph = _line(cell, "", size)
    paragraph.paragraph_format.line_spacing = Pt(4)
    rule_under(paragraph, indent_mm)


def _line(cell: _Cell, text: str, size: float, *, bold: bool = False, italic: bool = False) -> Paragraph:
    """A further centred line of a cell; the first takes the paragraph that every cell has."""
    first = cell.paragraphs[0]
    paragraph = first if not first.runs and len(cell.paragraphs) == 1 and not first.text else cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def _fill(cell: _Cell, text: str, *, head: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "KG Cell"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    if head:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(breakable(printable(text))).bold = head


def _grid(table: WordTable) -> None:
    """Thin lines, drawn here so that a template need not have a table style."""
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")  # twentieths of a point: 1 mm
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _row_property(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _widths(texts: Sequence[Sequence[str]]) -> list[float]:
    """Columns at least as wide as their longest word; the rest of the page by the length of their texts [mm]."""
    columns = list(zip(*texts, strict=True))
    least = [6 + _CHARACTER_MM * max(len(word) for text in each for word in text.split(" ")) for each in columns]
    wanted = [6 + _CHARACTER_MM * max(min(len(text), 60) for text in each) for each in columns]
    wanted = [max(pair) for pair in zip(least, wanted, strict=True)]  # no column gives up room for its longest word
    spare = max(0.0, _TEXT_MM - sum(least))
    lacking = sum(wanted) - sum(least) or 1.0
    widths = [low + spare * (want - low) / lacking for low, want in zip(least, wanted, strict=True)]
    return [width * _TEXT_MM / sum(widths) for width in widths]
