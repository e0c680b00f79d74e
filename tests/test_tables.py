"""The data contract: sound files are read, broken ones name every failure with its place and remedy."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import DATA
from made_up import PRINTED_FILE, edit

from kg_analysis.data.clean import build_clean, check_data, write_clean
from kg_analysis.data.columns import Table
from kg_analysis.data.dataset import load
from kg_analysis.data.files import read_table, read_text
from kg_analysis.data.schemas import (
    AREAS,
    ASSUMPTIONS,
    CLEAN,
    COLLECTED,
    FIGURES,
    INDICATORS,
    PRINTED,
    REGISTERS,
    SOURCES,
    TABLES,
)
from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError


def problems(folder: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        check_data(folder)
    return list(caught.value.problems)


def row_of(path: Path, figure_id: str) -> int:
    return pd.read_csv(path)["figure_id"].tolist().index(figure_id) + 2


def test_committed_clean_tables_follow_from_the_printed_figures_byte_for_byte() -> None:
    for name, content in build_clean(DATA).items():
        assert (DATA / f"{name}.csv").read_bytes() == content, f"{name} is stale; run make data"


@pytest.mark.parametrize("table", [*REGISTERS, *CLEAN], ids=lambda table: table.name)
def test_committed_tables_are_sound_and_in_contract_form(table: object) -> None:
    path = DATA / f"{table.name}.csv"
    content = path.read_bytes()
    assert len(read_table(path, table))
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\n")


def test_missing_is_missing_and_never_zero() -> None:
    figures = read_table(DATA / "clean/figures.csv", FIGURES).set_index("figure_id")
    target = figures.loc["kg21-pubinv-target-2022"]
    assert pd.isna(target["value"])
    assert target["low"] == 95
    assert pd.isna(target["high"])


def test_every_failure_of_a_file_is_named_at_once(data_dir: Path) -> None:
    path = data_dir / PRINTED_FILE
    edit(
        path,
        (2, "start", "1.234"),
        (3, "basis", "final"),
        (4, "period_start", "21/06/2021"),
        (5, "as_printed", ""),
        (6, "indicator", "Số ca"),
    )
    found = problems(data_dir)
    assert [each.split(":")[0] for each in found[:5]] == [f"{PRINTED_FILE} row {row}" for row in range(2, 7)]
    for cell, remedy in [
        ("'1.234'", "without separators"),
        ("'final'", "choose one of actual, estimate"),
        ("'21/06/2021'", "year-month-day"),
        ("''", "may not be empty"),
        ("'Số ca'", "lower-case"),
    ]:
        assert any(cell in each and remedy in each for each in found), cell


def test_a_decimal_comma_in_a_clean_table(data_dir: Path) -> None:
    path = data_dir / "clean/grdp_growth.csv"
    edit(path, (2, "growth_pct", "-0,15"))
    assert any(
        each.startswith("clean/grdp_growth.csv row 2: growth_pct '-0,15'") and "decimal point" in each
        for each in problems(data_dir)
    )


def test_a_wrong_column_names_the_likely_one(data_dir: Path) -> None:
    path = data_dir / "clean/covid_phases.csv"
    path.write_text(path.read_text().replace("mean_cases_per_day,", "mean_case_per_day,", 1))
    (found,) = problems(data_dir)
    assert "row 1" in found
    assert "'mean_case_per_day' is not known, did you mean 'mean_cases_per_day'" in found


def test_a_duplicate_key_names_both_rows(data_dir: Path) -> None:
    path = data_dir / PRINTED_FILE
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]))
    first = lines[1].partition(",")[0]
    assert f"{PRINTED_FILE} row {len(lines) + 1}: figure_id '{first}' already stands in row 2" in problems(data_dir)[0]


def test_an_end_before_its_start(data_dir: Path) -> None:
    edit(data_dir / PRINTED_FILE, (2, "period_end", "2020-06-30"))
    assert any("row 2" in each and "period_end lies before period_start" in each for each in problems(data_dir))


def test_days_that_are_not_those_of_the_period_type(data_dir: Path) -> None:
    row = row_of(data_dir / PRINTED_FILE, "kg21-growth-9m")
    edit(data_dir / PRINTED_FILE, (row, "period_start", "2021-02-01"))
    assert any(f"row {row}" in each and "not those of period_type" in each for each in problems(data_dir))


def test_community_cases_above_all_cases(data_dir: Path) -> None:
    edit(data_dir / "clean/covid_phases.csv", (2, "community_cases_per_day", "18"))
    assert any(
        "clean/covid_phases.csv row 2" in each and "community cases exceed" in each for each in problems(data_dir)
    )


def test_community_above_total_in_the_printed_figures_writes_nothing(data_dir: Path) -> None:
    path = data_dir / PRINTED_FILE
    before = {each: each.read_bytes() for each in (data_dir / "clean").iterdir()}
    edit(path, (row_of(path, "kg21-covid-p1-community"), "as_printed", "30 ca/ngày"))
    with pytest.raises(DataError, match="community cases exceed all cases"):
        write_clean(data_dir)
    assert {each: each.read_bytes() for each in (data_dir / "clean").iterdir()} == before
    assert not (data_dir / ".clean.partial").exists()


def test_a_missing_file(data_dir: Path) -> None:
    (data_dir / "clean/investment.csv").unlink()
    (data_dir / "areas.csv").unlink()
    found = problems(data_dir)
    assert any("clean/investment.csv: the file is missing" in each and "kg clean" in each for each in found)
    assert any("data/areas.csv: the file is missing" in each for each in found)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "is no UTF-8"),
        ("tên\n".encode("cp1258"), "is no UTF-8"),
        (b'"open', "quotation mark"),
        (b"", "missing columns"),
        (b"a\rb\n", "CR line end"),
    ],
)
def test_what_is_no_csv_of_ours(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "covid_phases.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_table(path, TABLES["covid_phases"])


def test_letters_stored_apart_from_their_accents(data_dir: Path) -> None:
    path = data_dir / "areas.csv"
    path.write_text(path.read_text().replace("Kiên", "Kie\u0302n"))
    assert any("areas.csv row 18" in each and "NFC" in each for each in problems(data_dir))


def test_a_row_with_a_cell_too_many(data_dir: Path) -> None:
    path = data_dir / "areas.csv"
    path.write_text(path.read_text().replace("Việt Nam,", "Việt Nam, new,", 1))
    assert any("areas.csv row 2: 7 cells instead of 6" in each for each in problems(data_dir))


def test_references_between_files(data_dir: Path) -> None:
    path = data_dir / PRINTED_FILE
    edit(
        path,
        (2, "indicator", "unheard_of"),
        (3, "area_code", "99"),
        (4, "boundary_version", "an-giang-2025"),
    )
    (data_dir / "printed/other.csv").write_text(path.read_text())
    found = problems(data_dir)
    assert any("row 2" in each and "add it to indicators.csv" in each for each in found)
    assert any("row 3" in each and "area 99" in each for each in found)
    assert any("row 4" in each and "leaves boundary 'an-giang-2025'" in each for each in found)
    assert any("other.csv" in each and "'other' is not in sources.csv" in each for each in found)
    assert any("already stands in" in each for each in found)


def test_a_phase_whose_mean_has_other_dates(data_dir: Path) -> None:
    path = data_dir / PRINTED_FILE
    edit(path, (row_of(path, "kg21-covid-p1-mean"), "period_end", "2021-08-16"))
    assert any("kg21-covid-p1-mean" in each and "is not phase 4-1" in each for each in problems(data_dir))


def test_two_figures_for_one_cell_are_not_silently_merged(data_dir: Path) -> None:
    path = data_dir / PRINTED_FILE
    row = row_of(path, "kg21-pubinv-volume")
    edit(path, (row, "indicator", "pubinv_disbursed"), (row, "as_of", "2022-01-31"))
    assert any("fill the same cell" in each for each in problems(data_dir))


def test_a_stale_clean_table_says_which_row(data_dir: Path) -> None:
    path = data_dir / PRINTED_FILE
    edit(path, (row_of(path, "kg21-growth-h1"), "as_printed", "4,53%"))
    found = problems(data_dir)
    assert any(each.startswith("clean/grdp_growth.csv row") and "4.53" in each and "kg clean" in each for each in found)


def test_a_year_or_area_without_figures_names_those_with() -> None:
    with pytest.raises(DataError, match="year 2016 has no figures; years with figures: 2015, 2017, 2018"):
        load(DATA, 2016, "91")
    with pytest.raises(DataError, match=r"years with figures: .*, 2024, 2025$"):
        load(DATA, 2030, "91")  # aims for a period to 2030 are printed; they are no result
    with pytest.raises(DataError, match="area '79' has no figures; areas with figures: 00, 40, 51, 80"):
        load(DATA, 2021, "79")


def test_the_contract_holds_the_reports_other_figures(data_dir: Path) -> None:
    """Ratios, ranks, hedged shares, multiples and words fit the same columns."""
    header = list(PRINTED.columns)
    base = dict.fromkeys(header, "") | {
        "section": "I.4",
        "place": "paragraph 4",
        "start": "1",
        "end": "2",
        "label": "x",
        "indicator": "covid_task_groups",
        "area_code": "91",
        "boundary_version": "kien-giang",
        "period_type": "year",
        "period_start": "2021-01-01",
        "period_end": "2021-12-31",
        "basis": "actual",
        "qualifier": "exact",
        "vintage": "2021-12",
    }
    cases = [
        ("13", "covid_task_groups", "exact"),
        ("24 chỉ tiêu", "covid_task_groups", "exact"),
        ("thứ 04", "grdp_growth_rank", "exact"),
        ("tăng gần 40%", "retail_sales_growth", "approx_below"),
        ("giảm 20%", "industrial_output_growth", "exact"),
        ("gấp nhiều lần", "grdp_growth_outlook", "vague"),
    ]
    path = data_dir / PRINTED_FILE
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        for number, (token, indicator, qualifier) in enumerate(cases):
            row = {"figure_id": f"extra-{number}", "as_printed": token, "indicator": indicator, "qualifier": qualifier}
            period = {"period_start": "2020-01-01", "period_end": "2020-12-31"}  # no clash with the year's own figures
            writer.writerow(base | row | period)
    write_clean(data_dir)
    figures = read_table(data_dir / "clean/figures.csv", FIGURES).set_index("figure_id")
    assert list(figures.loc[["extra-0", "extra-1", "extra-2", "extra-4"], "value"]) == [13, 24, 4, -20]
    assert figures.loc["extra-3", "high"] == 40
    assert pd.isna(figures.loc["extra-5", "value"])


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"good")
    with pytest.raises(TypeError):
        write_bytes(path, None)  # type: ignore[arg-type]
    assert path.read_bytes() == b"good"
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("trend_growth,", "trend,"), "'trend_growth' is missing; add it"),
        ((",0.70,share,", ",0.70,pct,"), "h1_of_9m_high is in 'pct', expected 'share'"),
        ((",30,share_pct,", ",22,share_pct,"), "q4_share_low ≤ q4_share_base ≤ q4_share_high does not hold"),
    ],
)
def test_assumptions_are_complete_in_their_units_and_in_order(
    data_dir: Path, change: tuple[str, str], message: str
) -> None:
    path = data_dir / "assumptions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    assert any(each.startswith("assumptions.csv") and message in each for each in problems(data_dir))


def test_files_with_their_headers_only_hold_no_figure(data_dir: Path) -> None:
    for path in (data_dir / "printed").rglob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    assert any("no figure in any CSV file; restore the folder" in each for each in problems(data_dir))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text.replace("\n", "\n\n", 1), "row 2: the line is blank; remove it"),
        (lambda text: text.replace("\n", "\r", 1), "row 1: has a CR line end"),
    ],
)
def test_what_spreadsheets_do_to_a_csv_is_named_with_its_row(data_dir: Path, damage: Any, message: str) -> None:
    path = data_dir / "areas.csv"
    path.write_bytes(damage(path.read_text(encoding="utf-8")).encode("utf-8"))
    assert any(message in each for each in problems(data_dir))


def as_excel_saves(path: Path, table: Table) -> None:
    """Byte order mark, semicolons, CRLF, decimal commas, and a row that was cleared."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    numbers = {name for name in header if table.kind(name) == "number"}
    cells = [
        [cell.replace(".", ",") if name in numbers else cell for name, cell in zip(header, row, strict=True)]
        for row in rows
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([header, *cells, [""] * len(header)])


@pytest.mark.parametrize("table", [ASSUMPTIONS, AREAS, SOURCES, INDICATORS], ids=lambda table: table.name)
def test_a_table_saved_by_excel_is_the_same_table(data_dir: Path, table: Table) -> None:
    path = data_dir / f"{table.name}.csv"
    before = read_table(path, table)
    as_excel_saves(path, table)
    assert read_table(path, table).equals(before)
    check_data(data_dir)


def test_printed_rows_saved_by_excel_give_the_same_clean_tables(data_dir: Path) -> None:
    before = build_clean(data_dir)
    as_excel_saves(data_dir / PRINTED_FILE, PRINTED)
    as_excel_saves(next((data_dir / "printed").glob("kien_giang_pages*.csv")), COLLECTED)
    assert build_clean(data_dir) == before


def test_thousands_and_decimals_of_a_file_with_semicolons(data_dir: Path) -> None:
    path = data_dir / "assumptions.csv"
    cell = read_text(path, ASSUMPTIONS)["value"].iloc[0]
    as_excel_saves(path, ASSUMPTIONS)
    excel = path.read_text(encoding="utf-8-sig")
    for written, meant in (("1.234,5", 1234.5), ("1.234.567", 1234567), ("0,125", 0.125), ("7", 7)):
        path.write_text(excel.replace(f";{cell.replace('.', ',')};", f";{written};", 1), encoding="utf-8")
        assert read_table(path, ASSUMPTIONS)["value"].iloc[0] == meant, written
    path.write_text(excel.replace(f";{cell.replace('.', ',')};", ";1.234;", 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"row 2: value '1\.234' may be 1234 or 1,234; save the file with commas"):
        read_table(path, ASSUMPTIONS)


def test_a_clean_table_saved_by_excel_is_to_be_made_anew(data_dir: Path) -> None:
    path = data_dir / "clean/tasks.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert any(
        "clean/tasks.csv: was saved by another program" in each and "kg clean" in each for each in problems(data_dir)
    )


def test_a_missing_register_is_to_be_restored_and_a_missing_clean_table_to_be_made(data_dir: Path) -> None:
    (data_dir / "areas.csv").unlink()
    (data_dir / "clean/tasks.csv").unlink()
    found = " ".join(problems(data_dir))
    assert "areas.csv: the file is missing; restore it" in found
    assert "tasks.csv: the file is missing; run `kg clean`" in found
