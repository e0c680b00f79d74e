"""The headings above each passage, whatever numbering the text uses.

Responsibility: which short lines head the lines below them, and how deep; also for press texts and for numberings that
the document model does not count (A. I. 1. 1.1. a) or capitals alone).
"""

from __future__ import annotations

import re

from kg_analysis.ingest.document import Document
from kg_analysis.ingest.wording import Span

_LONGEST = 170  # characters; a longer numbered line is a paragraph
_TITLE_LINES = 5
_LEVELS = (
    (1, re.compile(r"(?:phần\s+(?:thứ\s+)?\S+|[a-h]\.)\s", re.IGNORECASE)),
    (2, re.compile(r"(?:[ivx]+)[.)/]\s", re.IGNORECASE)),
    (3, re.compile(r"\d{1,2}[.)/]\s")),
    (4, re.compile(r"\d{1,2}\.\d{1,2}[.)]?\s|[a-zđ]\)\s")),
)


def title_lines(document: Document) -> list[Span]:
    """Spans of the short lines that a text begins with, up to the first heading or paragraph."""
    found: list[Span] = []
    for each in document.passages[:_TITLE_LINES]:
        line = document.text[each.start : each.end].strip().strip("*")
        if len(line) > _LONGEST or (
            found and (any(pattern.match(line) for _, pattern in _LEVELS) or line.endswith((".", ";")))
        ):
            break
        found.append((each.start, each.end))
    return found


def headings(document: Document) -> list[list[Span]]:
    """Spans of the headings above each passage, the nearest first; the title's lines stand last.

    A passage that is a heading itself is not among its own.
    """
    title = title_lines(document)
    stack: list[tuple[int, Span]] = []
    found = []
    by_section: dict[str, list[Span]] = {}
    for passage in document.passages:
        if passage.place.startswith("footnote"):  # printed at the foot of a page, it belongs to the section of its mark
            found.append(by_section.get(passage.section, title))
            continue
        line = document.text[passage.start : passage.end].strip().strip("*")
        level = 0 if (passage.start, passage.end) in title else _level(line)
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
