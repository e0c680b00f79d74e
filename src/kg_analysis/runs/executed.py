"""An executed notebook as it is stored: the same inputs give the same bytes.

Responsibility: take out what a clock, a machine or the staging of a run has put into it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from kg_analysis.runs.limits import IN, OUT
from kg_analysis.runs.outputs import Staging

INJECTED = "injected-parameters"
MARKER = "papermill-error-cell-tag"  # cells that papermill adds to a failed notebook


def content(notebook: NotebookNode, staging: Staging, source: Path, parameters: dict[str, Any]) -> bytes:
    """Executed notebook without clocks and machine paths, its staging path replaced by the final one.

    Parameters
    ----------
    notebook : NotebookNode
        As papermill leaves it, complete or not.
    staging : Staging
        Where it was run.
    source : Path
    parameters : dict
        As the reader is to see them.
    """
    notebook = nbformat.from_dict(json.loads(nbformat.writes(notebook)))
    record = notebook.metadata.papermill
    for name in ("start_time", "end_time", "duration", "environment_variables"):
        record.pop(name, None)
    record.input_path = source.name
    record.output_path = f"{staging.year}/{source.name}"
    record.parameters = parameters
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("execution", None)
        for name in ("start_time", "end_time", "duration"):
            cell.metadata.get("papermill", {}).pop(name, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
        elif MARKER in cell.metadata.get("tags", []):
            cell.id = f"failed-{number}"
    text = nbformat.writes(notebook)
    output_dir, data_dir = str(parameters["output_dir"]), str(parameters["data_dir"])
    for staged, final in (
        (f"../{OUT}/{staging.root.name or 'outputs'}", output_dir),
        (f"../{IN}/{(source.parent / data_dir).resolve().name or 'data'}", data_dir),
        (str(staging.folder / "work"), str(source.parent.parent)),
        (str(staging.folder), output_dir),
    ):
        text = text.replace(json.dumps(staged, ensure_ascii=False)[1:-1], json.dumps(final, ensure_ascii=False)[1:-1])
    return (text.rstrip("\n") + "\n").encode("utf-8")


def relative(path: Path, start: Path) -> str:
    """Path as seen from a folder, with slashes."""
    return Path(os.path.relpath(path, start)).as_posix()
