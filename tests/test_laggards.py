"""Who is behind, dated totals and self-forecasts: money before percent, bounds no points, estimates no outturns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA
from test_disbursement import EXAMPLE, holding, plain, series

from kg_analysis.analysis import dated, forecasts, investment, laggards, monthly, self_forecast, units
from kg_analysis.analysis.investment import Target
from kg_analysis.charts import dated as dated_charts
from kg_analysis.charts import disbursement as curve_charts
from kg_analysis.charts import laggards as laggard_charts
from kg_analysis.charts.chart import MOST_TITLE_WORDS, Chart
from kg_analysis.data.columns import Table
from kg_analysis.data.dataset import Dataset, load, read_store
from kg_analysis.data.files import read_table
from kg_analysis.data.schemas import SERIES
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import dated as dated_findings
from kg_analysis.findings import investment as investment_findings
from kg_analysis.findings import laggards as findings
from kg_analysis.formats import NumberFormatter
from kg_analysis.intervals import Interval
from kg_analysis.narrative.context import ReportContext


@pytest.fixture(scope="module")
def of_2022() -> Dataset:
    return load(DATA, 2022, "91")


@pytest.fixture(scope="module")
def example(of_2022: Dataset) -> Dataset:
    """The year 2022 with the made-up series."""
    table: Table = SERIES[2]
    sources = read_store(DATA).registers["sources"]
    return replace(of_2022, disbursement_monthly=read_table(Path(EXAMPLE), table), sources=sources)


@pytest.fixture(params=["vi", "en"])
def page(request: pytest.FixtureRequest) -> NumberFormatter:
    return NumberFormatter(request.param)


def standing(data: Dataset, *entries: tuple[str, float, float, str]) -> laggards.Standing:
    """Investors by name, plan, money paid and cause."""
    rows = pd.concat(
        [series((2021, name, {1: paid}), plan=plan).assign(cause=cause) for name, plan, paid, cause in entries]
    )
    return laggards.standing(monthly.monthly_year(holding(data, rows)))


# --- the rank


def test_the_rank_is_by_money_and_not_by_percent(data: Dataset, vi: ReportContext) -> None:
    """A rank by percent would put the small investor at nought first."""
    found = standing(data, ("small", 10, 0, ""), ("large", 1000, 600, ""), ("middle", 200, 100, ""))
    assert [each.name for each in found.ranked] == ["large", "middle", "small"]
    assert min(found.ranked, key=lambda each: each.ratio.value).name == "small"  # type: ignore[union-attr]
    said = plain(findings.behind(found, vi))
    assert "Nhiều nhất là large: 400,0" in said
    assert "xếp theo phần trăm sẽ che mất nơi giữ nhiều tiền" in said


def test_how_few_hold_most_of_the_money(data: Dataset) -> None:
    found = standing(data, ("A", 500, 0, ""), ("B", 300, 0, ""), ("C", 150, 0, ""), ("D", 50, 0, ""))
    assert found.few == 2
    rows = laggards.laggard_rows(found)
    assert [each["cumulative_share_pct"].value for each in rows] == pytest.approx([50, 80, 95, 100])
    last = rows[-1]["cumulative_share_pct"].interval
    assert (last.low, last.high) == (100, 100)


def test_an_investor_without_plan_or_payment_has_no_rank(data: Dataset, vi: ReportContext) -> None:
    found = standing(data, ("A", 500, 100, ""), ("B", float("nan"), 10, ""), ("C", 900, float("nan"), ""))
    assert [each.name for each in found.ranked] == ["A"]
    assert [each.name for each in found.unknown] == ["B", "C"]
    rows = laggards.laggard_rows(found)
    assert [each["rank"] for each in rows] == [1, None, None]
    assert rows[1]["undisbursed_bn_vnd"] is None
    assert "không xếp hạng: B; C" in findings.behind(found, vi)


def test_quadrants(data: Dataset) -> None:
    entries = [("slow", 1000, 100, ""), ("fast", 1000, 700, ""), ("tiny", 10, 0, ""), ("done", 10, 9, "")]
    found = standing(data, *entries)
    places = {each.name: found.quadrant(each) for each in found.ranked}
    assert places == {"slow": "slow_large", "fast": "fast_small", "tiny": "slow_small", "done": "fast_small"}
    assert [each.name for each in findings.slow_and_large(found)] == ["slow"]


def test_money_by_the_cause_that_investors_name(data: Dataset, vi: ReportContext) -> None:
    entries = [("A", 100, 0, "procedures"), ("B", 300, 0, "site_clearance"), ("C", 600, 0, "")]
    found = standing(data, *entries)
    rows = laggards.cause_rows(found)
    assert [each["cause"] for each in rows] == ["site_clearance", "procedures", "not_named"]
    assert [each["undisbursed_bn_vnd"].value for each in rows] == [300, 100, 600]
    said = findings.causes(found, vi)
    assert "không phải số tiền bị chậm vì nguyên nhân đó" in said
    assert said.count("chủ đầu tư, còn") == 2  # who names none is no cause


# --- units that the sources print


def test_units_of_2022_by_money_and_those_without_money(of_2022: Dataset) -> None:
    found = units.units(of_2022)
    money = {each.name: each.undisbursed.value for each in found.ranked if each.undisbursed is not None}
    assert money == pytest.approx({"districts": 1590.535, "provincial_departments": 1324.906, "key_works": 1254.892})
    assert list(money) == ["districts", "provincial_departments", "key_works"]
    assert len(found.rates) == 11
    assert found.whole is not None
    assert found.whole.value == pytest.approx(money["districts"] + money["provincial_departments"], abs=0.002)
    rows = units.unit_rows(found)
    assert all(each["undisbursed_bn_vnd"] is None and each["rank"] is None for each in rows[3:])
    said = plain(findings.units(found, ReportContext(of_2022, NumberFormatter("vi"))))
    assert "Của 11 đơn vị chỉ có tỷ lệ, không có số tiền" in said
    assert "không biết còn bao nhiêu vốn" in said
    assert "Sở Văn hóa và Thể thao 4,14% (18/08/2022)" in said  # the later of its two rates


def test_projects_of_2021_are_no_whole_list(data: Dataset, vi: ReportContext) -> None:
    found = units.units(data)
    assert [each.undisbursed.value for each in found.ranked if each.undisbursed] == [199.405, 183.997, 31.736]
    assert found.whole is not None
    assert found.whole.value == pytest.approx(1487.284)
    assert "không phải danh sách đầy đủ" in findings.units(found, vi)
    with pytest.raises(NotPrintedError, match="nothing is printed by unit for 2020"):
        units.units(load(DATA, 2020, "91"))


# --- dated totals


def course(data: Dataset) -> dated.Course:
    return dated.course(data, investment.investment(data))


def test_days_become_months_of_the_budget_year(of_2022: Dataset) -> None:
    found = course(of_2022)
    assert [(each.day, each.months) for each in found.points] == [
        (date(2022, 2, 28), 2),
        (date(2022, 8, 18), 7 + Fraction(18, 31)),
    ]


@pytest.mark.parametrize("factor", [0.8, 0.88, 0.92, 0.96, 1.0, 1.03, 1.08, 1.2])
def test_labels_of_totals_that_lie_close_keep_clear_of_one_another(page: NumberFormatter, factor: float) -> None:
    data = load(DATA, 2021, "91")
    found = course(data)
    first, second = found.points
    amount = Interval.rounded(Decimal(str(round(first.paid.value * factor, 1))), 1)
    near = replace(second, paid=replace(second.paid, interval=amount))
    assert dated_charts.course(replace(found, points=(first, near)), None, ReportContext(data, page)).png


def test_a_bound_is_never_a_point(of_2022: Dataset) -> None:
    found = course(of_2022)
    bound = found.points[0]
    assert not bound.is_point
    assert bound.paid.interval.value is None
    assert found.last is found.points[1]
    assert found.recent is not None
    assert found.recent.interval.value is None
    assert found.recent.high == pytest.approx((2208.9795 - 610) / (7 + 18 / 31 - 2), rel=1e-6)
    said = plain(dated_findings.course(found, None, ReportContext(of_2022, NumberFormatter("vi"))))
    assert "hơn 610 tỷ đồng (chỉ là một cận, không phải một điểm)" in said
    assert "không quá 286,6 tỷ đồng/tháng" in said
    rows = dated_charts.course(found, None, ReportContext(of_2022, NumberFormatter("vi"))).data.set_index("what")
    assert pd.isna(rows.at["bound", "amount_bn_vnd"])
    assert rows.at["bound", "amount_bn_vnd_low"] == 610


def test_a_pace_that_slowed_is_no_lower_bound(of_2022: Dataset, page: NumberFormatter) -> None:
    found = course(of_2022)
    assert found.turn == dated.SLOWER
    assert found.at_run_rate is not None
    assert found.at_run_rate.value == pytest.approx(2208.979 / (7 + 18 / 31) * 13)
    said = dated_findings.course(found, None, ReportContext(of_2022, page))
    assert ("không phải cận dưới" if page.language == "vi" else "no lower bound") in said


def test_required_pace_from_the_last_total_on(of_2022: Dataset) -> None:
    found, goal = course(of_2022), investment.target(of_2022)
    need = dated.required(found, goal)
    assert need is not None
    assert need.value == pytest.approx((0.9 * 5124.419 - 2208.979) / (13 - 7 - 18 / 31))
    faster = dated.acceleration(found, goal)
    assert faster is not None
    assert faster.interval.value is None
    assert faster.low == pytest.approx(need.low / found.recent.high)  # type: ignore[union-attr]
    said = plain(dated_findings.course(found, goal, ReportContext(of_2022, NumberFormatter("vi"))))
    assert "gấp ít nhất 1,54 lần" in said  # 1.5476 cut, not rounded up


def test_an_estimate_is_never_taken_for_an_outturn(data: Dataset, vi: ReportContext) -> None:
    found = course(data)
    assert [each.paid.basis for each in found.points] == ["estimate", "actual"]
    assert found.last is not None
    assert found.last.paid.value == 3760.543
    estimates = data.published[data.published["basis"] != "actual"]
    early = replace(data, published=estimates)
    assert course(early).last is None
    assert course(early).at_run_rate is None
    assert "Chưa có mốc nào là kết quả" in dated_findings.course(course(early), None, vi)
    with pytest.raises(NotPrintedError):
        self_forecast.biases(early)


def test_one_total_gives_no_turn(page: NumberFormatter) -> None:
    data = load(DATA, 2020, "91")
    found = course(data)
    assert found.recent is None
    assert found.turn == dated.OPEN
    said = dated_findings.course(found, None, ReportContext(data, page))
    assert ("không gọi được kết quả này là cận dưới" if page.language == "vi" else "may not be called") in said


# --- the province's own estimates


def test_the_bias_of_2021(data: Dataset) -> None:
    (found,) = self_forecast.biases(data)
    assert (found.year, found.estimated.value, found.settled.value) == (2021, 83.12, 71.66)
    assert found.points.value == pytest.approx(-11.46)
    assert "kg21-pubinv-disbursed-ratio" in found.estimated.figure_ids  # its own, not as quoted elsewhere
    assert self_forecast.haircut(data, [found]) is None  # no earlier year teaches 2021 anything


def test_the_haircut_takes_earlier_years_only(of_2022: Dataset) -> None:
    found = self_forecast.biases(of_2022)
    assert self_forecast.haircut(of_2022, found) is None  # no estimate for the close of 2022 is printed
    cut = self_forecast.haircut(of_2022, found, 85)
    assert cut is not None
    assert cut.years == (2021,)
    assert cut.corrected.value == pytest.approx(73.54)
    said = plain(dated_findings.bias(found, cut, ReportContext(of_2022, NumberFormatter("vi"))))
    assert "một năm chưa phải quy luật" in said


def test_several_years_of_bias_give_a_range(of_2022: Dataset, page: NumberFormatter) -> None:
    (first,) = self_forecast.biases(of_2022)
    earlier = replace(first, year=2020, settled=replace(first.settled, interval=first.estimated.interval))
    cut = self_forecast.haircut(of_2022, [earlier, first], 85)
    assert cut is not None
    assert cut.corrected.low == pytest.approx(73.53)
    assert cut.corrected.high == pytest.approx(85.01)
    here = ReportContext(of_2022, page)
    assert ("1/2" if page.language == "vi" else "1 of 2") in dated_findings.bias_title([earlier, first], here)
    assert dated_charts.bias([earlier, first], cut, here).png


# --- charts


def _made(here: ReportContext, month: int | None = None) -> forecasts.Forecast:
    return forecasts.forecast(here.data, monthly.monthly_year(here.data), month)


def _ranked(here: ReportContext) -> laggards.Standing:
    return laggards.standing(monthly.monthly_year(here.data))


def _goal(here: ReportContext) -> Target:
    return investment.target(here.data)


DRAWN: dict[str, Callable[[ReportContext], Chart]] = {
    "investment_curve": lambda here: curve_charts.curve(_made(here), _goal(here), here),
    "investment_monthly_pace": lambda here: curve_charts.pace(
        forecasts.pace(_made(here), _goal(here)), _made(here), _goal(here), here
    ),
    "investment_laggards": lambda here: laggard_charts.pareto(_ranked(here), here),
    "investment_quadrant": lambda here: laggard_charts.quadrant(_ranked(here), here),
    "investment_units": lambda here: laggard_charts.units(units.units(here.data), here),
    "investment_dated": lambda here: dated_charts.course(course(here.data), _goal(here), here),
    "investment_bias": lambda here: dated_charts.bias(self_forecast.biases(here.data), None, here),
}
MADE_UP = {"investment_curve", "investment_monthly_pace", "investment_laggards", "investment_quadrant"}


@pytest.mark.parametrize("name", DRAWN)
def test_charts_carry_finding_source_and_rows(name: str, example: Dataset, page: NumberFormatter) -> None:
    chart = DRAWN[name](ReportContext(example, page))
    assert chart.name == name
    assert len(chart.title.split()) <= MOST_TITLE_WORDS
    assert ("mô phỏng" in chart.source) == (name in MADE_UP)
    if name in MADE_UP:
        assert set(chart.data["source_id"]) == {"synthetic-example"}
    else:
        ids = {each for line in chart.data["figure_ids"] for each in line.split()}
        assert ids
        assert ids <= set(example.published.index)


@pytest.mark.slow
def test_charts_hold_other_numbers(data: Dataset, page: NumberFormatter) -> None:
    """Long names, one investor, money taken back, a target above the plan, a year just begun."""
    name = "Ban Quản lý dự án đầu tư xây dựng các công trình nông nghiệp và phát triển nông thôn"
    rows = series((2021, name, {1: 10.0, 2: 60.0, 3: 40.0}), plan=100)
    own = replace(holding(data, rows))
    here = ReportContext(own, page)
    made = forecasts.forecast(own, monthly.monthly_year(own))
    for ratio in (10, 95, 120):
        goal = investment.target(data, ratio)
        assert curve_charts.curve(made, goal, here).png
        assert curve_charts.pace(forecasts.pace(made, goal), made, goal, here).png
    ranked = laggards.standing(monthly.monthly_year(own))
    assert laggard_charts.pareto(ranked, here).png
    assert laggard_charts.quadrant(ranked, here).png


@pytest.mark.parametrize("month", [1, 3, 12])
def test_the_curve_from_any_month(month: int, data: Dataset, example: Dataset, page: NumberFormatter) -> None:
    own = replace(data, disbursement_monthly=example.disbursement_monthly, sources=example.sources)
    here = ReportContext(own, page)
    made = _made(here, month)
    assert curve_charts.curve(made, None, here).png
    goal = investment.target(own, 75)
    assert curve_charts.pace(forecasts.pace(made, goal), made, goal, here).png


def test_what_the_figures_cannot_say_follows_the_series(data: Dataset, of_2022: Dataset, example: Dataset) -> None:
    said = {
        name: investment_findings.limits(investment.investment(each), ReportContext(each, NumberFormatter("vi")))
        for name, each in {"report": data, "units": of_2022, "monthly": example}.items()
    }
    assert "không có số theo tháng, nên không xác định được đơn vị nào chậm" in said["report"]
    assert "chỉ có của vài nhóm" in said["units"]
    assert "Dự báo ở đây chỉ nối tiến độ" in said["monthly"]
