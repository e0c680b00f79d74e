"""Sentences and titles on the COVID wave.

Responsibility: which words the numbers of :mod:`kg_analysis.analysis.covid` call for. No cause is claimed.
"""

from __future__ import annotations

from dataclasses import replace

from kg_analysis.analysis.covid import Phase, Wave, largest_phase
from kg_analysis.analysis.covid_steps import Step, steps
from kg_analysis.analysis.daily import Daily
from kg_analysis.errors import NotPrintedError
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, derive


def size(found: Wave, here: ReportContext) -> str:
    """How large the wave was, and which phase most of it fell into."""
    phase = largest_phase(found)
    return here.say(
        "covid.size",
        wave=found.number,
        start=found.start,
        end=found.end,
        days=found.days,
        cases=found.cases,
        mean=found.mean,
        naive=found.mean_of_means,
        phase=phase.number,
        share=found.share_of_cases(phase),
        share_days=found.share_of_days(phase),
    )


def size_title(found: Wave, here: ReportContext) -> str:
    """Finding on the size of the wave, at most 15 words."""
    phase = largest_phase(found)
    days = replace(found.share_of_days(phase), decimals=0)  # exact, but rounded as the share of cases beside it
    shares = {"share": found.share_of_cases(phase), "share_days": days}
    return here.say("covid.size_title", phase=phase.number, end=found.end, **shares)


def community_peak(found: Wave) -> Phase:
    """Phase with the largest share of community cases.

    Raises
    ------
    NotPrintedError
        If no community mean is printed.
    """
    phases = [phase for phase in found.phases if phase.community_share is not None]
    if not phases:
        raise NotPrintedError(
            "covid_mean_community_cases: no community cases are printed for this wave", "covid_community"
        )
    return max(phases, key=lambda phase: phase.community_share.value if phase.community_share else 0.0)


def community(found: Wave, here: ReportContext) -> str:
    """How much of the wave was community spread, and where the share was largest."""
    peak = community_peak(found)
    key = "covid.community" if found.community_share is not None else "covid.community_partly"
    return here.say(key, share=found.community_share, phase=peak.number, peak=peak.community_share)


def community_title(found: Wave, here: ReportContext) -> str:
    """Finding on community spread, at most 15 words."""
    peak = community_peak(found)
    key = "covid.community_title" if found.community_share is not None else "covid.community_partly_title"
    return here.say(key, share=found.community_share, phase=peak.number, peak=peak.community_share, end=found.end)


def change_pct(factor: Quantity) -> Quantity:
    """Change in percent that a factor means: 0.06 is -94."""
    return derive(lambda each: 100 * (each - 1), factor, unit="share_pct")


def factor(found: Quantity, here: ReportContext) -> str:
    """A factor as a chart labels it, a fall also in percent: ``0,060 lần (0,050–0,071), −94,0%``."""
    change = change_pct(found)
    number = here.page.unit(here.page.number(change.interval.value or 0, change.shown_decimals), change.unit)
    return here.say(f"covid.factor_{_direction(found)}", factor=found, change=number)


def step(found: Step, here: ReportContext) -> str:
    """One step from a phase to the next: total, community and the rest, each with its direction."""
    parts = [here.say(f"covid.step_{_direction(found.total)}", **_step_values(found, found.total))]
    if found.community is not None and found.non_community is not None:
        parts.append(
            here.say(
                "covid.step_parts",
                community=_change(found.community, here),
                others=_change(found.non_community, here),
            )
        )
    return " ".join(parts)


def all_steps(found: Wave, here: ReportContext) -> str:
    """Every step between phases, as one paragraph.

    Raises
    ------
    NotPrintedError
        If the wave has one phase only.
    """
    return " ".join(step(each, here) for each in steps(found))


def steps_title(found: Wave, here: ReportContext) -> str:
    """Finding on the largest step between phases, at most 15 words."""
    largest = max(steps(found), key=lambda each: max(each.total.value, 1 / each.total.value))
    key = f"covid.steps_title_{_direction(largest.total)}"
    return here.say(key, **_step_values(largest, largest.total), end=found.end)


def stop(found: Wave, here: ReportContext) -> str:
    """Where the phase table stops, against the date the report counts to."""
    if found.latest_cutoff is None:
        return here.say("covid.stop_undated", end=found.end)
    return here.say(
        "covid.stop", end=found.end, cutoff=found.latest_cutoff, days=(found.latest_cutoff - found.end).days
    )


def stop_title(found: Wave, here: ReportContext) -> str:
    """Title of the timeline, at most 15 words."""
    return here.say("covid.stop_title", end=found.end)


def limits(found: Wave, daily: Daily | None, here: ReportContext) -> str:
    """What these means cannot say, and what daily counts beside them can and cannot."""
    known = {"phases": len(found.phases), "end": found.end}
    if daily is None:
        return here.say("covid.limits", **known)
    return here.say("covid.limits_daily", **known, basis=here.say(f"covid_daily.basis_{daily.date_basis}"))


def _step_values(found: Step, factor: Quantity) -> dict[str, object]:
    return {"first": found.first.number, "second": found.second.number, "factor": factor, "change": change_pct(factor)}


def _direction(factor: Quantity) -> str:
    """rise, fall, or flat where the rounding leaves it open."""
    if factor.low > 1:
        return "rise"
    return "fall" if factor.high < 1 else "flat"


def _change(factor: Quantity, here: ReportContext) -> str:
    return here.say(f"covid.change_{_direction(factor)}", change=change_pct(factor), factor=factor)
