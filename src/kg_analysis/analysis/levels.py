"""Levels of GRDP and value added: published or a department's own, quarters between them, contributions.

Responsibility: one table for all levels, and what follows from them. Levels of two publications are never set against
each other, but to show how far they lie apart; nor are two price bases. Frames in, frames out; :func:`levels` reads the
data folder.

Terms: *level* = GRDP or value added of a period [bn VND]; *contribution* = points that a sector adds to growth, its
increase over the whole economy's level of a year before; *mixed* = inputs published in different months, so that one
may have been revised since the other; *release* = all levels of one publication; *implied* = last year's level behind a
level and its growth.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from kg_analysis.analysis.panel import KEY, choose, named
from kg_analysis.bounds import ROUNDING, blank, derive, joined_ids, of_figures, renamed, union_ids, with_rounding
from kg_analysis.data import load
from kg_analysis.data.views import period_names
from kg_analysis.errors import DataError, NotPrintedError

SECTORS = ("agriculture", "industry_construction", "services", "product_tax")
TOTAL, OTHERS = "total", "others"
SINGLE = ("Q1", "Q2", "Q3", "Q4")
UNTIL = {2: "H1", 3: "9M", 4: "FY"}  # by the number of quarters since 1 January
# Quarter, the level up to its end, and the level up to its beginning; both since 1 January.
QUARTERS = (("Q2", "H1", "Q1"), ("Q3", "9M", "H1"), ("Q4", "FY", "9M"))
NEAR_ZERO = 0.5  # percent: growth nearer to zero has no shares
CONSTANT = "constant_2010"
NUMBER = ("level_bn_vnd", "level_bn_vnd_low", "level_bn_vnd_high")


def levels(
    years: Iterable[int] | None = None,
    area: str | None = "91",
    price_base: str = CONSTANT,
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

    ``level_table``, ``growth_table``: levels, one row a key of ``KEY`` as :func:`kg_analysis.analysis.panel.choose`
    leaves them, and every published rate: a level is taken with the rates of its own publication, or those next to it
    in time.
    A row a boundary, year, period and sector: ``contribution_pp`` with bounds, ``mixed``, ``figure_ids``; no rows where
    a sector lacks its level or growth, or the whole economy does.

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
    table["figure_ids"] = joined_ids(table, *(f"{each}figure_ids" for each in prefixes))
    return table[columns].sort_values(KEY).reset_index(drop=True)


def quarters(level_table: pd.DataFrame) -> pd.DataFrame:
    """Levels of single quarters between two cumulative levels of one publication.

    ``level_table``: published levels, every publication (``vintage="all"``); two levels are only taken together within
    one ``vintage`` and source.
    Columns: ``area_code``, ``boundary_version``, ``year``, ``period`` (Q2, Q3, Q4), ``sector``, ``vintage``,
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
        parts.append(both.assign(period=quarter, figure_ids=joined_ids(both, "figure_ids_long", "figure_ids_short")))
    found = pd.concat(parts, ignore_index=True)
    return found.reindex(columns=columns).sort_values([*one, "period"]).reset_index(drop=True)


def of_series(series: pd.DataFrame) -> pd.DataFrame:
    """A department's own quarterly levels in the shape of ``grdp_levels``: one row a single quarter.

    ``series``: ``series/grdp_quarterly`` of one area.
    """
    table = series.rename(columns={"value_bn_vnd": "level_bn_vnd"})
    table = with_rounding(table, "level_bn_vnd", "decimals")
    return table.assign(period="Q" + table["quarter"].astype(str), span="single", figure_ids="")


def singles(table: pd.DataFrame) -> pd.DataFrame:
    """Single quarters of every publication at constant prices: as printed, else between two cumulative levels."""
    table = table[(table["price_base"] == CONSTANT) & table["level_bn_vnd"].notna()]
    printed = table[table["period"].isin(SINGLE)]
    both = pd.concat([printed, quarters(table)], ignore_index=True)
    return both.drop_duplicates(["area_code", "boundary_version", "year", "period", "sector", "vintage", "source_id"])


def release(quarterly: pd.DataFrame, year: int) -> pd.DataFrame:
    """Quarters of a year and the year before from the latest publication that holds Q1 and the whole year before.

    ``quarterly``: :func:`singles`.
    Rows of one ``vintage`` and source; the whole economy's level is the sum of its four sectors where it is not given.
    Raises NotPrintedError: if no publication holds them.
    """
    if quarterly.empty:
        raise NotPrintedError("no quarterly level of GRDP at constant prices", "grdp_quarterly")
    for _, rows in sorted(quarterly.groupby(["vintage", "source_id"]), key=lambda each: each[0], reverse=True):
        held = with_totals(rows[rows["year"].isin([year - 1, year])])
        known = set(held.loc[held["sector"] == TOTAL, ["year", "period"]].itertuples(index=False, name=None))
        if {(year, "Q1"), *((year - 1, each) for each in SINGLE)} <= known:
            return held
    raise NotPrintedError(f"no vintage holds Q1 {year} and the four quarters of {year - 1}", "grdp_quarterly_year")


def with_totals(rows: pd.DataFrame) -> pd.DataFrame:
    """Quarters of one publication with the whole economy's level, summed where it is not given but all sectors are."""
    parts = rows[rows["sector"].isin(SECTORS)]
    given = set(rows.loc[rows["sector"] == TOTAL, ["year", "period"]].itertuples(index=False, name=None))
    sums = [
        own.iloc[0].to_dict() | {"sector": TOTAL, "summed": True} | own[list(NUMBER)].sum().to_dict()
        for key, own in parts.groupby(["year", "period"])
        if key not in given and set(own["sector"]) == set(SECTORS)
    ]
    rows = rows.assign(summed=False)
    return pd.concat([rows, pd.DataFrame(sums)], ignore_index=True) if sums else rows


def quarters_done(held: pd.DataFrame, year: int, done: int | None = None) -> int:
    """Quarters of the year that are known, from the first on; fewer where the reader asks for a look back.

    Raises DataError: if more are asked for than are given.
    """
    known = held[(held["year"] == year) & (held["sector"] == TOTAL)]["period"]
    given = next((place for place, each in enumerate(SINGLE) if each not in set(known)), len(SINGLE))
    if done is not None and done > given:
        vintage = held["vintage"].iloc[0]
        raise DataError(f"done_quarters = {done}: vintage {vintage} holds {given} of {year}; give fewer")
    return done or given


def parts_of(held: pd.DataFrame) -> tuple[str, ...]:
    """The four sectors where every quarter of a release has them, else the whole economy alone."""
    counts = held[held["sector"].isin(SECTORS)].groupby(["year", "period"])["sector"].nunique()
    whole = len(held.loc[held["sector"] == TOTAL, ["year", "period"]].drop_duplicates())
    return SECTORS if len(counts) == whole and (counts == len(SECTORS)).all() else (TOTAL,)


def compared(quarterly: pd.DataFrame, year: int, done_quarters: int | None = None) -> pd.DataFrame:
    """Growth of each known quarter and of all since 1 January, and what each sector added to it, from one release.

    ``quarterly``: :func:`singles`. ``done_quarters``: quarters taken as known; None takes all that are given.
    A row a period and sector, the whole economy last: ``level_bn_vnd``, ``before_bn_vnd``, ``growth_pct``,
    ``contribution_pp``, ``share_of_growth_pct`` (none where growth is near zero) with bounds, ``basis``.
    """
    held = release(quarterly, year)
    done = quarters_done(held, year, done_quarters)
    spans = {f"Q{n}": [f"Q{n}"] for n in range(1, done + 1)} | {UNTIL[n]: list(SINGLE[:n]) for n in range(2, done + 1)}
    parts = [each for each in (*parts_of(held), TOTAL) if each != TOTAL]
    found = []
    for period, covered in spans.items():
        now, before = (_summed(held[held["period"].isin(covered)], each) for each in (year, year - 1))
        for sector in (*parts, TOTAL):
            whole = before.loc[TOTAL]
            # A sum of the sectors moves with the sector itself, a printed total does not.
            rest = whole[list(NUMBER)] - before.loc[sector, list(NUMBER)] if whole["summed"] else None
            row: dict[str, object] = {"period": period, "sector": sector}
            for end, column in zip(("", "_low", "_high"), NUMBER, strict=True):
                row |= {f"level_bn_vnd{end}": now.at[sector, column], f"before_bn_vnd{end}": before.at[sector, column]}
                row |= {f"whole{end}": whole[column], f"rest{end}": 0.0 if rest is None else rest[column]}
                row |= {f"now_whole{end}": now.at[TOTAL, column]}
            inputs = ("level_bn_vnd", "before_bn_vnd", "whole", "rest", "now_whole")
            row |= {f"{name}_kind": ROUNDING for name in inputs}
            basis = "estimate" if "estimate" in (now.at[sector, "basis"], before.at[sector, "basis"]) else "actual"
            found.append(row | {"summed": rest is not None, "basis": basis, "figure_ids": ""})
    table = _with_points(pd.DataFrame(found))
    source = {name: held[name].iloc[0] for name in ("vintage", "source_id")}
    return table.assign(**source, series_source_id=source["source_id"])


def gap(added: pd.DataFrame) -> pd.DataFrame:
    """Growth less all contributions, a row a period: zero within rounding where they add up."""
    rows: list[dict[str, object]] = []
    for period, own in added.groupby("period", sort=False) if len(added) else ():
        whole, parts = own[own["sector"] == TOTAL].iloc[0], own[own["sector"] != TOTAL]
        ends = {"": "", "_low": "_high", "_high": "_low"}
        sums = {end: parts[f"contribution_pp{other}"].sum() for end, other in ends.items()}
        off = {f"gap_pp{end}": whole[f"contribution_pp{end}"] - less for end, less in sums.items()}
        rows.append({"period": period, **off, "gap_pp_kind": ROUNDING})
    return pd.DataFrame(rows, columns=["period", "gap_pp", "gap_pp_low", "gap_pp_high", "gap_pp_kind"])


def added(points: pd.DataFrame, rates: pd.DataFrame, figures: pd.DataFrame, year: int) -> pd.DataFrame:
    """What each sector added to the growth of a year's periods: computed, printed where not computed, and the rest.

    ``points``: :func:`contributions` of one boundary. ``rates``: every published rate of the boundary: growth is that
    of the publication that the contributions rest on. ``figures``: published figures of the boundary, for contributions
    that pages print themselves.
    A row a period and sector: ``contribution_pp`` with bounds, ``printed_pp`` (as a page prints it), ``origin``
    (computed, printed, rest), ``basis``, ``figure_ids``; ``others`` for what is left, ``total`` for growth.
    """
    own = points[points["year"] == year]
    own = own.assign(origin="computed", basis=own.get("basis", "estimate"))
    printed = _printed_points(figures, year)
    keys = ["boundary_version", "period", "sector"]
    beside = ["printed_pp", "printed_pp_low", "printed_pp_high", "printed_ids"]
    own = own.merge(printed[[*keys, *beside]], on=keys, how="left")
    own = own.assign(figure_ids=joined_ids(own, "figure_ids", "printed_ids"))
    alone = printed.merge(own[keys], on=keys, how="left", indicator=True)
    alone = alone[(alone.pop("_merge") == "left_only") & alone["sector"].isin(SECTORS)]
    alone = renamed(alone, "printed_pp", "contribution_pp").rename(columns={"printed_ids": "figure_ids"})
    alone = alone.assign(contribution_pp_kind=ROUNDING, origin="printed")
    table = pd.concat([own[own["sector"].isin(SECTORS)], alone], ignore_index=True)
    if table.empty:
        return table
    totals = rates[(rates["year"] == year) & (rates["sector"] == TOTAL)]
    found = []
    for (boundary, period), part in table.groupby(["boundary_version", "period"], sort=False):
        own = totals[(totals["boundary_version"] == boundary) & (totals["period"] == period)]
        found += [part, _rest(part, own)]
    order = ("Q1", "Q2", "H1", "Q3", "9M", "Q4", "FY")
    table = pd.concat(found, ignore_index=True)
    return table.sort_values("period", key=lambda names: names.map(order.index), kind="stable").reset_index(drop=True)


def level_versions(levels: pd.DataFrame, rates: pd.DataFrame, year: int) -> pd.DataFrame:
    """Levels of this year and the last as each publication prints or implies them, of periods with more than one.

    A difference is stated; whether it is a revision or a new base, the pages do not say, so nothing joins the two.

    ``levels``, ``rates``: ``grdp_levels`` and ``grdp_growth`` of one boundary, every publication.
    Columns: ``year``, ``period``, ``level_bn_vnd`` with bounds, ``origin`` (printed, or implied by the next year's
    level and growth), ``vintage``, ``source_id``, ``basis``, ``apart_pct`` (against the first publication),
    ``figure_ids``.
    """
    whole = levels[(levels["sector"] == TOTAL) & (levels["price_base"] == CONSTANT) & levels["level_bn_vnd"].notna()]
    whole = whole.assign(level_bn_vnd_decimals=whole["decimals"], origin="printed")
    beside = ["area_code", "boundary_version", "year", "period", "sector"]
    both = _beside(whole, rates[rates["sector"] == TOTAL], beside, "rate_")
    both = both[both["vintage"].str[:7] == both["rate_vintage"].str[:7]]
    both = derive(renamed(both, "level_bn_vnd", "now"), "level_bn_vnd", _behind, "now", "rate_growth_pct")
    ids = joined_ids(both, "figure_ids", "rate_figure_ids")
    same = {"origin": "implied", "level_bn_vnd_decimals": None, "basis": "derived"}
    implied = both.assign(year=both["year"] - 1, figure_ids=ids, **same)
    columns = [*beside, "vintage", "source_id", "basis", "origin", "figure_ids"]
    columns += [f"level_bn_vnd{end}" for end in ("", "_low", "_high", "_kind", "_decimals")]
    table = pd.concat([whole[columns], implied[columns]], ignore_index=True)
    table = table[table["year"].isin([year - 1, year])]
    table = table[table.groupby(["year", "period"])["vintage"].transform("size") > 1]
    table = table.sort_values(["year", "period", "vintage", "origin"], kind="stable").reset_index(drop=True)
    first = table.groupby(["year", "period"])[list(NUMBER)].transform("first")
    for end, other in (("", ""), ("_low", "_high"), ("_high", "_low")):
        table[f"apart_pct{end}"] = 100 * (table[f"level_bn_vnd{end}"] / first[f"level_bn_vnd{other}"] - 1)
    return table.assign(apart_pct_kind=table["level_bn_vnd_kind"])


def measured_shares(levels: pd.DataFrame) -> pd.DataFrame:
    """Share of the rest of a year in the year, wherever a level since 1 January and that of the year are held.

    ``levels``: levels of one boundary, every publication.
    A row a year and period: ``share_pct`` of what follows the period, with bounds, ``mixed`` where the two levels were
    published in different months: a diagnostic then, no structure, ``figure_ids``.
    """
    whole = levels[(levels["sector"] == TOTAL) & (levels["price_base"] == CONSTANT) & levels["level_bn_vnd"].notna()]
    part, year = (whole[whole["period"].isin(names)] for names in (("Q1", "H1", "9M"), ("FY",)))
    keys = ["area_code", "boundary_version", "year"]
    both = _beside(part, year, keys, "year_")
    both = derive(both, "share_pct", lambda done, all_: 100 * (1 - done / all_), "level_bn_vnd", "year_level_bn_vnd")
    both["mixed"] = both["vintage"].str[:7] != both["year_vintage"].str[:7]
    both["figure_ids"] = joined_ids(both, "figure_ids", "year_figure_ids")
    kept = [*keys, "period", *(f"share_pct{end}" for end in ("", "_low", "_high", "_kind")), "mixed", "figure_ids"]
    first = both.sort_values(["year", "period", "mixed"]).drop_duplicates(["year", "period"])
    return first[kept].reset_index(drop=True)


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


def _points(level: pd.Series, growth: pd.Series, whole: pd.Series, whole_growth: pd.Series) -> pd.Series:
    return level * growth / (100 + growth) * (100 + whole_growth) / whole


def _summed(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Levels of the periods of one year together, by sector."""
    own = rows[rows["year"] == year]
    found = own.groupby("sector")[list(NUMBER)].sum()
    estimate = own["basis"].eq("estimate").groupby(own["sector"]).any()
    summed = own["summed"].groupby(own["sector"]).any()
    return found.assign(basis=np.where(estimate, "estimate", "actual"), summed=summed)


def _with_points(table: pd.DataFrame) -> pd.DataFrame:
    """Growth, contribution and share of growth of each row; see :func:`compared`."""
    table = derive(table, "growth_pct", lambda v, w: 100 * (v / w - 1), "level_bn_vnd", "before_bn_vnd")
    summed = table["summed"]
    inputs = ("level_bn_vnd", "before_bn_vnd", "whole", "rest")
    table = derive(table, "contribution_pp", lambda v, w, t, r: 100 * (v - w) / t.where(~summed, w + r), *inputs)
    inputs = ("level_bn_vnd", "before_bn_vnd", "now_whole", "whole")
    table = derive(table, "share_of_growth_pct", lambda v, w, t, t0: 100 * (v - w) / (t - t0), *inputs)
    growth = table[table["sector"] == TOTAL].set_index("period")
    clear = (growth["growth_pct_low"] >= NEAR_ZERO) | (growth["growth_pct_high"] <= -NEAR_ZERO)
    shown = table["period"].map(clear).astype(bool) & table["sector"].ne(TOTAL)
    table = blank(table, "share_of_growth_pct", ~shown)
    return table.drop(columns=table.filter(regex="^(whole|rest|now_whole|summed)(_|$)").columns)


def _printed_points(figures: pd.DataFrame, year: int) -> pd.DataFrame:
    rows = figures[(figures["indicator"] == "grdp_contribution") & figures["value"].notna()]
    rows = rows[(rows["dimension"] == "sector") & (rows["period_start"].dt.year == year)]
    found = of_figures(rows.assign(period=period_names(rows), year=year), "printed_pp")
    found = found.rename(columns={"item": "sector", "figure_ids": "printed_ids"}).drop(columns="printed_pp_decimals")
    return found.sort_values("vintage").drop_duplicates(["boundary_version", "period", "sector"], keep="last")


def _rest(part: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Growth of the whole economy as the part's publication prints it, and what the sectors named leave of it."""
    ids = set(union_ids(part["figure_ids"]).split())
    own = totals[totals["figure_ids"].isin(ids)]
    own = own if len(own) else totals[totals["vintage"].str[:7].isin(part["vintage"].str[:7])]
    if own.empty:
        return pd.DataFrame()
    whole = own.iloc[-1]
    shared = part.iloc[0][["area_code", "boundary_version", "year", "period", "basis", "vintage"]].to_dict()
    total = shared | {"sector": TOTAL, "origin": "printed", "figure_ids": whole["figure_ids"]}
    total |= {f"contribution_pp{end}": whole[f"growth_pct{end}"] for end in ("", "_low", "_high", "_kind")}
    if set(part["sector"]) >= set(SECTORS):
        return pd.DataFrame([total])
    rest = shared | {"sector": OTHERS, "origin": "rest", "figure_ids": union_ids([*ids, whole["figure_ids"]])}
    for end, other in (("", ""), ("_low", "_high"), ("_high", "_low")):
        rest[f"contribution_pp{end}"] = whole[f"growth_pct{end}"] - part[f"contribution_pp{other}"].sum()
    kinds = {*part["contribution_pp_kind"], whole["growth_pct_kind"]}
    return pd.DataFrame([rest | {"contribution_pp_kind": "wording" if "wording" in kinds else ROUNDING}, total])


def _behind(level: pd.Series, growth: pd.Series) -> pd.Series:
    return level / (1 + growth / 100)
