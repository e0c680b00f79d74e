"""Proposals: every figure of a report with indicator, entity, period, basis and confidence.

Responsibility: walk through a document and put together what grammar, labels, periods and basis say. Nothing is decided
that a person cannot see in the columns: an unknown figure keeps its value, unit and place with an empty indicator and a
low confidence.

Terms: *confidence* = estimated probability that value, unit, indicator, entity, period and basis are all right.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from kg_analysis.ingest.document import Document
from kg_analysis.ingest.figures_claims import FIGURE, SECTION, Found
from kg_analysis.ingest.match_basis import basis_of, comparator_of
from kg_analysis.ingest.match_choice import match_cell, match_subject
from kg_analysis.ingest.match_dates import date_indicator
from kg_analysis.ingest.match_dimensions import area_of, entity_of, special_item, status_of
from kg_analysis.ingest.match_labels import compile_labels
from kg_analysis.ingest.match_reading import Figure, Matched, Reading
from kg_analysis.ingest.match_roles import Codebook
from kg_analysis.ingest.match_rows import COLUMNS, amount_columns, label_of, place_columns
from kg_analysis.ingest.match_tables import Placed
from kg_analysis.ingest.match_timing import Timing
from kg_analysis.ingest.wording import holding
from kg_analysis.periods import Period

__all__ = ["COLUMNS", "propose"]

_REACHED = ("/met", "/exceeded", "/met_or_exceeded", "/missed", "/missed_economic")
_UNKNOWN, _NO_FIGURE, _DATE = 0.3, 0.95, 0.85  # confidence of a figure without indicator, of an exclusion, of a date
_CELL_MOST = 0.89  # no table is so clear that a person need not look


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
    reading = Reading(document, year, area_code, Codebook(indicators), compile_labels(patterns))
    return pd.DataFrame(_rows(reading), columns=list(COLUMNS))


def _rows(reading: Reading) -> list[dict[str, Any]]:
    """All rows in text order."""
    result, timing = [], Timing(reading)
    starts = [each.start for each in reading.sentences]
    previous: Matched | None = None
    last = -1
    for position, found in enumerate(reading.found):
        index = holding(reading.sentences, starts, found.start)
        if index != last:
            previous, last = None, index
        if found.kind != FIGURE:
            result.append(_other(reading, found, index))
            continue
        figure = reading.surroundings(position, index, previous)
        if placed := reading.tables.at(found.number_start):
            result.append(_cell(reading, timing, figure, placed, index))
            continue
        previous = match_subject(reading, figure, index)
        result.append(_row(reading, timing, figure, previous, index))
    return result


def _row(reading: Reading, timing: Timing, figure: Figure, matched: Matched, index: int) -> dict[str, Any]:
    """Row of a figure."""
    found, name, book = figure.found, matched.indicator, reading.book
    topic = book.topics.get(name, "")
    dated = reading.calendar.of_figure(
        found, figure.sentence, figure.clause, figure.following, reading.earlier(index), topic in ("covid", "tasks")
    )
    as_of = timing.as_of(figure, name)
    period = timing.period(figure, name, dated.period, as_of)
    dimension, item, entity, entity_sure = _entity(reading, figure, name, period)
    basis, basis_sure = _basis(reading, timing, figure, name, item, period, as_of)
    area, area_name = area_of(reading.entities, reading.folded, figure.sentence.start, found.start, reading.area_code)
    far = topic == "covid" and period != dated.period and reading.calendar.day_of_title() is None
    dated_sure = min(dated.certainty, 0.8) if far else dated.certainty  # its day is not printed near it
    number_sure = 0.75 if found.doubtful else 1.0
    confidence = _joint(matched.certainty, dated_sure, basis_sure, entity_sure, number_sure) if name else _UNKNOWN
    return (
        place_columns(reading, found, index)
        | amount_columns(reading, found, name)
        | {
            "indicator": name,
            "area_code": area,
            "dimension": dimension,
            "item": item,
            "entity": entity or area_name,
            **_days(period),
            "basis": basis,
            "comparator": comparator_of(
                reading.folded, found.end, name, book.kinds.get(name, ""), _is_reached(name, item)
            ),
            "as_of": as_of.isoformat() if as_of else "",
            "confidence": round(confidence * (1.0 if area == reading.area_code else 0.9), 3),
            "label": label_of(reading, figure, matched),
            "topic": topic,
        }
    )


def _cell(reading: Reading, timing: Timing, figure: Figure, placed: Placed, index: int) -> dict[str, Any]:
    """Row of a figure in a table; the number that only counts its rows is none."""
    if placed.is_index:
        return place_columns(reading, figure.found, index) | {"confidence": _NO_FIGURE, "kind": SECTION}
    matched = match_cell(reading, placed.read(figure.found), placed)
    figure = replace(figure, found=matched.found, partner=matched.found, chain=placed.label[0], previous=None)
    row = _row(reading, timing, figure, matched, index)
    sectors = [each for each in reading.entities.between(*placed.label) if each.dimension == "sector"]
    if sectors and matched.indicator.startswith(("grdp", "iip")):
        row |= {"dimension": "sector", "item": sectors[0].item, "entity": sectors[0].name}
    if placed.period:
        row |= _days(timing.period(figure, matched.indicator, placed.period, None))
    label = reading.document.text[placed.label[0] : placed.label[1]].strip()
    return row | {
        "basis": placed.basis or row["basis"],
        "label": label,
        "confidence": min(row["confidence"], _CELL_MOST),
    }


def _basis(
    reading: Reading, timing: Timing, figure: Figure, name: str, item: str, period: Period, as_of: date | None
) -> tuple[str, float]:
    """Basis of a figure; counts of what was reached or missed are results like levels and rates."""
    book = reading.book
    is_result = _is_reached(name, item) or f"{name}_target" in book.units or book.topics.get(name) == "growth"
    kind = "level" if is_result else book.kinds.get(name, "")
    calendar = reading.calendar
    basis, sure = basis_of(
        reading.folded, timing.setting(figure), period, as_of, calendar.written, reading.year, kind, name
    )
    basis = timing.same_basis(figure.sentence.passage, name, period, basis)
    in_year = period[0] in ("half", "quarter", "ytd", "month") and kind in ("level", "rate", "ratio", "mean")
    if (
        basis == "actual"
        and in_year
        and as_of is None
        and (period in timing.estimated_periods or not calendar.is_dated)
    ):
        sure = min(sure, 0.86)  # the text calls other figures of the period estimates, or is not dated
    return basis, sure


def _is_reached(name: str, item: str) -> bool:
    return item.endswith(_REACHED) or name.startswith("districts_")


def _entity(reading: Reading, figure: Figure, name: str, period: Period) -> tuple[str, str, str, float]:
    """Dimension, item, readable name and certainty of what tells a figure apart."""
    found, sentence, entities = figure.found, figure.sentence, reading.entities
    if not name:
        return "", "", "", 1.0
    above = " ".join(reading.folded[start:end] for start, end in reading.above[sentence.passage])
    span, own = (sentence.start, sentence.end), (found.start, figure.partner.end)
    bounds = (figure.chain, figure.following)
    dimension, item = status_of(name, entities, reading.folded, span, own, bounds, found.pair == "second", above)
    if dimension:
        quarter = period[0] == "quarter" and dimension == "programme_status"
        return dimension, f"{item}_q{(period[1].month + 2) // 3}" if quarter else item, "", 0.95
    if special := special_item(name, reading.folded, span, (found.start, found.end), reading.wave):
        return *special, "", 0.98
    behind = entities.between(found.end, min(sentence.end, found.end + 60)) if "_rank" in name else ()
    if regions := [each for each in behind if each.dimension == "region"]:
        return "region", regions[0].item, regions[0].name, 0.98
    dimension, entity = entity_of(name, entities, max(figure.clause, sentence.start), found.start, figure.clause)
    return (dimension, entity.item, entity.name, 0.99) if entity else ("", "", "", 1.0)


def _other(reading: Reading, found: Found, index: int) -> dict[str, Any]:
    """Row of what is no figure; a date that a label claims is one."""
    row = place_columns(reading, found, index) | {"confidence": _NO_FIGURE}
    if found.period is None or index < 0:
        return row
    sentence, calendar = reading.sentences[index], reading.calendar
    span = (sentence.start, sentence.end)
    mentions = [each for each in reading.mentions.between(found.start - 45, found.end) if each.end >= found.end]
    name = date_indicator(found, mentions, reading.folded, reading.hits, reading.book, span, calendar.written)
    row |= _days(found.period)
    if not name:
        return row
    special = special_item(name, reading.folded, span, (found.start, found.end), reading.wave) or ("", "")
    return row | {
        "indicator": name,
        "unit_id": reading.book.units[name],
        "qualifier": "exact",
        "dimension": special[0],
        "item": special[1],
        "basis": _basis_of_date(name, found.period, calendar.written),
        "confidence": _DATE,
        "topic": reading.book.topics[name],
        "kind": FIGURE,
    }


def _days(period: Period) -> dict[str, str]:
    return {"period_type": period[0], "period_start": period[1].isoformat(), "period_end": period[2].isoformat()}


def _basis_of_date(name: str, period: Period, written: date) -> str:
    """A span that is not over is planned; a cut-off ahead of the day of writing is estimated."""
    if "scenario" in name:
        return "scenario"
    if period[0] != "day":
        return "plan" if period[2] > written or name.endswith("push_period") else "actual"
    return "estimate" if period[1] > written else "actual"


def _joint(*certainties: float) -> float:
    """Certainty of all together: what each leaves in doubt adds up."""
    return max(0.05, 1.0 - sum(1.0 - each for each in certainties))
