"""The declared checks on the project's own figures: what contradicts, and that one digit decides."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA, ROOT
from made_up import edit

from kg_analysis.analysis.checks import of_tables, of_year, review
from kg_analysis.data import load as load_tables
from kg_analysis.data.clean import check_data, write_clean
from kg_analysis.data.dataset import Dataset, load
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


def run(data_dir: Path) -> pd.DataFrame:
    return of_tables(load_tables(data_dir)).set_index("check")


@pytest.fixture(scope="module")
def committed() -> pd.DataFrame:
    return run(DATA)


@pytest.mark.slow
@pytest.mark.parametrize(("figure_id", "token", "flipped"), FLIPS, ids=[flip[0] for flip in FLIPS])
def test_another_last_digit_flips_the_verdicts_that_rest_on_it(
    data_dir: Path, committed: pd.DataFrame, figure_id: str, token: str, flipped: list[str]
) -> None:
    path = next(
        path for path in (data_dir / "printed").glob("*.csv") if figure_id in set(pd.read_csv(path)["figure_id"])
    )
    row = pd.read_csv(path)["figure_id"].tolist().index(figure_id) + 2
    edit(path, (row, "as_printed", token))
    write_clean(data_dir)
    after = run(data_dir)["verdict"]
    turn = {"holds": "contradicts", "contradicts": "holds"}
    for check in flipped:
        assert figure_id in committed.at[check, "figure_ids"].split()
        before = committed.at[check, "verdict"]
        if before == "indeterminate":  # the two sides are not on one base, so that they need not agree
            assert committed.at[check, "differs_in"] == "definition"
            assert after[check] == "holds", check
        else:
            assert after[check] == turn[before], check
    untouched = committed.index[[figure_id not in each.split() for each in committed["figure_ids"]]]
    assert (after[untouched] == committed["verdict"][untouched]).all()


def test_what_the_report_of_2021_should_settle_before_it_is_signed(data: Dataset) -> None:
    """Both figures and both places, as the report prints them; nothing that rests on words or on a later release."""
    found = review(of_year(data), data.reports).set_index("check")
    sides = {
        check: [(row[side], row[f"{side}_printed"], row[f"{side}_places"]) for side in ("left", "right")]
        for check, row in found.iterrows()
    }
    assert sides["tasks-government-overdue-repeated"] == [
        (5, "05 nhiệm vụ", "I.1, paragraph 2"),
        (4, "4 nhiệm vụ", "II.3, paragraph 3"),
    ]
    assert sides["programme-quarters-completed"] == [
        (19, "19", "I.2, paragraph 2"),
        (21, "10; 08; 03", "I.2, footnote 3"),
    ]
    departments = sides["programme-departments-list"]
    assert departments[0] == (11, "11 sở ngành", "I.2, paragraph 1")
    assert (departments[1][0], departments[1][1].count("Sở "), departments[1][2]) == (12, 12, "I.2, footnote 2")
    first_half, wave = sides["covid-first-half-before-wave"]
    assert (str(first_half[0]), first_half[2]) == ("2021-06-30", "I.3, paragraph 1")
    assert (str(wave[0]), wave[1:]) == ("2021-06-21", ("21/6", "I.3, paragraph 2"))
    assert sides["plan-years"] == [(6, "2021-2026", "0, paragraph 3"), (5, "5 năm", "0, paragraph 3")]
    delta, key = (found.loc[f"grdp-growth-rank-2021-fy-mekong-delta{each}"] for each in ("", "-key-region"))
    assert (delta["left"], delta["right_low"], delta["right_high"], delta["left_places"]) == (
        6,
        9,
        12,
        "I.4, paragraph 4",
    )
    assert (key["left"], key["right"], key["right_printed"]) == (2, 3, "An Giang; Cà Mau")
    assert len(found) == 7


@pytest.mark.parametrize("year", [2020, 2022])
def test_a_year_without_a_report_has_nothing_to_sign(year: int) -> None:
    other = load(DATA, year, "91")
    assert other.reports == []
    assert review(of_year(other), other.reports).empty


def test_words_and_revisions_are_told_apart_from_slips(committed: pd.DataFrame) -> None:
    apart = {
        "revision": ["growth-h1-2021-revision", "growth-h1-share-low", "investment-plan-grown"],
        "forecast": ["investment-estimate-outturn"],
        "wording": ["retail-hit-harder", "investment-very-low", "growth-fourth-quarter-many-times"],
        "open": ["targets-2022-systems", "covid-directive16-span", "growth-agriculture-share-h1-2021"],
        "conflict": ["growth-2022-plan-ratio"],  # the printed 116.64% of plan
    }
    for reading, checks in apart.items():
        assert set(committed.loc[checks, "reading"]) == {reading}
    assert set(committed.loc[apart["wording"] + apart["open"], "verdict"]) == {"indeterminate"}
    assert not committed.loc[committed["differs_in"] == "wording", "verdict"].isin(["holds", "contradicts"]).any()


def test_conflicts_of_sources_are_flagged_and_both_sides_kept(committed: pd.DataFrame) -> None:
    for check, sides in {
        "targets-2022-systems": [24, 25],
        "industry-h1-2022-level": [25085.51, 25743.77],
        "investment-estimate-outturn": [83.12, 71.66],
        "growth-h1-2021-revision": [4.52, 3.54],
        "covid-directive16-span": [48, 64],
    }.items():
        assert committed.loc[check, ["left", "right"]].tolist() == sides
        assert committed.at[check, "verdict"] != "holds"


def test_every_check_has_a_title_in_both_languages_and_an_open_one_a_note(committed: pd.DataFrame) -> None:
    for title in (*committed["title_vi"], *committed["title_en"]):
        assert 0 < len(title.split()) <= 20, title
        assert not title.endswith("."), title
    told = committed[committed["verdict"] != "holds"]
    assert (told[["note_vi", "note_en"]] != "").all(axis=None), told.index[told["note_vi"] == ""].tolist()
    assert (committed["verdict"] == "holds").sum() > 80


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_readme_counts_the_checks_as_they_are(committed: pd.DataFrame, name: str) -> None:
    counts = Counter(committed["verdict"])
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
        ("checks.csv row 3: '[kg21-plan-years] ** 2'", "is not allowed in a formula"),
    ]:
        assert any(start in each and says in each for each in caught.value.problems), (start, found)


def test_a_corrected_figure_stays_published_and_is_left_out_of_results() -> None:
    data = load(DATA, 2022, "91")
    assert "dntt20221229-grdp-plan-ratio-fy" in data.everything.index
    assert "dntt20221229-grdp-plan-ratio-fy" not in data.published.index
    assert "dntt20221229-grdp-plan-ratio-fy" not in data.figures.index
