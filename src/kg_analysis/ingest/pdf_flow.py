"""From the lines of the pages of a PDF to paragraphs and footnotes in order of reading.

Responsibility: leave out page numbers and what every page repeats, take the footnotes from the foot of the page to
their marks, join lines to paragraphs across pages.

Terms: *body size* = size of most letters; *margin* = where most lines begin; *pitch* = usual distance of two lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from kg_analysis.ingest.blocks import CELL, Block, marks_in
from kg_analysis.ingest.pdf_page import Line, PageContent, lines_of
from kg_analysis.ingest.pdf_tables import TableRow, take_tables
from kg_analysis.ingest.places import SUPERSCRIPTS, is_heading

_NUMBER = re.compile(r"(?:trang\s*)?[-–—]?\s*(\d{1,3})\s*[-–—]?(?:\s*/\s*\d{1,3})?", re.IGNORECASE)
_MARK = re.compile(rf"([{SUPERSCRIPTS}]+|\d{{1,3}}(?=[ .)]))[.)]?\s*")
_PLAIN = str.maketrans(SUPERSCRIPTS, "0123456789")
_BULLET = re.compile(r"[-–—+•*]\s")
_ENDS = re.compile(r"[.;:!?”\"…]\s*[⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_INDENT = 6.0  # [points] from the margin at which a line begins a paragraph


@dataclass
class _Note:
    number: int
    text: str


@dataclass
class _Page:
    """Lines and rows of one page from top to bottom, and the footnotes at its foot."""

    items: list[Line | TableRow]
    notes: list[_Note] = field(default_factory=list)


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
    found = []
    for page in pages:
        rows, pieces = take_tables(page)
        items: list[Line | TableRow] = sorted([*rows, *lines_of(pieces)], key=lambda each: -each.y)
        found.append(_Page(items))
    dropped = _drop_furniture(found)
    lines = [each for page in found for each in page.items if isinstance(each, Line)]
    if not lines:
        return [Block(each.text, row=True) for page in found for each in page.items], []
    size = _commonest(each.size for each in lines for _ in each.text)
    notes = _take_notes(found, size)
    measure = _measured(found, size)
    remarks = [f"{dropped} page numbers and repeated lines left out"] if dropped else []
    return _with_notes(list(_paragraphs(found, measure)), notes), remarks


def _drop_furniture(pages: list[_Page]) -> int:
    """Remove page numbers and lines that pages repeat at one height; how many."""
    edges = [[*page.items[:2], *page.items[-2:]] for page in pages]
    keys = [{_key(each, number) for each in items} for number, items in enumerate(edges, 1)]
    repeated = Counter(key for each in keys for key in each)
    enough = max(3, (len(pages) + 1) // 2)
    usual = _offsets(pages)
    dropped = 0
    for number, (page, items) in enumerate(zip(pages, edges, strict=True), 1):
        gone = {
            id(each)
            for each in items
            if repeated[_key(each, number)] >= enough
            or ((found := _NUMBER.fullmatch(each.text)) and int(found[1]) - number in usual and _outermost(page, each))
        }
        page.items = [each for each in page.items if id(each) not in gone]
        dropped += len(gone)
    return dropped


def _offsets(pages: list[_Page]) -> set[int]:
    """What printed page numbers have over the count of pages; one that stands once must have nothing."""
    found = Counter(
        int(printed[1]) - number
        for number, page in enumerate(pages, 1)
        for each in {id(item): item for item in (*page.items[:1], *page.items[-1:])}.values()
        if (printed := _NUMBER.fullmatch(each.text))
    )
    return {offset for offset, count in found.items() if count >= 2 or offset == 0}


def _key(item: Line | TableRow, number: int) -> tuple[str, int]:
    """Text of a line without its page number, and its height; lines that differ in any other digit are not the same."""
    return re.sub(rf"\b{number}\b", "#", item.text), round(item.y / 8)


def _outermost(page: _Page, item: Line | TableRow) -> bool:
    return item is page.items[0] or item is page.items[-1]


def _take_notes(pages: list[_Page], size: float) -> list[_Note]:
    """Footnotes in order, taken from the pages; one that runs over to the next page is put together."""
    notes: list[_Note] = []
    for page in pages:
        first = len(page.items)
        while first and isinstance(item := page.items[first - 1], Line) and item.size <= size - 0.8:
            first -= 1
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
