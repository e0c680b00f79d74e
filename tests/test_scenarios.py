"""Scenarios from a department's quarters: the made-up example meets its goals, known answers by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import ROOT
from made_up import PARTS, made, quarter

from kg_analysis.analysis import levels, scenarios
from kg_analysis.bounds import exact
from kg_analysis.errors import NotPrintedError

GOALS = exact(
    pd.DataFrame({"goal": ["low", "base", "high"], "goal_pct": [5.01, 6.01, 7.01], "figure_ids": ""}), "goal_pct"
)


@pytest.fixture(scope="module")
def quarterly() -> pd.DataFrame:
    rows = pd.read_csv(ROOT / "examples/series/grdp_quarterly.csv", dtype={"area_code": str})
    return levels.singles(levels.of_series(rows))


@pytest.fixture(scope="module")
def sums(quarterly: pd.DataFrame) -> pd.Series:
    """Levels of 2021 and 2020 by year, period and sector."""
    held = levels.release(quarterly, 2021)
    return held.set_index(["year", "period", "sector"])["level_bn_vnd"].sort_index()


def goals(*values: float) -> pd.DataFrame:
    rows = pd.DataFrame({"goal": ["low", "base", "high"][: len(values)], "goal_pct": list(values), "figure_ids": ""})
    return exact(rows, "goal_pct")


def known(values: dict[int, float]) -> pd.DataFrame:
    """Every sector 105 in Q1 of 2021 over 100 everywhere, with past years that grew by the given rates."""
    table = made(quarter(1, 105, 105, 105, 105))
    past = []
    for year in range(2016, 2020):
        for number, rate in values.items():
            before = table.query("year == 2020 and period == @period", local_dict={"period": f"Q{number}"})
            past += [
                before.assign(year=year, vintage=f"{year + 1}-03"),
            ]
            grown = {
                f"level_bn_vnd{end}": before[f"level_bn_vnd{end}"] * (1 + rate / 100) for end in ("", "_low", "_high")
            }
            past.append(before.assign(year=year + 1, vintage=f"{year + 1}-03", **grown))
    return pd.concat([table, *past], ignore_index=True)


def test_every_way_meets_the_goal(quarterly: pd.DataFrame, sums: pd.Series) -> None:
    need = scenarios.required(quarterly, 2021, GOALS, "services").query("goal == 'base'")
    last_year = sums[2020].xs("total", level="sector")
    done, rest = sums[2021].xs("total", level="sector").sum(), last_year[["Q3", "Q4"]]
    by = need.set_index(["spread", "period"])["need_pct"]
    assert (done + rest.sum() * (1 + by["even", "rest"] / 100)) / last_year.sum() == pytest.approx(1.0601)
    along = sum(rest[each] * (1 + by["path", each] / 100) for each in ("Q3", "Q4"))
    assert (done + along) / last_year.sum() == pytest.approx(1.0601)
    year = 0.0
    for part in PARTS:
        now, base = sums[2021][:, part].sum(), sums[2020].xs(part, level="sector")
        same, left = base[["Q1", "Q2"]].sum(), base[["Q3", "Q4"]].sum()
        year += now + left * (1 + by["sector", "rest"] / 100 if part == "services" else now / same)
    assert year / last_year.sum() == pytest.approx(1.0601)


def test_values_of_the_example_are_those_of_the_exact_arithmetic(quarterly: pd.DataFrame) -> None:
    need = scenarios.required(quarterly, 2021, GOALS, "industry_construction").set_index(["goal", "spread", "period"])
    expected = {("even", "rest"): 6.60, ("path", "Q3"): 6.66, ("path", "Q4"): 6.55, ("sector", "rest"): 8.72}
    assert need["need_pct"].round(2).loc["base"].to_dict() == expected | {("last", "Q4"): 7.50}
    row = need.loc[("base", "sector", "rest")]
    assert (round(row["need_pct_low"], 2), round(row["need_pct_high"], 2)) == (8.71, 8.74)


def test_scenarios_by_sector_add_up_to_their_goal(quarterly: pd.DataFrame, sums: pd.Series) -> None:
    cells = scenarios.scenario_table(quarterly, 2021, GOALS).set_index(["scenario", "sector", "period"])["growth_pct"]
    for goal in GOALS.to_dict("records"):
        year = sum(sums[2020][:, part].sum() * (1 + cells[goal["goal"], part, "FY"] / 100) for part in PARTS)
        assert year / sums[2020][:, "total"].sum() == pytest.approx(1 + goal["goal_pct"] / 100)


def test_the_shift_is_points_the_same_everywhere(quarterly: pd.DataFrame) -> None:
    cells = scenarios.scenario_table(quarterly, 2021, GOALS).query("scenario == 'base'")
    held = levels.release(quarterly, 2021)
    rates = scenarios.path(scenarios.history(quarterly, 2021), 2, levels.parts_of(held))
    grown = cells.query("period != 'FY' and sector != 'total'").set_index(["period", "sector"])["growth_pct"]
    shifts = {round(value - rates.at[period, sector], 9) for (period, sector), value in grown.items()}
    assert len(shifts) == 1


def test_a_known_answer_by_hand() -> None:
    """Every quarter 400 last year, 420 in Q1: +5% for the year leaves 5% to each of the rest; 10% takes 11 2/3%."""
    table = known({2: 5.0, 3: 5.0, 4: 5.0})
    need = scenarios.required(table, 2021, goals(5.0, 10.0), "services").set_index(["goal", "spread", "period"])[
        "need_pct"
    ]
    assert need["low", "even", "rest"] == pytest.approx(5)
    assert need["base", "even", "rest"] == pytest.approx(35 / 3)
    assert need["base", "sector", "rest"] == pytest.approx(5 + 4 * 20 / 3)


def test_past_years_are_counted_with_rounding_left_open() -> None:
    table = known({2: 5.0, 3: 5.0, 4: 5.0})
    need = scenarios.required(table, 2021, goals(5.0, 30.0), "services").set_index(["goal", "spread"])
    same, beyond = need.loc[("low", "last")], need.loc[("base", "last")]
    assert (same["years_reached_least"], same["years_reached"], same["years_known"]) == (0, 4, 4)
    assert (beyond["years_reached_least"], beyond["years_reached"]) == (0, 0)


def test_a_flat_path_has_no_proportions() -> None:
    need = scenarios.required(known({2: 5.0, 3: 0.1, 4: 5.0}), 2021, goals(5.0), "services")
    assert "path" not in set(need["spread"])
    assert "even" in set(need["spread"])


def test_a_whole_year_has_nothing_to_require(quarterly: pd.DataFrame) -> None:
    with pytest.raises(NotPrintedError) as caught:
        scenarios.required(quarterly, 2020, GOALS, "services")
    assert caught.value.missing == "grdp_quarterly_whole"


def test_too_few_past_years_give_no_path() -> None:
    with pytest.raises(NotPrintedError) as caught:
        scenarios.required(made(quarter(1, 105, 105, 105, 105)), 2021, GOALS, "services")
    assert caught.value.missing == "growth_path"
