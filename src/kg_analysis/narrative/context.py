"""What every sentence and chart needs besides its numbers: the data it rests on and the language it is printed in.

Responsibility: print texts and tables in the reader's language and cite figures down to section and footnote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from numbers import Number
from typing import Any

import pandas as pd

from kg_analysis.bounds import union_ids
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter, Quantity, Row


@dataclass(frozen=True)
class ReportContext:
    """Data and printer of one run."""

    data: Dataset
    fmt: NumberFormatter  # prints numbers, dates and sentences in the reader's language

    def say(self, key: str, **values: Any) -> str:
        """Text of a key with its values printed.

        ``{area}``, ``{year}`` and ``{doc}`` are always known: the report, or what is published (``{Doc}`` where a
        sentence begins). A value may be a row of a table: ``{wave.cases}``, see :meth:`NumberFormatter.say`.
        """
        edition = self.data.edition
        known: dict[str, Any] = {"area": self.data.area_name, "year": self.data.year}
        doc, start = (self.fmt.say(f"source.{each}_{edition}", **known) for each in ("doc", "start"))
        return self._as_city(self.fmt.say(key, **{**known, "doc": doc, "Doc": start, **values}))

    def _as_city(self, text: str) -> str:
        """The text; a city that answers to the Government itself is no province: ``thành phố Cần Thơ``."""
        if self.data.area not in self.fmt.text("source.cities").split():
            return text
        for pair in self.fmt.text("source.city").replace("{area}", self.data.area_name).split("; "):
            province, _, city = pair.partition(" = ")
            text = text.replace(province, city)
        return text

    def label(self, indicator: str) -> str:
        """Label of an indicator in the reader's language."""
        return str(self.data.indicators.at[indicator, f"label_{self.fmt.language}"])

    def cite(self, figure_ids: Iterable[str]) -> str:
        """Source line of the figures: a report with every section and footnote they stand in, a page with its date.

        Raises DataError: if no figure is given: what rests on nothing cannot be quoted.
        """
        chosen = self.data.rows(figure_ids)
        if chosen.empty:
            raise DataError("no figure to cite; pass the figures that the chart shows")
        ordered = chosen.assign(_source=[self._order(each) for each in chosen["source_id"]])
        parts = [self._source(str(rows["source_id"].iloc[0]), rows) for _, rows in ordered.groupby("_source")]
        return ". ".join(parts)

    def cite_series(self, source_ids: Iterable[str]) -> str:
        """Source line of rows of an optional series: what was collected, by whom, and the day it was taken.

        Raises DataError: if no source is given.
        """
        chosen = self.data.sources.loc[sorted(set(source_ids))]
        if chosen.empty:
            raise DataError("no source to cite; pass the source_id of the rows that the chart shows")
        return ". ".join(self._series_source(row) for _, row in chosen.iterrows())

    def sources(self, figure_ids: Iterable[Any], series: Iterable[Any] = ()) -> str:
        """Source line of cells of figure ids, each once, and of series; empty where there is neither."""
        ids, dense = union_ids(figure_ids).split(), sorted({each for each in series if isinstance(each, str) and each})
        return ". ".join([*([self.cite(ids)] if ids else []), *([self.cite_series(dense)] if dense else [])])

    def _series_source(self, row: pd.Series) -> str:
        key = {"collection": "source.collection", "synthetic": "source.made_up"}.get(row["kind"], "source.series")
        return self.say(key, **self._names(row), date=self.fmt.date(row["retrieved"]))

    def source_entry(self, row: pd.Series) -> str:
        """Line of a source in a list of sources: title, issuer, date, address."""
        names = self._names(row)
        dated = "" if pd.isna(row["doc_date"]) else self.fmt.date(row["doc_date"].date())
        return ", ".join(filter(None, [names["title"], names["issuer"], dated, row["url"]]))

    def publisher(self, source_id: str) -> str:
        """Who says something: a report by its year, a page by its issuer."""
        row = self._register(source_id)
        if row["kind"] != "report" or pd.isna(row["report_year"]):
            return self._names(row)["issuer"]
        return self.fmt.say("source.doc_report", year=int(row["report_year"]))

    def _names(self, row: pd.Series) -> dict[str, str]:
        """Title and issuer of a source in the reader's language; titles stand there in Vietnamese."""
        year = "" if pd.isna(row["report_year"]) else int(row["report_year"])
        own = self.fmt.language == "vi" or row["kind"] == "synthetic"
        title = row["title"] if own else self.say(f"source.kind_{row['kind']}", of=year)
        issuer = str(row["issuer"])
        for pair in self.fmt.text("source.names").split("; "):
            pattern, _, name = pair.partition(" = ")
            issuer = re.sub(pattern, name, issuer)
        return {"title": title, "issuer": issuer}

    def _order(self, source_id: str) -> tuple[bool, str]:
        """Reports first, then pages by their id."""
        return self._register(source_id)["kind"] != "report", source_id

    def _register(self, source_id: str) -> pd.Series:
        """A source, of the area or of another whose figures stand beside."""
        if source_id in self.data.sources.index:
            return self.data.sources.loc[source_id]
        return self.data.tables.sources.set_index("id").loc[source_id]

    def _source(self, source_id: str, rows: pd.DataFrame) -> str:
        source = self._register(source_id)
        if (rows["section"] == "").all():
            return self.say(
                "source.page", issuer=self._names(source)["issuer"], date=self.fmt.published(rows["vintage"].max())
            )
        places = dict.fromkeys(self._place(row) for _, row in rows.sort_values("start").iterrows())
        return self.say("source.line", **self._names(source), places="; ".join(places))

    def places(self, places: str) -> str:
        """Places of a report as they are quoted: ``I.2, footnote 3; I.1, paragraph 2``."""
        parts = (each.partition(", ") for each in places.split("; ") if each)
        named = [self._place({"section": section, "place": place}) for section, _, place in parts]
        return "; ".join(dict.fromkeys(named))

    def _place(self, row: Mapping[Any, Any] | pd.Series) -> str:
        kind, _, number = str(row["place"]).partition(" ")
        if row["section"] == "0":
            return self.say("source.preamble")
        key = {"footnote": "source.footnote", "heading": "source.heading"}.get(kind, "source.section")
        return self.say(key, section=row["section"], number=number)


# In the CSV, not on the page.
HIDDEN = frozenset((
    "check", "delay_printed", "differs_in", "figure_ids", "formula", "item", "reason", "rests_on",
    "deaths_series_source_id", "source_ids", "series_source_id", "unit", "unit_name_printed",
))  # fmt: skip
# Where the words for the ids of a column stand, if not under ``cell``.
_WORDS = {
    "delay": "investment.", "unit_name": "investment.unit_", "system": "overview.system_",
    "status": "overview.status_", "period": "vintages.period_", "done": "vintages.period_",
    "quarter": "vintages.period_", "sector": "growth.sector_", "scenario": "growth.scenario_",
    "spread": "growth.spread_",
}  # fmt: skip


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
    return here.say(f"column.{name}") if here.fmt.knows(f"column.{name}") else name


def cell_text(cell: object, column: str, here: ReportContext, otherwise: object = None) -> str:
    """A cell as the page prints it; an id without words gives way to what is printed in its stead."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, Quantity):
        return here.fmt.quantity(cell)
    if isinstance(cell, date):
        return here.fmt.date(cell)
    if isinstance(cell, Number):
        return str(cell) if column.endswith("year") else here.fmt.number(int(str(cell)), 0)
    return _word(str(cell), column, here) or str(otherwise or cell)


def _word(cell: str, column: str, here: ReportContext) -> str:
    """What a text stands for in the reader's language; "" where it is no id."""
    if column.endswith("_places"):
        return here.places(cell)
    if column == "boundary_version":
        from kg_analysis.narrative.neighbours import name_of  # noqa: PLC0415  which imports this module

        return name_of(cell, here)
    if column == "vintage":
        return here.fmt.published(cell)
    for key in (f"{_WORDS.get(column, 'cell.')}{cell}", f"cell.{cell}"):
        if here.fmt.knows(key):
            return here.say(key)
    return here.label(cell) if cell in here.data.indicators.index else ""


def _cell(row: Row, column: str, here: ReportContext) -> str:
    text = cell_text(row[column], column, here, row.get(f"{column}_printed"))
    return f'<td style="text-align: {_align(row[column])}">{escape(text)}</td>'


def _align(cell: object) -> str:
    return "left" if isinstance(cell, str) else "right"
