"""Daily counts: what is flagged and set aside, level and peak, totals, deaths, and the report's phases beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg_analysis.analysis import daily_counts as daily
from kg_analysis.analysis.covid import WAVE, phase_summary
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError

BULLETINS = "moh-bulletins-2021"


@pytest.fixture(scope="module")
def wave(data: Dataset) -> pd.DataFrame:
    return phase_summary(data.covid_phases)


@pytest.fixture(scope="module")
def cases(data: Dataset) -> pd.DataFrame:
    return daily.daily_counts(data.covid_daily)


@pytest.fixture(scope="module")
def deaths(data: Dataset) -> pd.DataFrame:
    return daily.daily_counts(data.covid_deaths_daily, "new_deaths")


@pytest.fixture(scope="module")
def compared(wave: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    return daily.by_phase_and_lag(wave, cases).set_index(["lag_days", "phase"])


def series(values: object, start: str = "2021-08-01") -> pd.Series:
    counts = np.asarray(values, dtype=float)
    return pd.Series(counts, pd.date_range(start, periods=len(counts), name="date"))


def collected(values: object, remarks: dict[str, str] | None = None, start: str = "2021-08-01") -> pd.DataFrame:
    """A collection as its file has it, days without a count left out."""
    rows = series(values, start).dropna().rename("new_cases").reset_index().assign(source_id="a")
    return rows.assign(flag=[(remarks or {}).get(f"{day:%Y-%m-%d}", "") for day in rows["date"]])


# --- which days are there, and which collection


def test_every_day_of_the_collection_is_a_row(cases: pd.DataFrame) -> None:
    assert [str(day.date()) for day in cases.index[[0, -1]]] == ["2021-06-01", "2022-01-22"]
    assert len(cases) == 236
    assert cases["raw"].sum() == 32551


def test_two_collections_are_never_merged(data: Dataset) -> None:
    """The longest is taken whole; another is there for the asking, and no day mixes the two."""
    own = data.covid_daily[data.covid_daily["source_id"] == BULLETINS].iloc[:50].assign(source_id="mine", new_cases=1)
    both = pd.concat([data.covid_daily, own])
    assert set(daily.daily_counts(both)["source_id"]) == {BULLETINS}
    assert daily.daily_counts(both)["raw"].sum() == 32551
    assert daily.daily_counts(both, source_id="mine")["raw"].tolist() == [1.0] * 50
    with pytest.raises(DataError, match=r"source 'other' has no daily counts; choose mine, moh-bulletins-2021"):
        daily.daily_counts(both, source_id="other")


def test_a_missing_date_is_not_zero() -> None:
    found = daily.daily_counts(collected([5, 6, np.nan, np.nan, 7]))
    assert found["flag"].tolist() == ["", "", "missing", "missing", ""]
    assert found[["raw", "used", "sum"]].isna().sum().tolist() == [2, 2, 2]


def test_dates_of_two_meanings_are_refused() -> None:
    rows = collected([5, 6, 7])
    with pytest.raises(DataError, match=r"source 'a' mixes dates of onset and report; give each a source_id"):
        daily.daily_counts(rows.assign(date_basis=["onset", "report", "report"]))
    assert set(daily.daily_counts(rows.assign(date_basis="onset"))["date_basis"]) == {"onset"}


def test_no_series_in_none_out(data: Dataset, wave: pd.DataFrame) -> None:
    none = daily.daily_counts(data.covid_daily.iloc[:0])
    assert none.empty
    assert daily.of_year(none, 2021).empty
    assert daily.periods(wave, none, none).empty
    assert daily.by_phase_and_lag(wave, none).empty
    assert daily.peak(none["used"]).empty


def test_the_year_runs_to_the_end_of_january(cases: pd.DataFrame) -> None:
    assert str(daily.of_year(cases, 2021).index[-1].date()) == "2022-01-22"
    assert daily.of_year(cases, 2022)["raw"].notna().sum() == 22
    assert daily.of_year(cases, 2020).empty


# --- flags


def test_a_false_count_is_set_aside_and_kept() -> None:
    """49,170 in place of 170, as one bulletin of September 2021 had it."""
    found = daily.daily_counts(collected([150 + each % 9 for each in range(30)][:20] + [49170] + [160] * 9))
    row = found.iloc[20]
    assert (row["raw"], row["flag"]) == (49170, "dump")
    assert np.isnan(row["used"])
    assert np.isnan(row["sum"])
    mean = daily.seven_day_mean(found["used"])
    assert mean.iloc[20:27].isna().all()
    assert mean.max() < 200
    assert daily.peak(found["used"])["highest_cases"] < 200


def test_a_negative_count_is_kept_and_not_used() -> None:
    found = daily.flagged(series([20, 21, -7, 22, 23]))
    assert found["raw"].iloc[2] == -7
    assert found["flag"].iloc[2] == "negative"
    assert found[["used", "sum"]].iloc[2].isna().all()


def test_the_first_cases_of_a_wave_are_no_dump_and_a_zero_amid_many_is_no_count() -> None:
    found = daily.flagged(series([0] * 10 + [12, 30, 25, 28, 0, 31, 29, 26, 33, 27]))
    assert found["flag"].ne("").sum() == 1
    assert found["flag"].iloc[14] == "sudden_zero"
    assert np.isnan(found["used"].iloc[14])
    assert found["sum"].iloc[14] == 0  # a day without a bulletin adds nothing to a total


@pytest.mark.parametrize(("remark", "in_a_sum"), [("corrupt", False), ("partial", False), ("two_days", True)])
def test_a_collectors_remark_keeps_a_day_out_of_every_mean(remark: str, in_a_sum: bool) -> None:
    found = daily.daily_counts(collected([20] * 20, {"2021-08-10": f"one_collection {remark}"}))
    day = found.loc["2021-08-10"]
    assert day["flag"] == remark
    assert np.isnan(day["used"])
    assert pd.notna(day["sum"]) == in_a_sum
    assert daily.seven_day_mean(found["used"]).loc["2021-08-10":"2021-08-16"].isna().all()


def test_a_remark_that_only_informs_changes_nothing() -> None:
    found = daily.daily_counts(collected([20] * 20, {"2021-08-10": "collections_differ"}))
    assert found["used"].notna().all()
    assert found.loc["2021-08-10", "remark"] == "collections_differ"


def test_the_days_without_a_bulletins_count(cases: pd.DataFrame) -> None:
    days = [str(day.date()) for day in cases.index[cases["flag"] != ""]]
    assert days == ["2021-07-26", "2021-07-28", "2021-08-04", "2022-01-22"]
    found = daily.quality(cases).set_index("finding")["days"]
    assert found["days"] == 236
    assert found["sudden_zero"] == 4
    assert not {"missing", "dump", "negative"} & set(found.index)


def test_quality_names_the_first_and_last_day_of_each_finding() -> None:
    found = daily.quality(daily.daily_counts(collected([20, np.nan, 20, np.nan, 20]))).set_index("finding")
    assert [str(day.date()) for day in found.loc["missing", ["first_day", "last_day"]]] == ["2021-08-02", "2021-08-04"]


@given(st.lists(st.one_of(st.none(), st.integers(-20, 5000)), min_size=2, max_size=60))
@settings(max_examples=80, deadline=None)
def test_what_was_published_always_stays_and_what_is_doubted_says_why(values: list[int | None]) -> None:
    found = daily.flagged(series([np.nan if each is None else each for each in values]))
    assert [None if np.isnan(each) else int(each) for each in found["raw"]] == values
    used = found["used"].notna()
    assert (found.loc[used, "used"] == found.loc[used, "raw"]).all()
    assert (found.loc[~used, "flag"] != "").all()
    assert (found.loc[used, "flag"] == "").all()
    assert (found["used"].dropna() >= 0).all()
    assert (found["sum"].dropna() >= 0).all()


# --- mean, peak, weekdays


def test_the_mean_is_trailing_or_centred_and_needs_seven_days() -> None:
    counts = series([*range(10), np.nan, *range(10)])
    trailing, centred = daily.seven_day_mean(counts), daily.seven_day_mean(counts, "centred")
    assert trailing.iloc[:6].isna().all()
    assert trailing.iloc[6] == centred.iloc[3] == 3
    assert trailing.iloc[10:17].isna().all()
    assert centred.iloc[7:14].isna().all()
    assert trailing.iloc[17] == 3
    with pytest.raises(DataError, match="alignment 'middle' is not known; choose trailing or centred"):
        daily.seven_day_mean(counts, "middle")  # type: ignore[arg-type]


def test_the_peak_of_2021(cases: pd.DataFrame) -> None:
    found = daily.peak(cases["used"])
    assert found["day"] == pd.Timestamp("2021-11-07")
    assert found["mean_cases_per_day"] == pytest.approx(3092 / 7)  # 441.7
    assert (str(found["highest_day"].date()), found["highest_cases"]) == ("2021-12-04", 498)
    assert daily.peak(cases["used"], "centred")["day"] == pd.Timestamp("2021-11-04")


def test_six_days_have_no_peak() -> None:
    assert daily.peak(series([5] * 6)).empty


def test_a_weekday_without_bulletins_stands_out() -> None:
    """1 August 2021 is a Sunday: the seventh day of the pattern is a Saturday."""
    found = daily.weekday_pattern(series(np.tile([60, 60, 60, 60, 60, 90, 30], 12))).set_index("weekday")
    assert found.at[5, "weekday_factor"] == pytest.approx(0.5, abs=0.02)
    assert found.at[5, "weekday_factor_high"] < 1 < found.at[4, "weekday_factor_low"]
    assert found.at[0, "weekday_factor_low"] < 1 < found.at[0, "weekday_factor_high"]
    assert set(found["weekday_factor_kind"]) == {"confidence_95"}


def test_alike_weekdays_are_seldom_told_apart() -> None:
    """The intervals hold for all seven at once: a false alarm on any weekday in about one series of twenty."""
    rng = np.random.default_rng(4)
    alarms = 0
    for _ in range(200):
        found = daily.weekday_pattern(series(rng.negative_binomial(8, 8 / (8 + 60), 126)))
        alarms += bool(((found["weekday_factor_low"] > 1) | (found["weekday_factor_high"] < 1)).any())
    assert alarms / 200 < 0.12


def test_a_weekday_that_never_has_a_case_has_no_factor() -> None:
    assert daily.weekday_pattern(series(np.tile([60, 60, 60, 60, 60, 60, 0], 6))).empty


# --- the report's phases


@pytest.mark.parametrize(
    ("lag", "phase", "percent", "verdict"),
    [
        (0, "1", -44.9, "below"),
        (0, "2", -8.8, "below"),
        (0, "3", 79.2, "above"),
        (7, "1", -7.0, "below"),
        (7, "2", 0.0, "inside"),
        (7, "3", 29.2, "above"),
    ],
)
def test_bulletins_against_the_report(
    compared: pd.DataFrame, lag: int, phase: str, percent: float, verdict: str
) -> None:
    row = compared.loc[(lag, phase)]
    assert round(row["difference_pct"], 1) == percent
    assert row["verdict"] == verdict
    assert row["difference_pct_low"] < row["difference_pct"] < row["difference_pct_high"]


def test_the_phases_counted_twice(compared: pd.DataFrame) -> None:
    days = compared["days_known"] * compared["bulletin_cases_per_day"]
    assert [round(days[(0, phase)]) for phase in ("1", "2", "3", WAVE)] == [543, 4168, 860, 5571]
    assert compared.at[(0, "3"), "bulletin_cases_per_day"] == 107.5
    assert sorted(set(compared.index.get_level_values("lag_days"))) == list(range(11))


def test_seven_days_agree_best(compared: pd.DataFrame) -> None:
    assert daily.best_lag(compared.reset_index()) == 7


def test_neither_source_is_corrected(compared: pd.DataFrame, wave: pd.DataFrame, cases: pd.DataFrame) -> None:
    means = wave.set_index("phase")["mean_cases_per_day"]
    for phase in ("1", "2", "3"):
        assert (compared.xs(phase, level="phase")["mean_cases_per_day"] == means[phase]).all()
    days = cases["raw"].loc["2021-09-30":"2021-10-07"]  # phase 3, a week later
    assert compared.at[(7, "3"), "bulletin_cases_per_day"] == pytest.approx(days.mean())


@pytest.mark.parametrize(
    ("third", "verdict"), [([60] * 8, "inside"), ([60] * 4 + [59] * 4, "inside"), ([60] * 4 + [61] * 4, "above")]
)
def test_a_mean_that_rounds_up_to_the_next_is_outside(
    cases: pd.DataFrame, wave: pd.DataFrame, third: list[int], verdict: str
) -> None:
    """59.5 prints as 60, 60.5 as 61."""
    changed = cases.copy()
    changed.loc["2021-09-23":"2021-09-30", "sum"] = third
    found = daily.by_phase_and_lag(wave, changed, [0]).set_index("phase")
    assert found.at["3", "verdict"] == verdict


def test_a_phase_with_a_missing_day_is_not_judged(cases: pd.DataFrame, wave: pd.DataFrame) -> None:
    changed = cases.copy()
    changed.loc["2021-09-25", ["raw", "used", "sum"]] = np.nan
    found = daily.by_phase_and_lag(wave, changed, [0]).set_index("phase")
    assert found["verdict"].to_dict() == {"1": "below", "2": "below", "3": "incomplete", WAVE: "incomplete"}
    assert (found.at["3", "days_known"], found.at["3", "days"]) == (7, 8)
    assert np.isnan(found.at["3", "bulletin_cases_per_day"])


def test_no_lag_is_best_where_no_phase_is_complete(wave: pd.DataFrame) -> None:
    assert daily.best_lag(daily.by_phase_and_lag(wave, daily.flagged(series([50] * 30, "2021-12-01")))) is None


def test_no_lag_is_best_where_the_bulletins_count_no_case(wave: pd.DataFrame) -> None:
    assert daily.best_lag(daily.by_phase_and_lag(wave, daily.flagged(series([0] * 150, "2021-06-01")))) is None


@given(shift=st.integers(0, 10), seed=st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_a_series_that_is_the_report_some_days_later_gives_that_lag(shift: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    levels = rng.permutation([20, 130, 55, 300])
    starts = pd.date_range("2021-07-01", periods=4, freq="20D")
    phases = pd.DataFrame({"wave": 1, "phase": range(1, 5), "start": starts, "end": starts + pd.Timedelta(days=19)})
    for column in ("mean_cases_per_day", "community_cases_per_day"):
        phases = phases.assign(**{column: levels.astype(float), f"{column}_decimals": 0})
    wave = phase_summary(phases.assign(figure_ids="f"))
    counts = series(np.repeat(levels, 20), "2021-07-01").shift(shift, freq="D")
    counts = counts.reindex(pd.date_range("2021-07-01", periods=100)).bfill().ffill()
    assert daily.best_lag(daily.by_phase_and_lag(wave, daily.flagged(counts))) == shift


# --- totals and deaths


@pytest.fixture(scope="module")
def totals(wave: pd.DataFrame, cases: pd.DataFrame, deaths: pd.DataFrame) -> pd.DataFrame:
    found = daily.periods(wave, daily.of_year(cases, 2021), daily.of_year(deaths, 2021))
    return found.set_index("period")


def test_totals_within_and_after_the_phases(totals: pd.DataFrame) -> None:
    assert totals["cases"].to_dict() == {"before": 0, "phases": 5571, "after": 26980, "later": 25513, "all": 32551} | {
        "year": 29866  # January counts for the next year
    }
    assert totals.at["year", "end"] == pd.Timestamp("2021-12-31")
    assert totals.loc[["phases", "after"], "deaths"].tolist() == [57, 684]
    assert totals.loc[["after", "all"], "end"].eq(pd.Timestamp("2022-01-21")).all()  # the 22nd is a part of a day
    assert totals.at["after", "cases_of_phases_factor"] == pytest.approx(26980 / 5571)
    assert totals["days_missing"].eq(0).all()


def test_deaths_follow_their_cases_by_a_fortnight(totals: pd.DataFrame, deaths: pd.DataFrame) -> None:
    died = deaths["sum"].loc["2021-07-05":"2021-10-14"].sum()  # the phases' days, 14 later
    assert totals.at["phases", "cfr_pct"] == pytest.approx(100 * died / 5571)
    assert round(totals.at["phases", "cfr_pct"], 2) == 1.36
    assert totals.at["later", "end"] == pd.Timestamp("2022-01-07")
    assert round(totals.at["later", "cfr_pct"], 2) == 2.61


def test_no_ratio_where_deaths_are_not_yet_counted_or_cases_are_few(totals: pd.DataFrame) -> None:
    assert totals.loc[["before", "after", "all"], "cfr_pct"].isna().all()


def test_without_deaths_cases_are_told_alone(wave: pd.DataFrame, cases: pd.DataFrame, deaths: pd.DataFrame) -> None:
    found = daily.periods(wave, cases, deaths.iloc[:0]).set_index("period")
    assert found.at["after", "cases"] == 26980
    assert found[["deaths", "cfr_pct"]].isna().all(axis=None)


def test_without_phases_there_is_one_period(cases: pd.DataFrame, deaths: pd.DataFrame, wave: pd.DataFrame) -> None:
    found = daily.periods(wave.iloc[:0], cases, deaths)
    assert found["period"].tolist() == ["all", "year"]
    assert found["cases_of_phases_factor"].isna().all()


def test_counts_that_end_with_the_table_say_nothing_of_later(wave: pd.DataFrame, cases: pd.DataFrame) -> None:
    found = daily.periods(wave, cases.loc[:"2021-09-30"], cases.iloc[:0])
    assert found["period"].tolist() == ["before", "phases", "all"]


def test_a_day_without_a_count_is_said_beside_the_total(wave: pd.DataFrame, cases: pd.DataFrame) -> None:
    changed = cases.copy()
    changed.loc["2021-09-25", "sum"] = np.nan
    found = daily.periods(wave, changed, cases.iloc[:0]).set_index("period")
    assert found["days_missing"].to_dict() == {"before": 0, "phases": 1, "after": 0, "later": 0, "all": 1, "year": 1}
