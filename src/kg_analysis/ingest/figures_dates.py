"""Dates, times of day and periods of a text.

Responsibility: from their wordings to days. ``21/6`` is a date only where the words around it say so; ``11/9 xã`` is
left to the amounts.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date

from kg_analysis.ingest.figures_claims import CONTEXT, Claims, Found
from kg_analysis.periods import Period, period_bounds

_FULL = re.compile(
    r"(?:\bngày\s+)?(?<![\d/.,-])(?:(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})|"
    r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4})|\s*/\s*(\d{4}))?)(?![\d/]|[.,]\d)"
)
_SHORT = re.compile(r"(\bngày\s+)?(?<![\d/.,-])(\d{1,2})\s?([/-])\s?(\d{1,2})(?![\d/%]|[.,]\d)")
_BEFORE_DATE = re.compile(
    r"(?:\b(?:ngày|đến|từ|sáng|chiều|tối|trưa|đêm|hôm|trước|sau|tới|hết|vào|tính|kể từ|kỳ|lúc|giờ|h|"
    r"thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|mùng)|\(|\d{4}\s*-)\s*[,(]?\s*$"
)
_AFTER_PAIR = re.compile(
    r"\s*(?:%|tỷ|triệu|nghìn|đồng|xã|phường|huyện|chỉ tiêu|tiêu chí|tỉnh|thành|đơn vị|dự án|nhiệm vụ|sở|hộ|"
    r"người|ca\b|doanh nghiệp|trường|địa phương|thành phố|ha\b|tấn|km\b|công trình|"
    r"khu|cơ quan|mục tiêu|nội dung|đề án|thành viên|bệnh viện|trạm|cụm|nhóm|lĩnh vực|ngành|sản phẩm|thị xã|ấp|thôn)"
)
_TIME = re.compile(
    r"(?<![\d.,/])\d{1,2}\s?(?:h\s?\d{2}(?:'|\b)|h\b|giờ\b(?:\s*\d{1,2}(?:\s*phút)?\b)?|g\d{2}\b|:\d{2}\b)"
)
_DURATION = re.compile(r"(?:\b(?:trong|sau|qua|suốt|vòng|kéo dài|thời hạn)\s+$)")
_LIST = re.compile(r"(?:\s*(?:,|và)\s*)(\d{1,2})\b(?![/.,%]\d|\s*(?:tháng|%|tỷ|triệu|năm|ca|nhiệm))")
_SPELLED = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
}
_MONTH_NAMES = {
    "giêng": 1,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
    "chạp": 12,
}  # "tháng năm" may be the month or "month, year"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR_4 = r"((?:19|20)\d\d)"
_YEAR = rf"(?:\s*/\s*{_YEAR_4}|\s*-\s*{_YEAR_4}(?!\d)|,?\s+năm\s+{_YEAR_4}|\s+{_YEAR_4}\b(?!\s*[-/]))?"


def claim_dates(claims: Claims, folded: str, year: int) -> None:
    """Claim dates and times of day; a date's period is its day."""
    for found in _FULL.finditer(folded):
        printed = next((each for each in (found[4], found[7], found[8]) if each), None)
        if day := _day(found[1] or found[5], found[3] or found[6], int(printed) if printed else year):
            _add_day(claims, found.span(), day)
    for found in _TIME.finditer(folded):
        if not _DURATION.search(folded[max(found.start() - 12, 0) : found.start()]) or "h" in found[0]:
            claims.add(Found(found.start(), found.end(), CONTEXT))
    for found in _SHORT.finditer(folded):
        day = _day(found[2], found[4], year)
        if day and _says_date(folded, found):
            _add_day(claims, found.span(), day)


def _add_day(claims: Claims, span: tuple[int, int], day: date) -> None:
    claims.add(Found(*span, CONTEXT, "date", *span, period=("day", day, day)))


def _says_date(folded: str, found: re.Match[str]) -> bool:
    """Whether the words beside ``a/b`` make it a date."""
    if found[1]:
        return True
    if _AFTER_PAIR.match(folded, found.end()) or found[3] == "-":
        return found[3] == "-" and bool(
            re.search(r"\b(?:ngày|đến|hôm)\s+$", folded[max(found.start() - 6, 0) : found.start()])
        )
    before = folded[max(found.start() - 14, 0) : found.start()]
    return bool(_BEFORE_DATE.search(before)) or bool(re.search(r"\d{1,2}/\d{1,2}(?:/\d{4})?\s*(?:,|và|-)\s*$", before))


def _day(day: str, month: str, year: int) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def claim_periods(claims: Claims, folded: str, year: int) -> None:
    """Claim periods that hold a digit; those in words only are claimed too, so that figures can inherit them."""
    for pattern, meaning in _FORMS:
        for found in pattern.finditer(folded):
            period = meaning(year, found)
            if period is None:
                continue
            claims.add(Found(found.start(), found.end(), CONTEXT, "period", found.start(), found.end(), period=period))


def _printed(found: re.Match[str], first: int) -> int | None:
    return next((int(each) for each in found.groups()[first:] if each), None)


def _whole(kind: str, year: int, index: int) -> Period | None:
    try:
        return kind, *period_bounds(kind, year, index)
    except (ValueError, KeyError, IndexError):
        return None


def _quarter(year: int, found: re.Match[str]) -> Period | None:
    index = _ROMAN.get(found[1]) or int(found[1])
    return _whole("quarter", _printed(found, 1) or year, index)


def _month(year: int, found: re.Match[str]) -> Period | None:
    index = int(found[1])
    return _whole("month", _printed(found, 1) or year, index) if 1 <= index <= 12 else None


def _named_month(year: int, found: re.Match[str]) -> Period | None:
    return _whole("month", _printed(found, 1) or year, _MONTH_NAMES[found[1]])


def _months(year: int, found: re.Match[str]) -> Period | None:
    """First or last months of a year."""
    count = _SPELLED.get(found[1]) or (int(found[1]) if found[1].isdigit() else 0)
    of = _printed(found, 2) or year
    if not 1 <= count <= 12:
        return None
    if found[2] and "cuối" in found[2]:
        first = date(of, 13 - count, 1)
        kinds = {3: ("quarter", 4), 6: ("half", 2)}
        return _whole(kinds[count][0], of, kinds[count][1]) if count in kinds else ("phase", first, date(of, 12, 31))
    if count in (6, 12):
        return _whole("half" if count == 6 else "year", of, 1)
    return _whole("quarter", of, 1) if count == 3 and found[2] else _whole("ytd", of, count)


def _half(year: int, found: re.Match[str]) -> Period | None:
    return _whole("half", _printed(found, 1) or year, 1 if "đầu" in found[1] else 2)


def _first_quarter(year: int, found: re.Match[str]) -> Period | None:
    return _whole("quarter", _printed(found, 1) or year, 1 if "đầu" in found[1] else 4)


def _span(year: int, found: re.Match[str]) -> Period | None:
    first, last = int(found[1]), int(found[2])
    return ("phase", date(first, 1, 1), date(last, 12, 31)) if 1900 < first < last < 2200 else None


def _year(year: int, found: re.Match[str]) -> Period | None:
    return _whole("year", _printed(found, 0) or year, 1)


def _between(year: int, found: re.Match[str]) -> Period | None:
    first, last, of = int(found[1]), int(found[2]), _printed(found, 2) or year
    if not 1 <= first < last <= 12:
        return None
    return "phase", date(of, first, 1), date(of, last, calendar.monthrange(of, last)[1])


def _nothing(year: int, found: re.Match[str]) -> Period | None:
    return _whole("year", year, 1)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[int, re.Match[str]], Period | None]], ...] = (
    (re.compile(r"(?:\b(?:năm học|niên độ|niên vụ|vụ)\s+)((?:19|20)\d\d)\s*-\s*((?:19|20)\d\d)\b"), _span),
    (re.compile(r"(?<![\d.,])((?:19|20)\d\d)\s*-\s*((?:19|20)\d\d)\b(?![.,]\d|/)"), _span),
    (re.compile(rf"\bquý\s+(iv|iii|ii|i|[1-4])\b{_YEAR}"), _quarter),
    (
        re.compile(
            rf"\btháng\s+(\d{{1,2}})\s*(?:,|và|-|đến)\s*(?:tháng\s+)?(\d{{1,2}})(?!\d|\s+tháng|"
            rf"[.,/]\d(?!\d\d\d)){_YEAR}"
        ),
        _between,
    ),
    (re.compile(rf"\btháng\s+(\d{{1,2}})(?!\d|[.,]\d){_YEAR}"), _month),
    (re.compile(rf"\btháng\s+({'|'.join(sorted(_MONTH_NAMES, key=len, reverse=True))})\b{_YEAR}"), _named_month),
    (
        re.compile(
            rf"(?<![\d.,/])\b(\d{{1,2}}|"
            rf"{'|'.join(sorted(_SPELLED, key=len, reverse=True))})\s+tháng\b(\s+(?:đầu|"
            rf"cuối)(?:\s+năm)?(?:\s+nay)?)?{_YEAR}"
        ),
        _months,
    ),
    (re.compile(rf"\b(nửa\s+(?:đầu|cuối)\s+năm){_YEAR}"), _half),
    (re.compile(rf"\b(quý\s+(?:đầu|cuối)(?:\s+năm)?){_YEAR}"), _first_quarter),
    (re.compile(r"\b(?:cả\s+|hết\s+|trong\s+)?năm\s+((?:19|20)\d\d)\b(?!\s*-\s*\d|[.,]\d)"), _year),
    (re.compile(r"\bcả\s+năm\b|\bnăm\s+nay\b|\btoàn\s+năm\b"), _nothing),
    (
        re.compile(
            r"(?<![\d.,/-])((?:19|20)\d\d)\b(?![.,/-]?\d|\s*(?:%|tỷ|triệu|nghìn|đồng|ha\b|tấn|ca\b|người|"
            r"hộ|lượt|doanh nghiệp|lao động|nhiệm vụ|sản phẩm|dịch vụ|hồ sơ|khách|liều|mẫu|dự án|vụ\b|km\b|"
            r"xã|chỉ tiêu|mw\b|con\b))"
        ),
        _year,
    ),
)


def mentions(found: list[Found]) -> Iterator[Found]:
    """Dates and periods among what was found."""
    return (each for each in found if each.period is not None)
