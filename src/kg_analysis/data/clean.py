"""``data/clean``: generated from ``data/printed``, byte for byte the same each time.

Responsibility: parse every token in the unit that the codebook gives its indicator, build the clean tables, write them
together with ``datapackage.json`` and the column tables of ``data/README.md``, and say where committed ones differ
from what the printed figures and the schemas give.

Terms: *resource* = one CSV in the Frictionless format; *marks* = comment lines of the README around the generated part.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from kg_analysis import disk
from kg_analysis.data import schemas
from kg_analysis.data.checks import check_problems
from kg_analysis.data.columns import WORDS, Table
from kg_analysis.data.files import read_lenient, read_text, to_csv
from kg_analysis.data.printed import (
    Registers,
    collect,
    cross_problems,
    label_problems,
    place,
    placed,
    printed_files,
    read_printed,
    read_references,
    read_registers,
)
from kg_analysis.data.series import present, read_series, series_problems
from kg_analysis.data.views import build_views
from kg_analysis.errors import DataError
from kg_analysis.vietnamese import (
    UNITS,
    Amount,
    parse_amount,
    parse_date,
    parse_list,
    parse_mention,
    parse_period,
    parse_rank,
    to_vietnamese,
)

_VALUES = ("value", "unit", "decimals", "low", "high", "bound_kind")


def build_figures(printed: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Table ``clean/figures`` as text, in order of source and offset.

    Raises DataError: every token that cannot be parsed in its indicator's unit or does not agree with the row's period.
    """

    languages = registers.sources["language"].to_dict()
    indicators = registers.indicators[["kind", "unit"]].to_dict("index")

    def values(row: dict[str, Any]) -> dict[str, str]:
        return parse_row(row, indicators[row["indicator"]], str(languages[row["source_id"]]))

    return _parsed(printed, values, _VALUES)[list(schemas.FIGURES.columns)]


def build_references(mentions: pd.DataFrame) -> pd.DataFrame:
    """Table ``clean/legal_references`` as text, in order of source and offset.

    Raises DataError: every token that names no document, or one of another type than its row says.
    """

    def values(row: dict[str, Any]) -> dict[str, str]:
        found = parse_mention(row["as_printed"], row["type"])
        day = found.date.isoformat() if found.date else ""
        return {"type": found.type, "number": found.number, "date": day, "issuer": found.issuer}

    parsed = _parsed(mentions, values, ("type", "number", "date", "issuer"))
    return parsed[list(schemas.LEGAL_REFERENCES.columns)]


def _parsed(
    rows: pd.DataFrame, values: Callable[[dict[str, Any]], dict[str, str]], wanted: Sequence[str]
) -> pd.DataFrame:
    problems: list[str] = []
    found: list[dict[str, str]] = []
    for row in rows.to_dict("records"):
        try:
            found.append(values(row))
        except DataError as error:
            problems.extend(f"{place(row)}: {problem}" for problem in error.problems)
    if problems:
        raise DataError(problems)
    new = pd.DataFrame(found, index=rows.index, columns=None if found else list(wanted))
    whole = pd.concat([rows.drop(columns=[each for each in new.columns if each in rows.columns]), new], axis=1)
    order = pd.to_numeric(whole["start"].replace("", None)).fillna(-1)
    ordered = whole.assign(_o=order).sort_values(["source_id", "_o", "file_row"], kind="stable")
    return ordered.reset_index(drop=True)


def parse_row(row: dict[str, str], indicator: Mapping[Any, Any] | pd.Series, language: str = "vi") -> dict[str, str]:
    """Value columns of ``clean/figures`` for one printed row, as text.

    Raises DataError: if token, unit, qualifier and period do not agree.
    """
    token, kind, unit = row["as_printed"], indicator["kind"], indicator["unit"]
    year = int(row["period_start"][:4])
    if kind == "date":
        day = parse_date(token, year)
        _same(token, row, ("day", day, day))
    elif kind == "period":
        _same(token, row, parse_period(token, year))
    if kind in ("date", "period", "statement"):
        return dict.fromkeys(_VALUES, "") | {"unit": unit}
    amount = _amount(row, kind, unit, language)
    if amount.qualifier != row["qualifier"]:
        raise DataError(f"{token!r} reads as {amount.qualifier}, the row says {row['qualifier']}; correct qualifier")
    return {
        "value": _text(Fraction(amount.value)) if amount.value is not None else "",
        "unit": unit,
        "decimals": str(amount.decimals) if amount.value is not None else "",
        "low": _text(amount.low),
        "high": _text(amount.high),
        "bound_kind": amount.bound_kind,
    }


def _amount(row: dict[str, str], kind: str, unit: str, language: str) -> Amount:
    if kind == "list":
        return parse_list(row["as_printed"])
    if kind == "rank":
        return parse_rank(to_vietnamese(row["as_printed"], language))
    return parse_amount(to_vietnamese(f"{row['as_printed']} {row['unit_printed']}".strip(), language), unit)


def _same(token: str, row: dict[str, str], meant: tuple[str, date, date]) -> None:
    kinds = ("day", "point") if meant[0] == "day" else (meant[0],)
    printed = (row["period_start"], row["period_end"])
    if row["period_type"] not in kinds or printed != (meant[1].isoformat(), meant[2].isoformat()):
        raise DataError(
            f"{token!r} means {meant[0]} {meant[1]} to {meant[2]}, the row says {row['period_type']} {printed[0]} to "
            f"{printed[1]}; correct the row's period"
        )


def _text(bound: Fraction | float) -> str:
    """Plain decimal digits of a finite number; "" for an open bound."""
    if isinstance(bound, float):
        return ""
    return format(Decimal(bound.numerator) / Decimal(bound.denominator), "f")


def build_clean(data_dir: Path) -> dict[str, bytes]:
    """Content of every clean table by its name, e.g. ``clean/covid_phases``.

    Raises DataError: every failure of the registers, of the printed figures, or of a table that they would give.
    """
    return _build(data_dir)[0]


def _build(data_dir: Path) -> tuple[dict[str, bytes], pd.DataFrame]:
    """Content of every clean table, and the figures among them."""
    registers = read_registers(data_dir)
    printed = read_printed(data_dir, registers)
    figures = build_figures(printed, registers)
    references = build_references(read_references(data_dir, registers))
    try:
        views = build_views(figures, registers.indicators)
    except DataError as error:
        raise DataError(_with_rows(error.problems, printed)) from None
    tables = {schemas.FIGURES.name: figures, **views, schemas.LEGAL_REFERENCES.name: references}
    return {name: to_csv(rows) for name, rows in tables.items()}, figures


def _with_rows(problems: Iterable[str], printed: pd.DataFrame) -> list[str]:
    """Problems of the topic tables with the typed rows that they name."""
    places = {row["figure_id"]: place(row) for row in printed.to_dict("records")}
    found = [[places[word] for word in re.split(r"[\s:;,]+", each) if word in places] for each in problems]
    return [f"{' and '.join(rows)}: {each}" if rows else each for rows, each in zip(found, problems, strict=True)]


def write_clean(data_dir: Path) -> list[Path]:
    """Regenerate ``data/clean`` and what describes the tables; nothing is written unless every table is sound.

    Files written.
    Raises DataError: as for :func:`build_clean`; also if a generated table breaks its own schema, or another process is
    writing.
    """
    with disk.locked(data_dir, disk.DATA_FILES):
        contents = build_clean(data_dir)
        files = {f"{table.name}.csv": contents[table.name] for table in schemas.CLEAN} | build_documents(data_dir)
        with tempfile.TemporaryDirectory() as name:
            problems = list(_unsound(Path(name), contents))
        if problems:
            raise DataError(problems)
        disk.replace_all(data_dir, files, disk.DATA_FILES)
    return [data_dir / name for name in files]


def _unsound(folder: Path, contents: dict[str, bytes]) -> Iterator[str]:
    """What the schemas of the generated tables say against them, read as files."""
    for table in schemas.CLEAN:
        path = folder / f"{table.name}.csv"
        disk.write_bytes(path, contents[table.name])
        try:
            read_text(path, table)
        except DataError as error:
            yield from error.problems


def stale_rows(data_dir: Path) -> list[str]:
    """First difference of each clean table from what the printed figures give; empty when all agree.

    Raises DataError: as for :func:`build_clean`, or if a clean table is missing or broken.
    """
    return _stale(data_dir)[0]


def _stale(data_dir: Path) -> tuple[list[str], pd.DataFrame]:
    """Differences of the clean tables, and the figures that the printed ones give.

    Raises DataError: as for :func:`build_clean`, or if a clean table is missing or broken.
    """
    problems: list[str] = []
    expected: dict[str, bytes] = {}
    tables = {table.name: table for table in schemas.CLEAN}
    try:
        expected, figures = _build(data_dir)
    except DataError as error:
        problems.extend(error.problems)
    try:
        collect(data_dir, tables)
    except DataError as error:
        problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    found = ((name, (data_dir / f"{name}.csv").read_bytes()) for name in tables)
    stale = [problem for name, content in found if (problem := _difference(name, content, expected[name]))]
    for name, content in build_documents(data_dir).items():
        path = data_dir / name
        if not path.is_file() or path.read_bytes() != content:
            stale.append(f"{data_dir.name}/{name}: no longer describes the tables; run `kg clean`")
    return stale, figures


def check_data(data_dir: Path) -> None:
    """Prove that all tables under ``data_dir`` are sound and agree with each other.

    Raises DataError: every problem found, each with file, row and remedy.
    """
    try:
        problems, figures = _stale(data_dir)
        problems += _check_problems(data_dir, figures)
    except DataError as error:
        problems = [*error.problems, *all_problems(data_dir)]
    if problems:
        raise DataError(dict.fromkeys(problems))


def _check_problems(data_dir: Path, figures: pd.DataFrame) -> list[str]:
    read_series(data_dir)
    tables = collect(data_dir, {table.name: table for table in (schemas.CHECKS, schemas.ASSUMPTIONS)})
    units = figures.set_index("figure_id")["unit"].to_dict()
    return list(check_problems(tables["checks"], units, tables["assumptions"].set_index("id")["unit"].to_dict()))


def _difference(name: str, actual: bytes, expected: bytes) -> str | None:
    """First row in which a committed table differs from the generated one, and in which cells."""
    if actual == expected:
        return None
    found, wanted = (list(csv.reader(io.StringIO(content.decode(), newline=""))) for content in (actual, expected))
    remedy = "run `kg clean`, or correct printed/"
    pairs = enumerate(zip(found[1:], wanted[1:], strict=False), 2)
    different = next(((row, *pair) for row, pair in pairs if pair[0] != pair[1]), None)
    if different is None:
        return f"{name}.csv: {len(found) - 1} rows, the printed figures give {len(wanted) - 1}; {remedy}"
    row, old, new = different
    cells = [
        f"{column} is {was!r}, the printed figures give {gives!r}"
        for column, was, gives in zip(wanted[0], old, new, strict=True)
        if was != gives
    ]
    return f"{name}.csv row {row}: {'; '.join(cells)}; {remedy}"


def all_problems(data_dir: Path) -> list[str]:
    """Every problem of the registers, the printed figures and the checks, each once, in the order of the files."""
    problems: list[str] = []

    def lenient(name: str, table: Table) -> pd.DataFrame:
        rows, found = read_lenient(data_dir / f"{name}.csv", table)
        problems.extend(found)
        return rows

    tables = {each.name: lenient(each.name, each) for each in (*schemas.REGISTERS, *schemas.WORDINGS)}
    checks, patterns = tables[schemas.CHECKS.name], tables[schemas.LABEL_PATTERNS.name]
    typed = printed_files(data_dir).items()
    parts = [placed(lenient(f"printed/{path.stem}", table), path) for path, table in typed]
    printed = pd.concat(parts, ignore_index=True)
    registers = Registers(
        tables["sources"].drop_duplicates("id").set_index("id"),
        tables["indicators"].drop_duplicates("id").set_index("id"),
        tables["areas"].drop_duplicates(list(schemas.AREAS.key)).set_index(list(schemas.AREAS.key)),
        tables["corrections"],
    )
    problems.extend(cross_problems(printed, registers))
    problems.extend(_token_problems(printed, registers))
    units = registers.indicators["unit"].to_dict()
    named = {row["figure_id"]: units.get(row["indicator"], "") for row in printed.to_dict("records")}
    problems.extend(label_problems(patterns, registers.indicators.index))
    assumed = tables["assumptions"].drop_duplicates("id").set_index("id")["unit"].to_dict()
    for series in present(data_dir):
        rows = lenient(series.name, series)
        problems.extend(series_problems(series, rows, tables["sources"], tables["areas"]))
    problems.extend(check_problems(checks, named, assumed))
    return list(dict.fromkeys(problems))


def _token_problems(printed: pd.DataFrame, registers: Registers) -> Iterator[str]:
    """Tokens that cannot be read, of those rows whose indicator and unit are known."""
    for row in printed.to_dict("records"):
        if row["indicator"] not in registers.indicators.index or row["source_id"] not in registers.sources.index:
            continue
        indicator = registers.indicators.loc[row["indicator"]]
        if indicator["unit"] not in (*UNITS, *WORDS):
            continue
        try:
            parse_row(row, indicator, str(registers.sources.at[row["source_id"], "language"]))
        except DataError as error:
            yield from (f"{place(row)}: {problem}" for problem in error.problems)
        except (KeyError, ValueError):  # a cell that its column has already refused
            continue


PACKAGE, README = "datapackage.json", "README.md"
_BEGIN, _END = "<!-- columns: begin, written by `make data` -->", "<!-- columns: end -->"
_TYPES = {"text": "string", "number": "number", "whole": "integer", "day": "date"}


def build_documents(data_dir: Path) -> dict[str, bytes]:
    """Content of ``datapackage.json`` and ``README.md`` by file name.

    Raises DataError: if the README lacks the marks of its generated part.
    """
    package = {
        "name": "kg-analysis",
        "title": "Figures of the annual reports of Kiên Giang's People's Committee",
        "profile": "tabular-data-package",
        "licenses": [{"name": "MIT", "path": "https://opensource.org/license/mit"}],
        "resources": [_resource(path, table) for path, table in tables_with_files(data_dir)],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    return {PACKAGE: text.encode("utf-8"), README: _readme(data_dir / README).encode("utf-8")}


def tables_with_files(data_dir: Path) -> Iterator[tuple[str, Table]]:
    """Path of every CSV under the data folder with its schema, in the order of the contract."""
    for table in (*schemas.REGISTERS, *schemas.WORDINGS):
        yield f"{table.name}.csv", table
    for path, table in printed_files(data_dir).items():
        yield f"printed/{path.name}", table
    for table in (schemas.REFERENCES, schemas.EXCLUDED):
        folder = table.name.removesuffix("/*")
        for path in sorted((data_dir / folder).glob("*.csv")):
            yield f"{folder}/{path.name}", table
    for table in (schemas.MAPPINGS, schemas.INVESTMENT_NAMES):
        if (data_dir / f"{table.name}.csv").is_file():
            yield f"{table.name}.csv", table
    for table in (*schemas.CLEAN, *present(data_dir)):
        yield f"{table.name}.csv", table


def _resource(path: str, table: Table) -> dict[str, Any]:
    return {
        "name": path.removesuffix(".csv").replace("/", "-").lower(),
        "path": path,
        "description": table.about,
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": [_field(name, table) for name in table.columns], **_key(table), "missingValues": [""]},
    }


def _key(table: Table) -> dict[str, Any]:
    """The key, where none of its columns may be empty: the format knows no empty cell in a key."""
    return {} if any(_optional(name, table) for name in table.key) else {"primaryKey": list(table.key)}


def _field(name: str, table: Table) -> dict[str, Any]:
    constraints = {} if _optional(name, table) else {"constraints": {"required": True}}
    return {
        "name": name,
        "type": _TYPES[table.kind(name)],
        "description": table.columns[name].description,
        **constraints,
    }


def _optional(name: str, table: Table) -> bool:
    return bool(table.columns[name].metadata["optional"])


def _readme(path: Path) -> str:
    try:
        before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    except FileNotFoundError:
        raise DataError(f"{path.parent.name}/{README}: the file is missing; restore it") from None
    if _END not in rest:
        raise DataError(f"{path.parent.name}/{README}: the lines {_BEGIN} and {_END} are missing; restore them")
    listed = (
        *schemas.REGISTERS,
        *schemas.WORDINGS,
        schemas.PRINTED,
        schemas.COLLECTED,
        schemas.REFERENCES,
        schemas.EXCLUDED,
        schemas.MAPPINGS,
        schemas.INVESTMENT_NAMES,
        *schemas.CLEAN,
        *schemas.SERIES,
    )
    tables = "\n\n".join(_column_table(table) for table in listed)
    return f"{before}{_BEGIN}\n\n{tables}\n\n{_END}{rest.partition(_END)[2]}"


def _column_table(table: Table) -> str:
    rows = [f"| `{name}` | {_kind(name, table)} | {column.description} |" for name, column in table.columns.items()]
    about = f"{table.about[:1].upper()}{table.about[1:]}. Key: {', '.join(f'`{name}`' for name in table.key)}."
    return "\n".join([f"### {table.name}", "", about, "", "| column | type | meaning |", "|---|---|---|", *rows])


def _kind(name: str, table: Table) -> str:
    return _TYPES[table.kind(name)] + (", optional" if _optional(name, table) else "")
