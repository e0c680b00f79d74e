"""One period's GRDP level in several publications, and whether they can stand on one base.

Responsibility: set levels as printed beside those that a later level and its growth imply, oldest first. A difference
is stated; whether it is a revision or a new base, the sources do not say, so no calculation joins the two.

Terms: *implied* = level over one plus its growth, the year before's. Levels in bn VND.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg_analysis.analysis.levels import TOTAL
from kg_analysis.analysis.nature import nature
from kg_analysis.analysis.published_levels import Published, published_levels
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, Row, derive


@dataclass(frozen=True)
class LevelVersion:
    """Level of a period as one publication prints or implies it.

    Attributes
    ----------
    year : int
    period : str
        ``Q1``, ``H1``, ``9M`` or ``FY``.
    published, source_id : str
    level : Quantity
        [bn VND].
    implied : bool
        Whether it follows from the next year's level and growth.
    """

    year: int
    period: str
    published: str
    source_id: str
    level: Quantity
    implied: bool


def level_versions(data: Dataset) -> list[LevelVersion]:
    """Versions of the total's level in this year and the last, of periods with more than one, oldest first.

    Raises
    ------
    NotPrintedError
        If no period's level was published or implied twice.
    """
    totals = [each for each in published_levels(data) if each.sector == TOTAL]
    found = [version for each in totals for version in _versions(each) if version.year in (data.year - 1, data.year)]
    counts = {(each.year, each.period): 0 for each in found}
    for each in found:
        counts[each.year, each.period] += 1
    twice = [each for each in found if counts[each.year, each.period] > 1]
    if not twice:
        raise NotPrintedError(f"grdp_level: no level of {data.year} was published twice", "growth_level_versions")
    return sorted(twice, key=lambda each: (each.year, each.period == "FY", each.period, each.published))


def apart(found: Sequence[LevelVersion]) -> Quantity:
    """Last version of a period over its first [percent]: zero within rounding only where they agree."""
    return derive(lambda last, first: 100 * (last / first - 1), found[-1].level, found[0].level, unit="pct")


def naive_join(found: Sequence[LevelVersion]) -> Quantity | None:
    """Growth from joining the printed levels of two years of different publications: a mistake, shown as one [percent].

    None where the year or the one before has no printed level of the whole year, or the join does no harm.
    """
    printed = [each for each in found if each.period == "FY" and not each.implied]
    years = sorted({each.year for each in printed})
    if len(years) < 2:
        return None
    old, new = (next(each for each in reversed(printed) if each.year == year) for year in years[-2:])
    true = [each for each in found if each.implied and (each.year, each.published) == (old.year, new.published)]
    if not true or _meet(true[0].level, old.level):
        return None
    return derive(lambda now, then: 100 * (now / then - 1), new.level, old.level, unit="pct")


def grouped(found: Sequence[LevelVersion]) -> list[list[LevelVersion]]:
    """Versions by year and period, in order."""
    keys = dict.fromkeys((each.year, each.period) for each in found)
    return [[each for each in found if (each.year, each.period) == key] for key in keys]


def version_rows(found: Sequence[LevelVersion]) -> list[Row]:
    """One row a version."""
    return [
        {
            "year": each.year,
            "period": each.period,
            "published": each.published,
            "source_id": each.source_id,
            "level_bn_vnd": each.level,
            "basis": nature(each.level),
        }
        for each in found
    ]


def _meet(first: Quantity, second: Quantity) -> bool:
    return first.interval.low <= second.interval.high and second.interval.low <= first.interval.high


def _versions(release: Published) -> list[LevelVersion]:
    place = release.period, release.vintage, release.source_id
    implied = release.implied()
    pairs = [(release.year, release.level, False), *([] if implied is None else [(release.year - 1, implied, True)])]
    return [LevelVersion(year, *place, level, made) for year, level, made in pairs if level.interval.value is not None]
