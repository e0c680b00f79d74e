"""A number as the page quotes it: value, bounds, unit, decimals, and the figures behind it.

Responsibility: what the formatter prints, and how many decimals a number bears. Numbers travel as columns of a
DataFrame (:mod:`kg_analysis.bounds`); :func:`kg_analysis.formats.number` takes one out to be printed.

Terms: *rounding interval* = the values that print as the given token: v printed with d decimals stands for
[v - 0.5e-d, v + 0.5e-d).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError

Row = Mapping[str, Any]
Number = Fraction | float  # a float only where a bound is infinite

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
class Interval:
    """A number known within bounds.

    Attributes
    ----------
    low, high : Fraction or infinite float
        Bounds; the upper bound of a rounding interval is itself excluded.
    value : Fraction or None
        Point estimate; None where the source gives only a bound ("từ 95% trở lên").
    """

    low: Number
    high: Number
    value: Fraction | None

    def __post_init__(self) -> None:
        inside = self.value is None or self.low <= self.value <= self.high
        if not (self.low <= self.high and inside):
            raise DataError(f"no interval from {self.low} over {self.value} to {self.high}; check the inputs' order")

    @classmethod
    def exact(cls, value: int | str | Decimal | Fraction) -> Interval:
        """A number without rounding: a count, a rank, a scenario input."""
        number = Fraction(value)
        return cls(number, number, number)

    @classmethod
    def rounded(cls, value: str | Decimal, decimals: int) -> Interval:
        """Interval of a number printed with ``decimals`` decimals."""
        number, half = Fraction(value), Fraction(1, 2 * 10**decimals)
        return cls(number - half, number + half, number)

    @classmethod
    def bounded(cls, low: Number = -math.inf, high: Number = math.inf) -> Interval:
        """Interval without a point estimate."""
        return cls(low, high, None)

    @property
    def width(self) -> Number:
        """Distance between the bounds; 0 for an exact number."""
        return self.high - self.low

    @property
    def is_exact(self) -> bool:
        """Whether both bounds are the value itself."""
        return self.low == self.high


def round_half_up(number: Number, decimals: int) -> Fraction:
    """``number`` rounded as statistics offices do: halves away from zero."""
    scaled = Fraction(number) * Fraction(10) ** decimals
    rounded = math.floor(abs(scaled) + Fraction(1, 2))
    return Fraction(rounded if scaled >= 0 else -rounded) / Fraction(10) ** decimals


def is_stable(interval: Interval, decimals: int) -> bool:
    """Whether the value, printed with ``decimals`` decimals, stands for no less than the whole interval."""
    if interval.value is None or math.isinf(interval.width):
        return False
    printed = round_half_up(interval.value, decimals)
    half = Fraction(1, 2 * 10**decimals)
    return printed - half <= interval.low and interval.high <= printed + half


def meaningful_decimals(interval: Interval, most: int) -> int:
    """Decimals worth printing beside the interval: one digit more than its width's leading digit.

    Parameters
    ----------
    interval : Interval
    most : int
        Upper limit, usually that of the unit.

    Returns
    -------
    int
        From 0 to ``most``; 1,45 wide gives 1, 0,0018 wide gives 4.
    """
    width = interval.width
    if width == 0 or math.isinf(width):
        return most
    return min(most, max(0, 1 - math.floor(math.log10(width))))


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
