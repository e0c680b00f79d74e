"""Word: an administrative document in the layout of Decree 30/2020/NĐ-CP.

Responsibility: lay the content out as text, headings, pictures and tables that navigation and screen readers find; the
page, styles and language of the decree, or the reader's template as ``briefing.template`` lets it through.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from textwrap import wrap
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from PIL import ImageFont

from kg_analysis.briefing.content import (
    LANGUAGES,
    Briefing,
    Figure,
    Masthead,
    PageOne,
    Part,
    Section,
    Table,
    clean,
    point,
    printable,
    roman,
)
from kg_analysis.briefing.selection import LayoutChoice

FACE = "Times New Roman"
_SCALE = 160 / 193  # of a chart on paper to its canvas: as wide as the text, 8 pt for its labels
_END = "./."  # closes the text of an administrative document
_POINT, _NOTE, _CAPTION, _CELL = "KG Point", "KG Note", "KG Caption", "KG Cell"
_DOTS = "…" * 12  # blanks to be filled by hand
_TEXT_MM = 160  # between margins of 30 and 20 mm
_HEAD_MM = (66, 94)  # of the two columns of the header
_KEPT = 3  # lines at each end of a table that a page break does not part
_WHOLE = 12  # lines of a table that no page break parts
_CHARACTER_MM = 1.75  # mean width of a character in a cell
_LEFT, _CENTRE, _RIGHT, _BOTH = list(WD_ALIGN_PARAGRAPH)[:4]


def write(briefing: Briefing, layout: LayoutChoice, template: bytes | None = None) -> bytes:
    """The Word file, with the page of the layout or, where one is given, of the template."""
    word = _blank(layout, briefing.language) if template is None else _templated(template, layout, briefing.language)
    if template is None:
        _header_block(word, briefing.masthead, layout.font_pt)
    _title(word, briefing)
    number = 1
    if briefing.page_one:
        _page_one(word, briefing.page_one, briefing)
        number += 1
    _findings(word, briefing, number)
    for number, section in enumerate(briefing.sections, start=number + 1):  # noqa: B020  goes on from the findings
        _section(word, section, number, briefing)
    word.paragraphs[-1].paragraph_format.keep_with_next = True  # no signature on a page of its own
    closing = _paragraph(word, f"{briefing.masthead.closing}{_END}").paragraph_format
    closing.first_line_indent, closing.keep_with_next = Mm(10), True
    if template is None:
        _signature_block(word, briefing.masthead, layout.font_pt)
    _sources(word, briefing)
    _properties(word, briefing)
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


def _title(word: Word, briefing: Briefing) -> None:
    for before, text in ((6, briefing.masthead.kind.upper()), (0, briefing.title)):
        paragraph = _paragraph(word, text, alignment=_CENTRE)
        paragraph.runs[0].bold = True
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(0)
    rule = _paragraph(word, "", alignment=_CENTRE)
    rule.paragraph_format.line_spacing = Pt(3)
    _rule_under(rule, 55)
    _paragraph(word, briefing.masthead.opening).paragraph_format.first_line_indent = Mm(10)


def _page_one(word: Word, page: PageOne, briefing: Briefing) -> None:
    _heading(word, 1, f"{roman(1)}. {page.heading.upper()}")
    for sentence in page.sentences:
        _paragraph(word, sentence.text).paragraph_format.first_line_indent = Mm(10)
    _data_table(word, page.numbers, "")
    _notes(word, [" ".join([*page.notes, briefing.words["sources_at_end"]])])
    _heading(word, 2, page.recommendations)
    for _ in range(2):
        _paragraph(word, "…" * 28).paragraph_format.first_line_indent = Mm(10)


def _findings(word: Word, briefing: Briefing, number: int) -> None:
    """All findings, by topic."""
    _heading(word, 1, f"{roman(number)}. {briefing.words['findings'].upper()}")
    with_findings = [each for each in briefing.sections if each.findings]
    for place, section in enumerate(with_findings, start=1):
        _heading(word, 2, f"{place}. {section.heading}")
        for at, finding in enumerate(section.findings, start=1):
            _paragraph(word, f"{point(at)}) {finding}").paragraph_format.first_line_indent = Mm(10)
    _notes(word, [briefing.published])


def _section(word: Word, section: Section, number: int, briefing: Briefing) -> None:
    _heading(word, 1, f"{roman(number)}. {section.heading.upper()}")
    for place, part in enumerate(section.parts, start=1):
        if len(section.parts) > 1:
            _heading(word, 2, f"{place}. {part.heading}")
        _part(word, part, briefing)


def _part(word: Word, part: Part, briefing: Briefing) -> None:
    words = briefing.words
    for sentence in part.sentences:
        paragraph = _paragraph(word, f"- {sentence.text}" if sentence.listed else sentence.text)
        paragraph.paragraph_format.first_line_indent = Mm(10)
    for figure in part.figures:
        _picture(word, figure)
    for table in part.tables:
        _data_table(word, table, words["table"])
    source = [f"{words['source']} {'. '.join(part.source_lines)}."] if part.source_lines else []
    caveats = [f"{words['caveat']} {each}" for each in part.caveats]
    _notes(word, [*source, *caveats])


def _notes(word: Word, lines: Iterable[str]) -> None:
    for each in lines:
        _paragraph(word, each, _NOTE)


def _picture(word: Word, figure: Figure) -> None:
    """Picture in the line of the text, as wide as the page allows, its finding as text alternative."""
    section = word.sections[-1]
    room = (section.page_width or Mm(210)) - (section.left_margin or 0) - (section.right_margin or 0)
    paragraph = word.add_paragraph()
    paragraph.alignment = _CENTRE
    paragraph.paragraph_format.space_after = Pt(3)
    shape = paragraph.add_run().add_picture(io.BytesIO(figure.chart.png))
    width = min(room, int(shape.width * _SCALE))
    shape.width, shape.height = Emu(width), Emu(shape.height * width // shape.width)
    properties = shape._inline.docPr
    properties.set("name", figure.chart.name)
    properties.set("title", printable(figure.chart.title))
    properties.set("descr", printable(f"{figure.chart.alt} {figure.chart.subtitle}"))


def _sources(word: Word, briefing: Briefing) -> None:
    """Appendix on a page of its own, so that the signature stands under the text."""
    _heading(word, 1, f"{briefing.words['appendix']}. {briefing.words['sources']}".upper())
    word.paragraphs[-1].paragraph_format.page_break_before = True
    for place, source in enumerate(briefing.sources, start=1):
        _paragraph(word, f"{place}. {source}.", _POINT, alignment=_LEFT)


def _heading(word: Word, level: int, text: str) -> None:
    _paragraph(word, text, f"Heading {level}", alignment=_LEFT)


def _paragraph(word: Word, text: str, style: str = "Normal", *, alignment: Any = _BOTH) -> Paragraph:
    paragraph = word.add_paragraph(clean(text), style)
    paragraph.alignment = alignment
    return paragraph


def _properties(word: Word, briefing: Briefing) -> None:
    properties = word.core_properties
    properties.title, properties.subject, properties.author = briefing.properties
    properties.last_modified_by = properties.author
    properties.comments, properties.keywords, properties.revision = "", "", 1


# --- what the decree lays out in two columns


def _header_block(word: Word, masthead: Masthead, size: float) -> None:
    """Issuer to the left, nation and motto to the right, number and date under them, blank."""
    table = _columns(word, 2, _HEAD_MM)
    left, right = table.rows[0].cells
    if masthead.parent:
        _line(left, masthead.parent.upper(), size - 1)
    issuer = masthead.issuer.upper().split("\n")
    for text in issuer:
        _line(left, text, size - 1, bold=True)
    _rule(left, _HEAD_MM[0], text_mm(max(issuer, key=len), size - 1) / 2, size)  # a third to a half of the line
    _line(right, masthead.nation.upper(), size - 1, bold=True)
    _line(right, masthead.motto, size, bold=True)
    _rule(right, _HEAD_MM[1], text_mm(masthead.motto, size), size)  # as long as the motto
    below = table.rows[1].cells
    _line(below[0], masthead.number, size)
    _line(below[1], masthead.place_and_date, size, italic=True)


def _signature_block(word: Word, masthead: Masthead, size: float) -> None:
    """Recipients to the left, room for office, signature and name to the right, blank."""
    _paragraph(word, "", _CELL).paragraph_format.keep_with_next = True
    row = _columns(word, 1, (80, 80)).rows[0]
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    left, right = row.cells
    _line(left, masthead.recipients, size - 1, bold=True, italic=True).alignment = _LEFT
    for _ in range(2):
        _line(left, f"- {_DOTS};", size - 2).alignment = _LEFT
    _line(right, _DOTS, size, bold=True)
    for _ in range(3):
        _line(right, "", size)
    _line(right, _DOTS, size, bold=True)


def text_mm(text: str, size: float) -> float:
    """Width of a bold text in a face with Times' metrics [mm]."""
    return float(_bold().getlength(text)) / 100 * size * 25.4 / 72


@cache
def _bold() -> ImageFont.FreeTypeFont:
    face = files("kg_analysis.charts").joinpath("fonts", "Tinos-Bold.ttf")
    return ImageFont.truetype(io.BytesIO(face.read_bytes()), 100)


def _columns(word: Word, rows: int, widths: Sequence[float]) -> WordTable:
    """Table without lines, as wide as the text."""
    table = word.add_table(rows, len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(table, widths)
    return table


def _rule(cell: _Cell, cell_mm: float, length_mm: float, size: float) -> None:
    """Line of a length under the text of a cell, which takes no room itself."""
    paragraph = _line(cell, "", size)
    paragraph.paragraph_format.line_spacing = Pt(4)
    _rule_under(paragraph, max(0.0, (cell_mm - 3.8 - length_mm) / 2))  # margins of a cell: 1.9 mm each


def _rule_under(paragraph: Paragraph, indent_mm: float) -> None:
    """Thin line under a paragraph, indented on each side."""
    borders = _element("w:pBdr")
    borders.append(_element("w:bottom", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent_mm)


def _line(cell: _Cell, text: str, size: float, *, bold: bool = False, italic: bool = False) -> Paragraph:
    """A further centred line of a cell; the first takes the paragraph that every cell has."""
    first = cell.paragraphs[0]
    paragraph = first if not first.runs and len(cell.paragraphs) == 1 else cell.add_paragraph()
    paragraph.alignment = _CENTRE
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


# --- data tables


def _data_table(word: Word, table: Table, word_for_table: str) -> None:
    """Title, and a table whose head repeats on each page; a wide and short one is turned, its first column the head."""
    if word_for_table:
        title = _paragraph(word, f"{word_for_table}: {table.title}", _CAPTION)
        title.paragraph_format.keep_with_next = True
        title.runs[0].bold = True
    lines, right = table.laid_out()
    texts = [[clean(text) for text in line] for line in lines]  # a number and its unit stay on one line
    grid = word.add_table(len(texts), len(texts[0]))
    _grid(grid)
    grid.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # on each page, and read out as the head
    for number, (row, line) in enumerate(zip(grid.rows, texts, strict=True)):
        whole = len(texts) <= _WHOLE or number < _KEPT - 1 or len(texts) - _KEPT <= number
        kept = whole and number < len(texts) - 1
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for place, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.style = _CELL
            paragraph.alignment = _CENTRE if number == 0 else _RIGHT if right[place] else _LEFT
            paragraph.add_run(text).bold = number == 0
            paragraph.paragraph_format.keep_with_next = kept
    _set_widths(grid, _widths(texts))


def _grid(table: WordTable) -> None:
    """Thin lines, drawn here so that a template need not have a table style."""
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    borders, margins = _element("w:tblBorders"), _element("w:tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="000000"))
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w="57", type="dxa"))  # twentieths of a point: 1 mm
    table._tbl.tblPr.append(borders)
    table._tbl.tblPr.append(margins)


def _set_widths(table: WordTable, widths: Sequence[float]) -> None:
    """Widths [mm] of columns and cells; Word reads the ones, LibreOffice the others."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _widths(texts: Sequence[Sequence[str]]) -> list[float]:
    """Columns as wide as their longest word; what is left, mm by mm, to the column that makes most lines tall [mm]."""
    columns = list(zip(*texts, strict=True))
    letters = [max(len(word) for text in each for word in text.split(" ")) for each in columns]
    for _ in range(int(_TEXT_MM / _CHARACTER_MM) - sum(letters) - 3 * len(columns)):
        tall = [[len(wrap(text, room)) for text, room in zip(line, letters, strict=True)] for line in texts]
        votes: Counter[int] = Counter()
        for line, lines in zip(texts, tall, strict=True):
            highest = [at for at, count in enumerate(lines) if count == max(lines)]
            votes[min(highest, key=lambda at: len(line[at]) - letters[at])] += (max(lines) - 1) ** 2
        longest = max(range(len(columns)), key=lambda at: max(map(len, columns[at])) / letters[at])
        letters[votes.most_common(1)[0][0] if votes.total() else longest] += 1
    widths = [6 + _CHARACTER_MM * each for each in letters]
    return [width * _TEXT_MM / sum(widths) for width in widths]


def _element(tag: str, **attributes: str) -> Any:
    found = OxmlElement(tag)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), value)
    return found


# --- the document that is written into


def _blank(layout: LayoutChoice, language: str) -> Word:
    """Empty document in the house style."""
    word = Document()
    for each in list(word.element.body):
        if not each.tag.endswith("}sectPr"):
            word.element.body.remove(each)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(layout.top_mm), Mm(layout.bottom_mm)
    section.left_margin, section.right_margin = Mm(layout.left_mm), Mm(layout.right_mm)
    section.header_distance = section.footer_distance = Mm(10)
    _styles(word, layout.font_pt)
    _page_number(word, layout.font_pt)
    _set_language(word, language)
    return word


def _templated(template: bytes, layout: LayoutChoice, language: str) -> Word:
    """The reader's template, with the styles that it lacks added."""
    word = Document(io.BytesIO(template))
    _add_missing(word, layout.font_pt)
    _set_language(word, language)
    return word


def _set_language(word: Word, language: str) -> None:
    """Language of all text, for spelling and for screen readers."""
    code = LANGUAGES[language]
    defaults = word.styles.element.find(qn("w:docDefaults"))
    places = [] if defaults is None else list(defaults.iter(qn("w:rPr")))
    for each in [*places, word.styles["Normal"].element.get_or_add_rPr()]:
        found = each.find(qn("w:lang"))
        if found is None:
            found = _element("w:lang")
            each.append(found)
        for name in ("w:val", "w:eastAsia", "w:bidi"):
            found.set(qn(name), code)
    word.core_properties.language = code


def _styles(word: Word, size: float) -> None:
    """House style over Word's own: one face, black, headings that navigation finds."""
    normal = word.styles["Normal"]
    _font(normal, size)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.0
    for level, (bold, before, after) in enumerate(((True, 3, 4), (True, 0, 3), (False, 0, 2)), start=1):
        style = word.styles[f"Heading {level}"]
        _font(style, size, bold=bold)
        form = style.paragraph_format
        form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), level < 3
        form.first_line_indent = Mm(10)
    _add_missing(word, size)


def _add_missing(word: Word, size: float) -> None:
    """Styles of its own that the briefing needs, and headings where a template has none."""
    present = {each.name for each in word.styles}
    for level in (1, 2, 3):
        if f"Heading {level}" not in present:
            style = _add_style(word, f"Heading {level}", size, bold=level < 3)
            style.element.get_or_add_pPr().append(_element("w:outlineLvl", val=str(level - 1)))
    for name, smaller, italic in ((_POINT, 2, False), (_NOTE, 2.5, True), (_CAPTION, 1, False), (_CELL, 3, False)):
        if name not in present:
            style = _add_style(word, name, size - smaller, italic=italic)
            style.paragraph_format.space_after = Pt(0 if name == _CELL else 3)


def _add_style(word: Word, name: str, size: float, *, bold: bool = False, italic: bool = False) -> Any:
    style: Any = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles["Normal"]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.quick_style = True
    return style


def _font(style: Any, size: float, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FACE, Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for each in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{each}"), None)
    for each in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{each}"), FACE)


def _page_number(word: Word, size: float) -> None:
    """Arabic number centred in the top margin, from page 2 on."""
    section = word.sections[0]
    section.different_first_page_header_footer = True
    paragraph: Paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTRE
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for kind in ("begin", "separate", "end"):
        run._r.append(_element("w:fldChar", fldCharType=kind))
        if kind == "begin":
            code = _element("w:instrText")
            code.text = "PAGE"
            run._r.append(code)
        elif kind == "separate":
            run.add_text("2")
