"""Where the items of the registry are worked out, and every number that is printed is remembered.

Responsibility: call the library with the frames that it names; a part whose figures are not printed becomes a
:class:`Missing` with the reader's reason. Whatever a sentence, a title or a chart says was printed by the
:class:`Witness`, so that a number it does not remember was not computed.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from kg_analysis.briefing import editor, native
from kg_analysis.briefing.content import Cell, Column, Figure, Table
from kg_analysis.briefing.registry import CHARTS, FINDINGS, SENTENCES, TABLES, Frames
from kg_analysis.charts.frame import Chart, drawing_size, drawn, of_figure
from kg_analysis.charts.layout import LayoutError
from kg_analysis.charts.theme import SIZE
from kg_analysis.errors import DataError, LeftOutError
from kg_analysis.formats import NumberFormatter, Quantity, Row, frame, in_language, number, round_to, rows
from kg_analysis.narrative.context import HIDDEN, ReportContext, cell_text, column_label
from kg_analysis.narrative.wording import capital, need

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Missing:
    """Stands for a result whose figures are not printed; a reader need not be told what an editor left out ("")."""

    reason: str


@dataclass(frozen=True)
class Witness(NumberFormatter):
    """Printer that keeps what it printed.

    Attributes
    ----------
    quantities : list of (str, Quantity)
        With their printed text, in the order of printing.
    others : dict of str to int or date
        Counts of rows and days by their printed text; ticks of an axis say nothing and are not kept.
    """

    quantities: list[tuple[str, Quantity]] = field(default_factory=list, compare=False)
    others: dict[str, int | dt.date] = field(default_factory=dict, compare=False)

    def quantity(self, quantity: Quantity, style: str = "") -> str:
        """As the page prints it, remembered."""
        text = super().quantity(quantity, style)
        self.quantities.append((text, quantity))
        return text

    def bounded(self, row: Mapping[Any, Any] | pd.Series, column: str, style: str = "") -> str:
        """As the page prints it, remembered."""
        before = len(self.quantities)
        text = super().bounded(row, column, style)
        if len(self.quantities) == before:
            self.quantities.append((text, number(row, column)))
        return text

    def date(self, day: dt.date) -> str:
        """As the page prints it, remembered."""
        return self._keep(super().date(day), day)

    def short_date(self, day: dt.date) -> str:
        """As the page prints it, remembered."""
        return self._keep(super().short_date(day), day)

    def published(self, vintage: str) -> str:
        """As the page prints it, remembered as the first day that it can mean."""
        return self._keep(super().published(vintage), first_day(vintage))

    def rows(self) -> list[Row]:
        """What was printed, in the order of first printing: ``shown`` and ``value`` (with its figures, or a day)."""
        once = {(text, quantity.figure_ids): quantity for text, quantity in reversed(self.quantities)}
        rows: list[Row] = [{"shown": text, "value": once[text, ids]} for text, ids in reversed(once)]
        return rows + [{"shown": text, "value": value} for text, value in self.others.items()]

    def figures_since(self, mark: int) -> set[str]:
        """Figures behind what was printed after the first ``mark`` quantities."""
        return {each for _, quantity in self.quantities[mark:] for each in quantity.figure_ids}

    def _keep(self, text: str, value: dt.date) -> str:
        self.others.setdefault(text, value.date() if isinstance(value, dt.datetime) else value)
        return text

    def value(self, value: float, column: str, spec: str = "") -> str:
        """As the page prints it, remembered."""
        text = super().value(value, column, spec)
        self.quantities.append((text, number({column: value}, column)))
        return text

    def _field(self, key: str, name: str, spec: str, values: dict[str, Any]) -> str:
        text = super()._field(key, name, spec, values)
        if isinstance(values.get(name), int):
            self.others.setdefault(text, values[name])
        return text


@dataclass
class Desk:
    """What a briefing is worked out from: the data with the printer, and the registry's frames, each made once.

    Attributes
    ----------
    here : ReportContext
        Dataset and page.
    page : Witness
        The same page, which remembers what it prints.
    inputs : dict
        Scenario inputs by name; None where the reader sets none.
    narrow : bool
        Whether charts are drawn for a narrow screen too.
    """

    here: ReportContext
    page: Witness
    inputs: Mapping[str, float | None]
    narrow: bool = False
    _figures: dict[tuple[str, bool], Figure | Missing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.frames = Frames(self.here, self.inputs)

    def named(self, kind: str, name: str) -> Any:
        """Item of a kind by its name; a Missing where its figures are not printed, or a rule leaves it out."""
        if editor.is_absurd(name, self.frames):
            return Missing("")
        return self.made(lambda: _MADE[kind](name, self.frames))

    def made(self, function: Callable[[], Any]) -> Any:
        """What a function of the frames gives; a Missing where its figures are not printed."""
        try:
            return function()
        except LeftOutError as error:
            return Missing(self.here.say(f"missing.{error.missing}"))
        except LayoutError:
            raise
        except DataError as error:  # one part never takes the briefing down; the log says which
            log.warning("left out: %s", error)
            return Missing("")

    def figure(self, name: str, size: str, *, titled: bool = True) -> Figure | Missing:
        """Chart of the registry with its native plot, drawn once, in the size that is asked for first.

        Where a heading beside it says the title, the picture is drawn without one (``titled``).
        """
        if (name, titled) not in self._figures:
            self._figures[name, titled] = self._figure(name, size, titled)
        return self._figures[name, titled]

    def _figure(self, name: str, size: str, titled: bool) -> Figure | Missing:
        chart = self._chart(name, (size, "full", "half"), titled)
        if isinstance(chart, Missing):
            return chart
        narrow = self._chart(name, ("narrow",), titled) if self.narrow and titled else Missing("")
        return Figure(chart, b"" if isinstance(narrow, Missing) else narrow.svg, native.plot(chart, self.here))

    def _chart(self, name: str, sizes: Sequence[str], titled: bool) -> Chart | Missing:
        """Chart in the first of the sizes that its texts fit; Missing where they fit none."""
        for each in sizes:
            try:
                with drawn(each, titled=titled):
                    found: Chart | Missing = self.named("charts", name)
            except LayoutError:
                continue
            return found
        return Missing(self.here.say("briefing.chart_does_not_fit"))


def _drawn(name: str, frames: Frames) -> Chart:
    figure = frames.call(CHARTS[name])
    if figure.dropped and drawing_size() != SIZE:  # without a label a smaller picture says less: the next size
        raise LayoutError(f"no room for {figure.dropped[0]!r} in this size")
    return of_figure(figure)


def _listed(name: str, frames: Frames) -> Sequence[Row]:
    finding = TABLES[name]
    need(frames[finding.table], "rows")
    return rows(in_language(frames.table(finding), frames["ctx"].fmt.language))


_MADE: dict[str, Callable[[str, Frames], Any]] = {
    "findings": lambda name, frames: frames.call(FINDINGS[name].title),
    "sentences": lambda name, frames: frames.call(SENTENCES[name]),
    "caveats": lambda name, frames: frames.call(SENTENCES[name]),
    "charts": _drawn,
    "tables": _listed,
}


def table(name: str, listed: Sequence[Row], ctx: ReportContext) -> Table:
    """Table as the page prints it, with its numbers and its source line.

    Parameters
    ----------
    name : str
        Stem of its CSV; the title is the text ``briefing.table_<name>``.
    listed : sequence of Row
        At least one; all with the same keys.
    ctx : ReportContext
    """
    names = [each for each in listed[0] if each not in HIDDEN and any(row[each] is not None for row in listed)]
    columns = tuple(_column(each, listed, ctx) for each in names)
    printed = [[_cell(row, each, ctx) for each in names] for row in listed]
    first = [[replace(row[0], text=capital(row[0].text), bare=capital(row[0].bare)), *row[1:]] for row in printed]
    ids = [_ids(row) for row in listed]
    known = sorted({each for some in ids for each in some} & set(ctx.data.published.index))
    source = ctx.cite(known) if known else ""
    title = ctx.say(f"briefing.table_{name}")
    return Table(name, title, columns, tuple(map(tuple, first)), tuple(map(" ".join, ids)), source, frame(listed))


def first_day(vintage: str) -> dt.date:
    """First day that a vintage can mean: ``2021-12`` is 1 December 2021."""
    return dt.date.fromisoformat(vintage + "-01" * (2 - vintage.count("-")))


def _column(name: str, listed: Sequence[Row], ctx: ReportContext) -> Column:
    cells = [row[name] for row in listed if row[name] is not None]
    units = {each.unit for each in cells if isinstance(each, Quantity)}
    unit = native.unit_label(units.pop(), ctx.fmt) if len(units) == 1 else ""
    return Column(
        name, column_label(name, ctx), unit, all(isinstance(each, Quantity | dt.date | int) for each in cells)
    )


def _cell(row: Row, name: str, ctx: ReportContext) -> Cell:
    found = row[name]
    text = cell_text(found, name, ctx, row.get(f"{name}_printed"))
    if isinstance(found, Quantity):
        return _quantity_cell(found, text, ctx)
    return Cell(text, text, found if isinstance(found, dt.date | int) else None if found is None else text)


def _quantity_cell(found: Quantity, text: str, ctx: ReportContext) -> Cell:
    """Cell of a number: rounded as printed, its bounds where it has any."""
    decimals, finest = found.shown_decimals, found.shown_decimals + (found.decimals is not None)
    exact = found.low == found.high
    low, high = (None if exact or math.isinf(each) else round_to(each, finest) for each in (found.low, found.high))
    value = None if found.value is None else round_to(found.value, decimals)
    unit, hedge = native.unit_label(found.unit, ctx.fmt), f"investment.hedge_{_hedge(found)}"
    shown, bare = (ctx.say(hedge, n=each) for each in (text, ctx.fmt.quantity(found, "n")))
    return Cell(shown, bare, text if value is None else value, low, high, decimals, unit)


def _hedge(found: Quantity) -> str:
    """Word of a printed number that its bounds tell: they begin or end at it, or are wider than its rounding."""
    if found.decimals is None or found.value is None or found.low == found.high:
        return "exact"
    if found.value in (found.low, found.high):
        return "approx_above" if found.low == found.value else "approx_below"
    return "exact" if float(found.high - found.low) <= 1.001 * 10**-found.decimals else "vague"


def _ids(row: Row) -> tuple[str, ...]:
    if "figure_ids" in row:
        return tuple(str(row["figure_ids"] or "").split())
    return tuple(sorted({one for each in row.values() if isinstance(each, Quantity) for one in each.figure_ids}))
