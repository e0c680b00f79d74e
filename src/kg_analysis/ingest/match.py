"""Proposals: every figure of a report with indicator, entity, period, basis and confidence.

Responsibility: walk through a document sentence by sentence and put together what grammar, labels, periods and basis
say. Nothing is decided that a person cannot see in the columns: an unknown figure keeps its value, unit and place with
an empty indicator and a low confidence.

Terms: *confidence* = estimated probability that value, unit, indicator, period and basis are all right.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kg_analysis.ingest.document import Document
from kg_analysis.ingest.figures import find_figures
from kg_analysis.ingest.figures_claims import FIGURE, Found
from kg_analysis.ingest.match_basis import Setting, basis_of, comparator_of
from kg_analysis.ingest.match_dates import date_indicator
from kg_analysis.ingest.match_entities import Entities, area_of, entity_of, find_entities, special_item, status_of
from kg_analysis.ingest.match_headings import headings, title_lines
from kg_analysis.ingest.match_labels import BEFORE, GROWTH, OTHER, Hits, compile_labels, find_labels
from kg_analysis.ingest.match_periods import Calendar
from kg_analysis.ingest.match_subjects import (
    Candidate,
    Codebook,
    after_candidate,
    before_candidate,
    behind_candidate,
    role_of,
    strangers,
)
from kg_analysis.ingest.wording import Sentence, fold, holding, sentences
from kg_analysis.periods import Period, period_bounds
from kg_analysis.vietnamese import NEGATIVE

COLUMNS = (
    "start",
    "end",
    "as_printed",
    "value",
    "decimals",
    "unit",
    "unit_id",
    "qualifier",
    "indicator",
    "area_code",
    "dimension",
    "item",
    "entity",
    "period_type",
    "period_start",
    "period_end",
    "basis",
    "comparator",
    "as_of",
    "confidence",
    "section",
    "place",
    "label",
    "topic",
    "context",
    "kind",
)
_POWERS = {"bn_vnd": 9, "mn_vnd": 6, "mn_usd": 6}
_UNITS = {
    "pct": "pct",
    "points": "percentage_point",
    "usd": "mn_usd",
    "people": "persons",
    "weight": "tonnes",
    "area": "ha",
    "cases": "cases",
    "per_day": "cases_per_day",
    "times": "times",
    "rank": "rank",
    "places": "count",
    "count": "count",
    "score": "points",
    "": "count",
}
_DAILY = ("covid", "task", "measure", "vaccin")
_LEAST = 0.4  # below it an indicator is rather left to the person


@dataclass(frozen=True)
class _Figure:
    """A figure with its surroundings."""

    found: Found
    partner: Found
    sentence: Sentence
    clause: int
    chain: int
    following: int
    previous: _Matched | None


@dataclass(frozen=True)
class _Matched:
    """What a figure was found to measure."""

    found: Found
    candidate: Candidate | None
    certainty: float
    indicator: str
    is_known: bool = True  # whether the words before it are known, so that a further figure may go on from it
    is_behind: bool = False  # whether its label stands behind it


def propose(
    document: Document, *, year: int, area_code: str = "91", indicators: pd.DataFrame, patterns: pd.DataFrame
) -> pd.DataFrame:
    """Every figure of a report with what it most likely measures, and every other digit with why it is none.

    Parameters
    ----------
    document : Document
    year : int
        Year that the report reviews.
    area_code : str, optional
        Area that the report is about.
    indicators : DataFrame
        The codebook, with its id as column or index.
    patterns : DataFrame
        Label patterns, see ``data/label_patterns.csv``.

    Returns
    -------
    DataFrame
        One row a stretch of text, in text order, with the columns ``COLUMNS``: ``value`` in ``unit_id`` as sign and
        unit word say, also where ``qualifier`` makes it a bound; ``kind`` is ``figure``, ``legal_reference`` or the
        reason why digits are no figure.
    """
    reader = _Reader(document, year, area_code, Codebook(indicators), compile_labels(patterns))
    return pd.DataFrame(reader.rows(), columns=list(COLUMNS))


class _Reader:
    """One pass through a document."""

    def __init__(self, document: Document, year: int, area_code: str, book: Codebook, tree: dict[str, Any]) -> None:
        self.document, self.year, self.area_code, self.book = document, year, area_code, book
        self.folded = fold(document.text)
        self.found = find_figures(document.text, self.folded, year)
        self.sentences = sentences(document)
        self._starts = [each.start for each in self.sentences]
        self.hits: Hits = find_labels(tree, self.folded)
        self.entities: Entities = find_entities(document.text, self.folded, self.hits)
        self._passage_starts = [each.start for each in document.passages]
        self.above = headings(document)
        self.titles = title_lines(document)
        self.calendar = Calendar(document, self.folded, self.found, self.above, year)
        self.cutoffs: dict[str, Any] = {}
        self.estimated: set[tuple[int, str, Period]] = set()
        self.wave = next(
            (each[1] for each in re.finditer(r"(?:đợt dịch|làn sóng)[^.;\d]{0,30}thứ (\d)", self.folded)), ""
        )

    def rows(self) -> list[dict[str, Any]]:
        """All rows in text order."""
        result = []
        previous: _Matched | None = None
        index_of = -1
        for position, found in enumerate(self.found):
            index = holding(self.sentences, self._starts, found.start)
            if index != index_of:
                previous, index_of = None, index
            if found.kind != FIGURE:
                result.append(self._other(found, index))
                continue
            figure = self._surroundings(position, index, previous)
            row, previous = self._row(figure, index)
            result.append(row)
        return result

    def _surroundings(self, position: int, index: int, previous: _Matched | None) -> _Figure:
        found, sentence = self.found[position], self.sentences[index]
        clause = max(self.folded.rfind(";", sentence.start, found.start) + 1, sentence.start)
        chain = previous.found.end if previous else sentence.start
        partner = found
        following = sentence.end
        for later in self.found[position + 1 : position + 12]:
            if later.start >= sentence.end:
                break
            if found.pair == "first" and later.pair == "second" and partner is found:
                partner = later
                continue
            if later.kind == FIGURE:
                following = later.start
                break
        return _Figure(found, partner, sentence, clause, chain, following, previous)

    # -- what it measures -------------------------------------------------------------------------------------------

    def _match(self, figure: _Figure, index: int) -> _Matched:
        found = figure.found
        role = role_of(found, self.folded, figure.sentence.start)
        after = (
            after_candidate(figure.partner, role, self.folded, self.hits, self.book) if found.form != "rank" else None
        )
        before = before_candidate(
            found,
            role,
            self.folded,
            self.hits,
            self.entities,
            self.book,
            figure.sentence.start,
            figure.chain,
            self._previous(figure),
        )
        if _is_threshold(figure, role, self.folded):
            return _Matched(found, None, 0.3, "")
        behind = None
        if role in ("neutral", "share") and (before is None or (figure.previous and figure.previous.is_behind)):
            behind = behind_candidate(found, role, self.hits, self.book, self.folded, figure.following)
        chosen, certainty = (behind, 0.9) if behind else self._chosen(figure, after, before)
        if chosen is None and self._is_open(figure):
            chosen, certainty = self._inherited(figure, role, index)
        name = chosen.indicator if chosen else ""
        if name and found.pair == "second":
            name = self._whole(name, role)
        if f"{name}_target" in self.book.units and re.search(
            r"(?:kế hoạch|chỉ tiêu)(?: là| năm)?\s*$", self.folded[max(found.start - 20, 0) : found.start]
        ):
            name = f"{name}_target"
        if name == "task_count" and figure.previous and figure.previous.indicator == "programme_item_count":
            name = "programme_item_count"  # of the programme's schemes and tasks, the tasks
        if certainty < _LEAST:
            name = ""
        known = bool(name) or strangers(self.folded, figure.chain, found.start, self.hits, self.entities) == 0
        known = known and (figure.previous is None or bool(name) or figure.previous.is_known)
        return _Matched(found, chosen, certainty, name, known, behind is not None)

    def _previous(self, figure: _Figure) -> tuple[Found, Candidate | None] | None:
        return (figure.previous.found, figure.previous.candidate) if figure.previous else None

    def _chosen(
        self, figure: _Figure, after: Candidate | None, before: Candidate | None
    ) -> tuple[Candidate | None, float]:
        """The better of the two labels with its certainty."""
        if after and after.indicator.endswith("_new") and self._is_cumulative(figure, before, after):
            return replace(after, indicator=after.indicator.removesuffix("_new") + "_cumulative"), 0.95
        if before and before.indicator.endswith("_new") and not after and self._is_cumulative(figure, None, before):
            return replace(before, indicator=before.indicator.removesuffix("_new") + "_cumulative"), 0.93
        if after and (figure.found.unit_class in ("count", "cases", "people", "") or before is None):
            return after, 0.98 if after.indicator else 0.2
        if before is None:
            return None, 0.0
        certainty = (0.985, 0.93, 0.8, 0.6, 0.35)[min(before.strangers, 4)] * 0.95 ** min(before.passed, 3)
        if figure.previous and before.end <= figure.chain:
            certainty *= self._carried(figure.previous, before)
        return before, certainty if before.indicator else 0.2

    def _carried(self, previous: _Matched, before: Candidate) -> float:
        """How far a label still holds behind another figure of the sentence."""
        if not previous.is_known:
            return 0.35
        if previous.candidate and previous.candidate.start == before.start:
            return min(1.0, previous.certainty / 0.98)
        return 0.97

    def _is_cumulative(self, figure: _Figure, before: Candidate | None, after: Candidate) -> bool:
        """Whether a count of new cases is one since the beginning: lũy kế, tổng số, từ đầu dịch đến nay."""
        if after.indicator.removesuffix("_new") + "_cumulative" not in self.book.units:
            return False
        said = self.folded[max(figure.chain, figure.found.start - 90) : figure.found.start]
        whole = re.search(
            r"(?:tổng số|tổng cộng|lũy kế|cộng dồn)\s*(?:có|là|:|ghi nhận)?\s*$|từ đầu (?:\S+ )?dịch|đến nay[^.;]*$|tính đến[^.;]*là\s*$",
            said,
        )
        return bool(whole) or bool(before and before.indicator.endswith("_cumulative"))

    def _is_open(self, figure: _Figure) -> bool:
        """Whether a figure may take its label from beyond its sentence: the sentence names no other subject before it."""
        if figure.previous is not None and not figure.previous.indicator:
            return False
        named = self.hits.between(figure.sentence.start, figure.found.number_start)
        return not any(
            label.subject and label.place == BEFORE for hit in named for label in hit.labels if label.subject != GROWTH
        )

    def _inherited(self, figure: _Figure, role: str, index: int) -> tuple[Candidate | None, float]:
        """Label of the sentence before, of the headings or of the title, where nothing else is named in between."""
        found = figure.found
        unknown = strangers(self.folded, figure.chain, found.start, self.hits, self.entities)
        listed = any(
            each.end >= found.start - 3
            for each in self.entities.between(max(figure.chain, found.start - 60), found.start)
        )
        if found.unit_class in ("count", "", "time", "money", "million") or unknown > (5 if listed else 1):
            return None, 0.3
        unknown = min(unknown, 1)
        passage = self.document.passages[figure.sentence.passage]
        last = self.sentences[index - 1] if index > 0 else None
        if last and last.passage != figure.sentence.passage and not listed:
            last = None
        topic = self._named_in(found, role, last.start, last.end) if last else None
        if topic and not topic.indicator:
            return None, 0.3
        earlier = topic or before_candidate(
            found, role, self.folded, self.hits, self.entities, self.book, passage.start, figure.chain
        )
        if earlier and earlier.indicator:
            return earlier, 0.85 * (0.98, 0.85)[unknown]
        for start, stop in self.above[figure.sentence.passage]:
            candidate = self._named_in(found, role, start, stop)
            if candidate and candidate.indicator and not unknown:
                return candidate, 0.8
        return None, 0.3

    def _named_in(self, found: Found, role: str, start: int, stop: int) -> Candidate | None:
        """Indicator that a heading or title names."""
        for hit in self.hits.between(start, stop):
            for label in hit.labels:
                if label.subject == OTHER and label.place == BEFORE:
                    return Candidate("", label, hit.start, hit.end)
                subject = "grdp_growth" if label.subject == GROWTH else label.subject
                if subject and (name := self.book.resolve(subject, role, found.unit_class, found.unit)):
                    return Candidate(name, label, hit.start, hit.end)
        return None

    def _whole(self, name: str, role: str) -> str:
        """Indicator of the b of a printed a/b."""
        stem = name.partition("_")[0]
        for each in (f"{name}_target", f"{name}_of", f"{stem}_plan"):
            if each in self.book.units and self.book.units[each] == self.book.units[name]:
                return each
        return "district_count" if name.startswith("districts_") else name

    # -- rows -------------------------------------------------------------------------------------------------------

    def _row(self, figure: _Figure, index: int) -> tuple[dict[str, Any], _Matched]:
        found, sentence = figure.found, figure.sentence
        matched = self._match(figure, index)
        name, kind = matched.indicator, self.book.kinds.get(matched.indicator, "")
        daily = self.book.topics.get(name, "") in ("covid", "tasks")
        earlier = self._earlier(index)
        dated = self.calendar.of_figure(found, sentence, figure.clause, figure.following, earlier, daily)
        as_of = self._as_of(figure, name)
        period, sure = self._period(figure, name, dated.period, as_of), dated.certainty
        if self.book.topics.get(name) == "covid" and period[0] == "year":
            sure = 0.7  # no day is printed near it
        dimension, item, entity, entity_sure = self._entity(figure, name, period)
        reached = item.endswith(
            ("/met", "/exceeded", "/met_or_exceeded", "/missed", "/missed_economic")
        ) or name.startswith("districts_")
        is_result = reached or f"{name}_target" in self.book.units or self.book.topics.get(name) == "growth"
        basis, basis_sure = basis_of(
            self.folded,
            self._setting(figure),
            period,
            as_of,
            self.calendar.written,
            self.year,
            "level" if is_result else kind,
            name,
        )
        confidence = (
            0.3
            if not name
            else _joint(matched.certainty, sure, basis_sure, entity_sure, 0.75 if found.doubtful else 1.0)
        )
        basis = self._same_basis(sentence.passage, name, period, basis)
        row = self._base(found, index) | self._amount(found, name)
        area, area_name = area_of(self.entities, self.folded, sentence.start, found.start, self.area_code)
        if area != self.area_code:
            confidence *= 0.9
        row |= {
            "indicator": name,
            "area_code": area,
            "dimension": dimension,
            "item": item,
            "entity": entity or area_name,
            "period_type": period[0],
            "period_start": period[1].isoformat(),
            "period_end": period[2].isoformat(),
            "basis": basis,
            "comparator": comparator_of(self.folded, found.end, name, kind, reached),
            "as_of": as_of.isoformat() if as_of else "",
            "confidence": round(confidence, 3),
            "label": self._label(figure, matched),
            "topic": self.book.topics.get(name, ""),
            "kind": FIGURE,
        }
        return row, matched

    def _same_basis(self, passage: int, name: str, period: Period, basis: str) -> str:
        """Estimate, where the passage has called the same indicator of the same period one."""
        if self.book.kinds.get(name) in ("count", "date", "period"):
            return basis
        key = (passage, "growth" if self.book.topics.get(name) == "growth" else name, period)
        if basis == "estimate":
            self.estimated.add(key)
        return "estimate" if basis == "actual" and name and key in self.estimated else basis

    def _earlier(self, index: int) -> list[Sentence]:
        """Up to three sentences before one, of its passage, the nearest first."""
        found = []
        for each in reversed(self.sentences[max(index - 3, 0) : index]):
            if each.passage != self.sentences[index].passage:
                break
            found.append(each)
        return found

    def _setting(self, figure: _Figure) -> Setting:
        above = [
            self.folded[start:end]
            for start, end in self.above[figure.sentence.passage]
            if (start, end) not in self.titles
        ]
        title = " ".join(self.folded[start:end] for start, end in self.titles)
        return Setting(figure.sentence.start, figure.clause, figure.found.start, above, title)

    def _other(self, found: Found, index: int) -> dict[str, Any]:
        """Row of what is no figure; a date that a label claims is one."""
        row = self._base(found, index) | dict.fromkeys(
            (
                "unit",
                "unit_id",
                "qualifier",
                "indicator",
                "dimension",
                "item",
                "entity",
                "period_type",
                "period_start",
                "period_end",
                "basis",
                "comparator",
                "as_of",
                "label",
                "topic",
            ),
            "",
        )
        row |= {"value": None, "decimals": None, "confidence": 0.95, "kind": found.kind}
        if found.period is None or index < 0:
            return row
        sentence = self.sentences[index]
        mentions = [each for each in self.calendar.between(found.start - 45, found.end) if each.end >= found.end]
        name = date_indicator(
            found, mentions, self.folded, self.hits, self.book, (sentence.start, sentence.end), self.calendar.written
        )
        period = found.period
        row |= {"period_type": period[0], "period_start": period[1].isoformat(), "period_end": period[2].isoformat()}
        if name:
            special = special_item(
                name, self.folded, (sentence.start, sentence.end), (found.start, found.end), self.wave
            ) or ("", "")
            row |= {
                "indicator": name,
                "unit_id": self.book.units[name],
                "qualifier": "exact",
                "dimension": special[0],
                "item": special[1],
                "basis": _basis_of_date(name, period, self.calendar.written),
                "confidence": 0.85,
                "topic": self.book.topics[name],
                "kind": FIGURE,
            }
        return row

    def _base(self, found: Found, index: int) -> dict[str, Any]:
        at = bisect_right(self._passage_starts, found.start) - 1
        passage = self.document.passages[at] if at >= 0 else None
        sentence = self.sentences[index] if index >= 0 else None
        return {
            "start": found.start,
            "end": found.end,
            "as_printed": self.document.text[found.start : found.end],
            "area_code": self.area_code,
            "section": passage.section if passage else "",
            "place": passage.place if passage else "",
            "context": self.document.text[sentence.start : sentence.end].strip() if sentence else "",
        }

    def _amount(self, found: Found, name: str) -> dict[str, Any]:
        """Value, decimals and unit, in the codebook's unit where the indicator is known."""
        unit = self.book.units.get(name, "") or _default_unit(found)
        shift = (
            (found.power - _POWERS.get(unit, 0))
            if found.unit_class in ("money", "million", "usd", "people", "weight", "area", "count")
            else 0
        )
        value = None if found.value is None else found.value.scaleb(shift)
        if (
            value is not None
            and name.endswith(("_change", "_vs_expectation"))
            and value > 0
            and not found.direction
            and self._falls(found)
        ):
            value = -value
        return {
            "value": None if value is None else float(value),
            "decimals": None if found.value is None else max(0, found.decimals - shift),
            "unit": found.unit,
            "unit_id": unit,
            "qualifier": found.qualifier,
        }

    def _falls(self, found: Found) -> bool:
        """Whether the clause before a change says that it falls: giảm tỷ lệ hộ nghèo 0,5%."""
        before = self.folded[max(found.start - 60, 0) : found.start]
        words = [each for each in ("giảm", "tăng", "thấp hơn", "cao hơn") if each in before]
        return bool(words) and max(words, key=before.rindex) in NEGATIVE

    def _as_of(self, figure: _Figure, name: str) -> Any:
        sentence, found = figure.sentence, figure.found
        said = self.calendar.cutoff(sentence.start, found.start) or self.calendar.cutoff(
            found.end, min(sentence.end, found.end + 40)
        )
        if (
            name.startswith("task_count")
            and (span := self.calendar.day(sentence.start, found.start))
            and span[0] == "phase"
        ):
            return span[2]
        topic = self.book.topics.get(name, "")
        if topic != "investment":
            return said if topic != "" and (topic != "covid" or name.endswith("_cumulative")) else None
        if name.endswith(("_plan", "_groups")):
            return None
        section = self.document.passages[sentence.passage].section
        if said:
            self.cutoffs[section] = said
            return said
        plan = (
            "phấn đấu" in self.folded[sentence.start : found.start]
            or "yêu cầu" in self.folded[sentence.start : found.start]
        )
        return (
            None
            if plan or re.search(r"\bước\b", self.folded[figure.clause : found.start])
            else self.cutoffs.get(section)
        )

    def _period(self, figure: _Figure, name: str, period: Period, as_of: Any) -> Period:
        """Period of the kind that the indicator is counted over."""
        topic = self.book.topics.get(name, "")
        if topic == "investment":
            of = period[1].year
            if as_of and not self.calendar.between(figure.clause, figure.found.start):
                of = as_of.year - (as_of.month == 1)
            return "budget_year", *period_bounds("budget_year", of)
        if topic != "covid":
            return period
        return self._epidemic_period(figure, name, period)

    def _epidemic_period(self, figure: _Figure, name: str, period: Period) -> Period:
        """Period of a figure on the epidemic: its own days, the cut-off, the bulletin's day, or the wave."""
        sentence, found = figure.sentence, figure.found
        bulletin = self.calendar.day_of_title()
        said = self.folded[sentence.start : found.start]
        since = re.search(r"(?:từ|kể từ|dịch)\b[^.;]*đến nay", said) is not None
        if since and bulletin and period[0] == "day" and period[2] < bulletin[2]:
            if name.endswith(("_cumulative", "_recovered", "_deaths")):
                return "phase", period[1], bulletin[2]
            return bulletin
        if period[0] in ("day", "phase") and not since:
            return period
        until = self.calendar.cutoff(sentence.start, found.start)
        if until or name.endswith("_cumulative"):
            last = until or (bulletin[2] if bulletin else self.calendar.written)
            return "point", last, last
        wave = self.calendar.wave()
        if (
            wave
            and not bulletin
            and name in ("covid_wave_number", "covid_phase_count", "covid_task_groups", "measure_days")
        ):
            return wave
        return bulletin or self.calendar.day(self.document.passages[sentence.passage].start, found.start) or period

    def _entity(self, figure: _Figure, name: str, period: Period) -> tuple[str, str, str, float]:
        found, sentence = figure.found, figure.sentence
        if not name:
            return "", "", "", 1.0
        above = " ".join(self.folded[start:end] for start, end in self.above[sentence.passage])
        dimension, item = status_of(
            name,
            self.entities,
            self.folded,
            (sentence.start, sentence.end),
            (found.start, figure.partner.end),
            (figure.chain, figure.following),
            found.pair == "second",
            above,
        )
        if dimension:
            quarter = period[0] == "quarter" and dimension == "programme_status"
            return dimension, f"{item}_q{(period[1].month + 2) // 3}" if quarter else item, "", 0.95
        if special := special_item(
            name, self.folded, (sentence.start, sentence.end), (found.start, found.end), self.wave
        ):
            return *special, "", 0.98
        if "_rank" in name and (
            behind := [
                each
                for each in self.entities.between(found.end, min(sentence.end, found.end + 60))
                if each.dimension == "region"
            ]
        ):
            return "region", behind[0].item, behind[0].name, 0.98
        dimension, entity = entity_of(
            name, self.entities, max(figure.clause, sentence.start), found.start, figure.clause
        )
        if entity is None:
            return "", "", "", 1.0
        known = bool(dimension) and dimension in ("sector", "unit", "fund_source", "index", "region", "district")
        return dimension, entity.item, entity.name, 0.99 if known else 0.9

    def _label(self, figure: _Figure, matched: _Matched) -> str:
        """Words that name the figure."""
        candidate, found = matched.candidate, figure.found
        if candidate and candidate.start < found.start:
            return " ".join(self.document.text[candidate.start : candidate.end].split())
        if candidate:
            return " ".join(self.document.text[found.start : candidate.end].split())
        return " ".join(self.document.text[max(figure.chain, found.start - 60) : found.start].split()[-8:])


def _basis_of_date(name: str, period: Period, written: Any) -> str:
    """A span that is not over is planned; a cut-off ahead of the day of writing is estimated."""
    if "scenario" in name:
        return "scenario"
    if period[0] != "day":
        return "plan" if period[2] > written or name.endswith("push_period") else "actual"
    return "estimate" if period[1] > written else "actual"


def _joint(*certainties: float) -> float:
    """Certainty of all together: what each leaves in doubt adds up."""
    return max(0.05, 1.0 - sum(1.0 - each for each in certainties))


def _is_threshold(figure: _Figure, role: str, folded: str) -> bool:
    """Whether a share only bounds the units counted before it: 11 đơn vị giải ngân dưới 30%."""
    previous, found = figure.previous, figure.found
    if previous is None or role != "neutral" or found.qualifier == "exact" or previous.found.unit_class != "count":
        return False
    return not any(each in folded[previous.found.end : found.start] for each in ",;:")


def _default_unit(found: Found) -> str:
    if found.unit_class in ("money", "million"):
        return "bn_vnd" if found.power >= 9 else "mn_vnd"
    if found.unit_class == "time":
        return {"ngày": "days", "năm": "years"}.get(found.unit, "")
    return _UNITS.get(found.unit_class, "")
