"""Briefings: what is chosen, how Word and the web page lay it out, and that nothing good is lost."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from conftest import DATA, at_length, contents, kg, kg_here
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kg_analysis.briefing import docx, html, produce, registry
from kg_analysis.briefing.build import _lines, build
from kg_analysis.briefing.calculations import COMPUTATIONS
from kg_analysis.briefing.content import Briefing, Cell, clean, point, printable, roman
from kg_analysis.briefing.desk import Desk, Witness
from kg_analysis.briefing.selection import LayoutChoice, read_selection
from kg_analysis.briefing.template import read_template
from kg_analysis.charts.frame import drawn
from kg_analysis.charts.layout import LayoutError, LongTitleError
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError
from kg_analysis.narrative.context import ReportContext
from kg_analysis.spreadsheet import BOM, csv_bytes

pytestmark = pytest.mark.slow  # draws whole sets of charts

HOSTILE = ("<script>alert(1)</script>", "=HYPERLINK(1)", "x" * 300, "dài " * 75, "\x0bký tự lạ", '" onload="x')
SMALL = 'sections = ["investment"]\n[section.investment]\nfindings = []\n[part.investment_year]\ncharts = []\n'


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Figures of 2021 that may be sent."""
    return load(DATA, 2021, "91", citable=True)


@pytest.fixture(scope="module")
def briefing(briefing_of: Callable[..., Briefing]) -> Briefing:
    return briefing_of(2021, "vi")


@pytest.fixture(scope="module")
def word(briefing: Briefing) -> Word:
    return Document(io.BytesIO(docx.write(briefing, LayoutChoice())))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Selection without charts, which is quick."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def choice(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    return read_selection(path)


# --- selection


def test_a_small_file_changes_only_what_it_names(tmp_path: Path) -> None:
    found = choice(tmp_path, 'title = "Riêng"\nsections = ["investment", "growth"]\n[part.covid_size]\ncharts = []\n')
    usual = read_selection()
    assert (found.title, found.sections) == ("Riêng", ["investment", "growth"])
    assert found.part["covid_size"].sentences == usual.part["covid_size"].sentences
    assert found.part["covid_size"].charts == []
    assert found.part["overview"] == usual.part["overview"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('tittle = "x"', ["key 'tittle' is not known, did you mean 'title'"]),
        ('[part.covid_size]\nchart = ["covid_daily_cases"]', ["did you mean 'charts'"]),
        (
            '[part.covid_size]\ncharts = ["covid_daily_case"]\nsentences = ["x"]',
            ["did you mean 'covid_daily_cases'", "'x'"],
        ),
        ('sections = ["growth", "growth", "nothing"]', ["'growth' 2 times", "'nothing'"]),
        ("[layout]\nleft_mm = 12.0\nfont_pt = 20.0", ["layout.left_mm = 12.0", "layout.font_pt = 20.0"]),
        ('[inputs]\nq4_share_pct = "25"', ["inputs.q4_share_pct"]),
        ('language = "fr"', ["language = 'fr'"]),
        ("title = ", ["no TOML"]),
    ],
)
def test_a_wrong_selection_is_refused_with_every_problem(tmp_path: Path, text: str, problems: list[str]) -> None:
    with pytest.raises(DataError) as error:
        choice(tmp_path, text)
    for each in problems:
        assert each in str(error.value)
    assert len(error.value.problems) == len(problems)


def test_sections_parts_title_and_inputs_are_those_chosen(tmp_path: Path, data: Dataset) -> None:
    text = 'title = "T"\nsections = ["investment"]\n[inputs]\ntarget_ratio_pct = 90.0\n'
    text += '[section.investment]\nfindings = []\nparts = ["mine"]\n[part.mine]\nheading = "Riêng"\n'
    found = build(data, choice(tmp_path, text + 'sentences = ["investment_shortfall"]\n'))
    assert found.title == "T"
    assert [section.name for section in found.sections] == ["investment"]
    assert [part.heading for part in found.sections[0].parts] == ["Riêng"]
    assert "90%" in found.sections[0].parts[0].sentences[0].text


# --- content


def test_findings_open_the_briefing_and_every_part_has_its_source(briefing: Briefing) -> None:
    assert len(briefing.findings) >= 8
    assert all(len(each.split()) <= 15 for each in briefing.findings)
    for section in briefing.sections[:-1]:
        for part in section.parts:
            assert part.source_lines or part.figures


def test_formulas_give_the_results_of_the_library(briefing: Briefing) -> None:
    calculations = [each for section in briefing.sections for each in section.calculations]
    assert {each.name for each in calculations} == set(COMPUTATIONS)
    for each in calculations:
        known = {one.id: one.value for one in each.inputs}
        for result in each.results:
            assert eval(result.formula, {}, known) == pytest.approx(result.value, rel=1e-9)  # noqa: S307


@pytest.mark.parametrize(("year", "area"), [(2019, "91"), (2023, "92"), *at_length((2018, "91"))])
def test_a_thin_year_fills_two_pages_with_what_is_its_own(
    year: int, area: str, briefing_of: Callable[..., Briefing]
) -> None:
    found = briefing_of(year, "vi", area)
    assert _lines(found.sections, found.page_one) >= 60
    parts = [
        part for part in found.parts if part.name in ("years", "growth_sectors", "versions", "rest", "growth_ahead")
    ]
    assert parts and not any(part.is_empty for part in parts)
    said = [one.text for part in found.parts for one in part.sentences]
    assert len(said) == len(set(said)), "nothing is said twice"


def test_a_year_with_much_to_say_takes_on_nothing(briefing: Briefing) -> None:
    usual = read_selection()
    assert [part.name for part in briefing.parts] == [
        each for name in usual.sections for each in usual.section[name].parts
    ]


def test_parts_that_a_reader_chose_stay_as_chosen(tmp_path: Path) -> None:
    chosen = choice(tmp_path, 'sections = ["growth"]\n[section.growth]\nparts = ["growth_year"]\n')
    found = build(load(DATA, 2019, "91", citable=True), chosen, slides=False)
    assert [part.name for part in found.parts] == ["growth_year"]


@pytest.mark.parametrize(("year", "area"), [(2020, "91"), (2022, "92"), *at_length((2019, "91"), (2022, "89"))])
def test_a_year_with_little_has_no_empty_heading_and_says_what_is_missing(
    year: int, area: str, briefing_of: Callable[..., Briefing]
) -> None:
    found = briefing_of(year, "vi", area)
    assert found.sections and found.findings
    assert all(section.parts or section.slides for section in found.sections)
    assert not any(part.is_empty for part in found.parts)
    assert found.left_out
    word = Document(io.BytesIO(docx.write(found, LayoutChoice())))
    kinds = [
        each.style.name for each in word.paragraphs if each.text.strip() or each._p.findall(".//" + qn("w:drawing"))
    ]
    assert not any(one == other == "Heading 1" for one, other in pairwise(kinds))


@pytest.mark.parametrize("name", read_selection().sections)
def test_a_briefing_on_one_topic_is_whole(name: str) -> None:
    chosen = read_selection().model_copy(update={"sections": [name]})
    found = build(load(DATA, 2021, "91", citable=True), chosen, slides=False)
    assert [section.name for section in found.sections] == [name]
    assert found.sources and any(part.sentences for part in found.parts)
    text = "\n".join(each.text for each in Document(io.BytesIO(docx.write(found, chosen.layout))).paragraphs)
    assert all(one.text.split("\n")[0][:40] in text for part in found.parts for one in part.sentences)


def test_labels_of_300_characters_and_markup_in_the_data_give_all_four_files(tmp_path: Path, data: Dataset) -> None:
    label = ("<script>alert(1)</script> nhãn rất dài " * 8)[:300]
    columns = dict.fromkeys(("label_vi", "label_en"), label)
    sources = data.sources.assign(title=label, issuer=f"={label}")
    long = dataclasses.replace(data, indicators=data.indicators.assign(**columns), sources=sources)
    chosen = choice(tmp_path, 'sections = ["growth"]\n[section.growth]\nfindings = ["growth_outputs"]\n')
    produced = produce.produce(long, chosen, tmp_path / "out")
    assert [path.suffix for path in produced.files] == [".docx", ".pptx", ".xlsx", ".html", ".csv", ".png", ".pdf"]
    page = produced.files[3].read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("error", [LayoutError("too long"), LongTitleError("too long")])
def test_a_chart_that_does_not_fit_is_left_out_with_the_reason(
    error: Exception, monkeypatch: pytest.MonkeyPatch, data: Dataset, tmp_path: Path
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setitem(registry.CHARTS, "covid_daily_cases", refuse)
    only = 'sections = ["covid"]\n[section.covid]\nfindings = []\nparts = ["covid_year"]\n'
    found = build(data, choice(tmp_path, only))
    first = found.sections[0].parts[0]
    assert not first.figures and first.sentences
    assert "quá dài" in first.left_out[0]


# --- Word


def test_the_page_is_that_of_the_decree(word: Word) -> None:
    section = word.sections[0]
    assert [round(each.mm) for each in (section.page_width, section.page_height)] == [210, 297]
    margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    assert [round(each.mm) for each in margins] == [20, 20, 30, 20]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert section.first_page_header.paragraphs[0].text == ""
    normal = word.styles["Normal"]
    assert (normal.font.name, normal.font.size.pt) == ("Times New Roman", 13)
    assert word.core_properties.language == "vi-VN"
    assert {each.get(qn("w:val")) for each in word.styles.element.iter(qn("w:lang"))} == {"vi-VN"}


def test_navigation_finds_headings_and_screen_readers_find_heads_and_alt_texts(word: Word, briefing: Briefing) -> None:
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    first = [text for style, text in headings if style == "Heading 1"]
    assert [text.split(".")[0] for text in first] == ["I", "II", "III", "IV", "V", "VI", "VII", "PHỤ LỤC"]
    points = [p.text for p in word.paragraphs if re.match(r"[a-zđ]{1,2}\) ", p.text)]
    assert [re.sub(r"^\w\) ", "", text) for text in points] == [clean(each) for each in briefing.findings]
    below = [p.style.name for p in word.paragraphs if p.text]
    assert not any(one == other == "Heading 2" for one, other in pairwise(below))  # no heading without a body
    levels = [int(style[-1]) for style, _ in headings]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    with_head = [table for table in word.tables if table._tbl.find(".//" + qn("w:tblHeader")) is not None]
    assert len(with_head) == len(briefing.tables) + 1  # and the key numbers
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == [
        f"{each.chart.alt} {each.chart.subtitle}" for each in briefing.figures
    ]


def test_number_date_and_signature_are_blank(word: Word) -> None:
    head, signature = word.tables[0], word.tables[-1]
    assert re.fullmatch(r"Số:\s+/BC-UBND", head.cell(1, 0).text)
    assert re.fullmatch(r"An Giang, ngày\s+tháng\s+năm\s*", head.cell(1, 1).text)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head.cell(0, 1).text
    assert set(signature.cell(0, 1).text) <= {"…", "\n"}


def test_the_signature_stands_under_the_text_and_sources_are_an_appendix(word: Word, briefing: Briefing) -> None:
    kinds = [each.tag.rpartition("}")[2] for each in word.element.body]
    texts = [each.text or "" for each in word.paragraphs]
    closing = next(at for at, each in enumerate(texts) if each.endswith("./."))
    appendix = next(at for at, each in enumerate(texts) if each.startswith("PHỤ LỤC"))
    assert closing < appendix == len(texts) - 1 - len(briefing.sources)
    assert kinds.index("p", len(kinds) - 1 - kinds[::-1].index("tbl")) > 0  # the signature is the last table
    assert word.paragraphs[appendix].paragraph_format.page_break_before


def test_columns_get_room_where_it_saves_lines() -> None:
    texts = [["Chỉ tiêu", "Số", "Ghi chú"], ["Thu", "1", "một câu dài " * 20], ["Chi", "2", "ngắn"]]
    first, second, third = docx._widths(texts)
    assert sum((first, second, third)) == pytest.approx(160)
    assert third > 3 * first > 0
    assert second < first + 5


def test_two_totals_of_one_day_are_told_apart_when_a_table_is_turned(briefing: Briefing) -> None:
    table = next(each for each in briefing.tables if each.name == "investment_balance")
    lines, right = table.laid_out()
    assert lines[0] == ["Tính đến ngày, Loại số", "31/01/2022, thực tế", "31/01/2022, ước"]
    assert all(len(line) == len(right) for line in lines)


def test_a_template_brings_its_styles_and_header_block(tmp_path: Path, briefing: Briefing) -> None:
    own = Document()
    own.add_paragraph("SỞ KẾ HOẠCH VÀ ĐẦU TƯ")
    own.styles["Normal"].font.name = "Arial"
    own.save(str(tmp_path / "own.docx"))
    found = Document(io.BytesIO(docx.write(briefing, LayoutChoice(), read_template(tmp_path / "own.docx")[0])))
    assert found.paragraphs[0].text == "SỞ KẾ HOẠCH VÀ ĐẦU TƯ"
    assert found.styles["Normal"].font.name == "Arial"
    assert "CỘNG HÒA" not in "".join(cell.text for table in found.tables for cell in table._cells)
    assert sum(p.style.name == "Heading 1" for p in found.paragraphs) == 8


@given(st.integers(1, 39))
def test_roman_numbers_add_up(number: int) -> None:
    values = {"X": 10, "V": 5, "I": 1}
    text = roman(number)
    total = sum(-values[a] if values[a] < values[b] else values[a] for a, b in zip(text, text[1:] + "I", strict=True))
    assert total == number


def test_points_follow_the_vietnamese_alphabet() -> None:
    assert [point(each) for each in range(1, 9)] == ["a", "b", "c", "d", "đ", "e", "g", "h"]
    assert len({point(each) for each in range(1, 200)}) == 199


# --- web page


@pytest.fixture(scope="module")
def page(briefing: Briefing) -> str:
    return html.write(briefing, LayoutChoice()).decode("utf-8")


def test_the_page_needs_no_network_and_no_script(page: str) -> None:
    root = etree.HTML(page)
    assert not root.xpath("//script | //link | //iframe | //img")
    assert not re.findall(r"\son\w+=", re.sub(r"<style>.*?</style>", "", page, flags=re.S))
    addresses = re.findall(r"(?:\bsrc=|url\(|xlink:href=)[\"']?([^)\"']+)", page)
    assert all(each.startswith(("#", "data:")) for each in addresses)
    assert root.get("lang") == "vi"


def test_charts_have_a_name_and_a_description_and_ids_are_unique(page: str, briefing: Briefing) -> None:
    root = etree.HTML(page)
    shown = root.xpath("//svg[@role='img']")
    assert len(shown) == sum(1 + bool(figure.narrow) for figure in briefing.figures)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    expected = [figure for figure in briefing.figures for _ in range(1 + bool(figure.narrow))]
    for picture, figure in zip(shown, expected, strict=True):
        title, description = (
            root.xpath(f"//*[@id='{each}']")[0].text for each in picture.get("aria-labelledby").split()
        )
        assert (title, description) == (figure.chart.title, figure.chart.alt)
    assert set(root.xpath("//nav//a/@href")) == {f"#{each}" for each in root.xpath("//main/section/@id")}


def test_a_phone_loses_no_label(briefing: Briefing) -> None:
    drawn = {each.chart.name: each.narrow.decode().replace("\u00a0", " ") for each in briefing.figures}
    shown = {name: " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)) for name, svg in drawn.items()}
    assert "3.760,543 tỷ đồng = 71,66% kế hoạch" in shown["investment_versions"]
    assert "Nhiệm vụ Chính phủ, Thủ tướng Chính phủ" in shown["overview_tasks"]


@pytest.mark.parametrize("size", ["strip", "narrow"])
def test_a_small_picture_without_one_of_its_labels_is_not_used(
    size: str, monkeypatch: pytest.MonkeyPatch, data: Dataset
) -> None:
    page = Witness("vi")
    desk = Desk(ReportContext(data, page), page, read_selection().inputs.model_dump())
    lacking = SimpleNamespace(dropped=["71,66%"])
    monkeypatch.setitem(registry.CHARTS, "investment_versions", lambda: lacking)
    with drawn(size), pytest.raises(LayoutError, match="71,66%"):
        desk.named("charts", "investment_versions")


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_stays_text(label: str, briefing: Briefing) -> None:
    section = next(each for each in briefing.sections if each.name == "investment")
    part = section.parts[0]
    table = part.tables[0]
    cells = tuple(Cell(label, label, label) for _ in table.rows[0])
    table = dataclasses.replace(table, title=label, rows=(cells,), figure_ids=("",), source=label)
    chart = dataclasses.replace(part.figures[0].chart, title=label, alt=label, subtitle=label)
    figure = dataclasses.replace(part.figures[0], chart=chart)
    part = dataclasses.replace(part, heading=label, tables=(table,), figures=(figure,), caveats=(label,))
    section = dataclasses.replace(section, heading=label, findings=(label,), parts=(part,), left_out=(label,))
    hostile = dataclasses.replace(briefing, title=label, sections=(section,), sources=(label,))
    root = etree.HTML(html.write(hostile, LayoutChoice()).decode("utf-8"))
    assert not root.xpath("//script | //@onload")
    assert root.xpath("//h1")[0].text == printable(label)
    found = Document(io.BytesIO(docx.write(hostile, LayoutChoice())))
    assert printable(label).strip() in "\n".join(each.text for each in found.paragraphs)


def test_text_that_looks_like_a_formula_stays_text_in_csv() -> None:
    table = pd.DataFrame(
        {"label": ["=1+1", "+x", "-y", "@z", "-6,58%", "=1", "bình thường"], "value": [-1.5, 2, 3, 4, 5, 6, 7]}
    )
    lines = csv_bytes(table).removeprefix(BOM).decode().splitlines()
    assert [each.split(",")[0].strip('"')[:2] for each in lines[1:5]] == ["'=", "'+", "'-", "'@"]
    assert lines[1].endswith("-1.5")
    assert "'" not in "".join(lines[5:6] + lines[7:])


# --- files


def test_same_input_same_bytes(tmp_path: Path, data: Dataset) -> None:
    usual = read_selection().model_copy(update={"sections": ["investment"]})
    first, second = (produce.produce(data, usual, tmp_path / each, produce.FORMATS) for each in "ab")
    assert [path.name for path in first.files] == [path.name for path in second.files]
    for one, other in zip(first.files, second.files, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, data: Dataset) -> Path:
    """Folder of a year with a small briefing in it; not to be changed."""
    path = tmp_path_factory.mktemp("made") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    produce.produce(data, read_selection(path), path.parent / "out", ["docx", "html", "xlsx", "pptx"])
    return path.parent / "out"


@pytest.fixture
def good(made: Path, tmp_path: Path) -> Path:
    """The same, to work on."""
    return Path(shutil.copytree(made, tmp_path / "out"))


def test_a_package_holds_no_time_of_writing(made: Path) -> None:
    for kind in ("docx", "xlsx", "pptx"):
        with zipfile.ZipFile(made / f"briefing.{kind}") as packed:
            assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"2026-11-24T00:00:00Z" in packed.read("docProps/core.xml")


@pytest.mark.parametrize("template", [b"no docx", b"", "missing"])
def test_a_template_that_is_none_leaves_the_last_good_file(
    tmp_path: Path, data: Dataset, small: Path, good: Path, template: bytes | str
) -> None:
    own = tmp_path / "own.docx"
    if isinstance(template, bytes):
        own.write_bytes(template)
    before = contents(good)
    assert {"briefing.docx", "briefing.html", "manifest.json", "page_one.pdf", "page_one.png"} < before.keys()
    with pytest.raises(DataError, match=r"own\.docx"):
        produce.produce(data, read_selection(small), good, ["docx", "html"], own)
    assert contents(good) == before


def test_a_workbook_is_no_template(tmp_path: Path, data: Dataset, small: Path, made: Path) -> None:
    fake = shutil.copy(made / "briefing.xlsx", tmp_path / "fake.docx")
    with pytest.raises(DataError, match="no docx"):
        produce.produce(data, read_selection(small), tmp_path / "out", ["docx"], Path(fake))


def test_a_file_open_elsewhere_is_named_and_nothing_is_written(data: Dataset, small: Path, good: Path) -> None:
    (good / "briefing.html").unlink()
    before = contents(good)
    for mark in (".~lock.briefing.docx#", "~$iefing.docx"):
        (good / mark).touch()
        with pytest.raises(DataError, match=r"briefing\.docx: is open elsewhere"):
            produce.produce(data, read_selection(small), good, ["docx", "html"])
        (good / mark).unlink()
    assert contents(good) == before


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path, data: Dataset, small: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(DataError, match="cannot write outputs there"):
        produce.produce(data, read_selection(small), tmp_path / "out", ["html"])


def test_if_one_file_cannot_be_moved_the_others_go_back(data: Dataset, small: Path, good: Path) -> None:
    (good / "briefing.html").unlink()
    (good / "briefing.docx").write_bytes(b"as it was")
    (good / "tables").rename(good / "kept")
    (good / "tables").write_text("no folder")  # the table of numbers cannot be moved there
    before = contents(good)
    with pytest.raises(DataError, match="cannot write outputs there"):
        produce.produce(data, read_selection(small, "vi"), good, ["html", "docx"])
    assert contents(good) == before


def test_charts_come_in_two_sizes_and_three_formats(data: Dataset, tmp_path: Path) -> None:
    text = 'sections = ["covid"]\n[section.covid]\nfindings = []\nparts = ["covid_year"]\n'
    found = produce.pictures(data, choice(tmp_path, text), ["png", "svg", "pdf"])
    assert sorted(found) == [
        f"covid_daily_cases-{size}.{each}" for size in ("full", "half") for each in ("pdf", "png", "svg")
    ]
    assert found["covid_daily_cases-half.pdf"].startswith(b"%PDF")
    assert b"CreationDate" not in found["covid_daily_cases-full.pdf"]
    assert found == produce.pictures(data, choice(tmp_path, text), ["png", "svg", "pdf"])


def test_the_command_writes_and_records_what_was_left_out(tmp_path: Path, small: Path) -> None:
    options = ("--year", 2020, "--selection", small, "--format", "html", "--data-dir", DATA, "--output-dir", tmp_path)
    result = kg("briefing", *options)
    assert result.returncode == 0, result.stderr
    assert "left out:" in result.stdout + result.stderr
    assert (tmp_path / "2020" / "briefing.html").is_file()
    assert '"briefing"' in (tmp_path / "2020" / "manifest.json").read_text(encoding="utf-8")
    wrong = kg_here("briefing", "--year", 2021, "--format", "odt", "--data-dir", DATA)
    assert wrong.exit_code == 1
    assert "format 'odt' is not known" in wrong.output
