"""Amounts of a text: numerals with their sign, direction, hedge, unit and bound.

Responsibility: every numeral that is neither date nor name becomes a figure: one amount, two for a printed a/b or a
range, a rank and the number ranked. Words that stand for a small count are read before the nouns that reports count.

Terms: see ``figures_claims``; *noun* = the word that a count counts, e.g. ``nhiệm vụ``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from kg_analysis.ingest.figures_claims import FIGURE, NAME, Claims, Found
from kg_analysis.ingest.figures_units import NOUNS, SPELLED, SPELLED_BEFORE, Unit, read_unit
from kg_analysis.vietnamese import BOUNDS_AFTER, HEDGES, NEGATIVE

_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_DIRECTIONS = (
    "tăng",
    "giảm",
    "vượt",
    "âm",
    "hụt",
    "cao hơn",
    "thấp hơn",
    "tăng thêm",
    "giảm bớt",
    "vượt trên",
    "gấp",
    "đạt",
    "bằng",
)
_HEDGE = "|".join(sorted(HEDGES, key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?:\b(?P<rank>thứ|hạng|vị trí(?: thứ)?|xếp|đứng)\s+(?:thứ\s+|"
    rf"hạng\s+)?)?(?:\b(?P<direction>{'|'.join(sorted(_DIRECTIONS, key=len, reverse=True))})\s+(?:thêm\s+)?)?"
    rf"(?:\b(?P<hedge>{_HEDGE})\s+)?(?P<sign>(?<![\d%\w])(?<![\d%]\s)-|(?<=âm )-\s)?$"
)
_LOOK_BACK = 48
_AFTER = re.compile(rf"\s+(?P<bound>{'|'.join(BOUNDS_AFTER)})\b")
_RANGE = re.compile(r"\s*(?:-|đến|tới)\s*")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+")
_POINT = re.compile(r"\d+\.\d{1,2}|\d+\.\d{4,}")
_KEPT = ("tăng", "giảm", "vượt", "âm", "hụt", "cao hơn", "thấp hơn")  # a token is typed with these
_MIRROR = {"approx_below": "approx_above", "approx_above": "approx_below", "at_least": "at_most", "at_most": "at_least"}


@dataclass(frozen=True)
class _Number:
    """A numeral with its neighbours on both sides."""

    match: re.Match[str]
    before: re.Match[str]
    unit: Unit
    bound: str

    @property
    def start(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()


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
        items = joined if joined else [_amount(folded, found)]
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


def _read(folded: str, found: re.Match[str]) -> _Number:
    before = _BEFORE.search(folded, max(found.start() - _LOOK_BACK, 0), found.start())
    if before is None:
        raise AssertionError("the pattern before a numeral matches the empty string")
    unit = read_unit(folded, found.end())
    bound = _AFTER.match(folded, unit.end)
    return _Number(found, before, unit, bound["bound"] if bound else "")


def _amount(folded: str, found: re.Match[str]) -> Found:
    """One amount with what belongs to its token."""
    number = _read(folded, found)
    ordinal = number.before["rank"] and ("thứ" in number.before[0] or "hạng" in number.before[0])
    if not number.before["direction"] and (ordinal and number.unit.unit_class in ("", "count")):
        return _rank(number)
    return _figure(folded, number, number.unit)


def _rank(number: _Number) -> Found:
    start = number.start
    if number.before["rank"] and "thứ" in number.before[0]:
        start = number.before.start() + number.before[0].rindex("thứ")
    value, decimals, doubtful = _value(number.match[0])
    return Found(
        start,
        number.end,
        FIGURE,
        "rank",
        number.start,
        number.end,
        value,
        decimals,
        unit_class="rank",
        doubtful=doubtful,
    )


def _figure(folded: str, number: _Number, unit: Unit) -> Found:
    value, decimals, doubtful = _value(number.match[0])
    direction, hedge = number.before["direction"] or "", number.before["hedge"] or ""
    if hedge == "từ" and not number.bound:
        direction = ""  # "giảm từ 6,4% xuống còn 5,2%" is a level before the change
    negative = direction in NEGATIVE or number.before["sign"] is not None
    if value is not None and negative:
        value = -value
    start = _token_start(number, unit)
    end = unit.end if unit.start >= number.end else number.end
    noun_end = 0
    if unit.unit_class == "count" and "," in unit.unit and unit.start >= number.end:
        noun_end, end = end, folded.index(",", unit.start)
        unit = replace(unit, unit=unit.unit.partition(",")[0])
    if number.bound:
        end = _after_bound(folded, unit.end if unit.unit else number.end)
    return Found(
        start,
        end,
        FIGURE,
        "amount",
        number.start,
        number.end,
        value,
        decimals,
        unit.unit,
        unit.unit_class,
        unit.power,
        direction,
        _qualifier(hedge, number.bound, negative),
        doubtful=doubtful,
        noun_end=noun_end,
    )


def _after_bound(folded: str, end: int) -> int:
    found = _AFTER.match(folded, end)
    return found.end() if found else end


def _token_start(number: _Number, unit: Unit) -> int:
    """Where the token begins: at a direction that gives the sign, a hedge that bounds it, or the numeral."""
    before = number.before
    direction, hedge = before["direction"], before["hedge"]
    if hedge == "từ" and not number.bound:
        return number.start
    if direction in _KEPT or (direction in _DIRECTIONS and not unit.unit):
        return before.start("direction")
    if hedge and (hedge != "từ" or number.bound):
        return before.start("hedge")
    return before.start("sign") if before["sign"] else number.start


def _qualifier(hedge: str, bound: str, negative: bool) -> str:
    before, after = HEDGES.get(hedge, ""), BOUNDS_AFTER.get(bound, "")
    if hedge == "từ" and not after:
        before = ""  # "từ 6,4% xuống còn 5,2%" bounds nothing
    qualifier = after or before or "exact"
    return _MIRROR.get(qualifier, qualifier) if negative else qualifier


def _value(numeral: str) -> tuple[Decimal | None, int, bool]:
    """Value, decimals and whether another reading is possible."""
    if _GROUPED.fullmatch(numeral):
        return Decimal(numeral.replace(".", "").replace(",", ".")), len(numeral.partition(",")[2]), False
    if _ENGLISH.fullmatch(numeral):
        return Decimal(numeral.replace(",", "")), len(numeral.partition(".")[2]), True
    if _POINT.fullmatch(numeral):
        return Decimal(numeral), len(numeral.partition(".")[2]), True
    return None, 0, True


def _pair(folded: str, first: re.Match[str], second: re.Match[str] | None, among: bool) -> list[Found]:
    """Two figures of a printed a/b: a rank among, a part of a total."""
    if second is None or second.start() - first.end() > 24 or "/" not in folded[first.end() : second.start()]:
        return []
    one, two = _read(folded, first), _read(folded, second)
    if not re.fullmatch(r"\s*/\s*", folded[first.end() : second.start()]):
        if (
            not one.unit.unit
            or one.unit.unit_class != two.unit.unit_class
            or folded[one.unit.end : second.start()].strip() != "/"
        ):
            return []
        return [
            replace(_figure(folded, one, one.unit), pair="first"),
            replace(_figure(folded, two, two.unit), pair="second"),
        ]
    if (one.before["rank"] or among) and one.before["direction"] is None:
        ranked = replace(_figure(folded, two, two.unit), form="rank_of", pair="second")
        return [replace(_rank(one), pair="first"), ranked]
    whole = replace(_figure(folded, two, two.unit), pair="second")
    shared = replace(two.unit, start=-1, end=one.end)  # printed after the second number, holds for both
    part = replace(_figure(folded, one, shared), pair="first")
    return [part, whole]


def _range(folded: str, first: re.Match[str], second: re.Match[str] | None) -> list[Found]:
    """Two bounds of a printed range: 6,5 - 7%, từ 120 đến 150 ca."""
    gap = folded[first.end() : second.start()] if second else ""
    if second is None or len(gap) > 40 or not any(each in gap for each in ("-", "đến", "tới")):
        return []
    one, two = _read(folded, first), _read(folded, second)
    between = _RANGE.fullmatch(folded[(one.unit.end if one.unit.unit else first.end()) : second.start()])
    if between is None or (one.unit.unit and one.unit.unit_class != two.unit.unit_class):
        return []
    if ("đến" in between[0] or "tới" in between[0]) and one.before["hedge"] != "từ" and one.unit.unit:
        return []
    low = _figure(folded, one, one.unit if one.unit.unit else replace(two.unit, start=-1, end=first.end()))
    high = _figure(folded, replace_before(two, one), two.unit)
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


def replace_before(number: _Number, first: _Number) -> _Number:
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
