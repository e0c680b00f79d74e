"""From proposed figures to the rows of the review workbook.

Responsibility: which row stands on which sheet, with which cells. Ids are given in ``review_ids``, earlier decisions
carried over in ``review_decisions``; reading and writing the Excel file is done elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kg_analysis.data.views import period_name
from kg_analysis.ingest.coverage import runs
from kg_analysis.ingest.document import Document
from kg_analysis.ingest.review_ids import Names, Typed
from kg_analysis.ingest.sheets import (
    COLUMNS,
    EXCLUSIONS_SHEET,
    FIGURES,
    PROPOSED,
    REFERENCES,
    ROW_SHEETS,
    UNMATCHED,
)
from kg_analysis.ingest.workbook import Cells

_ABOUT = ("indicator", "area_code", "dimension", "item", "period_type", "period_end", "as_of")
_AROUND = 90  # characters shown on either side of a token whose sentence is not told


@dataclass
class Draft:
    """Rows of a review by sheet, what the machine proposed by key, and what could not be carried over."""

    rows: dict[str, list[Cells]] = field(default_factory=lambda: {name: [] for name in ROW_SHEETS})
    proposals: dict[str, tuple[str, Cells]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def draft_review(
    document: Document,
    proposals: pd.DataFrame,
    indicators: pd.DataFrame,
    year: int,
    typed: Sequence[Typed],
    prefix: str,
    taken: Iterable[str],
) -> Draft:
    """Rows of a new review.

    Parameters
    ----------
    document : Document
    proposals : DataFrame
        One row a token, see ``ingest.match.propose``.
    indicators : DataFrame
        Codebook, indexed by id.
    year : int
        Year that the report reviews.
    typed : sequence of Typed
        Rows that this text already has.
    prefix : str
        Beginning of new ids, e.g. ``kg21``.
    taken : iterable of str
        Ids of all other sources.
    """
    ruled = _ruled(document, year)
    told: Counter[tuple[str, ...]] = Counter()
    names = Names(prefix, set(taken) | {each.name for each in typed}, typed)
    draft = Draft()
    for found in (
        proposals.astype(object).where(proposals.notna(), "").sort_values("start", kind="stable").to_dict("records")
    ):
        sheet = _sheet_of(found)
        if sheet == EXCLUSIONS_SHEET and _is_ruled(document, found, ruled):
            continue
        row = _common(document, found)
        while row["key"] in draft.proposals:  # one token may be two figures
            row["key"] += "+"
        row |= _figure(found, indicators, names) if sheet in (FIGURES, UNMATCHED) else _other(found, sheet, names)
        if sheet == FIGURES:
            _mark_repeat(row, told)
        row |= _written(row, typed)
        visible = {each.name: str(row.get(each.name, "")) for each in COLUMNS[sheet]}
        draft.rows[sheet].append(visible)
        draft.proposals[row["key"]] = (sheet, visible | {"context_start": row["context_start"]})
    return draft


def _mark_repeat(row: Cells, told: Counter[tuple[str, ...]]) -> None:
    """A count that the report prints again is a repeat of its item: ``people_council/total-2``."""
    about = tuple(row[name] for name in _ABOUT)
    told[about] += 1
    if "/" in row["item"] and told[about] > 1:
        row["item"] += f"-{told[about]}"


def _written(row: Cells, typed: Sequence[Typed]) -> Cells:
    """Label and note that a person wrote to the row of this token."""
    name = row.get("figure_id") or row.get("ref_id") or ""
    span = (row["start"], row["end"])
    for each in typed:
        if each.name == name and (str(each.start), str(each.end)) == span:
            same = each.label and each.indicator == row.get("indicator")
            return {"note": each.note} | ({"label": each.label} if same else {})
    return {}


def _sheet_of(found: dict[Any, Any]) -> str:
    if found["kind"] == "figure":
        return FIGURES if found["indicator"] else UNMATCHED
    return REFERENCES if found["kind"] == "legal_reference" else EXCLUSIONS_SHEET


def _common(document: Document, found: dict[Any, Any]) -> Cells:
    start, end = int(found["start"]), int(found["end"])
    first, context = _context(document, start, end, str(found.get("context", "")))
    return {
        "key": f"s{start}-{end}",
        "status": PROPOSED,
        "as_printed": document.text[start:end],
        "section": str(found["section"]),
        "place": str(found["place"]),
        "start": str(start),
        "end": str(end),
        "context": context,
        "context_start": str(first),
    }


def _context(document: Document, start: int, end: int, sentence: str) -> tuple[int, str]:
    """Where the sentence around a token begins, and the sentence."""
    first = document.text.rfind(sentence, max(0, end - len(sentence)), start + len(sentence)) if sentence else -1
    if first < 0 or not first <= start < end <= first + len(sentence):
        passage = document.passage_at(start)
        low, high = (passage.start, max(passage.end, end)) if passage else (start, end)
        first, last = max(low, start - _AROUND), min(high, end + _AROUND)
        sentence = document.text[first:last]
    lead = len(sentence) - len(sentence.lstrip())
    return first + lead, sentence.strip().replace("\n", " ")


def _figure(found: dict[Any, Any], indicators: pd.DataFrame, names: Names) -> Cells:
    indicator = str(found["indicator"])
    known = indicators.loc[indicator] if indicator in indicators.index else None
    kept = ("qualifier", "area_code", "dimension", "item", "period_type", "basis", "comparator")
    row = {name: str(found.get(name, "")) for name in kept}
    row |= {name: _day(found.get(name, "")) for name in ("period_start", "period_end", "as_of")}
    token, unit = str(found["as_printed"]), str(found.get("unit", "")).strip()
    label, entity = str(found.get("label", "")).strip(), str(found.get("entity", "")).strip()
    label = label or (str(known["label_vi"]) if known is not None else token.strip())
    row |= {
        "indicator": indicator,
        "topic": str(known["topic"]) if known is not None else str(found.get("topic", "")),
        "label": " ".join((f"{label} – {entity}" if entity and entity not in label else label).split()),
        "unit": str(known["unit"]) if known is not None else str(found.get("unit_id", "")),
        "unit_printed": unit if unit and unit.lower() not in token.lower() else "",
        "value": _number(found.get("value", ""), found.get("decimals", "")),
        "confidence": f"{float(found.get('confidence') or 0):.2f}",
    }
    row["figure_id"] = names.new(found, indicator or "figure", row["item"], _period(row, names.prefix))
    return row


def _period(row: Cells, prefix: str) -> str:
    """Part of an id that names the period, unless it is the year of the report."""
    if row["period_type"] not in ("month", "quarter", "half", "ytd", "year", "budget_year"):
        return ""
    year = row["period_start"][2:4]
    name = "" if row["period_type"] in ("year", "budget_year") else period_name(row)
    return "-".join(each for each in (name, "" if prefix.endswith(year) else row["period_start"][:4]) if each)


def _other(found: dict[Any, Any], sheet: str, names: Names) -> Cells:
    if sheet == REFERENCES:
        number = re.search(r"\d[\w/-]*", str(found["as_printed"]))
        return {"type": str(found.get("type", "")), "ref_id": names.new(found, "ref", number[0] if number else "named")}
    return {"reason": str(found["kind"])}


def _number(value: Any, decimals: Any) -> str:
    if value == "" or pd.isna(value):
        return ""
    digits = int(decimals) if str(decimals) not in ("", "nan", "<NA>") else None
    return f"{float(value):.{digits}f}" if digits is not None else f"{float(value):.10g}"


def _day(value: Any) -> str:
    return "" if value == "" or pd.isna(value) else pd.Timestamp(value).date().isoformat()


def _ruled(document: Document, year: int) -> dict[int, bool]:
    """Whether a rule of the coverage accounts for the run of digits that begins at an offset."""
    return {run.start: bool(run.claims) for run in runs(document, [], year)}


def _is_ruled(document: Document, found: dict[Any, Any], ruled: dict[int, bool]) -> bool:
    inside = [claimed for start, claimed in ruled.items() if int(found["start"]) <= start < int(found["end"])]
    return bool(inside) and all(inside)
