"""What a Word or PDF file holds, in order of reading: paragraphs, rows of tables, footnotes; and the text they make.

Responsibility: one text from any of these files, so that the same report gives the same text. Every paragraph and
every row is a line, a footnote is a line right behind the paragraph that holds its mark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg_analysis.ingest.places import SUPERSCRIPTS, superscript

CELL = "\t"  # between the cells of a row
_BLANKS = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000\r\n\v\f]+")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HYPHENS = str.maketrans("\u2010\u2011", "--")


@dataclass(frozen=True)
class Block:
    """A paragraph or a row of a table, with the footnotes whose marks it holds.

    Attributes
    ----------
    text : str
        One line; cells of a row are divided by tabs, marks are superscripts.
    row : bool
        Whether it is a row of a table.
    notes : tuple of (int, str)
        Number and text of each footnote.
    """

    text: str
    row: bool = False
    notes: tuple[tuple[int, str], ...] = ()


def tidy(text: str) -> str:
    """Text on one line: NFC, plain blanks and hyphens, nothing unseen, no blanks at the ends of cells."""
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN).translate(_HYPHENS))
    cells = [_BLANKS.sub(" ", cell).strip() for cell in text.split(CELL)]
    return CELL.join(cells)


def text_of(blocks: Iterable[Block]) -> str:
    """Text of a report: paragraphs apart by a blank line, rows of a table below each other."""
    lines: list[str] = []
    previous_row = False
    for text, row in _lines(list(blocks)):
        if lines and not (row and previous_row):
            lines.append("")
        lines.append(text)
        previous_row = row
    return "\n".join([*lines, ""]) if lines else ""


def _lines(blocks: list[Block]) -> Iterator[tuple[str, bool]]:
    """Lines with whether they are rows; the footnotes of a table wait for its end."""
    waiting: list[tuple[int, str]] = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        text = tidy(block.text)
        if text.strip():
            yield text, block.row
        waiting.extend(block.notes)
        if not (block.row and following is not None and following.row):
            yield from ((f"{superscript(number)} {tidy(note).replace(CELL, ' ')}", False) for number, note in waiting)
            waiting = []


def marks_in(text: str) -> list[str]:
    """Superscripts of a text in order."""
    return re.findall(rf"[{SUPERSCRIPTS}]+", text)
