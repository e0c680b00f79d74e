"""Word: an administrative document in the layout of Decree 30/2020/NĐ-CP.

Responsibility: lay the content out as text, headings, pictures and tables that navigation and screen readers find. The
empty document and its styles are those of :mod:`kg_analysis.briefing.docx_template`.
"""

from __future__ import annotations

import io
from pathlib import Path

from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu, Mm, Pt
from docx.text.paragraph import Paragraph

from kg_analysis.briefing.archive import normalised
from kg_analysis.briefing.docx_blocks import data_table, header_block, rule_under, signature_block
from kg_analysis.briefing.docx_template import blank, from_template
from kg_analysis.briefing.elements import Figure
from kg_analysis.briefing.labels import breakable, point, printable, roman
from kg_analysis.briefing.model import Briefing, Part, Section
from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.disk import write_bytes

_SCALE = 130 / 193  # of a chart on paper to its canvas: 7 pt for its labels
_MOST_IN_PROPERTY = 255  # characters, by the format
_END = "./."  # closes the text of an administrative document


def write(briefing: Briefing, path: Path, layout: LayoutChoice, template: Path | None = None) -> None:
    """Write the Word file.

    Parameters
    ----------
    briefing : Briefing
    path : Path
    layout : LayoutChoice
        Margins and size of type; a template's own page counts where one is given.
    template : Path or None
        Word file whose styles and header block take the place of the usual ones.

    Raises
    ------
    DataError
        If the template is no Word document.
    """
    own = template is None
    word = blank(layout, briefing.language) if template is None else from_template(template, layout, briefing.language)
    if own:
        header_block(word, briefing.masthead, layout.font_pt)
    _title(word, briefing)
    _findings(word, briefing)
    for number, section in enumerate(briefing.sections, start=2):
        _section(word, section, number, briefing)
    _sources(word, briefing, len(briefing.sections) + 2)
    if own:
        signature_block(word, briefing.masthead, layout.font_pt)
    _properties(word, briefing)
    content = io.BytesIO()
    word.save(content)
    write_bytes(path, normalised(content.getvalue(), briefing.day))


def _title(word: Word, briefing: Briefing) -> None:
    _paragraph(word, "", "KG Cell")
    for text in (briefing.masthead.kind.upper(), briefing.title):
        paragraph = _paragraph(word, text, centred=True)
        paragraph.runs[0].bold = True
        paragraph.paragraph_format.space_after = Pt(0)
    rule = _paragraph(word, "", centred=True)
    rule.paragraph_format.line_spacing = Pt(3)
    rule_under(rule, 55)
    _paragraph(word, briefing.published, "KG Note")


def _findings(word: Word, briefing: Briefing) -> None:
    """All findings, by topic."""
    _heading(word, 1, f"{roman(1)}. {briefing.words['findings'].upper()}")
    number = 0
    for section in briefing.sections:
        if not section.findings:
            continue
        number += 1
        _heading(word, 2, f"{number}. {section.heading}")
        for place, finding in enumerate(section.findings, start=1):
            _heading(word, 3, f"{point(place)}) {finding}")


def _section(word: Word, section: Section, number: int, briefing: Briefing) -> None:
    _heading(word, 1, f"{roman(number)}. {section.heading.upper()}")
    for place, part in enumerate(section.parts, start=1):
        if len(section.parts) > 1:
            _heading(word, 2, f"{place}. {part.heading}")
        _part(word, part, briefing)
    for why in section.left_out:
        _left_out(word, why, briefing)


def _part(word: Word, part: Part, briefing: Briefing) -> None:
    words = briefing.words
    for sentence in part.sentences:
        paragraph = _paragraph(word, f"- {sentence.text}" if sentence.listed else sentence.text)
        paragraph.paragraph_format.first_line_indent = Mm(10)
    for figure in part.figures:
        _picture(word, figure)
    for table in part.tables:
        data_table(word, table, words)
    if part.source_lines:
        _paragraph(word, f"{words['source']} {'. '.join(part.source_lines)}.", "KG Note")
    for caveat in part.caveats:
        _paragraph(word, f"{words['caveat']} {caveat}", "KG Note")
    for why in part.left_out:
        _left_out(word, why, briefing)


def _left_out(word: Word, why: str, briefing: Briefing) -> None:
    _paragraph(word, f"{briefing.words['left_out']} {why}", "KG Note")


def _picture(word: Word, figure: Figure) -> None:
    """Picture in the line of the text, as wide as the page allows, its finding as text alternative."""
    section = word.sections[-1]
    room = (section.page_width or Mm(210)) - (section.left_margin or 0) - (section.right_margin or 0)
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(3)
    shape = paragraph.add_run().add_picture(io.BytesIO(figure.chart.png))
    width = min(room, int(shape.width * _SCALE))
    shape.width, shape.height = Emu(width), Emu(shape.height * width // shape.width)
    properties = shape._inline.docPr
    properties.set("name", figure.chart.name)
    properties.set("title", printable(figure.chart.title))
    properties.set("descr", printable(f"{figure.chart.alt} {figure.chart.subtitle}"))


def _sources(word: Word, briefing: Briefing, number: int) -> None:
    _heading(word, 1, f"{roman(number)}. {briefing.words['sources'].upper()}")
    for place, source in enumerate(briefing.sources, start=1):
        end = _END if place == len(briefing.sources) else "."
        _paragraph(word, f"{place}. {source}{end}", "KG Point")


def _heading(word: Word, level: int, text: str) -> None:
    _paragraph(word, text, f"Heading {level}")


def _paragraph(word: Word, text: str, style: str = "Normal", *, centred: bool = False) -> Paragraph:
    paragraph = word.add_paragraph(breakable(printable(text)), style)
    heading = style.startswith("Heading")
    paragraph.alignment = (
        WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT if heading else WD_ALIGN_PARAGRAPH.JUSTIFY
    )
    return paragraph


def _properties(word: Word, briefing: Briefing) -> None:
    properties = word.core_properties
    author = briefing.masthead.issuer.replace("\n", " ")
    texts = [printable(each)[:_MOST_IN_PROPERTY] for each in (briefing.title, briefing.published, author)]
    properties.title, properties.subject, properties.author = texts
    properties.last_modified_by = properties.author
    properties.comments, properties.keywords, properties.revision = "", "", 1
