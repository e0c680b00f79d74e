"""The inner frames of a text: sentence, clause, bracket; what each says, and what a figure inherits from them.

Responsibility: walk through a sentence once, open a frame for every bracket, and tell for each figure the labels,
entities and dates that are in force where it stands. A bracket sees what stands before it and hides what it says itself
once it is closed, but for a mere abbreviation: "(GRDP)".

Terms: *visible* = said before a figure in its own frame or in one around it; *clause* = a stretch between semicolons;
*lead* = what a sentence leaves to the sentences behind it in its paragraph; *strangers* = words between label and figure
that are neither known labels nor words that merely connect.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg_analysis.ingest.dates import Mention, Mentions
from kg_analysis.ingest.entities import Entities, Entity, find_entities
from kg_analysis.ingest.labels import Codebook, Hit, Hits, Label, Tree, find_labels
from kg_analysis.ingest.numerals import FIGURE, Found
from kg_analysis.ingest.wording import WORD, Sentence

REACH = 700  # characters around a figure that its sentence may have
_CONNECTING_WORDS = """
    đạt được là ước tính khoảng trên hơn gần dưới so với cùng kỳ năm trước nay kế hoạch và bằng trong đó của
    tỉnh toàn cả nước giá sánh hiện hành theo đến hết ngày thực đã mới chỉ còn vẫn xuống lên thêm mức tổng số
    tỷ lệ tăng giảm vượt có gồm như cụ thể riêng thì cho tại địa bàn lũy quý tháng đầu cuối hàng hóa vốn phải
    cần sẽ để khi phấn đấu từ thứ xếp đứng hạng dự toán giao đề ra kịch bản phương án này nghị quyết mục tiêu
    trung ương hđnd ubnd bình quân kiến niên độ chung khu vực ngành lĩnh tốc chiếm mỗi một các nhất cao thấp
    tốt rất ngược lại đáng chú ý sau bao trở giữ ổn định ở mà tương ứng đương đồng usd triệu nghìn tỉ điểm
    phần trăm ca lượt người lao khách doanh nghiệp huyện thành phố thị xã sở ban thời gian qua lần đợt công bố
    ghi nhận ngoài nhưng đều gấp quy mô kết quả phát sinh thu trị ba hai bốn sáu chín i ii iii iv
    khá ấn tượng ngoạn mục mạnh tiếp tục duy trì chính thức sơ bộ giai đoạn lên đặt hoàn thành nhiều đóng góp
    khoản giá cục thống kê chi trừ trợ cấp vào con chuyển dịch hướng đúng cơ bản đảm bảo tối thiểu hiện
"""
_CONNECTING = frozenset(_CONNECTING_WORDS.split())
_SHORT = 16  # characters of a bracket that only abbreviates what stands before it
_MARKS = re.compile(r"[();]")


@dataclass
class Frame:
    """What is in force at one place of a sentence.

    Attributes
    ----------
    start, clause : int
        Where the frame and its clause begin [characters].
    hits, entities, mentions : list
        Labels, entities and dates that are visible, in text order.
    figures : int
        Figures read in this frame so far.
    is_bracket : bool
    """

    start: int
    clause: int
    hits: list[Hit] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    figures: int = 0
    is_bracket: bool = False

    def inner(self, start: int) -> Frame:
        """Frame of a bracket that opens here."""
        return Frame(start, self.clause, list(self.hits), list(self.entities), list(self.mentions), 0, True)


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


@dataclass(frozen=True)
class Placed:
    """A figure with its frame.

    Attributes
    ----------
    found : Found
    partner : Found
        The second figure of a printed a/b, else itself.
    sentence : Sentence
    index : int
        Of the sentence.
    clause, chain, following : int
        Where the clause begins; where the figure before in the sentence ends, or the sentence begins; where the next
        figure or the sentence's end is [characters].
    hits, entities, mentions : tuple
        What is visible before it.
    bracket : int
        Where the innermost bracket around it opens; -1 outside of brackets [characters].
    """

    found: Found
    partner: Found
    sentence: Sentence
    index: int
    clause: int
    chain: int
    following: int
    hits: tuple[Hit, ...]
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    bracket: int


class Text:
    """A folded text with its labels, entities and dates, to be walked through sentence by sentence."""

    def __init__(self, text: str, folded: str, mentions: Mentions, tree: Tree, book: Codebook) -> None:
        self.text, self.folded, self.mentions, self.book = text, folded, mentions, book
        self.hits: Hits = find_labels(tree, folded)
        self.entities: Entities = find_entities(text, folded, self.hits)

    def strangers(self, start: int, end: int) -> int:
        """Words between two offsets that neither a pattern nor the language's connecting words account for."""
        if start >= end:
            return 0
        known = [(each.start, each.end) for each in self.hits.between(max(0, start - 60), end)]
        known += [*self.entities.spans(max(0, start - 60), end)]
        known += [(each.start, each.end) for each in self.mentions.between(start, end)]
        count = 0
        for word in WORD.finditer(self.folded, start, end):
            if word[0] not in _CONNECTING:
                count += not any(first <= word.start() < last for first, last in known)
        return count

    def walk(self, sentence: Sentence, index: int, found: Sequence[Found]) -> Iterator[Placed]:
        """Figures of a sentence with their frames; ``found`` are all finds of the sentence, in text order."""
        events: list[tuple[int, int, str, object]] = []
        start, end = sentence.start, sentence.end
        events += [(each.start, 1, "hit", each) for each in self.hits.between(start, end)]
        events += [(each.start, 2, "entity", each) for each in self.entities.between(start, end)]
        events += [(each.start, 0, "mention", each) for each in self.mentions.between(start, end)]
        events += [(each.start(), 4, "mark", each[0]) for each in _MARKS.finditer(self.folded, start, end)]
        events += [(each.start, 3, "figure", each) for each in found if each.kind == FIGURE]
        events.sort(key=lambda each: each[:2])
        figures = [each for each in found if each.kind == FIGURE]
        stack = [Frame(start, start)]
        chain, position = start, -1
        for at, _, kind, each in events:
            frame = stack[-1]
            if kind == "mark":
                self._mark(stack, str(each), at)
            elif kind == "figure" and isinstance(each, Found):
                position += 1
                frame.figures += 1
                yield self._placed(each, figures, position, sentence, index, chain, frame)
                chain = each.end
            elif isinstance(each, Hit):
                frame.hits.append(each)
            elif isinstance(each, Entity):
                frame.entities.append(each)
            elif isinstance(each, Mention):
                frame.mentions.append(each)

    @staticmethod
    def _mark(stack: list[Frame], mark: str, at: int) -> None:
        """Open, close or divide frames at a mark."""
        if mark == "(":
            stack.append(stack[-1].inner(at))
        elif mark == ")" and len(stack) > 1:
            closed = stack.pop()
            if not closed.figures and at - closed.start < _SHORT:  # a mere abbreviation: "(GRDP)"
                stack[-1].hits += [each for each in closed.hits if each.start > closed.start]
                stack[-1].entities += [
                    each for each in closed.entities if each.start > closed.start and each.dimension != "area"
                ]
            stack[-1].figures += closed.figures
        elif mark == ";" and len(stack) == 1:
            stack[-1].clause = at + 1

    def _placed(
        self,
        found: Found,
        figures: Sequence[Found],
        position: int,
        sentence: Sentence,
        index: int,
        chain: int,
        frame: Frame,
    ) -> Placed:
        partner, following = found, sentence.end
        for later in figures[position + 1 : position + 12]:
            if found.pair == "first" and later.pair == "second" and partner is found:
                partner = later
                continue
            following = later.start
            break
        if sentence.end - sentence.start > 2 * REACH:  # no sentence is so long: only what is near counts
            first, last = max(sentence.start, found.start - REACH), min(sentence.end, found.end + REACH)
            sentence = replace(sentence, start=first, end=last)
            following = min(following, last)
        near = sentence.start
        return Placed(
            found,
            partner,
            sentence,
            index,
            max(frame.clause, near),
            max(chain, near),
            following,
            tuple(frame.hits[_from(frame.hits, near) :]),
            tuple(frame.entities[_from(frame.entities, near) :]),
            tuple(frame.mentions[_from(frame.mentions, near) :]),
            frame.start if frame.is_bracket else -1,
        )


def _from(items: Sequence[Hit | Entity | Mention], start: int) -> int:
    """Index of the first item that begins at or behind an offset."""
    return bisect_left([each.start for each in items[-200:]], start) + max(0, len(items) - 200)
