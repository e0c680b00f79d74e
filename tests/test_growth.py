"""Growth from printed rates: known answers of the 2021 report and of nine years, and the mistakes to avoid."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
from conftest import DATA
from hypothesis import given
from hypothesis import strategies as st
from made_up import published

from kg_analysis.analysis import growth, panel
from kg_analysis.bounds import exact
from kg_analysis.briefing.registry import Frames
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext


@cache
def frames(year: int) -> Frames:
    return Frames(ReportContext(load(DATA, year, "91"), NumberFormatter("vi")))


# --- periods


def test_the_last_publication_leads_and_the_first_stands_beside() -> None:
    half = frames(2021)["year_rates"].set_index("period").loc["H1"]
    assert (half["growth_pct"], half["first_pct"], half["vintage"]) == (3.54, 4.52, "2022-07")
    assert half["conflicting_pct"] == "4.52"


def test_single_quarters_and_cumulative_periods_are_told_apart() -> None:
    spans = frames(2021)["year_rates"].set_index("period")["span"]
    assert spans.to_dict() == {
        "Q1": "single", "H1": "cumulative", "Q3": "single", "9M": "cumulative", "FY": "cumulative",
    }  # fmt: skip


def test_2025_is_two_series_in_the_order_of_time() -> None:
    rates = frames(2025)["year_rates"]
    assert list(zip(rates["boundary_version"], rates["period"], strict=True)) == [
        ("kien-giang", "Q1"), ("kien-giang", "H1"), ("an-giang-2025", "FY"),
    ]  # fmt: skip


def test_a_merged_provinces_restated_years_are_not_the_old_provinces() -> None:
    assert set(frames(2024)["year_rates"]["boundary_version"]) == {"kien-giang"}


def test_a_coarser_print_of_the_same_figure_is_no_revision() -> None:
    table = published((2022, "9M", "8.61", "2022-10-05"), (2022, "9M", "8.6", "2022-10-09"))
    assert growth.publications(table, 2022).empty
    moved = growth.publications(published((2022, "H1", "4.5", "2022-06"), (2022, "H1", "3.5", "2023-07")), 2022)
    assert moved["growth_pct"].tolist() == [4.5, 3.5]


# --- the third quarter and the weight of the first half


def test_the_weight_of_the_first_half_is_a_diagnostic() -> None:
    course = frames(2021)["course"]
    own, revised = course.iloc[0], course.iloc[1]
    assert own["h1_weight_share"] == pytest.approx(0.5793, abs=5e-5)
    assert own["h1_weight_share_low"] == pytest.approx(0.5784, abs=5e-5)
    assert own["h1_weight_share_high"] == pytest.approx(0.5802, abs=5e-5)
    assert own["verdict"] == growth.IMPLAUSIBLE
    assert (revised["h1_pct"], revised["verdict"]) == (3.54, growth.PLAUSIBLE)  # the nation's is 0.643
    assert revised["h1_weight_share"] == pytest.approx((-0.15 + 6.58) / (3.54 + 6.58))


def test_growth_that_was_expected_and_the_simple_mean_as_a_mistake() -> None:
    own = frames(2021)["course"].iloc[0]
    assert own["expected_h1_pct"] == pytest.approx(3.00)
    assert own["naive_mean_pct"] == pytest.approx(-1.03)
    assert own["naive_mean_pct_high"] < own["nine_pct_low"]  # it is not nine months
    assert own["change_pp"] == pytest.approx(-4.67)


def test_equal_rates_imply_no_weight(data: Dataset) -> None:
    table = published((2021, "H1", "5.00", "2021-12"), (2021, "Q3", "5.00", "2021-12"), (2021, "9M", "5.00", "2021-12"))
    course = growth.course(table, growth.by_period(table, 2021), data.figures.head(0), data.assumptions)
    assert course["h1_weight_share"].isna().all()
    assert course["change_pp"].tolist() == [0.0]


# --- the rest of the year


@pytest.mark.parametrize(("share", "implied", "zero"), [(20, 3.50, 0.60), (25, 2.77, 0.45), (30, 2.28, 0.35)])
def test_the_fourth_quarter_of_2021(share: int, implied: float, zero: float) -> None:
    rest = frames(2021)["rest_need"].set_index(["goal", "share_pct"])["need_pct"]
    assert rest["printed", share] == pytest.approx(implied, abs=0.005)
    assert rest["zero", share] == pytest.approx(zero, abs=0.005)


@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(5, 60))
def test_what_the_rest_needs_adds_up_to_the_year(nine: int, goal: int, share: int) -> None:
    rates = growth.by_period(published((2021, "9M", f"{nine / 100:.2f}", "2021-10")), 2021)
    goals = exact(pd.DataFrame({"goal": ["base"], "goal_pct": [goal / 100], "figure_ids": [""]}), "goal_pct")
    shares = exact(pd.DataFrame({"quarters_done": [3], "case": ["base"], "share_pct": [float(share)]}), "share_pct")
    row = growth.rest_of_year(rates, goals, shares).set_index("goal").loc["base"]
    year = (1 - share / 100) * row["done_pct"] + share / 100 * row["need_pct"]
    assert year == pytest.approx(goal / 100, abs=1e-9)
    assert row["need_pct_low"] <= row["need_pct"] <= row["need_pct_high"]


def test_the_ministrys_scenario_of_the_nation() -> None:
    """H1 5.64 and a year of 6.03 with shares .455 and .545 leave what Q3 6.2 and Q4 6.5 make together."""
    rates = growth.by_period(published((2021, "H1", "5.64", "2021-07")), 2021)
    goals = exact(pd.DataFrame({"goal": ["base"], "goal_pct": [6.0322], "figure_ids": [""]}), "goal_pct")
    shares = exact(pd.DataFrame({"quarters_done": [2], "case": ["base"], "share_pct": [54.5]}), "share_pct")
    need = growth.rest_of_year(rates, goals, shares).set_index("goal").at["base", "need_pct"]
    assert need == pytest.approx((0.255 * 6.2 + 0.290 * 6.5) / 0.545)


def test_the_rest_after_each_release_by_its_share_of_the_plan() -> None:
    rows = frames(2021)["rest_plan"].query("goal == 'base'").set_index("done")
    assert rows.index.tolist() == ["Q1", "H1"]
    last = 31752.57 / 0.4344 / 1.0601  # the plan behind the release over its growth
    by_levels = (1.0601 * last - 31752.57) / (last - 31752.57 / 1.0452) - 1
    assert rows.at["H1", "need_pct"] == pytest.approx(100 * by_levels, abs=1e-6)
    assert rows.at["H1", "need_pct_low"] < rows.at["H1", "need_pct"] < rows.at["H1", "need_pct_high"]


def test_a_share_outside_0_to_100_is_refused(data: Dataset) -> None:
    with pytest.raises(DataError, match="q4_share_pct 0 is no share; give a number between 0 and 100"):
        growth.rest_shares(data.assumptions, 0)


@pytest.mark.parametrize(("year", "target", "more"), [(2021, 6.01, False), (2024, 7.0, True)])
def test_or_more_is_a_target(year: int, target: float, more: bool) -> None:
    base = frames(year)["goals"].set_index("goal").loc["base"]
    assert (base["goal_pct"], base["or_more"], base["origin"]) == (target, more, growth.PLANNED)


def test_goals_are_points_apart_and_must_ascend(data: Dataset) -> None:
    table = frames(2021)["goals"]
    assert table["goal_pct"].tolist() == [5.01, 6.01, 7.01]  # a point below and above, not a percent
    with pytest.raises(DataError, match="targets 7, 6, 7 do not ascend; set target_low_pct"):
        growth.goals(frames(2021)["growth_published"], 2021, data.assumptions, base=6, low=7)


# --- next year and five years


def test_catch_up_from_the_year_before_and_from_the_last_normal_year() -> None:
    row = frames(2021)["ahead_growth"].iloc[0]
    assert row["catch_up_pct"] == pytest.approx(100 * (1.06**2 / 1.0058 - 1))
    assert row["normal_year"] == 2019  # 7.3 against a trend of 6; 2020 had fallen behind already
    assert row["catch_up_normal_pct"] == pytest.approx(100 * (1.06**3 / (1.0305 * 1.0058) - 1))
    assert row["catch_up_normal_pct_low"] < row["catch_up_normal_pct"] < row["catch_up_normal_pct_high"]
    assert (row["next_target_pct"], row["next_pct"]) == (6.02, 7.7)


def test_a_year_above_the_trend_has_nothing_to_catch_up() -> None:
    row = frames(2019)["ahead_growth"].iloc[0]
    assert row["normal_year"] == 2019
    assert "catch_up_normal_pct" not in row


def test_the_base_effect_of_the_third_quarter() -> None:
    assert frames(2021)["base"]["base_effect_pct"].item() == pytest.approx(100 * (1 / 0.9342 - 1))


def test_five_years_chain_and_what_is_left() -> None:
    path = frames(2021)["path"].set_index("year")
    assert path.index.tolist() == [2021, 2022, 2023, 2024, 2025]
    index = 1.0058 * 1.077 * 1.0679 * 1.075
    assert path.at[2024, "index"] == pytest.approx(100 * index)
    assert path.at[2024, "mean_pct"] == pytest.approx(100 * (index**0.25 - 1))
    assert path["target_pct"].isna().all()  # a target of 2021–2030 says nothing of its first half
    assert pd.isna(path.at[2025, "growth_pct"])  # the merged province's year is another series


def test_what_is_left_of_a_five_year_target() -> None:
    rates = {f"growth_pct{end}": [2.0, 6.0] for end in ("", "_low", "_high", "_decimals")}
    years = pd.DataFrame({"year": [2021, 2022], **rates})
    years = years.assign(basis="actual", growth_pct_kind="exact", figure_ids="a", boundary_version="b")
    aim = {"figure_id": "aim", "indicator": "grdp_growth_average", "basis": "plan", "item": "", "value": 7.0}
    spans = {"period_start": pd.Timestamp("2021-01-01"), "period_end": pd.Timestamp("2025-12-31")}
    path = growth.five_year_path(years, pd.DataFrame([aim | spans]), 2022).set_index("year")
    assert path.at[2022, "need_pct"] == pytest.approx(100 * ((1.07**5 / (1.02 * 1.06)) ** (1 / 3) - 1))
    assert path.at[2022, "target_years"] == "2021–2025"


def test_a_five_year_plan_whose_first_year_is_not_held_has_no_path() -> None:
    assert frames(2018)["path"].empty  # 2016


# --- last year beside this one


def test_figures_published_at_different_ages_are_compared_only_when_asked_for_and_marked() -> None:
    table = published((2020, "H1", "1.24", "2021-06-30"), (2021, "H1", "4.52", "2021-07-02"))
    table.loc[0, "source_id"] = "other"
    refused, marked = (growth.beside_last_year(table, 2021, across=each).iloc[0] for each in (False, True))
    assert pd.isna(refused["change_pp"])
    assert marked["change_pp"] == pytest.approx(3.28)
    assert bool(refused["mixed"]) is bool(marked["mixed"]) is True


def test_one_page_on_both_years_may_be_compared() -> None:
    table = published((2020, "H1", "1.24", "2021-06-30"), (2021, "H1", "4.52", "2021-06-30"))
    row = growth.beside_last_year(table, 2021).iloc[0]
    assert (bool(row["mixed"]), round(row["change_pp"], 2)) == (False, 3.28)


def test_no_comparison_crosses_a_boundary() -> None:
    before = growth.beside_last_year(
        load(DATA, 2025, "91").regional_growth.query("area_code == '91'"), 2025, across=True
    )
    assert set(before["boundary_version"]) == {"kien-giang"}
    assert before["period"].tolist() == ["H1"]


# --- output against its plan


def test_industry_of_2021() -> None:
    row = frames(2021)["made"].query("leads").set_index("indicator").loc["industrial_output"]
    assert round(row["plan_amount"], 1) == 50280.2
    assert (round(row["plan_amount_low"], 1), round(row["plan_amount_high"], 1)) == (50277.6, 50282.9)
    assert round(row["last_year_amount"], 1) == 46515.0
    assert row["planned_growth_pct"] == pytest.approx(8.10, abs=0.01)
    assert row["realised_share_pct"] == pytest.approx(23.3, abs=0.05)
    assert row["basis"] == "estimate"


def test_retail_has_ratios_only() -> None:
    row = frames(2021)["made"].query("leads").set_index("indicator").loc["retail_sales"]
    assert pd.isna(row["actual_amount"])
    assert pd.isna(row["plan_amount"])
    assert row["planned_growth_pct"] == pytest.approx(12.0, abs=0.05)
    assert (row["planned_growth_pct_low"], row["planned_growth_pct_high"]) == pytest.approx((11.93, 12.06), abs=0.005)


def test_part_of_an_increase_is_left_out_where_none_was_planned(data: Dataset) -> None:
    table = data.tables.sector_outputs.query("year == 2021 and indicator == 'retail_sales' and period == 'FY'")
    table = table.assign(growth_pct=2.0, growth_pct_low=1.95, growth_pct_high=2.05, plan_ratio_pct=101.9)
    table = table.assign(plan_ratio_pct_low=101.85, plan_ratio_pct_high=101.95)
    row = growth.outputs(table, data.published, data.indicators["unit"]).iloc[0]
    assert row["planned_growth_pct"] == pytest.approx(0.098, abs=0.001)
    assert pd.isna(row["realised_share_pct"])


def test_over_years_holds_the_targets_of_the_panel() -> None:
    """Goals and the view over years read one target."""
    for year in (2021, 2022, 2023, 2024):
        base = frames(year)["goals"].set_index("goal").at["base", "goal_pct"]
        years = panel.over_years(load(DATA, year, "91").regional_growth, "91").query("boundary_version == 'kien-giang'")
        assert base == years.set_index("year").at[year, "target_pct"]
