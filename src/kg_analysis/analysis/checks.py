"""Declared checks between printed figures: what the two sides are, and whether they agree.

Responsibility: give every check its inputs and its verdict. A check that fails is a result, never an error; checks
rest on the figures of all sources and years, since one fact may be printed in several.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from kg_analysis.analysis.known import Known, known_inputs
from kg_analysis.analysis.verdicts import bounds, verdict
from kg_analysis.data.checks import Formula, Input, Node, check_problems, inputs_of, parse_formula, side_units
from kg_analysis.data.dataset import Dataset, to_quantity
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval, round_half_up
from kg_analysis.quantities import Quantity, Row

_Units = tuple[dict[Any, str], dict[Any, str]]  # of figures and of assumptions, by id
_FINEST = 4  # decimals that an exact result is tried with


@dataclass(frozen=True)
class Check:
    """A check with its result.

    Attributes
    ----------
    id, topic, kind, formula : str
        As in ``checks.csv``.
    verdict : str
        holds, contradicts or indeterminate.
    left, right : Quantity
        The two sides, each by itself; a date has the unit ``date`` and counts days.
    figure_ids : tuple of str
        Figures used, sorted.
    titles, notes : dict of str to str
        What must hold, and what may explain it where it does not, by language.
    """

    id: str
    topic: str
    kind: str
    formula: str
    verdict: str
    left: Quantity
    right: Quantity
    figure_ids: tuple[str, ...]
    titles: Mapping[str, str]
    notes: Mapping[str, str]


def run_checks(checks: pd.DataFrame, figures: pd.DataFrame, assumptions: pd.DataFrame) -> list[Check]:
    """Every check with its verdict, in order of the file.

    Parameters
    ----------
    checks : DataFrame
        ``checks.csv``.
    figures : DataFrame
        ``clean/figures`` of all sources and years, indexed by ``figure_id``.
    assumptions : DataFrame
        ``assumptions.csv``, indexed by its id.

    Returns
    -------
    list of Check

    Raises
    ------
    DataError
        Every formula that cannot be read, or names what is not there.
    """
    units = figures["unit"].to_dict(), assumptions["unit"].to_dict()
    if problems := list(check_problems(checks, *units)):
        raise DataError(problems)
    return [_run(row, figures, assumptions, units) for row in checks.to_dict("records")]


def of_year(data: Dataset) -> list[Check]:
    """Checks that use a figure about the year, whoever printed it, with their verdicts.

    Raises
    ------
    NotPrintedError
        If no check does.
    """
    if data.checks.empty:
        raise NotPrintedError(f"checks.csv: no check uses figures of {data.year}", "checks")
    return run_checks(data.checks.reset_index(), data.check_figures, data.assumptions)


def check_rows(results: Iterable[Check], language: str = "vi") -> list[Row]:
    """Checks as rows of a table: title, verdict and both sides, with formula and figures for the file.

    Parameters
    ----------
    results : iterable of Check
    language : str
        Language of the titles.

    Returns
    -------
    list of mapping
        Columns ``check``, ``topic``, ``kind``, ``title``, ``verdict``, ``left``, ``right``, ``formula`` and
        ``figure_ids``; a side is a Quantity, or a day.
    """
    return [
        {
            "check": each.id,
            "topic": each.topic,
            "kind": each.kind,
            "title": each.titles[language],
            "verdict": each.verdict,
            "left": day_of(each.left) or each.left,
            "right": day_of(each.right) or each.right,
            "formula": each.formula,
            "figure_ids": " ".join(each.figure_ids),
        }
        for each in results
    ]


def day_of(side: Quantity) -> date | None:
    """Day that a side stands for; None where it is a number."""
    return date.fromordinal(int(side.value)) if side.unit == "date" else None


def _run(row: Mapping[Hashable, Any], figures: pd.DataFrame, assumptions: pd.DataFrame, units: _Units) -> Check:
    formula = parse_formula(row["formula"])
    known = known_inputs(formula, figures, assumptions)
    left, right = _sides(formula, known, figures, units)
    titles, notes = ({each: str(row[f"{name}_{each}"]) for each in ("vi", "en")} for name in ("title", "note"))
    return Check(
        id=row["id"],
        topic=row["topic"],
        kind=row["kind"],
        formula=row["formula"],
        verdict=verdict(formula, known),
        left=left,
        right=right,
        figure_ids=formula.figure_ids,
        titles=titles,
        notes=notes,
    )


def _sides(
    formula: Formula, known: Mapping[Input, Known], figures: pd.DataFrame, by_id: _Units
) -> tuple[Quantity, Quantity]:
    units = side_units(formula, *by_id)
    finest = figures["decimals"].loc[list(formula.figure_ids)].max()
    left, right = (
        _side(node, unit, known, figures, 0 if pd.isna(finest) else int(finest))
        for node, unit in zip((formula.left, formula.right), units, strict=True)
    )
    return left, right


def _side(node: Node, unit: str, known: Mapping[Input, Known], figures: pd.DataFrame, finest: int) -> Quantity:
    """One side by itself: a figure as it is printed, the rest with the decimals that it bears."""
    if isinstance(node, Input) and node.kind == "figure" and unit != "date":
        printed = to_quantity(figures.loc[node.name])
        return replace(printed, unit=unit) if printed.unit == "text" else printed
    interval = bounds(node, known)
    ids = tuple(sorted({each.name for each in inputs_of(node) if each.kind not in ("assumption", "span")}))
    return Quantity(interval, unit, ids, _exact_decimals(interval), finest=finest)


def _exact_decimals(interval: Interval) -> int | None:
    """Fewest decimals that an exact number needs; None where it is not exact."""
    if not interval.is_exact:
        return None
    needed: Sequence[int] = range(_FINEST)
    return next((each for each in needed if round_half_up(interval.low, each) == interval.low), _FINEST)
