"""Sentences and titles on what lies ahead: what a target takes of Q4, and what next year's growth would mean.

Responsibility: which words the scenario part of :mod:`kg_analysis.analysis.growth` calls for. What lies ahead is
called an assumption, never a forecast.
"""

from __future__ import annotations

from kg_analysis.analysis import scenarios
from kg_analysis.analysis.growth import Growth
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.findings.context import Context
from kg_analysis.findings.wording import FLAT, as_given, compare, direction, printed_as
from kg_analysis.quantities import Quantity


def target_title(found: Growth, shares: Shares, target: Quantity | None, here: Context) -> str:
    """Q4 that the reader's target takes, else what the printed year implies, at the base share; at most 15 words."""
    needed = scenarios.implied_q4(target or found.period("FY"), found.period("9M"), shares.base)
    said = printed_as("title" if direction(needed) == FLAT else "need", needed, here)
    values = {"needed": said, "share": as_given(shares.base)}
    if target is None:
        return here.say("growth.target_printed_title", goal=printed_as("title", found.period("FY"), here), **values)
    return here.say("growth.target_title", goal=printed_as("need", as_given(target), here), **values)


def next_year(found: Growth, trend: Quantity, here: Context) -> str:
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


def base_effect(found: Growth, here: Context) -> str:
    """Growth that next year's Q3 shows by merely returning to the level before this year."""
    effect = scenarios.base_effect(found.period("Q3"))
    key = f"growth.base_effect_{direction(effect)}"
    return here.say(key, rate=printed_as("need", effect, here), last=found.year - 1, next=found.year + 1)


def next_year_title(found: Growth, trend: Quantity, here: Context) -> str:
    """Growth of next year that returns to the trend, at most 15 words."""
    catch_up = scenarios.catch_up(found.period("FY"), trend)
    key = f"growth.next_title_{compare(catch_up, trend)}"
    return here.say(key, rate=printed_as("title", catch_up, here), trend=as_given(trend), next=found.year + 1)
