"""The Word file that a briefing is written into: an empty page in the house style, or the reader's template.

Responsibility: page, styles and language as Decree 30/2020/NĐ-CP has them. A template is untrusted: it is opened only
if it is a Word document of sane size.

Terms: *template* = a docx whose styles replace these and whose content (a header block) stays above the briefing.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.errors import DataError

FACE = "Times New Roman"
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_MOST_BYTES = 100 * 2**20  # of a template, unpacked
_MOST_ENTRIES = 2000
_POINT, _NOTE, _CAPTION, _CELL = "KG Point", "KG Note", "KG Caption", "KG Cell"


def blank(layout: LayoutChoice, language: str) -> Word:
    """Empty document in the house style."""
    word = Document()
    for each in list(word.element.body):
        if not each.tag.endswith("}sectPr"):
            word.element.body.remove(each)
    _page(word, layout)
    _styles(word, layout.font_pt)
    _page_number(word, layout.font_pt)
    set_language(word, language)
    return word


def from_template(path: Path, layout: LayoutChoice, language: str) -> Word:
    """The reader's template, with the styles that it lacks added.

    Raises
    ------
    DataError
        If it cannot be read or is no Word document.
    """
    remedy = "pass a Word document saved as .docx"
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if len(entries) > _MOST_ENTRIES or sum(each.file_size for each in entries) > _MOST_BYTES:
                raise DataError(f"{path.name}: template unpacks to more than a document holds; {remedy}")
            if any(b"<!DOCTYPE" in packed.read(each)[:4096] for each in entries if each.filename.endswith(".xml")):
                raise DataError(f"{path.name}: template declares a DOCTYPE, which no Word document does; {remedy}")
        word = Document(str(path))
    except OSError as error:
        raise DataError(f"{path}: template cannot be read ({error.strerror}); pass an existing file") from None
    except DataError:
        raise
    except Exception as error:  # whatever else is wrong inside: python-docx raises what its parts raise
        raise DataError(f"{path.name}: template is no Word document ({type(error).__name__}); {remedy}") from None
    _add_missing(word, layout.font_pt)
    set_language(word, language)
    return word


def set_language(word: Word, language: str) -> None:
    """Language of all text, for spelling and for screen readers."""
    code = LANGUAGES[language]
    defaults = word.styles.element.find(qn("w:docDefaults"))
    if defaults is not None:
        for each in defaults.iter(qn("w:rPr")):
            _language(each, code)
    _language(word.styles["Normal"].element.get_or_add_rPr(), code)
    word.core_properties.language = code


def _language(properties: Any, code: str) -> None:
    found = properties.find(qn("w:lang"))
    if found is None:
        found = OxmlElement("w:lang")
        properties.append(found)
    for each in ("w:val", "w:eastAsia", "w:bidi"):
        found.set(qn(each), code)


def _page(word: Word, layout: LayoutChoice) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(layout.top_mm), Mm(layout.bottom_mm)
    section.left_margin, section.right_margin = Mm(layout.left_mm), Mm(layout.right_mm)
    section.header_distance = section.footer_distance = Mm(10)


def _styles(word: Word, size: float) -> None:
    """House style over Word's own: one face, black, headings that navigation finds."""
    normal = word.styles["Normal"]
    _font(normal, size)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.0
    for level, (bold, italic) in enumerate(((True, False), (True, False), (False, False)), start=1):
        style = word.styles[f"Heading {level}"]
        _font(style, size, bold=bold, italic=italic)
        form = style.paragraph_format
        before, after = ((3, 4), (0, 3), (0, 2))[level - 1]
        form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), level < 3
        form.first_line_indent = Mm(10)
    _add_missing(word, size)


def _add_missing(word: Word, size: float) -> None:
    """Styles of its own that the briefing needs, and headings where a template has none."""
    present = {each.name for each in word.styles}
    for level in (1, 2, 3):
        if f"Heading {level}" not in present:
            style = _paragraph_style(word, f"Heading {level}", size, bold=level < 3)
            outline = OxmlElement("w:outlineLvl")
            outline.set(qn("w:val"), str(level - 1))
            style.element.get_or_add_pPr().append(outline)
    for name, smaller, italic in ((_POINT, 1, False), (_NOTE, 2.5, True), (_CAPTION, 1, False), (_CELL, 3.5, False)):
        if name not in present:
            style = _paragraph_style(word, name, size - smaller, italic=italic)
            style.paragraph_format.space_after = Pt(0 if name == _CELL else 3)


def _paragraph_style(word: Word, name: str, size: float, *, bold: bool = False, italic: bool = False) -> ParagraphStyle:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles["Normal"]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.quick_style = True
    return style


def _font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FACE, Pt(size), bold, italic
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
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "2"), ("end", "")):
        if kind == "text":
            run.add_text(text)
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
