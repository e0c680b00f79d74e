"""Which indicator a figure measures.

Responsibility: from the labels around a figure and the way in which it is printed to one indicator of the codebook, or
to none. The nearest label that the figure's unit fits wins; words between the two that no pattern knows speak against
it.

Terms: *role* = how a figure is printed: level, growth, plan_ratio, share, points, rank, count …; *strangers* = words
between label and figure that are neither known labels nor words that merely connect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from kg_analysis.ingest.figures_claims import Found
from kg_analysis.ingest.match_entities import Entities
from kg_analysis.ingest.match_labels import AFTER, BEFORE, GROWTH, OTHER, Hit, Hits, Label
from kg_analysis.ingest.wording import WORD

_SUFFIXES = {
    "level": ("", "_level"),
    "growth": ("_growth", "_change", ""),
    "plan_ratio": ("_plan_ratio", ""),
    "above_plan": ("_above_plan",),
    "expectation": ("_vs_expectation", "_growth_vs_expectation"),
    "share": ("_share", "_ratio", ""),
    "neutral": ("", "_plan_ratio", "_ratio", "_growth"),
    "points": ("_contribution", "_vs_expectation", "_change", ""),
    "rank": ("_rank", "_growth_rank", ""),
    "rank_of": ("_rank_of", "_growth_rank_of"),
    "places": ("_rank_change",),
    "count": ("", "_services", "_count", "_change"),
    "change": ("_change", ""),
    "score": ("_score", ""),
    "date": ("",),
    "index": ("",),
}
# Units of the codebook that a class of printed units can be read in.
UNITS_OF_CLASS = {
    "pct": ("pct", "percentage_point"),
    "points": ("percentage_point",),
    "money": ("bn_vnd", "mn_vnd"),
    "million": ("mn_vnd", "bn_vnd"),
    "usd": ("mn_usd",),
    "people": ("persons", "cases", "count"),
    "weight": ("tonnes",),
    "area": ("ha",),
    "cases": ("cases", "count"),
    "per_day": ("cases_per_day",),
    "times": ("times", "count"),
    "count": ("count", "persons", "per_10000"),
    "rank": ("rank",),
    "places": ("count",),
    "score": ("points",),
    "": ("count", "cases", "persons"),
}
_ROLE_OF_FORM = {"rank": "rank", "rank_of": "rank_of", "date": "date", "period": "date"}
_ROLE_OF_CLASS = {"points": "points", "places": "places", "score": "score", "time": "level"}
_POINT_SUFFIXES = ("_change", "_vs_expectation")
_PLAN = re.compile(
    r"\s*\)?\s*(?:,\s*)?(?:so với |so |của |tổng |chỉ tiêu )?(?:tổng )?(?:kế hoạch|kh\b|dự toán|nghị quyết|"
    r"mục tiêu|chỉ tiêu)\b(?! đề ra là)"
)
_EXPECTED = re.compile(r"\s*(?:so với |so )?(?:mức )?(?:dự kiến|kịch bản|mục tiêu|nghị quyết)\b")
_EXPECTED_BEFORE = re.compile(
    r"(?:cao hơn|thấp hơn|vượt)(?: so với)? [^.;,\d]{0,30}?(?:kịch bản|dự kiến|mục tiêu|nghị quyết)[^.;,\d]{0,20}$"
)
_ABOVE_BEFORE = re.compile(r"vượt (?:so với )?(?:kế hoạch|dự toán)[^.;,\d]{0,25}$")
_SAME_AS = re.compile(
    r"(?:tương đương|tương ứng|tức|tương đương với)\s+(?:tăng |giảm |với )?(?:khoảng |gần |hơn |trên )?$"
)
_AGAINST_YEAR = re.compile(r"\s*(?:so với|so|của)?\s*(?:cùng kỳ|năm|tháng)\b")
_SHARE = re.compile(r"\b(?:chiếm|tỷ trọng)\s+(?:[^\W\d_]+\s+){0,3}$")
_CONNECTING_WORDS = """
    đạt được là ước tính khoảng trên hơn gần dưới so với cùng kỳ năm trước nay kế hoạch và bằng trong đó của
    tỉnh toàn cả nước giá sánh hiện hành theo đến hết ngày thực đã mới chỉ còn vẫn xuống lên thêm mức tổng số
    tỷ lệ tăng giảm vượt có gồm như cụ thể riêng thì cho tại địa bàn lũy quý tháng đầu cuối hàng hóa vốn phải
    cần sẽ để khi phấn đấu từ thứ xếp đứng hạng dự toán giao đề ra kịch bản phương án này nghị quyết mục tiêu
    trung ương hđnd ubnd bình quân kiến niên độ chung khu vực ngành lĩnh tốc chiếm mỗi một các nhất cao thấp
    tốt rất ngược lại đáng chú ý sau bao trở giữ ổn định ở mà tương ứng đương đồng usd triệu nghìn tỉ điểm
    phần trăm ca lượt người lao khách doanh nghiệp huyện thành phố thị xã sở ban thời gian qua lần đợt công bố
    ghi nhận ngoài nhưng đều gấp quy mô kết quả phát sinh thu trị ba hai bốn sáu chín i ii iii iv
"""
_CONNECTING = frozenset(_CONNECTING_WORDS.split())


@dataclass(frozen=True)
class Candidate:
    """An indicator proposed for a figure.

    Attributes
    ----------
    indicator : str
        Empty where a known label is outside the codebook.
    label : Label or None
    start, end : int
        Offsets of the label [characters].
    strangers : int
        Unknown words between label and figure.
    passed : int
        Nearer labels that the figure's unit does not fit.
    """

    indicator: str
    label: Label | None
    start: int
    end: int
    strangers: int = 0
    passed: int = 0


_Previous = tuple[Found, Candidate | None] | None


class Codebook:
    """Units and kinds of the indicators, and the members of a family by role."""

    def __init__(self, indicators: pd.DataFrame) -> None:
        table = indicators.set_index("id") if "id" in indicators.columns else indicators
        self.units: dict[str, str] = table["unit"].to_dict()
        self.kinds: dict[str, str] = table["kind"].to_dict()
        self.topics: dict[str, str] = table["topic"].to_dict()

    def resolve(self, subject: str, role: str, unit_class: str, unit: str) -> str:
        """Indicator of a subject's family that fits the role and the printed unit; empty for none."""
        suffixes = _SUFFIXES.get(role, ())
        if role == "neutral" and subject not in self.units:
            suffixes = ("_growth", "_ratio")
        for suffix in suffixes:
            name = subject + suffix
            if name in self.units and self._fits(name, suffix, role, unit_class, unit):
                return name
        return ""

    def _fits(self, name: str, suffix: str, role: str, unit_class: str, unit: str) -> bool:
        """Whether an indicator can be printed in this unit, in this role."""
        printed, kind = self.units[name], self.kinds[name]
        if kind in ("statement", "list") or (role in ("growth", "index") and suffix == "" and kind != "rate"):
            return False
        if role == "change" and suffix == "" and not name.endswith("_change"):
            return False
        if role == "plan_ratio" and suffix == "" and not name.endswith("_ratio"):
            return False
        if unit_class == "time":
            return printed == {"ngày": "days", "năm": "years"}.get(unit, "")
        if unit_class == "pct" and printed == "percentage_point":
            return suffix.endswith(_POINT_SUFFIXES) or name.endswith("_change")
        fits = printed in UNITS_OF_CLASS.get(unit_class, ())
        return fits and (unit_class != "pct" or kind in ("rate", "ratio"))


def role_of(found: Found, folded: str, start: int) -> str:
    """Role of a figure by its form, unit and the words beside it; ``start`` bounds the look back."""
    if found.form in _ROLE_OF_FORM:
        return _ROLE_OF_FORM[found.form]
    before = folded[max(start, found.start - 70) : found.start]
    if found.unit_class == "points" and _EXPECTED_BEFORE.search(before):
        return "expectation"
    if found.unit_class in _ROLE_OF_CLASS:
        return _ROLE_OF_CLASS[found.unit_class]
    if found.unit_class == "pct":
        return _role_of_share(found, before, folded[found.end : found.end + 60])
    return _role_of_amount(found, before)


def _role_of_amount(found: Found, before: str) -> str:
    """Role of a figure in money, persons, tonnes, times, or of a count."""
    if found.unit_class == "times":
        return "growth" if found.direction in ("tăng", "giảm", "gấp") else "level"
    if found.direction in ("tăng", "giảm"):
        return "change"
    if _SAME_AS.search(before):
        return "none"  # says again what was just said, in another unit
    return "count" if found.unit_class in ("count", "") else "level"


def _role_of_share(found: Found, before: str, after: str) -> str:
    """Role of a figure in percent."""
    if found.direction in ("vượt", "hụt", "cao hơn", "thấp hơn") or _EXPECTED_BEFORE.search(before):
        if _EXPECTED.match(after) or _EXPECTED_BEFORE.search(before):
            return "expectation"
        return "above_plan"
    if _ABOVE_BEFORE.search(before):
        return "above_plan"
    if found.direction in ("tăng", "giảm", "âm"):
        return "growth"
    return "share" if _SHARE.search(before) else _role_of_ratio(found, after)


def _role_of_ratio(found: Found, after: str) -> str:
    """Role of a share by what it is held against."""
    if found.direction == "bằng" and _AGAINST_YEAR.match(after):
        return "index"  # 118,5% of last year's: neither growth nor share of the plan
    return "plan_ratio" if _PLAN.match(after) else "neutral"


@dataclass(frozen=True)
class Words:
    """A folded text with its labels and entities."""

    folded: str
    hits: Hits
    entities: Entities

    def strangers(self, start: int, end: int) -> int:
        """Words between two offsets that neither a pattern nor the language's connecting words account for."""
        if start >= end:
            return 0
        spans = [(each.start, each.end) for each in self.hits.between(start, end)]
        known = [*spans, *self.entities.spans(start, end)]
        count = 0
        for word in WORD.finditer(self.folded, start, end):
            if word[0] not in _CONNECTING:
                count += not any(first <= word.start() < last for first, last in known)
        return count


def after_candidate(found: Found, role: str, words: Words, book: Codebook) -> Candidate | None:
    """Indicator by the label that follows the numeral: ``64 nhiệm vụ``, ``34 ca trong cộng đồng``."""
    limit, end = found.number_end + 3, max(found.end, found.noun_end)
    inside = words.hits.between(found.number_end, max(end, limit))
    near = [each for each in inside if each.start <= limit or each.start < end]
    if words.folded[end : end + 1] in (",", ";", ")"):
        near = [each for each in near if each.end <= end]
    elif end > found.number_end:
        near = [*near, *words.hits.between(end, end + 3)]
    best: Candidate | None = None
    for hit in near:
        for label in hit.labels:
            if label.place != AFTER or not label.subject:
                continue
            name = "" if label.subject == OTHER else book.resolve(label.subject, role, found.unit_class, found.unit)
            if (name or label.subject == OTHER) and (best is None or hit.end > best.end):
                best = Candidate(name, label, hit.start, hit.end)
    return best


def before_candidate(
    found: Found, role: str, words: Words, book: Codebook, start: int, chain: int, previous: _Previous = None
) -> Candidate | None:
    """Indicator by the nearest label before the figure in its sentence.

    Parameters
    ----------
    found : Found
    role : str
    words : Words
    book : Codebook
    start : int
        Offset where the sentence begins.
    chain : int
        Offset after the figure before this one in the sentence, or ``start``; what stands before was judged with that.
    previous : (Found, Candidate or None), optional
        Figure before in the sentence, and how it was read.
    """
    passed, generic = 0, None
    kept = previous[1] if previous else None
    for hit in reversed(words.hits.between(start, found.number_start)):
        if _is_elsewhere(words.folded, start, hit, found, previous):
            continue
        if any(each.subject == GROWTH for each in hit.labels):
            generic = generic or hit
            continue
        named = _names(hit, found, role, book, kept if kept and kept.start == hit.start else None)
        if not named:
            passed += any(each.subject for each in hit.labels)
            continue
        if generic and not named[0].startswith("grdp") and words.strangers(max(hit.end, chain), generic.start) > 2:
            break  # too far off to be what the growth is of
        unknown = words.strangers(max(hit.end, chain), found.start)
        return Candidate(*named, hit.start, hit.end, unknown, passed)
    if generic and (name := book.resolve("grdp_growth", role, found.unit_class, found.unit)):
        unknown = words.strangers(max(generic.end, chain), found.start)
        return Candidate(name, generic.labels[0], generic.start, generic.end, unknown, 1 + min(passed, 2))
    return None


def _is_elsewhere(folded: str, start: int, hit: Hit, found: Found, previous: _Previous) -> bool:
    """Whether a label before a figure cannot be its own: another figure's noun, or in parentheses long closed."""
    if hit.end > found.number_start:
        return True
    counted = previous is not None and previous[0].unit_class == found.unit_class in ("cases", "count", "people")
    if previous and counted and _is_noun_of(previous[0], hit, folded):
        return True
    return any(each.subject == OTHER for each in hit.labels) and _is_aside(folded, start, hit, found)


def _is_noun_of(previous: Found, hit: Hit, folded: str) -> bool:
    """Whether a label is the noun that the figure before counts: the cộng đồng of ``15 ca cộng đồng, 80 ca …``."""
    return previous.number_end <= hit.start <= previous.end + 1 and "," not in folded[previous.end : hit.end]


def _is_aside(folded: str, start: int, hit: Hit, found: Found) -> bool:
    """Whether a label stands in parentheses that are closed before the figure."""
    opened = folded.rfind("(", start, hit.start)
    return opened > folded.rfind(")", start, hit.start) and ")" in folded[hit.end : found.start]


def behind_candidate(found: Found, role: str, words: Words, book: Codebook, stop: int) -> Candidate | None:
    """Indicator by a label that follows a share: ``41,7% người từ 18 tuổi đã tiêm ít nhất một mũi``."""
    for mark in ",;":
        at = words.folded.find(mark, found.end, stop)
        stop = at if at >= 0 else stop
    for hit in words.hits.between(found.end, min(stop, found.end + 90)):
        if hit.end > stop:
            continue
        if names := _names(hit, found, role, book, None):
            return Candidate(names[0], names[1], hit.start, hit.end) if names[0] else None
    return None


def _names(hit: Hit, found: Found, role: str, book: Codebook, kept: Candidate | None) -> tuple[str, Label] | None:
    """Indicator and label of a hit; where it has several, the one that the figure before was read by."""
    labels = sorted(hit.labels, key=lambda each: kept is None or each != kept.label)
    for label in labels:
        if label.place != BEFORE or not label.subject:
            continue
        if label.subject == OTHER:
            return "", label
        if name := book.resolve(label.subject, role, found.unit_class, found.unit):
            return name, label
    return None
