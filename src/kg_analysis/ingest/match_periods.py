"""Which period a figure is about.

Responsibility: inherit a period from the clause, the sentence, the sentence before, the heading, the title, the year
reviewed, in this order, leaving aside periods that only serve comparison; and the day of writing.

Terms: *mention*, *comparison* and *cut-off*, see ``match_mentions``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kg_analysis.ingest.document import Document
from kg_analysis.ingest.figures_claims import Found
from kg_analysis.ingest.match_headings import title_lines
from kg_analysis.ingest.match_mentions import Mention, Mentions
from kg_analysis.ingest.wording import Sentence, Span
from kg_analysis.periods import Period, period_bounds

_FOLLOWING = re.compile(r"\s*|\s*[^.;,:()\d]{0,45}?\b(?:trong|vào|của|tính đến)\s+(?:ngày\s+|năm\s+)?$")
_SAME_PERIOD = re.compile(r"\(?cùng kỳ(?: năm (?:trước|ngoái))?(?: (?:tăng|giảm|đạt|là))?\s*$")


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

    def __init__(self, document: Document, mentions: Mentions, found: list[Found], above: list[list[Span]]) -> None:
        self.mentions, self.folded, self.year = mentions, mentions.folded, mentions.year
        self._title_end = max((end for _, end in title_lines(document)), default=0)
        self._headings = self._of_headings(above)
        self.title = self._of_title()
        self.written = self._written(found)
        self.default = self._default()

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
        before = [
            each for each in self.mentions.between(sentence.start, figure.start) if self._counts(each, figure, daily)
        ]
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
        said = self.mentions.between(figure.end, min(following, figure.end + 70))
        if said and said[0].start - figure.end <= 1 and not said[0].is_comparison:
            return said[0]
        depth = self.mentions.depth(figure.start)
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
        said = self.mentions.between(max(sentence.start, figure.start - 40), figure.start)
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
                for each in self.mentions.between(sentence_before.start, sentence_before.end)
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

    def _of_headings(self, above: list[list[Span]]) -> list[Period | None]:
        """Period that the nearest dated heading above each passage names."""
        said: dict[Span, Period | None] = {}
        found: list[Period | None] = []
        for spans in above:
            for span in spans:
                if span not in said:
                    named = [
                        each
                        for each in self.mentions.between(*span)
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
            for each in self.mentions.between(0, self._title_end)
            if not (each.is_comparison or each.is_cutoff or each.depth)
        ]
        for kinds in (("half", "ytd", "quarter"), ("month",)):
            if picked := [each for each in titled if each[0] in kinds]:
                return picked[-1]
        return None

    def _default(self) -> Dated:
        """The year reviewed, or what a text of the middle of the year speaks of most: its half, quarter or months."""
        year: Period = ("year", *period_bounds("year", self.year))
        said = [each for each in self.mentions.found if not (each.is_comparison or each.is_planned or each.is_cutoff)]
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

    def day_of_title(self) -> Period | None:
        """Last day that the title names, as bulletins do."""
        said = [
            each.period
            for each in self.mentions.between(0, self._title_end)
            if each.period[0] == "day" and not (each.is_comparison or each.is_cutoff)
        ]
        return said[0] if said else None


def _first_letter(folded: str, sentence: Sentence) -> int:
    return (
        sentence.start
        + len(folded[sentence.start : sentence.end])
        - len(folded[sentence.start : sentence.end].lstrip(" -+*\n"))
    )
