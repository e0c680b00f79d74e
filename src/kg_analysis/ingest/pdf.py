"""PDF files with text as paragraphs, rows of ruled tables and footnotes, in order of reading.

Responsibility: open the file and tell a scan, a locked or a cut-off file from a report; put letters together to lines,
lines to paragraphs across pages, columns one behind the other; leave out page numbers and what every page repeats, and
take the footnotes from the foot of the page to their marks.

Terms: positions in points from the lower left corner; *size* = height of the letters; *rule* = a straight line that is
drawn; *body size* = size of most letters; *margin* = where most lines begin; *pitch* = usual distance of two lines;
*gutter* = the empty upright strip between two columns of text.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from kg_analysis.errors import DataError
from kg_analysis.ingest.document import CELL, SUPERSCRIPTS, Block, is_heading, marks_in, superscript, tidy

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
    """Pieces of text, rules and number of pictures of a page, and its width."""

    pieces: list[Piece] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: int = 0
    width: float = math.inf


def read_page(page: Any) -> PageContent:
    """Content of a page of pypdfium2, level text only."""
    text = page.get_textpage()
    found = PageContent(list(_pieces(text.raw)), width=page.get_width() + 0.5)
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
    if gap > _GAP * size and not _NUMBERING.fullmatch(text.strip()):
        return CELL
    return " " if gap > 0.35 * size and not (text.endswith(" ") or piece.text.startswith(" ")) else ""


_NEAR = 3.0  # [points] within which rules meet


@dataclass(frozen=True)
class TableRow:
    """A row: its upper edge, the size of its letters, and its cells divided by tabs."""

    y: float
    size: float
    text: str


def take_tables(page: PageContent) -> tuple[list[TableRow], list[Piece]]:
    """Rows of the page's tables from top to bottom, and the pieces that stand in none."""
    rows: list[TableRow] = []
    left = page.pieces
    for low, high, upright in _bands([each for each in page.rules if each.upright]):
        level = [each for each in page.rules if not each.upright and low - _NEAR <= each.y0 <= high + _NEAR]
        edges = _distinct(each.y0 for each in level)
        if len(edges) < 2 or len(_distinct(each.x0 for each in upright)) < 3:
            continue
        first, last = min(each.x0 for each in upright), max(each.x1 for each in upright)
        inside = [each for each in left if edges[0] < each.y < edges[-1] and first - _NEAR < each.x < last]
        left = [each for each in left if each not in set(inside)]
        found = [_row(inside, upright, *edge) for edge in itertools.pairwise(edges)]
        rows.extend(each for each in reversed(found) if each.text.strip())
    return sorted(rows, key=lambda each: -each.y), left


def _bands(upright: list[Rule]) -> list[tuple[float, float, list[Rule]]]:
    """Upright rules that hang together, with the lowest and highest point of each group."""
    bands: list[tuple[float, float, list[Rule]]] = []
    for rule in sorted(upright, key=lambda each: each.y0):
        if bands and rule.y0 <= bands[-1][1] + _NEAR:
            low, high, rules = bands[-1]
            bands[-1] = (low, max(high, rule.y1), [*rules, rule])
        else:
            bands.append((rule.y0, rule.y1, [rule]))
    return bands


def _row(inside: list[Piece], upright: list[Rule], low: float, high: float) -> TableRow:
    middle = (low + high) / 2
    columns = _distinct(each.x0 for each in upright if each.y0 - _NEAR <= middle <= each.y1 + _NEAR)
    here = [each for each in inside if low < each.y + 0.3 * each.size <= high]
    cells = [
        " ".join(
            line.text.replace(CELL, " ")
            for line in lines_of(each for each in here if left - _NEAR <= each.x + 0.1 < right - _NEAR)
        )
        for left, right in itertools.pairwise(columns)
    ]
    return TableRow(high, max((each.size for each in here), default=0.0), CELL.join(cells))


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
        across = [each.y for each in page.pieces if each.x < edge - _NEAR and each.right > edge]
        low = max((y for y in across if y < max(each.y for each in page.pieces)), default=math.inf)
        above = [each for each in page.pieces if across and each.y >= low]
        below = [each for each in page.pieces if each not in above]
        sides = [[each for each in below if (each.x >= edge - _NEAR) is right] for right in (False, True)]
        if all(_is_column(side) for side in sides):
            middle = (edge + max(each.right for each in sides[0])) / 2
            rules = [[each for each in page.rules if (each.x0 >= middle) is right] for right in (False, True)]
            moved = [replace(each, x=each.x - edge + left, right=each.right - edge + left) for each in sides[1]]
            edges = [replace(each, x0=each.x0 - edge + left, x1=each.x1 - edge + left) for each in rules[1]]
            parts = [PageContent(above), PageContent(sides[0], rules[0]), PageContent(moved, edges)]
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
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


_NUMBER = re.compile(r"(?:trang\s*)?[-–—]?\s*(\d{1,3})\s*[-–—]?(?:\s*/\s*\d{1,3})?", re.IGNORECASE)
_MARK = re.compile(rf"([{SUPERSCRIPTS}]+|\d{{1,3}}(?=[ .)]))[.)]?\s*")
_PLAIN = str.maketrans(SUPERSCRIPTS, "0123456789")
_NOTE = re.compile(rf"(?:[{SUPERSCRIPTS}]+|\d{{1,3}}) ?[^\W\d_]")
_NUMBERING = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4}|[a-zđ])[.)]|[-–—+•*]")  # behind it Word sets a tab
_BULLET = re.compile(r"[-–—+•*]\s")
_ENDS = re.compile(r"[.;:!?”\"…]\s*[⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_INDENT = 6.0  # [points] from the margin at which a line begins a paragraph


@dataclass
class _Note:
    number: int
    text: str


@dataclass
class _Page:
    """Lines and rows of one page, or of one of its columns, from top to bottom."""

    number: int  # of the page in the file
    items: list[Line | TableRow]
    separators: list[float]  # heights of the short rules that begin at the margin, as above footnotes


@dataclass(frozen=True)
class _Measure:
    """What is usual in the report."""

    size: float
    margin: float
    pitch: float
    length: float
    indented: bool  # whether paragraphs begin with an indent


def flow(pages: list[PageContent]) -> tuple[list[Block], list[str]]:
    """Blocks in order of reading, and a remark on what was left out."""
    found, divided = [], 0
    for number, page in enumerate(pages, 1):
        columns = columns_of(page)
        divided += len(columns) > 1
        for column in columns:
            rows, pieces = take_tables(column)
            items: list[Line | TableRow] = sorted([*rows, *lines_of(pieces)], key=lambda each: -each.y)
            found.append(_Page(number, items, _separators(column)))
    dropped = _drop_furniture(found)
    lines = [each for page in found for each in page.items if isinstance(each, Line)]
    if not lines:
        return [Block(each.text, row=True) for page in found for each in page.items], []
    size = _commonest(each.size for each in lines for _ in each.text)
    notes = _take_notes(found, size)
    measure = _measured(found, size)
    remarks = [f"{dropped} page numbers and repeated lines left out"] if dropped else []
    remarks += [f"pages in two columns, read one behind the other: {divided}"] if divided else []
    remarks += [
        f"page {number}: a table runs over the edge; what is cut off there is not in the file"
        for number, page in enumerate(pages, 1)
        if any(each.x1 > page.width for each in page.rules)
    ]
    return _with_notes(list(_paragraphs(found, measure)), notes), remarks


def _separators(page: PageContent) -> list[float]:
    left = min((each.x for each in page.pieces), default=0.0)
    right = max((each.right for each in page.pieces), default=0.0)
    short = [each for each in page.rules if not each.upright and each.x1 - each.x0 < 0.4 * (right - left)]
    return [each.y0 for each in short if abs(each.x0 - left) < _NEAR]


def _drop_furniture(pages: list[_Page]) -> int:
    """Remove page numbers and lines that pages repeat at one height; how many."""
    edges = [[*page.items[:2], *page.items[-2:]] for page in pages]
    keys = [{_key(each, page.number) for each in items} for page, items in zip(pages, edges, strict=True)]
    repeated = Counter(key for each in keys for key in each)
    enough = max(3, (len(pages) + 1) // 2)
    usual = _offsets(pages)
    dropped = 0
    for page, items in zip(pages, edges, strict=True):
        gone = {
            id(each)
            for each in items
            if repeated[_key(each, page.number)] >= enough
            or ((said := _NUMBER.fullmatch(each.text)) and int(said[1]) - page.number in usual and _is_end(page, each))
        }
        page.items = [each for each in page.items if id(each) not in gone]
        dropped += len(gone)
    return dropped


def _offsets(pages: list[_Page]) -> set[int]:
    """What printed page numbers have over the count of pages; one that stands once must have nothing."""
    found = Counter(
        int(printed[1]) - page.number
        for page in pages
        for each in {id(item): item for item in (*page.items[:1], *page.items[-1:])}.values()
        if (printed := _NUMBER.fullmatch(each.text))
    )
    return {offset for offset, count in found.items() if count >= 2 or offset == 0}


def _key(item: Line | TableRow, number: int) -> tuple[str, int]:
    """Text of a line without its page number, and its height; lines that differ in any other digit are not the same."""
    return re.sub(rf"\b{number}\b", "#", item.text), round(item.y / 8)


def _is_end(page: _Page, item: Line | TableRow) -> bool:
    return item is page.items[0] or item is page.items[-1]


def _take_notes(pages: list[_Page], size: float) -> list[_Note]:
    """Footnotes in order, taken from the pages; one that runs over to the next page is put together."""
    notes: list[_Note] = []
    for page in pages:
        first = len(page.items)
        while first and isinstance(item := page.items[first - 1], Line) and item.size <= size - 0.8:
            first -= 1
        for height in page.separators:  # notes in letters as large as the body's
            below = sum(each.y > height for each in page.items)
            if below < first and _NOTE.match(page.items[below].text) and _mark_of(page.items[below].text, notes):
                first = below
        small = [each.text.replace(CELL, " ") for each in page.items[first:]]
        begins = next((index for index, text in enumerate(small) if _mark_of(text, notes)), None)
        runs_on = bool(notes) and not _ENDS.search(notes[-1].text)
        if begins is None and not (runs_on and small):
            continue
        skipped = 0 if runs_on or begins is None else begins
        for text in small[skipped:]:
            if number := _mark_of(text, notes):
                notes.append(_Note(number, _MARK.sub("", text, count=1)))
            else:
                notes[-1].text = _joined(notes[-1].text, text)
        page.items = page.items[: first + skipped]
    return notes


def _mark_of(text: str, notes: list[_Note]) -> int:
    """Number of the footnote that a line begins; a digit that is not raised must be the next one. 0 for none."""
    found = _MARK.match(text)
    if not found:
        return 0
    number = int(found[1].translate(_PLAIN))
    following = notes[-1].number + 1 if notes else 1
    return number if found[1][0] in SUPERSCRIPTS or number == following else 0


def _measured(pages: list[_Page], size: float) -> _Measure:
    lines = [each for page in pages for each in page.items if isinstance(each, Line) and CELL not in each.text]
    body = [each for each in lines if abs(each.size - size) < 0.6] or lines
    if not body:
        return _Measure(size, 0.0, 1.2 * size, 80.0, False)
    margin = _margin(body)
    gaps = [
        round(one.y - other.y, 1)
        for page in pages
        for one, other in zip(page.items, page.items[1:], strict=False)
        if isinstance(one, Line) and isinstance(other, Line) and one.size == other.size == size
    ]
    lengths = sorted(len(each.text) for each in body)
    indented = sum(each.x > margin + _INDENT for each in body)
    return _Measure(
        size,
        margin,
        min(_commonest(gaps), median(gaps)) if gaps else 1.2 * size,
        lengths[int(0.9 * (len(lengths) - 1))],
        indented >= max(2, len(body) // 20),
    )


def _margin(body: list[Line]) -> float:
    """The leftmost place where many lines begin."""
    starts = Counter(round(each.x) for each in body)
    often = [x for x, count in starts.items() if count + starts[x + 1] >= 0.15 * len(body)]
    return float(min(often, default=min(starts)))


def _paragraphs(pages: list[_Page], measure: _Measure) -> Iterator[Block]:
    text, previous, fresh = "", None, False
    for page in pages:
        fresh = True
        for item in page.items:
            if isinstance(item, TableRow) or CELL in item.text:
                if text:
                    yield Block(text)
                text, previous = "", None
                yield Block(item.text, row=True)
                continue
            if text and (previous is None or _begins(previous, item, measure, fresh)):
                yield Block(text)
                text = ""
            text = _joined(text, item.text) if text else item.text
            previous, fresh = item, False
    if text:
        yield Block(text)


def _begins(previous: Line, line: Line, measure: _Measure, fresh: bool) -> bool:
    """Whether a line begins a paragraph; ``fresh`` where it is the first of a page."""
    short = len(previous.text) < 0.6 * measure.length
    ended = bool(_ENDS.search(previous.text))
    if abs(previous.size - line.size) > 0.6:
        return True
    if not fresh and previous.y - line.y > 1.25 * measure.pitch:
        return True
    if _centred(previous, measure) and _centred(line, measure) and not is_heading(line.text):
        return ended or fresh
    if line.x > measure.margin + _INDENT:
        return True
    if is_heading(line.text) or _BULLET.match(line.text):
        return ended or short or not measure.indented
    return short and (ended or not measure.indented)


def _centred(line: Line, measure: _Measure) -> bool:
    return line.x > measure.margin + 8 * _INDENT


def _joined(text: str, following: str) -> str:
    """Two lines as one; nothing comes between where a line breaks behind the hyphen or stroke of a word."""
    if re.search(r"[^\s\d][-/]$|\d[-–/]$", text) and re.match(r"\w", following):
        return text + following
    return f"{text} {following}"


def _with_notes(blocks: list[Block], notes: list[_Note]) -> list[Block]:
    """Each footnote with the block that holds its mark; those whose mark is not found, with the last block."""
    waiting = list(notes)
    found = []
    for block in blocks:
        own = []
        for mark in marks_in(block.text):
            number = int(mark.translate(_PLAIN))
            note = next((each for each in waiting[:3] if each.number == number), None)
            if note:
                waiting.remove(note)
                own.append((note.number, note.text))
        found.append(Block(block.text, block.row, tuple(own)))
    if waiting and found:
        last = found[-1]
        found[-1] = Block(last.text, last.row, (*last.notes, *((each.number, each.text) for each in waiting)))
    return found


def _commonest(values: Iterable[float]) -> float:
    return Counter(values).most_common(1)[0][0]


_MOST_PAGES = 500
_FEWEST_LETTERS = 10  # fewer on a page with a picture: a scan
_UNKNOWN = 0.05  # share of letters without a meaning from which the text cannot be used


def read_pdf(content: bytes) -> tuple[list[Block], list[str]]:
    """Blocks of a PDF in order of reading, and remarks on what was left out.

    Raises
    ------
    DataError
        If the file is cut off, broken, locked, too long, a scan, or written in fonts that do not say their letters.
    """
    if b"%%EOF" not in content[-4096:]:
        raise DataError("the PDF is cut off, its end is missing; get the file anew")
    try:
        pages = [read_page(page) for page in _pages(content)]
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        reason = "is locked with a password; save it without one" if locked else "is broken; get the file anew"
        raise DataError(f"the PDF {reason}") from None
    _refuse_scan(pages)
    _refuse_unknown_letters(pages)
    return flow(pages)


def _pages(content: bytes) -> list[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(content)
    if len(document) > _MOST_PAGES:
        raise DataError(f"the PDF has {len(document)} pages, at most {_MOST_PAGES} are read; give the report alone")
    if len(document) == 0:
        raise DataError("the PDF has no pages; get the file anew")
    return [document[index] for index in range(len(document))]


def _refuse_scan(pages: list[PageContent]) -> None:
    letters = [sum(each.isalpha() for piece in page.pieces for each in piece.text) for page in pages]
    scanned = [
        number
        for number, (page, count) in enumerate(zip(pages, letters, strict=True), 1)
        if page.pictures and count < _FEWEST_LETTERS
    ]
    remedy = "have their text recognised (OCR) and checked, or ask for the Word file"
    if scanned and len(scanned) * 2 >= len(pages):
        raise DataError(f"the PDF is a scan: {len(scanned)} of {len(pages)} pages hold a picture and no text; {remedy}")
    if scanned:
        listed = ", ".join(map(str, scanned))
        raise DataError(f"pages {listed} hold a picture and no text; {remedy}, or take them out of the file")


def _refuse_unknown_letters(pages: list[PageContent]) -> None:
    text = "".join(piece.text for page in pages for piece in page.pieces)
    unknown = sum(each == "\ufffd" or "\ue000" <= each <= "\uf8ff" or each == "\0" for each in text)
    if text and unknown / len(text) > _UNKNOWN:
        raise DataError(
            f"the fonts of the PDF do not say their letters ({unknown} of {len(text)} are unknown); ask for the Word "
            "file, or have the text recognised (OCR) and checked"
        )
