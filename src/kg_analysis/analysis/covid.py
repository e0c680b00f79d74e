"""A COVID wave from the report's phase table: cases, community spread, phase against phase.

Responsibility: every COVID number that three rounded means allow. What they do not allow (growth rate, doubling time,
peak, reproduction number) is not computed here.

Terms: *mean* m = printed mean of new cases per day; *cases* of a phase = days x m, a whole number within the mean's
rounding; *community cases* = found outside quarantine; dates are as printed, both ends included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Interval, Number, count_range
from kg_analysis.quantities import Quantity, Row, at_least_zero, derive, union_bases, union_ids


@dataclass(frozen=True)
class Phase:
    """One phase of a wave.

    Attributes
    ----------
    number, days : int
        Days with both ends included.
    start, end : date
    mean, community_mean : Quantity
        New cases per day; ``community_mean`` None where it is not printed.
    date_ids : tuple of str
        Figures of its first and last day, behind every number of days.
    """

    number: int
    start: date
    end: date
    mean: Quantity
    community_mean: Quantity | None
    date_ids: tuple[str, ...]

    @property
    def days(self) -> int:
        """Days, both ends included: 21 June to 17 August are 58."""
        return (self.end - self.start).days + 1

    @property
    def cases(self) -> Quantity:
        """Whole cases behind the rounded mean."""
        counted = count_range(self.days, self.mean.interval)
        return _dated(Quantity(counted, "cases", self.mean.figure_ids, inputs=self.mean.rests_on), [self])

    @property
    def community_share(self) -> Quantity | None:
        """Community cases per hundred cases."""
        if self.community_mean is None:
            return None
        return derive(_percent, at_least_zero(self.community_mean), self.mean, unit="share_pct")


@dataclass(frozen=True)
class Wave:
    """A wave as the report divides it; phases in order.

    Attributes
    ----------
    number : int
    phases : tuple of Phase
    latest_cutoff : date or None
        Latest date up to which the report counts anything; the report was written after it.
    """

    number: int
    phases: tuple[Phase, ...]
    latest_cutoff: date | None

    @property
    def start(self) -> date:
        """First day of the first phase."""
        return self.phases[0].start

    @property
    def end(self) -> date:
        """Last day that the phases cover; not the end of transmission."""
        return self.phases[-1].end

    @property
    def days(self) -> int:
        """Days of all phases."""
        return sum(phase.days for phase in self.phases)

    @property
    def cases(self) -> Quantity:
        """Cases of all phases; the bounds are the sums of the phases' whole-number bounds."""
        return _total([phase.cases for phase in self.phases])

    @property
    def mean(self) -> Quantity:
        """True mean of new cases per day, weighted by days."""
        lengths = self._lengths()
        weighted = derive(
            lambda *means: sum(d * m for d, m in zip(lengths, means, strict=True)) / Fraction(self.days),
            *[phase.mean for phase in self.phases],
            unit="cases_per_day",
        )
        return _dated(weighted, self.phases)

    @property
    def mean_of_means(self) -> Quantity:
        """The naive mean that gives a week the weight of two months; shown as a mistake to avoid."""
        return derive(
            lambda *means: sum(means) / Fraction(len(means)), *[each.mean for each in self.phases], unit="cases_per_day"
        )

    @property
    def community_share(self) -> Quantity | None:
        """Community cases per hundred cases of the wave."""
        community = [phase.community_mean for phase in self.phases]
        if any(each is None for each in community):
            return None
        lengths, count = self._lengths(), len(self.phases)

        def share(*means: Number) -> Number:
            found = sum(d * m for d, m in zip(lengths, means[:count], strict=True))
            return _percent(found, sum(d * m for d, m in zip(lengths, means[count:], strict=True)))

        parts = [at_least_zero(each) for each in community if each is not None]
        return _dated(derive(share, *parts, *[phase.mean for phase in self.phases], unit="share_pct"), self.phases)

    def share_of_cases(self, phase: Phase) -> Quantity:
        """The phase's part of the wave's cases, from the rounded means."""
        others = [each for each in self.phases if each is not phase]

        def share(own: Number, *rest: Number) -> Number:
            cases = phase.days * own
            return _percent(cases, cases + sum(d.days * m for d, m in zip(others, rest, strict=True)))

        found = derive(share, phase.mean, *[each.mean for each in others], unit="share_pct")
        return _dated(found, self.phases)

    def share_of_days(self, phase: Phase) -> Quantity:
        """The phase's part of the wave's days; exact."""
        return _dated(Quantity(Interval.exact(Fraction(100 * phase.days, self.days)), "share_pct"), self.phases)

    def _lengths(self) -> list[int]:
        return [phase.days for phase in self.phases]


def wave(data: Dataset) -> Wave:
    """Wave of the year's phase table.

    Raises
    ------
    NotPrintedError
        If the report prints no phases for this year.

    References
    ----------
    Report 2021, section I.3, footnote 4.
    """
    rows = data.covid_phases
    if rows.empty:
        raise NotPrintedError(f"covid_phases: no phase of a COVID wave is printed for {data.year}", "covid_phases")
    number = int(rows["wave"].max())
    phases = [_phase(data, row) for _, row in rows[rows["wave"] == number].sort_values("phase").iterrows()]
    cutoffs = data.select("report_cutoff")["period_start"]
    return Wave(number, tuple(phases), cutoffs.max().date() if len(cutoffs) else None)


def largest_phase(found: Wave) -> Phase:
    """Phase with the most cases."""
    return max(found.phases, key=lambda phase: phase.cases.value)


def largest_mean(found: Wave) -> Phase:
    """Phase with the most cases a day."""
    return max(found.phases, key=lambda phase: phase.mean.value)


def phase_rows(found: Wave) -> list[Row]:
    """One row a phase and one for the wave: days, cases, community share [percent], parts of the wave [percent]."""
    rows: list[Row] = [
        {
            "phase": str(phase.number),
            "start": phase.start,
            "end": phase.end,
            "days": phase.days,
            "mean_cases": phase.mean,
            "cases": phase.cases,
            "community_share_pct": phase.community_share,
            "share_of_cases_pct": found.share_of_cases(phase),
            "share_of_days_pct": found.share_of_days(phase),
        }
        for phase in found.phases
    ]
    whole = Quantity(Interval.exact(100), "share_pct")
    rows.append(
        {
            "phase": "wave",
            "start": found.start,
            "end": found.end,
            "days": found.days,
            "mean_cases": found.mean,
            "cases": found.cases,
            "community_share_pct": found.community_share,
            "share_of_cases_pct": whole,
            "share_of_days_pct": whole,
        }
    )
    return rows


def _phase(data: Dataset, row: pd.Series) -> Phase:
    ids = row["figure_ids"].split()
    by_indicator = {data.row(each)["indicator"]: each for each in ids}
    community = by_indicator.get("covid_mean_community_cases")
    return Phase(
        int(row["phase"]),
        row["start"].date(),
        row["end"].date(),
        data.quantity(by_indicator["covid_mean_cases"]),
        data.quantity(community) if community else None,
        (by_indicator["covid_phase_start"], by_indicator["covid_phase_end"]),
    )


def _dated(quantity: Quantity, phases: Sequence[Phase]) -> Quantity:
    """The same number, resting on the phases' dates as well."""
    ids = {*quantity.figure_ids, *(each for phase in phases for each in phase.date_ids)}
    return replace(quantity, figure_ids=tuple(sorted(ids)))


def _total(parts: Sequence[Quantity]) -> Quantity:
    bounds = [(part.interval.low, part.interval.high, part.interval.value or Fraction(0)) for part in parts]
    low, high, value = (sum(each) for each in zip(*bounds, strict=True))
    return Quantity(Interval(low, high, Fraction(value)), "cases", union_ids(parts), inputs=union_bases(parts))


def _percent(part: Number, whole: Number) -> Number:
    return 100 * part / whole
