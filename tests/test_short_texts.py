"""What short made-up texts say: periods, plans, areas and comparisons, each in the wording of official reports."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from conftest import DATA, ROOT

from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.draft import propose

Row = dict[str, str]
FIGURE = re.compile(r"\{([^{}|]*)\|([\w/]+)(?:\|([^{}]*))?\}")
TEXTS = (ROOT / "tests" / "fixtures" / "short_texts.txt").read_text(encoding="utf-8").split("\n=== ")[1:]
INDICATORS, PATTERNS = (
    pd.read_csv(DATA / name, dtype=str, keep_default_na=False) for name in ("indicators.csv", "label_patterns.csv")
)


def figures(body: str, period: str, basis: str, area: str) -> Iterator[Row]:
    for token, indicator, options in FIGURE.findall(body):
        said = dict(each.split("=", 1) for each in options.split())
        yield {
            "token": token,
            "indicator": indicator,
            "item": said.get("i", ""),
            "period": said.get("p", period),
            "basis": said.get("b", basis),
            "area": said.get("a", ""),
            "area_code": area,
        }


@pytest.mark.parametrize("block", TEXTS, ids=lambda block: str(block).partition(" |")[0])
def test_every_figure_of_a_short_text_is_read_as_a_person_reads_it(tmp_path: Path, block: str) -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    real_texts = importlib.import_module("real_texts")
    head, _, body = block.partition("\n")
    _, year, area, period, basis = (each.strip() for each in head.split("|"))
    path = tmp_path / "text.txt"
    path.write_text(FIGURE.sub(r"\1", body), encoding="utf-8")
    document = read_document(path)
    rows = propose(document, year=int(year), area_code=area, indicators=INDICATORS, patterns=PATTERNS)
    truth = list(figures(body, period, basis, area))
    units = INDICATORS.set_index("id")["unit"].to_dict()
    for row, wanted in real_texts.matched(document.text, rows.to_dict("records"), truth):
        if wanted:
            assert row is not None, wanted
            assert real_texts.wrong_parts(row, wanted, units) == [], wanted["token"]
