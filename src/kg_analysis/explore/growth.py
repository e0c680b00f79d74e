"""Panel on growth: the target of the year and the share of Q4, and what they leave to the rest of the year.

Responsibility: the two sliders and what they show; the numbers are those of :mod:`kg_analysis.analysis.growth`.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from kg_analysis.analysis import growth
from kg_analysis.charts import growth as charts
from kg_analysis.charts.chart import of_figure
from kg_analysis.explore.limits import Knobs
from kg_analysis.explore.panel import Panel, View, slider
from kg_analysis.narrative import growth as words
from kg_analysis.narrative.context import ReportContext

BELOW, ABOVE = 3, 8  # percentage points around the goal that are worth asking about
TARGET, SHARE = "target_growth_pct", "q4_share_pct"


def panel(rates: pd.DataFrame, goals: pd.DataFrame, ctx: ReportContext, knobs: Knobs) -> Panel:
    """Sliders for the year's growth [percent] and the share of Q4 in last year's GRDP [percent]."""
    year = rates[rates["period"] == "FY"]
    printed = float(year["growth_pct"].iloc[-1]) if len(year) else float(goals.set_index("goal").at["base", "goal_pct"])
    start = printed if knobs.values[TARGET] is None else float(knobs.values[TARGET])
    share = float(growth.rest_shares(ctx.data.assumptions, knobs.values[SHARE]).query(_Q4)["share_pct"].item())

    def draw(values: dict[str, Any]) -> View:
        shares = growth.rest_shares(ctx.data.assumptions, values[SHARE])
        asked = growth.goals(rates, ctx.data.year, ctx.data.assumptions, values[TARGET]).query("goal == 'base'")
        # What is asked for takes the place of the year as printed.
        rest = growth.rest_of_year(rates[rates["period"] != "FY"], asked.assign(goal=growth.PRINTED), shares)
        return View(of_figure(charts.rest_of_year(rest, ctx)), [words.rest_of_year(rest, ctx)])

    targets = knobs.limits[TARGET].steps(math.floor(start) - BELOW, math.ceil(start) + ABOVE, "0.1", [start])
    limits = knobs.limits[SHARE]
    shares = limits.steps(limits.low, limits.high, "0.5", [share])
    controls = {
        TARGET: slider(ctx, "target_growth", targets, start, lambda each: _printed(each, ctx)),
        SHARE: slider(ctx, "q4_share", shares, share, lambda each: _printed(each, ctx)),
    }
    return Panel(controls, draw, ctx)


_Q4 = "quarters_done == 3 and case == 'base'"


def _printed(value: float, ctx: ReportContext) -> str:
    decimals = next(each for each in (0, 1, 2) if each == 2 or round(value, each) == value)
    return ctx.fmt.unit(ctx.fmt.number(value, decimals), "pct")
