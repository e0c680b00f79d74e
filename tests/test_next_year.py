"""A report the code has not seen: a made-up 2023 with other figures, other decimals and no COVID."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

from kg_analysis.analysis import covid, forecasts, growth, investment
from kg_analysis.briefing.registry import Frames
from kg_analysis.data.clean import write_clean
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import NotPrintedError
from kg_analysis.formats import NumberFormatter
from kg_analysis.ingest.verify import verify_report
from kg_analysis.narrative import growth as words
from kg_analysis.narrative.context import ReportContext


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
    frames = Frames(ReportContext(next_year, NumberFormatter("vi")))
    year = growth.by_period(next_year.grdp_growth, 2023).set_index("period").loc["FY"]
    assert (year["growth_pct"], year["growth_pct_low"], year["growth_pct_high"], year["decimals"]) == (7, 6.5, 7.5, 0)
    row = frames["course"].iloc[0]
    assert row["h1_weight_share"] == pytest.approx((6.5 - 7.25) / (6.1 - 7.25))
    assert row["verdict"] == growth.UNDECIDED  # one decimal leaves it open


def test_one_ratio_is_enough_for_the_plan_and_months_are_left(next_year: Dataset) -> None:
    held = investment.totals(next_year.tables.investment)
    held = held[(held["area_code"] == next_year.area) & (held["budget_year"] == next_year.year)]
    row = held[held["source_id"].isin(next_year.publications)].iloc[-1]
    assert row["plan_from"] == "implied"
    assert row["plan_bn_vnd"] == pytest.approx(5612.4 / 0.715)
    pace = forecasts.required_pace(held[held["figure_ids"] == row["figure_ids"]], 97.5).iloc[0]
    assert pace["months_left"] == 2
    assert pace["pace_bn_vnd_per_month"] == pytest.approx((0.975 * 5612.4 / 0.715 - 5612.4) / 2)


def test_a_plan_exceeded_and_a_sector_with_growth_only(next_year: Dataset) -> None:
    made = Frames(ReportContext(next_year, NumberFormatter("vi")))["made"]
    made = made[made["leads"]].set_index("indicator")
    assert pd.isna(made.at["industrial_output", "plan_ratio_pct"])
    assert pd.isna(made.at["industrial_output", "planned_growth_pct"])
    assert made.at["retail_sales", "realised_share_pct"] > 100


def test_what_is_absent_says_so(next_year: Dataset) -> None:
    assert covid.phase_summary(next_year.covid_phases).empty
    frames = Frames(ReportContext(next_year, NumberFormatter("vi")))
    with pytest.raises(NotPrintedError):
        frames.call(words.expectation)
    assert investment.causes(next_year.figures).empty


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
