"""Words that the numbers on public investment call for: the report's own, and those of years with other signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg_analysis.analysis import causes, investment, pacing
from kg_analysis.analysis.investment import Investment, Progress, Target
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import investment as findings
from kg_analysis.findings.tables import html_table
from kg_analysis.intervals import Interval
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, given


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture
def plan(data: Dataset) -> Investment:
    return investment.investment(data)


@pytest.fixture
def goal(data: Dataset) -> Target:
    return investment.target(data)


def disbursed(found: Investment) -> Progress:
    assert found.disbursed is not None
    return found.disbursed


def paid(found: Investment, amount: str) -> Investment:
    """The same plan with another amount paid."""
    quantity = Quantity(Interval.rounded(amount, 0), "bn_vnd", ("kg21-pubinv-disbursed",), 0, "estimate")
    return replace(found, disbursed=replace(disbursed(found), amount=quantity))


def test_plan_behind_both_ratios(plan: Investment, vi: ReportContext) -> None:
    text = plain(findings.plan(plan, vi))
    assert "5.198,3 tỷ đồng (5.197,6–5.199,0)" in text
    assert "thống nhất" in text


def test_ratios_that_contradict(data: Dataset, vi: ReportContext) -> None:
    figures = data.figures.copy()
    figures.loc["kg21-pubinv-volume-ratio", ["value", "low", "high"]] = [80.53, 80.525, 80.535]
    text = plain(findings.plan(investment.investment(replace(data, figures=figures)), vi))
    assert "không thể cùng suy ra" in text
    assert "5.198," in text
    assert "5.391," in text


def test_one_ratio_has_nothing_to_agree_with(plan: Investment, vi: ReportContext) -> None:
    text = findings.plan(replace(plan, completed=None, plan=disbursed(plan).plan), vi)
    assert "không in tỷ lệ thứ hai" in text


def test_undisbursed(plan: Investment, vi: ReportContext) -> None:
    text = plain(findings.undisbursed(plan, vi))
    assert "còn 877,3 tỷ đồng (876,1–878,5) chưa giải ngân" in text
    assert "ước đến 31/01/2022" in text
    assert "vượt kế hoạch" in findings.undisbursed(paid(plan, "5300"), vi)
    assert "xấp xỉ kế hoạch" in findings.undisbursed(paid(plan, "5198"), vi)


def test_distance_and_where_the_target_comes_from(
    plan: Investment, goal: Target, data: Dataset, vi: ReportContext
) -> None:
    text = plain(findings.distance(plan, goal, vi))
    assert text.startswith(
        "Theo số ước, để đạt mục tiêu từ 95% trở lên (đặt cho năm 2022, ở đây áp vào kế hoạch năm 2021)"
    )
    assert "còn thiếu ít nhất 617,4 tỷ đồng (616,2–618,6)" in text
    assert "ít nhất 1,143 lần (1,143–1,143) số ước" in text or "ít nhất 1,143 lần số ước" in text
    chosen = findings.distance(plan, investment.target(data, 90), vi)
    assert "mục tiêu 90% (do người dùng chọn)" in chosen
    assert "ít nhất" not in chosen
    final = replace(plan, disbursed=replace(disbursed(plan), basis="actual"))
    assert "số đã có" in findings.distance(final, goal, vi)
    assert "của chính năm 2021" in findings.distance(plan, replace(goal, year=2021), vi)


def test_a_target_already_met(plan: Investment, data: Dataset, vi: ReportContext) -> None:
    met = investment.target(data, 80)
    assert "vượt mục tiêu 80%" in findings.distance(plan, met, vi)
    assert "vượt mức 80%" in findings.remaining_title(plan, met, vi)
    assert "chưa rõ đạt hay chưa" in findings.distance(plan, investment.target(data, 83.12), vi)


def test_pace_to_the_close(plan: Investment, goal: Target, vi: ReportContext) -> None:
    text = plain(findings.pace(pacing.pace(plan, goal, 13), goal, vi))
    assert "332,4 tỷ đồng/tháng" in text
    assert "379,9 tỷ đồng/tháng" in text
    assert "cả năm ngân sách 13 tháng, ước giải ngân" in text
    assert "ít nhất 379,9 tỷ đồng/tháng" in text
    assert "chỉ bù được nếu giải ngân nhiều hơn số ước" in text
    assert "không còn thời gian" not in text
    final = replace(plan, disbursed=replace(disbursed(plan), basis="actual"))
    assert "không còn thời gian" in findings.pace(pacing.pace(final, goal, 13), goal, vi)
    met = Target(given(80, "share_pct"), None)
    assert "bù" not in findings.pace(pacing.pace(plan, met, 13), met, vi)


def test_pace_with_months_left(plan: Investment, goal: Target, data: Dataset, vi: ReportContext) -> None:
    early = replace(plan, disbursed=replace(disbursed(plan), as_of=date(2021, 11, 30), basis="actual"))
    text = plain(findings.pace(pacing.pace(early, goal, 13), goal, vi))
    assert "11 tháng đầu" in text
    assert "còn 2 tháng" in text
    assert "308,7 tỷ đồng/tháng" in text
    assert "ước giải ngân" not in text
    met = investment.target(data, 80)
    assert "đã đạt" in findings.pace(pacing.pace(early, met, 13), met, vi)


def test_part_of_a_month_is_printed_with_a_decimal() -> None:
    assert findings.months(13).decimals == 0
    assert findings.months(pacing.months_since_january(date(2021, 6, 15), 2021)).decimals == 1


def test_two_measures_are_not_one_curve(plan: Investment, vi: ReportContext) -> None:
    assert "31/12/2021, giải ngân tính đến 31/01/2022" in findings.dates(plan, vi)
    same = replace(disbursed(plan), as_of=date(2021, 12, 31))
    assert "cùng tính đến 31/12/2021" in findings.dates(replace(plan, disbursed=same), vi)
    assert "không in đủ ngày chốt" in findings.dates(replace(plan, disbursed=replace(same, as_of=None)), vi)
    assert "chỉ in khối lượng hoàn thành" in findings.dates(replace(plan, disbursed=None), vi)
    with pytest.raises(NotPrintedError):
        findings.dates(replace(plan, disbursed=None, completed=None), vi)


def test_causes_without_shares(data: Dataset, vi: ReportContext, here: ReportContext) -> None:
    text = findings.causes(causes.causes(data), vi)
    assert "giải phóng mặt bằng" in text
    assert "Lĩnh vực của các dự án chậm được nêu tên: giao thông; nông nghiệp." in text
    assert "Loại vốn của các dự án chậm được nêu tên: nguồn thu tiền sử dụng đất; ghi thu ghi chi." in text
    assert "không phải xếp hạng" in text
    assert "%" not in findings.causes(causes.causes(data), here)


def test_a_cause_without_a_text_keeps_its_printed_label(data: Dataset, here: ReportContext) -> None:
    row = {**causes.causes(data)[0], "delay": "cause_weather", "delay_printed": "Mưa bão"}
    assert "Mưa bão" in findings.causes([row], here)
    assert "Mưa bão" in html_table([row], here)


def test_the_table_of_causes_is_in_the_language_of_the_page(data: Dataset, here: ReportContext) -> None:
    table = html_table(causes.causes(data), here)
    assert "paragraph" not in table
    if here.page.language == "en":
        assert not [row["delay_printed"] for row in causes.causes(data) if str(row["delay_printed"]) in table]
        assert "project owners" in table


def test_titles(plan: Investment, goal: Target, vi: ReportContext) -> None:
    title = findings.progress_title(plan, goal, vi)
    assert title == "Giải ngân ước đạt 83,12% kế hoạch, mục tiêu năm 2022 từ 95% trở lên"
    chosen = Target(given(90, "share_pct"), None)
    assert findings.progress_title(plan, chosen, vi).endswith("thấp hơn mục tiêu 90%")
    assert "ít nhất khoảng 617" in findings.remaining_title(plan, goal, vi)
    pace = plain(findings.pace_title(pacing.pace(plan, goal, 13), goal, vi))
    assert pace == "Ước giải ngân 332 tỷ đồng/tháng, mức 95% cần ít nhất 380 tỷ đồng/tháng"


@pytest.mark.parametrize("ratio", [None, 50.5, 80, 83.12, 95, 110])
def test_titles_keep_to_fifteen_words(
    plan: Investment, data: Dataset, here: ReportContext, ratio: float | None
) -> None:
    goal = investment.target(data, ratio)
    titles = [
        findings.progress_title(plan, goal, here),
        findings.remaining_title(plan, goal, here),
        findings.pace_title(pacing.pace(plan, goal, 13), goal, here),
    ]
    assert [title for title in titles if len(title.split()) > 15] == []


def test_a_ratio_or_an_amount_alone_makes_a_title(plan: Investment, goal: Target, vi: ReportContext) -> None:
    without = replace(plan, disbursed=replace(disbursed(plan), ratio=None))
    assert "4.321" in findings.progress_title(without, goal, vi)
    assert findings.progress_title(replace(plan, disbursed=None), goal, vi).startswith("Khối lượng hoàn thành")
    with pytest.raises(NotPrintedError):
        findings.progress_title(replace(plan, disbursed=None, completed=None), goal, vi)


def test_an_amount_printed_as_a_bound_is_no_amount(plan: Investment, goal: Target, here: ReportContext) -> None:
    bound = Quantity(Interval.bounded(high=5000), "bn_vnd", ("f",), None, "estimate")  # "gần 5.000 tỷ đồng"
    vague = replace(disbursed(plan), amount=bound)
    assert vague.plan is None
    with pytest.raises(NotPrintedError):
        findings.distance(replace(plan, disbursed=vague), goal, here)


def test_limits_name_estimates(plan: Investment, vi: ReportContext) -> None:
    assert "số ước" in findings.limits(plan, vi)
    final = replace(disbursed(plan), basis="actual")
    assert "số ước" not in findings.limits(replace(plan, completed=None, disbursed=final), vi)
