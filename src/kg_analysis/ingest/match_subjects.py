"""Which indicator a figure measures, by the labels around it.

Responsibility: candidates from the label behind the numeral, before it, or behind a share. The nearest label that the
figure's unit fits wins; words between the two that no pattern knows speak against it.

Terms: *strangers* = words between label and figure that are neither known labels nor words that merely connect; *role*,
see ``match_roles``.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg_analysis.ingest.figures_claims import Found
from kg_analysis.ingest.match_entities import Entities
from kg_analysis.ingest.match_labels import AFTER, BEFORE, GROWTH, OTHER, Hit, Hits, Label
from kg_analysis.ingest.match_roles import Codebook
from kg_analysis.ingest.wording import WORD

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
