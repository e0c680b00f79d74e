"""Numbers with their unit, their rounding and the figures they rest on.

Responsibility: the one type in which results travel from the analysis to charts, sentences and tables, and the one
way to derive a new number from printed ones without losing interval or provenance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.intervals import Interval, Number, propagate

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Quantity:
    """A number as it is quoted.

    Attributes
    ----------
    interval : Interval
        Value and bounds.
    unit : str
        Unit id of ``indicators.csv`` or of a derived ratio (``share_pct``, ``factor``).
    figure_ids : tuple of str
        Printed figures behind it, sorted.
    decimals : int or None
        Decimals as printed; None for a derived number, whose decimals follow from its interval.
    basis : str
        actual, estimate, plan or scenario; "" for a derived number.
    """

    interval: Interval
    unit: str
    figure_ids: tuple[str, ...] = ()
    decimals: int | None = None
    basis: str = ""

    @property
    def value(self) -> float:
        """Point estimate.

        Raises
        ------
        DataError
            If the source gives only a bound.
        """
        if self.interval.value is None:
            raise DataError(f"{', '.join(self.figure_ids)}: only a bound is printed; there is no point estimate")
        return float(self.interval.value)

    @property
    def low(self) -> float:
        """Lower bound."""
        return float(self.interval.low)

    @property
    def high(self) -> float:
        """Upper bound."""
        return float(self.interval.high)


def given(value: float | int, unit: str) -> Quantity:
    """A scenario input: exact by choice, behind which stands no printed figure."""
    return Quantity(Interval.exact(str(value)), unit, (), None, "scenario")


def union_ids(quantities: Iterable[Quantity]) -> tuple[str, ...]:
    """Printed figures behind several quantities, sorted, each once."""
    return tuple(sorted({each for quantity in quantities for each in quantity.figure_ids}))


def derive(formula: Callable[..., Number], *inputs: Quantity, unit: str) -> Quantity:
    """Quantity computed by a monotone formula, with its interval and the figures it rests on.

    Parameters
    ----------
    formula : callable
        Takes one number an input; monotone in each (see :func:`kg_analysis.intervals.propagate`).
    *inputs : Quantity
    unit : str
        Unit of the result.

    Returns
    -------
    Quantity
    """
    return Quantity(propagate(formula, *(each.interval for each in inputs)), unit, union_ids(inputs))


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Table for analysts and for CSV: each quantity ``x`` becomes ``x``, ``x_low`` and ``x_high``.

    Parameters
    ----------
    rows : iterable of mapping
        Column name to plain value or Quantity; all rows with the same keys.

    Returns
    -------
    DataFrame
        Floats for quantities (NaN where there is no point estimate), then ``figure_ids``, separated by blanks.
    """
    listed = list(rows)
    quantities = {name for row in listed for name, cell in row.items() if isinstance(cell, Quantity)}
    return pd.DataFrame([_flat(row, quantities) for row in listed])


def _flat(row: Row, quantities: set[str]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, cell in row.items():
        flat[name] = cell
        if name in quantities:
            interval = cell.interval if cell is not None else Interval(float("-inf"), float("inf"), None)
            bounds = (interval.value, *(each if math.isfinite(each) else None for each in (interval.low, interval.high)))
            flat |= zip((name, f"{name}_low", f"{name}_high"), map(_float, bounds), strict=True)
    flat["figure_ids"] = " ".join(union_ids(cell for cell in row.values() if isinstance(cell, Quantity)))
    return flat


def _float(number: Number | None) -> float:
    return float("nan") if number is None else float(number)
