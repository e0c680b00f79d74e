"""The notebooks as an analyst meets them: opened, run, explored, changed and saved in JupyterLab."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from e2e.conftest import ROOT, Lab, Traffic
from e2e.jupyterlab import PATIENCE, Opened
from kg_analysis.parameters import NOTEBOOKS

SIZES = {1280: 900, 1920: 1080}
WITH_PANEL = ("01_covid_waves", "02_growth_scenarios", "03_public_investment")  # an input changes a decision
SLOWEST = 500  # milliseconds from a key to the picture, where nothing else runs
TRIES = 10
CHANGED = {  # year and language after the edit, each run by the slow tests too; 2022 prints no waves
    "00_report_overview": (2022, "vi"),
    "01_covid_waves": (2021, "en"),
    "02_growth_scenarios": (2022, "vi"),
    "03_public_investment": (2021, "en"),
    "04_years_and_neighbours": (2022, "vi"),
}


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    return Traffic([])


@pytest.fixture(scope="module", params=sorted(NOTEBOOKS))
def opened(request: pytest.FixtureRequest, lab: Lab, browser: Browser, traffic: Traffic) -> Iterator[Opened]:
    """A notebook opened at 1280 px and run once from top to bottom."""
    context = browser.new_context(viewport={"width": 1280, "height": SIZES[1280]})
    traffic.watch(context)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{lab.url}lab/tree/notebooks/{request.param}.ipynb?token={lab.token}&reset")
    notebook = Opened(page, request.param)
    notebook.wait_until_idle()
    notebook.run_all()
    yield notebook
    context.close()


def of(*stems: str) -> Callable[[Any], Any]:
    """Mark a test that only some notebooks have."""

    def mark(test: Any) -> Any:
        test.notebooks = stems
        return test

    return mark


def shoot(opened: Opened, name: str) -> None:
    """Screenshots of the whole notebook at both widths, into the folder KG_SCREENSHOTS if that is set."""
    folder = os.environ.get("KG_SCREENSHOTS")
    if folder:
        for width, height in SIZES.items():
            opened.shoot(Path(folder) / f"{opened.stem}_{name}_{width}.png", width, height)
        opened.page.set_viewport_size({"width": 1280, "height": SIZES[1280]})


def drawn(folder: Path, stem: str) -> dict[str, bytes]:
    """Charts that a batch run of a notebook wrote, in its only language, by name."""
    sections = json.loads((folder / "manifest.json").read_text())["notebooks"]
    files = next(section["files"] for key, section in sections.items() if key.removesuffix(".en") == stem)
    return {Path(each).stem: (folder / each).read_bytes() for each in files if each.endswith(".png")}


def agree(shown: list[dict[str, Any]], batch: dict[str, bytes]) -> None:
    """The charts on the page are those of the batch run, decoded, described, and within their place."""
    pictures = [each["png"] for each in shown]
    assert not [name for name, png in batch.items() if png not in pictures], "charts of the batch run are not shown"
    assert len(pictures) == len(batch)
    for each in shown:
        assert each["width"] > 0
        assert each["height"] > 0
        assert len(each["alt"]) > 40, "a chart without alt text"
        assert each["shown"] <= each["room"], "a chart wider than its place"


def test_no_cell_fails_and_every_chart_is_there(opened: Opened, batch: Callable[[int, str], Path]) -> None:
    assert opened.expected(opened.errors, lambda found: found == []) == []
    expect(opened.panels).to_have_count(int(opened.stem in WITH_PANEL))
    batch_charts = drawn(batch(2021, "vi"), opened.stem)
    agree(opened.expected(opened.pictures, lambda found: len(found) == len(batch_charts)), batch_charts)
    shoot(opened, "2021_vi")


def test_nothing_is_wider_than_the_page(opened: Opened) -> None:
    for width, height in SIZES.items():
        opened.page.set_viewport_size({"width": width, "height": height})
        assert opened.expected(opened.overflowing, lambda found: found == []) == []
    opened.page.set_viewport_size({"width": 1280, "height": SIZES[1280]})


def busyness() -> float:
    """How much longer than its processor time something takes now, because other programs run as well."""
    wall, own = time.perf_counter(), time.process_time()
    while time.process_time() - own < 0.2:
        pass
    return (time.perf_counter() - wall) / (time.process_time() - own)


@of(*WITH_PANEL)
def test_a_control_moved_by_keyboard_redraws_the_panel_at_once(
    opened: Opened, record_property: Callable[[str, object], None]
) -> None:
    first = opened.panel_settled()
    times: list[float] = []  # what it would take if nothing else ran
    while not times or (min(times) >= SLOWEST and len(times) < TRIES):
        times.append(opened.press_on_control("ArrowRight") / max(1, busyness()))
    record_property("milliseconds", times)
    assert min(times) < SLOWEST, times
    assert opened.panel_settled() != first
    opened.reset_panel()
    assert opened.expected(opened.panel_says, lambda found: found == first) == first


def test_every_table_can_be_sorted_and_filtered(opened: Opened, batch: Callable[[int, str], Path]) -> None:
    cells = nbformat.read(ROOT / "notebooks" / f"{opened.stem}.ipynb", 4).cells
    names = [name for cell in cells for name in re.findall(r'\btable\(\s*"(\w+)"', cell.source)]
    written = {path.stem for path in (batch(2021, "vi") / "tables").glob("*.csv")}  # without those left out
    assert written.intersection(names)
    expect(opened.tables).to_have_count(len(written.intersection(names)))


@of("00_report_overview")
def test_numbers_sort_as_numbers(opened: Opened) -> None:
    counts = opened.column("Số lượng", table=0)
    expect(counts.nth(5)).to_be_visible()
    before = counts.all_inner_texts()
    rising = sorted(before, key=int)
    assert rising != sorted(before), "the same in the order of the alphabet: proves nothing"
    opened.sort("Số lượng", table=0)
    expect(counts).to_have_text(rising)
    opened.sort("Số lượng", table=0)
    expect(counts).to_have_text(rising[::-1])
    opened.filter("không đạt", table=0)
    states = opened.column("Tình trạng", table=0)
    expect(states.filter(has_not_text="không đạt")).to_have_count(0)
    expect(states.first).to_be_visible()


def test_a_parameter_changed_by_hand_changes_the_result(
    opened: Opened, lab: Lab, batch: Callable[[int, str], Path]
) -> None:
    year, language = CHANGED[opened.stem]
    opened.replace_line('language: str = "vi"', f'language: str = "{language}"  # ngôn ngữ')
    opened.replace_line("year: int = 2021", f"year: int = {year}  # năm báo cáo")
    opened.run_all()
    assert opened.expected(opened.errors, lambda found: found == []) == []
    batch_charts = drawn(batch(year, language), opened.stem)
    agree(opened.expected(opened.pictures, lambda found: len(found) == len(batch_charts)), batch_charts)
    shoot(opened, f"{year}_{language}")
    opened.save()
    saved = lab.root / "notebooks" / f"{opened.stem}.ipynb"
    assert (
        "parameters" in next(each for each in nbformat.read(saved, 4).cells if each.cell_type == "code").metadata.tags
    )
    stripped(saved, year, language)


def stripped(saved: Path, year: int, language: str) -> None:
    """Without its outputs the saved file is the committed one but for the two lines edited."""
    strip = [sys.executable, "-m", "nbstripout", "--keep-id"]
    unstripped = subprocess.run([*strip, "--verify", saved], check=False, capture_output=True)
    assert unstripped.returncode == 1, "no outputs were saved"
    subprocess.run([*strip, saved], check=True)
    subprocess.run([*strip, "--verify", saved], check=True)
    found, committed = (json.loads(each.read_text()) for each in (saved, ROOT / "notebooks" / saved.name))
    changed = [
        (mine, theirs)
        for one, other in zip(found["cells"], committed["cells"], strict=True)
        for mine, theirs in zip(one.pop("source"), other.pop("source"), strict=True)
        if mine != theirs
    ]
    assert found["cells"] == committed["cells"]
    years = [f"year: int = {year}"] if year != 2021 else []
    assert [mine.partition("  #")[0] for mine, _ in changed] == [*years, f'language: str = "{language}"']
    assert found["metadata"]["kernelspec"] == committed["metadata"]["kernelspec"]
    assert set(found["metadata"]) == {"kernelspec", "language_info"}


def test_nothing_left_this_machine(opened: Opened, traffic: Traffic) -> None:
    assert traffic.strangers == []
    assert traffic.seen > 50, "no traffic was seen at all"
