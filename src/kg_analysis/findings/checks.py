"""Sentences on the declared checks: what agrees, what does not, and what stays open.

Responsibility: print each check with its two sides as evidence. Verdicts are decided in
:mod:`kg_analysis.analysis.checks`; titles and notes are those of ``checks.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from kg_analysis.analysis.checks import Check, day_of
from kg_analysis.analysis.verdicts import CONTRADICTS, HOLDS, INDETERMINATE
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity


def reading(found: Check, here: ReportContext) -> str:
    """One line: what must hold, whether it does, both sides, and the note where it does not."""
    language = here.page.language
    return here.say(
        f"checks.{found.verdict}",
        title=found.titles[language],
        left=_printed(found.left, here),
        right=_printed(found.right, here),
        note=found.notes[language],
    ).strip()


def readings(results: Iterable[Check], here: ReportContext) -> str:
    """List of the checks, one line each: contradictions first, then what stays open, then what holds."""
    order = (CONTRADICTS, INDETERMINATE, HOLDS)
    ordered = sorted(results, key=lambda each: order.index(each.verdict))
    return "\n".join(f"- {escape(reading(each, here), quote=False)}" for each in ordered)


def open_readings(results: Iterable[Check], here: ReportContext) -> str:
    """List of the checks that do not hold or stay open."""
    listed = readings((each for each in results if each.verdict != HOLDS), here)
    return listed or here.say("checks.none_open")


def summary(results: Sequence[Check], here: ReportContext) -> str:
    """How many checks hold, contradict and stay open."""
    return here.say("checks.summary", total=len(results), **_counts(results))


def title(results: Sequence[Check], here: ReportContext) -> str:
    """Finding on how many checks fail, at most 15 words."""
    return here.say("checks.title", total=len(results), **_counts(results))


def sources(results: Iterable[Check], here: ReportContext) -> str:
    """Everyone whose figures the checks use, reports first."""
    ids = {each for result in results for each in result.figure_ids}
    found = here.data.sources.loc[sorted(set(here.data.check_figures.loc[sorted(ids), "source_id"]))]
    reports = found["kind"] == "report"
    return "; ".join(dict.fromkeys([*found[reports]["title"], *found[~reports]["issuer"]]))


def _counts(results: Sequence[Check]) -> dict[str, int]:
    return {each: sum(check.verdict == each for check in results) for each in (HOLDS, CONTRADICTS, INDETERMINATE)}


def _printed(side: Quantity, here: ReportContext) -> str:
    """A side as the page prints it."""
    day = day_of(side)
    return here.page.quantity(side) if day is None else here.page.date(day)
