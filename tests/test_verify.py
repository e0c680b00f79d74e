"""Proof against the report: what stands there passes, one changed digit fails with file, row and reason."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA
from made_up import PRINTED_FILE, edit

from kg_analysis.errors import DataError
from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.verify import verify_report

DIGIT_COLUMNS = ("as_printed", "start", "end", "period_start", "period_end", "as_of", "vintage", "place")


def other_digit(text: str, position: int) -> str:
    return text[:position] + ("7" if text[position] != "7" else "3") + text[position + 1 :]


def mutations() -> list[tuple[int, str, int]]:
    """Every row and column with a digit, and the last digit in it."""
    rows = pd.read_csv(DATA / PRINTED_FILE, dtype=str, keep_default_na=False)
    found = []
    for number, row in enumerate(rows.to_dict("records"), 2):
        for column in DIGIT_COLUMNS:
            digits = [match.start() for match in re.finditer(r"[0-9]", row[column])]
            if digits:
                found.append((number, column, digits[-1]))
    return found


def test_every_printed_row_stands_in_the_report(report: Path) -> None:
    verified = verify_report(report, DATA)
    rows = pd.read_csv(DATA / PRINTED_FILE)
    assert verified.source_id == "kien-giang-2021"
    assert sum(verified.by_topic.values()) == len(rows)
    assert {"covid", "growth", "sector_output", "investment"} <= set(verified.by_topic)


@pytest.mark.slow
def test_one_changed_digit_of_a_row_fails_with_its_row(report: Path, data_dir: Path) -> None:
    path = data_dir / PRINTED_FILE
    original = path.read_text(encoding="utf-8")
    tried = 0
    for row, column, position in mutations()[:: len(mutations()) // 25]:
        cell = pd.read_csv(path, dtype=str, keep_default_na=False).loc[row - 2, column]
        edit(path, (row, column, other_digit(cell, position)))
        with pytest.raises(DataError) as caught:
            verify_report(report, data_dir)
        text = "\n".join(caught.value.problems)
        assert f"row {row}" in text or "clean/" in text, (row, column, text)
        path.write_text(original, encoding="utf-8")
        tried += 1
    assert tried > 20


@pytest.mark.parametrize("figure_id", ["kg21-growth-q3", "kg21-pubinv-disbursed", "kg21-covid-p2-start"])
def test_a_changed_token_is_named_with_what_the_report_has(report: Path, data_dir: Path, figure_id: str) -> None:
    rows = pd.read_csv(data_dir / PRINTED_FILE, dtype=str, keep_default_na=False)
    row = rows["figure_id"].tolist().index(figure_id) + 2
    token = rows.loc[row - 2, "as_printed"]
    digit = re.search(r"[0-9]", token)
    assert digit
    edit(data_dir / PRINTED_FILE, (row, "as_printed", other_digit(token, digit.start())))
    with pytest.raises(DataError) as caught:
        verify_report(report, data_dir)
    assert caught.value.problems[0].startswith(f"printed/kien-giang-2021.csv row {row}: as_printed")
    assert repr(token) in caught.value.problems[0]


def test_one_changed_digit_of_the_report_fails(report: Path, tmp_path: Path) -> None:
    text = report.read_text(encoding="utf-8")
    changed = tmp_path / report.name
    at = text.index("83,12%")
    changed.write_text(other_digit(text, at + 3), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        verify_report(changed, DATA)
    assert "sources.csv row 2: sha256" in caught.value.problems[0]
    assert any("as_printed '83,12%'" in each and "'83,72%'" in each for each in caught.value.problems)


def test_a_digit_elsewhere_in_the_report_fails_by_its_hash(report: Path, tmp_path: Path) -> None:
    text = report.read_text(encoding="utf-8")
    changed = tmp_path / report.name
    changed.write_text(other_digit(text, text.index("534/NQ-HĐND")), encoding="utf-8")
    with pytest.raises(DataError, match="sha256"):
        verify_report(changed, DATA)


def test_half_a_number_is_no_token(report: Path, data_dir: Path) -> None:
    rows = pd.read_csv(data_dir / PRINTED_FILE)
    row = rows["figure_id"].tolist().index("kg21-growth-rank-delta-of") + 2
    start = int(rows.loc[row - 2, "start"])
    edit(data_dir / PRINTED_FILE, (row, "as_printed", "1"), (row, "end", str(start + 1)))
    with pytest.raises(DataError, match="part of a longer number"):
        verify_report(report, data_dir)


def test_a_wrong_place_is_named_with_the_right_one(report: Path, data_dir: Path) -> None:
    row = pd.read_csv(data_dir / PRINTED_FILE)["figure_id"].tolist().index("kg21-covid-h1") + 2
    edit(data_dir / PRINTED_FILE, (row, "section", "I.4"), (row, "place", "footnote 4"))
    with pytest.raises(DataError, match=r"section I.4, footnote 4, but stands in section I.3, paragraph 1"):
        verify_report(report, data_dir)


@pytest.mark.parametrize(("content", "message"), [(None, "cannot be read"), (b"\xff", "is no UTF-8")])
def test_what_is_no_report(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "report.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        verify_report(path, DATA)


def test_places_of_a_text(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "TITLE\n\nI. PART\n\n1. Chapter\n\nFirst line with a mark¹ in it.\nSecond line.\n\n"
        "2. Other\n\na) Point\n\nText 5% here.\n\n¹ A note that stands a page later.\n\nđ) Last point\n\nEnd 7.\n",
        encoding="utf-8",
    )
    document = read_document(path)
    places = {
        document.text[each.start : each.end]: (each.section, each.place)
        for each in document.passages
        if each.place != "heading"
    }
    assert places == {
        "TITLE": ("0", "paragraph 1"),
        "First line with a mark¹ in it.": ("I.1", "paragraph 1"),
        "Second line.": ("I.1", "paragraph 2"),
        "Text 5% here.": ("I.2.a", "paragraph 1"),
        "¹ A note that stands a page later.": ("I.1", "footnote 1"),
        "End 7.": ("I.2.đ", "paragraph 1"),
    }
    assert document.passage_at(document.text.index("\n\nI. PART")) is None


@pytest.mark.parametrize(
    ("figure_id", "token", "word"),
    [("kg21-growth-q3", "6,58%", "âm -"), ("kg21-pubinv-target-2022", "95%", "từ")],
)
def test_a_token_may_not_leave_out_its_sign_or_bound(
    report: Path, data_dir: Path, figure_id: str, token: str, word: str
) -> None:
    rows = pd.read_csv(data_dir / PRINTED_FILE, dtype=str, keep_default_na=False)
    row = rows["figure_id"].tolist().index(figure_id) + 2
    start = int(rows.loc[row - 2, "start"]) + rows.loc[row - 2, "as_printed"].index(token)
    cells = {"as_printed": token, "start": str(start), "end": str(start + len(token)), "qualifier": "exact"}
    edit(data_dir / PRINTED_FILE, *[(row, column, value) for column, value in cells.items()])
    with pytest.raises(DataError) as caught:
        verify_report(report, data_dir)
    assert any(f"row {row}: as_printed '{token}' leaves out '{word}'" in each for each in caught.value.problems)


def test_the_tail_of_a_thousand_is_no_token(report: Path, data_dir: Path) -> None:
    rows = pd.read_csv(data_dir / PRINTED_FILE, dtype=str, keep_default_na=False)
    row = rows["figure_id"].tolist().index("kg21-pubinv-volume") + 2
    start = int(rows.loc[row - 2, "start"]) + 2
    edit(data_dir / PRINTED_FILE, (row, "as_printed", "342 tỷ đồng"), (row, "start", str(start)))
    with pytest.raises(DataError, match="'342 tỷ đồng' is part of a longer number"):
        verify_report(report, data_dir)
