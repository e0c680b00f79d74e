"""Bounds as columns: a number x stands beside x_low and x_high, and x_kind says what they mean.

Responsibility: what a printed number means and what follows from it, for whole columns at once. No files, no words.

Terms: *bounds* = the interval of all values that print as x; *corner* = one choice of an end for each input; *kind* =
``exact`` (a count), ``rounding`` (all that rounds to the print), ``wording`` (a safe reading of "trên", "gần",
"khoảng"), or a statistical one: ``confidence_95``, ``credible_95``, ``range_of_years``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.errors import DataError

EXACT, ROUNDING, WORDING = "exact", "rounding", "wording"
CONFIDENCE, CREDIBLE, YEARS = "confidence_95", "credible_95", "range_of_years"
# Bounds that follow from the page, the strongest first: a derived number has the weakest kind among its inputs.
PRINTED = (EXACT, ROUNDING, WORDING)
KINDS = (*PRINTED, CONFIDENCE, CREDIBLE, YEARS)
BESIDE = ("", "_low", "_high", "_kind", "_decimals")
_NOISE = 9  # decimals beyond which a float holds no more than its own error


def with_rounding(table: pd.DataFrame, column: str, decimals: str, floor: float = -np.inf) -> pd.DataFrame:
    """The table with ``<column>_low``, ``<column>_high`` and ``<column>_kind``: all that rounds to the printed value.

    ``table``: with ``column`` and, in ``decimals``, how many decimals each value was printed with. ``column``,
    ``decimals``: names of columns. ``floor``: least value possible; a printed mean of 0 cases stands for 0 to 0.5,
    never for -0.5.

    Examples
    --------
    >>> phases = pd.DataFrame({"cases_per_day": [127.0, 0.0], "decimals": [0, 0]})
    >>> with_rounding(phases, "cases_per_day", "decimals", floor=0)[["cases_per_day_low", "cases_per_day_high"]]
       cases_per_day_low  cases_per_day_high
    0              126.5               127.5
    1                0.0                 0.5
    """
    value = pd.to_numeric(table[column]).astype(float)
    half = 0.5 / 10.0 ** pd.to_numeric(table[decimals]).astype(float)
    low = (value - half).round(_NOISE).clip(lower=floor)
    high = (value + half).round(_NOISE)
    kind = pd.Series(ROUNDING, table.index).where(value.notna(), None)
    return table.assign(**beside(column, table[column], low, high, kind))


def exact(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The table with bounds of counted columns: both ends are the number itself, its kind is ``exact``."""
    added: dict[str, pd.Series] = {}
    for column in columns:
        kind = pd.Series(EXACT, table.index).where(table[column].notna(), None)
        added |= beside(column, table[column], table[column], table[column], kind)
    return table.assign(**added)


def derive(table: pd.DataFrame, name: str, formula: Callable[..., pd.Series], *inputs: str) -> pd.DataFrame:
    """The table with ``name`` = formula of columns, its bounds over all corners of the inputs, and its kind.

    ``table``: with every input and its ``_low``, ``_high`` and ``_kind``. ``name``: column to add, with its unit at the
    end. ``formula``: takes a Series an input; monotone in each input over its bounds: an extreme between two corners is
    not seen. An input that it uses twice is still one input. ``*inputs``: Names of columns. Inputs that constrain each
    other (a level and its ratio, printed together) need their joint set, not this function.
    Raises DataError: if a row mixes a statistical kind with another.

    Examples
    --------
    >>> volume = pd.DataFrame({"bn_vnd": [4342.0], "bn_vnd_decimals": [0], "ratio_pct": [83.53], "ratio_decimals": [2]})
    >>> volume = with_rounding(volume, "bn_vnd", "bn_vnd_decimals").pipe(with_rounding, "ratio_pct", "ratio_decimals")
    >>> plan = derive(volume, "plan_bn_vnd", lambda paid, ratio: 100 * paid / ratio, "bn_vnd", "ratio_pct")
    >>> plan[["plan_bn_vnd", "plan_bn_vnd_low", "plan_bn_vnd_high", "plan_bn_vnd_kind"]].round(1)
       plan_bn_vnd  plan_bn_vnd_low  plan_bn_vnd_high plan_bn_vnd_kind
    0       5198.1           5197.2            5199.0         rounding
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        corners = [
            formula(*(table[column + end] for column, end in zip(inputs, ends, strict=True)))
            for ends in product(("_low", "_high"), repeat=len(inputs))
        ]
        value = formula(*(table[column] for column in inputs))
    low, high = np.minimum.reduce(corners), np.maximum.reduce(corners)
    return table.assign(**beside(name, value, low, high, weakest(table, inputs).where(value.notna(), None)))


def weakest(table: pd.DataFrame, inputs: Iterable[str]) -> pd.Series:
    """Kind of what follows from the inputs, row by row: wording is weaker than rounding, rounding weaker than exact.

    Raises DataError: if a row mixes a statistical kind with any other: their bounds do not mean the same.
    """
    kinds = table[[f"{column}_kind" for column in inputs]]
    return kinds.apply(lambda row: weakest_of(row.dropna()), axis=1) if len(table) else pd.Series(dtype=object)


def weakest_of(kinds: Iterable[str]) -> str | None:
    """The weakest of several kinds; None of none.

    Examples
    --------
    >>> weakest_of(["rounding", "wording", "exact"])
    'wording'
    """
    found = set(kinds)
    if not found:
        return None
    if found <= set(PRINTED):
        return max(found, key=PRINTED.index)
    found -= {EXACT}
    if len(found) == 1:
        return found.pop()
    raise DataError(f"bounds of {' and '.join(sorted(found))} do not mix; show them in columns of their own")


def whole_counts(days: pd.Series, low: pd.Series, high: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Fewest and most whole cases whose mean over ``days`` lies within the bounds of a printed mean.

    The upper bound of a rounding interval is itself excluded: a mean of 17.5 prints as 18.

    Examples
    --------
    >>> few, most = whole_counts(pd.Series([58]), pd.Series([16.5]), pd.Series([17.5]))
    >>> few.item(), most.item()
    (957.0, 1014.0)
    """
    few = np.ceil((days * low).round(_NOISE))
    most = np.ceil((days * high).round(_NOISE)) - 1
    return few, most.clip(lower=few)


def select(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Columns in this order, each number with its bounds, kind, unit and decimals beside it; then what it rests on.

    Columns that the table does not have are passed over, so that an empty table stays one.

    Examples
    --------
    >>> select(exact(pd.DataFrame({"phase": ["1"], "cases": [986], "note": ["x"]}), "cases"), "phase", "cases")
      phase  cases  cases_low  cases_high cases_kind
    0     1    986        986         986      exact
    """
    ends = ("", "_low", "_high", "_kind", "_unit", "_decimals")
    wanted = [f"{column}{end}" for column in columns for end in ends]
    wanted += ["figure_ids", "series_source_id", "deaths_series_source_id"]
    return table[[name for name in dict.fromkeys(wanted) if name in table]]


def beside(name: str, value: Any, low: Any, high: Any, kind: Any) -> dict[str, Any]:
    """A number with its bounds and what they mean, as columns or cells named after it."""
    return {name: value, f"{name}_low": low, f"{name}_high": high, f"{name}_kind": kind}


def renamed(table: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """The table with a number and all that stands beside it under another name."""
    return table.rename(columns={f"{old}{end}": f"{new}{end}" for end in BESIDE})


def of_figures(figures: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows of ``clean/figures`` with their value as the number ``name``, its bounds, kind, unit and decimals beside it.

    The figure itself is what the row rests on: ``figure_ids``.
    """
    flat = figures if "figure_id" in figures.columns else figures.rename_axis("figure_id").reset_index()
    ends = {"value": "", "low": "_low", "high": "_high", "bound_kind": "_kind", "decimals": "_decimals"}
    return flat.rename(columns={of: f"{name}{end}" for of, end in ends.items()} | {"figure_id": "figure_ids"})


def blank(table: pd.DataFrame, name: str, where: pd.Series) -> pd.DataFrame:
    """The table without a number and its bounds in some rows; what kind of number it would be stays."""
    columns = [name, f"{name}_low", f"{name}_high"]
    return table.assign(**{column: table[column].mask(where) for column in columns})


def joined_ids(table: pd.DataFrame, *columns: str) -> list[str]:
    """Figure ids of several columns together, row by row."""
    return [union_ids(cells) for cells in table[list(columns)].to_numpy().tolist()]


def union_ids(ids: Iterable[str]) -> str:
    """Figure ids of several cells, each once, sorted, separated by blanks.

    Examples
    --------
    >>> union_ids(["b a", "c a"])
    'a b c'
    """
    return " ".join(sorted({each for cell in ids if isinstance(cell, str) for each in cell.split()}))
