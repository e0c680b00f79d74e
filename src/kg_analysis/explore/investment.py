"""Panel on public investment: the target and the month, and the pace that they take from then on.

Responsibility: the two sliders and what they show; the numbers are those of :mod:`kg_analysis.analysis.pacing`.
"""

from __future__ import annotations

from typing import Any

from kg_analysis.analysis import pacing
from kg_analysis.analysis.investment import Investment, Target
from kg_analysis.charts import what_if
from kg_analysis.explore.limits import Knobs
from kg_analysis.explore.panel import Panel, View, slider
from kg_analysis.findings import investment as findings
from kg_analysis.findings import pacing as words
from kg_analysis.findings.wording import as_given
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import given

LEAST, MOST = 50.0, 120.0  # percent of the plan that are worth asking about
RATIO, MONTH = "target_ratio_pct", "month"
FALLBACK = 100.0  # the whole plan, where no target is printed or chosen


def panel(found: Investment, goal: Target | None, months: int, here: ReportContext, knobs: Knobs) -> Panel:
    """Sliders for the target [percent of the plan] and the month up to which money is paid at the mean pace."""
    start = FALLBACK if goal is None else goal.ratio.value

    def draw(values: dict[str, Any]) -> View:
        chosen = (
            goal if goal is not None and values[RATIO] == start else Target(given(values[RATIO], "share_pct"), None)
        )
        course = pacing.course(found, chosen, months)
        return View(
            what_if.pace(course, chosen, values[MONTH], here), [words.from_month(course, chosen, values[MONTH], here)]
        )

    ratios = knobs.limits[RATIO].steps(min(LEAST, start), max(MOST, start), "1", [start])
    last = list(range(1, months))  # after the last month nothing is left to pay in
    controls = {
        RATIO: slider(here, "target_ratio", ratios, start, lambda each: _percent(each, here)),
        MONTH: slider(here, "month", last, months // 2, lambda each: here.page.quantity(findings.months(each))),
    }
    return Panel(controls, draw, here)


def _percent(value: float, here: ReportContext) -> str:
    return here.page.quantity(as_given(given(value, "share_pct")))
