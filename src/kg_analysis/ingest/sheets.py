"""Layout of the review workbook: its sheets, their columns, and the words they are shown with.

Responsibility: one description that the writer and the reader of the workbook share. Cells hold the words of the data
contract; headers and statuses are shown in the reader's language and read back in any.

Terms: *key* = name of a row that never changes, by the span of its token in the report: ``s93-105``.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg_analysis.data.columns import (
    BASES,
    COMPARATORS,
    DOCUMENTS,
    EXCLUSIONS,
    LANGUAGES,
    PERIOD_TYPES,
    QUALIFIERS,
    SOURCE_KINDS,
)
from kg_analysis.text import LANGUAGES as SHOWN
from kg_analysis.text import texts

PROPOSED, CONFIRMED, EXCLUDED = "proposed", "confirmed", "excluded"
STATUSES = (PROPOSED, CONFIRMED, EXCLUDED)
FIGURES, UNMATCHED, REFERENCES, EXCLUSIONS_SHEET = "figures", "unmatched", "references", "exclusions"
GUIDE, SOURCE, LISTS, PROPOSALS = "guide", "source", "lists", "proposals"
ROW_SHEETS = (FIGURES, UNMATCHED, REFERENCES, EXCLUSIONS_SHEET)


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    name : str
        As in the data contract, where it stands there.
    width : int
        Width [characters].
    choices : str
        Name of the list that its cells choose from; empty for none.
    given : bool
        Whether it only informs: what a person writes there is not read.
    """

    name: str
    width: int
    choices: str = ""
    given: bool = False


_PLACE = (Column("section", 9), Column("place", 14), Column("start", 8), Column("end", 8))
_HEAD = (Column("key", 12, given=True), Column("status", 12, "status"))
_FIGURE = (
    *_HEAD,
    Column("topic", 14, given=True),
    Column("label", 34),
    Column("as_printed", 20),
    Column("value", 12),
    Column("unit", 14, "unit"),
    Column("qualifier", 13, "qualifier"),
    Column("indicator", 30, "indicator"),
    Column("area_code", 8, "area_code"),
    Column("dimension", 14),
    Column("item", 18),
    Column("period_type", 12, "period_type"),
    Column("period_start", 12),
    Column("period_end", 12),
    Column("basis", 10, "basis"),
    Column("comparator", 20, "comparator"),
    Column("as_of", 12),
    Column("confidence", 10, given=True),
    Column("warning", 44, given=True),
    Column("context", 70, given=True),
    *_PLACE,
    Column("unit_printed", 12),
    Column("reason", 16, "reason"),
    Column("figure_id", 32),
    Column("note", 24),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    FIGURES: _FIGURE,
    UNMATCHED: _FIGURE,
    REFERENCES: (
        *_HEAD,
        Column("as_printed", 60),
        Column("type", 14, "type"),
        Column("context", 70, given=True),
        *_PLACE,
        Column("ref_id", 32),
        Column("note", 24),
    ),
    EXCLUSIONS_SHEET: (
        *_HEAD,
        Column("as_printed", 30),
        Column("reason", 16, "reason"),
        Column("context", 70, given=True),
        *_PLACE,
        Column("note", 24),
    ),
}
FIXED = {
    "status": STATUSES,
    "qualifier": QUALIFIERS,
    "period_type": PERIOD_TYPES,
    "basis": BASES,
    "comparator": COMPARATORS,
    "reason": EXCLUSIONS,
    "type": DOCUMENTS,
    "kind": SOURCE_KINDS,
    "language": LANGUAGES,
}
# Rows of the sheet on the source, in order; `area_code` and `vintage` hold for its figures.
SOURCE_FIELDS = (
    "id",
    "title",
    "issuer",
    "doc_no",
    "doc_date",
    "url",
    "sha256",
    "retrieved",
    "kind",
    "grade",
    "report_year",
    "language",
    "licence",
    "note",
    "area_code",
    "vintage",
)
LOCKED_FIELDS = ("sha256",)


def shown(key: str, language: str) -> str:
    """Text of the workbook in a language."""
    return texts(language)[f"review.{key}"]


def read_word(prefix: str, names: tuple[str, ...], word: str) -> str:
    """Name behind a word shown in any language; the word itself where it is none."""
    meant = {texts(language)[f"review.{prefix}_{name}"]: name for language in SHOWN for name in names}
    return meant.get(word, word)
