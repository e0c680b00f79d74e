"""Levels of GRDP: contributions from a level and its growth, and quarters between cumulative levels."""

from __future__ import annotations

import pandas as pd
import pytest

from kg_analysis.analysis import grdp_levels, panel
from kg_analysis.data import load
from kg_analysis.errors import DataError


@pytest.fixture(scope="module")
def points() -> pd.DataFrame:
    tables = load()
    levels = panel.choose(tables.grdp_levels.query("price_base == 'constant_2010'"), column="level_bn_vnd")
    found = grdp_levels.contributions(levels, tables.grdp_growth.query("basis != 'plan'"))
    return found[found["boundary_version"] == "kien-giang"].set_index(["year", "period", "sector"])


@pytest.mark.parametrize(
    ("sector", "expected"), [("agriculture", 1.00), ("industry_construction", 1.40), ("services", 3.71)]
)
def test_the_first_half_of_2023_by_hand(points: pd.DataFrame, sector: str, expected: float) -> None:
    row = points.loc[(2023, "H1", sector)]
    assert row["contribution_pp"] == pytest.approx(expected, abs=0.005)
    assert row["contribution_pp_low"] < row["contribution_pp"] < row["contribution_pp_high"]
    assert row["contribution_pp_high"] - row["contribution_pp_low"] < 0.05
    assert row["contribution_pp_kind"] == "wording"  # "trên 35.872 tỷ đồng" is in every one of them


def test_agriculture_in_the_first_half_of_2021(points: pd.DataFrame) -> None:
    """13,081.30 bn at +2.52% is 321.6 more; 31,752.57 bn at +4.52% were 30,379.4. The office prints 1.06."""
    row = points.loc[(2021, "H1", "agriculture")]
    assert row["contribution_pp"] == pytest.approx(100 * 321.546 / 30379.42, abs=0.001)
    assert row["contribution_pp_low"] < 1.06 < row["contribution_pp_high"]
    assert not row["mixed"]  # not the rate of 3.54% that was published a year later


def level(period: str, value: float, vintage: str = "2021-12") -> dict[str, object]:
    return {
        "area_code": "91",
        "boundary_version": "kien-giang",
        "year": 2021,
        "period": period,
        "sector": "total",
        "price_base": "constant_2010",
        "vintage": vintage,
        "source_id": "a",
        "basis": "actual",
        "level_bn_vnd": value,
        "level_bn_vnd_low": value - 0.5,
        "level_bn_vnd_high": value + 0.5,
        "level_bn_vnd_kind": "rounding",
        "figure_ids": f"f-{period}",
    }


def test_a_quarter_is_the_difference_of_two_cumulative_levels_of_one_publication() -> None:
    table = pd.DataFrame([level("H1", 300), level("9M", 470), level("FY", 700, "2022-03")])
    found = grdp_levels.quarters(table)
    assert found["period"].tolist() == ["Q3"]  # nine months and year are of two publications
    row = found.iloc[0]
    assert (row["level_bn_vnd"], row["level_bn_vnd_low"], row["level_bn_vnd_high"]) == (170, 169, 171)
    assert row["figure_ids"] == "f-9M f-H1"


def test_conflicting_levels_stand_side_by_side() -> None:
    table = grdp_levels.levels(years=[2020]).query("period == 'FY'")
    assert table["level_bn_vnd"].tolist() == [68956.99]
    assert table["conflicting_pct"].tolist() == ["71755"]


def test_prices_are_not_mixed() -> None:
    assert set(grdp_levels.levels(price_base="current")["price_base"]) == {"current"}
    with pytest.raises(DataError, match="take constant_2010 or current"):
        grdp_levels.levels(price_base="2010")
