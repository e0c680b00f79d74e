"""Which period a figure is about, and the date up to which it counts.

Responsibility: inherit a period from the clause, the sentence, the sentence before, the heading, the title, the year
reviewed, in this order, leaving aside periods that only serve comparison.

Terms: *mention* = a date or period printed in the text; *comparison* = a mention that a figure is compared with (so với
cùng kỳ năm 2020); *cut-off* = the day up to which a figure counts (tính đến ngày 30/9).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kg_analysis.ingest.document import Document
from kg_analysis.ingest.figures_claims import Found
from kg_analysis.ingest.match_headings import title_lines
from kg_analysis.ingest.wording import Sentence, Span
from kg_analysis.periods import Period, period_bounds

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
_TO = re.compile(r"\b(?:đến|tới|-)\s+(?:hết\s+)?(?:\d{1,2}\s?(?:h|giờ)\d{0,2}\s+)?(?:ngày\s+)?$")
_FOLLOWING = re.compile(r"\s*|\s*[^.;,:()\d]{0,45}?\b(?:trong|vào|của|tính đến)\s+(?:ngày\s+|năm\s+)?$")
_LONGEST_PARENTHESIS = 600
_SAME_PERIOD = re.compile(r"\(?cùng kỳ(?: năm (?:trước|ngoái))?(?: (?:tăng|giảm|đạt|là))?\s*$")


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


@dataclass(frozen=True)
class Dated:
    """Period of a figure and how it was found.

    Attributes
    ----------
    period : Period
    certainty : float
        0 to 1.
    source : str
        clause, sentence, before, heading, title or year.
    """

    period: Period
    certainty: float
    source: str


class Calendar:
    """Periods of a text, to be asked for a figure's own."""

    def __init__(self, document: Document, folded: str, found: list[Found], above: list[list[Span]], year: int) -> None:
        self.folded, self.year = folded, year
        self.parentheses = _parentheses(folded)
        self.mentions = self._spans([self._mention(each, each.period) for each in found if each.period is not None])
        self._starts = [each.start for each in self.mentions]
        self._title_end = max((end for _, end in title_lines(document)), default=0)
        self._headings = self._of_headings(above)
        self.title = self._of_title()
        self.written = self._written(found)
        self.default = self._default()

    def between(self, start: int, end: int) -> list[Mention]:
        """Mentions that begin in ``[start, end)``."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def of_figure(
        self, figure: Found, sentence: Sentence, clause: int, following: int, earlier: Sequence[Sentence], daily: bool
    ) -> Dated:
        """Period of a figure.

        Parameters
        ----------
        figure : Found
        sentence : Sentence
        clause : int
            Offset at which the figure's clause begins [characters].
        following : int
            Offset of the next figure in the sentence, or the sentence's end.
        earlier : sequence of Sentence
            Sentences before, in the same passage, the nearest first.
        daily : bool
            Whether the figure may be one of a day or of a span of days.
        """
        if aside := self._beside_comparison(figure, sentence):
            return Dated(aside, 0.95, "clause")
        before = [each for each in self.between(sentence.start, figure.start) if self._counts(each, figure, daily)]
        if _SAME_PERIOD.search(self.folded, max(figure.start - 40, 0), figure.start) or self._is_former(figure):
            return self._year_before(before, sentence)
        near = before[-1:] if before and (before[-1].start >= clause or before[-1].depth) else []
        behind = self._behind(figure, following, daily, bool(near))
        if near and not behind:
            return Dated(near[0].period, 0.99, "clause")
        if behind:
            return Dated(behind.period, 0.98, "clause")
        return Dated(before[-1].period, 0.98, "sentence") if before else self._inherited(sentence, earlier)

    def _behind(self, figure: Found, following: int, daily: bool, only_beside: bool) -> Mention | None:
        """Mention behind a figure that is its own: right beside it, or by ``trong quý IV`` where none stands before."""
        said = self.between(figure.end, min(following, figure.end + 70))
        if said and said[0].start - figure.end <= 1 and not said[0].is_comparison:
            return said[0]
        depth = self._depth(figure.start)
        for each in () if only_beside else said:
            counts = self._counts(each, figure, daily) and each.depth == depth
            if counts and _FOLLOWING.fullmatch(self.folded, figure.end, each.start):
                return each
        return None

    def _is_former(self, figure: Found) -> bool:
        """Whether a figure is the first of ``giảm từ 6,4% xuống còn 5,2%``."""
        after = re.match(r"\s*(?:\([^)]*\)\s*)?(?:xuống|lên)\b", self.folded[figure.end : figure.end + 40])
        return bool(after) and self.folded[max(figure.start - 4, 0) : figure.start].endswith("từ ")

    def _beside_comparison(self, figure: Found, sentence: Sentence) -> Period | None:
        """Period of ``cùng kỳ năm 2020 (57,3%)``: the figure in parentheses right behind is the compared one's."""
        said = self.between(max(sentence.start, figure.start - 40), figure.start)
        if (
            said
            and said[-1].is_comparison
            and re.fullmatch(r"\s*\((?:đạt |là |tăng |giảm )?", self.folded[said[-1].end : figure.start])
        ):
            return said[-1].period
        return None

    def _year_before(self, before: list[Mention], sentence: Sentence) -> Dated:
        own = before[-1].period if before else self._inherited(sentence, ()).period
        first, last = (
            each.replace(year=each.year - 1)
            if (each.month, each.day) != (2, 29)
            else each.replace(year=each.year - 1, day=28)
            for each in own[1:]
        )
        return Dated((own[0], first, last), 0.9, "clause")

    def _inherited(self, sentence: Sentence, earlier: Sequence[Sentence]) -> Dated:
        for sentence_before in earlier:
            if self.folded.startswith("riêng", _first_letter(self.folded, sentence_before)):
                continue
            said = [
                each
                for each in self.between(sentence_before.start, sentence_before.end)
                if not (each.is_comparison or each.is_cutoff or each.is_planned or each.depth)
                and each.period[0] not in ("day", "phase")
                and each.period[1].year >= self.year
            ]
            if said and len({each.period for each in said}) == 1:
                return Dated(said[-1].period, 0.95, "before")
        if heading := self._headings[sentence.passage]:
            return Dated(heading, 0.97, "heading")
        if self.title:
            return Dated(self.title, 0.97, "title")
        return self.default

    def _counts(self, mention: Mention, figure: Found, daily: bool) -> bool:
        """Whether a mention before a figure can be its period."""
        if mention.is_comparison or mention.is_cutoff or (mention.period[0] in ("day", "phase") and not daily):
            return False
        return mention.depth is None or mention.depth[0] < figure.start < mention.depth[1]

    def _depth(self, offset: int) -> tuple[int, int] | None:
        index = bisect_left(self.parentheses, (offset, 0)) - 1
        while index >= 0 and offset - self.parentheses[index][0] < _LONGEST_PARENTHESIS:
            if self.parentheses[index][1] > offset:
                return self.parentheses[index]
            index -= 1
        return None

    def _mention(self, found: Found, period: Period) -> Mention:
        before = self.folded[max(found.start - 60, 0) : found.start].rpartition("\n")[2]
        comparison = bool(_COMPARED.search(before))
        cutoff = bool(_CUTOFF.search(before)) and not _FROM.search(before)
        past = period[1].year < self.year and bool(_OF_PAST.search(before))
        planned = bool(_PLANNED.search(before))
        return Mention(found.start, found.end, period, comparison or past, cutoff, planned, self._depth(found.start))

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

    def _of_headings(self, above: list[list[Span]]) -> list[Period | None]:
        """Period that the nearest dated heading above each passage names."""
        said: dict[Span, Period | None] = {}
        found: list[Period | None] = []
        for spans in above:
            for span in spans:
                if span not in said:
                    named = [
                        each
                        for each in self.between(*span)
                        if not each.is_comparison and each.period[0] not in ("day", "phase")
                    ]
                    said[span] = named[-1].period if named and len({each.period for each in named}) == 1 else None
            found.append(next((said[span] for span in spans[: len(spans) - self._titles(spans)] if said[span]), None))
        return found

    def _titles(self, spans: list[Span]) -> int:
        return sum(each[0] < self._title_end for each in spans)

    def _of_title(self) -> Period | None:
        """Period that the first lines name, where it is no mere year."""
        titled = [
            each.period
            for each in self.between(0, self._title_end)
            if not (each.is_comparison or each.is_cutoff or each.depth)
        ]
        for kinds in (("half", "ytd", "quarter"), ("month",)):
            if picked := [each for each in titled if each[0] in kinds]:
                return picked[-1]
        return None

    def _default(self) -> Dated:
        """The year reviewed, or what a text of the middle of the year speaks of most: its half, quarter or months."""
        year: Period = ("year", *period_bounds("year", self.year))
        said = [each for each in self.mentions if not (each.is_comparison or each.is_planned or each.is_cutoff)]
        whole = sum(each.period == year for each in said)
        parts = [
            each.period
            for each in said
            if each.period[0] in ("half", "ytd", "quarter") and each.period[1].year == self.year
        ]
        if self._is_late():
            if not whole and len(parts) > 1:
                return Dated(max(parts, key=parts.count), 0.9, "title")
            return Dated(year, 0.97 if whole else 0.94, "year")
        recent = [each for each in parts if -46 < (each[2] - self.written).days < 20]
        return Dated(max(recent, key=recent.count), 0.92, "title") if recent else Dated(year, 0.9, "year")

    def _is_late(self) -> bool:
        """Whether the text was written around the turn of the year."""
        return self.written.year != self.year or self.written.month in (1, 2, 12)

    def _written(self, found: list[Found]) -> date:
        """Day of writing, as far as the dates show it: the latest that is neither ahead nor a plan."""
        days = []
        for each in found:
            if each.form != "date" or each.period is None:
                continue
            before = self.folded[max(each.start - 60, 0) : each.start]
            if re.search(
                r"ước|dự kiến|phấn đấu|đến hết|trước ngày|yêu cầu|kế hoạch|mục tiêu", before.rpartition("\n")[2]
            ):
                continue
            if each.period[1].year in (self.year, self.year + 1) and (
                each.period[1].year == self.year or each.period[1].month <= 2
            ):
                days.append(each.period[1])
        self.is_dated = bool(days)
        if days:
            return max(days)
        return self.title[2] if self.title else date(self.year, 12, 15)

    def cutoff(self, start: int, end: int) -> date | None:
        """Latest cut-off printed between two offsets; a month or quarter counts up to its last day."""
        said = [each for each in self.between(start, end) if each.is_cutoff and not each.is_comparison]
        return said[-1].period[2] if said else None

    def day_of_title(self) -> Period | None:
        """Last day that the title names, as bulletins do."""
        said = [
            each.period
            for each in self.between(0, self._title_end)
            if each.period[0] == "day" and not (each.is_comparison or each.is_cutoff)
        ]
        return said[0] if said else None

    @cached_property
    def wave(self) -> Period | None:
        """First span of days in a sentence about a wave of the epidemic."""
        for each in self.mentions:
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


def _first_letter(folded: str, sentence: Sentence) -> int:
    return (
        sentence.start
        + len(folded[sentence.start : sentence.end])
        - len(folded[sentence.start : sentence.end].lstrip(" -+*\n"))
    )


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
