"""Which charts a format can show as native ones, and their rows as categories and series.

Responsibility: pivot what a chart plots, with each number rounded and printed as the page prints it, and say what the
native chart itself shows: hatching, dashes, whiskers. A chart without a line here stays a picture.

Terms: *native* = drawn by PowerPoint or Excel itself, from rows that a reader can edit. Levels and changes never share
an axis: the values of a plot have one unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kg_analysis.briefing.content import Plot, Series
from kg_analysis.charts.frame import FEWEST_NUMBERS, Chart
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter, number, round_to, unit_of
from kg_analysis.narrative.context import ReportContext, cell_text
from kg_analysis.narrative.investment import item_name
from kg_analysis.narrative.neighbours import name_of
from kg_analysis.narrative.wording import capital

FEWEST_PER_CENT = 3.0  # of the largest value: narrower bounds would be a whisker that nobody sees


@dataclass(frozen=True)
class Native:
    """How a chart's rows become a native one.

    Attributes
    ----------
    kind : str
        As :class:`kg_analysis.briefing.content.Plot`.
    category, value : str
        Columns of the chart's rows, separated by blanks; several categories are joined, several values are series.
    series : str
        Column that tells the series apart; "" where the values do.
    only, drop : tuple of (str, str)
        A column and the ids to keep or to leave out, separated by blanks; without an id to keep there is no chart.
    basis : str
        Column whose ``estimate`` is hatched, for bars of the column ``hatched`` ("" for all).
    dashed : str
        Series drawn dashed.
    """

    kind: str
    category: str
    value: str
    series: str = ""
    only: tuple[tuple[str, str], ...] = ()
    drop: tuple[tuple[str, str], ...] = ()
    basis: str = "basis"
    hatched: str = ""
    dashed: str = ""


PLOTS = {
    "overview_targets": Native(
        "stacked_bar", "system", "count", "status", only=(("status", "exceeded met missed"),), basis=""
    ),
    "overview_tasks": Native("bar", "system status", "count"),
    "growth_periods": Native("column", "period", "growth_pct", drop=(("basis", "scenario"),)),
    "growth_rest_of_year": Native("line", "share_pct", "need_pct", "goal", dashed="zero"),
    "growth_neighbours": Native("bar", "boundary_version", "growth_pct", only=(("latest", "True"),)),
    "covid_daily_cases": Native("line", "date", "mean_cases_per_day"),
    "covid_community_share": Native("bar", "phase", "community_share_pct"),
    "covid_reproduction": Native(
        "line",
        "date",
        "reproduction_number reproduction_number_low reproduction_number_high",
        dashed="reproduction_number_low reproduction_number_high",
    ),
    "investment_versions": Native(
        "bar", "standing as_of", "disbursed_bn_vnd plan_bn_vnd", basis="standing", hatched="disbursed_bn_vnd"
    ),
    "investment_holders": Native("bar", "item", "undisbursed_bn_vnd"),
}
_WORDS: dict[str, Callable[[str, ReportContext], str]] = {
    "item": lambda cell, ctx: item_name(cell, ctx) if cell else ctx.say("investment.rest_of_works"),
    "boundary_version": name_of,
    "phase": lambda cell, ctx: ctx.say("plot.phase", number=cell) if cell.isdecimal() else ctx.say(f"cell.{cell}"),
}


def plot(chart: Chart, ctx: ReportContext) -> Plot | None:
    """Native plot of a chart; None where no native type shows it, or its rows do not fit one."""
    spec = PLOTS.get(chart.name)
    if spec is None:
        return None
    rows = _kept(chart.data, spec)
    if rows is None or rows.empty:
        return None
    labels = [_category(row, spec, chart, ctx) for row in rows.to_dict("records")]
    names = rows[spec.series].astype(str).tolist() if spec.series else [""] * len(rows)
    if len({*zip(labels, names, strict=True)}) < len(rows):
        return None
    order = list(dict.fromkeys(labels))
    series = []
    for name in dict.fromkeys(names):
        own = [at for at, other in enumerate(names) if other == name]
        places = {labels[at]: rows.iloc[at] for at in own}
        series += [_series(name, column, places, order, spec, chart, ctx) for column in spec.value.split()]
    known = [each for each in series if any(value is not None for value in each.values)]
    if sum(value is not None for each in known for value in each.values) < FEWEST_NUMBERS:
        return None
    top = max(abs(value) for each in known for value in each.values if value is not None)
    shown = tuple(_visible(each, top) for each in known)
    unit, caption = unit_label(unit_of(spec.value.split()[0]), ctx.fmt), _caption(chart, shown, spec, rows, ctx)
    if len(shown) == 1 and any(shown[0].bounds) and spec.kind != "line":  # a label would stand on the whisker
        order = [f"{label}: {text}" for label, text in zip(order, shown[0].shown, strict=True)]
        shown = (replace(shown[0], shown=("",) * len(order)),)
    return Plot(spec.kind, tuple(order), shown, unit, caption)


def unit_label(unit: str, fmt: NumberFormatter) -> str:
    """Unit as the page names it: ``tỷ đồng``, ``%``; "" for plain counts and ranks."""
    return fmt.text(f"units.{unit}").replace("{n}", "").strip() if fmt.knows(f"units.{unit}") else ""


def _kept(rows: pd.DataFrame, spec: Native) -> pd.DataFrame | None:
    """Rows to plot; None where a column or an id that the plot needs is not there."""
    if not {*spec.category.split(), *spec.value.split()} <= set(rows):
        return None
    for column, ids in spec.only:
        if not set(ids.split()) <= set(rows[column].astype(str)):
            return None
        rows = rows[rows[column].astype(str).isin(ids.split())]
    for column, ids in spec.drop:
        rows = rows[~rows[column].astype(str).isin(ids.split())]
    return rows[rows[spec.value.split()].notna().any(axis=1) | (spec.kind == "line")]


def _series(
    name: str,
    column: str,
    places: dict[str, pd.Series],
    order: list[str],
    spec: Native,
    chart: Chart,
    ctx: ReportContext,
) -> Series:
    cells = [_cell(places.get(label), column, ctx) for label in order]
    hatches = spec.basis if column == (spec.hatched or column) else ""
    bases = tuple(str(places[label].get(hatches, "")) if label in places else "" for label in order)
    label = _word(name, spec.series, chart, ctx) if name else _value_label(column, chart, ctx)
    values, shown, bounds = (tuple(found) for found in zip(*cells, strict=True))
    dashed = bool({name, column} & set(spec.dashed.split())) or bool({"scenario", "plan"} & set(bases))
    own = str(ctx.data.figures["boundary_version"].iloc[0]) if spec.category == "boundary_version" else ""
    focus = [at for at, each in enumerate(order) if own and each in places and places[each]["boundary_version"] == own]
    return Series(label, values, shown, bases, bounds, dashed, tuple(focus))


def _cell(row: pd.Series | None, column: str, ctx: ReportContext) -> tuple[float | None, str, Any]:
    """A number as printed, its text without unit, and its bounds."""
    if row is None or pd.isna(row[column]):
        return None, "", None
    ends = [row.get(f"{column}{end}") for end in ("_low", "_high")]
    try:
        found = number(row, column)
    except DataError:
        return None, "", None
    decimals = found.shown_decimals
    value = round_to(row[column], decimals)
    text = ctx.fmt.number(value, decimals)
    if any(each is None or pd.isna(each) for each in ends):
        return value, text, None
    finest = decimals + (found.decimals is not None)
    return value, text, (round_to(found.low, finest), round_to(found.high, finest))


def _visible(series: Series, top: float) -> Series:
    """The series with those bounds only that a reader can see."""
    pairs = zip(series.values, series.bounds, strict=True)
    wide = tuple(
        pair if pair and value is not None and 100 * (pair[1] - pair[0]) >= FEWEST_PER_CENT * top else None
        for value, pair in pairs
    )
    return replace(series, bounds=wide)


def _caption(chart: Chart, series: tuple[Series, ...], spec: Native, rows: pd.DataFrame, ctx: ReportContext) -> str:
    """Measure, place and period as in the picture, then the marks that this chart has.

    A subtitle says first what is measured; the marks of the picture follow its first semicolon.
    """
    key = f"plot.caption_{chart.name}"
    parts = [ctx.say(key) if ctx.fmt.knows(key) else chart.subtitle.partition(";")[0]]
    if any(each.hatched for each in series) and spec.kind != "line":
        parts.append(ctx.say("plot.mark_hatched"))
    if spec.kind == "line" and any(each.dashed for each in series):
        names = ", ".join(each.label for each in series if each.dashed)
        parts.append(ctx.say("plot.mark_dashed", names=names))
    if any(any(each.bounds) for each in series) and spec.kind != "line":
        kinds = {str(each) for column in spec.value.split() for each in rows.get(f"{column}_kind", [])}
        parts.append(ctx.say("plot.mark_whisker_95" if "confidence_95" in kinds else "plot.mark_whisker"))
    return "; ".join(parts)


def _category(row: dict[Any, Any], spec: Native, chart: Chart, ctx: ReportContext) -> str:
    words = [_word(row[each], each, chart, ctx) for each in spec.category.split() if not _blank(row[each])]
    return capital(", ".join(words))


def _blank(cell: Any) -> bool:
    return not isinstance(cell, str) and bool(pd.isna(cell))


def _word(cell: Any, column: str, chart: Chart, ctx: ReportContext) -> str:
    key = f"plot.{chart.name}_{cell}"
    if ctx.fmt.knows(key):
        return ctx.say(key)
    if column in _WORDS:
        return _WORDS[column](str(cell), ctx)
    if isinstance(cell, pd.Timestamp):
        return ctx.fmt.date(cell.date())
    if column == "year" or isinstance(cell, int):
        return str(int(cell))
    if isinstance(cell, float):
        return ctx.fmt.number(cell, 0 if cell == round(cell) else 1)
    return cell_text(cell, column, ctx)


def _value_label(column: str, chart: Chart, ctx: ReportContext) -> str:
    key = f"plot.{chart.name}_{column}"
    return ctx.say(key) if ctx.fmt.knows(key) else ctx.say(f"column.{column}")
