"""Figures are set against each other only where they may be; each refusal says why."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import DATA

from kg_analysis.analysis.overview import age, change, check_comparable, year_on_year
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError, NotComparableError, NotPrintedError
from kg_analysis.narrative import overview as words
from kg_analysis.narrative.context import ReportContext

NOW = {
    "indicator": "grdp_growth",
    "area_code": "91",
    "boundary_version": "kien-giang",
    "dimension": "",
    "item": "",
    "period_type": "half",
    "period_start": pd.Timestamp("2022-01-01"),
    "period_end": pd.Timestamp("2022-06-30"),
    "as_of": pd.NaT,
    "basis": "actual",
    "vintage": "2022-07",
    "source_id": "press",
    "value": 4.42,
    "low": 4.415,
    "high": 4.425,
    "decimals": 2,
    "unit": "pct",
    "bound_kind": "rounding",
}
BEFORE = NOW | {
    "period_start": pd.Timestamp("2021-01-01"),
    "period_end": pd.Timestamp("2021-06-30"),
    "value": 3.54,
    "low": 3.535,
    "high": 3.545,
}


def row(name: str, base: dict[str, object], **other: object) -> pd.Series:
    return pd.Series(base | other, name=name)


def test_two_rates_differ_in_points(data: Dataset) -> None:
    found = change(row("now", NOW), row("before", BEFORE), data)
    assert found["change_unit"] == "percentage_point"
    assert [found[f"change{end}"] for end in ("", "_low", "_high")] == [0.88, 0.87, 0.89]
    assert found["change_kind"] == "rounding"


def test_two_levels_differ_in_percent(data: Dataset) -> None:
    level = {"indicator": "retail_sales", "unit": "bn_vnd", "value": 110.0, "low": 109.5, "high": 110.5}
    before = level | {"value": 100.0, "low": 99.5, "high": 100.5}
    found = change(row("now", NOW, **level), row("before", BEFORE, **before), data)
    assert (found["change"], found["change_unit"]) == (10, "pct")
    assert found["change_low"] == pytest.approx(100 * (109.5 / 100.5 - 1))
    assert found["change_high"] == pytest.approx(100 * (110.5 / 99.5 - 1))


@pytest.mark.parametrize(
    ("other", "key", "says"),
    [
        ({"boundary_version": "an-giang-2025"}, "other_boundary", "boundary is an-giang-2025 and kien-giang"),
        ({"indicator": "retail_sales_growth"}, "other_prices", "price base is current and constant_2010"),
        ({"basis": "estimate"}, "other_basis", "an estimate or an aim is not compared with an outturn"),
        ({"item": "services"}, "other_measure", "compare figures of one measure"),
        ({"as_of": pd.Timestamp("2022-05-20")}, "other_cutoff", "counted from 1/1 to 20/5 and 1/1 to 30/6"),
        ({"vintage": "2023-08"}, "other_vintage", "age is revised 2023-08 and first"),
    ],
)
def test_what_may_not_be_compared_is_refused_with_the_reason(
    data: Dataset, other: dict[str, object], key: str, says: str
) -> None:
    before = row("before", BEFORE, vintage="2021-07")
    with pytest.raises(NotComparableError) as caught:
        check_comparable(row("now", NOW, **other), before, data)
    assert isinstance(caught.value, DataError)
    assert caught.value.missing == key
    assert says in str(caught.value)
    assert "now and before" in str(caught.value)


def test_two_figures_of_one_publication_were_compared_by_it(data: Dataset) -> None:
    check_comparable(row("now", NOW), row("before", BEFORE), data)  # published 2022-07 both, one of them a year late
    with pytest.raises(NotComparableError, match="age"):
        check_comparable(row("now", NOW), row("before", BEFORE, source_id="office"), data)


@pytest.mark.parametrize(
    ("vintage", "expected"),
    [
        ("2022-06-30", "running"),
        ("2022-06", "running"),
        ("2022-07", "first"),
        ("2022-09-30", "first"),
        ("2022-12", "revised 2022-12"),
    ],
)
def test_age_is_counted_from_the_end_of_the_period(vintage: str, expected: str) -> None:
    assert age(row("now", NOW, vintage=vintage)) == expected


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_the_year_before_is_named_with_the_reason_where_it_may_not_be_compared(year: int) -> None:
    pairs = year_on_year(load(DATA, year, "91"))
    assert len(pairs)
    assert (pairs["change"].isna() == (pairs["reason"] != "")).all()
    assert (pairs["before"].isna() == pairs["change"].isna()).all()


def test_growth_of_2022_against_2021(vi: ReportContext) -> None:
    """First half 4.42% against the 3.54% of the same publication: 0.88 points, 0.87 to 0.89 with both roundings."""
    pairs = year_on_year(load(DATA, 2022, "91"))
    half = pairs[(pairs["indicator"] == "grdp_growth") & (pairs["period"] == "H1")].iloc[0]
    assert (half["now"], half["before"], half["change"]) == (4.42, 3.54, 0.88)
    assert (half["change_low"], half["change_high"]) == (0.87, 0.89)
    said = words.year_on_year(pairs, vi).replace("\u00a0", " ")
    assert "4,42%, năm trước 3,54%, cao hơn 0,88 điểm phần trăm (0,87–0,89)" in said
    assert "Hai số chốt ở những ngày khác nhau" in said


def test_a_year_without_headlines_is_left_out_with_its_reason(vi: ReportContext) -> None:
    with pytest.raises(NotPrintedError):
        words.year_on_year(year_on_year(vi.data, indicators=["retail_sales_plan"]), vi)
