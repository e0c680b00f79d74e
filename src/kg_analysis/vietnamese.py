"""What Vietnamese reports print: numerals, amounts, counted lists, dates, periods, and mentions of legal documents.

Responsibility: from the printed token to its meaning. A token that could mean two things is refused, never guessed; a
year that it leaves out is given by the caller. No system locale, no clock.

Terms: *token* = the piece of text typed from the page, e.g. ``"âm -6,58%"``; *hedge* = a word that makes a number
a rough one ("gần", "hơn", "khoảng") or a bound ("từ … trở lên"); *direction* = a word that carries the sign ("giảm",
"âm", "hụt"); *power* = of ten, from the printed unit word to the unit of the codebook: ``nghìn tỷ đồng`` is 3 for bn
VND.
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from babel.numbers import NumberFormatError, parse_decimal

from kg_analysis.errors import DataError

# Printed words of each unit with the power of ten that leads to the unit of the codebook; "" = no word needed.
_BILLIONS = ("tỷ đồng", "tỉ đồng", "tỷ", "tỉ")
_TONNE_KM = ("tấn.km", "tấn km", "tấn/km")
_PERSON_KM = (
    "lượt khách.km",
    "lượt khách km",
    "lượt khách/km",
    "hành khách.km",
    "hành khách km",
    "HK.km",
    "lượt người.km",
)
_PERSONS = (
    "người", "lượt", "lượt khách", "lượt người", "lượt hành khách", "lượt lao động", "lao động", "khách", "hành khách",
    "dân",
)  # fmt: skip
_PER_PERSON = ("", "/người/năm", "/người", "/năm", "/người/tháng")


def _scaled(words: tuple[str, ...], **powers: int) -> dict[str, int]:
    """Words with and without a word for their scale before them."""
    return {f"{scale} {word}".strip(): power for scale, power in ({"": 0} | powers).items() for word in words}


UNITS: dict[str, dict[str, int]] = {
    "pct": dict.fromkeys(("%", "phần trăm", "% kế hoạch", "% chỉ tiêu kế hoạch"), 0),
    "percentage_point": {"điểm phần trăm": 0, "điểm %": 0, "%": 0},  # reports print points as "%" too
    "bn_vnd": _scaled(_BILLIONS, nghìn=3, ngàn=3) | {"triệu đồng": -3, "nghìn đồng": -6, "ngàn đồng": -6, "đồng": -9},
    "cases_per_day": {"ca/ngày": 0, "ca mỗi ngày": 0},
    "cases": dict.fromkeys(("", "ca", "ca mắc", "trường hợp", "người", "bệnh nhân"), 0),
    "days": {"ngày": 0},
    "mn_vnd": {f"triệu đồng{each}": 0 for each in _PER_PERSON} | {"triệu": 0},
    "mn_usd": _scaled(("USD",), triệu=0, tỷ=3, tỉ=3, nghìn=-3, ngàn=-3)
    | {"USD": -6, "triệu đô la Mỹ": 0, "tỷ đô la Mỹ": 3},
    "usd": dict.fromkeys(("USD", "USD/người", "USD/người/năm", "USD/năm", "đô la Mỹ"), 0),
    "tonnes_per_ha": {"tạ/ha": -1, "tấn/ha": 0},
    "persons": _scaled(_PERSONS, nghìn=3, ngàn=3, triệu=6),
    "tonnes": _scaled(("tấn",), nghìn=3, ngàn=3, triệu=6),
    "ha": _scaled(("ha",), nghìn=3, ngàn=3) | {"héc ta": 0, "hecta": 0},
    "mn_kwh": {"triệu kWh": 0, "tỷ kWh": 3, "tỉ kWh": 3, "kWh": -6},
    "mn_tonne_km": {f"triệu {each}": 0 for each in _TONNE_KM} | {f"nghìn {each}": -3 for each in _TONNE_KM},
    "mn_person_km": {f"triệu {each}": 0 for each in _PERSON_KM} | {f"nghìn {each}": -3 for each in _PERSON_KM},
    "km": {"km": 0},
    "m2": {"m2": 0, "m2/người": 0},
    "m3": _scaled(("m3",), nghìn=3, ngàn=3, triệu=6),
    "points": {"điểm": 0, "": 0},
    "per_10000": {"bác sĩ": 0, "giường bệnh": 0, "giường": 0, "": 0},
    "times": {"lần": 0},
    "years": {"năm": 0},
    "rank": {"": 0},
    "count": {"": 0},
}
EXACT_UNITS = frozenset({"count", "rank", "days", "cases", "years"})  # counted, not measured: printed = meant
NEGATIVE = ("giảm", "âm", "hụt", "thấp hơn", "thấp hơn dự kiến")
_DIRECTION = ("tăng", "vượt", "cao hơn", "đạt", "bằng", *NEGATIVE)
_HOW = "(?:thêm|tới|mạnh|nhẹ|sâu)"  # words between a direction and its number
HEDGES = {
    "gần": "approx_below", "dưới": "approx_below", "hơn": "approx_above", "trên": "approx_above", "khoảng": "vague",
    "xấp xỉ": "vague", "không dưới": "at_least", "từ": "at_least", "ít nhất": "at_least", "tối thiểu": "at_least",
    "không quá": "at_most", "tối đa": "at_most",
}  # fmt: skip
_MIRROR = {"approx_below": "approx_above", "approx_above": "approx_below", "at_least": "at_most", "at_most": "at_least"}
BOUNDS_AFTER = {"trở lên": "at_least", "trở xuống": "at_most"}


def _either(words: tuple[str, ...]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LONGEST = 24  # characters of a numeral: a thousand trillion with its points and decimals has 23
_NUMERAL = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
_AMOUNT = re.compile(
    rf"(?:thứ\s+)?(?:(?P<direction>{_either(_DIRECTION)})\s+(?:{_HOW}\s+)?)?(?:(?P<hedge>{_either(tuple(HEDGES))})\s+)?"
    rf"(?P<sign>[-−–])?(?P<number>{_NUMERAL})\s*(?P<unit>[^\d\s,.][^\d]*?)??(?:\s+(?P<suffix>{_either(tuple(BOUNDS_AFTER))}))?",
    re.ASCII | re.IGNORECASE,
)

_RANKS = dict.fromkeys(("cao nhất", "dẫn đầu", "đứng đầu", "thứ nhất"), 1) | {"thứ hai": 2, "thứ ba": 3, "thứ tư": 4}


@dataclass(frozen=True)
class Amount:
    """A printed amount, in the unit of the codebook."""

    value: Decimal | None  # the number to show; None where only a bound is printed ("từ 95% trở lên")
    decimals: int  # decimals the print holds in that unit, at least 0
    # low, high: bounds of what it stands for; the upper bound of a rounding is itself excluded
    low: Fraction | float
    high: Fraction | float
    qualifier: str  # exact, approx_below, approx_above, at_least, at_most or vague

    @property
    def bound_kind(self) -> str:
        """What the bounds are: ``exact``, ``rounding``, or ``wording`` where a word sets them."""
        if self.qualifier != "exact":
            return "wording"
        return "exact" if self.low == self.high else "rounding"


def parse_number(text: str) -> Decimal:
    """Decimal number from a Vietnamese numeral: ``4.342`` is four thousand, ``4,52`` has two decimals.

    Raises DataError: if the text is not one numeral: wrong groups (``4.34``), superscripts (``21³``), ratios, words.
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

    ``token``: as printed, with its unit and any direction or hedge word: ``"âm -6,58%"``, ``"từ 95% trở lên"``,
    ``"4.342 tỷ đồng"``, ``"04"``. ``unit``: unit id of the indicator, a key of ``UNITS``.
    Columns: ``"âm -6,58%"`` is -6.58: a sign said twice is one sign.
    Raises DataError: if the token is not one amount in this unit, or can be read in two ways.
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
    number = Fraction(value)
    if qualifier == "exact":
        # "5,2 nghìn tỷ" holds no decimals and is rounded to the hundred: precision -2
        half = Fraction(0) if unit in EXACT_UNITS else Fraction(10) ** -precision / 2
        return Amount(value, decimals, number - half, number + half, qualifier)
    if qualifier in ("at_least", "at_most"):
        low, high = (number, math.inf) if qualifier == "at_least" else (-math.inf, number)
        return Amount(None, decimals, low, high, qualifier)
    # A safe reading of what the word means: one unit of the last digit that is not zero. "hơn 9.950" is 9,950 to 9,960.
    step = Fraction(10) ** int(value.normalize().as_tuple().exponent) if value else Fraction(10) ** -precision
    low = number if qualifier == "approx_above" else number - step
    high = number if qualifier == "approx_below" else number + step
    return Amount(value, decimals, low, high, qualifier)


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

    Raises DataError: if a name is empty, so that the count would be in doubt.
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
        "trillion vnd": "nghìn tỷ đồng", "billion vnd": "tỷ đồng", "million vnd": "triệu đồng",
        "million usd": "triệu USD", "trillion": "nghìn tỷ đồng", "billion": "tỷ đồng", "million": "triệu đồng",
        "percent": "%", "per cent": "%", "or higher": "trở lên", "at least": "ít nhất", "less than": "dưới",
        "topped": "hơn", "cases": "ca", "more than": "hơn", "over": "hơn", "surpassing": "trên", "nearly": "gần",
        "about": "khoảng", "increased by": "tăng", "an increase of": "tăng", "people": "người", "up": "tăng",
        "down": "giảm", "decreased by": "giảm", "decrease by": "giảm", "first": "thứ nhất", "second": "thứ hai",
        "third": "thứ ba", "fourth": "thứ tư",
    },
    "fr": {
        "milliards de dongs": "tỷ đồng", "millions de dongs": "triệu đồng", "milliards": "tỷ đồng",
        "plus de": "hơn", "le plus élevé": "cao nhất", "deuxième": "thứ hai",
    },
}  # fmt: skip
_CURRENCY_FIRST = re.compile(r"(VND|VNĐ|USD)\s?([\d.,]+(?:\s(?:trillion|billion|million))?)")


def _currency_last(found: re.Match[str]) -> str:
    return f"{found[2]} {found[1].upper().replace('Đ', 'D')}"


_DECIMAL_POINT = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d{1,2})(?![\d.,])")


def to_vietnamese(token: str, language: str) -> str:
    """Token in Vietnamese marks and words: ``VND25,743.77 billion`` gives ``25.743,77 tỷ đồng``.

    ``token``: as printed. ``language``: ``vi``, ``en`` or ``fr``; French pages print thousands with a point as
    Vietnamese ones do.
    """
    if language == "vi":  # some pages print a point before one or two decimals, which no thousand has
        return _DECIMAL_POINT.sub(r"\1,\2", token)
    text = token
    if language == "en":
        text = re.sub(r"[\d.,]*\d", lambda found: found[0].translate(_SWAP), _CURRENCY_FIRST.sub(_currency_last, text))
    for word, vietnamese in _WORDS[language].items():
        text = re.sub(rf"(?<![^\W\d]){word}\b", vietnamese, text, flags=re.IGNORECASE)
    return re.sub(r"\s+%", "%", text)


Period = tuple[str, date, date]
_DATE = re.compile(
    r"(?:ngày\s+)?(?P<day>\d{1,2})"
    r"(?:/(\d{1,2})(?:/(\d{4}))?|([.-])(\d{1,2})\4(\d{4})|\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?)",
    re.ASCII,
)
_OF_YEAR = r"(?:\s*/\s*([0-9]{4})|\s+năm\s+([0-9]{4}))?"
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


def parse_date(token: str, year: int) -> date:
    """Day of a printed date; ``year`` completes ``"21/6"``.

    Raises DataError: if the token is no date of the calendar (``"11/9 xã"``, ``"31/6"``).
    """
    match = _DATE.fullmatch(token.strip())
    try:
        if not match:
            raise ValueError
        month, printed_year = match[2] or match[5] or match[7], match[3] or match[6] or match[8]
        return date(int(printed_year or year), int(month), int(match["day"]))
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


def parse_period(token: str, year: int) -> Period:
    """Period type, first and last day of a printed period; ``year`` completes ``"quý III"``.

    Raises DataError: if the token names no period.
    """
    text = unicodedata.normalize("NFC", token).strip()
    for pattern, meaning in _FORMS:
        if match := pattern.fullmatch(text):
            try:
                return meaning(year, *match.groups())
            except ValueError:  # month 13, a span that ends before it starts
                break
    raise DataError(f"{token!r} is no period; expected e.g. quý III/2021, tháng 8/2021, 9 tháng, cả năm 2021")


def _first_months(year: int, count: str, printed: str | None) -> Period:
    months, of = int(count), _first(year, printed)
    kind = {6: "half", 12: "year"}.get(months, "ytd")
    return _whole(kind, of, months if kind == "ytd" else 1)


def _last_months(year: int, count: str, printed: str | None) -> Period:
    return _whole("quarter" if count == "3" else "half", _first(year, printed), 4 if count == "3" else 2)


def _years(_: int, first: str, last: str) -> Period:
    if first >= last:
        raise ValueError
    return "phase", date(int(first), 1, 1), date(int(last), 12, 31)


def _whole(kind: str, year: int, index: int) -> Period:
    return kind, *period_bounds(kind, year, index)


def _first(year: int, *printed: str | None) -> int:
    return int(next((each for each in printed if each), year))


_MEANINGS: dict[str, Callable[..., Period]] = {
    rf"quý\s+(IV|III|II|I|[1-4]){_OF_YEAR}": lambda year, index, *printed: _whole(
        "quarter", _first(year, *printed), _ROMAN.get(index.upper()) or int(index)
    ),
    rf"tháng\s+([0-9]{{1,2}}){_OF_YEAR}": lambda year, index, *of: _whole("month", _first(year, *of), int(index)),
    r"([0-9]{1,2})\s+tháng(?:\s+đầu\s+năm)?(?:\s+([0-9]{4}))?": _first_months,
    r"0?([36])\s+tháng\s+cuối\s+năm(?:\s+([0-9]{4}))?": _last_months,
    r"([0-9]{4})\s*[-–]\s*([0-9]{4})": _years,
    r"(?:cả\s+)?năm(?:\s+([0-9]{4}))?": lambda year, printed: _whole("year", _first(year, printed), 1),
}
_FORMS = tuple((re.compile(form, re.IGNORECASE), meaning) for form, meaning in _MEANINGS.items())

TYPES = {
    "nghị quyết": "resolution", "quyết định": "decision", "kế hoạch": "plan", "chỉ thị": "directive",
    "chương trình": "programme", "báo cáo": "report",
}  # fmt: skip
# Ending of the number, as the rules on drafting documents fix it, and whom it stands for.
_ISSUERS = {
    "NQ-CP": "Chính phủ", "QĐ-TTg": "Thủ tướng Chính phủ", "CT-TTg": "Thủ tướng Chính phủ", "NQ/TU": "Tỉnh ủy",
    "CTr/TU": "Tỉnh ủy", "NQ-HĐND": "HĐND tỉnh", "QĐ-UBND": "UBND tỉnh", "KH-UBND": "UBND tỉnh",
    "BC-UBND": "UBND tỉnh",
}  # fmt: skip
_SPELLINGS = {"Hội đồng nhân dân tỉnh": "HĐND tỉnh", "UBND tỉnh Kiên Giang": "UBND tỉnh"}
_MENTION = re.compile(
    rf"(?:(?P<type>{'|'.join(TYPES)})\s+)?(?:số\s+)?(?P<number>\d+[\w/-]*)"
    r"(?:\s+ngày\s+(?P<date>\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}))?"
    r"(?:\s+của\s+(?P<issuer>[^\d]+))?",
    re.IGNORECASE,
)


_CONGRESS = re.compile(r"Nghị quyết (Đại hội\b[^\d]*)")  # issued without a number; the congress is its issuer


@dataclass(frozen=True)
class Mention:
    """A legal document as mentioned."""

    # type, number: the number empty for the resolution of a congress, which has none
    type: str
    number: str
    date: date | None  # None where it is not printed
    issuer: str  # in its short form, as printed or by the number's ending; empty where neither says


def parse_mention(token: str, type_: str = "") -> Mention:
    """Parts of a mention of a legal document.

    ``token``: as printed. ``type_``: type where the token leaves it out, e.g. the "15" of "Chỉ thị 16, 15".
    Raises DataError: if the token is no mention, says no type, or says another type than the one given.
    """
    text = unicodedata.normalize("NFC", token).strip()
    if congress := _CONGRESS.fullmatch(text):
        return Mention("resolution", "", None, congress[1])
    match = _MENTION.fullmatch(text)
    if not match:
        raise DataError(f"{token!r} names no document; expected e.g. Nghị quyết số 01/NQ-CP ngày 01/01/2021")
    printed = TYPES.get((match["type"] or "").lower(), "")
    if not (printed or type_):
        raise DataError(f"{token!r} does not say what kind of document it is; give its type")
    if printed and type_ and printed != type_:
        raise DataError(f"{token!r} is a {printed}, the row says {type_}; empty the row's type")
    ending = re.sub(r"^\d+(/\d{4})?[/-]", "", match["number"])
    day = parse_date(match["date"], 0) if match["date"] else None
    issuer = (match["issuer"] or _ISSUERS.get(ending, "")).strip()
    return Mention(printed or type_, match["number"], day, _SPELLINGS.get(issuer, issuer))
