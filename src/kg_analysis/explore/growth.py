"""Panel on growth: the target of the year and the share of Q4, and the Q4 that they take.

Responsibility: the two sliders and what they show; the numbers are those of :mod:`kg_analysis.analysis.scenarios`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from kg_analysis.analysis import scenarios
from kg_analysis.analysis.growth import Growth
from kg_analysis.charts import what_if
from kg_analysis.explore.limits import Knobs
from kg_analysis.explore.panel import Panel, View, slider
from kg_analysis.findings import outlook
from kg_analysis.findings.wording import as_given
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import given

BELOW, ABOVE = 3, 8  # percentage points around the printed year that are worth asking about
TARGET, SHARE = "target_growth_pct", "q4_share_pct"


def panel(found: Growth, here: ReportContext, knobs: Knobs) -> Panel:
    """Sliders for the year's growth [percent] and the share of Q4 in last year's GRDP [percent]."""
    shares = scenarios.q4_shares(here.data, knobs.values[SHARE])
    target = _start(found, knobs)

    def draw(values: dict[str, Any]) -> View:
        assumed = replace(scenarios.q4_shares(here.data), base=given(values[SHARE], "share_pct"))
        goal = given(values[TARGET], "pct")
        return View(what_if.fourth_quarter(found, assumed, goal, here), [outlook.targets(found, assumed, goal, here)])

    targets = knobs.limits[TARGET].steps(math.floor(target) - BELOW, math.ceil(target) + ABOVE, "0.1", [target])
    limits = knobs.limits[SHARE]
    controls = {
        TARGET: slider(here, "target_growth", targets, target, lambda each: _printed(each, "pct", here)),
        SHARE: slider(
            here,
            "q4_share",
            limits.steps(limits.low, limits.high, "0.5", [shares.base.value]),
            shares.base.value,
            lambda each: _printed(each, "share_pct", here),
        ),
    }
    return Panel(controls, draw, here)


def _start(found: Growth, knobs: Knobs) -> float:
    """The run's target; without one the printed growth of the year, or zero."""
    chosen = knobs.values[TARGET]
    if chosen is not None:
        return float(chosen)
    printed = found.periods.get("FY")
    return 0.0 if printed is None else printed.value


def _printed(value: float, unit: str, here: ReportContext) -> str:
    return here.page.quantity(as_given(given(value, unit)))
