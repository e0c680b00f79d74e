"""Sentences as releases and resolutions word them, made up: which indicator and item each figure is read as."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import DATA, ROOT

from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.draft import propose

CASES = pd.read_csv(ROOT / "tests" / "fixtures" / "wordings.csv", dtype=str)
INDICATORS, PATTERNS = (
    pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False) for name in ("indicators", "label_patterns")
)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Indicators of the figures of each sentence, in order, as ``indicator@item``; all are read as one report."""
    path = tmp_path_factory.mktemp("wordings") / "report.txt"
    text = "\n\n".join(CASES["text"])
    path.write_text(text, encoding="utf-8")
    rows = propose(read_document(path), year=2022, indicators=INDICATORS, patterns=PATTERNS)
    found: dict[str, list[str]] = {}
    start = 0
    for sentence in CASES["text"]:
        end = start + len(sentence)
        own = rows[(rows["kind"] == "figure") & rows["start"].between(start, end, inclusive="left")]
        found[sentence] = [f"{row['indicator']}@{row['item']}".removesuffix("@") for row in own.to_dict("records")]
        start = end + 2
    return found


@pytest.mark.parametrize(("text", "told"), CASES.to_numpy().tolist())
def test_wordings_of_releases_and_resolutions(text: str, told: str, read: dict[str, list[str]]) -> None:
    wanted = told.split("; ")
    assert len(read[text]) == len(wanted), read[text]
    assert [said for said, want in zip(read[text], wanted, strict=True) if want != "?"] == [
        want for want in wanted if want != "?"
    ]
