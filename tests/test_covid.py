"""The report's phase table: the numbers it gives with their bounds, and those it does not give."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg_analysis.analysis import covid
from kg_analysis.analysis.covid import COMMUNITY, MEAN, WAVE, mean_of_means, phase_steps, phase_summary
from kg_analysis.data.dataset import Dataset


@pytest.fixture(scope="module")
def wave(data: Dataset) -> pd.DataFrame:
    return phase_summary(data.covid_phases).set_index("phase", drop=False)


@pytest.fixture(scope="module")
def steps(wave: pd.DataFrame) -> pd.DataFrame:
    return phase_steps(wave).set_index("from_phase")


def bounds(row: pd.Series, column: str, decimals: int = 0) -> tuple[float, ...]:
    return tuple(round(float(row[f"{column}{end}"]), decimals) for end in ("", "_low", "_high"))


def table(*phases: tuple[int, str, str | None], wave: int = 1, start: str = "2021-07-01") -> pd.DataFrame:
    """Phases of so many days with the means as printed, one after the other."""
    day, rows = pd.Timestamp(start), []
    for number, (days, mean, community) in enumerate(phases, 1):
        row = {"wave": wave, "phase": number, "start": day, "end": day + pd.Timedelta(days=days - 1)}
        for column, text in ((MEAN, mean), (COMMUNITY, community)):
            row |= {
                column: math.nan if text is None else float(text),
                f"{column}_decimals": 0 if text is None else len(text.partition(".")[2]),
            }
        rows.append(row | {"figure_ids": f"p{number}"})
        day += pd.Timedelta(days=days)
    return pd.DataFrame(rows)


# --- the report of 2021


def test_days_count_both_ends(wave: pd.DataFrame) -> None:
    """21 June to 17 August are 58 days, not 57."""
    assert wave["days"].tolist() == [58, 36, 8, 102]
    assert [str(day.date()) for day in wave.loc[WAVE, ["start", "end"]]] == ["2021-06-21", "2021-09-30"]


@pytest.mark.parametrize(
    ("phase", "cases", "share"),
    [
        ("1", (986, 957, 1014), (17.6, 14.3, 21.2)),
        ("2", (4572, 4554, 4589), (39.4, 38.8, 39.9)),
        ("3", (480, 476, 483), (5.0, 4.1, 5.9)),
        (WAVE, (6038, 5987, 6086), (33.1, 32.0, 34.2)),
    ],
)
def test_cases_and_community_shares(
    wave: pd.DataFrame, phase: str, cases: tuple[int, ...], share: tuple[float, ...]
) -> None:
    assert bounds(wave.loc[phase], "cases") == cases
    assert bounds(wave.loc[phase], "community_share_pct", 1) == share
    assert wave.at[phase, "cases_kind"] == wave.at[phase, "community_share_pct_kind"] == "rounding"


def test_factors_between_phases(steps: pd.DataFrame) -> None:
    assert bounds(steps.loc["1"], "total_factor", 2) == (7.47, 7.23, 7.73)
    assert bounds(steps.loc["1"], "community_factor", 1) == (16.7, 14.1, 20.2)
    assert 100 * (steps.at["2", "community_factor"] - 1) == pytest.approx(-94.0)
    assert round(100 * (steps.at["2", "other_factor"] - 1)) == -26
    assert steps.loc["2", [f"{each}_factor_kind" for each in ("total", "community", "other")]].eq("rounding").all()


def test_the_mean_of_the_wave_is_weighted_by_days_and_the_mean_of_means_is_the_mistake(wave: pd.DataFrame) -> None:
    assert wave.at[WAVE, MEAN] == pytest.approx(6038 / 102)
    assert mean_of_means(wave) == pytest.approx((17 + 127 + 60) / 3)
    assert not wave.at[WAVE, f"{MEAN}_low"] <= mean_of_means(wave) <= wave.at[WAVE, f"{MEAN}_high"]


def test_rounded_means_are_no_exact_cases(wave: pd.DataFrame) -> None:
    """A mean of 17 over 58 days stands for 957 to 1,014 cases; 956 would print as 16, 1,015 as 18."""
    for phase, row in wave.drop(WAVE).iterrows():
        few, most = int(row["cases_low"]), int(row["cases_high"])
        printed = [math.floor(Fraction(n, int(row["days"])) + Fraction(1, 2)) for n in (few - 1, few, most, most + 1)]
        assert printed == [row[MEAN] - 1, row[MEAN], row[MEAN], row[MEAN] + 1], phase


def test_shares_of_the_wave_add_up(wave: pd.DataFrame) -> None:
    phases = wave.drop(WAVE)
    assert phases["share_of_cases_pct"].sum() == pytest.approx(100)
    assert phases["share_of_days_pct"].sum() == pytest.approx(100)
    assert bounds(wave.loc["2"], "share_of_cases_pct", 1) == (75.7, 75.2, 76.2)


def test_every_row_rests_on_its_dates_and_means(wave: pd.DataFrame, steps: pd.DataFrame) -> None:
    own = {f"kg21-covid-p2-{part}" for part in ("start", "end", "mean", "community")}
    assert set(wave.at["2", "figure_ids"].split()) == own
    assert own < set(wave.at[WAVE, "figure_ids"].split())
    assert own < set(steps.at["1", "figure_ids"].split())


def test_three_averages_give_no_growth_rate_or_peak() -> None:
    forbidden = ("growth_rate", "doubling", "peak", "reproduction", "r_t")
    assert not [name for name in dir(covid) if any(each in name.lower() for each in forbidden)]


def test_the_table_stops_long_before_the_report_was_written(wave: pd.DataFrame, data: Dataset) -> None:
    assert wave.at[WAVE, "end"] < data.select("report_cutoff")["period_start"].max() == pd.Timestamp("2021-12-22")


def test_directive_16_has_a_length_but_no_dates(data: Dataset) -> None:
    row = data.measures.set_index("measure").loc["directive_16"]
    assert row["days_printed"] == 48
    assert row[["start", "end"]].isna().all()


# --- other years


def test_no_phases_in_none_out(data: Dataset) -> None:
    none = phase_summary(data.covid_phases.iloc[:0])
    assert none.empty
    assert {"phase", "cases", "community_share_pct", "figure_ids"} <= set(none)
    assert phase_steps(none).empty
    assert {"from_phase", "total_factor"} <= set(phase_steps(none))


def test_of_several_waves_the_last_is_taken() -> None:
    both = pd.concat([table((10, "5", "1"), wave=3), table((4, "7", "2"), (6, "9", "3"), wave=4, start="2021-09-01")])
    assert phase_summary(both)["phase"].tolist() == ["1", "2", WAVE]
    assert phase_summary(both)["days"].tolist() == [4, 6, 10]


def test_phases_are_ordered_by_their_number() -> None:
    shuffled = table((4, "7", "2"), (6, "9", "3"), (5, "2", "1")).iloc[[2, 0, 1]]
    assert phase_summary(shuffled)["days"].tolist() == [4, 6, 5, 15]


def test_a_wave_of_one_phase_has_no_step() -> None:
    assert phase_steps(phase_summary(table((10, "5", "1")))).empty


def test_without_community_figures_the_size_stays() -> None:
    wave = phase_summary(table((58, "17", None), (36, "127", None)))
    assert wave["cases"].tolist() == [986, 4572, 5558]
    assert wave["community_share_pct"].isna().all()
    steps = phase_steps(wave)
    assert steps["total_factor"].notna().all()
    assert steps[["community_factor", "other_factor"]].isna().all(axis=None)


def test_one_phase_without_community_figures_leaves_the_wave_without_a_share() -> None:
    wave = phase_summary(table((10, "20", "4"), (10, "30", None))).set_index("phase")
    assert wave["community_share_pct"].notna().tolist() == [True, False, False]


def test_a_mean_of_zero_is_no_negative_share_and_no_factor() -> None:
    wave = phase_summary(table((10, "17", "0"), (10, "20", "5")))
    assert bounds(wave.iloc[0], "community_share_pct", 1) == (0.0, 0.0, 3.0)
    step = phase_steps(wave).iloc[0]
    assert pd.isna(step[["community_factor", "community_factor_low", "community_factor_high"]]).all()
    assert pd.notna(step["other_factor"])


def test_other_cases_have_no_factor_where_rounding_leaves_none() -> None:
    """A mean of 50 of which 50 are community cases may hold no other case at all."""
    step = phase_steps(phase_summary(table((10, "50", "50"), (10, "60", "30")))).iloc[0]
    assert pd.isna(step["other_factor"])
    assert pd.notna(step["community_factor"])


def printed_mean(cases: int, days: int) -> str:
    return str(math.floor(Fraction(cases, days) + Fraction(1, 2)))


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 20000)), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_bounds_hold_every_whole_count_that_prints_as_the_mean(phases: list[tuple[int, int]]) -> None:
    wave = phase_summary(table(*((days, printed_mean(cases, days), None) for days, cases in phases)))
    for (days, cases), (_, row) in zip(phases, wave.iterrows(), strict=False):
        assert row["cases_low"] <= cases <= row["cases_high"]
        for beyond in (row["cases_low"] - 1, row["cases_high"] + 1):
            assert beyond < 0 or printed_mean(int(beyond), days) != printed_mean(cases, days)
    whole = wave.iloc[-1]
    assert whole["cases_low"] <= sum(cases for _, cases in phases) <= whole["cases_high"]


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 900), st.integers(0, 900)), min_size=2, max_size=5))
@settings(max_examples=25, deadline=None)
def test_shares_and_factors_hold_the_truth_behind_the_print(phases: list[tuple[int, int, int]]) -> None:
    """Whatever whole counts lie behind the printed means, their own share and factors lie within the bounds."""
    counts = [(days, cases, min(cases, part)) for days, cases, part in phases]
    printed = ((days, printed_mean(cases, days), printed_mean(part, days)) for days, cases, part in counts)
    wave = phase_summary(table(*printed))
    noise = 1e-6
    for (_, cases, part), (_, row) in zip(counts, wave.iterrows(), strict=False):
        if row[MEAN] > 0:
            share = 100 * part / cases
            assert row["community_share_pct_low"] - noise <= share <= row["community_share_pct_high"] + noise
    rates = [(Fraction(cases, days), Fraction(part, days)) for days, cases, part in counts]
    for index, step in phase_steps(wave).iterrows():
        (before, before_part), (after, after_part) = rates[index], rates[index + 1]  # type: ignore[operator,index]
        truths = {
            "total_factor": (after, before),
            "community_factor": (after_part, before_part),
            "other_factor": (after - after_part, before - before_part),
        }
        for name, (now, then) in truths.items():
            if pd.notna(step[name]):
                assert step[f"{name}_low"] - noise <= now / then <= step[f"{name}_high"] + noise
