"""Rounding intervals: known answers, and properties that hold for every printed number."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis.errors import DataError
from kg_analysis.intervals import Interval, count_range, is_stable, meaningful_decimals, propagate, round_half_up

decimals = st.integers(0, 4)
values = st.integers(-(10**7), 10**7)


def printed(number: int, places: int) -> Interval:
    return Interval.rounded(Decimal(number).scaleb(-places), places)


@given(values, decimals)
def test_a_printed_number_stands_for_what_rounds_to_it(number: int, places: int) -> None:
    interval = printed(number, places)
    inside = interval.high - Fraction(1, 10**9)
    assert interval.width == Fraction(1, 10**places)
    if number > 0:  # halves round away from zero, so the open end is the upper one for positive numbers
        assert round_half_up(interval.low, places) == round_half_up(inside, places) == interval.value
    assert is_stable(interval, places)
    assert not is_stable(interval, places + 1)


@given(values, values, decimals, st.fractions(0, 1), st.fractions(0, 1))
def test_a_monotone_formula_stays_within_its_corners(a: int, b: int, places: int, x: Fraction, y: Fraction) -> None:
    first, second = printed(a, places), printed(b, places)
    result = propagate(lambda p, q: 3 * p - q, first, second)
    inner = 3 * (first.low + x * first.width) - (second.low + y * second.width)
    assert result.low <= inner <= result.high
    assert result.low <= result.value <= result.high


def test_an_input_used_twice_is_not_widened() -> None:
    x = Interval.rounded("4", 0)
    assert propagate(lambda a: a / a, x) == Interval.exact(1)


@pytest.mark.parametrize(
    ("days", "mean", "expected"),
    [
        (58, "17", (957, 986, 1014)),  # 58 x 16.5 = 957 exactly; 58 x 17.5 = 1015 is excluded
        (36, "127", (4554, 4572, 4589)),
        (8, "60", (476, 480, 483)),
        (10, "0", (0, 0, 4)),  # no negative cases
    ],
)
def test_cases_behind_a_rounded_mean(days: int, mean: str, expected: tuple[int, int, int]) -> None:
    found = count_range(days, Interval.rounded(mean, 0))
    assert (found.low, found.value, found.high) == expected


@given(st.integers(1, 400), st.integers(0, 5000), st.integers(0, 2))
def test_every_count_in_the_range_prints_as_the_mean(days: int, mean: int, places: int) -> None:
    """The range holds exactly the whole numbers whose mean rounds to the print, if there are any."""
    interval = printed(mean, places)
    found = count_range(days, interval)
    for count in {int(found.low), int(found.high)}:
        if found.low < found.high or interval.low <= Fraction(count, days) < interval.high:
            assert interval.low <= Fraction(count, days) < interval.high
    assert not interval.low <= Fraction(int(found.high) + 1, days) < interval.high


def test_two_sources_that_agree_leave_what_both_allow() -> None:
    common = Interval.rounded("10", 0).intersect(Interval.rounded("10.3", 1))
    assert (common.low, common.value, common.high) == (Fraction("10.25"), Fraction("10.3"), Fraction("10.35"))


def test_two_sources_that_contradict_each_other_are_an_error() -> None:
    with pytest.raises(DataError, match="nothing in common"):
        Interval.rounded("10", 0).intersect(Interval.rounded("12", 0))


def test_a_bound_has_no_point_estimate() -> None:
    doubled = propagate(lambda x: 2 * x, Interval.bounded(low=Fraction(95)))
    assert (doubled.low, doubled.value, doubled.high) == (190, None, math.inf)


def test_division_by_what_may_be_zero_is_an_error() -> None:
    with pytest.raises(DataError, match="zero"):
        propagate(lambda x: 1 / x, Interval(Fraction(0), Fraction(1), Fraction(1, 2)))


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        ("5197.6", "5199.05", 4, 1),
        ("0.5784", "0.5802", 4, 4),
        ("14.3", "21.2", 1, 1),
        ("5987", "6086", 2, 0),
        ("3", "3", 2, 2),
    ],
)
def test_decimals_worth_printing(low: str, high: str, most: int, expected: int) -> None:
    interval = Interval(Fraction(low), Fraction(high), Fraction(low))
    assert meaningful_decimals(interval, most) == expected


def test_halves_round_away_from_zero() -> None:
    assert [round_half_up(Fraction(x), 0) for x in ("2.5", "-2.5", "3.5", "-0.4")] == [3, -3, 4, 0]


def test_an_impossible_interval_is_refused() -> None:
    with pytest.raises(DataError, match="no interval"):
        Interval(Fraction(2), Fraction(1), None)
