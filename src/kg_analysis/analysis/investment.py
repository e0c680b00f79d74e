"""Public investment: dated totals with their plan, what is left, the error of the estimate, who holds the rest.

Responsibility: every disbursement number that is no forecast. Input is ``investment``, the one table of dated totals
and monthly series; a settled total leads, the estimate becomes its error. Groups that overlap are never added.

Terms: *plan* = money planned for the budget year; *budget year* = 1 January Y to 31 January Y+1, 13 months; *outturn* =
total of the whole budget year, published after its close; *ratio base* = plan that a ratio is of, empty where the page
does not say; *partition* = parts whose plans add to that of the whole. Amounts in bn VND.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.bounds import ROUNDING, derive, union_ids, weakest_of
from kg_analysis.data.dataset import last_day
from kg_analysis.data.loader import Tables, load
from kg_analysis.errors import DataError, NotPrintedError

Row = Mapping[Any, Any]
MONTHS = 13
OUTTURN, TO_DATE, ESTIMATE = "outturn", "to_date", "estimate"
OWN_BASES = ("", "province_plan")  # a province's ratio of its own plan; a page that names none means it
SUMMARY = ("plan_bn_vnd", "disbursed_bn_vnd", "ratio_pct", "undisbursed_bn_vnd", "short_bn_vnd")
_ENDS = ("_low", "_high", "_kind", "_decimals")
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

    Parameters
    ----------
    investment : DataFrame
        ``clean/investment``, of any areas and years.

    Returns
    -------
    DataFrame
        One row a published total and ratio base: ``disbursed_bn_vnd``, ``plan_bn_vnd`` and ``ratio_pct`` with bounds,
        ``plan_from`` (printed, implied by the ratio, or empty), ``months`` into the budget year, ``standing`` (outturn,
        to_date, estimate). A ratio that is not printed follows from amount and printed plan. Of one quantity printed by
        two pages with the same numbers the fuller row is kept.
    """
    rows = investment[(investment["measure"] == "disbursed") & investment["basis"].isin(["actual", "estimate"])]
    rows = rows.rename(columns=lambda name: name.replace("value_", "disbursed_", 1) if "value_" in name else name)
    rows = rows.rename(
        columns={"disbursed_decimals": "disbursed_bn_vnd_decimals", "ratio_decimals": "ratio_pct_decimals"}
    )
    rows = rows.reset_index(drop=True)
    planned = investment[investment["measure"].isin(["plan", "plan_assigned"]) & investment["value_bn_vnd"].notna()]
    known = planned["as_of"].fillna(last_day(planned["vintage"]))
    # Plain rows: a department's series asks for a plan thousands of times.
    groups = planned.assign(_when=known).groupby(["measure", *_KEY])
    by_key = {key: group.to_dict("records") for key, group in groups}
    until = last_day(rows["vintage"])
    plans = [_plan_of(row, day, by_key) for row, day in zip(rows.to_dict("records"), until, strict=True)]
    empty = None if plans else [*_number({}, "", "plan_bn_vnd"), "plan_from", "plan_ids"]
    found = pd.DataFrame(plans, index=rows.index, columns=empty)
    held = pd.concat([rows.drop(columns="measure"), found], axis=1)
    held = _with_ratio(held)
    held["figure_ids"] = [union_ids(pair) for pair in zip(held["figure_ids"], held.pop("plan_ids"), strict=True)]
    close = close_of(held["budget_year"])
    held["months"] = months_into(held["as_of"], held["budget_year"])
    after = last_day(held["vintage"]) > close
    final = (held["as_of"] == close) | (held["as_of"].isna() & after)
    settled = final & after & ((held["basis"] == "actual") | held["as_of"].isna())
    running = (held["basis"] == "actual") & ~settled
    held["months"] = held["months"].mask(settled, float(MONTHS))  # an undated result is that of the close
    held["standing"] = np.select([settled, running], [OUTTURN, TO_DATE], ESTIMATE)
    held = _once(held)
    order = held.assign(_day=held["as_of"].fillna(close.reindex(held.index)), _when=last_day(held["vintage"]))
    return (
        order.sort_values([*_KEY, "_day", "_when"], kind="stable")
        .drop(columns=["_day", "_when"])
        .reset_index(drop=True)
    )


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
    place = {OUTTURN: 0, TO_DATE: 1, ESTIMATE: 2}
    known = rows["ratio_pct"].notna() | rows["disbursed_bn_vnd"].notna()
    ranked = rows[known].assign(
        _standing=rows["standing"].map(place),
        _months=rows["months"].fillna(MONTHS),
        _full=rows["ratio_pct"].notna().astype(int) + rows["disbursed_bn_vnd"].notna(),
        _when=last_day(rows["vintage"]),
    )
    ranked = ranked.sort_values(["_standing", "_months", "_full", "_when"], ascending=[True, False, False, False])
    return ranked.head(1).drop(columns=["_standing", "_months", "_full", "_when"])


def target(investment: pd.DataFrame, year: int, chosen_pct: float | None = None) -> pd.DataFrame:
    """Share of the plan to pay by the close: the reader's, else the year's own aim, else that for the next year.

    Returns
    -------
    DataFrame
        One row: ``target_pct``, ``target_year`` (year it was set for; missing = chosen), ``qualifier`` (at_least: "từ
        95% trở lên", approx_above: "trên 95%"), ``or_more`` (either), ``figure_ids``, ``others`` (other aims named for
        that year, as in ``panel.over_years``) with ``other_ids``; no rows where no aim is held. An aim for a day
        within the year is none for its close; the newest counts.
    """
    if chosen_pct is not None:
        row = {"target_pct": float(chosen_pct), "target_year": pd.NA, "qualifier": "exact"}
        row |= {"or_more": False, "figure_ids": "", "others": "", "other_ids": ""}
        return pd.DataFrame([row])
    rows = investment[(investment["basis"] == "plan") & (investment["measure"] == "disbursed")]
    rows = whole(rows)
    for each in (year, year + 1):
        aims = rows[rows["budget_year"] == each]
        aims = aims[aims["as_of"].isna() | (aims["as_of"] == close_of(aims["budget_year"]))]
        if each > year:  # what was set for the next year when this one was reported
            aims = aims[last_day(aims["vintage"]) <= pd.Timestamp(year, 12, 31)]
        if len(aims):
            aims = aims.assign(_when=last_day(aims["vintage"]), _pct=aims["ratio_pct"].fillna(aims["ratio_pct_low"]))
            row = aims.sort_values("_when", kind="stable").iloc[-1]
            others = aims[aims["_pct"] != row["_pct"]].drop_duplicates("_pct")
            marks = others["ratio_qualifier"].isin(_LEAST).map({True: "+", False: ""})
            return pd.DataFrame(
                [
                    {
                        "target_pct": float(row["_pct"]),
                        "target_year": each,
                        "qualifier": row["ratio_qualifier"] or "exact",
                        "or_more": row["ratio_qualifier"] in _LEAST,
                        "figure_ids": row["figure_ids"],
                        "others": "; ".join(f"{pct:g}{m}" for pct, m in zip(others["_pct"], marks, strict=True)),
                        "other_ids": union_ids(others["figure_ids"]),
                    }
                ]
            )
    columns = ["target_pct", "target_year", "qualifier", "or_more", "figure_ids", "others", "other_ids"]
    return pd.DataFrame(columns=columns)


def summary(held: pd.DataFrame, aim: pd.DataFrame, investment: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each version of a budget year leaves: undisbursed, short of the target, and the mean pace.

    Parameters
    ----------
    held : DataFrame
        :func:`totals` of one area and budget year.
    aim : DataFrame
        :func:`target`; no rows leave what hangs on it empty.
    investment : DataFrame or None
        Rows of the same area, for the completed work that an estimate was printed with: figures printed together are
        constrained together.

    Returns
    -------
    DataFrame
        A row a total, the leading one first: the columns of ``held``, ``undisbursed_bn_vnd``, ``short_bn_vnd``
        (negative where the target is passed), ``pace_bn_vnd_per_month``, and ``needed_bn_vnd_per_month``, the target
        spread over 13 months, each with bounds.
    """
    rows = own_plan(whole(held)).reset_index(drop=True)
    rows = pd.DataFrame([_settled_together(row, investment) for _, row in rows.iterrows()], columns=_summed(rows))
    share = float(aim["target_pct"].iloc[0]) / 100 if len(aim) else float("nan")
    rows = pd.DataFrame([_what_is_left(row, share) for _, row in rows.iterrows()])
    if rows.empty:
        return rows
    rows = rows.assign(_months=rows["months"].where(rows["months"] > 0, MONTHS))
    rows = rows.assign(**{f"_months{end}": rows["_months"] for end in ("_low", "_high")}, _months_kind="exact")
    rows = derive(rows, "pace_bn_vnd_per_month", lambda paid, months: paid / months, "disbursed_bn_vnd", "_months")
    rows = derive(rows, "needed_bn_vnd_per_month", lambda plan: plan * share / MONTHS, "plan_bn_vnd")
    leads = rows.index.isin(leading(rows).index)
    dropped = [name for name in rows if str(name).startswith("_")]
    return (
        rows.assign(leads=leads)
        .sort_values("leads", ascending=False, kind="stable")
        .drop(columns=dropped)
        .reset_index(drop=True)
    )


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


def forecast_error(held: pd.DataFrame) -> pd.DataFrame:
    """How far estimates of budget years were off, in points: by the money paid and by the changed plan.

    Parameters
    ----------
    held : DataFrame
        :func:`totals` of one area, of any years.

    Returns
    -------
    DataFrame
        One row a year with an estimate for the close and an outturn: ``estimated_pct``, ``settled_pct``, ``error_pp``,
        ``from_money_pp`` (the money that was paid, on the plan of the estimate), ``from_plan_pp`` (the rest).
    """
    rows = own_plan(whole(held))
    found = []
    for year, of_year in rows.groupby("budget_year"):
        early = of_year[(of_year["standing"] == ESTIMATE) & of_year["months"].eq(MONTHS)]
        late = of_year[(of_year["standing"] == OUTTURN) & of_year["ratio_pct"].notna()]
        early = early[early["ratio_pct"].notna()]
        if len(early) and len(late):
            full = early.sort_values("disbursed_bn_vnd", na_position="last", kind="stable").iloc[0]
            found.append({"budget_year": year, **_error(full, late.iloc[-1])})
    columns = ["budget_year", "estimated_pct", "settled_pct", "error_pp", "from_money_pp", "from_plan_pp", "figure_ids"]
    return pd.DataFrame(found, columns=None if found else columns)


def rates_by_year(held: pd.DataFrame) -> pd.DataFrame:
    """Share of the plan paid by the close of every budget year: outturn and estimates, a row a page and ratio base.

    Returns
    -------
    DataFrame
        Columns of ``held``; ``alone`` where the page does not name the plan and no other row of the year is of the same
        base, so that the row stands in no line with others.
    """
    final = whole(held)
    final = final[(final["months"].eq(MONTHS) | final["months"].isna()) & final["ratio_pct"].notna()]
    return final.assign(alone=final["ratio_base"].eq("") & final["plan_from"].ne("printed")).reset_index(drop=True)


def conflicts(held: pd.DataFrame) -> pd.DataFrame:
    """Pairs of ratios of one budget year's close that cannot both be: other bases, or other pages.

    Returns
    -------
    DataFrame
        ``budget_year``, ``first_pct``, ``first_base``, ``second_pct``, ``second_base`` and their sources, where neither
        is an estimate that an outturn replaced on the same base.
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
    kept = kept.assign(_when=last_day(kept["vintage"]), _actual=kept["basis"].eq("actual"))
    line = ["area_code", "boundary_version", "budget_year", "ratio_base"]
    newest = kept.sort_values(["_actual", "_when"], kind="stable").drop_duplicates([*line, "months"], keep="last")
    return newest.sort_values([*line, "months"]).drop(columns=["_when", "_actual"]).reset_index(drop=True)


def parts_of(investment: pd.DataFrame) -> pd.DataFrame:
    """Units and funds of a budget year as a tree: plan, disbursed, ratio and what is left, at the newest cut-off day.

    Parameters
    ----------
    investment : DataFrame
        Rows of one area and budget year.

    Returns
    -------
    DataFrame
        ``dimension`` (unit or fund), ``item``, ``parent`` (item before the stroke), ``depth``, amounts with bounds,
        ``undisbursed_bn_vnd``, and ``in_partition``: only these parts add to the whole; all others overlap and are
        neither added nor ranked with them.
    """
    held = totals(investment)
    plans = investment[(investment["measure"] == "plan") & investment["value_bn_vnd"].notna()]
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
    rows = rows.assign(figure_ids=rows.get("figure_id", pd.Series(rows.index, rows.index)))
    named = {"value": "undisbursed_bn_vnd", "low": "undisbursed_bn_vnd_low", "high": "undisbursed_bn_vnd_high"}
    named |= {"bound_kind": "undisbursed_bn_vnd_kind", "decimals": "undisbursed_bn_vnd_decimals"}
    rows = rows.rename(columns=named).sort_values("undisbursed_bn_vnd", ascending=False)
    return rows[["label", "item", *named.values(), "as_of", "source_id", "figure_ids"]].reset_index(drop=True)


def causes(figures: pd.DataFrame) -> pd.DataFrame:
    """Causes of delay, slow sectors and funds that the report names, in the order of the page; no share is printed."""
    kinds = {"pubinv_delay_cause": "cause", "pubinv_delay_sector": "sector", "pubinv_delay_funding": "funding"}
    rows = figures[figures["indicator"].isin(kinds)]
    return pd.DataFrame(
        {
            "kind": rows["indicator"].map(kinds),
            "item": rows["item"],
            "printed": rows["as_printed"],
            "figure_ids": rows.get("figure_id", rows.index),
        }
    ).reset_index(drop=True)


def falls(held: pd.DataFrame) -> pd.DataFrame:
    """Cumulative totals that fall: a later cut-off day of one unit and fund with less money than an earlier one."""
    dated = held[held["as_of"].notna() & held["disbursed_bn_vnd"].notna() & (held["basis"] == "actual")]
    dated = dated.sort_values([*_KEY, "as_of"]).drop_duplicates([*_KEY, "as_of"], keep="last")
    before = dated.groupby(_KEY)["disbursed_bn_vnd_low"].cummax().groupby([dated[name] for name in _KEY]).shift()
    return dated[dated["disbursed_bn_vnd_high"] < before].reset_index(drop=True)


def of_series(series: pd.DataFrame) -> pd.DataFrame:
    """A department's monthly series in the shape of ``clean/investment``, so that all else takes it alike.

    Rows of one investor and one fund source do not overlap: where the series has no row of all funds, of all investors
    or of everything, it is their sum. An empty amount of one makes the sum empty.
    """
    bases = {
        "plan": series["plan_council_bn_vnd"].fillna(series["plan_bn_vnd"]),
        "plan_assigned": series["plan_bn_vnd"],
        "plan_allocated": series["plan_allocated_bn_vnd"],
        "disbursed": series["disbursed_cum_bn_vnd"],
        "completed_volume": series["volume_cum_bn_vnd"],
    }
    shared = ["area_code", "boundary_version", "budget_year", "vintage", "source_id", "as_of"]
    own = series[shared].assign(
        unit=series["investor"].replace("total", ""),
        fund=series["fund_source"].replace("total", ""),
        decimals=series["decimals"],
    )
    long = pd.concat([own.assign(measure=name, value_bn_vnd=amounts) for name, amounts in bases.items()])
    if long.empty:
        return pd.DataFrame()
    key = [*shared, "measure"]
    for summed, kept in ((["fund"], ["unit"]), (["unit"], ["fund"]), (["unit", "fund"], [])):
        long = pd.concat([long, _missing_sums(long, key, kept, summed)], ignore_index=True)
    long = long[long["value_bn_vnd"].notna()].rename(columns={"decimals": "value_decimals"})
    half = 0.5 / 10.0 ** long["value_decimals"].astype(float)
    plan = long["measure"].str.startswith("plan")
    ratio = dict.fromkeys(("ratio_pct", "ratio_decimals", "ratio_pct_low", "ratio_pct_high", "ratio_pct_kind"), np.nan)
    return long.assign(
        value_bn_vnd_low=long["value_bn_vnd"] - half,
        value_bn_vnd_high=long["value_bn_vnd"] + half,
        value_bn_vnd_kind=ROUNDING,
        basis=np.where(plan, "plan", "actual"),
        **ratio,
        ratio_qualifier="",
        ratio_base="",
        figure_ids="",
    ).reset_index(drop=True)


def _missing_sums(long: pd.DataFrame, key: list[str], kept: list[str], summed: list[str]) -> pd.DataFrame:
    """Sums over units or funds that the series does not hold itself."""
    single = long[(long["unit"] != "") & (long["fund"] != "")]
    if single.empty:
        return single
    groups = single.groupby([*key, *kept], dropna=False, sort=False)
    sums = groups.agg(
        value_bn_vnd=("value_bn_vnd", lambda cells: cells.sum(skipna=False)), decimals=("decimals", "min")
    )
    sums = sums.reset_index().assign(**dict.fromkeys(summed, ""))
    place = [*key, "unit", "fund"]
    held = set(map(tuple, long[place].astype(str).to_numpy()))
    new = [tuple(row) not in held for row in sums[place].astype(str).to_numpy()]
    return sums[new]


def _number(row: Row, column: str, name: str) -> dict[str, Any]:
    decimals = {"value_bn_vnd": "value_decimals", "ratio_pct": "ratio_decimals"}.get(column, f"{column}_decimals")
    found = {name: row.get(column), f"{name}_decimals": row.get(decimals)}
    return found | {f"{name}{end}": row.get(f"{column}{end}") for end in ("_low", "_high", "_kind")}


def _plan_of(row: Row, until: pd.Timestamp, by_key: Mapping[Any, list[dict[Any, Any]]]) -> dict[str, Any]:
    """Plan behind a total: of its own page, else the newest known then; else what amount and ratio imply."""
    measure = "plan_assigned" if row["ratio_base"] == "pm_plan" else "plan"
    rows = by_key.get((measure, *(row[name] for name in _KEY)), [])
    plans = [each for each in rows if each["_when"] <= until and not each["as_of"] > row["as_of"]]
    if pd.isna(row["disbursed_bn_vnd"]) and pd.notna(row["ratio_pct"]):  # of which plan only its own page can say
        plans = [each for each in plans if each["source_id"] == row["source_id"]]
    both = pd.notna(row["disbursed_bn_vnd"]) and pd.notna(row["ratio_pct"]) and row["ratio_pct_low"] > 0
    if plans:
        newest_last = sorted(plans, key=lambda each: (each["source_id"] == row["source_id"], each["_when"]))
        plan = newest_last[-1]
        implied = _implied(row) if both else None
        agrees = implied is None or (
            plan["value_bn_vnd_low"] <= implied["plan_bn_vnd_high"]
            and implied["plan_bn_vnd_low"] <= plan["value_bn_vnd_high"]
        )
        if agrees:
            return {
                **_number(plan, "value_bn_vnd", "plan_bn_vnd"),
                "plan_from": "printed",
                "plan_ids": plan["figure_ids"],
            }
    if both:
        return {**_implied(row), "plan_from": "implied", "plan_ids": ""}
    empty = {f"plan_bn_vnd{end}": np.nan for end in ("", "_low", "_high", "_decimals")}
    return {**empty, "plan_bn_vnd_kind": None, "plan_from": "", "plan_ids": ""}


def _implied(row: Mapping[Any, Any]) -> dict[str, Any]:
    low = 100 * row["disbursed_bn_vnd_low"] / row["ratio_pct_high"]
    high = 100 * row["disbursed_bn_vnd_high"] / row["ratio_pct_low"]
    kind = weakest_of([row["disbursed_bn_vnd_kind"], row["ratio_pct_kind"]])
    value = 100 * row["disbursed_bn_vnd"] / row["ratio_pct"]
    return {
        "plan_bn_vnd": value,
        "plan_bn_vnd_low": low,
        "plan_bn_vnd_high": high,
        "plan_bn_vnd_kind": kind,
        "plan_bn_vnd_decimals": np.nan,
    }


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
    ordered = held.assign(_full=-full).sort_values("_full", kind="stable")
    repeated = ordered.duplicated(same) & ordered["disbursed_bn_vnd"].isna()
    return held.loc[sorted(ordered.index[~repeated])]


def _summed(rows: pd.DataFrame) -> list[str]:
    return list(rows.columns)


def _settled_together(row: pd.Series, investment: pd.DataFrame | None) -> pd.Series:
    """An estimate's implied plan narrowed by the completed work that the same page prints with its own ratio."""
    if row["plan_from"] != "implied" or investment is None:
        return row
    beside = investment[
        (investment["measure"] == "completed_volume")
        & (investment["source_id"] == row["source_id"])
        & (investment["budget_year"] == row["budget_year"])
        & investment["value_bn_vnd"].notna()
        & investment["ratio_pct"].notna()
        & (investment["unit"] == "")
    ]
    for work in beside.to_dict("records"):
        low = max(row["plan_bn_vnd_low"], 100 * work["value_bn_vnd_low"] / work["ratio_pct_high"])
        high = min(row["plan_bn_vnd_high"], 100 * work["value_bn_vnd_high"] / work["ratio_pct_low"])
        if low <= high:  # else the two ratios are of two plans
            row = row.copy()
            row["plan_bn_vnd_low"], row["plan_bn_vnd_high"], row["plan_bn_vnd"] = low, high, (low + high) / 2
            row["figure_ids"] = union_ids([row["figure_ids"], work["figure_ids"]])
    return row


def _what_is_left(row: pd.Series, share: float) -> dict[str, Any]:
    """Undisbursed and missing money, over all plans and amounts that print as the row does."""
    names = ("disbursed_bn_vnd", "plan_bn_vnd")
    found = row.to_dict()
    formulas = {"undisbursed_bn_vnd": 1.0, "short_bn_vnd": share}
    usable = all(pd.notna(row[f"{name}{end}"]) for name in names for end in ("", "_low", "_high"))
    for name, part in formulas.items():
        ends = dict.fromkeys((name, f"{name}_low", f"{name}_high"), np.nan)
        found |= {**ends, f"{name}_kind": None}
        if not usable or np.isnan(part):
            continue
        pairs = _corners(row)
        values = [part * plan - paid for plan, paid in pairs]
        value = part * row["plan_bn_vnd"] - row["disbursed_bn_vnd"]
        if row["plan_from"] == "implied":  # the middle of what the three prints allow together
            value = (min(values) + max(values)) / 2
        value = float(np.clip(value, min(values), max(values)))  # words move the middle of an amount to an end
        kind = weakest_of([row["disbursed_bn_vnd_kind"], row["plan_bn_vnd_kind"]])
        found |= {name: value, f"{name}_low": min(values), f"{name}_high": max(values), f"{name}_kind": kind}
    return found


def _corners(row: pd.Series) -> list[tuple[float, float]]:
    plan, paid = ((row[f"{name}_low"], row[f"{name}_high"]) for name in ("plan_bn_vnd", "disbursed_bn_vnd"))
    if pd.notna(row["ratio_pct_low"]) and pd.notna(row["ratio_pct_high"]):
        corners = joint_set(plan, paid, (row["ratio_pct_low"], row["ratio_pct_high"]))
        if corners:  # none where amount, plan and ratio contradict each other, which is a check's matter
            return corners
    return [(p, d) for p in plan for d in paid]


def _error(early: pd.Series, late: pd.Series) -> dict[str, Any]:
    """Error of an estimate with its two parts, bounds over the corners of all that is printed."""
    row: dict[str, Any] = {"figure_ids": union_ids([early["figure_ids"], late["figure_ids"]])}
    row |= _number(early, "ratio_pct", "estimated_pct") | _number(late, "ratio_pct", "settled_pct")
    row |= {"estimated_pct_decimals": early["ratio_pct_decimals"], "settled_pct_decimals": late["ratio_pct_decimals"]}
    ratios = {end: late[f"ratio_pct{end}"] for end in ("", "_low", "_high")}
    row |= {
        "error_pp": ratios[""] - early["ratio_pct"],
        "error_pp_low": ratios["_low"] - early["ratio_pct_high"],
        "error_pp_high": ratios["_high"] - early["ratio_pct_low"],
        "error_pp_kind": weakest_of([early["ratio_pct_kind"], late["ratio_pct_kind"]]),
    }
    if not all(pd.notna(each) for each in (early["disbursed_bn_vnd"], late["disbursed_bn_vnd"], late["plan_bn_vnd"])):
        return row
    # Money on the old plan: (paid then − estimated) / old plan, the old plan being estimate over its ratio.
    money = [
        early["ratio_pct"] * (paid / estimated - 1)
        for paid in (late["disbursed_bn_vnd_low"], late["disbursed_bn_vnd_high"])
        for estimated in (early["disbursed_bn_vnd_low"], early["disbursed_bn_vnd_high"])
    ]
    value = early["ratio_pct"] * (late["disbursed_bn_vnd"] / early["disbursed_bn_vnd"] - 1)
    row |= _spread("from_money_pp", value, money)
    rest = late["ratio_pct"] - early["ratio_pct"] - value
    moved = early["ratio_pct"] * late["disbursed_bn_vnd"] / early["disbursed_bn_vnd"]
    settled = 100 * late["disbursed_bn_vnd"] / late["plan_bn_vnd"]
    half = (max(money) - min(money)) / 2
    return row | _spread("from_plan_pp", rest, [settled - moved - half, settled - moved + half])


def _spread(name: str, value: float, values: Iterable[float]) -> dict[str, Any]:
    ends = [*values, value]
    return {name: value, f"{name}_low": min(ends), f"{name}_high": max(ends), f"{name}_kind": ROUNDING}


def _part(dimension: str, item: str, held: pd.DataFrame, plans: pd.DataFrame) -> dict[str, Any]:
    """A unit or fund at its newest cut-off day."""
    other = "fund" if dimension == "unit" else "unit"
    paid = held[(held[dimension] == item) & (held[other] == "")]
    paid = paid.sort_values("as_of", na_position="first", kind="stable")
    plan = plans[(plans[dimension] == item) & (plans[other] == "")]
    plan = plan.assign(_when=last_day(plan["vintage"])).sort_values("_when", kind="stable")
    parent, _, _ = item.rpartition("/")
    row: dict[str, Any] = {"dimension": dimension, "item": item, "parent": parent, "depth": item.count("/")}
    last = paid.iloc[-1] if len(paid) else pd.Series(dtype=object)
    of_plan = last if pd.notna(last.get("plan_bn_vnd")) else pd.Series(dtype=object)
    if of_plan.empty and len(plan):
        of_plan = pd.Series(_number(plan.iloc[-1], "value_bn_vnd", "plan_bn_vnd"))
    for name, source in (("plan_bn_vnd", of_plan), ("disbursed_bn_vnd", last), ("ratio_pct", last)):
        row |= {f"{name}{end}": source.get(f"{name}{end}", np.nan) for end in ("", *_ENDS)}
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


def last_month_day(year: int, month: int) -> pd.Timestamp:
    """Last day of a month of the budget year; month 13 is January of the next."""
    year, month = (year + 1, 1) if month > 12 else (year, month)
    if not 1 <= month <= 12:
        raise DataError(f"month {month} is no month of a budget year; write 1 to 13")
    return pd.Timestamp(year, month, calendar.monthrange(year, month)[1])
