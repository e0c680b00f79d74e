"""Growth over years and among neighbours: what is chosen, what is comparable, which rank claims hold."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis.analysis import panel
from kg_analysis.data import load
from kg_analysis.errors import DataError


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return load().figures


@pytest.fixture(scope="module")
def claims(figures: pd.DataFrame) -> pd.DataFrame:
    return panel.rank_claims(figures)


def rate(value: float, vintage: str, decimals: int = 2, **other: object) -> dict[str, object]:
    half = 0.5 / 10**decimals
    return {
        "area_code": "91",
        "boundary_version": "kien-giang",
        "year": 2022,
        "period": "9M",
        "sector": "total",
        "vintage": vintage,
        "basis": "actual",
        "growth_pct": value,
        "growth_pct_low": value - half,
        "growth_pct_high": value + half,
        "decimals": decimals,
        "figure_ids": f"f-{value}",
    } | other


def test_the_last_print_is_taken_and_the_other_named() -> None:
    table = pd.DataFrame([rate(2.15, "2021-12-07"), rate(0.95, "2022-04")])
    chosen = panel.choose(table)
    assert chosen[["growth_pct", "conflicting_pct"]].to_numpy().tolist() == [[0.95, "2.15"]]
    assert panel.choose(table, "first")["growth_pct"].tolist() == [2.15]


def test_a_later_print_that_merely_rounds_does_not_replace_the_finer_one() -> None:
    chosen = panel.choose(pd.DataFrame([rate(8.61, "2022-10-05"), rate(8.6, "2022-10-09", decimals=1)]))
    assert chosen[["growth_pct", "conflicting_pct"]].to_numpy().tolist() == [[8.61, ""]]


def test_plans_are_no_results() -> None:
    table = pd.DataFrame([rate(7.7, "2022-12"), rate(6.02, "2023", basis="plan")])
    assert panel.choose(table)["growth_pct"].tolist() == [7.7]


def test_two_boundaries_of_one_code_are_two_series() -> None:
    nine = panel.over_years(load().grdp_growth, "91")
    assert nine["year"].min() == 2017
    last = nine[nine["growth_pct"].notna() & (nine["year"] == 2025)]
    assert last["boundary_version"].tolist() == ["an-giang-2025"]
    assert nine.loc[(nine["year"] == 2021), ["growth_pct", "target_pct", "nation_pct"]].to_numpy().tolist() == [
        [0.58, 6.01, 2.58]
    ]


def test_provinces_side_by_side_with_the_reasons_for_the_gaps() -> None:
    table = panel.compare(["91", "89", "92", "82", "00"], "grdp_growth", years=[2021, 2022])
    shown = table.set_index(["year", "name"])[["value", "reason", "conflicting"]]
    assert shown.loc[(2021, "Kiên Giang")].tolist() == [0.58, "", ""]
    assert shown.loc[(2021, "An Giang")].tolist() == [0.95, "conflict", "2.15"]
    assert shown.loc[(2022, "Cần Thơ")].tolist() == [12.64, "conflict", "7.5"]
    assert shown.loc[(2021, "Tiền Giang"), "reason"] == "missing"
    assert not table[table["reason"] != ""]["comparable"].any()


def test_a_merged_province_is_not_compared_with_its_code_before() -> None:
    table = panel.compare(["91"], "grdp_growth", years=[2024, 2025])
    assert table[["boundary_version", "reason"]].to_numpy().tolist() == [
        ["kien-giang", ""],
        ["an-giang-2025", "boundary"],
    ]


def test_unknown_names_are_refused_with_the_choices() -> None:
    with pytest.raises(DataError, match="area '79' is not known; areas: 00, 40"):
        panel.compare(["79"], "grdp_growth")
    with pytest.raises(DataError, match="indicator 'growth' is not known"):
        panel.compare(["91"], "growth")
    with pytest.raises(DataError, match="take latest, first or all"):
        panel.growth(vintage="newest")


def test_the_reports_rank_claims_of_2021(claims: pd.DataFrame) -> None:
    """Eight of the nine other provinces with a figure stand above 0.58 whichever of their figures is taken."""
    rows = claims[(claims["boundary_version"] == "kien-giang") & (claims["year"] == 2021)]
    assert set(rows["measure"]) == {"grdp_growth"}
    rows = rows.drop_duplicates("region").set_index("region")
    shown = rows[["claimed_rank", "of", "best_rank", "worst_rank", "combinations", "verdict"]]
    assert shown.loc["mekong_delta"].tolist() == [6, 13, 9, 12, 4, "contradicts"]
    assert shown.loc["mekong_delta_key_region"].tolist() == [2, 4, 3, 3, 2, "contradicts"]
    assert rows.at["mekong_delta", "missing"] == "tien-giang, tra-vinh, vinh-long"
    assert "an-giang 2.15/0.95" in rows.at["mekong_delta", "above"]


def test_a_neighbour_is_above_only_where_every_figure_says_so(claims: pd.DataFrame) -> None:
    """ "7" of Tiền Giang may be 7.5 or less; "10" of Trà Vinh rounds its 10.04 and is no second figure."""
    rows = claims[(claims["boundary_version"] == "kien-giang") & (claims["year"] == 2024)]
    row = rows[rows["measure"].eq("grdp_growth") & rows["region"].eq("mekong_delta")].iloc[0]
    assert "tra-vinh 10.04" in row["above"].split("; ")
    assert "tien-giang" not in row["above"]
    assert "tien-giang 7" in row["perhaps_above"].split("; ")
    assert "soc-trang" not in row["above"] + row["perhaps_above"]  # its 7.07 is below 7.5 for certain


def test_every_target_of_a_year_is_kept_with_its_word() -> None:
    nine = panel.over_years(load().grdp_growth, "91")
    own = nine[nine["boundary_version"] == "kien-giang"].set_index("year")
    assert (own.at[2024, "aims"], own.at[2024, "target_pct"]) == ("6.7+; 7+", 7)
    assert own.at[2021, "aims"] == "6.01"


def test_every_claim_has_a_verdict_and_ranks_in_the_nation_are_not_tested(
    claims: pd.DataFrame, figures: pd.DataFrame
) -> None:
    printed = figures[figures["indicator"].isin(panel.RANKED) & figures["value"].notna()]
    assert len(claims) == len(printed)
    assert set(claims["verdict"]) == {"holds", "contradicts", "indeterminate", "untested"}
    assert (claims.loc[claims["region"] == "nation", "verdict"] == "untested").all()


def test_ranks_by_size_are_tested_against_levels_at_current_prices(claims: pd.DataFrame) -> None:
    """Kiên Giang's second place of 2022 (116 000 bn): Cần Thơ's 117 500 lie above, ten provinces are missing."""
    rows = claims[claims["measure"] == "grdp_level_current"].set_index(["boundary_version", "year"])
    row = rows.loc[("kien-giang", 2022)]
    assert (row["claimed_rank"], row["verdict"], row["decided_by"]) == (2, "indeterminate", "missing")
    assert row["best_rank"] <= 2 <= row["worst_rank"]


values = st.lists(st.integers(-50, 150), min_size=1, max_size=3, unique=True)


@given(own=values, others=st.lists(values, max_size=4), missing=st.integers(0, 2))
def test_reachable_ranks_are_those_of_every_combination(own: list[int], others: list[list[int]], missing: int) -> None:
    def printed(listed: list[int]) -> list[tuple[float, float]]:
        return [(each / 10 - 0.05, each / 10 + 0.05) for each in listed]

    best, worst = panel.reachable_ranks(printed(own), [printed(each) for each in others], missing)
    ranks = [
        (1 + sum(each > me for each in rest), 1 + sum(each >= me for each in rest))
        for me in own
        for rest in product(*others)
    ]
    assert best == min(low for low, _ in ranks)
    assert worst == max(high for _, high in ranks) + missing
