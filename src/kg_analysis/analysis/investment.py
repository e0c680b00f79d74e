"""Public investment: dated totals with their plan, what is left, who holds the rest.

Responsibility: every disbursement number that is no forecast. Input is ``investment``, the one table of dated totals
and monthly series; a settled total leads. Groups that overlap are never added.

Terms: *plan* = money planned for the budget year; *budget year* = 1 January Y to 31 January Y+1, 13 months; *outturn* =
total of the whole budget year, published after its close; *ratio base* = plan that a ratio is of, empty where the page
does not say; *partition* = parts whose plans add to that of the whole. Amounts in bn VND.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.bounds import (
    BESIDE,
    ROUNDING,
    beside,
    derive,
    exact,
    joined_ids,
    of_figures,
    renamed,
    union_ids,
    weakest_of,
)
from kg_analysis.data.dataset import last_day
from kg_analysis.data.loader import Tables, load
from kg_analysis.errors import NotPrintedError

MONTHS = 13
OUTTURN, TO_DATE, ESTIMATE = "outturn", "to_date", "estimate"
OWN_BASES = ("", "province_plan")  # a province's ratio of its own plan; a page that names none means it
_LEAST = ("at_least", "approx_above")  # qualifiers of an aim that may be passed
_KEY = ["area_code", "boundary_version", "budget_year", "unit", "fund"]
_NARROW = 2  # points within which a printed ratio is still a point of a line
_MOST_PARTS = 12  # beyond, the subsets that may add to a whole are too many to try


def disbursement(
    budget_year: int | None = None, area: str = "91", *, parts: bool = False, tables: Tables | None = None
) -> pd.DataFrame:
    """Public investment paid out, by cut-off date: plan, disbursed and ratio.

    Parameters
    ----------
    budget_year : int or None
        None gives all years.
    area : str
        Area code; ``00`` is the nation.
    parts : bool
        With the rows of single units and funds, which may overlap.
    tables : Tables or None
        None loads the data folder.

    Returns
    -------
    DataFrame
        As :func:`totals`.

    Examples
    --------
    >>> paid = disbursement(2021)
    >>> columns = ["basis", "plan_bn_vnd", "disbursed_bn_vnd", "ratio_pct"]
    >>> print(paid[columns].round(2).to_string(index=False))
       basis  plan_bn_vnd  disbursed_bn_vnd  ratio_pct
    estimate      5198.51           4321.00      83.12
      actual      5247.83           3760.54      71.66
    """
    found = tables or load()
    held = totals(found.investment)
    held = held[held["area_code"] == area]
    if not parts:
        held = whole(held)
    if budget_year is not None:
        held = held[held["budget_year"] == budget_year]
    if held.empty:
        raise NotPrintedError(
            f"no disbursement of budget year {budget_year} and area {area!r}; see data/clean/investment.csv",
            "investment",
        )
    return held.reset_index(drop=True)


def totals(investment: pd.DataFrame) -> pd.DataFrame:
    """Money paid by cut-off date, each total beside the plan known when it was published.

    ``investment``: ``clean/investment``, of any areas and years.
    One row a published total and ratio base: ``disbursed_bn_vnd``, ``plan_bn_vnd`` and ``ratio_pct`` with bounds,
    ``plan_from`` (printed, implied by the ratio, or empty), ``months`` into the budget year, ``standing`` (outturn,
    to_date, estimate). A ratio that is not printed follows from amount and printed plan. Of one quantity printed by two
    pages with the same numbers the fuller row is kept.
    """
    rows = _regular(investment)
    rows = rows[(rows["measure"] == "disbursed") & rows["basis"].isin(["actual", "estimate"])].drop(columns="measure")
    rows = renamed(rows, "value_bn_vnd", "disbursed_bn_vnd").reset_index(drop=True)
    held = _with_ratio(_with_plan(rows, _regular(investment)))
    close, published = close_of(held["budget_year"]), last_day(held["vintage"])
    months, after = months_into(held["as_of"], held["budget_year"]), published > close
    final = (held["as_of"] == close) | (held["as_of"].isna() & after)
    settled = final & after & ((held["basis"] == "actual") | held["as_of"].isna())
    running = (held["basis"] == "actual") & ~settled
    held["months"] = months.mask(settled, float(MONTHS))  # an undated result is that of the close
    held["standing"] = np.select([settled, running], [OUTTURN, TO_DATE], ESTIMATE)
    held = _once(held.assign(_day=held["as_of"].fillna(close), _when=published))
    ordered = held.sort_values([*_KEY, "_day", "_when"], kind="stable")
    return ordered.drop(columns=["_day", "_when"]).reset_index(drop=True)


def close_of(budget_year: pd.Series) -> pd.Series:
    """31 January of the next year."""
    return pd.to_datetime((budget_year.astype(int) + 1).astype(str) + "-01-31")


def months_into(as_of: pd.Series, budget_year: pd.Series) -> pd.Series:
    """Months from 1 January of the budget year to the end of the cut-off day; 31 January of the next year is 13.

    Examples
    --------
    >>> months_into(pd.Series(pd.to_datetime(["2022-08-31", "2023-01-31"])), pd.Series([2022, 2022])).tolist()
    [8.0, 13.0]
    """
    days = pd.to_datetime(as_of)
    return (days.dt.year - budget_year.astype(int)) * 12 + days.dt.month - 1 + days.dt.day / days.dt.days_in_month


def whole(held: pd.DataFrame) -> pd.DataFrame:
    """Totals of all units and funds together."""
    return held[(held["unit"] == "") & (held["fund"] == "")]


def own_plan(held: pd.DataFrame) -> pd.DataFrame:
    """Totals whose ratio, where there is one, is of the area's own plan."""
    return held[held["ratio_base"].isin(OWN_BASES)]


def leading(held: pd.DataFrame) -> pd.DataFrame:
    """The total that leads a budget year: the outturn, else the latest actual total, else the estimate.

    ``held``: :func:`totals` of one area and budget year.
    One row under its label; none where nothing is held. A number goes before a bound by wording; of one standing the
    newest publication counts.
    """
    rows = own_plan(whole(held))
    known = rows[["ratio_pct", "disbursed_bn_vnd"]].notna().sum(axis=1)
    ranked = rows[known > 0].assign(
        _standing=rows["standing"].map({OUTTURN: 0, TO_DATE: 1, ESTIMATE: 2}),
        _months=rows["months"].fillna(MONTHS),
        _full=known,
        _when=last_day(rows["vintage"]),
    )
    order = ["_standing", "_months", "_full", "_when"]
    return ranked.sort_values(order, ascending=[True, False, False, False]).head(1).drop(columns=order)


def target(investment: pd.DataFrame, year: int, chosen_pct: float | None = None) -> pd.DataFrame:
    """Share of the plan to pay by the close: the reader's, else the year's own aim, else that for the next year.

    One row: ``target_pct``, ``target_year`` (year it was set for; missing = chosen), ``qualifier`` (at_least: "từ 95%
    trở lên", approx_above: "trên 95%"), ``or_more`` (either), ``figure_ids``, ``others`` (other aims named for that
    year, as in ``panel.over_years``) with ``other_ids``; no rows where no aim is held. An aim for a day within the year
    is none for its close; the newest counts.
    """
    columns = ["target_pct", "target_year", "qualifier", "or_more", "figure_ids", "others", "other_ids"]
    if chosen_pct is not None:
        return pd.DataFrame([[float(chosen_pct), pd.NA, "exact", False, "", "", ""]], columns=columns)
    rows = whole(investment[(investment["basis"] == "plan") & (investment["measure"] == "disbursed")])
    for each in (year, year + 1):
        aims = rows[rows["budget_year"] == each]
        aims = aims[aims["as_of"].isna() | (aims["as_of"] == close_of(aims["budget_year"]))]
        if each > year:  # what was set for the next year when this one was reported
            aims = aims[last_day(aims["vintage"]) <= pd.Timestamp(year, 12, 31)]
        if len(aims):
            aims = aims.assign(_pct=aims["ratio_pct"].fillna(aims["ratio_pct_low"]).astype(float))
            row = aims.sort_values("vintage", key=last_day, kind="stable").iloc[-1]
            others = aims[aims["_pct"] != row["_pct"]].drop_duplicates("_pct")
            marks = others["ratio_qualifier"].isin(_LEAST).map({True: "+", False: ""})
            named = "; ".join(f"{pct:g}{mark}" for pct, mark in zip(others["_pct"], marks, strict=True))
            said = [row["ratio_qualifier"] or "exact", row["ratio_qualifier"] in _LEAST, row["figure_ids"]]
            cells = [row["_pct"], each, *said, named, union_ids(others["figure_ids"])]
            return pd.DataFrame([cells], columns=columns)
    return pd.DataFrame(columns=columns)


def summary(held: pd.DataFrame, aim: pd.DataFrame, investment: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each version of a budget year leaves: undisbursed, short of the target, and the mean pace.

    ``held``: :func:`totals` of one area and budget year. ``aim``: :func:`target`; no rows leave what hangs on it empty.
    ``investment``: rows of the same area, for the completed work that an estimate was printed with: figures printed
    together are constrained together.
    A row a total, the leading one first: the columns of ``held``, ``undisbursed_bn_vnd``, ``short_bn_vnd`` (negative
    where the target is passed), ``pace_bn_vnd_per_month``, and ``needed_bn_vnd_per_month``, the target spread over 13
    months, each with bounds.
    """
    rows = own_plan(whole(held)).reset_index(drop=True)
    share = float(aim["target_pct"].iloc[0]) / 100 if len(aim) else float("nan")
    found = [_what_is_left(_settled_together(row, investment), share) for row in rows.to_dict("records")]
    rows = pd.DataFrame(found)
    if rows.empty:
        return rows
    rows = exact(rows.assign(_months=rows["months"].where(rows["months"] > 0, MONTHS)), "_months")
    rows = derive(rows, "pace_bn_vnd_per_month", lambda paid, months: paid / months, "disbursed_bn_vnd", "_months")
    rows = derive(rows, "needed_bn_vnd_per_month", lambda plan: plan * share / MONTHS, "plan_bn_vnd")
    rows = rows.assign(leads=rows.index.isin(leading(rows).index)).drop(columns=rows.filter(regex="^_").columns)
    return rows.sort_values("leads", ascending=False, kind="stable").reset_index(drop=True)


def joint_set(
    plan: tuple[float, float], paid: tuple[float, float], ratio: tuple[float, float]
) -> list[tuple[float, float]]:
    """Corners of all (plan, paid) that print as an amount, its share of the plan [percent] and a plan together.

    Examples
    --------
    >>> corners = joint_set((5197.2, 5199.04), (4320.5, 4321.5), (83.115, 83.125))
    >>> left = [plan - paid for plan, paid in corners]
    >>> round(min(left), 1), round(max(left), 1)
    (877.1, 877.9)
    """
    low, high = ratio[0] / 100, ratio[1] / 100
    corners = [(p, p * share) for p in plan for share in (low, high)]
    corners += [(d / share, d) for d in paid for share in (low, high)]
    corners += [(p, d) for p in plan for d in paid]
    near = 1e-7

    def fits(p: float, d: float) -> bool:
        inside = plan[0] - near <= p <= plan[1] + near and paid[0] - near <= d <= paid[1] + near
        return inside and low * p - near <= d <= high * p + near

    return [(p, d) for p, d in corners if fits(p, d)]


def rates_by_year(held: pd.DataFrame) -> pd.DataFrame:
    """Share of the plan paid by the close of every budget year: outturn and estimates, a row a page and ratio base.

    Columns of ``held``; ``alone`` where the page does not name the plan and no other row of the year is of the same
    base, so that the row stands in no line with others.
    """
    final = whole(held)
    final = final[(final["months"].eq(MONTHS) | final["months"].isna()) & final["ratio_pct"].notna()]
    return final.assign(alone=final["ratio_base"].eq("") & final["plan_from"].ne("printed")).reset_index(drop=True)


def conflicts(held: pd.DataFrame) -> pd.DataFrame:
    """Pairs of ratios of one budget year's close that cannot both be: other bases, or other pages.

    Columns: ``budget_year``, ``first_pct``, ``first_base``, ``second_pct``, ``second_base`` and their sources, where
    neither is an estimate that an outturn replaced on the same base.
    """
    found = []
    for year, rows in rates_by_year(held).groupby("budget_year"):
        for one, two in combinations(rows.to_dict("records"), 2):
            apart = one["ratio_pct_high"] < two["ratio_pct_low"] or two["ratio_pct_high"] < one["ratio_pct_low"]
            replaced = ESTIMATE in (one["standing"], two["standing"]) and one["ratio_base"] == two["ratio_base"]
            if apart and not replaced:
                high, low = sorted((one, two), key=lambda row: -row["ratio_pct"])
                sides = {"first": high, "second": low}
                row = {f"{side}_{to}": each[of] for side, each in sides.items() for to, of in _SIDE.items()}
                ids = union_ids([one["figure_ids"], two["figure_ids"]])
                found.append({"budget_year": year, **row, "figure_ids": ids})
    return pd.DataFrame(found, columns=None if found else ["budget_year", "figure_ids"])


_SIDE = {"pct": "ratio_pct", "base": "ratio_base", "source": "source_id"}


def paths(held: pd.DataFrame) -> pd.DataFrame:
    """Course of budget years: share of the plan paid by months into the year, one line an area, year and ratio base.

    Only dated numbers; a bound by wording counts where it is narrow, and of a day published twice the newest.
    """
    rows = whole(held)
    narrow = (rows["ratio_pct_high"] - rows["ratio_pct_low"]) <= _NARROW
    kept = rows[rows["months"].notna() & rows["ratio_pct"].notna() & narrow]
    line = ["area_code", "boundary_version", "budget_year", "ratio_base"]
    newest = kept.sort_values("vintage", key=last_day, kind="stable")
    newest = newest.sort_values("basis", key=lambda basis: basis == "actual", kind="stable")
    newest = newest.drop_duplicates([*line, "months"], keep="last")
    return newest.sort_values([*line, "months"]).reset_index(drop=True)


def parts_of(investment: pd.DataFrame) -> pd.DataFrame:
    """Units and funds of a budget year as a tree: plan, disbursed, ratio and what is left, at the newest cut-off day.

    ``investment``: rows of one area and budget year.
    Columns: ``dimension`` (unit or fund), ``item``, ``parent`` (item before the stroke), ``depth``, amounts with
    bounds, ``undisbursed_bn_vnd``, and ``in_partition``: only these parts add to the whole; all others overlap and are
    neither added nor ranked with them.
    """
    held = totals(investment)
    plans = _regular(investment)
    plans = plans[(plans["measure"] == "plan") & plans["value_bn_vnd"].notna()]
    rows = []
    for dimension in ("unit", "fund"):
        items = sorted({*held[dimension], *plans[dimension]} - {""})
        rows += [_part(dimension, item, held, plans) for item in items]
    tree = pd.DataFrame(rows)
    if tree.empty:
        return tree
    columns = ["plan_bn_vnd", "disbursed_bn_vnd"]
    for name in columns:
        tree[f"{name}_kind"] = tree[f"{name}_kind"].where(tree[name].notna(), None)
    tree = derive(tree, "undisbursed_bn_vnd", lambda plan, paid: plan - paid, *columns)
    return tree.assign(in_partition=_partitions(tree, plans)).reset_index(drop=True)


def holders(tree: pd.DataFrame) -> pd.DataFrame:
    """Parts that add to the whole, the one that holds most undisbursed money first, with their cumulative share."""
    if tree.empty:
        return tree
    rows = tree[tree["in_partition"] & tree["undisbursed_bn_vnd"].notna() & (tree["dimension"] == "unit")]
    rows = rows.sort_values("undisbursed_bn_vnd", ascending=False, kind="stable").reset_index(drop=True)
    left = rows["undisbursed_bn_vnd"].clip(lower=0)
    return rows.assign(rank=range(1, len(rows) + 1), cumulative_share_pct=100 * left.cumsum() / left.sum())


def projects(figures: pd.DataFrame, year: int) -> pd.DataFrame:
    """Projects whose undisbursed money is printed, the largest first: parts of the rest, never the whole of it."""
    rows = figures[(figures["indicator"] == "pubinv_undisbursed") & (figures["period_start"].dt.year == year)]
    rows = of_figures(rows, "undisbursed_bn_vnd").sort_values("undisbursed_bn_vnd", ascending=False)
    numbers = [f"undisbursed_bn_vnd{end}" for end in BESIDE]
    return rows[["label", "item", *numbers, "as_of", "source_id", "figure_ids"]].reset_index(drop=True)


def causes(figures: pd.DataFrame) -> pd.DataFrame:
    """Causes of delay, slow sectors and funds that the report names, in the order of the page; no share is printed."""
    kinds = {"pubinv_delay_cause": "cause", "pubinv_delay_sector": "sector", "pubinv_delay_funding": "funding"}
    rows = of_figures(figures[figures["indicator"].isin(kinds)], "share")
    rows = rows.assign(kind=rows["indicator"].map(kinds), printed=rows["as_printed"])
    return rows[["kind", "item", "printed", "figure_ids"]].reset_index(drop=True)


def falls(held: pd.DataFrame) -> pd.DataFrame:
    """Cumulative totals that fall: a later cut-off day of one unit and fund with less money than an earlier one."""
    dated = held[held["as_of"].notna() & held["disbursed_bn_vnd"].notna() & (held["basis"] == "actual")]
    dated = dated.sort_values([*_KEY, "as_of"]).drop_duplicates([*_KEY, "as_of"], keep="last")
    before = dated.groupby(_KEY)["disbursed_bn_vnd_low"].cummax().groupby([dated[name] for name in _KEY]).shift()
    return dated[dated["disbursed_bn_vnd_high"] < before].reset_index(drop=True)


def _regular(investment: pd.DataFrame) -> pd.DataFrame:
    """``clean/investment`` with decimals named as those of any other table."""
    names = {"value_decimals": "value_bn_vnd_decimals", "ratio_decimals": "ratio_pct_decimals"}
    return investment.rename(columns=names)


def number_of(row: Mapping[Any, Any] | pd.Series, column: str, name: str) -> dict[str, Any]:
    """A number of a row with all that stands beside it, under another name."""
    return {f"{name}{end}": row.get(f"{column}{end}") for end in BESIDE}


def _with_plan(rows: pd.DataFrame, investment: pd.DataFrame) -> pd.DataFrame:
    """Totals with their plan: of its own page, else the newest known then; else what amount and ratio imply."""
    plans = investment[investment["measure"].isin(["plan", "plan_assigned"]) & investment["value_bn_vnd"].notna()]
    known = plans["as_of"].fillna(last_day(plans["vintage"]))
    plans = renamed(plans.assign(_known=known), "value_bn_vnd", "plan_bn_vnd")
    numbers = [f"plan_bn_vnd{end}" for end in BESIDE]
    plans = plans[["measure", *_KEY, "source_id", "as_of", "figure_ids", "_known", *numbers]]
    measure = np.where(rows["ratio_base"] == "pm_plan", "plan_assigned", "plan")
    asked = rows.assign(_row=rows.index, measure=measure, _until=last_day(rows["vintage"]))
    pairs = asked.merge(plans, on=["measure", *_KEY], suffixes=("", "_plan"))
    pairs["_own"] = pairs["source_id"] == pairs["source_id_plan"]
    bare = pairs["disbursed_bn_vnd"].isna() & pairs["ratio_pct"].notna()  # of which plan only its own page can say
    held = (pairs["_known"] <= pairs["_until"]) & ~(pairs["as_of_plan"] > pairs["as_of"]) & (pairs["_own"] | ~bare)
    best = pairs[held].sort_values(["_own", "_known"], kind="stable").drop_duplicates("_row", keep="last")
    best = best.set_index("_row").reindex(rows.index)
    both = rows["disbursed_bn_vnd"].notna() & rows["ratio_pct"].notna() & (rows["ratio_pct_low"] > 0)
    paid = derive(rows[both], "plan_bn_vnd", lambda paid, of: 100 * paid / of, "disbursed_bn_vnd", "ratio_pct")
    implied = paid.assign(plan_bn_vnd_decimals=np.nan)[numbers].reindex(rows.index)
    apart = best["plan_bn_vnd_low"] > implied["plan_bn_vnd_high"]
    apart |= best["plan_bn_vnd_high"] < implied["plan_bn_vnd_low"]
    printed = best["plan_bn_vnd"].notna() & ~apart
    found = best[numbers].astype(object).where(printed, implied.astype(object))
    origin = np.select([printed, both], ["printed", "implied"], "")
    ids = rows.assign(_plan=best["figure_ids_plan"].where(printed, ""))
    return rows.join(found).assign(plan_from=origin, figure_ids=joined_ids(ids, "figure_ids", "_plan"))


def _with_ratio(held: pd.DataFrame) -> pd.DataFrame:
    """Ratios that are not printed, from amount and printed plan."""
    for name in ("disbursed_bn_vnd", "plan_bn_vnd", "ratio_pct"):
        for end in ("", "_low", "_high", "_decimals"):
            held[f"{name}{end}"] = pd.to_numeric(held[f"{name}{end}"]).astype(float)
        held[f"{name}_kind"] = held[f"{name}_kind"].astype(object).where(held[f"{name}_low"].notna(), None)
    gap = held["ratio_pct"].isna() & held["plan_bn_vnd"].gt(0) & held["disbursed_bn_vnd"].notna()
    found = derive(held[gap], "ratio_pct", lambda paid, plan: 100 * paid / plan, "disbursed_bn_vnd", "plan_bn_vnd")
    for name in ("ratio_pct", "ratio_pct_low", "ratio_pct_high", "ratio_pct_kind"):
        held.loc[gap, name] = found[name]
    return held


def _once(held: pd.DataFrame) -> pd.DataFrame:
    """Totals without those that repeat another of the same day, base and publication month with fewer numbers."""
    full = held["disbursed_bn_vnd"].notna().astype(int) + held["ratio_pct"].notna()
    same = [*_KEY, "as_of", "basis", "ratio_base", "ratio_pct"]
    ordered = held.loc[full.sort_values(ascending=False, kind="stable").index]
    return held.loc[sorted(ordered.index[~(ordered.duplicated(same) & ordered["disbursed_bn_vnd"].isna())])]


def _settled_together(row: dict[Any, Any], investment: pd.DataFrame | None) -> dict[Any, Any]:
    """An estimate's implied plan narrowed by the completed work that the same page prints with its own ratio."""
    if row["plan_from"] != "implied" or investment is None:
        return row
    work = investment[(investment["measure"] == "completed_volume") & (investment["unit"] == "")]
    work = work[(work["source_id"] == row["source_id"]) & (work["budget_year"] == row["budget_year"])]
    for each in work.dropna(subset=["value_bn_vnd", "ratio_pct"]).to_dict("records"):
        low = max(row["plan_bn_vnd_low"], 100 * each["value_bn_vnd_low"] / each["ratio_pct_high"])
        high = min(row["plan_bn_vnd_high"], 100 * each["value_bn_vnd_high"] / each["ratio_pct_low"])
        if low <= high:  # else the two ratios are of two plans
            row |= {"plan_bn_vnd": (low + high) / 2, "plan_bn_vnd_low": low, "plan_bn_vnd_high": high}
            row["figure_ids"] = union_ids([row["figure_ids"], each["figure_ids"]])
    return row


def _what_is_left(row: dict[Any, Any], share: float) -> dict[Any, Any]:
    """Undisbursed and missing money, over all plans and amounts that print as the row does."""
    names = ("disbursed_bn_vnd", "plan_bn_vnd")
    found = dict(row)
    usable = all(pd.notna(row[f"{name}{end}"]) for name in names for end in ("", "_low", "_high"))
    for name, part in (("undisbursed_bn_vnd", 1.0), ("short_bn_vnd", share)):
        found |= beside(name, np.nan, np.nan, np.nan, None)
        if not usable or np.isnan(part):
            continue
        values = [part * plan - paid for plan, paid in _corners(row)]
        value = part * row["plan_bn_vnd"] - row["disbursed_bn_vnd"]
        if row["plan_from"] == "implied":  # the middle of what the three prints allow together
            value = (min(values) + max(values)) / 2
        value = float(np.clip(value, min(values), max(values)))  # words move the middle of an amount to an end
        kind = weakest_of([row["disbursed_bn_vnd_kind"], row["plan_bn_vnd_kind"]])
        found |= beside(name, value, min(values), max(values), kind)
    return found


def _corners(row: Mapping[Any, Any]) -> list[tuple[float, float]]:
    plan, paid = ((row[f"{name}_low"], row[f"{name}_high"]) for name in ("plan_bn_vnd", "disbursed_bn_vnd"))
    if pd.notna(row["ratio_pct_low"]) and pd.notna(row["ratio_pct_high"]):
        corners = joint_set(plan, paid, (row["ratio_pct_low"], row["ratio_pct_high"]))
        if corners:  # none where amount, plan and ratio contradict each other, which is a check's matter
            return corners
    return [(p, d) for p in plan for d in paid]


def _part(dimension: str, item: str, held: pd.DataFrame, plans: pd.DataFrame) -> dict[str, Any]:
    """A unit or fund at its newest cut-off day."""
    other = "fund" if dimension == "unit" else "unit"
    paid, plan = (rows[(rows[dimension] == item) & (rows[other] == "")] for rows in (held, plans))
    paid = paid.sort_values("as_of", na_position="first", kind="stable")
    plan = plan.sort_values("vintage", key=last_day, kind="stable")
    row: dict[str, Any] = {"dimension": dimension, "item": item, "parent": item.rpartition("/")[0]}
    row["depth"] = item.count("/")
    last = paid.iloc[-1] if len(paid) else pd.Series(dtype=object)
    for name in ("plan_bn_vnd", "disbursed_bn_vnd", "ratio_pct"):
        row |= {f"{name}{end}": last.get(f"{name}{end}", np.nan) for end in BESIDE}
    if pd.isna(row["plan_bn_vnd"]) and len(plan):
        row |= number_of(plan.iloc[-1], "value_bn_vnd", "plan_bn_vnd")
    ids = [last.get("figure_ids"), plan["figure_ids"].iloc[-1] if len(plan) else None]
    row |= {"as_of": last.get("as_of", pd.NaT), "source_id": last.get("source_id", ""), "figure_ids": union_ids(ids)}
    return row


def _partitions(tree: pd.DataFrame, plans: pd.DataFrame) -> list[bool]:
    """Whether each part belongs to the one set of top parts whose plans add to the plan of the whole."""
    totals_ = whole(plans)
    inside = pd.Series(False, tree.index)
    for dimension in ("unit", "fund"):
        top = tree[(tree["dimension"] == dimension) & (tree["depth"] == 0) & tree["plan_bn_vnd"].notna()]
        if not 2 <= len(top) <= _MOST_PARTS:
            continue
        fitting = [
            subset
            for size in range(2, len(top) + 1)
            for subset in combinations(top.index, size)
            if _adds_up(top.loc[list(subset)], totals_)
        ]
        if len(fitting) == 1:  # two sets that both add up would be two ways to cut one whole
            inside[list(fitting[0])] = True
    return inside.tolist()


def _adds_up(parts: pd.DataFrame, plans: pd.DataFrame) -> bool:
    low, high = parts["plan_bn_vnd_low"].sum(), parts["plan_bn_vnd_high"].sum()
    sure = set(parts["plan_bn_vnd_kind"]) <= {ROUNDING, "exact"}
    fits = (plans["value_bn_vnd_low"] <= high) & (low <= plans["value_bn_vnd_high"])
    return sure and bool(fits.any())
