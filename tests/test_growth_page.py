"""Words and charts of growth: for every year held, each is made or left out with a reason; 2021 says its values."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
from conftest import DATA, ROOT
from made_up import published

from kg_analysis.analysis import growth
from kg_analysis.briefing.registry import FINDINGS, Frames
from kg_analysis.charts import growth as charts
from kg_analysis.data.clean import write_clean
from kg_analysis.data.dataset import load
from kg_analysis.errors import LeftOutError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative import growth as words
from kg_analysis.narrative import scenarios as level_words
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import between, rate

OURS = {name: finding for name, finding in FINDINGS.items() if name.startswith("growth_")}
YEARS = [2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025]


@cache
def frames(year: int, language: str = "vi", *, citable: bool = False) -> Frames:
    return Frames(ReportContext(load(DATA, year, "91", citable=citable), NumberFormatter(language)))


def said(function: object, year: int = 2021, language: str = "vi") -> str:
    return str(frames(year, language).call(function)).replace("\u00a0", " ")  # type: ignore[arg-type]


@pytest.mark.parametrize("year", YEARS)
def test_every_part_is_made_or_left_out_with_a_reason(year: int) -> None:
    found, made = frames(year), 0
    for finding in OURS.values():
        for part in (finding.title, *finding.sentences, *finding.caveats):
            try:
                made += bool(found.call(part))
            except LeftOutError as error:
                assert found["ctx"].fmt.knows(f"missing.{error.missing}"), error.missing
    assert made >= 5


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", [name for name, each in OURS.items() if each.chart and name != "growth_scenarios"])
def test_a_chart_carries_its_finding_source_rows_and_alt(name: str, language: str) -> None:
    figure = frames(2021, language).call(OURS[name].chart)  # type: ignore[arg-type]
    assert figure.dropped == []
    assert len(figure.words.title.split()) <= 15
    assert figure.words.source
    assert figure.words.alt.count(" ") > 8
    ids = {each for cell in figure.data["figure_ids"].dropna() for each in cell.split()}
    assert ids <= set(frames(2021)["ctx"].data.tables.figures["figure_id"])
    assert ids


def test_both_languages_plot_the_same_rows() -> None:
    vietnamese, english = (frames(2021, language).call(charts.periods).data for language in ("vi", "en"))
    assert vietnamese.equals(english)


def test_the_year_stands_beside_its_target_last_year_and_the_nation() -> None:
    beside = "mục tiêu 6,01%; năm 2020 ước tăng 3,05%; cả nước ước tăng 2,58%."
    assert said(words.year) == f"Năm 2021, GRDP tỉnh Kiên Giang ước tăng 0,58%; {beside}"
    assert said(words.year_title) == "GRDP cả năm ước tăng 0,58%, mục tiêu 6,01%, cả nước 2,58%"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_year_of_two_boundaries_is_two_series_in_sentence_and_chart(language: str) -> None:
    text = said(words.year, 2025, language)
    for part in ("Kiên Giang", "An Giang", "7", "8,39%" if language == "vi" else "8.39%"):
        assert part in text
    assert ("không nối" if language == "vi" else "neither joined nor added") in text
    axes = frames(2025, language).call(charts.periods).axes[0]
    ticks = [each.get_text() for each in axes.get_xticklabels()]
    assert [each.split("\n")[-1] for each in ticks][:2] == ["Kiên Giang", "Kiên Giang"]
    assert "An Giang" in ticks[2]
    assert any(line.get_linestyle() == ":" for line in axes.lines)


def test_the_implied_quarter_leads_with_its_range() -> None:
    assert said(words.rest_title) == "Cả năm 0,58% hàm ý quý IV tăng khoảng 2,3–3,5%"
    assert "Nếu quý IV tăng khoảng 0,3–0,6% thì GRDP cả năm bằng năm trước" in said(words.rest_of_year)


def test_a_target_out_of_reach_is_not_said() -> None:
    """After nine months of 2021 a year of 6.01% would have taken a fourth quarter of 20 to 31%."""
    assert "6,01" not in said(words.rest_of_year)
    assert "6,01%" in said(words.rest_by_plan)  # after the first half it was 7.2%
    assert "tăng 7,2%" in said(words.rest_by_plan)


def test_a_revision_is_told_with_both_figures() -> None:
    text = said(words.periods)
    assert "6 tháng đầu năm tăng 3,54%" in text
    assert "lần công bố đầu (30/06/2021) là 4,52%" in text
    assert said(words.twice_title) == "GRDP 6 tháng năm 2021: công bố 4,52%, sau là 3,54%"


def test_contributions_agree_with_the_offices_own() -> None:
    text = said(words.contributions)
    assert "làm giảm 0,89 điểm phần trăm" in text
    assert "đóng góp 1,06 điểm phần trăm" in text
    assert "(2) khớp với phép tính" in text
    assert "đóng góp 3,71 điểm phần trăm" in said(words.contributions, 2023)


def test_two_bases_are_named_and_not_joined() -> None:
    text = said(level_words.versions)
    assert "68.956,99 tỷ đồng (in, 04/01/2021)" in text
    assert "khoảng 62.789 tỷ đồng (suy ra" in text
    assert "không ghép" in text


def test_catching_up_is_measured_from_the_last_normal_year() -> None:
    text = said(words.catch_up)
    assert "năm 2019 là năm bình thường gần nhất" in text
    assert "phải tăng 14,9%" in text
    assert "cao hơn mọi năm đã có số liệu" in text
    assert "không có phần phải bù" in said(words.catch_up, 2019)


def test_sectors_are_shown_where_only_rates_are_printed() -> None:
    assert "công nghiệp và xây dựng ước tăng 10,35%" in said(words.sectors, 2024)


def test_outputs_of_2021() -> None:
    text = said(words.outputs)
    assert "ước đạt 47.394,15 tỷ đồng, tăng 1,89% so với năm trước, bằng 94,26% kế hoạch" in text
    assert "thực hiện bằng 23% mức tăng kế hoạch" in text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(2.26, 3.55, "tăng khoảng 2,3–3,6%"), (-3.2, -1.1, "giảm khoảng 1,1–3,2%"), (-0.5, 0.5, "từ −0,5% đến 0,5%")],
)
def test_a_range_is_said_with_the_word_for_its_direction(low: float, high: float, text: str) -> None:
    assert between(low, high, frames(2021)["ctx"]) == text


def test_a_number_that_only_words_bound_keeps_its_word() -> None:
    row = {"x": 6.0, "x_low": 6.0, "x_high": 7.0, "x_kind": "wording", "x_decimals": 0, "basis": "actual"}
    assert rate(row, "x", frames(2021)["ctx"]) == "tăng trên 6"


@pytest.mark.parametrize(
    "rows",
    [
        [("H1", "-4.20"), ("Q3", "-12.30"), ("9M", "-7.00"), ("FY", "-9.99")],
        [("H1", "7.10"), ("Q3", "7.20"), ("9M", "7.13"), ("FY", "7.15")],
        [("Q1", "3.00"), ("H1", "0.02"), ("Q3", "0.01"), ("9M", "0.00"), ("Q4", "31.20"), ("FY", "0.03")],
        [("H1", "12.00"), ("FY", "12.00")],
    ],
)
def test_charts_hold_other_years(rows: list[tuple[str, str]]) -> None:
    ctx = frames(2021)["ctx"]
    ids = "kg21-growth-fy"
    rates = growth.by_period(published(*((2021, period, value, "2021-12") for period, value in rows)), 2021)
    rates = rates.assign(figure_ids=ids)
    rest = growth.rest_of_year(rates, frames(2021)["goals"], growth.rest_shares(ctx.data.assumptions))
    assert charts.periods(rates, frames(2021)["nine_years"], rest, ctx).dropped == []  # type: ignore[attr-defined]
    if len(rest):
        assert charts.rest_of_year(rest, ctx).dropped == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("year", [2019, 2024])
def test_a_year_of_one_or_two_rates_is_a_sentence_and_no_chart(year: int) -> None:
    found = frames(year, citable=True)
    assert "GRDP" in found.call(words.year)
    with pytest.raises(LeftOutError, match="of at least 3 numbers") as error:
        found.call(charts.periods)
    assert error.value.missing == "few_numbers"


def test_the_rest_of_a_year_follows_from_rates_of_one_time() -> None:
    """H1 of 2020 was revised to 1.24% after the year's 3.05% had come out beside 3.03%."""
    found = frames(2020, citable=True)
    assert set(found["rest_need"]["done_pct"]) == {3.03}
    text = found.call(words.rest_of_year)
    assert "6 tháng đầu năm (3,03%; số công bố 01/07/2020, sau đó đã được điều chỉnh)" in text
    drawn = found.call(charts.periods).data
    assert (drawn.loc[drawn["period"] == "H1", "growth_pct"] == 1.24).all()
    assert "scenario" not in set(drawn["basis"])


def test_a_title_too_long_with_every_target_keeps_the_nation() -> None:
    assert said(words.year_title, 2024) == "GRDP cả năm ước tăng 7,5%, cả nước 7,09%"


def test_what_another_source_prints_stands_beside_an_output() -> None:
    text = said(words.outputs, 2022)
    first = text.split("\n\n")[0]
    assert "25,5% so với cùng kỳ năm trước" in first
    assert "Cục Thống kê tỉnh Kiên Giang (30/09/2022) nêu mức tăng cùng kỳ là 20,13%" in first
    assert "20,13" not in text.replace(first, "")


@pytest.fixture(scope="module")
def example_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("series") / "data"))
    shutil.copy(ROOT / "examples/series/grdp_quarterly.csv", folder / "series")
    write_clean(folder)
    return folder


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_departments_series_gives_contributions_scenarios_and_a_benchmarked_year(
    example_dir: Path, language: str
) -> None:
    found = Frames(ReportContext(load(example_dir, 2021, "91"), NumberFormatter(language)))
    figure = found.call(charts.scenario_map)
    assert figure.dropped == []
    assert "kg_analysis" in figure.words.source  # says that the numbers are made up
    assert charts.contributions(found["quarter_points"], found["ctx"]).dropped == []  # type: ignore[attr-defined]
    text = {
        each: str(found.call(each))
        for each in (level_words.needed, level_words.series_contributions, level_words.revision)
    }
    assert ("1/10" if language == "vi" else "1 of 10") in text[level_words.needed]
    assert found["ctx"].say("growth.adds_up") in text[level_words.series_contributions]
    assert "Denton" in text[level_words.revision]


def test_a_path_without_a_target_names_no_line_of_one() -> None:
    figure = Frames(ReportContext(load(DATA, 2021, "91"), NumberFormatter("vi"))).call(charts.five_years)
    assert "mục tiêu" not in figure.words.subtitle + figure.words.alt
