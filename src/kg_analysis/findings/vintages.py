"""Sentences and titles on versions of one figure.

Responsibility: which words :mod:`kg_analysis.analysis.vintages` calls for. A revision is stated, not explained.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg_analysis.analysis.vintages import Version
from kg_analysis.findings.wording import FLAT, capital, direction, size
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, derive


def revisions(found: Sequence[Version], here: ReportContext) -> str:
    """What each period's growth was said to be, publication by publication."""
    sentences = []
    for period in dict.fromkeys(each.period for each in found):
        versions = [each for each in found if each.period == period]
        parts = [
            here.say("vintages.version", growth=each.growth, issuer=_issuer(each, here), day=published(each, here))
            for each in versions
        ]
        name = capital(here.say(f"growth.name_{period}"))
        sentences.append(here.say("vintages.versions", period=name, year=versions[0].year, parts="; ".join(parts)))
    return " ".join([*sentences, here.say("vintages.versions_note")])


def revisions_title(found: Sequence[Version], here: ReportContext) -> str:
    """Finding on the first revised period: first and last published value, at most 15 words."""
    versions = [each for each in found if each.period == found[0].period]
    first, last = versions[0].growth, versions[-1].growth
    moved = derive(lambda after, before: after - before, last, first, unit="percentage_point")
    if direction(moved) == FLAT:  # back where it began: the widest apart
        first, last = (pick((each.growth for each in versions), key=lambda g: g.value) for pick in (min, max))
    period = here.say(f"growth.short_{found[0].period}")
    return here.say(f"vintages.title_{direction(moved)}", period=period, year=found[0].year, first=first, last=last)


def published(found: Version, here: ReportContext) -> str:
    """Date of publication, as exactly as it is known."""
    return here.page.published(found.published)


def _issuer(found: Version, here: ReportContext) -> str:
    return str(here.data.sources.at[found.source_id, "issuer"])


def _signed(points: Quantity, here: ReportContext) -> str:
    return here.say(f"vintages.part_{direction(points)}", size=size(points))
