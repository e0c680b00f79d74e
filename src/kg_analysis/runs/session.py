"""One notebook's session: data in, charts, sentences and tables shown, and everything written at the end.

Responsibility: what a notebook cell needs in one short line. A part whose figures the year does not print is shown as
such and listed, and the notebook goes on.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import HTML, Markdown

from kg_analysis.charts.frame import Chart
from kg_analysis.disk import write_bytes
from kg_analysis.errors import LeftOutError
from kg_analysis.findings.context import Context
from kg_analysis.findings.tables import html_table
from kg_analysis.page import Page
from kg_analysis.quantities import Quantity, Row, frame, given
from kg_analysis.runs import manifest
from kg_analysis.runs.parameters import NOTEBOOKS, UNATTENDED, build
from kg_analysis.spreadsheet import csv_bytes
from kg_analysis.tables.dataset import Dataset, load


@dataclass(frozen=True)
class Missing:
    """Stands for a result whose figures are not printed."""

    reason: str


@dataclass
class Session:
    """What one run of a notebook shows and writes.

    Attributes
    ----------
    notebook : str
        Stem of the notebook.
    context : Context
        Dataset and page.
    output_dir : Path
        Root of the outputs; files go to its folder of the year.
    parameters : dict
        As the notebook was run with.
    """

    notebook: str
    context: Context
    output_dir: Path
    parameters: dict[str, Any]
    charts: dict[str, Chart] = field(default_factory=dict)
    tables: dict[str, Sequence[Row]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)  # reasons that a note has given in full

    @property
    def data(self) -> Dataset:
        """Dataset of the run."""
        return self.context.data

    def compute(self, function: Callable[..., Any], *inputs: Any) -> Any:
        """Result of an analysis function; a :class:`Missing` where its figures are not printed."""
        return self._attempt(function, inputs)

    def known(self, result: Any) -> Any:
        """The result, or None where it is missing: for a part that can do without."""
        return None if isinstance(result, Missing) else result

    def chart(self, function: Callable[..., Chart], *inputs: Any) -> Any:
        """Chart, to be shown and saved; a note where its figures are not printed."""
        found = self._attempt(function, (*inputs, self.context))
        if isinstance(found, Missing):
            return self._note(found)
        self.charts[found.name] = found
        return _explore("picture").DescribedChart(found) if is_attended() else found

    def say(self, function: Callable[..., str], *inputs: Any) -> Markdown:
        """Computed sentence; a note where its figures are not printed."""
        found = self._attempt(function, (*inputs, self.context))
        return self._note(found) if isinstance(found, Missing) else Markdown(found)

    def table(self, name: str, function: Callable[..., Sequence[Row]], *inputs: Any) -> Any:
        """Table as the page prints it, in JupyterLab to sort and filter; its numbers are saved under ``name``."""
        found = self._attempt(function, inputs)
        if isinstance(found, Missing):
            return self._note(found)
        self.tables[name] = found
        plain = html_table(found, self.context)
        if not is_attended():
            return HTML(plain)
        return _explore("tables").SortableTable(found, self.context, plain)

    def panel(self, topic: str, *inputs: Any) -> Any:
        """Panel of a topic for trying out inputs in JupyterLab; a batch run says so in a line and imports nothing.

        Parameters
        ----------
        topic : str
            Module of :mod:`kg_analysis.explore`.
        *inputs
            What its panel takes first.
        """
        if not is_attended():
            return Markdown(f"*{self.context.say('explore.left_out')}*")
        absent = _first_missing(inputs)
        if absent is not None:
            return self._note(absent)
        knobs = _explore("limits").knobs(NOTEBOOKS[self.notebook], self.parameters)
        return _explore(topic).panel(*inputs, self.context, knobs).widget()

    def sources(self, *tables: str) -> Markdown:
        """What was loaded: rows of each table of the year, and the documents they come from."""
        say = self.context.say
        sizes = {name: self.data.size(name) for name in tables}
        counts = [say("run.rows", table=say(f"run.table_{name}"), rows=size) for name, size in sizes.items()]
        when = " – ".join(self.context.page.published(each) for each in self.data.vintages)
        used = self.data.sources.loc[self.data.publications]
        reports = used["kind"] == "report"
        lines = [say("run.source", title=row["title"], issuer=row["issuer"]) for _, row in used[reports].iterrows()]
        if not reports.all():
            pages = ", ".join(dict.fromkeys(used.loc[~reports, "issuer"]))
            lines.append(say("run.pages", issuers=pages, count=int((~reports).sum())))
        notes = [say("run.loaded", tables="; ".join(counts), vintage=when), *lines]
        return Markdown("\n".join(f"- {escape(line, quote=False)}" for line in notes))

    def series(self, name: str) -> Markdown:
        """What an optional series holds: rows and source; or that the part which needs it is left out."""
        rows, say = getattr(self.data, name), self.context.say
        if rows.empty:
            reason = say(f"missing.{name}")
            self.skipped[f"series.{name}"] = reason
            return self._note(Missing(reason))
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
        """Write charts, tables and this notebook's part of the manifest; say how many, and what was left out."""
        folder = self.output_dir / str(self.data.year)
        files: dict[str, bytes] = {}
        for name, chart in self.charts.items():
            place = f"charts/{self.parameters['language']}/{name}"
            files |= {f"{place}.png": chart.png, f"{place}.svg": chart.svg}
            files[f"tables/{name}.csv"] = csv_bytes(chart.data)
        files |= {f"tables/{name}.csv": csv_bytes(frame(rows)) for name, rows in self.tables.items()}
        for path, content in files.items():
            write_bytes(folder / path, content)
        skipped = [{"what": what, "why": why} for what, why in sorted(self.skipped.items())]
        section = manifest.Section(self.parameters, self.data.inputs, sorted(files), skipped, manifest.packages())
        manifest.record(folder, self.notebook, section)
        lines = [f"- {self.context.say('run.left_out', why=row['why'])}" for row in _once(skipped)]
        return Markdown("\n".join([self.context.say("run.written", files=len(files)), "", *lines]))

    def _attempt(self, function: Callable[..., Any], inputs: Sequence[Any]) -> Any:
        absent = _first_missing(inputs)
        if absent is None:
            try:
                return function(*inputs)
            except LeftOutError as error:
                absent = Missing(self.context.say(f"missing.{error.missing}"))
        self.skipped[f"{function.__module__.removeprefix('kg_analysis.')}.{function.__name__}"] = absent.reason
        return absent

    def _note(self, found: Missing) -> Markdown:
        reason = self.context.say("run.missing_again") if found.reason in self.told else found.reason
        self.told.add(found.reason)
        return Markdown(f"> **{self.context.say('run.missing')}** {reason}")


def open_session(
    notebook: str,
    year: int,
    area: str,
    language: str,
    data_dir: str,
    output_dir: str,
    **inputs: float | int | str | None,
) -> Session:
    """Session of a notebook, its data loaded and checked.

    Parameters
    ----------
    notebook : str
        Stem of the notebook, e.g. ``01_covid_waves``.
    year, area, language, data_dir, output_dir
        The common parameters.
    **inputs
        The notebook's own scenario inputs, recorded with the run.

    Raises
    ------
    DataError
        Every failure of the data; a year, area or language that does not exist, with the choices.
    """
    common = {"year": year, "area": area, "language": language, "data_dir": data_dir, "output_dir": output_dir}
    build(notebook, **common, **inputs)  # a cell edited by hand is held to the same types as a run
    page = Page(language)
    data = load(Path(data_dir), year, area)
    return Session(notebook, Context(data, page), Path(output_dir), common | inputs)


def is_attended() -> bool:
    """Whether the cell that runs was sent by someone who could be asked.

    A notebook's front end lets a cell ask its user for input; papermill, nbclient and nbconvert do not. A panel in a
    batch would be dead weight, and its random ids would make two runs of one input differ.
    """
    if os.environ.get(UNATTENDED):
        return False
    parent: Any = getattr(get_ipython(), "get_parent", dict)()
    return bool(parent.get("content", {}).get("allow_stdin", False))


def _explore(module: str) -> Any:
    """Module of the panels, which only JupyterLab needs: widgets are slow to import."""
    return importlib.import_module(f"kg_analysis.explore.{module}")


def _first_missing(inputs: Sequence[Any]) -> Missing | None:
    return next((each for each in inputs if isinstance(each, Missing)), None)


def _once(skipped: list[dict[str, str]]) -> list[dict[str, str]]:
    return list({row["why"]: row for row in skipped}.values())
