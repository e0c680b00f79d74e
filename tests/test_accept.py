"""A confirmed review becomes data, all or nothing; the 2021 report gives its committed figures again."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import DATA, ROOT, contents, kg, kg_forked, moments
from killing import raced
from openpyxl import load_workbook
from workbook import EXAMPLE, YES, Book

from kg_analysis.data.clean import check_data
from kg_analysis.data.dataset import load
from kg_analysis.errors import DataError
from kg_analysis.ingest.accept import accept_review
from kg_analysis.ingest.report import draft_report
from kg_analysis.ingest.verify import verify_report
from kg_analysis.ingest.workbook import COLUMNS, ROW_SHEETS, shown

TODAY = date(2025, 1, 2)
RIGHT = (
    "6,42%",
    "tăng 7,81%",
    "tăng 6,93%",
    "4.886,3 tỷ đồng",
    "4.105,7 tỷ đồng",
    "84,02%",
    "4.602,9 tỷ đồng",
    "94,2%",
)


@pytest.fixture
def folder(province: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(province, tmp_path / "project" / "data"))


@pytest.fixture
def confirmed(drafted: Path, tmp_path: Path) -> Book:
    """Review in which what is right is confirmed."""
    book = Book(Path(shutil.copy(drafted, tmp_path / "review.xlsx")))
    for token in RIGHT:
        book.set(token, status=YES)
    book.set("Nghị quyết số 87/NQ-HĐND ngày 08/12/2023 của Hội đồng nhân dân tỉnh", "references", status=YES)
    book.save()
    return book


def test_confirmed_figures_become_data_and_nothing_else(confirmed: Book, folder: Path) -> None:
    before = contents(folder)
    found = accept_review(confirmed.path, folder, TODAY)
    after = contents(folder)
    assert {name for name in after if after[name] != before.get(name)} == set(found.written)
    assert found.counts == {"printed": len(RIGHT), "references": 1, "exclusions": 0}
    rows = pd.read_csv(folder / "printed/song-cua-2024.csv", dtype=str, keep_default_na=False)
    assert rows["as_printed"].tolist() == list(RIGHT)
    text = EXAMPLE.with_suffix(".txt").read_text(encoding="utf-8")
    assert [text[int(row.start) : int(row.end)] for row in rows.itertuples()] == list(RIGHT)
    source = pd.read_csv(folder / "sources.csv", index_col="id", dtype=str).loc["song-cua-2024"]
    assert source["retrieved"] == TODAY.isoformat()
    check_data(folder)
    data = load(folder, 2024, "98")
    assert data.area_name == "Sông Cửa"
    assert data.row("sc24-pubinv-disbursed")["value"] == pytest.approx(4602.9)


def test_accepting_twice_changes_nothing(confirmed: Book, folder: Path) -> None:
    accept_review(confirmed.path, folder, TODAY)
    before = contents(folder)
    assert accept_review(confirmed.path, folder, date(2030, 1, 1)).written == ()
    assert contents(folder) == before


def test_what_is_accepted_stands_in_the_report(confirmed: Book, folder: Path) -> None:
    accept_review(confirmed.path, folder, TODAY)
    with pytest.raises(DataError) as error:  # only what was left open is missing
        verify_report(EXAMPLE.with_suffix(".docx"), folder)
    assert all("neither figure, legal reference nor excluded" in each for each in error.value.problems)


def test_a_token_made_longer_keeps_its_place(confirmed: Book, folder: Path) -> None:
    confirmed.set("84,02%", as_printed="đạt 84,02%")
    accept_review(confirmed.save(), folder, TODAY)
    rows = pd.read_csv(folder / "printed/song-cua-2024.csv", dtype=str).set_index("as_printed")
    text = EXAMPLE.with_suffix(".txt").read_text(encoding="utf-8")
    start, end = rows.loc["đạt 84,02%", ["start", "end"]].astype(int)
    assert text[start:end] == "đạt 84,02%"


def test_an_excluded_figure_becomes_an_exclusion(confirmed: Book, folder: Path) -> None:
    confirmed.set("94,2%", status=shown("status_excluded", "vi"), reason="page_artefact")
    found = accept_review(confirmed.save(), folder, TODAY)
    assert found.counts["exclusions"] == 1
    rows = pd.read_csv(folder / "printed/exclusions/song-cua-2024.csv")
    assert rows[["as_printed", "reason"]].to_numpy().tolist() == [["94,2%", "page_artefact"]]


def test_what_the_data_would_not_bear_is_named_by_sheet_and_row(confirmed: Book, folder: Path) -> None:
    """Two figures that claim to be the same thing: only the clean tables can tell."""
    row = confirmed.set("94,2%", indicator="pubinv_completed_volume_plan_ratio", as_of="2024-12-31")
    other = confirmed.row("84,02%")
    before = contents(folder)
    with pytest.raises(DataError) as error:
        accept_review(confirmed.save(), folder, TODAY)
    assert contents(folder) == before
    assert f"Số liệu!{row}" in str(error.value)
    assert f"Số liệu!{other}" in str(error.value)


def test_bounds_are_taken_by_the_number_that_is_printed(confirmed: Book, folder: Path) -> None:
    confirmed.set("từ 7,5% trở lên", status=YES)
    accept_review(confirmed.save(), folder, TODAY)
    rows = pd.read_csv(folder / "clean/figures.csv", index_col="figure_id")
    row = rows[(rows["source_id"] == "song-cua-2024") & (rows["qualifier"] == "at_least")].iloc[0]
    assert (pd.isna(row["value"]), row["low"]) == (True, 7.5)


@pytest.mark.slow
def test_a_count_printed_again_is_a_repeat_and_a_repeat_unmarked_is_named(confirmed: Book, folder: Path) -> None:
    rows = list(range(2, confirmed.sheet("figures").max_row + 1))
    again = [row for row in rows if confirmed.cell("figures", row, "as_printed").value == "22 chỉ tiêu"]
    items = [confirmed.cell("figures", row, "item").value for row in again]
    assert items == ["people_council/total", "people_council/total-2"]
    for row in again:
        confirmed.cell("figures", row, "status").value = YES
    accept_review(confirmed.save(), folder, TODAY)
    confirmed.cell("figures", again[1], "item").value = "people_council/total"
    with pytest.raises(DataError, match=rf"Số liệu!{again[0]} .* and Số liệu!{again[1]} .*already stands in row"):
        accept_review(confirmed.save(), folder, TODAY)


def test_nothing_confirmed_is_nothing_written(drafted: Path, folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(DataError, match="no figure is confirmed"):
        accept_review(drafted, folder, TODAY)
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("id", "Sông Cửa 2024", "lower-case letters"),
        ("doc_date", "18/12/2024", "calendar day"),
        ("vintage", "tháng 12", "write when the report was published"),
        ("area_code", "77", "is not in areas.csv"),
        ("report_year", "", "write the year that the report reviews"),
        ("sha256", "abc", "64 hex digits"),
        ("id", "kien-giang-2021", "stands in sources.csv with another file"),
        ("language", "de", "choose one of vi, en, fr"),
    ],
)
def test_the_source_is_checked_by_its_cell(field: str, value: str, message: str, confirmed: Book, folder: Path) -> None:
    sheet = confirmed.sheet("source")
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == field)
    sheet.cell(row, 2).value = value
    with pytest.raises(DataError) as error:
        accept_review(confirmed.save(), folder, TODAY)
    assert any(each.startswith(f"Nguồn!B{row}: ") and message in each for each in error.value.problems)


# --- all or nothing


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_an_accept_killed_between_its_renames_is_made_whole_or_not_at_all(
    confirmed: Book, folder: Path, window: list[int]
) -> None:
    accept_review(confirmed.save(), folder, TODAY)
    assert window
    check_data(folder)


@pytest.fixture
def year_before(folder: Path, tmp_path: Path) -> Path:
    """Review of a report on the year before, with one figure confirmed."""
    text = EXAMPLE.with_suffix(".txt").read_text(encoding="utf-8").replace("2024", "2023")
    (tmp_path / "before.txt").write_text(text, encoding="utf-8")
    path = tmp_path / "before.xlsx"
    draft_report(tmp_path / "before.txt", 2023, "98", folder, path, None, "vi")
    book = Book(path)
    book.set("6,42%", status=YES)
    return book.save()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_two_accepts_at_once_lose_nothing_of_either(
    confirmed: Book, year_before: Path, folder: Path, tmp_path: Path
) -> None:
    reviews = [confirmed.save(), year_before]
    before = Path(shutil.copytree(folder, tmp_path / "before"))
    names = {path.stem for path in (folder / "printed").glob("*.csv")}
    for _ in moments(50, few=1):
        shutil.rmtree(folder)
        shutil.copytree(before, folder)
        codes = raced(accept_review, [(review, folder, TODAY) for review in reviews])
        added = {path.stem for path in (folder / "printed").glob("*.csv")} - names
        assert set(codes) <= {0, 1}
        assert codes.count(0) == len(added) > 0
        check_data(folder)


# --- the 2021 report


def test_the_2021_report_gives_its_committed_figures_again(report: Path, data_dir: Path, tmp_path: Path) -> None:
    """A person sets the proposals to what stands on the page; figures typed wrongly before give way to them."""
    output = tmp_path / "review.xlsx"
    draft_report(report, 2021, "91", data_dir, output, None, "vi")
    committed = contents(data_dir)
    printed = pd.read_csv(data_dir / "printed/kien-giang-2021.csv", dtype=str, keep_default_na=False)
    references = pd.read_csv(data_dir / "printed/references/kien-giang-2021.csv", dtype=str, keep_default_na=False)
    typed = {("figure_id", row["figure_id"]): row for row in printed.to_dict("records")}
    typed |= {("ref_id", row["ref_id"]): row for row in references.to_dict("records")}
    book, confirmed_ids = load_workbook(output), set()
    for name in ROW_SHEETS:
        sheet = book[shown(f"sheet_{name}", "vi")]
        names = [each.name for each in COLUMNS[name]]
        for row in range(2, sheet.max_row + 1):
            cells = {column: sheet.cell(row, index) for index, column in enumerate(names, 1)}
            key = next((each for each in ("figure_id", "ref_id") if each in cells), "")
            truth = typed.get((key, cells[key].value if key else ""))
            if truth is None:
                continue
            confirmed_ids.add(truth[key])
            cells["status"].value = YES
            for column in set(names) & set(truth):
                cells[column].value = truth[column] or None
            for column in {"value", "unit"} & set(names):
                cells[column].value = None
    book.save(output)
    wrong = printed["figure_id"].isin(confirmed_ids)
    assert wrong.sum() > 80
    printed.loc[wrong, ["label", "basis", "note"]] = ["?", "scenario", ""]
    printed.to_csv(data_dir / "printed/kien-giang-2021.csv", index=False, lineterminator="\n")
    found = accept_review(output, data_dir, TODAY)
    assert contents(data_dir) == committed
    assert found.written == ("printed/kien-giang-2021.csv",)
    assert found.counts["printed"] == wrong.sum()


# --- the commands


@pytest.mark.slow
def test_from_the_file_to_a_run(tmp_path: Path, folder: Path, confirmed: Book, server: Any) -> None:
    shutil.copytree(ROOT / "notebooks", folder.parent / "notebooks")
    here = partial(kg_forked, server, cwd=folder.parent)
    done = here("draft", EXAMPLE.with_suffix(".pdf"), "--year", 2024, "--area", 98, "--output", tmp_path / "r.xlsx")
    assert done.exit_code == 0, done.stderr
    assert "unmatched: " in done.stdout
    done = here("accept", confirmed.path)
    assert done.exit_code == 0, done.stderr
    assert "wrote data/printed/song-cua-2024.csv" in done.stdout
    assert "Sông Cửa 2024 now holds 8 figures: growth 3, investment 5" in done.stdout
    assert re.search(r"^03_public_investment: \d charts \(.*investment_course", done.stdout, re.M), done.stdout
    assert re.search(r"^01_covid_waves: 0 charts$", done.stdout, re.M), done.stdout
    assert "next: kg run --year 2024 --set area=98" in done.stdout
    done = here("run", "--year", 2024, "--set", "area=98", "--notebook", "03_public_investment")
    assert done.exit_code == 0, done.stderr
    assert (folder.parent / "outputs/2024/charts/vi/investment_course.png").is_file()
    done = here("briefing", "--year", 2024, "--area", 98)
    assert done.exit_code == 0, done.stderr
    for kind in ("docx", "pptx", "xlsx", "html"):
        assert (folder.parent / f"outputs/2024/briefing.{kind}").stat().st_size > 10_000
    assert "left out: " in done.stdout


def test_the_commands_explain_themselves() -> None:
    for command in ("draft", "accept"):
        assert f"Example: kg {command}" in kg(command, "--help").stdout
    assert (DATA / "label_patterns.csv").is_file()
