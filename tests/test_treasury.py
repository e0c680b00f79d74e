"""A treasury workbook: the example reads as the made-up series it is, and what is wrong is named by its row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from conftest import DATA

from kg_analysis.analysis.investment import totals, whole
from kg_analysis.data.series import HEADINGS, SHEET, as_investment, read_treasury, write_template
from kg_analysis.errors import DataError

EXAMPLE = DATA / "templates" / "disbursement_treasury_example.xlsx"


def test_the_example_is_made_up_and_reads_as_a_series() -> None:
    rows = read_treasury(EXAMPLE, "synthetic-example", "2022-09-05")
    assert rows["investor"].str.contains("mô phỏng").all()
    held = whole(totals(as_investment(rows)))
    last = held.sort_values("as_of").iloc[-1]
    assert last["disbursed_bn_vnd"] == pytest.approx(rows[rows["as_of"] == last["as_of"]]["disbursed_cum_bn_vnd"].sum())


def test_the_empty_template_asks_to_be_filled_in() -> None:
    with pytest.raises(DataError, match="holds no row"):
        read_treasury(DATA / "templates" / "disbursement_treasury.xlsx", "x", "2022-09-05")


def test_every_wrong_cell_is_named(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    book[SHEET].append([2022, "31/8/2022", "Chủ đầu tư A", "Ngân sách", 10, None, None, "4,5", None, None])
    book.save(path)
    with pytest.raises(DataError) as caught:
        read_treasury(path, "x", "2022-09-05")
    assert len(caught.value.problems) == 2
    assert all("row 2" in each for each in caught.value.problems)


def test_a_heading_that_is_gone_is_named(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    book[SHEET]["A1"] = "Năm"
    book.save(path)
    with pytest.raises(DataError, match=next(iter(HEADINGS))):
        read_treasury(path, "x", "2022-09-05")


def test_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    path.write_text("budget_year;as_of")
    with pytest.raises(DataError, match="is no Excel workbook"):
        read_treasury(path, "x", "2022-09-05")
