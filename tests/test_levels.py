"""Levels of GRDP: contributions, quarters between cumulative levels, a department's own series, benchmarked years."""

from __future__ import annotations

import csv
import importlib.util
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from conftest import DATA, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import made, quarter

from kg_analysis.analysis import levels, panel, scenarios
from kg_analysis.briefing.registry import Frames
from kg_analysis.data import load
from kg_analysis.data.dataset import load as load_year
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext

EXAMPLE = ROOT / "examples/series/grdp_quarterly.csv"


@pytest.fixture(scope="module")
def points() -> pd.DataFrame:
    tables = load()
    chosen = panel.choose(tables.grdp_levels.query("price_base == 'constant_2010'"), column="level_bn_vnd")
    found = levels.contributions(chosen, tables.grdp_growth.query("basis != 'plan'"))
    return found[found["boundary_version"] == "kien-giang"].set_index(["year", "period", "sector"])


@cache
def frames(year: int) -> Frames:
    return Frames(ReportContext(load_year(DATA, year, "91"), NumberFormatter("vi")))


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


def test_the_offices_own_contributions_stand_beside_and_the_rest_is_growth_less_the_known_part() -> None:
    added = frames(2021)["added"].set_index(["period", "sector"])
    for key, printed in {("H1", "agriculture"): 1.06, ("Q1", "agriculture"): -0.89}.items():
        row = added.loc[key]
        assert (row["printed_pp"], row["origin"], round(row["contribution_pp"], 2)) == (printed, "computed", printed)
    rest = added.loc[("H1", "others")]
    assert rest["contribution_pp"] == pytest.approx(4.52 - added.at[("H1", "agriculture"), "contribution_pp"])
    assert rest["contribution_pp_low"] < rest["contribution_pp"] < rest["contribution_pp_high"]


def test_a_contribution_that_only_the_page_has_is_shown_as_printed() -> None:
    added = frames(2018)["added"].set_index(["period", "sector"])
    assert added.at[("Q1", "services"), "origin"] == "printed"
    assert added.at[("Q1", "services"), "contribution_pp"] == 3.69


def test_levels_of_two_publications_stand_apart() -> None:
    found = frames(2021)["level_versions"].query("year == 2020 and period == 'FY'")
    assert found["level_bn_vnd"].round(2).tolist() == [71755.0, 68956.99, 62789.47]
    assert found["origin"].tolist() == ["printed", "printed", "implied"]
    assert found["level_bn_vnd"].iloc[2] == pytest.approx(63153.65 / 1.0058)
    assert found["apart_pct_high"].iloc[2] < -12


def test_shares_of_two_publications_are_marked_as_a_check_only() -> None:
    found = frames(2022)["measured"].set_index(["year", "period"])
    assert found.at[(2022, "9M"), "share_pct"] == pytest.approx(100 * (1 - 52473 / 68436))
    assert bool(found.at[(2022, "9M"), "mixed"]) is True


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
    found = levels.quarters(table)
    assert found["period"].tolist() == ["Q3"]  # nine months and year are of two publications
    row = found.iloc[0]
    assert (row["level_bn_vnd"], row["level_bn_vnd_low"], row["level_bn_vnd_high"]) == (170, 169, 171)
    assert row["figure_ids"] == "f-9M f-H1"


def test_a_printed_quarter_goes_before_a_difference() -> None:
    table = pd.DataFrame([level("Q1", 100), level("H1", 250), level("Q2", 151)])
    found = levels.singles(table).set_index("period")["level_bn_vnd"]
    assert found.to_dict() == {"Q1": 100, "Q2": 151}


def test_conflicting_levels_stand_side_by_side() -> None:
    table = levels.levels(years=[2020]).query("period == 'FY'")
    assert table["level_bn_vnd"].tolist() == [68956.99]
    assert table["conflicting_pct"].tolist() == ["71755"]


def test_prices_are_not_mixed() -> None:
    assert set(levels.levels(price_base="current")["price_base"]) == {"current"}
    with pytest.raises(DataError, match="take constant_2010 or current"):
        levels.levels(price_base="2010")


# --- a department's own quarters


def test_contributions_add_up_and_are_points_of_the_whole() -> None:
    found = levels.compared(made(quarter(1, 110, 104, 100, 98)), 2021).set_index("sector")
    assert found["contribution_pp"].to_dict() == pytest.approx(
        {"agriculture": 2.5, "industry_construction": 1, "services": 0, "product_tax": -0.5, "total": 3}
    )
    assert found.at["agriculture", "share_of_growth_pct"] == pytest.approx(100 * 10 / 12)
    gap = levels.gap(found.reset_index()).iloc[0]
    assert gap["gap_pp_low"] < 0 < gap["gap_pp_high"]


@pytest.mark.parametrize("values", [(110, 91, 100, 100), (102, 100, 100, 100)])
def test_no_share_of_growth_where_growth_is_near_zero(values: tuple[float, ...]) -> None:
    assert levels.compared(made(quarter(1, *values)), 2021)["share_of_growth_pct"].isna().all()
    assert levels.compared(made(quarter(1, 96, 100, 100, 100)), 2021)["share_of_growth_pct"].notna().any()


def test_a_printed_total_is_used_and_a_gap_is_seen() -> None:
    table = made(quarter(1, 110, 104, 100, 98))
    totals = table[table["sector"] == "agriculture"].query("period == 'Q1'").assign(sector="total")
    for end, half in (("", 0), ("_low", -0.05), ("_high", 0.05)):
        totals[f"level_bn_vnd{end}"] = totals["year"].map({2020: 400.0, 2021: 420.0}) + half
    gap = levels.gap(levels.compared(pd.concat([table, totals]), 2021)).iloc[0]
    assert gap["gap_pp_low"] > 1.8  # 5 percent printed, 3 points by sector


def test_cumulative_growth_comes_from_added_levels_never_from_rates() -> None:
    now = quarter(1, 110, 110, 110, 110) | quarter(2, 130, 130, 130, 130)
    found = levels.compared(made(now), 2021).query("sector == 'total'").set_index("period")["growth_pct"]
    assert found.to_dict() == pytest.approx({"Q1": 10, "Q2": 30, "H1": 20})


def test_bounds_of_a_contribution_are_those_of_every_corner() -> None:
    row = levels.compared(made(quarter(1, 110, 104, 100, 98)), 2021).iloc[0]
    ends = [(v - 0.05, v + 0.05) for v in (110, 100)]
    corners = [100 * (v - w) / (w + r) for v, w, r in product(*ends, (299.85, 300.15))]
    assert (row["contribution_pp_low"], row["contribution_pp_high"]) == pytest.approx((min(corners), max(corners)))


def test_the_example_is_what_its_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make", EXAMPLE.with_name("make_grdp_quarterly.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [module.COLUMNS, *module.rows()]
    assert {row[6] for row in module.rows()} == {"synthetic-example"}


def test_growth_is_never_taken_across_two_vintages() -> None:
    table = made(quarter(1, 110, 104, 100, 98))
    apart = table.assign(vintage=table["year"].map({2020: "2021-03-29", 2021: "2021-06-29"}))
    with pytest.raises(NotPrintedError) as caught:
        levels.release(apart, 2021)
    assert caught.value.missing == "grdp_quarterly_year"


def test_current_prices_and_no_series_give_no_quarters() -> None:
    with pytest.raises(NotPrintedError) as caught:
        levels.release(made(quarter(1, 110, 104, 100, 98)).head(0), 2021)
    assert caught.value.missing == "grdp_quarterly"
    rows = pd.DataFrame([level("Q1", 100)]).assign(price_base="current")
    assert levels.singles(rows).empty


def test_more_quarters_than_are_given_are_refused() -> None:
    with pytest.raises(DataError, match=r"done_quarters = 3: vintage 2021-06-29 holds 1 of 2021; give fewer"):
        levels.compared(made(quarter(1, 110, 104, 100, 98)), 2021, 3)


# --- Denton


def test_denton_of_four_halves_by_hand() -> None:
    """Indicator 1, 1, 1, 1 and years 2 and 4: the ratio rises by 1/3, 2/3, 1/3."""
    made_up = scenarios.proportional_denton([1, 1, 1, 1], [2, 4], per_year=2)
    assert made_up == pytest.approx([5 / 6, 7 / 6, 11 / 6, 13 / 6], rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(10, 1000), min_size=8, max_size=12).filter(lambda values: len(values) % 4 == 0),
    st.lists(st.floats(0.8, 1.25), min_size=3, max_size=3),
)
def test_denton_adds_up_exactly_and_no_nearby_series_is_smoother(values: list[float], factors: list[float]) -> None:
    indicator = np.array(values)
    years = indicator.reshape(-1, 4).sum(axis=1) * factors[: len(values) // 4]
    found = scenarios.proportional_denton(values, years.tolist())
    np.testing.assert_allclose(found.reshape(-1, 4).sum(axis=1), years, rtol=1e-10)

    def roughness(series: np.ndarray) -> float:
        return float((np.diff(series / indicator) ** 2).sum())

    for first, second in ((0, 1), (2, 3), (4, 7)):  # money moved within a year keeps the sums
        for step in (-0.01, 0.01):
            other = found.copy()
            other[first] += step
            other[second] -= step
            assert roughness(other) >= roughness(found) - 1e-12


def test_a_revised_year_and_a_year_that_the_reader_sets() -> None:
    whole = {key: value for number in (1, 2, 3, 4) for key, value in quarter(number, 110, 110, 110, 110).items()}
    first, last = made(whole, vintage="2022-03"), made(whole, before=101.0, vintage="2023-03")
    found = scenarios.benchmarked(pd.concat([first, last]), 2021)
    assert (found["first_vintage"].iloc[0], found["last_vintage"].iloc[0]) == ("2022-03", "2023-03")
    sums = found.groupby("year")["denton_bn_vnd"].sum()
    assert sums.to_dict() == pytest.approx({2020: 1616.0, 2021: 1760.0})
    chosen = scenarios.benchmarked(first, 2021, 1800.0)
    assert chosen[chosen["year"] == 2021]["denton_bn_vnd"].sum() == pytest.approx(1800)
    assert chosen["is_chosen"].all()
    assert chosen["revised_bn_vnd"].isna().all()
    with pytest.raises(NotPrintedError):
        scenarios.benchmarked(first, 2021)
