"""Vietnamese figures as reports print them: numerals, amounts, dates and periods.

Responsibility: from the printed token to its meaning. A token that could mean two things is refused, never guessed.
No system locale, no clock: a year that the token leaves out is given by the caller.

Terms: *token* = the piece of text typed from the page, e.g. ``"âm -6,58%"``; *hedge* = a word that turns a number into
a bound ("gần", "hơn", "từ … trở lên"); *direction* = a word that carries the sign ("giảm", "âm", "hụt").
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from babel.numbers import NumberFormatError, parse_decimal

from kg_analysis.errors import DataError
from kg_analysis.intervals import Interval

# Printed words of each unit with the power of ten that leads to the unit of the codebook; "" = no word needed.
UNITS: dict[str, dict[str, int]] = {
    "pct": {"%": 0},
    "percentage_point": {"điểm phần trăm": 0, "điểm %": 0, "%": 0},  # reports print points as "%" too
    "bn_vnd": {"nghìn tỷ đồng": 3, "tỷ đồng": 0, "tỉ đồng": 0, "triệu đồng": -3, "nghìn đồng": -6, "đồng": -9},
    "cases_per_day": {"ca/ngày": 0},
    "cases": {"ca": 0, "ca mắc": 0},
    "days": {"ngày": 0},
    "times": {"lần": 0},
    "rank": {"": 0},
    "count": {"": 0},
}
EXACT_UNITS = frozenset({"count", "rank", "days", "cases"})  # counted, not measured: printed = meant

_NEGATIVE = ("giảm", "âm", "hụt", "thấp hơn")
_DIRECTION = ("tăng", "vượt", "cao hơn", "đạt", "bằng", *_NEGATIVE)
_HEDGES = {
    "gần": "approx_below",
    "dưới": "approx_below",
    "hơn": "approx_above",
    "trên": "approx_above",
    "khoảng": "vague",
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
_SUFFIXES = {"trở lên": "at_least", "trở xuống": "at_most"}


def _either(words: tuple[str, ...]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NUMERAL = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
_AMOUNT = re.compile(
    rf"(?:thứ\s+)?(?:(?P<direction>{_either(_DIRECTION)})\s+)?(?:(?P<hedge>{_either(tuple(_HEDGES))})\s+)?"
    rf"(?P<sign>[-−–])?(?P<number>{_NUMERAL})\s*(?P<unit>[^\d\s,.][^\d]*?)??(?:\s+(?P<suffix>{_either(tuple(_SUFFIXES))}))?",
    re.ASCII | re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:ngày\s+)?(\d{1,2})(?:/(\d{1,2})(?:/(\d{4}))?|\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?)", re.ASCII
)
_QUARTER = re.compile(r"quý\s+(IV|III|II|I|[1-4])(?:\s*/\s*(\d{4})|\s+năm\s+(\d{4}))?", re.IGNORECASE)
_MONTH = re.compile(r"tháng\s+(\d{1,2})(?:\s*/\s*(\d{4})|\s+năm\s+(\d{4}))?", re.IGNORECASE)
_MONTHS = re.compile(r"(\d{1,2})\s+tháng(?:\s+đầu\s+năm)?(?:\s+(\d{4}))?", re.IGNORECASE)
_YEAR = re.compile(r"(?:cả\s+)?năm(?:\s+(\d{4}))?", re.IGNORECASE)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


@dataclass(frozen=True)
class Amount:
    """A printed amount, in the unit of the codebook.

    Attributes
    ----------
    value : Decimal or None
        None where a hedge leaves no point estimate.
    decimals : int
        Decimals the print holds in that unit, at least 0.
    interval : Interval
    qualifier : str
        exact, approx_below, approx_above, at_least, at_most or vague.
    """

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
        Unit id of the indicator, a key of ``UNITS``.

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
    words, printed = UNITS[unit], (word or "").lower()
    if unit == "count" and all(each.isalpha() or each.isspace() for each in printed):
        return 0  # any noun may follow: "64 nhiệm vụ", "204 khách"; a superscript is no noun
    if printed not in words:
        expected = " or ".join(repr(each) for each in words)
        raise DataError(f"{token!r} prints the unit {printed!r}, expected {expected}; check the indicator's unit")
    return words[printed]


def _sign(token: str, direction: str | None, sign: str | None) -> int:
    falls = (direction or "").lower() in _NEGATIVE
    if sign and falls and (direction or "").lower() != "âm":
        raise DataError(f"{token!r} says both {direction!r} and a minus sign; find out which is meant")
    return -1 if sign or falls else 1


def _qualifier(token: str, hedge: str | None, suffix: str | None) -> str:
    before, after = _HEDGES.get((hedge or "").lower()), _SUFFIXES.get((suffix or "").lower())
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
    bound = Fraction(value)
    low = bound if qualifier in ("at_least", "approx_above") else -math.inf
    high = bound if qualifier in ("at_most", "approx_below") else math.inf
    return Amount(None, decimals, Interval.bounded(low, high), qualifier)


def parse_date(token: str, year: int) -> date:
    """Day of a printed date; ``year`` completes ``"21/6"``.

    Raises
    ------
    DataError
        If the token is no date of the calendar (``"11/9 xã"``, ``"31/6"``).
    """
    match = _DATE.fullmatch(token.strip())
    try:
        if not match:
            raise ValueError
        day, month, printed_year = match[1], match[2] or match[4], match[3] or match[5]
        return date(int(printed_year or year), int(month), int(day))
    except ValueError:
        raise DataError(f"{token!r} is no date; expected day/month or day/month/year, e.g. 21/6 or 30/9/2021") from None


def period_bounds(kind: str, year: int, index: int = 1) -> tuple[date, date]:
    """First and last day of a month, quarter, half, ytd (``index`` months), year or budget year."""
    if kind == "budget_year":  # 13 months: payment for year Y closes on 31 January Y+1
        return date(year, 1, 1), date(year + 1, 1, 31)
    length = {"month": 1, "quarter": 3, "half": 6, "year": 12, "ytd": index}[kind]
    first = 1 if kind == "ytd" else (index - 1) * length + 1
    last = first + length - 1
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def parse_period(token: str, year: int) -> tuple[str, date, date]:
    """Period type, first and last day of a printed period; ``year`` completes ``"quý III"``.

    Raises
    ------
    DataError
        If the token names no period.
    """
    text = unicodedata.normalize("NFC", token).strip()
    if match := _QUARTER.fullmatch(text):
        index = _ROMAN.get(match[1].upper()) or int(match[1])
        return "quarter", *period_bounds("quarter", int(match[2] or match[3] or year), index)
    if (match := _MONTH.fullmatch(text)) and 1 <= int(match[1]) <= 12:
        return "month", *period_bounds("month", int(match[2] or match[3] or year), int(match[1]))
    if (match := _MONTHS.fullmatch(text)) and 1 <= int(match[1]) <= 12:
        months, printed = int(match[1]), int(match[2] or year)
        if months == 6:
            return "half", *period_bounds("half", printed)
        return ("year" if months == 12 else "ytd"), *period_bounds("ytd", printed, months)
    if match := _YEAR.fullmatch(text):
        return "year", *period_bounds("year", int(match[1] or year))
    raise DataError(f"{token!r} is no period; expected e.g. quý III/2021, tháng 8/2021, 9 tháng, cả năm 2021")
