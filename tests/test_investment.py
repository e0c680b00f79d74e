"""Public investment: known answers of the 2021 report and its result, joint rounding, groups, years 2020–2025."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_analysis.analysis import investment
from kg_analysis.briefing.registry import Frames
from kg_analysis.charts import investment as charts
from kg_analysis.data.dataset import load
from kg_analysis.data.loader import load as load_tables
from kg_analysis.errors import LeftOutError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative import investment as words
from kg_analysis.narrative.context import ReportContext

DATA = Path(__file__).parents[1] / "data"
SENTENCES = (
    *(words.headline, words.shortfall, words.estimate_error, words.estimate, words.paces, words.forecast),
    *(words.needed, words.who_holds, words.named_works, words.conflict, words.final_years, words.limits),
)


def frames(year: int, language: str = "vi") -> Frames:
    """Frames of one year."""
    return Frames(ReportContext(load(DATA, year, "91"), NumberFormatter(language)))


def plain(text: str) -> str:
    """Text with breakable blanks."""
    return text.replace("\u00a0", " ")


def test_the_result_of_2021_leads() -> None:
    found = frames(2021)
    assert plain(found.call(words.headline)) == (
        "Thực tế giải ngân đến hết ngày 31/01/2022 đạt 71,66% kế hoạch (3.760,543 tỷ đồng trên kế hoạch 5.247,827 tỷ "
        "đồng), còn 1.487,3 tỷ đồng chưa giải ngân."
    )
    short = plain(found.call(words.shortfall))
    assert "từ 95% trở lên (mục tiêu đặt cho năm 2022, theo báo cáo năm 2021, ở đây chỉ để đối chiếu)" in short
    assert "1.224,9 tỷ đồng" in short


def test_the_error_of_the_estimate_splits_into_money_and_plan() -> None:
    row = frames(2021)["errors"].set_index("budget_year").loc[2021]
    assert round(row["error_pp"], 2) == -11.46
    assert round(row["from_money_pp"], 2) == -10.78
    assert round(row["from_plan_pp"], 2) == -0.68
    assert row["from_money_pp"] + row["from_plan_pp"] == pytest.approx(row["error_pp"])


def test_figures_printed_together_are_constrained_together() -> None:
    balance = frames(2021)["balance"]
    row = balance[balance["standing"] == "estimate"].iloc[0]
    ends = [round(row[f"plan_bn_vnd{end}"], 1) for end in ("", "_low", "_high")]
    assert ends == [5198.3, 5197.6, 5199.0]
    assert [round(row[f"undisbursed_bn_vnd{end}"], 1) for end in ("", "_low", "_high")] == [877.5, 877.1, 877.9]
    assert [round(row[f"short_bn_vnd{end}"], 1) for end in ("_low", "_high")] == [617.2, 617.9]


@given(paid=st.integers(1000, 9000), percent=st.integers(2000, 9900))
def test_the_true_amounts_lie_in_their_joint_set(paid: int, percent: int) -> None:
    plan = 10000.0 * paid / percent
    ratio = percent / 100
    corners = investment.joint_set((plan - 1, plan + 1), (paid - 0.5, paid + 0.5), (ratio - 0.005, ratio + 0.005))
    left = [each - money for each, money in corners]
    assert min(left) <= plan - paid <= max(left)


def test_a_closed_year_has_no_pace_and_no_forecast() -> None:
    found = frames(2021)
    for function in (words.needed, words.forecast):
        with pytest.raises(LeftOutError):
            found.call(function)


def test_two_sources_on_2024_stand_side_by_side() -> None:
    text = frames(2024).call(words.conflict)
    assert "75,22% (kế hoạch của tỉnh)" in text
    assert "63,27% (tổng kế hoạch" in text


def test_groups_that_overlap_are_not_ranked() -> None:
    found = frames(2022)
    assert list(found["rest"]["item"]) == ["districts", "provincial_departments"]
    total = found["balance"].loc[lambda rows: rows["leads"], "undisbursed_bn_vnd"].item()
    assert found["rest"]["undisbursed_bn_vnd"].sum() == pytest.approx(total, abs=0.01)
    tree = found["tree"].set_index("item")
    assert not tree.at["key_works", "in_partition"]


def test_a_line_never_holds_two_plans() -> None:
    table = load_tables(DATA).investment
    lines = investment.paths(investment.totals(table)).groupby(["area_code", "boundary_version", "budget_year"])
    assert lines["ratio_base"].nunique().max() > 1  # years with several plans are held
    for _, rows in lines:
        for _, line in rows.groupby("ratio_base"):
            assert line["months"].is_monotonic_increasing


def test_of_a_cumulative_total_that_falls_one_is_flagged() -> None:
    rows = pd.DataFrame(
        {
            **{
                "area_code": "91",
                "boundary_version": "x",
                "budget_year": 2022,
                "unit": "",
                "fund": "",
                "basis": "actual",
            },
            "as_of": pd.to_datetime(["2022-03-31", "2022-04-30"]),
            **{f"disbursed_bn_vnd{end}": [500.0, 400.0] for end in ("", "_low", "_high")},
        }
    )
    assert list(investment.falls(rows)["disbursed_bn_vnd"]) == [400.0]


@pytest.mark.parametrize("year", [2020, 2021, 2022, 2023, 2024, 2025])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_any_year_says_what_it_holds(year: int, language: str) -> None:
    found = frames(year, language)
    assert found.call(words.headline)
    for function in SENTENCES[1:]:
        try:
            text = found.call(function)
        except LeftOutError:
            continue
        assert "nan" not in text.split()


@pytest.mark.parametrize("year", [2020, 2021, 2022, 2023, 2024, 2025])
def test_charts_of_any_year(year: int) -> None:
    found = frames(year)
    for function in (charts.versions, charts.course, charts.rates, charts.who_holds):
        try:
            figure = found.call(function)
        except LeftOutError:
            continue
        assert len(figure.data)


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (2023, "trên 2.355 tỷ đồng = trên 35% kế hoạch trên 6.641,7 tỷ đồng"),
        (2022, "trên 610 tỷ đồng = gần 12% kế hoạch trên 5.124 tỷ đồng"),
    ],
)
def test_the_labels_of_the_versions_keep_the_words_of_the_page(year: int, label: str) -> None:
    data = load(DATA, year, "91", citable=True)
    figure = Frames(ReportContext(data, NumberFormatter("vi"))).call(charts.versions)
    assert label in [plain(each.get_text()) for each in figure.axes[0].texts]
