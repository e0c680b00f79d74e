"""Amounts of a text: which numerals are figures, alone or two together.

Responsibility: every numeral that is neither date nor name becomes a figure: one amount, two for a printed a/b or a
range, a rank and the number ranked. Words that stand for a small count are read before the nouns that reports count.
What one numeral says with the words around it is ``figures_numerals``'s matter.

Terms: see ``figures_claims``; *noun* = the word that a count counts, e.g. ``nhiệm vụ``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from kg_analysis.ingest.figures_claims import FIGURE, NAME, Claims, Found
from kg_analysis.ingest.figures_numerals import Number, amount, figure, rank, read_number
from kg_analysis.ingest.figures_units import NOUNS, SPELLED, SPELLED_BEFORE

_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_RANGE = re.compile(r"\s*(?:-|đến|tới)\s*")


def claim_amounts(claims: Claims, text: str, folded: str) -> None:
    """Claim every numeral that is still free as a figure, and counts spelled in words."""
    free = [each for each in _NUMERAL.finditer(folded) if claims.is_free(*each.span())]
    skip = -1
    ranked = 0  # end of a printed rank among others, which a further one may follow: xếp thứ 4/13 … và 26/63
    for index, found in enumerate(free):
        if found.start() < skip:
            continue
        following = free[index + 1] if index + 1 < len(free) else None
        among = ranked > 0 and re.fullmatch(r"[^.;\d]{0,60}(?:,|và)\s*", folded[ranked : found.start()]) is not None
        joined = _pair(folded, found, following, among) or _range(folded, found, following)
        items = joined if joined else [amount(folded, found)]
        for item in items:
            claims.add(_widened(claims, item))
        skip = items[-1].number_end
        ranked = items[-1].end if items[-1].form == "rank_of" else 0
    for found in SPELLED_BEFORE.finditer(folded):
        claims.add(_spelled(found))


def claim_rest(claims: Claims, folded: str) -> None:
    """Claim digits that nobody claimed, so that none is dropped."""
    for found in re.finditer(r"[0-9]+", folded):
        if claims.is_free(*found.span()):
            claims.add(Found(found.start(), found.end(), NAME))


def _pair(folded: str, first: re.Match[str], second: re.Match[str] | None, among: bool) -> list[Found]:
    """Two figures of a printed a/b: a rank among, a part of a total."""
    if second is None or second.start() - first.end() > 24 or "/" not in folded[first.end() : second.start()]:
        return []
    one, two = read_number(folded, first), read_number(folded, second)
    if not re.fullmatch(r"\s*/\s*", folded[first.end() : second.start()]):
        if (
            not one.unit.unit
            or one.unit.unit_class != two.unit.unit_class
            or folded[one.unit.end : second.start()].strip() != "/"
        ):
            return []
        return [
            replace(figure(folded, one, one.unit), pair="first"),
            replace(figure(folded, two, two.unit), pair="second"),
        ]
    if (one.before["rank"] or among) and one.before["direction"] is None:
        ranked = replace(figure(folded, two, two.unit), form="rank_of", pair="second")
        return [replace(rank(one), pair="first"), ranked]
    whole = replace(figure(folded, two, two.unit), pair="second")
    shared = replace(two.unit, start=-1, end=one.end)  # printed after the second number, holds for both
    part = replace(figure(folded, one, shared), pair="first")
    return [part, whole]


def _range(folded: str, first: re.Match[str], second: re.Match[str] | None) -> list[Found]:
    """Two bounds of a printed range: 6,5 - 7%, từ 120 đến 150 ca."""
    gap = folded[first.end() : second.start()] if second else ""
    if second is None or len(gap) > 40 or not any(each in gap for each in ("-", "đến", "tới")):
        return []
    one, two = read_number(folded, first), read_number(folded, second)
    between = _RANGE.fullmatch(folded[(one.unit.end if one.unit.unit else first.end()) : second.start()])
    if between is None or (one.unit.unit and one.unit.unit_class != two.unit.unit_class):
        return []
    if ("đến" in between[0] or "tới" in between[0]) and one.before["hedge"] != "từ" and one.unit.unit:
        return []
    low = figure(folded, one, one.unit if one.unit.unit else replace(two.unit, start=-1, end=first.end()))
    high = figure(folded, replace_before(two, one), two.unit)
    if low.value is not None and high.value is not None and abs(low.value) > abs(high.value):
        return []
    bounds = ("at_most", "at_least") if low.value is not None and low.value < 0 else ("at_least", "at_most")
    if one.before["hedge"] == "từ" and low.start == low.number_start:
        low = replace(low, start=one.before.start("hedge"))
    direction = one.before["direction"] or ""
    return [
        replace(low, qualifier=bounds[0], direction=direction),
        replace(high, start=second.start(), qualifier=bounds[1], direction=direction),
    ]


def replace_before(number: Number, first: Number) -> Number:
    """The second number of a range under the first one's direction."""
    return replace(number, before=first.before)


def _widened(claims: Claims, item: Found) -> Found:
    """The token, cut back to the numeral where a neighbour has taken part of it."""
    start, end = item.start, item.end
    if not claims.is_free(start, item.number_start):
        start = item.number_start
    if not claims.is_free(item.number_end, end):
        end = item.number_end
    return replace(item, start=start, end=end)


def _spelled(found: re.Match[str]) -> Found:
    noun = found["noun"]
    unit_class = NOUNS.get(noun, "count")
    value = Decimal(SPELLED[found["number"]])
    return Found(
        found.start("number"),
        found.end(),
        FIGURE,
        "word",
        found.start("number"),
        found.end("number"),
        value,
        0,
        noun,
        unit_class,
    )
