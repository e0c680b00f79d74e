"""Figures in the cells of tables: what row, column and heading say of them.

Responsibility: rows of a table are lines whose cells are divided by tabs or upright strokes. A cell's label stands in
its row, its unit in a column of units, behind the label or in the caption, role, basis and period in its column's head.

Terms: *head* = the rows before the first one with a number; *index* = the running number of a row.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg_analysis.ingest.document import Document
from kg_analysis.ingest.numerals import Found
from kg_analysis.ingest.numerals import Unit, read_unit
from kg_analysis.ingest.basis import ACTUAL, ESTIMATE, PLAN, SCENARIO
from kg_analysis.ingest.dates import Mentions
from kg_analysis.ingest.wording import Span
from kg_analysis.periods import Period

_CELL = re.compile(r"[^\t|\n]+")
_NUMBER = re.compile(r"\s*[-+]?\d[\d.,]*\s*%?\s*(?:[-]\s*\d[\d.,]*\s*%?\s*)?$")
_INDEX = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4}|[a-zđ])[.)]?\s*$")
_UNIT_HEAD = re.compile(r"\b(?:đvt|đơn vị(?: tính)?)\b")
_NAMED_UNIT = re.compile(r"\(([^()]*)\)|đơn vị(?: tính)?: ([^()\n]+)")
_ROLES = (
    ("plan_ratio", re.compile(r"(?:so(?: với)?|%|/|đạt).{0,12}(?:kế hoạch|kh\b|dự toán)")),
    ("growth", re.compile(r"tốc độ tăng|tăng trưởng|tăng.{0,6}giảm|(?:tăng|giảm).{0,20}(?:cùng kỳ|năm trước)")),
    ("none", re.compile(r"so(?: với)?\s.{0,20}(?:cùng kỳ|năm|tháng|quý)|chỉ số|ghi chú|đánh giá|stt|\btt\b")),
    ("share", re.compile(r"tỷ trọng|cơ cấu")),
    ("points", re.compile(r"đóng góp|điểm phần trăm|điểm %")),
)
_BASES = (
    (SCENARIO, re.compile(r"kịch bản|phương án")),
    (ESTIMATE, re.compile(r"\bước|\buth\b")),
    (PLAN, re.compile(r"kế hoạch|\bkh\b|mục tiêu|dự toán|dự kiến|nghị quyết")),
    (ACTUAL, re.compile(r"thực hiện|\bth\b|chính thức|sơ bộ")),
)


@dataclass(frozen=True)
class Cell:
    """Where a figure stands in a table.

    Attributes
    ----------
    start, end : int
        Offsets of the cell [characters].
    label : (int, int)
        Offsets of the row's label.
    caption : int
        Offset from which the text above the table may name what it is about.
    unit : Unit
    role, basis : str
        Empty where the head does not say.
    period : Period or None
    is_index : bool
        Whether the cell only numbers its row.
    """

    start: int
    end: int
    label: Span
    caption: int
    unit: Unit
    role: str
    basis: str
    period: Period | None
    is_index: bool

    def read(self, found: Found) -> Found:
        """The figure with the unit that the table gives it."""
        if found.unit_class not in ("", "count") or not self.unit.unit_class:
            return found
        unit = self.unit
        return replace(found, end=found.number_end, unit=unit.unit, unit_class=unit.unit_class, power=unit.power)


class Tables:
    """Cells with numbers of all tables of a text."""

    def __init__(self, document: Document, folded: str, mentions: Mentions) -> None:
        self._cells = [cell for block in _blocks(document) for cell in _placed(*block, folded, mentions)]
        self._starts = [each.start for each in self._cells]

    def at(self, offset: int) -> Cell | None:
        """Cell that holds the character at ``offset``; None outside of tables."""
        index = bisect_right(self._starts, offset) - 1
        cell = self._cells[index] if index >= 0 else None
        return cell if cell and offset < cell.end else None


def _blocks(document: Document) -> Iterator[tuple[int, list[list[Span]]]]:
    """Offset of the line above and the rows of every table, a row being the spans of its cells."""
    rows: list[list[Span]] = []
    above = 0
    for passage in document.passages:
        cells = [found.span() for found in _CELL.finditer(document.text, passage.start, passage.end)]
        if len(cells) > 2 or (rows and len(cells) > 1):
            rows.append(cells)
            continue
        if len(rows) > 1:
            yield above, rows
        rows, above = [], passage.start
    if len(rows) > 1:
        yield above, rows


def _placed(above: int, rows: list[list[Span]], folded: str, mentions: Mentions) -> Iterator[Cell]:
    """Cells with a number of one table."""
    numbers = [sum(bool(_NUMBER.match(folded[start:end])) for start, end in row[1:]) for row in rows]
    first = next((index for index, count in enumerate(numbers) if count and index), len(rows))
    heads = [[row[column] for row in rows[:first] if column < len(row)] for column in range(max(map(len, rows)))]
    caption = folded[above : rows[0][0][0]]
    for row in rows[first:]:
        label = _label(row, heads, folded)
        for column, (start, end) in enumerate(row):
            spans = heads[column] if column < len(heads) else []
            words = " ".join(folded[one:two] for one, two in spans)
            is_index = column == 0 and label != (start, end) and bool(_INDEX.match(folded[start:end]))
            if not (is_index or _NUMBER.match(folded[start:end])):
                continue
            role = next((name for name, pattern in _ROLES if pattern.search(words)), "")
            basis = next((name for name, pattern in _BASES if pattern.search(words) and role != "plan_ratio"), "")
            if not basis and _BASES[0][1].search(caption):
                basis = SCENARIO
            said = [each.period for one, two in spans for each in mentions.between(one, two)]
            unit = _unit(row, heads, [words, folded[label[0] : label[1]], caption], folded)
            yield Cell(start, end, label, above, unit, role, basis, said[-1] if said else None, is_index)


def _label(row: list[Span], heads: list[list[Span]], folded: str) -> Span:
    """First cell of a row in words that is neither its number nor its unit."""
    for column, (start, end) in enumerate(row):
        words = folded[start:end]
        head = " ".join(folded[one:two] for one, two in heads[column]) if column < len(heads) else ""
        if not (_NUMBER.match(words) or _INDEX.match(words) or _UNIT_HEAD.search(head)):
            return start, end
    return row[0]


def _unit(row: list[Span], heads: list[list[Span]], places: list[str], folded: str) -> Unit:
    """Unit by the column of units, else in parentheses in the head, behind the label, or in the caption."""
    said = []
    for column, (start, end) in enumerate(row):
        head = " ".join(folded[one:two] for one, two in heads[column]) if column < len(heads) else ""
        if _UNIT_HEAD.search(head):
            said.append(folded[start:end].strip())
    said.extend("".join(each).strip() for place in places for each in _NAMED_UNIT.findall(place))
    for each in said:
        unit = read_unit(f" {each} ", 0)
        if unit.unit_class and unit.unit_class != "count":
            return unit
    return Unit(0, 0)
