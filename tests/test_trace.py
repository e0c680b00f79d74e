"""From a number on a chart back to the character in the report."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
from conftest import DATA


def test_ten_figures_drawn_at_random_lead_to_their_place_in_the_report(report: Path, outputs: Path) -> None:
    charts = sorted((outputs / "charts/vi").glob("*.png"))
    drawn = {
        figure_id: chart.stem
        for chart in charts
        for line in pd.read_csv(outputs / f"tables/{chart.stem}.csv", keep_default_na=False).get("figure_ids", ())
        for figure_id in line.split()
        if figure_id.startswith("kg21-")
    }
    assert len(drawn) > 30
    text = report.read_text(encoding="utf-8")
    figures = pd.read_csv(DATA / "clean/figures.csv", dtype=str, keep_default_na=False).set_index("figure_id")
    printed = pd.read_csv(DATA / "printed/kien-giang-2021.csv", dtype=str, keep_default_na=False).set_index("figure_id")
    for figure_id in random.Random(20211222).sample(sorted(drawn), 10):  # noqa: S311
        row = printed.loc[figure_id]
        assert figures.at[figure_id, "source_id"] == "kien-giang-2021"
        assert figures.at[figure_id, "as_printed"] == row["as_printed"]
        assert text[int(row["start"]) : int(row["end"])] == row["as_printed"], (drawn[figure_id], figure_id)
