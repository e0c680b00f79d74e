"""What a figure is about besides its indicator: its period, its area and the day up to which it counts.

Responsibility: for each of them the nearest frame that says it: the figure's own bracket or clause, its sentence, the
sentences before in the paragraph, the lead-in of a list, the heading, the title, the year reviewed. A figure that is
only compared with belongs to the period or area of the comparison.

Terms: see ``frames``; *source* = the frame that said it; *former* = a figure of the same period of an earlier year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from kg_analysis.ingest import grammar
from kg_analysis.ingest.dates import Mention, shifted
from kg_analysis.ingest.document import Sentence
from kg_analysis.ingest.frames import AHEAD, IN_YEAR, Outline, Placed, Text
from kg_analysis.ingest.labels import Entity
from kg_analysis.vietnamese import Period, period_bounds

_G = grammar("meaning")
_YEARS = 1000  # days from which a span is one of years
_BESIDE = 30  # characters behind the name of an index in which its year stands
_HEAD = 25  # characters of a sentence in which what it says first stands
_FEAST = 80  # days
_EARLY = 3  # month up to which a text of targets of its year cannot tell results
_TOPICS_DAILY = ("covid", "tasks")
_INHERITED = ("title", "text", "paragraph", "mixed", "part", "year", "last", "heading")
_VISITS = ("tourist_", "tourism_", "international_arrivals", "domestic_arrivals", "overnight_")  # counted over holidays


@dataclass
class State:
    """What earlier sentences leave to those behind them."""

    area: str  # area that the paragraph is about
    passage: int = -1  # passage that the rest belongs to
    period: Period | None = None  # last period of the paragraph's own, and whether it named several
    is_mixed: bool = False
    day: Period | None = None  # last day or span of days printed so far
    span: Period | None = None  # last span of days, for what is counted over a holiday
    carried: str = ""  # basis that the paragraph's lead gives to what follows: ``scenario``, ``plan`` or nothing
    planned: Period | None = None  # period that the plan of ``carried`` is of
    # the year before, where the paragraph is about it; indices of governance are published a year later
    last_year: Period | None = None
    month: Period | None = None  # last month that any sentence named
    last: Period | None = None  # last period that any sentence named, in whatever paragraph
    # last cut-off printed in each section, for public investment
    cutoffs: dict[str, date] = field(default_factory=dict)


class Meaning:
    """Periods and areas of one document, in text order."""

    def __init__(self, text: Text, outline: Outline, area: str) -> None:
        self.text, self.outline, self.own = text, outline, area
        self.folded, self.year = text.folded, outline.year
        self.state = State(area)
        self.is_mean = self.is_visit = False
        self.section_area = area
        self.beside = self._beside_others()  # where areas are named that another is only ranked against
        self.of_index = self._year_of_index()
        title = outline.title_text
        begun = outline.is_dated and outline.written.month <= _EARLY and outline.written.year == self.year
        aims = _G.title_plan.search(title) or (begun and _G.title_aims.match(title))
        self.of_title = "plan" if aims and not _G.title_result.search(title) else ""

    def _year_of_index(self) -> Period | None:
        """Year that the text names beside its first index of governance, which may not be the year reviewed."""
        for each in self.text.entities.of("index"):
            near = self.text.mentions.between(each.end, each.end + _BESIDE)
            if years := [one.period for one in near if one.period[0] == "year"]:
                return years[0]
        return None

    def _beside_others(self) -> set[int]:
        """Offsets of areas that follow "sau các tỉnh": another one's rank is told by them."""
        found: set[int] = set()
        last: Entity | None = None
        for each in self.text.entities.of("area"):
            gap = self.folded[last.end : each.start] if last else ""
            goes_on = _G.ranked_further.fullmatch(gap) is not None
            if goes_on and "và" not in gap and _G.ranked_subject.match(self.folded, each.end):
                goes_on = False  # sau Bắc Giang, Trà Vinh là địa phương …
            if goes_on or _G.ranked_behind.search(self.folded, max(each.start - 40, 0), each.start):
                found.add(each.start)
                last = each
            else:
                last = None
        return found

    def enter(self, sentence: Sentence) -> None:
        """Move the state to a sentence: a new passage starts from its heading, an item from its list's lead-in."""
        if sentence.passage != self.state.passage:
            self._enter_passage(sentence)
        if _G.of_scenario.match(self.folded, sentence.start, sentence.end):
            self.state.carried = "scenario"

    def _enter_passage(self, sentence: Sentence) -> None:
        state = self.state
        passage = self.outline.document.passages[sentence.passage]
        line = self.folded[passage.start : passage.end].strip(" *:-\n")
        headed = [each for each in self.text.entities.between(passage.start, passage.end) if each.dimension == "area"]
        if len(headed) == 1 and len(line) <= headed[0].end - headed[0].start + 6:
            self.section_area = headed[0].item  # a line that is only a province's name heads what follows
        continues = _G.continues.match(self.folded, sentence.start, min(sentence.end, sentence.start + 40)) is not None
        state.passage, state.is_mixed = sentence.passage, False
        if not self._details(sentence):
            state.carried = self.of_title
        if not continues:
            state.period, state.area, state.last_year = None, self.section_area, None

    def _details(self, sentence: Sentence) -> bool:
        """Whether a sentence only says in detail what the one before it set out."""
        return _G.details.match(self.folded, sentence.start, sentence.end) is not None

    def leave(self, sentence: Sentence) -> None:  # noqa: PLR0912
        """Remember what a sentence said for those behind it."""
        state = self.state
        begins = self.folded[sentence.start : sentence.end].lstrip(" -+*\n\"'“")
        own = [
            each
            for each in self.text.mentions.between(sentence.start, sentence.end)
            if not (each.is_comparison or each.is_planned or each.depth)
        ]
        for each in own:
            before = self.folded[max(each.start - 14, sentence.start) : each.start]
            if re.search(r"\b(?:từ|kể từ)\s+(?:ngày\s+)?$", before) and each.period[0] == "day":
                continue  # since when, not when
            if each.period[0] in ("day", "phase") and each.period[2].year - each.period[1].year <= 1:
                state.day = each.period
                state.span = each.period if each.period[0] == "phase" else state.span
        until = (("year", *period_bounds("year", self.year)), self.outline.title)  # cut-offs that say nothing new
        lasting = [each for each in own if not (each.is_cutoff and each.period in until)]
        lasting = [replace(each, period=self._whole(each)) for each in lasting if _is_lasting(each.period, self.year)]
        if len(lasting) > 1 and (
            AHEAD.search(self.folded, lasting[-2].end, lasting[-1].start)
            or (lasting[-1].is_cutoff and lasting[-1].period[1].year > self.year)
        ):
            lasting.pop()  # kết quả 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm; …, đến năm 2030 đạt 44%
        explicit = [each for each in own if each.period[0] not in ("day", "phase", "month") and not each.is_cutoff]
        state.last = explicit[-1].period if explicit else state.last
        state.month = next((each.period for each in reversed(own) if each.period[0] == "month"), state.month)
        if lasting and not begins.startswith("riêng") and not self._only_aside(lasting, sentence):
            if len({each.period for each in lasting}) == 1:
                state.period, state.is_mixed = lasting[-1].period, False
            elif lasting[-1].period[0] in ("half", "ytd", "year") and lasting[-1].period[2] >= max(
                each.period[2] for each in lasting
            ):
                state.period, state.is_mixed = lasting[-1].period, True  # the month, then all months so far
            elif state.period is None and lasting[0].start - sentence.start < _HEAD:
                state.period, state.is_mixed = lasting[0].period, True
            else:
                state.is_mixed = True
        years = [each for each in own if each.period[0] == "year" and each.period[1].year == self.year - 1]
        if years and not lasting:
            state.last_year = years[-1].period
        for name in self.text.entities.between(sentence.start, sentence.end):
            if name.dimension == "area" and name.start not in self.beside and self._is_subject(name, sentence):  # noqa: SIM102
                if name.item != "00" or self.own == "00":
                    state.area = name.item
        if _G.sets_plan.search(begins) and state.carried != "scenario":
            state.carried, state.planned = "plan", state.period

    def _only_aside(self, lasting: list[Mention], sentence: Sentence) -> bool:
        """Whether a sentence names a part of the period in force, in passing: later ones return to the whole."""
        state = self.state.period
        if state is None or lasting[0].start - sentence.start < _HEAD or len({each.period for each in lasting}) > 1:
            return False
        _, first, last = lasting[0].period
        return (first, last) != state[1:] and state[1] <= first and last <= state[2]

    def _is_subject(self, name: Entity, sentence: Sentence) -> bool:
        """Whether a sentence is about an area that it names: at its beginning, or as whose figures these are."""
        before = self.folded[max(sentence.start, name.start - 40) : name.start]
        if name.item == "00":
            heads = _G.heads.match(self.folded, name.end) and not _G.mean_of.search(before)
            heads = heads and not self.folded.startswith("gdp", name.start)
            before_it = re.search(r"(?:^\W*|(?<!lớn )(?<!nhất )(?<!cao )của |, |(?<!với )tăng trưởng )$", before)
            return bool(heads or before_it)
        return name.start - sentence.start < 60 or before.endswith(("của tỉnh ", "của ", "tại tỉnh ", "tỉnh "))

    # -- areas ------------------------------------------------------------------------------------------------------

    def area(self, placed: Placed) -> tuple[str, str, str]:
        """Area code of a figure, its name where it is another than the report's, and the frame that said so."""
        if placed.found.form == "rank" and (named := self._ranked(placed)):
            return named.item, "" if named.item == self.own else named.name, "sentence"
        for each in self.text.entities.between(placed.found.end, min(placed.following, placed.found.end + 40)):
            beside = each.dimension == "area" and _G.of_area.fullmatch(self.folded, placed.found.end, each.start)
            if beside and _G.higher.search(self.folded, placed.clause, placed.found.number_start):
                return each.item, "" if each.item == self.own else each.name, "sentence"
        for each in reversed(placed.entities):
            if each.dimension != "area" or each.end > placed.found.start:
                continue
            before = self.folded[max(each.start - 40, placed.sentence.start) : each.start]
            if each.start in self.beside and not _G.ranked_own.fullmatch(self.folded, each.end, placed.found.start):
                continue
            inside = placed.bracket >= each.end and (each.item != "00" or _G.mean_of.search(before) is not None)
            if each.item == "00" and not inside and not self._is_subject(each, placed.sentence):  # noqa: SIM102
                if not (0 <= placed.bracket < each.start and before.endswith(("(", ", "))):
                    continue
            return each.item, "" if each.item == self.own else each.name, "sentence"
        state = self.state
        return state.area, "", "paragraph" if state.area != self.own else "own"

    def _ranked(self, placed: Placed) -> Entity | None:
        """Area that a rank is given to behind it: xếp thứ ba cả nước là Hải Phòng, đứng thứ ba Thanh Hóa."""
        end = placed.partner.end
        for each in self.text.entities.between(end, min(placed.following, end + 60)):
            gap = self.folded[end : each.start]
            if (
                each.dimension == "area"
                and each.item != "00"
                and re.fullmatch(r"\s|[^.;,()]*\blà (?:tỉnh |thành phố |tp )?", gap)
            ):
                return each
        return None

    # -- periods ----------------------------------------------------------------------------------------------------

    def period(self, placed: Placed, topic: str, name: str, previous: Period | None) -> tuple[Period, str]:
        """Period of a figure and its source; ``previous`` is that of the figure before in the sentence."""
        self.is_mean, self.is_visit = name.endswith("_mean"), name.startswith(_VISITS)
        base = self._plain(placed, topic)
        near = max([placed.clause, *(each.end for each in placed.mentions if each.end <= placed.found.start)])
        if base[0][0] == "month" and _G.so_far.search(self.folded, near, placed.found.start):
            base = _until(base[0][2]), base[1]  # trong tháng đạt 53 tấn, lũy kế 580 tấn
        if name.endswith("_vs_expectation") and previous and base[1] != "clause":
            base = previous, "clause"  # of the growth that it is the difference of
        if base[1] not in ("clause", "sentence") and self.state.month and self._against_month(placed, name):
            base = self.state.month, "clause"
        if base[1] in _INHERITED and self._is_forecast(placed, base[0]):
            base = ("year", *period_bounds("year", self.year)), "sentence"
        if name.startswith("governance_index") and base[1] in ("year", "part", "text") and self.of_index:
            base = self.of_index, "title"
        return self._former(placed, base[0], previous) or base

    def _is_forecast(self, placed: Placed, base: Period) -> bool:
        """Whether a text on a part of a year that is over tells what the year is to bring: phấn đấu đón 7,5 triệu."""
        ahead = is_in_year(base) and base[2] <= self.outline.written and base[2].month < 12
        return ahead and _G.forecast.search(self.folded, placed.sentence.start, placed.found.start) is not None

    def _against_month(self, placed: Placed, name: str) -> bool:
        """Whether its clause, or a paragraph on prices, holds a figure against the month before: it is a month's."""
        stop = self.folded.find(";", placed.found.end, placed.sentence.end)
        stop = stop if stop >= 0 else placed.sentence.end
        begin, passage = placed.clause, self.outline.document.passages[placed.sentence.passage]
        if name.startswith("cpi_") and not name.endswith("_mean"):
            if _G.against_year.search(self.folded, placed.found.end, stop):
                return False
            begin = passage.start
        return _G.against_month.search(self.folded, begin, stop) is not None

    def _former(self, placed: Placed, base: Period, previous: Period | None) -> tuple[Period, str] | None:  # noqa: PLR0911
        """Period of a figure that the text only compares with."""
        start, end = placed.found.start, placed.found.end
        before = self.folded[max(placed.sentence.start, start - 70) : start]
        if printed := self._compared_beside(placed):
            return printed, "former"
        said = (
            _G.former.search(before)
            or _G.former_year.search(before)
            or _G.former_bracket.search(before)
            or _G.former_clause.search(self.folded[placed.clause : start])
        )
        if said:
            own = previous if previous and placed.bracket >= 0 else base
            return shifted(own, int(said["year"] or own[1].year - 1)), "former"
        behind = _G.of.match(self.folded, end)
        if behind and behind["same"] and (_G.higher.search(before) or not placed.found.direction):
            return shifted(base, int(behind["year"] or base[1].year - 1)), "former"
        if behind and _G.higher.search(before):
            named = self.text.mentions.between(behind.end(), behind.end() + 12)
            if named:
                return named[0].period, "former"
        if behind and not behind["same"] and re.search(r"\bhơn\b|so với", before + self.folded[placed.clause : start]):
            named = self.text.mentions.between(behind.end(), behind.end() + 2)
            if named and named[0].period[1] < base[1]:
                return named[0].period, "former"
        if _G.begins.search(before) and _G.to.match(self.folded, end) and not self._beside(placed):
            return shifted(base, base[1].year - 1), "former"
        return None

    def _compared_beside(self, placed: Placed) -> Period | None:
        """Period of ``cùng kỳ năm 2020 (57,3%)`` and ``(năm 2022 xếp thứ tư)``: printed with the compared figure."""
        near = [
            each for each in placed.mentions if each.end <= placed.found.start and each.start >= placed.found.start - 45
        ]
        if not near or not near[-1].is_comparison:
            return None
        between = self.folded[near[-1].end : placed.found.start]
        if re.fullmatch(r"\s*\((?:đạt |là |tăng |giảm )?", between):
            before = self.folded[max(near[-1].start - 12, 0) : near[-1].start]
            base = near[-1].period
            return base if "cùng kỳ" not in before else shifted(self._plain(placed, "")[0], base[1].year)
        return None

    def _shares(self, mention: Mention, placed: Placed, topic: str) -> bool:
        """Whether a figure's clause goes on with the period of an earlier one, which may be another topic's."""
        start = self.folded.rfind(";", placed.sentence.start, mention.start) + 1
        topics = {
            self.text.book.topic_of(label.subject)
            for hit in placed.hits
            if start <= hit.start and hit.end <= mention.start
            for label in hit.labels
            if label.subject
        }
        return topics != {"administration"} or topic in topics  # indices of governance are published a year later

    def _plain(self, placed: Placed, topic: str) -> tuple[Period, str]:  # noqa: PLR0911
        """Period by the nearest frame that names one."""
        daily = topic in _TOPICS_DAILY
        if _G.years_together.search(self.folded, placed.clause, placed.found.start):
            spans = [each for each in placed.mentions if each.period[0] == "phase" and not each.is_comparison]
            if spans and (spans[-1].period[2] - spans[-1].period[1]).days > _YEARS:
                return spans[-1].period, "clause"
        if beside := self._beside(placed):
            return self._whole(beside), "clause"
        own = [each for each in placed.mentions if each.end <= placed.found.start and self._counts(each, placed, daily)]
        inside = [each for each in own if placed.bracket >= 0 and each.start > placed.bracket]
        near = inside or [each for each in own if each.start >= placed.clause]
        if near:
            return self._whole(near[-1]), "clause"
        if behind := self._behind(placed, daily):
            return self._whole(behind), "clause"
        if self.is_visit and (spans := self._feasts(placed)):
            return spans[-1].period, "sentence"
        if own and self._shares(own[-1], placed, topic):
            return self._whole(own[-1]), "sentence"
        state = self.state
        if state.last_year and not state.period and self.outline.default[1] != "title":
            return state.last_year, "mixed"
        if state.period:
            return state.period, "mixed" if state.is_mixed else "paragraph"
        if heading := self.outline.heading_period(placed.sentence.passage):
            return heading, "heading"
        (kind, first, last), source = self.outline.default
        if self.is_visit and state.span and source in ("year", "part"):
            return state.span, "paragraph"
        if state.last and state.last[0] in ("half", "ytd") and state.last[1] < first and state.last[2] == last:
            return state.last, "last"  # of a text on a quarter or month that goes on with all months so far
        return (kind, first, last), source

    def _feasts(self, placed: Placed) -> list[Mention]:
        """Spans of a few days before a figure, also in a bracket: Trong Tết (từ ngày 8/2 đến 14/2), đón 50.000 lượt."""
        named = self.text.mentions.between(placed.sentence.start, placed.found.start)
        return [
            each
            for each in named
            if each.period[0] == "phase"
            and not each.is_comparison
            and 0 < (each.period[2] - each.period[1]).days < _FEAST
        ]

    def _whole(self, mention: Mention) -> Period:
        """Period of a mention; one up to which things are counted begins with its year."""
        is_until = mention.is_cutoff and mention.period[0] in ("month", "quarter")
        return _until(mention.period[2]) if is_until else mention.period

    def _beside(self, placed: Placed) -> Mention | None:
        """Mention right behind a figure: 71.755 tỷ đồng năm 2020."""
        end = placed.partner.end
        for each in self.text.mentions.between(end, min(placed.following, end + 25)):
            gap = self.folded[end : each.start]
            own = not (each.is_comparison or each.is_cutoff or each.is_planned) and each.period[0] != "day"
            return (
                each
                if own and re.fullmatch(r"\s|\s?\(|,? (?:trong|vào|cho) ", gap) and each.depth == self._depth(placed)
                else None
            )
        return None

    def _depth(self, placed: Placed) -> tuple[int, int] | None:
        return self.text.mentions.depth(placed.found.start)

    def _behind(self, placed: Placed, daily: bool) -> Mention | None:
        end = placed.partner.end
        for each in self.text.mentions.between(end, min(placed.following, end + 70)):
            counts = self._counts(each, placed, daily) and each.depth == self._depth(placed)
            if counts and _G.behind.fullmatch(self.folded, end, each.start):
                return each
        return None

    def _counts(self, mention: Mention, placed: Placed, daily: bool) -> bool:
        """Whether a visible mention can be a figure's period."""
        if mention.is_comparison or (mention.is_planned and mention.period[0] == "phase"):
            return False
        if mention.is_cutoff and not (mention.period[0] in ("month", "quarter", "year", *IN_YEAR) and not daily):
            return False
        if self.folded.startswith("năm nay", mention.start) and is_in_year(self.outline.default[0]):
            return False
        days = (mention.period[2] - mention.period[1]).days
        if mention.period[0] == "phase" and days > 366 and not self._is_mean(mention, placed):
            return False
        if mention.period[0] == "day" or (mention.period[0] == "phase" and days < 80):
            return daily or (self.is_visit and days > 0)
        return True

    def _is_mean(self, mention: Mention, placed: Placed) -> bool:
        """Whether a figure is one of several years together: bình quân giai đoạn 2021-2023, từ năm 2021 đến 2023."""
        around = self.folded[max(mention.start - 40, placed.sentence.start) : placed.found.start]
        return self.is_mean or _G.over_years.search(around) is not None

    # -- cut-offs, and periods of the kind that an indicator is counted over ------------------------------------------

    def as_of(self, placed: Placed, name: str) -> date | None:
        """Cut-off of a figure: printed in its sentence, or that of the section before it."""
        sentence, found = placed.sentence, placed.found
        said = self.text.mentions.cutoff(sentence.start, found.start) or self.text.mentions.cutoff(
            found.end, min(sentence.end, found.end + 40)
        )
        if name.startswith("task_count") and (span := self.text.mentions.day(sentence.start, found.start)):  # noqa: SIM102
            if span[0] == "phase":
                return span[2]
        topic = self.text.book.topics.get(name, "")
        if topic != "investment":
            return said if topic != "" and (topic != "covid" or name.endswith("_cumulative")) else None
        if name.endswith(("_plan", "_groups")):
            return None
        section = self.outline.document.passages[sentence.passage].section
        if said:
            self.state.cutoffs[section] = said
            return said
        before = self.folded[sentence.start : found.start]
        if (
            "phấn đấu" in before
            or "yêu cầu" in before
            or re.search(r"\bước\b", before[placed.clause - sentence.start :])
        ):
            return None
        return self.state.cutoffs.get(section)

    def fitted(self, placed: Placed, name: str, period: Period, source: str, as_of: date | None) -> Period:
        """Period of the kind that the indicator is counted over: a budget year, the days of an epidemic."""
        topic = self.text.book.topics.get(name, "")
        if topic == "investment":
            of = period[1].year
            if as_of and source != "former" and not self.text.mentions.between(placed.clause, placed.found.start):
                of = as_of.year - (as_of.month == 1)
            return "budget_year", *period_bounds("budget_year", of)
        if topic == "tasks":
            span = self.text.mentions.day(placed.sentence.start, placed.found.start)
            if span and span[0] == "phase":
                return span
            if as_of and _G.from_start.search(self.folded, placed.sentence.start, placed.found.start):
                return "phase", date(as_of.year, 1, 1), as_of
        return self._epidemic(placed, name, period) if topic == "covid" else period

    def _epidemic(self, placed: Placed, name: str, period: Period) -> Period:
        """Period of a figure on the epidemic: its own days, the cut-off, the bulletin's day, or the wave."""
        sentence, found = placed.sentence, placed.found
        bulletin, state = self.outline.day_of_title(), self.state
        said = self.folded[sentence.start : found.start]
        since = re.search(r"(?:từ|kể từ|dịch)\b(?:[^.;]|\.\d)*đến nay", said) is not None
        today = bulletin or (state.day if state.day and state.day[0] == "day" else None)
        total = name.endswith(("_cumulative", "_recovered", "_deaths", "_new"))
        if since and period[0] == "day" and today is None:
            written = self.outline.written
            return ("phase", period[1], written) if written > period[1] and self.outline.is_dated else period
        if since and today and period[0] == "day" and period[2] < today[2]:
            return ("phase", period[1], today[2]) if total and "_new_" not in name else today
        if period[0] in ("day", "phase") and (period[2] - period[1]).days < 300 and not since:
            return period
        until = self.text.mentions.cutoff(sentence.start, found.start)
        if until or name.endswith("_cumulative"):
            last = until or (today[2] if today else self.outline.written)
            return "point", last, last
        wave = self.text.mentions.wave
        if (
            wave
            and not bulletin
            and name in ("covid_wave_number", "covid_phase_count", "covid_task_groups", "measure_days")
        ):
            return wave
        passage = self.outline.document.passages[sentence.passage].start
        return bulletin or self.text.mentions.day(passage, found.start) or state.day or period


def _is_lasting(period: Period, year: int) -> bool:
    """Whether later sentences may still be about a period."""
    if period[0] == "phase":
        return 80 < (period[2] - period[1]).days < 366 and period[2].year >= year
    return period[0] != "day" and period[1].year >= year


def _until(last: date) -> Period:
    """Period from the beginning of a year up to a day."""
    return {3: "quarter", 6: "half", 12: "year"}.get(last.month, "ytd"), date(last.year, 1, 1), last


def is_in_year(period: Period) -> bool:
    """Whether a period is a part of a year."""
    return period[0] in (*IN_YEAR, "month")
