"""Every chart: what it must carry, in both languages, and that other years' numbers fit on it too."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from kg_analysis.analysis import growth, outputs, scenarios
from kg_analysis.analysis.growth import Growth
from kg_analysis.charts import growth as growth_charts
from kg_analysis.charts import layout, outlook, q4_curve
from kg_analysis.charts import outputs as output_charts
from kg_analysis.charts.chart import MOST_TITLE_WORDS, Chart, canvas, finish
from kg_analysis.charts.marks import DERIVED, HeadedBar, headed_bars
from kg_analysis.charts.theme import luminance
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, given

TREND = given(6, "pct")
DRAWN: dict[str, Callable[[ReportContext], Chart]] = {
    "growth_periods": lambda here: growth_charts.periods(
        growth.growth(here.data), scenarios.q4_shares(here.data), here
    ),
    "growth_q4_curve": lambda here: q4_curve.q4_curve(growth.growth(here.data), scenarios.q4_shares(here.data), here),
    "growth_target_heatmap": lambda here: outlook.target_heatmap(
        growth.growth(here.data), scenarios.q4_shares(here.data), None, here
    ),
    "growth_next_year": lambda here: outlook.next_year(growth.growth(here.data), TREND, here),
    "growth_outputs": lambda here: output_charts.outputs(outputs.outputs(here.data), here),
}
every = pytest.mark.parametrize("name", DRAWN)


@every
def test_it_carries_finding_source_rows_and_alt(name: str, here: ReportContext) -> None:
    chart = DRAWN[name](here)
    assert chart.name == name
    assert len(chart.title.split()) <= MOST_TITLE_WORDS
    assert "Báo cáo kiểm điểm" in chart.source
    assert "I.3" in chart.source or "I.4" in chart.source
    assert chart.alt.count(" ") > 5
    ids = {each for line in chart.data["figure_ids"] for each in line.split()}
    assert ids
    assert ids <= set(here.data.figures.index)
    picture = Image.open(io.BytesIO(chart.png))
    assert picture.size == (1700, 960)
    assert picture.text["Description"] == chart.alt  # type: ignore[attr-defined]
    assert chart.title.split()[0] in chart.svg.decode()


@every
def test_the_same_figures_give_the_same_bytes(name: str, vi: ReportContext) -> None:
    first, second = DRAWN[name](vi), DRAWN[name](vi)
    assert first.png == second.png
    assert first.svg == second.svg
    pd.testing.assert_frame_equal(first.data, second.data)


@every
def test_both_languages_plot_the_same_numbers(name: str, data: Dataset, vi: ReportContext) -> None:
    english = DRAWN[name](ReportContext(data, replace(vi.page, language="en")))
    pd.testing.assert_frame_equal(DRAWN[name](vi).data, english.data)


@every
def test_it_holds_in_grey(name: str, vi: ReportContext) -> None:
    """Ink, and marks that differ from the paper by more than their hue."""
    grey = np.asarray(Image.open(io.BytesIO(DRAWN[name](vi).png)).convert("L"))
    assert (grey < 60).mean() > 0.002
    assert (grey > 240).mean() > 0.4


# --- numbers of other years


def _rates(data: Dataset, **periods: str) -> Growth:
    found = growth.growth(data)
    rates = {
        name.upper() if name != "m9" else "9M": Quantity(
            Interval.rounded(value, 2), "pct", found.period("9M").figure_ids, 2, "actual"
        )
        for name, value in periods.items()
    }
    return replace(found, periods={name: rates[name] for name in sorted(rates, key=growth.PERIODS.index)})


@pytest.mark.slow
@pytest.mark.parametrize(
    "periods",
    [
        {"h1": "-4.20", "q3": "-12.30", "m9": "-7.00", "fy": "-9.99"},
        {"h1": "7.10", "q3": "7.20", "m9": "7.13", "fy": "7.15"},
        {"q1": "3.00", "h1": "0.02", "q3": "0.01", "m9": "0.00", "q4": "31.20", "fy": "0.03"},
        {"m9": "5.00", "fy": "12.00"},
    ],
)
def test_charts_of_growth_hold_other_years(data: Dataset, here: ReportContext, periods: dict[str, str]) -> None:
    found, shares = _rates(data, **periods), scenarios.q4_shares(data)
    for chart in (
        growth_charts.periods(found, shares, here),
        q4_curve.q4_curve(found, shares, here),
        outlook.target_heatmap(found, shares, given(6.5, "pct"), here),
        outlook.next_year(found, TREND, here),
    ):
        assert chart.png
    assert growth_charts.periods(found, shares, here).data["figure_ids"].ne("").any()


@pytest.mark.slow
@pytest.mark.parametrize("share", [5, 10, 28, 45, 60])
def test_charts_of_growth_hold_every_share_of_q4(data: Dataset, here: ReportContext, share: float) -> None:
    found, shares = growth.growth(data), scenarios.q4_shares(data, share)
    assert growth_charts.periods(found, shares, here).png
    assert q4_curve.q4_curve(found, shares, here).png
    assert outlook.target_heatmap(found, shares, given(6.5, "pct"), here).png


def test_bounds_on_a_bar_are_those_of_its_row(data: Dataset, vi: ReportContext) -> None:
    chart = growth_charts.periods(growth.growth(data), scenarios.q4_shares(data), vi)
    rows = chart.data.set_index("period")
    assert rows.at["Q4_low_share", "growth_pct_high"] == 3.55
    assert rows.at["Q4_high_share", "growth_pct_low"] == 2.26
    assert "2,26–3,55" in chart.svg.decode()


def test_numbers_stand_out_from_every_cell(data: Dataset, vi: ReportContext, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[float, float]] = []

    def kept(figure: Figure, *args: Any, **rest: Any) -> Chart:
        axes = figure.axes[0]
        cells = np.asarray(axes.collections[0].get_facecolor())
        seen.extend(
            (luminance(cell[:3]), luminance(to_rgb(text.get_color())))
            for text, cell in zip(axes.texts, cells, strict=True)
        )
        return finish(figure, *args, **rest)

    monkeypatch.setattr(outlook, "finish", kept)
    outlook.target_heatmap(growth.growth(data), scenarios.q4_shares(data), given(6.5, "pct"), vi)
    assert len(seen) > 20
    assert min((max(pair) + 0.05) / (min(pair) + 0.05) for pair in seen) >= 4.5


def test_growth_without_nine_months_says_so(data: Dataset, here: ReportContext) -> None:
    found = _rates(data, fy="5.00")
    with pytest.raises(NotPrintedError):
        q4_curve.q4_curve(found, scenarios.q4_shares(data), here)


@pytest.mark.parametrize("end", [None, 100.0])
@pytest.mark.parametrize("start", range(30, 100, 10))
@pytest.mark.parametrize("words", range(2, 15, 4))
def test_the_heading_of_a_bar_that_begins_far_right_has_room(words: int, start: int, end: float | None) -> None:
    bar = HeadedBar(" ".join(["giải", "ngân"] * words)[: 5 * words], given(2, "pct"), "black", DERIVED, start)
    with canvas() as (figure, axes):
        headed_bars(axes, [HeadedBar("", given(50, "pct"), "black", DERIVED), bar], end=end)
        if end is None:
            axes.set_xlim(0, 1.08 * (start + 2))
        figure.tight_layout()
        figure.canvas.draw()
        layout.check(figure)
