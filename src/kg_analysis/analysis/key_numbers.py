"""Key numbers of a year: each with its plan, last year's, the place in the delta, the nation, and its verdict.

Responsibility: bring together for one page what the topics have worked out; the leading figure of every quantity, never
a superseded one. No words.

Terms: *family* = the indicators ``x``, ``x_growth`` and ``x_plan_ratio`` of one measure; *part* of a row = ``actual``,
``plan``, ``plan_ratio``, ``last`` (the year before), ``change`` (over it) and ``nation``, each with its bounds,
decimals and unit beside it; *verdict* = ``exceeded``, ``met``, ``missed`` or ``open`` (the bounds or several targets
hold both), "" without a plan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from kg_analysis.analysis.panel import place_of
from kg_analysis.bounds import EXACT, WORDING, union_ids
from kg_analysis.data.dataset import leading

PARTS = ("actual", "plan", "plan_ratio", "last", "change", "nation")
EXCEEDED, MET, MISSED, OPEN = "exceeded", "met", "missed", "open"
NATION = "00"
_WHOLE = ("year", "budget_year")  # periods that are a whole year
_SETTLED = ("outturn", "settled")
Frames = Mapping[str, Any]
Row = dict[str, Any]


def key_numbers(
    figures: pd.DataFrame, year: int, wanted: Iterable[str], frames: Frames, most: int | None = None
) -> pd.DataFrame:
    """Key numbers of an area and year, in the order wanted, as far as a figure is held.

    ``figures``: ``Tables.figures`` of the area within its boundary, of all years. ``wanted``: indicators by the stem of
    their family; ``covid_cases`` and ``covid_deaths`` are the counts of the bulletins. ``frames``: ``around``,
    ``nine_years``, ``claimed``, ``rates``, ``balance``, ``aim``, ``totals``, ``wave`` of the registry. ``most``: number
    of rows.
    A row a measure: ``indicator``; for every part ``<part>`` with ``_low``, ``_high``, ``_kind``, ``_decimals`` and
    ``_unit``; ``standing`` (settled, preliminary, estimate, to_date), ``start`` and ``as_of`` (days, where the number
    is not of the whole year), ``best_rank`` and ``worst_rank`` (provinces without a figure may stand anywhere),
    ``ranked`` (provinces with a figure), ``rank_of`` (all), ``claimed_rank`` (as the province names it), ``aims``
    (several targets, as in ``nine_years``), ``out_of`` (how many are ranked), ``nation_base``, ``verdict``,
    ``figure_ids``, ``rank_ids`` (figures of the other provinces), ``superseded_ids`` and ``series_source_id``.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "figure_id": ["out", "ratio", "up"], "area_code": "91", "boundary_version": "kien-giang",
    ...     "indicator": ["exports", "exports_plan_ratio", "exports_growth"], "dimension": "", "item": "",
    ...     "period_type": "year", "period_start": pd.Timestamp("2023-01-01"),
    ...     "period_end": pd.Timestamp("2023-12-31"), "comparator": "", "basis": "estimate", "as_of": pd.NaT,
    ...     "vintage": "2024-01", "grade": "press", "value": [860.0, 96.4, 7.23], "low": [859.5, 96.35, 7.225],
    ...     "high": [860.5, 96.45, 7.235], "bound_kind": "rounding", "decimals": [0, 1, 2],
    ...     "unit": ["mn_usd", "pct", "pct"], "is_corrected": False})
    >>> found = key_numbers(rows, 2023, ["exports"], {})
    >>> found[["actual", "plan_ratio", "change", "verdict"]].values.tolist()
    [[860.0, 96.4, 7.23, 'missed']]
    """
    whole = figures[figures["period_type"].isin(_WHOLE) & figures["dimension"].isin(["", "target_status"])]
    by_year = {at: leading(whole[whole["period_start"].dt.year == at]) for at in (year, year - 1)}
    found = []
    for name in wanted:
        row = _SPECIAL[name](by_year, year, frames) if name in _SPECIAL else _family(name, by_year, year)
        if row:
            found.append({"indicator": name, **row})
    if not found:
        return pd.DataFrame()
    table = pd.DataFrame(found[:most])
    for part in PARTS:
        for end in ("", "_low", "_high", "_decimals"):
            column = f"{part}{end}"
            table[column] = pd.to_numeric(table[column]) if column in table else float("nan")
        for end in ("_kind", "_unit"):
            column = f"{part}{end}"
            table[column] = table[column].fillna("") if column in table else ""
    for column, empty in _BESIDE.items():
        table[column] = table[column].where(table[column].notna(), empty) if column in table else empty
    return table.assign(verdict=[_verdict(row) for row in table.to_dict("records")])


_BESIDE: dict[str, Any] = {
    "standing": "", "start": pd.NaT, "as_of": pd.NaT, "best_rank": pd.NA, "worst_rank": pd.NA, "ranked": pd.NA,
    "rank_of": pd.NA, "claimed_rank": pd.NA, "aims": "", "out_of": pd.NA, "nation_base": "",
    "figure_ids": "", "rank_ids": "", "superseded_ids": "", "series_source_id": "",
}  # fmt: skip


def _family(stem: str, by_year: Mapping[int, pd.DataFrame], year: int) -> Row:
    """A level with its plan, its share of the plan and its growth, whichever of them are held."""
    actual, plan = _result(by_year[year], stem), _aim(by_year[year], stem)
    ratio, change = _result(by_year[year], f"{stem}_plan_ratio"), _result(by_year[year], f"{stem}_growth")
    above = _result(by_year[year], f"{stem}_above_plan")
    last = _result(by_year[year - 1], stem) if actual is not None else None
    aim = _aim(by_year[year], f"{stem}_target") if plan is None else plan
    parts = {"actual": actual, "plan": aim, "plan_ratio": ratio, "last": last, "change": change}
    if all(parts[each] is None for each in ("actual", "plan_ratio", "change")) and above is None:
        return {}
    row = _parts(parts)
    among = _result(by_year[year], f"{stem}_of")
    if among is not None:
        row["out_of"] = int(among["value"])
    if ratio is None and above is not None:
        shifted = {f"plan_ratio{end}": 100 + float(above[of]) for end, of in (("", "value"), *_ENDS)}
        row |= _part("plan_ratio", above) | shifted
    leads = next(each for each in (actual, ratio, change, above) if each is not None)
    used = [each for each in (*parts.values(), above, among) if each is not None]
    return row | {
        "standing": leads["standing"],
        "as_of": leads["as_of"],
        "figure_ids": union_ids(each["figure_id"] for each in used),
        "superseded_ids": leads["superseded_ids"],
    }


def _growth(by_year: Mapping[int, pd.DataFrame], year: int, frames: Frames) -> Row:
    """Growth of the whole year with its target, the year before, the place in the delta and the nation."""
    years, around, claimed = (frames.get(name, pd.DataFrame()) for name in ("nine_years", "around", "claimed"))
    row = _family("grdp_growth", by_year, year)
    if not row or years.empty or around.empty:
        return row
    boundary = str(by_year[year]["boundary_version"].iloc[0])
    own = years[(years["year"] == year) & (years["boundary_version"] == boundary) & years["aims"].notna()]
    if len(own):
        row["aims"] = str(own["aims"].iloc[0])
        row["figure_ids"] = union_ids([row["figure_ids"], str(own["figure_ids"].iloc[0])])
    nation = years.loc[years["year"] == year, "nation_pct"].dropna()
    own = around[(around["area_code"] == NATION) & around["latest"]]
    if len(nation) and len(own):
        row |= _bounded("nation", own.iloc[0], "growth_pct")
        row["figure_ids"] = union_ids([row["figure_ids"], str(own["figure_ids"].iloc[0])])
    place = place_of(around, str(by_year[year]["area_code"].iloc[0]))
    if place is None or not place.tells:
        return row
    among: Row = {"best_rank": place.best, "worst_rank": place.worst + len(place.missing), "ranked": place.known}
    among |= {"rank_of": place.known + len(place.missing), "rank_ids": union_ids(around["figure_ids"].dropna())}
    if len(claimed):
        said = claimed[(claimed["year"] == year) & (claimed["boundary_version"] == boundary)]
        said = said[said["measure"].eq("grdp_growth") & said["region"].eq("mekong_delta") & said["period"].eq("FY")]
        among |= {"claimed_rank": int(said["claimed_rank"].iloc[0])} if len(said) else {}
    return row | among


def _investment(by_year: Mapping[int, pd.DataFrame], year: int, frames: Frames) -> Row:
    """Share of the plan paid by the leading total, with its own year's target, the money, and the nation."""
    del by_year
    balance, rates, aim = (frames.get(name, pd.DataFrame()) for name in ("balance", "rates", "aim"))
    if balance.empty:
        return {}
    top = balance[balance["leads"]].iloc[0] if balance["leads"].any() else balance.iloc[0]
    row = _bounded("actual", top, "ratio_pct")
    if len(aim) and pd.notna(aim["target_year"].iloc[0]) and aim["target_year"].iloc[0] == year:
        target = float(aim["target_pct"].iloc[0])
        row |= {"plan": target, "plan_low": target, "plan_high": target, "plan_kind": EXACT, "plan_unit": "pct"}
        if aim["qualifier"].iloc[0] == "at_least":
            row["aims"] = f"{target:g}+"
        elif aim["or_more"].iloc[0]:
            row |= {"plan_high": math.inf, "plan_kind": WORDING}
        row |= {"plan_decimals": 0 if target.is_integer() else 1}
    elif pd.notna(top["plan_bn_vnd"]) and top["plan_from"] == "printed":
        ends = {f"plan{end}": top[f"plan_bn_vnd{end}"] for end in ("", "_low", "_high", "_kind", "_decimals")}
        row |= {**ends, "plan_unit": "bn_vnd"}
    closed = rates[rates["standing"] == "outturn"] if len(rates) else rates
    nation = closed[(closed["area_code"] == NATION) & (closed["budget_year"] == year)] if len(closed) else closed
    nation = nation[nation["ratio_base"].isin(["pm_plan", ""])] if len(nation) else nation
    nation = nation.sort_values("ratio_base") if len(nation) else nation
    before = closed[(closed["area_code"] != NATION) & (closed["budget_year"] == year - 1)] if len(closed) else closed
    if len(nation) and top["standing"] == "outturn":
        row |= _bounded("nation", nation.iloc[-1], "ratio_pct")
        row["nation_base"] = nation["ratio_base"].iloc[-1] or "unnamed"
    row |= _bounded("last", before.iloc[-1], "ratio_pct") if len(before) else {}
    others = balance[balance["ratio_pct"].notna() & ~balance["leads"]]
    beside = [each["figure_ids"].iloc[-1] for each in (nation, before) if len(each)]
    return row | {
        "standing": "settled" if top["standing"] in _SETTLED else top["standing"],
        "as_of": top["as_of"],
        "figure_ids": union_ids([top["figure_ids"], *beside, *aim.get("figure_ids", [])]),
        "superseded_ids": union_ids(others["figure_ids"]),
    }


def _targets(by_year: Mapping[int, pd.DataFrame], year: int, frames: Frames) -> Row:
    """Targets met or exceeded out of all, of the system that the People's Council set, else of the first printed."""
    del frames
    rows = by_year[year][by_year[year]["indicator"] == "target_count"]
    systems = rows["item"].str.split("/").str[0]
    for system in sorted(set(systems), key=lambda name: (name != "people_council", name)):
        own = rows[systems == system].assign(status=rows["item"].str.split("/").str[1])
        met, total = (own[own["status"] == status] for status in ("met_or_exceeded", "total"))
        if len(met) and len(total):
            row = _parts({"actual": met.iloc[0], "plan": total.iloc[0]})
            ids = union_ids([met["figure_id"].iloc[0], total["figure_id"].iloc[0]])
            return row | {"standing": met["standing"].iloc[0], "figure_ids": ids}
    return {}


def _covid(column: str) -> Callable[[Mapping[int, pd.DataFrame], int, Frames], Row]:
    """Cases or deaths by the bulletins of the year; cases of the report's phases where no bulletin is held."""

    def counted(by_year: Mapping[int, pd.DataFrame], year: int, frames: Frames) -> Row:
        del by_year, year
        totals, wave = frames.get("totals", pd.DataFrame()), frames.get("wave", pd.DataFrame())
        known = totals[totals[column].notna()] if len(totals) else totals
        within = known[known["period"] == "year"] if len(known) else known
        rows = within if len(within) else known[known["period"] == "all"] if len(known) else known
        if len(rows):
            row = rows.iloc[0]
            of_deaths = column == "deaths" and isinstance(row.get("deaths_series_source_id"), str)
            source = row["deaths_series_source_id"] if of_deaths else row["series_source_id"]
            return _count(float(row[column]), column, row) | {"standing": "settled", "series_source_id": source}
        if column == "cases" and len(wave):
            row = wave.iloc[-1]
            ends = {f"actual{end}": row[f"cases{end}"] for end in ("", "_low", "_high", "_kind")}
            days = {"start": row["start"], "as_of": row["end"], "standing": "preliminary"}
            return {**ends, "actual_unit": "cases", **days, "figure_ids": row["figure_ids"]}
        return {}

    return counted


_SPECIAL: dict[str, Callable[[Mapping[int, pd.DataFrame], int, Frames], Row]] = {
    "grdp_growth": _growth,
    "pubinv_disbursed_plan_ratio": _investment,
    "target_count": _targets,
    "covid_cases": _covid("cases"),
    "covid_deaths": _covid("deaths"),
}
_ENDS = (("_low", "low"), ("_high", "high"))


def _result(rows: pd.DataFrame, indicator: str) -> pd.Series | None:
    """Leading result of an indicator that has a value."""
    own = rows[(rows["indicator"] == indicator) & rows["value"].notna() & (rows["item"] == "")]
    own = own[own["basis"].isin(["actual", "estimate"])]
    if own.empty:
        return None
    latest = own.sort_values("as_of", na_position="last", kind="stable")
    return latest.iloc[-1]


def _aim(rows: pd.DataFrame, indicator: str) -> pd.Series | None:
    """What was aimed at: a value, or a bound such as "from 6.7% on"."""
    own = rows[(rows["indicator"] == indicator) & (rows["item"] == "") & (rows["basis"] == "plan")]
    return None if own.empty else own.iloc[-1]


def _parts(rows: Mapping[str, pd.Series | None]) -> Row:
    found: Row = {}
    for part, row in rows.items():
        if row is not None:
            found |= _part(part, row)
    return found


def _part(part: str, row: pd.Series) -> Row:
    """A figure as a part of a row."""
    ends = {f"{part}{end}": row[of] for end, of in (("", "value"), *_ENDS)}
    return {**ends, f"{part}_kind": row["bound_kind"], f"{part}_decimals": row["decimals"], f"{part}_unit": row["unit"]}


def _bounded(part: str, row: pd.Series, column: str) -> Row:
    """A percentage of a table as a part of a row."""
    ends = {f"{part}{end}": row[f"{column}{end}"] for end in ("", "_low", "_high", "_kind", "_decimals")}
    return {**ends, f"{part}_unit": "pct"}


def _count(value: float, unit: str, row: pd.Series) -> Row:
    """An exact count as the actual of a row, from its first to its last day."""
    ends = {f"actual{end}": value for end in ("", "_low", "_high")}
    days = {"start": row["start"], "as_of": row["end"], "figure_ids": row.get("figure_ids") or ""}
    return {**ends, "actual_kind": EXACT, "actual_decimals": 0, "actual_unit": unit, **days}


def _verdict(row: Mapping[str, Any]) -> str:
    """Whether the plan was reached, by the bounds of the result; a printed target is meant exactly."""
    aims = [float(each.rstrip("+")) for each in row["aims"].split("; ") if each]
    aims = aims or [row["plan_low"] if math.isnan(row["plan"]) else row["plan"]]
    # "7% or more" is met, not exceeded.
    least = math.isnan(row["plan"]) or row["aims"].endswith("+") or row["plan_kind"] == WORDING
    if not math.isnan(row["plan_ratio"]):
        low, high, aims, least = row["plan_ratio_low"], row["plan_ratio_high"], [100.0], False
    elif not math.isnan(row["actual"]) and not math.isnan(aims[0]) and row["actual_unit"] == row["plan_unit"]:
        low, high = row["actual_low"], row["actual_high"]
    else:
        return ""
    if row["standing"] == "to_date":
        return ""
    reached = EXCEEDED if low > max(aims) and not least else MET if low >= max(aims) else OPEN
    return MISSED if high < min(aims) else reached
