"""Scenarios of the year, low, base and high, by sector and quarter.

Responsibility: the table and its totals. Known quarters are the same in every scenario; in the remaining ones each
sector follows its path, shifted by the same points everywhere so that the year meets the target.

Terms: *path*, *shift*: see :mod:`kg_analysis.analysis.required`. Levels in bn VND, growth in percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg_analysis.analysis.levels import TOTAL, YEAR, Levels, growth_of
from kg_analysis.analysis.required import Path, Standing, implied_last, required_even, shift, standing
from kg_analysis.analysis.targets import Targets
from kg_analysis.quantities import Quantity, Row, derive

WHOLE = "FY"
SCENARIO = "scenario"


@dataclass(frozen=True)
class Cell:
    """Growth of a sector in a quarter or in the year.

    Attributes
    ----------
    scenario : str
        ``low``, ``base`` or ``high``; ``""`` for what is known, which all share.
    sector : str
    period : str
        ``Q1`` … ``Q4`` or ``FY``.
    growth : Quantity
        [percent].
    """

    scenario: str
    sector: str
    period: str
    growth: Quantity


@dataclass(frozen=True)
class Scenario:
    """One target and what it takes.

    Attributes
    ----------
    name : str
    target : Quantity
        Growth of the year [percent].
    even : Quantity
        Growth of every remaining quarter if all grow alike [percent].
    last : Quantity
        Growth of the last quarter if those before it only follow the path [percent].
    standing : Standing
        Of ``last`` in the history of that quarter.
    """

    name: str
    target: Quantity
    even: Quantity
    last: Quantity
    standing: Standing


def scenarios(found: Levels, aims: Targets, rates: Path) -> list[Scenario]:
    """Each target with its required growth, the implied last quarter and where that stands in history."""
    results = []
    for name, target in aims.items():
        last = implied_last(found, target, rates)
        even = required_even(found, target)
        results.append(Scenario(name, target, even, last, standing(found, YEAR[-1], last)))
    return results


def scenario_cells(found: Levels, aims: Targets, rates: Path) -> list[Cell]:
    """Growth of every sector and the total in every quarter and the year, known quarters once.

    The shift is taken as free of the rounding of the levels that it is weighted with, which widens the bounds of totals
    by less than a hundredth of a percent.
    """
    sectors = (*(part for part in found.parts if part != TOTAL), TOTAL)
    known = [
        Cell("", sector, f"Q{quarter}", _known(found, quarter, sector)) for quarter in found.known for sector in sectors
    ]
    return known + [cell for name, target in aims.items() for cell in _cells(found, name, target, rates, sectors)]


def scenario_rows(cells: Sequence[Cell]) -> list[Row]:
    """One row a cell."""
    return [
        {
            "scenario": cell.scenario or "known",
            "sector": cell.sector,
            "period": cell.period,
            "growth_pct": cell.growth,
            "basis": SCENARIO if cell.scenario else ("estimate" if "estimate" in cell.growth.rests_on else "derived"),
        }
        for cell in cells
    ]


def outlook_rows(found: Sequence[Scenario]) -> list[Row]:
    """One row a scenario: target, required growth, implied last quarter, and past years that reached it."""
    return [
        {
            "scenario": each.name,
            "target_pct": each.target,
            "required_pct": each.even,
            "implied_last_pct": each.last,
            "years_reached": each.standing.reached_most,
            "years_known": each.standing.years,
            "fastest_pct": each.standing.fastest,
        }
        for each in found
    ]


def _known(found: Levels, quarter: int, sector: str) -> Quantity:
    return growth_of(found.release.level(found.year, [quarter], sector), found.before([quarter], sector))


def _cells(found: Levels, name: str, target: Quantity, rates: Path, sectors: Sequence[str]) -> list[Cell]:
    points = shift(found, target, rates)
    cells = []
    for quarter in found.remaining:
        grown = {part: derive(lambda d, p: p + d, points, rates[quarter, part], unit="pct") for part in found.parts}
        cells += [Cell(name, part, f"Q{quarter}", rate) for part, rate in grown.items() if part != TOTAL]
        cells.append(Cell(name, TOTAL, f"Q{quarter}", _total(found, quarter, points, rates)))
    cells += [Cell(name, sector, WHOLE, _year(found, sector, points, rates)) for sector in sectors if sector != TOTAL]
    return [*cells, Cell(name, TOTAL, WHOLE, target)]


def _total(found: Levels, quarter: int, points: Quantity, rates: Path) -> Quantity:
    """Growth of the whole in a quarter: each sector's, weighted with its level of the year before."""
    path = [rates[quarter, part] for part in found.parts]
    bases = [found.before([quarter], part) for part in found.parts]
    exact = [each.interval.low for each in path]
    return derive(
        lambda d, *b: d + sum(p * x for p, x in zip(exact, b, strict=True)) / sum(b), points, *bases, unit="pct"
    )


def _year(found: Levels, sector: str, points: Quantity, rates: Path) -> Quantity:
    """Growth of a sector in the year: what is known and what the scenario adds."""
    path = [rates[quarter, sector].interval.low for quarter in found.remaining]
    rest = [found.before([quarter], sector) for quarter in found.remaining]
    return derive(
        lambda d, now, done, *left: (
            100
            * ((now + sum(x * (1 + (p + d) / 100) for p, x in zip(path, left, strict=True))) / (done + sum(left)) - 1)
        ),
        points,
        found.now(sector),
        found.before(found.known, sector),
        *rest,
        unit="pct",
    )
