"""Sentences and titles on levels of GRDP and scenarios: versions, shares, what quarters must grow, revisions.

Responsibility: which words the numbers of ``analysis.levels`` and ``scenarios`` call for. What lies ahead is a
requirement, never a forecast; past years are counted, never turned into odds. A parameter's name says which frame of
the registry it is.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kg_analysis.analysis.scenarios import YEARS_FOR_A_SHARE
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.growth import Row, contributions, period_name, points, sector, short_name, with_unit
from kg_analysis.narrative.wording import FALL, FLAT, between, capital, direction, listed, need, percent, rate


def versions(level_versions: pd.DataFrame, ctx: ReportContext) -> str:
    """Every level over its publications, and that those which differ are not joined."""
    rows = need(level_versions, "growth_level_versions")
    sentences = []
    for (year, period), own in rows.groupby(["year", "period"], sort=False):
        parts = []
        for row in own.to_dict("records"):
            level, day = ctx.fmt.bounded(row, "level_bn_vnd", "short"), ctx.fmt.published(row["vintage"])
            parts.append(ctx.say(f"growth.version_{row['origin']}", level=level, day=day))
        last = own.iloc[-1]
        apart = ctx.say(f"growth.apart_{direction(last, 'apart_pct')}", size=ctx.fmt.number(abs(last["apart_pct"]), 1))
        name = capital(period_name(str(period), ctx))
        sentences.append(ctx.say("growth.versions", period=name, which=year, parts="; ".join(parts), apart=apart))
    return " ".join([*sentences, ctx.say("growth.versions_note")])


def shares(measured: pd.DataFrame, ctx: ReportContext) -> str:
    """Shares of the rest of a year that two levels give: measured within one publication, else a check only."""
    rows = need(measured, "growth_shares")
    parts = []
    for row in rows.to_dict("records"):
        values = {"period": period_name(row["period"], ctx), "share": with_unit(row["share_pct"], 0, "pct", ctx)}
        parts.append(ctx.say("growth.share", which=row["year"], **values))
    key = "mixed" if rows["mixed"].all() else "measured"
    return f"{ctx.say('growth.shares', parts='; '.join(parts))} {ctx.say(f'growth.shares_{key}')}"


def series_contributions(quarter_points: pd.DataFrame, gaps: pd.DataFrame, ctx: ReportContext) -> str:
    """Contributions by the department's own quarters, which release they rest on, and whether they add up."""
    rows = need(quarter_points, "grdp_quarterly")
    day = ctx.fmt.published(rows["vintage"].iloc[0])
    text = ctx.say("growth.release", published=day, last=ctx.data.year - 1)
    off = gaps[(gaps["gap_pp_low"] > 0) | (gaps["gap_pp_high"] < 0)]
    parts = [f"{short_name(row['period'], ctx)} {points(row['gap_pp'], ctx)}" for row in off.to_dict("records")]
    verdict = ctx.say("growth.adds_not", parts=listed(parts, ctx)) if parts else ctx.say("growth.adds_up")
    return f"{contributions(rows, ctx)} {text} {verdict}"


def needed(required_growth: pd.DataFrame, ctx: ReportContext) -> str:
    """Required growth of the base goal in three ways, and past years of the last quarter that grew as fast, counted."""
    rows = need(required_growth, "grdp_quarterly")
    even = rows[rows["spread"] == "even"].set_index("goal")
    needs = {name: rate(even.loc[name], "need_pct", ctx, "need") for name in ("low", "base", "high")}
    goals = {f"goal_{name}": percent(even.at[name, "goal_pct"], ctx) for name in ("low", "base", "high")}
    sentences = [ctx.say("growth.need_even", **needs, **goals)]
    base = rows[rows["goal"] == "base"]
    along = [f"{short_name(row['period'], ctx)} {rate(row, 'need_pct', ctx, 'need')}" for row in _rows(base, "path")]
    if along:
        sentences.append(ctx.say("growth.need_path", parts=listed(along, ctx)))
    for row in _rows(base, "sector"):
        values = {"sector": sector(row["sector"], ctx), "need": rate(row, "need_pct", ctx, "need")}
        sentences.append(ctx.say("growth.need_sector", **values))
    for row in _rows(base, "last"):
        values = {"quarter": short_name(row["period"], ctx), "need": rate(row, "need_pct", ctx, "need")}
        values |= {"reached": _reached(row), "years": str(int(row["years_known"]))}
        ends = {name: percent(round(row[f"{name}_pct"], 1), ctx) for name in ("slowest", "fastest")}
        few = "few" if row["years_known"] < YEARS_FOR_A_SHARE else "count"
        sentences += [ctx.say("growth.last", **values, **ends), ctx.say(f"growth.history_{few}")]
    return " ".join(sentences)


def revision(quarters_revised: pd.DataFrame, ctx: ReportContext) -> str:
    """How far a year was revised, and the quarters that add up to it with the smoothest change."""
    rows = need(quarters_revised, str(quarters_revised.attrs.get("missing", "grdp_quarterly_revision")))
    own = rows[rows["year"] == rows["year"].max()]
    first, total = own["first_bn_vnd"].sum(), own["denton_bn_vnd"].sum()
    moved = ctx.fmt.number(abs(100 * (total / first - 1)), 1)
    key = "chosen" if own["is_chosen"].any() else "published"
    way = FLAT if moved == ctx.fmt.number(0, 1) else FALL if total < first else "rise"
    amounts = {"first": first, "total": total}
    values = {name: with_unit(value, 1, "bn_vnd", ctx) for name, value in amounts.items()}
    parts = [
        f"{short_name(row['quarter'], ctx)} {ctx.fmt.unit(ctx.fmt.number(row['denton_bn_vnd'], 1), 'bn_vnd')}"
        for row in own.to_dict("records")
    ]
    values |= {"way": ctx.say(f"growth.moved_{way}", size=moved)}
    text = ctx.say(f"growth.revision_{key}", which=int(own["year"].iloc[0]), **values)
    return f"{text} {ctx.say('growth.denton', parts=listed(parts, ctx))}"


def scenario_title(required_growth: pd.DataFrame, ctx: ReportContext) -> str:
    """What the remaining quarters must grow from the low to the high goal, at most 15 words."""
    even = need(required_growth, "grdp_quarterly")
    even = even[even["spread"] == "even"].set_index("goal")["need_pct"]
    return ctx.say("growth.title_scenarios", need=between(even["low"], even["high"], ctx))


def _rows(table: pd.DataFrame, spread: str) -> list[dict[Any, Any]]:
    return table[table["spread"] == spread].to_dict("records")


def _reached(row: Row) -> str:
    least, most = int(row["years_reached_least"]), int(row["years_reached"])
    return str(least) if least == most else f"{least}–{most}"
