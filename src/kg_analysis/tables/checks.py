"""The declared checks, held to the figures and assumptions that they name.

Responsibility: everything wrong with ``checks.csv`` beyond its schema, all of it at once. Whether a check holds is not
decided here: a check that fails is a finding, a formula that cannot be read is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.tables.formula import Formula, parse_formula
from kg_analysis.tables.formula_rules import refuse_unbounded, side_units


def check_problems(
    checks: pd.DataFrame, figures: Mapping[str, str] | None, assumptions: Mapping[str, str]
) -> Iterator[str]:
    """Every problem of the checks, each with row and remedy.

    Parameters
    ----------
    checks : DataFrame
        ``checks.csv`` in the order of the file.
    figures : mapping of str to str or None
        Unit by figure id, over all sources; None where the printed figures cannot be read, so that only the form of
        the formulas can be told.
    assumptions : mapping of str to str
        Unit by assumption id.

    Yields
    ------
    str
        ``checks.csv row 7: figure 'kg21-x' is not printed; …``. Rows count as in a spreadsheet.
    """
    for row, (check, note_vi, note_en) in enumerate(
        checks[["formula", "note_vi", "note_en"]].itertuples(index=False, name=None), 2
    ):
        if (note_vi == "") != (note_en == ""):
            yield f"checks.csv row {row}: a note stands in one language only; write both, or neither"
        yield from (f"checks.csv row {row}: {each}" for each in _formula_problems(check, figures, assumptions))


def _formula_problems(text: str, figures: Mapping[str, str] | None, assumptions: Mapping[str, str]) -> list[str]:
    try:
        formula = parse_formula(text)
        refuse_unbounded(formula)
        missing = [] if figures is None else _missing(formula, figures, assumptions)
        if figures is not None and not missing:
            side_units(formula, figures, assumptions)
    except DataError as error:
        return list(error.problems)
    return missing


def _missing(formula: Formula, figures: Mapping[str, str], assumptions: Mapping[str, str]) -> list[str]:
    figure = "figure {!r} is not printed; correct the id, or type the figure in data/printed"
    assumption = "assumption {!r} is not known; correct the id, or add it to data/assumptions.csv"
    return [
        *(figure.format(each) for each in formula.figure_ids if each not in figures),
        *(assumption.format(each) for each in formula.assumption_ids if each not in assumptions),
    ]
