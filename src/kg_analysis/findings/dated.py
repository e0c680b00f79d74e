"""Sentences and titles on dated totals of a year, and on the province's own estimates against the outturn.

Responsibility: which words :mod:`kg_analysis.analysis.dated` and :mod:`~kg_analysis.analysis.self_forecast` call for. A
mean pace drawn out to the close is called that and no forecast; a bound is said as a bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from kg_analysis.analysis import dated
from kg_analysis.analysis.dated import OPEN, Course, DatedPoint
from kg_analysis.analysis.investment import Target
from kg_analysis.analysis.self_forecast import Bias, Haircut
from kg_analysis.findings import investment
from kg_analysis.findings.wording import FALL, RISE, direction, fitting, size
from kg_analysis.intervals import Number
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, derive


def course(found: Course, goal: Target | None, here: ReportContext) -> str:
    """The dated totals, the mean pace drawn out to the close, what the target takes, and the pace of late."""
    parts = "; ".join(_total(each, here) for each in found.points)
    sentences = [here.say("investment_monthly.dated", parts=parts)]
    last, end = found.last, found.at_run_rate
    if last is None or end is None:
        return " ".join(
            [*sentences, here.say("investment_monthly.dated_closed" if last else "investment_monthly.dated_no")]
        )
    values = {"months": investment.months(last.months), "end": end, "day": last.day}
    if found.plan is not None:
        share = derive(lambda a, p: 100 * a / p, end, found.plan, unit="pct")
        sentences.append(here.say("investment_monthly.dated_rate_share", **values, share=share, plan=found.plan))
    else:
        sentences.append(here.say("investment_monthly.dated_rate", **values))
    sentences.append(_turn(found, here))
    if goal is not None:
        sentences.append(_needed(found, goal, here))
    return " ".join(filter(None, [*sentences, here.say("investment_monthly.dated_no_profile")]))


def course_title(found: Course, here: ReportContext) -> str:
    """Finding on the last total, at most 15 words."""
    last, end = found.last, found.at_run_rate
    shown = last if last is not None else found.points[-1]
    values = {"paid": shown.paid, "day": shown.day}
    if end is None or found.plan is None:
        return here.say("investment_monthly.dated_title", **values)
    share = derive(lambda a, p: 100 * a / p, end, found.plan, unit="pct")
    keys = ("investment_monthly.dated_title_share", "investment_monthly.dated_title")
    return fitting(here.say(key, **values, share=share) for key in keys)


def bias(found: Sequence[Bias], cut: Haircut | None, here: ReportContext) -> str:
    """Estimate against outturn by year, and this year's estimate with the bias of earlier years taken off."""
    parts = "; ".join(
        here.say(
            f"investment_monthly.bias_{direction(each.points)}",
            year=each.year,
            estimated=each.estimated,
            settled=each.settled,
            size=size(each.points),
        )
        for each in found
    )
    sentences = [here.say("investment_monthly.bias", parts=parts)]
    if cut is None:
        sentences.append(here.say("investment_monthly.haircut_none"))
    else:
        years = ", ".join(map(str, cut.years))
        key = f"investment_monthly.haircut{'_one' if len(cut.years) == 1 else ''}"
        sentences.append(here.say(key, estimate=cut.estimate, corrected=cut.corrected, n=len(cut.years), years=years))
    return " ".join(sentences)


def bias_title(found: Sequence[Bias], here: ReportContext) -> str:
    """Finding on the estimates, at most 15 words."""
    if len(found) == 1:
        only = found[0]
        key = f"investment_monthly.bias_title_{direction(only.points)}"
        return here.say(key, year=only.year, size=size(only.points))
    above = sum(direction(each.points) == FALL for each in found)
    return here.say("investment_monthly.bias_title_many", k=above, n=len(found))


def _total(each: DatedPoint, here: ReportContext) -> str:
    kind = "bound" if each.paid.interval.value is None else each.paid.basis
    return here.say(f"investment_monthly.dated_{kind}", day=each.day, paid=each.paid, limit=bound(each.paid, here))


def bound(paid: Quantity, here: ReportContext) -> str:
    """A bound as it is printed, ``hơn 610 tỷ đồng``; nothing for a number."""
    interval = paid.interval
    if interval.value is not None:
        return ""
    above = interval.low != float("-inf")
    number = here.page.unit(here.page.number(interval.low if above else interval.high, 0), paid.unit)
    return here.say(f"investment_monthly.{'more' if above else 'less'}_than", n=number)


def _turn(found: Course, here: ReportContext) -> str:
    """Whether the mean pace may be called a lower bound: not where the pace has slowed."""
    before, recent = found.before, found.recent
    if found.turn == OPEN or before is None or recent is None:
        return here.say("investment_monthly.turn_open")
    bounded = recent.interval.value is None
    said = (
        here.page.quantity(recent)
        if not bounded
        else here.say("investment_monthly.no_more_than", n=_ceiling(recent, here))
    )
    return here.say(f"investment_monthly.turn_{found.turn}", day=before.day, recent=said)


def _needed(found: Course, goal: Target, here: ReportContext) -> str:
    need, faster = dated.required(found, goal), dated.acceleration(found, goal)
    if need is None or direction(need) != RISE:
        return ""
    values = {"goal": investment.target_name(goal, here), "need": investment.least(goal, need, here)}
    if faster is None:
        return here.say("investment_monthly.dated_needed", **values)
    bounded = faster.interval.value is None
    factor = here.page.number(_floored(faster.interval.low), 2) if bounded else here.page.quantity(faster)
    return here.say(f"investment_monthly.dated_needed_factor{'_least' if bounded else ''}", **values, factor=factor)


def _ceiling(recent: Quantity, here: ReportContext) -> str:
    """Upper bound with one decimal, rounded up: "no more than" must not say too little."""
    tenths = Fraction(math.ceil(Fraction(recent.interval.high) * 10), 10)
    return here.page.unit(here.page.number(tenths, 1), recent.unit)


def _floored(number: Number) -> Fraction:
    """Two decimals, cut and not rounded: "at least" must not say too much."""
    return Fraction(math.floor(Fraction(number) * 100), 100)
