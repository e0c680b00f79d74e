"""Tokens of English and French pages mean what they say."""

from __future__ import annotations

import pytest

from kg_analysis.errors import DataError
from kg_analysis.vietnamese import parse_amount, to_vietnamese


@pytest.mark.parametrize(
    ("token", "language", "unit", "value", "decimals"),
    [
        ("VND25,743.77 billion", "en", "bn_vnd", "25743.77", 2),
        ("up 13.65%", "en", "pct", "13.65", 2),
        ("down 57.7 percent", "en", "pct", "-57.7", 1),
        ("1,217", "en", "count", "1217", 0),
        ("3.93 trillion VND", "en", "bn_vnd", "3930", 0),
    ],
)
def test_an_english_token(token: str, language: str, unit: str, value: str, decimals: int) -> None:
    amount = parse_amount(to_vietnamese(token, language), unit)
    assert (str(amount.value), amount.decimals) == (value, decimals)


def test_a_hedge_of_another_language_stands_for_one_unit_of_the_last_digit() -> None:
    english = parse_amount(to_vietnamese("more than 621 million USD", "en"), "mn_usd")
    french = parse_amount(to_vietnamese("plus de 5.124 milliards de dongs", "fr"), "bn_vnd")
    assert (english.value, english.low, english.high, english.qualifier) == (
        621,
        621,
        622,
        "approx_above",
    )
    assert (french.value, french.low, french.high) == (5124, 5124, 5125)


def test_a_vietnamese_token_stays_as_it_is() -> None:
    assert to_vietnamese("4.342 tỷ đồng", "vi") == "4.342 tỷ đồng"


def test_unknown_words_are_refused_by_the_grammar() -> None:
    with pytest.raises(DataError):
        parse_amount(to_vietnamese("25.7 gazillion VND", "en"), "bn_vnd")
