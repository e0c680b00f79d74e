"""Proposals: every figure of a report with indicator, entity, period, basis and confidence.

Responsibility: walk through a document sentence by sentence and put together what grammar, labels, periods and basis
say. Nothing is decided that a person cannot see in the columns: an unknown figure keeps its value, unit and place with
an empty indicator and a low confidence.

Terms: *confidence* = estimated probability that value, unit, indicator, period and basis are all right.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import pandas as pd

from kg_analysis.ingest.document import Document
from kg_analysis.ingest.figures_claims import FIGURE, Found
from kg_analysis.ingest.match_basis import basis_of, comparator_of
from kg_analysis.ingest.match_choice import match_subject
from kg_analysis.ingest.match_dates import date_indicator
from kg_analysis.ingest.match_entities import area_of, entity_of, special_item, status_of
from kg_analysis.ingest.match_labels import compile_labels
from kg_analysis.ingest.match_reading import Figure, Matched, Reading
from kg_analysis.ingest.match_subjects import (
    Codebook,
)
from kg_analysis.ingest.match_timing import Timing
from kg_analysis.ingest.wording import holding
from kg_analysis.periods import Period
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
    reader = _Reader(Reading(document, year, area_code, Codebook(indicators), compile_labels(patterns)))
    return pd.DataFrame(reader.rows(), columns=list(COLUMNS))


class _Reader:
    """Rows of one document."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.timing = reading, Timing(reading)
        self._starts = [each.start for each in reading.sentences]
        self._passage_starts = [each.start for each in reading.document.passages]

    def rows(self) -> list[dict[str, Any]]:
        """All rows in text order."""
        result = []
        previous: Matched | None = None
        index_of = -1
        for position, found in enumerate(self.reading.found):
            index = holding(self.reading.sentences, self._starts, found.start)
            if index != index_of:
                previous, index_of = None, index
            if found.kind != FIGURE:
                result.append(self._other(found, index))
                continue
            figure = self.reading.surroundings(position, index, previous)
            row, previous = self._row(figure, index)
            result.append(row)
        return result

    def _row(self, figure: Figure, index: int) -> tuple[dict[str, Any], Matched]:
        found, sentence = figure.found, figure.sentence
        matched = match_subject(self.reading, figure, index)
        name, kind = matched.indicator, self.reading.book.kinds.get(matched.indicator, "")
        daily = self.reading.book.topics.get(name, "") in ("covid", "tasks")
        earlier = self.reading.earlier(index)
        dated = self.reading.calendar.of_figure(found, sentence, figure.clause, figure.following, earlier, daily)
        as_of = self.timing.as_of(figure, name)
        period, sure = self.timing.period(figure, name, dated.period, as_of), dated.certainty
        if self.reading.book.topics.get(name) == "covid" and period[0] == "year":
            sure = 0.7  # no day is printed near it
        dimension, item, entity, entity_sure = self._entity(figure, name, period)
        reached = item.endswith(
            ("/met", "/exceeded", "/met_or_exceeded", "/missed", "/missed_economic")
        ) or name.startswith("districts_")
        is_result = (
            reached or f"{name}_target" in self.reading.book.units or self.reading.book.topics.get(name) == "growth"
        )
        basis, basis_sure = basis_of(
            self.reading.folded,
            self.timing.setting(figure),
            period,
            as_of,
            self.reading.calendar.written,
            self.reading.year,
            "level" if is_result else kind,
            name,
        )
        confidence = (
            0.3
            if not name
            else _joint(matched.certainty, sure, basis_sure, entity_sure, 0.75 if found.doubtful else 1.0)
        )
        basis = self.timing.same_basis(sentence.passage, name, period, basis)
        row = self._base(found, index) | self._amount(found, name)
        area, area_name = area_of(
            self.reading.entities, self.reading.folded, sentence.start, found.start, self.reading.area_code
        )
        if area != self.reading.area_code:
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
            "comparator": comparator_of(self.reading.folded, found.end, name, kind, reached),
            "as_of": as_of.isoformat() if as_of else "",
            "confidence": round(confidence, 3),
            "label": self._label(figure, matched),
            "topic": self.reading.book.topics.get(name, ""),
            "kind": FIGURE,
        }
        return row, matched

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
        sentence = self.reading.sentences[index]
        mentions = [
            each for each in self.reading.calendar.between(found.start - 45, found.end) if each.end >= found.end
        ]
        name = date_indicator(
            found,
            mentions,
            self.reading.folded,
            self.reading.hits,
            self.reading.book,
            (sentence.start, sentence.end),
            self.reading.calendar.written,
        )
        period = found.period
        row |= {"period_type": period[0], "period_start": period[1].isoformat(), "period_end": period[2].isoformat()}
        if name:
            special = special_item(
                name, self.reading.folded, (sentence.start, sentence.end), (found.start, found.end), self.reading.wave
            ) or ("", "")
            row |= {
                "indicator": name,
                "unit_id": self.reading.book.units[name],
                "qualifier": "exact",
                "dimension": special[0],
                "item": special[1],
                "basis": _basis_of_date(name, period, self.reading.calendar.written),
                "confidence": 0.85,
                "topic": self.reading.book.topics[name],
                "kind": FIGURE,
            }
        return row

    def _base(self, found: Found, index: int) -> dict[str, Any]:
        at = bisect_right(self._passage_starts, found.start) - 1
        passage = self.reading.document.passages[at] if at >= 0 else None
        sentence = self.reading.sentences[index] if index >= 0 else None
        return {
            "start": found.start,
            "end": found.end,
            "as_printed": self.reading.document.text[found.start : found.end],
            "area_code": self.reading.area_code,
            "section": passage.section if passage else "",
            "place": passage.place if passage else "",
            "context": self.reading.document.text[sentence.start : sentence.end].strip() if sentence else "",
        }

    def _amount(self, found: Found, name: str) -> dict[str, Any]:
        """Value, decimals and unit, in the codebook's unit where the indicator is known."""
        unit = self.reading.book.units.get(name, "") or _default_unit(found)
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
        before = self.reading.folded[max(found.start - 60, 0) : found.start]
        words = [each for each in ("giảm", "tăng", "thấp hơn", "cao hơn") if each in before]
        return bool(words) and max(words, key=before.rindex) in NEGATIVE

    def _entity(self, figure: Figure, name: str, period: Period) -> tuple[str, str, str, float]:
        found, sentence = figure.found, figure.sentence
        if not name:
            return "", "", "", 1.0
        above = " ".join(self.reading.folded[start:end] for start, end in self.reading.above[sentence.passage])
        dimension, item = status_of(
            name,
            self.reading.entities,
            self.reading.folded,
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
            name, self.reading.folded, (sentence.start, sentence.end), (found.start, found.end), self.reading.wave
        ):
            return *special, "", 0.98
        if "_rank" in name and (
            behind := [
                each
                for each in self.reading.entities.between(found.end, min(sentence.end, found.end + 60))
                if each.dimension == "region"
            ]
        ):
            return "region", behind[0].item, behind[0].name, 0.98
        dimension, entity = entity_of(
            name, self.reading.entities, max(figure.clause, sentence.start), found.start, figure.clause
        )
        if entity is None:
            return "", "", "", 1.0
        known = bool(dimension) and dimension in ("sector", "unit", "fund_source", "index", "region", "district")
        return dimension, entity.item, entity.name, 0.99 if known else 0.9

    def _label(self, figure: Figure, matched: Matched) -> str:
        """Words that name the figure."""
        candidate, found = matched.candidate, figure.found
        if candidate and candidate.start < found.start:
            return " ".join(self.reading.document.text[candidate.start : candidate.end].split())
        if candidate:
            return " ".join(self.reading.document.text[found.start : candidate.end].split())
        return " ".join(self.reading.document.text[max(figure.chain, found.start - 60) : found.start].split()[-8:])


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


def _default_unit(found: Found) -> str:
    if found.unit_class in ("money", "million"):
        return "bn_vnd" if found.power >= 9 else "mn_vnd"
    if found.unit_class == "time":
        return {"ngày": "days", "năm": "years"}.get(found.unit, "")
    return _UNITS.get(found.unit_class, "")
