"""Which charts of the catalogue a format can show as native ones: one line a chart.

Responsibility: name the columns of a chart's rows that make its categories, values and series. A chart without a line
here stays a picture. How rows become a plot is ``plots``'s matter.

Terms: *native* = drawn by PowerPoint or Excel itself, from rows that a reader can edit.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Native:
    """How a chart's rows become a native one.

    Attributes
    ----------
    kind : str
        As :class:`kg_analysis.briefing.elements.Plot`.
    category, value : str
        Columns of the chart's rows; several categories, separated by blanks, are joined.
    unit : str
        Unit id of the values.
    series : str
        Column that tells the series apart; "" for one series.
    only : tuple of (str, str)
        A column and the ids to keep of it, separated by blanks; without one of them there is no native chart.
    drop : tuple of (str, str)
        A column and ids not to plot.
    """

    kind: str
    category: str
    value: str
    unit: str
    series: str = ""
    only: tuple[tuple[str, str], ...] = ()
    drop: tuple[tuple[str, str], ...] = ()


PLOTS = {
    "overview_targets": Native(
        "stacked_bar", "system", "count", "count", "status", only=(("status", "exceeded met missed"),)
    ),
    "overview_tasks": Native("bar", "system status", "count", "count"),
    "growth_periods": Native("column", "period", "growth_pct", "pct", drop=(("period", "Q4_low_share Q4_high_share"),)),
    "growth_q4_curve": Native("line", "share_pct", "q4_growth_pct", "pct", "curve"),
    "growth_next_year": Native("line", "year", "level", "count", "line"),
    "covid_community_share": Native("bar", "phase", "community_share_pct", "share_pct"),
}
