"""Slides and workbooks: the content as it is, native charts, live formulas, text that stays text, the same bytes."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DATA
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from kg_analysis.briefing import pptx, xlsx
from kg_analysis.briefing.build import build
from kg_analysis.briefing.model import Briefing
from kg_analysis.briefing.selection import Selection, read_selection
from kg_analysis.data.dataset import load
from kg_analysis.quantities import Quantity

pytestmark = pytest.mark.slow  # draws whole sets of charts

HOSTILE = ("=HYPERLINK(1)", "+1+1", "-2", "@SUM(1)", "<script>alert(1)</script>", "x" * 300)


@pytest.fixture(scope="module")
def selection() -> Selection:
    return read_selection(None, "vi")


@pytest.fixture(scope="module")
def briefing(selection: Selection) -> Briefing:
    return build(load(DATA, 2021, "91"), selection)


@pytest.fixture(scope="module")
def slides(briefing: Briefing, selection: Selection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deck") / "briefing.pptx"
    pptx.write(briefing, path, selection.layout, None)
    return path


@pytest.fixture(scope="module")
def workbook(briefing: Briefing, selection: Selection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "briefing.xlsx"
    xlsx.write(briefing, path, selection.layout, None)
    return path


def changed(briefing: Briefing, label: str) -> Briefing:
    """The briefing with one label wherever a source's words may stand."""
    section = briefing.sections[1]
    table = section.parts[1].tables[0]
    cells = tuple(dataclasses.replace(each, text=label, value=None) for each in table.rows[0].cells)
    table = dataclasses.replace(table, title=label, rows=(dataclasses.replace(table.rows[0], cells=cells),))
    part = dataclasses.replace(section.parts[1], heading=label, tables=(table,))
    slide = dataclasses.replace(section.slides[0], finding=label, source=label)
    section = dataclasses.replace(section, parts=(section.parts[0], part), slides=(slide,))
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
            assert each.figure is not None
            assert (len(native), len(pictures)) == ((1, 0) if each.figure.plot else (0, 1))
            if each.figure.plot:
                drawn = native[0].chart.plots[0]
                assert list(drawn.categories) == list(each.figure.plot.categories)
                assert [tuple(one.values) for one in drawn.series] == [one.values for one in each.figure.plot.series]


def test_bars_start_at_zero_and_estimates_are_hatched(slides: Path) -> None:
    charts = [s.chart for slide in Presentation(slides).slides for s in slide.shapes if s.has_chart]
    bars = [each for each in charts if each.plots[0]._element.tag.endswith("barChart")]
    for each in bars:
        values = [value for series in each.plots[0].series for value in series.values if value is not None]
        assert min(values) < 0 or each.value_axis.minimum_scale == 0
    assert any("pattFill" in each._chartSpace.xml for each in bars)


def test_notes_hold_the_sentences_and_every_picture_and_chart_its_alternative(briefing: Briefing, slides: Path) -> None:
    found = {slide.shapes.title.text: slide for slide in Presentation(slides).slides}
    for section in briefing.sections:
        for each in section.slides:
            notes = found[each.finding].notes_slide.notes_text_frame.text
            assert all(one.text in notes for one in each.sentences)
            assert each.figure is not None
            assert f'descr="{each.figure.chart.alt[:20]}' in found[each.finding]._element.xml
            text = " ".join(s.text_frame.text for s in found[each.finding].shapes if s.has_text_frame)
            assert each.source in text or each.figure.plot is None  # the picture holds its own source line


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
    results = [each.quantity.value for s in briefing.sections for c in s.calculations for each in c.results]
    assert [each[3] for each in formulas(workbook)] == pytest.approx(results, rel=1e-12)


def test_a_formula_gives_the_librarys_result_when_it_is_worked_out(workbook: Path) -> None:
    book = load_workbook(workbook)
    count = 0
    for sheet, cell, formula, stored in formulas(workbook):
        text = re.sub(r"\$B\$(\d+)", lambda found, name=sheet: repr(book[name][f"B{found[1]}"].value), formula[1:])
        assert re.fullmatch(r"[\d.e()+*/-]+", text), f"{sheet} {cell} holds more than numbers: {text}"
        assert eval(text) == pytest.approx(stored, rel=1e-9)  # noqa: S307  digits and operators only
        count += 1
    assert count == 9


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


def test_tables_have_numbers_bounds_filter_and_frozen_header(briefing: Briefing, workbook: Path) -> None:
    book = load_workbook(workbook)
    sheets = {sheet.cell(1, 1).value: sheet for sheet in book}
    for table in [*briefing.tables, briefing.numbers]:
        sheet = sheets[table.title]
        assert sheet.auto_filter.ref.startswith("A4:")
        assert sheet.freeze_panes in ("A5", "B5")
        held = {cell.value for row in sheet.iter_rows(min_row=5) for cell in row if cell.data_type == "n"}
        for found in (cell.value for row in table.rows for cell in row.cells):
            if isinstance(found, Quantity) and found.interval.value is not None:
                assert any(each == pytest.approx(found.value) for each in held if each is not None)
                if found.low != found.high and found.low > float("-inf"):
                    assert any(each == pytest.approx(found.low) for each in held if each is not None)


def test_contents_link_to_every_sheet(workbook: Path) -> None:
    book = load_workbook(workbook)
    links = {row[1].hyperlink.location.partition("!")[0].strip("'") for row in book.worksheets[0] if row[1].hyperlink}
    assert {each.replace("''", "'") for each in links} == {each.title for each in book.worksheets[1:]}


def test_charts_are_native_where_the_type_exists(briefing: Briefing, workbook: Path) -> None:
    book = load_workbook(workbook)
    sheets = {sheet.cell(1, 1).value: sheet for sheet in book}
    for figure in briefing.figures:
        sheet = sheets[figure.chart.title]
        assert (len(sheet._charts), len(sheet._images)) == ((1, 0) if figure.plot else (0, 1))


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_stays_text(briefing: Briefing, selection: Selection, tmp_path: Path, label: str) -> None:
    hostile = changed(briefing, label)
    xlsx.write(hostile, tmp_path / "b.xlsx", selection.layout, None)
    for sheet in load_workbook(tmp_path / "b.xlsx"):
        assert len(sheet.title) <= 31
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or str(cell.value).startswith("=")
                assert cell.data_type == "s" or cell.value != label
                if cell.data_type == "f":
                    assert "$B$" in str(cell.value)
    pptx.write(hostile, tmp_path / "b.pptx", selection.layout, None)
    assert label in [slide.shapes.title.text for slide in Presentation(tmp_path / "b.pptx").slides]


@pytest.mark.parametrize("module", [pptx, xlsx])
def test_the_same_content_gives_the_same_bytes(
    briefing: Briefing, selection: Selection, tmp_path: Path, module: Any
) -> None:
    module.write(briefing, tmp_path / "first", selection.layout, None)
    time.sleep(2.1)  # a zip entry's clock ticks every two seconds
    module.write(briefing, tmp_path / "second", selection.layout, None)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize(("year", "language"), [(2020, "vi"), (2022, "en")])
def test_a_year_without_some_topics_makes_both(year: int, language: str, tmp_path: Path) -> None:
    chosen = read_selection(None, language)
    found = build(load(DATA, year, "91"), chosen)
    pptx.write(found, tmp_path / "b.pptx", chosen.layout, None)
    xlsx.write(found, tmp_path / "b.xlsx", chosen.layout, None)
    titles = [slide.shapes.title.text for slide in Presentation(tmp_path / "b.pptx").slides]
    assert set(found.findings) <= set(titles)
    words = [cell.value for row in load_workbook(tmp_path / "b.xlsx").worksheets[0] for cell in row]
    left_out = {each for section in found.sections for each in section.left_out}
    assert left_out <= set(words)
