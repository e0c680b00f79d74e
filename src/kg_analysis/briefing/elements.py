"""What stands in a part of a briefing: tables, charts with their plots, calculations.

Responsibility: the finished elements that a writer lays out; see :mod:`kg_analysis.briefing.model`.

Terms: *plot* = a chart's rows as categories and series, for formats with native charts; *calculation* = results with
their formula and the inputs that a reader may change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from kg_analysis.charts.chart import Chart
from kg_analysis.quantities import Quantity

Value = Quantity | date | int | None


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        Its id, that of the CSV.
    label : str
    unit : str
        Unit id of all its quantities; "" where they differ or there are none.
    unit_label : str
        Unit as the page names it: ``tỷ đồng``; "" where ``unit`` is.
    numeric : bool
        Whether it holds numbers or days, which stand to the right.
    """

    name: str
    label: str
    unit: str
    unit_label: str
    numeric: bool

    @property
    def head(self) -> str:
        """Label with its unit: ``Kế hoạch (tỷ đồng)``."""
        return f"{self.label} ({self.unit_label})" if self.unit_label else self.label


@dataclass(frozen=True)
class Cell:
    """A cell as printed, with the number behind it.

    Attributes
    ----------
    text : str
        As the page prints it, with unit and, where it is not stable, its interval.
    value : Quantity, date, int or None
        None where the cell is words or nothing is printed.
    unit_label : str
        Unit as the page names it; "" without one.
    bare : str
        The text without the unit, for a column that names it in its head.
    """

    text: str
    value: Value = None
    unit_label: str = ""
    bare: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row with the printed figures that it rests on."""

    cells: tuple[Cell, ...]
    figure_ids: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of the run.

    Attributes
    ----------
    name : str
        Stem of its CSV.
    title : str
    columns : tuple of Column
    rows : tuple of TableRow
        As many cells as columns.
    source : str
        Source line of all rows; "" where they rest on no printed figure.
    data : DataFrame
        The same rows as numbers with bounds and figure ids, as the CSV holds them.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    source: str
    data: pd.DataFrame


@dataclass(frozen=True)
class Series:
    """One series of a plot: a value a category, None where nothing is printed.

    Attributes
    ----------
    id : str
        Id as in the chart's rows, e.g. ``implied``; "" for the only one.
    label : str
    values : tuple of float or None
    bases : tuple of str
        Of each value: actual, estimate, plan, scenario, derived, derived_estimate, or "" where the rows do not say.
    """

    id: str
    label: str
    values: tuple[float | None, ...]
    bases: tuple[str, ...]


@dataclass(frozen=True)
class Plot:
    """A chart's rows for a native chart.

    Attributes
    ----------
    kind : str
        ``column``, ``bar`` (horizontal), ``line``, ``stacked_bar`` or ``stacked_column``.
    categories : tuple of str
    series : tuple of Series
    unit : str
        Unit id of the values.
    unit_label : str
    decimals : int
        Most decimals of the values as printed.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    unit_label: str
    decimals: int


@dataclass(frozen=True)
class Figure:
    """A chart, and its rows for a native one.

    Attributes
    ----------
    chart : Chart
        Title (the finding), subtitle, source, alt text, rows, PNG and SVG.
    plot : Plot or None
        None where no native type shows it.
    """

    chart: Chart
    plot: Plot | None


@dataclass(frozen=True)
class Input:
    """An input that a reader may change.

    Attributes
    ----------
    id : str
        Name in formulas: a lower-case word.
    label : str
    quantity : Quantity
    text : str
        As printed.
    unit_label : str
    source : str
        Source line of a printed figure, or the basis of an assumption.
    """

    id: str
    label: str
    quantity: Quantity
    text: str
    unit_label: str
    source: str


@dataclass(frozen=True)
class Result:
    """A result of a calculation.

    Attributes
    ----------
    id, label : str
    formula : str
        Of input and earlier result ids, numbers, ``+ - * /`` and parentheses: ``plan * target / 100 - paid``.
    quantity : Quantity
        The library's own result, which the formula equals at the inputs' values.
    text, unit_label : str
    """

    id: str
    label: str
    formula: str
    quantity: Quantity
    text: str
    unit_label: str


@dataclass(frozen=True)
class Calculation:
    """Results that follow from inputs a reader may change."""

    name: str
    title: str
    inputs: tuple[Input, ...]
    results: tuple[Result, ...]
