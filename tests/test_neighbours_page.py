"""Words and charts on years and neighbours: for every year held, each is made or left out with a reason."""

from __future__ import annotations

import pytest
from conftest import DATA, at_length

from kg_analysis.analysis import panel
from kg_analysis.briefing.registry import FINDINGS, Frames
from kg_analysis.charts import neighbours as charts
from kg_analysis.data.dataset import load
from kg_analysis.errors import LeftOutError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative import neighbours as words
from kg_analysis.narrative.context import ReportContext

OURS = {name: finding for name, finding in FINDINGS.items() if name.startswith("neighbours_")}


def context(year: int, language: str = "vi", area: str = "91") -> ReportContext:
    return ReportContext(load(DATA, year, area), NumberFormatter(language))


@pytest.mark.slow
@pytest.mark.parametrize("year", [2017, 2021, 2025, *at_length(2018, 2019, 2020, 2022, 2023, 2024)])
def test_every_part_is_made_or_left_out_with_a_reason(year: int) -> None:
    ctx = context(year)
    frames = Frames(ctx)
    made = 0
    for finding in OURS.values():
        parts = (finding.title, *finding.sentences, *finding.caveats, finding.chart)
        for part in parts:
            try:
                made += bool(frames.call(part))  # type: ignore[arg-type]
            except LeftOutError as error:
                assert ctx.fmt.knows(f"missing.{error.missing}")
    assert made >= 5


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_place_of_2021_tells_what_it_hangs_on(language: str) -> None:
    ctx = context(2021, language)
    text = words.place(panel.neighbours(ctx.data.regional_growth, 2021), ctx)
    for part in ("Tiền Giang", "Trà Vinh", "Vĩnh Long", "An Giang"):
        assert part in text
    assert ("0,95%" if language == "vi" else "0.95%") in text
    assert ("2,15%" if language == "vi" else "2.15%") in text


def test_a_conflict_is_two_dots_and_a_missing_province_a_word() -> None:
    ctx = context(2021)
    figure = charts.around(panel.neighbours(ctx.data.regional_growth, 2021), ctx)
    assert figure.dropped == []  # type: ignore[attr-defined]
    assert sorted(figure.data.loc[figure.data["boundary_version"] == "an-giang", "growth_pct"]) == [0.95, 2.15]  # type: ignore[attr-defined]
    written = [each.get_text() for each in figure.axes[0].texts]
    assert written.count("chưa có số") == 3


def test_the_years_chart_keeps_the_boundaries_apart() -> None:
    ctx = context(2025)
    figure = charts.years(panel.over_years(ctx.data.regional_growth, "91"), ctx)
    assert figure.dropped == []  # type: ignore[attr-defined]
    assert figure.words.title.startswith("An Giang")  # type: ignore[attr-defined]
    assert any("địa giới mới từ 01/07/2025" in each.get_text() for each in figure.axes[0].texts)


def test_another_province_has_its_own_place() -> None:
    ctx = context(2021, area="89")
    title = words.place_title(panel.neighbours(ctx.data.regional_growth, 2021), ctx)  # 2,15 is 5th, 0,95 is 7th
    assert title == "Xếp thứ 5 đến 7 trong 10 tỉnh, thành có số liệu năm 2021"
