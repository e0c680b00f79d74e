"""Days on a chart's horizontal axis.

Responsibility: where a day lies, and which days are labelled when some stand too close to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import matplotlib.dates as mdates
from matplotlib.axes import Axes

from kg_analysis.narrative.context import ReportContext

LETTER = 0.0125  # part of the axis that a letter of a label takes


def x(day: date) -> float:
    """Position of a day [days]."""
    return float(mdates.date2num(day))


def width(axes: Axes, days: float) -> float:
    """Width of so many days on the axis as it is now [pixels]."""
    ends = axes.transData.transform([(0, 0), (days, 0)])
    return float(ends[1][0] - ends[0][0])


def day_ticks(axes: Axes, days: Sequence[date], here: ReportContext) -> None:
    """Label days below the axis, the later ones first; one too close to a labelled day is left out."""
    low, high = axes.get_xlim()
    nearest = LETTER * max(len(here.page.short_date(day)) for day in days) * (high - low)
    kept: list[date] = []
    for day in sorted(set(days), reverse=True):
        if all(abs(x(day) - x(other)) >= nearest for other in kept):
            kept.append(day)
    axes.set_xticks([x(day) for day in kept], [here.page.short_date(day) for day in kept])
