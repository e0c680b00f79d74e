"""The frames of a text, from title to sentence, bracket and cell; what each says, and what a figure inherits.

Responsibility: which lines head those below them, whatever numbering the text uses; walk through a sentence once, open
a frame for every bracket, and tell for each figure the labels, entities and dates that are in force where it stands; in
tables, what row, column and caption say. A bracket sees what stands before it and hides what it says itself once it is
closed, but for a mere abbreviation: "(GRDP)".

Terms: *visible* = said before a figure in its own frame or in one around it; *clause* = a stretch between semicolons;
*lead* = what a sentence leaves to those behind it; *strangers* = words between label and figure that are neither known
labels nor words that merely connect; *lead-in* = a line that ends in a colon and opens a list; *written* = the day of
writing, as far as dates show it; *head* = the rows of a table before the first one with a number.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kg_analysis.ingest import grammar
from kg_analysis.ingest.dates import Mention, Mentions
from kg_analysis.ingest.document import WORD, Document, Sentence, Span
from kg_analysis.ingest.labels import Codebook, Entities, Entity, Hit, Hits, Label, Tree, find_entities, find_labels
from kg_analysis.ingest.numerals import FIGURE, Found, Unit, read_unit
from kg_analysis.vietnamese import Period, period_bounds

_G = grammar("frames")

ACTUAL, ESTIMATE, PLAN, SCENARIO = "actual", "estimate", "plan", "scenario"
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
    khoản giá cục thống kê chi trừ trợ cấp vào con chuyển dịch hướng đúng cơ bản đảm bảo tối thiểu hiện kh vị trí
    vươn cũng vùng tới dẫn đầu mở rộng thu hẹp điều chỉnh
"""
_CONNECTING = frozenset(_CONNECTING_WORDS.split())
_BEGINNING = 300  # characters that say what a text is about
_SHORT = 16  # characters of a bracket that only abbreviates what stands before it


@dataclass
class Frame:
    """What is in force at one place of a sentence."""

    start: int  # where the frame and its clause begin [characters]
    clause: int
    hits: list[Hit] = field(default_factory=list)  # labels, entities and dates that are visible, in text order
    entities: list[Entity] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    figures: int = 0  # figures read in this frame so far
    is_bracket: bool = False

    def inner(self, start: int) -> Frame:
        """Frame of a bracket that opens here."""
        return Frame(start, self.clause, list(self.hits), list(self.entities), list(self.mentions), 0, True)


@dataclass(frozen=True)
class Candidate:
    """An indicator proposed for a figure."""

    indicator: str  # empty where a known label is outside the codebook
    label: Label | None
    start: int  # offsets of the label [characters]
    end: int
    strangers: int = 0  # unknown words between label and figure
    passed: int = 0  # nearer labels that the figure's unit does not fit


@dataclass(frozen=True)
class Placed:
    """A figure with its frame."""

    found: Found
    partner: Found  # the second figure of a printed a/b or a range, else itself
    sentence: Sentence
    index: int  # of the sentence
    # where the clause begins; where the figure before in the sentence ends, or the sentence begins; where the next
    # figure or the sentence's end is [characters]
    clause: int
    chain: int
    following: int
    hits: tuple[Hit, ...]  # what is visible before it
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    bracket: int  # where the innermost bracket around it opens; -1 outside of brackets [characters]


class Text:
    """A folded text with its labels, entities and dates, to be walked through sentence by sentence."""

    def __init__(self, text: str, folded: str, mentions: Mentions, tree: Tree, book: Codebook) -> None:
        self.text, self.folded, self.mentions, self.book = text, folded, mentions, book
        self.hits: Hits = find_labels(tree, folded)
        self.entities: Entities = find_entities(text, folded, self.hits)
        # districts have gross output where provinces have GRDP
        self.is_gross = bool(_G.gross.search(folded)) and not _G.value_added.search(folded)

        begins = {each.item for each in self.entities.between(0, _BEGINNING) if each.dimension == "index"}
        self.is_of_index = len(begins) == 1  # scores and ranks of a text on one index of governance are its own

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
        events += [(each.start(), 4, "mark", each[0]) for each in _G.marks.finditer(self.folded, start, end)]
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
                    each for each in closed.entities if each.start == closed.start + 1 and each.dimension != "area"
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
            if (found.pair, later.pair) in (("first", "second"), ("low", "high")) and partner is found:
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


_BEGIN, _YEARS = 600, 700  # characters that say which years a text is about, and days of a span of years
_LONGEST = 170  # characters; a longer numbered line is a paragraph
_TITLE_LINES = 5
_LEVELS = (
    (1, re.compile(r"(?:phần\s+(?:thứ\s+)?\S+|[a-h]\.)\s", re.IGNORECASE)),
    (2, re.compile(r"(?:[ivx]+)[.)/]\s", re.IGNORECASE)),
    (3, re.compile(r"\d{1,2}[.)/]\s")),
    (4, re.compile(r"\d{1,2}\.\d{1,2}[.)]?\s|[a-zđ]\)\s")),
)
_PLANNING = r"ước|dự kiến|phấn đấu|đến hết|trước ngày|yêu cầu|kế hoạch|mục tiêu"
IN_YEAR = ("half", "ytd", "quarter")
AHEAD: re.Pattern[str] = _G.ahead


class Outline:
    """Title, headings and periods of a document.

    Attributes
    ----------
    titles : list of (int, int)
        Spans of the lines that the text begins with [characters].
    above : list of list of (int, int)
        Spans of the headings above each passage, the nearest first, the title's lines last.
    written : date
        Day of writing.
    title : Period or None
        Period that the title names, where it is no mere year.
    default : (Period, str)
        Period of what nothing else dates, and where it comes from: title, text, year, or part where
        the text speaks of parts of the year too.
    """

    def __init__(self, document: Document, mentions: Mentions, found: list[Found], year: int) -> None:
        self.document, self.mentions, self.year = document, mentions, year
        self.titles = _title_lines(document)
        self.title_end = max((end for _, end in self.titles), default=0)
        self.title_text = mentions.folded[: self.title_end]
        self.above = _headings(document, self.titles)
        self.title = self._of_title()
        self.is_dated = False
        self.written = self._written(found)
        self.default = self._default()
        named = [each for each in _plain(mentions.found) if each.period[0] not in ("day", "phase")]
        said = Counter(each.period[1:] for each in named if each.period[1].year == year)
        said.update(2 * [each.period[1:] for each in named if each.start < self.title_end and each.period[1:] in said])
        self.usual = max(said, key=said.__getitem__, default=None)
        often = sorted(said.values())[-2:]
        self.is_mixed = len(often) > 1 and often[0] > max(1, often[1] / 2)
        begin = _plain(mentions.between(0, _BEGIN))
        terms = [each for each in begin if not mentions.folded.endswith("nhiệm kỳ ", 0, each.start)]
        spans = any(each.period[0] == "phase" and (each.period[2] - each.period[1]).days > _YEARS for each in terms)
        self.is_of_years = spans and not any(each.period[1:] == self.default[0][1:] for each in begin)
        self._dated: dict[Span, Period | None] = {}

    def heading_period(self, passage: int) -> Period | None:
        """Period that the nearest dated heading above a passage names."""
        for span in self.above[passage]:
            if span[0] < self.title_end:
                return None
            if span not in self._dated:
                named = _plain(self.mentions.between(*span))
                named = [each for each in named if each.period[0] not in ("day", "phase")]
                self._dated[span] = named[-1].period if len({each.period for each in named}) == 1 else None
            if self._dated[span]:
                return self._dated[span]
        return None

    def is_usual(self, period: Period) -> bool:
        """Whether a period is the one that the text names most often, where it names any."""
        return self.usual in (None, period[1:])

    def headings(self, passage: int) -> list[str]:
        """Headings above a passage, folded, the nearest first, without the title."""
        folded, above = self.mentions.folded, self.above[passage]
        return [folded[start:end] for start, end in above if (start, end) not in self.titles]

    def day_of_title(self) -> Period | None:
        """Day that the title names, as bulletins do."""
        said = [each.period for each in _plain(self.mentions.between(0, self.title_end)) if each.period[0] == "day"]
        return said[0] if said else None

    def _of_title(self) -> Period | None:
        said = [each for each in _plain(self.mentions.between(0, self.title_end)) if not each.depth]
        titled = [each.period for each in said if not AHEAD.search(self.title_text, 0, each.start)]
        for kinds in (IN_YEAR, ("month",)):
            if picked := [each for each in titled if each[0] in kinds]:
                return picked[-1]
        return None

    def _written(self, found: Iterable[Found]) -> date:
        """The latest date that is neither ahead nor a plan; else the end of the title's period."""
        days = []
        folded = self.mentions.folded
        for each in found:
            if each.form != "date" or each.period is None:
                continue
            before = folded[max(each.start - 60, 0) : each.start].rpartition("\n")[2]
            day = each.period[2]
            if re.search(_PLANNING, before) or not (
                day.year == self.year or (day.year == self.year + 1 and day.month <= 2)
            ):
                continue
            days.append(day)
        self.is_dated = bool(days)
        if days:
            return max(days)
        return self.title[2] if self.title else date(self.year, 12, 15)

    def _default(self) -> tuple[Period, str]:
        """Title, else what a text of the middle of the year speaks of first and most, else the year reviewed."""
        year: Period = ("year", *period_bounds("year", self.year))
        plain = _plain(self.mentions.found)
        titled = [each.period for each in self.mentions.between(0, self.title_end) if each.period[0] == "year"]
        ahead = titled and min([titled[0][1].year, *(each.period[1].year for each in plain)]) > self.year
        if self.title or ahead:  # targets of the year to come
            return self.title or titled[0], "title"
        said = [each for each in plain if not each.depth] or plain  # what only brackets name is a detail
        named = [each for each in said if "năm" in self.mentions.folded[each.start : each.end]]
        whole = sum(each.period == year for each in named)  # a bare 2024 may be part of a name
        parts = [each.period for each in said if each.period[0] in IN_YEAR and each.period[1].year == self.year]
        late = self.written.year != self.year or self.written.month in (1, 2, 12)
        if parts and late and not self.is_dated:
            first = next((each.period for each in said if each.period[1].year == self.year), year)
            if first in parts and parts.count(first) > whole / 2:
                return first, "text"
        if late:
            if not whole and len(parts) > 1:
                return max(parts, key=parts.count), "text"
            if any(each.end <= self.title_end and each.period == year for each in said):
                return year, "title"
            return year, "part" if parts else "year"
        recent = [each for each in parts if -46 < (each[2] - self.written).days < 20]
        return (max(recent, key=recent.count), "text") if recent else (year, "year")


def _plain(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions that say when, not what something is compared with or counted up to."""
    return [each for each in mentions if not (each.is_comparison or each.is_cutoff or each.is_planned)]


def _title_lines(document: Document) -> list[Span]:
    """Spans of the short lines that a text begins with, up to the first heading or paragraph."""
    found: list[Span] = []
    for each in document.passages[:_TITLE_LINES]:
        line = document.text[each.start : each.end].strip().strip("*")
        if len(line) > _LONGEST or (
            found and (any(pattern.match(line) for _, pattern in _LEVELS) or line.endswith((".", ";", ",", "…")))
        ):
            break
        found.append((each.start, each.end))
    return found


def _headings(document: Document, title: list[Span]) -> list[list[Span]]:
    """Spans of the headings above each passage; a heading is not among its own."""
    stack: list[tuple[int, Span]] = []
    found = []
    by_section: dict[str, list[Span]] = {}
    titled = set(title)
    for passage in document.passages:
        if passage.place.startswith("footnote"):  # printed at the foot of a page, it belongs to the section of its mark
            found.append(by_section.get(passage.section, title))
            continue
        line = document.text[passage.start : passage.end].strip().strip("*")
        level = 0 if (passage.start, passage.end) in titled else _level(line)
        if level:
            stack = [each for each in stack if each[0] < level]
        above = [span for _, span in reversed(stack)]
        found.append([*above, *(each for each in title if each[0] != passage.start)])
        by_section.setdefault(passage.section, [*above, *([(passage.start, passage.end)] if level else []), *title])
        if level:
            stack.append((level, (passage.start, passage.end)))
    return found


def _level(line: str) -> int:
    """Depth of a heading, 0 where the line is none."""
    if not line or len(line) > _LONGEST or (len(line) > 60 and line[-1] in ".;,"):
        return 0
    for level, pattern in _LEVELS:
        if pattern.match(line):
            return level if not re.search(r"\d[\d.,]*\s?(?:%|tỷ|tỉ|triệu|ca\b)", line) else 0
    return 2 if line.isupper() and len(line) > 8 and not line.startswith(("-", "+")) else 0


@dataclass(frozen=True)
class Cell:
    """Where a figure stands in a table."""

    start: int  # offsets of the cell [characters]
    end: int
    label: Span  # offsets of the row's label
    caption: int  # offset from which the text above the table may name what it is about
    unit: Unit
    role: str  # empty where the head does not say
    basis: str
    period: Period | None
    is_index: bool  # whether the cell only numbers its row

    def read(self, found: Found) -> Found:
        """The figure with the unit that the table gives it."""
        if found.unit_class not in ("", "count") or not self.unit.unit_class:
            return found
        unit = self.unit
        return replace(found, end=found.number_end, unit=unit.unit, unit_class=unit.unit_class, power=unit.power)


class Tables:
    """Cells with numbers of all tables of a text."""

    def __init__(self, document: Document, folded: str, mentions: Mentions) -> None:
        self._cells = [cell for block in _blocks(document) for cell in _placed(*block, folded, mentions)]
        self._starts = [each.start for each in self._cells]

    def at(self, offset: int) -> Cell | None:
        """Cell that holds the character at ``offset``; None outside of tables."""
        index = bisect_right(self._starts, offset) - 1
        cell = self._cells[index] if index >= 0 else None
        return cell if cell and offset < cell.end else None


def _blocks(document: Document) -> Iterator[tuple[int, list[list[Span]]]]:
    """Offset of the line above and the rows of every table, a row being the spans of its cells."""
    rows: list[list[Span]] = []
    above = 0
    for passage in document.passages:
        cells = [found.span() for found in _G.cell.finditer(document.text, passage.start, passage.end)]
        if len(cells) > 2 or (rows and len(cells) > 1):
            rows.append(cells)
            continue
        if len(rows) > 1:
            yield above, rows
        rows, above = [], passage.start
    if len(rows) > 1:
        yield above, rows


def _placed(above: int, rows: list[list[Span]], folded: str, mentions: Mentions) -> Iterator[Cell]:
    """Cells with a number of one table."""
    numbers = [sum(bool(_G.number.match(folded[start:end])) for start, end in row[1:]) for row in rows]
    first = next((index for index, count in enumerate(numbers) if count and index), len(rows))
    heads = [[row[column] for row in rows[:first] if column < len(row)] for column in range(max(map(len, rows)))]
    caption = folded[above : rows[0][0][0]]
    for row in rows[first:]:
        label = _label(row, heads, folded)
        for column, (start, end) in enumerate(row):
            spans = heads[column] if column < len(heads) else []
            words = " ".join(folded[one:two] for one, two in spans)
            is_index = column == 0 and label != (start, end) and bool(_G.index.match(folded[start:end]))
            if not (is_index or _G.number.match(folded[start:end])):
                continue
            role = _named(_G.roles, words)
            basis = next(
                (name for name, pattern in _G.bases.items() if pattern.search(words) and role != "plan_ratio"), ""
            )
            if not basis and _G.bases["scenario"].search(caption):
                basis = SCENARIO
            said = [each.period for one, two in spans for each in mentions.between(one, two)]
            unit = _unit(row, heads, [words, folded[label[0] : label[1]], caption], folded)
            yield Cell(start, end, label, above, unit, role, basis, said[-1] if said else None, is_index)


def _named(patterns: dict[str, re.Pattern[str]], words: str) -> str:
    """Name of the first pattern that words hold."""
    return next((name for name, pattern in patterns.items() if pattern.search(words)), "")


def _label(row: list[Span], heads: list[list[Span]], folded: str) -> Span:
    """First cell of a row in words that is neither its number nor its unit."""
    for column, (start, end) in enumerate(row):
        words = folded[start:end]
        head = " ".join(folded[one:two] for one, two in heads[column]) if column < len(heads) else ""
        if not (_G.number.match(words) or _G.index.match(words) or _G.unit_head.search(head)):
            return start, end
    return row[0]


def _unit(row: list[Span], heads: list[list[Span]], places: list[str], folded: str) -> Unit:
    """Unit by the column of units, else in parentheses in the head, behind the label, or in the caption."""
    said = []
    for column, (start, end) in enumerate(row):
        head = " ".join(folded[one:two] for one, two in heads[column]) if column < len(heads) else ""
        if _G.unit_head.search(head):
            said.append(folded[start:end].strip())
    said.extend("".join(each).strip() for place in places for each in _G.named_unit.findall(place))
    for each in said:
        unit = read_unit(f" {each} ", 0)
        if unit.unit_class and unit.unit_class != "count":
            return unit
    return Unit(0, 0)
