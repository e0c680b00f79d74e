"""Notebooks as they are stored: read, and held to the parameters that their model has.

Responsibility: a source notebook before it is run.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat

from kg_analysis.errors import DataError
from kg_analysis.runs.parameters import NOTEBOOKS


def check_notebook(path: Path) -> None:
    """Prove that a notebook's ``parameters`` cell declares what its model does.

    Raises
    ------
    DataError
        If there is not exactly one such cell, if it holds more than literals, or if names, types or defaults differ.
    """
    _check(path.name, path.stem, _read(path))


@lru_cache(maxsize=64)
def _check(file: str, stem: str, content: bytes) -> None:
    cells = _parse(file, content).cells
    tagged = [
        (number, cell)
        for number, cell in enumerate(cells, 1)
        if "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    if len(tagged) != 1:
        found = ", ".join(str(number) for number, _ in tagged) or "none"
        raise DataError(f"{file}: needs one cell tagged parameters, found {found}; tag exactly one")
    number, cell = tagged[0]
    declared = _declared(f"{file} cell {number}", cell.source)
    fields = NOTEBOOKS[stem].model_fields
    problems = []
    if list(declared) != list(fields):
        problems.append(f"declares {', '.join(declared)}, the model has {', '.join(fields)}; make them equal")
    for name in declared.keys() & fields.keys():
        default = fields[name].default if not fields[name].is_required() else declared[name]
        if declared[name] != default or type(declared[name]) is not type(default):
            problems.append(f"{name} is {declared[name]!r} by default, the model says {default!r}; make them equal")
    if problems:
        raise DataError(f"{file} cell {number}: {problem}" for problem in problems)


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Notebook of a file.

    Raises
    ------
    DataError
        If it is missing or no notebook.
    """
    return _parse(path.name, _read(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise DataError(f"{path}: the notebook is missing; restore it or name another") from None


def _parse(file: str, content: bytes) -> nbformat.NotebookNode:
    try:
        return nbformat.reads(content.decode("utf-8"), as_version=4)
    except Exception as error:  # nbformat raises many kinds for broken JSON and for wrong versions
        raise DataError(f"{file}: no notebook ({str(error)[:120]}); restore it") from None


def _declared(place: str, source: str) -> dict[str, Any]:
    try:
        statements = ast.parse(source).body
        return dict(_literal(statement) for statement in statements)
    except (SyntaxError, ValueError) as error:
        raise DataError(f"{place}: {error}; write only lines like year: int = 2021") from None


def _literal(statement: ast.stmt) -> tuple[str, Any]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value is not None:
        return statement.target.id, ast.literal_eval(statement.value)
    raise ValueError(f"line {statement.lineno} is no typed parameter")
