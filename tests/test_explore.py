"""Panels, their limits and previews, and the tables that can be sorted: what JupyterLab shows beyond a batch run."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import DATA, ROOT, STOCK, at_length, execute
from hypothesis import given as cases
from hypothesis import strategies as st
from PIL import Image

from kg_analysis import notebook as module
from kg_analysis.briefing.registry import Frames
from kg_analysis.charts import growth as growth_charts
from kg_analysis.charts.frame import Chart, of_figure, preview
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError
from kg_analysis.explore import panel as topics
from kg_analysis.explore.panel import Knobs, Limits, Panel, View, knobs, slider
from kg_analysis.explore.tables import SortableTable, cells_and_order, collation_key
from kg_analysis.formats import NumberFormatter, given
from kg_analysis.narrative.context import ReportContext
from kg_analysis.notebook import Notebook, open_notebook
from kg_analysis.parameters import NOTEBOOKS, build


def settings(notebook: str, **chosen: Any) -> Knobs:
    model = NOTEBOOKS[notebook]
    return knobs(model, {name: field.default for name, field in model.model_fields.items()} | chosen)


def growth(here: ReportContext, **chosen: Any) -> Panel:
    frames = Frames(here, chosen)
    return topics.growth_panel(frames["own_rates"], frames["goals"], here, settings("02_growth_scenarios", **chosen))


def rest_chart(here: ReportContext) -> Chart:
    return of_figure(growth_charts.rest_of_year(Frames(here)["rest_need"], here))


def panels(data: Dataset, here: ReportContext) -> Iterator[tuple[str, Panel]]:
    """Every panel with the notebook that it belongs to."""
    yield "02_growth_scenarios", growth(here)
    frames, name = Frames(here), "03_public_investment"
    own = frames["invested_year"], frames["paid_year"], frames["aim"]
    yield name, topics.investment_panel(*own, here, settings(name))
    name = "01_covid_waves"
    yield name, topics.covid_panel(frames["cases"], frames["rts"], here, settings(name))


def test_each_panel_draws_says_and_follows_each_of_its_controls(data: Dataset, here: ReportContext) -> None:
    for name, panel in panels(data, here):
        assert panel.picture.value.startswith('<img src="data:image/png;base64,'), (name, panel.words.value)
        for key, control in panel.controls.items():
            before = panel.picture.value, panel.words.value
            control.index = (control.index + 1) % len(control.options)
            after = panel.picture.value, panel.words.value
            assert after[0] != before[0], (name, key)
            assert after[1] != before[1], (name, key)
            assert "alt=" in after[0]


def test_reset_brings_every_control_back(data: Dataset, vi: ReportContext) -> None:
    for _, panel in panels(data, vi):
        start = {key: control.value for key, control in panel.controls.items()}, panel.words.value
        for control in panel.controls.values():
            control.index = len(control.options) - 1
        panel.reset.click()
        assert ({key: control.value for key, control in panel.controls.items()}, panel.words.value) == start


def test_a_panel_offers_nothing_that_a_run_refuses(data: Dataset, vi: ReportContext) -> None:
    offered = 0
    for notebook, panel in panels(data, vi):
        for key, control in panel.controls.items():
            if key in NOTEBOOKS[notebook].model_fields:
                for _, value in control.options:
                    typed = int(value) if key == "rt_window_days" else value
                    build(notebook, year=2021, **{key: typed})
                    offered += 1
    assert offered > 300


def test_controls_start_where_the_run_is_set(data: Dataset, vi: ReportContext) -> None:
    panel = growth(vi, target_growth_pct=2.34, q4_share_pct=27.3)
    assert [control.value for control in panel.controls.values()] == [2.34, 27.3]
    assert [control.label for control in panel.controls.values()] == ["2,34%", "27,3%"]


def test_values_are_printed_by_the_page(data: Dataset) -> None:
    panel = growth(ReportContext(data, NumberFormatter("en")), target_growth_pct=0.0)
    assert panel.controls["q4_share_pct"].label == "25%"
    assert {"-2.5%", "−2.4%"} & {label for label, _ in panel.controls["target_growth_pct"].options} == {"−2.4%"}


def test_figures_that_are_not_printed_are_said_in_the_panel() -> None:
    data = load(DATA, 2020, "91")
    here = ReportContext(data, NumberFormatter("vi"))
    frames = Frames(here)
    panel = topics.growth_panel(frames["own_rates"].head(0), frames["goals"], here, settings("02_growth_scenarios"))
    assert "Không có tốc độ lũy kế" in panel.words.value
    assert panel.picture.value == ""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DataError("a value is wrong; correct it"), "a value is wrong; correct it"),
        (ZeroDivisionError("x"), "ZeroDivisionError"),
    ],
)
def test_an_error_is_said_and_the_next_change_draws_again(vi: ReportContext, error: Exception, said: str) -> None:

    def draw(values: dict[str, Any]) -> View:
        if values["x"] == 2:
            raise error
        return View(rest_chart(vi), ["<b>well & good</b>"])

    panel = Panel({"x": slider(vi, "window", [1, 2, 3], 1, str)}, draw, vi)
    panel.controls["x"].value = 2
    assert said in panel.words.value
    assert panel.picture.value == ""
    panel.controls["x"].value = 3
    assert panel.picture.value
    assert "&lt;b&gt;well &amp; good&lt;/b&gt;" in panel.words.value


def test_changes_that_arrive_together_are_drawn_once(vi: ReportContext) -> None:
    drawn: list[float] = []

    def draw(values: dict[str, Any]) -> View:
        drawn.append(values["x"])
        return View(rest_chart(vi), ["."])

    async def drag() -> None:
        panel = Panel({"x": slider(vi, "window", list(range(10)), 0, str)}, draw, vi)
        for each in range(1, 10):
            panel.controls["x"].value = each
        await asyncio.sleep(0.3)

    asyncio.run(drag())
    assert drawn == [0, 9]


def test_a_preview_is_the_same_chart_with_fewer_pixels(vi: ReportContext) -> None:
    whole = rest_chart(vi)
    with preview():
        light = rest_chart(vi)
    assert (light.title, light.source, light.alt) == (whole.title, whole.source, whole.alt)
    assert light.data.equals(whole.data)
    assert light.svg == b""
    assert Image.open(io.BytesIO(light.png)).size == (850, 480)
    assert Image.open(io.BytesIO(whole.png)).size == (1700, 960)
    assert rest_chart(vi).png == whole.png, "a preview leaves later charts as they were"


def test_limits_are_those_of_the_types() -> None:
    found = settings("02_growth_scenarios").limits
    assert found["q4_share_pct"] == Limits(5, 60)
    assert found["target_growth_pct"] == Limits(-100, 100, with_low=False, with_high=False)
    assert settings("03_public_investment").limits["target_ratio_pct"] == Limits(0, 200, with_low=False)


@cases(st.floats(-200, 200), st.floats(0, 50), st.sampled_from(["0.1", "0.5", "1"]), st.floats(-120, 120))
def test_steps_ascend_within_the_limits_and_hold_the_start(low: float, width: float, step: str, start: float) -> None:
    limits = Limits(-100, 100, with_low=False)
    found = limits.steps(low, low + width, step, [start])
    assert found == sorted(set(found))
    assert all(-100 < each <= 100 for each in found)
    assert (start in found) == (-100 < start <= 100)


def test_vietnamese_order() -> None:
    ordered = [
        "an",
        "ăn",
        "ân",
        "ba",
        "ca",
        "cà",
        "cà phê",
        "cả",
        "cã",
        "cá",
        "cạ",
        "da",
        "đa",
        "em",
        "êm",
        "ô tô",
        "ơn",
        "tư",
        "Úc",
        "xã",
    ]
    mixed = ordered[1::2] + ordered[::2]
    assert len(set(mixed)) == len(ordered)
    assert sorted(mixed, key=collation_key) == ordered


def test_tables_have_the_order_of_values_and_the_cells_of_the_page(vi: ReportContext) -> None:
    rows = [
        {"quantity": "đ", "value": given(1234.5, "bn_vnd")},
        {"quantity": "d", "value": None},
        {"quantity": "e", "value": given(99, "bn_vnd")},
        {"quantity": "a", "value": given(-3, "bn_vnd")},
    ]
    found = cells_and_order(rows, vi)
    assert list(found["Giá trị"].str.replace("\u00a0", " ")) == ["1.234,5 tỷ đồng", "–", "99,0 tỷ đồng", "−3,0 tỷ đồng"]
    assert list(found["value"]) == [3, 4, 2, 1], "by value, what is not printed last"
    assert list(found["quantity"]) == [3, 2, 4, 1]


def test_a_sortable_table_needs_no_network_and_falls_back_to_the_plain_one(vi: ReportContext) -> None:
    table = SortableTable([{"quantity": "<b>x</b>", "value": given(1, "pct")}], vi, "<table></table>")
    shown = table._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert shown["text/html"] == "<table></table>"
    arguments = table.widget.get_state()["_dt_args"]
    assert "&lt;b&gt;" in arguments["data_json"]
    assert "://" not in str(arguments)


class Shell:
    """A kernel's shell whose front end can be asked, or not."""

    def __init__(self, **content: bool) -> None:
        self.content = content

    def get_parent(self) -> dict[str, Any]:
        return {"content": self.content}


@pytest.mark.parametrize(
    ("shell", "unattended", "attended"),
    [
        (None, "", False),
        (object(), "", False),
        (Shell(), "", False),
        (Shell(allow_stdin=False), "", False),
        (Shell(allow_stdin=True), "", True),
        (Shell(allow_stdin=True), "1", False),
    ],
)
def test_who_sits_in_front(monkeypatch: pytest.MonkeyPatch, shell: Any, unattended: str, attended: bool) -> None:
    monkeypatch.setattr(module, "get_ipython", lambda: shell)
    monkeypatch.setenv(module.UNATTENDED, unattended)
    assert module.is_attended() is attended


@pytest.fixture
def run(tmp_path: Path) -> Notebook:
    return open_notebook("02_growth_scenarios", 2021, "91", "vi", str(DATA), str(tmp_path), q4_share_pct=None,
        target_growth_pct=None, trend_growth_pct=None)  # fmt: skip


def test_jupyterlab_gets_panels_tables_and_alt_texts(run: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg_analysis.notebook.is_attended", lambda: True)
    frames = Frames(run.context)
    assert run.panel("growth", frames["own_rates"], frames["goals"]).children
    assert "alt=" in run.show(growth_charts.rest_of_year, frames["rest_need"])._repr_html_()
    assert isinstance(run.table("x", frames["own_rates"][["period", "growth_pct", "figure_ids"]]), SortableTable)
    assert set(run.pictures) == {"growth_rest_of_year"}, "what is saved is the same as in a batch"
    assert run.panel("growth", frames["own_rates"].head(0), frames["goals"]).children, "it says what is missing"


@pytest.mark.slow
@pytest.mark.parametrize("name", [STOCK[0], *at_length(*sorted(set(NOTEBOOKS) - {STOCK[0]}))])
def test_stock_papermill_gets_no_panel_and_imports_none(name: str, stock: Any) -> None:
    book = stock(name)
    widgets = ("itables", "anywidget", "kg_analysis.explore")  # seaborn itself imports ipywidgets
    assert [each for each in book.cells[-1].outputs[0].text.split() if each.startswith(widgets)] == []
    panels = [cell for cell in book.cells if cell.cell_type == "code" and ".panel(" in cell.source]
    assert len(panels) == (name not in ("00_report_overview", "04_years_and_neighbours"))  # no input to try
    assert all("JupyterLab" in each.outputs[0].data["text/markdown"] for each in panels)
    assert "widget-view" not in nbformat.writes(book)


@pytest.mark.slow
@pytest.mark.parametrize("stem", ["02_growth_scenarios", "03_public_investment"])
def test_the_panel_that_a_notebook_opens_draws_at_once(
    stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the frames of the notebook's own cells, which are not always those of the registry."""
    opened: list[Any] = []
    monkeypatch.setattr(module, "is_attended", lambda: True)
    real = Notebook.panel
    monkeypatch.setattr(Notebook, "panel", lambda self, *frames: opened.append(real(self, *frames)))
    execute(ROOT / "notebooks" / f"{stem}.ipynb", tmp_path, DATA, 2021)
    (panel,) = opened
    assert any("<img" in str(getattr(each, "value", "")) for each in panel.children)
