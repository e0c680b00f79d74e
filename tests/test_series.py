"""The optional series: absent is fine, present is held to the contract, every failure with its row and remedy."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA

from kg_analysis.data.clean import check_data
from kg_analysis.data.dataset import load
from kg_analysis.data.schemas import SERIES
from kg_analysis.data.series import read_series
from kg_analysis.errors import DataError

DAILY = "series/covid_daily.csv"
GRDP = ("91", "kien-giang", "2021", "1", "total", "2021-03-30", "synthetic-example", "100.5", "1", "constant_2010")
MONTH = (
    "91",
    "kien-giang",
    "2021",
    "2",
    "total",
    "total",
    "2021",
    "synthetic-example",
    "2021-02-28",
    "900",
    "",
    "",
    "9",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def change(path: Path, row: int, **cells: str) -> None:
    """Set cells of one spreadsheet row."""
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    for column, value in cells.items():
        rows[row - 1][rows[0].index(column)] = value
    write(path, rows)


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def add(folder: Path, number: int, *cells: str) -> None:
    """A series of one row beside the committed ones."""
    columns = list(SERIES[number].columns)
    write(folder / f"{SERIES[number].name}.csv", [columns, [*cells, *[""] * (len(columns) - len(cells))]])


def problems(folder: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_series(folder)
    assert set(caught.value.problems) <= set(_whole_check(folder))
    return list(caught.value.problems)


def _whole_check(folder: Path) -> list[str]:
    """The same problems must come out of the check of the whole folder."""
    with pytest.raises(DataError) as caught:
        check_data(folder)
    return list(caught.value.problems)


def test_the_committed_counts_are_the_ministrys_and_whole() -> None:
    data = load(DATA, 2021, "91")
    counts = data.covid_daily
    daily = counts[counts["source_id"] == "moh-bulletins-2021"].set_index("date")["new_cases"]
    assert len(daily) == 236
    assert (daily["2021-09-28"], daily["2021-09-29"], daily["2022-01-22"]) == (70, 82, 0)
    assert daily.sum() == 32551
    collections = {"ncsc-portal-2022", "vncdc-2021", "vnexpress-covid-2021"}
    assert set(counts["source_id"]) == {"moh-bulletins-2021", *collections}
    assert data.sources.loc[sorted(collections), "url"].str.startswith("https://").all()
    assert data.sources.at["moh-bulletins-2021", "kind"] == "collection"
    assert DAILY in data.inputs


def test_no_made_up_row_is_committed_among_the_series() -> None:
    sources = pd.read_csv(DATA / "sources.csv").set_index("id")["kind"]
    for path in (DATA / "series").glob("*.csv"):
        assert not sources[pd.read_csv(path)["source_id"]].eq("synthetic").any()


def test_a_folder_without_series_loads_and_gives_them_without_rows(folder: Path) -> None:
    shutil.rmtree(folder / "series")
    data = load(folder, 2021, "91")
    for series in (data.covid_daily, data.grdp_quarterly, data.disbursement_monthly):
        assert series.empty
    assert list(data.covid_daily.columns) == [*SERIES[0].columns, "is_excluded"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"new_cases": "1.222"}, "series/covid_daily.csv row 4: new_cases '1.222': write a whole number without separ"),
        ({"date": "2027-01-01"}, "series/covid_daily.csv row 4: 2027-01-01 lies after 2026-11-24, the day its source"),
        (
            {"source_id": "ncsc-portal-2022"},
            "row 4: area_code '91', boundary_version 'kien-giang', date ",
        ),
        ({"area_code": "79"}, "series/covid_daily.csv row 4: area 79 with boundary 'kien-giang' is not in areas.csv"),
        ({"boundary_version": "an-giang-2025"}, "row 4: 2021-06-01 leaves boundary 'an-giang-2025'; use the boundary"),
        ({"source_id": "mine"}, "series/covid_daily.csv row 4: source 'mine' is not in sources.csv; add it"),
        ({"community_cases": "5"}, "series/covid_daily.csv row 4: area_code='91'"),
        ({"date": "3/6/2021"}, "date '3/6/2021': write a calendar day as year-month-day, e.g. 2021-09-30"),
    ],
)
def test_a_broken_daily_row_is_refused_with_its_row_and_remedy(
    folder: Path, cells: dict[str, str], message: str
) -> None:
    change(folder / DAILY, 4, **cells)
    assert any(message in each for each in problems(folder))


def test_all_failures_of_a_series_come_at_once(folder: Path) -> None:
    change(folder / DAILY, 4, new_cases="1.222")
    change(folder / DAILY, 9, area_code="x")
    add(folder, 1, *GRDP, "guess")
    assert len(problems(folder)) == 3


def test_a_negative_count_is_a_correction_and_is_kept(folder: Path) -> None:
    change(folder / DAILY, 4, new_cases="-7", community_cases="")
    assert load(folder, 2021, "91").covid_daily.at[2, "new_cases"] == -7


def test_another_areas_rows_do_not_reach_the_dataset(folder: Path) -> None:
    before = len(load(folder, 2021, "91").covid_daily)
    change(folder / DAILY, 4, area_code="93", boundary_version="hau-giang")
    assert len(load(folder, 2021, "91").covid_daily) == before - 1


@pytest.mark.parametrize(
    ("as_of", "month", "expected"),
    [
        ("2021-02-28", "2", ""),
        ("2022-01-31", "13", ""),
        ("2021-03-01", "2", "month 3"),
        ("2022-01-31", "1", "month 13"),
    ],
)
def test_a_month_of_the_budget_year_is_that_of_its_cut_off_day(
    folder: Path, as_of: str, month: str, expected: str
) -> None:
    cells = dict(zip(SERIES[2].columns, MONTH, strict=False)) | {"month_index": month, "as_of": as_of}
    row = {**dict.fromkeys(SERIES[2].columns, ""), **cells, "decimals": "0"}
    write(folder / f"{SERIES[2].name}.csv", [list(row), list(row.values())])
    if not expected:
        assert read_series(folder)["disbursement_monthly"].at[0, "month_index"] == int(month)
        return
    found = problems(folder)
    assert len(found) == 1
    assert f"as_of {as_of} is in {expected} of budget year 2021" in found[0]
    assert "correct one of them" in found[0]


def test_a_quarter_that_leaves_the_boundary_is_refused(folder: Path) -> None:
    add(folder, 1, *GRDP[:2], "2025", "3", *GRDP[4:], "estimate")
    assert any("2025-09-30 leaves boundary 'kien-giang'" in each for each in problems(folder))
