"""One model for text, Word and PDF: the same report gives the same text, places and figures."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import io
import re
import textwrap
import unicodedata
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import pandas as pd
import pytest
from conftest import DATA, ROOT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from kg_analysis.errors import DataError
from kg_analysis.ingest.document import (
    SUPERSCRIPTS,
    Block,
    Document,
    is_heading,
    legacy_encoding,
    read_document,
    text_of,
    tidy,
)
from kg_analysis.ingest.draft import propose
from kg_analysis.ingest.word import read_word

EXAMPLE = ROOT / "examples" / "song-cua-2024.txt"
FORMATS = ("txt", "docx", "pdf")


@pytest.fixture(scope="session")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_report", ROOT / "examples" / "make_report.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figures_of(document: Document, year: int) -> pd.DataFrame:
    tables = (
        pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False) for name in ("indicators", "label_patterns")
    )
    indicators, patterns = tables
    return propose(document, year=year, indicators=indicators, patterns=patterns)


# --- the same report in three formats


@pytest.mark.parametrize("kind", FORMATS)
def test_the_example_gives_one_text_whatever_the_format(kind: str) -> None:
    document = read_document(EXAMPLE.with_suffix(f".{kind}"))
    assert document.text == EXAMPLE.read_text(encoding="utf-8")
    assert document.kind == kind
    assert document.sha256 == hashlib.sha256(EXAMPLE.with_suffix(f".{kind}").read_bytes()).hexdigest()


def test_the_example_files_are_what_the_script_makes_of_the_text(maker: ModuleType) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert maker.build_docx(text) == EXAMPLE.with_suffix(".docx").read_bytes()
    assert maker.build_pdf(text) == EXAMPLE.with_suffix(".pdf").read_bytes()


def test_the_same_report_gives_the_same_figures() -> None:
    found = [figures_of(read_document(EXAMPLE.with_suffix(f".{kind}")), 2024) for kind in FORMATS]
    assert len(found[0]) > 60
    pd.testing.assert_frame_equal(found[0], found[1])
    pd.testing.assert_frame_equal(found[0], found[2])


def whole(text: str) -> str:
    """The 2021 text as its author wrote it: no page artefacts, sentences whole, footnotes behind their paragraph."""
    with (DATA / "printed/exclusions/kien-giang-2021.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["reason"] == "page_artefact"]
    for row in sorted(rows, key=lambda each: -int(each["start"])):
        text = f"{text[: int(row['start'])]}\n{text[int(row['end']) :]}"
    notes: dict[str, str] = {}
    body: list[str] = []
    for line in (tidy(each) for each in text.split("\n") if each.strip()):
        if line[0] in SUPERSCRIPTS:
            notes[re.match(f"[{SUPERSCRIPTS}]+", line)[0]] = line  # type: ignore[index]
        elif body and len(body[-1]) > 200 and not is_heading(body[-1]) and not re.search(r'[.;:!?”"…]\W*$', body[-1]):
            body[-1] += f" {line}"
        else:
            body.append(line)
    lines = [
        each for line in body for each in (line, *(notes[mark] for mark in re.findall(f"[{SUPERSCRIPTS}]+", line)))
    ]
    return "\n\n".join(lines) + "\n"


@pytest.mark.slow
def test_the_2021_report_gives_the_same_figures_as_word_and_pdf(
    report: Path, maker: ModuleType, tmp_path: Path
) -> None:
    printed = report.read_text(encoding="utf-8")
    text = whole(printed)
    (tmp_path / "r.docx").write_bytes(maker.build_docx(text))
    (tmp_path / "r.pdf").write_bytes(maker.build_pdf(text))
    (tmp_path / "r.txt").write_text(text, encoding="utf-8")
    alike = figures_of(read_document(tmp_path / "r.txt"), 2021)
    told = ["value", "unit_id", "qualifier", "indicator", "section"]
    wanted = figures_of(read_document(report), 2021)  # whose sentences are interrupted by the page
    wanted = wanted[wanted["kind"] == "figure"]
    for kind in ("docx", "pdf"):
        document = read_document(tmp_path / f"r.{kind}")
        assert document.text == text
        found = figures_of(document, 2021)
        pd.testing.assert_frame_equal(found, alike)
        found = found[found["kind"] == "figure"]
        by_token = [frame.sort_values(["as_printed", *told]).reset_index(drop=True) for frame in (found, wanted)]
        pd.testing.assert_frame_equal(by_token[0][["as_printed", *told]], by_token[1][["as_printed", *told]])


def test_the_2021_text_is_read_as_its_characters_are(report: Path) -> None:
    document = read_document(report)
    assert document.text == report.read_bytes().decode("utf-8")
    sources = pd.read_csv(DATA / "sources.csv", index_col="id")
    assert document.sha256 == sources.at["kien-giang-2021", "sha256"]


# --- Word


def word(body: str, tmp_path: Path) -> str:
    """Text of a Word file with this body (inner XML of w:body)."""
    document = docx.Document()
    for element in parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    path = tmp_path / "made.docx"
    document.save(str(path))
    return read_document(path).text.strip()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


SOFT = "\u00ad"
VISIBLE = '<w:vanish w:val="0"/>'
RAISED = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p>{run('đạt 4,52%')}<w:del><w:r><w:delText>, cũ</w:delText></w:r></w:del></w:p>", "đạt 4,52%"),
        (f"<w:p>{run('tăng ')}<w:ins>{run('6,58')}</w:ins>{run('%')}</w:p>", "tăng 6,58%"),
        (
            f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('một câu ')}</w:p><w:p>{run('liền nhau')}</w:p>",
            "một câu liền nhau",
        ),
        (f"<w:p>{run('kinh')}<w:r><w:softHyphen/></w:r>{run(' tế xã' + SOFT + 'hội')}</w:p>", "kinh tế xãhội"),
        (f"<w:p>{run('khu vực')}<w:r><w:noBreakHyphen/></w:r>{run('dịch vụ')}</w:p>", "khu vực-dịch vụ"),
        (f"<w:p>{run('ẩn', '<w:vanish/>')}{run('hiện')}</w:p>", "hiện"),
        (f"<w:p>{run('hiện', VISIBLE)}{run(' cả')}</w:p>", "hiện cả"),
        (
            f"<w:p>{run('12 m')}{run('2', RAISED)}</w:p>",
            "12 m²",
        ),
        (f'<w:p><w:fldSimple w:instr="REF x">{run("quý III")}</w:fldSimple></w:p>', "quý III"),
        (
            "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText>"
            f"<w:fldChar w:fldCharType='separate'/></w:r>{run('7')}<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
            "7",
        ),
        (f"<w:p><w:hyperlink>{run('số 01/NQ-CP')}</w:hyperlink></w:p>", "số 01/NQ-CP"),
        (f"<w:sdt><w:sdtContent><w:p>{run('trong khung')}</w:p></w:sdtContent></w:sdt>", "trong khung"),
        (f"<w:p>{run('1.222')}<w:r><w:tab/></w:r>{run('dịch vụ')}</w:p>", "1.222 dịch vụ"),
        (f"<w:p>{run(unicodedata.normalize('NFD', 'tỷ đồng'))}</w:p>", "tỷ đồng"),
    ],
)
def test_word_shows_what_stands_once_changes_are_accepted(body: str, text: str, tmp_path: Path) -> None:
    assert word(body, tmp_path) == text


@pytest.mark.parametrize(
    ("paragraph", "letters", "text"),
    [
        ("", "", "tăng 5,22%"),
        ("Unseen", "", ""),
        ("", "UnseenLetters", ""),
        ("Unseen", "UnseenLetters", "tăng 5,22%"),  # set by both styles, a toggle is not set
    ],
)
def test_what_a_style_hides_is_not_read_and_said(paragraph: str, letters: str, text: str) -> None:
    document = docx.Document()
    for name, kind in (("Unseen", WD_STYLE_TYPE.PARAGRAPH), ("UnseenLetters", WD_STYLE_TYPE.CHARACTER)):
        document.styles.add_style(name, kind).font.hidden = True
    line = document.add_paragraph("", paragraph or None)
    line.add_run("tăng 5,22%", letters or None)
    content = io.BytesIO()
    document.save(content)
    blocks, remarks = read_word(content.getvalue())
    assert [each.text for each in blocks] == [text]
    assert remarks == ([] if text else ["1 hidden runs with figures left out"])


def test_tables_are_rows_with_tabs(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        return f"<w:tc><w:p>{run(text)}</w:p></w:tc>"

    rows = "".join(f"<w:tr>{cell(name)}{cell(value)}</w:tr>" for name, value in (("Ngành", "%"), ("Du lịch", "14,6")))
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('cũ')}{cell('1')}</w:tr>"
    text = word(f"<w:p>{run('Bảng')}</w:p><w:tbl>{rows}{gone}</w:tbl><w:p>{run('Sau bảng')}</w:p>", tmp_path)
    assert text == "Bảng\n\nNgành\t%\nDu lịch\t14,6\n\nSau bảng"


def test_text_boxes_are_read_once_behind_their_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent><w:p>{run('15/10/2021')}</w:p></w:txbxContent>"
    names = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    choices = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<mc:AlternateContent {names}>{choices}</mc:AlternateContent>"
    assert word(f"<w:p>{run('Câu')}<w:r>{both}</w:r></w:p>", tmp_path) == "Câu\n\n15/10/2021"


def test_a_text_box_and_a_table_in_a_cell_are_read_once(tmp_path: Path) -> None:
    box = f"<w:r><w:txbxContent><w:p>{run('15,5%')}</w:p></w:txbxContent></w:r>"
    inner = f"<w:tbl><w:tr><w:tc><w:p>{run('7,1')}</w:p></w:tc><w:tc><w:p>{run('8,2')}</w:p></w:tc></w:tr></w:tbl>"
    cells = f"<w:tc><w:p>{run('Quý I')}{box}</w:p></w:tc><w:tc>{inner}<w:p/></w:tc>"
    text = word(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p>{run('Sau bảng')}</w:p>", tmp_path)
    assert text == "Quý I 15,5%\t7,1 8,2\n\nSau bảng"


def test_remarks_count_what_was_tracked() -> None:
    document = docx.Document()
    paragraph = parse_xml(
        f"<w:p {nsdecls('w')}><w:ins>{run('mới')}</w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del></w:p>"
    )
    document.element.body.insert(0, paragraph)
    content = io.BytesIO()
    document.save(content)
    _, remarks = read_word(content.getvalue())
    assert remarks == ["1 tracked insertions kept", "1 tracked deletions dropped"]


@pytest.mark.parametrize(
    ("levels", "marks"),
    [
        ([0, 1, 1, 0, 1], ["I.", "1.", "2.", "II.", "1."]),
        ([0, 1, 2, 2, 1, 2], ["I.", "1.", "a)", "b)", "2.", "a)"]),
        ([0, 1, 3, 3], ["I.", "1.", "-", "-"]),
    ],
)
def test_automatic_numbers_are_counted_as_word_does(levels: list[int], marks: list[str], maker: ModuleType) -> None:
    document = docx.Document()
    number = maker._add_numbering(document)
    for level in levels:
        properties = document.add_paragraph("mục")._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = number
    content = io.BytesIO()
    document.save(content)
    blocks, _ = read_word(content.getvalue())
    assert [each.text for each in blocks] == [f"{mark} mục" for mark in marks]


def test_sections_follow_from_automatic_numbers() -> None:
    document = read_document(EXAMPLE.with_suffix(".docx"))
    at = document.text.index("từ 95%")
    assert (document.passage_at(at).section, document.passage_at(at).place) == ("I.3.b", "paragraph 1")  # type: ignore[union-attr]


# --- PDF


def pdf(lines: list[list[tuple[float, float, float, str]]], tmp_path: Path, **metadata: Any) -> Path:
    """PDF with text at x, y [points] in a size, a list a page."""
    path = tmp_path / "made.pdf"
    with PdfPages(path, metadata=metadata) as book:
        for page in lines:
            figure = Figure(figsize=(595 / 72, 842 / 72))
            for x, y, size, text in page:
                figure.text(x / 595, y / 842, text, size=size)
            book.savefig(figure)
    return path


def test_a_footnote_between_two_halves_of_a_sentence_is_put_behind_it(tmp_path: Path) -> None:
    first = [
        (113, 700, 12, "Số ca mắc tăng nhanh và ở mức cao trong cả ba giai đoạn chính của đợt dịch"),
        (85, 684, 12, "lần thứ tư, trước tình hình đó, thực hiện các công điện, chỉ thị"),
        (460, 688, 7, "1"),
        (466, 684, 12, " của Tỉnh ủy,"),
        (85, 84, 7, "1"),
        (90, 80, 9, "Chỉ thị số 16 của Thủ tướng"),
    ]
    second = [
        (290, 800, 12, "2"),
        (85, 760, 12, "các ngành đã chấn chỉnh ngay các mặt còn hạn chế."),
        (113, 738, 12, "Đoạn sau bắt đầu ở đây và đứng riêng."),
    ]
    text = read_document(pdf([first, second], tmp_path)).text
    assert "chỉ thị¹ của Tỉnh ủy, các ngành đã chấn chỉnh" in text
    assert text.index("các ngành đã") < text.index("¹ Chỉ thị số 16") < text.index("Đoạn sau")
    assert "\n\nĐoạn sau" in text
    assert not re.search(r"^2$", text, re.M)


def test_repeated_headers_go_and_a_number_of_the_text_stays(tmp_path: Path) -> None:
    pages = [
        [
            (85, 810, 9, "UBND tỉnh Sông Cửa - Báo cáo năm 2024"),
            *(
                (
                    113 if index % 3 == 0 else 85,
                    740 - 16 * index,
                    12,
                    f"Dòng thứ {index} của trang {page}, đạt {page}{index} xã",
                )
                for index in range(9)
            ),
            (290, 40, 10, f"Trang {page}/4"),
        ]
        for page in (1, 2, 3, 4)
    ]
    document = read_document(pdf(pages, tmp_path))
    assert "Báo cáo năm 2024" not in document.text
    assert "Trang" not in document.text
    assert "đạt 40 xã" in document.text
    assert document.remarks == ("8 page numbers and repeated lines left out",)


def test_columns_are_read_one_behind_the_other(tmp_path: Path) -> None:
    text = [line for line in EXAMPLE.read_text(encoding="utf-8").split("\n") if len(line) > 60 and "\t" not in line]
    lines = [part for line in text for part in textwrap.wrap(line, 40)][:60]
    column = {0: 30, 1: 60}
    page = [
        (60.0 + 270 * side, 760.0 - 15 * index - 4 * side, 11.0, line)
        for side, last in column.items()
        for index, line in enumerate(lines[last - 30 : last])
    ]
    document = read_document(pdf([page], tmp_path))
    assert "pages in two columns, read one behind the other: 1" in document.remarks
    assert " ".join(document.text.split()) == " ".join(lines)


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("Kế hoạch số 22/KH-", "UBND tỉnh", "22/KH-UBND"),
        ("kinh tế -", "xã hội", "kinh tế - xã hội"),
        ("trung bình 17 ca/", "ngày", "17 ca/ngày"),
        ("nhiệm kỳ 2020-", "2025", "2020-2025"),
    ],
)
def test_lines_are_joined_as_they_were_broken(before: str, after: str, joined: str, tmp_path: Path) -> None:
    filler = "Câu này đủ dài để dòng thứ nhất chạy hết bề ngang của trang giấy"
    lines = [
        (113.0, 700.0, 12.0, f"{filler} {before}"),
        (85.0, 684.0, 12.0, f"{after} và hết."),
        (113.0, 660.0, 12.0, "Đoạn khác."),
        (113.0, 640.0, 12.0, "Đoạn nữa."),
    ]
    assert joined in read_document(pdf([lines], tmp_path)).text


# --- old encodings


TCVN3 = "B¸o c¸o kÕt qu¶ thùc hiÖn nhiÖm vô ph¸t triÓn kinh tÕ - x· héi n¨m 2021 cña ñy ban nh©n d©n tØnh"
VNI = "Baùo caùo keát quaû thöïc hieän nhieäm vuï phaùt trieån kinh teá - xaõ hoäi naêm 2021 cuûa uûy ban nhaân daân"


@pytest.mark.parametrize(("text", "name"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
@pytest.mark.parametrize("kind", ["txt", "cp1252", "docx"])
def test_old_encodings_are_named_with_what_to_do(text: str, name: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"old.{'docx' if kind == 'docx' else 'txt'}"
    if kind == "docx":
        document = docx.Document()
        document.add_paragraph(text)
        document.save(str(path))
    else:
        path.write_bytes(text.encode("utf-8" if kind == "txt" else "cp1252"))
    with pytest.raises(DataError, match=rf"line 1 .* is Vietnamese in {name}; convert it to Unicode"):
        read_document(path)


@pytest.mark.parametrize("path", sorted((ROOT / "tests/fixtures").rglob("*.txt")), ids=lambda path: path.stem)
def test_unicode_is_not_taken_for_an_old_encoding(path: Path) -> None:
    assert read_document(path).text


@pytest.mark.parametrize(
    "text",
    [
        "Rapport sur l'évolution économique de la province où l'été a été très éprouvant",
        "The province grew by 4.52 % in the first half of 2021 and fell after",
        "A first line with a mark¹ and a second mark² in it",
        "QĐ-UBND KH-UBND NQ-CP 2021",
    ],
)
def test_other_languages_are_not_taken_for_an_old_encoding(text: str) -> None:
    assert legacy_encoding(text) == ""


# --- text


def test_text_files_lose_only_what_editors_add(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    decomposed = unicodedata.normalize("NFD", "Tăng trưởng\r\nđạt 4,52%\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + decomposed.encode("utf-8"))
    assert read_document(path).text == "Tăng trưởng\nđạt 4,52%\n"


LINE = st.text(st.sampled_from("aáđ 1,%.-/"), min_size=1, max_size=20).map(tidy).filter(lambda text: text.strip() != "")


@given(st.lists(st.builds(Block, LINE, st.booleans()), min_size=1, max_size=8))
def test_every_block_is_one_line_of_the_text(blocks: list[Block]) -> None:
    lines = [line for line in text_of(blocks).split("\n") if line]
    assert lines == [block.text for block in blocks]
