"""``datapackage.json`` and the column tables of ``data/README.md``, both generated from the schemas.

Responsibility: say what the tables are, for machines and for readers.

Terms: *resource* = one CSV in the Frictionless format; *marks* = comment lines of the README around the generated
part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg_analysis.data.columns import Table
from kg_analysis.data.printed import printed_files
from kg_analysis.data.schemas import (
    CLEAN,
    COLLECTED,
    EXCLUDED,
    INVESTMENT_NAMES,
    MAPPINGS,
    PRINTED,
    REFERENCES,
    REGISTERS,
    SERIES,
    WORDINGS,
)
from kg_analysis.data.series import present
from kg_analysis.errors import DataError

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
    for table in (*REGISTERS, *WORDINGS):
        yield f"{table.name}.csv", table
    for path, table in printed_files(data_dir).items():
        yield f"printed/{path.name}", table
    for table in (REFERENCES, EXCLUDED):
        folder = table.name.removesuffix("/*")
        for path in sorted((data_dir / folder).glob("*.csv")):
            yield f"{folder}/{path.name}", table
    for table in (MAPPINGS, INVESTMENT_NAMES):
        if (data_dir / f"{table.name}.csv").is_file():
            yield f"{table.name}.csv", table
    for table in (*CLEAN, *present(data_dir)):
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
        *REGISTERS,
        *WORDINGS,
        PRINTED,
        COLLECTED,
        REFERENCES,
        EXCLUDED,
        MAPPINGS,
        INVESTMENT_NAMES,
        *CLEAN,
        *SERIES,
    )
    tables = "\n\n".join(_column_table(table) for table in listed)
    return f"{before}{_BEGIN}\n\n{tables}\n\n{_END}{rest.partition(_END)[2]}"


def _column_table(table: Table) -> str:
    rows = [f"| `{name}` | {_kind(name, table)} | {column.description} |" for name, column in table.columns.items()]
    about = f"{table.about[:1].upper()}{table.about[1:]}. Key: {', '.join(f'`{name}`' for name in table.key)}."
    return "\n".join([f"### {table.name}", "", about, "", "| column | type | meaning |", "|---|---|---|", *rows])


def _kind(name: str, table: Table) -> str:
    return _TYPES[table.kind(name)] + (", optional" if _optional(name, table) else "")
