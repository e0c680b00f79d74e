"""From one phase of a wave to the next: factors of daily cases.

Responsibility: compare means of phases; no rate of spread follows from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg_analysis.analysis.covid import Phase, Wave
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Number
from kg_analysis.quantities import Quantity, Row, at_least_zero, derive


@dataclass(frozen=True)
class Step:
    """Change from one phase to the next, as factors of the means per day.

    Attributes
    ----------
    first, second : Phase
    total, community, non_community : Quantity
        1 = unchanged; the last two None where the community mean is not printed or is zero.
    """

    first: Phase
    second: Phase
    total: Quantity
    community: Quantity | None
    non_community: Quantity | None


def steps(found: Wave) -> list[Step]:
    """Factors from each phase to the next.

    Raises
    ------
    NotPrintedError
        If the wave has one phase only.
    """
    if len(found.phases) < 2:
        raise NotPrintedError("covid_phases: one phase only, so there is no step between phases", "covid_steps")
    return [_step(first, second) for first, second in zip(found.phases, found.phases[1:], strict=False)]


def step_rows(found: Wave) -> list[Row]:
    """One row a step between phases: factors of total, community and non-community cases per day.

    Raises
    ------
    NotPrintedError
        If the wave has one phase only.
    """
    return [
        {
            "from_phase": str(step.first.number),
            "to_phase": str(step.second.number),
            "total_factor": step.total,
            "community_factor": step.community,
            "non_community_factor": step.non_community,
        }
        for step in steps(found)
    ]


def _step(first: Phase, second: Phase) -> Step:
    total = derive(_ratio, second.mean, first.mean, unit="factor")
    if first.community_mean is None or second.community_mean is None or first.community_mean.low <= 0:
        return Step(first, second, total, None, None)
    community = derive(_ratio, at_least_zero(second.community_mean), first.community_mean, unit="factor")
    rest: Callable[..., Number] = lambda m2, c2, m1, c1: _ratio(max(m2 - c2, 0), m1 - c1)  # noqa: E731
    if first.mean.low <= first.community_mean.high:
        return Step(first, second, total, community, None)
    others = derive(rest, second.mean, second.community_mean, first.mean, first.community_mean, unit="factor")
    return Step(first, second, total, community, others)


def _ratio(after: Number, before: Number) -> Number:
    return after / before
