"""The form in which wordings are compared, and the sentences of a text.

Responsibility: one folding of Vietnamese text that keeps every offset, so that what is found in the folded text stands
at the same place in the report.

Terms: *folded* = lower case, blanks and dashes made plain, ``hoà`` and ``tỉ`` spelled ``hòa`` and ``tỷ``; *span* =
first offset and offset after the last character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from kg_analysis.ingest.document import Document

Span = tuple[int, int]

_PLAIN = str.maketrans({"\u00a0": " ", "\u2007": " ", "\u202f": " ", "–": "-", "—": "-", "−": "-", "‑": "-", "\t": " "})
_TONES = {  # the tone stands on the second vowel in one spelling, on the first in the other
    "oà": "òa",
    "oá": "óa",
    "oả": "ỏa",
    "oã": "õa",
    "oạ": "ọa",
    "oè": "òe",
    "oé": "óe",
    "oẻ": "ỏe",
    "oẽ": "õe",
    "oẹ": "ọe",
    "uỳ": "ùy",
    "uý": "úy",
    "uỷ": "ủy",
    "uỹ": "ũy",
    "uỵ": "ụy",
}
_TONE = re.compile(rf"(?<!q)({'|'.join(_TONES)})(?![^\W\d_])")
_SPELLINGS = {"tỉ": "tỷ", "quí": "quý", "kì": "kỳ", "lí": "lý", "kỉ": "kỷ", "mĩ": "mỹ", "sĩ": "sỹ", "luỹ": "lũy"}
_SPELLING = re.compile(rf"\b(?:{'|'.join(_SPELLINGS)})\b")
_ABBREVIATIONS = ("tp", "tx", "tt", "q", "p", "ql", "đt", "st", "ts", "ths", "bs", "gs", "pgs", "đ/c", "v.v", "nq", "h")
_STOP = re.compile(r"[.!?…]+[\"”’)*\]]*(?=\s)|\n+")
WORD = re.compile(r"[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]+")  # a footnote's mark is part of no word


@dataclass(frozen=True)
class Sentence:
    """A sentence with the passage that it stands in.

    Attributes
    ----------
    start, end : int
        Offsets [characters].
    passage : int
        Index of the passage in the document.
    """

    start: int
    end: int
    passage: int


def fold(text: str) -> str:
    """Text in the form of comparison; every character keeps its offset."""
    plain = text.translate(_PLAIN)
    lowered = plain.lower()
    if len(lowered) != len(plain):  # a few letters of other alphabets grow
        lowered = "".join(low if len(low := each.lower()) == 1 else each for each in plain)
    toned = _TONE.sub(lambda found: _TONES[found[1]], lowered)
    return _SPELLING.sub(lambda found: _SPELLINGS[found[0]], toned)


def sentences(document: Document) -> list[Sentence]:
    """Sentences of every passage, in text order."""
    found: list[Sentence] = []
    for index, passage in enumerate(document.passages):
        start = passage.start
        if found and found[-1].passage == index - 1 and _goes_on(document, found[-1], passage.start):
            start = found.pop().start
        for stop in _STOP.finditer(document.text, passage.start, passage.end):
            if not _ends(document.text, start, stop, passage.end):
                continue
            if document.text[start : stop.end()].strip():
                found.append(Sentence(start, stop.end(), _passage_of(document, start, index)))
            start = stop.end()
        if document.text[start : passage.end].strip():
            found.append(Sentence(start, passage.end, _passage_of(document, start, index)))
    return found


def _passage_of(document: Document, start: int, index: int) -> int:
    """Passage in which a sentence begins: the one before, where a page break interrupted it."""
    while index > 0 and document.passages[index].start > start:
        index -= 1
    return index


def holding(found: list[Sentence], starts: list[int], offset: int) -> int:
    """Index of the sentence that holds ``offset``; -1 before the first. ``starts`` are their starts."""
    return bisect_right(starts, offset) - 1


def _goes_on(document: Document, last: Sentence, start: int) -> bool:
    """Whether a line only continues the sentence of the line before: a page break interrupted it."""
    before = document.text[last.start : last.end].rstrip()
    place = document.passages[last.passage].place
    return document.text[start].islower() and before[-1:] not in ".!?:;…" and place != "heading" and len(before) > 60


def _ends(text: str, start: int, stop: re.Match[str], last: int) -> bool:
    """Whether a stop ends the sentence: not behind an abbreviation, a numbering, or before a small letter."""
    if stop[0].startswith("\n"):
        return True
    after = text[stop.end() : min(stop.end() + 12, last)].lstrip()
    before = text[max(start, stop.start() - 6) : stop.start()]
    word = re.split(r"[\s(]", before)[-1].lower()
    if word in _ABBREVIATIONS or (
        re.fullmatch(r"\d{1,2}|[ivx]{1,4}|[a-zđ]", word) and text[start : stop.start()].strip().lower() == word
    ):
        return False
    return not after or not after[0].islower()
