"""A second draft keeps what a person has decided in the first.

Responsibility: find the row of an earlier review in a new one, and put the cells that a person changed into it.
"""

from __future__ import annotations

from kg_analysis.ingest.review import Draft
from kg_analysis.ingest.review_read import Review
from kg_analysis.ingest.sheets import COLUMNS, FIGURES, ROW_SHEETS, UNMATCHED
from kg_analysis.ingest.workbook import Cells


def carry_over(draft: Draft, earlier: Review, same_file: bool) -> None:
    """Put what a person has decided in an earlier review into a new one.

    Parameters
    ----------
    draft : Draft
        Changed in place; what has no place in it any more is listed in ``lost``.
    earlier : Review
    same_file : bool
        Whether both were drafted from the same file, so that offsets mean the same.
    """
    where = {row["key"]: (sheet, index) for sheet in ROW_SHEETS for index, row in enumerate(draft.rows[sheet])}
    alike = _alike(draft)
    for sheet in ROW_SHEETS:
        for old in earlier.rows[sheet]:
            changed = earlier.changes(sheet, old)
            if not changed:
                continue
            key = old["key"] if same_file else next((alike[each] for each in _traits(old) if each in alike), "")
            if key in where:
                _decide(draft, where[key], sheet, old, changed)
            elif same_file:
                draft.rows[sheet].append({name: old.get(name, "") for name in (c.name for c in COLUMNS[sheet])})
            else:
                draft.lost.append(old["as_printed"])
    for sheet in ROW_SHEETS:
        draft.rows[sheet] = [row for row in draft.rows[sheet] if row]


def _decide(draft: Draft, place: tuple[str, int], sheet: str, old: Cells, changed: Cells) -> None:
    """One decision: cells that a person changed, on the sheet where it was made."""
    there, index = place
    row = draft.rows[there][index]
    if {there, sheet} <= {FIGURES, UNMATCHED} or there == sheet:
        row |= changed
        return
    span = {name: row[name] for name in ("start", "end", "section", "place", "context")}
    draft.rows[sheet].append({each.name: old.get(each.name, "") for each in COLUMNS[sheet]} | span)
    draft.rows[there][index] = {}


def _alike(draft: Draft) -> dict[tuple[str, str], str]:
    """Key of each row by token and sentence, or by token and section, where that tells it apart."""
    found: dict[tuple[str, str], list[str]] = {}
    for sheet in ROW_SHEETS:
        for row in draft.rows[sheet]:
            for trait in _traits(row):
                found.setdefault(trait, []).append(row["key"])
    return {trait: keys[0] for trait, keys in found.items() if len(keys) == 1}


def _traits(row: Cells) -> tuple[tuple[str, str], ...]:
    return (row["as_printed"], row["context"]), (row["as_printed"], f"section {row['section']}")
