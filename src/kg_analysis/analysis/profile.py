"""How past budget years spread their money over the months, as a share of what they had paid at the close.

Responsibility: D_t / D_13 of every closed year before this one, and how often such a course would reach the target.
A year counts as closed only with its month 13: a value of December is no outturn. No curve is fitted: past years are
drawn as they were, from the least to the most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from kg_analysis.analysis.monthly import CLOSE, TOTAL, MonthlyYear, monthly_year, share
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import LeftOutError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, derive

FEWEST_YEARS = 8  # below, a share of years is no probability


@dataclass(frozen=True)
class Profile:
    """Share of the year's outturn paid by the end of each month, year by year.

    Attributes
    ----------
    shares : dict of int to dict of int to Quantity
        By year, then month index [share of the outturn, 0 to 1]; 1 at month 13.
    sources : tuple of str
        Sources of these years.
    """

    shares: dict[int, dict[int, Quantity]]
    sources: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """Closed years, the first one first."""
        return tuple(sorted(self.shares))

    def usable(self, month: int) -> tuple[int, ...]:
        """Years that had paid something by the end of a month, and say how much."""
        return tuple(
            year for year in self.years if month in self.shares[year] and self.shares[year][month].interval.low > 0
        )

    def between(self, start: int, end: int) -> list[Quantity]:
        """Money paid by month ``end`` over money paid by ``start``, one factor a past year that knows both."""
        return [
            derive(lambda a, b: a / b, self.shares[year][end], self.shares[year][start], unit="factor")
            for year in self.usable(start)
            if end in self.shares[year]
        ]


@dataclass(frozen=True)
class Chance:
    """How many past years, followed from here on, would reach the target.

    Attributes
    ----------
    reached, undecided, years : int
        Years that would, years whose rounding leaves it open, all years.
    """

    reached: int
    undecided: int
    years: int

    @property
    def share(self) -> Quantity | None:
        """Share of the years [percent]; None below FEWEST_YEARS, where it would pretend to be a probability."""
        if self.years < FEWEST_YEARS:
            return None
        return Quantity(Interval.exact(Fraction(100 * self.reached, self.years)), "pct", decimals=0)


def past_years(data: Dataset, year: int) -> tuple[MonthlyYear, ...]:
    """Closed budget years of the series before ``year``: those of which the money paid by month 13 is known.

    Raises
    ------
    LeftOutError
        If the series is absent.
    """
    series = data.disbursement_monthly
    if series.empty:
        raise LeftOutError("disbursement_monthly: the series is absent", "disbursement_monthly")
    earlier = sorted({int(each) for each in series["budget_year"] if each < year})
    return tuple(found for found in (monthly_year(data, each) for each in earlier) if found.paid(CLOSE) is not None)


def profile(past: Iterable[MonthlyYear], investor: str = TOTAL) -> Profile:
    """Profile of closed years, of the whole or of one investor.

    Raises
    ------
    LeftOutError
        If in none of them anything was paid by the close.
    """
    shares, sources = {}, set()
    for found in past:
        close = found.paid(CLOSE, investor)
        if close is None or close.interval.low <= 0:
            continue
        paid = {month: found.paid(month, investor) for month in range(1, CLOSE)}
        shares[found.year] = {month: _part(each, close) for month, each in paid.items() if each is not None}
        shares[found.year][CLOSE] = Quantity(Interval.exact(1), "share")
        sources.add(found.source_id)
    if not shares:
        raise LeftOutError(f"disbursement_monthly: no closed year knows {investor}", "disbursement_past")
    return Profile(shares, tuple(sorted(sources)))


def chance(paid: Quantity, month: int, aim: Quantity, past: Profile) -> Chance:
    """How many past years, followed from the money paid by ``month``, come to the aim [bn VND] at the close."""
    ends = [derive(lambda a, b: a * b, paid, factor, unit="bn_vnd") for factor in past.between(month, CLOSE)]
    reached = sum(end.interval.low >= aim.interval.high for end in ends)
    missed = sum(end.interval.high < aim.interval.low for end in ends)
    return Chance(reached, len(ends) - reached - missed, len(ends))


def reached_before(past: Iterable[MonthlyYear], denominator: str, ratio: Quantity) -> tuple[int, int]:
    """In how many past years the outturn was at least a share of the plan at the close, of how many that know it."""
    ends = [(found.paid(CLOSE), found.plan(CLOSE, denominator)) for found in past]
    shares = [share(paid, plan) for paid, plan in ends if paid is not None and plan is not None]
    known = [each for each in shares if each is not None]
    return sum(each.interval.low >= ratio.interval.high for each in known), len(known)


def envelope(values: Sequence[Quantity]) -> Quantity:
    """Several years' results as one: the median, with the least and the most as bounds.

    Raises
    ------
    LeftOutError
        If there is none.
    """
    if not values:
        raise LeftOutError("disbursement_monthly: no past year knows this month", "disbursement_past")
    middle = Fraction(median(Fraction(each.interval.value or 0) for each in values))
    low, high = min(each.interval.low for each in values), max(each.interval.high for each in values)
    return Quantity(Interval(low, high, middle), values[0].unit, inputs=frozenset({"actual"}))


def _part(paid: Quantity, close: Quantity) -> Quantity:
    return derive(lambda a, b: a / b, paid, close, unit="share")
