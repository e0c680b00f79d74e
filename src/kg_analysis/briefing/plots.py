"""A chart's rows as categories and series, for formats with native charts.

Responsibility: pivot what a chart plots. Labels are those of the tables, or ``plot.<chart>_<id>`` where a chart has
words of its own.
"""

from __future__ import annotations

import pandas as pd

from kg_analysis.briefing.elements import Plot, Series
from kg_analysis.briefing.native_charts import PLOTS, Native
from kg_analysis.briefing.tables import unit_label
from kg_analysis.charts.chart import Chart
from kg_analysis.findings.tables import cell_text
from kg_analysis.narrative.context import ReportContext


def plot(chart: Chart, here: ReportContext) -> Plot | None:
    """Native plot of a chart; None where no native type shows it, or its rows do not fit one."""
    spec = PLOTS.get(chart.name)
    if spec is None:
        return None
    rows = _kept(chart.data, spec)
    if rows is None or rows.empty:
        return None
    keys = rows[spec.category.split()].astype(str).agg(" ".join, axis=1)
    names = rows[spec.series].astype(str) if spec.series else pd.Series("", index=rows.index)
    if pd.DataFrame({"key": keys, "name": names}).duplicated().any():
        return None
    order = list(dict.fromkeys(keys))
    series = tuple(_series(name, rows[names == name], keys, order, spec, chart, here) for name in dict.fromkeys(names))
    labels = tuple(_category(rows[keys == key].iloc[0], spec, chart, here) for key in order)
    unit = unit_label(spec.unit, here.page)
    return Plot(spec.kind, labels, series, spec.unit, unit, _decimals(rows[spec.value]))


def _kept(rows: pd.DataFrame, spec: Native) -> pd.DataFrame | None:
    """Rows to plot; None where an id that the plot needs is not there."""
    for column, ids in spec.only:
        wanted = ids.split()
        if not set(wanted) <= set(rows[column]):
            return None
        rows = rows[rows[column].isin(wanted)]
    for column, ids in spec.drop:
        rows = rows[~rows[column].isin(ids.split())]
    return rows


def _series(
    name: str, rows: pd.DataFrame, keys: pd.Series, order: list[str], spec: Native, chart: Chart, here: ReportContext
) -> Series:
    at = rows.set_index(keys[rows.index])
    numbers = pd.to_numeric(at[spec.value]).to_dict()
    values = tuple(None if pd.isna(numbers.get(key, float("nan"))) else float(numbers[key]) for key in order)
    bases = at["basis"].to_dict() if "basis" in at else {}
    label = _word(name, spec.series, chart, here) if name else chart.title
    return Series(name, label, values, tuple(str(bases.get(key, "")) for key in order))


def _category(row: pd.Series, spec: Native, chart: Chart, here: ReportContext) -> str:
    return ", ".join(_word(row[each], each, chart, here) for each in spec.category.split())


def _word(cell: object, column: str, chart: Chart, here: ReportContext) -> str:
    key = f"plot.{chart.name}_{cell}"
    if here.page.knows(key):
        return here.say(key)
    if column == "phase" and str(cell).isdecimal():
        return here.say("plot.phase", number=cell)
    if isinstance(cell, float):
        return here.page.number(cell, 0 if cell == round(cell) else 1)
    return cell_text(str(cell), column, here)


def _decimals(values: pd.Series) -> int:
    """Most decimals of the values, which are rounded as the page prints them."""
    digits = [f"{float(each):.6f}".rstrip("0").partition(".")[2] for each in values.dropna()]
    return max((len(each) for each in digits), default=0)
