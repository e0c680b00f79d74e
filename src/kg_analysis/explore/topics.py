"""Panels of the topics: which inputs can be moved, and which chart and sentence follow.

Responsibility: the sliders of each topic and what they show; the numbers are those of the analysis.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from kg_analysis.analysis import epidemic, growth, investment
from kg_analysis.charts import covid as covid_charts
from kg_analysis.charts import growth as growth_charts
from kg_analysis.charts import investment as investment_charts
from kg_analysis.charts.frame import of_figure
from kg_analysis.explore.panel import Knobs, Panel, View, slider
from kg_analysis.narrative import covid as covid_words
from kg_analysis.narrative import growth as growth_words
from kg_analysis.narrative import investment as investment_words
from kg_analysis.narrative.context import ReportContext

MEAN, SPREAD, WINDOW = "serial_interval_mean_days", "serial_interval_sd_days", "rt_window_days"
LONGEST = 12.0  # days of a serial interval that are worth asking about
TARGET, SHARE = "target_growth_pct", "q4_share_pct"
BELOW, ABOVE = 3, 8  # percentage points around the goal that are worth asking about
_Q4 = "quarters_done == 3 and case == 'base'"
RATIO = "target_ratio_pct"
LEAST, MOST = 50.0, 120.0  # percent of the plan that are worth asking about
FALLBACK = 100.0  # the whole plan, where no target is printed or chosen


def covid_panel(
    cases: pd.DataFrame,
    rts: covid_words.Reproductions,
    ctx: ReportContext,
    knobs: Knobs,
) -> Panel:
    """Sliders for the mean and spread of the serial interval and for the window, all in days.

    The other intervals stay beside it as they are, for comparison.
    """
    (start_mean, start_sd), *others = rts

    def draw(values: dict[str, Any]) -> View:
        window = int(values[WINDOW])
        rt = epidemic.reproduction(cases["used"], values[MEAN], values[SPREAD], window_days=window)
        moved = {(values[MEAN], values[SPREAD]): rt} | {each: rts[each] for each in others}
        return View(
            of_figure(covid_charts.reproduction(moved, cases, ctx, window_days=window)),
            [covid_words.reproduction(moved, ctx)],
        )

    def days(each: float) -> str:
        return ctx.fmt.unit(ctx.fmt.number(each, 0 if float(each).is_integer() else 1), "days")

    def control(key: str, name: str, low: float, high: float, step: str, start: float) -> Any:
        steps = knobs.limits[name].steps(min(low, start), max(high, start), step, [start])
        return slider(ctx, key, steps, start, days)

    limits = knobs.limits[WINDOW]
    controls = {
        MEAN: control("interval_mean", MEAN, knobs.limits[MEAN].low, LONGEST, "0.1", start_mean),
        SPREAD: control("interval_sd", SPREAD, knobs.limits[SPREAD].low, LONGEST / 2, "0.1", start_sd),
        WINDOW: control("window", WINDOW, limits.low, limits.high, "1", float(knobs.values[WINDOW])),
    }
    return Panel(controls, draw, ctx)


def growth_panel(rates: pd.DataFrame, goals: pd.DataFrame, ctx: ReportContext, knobs: Knobs) -> Panel:
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
        return View(of_figure(growth_charts.rest_of_year(rest, ctx)), [growth_words.rest_of_year(rest, ctx)])

    targets = knobs.limits[TARGET].steps(math.floor(start) - BELOW, math.ceil(start) + ABOVE, "0.1", [start])
    limits = knobs.limits[SHARE]
    shares = limits.steps(limits.low, limits.high, "0.5", [share])
    controls = {
        TARGET: slider(ctx, "target_growth", targets, start, lambda each: _printed(each, ctx)),
        SHARE: slider(ctx, "q4_share", shares, share, lambda each: _printed(each, ctx)),
    }
    return Panel(controls, draw, ctx)


def _printed(value: float, ctx: ReportContext) -> str:
    decimals = next(each for each in (0, 1, 2) if each == 2 or round(value, each) == value)
    return ctx.fmt.unit(ctx.fmt.number(value, decimals), "pct")


def investment_panel(
    invested: pd.DataFrame, paid: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext, knobs: Knobs
) -> Panel:
    """Slider for the target [percent of the plan]."""
    start = float(aim["target_pct"].iloc[0]) if len(aim) else FALLBACK

    def draw(values: dict[str, Any]) -> View:
        printed = len(aim) and values[RATIO] == start
        goal = aim if printed else investment.target(invested, ctx.data.year, float(values[RATIO]))
        balance = investment.summary(paid, goal, invested)
        return View(
            of_figure(investment_charts.versions(balance, goal, ctx)), [investment_words.shortfall(balance, goal, ctx)]
        )

    ratios = knobs.limits[RATIO].steps(min(LEAST, start), max(MOST, start), "1", [start])
    show = lambda each: ctx.fmt.unit(ctx.fmt.number(each, 0 if float(each).is_integer() else 1), "pct")  # noqa: E731
    return Panel({RATIO: slider(ctx, "target_ratio", ratios, start, show)}, draw, ctx)


PANELS = {"covid": covid_panel, "growth": growth_panel, "investment": investment_panel}
