"""Digits that are no amount: dates and periods, legal references, names that hold a number, numbering, page furniture.

Responsibility: recognise them by their form before amounts are read; from the wordings of dates to days; tell
comparisons, cut-offs and plans from periods that figures can be about. ``21/6`` is a date only where the words around
it say so. What is left with a digit is an amount.

Terms: *mention* = a date or period printed in the text; *comparison* = a mention that a figure is compared with (so với
cùng kỳ năm 2020); *cut-off* = the day up to which a figure counts (tính đến ngày 30/9).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kg_analysis.ingest import grammar
from kg_analysis.ingest.numerals import ARTEFACT, CONTEXT, NAME, REFERENCE, Claims, Found
from kg_analysis.vietnamese import Period, period_bounds

_G = grammar("dates")
_HEAD = 600  # characters of a text in which its own date stands
_LONGEST_PARENTHESIS = 600
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def claim_references(claims: Claims, folded: str) -> None:
    """Claim mentions of legal documents, with the further numbers of ``Chỉ thị 16, 15, 19``."""
    for pattern in _G.references:
        for found in pattern.finditer(folded):
            if not _is_reference(found[0]):
                continue
            if claims.add(Found(found.start(), found.end(), REFERENCE)) and _G.directive.search(found[0]):
                _claim_further(claims, folded, found.end())


def _is_reference(token: str) -> bool:
    """Whether the token's ending is an issuer's and no unit: ``12/NQ-CP``, not ``5/ha`` or ``3-tháng``."""
    ending = _G.ending.search(token)
    named = _G.named.match(token) is not None
    if ending is None:
        return named
    return (
        named
        or (re.search(r"[-/]", ending[1]) is not None and len(ending[1]) >= 4)
        or re.search(r"/qh\d", token) is not None
    )


def _claim_further(claims: Claims, folded: str, end: int) -> None:
    while further := _G.further.match(folded, end):
        if not claims.add(Found(further.start(1), further.end(1), REFERENCE)):
            return
        end = further.end()


def claim_marks(claims: Claims, folded: str) -> None:
    """Claim footnote marks, names of the virus, numbering and what stands alone on a line."""
    for kind, pattern in _G.marks.items():
        for found in pattern.finditer(folded):
            if kind == ARTEFACT and "/" in found[0] and found.start() < _HEAD:
                continue  # the date under a title is when the text was written
            claims.add(Found(found.start(), found.end(), kind))
    for found in _G.numbers.finditer(folded):
        if any(each.isdigit() for each in found[0]):
            claims.add(Found(found.start(), found.end(), NAME))


def claim_names(claims: Claims, folded: str) -> None:
    """Claim names that hold a number: phases, roads, groups, ages, stars."""
    for found in _G.idle.finditer(folded):
        claims.add(Found(found.start(), found.end(), NAME))
    for found in _G.names.finditer(folded):
        if any(each.isdigit() for each in found[0]):
            claims.add(Found(found.start(), found.end(), NAME))


def claim_dates(claims: Claims, folded: str, year: int) -> None:
    """Claim dates and times of day; a date's period is its day."""
    for found in _G.full.finditer(folded):
        printed = next((each for each in (found[4], found[7], found[8]) if each), None)
        if day := _day(found[1] or found[5], found[3] or found[6], int(printed) if printed else year):
            _add_date(claims, found.span(), ("day", day, day))
    for found in _G.days.finditer(folded):
        first, last = (_day(found[each], found[4], int(found[5] or year)) for each in (1, 2))
        dated = found[3] == "/" or re.search(r"\bngày\s+$", folded[max(found.start() - 8, 0) : found.start()])
        if first and last and first < last and dated and not _G.after_pair.match(folded, found.end()):
            _add_date(claims, found.span(), ("phase", first, last))
    for found in _G.time.finditer(folded):
        if not _G.duration.search(folded[max(found.start() - 12, 0) : found.start()]) or "h" in found[0]:
            claims.add(Found(found.start(), found.end(), CONTEXT))
    for found in _G.short.finditer(folded):
        day = _day(found[2], found[4], year)
        if day and _says_date(folded, found):
            _add_date(claims, found.span(), ("day", day, day))


def _add_date(claims: Claims, span: tuple[int, int], period: Period) -> None:
    claims.add(Found(*span, CONTEXT, "date", *span, period=period))


def _says_date(folded: str, found: re.Match[str]) -> bool:
    """Whether the words beside ``a/b`` make it a date."""
    if found[1] or re.match(r"\s+\d{1,2}:\d\d\b", folded[found.end() : found.end() + 7]):
        return True
    if found[3] == ".":
        before = folded[max(found.start() - 12, 0) : found.start()]
        return re.search(r"\b(?:ngày|đến|đến hết|giờ|từ|chiều|sáng|tối|hôm)\s+$", before) is not None and not (
            _G.after_pair.match(folded, found.end())
        )
    if _G.after_pair.match(folded, found.end()) or found[3] == "-":
        return found[3] == "-" and bool(
            re.search(r"\b(?:ngày|đến|hôm|sáng|chiều|tối)\s+$", folded[max(found.start() - 7, 0) : found.start()])
        )
    before = folded[max(found.start() - 14, 0) : found.start()]
    return bool(_G.before_date.search(before)) or bool(
        re.search(r"\d{1,2}/\d{1,2}(?:/\d{4})?\s*(?:,|và|-)\s*$", before)
    )


def _day(day: str, month: str, year: int) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def claim_periods(claims: Claims, folded: str, year: int) -> None:
    """Claim periods that hold a digit; those in words only are claimed too, so that figures can inherit them."""
    titled = _G.forms["month"].search(folded, 0, _HEAD)  # what a monthly report calls "trong tháng"
    for form, pattern in _G.forms.items():
        for found in pattern.finditer(folded):
            named = titled if form == "this_month" else found
            period = _period("month" if form == "this_month" else form, named, year) if named else None
            if period is None:
                continue
            end = found.end()
            if (before := _G.last_year.match(folded, end)) and period[0] != "phase":
                period, end = shifted(period, period[1].year - 1), before.end()
            claims.add(Found(found.start(), end, CONTEXT, "period", found.start(), end, period=period))
            while form == "quarter" and (further := _G.further_quarter.match(folded, end)):  # quý III và IV
                end = further.end()
                of = _whole("quarter", period[1].year, _ROMAN[further[1]])
                claims.add(Found(further.start(1), end, CONTEXT, "period", further.start(1), end, period=of))


def shifted(period: Period, year: int) -> Period:
    """The same period of another year."""
    years = year - period[1].year
    first, last = (
        each.replace(year=each.year + years, day=28 if (each.month, each.day) == (2, 29) else each.day)
        for each in period[1:]
    )
    return period[0], first, last


def _period(form: str, found: re.Match[str], year: int) -> Period | None:  # noqa: PLR0911
    """Period that a wording names, in ``year`` where it names none; None where its numbers are no period's."""
    groups = [each or "" for each in (*found.groups(), "", "")]
    of = next((int(each) for each in reversed(groups) if re.fullmatch(r"(?:19|20)\d\d", each)), year)
    last = "cuối" in groups[0]
    if form in ("school_year", "years"):
        return ("phase", date(int(groups[0]), 1, 1), date(of, 12, 31)) if int(groups[0]) < of else None
    if form == "quarter":
        return _whole("quarter", of, _ROMAN.get(groups[0]) or int(groups[0]))
    if form == "between":
        one, two = int(groups[0]), int(groups[1])
        return ("phase", date(of, one, 1), _whole("month", of, two)[2]) if 1 <= one < two <= 12 else None
    if form in ("month", "named_month"):
        month = _G.months[groups[0]] if form == "named_month" else int(groups[0])
        return _whole("month", of, month) if 1 <= month <= 12 else None
    if form == "months":
        return _months(_G.counts.get(groups[0]) or int(groups[0]), groups[1], of)
    if form == "half":
        return _whole("half", of, 2 if last else 1)
    return _whole("quarter", of, 4 if last else 1) if form == "end_quarter" else _whole("year", of, 1)


def _whole(kind: str, year: int, index: int) -> Period:
    return kind, *period_bounds(kind, year, index)


def _months(count: int, end: str, year: int) -> Period | None:
    """First or last months of a year."""
    if not 1 <= count <= 12:
        return None
    if "cuối" in end:
        whole = {3: ("quarter", 4), 6: ("half", 2)}.get(count)
        return _whole(whole[0], year, whole[1]) if whole else ("phase", date(year, 13 - count, 1), date(year, 12, 31))
    if count in (6, 12):
        return _whole("half" if count == 6 else "year", year, 1)
    return _whole("quarter", year, 1) if count == 3 and end else _whole("ytd", year, count)


@dataclass(frozen=True)
class Mention:
    """A date or period in the text."""

    start: int  # offsets [characters]
    end: int
    period: Period
    is_comparison: bool
    is_cutoff: bool
    is_planned: bool
    depth: tuple[int, int] | None  # parentheses that it stands in, by their offsets


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
        comparison = bool(_G.compared.search(before))
        cutoff = bool(_G.cutoff.search(before)) and not _G.begins.search(before)
        past = period[1].year < self.year and bool(_G.of_past.search(before))
        planned = bool(_G.planned.search(before))
        return Mention(found.start, found.end, period, comparison or past, cutoff, planned, self.depth(found.start))

    def _spans(self, mentions: list[Mention]) -> list[Mention]:
        """Join ``từ ngày 21/6 đến 30/9`` to one phase, which is no cut-off; what only says since when dates nothing."""
        joined: list[Mention] = []
        for each in mentions:
            last = joined[-1] if joined else None
            if last and last.end <= each.start < last.end + 40 and (span := self._joined(last, each)):
                joined[-1] = replace(last, end=each.end, period=span, is_cutoff=False, is_comparison=False)
                continue
            since = each.period[0] != "day" and _G.since.search(self.folded[max(each.start - 25, 0) : each.start])
            joined.append(replace(each, is_comparison=True) if since else each)
        return joined

    def _joined(self, last: Mention, each: Mention) -> Period | None:
        """Span from one mention to the next, where the words between say that they are its ends."""
        between = self.folded[last.end : each.start]
        begins = _G.begins.search(self.folded[max(last.start - 25, 0) : last.start])
        days = last.period[0] == each.period[0] == "day"
        if last.period[1] > each.period[1] or not (begins or (days and "-" in between and not last.is_comparison)):
            return None
        if days and _G.to_day.fullmatch(between):
            count = (each.period[1] - last.period[1]).days
            kind = "day" if count <= 1 and re.search(r"\d\s?(?:h|giờ)", between) else "phase"
            return kind, each.period[1] if kind == "day" else last.period[1], each.period[1]
        if not days and last.period[0] != "day" and re.fullmatch(r"\s*(?:đến|tới)\s*(?:hết |cuối |nay,? )*", between):
            return "phase", last.period[1], each.period[2]
        return None


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
