"""The declared checks on the project's own figures: what contradicts, and that one digit decides."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA, ROOT
from test_tables import edit

from kg_analysis.analysis.checks import Check, run_checks
from kg_analysis.data.clean import check_data, write_clean
from kg_analysis.data.dataset import read_checks
from kg_analysis.errors import DataError

# Figure, its token with another last digit, and the verdicts that this turns: HOLDS becomes CONTRADICTS and back.
FLIPS = [
    ("kg21-tasks-government-completed", "10 nhiệm vụ", ["tasks-government-sum"]),
    ("kg21-tasks-government-overdue", "04 nhiệm vụ", ["tasks-government-overdue-repeated"]),
    ("kg21-programme-departments", "12 sở ngành", ["programme-departments-list"]),
    ("kg21-programme-remaining", "03", ["programme-sum"]),
    ("kg21-programme-completed-q4", "01", ["programme-quarters-completed", "programme-quarters-assigned"]),
    ("kg21-targets-exceeded", "vượt 9", ["targets-met-sum"]),
    ("kg21-targets-missed", "12 chỉ tiêu", ["targets-sum", "targets-missed-release"]),
    ("kg21-plan-years", "6 năm", ["plan-years"]),
    ("kg21-online-rank-change", "tăng 58 bậc", ["online-rank-change"]),
    ("kg21-pubinv-volume-ratio", "83,56%", ["investment-one-plan"]),
    ("kg21-growth-h1-vs-expected", "vượt 1,50%", ["growth-expected-points"]),
    ("kg21-growth-fy", "0,50%", ["growth-year-release"]),
    ("bdt172381-pubinv-plan", "5.124.410 triệu đồng", ["investment-2022-plan-sum"]),
    ("bdt161060-pubinv-disbursed-ratio", "71,60%", ["investment-outturn-ratio", "investment-gap"]),
    ("bpl463873-targets-total-fy", "25 chỉ tiêu", ["targets-2022-systems", "targets-2022-council-sum"]),
]


def run(data_dir: Path) -> dict[str, Check]:
    return {each.id: each for each in run_checks(*read_checks(data_dir))}


@pytest.fixture(scope="module")
def committed() -> dict[str, Check]:
    return run(DATA)


@pytest.mark.slow
@pytest.mark.parametrize(("figure_id", "token", "flipped"), FLIPS, ids=[flip[0] for flip in FLIPS])
def test_another_last_digit_flips_the_verdicts_that_rest_on_it(
    data_dir: Path, committed: dict[str, Check], figure_id: str, token: str, flipped: list[str]
) -> None:
    path = next(
        path for path in (data_dir / "printed").glob("*.csv") if figure_id in set(pd.read_csv(path)["figure_id"])
    )
    row = pd.read_csv(path)["figure_id"].tolist().index(figure_id) + 2
    edit(path, (row, "as_printed", token))
    write_clean(data_dir)
    after = run(data_dir)
    turn = {"holds": "contradicts", "contradicts": "holds"}
    for check in flipped:
        assert figure_id in committed[check].figure_ids
        assert after[check].verdict == turn[committed[check].verdict], check
    untouched = {each.id for each in committed.values() if figure_id not in each.figure_ids}
    assert all(after[check].verdict == committed[check].verdict for check in untouched)


def test_the_report_contradicts_itself_in_ten_places(committed: dict[str, Check]) -> None:
    within = {
        each.id
        for each in committed.values()
        if each.verdict == "contradicts" and all(figure.startswith("kg21-") for figure in each.figure_ids)
    }
    assert within == {
        "covid-outbreak-strong",
        "tasks-government-overdue-repeated",
        "programme-quarters-completed",
        "programme-departments-list",
        "covid-first-half-before-wave",
        "growth-h1-share-low",
        "growth-fourth-quarter-many-times",
        "retail-hit-harder",
        "plan-years",
        "fishing-violations",
    }


def test_conflicts_of_sources_are_flagged_and_both_sides_kept(committed: dict[str, Check]) -> None:
    for check, sides in {
        "targets-2022-systems": (24, 25),
        "industry-h1-2022-level": (25085.51, 25743.77),
        "investment-estimate-outturn": (83.12, 71.66),
        "growth-h1-2021-revision": (4.52, 3.54),
        "covid-directive16-span": (48, 64),
    }.items():
        found = committed[check]
        assert found.verdict == "contradicts"
        assert (found.left.value, found.right.value) == sides
    assert committed["growth-2022-plan-ratio"].verdict == "contradicts"  # the printed 116.64% of plan


def test_every_check_has_a_title_in_both_languages_and_an_open_one_a_note(committed: dict[str, Check]) -> None:
    for each in committed.values():
        assert all(0 < len(each.titles[language].split()) <= 20 for language in ("vi", "en")), each.id
        if each.verdict != "holds":
            assert all(each.notes[language] for language in ("vi", "en")), each.id
    assert Counter(each.verdict for each in committed.values())["holds"] > 80


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_readme_counts_the_checks_as_they_are(committed: dict[str, Check], name: str) -> None:
    counts = Counter(each.verdict for each in committed.values())
    text = " ".join((ROOT / name).read_text(encoding="utf-8").split())
    for number in (len(committed), counts["holds"], counts["contradicts"], counts["indeterminate"]):
        assert f" {number} " in text


def test_all_bad_input_is_named_at_once_with_file_and_row(data_dir: Path) -> None:
    """An unknown unit, basis, indicator, area and source, a stale correction, a missing figure, a forbidden token."""
    printed = data_dir / "printed/kien-giang-2021.csv"
    edit(printed, (2, "basis", "final"), (3, "indicator", "height_of_waves"), (4, "area_code", "77"))
    edit(data_dir / "indicators.csv", (3, "unit", "furlong"))
    edit(data_dir / "corrections.csv", (2, "guard", "116,65%"))
    edit(data_dir / "checks.csv", (2, "formula", "[kg21-nowhere] == 1"), (3, "formula", "[kg21-plan-years] ** 2 == 1"))
    lines = printed.read_bytes().splitlines(keepends=True)
    (data_dir / "printed/nobody.csv").write_bytes(lines[0] + lines[6].replace(b"kg21-", b"no-", 1))
    with pytest.raises(DataError) as caught:
        check_data(data_dir)
    found = "\n".join(caught.value.problems)
    for start, says in [
        ("printed/kien-giang-2021.csv row 2: basis 'final'", "choose one of actual, estimate"),
        ("data/indicators.csv row 3: unit 'furlong'", "choose one of"),
        ("printed/kien-giang-2021.csv row 3: label", "has no indicator 'height_of_waves'; add it to indicators.csv"),
        ("printed/kien-giang-2021.csv row 4: area 77", "is not in areas.csv; add it"),
        ("printed/nobody.csv row 2: source 'nobody'", "is not in sources.csv; add it"),
        ("corrections.csv row 2: made for '116,65%'", "prints '116,64%'; renew the correction"),
        ("checks.csv row 2: figure 'kg21-nowhere'", "is not printed; correct the id"),
        ("checks.csv row 3: '**'", "is not allowed in a formula"),
    ]:
        assert any(start in each and says in each for each in caught.value.problems), (start, found)


def test_a_corrected_figure_stays_published_and_is_left_out_of_results() -> None:
    from kg_analysis.data.dataset import load  # noqa: PLC0415

    data = load(DATA, 2022, "91")
    assert "dntt20221229-grdp-plan-ratio-fy" in data.everything.index
    assert "dntt20221229-grdp-plan-ratio-fy" not in data.published.index
    assert "dntt20221229-grdp-plan-ratio-fy" not in data.figures.index
