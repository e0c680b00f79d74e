"""Sentences and titles on growth over years and among neighbours; what cannot be compared.

Responsibility: which words the numbers of ``analysis.panel`` call for. A conflict of two sources is told, never
settled; a rank is given with what it hangs on.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kg_analysis.analysis.panel import CONTRADICTS, DELTA, HOLDS, MERGER, OPEN, UNTESTED, place_of
from kg_analysis.bounds import union_ids
from kg_analysis.errors import NotPrintedError
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import FALL, RISE, listed, need

NATION = "viet-nam"
MOST_LISTED = 4  # sources that a source line names one by one
FEWEST_YEARS = 2  # among which a lowest and a highest say nothing
MOST_APART = 3  # from so many years in a row on only the first and the last are named
FEWEST = 7  # provinces with a figure that make a middle of the thirteen


def years_title(nine_years: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on growth over years, at most 15 words."""
    row = _of_year(nine_years, ctx)
    key = "years_title" if pd.notna(row["nation_pct"]) else "years_title_alone"
    return ctx.say(f"neighbours.{key}", row=row, nation=_rate(row, "nation_pct"))


def years(nine_years: pd.DataFrame, ctx: ReportContext) -> str:
    """The year among the others of its boundary: lowest, highest, the target and the nation."""
    row = _of_year(nine_years, ctx)
    same = nine_years[(nine_years["boundary_version"] == row["boundary_version"]) & nine_years["growth_pct"].notna()]
    low, high = same.loc[same["growth_pct"].idxmin()].copy(), same.loc[same["growth_pct"].idxmax()]
    low["figure_ids"] = union_ids(same["figure_ids"])  # the lowest of years is so by the figures of all of them
    key = "neighbours.years" if len(same) > FEWEST_YEARS else "neighbours.years_alone"
    values = {"row": row, "low": low, "high": high, "low_year": low["year"], "high_year": high["year"]}
    text = [ctx.say(key, grew=_grew(row, ctx), span=_span([int(each) for each in same["year"]], ctx), **values)]
    if isinstance(row["aims"], str):
        sizes = [float(each.rstrip("+")) for each in row["aims"].split("; ")]
        met = [row["growth_pct"] >= each for each in sizes]
        reached = "reached" if all(met) else "between" if any(met) else "missed"
        text.append(ctx.say(f"neighbours.years_{reached}", aims=aims_text(row["aims"], ctx, row["figure_ids"])))
    if pd.notna(row["nation_pct"]):
        side = "above" if row["growth_pct"] > row["nation_pct"] else "below"
        gap = {"gap_pp": abs(row["growth_pct"] - row["nation_pct"])}
        text.append(ctx.say(f"neighbours.years_{side}", nation=_rate(row, "nation_pct"), gap=gap))
    return " ".join(text)


def boundary(nine_years: pd.DataFrame, ctx: ReportContext) -> str:
    """That the area's code means another province from July 2025 on, and what is printed of either."""
    own = nine_years[nine_years["growth_pct"].notna()]
    names = ctx.data.all_areas["name"].droplevel("area_code")
    late = [each for each in own["boundary_version"].unique() if each.endswith(str(MERGER.year))]
    if not late:
        return ctx.say("neighbours.boundary", day=MERGER.date())
    row = own[own["boundary_version"] == late[0]].iloc[-1]
    return ctx.say("neighbours.boundary_series", day=MERGER.date(), name=names[late[0]], row=row, of=row["year"])


def place_title(around: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the province's place among the delta's, at most 15 words."""
    best, worst, known, _ = _place(around, ctx)
    key = "place_title" if best == worst else "place_title_range"
    return ctx.say(f"neighbours.{key}", best=best, worst=worst, known=known)


def by_year_title(regional: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the province within the region over years, at most 15 words: in how many years above the middle."""
    rows = need(regional, "rows")
    rows = rows[(rows["period"] == "FY") & (rows["sector"] == "total") & rows["boundary_version"].isin(DELTA)]
    own = rows[rows["area_code"] == ctx.data.area].set_index("year")["growth_pct"]
    own = own[~own.index.duplicated()]
    counts = rows.groupby("year")["boundary_version"].nunique()
    years_known = [year for year in own.index if counts[year] >= FEWEST]
    middle = rows.groupby("year")["growth_pct"].median()
    if not years_known:
        raise NotPrintedError("no year with figures of most provinces", "rows")
    above = sum(own[year] > middle[year] for year in years_known)
    return ctx.say("neighbours.by_year_title", above=above, count=len(years_known))


def tiles_title(around: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the region in a year, at most 15 words: who grew fastest and slowest by the last figures."""
    rows = around[around["latest"] & (around["boundary_version"] != NATION)] if len(around) else around
    rows = need(rows, "growth_year").sort_values("growth_pct")
    first, last = rows.iloc[-1], rows.iloc[0]
    names = {"fast": name_of(first["boundary_version"], ctx), "slow": name_of(last["boundary_version"], ctx)}
    return ctx.say("neighbours.tiles_title", first=first, last=last, **names)


def place(around: pd.DataFrame, ctx: ReportContext) -> str:
    """Which places the printed figures allow, which neighbours are missing and whose figures conflict."""
    best, worst, known, missing = _place(around, ctx)
    key = "place" if best == worst else "place_range"
    text = [ctx.say(f"neighbours.{key}", best=best, worst=worst, known=known)]
    if missing:
        values = {"best": best, "lowest": worst + len(missing), "of": known + len(missing)}
        names = listed(_names(missing, ctx), ctx)
        text.append(ctx.say("neighbours.place_missing", names=names, **values))
    if parts := _conflicts(around, ctx):
        text.append(ctx.say("neighbours.place_conflicts", parts="; ".join(parts)))
    return " ".join(text)


def claims(claimed: pd.DataFrame, ctx: ReportContext) -> str:
    """The province's own rank claims of the year against the neighbours' figures."""
    rows = need(claimed, "growth_rank")
    rows = need(rows[(rows["year"] == ctx.data.year) & (rows["area_code"] == ctx.data.area)], "growth_rank")
    rows = rows.drop_duplicates(["measure", "boundary_version", "period", "region", "claimed_rank"])
    return " ".join(_claim(row, ctx) for row in rows.to_dict("records"))


def claims_title(claimed: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on all rank claims that the data hold, at most 15 words."""
    counts = need(claimed, "growth_rank")["verdict"].value_counts()
    return ctx.say("neighbours.claims_title", total=len(claimed), **_counts(counts))


def all_claims(claimed: pd.DataFrame, ctx: ReportContext) -> str:
    """How many of the rank claims of all sources hold, are contradicted, or stay open, and for want of what."""
    rows = need(claimed, "growth_rank")
    by = rows[rows["verdict"] == OPEN]["decided_by"].value_counts()
    said = ctx.say("neighbours.claims_all", total=len(rows), **_counts(rows["verdict"].value_counts()))
    why = {name: int(by.get(name, 0)) for name in ("missing", "conflict")}
    return f"{said} {ctx.say('neighbours.claims_open', **why)}"


def per_person(persons: pd.DataFrame, ctx: ReportContext) -> str:
    """GRDP per person: the latest of the province, the year it is of."""
    own = need(persons[persons["area_code"] == ctx.data.area] if len(persons) else persons, "rows")
    own = own[own["year"] <= ctx.data.year]
    row = need(own, "rows").sort_values("year").iloc[-1]
    value = {"grdp_mn_vnd": row["value"], "grdp_mn_vnd_low": row["value_low"], "grdp_mn_vnd_high": row["value_high"]}
    value |= {"grdp_mn_vnd_decimals": row["decimals"], "figure_ids": row["figure_ids"]}
    return ctx.say("neighbours.per_person", of=row["year"], value=value)


def limits(around: pd.DataFrame, ctx: ReportContext) -> str:
    """What the comparison cannot say."""
    need(around, "rows")
    return ctx.say("neighbours.limits")


def source_line(ids: Any, ctx: ReportContext) -> str:
    """Sources of many figures: each where they are few, else how many and of when, listed in the table."""
    wanted = sorted({one for cell in ids if isinstance(cell, str) for one in cell.split()})
    rows = ctx.data.rows(wanted)
    if rows["source_id"].nunique() <= MOST_LISTED:
        return ctx.cite(wanted)
    published = rows["vintage"].str[:4]
    values = {"count": rows["source_id"].nunique(), "first": published.min(), "last": published.max()}
    return ctx.say("neighbours.sources", **values)


def name_of(boundary_version: str, ctx: ReportContext) -> str:
    """Name of an area within its boundary; a merged one says so."""
    name = str(ctx.data.all_areas["name"].droplevel("area_code")[boundary_version])
    return ctx.say("neighbours.merged", name=name) if boundary_version.endswith("-2025") else name


def aims_text(aims: str, ctx: ReportContext, figure_ids: Any = "") -> str:
    """Every target of a year as it was set, least ones with their word: ``từ 6,7% trở lên hoặc từ 7% trở lên``."""
    said = []
    for aim in aims.split("; "):
        size = aim.rstrip("+")
        row = {f"pct{end}": float(size) for end in ("", "_low", "_high")}
        row |= {"pct_decimals": len(size.partition(".")[2]), "figure_ids": figure_ids}
        shown = ctx.fmt.bounded(row, "pct")
        said.append(ctx.say("neighbours.aim_least" if aim.endswith("+") else "neighbours.aim", n=shown))
    return ctx.say("neighbours.or").join(said)


def _span(years_held: list[int], ctx: ReportContext) -> str:
    """Years in their order, runs of three or more drawn together: ``2017, 2018, 2020–2024``."""
    known = pd.Series(sorted(years_held))
    parts = []
    for _, run in known.groupby(known - known.index):  # constant within a run
        ends = [(run.iloc[0], run.iloc[-1])] if len(run) >= MOST_APART else [(each, each) for each in run]
        parts += [
            ctx.say("neighbours.span" if first != last else "neighbours.span_one", first=int(first), last=int(last))
            for first, last in ends
        ]
    return ", ".join(parts)


def _of_year(nine_years: pd.DataFrame, ctx: ReportContext) -> pd.Series:
    boundary_version = str(ctx.data.figures["boundary_version"].iloc[0])
    rows = nine_years[nine_years["year"] == ctx.data.year] if len(nine_years) else nine_years
    rows = rows[rows["boundary_version"] == boundary_version] if len(rows) else rows
    own = rows[rows["growth_pct"].notna()] if len(rows) else rows
    if own.empty:
        bound = len(rows) and rows[["growth_pct_low", "growth_pct_high"]].notna().any(axis=None)
        missing = "only_bound" if bound else "growth_year"
        raise NotPrintedError(f"no growth of the whole year {ctx.data.year}", missing)
    return own.iloc[0]


def _grew(row: pd.Series, ctx: ReportContext) -> str:
    """Risen or fallen; an estimate is never said as a result."""
    basis = "estimate" if row["basis"] == "estimate" else "actual"
    return ctx.say(f"neighbours.grew_{basis}_{FALL if row['growth_pct'] < 0 else RISE}")


def _rate(row: pd.Series, column: str) -> dict[str, Any]:
    return {"pct": row[column], "pct_low": row[column], "pct_high": row[column]}


def _place(around: pd.DataFrame, ctx: ReportContext) -> tuple[int, int, int, list[str]]:
    """Best and worst rank over all combinations of printed values, provinces with figures, and those without."""
    found = place_of(need(around, "growth_year"), ctx.data.area)
    if found is None:
        held = ctx.data.regional_growth.query(
            "period == 'FY' and sector == 'total' and basis in ['actual', 'estimate']"
        )
        printed = (held["area_code"] == ctx.data.area) & (held["year"] == ctx.data.year)
        missing = "only_bound" if printed.any() else "growth_year"
        raise NotPrintedError(f"no growth of the whole year {ctx.data.year}", missing)
    if not found.tells:
        raise NotPrintedError(f"growth of {found.known} provinces only in {ctx.data.year}", "growth_place")
    return found.best, found.worst, found.known, list(found.missing)


def _conflicts(around: pd.DataFrame, ctx: ReportContext) -> list[str]:
    known = around[around["growth_pct"].notna()]
    found = []
    for name, group in known.groupby("boundary_version"):
        if len(group) > 1:
            shown = [ctx.fmt.bounded(row, "growth_pct") for row in group.to_dict("records")]
            values = ctx.say("neighbours.or").join(shown)
            found.append(ctx.say("neighbours.conflict", name=name_of(str(name), ctx), values=values))
    return found


def _claim(row: dict[str, Any], ctx: ReportContext) -> str:
    region = ctx.say(f"neighbours.region_{row['region']}")
    values = {"claimed": row["claimed_rank"], "region": region, "period": ctx.say(f"neighbours.period_{row['period']}")}
    values |= {"measure": ctx.say(f"neighbours.measure_{row['measure']}")}
    values |= {"unit": ctx.say(f"neighbours.unit_{row['measure']}")}
    values["of"] = "" if pd.isna(row["of"]) else f"/{int(row['of'])}"
    if row["verdict"] == UNTESTED:
        return ctx.say("neighbours.claim_untested", **values)
    values |= {"best": int(row["best_rank"]), "worst": int(row["worst_rank"])}
    values["above"] = _evidence(row["above"], row["figure_ids"], ctx) or ctx.say("neighbours.nobody")
    key = {HOLDS: "holds", CONTRADICTS: "contradicts"}.get(row["verdict"], f"open_{row['decided_by']}")
    if key == "contradicts" and values["best"] == values["worst"]:
        key = "contradicts_one"
    text = [ctx.say(f"neighbours.claim_{key}", **values)]
    if perhaps := _evidence(row["perhaps_above"], row["figure_ids"], ctx):
        text.append(ctx.say("neighbours.claim_perhaps", perhaps=perhaps))
    if row["missing"]:
        names = listed(_names(row["missing"].split(", "), ctx), ctx)
        text.append(ctx.say("neighbours.claim_missing", names=names))
    return " ".join(text)


def _evidence(text: str, figure_ids: str, ctx: ReportContext) -> str:
    parts = []
    for each in filter(None, text.split("; ")):
        boundary_version, _, values = each.partition(" ")
        shown = [_printed(value, figure_ids, ctx) for value in values.split("/")]
        name, several = name_of(boundary_version, ctx), ctx.say("neighbours.or").join(shown)
        parts.append(ctx.say("neighbours.evidence", name=name, values=several))
    return "; ".join(parts)


def _printed(value: str, figure_ids: str, ctx: ReportContext) -> str:
    """A neighbour's rate as its page prints it, without unit."""
    row = {f"growth_pct{end}": float(value) for end in ("", "_low", "_high")}
    row |= {"growth_pct_decimals": len(value.partition(".")[2])}
    return ctx.fmt.bounded({**row, "figure_ids": figure_ids}, "growth_pct", "short-n")


def _names(boundaries: list[str], ctx: ReportContext) -> list[str]:
    return [name_of(each, ctx) for each in boundaries]


def _counts(counts: pd.Series) -> dict[str, int]:
    return {name: int(counts.get(name, 0)) for name in (HOLDS, CONTRADICTS, OPEN, UNTESTED)}
