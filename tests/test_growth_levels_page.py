"""Sentences and charts on growth from levels: in both languages, from real levels and from the made-up example."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DATA, ROOT, execute, manifest

from kg_analysis.analysis import (
    benchmarking,
    contributions,
    level_versions,
    published_levels,
    required,
    spreads,
    targets,
)
from kg_analysis.analysis import levels as quarterly
from kg_analysis.analysis import scenario_table as table
from kg_analysis.charts import contributions as level_charts
from kg_analysis.charts import required as charts
from kg_analysis.charts.chart import Chart
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.findings import growth as growth_findings
from kg_analysis.findings import levels as said
from kg_analysis.findings import required as needs
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext

pytestmark = pytest.mark.slow  # draws whole sets of charts

NOTEBOOK = ROOT / "notebooks/02_growth_scenarios.ipynb"


@pytest.fixture(scope="session")
def example_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("page") / "data"))
    shutil.copy(ROOT / "examples/series/grdp_quarterly.csv", folder / "series")
    return folder


@pytest.fixture(scope="session")
def example(example_dir: Path) -> Dataset:
    return load(example_dir, 2021, "91")


@pytest.fixture(params=["vi", "en"])
def there(request: pytest.FixtureRequest, example: Dataset) -> ReportContext:
    return ReportContext(example, NumberFormatter(request.param))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _quarterly(here: ReportContext) -> Chart:
    found = quarterly.levels(here.data)
    return level_charts.quarterly(contributions.contributions(found), found, here)


def _required(here: ReportContext, done: int | None = None, base: float | None = None) -> Chart:
    found, goals = quarterly.levels(here.data, done), targets.targets(here.data, base)
    ways = spreads.spreads(found, goals, required.path(found), "industry_construction")
    return charts.required(ways, goals, found, here)


def _scenarios(here: ReportContext, done: int | None = None, base: float | None = None) -> Chart:
    found, goals = quarterly.levels(here.data, done), targets.targets(here.data, base)
    rates = required.path(found)
    outcome = table.scenarios(found, goals, rates)
    return charts.scenario_map(table.scenario_cells(found, goals, rates), outcome, found, rates, here)


DRAWN: dict[str, Callable[[ReportContext], Chart]] = {
    "growth_levels_contributions": lambda here: level_charts.published(
        published_levels.published_contributions(here.data), here
    ),
    "growth_levels_versions": lambda here: level_charts.level_versions(level_versions.level_versions(here.data), here),
    "growth_levels_quarters": _quarterly,
    "growth_levels_required": _required,
    "growth_levels_scenarios": _scenarios,
    "growth_levels_revision": lambda here: charts.revision(benchmarking.revision(here.data), here),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_carries_its_finding_source_rows_and_alt(name: str, there: ReportContext) -> None:
    chart = DRAWN[name](there)
    assert chart.name == name
    assert len(chart.title.split()) <= 15
    assert not chart.data.empty
    assert chart.alt.count(" ") > 10
    real = name in ("growth_levels_contributions", "growth_levels_versions")
    assert ("Cục Thống kê" in chart.source) == real
    assert (there.say("growth_levels.line_first") != "" and "kg_analysis" in chart.source) != real


@pytest.mark.parametrize("done", [1, 2])
@pytest.mark.parametrize("base", [-4.0, 0.5, 6.0, 19.0])
def test_charts_hold_other_targets_and_other_quarters(there: ReportContext, done: int, base: float) -> None:
    assert _required(there, done, base).png
    assert _scenarios(there, done, base).png


def test_a_shrinking_sector_and_a_growing_one_stack_to_both_sides(there: ReportContext) -> None:
    rows = there.data.grdp_quarterly.copy()
    rows.loc[(rows["year"] == 2021) & (rows["sector"] == "services"), "value_bn_vnd"] -= 200
    rows = rows[rows["sector"] != "total"]
    here = replace(there, data=replace(there.data, grdp_quarterly=rows))
    assert _quarterly(here).png
    found = quarterly.levels(here.data)
    text = plain(said.contributions(contributions.contributions(found), here))
    assert "làm giảm" in text or "took off" in text
    assert said.adds_up(contributions.contributions(found), here) == here.say("growth_levels.adds_up")


def test_the_offices_contribution_is_said_beside_the_calculated_one(vi: ReportContext) -> None:
    found = published_levels.published_contributions(vi.data)
    text = plain(said.printed_beside(found, vi))
    assert "là −0,89 điểm phần trăm: khớp" in text
    assert "là 1,06 điểm phần trăm: khớp" in text
    assert "GRDP ước tăng 4,52%; nông, lâm nghiệp và thủy sản đóng góp 1,06 điểm phần trăm" in plain(
        said.contributions(found, vi)
    )


def test_two_bases_are_named_and_not_joined(vi: ReportContext) -> None:
    text = plain(said.versions(level_versions.level_versions(vi.data), vi))
    assert "68.956,99 tỷ đồng (in, 04/01/2021)" in text
    assert "62.789,5 tỷ đồng (62.786,3–62.792,6) (suy ra" in text
    assert "thì ra −8,42%: đó là lỗi ghép hai lần công bố" in text


def test_history_is_counted_and_never_a_probability(there: ReportContext) -> None:
    found, goals = quarterly.levels(there.data), targets.targets(there.data)
    rates = required.path(found)
    text = plain(needs.scenarios(table.scenarios(found, goals, rates), found, rates, there))
    assert "1/10" in text or "1 of 10" in text
    assert there.say("growth_levels.history_count") in text
    short = replace(found, releases=tuple(_since(each, 2015) for each in found.releases))
    few = plain(needs.scenarios(table.scenarios(short, goals, rates), short, rates, there))
    assert plain(there.say("growth_levels.history_few", years=5)) in few


def _since(release: quarterly.Release, year: int) -> quarterly.Release:
    return replace(release, cells={key: cell for key, cell in release.cells.items() if key[0] >= year})


def test_limits_say_which_periods_have_contributions(data: Dataset, vi: ReportContext) -> None:
    from kg_analysis.analysis import growth, scenarios  # noqa: PLC0415

    text = growth_findings.limits(growth.growth(data), scenarios.q4_shares(data), vi)
    assert "đóng góp chỉ tính được cho những kỳ có mức GRDP" in text
    other = load(DATA, 2020, "91")
    old = growth_findings.limits(
        growth.growth(other), scenarios.q4_shares(other), ReportContext(other, NumberFormatter("vi"))
    )
    assert "không dùng quy mô GRDP" in old


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_notebook_shows_all_of_it_with_the_series(tmp_path: Path, example_dir: Path, language: str) -> None:
    execute(NOTEBOOK, tmp_path, example_dir, 2021, language, solve_sector="services", target_high_pct=8.0)
    section = manifest(tmp_path, 2021, NOTEBOOK, language)
    assert section["skipped"] == []
    assert {f"charts/{language}/{name}.png" for name in DRAWN} <= set(section["files"])
