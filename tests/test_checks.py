"""Declared checks: formulas read as data, verdicts by hand-verifiable numbers, every problem with its row."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA
from hypothesis import assume, given
from hypothesis import strategies as st

from kg_analysis.analysis.checks import Check, check_rows, run_checks
from kg_analysis.analysis.known import Known
from kg_analysis.analysis.verdicts import verdict
from kg_analysis.data.checks import MOST_CHARACTERS, MOST_INPUTS, Input, check_problems, parse_formula
from kg_analysis.data.clean import check_data
from kg_analysis.data.files import read_table
from kg_analysis.data.schemas import ASSUMPTIONS as ASSUMPTIONS_TABLE
from kg_analysis.data.schemas import CHECKS, FIGURES
from kg_analysis.errors import DataError
from kg_analysis.findings import checks as findings
from kg_analysis.findings.tables import html_table
from kg_analysis.intervals import Interval
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import MOST_DECIMALS, Quantity, frame
from kg_analysis.units import UNITS

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
        "qualifier": qualifier, "period_start": start, "period_end": end, "basis": "actual"
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
    figure("nearly", "pct", bounds=(None, 40), qualifier="approx_below"),
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


def table(*formulas: str) -> pd.DataFrame:
    """``checks.csv`` with one check a formula."""
    words = {"title_vi": "Tổng bằng các phần", "title_en": "Parts add up"}
    notes = {"note_vi": "Chốt số khác ngày.", "note_en": "Other day."}
    rows = [
        {"id": f"c{number}", "topic": "report", "kind": "sum", "formula": formula, **words, **notes}
        for number, formula in enumerate(formulas)
    ]
    return pd.DataFrame(rows, columns=list(CHECKS.columns))


def frame_of(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([*rows]).set_index("figure_id")


def run(formula: str, *rows: dict[str, object]) -> Check:
    (found,) = run_checks(table(formula), frame_of(*(rows or PRINTED)), ASSUMPTIONS)
    return found


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
        ("[volume] / [volume-ratio] == [paid] / [paid-ratio]", "holds"),
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
        ("[late] / ([h1] - 4.52) == 3", "indeterminate"),
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
    assert 2.2 < found.left.low < 2.29
    assert 3.5 < found.left.high < 3.6
    assert found.left.interval.value is None
    assert (found.left.unit, found.right.unit) == ("pct", "pct")


def test_both_sides_come_with_unit_bounds_and_figures() -> None:
    found = run("[outturn] / [plan] * 100 == [outturn-ratio]")
    assert found.left.unit == "pct"
    assert found.left.figure_ids == ("outturn", "plan")
    assert found.right.decimals == 2
    assert found.figure_ids == ("outturn", "outturn-ratio", "plan")


@pytest.mark.parametrize(
    ("formula", "token"),
    [
        ("[a].real == 1", "'.real'"),
        ("[a][-1] == 1", "'[-1]'"),
        ("(lambda: 1) == 1", "'lambda'"),
        ("__import__('os') == 1", "'__import__'"),
        ("a == 1", "'a'"),
        ("_0 + [a] == 1", "'_0'"),
        ("'1' == 1", '"\'"'),
        ('"1" == 1', "'\"'"),
        ("[a] ** 2 == 1", "'**'"),
        ("[a] // 2 == 1", "'//'"),
        ("[a] % 2 == 1", "'%'"),
        ("[a] == 1 and [a] == 2", "'and'"),
        ("not [a] == 1", "'not'"),
        ("[a] != 1", "'!'"),
        ("[a] = 1", "'='"),
        ("[a] := 1", "':'"),
        ("[a] == 1e5", "'1e5'"),
        ("[a] == 1j", "'1j'"),
        ("[a] == 1_0", "'1_0'"),
        ("[a] == 0x1", "'0x1'"),
        ("[a] == ٣", "'٣'"),
        ("[a] == 1; 2", "';'"),
        ("[a]\t== 1", r"'\t'"),
        ("[A] == 1", "'[A]'"),
        ("[a b] == 1", "'[a b]'"),
        ("{a b} == 1", "'{a b}'"),
        ("[a == 1", "'[a == 1'"),
        ("abs([a]) == 1", "'abs'"),
        ("eval([a]) == 1", "'eval'"),
        ("days == 1", "'days'"),
        ("True == 1", "'True'"),
        ("[a] if [b] == 1", "'if'"),
        ("+[a] == 1", "'+'"),
        ("([a], [b]) == 1", "','"),
        ("days(*[a]) == 1", "'*'"),
        ("([a] == 1) + 1 == 2", "'a second comparison'"),
        ("[a] & 1 == 1", "'&'"),
        ("~[a] == 1", "'~'"),
    ],
)
def test_every_other_token_is_refused_by_name_with_what_is_allowed(formula: str, token: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_formula(formula)
    assert str(caught.value).startswith(f"{token} is not allowed in a formula; allowed: [figure_id], ")
    assert "span(low, high)" in str(caught.value)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("[a] +", "is no complete formula"),
        ("[a] [b] == 1", "is no complete formula"),
        ("[a][0] == 1", "is no complete formula"),
        ("(" * 300 + "[a]" + ")" * 300 + " == 1", "is no complete formula"),
        ("[a] + 1", "compares nothing"),
        ("1 < [a] < 3", "holds 2 comparisons"),
        ("days([a]) == 1", r"days\(\) has 1 arguments, it takes 2"),
        ("start([a], [b]) == [c]", r"start\(\) has 2 arguments, it takes 1"),
        ("start([a] + 1) == [c]", r"start\(\) takes one \[figure_id\]"),
        ("years({a}) == 1", r"years\(\) takes one \[figure_id\]"),
        ("span([a], 2) == 1", r"span\(\) takes two numbers"),
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
        ("[p1-start] == 21", "compares a date with a number"),
        ("[p1-start] <= [tasks]", "compares a date with count"),
        ("days([p1-start], 3) == 1", "days() counts from a date to a date"),
        ("[term] == 5", "[term] is a period, not a number; use start(), end() or years()"),
        ("[volume] == [volume-ratio]", "compares bn_vnd with pct"),
        ("[volume] + [tasks] == 1", "'+' joins bn_vnd and count"),
        ("[paid-ratio] == [gap]", "compares pct with percentage_point"),
        ("[outturn] / [plan] == [outturn-ratio]", "compares share with pct"),
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
    assert "'**' is not allowed" in found[2]
    assert "a note stands in one language only" in found[3]
    assert "compares bn_vnd with pct" in found[4]


def test_without_figures_only_the_form_is_told() -> None:
    assert list(check_problems(table("[nowhere] == 1", "[a] == "), None, {})) == [
        "checks.csv row 3: '[a] == ' is no complete formula; look for a missing sign, number or parenthesis"
    ]


def test_a_bad_file_is_reported_with_everything_else(data_dir: Path) -> None:
    header = ",".join(CHECKS.columns)
    rows = [f"c{each},report,sum,{formula},Tổng,Sum,," for each, formula in enumerate(["[nowhere] == 1", "eval(1)"])]
    (data_dir / "checks.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    clean = data_dir / "clean" / "measures.csv"
    clean.write_text(clean.read_text(encoding="utf-8").replace("province", "district"), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        check_data(data_dir)
    told = "\n".join(caught.value.problems)
    assert "checks.csv row 2: figure 'nowhere' is not printed" in told
    assert "checks.csv row 3: 'eval' is not allowed" in told
    assert "clean/measures.csv row" in told


def test_broken_figures_do_not_hide_a_broken_formula(data_dir: Path) -> None:
    printed = data_dir / "printed" / "kien-giang-2021.csv"
    printed.write_text(printed.read_text(encoding="utf-8").replace("47.394,15", "47.39,15"), encoding="utf-8")
    with (data_dir / "checks.csv").open("a", encoding="utf-8") as file:
        file.write("broken,report,sum,[a] == lambda,Tổng,Sum,,\n")
    with pytest.raises(DataError) as caught:
        check_data(data_dir)
    assert any("47.39,15" in each for each in caught.value.problems)
    assert any("'lambda' is not allowed" in each for each in caught.value.problems)
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
]


@st.composite
def knowns(draw: st.DrawFn) -> tuple[Known, Fraction]:
    """An input and one value that it may take."""
    low = Fraction(draw(st.integers(-50, 50)), 10)
    width = Fraction(draw(st.integers(0, 20)), 10)
    closed = draw(st.booleans()) or width == 0
    share = Fraction(draw(st.integers(0, 9)), 10)
    end = draw(st.sampled_from([low + width, math.inf])) if width else low
    value = low + share * width
    interval = Interval(low, end, None)
    if not closed and value == end:
        value = low
    return Known(interval, True, closed and math.isfinite(end)), value


@given(st.sampled_from(FORMS), st.tuples(knowns(), knowns(), knowns()))
def test_no_contradiction_where_some_allowed_values_agree(form: str, drawn: tuple[tuple[Known, Fraction], ...]) -> None:
    formula = parse_formula(form)
    names = dict(zip("abc", drawn, strict=True))
    known = {Input("figure", name): each for name, (each, _) in names.items()}
    exact = {Input("figure", name): Known(Interval.exact(value)) for name, (_, value) in names.items()}
    told = verdict(formula, exact)
    assume(told != "indeterminate")  # a divisor of zero
    opposite = {"holds": "contradicts", "contradicts": "holds"}[told]
    if told == "holds" or formula.symbol != "==":  # an equation may hold although these values do not meet it
        assert verdict(formula, known) != opposite


def results(*formulas: str) -> list[Check]:
    return run_checks(table(*formulas), frame_of(*PRINTED), ASSUMPTIONS)


THREE = ("[tasks] == [done] + [open]", "[late] == [late-again]", "[said] >= 2")


def test_readings_say_verdict_and_both_sides(vi: ReportContext) -> None:
    lines = [findings.reading(each, vi) for each in results(*THREE)]
    assert lines == [
        "Tổng bằng các phần: khớp (64 và 64).",
        "Tổng bằng các phần: không khớp, 5 so với 4. Chốt số khác ngày.",
        "Tổng bằng các phần: chưa kết luận được (không rõ; 2). Chốt số khác ngày.",
    ]


def test_evidence_is_printed_in_its_unit_and_with_the_decimals_it_bears(vi: ReportContext) -> None:
    lines = results(
        "[outturn] / [plan] * 100 == [outturn-ratio]",
        "[p1-end] < [p2-start]",
        "[directive-days] <= days([p1-start], [p1-end])",
        "[volume] / [volume-ratio] * 100 == [paid] / [paid-ratio] * 100",
        "[aim] >= 90",
        "[nine] < span({share_low}, {share_high})",
        "([nine] - [q3]) / ([h1] - [q3]) >= {weight_low}",
        "years([term]) == [term-length]",
    )
    texts = [findings.reading(each, vi).replace("\u00a0", " ") for each in lines]
    assert "khớp (71,659% và 71,66%)" in texts[0]
    assert "khớp (17/08/2021 và 18/08/2021)" in texts[1]
    assert "khớp (48 ngày và 58 ngày)" in texts[2]
    assert "khớp (5.198,1 tỷ đồng (5.197,2–5.199,0) và 5.198,5 tỷ đồng (5.197,6–5.199,4))" in texts[3]
    assert "khớp (từ 95% trở lên và 90%)" in texts[4]
    assert "khớp (−0,15% và 20–30%)" in texts[5]
    assert "không khớp, 0,5793 (0,5784–0,5802) so với 0,6" in texts[6]
    assert "không khớp, 6 năm so với 5 năm" in texts[7]


def test_lists_put_contradictions_first_and_escape_what_is_typed(here: ReportContext) -> None:
    found = results(*THREE)
    lines = findings.readings(found, here).splitlines()
    assert [line.startswith("- ") for line in lines] == [True] * 3
    assert "4" in lines[0]
    assert len(findings.open_readings(found, here).splitlines()) == 2
    assert findings.open_readings(found[:1], here) in ("Mọi phép đối chiếu đều khớp.", "All checks agree.")
    typed = table(THREE[0]).assign(title_vi="<b>", title_en="<b>")
    assert "&lt;b&gt;" in findings.readings(run_checks(typed, frame_of(*PRINTED), ASSUMPTIONS), here)


def test_the_summary_counts_each_verdict(vi: ReportContext) -> None:
    text = findings.summary(results(*THREE, THREE[0]), vi)
    assert text == "Trong 4 phép đối chiếu có 2 khớp, 1 không khớp, 1 chưa kết luận được."


def test_rows_hold_both_sides_with_bounds_for_the_page_and_for_the_file(here: ReportContext) -> None:
    rows = check_rows(results(*THREE, "[p1-end] < [p2-start]", "[h1] > 0"), here.page.language)
    saved = frame(rows)
    sides = [f"{side}{end}" for side in ("left", "right") for end in ("", "_low", "_high")]
    first, last = ["check", "topic", "kind", "title", "verdict"], ["formula", "figure_ids", "rests_on"]
    assert list(saved.columns) == [*first, *sides, *last]
    assert saved.at[1, "left"] == 5
    assert saved.at[4, "left_low"] == 4.515
    assert str(saved.at[3, "left"]) == "2021-08-17"
    assert pd.isna(saved.at[2, "left"])
    assert saved.at[0, "figure_ids"] == "done open tasks"
    page = html_table(rows, here)
    assert page.count("<tr>") == 6
    assert "[tasks]" not in page


def test_every_unit_has_decimals_and_a_text(here: ReportContext) -> None:
    for unit in UNITS:
        assert unit in MOST_DECIMALS
        assert here.page.quantity(Quantity(Interval.exact(3), unit))


@pytest.fixture(scope="module")
def declared() -> pd.DataFrame:
    return read_table(DATA / "checks.csv", CHECKS)


def test_titles_of_the_declared_checks_are_short_and_carry_no_stop(declared: pd.DataFrame) -> None:
    for title in (*declared["title_vi"], *declared["title_en"]):
        assert len(title.split()) <= 20, title
        assert not title.endswith("."), title


def test_every_declared_check_that_does_not_hold_says_what_may_explain_it(declared: pd.DataFrame) -> None:
    figures = read_table(DATA / "clean" / "figures.csv", FIGURES).set_index("figure_id")
    assumptions = read_table(DATA / "assumptions.csv", ASSUMPTIONS_TABLE).set_index("id")
    for found in run_checks(declared, figures, assumptions):
        assert found.verdict == "holds" or all(found.notes.values()), found.id
        assert found.figure_ids, found.id


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("[words] >= 2", "holds words and no number"),
        ("1 == 1", "names no figure"),
        ("[done] + span(2, 1) == [open]", "ends before it begins"),
        ("[volume] * [paid] == [h1]", "has no unit here"),
    ],
)
def test_what_would_mean_nothing_is_refused(formula: str, message: str) -> None:
    units = {
        "done": "count",
        "open": "count",
        "words": "text",
        "volume": "bn_vnd",
        "paid": "bn_vnd",
        "h1": "pct",
    }
    checks = pd.DataFrame([{"formula": formula, "note_vi": "", "note_en": ""}])
    assert any(message in each for each in check_problems(checks, units, {}))
