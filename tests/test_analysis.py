"""Values that the 2021 report gives, intervals included, and the mistakes they must not fall into."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from conftest import DATA
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from kg_analysis.analysis import growth, outputs, scenarios
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, given


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


def test_the_data_folder_is_the_projects_own() -> None:
    assert (DATA / "sources.csv").is_file()
