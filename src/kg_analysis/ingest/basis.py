"""Whether a figure is outturn, estimate, plan or scenario, and what a rate compares with.

Responsibility: by the words of its bracket, its clause, its sentence, the headings and the title; where none says, the
end of the period against the day of writing does. A figure that is only compared with belongs to the plan or scenario
of the comparison.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kg_analysis.ingest import grammar
from kg_analysis.ingest.frames import ACTUAL, ESTIMATE, PLAN, SCENARIO
from kg_analysis.ingest.numerals import Found
from kg_analysis.periods import Period

_G = grammar("meaning")
_CALENDAR_PERIODS = ("year", "half", "quarter", "ytd", "month")
EXPECTED, _ALL_BUT_OVER = "expected", 62  # days
_MEASURED = ("level", "rate", "ratio", "mean", "rank")


@dataclass(frozen=True)
class Setting:
    """Where a figure stands, as far as its basis depends on it."""

    sentence: int  # where sentence and clause begin [characters]
    clause: int
    found: Found
    bracket: int  # where the bracket around the figure opens; -1 outside of brackets [characters]
    headings: list[str]  # headings above it, folded, the nearest first, without the title
    title: str  # title, folded
    titled: Period | None  # period that the title names
    carried: str  # basis that the paragraph's lead gives
    is_dated: bool  # whether the text says when it was written
    written: date
    year: int  # reviewed
    period: Period
    source: str  # frame that gave the period; ``former`` for one that is only compared with
    as_of: date | None  # cut-off printed with the figure
    kind: str  # and id of the indicator; empty for none
    name: str

    @property
    def figure(self) -> int:
        """Where the figure begins [characters]."""
        return self.found.start


def basis_of(folded: str, at: Setting) -> tuple[str, str]:  # noqa: PLR0911
    """Basis of a figure and where it is from: meaning, aside, words, carried or time."""
    if at.name.endswith(("_plan", "_target")) and not at.name.endswith("_above_plan"):
        return PLAN, "meaning"
    own = max(at.clause, at.bracket)
    if at.source != "former" and at.period[2].year < at.year and _nearest(folded, own, at.figure) == ESTIMATE:
        return ESTIMATE, "words"
    if at.source == "former" and at.period[2].year < at.written.year:
        return ACTUAL, "meaning"
    aside = _aside(folded, at)
    if aside:
        return aside, "aside"
    if (
        at.name.endswith("_rank_of")
        or at.name == "district_count"
        or at.period[2].year < at.year
        or at.source == "former"
    ):
        return ACTUAL, "meaning"
    if at.period[1].year > at.year or (
        at.period[0] == "phase" and at.period[2] > at.written and at.period[2].year > at.year
    ):
        return PLAN, "meaning"
    said = _nearest(folded, at.clause, at.figure, at.name.endswith(("_plan_ratio", "_above_plan"))) or _standing(
        folded, at.sentence, at.clause
    )
    if said == EXPECTED:  # dự kiến: an estimate of what is all but over, else a plan
        ahead = at.carried or "kịch bản" in at.title or (at.period[2] - at.written).days > _ALL_BUT_OVER
        said = PLAN if ahead else ESTIMATE
    if said == ACTUAL and at.period[0] == "year" and at.period[1].year == at.written.year:
        return ACTUAL, "words"
    registered = at.name.startswith(tuple(_G.registered))
    if registered and said == ESTIMATE and not _nearest(folded, at.clause, at.figure):
        said = ""
    return _by_words(at, said) or _by_time(at)


def _aside(folded: str, at: Setting) -> str:
    """Plan or scenario where the figure is only the one compared with: vượt kế hoạch đề ra (5,2%)."""
    before = folded[max(at.figure - 90, at.sentence) : at.figure]
    if at.found.pair in ("first", "second") or at.found.unit_class in ("points", "count"):
        return ""
    if _G.aside_scenario.search(before):
        return SCENARIO
    if _G.given.match(folded[at.sentence : at.figure]):
        return PLAN
    if at.found.direction in ("vượt", "cao hơn", "thấp hơn", "hụt"):
        return ""
    return PLAN if _G.aside_plan.search(before) else ""


def _by_words(at: Setting, said: str) -> tuple[str, str] | None:  # noqa: PLR0911
    """Basis that the sentence, the headings or the title name."""
    headed, titled = _headed(at), "kịch bản" in at.title
    if said == SCENARIO or (headed == SCENARIO and said in ("", PLAN)):
        return SCENARIO, "words"
    if at.carried == SCENARIO and said in ("", PLAN, ESTIMATE):
        return SCENARIO, "carried"
    if at.carried == PLAN and said == "" and at.period[2] >= at.written.replace(month=1, day=1):
        return PLAN, "carried"
    if said == ESTIMATE:
        return ESTIMATE, "words"
    if said == PLAN or (headed == PLAN and said == "" and at.period[2] >= at.written):
        return PLAN, "carried" if titled else "words"
    begun = at.titled is None or at.period[2] >= at.titled[1]
    if titled and said == "" and (at.period[1] > at.written or (begun and not at.is_dated and not at.headings)):
        return SCENARIO, "carried"
    return None


def _by_time(at: Setting) -> tuple[str, str]:
    """Outturn, or an estimate where the period had not ended when the text was written."""
    if at.as_of and at.as_of <= at.written:
        return ACTUAL, "as_of"
    measured = at.kind in _MEASURED and not at.name.startswith("cpi_")
    if at.period[2] <= at.written or not measured or at.period[0] not in _CALENDAR_PERIODS:
        return ACTUAL, "time"
    return ESTIMATE, "time"


def _headed(at: Setting) -> str:
    """Basis that the nearest heading with one gives."""
    for line in at.headings:
        if _G.headed_scenario.match(line):
            return SCENARIO
        if _G.headed_plan.match(line):
            return PLAN
    return ""


def _nearest(folded: str, start: int, end: int, of_plan: bool = False) -> str:
    """Last cue of a stretch that is no comparison: the kế hoạch of ``so với kế hoạch`` says nothing."""
    for found in reversed(list(_G.cues.finditer(folded, start, end))):
        name = found.lastgroup or ""
        against = _G.against_aim if found[0] == "mục tiêu" else _G.against
        if of_plan and found[0] in ("kế hoạch", "chỉ tiêu"):
            continue
        if found[0] == "kịch bản" and re.match(
            r"\s+(?:\d|i+\b|cao|thấp|cơ sở|thứ)", folded[found.end() : found.end() + 8]
        ):
            return SCENARIO
        if name in (PLAN, SCENARIO) and against.search(folded[max(start, found.start() - 30) : found.start()]):
            continue
        return name
    return ""


def _standing(folded: str, start: int, end: int) -> str:
    """Cue of the sentence's earlier clauses, where it is one that governs what follows."""
    said = _nearest(folded, start, end)
    return said if said in (PLAN, SCENARIO, ESTIMATE, EXPECTED) else ""


def comparator_of(folded: str, end: int, indicator: str, kind: str, has_plan: bool) -> str:
    """What a rate or ratio compares with: what is printed behind it, else what its kind implies."""
    for ending, comparator in _G.by_ending.items():
        if indicator.endswith(ending):
            return comparator
    if kind not in ("rate", "ratio") and not indicator.endswith("_change"):
        return "plan" if has_plan else ""
    if kind == "ratio":
        return ""
    printed = next((name for name, pattern in _G.comparators.items() if pattern.search(folded[end : end + 60])), "")
    stock = indicator.startswith(tuple(_G.stocks))
    if printed == "previous_year" and not stock:
        return "same_period_last_year"  # a whole year's flow: the year before is the same period
    if printed and printed not in ("plan", "expectation"):
        return printed
    return "previous_year" if stock else "same_period_last_year"
