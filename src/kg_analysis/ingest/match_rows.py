"""The columns of a proposal: place, amount, label.

Responsibility: what every row says, whatever the figure measures; value and decimals in the codebook's unit.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from kg_analysis.ingest.figures_claims import Found
from kg_analysis.ingest.match_reading import REACH, Figure, Matched, Reading
from kg_analysis.ingest.wording import Sentence
from kg_analysis.vietnamese import NEGATIVE

COLUMNS = (
    "start",
    "end",
    "as_printed",
    "value",
    "decimals",
    "unit",
    "unit_id",
    "qualifier",
    "indicator",
    "area_code",
    "dimension",
    "item",
    "entity",
    "period_type",
    "period_start",
    "period_end",
    "basis",
    "comparator",
    "as_of",
    "confidence",
    "section",
    "place",
    "label",
    "topic",
    "context",
    "kind",
)
_SCALED = ("money", "million", "usd", "people", "weight", "area", "count")
_POWERS = {"bn_vnd": 9, "mn_vnd": 6, "mn_usd": 6}
_UNITS = {
    "pct": "pct",
    "points": "percentage_point",
    "usd": "mn_usd",
    "people": "persons",
    "weight": "tonnes",
    "area": "ha",
    "cases": "cases",
    "per_day": "cases_per_day",
    "times": "times",
    "rank": "rank",
    "places": "count",
    "count": "count",
    "score": "points",
    "": "count",
}


def place_columns(reading: Reading, found: Found, index: int) -> dict[str, Any]:
    """Token, offsets, place and sentence of a find; every other column empty."""
    document = reading.document
    at = bisect_right(reading.passage_starts, found.start) - 1
    passage = document.passages[at] if at >= 0 else None
    sentence = reading.sentences[index] if index >= 0 else None
    return dict.fromkeys(COLUMNS, "") | {
        "start": found.start,
        "end": found.end,
        "as_printed": document.text[found.start : found.end],
        "value": None,
        "decimals": None,
        "area_code": reading.area_code,
        "section": passage.section if passage else "",
        "place": passage.place if passage else "",
        "context": _context(document.text, found, sentence) if sentence else "",
        "kind": found.kind,
    }


def amount_columns(reading: Reading, found: Found, name: str) -> dict[str, Any]:
    """Value, decimals and unit, in the codebook's unit where the indicator is known."""
    unit = reading.book.units.get(name, "") or _default_unit(found)
    shift = found.power - _POWERS.get(unit, 0) if found.unit_class in _SCALED else 0
    value = None if found.value is None else found.value.scaleb(shift)
    changes = name.endswith(("_change", "_vs_expectation")) and not found.direction
    if value is not None and value > 0 and changes and _falls(reading.folded, found):
        value = -value
    return {
        "value": None if value is None else float(value),
        "decimals": None if found.value is None else max(0, found.decimals - shift),
        "unit": found.unit,
        "unit_id": unit,
        "qualifier": found.qualifier,
    }


def label_of(reading: Reading, figure: Figure, matched: Matched) -> str:
    """Words that name a figure: its label, else the words before it."""
    text, candidate, found = reading.document.text, matched.candidate, figure.found
    if candidate is None:
        return " ".join(text[max(figure.chain, found.start - 60) : found.start].split()[-8:])
    start = candidate.start if candidate.start < found.start else found.start
    return " ".join(text[start : candidate.end].split())


def _context(text: str, found: Found, sentence: Sentence) -> str:
    """The sentence, of an endless one the part around the figure."""
    start, end = max(sentence.start, found.start - REACH), min(sentence.end, found.end + REACH)
    return text[start:end].strip()


def _falls(folded: str, found: Found) -> bool:
    """Whether the clause before a change says that it falls: giảm tỷ lệ hộ nghèo 0,5%."""
    before = folded[max(found.start - 60, 0) : found.start]
    words = [each for each in ("giảm", "tăng", "thấp hơn", "cao hơn") if each in before]
    return bool(words) and max(words, key=before.rindex) in NEGATIVE


def _default_unit(found: Found) -> str:
    """Unit of a figure whose indicator is not known."""
    if found.unit_class in ("money", "million"):
        return "bn_vnd" if found.power >= 9 else "mn_vnd"
    if found.unit_class == "time":
        return {"ngày": "days", "năm": "years"}.get(found.unit, "")
    return _UNITS.get(found.unit_class, "")
