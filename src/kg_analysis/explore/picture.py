"""A chart as JupyterLab shows it to everyone: with its alt text, which it leaves out of plain images.

Responsibility: HTML of a chart.
"""

from __future__ import annotations

import base64
from html import escape

from kg_analysis.charts.chart import Chart
from kg_analysis.charts.theme import SIZE


class DescribedChart:
    """A chart that a screen reader can read."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def _repr_html_(self) -> str:
        return image_html(self.chart)


def image_html(chart: Chart) -> str:
    """The picture with its alt text, never wider than its place."""
    width, height = (int(each * 100) for each in SIZE)
    data = base64.b64encode(chart.png).decode()
    return (
        f'<img src="data:image/png;base64,{data}" alt="{escape(chart.alt)}" width="{width}" height="{height}" '
        'style="max-width: 100%; height: auto">'
    )
