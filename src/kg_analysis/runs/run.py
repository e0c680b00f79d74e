"""Runs of notebooks: each on a desk of its own, on a copy of data and notebooks, its outputs put into place at the end.

Responsibility: what a run is, where it works, and that a failed one leaves a copy with the failing cell and nothing
else. Clocks and machine paths are taken out.

Terms: *files* = contents of a data folder and of the notebooks by path, ``data/…`` and ``notebooks/…``: all runs of a
year see the same, whoever writes meanwhile, and on whatever machine.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg_analysis import manifest, parameters
from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError, RunError
from kg_analysis.manifest import Section
from kg_analysis.parameters import RunParameters

_CLOCKS = ("start_time", "end_time", "duration", "environment_variables")


@dataclass(frozen=True)
class Folders:
    """Where runs read and write; ``output`` has a folder a year in it."""

    data: Path
    notebooks: Path
    output: Path

    def files(self) -> dict[str, bytes]:
        """What runs read."""
        tops = {"data": self.data, "notebooks": self.notebooks}
        return {f"{top}/{name}": each for top in tops for name, each in manifest.contents(tops[top]).items()}


@dataclass(frozen=True)
class Job:
    """One notebook to run; its parameters name the folders as its reader will see them."""

    notebook: str
    parameters: RunParameters
    target: Path  # folder of the year

    @property
    def key(self) -> str:
        """Name under which its outputs stand."""
        return manifest.key_of(self.notebook, self.parameters.model_dump())


@dataclass(frozen=True)
class Outcome:
    """How a run ended: the files it made, by path in the folder of the year, or why it failed."""

    files: dict[str, bytes]
    section: Section | None
    problems: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()  # where the files are, once they are in place


def plan(notebook: str, folders: Folders, **values: Any) -> Job:
    """Job with checked parameters; raises as :func:`kg_analysis.parameters.build` does."""
    places = {"data_dir": folders.data, "output_dir": folders.output}
    seen = {name: _relative(path.resolve(), folders.notebooks.resolve()) for name, path in places.items()}
    checked = parameters.build(notebook, **values | seen)
    return Job(notebook, checked, folders.output / str(checked.year))


def run_year(
    jobs: Sequence[Job], folders: Folders, server: Any, workers: int = 1, seconds: float = 600
) -> list[Outcome]:
    """Run the notebooks of a year, so many at a time, and put their outputs in place.

    The cells of each may take ``seconds`` [s]. Raises RunError: after all have ended, the problems of every one.
    """
    files = folders.files()
    manifest.unchanged(folders.data, manifest.hashes(below(files, "data")))
    pool = ThreadPoolExecutor(workers)
    with manifest.held(jobs[0].target):
        futures = {pool.submit(execute, job, files, server, seconds): job for job in jobs}
        try:
            outcomes = dict(settle(futures))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    if problems := [problem for outcome in outcomes.values() for problem in outcome.problems]:
        raise RunError(problems)
    return [outcomes[job] for job in jobs]


def settle(futures: dict[Future[Outcome], Job]) -> Iterator[tuple[Job, Outcome]]:
    """Put what comes back in place, each run once and by this process only; one that fails stops none of the others."""
    from tqdm import tqdm  # noqa: PLC0415

    with tqdm(total=len(futures), unit="run", disable=None, file=sys.stderr) as bar:
        for future in as_completed(futures):
            job = futures.pop(future)
            try:
                outcome = _placed(job, future.result())
            except Exception as error:  # whatever an executor says of a run that it has lost
                outcome = Outcome({}, None, (f"{job.notebook}.ipynb: {type(error).__name__}: {error}; run again",))
            bar.update()
            done = f"done {job.key} ({job.parameters.area}, {job.parameters.year})"
            bar.write(f"failed {outcome.problems[0]}" if outcome.problems else done, file=sys.stderr)
            yield job, outcome


def _placed(job: Job, outcome: Outcome) -> Outcome:
    """Outcome whose files are in the folder of the year: all outputs of a good run, the copy of a failed one."""
    try:
        if outcome.section is not None:
            paths = manifest.commit(job.target, job.key, outcome.files, outcome.section)
            return replace(outcome, files={}, paths=tuple(paths))
        for name, content in outcome.files.items():
            write_bytes(job.target / name, content)
            where = f"copy in {_relative(job.target / name, Path.cwd())}; the last good outputs stand"
            outcome = replace(outcome, problems=(*outcome.problems, f"{job.notebook}.ipynb: {where}"))
        return outcome
    except (DataError, OSError) as error:
        return Outcome({}, None, (*outcome.problems, *getattr(error, "problems", (str(error),))))


def execute(job: Job, files: Mapping[str, bytes], server: Any, seconds: float = 600) -> Outcome:
    """Execute a notebook on a desk of its own, and bring back what it made; nothing is put in place."""
    with parameters.without_grammar():  # papermill is slow to import
        from kg_analysis.executed import for_reader  # noqa: PLC0415
        from kg_analysis.runs import engine  # noqa: PLC0415

    name = f"{job.notebook}.ipynb"
    content = files.get(f"notebooks/{name}")
    try:
        source = parameters.check_notebook(name, content)
    except DataError as error:
        return Outcome({}, None, error.problems)
    final = job.parameters.model_dump()
    with tempfile.TemporaryDirectory(dir=server.home, ignore_cleanup_errors=True) as base:
        desk = _Desk(job, files, Path(base))
        try:
            executed = engine.execute(source, final, server, str(desk.folder), seconds)
            section = manifest.read(desk.year).get(job.key)
            if section is None:
                raise engine.CellError(["no output was recorded; the last code cell must be run.save()"], executed)
        except engine.CellError as failure:
            copy = {f"{job.key}.failed.ipynb": desk.stored(failure.notebook)} if failure.notebook else {}
            return Outcome(copy, None, tuple(f"{name}{line}" for line in failure.lines))
        inputs = section.inputs | ({manifest.NAMES: manifest.names_of(below(files, "data"))} if section.inputs else {})
        code = {"notebook": manifest.sha256(files[f"notebooks/{name}"]), "library": manifest.library()}
        made = desk.written() | {f"{job.key}.ipynb": desk.stored(for_reader(executed, job.parameters.language))}
        return Outcome(made, replace(section, parameters=final, inputs=inputs, code=code))


class _Desk:
    """Working folder of one run: data, neighbours and outputs lie as the notebook's own folder sees them."""

    def __init__(self, job: Job, files: Mapping[str, bytes], base: Path) -> None:
        self.job = job
        seen = (job.parameters.data_dir, job.parameters.output_dir)
        climbs = max(Path(path).parts.count("..") for path in seen)
        self.folder = base.joinpath(*["d"] * climbs, "notebooks")
        data, output = (Path(os.path.normpath(self.folder / each)) for each in seen)
        for name, content in files.items():
            top, _, rest = name.partition("/")
            write_bytes((data if top == "data" else self.folder) / rest, content)
        self.year = output / str(job.parameters.year)
        shutil.rmtree(self.year, ignore_errors=True)  # earlier outputs, where they lie among what is read
        self.year.mkdir(parents=True)

    def written(self) -> dict[str, bytes]:
        """What the notebook has written, without its record."""
        found = manifest.contents(self.year)
        found.pop(manifest.NAME, None)
        return found

    def stored(self, notebook: Any) -> bytes:
        """Notebook as it is stored: nothing of a clock in it, and no path that begins on this machine."""
        import nbformat  # noqa: PLC0415

        record = notebook.metadata.papermill
        record.input_path = f"{self.job.notebook}.ipynb"
        record.output_path = f"{self.job.parameters.year}/{self.job.key}.ipynb"
        for number, cell in enumerate(notebook.cells):
            cell.metadata.pop("execution", None)
            for name in _CLOCKS:
                record.pop(name, None)
                cell.metadata.get("papermill", {}).pop(name, None)
            for tag in {"injected-parameters", "papermill-error-cell-tag"} & {*cell.metadata.get("tags", [])}:
                cell.id = f"{tag}-{number}"
        text = nbformat.writes(notebook).rstrip("\n") + "\n"
        for path in (f"{self.folder.parent}{os.sep}", str(self.folder.parent)):
            text = text.replace(json.dumps(path, ensure_ascii=False)[1:-1], "")
        return text.encode()


def below(files: Mapping[str, bytes], top: str) -> dict[str, bytes]:
    """Files of one folder, by path in it."""
    return {name.removeprefix(f"{top}/"): each for name, each in files.items() if name.startswith(f"{top}/")}


def _relative(path: Path, start: Path) -> str:
    return Path(os.path.relpath(path, start)).as_posix()
