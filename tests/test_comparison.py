"""Figures are set against each other only where they may be; each refusal says why."""

from __future__ import annotations

import pandas as pd
import pytest

from kg_analysis.analysis.comparison import age, change, check_comparable, year_on_year
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotComparableError

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
    assert found.unit == "percentage_point"
    assert found.value == pytest.approx(0.88)
    assert (found.low, found.high) == (pytest.approx(0.87), pytest.approx(0.89))
    assert found.figure_ids == ("before", "now")


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


def test_the_year_before_is_named_with_the_reason_where_it_may_not_be_compared(data: Dataset) -> None:
    rows = year_on_year(data)
    assert rows
    for each in rows:
        assert (each["change"] is None) == bool(each["reason"])
        assert each["change"] is None or each["before"] is not None
