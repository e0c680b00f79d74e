"""Digits that are no figure: legal references, names that hold a number, numbering and page furniture.

Responsibility: recognise them by their form, before amounts are read. What is left with a digit is an amount.
"""

from __future__ import annotations

import re

from kg_analysis.ingest.numerals import ARTEFACT, NAME, REFERENCE, SECTION, Claims, Found

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
    r"(?:giai đoạn|tầng|kịch bản|phương án|đợt|nhóm|mũi|liều|cấp độ|mức độ|cấp|loại|(?<!thứ )(?<!xếp )(?<!từ )hạng|vòng|khối|lớp|khóa|"
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
