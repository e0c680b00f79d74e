"""The notebooks as an analyst meets them: opened, run, explored, changed and saved in JupyterLab."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from e2e.conftest import ROOT, Lab, Traffic
from e2e.jupyterlab import PATIENCE, Opened
from kg_analysis.runs.parameters import NOTEBOOKS

SIZES = {1280: 900, 1920: 1080}
STEMS = sorted(NOTEBOOKS)


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    return Traffic([])


@pytest.fixture(scope="module", params=STEMS)
def opened(request: pytest.FixtureRequest, lab: Lab, browser: Browser, traffic: Traffic) -> Iterator[Opened]:
    """A notebook opened at 1280 px and run once from top to bottom."""
    context = browser.new_context(viewport={"width": 1280, "height": SIZES[1280]})
    traffic.watch(context)
    page = context.new_page()
    page.goto(f"{lab.url}lab/tree/notebooks/{request.param}.ipynb?token={lab.token}&reset")
    notebook = Opened(page, request.param)
    notebook.wait_until_idle()
    notebook.run_all()
    yield notebook
    context.close()


def shoot(opened: Opened, name: str) -> None:
    """Screenshots of the whole notebook at both widths, into KG_SCREENSHOTS if that is set."""
    folder = os.environ.get("KG_SCREENSHOTS")
    if not folder:
        return
    for width, height in SIZES.items():
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.page.wait_for_timeout(300)
        tall = opened.body.locator(".jp-WindowedPanel-viewport, .jp-WindowedPanel-inner").first.evaluate("e => e.scrollHeight")
        opened.page.set_viewport_size({"width": width, "height": int(tall) + 200})
        opened.page.wait_for_timeout(500)
        opened.page.screenshot(path=Path(folder) / f"{opened.stem}_{name}_{width}.png")
    opened.page.set_viewport_size({"width": 1280, "height": SIZES[1280]})


def drawn(folder: Path, stem: str) -> dict[bytes, str]:
    """Charts that a batch run of a notebook wrote: picture and name."""
    files = json.loads((folder / "manifest.json").read_text())["notebooks"][stem]["files"]
    return {(folder / each).read_bytes(): Path(each).stem for each in files if each.endswith(".png")}


def test_no_cell_fails_and_every_chart_is_there(opened: Opened, batch: Callable[[int, str], Path]) -> None:
    assert opened.errors() == []
    shown = opened.pictures()
    assert {each["png"] for each in shown} == set(drawn(batch(2021, "vi"), opened.stem))
    for each in shown:
        assert each["width"] > 0
        assert each["height"] > 0
        assert len(each["alt"]) > 40, "a chart without alt text"
        assert each["shown"] <= each["room"], "a chart wider than its place"
    shoot(opened, "2021")
