"""One page of a PDF as lines of text with their position and size, and the rules drawn on it.

Responsibility: what stands where on a page. What a line is, paragraph, footnote or page number, is told elsewhere.

Terms: positions in points from the lower left corner; *size* = height of the letters [points]; *rule* = a straight
line that is drawn, upright or level.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from kg_analysis.ingest.blocks import CELL, tidy
from kg_analysis.ingest.places import superscript

_RAISED = 0.8  # a mark is smaller than this share of its line; how far it is raised is not always told
_GAP = 2.2  # widths of an m that part two cells, beside what the estimated width of the text may err
_ERROR = 0.12  # of an estimated width
_THIN = 2.5  # [points] at most across a rule
_SHORT = 4.0  # [points] at least along a rule
_STROKED = frozenset((b"S", b"s", b"B", b"B*", b"b", b"b*"))
_PAINTED = _STROKED | {b"f", b"F", b"f*", b"n"}


@dataclass(frozen=True)
class Piece:
    """Text shown in one go: where it begins, and its size."""

    x: float
    y: float
    size: float
    text: str

    @property
    def width(self) -> float:
        """About how wide it is in a common font; asking the file's fonts would take most of the time."""
        return self.size * sum(
            0.66 if each.isupper() else 0.27 if each in " .,;:|'ilI/-" else 0.5 for each in self.text.strip("\n")
        )


@dataclass(frozen=True)
class Line:
    """Text on one baseline."""

    x: float
    y: float
    size: float
    text: str


@dataclass(frozen=True)
class Rule:
    """A drawn line from its lower left to its upper right end."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def upright(self) -> bool:
        """Whether it runs from below to above."""
        return self.y1 - self.y0 > self.x1 - self.x0


@dataclass
class PageContent:
    """Pieces of text, rules and number of pictures of a page."""

    height: float
    pieces: list[Piece] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: int = 0


def read_page(page: Any) -> PageContent:
    """Content of a page of pypdf, level text only."""
    found = PageContent(float(page.mediabox.height))
    pen: list[tuple[float, float]] = []
    drawn: list[tuple[tuple[float, float], tuple[float, float]]] = []

    def show(text: str, cm: list[float], tm: list[float], _: Any, size: float) -> None:
        if text.strip("\n"):
            x, y = _moved(cm, tm[4], tm[5])
            height = size * math.hypot(tm[2], tm[3]) * math.hypot(cm[2], cm[3])
            found.pieces.append(Piece(x, y, round(height, 1), text))

    def draw(operator: bytes, operands: list[Any], cm: list[float], _: Any) -> None:
        if operator == b"re":
            x, y, width, height = map(float, operands)
            _add_rule(found.rules, _moved(cm, x, y), _moved(cm, x + width, y + height))
        elif operator == b"m":
            pen[:] = [_moved(cm, float(operands[0]), float(operands[1]))]
        elif operator == b"l" and pen:
            there = _moved(cm, float(operands[0]), float(operands[1]))
            drawn.append((pen[-1], there))
            pen[:] = [there]
        elif operator in _PAINTED:
            for each in drawn if operator in _STROKED else ():
                _add_rule(found.rules, *each)
            drawn.clear()
        elif operator == b"Do":
            found.pictures += 1

    page.extract_text(orientations=(0,), visitor_text=show, visitor_operand_before=draw)
    return found


def lines_of(pieces: Iterable[Piece], scale: float = 1.0) -> list[Line]:
    """Lines from top to bottom; raised digits become superscripts, wide gaps part cells.

    Parameters
    ----------
    pieces : iterable of Piece
    scale : float
        Width of the page's letters over that of a common font, see :func:`letter_scale`.
    """
    found = (_line(row, scale) for row in _rows(pieces))
    return [each for each in found if each.text.strip()]


def letter_scale(pieces: Iterable[Piece]) -> float:
    """Width of the letters over that of a common font, from pieces that follow each other on a line."""
    ratios = [
        (after.x - before.x) / before.width
        for row in _rows(pieces)
        for before, after in itertools.pairwise(row)
        if before.width > 2 * before.size
    ]
    return min(max(median(ratios), 0.7), 1.5) if len(ratios) > 5 else 1.0


def _rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces by their line, from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: -each.y):
        if rows and rows[-1][0].y - piece.y < 0.6 * max(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda each: each.x) for row in rows]


def _line(row: list[Piece], scale: float) -> Line:
    base = max((each for each in row if each.text.strip()), key=lambda each: each.size, default=row[0])
    text, previous = "", None
    for piece in row:
        digits = piece.text.strip()
        if digits.isdecimal() and piece.size < _RAISED * base.size and piece.y > base.y - 0.05 * base.size:
            text, shown = text.rstrip(" ") if previous else "", superscript(digits)
        else:
            shown = piece.text
        text += _between(text, previous, piece, scale) + shown.strip("\n")
        previous = piece
    first = next((each for each in row if each.text.strip()), row[0])
    lead = len(first.text) - len(first.text.lstrip())
    return Line(first.x + lead * 0.25 * first.size, base.y, base.size, tidy(text))


def _between(text: str, previous: Piece | None, piece: Piece, scale: float) -> str:
    """What parts a piece from the one before it: nothing, a blank, or a cell."""
    if previous is None or not text:
        return ""
    width = previous.width * scale
    gap = piece.x - previous.x - width
    if gap > _GAP * max(piece.size, previous.size) + _ERROR * width:
        return CELL
    broken = previous.text.endswith("\n") or piece.text.startswith("\n")
    return " " if broken and gap > 0.1 * piece.size else ""


def _moved(matrix: list[float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _add_rule(rules: list[Rule], one: tuple[float, float], other: tuple[float, float]) -> None:
    x0, x1 = sorted((one[0], other[0]))
    y0, y1 = sorted((one[1], other[1]))
    if min(x1 - x0, y1 - y0) <= _THIN and max(x1 - x0, y1 - y0) >= _SHORT:
        rules.append(Rule(x0, y0, x1, y1))
