"""Panel on the reproduction number: the serial interval and the window, and what hangs on them.

Responsibility: the three sliders and what they show; the numbers are those of
:mod:`kg_analysis.analysis.daily_reproduction`.
"""

from __future__ import annotations

from typing import Any

from kg_analysis.analysis.daily import Daily
from kg_analysis.analysis.daily_reproduction import side_by_side
from kg_analysis.analysis.serial_intervals import SerialInterval
from kg_analysis.charts import covid_rates
from kg_analysis.explore.limits import Knobs
from kg_analysis.explore.panel import Panel, View, slider
from kg_analysis.findings import covid_reproduction as findings
from kg_analysis.findings.wording import as_given
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import given

MEAN, SPREAD, WINDOW = "serial_interval_mean_days", "serial_interval_sd_days", "rt_window_days"
LONGEST = 12.0  # days of a serial interval that are worth asking about


def panel(daily: Daily, assumed: tuple[SerialInterval, ...], here: ReportContext, knobs: Knobs) -> Panel:
    """Sliders for the mean and spread of the first serial interval and for the window, all in days.

    The second interval stays beside it as it was, for comparison.
    """
    first, *others = assumed

    def draw(values: dict[str, Any]) -> View:
        moved = (values[MEAN], values[SPREAD]) != (first.mean_days, first.sd_days)
        chosen = SerialInterval(first.name, values[MEAN], values[SPREAD], chosen=True) if moved else first
        found = side_by_side(daily, (chosen, *others), int(values[WINDOW]))
        return View(covid_rates.reproduction(found, here), [findings.reproduction(found, here)])

    def days(each: float) -> str:
        return here.page.quantity(as_given(given(each, "days")))

    def control(key: str, name: str, low: float, high: float, step: str, start: float) -> Any:
        steps = knobs.limits[name].steps(min(low, start), max(high, start), step, [start])
        return slider(here, key, steps, start, days)

    limits = knobs.limits[WINDOW]
    controls = {
        MEAN: control("interval_mean", MEAN, knobs.limits[MEAN].low, LONGEST, "0.1", first.mean_days),
        SPREAD: control("interval_sd", SPREAD, knobs.limits[SPREAD].low, LONGEST / 2, "0.1", first.sd_days),
        WINDOW: control("window", WINDOW, limits.low, limits.high, "1", float(knobs.values[WINDOW])),
    }
    return Panel(controls, draw, here)
