"""Sentences and titles on monthly disbursement: quality of the series, three forecasts, pace, past years.

Responsibility: which words :mod:`kg_analysis.analysis.monthly_quality`, :mod:`~kg_analysis.analysis.forecasts` and
:mod:`~kg_analysis.analysis.profile` call for. No forecast is called likely, and few years are counted, not turned into
a percentage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kg_analysis.analysis import forecasts
from kg_analysis.analysis.forecasts import BOTTOM_UP, PROFILE, RUN_RATE, Forecast, MonthlyPace
from kg_analysis.analysis.investment import Target
from kg_analysis.analysis.monthly import CLOSE, MonthlyYear
from kg_analysis.analysis.monthly_quality import KINDS, flags
from kg_analysis.analysis.profile import Chance, chance, reached_before
from kg_analysis.errors import LeftOutError
from kg_analysis.findings import investment
from kg_analysis.findings.wording import ABOVE, BELOW, RISE, as_given, compare, direction, fitting, listed
from kg_analysis.intervals import Interval
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity


def quality(found: MonthlyYear, here: ReportContext) -> str:
    """How many remarks of each kind the series calls for, and that no value was changed."""
    counts = Counter(flag.kind for flag in flags(found))
    if not counts:
        return here.say("investment_monthly.quality_none", year=found.year, months=len(found.months))
    parts = [here.say(f"investment_monthly.quality_{kind}", n=counts[kind]) for kind in KINDS if counts[kind]]
    head = here.say("investment_monthly.quality", year=found.year, months=len(found.months), parts="; ".join(parts))
    return f"{head} {here.say('investment_monthly.quality_note')}"


def forecast(made: Forecast, here: ReportContext) -> str:
    """The three forecasts with what each rests on, their spread, and the outturn where it is known."""
    sentences = [here.say("investment_monthly.stands", **_stand(made, here))]
    sentences += [here.say(f"investment_monthly.says_{name}", **_case(made, each)) for name, each in _named(made)]
    if made.past is None:
        sentences.append(here.say("investment_monthly.no_past"))
    if BOTTOM_UP not in made.at_close and made.past is not None:
        sentences.append(here.say("investment_monthly.no_bottom_up"))
    if made.silent and BOTTOM_UP in made.at_close:
        sentences.append(here.say("investment_monthly.silent", n=len(made.silent)))
    if len(made.at_close) > 1:
        sentences.append(here.say("investment_monthly.spread", spread=spread(made, here)))
    if made.outturn is not None:
        sentences.append(here.say("investment_monthly.outturn", paid=made.outturn, year=made.found.year))
    return " ".join(sentences)


def forecast_title(made: Forecast, goal: Target | None, here: ReportContext) -> str:
    """Finding on the forecasts, at most 15 words."""
    if len(made.at_close) == 1:
        return here.say("investment_monthly.title_single", paid=made.at_close[RUN_RATE])
    values = {"n": len(made.at_close), "spread": spread(made, here)}
    plain = here.say("investment_monthly.title_spread", **values)
    if goal is None:
        return plain
    aim = investment.least(goal, forecasts.aim(made, goal), here, "short")
    return fitting([here.say("investment_monthly.title_spread_goal", **values, aim=aim), plain])


def spread(made: Forecast, here: ReportContext) -> str:
    """From the lowest to the highest of the forecasts' middle values: ``2.109–2.974 tỷ đồng``."""
    values = [each.interval.value for each in made.at_close.values() if each.interval.value is not None]
    return here.page.unit(here.page.range(Interval.bounded(min(values), max(values)), 0), "bn_vnd")


def pace(found: MonthlyPace, made: Forecast, goal: Target, here: ReportContext) -> str:
    """Pace that the target takes from here on, against the last months."""
    values = {
        "left": investment.months(found.months_left),
        "goal": investment.target_name(goal, here),
        "required": investment.least(goal, found.required, here),
        "plan": plan_name(made, here),
    }
    if direction(found.required) != RISE:
        return here.say("investment_monthly.pace_met", **values)
    head = here.say("investment_monthly.pace", **values)
    if found.recent is None:
        return f"{head} {here.say('investment_monthly.recent_unknown')}"
    if found.acceleration is None:
        return f"{head} {here.say('investment_monthly.recent_none', recent=found.recent)}"
    key = {ABOVE: "faster", BELOW: "slower"}.get(compare(found.required, found.recent), "level")
    factor = investment.least(goal, found.acceleration, here)
    return f"{head} {here.say(f'investment_monthly.recent_{key}', recent=found.recent, factor=factor)}"


def pace_title(found: MonthlyPace, goal: Target, here: ReportContext) -> str:
    """Finding on the pace, at most 15 words."""
    if direction(found.required) != RISE:
        return here.say("investment_monthly.pace_title_met", ratio=as_given(goal.ratio))
    required = investment.least(goal, found.required, here, "short")
    if found.acceleration is None:
        return here.say("investment_monthly.pace_title_alone", required=required, ratio=as_given(goal.ratio))
    factors = (
        investment.least(goal, found.acceleration, here, "short"),
        here.page.quantity(found.acceleration, "short"),
    )
    return fitting(here.say("investment_monthly.pace_title", required=required, factor=each) for each in factors)


def past_years(made: Forecast, goal: Target, here: ReportContext) -> str:
    """How many past years, followed from here on, reach the target: k of n, no percentage below eight years."""
    if made.past is None:
        raise LeftOutError("disbursement_monthly: no closed past year", "disbursement_past")
    aim = forecasts.aim(made, goal)
    found = chance(made.paid, made.month, aim, made.past)
    if found.years == 0:
        raise LeftOutError("disbursement_monthly: no past year knows this month", "disbursement_past")
    sentences = [here.say("investment_monthly.chance", k=found.reached, n=found.years, **_aim(goal, here))]
    if found.undecided:
        sentences.append(here.say("investment_monthly.chance_open", n=found.undecided))
    reached, known = reached_before(made.past_years, made.denominator, goal.ratio)
    if known:
        sentences.append(here.say("investment_monthly.reached", k=reached, n=known, **_aim(goal, here)))
    sentences.append(_caution(found, here))
    return " ".join(sentences)


def source(made: Forecast, goal: Target | None, here: ReportContext) -> str:
    """Source line of the year's rows, of past years' where they are others', and of a printed target."""
    past = () if made.past is None else made.past.sources
    series = here.cite_series([made.found.source_id, *past])
    ids = () if goal is None else goal.ratio.figure_ids
    return ". ".join([series, here.cite(ids)]) if ids else series


def _caution(found: Chance, here: ReportContext) -> str:
    if found.share is None:
        return here.say("investment_monthly.chance_few")
    return here.say("investment_monthly.chance_share", share=found.share)


def _aim(goal: Target, here: ReportContext) -> dict[str, str]:
    return {"ratio": investment.aimed(goal, here)}


def _named(made: Forecast) -> Iterable[tuple[str, Quantity]]:
    return ((name, made.at_close[name]) for name in (RUN_RATE, PROFILE, BOTTOM_UP) if name in made.at_close)


def _case(made: Forecast, each: Quantity) -> dict[str, object]:
    years = made.years
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(map(str, years))
    return {"paid": each, "n": len(years), "years": span}


def _stand(made: Forecast, here: ReportContext) -> dict[str, object]:
    return {
        "month": month_name(made.month, made.found.year, here),
        "paid": made.paid,
        "plan": made.plan,
        "which": plan_name(made, here),
        "ratio": forecasts.ratio(made),
    }


def plan_name(made: Forecast, here: ReportContext) -> str:
    """Which of the three plans shares refer to."""
    return here.say(f"investment_monthly.plan_{made.denominator}")


def month_name(month: int, year: int, here: ReportContext) -> str:
    """A month of the budget year: ``tháng 8/2022``; month 13 is January of the next year."""
    return here.say("investment_monthly.month_name", month=month if month < CLOSE else 1, year=year + (month == CLOSE))


def denominators(made: Forecast, here: ReportContext) -> str:
    """The three plans of the month, each with the share that the money paid is of it."""
    parts = [
        here.say(
            "investment_monthly.denominator", which=here.say(f"investment_monthly.plan_{name}"), plan=plan, ratio=each
        )
        for name, plan, each in forecasts.against_plans(made.found, made.month)
    ]
    return here.say(
        "investment_monthly.denominators",
        month=month_name(made.month, made.found.year, here),
        parts=listed(parts, here),
        chosen=plan_name(made, here),
    )
