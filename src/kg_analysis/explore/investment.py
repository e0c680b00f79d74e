"""Panel on public investment: the target, and what is missing to it.

Responsibility: the slider and what it shows; the numbers are those of :mod:`kg_analysis.analysis.investment`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kg_analysis.analysis import investment
from kg_analysis.charts import investment as charts
from kg_analysis.charts.chart import of_figure
from kg_analysis.explore.limits import Knobs
from kg_analysis.explore.panel import Panel, View, slider
from kg_analysis.narrative import investment as words
from kg_analysis.narrative.context import ReportContext

LEAST, MOST = 50.0, 120.0  # percent of the plan that are worth asking about
RATIO = "target_ratio_pct"
FALLBACK = 100.0  # the whole plan, where no target is printed or chosen


def panel(invested: pd.DataFrame, paid: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext, knobs: Knobs) -> Panel:
    """Slider for the target [percent of the plan]."""
    start = float(aim["target_pct"].iloc[0]) if len(aim) else FALLBACK

    def draw(values: dict[str, Any]) -> View:
        printed = len(aim) and values[RATIO] == start
        goal = aim if printed else investment.target(invested, ctx.data.year, float(values[RATIO]))
        balance = investment.summary(paid, goal, invested)
        return View(of_figure(charts.versions(balance, goal, ctx)), [words.shortfall(balance, goal, ctx)])

    ratios = knobs.limits[RATIO].steps(min(LEAST, start), max(MOST, start), "1", [start])
    show = lambda each: ctx.fmt.unit(ctx.fmt.number(each, 0 if float(each).is_integer() else 1), "pct")  # noqa: E731
    return Panel({RATIO: slider(ctx, "target_ratio", ratios, start, show)}, draw, ctx)
