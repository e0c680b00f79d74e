"""The reproduction number against published values, the renewal equation, and what must not change it."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from kg_analysis.analysis.daily import Daily, Floats, daily, seven_day_mean
from kg_analysis.analysis.reproduction import FEWEST_CASES, Posterior, estimate_r, infectiousness
from kg_analysis.analysis.serial_intervals import SerialInterval, intervals, probabilities
from scipy.special import gammaincinv

from kg_analysis.analysis import daily_reproduction as daily_r
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError

# EpiEstim's Flu2009: school outbreak, 27 April to 28 May 2009, and its serial interval
FLU = np.array([1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12, 13, 11, 12, 6, 6, 6, 3, 1, 0, 2, 0, 0, 0, 0, 2, 0, 2, 0.0])
FLU_INTERVAL = np.array([0, 0.233, 0.359, 0.198, 0.103, 0.053, 0.027, 0.014, 0.007, 0.003, 0.002, 0.001])
COUNTS = hnp.arrays(np.int64, (40, 3), elements=st.integers(0, 500)).map(lambda each: each.astype(float))


@pytest.fixture
def counts(data: Dataset) -> Daily:
    return daily(data)


def renewal(r: Floats, weights: Floats, seed: float) -> Floats:
    """Expected cases of the renewal equation with a known reproduction number."""
    cases = np.zeros(len(r))
    cases[0] = seed
    for day in range(1, len(r)):
        lags = np.arange(1, min(day, len(weights) - 1) + 1)
        cases[day] = r[day] * (weights[lags] * cases[day - lags]).sum()
    return cases


def test_the_published_values_of_epiestim() -> None:
    found = estimate_r(FLU, FLU_INTERVAL, 7, fewest_cases=0)
    second_to_eighth = [getattr(found, each)[7] for each in ("mean", "sd", "low", "median", "high")]
    published = [1.7356089, 0.40908694, 1.02863184, 1.7035760, 2.6244959]
    assert second_to_eighth == pytest.approx(published, abs=1e-6)
    assert found.mean[18] == pytest.approx(1.0819346, abs=1e-6)


def test_the_published_serial_interval() -> None:
    weights = probabilities(2.6, 1.5)
    assert weights[0] == 0
    assert weights[1:6] == pytest.approx([0.2331721, 0.3585794, 0.1981108, 0.1033427, 0.0529052], abs=1e-6)
    assert weights.sum() == pytest.approx(1, abs=1e-9)


@given(st.floats(1.2, 20), st.floats(0.4, 12))
@settings(max_examples=60, deadline=None)
def test_a_serial_interval_is_a_distribution_with_the_mean_asked_for(mean: float, sd: float) -> None:
    weights = probabilities(mean, sd)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1, abs=1e-6)
    assert weights @ np.arange(len(weights)) == pytest.approx(mean, abs=1e-3)


@pytest.mark.parametrize(("mean", "sd"), [(1.0, 2.0), (0.5, 1.0), (4.7, 0.0), (float("nan"), 1.0)])
def test_a_serial_interval_that_cannot_be_is_refused(mean: float, sd: float) -> None:
    with pytest.raises(DataError, match="mean above 1 day and an sd above 0"):
        probabilities(mean, sd)


@pytest.mark.parametrize("known", [0.8, 1.0, 1.4])
def test_the_renewal_equation_gives_its_r_back(known: float) -> None:
    weights = probabilities(4.7, 2.9)
    cases = renewal(np.full(60, known), weights, 1e7)
    found = estimate_r(cases, weights)
    assert found.mean[20:] == pytest.approx(known, abs=1e-4)


def test_a_step_of_r_is_found_once_the_window_has_passed_it() -> None:
    weights = probabilities(2.6, 1.5)
    known = np.where(np.arange(60) < 30, 1.5, 0.7)
    found = estimate_r(renewal(known, weights, 1e6), weights, 7).mean
    assert found[29] == pytest.approx(1.5, abs=1e-3)
    assert found[36] == pytest.approx(0.7, abs=1e-3)
    assert 0.7 < found[32] < 1.5


def test_simulated_counts_hold_the_known_r_in_their_interval() -> None:
    weights, rng = probabilities(4.7, 2.9), np.random.default_rng(7)
    cases = np.zeros((80, 200))
    cases[0] = 200
    for day in range(1, 80):
        past = cases[max(0, day - len(weights) + 1) : day][::-1]
        cases[day] = rng.poisson(1.1 * weights[1 : len(past) + 1] @ past)
    found = estimate_r(cases, weights)
    covered = (found.low[30:] <= 1.1) & (found.high[30:] >= 1.1)
    assert 0.93 < covered.mean() < 0.97


@pytest.mark.parametrize("level", [20, 500, 100000])
def test_constant_counts_tend_to_one(level: int) -> None:
    found = estimate_r(np.full(120, float(level)), probabilities(4.7, 2.9))
    assert found.mean[-1] == pytest.approx(1, abs=1 / level)


def test_scaling_the_counts_narrows_the_interval_and_leaves_the_mean() -> None:
    weights = probabilities(4.7, 2.9)
    cases = 1000 + 300 * np.sin(np.arange(90) / 9)
    once, tenfold = estimate_r(cases, weights), estimate_r(10 * cases, weights)
    assert tenfold.mean[20:] == pytest.approx(once.mean[20:], rel=1e-3)
    assert ((once.high - once.low)[20:] / (tenfold.high - tenfold.low)[20:]) == pytest.approx(np.sqrt(10), rel=0.01)


def test_a_large_total_leaves_no_trace_of_the_prior() -> None:
    cases = np.full(60, 1e7)
    found = estimate_r(cases, probabilities(2.6, 1.5))
    assert (found.high - found.low)[30] < 1e-3


@given(COUNTS)
@settings(max_examples=40, deadline=None)
def test_a_table_gives_what_each_of_its_series_gives(cases: Floats) -> None:
    weights = probabilities(2.6, 1.5)
    together = estimate_r(cases, weights)
    for column in range(cases.shape[1]):
        alone = estimate_r(cases[:, column], weights)
        for name in Posterior.__dataclass_fields__:
            np.testing.assert_allclose(getattr(together, name)[:, column], getattr(alone, name), rtol=1e-12)


@given(COUNTS)
@settings(max_examples=40, deadline=None)
def test_bounds_are_in_order_and_the_formula_is_the_published_one(cases: Floats) -> None:
    weights = probabilities(2.6, 1.5)
    found = estimate_r(cases, weights, 7)
    known = ~np.isnan(found.mean)
    assert (found.low[known] < found.median[known]).all()
    assert (found.median[known] < found.high[known]).all()
    pressure = infectiousness(cases, weights)
    for day, column in np.argwhere(known)[:5]:
        shape = 1 + cases[day - 6 : day + 1, column].sum()
        rate = 1 / 5 + pressure[day - 6 : day + 1, column].sum()
        assert found.mean[day, column] == pytest.approx(shape / rate)
        assert found.high[day, column] == pytest.approx(gammaincinv(shape, 0.975) / rate)


@given(COUNTS, st.integers(1, 25))
@settings(max_examples=30, deadline=None)
def test_days_before_the_first_case_change_nothing(cases: Floats, empty: int) -> None:
    weights = probabilities(2.6, 1.5)
    later = estimate_r(np.vstack([np.zeros((empty, 3)), cases]), weights)
    np.testing.assert_allclose(later.mean[empty:], estimate_r(cases, weights).mean, rtol=1e-12)


def test_the_first_day_with_cases_infects_but_was_not_infected_here() -> None:
    weights = probabilities(2.6, 1.5)
    found = estimate_r(np.array([0, 50, 10, 10, 10, 10, 10, 10, 10, 10.0]), weights, 3)
    assert np.isnan(found.mean[:4]).all()
    assert found.window_cases[4] == 30
    assert found.mean[4] == pytest.approx(
        31 / (0.2 + infectiousness(np.array([[0], [50], [10], [10], [10.0]]), weights)[2:].sum())
    )


def test_imported_cases_infect_but_are_not_counted_as_infected() -> None:
    weights, cases = probabilities(4.7, 2.9), np.full(60, 40.0)
    imported = np.full(60, 10.0)
    all_local, partly = estimate_r(cases, weights), estimate_r(cases, weights, imported=imported)
    assert partly.window_cases[-1] == 7 * 30
    assert partly.mean[-1] == pytest.approx(0.75, abs=0.01)
    assert partly.mean[-1] < all_local.mean[-1]


def test_imported_cases_of_another_shape_are_refused() -> None:
    with pytest.raises(DataError, match="imported cases are"):
        estimate_r(np.ones(20), probabilities(4.7, 2.9), imported=np.ones(19))


@pytest.mark.parametrize(("window", "weights"), [(0, FLU_INTERVAL), (7, FLU_INTERVAL[1:])])
def test_a_window_or_interval_that_cannot_be_is_refused(window: int, weights: Floats) -> None:
    with pytest.raises(DataError, match=r"w_0"):
        estimate_r(FLU, weights, window)


def test_windows_with_fewer_than_eleven_cases_are_suppressed() -> None:
    weights = probabilities(2.6, 1.5)
    found = estimate_r(FLU, weights)
    few = ~(found.window_cases >= FEWEST_CASES)
    assert few.any()
    assert np.isnan(found.mean[few]).all()
    assert not np.isnan(found.mean[(found.window_cases >= FEWEST_CASES) & (np.arange(len(FLU)) >= 7)]).any()


def test_a_missing_day_is_not_a_day_without_cases() -> None:
    weights, cases = probabilities(4.7, 2.9), np.full(60, 50.0)
    with_gap, with_zero = cases.copy(), cases.copy()
    with_gap[30], with_zero[30] = np.nan, 0
    gap, zero = estimate_r(with_gap, weights), estimate_r(with_zero, weights)
    assert np.isnan(gap.mean[30:37]).all()
    assert not np.isnan(zero.mean[30:37]).any()
    assert gap.mean[37:] == pytest.approx(estimate_r(cases, weights).mean[37:], rel=0.02)
    assert zero.mean[37] > 1.1  # a zero lowers what infects, a gap does not
    with_gap[29:33] = np.nan
    assert np.isnan(estimate_r(with_gap, weights).mean[39])  # half of what infects these days is not known


def test_a_series_shorter_than_the_window_has_no_r() -> None:
    assert np.isnan(estimate_r(FLU[:5], FLU_INTERVAL).mean).all()


# --- the province's series


def test_the_last_ten_days_and_the_first_without_cases_are_told_apart(counts: Daily) -> None:
    found = daily_r.rt_frame(counts, 4.7, 2.9)
    assert list(found.index[found["recent"]]) == list(pd.date_range("2022-01-13", "2022-01-22"))
    assert found.loc[:"2021-07-12", "suppressed"].all()
    assert not found.loc["2021-08-01":, "suppressed"].any()


def test_counts_are_never_smoothed_first(counts: Daily) -> None:
    found = daily_r.rt_frame(counts, 4.7, 2.9)["mean"]
    raw = estimate_r(counts.table["raw"].to_numpy(), probabilities(4.7, 2.9)).mean
    smooth = estimate_r(seven_day_mean(counts.table["raw"]).fillna(0).to_numpy(), probabilities(4.7, 2.9)).mean
    np.testing.assert_allclose(found, raw)
    assert np.nanmax(np.abs(found - smooth)) > 0.2


def test_it_is_fast_enough_for_a_slider(counts: Daily) -> None:
    daily_r.rt_frame(counts, 4.7, 2.9)
    seconds = []
    for mean in (3.0, 4.0, 5.0, 6.0, 7.0):
        start = time.perf_counter()
        daily_r.rt_frame(counts, mean, 3.0, 10)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.05


def test_two_serial_intervals_stand_side_by_side_with_their_source(data: Dataset, counts: Daily) -> None:
    assumed = intervals(data)
    assert [(each.mean_days, each.sd_days, each.chosen) for each in assumed] == [(4.7, 2.9, False), (5.9, 4.1, False)]
    for part in ("first_mean", "first_sd", "second_mean", "second_sd"):
        assert "doi:10." in data.assumptions.at[f"serial_interval_{part}", "basis"]
    found = daily_r.side_by_side(counts, assumed)
    growing = (found.frames[0]["mean"] > 1.5) & ~found.frames[0]["recent"]
    assert (found.frames[1]["mean"] > found.frames[0]["mean"])[growing].mean() > 0.9  # a longer interval, a larger R


def test_a_reader_may_choose_one_of_the_numbers(data: Dataset) -> None:
    first, second = intervals(data, mean_days=4.1)
    assert (first.mean_days, first.sd_days, first.chosen) == (4.1, 2.9, True)
    assert not second.chosen


def test_a_series_with_hardly_a_case_says_so(counts: Daily) -> None:
    quiet = Daily(counts.source_id, counts.date_basis, counts.first_shown, counts.table.loc[:"2021-07-05"])
    with pytest.raises(NotPrintedError, match="no window with enough cases"):
        daily_r.side_by_side(quiet, (SerialInterval("first", 4.7, 2.9),))
