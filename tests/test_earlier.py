"""What a new report's figures say against those already published: restated, unlike their growth, failed checks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA

from kg_analysis.analysis.checks import contradicted
from kg_analysis.data.files import read_text
from kg_analysis.data.printed import Registers, read_registers
from kg_analysis.data.schemas import ASSUMPTIONS, CHECKS
from kg_analysis.data.schemas import FIGURES as CLEAN
from kg_analysis.ingest.confidence import disagreements, parsed_figures

YEAR = {"period_type": "year", "period_start": "2022-01-01", "period_end": "2022-12-31", "basis": "estimate"}


@pytest.fixture(scope="module")
def registers() -> Registers:
    return read_registers(DATA)


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    rows = read_text(DATA / "clean/figures.csv", CLEAN)
    rows = rows[rows["source_id"] == "kien-giang-2021"].reset_index(drop=True)
    for name in ("value", "low", "high"):
        rows[name] = pd.to_numeric(rows[name].replace("", None)).astype(float)
    return rows


def row(number: int, token: str, indicator: str, **cells: str) -> dict[str, str]:
    empty = dict.fromkeys(("dimension", "item", "comparator", "as_of", "unit_printed"), "")
    named = {"key": f"s{number}", "figure_id": f"kg22-{number}", "as_printed": token, "indicator": indicator}
    return empty | {"area_code": "91", "qualifier": "exact"} | YEAR | named | cells


def warned(rows: list[dict[str, str]], registers: Registers, published: pd.DataFrame) -> dict[str, list[str]]:
    figures, problems = parsed_figures({"figures": rows, "unmatched": []}, registers, "vi")
    assert problems == {}
    return disagreements(figures, published, registers.indicators, "vi")


def test_a_level_must_follow_from_last_year_by_its_growth(registers: Registers, published: pd.DataFrame) -> None:
    """47,394.15 bn in 2021: 50,000 is 5.5% more."""
    rows = [
        row(1, "50.000 tỷ đồng", "industrial_output"),
        row(2, "tăng 5,5%", "industrial_output_growth"),
    ]
    assert warned(rows, registers, published) == {}
    rows[1]["as_printed"] = "tăng 8,9%"
    (text,) = warned(rows, registers, published)["s1"]
    assert text == (
        "tốc độ in là tăng 8,9%, nhưng so với năm trước, 47.394,15 tỷ đồng (kg21-industry-output), thì là 5,5%"
    )


def test_a_level_in_another_unit_stands_out(registers: Registers, published: pd.DataFrame) -> None:
    (text,) = warned([row(1, "500.000 tỷ đồng", "industrial_output")], registers, published)["s1"]
    assert text.startswith("bằng 10,5 lần năm trước, 47.394,15 tỷ đồng")
    assert text.endswith("kiểm tra đơn vị")


def test_a_figure_restated_with_another_value_is_marked(registers: Registers, published: pd.DataFrame) -> None:
    h1 = {"period_type": "half", "period_start": "2021-01-01", "period_end": "2021-06-30", "basis": "actual"}
    old = published.set_index("figure_id").loc["kg21-growth-h1"]
    h1 |= {name: str(old[name]) for name in ("basis", "dimension", "item", "as_of")}
    assert warned([row(1, "4,5%", "grdp_growth", **h1)], registers, published) == {}  # 4,52% rounds to it
    (text,) = warned([row(1, "3,54%", "grdp_growth", **h1)], registers, published)["s1"]
    assert text == "khác số đã có: 4,52% (kg21-growth-h1)"


def test_a_token_that_cannot_be_read_in_its_unit_is_named(registers: Registers) -> None:
    _, problems = parsed_figures({"figures": [row(1, "6 xã", "industrial_output")], "unmatched": []}, registers, "vi")
    assert "prints the unit 'xã'" in problems["s1"]


def test_a_declared_check_is_asked_of_the_next_report(registers: Registers, published: pd.DataFrame) -> None:
    """Government tasks of 2021: 64 = 11 + 53. The next report prints 72 = 58 + 13."""
    names = ["kg21-tasks-government-assigned", "kg21-tasks-government-completed", "kg21-tasks-government-in-progress"]
    old = published.set_index("figure_id").loc[names].reset_index()
    rows = []
    for number, (cells, token) in enumerate(zip(old.to_dict("records"), ("72", "58", "13"), strict=True)):
        days = {each: cells[each].replace("2021", "2022") for each in ("period_start", "period_end", "as_of")}
        kept = {each: cells[each] for each in ("dimension", "item", "period_type", "basis", "comparator")}
        rows.append(row(number, token, cells["indicator"], **kept, **days))
    figures, _ = parsed_figures({"figures": rows, "unmatched": []}, registers, "vi")
    checks = read_text(DATA / "checks.csv", CHECKS)
    assumptions = read_text(DATA / "assumptions.csv", ASSUMPTIONS).set_index("id")
    everything = published.set_index("figure_id")
    (check,) = contradicted(checks, everything, figures, assumptions).to_dict("records")
    assert check["check"] == "tasks-government-sum"
    assert check["figure_ids"] == "kg22-0 kg22-1 kg22-2"
    rows[2]["as_printed"] = "14"
    figures, _ = parsed_figures({"figures": rows, "unmatched": []}, registers, "vi")
    assert contradicted(checks, everything, figures, assumptions).empty


def test_a_report_without_figures_warns_of_nothing(registers: Registers, published: pd.DataFrame) -> None:
    assert warned([], registers, published) == {}
    assert Path(DATA / "checks.csv").is_file()
