"""Results of earlier versions, frozen: what is different now is listed with its reason, and nothing else differs.

``golden/tables_<year>.csv`` holds the cells of all tables of a year (of daily tables one day a week), by the columns
that name a row; ``golden/sentences.csv`` every computed sentence. A line of ``golden/differences.csv`` says where a
cell is now, or that it is no longer made, and why; ``*`` stands for anything:

``year,table,column,now_table,now_column,reason,row,now_row`` with *reason* one of ``renamed`` (the same value stands in
the new place: its row where that has other names, its column with what ``*`` stood for), ``wrong before: …``,
``superseded: …`` and ``useless precision: …``. A sentence's table is its notebook, its column the cell. A line that no
cell needs any more fails as well.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

from kg_analysis.briefing.content import Briefing
from kg_analysis.spreadsheet import csv_bytes

GOLDEN = ROOT / "tests" / "golden"
BRIEFING = "briefing_numbers"
REASONS = ("renamed", "wrong before", "superseded", "useless precision")
Row = dict[str, str]


@dataclass(frozen=True)
class Cell:
    """A frozen result: a cell of a table, or a sentence (its notebook, cell and text)."""

    table: str
    row: str
    column: str
    value: str


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def differences() -> list[Row]:
    return read(GOLDEN / "differences.csv")


@cache
def frozen(year: int) -> list[Cell]:
    return [Cell(**each) for each in read(GOLDEN / f"tables_{year}.csv")]


def sentences(year: int, language: str) -> list[Cell]:
    rows = (
        each for each in read(GOLDEN / "sentences.csv") if (each["year"], each["language"]) == (str(year), language)
    )
    return [Cell(each["notebook"], "", each["cell_id"], each["text"]) for each in rows]


@cache
def table(folder: Path, name: str) -> list[Row]:
    path = folder / "tables" / f"{name}.csv"
    return read(path) if path.is_file() else []


@cache
def text(folder: Path) -> str:
    """All that the executed notebooks of a folder say, the answers that an executed copy begins with among it."""
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            found += [cell.source] if cell.cell_type == "markdown" else []
            outputs = cell.get("outputs", [])
            found += [each["data"]["text/markdown"] for each in outputs if "text/markdown" in each.get("data", {})]
    return "\n".join(found)


def same(one: str, other: str) -> bool:
    """Whether two cells print the same value: 3.0 is 3, an empty cell is no number."""
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def rows_of(folder: Path, name: str, key: str) -> Iterator[Row]:
    rows = table(folder, name)
    if key.startswith("#"):
        yield from rows[int(key[1:]) : int(key[1:]) + 1]
        return
    wanted = dict(part.split("=", 1) for part in key.split(" & "))
    yield from (row for row in rows if all(same(row.get(name, ""), value) for name, value in wanted.items()))


def stands(folder: Path, cell: Cell, line: Mapping[str, str] | None = None) -> bool:
    """Whether a frozen cell's value stands in its own place, or where a line says that it is now."""
    if not cell.row:
        return cell.value in text(folder)
    place = line or {}
    name, key = place.get("now_table") or cell.table, place.get("now_row") or cell.row
    matched = cell.column.removeprefix((place.get("column") or "").partition("*")[0])
    column = (place.get("now_column") or cell.column).replace("*", matched)
    return any(same(row.get(column, ""), cell.value) for row in rows_of(folder, name, key))


def explains(line: Mapping[str, str], cell: Cell, year: int) -> bool:
    return all(
        fnmatchcase(value, line.get(name) or "*")
        for name, value in (("year", str(year)), ("table", cell.table), ("column", cell.column), ("row", cell.row))
    )


def unexplained(cells: list[Cell], folder: Path, year: int) -> list[str]:
    """Every frozen cell that is different now without a line that says why, or not where its line says."""
    found = []
    for cell in cells:
        if stands(folder, cell):
            continue
        lines = [line for line in differences() if explains(line, cell, year)]
        moved = [line for line in lines if line["reason"] == "renamed"]
        if not lines:
            found.append(f"{cell} is different and not in differences.csv")
        elif len(moved) == len(lines) and not any(stands(folder, cell, line) for line in moved):
            found.append(f"{cell} does not stand in {moved[0]['now_table']}, column {moved[0]['now_column']}")
    return found


def stale(line: Mapping[str, str], cells: list[Cell], folder: Path, year: int) -> bool:
    return not any(explains(line, cell, year) and not stands(folder, cell) for cell in cells)


def test_the_tables_of_2021_are_those_of_before_or_say_why_not(outputs: Path) -> None:
    assert unexplained(without_briefing(2021), outputs, 2021) == []


def test_the_sentences_of_2021_are_those_of_before_or_say_why_not(outputs: Path) -> None:
    assert unexplained(sentences(2021, "vi"), outputs, 2021) == []


def without_briefing(year: int) -> list[Cell]:
    return [cell for cell in frozen(year) if cell.table != BRIEFING]


@pytest.mark.slow
def test_other_years_and_english_are_those_of_before_or_say_why_not(other_run: tuple[int, str, Path]) -> None:
    year, language, folder = other_run
    assert unexplained(sentences(year, language), folder, year) == []
    if language == "vi":
        cells = [*without_briefing(year), *sentences(year, language)]
        assert unexplained(cells, folder, year) == []
        own = [each for each in differences() if each["year"] == str(year)]
        assert [each for each in own if stale(each, cells, folder, year)] == []


@pytest.mark.slow
def test_a_briefing_shows_the_numbers_of_before_or_says_why_not(
    tmp_path: Path, briefing_of: Callable[..., Briefing]
) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / f"tables/{BRIEFING}.csv").write_bytes(csv_bytes(briefing_of(2021, "vi").numbers.data))
    cells = [cell for cell in frozen(2021) if cell.table == BRIEFING and cell.column == "value"]
    assert cells
    assert unexplained(cells, tmp_path, 2021) == []


def test_no_line_of_differences_is_stale(outputs: Path) -> None:
    """A difference that is none any more is taken out of the list; lines of other years alone are not looked at."""
    lines = [each for each in differences() if fnmatchcase("2021", each["year"]) and each["table"] != BRIEFING]
    cells = [*without_briefing(2021), *sentences(2021, "vi")]
    assert [each for each in lines if stale(each, cells, outputs, 2021)] == []


def test_every_difference_has_a_known_reason() -> None:
    wrong = [line for line in differences() if line["reason"].partition(":")[0] not in REASONS]
    unsaid = [line for line in differences() if line["reason"] in REASONS[1:]]
    lost = [
        line for line in differences() if line["reason"] == "renamed" and not (line["now_table"] or line["now_column"])
    ]
    assert (wrong, unsaid, lost) == ([], [], [])


def test_a_changed_value_would_be_found(outputs: Path) -> None:
    cell = next(each for each in frozen(2021) if each.table == "covid_phases" and each.column == "cases_high")
    assert stands(outputs, cell)
    changed = Cell(cell.table, cell.row, cell.column, str(float(cell.value) + 0.1))
    assert not stands(outputs, changed)
    assert len(unexplained([changed], outputs, 2021)) == 1
