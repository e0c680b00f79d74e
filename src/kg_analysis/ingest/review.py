"""From proposed figures to the rows of the review workbook, and what a person decided in an earlier one.

Responsibility: which row stands on which sheet, with which cells; ids that say which report and what, none given twice;
the row that the report will have in ``sources.csv``; and the decisions of an earlier review put into a new one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from kg_analysis.data.printed import Registers
from kg_analysis.data.views import period_names
from kg_analysis.ingest.document import Document
from kg_analysis.ingest.labels import ascii_id
from kg_analysis.ingest.verify import runs
from kg_analysis.ingest.workbook import (
    COLUMNS,
    EXCLUSIONS_SHEET,
    FIGURES,
    PROPOSED,
    REFERENCES,
    ROW_SHEETS,
    SOURCE_FIELDS,
    UNMATCHED,
    Cells,
    Review,
)


def source_id(area_name: str, year: int, taken: Sequence[str]) -> str:
    """Id of a new report: ``song-cua-2024``; the second one of a year is ``song-cua-2024-2``."""
    base = f"{ascii_id(area_name).replace('_', '-')}-{year}"
    number = 2
    name = base
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def prefix_of(source: str) -> str:
    """Beginning of the ids of a source's figures: ``kien-giang-2021`` gives ``kg21``."""
    words = source.split("-")
    years = [each[2:] if re.fullmatch(r"20\d\d", each) else f"-{each}" for each in words if each.isdigit()]
    return "".join(each[0] for each in words if each and not each.isdigit()) + "".join(years)


@dataclass(frozen=True)
class Typed:
    """A row that this text already has under ``printed/``: its token and id, and what a person wrote beside it."""

    start: int
    end: int
    name: str
    indicator: str = ""
    label: str = ""
    note: str = ""


@dataclass
class Names:
    """Ids given to figures and mentions, each once."""

    prefix: str
    taken: set[str]
    known: Sequence[Typed]
    given: set[str] = field(default_factory=set)

    def new(self, found: dict[Any, Any], *parts: str) -> str:
        """Id of a token: the one that it has, else a new one of its parts: ``kg21-grdp-growth-q3``."""
        known = self._known(int(found["start"]), int(found["end"]), parts[0])
        if known:
            self.given.add(known)
            return known
        base = re.sub(r"[^a-z0-9]+", "-", "-".join([self.prefix, *(each for each in parts if each)]).lower())
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}-{number}", number + 1
        self.taken.add(name)
        return name

    def _known(self, start: int, end: int, indicator: str) -> str:
        """Id of the row that has this token, or most of it, already."""
        shared = [
            ((each.start, each.end) == (start, end), each.indicator == indicator, size, each.name)
            for each in self.known
            if each.name
            and each.name not in self.given
            and (size := min(each.end, end) - max(each.start, start)) * 2 >= max(each.end - each.start, end - start)
        ]
        return max(shared, default=(False, False, 0, ""))[3]


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
        One row a token, see ``ingest.propose.propose``.
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
        "unit_printed": unit if unit and _spelled(unit) not in _spelled(token) else "",
        "value": _number(found.get("value", ""), found.get("decimals", "")),
        "confidence": f"{float(found.get('confidence') or 0):.2f}",
    }
    row["figure_id"] = names.new(found, indicator or "figure", row["item"], _period(row, names.prefix))
    return row


def _spelled(word: str) -> str:
    """A unit in one of the spellings that mean the same: tỉ and tỷ, sĩ and sỹ."""
    return word.lower().replace("tỉ", "tỷ").replace("sĩ", "sỹ")


def _period(row: Cells, prefix: str) -> str:
    """Part of an id that names the period, unless it is the year of the report."""
    if row["period_type"] not in ("month", "quarter", "half", "ytd", "year", "budget_year"):
        return ""
    year = row["period_start"][2:4]
    name = "" if row["period_type"] in ("year", "budget_year") else period_names(pd.DataFrame([row])).iloc[0]
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


_NUMBER = re.compile(r"\bSố:?\s*(\d+\s*/\s*[\w-]+)")
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
_TITLE = re.compile(r"^BÁO CÁO\b[ .:]*(.*)$", re.IGNORECASE)
_HEAD = 12  # lines in which a report names itself
_LICENCE = "Figures are facts and free to use; the text itself is not redistributed"


def source_fields(document: Document, registers: Registers, area: str, year: int) -> dict[str, str]:
    """Fields of the source's sheet; those of the register where the file is known.

    Parameters
    ----------
    document : Document
    registers : Registers
    area : str
        Area code, of ``areas.csv``.
    year : int
        Year that the report reviews.
    """
    known = registers.sources[registers.sources["sha256"] == document.sha256]
    fields = dict.fromkeys(SOURCE_FIELDS, "") | {"sha256": document.sha256, "area_code": area}
    if len(known):
        row = known.iloc[0]
        fields |= {str(name): str(cell) for name, cell in row.items()} | {"id": str(known.index[0])}
        return fields | {"vintage": str(row["doc_date"]) or f"{row['report_year'] or year}-12"}
    name = _area_name(registers.areas, area, year)
    lines = [document.text[each.start : each.end].strip() for each in document.passages[:_HEAD]]
    number = next((found[1] for line in lines if (found := _NUMBER.search(line))), "")
    day = next((_day_origin(found) for line in lines if (found := _DATE.search(line))), "")
    return fields | {
        "id": source_id(name, year, list(registers.sources.index)),
        "title": _title(lines) or f"Báo cáo năm {year}",
        "issuer": f"UBND tỉnh {name}",
        "doc_no": re.sub(r"\s", "", number),
        "doc_date": day,
        "kind": "report",
        "grade": "official",
        "report_year": str(year),
        "language": "vi",
        "licence": _LICENCE,
        "vintage": day or f"{year}-12",
    }


def _area_name(areas: pd.DataFrame, area: str, year: int) -> str:
    rows = areas.loc[[code == area for code, _ in areas.index]]
    end = f"{year}-12-31"
    fitting = rows[(rows["valid_to"] == "") | (rows["valid_to"] >= end)]
    fitting = fitting[(fitting["valid_from"] == "") | (fitting["valid_from"] <= end)]
    return str((fitting if len(fitting) else rows)["name"].iloc[0])


def _title(lines: list[str]) -> str:
    """Title as on the document: "Báo cáo" and the line that says of what."""
    for index, line in enumerate(lines):
        if found := _TITLE.match(line):
            about = found[1].strip() or (lines[index + 1] if index + 1 < len(lines) else "")
            return " ".join(f"Báo cáo {about[:1].lower()}{about[1:]}".split())[:200]
    return ""


def _day_origin(found: re.Match[str]) -> str:
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return ""


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
