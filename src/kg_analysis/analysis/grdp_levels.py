"""Levels of GRDP and value added: what pages print, quarters between cumulative levels, contributions to growth.

Responsibility: one table for published levels, and what follows from a level and its growth. Frames in, frames out;
:func:`levels` reads the data folder.

Terms: *level* = GRDP or value added of a period [bn VND]; *contribution* = points that a sector adds to growth, its
increase over the whole economy's level of a year before; *mixed* = inputs published in different months, so that one
may have been revised since the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from kg_analysis.analysis.panel import KEY, choose, named
from kg_analysis.bounds import derive, union_ids
from kg_analysis.data import load
from kg_analysis.errors import DataError

SECTORS = ("agriculture", "industry_construction", "services", "product_tax")
# Quarter, the level up to its end, and the level up to its beginning; both since 1 January.
QUARTERS = (("Q2", "H1", "Q1"), ("Q3", "9M", "H1"), ("Q4", "FY", "9M"))


def levels(
    years: Iterable[int] | None = None,
    area: str | None = "91",
    price_base: str = "constant_2010",
    vintage: str = "latest",
    data_dir: Path | str | None = None,
) -> pd.DataFrame:
    """Published levels of GRDP and value added by year, period and sector, with bounds.

    Parameters
    ----------
    years : iterable of int or None
        None takes all.
    area : str or None
        Area code; None takes all areas.
    price_base : str
        ``constant_2010`` or ``current``; the two are never set against each other.
    vintage : str
        ``latest``, ``first`` or ``all``.
    data_dir : path or None

    Returns
    -------
    DataFrame
        ``area_code``, ``boundary_version``, ``name``, ``year``, ``period``, ``sector``, ``level_bn_vnd`` with bounds,
        ``basis``, ``vintage``, ``conflicting_pct`` (other levels printed, as text), ``figure_ids``.

    Raises
    ------
    DataError
        An unknown price base or vintage.

    Examples
    --------
    >>> table = levels(years=[2023]).query("period == 'H1' and sector == 'total'")
    >>> table[["level_bn_vnd", "level_bn_vnd_low", "level_bn_vnd_high", "level_bn_vnd_kind"]].to_numpy().tolist()
    [[35872.0, 35872.0, 35873.0, 'wording']]
    """
    if price_base not in ("constant_2010", "current") or vintage not in ("latest", "first", "all"):
        raise DataError(
            f"price_base {price_base!r}, vintage {vintage!r}: take constant_2010 or current, latest, first or all"
        )
    tables = load(data_dir)
    found = tables.grdp_levels
    found = found[found["price_base"] == price_base]
    found = found[found["area_code"] == area] if area is not None else found
    if years is not None:
        found = found[found["year"].isin([int(each) for each in years])]
    return named(found if vintage == "all" else choose(found, vintage, "level_bn_vnd"), tables.areas)


def contributions(level_table: pd.DataFrame, growth_table: pd.DataFrame) -> pd.DataFrame:
    """Points that each sector added to growth, from its level and growth and those of the whole economy.

    c = V·g / (100 + g) · (100 + G) / W, where W and G are of the whole economy: last year's levels are those behind the
    printed growth, so that no level of another publication enters.

    Parameters
    ----------
    level_table, growth_table : DataFrame
        Levels, one row a key of ``KEY`` as :func:`kg_analysis.analysis.panel.choose` leaves them, and every published
        rate: a level is taken with the rates of its own publication, or those next to it in time.

    Returns
    -------
    DataFrame
        A row a boundary, year, period and sector: ``contribution_pp`` with bounds, ``mixed``, ``figure_ids``; no rows
        where a sector lacks its level or growth, or the whole economy does.

    Examples
    --------
    >>> half = {"area_code": "91", "boundary_version": "kien-giang", "year": 2023, "period": "H1"}
    >>> half |= {"vintage": "2023-07", "source_id": "a"}
    >>> sectors = pd.DataFrame([half | {"sector": "total"}, half | {"sector": "agriculture"}])
    >>> level = sectors.assign(level_bn_vnd=[35872.0, 13897.96], level_bn_vnd_low=[35872.0, 13897.955],
    ...     level_bn_vnd_high=[35873.0, 13897.965], level_bn_vnd_kind=["wording", "rounding"], figure_ids=["a", "b"])
    >>> rate = sectors.assign(growth_pct=[6.37, 2.49], growth_pct_low=[6.365, 2.485], growth_pct_high=[6.375, 2.495],
    ...     growth_pct_kind="rounding", figure_ids=["c", "d"])
    >>> found = contributions(level, rate)
    >>> found["contribution_pp"].round(2).item(), found["contribution_pp_kind"].item()
    (1.0, 'wording')
    """
    ends = ("", "_low", "_high", "_kind")
    columns = [*KEY, *(f"contribution_pp{end}" for end in ends), "mixed", "figure_ids"]
    table = level_table[level_table["sector"].isin(SECTORS)]
    totals = level_table[level_table["sector"] == "total"]
    rates = growth_table[growth_table["sector"] == "total"]
    place = [each for each in KEY if each != "sector"]
    table = _beside(table, growth_table, KEY, "rate_")
    table = _beside(table, totals, place, "whole_")
    table = _beside(table, rates, place, "whole_rate_")
    if table.empty:
        return pd.DataFrame(columns=columns)
    inputs = ("level_bn_vnd", "rate_growth_pct", "whole_level_bn_vnd", "whole_rate_growth_pct")
    table = derive(table, "contribution_pp", _points, *inputs)
    prefixes = ("", "rate_", "whole_", "whole_rate_")
    table["mixed"] = table[[f"{each}vintage" for each in prefixes]].apply(lambda row: row.str[:7].nunique() > 1, axis=1)
    ids = table[[f"{each}figure_ids" for each in prefixes]].to_numpy().tolist()
    table["figure_ids"] = [union_ids(each) for each in ids]
    return table[columns].sort_values(KEY).reset_index(drop=True)


def _beside(table: pd.DataFrame, other: pd.DataFrame, keys: list[str], prefix: str) -> pd.DataFrame:
    """Each row with the row of the other table that was published with it, or next to it in time."""
    other = other.rename(columns={name: f"{prefix}{name}" for name in other.columns if name not in keys})
    both = table.reset_index(drop=True).rename_axis("_row").reset_index().merge(other, on=keys)
    apart = (_month(both["vintage"]) - _month(both[f"{prefix}vintage"])).abs()
    apart = apart - 0.5 * (both["source_id"] == both[f"{prefix}source_id"])
    nearest = both.assign(_apart=apart).sort_values(["_row", "_apart"], kind="stable").drop_duplicates("_row")
    return nearest.drop(columns=["_row", "_apart"])


def _month(vintage: pd.Series) -> pd.Series:
    """Months since year 0; a date known to the year counts as its end."""
    month = pd.to_numeric(vintage.str[5:7].replace("", "12"))
    return pd.to_numeric(vintage.str[:4]) * 12 + month


def quarters(level_table: pd.DataFrame) -> pd.DataFrame:
    """Levels of single quarters between two cumulative levels of one publication.

    Parameters
    ----------
    level_table : DataFrame
        Published levels, every publication (``vintage="all"``); two levels are only taken together within one
        ``vintage`` and source.

    Returns
    -------
    DataFrame
        ``area_code``, ``boundary_version``, ``year``, ``period`` (Q2, Q3, Q4), ``sector``, ``vintage``,
        ``level_bn_vnd`` with bounds, ``figure_ids``.
    """
    one = ["area_code", "boundary_version", "year", "sector", "price_base", "vintage", "source_id", "basis"]
    columns = [*one, "period", *(f"level_bn_vnd{end}" for end in ("", "_low", "_high", "_kind")), "figure_ids"]
    parts = []
    for quarter, until, before in QUARTERS:
        long, short = (level_table[level_table["period"] == each] for each in (until, before))
        both = long.merge(short, on=one, suffixes=("_long", "_short"))
        for end in ("_low", "_high", "_kind"):  # the ending of a bound belongs at the end
            both = both.rename(
                columns={f"level_bn_vnd{end}_{of}": f"level_bn_vnd_{of}{end}" for of in ("long", "short")}
            )
        both = derive(both, "level_bn_vnd", lambda a, b: a - b, "level_bn_vnd_long", "level_bn_vnd_short")
        pairs = zip(both["figure_ids_long"], both["figure_ids_short"], strict=True)
        parts.append(both.assign(period=quarter, figure_ids=[union_ids(pair) for pair in pairs]))
    found = pd.concat(parts, ignore_index=True)
    return found.reindex(columns=columns).sort_values([*one, "period"]).reset_index(drop=True)


def _points(level: pd.Series, growth: pd.Series, whole: pd.Series, whole_growth: pd.Series) -> pd.Series:
    return level * growth / (100 + growth) * (100 + whole_growth) / whole
