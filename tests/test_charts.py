"""Marks that charts share: a heading has room wherever its bar begins."""

from __future__ import annotations

import pytest

from kg_analysis.charts import layout
from kg_analysis.charts.chart import canvas
from kg_analysis.charts.marks import DERIVED, HeadedBar, headed_bars
from kg_analysis.quantities import given


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
