"""Native charts on slides, which a reader can edit.

Responsibility: from a plot to a PowerPoint chart in the house style. Estimates and what follows from them are hatched,
scenarios dashed.
"""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.util import Pt

from kg_analysis.briefing.elements import Plot
from kg_analysis.briefing.palette import colours, is_dashed, is_hatched
from kg_analysis.charts.theme import MUTED, RULE

_TYPES = {
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked_column": XL_CHART_TYPE.COLUMN_STACKED,
    "stacked_bar": XL_CHART_TYPE.BAR_STACKED,
    "line": XL_CHART_TYPE.LINE,
}
_MOST_LABELLED = 24  # values; beyond, labels cover each other


def add_chart(slide: Any, plot: Plot, box: tuple[Any, Any, Any, Any]) -> Any:
    """Graphic frame of a chart in ``box`` (left, top, width, height)."""
    data = CategoryChartData(number_format=number_format(plot))
    data.categories = plot.categories
    for series in plot.series:
        data.add_series(series.label, series.values)
    frame = slide.shapes.add_chart(_TYPES[plot.kind], *box, data)
    chart = frame.chart
    chart.font.size = Pt(12)
    chart.has_title = False
    chart.has_legend = len(plot.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _axes(chart, plot)
    _labels(chart.plots[0], plot)
    for series, drawn, colour in zip(plot.series, chart.plots[0].series, colours(len(plot.series)), strict=True):
        if plot.kind == "line":
            _line(drawn, colour, dashed=any(is_dashed(each) for each in series.bases))
        else:
            _bars(drawn, colour, series.bases)
    return frame


def number_format(plot: Plot) -> str:
    """Format of the values; the decimal sign is that of the reader's Office."""
    return "#,##0." + "0" * plot.decimals if plot.decimals else "#,##0"


def _axes(chart: Any, plot: Plot) -> None:
    values, categories = chart.value_axis, chart.category_axis
    values.major_gridlines.format.line.color.rgb = _rgb(RULE)
    values.format.line.fill.background()
    values.tick_labels.font.size, values.tick_labels.font.color.rgb = Pt(11), _rgb(MUTED)
    known = [each for series in plot.series for each in series.values if each is not None]
    if plot.kind != "line" and known and min(known) >= 0:
        values.minimum_scale = 0  # a bar's length is its value
    if plot.kind != "line" and known and max(known) <= 0:
        values.maximum_scale = 0
    large = max(map(abs, known), default=0) >= 1000
    values.tick_labels.number_format = "#,##0" if large else "General"
    values.tick_labels.number_format_is_linked = False
    values.has_title = bool(plot.unit_label)
    if plot.unit_label:
        values.axis_title.text_frame.text = plot.unit_label
        run = values.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold, run.font.color.rgb = Pt(11), False, _rgb(MUTED)
    categories.format.line.color.rgb = _rgb(MUTED)
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # below the bars that hang under zero
    if "bar" in plot.kind:
        categories.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH


def _labels(drawn: Any, plot: Plot) -> None:
    count = sum(each is not None for series in plot.series for each in series.values)
    drawn.has_data_labels = plot.kind != "line" and count <= _MOST_LABELLED
    if plot.kind == "line":
        return
    drawn.gap_width, drawn.vary_by_categories = 60, False
    if drawn.has_data_labels:
        labels = drawn.data_labels
        labels.number_format, labels.number_format_is_linked = number_format(plot), False
        labels.show_value = True
        stacked = plot.kind.startswith("stacked")
        labels.position = XL_LABEL_POSITION.CENTER if stacked else XL_LABEL_POSITION.OUTSIDE_END
        labels.font.size, labels.font.bold = Pt(12), True
        if stacked:
            labels.font.color.rgb = _rgb("#FFFFFF")


def _bars(drawn: Any, colour: str, bases: tuple[str, ...]) -> None:
    drawn.invert_if_negative = False
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = _rgb(colour)
    for number, basis in enumerate(bases):
        if is_hatched(basis):
            fill = drawn.points[number].format.fill
            fill.patterned()
            fill.pattern = MSO_PATTERN.LIGHT_UPWARD_DIAGONAL
            fill.fore_color.rgb, fill.back_color.rgb = _rgb("#FFFFFF"), _rgb(colour)


def _line(drawn: Any, colour: str, *, dashed: bool) -> None:
    drawn.smooth = False
    drawn.format.line.width, drawn.format.line.color.rgb = Pt(2.5), _rgb(colour)
    if dashed:
        drawn.format.line.dash_style = MSO_LINE.DASH


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))
