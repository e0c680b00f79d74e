"""Monthly disbursement: quality, three forecasts, pace and past years, on curves whose answers are known beforehand."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA, ROOT
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from kg_analysis.analysis import forecasts, monthly, monthly_quality, pacing, profile
from kg_analysis.analysis.forecasts import BOTTOM_UP, PROFILE, RUN_RATE, Forecast
from kg_analysis.analysis.investment import Target
from kg_analysis.analysis.profile import Chance
from kg_analysis.data.dataset import Dataset, load, read_store
from kg_analysis.data.schemas import SERIES
from kg_analysis.errors import LeftOutError
from kg_analysis.findings import disbursement as findings
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import given

EXAMPLE = ROOT / "examples/series/disbursement_monthly.csv"
CONVEX = {month: round(1000 * (month / 13) ** 2, 1) for month in range(1, 14)}
Money = dict[int, float]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def series(*entries: tuple[int, str, Money], plan: float = 2000, fund: str = "total") -> pd.DataFrame:
    """Rows of a series: year, investor, and money paid by month index."""
    rows = [
        {
            "area_code": "91",
            "boundary_version": "kien-giang",
            "budget_year": year,
            "month_index": month,
            "investor": investor,
            "fund_source": fund,
            "vintage": f"{year}-{min(month, 12):02d}",
            "source_id": "synthetic-example",
            "as_of": pd.Timestamp(year + (month > 12), (month - 1) % 12 + 1, 1) + pd.offsets.MonthEnd(0),
            "plan_bn_vnd": plan,
            "plan_council_bn_vnd": float("nan"),
            "plan_allocated_bn_vnd": float("nan"),
            "disbursed_cum_bn_vnd": paid,
            "volume_cum_bn_vnd": float("nan"),
            "decimals": 1,
            "cause": "",
        }
        for year, investor, money in entries
        for month, paid in money.items()
    ]
    return pd.DataFrame(rows, columns=list(SERIES[2].columns))


def holding(data: Dataset, rows: pd.DataFrame, year: int = 2021) -> Dataset:
    sources = read_store(DATA).registers["sources"]
    return replace(data, disbursement_monthly=rows, year=year, sources=sources)


def made(data: Dataset, rows: pd.DataFrame, month: int | None = None, year: int = 2021) -> Forecast:
    own = holding(data, rows, year)
    return forecasts.forecast(own, monthly.monthly_year(own), month)


def until(month: int, money: Money, times: float = 1) -> Money:
    return {each: round(times * paid, 1) for each, paid in money.items() if each <= month}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's data with the made-up series beside them."""
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("example") / "data"))
    shutil.copy(EXAMPLE, folder / "series")
    return folder


@pytest.fixture(scope="module")
def year_2022(example: Path) -> Dataset:
    return load(example, 2022, "91")


@pytest.fixture(scope="module")
def year_2021(example: Path) -> Dataset:
    return load(example, 2021, "91")


# --- the three forecasts


def test_the_profile_is_exact_on_a_year_that_goes_as_the_years_before(data: Dataset) -> None:
    rows = series(
        (2019, "total", CONVEX), (2020, "total", until(13, CONVEX, 1.2)), (2021, "total", until(7, CONVEX, 1.5))
    )
    found = made(data, rows)
    end = found.at_close[PROFILE]
    assert end.value == pytest.approx(1500, rel=1e-3)
    assert end.low <= 1500 <= end.high
    assert found.years == (2019, 2020)


def test_the_profile_is_exact_to_the_last_digit_without_rounding_in_between(data: Dataset) -> None:
    past = {month: 13.0 * month * month for month in range(1, 14)}
    rows = series((2020, "total", past), (2021, "total", until(5, past, 2)))
    assert made(data, rows).at_close[PROFILE].interval.value == 2 * 13 * 169


@examples(power=st.floats(1.05, 3), month=st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_the_run_rate_is_a_lower_bound_on_a_convex_curve(power: float, month: int) -> None:
    curve = {each: Fraction((each / 13) ** power) * 1000 for each in range(1, 14)}
    paid = replace(given(0, "bn_vnd"), interval=forecasts.Interval.exact(curve[month]))
    assert forecasts.run_rate(paid, Fraction(month)).interval.value <= curve[13] * (1 + Fraction(1, 10**9))


def test_bottom_up_adds_the_investors_and_nobody_exceeds_his_plan(data: Dataset) -> None:
    small = until(13, CONVEX, 0.1)
    past = [(2020, "A", CONVEX), (2020, "B", small)]
    rows = series(*past, (2021, "A", until(6, CONVEX)), (2021, "B", until(6, small)), plan=2000)
    assert made(data, rows).at_close[BOTTOM_UP].value == pytest.approx(1100, rel=2e-3)
    capped = rows.copy()
    capped.loc[capped["investor"] == "A", "plan_bn_vnd"] = 900
    found = made(data, capped)
    assert found.at_close[BOTTOM_UP].value == pytest.approx(1000, rel=2e-3)
    assert found.at_close[PROFILE].value == pytest.approx(1100, rel=2e-3)


def test_an_investor_without_a_value_is_not_one_who_paid_nothing(data: Dataset) -> None:
    rows = series(
        (2020, "A", CONVEX), (2020, "B", CONVEX), (2021, "A", until(6, CONVEX)), (2021, "B", until(5, CONVEX))
    )
    own = holding(data, rows)
    found = monthly.monthly_year(own)
    assert found.paid(6) is None
    assert found.months == (1, 2, 3, 4, 5)
    total = series((2021, "total", {6: 500.0}))
    whole = made(data, pd.concat([rows, total]), 6)
    assert whole.paid.value == 500
    assert BOTTOM_UP not in whole.at_close
    assert "không cộng được từng chủ đầu tư" in findings.forecast(whole, ReportContext(own, NumberFormatter("vi")))


def test_the_parts_of_a_year_equal_its_total(year_2022: Dataset) -> None:
    found = monthly.monthly_year(year_2022)
    parts = monthly.whole(found.paid(8, each) for each in found.investors)
    total = found.cell(8, "total", "total", monthly.PAID)
    assert parts is not None
    assert total is not None
    assert parts.low <= total.value <= parts.high
    funds = monthly.whole(
        found.cell(8, each, fund, monthly.PAID)
        for each in found.investors
        for fund in sorted(set(found.rows.loc[found.rows["investor"] == each, "fund_source"]))
    )
    assert funds is not None
    assert funds.value == pytest.approx(parts.value)


def test_a_year_without_an_earlier_one_has_the_run_rate_alone(data: Dataset, vi: ReportContext) -> None:
    found = made(data, series((2021, "total", until(6, CONVEX))))
    assert list(found.at_close) == [RUN_RATE]
    said = plain(findings.forecast(found, vi))
    assert "không có năm trước nào đã khóa sổ" in said
    with pytest.raises(LeftOutError):
        findings.past_years(found, Target(given(90, "share_pct"), None), vi)


def test_the_spread_of_the_forecasts_is_said(year_2022: Dataset) -> None:
    found = forecasts.forecast(year_2022, monthly.monthly_year(year_2022))
    here = ReportContext(year_2022, NumberFormatter("vi"))
    values = [each.value for each in found.at_close.values()]
    assert len(values) == 3
    assert plain(findings.spread(found, here)) == "2.109–2.974 tỷ đồng"
    assert min(values) == found.at_close[RUN_RATE].value
    assert "không dự báo nào được xem là chắc chắn hơn" in findings.forecast(found, here)


# --- 13 months


def test_january_of_the_next_year_closes_this_one_and_opens_the_next(data: Dataset) -> None:
    """Both rows are counted to 31 January 2022: joining on the calendar would take one for the other."""
    rows = series((2021, "total", {12: 900.0, 13: 1000.0}), (2022, "total", {1: 40.0}))
    assert set(rows.loc[rows["month_index"].isin([1, 13]), "as_of"]) == {pd.Timestamp(2022, 1, 31)}
    closed, opened = (monthly.monthly_year(holding(data, rows), year) for year in (2021, 2022))
    assert (closed.paid(13).value, closed.paid(1)) == (1000, None)  # type: ignore[union-attr]
    assert (opened.paid(1).value, opened.paid(13)) == (40, None)  # type: ignore[union-attr]
    assert pacing.months_since_january(date(2022, 1, 31), 2021) == 13
    assert pacing.months_since_january(date(2022, 1, 31), 2022) == 1
    here = ReportContext(data, NumberFormatter("vi"))
    assert findings.month_name(13, 2021, here) == findings.month_name(1, 2022, here) == "tháng 1/2022"


def test_december_is_no_outturn(data: Dataset) -> None:
    rows = series((2020, "total", until(12, CONVEX)), (2021, "total", until(6, CONVEX)))
    assert PROFILE not in made(data, rows).at_close
    assert profile.past_years(holding(data, rows), 2021) == ()


def test_later_years_teach_a_forecast_nothing(data: Dataset) -> None:
    rows = series((2021, "total", until(6, CONVEX)), (2022, "total", CONVEX))
    assert PROFILE not in made(data, rows).at_close


# --- pace and past years


def test_the_required_pace_and_the_acceleration(data: Dataset) -> None:
    rows = series((2021, "total", {1: 10.0, 2: 50.0, 3: 100.0, 4: 150.0, 5: 250.0}), plan=1000)
    found = forecasts.pace(made(data, rows), Target(given(90, "share_pct"), None))
    assert found.months_left == 8
    assert found.required.value == (900 - 250) / 8
    assert found.recent is not None
    assert found.recent.value == pytest.approx(200 / 3)
    assert found.acceleration is not None
    assert found.acceleration.value == pytest.approx((650 / 8) / (200 / 3))


def test_the_first_three_months_are_their_own_recent_pace(data: Dataset) -> None:
    rows = series((2021, "total", {1: 10.0, 2: 50.0, 3: 90.0}), plan=1000)
    found = forecasts.pace(made(data, rows), Target(given(90, "share_pct"), None))
    assert found.recent is not None
    assert found.recent.value == 30
    early = forecasts.pace(made(data, rows, 2), Target(given(90, "share_pct"), None))
    assert early.recent is None


def test_a_target_that_is_met_needs_no_pace(data: Dataset, vi: ReportContext) -> None:
    rows = series((2021, "total", {5: 950.0}), plan=1000)
    goal = Target(given(90, "share_pct"), None)
    found = made(data, rows)
    pace = forecasts.pace(found, goal)
    assert pace.required.value < 0
    assert pace.acceleration is None
    assert "đã đạt" in findings.pace(pace, found, goal, vi)
    assert "đã đạt" in findings.pace_title(pace, goal, vi)


def test_three_years_are_counted_and_never_a_percentage(year_2021: Dataset) -> None:
    found = forecasts.forecast(year_2021, monthly.monthly_year(year_2021), 8)
    goal = Target(given(75, "share_pct"), None)
    assert found.past is not None
    chance = profile.chance(found.paid, 8, forecasts.aim(found, goal), found.past)
    assert chance == Chance(2, 0, 3)
    assert chance.share is None
    for language in ("vi", "en"):
        said = findings.past_years(found, goal, ReportContext(year_2021, NumberFormatter(language)))
        assert ("2 trong 3 năm" if language == "vi" else "2 of 3 years") in said
        assert said.count("%") == 2  # both are the target


@pytest.mark.parametrize(("years", "share"), [(7, None), (8, 75.0)])
def test_a_share_of_years_needs_eight_of_them(years: int, share: float | None) -> None:
    found = Chance(6, 0, years).share
    assert (found is None) if share is None else (found is not None and found.value == share)


def test_eight_years_give_a_share_that_is_said(data: Dataset, vi: ReportContext) -> None:
    rows = series(
        *((year, "total", CONVEX) for year in range(2013, 2021)), (2021, "total", until(6, CONVEX)), plan=1000
    )
    said = plain(findings.past_years(made(data, rows), Target(given(90, "share_pct"), None), vi))
    assert "8 trong 8 năm" in said
    assert "là 100% số năm trước" in said


# --- quality


def flagged(data: Dataset, rows: pd.DataFrame) -> list[tuple[str, int | None, str]]:
    found = monthly_quality.flags(monthly.monthly_year(holding(data, rows)))
    return [(each.kind, each.month, each.investor) for each in found]


def test_a_cumulative_value_that_falls_is_flagged_and_kept(data: Dataset) -> None:
    rows = series((2021, "total", {1: 10.0, 2: 50.0, 3: 40.0}))
    assert flagged(data, rows) == [("cumulative_falls", 3, "total")]
    assert monthly.monthly_year(holding(data, rows)).paid(3).value == 40  # type: ignore[union-attr]
    flat = series((2021, "total", {1: 10.0, 2: 50.0, 3: 50.0}))
    assert flagged(data, flat) == []


def test_a_total_that_its_parts_do_not_give_is_flagged_within_rounding(data: Dataset) -> None:
    parts = series((2021, "A", {1: 10.0}), (2021, "B", {1: 20.0}), plan=1000)
    for total, expected in ((30.0, []), (30.1, []), (30.3, [("parts_differ", 1, "total")])):
        rows = pd.concat([parts, series((2021, "total", {1: total}), plan=2000)])
        assert flagged(data, rows) == expected


def test_a_missing_month_is_flagged_and_is_not_nought(data: Dataset) -> None:
    rows = series((2021, "total", {1: 10.0, 3: 50.0}))
    assert flagged(data, rows) == [("month_missing", 2, "total")]
    found = monthly.monthly_year(holding(data, rows))
    assert found.increment(3) is None
    assert found.increment(1).value == 10  # type: ignore[union-attr]


def test_each_month_has_its_own_plan_and_three_denominators(year_2021: Dataset) -> None:
    found = monthly.monthly_year(year_2021)
    before, after = (found.plan(month, "assigned").value for month in (5, 6))  # type: ignore[union-attr]
    assert (before, after) == (4255.0, 4425.2)
    changed = [each for each in monthly_quality.flags(found) if each.kind == "plan_changed"]
    assert [(each.month, each.column) for each in changed] == [(6, each) for each in monthly.DENOMINATORS.values()]
    ratios = {name: forecasts.ratio(_against(year_2021, name)).value for name in monthly.DENOMINATORS}
    assert ratios["council"] < ratios["assigned"] < ratios["allocated"]


def _against(data: Dataset, name: str) -> Forecast:
    return forecasts.forecast(data, monthly.monthly_year(data), 8, name)


def test_the_example_holds_every_flaw_that_it_says_it_does(example: Path) -> None:
    kinds = {
        year: {each.kind for each in monthly_quality.flags(monthly.monthly_year(load(example, 2022, "91"), year))}
        for year in (2019, 2020, 2021, 2022)
    }
    assert kinds[2019] == {"month_missing"}
    assert kinds[2020] == {"parts_differ"}
    assert kinds[2021] == {"cumulative_falls", "plan_changed"}
    assert kinds[2022] == {"revised"}


def test_the_last_publication_counts_and_the_first_is_said(year_2022: Dataset) -> None:
    found = monthly.monthly_year(year_2022)
    (revised,) = (each for each in monthly_quality.flags(found) if each.kind == "revised")
    assert revised.before is not None
    assert revised.after is not None
    assert revised.after.value - revised.before.value == pytest.approx(4)
    assert found.cell(6, revised.investor, revised.fund_source, monthly.PAID) == revised.after


def test_sources_are_never_mixed(data: Dataset) -> None:
    other = series((2021, "total", {4: 999.0})).assign(source_id="other")
    rows = pd.concat([series((2021, "total", {1: 10.0, 2: 50.0})), other])
    found = monthly.monthly_year(holding(data, rows))
    assert found.source_id == "synthetic-example"
    assert found.paid(4) is None
    assert flagged(data, rows) == [("other_source", None, "other")]


def test_paid_above_plan_is_flagged(data: Dataset) -> None:
    assert flagged(data, series((2021, "total", {1: 10.0}), plan=9)) == [("above_plan", 1, "total")]


# --- what is absent


def test_what_is_absent_is_said(data: Dataset) -> None:
    rows = series((2021, "total", {1: 10.0, 3: 50.0}))
    own = holding(data, rows)
    found = monthly.monthly_year(own)
    for attempt, missing in (
        (lambda: monthly.monthly_year(data), "disbursement_monthly"),
        (lambda: monthly.monthly_year(own, 2019), "disbursement_year"),
        (lambda: forecasts.forecast(own, found, 2), "disbursement_month"),
        (lambda: forecasts.forecast(own, found, 3, "council"), "disbursement_plan"),
        (lambda: profile.profile(()), "disbursement_past"),
    ):
        with pytest.raises(LeftOutError) as caught:
            attempt()
        assert caught.value.missing == missing


# --- the made-up file


def test_the_script_writes_the_committed_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("make", EXAMPLE.with_name("make_disbursement_monthly.py"))
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "TARGET", tmp_path / "again.csv")
    script.main()
    assert (tmp_path / "again.csv").read_bytes() == EXAMPLE.read_bytes()


def test_the_file_calls_itself_made_up(year_2022: Dataset) -> None:
    rows = year_2022.disbursement_monthly
    assert set(rows["source_id"]) == {"synthetic-example"}
    assert all("mô phỏng" in each for each in set(rows["investor"]) - {"total"})
    assert "không dùng để báo cáo" in ReportContext(year_2022, NumberFormatter("vi")).cite_series(rows["source_id"])
    assert not (DATA / "series/disbursement_monthly.csv").exists()
