"""Forecasts of an open budget year, the pace needed, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis.analysis import forecasts
from kg_analysis.errors import DataError, LeftOutError


def held(years: dict[int, list[float]], plan: float = 100.0) -> pd.DataFrame:
    """Totals at the end of each month of several years, exact; a full year has 13."""
    rows = []
    for year, amounts in years.items():
        for month, paid in enumerate(amounts, 1):
            day = pd.Timestamp(year, 1, 1) + pd.DateOffset(months=month) - pd.Timedelta(days=1)
            rows.append(
                {
                    **{"area_code": "91", "boundary_version": "x", "budget_year": year, "unit": "", "fund": ""},
                    **{"as_of": day, "months": float(month), "vintage": f"{day:%Y-%m-%d}", "basis": "actual"},
                    **{"disbursed_bn_vnd": paid, "plan_bn_vnd": plan, "ratio_base": "", "ratio_pct": 100 * paid / plan},
                    **{"standing": "outturn" if month == 13 else "to_date", "figure_ids": f"{year}-{month}"},
                }
            )
    return pd.DataFrame(rows)


def test_the_run_rate_is_a_floor_by_rule_of_three() -> None:
    found = forecasts.forecasts(held({2022: [4.0, 8.0]}), 2022)
    assert found["disbursed_bn_vnd"].tolist() == [52.0]  # 8 in 2 months, 13 months
    assert np.isnan(found["disbursed_bn_vnd_high"].iloc[0])


def test_the_profile_divides_by_the_share_of_past_years() -> None:
    half, quarter = [50.0] * 6 + [100.0] * 7, [25.0] * 6 + [100.0] * 7
    found = forecasts.forecasts(held({2020: half, 2021: quarter, 2022: [20.0] * 6}), 2022).set_index("method")
    row = found.loc["profile"]
    assert (row["disbursed_bn_vnd_low"], row["disbursed_bn_vnd_high"]) == (40.0, 80.0)
    assert row["claimed_pct"] == pytest.approx(100 / 3)


def test_one_total_gives_no_forecast() -> None:
    with pytest.raises(LeftOutError, match="1 dated total"):
        forecasts.forecasts(held({2022: [4.0]}), 2022)


def test_a_closed_year_is_only_looked_back_at() -> None:
    closed = held({2021: [float(each) for each in range(1, 14)]})
    with pytest.raises(LeftOutError, match="closed"):
        forecasts.forecasts(closed, 2021)
    assert forecasts.forecasts(closed, 2021, month=6)["disbursed_bn_vnd"].iloc[0] == 13.0


def test_no_pace_after_the_closing_day() -> None:
    closed = pd.DataFrame(
        {"as_of": ["2022-01-31"], "budget_year": [2021], "plan_bn_vnd": [10.0], "disbursed_bn_vnd": [7.0]}
    )
    with pytest.raises(DataError, match="2022-01-31"):
        forecasts.required_pace(closed, 95)


@given(plan=st.floats(100, 9000), share=st.floats(0, 0.9), target=st.floats(50, 100))
def test_the_pace_leads_to_the_target(plan: float, share: float, target: float) -> None:
    rows = pd.DataFrame({"as_of": ["2022-08-31"], "plan_bn_vnd": [plan], "disbursed_bn_vnd": [share * plan]})
    pace = forecasts.required_pace(rows, target).iloc[0]
    assert share * plan + 5 * pace["pace_bn_vnd_per_month"] == pytest.approx(target / 100 * plan)


def test_chance_counts_years() -> None:
    fast, slow = [10.0] * 6 + [90.0] * 7, [10.0] * 6 + [40.0] * 7
    row = forecasts.chance(held({2020: fast, 2021: slow, 2022: [20.0] * 6}), 2022, 95).iloc[0]
    assert (row["reached"], row["of"], row["may_be_rate"]) == (1, 2, False)


def test_the_mean_pace_was_a_floor_in_the_years_whose_result_lay_above_every_total_drawn_out() -> None:
    months, late, early = [3.0, 6.0, 13.0], [10.0, 30.0, 90.0], [30.0, 60.0, 95.0]
    rows = [
        {"budget_year": year, "months": month, "ratio_pct": ratio, "standing": "outturn" if month == 13 else "to_date"}
        for year, ratios in ((2020, late), (2021, early))
        for month, ratio in zip(months, ratios, strict=True)
    ]
    nation = pd.DataFrame(rows).assign(area_code="00", ratio_base="pm_plan", unit="", fund="")
    assert forecasts.floor_record(nation) == (1, 2)  # 30% in March is 130% drawn out, above the 95% of the end
    assert forecasts.floor_record(nation, 2021) == (1, 1)
    of_a_fund = nation.assign(fund="oda")
    assert forecasts.floor_record(pd.concat([nation, of_a_fund])) == (1, 2)
