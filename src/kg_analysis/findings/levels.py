"""Sentences and titles on GRDP levels: what each sector added, and levels that do not stand on one base.

Responsibility: which words :mod:`kg_analysis.analysis.contributions`, ``published_levels`` and ``level_versions`` call
for. A contribution is arithmetic, not a cause; a difference between publications is stated, not explained.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg_analysis.analysis.contributions import Contribution, gap
from kg_analysis.analysis.level_versions import LevelVersion, apart, grouped, naive_join
from kg_analysis.analysis.levels import TOTAL, Levels
from kg_analysis.analysis.published_levels import printed_points
from kg_analysis.findings.wording import FLAT, capital, direction, listed, printed_as, size
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity


def contributions(found: Sequence[Contribution], here: ReportContext) -> str:
    """Every period's growth with what each sector added to it, and shares where growth is not near zero."""
    periods = list(dict.fromkeys(each.period for each in found))
    sentences = [_period(found, period, here) for period in periods]
    if any(each.share is None and each.sector != TOTAL for each in found):
        sentences.append(here.say("growth_levels.no_share"))
    return " ".join([*sentences, here.say("growth_levels.points_note")])


def printed_beside(found: Sequence[Contribution], here: ReportContext) -> str:
    """Contributions that the releases print themselves, each beside the recomputed one."""
    own = printed_points(here.data)
    parts = [
        here.say(
            f"growth_levels.printed_{'same' if _meets(each.points, own[key]) else 'other'}",
            sector=sector_name(each.sector, here),
            period=here.say(f"growth.name_{each.period}"),
            printed=own[key],
            computed=each.points,
        )
        for each in found
        if (key := (each.period, each.sector)) in own
    ]
    return " ".join(parts) or here.say("growth_levels.printed_none")


def contributions_title(found: Sequence[Contribution], here: ReportContext) -> str:
    """Finding on the last period: the largest contribution in size to its growth, at most 15 words."""
    last = [each for each in found if each.period == found[-1].period]
    total = next(each for each in last if each.sector == TOTAL)
    named = [each for each in last if each.sector not in (TOTAL, "others")]
    most = max(named, key=lambda each: abs(each.points.value))
    key = f"growth_levels.title_{'rise' if most.points.value >= 0 else 'fall'}"
    sector = capital(here.say(f"growth_levels.short_{most.sector}"))
    period = here.say(f"growth.short_{total.period}")
    return here.say(key, sector=sector, points=size(most.points), growth=total.points, period=period)


def adds_up(found: Sequence[Contribution], here: ReportContext) -> str:
    """Whether the sectors' contributions add up to growth in every period."""
    periods = dict.fromkeys(each.period for each in found)
    off = {period: gap(found, period) for period in periods if direction(gap(found, period)) != FLAT}
    if not off:
        return here.say("growth_levels.adds_up")
    parts = [f"{here.say(f'growth.short_{name}')} {here.page.quantity(each)}" for name, each in off.items()]
    return here.say("growth_levels.adds_not", parts=listed(parts, here))


def rests_on(found: Levels, here: ReportContext) -> str:
    """Which release the calculation rests on, and what is taken as known."""
    quarters = listed([here.say(f"growth.short_Q{each}") for each in found.known], here)
    when = here.page.published(found.release.vintage)
    return here.say("growth_levels.release", published=when, quarters=quarters, last=found.year - 1)


def versions(found: Sequence[LevelVersion], here: ReportContext) -> str:
    """Every level over its publications, and that those which differ are not joined."""
    sentences = [_versions(group, here) for group in grouped(found)]
    joined = naive_join(found)
    if joined is not None:
        sentences.append(here.say("growth_levels.versions_joined", joined=joined, last=here.data.year - 1))
    differ = any(direction(apart(group)) != FLAT for group in grouped(found))
    return " ".join([*sentences, here.say(f"growth_levels.versions_{'apart' if differ else 'agree'}")])


def versions_title(found: Sequence[LevelVersion], here: ReportContext) -> str:
    """Finding on the level that moved most, at most 15 words."""
    most = max(grouped(found), key=lambda group: abs(apart(group).value))
    period = here.say(f"growth.short_{most[0].period}")
    first, last = most[0].level, most[-1].level
    key = f"growth_levels.versions_title_{direction(apart(most))}"
    return here.say(key, period=period, which=most[0].year, first=first, last=last)


def sector_name(sector: str, here: ReportContext) -> str:
    """Name of a sector within a sentence."""
    return here.say(f"growth_levels.sector_{sector}")


def _period(found: Sequence[Contribution], period: str, here: ReportContext) -> str:
    own = [each for each in found if each.period == period]
    total = next(each for each in own if each.sector == TOTAL)
    parts = [_part(each, here) for each in own if each.sector != TOTAL]
    growth = printed_as("rate", total.growth or total.points, here)
    name = capital(here.say(f"growth.name_{period}"))
    return here.say("growth_levels.period", period=name, growth=growth, parts="; ".join(parts))


def _part(each: Contribution, here: ReportContext) -> str:
    name = sector_name(each.sector, here)
    if each.points.interval.value is None:
        most = here.page.number(each.points.interval.high, 2)
        return here.say("growth_levels.part_bound", sector=name, most=most)
    along = each.share is not None and each.share.interval.low >= 0  # against the whole, a share misleads
    key = f"growth_levels.part_{direction(each.points)}{'_share' if along else ''}"
    return here.say(key, sector=name, points=size(each.points), share=each.share)


def _versions(group: Sequence[LevelVersion], here: ReportContext) -> str:
    parts = [
        here.say(
            f"growth_levels.version_{'implied' if each.implied else 'printed'}",
            level=each.level,
            day=here.page.published(each.published),
        )
        for each in group
    ]
    name = capital(here.say(f"growth.name_{group[0].period}"))
    moved = apart(group)
    said = here.say(f"growth_levels.apart_{direction(moved)}", size=size(moved))
    return here.say("growth_levels.versions", period=name, which=group[0].year, parts="; ".join(parts), apart=said)


def _meets(first: Quantity, second: Quantity) -> bool:
    return first.interval.low <= second.interval.high and second.interval.low <= first.interval.high
