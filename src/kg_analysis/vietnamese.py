"""Vietnamese figures as reports print them: numerals, amounts and counted lists.

Responsibility: from the printed token to its meaning. A token that could mean two things is refused, never guessed.
No system locale.

Terms: *token* = the piece of text typed from the page, e.g. ``"âm -6,58%"``; *hedge* = a word that makes a number
a rough one ("gần", "hơn", "khoảng") or a bound ("từ … trở lên"); *direction* = a word that carries the sign ("giảm",
"âm", "hụt").
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel.numbers import NumberFormatError, parse_decimal

from kg_analysis.errors import DataError
from kg_analysis.quantities import Interval
from kg_analysis.units import EXACT_UNITS, UNITS

NEGATIVE = ("giảm", "âm", "hụt", "thấp hơn", "thấp hơn dự kiến")
_DIRECTION = ("tăng", "vượt", "cao hơn", "đạt", "bằng", *NEGATIVE)
HEDGES = {
    "gần": "approx_below",
    "dưới": "approx_below",
    "hơn": "approx_above",
    "trên": "approx_above",
    "khoảng": "vague",
    "xấp xỉ": "vague",
    "không dưới": "at_least",
    "từ": "at_least",
    "ít nhất": "at_least",
    "tối thiểu": "at_least",
    "không quá": "at_most",
    "tối đa": "at_most",
}
_MIRROR = {
    "approx_below": "approx_above",
    "approx_above": "approx_below",
    "at_least": "at_most",
    "at_most": "at_least",
}
BOUNDS_AFTER = {"trở lên": "at_least", "trở xuống": "at_most"}


def _either(words: tuple[str, ...]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LONGEST = 24  # characters of a numeral: a thousand trillion with its points and decimals has 23
_NUMERAL = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
_AMOUNT = re.compile(
    rf"(?:thứ\s+)?(?:(?P<direction>{_either(_DIRECTION)})\s+)?(?:(?P<hedge>{_either(tuple(HEDGES))})\s+)?"
    rf"(?P<sign>[-−–])?(?P<number>{_NUMERAL})\s*(?P<unit>[^\d\s,.][^\d]*?)??(?:\s+(?P<suffix>{_either(tuple(BOUNDS_AFTER))}))?",
    re.ASCII | re.IGNORECASE,
)

_RANKS = {
    **dict.fromkeys(("cao nhất", "dẫn đầu", "đứng đầu", "thứ nhất"), 1),
    "thứ hai": 2,
    "thứ ba": 3,
    "thứ tư": 4,
}


@dataclass(frozen=True)
class Amount:
    """A printed amount, in the unit of the codebook.

    Attributes
    ----------
    value : Decimal or None
        The number to show; None where only a bound is printed ("từ 95% trở lên").
    decimals : int
        Decimals the print holds in that unit, at least 0.
    interval : Interval
    qualifier : str
        exact, approx_below, approx_above, at_least, at_most or vague.
    """

    @property
    def bound_kind(self) -> str:
        """What the bounds are: ``exact``, ``rounding``, or ``wording`` where a word sets them."""
        if self.qualifier != "exact":
            return "wording"
        return "exact" if self.interval.is_exact else "rounding"

    value: Decimal | None
    decimals: int
    interval: Interval
    qualifier: str


def parse_number(text: str) -> Decimal:
    """Decimal number from a Vietnamese numeral: ``4.342`` is four thousand, ``4,52`` has two decimals.

    Raises
    ------
    DataError
        If the text is not one numeral: wrong groups (``4.34``), superscripts (``21³``), ratios, words.
    """
    stripped = text.strip().replace("−", "-").replace("–", "-")
    if len(stripped) > _LONGEST:  # which no decimal context holds exactly, either
        raise DataError(f"{text[:_LONGEST]!r}… has more digits than any figure; check where the token ends")
    try:
        if not re.fullmatch(rf"-?{_NUMERAL}", stripped, re.ASCII):  # \d and str.isdigit() would take "21³"
            raise NumberFormatError("not a Vietnamese numeral")
        return parse_decimal(stripped, locale="vi", strict=True)
    except NumberFormatError:
        raise DataError(f"{text!r} is no Vietnamese numeral; write 4.342 for thousands and 4,52 for decimals") from None


def parse_amount(token: str, unit: str) -> Amount:
    """Value, decimals and rounding interval of a printed amount.

    Parameters
    ----------
    token : str
        As printed, with its unit and any direction or hedge word: ``"âm -6,58%"``, ``"từ 95% trở lên"``,
        ``"4.342 tỷ đồng"``, ``"04"``.
    unit : str
        Unit id of the indicator, a key of ``units.UNITS``.

    Returns
    -------
    Amount
        ``"âm -6,58%"`` is -6.58: a sign said twice is one sign.

    Raises
    ------
    DataError
        If the token is not one amount in this unit, or can be read in two ways.
    """
    if unit not in UNITS:
        raise DataError(f"unit {unit!r} is not known; units: {', '.join(UNITS)}")
    match = _AMOUNT.fullmatch(unicodedata.normalize("NFC", token).replace("\u00a0", " ").strip())
    if not match:
        raise DataError(f"{token!r} is not one amount; a ratio such as 11/9 is two figures, a date is kind 'date'")
    power = _scale(token, unit, match["unit"])
    number = parse_number(match["number"])
    printed_decimals = len(match["number"].partition(",")[2])
    decimals = max(0, printed_decimals - power)
    value = number.scaleb(power).quantize(Decimal(1).scaleb(-decimals))
    value = value * _sign(token, match["direction"], match["sign"])
    if unit in EXACT_UNITS and value != value.to_integral_value():
        raise DataError(f"{token!r} has decimals, but {unit} is counted in whole numbers; check the indicator's unit")
    qualifier = _qualifier(token, match["hedge"], match["suffix"])
    if value < 0:
        qualifier = _MIRROR.get(qualifier, qualifier)  # "giảm hơn 20%" is below -20
    return _hedged(value, decimals, printed_decimals - power, unit, qualifier)


def _scale(token: str, unit: str, word: str | None) -> int:
    words, printed = {each.lower(): power for each, power in UNITS[unit].items()}, (word or "").lower()
    if unit == "count" and all(each.isalpha() or each.isspace() for each in printed):
        return 0  # any noun may follow: "64 nhiệm vụ", "204 khách"; a superscript is no noun
    if printed not in words:
        expected = " or ".join(repr(each) for each in words)
        raise DataError(f"{token!r} prints the unit {printed!r}, expected {expected}; check the indicator's unit")
    return words[printed]


def _sign(token: str, direction: str | None, sign: str | None) -> int:
    falls = (direction or "").lower() in NEGATIVE
    if sign and falls and (direction or "").lower() != "âm":
        raise DataError(f"{token!r} says both {direction!r} and a minus sign; find out which is meant")
    return -1 if sign or falls else 1


def _qualifier(token: str, hedge: str | None, suffix: str | None) -> str:
    before, after = HEDGES.get((hedge or "").lower()), BOUNDS_AFTER.get((suffix or "").lower())
    if before == "at_least" and after == "at_most":  # "từ 5 trở xuống"
        return after
    if before and after and before != after:
        raise DataError(f"{token!r} hedges in two ways; find out which is meant")
    return after or before or "exact"


def _hedged(value: Decimal, decimals: int, precision: int, unit: str, qualifier: str) -> Amount:
    if qualifier == "exact":
        rounds = unit not in EXACT_UNITS
        # "5,2 nghìn tỷ" holds no decimals and is rounded to the hundred: precision -2
        half = Fraction(10) ** -precision / 2 if rounds else Fraction(0)
        number = Fraction(value)
        return Amount(value, decimals, Interval(number - half, number + half, number), qualifier)
    number = Fraction(value)
    if qualifier in ("at_least", "at_most"):
        low, high = (number, math.inf) if qualifier == "at_least" else (-math.inf, number)
        return Amount(None, decimals, Interval.bounded(low, high), qualifier)
    # A safe reading of what the word means: one unit of the last digit that is not zero. "hơn 9.950" is 9,950 to 9,960.
    step = Fraction(10) ** int(value.normalize().as_tuple().exponent) if value else Fraction(10) ** -precision
    low = number if qualifier == "approx_above" else number - step
    high = number if qualifier == "approx_below" else number + step
    return Amount(value, decimals, Interval(low, high, number), qualifier)


def parse_rank(token: str) -> Amount:
    """A rank in digits or in the words that pages use for the first few: ``"dẫn đầu"`` is 1, ``"thứ hai"`` 2.

    Examples
    --------
    >>> parse_rank("thứ hai").value, parse_rank("thứ 6").value
    (Decimal('2'), Decimal('6'))
    """
    rank = _RANKS.get(unicodedata.normalize("NFC", token).strip().lower())
    return parse_amount(str(rank) if rank else token, "rank")


def parse_list(token: str) -> Amount:
    """Number of names in a printed list: ``"Sở Y tế, Sở Xây dựng"`` has 2, ``"Phú Quốc, Rạch Giá ..."`` at least 2.

    Raises
    ------
    DataError
        If a name is empty, so that the count would be in doubt.
    """
    text = unicodedata.normalize("NFC", token).strip()
    closed = text.removesuffix("...").removesuffix("…").strip(" ;,")
    names = [each.strip() for each in re.split(r"[;,]", closed)]
    if not all(names):
        raise DataError(f"{token!r} holds an empty name; type the list from its first to its last name")
    return _hedged(Decimal(len(names)), 0, 0, "count", "exact" if closed == text else "at_least")


_SWAP = str.maketrans(",.", ".,")
_WORDS = {
    "en": {
        "trillion vnd": "nghìn tỷ đồng",
        "billion vnd": "tỷ đồng",
        "million vnd": "triệu đồng",
        "million usd": "triệu USD",
        "trillion": "nghìn tỷ đồng",
        "billion": "tỷ đồng",
        "million": "triệu đồng",
        "percent": "%",
        "per cent": "%",
        "or higher": "trở lên",
        "at least": "ít nhất",
        "less than": "dưới",
        "topped": "hơn",
        "cases": "ca",
        "more than": "hơn",
        "over": "hơn",
        "surpassing": "trên",
        "nearly": "gần",
        "about": "khoảng",
        "increased by": "tăng",
        "an increase of": "tăng",
        "people": "người",
        "up": "tăng",
        "down": "giảm",
        "decreased by": "giảm",
        "decrease by": "giảm",
        "first": "thứ nhất",
        "second": "thứ hai",
        "third": "thứ ba",
        "fourth": "thứ tư",
    },
    "fr": {
        "milliards de dongs": "tỷ đồng",
        "millions de dongs": "triệu đồng",
        "milliards": "tỷ đồng",
        "plus de": "hơn",
        "le plus élevé": "cao nhất",
        "deuxième": "thứ hai",
    },
}
_CURRENCY_FIRST = re.compile(r"(VND|VNĐ|USD)\s?([\d.,]+(?:\s(?:trillion|billion|million))?)")


def _currency_last(found: re.Match[str]) -> str:
    return f"{found[2]} {found[1].upper().replace('Đ', 'D')}"


_DECIMAL_POINT = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d{1,2})(?![\d.,])")


def to_vietnamese(token: str, language: str) -> str:
    """Token in Vietnamese marks and words: ``VND25,743.77 billion`` gives ``25.743,77 tỷ đồng``.

    Parameters
    ----------
    token : str
        As printed.
    language : str
        ``vi``, ``en`` or ``fr``; French pages print thousands with a point as Vietnamese ones do.
    """
    if language == "vi":  # some pages print a point before one or two decimals, which no thousand has
        return _DECIMAL_POINT.sub(r"\1,\2", token)
    text = token
    if language == "en":
        text = re.sub(r"[\d.,]*\d", lambda found: found[0].translate(_SWAP), _CURRENCY_FIRST.sub(_currency_last, text))
    for word, vietnamese in _WORDS[language].items():
        text = re.sub(rf"(?<![^\W\d]){word}\b", vietnamese, text, flags=re.IGNORECASE)
    return re.sub(r"\s+%", "%", text)
