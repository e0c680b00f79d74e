"""How numbers are printed: Vietnamese and English, with no more decimals than the data hold."""

from __future__ import annotations

import ast
import math
from datetime import date
from fractions import Fraction
from string import Formatter

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis.analysis.overview import _RULES
from kg_analysis.errors import DataError
from kg_analysis.formats import LANGUAGES, MOST_DECIMALS, NumberFormatter, Quantity, texts
from kg_analysis.vietnamese import UNITS, parse_number

VI, EN = NumberFormatter("vi"), NumberFormatter("en")


def derived(value: str, low: str, high: str, unit: str) -> Quantity:
    return Quantity(Fraction(low), Fraction(high), Fraction(value), unit)


def rounded(value: str, decimals: int, unit: str) -> Quantity:
    number, half = Fraction(value), Fraction(1, 2 * 10**decimals)
    return Quantity(number - half, number + half, number, unit, (), decimals)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (rounded("41.7", 1, "pct"), "41,7%"),
        (rounded("3456.7", 1, "bn_vnd"), "3.456,7 tỷ đồng"),
        (rounded("3.7", 1, "percentage_point"), "3,7 điểm phần trăm"),
        (rounded("-6.58", 2, "pct"), "−6,58%"),
        (rounded("90.20", 2, "pct"), "90,20%"),
        (derived("5198.318", "5197.594", "5199.042", "bn_vnd"), "5.198,3 tỷ đồng (5.197,6–5.199,0)"),
        (derived("-26", "-28.2", "-23.7", "share_pct"), "−26,0% (−28,2 đến −23,7)"),
        (derived("3", "2.99", "3.01", "pct"), "3,00% (2,99–3,01)"),
        (derived("68", "68", "68", "share_pct"), "68,0%"),
        (Quantity(Fraction(95), math.inf, None, "pct"), "từ 95% trở lên"),
        (Quantity(-math.inf, Fraction(40), None, "pct"), "dưới 40%"),
    ],
)
def test_quantities_on_a_vietnamese_page(quantity: Quantity, expected: str) -> None:
    assert plain(VI.quantity(quantity)) == expected


def test_a_blank_before_a_unit_does_not_break() -> None:
    assert " " not in VI.quantity(rounded("5", 0, "percentage_point"))


def test_english() -> None:
    assert (
        plain(EN.quantity(derived("5198.318", "5197.594", "5199.042", "bn_vnd"))) == "5,198.3 bn VND (5,197.6–5,199.0)"
    )
    assert EN.date(date(2021, 7, 3)) == "3 July 2021"
    assert VI.date(date(2021, 7, 3)) == "03/07/2021"


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (derived("7.4706", "7.2286", "7.7273", "factor"), "khoảng 7 lần"),
        (derived("877.318", "876.094", "878.542", "bn_vnd"), "khoảng 877 tỷ đồng"),
        (derived("332.3846", "332.3462", "332.4231", "bn_vnd_per_month"), "332 tỷ đồng/tháng"),
        (derived("35.2941", "35.2941", "35.2941", "share_pct"), "35,3%"),
    ],
)
def test_a_title_says_about_where_the_rounding_leaves_it_open(quantity: Quantity, expected: str) -> None:
    assert plain(VI.quantity(quantity, "short")) == expected


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_a_printed_number_reads_back(number: int, decimals: int) -> None:
    value = Fraction(number, 10**decimals)
    assert Fraction(parse_number(VI.number(value, decimals))) == value


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**5), st.sampled_from(sorted(MOST_DECIMALS)))
def test_an_unstable_number_always_carries_its_interval(number: int, width: int, unit: str) -> None:
    value, half = Fraction(number, 100), Fraction(width, 1000)
    quantity = Quantity(value - half, value + half, value, unit)
    page = VI.quantity(quantity, "n")
    printed = Fraction(parse_number(page.partition("\u00a0(")[0].partition(" (")[0]))
    half_unit = Fraction(1, 2 * 10**quantity.shown_decimals)
    covered = printed - half_unit <= quantity.low and quantity.high <= printed + half_unit
    assert covered == ("(" not in page)


def test_both_languages_have_the_same_texts_with_the_same_fields() -> None:
    fields = {
        language: {
            key: sorted({name for _, name, _, _ in Formatter().parse(text) if name})
            for key, text in texts(language).items()
        }
        for language in LANGUAGES
    }
    assert fields["vi"].keys() == fields["en"].keys()
    different = [key for key in fields["vi"] if set(fields["vi"][key]) != set(fields["en"][key])]
    assert not different


def test_every_text_key_in_the_code_exists_and_every_unit_can_be_printed() -> None:
    known = texts("vi")
    missing = []
    for path in (ROOT / "src/kg_analysis").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("say", "text")
            ):
                key = node.args[0] if node.args else None
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and "." in key.value:
                    missing += [f"{path.name}: {key.value}"] if key.value not in known else []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "captioned":
                key = node.args[2].value  # type: ignore[attr-defined]
                missing += [f"{path.name}: {key}{end}" for end in ("_subtitle", "_alt") if f"{key}{end}" not in known]
    assert not missing
    assert {f"units.{unit}" for unit in {*UNITS, *MOST_DECIMALS}} <= known.keys()


def test_every_missing_figure_has_words_for_the_reader() -> None:
    keys = set()
    for path in (ROOT / "src/kg_analysis").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NotPrintedError":
                key = node.args[1]
                keys |= {key.value} if isinstance(key, ast.Constant) else set()  # else one of the topics below
    assert len(keys) > 5
    keys |= {"targets", "tasks", "programme", *(key for key, *_ in _RULES)}
    assert {f"missing.{key}" for key in keys} <= texts("vi").keys()


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(DataError, match="languages: vi, en"):
        NumberFormatter("fr").text("units.to")


def test_a_text_that_asks_for_more_than_it_is_given() -> None:
    with pytest.raises(DataError, match=r"asks for 'wave\.start'"):
        VI.say("covid.size")
