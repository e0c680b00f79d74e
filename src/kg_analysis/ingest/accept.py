"""A confirmed review becomes data: printed rows, references, exclusions and the source, all or nothing.

Responsibility: try the new files in a copy of the data folder, where they must give sound clean tables and pass every
check of the data, and only then put them in their place. What cannot be used is named by sheet and row.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from kg_analysis.data.clean import build_clean, check_data, write_clean
from kg_analysis.data.columns import Table
from kg_analysis.data.files import read_text, to_csv
from kg_analysis.data.printed import Registers, place, read_printed, read_registers
from kg_analysis.data.schemas import EXCLUDED, PRINTED, REFERENCES, SOURCES
from kg_analysis.disk import replace_all, write_bytes
from kg_analysis.errors import DataError
from kg_analysis.ingest.review_check import confirmed_rows
from kg_analysis.ingest.review_read import Cells, Review, read_review
from kg_analysis.ingest.review_rules import Confirmed

_FOLDERS: dict[str, tuple[str, Table]] = {
    "printed": ("printed", PRINTED),
    "references": ("printed/references", REFERENCES),
    "exclusions": ("printed/exclusions", EXCLUDED),
}


@dataclass(frozen=True)
class Accepted:
    """What a review has changed.

    Attributes
    ----------
    source_id, area_code : str
    year : int
        Year that the report reviews.
    written : tuple of str
        Paths under the data folder that have new content.
    counts : dict of str to int
        Confirmed rows by folder.
    changed : int
        Confirmed rows in which the proposal was corrected.
    open : int
        Rows neither confirmed nor excluded; they are left out.
    """

    source_id: str
    area_code: str
    year: int
    written: tuple[str, ...]
    counts: dict[str, int]
    changed: int
    open: int


def accept_review(workbook: Path, data_dir: Path, today: date) -> Accepted:
    """Write what a person has confirmed into the data folder.

    Parameters
    ----------
    workbook : Path
        Review that ``kg draft`` wrote.
    data_dir : Path
    today : date
        Day on which the report counts as taken where the review does not say.

    Returns
    -------
    Accepted

    Raises
    ------
    DataError
        Everything that is wrong with the review, by sheet and cell, and what the data folder would not bear with it;
        nothing is written then.
    """
    review = read_review(workbook)
    registers = read_registers(data_dir)
    name = review.source["id"]
    found = confirmed_rows(review, registers, _ids_elsewhere(data_dir, registers, name))
    if not found.rows["printed"]:
        raise DataError(f"{workbook.name}: no figure is confirmed; set the status of those that are right")
    sources, problems = _sources(data_dir, review, registers, today)
    if problems:
        raise DataError(problems)
    files: dict[str, bytes] = {"sources.csv": sources}
    origins: dict[str, list[str]] = {}
    for folder, (path, table) in _FOLDERS.items():
        rows, places = _merged(data_dir / path / f"{name}.csv", table, folder, found)
        if rows:
            files[f"{path}/{name}.csv"] = to_csv(pd.DataFrame(rows, columns=list(table.columns), dtype=str))
            origins[f"{folder}/{name}.csv"] = places
    changes = _tried(data_dir, files, review, origins)
    replace_all(data_dir, changes)
    return Accepted(
        name,
        review.source["area_code"],
        int(review.source["report_year"]),
        tuple(sorted(changes)),
        {folder: len(rows) for folder, rows in found.rows.items()},
        found.changed,
        found.open,
    )


def _ids_elsewhere(data_dir: Path, registers: Registers, source: str) -> dict[str, str]:
    """Ids of the figures of all other sources with their file."""
    printed = read_printed(data_dir, registers)
    others = printed[printed["source_id"] != source]
    return {row["figure_id"]: str(row["file"]) for row in others.to_dict("records")}


def _sources(data_dir: Path, review: Review, registers: Registers, today: date) -> tuple[bytes, list[str]]:
    """The register of sources with the review's own row in it, and what is wrong with that row."""
    rows = read_text(data_dir / "sources.csv", SOURCES)
    row: Cells = {name: review.source[name] for name in SOURCES.columns}
    old = registers.sources.loc[row["id"]] if row["id"] in registers.sources.index else None
    row["retrieved"] = row["retrieved"] or (old["retrieved"] if old is not None else today.isoformat())
    problems = [
        f"{review.at_source(name)}: {name} {row[name]!r}: {column.checks[0].error}"
        for name, column in SOURCES.columns.items()
        if not column.checks[0](pd.Series([row[name]])).check_passed
    ]
    if row["kind"] == "report" and not row["report_year"]:
        problems.append(f"{review.at_source('report_year')}: empty; write the year that the report reviews")
    if old is not None and old["sha256"] != row["sha256"]:
        problems.append(
            f"{review.at_source('id')}: {row['id']!r} stands in sources.csv with another file; a report issued anew is "
            "another source, give it another id"
        )
    if review.source["area_code"] not in {code for code, _ in registers.areas.index}:
        problems.append(f"{review.at_source('area_code')}: {review.source['area_code']!r} is not in areas.csv; add it")
    if old is None:
        rows = pd.concat([rows, pd.DataFrame([row])], ignore_index=True)
    else:
        rows.loc[rows["id"] == row["id"], list(SOURCES.columns)] = [row[each] for each in SOURCES.columns]
    return to_csv(rows), problems


def _merged(path: Path, table: Table, folder: str, found: Confirmed) -> tuple[list[Cells], list[str]]:
    """Rows of one file in order of the page, with the place of each in the workbook; rows typed earlier stay.

    A typed row gives way to a confirmed one of its id or token, and to an exclusion of its token.
    """
    new = found.rows[folder]
    spans = {(row["start"], row["end"]) for _, row in new} | found.excluded
    if folder == "exclusions":  # a token confirmed as a figure is no longer excluded
        spans |= {(row["start"], row["end"]) for each in ("printed", "references") for _, row in found.rows[each]}
    key = table.key[0]
    names = {row[key] for _, row in new}
    typed = read_text(path, table).to_dict("records") if path.is_file() else []
    kept = [row for row in typed if (row["start"], row["end"]) not in spans and row[key] not in names]
    both = [*(("", row) for row in kept), *new]
    both.sort(key=lambda each: (int(each[1]["start"] or 0), int(each[1]["end"] or 0)))
    return [{str(name): str(cell) for name, cell in row.items()} for _, row in both], [where for where, _ in both]


def _tried(data_dir: Path, files: dict[str, bytes], review: Review, origins: dict[str, list[str]]) -> dict[str, bytes]:
    """All files that would change, found by regenerating and checking a copy of the data folder."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(data_dir, Path(folder) / data_dir.name))
        for name, content in files.items():
            write_bytes(copy / name, content)
        try:
            write_clean(copy)
            check_data(copy)
        except DataError as error:
            named = [_with_figures(each, copy) for each in error.problems]
            raise DataError(_in_workbook(named, review, origins)) from None
        contents = {
            path.relative_to(copy).as_posix(): path.read_bytes() for path in sorted(copy.rglob("*")) if path.is_file()
        }
    old = {name: data_dir / name for name in contents}
    return {
        name: content
        for name, content in contents.items()
        if not old[name].is_file() or old[name].read_bytes() != content
    }


def _with_figures(problem: str, data_dir: Path) -> str:
    """A problem of a generated table with the typed rows that its rows come from."""
    places = re.findall(r"(clean/\w+)\.csv row (\d+)|(?:already stands in) row (\d+)", problem)
    if not places or not places[0][0]:
        return problem
    try:
        rows = list(csv.DictReader(io.StringIO(build_clean(data_dir)[places[0][0]].decode(), newline="")))
    except DataError:  # the table cannot be built at all, which the problem says
        return problem
    ids = {name for _, one, other in places for name in rows[int(one or other) - 2].get("figure_ids", "").split()}
    typed = read_printed(data_dir, read_registers(data_dir))
    found = [place(row) for row in typed.to_dict("records") if row["figure_id"] in ids]
    return f"{' and '.join(found)}: {problem}" if found else problem


def _in_workbook(problems: Iterable[str], review: Review, origins: dict[str, list[str]]) -> list[str]:
    """Problems of the new files with the sheet and row that each comes from."""

    def cell(found: re.Match[str]) -> str:
        rows, number = origins.get(found[1], []), int(found[2]) - 2
        where = rows[number] if 0 <= number < len(rows) else ""
        if not where:
            return found[0]
        sheet, row = where.split(" ")
        return f"{review.titles[sheet]}!{row} ({found[0]})"

    return [re.sub(r"((?:printed|references|exclusions)/[\w.-]+\.csv) row (\d+)", cell, each) for each in problems]
