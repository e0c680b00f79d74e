"""Slides and workbooks: the content as it is, native charts, live formulas, text that stays text, the same bytes."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches

from kg_analysis.briefing import pptx, produce, xlsx
from kg_analysis.briefing.content import Briefing, Cell, Figure, Plot, Series, clean
from kg_analysis.briefing.selection import Selection, read_selection

pytestmark = pytest.mark.slow  # draws whole sets of charts

HOSTILE = ("=HYPERLINK(1)", "+1+1", "-2", "@SUM(1)", "<script>alert(1)</script>", "x" * 300)


@pytest.fixture(scope="module")
def selection() -> Selection:
    return read_selection(None, "vi")


@pytest.fixture(scope="module")
def briefing(briefing_of: Callable[..., Briefing]) -> Briefing:
    return briefing_of(2021, "vi")


@pytest.fixture(scope="module")
def slides(briefing: Briefing, selection: Selection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deck") / "briefing.pptx"
    path.write_bytes(produce.written_as("pptx", briefing, selection))
    return path


@pytest.fixture(scope="module")
def workbook(briefing: Briefing, selection: Selection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "briefing.xlsx"
    path.write_bytes(produce.written_as("xlsx", briefing, selection))
    return path


def changed(briefing: Briefing, label: str) -> Briefing:
    """The briefing with one label wherever a source's words may stand."""
    section = next(each for each in briefing.sections if each.name == "investment")
    part = section.parts[0]
    cells = tuple(Cell(label, label, label) for _ in part.tables[0].rows[0])
    table = dataclasses.replace(part.tables[0], title=label, rows=(cells,), figure_ids=(label,))
    part = dataclasses.replace(part, heading=label, tables=(table,))
    slide = dataclasses.replace(section.slides[0], finding=label, source=label)
    section = dataclasses.replace(section, parts=(part,), slides=(slide,))
    return dataclasses.replace(briefing, sections=(section,), sources=(label,), title=label)


# --- slides


def test_every_finding_is_the_title_of_one_slide(briefing: Briefing, slides: Path) -> None:
    titles = [slide.shapes.title.text for slide in Presentation(slides).slides]
    assert [each for each in titles if each in briefing.findings] == list(briefing.findings)


def test_slides_are_wide_and_charts_native_where_the_type_exists(briefing: Briefing, slides: Path) -> None:
    deck = Presentation(slides)
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=1e-3)
    shown = {slide.shapes.title.text: list(slide.shapes) for slide in deck.slides}
    for section in briefing.sections:
        for each in section.slides:
            native = [shape for shape in shown[each.finding] if shape.has_chart]
            pictures = [shape for shape in shown[each.finding] if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
            plot = each.figure.plot if each.figure else None
            assert (len(native), len(pictures)) == ((1, 0) if plot else (0, 1) if each.figure else (0, 0))
            if plot:
                drawn = native[0].chart.plots[0]
                assert list(drawn.categories) == list(plot.categories)
                assert [tuple(one.values) for one in drawn.series] == [one.values for one in plot.series]


def test_bars_start_at_zero_and_the_title_is_not_in_the_picture(briefing: Briefing, slides: Path) -> None:
    charts = [s.chart for slide in Presentation(slides).slides for s in slide.shapes if s.has_chart]
    bars = [each for each in charts if each.plots[0]._element.tag.endswith("barChart")]
    for each in bars:
        values = [value for series in each.plots[0].series for value in series.values if value is not None]
        assert min(values) < 0 or each.value_axis.minimum_scale == 0
    for each in (each for section in briefing.sections for each in section.slides if each.figure):
        assert each.figure is not None
        assert each.finding[:26] not in drawn_texts(each.figure)
    assert any(each.chart.title[:26] in drawn_texts(each) for each in briefing.figures)


def drawn_texts(figure: Figure) -> str:
    """All text that a chart's picture shows."""
    return " | ".join(re.findall(r"<text[^>]*>([^<]*)</text>", figure.chart.svg.decode()))


MARKS = {"gạch chéo": "pattFill", "nét đứt": 'prstDash val="dash"', "vạch": "errBars"}


def xml_of(path: Path) -> dict[tuple[str, ...], str]:
    """XML of every native chart by the names of its series and its first category."""
    with zipfile.ZipFile(path) as packed:
        parts = [
            packed.read(each).decode() for each in packed.namelist() if re.search(r"charts/chart\d*[^/]*[.]xml$", each)
        ]
    found = {}
    for part in parts:
        root = etree.fromstring(part.encode())
        cached = root.findall(".//{*}cat//{*}pt[@idx='0']/{*}v")
        series = [each.text for each in root.findall(".//{*}ser/{*}tx//{*}v")]
        found[(*series, cached[0].text)] = part
    return found


def plots(briefing: Briefing) -> dict[tuple[str, ...], Plot]:
    return {
        (*(series.label for series in each.plot.series), each.plot.categories[0]): each.plot
        for each in briefing.every_figure
        if each.plot
    }


@pytest.mark.parametrize("form", ["slides", "workbook"])
def test_a_caption_names_the_marks_that_the_file_has(
    form: str, briefing: Briefing, request: pytest.FixtureRequest
) -> None:
    drawn, wanted = xml_of(request.getfixturevalue(form)), plots(briefing)
    assert drawn.keys() == wanted.keys()
    assert len(wanted) >= 6
    for key, plot in wanted.items():
        for word, mark in MARKS.items():
            assert (word in plot.caption) == (mark in drawn[key]), f"{plot.caption}: {mark}"


@pytest.mark.parametrize("form", ["slides", "workbook"])
def test_no_viewers_locale_can_change_a_number_of_a_native_chart(
    form: str, briefing: Briefing, request: pytest.FixtureRequest
) -> None:
    drawn = xml_of(request.getfixturevalue(form))
    for key, plot in plots(briefing).items():
        root = etree.fromstring(drawn[key].encode())
        formats = {each.get("formatCode") for each in root.findall(".//{*}valAx/{*}numFmt")}
        assert formats <= {"0", "General"}
        axis = root.find(".//{*}valAx/{*}delete")
        shown = axis is None or axis.get("val") == "0"
        assert shown != plot.labelled  # a number at each mark, or an axis of whole numbers
        labels = ["".join(each.itertext()) for each in root.findall(".//{*}dLbl/{*}tx")]
        assert labels == [text for series in plot.series for text in series.shown if text and plot.labelled]


def test_whiskers_are_the_bounds() -> None:
    series = Series("a", (17.6, 5.0), ("", ""), ("", ""), ((14.3, 21.2), None))
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    box = (Inches(1), Inches(1), Inches(5), Inches(4))
    frame = pptx.add_chart(slide, Plot("bar", ("1", "2"), (series,), "%", "x"), box)
    bars = frame.chart._chartSpace.find(".//{*}errBars")
    lengths = {name: [each.text for each in bars.findall(f"{{*}}{name}//{{*}}v")] for name in ("plus", "minus")}
    assert lengths == {"plus": ["3.6", "0.0"], "minus": ["3.3", "0.0"]}


def test_notes_hold_the_sentences_and_every_picture_and_chart_its_alternative(briefing: Briefing, slides: Path) -> None:
    found = {slide.shapes.title.text: slide for slide in Presentation(slides).slides}
    for section in briefing.sections:
        for each in section.slides:
            notes = found[each.finding].notes_slide.notes_text_frame.text
            assert all(one.text in notes for one in each.sentences)
            if each.figure is None:
                continue
            alt = each.finding if each.figure.plot else each.figure.chart.alt
            assert f'descr="{alt[:20]}' in found[each.finding]._element.xml
            text = " ".join(s.text_frame.text for s in found[each.finding].shapes if s.has_text_frame)
            assert each.source in text or each.figure.plot is None  # the picture holds its own source line


def test_page_one_opens_slides_and_workbook(briefing: Briefing, slides: Path, workbook: Path) -> None:
    assert briefing.page_one is not None
    table = next(s.table for s in Presentation(slides).slides[1].shapes if s.has_table)
    lines = briefing.page_one.numbers.laid_out()[0]
    assert [cell.text for cell in table.rows[1].cells] == [clean(each) for each in lines[1]]
    sheet = load_workbook(workbook).worksheets[0]
    words = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {each.text for each in briefing.page_one.sentences} <= set(words)
    assert {"71,66%", "29.866", "Kiến nghị"} <= set(words)  # as text: no viewer's locale turns 0,58% into 0.58%
    assert {sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight} <= {None, 1}  # one page, the default


def test_slides_say_their_language(slides: Path) -> None:
    for slide in Presentation(slides).slides:
        runs = re.findall(r"<a:rPr[^>]*>", slide._element.xml)
        assert runs
        assert all('lang="vi-VN"' in each for each in runs)


# --- workbook


def formulas(path: Path) -> Iterator[tuple[str, str, str, float]]:
    """Sheet, cell, formula and stored result of every formula."""
    live, stored = load_workbook(path), load_workbook(path, data_only=True)
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, str(cell.value), stored[sheet.title][cell.coordinate].value


def test_results_are_formulas_whose_stored_results_are_the_librarys(briefing: Briefing, workbook: Path) -> None:
    results = [each.value for s in briefing.sections for c in s.calculations for each in c.results]
    assert [each[3] for each in formulas(workbook)] == pytest.approx(results, rel=1e-12)


def test_a_formula_gives_the_librarys_result_when_it_is_worked_out(workbook: Path) -> None:
    book = load_workbook(workbook)
    count = 0
    for sheet, cell, formula, stored in formulas(workbook):
        text = re.sub(r"\$B\$(\d+)", lambda found, name=sheet: repr(book[name][f"B{found[1]}"].value), formula[1:])
        assert re.fullmatch(r"[\d.e()+*/-]+", text), f"{sheet} {cell} holds more than numbers: {text}"
        assert eval(text) == pytest.approx(stored, rel=1e-9)  # noqa: S307  digits and operators only
        count += 1
    assert count == 8


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_recalculates_to_the_stored_results(workbook: Path, tmp_path: Path) -> None:
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    subprocess.run([*command, "--convert-to", "ods", "--outdir", tmp_path, workbook], check=True, timeout=120)
    subprocess.run(
        [*command, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path, tmp_path / "briefing.ods"],
        check=True,
        timeout=120,
    )
    again = load_workbook(tmp_path / "briefing.xlsx", data_only=True)
    for sheet, cell, _, stored in formulas(workbook):
        assert again[sheet][cell].value == pytest.approx(stored, rel=1e-9)


def test_tables_have_numbers_bounds_frozen_header_and_one_page_across(briefing: Briefing, workbook: Path) -> None:
    book = load_workbook(workbook)
    sheets = {sheet.cell(1, 1).value: sheet for sheet in book}
    for table in [*briefing.tables, briefing.numbers]:
        sheet = sheets[table.title]
        lines, _ = table.laid_out()
        turned = len(lines) != len(table.rows) + 1
        assert turned or sheet.auto_filter.ref.startswith("A4:")
        assert sheet.freeze_panes in ("A5", "B5")
        shown = [[cell.value or "" for cell in row[: len(lines[0])]] for row in sheet.iter_rows(min_row=4)]
        assert shown[: len(lines)] == lines  # as text: no viewer's locale turns 5.247,827 into 5,247.827
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)  # pages, by default one
        held = {cell.value for row in sheet.iter_rows(min_row=5) for cell in row if cell.data_type == "n"}
        for cell in (cell for row in table.rows for cell in row):
            numbers = [each for each in (cell.value, cell.low, cell.high) if isinstance(each, float)]
            assert all(any(each == pytest.approx(one) for one in held if one is not None) for each in numbers)


def test_a_charts_rows_are_text_beside_the_numbers_it_is_drawn_from(briefing: Briefing, workbook: Path) -> None:
    book = load_workbook(workbook)
    sheets = {sheet.cell(1, 1).value: sheet for sheet in book}
    for figure in (each for each in briefing.every_figure if each.plot):
        assert figure.plot is not None
        sheet = sheets[figure.chart.title]
        for column, series in enumerate(figure.plot.series, 2):
            cells = [sheet.cell(row, column).value or "" for row in range(5, 5 + len(series.shown))]
            assert cells == list(series.shown)
        drawn = sheet._charts[0].series[0].val.numRef.f.rpartition("!")[2].replace("$", "")
        cells = sheet[drawn]
        values = [row[0].value for row in cells] if isinstance(cells, tuple) else [cells.value]
        assert values == list(figure.plot.series[0].values)


def test_a_sheet_keeps_a_ratio_in_its_name(workbook: Path) -> None:
    assert any("13∕24" in each for each in load_workbook(workbook).sheetnames)


def test_contents_link_to_every_sheet(workbook: Path) -> None:
    book = load_workbook(workbook)
    links = {row[1].hyperlink.location.partition("!")[0].strip("'") for row in book.worksheets[1] if row[1].hyperlink}
    assert {each.replace("''", "'") for each in links} == {each.title for each in book.worksheets[2:]}


def test_charts_are_native_where_the_type_exists(briefing: Briefing, workbook: Path) -> None:
    book = load_workbook(workbook)
    sheets = {sheet.cell(1, 1).value: sheet for sheet in book}
    for figure in briefing.every_figure:
        sheet = sheets[figure.chart.title]
        assert (len(sheet._charts), len(sheet._images)) == ((1, 0) if figure.plot else (0, 1))


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_stays_text(briefing: Briefing, selection: Selection, tmp_path: Path, label: str) -> None:
    hostile = changed(briefing, label)
    (tmp_path / "b.xlsx").write_bytes(xlsx.write(hostile, selection.layout))
    for sheet in load_workbook(tmp_path / "b.xlsx"):
        assert len(sheet.title) <= 31
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or str(cell.value).startswith("=")
                assert cell.data_type == "s" or cell.value != label
                if cell.data_type == "f":
                    assert "$B$" in str(cell.value)
    deck = Presentation(io.BytesIO(pptx.write(hostile, selection.layout)))
    assert label in [slide.shapes.title.text for slide in deck.slides]


def test_the_same_content_gives_the_same_bytes(briefing: Briefing, selection: Selection) -> None:
    first = {form: produce.written_as(form, briefing, selection) for form in produce.FORMATS}
    time.sleep(2.1)  # a zip entry's clock ticks every two seconds
    for form, content in first.items():
        assert produce.written_as(form, briefing, selection) == content, form


@pytest.mark.parametrize(("year", "language"), [(2020, "vi"), (2022, "vi")])
def test_a_year_without_some_topics_makes_both(year: int, language: str, briefing_of: Callable[..., Briefing]) -> None:
    chosen = read_selection(None, language)
    found = briefing_of(year, language)
    deck = Presentation(io.BytesIO(pptx.write(found, chosen.layout)))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert set(found.findings) <= set(titles)
    book = load_workbook(io.BytesIO(xlsx.write(found, chosen.layout)))
    words = {cell.value for sheet in book for row in sheet for cell in row}
    assert found.left_out
    assert not set(found.left_out) & words  # what is missing is told by the command
