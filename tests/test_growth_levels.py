"""Growth from levels: what offices have published, made-up quarters with known answers, and the mistakes to avoid."""

from __future__ import annotations

import csv
import importlib.util
import shutil
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import DATA, ROOT
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

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
from kg_analysis.analysis.levels import PARTS, TOTAL, Levels, Release
from kg_analysis.analysis.targets import Targets
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval, weighted_ratio
from kg_analysis.quantities import Quantity, derive, given

EXAMPLE = ROOT / "examples/series/grdp_quarterly.csv"


def level(value: float | str, decimals: int = 1) -> Quantity:
    return Quantity(Interval.rounded(str(value), decimals), "bn_vnd", (), decimals, "actual")


def rate(value: str, decimals: int = 2) -> Quantity:
    return Quantity(Interval.rounded(value, decimals), "pct", (), decimals, "actual")


def made(
    now: dict[tuple[int, str], float], before: float = 100.0, done: int = 1, vintage: str = "2021-06-29"
) -> Levels:
    """A year whose sectors all stood at ``before`` in every quarter of the year before."""
    cells = {(2020, quarter, part): level(before) for quarter in (1, 2, 3, 4) for part in PARTS}
    cells |= {(2021, quarter, part): level(value) for (quarter, part), value in now.items()}
    release = Release(vintage, "synthetic-example", cells)
    return Levels(2021, release, done, (release,))


def quarter(number: int, *values: float) -> dict[tuple[int, str], float]:
    return {(number, part): value for part, value in zip(PARTS, values, strict=True)}


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("example") / "data"))
    shutil.copy(EXAMPLE, folder / "series")
    return load(folder, 2021, "91")


@pytest.fixture(scope="session")
def found(example: Dataset) -> Levels:
    return quarterly.levels(example)


@pytest.fixture(scope="session")
def aims(example: Dataset) -> Targets:
    return targets.targets(example)


# --- the offices' own figures


def test_the_offices_contributions_are_reproduced(data: Dataset) -> None:
    points = {(each.period, each.sector): each.points for each in published_levels.published_contributions(data)}
    for key, printed in {("H1", "agriculture"): 1.06, ("Q1", "agriculture"): -0.89}.items():
        assert round(points[key].value, 2) == printed
        assert published_levels.printed_points(data)[key].value == printed
        assert points[key].low < points[key].value < points[key].high
    assert points["H1", "agriculture"].high - points["H1", "agriculture"].low < 0.01


def test_what_the_other_sectors_add_is_growth_less_the_known_part(data: Dataset) -> None:
    points = {(each.period, each.sector): each.points for each in published_levels.published_contributions(data)}
    assert points["H1", "others"].value == pytest.approx(4.52 - points["H1", "agriculture"].value)


def test_a_bound_of_the_total_gives_a_bound_of_the_contribution() -> None:
    data = load(DATA, 2022, "91")  # "trên 52.473"
    (services,) = (each for each in published_levels.published_contributions(data) if each.sector == "services")
    assert services.points.interval.value is None
    assert 5.2 < services.points.high < 5.3


def test_the_ministrys_scenario_of_the_nation() -> None:
    """H1 5.64, Q3 6.2, Q4 6.5 with shares .455/.255/.290 make a year of 6.0; the plain mean does not."""
    rates = [rate("5.64"), rate("6.2", 1), rate("6.5", 1)]
    year = targets.year_from_parts(rates, [given(each, "share_pct") for each in (45.5, 25.5, 29.0)])
    assert round(year.value, 1) == 6.0
    assert year.value == pytest.approx(6.0322)
    assert year.low <= 6.0322 <= year.high
    assert year.high - year.low == pytest.approx(0.455 * 0.01 + 0.255 * 0.1 + 0.29 * 0.1)
    assert sum(each.value for each in rates) / 3 != pytest.approx(year.value, abs=0.05)


def test_quarterly_rates_do_not_sum_to_a_year() -> None:
    with pytest.raises(DataError, match="shares of the year add up to 400"):
        targets.year_from_parts([rate("6.00")] * 4, [given(100, "share_pct")] * 4)


def test_levels_of_two_publications_stand_apart_and_joining_them_is_shown_as_a_mistake(data: Dataset) -> None:
    found = level_versions.level_versions(data)
    groups = {(group[0].year, group[0].period): group for group in level_versions.grouped(found)}
    other, printed, implied = groups[2020, "FY"]
    assert other.level.value == 71755  # another page's level of the same year, kept beside it
    assert (printed.level.value, printed.implied, implied.implied) == (68956.99, False, True)
    assert implied.level.value == pytest.approx(63153.65 / 1.0058)
    assert level_versions.apart(groups[2020, "FY"][1:]).high < -8.9
    naive = level_versions.naive_join(found)
    assert naive is not None
    assert naive.value == pytest.approx(-8.416, abs=0.001)  # the print says +0.58


def test_the_rest_of_the_year_from_the_plan_behind_a_release(data: Dataset) -> None:
    release, planned = targets.latest_release(data), targets.planned_growth(data)
    assert (release.period, release.vintage) == ("H1", "2021-06-30")
    last = targets.last_year_from_plan(release, planned)
    assert last.low < 68956.99 < last.high  # as published in January 2021
    need = targets.rest_from_plan(release, planned, given(6.01, "pct"))
    by_levels = (1.0601 * 68951.26 - 31752.57) / (68951.26 - 31752.57 / 1.0452) - 1
    assert need.value == pytest.approx(100 * by_levels, abs=1e-4)
    assert need.low < need.value < need.high


def test_the_rate_only_form_is_that_of_the_levels(data: Dataset, aims: Targets) -> None:
    rows = targets.rest_rows(targets.latest_release(data), aims)
    assert [row["rest_share_pct"].value for row in rows] == [40, 45, 50, 55, 60]
    half = rows[2]["need_base_pct"]
    assert half.value == pytest.approx((6.01 - 0.5 * 4.52) / 0.5)


# --- contributions with known answers


def test_contributions_add_up_and_are_points_of_the_whole() -> None:
    found = contributions.contributions(made(quarter(1, 110, 104, 100, 98)))
    points = {each.sector: each.points.value for each in found if each.period == "Q1"}
    assert points == pytest.approx(
        {"agriculture": 2.5, "industry_construction": 1, "services": 0, "product_tax": -0.5, TOTAL: 3}
    )
    shares = {each.sector: each.share.value for each in found if each.share is not None}
    assert shares["agriculture"] == pytest.approx(100 * 10 / 12)
    gap = contributions.gap(found, "Q1")
    assert gap.low < 0 < gap.high


def test_no_share_of_growth_where_growth_is_near_zero() -> None:
    near = contributions.contributions(made(quarter(1, 110, 91, 100, 100)))  # +0.25 %
    assert all(each.share is None for each in near)
    edge = contributions.contributions(made(quarter(1, 102, 100, 100, 100)))  # 0.50 %, rounding on both sides
    assert all(each.share is None for each in edge)
    falls = contributions.contributions(made(quarter(1, 96, 100, 100, 100)))
    assert falls[0].share is not None


def test_a_printed_total_is_used_and_a_gap_is_seen() -> None:
    found = made(quarter(1, 110, 104, 100, 98))
    cells = {**found.release.cells, (2021, 1, TOTAL): level(420), (2020, 1, TOTAL): level(400)}
    release = replace(found.release, cells=cells)
    off = contributions.contributions(replace(found, release=release, releases=(release,)))
    assert contributions.gap(off, "Q1").low > 1.8  # 5 percent printed, 3 points by sector


def test_cumulative_growth_comes_from_added_levels_never_from_rates() -> None:
    now = quarter(1, 110, 110, 110, 110) | quarter(2, 130, 130, 130, 130)
    found = made(now, done=2)
    totals = [each for each in contributions.contributions(found) if each.sector == TOTAL]
    by = {each.period: each.points.value for each in totals}
    assert by == pytest.approx({"Q1": 10, "Q2": 30, "H1": 20})


def test_bounds_are_those_of_every_corner() -> None:
    """The contribution of a sector to a sum that it stands in itself, against brute force."""
    found = contributions.contributions(made(quarter(1, 110, 104, 100, 98)))[0].points
    ends = [(Fraction(str(v)) - Fraction(1, 20), Fraction(str(v)) + Fraction(1, 20)) for v in (110, 100)]
    rest = (Fraction(300) - Fraction(3, 20), Fraction(300) + Fraction(3, 20))
    corners = [100 * (v - w) / (w + r) for v, w, r in product(ends[0], ends[1], rest)]
    assert found.interval.low == min(corners)
    assert found.interval.high == max(corners)


# --- required growth


def test_required_growth_meets_the_target(found: Levels, aims: Targets) -> None:
    need = required.required_even(found, aims.base)
    rest = found.before(found.remaining).value
    year = found.now().value + rest * (1 + need.value / 100)
    last = found.before((1, 2, 3, 4)).value
    assert year / last == pytest.approx(1.0601)
    assert need.low < need.value < need.high


def test_a_path_keeps_its_proportions_and_meets_the_target(found: Levels, aims: Targets) -> None:
    rates = required.path(found, 5)
    needs = required.required_path(found, aims.base, rates)
    factors = {needs[each].value / rates[each, TOTAL].value for each in found.remaining}
    assert max(factors) == pytest.approx(min(factors))
    year = found.now().value + sum(found.before([q]).value * (1 + needs[q].value / 100) for q in found.remaining)
    assert year / found.before((1, 2, 3, 4)).value == pytest.approx(1.0601)


@pytest.mark.parametrize("sector", PARTS)
def test_one_sector_alone_meets_the_target_with_the_others_as_they_were(
    found: Levels, aims: Targets, sector: str
) -> None:
    need = required.required_sector(found, aims.base, sector)
    year = 0.0
    for part in PARTS:
        now, done, rest = found.now(part).value, found.before(found.known, part).value, found.before((3, 4), part).value
        year += now + rest * (1 + need.value / 100 if part == sector else now / done)
    assert year / found.before((1, 2, 3, 4)).value == pytest.approx(1.0601)


def test_a_known_answer_by_hand() -> None:
    """Every quarter 400 last year, 420 in Q1: +5% for the year leaves 5% to each of the rest; 10% takes 11 2/3%."""
    found = made(quarter(1, 105, 105, 105, 105))
    assert required.required_even(found, given(5, "pct")).value == pytest.approx(5)
    assert required.required_even(found, given(10, "pct")).value == pytest.approx(35 / 3)
    assert required.required_sector(found, given(10, "pct"), "services").value == pytest.approx(5 + 4 * 20 / 3)


def test_points_are_added_to_rates_as_points(found: Levels, aims: Targets, example: Dataset) -> None:
    rates = required.path(found, 5)
    points = required.shift(found, aims.base, rates)
    assert points.unit == "percentage_point"
    cells = {(c.scenario, c.sector, c.period): c.growth for c in table.scenario_cells(found, aims, rates)}
    q3 = cells["base", "services", "Q3"]
    assert q3.value == pytest.approx(rates[3, "services"].value + points.value)
    low, high = targets.targets(example).low, targets.targets(example).high
    assert (round(low.value, 2), round(high.value, 2)) == (5.01, 7.01)  # a point below and above, not a percent


def test_scenarios_by_sector_add_up_to_their_target(found: Levels, aims: Targets) -> None:
    rates = required.path(found, 5)
    cells = {(c.scenario, c.sector, c.period): c.growth.value for c in table.scenario_cells(found, aims, rates)}
    for name, goal in aims.items():
        year = sum(found.before((1, 2, 3, 4), part).value * (1 + cells[name, part, "FY"] / 100) for part in PARTS)
        assert year / found.before((1, 2, 3, 4)).value == pytest.approx(1 + goal.value / 100)


def test_the_last_quarter_carries_what_the_path_leaves(found: Levels, aims: Targets) -> None:
    rates = required.path(found, 5)
    last = required.implied_last(found, aims.high, rates).value
    q3, q4 = (found.before([each]).value for each in (3, 4))
    year = found.now().value + q3 * (1 + rates[3, TOTAL].value / 100) + q4 * (1 + last / 100)
    assert year / found.before((1, 2, 3, 4)).value == pytest.approx(1.0701)


def test_history_counts_years_and_leaves_rounding_open(found: Levels) -> None:
    past = found.history(4)
    assert sorted(past) == list(range(2011, 2021))
    fastest = max(past.values(), key=lambda each: each.value)
    beyond = required.standing(found, 4, given(30, "pct"))
    assert (beyond.reached_least, beyond.reached_most, beyond.years) == (0, 0, 10)
    same = required.standing(found, 4, fastest)
    assert (same.reached_least, same.reached_most) == (0, 1)


def test_targets_out_of_order_are_refused(example: Dataset) -> None:
    with pytest.raises(DataError, match=r"targets 7, 6, 7\.0 do not ascend|do not ascend; set target_low_pct"):
        targets.targets(example, base=6, low=7)


def test_the_spreads_keep_to_one_target(found: Levels, aims: Targets) -> None:
    ways = spreads.spreads(found, aims, required.path(found), "services")
    assert [(each.kind, each.quarter) for each in ways] == [("even", None), ("path", 3), ("path", 4), ("sector", None)]
    for each in ways:
        assert each.needs["low"].value < each.needs["base"].value < each.needs["high"].value


@settings(max_examples=40, deadline=None)
@drawn(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 50), st.integers(0, 9)), min_size=1, max_size=4),
    st.integers(-20, 20),
)
def test_the_weighted_ratio_is_exact_at_every_corner(terms: list[tuple[int, int, int]], start: int) -> None:
    first = Interval.bounded(Fraction(start), Fraction(start + 1))
    given_terms = [(Fraction(a), Interval(Fraction(x), Fraction(x + w), Fraction(x))) for a, x, w in terms]
    found = weighted_ratio(first, given_terms)
    corners = [
        (s + sum(a * x for (a, _), x in zip(given_terms, xs, strict=True))) / sum(xs)
        for s in (first.low, first.high)
        for xs in product(*([x.low, x.high] for _, x in given_terms))
    ]
    assert found.low == min(corners)
    assert found.high == max(corners)


# --- releases: what may stand together


def test_the_example_is_what_its_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make", EXAMPLE.with_name("make_grdp_quarterly.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [module.COLUMNS, *module.rows()]
    assert {row[6] for row in module.rows()} == {"synthetic-example"}


def with_rows(data: Dataset, keep: pd.Series) -> Dataset:
    return replace(data, grdp_quarterly=data.grdp_quarterly[keep])


def test_growth_is_never_taken_across_two_vintages(example: Dataset) -> None:
    rows = example.grdp_quarterly
    own = (rows["year"] == 2021) & (rows["vintage"] == "2021-06-29")
    before = (rows["year"] == 2020) & (rows["vintage"] == "2021-03-29")
    with pytest.raises(NotPrintedError) as caught:
        quarterly.levels(with_rows(example, own | before))
    assert caught.value.missing == "grdp_quarterly_year"


def test_current_prices_give_no_growth(example: Dataset) -> None:
    rows = example.grdp_quarterly.assign(price_base="current")
    with pytest.raises(NotPrintedError) as caught:
        quarterly.levels(replace(example, grdp_quarterly=rows))
    assert caught.value.missing == "grdp_quarterly_prices"


def test_what_is_missing_is_named(data: Dataset, example: Dataset, found: Levels) -> None:
    with pytest.raises(NotPrintedError) as absent:
        quarterly.levels(data)
    assert absent.value.missing == "grdp_quarterly"
    with pytest.raises(DataError, match=r"done_quarters = 3: vintage 2021-06-29 holds 2 of 2021; give fewer"):
        quarterly.levels(example, 3)
    with pytest.raises(NotPrintedError) as whole:
        required.required_even(quarterly.levels(replace(example, year=2020)), given(5, "pct"))
    assert whole.value.missing == "grdp_quarterly_whole"
    totals = with_rows(example, example.grdp_quarterly["sector"] == TOTAL)
    with pytest.raises(NotPrintedError) as parts:
        contributions.contributions(quarterly.levels(totals))
    assert parts.value.missing == "grdp_quarterly_sectors"
    assert required.required_even(quarterly.levels(totals), given(6, "pct")).value == pytest.approx(
        required.required_even(found, given(6, "pct")).value
    )


# --- Denton


def test_denton_of_four_halves_by_hand() -> None:
    """Indicator 1, 1, 1, 1 and years 2 and 4: the ratio rises by 1/3, 2/3, 1/3."""
    made_up = benchmarking.proportional_denton([1, 1, 1, 1], [2, 4], per_year=2)
    np.testing.assert_allclose(made_up, [5 / 6, 7 / 6, 11 / 6, 13 / 6], rtol=1e-12)


def test_denton_with_one_ratio_is_scaling() -> None:
    indicator = [90.0, 110, 95, 105, 92, 115, 99, 108]
    years = [1.07 * sum(indicator[:4]), 1.07 * sum(indicator[4:])]
    np.testing.assert_allclose(
        benchmarking.proportional_denton(indicator, years), 1.07 * np.array(indicator), rtol=1e-12
    )


@settings(max_examples=40, deadline=None)
@drawn(
    st.lists(st.floats(10, 1000), min_size=8, max_size=12).filter(lambda values: len(values) % 4 == 0),
    st.lists(st.floats(0.8, 1.25), min_size=3, max_size=3),
)
def test_denton_adds_up_exactly_and_no_nearby_series_is_smoother(values: list[float], factors: list[float]) -> None:
    indicator = np.array(values)
    years = indicator.reshape(-1, 4).sum(axis=1) * factors[: len(values) // 4]
    found = benchmarking.proportional_denton(values, years.tolist())
    np.testing.assert_allclose(found.reshape(-1, 4).sum(axis=1), years, rtol=1e-10)

    def roughness(series: np.ndarray) -> float:
        return float((np.diff(series / indicator) ** 2).sum())

    for first, second in ((0, 1), (2, 3), (4, 7)):  # money moved within a year keeps the sums
        for step in (-0.01, 0.01):
            other = found.copy()
            other[first] += step
            other[second] -= step
            assert roughness(other) >= roughness(found) - 1e-12


def test_denton_keeps_movement_where_scaling_jumps() -> None:
    indicator = [100.0] * 8
    found = benchmarking.proportional_denton(indicator, [400, 440])
    assert abs(np.diff(found)).max() < 5  # scaling steps by 10 at once


def test_denton_refuses_what_it_cannot_do() -> None:
    with pytest.raises(DataError, match="7 quarters do not make 2 years of 4"):
        benchmarking.proportional_denton([1.0] * 7, [4, 4])
    with pytest.raises(DataError, match="is not positive"):
        benchmarking.proportional_denton([1.0, 0.0, 1.0, 1.0], [4])


def test_a_revised_year_of_the_series(example: Dataset) -> None:
    found = benchmarking.revision(example)
    assert found.vintages == ("2020-12-28", "2021-06-29")
    own = [each for each in found.periods if each[0] == 2020]
    total = found.years[2020]
    assert sum(found.denton[each].value for each in own) == pytest.approx(total.value)
    assert sum(found.scaled[each].value for each in own) == pytest.approx(total.value)
    assert all(found.denton[each].low < found.denton[each].value < found.denton[each].high for each in own)
    chosen = benchmarking.revision(example, 7000)
    assert sum(chosen.denton[each].value for each in own) == pytest.approx(7000)
    assert (chosen.revised, chosen.chosen) == ({}, True)


def test_sums_of_levels_hold_the_rounding_of_each() -> None:
    both = quarterly.add([level("1.00", 2), level("2.0")])
    assert (both.low, both.high) == pytest.approx((2.945, 3.055))
    assert both.shown_decimals == 1
    assert derive(lambda x: x, both, unit="bn_vnd").value == 3
