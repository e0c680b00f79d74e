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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from kg_analysis import disk
from kg_analysis.data.clean import build_clean, check_data, parse_row, write_clean
from kg_analysis.data.columns import VINTAGE, Table
from kg_analysis.data.files import read_text, to_csv
from kg_analysis.data.printed import Registers, place, read_printed, read_registers
from kg_analysis.data.schemas import EXCLUDED as EXCLUSIONS
from kg_analysis.data.schemas import PRINTED, SOURCES
from kg_analysis.data.schemas import REFERENCES as MENTIONS
from kg_analysis.errors import DataError
from kg_analysis.ingest.workbook import (
    AT,
    COLUMNS,
    CONFIRMED,
    EXCLUDED,
    EXCLUSIONS_SHEET,
    FIGURES,
    FIXED,
    REFERENCES,
    ROW_SHEETS,
    UNMATCHED,
    Cells,
    Review,
    read_review,
)
from kg_analysis.vietnamese import UNITS


@dataclass
class Confirmed:
    """Rows that a person confirmed, by folder, and the spans that the review speaks of."""

    rows: dict[str, list[tuple[str, Cells]]] = field(
        default_factory=lambda: {"printed": [], "references": [], "exclusions": []}
    )  # rows of ``printed``, ``references`` and ``exclusions``, each with the place it has in the workbook
    excluded: set[tuple[str, str]] = field(default_factory=set)  # spans of tokens that are no figures after all
    open: int = 0  # rows neither confirmed nor excluded
    changed: int = 0  # confirmed rows in which a person corrected the proposal


def schema_problems(review: Review, found: Confirmed) -> Iterator[str]:
    """Cells of confirmed rows that the tables under ``data/printed`` refuse, and a vintage that is none."""
    for folder, rows in found.rows.items():
        if rows:
            frame = pd.DataFrame([typed for _, typed in rows], columns=list(_FILES[folder][1].columns), dtype=str)
            yield from _failures(review, _FILES[folder][1], frame, [where for where, _ in rows])
    vintage = review.source["vintage"]
    if not re.fullmatch(VINTAGE, vintage):
        yield f"{review.at_source('vintage')}: vintage {vintage!r}: write when the report was published, e.g. 2024-12"


def _failures(review: Review, table: Table, rows: pd.DataFrame, places: list[str]) -> Iterator[str]:
    """Failures of the schema, each by its cell; what the source's sheet settles is named there."""
    try:
        table.schema().validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        for case in error.failure_cases.itertuples(index=False):
            column = case.column if case.schema_context == "Column" else ""
            if column in ("vintage", "boundary_version", "area_code"):
                continue  # of the source, or named among the words
            if column in FIXED and case.failure_case != "":
                continue  # named among the words
            cell = _cell(review, places[int(case.index)], column)
            yield f"{cell}: {column} {case.failure_case!r}: {case.check}" if column else f"{cell}: {case.check}"


def repeated(review: Review, found: Confirmed, elsewhere: Mapping[str, str]) -> Iterator[str]:
    """Ids and spans that two confirmed rows share, and ids that another source has."""
    for folder, key in (("printed", "figure_id"), ("references", "ref_id"), ("exclusions", "start")):
        seen: dict[str, str] = {}
        for where, typed in found.rows[folder]:
            name, cell = typed[key], _cell(review, where, key)
            if name in seen:
                yield f"{cell}: {key} {name!r} already stands in {seen[name]}; rename or exclude one"
            elif folder == "printed" and name in elsewhere:
                yield f"{cell}: {key} {name!r} already stands in {elsewhere[name]}; rename it"
            seen.setdefault(name, cell)


def _cell(review: Review, where: str, column: str) -> str:
    sheet, number = where.split(" ")
    return f"{review.titles[sheet]}!{review.letters[sheet].get(column, '')}{number}"


_FILES: dict[str, tuple[str, Table]] = {
    "printed": ("printed", PRINTED),
    "references": ("printed/references", MENTIONS),
    "exclusions": ("printed/exclusions", EXCLUSIONS),
}
_FOLDERS = {FIGURES: "printed", UNMATCHED: "printed", REFERENCES: "references", EXCLUSIONS_SHEET: "exclusions"}


def confirmed_rows(review: Review, registers: Registers, ids_elsewhere: Mapping[str, str]) -> Confirmed:
    """Rows that a person confirmed."""
    problems = [*review.misplaced(), *review.sorted_alone(), *_word_problems(review, registers)]
    found = Confirmed()
    for sheet in ROW_SHEETS:
        for row in review.rows[sheet]:
            if row["status"] == CONFIRMED:
                _confirm(review, registers, found, sheet, row, problems)
            elif row["status"] == EXCLUDED:
                _exclude(review, found, sheet, row, problems)
            else:
                found.open += 1
    problems += schema_problems(review, found)
    problems += repeated(review, found, ids_elsewhere)
    if problems:
        raise DataError(dict.fromkeys(problems))
    return found


def _word_problems(review: Review, registers: Registers) -> Iterator[str]:
    """Cells, of rows of any status, that hold a word which their list does not have."""
    lists = {
        **FIXED,
        "indicator": tuple(registers.indicators.index),
        "area_code": tuple(dict.fromkeys(code for code, _ in registers.areas.index)),
        "unit": (*UNITS, "date", "period", "text"),
    }
    for sheet in ROW_SHEETS:
        columns = [each for each in COLUMNS[sheet] if each.choices and each.name != "status"]
        for row in review.rows[sheet]:
            for column in columns:
                word, words = row[column.name], lists[column.choices]
                if word and word not in words:
                    yield f"{review.at(sheet, row, column.name)}: {_unknown(column.name, word, words)}"


def _unknown(column: str, word: str, words: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(words), n=1)
    hint = f", did you mean {close[0]!r}?" if close else ""
    if column in ("indicator", "area_code"):
        register = {"indicator": "indicators", "area_code": "areas"}[column]
        return f"{column} {word!r} is not in {register}.csv{hint}; choose one that is, or add it there"
    return f"{column} {word!r} is not known{hint}; choose one of {', '.join(words)}"


def _confirm(
    review: Review, registers: Registers, found: Confirmed, sheet: str, row: Cells, problems: list[str]
) -> None:
    folder = _FOLDERS[sheet]
    table = _FILES[folder][1]
    row = _with_span(review, sheet, row, problems)
    changed = set(review.changes(sheet, row)) - {"status"}
    found.changed += bool(changed)
    typed = {name: row.get(name, "") for name in table.columns}
    if folder == "printed":
        typed |= {"vintage": review.source["vintage"], "area_code": row["area_code"] or review.source["area_code"]}
        typed["boundary_version"] = _boundary(registers, typed["area_code"], review.source["vintage"])
        problems += (f"{at}: {each}" for at, each in _figure_problems(review, registers, sheet, row, typed))
    found.rows[folder].append((f"{sheet} {row[AT]}", typed))


def _exclude(review: Review, found: Confirmed, sheet: str, row: Cells, problems: list[str]) -> None:
    """A proposal that is none: its digits are excluded with a reason; a wrong mention or exclusion just goes."""
    found.excluded.add((row["start"], row["end"]))
    if sheet not in (FIGURES, UNMATCHED):
        return
    if not row["reason"]:
        problems.append(f"{review.at(sheet, row, 'reason')}: an excluded figure needs its reason; choose one")
        return
    if any(each.isdecimal() for each in row["as_printed"]):
        typed = {name: row.get(name, "") for name in EXCLUSIONS.columns}
        found.rows["exclusions"].append((f"{sheet} {row[AT]}", typed))


def _with_span(review: Review, sheet: str, row: Cells, problems: list[str]) -> Cells:
    """The row with the offsets of a token that a person has made longer or shorter."""
    _, proposed = review.proposals.get(row["key"], ("", {}))
    token, old = row["as_printed"], proposed.get("as_printed", row["as_printed"])
    moved = (row["start"], row["end"]) != (proposed.get("start", row["start"]), proposed.get("end", row["end"]))
    if token == old or moved:
        return row
    begin, context = int(proposed["start"]) - int(proposed["context_start"]), proposed["context"]
    places = [at for at in range(len(context)) if context.startswith(token, at)]
    here = [at for at in places if at < begin + len(old) and begin < at + len(token)]
    if len(here) != 1:
        problems.append(
            f"{review.at(sheet, row, 'as_printed')}: {token!r} does not stand around {old!r} in the sentence shown; "
            "write it as printed, or give start and end"
        )
        return row
    start = int(proposed["context_start"]) + here[0]
    return row | {"start": str(start), "end": str(start + len(token))}


def _boundary(registers: Registers, area: str, vintage: str) -> str:
    """Boundary that an area had when the source was published."""
    rows = [(version, span) for (code, version), span in registers.areas.iterrows() if code == area]
    fitting = [
        version
        for version, span in rows
        if (not span["valid_from"] or span["valid_from"][: len(vintage)] <= vintage)
        and (not span["valid_to"] or vintage <= span["valid_to"][: len(vintage)])
    ]
    return fitting[0] if fitting else rows[0][0] if rows else ""


def _figure_problems(
    review: Review, registers: Registers, sheet: str, row: Cells, typed: Cells
) -> Iterator[tuple[str, str]]:
    """What the codebook says against a confirmed figure, each with its cell."""
    if not row["indicator"]:
        yield review.at(sheet, row, "indicator"), "a confirmed figure needs its indicator; choose one, or exclude it"
        return
    if row["indicator"] not in registers.indicators.index:
        return  # named already
    indicator = registers.indicators.loc[row["indicator"]]
    if row["unit"] and row["unit"] != indicator["unit"]:
        yield (
            review.at(sheet, row, "unit"),
            f"unit {row['unit']!r}, but {row['indicator']} is in {indicator['unit']!r}; choose another indicator or "
            "correct the unit",
        )
    try:
        read = parse_row(typed, indicator, review.source["language"] or "vi")
    except DataError as error:
        yield from ((review.at(sheet, row, "as_printed"), each) for each in error.problems)
        return
    except (ValueError, KeyError):  # a cell that its own column refuses
        return
    values = [read["value"]] if read["value"] else [each for each in (read["low"], read["high"]) if each]
    if row["value"] and not any(_same(row["value"], each) for each in values):
        yield (
            review.at(sheet, row, "value"),
            f"value {row['value']!r}, but {row['as_printed']!r} reads as {' or '.join(values) or 'no number'} in "
            f"{indicator['unit']}; correct the token, the indicator, or the value",
        )


def _same(cell: str, value: str) -> bool:
    """Whether a cell holds a value, with a decimal point or as the Vietnamese write it."""
    try:
        return Decimal(value) in (Decimal(each) for each in (cell, cell.replace(".", "").replace(",", ".")) if each)
    except InvalidOperation:
        return False


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
        return _accept(workbook.name, review, data_dir, today)


def _accept(workbook: str, review: Review, data_dir: Path, today: date) -> Accepted:
    registers = read_registers(data_dir)
    name = review.source["id"]
    found = confirmed_rows(review, registers, _ids_elsewhere(data_dir, registers, name))
    if not found.rows["printed"]:
        raise DataError(f"{workbook}: no figure is confirmed; set the status of those that are right")
    sources, problems = _sources(data_dir, review, registers, today)
    if problems:
        raise DataError(problems)
    files: dict[str, bytes] = {"sources.csv": sources}
    origins: dict[str, list[str]] = {}
    for folder, (path, table) in _FILES.items():
        rows, places = _merged(data_dir / path / f"{name}.csv", table, folder, found)
        if rows:
            files[f"{path}/{name}.csv"] = to_csv(pd.DataFrame(rows, columns=list(table.columns), dtype=str))
            origins[f"{folder}/{name}.csv"] = places
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
        copy = Path(shutil.copytree(data_dir, Path(folder) / data_dir.name, ignore=shutil.ignore_patterns(".*")))
        for name, content in files.items():
            disk.write_bytes(copy / name, content)
        try:
            write_clean(copy)
            check_data(copy)
        except DataError as error:
            named = [_with_figures(each, copy) for each in error.problems]
            raise DataError(_in_workbook(named, review, origins)) from None
        made = {path.relative_to(copy).as_posix(): path for path in sorted(copy.rglob("*")) if path.is_file()}
        contents = {name: path.read_bytes() for name, path in made.items() if not name.startswith(".")}
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
