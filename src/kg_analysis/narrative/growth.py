"""Sentences and titles on growth: the year, its periods, what the rest of it takes, sectors, next year, five years.

Responsibility: which words the numbers of ``analysis.growth`` and contributions call for. No cause is
claimed; what lies ahead is a requirement or an assumption, never a forecast; past years are counted, never turned into
odds. A parameter's name says which frame of the registry it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kg_analysis.analysis.checks import HOLDS
from kg_analysis.analysis.growth import CUMULATIVE, PRINTED, TREND, ZERO
from kg_analysis.analysis.levels import OTHERS, TOTAL
from kg_analysis.errors import NotPrintedError
from kg_analysis.formats import in_language, number
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.neighbours import aims_text, name_of
from kg_analysis.narrative.wording import FALL, RISE, between, capital, direction, listed, need, percent, rate

Row = Mapping[Any, Any]
MOST_WORDS = 15  # of a title
FARTHEST = 15.0  # percent that a rest of the year may need to be said at all: no province has grown so fast
NEAR_ZERO = 2.0  # percent within which a reader asks what a year level with the last would have taken


def year(year_rates: pd.DataFrame, nine_years: pd.DataFrame, ctx: ReportContext) -> str:
    """Growth of the year beside its target, last year and the nation; of a year of two boundaries each by itself."""
    row = main_row(year_rates, ctx)
    values = {"name": name_of(row["boundary_version"], ctx), "period": period_name(row["period"], ctx)}
    key = "growth.year_whole" if row["period"] == "FY" else "growth.year"
    text = ctx.say(key, growth=rate(row, "growth_pct", ctx), **values)
    parts = _beside(row, nine_years, ctx)
    text += ctx.say("growth.year_beside", parts="; ".join(parts)) if parts else "."
    groups = list(year_rates.groupby("boundary_version", sort=False))
    if len(groups) < 2:
        return text
    series = [
        ctx.say("growth.boundary", name=name_of(str(name), ctx), parts=", ".join(_periods(rows, ctx)))
        for name, rows in groups
    ]
    return f"{text} {ctx.say('growth.boundaries', parts='; '.join(series))}"


def periods(year_rates: pd.DataFrame, ctx: ReportContext) -> str:
    """Growth of every printed period; which are cumulative, which are estimates, what a revision replaced."""
    rows = need(_own(year_rates, ctx), "growth_period")
    sentences = [ctx.say("growth.periods", parts="; ".join(_periods(rows, ctx)))]
    if 0 < rows["period"].isin(CUMULATIVE).sum() < len(rows):
        sentences.append(ctx.say("growth.periods_spans"))
    known = rows["first_pct"].notna() & rows["growth_pct"].notna()
    moved = rows[known & (rows["first_pct"] != rows["growth_pct"]) & rows["first_vintage"].ne(rows["vintage"])]
    moved = moved[~moved["first_pct"].between(moved["growth_pct_low"], moved["growth_pct_high"])]
    for each in moved.to_dict("records"):
        first, when = percent(each["first_pct"], ctx), ctx.fmt.published(each["first_vintage"])
        name = capital(period_name(each["period"], ctx))
        sentences.append(ctx.say("growth.periods_first", period=name, first=first, day=when))
    estimates = [period_name(each, ctx) for each in rows.loc[rows["basis"] == "estimate", "period"]]
    if estimates:
        sentences.append(ctx.say("growth.periods_estimate", names=listed(estimates, ctx)))
    return " ".join(sentences)


def third_quarter(course: pd.DataFrame, ctx: ReportContext) -> str:
    """What the third quarter did to cumulative growth, within one publication, then with the first half as revised.

    A first half that a page below the grade that may be cited revised is marked as revised; the page is not quoted.
    """
    row = need(course, "growth_course").iloc[0]
    third = "" if pd.isna(row["q3_pct"]) else ctx.say("growth.third_alone", q3=rate(row, "q3_pct", ctx, "need"))
    size = _size(row, "change_pp", ctx)
    h1, nine = (percent(row[each], ctx, row["figure_ids"]) for each in ("h1_pct", "nine_pct"))
    stale = not ctx.data.replaced.isdisjoint(str(row["figure_ids"]).split())
    mark = ctx.say("growth.third_replaced", day=ctx.fmt.published(row["h1_vintage"])) if stale else ""
    values = {"third": third, "size": size, "h1": h1, "nine": nine, "mark": mark}
    text = ctx.say(f"growth.third_{direction(row, 'change_pp')}", **values)
    revised = course[course["h1_from"] == "revised"]
    if len(course) > 1 and len(revised):
        new, when = revised.iloc[0], ctx.fmt.published(revised["h1_vintage"].iloc[0])
        values = {"h1": percent(new["h1_pct"], ctx), "size": _size(new, "change_pp", ctx), "day": when}
        text += " " + ctx.say(f"growth.third_revised_{direction(new, 'change_pp')}", **values)
    return text


def naive_mean(course: pd.DataFrame, ctx: ReportContext) -> str:
    """The simple mean of the first half and the third quarter, shown as the mistake it is."""
    rows = need(course, "growth_course")
    row = need(rows[rows["naive_mean_pct"].notna()], "growth_course").iloc[0]
    nine, mean = (percent(row[each], ctx, row["figure_ids"]) for each in ("nine_pct", "naive_mean_pct"))
    apart = row["naive_mean_pct_low"] > row["nine_pct_high"] or row["nine_pct_low"] > row["naive_mean_pct_high"]
    return ctx.say(f"growth.naive_{'differs' if apart else 'agrees'}", naive=mean, nine=nine)


def weight(course: pd.DataFrame, ctx: ReportContext) -> str:
    """What the printed rates imply about the weight of H1, with the verdict: a check of the figures, no structure."""
    rows = need(course[course["q3_pct"].notna()] if len(course) else course, "growth_course")
    row = need(rows[rows["h1_weight_share"].notna()], "growth_weight").iloc[0]
    assumed = ctx.data.assumptions["value"].astype(float)
    values = {each: ctx.fmt.number(assumed[f"h1_of_9m_{each}"], 2) for each in ("low", "high", "nation")}
    text = ctx.say(f"growth.weight_{row['verdict']}", weight=ctx.fmt.number(row["h1_weight_share"], 2), **values)
    if len(rows) > 1:
        new = rows.iloc[1]
        share, h1 = ctx.fmt.number(new["h1_weight_share"], 2), percent(new["h1_pct"], ctx)
        text += " " + ctx.say(f"growth.weight_revised_{new['verdict']}", share=share, h1=h1)
    return f"{text} {ctx.say('growth.weight_note')}"


def expectation(course: pd.DataFrame, ctx: ReportContext) -> str:
    """H1 growth that had been expected, by the report's own words."""
    rows = course[course["expected_h1_pct"].notna()] if len(course) else course
    row = need(rows, "growth_expectation").iloc[0]
    values = {"size": _size(row, "above_expected_pp", ctx), "expected": _plain(row, "expected_h1_pct", ctx)}
    return ctx.say(f"growth.expected_{direction(row, 'above_expected_pp')}", h1=percent(row["h1_pct"], ctx), **values)


def rest_of_year(rest_need: pd.DataFrame, ctx: ReportContext) -> str:
    """What the year's growth implies for its rest over the plausible shares, or what a target takes of it."""
    rows = need(rest_need, "growth_rest")
    ends = _ends(rows)
    if not ends:
        raise NotPrintedError("only a bound is printed", "only_bound")
    name, done = _rest_name(rows, ctx), rows.iloc[0]
    mark = ctx.say("growth.rest_replaced", day=ctx.fmt.published(done["done_vintage"])) if done["done_replaced"] else ""
    values = {"rest": name, "done": period_name(done["done"], ctx), "mark": mark}
    values["growth"] = percent(done["done_pct"], ctx, done["figure_ids"])
    low, high = (ctx.fmt.value(each, "pct", "0n") for each in (rows["share_pct"].min(), rows["share_pct"].max()))
    sentences = []
    if PRINTED in ends:
        printed = float(rows.loc[rows["goal"] == PRINTED, "goal_pct"].iloc[0])
        year = percent(printed, ctx)
        sentences.append(ctx.say("growth.rest_printed", year=year, need=between(*ends[PRINTED], ctx), **values))
        if abs(printed) < NEAR_ZERO and _within(ends.get(ZERO)):
            sentences.append(ctx.say("growth.rest_zero", need=between(*ends[ZERO], ctx), **values))
    else:
        goals = [_goal(rows, goal, ends[goal], ctx) for goal in ("low", "base", "high") if _within(ends.get(goal))]
        if not goals:
            raise NotPrintedError("no goal within reach", "growth_rest_far")
        sentences.append(ctx.say("growth.rest_goals", parts="; ".join(goals), **values))
    assumed = {"rest": name, "low": low, "high": high}
    own = rows[rows["is_chosen"] & rows["goal"].isin([PRINTED, "base"])] if "is_chosen" in rows else rows.head(0)
    if own.empty:
        return " ".join([*sentences, ctx.say("growth.rest_share_project", **assumed)])
    row = own.iloc[0]  # the year as printed goes before a goal
    assumed |= {"share": percent(row["share_pct"], ctx), "need": rate(row, "need_pct", ctx, "need")}
    return " ".join([*sentences, ctx.say("growth.rest_share_reader", **assumed)])


def rest_by_plan(rest_plan: pd.DataFrame, ctx: ReportContext) -> str:
    """What each release's share of the plan leaves to the rest of the year, its share measured, not assumed."""
    rows = rest_plan[rest_plan["goal"] == "base"] if len(rest_plan) else rest_plan
    rows = need(rows, "growth_plan_ratio")
    rows = rows[rows["need_pct"].abs() < FARTHEST]
    parts = []
    for row in need(rows, "growth_rest_far").to_dict("records"):
        values = {"done": period_name(row["done"], ctx), "day": ctx.fmt.published(row["vintage"])}
        values |= {"ratio": percent(row["ratio_pct"], ctx), "growth": percent(row["done_pct"], ctx)}
        values |= {"share": with_unit(row["share_pct"], 0, "pct", ctx), "need": rate(row, "need_pct", ctx, "need")}
        parts.append(ctx.say("growth.rest_plan_part", **values))
    return ctx.say("growth.rest_plan", goal=percent(rows["goal_pct"].iloc[0], ctx), parts="; ".join(parts))


def beside_last_year(before: pd.DataFrame, ctx: ReportContext) -> str:
    """Each period beside the same period a year earlier; what was published at another age is marked."""
    rows = need(before, "no_figure_before")
    parts = []
    for row in rows.to_dict("records"):
        values = {"period": period_name(row["period"], ctx), "now": percent(row["growth_pct"], ctx)}
        values |= {"before": percent(row["before_pct"], ctx)}
        if pd.isna(row["change_pp"]):
            parts.append(ctx.say("growth.before_refused", **values))
            continue
        mark = ctx.say("growth.before_mixed") if row["mixed"] else ""
        way = direction(row, "change_pp")
        parts.append(ctx.say(f"growth.before_{way}", size=_size(row, "change_pp", ctx), mark=mark, **values))
    return ctx.say("growth.before", last=ctx.data.year - 1, parts="; ".join(parts))


def sectors(sector_rates: pd.DataFrame, ctx: ReportContext) -> str:
    """Growth of the sectors in the longest period of which it is printed, fastest first."""
    rows = _own(need(sector_rates, "growth_sectors"), ctx)
    rows = rows[rows["sector"].isin(["agriculture", "industry_construction", "services", "product_tax"])]
    last = need(rows, "growth_sectors").iloc[-1]
    own = rows[(rows["period"] == last["period"]) & (rows["boundary_version"] == last["boundary_version"])]
    own = own.sort_values("growth_pct", ascending=False)
    parts = [f"{sector(row['sector'], ctx)} {rate(row, 'growth_pct', ctx)}" for row in own.to_dict("records")]
    name = name_of(last["boundary_version"], ctx)
    return ctx.say("growth.sectors", name=name, period=period_name(last["period"], ctx), parts="; ".join(parts))


def contributions(added: pd.DataFrame, ctx: ReportContext) -> str:
    """Every period's growth with what each sector added to it, the printed contribution beside the computed one."""
    rows = need(added, "growth_contributions")
    sentences = []
    for period, own in rows.groupby("period", sort=False):
        total, parts = own[own["sector"] == TOTAL], own[own["sector"] != TOTAL]
        if len(total):
            said = "; ".join(_part(row, ctx) for row in parts.to_dict("records"))
            name, growth = capital(period_name(str(period), ctx)), percent(total["contribution_pp"].iloc[0], ctx)
            sentences.append(ctx.say("growth.added", period=name, growth=growth, parts=said))
    if "printed_pp" in rows and rows["printed_pp"].notna().any():
        twice = rows[rows["printed_pp"].notna()]
        low = twice["contribution_pp_low"] > twice["printed_pp_high"]
        apart = (low | (twice["contribution_pp_high"] < twice["printed_pp_low"])).any()
        sentences.append(ctx.say(f"growth.added_{'other' if apart else 'same'}", count=len(twice)))
    if not sentences:
        raise NotPrintedError("no period with its growth", "growth_contributions")
    return " ".join([*sentences, ctx.say("growth.points_note")])


def catch_up(ahead_growth: pd.DataFrame, base: pd.DataFrame, ctx: ReportContext) -> str:
    """What next year takes to return to the trend, from the last normal year, beside what was planned and reached."""
    row = need(ahead_growth, str(ahead_growth.attrs.get("missing", "growth_year"))).iloc[0]
    values: dict[str, Any] = {"next": ctx.data.year + 1, "trend": percent(row["trend_pct"], ctx)}
    if "catch_up_normal_pct" in ahead_growth and pd.notna(row["catch_up_normal_pct"]):
        values |= {"normal": int(row["normal_year"]), "short": ctx.fmt.number(abs(row["shortfall_pct"]), 1)}
        values["need"] = rate(row, "catch_up_normal_pct", ctx, "need")
        text = ctx.say("growth.next_short", **values)
        if row["catch_up_normal_pct"] > row["fastest_pct"]:
            text += " " + ctx.say("growth.next_beyond", fastest=percent(row["fastest_pct"], ctx))
    else:
        text = ctx.say("growth.next_normal", **values)
    beside = {"target": row["next_target_pct"], "result": row["next_pct"]}
    parts = [ctx.say(f"growth.next_{k}", n=percent(v, ctx), **values) for k, v in beside.items() if pd.notna(v)]
    sentences = [text, *parts]
    if len(base):
        effect, years = base.iloc[0], {"last": ctx.data.year - 1, "next": ctx.data.year + 1}
        way = direction(effect, "base_effect_pct")
        sentences.append(ctx.say(f"growth.base_{way}", need=rate(effect, "base_effect_pct", ctx, "need"), **years))
    return " ".join([*sentences, ctx.say("growth.next_note")])


def five_years(path: pd.DataFrame, ctx: ReportContext) -> str:
    """How far the five-year plan has come, and what its remaining years must grow."""
    rows = need(path, "growth_five_years")
    held = rows[rows["growth_pct"].notna()]
    last = held.iloc[-1]
    span = {"first": int(rows["year"].iloc[0]), "last": int(rows["year"].iloc[-1]), "until": int(last["year"])}
    text = ctx.say("growth.five", mean=with_unit(last["mean_pct"], 1, "pct", ctx), **span)
    if pd.notna(last["target_pct"]):
        goal = {"goal": percent(last["target_pct"], ctx), "years": last["target_years"]}
        if pd.isna(last["need_pct"]):
            return f"{text} {ctx.say('growth.five_goal', **goal)}"
        goal |= {"need": rate(last, "need_pct", ctx, "need"), "count": len(rows) - len(held)}
        text += " " + ctx.say("growth.five_need", **goal)
    return f"{text} {ctx.say('growth.five_note')}"


def outputs(made: pd.DataFrame, checked: pd.DataFrame, ctx: ReportContext) -> str:
    """A paragraph a sector: output, over last year and against the plan, what the plan meant, what others print."""
    rows = need(made[made["leads"]] if len(made) else made, "outputs")
    apart = checked[checked["kind"].eq("sources") & checked["verdict"].ne(HOLDS)] if len(checked) else checked
    found = [" ".join([_output(row, ctx), *_other_output(row, apart, ctx)]) for row in rows.to_dict("records")]
    return "\n\n".join([*found, ctx.say("growth.output_note")])


def aims(goals: pd.DataFrame, ctx: ReportContext) -> str:
    """The three goals and whose they are."""
    rows = need(goals, "rows").set_index("goal")
    shown = {name: percent(rows.at[name, "goal_pct"], ctx) for name in ("low", "base", "high")}
    more = ctx.say("growth.goals_more") if rows.at["base", "or_more"] else ""
    return ctx.say(f"growth.goals_{rows.at['base', 'origin']}", more=more, **shown)


def limits(year_rates: pd.DataFrame, goals: pd.DataFrame, ctx: ReportContext) -> str:
    """What these figures cannot say."""
    sentences = [ctx.say("growth.limits")]
    if len(year_rates) and (year_rates["basis"] == "estimate").any():
        sentences.append(ctx.say("growth.limits_estimate"))
    whole = len(year_rates) and year_rates["period"].eq("FY").any()  # what is left of a closed year asks for no goal
    if len(goals) and goals["origin"].eq(TREND).all() and not whole:
        sentences.append(ctx.say("growth.limits_trend"))
    return " ".join(sentences)


def year_title(year_rates: pd.DataFrame, nine_years: pd.DataFrame, ctx: ReportContext) -> str:
    """Growth of the year against its target and the nation, whichever fit in 15 words."""
    row = main_row(year_rates, ctx)
    of_year = _row_of(ctx.data.year, row, nine_years)
    parts = []
    if of_year is not None and isinstance(of_year["aims"], str):
        parts.append(ctx.say("growth.title_target", aims=aims_text(of_year["aims"], ctx, of_year["figure_ids"])))
    if of_year is not None and pd.notna(of_year["nation_pct"]):
        parts.append(ctx.say("growth.title_nation", n=percent(of_year["nation_pct"], ctx)))
    values = {"period": short_name(row["period"], ctx), "growth": rate(row, "growth_pct", ctx, "title")}
    start = ctx.say("growth.title_year", **values)
    titles = [", ".join([start, *some]) for some in (parts, parts[:1], parts[1:], [])]
    return next(each for each in titles if len(each.split()) <= MOST_WORDS or each == start)


def rest_title(rest_need: pd.DataFrame, ctx: ReportContext) -> str:
    """What the year implies for its rest, or what its target takes, at most 15 words."""
    rows = need(rest_need, "growth_rest")
    goal = PRINTED if (rows["goal"] == PRINTED).any() else "base"
    ends = _ends(rows).get(goal)
    if ends is None:
        raise NotPrintedError("only a bound is printed", "only_bound")
    if goal != PRINTED and not _within(ends):
        raise NotPrintedError("the goal is out of reach", "growth_rest_far")
    key = "implied" if goal == PRINTED else "needed"
    year = percent(float(rows.loc[rows["goal"] == goal, "goal_pct"].iloc[0]), ctx)
    return ctx.say(f"growth.title_rest_{key}", year=year, rest=_rest_name(rows, ctx), need=between(*ends, ctx))


def added_title(added: pd.DataFrame, ctx: ReportContext) -> str:
    """The largest contribution of the last period, at most 15 words."""
    rows = need(added, "growth_contributions")
    last = rows[rows["period"] == rows["period"].iloc[-1]]
    total = last[last["sector"] == TOTAL]
    named = last[~last["sector"].isin([TOTAL, OTHERS]) & last["contribution_pp"].notna()]
    if total.empty or named.empty:
        raise NotPrintedError("no period with its growth", "growth_contributions")
    most = named.loc[named["contribution_pp"].abs().idxmax()]
    values = {"points": ctx.fmt.number(abs(most["contribution_pp"]), 1), "period": short_name(most["period"], ctx)}
    values |= {"growth": ctx.fmt.number(total["contribution_pp"].iloc[0], 1)}
    key = f"growth.title_added_{'fall' if most['contribution_pp'] < 0 else 'rise'}"
    return ctx.say(key, sector=capital(ctx.say(f"growth.short_{most['sector']}")), **values)


def five_title(path: pd.DataFrame, ctx: ReportContext) -> str:
    """Mean growth of the plan so far, at most 15 words."""
    held = need(path, "growth_five_years")
    last = held[held["growth_pct"].notna()].iloc[-1]
    mean = with_unit(last["mean_pct"], 1, "pct", ctx)
    key = "title_five" if pd.isna(last["target_pct"]) else "title_five_goal"
    goal = percent(last["target_pct"], ctx) if pd.notna(last["target_pct"]) else ""
    return ctx.say(f"growth.{key}", first=int(held["year"].iloc[0]), until=int(last["year"]), mean=mean, goal=goal)


def outputs_title(made: pd.DataFrame, ctx: ReportContext) -> str:
    """Part of the plan reached, else growth, of the first two sectors; at most 15 words."""
    rows = need(made[made["leads"]] if len(made) else made, "outputs")
    parts = [text for row in rows.to_dict("records") if (text := _output_short(row, ctx))]
    if not parts:
        raise NotPrintedError("neither growth nor plan is printed", "only_bound")
    title = capital(", ".join(parts[:2]))
    return title if len(title.split()) <= 15 else capital(parts[0])


def twice_title(twice: pd.DataFrame, ctx: ReportContext) -> str:
    """First and last value of the period that moved most over its publications, at most 15 words."""
    rows = need(twice, "growth_versions")
    ends = rows.groupby("period", sort=False)["growth_pct"].agg(["first", "last"])
    period = str((ends["last"] - ends["first"]).abs().idxmax())
    values = {name: percent(ends.at[period, name], ctx) for name in ("first", "last")}
    return ctx.say("growth.title_twice", period=short_name(period, ctx), **values)


def main_row(year_rates: pd.DataFrame, ctx: ReportContext) -> pd.Series:
    """The year's growth within its own boundary; where it is not printed, the longest period from 1 January on."""
    rows = need(_own(year_rates, ctx), "growth_period")
    longest = rows[rows["period"].isin([*CUMULATIVE, "Q1"])]
    return (longest if len(longest) else rows).iloc[-1]


def output_name(row: Row, ctx: ReportContext) -> str:
    """Short name of an output; its label where there is none, with its part of the year where it is not the whole."""
    key = f"growth.short_{row['indicator']}"
    name = ctx.say(key) if ctx.fmt.knows(key) else ctx.label(str(row["indicator"]))
    return name if row["period"] == "FY" else f"{name} {ctx.say('vintages.period_' + row['period'])}"


def amount(row: Row, column: str, ctx: ReportContext) -> str:
    """An output in its own unit."""
    return ctx.fmt.quantity(replace(number(row, column), unit=str(row["unit"])), "short")


def sector(name: str, ctx: ReportContext) -> str:
    """Name of a sector within a sentence."""
    key = f"growth.sector_{name}"
    return ctx.say(key) if ctx.fmt.knows(key) else name.replace("_", " ")


def cited(rows: pd.DataFrame, ctx: ReportContext, more: Iterable[str] = ()) -> str:
    """Source line of the rows: printed figures, and the series that rows without figures come from."""
    return ctx.sources([*rows["figure_ids"], *more], rows.get("series_source_id", ()))


def _own(year_rates: pd.DataFrame, ctx: ReportContext) -> pd.DataFrame:
    """Rates within the boundary that the year's figures hold for; within the other where it has none."""
    if year_rates.empty:
        return year_rates
    own = year_rates[year_rates["boundary_version"] == ctx.data.figures["boundary_version"].iloc[0]]
    return own if len(own) else year_rates[year_rates["boundary_version"] == year_rates["boundary_version"].iloc[-1]]


def _beside(row: pd.Series, nine_years: pd.DataFrame, ctx: ReportContext) -> list[str]:
    """Targets, last year and the nation beside growth of the whole year."""
    year, parts = ctx.data.year, []
    own, before = (_row_of(each, row, nine_years) for each in (year, year - 1))
    if own is not None and isinstance(own["aims"], str):
        parts.append(ctx.say("growth.year_target", aims=aims_text(own["aims"], ctx, own["figure_ids"])))
    for name, found, column, basis in (
        ("last", before, "growth_pct", "basis"),
        ("nation", own, "nation_pct", "nation_basis"),
    ):
        if found is not None and pd.notna(found[column]):
            way = FALL if found[column] < 0 else RISE
            size = percent(abs(found[column]), ctx, found["figure_ids"])
            estimate = "_estimate" if found[basis] == "estimate" else ""
            shown = ctx.say(f"wording.need_{way}{estimate}", rate=size, size=size)
            parts.append(ctx.say(f"growth.year_{name}", rate=shown, last=year - 1))
    return parts


def _row_of(year: int, row: pd.Series, nine_years: pd.DataFrame) -> pd.Series | None:
    """A year within the boundary of a rate of the whole year."""
    if row["period"] != "FY" or nine_years.empty:
        return None
    rows = nine_years[(nine_years["boundary_version"] == row["boundary_version"]) & (nine_years["year"] == year)]
    return None if rows.empty else rows.iloc[0]


def _periods(rows: pd.DataFrame, ctx: ReportContext) -> list[str]:
    return [f"{period_name(row['period'], ctx)} {rate(row, 'growth_pct', ctx)}" for row in rows.to_dict("records")]


def _ends(rest: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Lowest and highest growth that each goal needs, over all shares and roundings."""
    known = rest[rest["need_pct"].notna()].groupby("goal")
    return {str(goal): (own["need_pct_low"].min(), own["need_pct_high"].max()) for goal, own in known}


def _within(ends: tuple[float, float] | None) -> bool:
    return ends is not None and max(abs(each) for each in ends) < FARTHEST


def _goal(rows: pd.DataFrame, goal: str, ends: tuple[float, float], ctx: ReportContext) -> str:
    aim = percent(float(rows.loc[rows["goal"] == goal, "goal_pct"].iloc[0]), ctx)
    return ctx.say("growth.rest_goal", goal=aim, need=between(*ends, ctx))


def _rest_name(rows: pd.DataFrame, ctx: ReportContext) -> str:
    return ctx.say(f"growth.rest_{rows['rest'].iloc[0]}")


def _part(row: Row, ctx: ReportContext) -> str:
    """A sector with the points it added; with its share of growth only where both point the same way."""
    way, share = direction(row, "contribution_pp"), row.get("share_of_growth_pct")
    values = {"sector": sector(row["sector"], ctx), "points": points(abs(row["contribution_pp"]), ctx)}
    said = ctx.say(f"growth.part_{way}", **values)
    if share is None or pd.isna(share) or share < 0:
        return said
    return said + ctx.say("growth.part_share", share=with_unit(share, 0, "pct", ctx))


def _output(row: Row, ctx: ReportContext) -> str:
    label, estimate = _output_label(row, ctx), "_estimate" if row["basis"] == "estimate" else ""
    parts = []
    if _is_known(row, "growth_pct"):
        key = "growth.output_growth" + "_part" * (row["period"] != "FY")
        parts.append(ctx.say(key, rate=rate(row, "growth_pct", ctx, "need")))
    if pd.notna(row["plan_ratio_pct"]):
        side = "below" if row["plan_ratio_pct_high"] < 100 else "above" if row["plan_ratio_pct_low"] > 100 else "level"
        parts.append(ctx.say(f"growth.output_plan_{side}", ratio=percent(row["plan_ratio_pct"], ctx)))
    if pd.notna(row["actual_amount"]):
        head = ctx.say(f"growth.output_level{estimate}", label=label, actual=amount(row, "actual_amount", ctx))
        text = ", ".join([head, *parts]) + "."
    elif parts:
        text = ctx.say(f"growth.output_ratios{estimate}", label=label, parts=", ".join(parts))
    else:
        raise NotPrintedError("only a bound of an output is printed", "only_bound")
    if pd.notna(row["realised_share_pct"]):
        done = with_unit(row["realised_share_pct"], 0, "pct", ctx)
        text += " " + ctx.say("growth.output_realised", planned=rate(row, "planned_growth_pct", ctx, "need"), done=done)
    return text


def _other_output(row: Row, apart: pd.DataFrame, ctx: ReportContext) -> list[str]:
    """Growth of the same output that another source prints and that does not agree; it stands beside the first."""
    parts, own = [], {*row["figure_ids"].split()}
    for check in in_language(apart, ctx.fmt.language).to_dict("records"):
        ids = {*check["figure_ids"].split()}
        if len(ids) != 2 or len(ids - own) != 1 or pd.isna(row["growth_pct"]):
            continue
        other = ctx.data.rows(ids - own).iloc[0]
        values = {"publisher": ctx.publisher(other["source_id"]), "day": ctx.fmt.published(other["vintage"])}
        values["own"] = percent(row["growth_pct"], ctx, row["figure_ids"])
        values["other"] = percent(other["value"], ctx, other.name)
        parts.append(ctx.say("growth.output_beside", note=check["note"], **values))
    return parts


def _output_label(row: Row, ctx: ReportContext) -> str:
    label = ctx.label(str(row["indicator"]))
    return label if row["period"] == "FY" else f"{label} {ctx.say('vintages.period_' + row['period'])}"


def _output_short(row: Row, ctx: ReportContext) -> str:
    name = output_name(row, ctx)
    if pd.notna(row["plan_ratio_pct"]):
        return ctx.say("growth.output_title", name=name, ratio=percent(row["plan_ratio_pct"], ctx))
    return f"{name} {rate(row, 'growth_pct', ctx, 'title')}" if _is_known(row, "growth_pct") else ""


def _is_known(row: Row, column: str) -> bool:
    """Whether a number or a bound of it is printed."""
    return any(pd.notna(row[f"{column}{end}"]) for end in ("", "_low", "_high"))


def period_name(period: str, ctx: ReportContext) -> str:
    """Name of a period within a sentence."""
    return ctx.say(f"growth.name_{period}")


def short_name(period: str, ctx: ReportContext) -> str:
    """Short name of a period."""
    return ctx.say(f"growth.short_{period}")


def _plain(row: Row | pd.Series, column: str, ctx: ReportContext) -> str:
    return percent(round(float(row[column]), 2), ctx)


def points(value: float, ctx: ReportContext) -> str:
    """Percentage points with two decimals."""
    return ctx.fmt.value(value, "pp", "2")


def _size(row: Row | pd.Series, column: str, ctx: ReportContext) -> str:
    return points(abs(float(row[column])), ctx)


def with_unit(value: float, decimals: int, unit: str, ctx: ReportContext) -> str:
    """A number of no figure's own with its unit."""
    return ctx.fmt.unit(ctx.fmt.number(value, decimals), unit)
