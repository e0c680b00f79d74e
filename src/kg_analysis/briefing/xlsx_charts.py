"""A chart on a sheet: its rows, and a native chart of them, or the picture where no native type shows it.

Responsibility: from a plot to an Excel chart in the house style; estimates hatched, scenarios dashed.
"""

from __future__ import annotations

import io

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series as DrawnSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.image import Image
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.worksheet import Worksheet

from kg_analysis.briefing.elements import Figure, Plot
from kg_analysis.briefing.model import Briefing
from kg_analysis.briefing.palette import colours, is_dashed, is_hatched
from kg_analysis.briefing.xlsx_sheets import header, heading, line, number, number_format, text, widths
from kg_analysis.charts.chart import Chart
from kg_analysis.charts.theme import FOCUS, RULE

FIRST = 5  # row of the header
_WIDTH, _HEIGHT = 24.0, 12.0  # cm


def add_figure(sheet: Worksheet, figure: Figure, briefing: Briefing) -> None:
    """Write a chart's title, rows and source, and the chart itself."""
    chart = figure.chart
    heading(sheet, 1, chart.title)
    sheet.page_setup.fitToHeight = 1
    source = f"{briefing.words['source']} {chart.source}"
    if figure.plot is None:
        image = Image(io.BytesIO(chart.png))
        image.width, image.height = 850, round(850 * image.height / image.width)
        sheet.add_image(image, f"A{FIRST}")
        _around(sheet, chart, source, FIRST + round(image.height / 20) + 2, {1: 30})
        return
    wide = _rows(sheet, figure.plot, briefing.words["value"])
    last = FIRST + len(figure.plot.categories)
    sheet.add_chart(_chart(sheet, figure.plot, chart.title), f"A{last + 2}")
    below = last + 2 + round(_HEIGHT / 0.5) + 2
    _around(sheet, chart, source, below, wide)


def _around(sheet: Worksheet, chart: Chart, source: str, below: int, wide: dict[int, float]) -> None:
    """What stands over and under a chart, over the width of its rows and at least of the chart."""
    wide = dict.fromkeys(range(1, 6), 22.0) | wide
    widths(sheet, wide)
    for row, words in ((3, chart.subtitle), (below, source), (below + 1, chart.alt)):
        line(sheet, row, words, last=max(wide), letters=sum(wide.values()))


def _rows(sheet: Worksheet, plot: Plot, value: str) -> dict[int, float]:
    """Write the rows; the widths of their columns."""
    unit = f" ({plot.unit_label})" if plot.unit_label else ""
    header(sheet.cell(FIRST, 1), "", right=False)
    for column, series in enumerate(plot.series, 2):
        header(sheet.cell(FIRST, column), f"{series.label if series.id else value}{unit}", right=True)
        for row, plotted in enumerate(series.values, FIRST + 1):
            if plotted is not None:
                number(sheet.cell(row, column), plotted, plot.decimals)
    for row, category in enumerate(plot.categories, FIRST + 1):
        text(sheet.cell(row, 1), category)
    longest = max(len(each) for each in plot.categories)
    sheet.freeze_panes = sheet.cell(FIRST + 1, 2)
    return {1: min(max(30, longest + 2), 60), **dict.fromkeys(range(2, len(plot.series) + 2), 26)}


def _chart(sheet: Worksheet, plot: Plot, title: str) -> BarChart | LineChart:
    lined = plot.kind == "line"
    chart = LineChart() if lined else BarChart()
    chart.width, chart.height = _WIDTH, _HEIGHT
    chart.legend = chart.legend if len(plot.series) > 1 else None
    if chart.legend is not None:
        chart.legend.position = "b"
    if isinstance(chart, BarChart):
        chart.type = "bar" if plot.kind.endswith("bar") else "col"
        chart.gapWidth = 60
        if plot.kind.startswith("stacked"):
            chart.grouping, chart.overlap = "stacked", 100
    last = FIRST + len(plot.categories)
    columns = Reference(sheet, min_col=2, max_col=1 + len(plot.series), min_row=FIRST, max_row=last)
    chart.add_data(columns, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=FIRST + 1, max_row=last))
    for series, drawn, colour in zip(plot.series, chart.series, colours(len(plot.series)), strict=True):
        if lined:
            _line(drawn, colour, dashed=any(is_dashed(each) for each in series.bases))
        else:
            _bars(drawn, colour, series.bases)
    _axes(chart, plot)
    return chart


def _axes(chart: BarChart | LineChart, plot: Plot) -> None:
    chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl hides both
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=RULE.removeprefix("#")))
    chart.y_axis.title = plot.unit_label or None
    chart.x_axis.tickLblPos = "low"  # below the bars that hang under zero
    chart.y_axis.number_format = "General"
    known = [each for series in plot.series for each in series.values if each is not None]
    if max(map(abs, known), default=0) >= 1000:
        chart.y_axis.number_format = "#,##0"
    if plot.kind != "line" and known and min(known) >= 0:
        chart.y_axis.scaling.min = 0  # a bar's length is its value
    if plot.kind.endswith("bar"):
        chart.x_axis.scaling.orientation = "maxMin"  # the first category on top
        chart.y_axis.crosses = "max"
    if plot.kind != "line":
        labels = DataLabelList()
        labels.showVal, labels.numFmt = True, number_format(plot.decimals)
        labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
        chart.dataLabels = labels


def _bars(drawn: DrawnSeries, colour: str, bases: tuple[str, ...]) -> None:
    drawn.graphicalProperties.solidFill = colour.removeprefix("#")
    drawn.invertIfNegative = False
    for number_, basis in enumerate(bases):
        if is_hatched(basis):
            point = DataPoint(idx=number_, invertIfNegative=False)
            white, own = ColorChoice(srgbClr="FFFFFF"), ColorChoice(srgbClr=colour.removeprefix("#"))
            point.graphicalProperties.pattFill = PatternFillProperties(prst="ltUpDiag", fgClr=white, bgClr=own)
            drawn.dPt.append(point)


def _line(drawn: DrawnSeries, colour: str, *, dashed: bool) -> None:
    drawn.smooth = False
    drawn.graphicalProperties.line.solidFill = (colour or FOCUS).removeprefix("#")
    drawn.graphicalProperties.line.width = 28575
    if dashed:
        drawn.graphicalProperties.line.dashStyle = "dash"
