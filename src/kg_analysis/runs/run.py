"""One safe run of a notebook through papermill's Python API, and the notebooks of a year one after another.

Responsibility: execute in a folder that looks like the notebook's own, prove that every cell completed, take out clocks
and machine paths, commit. A failed run leaves a copy with the failing cell and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from kg_analysis.disk import LOCK, write_bytes
from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import manifest, parameters, without_grammar
from kg_analysis.runs.manifest import Section
from kg_analysis.runs.parameters import RunParameters

INJECTED, FAILED = "injected-parameters", "papermill-error-cell-tag"  # tags of cells that papermill adds
MOST_OUTPUT = 100 * 2**20  # characters that the cells of one run may show; more is an endless loop
_CLOCKS = ("start_time", "end_time", "duration", "environment_variables")


@dataclass(frozen=True)
class Folders:
    """Where runs read and write; ``output`` has a folder a year in it."""

    data: Path
    notebooks: Path
    output: Path


@dataclass(frozen=True)
class Job:
    """One notebook to run; its parameters name the folders as its reader will see them."""

    notebook: str
    parameters: RunParameters
    folders: Folders

    @property
    def key(self) -> str:
        """Name under which its outputs stand."""
        return manifest.key_of(self.notebook, self.parameters.model_dump())

    @property
    def target(self) -> Path:
        """Folder of the year."""
        return self.folders.output / str(self.parameters.year)


@dataclass(frozen=True)
class Outcome:
    """How a run ended: the files it made, by path in the folder of the year, or why it failed."""

    files: dict[str, bytes]
    section: Section | None
    problems: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()  # where the files are, once they are in place


def plan(notebook: str, folders: Folders, **values: Any) -> Job:
    """Job with checked parameters; raises as :func:`kg_analysis.runs.parameters.build` does."""
    places = {"data_dir": folders.data, "output_dir": folders.output}
    seen = {name: _relative(path.resolve(), folders.notebooks.resolve()) for name, path in places.items()}
    return Job(notebook, parameters.build(notebook, **values | seen), folders)


def run_year(jobs: Sequence[Job], server: Any, workers: int = 1, seconds: float = 600) -> list[Outcome]:
    """Run the notebooks of a year, so many at a time, and put their outputs in place.

    All are of one folder of outputs; ``seconds`` is what the cells of each may take [s].

    Raises
    ------
    RunError
        After all have ended: the problems of every run that failed.
    """
    with without_grammar():
        import nbformat  # noqa: PLC0415

    folders = jobs[0].folders
    cells = 0
    for job in jobs:
        source = folders.notebooks / f"{job.notebook}.ipynb"
        parameters.check_notebook(source)
        cells += sum(cell.cell_type == "code" for cell in nbformat.read(source, as_version=4).cells) + 1
    pool = ThreadPoolExecutor(workers)
    with manifest.held(jobs[0].target), progress(cells, "cell") as bar:
        futures = {pool.submit(_run, job, server, seconds, bar.update): job for job in jobs}
        try:
            outcomes = {job.key: outcome for job, outcome in settle(futures, bar.write)}
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    if problems := [problem for outcome in outcomes.values() for problem in outcome.problems]:
        raise RunError(problems)
    return [outcomes[job.key] for job in jobs]


def _run(job: Job, server: Any, seconds: float, on_cell: Callable[[], Any]) -> Outcome:
    """Execute on the data where they lie, which must be the same in the end."""
    outcome = execute(job, job.folders, server, seconds, on_cell)
    if outcome.section is not None:
        manifest.unchanged(job.folders.data, outcome.section.inputs)
    return outcome


def settle(futures: dict[Future[Outcome], Job], say: Callable[..., Any]) -> Iterator[tuple[Job, Outcome]]:
    """Put what comes back in place, each run once and by this process only; one that fails stops none of the others."""
    for future in as_completed(futures):
        job = futures.pop(future)
        try:
            outcome = future.result()
        except DataError as error:
            outcome = Outcome({}, None, tuple(f"{job.notebook}.ipynb: {each}" for each in error.problems))
        except Exception as error:  # whatever an executor says of a run that it has lost
            outcome = Outcome({}, None, (f"{job.notebook}.ipynb: {type(error).__name__}: {error}; run again",))
        try:
            if outcome.section is not None:
                paths = manifest.commit(job.target, job.key, outcome.files, outcome.section)
                outcome = replace(outcome, files={}, paths=tuple(paths))
            else:
                for name, content in outcome.files.items():
                    write_bytes(job.target / name, content)
                    where = f"copy in {_relative(job.target / name, Path.cwd())}; the last good outputs stand"
                    outcome = replace(outcome, problems=(*outcome.problems, f"{job.notebook}.ipynb: {where}"))
        except (DataError, OSError) as error:
            outcome = Outcome({}, None, (*outcome.problems, *getattr(error, "problems", (str(error),))))
        say(f"{'failed' if outcome.problems else 'done'} {job.key}", file=sys.stderr)
        yield job, outcome


def execute(
    job: Job, at: Folders, server: Any, seconds: float = 600, on_cell: Callable[[], Any] = lambda: None
) -> Outcome:
    """Execute a notebook in a folder of its own, and bring back what it made; nothing is put in place.

    ``at`` says where data and notebooks lie on this machine; ``on_cell`` is called after each code cell.
    """
    source = at.notebooks / f"{job.notebook}.ipynb"
    try:
        parameters.check_notebook(source)
        code = {"notebook": manifest.sha256(source.read_bytes()), "library": manifest.library()}
        with tempfile.TemporaryDirectory(dir=server.home, ignore_cleanup_errors=True) as name:
            desk = _Desk(job, at, Path(name))
            return _execute(job, source, desk, code, {"server": server, "folder": str(desk.folder)}, seconds, on_cell)
    except DataError as error:
        return Outcome({}, None, error.problems)


class _Desk:
    """Working folder of one run: data, outputs and neighbours lie as the notebook's own folder sees them.

    What a cell deletes there are links, and what it prints of its place names no machine.
    """

    def __init__(self, job: Job, at: Folders, base: Path) -> None:
        seen = {"data": job.parameters.data_dir, "output": job.parameters.output_dir}
        climbs = max(Path(path).parts.count("..") for path in seen.values())
        self.folder = base.joinpath(*["d"] * climbs, job.folders.notebooks.resolve().name or "notebooks")
        self.year = Path(os.path.normpath(self.folder / seen["output"])) / str(job.parameters.year)
        for own in (self.folder, self.year):
            own.mkdir(parents=True, exist_ok=True)
        self.data = Path(os.path.normpath(self.folder / seen["data"]))
        _mirror(self.data, at.data.resolve())
        _mirror(self.folder, at.notebooks.resolve())

    def files(self) -> dict[str, bytes]:
        """What the notebook has written, without its record."""
        found = {path.relative_to(self.year).as_posix(): path for path in self.year.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if name not in (manifest.NAME, LOCK)}

    def named(self, text: str) -> str:
        """Text in which paths below this folder begin where the reader's do."""
        for path in (f"{self.folder.parent}{os.sep}", str(self.folder.parent)):
            text = text.replace(json.dumps(path, ensure_ascii=False)[1:-1], "")
        return text


def _mirror(link: Path, target: Path) -> None:
    """Link to a folder or file; where something of the run stands already, link what is below."""
    if link.is_dir():
        for each in target.iterdir() if target.is_dir() else ():
            if not each.name.startswith("."):
                _mirror(link / each.name, each)
    elif not link.is_symlink():
        link.parent.mkdir(parents=True, exist_ok=True)
        try:
            link.symlink_to(target, target_is_directory=target.is_dir())
        except OSError:  # Windows keeps links for administrators
            (shutil.copytree if target.is_dir() else shutil.copy)(target, link)


class _CellError(Exception):
    """A run that did not complete: index of the cell, if known, and what happened."""

    def __init__(self, index: int | None, lines: Sequence[str]) -> None:
        super().__init__(index, lines)
        self.index, self.lines = index, lines


def _execute(
    job: Job, source: Path, desk: _Desk, code: dict[str, str], kernel: dict[str, Any], seconds: float, on_cell: Any
) -> Outcome:
    from kg_analysis.runs.reader import for_reader  # noqa: PLC0415

    final = job.parameters.model_dump()
    kept: list[Any] = []
    try:
        executed = _papermill(source, final, kernel, seconds, kept, on_cell)
        _prove_complete(executed)
        sections = manifest.read(desk.year)
        if job.key not in sections:
            raise _CellError(None, ["no output was recorded; the last code cell must be run.save()"])
        section = sections[job.key]
    except _CellError as failure:
        if not kept:
            return Outcome({}, None, tuple(f"{source.name}: {line}" for line in failure.lines))
        index = failure.index if failure.index is not None else _last_started(kept[0])
        lines = tuple(f"{source.name} {_cell_place(kept[0], index)}: {line}" for line in failure.lines)
        return Outcome({f"{job.key}.failed.ipynb": _content(kept[0], job, desk)}, None, lines)
    inputs = section.inputs | ({manifest.NAMES: manifest.names_of(desk.data)} if section.inputs else {})
    section = replace(section, parameters=final, inputs=inputs, code=code)
    book = for_reader(executed, job.parameters.language)
    return Outcome(desk.files() | {f"{job.key}.ipynb": _content(book, job, desk)}, section)


def _papermill(source: Path, values: Any, kernel: Any, seconds: float, kept: list[Any], on_cell: Any) -> Any:
    """Executed notebook; ``kept`` gets it before, complete or not."""
    with without_grammar():
        import papermill  # noqa: PLC0415
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillException, PapermillExecutionError  # noqa: PLC0415

    end: list[float] = []

    def left(cell: Any = None) -> float:
        end.append(time.monotonic() + seconds)  # counted from the first cell
        return max(end[0] - time.monotonic(), 0.01)

    try:
        return papermill.execute_notebook(
            str(source).replace("{", "{{").replace("}", "}}"),  # papermill fills parameters into paths
            None,
            parameters=values,
            engine_name=_engine(),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            timeout_func=left,
            kept=kept,
            on_cell_complete=lambda cell, cell_index: on_cell(),
            **kernel,
        )
    except PapermillExecutionError as error:
        lines = str(error.evalue).splitlines() or [""]
        if error.ename not in ("DataError", "NotPrintedError"):
            lines[0] = f"{error.ename}: {lines[0]}"
        raise _CellError(error.cell_index, lines) from None
    except DeadKernelError:
        raise _CellError(None, ["the kernel died (out of memory, or ended by a cell)"]) from None
    except CellTimeoutError:
        raise _CellError(None, [f"the run took longer than its limit of {seconds:g} s"]) from None
    except (PapermillException, RuntimeError, OSError) as error:
        raise _CellError(
            None, [f"{type(error).__name__}: {(str(error).strip() or 'no reason given').splitlines()[0]}"]
        ) from None


@cache
def _engine() -> str:
    """Make our engine known to papermill: real kernels, no saving in between, an end to endless output."""
    import logging  # noqa: PLC0415

    from nbclient.exceptions import DeadKernelError  # noqa: PLC0415
    from papermill.clientwrap import PapermillNotebookClient  # noqa: PLC0415
    from papermill.engines import Engine, papermill_engines  # noqa: PLC0415

    from kg_analysis.runs.warm import KernelManager  # noqa: PLC0415

    class BoundedClient(PapermillNotebookClient):  # type: ignore[misc]
        shown = 0

        def process_message(self, message: Any, cell: Any, cell_index: int) -> Any:
            was_over = self.shown > MOST_OUTPUT
            self.shown += len(str(message["content"]))
            if self.shown <= MOST_OUTPUT or message["msg_type"] == "status":
                return super().process_message(message, cell, cell_index)
            if not was_over:
                cell.outputs = []  # or the copy would be as long
                self.km.provisioner.process.kill()
            return None

    class KgEngine(Engine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            options["kept"].append(nb_man.nb)
            client = BoundedClient(
                nb_man,
                kernel_name=kernel_name,
                timeout_func=options["timeout_func"],
                on_cell_complete=options["on_cell_complete"],
                kernel_manager_class=KernelManager,
                shutdown_kernel="immediate",  # its outputs are written; nothing is left that it could lose
            )
            client.create_kernel_manager()
            client.km.server, client.km.cwd = options["server"], options["folder"]
            try:
                return client.execute()
            except DeadKernelError:
                if client.shown > MOST_OUTPUT:
                    raise _CellError(None, [f"its outputs are longer than {MOST_OUTPUT} characters"]) from None
                raise

    papermill_engines.register("kg", KgEngine)
    logging.getLogger("asyncio").setLevel("CRITICAL")  # it tells of what nbclient leaves when a cell's time is up
    logging.getLogger("papermill").setLevel("ERROR")  # it warns of parameters typed "float | None"; ours are checked
    return "kg"


def _prove_complete(executed: Any) -> None:
    """Papermill takes ``sys.exit(0)`` and a cell that never ran for success; a year's report must not."""
    for index, cell in enumerate(executed.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if errors := [output for output in cell.outputs if output.output_type == "error"]:
            raise _CellError(index, [f"{errors[0].ename}: {errors[0].evalue} (a notebook may not leave early)"])
        if cell.execution_count is None or cell.metadata.papermill.status != "completed":
            raise _CellError(index, ["the cell was not executed"])


def _last_started(notebook: Any) -> int:
    cells = enumerate(notebook.cells)
    return max((index for index, cell in cells if cell.metadata.get("papermill", {}).get("start_time")), default=0)


def _cell_place(notebook: Any, index: int) -> str:
    """Cell as its reader counts it in the source notebook, with its first line."""
    executed = [cell for cell in notebook.cells if FAILED not in cell.metadata.get("tags", [])]
    number = sum(INJECTED not in cell.metadata.get("tags", []) for cell in executed[: index + 1])
    return f"cell {number} ({executed[index].source.strip().partition(chr(10))[0][:60]})"


def _content(notebook: Any, job: Job, desk: _Desk) -> bytes:
    """Notebook as it is stored, without what a clock or a machine has put into its metadata."""
    import nbformat  # noqa: PLC0415

    record = notebook.metadata.papermill
    record.input_path, record.output_path = f"{job.notebook}.ipynb", f"{job.parameters.year}/{job.key}.ipynb"
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("execution", None)
        for name in _CLOCKS:
            record.pop(name, None)
            cell.metadata.get("papermill", {}).pop(name, None)
        for tag in {INJECTED, FAILED} & {*cell.metadata.get("tags", [])}:
            cell.id = f"{tag}-{number}"
    return (desk.named(nbformat.writes(notebook)).rstrip("\n") + "\n").encode("utf-8")


def progress(total: int, unit: str) -> Any:
    """Bar over a number of units; silent where stderr is no terminal."""
    from tqdm import tqdm  # noqa: PLC0415

    return tqdm(total=total, unit=unit, disable=None, file=sys.stderr)


def _relative(path: Path, start: Path) -> str:
    return Path(os.path.relpath(path, start)).as_posix()
