"""Proposals: every figure of a report with indicator, entity, period, basis and confidence.

Responsibility: read a document once from its outer frames to its inner ones and put together what they say. Nothing is
decided that a person cannot see in the columns: an unknown figure keeps its value, unit and place with an empty
indicator and a low confidence.

Terms: see ``frames``; *evidence* = how each part of a proposal was found, which ``confidence`` weighs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.ingest import grammar
from kg_analysis.ingest.attributes import (
    Setting,
    basis_of,
    comparator_of,
    dimensions_of,
    home_of,
    item_of,
    planner_of,
    special_item,
)
from kg_analysis.ingest.confidence import checked
from kg_analysis.ingest.dates import Mentions, claim_dates, claim_marks, claim_names, claim_periods, claim_references
from kg_analysis.ingest.document import Document, Sentence, fold, sentences
from kg_analysis.ingest.frames import REACH, Candidate, Cell, Outline, Placed, Tables, Text
from kg_analysis.ingest.labels import BEFORE, GROWTH, UPPER, Codebook, compile_labels, role_of
from kg_analysis.ingest.meaning import Meaning, is_in_year
from kg_analysis.ingest.members import Matched, basis_of_date, date_subject
from kg_analysis.ingest.numerals import FIGURE, NAME, SECTION, Claims, Found, claim_amounts, claim_rest, is_idle
from kg_analysis.ingest.subjects import Lead, match_subject, of_span
from kg_analysis.vietnamese import Period, period_bounds

_G, _E = grammar("draft"), grammar("entities", upper=UPPER)

# fmt: off
COLUMNS = (
    "start", "end", "as_printed", "value", "decimals", "unit", "unit_id", "qualifier", "indicator", "area_code",
    "dimension", "item", "entity", "period_type", "period_start", "period_end", "basis", "comparator", "as_of",
    "confidence", "evidence", "section", "place", "label", "topic", "context", "kind",
)
# fmt: on
_NO_FIGURE, _IDLE, _DATE = 0.95, 0.6, 0.85  # confidence of an exclusion, of a number of no known thing, of a date
_REACHED = ("/met", "/exceeded", "/met_or_exceeded", "/missed", "/missed_economic", "/over_half", "/under_half")
_DISTANT = 60  # characters between a label and its figure


_MOST_CHARACTERS, _MOST_FIGURES = 1_000_000, 30_000


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
        unit word say, also where ``qualifier`` makes it a bound; ``evidence`` says what the confidence rests on, and
        which check a figure fails; ``kind`` is ``figure``, ``legal_reference`` or the reason why digits are no figure.
    """
    if (size := len(document.text)) > _MOST_CHARACTERS:
        raise DataError(
            f"the report has {size} characters, at most {_MOST_CHARACTERS} are drafted at once; split it into its parts"
        )
    if (count := sum(1 for _ in re.finditer(r"\d+", document.text))) > _MOST_FIGURES:
        raise DataError(f"the report has {count} numbers, at most {_MOST_FIGURES} are drafted at once; split it")
    reader = _Reader(document, year, area_code, Codebook(indicators), patterns)
    return pd.DataFrame(checked(reader.rows()), columns=list(COLUMNS))


def find_figures(text: str, folded: str, year: int) -> list[Found]:
    """All figures, references and exclusions of a text, in text order; together they hold every digit of it."""
    claims = Claims(len(text))
    claim_references(claims, folded)
    claim_marks(claims, folded)
    claim_dates(claims, folded, year)
    claim_names(claims, folded)
    claim_periods(claims, folded, year)
    claim_amounts(claims, text, folded)
    claim_rest(claims, folded)
    return sorted(claims.found, key=lambda each: each.start)


class _Reader:
    """One document, read from its outer frames to its inner ones."""

    def __init__(self, document: Document, year: int, area: str, book: Codebook, patterns: pd.DataFrame) -> None:
        self.document, self.year, self.own_area, self.book = document, year, area, book
        self.folded = fold(document.text)
        self.found = find_figures(document.text, self.folded, year)
        self.sentences = sentences(document)
        self.mentions = Mentions(self.folded, self.found, year)
        self.text = Text(document.text, self.folded, self.mentions, compile_labels(patterns), book)
        self.outline = Outline(document, self.mentions, self.found, year)
        self.meaning = Meaning(self.text, self.outline, area)
        self.home, self.is_local = home_of(self.text, area)
        self.tables = Tables(document, self.folded, self.mentions)
        self.wave = next((each[1] for each in _G.wave.finditer(self.folded)), "")
        self.itemised: list[dict[str, Any]] = []  # rows so far that are of a sector, product …
        self.estimated: set[tuple[int, str, Period]] = set()
        self.estimated_below: set[tuple[str, Period]] = set()
        self.written = self.outline.written
        self._above: dict[str, Any] = {"spans": None, "text": ""}

    def rows(self) -> list[dict[str, Any]]:
        """All rows in text order."""
        result: list[dict[str, Any]] = []
        starts = [each.start for each in self.found]
        at = 0
        labelled: list[Candidate] = []  # what the figures of the sentence before were read by
        for index, sentence in enumerate(self.sentences):
            first, stop = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
            result += [self._other(each, -1) for each in self.found[at:first]]
            at = max(at, stop)
            self.meaning.enter(sentence)
            rows, labelled = self._sentence(sentence, index, self.found[first:stop], labelled)
            result += rows
            self.meaning.leave(sentence)
        result += [self._other(each, -1) for each in self.found[at:]]
        return result

    def _sentence(
        self, sentence: Sentence, index: int, found: list[Found], labelled: list[Candidate]
    ) -> tuple[list[dict[str, Any]], list[Candidate]]:
        """Rows of one sentence, and the labels that its figures were read by."""
        rows: list[dict[str, Any]] = []
        placed = {each.found.start: each for each in self.text.walk(sentence, index, found)}
        lead = self._lead(sentence, index, labelled)
        used: list[Candidate] = []
        previous: Matched | None = None
        period: Period | None = None
        for each in found:
            if each.kind != FIGURE:
                rows.append(self._other(each, index))
                continue
            at = placed[each.start]
            if cell := self.tables.at(each.number_start):
                rows.append(self._cell(at, cell))
                continue
            matched = match_subject(self.text, at, previous, lead)
            spelled = each.unit_class == "count" and self.folded[each.number_start].isalpha()  # hai huyện An Biên, …
            if not matched.indicator and (is_idle(each) or spelled or matched.role == "threshold"):
                rows.append(self._place(each, index) | {"confidence": _IDLE, "kind": NAME})
                continue
            previous = matched
            used += [matched.candidate] if matched.candidate and matched.indicator else []
            row = self._row(at, previous, period)
            if row["indicator"] and row.get("source") != "former":
                period = row["period"]
            if each.pair == "high" and rows and rows[-1]["indicator"]:  # both bounds of a range say one thing
                own = ("start", "end", "as_printed", "value", "decimals", "qualifier")
                row = rows[-1] | {name: row[name] for name in own} | {"evidence": dict(rows[-1]["evidence"])}
            rows.append(row)
        self._distribute(sentence, rows)
        self.itemised += [row for row in rows if row["item"]]
        return rows, used

    def _distribute(self, sentence: Sentence, rows: list[dict[str, Any]]) -> None:
        """Deal out what a sentence lists before "lần lượt": so many areas, periods or days as figures, in order."""
        said = _G.in_turn.search(self.folded, sentence.start, sentence.end)
        if said is None:
            return
        group: list[dict[str, Any]] = []
        for row in rows:
            if row["kind"] != FIGURE or row["start"] < said.end() or not row.get("evidence"):
                continue
            gap = self.folded[group[-1]["end"] : row["start"]] if group else self.folded[said.end() : row["start"]]
            if not re.fullmatch(r"[ ,;-]*(?:và|là|đạt|ở mức|mức|tăng|giảm|:)?[ ,]*(?:là |đạt )?", gap):
                break
            group.append(row)
        if len(group) < 2:
            return
        before = max(
            (each["end"] for each in rows if each["kind"] == FIGURE and each["end"] <= said.start()), default=0
        )
        areas = [
            each
            for each in self.text.entities.between(sentence.start, said.start())
            if each.dimension == "area" and each.item != "00"
        ]
        periods = [
            each
            for each in self.mentions.between(max(before, sentence.start), said.start())
            if not each.is_comparison and each.period[0] != "day"
        ]
        sectors = [
            each for each in self.text.entities.between(sentence.start, said.start()) if each.dimension == "sector"
        ]
        named = [each for each in self.itemised if each["indicator"] == group[0]["indicator"]][-len(group) :]
        days = (group[0]["period"][2] - group[0]["period"][1]).days + 1
        for index, row in enumerate(group):
            if len(areas) >= len(group) and len(areas) > 1:
                each = areas[len(areas) - len(group) + index]
                row |= {"area_code": each.item, "entity": each.name}
            elif len(sectors) == len(group) and "sector" in dimensions_of(row["indicator"]):
                each = sectors[index]
                row |= {"dimension": "sector", "item": each.item, "entity": each.name}
            elif "tương ứng" in said[0] and len({each["item"] for each in named}) == len(group):
                row |= {name: named[index][name] for name in ("dimension", "item", "entity")}
            elif len(periods) == len(group):
                row |= _days(self._fitted_again(row, periods[index].period))  # noqa: PLW2901
            elif group[0]["period"][0] == "phase" and days == len(group):
                day = group[0]["period"][1] + timedelta(days=index)
                row |= _days(("day", day, day))  # noqa: PLW2901
            row["evidence"]["listed"] = True

    def _fitted_again(self, row: dict[str, Any], period: Period) -> Period:
        """Period of a row that is dealt out; of a budget year where the row has one."""
        if row["period_type"] == "budget_year":
            return "budget_year", *period_bounds("budget_year", period[1].year)
        return period

    def _lead(self, sentence: Sentence, index: int, labelled: list[Candidate]) -> Lead:
        """What the frames around a sentence leave to it."""
        before, span, passage = None, None, self.document.passages[sentence.passage].start
        if index:
            last = self.sentences[index - 1]
            before = (last.start, last.end)
            span = before if last.passage == sentence.passage or self._opens(last, sentence) else None
        start = min(passage, span[0]) if span else passage
        return Lead(span, before, start, self.outline.above[sentence.passage], labelled)

    def _opens(self, before: Sentence, sentence: Sentence) -> bool:
        """Whether the sentence before is a list's lead-in or goes on behind a break: "Trong đó, …"."""
        begins = self.folded[sentence.start : sentence.start + 60].lstrip(" -+*\n")
        ends = self.folded[before.start : before.end].rstrip()
        return ends.endswith(":") or grammar("meaning").continues.match(begins) is not None

    # -- one figure -------------------------------------------------------------------------------------------------

    def _row(self, placed: Placed, matched: Matched, previous: Period | None) -> dict[str, Any]:
        """Row of a figure, with the evidence for each part of it."""
        found, name, book = placed.found, matched.indicator, self.book
        if name == "grdp_growth_vs_expectation" and "đóng góp" in self.folded[placed.chain : found.start]:
            name = "grdp_contribution"
        topic = book.topics.get(name, "")
        as_of = self.meaning.as_of(placed, name)
        said, source = self.meaning.period(placed, topic, name, previous)
        period = self.meaning.fitted(placed, name, said, source, as_of)
        label = (matched.candidate.start, matched.candidate.end) if matched.candidate else (0, 0)
        dimension, item, entity = item_of(
            self.text, placed, name, label, period, self._headings(placed.sentence.passage), self.wave
        )
        area, area_name, area_source = self.meaning.area(placed)
        of_province = _E.of_province.search(self.folded, max(placed.clause, placed.chain), found.start)
        if self.home and name and not item and area == self.own_area and not of_province:
            dimension = "unit" if name.startswith("pubinv") else "district"
            item, entity, area_source = self.home.item, self.home.name, "home"
        if area == "00" and dimension == "region":  # the country is what the rank is among
            area, area_name, area_source = self.own_area, "", "text"
        basis, basis_source = self._basis(placed, name, item, period, as_of, source)
        if basis == "plan" and basis_source == "aside" and is_in_year(period) and period[0] != "month":
            between = self.mentions.between(max(placed.bracket, placed.chain), found.start)
            if all(each.is_comparison for each in between):
                period = ("year", *period_bounds("year", period[1].year))  # a plan is the year's
        local = self.is_local and area_source == "own" and dimension not in ("district", "unit", "body")
        sources = {"source": source, "basis_source": basis_source, "area_source": area_source}
        marks = {"listed": bool(item), "far": topic == "covid" and period != said, "local": local}
        evidence = self._evidence(placed, matched, name) | sources | marks | self._whole_text(source, said)
        result = bool(name) and _is_result(name, item, topic)
        return (
            self._place(found, placed.index)
            | self.book.amount(found, name, self.folded)
            | {
                "indicator": name,
                "area_code": area,
                "dimension": dimension,
                "item": item,
                "entity": entity or area_name,
                **_days(period),
                "basis": basis,
                "comparator": comparator_of(self.folded, found.end, name, book.kinds.get(name, ""), result),
                "as_of": as_of.isoformat() if as_of else "",
                "label": self._label(placed, matched),
                "topic": topic,
                "source": source,
                "planner": planner_of(self.folded, found.end),
                "period": said,
                "evidence": evidence,
            }
        )

    def _whole_text(self, source: str, said: Period) -> dict[str, bool]:
        """What makes a period doubtful that a figure takes from the text around it."""
        inherited = source not in ("clause", "sentence", "former")
        return {
            "minor": inherited and not self.outline.is_usual(said),
            "rivals": inherited and self.outline.is_mixed,
            "terms": inherited and self.outline.is_of_years,
            "stale": source in ("year", "part", "text", "title") and self.meaning.state.last not in (None, said),
        }

    def _evidence(self, placed: Placed, matched: Matched, name: str) -> dict[str, Any]:
        """How a figure's indicator was found, and what else its sentence holds that it could be about."""
        candidate = matched.candidate
        span = (placed.sentence.start, placed.sentence.end)
        areas = {each.item for each in self.text.entities.between(*span) if each.dimension == "area"}
        periods = {each.period for each in self.mentions.between(*span) if not each.is_comparison}
        named = {
            label.subject
            for hit in placed.hits
            if hit.start >= placed.clause
            for label in hit.labels
            if label.subject and label.place == BEFORE
        }
        return {
            "subject": matched.evidence,
            "role": matched.role,
            "kind": self.book.kinds.get(name, ""),
            "doubtful": placed.found.doubtful,
            "broken": placed.found.broken,
            "strangers": candidate.strangers if candidate else 0,
            "passed": candidate.passed if candidate else 0,
            "generic": bool(candidate and candidate.label and candidate.label.subject == GROWTH),
            "distant": candidate is not None and placed.found.start - candidate.end > _DISTANT,
            "areas": len(areas) > 1,
            "unsaid": matched.role == "neutral" and name.endswith("_plan_ratio"),
            "periods": len(periods) > 1,
            "labels": len(named) > 2,
            "short": candidate is not None and self.folded.count(" ", candidate.start, candidate.end) < 2,
        }

    def _headings(self, passage: int) -> str:
        """Headings above a passage, folded."""
        spans = self.outline.above[passage]
        if self._above["spans"] is not spans:
            self._above = {"spans": spans, "text": " ".join(self.folded[start:end] for start, end in spans)}
        return str(self._above["text"])

    def _basis(
        self, placed: Placed, name: str, item: str, period: Period, as_of: date | None, source: str
    ) -> tuple[str, str]:
        """Basis of a figure and where it is from."""
        book, topic = self.book, self.book.topics.get(name, "")
        kind = (
            "level"
            if (name and _is_result(name, item, topic)) or f"{name}_target" in book.units
            else book.kinds.get(name, "")
        )
        above = self.outline.headings(placed.sentence.passage)
        basis, origin = basis_of(self.meaning, Setting(placed, name, kind, period, source, as_of))
        key = (placed.sentence.passage, "growth" if topic == "growth" else name, period)
        if book.kinds.get(name, "") not in ("count", "date", "period"):
            if basis == "estimate":
                self.estimated.add(key)
            elif basis == "actual" and name and key in self.estimated:
                basis, origin = "estimate", "same"
        if not self.outline.is_dated and above and book.kinds.get(name, "") in ("level", "rate", "ratio"):
            heading = (above[0], period)
            if basis == "estimate" and origin == "words":
                self.estimated_below.add(heading)
            elif origin == "time" and basis == "actual" and heading in self.estimated_below:
                basis, origin = "estimate", "same"
        is_state = name.startswith(("programme_item_count", "online_service_")) or name.endswith("_with_post_share")
        if is_state and origin in ("time", "as_of"):
            origin = "state"  # a state that a report may give for the year that is not over
        if origin == "time" and is_in_year(period) and kind in ("level", "rate", "ratio", "mean") and as_of is None:
            origin = "time_in_year"
        return basis, origin

    # -- cells of tables, dates and what is no figure ---------------------------------------------------------------

    def _cell(self, placed: Placed, cell: Cell) -> dict[str, Any]:
        """Row of a figure in a table; the number that only counts its rows is none."""
        if cell.is_index:
            return self._place(placed.found, placed.index) | {"confidence": _NO_FIGURE, "kind": SECTION}
        matched = self._match_cell(cell.read(placed.found), cell)
        placed = replace(placed, found=matched.found, partner=matched.found, chain=cell.label[0])
        row = self._row(placed, matched, None)
        dimensions = dimensions_of(matched.indicator)
        named = next((each for each in self.text.entities.between(*cell.label) if each.dimension in dimensions), None)
        if named:
            row |= {"dimension": named.dimension, "item": named.item, "entity": named.name}
        if cell.period:
            row |= _days(self.meaning.fitted(placed, matched.indicator, cell.period, "clause", None))
        label = self.document.text[cell.label[0] : cell.label[1]].strip()
        row["evidence"]["subject"] = "cell" if matched.indicator else ""
        return row | {"basis": cell.basis or row["basis"], "label": label}

    def _match_cell(self, found: Found, cell: Cell) -> Matched:
        """What a figure in a table measures: by its row's label, else by the rows above it, the caption, the headings."""  # noqa: E501
        role = role_of(found, self.folded, cell.start)
        if cell.role in ("growth", "plan_ratio", "share", "points") and found.unit_class in ("pct", "points", ""):
            found = replace(found, unit_class="points" if cell.role == "points" else "pct", unit="%")
            role = cell.role
        best = None
        if cell.role != "none" and (cell.role != "" or found.unit_class not in ("", "count")):
            best, unknown = of_span(self.text, found, role, *cell.label), self.text.strangers(*cell.label)
            is_sector = any(each.dimension == "sector" for each in self.text.entities.between(*cell.label))
            if best is None and (unknown == 0 or (unknown == 1 and is_sector)):
                best = of_span(self.text, found, role, cell.caption, cell.label[0])
        return Matched(found, best, best.indicator if best else "", "cell" if best else "")

    def _other(self, found: Found, index: int) -> dict[str, Any]:
        """Row of what is no figure; a date that a label claims is one."""
        row = self._place(found, index) | {"confidence": _NO_FIGURE}
        if found.period is None or index < 0 or found.kind == FIGURE:
            return row
        span = (self.sentences[index].start, self.sentences[index].end)
        name = date_subject(self.text, found, span, self.written)
        row |= _days(found.period)
        if not name:
            return row
        special = special_item(name, self.folded, span, (found.start, found.end), self.wave) or ("", "")
        return row | {
            "indicator": name,
            "unit_id": self.book.units[name],
            "qualifier": "exact",
            "dimension": special[0],
            "item": special[1],
            "basis": basis_of_date(name, found.period, self.written),
            "confidence": _DATE,
            "topic": self.book.topics[name],
            "kind": FIGURE,
        }

    # -- columns ----------------------------------------------------------------------------------------------------

    def _place(self, found: Found, index: int) -> dict[str, Any]:
        """Token, offsets, place and sentence of a find; every other column empty."""
        text, passage, context = self.document.text, self.document.passage_at(found.start), ""
        if index >= 0:  # the sentence, of an endless one the part around the figure
            sentence = self.sentences[index]
            context = text[max(sentence.start, found.start - REACH) : min(sentence.end, found.end + REACH)].strip()
        return dict.fromkeys(COLUMNS, "") | {
            "start": found.start,
            "end": found.end,
            "as_printed": text[found.start : found.end],
            "value": None,
            "decimals": None,
            "area_code": self.own_area,
            "section": passage.section if passage else "",
            "place": passage.place if passage else "",
            "context": context,
            "kind": found.kind,
        }

    def _label(self, placed: Placed, matched: Matched) -> str:
        """Words that name a figure: its label, else the words before it."""
        text, candidate, start = self.document.text, matched.candidate, placed.found.start
        if candidate is None:
            return " ".join(text[max(placed.chain, start - 60) : start].split()[-8:])
        return " ".join(text[min(candidate.start, start) : candidate.end].split())


def _is_result(name: str, item: str, topic: str) -> bool:
    """Whether a count is a result like levels and rates: what was reached or missed."""
    return item.endswith(_REACHED) or name.startswith("districts_") or topic == "growth"


def _days(period: Period) -> dict[str, str]:
    return {"period_type": period[0], "period_start": period[1].isoformat(), "period_end": period[2].isoformat()}
