"""The year on one page: counts by system, never added; cut-off days; other publications beside the report."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import DATA

from kg_analysis.analysis import currency as currency_
from kg_analysis.analysis import overview
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import overview as findings
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext


@pytest.fixture(scope="module")
def after() -> Dataset:
    """The year after, of which the data hold no report."""
    return load(DATA, 2022, "91")


def counts(system: overview.System) -> dict[str, int]:
    return {status: int(count.value) for status, count in system.counts.items()}


def test_the_24_targets(data: Dataset) -> None:
    (council,) = overview.targets(data)
    assert counts(council) == {
        "exceeded": 8,
        "met": 5,
        "met_or_exceeded": 13,
        "missed": 11,
        "missed_economic": 8,
        "total": 24,
    }
    assert council.missed is council.counts["missed"]
    assert council.missed_other is not None
    assert council.missed_other.value == 3
    assert council.is_estimate


def test_tasks_stay_with_who_counts_them(data: Dataset) -> None:
    systems = {each.name: each for each in overview.tasks(data)}
    assert set(systems) == {"government", "government_database", "province_770"}
    assert counts(systems["government"]) == {"assigned": 64, "completed": 11, "in_progress": 53, "overdue": 5}
    assert systems["government"].as_of == date(2021, 12, 20)
    assert counts(systems["government_database"]) == {"overdue": 4}
    assert systems["government_database"].as_of is None
    assert counts(systems["province_770"]) == {"in_progress": 79, "overdue": 13}


def test_the_schemes_of_the_programme(data: Dataset) -> None:
    (programme,) = overview.programme(data)
    found = counts(programme)
    assert (found["assigned"], found["completed"], found["remaining"]) == (21, 19, 2)
    assert [found[f"completed_q{quarter}"] for quarter in (2, 3, 4)] == [10, 8, 3]


def test_two_sets_of_targets_stand_side_by_side(after: Dataset) -> None:
    systems = {each.name: each for each in overview.targets(after)}
    assert {name: int(each.total.value) for name, each in systems.items() if each.total} == {
        "people_council": 24,
        "party_resolution": 25,
    }
    said = findings.targets(list(systems.values()), ReportContext(after, NumberFormatter("vi")))
    assert "25 chỉ tiêu" in said
    assert "24 chỉ tiêu" in said
    assert "49" not in said
    assert "không cộng" in said


def test_what_was_missed_follows_from_total_and_reached_where_it_is_not_printed() -> None:
    (only,) = overview.targets(load(DATA, 2020, "91"))
    assert only.missed is not None
    assert only.missed.value == 22 - 16
    assert only.missed.figure_ids == ("vnp194128-targets-met-or-exceeded-fy", "vnp194128-targets-total-fy")


def test_cut_off_days_reach_from_june_to_the_close_of_the_budget_year(data: Dataset) -> None:
    days = {(each.topic, each.day): each.estimated for each in currency_.cut_offs(data)}
    assert days["tasks", date(2021, 12, 20)] is False
    assert days["online_services", date(2021, 12, 22)] is False
    assert days["investment", date(2022, 1, 31)] is True
    assert days["growth", date(2021, 6, 30)] is False


def test_what_is_counted_until_now_stands_on_no_day(data: Dataset) -> None:
    shown = {figure for each in currency_.cut_offs(data) for figure in each.figure_ids}
    assert "kg21-tasks-government-overdue" in shown  # counted to 20 December
    assert "kg21-tasks-government-database-overdue" not in shown  # "đến nay", no day
    assert currency_.undated(data) > 0


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_no_id_of_a_system_or_status_reaches_the_reader(year: int, language: str) -> None:
    data = load(DATA, year, "91")
    page = NumberFormatter(language)
    for part in (overview.targets, overview.tasks, overview.programme):
        try:
            found = part(data)
        except NotPrintedError:
            continue
        for system in found:
            for kind, name in [("system", system.name), *(("status", each) for each in system.counts)]:
                assert page.knows(f"overview.{kind}_{name}"), name
