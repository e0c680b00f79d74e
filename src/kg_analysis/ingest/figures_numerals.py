"""One numeral of a text with the words around it: sign, direction, hedge, unit and bound.

Responsibility: what a single numeral says and where its token begins and ends. Which numerals are read, and which
belong together, is ``figures_amounts``'s matter.

Terms: see ``figures_claims``; *token* = the stretch that a person would type from the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from kg_analysis.ingest.figures_claims import FIGURE, Found
from kg_analysis.ingest.figures_units import Unit, read_unit
from kg_analysis.vietnamese import BOUNDS_AFTER, HEDGES, NEGATIVE

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
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+")
_POINT = re.compile(r"\d+\.\d{1,2}|\d+\.\d{4,}")
_KEPT = ("tăng", "giảm", "vượt", "âm", "hụt", "cao hơn", "thấp hơn")  # a token is typed with these
_MIRROR = {"approx_below": "approx_above", "approx_above": "approx_below", "at_least": "at_most", "at_most": "at_least"}


@dataclass(frozen=True)
class Number:
    """A numeral with its neighbours on both sides.

    Attributes
    ----------
    match : re.Match
        The numeral itself.
    before : re.Match
        Words right before it that belong to it, as groups ``rank``, ``direction``, ``hedge`` and ``sign``.
    unit : Unit
        Unit word or counted noun behind it.
    bound : str
        Word behind the unit that bounds it, e.g. ``trở lên``; empty where there is none.
    """

    match: re.Match[str]
    before: re.Match[str]
    unit: Unit
    bound: str

    @property
    def start(self) -> int:
        """Offset of the numeral [characters]."""
        return self.match.start()

    @property
    def end(self) -> int:
        """Offset after the numeral [characters]."""
        return self.match.end()


def read_number(folded: str, found: re.Match[str]) -> Number:
    """A numeral of the folded text with what stands before and behind it; ``found`` is the numeral's match."""
    before = _BEFORE.search(folded, max(found.start() - _LOOK_BACK, 0), found.start())
    if before is None:
        raise AssertionError("the pattern before a numeral matches the empty string")
    unit = read_unit(folded, found.end())
    bound = _AFTER.match(folded, unit.end)
    return Number(found, before, unit, bound["bound"] if bound else "")


def amount(folded: str, found: re.Match[str]) -> Found:
    """One amount, or a rank that no total follows, with what belongs to its token.

    Parameters
    ----------
    folded : str
        The text in its form of comparison.
    found : re.Match
        The numeral in it.
    """
    number = read_number(folded, found)
    ordinal = number.before["rank"] and ("thứ" in number.before[0] or "hạng" in number.before[0])
    if not number.before["direction"] and (ordinal and number.unit.unit_class in ("", "count")):
        return rank(number)
    return figure(folded, number, number.unit)


def rank(number: Number) -> Found:
    """Rank that a numeral prints; its token begins at ``thứ`` where that word stands before it."""
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


def figure(folded: str, number: Number, unit: Unit) -> Found:
    """Amount that a numeral prints in a unit.

    Parameters
    ----------
    folded : str
        The text in its form of comparison.
    number : Number
    unit : Unit
        The numeral's own, or that of the next number where the page prints it once for both; that one begins before the
        numeral's end (at -1), so that the token does not reach to it.
    """
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


def _token_start(number: Number, unit: Unit) -> int:
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
