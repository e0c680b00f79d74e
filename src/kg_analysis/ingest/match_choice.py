"""The indicator of a figure, chosen among the labels around it.

Responsibility: weigh the label behind the number, the nearest one before it, and what sentence, headings and title are
about; say how certain the choice is.

Terms: *certainty* = 0 to 1, of the indicator alone; *known* = no stranger stands before the figure, so that a further
figure of the sentence may go on from it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kg_analysis.ingest.figures_claims import Found
from kg_analysis.ingest.match_dimensions import LISTED
from kg_analysis.ingest.match_labels import BEFORE, GROWTH, OTHER
from kg_analysis.ingest.match_reading import Figure, Matched, Reading
from kg_analysis.ingest.match_roles import role_of
from kg_analysis.ingest.match_subjects import (
    Candidate,
    after_candidate,
    before_candidate,
    behind_candidate,
)
from kg_analysis.ingest.match_tables import Placed

_ASKED = re.compile(r"(?:kế hoạch|chỉ tiêu)(?: là| năm)?\s*$")
_LEAST = 0.4  # below it an indicator is rather left to the person


def match_subject(reading: Reading, figure: Figure, index: int) -> Matched:
    """What a figure measures, with the certainty of it; ``index`` is that of its sentence."""
    found, words, book = figure.found, reading.words, reading.book
    role = role_of(found, reading.folded, figure.sentence.start)
    if _is_threshold(figure, role, reading.folded):
        return Matched(found, None, 0.3, "")
    after = after_candidate(figure.partner, role, words, book) if found.form != "rank" else None
    previous = (figure.previous.found, figure.previous.candidate) if figure.previous else None
    before = before_candidate(found, role, words, book, figure.sentence.start, figure.chain, previous)
    behind = None
    if role in ("neutral", "share") and (before is None or (figure.previous and figure.previous.is_behind)):
        behind = behind_candidate(found, role, words, book, figure.following)
    chosen, certainty = (behind, 0.9) if behind else _chosen(reading, figure, after, before)
    if chosen is None and _is_open(reading, figure):
        chosen, certainty = _inherited(reading, figure, role, index)
    name = _member(reading, figure, chosen.indicator) if chosen and certainty >= _LEAST else ""
    known = bool(name) or words.strangers(figure.chain, found.start) == 0
    known = known and (figure.previous is None or bool(name) or figure.previous.is_known)
    return Matched(found, chosen, certainty, name, known, behind is not None)


def match_cell(reading: Reading, found: Found, placed: Placed) -> Matched:
    """What a figure in a table measures: by its row's label, else by the rows above it, the caption or the headings."""
    role = role_of(found, reading.folded, placed.start)
    if placed.role in ("growth", "plan_ratio", "share", "points") and found.unit_class in ("pct", "points", ""):
        found = replace(found, unit_class="points" if placed.role == "points" else "pct", unit="%")
        role = placed.role
    if placed.role == "none" or (placed.role == "" and found.unit_class in ("", "count")):
        return Matched(found, None, 0.3, "")
    best = _of_span(reading, found, role, *placed.label)
    if best or reading.words.strangers(*placed.label) > 1:
        return Matched(found, best, 0.95 if best else 0.3, best.indicator if best else "")
    named = [each for each in reading.entities.between(*placed.label) if each.dimension == "sector"]
    total = reading.words.strangers(*placed.label) == 0
    above = _of_span(reading, found, role, placed.caption, placed.label[0]) if named or total else None
    return Matched(found, above, 0.9 if above else 0.3, above.indicator if above else "")


def _of_span(reading: Reading, found: Found, role: str, start: int, end: int) -> Candidate | None:
    """Indicator by the last label of a stretch that fits."""
    for hit in reversed(reading.hits.between(start, end)):
        for label in hit.labels:
            subject = "grdp_growth" if label.subject == GROWTH else label.subject
            if not subject or subject == OTHER or hit.end > end + 1:
                continue
            if name := reading.book.resolve(subject, role, found.unit_class, found.unit):
                return Candidate(name, label, hit.start, hit.end)
    return None


def _member(reading: Reading, figure: Figure, name: str) -> str:
    """The chosen indicator, or the one of its family that the figure's place makes it."""
    found, units = figure.found, reading.book.units
    if name and found.pair == "second":
        name = _whole(reading, name)
    if f"{name}_target" in units and _ASKED.search(reading.folded[max(found.start - 20, 0) : found.start]):
        return f"{name}_target"
    if name == "task_count" and figure.previous and figure.previous.indicator == "programme_item_count":
        return "programme_item_count"  # of the programme's schemes and tasks, the tasks
    return name


def _chosen(
    reading: Reading, figure: Figure, after: Candidate | None, before: Candidate | None
) -> tuple[Candidate | None, float]:
    """The better of the two labels with its certainty."""
    if after and after.indicator.endswith("_new") and _is_cumulative(reading, figure, before, after):
        return replace(after, indicator=after.indicator.removesuffix("_new") + "_cumulative"), 0.95
    if before and before.indicator.endswith("_new") and not after and _is_cumulative(reading, figure, None, before):
        return replace(before, indicator=before.indicator.removesuffix("_new") + "_cumulative"), 0.93
    if after and (figure.found.unit_class in ("count", "cases", "people", "") or before is None):
        return after, 0.98 if after.indicator else 0.2
    if before is None:
        return None, 0.0
    certainty = (0.985, 0.93, 0.8, 0.6, 0.35)[min(before.strangers, 4)] * 0.95 ** min(before.passed, 3)
    if figure.previous and before.end <= figure.chain:
        certainty *= _carried(reading, figure.previous, before)
    return before, certainty if before.indicator else 0.2


def _carried(reading: Reading, previous: Matched, before: Candidate) -> float:
    """How far a label still holds behind another figure of the sentence."""
    if not previous.is_known:
        return 0.35
    if previous.candidate and previous.candidate.start == before.start:
        return min(1.0, previous.certainty / 0.98)
    return 0.97


def _is_cumulative(reading: Reading, figure: Figure, before: Candidate | None, after: Candidate) -> bool:
    """Whether a count of new cases is one since the beginning: lũy kế, tổng số, từ đầu dịch đến nay."""
    if after.indicator.removesuffix("_new") + "_cumulative" not in reading.book.units:
        return False
    said = reading.folded[max(figure.chain, figure.found.start - 90) : figure.found.start]
    whole = re.search(
        r"(?:tổng số|tổng cộng|lũy kế|cộng dồn)\s*(?:có|là|:|ghi nhận)?\s*$|từ đầu (?:\S+ )?dịch|"
        r"đến nay[^.;]*$|tính đến[^.;]*là\s*$",
        said,
    )
    return bool(whole) or bool(before and before.indicator.endswith("_cumulative"))


def _is_open(reading: Reading, figure: Figure) -> bool:
    """Whether a figure may take its label from beyond its sentence, which names no other subject before it."""
    if figure.previous is not None and not figure.previous.indicator and not _is_listed(reading, figure):
        return False
    named = reading.hits.between(figure.sentence.start, figure.found.number_start)
    return not any(
        label.subject and label.place == BEFORE for hit in named for label in hit.labels if label.subject != GROWTH
    )


def _is_listed(reading: Reading, figure: Figure) -> bool:
    """Whether the name of a place or unit stands right before a figure: Rạch Giá (313 ca)."""
    start = figure.found.start
    near = reading.entities.between(max(figure.chain, start - 60), start)
    return any(start - 3 <= each.end <= start and each.dimension in LISTED for each in near)


def _inherited(reading: Reading, figure: Figure, role: str, index: int) -> tuple[Candidate | None, float]:
    """Label of the sentence before, of the headings or of the title, where nothing else is named in between."""
    found = figure.found
    unknown = reading.words.strangers(figure.chain, found.start)
    listed = _is_listed(reading, figure)
    opened = reading.folded[figure.sentence.start : found.start].lstrip().startswith(("trong đó", "cụ thể", "gồm"))
    if found.unit_class == "money" and not (listed and opened):
        return None, 0.3
    if found.unit_class in ("count", "", "time", "million") or unknown > (5 if listed else 1):
        return None, 0.3
    unknown = min(unknown, 1)
    passage = reading.document.passages[figure.sentence.passage]
    last = reading.sentences[index - 1] if index > 0 else None
    if last and last.passage != figure.sentence.passage and not listed:
        last = None
    topic = _named_in(reading, found, role, last.start, last.end) if last else None
    if topic and not topic.indicator:
        return None, 0.3
    earlier = topic or before_candidate(found, role, reading.words, reading.book, passage.start, figure.chain)
    if earlier and earlier.indicator:
        return earlier, 0.85 * (0.98, 0.85)[unknown]
    for start, stop in reading.above[figure.sentence.passage]:
        candidate = _named_in(reading, found, role, start, stop)
        if candidate and candidate.indicator and not unknown:
            return candidate, 0.8
    return None, 0.3


def _named_in(reading: Reading, found: Found, role: str, start: int, stop: int) -> Candidate | None:
    """Indicator that a heading or title names."""
    for hit in reading.hits.between(start, stop):
        for label in hit.labels:
            if label.subject == OTHER and label.place == BEFORE:
                return Candidate("", label, hit.start, hit.end)
            subject = "grdp_growth" if label.subject == GROWTH else label.subject
            if subject and (name := reading.book.resolve(subject, role, found.unit_class, found.unit)):
                return Candidate(name, label, hit.start, hit.end)
    return None


def _whole(reading: Reading, name: str) -> str:
    """Indicator of the b of a printed a/b."""
    stem = name.partition("_")[0]
    for each in (f"{name}_target", f"{name}_of", f"{stem}_plan"):
        if each in reading.book.units and reading.book.units[each] == reading.book.units[name]:
            return each
    return "district_count" if name.startswith("districts_") else name


def _is_threshold(figure: Figure, role: str, folded: str) -> bool:
    """Whether a share only bounds the units counted before it: 11 đơn vị giải ngân dưới 30%."""
    previous, found = figure.previous, figure.found
    if previous is None or role != "neutral" or found.qualifier == "exact" or previous.found.unit_class != "count":
        return False
    return not any(each in folded[previous.found.end : found.start] for each in ",;:")
