"""What is typed from the page: figures, legal references, excluded tokens; read and held to the registers.

Responsibility: the readers of the registers and of ``printed/``; what one file says is checked against the registers
and against the other files. Where a folder is broken, a second, lenient look names everything that is wrong with it.

Terms: *collection* = file of many pages of which a few figures each are taken, with a ``source_id`` a row; a report has
a file of its own, named by its source.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kg_analysis.data import schemas
from kg_analysis.data.columns import Table
from kg_analysis.data.files import header_of, read_text, validate_together
from kg_analysis.errors import DataError

SPECIAL_SUBJECTS = (
    "growth",
    "revenue",
    "owner",
    "other",
)  # growth of whatever the sentence is about; a label outside the codebook


def label_problems(patterns: pd.DataFrame, indicators: pd.Index) -> Iterator[str]:
    """Subjects that are neither an indicator nor the stem of one.

    ``patterns``: rows of ``label_patterns.csv`` in the order of the file. ``indicators``: ids of the codebook.
    """
    names = set(indicators)
    stems = {
        "_".join(parts[:length]) for parts in (each.split("_") for each in names) for length in range(1, len(parts))
    }
    for row, subject in enumerate(patterns["subject"], 2):
        if subject and subject not in names and subject not in stems and subject not in SPECIAL_SUBJECTS:
            yield f"label_patterns.csv row {row}: subject {subject!r} has no indicator; add it to indicators.csv"


_READ = (*(each for each in schemas.REGISTERS if each is not schemas.CHECKS), schemas.LABEL_PATTERNS)


@dataclass(frozen=True)
class Registers:
    """What the printed figures refer to, each indexed by its key; cells are text."""

    sources: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    corrections: pd.DataFrame


def read_registers(data_dir: Path) -> Registers:
    """Sources, indicators and areas of a data folder; assumptions and label patterns are checked along.

    Raises DataError: every failure of the files.
    """
    tables = collect(data_dir, {table.name: table for table in _READ})
    problems = list(_assumption_problems(tables["assumptions"].set_index("id")))
    problems += label_problems(tables[schemas.LABEL_PATTERNS.name], pd.Index(tables["indicators"]["id"]))
    if problems:
        raise DataError(problems)
    return Registers(
        tables["sources"].set_index("id"),
        tables["indicators"].set_index("id"),
        tables["areas"].set_index(list(schemas.AREAS.key)),
        tables["corrections"],
    )


def _assumption_problems(found: pd.DataFrame) -> Iterator[str]:
    """Assumptions that are missing, in another unit, or not in ascending order."""
    for name, unit in schemas.REQUIRED_ASSUMPTIONS.items():
        if name not in found.index:
            yield f"assumptions.csv: {name!r} is missing; add it"
        elif found.at[name, "unit"] != unit:
            row, unit_there = list(found.index).index(name) + 2, found.at[name, "unit"]
            yield f"assumptions.csv row {row}: {name} is in {unit_there!r}, expected {unit!r}; correct the unit"
    for names in schemas.ASCENDING_ASSUMPTIONS:
        values = [float(found.at[each, "value"]) for each in names if each in found.index]
        if values != sorted(values):
            yield f"assumptions.csv: {' ≤ '.join(names)} does not hold, they are {values}; correct one of them"


def collect(data_dir: Path, wanted: dict[str, Table]) -> dict[str, pd.DataFrame]:
    """Several validated files as text, by their name under ``data_dir``; all failures of all files in one error."""
    found: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    for name, table in wanted.items():
        try:
            found[name] = read_text(data_dir / f"{name}.csv", table)
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return found


def read_printed(data_dir: Path, registers: Registers) -> pd.DataFrame:
    """All printed figures, validated and checked against the registers, with ``source_id``, ``file`` and
    ``file_row``.

    Raises DataError: every failure of every file: unknown source, indicator or area, a figure id used twice, a period
    outside the boundary, offsets where no text is held.
    """
    printed = _read_all(printed_files(data_dir))
    if printed.empty:
        raise DataError(f"{data_dir.name}/printed: no figure in any CSV file; restore the folder")
    return _sound(printed, list(cross_problems(printed, registers)))


def cross_problems(printed: pd.DataFrame, registers: Registers) -> Iterator[str]:
    """What the printed figures say against the registers and against each other."""
    yield from _place_problems(printed, registers)
    yield from _reference_problems(printed, registers)
    yield from _stale_corrections(printed, registers.corrections)


def read_references(data_dir: Path, registers: Registers) -> pd.DataFrame:
    """All mentions of legal documents, with ``source_id``, ``file`` and ``file_row``.

    Raises DataError: every failure of every file.
    """
    mentions = _folder(data_dir, "references", schemas.REFERENCES)
    again = mentions[mentions["ref_id"].duplicated()].to_dict("records")
    twice = [f"{place(row)}: ref_id {row['ref_id']!r} already stands elsewhere; rename one" for row in again]
    return _sound(mentions, [*_place_problems(mentions, registers), *twice])


def read_exclusions(data_dir: Path, registers: Registers) -> pd.DataFrame:
    """All excluded tokens, with ``source_id``, ``file`` and ``file_row``.

    Raises DataError: every failure of every file.
    """
    excluded = _folder(data_dir, "exclusions", schemas.EXCLUDED)
    return _sound(excluded, list(_place_problems(excluded, registers)))


def place(row: Mapping[Hashable, object]) -> str:
    """Where a typed row stands: printed/kien-giang-2021.csv row 14."""
    return f"{row['file']} row {row['file_row']}"


def printed_files(data_dir: Path) -> dict[Path, Table]:
    """Files of printed figures with their schema: a report's own, or a collection of pages."""
    paths = sorted((data_dir / "printed").glob("*.csv"))
    return {path: schemas.COLLECTED if "source_id" in header_of(path) else schemas.PRINTED for path in paths}


def placed(rows: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Rows of a typed file with their source, the file and the row in it."""
    source = {} if "source_id" in rows.columns else {"source_id": path.stem}
    return rows.assign(**source, file="/".join(path.parts[-2:]), file_row=range(2, len(rows) + 2))


def _read_all(files: Mapping[Path, Table]) -> pd.DataFrame:
    for table in {each.name: each for each in files.values()}.values():
        validate_together([path for path, schema in files.items() if schema is table], table)
    parts: list[pd.DataFrame] = []
    problems: list[str] = []
    for path, table in files.items():
        try:
            parts.append(placed(read_text(path, table), path))
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _folder(data_dir: Path, folder: str, table: Table) -> pd.DataFrame:
    """Rows of a folder of one table, a file a source."""
    rows = _read_all(dict.fromkeys(sorted((data_dir / "printed" / folder).glob("*.csv")), table))
    columns = [*table.columns, "source_id", "file", "file_row"]
    return pd.DataFrame(columns=columns, dtype=str) if rows.empty else rows[columns]


def _sound(rows: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    if problems:
        raise DataError(problems)
    return rows


def _place_problems(rows: pd.DataFrame, registers: Registers) -> Iterator[str]:
    """Rows of an unknown source; rows that lack their place in a held text, or give one in a text that is not held."""
    held = (registers.sources["sha256"] != "").to_dict()
    for row in rows.to_dict("records"):
        where = place(row)
        if row["source_id"] not in held:
            yield f"{where}: source {row['source_id']!r} is not in sources.csv; add it, or rename the file"
            continue
        given = [each for each in ("section", "place", "start", "end") if row[each] != ""]
        if not held[row["source_id"]] and given:
            yield f"{where}: gives {', '.join(given)}, but no text of the source is held; empty them"
        elif held[row["source_id"]] and len(given) < 4:
            yield f"{where}: {row['as_printed']!r} lacks its place in the text; give section, place, start and end"


def _stale_corrections(printed: pd.DataFrame, corrections: pd.DataFrame) -> Iterator[str]:
    """Corrections whose figure is gone or no longer prints what they were made for."""
    tokens = dict(zip(printed["figure_id"], printed["as_printed"], strict=True))
    for number, (figure_id, guard) in enumerate(zip(corrections["figure_id"], corrections["guard"], strict=True), 2):
        if figure_id not in tokens:
            yield f"corrections.csv row {number}: figure {figure_id!r} is not printed; remove the correction"
        elif tokens[figure_id] != guard:
            yield (
                f"corrections.csv row {number}: made for {guard!r}, but {figure_id} prints {tokens[figure_id]!r}; "
                "renew the correction or remove it"
            )


def _reference_problems(printed: pd.DataFrame, registers: Registers) -> Iterator[str]:
    seen: dict[str, str] = {}
    indicators = set(registers.indicators.index)
    areas = registers.areas[["valid_from", "valid_to"]].to_dict("index")
    for row in printed.to_dict("records"):
        where = place(row)
        if row["indicator"] not in indicators:
            yield f"{where}: label {row['label']!r} has no indicator {row['indicator']!r}; add it to indicators.csv"
        if row["figure_id"] in seen:
            yield f"{where}: figure_id {row['figure_id']!r} already stands in {seen[row['figure_id']]}; rename one"
        seen[row["figure_id"]] = where
        area = (row["area_code"], row["boundary_version"])
        if area not in areas:
            yield f"{where}: area {area[0]} with boundary {area[1]!r} is not in areas.csv; add it"
            continue
        first, last = areas[area]["valid_from"], areas[area]["valid_to"]
        # A plan made while the boundary stood may look beyond its end.
        ahead = row["basis"] in ("plan", "scenario") and row["vintage"] <= last
        restated = row["vintage"].ljust(10, "~") >= first  # earlier years on the new boundary are published after it
        until = min(row["period_end"], row["as_of"] or row["period_end"])  # a total counted up to a day inside it
        if (last and until > last and not ahead) or (row["period_start"] < first and not restated):
            period = f"{row['period_start']} to {row['period_end']}"
            yield f"{where}: period {period} leaves boundary {area[1]!r}; use the boundary of that time"
