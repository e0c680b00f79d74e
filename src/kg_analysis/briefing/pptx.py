"""The briefing as slides: a title, the key numbers, the findings, then one finding a slide with its chart.

Responsibility: lay the content out on 16:9 slides. Charts are native and can be edited where the type exists, pictures
without a title of their own else; what is said to a finding stands in the notes. Numbers at the marks of a native chart
are text in the briefing's language, so that no viewer's locale can change them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from kg_analysis.briefing.content import LANGUAGES, Briefing, Figure, PageOne, Plot, Series, Slide, clean, in_pages
from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, PALE, RULE, SECOND, THIRD

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, INNER = Inches(0.6), Inches(12.13)
FONT = "Arial"  # on every desktop, with every Vietnamese letter
COLOURS = (FOCUS, CONTEXT, SECOND, THIRD)  # of series; beyond four they repeat, and the labels tell them apart
_TITLE_SLIDE, _TITLE_ONLY = 0, 5  # layouts of the stock template
_MOST_FINDINGS, _MOST_SOURCES = 12, 9  # on one slide
_KINDS = {"line": XL_CHART_TYPE.LINE, "bar": XL_CHART_TYPE.BAR_CLUSTERED, "column": XL_CHART_TYPE.COLUMN_CLUSTERED}
_KINDS |= {"stacked_bar": XL_CHART_TYPE.BAR_STACKED, "stacked_column": XL_CHART_TYPE.COLUMN_STACKED}
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def write(briefing: Briefing, layout: LayoutChoice, template: bytes | None = None) -> bytes:
    """The slides; ``layout`` and ``template`` are for Word and left alone."""
    del layout, template
    deck = Presentation()
    _prepare(deck)
    _cover(deck, briefing)
    if briefing.page_one:
        _key_numbers(deck, briefing.page_one, briefing)
        _recommendations(deck, briefing.page_one, briefing)
    for some in in_pages(briefing.findings, _MOST_FINDINGS):
        _listed(deck, briefing, "findings", some)
    for section in briefing.sections:
        caveats = [f"{briefing.words['caveat']} {each}" for part in section.parts for each in part.caveats]
        for slide in section.slides:
            _finding(deck, slide, caveats, briefing)
    for some in in_pages(briefing.sources, _MOST_SOURCES):
        _listed(deck, briefing, "sources", some)
    found = deck.core_properties
    found.title, found.subject, found.author = briefing.properties
    found.language, found.last_modified_by, found.revision = LANGUAGES[briefing.language], "", 1
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


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
    _write(subtitle.text_frame, [briefing.masthead.issuer.replace("\n", " "), briefing.published], 16, MUTED)
    for paragraph in (*title.text_frame.paragraphs, *subtitle.text_frame.paragraphs):
        paragraph.alignment = PP_ALIGN.LEFT
    _speak(slide, briefing.language)


def _key_numbers(deck: Any, page: PageOne, briefing: Briefing) -> None:
    """The key numbers as a table, their notes below; the three sentences are in the notes and on the next slide."""
    slide = _titled(deck, page.heading)
    lines, right = page.numbers.laid_out()
    height = min(Inches(0.46), Emu(int(Inches(4.9) / len(lines))))
    shape = slide.shapes.add_table(len(lines), len(lines[0]), LEFT, Inches(1.35), INNER, height * len(lines))
    table = shape.table
    lengths = [min(34, max(10, *(len(line[place]) for line in lines))) for place in range(len(lines[0]))]
    for place, length in enumerate(lengths):
        table.columns[place].width = Emu(int(INNER * length / sum(lengths)))
    for number, line in enumerate(lines):
        table.rows[number].height = height
        for place, text in enumerate(map(clean, line)):
            cell = table.cell(number, place)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(FOCUS if number == 0 else "#FFFFFF" if number % 2 else "#F3F3F3")
            _write(cell.text_frame, [text], 13, "#FFFFFF" if number == 0 else INK, bold=number == 0, after=0)
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if right[place] else PP_ALIGN.LEFT
    shape._element.nvGraphicFramePr.cNvPr.set("descr", page.heading)
    _foot(slide, " ".join(page.notes))
    source = f"{briefing.words['source']} {page.numbers.source}"
    _finish(slide, briefing, [*(each.text for each in page.sentences), source])


def _recommendations(deck: Any, page: PageOne, briefing: Briefing) -> None:
    """The three sentences, and room for what the signer recommends."""
    slide = _titled(deck, briefing.words["standing"])
    box = slide.shapes.add_textbox(LEFT, Inches(1.4), INNER, Inches(3.2))
    _write(box.text_frame, [each.text for each in page.sentences], 18, INK)
    room = slide.shapes.add_textbox(LEFT, Inches(4.8), INNER, Inches(1.7))
    _write(room.text_frame, [page.recommendations, "…" * 50, "…" * 50], 16, MUTED)
    _finish(slide, briefing)


def _listed(deck: Any, briefing: Briefing, heading: str, lines: Sequence[str]) -> None:
    slide = _titled(deck, briefing.words[heading])
    box = slide.shapes.add_textbox(LEFT, Inches(1.4), INNER, Inches(5.1))
    longest = max(map(len, lines), default=0)
    size = 20 if longest < 100 and len(lines) < 9 else 16 if longest < 150 else 12
    _write(box.text_frame, [f"•  {each}" for each in lines], size, INK)
    _finish(slide, briefing)


def _finding(deck: Any, found: Slide, caveats: Iterable[str], briefing: Briefing) -> None:
    slide = _titled(deck, found.finding)
    said = [each.text for each in found.sentences]
    if found.figure is None:
        box = slide.shapes.add_textbox(LEFT, Inches(1.55), INNER, Inches(4.9))
        size = 18 if sum(map(len, said)) < 900 else 14
        _write(box.text_frame, said, size, INK)
    else:
        _show(slide, found.figure)
    if found.source and (found.figure is None or found.figure.plot is not None):
        _foot(slide, f"{briefing.words['source']} {found.source}")
    alt = [_alt(found.figure)] if found.figure else []
    _finish(slide, briefing, [*said, *caveats, *alt])


def _alt(figure: Figure) -> str:
    """What a screen reader says: of a native chart the finding and what it shows, of a picture its own text."""
    return f"{figure.chart.title}. {figure.plot.caption}." if figure.plot else figure.chart.alt


def _show(slide: Any, figure: Figure) -> None:
    """The native chart, or the picture where there is none; either with its text alternative."""
    if figure.plot is not None:
        caption = slide.shapes.add_textbox(LEFT, Inches(1.28), INNER, Inches(0.65))
        _write(caption.text_frame, [figure.plot.caption], 14, MUTED)
        frame = add_chart(slide, figure.plot, (LEFT, Inches(1.95), INNER, Inches(4.65)))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", _alt(figure))
        return
    picture = slide.shapes.add_picture(io.BytesIO(figure.chart.png), LEFT, Inches(1.4), height=Inches(5.5))
    if picture.width > INNER:
        picture.height, picture.width = Emu(int(picture.height * INNER / picture.width)), INNER
    picture.left = Emu(int((WIDTH - picture.width) / 2))
    picture._element.nvPicPr.cNvPr.set("descr", _alt(figure))


def _titled(deck: Any, text: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    title = slide.shapes.title
    _place(title, Inches(0.35), Inches(0.95))
    size = next((size for limit, size in ((52, 28), (130, 22), (260, 16)) if len(text) <= limit), 12)
    _write(title.text_frame, [text], size, FOCUS, bold=True)
    title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return slide


def _place(shape: Any, top: Any, height: Any) -> None:
    shape.left, shape.top, shape.width, shape.height = LEFT, top, INNER, height


def _foot(slide: Any, text: str) -> None:
    box = slide.shapes.add_textbox(LEFT, Inches(6.65), Inches(11.2), Inches(0.7))
    _write(box.text_frame, [text], 10 if len(text) < 330 else 8, MUTED)
    box.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM


def _write(frame: Any, lines: Iterable[str], size: int, colour: str, *, bold: bool = False, after: int = -1) -> None:
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = _rgb(colour)
        paragraph.space_after = Pt(size // 2 if after < 0 else after)


def _finish(slide: Any, briefing: Briefing, notes: Iterable[str] = ()) -> None:
    """Number of the slide, which PowerPoint keeps right when slides are moved; notes; language of every text."""
    box = slide.shapes.add_textbox(Inches(12.0), Inches(6.95), Inches(0.75), Inches(0.4))
    paragraph = box.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    field = paragraph._p.makeelement(qn("a:fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"})
    style, text = field.makeelement(qn("a:rPr"), {"sz": "1000"}), field.makeelement(qn("a:t"), {})
    text.text = "‹#›"
    field.extend([style, text])
    paragraph._p.append(field)
    _speak(slide, briefing.language)
    if said := "\n".join(notes):
        slide.notes_slide.notes_text_frame.text = said
        _speak(slide.notes_slide, briefing.language)


def _speak(slide: Any, language: str) -> None:
    """Mark every text with its language, for spelling and screen readers."""
    for run in slide._element.iter(qn("a:rPr")):
        run.set("lang", LANGUAGES[language])
    for run in slide._element.iter(qn("a:r")):
        if run.find(qn("a:rPr")) is None:
            run.insert(0, run.makeelement(qn("a:rPr"), {"lang": LANGUAGES[language]}))


# --- native charts


def add_chart(slide: Any, plot: Plot, box: tuple[Any, Any, Any, Any]) -> Any:
    """Graphic frame of a native chart in ``box`` (left, top, width, height)."""
    data = CategoryChartData(number_format="General")
    data.categories = plot.categories
    for series in plot.series:
        data.add_series(series.label, series.values)
    frame = slide.shapes.add_chart(_KINDS[plot.kind], *box, data)
    chart = frame.chart
    chart.font.size = Pt(12)
    chart.has_title = False
    chart.has_legend = len(plot.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _axes(chart, plot)
    drawn = chart.plots[0]
    if plot.kind != "line":
        drawn.gap_width, drawn.vary_by_categories = 60, False
    for number, (series, shape) in enumerate(zip(plot.series, drawn.series, strict=True)):
        colour = COLOURS[number % len(COLOURS)]
        if plot.kind == "line":
            _line(shape, colour, dashed=series.dashed)
            continue
        _bars(shape, colour, series)
        if plot.labelled:
            _labels(shape, series, colour, stacked=(plot.kind != plot.shape))
        _whiskers(shape, series)
    return frame


def _axes(chart: Any, plot: Plot) -> None:
    values, categories = chart.value_axis, chart.category_axis
    categories.format.line.color.rgb = _rgb(MUTED)
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # below the bars that hang under zero
    categories.tick_labels.number_format, categories.tick_labels.number_format_is_linked = "@", False
    if plot.kind == "line" and len(plot.categories) > 12:
        categories.tick_labels.font.size = Pt(10)
        skip = str(len(plot.categories) // 5)
        for name in ("tickLblSkip", "tickMarkSkip"):
            element = etree.SubElement(categories._element, f"{{{_CHART}}}{name}")
            element.set("val", skip)
            categories._element.insert_element_before(element, "c:noMultiLvlLbl", "c:extLst")
    if plot.shape == "bar":
        categories.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if plot.kind != "line" and plot.values:  # a bar's length is its value
        values.minimum_scale = 0 if min(plot.values) >= 0 else None
        values.maximum_scale = 0 if max(plot.values) <= 0 else None
    values.major_gridlines.format.line.color.rgb = _rgb(RULE)
    values.format.line.fill.background()
    if plot.labelled:  # every mark has its number: an axis would repeat them in the viewer's locale
        values.visible, values.has_major_gridlines = False, False
        return
    values.major_unit = plot.step
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "0", False
    values.tick_labels.font.size, values.tick_labels.font.color.rgb = Pt(11), _rgb(MUTED)
    values.has_title = bool(plot.unit)
    if plot.unit:
        values.axis_title.text_frame.text = plot.unit
        run = values.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold, run.font.color.rgb = Pt(11), False, _rgb(MUTED)


def _labels(shape: Any, series: Series, colour: str, *, stacked: bool) -> None:
    """Each number as text at its mark."""
    for place, text in enumerate(series.shown):
        if not text:
            continue
        label = shape.points[place].data_label
        run = label.text_frame.paragraphs[0].add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(12), True
        run.font.color.rgb = _rgb("#FFFFFF" if stacked else colour if colour != PALE else INK)
        label.position = XL_LABEL_POSITION.CENTER if stacked else XL_LABEL_POSITION.OUTSIDE_END


def _bars(shape: Any, colour: str, series: Series) -> None:
    shape.invert_if_negative = False
    colour = CONTEXT if series.focus else colour
    shape.format.fill.solid()
    shape.format.fill.fore_color.rgb = _rgb(colour)
    for number in {*series.hatched, *series.focus}:
        fill, own = shape.points[number].format.fill, FOCUS if number in series.focus else colour
        if number not in series.hatched:
            fill.solid()
            fill.fore_color.rgb = _rgb(own)
            continue
        fill.patterned()
        fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        fill.fore_color.rgb, fill.back_color.rgb = _rgb(own), _rgb("#FFFFFF")


def _line(shape: Any, colour: str, *, dashed: bool) -> None:
    shape.smooth = False
    shape.format.line.width, shape.format.line.color.rgb = Pt(1.5 if dashed else 2.5), _rgb(colour)
    if dashed:
        shape.format.line.dash_style = MSO_LINE.DASH


def _whiskers(shape: Any, series: Series) -> None:
    """Bounds of each value as error bars, for which python-pptx has no words."""
    if not any(series.bounds):
        return
    bars = etree.Element(f"{{{_CHART}}}errBars")
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, f"{{{_CHART}}}{name}").set("val", value)
    for name, lengths in zip(("plus", "minus"), reversed(series.whiskers), strict=True):
        numbers = etree.SubElement(etree.SubElement(bars, f"{{{_CHART}}}{name}"), f"{{{_CHART}}}numLit")
        etree.SubElement(numbers, f"{{{_CHART}}}formatCode").text = "General"
        etree.SubElement(numbers, f"{{{_CHART}}}ptCount").set("val", str(len(lengths)))
        for place, length in enumerate(lengths):
            point = etree.SubElement(numbers, f"{{{_CHART}}}pt", idx=str(place))
            etree.SubElement(point, f"{{{_CHART}}}v").text = repr(length)
    shape._element.insert_element_before(bars, "c:cat", "c:val", "c:shape", "c:extLst")


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))
