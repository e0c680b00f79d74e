"""Every run of digits of a report is accounted for, once."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA
from made_up import PRINTED_FILE, edit

from kg_analysis.errors import DataError
from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.verify import Claim, coverage_problems, runs, verify_report

EXCLUSIONS, REFERENCES = "printed/exclusions/kien-giang-2021.csv", "printed/references/kien-giang-2021.csv"


def document(folder: Path, text: str):
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def test_rules_know_what_the_text_itself_shows(tmp_path: Path) -> None:
    text = (
        "1. Mục\n\nNăm 2021 dịch COVID-19 và Covid -19 giao 21³ đề án, giai đoạn 2021-2026, đến năm 2050.\n\n"
        "³ Chú thích 7.\n"
    )
    found = {(run.text, run.claims[0].kind if run.claims else "") for run in runs(document(tmp_path, text), [], 2021)}
    assert found == {
        ("1", "section_number"),
        ("2021", "context_period"),
        ("19", "virus_name"),
        ("21", ""),
        ("³", "footnote_mark"),
        ("2021", ""),  # the first year of a span is no mere context
        ("2026", ""),
        ("2050", ""),  # nor is a year far from the report's own
        ("7", ""),
    }


def test_an_unclaimed_run_is_quoted_with_its_place(tmp_path: Path) -> None:
    text = document(tmp_path, "I. PHẦN\n\nGiao 64 việc.\n")
    (problem,) = coverage_problems(text, runs(text, [], 2021), [])
    assert problem.startswith("'64' at 14 in 'Giao 64 việc.' (section I, paragraph 1): neither figure")


def test_a_run_claimed_twice_and_an_idle_exclusion_are_named(tmp_path: Path) -> None:
    text = document(tmp_path, "Giao 64 việc.\n")
    claims = [
        Claim(5, 7, "figure", "printed/r.csv row 2"),
        Claim(5, 7, "name", "exclusions/r.csv row 2"),
        Claim(8, 12, "name", "exclusions/r.csv row 3"),
    ]
    first, second = coverage_problems(text, runs(text, claims, 2021), claims)
    assert "claimed as figure and name by printed/r.csv row 2 and exclusions/r.csv row 2" in first
    assert second == "exclusions/r.csv row 3: 'việc' holds no digits; remove the row"


def test_the_report_has_no_unclassified_run(report: Path) -> None:
    verified = verify_report(report, DATA)
    text = report.read_text(encoding="utf-8")
    assert sum(verified.runs.values()) == len(re.findall(r"[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+", text)) == 367
    assert verified.references >= 30
    assert sum(verified.by_topic.values()) == len(pd.read_csv(DATA / PRINTED_FILE))


@pytest.mark.parametrize("file", [PRINTED_FILE, EXCLUSIONS, REFERENCES])
def test_a_row_that_is_lost_leaves_its_digits_unclassified(report: Path, data_dir: Path, file: str) -> None:
    path = data_dir / file
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    numbered = rows[rows["as_printed"].str.contains(r"\d")]
    lost = numbered.iloc[len(numbered) // 2]
    rows.drop(index=lost.name).to_csv(path, index=False, lineterminator="\n")
    with pytest.raises(DataError) as caught:
        verify_report(report, data_dir)
    first = re.search(r"\d+", lost["as_printed"])
    assert first
    assert any(
        each.startswith(f"'{first[0]}' at {int(lost['start']) + first.start()}") and "neither figure" in each
        for each in caught.value.problems
    )


def test_a_changed_reference_and_exclusion_fail_with_their_row(report: Path, data_dir: Path) -> None:
    for file in (EXCLUSIONS, REFERENCES):
        edit(data_dir / file, (2, "as_printed", "99/XX"))
    with pytest.raises(DataError) as caught:
        verify_report(report, data_dir)
    for folder in ("exclusions", "references"):
        assert any(
            each.startswith(f"{folder}/kien-giang-2021.csv row 2: as_printed '99/XX'") for each in caught.value.problems
        )


def test_a_page_without_text_gives_no_place(data_dir: Path) -> None:
    rows = pd.read_csv(data_dir / "sources.csv", dtype=str, keep_default_na=False)
    rows.loc[0, "sha256"] = ""
    rows.to_csv(data_dir / "sources.csv", index=False, lineterminator="\n")
    from kg_analysis.data.clean import check_data  # noqa: PLC0415

    with pytest.raises(DataError, match="gives section, place, start, end, but no text of the source is held"):
        check_data(data_dir)
