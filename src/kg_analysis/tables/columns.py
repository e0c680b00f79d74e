"""Column types of the data contract, each with the remedy that a failed value calls for.

Responsibility: the vocabulary in which ``schemas.py`` is written. Cells are validated as the text of the file, so
that a message shows what stands there, and converted only when the whole table is sound.

Terms: *kind* = how a column is read: ``text``, ``number``, ``whole`` or ``day``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pandera.pandas as pa

Column = pa.Column
RowRule = Callable[[pd.DataFrame], "pd.Series[bool]"]


@dataclass(frozen=True)
class Table:
    """Schema of one CSV: a pandera schema over its text, and how to read each column.

    Attributes
    ----------
    name : str
        Path under ``data/`` without ``.csv``; ``printed/*`` stands for a file a source.
    key : tuple of str
        Columns that together identify a row; the stable order of the file.
    columns : dict of str to Column
    rules : dict of str to RowRule
        Remedy to a check over whole rows; true where the row is sound.
    """

    name: str
    about: str
    key: tuple[str, ...]
    columns: dict[str, pa.Column]
    rules: dict[str, RowRule] = field(default_factory=dict)

    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema, over text columns."""
        checks = [pa.Check(rule, error=remedy) for remedy, rule in self.rules.items()]
        return pa.DataFrameSchema(self.columns, checks=checks, strict=True, ordered=True, name=self.name)

    def kind(self, column: str) -> str:
        """How a column is read."""
        return str(self.columns[column].metadata["kind"])


def _column(kind: str, about: str, check: Callable[[str], bool], remedy: str, optional: bool) -> pa.Column:
    test = pa.Check(lambda cell: (optional and cell == "") or check(cell), element_wise=True, error=remedy)
    return pa.Column(str, [test], description=about, metadata={"kind": kind, "optional": optional})


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda cell: compiled.fullmatch(cell) is not None


def text(about: str, *, optional: bool = False) -> pa.Column:
    """Free text without line breaks or blanks at its ends."""
    remedy = "write text without line breaks and without blanks at its ends"
    if not optional:
        remedy += "; it may not be empty"
    return _column("text", about, lambda cell: cell == cell.strip() != "" and "\n" not in cell, remedy, optional)


def name(about: str, *, optional: bool = False) -> pa.Column:
    """Identifier in lower-case ASCII."""
    pattern = r"[a-z0-9][a-z0-9_.:/-]*"
    return _column("text", about, _matches(pattern), "write an id of lower-case letters, digits, - _ . : /", optional)


def pattern(about: str, regex: str, example: str, *, optional: bool = False) -> pa.Column:
    """Text of a given form."""
    return _column("text", about, _matches(regex), f"write it like {example}", optional)


def one_of(about: str, choices: Sequence[str], *, optional: bool = False) -> pa.Column:
    """Word of a closed vocabulary."""
    return _column("text", about, lambda cell: cell in choices, f"choose one of {', '.join(choices)}", optional)


def number(about: str, *, optional: bool = False) -> pa.Column:
    """Decimal number with a point."""
    remedy = "write a number with a decimal point and no thousands separator, e.g. 4.52"
    return _column("number", about, _matches(r"-?\d+(\.\d+)?"), remedy, optional)


def whole(about: str, *, optional: bool = False) -> pa.Column:
    """Whole number, 0 or more."""
    return _column("whole", about, _matches(r"\d{1,9}"), "write a whole number without separators, e.g. 1222", optional)


def numbered(about: str, last: int) -> pa.Column:
    """Whole number from 1 to ``last``."""
    numbers = [str(each) for each in range(1, last + 1)]
    return _column("whole", about, lambda cell: cell in numbers, f"write a whole number from 1 to {last}", False)


def count(about: str, *, optional: bool = False) -> pa.Column:
    """Whole number that may be negative: a count that was corrected downwards."""
    remedy = "write a whole number without separators, e.g. 1222, or leave it empty where it is not known"
    return _column("whole", about, _matches(r"-?\d{1,9}"), remedy, optional)


def day(about: str, *, optional: bool = False) -> pa.Column:
    """Calendar day in ISO form."""
    return _column("day", about, is_day, "write a calendar day as year-month-day, e.g. 2021-09-30", optional)


def is_day(cell: str) -> bool:
    """Whether a cell is a calendar day, e.g. 2021-09-30."""
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def in_order(first: str, last: str) -> RowRule:
    """Rows in which ``first`` is not after ``last``; cells that are no days are another check's matter."""
    return lambda rows: pd.Series(
        [
            not (is_day(start) and is_day(end)) or start <= end
            for start, end in zip(rows[first], rows[last], strict=True)
        ],
        index=rows.index,
    )


def not_above(part: str, total: str) -> RowRule:
    """Rows in which ``part`` does not exceed ``total``; empty cells pass."""
    is_number = _matches(r"-?\d+(\.\d+)?")
    return lambda rows: pd.Series(
        [
            not (is_number(less) and is_number(more)) or float(less) <= float(more)
            for less, more in zip(rows[part], rows[total], strict=True)
        ],
        index=rows.index,
    )
