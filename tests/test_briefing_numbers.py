"""Every number that a reader finds in the four files stands in the tables of that run."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from openpyxl import load_workbook

from kg_analysis.briefing import produce
from kg_analysis.briefing.content import Briefing
from kg_analysis.briefing.selection import read_selection
from kg_analysis.formats import NumberFormatter, rounded

pytestmark = pytest.mark.slow  # draws whole sets of charts

# Numbers that are part of a name, by pattern: none of them is a result.
NAMES = (
    r"COVID-19|[69] tháng|Chỉ thị 1[569](, 1[59])?|Tổ 770|Group 770|09-CTr/TU|Directives? 1[569]( and 1[59])?"
    r"|Programme 09|\bQ[1-4]\b|\bH1\b|đến 31/01(/\d{4}| năm sau)|31 January of the next year|to 31 January( \d{4})?"
)
REGEX = {"re": "http://exslt.org/regular-expressions"}
TEXT_TAGS = ("p", "li", "h1", "h2", "h3", "th", "td", "caption", "text", "title", "desc")
NUMBER = {"vi": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?", "en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"}
DAY = {"vi": r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}|\d{1,2}/\d{1,2}", "en": r"\d{1,2} [A-Z][a-z]+(?: \d{4})?"}
CASES = [(2021, "vi"), (2021, "en"), (2022, "vi")]


@dataclass(frozen=True)
class Run:
    """A briefing, its four files, and what its tables hold."""

    briefing: Briefing
    folder: Path
    numbers: set[Decimal]
    texts: set[str]
    quoted: re.Pattern[str]

    @property
    def language(self) -> str:
        return self.briefing.language


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def run(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    briefing_of: Callable[..., Briefing],
) -> Run:
    year, language = request.param
    choice = read_selection(None, language)
    briefing = briefing_of(year, language)
    folder = tmp_path_factory.mktemp("briefing")
    for each in produce.FORMATS:
        (folder / f"briefing.{each}").write_bytes(produce.written_as(each, briefing, choice))
    numbers, texts = in_tables(briefing)
    return Run(briefing, folder, numbers, texts | printed_days(briefing), quoted(briefing))


def frames(briefing: Briefing) -> Iterator[pd.DataFrame]:
    yield briefing.numbers.data
    yield from (each.data for each in briefing.tables)
    yield from (rounded(each.chart.data) for each in briefing.every_figure)
    yield from [briefing.page_one.numbers.data] if briefing.page_one else []


def plain(token: str, language: str) -> str:
    """A printed number with a decimal point alone."""
    return token.replace({"vi": ".", "en": ","}[language], "").replace(",", ".")


def in_tables(briefing: Briefing) -> tuple[set[Decimal], set[str]]:
    """Sizes of all numbers in the tables of the run, and every text that prints one there."""
    numbers: set[Decimal] = set()
    for table in frames(briefing):
        for column in table.columns:
            cells = pd.to_numeric(table[column], errors="coerce").dropna()
            numbers |= {abs(Decimal(repr(float(each)))).normalize() for each in cells}
    texts = {str(each) for each in briefing.numbers.data["shown"]}
    cells = {str(cell) for table in frames(briefing) for column in table for cell in table[column].dropna()}
    texts |= {year for cell in cells if re.fullmatch(r"\d{4}–\d{4}", cell) for year in cell.split("–")}
    printed = [each for text in texts for each in re.findall(NUMBER[briefing.language], text)]
    numbers |= {Decimal(plain(each, briefing.language)).normalize() for each in printed}
    return numbers, texts


def quoted(briefing: Briefing) -> re.Pattern[str]:
    """Texts that sources wrote and the run only cites: source lines, titles, labels, section numbers."""
    parts = [part for section in briefing.sections for part in section.parts]
    slides = [slide for section in briefing.sections for slide in section.slides]
    calculations = [each for section in briefing.sections for each in section.calculations]
    lines = [*briefing.sources, *(each.source for each in parts), *(each.source for each in slides)]
    lines += [each.source for each in [*briefing.tables, briefing.numbers] if each.source]
    lines += [each.chart.source for each in briefing.every_figure]
    lines += [briefing.page_one.numbers.source] if briefing.page_one else []
    lines += [one.source for each in calculations for one in each.inputs]
    notes = pd.read_csv(DATA / "checks.csv", dtype=str)[[f"title_{briefing.language}", f"note_{briefing.language}"]]
    lines += [each for column in notes for each in notes[column].dropna()]  # declared with the check
    lines += [one for table in frames(briefing) for ids in table.get("figure_ids", []) for one in str(ids).split()]
    return re.compile("|".join(re.escape(each) for each in sorted({*lines} - {""}, key=len, reverse=True)))


def tokens(text: str, run: Run) -> Iterator[str]:
    """Numbers of a text as printed, days as one token each."""
    text = re.sub(NAMES, " ", run.quoted.sub(" ", text))
    text = re.sub(r"^\s*\d+\. (?=\D)|^[a-zđ]{1,2}\) ", "", text, flags=re.M)  # numbering of headings and points
    counts = r"\d+/\d+(?= (?:chỉ tiêu|nhiệm vụ|phép|tỉnh|vùng|huyện))|^(?:\d+–)?\d+/\d+(?= \(nêu|$)|nêu \d+/\d+"
    for each in re.findall(counts, text):  # 13/24 are two counts, 6/13 a place
        text = text.replace(each, each.replace("/", " / "))
    for found in re.finditer(rf"{DAY[run.language]}|{NUMBER[run.language]}", text):
        yield found[0]


def printed_days(briefing: Briefing) -> set[str]:
    """Every way in which the page prints a day of the tables."""
    page = NumberFormatter(briefing.language)
    cells = {cell for table in frames(briefing) for column in table for cell in table[column].dropna()}
    dates = {cell for cell in cells if isinstance(cell, dt.date)}
    vintages = {cell for cell in cells if isinstance(cell, str) and re.fullmatch(r"\d{4}(-\d\d){0,2}", cell)}
    found = {page.published(each) for each in vintages}
    return found | {page.date(each) for each in dates} | {page.short_date(each) for each in dates}


def unknown(lines: Iterable[str], run: Run) -> list[str]:
    """Numbers of the lines that stand in no table."""
    missing = []
    for line in lines:
        for token in tokens(line, run):
            number = plain(token, run.language)
            stands = re.fullmatch(r"[\d.]+", number) is not None and Decimal(number).normalize() in run.numbers
            if not stands and token not in run.texts:
                missing.append(f"{token!r} in {line[:120]!r}")
    return missing


def docx_lines(path: Path) -> Iterator[str]:
    word = Document(str(path))
    for paragraph in word.element.body.iter(qn("w:p")):
        yield "".join(each.text for each in paragraph.iter(qn("w:t")))
    yield from (shape._inline.docPr.get("descr") or "" for shape in word.inline_shapes)
    yield from (word.core_properties.title, word.core_properties.subject)


def pptx_lines(path: Path) -> Iterator[str]:
    """Paragraphs of slides and notes; categories, values and names of native charts."""
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if re.match(r"ppt/(slides|notesSlides|charts)/[^/]*\.xml", name):
                root = etree.fromstring(packed.read(name))
                for each in root.iter():
                    tag = etree.QName(each).localname
                    if tag == "p":
                        yield "".join(t.text or "" for t in each.iter() if etree.QName(t).localname == "t")
                    if tag == "cNvPr" and each.get("descr"):
                        yield each.get("descr")
                    if tag == "v" and etree.QName(each.getparent()).localname == "pt":
                        cached = etree.QName(each.getparent().getparent()).localname
                        if cached == "numLit":
                            continue  # the length of a whisker, by its bounds: see test_whiskers_are_the_bounds
                        yield f"\0{each.text}" if cached == "numCache" else each.text


def xlsx_lines(path: Path) -> Iterator[str]:
    book = load_workbook(path, data_only=True)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    yield cell.value
                elif isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                    places = re.search(r"0\.(0+)", cell.number_format)
                    digits = Decimal(1).scaleb(-len(places[1]) if places else 0)
                    yield f"\0{Decimal(repr(cell.value)).quantize(digits, ROUND_HALF_UP)}"


def html_lines(path: Path) -> Iterator[str]:
    text = re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.S)
    root = etree.HTML(text)
    for each in root.xpath("//*[re:test(@id, '-[xy]tick_[0-9]+$')]", namespaces=REGEX):
        each.clear()  # what stands at an axis is a scale and no result
    for each in root.xpath("//*[re:test(@id, '-text_[0-9]+$')]", namespaces=REGEX):
        yield " ".join(text.text or "" for text in each.iter("text"))  # lines of one label
        each.clear()
    for each in root.iter():
        if each.get("aria-label"):
            yield each.get("aria-label")
        if isinstance(each.tag, str) and each.tag in (
            "p",
            "li",
            "h1",
            "h2",
            "h3",
            "th",
            "td",
            "caption",
            "text",
            "title",
            "desc",
        ):
            yield html.unescape("".join(each.itertext()))


READERS = {"docx": docx_lines, "pptx": pptx_lines, "xlsx": xlsx_lines, "html": html_lines}


@pytest.mark.parametrize("form", READERS)
def test_every_number_in_a_file_stands_in_the_tables_of_the_run(form: str, run: Run) -> None:
    lines = list(READERS[form](run.folder / f"briefing.{form}"))
    texts = [each for each in lines if not each.startswith("\0")]
    cells = {each[1:] for each in lines if each.startswith("\0")}
    assert len(texts) > 30
    assert unknown(texts, run) == []
    assert [each for each in cells if abs(Decimal(each)).normalize() not in run.numbers] == []


def test_a_typed_number_would_be_found_out(run: Run) -> None:
    typed = {"vi": "GRDP tăng 7,31%, đạt 9.876,5 tỷ đồng", "en": "GRDP rose 7.31% to 9,876.5 bn VND"}[run.language]
    assert len(unknown([typed], run)) == 2
