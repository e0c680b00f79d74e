"""The briefing as slides: a title, the findings, then one finding a slide with its chart.

Responsibility: lay the content out on 16:9 slides. Charts are native and can be edited where the type exists, pictures
else; what is said to a finding stands in the notes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from kg_analysis.briefing.archive import normalised
from kg_analysis.briefing.elements import Figure
from kg_analysis.briefing.model import Briefing, Section, Slide
from kg_analysis.briefing.pptx_charts import add_chart
from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.charts.theme import FOCUS, INK, MUTED
from kg_analysis.disk import write_bytes

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, INNER = Inches(0.6), Inches(12.13)
FONT = "Arial"  # on every desktop, with every Vietnamese letter
_TITLE_SLIDE, _TITLE_ONLY = 0, 5  # layouts of the stock template
_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_MOST_LINES = 12  # findings on one slide


def write(briefing: Briefing, path: Path, layout: LayoutChoice, template: Path | None) -> None:
    """Write the slides; ``layout`` and ``template`` are for Word and left alone."""
    deck = Presentation()
    _prepare(deck)
    _cover(deck, briefing)
    for number, some in enumerate(_pages(briefing.findings)):
        _listed(deck, briefing, "findings", some, "" if number else briefing.published)
    for section in briefing.sections:
        for slide in section.slides:
            _finding(deck, slide, section, briefing)
    for lines in _pages(briefing.sources):
        _listed(deck, briefing, "sources", lines)
    _properties(deck, briefing)
    content = io.BytesIO()
    deck.save(content)
    write_bytes(path, normalised(content.getvalue(), briefing.day))


def _prepare(deck: Any) -> None:
    """Wide slides whose layouts and fonts are the house's, so that a slide added later looks like the others."""
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    for shape in [*deck.slide_master.placeholders, *(one for each in deck.slide_layouts for one in each.placeholders)]:
        factor = WIDTH / Inches(10)
        shape.left, shape.width = Emu(int(shape.left * factor)), Emu(int(shape.width * factor))
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'typeface="Calibri"', f'typeface="{FONT}"'.encode())


def _cover(deck: Any, briefing: Briefing) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_SLIDE])
    title, subtitle = slide.shapes.title, slide.placeholders[1]
    _place(title, Inches(2.3), Inches(1.6))
    _write(title.text_frame, [briefing.title], 36 if len(briefing.title) < 90 else 24, FOCUS, bold=True)
    _place(subtitle, Inches(4.1), Inches(1.6))
    _write(subtitle.text_frame, [briefing.masthead.issuer, briefing.published], 16, MUTED)
    for frame in (title.text_frame, subtitle.text_frame):
        for paragraph in frame.paragraphs:
            paragraph.alignment = PP_ALIGN.LEFT
    _speak(slide, briefing.language)


def _listed(deck: Any, briefing: Briefing, heading: str, lines: Iterable[str], note: str = "") -> None:
    slide = _titled(deck, briefing.words[heading])
    box = slide.shapes.add_textbox(LEFT, Inches(1.55), INNER, Inches(4.9))
    listed = list(lines)
    longest = max((len(each) for each in listed), default=0)
    _write(box.text_frame, [f"•  {each}" for each in listed], 20 if longest < 100 and len(listed) < 9 else 16, INK)
    if note:
        _foot(slide, note)
    _number(slide)
    _speak(slide, briefing.language)


def _finding(deck: Any, found: Slide, section: Section, briefing: Briefing) -> None:
    slide = _titled(deck, found.finding)
    said = [each.text for each in found.sentences]
    if found.figure is None:
        box = slide.shapes.add_textbox(LEFT, Inches(1.55), INNER, Inches(4.9))
        _write(box.text_frame, said or [briefing.words["left_out"]], 18, INK)
    else:
        _show(slide, found.figure)
    if found.source and (found.figure is None or found.figure.plot is not None):
        _foot(slide, f"{briefing.words['source']} {found.source}")
    _number(slide)
    caveats = [f"{briefing.words['caveat']} {each}" for part in section.parts for each in part.caveats]
    alt = [found.figure.chart.alt] if found.figure else []
    slide.notes_slide.notes_text_frame.text = "\n".join([*said, *caveats, *alt])
    _speak(slide, briefing.language)
    _speak(slide.notes_slide, briefing.language)


def _show(slide: Any, figure: Figure) -> None:
    """The native chart, or the picture with its own frame where there is none; either with its text alternative."""
    if figure.plot is not None:
        _subtitle(slide, figure.chart.subtitle)
        top, height = Inches(1.95), Inches(4.65)
        frame = add_chart(slide, figure.plot, (LEFT, top, INNER, height))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.chart.alt)
        return
    picture = slide.shapes.add_picture(io.BytesIO(figure.chart.png), LEFT, Inches(1.4), height=Inches(5.5))
    if picture.width > INNER:
        picture.height, picture.width = Emu(int(picture.height * INNER / picture.width)), INNER
    picture.left = Emu(int((WIDTH - picture.width) / 2))
    picture._element.nvPicPr.cNvPr.set("descr", figure.chart.alt)


def _titled(deck: Any, text: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    title = slide.shapes.title
    _place(title, Inches(0.35), Inches(0.95))
    size = next((size for limit, size in ((75, 28), (150, 22), (260, 16)) if len(text) <= limit), 12)
    _write(title.text_frame, [text], size, FOCUS, bold=True)
    title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return slide


def _place(shape: Any, top: Any, height: Any) -> None:
    shape.left, shape.top, shape.width, shape.height = LEFT, top, INNER, height


def _subtitle(slide: Any, text: str) -> None:
    box = slide.shapes.add_textbox(LEFT, Inches(1.28), INNER, Inches(0.65))
    _write(box.text_frame, [text], 14, MUTED)


def _foot(slide: Any, text: str) -> None:
    box = slide.shapes.add_textbox(LEFT, Inches(6.65), Inches(11.2), Inches(0.7))
    _write(box.text_frame, [text], 10, MUTED)
    box.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM


def _write(frame: Any, lines: Iterable[str], size: int, colour: str, *, bold: bool = False) -> None:
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        paragraph.space_after = Pt(size // 2)


def _number(slide: Any) -> None:
    """Number of the slide, which PowerPoint keeps right when slides are moved."""
    box = slide.shapes.add_textbox(Inches(12.0), Inches(6.95), Inches(0.75), Inches(0.4))
    paragraph = box.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    field = paragraph._p.makeelement(qn("a:fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"})
    style = field.makeelement(qn("a:rPr"), {"sz": "1000"})
    text = field.makeelement(qn("a:t"), {})
    text.text = "‹#›"
    field.extend([style, text])
    paragraph._p.append(field)


def _speak(slide: Any, language: str) -> None:
    """Mark every text with its language, for spelling and screen readers."""
    for run in slide._element.iter(qn("a:rPr")):
        run.set("lang", _LANGUAGES[language])
    for run in slide._element.iter(qn("a:r")):
        if run.find(qn("a:rPr")) is None:
            run.insert(0, run.makeelement(qn("a:rPr"), {"lang": _LANGUAGES[language]}))


def _properties(deck: Any, briefing: Briefing) -> None:
    found = deck.core_properties
    longest = 255  # letters of a property
    found.title, found.author = briefing.title[:longest], briefing.masthead.issuer[:longest]
    found.subject, found.language = briefing.published[:longest], _LANGUAGES[briefing.language]
    found.last_modified_by, found.revision = "", 1


def _pages(lines: Iterable[str]) -> Iterable[list[str]]:
    """Lines in as many slides as they need."""
    listed = list(lines)
    pages = -(-len(listed) // _MOST_LINES)
    for page in range(pages):  # evenly, so that no slide holds one line only
        yield listed[len(listed) * page // pages : len(listed) * (page + 1) // pages]
