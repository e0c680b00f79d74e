"""Words that depend on a number: risen or fallen, lists, and what is missing.

Responsibility: choose by the whole bounds, so that rounding never decides a word. The words are in ``text/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from kg_analysis.errors import NotPrintedError
from kg_analysis.narrative.context import ReportContext

RISE, FALL, FLAT = "rise", "fall", "flat"


def direction(row: Mapping[Any, Any] | pd.Series, column: str, still: float = 0) -> str:
    """rise, fall, or flat where the bounds hold ``still``, the value of no change.

    Examples
    --------
    >>> direction({"x": 1.2, "x_low": 1.1, "x_high": 1.3}, "x", still=1)
    'rise'
    """
    if row[f"{column}_low"] > still:
        return RISE
    return FALL if row[f"{column}_high"] < still else FLAT


def listed(parts: Iterable[str], ctx: ReportContext) -> str:
    """Parts of a sentence as a list: commas, and the word for "and" before the last."""
    *most, last = parts
    return ctx.say("wording.and", most=", ".join(most), last=last) if most else last


def need(table: pd.DataFrame, missing: str) -> pd.DataFrame:
    """The table, which may not be empty.

    Parameters
    ----------
    table : DataFrame
    missing : str
        Key of the reader's text under ``missing`` in ``text/``.

    Raises
    ------
    NotPrintedError
        If it has no rows: the part that needs it is left out, and the text says why.
    """
    if table.empty:
        raise NotPrintedError(f"no rows for {missing}", missing)
    return table
