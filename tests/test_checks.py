"""Declared checks: formulas read as data, verdicts by hand-verifiable numbers, every problem with its row."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg_analysis.analysis.checks import rank_checks, review, run_checks, verdict
from kg_analysis.data.checks import (
    MOST_CHARACTERS,
    MOST_INPUTS,
    bounds,
    check_problems,
    inputs_of,
    parse_formula,
    values,
)
from kg_analysis.data.clean import check_data
from kg_analysis.data.schemas import CHECKS
from kg_analysis.errors import DataError
from kg_analysis.formats import MOST_DECIMALS
from kg_analysis.formats import given as given_number
from kg_analysis.narrative.context import ReportContext
from kg_analysis.vietnamese import UNITS

Bounds = tuple[float | None, float | None]


def figure(
    figure_id: str,
    unit: str,
    value: float | None = None,
    decimals: int | None = None,
    bounds: Bounds | None = None,
    qualifier: str = "exact",
    period: tuple[str, str] = ("2021-01-01", "2021-12-31"),
) -> dict[str, object]:
    """One row of ``clean/figures``; bounds follow from value and decimals."""
    if bounds is None:
        half = 0 if decimals is None or value is None else 0.5 / 10**decimals
        bounds = (None, None) if value is None else (round(value - half, 6), round(value + half, 6))
    start, end = (pd.Timestamp(each) for each in period)
    low, high = bounds
    places = (0 if decimals is None else decimals) if value is not None else None
    return {"figure_id": figure_id, "unit": unit, "value": value, "decimals": places, "low": low, "high": high} | {
        "qualifier": qualifier, "period_start": start, "period_end": end, "basis": "actual",
        "source_id": "report", "as_printed": f"{value}", "label": figure_id, "section": "I.1",
        "place": "paragraph 2", "bound_kind": "wording" if qualifier == "approx_below" else "rounding",
    }  # fmt: skip


def count(figure_id: str, value: int) -> dict[str, object]:
    return figure(figure_id, "count", value)


def day(figure_id: str, iso: str) -> dict[str, object]:
    return figure(figure_id, "date", period=(iso, iso))


PRINTED = [
    count("tasks", 64),
    count("done", 11),
    count("open", 53),
    count("late", 5),
    count("late-again", 4),
    figure("volume", "bn_vnd", 4342, 0),
    figure("volume-ratio", "pct", 83.53, 2),
    figure("paid", "bn_vnd", 4321, 0),
    figure("paid-ratio", "pct", 83.12, 2),
    figure("outturn", "bn_vnd", 3760.543, 3),
    figure("plan", "bn_vnd", 5247.827, 3),
    figure("outturn-ratio", "pct", 71.66, 2),
    figure("aim", "pct", bounds=(95, None), qualifier="at_least"),
    figure("cap", "pct", bounds=(None, 90), qualifier="at_most"),
    figure("nearly", "pct", 40, 0, bounds=(30, 40), qualifier="approx_below"),
    figure("h1", "pct", 4.52, 2, period=("2021-01-01", "2021-06-30")),
    figure("q3", "pct", -6.58, 2, period=("2021-07-01", "2021-09-30")),
    figure("nine", "pct", -0.15, 2, period=("2021-01-01", "2021-09-30")),
    figure("year", "pct", 0.58, 2),
    figure("said", "count", qualifier="vague"),  # "khoảng": no number and no bound
    figure("words", "text", qualifier="vague"),
    figure("term", "period", period=("2021-01-01", "2026-12-31")),
    figure("term-length", "years", 5),
    figure("gap", "percentage_point", 11.46, 2),
    figure("directive-days", "days", 48),
    day("p1-start", "2021-06-21"),
    day("p1-end", "2021-08-17"),
    day("p2-start", "2021-08-18"),
]
ASSUMPTIONS = pd.DataFrame(
    [("share_low", 20.0, "share_pct"), ("share_high", 30.0, "share_pct"), ("weight_low", 0.6, "share")],
    columns=["id", "value", "unit"],
).set_index("id")


def table(*formulas: str, differs_in: str = "") -> pd.DataFrame:
    """``checks.csv`` with one check a formula."""
    words = {"title_vi": "Tổng bằng các phần", "title_en": "Parts add up"}
    notes = {"note_vi": "Chốt số khác ngày.", "note_en": "Other day."}
    rows = [
        {"id": f"c{number}", "topic": "report", "kind": "sum", "formula": formula, **words, **notes}
        | {"differs_in": differs_in}
        for number, formula in enumerate(formulas)
    ]
    return pd.DataFrame(rows, columns=list(CHECKS.columns))


def frame_of(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([*rows]).set_index("figure_id")


def run(formula: str, *rows: dict[str, object], differs_in: str = "") -> Any:
    found = run_checks(table(formula, differs_in=differs_in), frame_of(*(rows or PRINTED)), ASSUMPTIONS)
    assert len(found) == 1
    return next(found.itertuples())


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("[tasks] == [done] + [open]", "holds"),
        ("[tasks] == [done] + [open] + 1", "contradicts"),
        ("[late] == [late-again]", "contradicts"),
        ("[late] <= [open]", "holds"),
        ("[late] < [late]", "contradicts"),
        ("[late] >= [late]", "holds"),
        ("63 - 59 == [late-again]", "holds"),
        ("-[done] + [tasks] == [open]", "holds"),
        ("[volume] / [volume-ratio] * 100 == [paid] / [paid-ratio] * 100", "holds"),
        ("[outturn] / [plan] * 100 == [outturn-ratio]", "holds"),
        ("[paid-ratio] - [outturn-ratio] == [gap]", "holds"),
        ("[paid-ratio] == [outturn-ratio]", "contradicts"),
        ("[p2-start] - [p1-end] == 1", "holds"),
        ("days([p1-start], [p1-end]) == 58", "holds"),
        ("[directive-days] <= days([p1-start], [p1-end])", "holds"),
        ("[p1-start] > end([h1])", "contradicts"),
        ("[p1-start] >= start([h1])", "holds"),
        ("years([term]) == [term-length]", "contradicts"),
        ("years([h1]) == 1", "holds"),
        ("[aim] >= 90", "holds"),
        ("[aim] == 94", "contradicts"),
        ("[aim] == 96", "indeterminate"),
        ("[aim] > 95", "indeterminate"),
        ("[nearly] < 40", "holds"),
        ("[nearly] >= 40", "contradicts"),
        ("[nearly] == 40", "contradicts"),
        ("[cap] <= 90", "holds"),
        ("[cap] < 90", "indeterminate"),
        ("[said] >= 2", "indeterminate"),
        ("[h1] >= 4.515", "holds"),
        ("[h1] < 4.525", "holds"),
        ("[h1] == 4.525", "contradicts"),
        ("[h1] == 4.515", "holds"),
        ("[h1] <= 4.515", "indeterminate"),
        ("[h1] > 4.52", "indeterminate"),
        ("[h1] / ([nine] + 0.15) == 3", "indeterminate"),
        ("([nine] - [q3]) / ([h1] - [q3]) >= {weight_low}", "contradicts"),
        ("[nine] < [h1]", "holds"),
    ],
)
def test_known_answers(formula: str, expected: str) -> None:
    assert run(formula).verdict == expected


def test_rounding_keeps_an_equation_open_to_what_is_printed_and_no_further() -> None:
    parts = [figure("a", "bn_vnd", 1.1, 1), figure("b", "bn_vnd", 2.2, 1)]
    assert run("[a] + [b] == [c]", *parts, figure("c", "bn_vnd", 3.4, 1)).verdict == "holds"
    assert run("[a] + [b] == [c]", *parts, figure("c", "bn_vnd", 3.5, 1)).verdict == "contradicts"


def test_an_input_used_twice_is_one_number() -> None:
    assert run("[h1] - [h1] == 0").verdict == "holds"
    assert run("[h1] - [h1] < 0.001").verdict == "holds"


def test_the_fourth_quarter_over_a_span_of_shares_is_at_least_twice_the_first_half_or_not() -> None:
    share = "span({share_low}, {share_high})"
    found = run(f"[year] + ([year] - [nine]) * ((100 - {share}) / {share}) >= 2 * [h1]")
    assert found.verdict == "contradicts"
    # s = 20%: 0.58 + 0.73 * 4 = 3.50; s = 30%: 0.58 + 0.73 * 7/3 = 2.28, each with its rounding
    assert (found.left_low, found.left_high) == (2.3, 3.5)
    assert found.left is None
    assert (found.left_kind, found.left_unit, found.right_unit) == ("assumed", "pct", "pct")


def test_both_sides_come_with_unit_bounds_places_and_figures() -> None:
    found = run("[outturn] / [plan] * 100 == [outturn-ratio]")
    assert (found.left, found.left_unit, found.left_kind) == (71.66, "pct", "rounding")
    assert (found.right_low, found.right_high, found.right_decimals) == (71.655, 71.665, 2)
    assert (found.left_printed, found.left_places) == ("3760.543; 5247.827", "I.1, paragraph 2")
    assert found.figure_ids == "outturn outturn-ratio plan"
    assert found.reading == ""


def test_a_side_that_is_a_day_or_a_bare_number_is_printed_as_such() -> None:
    found = run("[p1-end] < [p2-start]")
    assert (str(found.left), str(found.right), found.left_unit) == ("2021-08-17", "2021-08-18", "date")
    found = run("([nine] - [q3]) / ([h1] - [q3]) >= {weight_low}")
    assert (found.left, found.left_low, found.left_high, found.left_unit) == (0.5793, 0.5784, 0.5802, "share")
    assert (found.right, found.right_unit, found.right_kind) == (0.6, "share", "exact")


@pytest.mark.parametrize(
    ("differs_in", "verdict_", "reading"),
    [
        ("", "contradicts", "slip"),
        ("vintage", "contradicts", "revision"),
        ("forecast", "contradicts", "forecast"),
        ("definition", "indeterminate", "open"),
        ("prices", "indeterminate", "open"),
        ("period", "indeterminate", "open"),
        ("wording", "indeterminate", "wording"),
    ],
)
def test_only_numbers_on_one_base_contradict_each_other(differs_in: str, verdict_: str, reading: str) -> None:
    found = run("[late] == [late-again]", differs_in=differs_in)
    assert (found.verdict, found.reading) == (verdict_, reading)


def test_words_that_no_number_measures_do_not_hold_either() -> None:
    assert run("[late] <= [open]", differs_in="wording").verdict == "indeterminate"


def test_two_sources_make_a_conflict_not_a_slip() -> None:
    found = run("[a] == [b]", count("a", 5), count("b", 4) | {"source_id": "press"})
    assert (found.verdict, found.reading, found.source_ids) == ("contradicts", "conflict", "press report")


def test_what_the_report_settles_are_its_own_slips_and_ranks() -> None:
    rows = run_checks(table("[late] == [late-again]", "[tasks] == [done] + [open]"), frame_of(*PRINTED), ASSUMPTIONS)
    assert review(rows, ["report"])["check"].tolist() == ["c0"]
    assert review(rows, ["another"]).empty
    assert review(rows.assign(reading="rank"), ["report"])["check"].tolist() == ["c0", "c1"]


@pytest.mark.parametrize(
    ("formula", "token"),
    [
        ("[a].real == 1", "'[a].real'"),
        ("[a][-1] == 1", "'[a][-1]'"),
        ("(lambda: [a]) == 1", "'lambda: [a]'"),
        ("__import__('os') == [a]", "\"'os'\""),
        ("a == [a]", "'a'"),
        ("ƒ0 + [a] == 1", "'ƒ'"),
        ("'1' == [a]", "\"'1'\""),
        ("[a] ** 2 == 1", "'[a] ** 2'"),
        ("[a] // 2 == 1", "'[a] // 2'"),
        ("[a] % 2 == 1", "'[a] % 2'"),
        ("[a] != 1", "'[a] != 1'"),
        ("[a] == 1j", "'1j'"),
        ("[a] == 1e400", "'1e309'"),
        ("[a] == 1234567890123", "'1234567890123'"),
        (" + ".join(f"[f{each}]" for each in range(11)) + " == [g] % 2", "'[g] % 2'"),
        ("[a] == True", "'True'"),
        ("[a] == ٣", "'٣'"),
        ("[a]\t== 1", r"'\t'"),
        ("{A} == [a]", "'{A}'"),
        ("abs([a]) == 1", "'abs([a])'"),
        ("eval([a]) == 1", "'eval([a])'"),
        ("days == [a]", "'days'"),
        ("days([a]) == 1", "'days([a])'"),
        ("days([a], last=[b]) == 1", "'days([a], last=[b])'"),
        ("days(*[a]) == 1", "'*[a]'"),
        ("start([a], [b]) == [c]", "'start([a], [b])'"),
        ("start([a] + 1) == [c]", "'start([a] + 1)'"),
        ("years({a}) == [b]", "'years({a})'"),
        ("span([a], 2) == 1", "'span([a], 2)'"),
        ("+[a] == 1", "'+[a]'"),
        ("([a], [b]) == 1", "'([a], [b])'"),
        ("([a] == 1) + 1 == 2", "'[a] == 1'"),
        ("[a] & 1 == 1", "'[a] & 1'"),
        ("~[a] == 1", "'~[a]'"),
        ("([a] if [b] else 1) == 1", "'[a] if [b] else 1'"),
        ("[x for x in [a]] == 1", "'[x for x in [a]]'"),
    ],
)
def test_everything_else_is_refused_by_name_with_what_is_allowed(formula: str, token: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_formula(formula)
    assert str(caught.value).startswith(f"{token} is not allowed in a formula; allowed: [figure_id], "), caught.value
    assert "span(low, high)" in str(caught.value)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("[a] +", "is no complete formula"),
        ("[a] [b] == 1", "is no complete formula"),
        ("[a] == 1; 2", "is no complete formula"),
        ("[a] = 1", "is no complete formula"),
        ("(" * 300 + "[a]" + ")" * 300 + " == 1", "is no complete formula"),
        ("[a] + 1", "is not one comparison"),
        ("[a] == 1 and [a] == 2", "is not one comparison"),
        ("not [a] == 1", "is not one comparison"),
        ("1 < [a] < 3", "is not one comparison"),
        ("1 == 1", "names no figure"),
        ("-" * 60 + "[a] == 1", "levels deep"),
        ("1 + " * MOST_CHARACTERS + "[a] == 1", "characters, at most"),
        (" + ".join(f"[f{each}]" for each in range(MOST_INPUTS + 1)) + " == 1", "13 inputs, at most 12"),
    ],
)
def test_a_formula_that_is_not_one_comparison_is_refused(formula: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_formula(formula)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("[p1-start] + 1 == [p2-start]", "'+' mixes a date with a number"),
        ("[p1-start] - 1 == [p2-start]", "'-' mixes a date with a number"),
        ("-[p1-start] == 1", "'-' mixes a date with a number"),
        ("2 * [p1-start] == 1", "'*' mixes a date with a number"),
        ("[p1-start] == 21", "compares date with a number"),
        ("[p1-start] <= [tasks]", "compares date with a number"),
        ("days([p1-start], 3) == 1", "'days' mixes a date with a number"),
        ("[term] == 5", "[term] is a period, not a number; use start(), end() or years()"),
        ("[words] >= 2", "[words] is a text, not a number; name a figure with a number"),
        ("[volume] * [paid] == [volume]", "compares bn_vnd^2 with bn_vnd"),
        ("[volume] * [paid] == [volume] * [outturn]", "bn_vnd^2 has no unit here"),
        ("[volume] == [volume-ratio]", "compares bn_vnd with pct"),
        ("[volume] + [tasks] == 1", "'+' joins bn_vnd and a number"),
        ("[paid-ratio] == [gap]", "compares pct with percentage_point"),
        ("[outturn] / [plan] == [outturn-ratio]", "compares a number with pct"),
        ("[h1] * [h1] == 1", "'h1' multiplies or divides itself"),
        ("[late] / [h1] + [late-again] / [h1] == 1", "'h1' multiplies or divides itself"),
    ],
)
def test_what_does_not_fit_together_is_refused_before_any_value(formula: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        run(formula)
    assert f"checks.csv row 2: {message}" in str(caught.value)


def test_all_problems_of_a_file_come_at_once_with_their_rows() -> None:
    rows = table("[nowhere] == {nothing}", "[tasks] == [done] ** 2", "[tasks] == [open]", "[volume] == [h1]")
    rows.loc[2, "note_en"] = ""
    found = list(check_problems(rows, {"tasks": "count", "open": "count", "volume": "bn_vnd", "h1": "pct"}, {}))
    assert [each.split(": ")[0] for each in found] == [f"checks.csv row {row}" for row in (2, 2, 3, 4, 5)]
    assert "figure 'nowhere' is not printed; correct the id" in found[0]
    assert "assumption 'nothing' is not known; correct the id, or add it" in found[1]
    assert "'[done] ** 2' is not allowed" in found[2]
    assert "a note stands in one language only" in found[3]
    assert "compares bn_vnd with pct" in found[4]


def test_without_figures_only_the_form_is_told() -> None:
    assert list(check_problems(table("[nowhere] == 1", "[a] == "), None, {})) == [
        "checks.csv row 3: '[a] == ' is no complete formula; look for a missing sign, number or parenthesis"
    ]


def test_a_bad_file_is_reported_with_everything_else(data_dir: Path) -> None:
    header = ",".join(CHECKS.columns)
    rows = [
        f"c{each},report,sum,{formula},,Tổng,Sum,,"
        for each, formula in enumerate(["[nowhere] == 1", "eval(1) == [nowhere]"])
    ]
    (data_dir / "checks.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    clean = data_dir / "clean" / "measures.csv"
    clean.write_text(clean.read_text(encoding="utf-8").replace("province", "district"), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        check_data(data_dir)
    told = "\n".join(caught.value.problems)
    assert "checks.csv row 2: figure 'nowhere' is not printed" in told
    assert "checks.csv row 3: 'eval(1)' is not allowed" in told
    assert "clean/measures.csv row" in told


def test_broken_figures_do_not_hide_a_broken_formula(data_dir: Path) -> None:
    printed = data_dir / "printed" / "kien-giang-2021.csv"
    printed.write_text(printed.read_text(encoding="utf-8").replace("47.394,15", "47.39,15"), encoding="utf-8")
    with (data_dir / "checks.csv").open("a", encoding="utf-8") as file:
        file.write("broken,report,sum,[a] == (lambda: 1),,Tổng,Sum,,\n")
    with pytest.raises(DataError) as caught:
        check_data(data_dir)
    assert any("47.39,15" in each for each in caught.value.problems)
    assert any("'lambda: 1' is not allowed" in each for each in caught.value.problems)
    assert len(set(caught.value.problems)) == len(caught.value.problems)


counts = st.integers(0, 10_000)
decimals = st.integers(0, 3)


@given(counts, counts, counts)
def test_exact_counts_agree_only_when_equal(first: int, second: int, total: int) -> None:
    rows = count("a", first), count("b", second), count("c", total)
    assert (run("[a] + [b] == [c]", *rows).verdict == "holds") == (first + second == total)
    assert run("[a] + [b] == [c]", *rows[:2], count("c", first + second)).verdict == "holds"
    assert run("[a] + [b] == [c]", *rows[:2], count("c", first + second + 1)).verdict == "contradicts"


@given(st.integers(-9999, 9999), decimals)
def test_one_more_in_the_last_digit_is_another_number(scaled: int, places: int) -> None:
    rows = [figure(name, "pct", (scaled + add) / 10**places, places) for name, add in (("a", 0), ("b", 1))]
    assert run("[a] == [b]", *rows).verdict == "contradicts"
    assert run("[a] == [a]", *rows).verdict == "holds"
    assert run("[a] < [b]", *rows).verdict == "holds"


FORMS = [
    "[a] + [b] == [c]",
    "[a] * [b] <= [c]",
    "[a] / [b] > [c]",
    "([a] - [b]) / ([c] - [b]) >= 1",
    "[a] - [b] * ([c] - 2) < 3",
    "[a] * (100 - [b]) / [b] == [c]",
    "days([a], [b]) >= -[c]",
]


@st.composite
def known(draw: st.DrawFn) -> tuple[tuple[Any, Any], Fraction]:
    """Bounds of an input, and one value within them."""
    low = Fraction(draw(st.integers(-50, 50)), 10)
    width = Fraction(draw(st.integers(0, 20)), 10)
    value = low + Fraction(draw(st.integers(0, 10)), 10) * width
    high = draw(st.sampled_from([low + width, math.inf])) if width else low
    return (low, high), value


@given(st.sampled_from(FORMS), st.tuples(known(), known(), known()))
def test_bounds_hold_the_value_at_every_point_within_those_of_the_inputs(
    form: str, drawn: tuple[tuple[tuple[Any, Any], Fraction], ...]
) -> None:
    formula = parse_formula(form)
    names = dict(zip("abc", drawn, strict=True))
    inputs = inputs_of(formula.difference)
    ends = {each: names[each.name][0] if each.kind == "figure" else (each.name,) * 2 for each in inputs}
    point = {each: np.array([names[each.name][1] if each.kind == "figure" else each.name]) for each in inputs}
    for part in (formula.left, formula.right, formula.difference):
        low, high = bounds(part, ends)
        if not math.isfinite(low) and not math.isfinite(high):
            continue  # a divisor that may be zero, or nothing known
        assert low <= values(part, point)[0] <= high
    low, high = bounds(formula.difference, ends)
    if math.isfinite(low) or math.isfinite(high):
        told = verdict(formula.sign, *(values(formula.difference, point)[0],) * 2)
        opposite = {"holds": "contradicts", "contradicts": "holds"}[told]
        if told == "holds" or formula.sign != "==":  # an equation may hold although these values do not meet it
            assert verdict(formula.sign, low, high) != opposite


@given(st.sampled_from(FORMS[:3]), st.tuples(known(), known(), known()))
def test_bounds_are_reached_at_a_corner(form: str, drawn: tuple[tuple[tuple[Any, Any], Fraction], ...]) -> None:
    """Not wider than they need be: each end is the value of some choice of the inputs' ends."""
    formula = parse_formula(form)
    ends = {each: drawn["abc".index(each.name)][0] for each in inputs_of(formula.left)}
    first, second = ends.values()
    assume(math.isfinite(first[1]) and math.isfinite(second[1]))
    assume(formula.left.sign != "/" or not second[0] <= 0 <= second[1])
    sign = {"+": lambda a, b: a + b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}[formula.left.sign]
    corners = [sign(a, b) for a in first for b in second]
    assert bounds(formula.left, ends) == (min(corners), max(corners))


def test_a_pole_and_an_open_end_leave_nothing_known() -> None:
    formula = parse_formula("[a] / [b] == 1")
    a, b = inputs_of(formula.left)
    one = Fraction(1), Fraction(2)
    assert bounds(formula.left, {a: one, b: (Fraction(-1), Fraction(1))}) == (-math.inf, math.inf)
    assert bounds(formula.left, {a: one, b: (Fraction(2), math.inf)}) == (0, 1)
    assert bounds(parse_formula("[a] - [b] == 1").left, {a: (0, math.inf), b: (0, math.inf)}) == (-math.inf, math.inf)


def test_a_claimed_rank_is_held_against_those_that_the_neighbours_allow() -> None:
    claim = {
        "measure": "grdp_growth",
        "year": 2021,
        "period": "FY",
        "region": "mekong_delta",
        "claimed_rank": 6,
        "best_rank": 9,
    }
    claim |= {"worst_rank": 12, "verdict": "contradicts", "above": "bac-lieu 5.05; ca-mau 0.92", "figure_ids": "r x"}
    printed = figure("r", "rank", 6) | {"indicator": "grdp_growth_rank", "as_printed": "thứ 6"}
    names = pd.Series({"bac-lieu": "Bạc Liêu", "ca-mau": "Cà Mau"})
    (found,) = rank_checks(pd.DataFrame([claim]), pd.DataFrame([printed]), names).itertuples()
    assert (found.reading, found.left, found.left_printed, found.left_places) == (
        "rank",
        6,
        "thứ 6",
        "I.1, paragraph 2",
    )
    assert (found.right, found.right_low, found.right_high, found.right_printed) == (None, 9, 12, "Bạc Liêu; Cà Mau")
    assert "Bạc Liêu, Cà Mau" in found.note_vi
    another = pd.DataFrame([printed | {"figure_id": "elsewhere"}])
    assert rank_checks(pd.DataFrame([claim]), another, names).empty


def test_every_unit_has_decimals_and_a_text(here: ReportContext) -> None:
    for unit in UNITS:
        assert unit in MOST_DECIMALS
        assert here.fmt.quantity(given_number(3, unit))
