"""Numerals of a text: amounts with sign, direction, hedge, unit and bound; a/b, ranges, ranks and counts in words.

Responsibility: every numeral that is neither date nor name becomes a figure, and its token is what a person would type
from the page. A numeral with something unseen, a blank, a look-alike letter or an apostrophe inside is read whole and
marked as doubtful, never cut. What a figure measures is ``frames``'s matter.

Terms: *kind* = ``figure``, ``legal_reference``, or the reason why digits are no figure; *form* = how a figure is
printed: amount, rank, rank_of, date, period, word; *class* = units that measure the same thing, e.g. money; *power* =
of ten, from the printed unit to the class's own: đồng, USD, tấn, người; *noun* = the word that a count counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kg_analysis.ingest import grammar
from kg_analysis.vietnamese import BOUNDS_AFTER, HEDGES, NEGATIVE

FIGURE, REFERENCE = "figure", "legal_reference"
CONTEXT, NAME, SECTION, ARTEFACT = "context_period", "name", "section_number", "page_artefact"
_U = grammar("units")
_CLASSES: dict[str, tuple[str, int]] = {
    **{word: (kind, 0) for kind, words in _U.plain.items() for word in words},
    **{
        f"{scale}{word}": (kind, power)
        for kind, words in _U.scaled.items()
        for word in words
        for scale, power in _U.scales.items()
        if kind in ("money", "usd") or (power < 9 and (power or kind != "count"))
    },
    **{word: (kind, power) for word, (kind, power) in _U.powers.items()},
}
_KNOWN, _NO_NOUN = frozenset(_U.nouns), frozenset(_U.no_noun.split())
_G = grammar("numerals", units=tuple(_CLASSES), nouns=tuple(_U.nouns), hedges=tuple(HEDGES), bounds=tuple(BOUNDS_AFTER))
_LOOK_BACK = 48  # characters before a numeral that may belong to it
_MIRROR = {"approx_below": "approx_above", "approx_above": "approx_below", "at_least": "at_most", "at_most": "at_least"}


@dataclass(frozen=True)
class Found:
    """A stretch of text and what it is; offsets in characters."""

    start: int  # of the token as a person would type it, direction, hedge and unit included
    end: int
    kind: str
    form: str = ""  # empty where it is no figure
    number_start: int = 0  # of the numeral itself
    number_end: int = 0
    value: Decimal | None = None  # as sign and numeral say, in the printed unit
    decimals: int = 0
    unit: str = ""  # or the counted noun, as printed, also where the page prints it after the next number
    unit_class: str = ""
    power: int = 0
    direction: str = ""  # word that carries it, folded: tăng, giảm, vượt …
    qualifier: str = "exact"
    pair: str = ""  # first or second of a printed a/b; low or high of a printed range
    noun_end: int = 0  # after a noun that a comma divides (63 tỉnh, thành phố), of which the token holds the first part
    period: tuple[str, date, date] | None = None  # type, first and last day, of dates and periods
    doubtful: bool = False  # the numeral can be read in more than one way
    broken: bool = False  # something that belongs to no numeral stands inside it


class Claims:
    """Stretches of a text that are already accounted for; the first claim on a character stands."""

    def __init__(self, length: int) -> None:
        self.found: list[Found] = []
        self.taken = bytearray(length)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing between the offsets is claimed."""
        return self.taken.find(1, start, end) < 0

    def add(self, item: Found) -> bool:
        """Claim a stretch; False where part of it is taken."""
        if not self.is_free(item.start, item.end):
            return False
        self.taken[item.start : item.end] = b"\x01" * (item.end - item.start)
        self.found.append(item)
        return True


@dataclass(frozen=True)
class Unit:
    """Unit word behind a numeral; both offsets at the numeral's end where there is none."""

    start: int
    end: int
    unit: str = ""
    unit_class: str = ""
    power: int = 0


def read_unit(folded: str, end: int) -> Unit:
    """Unit or counted noun that follows a numeral ending at ``end``."""
    unit, noun = _G.unit.match(folded, end, end + 40), _G.noun.match(folded, end, end + 40)
    if unit and not (noun and noun["noun"] and noun.end() > unit.end()):
        word = " ".join(unit[unit.lastgroup].split())
        kind, power = _CLASSES[word.partition("/")[0] if unit["per"] else word]
        kind = "price" if word.endswith(("/kg", "/lít")) else kind
        return Unit(unit.start(unit.lastgroup), unit.end(unit.lastgroup), word, kind, power)
    if noun and (noun["noun"] or noun["any"] not in _NO_NOUN):
        return Unit(noun.start(noun.lastgroup), noun.end(noun.lastgroup), noun[noun.lastgroup], "count")
    return Unit(end, end)


class Number(NamedTuple):
    """A numeral with the words right before it that belong to it, its unit, and a word behind that bounds it."""

    start: int
    end: int
    text: str
    before: re.Match[str]  # groups rank, direction, hedge, sign
    unit: Unit
    bound: re.Match[str] | None  # e.g. trở lên

    @property
    def direction(self) -> str:
        """Word that carries the sign; none in "giảm từ 6,4% xuống còn 5,2%", a level before the change."""
        return "" if self.is_level else self.before["direction"] or ""

    @property
    def hedge(self) -> str:
        """Word that bounds the number; "từ" does only with a word behind: "từ 95% trở lên"."""
        return "" if self.is_level else self.before["hedge"] or ""

    @property
    def is_level(self) -> bool:
        """Whether "từ" stands before it and nothing behind bounds it."""
        return self.before["hedge"] == "từ" and self.bound is None


def read_number(folded: str, found: re.Match[str]) -> Number:
    """A numeral of the folded text with what stands before and behind it."""
    before = _G.before.search(folded, max(found.start() - _LOOK_BACK, 0), found.start())
    unit = read_unit(folded, found.end())
    return Number(*found.span(), found[0], before, unit, _G.after.match(folded, unit.end))


def amount(folded: str, found: re.Match[str]) -> Found:
    """One amount, or a rank that no total follows, with what belongs to its token."""
    number = read_number(folded, found)
    said = number.before[0] if number.before["rank"] and not number.before["direction"] else ""
    is_rank = ("thứ" in said or "hạng" in said) and number.unit.unit_class in ("", "count")
    return rank(number) if is_rank else figure(folded, number, number.unit)


def rank(number: Number) -> Found:
    """Rank that a numeral prints; its token begins at ``thứ`` where that word stands before it."""
    start = number.start
    if number.before["rank"] and "thứ" in number.before[0]:
        start = number.before.start() + number.before[0].rindex("thứ")
    value, decimals, doubtful = _value(number.text)
    span = (number.start, number.end)
    return Found(start, number.end, FIGURE, "rank", *span, value, decimals, unit_class="rank", doubtful=doubtful)


def figure(folded: str, number: Number, unit: Unit) -> Found:
    """Amount that a numeral prints in a unit.

    ``unit`` is its own, or that of the next number where the page prints it once for both; that one begins at -1, so
    that the token does not reach to it.
    """
    value, decimals, doubtful = _value(number.text)
    direction, hedge, before = number.direction, number.hedge, number.before
    negative = direction in NEGATIVE or before["sign"] is not None
    start = number.start  # of the token: a direction that gives the sign, a hedge that bounds it, or the numeral
    if direction in _G.kept or (direction in _G.directions and not unit.unit):
        start = before.start("direction")
    elif (hedge or before["sign"]) and not number.is_level:
        start = before.start("hedge" if hedge else "sign")
    end, noun_end = unit.end if unit.start >= number.end else number.end, 0
    if unit.unit_class == "count" and "," in unit.unit and unit.start >= number.end:
        noun_end, end = end, folded.index(",", unit.start)
        unit = replace(unit, unit=unit.unit.partition(",")[0])
    if number.bound:
        bound = _G.after.match(folded, unit.end if unit.unit else number.end)
        end = bound.end() if bound else unit.end
    qualifier = (number.bound and BOUNDS_AFTER[number.bound["bound"]]) or HEDGES.get(hedge, "exact")
    return Found(
        *(start, end, FIGURE, "amount", number.start, number.end),
        -value if value is not None and negative else value,
        *(decimals, unit.unit, unit.unit_class, unit.power, direction),
        _MIRROR.get(qualifier, qualifier) if negative else qualifier,
        doubtful=doubtful,
        broken=re.fullmatch(r"[\d.,]+", number.text) is None,
        noun_end=noun_end,
    )


def _value(numeral: str) -> tuple[Decimal | None, int, bool]:
    """Value, decimals and whether another reading is possible."""
    numeral = _G.inside.sub("", numeral).replace("o", "0").replace("l", "1")
    if _G.grouped.fullmatch(numeral):
        numeral, is_doubtful = numeral.replace(".", "").replace(",", "."), False
    elif _G.english.fullmatch(numeral):
        numeral, is_doubtful = numeral.replace(",", ""), True
    elif _G.point.fullmatch(numeral):
        is_doubtful = True
    else:
        return None, 0, True
    return Decimal(numeral), len(numeral.partition(".")[2]), is_doubtful


def claim_amounts(claims: Claims, text: str, folded: str) -> None:
    """Claim every numeral that is still free as a figure, and counts spelled in words."""
    free = list(_free(claims, text, folded))
    skip = -1
    ranked = 0  # end of a printed rank among others, which a further one may follow: xếp thứ 4/13 … và 26/63
    for index, found in enumerate(free):
        if found.start() < skip:
            continue
        following = free[index + 1] if index + 1 < len(free) else None
        among = ranked > 0 and re.fullmatch(r"[^.;\d]{0,60}(?:,|và)\s*", folded[ranked : found.start()]) is not None
        items = _pair(folded, found, following, among) or _range(folded, found, following) or [amount(folded, found)]
        for item in items:
            claims.add(_fitted(claims, item))
        skip = items[-1].number_end
        ranked = items[-1].end if items[-1].form == "rank_of" else 0
    for found in _G.spelled.finditer(folded):
        (start, end), noun = found.span("number"), found["noun"]
        value, kind = Decimal(_G.counted[found["number"]]), "cases" if noun == "ca" else "count"
        claims.add(Found(start, found.end(), FIGURE, "word", start, end, value, 0, noun, kind))
    for found in _G.ordinal.finditer(folded):
        start, end = found.span("number")
        if found["before"] or found["after"]:  # xếp thứ nhất vùng; where neither side says that it is a rank, a name
            value = Decimal(_G.ordinals[found["number"]])
            claims.add(Found(start - 4, end, FIGURE, "rank", start, end, value, 0, "", "rank"))
        else:
            claims.add(Found(start - 4, end, NAME))


def is_idle(found: Found) -> bool:
    """Whether a number counts what no report counts: 2 sân, 7 nhánh; its noun is in no list. Or only says how long."""
    if found.unit in ("ngày", "tuần", "tháng", "năm"):
        return True
    plain = found.form == "amount" and found.unit_class == "count" and found.decimals == 0 and not found.direction
    return plain and found.pair not in ("first", "second") and found.unit not in _KNOWN


def _free(claims: Claims, text: str, folded: str) -> Iterator[re.Match[str]]:
    """Numerals that nothing has claimed; cells of a table are never one numeral."""
    at = 0
    while found := _G.numeral.search(folded, at):
        if found["broken"] and ("\t" in text[found.start() : found.end()] or not claims.is_free(*found.span())):
            found = _G.plain.search(folded, found.start())
        if claims.is_free(*found.span()):
            yield found
        at = found.end()


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
    whole = replace(figure(folded, two, two.unit), pair="second")
    if not re.fullmatch(r"\s*/\s*", folded[first.end() : second.start()]):
        alike = one.unit.unit and one.unit.unit_class == two.unit.unit_class
        if not alike or folded[one.unit.end : second.start()].strip() != "/":
            return []
        return [replace(figure(folded, one, one.unit), pair="first"), whole]
    listed = two.text in ("63", "34", "13") and not one.unit.unit  # provinces of the country, of the delta
    listed = listed and _G.ranked.search(folded, max(first.start() - 150, 0), first.start()) is not None
    if (one.before["rank"] or among or listed) and one.before["direction"] is None:
        return [replace(rank(one), pair="first"), replace(whole, form="rank_of")]
    shared = replace(two.unit, start=-1, end=one.end)  # printed after the second number, holds for both
    return [replace(figure(folded, one, shared), pair="first"), whole]


def _range(folded: str, first: re.Match[str], second: re.Match[str] | None) -> list[Found]:
    """Two bounds of a printed range: 6,5 - 7%, từ 120 đến 150 ca."""
    gap = folded[first.end() : second.start()] if second else ""
    if second is None or len(gap) > 40 or not any(each in gap for each in ("-", "đến", "tới")):
        return []
    one, two = read_number(folded, first), read_number(folded, second)
    between = _G.range.fullmatch(folded[(one.unit.end if one.unit.unit else first.end()) : second.start()])
    if (
        between is None
        or _G.listed.match(folded, two.unit.end or second.end())
        or (one.unit.unit and one.unit.unit_class != two.unit.unit_class)
    ):
        return []
    if ("đến" in between[0] or "tới" in between[0]) and one.before["hedge"] != "từ" and one.unit.unit:
        return []
    low = figure(folded, one, one.unit if one.unit.unit else replace(two.unit, start=-1, end=first.end()))
    high = figure(folded, two._replace(before=one.before), two.unit)
    if low.value is not None and high.value is not None and abs(low.value) > abs(high.value):
        return []
    bounds = ("at_most", "at_least") if low.value is not None and low.value < 0 else ("at_least", "at_most")
    if one.before["hedge"] == "từ" and low.start == low.number_start:
        low = replace(low, start=one.before.start("hedge"))
    direction = one.before["direction"] or ""
    return [
        replace(low, qualifier=bounds[0], direction=direction, pair="low"),
        replace(high, start=second.start(), qualifier=bounds[1], direction=direction, pair="high"),
    ]


def _fitted(claims: Claims, item: Found) -> Found:
    """The token, cut back to the numeral where a neighbour has taken part of it."""
    start = item.start if claims.is_free(item.start, item.number_start) else item.number_start
    end = item.end if claims.is_free(item.number_end, item.end) else item.number_end
    return replace(item, start=start, end=end)
