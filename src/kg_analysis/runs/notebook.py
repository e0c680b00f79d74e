"""One safe run of one notebook through papermill's Python API.

Responsibility: execute, prove that every cell completed, make the result free of clocks and machine paths, commit. A
failed run leaves a copy with the failing cell and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillException, PapermillExecutionError

from kg_analysis.disk import write_bytes
from kg_analysis.errors import RunError
from kg_analysis.runs import engine, fingerprint, manifest, outputs
from kg_analysis.runs.executed import INJECTED, MARKER, content, relative
from kg_analysis.runs.limits import Clock, Limits, Workplace, workplace
from kg_analysis.runs.outputs import Staging
from kg_analysis.runs.parameters import RunParameters
from kg_analysis.runs.source import check_notebook

KERNEL = "python3"


@dataclass(frozen=True)
class RunResult:
    """A completed run: the files in place and what was left out."""

    notebook: str
    files: tuple[Path, ...]
    skipped: tuple[str, ...]


def run_notebook(
    source: Path,
    parameters: RunParameters,
    root: Path,
    on_cell: Callable[[], None] = lambda: None,
    may_commit: Callable[[], bool] = lambda: True,
    limits: Limits = Limits(),  # noqa: B008  it cannot be changed
) -> RunResult:
    """Execute a notebook and put its outputs in place.

    Parameters
    ----------
    source : Path
        The notebook. It works in a folder of its own with the name of the notebook's and links to all that lies there.
    parameters : RunParameters
        Checked parameters; ``output_dir`` is replaced by the staging folder for the time of the run.
    root : Path
        Root of the outputs.
    on_cell : callable
        Called after each code cell.
    may_commit : callable
        Asked right before the outputs are moved; a run whose owner is gone must not.
    limits : Limits
        Time and memory that the run may take.

    Returns
    -------
    RunResult

    Raises
    ------
    DataError
        If the notebook's parameters cell is not that of its model.
    RunError
        If a cell fails, naming notebook, cell and error, and where the failed copy lies.
    """
    check_notebook(source)
    source, root = source.resolve(), root.resolve()
    # before it runs: an edit in the meantime must lead to another run
    code = {"notebook": fingerprint.of_file(source), "library": fingerprint.library()}
    staging = outputs.stage(root, source.stem, parameters.year, os.getpid())
    kept: list[NotebookNode] = []
    try:
        place = workplace(staging.folder, source, (source.parent / parameters.data_dir).resolve(), root)
        executed = _execute(source, parameters, place, limits, kept.append, on_cell)
        _prove_complete(executed)
        section = _record(staging)
        if not may_commit():
            raise RunError(f"{source.name}: stopped before its outputs were moved; the last good outputs stand")
        final = _final_parameters(parameters, source, root)
        write_bytes(staging.written / source.name, content(executed, staging, source, final))
        files = outputs.commit(staging, replace(section, parameters=final, code=code))
    except _CellError as failure:
        raise _failed(source, staging, kept, parameters, failure) from None
    finally:
        outputs.discard(staging)
    return RunResult(source.stem, tuple(files), tuple(dict.fromkeys(each["why"] for each in section.skipped)))


class _CellError(Exception):
    """A run that did not complete: cell index in the executed notebook, if known, and what happened."""

    def __init__(self, index: int | None, lines: list[str]) -> None:
        super().__init__(index, lines)  # its arguments, so that it can be pickled
        self.index, self.lines = index, lines


class _FloodError(_CellError):
    """A cell whose outputs there is no memory for."""


def _execute(
    source: Path,
    parameters: RunParameters,
    place: Workplace,
    limits: Limits,
    keep: Callable[[NotebookNode], None],
    on_cell: Callable[[], None],
) -> NotebookNode:
    values = parameters.model_dump() | {"data_dir": place.data_dir, "output_dir": place.output_dir}
    try:
        return papermill.execute_notebook(
            _literal(source),
            None,
            parameters=values,
            engine_name=engine.register(limits.memory_mb),
            kernel_name=KERNEL,
            language="python",
            cwd=str(place.folder),
            progress_bar=False,
            timeout_func=Clock(limits).left,
            keep=keep,
            on_cell=on_cell,
        )
    except PapermillExecutionError as error:
        lines = str(error.evalue).splitlines() or [""]
        if error.ename not in ("DataError", "NotPrintedError"):
            lines[0] = f"{error.ename}: {lines[0]}"
        raise _CellError(error.cell_index, lines) from None
    except DeadKernelError:
        raise _CellError(None, ["the kernel died (out of memory, or ended by a cell)"]) from None
    except CellTimeoutError:
        raise _CellError(None, [f"the run took longer than its limit of {limits.seconds:g} s"]) from None
    except MemoryError:
        raise _FloodError(None, ["its outputs take more memory than its limit"]) from None
    except (PapermillException, RuntimeError, OSError) as error:
        raise _CellError(None, [f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"]) from None


def _prove_complete(executed: NotebookNode) -> None:
    """Papermill takes ``sys.exit(0)`` and a cell that never ran for success; a year's report must not."""
    for index, cell in enumerate(executed.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        errors = [each for each in cell.outputs if each.output_type == "error"]
        if errors:
            raise _CellError(index, [f"{errors[0].ename}: {errors[0].evalue} (a notebook may not leave early)"])
        if cell.execution_count is None or cell.metadata.papermill.status != "completed":
            raise _CellError(index, ["the cell was not executed"])


def _record(staging: Staging) -> manifest.Section:
    sections = manifest.read(staging.written)
    if staging.notebook not in sections:
        raise _CellError(None, ["no output was recorded; the last code cell must be run.export()"])
    return sections[staging.notebook]


def _failed(
    source: Path, staging: Staging, kept: list[NotebookNode], parameters: RunParameters, failure: _CellError
) -> RunError:
    """Error that names the cell; writes the failed copy beside the last good outputs."""
    copy = staging.root / str(staging.year) / f"{source.stem}.failed.ipynb"
    if not kept:
        return RunError(f"{source.name}: {line}" for line in failure.lines)
    index = failure.index if failure.index is not None else _last_started(kept[0])
    if isinstance(failure, _FloodError):
        kept[0].cells[index].outputs = []  # room for the copy
    final = _final_parameters(parameters, source, staging.root)
    place = _cell_place(kept[0], index)
    try:
        write_bytes(copy, content(kept[0], staging, source, final))
        where = place_of(copy)
    except OSError as error:
        where = f"{source.name}: no copy written ({error.strerror}); the last good outputs stand"
    return RunError([*(f"{source.name} {place}: {line}" for line in failure.lines), where])


def place_of(copy: Path) -> str:
    """Where the copy of a failed notebook lies, as the reader is told."""
    name = copy.name.replace(".failed", "")
    return f"{name}: copy in {relative(copy, Path.cwd())}; the last good outputs stand"


def _last_started(notebook: NotebookNode) -> int:
    started = [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.metadata.get("papermill", {}).get("start_time") is not None
    ]
    return started[-1] if started else 0


def _cell_place(notebook: NotebookNode, index: int) -> str:
    """Cell as its reader counts it in the source notebook, with its first line."""
    executed = [cell for cell in notebook.cells if MARKER not in cell.metadata.get("tags", [])]
    number = sum(INJECTED not in cell.metadata.get("tags", []) for cell in executed[: index + 1])
    return f"cell {number} ({executed[index].source.strip().partition(chr(10))[0][:60]})"


def _final_parameters(parameters: RunParameters, source: Path, root: Path) -> dict[str, Any]:
    return parameters.model_dump() | {"output_dir": relative(root, source.parent)}


def _literal(path: Path) -> str:
    """Path that papermill's formatting of paths with parameters leaves as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")
