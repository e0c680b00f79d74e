"""Words that the numbers on growth call for: the report's own, and those of years with other signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg_analysis.analysis import growth, outputs, ranks, scenarios
from kg_analysis.analysis.growth import Growth
from kg_analysis.analysis.outputs import Output
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import growth as findings
from kg_analysis.findings import outlook, wording
from kg_analysis.findings import outputs as said
from kg_analysis.intervals import Interval
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, given
from kg_analysis.runs.session import Session

TREND = given(6, "pct")


def pct(value: str, basis: str = "actual", decimals: int = 2) -> Quantity:
    return Quantity(Interval.rounded(value, decimals), "pct", ("kg21-growth-fy",), decimals, basis)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def year(data: Dataset, **rates: str) -> Growth:
    """The year 2021 with other rates: ``q3="3.10"``."""
    periods = {name.upper(): pct(rate) for name, rate in rates.items()}
    names = {"M9": "9M"}
    return replace(growth.growth(data), periods={names.get(name, name): rate for name, rate in periods.items()})


@pytest.fixture
def rates(data: Dataset) -> Growth:
    return growth.growth(data)


@pytest.fixture
def shares(data: Dataset) -> Shares:
    return scenarios.q4_shares(data)


@pytest.fixture
def industry(data: Dataset) -> Output:
    return next(each for each in outputs.outputs(data) if each.indicator == "industrial_output")


# --- periods


def test_every_period_with_its_sign_and_the_estimate_named(rates: Growth, vi: ReportContext) -> None:
    text = findings.periods(rates, vi)
    assert "6 tháng đầu năm tăng 4,52%; riêng quý III giảm 6,58%; 9 tháng giảm 0,15%; cả năm ước tăng 0,58%" in text
    assert 'Số cả năm xếp là số ước, dù báo cáo ghi "đạt" hay "ước"' in text
    assert "Báo cáo ghi cả 3 khu vực kinh tế đều tăng trưởng dương" in text
    assert "lũy kế" in text


def test_a_final_year_is_no_estimate(data: Dataset, vi: ReportContext) -> None:
    text = findings.periods(year(data, h1="5.00", fy="5.50"), vi)
    assert "cả năm tăng 5,50%" in text
    assert "ước tăng" not in text
    assert "số ước" not in text
    assert "trung bình" not in text  # all cumulative


def test_a_rate_that_rounding_leaves_open_is_neither_rise_nor_fall(data: Dataset, here: ReportContext) -> None:
    text = findings.periods(year(data, fy="0.00"), here)
    assert not {"tăng 0", "giảm 0", "rose", "fell"} & {
        each for each in ("tăng 0", "giảm 0", "rose", "fell") if each in text
    }


def test_third_quarter_and_the_naive_mean(rates: Growth, vi: ReportContext) -> None:
    text = findings.third_quarter(rates, vi)
    assert "hạ 4,67 điểm phần trăm (4,66–4,68): từ 4,52% của 6 tháng xuống −0,15% của 9 tháng" in text.replace(
        "\u00a0", " "
    )
    assert "ra −1,03%, khác với −0,15%" in text


def test_a_good_third_quarter_raises(data: Dataset, vi: ReportContext) -> None:
    assert "cao thêm 0,40" in findings.third_quarter(year(data, h1="6.10", q3="7.30", m9="6.50"), vi)
    flat = findings.third_quarter(year(data, h1="6.10", q3="6.10", m9="6.10"), vi)
    assert "không đổi rõ rệt" in flat
    assert "vẫn là cách tính sai" in flat


# --- Q4


def test_fourth_quarter_over_the_shares(rates: Growth, shares: Shares, vi: ReportContext) -> None:
    text = findings.fourth_quarter(rates, shares, vi)
    for expected in (
        "tăng 2,77% (2,74–2,81) nếu quý IV chiếm 25%",
        "tăng 3,50%",
        "tăng 2,28%",
        "0,60%",
        "0,45%",
        "0,35%",
    ):
        assert expected in text
    assert "giả định" in text
    assert "ước tăng 0,58%" in text


def test_without_the_year_only_the_break_even_is_said(rates: Growth, shares: Shares, vi: ReportContext) -> None:
    bare = replace(rates, periods={"9M": rates.period("9M")})
    text = findings.fourth_quarter(bare, shares, vi)
    assert "hàm ý" not in text
    assert "0,45%" in text
    assert findings.fourth_quarter_title(bare, shares, vi).startswith("Cả năm bằng 0")


def test_a_good_nine_months_let_q4_fall(data: Dataset, shares: Shares, vi: ReportContext) -> None:
    text = findings.fourth_quarter(year(data, m9="6.50"), shares, vi)
    assert "giảm 19,50%" in text


def test_titles_of_q4(rates: Growth, shares: Shares, vi: ReportContext) -> None:
    assert findings.fourth_quarter_title(rates, shares, vi) == "Cả năm ước tăng 0,58% hàm ý quý IV tăng khoảng 2,3–3,5%"
    slope = "Mỗi điểm tăng thêm của cả năm cần quý IV tăng thêm 3,3–5,0 điểm"
    assert outlook.target_title(rates, shares, None, vi) == slope
    chosen = "Cả năm tăng 6% cần quý IV tăng 24%, nếu quý IV chiếm 25%"
    assert plain(outlook.target_title(rates, shares, TREND, vi)) == chosen


def test_targets_are_told_at_the_base_share(rates: Growth, shares: Shares, vi: ReportContext) -> None:
    text = plain(outlook.targets(rates, shares, TREND, vi))
    for expected in (
        "cả năm ước tăng 0,58% cần quý IV tăng 2,77% (2,74–2,81)",
        "tăng 6% cần quý IV",
        "thêm 3,3–5,0 điểm",
    ):
        assert expected in text


def test_assumptions_say_where_they_come_from_or_that_the_reader_chose(data: Dataset, here: ReportContext) -> None:
    own = outlook.assumptions(scenarios.q4_shares(data), data.assumption("trend_growth"), here)
    chosen = outlook.assumptions(scenarios.q4_shares(data, 28), given(0, "pct"), here)
    words = here.say("growth.basis_chosen")
    assert "doanhnghiephoinhap.vn" in own
    assert "0.643" in own or "0,643" in own
    assert (own.count(words), chosen.count(words)) == (0, 2)
    assert "28%" in chosen


def test_every_assumption_told_has_its_grounds_in_both_languages(data: Dataset, here: ReportContext) -> None:
    apart = ("budget_months", "delta_interval_")  # told in their own sections
    used = [each for each in data.assumptions.index if not each.startswith(apart)]
    assert [each for each in used if not here.page.knows(f"growth.basis_{each}")] == []


def test_ranks_carry_the_ending_of_their_language(here: ReportContext) -> None:
    said = [wording.ordinal(each, here) for each in (1, 2, 3, 6, 11, 12, 13, 22, 112)]
    english = ["1st", "2nd", "3rd", "6th", "11th", "12th", "13th", "22nd", "112th"]
    assert said == (english if here.page.language == "en" else ["1", "2", "3", "6", "11", "12", "13", "22", "112"])


# --- the diagnostic


def test_the_weight_is_a_diagnostic_with_a_verdict(rates: Growth, vi: ReportContext) -> None:
    text = findings.diagnostic(rates, vi)
    assert "0,5793 (0,5784–0,5802)" in text
    assert "ngoài khoảng hợp lý" in text
    assert "0,643" in text
    assert "không phải cơ cấu" in text


@pytest.mark.parametrize(
    ("nine", "decimals", "expected"), [("6.57", 2, "trong khoảng hợp lý"), ("6.5", 1, "chưa kết luận được")]
)
def test_other_verdicts(data: Dataset, vi: ReportContext, nine: str, decimals: int, expected: str) -> None:
    found = year(data, h1="6.10", q3="7.30", m9=nine)
    found = replace(found, periods=found.periods | {"9M": pct(nine, decimals=decimals)})
    assert expected in findings.diagnostic(found, vi)


def test_expected_first_half(rates: Growth, vi: ReportContext) -> None:
    assert "3,00% (2,99–3,01)" in findings.expectation(rates, vi)
    points = Quantity(Interval.rounded("-0.40", 2), "percentage_point", ("f",), 2, "actual")
    assert "thấp hơn dự kiến 0,40" in findings.expectation(replace(rates, above_expectation=points), vi)
    with pytest.raises(NotPrintedError):
        findings.expectation(replace(rates, above_expectation=None), vi)


def test_ranks_with_and_without_a_total(data: Dataset, vi: ReportContext) -> None:
    text = findings.ranks(ranks.ranks(data), vi)
    assert "thứ 6/13 tỉnh, thành vùng Đồng bằng sông Cửu Long" in text
    assert "xếp thứ 2 vùng kinh tế trọng điểm Đồng bằng sông Cửu Long" in text
    assert "không in số tỉnh, thành được xếp hạng" in text
    assert text.startswith("Theo số ước")


def test_a_region_without_a_text_keeps_its_printed_label(data: Dataset, vi: ReportContext) -> None:
    found = replace(ranks.ranks(data)[0], region="elsewhere", label="vùng khác")
    assert "vùng khác" in findings.ranks([found], vi)


# --- output


def test_industry_and_retail(data: Dataset, vi: ReportContext) -> None:
    text = plain(said.all_outputs(outputs.outputs(data), vi))
    for expected in (
        "ước đạt 47.394,15 tỷ đồng, tăng 1,89%",
        "mức tăng ước thực hiện bằng 23,3%",
        "ước tăng 1,02% so với năm trước",
        "chỉ in tỷ lệ",
        "12,00%",
        "GRDP",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("rate", "ratio", "expected"),
    [
        ("12.30", "101.25", ("vượt kế hoạch", "tức là vượt")),
        ("-3.00", "90.00", ("giảm 3,00%", "thực hiện lại giảm")),
        ("2.00", "100.00", ("xấp xỉ kế hoạch",)),
    ],
)
def test_a_plan_exceeded_met_or_followed_by_a_fall(
    industry: Output, vi: ReportContext, rate: str, ratio: str, expected: tuple[str, ...]
) -> None:
    text = said.output(replace(industry, growth=pct(rate), plan_ratio=pct(ratio)), vi)
    assert all(each in text for each in expected)


def test_a_sector_with_one_figure_or_a_bound(industry: Output, here: ReportContext) -> None:
    bound = Quantity(Interval.bounded(high=90), "pct", ("f",), None, "estimate")
    assert said.output(replace(industry, actual=None, plan_ratio=None), here)
    assert "90%" in said.output(replace(industry, actual=None, growth=None, plan_ratio=bound), here)
    with pytest.raises(NotPrintedError):
        said.output(Output("industrial_output", None, None, None), here)


def test_titles_of_output_say_that_it_is_estimated(data: Dataset, industry: Output, vi: ReportContext) -> None:
    sectors = outputs.outputs(data)
    assert said.outputs_title(sectors, vi) == "Sản xuất công nghiệp ước đạt 94,26% kế hoạch, bán lẻ ước đạt 90,2%"
    final = replace(industry, actual=None, growth=None, plan_ratio=pct("94.26"))
    assert said.outputs_title([final], vi) == "Sản xuất công nghiệp đạt 94,26% kế hoạch"


# --- next year


def test_next_year(rates: Growth, vi: ReportContext) -> None:
    text = outlook.next_year(rates, TREND, vi)
    for expected in ("11,71%", "nhanh hơn xu hướng", "cao hơn 6,61%", "tăng 7,04%", "nền so sánh thấp", "số ước"):
        assert expected in text
    assert outlook.next_year_title(rates, TREND, vi) == "Năm 2022 GRDP cần tăng 11,7% để về lại xu hướng 6% mỗi năm"


def test_next_year_after_a_good_one(data: Dataset, vi: ReportContext) -> None:
    good = year(data, q3="7.25", fy="8.00")
    text = outlook.next_year(good, TREND, vi)
    assert "chậm hơn xu hướng" in text
    assert "nền so sánh cao" in text
    assert "số ước" not in text
    assert "giữ" in outlook.next_year_title(good, TREND, vi)


def test_next_year_needs_no_third_quarter(data: Dataset, vi: ReportContext) -> None:
    assert "quý III" not in outlook.next_year(year(data, fy="0.58"), TREND, vi)


# --- what holds for all


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("size", ["0.00", "0.04", "6.58", "31.20"])
def test_titles_keep_to_fifteen_words(data: Dataset, shares: Shares, here: ReportContext, sign: str, size: str) -> None:
    found = year(data, h1="4.52", q3=sign + size, m9=sign + size, fy=sign + size)
    found = replace(found, periods={name: replace(rate, basis="estimate") for name, rate in found.periods.items()})
    titles = [
        findings.periods_title(found, here),
        findings.fourth_quarter_title(found, shares, here),
        outlook.target_title(found, shares, None, here),
        outlook.target_title(found, shares, given(-1.5, "pct"), here),
        outlook.next_year_title(found, TREND, here),
    ]
    assert [title for title in titles if len(title.split()) > 15] == []


@pytest.mark.parametrize(
    "sentence", [findings.periods, findings.periods_title, findings.third_quarter, findings.diagnostic]
)
def test_what_is_not_printed_says_so(
    rates: Growth, here: ReportContext, sentence: Callable[[Growth, ReportContext], str]
) -> None:
    with pytest.raises(NotPrintedError):
        sentence(replace(rates, periods={}), here)


def test_limits_name_the_estimate_only_where_it_is_one(data: Dataset, rates: Growth, vi: ReportContext) -> None:
    shares = scenarios.q4_shares(data)
    assert "số ước" in findings.limits(rates, shares, vi)
    assert "số ước" not in findings.limits(year(data, fy="5.00"), shares, vi)


def test_limits_say_whose_the_share_is_and_give_one_verdict_on_vintages(
    data: Dataset, rates: Growth, vi: ReportContext
) -> None:
    text = findings.limits(rates, scenarios.q4_shares(data), vi)
    assert "giả định của dự án" in text
    assert "nhiều khả năng thuộc những lần công bố khác nhau" in text
    assert "người dùng chọn" in findings.limits(rates, scenarios.q4_shares(data, 28), vi)
    agreeing = year(data, h1="6.10", q3="7.30", m9="6.57")
    assert "lần công bố" not in findings.limits(agreeing, scenarios.q4_shares(data), vi)


def test_a_trend_of_zero_is_zero_and_no_missing_parameter(vi: ReportContext, tmp_path: Path) -> None:
    session = Session("02_growth_scenarios", vi, tmp_path, {})
    assert session.given(0, "pct", "trend_growth").value == 0
    assert session.given(None, "pct", "trend_growth").value == 6
    target = session.target(0)
    assert target is not None
    assert target.value == 0


def test_words_follow_the_whole_interval() -> None:
    assert wording.direction(pct("0.01")) == wording.RISE
    assert wording.direction(pct("0.00")) == wording.FLAT
    assert wording.compare(pct("5.00"), pct("5.00")) == wording.LEVEL
    assert wording.compare(pct("5.02"), pct("5.00")) == wording.ABOVE
    assert wording.as_given(given(22.5, "share_pct")).decimals == 1
    assert wording.capital("quý III") == "Quý III"
