"""Rise, peak and fall of waves: pencil answers, edges, what must not change them, coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg_analysis.analysis.epidemic import by_infection
from kg_analysis.analysis.turning_points import smooth, turning_points
from kg_analysis.errors import DataError

DAYS = pd.date_range("2021-07-01", periods=140, name="date")
PEAK = 70


def bell(height: float = 300, width: float = 22) -> np.ndarray:
    """Expected cases of a wave that peaks on day 70 and passes a quarter of it on day 70 - 1.665 x width."""
    return height * np.exp(-(((np.arange(140) - PEAK) / width) ** 2) / 2)


def drawn(mean: np.ndarray, dispersion: float, seed: int) -> pd.Series:
    """Counts whose variance is ``dispersion`` times their mean."""
    return pd.Series(np.random.default_rng(seed).negative_binomial(mean / (dispersion - 1), 1 / dispersion), DAYS)


def test_a_bell_turns_where_its_formula_says() -> None:
    found = turning_points(pd.Series(bell().round(), DAYS))
    quarter, three_quarters = 22 * np.sqrt(2 * np.log(4)), 22 * np.sqrt(2 * np.log(4 / 3))
    assert found.index.tolist() == ["rise", "peak", "fall"]
    for event, day in (("rise", PEAK - quarter), ("peak", PEAK), ("fall", PEAK + three_quarters)):
        assert abs((found.loc[event, "day"] - DAYS[0]).days - day) < 2
    assert (found["day_low"] <= found["day"]).all()
    assert (found["day"] <= found["day_high"]).all()
    assert set(found["day_kind"]) == {"confidence_95"}
    assert set(found["reason"]) == {""}


@pytest.mark.parametrize("dispersion", [1.001, 4.3, 11])
def test_the_true_peak_lies_in_its_interval(dispersion: float) -> None:
    found = [turning_points(drawn(bell() + 1, dispersion, seed)).loc["peak"] for seed in range(25)]
    low, high = pd.DataFrame(found)["day_low"], pd.DataFrame(found)["day_high"]
    assert ((low <= DAYS[PEAK]) & (high >= DAYS[PEAK])).mean() > 0.85
    assert (high - low).dt.days.median() < 30


def test_more_scatter_widens_the_interval() -> None:
    days = [
        (row["day_high"] - row["day_low"]).days
        for row in (turning_points(drawn(bell() + 1, phi, 3)).loc["peak"] for phi in (1.001, 15))
    ]
    assert days[0] < days[1]


def test_a_wave_still_rising_has_no_peak_yet() -> None:
    found = turning_points(pd.Series(bell().round(), DAYS).iloc[:55])
    assert found["day"].notna().tolist() == [True, False, False]
    assert found["reason"].tolist() == ["", "not_yet_peaked", "not_yet_fallen"]


def test_a_series_that_starts_at_the_top_holds_no_rise() -> None:
    found = turning_points(pd.Series(bell().round(), DAYS).iloc[60:])
    assert found.loc["rise", "reason"] == "risen_before_series"
    assert found["day"].isna().tolist() == [True, False, False]


def test_of_two_waves_the_higher_is_dated() -> None:
    both = bell(100, 8) + 300 * np.exp(-(((np.arange(140) - 115) / 8) ** 2) / 2)
    found = turning_points(pd.Series(both.round(), DAYS))
    assert abs((found.loc["peak", "day"] - DAYS[115]).days) <= 2
    assert found.loc["rise", "day"] > DAYS[90]


def test_the_same_series_gives_the_same_days() -> None:
    cases = drawn(bell() + 1, 4, 1)
    assert turning_points(cases).equals(turning_points(cases))


@given(st.integers(1, 40))
@settings(max_examples=5, deadline=None)
def test_days_without_cases_before_the_wave_change_nothing(empty: int) -> None:
    cases = drawn(bell() + 3, 3, 2)
    longer = cases.reindex(pd.date_range(DAYS[0] - pd.Timedelta(days=empty), DAYS[-1]), fill_value=0)
    with_empty, alone = (smooth(each, dispersion=3)["expected_cases"] for each in (longer, cases))
    assert with_empty.index.equals(alone.index)
    assert with_empty.to_numpy() == pytest.approx(alone.to_numpy(), rel=1e-5)


def test_the_smooth_follows_the_wave_without_its_weekdays() -> None:
    factor = np.tile([1.3, 1.1, 1.05, 1, 1, 0.95, 0.6], 20)
    found = smooth(pd.Series((bell() * factor).round(), DAYS))
    middle = found["expected_cases"].iloc[40:100]
    assert (middle / bell()[40:100]).between(0.93, 1.07).all()
    assert found["expected_cases"].between(found["expected_cases_low"], found["expected_cases_high"]).all()


def test_empty_days_are_bridged_and_not_taken_for_zero() -> None:
    cases = pd.Series(bell().round(), DAYS)
    cases.iloc[60:64] = np.nan
    found = smooth(cases)
    assert found["cases"].isna().sum() == 4
    assert (found["expected_cases"] / bell()).iloc[55:70].between(0.95, 1.05).all()


@pytest.mark.parametrize("before", [0, 60])
def test_a_wave_that_died_out_is_still_dated(before: int) -> None:
    wave = np.concatenate([[3], np.zeros(before), bell(80, 6)[50:90], np.zeros(80)]).round()
    cases = pd.Series(wave, pd.date_range("2021-07-01", periods=len(wave)))
    found = turning_points(cases)
    assert abs((found.loc["peak", "day"] - cases.index[before + 21]).days) <= 1
    assert (smooth(cases)["expected_cases"].iloc[-40:] < 1).all()


def test_months_without_cases_after_a_small_outbreak_leave_the_fit_bounded() -> None:
    small = [14, 13, 16, 14, 14, 14, 21, 9, 18, 17, 10, 18, 11, 11, 13, 15, 18, 14, 15, 13, 11, 7, 4, 0, 1, 4, 1, 2]
    cases = pd.Series(small + 132 * [0], pd.date_range("2021-07-01", periods=160))
    assert turning_points(cases).loc["fall", "day"] < cases.index[30]


def test_the_smooth_can_be_dated_by_infection() -> None:
    assert by_infection(smooth(pd.Series(bell().round(), DAYS)), 7).index[-1] == DAYS[-1] - pd.Timedelta(days=7)


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        (pd.Series(10, DAYS[:20]), "20 days from the first with cases: .* needs 28"),
        (pd.Series(0, DAYS), "0 days from the first with cases"),
        (pd.Series([1] + 29 * [0] + 9 * [1], DAYS[:39]), "too few for a smooth; give a longer series"),
    ],
    ids=["short", "none", "few"],
)
def test_what_can_carry_no_smooth_is_refused(cases: pd.Series, message: str) -> None:
    with pytest.raises(DataError, match=message):
        turning_points(cases)
