"""The review workbook of the made-up example, changed as a person would change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import ROOT
from openpyxl import load_workbook

from kg_analysis.ingest.workbook import FIGURES, ROW_SHEETS, shown

EXAMPLE = ROOT / "examples" / "song-cua-2024"
TITLES = {name: shown(f"sheet_{name}", "vi") for name in ("source", *ROW_SHEETS)}
YES, NO, OPEN = (shown(f"status_{each}", "vi") for each in ("confirmed", "excluded", "proposed"))


@dataclass
class Book:
    """A workbook to be changed as a person would."""

    path: Path

    def __post_init__(self) -> None:
        self.book = load_workbook(self.path)

    def sheet(self, name: str) -> Any:
        return self.book[TITLES[name]]

    def cell(self, name: str, row: int, column: str) -> Any:
        headers = [each.value for each in self.sheet(name)[1]]
        return self.sheet(name).cell(row, headers.index(shown(f"column_{column}", "vi")) + 1)

    def row(self, token: str, name: str = FIGURES) -> int:
        rows = range(2, self.sheet(name).max_row + 1)
        return next(row for row in rows if self.cell(name, row, "as_printed").value == token)

    def set(self, token: str, name: str = FIGURES, **cells: Any) -> str:
        """Change the row of a token; where it stands, e.g. ``14``."""
        row = self.row(token, name)
        for column, value in cells.items():
            self.cell(name, row, column).value = value
        return str(row)

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path
