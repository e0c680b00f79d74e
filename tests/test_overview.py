"""The year on one page: counts by system, never added; cut-off days; what to settle before signing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from conftest import DATA

from kg_analysis.analysis import checks, overview
from kg_analysis.briefing.registry import Frames
from kg_analysis.charts import overview as charts
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import NotPrintedError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative import overview as words
from kg_analysis.narrative.context import ReportContext

PAST_THE_NUMBERS = ("phép kiểm", "không khớp", "22/108")


@pytest.fixture(scope="module")
def after() -> ReportContext:
    """The year after, of which the data hold no report."""
    return ReportContext(load(DATA, 2022, "91"), NumberFormatter("vi"))


@pytest.fixture
def frames(vi: ReportContext) -> Frames:
    return Frames(vi)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_24_targets(frames: Frames, vi: ReportContext) -> None:
    (council,) = frames["target_totals"].to_dict("records")
    counts = {each: int(council[f"{each}_count"]) for each in overview.STATUSES}
    assert counts == {
        "total": 24,
        "exceeded": 8,
        "met": 5,
        "met_or_exceeded": 13,
        "missed": 11,
        "missed_economic": 8,
        "missed_other": 3,
    }
    assert council["basis"] == "estimate"
    assert words.targets(frames["target_totals"], vi) == (
        "Trong 24 chỉ tiêu HĐND tỉnh giao, ước 13 chỉ tiêu đạt và vượt kế hoạch (8 vượt, 5 đạt); 11 chỉ tiêu không "
        "đạt, gồm 8 chỉ tiêu kinh tế và 3 chỉ tiêu khác."
    )


def test_the_bar_of_targets_adds_up_and_is_hatched_as_an_estimate(frames: Frames, vi: ReportContext) -> None:
    figure = charts.targets(frames["target_totals"], frames["target_list"], vi)
    bars = figure.axes[0].patches
    assert [bar.get_width() for bar in bars] == [8, 5, 8, 3]
    assert {bar.get_hatch() for bar in bars} == {"////"}
    assert figure.dropped == []
    assert figure.words.title == "Ước 13/24 chỉ tiêu HĐND tỉnh giao đạt và vượt kế hoạch"


def test_tasks_stay_with_who_counts_them(frames: Frames, vi: ReportContext) -> None:
    work = frames["work"].set_index(["system", "status"])
    assert work["count"].to_dict() == {
        ("government", "assigned"): 64,
        ("government", "completed"): 11,
        ("government", "in_progress"): 53,
        ("government", "overdue"): 5,
        ("government_database", "overdue"): 4,
        ("province_770", "in_progress"): 79,
        ("province_770", "overdue"): 13,
    }
    assert (work.loc["government", "as_of"] == pd.Timestamp("2021-12-20")).all()
    assert work.loc["government_database", "as_of"].isna().all()
    said = words.tasks(frames["work"], vi)
    assert "tính đến ngày 20/12/2021: được giao 64, đã hoàn thành 11, đang thực hiện 53 (trong đó trễ hạn 5)" in said
    assert "không cộng" in said
    assert not any(total in said for total in ("143", "132", "22"))  # sums across systems


def test_each_system_stands_under_its_name_and_day(frames: Frames, vi: ReportContext) -> None:
    figure = charts.tasks(frames["work"], vi)
    headings = [text.get_text() for text in figure.axes[0].texts if text.get_weight() == "bold"]
    assert len(headings) == 3
    assert headings[0].endswith("đến 20/12/2021")
    assert [bar.get_width() for bar in figure.axes[0].patches] == [11, 53, 5, 4, 79, 13]
    assert figure.dropped == []


def test_the_programme_and_online_services(frames: Frames, vi: ReportContext) -> None:
    assert words.programme(frames["schemes"], vi) == (
        "Chương trình số 09-CTr/TU, nguồn không nêu ngày chốt: được giao 21, đã hoàn thành 19 (trong đó đúng, trước "
        "hạn 5; trễ hạn 14), còn lại 2."
    )
    assert plain(words.services(frames["online"], vi)) == (
        "Dịch vụ công trực tuyến, tính đến ngày 22/12/2021: 1.222 dịch vụ, xếp thứ 4/63 tỉnh, thành phố, tăng 59 bậc "
        "so với năm trước, thủ tục tiếp nhận trực tuyến chiếm 66,67%."
    )


def test_two_sets_of_targets_stand_side_by_side(after: ReportContext) -> None:
    totals = Frames(after)["target_totals"]
    assert totals.set_index("system")["total_count"].to_dict() == {"party_resolution": 25, "people_council": 24}
    said = words.targets(totals, after)
    assert "Trong 24 chỉ tiêu HĐND tỉnh giao, 24 chỉ tiêu đạt và vượt kế hoạch" in said
    assert "49" not in said
    assert "không cộng" in said


def test_what_was_missed_follows_from_total_and_reached_where_it_is_not_printed() -> None:
    earlier = load(DATA, 2020, "91")
    (only,) = overview.target_totals(overview.by_status(earlier.targets)).to_dict("records")
    assert only["missed_count"] == 22 - 16
    assert only["figure_ids"] == "vnp194128-targets-met-or-exceeded-fy vnp194128-targets-total-fy"
    assert pd.isna(only["exceeded_count"])


def test_cut_off_days_reach_from_june_to_the_close_of_the_budget_year(frames: Frames) -> None:
    days = {(row["topic"], row["cut_off"].date()): row["basis"] for row in known_days(frames)}
    assert days["tasks", date(2021, 12, 20)] == "actual"
    assert days["online_services", date(2021, 12, 22)] == "actual"
    assert days["investment", date(2022, 1, 31)] == "estimate"
    assert days["growth", date(2021, 6, 30)] == "actual"


def test_what_is_counted_until_now_stands_on_no_day(frames: Frames, vi: ReportContext) -> None:
    shown = {each for row in known_days(frames) for each in row["figure_ids"].split()}
    undated = frames["days"][frames["days"]["cut_off"].isna()]
    without = {each for cell in undated["figure_ids"] for each in cell.split()}
    assert "kg21-tasks-government-overdue" in shown  # counted to 20 December
    assert "kg21-tasks-government-database-overdue" in without - shown  # "đến nay", no day
    assert f"Có {len(without)} số liệu không nêu ngày chốt" in words.cut_offs(frames["days"], vi)


def known_days(frames: Frames) -> list[dict[Any, Any]]:
    return frames["days"].dropna(subset=["cut_off"]).to_dict("records")


def test_every_figure_of_the_year_has_its_cut_off_day_or_says_that_none_is_printed(data: Dataset) -> None:
    table = overview.listed(data.figures, data.sources)
    assert len(table) == len(data.figures)
    rows = table.set_index("figure_ids")
    assert rows.at["kg21-pubinv-disbursed", "until"] == pd.Timestamp("2022-01-31")
    assert pd.isna(rows.at["kg21-tasks-government-database-overdue", "until"])
    assert (rows["place"] != "").all()


def test_the_review_names_both_numbers_and_both_places(frames: Frames, vi: ReportContext) -> None:
    text = plain(words.review(frames["checked"], frames["to_settle"], vi))
    assert text.count("\n- ") == 7
    assert ": 5 (mục I.1); 4 (mục II.3)." in text
    assert ": 19 (mục I.2); 21 (mục I.2, chú thích 3)." in text
    assert ": 11 (mục I.2); 12 (mục I.2, chú thích 2)." in text
    assert ": 30/06/2021 (mục I.3); 21/06/2021 (mục I.3)." in text
    assert ": 6 năm (phần mở đầu); 5 năm (phần mở đầu)." in text
    assert ": 6 (mục I.4); 9–12." in text
    assert words.review_title(frames["checked"], frames["to_settle"], vi) == (
        "Báo cáo năm 2021: 7 nội dung chưa thống nhất, cần rà soát"
    )


def test_revisions_forecasts_and_words_are_counted_apart_and_never_a_headline(
    frames: Frames, vi: ReportContext
) -> None:
    review = words.review(frames["checked"], frames["to_settle"], vi)
    apart, counted = words.apart(frames["checked"], vi), words.counted(frames["checked"], vi)
    for token in ("71,66%", "3,54%", "nặng nề hơn", "rất thấp"):
        assert token in plain(apart)
        assert token not in plain(review)
    assert "8 số liệu đã được điều chỉnh" in counted
    assert "1 số ước khác kết quả" in counted
    assert not any(each in text for each in PAST_THE_NUMBERS for text in (review, apart, counted))


def test_a_typed_title_is_escaped(frames: Frames, vi: ReportContext) -> None:
    typed = frames["to_settle"].head(1).assign(title_vi="<b>")
    assert "&lt;b&gt;" in words.review(frames["checked"], typed, vi)


def test_a_report_without_slips_says_so(frames: Frames, vi: ReportContext) -> None:
    checked, none = frames["checked"], frames["to_settle"].head(0)
    assert words.review(checked, none, vi).startswith(f"Trong {len(checked)} nội dung đối chiếu, không có nội dung nào")
    held = checked[checked["verdict"] == checks.HOLDS]
    assert words.apart(held, vi) == "Ngoài các nội dung trên, mọi nội dung đối chiếu đều thống nhất."


def test_a_year_without_a_report_has_no_review(after: ReportContext) -> None:
    frames = Frames(after)
    with pytest.raises(NotPrintedError, match="no report"):
        words.review(frames["checked"], frames["to_settle"], after)
    assert "24; 25" in words.apart(frames["checked"], after)  # two systems of targets: open, no contradiction


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_no_id_of_a_system_status_or_reading_reaches_the_reader(year: int, language: str) -> None:
    data, page = load(DATA, year, "91"), NumberFormatter(language)
    for view in (data.targets, data.tasks, data.programme_items):
        for kind in ("system", "status"):
            for name in overview.by_status(view, whole_year=False)[kind].unique():
                assert page.knows(f"overview.{kind}_{name}") or view is data.targets, name
    for name in overview.by_status(data.targets)["system"].unique():
        assert page.knows(f"overview.set_by_{name}"), name
    for reading in checks.READINGS:
        assert page.knows(f"cell.{reading}"), reading
        assert page.knows(f"checks.heading_{reading}"), reading
        assert page.knows(f"checks.counted_{reading}"), reading
