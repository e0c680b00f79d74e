"""Marks that several charts share: bars by what they rest on, bars under their own line of text, labels at line ends.

Responsibility: one look for one meaning. Printed figures are filled, estimates hatched, derived numbers open with a
dashed edge; the colour says what is measured (see :mod:`kg_analysis.charts.theme`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis

from kg_analysis.charts.chart import number_ticks
from kg_analysis.charts.labels import box_of
from kg_analysis.charts.theme import HATCH, INK, RULE
from kg_analysis.formats import NumberFormatter
from kg_analysis.quantities import Quantity

DERIVED = "derived"
PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}  # keeps lines off the words

_ROOM = 0.9  # share of the figure's width that the axes fill at least


@dataclass(frozen=True)
class HeadedBar:
    """Horizontal bar with its name and number on a line of text above it.

    Attributes
    ----------
    heading : str
    value : Quantity
        Length; a negative one runs to the left of ``start``.
    colour, basis : str
        What is measured, and what the number rests on (see :func:`fill`).
    start : float
        Where the bar begins, for parts that follow one another.
    """

    heading: str
    value: Quantity
    colour: str
    basis: str
    start: float = 0


def fill(colour: str, basis: str) -> dict[str, Any]:
    """Style of a bar: filled as printed, hatched as an estimate, open and dashed as derived."""
    if basis == DERIVED:
        return {"facecolor": "white", "edgecolor": colour, "linestyle": "--", "linewidth": 1.6}
    return {"facecolor": colour, "edgecolor": "white", "linewidth": 0, "hatch": HATCH.get(basis, "")}


def can_draw(quantity: Quantity | None) -> bool:
    """Whether it has a point estimate: a bound ("gần 40%") is said, not drawn."""
    return quantity is not None and quantity.interval.value is not None


def headed_bars(axes: Axes, bars: Sequence[HeadedBar], size: float = 10, end: float | None = None) -> None:
    """Bars from top to bottom, each under its heading, with the interval at its end where it can be seen.

    Parameters
    ----------
    axes : Axes
    bars : sequence of HeadedBar
    size : float
        Of the headings [points].
    end : float or None
        Where the axis ends that begins at zero; None = a little behind the longest bar.
    """
    reach = max(abs(bar.start + bar.value.value) for bar in bars)
    if end is not None:
        axes.set_xlim(0, end)
    for row, bar in enumerate(bars):
        axes.barh(row, bar.value.value, left=bar.start, height=0.36, clip_on=False, **fill(bar.colour, bar.basis))
        if bar.value.high - bar.value.low > reach / 60:
            _whisker(axes, bar, row)
        _heading(axes, bar, row, reach, size, end or 1.1 * reach)
    axes.set_ylim(len(bars) - 0.62, -0.75)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=RULE)


def tick_numbers(axis: Axis, page: NumberFormatter, unit: str = "") -> None:
    """Print the ticks of an axis with as many decimals as their step needs; call it after the limits are set."""
    locations = axis.get_majorticklocs()
    step = min((b - a for a, b in pairwise(locations)), default=1.0)
    axis.set_major_formatter(number_ticks(page, max(0, -math.floor(math.log10(step) + 1e-9)), unit))


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Positions as near to the values as a gap between neighbours allows, in the order given."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    placed = [values[index] for index in order]
    for _ in range(60 * len(values)):  # four that lie close take more than a few rounds to settle
        for lower in range(len(placed) - 1):
            short = gap - (placed[lower + 1] - placed[lower])
            if short > 0:
                placed[lower] -= short / 2
                placed[lower + 1] += short / 2
    found = dict(zip(order, placed, strict=True))
    return [found[index] for index in range(len(values))]


def _heading(axes: Axes, bar: HeadedBar, row: int, reach: float, size: float, end: float) -> None:
    """Above the bar, or beside it where it begins far enough to the right for so many words."""
    style: dict[str, Any] = {"color": INK, "size": size, "bbox": PAPER, "textcoords": "offset points"}
    left = min(bar.start, bar.start + bar.value.value)
    if left > 0.68 * reach:
        beside = axes.annotate(bar.heading, (left, row), xytext=(-8, 0), va="center", ha="right", **style)
        if box_of(beside).width < _ROOM * axes.figure.bbox.width * left / end:
            return
        beside.remove()
    axes.annotate(bar.heading, (0, row - 0.18), xytext=(4, 4), va="bottom", ha="left", **style)  # clear of zero


def _whisker(axes: Axes, bar: HeadedBar, row: int) -> None:
    value = bar.value
    error = [[value.value - value.low], [value.high - value.value]]
    axes.errorbar(bar.start + value.value, row, xerr=error, color=INK, capsize=4, lw=1.2)
