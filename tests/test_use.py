"""What is typed about a year is used, and none of it is invisible."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest
from conftest import DATA, ROOT, at_length

from kg_analysis.data.dataset import load


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_use", ROOT / "benchmarks/bench_use.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("year", range(2017, 2026))
def test_every_figure_of_a_year_stands_in_its_table_with_its_place(bench: ModuleType, year: int) -> None:
    data = load(DATA, year, "91")
    shown = data.printed()
    assert set(bench.typed(data)["figure_id"]) <= set(shown["figure_ids"])
    assert (shown["source_id"] != "").all()
    report = shown[shown["source_id"] == "kien-giang-2021"]
    assert (report["where"] != "").all()


@pytest.mark.slow
@pytest.mark.parametrize("year", [2024, *at_length(2017)])
def test_most_numbers_of_a_year_are_used(bench: ModuleType, year: int) -> None:
    data = load(DATA, year, "91")
    held = bench.typed(data)
    numbers = held[held["bound_kind"].isin(["exact", "rounding", "wording"])]
    assert numbers["figure_id"].isin(bench.used(data)).mean() >= bench.LEAST / 100


def test_a_topic_that_is_not_asked_for_is_not_in_the_table() -> None:
    data = load(DATA, 2021, "91")
    growth, all_of_it = data.printed("growth"), data.printed()
    assert 0 < len(growth) < len(all_of_it)
    assert set(growth["figure_ids"]) < set(all_of_it["figure_ids"])
