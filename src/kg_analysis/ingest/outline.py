"""The outer frames of a text: title, headings, lists and their lead-in, and the periods that these give.

Responsibility: which lines head the lines below them, whatever numbering the text uses (A. I. 1. 1.1. a), capitals
alone); the day of writing; the period that title, heading or lead-in name for the figures below them.

Terms: *lead-in* = a line that ends in a colon and opens a list; *written* = the day of writing, as far as dates show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from kg_analysis.ingest.dates import Mention, Mentions
from kg_analysis.ingest.document import Document
from kg_analysis.ingest.numerals import Found
from kg_analysis.ingest.wording import Span
from kg_analysis.periods import Period, period_bounds

_LONGEST = 170  # characters; a longer numbered line is a paragraph
_TITLE_LINES = 5
_LEVELS = (
    (1, re.compile(r"(?:phần\s+(?:thứ\s+)?\S+|[a-h]\.)\s", re.IGNORECASE)),
    (2, re.compile(r"(?:[ivx]+)[.)/]\s", re.IGNORECASE)),
    (3, re.compile(r"\d{1,2}[.)/]\s")),
    (4, re.compile(r"\d{1,2}\.\d{1,2}[.)]?\s|[a-zđ]\)\s")),
)
_PLANNING = r"ước|dự kiến|phấn đấu|đến hết|trước ngày|yêu cầu|kế hoạch|mục tiêu"
_ITEM = re.compile(r"\s*[-+*•–]\s*\S")
IN_YEAR = ("half", "ytd", "quarter")


class Outline:
    """Title, headings and periods of a document.

    Attributes
    ----------
    titles : list of (int, int)
        Spans of the lines that the text begins with [characters].
    above : list of list of (int, int)
        Spans of the headings above each passage, the nearest first, the title's lines last.
    written : date
        Day of writing.
    title : Period or None
        Period that the title names, where it is no mere year.
    default : (Period, str)
        Period of what nothing else dates, and where it comes from: title, text or year.
    """

    def __init__(self, document: Document, mentions: Mentions, found: list[Found], year: int) -> None:
        self.document, self.mentions, self.year = document, mentions, year
        self.titles = _title_lines(document)
        self.title_end = max((end for _, end in self.titles), default=0)
        self.above = _headings(document, self.titles)
        self.title = self._of_title()
        self.is_dated = False
        self.written = self._written(found)
        self.default = self._default()
        self._dated: dict[Span, Period | None] = {}

    def heading_period(self, passage: int) -> Period | None:
        """Period that the nearest dated heading above a passage names."""
        for span in self.above[passage]:
            if span[0] < self.title_end:
                return None
            if span not in self._dated:
                named = _plain(self.mentions.between(*span))
                named = [each for each in named if each.period[0] not in ("day", "phase")]
                self._dated[span] = named[-1].period if len({each.period for each in named}) == 1 else None
            if self._dated[span]:
                return self._dated[span]
        return None

    def is_item(self, passage: int) -> bool:
        """Whether a passage is an item of a list."""
        each = self.document.passages[passage]
        return _ITEM.match(self.document.text, each.start, each.end) is not None

    def day_of_title(self) -> Period | None:
        """Day that the title names, as bulletins do."""
        said = [each.period for each in _plain(self.mentions.between(0, self.title_end)) if each.period[0] == "day"]
        return said[0] if said else None

    def _of_title(self) -> Period | None:
        titled = [each.period for each in _plain(self.mentions.between(0, self.title_end)) if not each.depth]
        for kinds in (IN_YEAR, ("month",)):
            if picked := [each for each in titled if each[0] in kinds]:
                return picked[-1]
        return None

    def _written(self, found: Iterable[Found]) -> date:
        """The latest date that is neither ahead nor a plan; else the end of the title's period."""
        days = []
        folded = self.mentions.folded
        for each in found:
            if each.form != "date" or each.period is None:
                continue
            before = folded[max(each.start - 60, 0) : each.start].rpartition("\n")[2]
            day = each.period[2]
            if re.search(_PLANNING, before) or not (
                day.year == self.year or (day.year == self.year + 1 and day.month <= 2)
            ):
                continue
            days.append(day)
        self.is_dated = bool(days)
        if days:
            return max(days)
        return self.title[2] if self.title else date(self.year, 12, 15)

    def _default(self) -> tuple[Period, str]:
        """Title, else what a text of the middle of the year speaks of first and most, else the year reviewed."""
        year: Period = ("year", *period_bounds("year", self.year))
        if self.title:
            return self.title, "title"
        said = _plain(self.mentions.found)
        whole = sum(each.period == year for each in said)
        parts = [each.period for each in said if each.period[0] in IN_YEAR and each.period[1].year == self.year]
        late = self.written.year != self.year or self.written.month in (1, 2, 12)
        if parts and late and not self.is_dated:
            first = next((each.period for each in said if each.period[1].year == self.year), year)
            if first in parts and parts.count(first) > whole / 2:
                return first, "text"
        if late:
            if not whole and len(parts) > 1:
                return max(parts, key=parts.count), "text"
            return year, "title" if any(each.end <= self.title_end and each.period == year for each in said) else "year"
        recent = [each for each in parts if -46 < (each[2] - self.written).days < 20]
        return (max(recent, key=recent.count), "text") if recent else (year, "year")


def _plain(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions that say when, not what something is compared with or counted up to."""
    return [each for each in mentions if not (each.is_comparison or each.is_cutoff or each.is_planned)]


def _title_lines(document: Document) -> list[Span]:
    """Spans of the short lines that a text begins with, up to the first heading or paragraph."""
    found: list[Span] = []
    for each in document.passages[:_TITLE_LINES]:
        line = document.text[each.start : each.end].strip().strip("*")
        if len(line) > _LONGEST or (
            found and (any(pattern.match(line) for _, pattern in _LEVELS) or line.endswith((".", ";", ",", "…")))
        ):
            break
        found.append((each.start, each.end))
    return found


def _headings(document: Document, title: list[Span]) -> list[list[Span]]:
    """Spans of the headings above each passage; a heading is not among its own."""
    stack: list[tuple[int, Span]] = []
    found = []
    by_section: dict[str, list[Span]] = {}
    titled = set(title)
    for passage in document.passages:
        if passage.place.startswith("footnote"):  # printed at the foot of a page, it belongs to the section of its mark
            found.append(by_section.get(passage.section, title))
            continue
        line = document.text[passage.start : passage.end].strip().strip("*")
        level = 0 if (passage.start, passage.end) in titled else _level(line)
        if level:
            stack = [each for each in stack if each[0] < level]
        above = [span for _, span in reversed(stack)]
        found.append([*above, *(each for each in title if each[0] != passage.start)])
        by_section.setdefault(passage.section, [*above, *([(passage.start, passage.end)] if level else []), *title])
        if level:
            stack.append((level, (passage.start, passage.end)))
    return found


def _level(line: str) -> int:
    """Depth of a heading, 0 where the line is none."""
    if not line or len(line) > _LONGEST or (len(line) > 60 and line[-1] in ".;,"):
        return 0
    for level, pattern in _LEVELS:
        if pattern.match(line):
            return level if not re.search(r"\d[\d.,]*\s?(?:%|tỷ|tỉ|triệu|ca\b)", line) else 0
    return 2 if line.isupper() and len(line) > 8 and not line.startswith(("-", "+")) else 0
