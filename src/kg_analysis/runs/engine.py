"""One notebook executed by papermill in a kernel of the server, and proved complete.

Responsibility: what papermill lets through: a cell that leaves early or never ran, a run or an output without end.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError

from kg_analysis.runs.warm import KernelManager, Server

INJECTED, FAILED = "injected-parameters", "papermill-error-cell-tag"  # tags of cells that papermill adds
MOST_OUTPUT = 100 * 2**20  # characters that the cells of one run may show; more is an endless loop


class CellError(Exception):
    """A run that did not complete: what happened, and the notebook as far as it came, if a kernel was started."""

    def __init__(self, lines: Sequence[str], notebook: NotebookNode | None = None, index: int | None = None) -> None:
        super().__init__(lines, notebook, index)
        self.notebook = notebook
        self.lines = [f"{_place(notebook, index)}: {line}" for line in lines]


def execute(source: NotebookNode, values: Mapping[str, Any], server: Server, folder: str, seconds: float) -> Any:
    """Executed copy of a notebook that runs in a folder; its cells may take so many ``seconds`` [s] together.

    Raises CellError: whatever kept it from completing.
    """
    papermill_engines.register("kg", _Engine)
    logging.getLogger("asyncio").setLevel("CRITICAL")  # it tells of what nbclient leaves when a cell's time is up
    logging.getLogger("papermill").setLevel("ERROR")  # it warns of parameters typed "float | None"; ours are checked
    kept: list[NotebookNode] = []
    common = {"engine_name": "kg", "kernel_name": "python3", "language": "python", "progress_bar": False}
    ours = {"kept": kept, "server": server, "folder": folder, "seconds": seconds}
    index = None
    try:
        executed = papermill.execute_notebook(source, None, parameters=values, **common, **ours)
        index, lines = _incomplete(executed)
        if not lines:
            return executed
    except PapermillExecutionError as error:
        index, lines = error.cell_index, str(error.evalue).splitlines() or [""]
        if error.ename not in ("DataError", "NotPrintedError"):
            lines[0] = f"{error.ename}: {lines[0]}"
    except DeadKernelError:
        lines = ["the kernel died (out of memory, or ended by a cell)"]
    except CellTimeoutError:
        lines = [f"the run took longer than its limit of {seconds:g} s"]
    except _FloodError as error:
        lines = [str(error)]
    except (PapermillException, RuntimeError, OSError) as error:
        lines = [f"{type(error).__name__}: {(str(error).strip() or 'no reason given').splitlines()[0]}"]
    raise CellError(lines, kept[0] if kept else None, index)


class _FloodError(Exception):
    """More output than a run may have."""


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """Client that ends a kernel which shows without end."""

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


class _Engine(Engine):  # type: ignore[misc]
    """Real kernels of the server, and no saving in between."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        options["kept"].append(nb_man.nb)
        end: list[float] = []

        def left(cell: Any = None) -> float:
            end.append(time.monotonic() + options["seconds"])  # counted from the first cell
            return max(end[0] - time.monotonic(), 0.01)

        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            timeout_func=left,
            kernel_manager_class=KernelManager,
            shutdown_kernel="immediate",  # its outputs are written; nothing is left that it could lose
        )
        client.create_kernel_manager()
        client.km.server, client.km.cwd = options["server"], options["folder"]
        try:
            return client.execute()
        except DeadKernelError:
            if client.shown > MOST_OUTPUT:
                raise _FloodError(f"its outputs are longer than {MOST_OUTPUT} characters") from None
            raise


def _incomplete(executed: NotebookNode) -> tuple[int | None, list[str]]:
    """Papermill takes ``sys.exit(0)`` and a cell that never ran for success; a year's report must not."""
    for index, cell in enumerate(executed.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if errors := [output for output in cell.outputs if output.output_type == "error"]:
            return index, [f"{errors[0].ename}: {errors[0].evalue} (a notebook may not leave early)"]
        if cell.execution_count is None or cell.metadata.papermill.status != "completed":
            return index, ["the cell was not executed"]
    return None, []


def _place(notebook: NotebookNode | None, index: int | None) -> str:
    """Cell as its reader counts it in the source, with its first line; the last that was begun where none is named."""
    if notebook is None:
        return ""
    begun = [n for n, cell in enumerate(notebook.cells) if cell.metadata.get("papermill", {}).get("start_time")]
    index = index if index is not None else max(begun, default=0)
    executed = [cell for cell in notebook.cells if FAILED not in cell.metadata.get("tags", [])]
    number = sum(INJECTED not in cell.metadata.get("tags", []) for cell in executed[: index + 1])
    return f" cell {number} ({executed[index].source.strip().partition(chr(10))[0][:60]})"
