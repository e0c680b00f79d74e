"""Sentences and titles on what the rest of the year must grow, on the scenarios, and on benchmarked quarters.

Responsibility: which words :mod:`kg_analysis.analysis.targets`, ``spreads``, ``scenario_table`` and ``benchmarking``
call for. What lies ahead is a requirement or an assumption, never a forecast; past years are counted, never turned into
odds.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg_analysis.analysis import targets as aims_of
from kg_analysis.analysis.benchmarking import Revision
from kg_analysis.analysis.levels import TOTAL, Levels, add
from kg_analysis.analysis.required import YEARS_FOR_A_SHARE, Path, Standing
from kg_analysis.analysis.scenario_table import Scenario
from kg_analysis.analysis.spreads import EVEN, PATH, SECTOR, Spread
from kg_analysis.analysis.targets import BASE, Targets
from kg_analysis.findings.levels import sector_name
from kg_analysis.findings.wording import as_given, direction, listed, printed_as, size
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, derive


def targets(found: Targets, here: ReportContext) -> str:
    """The three targets and whose they are."""
    low, base, high = (as_given(each) for _, each in found.items())
    return here.say(f"growth_levels.targets_{found.origin}", low=low, base=base, high=high)


def rest_of_year(found: Targets, here: ReportContext) -> str:
    """What the latest published level leaves to the rest of the year, the base of last year taken from the plan."""
    release = aims_of.latest_release(here.data)
    planned = aims_of.planned_growth(here.data)
    last_year = aims_of.last_year_from_plan(release, planned)
    needs = {name: aims_of.rest_from_plan(release, planned, goal) for name, goal in found.items()}
    period = here.say(f"growth.name_{release.period}")
    said = {name: printed_as("need", rate, here) for name, rate in needs.items()}
    day = here.page.published(release.vintage)
    values = {"period": period, "day": day, "growth": release.growth, "ratio": release.ratio, "base_year": last_year}
    goals = {f"goal_{name}": as_given(goal) for name, goal in found.items()}
    text = here.say("growth_levels.rest", last=here.data.year - 1, **values, **said, **goals)
    return f"{text} {here.say('growth_levels.rest_note')}"


def required(found: Sequence[Spread], levels: Levels, here: ReportContext) -> str:
    """Required growth of the base target in three ways, then of the low and the high one if spread evenly."""
    quarters = listed([here.say(f"growth.short_Q{each}") for each in levels.remaining], here)
    even = next(each for each in found if each.kind == EVEN)
    needs = {name: printed_as("need", rate, here) for name, rate in even.needs.items()}
    sentences = [here.say("growth_levels.need_even", quarters=quarters, **needs)]
    along = [each for each in found if each.kind == PATH]
    if along:
        parts = [f"{_short(each.quarter, here)} {printed_as('need', each.needs[BASE], here)}" for each in along]
        sentences.append(here.say("growth_levels.need_path", parts=listed(parts, here)))
    for each in (each for each in found if each.kind == SECTOR):
        need = printed_as("need", each.needs[BASE], here)
        sentences.append(here.say("growth_levels.need_sector", sector=sector_name(each.sector, here), need=need))
    return " ".join([*sentences, here.say("growth_levels.need_note")])


def required_title(found: Sequence[Spread], goals: Targets, here: ReportContext) -> str:
    """Finding on the base target spread evenly, at most 15 words."""
    even = next(each for each in found if each.kind == EVEN).needs[BASE]
    goal = printed_as("need", as_given(goals.base), here)
    return here.say("growth_levels.need_title", goal=goal, need=printed_as("title", even, here))


def scenarios(found: Sequence[Scenario], levels: Levels, rates: Path, here: ReportContext) -> str:
    """What the last quarter must grow in each scenario if those before it follow the path, and past years that did."""
    *between, last = levels.remaining
    name = here.say(f"growth.short_Q{last}")
    path = [f"{here.say(f'growth.short_Q{q}')} {printed_as('need', rates[q, TOTAL], here)}" for q in between]
    key = "growth_levels.last_path" if path else "growth_levels.last_only"
    parts = [
        here.say(
            "growth_levels.last_part",
            scenario=here.say(f"growth_levels.scenario_{each.name}"),
            need=printed_as("need", each.last, here),
            reached=_reached(each.standing),
            years=each.standing.years,
            place=_place(each.standing),
        )
        for each in found
    ]
    past = found[0].standing
    text = here.say(key, path=listed(path, here) if path else "", quarter=name, parts="; ".join(parts))
    span = here.say("growth_levels.history", quarter=name, slowest=past.slowest, fastest=past.fastest, years=past.years)
    few = "few" if past.years < YEARS_FOR_A_SHARE else "count"
    return " ".join([text, span, here.say(f"growth_levels.history_{few}", years=past.years)])


def scenarios_title(found: Sequence[Scenario], here: ReportContext) -> str:
    """Finding on the remaining quarters if all grow alike, from the low to the high target, at most 15 words."""
    needs = {each.name: each.even for each in found}
    return here.say("growth_levels.scenario_title", **needs)


def revision(found: Revision, here: ReportContext) -> str:
    """How far a year was revised, and the quarters that add up to it with the smoothest change."""
    year = found.periods[-1][0]
    own = [period for period in found.periods if period[0] == year]
    parts = [f"{_short(quarter, here)} {here.page.quantity(found.denton[year, quarter])}" for _, quarter in own]
    moved = _moved(found)
    values = {"which": year, "first": _first(found), "total": as_given(found.years[year]), "size": size(moved)}
    key = f"growth_levels.revision_{'chosen' if found.chosen else 'published'}_{direction(moved)}"
    sentences = [here.say(key, **values), here.say("growth_levels.denton", parts=listed(parts, here))]
    if found.revised:
        gaps = {each: found.revised[each].value / found.denton[each].value - 1 for each in own}
        far = max(gaps, key=lambda each: abs(gaps[each]))
        off = derive(lambda a, b: 100 * (a / b - 1), found.revised[far], found.denton[far], unit="pct")
        quarter = here.say(f"growth.short_Q{far[1]}")
        sentences.append(here.say(f"growth_levels.denton_off_{direction(off)}", quarter=quarter, size=size(off)))
    return " ".join([*sentences, here.say("growth_levels.denton_note")])


def revision_title(found: Revision, here: ReportContext) -> str:
    """Finding on the year's revision, at most 15 words."""
    moved = _moved(found)
    key = f"growth_levels.revision_title_{'chosen' if found.chosen else 'published'}_{direction(moved)}"
    return here.say(key, which=found.periods[-1][0], size=size(moved))


def _short(quarter: int | None, here: ReportContext) -> str:
    return here.say(f"growth.short_Q{quarter}")


def _first(found: Revision) -> Quantity:
    return add([found.first[each] for each in found.periods if each[0] == found.periods[-1][0]])


def _moved(found: Revision) -> Quantity:
    """Revised year over the first [percent]."""
    year = found.years[found.periods[-1][0]]
    return derive(lambda now, then: 100 * (now / then - 1), year, _first(found), unit="pct")


def _reached(standing: Standing) -> str:
    least, most = standing.reached_least, standing.reached_most
    return str(least) if least == most else f"{least}–{most}"


def _place(standing: Standing) -> str:
    """Rank that the rate would take among the past years, 1 the fastest."""
    least, most = standing.reached_least + 1, standing.reached_most + 1
    return str(least) if least == most else f"{least}–{most}"
