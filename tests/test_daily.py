"""Daily counts: what is flagged, smoothed, fitted and divided, and the report's phases against them."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg_analysis.analysis.change_points import breaks, dispersion, distance_rows, find_breaks, segment
from kg_analysis.analysis.daily import Daily, Floats, daily, flagged, has_days, seven_day_mean
from kg_analysis.analysis.daily_growth import growth_frame, growth_rates, growth_rows

from kg_analysis.analysis import covid, daily_phases, daily_quality
from kg_analysis.analysis.covid import Wave
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.quantities import Quantity

DAY = "2021-08-01"


@pytest.fixture
def counts(data: Dataset) -> Daily:
    return daily(data)


@pytest.fixture
def wave(data: Dataset) -> Wave:
    return covid.wave(data)


def series(values: object) -> pd.Series:
    cases = np.asarray(values, dtype=float)
    return pd.Series(cases, pd.date_range(DAY, periods=len(cases)))


def table(values: object, **columns: object) -> pd.DataFrame:
    """Rows as the reader gives them, of the days that have one."""
    cases = series(values)
    rows = pd.DataFrame({"new_cases": cases, "community_cases": np.nan, "imported_cases": np.nan, "flag": None})
    return flagged(rows.assign(**columns).dropna(subset=["new_cases"]))


def as_daily(values: object) -> Daily:
    found = table(values)
    return Daily("synthetic-example", "report", found.index[0].date(), found)


def with_rows(data: Dataset, **columns: object) -> Dataset:
    return dataclasses.replace(data, covid_daily=data.covid_daily.assign(**columns))


# --- selection


def test_the_series_runs_beyond_the_report_and_every_day_is_there(counts: Daily) -> None:
    assert (counts.start, counts.end) == (date(2021, 6, 1), date(2022, 1, 22))
    assert len(counts.table) == 236
    assert counts.table["raw"].sum() == 32551


def test_a_year_without_a_day_is_left_out_with_its_reason(data: Dataset) -> None:
    other = dataclasses.replace(data, year=2020)
    assert not has_days(other)
    with pytest.raises(NotPrintedError, match="no day of 2020") as caught:
        daily(other)
    assert caught.value.missing == "covid_daily_year"
    with pytest.raises(NotPrintedError) as caught:
        daily(dataclasses.replace(data, covid_daily=data.covid_daily.iloc[:0]))
    assert caught.value.missing == "covid_daily"


def test_the_next_year_shows_its_days_and_looks_back_on_those_before(data: Dataset) -> None:
    found = daily(dataclasses.replace(data, year=2022))
    assert (found.start, len(found.shown), len(found.table)) == (date(2022, 1, 1), 22, 236)
    assert growth_frame(found)["rate"].notna().all()


def test_two_collections_are_not_merged(data: Dataset) -> None:
    own = data.covid_daily.iloc[:50].assign(source_id="synthetic-example", new_cases=1)
    both = dataclasses.replace(data, covid_daily=pd.concat([data.covid_daily, own]))
    assert daily(both).source_id == "moh-bulletins-2021"
    assert daily(both).others == ("synthetic-example",)
    assert daily(both, "synthetic-example").table["raw"].sum() == 50
    with pytest.raises(DataError, match="choose moh-bulletins-2021, synthetic-example"):
        daily(both, "mine")


def test_dates_of_two_meanings_are_refused(data: Dataset) -> None:
    mixed = ["onset"] + ["report"] * (len(data.covid_daily) - 1)
    with pytest.raises(DataError, match="mixes dates of onset and report"):
        daily(with_rows(data, date_basis=mixed))


# --- flags


def test_a_missing_date_is_not_zero() -> None:
    found = table([5, 6, np.nan, np.nan, 7])
    assert len(found) == 5
    assert found["flag"].tolist() == ["", "", "missing", "missing", ""]
    assert found["cases"].isna().sum() == 2


def test_the_false_count_of_28_september_would_be_set_aside_and_kept(data: Dataset) -> None:
    cases = data.covid_daily["new_cases"].where(data.covid_daily["date"] != "2021-09-28", 49170)
    found = daily(with_rows(data, new_cases=cases))
    row = found.table.loc["2021-09-28"]
    assert (row["raw"], row["flag"]) == (49170, "dump")
    assert np.isnan(row["cases"])
    (listed,) = [each for each in daily_quality.flagged_rows(found) if each["flag"] == "dump"]
    assert (listed["raw_cases"].value, listed["used_cases"]) == (49170, None)


def test_a_negative_count_is_kept_and_not_used() -> None:
    found = table([20, 21, -7, 22, 23])
    assert found["raw"].tolist()[2] == -7
    assert np.isnan(found["cases"].iloc[2])
    assert found["flag"].iloc[2] == "negative"


def test_the_first_cases_of_a_wave_are_no_dump_and_a_zero_amid_many_is_told() -> None:
    found = table([0] * 10 + [12, 30, 25, 28, 0, 31, 29, 26, 33, 27])
    assert "dump" not in found["flag"].tolist()
    assert found["flag"].tolist().index("sudden_zero") == 14
    assert found["cases"].iloc[14] == 0


def test_the_days_flagged_are_those_without_a_bulletins_count(counts: Daily) -> None:
    rows = daily_quality.flagged_rows(counts)
    assert [str(row["date"]) for row in rows] == ["2021-07-26", "2021-07-28", "2021-08-04", "2022-01-22"]
    quality = {row["quality"]: row["days"] for row in daily_quality.quality_rows(counts)}
    assert quality["quality_missing"] == quality["quality_dump"] == quality["quality_negative"] == 0
    assert quality["quality_collector_collections_differ"] == 37


@given(st.lists(st.one_of(st.none(), st.integers(-20, 5000)), min_size=2, max_size=60))
@settings(max_examples=80, deadline=None)
def test_what_was_published_always_stays(values: list[int | None]) -> None:
    if values[0] is None or values[-1] is None:
        values = [1, *values, 1]
    found = table([np.nan if each is None else each for each in values])
    assert [None if np.isnan(each) else int(each) for each in found["raw"]] == values
    used = found["cases"].notna()
    assert (found.loc[used, "cases"] == found.loc[used, "raw"]).all()
    assert (found.loc[~used, "flag"] != "").all()
    assert (found["cases"].dropna() >= 0).all()


def test_a_weekday_without_bulletins_stands_out() -> None:
    pattern = np.tile([60, 60, 60, 60, 60, 90, 30], 12)
    rows = daily_quality.weekday_rows(as_daily(pattern))
    factors = {row["weekday"]: row["weekday_factor"] for row in rows}
    assert factors["weekday_5"].value == pytest.approx(
        0.5, abs=0.02
    )  # 1 August 2021 is a Sunday: the pattern's 7th day
    assert factors["weekday_5"].high < 1 < factors["weekday_4"].low
    assert factors["weekday_0"].low < 1 < factors["weekday_0"].high


# --- seven-day mean


def test_the_mean_is_trailing_or_centred_and_needs_seven_days() -> None:
    cases = series([*range(10), np.nan, *range(10)])
    trailing, centred = seven_day_mean(cases), seven_day_mean(cases, "centred")
    assert trailing.iloc[:6].isna().all()
    assert trailing.iloc[6] == centred.iloc[3] == 3
    assert trailing.iloc[10:17].isna().all()
    assert centred.iloc[7:14].isna().all()
    assert trailing.iloc[17] == 3
    with pytest.raises(DataError, match="choose trailing or centred"):
        seven_day_mean(cases, "middle")  # type: ignore[arg-type]


# --- growth


def test_an_exact_exponential_gives_its_rate_back_through_weekdays() -> None:
    weekdays = np.tile([1, 1.2, 0.8, 1, 1.1, 0.6, 1.3], 4)
    cases = series(500 * np.exp(0.04 * np.arange(28)) * weekdays)
    found = growth_frame(Daily("s", "report", cases.index[0].date(), pd.DataFrame({"cases": cases})))
    assert found["rate"].iloc[13:].to_numpy() == pytest.approx(0.04, abs=1e-9)
    assert found["doubling_days"].iloc[-1] == pytest.approx(np.log(2) / 0.04)
    assert found["doubling_days_low"].iloc[-1] < found["doubling_days"].iloc[-1] < found["doubling_days_high"].iloc[-1]
    assert found["halving_days"].isna().all()


def test_the_fit_is_that_of_a_general_linear_model() -> None:
    """Rate and bounds as statsmodels 0.15 gives them for a Poisson GLM with Pearson scale and Student's t."""
    found = growth_rates(series([39, 34, 39, 29, 39, 77, 56, 37, 71, 65, 44, 59, 44, 58])).iloc[-1]
    expected = [0.026955857868490612, -0.0327192542142238, 0.08663096995120503, 4.99003978295805]
    assert found.tolist() == pytest.approx(expected, abs=1e-9)


def test_a_fortnight_grows_by_the_second_week_over_the_first(counts: Daily) -> None:
    weeks = counts.table["cases"].rolling(7).sum()
    rate = growth_rates(counts.table["cases"])["rate"].dropna()
    expected = np.log((weeks / weeks.shift(7)).loc[rate.index]) / 7
    assert len(rate) > 150
    assert rate.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)


def test_no_doubling_time_where_growth_is_not_certain(counts: Daily) -> None:
    found = growth_frame(counts)
    unsure = (found["low"] <= 0) & (found["high"] >= 0)
    assert unsure.sum() > 100
    assert found.loc[unsure, ["doubling_days", "halving_days"]].isna().all(axis=None)
    assert found.loc[found["low"] > 0, "doubling_days"].notna().all()
    rows = growth_rows(counts, found)
    assert any(row["doubling_days"] is None and row["halving_days"] is None for row in rows)
    assert all(isinstance(row["growth_pct_per_day"], Quantity) for row in rows)


def test_a_fortnight_with_a_missing_day_has_no_rate() -> None:
    cases = series(np.full(40, 50.0))
    cases.iloc[20] = np.nan
    found = growth_rates(cases)["rate"]
    assert found.iloc[20:34].isna().all()
    assert found.iloc[[19, 34]].notna().all()


def test_too_few_cases_have_no_rate_and_too_short_a_window_is_refused() -> None:
    assert growth_rates(series([0] * 13 + [3]))["rate"].isna().all()
    assert growth_rates(series([5] * 9))["rate"].isna().all()
    with pytest.raises(DataError, match="at least 14"):
        growth_rates(series([5] * 30), 10)


@given(st.lists(st.integers(0, 400), min_size=14, max_size=40))
@settings(max_examples=60, deadline=None)
def test_growth_has_its_rate_within_its_bounds_and_turns_with_time(values: list[int]) -> None:
    forward = growth_rates(series(values)).dropna()
    assert (forward["low"] <= forward["rate"]).all()
    assert (forward["rate"] <= forward["high"]).all()
    assert np.isfinite(forward.to_numpy()).all()
    if len(values) == 14 and len(forward):
        assert growth_rates(series(values[::-1]))["rate"].iloc[-1] == pytest.approx(-forward["rate"].iloc[0], abs=1e-7)


def test_intervals_hold_the_true_rate_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    held = []
    for _ in range(300):
        level = 80 * np.exp(0.03 * np.arange(14))
        row = growth_rates(series(rng.negative_binomial(10, 10 / (10 + level)))).iloc[-1]
        held.append(row["low"] <= 0.03 <= row["high"])
    assert 0.91 < np.mean(held) <= 0.99


# --- change points


@pytest.mark.parametrize("seed", range(6))
def test_both_steps_of_a_simulated_series_are_found_within_two_days(seed: int) -> None:
    rng = np.random.default_rng(seed)
    level = np.repeat([20, 130, 55], [45, 40, 35])
    found = find_breaks(series(rng.negative_binomial(30, 30 / (30 + level))))
    days = [(each.day - date(2021, 8, 1)).days for each in found]
    assert len(days) == 2
    assert abs(days[0] - 45) <= 2
    assert abs(days[1] - 85) <= 2
    assert all(each.earliest <= each.day <= each.latest for each in found)


@pytest.mark.parametrize("seed", range(6))
def test_one_level_has_no_break_however_scattered(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert find_breaks(series(rng.negative_binomial(6, 6 / (6 + 60), 150))) == ()


def brute_force(counts: Floats, penalty: float) -> float:
    """Least cost over every division into stretches of at least seven days."""

    def cost(part: Floats) -> float:
        return float(-2 * part.sum() * np.log(part.mean())) if part.sum() else 0.0

    places = range(7, len(counts) - 6)
    best = cost(counts)
    for size in range(1, len(counts) // 7):
        for chosen in itertools.combinations(places, size):
            edges = [0, *chosen, len(counts)]
            if min(np.diff(edges)) >= 7:
                pieces = sum(cost(counts[a:b]) for a, b in itertools.pairwise(edges))
                best = min(best, pieces + penalty * size)
    return best


@given(st.lists(st.integers(0, 60), min_size=14, max_size=27), st.floats(0.5, 60))
@settings(max_examples=40, deadline=None)
def test_the_search_is_exact(values: list[int], penalty: float) -> None:
    counts = np.asarray(values, dtype=float)
    found = [0, *segment(counts, penalty), len(counts)]
    assert min(np.diff(found)) >= 7
    parts = [counts[a:b] for a, b in itertools.pairwise(found)]
    cost = sum(-2 * part.sum() * np.log(part.mean()) for part in parts if part.sum()) + penalty * (len(parts) - 1)
    assert cost == pytest.approx(brute_force(counts, penalty), rel=1e-9, abs=1e-6)


def test_dispersion_is_that_of_the_counts_and_at_least_one() -> None:
    rng = np.random.default_rng(3)
    assert dispersion(rng.poisson(50, 4000).astype(float)) == pytest.approx(1, abs=0.1)
    assert dispersion(rng.negative_binomial(10, 10 / 60, 4000).astype(float)) == pytest.approx(6, abs=0.6)
    assert dispersion(np.full(30, 7.0)) == dispersion(np.zeros(30)) == 1


def test_the_boundaries_of_the_report_lie_two_days_from_breaks(counts: Daily, wave: Wave) -> None:
    rows = {row["phase"]: row for row in distance_rows(breaks(counts), wave, counts)}
    assert (rows["2"]["nearest_break"], rows["2"]["days_later"]) == (date(2021, 8, 16), -2)
    assert (rows["3"]["nearest_break"], rows["3"]["days_later"]) == (date(2021, 9, 25), 2)
    assert rows["2"]["figure_ids"] == "kg21-covid-p2-start"


def test_without_cases_or_days_there_are_no_breaks() -> None:
    for values in ([0] * 40, [5] * 9):
        with pytest.raises(NotPrintedError, match="change points"):
            breaks(as_daily(values))


# --- the report's phases


def test_the_phases_counted_twice(counts: Daily, wave: Wave) -> None:
    found = {each.phase: each for each in daily_phases.compare(wave, counts)}
    assert [found[each].daily_cases.value for each in ("1", "2", "3", "wave")] == [543, 4168, 860, 5571]  # type: ignore[union-attr]
    assert [found[each].verdict for each in ("1", "2", "3", "wave")] == ["below", "below", "above", "below"]
    third = found["3"]
    assert third.daily_mean is not None
    assert third.difference is not None
    assert third.daily_mean.value == 107.5
    assert (third.difference.low, third.difference.high) == pytest.approx((77.686, 80.672), abs=1e-3)


@pytest.mark.parametrize(
    ("third", "verdict"), [((60,) * 8, "inside"), ((60,) * 4 + (59,) * 4, "inside"), ((60,) * 4 + (61,) * 4, "above")]
)
def test_a_mean_that_rounds_up_to_the_next_is_outside(
    counts: Daily, wave: Wave, third: tuple[int, ...], verdict: str
) -> None:
    changed = counts.table.copy()
    changed.loc["2021-09-23":"2021-09-30", "cases"] = third
    found = daily_phases.compare(wave, dataclasses.replace(counts, table=changed))
    assert found[2].verdict == verdict


def test_a_phase_with_a_missing_day_is_not_judged(counts: Daily, wave: Wave) -> None:
    changed = counts.table.copy()
    changed.loc["2021-09-25", "cases"] = np.nan
    found = daily_phases.compare(wave, dataclasses.replace(counts, table=changed))
    assert [each.verdict for each in found] == ["below", "below", "incomplete", "incomplete"]
    assert (found[2].days_known, found[2].days) == (7, 8)
    assert found[2].daily_mean is None


def test_what_came_after_the_report(counts: Daily, wave: Wave) -> None:
    found = daily_phases.after(wave, counts)
    assert (found.start, found.end, found.days) == (date(2021, 10, 1), date(2022, 1, 22), 114)
    assert found.cases.value == 26980
    assert (found.peak_day, found.peak_mean.value) == (date(2021, 11, 7), pytest.approx(3092 / 7))
    assert found.wave_peak_mean is not None
    assert found.wave_peak_mean.value == pytest.approx(1245 / 7)


def test_counts_that_end_with_the_table_say_nothing_of_later(counts: Daily, wave: Wave) -> None:
    early = dataclasses.replace(counts, table=counts.table.loc[:"2021-09-30"])
    with pytest.raises(NotPrintedError, match="no week after 2021-09-30"):
        daily_phases.after(wave, early)
    with pytest.raises(NotPrintedError, match="no day of the report's phases"):
        daily_phases.compare(wave, dataclasses.replace(counts, table=counts.table.loc["2021-12-01":]))
