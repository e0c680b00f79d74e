"""Sentences and titles on growth: the year, its periods, what the rest of it takes, sectors, next year, five years.

Responsibility: which words the numbers of ``analysis.growth``, ``levels`` and ``scenarios`` call for. No cause is
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
from kg_analysis.analysis.scenarios import YEARS_FOR_A_SHARE
from kg_analysis.bounds import union_ids
from kg_analysis.errors import NotPrintedError
from kg_analysis.formats import in_language, number
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.neighbours import aims_text, name_of
from kg_analysis.narrative.wording import FALL, FLAT, RISE, between, capital, direction, listed, need, percent, rate

Row = Mapping[Any, Any]
MOST_WORDS = 15  # of a title
FARTHEST = 15.0  # percent that a rest of the year may need to be said at all: no province has grown so fast
NEAR_ZERO = 2.0  # percent within which a reader asks what a year level with the last would have taken


def year(year_rates: pd.DataFrame, nine_years: pd.DataFrame, ctx: ReportContext) -> str:
    """Growth of the year beside its target, last year and the nation; of a year of two boundaries each by itself."""
    row = main_row(year_rates, ctx)
    values = {"name": name_of(row["boundary_version"], ctx), "period": _name(row["period"], ctx)}
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
        name = capital(_name(each["period"], ctx))
        sentences.append(ctx.say("growth.periods_first", period=name, first=first, day=when))
    estimates = [_name(each, ctx) for each in rows.loc[rows["basis"] == "estimate", "period"]]
    if estimates:
        sentences.append(ctx.say("growth.periods_estimate", names=listed(estimates, ctx)))
    return " ".join(sentences)


def third_quarter(course: pd.DataFrame, ctx: ReportContext) -> str:
    """What the third quarter did to cumulative growth, within one publication, then with the first half as revised.

    A first half that a page below the grade that may be cited revised is marked as revised; the page is not quoted.
    """
    row = need(course, "growth_course").iloc[0]
    third = "" if pd.isna(row["q3_pct"]) else ctx.say("growth.third_alone", q3=rate(row, "q3_pct", ctx, "need"))
    size, h1, nine = (
        _size(row, "change_pp", ctx),
        *(percent(row[each], ctx, row.get("figure_ids")) for each in ("h1_pct", "nine_pct")),
    )
    stale = not ctx.data.replaced.isdisjoint(str(row["figure_ids"]).split())
    mark = ctx.say("growth.third_replaced", day=ctx.fmt.published(row["h1_vintage"])) if stale else ""
    way = direction(row, "change_pp")
    text = ctx.say(f"growth.third_{way}", third=third, size=size, h1=h1, nine=nine, mark=mark)
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
    nine = percent(row["nine_pct"], ctx, row.get("figure_ids"))
    naive = (
        "agrees"
        if row["naive_mean_pct_low"] <= row["nine_pct_high"] and row["nine_pct_low"] <= row["naive_mean_pct_high"]
        else "differs"
    )
    mean = percent(row["naive_mean_pct"], ctx, row.get("figure_ids"))
    return ctx.say(f"growth.naive_{naive}", naive=mean, nine=nine)


def weight(course: pd.DataFrame, ctx: ReportContext) -> str:
    """What the printed rates imply about the weight of H1, with the verdict: a check of the figures, no structure."""
    rows = need(course[course["q3_pct"].notna()] if len(course) else course, "growth_course")
    row = need(rows[rows["h1_weight_share"].notna()], "growth_weight").iloc[0]
    low, high, nation = (
        float(ctx.data.assumptions.at[f"h1_of_9m_{each}", "value"]) for each in ("low", "high", "nation")
    )
    shown = [ctx.fmt.number(each, digits) for each, digits in ((low, 2), (high, 2), (nation, 2))]
    values = dict(zip(("low", "high", "nation"), shown, strict=True))
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
    values = {
        "rest": name,
        "done": _name(done["done"], ctx),
        "growth": percent(done["done_pct"], ctx, done["figure_ids"]),
        "mark": ctx.say("growth.rest_replaced", day=ctx.fmt.published(done["done_vintage"]))
        if done["done_replaced"]
        else "",
    }
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
    parts = [
        ctx.say(
            "growth.rest_plan_part",
            done=_name(row["done"], ctx),
            day=ctx.fmt.published(row["vintage"]),
            ratio=percent(row["ratio_pct"], ctx),
            growth=percent(row["done_pct"], ctx),
            share=ctx.fmt.unit(ctx.fmt.number(row["share_pct"], 0), "pct"),
            need=rate(row, "need_pct", ctx, "need"),
        )
        for row in need(rows, "growth_rest_far").to_dict("records")
    ]
    return ctx.say("growth.rest_plan", goal=percent(rows["goal_pct"].iloc[0], ctx), parts="; ".join(parts))


def beside_last_year(before: pd.DataFrame, ctx: ReportContext) -> str:
    """Each period beside the same period a year earlier; what was published at another age is marked."""
    rows = need(before, "no_figure_before")
    parts = []
    for row in rows.to_dict("records"):
        values = {"period": _name(row["period"], ctx), "now": percent(row["growth_pct"], ctx)}
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
    return ctx.say("growth.sectors", name=name, period=_name(last["period"], ctx), parts="; ".join(parts))


def contributions(added: pd.DataFrame, ctx: ReportContext) -> str:
    """Every period's growth with what each sector added to it, the printed contribution beside the computed one."""
    rows = need(added, "growth_contributions")
    sentences = []
    for period, own in rows.groupby("period", sort=False):
        total, parts = own[own["sector"] == TOTAL], own[own["sector"] != TOTAL]
        if len(total):
            said = "; ".join(_part(row, ctx) for row in parts.to_dict("records"))
            name, growth = capital(_name(str(period), ctx)), percent(total["contribution_pp"].iloc[0], ctx)
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
        short = ctx.fmt.number(abs(row["shortfall_pct"]), 1)
        values |= {
            "normal": int(row["normal_year"]),
            "short": short,
            "need": rate(row, "catch_up_normal_pct", ctx, "need"),
        }
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
    text = ctx.say("growth.five", mean=ctx.fmt.unit(ctx.fmt.number(last["mean_pct"], 1), "pct"), **span)
    if pd.notna(last["target_pct"]):
        goal = {"goal": percent(last["target_pct"], ctx), "years": last["target_years"]}
        if pd.isna(last["need_pct"]):
            return f"{text} {ctx.say('growth.five_goal', **goal)}"
        text += " " + ctx.say(
            "growth.five_need", need=rate(last, "need_pct", ctx, "need"), count=len(rows) - len(held), **goal
        )
    return f"{text} {ctx.say('growth.five_note')}"


def outputs(made: pd.DataFrame, checked: pd.DataFrame, ctx: ReportContext) -> str:
    """A paragraph a sector: output, over last year and against the plan, what the plan meant, what others print."""
    rows = need(made[made["leads"]] if len(made) else made, "outputs")
    apart = checked[checked["kind"].eq("sources") & checked["verdict"].ne(HOLDS)] if len(checked) else checked
    found = [" ".join([_output(row, ctx), *_other_output(row, apart, ctx)]) for row in rows.to_dict("records")]
    return "\n\n".join([*found, ctx.say("growth.output_note")])


def versions(level_versions: pd.DataFrame, ctx: ReportContext) -> str:
    """Every level over its publications, and that those which differ are not joined."""
    rows = need(level_versions, "growth_level_versions")
    sentences = []
    for (year, period), own in rows.groupby(["year", "period"], sort=False):
        parts = [
            ctx.say(
                f"growth.version_{row['origin']}",
                level=ctx.fmt.bounded(row, "level_bn_vnd", "short"),
                day=ctx.fmt.published(row["vintage"]),
            )
            for row in own.to_dict("records")
        ]
        last = own.iloc[-1]
        apart = ctx.say(f"growth.apart_{direction(last, 'apart_pct')}", size=ctx.fmt.number(abs(last["apart_pct"]), 1))
        name = capital(_name(str(period), ctx))
        sentences.append(ctx.say("growth.versions", period=name, which=year, parts="; ".join(parts), apart=apart))
    return " ".join([*sentences, ctx.say("growth.versions_note")])


def shares(measured: pd.DataFrame, ctx: ReportContext) -> str:
    """Shares of the rest of a year that two levels give: measured within one publication, else a check only."""
    rows = need(measured, "growth_shares")
    parts = [
        ctx.say(
            "growth.share",
            which=row["year"],
            period=_name(row["period"], ctx),
            share=ctx.fmt.unit(ctx.fmt.number(row["share_pct"], 0), "pct"),
        )
        for row in rows.to_dict("records")
    ]
    key = "mixed" if rows["mixed"].all() else "measured"
    return f"{ctx.say('growth.shares', parts='; '.join(parts))} {ctx.say(f'growth.shares_{key}')}"


def series_contributions(quarter_points: pd.DataFrame, gaps: pd.DataFrame, ctx: ReportContext) -> str:
    """Contributions by the department's own quarters, which release they rest on, and whether they add up."""
    rows = need(quarter_points, "grdp_quarterly")
    day = ctx.fmt.published(rows["vintage"].iloc[0])
    text = ctx.say("growth.release", published=day, last=ctx.data.year - 1)
    off = gaps[(gaps["gap_pp_low"] > 0) | (gaps["gap_pp_high"] < 0)]
    parts = [f"{_short(row['period'], ctx)} {_points(row['gap_pp'], ctx)}" for row in off.to_dict("records")]
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
    along = [f"{_short(row['period'], ctx)} {rate(row, 'need_pct', ctx, 'need')}" for row in _rows(base, "path")]
    if along:
        sentences.append(ctx.say("growth.need_path", parts=listed(along, ctx)))
    for row in _rows(base, "sector"):
        values = {"sector": sector(row["sector"], ctx), "need": rate(row, "need_pct", ctx, "need")}
        sentences.append(ctx.say("growth.need_sector", **values))
    for row in _rows(base, "last"):
        values = {"quarter": _short(row["period"], ctx), "need": rate(row, "need_pct", ctx, "need")}
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
    values = {name: ctx.fmt.unit(ctx.fmt.number(value, 1), "bn_vnd") for name, value in amounts.items()}
    parts = [
        f"{_short(row['quarter'], ctx)} {ctx.fmt.unit(ctx.fmt.number(row['denton_bn_vnd'], 1), 'bn_vnd')}"
        for row in own.to_dict("records")
    ]
    text = ctx.say(
        f"growth.revision_{key}",
        which=int(own["year"].iloc[0]),
        **values,
        way=ctx.say(f"growth.moved_{way}", size=moved),
    )
    return f"{text} {ctx.say('growth.denton', parts=listed(parts, ctx))}"


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
    values = {"period": _short(row["period"], ctx), "growth": rate(row, "growth_pct", ctx, "title")}
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
    values = {"points": ctx.fmt.number(abs(most["contribution_pp"]), 1), "period": _short(most["period"], ctx)}
    values |= {"growth": ctx.fmt.number(total["contribution_pp"].iloc[0], 1)}
    key = f"growth.title_added_{'fall' if most['contribution_pp'] < 0 else 'rise'}"
    return ctx.say(key, sector=capital(ctx.say(f"growth.short_{most['sector']}")), **values)


def five_title(path: pd.DataFrame, ctx: ReportContext) -> str:
    """Mean growth of the plan so far, at most 15 words."""
    held = need(path, "growth_five_years")
    last = held[held["growth_pct"].notna()].iloc[-1]
    mean = ctx.fmt.unit(ctx.fmt.number(last["mean_pct"], 1), "pct")
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
    return ctx.say("growth.title_twice", period=_short(period, ctx), **values)


def scenario_title(required_growth: pd.DataFrame, ctx: ReportContext) -> str:
    """What the remaining quarters must grow from the low to the high goal, at most 15 words."""
    even = need(required_growth, "grdp_quarterly")
    even = even[even["spread"] == "even"].set_index("goal")["need_pct"]
    return ctx.say("growth.title_scenarios", need=between(even["low"], even["high"], ctx))


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
    ids = union_ids([*rows["figure_ids"].dropna(), *more]).split()
    series = sorted(set(rows["series_source_id"].dropna())) if "series_source_id" in rows else []
    return ". ".join([*([ctx.cite(ids)] if ids else []), *([ctx.cite_series(series)] if series else [])])


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
    return [f"{_name(row['period'], ctx)} {rate(row, 'growth_pct', ctx)}" for row in rows.to_dict("records")]


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


def _rows(table: pd.DataFrame, spread: str) -> list[dict[Any, Any]]:
    return table[table["spread"] == spread].to_dict("records")


def _reached(row: Row) -> str:
    least, most = int(row["years_reached_least"]), int(row["years_reached"])
    return str(least) if least == most else f"{least}–{most}"


def _part(row: Row, ctx: ReportContext) -> str:
    """A sector with the points it added; with its share of growth only where both point the same way."""
    way, share = direction(row, "contribution_pp"), row.get("share_of_growth_pct")
    said = ctx.say(
        f"growth.part_{way}", sector=sector(row["sector"], ctx), points=_points(abs(row["contribution_pp"]), ctx)
    )
    if share is None or pd.isna(share) or share < 0:
        return said
    return said + ctx.say("growth.part_share", share=ctx.fmt.unit(ctx.fmt.number(share, 0), "pct"))


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
        done = ctx.fmt.unit(ctx.fmt.number(row["realised_share_pct"], 0), "pct")
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


def _name(period: str, ctx: ReportContext) -> str:
    return ctx.say(f"growth.name_{period}")


def _short(period: str, ctx: ReportContext) -> str:
    return ctx.say(f"growth.short_{period}")


def _plain(row: Row | pd.Series, column: str, ctx: ReportContext) -> str:
    return percent(round(float(row[column]), 2), ctx)


def _points(value: float, ctx: ReportContext) -> str:
    return ctx.fmt.value(value, "pp", "2")


def _size(row: Row | pd.Series, column: str, ctx: ReportContext) -> str:
    return _points(abs(float(row[column])), ctx)
