"""Digits that are no amount: dates and periods, legal references, names that hold a number, numbering, page furniture.

Responsibility: recognise them by their form before amounts are read; from the wordings of dates to days; tell
comparisons, cut-offs and plans from periods that figures can be about. ``21/6`` is a date only where the words around
it say so. What is left with a digit is an amount.

Terms: *mention* = a date or period printed in the text; *comparison* = a mention that a figure is compared with (so với
cùng kỳ năm 2020); *cut-off* = the day up to which a figure counts (tính đến ngày 30/9).
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kg_analysis.ingest.numerals import ARTEFACT, CONTEXT, NAME, REFERENCE, SECTION, Claims, Found
from kg_analysis.periods import Period, period_bounds

_TYPES = (
    "nghị quyết|quyết định|kế hoạch|chỉ thị|chương trình|báo cáo|nghị định|thông tư liên tịch|thông tư|"
    "công văn|công điện|"
    "thông báo|kết luận|hướng dẫn|tờ trình|luật|bộ luật|pháp lệnh|quy định|đề án|văn bản|thông tri|hiệp định"
)
_DATE = r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"
_ISSUER = (
    r"chính phủ|thủ tướng chính phủ|quốc hội|ủy ban thường vụ quốc hội|bộ chính trị|ban bí thư|"
    r"ban chấp hành trung ương|tỉnh ủy|thành ủy|"
    r"ban thường vụ tỉnh ủy|hđnd tỉnh|hội đồng nhân dân tỉnh|ubnd tỉnh|ủy ban nhân dân tỉnh|"
    r"bộ [^\W\d_]+(?: [^\W\d_]+)?|trung ương|đảng"
)
_TAIL = rf"(?:,?\s+(?:ngày|ký ngày)\s+(?:{_DATE}))?(?:\s+của\s+(?:{_ISSUER})\b)?"
# A number with the ending of its issuer: 01/NQ-CP, 01-NQ/TU, 39/2019/QH14, 1567/UBND-TH.
_NUMBER = r"\d{1,5}(?:/\d{4})?\s?[-/]\s?[a-zđ][a-zđ0-9]*(?:\s?[-/.]\s?[a-zđ0-9]+)*"
_REFERENCES = (
    re.compile(
        rf"(?:\b(?:{_TYPES})\s+[^\W\d_](?:[^\W\d_]|[ ,]){0, 60}?số:?\s*|\b(?:{_TYPES})\s+(?:số:?\s*)?|"
        rf"\bsố:?\s*)?(?<![\d.,]){_NUMBER}{_TAIL}"
    ),
    re.compile(rf"\b(?:{_TYPES})\s+(?:(?:này\s+)?số:?\s*)(?!\d+[.,]\d)\d{{1,5}}\b(?!\s*%){_TAIL}"),
    re.compile(
        r"\b(?:nghị quyết|chỉ thị|kết luận|công điện|quyết định|thông tư|nghị định|đề án|chương trình|"
        r"luật)\s+\d{1,4}\b(?![.,]\d|\s*(?:%|tỷ|triệu))"
        rf"(?!\s+(?:nhiệm vụ|nội dung|dự án|hộ|người)){_TAIL}"
    ),
    re.compile(
        r"\bnghị quyết (?:đại hội|trung ương)\b(?=[^.;\n]{0,80}\d)[^.;,\n]*?(?:lần thứ\s+)?\b\d{1,2}\b(?![./]\d)"
    ),
)
_FURTHER = re.compile(
    r"(?:\s*(?:,|và|hoặc|xuống|sang)\s*)(\d{1,3})\b(?![.,/%]?\d|\s*(?:%|tỷ|triệu|nghìn|ca|người|tỉnh))"
)
_DIRECTIVE = re.compile(r"chỉ thị (?:số )?\d+$")

_MARKS = {
    "footnote_mark": re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\d{1,3}\]"),
    "virus_name": re.compile(r"(?:covid|sars\s*-\s*cov|ncov)\s*-?\s*(?:19|2|2019)\b"),
    ARTEFACT: re.compile(
        r"(?m)^[ \t]*(?:(?:trang\s+)?\d{1,4}(?:\s*/\s*\d{1,4})?|\d{1,2}/\d{1,2}/\d{4}|-\s*\d{1,4}\s*-)[ \t]*$"
    ),
    SECTION: re.compile(
        r"(?m)^[ \t*#-]*(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)](?=\s)|\d{1,2}(?:\.\d{1,2}){1,3}(?=\s+[^\W\d_])|"
        r"\d{1,2}/(?=\s)|\d{1,2}\.(?=[^\W\d_]))"
        r"|(?<=[\s;:])\(\d{1,2}\)(?=\s)"
        r"|\b(?:khoản|điều|mục|chương|phụ lục|biểu(?: đồ)?|bảng|"
        r"tiểu mục)\s+(?:số\s+)?\d{1,3}(?:\.\d{1,2})*\b(?!\s*%|[.,/]\d|\s+tháng)"
    ),
}
_NAMES = re.compile(
    r"\b(?:"
    r"(?:giai đoạn|tầng|kịch bản|phương án|đợt|nhóm|mũi|liều|cấp độ|mức độ|cấp|loại|(?<!thứ )(?<!xếp )(?<!từ )hạng|vòng|khối|lớp|khóa|"  # noqa: E501
    r"kỳ họp thứ)\s+(?:số\s+|thứ\s+)?\d{1,2}(?:\s*(?:,|và|-)\s*\d{1,2}(?![\d/]))*"
    r"(?![\d]|[.,/]\d|\s*(?:%|tỷ|triệu|ca\b|người|liều|đồng))"
    r"|(?:tổ|tổ công tác|ban chỉ đạo|ban quản lý dự án|tiểu đoàn|trung đoàn|sư đoàn|lữ đoàn|quân khu|"
    r"phường|quận|ấp|khu phố|tổ dân phố|khu vực|vùng|số nhà|"
    r"quốc lộ|tỉnh lộ|đường tỉnh|đường huyện|đường số|tuyến|ql|đt|km|hẻm|kênh|cống|cầu|thửa|lô|"
    r"gói thầu(?: số)?|gói|tổ máy|nhà máy|đội|trạm|cụm|mỏ)\.?\s*\d{1,4}[a-z]?\b(?![.,/]\d|\s*(?:%|tỷ|triệu|"
    r"người|hộ|đồng))"
    r"|(?<!đợt dịch )(?<!dịch )(?<!covid-19 )(?<!đợt )(?<!sóng )lần thứ \d{1,2}\b|\d{1,2}k\b|"
    r"cách mạng công nghiệp (?:lần thứ )?(?:tư|\d(?:\.0)?)|\d\.0\b|24/24|24/7|24h/24h?|24/24h|g20|g7|3t|4g|"
    r"5g"
    r"|(?<=ít nhất )0?[1-4] (?:mũi|liều)\b|(?<=đủ )[1-4] (?:mũi|liều)\b|(?<=tiêm )[1-4] (?:mũi|liều)\b"
    r"|euro\s*\d|ro-?\d+|a\d{1,2}|b\d\b|iso\s*\d{4,5}(?::\d{4})?|f\d\b|(?:n|h)\dn\d|pm\s?2[.,]5"
    r"|\d(?:[,\s]+(?:và\s+)?\d)*\s+sao\b(?:\s+trở lên)?|"
    r"(?:từ\s+)?(?:đủ\s+)?\d{1,3}(?:\s*-\s*\d{1,3})?\s+tuổi\b(?:\s+trở (?:lên|xuống))?"
    r")"
)
# Durations, rankings of names and things that no report counts: mười năm qua, top 30 tỉnh, hai con số, một số
_IDLE = re.compile(
    r"\b(?:top|tốp)\s+\d{1,3}(?:\s+(?:tỉnh|thành|địa phương|cả nước))?\b|(?<![\d.,/])\b\d{1,2}\s+(?:con số|chữ số)\b|"
    r"(?<![\d.,/])\b0?1 số\b|(?<![\d.,/%])\b\d{1,3}\s+(?:năm|tháng|ngày|tuần)\s+(?:qua|gần (?:nhất|đây)|trở lại|"
    r"liên tiếp|liền|liên tục|tới|tiếp theo|trước|nữa)\b|(?<=cao nhất )(?:trong )?\d{1,2} năm\b|"
    r"\bnăm thứ \d{1,2}\b|(?<=bình quân )\d{1,2} năm\b|(?<![\d.,/])\b\d{1,2} tuổi\b|"
    r"\bgmt\s?\+\s?\d{1,2}|\bbn\s?\d{2,7}(?:\s?-\s?\d{2,7})?|(?<=gộp )\d{1,2}\b(?=\))"
)
_HEAD = 600  # characters
_NUMBERS = re.compile(
    r"(?<![\d.,])(?:0\d{2,4}[. -]?\d{3}[. ]?\d{3,4}|1900[. ]?\d{4}|\d{2}/\d{4}/\d{2,})(?![\d,])|"
    r"https?://\S+|[\w.+-]{1,64}@[\w.-]+|\bwww\.\S+"
)


def claim_references(claims: Claims, folded: str) -> None:
    """Claim mentions of legal documents, with the further numbers of ``Chỉ thị 16, 15, 19``."""
    for pattern in _REFERENCES:
        for found in pattern.finditer(folded):
            if not _is_reference(found[0]):
                continue
            if claims.add(Found(found.start(), found.end(), REFERENCE)) and _DIRECTIVE.search(found[0]):
                _claim_further(claims, folded, found.end())


def _is_reference(token: str) -> bool:
    """Whether the token's ending is an issuer's and no unit: ``12/NQ-CP``, not ``5/ha`` or ``3-tháng``."""
    ending = re.search(r"\d\s?[-/]\s?([a-zđ][a-zđ0-9]*(?:\s?[-/.]\s?[a-zđ0-9]+)*)", token)
    named = re.match(rf"(?:{_TYPES})\b", token) is not None
    if ending is None:
        return named
    return (
        named
        or (re.search(r"[-/]", ending[1]) is not None and len(ending[1]) >= 4)
        or re.search(r"/qh\d", token) is not None
    )


def _claim_further(claims: Claims, folded: str, end: int) -> None:
    while further := _FURTHER.match(folded, end):
        if not claims.add(Found(further.start(1), further.end(1), REFERENCE)):
            return
        end = further.end()


def claim_marks(claims: Claims, folded: str) -> None:
    """Claim footnote marks, names of the virus, numbering and what stands alone on a line."""
    for kind, pattern in _MARKS.items():
        for found in pattern.finditer(folded):
            if kind == ARTEFACT and "/" in found[0] and found.start() < _HEAD:
                continue  # the date under a title is when the text was written
            claims.add(Found(found.start(), found.end(), kind))
    for found in _NUMBERS.finditer(folded):
        if any(each.isdigit() for each in found[0]):
            claims.add(Found(found.start(), found.end(), NAME))


def claim_names(claims: Claims, folded: str) -> None:
    """Claim names that hold a number: phases, roads, groups, ages, stars."""
    for found in _IDLE.finditer(folded):
        claims.add(Found(found.start(), found.end(), NAME))
    for found in _NAMES.finditer(folded):
        if any(each.isdigit() for each in found[0]):
            claims.add(Found(found.start(), found.end(), NAME))


_FULL = re.compile(
    r"(?:\bngày\s+)?(?<![\d/.,-])(?:(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4})|"
    r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4})|\s*/\s*(\d{4}))?)(?![\d/]|[.,]\d)"
)
_SHORT = re.compile(r"(\bngày\s+)?(?<![\d/.,-])(\d{1,2})\s?([/.-])\s?(\d{1,2})(?![\d/%]|[.,]\d)")
_DAYS = re.compile(r"(?<![\d/.,])(\d{1,2})\s?-\s?(\d{1,2})\s?([/.])\s?(\d{1,2})(?:\s?[/.]\s?(\d{4}))?(?![\d/%]|[.,]\d)")
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
    r"(?<![\d.,/])\d{1,2}\s?(?:h\s?\d{2}(?:'|\b)|h\b|giờ\b(?:\s*\d{1,2}(?:\s*phút)?\b)?|g\d{2}\b|:\d{2}(?::\d{2})?\b)"
)
_DURATION = re.compile(r"(?:\b(?:trong|sau|qua|suốt|vòng|kéo dài|thời hạn)\s+$)")
_LAST_YEAR = re.compile(r"\s+năm (?:ngoái|trước)\b")
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
    for found in _DAYS.finditer(folded):
        first, last = (_day(found[each], found[4], int(found[5] or year)) for each in (1, 2))
        dated = found[3] == "/" or re.search(r"\bngày\s+$", folded[max(found.start() - 8, 0) : found.start()])
        if first and last and first < last and dated and not _AFTER_PAIR.match(folded, found.end()):
            claims.add(Found(*found.span(), CONTEXT, "date", *found.span(), period=("phase", first, last)))
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
    if found[3] == ".":
        before = folded[max(found.start() - 12, 0) : found.start()]
        return re.search(r"\b(?:ngày|đến hết|đến ngày|giờ|từ|chiều|sáng|tối|hôm)\s+$", before) is not None and not (
            _AFTER_PAIR.match(folded, found.end())
        )
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
            end = found.end()
            if (before := _LAST_YEAR.match(folded, end)) and period[0] != "phase":
                period, end = _earlier(period), before.end()
            claims.add(Found(found.start(), end, CONTEXT, "period", found.start(), end, period=period))


def _earlier(period: Period) -> Period:
    """The same period of the year before."""
    first, last = (
        each.replace(year=each.year - 1, day=min(each.day, 28) if each.month == 2 else each.day) for each in period[1:]
    )
    return period[0], first, last


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


_COMPARED = re.compile(
    r"(?:\bso(?:\s+với)?\b[^.;,()]{0,40}|cùng kỳ(?:\s+(?:của|năm trước))?\s+|giá so sánh\s+(?:năm\s+)?|"
    r"giá (?:gốc|năm)\s+|mức bình quân(?: của)?(?: giai đoạn)?\s+|(?<!đến )(?<!tới )(?<!hết )(?<!dự kiến )(?:cuối|đầu)\s+|(?:trong khi|nghị quyết|hộ nghèo theo chuẩn)\s+)$"  # noqa: E501
)
_PLANNED = re.compile(r"(?:kế hoạch|dự toán|vốn)(?:\s+[^\W\d_]+){0,3}\s+$")
_OF_PAST = re.compile(r"\bcủa\s+$")
_CUTOFF = re.compile(
    r"(?:\b(?:tính|ước|lũy kế|dự kiến|cộng dồn)\s+)?\b(?:đến|tới)\s+(?:nay\s*)?(?:hết\s+|"
    r"cuối\s+)?(?:niên độ ngân sách\s*)?[(,]?\s*(?:ngày\s+)?$|\btính đến\s+$|\bhết\s+(?:ngày\s+)?$|"
    r"\bcuối\s+$"
)
_FROM = re.compile(r"\b(?:từ|kể từ|lũy kế từ)\s+(?:\d{1,2}\s?(?:h|giờ)\d{0,2}\s+)?(?:ngày\s+)?(?:đầu\s+)?$")
_SINCE = re.compile(r"\b(?:từ|kể từ|sau|từ sau)\s+(?:đầu |cuối |khi )?$")
_TO_DAY = re.compile(r"\s*(?:đến|tới|-)\s*(?:hết\s+)?(?:\d{1,2}\s?(?:h|giờ)\d{0,2}\s*)?(?:ngày\s+)?")
_LONGEST_PARENTHESIS = 600


@dataclass(frozen=True)
class Mention:
    """A date or period in the text.

    Attributes
    ----------
    start, end : int
        Offsets [characters].
    period : Period
    is_comparison, is_cutoff, is_planned : bool
    depth : (int, int) or None
        Parentheses that it stands in, by their offsets.
    """

    start: int
    end: int
    period: Period
    is_comparison: bool
    is_cutoff: bool
    is_planned: bool
    depth: tuple[int, int] | None


class Mentions:
    """Dates and periods of a text in order.

    Attributes
    ----------
    folded : str
        The text in its form of comparison.
    year : int
        Year that the text reviews.
    parentheses : list of (int, int)
        Offsets of every pair of parentheses [characters].
    found : list of Mention
    """

    def __init__(self, folded: str, found: list[Found], year: int) -> None:
        self.folded, self.year = folded, year
        self.parentheses = _parentheses(folded)
        self.found = self._spans([self._mention(each, each.period) for each in found if each.period is not None])
        self._starts = [each.start for each in self.found]

    def between(self, start: int, end: int) -> list[Mention]:
        """Mentions that begin in ``[start, end)``."""
        return self.found[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def depth(self, offset: int) -> tuple[int, int] | None:
        """Offsets of the innermost parentheses that hold an offset; None where none opens near before it."""
        index = bisect_left(self.parentheses, (offset, 0)) - 1
        while index >= 0 and offset - self.parentheses[index][0] < _LONGEST_PARENTHESIS:
            if self.parentheses[index][1] > offset:
                return self.parentheses[index]
            index -= 1
        return None

    def cutoff(self, start: int, end: int) -> date | None:
        """Latest cut-off printed between two offsets; a month or quarter counts up to its last day."""
        said = [each for each in self.between(start, end) if each.is_cutoff and not each.is_comparison]
        return said[-1].period[2] if said else None

    @cached_property
    def wave(self) -> Period | None:
        """First span of days in a sentence about a wave of the epidemic."""
        for each in self.found:
            if (
                each.period[0] == "phase"
                and each.period[2].month != 12
                and re.search(r"đợt dịch|làn sóng", self.folded[max(each.start - 90, 0) : each.start])
            ):
                return each.period
        return None

    def day(self, start: int, end: int) -> Period | None:
        """Last day or span of days printed between two offsets."""
        said = [
            each for each in self.between(start, end) if each.period[0] in ("day", "phase") and not each.is_comparison
        ]
        return said[-1].period if said else None

    def _mention(self, found: Found, period: Period) -> Mention:
        before = self.folded[max(found.start - 60, 0) : found.start].rpartition("\n")[2]
        comparison = bool(_COMPARED.search(before))
        cutoff = bool(_CUTOFF.search(before)) and not _FROM.search(before)
        past = period[1].year < self.year and bool(_OF_PAST.search(before))
        planned = bool(_PLANNED.search(before))
        return Mention(found.start, found.end, period, comparison or past, cutoff, planned, self.depth(found.start))

    def _spans(self, mentions: list[Mention]) -> list[Mention]:
        """Join ``từ ngày 21/6 đến 30/9`` to one phase, which is no cut-off; what only says since when dates nothing."""
        joined: list[Mention] = []
        for each in mentions:
            last = joined[-1] if joined else None
            if last and last.end <= each.start < last.end + 40 and (span := self._joined(last, each)):
                joined[-1] = replace(last, end=each.end, period=span, is_cutoff=False, is_comparison=False)
                continue
            since = each.period[0] != "day" and _SINCE.search(self.folded[max(each.start - 25, 0) : each.start])
            joined.append(replace(each, is_comparison=True) if since else each)
        return joined

    def _joined(self, last: Mention, each: Mention) -> Period | None:
        """Span from one mention to the next, where the words between say that they are its ends."""
        between = self.folded[last.end : each.start]
        begins = _FROM.search(self.folded[max(last.start - 25, 0) : last.start])
        days = last.period[0] == each.period[0] == "day"
        if last.period[1] > each.period[1] or not (begins or (days and "-" in between)):
            return None
        if days and _TO_DAY.fullmatch(between):
            count = (each.period[1] - last.period[1]).days
            kind = "day" if count <= 1 and re.search(r"\d\s?(?:h|giờ)", between) else "phase"
            return kind, each.period[1] if kind == "day" else last.period[1], each.period[1]
        if not days and last.period[0] != "day" and re.fullmatch(r"\s*(?:đến|tới)\s*(?:hết |cuối |nay,? )*", between):
            return "phase", last.period[1], each.period[2]
        return None


def _parentheses(folded: str) -> list[tuple[int, int]]:
    """Offsets of every pair of parentheses within one line, by their beginning."""
    found: list[tuple[int, int]] = []
    opened: list[int] = []
    for each in re.finditer(r"[()\n]", folded):
        if each[0] == "\n":
            opened.clear()
        elif each[0] == "(":
            opened.append(each.start())
        elif opened:
            found.append((opened.pop(), each.end()))
    return sorted(found)
