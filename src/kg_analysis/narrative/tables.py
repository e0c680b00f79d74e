"""Tables as the page prints them: labels and numbers in the reader's language.

Responsibility: from rows of numbers to an HTML table. No arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from numbers import Number

from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.neighbours import name_of
from kg_analysis.quantities import Quantity, Row

HIDDEN = frozenset(
    {
        "check",
        "delay_printed",
        "differs_in",
        "figure_ids",
        "formula",
        "item",
        "reason",
        "rests_on",
        "deaths_series_source_id",
        "source_ids",
        "series_source_id",
        "unit",
        "unit_name_printed",
    }
)  # in the CSV, not on the page
# Where the words for the ids of a column stand, if not under ``cell``.
_WORDS = {
    "delay": "investment.",
    "unit_name": "investment.unit_",
    "system": "overview.system_",
    "status": "overview.status_",
    "period": "vintages.period_",
    "done": "vintages.period_",
    "quarter": "vintages.period_",
    "sector": "growth.sector_",
    "scenario": "growth.scenario_",
    "spread": "growth.spread_",
}


def html_table(rows: Sequence[Row], here: ReportContext) -> str:
    """HTML of a table: one header row, words to the left, numbers to the right, a dash where nothing is printed."""
    columns = [name for name in rows[0] if name not in HIDDEN]
    head = "".join(
        f'<th scope="col" style="text-align: {_align(rows[0][name])}">{escape(column_label(name, here))}</th>'
        for name in columns
    )
    body = "".join("<tr>" + "".join(_cell(row, name, here) for name in columns) + "</tr>" for row in rows)
    return f'<table class="dataframe"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def column_label(name: str, here: ReportContext) -> str:
    """Heading of a column; an analyst's own column, of which the texts know nothing, keeps its name."""
    return here.say(f"column.{name}") if here.page.knows(f"column.{name}") else name


def cell_text(cell: object, column: str, here: ReportContext, otherwise: object = None) -> str:
    """A cell as the page prints it; an id without words gives way to what is printed in its stead."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, Quantity):
        return here.page.quantity(cell)
    if isinstance(cell, date):
        return here.page.date(cell)
    if isinstance(cell, Number):
        return str(cell) if column.endswith("year") else here.page.number(int(str(cell)), 0)
    return _word(str(cell), column, here) or str(otherwise or cell)


def _word(cell: str, column: str, here: ReportContext) -> str:
    """What a text stands for in the reader's language; "" where it is no id."""
    if column.endswith("_places"):
        return here.places(cell)
    if column == "boundary_version":
        return name_of(cell, here)
    if column == "vintage":
        return here.fmt.published(cell)
    for key in (f"{_WORDS.get(column, 'cell.')}{cell}", f"cell.{cell}"):
        if here.page.knows(key):
            return here.say(key)
    return here.label(cell) if cell in here.data.indicators.index else ""


def _cell(row: Row, column: str, here: ReportContext) -> str:
    text = cell_text(row[column], column, here, row.get(f"{column}_printed"))
    return f'<td style="text-align: {_align(row[column])}">{escape(text)}</td>'


def _align(cell: object) -> str:
    return "left" if isinstance(cell, str) else "right"
