"""PDF files with text: letters as lines, rows of ruled tables, and columns.

Responsibility: open the file and tell a scan, a locked or a cut-off file from a report; put letters together to lines,
and tell the rows of tables and columns of text. How lines become paragraphs is ``layout``'s matter.

Terms: positions in points from the lower left corner; *size* = height of the letters; *rule* = a straight line that is
drawn; *gutter* = the empty upright strip between two columns of text.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from kg_analysis.errors import DataError
from kg_analysis.ingest.document import CELL, superscript, tidy

_RAISED = 0.8  # a mark is smaller than this share of its line; how far it is raised is not always told
_GAP = 2.2  # widths of an m that part two cells
_THIN = 2.5  # [points] at most across a rule
_NUMBERING = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4}|[a-zđ])[.)]|[-–—+•*]")  # behind it Word sets a tab
_SHORT = 4.0  # [points] at least along a rule
_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # how the library tells a hyphen at the end of a line
_NESTED = 3  # forms within forms that are looked into


@dataclass(frozen=True)
class Piece:
    """Letters of one size that follow each other, a line of these, or a row of a ruled table by its upper edge."""

    x: float  # where it begins
    y: float
    size: float
    text: str  # cells of a line or row are divided by tabs
    right: float  # where it ends
    row: bool = False


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
    """Pieces of text, rules and number of pictures of a page, and its width."""

    pieces: list[Piece] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: int = 0
    width: float = math.inf


def read_page(page: pypdfium2.PdfPage) -> PageContent:
    """Content of a page of pypdfium2, level text only."""
    text = page.get_textpage()
    found = PageContent(list(_pieces(text.raw)), width=page.get_width() + 0.5)
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
    for each in page.get_objects(filter=kinds, max_depth=_NESTED):
        if each.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures += 1
        else:
            found.rules.extend(_rules(each))
    return found


class _Letter(NamedTuple):
    """A letter that is no blank."""

    at: int  # in the page
    text: str
    x: float
    y: float
    nominal: float  # size in the font
    blanks: bool  # whether any stand before it
    parted: bool  # whether one of these is only a gap


def _letters(page: Any) -> Iterator[_Letter]:
    x, y = ctypes.c_double(), ctypes.c_double()
    blanks = parted = False
    for index in range(pdfium.FPDFText_CountChars(page)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        text = _HYPHENS.get(code) or chr(code)
        if text.isspace() or unicodedata.category(text) == "Cc":  # some fonts have their blank there
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
        apart = not run or letter.parted or letter.nominal != run[-1].nominal
        if apart or abs(letter.y - run[-1].y) > 0.1 * size or not -size < letter.x - run[-1].x < (1 + _GAP) * size:
            if run and level:
                yield _piece(run, size)
            run = []
            pdfium.FPDFText_GetMatrix(page, letter.at, matrix)
            size = round(letter.nominal * math.hypot(matrix.c, matrix.d), 1)
            level = abs(matrix.b) < 0.1 * abs(matrix.a or 1)
        run.append(letter)
    if run and level:
        yield _piece(run, size)


def _piece(run: list[_Letter], size: float) -> Piece:
    end = run[-1].text
    width = 0.66 if end.isupper() else 0.27 if end in ".,;:|'ilI/-" else 0.5
    text = "".join(f" {each.text}" if each.blanks else each.text for each in run)
    return Piece(run[0].x, run[0].y, size, text, run[-1].x + width * size)


def _rules(path: pypdfium2.PdfObject) -> Iterator[Rule]:
    """Rules of a path: its lines where they are drawn, the path itself where it is filled and thin."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path.raw, fill, stroke)
    left, bottom, right, top = path.get_bounds()
    ends = []
    if min(right - left, top - bottom) <= _THIN:
        ends = [(left, bottom, right, top)]
    elif stroke.value:
        ends = [(*one, *other) for (_, one), (begins, other) in pairwise(_points(path)) if not begins]
    for x0, y0, x1, y1 in ends:
        width, height = abs(x1 - x0), abs(y1 - y0)
        if min(width, height) <= _THIN and max(width, height) >= _SHORT:
            yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _points(path: pypdfium2.PdfObject) -> Iterator[tuple[bool, tuple[float, float]]]:
    """Points of a path on the page, each with whether a line begins there."""
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(path.raw)):
        segment = pdfium.FPDFPath_GetPathSegment(path.raw, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        begins = pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO
        yield begins, matrix.on_point(x.value, y.value)


def lines_of(pieces: Iterable[Piece]) -> list[Piece]:
    """Lines from top to bottom; raised digits become superscripts, wide gaps part cells."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: -each.y):
        if rows and rows[-1][0].y - piece.y < 0.6 * max(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    found = (_line(sorted(row, key=lambda each: each.x)) for row in rows)
    return [each for each in found if each.text.strip()]


def _line(row: list[Piece]) -> Piece:
    base = max(row, key=lambda each: each.size)
    text, previous = "", None
    for piece in row:
        digits, raised = piece.text.strip(), False
        if digits.isdecimal() and piece.size < _RAISED * base.size and piece.y > base.y - 0.05 * base.size:
            text, raised = text.rstrip(" "), True
        text += superscript(digits) if raised else _between(text, previous, piece) + piece.text
        previous = piece
    return Piece(row[0].x, base.y, base.size, tidy(text), row[-1].right)


def _between(text: str, previous: Piece | None, piece: Piece) -> str:
    """What parts a piece from the one before it on a line: a cell, a blank, or nothing."""
    if previous is None:
        return ""
    gap, size = piece.x - previous.right, max(piece.size, previous.size)
    if gap > _GAP * size and not _NUMBERING.fullmatch(text.strip()):
        return CELL
    return " " if gap > 0.35 * size and not (text.endswith(" ") or piece.text.startswith(" ")) else ""


NEAR = 3.0  # [points] within which rules meet


def take_tables(page: PageContent) -> tuple[list[Piece], list[Piece]]:
    """Rows of the page's tables, and the pieces that stand in none."""
    rows: list[Piece] = []
    left = page.pieces
    for low, high, upright in _bands([each for each in page.rules if each.upright]):
        level = [each.y0 for each in page.rules if not each.upright and low - NEAR <= each.y0 <= high + NEAR]
        edges = _distinct(level)
        if len(edges) < 2 or len(_distinct(each.x0 for each in upright)) < 3:
            continue
        first, last = min(each.x0 for each in upright), max(each.x1 for each in upright)
        inside = [each for each in left if edges[0] < each.y < edges[-1] and first - NEAR < each.x < last]
        left = [each for each in left if each not in set(inside)]
        rows += (_row(inside, upright, *edge) for edge in pairwise(edges))
    return [each for each in rows if each.text.strip()], left


def _bands(upright: list[Rule]) -> list[tuple[float, float, list[Rule]]]:
    """Upright rules that hang together, with the lowest and highest point of each group."""
    bands: list[tuple[float, float, list[Rule]]] = []
    for rule in sorted(upright, key=lambda each: each.y0):
        low, high, rules = bands.pop() if bands and rule.y0 <= bands[-1][1] + NEAR else (rule.y0, rule.y1, [])
        bands.append((low, max(high, rule.y1), [*rules, rule]))
    return bands


def _row(inside: list[Piece], upright: list[Rule], low: float, high: float) -> Piece:
    middle = (low + high) / 2
    columns = _distinct(each.x0 for each in upright if each.y0 - NEAR <= middle <= each.y1 + NEAR)
    here = [each for each in inside if low < each.y + 0.3 * each.size <= high]
    cells = [[each for each in here if left - NEAR <= each.x + 0.1 < right - NEAR] for left, right in pairwise(columns)]
    texts = (" ".join(line.text.replace(CELL, " ") for line in lines_of(cell)) for cell in cells)
    size = max((each.size for each in here), default=0.0)
    return Piece(columns[0], high, size, CELL.join(texts), columns[-1], row=True)


_FEWEST_LINES = 8  # of each of two columns
_FEWEST_SIGNS = 18  # in the middle one of a column's lines; cells of a table have fewer


def columns_of(page: PageContent) -> list[PageContent]:
    """The page, or, where text is set in two columns, what stands above them and each column as a page of its own.

    The right one is moved to where the left one begins, so that margins and indents mean the same in both.
    """
    starts = Counter(round(each.x) for each in page.pieces)
    left = min((x for x, count in starts.items() if count > 1), default=0)
    width = max((each.right for each in page.pieces), default=0.0) - left
    often = [x for x, count in starts.items() if count >= _FEWEST_LINES and x > left + 0.3 * width]
    for edge in sorted(often, key=lambda x: -starts[x]):
        across = [each.y for each in page.pieces if each.x < edge - NEAR and each.right > edge]
        low = max((y for y in across if y < max(each.y for each in page.pieces)), default=math.inf)
        above = [each for each in page.pieces if across and each.y >= low]
        below = [each for each in page.pieces if each not in above]
        one = [each for each in below if each.x < edge - NEAR]
        moved = left - edge
        other = [replace(each, x=each.x + moved, right=each.right + moved) for each in below if each.x >= edge - NEAR]
        if _is_column(one) and _is_column(other):
            middle = (edge + max(each.right for each in one)) / 2
            rules = [each for each in page.rules if each.x0 < middle]
            others = [replace(each, x0=each.x0 + moved, x1=each.x1 + moved) for each in page.rules if each.x0 >= middle]
            parts = [PageContent(above), PageContent(one, rules), PageContent(other, others)]
            return [each for each in parts if each.pieces]
    return [page]


def _is_column(pieces: list[Piece]) -> bool:
    """Whether pieces are the lines of running text."""
    lengths = [len(each.text) for each in lines_of(pieces)]
    return len(lengths) >= _FEWEST_LINES and median(lengths) >= _FEWEST_SIGNS


def _distinct(values: Iterable[float]) -> list[float]:
    """Values in ascending order, those that lie together as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
            found.append(value)
    return found


_MOST_PAGES = 500
_FEWEST_LETTERS = 10  # fewer on a page with a picture: a scan
_UNKNOWN = 0.05  # share of letters without a meaning from which the text cannot be used


def read_pages(content: bytes) -> list[PageContent]:
    """Content of the pages of a PDF.

    Raises DataError: if the file is cut off, too long, a scan, or written in fonts that do not say their letters;
    PdfiumError: if it is broken or locked.
    """
    if b"%%EOF" not in content[-4096:]:
        raise DataError("the PDF is cut off, its end is missing; get the file anew")
    document = pypdfium2.PdfDocument(content)
    if len(document) > _MOST_PAGES:
        raise DataError(f"the PDF has {len(document)} pages, at most {_MOST_PAGES} are read; give the report alone")
    if len(document) == 0:
        raise DataError("the PDF has no pages; get the file anew")
    pages = [read_page(document[index]) for index in range(len(document))]
    texts = ["".join(piece.text for piece in page.pieces) for page in pages]
    _refuse_scan(pages, texts)
    text = "".join(texts)
    unknown = sum(each == "\ufffd" or "\ue000" <= each <= "\uf8ff" or each == "\0" for each in text)
    if unknown > _UNKNOWN * len(text):
        raise DataError(
            f"the fonts of the PDF do not say their letters ({unknown} of {len(text)} are unknown); ask for the Word "
            "file, or have the text recognised (OCR) and checked"
        )
    return pages


def _refuse_scan(pages: list[PageContent], texts: list[str]) -> None:
    scanned = [
        number
        for number, (page, text) in enumerate(zip(pages, texts, strict=True), 1)
        if page.pictures and sum(map(str.isalpha, text)) < _FEWEST_LETTERS
    ]
    remedy = "have their text recognised (OCR) and checked, or ask for the Word file"
    if scanned and len(scanned) * 2 >= len(pages):
        raise DataError(f"the PDF is a scan: {len(scanned)} of {len(pages)} pages hold a picture and no text; {remedy}")
    if scanned:
        listed = ", ".join(map(str, scanned))
        raise DataError(f"pages {listed} hold a picture and no text; {remedy}, or take them out of the file")
