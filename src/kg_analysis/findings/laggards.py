"""Sentences and titles on who is behind: investors of the series, and units that a year's sources print.

Responsibility: which words :mod:`kg_analysis.analysis.laggards` and :mod:`~kg_analysis.analysis.units` call for. The
rank is by money; a cause is the investor's own word, and nothing is said to follow from it.
"""

from __future__ import annotations

from kg_analysis.analysis.laggards import NOT_NAMED, SLOW_LARGE, Laggard, Standing, cause_rows
from kg_analysis.analysis.monthly import add_up
from kg_analysis.analysis.units import Unit, Units
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings.disbursement import month_name
from kg_analysis.findings.wording import capital, fitting
from kg_analysis.narrative.context import ReportContext


def behind(found: Standing, here: ReportContext) -> str:
    """Who holds most of the money left, how few hold most of it, and who has no rank."""
    first, lowest = found.ranked[0], min(found.ranked, key=_ratio)
    sentences = [
        here.say(
            "investment_monthly.behind",
            month=month_name(found.month, found.found.year, here),
            left=found.undisbursed,
            few=found.few,
            n=len(found.ranked),
            share=found.held,
            first=first.name,
            most=first.undisbursed,
        )
    ]
    if lowest is not first and lowest.ratio is not None:
        values = {"lowest": lowest.name, "ratio": lowest.ratio, "left": lowest.undisbursed}
        sentences.append(here.say("investment_monthly.behind_percent", **values))
    if found.unknown:
        names = "; ".join(each.name for each in found.unknown)
        sentences.append(here.say("investment_monthly.behind_unknown", n=len(found.unknown), names=names))
    return " ".join(sentences)


def pareto_title(found: Standing, here: ReportContext) -> str:
    """Finding on how few hold most of the money left, at most 15 words."""
    return here.say("investment_monthly.pareto_title", few=found.few, n=len(found.ranked), share=found.held)


def quadrant_title(found: Standing, here: ReportContext) -> str:
    """Finding on those that are slow with much money left, at most 15 words."""
    worst = slow_and_large(found)
    if not worst:
        return here.say("investment_monthly.quadrant_title_none")
    money = add_up([each.undisbursed for each in worst if each.undisbursed is not None])
    return here.say(f"investment_monthly.quadrant_title{'_one' if len(worst) == 1 else ''}", n=len(worst), money=money)


def slow_and_large(found: Standing) -> list[Laggard]:
    """Investors slower than the whole with more than an even share of the money left."""
    return [each for each in found.ranked if found.quadrant(each) == SLOW_LARGE]


def causes(found: Standing, here: ReportContext) -> str:
    """Money left of the investors that name each cause; a cause's own weight is not known."""
    rows = cause_rows(found)
    named = [
        here.say(
            "investment_monthly.cause_part",
            cause=here.say(f"cell.{row['cause']}"),
            n=row["investors"],
            money=row["undisbursed_bn_vnd"],
            share=row["share_of_undisbursed_pct"],
        )
        for row in rows
        if row["cause"] != NOT_NAMED
    ]
    if not named:
        return here.say("investment_monthly.causes_none")
    return (
        f"{here.say('investment_monthly.causes', parts='; '.join(named))} {here.say('investment_monthly.causes_note')}"
    )


def units(found: Units, here: ReportContext) -> str:
    """Units ranked by money left, and those of which only the rate is known."""
    sentences = []
    if found.ranked:
        parts = "; ".join(_with_money(each, here) for each in found.ranked)
        sentences.append(here.say("investment_monthly.units", day=found.ranked[0].as_of, parts=parts))
    if found.whole is not None:
        sentences.append(here.say("investment_monthly.units_whole", whole=found.whole))
    if len(found.ranked) > 1:
        sentences.append(here.say(f"investment_monthly.units_note_{found.ranked[0].kind}"))
    if found.rates:
        parts = "; ".join(
            here.say("investment_monthly.unit_rate", name=unit_name(each, here), ratio=each.ratio, day=each.as_of)
            for each in found.rates
        )
        sentences.append(here.say("investment_monthly.units_rates", n=len(found.rates), parts=parts))
    return " ".join(sentences)


def units_title(found: Units, here: ReportContext) -> str:
    """Finding on the unit with most money left, at most 15 words."""
    if not found.ranked:
        raise NotPrintedError("pubinv: no money is printed by unit", "investment_units_money")
    first = found.ranked[0]
    name = capital(unit_name(first, here))
    keys = ("investment_monthly.units_title", f"investment_monthly.units_title_{first.kind}")
    return fitting(here.say(key, name=name, left=first.undisbursed) for key in keys)


def unit_name(found: Unit, here: ReportContext) -> str:
    """Name of a unit in the reader's language, else its printed label."""
    key = f"investment_monthly.unit_{found.name}"
    return here.say(key) if here.page.knows(key) else found.label


def _with_money(each: Unit, here: ReportContext) -> str:
    key = f"investment_monthly.unit_money{'' if each.ratio is None else '_ratio'}"
    return here.say(key, name=unit_name(each, here), left=each.undisbursed, ratio=each.ratio)


def _ratio(each: Laggard) -> float:
    return 0.0 if each.ratio is None else each.ratio.value
