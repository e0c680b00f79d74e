"""Page one in words: the key numbers as lines of a table, and what is to be known about them.

Responsibility: print what ``analysis.key_numbers`` holds. The sentences of page one are those of the topics; which of
them it has is an editor's rule.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kg_analysis.bounds import WORDING
from kg_analysis.errors import DataError
from kg_analysis.formats import Quantity, number
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.neighbours import aims_text
from kg_analysis.narrative.wording import need

COLUMNS = ("measure", "actual", "plan", "last_year", "rank", "nation", "status")
NOTHING = "–"
_NAMED = ("cases", "deaths")  # units that the measure names already
Row = Mapping[Any, Any]


def lines(key_numbers: pd.DataFrame, ctx: ReportContext) -> pd.DataFrame:
    """Key numbers as printed: what, result, plan, last year, place in the delta, nation, status.

    The columns of ``COLUMNS`` as text, "–" where nothing is held, and ``figure_ids``.
    """
    rows = need(key_numbers, "rows").to_dict("records")
    found = [{name: _COLUMNS[name](row, ctx) for name in COLUMNS} | {"figure_ids": row["figure_ids"]} for row in rows]
    return pd.DataFrame(found)


def heads(ctx: ReportContext) -> list[str]:
    """Heads of the columns."""
    return [ctx.say(f"page_one.{name}") for name in COLUMNS]


def title(ctx: ReportContext) -> str:
    """Heading of page one."""
    return ctx.say("page_one.title")


def subtitle(ctx: ReportContext) -> str:
    """Place and year."""
    return ctx.say("page_one.subtitle")


def source(key_numbers: pd.DataFrame, ctx: ReportContext) -> str:
    """Source line of all rows: printed figures, and the series that counts come from."""
    return ctx.sources(key_numbers["figure_ids"], key_numbers["series_source_id"])


def notes(key_numbers: pd.DataFrame, ctx: ReportContext) -> list[str]:
    """What a reader must know to read the table: the place among those with figures, other sources, estimates."""
    found = []
    ranked = key_numbers["ranked"].dropna()
    if len(ranked):
        of = int(key_numbers["rank_of"].dropna().iloc[0])
        found.append(ctx.say("page_one.note_rank", known=int(ranked.iloc[0]), of=of))
    if key_numbers["claimed_rank"].notna().any():
        found.append(ctx.say("page_one.note_claimed"))
    if key_numbers["nation_base"].eq("unnamed").any():
        found.append(ctx.say("page_one.note_nation"))
    if ctx.data.edition == "report" and key_numbers["series_source_id"].ne("").any():
        found.append(ctx.say("page_one.note_series"))
    if key_numbers["standing"].eq("estimate").any():
        found.append(ctx.say("page_one.note_estimate"))
    return found


def other_source(sentence: str, ctx: ReportContext) -> str:
    """A sentence on a fact that the report leaves out, marked as from another source."""
    return ctx.say("page_one.other_source", sentence=sentence) if ctx.data.edition == "report" else sentence


def _measure(row: Row, ctx: ReportContext) -> str:
    key = f"page_one.measure_{row['indicator']}"
    return ctx.say(key) if ctx.fmt.knows(key) else ctx.label(row["indicator"])


def _actual(row: Row, ctx: ReportContext) -> str:
    shown = _shown(row, "actual", ctx)
    if shown != NOTHING and not pd.isna(row["out_of"]):
        return ctx.say("page_one.out_of", n=shown, of=int(row["out_of"]))
    key = f"page_one.actual_{row['indicator']}"
    return ctx.say(key, n=shown) if shown != NOTHING and ctx.fmt.knows(key) else shown


def _plan(row: Row, ctx: ReportContext) -> str:
    if not math.isnan(row["plan_ratio"]):
        return ctx.say("page_one.of_plan", n=_shown(row, "plan_ratio", ctx))
    if row["aims"]:
        return aims_text(row["aims"], ctx, row["figure_ids"])
    shown = _shown(row, "plan", ctx)
    money = shown != NOTHING and row["actual_unit"] == "pct" and row["plan_unit"] == "bn_vnd"
    return ctx.say("page_one.plan_money", n=shown) if money else shown


def _last(row: Row, ctx: ReportContext) -> str:
    if math.isnan(row["change"]) and math.isnan(row["change_low"]):
        shown, key = _shown(row, "last", ctx), f"page_one.last_{row['indicator']}"
        return ctx.say(key, n=shown) if shown != NOTHING and ctx.fmt.knows(key) else shown
    sign = "rise" if row["change"] > 0 else "fall"
    return ctx.say(f"page_one.change_{sign}", n=_shown(row, "change", ctx, size=True))


def _rank(row: Row, ctx: ReportContext) -> str:
    if pd.isna(row["ranked"]):
        return NOTHING
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    values = {"place": str(best) if best == worst else f"{best}–{worst}", "of": int(row["rank_of"])}
    if pd.isna(row["claimed_rank"]):
        return ctx.say("page_one.place", **values)
    return ctx.say("page_one.place_claimed", claimed=int(row["claimed_rank"]), **values)


def _nation(row: Row, ctx: ReportContext) -> str:
    return _shown(row, "nation", ctx)


def _status(row: Row, ctx: ReportContext) -> str:
    nature = ctx.say(f"page_one.standing_{row['standing']}")
    if not pd.isna(row["as_of"]) and not pd.isna(row["start"]):
        nature = ctx.say("page_one.between", start=row["start"].date(), end=row["as_of"].date())
    elif not pd.isna(row["as_of"]) and row["standing"] != "estimate":
        nature = ctx.say("page_one.until", day=row["as_of"].date())
    return ctx.say(f"page_one.verdict_{row['verdict']}") + f"; {nature}" if row["verdict"] else nature


_COLUMNS = {
    "measure": _measure, "actual": _actual, "plan": _plan, "last_year": _last, "rank": _rank, "nation": _nation,
    "status": _status,
}  # fmt: skip


def _shown(row: Row, part: str, ctx: ReportContext, *, size: bool = False) -> str:
    """A part of a row with its unit; with its word where only words bound it."""
    found = quantity(row, part)
    if found is None:
        return NOTHING
    computed = math.isnan(row[f"{part}_decimals"])  # only a number that a page prints bears the page's word
    if row[f"{part}_kind"] != WORDING or found.value is None or computed:
        style = "short-size" if size else "short"
        return ctx.fmt.quantity(found, f"{style}-n" if found.unit in _NAMED else style)
    word = "approx_above" if found.high > found.value else "approx_below"
    exact = replace(found, low=found.value, high=found.value)
    return ctx.say(f"investment.hedge_{word}", n=ctx.fmt.quantity(exact))


def quantity(row: Row, part: str) -> Quantity | None:
    """A part of a row as a number with its bounds and unit; None where nothing is held."""
    try:
        found = number(row, part)
    except DataError:
        return None
    return replace(found, unit=row[f"{part}_unit"], basis="estimate" if row["standing"] == "estimate" else "")
