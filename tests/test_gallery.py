"""The gallery shows every chart of the registry, and its lines make them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

from kg_analysis.briefing.registry import FINDINGS

PAGE = ROOT / "docs" / "gallery.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


def test_every_chart_that_2021_allows_is_shown_and_every_picture_exists() -> None:
    shown = set(re.findall(r"frames\.call\((\w+\.\w+)\)", "".join(BLOCKS)))
    charts = {
        f"{each.chart.__module__.rpartition('.')[2]}.{each.chart.__name__}" for each in FINDINGS.values() if each.chart
    }
    assert shown <= charts
    assert len(shown) >= 0.8 * len(charts)  # a chart of another year's figures has no picture of 2021
    for page in ("docs/gallery.md", "README.md", "README.vi.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        pictures = re.findall(r"!\[[^]]+\]\(([^)]+\.png)\)", text)
        assert pictures
        assert all(((ROOT / page).parent / each).stat().st_size < 150_000 for each in pictures)


@pytest.mark.slow
def test_the_lines_of_the_gallery_make_the_charts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {}
    for block in BLOCKS:
        exec(block, known)  # noqa: S102  the project's own documentation
    assert len(list(tmp_path.glob("*.png"))) == len(BLOCKS) - 1
