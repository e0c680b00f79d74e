"""Confirmed rows of a review held to the schemas of ``data/printed`` and to each other.

Responsibility: every failure with its sheet and cell. What the codebook says of a figure is judged in ``review_check``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd
import pandera.pandas as pa

from kg_analysis.data.columns import VINTAGE, Table
from kg_analysis.data.schemas import EXCLUDED as EXCLUSIONS
from kg_analysis.data.schemas import PRINTED
from kg_analysis.data.schemas import REFERENCES as MENTIONS
from kg_analysis.ingest.review_read import Cells, Review
from kg_analysis.ingest.sheets import FIXED


@dataclass
class Confirmed:
    """Rows that a person confirmed, by folder, and the spans that the review speaks of.

    Attributes
    ----------
    rows : dict of str to list of (str, dict)
        Rows of ``printed``, ``references`` and ``exclusions``, each with the place it has in the workbook.
    excluded : set of (str, str)
        Spans of tokens that are no figures after all.
    open : int
        Rows neither confirmed nor excluded.
    changed : int
        Confirmed rows in which a person corrected the proposal.
    """

    rows: dict[str, list[tuple[str, Cells]]] = field(
        default_factory=lambda: {"printed": [], "references": [], "exclusions": []}
    )
    excluded: set[tuple[str, str]] = field(default_factory=set)
    open: int = 0
    changed: int = 0


def schema_problems(review: Review, found: Confirmed) -> Iterator[str]:
    """Cells of confirmed rows that the tables under ``data/printed`` refuse, and a vintage that is none."""
    tables = {"printed": PRINTED, "references": MENTIONS, "exclusions": EXCLUSIONS}
    for folder, rows in found.rows.items():
        if rows:
            frame = pd.DataFrame([typed for _, typed in rows], columns=list(tables[folder].columns), dtype=str)
            yield from _failures(review, tables[folder], frame, [where for where, _ in rows])
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
