"""Panel on the reproduction number: the serial interval and the window, and what hangs on them.

Responsibility: the three sliders and what they show; the numbers are those of :mod:`kg_analysis.analysis.epidemic`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kg_analysis.analysis import epidemic
from kg_analysis.charts import covid as charts
from kg_analysis.charts.chart import of_figure
from kg_analysis.explore.limits import Knobs
from kg_analysis.explore.panel import Panel, View, slider
from kg_analysis.narrative import covid as words
from kg_analysis.narrative.context import ReportContext

MEAN, SPREAD, WINDOW = "serial_interval_mean_days", "serial_interval_sd_days", "rt_window_days"
LONGEST = 12.0  # days of a serial interval that are worth asking about


def panel(
    cases: pd.DataFrame,
    rts: words.Reproductions,
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
            of_figure(charts.reproduction(moved, cases, ctx, window_days=window)), [words.reproduction(moved, ctx)]
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
