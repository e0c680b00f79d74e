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
from typing import Any, NamedTuple

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
    return _free(f"{ascii_id(area_name).replace('_', '-')}-{year}", taken)


def _free(base: str, taken: Iterable[str]) -> str:
    """A name, or the first number behind it, that is not taken."""
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def prefix_of(source: str) -> str:
    """Beginning of the ids of a source's figures: ``kien-giang-2021`` gives ``kg21``."""
    words = [each for each in source.split("-") if each]
    years = [each[2:] if re.fullmatch(r"20\d\d", each) else f"-{each}" for each in words if each.isdigit()]
    return "".join(each[0] for each in words if not each.isdigit()) + "".join(years)


class Typed(NamedTuple):
    """A row that this text already has under ``printed/``: its token and id, and what a person wrote beside it."""

    start: int
    end: int
    name: str
    indicator: str
    label: str
    note: str


class Names:
    """Ids given to figures and mentions, each once."""

    def __init__(self, prefix: str, elsewhere: Iterable[str], typed: Sequence[Typed]) -> None:
        self.prefix, self.known = prefix, [each for each in typed if each.name]
        self.taken = {*elsewhere, *(each.name for each in typed)}

    def new(self, row: Cells, *parts: str) -> str:
        """Id of a token: that of the row which has it, or most of it, already, else a new one of its parts."""
        start, end = int(row["start"]), int(row["end"])
        shared = [
            ((each.start, each.end) == (start, end), each.indicator == parts[0], size, each.name, each)
            for each in self.known
            if (size := min(each.end, end) - max(each.start, start)) * 2 >= max(each.end - each.start, end - start)
        ]
        if shared:
            *_, name, known = max(shared)
            self.known.remove(known)
            return name
        base = "-".join([self.prefix, *filter(None, parts)]).lower()
        name = _free(re.sub(r"[^a-z0-9]+", "-", base), self.taken)
        self.taken.add(name)
        return name


_ABOUT = ("indicator", "area_code", "dimension", "item", "period_type", "period_end", "as_of")
_PLACED = ("start", "end", "section", "place", "context")
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
    """Rows of a new review, from the proposals of ``ingest.draft.propose``.

    ``indicators``: the codebook, indexed by id. ``typed``: rows that this text already has. ``prefix``: beginning of
    new ids, e.g. ``kg21``. ``taken``: ids of all other sources.
    """
    ruled = {run.start: bool(run.claims) for run in runs(document, [], year)}
    told: Counter[tuple[str, ...]] = Counter()
    names = Names(prefix, taken, typed)
    written = {(each.name, str(each.start), str(each.end)): each for each in typed}
    draft = Draft()
    texts = proposals.astype(object).where(proposals.notna(), "").sort_values("start", kind="stable")
    for found in texts.to_dict("records"):
        inside = [claimed for start, claimed in ruled.items() if found["start"] <= start < found["end"]]
        if found["kind"] not in ("figure", "legal_reference") and inside and all(inside):
            continue  # rules of the coverage account for it
        first, row = _token(document, found)
        while row["key"] in draft.proposals:  # one token may be two figures
            row["key"] += "+"
        if found["kind"] == "figure":
            sheet = FIGURES if found["indicator"] else UNMATCHED
            row |= _figure(found, row, indicators)
            row["figure_id"] = names.new(row, row["indicator"] or "figure", row["item"], _period(row, prefix))
        elif found["kind"] == "legal_reference":
            number = re.search(r"\d[\w/-]*", row["as_printed"])
            sheet, row["ref_id"] = REFERENCES, names.new(row, "ref", number[0] if number else "named")
        else:
            sheet, row["reason"] = EXCLUSIONS_SHEET, found["kind"]
        if sheet == FIGURES:
            about = tuple(row[name] for name in _ABOUT)
            told[about] += 1
            if "/" in row["item"] and told[about] > 1:  # a count printed again is a repeat: people_council/total-2
                row["item"] += f"-{told[about]}"
        if own := written.get((row.get("figure_id") or row.get("ref_id") or "", row["start"], row["end"])):
            same = own.label and own.indicator == row.get("indicator")
            row |= {"note": own.note} | ({"label": own.label} if same else {})
        visible = {each.name: row.get(each.name, "") for each in COLUMNS[sheet]}
        draft.rows[sheet].append(visible)
        draft.proposals[row["key"]] = (sheet, visible | {"context_start": str(first)})
    return draft


def _token(document: Document, found: dict[Any, Any]) -> tuple[int, Cells]:
    """Where the sentence around a token begins, and the cells that every row has."""
    start, end, sentence = found["start"], found["end"], found["context"]
    first = document.text.rfind(sentence, max(0, end - len(sentence)), start + len(sentence)) if sentence else -1
    if first < 0:
        passage = document.passage_at(start)
        low, high = (passage.start, max(passage.end, end)) if passage else (start, end)
        first, last = max(low, start - _AROUND), min(high, end + _AROUND)
        sentence = document.text[first:last]
    context = sentence.strip().replace("\n", " ")
    cells = {name: str(found[name]) for name in ("section", "place", "start", "end", "as_printed")}
    lead = len(sentence) - len(sentence.lstrip())
    return first + lead, {"key": f"s{start}-{end}", "status": PROPOSED, "context": context} | cells


_KEPT = ("qualifier", "area_code", "dimension", "item", "period_type", "basis", "comparator")
_DAYS = ("period_start", "period_end", "as_of")


def _figure(found: dict[Any, Any], row: Cells, indicators: pd.DataFrame) -> Cells:
    """Cells of a figure, in the words of the codebook where its indicator is known."""
    name, unit, entity = found["indicator"], found["unit"].strip(), found["entity"].strip()
    unknown = {"label_vi": row["as_printed"], "topic": found["topic"], "unit": found["unit_id"]}
    known = indicators.loc[name] if name in indicators.index else unknown
    label = found["label"].strip() or known["label_vi"].strip()
    value, decimals = found["value"], found["decimals"]
    return {each: found[each] for each in (*_KEPT, *_DAYS)} | {
        "indicator": name,
        "topic": known["topic"],
        "label": " ".join((f"{label} – {entity}" if entity and entity not in label else label).split()),
        "unit": known["unit"],
        "unit_printed": unit if _spelled(unit) not in _spelled(row["as_printed"]) else "",
        "value": "" if value == "" else f"{float(value):.{int(decimals)}f}",
        "confidence": f"{float(found['confidence'] or 0):.2f}",
    }


def _spelled(word: str) -> str:
    """A unit in one of the spellings that mean the same: tỉ and tỷ, sĩ and sỹ."""
    return word.lower().replace("tỉ", "tỷ").replace("sĩ", "sỹ")


def _period(row: Cells, prefix: str) -> str:
    """Part of an id that names the period, unless it is the year of the report."""
    if row["period_type"] not in ("month", "quarter", "half", "ytd", "year", "budget_year"):
        return ""
    year = row["period_start"][:4]
    name = "" if row["period_type"] in ("year", "budget_year") else period_names(pd.DataFrame([row])).iloc[0]
    return "-".join(filter(None, (name, "" if prefix.endswith(year[2:]) else year)))


_NUMBER = re.compile(r"\bSố:?\s*(\d+\s*/\s*[\w-]+)")
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
_TITLE = re.compile(r"^BÁO CÁO\b[ .:]*(.*)$", re.IGNORECASE)
_HEAD = 12  # lines in which a report names itself
_LICENCE = "Figures are facts and free to use; the text itself is not redistributed"


def source_fields(document: Document, registers: Registers, area: str, year: int) -> dict[str, str]:
    """Fields of the source's sheet; those of the register where the file is known."""
    known = registers.sources[registers.sources["sha256"] == document.sha256]
    fields = dict.fromkeys(SOURCE_FIELDS, "") | {"sha256": document.sha256, "area_code": area}
    if len(known):
        row = known.iloc[0]
        fields |= {str(name): str(cell) for name, cell in row.items()} | {"id": str(known.index[0])}
        return fields | {"vintage": str(row["doc_date"]) or f"{row['report_year'] or year}-12"}
    _, name = area_at(registers.areas, area, f"{year}-12-31")
    lines = [document.text[each.start : each.end].strip() for each in document.passages[:_HEAD]]
    number = next((found[1] for line in lines if (found := _NUMBER.search(line))), "")
    day = next((_iso_day(found) for line in lines if (found := _DATE.search(line))), "")
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


def area_at(areas: pd.DataFrame, code: str, when: str) -> tuple[str, str]:
    """Boundary and name that an area had at a time, a day, month or year; else the first that it has; else nothing."""
    rows = areas[areas.index.get_level_values(0) == code]
    first, last = (rows[each].str[: len(when)] for each in ("valid_from", "valid_to"))
    fitting = rows[(first <= when) & ((last == "") | (last >= when))]
    for (_, boundary), name in [*fitting["name"].items(), *rows["name"].items()]:
        return str(boundary), str(name)
    return "", ""


def _title(lines: list[str]) -> str:
    """Title as on the document: "Báo cáo" and the line that says of what."""
    for index, line in enumerate(lines):
        if found := _TITLE.match(line):
            about = found[1].strip() or (lines[index + 1] if index + 1 < len(lines) else "")
            return " ".join(f"Báo cáo {about[:1].lower()}{about[1:]}".split())[:200]
    return ""


def _iso_day(found: re.Match[str]) -> str:
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return ""


def carry_over(draft: Draft, earlier: Review, same_file: bool) -> None:
    """Put what a person has decided in an earlier review into a new one; what has no place any more is ``lost``.

    ``same_file``: whether both were drafted from the same file, so that offsets mean the same.
    """
    where = {row["key"]: (sheet, row) for sheet in ROW_SHEETS for row in draft.rows[sheet]}
    alike: dict[tuple[str, str], list[str]] = {}  # keys by token and sentence, and by token and section
    for key, (_, row) in where.items():
        for trait in _traits(row):
            alike.setdefault(trait, []).append(key)
    for sheet in ROW_SHEETS:
        for old in earlier.rows[sheet]:
            changed = earlier.changes(old)
            if not changed:
                continue
            found = (alike.get(trait, []) for trait in _traits(old))
            key = old["key"] if same_file else next((keys[0] for keys in found if len(keys) == 1), "")
            there, row = where.get(key, ("", {}))
            whole = {each.name: old[each.name] for each in COLUMNS[sheet]}
            if there == sheet or {there, sheet} == {FIGURES, UNMATCHED}:
                row |= changed
            elif there:  # decided on another sheet
                draft.rows[sheet].append(whole | {name: row[name] for name in _PLACED})
                draft.rows[there] = [each for each in draft.rows[there] if each is not row]
            elif same_file:
                draft.rows[sheet].append(whole)
            else:
                draft.lost.append(old["as_printed"])


def _traits(row: Cells) -> tuple[tuple[str, str], ...]:
    return (row["as_printed"], row["context"]), (row["as_printed"], f"section {row['section']}")
