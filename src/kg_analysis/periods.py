"""Dates and periods as Vietnamese reports print them.

Responsibility: from the printed token to its days. A year that the token leaves out is given by the caller; no clock.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date

from kg_analysis.errors import DataError

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

    Raises
    ------
    DataError
        If the token is no date of the calendar (``"11/9 xã"``, ``"31/6"``).
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

    Raises
    ------
    DataError
        If the token names no period.
    """
    text = unicodedata.normalize("NFC", token).strip()
    for pattern, meaning in _FORMS:
        if match := pattern.fullmatch(text):
            try:
                return meaning(year, *match.groups())
            except ValueError:  # month 13, a span that ends before it starts
                break
    raise DataError(f"{token!r} is no period; expected e.g. quý III/2021, tháng 8/2021, 9 tháng, cả năm 2021")


def _quarter(year: int, index: str, *printed: str | None) -> Period:
    return _whole("quarter", _first(year, *printed), _ROMAN.get(index.upper()) or int(index))


def _month(year: int, index: str, *printed: str | None) -> Period:
    return _whole("month", _first(year, *printed), int(index))


def _first_months(year: int, count: str, printed: str | None) -> Period:
    months, of = int(count), _first(year, printed)
    if months == 6:
        return _whole("half", of, 1)
    return _whole("year", of, 1) if months == 12 else _whole("ytd", of, months)


def _last_months(year: int, count: str, printed: str | None) -> Period:
    return _whole(*(("quarter", _first(year, printed), 4) if count == "3" else ("half", _first(year, printed), 2)))


def _years(_: int, first: str, last: str) -> Period:
    if first >= last:
        raise ValueError
    return "phase", date(int(first), 1, 1), date(int(last), 12, 31)


def _one_year(year: int, printed: str | None) -> Period:
    return _whole("year", _first(year, printed), 1)


def _whole(kind: str, year: int, index: int) -> Period:
    return kind, *period_bounds(kind, year, index)


def _first(year: int, *printed: str | None) -> int:
    return int(next((each for each in printed if each), year))


_MEANINGS: dict[str, Callable[..., Period]] = {
    rf"quý\s+(IV|III|II|I|[1-4]){_OF_YEAR}": _quarter,
    rf"tháng\s+([0-9]{{1,2}}){_OF_YEAR}": _month,
    r"([0-9]{1,2})\s+tháng(?:\s+đầu\s+năm)?(?:\s+([0-9]{4}))?": _first_months,
    r"0?([36])\s+tháng\s+cuối\s+năm(?:\s+([0-9]{4}))?": _last_months,
    r"([0-9]{4})\s*[-–]\s*([0-9]{4})": _years,
    r"(?:cả\s+)?năm(?:\s+([0-9]{4}))?": _one_year,
}
_FORMS = tuple((re.compile(form, re.IGNORECASE), meaning) for form, meaning in _MEANINGS.items())
