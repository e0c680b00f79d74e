"""Sentences and titles on public investment: the result leads, the estimate is its error, groups are never added.

Responsibility: which words the numbers of ``analysis.investment`` and ``analysis.forecasts`` call for. No cause is
claimed; nothing is said of months that are not left. A parameter's name says which frame of the registry it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from kg_analysis.analysis.forecasts import BOTTOM_UP, PROFILE, RUN_RATE, floor_record
from kg_analysis.analysis.investment import ESTIMATE, MONTHS, OUTTURN, OWN_BASES, close_of
from kg_analysis.errors import NotPrintedError
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.neighbours import aims_text
from kg_analysis.narrative.wording import FALL, FLAT, RISE, capital, direction, listed, need, percent

Row = Mapping[Any, Any]
# How often a range kept its word on simulated years [percent], by its number of past years, from
# benchmarks/bench_forecasts.py: of the whole's profile (± 3), and of the units' own (± 6).
MEASURED = {PROFILE: {2: 28, 3: 48, 5: 67, 8: 80}, BOTTOM_UP: {2: 32, 3: 65, 5: 55, 8: 87}}


def headline(balance: pd.DataFrame, ctx: ReportContext) -> str:
    """What was paid of which plan by the newest settled total, and what is left."""
    row = leading_row(balance)
    values = _values(row, ctx)
    standing = str(row["standing"])
    if pd.isna(row["ratio_pct"]) and pd.isna(row["ratio_pct_low"]):
        return ctx.say("investment.headline_to_date_amount", total=row, **values)
    key = f"investment.headline_{standing}"
    return ctx.say(key if pd.notna(row["undisbursed_bn_vnd"]) else f"{key}_ratio", total=row, **values)


def shortfall(balance: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext) -> str:
    """Money missing to the target, which is named with the year it was set for."""
    row, goal = leading_row(balance), need(aim, "investment_target").iloc[0]
    if pd.isna(row["short_bn_vnd"]):
        raise NotPrintedError("no money is printed with the result", "investment_open")
    least = "least" if goal["or_more"] else "missing"
    own = pd.notna(goal["target_year"]) and goal["target_year"] == ctx.data.year
    word = {RISE: least if own else "missing", FALL: "passed", FLAT: "level"}[direction(row, "short_bn_vnd")]
    values = {"total": row, "size": money(row, "short_bn_vnd", ctx), **_aim_values(aim, ctx)}
    text = ctx.say(f"investment.short_{word}", **values)
    if not goal["others"]:
        return text
    other = {"aims": aims_text(goal["others"], ctx, goal["other_ids"]), "setter": _setter(goal["other_ids"], ctx)}
    return f"{text} {ctx.say('investment.aim_others', **other)}"


def estimate_error(errors: pd.DataFrame, ctx: ReportContext) -> str:
    """Error of the year's estimate, split into the money paid and the changed plan."""
    row = _of_year(errors, ctx)
    text = ctx.say(f"investment.error_{_sign(row)}", error=row)
    if pd.isna(row.get("from_money_pp", float("nan"))):
        return text + "."
    parts = {part: _part(row, f"from_{part}_pp", ctx) for part in ("money", "plan")}
    word = ctx.say(f"investment.money_{direction(row, 'from_money_pp')}")
    grown = ctx.say(f"investment.plan_{direction(row, 'from_plan_pp')}")  # a larger plan lowers the share
    return text + ctx.say("investment.error_parts", money_word=word, plan_word=grown, **parts)


def estimate(balance: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext) -> str:
    """What the report's own estimate implied, all its prints taken together; replaced where a result is held."""
    need(balance, "investment")
    rows = balance[(balance["standing"] == ESTIMATE) & balance["undisbursed_bn_vnd"].notna() & ~balance["leads"]]
    rows = rows[rows["months"].eq(MONTHS) & (balance["standing"] == OUTTURN).any()]
    row = need(rows, "investment_estimate").iloc[0]
    short = (
        "" if pd.isna(row["short_bn_vnd"]) else ctx.say("investment.estimate_short", total=row, **_aim_values(aim, ctx))
    )
    return ctx.say("investment.estimate", total=row, short=short)


def paces(balance: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext) -> str:
    """Mean pace of a closed year beside what the target would have taken."""
    row = leading_row(balance)
    if row["standing"] != OUTTURN:
        raise NotPrintedError("the year has no result", "investment_not_closed")
    if pd.isna(row["needed_bn_vnd_per_month"]) or pd.isna(row["pace_bn_vnd_per_month"]):
        raise NotPrintedError("no closed year with money and a target", "investment_open")
    return ctx.say("investment.paces", total=row, months=MONTHS, **_aim_values(aim, ctx))


def needed(required: pd.DataFrame, aim: pd.DataFrame, odds: pd.DataFrame, ctx: ReportContext) -> str:
    """Pace that the target takes from the newest total on, and how many past years would have made it."""
    values = _aim_values(aim, ctx)  # without a target no pace is needed, whether or not the year has closed
    row = need(required, "investment_closed").iloc[-1]
    if row["pace_bn_vnd_per_month"] <= 0:
        return ctx.say("investment.need_met", **values)
    numbers = {
        name: ctx.fmt.value(row[column], column, "1n")
        for name, column in (("left", "months_left"), ("factor", "acceleration_factor"))
    }
    text = ctx.say("investment.need", pace=row.to_dict(), **numbers, **values)
    if odds.empty:
        return text
    return f"{text} {ctx.say('investment.odds', odds=odds.iloc[0].to_dict(), **values)}"


def forecast(ahead: pd.DataFrame, nation_paid: pd.DataFrame, ctx: ReportContext) -> str:
    """All forecasts side by side, each with how often its range holds the result, the floor with the nation's years."""
    rows = need(ahead, "investment_one_total")
    record = floor_record(nation_paid, ctx.data.year) if len(nation_paid) else (0, 0)
    parts = [_forecast(row, record, ctx) for row in rows.to_dict("records")]
    day, close = ctx.fmt.date(rows["as_of"].iloc[0]), close_of(pd.Series([ctx.data.year])).iloc[0].date()
    return ctx.say("investment.forecast", day=day, close=close, parts="; ".join(parts))


def who_holds(rest: pd.DataFrame, tree: pd.DataFrame, ctx: ReportContext) -> str:
    """Who holds most of the money not disbursed, among groups that add to the whole; what overlaps is named apart."""
    if rest.empty:
        units = tree[(tree["dimension"] == "unit") & (tree["depth"] == 0)] if len(tree) else tree
        if units.empty:
            raise NotPrintedError("no unit is printed", "investment_holders")
        key = "parts_only" if units["plan_bn_vnd"].notna().any() else "rates_only"
        printed = listed([item_name(each, ctx) for each in units["item"]], ctx)
        return capital(ctx.say(f"investment.{key}", names=printed))
    row = rest.iloc[0]
    share = ctx.fmt.value(float(row["cumulative_share_pct"]), "cumulative_share_pct", "1n")
    first = capital(item_name(row["item"], ctx))
    text = ctx.say("investment.holders", first=first, left=money(row, "undisbursed_bn_vnd", ctx), share=share)
    others = tree[~tree["in_partition"] & (tree["dimension"] == "unit") & (tree["depth"] == 0)]
    names = [item_name(each, ctx) for each in others["item"]]
    return f"{text} {ctx.say('investment.overlap', names=listed(names, ctx))}" if names else text


def named_works(works: pd.DataFrame, balance: pd.DataFrame, ctx: ReportContext) -> str:
    """Projects whose undisbursed money is printed, as a part of all that is left."""
    rows = need(works, "investment_holders")
    names = [
        f"{item_name(row['item'], ctx)} ({ctx.fmt.bounded(row, 'undisbursed_bn_vnd', 'bare')})"
        for row in rows.to_dict("records")
    ]
    total = ctx.fmt.value(float(rows["undisbursed_bn_vnd"].sum()), "undisbursed_bn_vnd", "1")
    row = leading_row(balance)
    left = money(row, "undisbursed_bn_vnd", ctx) if pd.notna(row["undisbursed_bn_vnd"]) else "–"
    return ctx.say("investment.works", names=listed(names, ctx), sum=total, left=left)


def conflict(clashes: pd.DataFrame, ctx: ReportContext) -> str:
    """Two sources that differ on the year's result, side by side, with the plan that each is a share of."""
    rows = clashes[clashes["budget_year"] == ctx.data.year] if len(clashes) else clashes
    bases = [need(rows, "investment_conflict").iloc[0][f"{side}_base"] for side in ("first", "second")]
    first, second = (ctx.say(f"investment.base_{base}") for base in bases)
    row = rows.iloc[0].to_dict()
    shares = {side: percent(row[f"{side}_pct"], ctx) for side in ("first", "second")}
    key = "investment.conflict" if bases[0] != bases[1] else "investment.conflict_same"
    return ctx.say(key, first_base=first, second_base=second, **shares)


def final_years(rates: pd.DataFrame, ctx: ReportContext) -> str:
    """Years of the area whose results are held."""
    own = rates[(rates["area_code"] == ctx.data.area) & (rates["standing"] == OUTTURN)] if len(rates) else rates
    years = sorted({str(int(each)) for each in own["budget_year"]}) if len(own) else []
    return ctx.say("investment.final_years", years=listed(years, ctx)) if years else ctx.say("investment.final_none")


def named_causes(delays: pd.DataFrame, ctx: ReportContext) -> str:
    """Causes, sectors and funds of delay in the report's words; it gives no weight of any."""
    rows = need(delays, "investment_causes")
    parts = []
    for kind, key in (("cause", "causes"), ("sector", "named_sector"), ("funding", "named_funding")):
        names = [_cause(row, ctx) for row in rows[rows["kind"] == kind].to_dict("records")]
        if names:
            parts.append(ctx.say(f"investment.{key}", names="; ".join(names)))
    return " ".join([*parts, ctx.say("investment.causes_note")])


def limits(balance: pd.DataFrame, dips: pd.DataFrame, ctx: ReportContext) -> str:
    """What these figures cannot say."""
    text = ctx.say("investment.limits")
    if len(balance) and (balance["standing"] == ESTIMATE).any():
        text += ctx.say("investment.limits_estimate")
    return f"{text} {ctx.say('investment.fall', count=len(dips))}" if len(dips) else text


def headline_title(balance: pd.DataFrame, ctx: ReportContext) -> str:
    """Finding on the year, at most 15 words."""
    row = leading_row(balance)
    values, standing = _values(row, ctx), str(row["standing"])
    if pd.isna(row["ratio_pct"]):
        return ctx.say("investment.title_to_date_amount", **values)
    ratio_only = standing == OUTTURN and pd.isna(row["undisbursed_bn_vnd"])
    return ctx.say(f"investment.title_{standing}" + "_ratio" * ratio_only, total=row, **values)


def error_title(errors: pd.DataFrame, ctx: ReportContext) -> str:
    """Estimate against result, at most 15 words."""
    row = _of_year(errors, ctx)
    return ctx.say(f"investment.title_error_{_sign(row)}", error=row)


def course_title(courses: pd.DataFrame, ctx: ReportContext) -> str:
    """How far the year had come, at most 15 words."""
    own = own_course(courses, ctx)
    row = need(own, "investment_course").iloc[-1]
    months = ctx.fmt.value(float(row["months"]), "months", "0n")
    return ctx.say("investment.title_course", ratio=ratio_text(row, ctx), months=months)


def rates_title(rates: pd.DataFrame, ctx: ReportContext) -> str:
    """The year's result, or that there is none, at most 15 words."""
    rows = need(rates, "investment_rates")
    own = rows[(rows["area_code"] == ctx.data.area) & (rows["budget_year"] == ctx.data.year)]
    own = own[(own["standing"] == OUTTURN) & own["ratio_base"].isin(OWN_BASES)]
    if own.empty:
        return ctx.say("investment.title_rates_none")
    return ctx.say("investment.title_rates_one", ratio=ratio_text(own.iloc[-1], ctx))


def holders_title(rest: pd.DataFrame, works: pd.DataFrame, ctx: ReportContext) -> str:
    """Who holds most, at most 15 words."""
    row = (rest if len(rest) else need(works, "investment_holders")).iloc[0]
    left = money(row, "undisbursed_bn_vnd", ctx)
    return ctx.say("investment.title_holders", first=capital(item_name(row["item"], ctx)), left=left)


def ahead_title(ahead: pd.DataFrame, ctx: ReportContext) -> str:
    """What the mean pace reaches, at most 15 words."""
    rows = need(ahead, "investment_one_total")
    row = rows[rows["method"] == RUN_RATE].iloc[0]
    return ctx.say("investment.title_ahead", ratio=percent(round(row["ratio_pct"], 1), ctx))


def leading_row(balance: pd.DataFrame) -> Row:
    """The total that leads."""
    rows = need(balance, "investment")
    return rows[rows["leads"]].iloc[0].to_dict() if rows["leads"].any() else rows.iloc[0].to_dict()


def own_course(courses: pd.DataFrame, ctx: ReportContext) -> pd.DataFrame:
    """Dated ratios of the year and area, of its own plan where there are any."""
    rows = courses[(courses["area_code"] == ctx.data.area) & (courses["budget_year"] == ctx.data.year)]
    own = rows[rows["ratio_base"].isin(OWN_BASES)]
    kept = own if len(own) else rows
    return kept[(kept["basis"] == "actual") | ~(kept["basis"] == "actual").any()].sort_values("months")


def item_name(item: str, ctx: ReportContext) -> str:
    """Name of a unit, fund or project in the reader's language; its id where there is none."""
    key = f"investment.unit_{str(item).replace('/', '-')}"
    return ctx.say(key) if ctx.fmt.knows(key) else str(item).replace("_", " ")


def ratio_text(row: Row | pd.Series, ctx: ReportContext) -> str:
    """A printed ratio with its word: ``71,66%``, ``trên 35%``."""
    number = ctx.fmt.bounded(row, "ratio_pct", "bare")
    return ctx.say(f"investment.hedge_{row.get('ratio_qualifier') or ''}", n=number)


def money(row: Row | pd.Series, column: str, ctx: ReportContext) -> str:
    """An amount as it may be said: with "about" where only words on the page bound it."""
    return ctx.fmt.bounded(row, column, "short" if row[f"{column}_kind"] == "wording" else "bare")


def cited(rows: pd.DataFrame, ctx: ReportContext, more: Iterable[str] = ()) -> str:
    """Source line of the rows: printed figures, and the series that rows without figures come from."""
    return ctx.sources([*rows["figure_ids"], *more], rows.loc[rows["figure_ids"].eq(""), "source_id"])


def aim_text(aim: pd.DataFrame, ctx: ReportContext) -> str:
    """The target as a percentage of the plan, with its word: ``từ 95% trở lên``."""
    shown = percent(float(aim["target_pct"].iloc[0]), ctx)
    return ctx.say(f"investment.hedge_{aim['qualifier'].iloc[0]}", n=shown)


def _values(row: Row, ctx: ReportContext) -> dict[str, Any]:
    year = ctx.data.year
    ratio = ratio_text(row, ctx) if pd.notna(row["ratio_pct"]) else ""
    paid, plan = (_amount(row, name, ctx) for name in ("disbursed_bn_vnd", "plan_bn_vnd"))
    left = money(row, "undisbursed_bn_vnd", ctx) if pd.notna(row["undisbursed_bn_vnd"]) else ""
    close = close_of(pd.Series([year])).iloc[0]
    as_of = row["as_of"] if pd.notna(row["as_of"]) else close
    return {"ratio": ratio, "paid": paid, "plan": plan, "left": left, "close": close.date(), "day": ctx.fmt.date(as_of)}


def _amount(row: Row, name: str, ctx: ReportContext) -> str:
    if pd.isna(row[name]):
        return ""
    sure = row[f"{name}_kind"] != "wording"
    below, above = row[f"{name}_low"] < row[name], row[f"{name}_high"] > row[name]
    word = "" if sure else "vague" if below and above else "approx_above" if above else "approx_below"
    if not sure and name == "plan_bn_vnd" and row["plan_from"] == "implied":
        word = "vague"
    return ctx.say(f"investment.hedge_{word}", n=ctx.fmt.bounded(row, name, "bare"))


def _aim_values(aim: pd.DataFrame, ctx: ReportContext) -> dict[str, Any]:
    row = need(aim, "investment_target").iloc[0]
    if pd.isna(row["target_year"]):
        return {"aim": aim_text(aim, ctx), "aim_name": ctx.say("investment.aim_chosen")}
    kind = "own" if row["target_year"] == ctx.data.year else "other"
    name = ctx.say(f"investment.aim_{kind}", aim_year=int(row["target_year"]), setter=_setter(row["figure_ids"], ctx))
    return {"aim": aim_text(aim, ctx), "aim_name": name}


def _setter(figure_ids: str, ctx: ReportContext) -> str:
    """Who names a target: the report of a year, else the issuer of the page."""
    return listed(dict.fromkeys(ctx.publisher(each) for each in ctx.data.rows(figure_ids.split())["source_id"]), ctx)


def _of_year(errors: pd.DataFrame, ctx: ReportContext) -> Row:
    rows = errors[errors["budget_year"] == ctx.data.year] if len(errors) else errors
    return need(rows, "investment_outturn").iloc[0].to_dict()


def _sign(row: Row) -> str:
    return {FALL: "below", RISE: "above", FLAT: "level"}[direction(row, "error_pp")]


def _part(row: Row, column: str, ctx: ReportContext) -> str:
    """A part of the error: risen or fallen by so many points, with the decimals that the prints bear."""
    shown = ctx.fmt.value(abs(float(row[column])), column, "2")
    return ctx.say(f"investment.part_{direction(row, column)}", size=shown)


def _forecast(row: Row, record: tuple[int, int], ctx: ReportContext) -> str:
    def amount(name: str) -> str:
        return ctx.fmt.value(float(row[name]), "bn_vnd", "0")

    method = str(row["method"])
    if method == RUN_RATE:
        ratio = percent(round(row["ratio_pct"], 1), ctx)
        text = ctx.say("investment.forecast_run_rate", value=amount("disbursed_bn_vnd"), ratio=ratio)
        kept, of = record
        return f"{text} {ctx.say('investment.forecast_record', kept=kept, of=of)}" if of else text
    ends = {"low": amount("disbursed_bn_vnd_low"), "high": amount("disbursed_bn_vnd_high")}
    years = int(row["years"])
    nearest = min(MEASURED[method], key=lambda each: abs(each - years))
    claimed, measured = percent(round(row["claimed_pct"]), ctx), percent(MEASURED[method][nearest], ctx)
    key = f"investment.forecast_{method}"
    return ctx.say(key, years=years, claimed=claimed, measured=measured, measured_years=nearest, **ends)


def _cause(row: Row, ctx: ReportContext) -> str:
    key = f"investment.{row['kind']}_{row['item']}"
    plain = f"investment.{row['item']}"
    return next((ctx.say(each) for each in (key, plain) if ctx.fmt.knows(each)), str(row["printed"]))
