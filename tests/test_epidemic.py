"""Reproduction number, growth and forecast: published values, pencil answers, what must not change them, coverage."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kg_analysis.analysis import epidemic
from kg_analysis.analysis.daily_counts import dated_counts
from kg_analysis.analysis.dispersion import daily_terms, dispersion_by_day
from kg_analysis.errors import DataError

# EpiEstim's Flu2009: school outbreak, 27 April to 28 May 2009, and its serial interval
FLU = [1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12, 13, 11, 12, 6, 6, 6, 3, 1, 0, 2, 0, 0, 0, 0, 2, 0, 2, 0]
FLU_INTERVAL = [0, 0.233, 0.359, 0.198, 0.103, 0.053, 0.027, 0.014, 0.007, 0.003, 0.002, 0.001]
WEIGHTS = epidemic.discretised_interval(4.1, 2.9).to_numpy()
R, G = "reproduction_number", "growth_pct_per_day"
COUNTS = hnp.arrays(np.int64, 60, elements=st.integers(0, 400))


def series(values: object, start: str = "2021-07-01") -> pd.Series:
    counts = np.asarray(values, dtype=float)
    return pd.Series(counts, pd.date_range(start, periods=len(counts), name="date"))


def epidemics(
    count: int, r: float = 1.03, k: float | None = None, lasting: bool = False, days: int = 140, seed: int = 1
) -> np.ndarray:
    """Counts [days x count] of a renewal process that starts with 20 days of about 40 cases."""
    rng = np.random.default_rng(seed)
    cases, force = np.zeros((days, count)), np.zeros((days + len(WEIGHTS), count))
    for day in range(days):
        lags = np.arange(1, min(day, len(WEIGHTS) - 1) + 1)
        pressure = WEIGHTS[lags] @ cases[day - lags]
        if day < 20:
            cases[day] = rng.poisson(40, count)
        elif lasting:
            cases[day] = rng.poisson(force[day])
        else:
            cases[day] = rng.poisson(r * (pressure if k is None else rng.gamma(k * pressure + 1e-9) / k))
        if lasting and k:
            force[day + 1 : day + len(WEIGHTS)] += r * WEIGHTS[1:, None] * rng.gamma(k * cases[day] + 1e-9) / k
    return cases


def held(cases: np.ndarray, r: float, **options: float) -> float:
    """Share of days and epidemics whose interval holds the reproduction number."""
    hits = []
    for column in cases.T:
        shown = epidemic.reproduction(series(column), **options).iloc[35:].query("~suppressed")
        hits.append(shown[f"{R}_low"].le(r) & shown[f"{R}_high"].ge(r))
    return float(pd.concat(hits).mean())


# --- published values


def test_the_published_values_of_epiestim() -> None:
    found = epidemic.reproduction(series(FLU, "2009-04-27"), interval=FLU_INTERVAL, dispersion=1)
    names = [R, f"{R}_sd", f"{R}_low", f"{R}_median", f"{R}_high"]
    published = [1.7356089, 0.40908694, 1.02863184, 1.7035760, 2.6244959]
    assert found.loc["2009-05-04", names].astype(float).tolist() == pytest.approx(published, abs=1e-6)
    assert found.loc["2009-05-15", R] == pytest.approx(1.0819346, abs=1e-6)
    assert set(found[f"{R}_kind"]) == {"credible_95"}


def test_the_published_serial_interval() -> None:
    weights = epidemic.discretised_interval(2.6, 1.5)
    assert weights.loc[1:5].tolist() == pytest.approx([0.2331721, 0.3585794, 0.1981108, 0.1033427, 0.0529052], abs=1e-6)
    assert weights[0] == 0


@given(st.floats(1.2, 20), st.floats(0.4, 12))
@settings(max_examples=60, deadline=None)
def test_an_interval_is_a_distribution_with_the_mean_asked_for(mean: float, sd: float) -> None:
    weights = epidemic.discretised_interval(mean, sd)
    assert weights.sum() == pytest.approx(1, abs=1e-6)
    assert (weights * weights.index).sum() == pytest.approx(mean, rel=1e-4)


# --- pencil answers


@pytest.mark.parametrize("level", [20, 500, 100000])
def test_constant_counts_are_one_and_do_not_grow(level: int) -> None:
    cases = series([level] * 120)
    last = epidemic.reproduction(cases, dispersion=1).iloc[-1]
    assert last[R] == pytest.approx(1, abs=1 / level)
    growth = epidemic.growth_rate(cases).iloc[-1]
    assert growth[G] == pytest.approx(0, abs=10 / level)
    assert growth[f"{G}_low"] < 0 < growth[f"{G}_high"]
    assert np.isnan(growth["doubling_days"])
    assert np.isnan(growth["halving_days"])


@pytest.mark.parametrize(("rate", "name"), [(0.07, "doubling_days"), (-0.07, "halving_days")])
@pytest.mark.parametrize("mean_days", [3.2, 4.1, 4.7])
def test_steady_growth_gives_its_rate_back_whatever_the_interval(rate: float, name: str, mean_days: float) -> None:
    start = 1000 if rate > 0 else 10_000_000
    cases = series(np.round(start * np.exp(rate * np.arange(90))))
    last = epidemic.growth_rate(cases, interval_mean_days=mean_days).iloc[-1]
    assert last[G] == pytest.approx(100 * np.expm1(rate), abs=0.02)
    assert last[name] == pytest.approx(np.log(2) / 0.07, abs=0.05)
    assert last[f"{name}_low"] <= last[name] <= last[f"{name}_high"]


def test_dispersion_divides_cases_and_infectiousness() -> None:
    cases = series([100] * 60)
    four, one = (epidemic.reproduction(cases, dispersion=phi).iloc[-1] for phi in (4, 1))
    assert four[R] == pytest.approx((1 + 700 / 4) / (0.2 + 700 / 4), rel=1e-6)
    assert four[f"{R}_sd"] / one[f"{R}_sd"] == pytest.approx(2, rel=0.01)


def test_the_first_day_with_cases_infects_but_was_not_infected_here() -> None:
    found = epidemic.reproduction(series([0, 50, 10, 10, 10, 10, 10]), window_days=3, dispersion=1)
    assert found["suppressed"].tolist() == [True] * 4 + [False] * 3
    assert found["window_cases"].iloc[4] == 30


def test_imported_cases_infect_but_are_not_counted_as_infected() -> None:
    cases, imported = series([40] * 60), series([10] * 60)
    found = epidemic.reproduction(cases, imported=imported, dispersion=1).iloc[-1]
    assert found["window_cases"] == 7 * 30
    assert found[R] == pytest.approx(0.75, abs=0.01)


def test_windows_with_few_cases_for_their_scatter_are_suppressed() -> None:
    cases = series([10] * 40)
    assert not epidemic.reproduction(cases, dispersion=6).iloc[-1]["suppressed"]  # 70 cases, 66 needed
    last = epidemic.reproduction(cases, dispersion=7).iloc[-1]
    assert last["suppressed"]
    assert np.isnan(last[R])


def test_the_last_ten_days_may_still_change() -> None:
    assert epidemic.reproduction(series([10] * 40))["recent"].tolist() == [False] * 30 + [True] * 10


def test_dates_of_infection_are_those_of_report_less_the_delay() -> None:
    result = epidemic.reproduction(series([40] * 60))
    moved = epidemic.by_infection(result, 8)
    assert (moved.index[0], moved.index.name) == (pd.Timestamp("2021-06-23"), "infection_date")
    assert moved[R].to_numpy() == pytest.approx(result[R].to_numpy(), nan_ok=True)
    assert moved.attrs["dated_by"] == "date of report less 8 days"
    for wrong in (-1, 2.5):
        with pytest.raises(DataError, match="whole number of days from infection to report"):
            epidemic.by_infection(result, wrong)  # type: ignore[arg-type]


# --- what must hold for any counts


@given(COUNTS)
@settings(max_examples=40, deadline=None)
def test_bounds_are_in_order(cases: np.ndarray) -> None:
    found = epidemic.reproduction(series(cases))
    shown = found[~found["suppressed"]]
    assert (shown[f"{R}_low"] < shown[f"{R}_median"]).all()
    assert (shown[f"{R}_median"] < shown[f"{R}_high"]).all()
    assert (found["dispersion"] >= 1).all()
    growth = epidemic.growth_rate(series(cases)).dropna(subset=[G])
    assert growth[G].between(growth[f"{G}_low"], growth[f"{G}_high"]).all()
    forecast = epidemic.predict_next(series(cases)).dropna(subset=["predicted_cases"])
    assert (forecast["predicted_cases_low"] <= forecast["predicted_cases_high"]).all()


@given(COUNTS, st.integers(1, 25))
@settings(max_examples=30, deadline=None)
def test_days_before_the_first_case_change_nothing(cases: np.ndarray, empty: int) -> None:
    later = epidemic.reproduction(series(np.append(np.zeros(empty), cases)), dispersion=1)[R]
    alone = epidemic.reproduction(series(cases), dispersion=1)[R]
    assert later.to_numpy()[empty:] == pytest.approx(alone.to_numpy(), rel=1e-9, nan_ok=True)


@given(COUNTS, st.integers(0, 59))
@settings(max_examples=40, deadline=None)
def test_an_empty_day_leaves_its_windows_empty(cases: np.ndarray, gap: int) -> None:
    counts = series(cases)
    counts.iloc[gap] = np.nan
    assert epidemic.reproduction(counts)[R].iloc[gap : gap + 7].isna().all()
    assert epidemic.growth_rate(counts)[G].iloc[gap : gap + 14].isna().all()
    assert epidemic.predict_next(counts)["inside"].isna().iloc[gap]


def test_an_empty_day_is_not_a_day_without_cases() -> None:
    gap, zero = series([50] * 60), series([50] * 60)
    gap.iloc[30], zero.iloc[30] = np.nan, 0
    after_gap, after_zero = (epidemic.reproduction(counts, dispersion=1)[R].iloc[37] for counts in (gap, zero))
    assert after_gap == pytest.approx(1, abs=0.02)
    assert after_zero > 1.1
    gap.iloc[29:33] = np.nan
    assert np.isnan(epidemic.reproduction(gap)[R].iloc[39])  # half of what infects these days is unknown


def test_tenfold_counts_narrow_the_interval_and_leave_the_mean() -> None:
    cases = np.round(1000 + 300 * np.sin(np.arange(90) / 9))
    once, tenfold = (epidemic.reproduction(series(factor * cases), dispersion=1).iloc[20:] for factor in (1, 10))
    assert tenfold[R].to_numpy() == pytest.approx(once[R].to_numpy(), rel=1e-3)
    width = [(table[f"{R}_high"] - table[f"{R}_low"]).to_numpy() for table in (once, tenfold)]
    assert width[0] / width[1] == pytest.approx(np.sqrt(10), rel=0.01)


@given(st.integers(2, 9))
@settings(max_examples=8, deadline=None)
def test_cases_and_dispersion_scaled_together_change_nothing(factor: int) -> None:
    cases = epidemics(1)[:, 0]
    once = epidemic.reproduction(series(cases), dispersion=2).iloc[20:]
    scaled = epidemic.reproduction(series(factor * cases), dispersion=2 * factor).iloc[20:]
    assert scaled[f"{R}_high"].to_numpy() == pytest.approx(once[f"{R}_high"].to_numpy(), rel=1e-9, nan_ok=True)


def test_a_forecast_uses_no_later_day() -> None:
    cases = series(epidemics(1, k=0.3)[:, 0])
    whole = epidemic.predict_next(cases)
    columns = ["predicted_cases", "predicted_cases_low", "predicted_cases_high"]
    for days in range(60, 120):
        cut = epidemic.predict_next(cases.iloc[:days])
        pd.testing.assert_frame_equal(whole[columns].iloc[: days + 1], cut[columns])
        assert cut.index[-1] == cases.index[days]
        assert cut["inside"].isna().iloc[-1]


def test_a_forecast_learns_the_weekday() -> None:
    factor = np.array([1.3, 1.1, 1.05, 1, 1, 0.95, 0.6])
    cases = series(np.round(400 * np.tile(factor, 20)))
    found = epidemic.predict_next(cases).iloc[-15:-1]
    assert found["predicted_cases"].to_numpy() == pytest.approx(found["cases"].to_numpy(), rel=0.15)


# --- dispersion and coverage


def test_scatter_of_a_day_and_of_a_person_are_both_seen() -> None:
    def typical(**how: object) -> float:
        cases = epidemics(20, **how)  # type: ignore[arg-type]
        weekday = np.arange(len(cases)) % 7
        return float(np.median([dispersion_by_day(c, epidemic.infectiousness(c, WEIGHTS), weekday) for c in cases.T]))

    assert typical() < 1.7  # the least is 1, so that chance only adds
    assert 3 < typical(k=0.3) < 7  # 1 + R / k = 4.4
    assert 2 < typical(k=0.3, lasting=True) < 5


def test_the_weekday_pattern_is_no_scatter() -> None:
    factor = np.tile([1.3, 1.1, 1.05, 1, 1, 0.95, 0.6], 20)
    cases = np.round(400 * factor)
    assert epidemic.reproduction(series(cases))["dispersion"].max() == 1
    assert np.nanmax(daily_terms(cases, np.arange(140) % 7)) < 0.01
    assert np.nanmean(daily_terms(cases, np.zeros(140, dtype=int))) > 10


@pytest.mark.parametrize("how", [{}, {"k": 0.3}, {"k": 0.1}, {"k": 0.3, "lasting": True}], ids=str)
def test_intervals_hold_the_truth(how: dict[str, float]) -> None:
    assert held(epidemics(40, seed=3, **how), 1.03) > 0.87  # type: ignore[arg-type]


def test_poisson_intervals_do_not_hold_the_truth_where_few_infect_many() -> None:
    assert held(epidemics(40, k=0.3, seed=3), 1.03, dispersion=1) < 0.75


@pytest.mark.parametrize("how", [{}, {"k": 0.1}], ids=str)
def test_forecasts_hold_the_next_day(how: dict[str, float]) -> None:
    inside = [epidemic.predict_next(series(cases))["inside"].iloc[35:] for cases in epidemics(20, **how).T]  # type: ignore[arg-type]
    assert 0.91 < pd.concat(inside).mean() < 0.99


# --- an analyst's own file


def test_a_plain_csv_goes_straight_in(tmp_path: object) -> None:
    written = series([30] * 30).rename("cases").to_csv()
    from io import StringIO  # noqa: PLC0415

    cases = pd.read_csv(StringIO(written), index_col="date")["cases"]
    assert not isinstance(cases.index, pd.DatetimeIndex)
    found = epidemic.reproduction(cases)
    assert found.index[0] == pd.Timestamp("2021-07-01")
    assert found.index.name == "date"


@pytest.mark.parametrize(
    "index", [[date(2021, 7, 1), date(2021, 7, 2)], pd.period_range("2021-07-01", periods=2, freq="D")], ids=type
)
def test_days_in_other_dress_are_days(index: object) -> None:
    found = dated_counts(pd.Series(pd.array([3, None], dtype="Int64"), index))
    assert found.index.tolist() == [pd.Timestamp("2021-07-01"), pd.Timestamp("2021-07-02")]
    assert found.isna().tolist() == [False, True]


DAYS = pd.date_range("2021-07-01", periods=3)


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        ([1, 2], "cases is a list: give a pandas Series"),
        (pd.Series([], dtype=float), "cases has no day"),
        (pd.Series([1, 2, 3]), "cases is indexed by '0', which is no date as YYYY-MM-DD"),
        (pd.Series([1, 2], ["01/07/2021", "02/07/2021"]), r"'01/07/2021'.*pd.to_datetime\(..., dayfirst=True\)"),
        (pd.Series([1], ["2021-02-30"]), "day that is not in the calendar"),
        (pd.Series([1, 2], ["2021-07-01", "2021-07-04"]), r"2 days missing, first 2021-07-02; use .asfreq\(\"D\"\)"),
        (pd.Series([1, 2], ["2021-07-01", "2021-07-01"]), "has 2021-07-01 twice"),
        (pd.Series([1, 2, 3], DAYS[::-1]), r"not in the order of its dates: use .sort_index\(\)"),
        (pd.Series([1, 2, 3], DAYS + pd.Timedelta(hours=8)), "indexed by times of day, first 2021-07-01 08:00:00"),
        (pd.Series([1, -2, 3], DAYS), "cases of 2021-07-02 is -2: a count cannot be negative"),
        (pd.Series([1, np.inf, 3], DAYS), "cases of 2021-07-02 is inf: give a finite count"),
        (pd.Series([1, 2.5, 3], DAYS), "cases of 2021-07-02 is 2.5: give counts as published"),
        (pd.Series(["1", "2 ca", "3"], DAYS), "cases of 2021-07-02 is '2 ca': give a number"),
    ],
    ids=range(13),
)
def test_a_series_that_cannot_be_used_says_why(cases: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        epidemic.reproduction(cases)  # type: ignore[arg-type]


def test_all_that_is_wrong_with_the_counts_is_said_at_once() -> None:
    with pytest.raises(DataError) as caught:
        dated_counts(pd.Series([-1, 2.5, 3], DAYS))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"interval": [0.2, 0.5, 0.3]}, "w_0 = 0.2: put 0 first"),
        ({"interval": [0, 0.5, 0.3]}, "interval sums to 0.800: divide it by its sum"),
        ({"interval": [0, 1.2, -0.2]}, "none negative"),
        ({"interval_mean_days": 1.0}, "mean 1.0 and sd 2.9 days: give a mean above 1 day"),
        ({"interval_sd_days": 0}, "an sd above 0"),
        ({"window_days": 0}, "window of 0 days: give a whole number of days, at least 1"),
        ({"dispersion": 0.5}, "dispersion of 0.5: give 1"),
        ({"imported": pd.Series([9, 0, 0], DAYS)}, "imported cases of 2021-07-01 are 9, cases 1"),
        ({"imported": pd.Series([0, 0], DAYS[:2])}, r"use imported.reindex\(cases.index\)"),
    ],
    ids=str,
)
def test_options_that_cannot_be_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        epidemic.reproduction(pd.Series([1, 2, 3], DAYS), **options)  # type: ignore[arg-type]


def test_a_series_shorter_than_the_window_has_no_number() -> None:
    assert epidemic.reproduction(pd.Series([10, 20, 30], DAYS))["suppressed"].all()
    assert epidemic.predict_next(pd.Series([10, 20, 30], DAYS))["predicted_cases"].isna().all()
    assert epidemic.reproduction(pd.Series([0, 0, 0], DAYS))[R].isna().all()


@pytest.mark.parametrize("name", ["epidemic", "daily_counts", "turning_points"])
def test_the_examples_of_the_docstrings_hold(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"kg_analysis.analysis.{name}"))
    assert found.failed == 0
    assert found.attempted > 0


def test_importing_costs_no_statistics() -> None:
    code = (
        "import sys, kg_analysis.analysis.turning_points\n"
        "print([name for name in ('scipy', 'statsmodels') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
