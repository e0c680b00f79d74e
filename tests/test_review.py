"""The review workbook: what it shows, what it takes back, and every error by sheet and cell."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import DATA, KG, ROOT
from openpyxl import Workbook, load_workbook
from workbook import EXAMPLE, NO, OPEN, TITLES, YES, Book

from kg_analysis.errors import DataError
from kg_analysis.formats import texts
from kg_analysis.ingest.accept import accept_review
from kg_analysis.ingest.report import draft_report
from kg_analysis.ingest.review import prefix_of, source_id
from kg_analysis.ingest.workbook import COLUMNS, FIGURES, ROW_SHEETS, read_review, shown


@pytest.fixture
def book(drafted: Path, tmp_path: Path) -> Book:
    return Book(Path(shutil.copy(drafted, tmp_path / "review.xlsx")))


RATE = "84,02%"


# --- what is written


def test_the_same_report_gives_the_same_bytes(drafted: Path, province: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    draft_report(EXAMPLE.with_suffix(".docx"), 2024, "98", province, again, None, "vi")
    assert again.read_bytes() == drafted.read_bytes()


def test_every_proposal_has_its_row_with_the_sentence_it_stands_in(drafted: Path) -> None:
    review = read_review(drafted)
    text = EXAMPLE.with_suffix(".txt").read_text(encoding="utf-8")
    rows = [row for name in ROW_SHEETS for row in review.rows[name]]
    assert len(rows) > 50
    assert {row["status"] for row in rows} == {"proposed"}
    for row in rows:
        assert " ".join(text[int(row["start"]) : int(row["end"])].split()) in " ".join(row["context"].split())


def test_figures_stand_as_on_the_page_and_the_unmatched_apart(drafted: Path) -> None:
    review = read_review(drafted)
    starts = [int(row["start"]) for row in review.rows["figures"]]
    assert starts == sorted(starts)
    assert all(row["indicator"] for row in review.rows["figures"])
    assert not any(row["indicator"] for row in review.rows["unmatched"])


def test_drop_downs_point_to_a_hidden_locked_list(book: Book) -> None:
    lists = book.book["lists"]
    assert lists.sheet_state == "hidden"
    assert lists.protection.sheet
    rules = {each.formula1 for each in book.sheet("figures").data_validations.dataValidation}
    found = {
        lists[f"{letter}1"].value: (letter, int(last))
        for letter, last in re.findall(r"\$([A-Z]+)\$2:\$[A-Z]+\$(\d+)", " ".join(rules))
    }
    assert {"status", "indicator", "unit", "basis", "qualifier", "period_type"} <= found.keys()
    for letter, last in found.values():
        assert lists[f"{letter}{last}"].value is not None
        assert lists[f"{letter}{last + 1}"].value is None
    codebook = pd.read_csv(DATA / "indicators.csv")["id"]
    assert {each.value for row in lists.iter_rows() for each in row} >= set(codebook)


def test_confidence_has_a_colour_and_a_number(book: Book) -> None:
    for row in range(2, book.sheet("figures").max_row + 1):
        cell = book.cell("figures", row, "confidence")
        level = "DDF0E3" if float(cell.value) >= 0.9 else "FFF2CC" if float(cell.value) >= 0.6 else "F8D7CD"
        assert cell.fill.fgColor.rgb.endswith(level)


@pytest.mark.parametrize("token", ["=1+1 xã", "+84 297 tỷ đồng", "-6,58%", "@SUM 12%"])
def test_text_that_begins_like_a_formula_stays_text(token: str, province: Path, tmp_path: Path) -> None:
    report, output = tmp_path / "r.txt", tmp_path / "review.xlsx"
    report.write_text(f"I. KẾT QUẢ\n\n{token} là số in ở đầu câu, đạt 4,52%.\n", encoding="utf-8")
    draft_report(report, 2024, "98", province, output, None, "vi")
    book = load_workbook(output)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    starting = [cell for cell in cells if str(cell.value)[0] in "=+-@" and cell.parent.title not in ("lists",)]
    assert starting
    assert all(cell.quotePrefix for cell in starting)
    with zipfile.ZipFile(output) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist() if "worksheets" in name)


def test_both_languages_have_the_same_keys_and_are_read_back(province: Path, tmp_path: Path) -> None:
    output = tmp_path / "review.xlsx"
    draft_report(EXAMPLE.with_suffix(".txt"), 2024, "98", province, output, None, "en")
    assert "Figures" in load_workbook(output).sheetnames
    assert read_review(output).rows["figures"][0]["status"] == "proposed"
    keys = [{key for key in texts(language) if key.startswith("review.")} for language in ("vi", "en")]
    assert keys[0] == keys[1]


def test_the_csv_holds_every_proposal(province: Path, tmp_path: Path) -> None:
    csv = tmp_path / "p.csv"
    draft_report(EXAMPLE.with_suffix(".pdf"), 2024, "98", province, tmp_path / "review.xlsx", csv, "vi")
    rows = pd.read_csv(csv, dtype=str, keep_default_na=False)
    first = ["start", "end", "as_printed", "value", "unit", "qualifier", "indicator", "entity", "period"]
    first += ["basis", "comparator", "confidence"]
    assert list(rows.columns)[: len(first)] == first
    row = rows[rows["as_printed"] == RATE].iloc[0]
    assert (float(row["value"]), row["basis"], row["comparator"]) == (84.02, "estimate", "plan")
    assert row["period"] == "2024-01-01/2025-01-31"


def test_what_the_report_says_of_itself_is_proposed(drafted: Path) -> None:
    source = read_review(drafted).source
    assert source["id"] == "song-cua-2024"
    assert source["doc_no"] == "412/BC-UBND"
    assert source["doc_date"] == source["vintage"] == "2024-12-18"
    assert source["issuer"] == "UBND tỉnh Sông Cửa"
    assert source["title"].startswith("Báo cáo tình hình phát triển kinh tế - xã hội năm 2024")


@pytest.mark.parametrize(
    ("name", "year", "taken", "expected"),
    [
        ("Kiên Giang", 2021, [], "kien-giang-2021"),
        ("Đồng Tháp", 2023, ["dong-thap-2023"], "dong-thap-2023-2"),
        ("Bà Rịa - Vũng Tàu", 2020, [], "ba-ria-vung-tau-2020"),
    ],
)
def test_ids_of_sources(name: str, year: int, taken: list[str], expected: str) -> None:
    assert source_id(name, year, taken) == expected


def test_prefixes_tell_sources_apart() -> None:
    assert prefix_of("kien-giang-2021") == "kg21"
    assert prefix_of("dong-thap-2023-2") == "dt23-2"


# --- what is read back


def problems(book: Book, province: Path) -> list[str]:
    before = {path: path.read_bytes() for path in province.rglob("*") if path.is_file()}
    with pytest.raises(DataError) as error:
        accept_review(book.save(), province, pd.Timestamp("2025-01-02").date())
    assert {path: path.read_bytes() for path in province.rglob("*") if path.is_file()} == before
    return list(error.value.problems)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown indicator": ({"indicator": "pubinv_disburst"}, "indicator", "did you mean 'pubinv_disbursed'"),
    "unknown unit": ({"unit": "percent"}, "unit", "unit 'percent' is not known"),
    "other unit": ({"unit": "bn_vnd"}, "unit", "is in 'pct'"),
    "unknown basis": ({"basis": "ước"}, "basis", "choose one of actual, estimate, plan, scenario"),
    "unknown status": ({"status": "đúng"}, "status", "choose one of đề xuất, xác nhận, loại"),
    "formula": ({"value": "=A1+1"}, "value", "holds a formula"),
    "error value": ({"value": "#REF!"}, "value", "error value"),
    "value that does not parse": ({"value": "84.2o"}, "value", "reads as 84.02 in pct"),
    "value of another token": ({"value": "84.03"}, "value", "reads as 84.02 in pct"),
    "no indicator": ({"indicator": None}, "indicator", "needs its indicator"),
    "token that is not there": ({"as_printed": "84,20%"}, "as_printed", "does not stand around '84,02%'"),
    "token in another unit": ({"indicator": "pubinv_disbursed", "unit": None, "value": None}, "as_printed", "expected"),
    "no day": ({"period_start": "31/02/2024"}, "period_start", "calendar day"),
    "period": ({"period_type": "quarter"}, "", "are not those of period_type"),
    "id": ({"figure_id": "Tỷ lệ"}, "figure_id", "lower-case letters"),
    "id of another source": (
        {"figure_id": "kg21-growth-h1"},
        "figure_id",
        "already stands in printed/kien-giang-2021.csv",
    ),
    "qualifier": ({"qualifier": "at_least"}, "as_printed", "reads as exact"),
    "area": ({"area_code": "77"}, "area_code", "is not in areas.csv"),
    "exclusion without reason": ({"status": NO}, "reason", "needs its reason"),
    "offsets": ({"start": "viii"}, "start", "whole number"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_is_named_by_sheet_and_cell(name: str, book: Book, province: Path) -> None:
    cells, column, message = WRONG[name]
    row = book.set(RATE, **({"status": YES} | cells))
    letter = book.cell("figures", 2, column).column_letter if column else ""
    found = [each for each in problems(book, province) if each.startswith(f"{TITLES['figures']}!{letter}{row}")]
    assert any(message in each for each in found), found


def test_the_token_is_bold_in_its_sentence(drafted: Path) -> None:
    sheet = load_workbook(drafted, rich_text=True)[TITLES["figures"]]
    names = [each.name for each in COLUMNS["figures"]]
    cells = {name: sheet.cell(2, names.index(name) + 1).value for name in ("context", "as_printed")}
    bold = [str(each) for each in cells["context"] if getattr(each, "font", None) and each.font.b]
    assert bold == [cells["as_printed"]]


def test_a_row_with_a_warning_is_not_green(drafted: Path) -> None:
    rows = read_review(drafted).rows["figures"]
    assert all(float(row["confidence"]) < 0.9 for row in rows if row["warning"])


def test_a_deleted_row_and_a_column_sorted_alone_are_named(book: Book, province: Path) -> None:
    sheet = book.sheet("figures")
    book.set(RATE, status=YES)
    gone = str(sheet["A4"].value)
    sheet.delete_rows(4)
    assert any(f"({gone}) is gone" in each for each in problems(book, province))
    names = [each.name for each in COLUMNS["figures"]]
    for name in ("as_printed", "start", "end"):
        cells = [sheet.cell(row, names.index(name) + 1) for row in (2, 3)]
        cells[0].value, cells[1].value = cells[1].value, cells[0].value
    assert sum("sorted or moved" in each for each in problems(book, province)) >= 2


def test_all_errors_come_at_once(book: Book, province: Path) -> None:
    book.set(RATE, status=YES, indicator="nothing", basis="maybe")
    book.set("94,2%", status="?", value="=1")
    book.sheet("source")["B7"].value = "no address"
    first = problems(book, province)
    assert len(first) >= 2  # cells that cannot be read are named first, all together
    book.set("94,2%", status=OPEN, value="94.2")
    second = problems(book, province)
    assert len([each for each in second if each.startswith(TITLES["figures"])]) == 2


def test_a_deleted_column_and_a_deleted_sheet_are_named(
    book: Book, province: Path, drafted: Path, tmp_path: Path
) -> None:
    sheet = book.sheet("figures")
    sheet.delete_cols(book.cell("figures", 2, "indicator").column)
    assert f"{TITLES['figures']}!1: column 'Chỉ tiêu' (indicator) is missing; put it back" in problems(book, province)
    other = Book(Path(shutil.copy(drafted, tmp_path / "other.xlsx")))
    del other.book[TITLES["references"]]
    assert "sheets are missing: Văn bản" in problems(other, province)[0]


def test_columns_may_be_moved_and_added(book: Book) -> None:
    book.set(RATE, status=YES)
    sheet = book.sheet("figures")
    sheet.insert_cols(3)
    sheet["C1"].value = "Ý kiến"
    review = read_review(book.save())
    assert [row["as_printed"] for row in review.rows["figures"] if row["status"] == "confirmed"] == [RATE]


def test_cells_as_spreadsheets_save_them_are_the_same_review(drafted: Path, book: Book) -> None:
    """Days become serial numbers, offsets numbers, rows are filtered and sorted whole."""
    sheet = book.book[shown(f"sheet_{FIGURES}", "vi")]
    names = [each.name for each in COLUMNS[FIGURES]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), 2):
        for index, (name, value) in enumerate(zip(names, row, strict=True), 1):
            cell = sheet.cell(number, index)
            cell.value, cell.number_format = value, "General"
            if name in ("period_start", "as_of") and value:
                cell.value = (date.fromisoformat(value) - date(1899, 12, 30)).days
            elif name == "period_end" and value:
                cell.value = datetime.fromisoformat(value)
            elif name in ("start", "end"):
                cell.value = int(value)
    book.save()
    before, after = read_review(drafted), read_review(book.path)
    assert not list(after.misplaced())
    assert not any(after.changes(row) for name in ROW_SHEETS for row in after.rows[name])
    assert sorted(row["period_start"] for row in after.rows[FIGURES]) == sorted(
        row["period_start"] for row in before.rows[FIGURES]
    )


def test_a_page_break_inside_a_sentence_is_no_change_of_a_person(province: Path, tmp_path: Path) -> None:
    report, output = tmp_path / "r.txt", tmp_path / "review.xlsx"
    report.write_text("I. KẾT QUẢ\n\nTăng trưởng kinh tế\f năm 2024 ước đạt 6,37%.\n", encoding="utf-8")
    draft_report(report, 2024, "98", province, output, None, "vi")
    review = read_review(output)
    assert [row["as_printed"] for row in review.rows[FIGURES]] == ["6,37%"]
    assert not list(review.misplaced())


def test_a_share_shown_in_percent_is_asked_for_as_text(book: Book) -> None:
    cell = book.book[shown(f"sheet_{FIGURES}", "vi")].cell(2, 5)
    cell.value, cell.number_format = 0.0642, "0.00%"
    book.save()
    with pytest.raises(DataError, match=r"holds 0\.0642 shown in percent; set the cell to text"):
        read_review(book.path)


def test_ids_given_twice_name_both_cells(book: Book, province: Path) -> None:
    one = book.set(RATE, status=YES, figure_id="sc24-x")
    two = book.set("94,2%", status=YES, figure_id="sc24-x")
    letter = book.cell("figures", 2, "figure_id").column_letter
    first, second = sorted((int(one), int(two)))
    title = TITLES["figures"]
    assert problems(book, province) == [
        f"{title}!{letter}{second}: figure_id 'sc24-x' already stands in {title}!{letter}{first}; rename or exclude one"
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("no workbook"), "is no Excel workbook"),
        (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)), "broken or cut off"),
        (lambda path: Workbook().save(path), "sheets are missing"),
        (lambda path: shutil.copy(EXAMPLE.with_suffix(".docx"), path), "but no xlsx"),
    ],
)
def test_another_file_is_no_review(make: Callable[[Path], Any], message: str, tmp_path: Path) -> None:
    path = tmp_path / "review.xlsx"
    make(path)
    with pytest.raises(DataError, match=message):
        read_review(path)


def test_a_workbook_that_declares_a_doctype_is_refused(drafted: Path, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(drafted) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, b"<!DOCTYPE x>" + content if name == "xl/workbook.xml" else content)
    path = tmp_path / "review.xlsx"
    path.write_bytes(packed.getvalue())
    with pytest.raises(DataError, match="declares a DOCTYPE"):
        read_review(path)


# --- a second draft


def test_a_second_draft_keeps_what_was_decided(book: Book, province: Path) -> None:
    book.set(RATE, status=YES, note="Đã đối chiếu", label="Tỷ lệ khối lượng")
    book.set("94,2%", status=NO, reason="name")
    book.set("tăng 8,37%", basis="actual")
    sheet = book.sheet("unmatched")
    row = sheet.max_row + 1
    for column, text in (
        ("as_printed", "Ba khu vực"),
        ("label", "Số khu vực"),
        ("status", YES),
        ("start", 1),
        ("end", 2),
    ):
        book.cell("unmatched", row, column).value = text
    book.sheet("source")["B14"].value = "Bản gửi Hội đồng"
    before = read_review(book.save())
    found = draft_report(EXAMPLE.with_suffix(".docx"), 2024, "98", province, book.path, None, "vi")
    after = read_review(book.path)
    assert found.kept == 4
    for name in ROW_SHEETS:
        columns = [each.name for each in COLUMNS[name]]
        assert [[row[c] for c in columns] for row in after.rows[name]] == sorted(
            ([row[c] for c in columns] for row in before.rows[name]),
            key=lambda cells, columns=columns: int(cells[columns.index("start")] or 0),
        )
    assert after.source == before.source


def test_a_draft_of_the_report_in_another_format_keeps_decisions_by_sentence(
    book: Book, province: Path, tmp_path: Path
) -> None:
    book.set(RATE, status=YES, note="Đã đối chiếu")
    book.set("94,2%", status=NO, reason="name")
    text = EXAMPLE.with_suffix(".txt").read_text(encoding="utf-8")
    shorter = tmp_path / "r.txt"
    shorter.write_text(
        text.replace("đạt 94,2% kế hoạch", "đạt mức cao").replace("như sau:", "cụ thể như sau:", 1), encoding="utf-8"
    )
    found = draft_report(shorter, 2024, "98", province, book.save(), None, "vi")
    rows = {row["as_printed"]: row for row in read_review(book.path).rows["figures"]}
    assert (rows[RATE]["status"], rows[RATE]["note"]) == ("confirmed", "Đã đối chiếu")
    assert rows[RATE]["start"] == str(shorter.read_text(encoding="utf-8").index(RATE))
    assert "94,2%" not in rows
    assert found.remarks == ("decided on '94,2%', which the report no longer holds",)


def test_a_broken_earlier_workbook_is_not_overwritten(book: Book, province: Path) -> None:
    book.path.write_bytes(b"not a workbook")
    with pytest.raises(DataError, match="is no Excel workbook"):
        draft_report(EXAMPLE.with_suffix(".txt"), 2024, "98", province, book.path, None, "vi")
    assert book.path.read_bytes() == b"not a workbook"


# --- what spreadsheets do to a workbook


def column(book: Book, name: str) -> list[Any]:
    return [book.cell("figures", row, name) for row in range(2, book.sheet("figures").max_row + 1)]


def sort(values: list[Any]) -> list[Any]:
    return sorted(values, key=str)


def shift(values: list[Any]) -> list[Any]:
    return [*values[1:], values[0]]


@pytest.mark.parametrize("name", ["label", "indicator", "value", "figure_id"])
@pytest.mark.parametrize("move", [sort, shift])
def test_a_column_sorted_or_shifted_alone_is_named(
    name: str, move: Callable[[list[Any]], list[Any]], book: Book
) -> None:
    cells = column(book, name)
    for cell, value in zip(cells, move([cell.value for cell in cells]), strict=True):
        cell.value = value
    found = list(read_review(book.save()).sorted_alone())
    assert [each.partition("!")[2].partition(":")[0].rstrip("0123456789") for each in found] == [cells[0].column_letter]


def test_nothing_of_a_review_with_a_sorted_column_is_accepted(book: Book, province: Path) -> None:
    cells = column(book, "label")
    for cell, value in zip(cells, sort([cell.value for cell in cells]), strict=True):
        cell.value = value
    for cell in column(book, "status"):
        cell.value = YES
    assert any("hold what was proposed for other rows" in each for each in problems(book, province))


def test_corrections_by_hand_are_not_taken_for_a_sorted_column(book: Book) -> None:
    """A person sets one word in many rows, and changes two that were mixed up."""
    for cell in column(book, "basis"):
        cell.value = "actual"
    labels = column(book, "label")[:2]
    labels[0].value, labels[1].value = labels[1].value, labels[0].value
    for cell in column(book, "indicator")[:6]:
        cell.value = "grdp_growth"
    assert not list(read_review(book.save()).sorted_alone())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_saved_by_libreoffice_is_the_same_review(book: Book, tmp_path: Path) -> None:
    book.set(RATE, status=YES, note="Đã đối chiếu")
    path = book.save()
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run([*command, "--outdir", str(tmp_path / "saved"), str(path)], check=True, capture_output=True)
    before, after = read_review(path), read_review(tmp_path / "saved" / path.name)
    assert (after.rows, after.source, after.proposals) == (before.rows, before.source, before.proposals)


def with_entry(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            target.writestr(each, change(source.read(each)) if each == name else source.read(each))
    path.write_bytes(packed.getvalue())


MERGED = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
FAR = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
BOMBS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "merged": (lambda old: old.replace(b"</sheetData>", MERGED), "has merged cells"),
    "far down": (lambda old: old.replace(b"</sheetData>", FAR), "has 1048576 rows, at most 20000 are read"),
    "many cells": (
        lambda old: old.replace(b"</sheetData>", b"<row>" + b"<c/>" * 900_000 + b"</row></sheetData>"),
        "at most",
    ),
    "no such style": (
        lambda old: re.sub(rb' s="\d+"', b' s="9999"', old),
        "broken or cut off (list index out of range)",
    ),
}


# A small process in between, since what a command's parent takes counts as the command's own until it starts.
COST = """import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(code)"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs the memory that a command took")
@pytest.mark.parametrize("name", BOMBS)
def test_a_vast_or_damaged_sheet_is_refused_with_little_time_and_memory(name: str, book: Book, province: Path) -> None:
    change, message = BOMBS[name]
    with_entry(book.path, "xl/worksheets/sheet3.xml", change)
    command = [sys.executable, "-c", COST, *KG, "accept", str(book.path), "--data-dir", str(province)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("error: review.xlsx: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    seconds, kilobytes = map(float, result.stdout.split())
    assert kilobytes < 300_000
    assert seconds < 10
