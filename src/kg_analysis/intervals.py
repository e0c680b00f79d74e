"""What a rounded number means, and what follows from it.

Responsibility: intervals in exact rational arithmetic, so that no bound is off by a float's last digit. No units, no
text.

Terms: *rounding interval* = the values that print as the given token: v printed with d decimals stands for
[v - 0.5e-d, v + 0.5e-d); *corner* = one combination of the lower and upper bounds of a formula's inputs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kg_analysis.errors import DataError

Number = Fraction | float  # a float only where a bound is infinite


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
