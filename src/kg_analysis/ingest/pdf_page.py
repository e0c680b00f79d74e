"""One page of a PDF as lines of text with their position and size, and the rules drawn on it.

Responsibility: what stands where on a page. What a line is, paragraph, footnote or page number, is told elsewhere.

Terms: positions in points from the lower left corner; *size* = height of the letters [points]; *rule* = a straight
line that is drawn, upright or level.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from kg_analysis.ingest.blocks import CELL, tidy
from kg_analysis.ingest.places import superscript

_RAISED = 0.8  # a mark is smaller than this share of its line; how far it is raised is not always told
_GAP = 2.2  # widths of an m that part two cells
_THIN = 2.5  # [points] at most across a rule
_SHORT = 4.0  # [points] at least along a rule
_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # how the library tells a hyphen at the end of a line
_NESTED = 3  # forms within forms that are looked into


@dataclass(frozen=True)
class Piece:
    """Letters of one size that follow each other: where they begin and end."""

    x: float
    y: float
    size: float
    text: str
    right: float


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

    pieces: list[Piece] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: int = 0


def read_page(page: Any) -> PageContent:
    """Content of a page of pypdfium2, level text only."""
    text = page.get_textpage()
    found = PageContent(list(_pieces(text.raw)))
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
    for each in page.get_objects(filter=kinds, max_depth=_NESTED):
        if each.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures += 1
        else:
            found.rules.extend(_rules(each.raw))
    return found


@dataclass(frozen=True)
class _Letter:
    """A letter that is no blank: place, size in the font, blanks before it, and whether one of these was only a gap."""

    index: int
    text: str
    x: float
    y: float
    nominal: float
    blanks: bool
    parted: bool


def _letters(page: Any) -> Iterator[_Letter]:
    x, y = ctypes.c_double(), ctypes.c_double()
    blanks = parted = False
    for index in range(pdfium.FPDFText_CountChars(page)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        text = _HYPHENS.get(code) or chr(code)
        if text.isspace() or text == "\0":
            blanks = blanks or text not in "\r\n\0"
            parted = parted or pdfium.FPDFText_IsGenerated(page, index) == 1
            continue
        pdfium.FPDFText_GetCharOrigin(page, index, x, y)
        yield _Letter(index, text, x.value, y.value, pdfium.FPDFText_GetFontSize(page, index), blanks, parted)
        blanks = parted = False


def _pieces(page: Any) -> Iterator[Piece]:
    """Letters put together until size, line or a gap parts them; what is not level is left out."""
    matrix = pdfium.FS_MATRIX()
    run: list[_Letter] = []
    size, level = 0.0, True
    for letter in _letters(page):
        if not run or letter.parted or _apart(run[-1], letter, size):
            if run and level:
                yield _piece(run, size)
            run = []
            pdfium.FPDFText_GetMatrix(page, letter.index, matrix)
            size = round(letter.nominal * math.hypot(matrix.c, matrix.d), 1)
            level = abs(matrix.b) < 0.1 * abs(matrix.a or 1)
        run.append(letter)
    if run and level:
        yield _piece(run, size)


def _apart(one: _Letter, other: _Letter, size: float) -> bool:
    gap = other.x - one.x
    return other.nominal != one.nominal or abs(other.y - one.y) > 0.1 * size or not -size < gap < (1 + _GAP) * size


def _piece(run: list[_Letter], size: float) -> Piece:
    end = run[-1].text
    width = 0.66 if end.isupper() else 0.27 if end in ".,;:|'ilI/-" else 0.5
    text = "".join(f" {each.text}" if each.blanks else each.text for each in run)
    return Piece(run[0].x, run[0].y, size, text, run[-1].x + width * size)


def _rules(path: Any) -> Iterator[Rule]:
    """Rules of a path: its lines where they are drawn, the path itself where it is filled and thin."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(path, *edges)
    left, bottom, right, top = (each.value for each in edges)
    if min(right - left, top - bottom) <= _THIN:
        yield from _rule((left, bottom), (right, top))
    elif stroke.value:
        for (_, one), (begins, other) in pairwise(_points(path)):
            if not begins:
                yield from _rule(one, other)


def _points(path: Any) -> Iterator[tuple[bool, tuple[float, float]]]:
    """Points of a path on the page, each with whether a line begins there."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        there = (
            x.value * matrix.a + y.value * matrix.c + matrix.e,
            x.value * matrix.b + y.value * matrix.d + matrix.f,
        )
        yield pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO, there


def _rule(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Rule]:
    x0, x1 = sorted((one[0], other[0]))
    y0, y1 = sorted((one[1], other[1]))
    if min(x1 - x0, y1 - y0) <= _THIN and max(x1 - x0, y1 - y0) >= _SHORT:
        yield Rule(x0, y0, x1, y1)


def lines_of(pieces: Iterable[Piece]) -> list[Line]:
    """Lines from top to bottom; raised digits become superscripts, wide gaps part cells."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: -each.y):
        if rows and rows[-1][0].y - piece.y < 0.6 * max(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    found = (_line(sorted(row, key=lambda each: each.x)) for row in rows)
    return [each for each in found if each.text.strip()]


def _line(row: list[Piece]) -> Line:
    base = max(row, key=lambda each: each.size)
    text, previous = "", None
    for piece in row:
        digits, raised = piece.text.strip(), False
        if digits.isdecimal() and piece.size < _RAISED * base.size and piece.y > base.y - 0.05 * base.size:
            text, raised = text.rstrip(" "), True
        text += superscript(digits) if raised else _between(text, previous, piece) + piece.text
        previous = piece
    return Line(row[0].x, base.y, base.size, tidy(text))


def _between(text: str, previous: Piece | None, piece: Piece) -> str:
    """What parts a piece from the one before it on a line: a cell, a blank, or nothing."""
    if previous is None:
        return ""
    gap, size = piece.x - previous.right, max(piece.size, previous.size)
    if gap > _GAP * size:
        return CELL
    return " " if gap > 0.35 * size and not (text.endswith(" ") or piece.text.startswith(" ")) else ""
