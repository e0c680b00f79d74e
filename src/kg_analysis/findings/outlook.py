"""Sentences and titles on what lies ahead: what a target takes of Q4, and what next year's growth would mean.

Responsibility: which words the scenario part of :mod:`kg_analysis.analysis.growth` calls for. What lies ahead is
called an assumption, never a forecast.
"""

from __future__ import annotations

from fractions import Fraction

from kg_analysis.analysis import scenarios
from kg_analysis.analysis.growth import Growth
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.findings.tables import html_table
from kg_analysis.findings.wording import as_given, compare, direction, printed_as
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, Row

_ASSUMED = ("target_step", "h1_of_9m_low", "h1_of_9m_high", "h1_of_9m_nation")


def target_title(found: Growth, shares: Shares, target: Quantity | None, here: ReportContext) -> str:
    """Q4 that the reader's target takes at the base share, else what each point of the year takes; at most 15 words."""
    nine = found.period("9M")
    if target is None:
        return here.say("growth.target_slope_title", points=_slope(shares, here))
    needed = scenarios.implied_q4(target, nine, shares.base)
    said = printed_as("title", needed, here)
    goal = printed_as("need", as_given(target), here)
    return here.say("growth.target_title", goal=goal, needed=said, share=as_given(shares.base))


def targets(found: Growth, shares: Shares, target: Quantity | None, here: ReportContext) -> str:
    """Q4 that the lowest, the printed, the chosen and the highest growth of the chart take, and each point of it."""
    grid = scenarios.target_grid(found, target)
    goals = [each for each in grid if each in (grid[0], grid[-1], target) or each.figure_ids]
    nine = found.period("9M")
    parts = [
        here.say(
            "growth.targets_part",
            goal=printed_as("title", as_given(each), here),
            needed=printed_as("need", scenarios.implied_q4(each, nine, shares.base), here),
        )
        for each in goals
    ]
    low, base, high = (as_given(each) for each in (shares.low, shares.base, shares.high))
    points = _slope(shares, here)
    return here.say("growth.targets", parts="; ".join(parts), share=base, points=points, low=low, high=high)


def assumptions(shares: Shares, trend: Quantity, here: ReportContext) -> str:
    """Table of what is assumed: label, value as used, and its grounds, or that the reader chose it."""
    used = {"q4_share_low": shares.low, "q4_share_base": shares.base, "q4_share_high": shares.high}
    used |= {"trend_growth": trend}
    used |= {name: here.data.assumption(name) for name in _ASSUMED}
    return html_table([_assumed(name, value, here) for name, value in used.items()], here)


def _assumed(name: str, value: Quantity, here: ReportContext) -> Row:
    chosen = value.interval != here.data.assumption(name).interval
    key = f"growth.basis_{'chosen' if chosen else name}"
    why = here.say(key) if here.page.knows(key) else str(here.data.assumptions.at[name, "basis"])
    label = str(here.data.assumptions.at[name, f"label_{here.page.language}"])
    return {"assumption": label, "value": as_given(value), "why": why}


def _slope(shares: Shares, here: ReportContext) -> str:
    """Points of Q4 that a point of the year takes, over the shares: ``3,3–5,0``."""
    ends = [here.page.number(100 / Fraction(each.interval.low), 1) for each in (shares.high, shares.low)]
    return "–".join(dict.fromkeys(ends))


def next_year(found: Growth, trend: Quantity, here: ReportContext) -> str:
    """Catch-up to the trend, the level that trend growth alone reaches, and the base effect of Q3 where printed."""
    year = found.period("FY")
    catch_up, level = scenarios.catch_up(year, trend), scenarios.two_year_level(year, trend)
    years = {"last": found.year - 1, "next": found.year + 1}
    given_trend = as_given(trend)
    sentences = [
        here.say("growth.next_at_trend", trend=given_trend, level=printed_as("level", level, here), **years),
        here.say(
            f"growth.next_catch_up_{compare(catch_up, trend)}",
            trend=given_trend,
            rate=printed_as("need", catch_up, here),
            **years,
        ),
    ]
    if "Q3" in found.periods:
        sentences.append(base_effect(found, here))
    sentences.append(here.say(f"growth.next_{'estimate' if year.basis == 'estimate' else 'printed'}"))
    return " ".join(sentences)


def base_effect(found: Growth, here: ReportContext) -> str:
    """Growth that next year's Q3 shows by merely returning to the level before this year."""
    effect = scenarios.base_effect(found.period("Q3"))
    key = f"growth.base_effect_{direction(effect)}"
    return here.say(key, rate=printed_as("need", effect, here), last=found.year - 1, next=found.year + 1)


def next_year_title(found: Growth, trend: Quantity, here: ReportContext) -> str:
    """Growth of next year that returns to the trend, at most 15 words."""
    catch_up = scenarios.catch_up(found.period("FY"), trend)
    key = f"growth.next_title_{compare(catch_up, trend)}"
    return here.say(key, rate=printed_as("title", catch_up, here), trend=as_given(trend), next=found.year + 1)
