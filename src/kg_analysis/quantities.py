"""Numbers with their unit, their rounding and the figures they rest on.

Responsibility: a number of a row on its way to the page, and tables of such numbers for a CSV.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.intervals import Interval, Number, meaningful_decimals, round_half_up

Row = Mapping[str, Any]

# Most decimals that a derived number of the unit is printed with.
MOST_DECIMALS = {
    "amount": 1,
    "pct": 2,
    "pct_per_day": 1,
    "reproduction": 1,
    "percentage_point": 2,
    "share_pct": 1,
    "share": 4,
    "bn_vnd": 1,
    "bn_vnd_per_month": 1,
    "cases": 0,
    "cases_per_day": 1,
    "deaths_per_day": 1,
    "deaths": 0,
    "doses": 0,
    "days": 0,
    "months": 0,
    "mn_vnd": 2,
    "mn_usd": 1,
    "usd": 0,
    "tonnes": 0,
    "tonnes_per_ha": 2,
    "ha": 0,
    "points": 2,
    "per_10000": 1,
    "persons": 0,
    "years": 0,
    "times": 2,
    "factor": 3,
    "count": 0,
    "rank": 0,
}


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

    @property
    def shown_decimals(self) -> int:
        """Decimals that it is printed with: as on the page, or as its interval bears."""
        if self.decimals is not None:
            return self.decimals
        return meaningful_decimals(self.interval, MOST_DECIMALS[self.unit])


def given(value: float | int, unit: str) -> Quantity:
    """A scenario input: exact by choice, behind which stands no printed figure."""
    return Quantity(Interval.exact(str(value)), unit, (), None, "scenario")


def union_ids(quantities: Iterable[Quantity]) -> tuple[str, ...]:
    """Printed figures behind several quantities, sorted, each once."""
    return tuple(sorted({each for quantity in quantities for each in quantity.figure_ids}))


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Table for analysts and for CSV: each quantity ``x`` becomes ``x``, ``x_low`` and ``x_high``.

    Parameters
    ----------
    rows : iterable of mapping
        Column name to plain value or Quantity; all rows with the same keys. A column may hold both: a plain value
        is known exactly and has no bounds.

    Returns
    -------
    DataFrame
        Numbers for quantities, rounded as the page prints them (NaN where there is no point estimate or no bound), then
        ``rests_on`` (actual, estimate, plan, scenario: every basis behind the row) and ``figure_ids``, separated by
        blanks.
    """
    listed = list(rows)
    quantities = {name for row in listed for name, cell in row.items() if isinstance(cell, Quantity)}
    return _whole_numbers(pd.DataFrame([_flat(row, quantities) for row in listed]), quantities)


def _whole_numbers(table: pd.DataFrame, quantities: set[str]) -> pd.DataFrame:
    """Counts as whole numbers: 986 cases, not 986.0."""
    for name in sorted(quantities):
        columns = [name, f"{name}_low", f"{name}_high"]
        numbers = table[columns].apply(pd.to_numeric, errors="coerce").astype(float)
        words = (numbers.isna() & table[columns].notna()).any(axis=None)
        if not words and ((numbers % 1 == 0) | numbers.isna()).all(axis=None):
            table[columns] = numbers.astype("Int64")
    return table


def _flat(row: Row, quantities: set[str]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, cell in row.items():
        flat[name] = cell
        if name in quantities:
            flat |= zip((name, f"{name}_low", f"{name}_high"), _with_bounds(cell), strict=True)
    if quantities:
        flat["rests_on"] = " ".join(sorted({each.basis for each in row.values() if isinstance(each, Quantity)} - {""}))
    if "figure_ids" not in row:
        flat["figure_ids"] = " ".join(union_ids(cell for cell in row.values() if isinstance(cell, Quantity)))
    return flat


def _rounded(number: Number | None, decimals: int) -> float:
    """Float of a number as printed; the bounds of a printed number hold one digit more than itself."""
    if number is None or math.isinf(number):
        return float("nan")
    return float(round_half_up(number, decimals))


def _with_bounds(cell: object) -> tuple[object, object, object]:
    if not isinstance(cell, Quantity):
        missing = float("nan")
        return (missing if cell is None else cell), missing, missing
    decimals = cell.shown_decimals + (cell.decimals is not None)
    interval = cell.interval
    value, low, high = (_rounded(each, decimals) for each in (interval.value, interval.low, interval.high))
    return value, low, high
