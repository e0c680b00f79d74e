"""Cells of a row of ``clean/figures`` as a quantity.

Responsibility: from what the file says of one figure to a number with its interval; nothing is read here.
"""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd

from kg_analysis.intervals import Interval, Number
from kg_analysis.quantities import Quantity


def to_quantity(row: pd.Series) -> Quantity:
    """Row of ``clean/figures``, named by its ``figure_id``, as a quantity."""
    value = None if pd.isna(row["value"]) else Fraction(str(row["value"]))
    interval = Interval(_bound(row["low"], -math.inf), _bound(row["high"], math.inf), value)
    decimals = None if pd.isna(row["decimals"]) else int(row["decimals"])
    return Quantity(interval, row["unit"], (str(row.name),), decimals, row["basis"])


def _bound(cell: float, open_end: float) -> Number:
    return open_end if pd.isna(cell) else Fraction(str(cell))
