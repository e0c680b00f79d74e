"""Sentences and titles on the pace that a target takes from a month on.

Responsibility: which words :func:`kg_analysis.analysis.pacing.course` calls for. What is assumed is called so.
"""

from __future__ import annotations

from kg_analysis.analysis.investment import Target
from kg_analysis.analysis.pacing import Course
from kg_analysis.findings.investment import aimed, estimated, least, months, target_name
from kg_analysis.findings.wording import RISE, as_given, compare, direction
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity


def from_month_title(found: Course, goal: Target, month: int, here: ReportContext) -> str:
    """Finding on the pace from a month on, at most 15 words."""
    rest = found.from_month[month]
    if direction(rest) != RISE:
        return here.say("explore.pace_title_met", month=month, ratio=aimed(goal, here))
    return here.say(
        "explore.pace_title", month=month, ratio=here.page.quantity(as_given(goal.ratio)), rest=_short(rest, here)
    )


def from_month(found: Course, goal: Target, month: int, here: ReportContext) -> str:
    """What the target takes from a month on, against the mean pace and against an even start."""
    rest, pace = found.from_month[month], found.pace
    values = {
        "goal": target_name(goal, here),
        "month": months(month),
        "left": months(pace.months - month),
        "achieved": pace.achieved,
        "paid": here.say(f"investment.paid{estimated(pace.basis)}"),
        "done": months(pace.months_done),
    }
    assumed = here.say("explore.pace_assumed", **values)
    if direction(rest) != RISE:
        return f"{here.say('explore.pace_met', **values)} {assumed}"
    said = here.say(
        f"explore.pace_{compare(rest, pace.achieved)}",
        rest=least(goal, rest, here),
        even=least(goal, pace.needed, here),
        **values,
    )
    return f"{said} {assumed}"


def _short(rest: Quantity, here: ReportContext) -> str:
    return here.page.quantity(rest, "short")
