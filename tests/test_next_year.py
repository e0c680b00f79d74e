"""A report the code has not seen: a made-up 2023 with other figures, other decimals and no COVID."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

from kg_analysis.analysis import covid, growth, outputs
from kg_analysis.data.clean import write_clean
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.ingest.verify import verify_report


@pytest.fixture
def next_year(next_year_dir: Path) -> Dataset:
    return load(next_year_dir, 2023, "91")


def test_its_figures_stand_in_its_text(next_year_dir: Path) -> None:
    text = ROOT / "tests/fixtures/next_year/kien-giang-2023-test.txt"
    assert verify_report(text, next_year_dir).by_topic == {"growth": 4, "investment": 4, "sector_output": 4}


def test_the_year_before_is_untouched(next_year_dir: Path, data: Dataset) -> None:
    again = load(next_year_dir, 2021, "91")
    assert again.figures.equals(data.figures)
    assert again.vintages == ("2021-12",)


def test_other_decimals_give_other_intervals(next_year: Dataset) -> None:
    rates = growth.growth(next_year)
    year = rates.period("FY")
    assert (year.value, year.low, year.high, year.decimals) == (7, 6.5, 7.5, 0)
    weight = growth.h1_weight(rates)
    assert weight.value == pytest.approx((6.5 - 7.25) / (6.1 - 7.25))
    assert growth.judge_h1_weight(weight, next_year) == growth.UNDECIDED  # one decimal leaves it open


def test_a_plan_exceeded_and_a_sector_with_growth_only(next_year: Dataset) -> None:
    industry, retail = outputs.outputs(next_year)
    assert industry.plan_ratio is None
    assert industry.planned_growth is None
    assert retail.realised_increase is not None
    assert retail.realised_increase.value > 100


def test_a_wave_that_runs_into_the_next_year_stays_whole(data_dir: Path) -> None:
    path = data_dir / "printed/kien-giang-2021.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("figure_id", drop=False)
    rows = rows[rows["dimension"] == "wave_phase"]
    first, last = "2022-01-03", "2022-01-10"
    columns = ["as_printed", "period_start", "period_end"]
    rows.loc["kg21-covid-p3-start", columns] = ["03/01", first, first]
    rows.loc["kg21-covid-p3-end", columns] = ["10/01", last, last]
    rows.loc[["kg21-covid-p3-mean", "kg21-covid-p3-community"], columns[1:]] = [first, last]
    rows.to_csv(path, index=False, lineterminator="\n")
    write_clean(data_dir)
    wave = covid.phase_summary(load(data_dir, 2021, "91").covid_phases)
    assert wave["phase"].tolist() == ["1", "2", "3", "wave"]
    assert wave["end"].max().year == 2022
