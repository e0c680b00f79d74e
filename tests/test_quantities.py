"""Rounding intervals: known answers, and properties that hold for every printed number."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis.errors import DataError
from kg_analysis.formats import Quantity, is_stable, meaningful_decimals, round_half_up

decimals = st.integers(0, 4)
values = st.integers(-(10**7), 10**7)


def printed(number: int, places: int) -> tuple[Fraction, Fraction, Fraction]:
    value, half = Fraction(Decimal(number).scaleb(-places)), Fraction(1, 2 * 10**places)
    return value - half, value + half, value


@given(values, decimals)
def test_a_printed_number_stands_for_what_rounds_to_it(number: int, places: int) -> None:
    low, high, value = printed(number, places)
    inside = high - Fraction(1, 10**9)
    if number > 0:  # halves round away from zero, so the open end is the upper one for positive numbers
        assert round_half_up(low, places) == round_half_up(inside, places) == value
    assert is_stable(low, high, value, places)
    assert not is_stable(low, high, value, places + 1)


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
    assert meaningful_decimals(Fraction(low), Fraction(high), most) == expected


def test_halves_round_away_from_zero() -> None:
    assert [round_half_up(Fraction(x), 0) for x in ("2.5", "-2.5", "3.5", "-0.4")] == [3, -3, 4, 0]


def test_an_impossible_interval_is_refused() -> None:
    with pytest.raises(DataError, match="no interval"):
        Quantity(Fraction(2), Fraction(1), None, "pct")
