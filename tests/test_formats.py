"""Numbers of rows as sentences and files print them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis import bounds, formats
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter, texts

VI, EN = NumberFormatter("vi"), NumberFormatter("en")


def row(column: str, value: float, low: float, high: float, kind: str = "rounding", **rest: Any) -> dict[str, Any]:
    return {column: value, f"{column}_low": low, f"{column}_high": high, f"{column}_kind": kind, **rest}


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Print a template that is in no file."""

    def say(fmt: NumberFormatter, text: str, **values: Any) -> str:
        monkeypatch.setattr(
            NumberFormatter, "text", lambda self, key: text if key == "x" else texts(self.language)[key]
        )
        return fmt.say("x", **values).replace("\u00a0", " ")

    return say


SHARE = row("community_share_pct", 33.0904, 31.9757, 34.2242)
CASES = row("cases", 6038.0, 5987.0, 6086.0)
CHANGE = row("change_pct", -94.0, -95.0495, -92.9293)
RATE = row("growth_pct_per_day", 13.04, 8.2, 18.1, "confidence_95")
RT = row("reproduction_number", 0.853, 0.61, 1.13, "credible_95")


@pytest.mark.parametrize(
    ("fmt", "field", "values", "expected"),
    [
        (VI, "{r.cases}", CASES, "6.038 ca (5.987–6.086)"),
        (EN, "{r.cases}", CASES, "6,038 cases (5,987–6,086)"),
        (VI, "{r.cases:bare}", CASES, "6.038 ca"),
        (VI, "{r.cases:n}", CASES, "6.038 (5.987–6.086)"),
        (VI, "{r.community_share_pct}", SHARE, "33,1% (32,0–34,2)"),
        (VI, "{r.community_share_pct:short}", SHARE, "khoảng 33%"),
        (VI, "{r.community_share_pct:1}", SHARE, "33,1%"),
        (VI, "{r.community_share_pct:0}", SHARE, "33%"),
        (VI, "{r.change_pct:size}", CHANGE, "94,0% (92,9–95,0)"),
        (VI, "{r.change_pct}", CHANGE, "−94,0% (−95,0 đến −92,9)"),
        (VI, "{r.cases}", {"cases": 26980.0}, "26.980 ca"),
        (VI, "{r.days:n}", {"days": 102}, "102"),
        (EN, "{r.cases}", {"cases": 1}, "1 case"),
        (VI, "{r.phase}", {"phase": "2"}, "2"),
        (VI, "{r.day}", {"day": dt.date(2021, 9, 30)}, "30/09/2021"),
        (VI, "{r.day:short}", {"day": pd.Timestamp("2021-09-30")}, "30/9"),
        (EN, "{r.day}", {"day": dt.date(2021, 9, 30)}, "30 September 2021"),
        (VI, "{r.pct}", row("pct", 83.53, 83.525, 83.535, pct_decimals=2), "83,53%"),
        (VI, "{r.bn_vnd}", row("bn_vnd", 5198.3, 5197.6, 5199.0), "5.198,3 tỷ đồng (5.197,6–5.199,0)"),
    ],
)
def test_a_field_prints_a_column_of_a_row(
    template: Any, fmt: NumberFormatter, field: str, values: dict[str, Any], expected: str
) -> None:
    assert template(fmt, field, r=values) == expected


@pytest.mark.parametrize("values", [RATE, RT])
@pytest.mark.parametrize("fmt", [VI, EN])
def test_statistical_bounds_are_named(fmt: NumberFormatter, values: dict[str, Any]) -> None:
    column, kind = next(iter(values)), next(value for name, value in values.items() if name.endswith("_kind"))
    name = fmt.text(f"units.kind_{kind}").partition("{")[0]
    assert len(name) > 8
    assert name.replace("\u00a0", " ") in fmt.bounded(values, column).replace("\u00a0", " ")
    assert "95%" in fmt.bounded(values, column)
    assert name not in fmt.bounded(values, column, "short")


def test_bounds_of_the_page_are_not_named() -> None:
    for kind in bounds.PRINTED:
        assert VI.bounded(CASES | {"cases_kind": kind}, "cases").replace("\u00a0", " ") == "6.038 ca (5.987–6.086)"


def test_every_statistical_kind_has_words_in_both_languages() -> None:
    for fmt in (VI, EN):
        for kind in ("confidence_95", "credible_95", "range_of_years"):
            assert "{range}" in fmt.text(f"units.kind_{kind}")


def test_a_half_open_number_is_said_as_one() -> None:
    at_least = row("ratio_pct", float("nan"), 95.0, float("inf"), "wording")
    assert VI.bounded(at_least, "ratio_pct").replace("\u00a0", " ") == "từ 95% trở lên"


def test_an_empty_number_is_refused() -> None:
    with pytest.raises(DataError, match="cases is empty; there is nothing to print"):
        VI.bounded(row("cases", float("nan"), float("nan"), float("nan")), "cases")


def test_a_text_that_asks_for_what_it_is_not_given_says_what_is_there(template: Any) -> None:
    with pytest.raises(DataError, match=r"asks for 'r.deaths', given: r; correct the text"):
        template(VI, "{r.deaths}", r=CASES)


def test_a_text_that_is_not_there_names_the_file() -> None:
    with pytest.raises(DataError, match=r"text 'covid.nothing' is missing; add it to text/vi.toml"):
        VI.say("covid.nothing")


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_a_printed_number_reads_back(digits: int, decimals: int) -> None:
    text = VI.number(Fraction(digits, 10**decimals), decimals)
    assert Fraction(text.replace(".", "").replace(",", ".").replace("−", "-")) == Fraction(digits, 10**decimals)


def test_a_float_rounds_halves_away_from_zero() -> None:
    """0.285 as a float is a little less than 0.285; the page means the number, not the float."""
    assert VI.number(0.285, 2) == "0,29"
    assert VI.number(-0.285, 2) == "−0,29"
    assert formats.round_to(2.675, 2) == 2.68


# --- files of results


def test_rounded_keeps_no_more_decimals_than_the_bounds_bear() -> None:
    table = pd.DataFrame([SHARE | CASES | row("total_factor", 7.470588, 7.228571, 7.727273)])
    found = formats.rounded(table).iloc[0]
    assert found[["community_share_pct", "community_share_pct_low", "community_share_pct_high"]].tolist() == [
        33.1,
        32.0,
        34.2,
    ]
    assert found[["total_factor", "total_factor_low", "total_factor_high"]].tolist() == [7.47, 7.23, 7.73]
    assert [str(each) for each in found[["cases", "cases_low", "cases_high"]]] == ["6038", "5987", "6086"]
    assert found["cases_kind"] == "rounding"


def test_rounded_prints_numbers_without_bounds_as_their_unit_does() -> None:
    """A 7-day mean of 3,092 cases in a file is 441.7, not 441.7142857142857; a count has no decimal."""
    table = pd.DataFrame({"mean_cases_per_day": [3092 / 7, None], "cases": [5.0, None], "dispersion": [14.14072, 2.0]})
    found = formats.rounded(table)
    assert found["mean_cases_per_day"].iloc[0] == 441.7
    assert [str(each) for each in found["cases"]] == ["5", "<NA>"]
    assert found["dispersion"].tolist() == [14.14, 2.0]


def test_rounded_leaves_days_text_and_empty_cells_as_they_are() -> None:
    days = pd.to_datetime(["2021-10-21"])
    table = pd.DataFrame({"day": days, "day_low": days, "day_high": days, "note": ["a"]})
    pd.testing.assert_frame_equal(formats.rounded(table), table)
    empty = pd.DataFrame([row("pct", float("nan"), float("nan"), float("nan"))])
    assert formats.rounded(empty)[["pct", "pct_low", "pct_high"]].isna().all(axis=None)


def test_rounded_leaves_an_open_end_empty_as_the_clean_tables_do() -> None:
    """A plan of 95% or more has no upper end."""
    table = pd.DataFrame([row("plan_pct", 95.0, 95.0, float("inf")), row("plan_pct", 90.04, 89.995, 90.085)])
    found = formats.rounded(table)
    assert found["plan_pct_low"].tolist() == [95.0, 90.0]
    assert pd.isna(found["plan_pct_high"].iloc[0])


@given(st.floats(-1e5, 1e5), st.floats(1e-6, 1e4), st.floats(0, 1))
def test_rounding_moves_a_number_by_less_than_its_bounds_are_wide(value: float, width: float, at: float) -> None:
    table = pd.DataFrame([row("bn_vnd", value, value - at * width, value + (1 - at) * width)])
    found = formats.rounded(table).iloc[0]
    assert abs(found["bn_vnd"] - value) <= max(0.06 * width, 0.51)


def test_rows_give_one_cell_a_number() -> None:
    (cells,) = formats.rows(pd.DataFrame([CASES | {"start": pd.Timestamp("2021-06-21"), "days": 58, "note": None}]))
    assert list(cells) == ["cases", "start", "days", "note"]
    assert (cells["cases"].value, cells["cases"].low, cells["cases"].high) == (6038, 5987, 6086)
    assert (cells["start"], cells["days"], cells["note"]) == (dt.date(2021, 6, 21), 58, None)


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("disbursed_bn_vnd", "bn_vnd"),
        ("mean_cases_per_day", "cases_per_day"),
        ("cases", "cases"),
        ("contribution_pp", "percentage_point"),
        ("growth_pct", "pct"),
        ("pace_bn_vnd_per_month", "bn_vnd_per_month"),
        ("anything", "count"),
    ],
)
def test_units_follow_the_end_of_a_columns_name(column: str, unit: str) -> None:
    assert formats.unit_of(column) == unit
