"""Lines of pages as paragraphs, rows of tables and footnotes, in order of reading.

Responsibility: lines to paragraphs across pages and columns; page numbers and what every page repeats left out; the
footnotes taken from the foot of the page to their marks.

Terms: *body size* = size of most letters; *margin* = where most lines begin; *pitch* = usual distance of two lines;
*furniture* = page numbers and lines that pages repeat.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median

from kg_analysis.ingest.document import CELL, SUPERSCRIPTS, Block, is_heading, marks_in, number_of
from kg_analysis.ingest.pdf import NEAR, PageContent, Piece, columns_of, lines_of, read_pages, take_tables

_NUMBER = re.compile(r"(?:trang\s*)?[-–—]?\s*(\d{1,3})\s*[-–—]?(?:\s*/\s*\d{1,3})?", re.IGNORECASE)
_MARK = re.compile(rf"([{SUPERSCRIPTS}]+|\d{{1,3}}(?=[ .)]))[.)]?\s*")
_NOTE = re.compile(rf"(?:[{SUPERSCRIPTS}]+|\d{{1,3}}) ?[^\W\d_]")
_BULLET = re.compile(r"[-–—+•*]\s")
_ENDS = re.compile(rf"[.;:!?”\"…]\s*[{SUPERSCRIPTS}]*$")
_INDENT = 6.0  # [points] from the margin at which a line begins a paragraph


Note = tuple[int, str]


@dataclass
class _Page:
    """Lines and rows of one page, or of one of its columns, from top to bottom."""

    number: int  # of the page in the file
    items: list[Piece]
    separators: list[float]  # heights of the short rules that begin at the margin, as above footnotes


@dataclass(frozen=True)
class _Measure:
    """What is usual in the report."""

    size: float
    margin: float
    pitch: float
    length: float
    indented: bool  # whether paragraphs begin with an indent


def read_pdf(content: bytes) -> tuple[list[Block], list[str]]:
    """Blocks of a PDF in order of reading, and remarks on what was left out."""
    pages = read_pages(content)
    parts, divided = [], 0
    for number, page in enumerate(pages, 1):
        columns = columns_of(page)
        divided += len(columns) > 1
        for column in columns:
            rows, pieces = take_tables(column)
            items = sorted([*rows, *lines_of(pieces)], key=lambda each: -each.y)
            parts.append(_Page(number, items, _separators(column)))
    dropped = _drop_furniture(parts)
    size = _commonest(each.size for page in parts for each in page.items if not each.row for _ in each.text)
    notes = _take_notes(parts, size)
    blocks = list(_paragraphs(parts, _measured(parts, size)))
    remarks = [f"{dropped} page numbers and repeated lines left out"] if dropped else []
    remarks += [f"pages in two columns, read one behind the other: {divided}"] if divided else []
    remarks += [
        f"page {number}: a table runs over the edge; what is cut off there is not in the file"
        for number, page in enumerate(pages, 1)
        if any(each.x1 > page.width for each in page.rules)
    ]
    return _with_notes(blocks, notes), remarks


def _separators(page: PageContent) -> list[float]:
    left = min((each.x for each in page.pieces), default=0.0)
    right = max((each.right for each in page.pieces), default=0.0)
    short = [each for each in page.rules if not each.upright and each.x1 - each.x0 < 0.4 * (right - left)]
    return [each.y0 for each in short if abs(each.x0 - left) < NEAR]


def _drop_furniture(pages: list[_Page]) -> int:
    """Remove page numbers and lines that pages repeat at one height; how many."""
    keys = Counter(key for page in pages for key in {_key(page, each) for each in _edges(page, 2)})
    enough = max(3, (len(pages) + 1) // 2)
    # What printed page numbers have over the count of pages; one that stands once must have nothing.
    found = Counter(_over(page, each) for page in pages for each in _edges(page, 1))
    usual = {over for over, count in found.items() if count >= 2 or over == 0} - {None}
    dropped = 0
    for page in pages:
        numbers = [each for each in _edges(page, 1) if _over(page, each) in usual]
        repeated = [each for each in _edges(page, 2) if keys[_key(page, each)] >= enough]
        gone = {id(each) for each in (*numbers, *repeated)}
        page.items = [each for each in page.items if id(each) not in gone]
        dropped += len(gone)
    return dropped


def _edges(page: _Page, count: int) -> list[Piece]:
    """The first and the last lines of a page."""
    return page.items[:count] + page.items[count:][-count:]


def _key(page: _Page, item: Piece) -> tuple[str, int]:
    """Text of a line without its page number, and its height; lines that differ in any other digit are not the same."""
    return re.sub(rf"\b{page.number}\b", "#", item.text), round(item.y / 8)


def _over(page: _Page, item: Piece) -> int | None:
    """What a printed page number has over the count of pages; None for any other line."""
    printed = _NUMBER.fullmatch(item.text)
    return int(printed[1]) - page.number if printed else None


def _take_notes(pages: list[_Page], size: float) -> list[Note]:
    """Footnotes in order, taken from the pages; one that runs over to the next page is put together."""
    notes: list[Note] = []
    for page in pages:
        first = len(page.items)
        while first and not (item := page.items[first - 1]).row and item.size <= size - 0.8:
            first -= 1
        for height in page.separators:  # notes in letters as large as the body's
            below = sum(each.y > height for each in page.items)
            if below < first and _NOTE.match(page.items[below].text) and _mark_of(page.items[below].text, notes):
                first = below
        small = [each.text.replace(CELL, " ") for each in page.items[first:]]
        begins = next((index for index, text in enumerate(small) if _mark_of(text, notes)), len(small))
        skipped = 0 if notes and not _ENDS.search(notes[-1][1]) else begins
        for text in small[skipped:]:
            if number := _mark_of(text, notes):
                notes.append((number, _MARK.sub("", text, count=1)))
            else:
                notes[-1] = (notes[-1][0], _joined(notes[-1][1], text))
        page.items = page.items[: first + skipped]
    return notes


def _mark_of(text: str, notes: list[Note]) -> int:
    """Number of the footnote that a line begins; a digit that is not raised must be the next one. 0 for none."""
    found = _MARK.match(text)
    if not found:
        return 0
    number = number_of(found[1])
    following = notes[-1][0] + 1 if notes else 1
    return number if found[1][0] in SUPERSCRIPTS or number == following else 0


def _measured(pages: list[_Page], size: float) -> _Measure:
    lines = [each for page in pages for each in page.items if not each.row and CELL not in each.text]
    body = [each for each in lines if abs(each.size - size) < 0.6] or lines
    if not body:
        return _Measure(size, 0.0, 1.2 * size, 80.0, False)
    margin = _margin(body)
    gaps = [
        round(one.y - other.y, 1)
        for page in pages
        for one, other in zip(page.items, page.items[1:], strict=False)
        if not (one.row or other.row) and one.size == other.size == size
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


def _margin(body: list[Piece]) -> float:
    """The leftmost place where many lines begin."""
    starts = Counter(round(each.x) for each in body)
    often = [x for x, count in starts.items() if count + starts[x + 1] >= 0.15 * len(body)]
    return float(min(often, default=min(starts)))


def _paragraphs(pages: list[_Page], measure: _Measure) -> Iterator[Block]:
    text, previous = "", None
    for page in pages:
        fresh = True
        for item in page.items:
            row = item.row or CELL in item.text
            if text and (row or previous is None or _begins(previous, item, measure, fresh)):
                yield Block(text)
                text = ""
            if row:
                yield Block(item.text, row=True)
            else:
                text = _joined(text, item.text) if text else item.text
            previous, fresh = (None, fresh) if row else (item, False)
    if text:
        yield Block(text)


def _begins(previous: Piece, line: Piece, measure: _Measure, fresh: bool) -> bool:
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


def _centred(line: Piece, measure: _Measure) -> bool:
    return line.x > measure.margin + 8 * _INDENT


def _joined(text: str, following: str) -> str:
    """Two lines as one; nothing comes between where a line breaks behind the hyphen or stroke of a word."""
    if re.search(r"[^\s\d][-/]$|\d[-–/]$", text) and re.match(r"\w", following):
        return text + following
    return f"{text} {following}"


def _with_notes(blocks: list[Block], notes: list[Note]) -> list[Block]:
    """Each footnote with the block that holds its mark; those whose mark is not found, with the last block."""
    waiting = list(notes)
    own: list[list[Note]] = [[] for _ in blocks]
    for index, block in enumerate(blocks):
        for mark in marks_in(block.text):
            if note := next((each for each in waiting[:3] if each[0] == number_of(mark)), None):
                waiting.remove(note)
                own[index].append(note)
    if own:
        own[-1] += waiting
    return [replace(block, notes=tuple(held)) for block, held in zip(blocks, own, strict=True)]


def _commonest(values: Iterable[float]) -> float:
    return max(Counter(values).items(), key=lambda each: each[1], default=(0.0, 0))[0]
