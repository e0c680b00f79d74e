"""Which of several published figures of one quantity leads: the newest settled one, before estimate, before plan.

Responsibility: the one rule by which notebooks, charts and briefings choose; its order stands in ``leading.toml``.

Terms: *quantity* = what a figure is of: area within its boundary, indicator, dimension and item, period, and the
cut-off day where the period was not over on it; *settled* = actual, published after the period or cut-off day had
closed, and not changed by a later publication; *superseded* = published of the same quantity, and not leading.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

_ORDER = ["_standing", "_grade", "_published", "_row"]


def leading(figures: pd.DataFrame, *, citable_only: bool = False) -> pd.DataFrame:
    """Leading figure of every quantity.

    Parameters
    ----------
    figures : DataFrame
        Rows of ``Tables.figures``, whatever selection of them. Figures without a value or a bound, and those known to
        be wrong as printed, are left out.
    citable_only : bool
        Leave out figures of sources that are not cited in what is sent.

    Returns
    -------
    DataFrame
        One row a quantity, in the order of ``figures``: the leading row with ``standing`` (settled, preliminary,
        estimate, plan, scenario) and ``superseded_ids``, the other figures of the quantity separated by blanks, the
        next to lead first.

    Notes
    -----
    An earlier publication that a later one changed was preliminary, whatever its words.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "figure_id": ["june-2021", "july-2022"], "area_code": "91", "boundary_version": "kien-giang",
    ...     "indicator": "grdp_growth", "dimension": "", "item": "", "period_type": "half",
    ...     "period_start": pd.Timestamp("2021-01-01"), "period_end": pd.Timestamp("2021-06-30"), "comparator": "",
    ...     "basis": "actual", "as_of": pd.NaT, "vintage": ["2021-12", "2022-07"], "grade": ["official", "press"],
    ...     "value": [4.52, 3.54], "low": [4.515, 3.535], "high": [4.525, 3.545], "is_corrected": False})
    >>> leading(rows)[["figure_id", "value", "standing", "superseded_ids"]].to_string(index=False, header=False)
    'july-2022   3.54  settled june-2021'
    """
    rules = _rules()
    rows = figures[(figures[["value", "low", "high"]].notna().any(axis=1)) & ~figures["is_corrected"]]
    rows = _ranked(rows, rules)
    if citable_only:
        rows = rows[rows["grade"] != rules["grade"][-1]]
    ordered = rows.sort_values(_ORDER, ascending=[True, True, False, True], kind="stable")
    others = ordered.groupby("_quantity")["figure_id"].agg(lambda ids: " ".join(ids.iloc[1:]))
    first = ordered.drop_duplicates("_quantity").sort_values("_row")
    kept = first.assign(superseded_ids=first["_quantity"].map(others))
    return kept[[*figures.columns, "standing", "superseded_ids"]].reset_index(drop=True)


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("kg_analysis.data").joinpath("leading.toml").read_text(encoding="utf-8"))


def _ranked(figures: pd.DataFrame, rules: dict[str, Any]) -> pd.DataFrame:
    """Figures with the number of their quantity, their standing, and the columns of ``_ORDER``."""
    is_open = figures["as_of"].notna() & (figures["as_of"] < figures["period_end"])
    rows = figures.assign(
        _aim=figures["basis"].isin(rules["aims"]),
        _cutoff=figures["as_of"].where(is_open),
        _published=_last_day(figures["vintage"]),
        _row=np.arange(len(figures)),
    )
    rows["_quantity"] = rows.groupby([*rules["quantity"], "_aim", "_cutoff"], dropna=False, sort=False).ngroup()
    rows["standing"] = _standings(rows)
    places = {column: {name: place for place, name in enumerate(rules[column])} for column in ("standing", "grade")}
    return rows.assign(
        _standing=rows["standing"].map(places["standing"]),
        _grade=rows["grade"].map(places["grade"]).fillna(len(places["grade"])),
    )


def _last_day(vintages: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """Last day that a vintage may mean: 2021-12 is 31 December, 2022 the last day of the year."""
    months = vintages.where(vintages.str.len() > 4, vintages + "-12")
    ends = pd.to_datetime(months.str[:7], format="%Y-%m") + pd.offsets.MonthEnd(0)
    return pd.to_datetime(vintages.where(vintages.str.len() == 10)).fillna(ends)


def _standings(rows: pd.DataFrame) -> pd.Series[str]:
    """Basis of each row, an actual told apart into settled and preliminary."""
    actual = rows["basis"] == "actual"
    newest = rows[actual].sort_values(["_published", "_row"], kind="stable").drop_duplicates("_quantity", keep="last")
    bounds = newest.set_index("_quantity")[["low", "high"]].reindex(rows["_quantity"]).set_index(rows.index)
    changed = (rows["high"] < bounds["low"]) | (rows["low"] > bounds["high"])  # more than another rounding
    closing = rows["_cutoff"].fillna(rows["period_end"])
    of_a_day = rows["period_type"].isin(["point", "day"])
    closed = (rows["_published"] > closing) | (of_a_day & (rows["_published"] == closing))
    return rows["basis"].mask(actual, pd.Series(np.where(closed & ~changed, "settled", "preliminary"), rows.index))
