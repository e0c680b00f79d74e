"""The numbers that Word puts before headings by itself: "I.", "1.", "a)", "-".

Responsibility: count them as Word does when it shows the page. They stand nowhere in the text of the file, and a
section is named by them.

Terms: *list* = numbering instance (``w:num``), which counts on the *scheme* (``w:abstractNum``) behind it; *level* = 0
for the outermost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 9
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Level:
    """How one level counts: first number, format and text, e.g. 1, ``lowerLetter``, ``%1)``."""

    start: int
    format: str
    text: str
    plain: bool  # all numbers in digits


@dataclass
class Numbering:
    """Lists of a document and how far each has counted."""

    schemes: dict[str, dict[int, Level]]
    lists: dict[str, tuple[str, dict[int, int]]]
    styles: dict[str, tuple[str, int]]
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: Any) -> str:
        """Number before a paragraph with a blank behind it; empty where Word shows none."""
        name, level = self._list_of(paragraph)
        if name not in self.lists:
            return ""
        scheme, starts = self.lists[name]
        levels = self.schemes.get(scheme, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(scheme, [None] * _DEEPEST)
        if level in starts and (name, level) not in self.begun:
            counts[level] = starts[level]
            self.begun.add((name, level))
        else:
            counts[level] = levels[level].start if (now := counts[level]) is None else now + 1
        counts[level + 1 :] = [None] * (_DEEPEST - level - 1)
        return _shown(levels, level, counts)

    def _list_of(self, paragraph: Any) -> tuple[str, int]:
        """List and level of a paragraph: its own, else those of its style."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return "", 0
        style = properties.find(f"{W}pStyle")
        name, level = self.styles.get(style.get(f"{W}val"), ("", 0)) if style is not None else ("", 0)
        own = properties.find(f"{W}numPr")
        if own is not None:
            name, level = _reference(own, name, level)
        return name, level


def numbering_of(numbering: Any | None, styles: Any | None) -> Numbering:
    """Numbering of a document.

    Parameters
    ----------
    numbering, styles : element or None
        Roots of the numbering and styles parts; None where the document has none.
    """
    if numbering is None:
        return Numbering({}, {}, {})
    schemes = {
        each.get(f"{W}abstractNumId"): {int(level.get(f"{W}ilvl")): _level(level) for level in each.findall(f"{W}lvl")}
        for each in numbering.findall(f"{W}abstractNum")
    }
    lists = {}
    for each in numbering.findall(f"{W}num"):
        scheme = _value(each, "abstractNumId", "")
        starts = {
            int(override.get(f"{W}ilvl")): int(_value(override, "startOverride", "1"))
            for override in each.findall(f"{W}lvlOverride")
            if override.find(f"{W}startOverride") is not None
        }
        lists[each.get(f"{W}numId")] = (scheme, starts)
    return Numbering(schemes, lists, _numbered_styles(styles))


def _numbered_styles(styles: Any | None) -> dict[str, tuple[str, int]]:
    """Lists of the styles that have one, be it from the style that they are based on."""
    found: dict[str, tuple[str, int]] = {}
    elements = {} if styles is None else {each.get(f"{W}styleId"): each for each in styles.findall(f"{W}style")}
    for style in elements:
        chain, current = [], style
        while current in elements and current not in chain:
            chain.append(current)
            current = _value(elements[current], "basedOn", "")
        for each in reversed(chain):
            own = elements[each].find(f"{W}pPr/{W}numPr")
            if own is not None:
                found[style] = _reference(own, *found.get(style, ("", 0)))
            elif each != style and each in found:
                found[style] = found[each]
    return found


def _reference(element: Any, name: str, level: int) -> tuple[str, int]:
    return _value(element, "numId", name), int(_value(element, "ilvl", str(level)))


def _level(element: Any) -> Level:
    return Level(
        int(_value(element, "start", "0")),
        _value(element, "numFmt", "decimal"),
        _value(element, "lvlText", ""),
        element.find(f"{W}isLgl") is not None,
    )


def _shown(levels: dict[int, Level], level: int, counts: list[int | None]) -> str:
    own = levels[level]
    if own.format == "bullet":
        return "- "
    if own.format == "none":
        return ""

    def number(found: re.Match[str]) -> str:
        index = int(found[1]) - 1
        each = levels.get(index, own)
        count = counts[index]
        return _formatted(each.start if count is None else count, "decimal" if own.plain else each.format)

    text = re.sub(r"%([1-9])", number, own.text).strip()
    return f"{text} " if text else ""


def _formatted(number: int, style: str) -> str:
    if style in ("upperRoman", "lowerRoman"):
        text = _roman(number)
        return text if style == "upperRoman" else text.lower()
    if style in ("upperLetter", "lowerLetter"):
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return text.upper() if style == "upperLetter" else text
    return f"{number:02}" if style == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), *_ROMAN):
        count, number = divmod(number, value)
        text += letters * count
    return text


def _value(element: Any, child: str, default: str) -> str:
    found = element.find(f"{W}{child}")
    return default if found is None else str(found.get(f"{W}val", default))
