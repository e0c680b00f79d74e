"""Values that the 2021 report gives, intervals included, and the mistakes they must not fall into."""

from __future__ import annotations

import dataclasses
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from conftest import DATA
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from kg_analysis.analysis import causes, growth, investment, outputs, pacing, scenarios
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, frame, given


def agrees(quantity: Quantity | None, value: float, low: float, high: float, decimals: int) -> bool:
    """Whether value and bounds round to those of the page."""
    assert quantity is not None
    found = [round(each, decimals) for each in (quantity.value, quantity.low, quantity.high)]
    return found == [value, low, high]


def printed(value: str, decimals: int, unit: str = "pct", basis: str = "actual") -> Quantity:
    return Quantity(Interval.rounded(value, decimals), unit, ("f",), decimals, basis)


@pytest.fixture
def rates(data: Dataset) -> growth.Growth:
    return growth.growth(data)


@pytest.fixture
def plan(data: Dataset) -> investment.Investment:
    return investment.investment(data)


# --- growth


def test_weight_of_the_first_half_is_a_diagnostic(rates: growth.Growth, data: Dataset) -> None:
    weight = growth.h1_weight(rates)
    assert agrees(weight, 0.5793, 0.5784, 0.5802, 4)
    assert growth.judge_h1_weight(weight, data) == growth.IMPLAUSIBLE
    assert growth.judge_h1_weight(printed("0.643", 3), data) == growth.PLAUSIBLE
    assert growth.judge_h1_weight(printed("0.6", 1), data) == growth.UNDECIDED


@pytest.mark.parametrize(("share", "implied", "break_even"), [(20, 3.50, 0.60), (25, 2.77, 0.45), (30, 2.28, 0.35)])
def test_fourth_quarter(rates: growth.Growth, share: int, implied: float, break_even: float) -> None:
    nine, s = rates.period("9M"), given(share, "share_pct")
    assert round(scenarios.implied_q4(rates.period("FY"), nine, s).value, 2) == implied
    assert round(scenarios.implied_q4(given(0, "pct"), nine, s).value, 2) == break_even


@hypothesis_given(st.integers(-1500, 1500), st.integers(-1500, 1500), st.integers(1, 99))
def test_the_implied_quarter_adds_up_to_the_year(nine: int, quarter: int, share: int) -> None:
    """Levels add: (1-s) g_9M + s g_Q4 = g_FY, solved for g_Q4 returns it."""
    s = Fraction(share, 100)
    year = (1 - s) * Fraction(nine, 100) + s * Fraction(quarter, 100)
    exact = [Quantity(Interval.exact(each), "pct") for each in (year, Fraction(nine, 100))]
    assert scenarios.implied_q4(*exact, given(share, "share_pct")).interval.value == Fraction(quarter, 100)


def test_growth_that_was_expected(rates: growth.Growth) -> None:
    assert agrees(growth.expected_h1(rates), 3.00, 2.99, 3.01, 2)
    assert rates.above_expectation is not None
    assert rates.above_expectation.unit == "percentage_point"  # printed as %, a difference of two rates


def test_the_simple_mean_of_half_year_and_quarter_is_not_nine_months(rates: growth.Growth) -> None:
    assert round(growth.naive_mean(rates).value, 2) == -1.03
    assert rates.period("9M").value == -0.15


def test_the_year_is_an_estimate_and_nine_months_are_not(rates: growth.Growth) -> None:
    assert rates.period("FY").basis == "estimate"
    assert rates.period("9M").basis == "actual"


def test_single_and_cumulative_periods_are_told_apart(data: Dataset) -> None:
    spans = data.grdp_growth.set_index("period")["span"].to_dict()
    assert spans == {"Q3": "single", "H1": "cumulative", "9M": "cumulative", "FY": "cumulative"}


def test_next_year(rates: growth.Growth) -> None:
    trend = given(6, "pct")
    assert round(scenarios.catch_up(rates.period("FY"), trend).value, 2) == round((1.06**2 / 1.0058 - 1) * 100, 2)
    assert round(scenarios.base_effect(rates.period("Q3")).value, 2) == round((1 / 0.9342 - 1) * 100, 2)
    assert round(scenarios.two_year_level(rates.period("FY"), trend).value, 2) == round((1.0058 * 1.06 - 1) * 100, 2)


def test_a_share_outside_0_to_100_is_refused(data: Dataset) -> None:
    for share in (0, 100, -5, 120):
        with pytest.raises(DataError, match="no share"):
            scenarios.q4_shares(data, share)
    assert scenarios.q4_shares(data, 28).base.value == 28


def test_a_period_that_is_not_printed_names_itself(rates: growth.Growth) -> None:
    with pytest.raises(NotPrintedError, match="growth of Q1 2021 is not printed"):
        rates.period("Q1")


def test_equal_rates_imply_no_weight(rates: growth.Growth) -> None:
    same = dataclasses.replace(rates, periods=rates.periods | {"Q3": rates.period("H1")})
    with pytest.raises(NotPrintedError, match="alike"):
        growth.h1_weight(same)


# --- industry and retail


def test_industry(data: Dataset) -> None:
    industry = next(each for each in outputs.outputs(data) if each.indicator == "industrial_output")
    assert agrees(industry.plan, 50280.2, 50277.6, 50282.9, 1)
    assert industry.last_year is not None
    assert round(industry.last_year.value, 1) == 46515.0
    assert agrees(industry.planned_growth, 8.09, 8.08, 8.11, 2)
    assert industry.realised_increase is not None
    assert round(industry.realised_increase.value, 1) == 23.3
    assert industry.is_estimate


def test_retail_has_ratios_only(data: Dataset) -> None:
    retail = next(each for each in outputs.outputs(data) if each.indicator == "retail_sales")
    assert agrees(retail.planned_growth, 12.0, 11.9, 12.1, 1)
    assert retail.actual is None
    assert retail.plan is None
    assert retail.last_year is None


def test_part_of_an_increase_is_suppressed_where_none_was_planned() -> None:
    flat = outputs.Output("x", None, printed("2.0", 1), printed("101.9", 1))
    assert flat.planned_growth is not None
    assert flat.realised_increase is None


# --- investment


def test_plan_behind_both_ratios(plan: investment.Investment) -> None:
    assert plan.plans_agree
    assert agrees(plan.plan, 5198.3, 5197.6, 5199.0, 1)


def test_what_is_left(plan: investment.Investment, data: Dataset) -> None:
    goal = investment.target(data)
    assert agrees(investment.undisbursed(plan), 877.3, 876.1, 878.5, 1)
    assert round(investment.missing_to_target(plan, goal).value, 1) == 617.4
    assert round(investment.factor_to_target(plan, goal).value, 3) == 1.143


def test_the_target_is_the_next_years_aim(data: Dataset) -> None:
    goal = investment.target(data)
    assert (goal.ratio.value, goal.year, goal.or_more) == (95, 2022, True)
    chosen = investment.target(data, 90)
    assert (chosen.year, chosen.or_more) == (None, False)


def test_the_years_own_aim_comes_before_the_next_years(data: Dataset) -> None:
    rows = data.investment
    own = rows[rows["basis"] == "plan"].assign(budget_year=2021, ratio_pct=90.0)
    both = dataclasses.replace(data, investment=pd.concat([rows, own], ignore_index=True))
    assert (investment.target(both).ratio.value, investment.target(both).year) == (90, 2021)


def test_the_latest_cutoff_of_a_measure_counts(data: Dataset) -> None:
    rows = data.investment
    paid = rows[(rows["measure"] == "disbursed") & (rows["budget_year"] == 2021)]
    earlier, undated = paid.assign(as_of=pd.Timestamp("2021-11-30")), paid.assign(as_of=pd.NaT)
    several = dataclasses.replace(data, investment=pd.concat([rows, earlier, undated], ignore_index=True))
    found = investment.investment(several).disbursed
    assert found is not None
    assert found.as_of == date(2022, 1, 31)


def test_tables_say_what_rests_on_an_estimate(plan: investment.Investment, rates: growth.Growth, data: Dataset) -> None:
    results = {row["quantity"]: row["basis"] for row in pacing.result_rows(plan, investment.target(data), 13)}
    assert set(results.values()) == {"derived_estimate"}
    basis = {
        row["quantity"]: row["basis"] for row in scenarios.growth_rows(rates, given(25, "share_pct"), given(6, "pct"))
    }
    assert basis["growth_FY"] == "estimate"
    assert basis["implied_q4"] == "derived_estimate"
    assert basis["change_h1_to_9m"] == "derived"
    assert (basis["h1_weight"], basis["naive_mean_h1_q3"]) == ("check", "wrong")
    assert {row["basis"] for row in outputs.output_rows(outputs.outputs(data))} == {"estimate"}


def test_pace_over_thirteen_months(plan: investment.Investment, data: Dataset) -> None:
    pace = pacing.pace(plan, investment.target(data), 13)
    assert pace.months_done == 13
    assert round(pace.achieved.value, 1) == 332.4
    assert round(pace.needed.value, 1) == 379.9
    assert pace.needed_from_now is None  # the cut-off is the close


def test_the_budget_year_has_thirteen_months() -> None:
    assert pacing.months_since_january(date(2022, 1, 31), 2021) == 13
    assert pacing.months_since_january(date(2021, 12, 31), 2021) == 12
    assert pacing.months_since_january(date(2021, 6, 15), 2021) == Fraction(11, 2)


def test_pace_with_months_left(plan: investment.Investment, data: Dataset) -> None:
    assert plan.disbursed is not None
    early = dataclasses.replace(plan, disbursed=dataclasses.replace(plan.disbursed, as_of=date(2021, 11, 30)))
    pace = pacing.pace(early, investment.target(data), 13)
    assert pace.months_done == 11
    assert pace.needed_from_now is not None
    assert pace.needed_from_now.value == pytest.approx(617.402 / 2, abs=0.01)


def test_a_cutoff_outside_the_budget_year_is_refused(plan: investment.Investment, data: Dataset) -> None:
    assert plan.disbursed is not None
    late = dataclasses.replace(plan, disbursed=dataclasses.replace(plan.disbursed, as_of=date(2022, 3, 31)))
    with pytest.raises(DataError, match="15 months into budget year 2021"):
        pacing.pace(late, investment.target(data), 13)


def test_ratios_that_contradict_each_other_are_a_finding_and_no_crash(data: Dataset) -> None:
    figures = data.figures.copy()
    figures.loc["kg21-pubinv-volume-ratio", ["value", "low", "high"]] = [80.53, 80.525, 80.535]
    found = investment.investment(dataclasses.replace(data, figures=figures))
    assert not found.plans_agree
    assert found.disbursed is not None
    assert found.plan == found.disbursed.plan


def test_completed_work_and_money_have_different_dates(plan: investment.Investment) -> None:
    assert plan.completed is not None
    assert plan.disbursed is not None
    assert (plan.completed.as_of, plan.disbursed.as_of) == (date(2021, 12, 31), date(2022, 1, 31))


def test_causes_are_named_without_shares(data: Dataset) -> None:
    rows = causes.causes(data)
    assert [row["delay"] for row in rows] == [
        "cause_commitment",
        "cause_supervision",
        "cause_coordination",
        "cause_site_clearance",
        "sector_transport",
        "sector_agriculture",
        "funding_land_revenue",
        "funding_record_only",
    ]
    assert not any(isinstance(cell, Quantity | float) for row in rows for cell in row.values())


def test_every_result_rests_on_printed_figures(data: Dataset) -> None:
    rates, plan = growth.growth(data), investment.investment(data)
    rows = pacing.result_rows(plan, investment.target(data), 13)
    rows += scenarios.growth_rows(rates, given(25, "share_pct"), given(6, "pct"))
    ids = {each for line in frame(rows)["figure_ids"] for each in line.split()}
    assert ids
    assert ids <= set(data.figures.index)
    assert all(line for line in frame(rows)["figure_ids"])


def test_the_data_folder_is_the_projects_own() -> None:
    assert (DATA / "sources.csv").is_file()
