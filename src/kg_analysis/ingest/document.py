"""A report's text with the places that figures are quoted by.

Responsibility: read a text file and say of every offset which section, paragraph or footnote it lies in.

Terms: *section* = the numbering of the headings joined by dots, e.g. ``I.4.a``; *paragraph* = a line of text, counted
within its section; *footnote* = a line that starts with its superscript mark, placed in the section of that mark.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from kg_analysis.errors import DataError

PREAMBLE = "0"  # section of what stands before the first numbered heading
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FOOTNOTE = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s")
_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_HEADINGS = (re.compile(r"([IVX]+)\.\s"), re.compile(r"(\d{1,2})\.\s"), re.compile(r"([a-zđ])\)\s"))


@dataclass(frozen=True)
class Passage:
    """One line of the report: its place and its offsets in the text [characters]."""

    section: str
    place: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """Text of a report, the sha256 of its file and its passages in order."""

    text: str
    sha256: str
    passages: tuple[Passage, ...]

    def passage_at(self, offset: int) -> Passage | None:
        """Passage that holds the character at ``offset``; None between passages."""
        index = bisect_right([each.start for each in self.passages], offset) - 1
        found = self.passages[index] if index >= 0 else None
        return found if found and offset < found.end else None


def read_document(path: Path) -> Document:
    """Document of a UTF-8 text file; offsets count its characters as they are.

    Raises
    ------
    DataError
        If the file is missing or is no UTF-8 text.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); give the path of the report's text") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: byte {error.start} is no UTF-8; save the report as UTF-8 text") from None
    return Document(text, hashlib.sha256(content).hexdigest(), tuple(_passages(text)))


def _passages(text: str) -> list[Passage]:
    passages: list[Passage] = []
    numbers: list[str] = []
    counts: dict[str, int] = {}
    marks: dict[int, str] = {}
    for line in re.finditer(r"[^\n]+", text):
        if not line[0].strip():
            continue
        if note := _FOOTNOTE.match(line[0]):
            number = int(note[1].translate(_SUPERSCRIPTS))
            section = marks.get(number, _joined(numbers))
            passages.append(Passage(section, f"footnote {number}", line.start(), line.end()))
            continue
        heading = _enter(numbers, line[0])
        section = _joined(numbers)
        marks.update({int(mark[0].translate(_SUPERSCRIPTS)): section for mark in _MARK.finditer(line[0])})
        counts[section] = 0 if heading else counts.get(section, 0) + 1
        place = "heading" if heading else f"paragraph {counts[section]}"
        passages.append(Passage(section, place, line.start(), line.end()))
    return passages


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
