"""Where an open budget year closes, and the pace that a target takes from now on.

Responsibility: three forecasts side by side, each with the range it claims; the required pace; how many past years
would have made it; how far estimates of past years were off. No curve is fitted, a single total gives no forecast, a
closed year no pace.

Terms: *run rate* = money so far over the months so far, drawn out to month 13: a floor, since payments gather at the
end; *profile* = share of the outturn paid by the same day in past years; *bottom-up* = every unit of the partition on
its own profile. A *range of n years* holds the outturn about (n − 1) times in n + 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.analysis.investment import (
    ESTIMATE,
    MONTHS,
    OUTTURN,
    holders,
    months_into,
    number_of,
    own_plan,
    parts_of,
    totals,
    whole,
)
from kg_analysis.bounds import ROUNDING, YEARS, beside, union_ids, weakest_of
from kg_analysis.data.dataset import last_day
from kg_analysis.data.loader import Tables, load
from kg_analysis.errors import NotPrintedError

RUN_RATE, PROFILE, BOTTOM_UP = "run_rate", "profile", "bottom_up"
FEWEST_TOTALS, FEWEST_YEARS = 2, 2
FEWEST_YEARS_FOR_CHANCE = 8
RECENT_MONTHS = 3
FIRST_OF_FLOOR = 3  # month of the first total that a mean pace is drawn out from
NATION, NATION_BASE = "00", "pm_plan"
_FARTHEST = 1.5  # months between a day and the totals of a past year that it is read between


def forecast_disbursement(
    budget_year: int, area: str = "91", month: float | None = None, *, tables: Tables | None = None
) -> pd.DataFrame:
    """Money paid by the close of an open budget year, by three methods; see :func:`forecasts`.

    Parameters
    ----------
    budget_year : int
    area : str
        Area code.
    month : float or None
        Look at the year as it stood after so many months; None takes the newest total.
    tables : Tables or None
        None loads the data folder.

    Examples
    --------
    >>> forecast_disbursement(2022)[["method", "disbursed_bn_vnd"]].round(0).to_string(index=False, header=False)
    'run_rate 3788.0'
    """
    found = tables or load()
    rows = found.investment[found.investment["area_code"] == area]
    return forecasts(totals(rows), budget_year, month, parts=rows)


def course(held: pd.DataFrame, budget_year: int) -> pd.DataFrame:
    """Actual dated totals of the whole with an amount, one a day, the newest publication of each."""
    rows = own_plan(whole(held))
    rows = rows[(rows["budget_year"] == budget_year) & (rows["basis"] == "actual")]
    rows = rows[rows["disbursed_bn_vnd"].notna() & rows["months"].gt(0)]
    newest = rows.assign(_when=last_day(rows["vintage"])).sort_values("_when", kind="stable")
    newest = newest.drop_duplicates("as_of", keep="last").drop(columns="_when")
    return newest.sort_values("as_of").reset_index(drop=True)


def forecasts(
    held: pd.DataFrame, budget_year: int, month: float | None = None, parts: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Outturn of an open budget year by every method that its totals allow.

    ``held``: :func:`~kg_analysis.analysis.investment.totals` of one area, of all years. ``month``: only totals up to
    this month of the budget year count. ``parts``: rows of ``clean/investment`` of the area and all years, for the
    units.
    Columns: ``method``, ``as_of``, ``disbursed_bn_vnd`` with ``_low``, ``_high`` and ``_kind``, ``ratio_pct`` likewise,
    ``years`` (past years in a range) and ``claimed_pct``, how often such a range holds the outturn; empty where no
    range is claimed. The run rate is a floor: its upper end is open.
    Raises NotPrintedError: if the year is closed, or fewer than two dated totals are held.
    """
    now = course(held, budget_year)
    closed = (own_plan(whole(held)).query("budget_year == @budget_year")["standing"] == OUTTURN).any()
    if month is None and closed:
        raise NotPrintedError(f"budget year {budget_year} is closed; pass month to look back", "investment_closed")
    if month is not None:
        now = now[now["months"] <= month]
    if len(now) < FEWEST_TOTALS:
        raise NotPrintedError(f"{len(now)} dated total of {budget_year}; a forecast takes two", "investment_one_total")
    last = now.iloc[-1]
    made = [_run_rate(last), _profile(last, held, budget_year), _bottom_up(last, parts, budget_year)]
    found = pd.DataFrame([row for row in made if row is not None])
    for end in ("", "_low", "_high"):
        found[f"ratio_pct{end}"] = 100 * found[f"disbursed_bn_vnd{end}"] / last["plan_bn_vnd"]
    return found.assign(
        ratio_pct_kind=found["disbursed_bn_vnd_kind"], as_of=last["as_of"], figure_ids=union_ids(now["figure_ids"])
    )


def past_shares(held: pd.DataFrame, budget_year: int, months: float) -> pd.DataFrame:
    """Share of its outturn that every closed earlier year had paid by a time of the year.

    Columns: ``budget_year``, ``share`` of the outturn, ``rest_pct`` (points of the plan paid afterwards); read between
    two dated totals at most 1.5 months away, or at one of the day.
    """
    found = []
    for year in sorted(set(held["budget_year"])):
        dated = course(held, year)
        final = dated[dated["months"].eq(MONTHS)]
        if year >= budget_year or final.empty or final["disbursed_bn_vnd"].iloc[-1] <= 0:
            continue
        paid = _at(dated, months)
        if paid is not None:
            end = final.iloc[-1]
            rest = 100 * (end["disbursed_bn_vnd"] - paid) / end["plan_bn_vnd"]
            found.append({"budget_year": year, "share": paid / end["disbursed_bn_vnd"], "rest_pct": rest})
    return pd.DataFrame(found, columns=["budget_year", "share", "rest_pct"])


def required_pace(totals: pd.DataFrame, target_pct: float) -> pd.DataFrame:
    """Monthly disbursement needed from each dated total to reach a target share of the plan.

    Parameters
    ----------
    totals : DataFrame
        ``investment`` of one budget year: ``as_of``, ``plan_bn_vnd``, ``disbursed_bn_vnd`` and their bounds.
    target_pct : float
        Share of the plan to reach by 31 January of the next year [percent].

    Returns
    -------
    DataFrame
        One row an ``as_of``: ``months_left``, ``pace_bn_vnd_per_month`` with bounds; negative where the target is met;
        ``recent_bn_vnd_per_month``, the mean since a total about three months older, and ``acceleration_factor``.

    Raises
    ------
    DataError
        If every total is of the closing day: no month is left.

    Examples
    --------
    >>> open_year = pd.DataFrame({"as_of": ["2022-06-30"], "plan_bn_vnd": [7000.0], "disbursed_bn_vnd": [2150.0]})
    >>> required_pace(open_year, target_pct=95)["pace_bn_vnd_per_month"].round(1).item()
    642.9

    References
    ----------
    Law on Public Investment, disbursement period; report 2021, section I.4.a.
    """
    rows = totals.assign(as_of=pd.to_datetime(totals["as_of"]))
    if "budget_year" not in rows:
        rows = rows.assign(budget_year=rows["as_of"].dt.year)
    rows = rows[rows["as_of"].notna() & rows["disbursed_bn_vnd"].notna() & rows["plan_bn_vnd"].notna()]
    rows = rows.assign(months=months_into(rows["as_of"], rows["budget_year"]))
    left = rows[rows["months"] < MONTHS].sort_values("as_of").reset_index(drop=True)
    if left.empty:
        days = ", ".join(sorted({f"{day:%Y-%m-%d}" for day in rows["as_of"]})) or "no total"
        raise NotPrintedError(f"no month is left after {days}; pass totals of an open budget year", "investment_closed")
    left["months_left"] = MONTHS - left["months"]
    for end, other in (("", ""), ("_low", "_high"), ("_high", "_low")):
        plan = left[f"plan_bn_vnd{end}"] if f"plan_bn_vnd{end}" in left else left["plan_bn_vnd"]
        paid = left[f"disbursed_bn_vnd{other}"] if f"disbursed_bn_vnd{other}" in left else left["disbursed_bn_vnd"]
        left[f"pace_bn_vnd_per_month{end}"] = (target_pct / 100 * plan - paid) / left["months_left"]
    left["pace_bn_vnd_per_month_kind"] = left.get("disbursed_bn_vnd_kind", "rounding")
    left["recent_bn_vnd_per_month"] = [_recent(left, place) for place in range(len(left))]
    left["acceleration_factor"] = left["pace_bn_vnd_per_month"] / left["recent_bn_vnd_per_month"]
    shown = [name for name in left if str(name).startswith(("pace_", "recent_", "acceleration"))]
    kept = [name for name in ("plan_bn_vnd", "disbursed_bn_vnd", "figure_ids") if name in left]
    return left[["as_of", *kept, "months_left", *shown]]


def chance(held: pd.DataFrame, budget_year: int, target_pct: float, month: float | None = None) -> pd.DataFrame:
    """How many past years paid as much of their plan from the same day on as the target still takes.

    One row: ``needed_pct`` of the plan, ``reached``, ``of`` past years, ``may_be_rate``: a percentage is only said from
    eight years on. No rows where no past year is held.
    """
    now = course(held, budget_year)
    if month is not None:
        now = now[now["months"] <= month]
    if now.empty or now["months"].iloc[-1] >= MONTHS:
        return pd.DataFrame(columns=["needed_pct", "reached", "of", "may_be_rate"])
    last = now.iloc[-1]
    needed = target_pct - 100 * last["disbursed_bn_vnd"] / last["plan_bn_vnd"]
    past = past_shares(held, budget_year, last["months"])
    if past.empty:
        return pd.DataFrame(columns=["needed_pct", "reached", "of", "may_be_rate"])
    reached = int((past["rest_pct"] >= needed).sum())
    enough = len(past) >= FEWEST_YEARS_FOR_CHANCE
    return pd.DataFrame([{"needed_pct": needed, "reached": reached, "of": len(past), "may_be_rate": enough}])


def forecast_error(held: pd.DataFrame) -> pd.DataFrame:
    """How far estimates of budget years were off, in points: by the money paid and by the changed plan.

    ``held``: :func:`totals` of one area, of any years.
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


def claimed_coverage(years: int) -> float:
    """How often the range of n exchangeable years holds the next: (n − 1)/(n + 1) [percent].

    Examples
    --------
    >>> claimed_coverage(3)
    50.0
    """
    return 100.0 * (years - 1) / (years + 1)


def floor_record(held: pd.DataFrame, budget_year: int | None = None) -> tuple[int, int]:
    """Years of the nation in which no total from the third month on, drawn out to month 13, lay above the result.

    ``held``: :func:`~kg_analysis.analysis.investment.totals` that hold the nation's, as shares of the Prime Minister's
    plan. ``budget_year``: the year that is forecast, which is left out.
    Years in which the mean pace was a floor, of the years whose result and totals before it are held.
    """
    nation = whole(held)
    nation = nation[(nation["area_code"] == NATION) & (nation["ratio_base"] == NATION_BASE)]
    nation = nation[nation["ratio_pct"].notna()]
    kept, years = 0, 0
    for _, rows in nation[nation["budget_year"] != budget_year].groupby("budget_year"):
        results = rows.loc[rows["standing"] == OUTTURN, "ratio_pct"]
        before = rows[rows["months"].between(FIRST_OF_FLOOR, MONTHS, inclusive="left")]
        if results.empty or before.empty:
            continue
        years += 1
        kept += bool((before["ratio_pct"] * MONTHS / before["months"]).max() <= results.min())
    return kept, years


def _at(dated: pd.DataFrame, months: float) -> float | None:
    """Money at a time of the year, on the straight line between the totals before and after it."""
    before, after = dated[dated["months"] <= months], dated[dated["months"] >= months]
    start = before.iloc[-1] if len(before) else pd.Series({"months": 0.0, "disbursed_bn_vnd": 0.0})
    if after.empty or months - start["months"] > _FARTHEST or after["months"].iloc[0] - months > _FARTHEST:
        return None
    end = after.iloc[0]
    return float(
        np.interp(months, [start["months"], end["months"]], [start["disbursed_bn_vnd"], end["disbursed_bn_vnd"]])
    )


def _row(method: str, value: float, low: float, high: float, kind: str | None, years: int | None) -> dict[str, Any]:
    claimed = np.nan if years is None else claimed_coverage(years)
    paid = beside("disbursed_bn_vnd", value, low, high, kind)
    return {"method": method, **paid, "years": years, "claimed_pct": claimed}


def _run_rate(last: pd.Series) -> dict[str, Any]:
    value = last["disbursed_bn_vnd"] * MONTHS / last["months"]
    return _row(RUN_RATE, value, value, np.nan, None, None)


def _profile(last: pd.Series, held: pd.DataFrame, budget_year: int) -> dict[str, Any] | None:
    past = past_shares(held, budget_year, last["months"])
    if len(past) < FEWEST_YEARS:
        return None
    ends = last["disbursed_bn_vnd"] / past["share"]
    return _row(PROFILE, float(ends.median()), float(ends.min()), float(ends.max()), YEARS, len(past))


def _bottom_up(last: pd.Series, parts: pd.DataFrame | None, budget_year: int) -> dict[str, Any] | None:
    """Units that add to the whole, each on its own course of the same past year; the range is over those years."""
    if parts is None or parts.empty:
        return None
    units = holders(parts_of(parts[parts["budget_year"] == budget_year]))
    if units.empty:
        return None
    held = totals(parts[parts["unit"].isin(set(units["item"]))])
    ends: pd.Series | None = None
    for unit in units["item"]:
        rows = held[held["unit"] == unit].assign(unit="")
        now = course(rows, budget_year)
        now = now[now["as_of"] == last["as_of"]]
        if now.empty:
            return None  # a unit of which nothing is known on that day
        past = past_shares(rows, budget_year, last["months"]).set_index("budget_year")["share"]
        drawn = now["disbursed_bn_vnd"].iloc[0] / past
        ends = drawn if ends is None else ends + drawn  # only years that every unit has
    found = pd.Series(dtype=float) if ends is None else ends.dropna()
    if len(found) < FEWEST_YEARS:
        return None
    return _row(BOTTOM_UP, float(found.median()), float(found.min()), float(found.max()), YEARS, len(found))


def _recent(rows: pd.DataFrame, place: int) -> float:
    """Mean pace since the total that is nearest to three months older; since 1 January where none is older."""
    last = rows.iloc[place]
    earlier = rows.iloc[:place]
    if earlier.empty:
        return float(last["disbursed_bn_vnd"] / last["months"])
    gaps = (last["months"] - earlier["months"] - RECENT_MONTHS).abs()
    start = earlier.loc[gaps.idxmin()]
    return float((last["disbursed_bn_vnd"] - start["disbursed_bn_vnd"]) / (last["months"] - start["months"]))


def _error(early: pd.Series, late: pd.Series) -> dict[str, Any]:
    """Error of an estimate with its two parts, bounds over the corners of all that is printed."""
    row: dict[str, Any] = {"figure_ids": union_ids([early["figure_ids"], late["figure_ids"]])}
    row |= number_of(early, "ratio_pct", "estimated_pct") | number_of(late, "ratio_pct", "settled_pct")
    for end, other in (("", ""), ("_low", "_high"), ("_high", "_low")):
        row[f"error_pp{end}"] = late[f"ratio_pct{end}"] - early[f"ratio_pct{other}"]
    row["error_pp_kind"] = weakest_of([early["ratio_pct_kind"], late["ratio_pct_kind"]])
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
    return beside(name, value, min(ends), max(ends), ROUNDING)
