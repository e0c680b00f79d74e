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
_CLOSE = 0.15  # width of bounds within which a decimal says something


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

    ``missing``: key of the reader's text under ``missing`` in ``text/``.
    Raises NotPrintedError: if it has no rows: the part that needs it is left out, and the text says why.
    """
    if table.empty:
        raise NotPrintedError(f"no rows for {missing}", missing)
    return table


def capital(text: str) -> str:
    """The text with its first letter as a capital, the rest untouched (not "Quý iii")."""
    return text[:1].upper() + text[1:]


def rate(row: Mapping[Any, Any] | pd.Series, column: str, ctx: ReportContext, style: str = "rate") -> str:
    """A rate with the word for its direction: ``ước tăng 0,58%``, ``giảm 6,58%``, ``tăng trên 6,37%``.

    ``row``: with ``column`` and its bounds; its ``basis`` says whether it is an estimate. ``style``: ``rate`` (it
    grew), ``need`` (that it grows; what is computed with at most one decimal) or ``title``.
    """
    way = direction(row, column)
    sign = -1 if way == FALL else 1
    ends = {"": row[column], "_low": row[f"{column}_low"], "_high": row[f"{column}_high"]}
    if sign < 0:
        ends = {"": -ends[""], "_low": -ends["_high"], "_high": -ends["_low"]}
    size = {f"{column}{end}": value for end, value in ends.items()}
    size |= {f"{column}{end}": row.get(f"{column}{end}") for end in ("_kind", "_decimals")}
    size["figure_ids"] = row.get("figure_ids")
    computed = pd.notna(row[column]) and pd.isna(row.get(f"{column}_decimals"))
    if style == "need" and computed:  # bears no more than a decimal
        decimals = int(size[f"{column}_high"] - size[f"{column}_low"] < _CLOSE)
        shown = ctx.fmt.value(size[column], "pct", str(decimals))
    else:
        shown = _hedged(size, column, ctx, "" if style == "rate" else "short")
    estimate = "_estimate" if row.get("basis") == "estimate" and style != "need" else ""
    return ctx.say(f"wording.{style}_{way}{estimate}", rate=shown, size=shown)


def percent(value: float, ctx: ReportContext, figure_ids: Any = "") -> str:
    """A printed or chosen rate with no more decimals than it has, and the figures behind it."""
    exact = round(float(value), 6)
    decimals = next(each for each in (0, 1, 2) if each == 2 or round(exact, each) == exact)
    row = {"pct": exact, "pct_low": exact, "pct_high": exact, "pct_decimals": decimals, "figure_ids": figure_ids}
    return ctx.fmt.bounded(row, "pct", "bare")


def between(low: float, high: float, ctx: ReportContext) -> str:
    """Everything from one rate to the other, with no more decimals than tell them apart: ``tăng khoảng 2,3–3,5%``."""
    way = RISE if low > 0 else FALL if high < 0 else FLAT
    ends = sorted((abs(low), abs(high))) if way != FLAT else [low, high]
    decimals = 1 if round(ends[0], 1) != round(ends[1], 1) else 2
    first, last = (ctx.fmt.value(each, "pct", f"{decimals}n") for each in ends)
    return ctx.say(f"wording.between_{way}", low=first, high=last)


def _hedged(row: Mapping[Any, Any], column: str, ctx: ReportContext, style: str) -> str:
    """A number with its word where only words on the page bound it."""
    if row[f"{column}_kind"] != "wording" or pd.isna(row.get(f"{column}_decimals")) or pd.isna(row[column]):
        return ctx.fmt.bounded(row, column, style)
    low, high = row[f"{column}_low"] < row[column], row[f"{column}_high"] > row[column]
    word = "vague" if low and high else "approx_above" if high else "approx_below"
    return ctx.say(f"investment.hedge_{word}", n=ctx.fmt.bounded(row, column, "bare"))
