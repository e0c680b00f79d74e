"""Vietnamese tokens: what each means, and what must not be guessed."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis.errors import DataError
from kg_analysis.vietnamese import UNITS, parse_amount, parse_date, parse_number, parse_period


@given(st.decimals(-(10**12), 10**12, places=3))
def test_what_is_printed_the_vietnamese_way_reads_back(number: Decimal) -> None:
    printed = format_decimal(number, format="#,##0.000", locale="vi")
    assert parse_number(printed) == number


@pytest.mark.parametrize(
    ("token", "unit", "value", "decimals"),
    [
        ("4.342 tỷ đồng", "bn_vnd", "4342", 0),  # the dot groups thousands
        ("47.394,15 tỷ đồng", "bn_vnd", "47394.15", 2),
        ("5.247.827 triệu đồng", "bn_vnd", "5247.827", 3),
        ("âm -6,58%", "pct", "-6.58", 2),  # a sign said twice is one sign
        ("-0,15%", "pct", "-0.15", 2),
        ("−0,15%", "pct", "-0.15", 2),
        ("giảm 20%", "pct", "-20", 0),
        ("tăng 1,89%", "pct", "1.89", 2),
        ("vượt 1,52%", "percentage_point", "1.52", 2),
        ("90,2%", "pct", "90.2", 1),
        ("90,20%", "pct", "90.20", 2),
        ("17 ca/ngày", "cases_per_day", "17", 0),
        ("04", "count", "4", 0),
        ("64 nhiệm vụ", "count", "64", 0),
        ("1.222 dịch vụ", "count", "1222", 0),
        ("thứ 6", "rank", "6", 0),
        ("thứ 04", "rank", "4", 0),
        ("tăng 3 lần", "times", "3", 0),
        ("48\u00a0ngày", "days", "48", 0),
    ],
)
def test_amounts(token: str, unit: str, value: str, decimals: int) -> None:
    amount = parse_amount(token, unit)
    assert (amount.value, amount.decimals, amount.qualifier) == (Decimal(value), decimals, "exact")


def test_a_measured_amount_is_rounded_and_a_count_is_exact() -> None:
    money, tasks = parse_amount("4.342 tỷ đồng", "bn_vnd"), parse_amount("64 nhiệm vụ", "count")
    assert (money.low, money.high) == (Fraction("4341.5"), Fraction("4342.5"))
    assert tasks.low == tasks.high


def test_a_large_unit_is_rounded_in_that_unit() -> None:
    """5,2 thousand billion is known to the nearest hundred billion."""
    amount = parse_amount("5,2 nghìn tỷ đồng", "bn_vnd")
    assert (amount.low, amount.value, amount.high) == (5150, 5200, 5250)


@pytest.mark.parametrize(
    ("token", "unit", "qualifier", "value", "low", "high"),
    [
        ("trên 35.872 tỷ đồng", "bn_vnd", "approx_above", 35872, 35872, 35873),
        ("hơn 9.950 người", "persons", "approx_above", 9950, 9950, 9960),
        ("gần 40%", "pct", "approx_below", 40, 30, 40),
        ("tăng gần 40%", "pct", "approx_below", 40, 30, 40),
        ("gần 14%", "pct", "approx_below", 14, 13, 14),
        ("khoảng 35%", "pct", "vague", 35, 34, 36),
        ("giảm hơn 20%", "pct", "approx_below", -20, -30, -20),
        ("trên 13.403,3 tỷ đồng", "bn_vnd", "approx_above", Decimal("13403.3"), Decimal("13403.3"), Decimal("13403.4")),
        ("hơn 7,5 triệu lượt", "persons", "approx_above", 7_500_000, 7_500_000, 7_600_000),
        ("từ 95% trở lên", "pct", "at_least", None, 95, math.inf),
        ("không quá 5%", "pct", "at_most", None, -math.inf, 5),
    ],
)
def test_a_hedge_stands_for_one_unit_of_the_last_digit_that_is_not_zero(
    token: str, unit: str, qualifier: str, value: object, low: object, high: object
) -> None:
    amount = parse_amount(token, unit)
    assert (amount.qualifier, amount.value, amount.bound_kind) == (qualifier, value, "wording")
    assert (amount.low, amount.high) == (low, high)


def test_bounds_say_what_they_are() -> None:
    assert parse_amount("4,52%", "pct").bound_kind == "rounding"
    assert parse_amount("986 ca", "cases").bound_kind == "exact"


@given(st.integers(1, 10**9), st.sampled_from(["gần", "hơn", "khoảng"]))
def test_a_hedged_number_lies_within_its_bounds_which_are_a_power_of_ten_apart(number: int, word: str) -> None:
    amount = parse_amount(f"{word} {format_decimal(number, locale='vi')} tỷ đồng", "bn_vnd")
    wide = amount.high - amount.low
    assert amount.low <= number <= amount.high
    assert wide <= 2 * number
    assert str(int(wide)).strip("12") in ("", "0" * (len(str(int(wide))) - 1))


@pytest.mark.parametrize(
    ("token", "unit"),
    [
        ("4.34 tỷ đồng", "bn_vnd"),  # two digits after a grouping dot
        ("4,342.5 tỷ đồng", "bn_vnd"),
        ("21³", "count"),  # a footnote mark, not 213
        ("11/9 xã", "count"),  # eleven of nine communes, not a date
        ("giảm -5%", "pct"),  # which sign?
        ("4,5", "bn_vnd"),  # tỷ or triệu?
        ("4,52", "pct"),
        ("1,5 nhiệm vụ", "count"),
        ("12 tỷ đồng", "pct"),
        ("", "count"),
        ("gấp nhiều lần", "times"),
        ("٣", "count"),  # digits of another script
        ("1e5", "count"),
    ],
)
def test_what_could_mean_two_things_is_refused(token: str, unit: str) -> None:
    with pytest.raises(DataError):
        parse_amount(token, unit)


def test_an_unknown_unit_names_the_known_ones() -> None:
    with pytest.raises(DataError, match="bn_vnd"):
        parse_amount("5", "furlong")


@given(st.text(max_size=12), st.sampled_from(sorted(UNITS)))
def test_any_text_is_an_amount_or_a_data_error(text: str, unit: str) -> None:
    try:
        amount = parse_amount(text, unit)
    except DataError as error:
        assert error.problems[0]
    else:
        assert any(each in "0123456789" for each in text)
        assert amount.low <= amount.high


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("21/6", date(2021, 6, 21)),
        ("30/9/2021", date(2021, 9, 30)),
        ("31/01/2022", date(2022, 1, 31)),
        ("ngày 01 tháng 7 năm 2021", date(2021, 7, 1)),
    ],
)
def test_dates(token: str, expected: date) -> None:
    assert parse_date(token, 2021) == expected


@pytest.mark.parametrize("token", ["11/9 xã", "13/24", "31/6", "6/13/2021", "21/6/21", "2021-06-21", "²1/6"])
def test_what_is_no_date(token: str) -> None:
    with pytest.raises(DataError, match="no date"):
        parse_date(token, 2021)


@pytest.mark.parametrize(
    ("token", "kind", "first", "last"),
    [
        ("quý III", "quarter", date(2021, 7, 1), date(2021, 9, 30)),
        ("quý II/2022", "quarter", date(2022, 4, 1), date(2022, 6, 30)),
        ("6 tháng", "half", date(2021, 1, 1), date(2021, 6, 30)),
        ("06 tháng đầu năm", "half", date(2021, 1, 1), date(2021, 6, 30)),
        ("9 tháng", "ytd", date(2021, 1, 1), date(2021, 9, 30)),
        ("tháng 8/2021", "month", date(2021, 8, 1), date(2021, 8, 31)),
        ("tháng 2 năm 2024", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("cả năm", "year", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_periods(token: str, kind: str, first: date, last: date) -> None:
    assert parse_period(token, 2021) == (kind, first, last)


@pytest.mark.parametrize("token", ["quý V", "13 tháng", "tháng 0", "cuối năm", "21/6"])
def test_what_is_no_period(token: str) -> None:
    with pytest.raises(DataError, match="no period"):
        parse_period(token, 2021)
