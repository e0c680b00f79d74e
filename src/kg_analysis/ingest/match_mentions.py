"""The dates and periods printed in a text, and what each is there for.

Responsibility: tell comparisons, cut-offs and plans from periods that figures can be about, join the first and last day
of a span, and find mentions by their place. Which of them is a figure's own is ``match_periods``'s matter.

Terms: *mention* = a date or period printed in the text; *comparison* = a mention that a figure is compared with (so với
cùng kỳ năm 2020); *cut-off* = the day up to which a figure counts (tính đến ngày 30/9).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kg_analysis.ingest.figures_claims import Found
from kg_analysis.periods import Period

_COMPARED = re.compile(
    r"(?:\bso(?:\s+với)?\b[^.;,()]{0,40}|cùng kỳ(?:\s+(?:của|năm trước))?\s+|giá so sánh\s+(?:năm\s+)?|"
    r"giá (?:gốc|năm)\s+|(?:cuối|đầu|trong khi|nghị quyết|hộ nghèo theo chuẩn)\s+)$"
)
_PLANNED = re.compile(r"(?:kế hoạch|dự toán|vốn)(?:\s+[^\W\d_]+){0,3}\s+$")
_OF_PAST = re.compile(r"\bcủa\s+$")
_CUTOFF = re.compile(
    r"(?:\b(?:tính|ước|lũy kế|dự kiến|cộng dồn)\s+)?\b(?:đến|tới)\s+(?:nay\s*)?(?:hết\s+|"
    r"cuối\s+)?(?:niên độ ngân sách\s*)?[(,]?\s*(?:ngày\s+)?$|\btính đến\s+$|\bhết\s+(?:ngày\s+)?$|"
    r"\bcuối\s+$"
)
_FROM = re.compile(r"\b(?:từ|kể từ|lũy kế từ)\s+(?:\d{1,2}\s?(?:h|giờ)\d{0,2}\s+)?(?:ngày\s+)?(?:đầu\s+)?$")
_LONGEST_PARENTHESIS = 600


@dataclass(frozen=True)
class Mention:
    """A date or period in the text.

    Attributes
    ----------
    start, end : int
        Offsets [characters].
    period : Period
    is_comparison, is_cutoff, is_planned : bool
    depth : (int, int) or None
        Parentheses that it stands in, by their offsets.
    """

    start: int
    end: int
    period: Period
    is_comparison: bool
    is_cutoff: bool
    is_planned: bool
    depth: tuple[int, int] | None


class Mentions:
    """Dates and periods of a text in order.

    Attributes
    ----------
    folded : str
        The text in its form of comparison.
    year : int
        Year that the text reviews.
    parentheses : list of (int, int)
        Offsets of every pair of parentheses [characters].
    found : list of Mention
    """

    def __init__(self, folded: str, found: list[Found], year: int) -> None:
        self.folded, self.year = folded, year
        self.parentheses = _parentheses(folded)
        self.found = self._spans([self._mention(each, each.period) for each in found if each.period is not None])
        self._starts = [each.start for each in self.found]

    def between(self, start: int, end: int) -> list[Mention]:
        """Mentions that begin in ``[start, end)``."""
        return self.found[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def depth(self, offset: int) -> tuple[int, int] | None:
        """Offsets of the innermost parentheses that hold an offset; None where none opens near before it."""
        index = bisect_left(self.parentheses, (offset, 0)) - 1
        while index >= 0 and offset - self.parentheses[index][0] < _LONGEST_PARENTHESIS:
            if self.parentheses[index][1] > offset:
                return self.parentheses[index]
            index -= 1
        return None

    def cutoff(self, start: int, end: int) -> date | None:
        """Latest cut-off printed between two offsets; a month or quarter counts up to its last day."""
        said = [each for each in self.between(start, end) if each.is_cutoff and not each.is_comparison]
        return said[-1].period[2] if said else None

    @cached_property
    def wave(self) -> Period | None:
        """First span of days in a sentence about a wave of the epidemic."""
        for each in self.found:
            if (
                each.period[0] == "phase"
                and each.period[2].month != 12
                and re.search(r"đợt dịch|làn sóng", self.folded[max(each.start - 90, 0) : each.start])
            ):
                return each.period
        return None

    def day(self, start: int, end: int) -> Period | None:
        """Last day or span of days printed between two offsets."""
        said = [
            each for each in self.between(start, end) if each.period[0] in ("day", "phase") and not each.is_comparison
        ]
        return said[-1].period if said else None

    def _mention(self, found: Found, period: Period) -> Mention:
        before = self.folded[max(found.start - 60, 0) : found.start].rpartition("\n")[2]
        comparison = bool(_COMPARED.search(before))
        cutoff = bool(_CUTOFF.search(before)) and not _FROM.search(before)
        past = period[1].year < self.year and bool(_OF_PAST.search(before))
        planned = bool(_PLANNED.search(before))
        return Mention(found.start, found.end, period, comparison or past, cutoff, planned, self.depth(found.start))

    def _spans(self, mentions: list[Mention]) -> list[Mention]:
        """Join ``từ ngày 21/6 đến 30/9`` to one phase, which is no cut-off."""
        joined: list[Mention] = []
        for each in mentions:
            last = joined[-1] if joined else None
            between = self.folded[last.end : each.start] if last else ""
            if (
                last
                and each.period[0] == "day" == last.period[0]
                and len(between) < 40
                and re.fullmatch(
                    r"\s*(?:đến|tới|-)\s*(?:hết\s+)?(?:\d{1,2}\s?(?:h|giờ)\d{0,2}\s*)?(?:ngày\s+)?", between
                )
                and (_FROM.search(self.folded[max(last.start - 25, 0) : last.start]) or "-" in between)
                and last.period[1] <= each.period[1]
            ):
                days = (each.period[1] - last.period[1]).days
                kind = "day" if days <= 1 and re.search(r"\d\s?(?:h|giờ)", between) else "phase"
                first = each.period[1] if kind == "day" else last.period[1]
                joined[-1] = replace(last, end=each.end, period=(kind, first, each.period[1]), is_cutoff=False)
                continue
            joined.append(each)
        return joined


def _parentheses(folded: str) -> list[tuple[int, int]]:
    """Offsets of every pair of parentheses within one line, by their beginning."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for each in re.finditer(r"[()\n]", folded):
        if each[0] == "\n":
            opened.clear()
        elif each[0] == "(":
            opened.append(each.start())
        elif opened:
            found.append((opened.pop(), each.end()))
    return sorted(found)
