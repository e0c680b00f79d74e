"""The few words a notebook needs beside pandas: say, show, table, panel, save.

Responsibility: show sentences, charts and tables in the reader's language, keep what is to be written, and let one part
fail alone: a part that cannot be made is marked as left out with its reason, and the notebook goes on. The runner drops
sections that hold nothing else; :meth:`Notebook.save` lists the reasons once.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from kg_analysis import manifest
from kg_analysis.charts import frame
from kg_analysis.charts.frame import Chart, of_figure
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError, LeftOutError
from kg_analysis.formats import NumberFormatter, in_language, rounded, rows
from kg_analysis.narrative.context import ReportContext, html_table
from kg_analysis.parameters import NOTEBOOKS, UNATTENDED, build
from kg_analysis.spreadsheet import csv_bytes

log = logging.getLogger(__name__)
MARK = "kg_analysis"  # metadata of an output that stands for a part left out


@dataclass(frozen=True)
class LeftOut:
    """Stands where a part would be that this year's figures do not allow."""

    reason: str  # for the reader
    text: str  # what JupyterLab shows

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        """A quiet line, marked so that the executed copy can do without it."""
        return {"text/markdown": self.text, "text/plain": self.reason}, {MARK: {"left_out": self.reason}}


@dataclass
class Notebook:
    """What one run of a notebook shows and writes."""

    name: str  # stem of the notebook
    context: ReportContext  # data and language
    output_dir: Path  # root of the outputs; files go to its folder of the year
    parameters: dict[str, Any]  # as the notebook was run with
    pictures: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def attended(self) -> bool:
        """Whether someone sits in front of the notebook."""
        return is_attended()

    @property
    def data(self) -> Dataset:
        """The year's tables."""
        return self.context.data

    def frame(self, function: Callable[..., pd.DataFrame], *inputs: Any) -> pd.DataFrame:
        """Frame that an analysis gives; no rows where the year's figures do not allow it, so that later cells go on."""
        try:
            return function(*inputs)
        except DataError as error:
            log.info("%s: no frame: %s", function.__name__, error)
            empty = pd.DataFrame()
            empty.attrs["missing"] = getattr(error, "missing", "rows")  # why a table of it is left out
            return empty

    def say(self, function: Callable[..., str], *frames: Any) -> Markdown | LeftOut:
        """Sentence that a function of ``narrative`` makes of frames."""
        found = self._attempt(function, (*frames, self.context))
        return found if isinstance(found, LeftOut) else Markdown(found)

    def show(self, function: Callable[..., Figure], *frames: Any) -> Figure | LeftOut:
        """Chart that a function of ``charts`` makes of frames; kept to be written with its rows."""
        found = self._attempt(function, (*frames, self.context))
        if isinstance(found, LeftOut):
            return found
        name = found.words.name
        self.pictures[name] = frame.png(found), frame.svg(found)
        self.tables[name] = found.data
        return self._described(of_figure(found)) if self.attended else found

    def table(self, name: str, table: pd.DataFrame) -> Any:
        """Table as the page prints it, in JupyterLab to sort and filter; its numbers are kept under ``name``."""
        if table.empty:
            return self._left_out(name, self.context.say(f"missing.{table.attrs.get('missing', 'rows')}"))
        self.tables[name] = table
        return self._attempt(self._shown, (table,), name)

    def panel(self, topic: str, *frames: Any) -> Any:
        """Panel of a topic for trying out inputs in JupyterLab; a batch run leaves it out and imports nothing."""
        if not self.attended:
            return self._quiet(self.context.say("explore.left_out"))
        knobs = _explore("panel").knobs(NOTEBOOKS[self.name], self.parameters)
        found = self._attempt(_explore("panel").PANELS[topic], (*frames, self.context, knobs), topic)
        return found if isinstance(found, LeftOut) else found.widget()

    def save(self) -> Markdown:
        """Write charts, tables and this notebook's part of the manifest; say how many, and what was left out."""
        folder, language = self.output_dir / str(self.data.year), self.context.fmt.language
        files: dict[str, bytes] = {}
        for name, (png, svg) in self.pictures.items():
            files |= {f"charts/{language}/{name}.png": png, f"charts/{language}/{name}.svg": svg}
        files |= {f"tables/{name}.csv": csv_bytes(rounded(table)) for name, table in self.tables.items()}
        skipped = [{"what": what, "why": why} for what, why in sorted(self.skipped.items())]
        section = manifest.Section(self.parameters, self.data.inputs, sorted(files), skipped, manifest.packages())
        manifest.commit(folder, manifest.key_of(self.name, self.parameters), files, section, replaces=False)
        lines = [f"- {self.context.say('run.left_out', why=why)}" for why in dict.fromkeys(self.skipped.values())]
        return Markdown("\n".join([self.context.say("run.written", files=len(files)), "", *lines]))

    def _shown(self, table: pd.DataFrame) -> Any:
        listed = rows(in_language(table, self.context.fmt.language))
        plain = html_table(listed, self.context)
        return self._sortable(listed, plain) if self.attended else HTML(plain)

    def _described(self, chart: Chart) -> Any:
        """Chart as JupyterLab shows it to everyone, or as it is."""
        return _explore("panel").DescribedChart(chart) if self.attended else chart

    def _sortable(self, listed: Sequence[Mapping[str, Any]], plain: str) -> Any:
        return _explore("tables").SortableTable(listed, self.context, plain)

    def _attempt(self, function: Callable[..., Any], inputs: Sequence[Any], name: str = "") -> Any:
        """Result of a function; a LeftOut where the figures do not allow it, whatever goes wrong with them."""
        name = name or f"{function.__module__.removeprefix('kg_analysis.')}.{function.__name__}"
        try:
            return function(*inputs)
        except LeftOutError as error:
            return self._left_out(name, self.context.say(f"missing.{error.missing}"))
        except DataError as error:
            return self._left_out(name, "; ".join(error.problems))
        except Exception as error:  # one part never takes the notebook down; the log has all of it
            log.exception("%s: left out", name)
            return self._left_out(name, self.context.say("missing.failed", error=f"{type(error).__name__}: {error}"))

    def _left_out(self, name: str, reason: str) -> LeftOut:
        again = reason in self.skipped.values()
        self.skipped[name] = reason
        said = self.context.say("run.missing_again") if again else reason
        return LeftOut(reason, f"> **{self.context.say('run.missing')}** {said}")

    def _quiet(self, text: str) -> LeftOut:
        """A part that only a reader in front of the notebook can use; no figure is missing."""
        return LeftOut(text, f"*{text}*")


def open_notebook(
    name: str,
    year: int,
    area: str,
    language: str,
    data_dir: str,
    output_dir: str,
    **choices: float | int | str | None,
) -> Notebook:
    """A notebook's data, loaded and checked, and the words to show it.

    ``name``: stem of the notebook, e.g. ``01_covid_waves``. ``year``, ``area``, ``language``, ``data_dir``,
    ``output_dir``: the common parameters. ``**choices``: The notebook's own parameters, recorded with the run.
    Raises DataError: every failure of the data; a year, area or language that does not exist, with the choices.
    """
    common = {"year": year, "area": area, "language": language, "data_dir": data_dir, "output_dir": output_dir}
    build(name, **common, **choices)  # a cell edited by hand is held to the same types as a run
    folder, output = _places(Path(data_dir), Path(output_dir))
    data = load(folder, year, area)
    return Notebook(name, ReportContext(data, NumberFormatter(language)), output, common | choices)


def _places(data_dir: Path, output_dir: Path) -> tuple[Path, Path]:
    """Folders of data and outputs as the notebook's own folder sees them, wherever a tool has started it."""
    here = Path.cwd()
    if data_dir.is_absolute() or (data_dir / "sources.csv").is_file():
        return data_dir, output_dir
    for project in (here, *here.parents):
        if (project / data_dir.name / "sources.csv").is_file():
            return project / data_dir.name, Path(os.path.normpath(project / "notebooks" / output_dir))
    looked = os.path.normpath(here / data_dir)
    raise DataError(f"no data folder {looked}, nor {data_dir.name}/ in {here} or above; set the parameter data_dir")


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
