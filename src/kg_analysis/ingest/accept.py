"""A confirmed review becomes data: printed rows, references, exclusions and the source, all or nothing.

Responsibility: hold the confirmed cells to the schemas, to the codebook and to each other; try the new files in a copy
of the data folder, where they must give sound clean tables and pass every check of the data, and only then put them in
their place. What cannot be used is named by sheet and row.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from kg_analysis import disk
from kg_analysis.data.clean import build_clean, check_data, parse_row, write_clean
from kg_analysis.data.columns import VINTAGE
from kg_analysis.data.files import failures, read_text, to_csv
from kg_analysis.data.printed import Registers, place, read_printed, read_registers
from kg_analysis.data.schemas import EXCLUDED as EXCLUSIONS
from kg_analysis.data.schemas import PRINTED, SOURCES
from kg_analysis.data.schemas import REFERENCES as MENTIONS
from kg_analysis.errors import DataError
from kg_analysis.ingest.review import area_at
from kg_analysis.ingest.workbook import (
    AT,
    COLUMNS,
    CONFIRMED,
    EXCLUDED,
    EXCLUSIONS_SHEET,
    FIGURES,
    FIXED,
    REFERENCES,
    SHEET,
    UNMATCHED,
    Cells,
    Review,
    lists_of,
    read_review,
)

_FOLDERS = {FIGURES: "printed", UNMATCHED: "printed", REFERENCES: "references", EXCLUSIONS_SHEET: "exclusions"}
_PATHS = {"printed": "printed", "references": "printed/references", "exclusions": "printed/exclusions"}
_TABLES = {"printed": PRINTED, "references": MENTIONS, "exclusions": EXCLUSIONS}
_SETTLED = ("vintage", "boundary_version", "area_code")  # by the source, or named among the words


@dataclass(frozen=True)
class Accepted:
    """What a review has changed."""

    source_id: str
    area_code: str
    year: int  # year that the report reviews
    written: tuple[str, ...]  # paths under the data folder that have new content
    counts: dict[str, int]  # confirmed rows by folder
    changed: int  # confirmed rows in which the proposal was corrected
    open: int  # rows neither confirmed nor excluded; they are left out


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
    with disk.locked(data_dir, disk.DATA_FILES):  # from the first table that is read to the last file in place
        registers, name = read_registers(data_dir), review.source["id"]
        found = _Confirmed(review, registers)
        found.judge(read_printed(data_dir, registers))
        if not found.rows["printed"]:
            raise DataError(f"{workbook.name}: no figure is confirmed; set the status of those that are right")
        files = {"sources.csv": _sources(data_dir, review, registers, today)}
        origins: dict[str, list[Cells | None]] = {}
        for folder, path in _PATHS.items():
            rows = found.merged(data_dir / path / f"{name}.csv", folder)
            if rows:
                typed = pd.DataFrame([cells for _, cells in rows], columns=list(_TABLES[folder].columns), dtype=str)
                files[f"{path}/{name}.csv"] = to_csv(typed)
                origins[f"{folder}/{name}.csv"] = [row for row, _ in rows]
        changes = _tried(data_dir, files, review, origins)
        disk.replace_all(data_dir, changes, disk.DATA_FILES)
    return Accepted(
        name,
        review.source["area_code"],
        int(review.source["report_year"]),
        tuple(sorted(changes)),
        {folder: len(rows) for folder, rows in found.rows.items()},
        found.changed,
        found.open,
    )


class _Confirmed:
    """What a person decided: rows of the data by folder, each with its row in the workbook, and what is wrong."""

    def __init__(self, review: Review, registers: Registers) -> None:
        self.review, self.registers = review, registers
        self.rows: dict[str, list[tuple[Cells, Cells]]] = {folder: [] for folder in _PATHS}
        self.excluded: set[tuple[str, str]] = set()  # spans of tokens that are no figures after all
        self.open = self.changed = 0
        self.problems: list[str] = []

    def judge(self, printed: pd.DataFrame) -> None:
        """Take the rows of the review; ``printed`` are the figures that the data hold already.

        Raises DataError: everything that is wrong with them.
        """
        review = self.review
        rows = [row for each in review.rows.values() for row in each]
        self.problems = [*review.misplaced(), *review.sorted_alone(), *self.unknown_words(rows)]
        for row in rows:
            if row["status"] == CONFIRMED:
                self.confirm(row)
            elif row["status"] == EXCLUDED:
                self.exclude(row)
            else:
                self.open += 1
        self.problems += self.refused()
        vintage = review.source["vintage"]
        if not re.fullmatch(VINTAGE, vintage):
            self.problems.append(
                f"{review.at_source('vintage')}: vintage {vintage!r}: write when the report was published, e.g. 2024-12"
            )
        others = printed[printed["source_id"] != review.source["id"]]
        self.problems += self.repeated(dict(zip(others["figure_id"], others["file"], strict=True)))
        if self.problems:
            raise DataError(dict.fromkeys(self.problems))

    def unknown_words(self, rows: Iterable[Cells]) -> Iterator[str]:
        """Cells, of rows of any status, that hold a word which their list does not have."""
        lists = lists_of(self.registers)
        for row in rows:
            for name in (each.name for each in COLUMNS[row[SHEET]] if each.name in lists and each.name != "status"):
                if row[name] and row[name] not in lists[name]:
                    yield f"{self.review.at(row, name)}: {_unknown(name, row[name], lists[name])}"

    def confirm(self, row: Cells) -> None:
        """A row as it stands in the data."""
        folder, source = _FOLDERS[row[SHEET]], self.review.source
        row = self.with_span(row)
        self.changed += bool(self.review.changes(row).keys() - {"status"})
        typed = {name: row.get(name, "") for name in _TABLES[folder].columns}
        if folder == "printed":
            typed |= {"vintage": source["vintage"], "area_code": row["area_code"] or source["area_code"]}
            typed["boundary_version"], _ = area_at(self.registers.areas, typed["area_code"], source["vintage"])
            self.problems += (f"{self.review.at(row, at)}: {each}" for at, each in self.contradictions(row, typed))
        self.rows[folder].append((row, typed))

    def exclude(self, row: Cells) -> None:
        """A proposal that is none: its digits are excluded with a reason; a wrong mention or exclusion just goes."""
        self.excluded.add((row["start"], row["end"]))
        if _FOLDERS[row[SHEET]] != "printed":
            return
        if not row["reason"]:
            self.problems.append(f"{self.review.at(row, 'reason')}: an excluded figure needs its reason; choose one")
        elif any(each.isdecimal() for each in row["as_printed"]):
            self.rows["exclusions"].append((row, {name: row.get(name, "") for name in EXCLUSIONS.columns}))

    def with_span(self, row: Cells) -> Cells:
        """The row with the offsets of a token that a person has made longer or shorter."""
        proposed, token = self.review.proposed(row), row["as_printed"]
        if not proposed or token == proposed["as_printed"] or any(row[at] != proposed[at] for at in ("start", "end")):
            return row
        old, context, first = proposed["as_printed"], proposed["context"], int(proposed["context_start"])
        begin = int(proposed["start"]) - first
        places = (at for at in range(len(context)) if context.startswith(token, at))
        here = [at for at in places if at < begin + len(old) and begin < at + len(token)]
        if len(here) != 1:
            self.problems.append(
                f"{self.review.at(row, 'as_printed')}: {token!r} does not stand around {old!r} in the sentence shown; "
                "write it as printed, or give start and end"
            )
            return row
        return row | {"start": str(first + here[0]), "end": str(first + here[0] + len(token))}

    def contradictions(self, row: Cells, typed: Cells) -> Iterator[tuple[str, str]]:
        """What the codebook says against a confirmed figure, each with its column."""
        name = row["indicator"]
        if not name:
            yield "indicator", "a confirmed figure needs its indicator; choose one, or exclude it"
        if name not in self.registers.indicators.index:
            return  # named already
        indicator = self.registers.indicators.loc[name]
        unit = indicator["unit"]
        if row["unit"] and row["unit"] != unit:
            yield (
                "unit",
                f"unit {row['unit']!r}, but {name} is in {unit!r}; choose another indicator or correct the unit",
            )
        try:
            read = parse_row(typed, indicator, self.review.source["language"] or "vi")
        except DataError as error:
            yield from (("as_printed", each) for each in error.problems)
            return
        except (ValueError, KeyError):  # a cell that its own column refuses
            return
        values = [read["value"]] if read["value"] else [each for each in (read["low"], read["high"]) if each]
        if row["value"] and not any(_same(row["value"], each) for each in values):
            yield (
                "value",
                f"value {row['value']!r}, but {row['as_printed']!r} reads as {' or '.join(values) or 'no number'} in "
                f"{unit}; correct the token, the indicator, or the value",
            )

    def refused(self) -> Iterator[str]:
        """Cells that the tables under ``data/printed`` refuse, but those that are named among the words."""
        for folder, rows in self.rows.items():
            typed = pd.DataFrame([cells for _, cells in rows], columns=list(_TABLES[folder].columns), dtype=str)
            for index, column, problem in failures(typed, _TABLES[folder]) if rows else ():
                if column not in _SETTLED and not (column in FIXED and typed.at[index, column]):
                    yield f"{self.review.at(rows[index][0], column)}: {problem}"

    def repeated(self, elsewhere: dict[str, str]) -> Iterator[str]:
        """Ids and spans that two confirmed rows share, and ids that another source has."""
        for folder, rows in self.rows.items():
            key = _TABLES[folder].key[0]
            seen: dict[str, str] = {}
            for row, typed in rows:
                name, cell = typed[key], self.review.at(row, key)
                if name in seen:
                    yield f"{cell}: {key} {name!r} already stands in {seen[name]}; rename or exclude one"
                elif folder == "printed" and name in elsewhere:
                    yield f"{cell}: {key} {name!r} already stands in {elsewhere[name]}; rename it"
                seen.setdefault(name, cell)

    def merged(self, path: Path, folder: str) -> list[tuple[Cells | None, Cells]]:
        """Rows of one file in order of the page, each with its row in the workbook; rows typed earlier stay.

        A typed row gives way to a confirmed one of its id or token, and to an exclusion of its token.
        """
        table, new = _TABLES[folder], self.rows[folder]
        # A token confirmed as a figure is no longer excluded.
        taking = _PATHS if folder == "exclusions" else (folder,)
        spans = {_span(typed) for each in taking for _, typed in self.rows[each]} | self.excluded
        names = {typed[table.key[0]] for _, typed in new}
        typed = read_text(path, table).to_dict("records") if path.is_file() else []
        kept = [row for row in typed if _span(row) not in spans and row[table.key[0]] not in names]
        both: list[tuple[Cells | None, Cells]] = [*((None, row) for row in kept), *new]
        return sorted(both, key=lambda each: tuple(int(at or 0) for at in _span(each[1])))


def _span(row: Cells) -> tuple[str, str]:
    return row["start"], row["end"]


def _unknown(column: str, word: str, words: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, words, n=1)
    hint = f", did you mean {close[0]!r}?" if close else ""
    if register := {"indicator": "indicators", "area_code": "areas"}.get(column):
        return f"{column} {word!r} is not in {register}.csv{hint}; choose one that is, or add it there"
    return f"{column} {word!r} is not known{hint}; choose one of {', '.join(words)}"


def _same(cell: str, value: str) -> bool:
    """Whether a cell holds a value, with a decimal point or as the Vietnamese write it."""
    try:
        return Decimal(value) in (Decimal(each) for each in (cell, cell.replace(".", "").replace(",", ".")) if each)
    except InvalidOperation:
        return False


def _sources(data_dir: Path, review: Review, registers: Registers, today: date) -> bytes:
    """The register of sources with the review's own row in it.

    Raises DataError: everything that is wrong with that row.
    """
    rows = read_text(data_dir / "sources.csv", SOURCES).set_index("id", drop=False)
    row = {name: review.source[name] for name in SOURCES.columns}
    name = row["id"]
    old = rows.loc[name] if name in rows.index else None
    row["retrieved"] = row["retrieved"] or (old["retrieved"] if old is not None else today.isoformat())
    problems = [
        f"{review.at_source(field)}: {field} {row[field]!r}: {column.checks[0].error}"
        for field, column in SOURCES.columns.items()
        if not column.checks[0](pd.Series([row[field]])).check_passed
    ]
    if row["kind"] == "report" and not row["report_year"]:
        problems.append(f"{review.at_source('report_year')}: empty; write the year that the report reviews")
    if old is not None and old["sha256"] != row["sha256"]:
        problems.append(
            f"{review.at_source('id')}: {name!r} stands in sources.csv with another file; a report issued anew is "
            "another source, give it another id"
        )
    if review.source["area_code"] not in {code for code, _ in registers.areas.index}:
        problems.append(f"{review.at_source('area_code')}: {review.source['area_code']!r} is not in areas.csv; add it")
    if problems:
        raise DataError(problems)
    rows.loc[name] = pd.Series(row)
    return to_csv(rows)


def _tried(
    data_dir: Path, files: dict[str, bytes], review: Review, origins: dict[str, list[Cells | None]]
) -> dict[str, bytes]:
    """All files that would change, found by regenerating and checking a copy of the data folder."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(data_dir, Path(folder) / data_dir.name, ignore=shutil.ignore_patterns(".*")))
        for name, content in files.items():
            disk.write_bytes(copy / name, content)
        try:
            write_clean(copy)
            check_data(copy)
        except DataError as error:
            named = (_with_figures(each, copy) for each in error.problems)
            raise DataError(_in_workbook(each, review, origins) for each in named) from None
        made = {path.relative_to(copy).as_posix(): path for path in sorted(copy.rglob("*")) if path.is_file()}
        contents = {name: path.read_bytes() for name, path in made.items() if not name.startswith(".")}
    return {
        name: content
        for name, content in contents.items()
        if not (data_dir / name).is_file() or (data_dir / name).read_bytes() != content
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
    found = [place(row) for row in typed[typed["figure_id"].isin(ids)].to_dict("records")]
    return f"{' and '.join(found)}: {problem}" if found else problem


def _in_workbook(problem: str, review: Review, origins: dict[str, list[Cells | None]]) -> str:
    """A problem of the new files with the sheet and row that it comes from."""

    def cell(found: re.Match[str]) -> str:
        rows, number = origins.get(found[1], []), int(found[2]) - 2
        row = rows[number] if 0 <= number < len(rows) else None
        return found[0] if row is None else f"{review.titles[row[SHEET]]}!{row[AT]} ({found[0]})"

    return re.sub(r"((?:printed|references|exclusions)/[\w.-]+\.csv) row (\d+)", cell, problem)
