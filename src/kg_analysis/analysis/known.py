"""What the tables say of a formula's inputs: bounds, and whether they may be reached.

Responsibility: from a figure, period or assumption to its interval. A date counts days; a figure that gives only words
has no bounds.

Terms: *closed end* = a bound that the input may take itself: the lower one of a rounding interval, not the upper.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from kg_analysis.data.checks import Constant, Formula, Input, Node
from kg_analysis.data.dataset import to_quantity
from kg_analysis.intervals import Interval, Number


@dataclass(frozen=True)
class Known:
    """What is known of an input.

    Attributes
    ----------
    interval : Interval
    low_closed, high_closed : bool
        Whether the input may take the bound itself.
    """

    interval: Interval
    low_closed: bool = True
    high_closed: bool = True

    def closed_points(self) -> list[Number]:
        """Values at which an extreme may be reached: the closed ends, or one between two open ones."""
        low, high = self.interval.low, self.interval.high
        ends = [(low, self.low_closed), (high, self.high_closed)]
        points = list(dict.fromkeys(end for end, closed in ends if closed and math.isfinite(end)))
        return points or [_between(low, high)]


def known_inputs(formula: Formula, figures: pd.DataFrame, assumptions: pd.DataFrame) -> dict[Input, Known]:
    """What is known of every input of a formula.

    Parameters
    ----------
    formula : Formula
    figures, assumptions : DataFrame
        Typed tables indexed by id, holding all that the formula names.

    Returns
    -------
    dict of Input to Known
    """
    return {each: _known(each, figures, assumptions) for each in formula.inputs}


def _known(each: Input, figures: pd.DataFrame, assumptions: pd.DataFrame) -> Known:
    """What the tables say of an input."""
    if each.kind == "span":
        low, high = (_assumed(end, assumptions) for end in each.ends)
        return Known(Interval.bounded(low.low, high.high))
    if each.kind == "assumption":
        return Known(_assumed(each, assumptions))
    row = figures.loc[each.name]
    if each.kind == "years":
        return Known(Interval.exact(row["period_end"].year - row["period_start"].year + 1))
    if each.kind in ("start", "end") or row["unit"] == "date":
        column = "period_end" if each.kind == "end" else "period_start"
        return Known(Interval.exact(row[column].toordinal()))
    interval = to_quantity(row).interval
    closed = row["qualifier"] not in ("approx_below", "approx_above")
    return Known(interval, closed, closed and (interval.is_exact or row["qualifier"] == "at_most"))


def _assumed(end: Node, assumptions: pd.DataFrame) -> Interval:
    if isinstance(end, Constant):
        return Interval.exact(end.value)
    return Interval.exact(str(assumptions.at[getattr(end, "name", ""), "value"]))


def _between(low: Number, high: Number) -> Number:
    if math.isfinite(low) and math.isfinite(high):
        return (low + high) / 2
    return low + 1 if math.isfinite(low) else high - 1 if math.isfinite(high) else Fraction(0)
