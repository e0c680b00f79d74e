"""Required growth of the remaining quarters, side by side: even, along a path, and by one sector alone.

Responsibility: the list that chart, table and sentence share. How each is computed stands in ``analysis.required``.

Terms: *spread* = way in which the growth that a target needs is laid on what remains. Rates in percent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg_analysis.analysis.levels import TOTAL, Levels
from kg_analysis.analysis.required import Path, Standing, required_even, required_path, required_sector, standing
from kg_analysis.analysis.targets import BASE, Targets
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, Row

EVEN, PATH, SECTOR = "even", "path", "sector"


@dataclass(frozen=True)
class Spread:
    """One way, for the remaining quarters together or for one of them.

    Attributes
    ----------
    kind : str
        ``even``, ``path`` or ``sector``.
    quarter : int or None
        None: all remaining quarters.
    sector : str
    needs : dict of str to Quantity
        Required growth by scenario: low, base, high [percent].
    standing : Standing or None
        Of the base scenario in the quarter's history; None for several quarters or a sector.
    """

    kind: str
    quarter: int | None
    sector: str
    needs: dict[str, Quantity]
    standing: Standing | None = None


def spreads(found: Levels, aims: Targets, rates: Path, sector: str) -> list[Spread]:
    """The three ways; one that the levels do not allow is left out.

    Raises
    ------
    NotPrintedError
        If no quarter remains.
    """
    goals = aims.items()
    even = {name: required_even(found, goal) for name, goal in goals}
    results = [Spread(EVEN, None, TOTAL, even)]
    results += _attempt(lambda: _along(found, aims, rates))
    return results + _attempt(lambda: [_alone(found, aims, sector)])


def spread_rows(found: Sequence[Spread]) -> list[Row]:
    """One row a spread and quarter."""
    return [
        {
            "spread": each.kind,
            "sector": each.sector,
            "quarter": "rest" if each.quarter is None else f"Q{each.quarter}",
            **{f"need_{name}_pct": rate for name, rate in each.needs.items()},
            "years_reached": None if each.standing is None else each.standing.reached_most,
            "years_known": None if each.standing is None else each.standing.years,
        }
        for each in found
    ]


def _along(found: Levels, aims: Targets, rates: Path) -> list[Spread]:
    needed = {name: required_path(found, goal, rates) for name, goal in aims.items()}
    return [
        Spread(
            PATH,
            quarter,
            TOTAL,
            {name: by_quarter[quarter] for name, by_quarter in needed.items()},
            standing(found, quarter, needed[BASE][quarter]),
        )
        for quarter in found.remaining
    ]


def _alone(found: Levels, aims: Targets, sector: str) -> Spread:
    return Spread(SECTOR, None, sector, {name: required_sector(found, goal, sector) for name, goal in aims.items()})


def _attempt(function: Callable[[], list[Spread]]) -> list[Spread]:
    try:
        return function()
    except NotPrintedError:
        return []
