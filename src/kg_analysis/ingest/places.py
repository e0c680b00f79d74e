"""Where a line of a report stands: its section by the numbering of the headings, its paragraph, footnote or heading.

Responsibility: places of the lines of a text, whatever file it came from.

Terms: *section* = the numbering of the headings joined by dots, e.g. ``I.4.a``; *paragraph* = a line of text, counted
within its section, a row of a table being one; *footnote* = a line that starts with its superscript mark, placed in
the section of that mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREAMBLE = "0"  # section of what stands before the first numbered heading
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(SUPERSCRIPTS, "0123456789")
_RAISED = str.maketrans("0123456789", SUPERSCRIPTS)
_FOOTNOTE = re.compile(rf"([{SUPERSCRIPTS}]+)\s")
_MARK = re.compile(rf"[{SUPERSCRIPTS}]+")
_HEADINGS = (re.compile(r"([IVX]+)\.\s"), re.compile(r"(\d{1,2})\.\s"), re.compile(r"([a-zđ])\)\s"))


@dataclass(frozen=True)
class Passage:
    """One line of the report: its place and its offsets in the text [characters]."""

    section: str
    place: str
    start: int
    end: int


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
            number = int(note[1].translate(_PLAIN))
            section = marks.get(number, _joined(numbers))
            found.append(Passage(section, f"footnote {number}", line.start(), line.end()))
            continue
        heading = _enter(numbers, line[0])
        section = _joined(numbers)
        marks.update({int(mark[0].translate(_PLAIN)): section for mark in _MARK.finditer(line[0])})
        counts[section] = 0 if heading else counts.get(section, 0) + 1
        place = "heading" if heading else f"paragraph {counts[section]}"
        found.append(Passage(section, place, line.start(), line.end()))
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
