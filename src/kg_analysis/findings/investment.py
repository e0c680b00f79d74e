"""Sentences and titles on public investment: the plan, what is left, the distance to the target, the pace.

Responsibility: which words the numbers of :mod:`kg_analysis.analysis.investment` call for. Completed work and money
paid are never set against each other as progress.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg_analysis.analysis import investment, units
from kg_analysis.analysis.causes import KINDS
from kg_analysis.analysis.investment import Investment, Progress, Target
from kg_analysis.analysis.pacing import Pace
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings.wording import (
    ABOVE,
    FALL,
    RISE,
    as_given,
    capital,
    compare,
    direction,
    fitting,
    listed,
    size,
)
from kg_analysis.intervals import Interval
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, Row


def plan(found: Investment, here: ReportContext) -> str:
    """Plan behind the printed ratios: agreed by both, contradicted, or resting on one."""
    whole = found.whole_plan()
    behind = [each for each in (found.completed, found.disbursed) if each is not None and each.plan is not None]
    named = listed([_with_ratio(each, here) for each in behind], here)
    if whole.decimals is not None:
        key = "agree" if found.plans_agree else "contradict"
        return here.say(f"investment.plan_printed_{key}", named=named, plan=whole) if behind else ""
    if len(behind) == 1:
        return here.say("investment.plan_single", named=capital(named), plan=whole)
    if found.plans_agree:
        return here.say("investment.plan_agree", named=capital(named), plan=whole)
    completed, disbursed = (each.plan for each in behind)
    return here.say("investment.plan_contradict", named=capital(named), completed=completed, disbursed=disbursed)


def undisbursed(found: Investment, here: ReportContext) -> str:
    """What is left of the plan, or by how much it was exceeded."""
    left = investment.undisbursed(found)
    key = f"investment.undisbursed_{direction(left)}"
    return here.say(key, paid=_said(_disbursed(found), here), size=size(left), plan=found.whole_plan())


def distance(found: Investment, goal: Target, here: ReportContext) -> str:
    """Distance to the target, and where the target comes from."""
    missing = investment.missing_to_target(found, goal)
    name = target_name(goal, here)
    if direction(missing) != RISE:
        return here.say(f"investment.distance_{direction(missing)}", goal=name, size=size(missing))
    key = f"investment.distance_rise{estimated(_disbursed(found).basis)}"
    factor = least(goal, investment.factor_to_target(found, goal), here)
    return here.say(key, goal=name, size=least(goal, missing, here), factor=factor)


def target_name(goal: Target, here: ReportContext) -> str:
    """Target with its origin: the year's own aim, the next year's applied to this plan, or the reader's choice."""
    return here.say(f"investment.target_{origin(goal, here)}", ratio=aimed(goal, here), aim=goal.year)


def aimed(goal: Target, here: ReportContext) -> str:
    """Ratio aimed at, "or more" where the aim is a lower bound: ``từ 95% trở lên``."""
    ratio = here.page.quantity(as_given(goal.ratio))
    return here.say("units.at_least", n=ratio) if goal.or_more else ratio


def least(goal: Target, quantity: Quantity, here: ReportContext, style: str = "") -> str:
    """What a target takes, "at least" where the aim is a lower bound."""
    number = here.page.quantity(quantity, style)
    return here.say("investment.least", n=number) if goal.or_more else number


def origin(goal: Target, here: ReportContext) -> str:
    """Whom the target was set by and for: own (this year's aim), other (another year's) or chosen (the reader's)."""
    if goal.year is None:
        return "chosen"
    return "own" if goal.year == here.data.year else "other"


def pace(found: Pace, goal: Target, here: ReportContext) -> str:
    """Pace achieved against the pace that the target takes, over the year and from now on."""
    whole = found.months_done == found.months
    values = {
        "period": here.say(f"investment.period_{'whole' if whole else 'part'}", done=months(found.months_done)),
        "paid": here.say(f"investment.paid{estimated(found.basis)}"),
        "months": months(found.months),
        "ratio": aimed(goal, here),
        "achieved": found.achieved,
        "needed": least(goal, found.needed, here),
    }
    said = here.say(f"investment.pace_{compare(found.achieved, found.needed)}", **values)
    return " ".join(filter(None, [said, _from_now(found, goal, here)]))


def months(count: object) -> Quantity:
    """Months as they are printed: whole, or with one decimal within a month."""
    exact = Interval.exact(str(count))
    return Quantity(exact, "months", (), 0 if exact.low == int(exact.low) else 1)


def dates(found: Investment, here: ReportContext) -> str:
    """Why completed work and money paid are not two points of one curve."""
    if found.completed is None or found.disbursed is None:
        only = found.completed or found.disbursed
        if only is None:
            raise NotPrintedError(f"investment: nothing is printed for {found.year}", "investment")
        return here.say("investment.dates_single", measure=measure_name(only, here), until=until(only, here))
    pair = found.completed, found.disbursed
    days = [each.as_of for each in pair]
    key = "unknown" if None in days else "same" if days[0] == days[1] else "differ"
    return here.say(f"investment.dates_{key}", completed=days[0], disbursed=days[1])


def causes(found: Sequence[Row], here: ReportContext) -> str:
    """Causes that the report names, and sectors and funding of the slow projects, without shares and without rank."""
    sentences = []
    for kind in KINDS:
        names = [_cause(row, here) for row in found if row["kind"] == kind]
        if names:
            sentences.append(here.say(f"investment.named_{kind}", names="; ".join(names)))
    return " ".join([*sentences, here.say("investment.causes_note")])


def limits(found: Investment, here: ReportContext) -> str:
    """What the figures cannot say: two printed totals, or with them units, or a series by month."""
    sentences = [here.say(_limits_key(here))]
    if found.plan is not None and found.plan.decimals is None:
        sentences.append(here.say("investment.limits_plan"))
    sentences.append(here.say("investment.limits_pace"))
    if any(each is not None and each.basis == "estimate" for each in (found.completed, found.disbursed)):
        sentences.append(here.say("investment.limits_estimate"))
    return " ".join(sentences)


def _limits_key(here: ReportContext) -> str:
    """By what the year has besides its totals."""
    series, figures = here.data.disbursement_monthly, here.data.ever(*units.INDICATORS)
    if (series["budget_year"] == here.data.year).any():
        return "investment_monthly.limits"
    by_unit = (figures["dimension"] == "unit") & (figures["period_start"].dt.year == here.data.year)
    return f"investment{'_monthly.limits_units' if by_unit.any() else '.limits'}"


def progress_title(found: Investment, goal: Target | None, here: ReportContext) -> str:
    """Finding on the part of the plan paid, against the target; at most 15 words."""
    shown = found.disbursed or found.completed
    if shown is None or (shown.ratio is None and shown.amount is None):
        raise NotPrintedError(f"investment: nothing is printed for {found.year}", "investment_paid")
    head = {"measure": capital(measure_name(shown, here)), "reached": _reached(shown, here)}
    if shown.ratio is None or goal is None or shown is not found.disbursed:
        key, reached = ("ratio", shown.ratio) if shown.ratio is not None else ("amount", shown.amount)
        return here.say(f"investment.progress_title_{key}", **head, value=reached)
    key = f"investment.progress_title_{compare(shown.ratio, goal.ratio)}"
    aim = here.say(f"investment.title_goal_{origin(goal, here)}", ratio=aimed(goal, here), aim=goal.year)
    keys = (key, "investment.progress_title_beside")
    return fitting(here.say(each, **head, value=shown.ratio, goal=aim) for each in keys)


def remaining_title(found: Investment, goal: Target, here: ReportContext) -> str:
    """Finding on the money still to pay, at most 15 words."""
    missing = investment.missing_to_target(found, goal)
    ending, ratio = estimated(_disbursed(found).basis), as_given(goal.ratio)
    if direction(missing) == RISE and goal.or_more:
        return here.say(f"investment.remaining_title_least{ending}", size=missing)
    return here.say(f"investment.remaining_title_{direction(missing)}{ending}", size=size(missing), ratio=ratio)


def pace_title(found: Pace, goal: Target, here: ReportContext) -> str:
    """Finding on the pace, at most 15 words."""
    key = f"investment.pace_title_{compare(found.achieved, found.needed)}"
    paid = capital(here.say(f"investment.paid{estimated(found.basis)}"))
    ratio = as_given(goal.ratio)
    needed = (least(goal, found.needed, here, "short"), here.page.quantity(found.needed, "short"))
    return fitting(here.say(key, paid=paid, achieved=found.achieved, needed=each, ratio=ratio) for each in needed)


def until(found: Progress, here: ReportContext) -> str:
    """Cut-off date as a phrase, with "estimated" where it is: ``ước đến 31/01/2022``."""
    dated = "until" if found.as_of is not None else "undated"
    return here.say(f"investment.{dated}{estimated(found.basis)}", day=found.as_of)


def estimated(basis: str) -> str:
    """Ending of the keys whose text says that the number is an estimate."""
    return "_estimate" if basis == "estimate" else ""


def measure_name(found: Progress, here: ReportContext) -> str:
    """Name of the measure: completed work or disbursement."""
    return here.say(f"investment.measure_{found.measure}")


def _from_now(found: Pace, goal: Target, here: ReportContext) -> str:
    rest = found.needed_from_now
    if rest is None:
        if compare(found.achieved, found.needed) == ABOVE:
            return ""
        return here.say(f"investment.from_now_none{estimated(found.basis)}", months=months(found.months))
    left = months(found.months - found.months_done)
    if direction(rest) == FALL:
        return here.say("investment.from_now_met")
    return here.say("investment.from_now", left=left, rest=least(goal, rest, here))


def _disbursed(found: Investment) -> Progress:
    if found.disbursed is None:
        raise NotPrintedError(f"investment: the amount disbursed is not printed for {found.year}", "investment_paid")
    return found.disbursed


def _said(found: Progress, here: ReportContext) -> str:
    """Amount with its cut-off date."""
    return here.say("investment.amount_until", amount=found.amount, until=until(found, here))


def _with_ratio(found: Progress, here: ReportContext) -> str:
    name = measure_name(found, here)
    return here.say("investment.with_ratio", measure=name, amount=found.amount, ratio=found.ratio)


def _reached(found: Progress, here: ReportContext) -> str:
    return here.say(f"investment.reached{estimated(found.basis)}")


def _cause(row: Row, here: ReportContext) -> str:
    key = f"investment.{row['delay']}"
    return here.say(key) if here.page.knows(key) else str(row["delay_printed"])
