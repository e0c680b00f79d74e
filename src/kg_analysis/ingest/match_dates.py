"""Which indicator a printed date or period is, where it is a figure of its own.

Responsibility: first and last days of waves, phases, measures and counts, cut-off dates, spans of plans and terms. A
date that no label claims is context.
"""

from __future__ import annotations

import re
from datetime import date

from kg_analysis.ingest.figures_claims import Found
from kg_analysis.ingest.match_labels import Hits
from kg_analysis.ingest.match_mentions import Mention
from kg_analysis.ingest.match_roles import Codebook
from kg_analysis.ingest.wording import Span

CUTOFF = "report_cutoff"
_FROM = re.compile(r"\b(?:từ|kể từ|bắt đầu từ)\s+(?:\d{1,2}\s?(?:h|giờ)\d{0,2}\s+)?(?:ngày\s+)?$")
_TO = re.compile(r"\b(?:đến|tới|hết)\s+(?:hết\s+)?(?:\d{1,2}\s?(?:h|giờ)\d{0,2}\s+)?(?:ngày\s+)?$")
_REACH = 160  # characters between a label and its date


def date_indicator(
    found: Found, mentions: list[Mention], folded: str, hits: Hits, book: Codebook, sentence: Span, written: date
) -> str:
    """Indicator of a date or period within its sentence; empty where it is mere context.

    ``mentions`` are those that hold the find: a span that was joined from two dates says whether it begins or ends.
    ``written`` is the day of writing; the date that says so is the report's own cut-off where no label claims it.
    """
    start, end = sentence
    before = folded[max(found.start - 24, start) : found.start]
    begins, ends = (
        bool(_FROM.search(before)),
        bool(_TO.search(before)) or any(each.start != found.start for each in mentions),
    )
    wanted = "date" if found.form == "date" else "period"
    near = [
        *reversed(hits.between(max(start, found.start - _REACH), found.start)),
        *hits.between(found.end, min(end, found.end + _REACH)),
    ]
    ends = ends or any(each.is_cutoff for each in mentions)
    for hit in near:
        for label in hit.labels:
            if label.subject == CUTOFF or book.units.get(label.subject) != wanted:
                continue
            if _fits(label.subject, begins, ends, found, hit.start):
                return label.subject
    latest = found.period is not None and found.period[2] == written and ends
    return CUTOFF if latest and CUTOFF in book.units else ""


def _fits(name: str, begins: bool, ends: bool, found: Found, label: int) -> bool:
    """Whether the word before a date is the one that its indicator calls for."""
    if name.endswith("_start"):
        return begins
    if name.endswith(("_end", "_cutoff")):
        return ends
    kind = found.period[0] if found.period else ""
    if name.endswith(("_span", "_term")) or (name.endswith("_period") and not name.endswith("push_period")):
        return kind == "phase" and label < found.start
    if name.endswith("_horizon"):
        return kind == "year" and label < found.start
    return kind in ("month", "quarter", "day")
