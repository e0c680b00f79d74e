"""A notebook of a topic that is not yet DataFrames: the same run, with the verbs its cells use.

Responsibility: results of unconverted analysis, which are no frames, computed, shown and kept. It goes with the last of
them; new notebooks use :mod:`kg_analysis.notebook`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from kg_analysis.charts.chart import Chart
from kg_analysis.findings.tables import html_table
from kg_analysis.notebook import LeftOut, Notebook, open_notebook
from kg_analysis.quantities import Quantity, Row, frame, given


class Session(Notebook):
    """What one run of an unconverted notebook shows and writes; see :class:`kg_analysis.notebook.Notebook`."""

    def compute(self, function: Callable[..., Any], *inputs: Any) -> Any:
        """Result of an analysis function; a :class:`LeftOut` where its figures are not printed."""
        return self._attempt(function, inputs)

    def known(self, result: Any) -> Any:
        """The result, or None where it is missing: for a part that can do without."""
        return None if isinstance(result, LeftOut) else result

    def chart(self, function: Callable[..., Chart], *inputs: Any) -> Any:
        """Chart, to be shown and saved; a note where its figures are not printed."""
        found = self._attempt(function, (*inputs, self.context))
        if isinstance(found, LeftOut):
            return found
        self.pictures[found.name] = found.png, found.svg
        self.tables[found.name] = _rounded(found.data)
        return self._described(found)

    def say(self, function: Callable[..., str], *inputs: Any) -> Any:
        """Computed sentence; a note where its figures are not printed."""
        return super().say(function, *inputs)

    def table(self, name: str, function: Callable[..., Sequence[Row]] | pd.DataFrame, *inputs: Any) -> Any:
        """Table as the page prints it, in JupyterLab to sort and filter; its numbers are saved under ``name``."""
        if isinstance(function, pd.DataFrame):
            return super().table(name, function)
        found = self._attempt(function, inputs)
        if isinstance(found, LeftOut):
            return found
        self.tables[name] = _rounded(frame(found))
        plain = html_table(found, self.context)
        return self._sortable(found, plain) if self.attended else HTML(plain)

    def sources(self, *tables: str) -> Markdown:
        """What was loaded: rows of each table of the year, and the documents they come from."""
        say = self.context.say
        sizes = {name: self.data.size(name) for name in tables}
        counts = [say("run.rows", table=say(f"run.table_{name}"), rows=size) for name, size in sizes.items()]
        when = " – ".join(self.context.fmt.published(each) for each in self.data.vintages)
        used = self.data.sources.loc[self.data.publications]
        reports = used["kind"] == "report"
        lines = [say("run.source", title=row["title"], issuer=row["issuer"]) for _, row in used[reports].iterrows()]
        if not reports.all():
            pages = ", ".join(dict.fromkeys(used.loc[~reports, "issuer"]))
            lines.append(say("run.pages", issuers=pages, count=int((~reports).sum())))
        notes = [say("run.loaded", tables="; ".join(counts), vintage=when), *lines]
        return Markdown("\n".join(f"- {escape(line, quote=False)}" for line in notes))

    def series(self, name: str) -> Any:
        """What an optional series holds: rows and source; or that the part which needs it is left out."""
        rows, say = getattr(self.data, name), self.context.say
        if rows.empty:
            return self._left_out(f"series.{name}", say(f"missing.{name}"))
        table = say("run.rows", table=say(f"run.table_{name}"), rows=len(rows))
        source = self.context.cite_series(rows["source_id"])
        return Markdown(escape(say("run.series", table=table, source=source), quote=False))

    def given(self, value: float | None, unit: str, assumption: str) -> Quantity:
        """Scenario input: the reader's value, or the one of ``assumptions.csv`` where it is None."""
        return self.data.assumption(assumption) if value is None else given(value, unit)

    def target(self, value: float | None) -> Quantity | None:
        """Target that the reader sets [percent]; None where none is set."""
        return None if value is None else given(value, "pct")

    def export(self) -> Markdown:
        """Write charts, tables and the record of this run."""
        return self.save()

    def _attempt(self, function: Callable[..., Any], inputs: Sequence[Any], name: str = "") -> Any:
        absent = next((each for each in inputs if isinstance(each, LeftOut)), None)
        if absent is None:
            return super()._attempt(function, inputs, name)
        name = name or f"{function.__module__.removeprefix('kg_analysis.')}.{function.__name__}"
        return self._left_out(name, absent.reason)


def open_session(
    notebook: str,
    year: int,
    area: str,
    language: str,
    data_dir: str,
    output_dir: str,
    **inputs: float | int | str | None,
) -> Session:
    """Session of an unconverted notebook, its data loaded and checked."""
    opened = open_notebook(notebook, year, area, language, data_dir, output_dir, **inputs)
    return Session(opened.name, opened.context, opened.output_dir, opened.parameters)


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    table.attrs["rounded"] = True
    return table
