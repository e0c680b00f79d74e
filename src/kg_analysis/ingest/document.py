"""A report's text with the places that figures are quoted by, from a txt, docx or pdf file; its sentences, folded.

Responsibility: one model for all kinds of file. The file is untrusted: its kind is told by its content, its size is
limited, and Word and PDF files are read in a process of their own. Every paragraph and every row of a table is a line,
a footnote is a line right behind the paragraph that holds its mark. Text in an encoding of before Unicode is noticed,
not converted: every offset would lie in a text that nobody holds.

Terms: *text* = what all offsets count in [characters]: for txt the characters of the file in NFC; *section* = the
numbering of the headings joined by dots, e.g. ``I.4.a``; *paragraph* = a line of text, counted within its section;
*footnote* = a line that starts with its superscript mark; *folded* = lower case, blanks and dashes made plain, ``hoà``
and ``tỉ`` spelled ``hòa`` and ``tỷ``, every character at its offset; *span* = first offset and offset after the last.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg_analysis.errors import DataError
from kg_analysis.untrusted import SECONDS, kind_of, read_apart, read_content, unseen

Span = tuple[int, int]
CELL = "\t"  # between the cells of a row
_BLANKS = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000\r\n\v\f]+")
STRUCK = ("\ue000", "\ue001")  # around what is struck out, until the text is whole
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HYPHENS = str.maketrans("\u2010\u2011", "--")


@dataclass(frozen=True)
class Block:
    """A paragraph or a row of a table, with the footnotes whose marks it holds."""

    text: str  # one line; cells of a row are divided by tabs, marks are superscripts
    row: bool = False  # whether it is a row of a table
    notes: tuple[tuple[int, str], ...] = ()  # number and text of each footnote


def tidy(text: str) -> str:
    """Text on one line: NFC, plain blanks and hyphens, nothing unseen, no blanks at the ends of cells."""
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN).translate(_HYPHENS))
    cells = [_BLANKS.sub(" ", cell).strip() for cell in text.split(CELL)]
    return CELL.join(cells)


def text_of(blocks: Iterable[Block]) -> str:
    """Text of a report: paragraphs apart by a blank line, rows of a table below each other."""
    lines: list[str] = []
    waiting: list[str] = []  # footnotes of a table wait for its end
    previous_row = False
    for block in (*blocks, Block("")):
        if waiting and not (block.row and previous_row):
            lines += [each for note in waiting for each in ("", note)]
            waiting, previous_row = [], False
        text = tidy(block.text)
        if text.strip():
            lines += [text] if not lines or (block.row and previous_row) else ["", text]
            previous_row = block.row
        waiting += (f"{superscript(number)} {tidy(note).replace(CELL, ' ')}" for number, note in block.notes)
    return "\n".join([*lines, ""]) if lines else ""


def marks_in(text: str) -> list[str]:
    """Superscripts of a text in order."""
    return re.findall(rf"[{SUPERSCRIPTS}]+", text)


PREAMBLE = "0"  # section of what stands before the first numbered heading
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(SUPERSCRIPTS, "0123456789")
_RAISED = str.maketrans("0123456789", SUPERSCRIPTS)
_FOOTNOTE = re.compile(rf"([{SUPERSCRIPTS}]+)\s")
_HEADINGS = (re.compile(r"([IVX]+)\.\s"), re.compile(r"(\d{1,2})\.\s"), re.compile(r"([a-zđ])\)\s"))


@dataclass(frozen=True)
class Passage:
    """One line of the report: its place and its offsets in the text [characters]."""

    section: str
    place: str
    start: int
    end: int


def number_of(mark: str) -> int:
    """Number of a footnote mark: ¹² is 12."""
    return int(mark.translate(_PLAIN))


def superscript(number: int | str) -> str:
    """Footnote mark of a number: 12 is ¹²."""
    return str(number).translate(_RAISED)


def passages(text: str) -> list[Passage]:
    """Passages of a text in order, one a line that is not blank."""
    found: list[Passage] = []
    numbers: list[str] = []
    counts: dict[str, int] = {}
    marks: dict[int, str] = {}
    for line in re.finditer(r"[^\n]+", text):
        if not line[0].strip():
            continue
        if note := _FOOTNOTE.match(line[0]):
            number = number_of(note[1])
            section, place = marks.get(number, _joined(numbers)), f"footnote {number}"
        else:
            heading = _enter(numbers, line[0])
            section = _joined(numbers)
            marks |= dict.fromkeys(map(number_of, marks_in(line[0])), section)
            counts[section] = 0 if heading else counts.get(section, 0) + 1
            place = "heading" if heading else f"paragraph {counts[section]}"
        found.append(Passage(section, place, *line.span()))
    return found


def is_heading(line: str) -> bool:
    """Whether a line begins with the number of a heading."""
    return any(pattern.match(line) for pattern in _HEADINGS)


def _enter(numbers: list[str], line: str) -> bool:
    """Whether the line is a numbered heading; if so, move ``numbers`` to it."""
    for level, pattern in enumerate(_HEADINGS):
        found = pattern.match(line)
        if found and level <= len(numbers):
            numbers[level:] = [found[1]]
            return True
    return False


def _joined(numbers: list[str]) -> str:
    return ".".join(numbers) or PREAMBLE


# Letters of Western alphabets that TCVN3 fonts draw as Vietnamese ones: ¸ is á, ® is đ, Ö is ệ.
_TCVN3 = frozenset("µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ªÌÐÎÏÑÕÒÓÔÖ×ÝØÜÞßãáâä«èåæçé¬íêëìîóïñòô­øõö÷ùúýûüþ")
# Only TCVN3 uses these signs inside words.
_SIGNS = re.compile(r"(?<=[A-Za-z])[µ¸¶·¹¨»¾¼½©®ª«¬¦§¡¢£¤¥]|[µ¸¶·¹¨»¾¼½©®ª«¬¦§](?=[A-Za-z])")
# VNI writes the mark behind the letter: "aù" is á, "eä" is ệ, ñ is đ, "öô" is ươ.
_VNI = re.compile(r"[aeouyAEOUYöôÖÔ][ùøûõïéèëáàåãäâêúüÙØÛÕÏÉÈËÁÀÅÃÄÂÊÚÜ]|(?<![A-Za-z])[ñÑ](?=[aeiouyö])|öô")
_UNICODE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_LETTER = re.compile(r"[^\W\d_]")
_SHARE = 0.03
_FEWEST_SIGNS = 3  # a footnote mark or a degree sign alone says nothing
_FEWEST = 20  # letters below which a line is not judged
_REMEDY = "convert it to Unicode (e.g. with Unikey, Ctrl+Shift+F6: {name} to Unicode) and save it anew"


def legacy_problem(lines: Iterable[str]) -> str:
    """What to do about the first line in an old encoding; empty where all are Unicode."""
    for number, line in enumerate(lines, 1):
        if name := legacy_encoding(line):
            return f"line {number} ({line.strip()[:40]!r}) is Vietnamese in {name}; {_REMEDY.format(name=name)}"
    return ""


def legacy_encoding(text: str) -> str:
    """``TCVN3``, ``VNI``, or nothing."""
    letters = len(_LETTER.findall(text))
    if letters < _FEWEST or len(_UNICODE.findall(text)) / letters > _SHARE:
        return ""
    signs, drawn = len(_SIGNS.findall(text)), sum(each in _TCVN3 for each in text)
    if signs >= _FEWEST_SIGNS and signs / letters > _SHARE / 2 and drawn / letters > _SHARE:
        return "TCVN3"
    pairs = len(_VNI.findall(text))
    return "VNI" if pairs >= _FEWEST_SIGNS and pairs / letters > _SHARE else ""


@dataclass(frozen=True)
class Document:
    """Text of a report, the sha256 of its file and its passages in order."""

    text: str
    sha256: str  # hash of the file as it is
    passages: tuple[Passage, ...]
    kind: str = "txt"  # ``txt``, ``docx`` or ``pdf``
    remarks: tuple[str, ...] = ()  # what reading left out or settled, e.g. page numbers, tracked changes
    struck: tuple[Span, ...] = ()  # spans of what is struck out

    @cached_property
    def _starts(self) -> list[int]:
        return [each.start for each in self.passages]

    def passage_at(self, offset: int) -> Passage | None:
        """Passage that holds the character at ``offset``; None between passages."""
        index = bisect_right(self._starts, offset) - 1
        return self.passages[index] if index >= 0 and offset < self.passages[index].end else None


def read_document(path: Path, seconds: float = SECONDS) -> Document:
    """Document of a report's file.

    Parameters
    ----------
    path : Path
        UTF-8 text, Word (docx), or PDF with text.
    seconds : float
        Time that reading a Word or PDF file may take.

    Raises
    ------
    DataError
        If the file is missing, empty, of another kind, too large, broken, locked, a scan, in an old Vietnamese
        encoding, or takes too long; each with what to do.
    """
    kind = kind_of(path)
    content = read_content(path, kind, "the report")
    remarks: list[str] = []
    struck: tuple[Span, ...] = ()
    if kind == "txt":
        text = _decoded(path, content)
    else:
        found, remarks = read_apart(kind, path, content, seconds)
        text = text_of(Block(each["text"], each["row"], tuple(map(tuple, each["notes"]))) for each in found)
        if kind == "docx":
            text, struck = _without_signs(text)
    if problem := legacy_problem(text.split("\n")):
        raise DataError(f"{path.name}: {problem}")
    if not text.strip():
        raise DataError(f"{path.name}: holds no text; give the report itself")
    remarks += _unseen_remark(path, text)
    return Document(text, hashlib.sha256(content).hexdigest(), tuple(passages(text)), kind, tuple(remarks), struck)


def _without_signs(text: str) -> tuple[str, tuple[Span, ...]]:
    """The text without the signs around what is struck out, and its spans."""
    parts, at, opened, spans = [], 0, 0, []
    for part in re.split("([" + "".join(STRUCK) + "])", text):
        if part == STRUCK[0]:
            opened = at
        elif part == STRUCK[1]:
            spans.append((opened, at))
        else:
            at += len(part)
            parts.append(part)
    return "".join(parts), tuple(spans)


# What hides or turns round the letters beside it, and what no text holds.
_HARMFUL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def _unseen_remark(path: Path, text: str) -> list[str]:
    """A remark on characters that cannot be seen and only part a word or a number, whose figure is marked.

    Raises
    ------
    DataError
        Every line with a control character, a non-character or a mark that turns the direction of reading.
    """
    lines = text.split("\n")
    if problems := [
        f"{path.name} line {number}: holds {unseen(found[0])}, a character that cannot be seen; remove it"
        for number, line in enumerate(lines, 1)
        if (found := _HARMFUL.search(line))
    ]:
        raise DataError(problems)
    held = [f"{code} in line {number}" for number, line in enumerate(lines, 1) if (code := unseen(line))]
    return [f"{len(held)} lines hold a character that cannot be seen: {held[0]}"] if held else []


_CLEARLY_UTF8 = 10  # characters beyond ASCII that no other encoding would give


def _decoded(path: Path, content: bytes) -> str:
    """Characters of a text file: NFC, LF line ends, no byte order mark."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DataError(f"{path.name}: is UTF-16 text; save the report as UTF-8 text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sound = content[: error.start].decode("utf-8-sig", "replace")
        is_utf8 = sum(ord(each) > 127 for each in sound) >= _CLEARLY_UTF8
        if not is_utf8 and (problem := legacy_problem(content.decode("cp1252", "replace").split("\n"))):
            raise DataError(f"{path.name}: {problem}") from None
        what = f"damaged UTF-8 at byte {error.start}" if is_utf8 else f"byte {error.start} is no UTF-8"
        raise DataError(f"{path.name}: {what}; save the report as UTF-8 text anew") from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


_PLAIN_WORDING = str.maketrans("\u00a0\u2007\u202f–—−\u2011\t", "   ---- ")
# The tone stands on the second vowel in one spelling, on the first in the other.
_TONES = dict(
    zip(
        ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"),
        ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"),
        strict=True,
    )
)
_TONE = re.compile(rf"(?<!q)({'|'.join(_TONES)})(?![^\W\d_])")
_SPELLINGS = {"tỉ": "tỷ", "quí": "quý", "kì": "kỳ", "lí": "lý", "kỉ": "kỷ", "mĩ": "mỹ", "sĩ": "sỹ", "luỹ": "lũy"}
_SPELLING = re.compile(rf"\b(?:{'|'.join(_SPELLINGS)})\b")
_ABBREVIATIONS = ("tp", "tx", "tt", "q", "p", "ql", "đt", "st", "ts", "ths", "bs", "gs", "pgs", "đ/c", "v.v", "nq", "h")
_STOP = re.compile(r"[.!?…]+[\"”’)*\]]*(?=\s)|\n+")
_AMOUNT = re.compile(r"\d[\d.,]*\s?(?:%|tỷ|tỉ|triệu|nghìn|ca\b|ha\b|tấn)")
WORD = re.compile(r"[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]+")  # a footnote's mark is part of no word


@dataclass(frozen=True)
class Sentence:
    """A sentence with the passage that it stands in."""

    start: int  # offsets [characters]
    end: int
    passage: int  # index of the passage in the document


def fold(text: str) -> str:
    """Text in the form of comparison; every character keeps its offset."""
    plain = text.translate(_PLAIN_WORDING)
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
        goes_on = found and index and found[-1].end > document.passages[index - 1].start
        if goes_on and _goes_on(document, found[-1], passage):
            start = found.pop().start
        for stop in (*_STOP.finditer(document.text, passage.start, passage.end), None):
            end = stop.end() if stop else passage.end
            if stop and not _ends(document.text, start, stop, passage.end):
                continue
            if document.text[start:end].strip():
                found.append(Sentence(start, end, _passage_of(document, start, index)))
            start = end
    return found


def _passage_of(document: Document, start: int, index: int) -> int:
    """Passage in which a sentence begins: the one before, where a page break interrupted it."""
    while index > 0 and document.passages[index].start > start:
        index -= 1
    return index


def _goes_on(document: Document, last: Sentence, line: Passage) -> bool:
    """Whether a line only continues the sentence of the line before: a break of page or line interrupted it."""
    before, text = document.text[last.start : last.end].rstrip(), document.text[line.start : line.end]
    begun = before[-1:] not in ".!?:;…" and len(before) > 60 and CELL not in text
    goes_on = text[0].islower() or _AMOUNT.match(text) is not None
    return begun and goes_on and document.passages[last.passage].place != "heading"


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
