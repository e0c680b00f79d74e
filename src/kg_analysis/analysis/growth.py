"""Growth from printed rates: periods of the year, the rest of the year, next year, five years, output against its plan.

Responsibility: every growth number that needs no level of GRDP. Levels at constant prices add up, so rates combine with
last year's levels as weights; without levels the weight is an assumption, shown over its range. Frames in, frames out.

Terms: *cumulative* = H1, 9M, FY; *single* = a quarter; *rest* = what is left of the year after the last cumulative
period printed; *share of the rest* s = its part in last year's GRDP; *trend* = assumed growth a year; *catch-up* =
growth that brings the level back to the trend line. Rates in percent, differences of rates in percentage points.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import mul

import numpy as np
import pandas as pd

from kg_analysis.analysis.panel import KEY, choose, finest
from kg_analysis.bounds import BESIDE, blank, derive, exact, joined_ids, of_figures, renamed, union_ids
from kg_analysis.data.views import period_names
from kg_analysis.errors import DataError

PERIODS = ("Q1", "Q2", "H1", "Q3", "9M", "Q4", "H2", "FY")  # in the order in which they end
CUMULATIVE = ("H1", "9M", "FY")
DONE = {"Q1": 1, "H1": 2, "9M": 3}  # quarters of the year that a period from 1 January on covers
REST = {1: "Q2_Q4", 2: "H2", 3: "Q4"}
PLAUSIBLE, IMPLAUSIBLE, UNDECIDED = "plausible", "implausible", "undecided"
CHOSEN, PLANNED, TREND = "chosen", "planned", "trend"
PRINTED, ZERO = "printed", "zero"
PLANNED_GROWTH_FLOOR = 0.5  # percent; below, the part of it that was reached divides by almost nothing
LONGEST = ("FY", "11M", "10M", "9M", "8M", "7M", "H1", "5M", "4M", "Q1")
MEASURES = (
    *("grdp_share", "grdp_per_capita", "grdp_per_capita_usd", "grdp_per_capita_growth", "grdp_plan_ratio"),
    *("grdp_contribution", "grdp_level", "grdp_level_current", "labour_productivity_growth"),
)
_ORDER = {name: place for place, name in enumerate(PERIODS)}
_RESULTS = ("actual", "estimate")
Pct = float | None


def within_year(table: pd.DataFrame, areas: pd.DataFrame, area: str, year: int) -> pd.DataFrame:
    """Rows of an area's boundaries that are in force at some day of a year: two in the year of a merger.

    ``table``: with ``area_code`` and ``boundary_version``, of any areas. ``areas``: register, indexed by area code and
    boundary.
    """
    own = areas[areas.index.get_level_values("area_code") == area]
    late = pd.to_datetime(own["valid_from"]).dt.year > year
    gone = pd.to_datetime(own["valid_to"]).dt.year < year
    kept = own.index[~late & ~gone].get_level_values("boundary_version")
    return table[(table["area_code"] == area) & table["boundary_version"].isin(kept)].reset_index(drop=True)


def by_period(published: pd.DataFrame, year: int) -> pd.DataFrame:
    """Growth of every period of a year: the last publication, the first beside it; boundaries apart.

    ``published``: ``grdp_growth`` of one area, every publication.
    A row a boundary and period, the older boundary first: ``growth_pct`` with bounds, ``span``, ``basis``, ``vintage``,
    ``first_pct`` and ``first_vintage`` (first publication), ``conflicting_pct``, ``figure_ids``.
    """
    rows = published[(published["year"] == year) & (published["sector"] == "total")]
    latest, first = choose(rows), choose(rows, "first")
    first = first[[*KEY, "growth_pct", "vintage"]]
    first = first.rename(columns={"growth_pct": "first_pct", "vintage": "first_vintage"})
    found = latest.merge(first, on=KEY)
    late = found["boundary_version"].str.contains(r"-\d{4}$", regex=True)
    found = found.assign(_late=late, _order=found["period"].map(_ORDER)).dropna(subset="_order")
    return found.sort_values(["_late", "_order"]).drop(columns=["_late", "_order"]).reset_index(drop=True)


def beside_the_year(published: pd.DataFrame, year: int) -> pd.DataFrame:
    """Growth of every period as it stood when the year's own figure came out: no later revision is set beside it.

    Parameters
    ----------
    published : DataFrame
        ``grdp_growth`` of one boundary, every publication.
    year : int

    Returns
    -------
    DataFrame
        :func:`by_period` with ``replaced``: whether a later publication has another value.

    Examples
    --------
    >>> rates = [("H1", 3.03, "2020-07-01"), ("H1", 1.24, "2021-06-30"), ("FY", 3.05, "2021-01-04")]
    >>> rows = pd.DataFrame(rates, columns=["period", "growth_pct", "vintage"]).assign(
    ...     area_code="91", boundary_version="kien-giang", year=2020, sector="total", basis="estimate", decimals=2,
    ...     growth_pct_low=lambda part: part["growth_pct"] - 0.005, growth_pct_high=lambda part: part["growth_pct"])
    >>> beside_the_year(rows, 2020)[["period", "growth_pct", "replaced"]].values.tolist()
    [['H1', 3.03, True], ['FY', 3.05, False]]
    """
    latest = by_period(published, year)
    whole = latest.loc[latest["period"] == "FY", "vintage"]
    day = max(whole.str.ljust(10, "~"), default="~")  # a date known to the year counts as its end
    vintage = published["vintage"]
    has_month = vintage.str.len() >= len("2021-12")  # one of the same month may be as old
    known = vintage.where(has_month, vintage.str.ljust(10, "~"))
    found = by_period(published[known <= day], year)
    now = latest.set_index("period")["growth_pct"].reindex(found["period"]).to_numpy()
    return found.assign(replaced=found["growth_pct"].notna() & (found["growth_pct"] != now))


def by_sector(published: pd.DataFrame, year: int) -> pd.DataFrame:
    """Growth of the sectors in every period of a year of which it is printed, with or without levels.

    A row a boundary, period and sector: ``growth_pct`` with bounds, ``basis``, ``vintage``, ``figure_ids``.
    """
    found = choose(published[(published["year"] == year) & (published["sector"] != "total")])
    order = ["boundary_version", "period", "growth_pct"]
    return found.sort_values(order, key=_placed, kind="stable").reset_index(drop=True)


def publications(published: pd.DataFrame, year: int) -> pd.DataFrame:
    """Every publication of those periods of a year that were published with more than one value, oldest first."""
    rows = published[(published["year"] == year) & (published["sector"] == "total") & published["growth_pct"].notna()]
    rows = rows[rows["basis"].isin(_RESULTS)].assign(growth_pct_decimals=rows["decimals"])
    rows = finest(rows, "growth_pct", "growth_pct_low", "growth_pct_high", "period")
    values = rows.groupby(["boundary_version", "period"])["growth_pct"].transform("nunique")
    return rows[values > 1].sort_values(["period", "vintage"], key=_placed, kind="stable").reset_index(drop=True)


def course(
    printed: pd.DataFrame, rates: pd.DataFrame, figures: pd.DataFrame, assumptions: pd.DataFrame
) -> pd.DataFrame:
    """What the third quarter did to cumulative growth, and what the rates imply of the weight of the first half.

    ``printed``: ``grdp_growth`` of the figures that the year rests on: for a year with a report, those of one
    publication. ``rates``: :func:`by_period` of one boundary. ``figures``: figures that the year rests on, for the
    growth that had been expected. ``assumptions``: register, indexed by id, with ``h1_of_9m_low`` and
    ``h1_of_9m_high``.
    A row a publication of H1, as printed with the rest first, then as revised: ``h1_pct``, ``q3_pct``, ``nine_pct``,
    ``change_pp`` (9M less H1), ``h1_weight_share`` w = (g_9M - g_Q3) / (g_H1 - g_Q3), its ``verdict``,
    ``naive_mean_pct`` (simple mean of H1 and Q3, a mistake), ``expected_h1_pct``.
    """
    own = printed[(printed["sector"] == "total") & printed["basis"].isin(_RESULTS) & printed["growth_pct"].notna()]
    own = choose(own).set_index("period")
    newest = rates.set_index("period")
    rows = []
    for source, h1 in (("printed", own), ("revised", newest)):
        if {"H1", "9M"} <= {*own.index, *newest.index} and "H1" in h1.index:
            nine = own.loc["9M"] if "9M" in own.index else newest.loc["9M"]
            third = own.loc["Q3"] if "Q3" in own.index else newest.loc["Q3"] if "Q3" in newest.index else None
            rows.append(_course(source, h1.loc["H1"], third, nine))
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    table = table.drop_duplicates("h1_pct").reset_index(drop=True)
    table = derive(table, "change_pp", lambda nine, h1: nine - h1, "nine_pct", "h1_pct")
    table = derive(
        table, "h1_weight_share", lambda h1, q3, nine: (nine - q3) / (h1 - q3), "h1_pct", "q3_pct", "nine_pct"
    )
    alike = (table["h1_pct_low"] <= table["q3_pct_high"]) & (table["q3_pct_low"] <= table["h1_pct_high"])
    table = blank(table, "h1_weight_share", alike)  # equal rates imply no weight
    table = derive(table, "naive_mean_pct", lambda h1, q3: (h1 + q3) / 2, "h1_pct", "q3_pct")
    low, high = (float(assumptions.at[f"h1_of_9m_{end}", "value"]) for end in ("low", "high"))
    table["verdict"] = [_verdict(row, low, high) for row in table.to_dict("records")]
    return _with_expected(table, figures)


def goals(
    published: pd.DataFrame, year: int, assumptions: pd.DataFrame, base: Pct = None, low: Pct = None, high: Pct = None
) -> pd.DataFrame:
    """Growth of the year aimed at: low, base and high, the base as chosen, as planned and printed, or the trend.

    A target "6.7% or more" is the target 6.7, marked ``or_more``. Of several aims the highest counts.

    ``published``: ``grdp_growth`` of one area, every publication, plans among it. ``assumptions``: register with
    ``trend_growth`` and ``target_step`` (points from the base to the low and the high one). ``base``, ``low``,
    ``high``: the reader's own.
    Columns: ``goal`` (low, base, high), ``goal_pct`` with bounds (exact by choice), ``origin``, ``or_more``,
    ``figure_ids``.
    Raises DataError: if the three do not ascend.
    """
    middle, origin, more, ids = _aim(published, year, assumptions) if base is None else (base, CHOSEN, False, "")
    step = float(assumptions.at["target_step", "value"])
    three = (low if low is not None else middle - step, middle, high if high is not None else middle + step)
    if not three[0] < three[1] < three[2]:
        raise DataError(
            f"targets {three[0]:g}, {three[1]:g}, {three[2]:g} do not ascend; set target_low_pct, target_growth_pct "
            "and target_high_pct in this order"
        )
    table = pd.DataFrame({"goal": ["low", "base", "high"], "goal_pct": [round(each, 9) for each in three]})
    return exact(table.assign(origin=origin, or_more=more, figure_ids=["", ids, ""]), "goal_pct")


def targets(published: pd.DataFrame, year: int) -> pd.DataFrame:
    """Every aim of growth set for a year or a part of it, oldest first: ``growth_pct`` with bounds, ``vintage``."""
    rows = published[(published["year"] == year) & published["basis"].isin(["plan", "scenario"])]
    rows = rows.assign(growth_pct_decimals=rows["decimals"])
    return rows.sort_values(["boundary_version", "vintage"], kind="stable").reset_index(drop=True)


def measures(figures: pd.DataFrame, year: int) -> pd.DataFrame:
    """What pages print of the year's GRDP beside growth and levels: shares, per person, share of the plan, points.

    ``figures``: published figures of one area, with bounds.
    Columns: ``indicator``, ``sector``, ``until``, ``amount`` with bounds, ``measured_in``, ``basis``, ``vintage``,
    ``figure_ids``.
    """
    # Growth that is of no period or sector as such: what the rest of a year must reach, a stretched aim.
    beside = figures["indicator"].eq("grdp_growth") & ~figures["dimension"].isin(["", "sector"])
    rows = figures[(figures["indicator"].isin(MEASURES) | beside) & (figures["period_start"].dt.year == year)]
    rows = of_figures(rows[rows[["value", "low", "high"]].notna().any(axis=1)], "amount")
    rows = rows.rename(columns={"unit": "measured_in", "item": "sector", "period_end": "until"})
    numbers = [f"amount{end}" for end in BESIDE]
    kept = ["indicator", "until", *numbers, "measured_in", "sector", "figure_ids", "basis", "vintage"]
    return rows[kept].sort_values(["indicator", "until", "sector", "vintage"], kind="stable").reset_index(drop=True)


def rest_shares(assumptions: pd.DataFrame, q4_share_pct: float | None = None) -> pd.DataFrame:
    """Share of the rest of the year in last year's GRDP, low, base and high, after one, two and three quarters.

    Equal quarters with the margin that the assumption on Q4 has; the reader's own share of Q4 replaces its base.

    Columns: ``quarters_done``, ``case``, ``share_pct`` with bounds (exact by choice), ``is_chosen``.
    Raises DataError: if the share is not between 0 and 100.
    """
    if q4_share_pct is not None and not 0 < q4_share_pct < 100:
        raise DataError(f"q4_share_pct {q4_share_pct} is no share; give a number between 0 and 100")
    of_q4 = {case: float(assumptions.at[f"q4_share_{case}", "value"]) for case in ("low", "base", "high")}
    rows = [
        {"quarters_done": done, "case": case, "share_pct": share + 25.0 * (3 - done), "is_chosen": False}
        for done in DONE.values()
        for case, share in of_q4.items()
    ]
    table = pd.DataFrame(rows)
    if q4_share_pct is not None:
        own = (table["quarters_done"] == 3) & (table["case"] == "base")
        table = table.assign(share_pct=table["share_pct"].mask(own, q4_share_pct), is_chosen=own)
    return exact(table, "share_pct")


def rest_of_year(rates: pd.DataFrame, goals: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Growth that the rest of the year needs for each goal and share: r = T + (T - g)(1 - s)/s.

    ``rates``: :func:`beside_the_year`; the longest period from 1 January on short of the year counts as done.
    ``goals``: :func:`goals`; the year's own printed growth and zero are added. ``shares``: :func:`rest_shares`, or
    :func:`kg_analysis.analysis.levels.measured_shares` in its shape.
    A row a goal and share: ``goal`` (printed, zero, low, base, high), ``goal_pct``, ``case``, ``share_pct``, ``done``,
    ``rest``, ``done_pct``, ``need_pct`` with bounds, ``done_vintage``, ``done_replaced``, ``basis``, ``figure_ids``; no
    rows where nothing cumulative short of the year is printed.
    """
    known = rates[rates["period"].isin(DONE)].assign(quarters_done=lambda part: part["period"].map(DONE))
    if known.empty:
        return pd.DataFrame(columns=["goal", "goal_pct", "case", "share_pct", "done", "rest", "need_pct", "figure_ids"])
    last = known.loc[[known["quarters_done"].idxmax()]]
    kept = ["quarters_done", "boundary_version", "period", "figure_ids", *(f"done_pct{end}" for end in BESIDE)]
    done = renamed(last, "growth_pct", "done_pct")[kept]
    done = done.rename(columns={"period": "done", "figure_ids": "_done_ids"})
    done = done.assign(done_vintage=last["vintage"], done_replaced=last.get("replaced", False))
    wanted = pd.concat([_own_goals(rates), goals], ignore_index=True)
    table = wanted.merge(shares, how="cross").merge(done, on="quarters_done")
    inputs = ("goal_pct", "done_pct", "share_pct")
    table = derive(table, "need_pct", lambda goal, g, s: goal + (goal - g) * (100 - s) / s, *inputs)
    ids = joined_ids(table, "figure_ids", "_done_ids")
    rest = table["quarters_done"].map(REST)
    return table.assign(rest=rest, figure_ids=ids, basis="scenario").drop(columns="_done_ids")


def rest_from_plan(figures: pd.DataFrame, goals: pd.DataFrame, year: int) -> pd.DataFrame:
    """Growth that the rest of the year needs by each release that prints its share of the year's plan.

    A release's level over its share of the plan is the plan, the plan over one plus its growth is last year: the share
    of the rest follows from one publication, s = 1 - r(1 + p)/(1 + g), and no level of another enters.

    ``figures``: published figures of one boundary, with ``grdp_plan_ratio`` and ``grdp_growth``. ``goals``:
    :func:`goals`; those that rest on a printed plan give the planned growth p.
    A row a release and goal: ``done``, ``vintage``, ``ratio_pct``, ``done_pct``, ``planned_pct``, ``share_pct``,
    ``goal_pct``, ``need_pct``, each with bounds, ``figure_ids``; no rows without a planned growth.
    """
    flat = figures[(figures["period_start"].dt.year == year) & figures["dimension"].eq("") & figures["value"].notna()]
    flat = flat.assign(done=period_names(flat))
    results = flat[flat["basis"].isin(_RESULTS)]
    ratio = _as_column(results[results["indicator"] == "grdp_plan_ratio"], "ratio_pct")
    growth = _as_column(results[results["indicator"] == "grdp_growth"], "done_pct")
    plans = flat[(flat["indicator"] == "grdp_growth") & (flat["basis"] == "plan") & (flat["done"] == "FY")]
    planned = _as_column(plans.sort_values("vintage").tail(1), "planned_pct").drop(columns=["done", "source_id"])
    both = ratio[ratio["done"].isin(DONE)].merge(growth, on=["done", "source_id", "vintage"], suffixes=("", "_2"))
    both = both.merge(planned.drop(columns="vintage"), how="cross", suffixes=("", "_3"))
    table = both.merge(goals.rename(columns={"figure_ids": "figure_ids_4"}), how="cross")
    if table.empty:
        return pd.DataFrame(columns=["done", "vintage", "share_pct", "goal", "goal_pct", "need_pct", "figure_ids"])
    inputs = ("ratio_pct", "planned_pct", "done_pct")
    table = derive(table, "share_pct", _rest_share, *inputs)
    table = derive(table, "need_pct", _need_by_plan, *inputs, "goal_pct")
    ids = joined_ids(table, "figure_ids", "figure_ids_2", "figure_ids_3", "figure_ids_4")
    table = table.assign(figure_ids=ids, basis="scenario", _order=table["done"].map(DONE))
    return table.sort_values(["_order", "goal_pct"]).drop(columns="_order").reset_index(drop=True)


def next_year(years: pd.DataFrame, year: int, trend_pct: float) -> pd.DataFrame:
    """What next year takes to return to the trend line, from the year before and from the last normal year.

    The last normal year is the one whose level stood highest against the trend line: no trough that the calendar
    happens to offer. Rates of several publications are chained; each compares with its own year before.

    ``years``: :func:`kg_analysis.analysis.panel.over_years` within one boundary. ``trend_pct``: growth a year
    [percent].
    One row: ``growth_pct``, ``catch_up_pct`` (to two years of trend), ``level_at_trend_pct`` (of next year against the
    year before this one, if it grows by the trend), ``normal_year``, ``catch_up_normal_pct`` and ``shortfall_pct``
    (this year's level against the trend line of the last normal year), ``next_pct`` and ``next_target_pct`` (result and
    target of next year where held), ``fastest_pct`` (fastest year held).
    """
    held = years[years["growth_pct"].notna()].drop_duplicates("year", keep="last").set_index("year")
    if year not in held.index:
        empty = pd.DataFrame()
        ends = years.loc[years["year"] == year, ["growth_pct_low", "growth_pct_high"]]
        empty.attrs["missing"] = "only_bound" if ends.notna().any(axis=None) else "growth_year"
        return empty
    chain = [year]
    while chain[0] - 1 in held.index:
        chain.insert(0, chain[0] - 1)
    above = (np.log1p(held.loc[chain, "growth_pct"].astype(float) / 100) - np.log1p(trend_pct / 100)).cumsum()
    normal = int(above.idxmax()) if above.max() > 0 or chain[0] == year else chain[0] - 1
    row = held.loc[[year]].reset_index()
    since = [each for each in chain if each > normal]
    for each in since:
        for end in ("", "_low", "_high", "_kind"):
            row[f"_{each}{end}"] = held.at[each, f"growth_pct{end}"]
    row = row.assign(normal_year=normal, trend_pct=trend_pct, fastest_pct=held["growth_pct"].max())
    row = derive(row, "catch_up_pct", lambda g: _growth(_factor(trend_pct) ** 2 / _factor(g)), "growth_pct")
    row = derive(row, "level_at_trend_pct", lambda g: _growth(_factor(g) * _factor(trend_pct)), "growth_pct")
    if since:
        columns = [f"_{each}" for each in since]
        ideal = _factor(trend_pct) ** len(since)
        row = derive(row, "shortfall_pct", lambda *g: _growth(_chained(g) / ideal), *columns)
        row = derive(row, "catch_up_normal_pct", lambda *g: _growth(ideal * _factor(trend_pct) / _chained(g)), *columns)
    after = years[(years["year"] == year + 1) & (years["boundary_version"] == row["boundary_version"].iloc[0])]
    row["next_pct"] = float(after["growth_pct"].iloc[0]) if len(after) else np.nan
    row["next_target_pct"] = float(after["target_pct"].iloc[0]) if len(after) else np.nan
    ids = [held.loc[since or [year], "figure_ids"], after["figure_ids"]]
    row["figure_ids"] = union_ids(pd.concat(ids))
    return row.drop(columns=[name for name in row if str(name).startswith("_")])


def base_effect(rates: pd.DataFrame) -> pd.DataFrame:
    """Growth that next year's third quarter shows by merely returning to the level before this year's."""
    third = rates[rates["period"] == "Q3"].reset_index(drop=True)
    return derive(third, "base_effect_pct", lambda g: _growth(1 / _factor(g)), "growth_pct") if len(third) else third


def five_year_path(years: pd.DataFrame, figures: pd.DataFrame, year: int) -> pd.DataFrame:
    """Growth of the years of a five-year plan, their mean so far, and what the remaining years must grow on average.

    ``years``: :func:`kg_analysis.analysis.panel.over_years` within one boundary. ``figures``: published figures of the
    boundary, with ``grdp_growth_average``. ``year``: plans run from the year after one that ends in 0 or 5.
    A row a year of the plan: ``growth_pct``, ``index`` (year before the plan = 100), ``mean_pct`` from the plan's first
    year on, ``need_pct`` (mean of the years after it that reaches the target), ``target_pct`` (mean of the plan),
    ``target_years``, ``figure_ids``; years from the first that is not held on have no growth. No rows where the plan's
    first year is not held.
    """
    first = (year - 1) // 5 * 5 + 1
    held = years[years["growth_pct"].notna()].drop_duplicates("year", keep="last").set_index("year")
    if first not in held.index:
        return pd.DataFrame()
    kept = ["boundary_version", "figure_ids", "basis", *(f"growth_pct{end}" for end in BESIDE)]
    table = held[kept].reindex(range(first, first + 5)).rename_axis("year").reset_index()
    broken = table["growth_pct"].isna().cumsum() > 0
    table.loc[broken, [name for name in table if str(name).startswith("growth_pct")]] = np.nan
    for end in ("", "_low", "_high"):
        index = 100 * (1 + table[f"growth_pct{end}"].astype(float) / 100).cumprod()
        table[f"index{end}"] = index
        table[f"mean_pct{end}"] = 100 * ((index / 100) ** (1 / (table["year"] - first + 1)) - 1)
    kind = table["growth_pct_kind"].where(~broken, None)
    table = table.assign(index_kind=kind, mean_pct_kind=kind, figure_ids=table["figure_ids"].fillna(""))
    aim = _average_aim(figures, first)
    table["target_pct"] = aim["target_pct"] if aim else np.nan
    table["target_years"] = aim["years"] if aim else ""
    left = first + 4 - table["year"]
    goal = 100 * (1 + table["target_pct"] / 100) ** 5
    for end, other in (("", ""), ("_low", "_high"), ("_high", "_low")):
        table[f"need_pct{end}"] = (100 * ((goal / table[f"index{other}"]) ** (1 / left.where(left > 0)) - 1)).to_numpy()
    table["need_pct_kind"] = kind.where(table["need_pct"].notna(), None)
    if aim:
        table["figure_ids"] = [union_ids([each, str(aim["figure_ids"])]) for each in table["figure_ids"]]
    return table


def beside_last_year(published: pd.DataFrame, year: int, *, across: bool = False) -> pd.DataFrame:
    """Growth of each period beside the same period a year earlier, within one boundary.

    ``published``: ``grdp_growth`` of one area, every publication. ``across``: also where two pages published them at
    different ages: one before its period ended or soon after, the other long after. Such rows are marked ``mixed``
    either way; without ``across`` they have no change.
    Columns: ``boundary_version``, ``period``, ``growth_pct``, ``before_pct``, ``change_pp`` with bounds, ``mixed``,
    ``figure_ids``.
    """
    now, last = by_period(published, year), by_period(published, year - 1)
    last = renamed(last, "growth_pct", "before_pct")
    kept = ["boundary_version", "period", "vintage", "source_id", "figure_ids", *last.filter(like="before_pct").columns]
    both = now.merge(last[kept], on=["boundary_version", "period"], suffixes=("", "_before"))
    both = derive(both, "change_pp", lambda g, g0: g - g0, "growth_pct", "before_pct")
    ages = [_age(both["vintage"], both["period"], year), _age(both["vintage_before"], both["period"], year - 1)]
    both["mixed"] = (ages[0] != ages[1]) & (both["source_id"] != both["source_id_before"])
    both = both if across else blank(both, "change_pp", both["mixed"])
    return both.assign(figure_ids=joined_ids(both, "figure_ids", "figure_ids_before"))


def outputs(table: pd.DataFrame, figures: pd.DataFrame, units: pd.Series) -> pd.DataFrame:
    """Output of each sector by period and publication, with the plan and last year that its ratios imply.

    ``table``: ``sector_outputs`` of one boundary and year, every publication. ``figures``: published figures, indexed
    by ``figure_id``: an output is an estimate where one of its own is. ``units``: unit of each indicator.
    Columns: ``indicator``, ``period``, ``unit``, ``actual_amount``, ``growth_pct``, ``plan_ratio_pct``, and where they
    follow ``plan_amount``, ``last_year_amount``, ``planned_growth_pct``, ``realised_share_pct`` (part of the planned
    increase that was reached; none where no clear increase was planned), ``basis``, ``leads`` (the longest period of an
    indicator, of it the fullest and newest publication), ``figure_ids``.
    """
    rows = table[table["period"].isin(LONGEST) & table["indicator"].map(units).ne("pct")]
    order = rows["period"].map({name: place for place, name in enumerate(LONGEST)})
    fuller = rows[["value", "growth_pct", "plan_ratio_pct"]].notna().sum(axis=1)
    rows = rows.assign(_order=order, _full=fuller).sort_values(
        ["indicator", "_order", "_full", "vintage"], ascending=[True, True, False, False], kind="stable"
    )
    rows = rows.assign(leads=~rows["indicator"].duplicated()).drop(columns=["_order", "_full"]).reset_index(drop=True)
    kinds = {name: rows[name].replace("", None) for name in rows if str(name).endswith("_kind")}
    rows = renamed(rows.assign(**kinds), "value", "actual_amount").rename(
        columns={"growth_decimals": "growth_pct_decimals", "plan_ratio_decimals": "plan_ratio_pct_decimals"}
    )
    rows["figure_ids"] = [union_ids([each]) for each in rows["figure_ids"]]
    estimate = [(figures["basis"].reindex(ids.split()) == "estimate").any() for ids in rows["figure_ids"]]
    rows = rows.assign(unit=rows["indicator"].map(units), basis=np.where(estimate, "estimate", "actual"))
    rows = derive(rows, "plan_amount", lambda value, ratio: 100 * value / ratio, "actual_amount", "plan_ratio_pct")
    rows = derive(rows, "last_year_amount", lambda value, g: 100 * value / (100 + g), "actual_amount", "growth_pct")
    ratios = ("growth_pct", "plan_ratio_pct")
    rows = derive(rows, "planned_growth_pct", lambda g, r: 100 * ((100 + g) / r - 1), *ratios)
    # (A - L)/(P - L) with the actual A cancelled.
    rows = derive(rows, "realised_share_pct", lambda g, r: g * r / (100 + g - r), *ratios)
    return blank(rows, "realised_share_pct", ~(rows["planned_growth_pct_low"] >= PLANNED_GROWTH_FLOOR))


def _course(source: str, h1: pd.Series, third: pd.Series | None, nine: pd.Series) -> dict[str, object]:
    row: dict[str, object] = {"h1_from": source, "h1_vintage": h1["vintage"]}
    for name, rate in (("h1_pct", h1), ("q3_pct", third), ("nine_pct", nine)):
        row |= {f"{name}{end}": np.nan if rate is None else rate[f"growth_pct{end}"] for end in BESIDE}
    ids = [each["figure_ids"] for each in (h1, third, nine) if each is not None]
    return row | {"figure_ids": union_ids(ids)}


def _verdict(row: dict[object, float], low: float, high: float) -> str:
    if pd.isna(row["h1_weight_share"]):
        return ""
    if row["h1_weight_share_high"] < low or row["h1_weight_share_low"] > high:
        return IMPLAUSIBLE
    return PLAUSIBLE if low <= row["h1_weight_share_low"] and row["h1_weight_share_high"] <= high else UNDECIDED


def _with_expected(table: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """H1 growth that had been expected: printed growth less the points above it, of one publication."""
    points = figures[(figures["indicator"] == "grdp_growth_vs_expectation") & figures["value"].notna()]
    beyond = points.iloc[0] if len(points) else pd.Series(dtype=object)
    first = table["h1_from"].eq("printed")
    for end, column in (("", "value"), ("_low", "low"), ("_high", "high")):
        table[f"above_expected_pp{end}"] = np.where(first, float(beyond.get(column, np.nan)), np.nan)
    table["above_expected_pp_kind"] = np.where(first, beyond.get("bound_kind"), None)
    return derive(table, "expected_h1_pct", lambda g, above: g - above, "h1_pct", "above_expected_pp")


def _aim(published: pd.DataFrame, year: int, assumptions: pd.DataFrame) -> tuple[float, str, bool, str]:
    rows = published[(published["year"] == year) & (published["period"] == "FY") & (published["sector"] == "total")]
    plans = rows[rows["basis"] == "plan"]
    plans = plans.assign(_aim=plans["growth_pct"].fillna(plans["growth_pct_low"])).dropna(subset="_aim")
    if plans.empty:
        return float(assumptions.at["trend_growth", "value"]), TREND, False, ""
    row = plans.sort_values(["_aim", "vintage"]).iloc[-1]
    return float(row["_aim"]), PLANNED, bool(pd.isna(row["growth_pct"])), str(row["figure_ids"])


def _own_goals(rates: pd.DataFrame) -> pd.DataFrame:
    """The year's printed growth and zero, as goals."""
    own = rates[rates["period"] == "FY"].tail(1)
    own = renamed(own, "growth_pct", "goal_pct").filter(regex="^goal_pct|^figure_ids$").assign(goal=PRINTED)
    zero = exact(pd.DataFrame({"goal": [ZERO], "goal_pct": [0.0], "figure_ids": [""]}), "goal_pct")
    return pd.concat([own, zero], ignore_index=True) if len(own) else zero


def _average_aim(figures: pd.DataFrame, first: int) -> dict[str, object] | None:
    """Target mean of the five-year plan, the upper end of a range; a target of ten years says nothing of its half."""
    rows = of_figures(figures, "target_pct")
    rows = rows[(rows["indicator"] == "grdp_growth_average") & (rows["basis"] == "plan")]
    rows = rows[rows["item"].isin(["", "low", "high"]) & rows["target_pct"].notna()]
    begin, end = rows["period_start"].dt.year, rows["period_end"].dt.year
    rows = rows[(begin == first) & (end == first + 4)]
    if rows.empty:
        return None
    row = rows.sort_values("target_pct").iloc[-1]
    years = f"{row['period_start'].year}–{row['period_end'].year}"
    return {"target_pct": float(row["target_pct"]), "years": years, "figure_ids": row["figure_ids"]}


def _as_column(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    numbers = [f"{name}{end}" for end in ("", "_low", "_high", "_kind", "_decimals")]
    return of_figures(rows, name)[["done", "source_id", "vintage", *numbers, "figure_ids"]]


def _placed(column: pd.Series) -> pd.Series:
    """Periods by the place in which they end, to sort by."""
    return column.map(_ORDER) if column.name == "period" else column


def _age(vintages: pd.Series, periods: Iterable[str], year: int) -> pd.Series:
    """How old a figure was when published: before its period ended or within three months after it, or later."""
    ends = {"Q1": 3, "Q2": 6, "H1": 6, "Q3": 9, "9M": 9, "Q4": 12, "H2": 12, "FY": 12}
    closing = pd.Series([12 * year + ends[each] for each in periods], index=vintages.index)
    month = 12 * pd.to_numeric(vintages.str[:4]) + pd.to_numeric(vintages.str[5:7].replace("", "12"))
    return (month - closing > 3).map({False: "soon", True: "later"})


def _rest_share(ratio: pd.Series, planned: pd.Series, done: pd.Series) -> pd.Series:
    return 100 - ratio * _factor(planned) / _factor(done)


def _need_by_plan(ratio: pd.Series, planned: pd.Series, done: pd.Series, goal: pd.Series) -> pd.Series:
    share = _rest_share(ratio, planned, done)
    return goal + (goal - done) * (100 - share) / share


def _chained(rates: Iterable[pd.Series]) -> pd.Series | float:
    return reduce(mul, [_factor(each) for each in rates])


def _factor(rate: pd.Series | float) -> pd.Series | float:
    return 1 + rate / 100


def _growth(factor: pd.Series | float) -> pd.Series | float:
    return 100 * (factor - 1)
