"""What a rounded number means, and what follows from it.

Responsibility: intervals in exact rational arithmetic, so that no bound is off by a float's last digit. No units, no
text.

Terms: *rounding interval* = the values that print as the given token: v printed with d decimals stands for
[v - 0.5e-d, v + 0.5e-d); *corner* = one combination of the lower and upper bounds of a formula's inputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

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

    def intersect(self, other: Interval) -> Interval:
        """What both intervals allow, with the middle as the point estimate.

        Raises
        ------
        DataError
            If the intervals have nothing in common, that is, if the two sources contradict each other.
        """
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low > high:
            raise DataError(
                f"[{float(self.low):g}, {float(self.high):g}] and [{float(other.low):g}, {float(other.high):g}] have "
                "nothing in common; check the figures behind them"
            )
        return Interval(low, high, Fraction(low + high) / 2 if math.isfinite(high - low) else None)

    def clip(self, low: Number) -> Interval:
        """The same interval without what lies under ``low``: a mean of counts is never negative."""
        return Interval(max(self.low, low), max(self.high, low), None if self.value is None else max(self.value, low))  # type: ignore[arg-type]


def propagate(formula: Callable[..., Number], *inputs: Interval) -> Interval:
    """Interval of a formula that is monotone in each of its inputs.

    An input that appears twice in the formula is given once, so that both places hold the same value; chaining
    interval operations would treat them as independent and widen the result.

    Parameters
    ----------
    formula : callable
        Takes one number an input and returns one number; monotone in each input over the given intervals.
    *inputs : Interval

    Returns
    -------
    Interval
        Smallest and largest value over all corners; the value at the inputs' point estimates, None if one has none.

    Raises
    ------
    DataError
        If the formula divides by zero or is undefined at a corner.
    """
    try:
        corners = [formula(*corner) for corner in product(*({each.low, each.high} for each in inputs))]
        values = [each.value for each in inputs]
        value = None if None in values else formula(*values)
    except ZeroDivisionError:
        raise DataError("the formula divides by zero within its inputs' rounding; the figures are too coarse") from None
    if any(math.isnan(corner) for corner in corners):
        raise DataError("the formula is undefined at an open bound; it needs a figure with a point estimate")
    low, high = min(corners), max(corners)
    return Interval(low, high, None if value is None else Fraction(value))


def count_range(days: int, mean: Interval) -> Interval:
    """Whole number of cases behind a rounded mean per day.

    Parameters
    ----------
    days : int
        Days of the period, both ends included.
    mean : Interval
        Rounding interval of the mean [cases per day].

    Returns
    -------
    Interval
        Fewest and most whole cases that print as this mean; value = days x mean, to the nearest whole case.

    Raises
    ------
    DataError
        If ``days`` is not positive or the mean has no point estimate.
    """
    if days <= 0 or mean.value is None:
        raise DataError(f"{days} days with mean {mean.value} give no count; check the phase's dates and its mean")
    low = math.ceil(days * max(mean.low, 0))
    high = low if mean.is_exact else max(math.ceil(days * mean.high) - 1, low)
    value = min(max(math.floor(days * mean.value + Fraction(1, 2)), low), high)
    return Interval(Fraction(low), Fraction(high), Fraction(value))


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


def weighted_ratio(first: Interval, terms: Sequence[tuple[Fraction, Interval]]) -> Interval:
    """Interval of (first + sum of a x) / sum of x, exact although every x stands twice.

    Parameters
    ----------
    first : Interval
    terms : sequence of (Fraction, Interval)
        Known factor a, and x, which is positive and independent of the others.

    Returns
    -------
    Interval
        An extreme takes the upper bound of those x whose factor lies above the ratio and the lower bound of the rest,
        or the other way round; so as many corners as terms decide, not two to their power.
    """
    ordered = sorted(terms, key=lambda term: term[0])
    ends = [[(a, x.low, x.high) for a, x in ordered], [(a, x.high, x.low) for a, x in ordered]]
    ratios = [
        (start + sum(a * (below if place < split else above) for place, (a, below, above) in enumerate(corner)))
        / sum(below if place < split else above for place, (_, below, above) in enumerate(corner))
        for start, corner in ((first.high, ends[0]), (first.low, ends[1]))
        for split in range(len(ordered) + 1)
    ]
    if first.value is None or any(x.value is None for _, x in terms):
        return Interval(min(ratios), max(ratios), None)
    value = (first.value + sum(a * x.value for a, x in terms if x.value)) / sum(x.value for _, x in terms if x.value)
    return Interval(min(ratios), max(ratios), Fraction(value))
