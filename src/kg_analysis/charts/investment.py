"""Charts of public investment: versions of the year within its plan, its course, whole years, who holds the rest.

Responsibility: the marks. Numbers come from ``analysis``, words from ``narrative.investment``. Two plans never stand in
one line. Each takes frames and returns a figure whose rows are in ``figure.data``; a parameter's name says which frame
of the registry it is.
"""

from __future__ import annotations

from functools import partial
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from kg_analysis.analysis.investment import ESTIMATE, MONTHS, OUTTURN, OWN_BASES
from kg_analysis.bounds import beside
from kg_analysis.charts.frame import canvas, captioned, categories, enough, note, number_ticks
from kg_analysis.charts.layout import box_of, first_free, shrink
from kg_analysis.charts.theme import CONTEXT, FOCUS, HATCH, INK, MUTED, PALE, SECOND, THIRD, style
from kg_analysis.errors import NotPrintedError
from kg_analysis.narrative import investment as words
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import need

NATION, NATION_BASE = "00", "pm_plan"
FEWEST_IN_BAND = 3
MOST_BARS = 12
MOST_VERSIONS = 4
# Sides of a line's end where its name may stand, the usual one first: alignment, points up or down, what is aligned.
_SIDES = (
    ("left", 0, "center"),
    ("right", 7, "bottom"),
    ("right", -7, "top"),
    ("left", 9, "bottom"),
    ("left", -9, "top"),
)
PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}


def versions(balance: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Money paid within the frame of the plan, newest settled version on top; estimates hatched, the target dashed."""
    title = words.headline_title(balance, ctx)
    rows = balance[balance["disbursed_bn_vnd"].notna() & balance["plan_bn_vnd"].notna()]
    # Of many totals within the year the newest; a superseded estimate stays beside the result.
    rows = pd.concat([rows[rows["leads"]], rows[~rows["leads"]].sort_values("months", ascending=False)])
    whole_year = rows["months"].eq(MONTHS) | rows["leads"]
    rows = (rows[whole_year] if whole_year.sum() > 1 else rows).head(MOST_VERSIONS).reset_index(drop=True)
    if rows.empty:
        raise NotPrintedError("no total with its plan", "investment_open")
    enough(rows[["disbursed_bn_vnd", "plan_bn_vnd"]])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        for place, row in enumerate(rows.to_dict("records")):
            _version(axes, place, row, ctx)
        top = float(rows["plan_bn_vnd"].max())
        if len(aim):
            _target_line(axes, rows, aim, ctx)
        categories(axes, "y", range(len(rows)), [_version_name(row, ctx) for row in rows.to_dict("records")])
        axes.set_ylim(len(rows) - 0.45, -0.75)
        axes.set_xlim(0, 1.06 * top)
        axes.xaxis.set_major_formatter(number_ticks(ctx.fmt))
        ending, values = ("", {"aim": _aim_name(aim, ctx)}) if len(aim) else ("_plain", {})
        source = words.cited(rows, ctx, aim.get("figure_ids", []))
        return captioned(
            figure, ctx, "investment.versions", "investment_versions", title, source, rows, ending=ending, **values
        )


def course(courses: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Path of the budget year over its own past years and the nation's, each line of one plan."""
    title = words.course_title(courses, ctx)
    own = words.own_course(courses, ctx)
    nation = courses[(courses["area_code"] == NATION) & (courses["ratio_base"] == NATION_BASE)]
    past = courses[(courses["area_code"] == ctx.data.area) & courses["ratio_base"].isin(OWN_BASES)]
    past = past[(past["budget_year"] < ctx.data.year) & (past["basis"] == "actual")]
    enough(pd.concat([own, past, nation])["ratio_pct"])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        axes.set_xlim(0, MONTHS + 1.6)
        axes.set_ylim(0, max(105.0, 1.08 * float(courses["ratio_pct"].max())))
        shrink(axes)
        band = envelope(nation)
        if len(band):
            axes.fill_between(band["months"], band["low"], band["high"], color=PALE, alpha=0.6, lw=0)
            text = ctx.say("investment.course_band", years=nation["budget_year"].nunique())
            axes.text(0.02, 0.76, text, transform=axes.transAxes, ha="left", va="top", color=MUTED, size=9)
        same = nation[nation["budget_year"] == ctx.data.year]
        _line(axes, same, CONTEXT, "--", "s", 1.4)
        for _, rows in past.groupby("budget_year"):
            _line(axes, rows, CONTEXT, "-", "o", 1.0)
        _line(axes, own, FOCUS, "-", "o", 2.2)
        if len(own):
            name = ctx.say("investment.course_own", ratio=words.ratio_text(own.iloc[-1], ctx))
            _name(axes, own, name, color=FOCUS, weight="bold", bbox=PAPER)
        for year, rows in past.groupby("budget_year"):
            _name(axes, rows, str(year), color=CONTEXT, size=9)
        _name(axes, same, ctx.say("investment.course_nation"), color=CONTEXT, size=9)
        if len(aim):
            level = float(aim["target_pct"].iloc[0])
            axes.axhline(level, color=SECOND, ls="--", lw=1.2)
            name = ctx.say("investment.aim_line", aim=words.aim_text(aim, ctx))
            note(axes, name, (0.05, level), (2, 3), color=SECOND, size=9)
        axes.set_xticks(range(0, MONTHS + 1))
        axes.set_xlabel(ctx.say("investment.course_axis"))
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        shown = pd.concat([own, past, nation])
        source = _sources(pd.concat([own, past, same]), nation, ctx)
        return captioned(figure, ctx, "investment.course", "investment_course", title, source, shown)


def rates(rates: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Share of the plan paid by whole budget years: results filled, estimates open, joined only within one plan."""
    title = words.rates_title(rates, ctx)
    own = rates[rates["area_code"] == ctx.data.area]
    nation = rates[(rates["area_code"] == NATION) & (rates["ratio_base"] == NATION_BASE)]
    nation = nation[nation["months"].eq(MONTHS) & nation["ratio_qualifier"].eq("exact")]
    nation = nation.sort_values(["budget_year", "vintage"]).drop_duplicates("budget_year", keep="last")
    need(own, "investment_rates")
    enough(pd.concat([own, nation])["ratio_pct"])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        held = {*own["budget_year"].astype(int), *nation["budget_year"].astype(int)}
        years = list(range(min(held), max(held) + 1))
        axes.set_xticks(years)
        axes.set_xlim(years[0] - 0.6, years[-1] + 1.5)
        ends = pd.concat([own["ratio_pct"], nation["ratio_pct"]])
        axes.set_ylim(min(50.0, float(ends.min()) - 5), max(100.0, float(ends.max()) + 5))
        shrink(axes)
        if len(nation):
            every = range(int(nation["budget_year"].min()), int(nation["budget_year"].max()) + 1)
            line = nation.set_index("budget_year").reindex(every)  # a year that is not held breaks the line
            line = line.assign(months=list(every))
            _line(axes, line, CONTEXT, "--", "s", 1.4)
            _name(axes, line, ctx.say("investment.rates_nation"), color=CONTEXT, size=9)
        for row in _without_repeats(own).to_dict("records"):
            _rate(axes, row, ctx)
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        source = _sources(own, nation, ctx)
        return captioned(figure, ctx, "investment.rates", "investment_rates", title, source, pd.concat([own, nation]))


def who_holds(rest: pd.DataFrame, works: pd.DataFrame, balance: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Who holds the money not disbursed, by money: groups that add to the whole, or projects and the rest."""
    title = words.holders_title(rest, works, ctx)
    rows = rest if len(rest) else _works_and_rest(works, balance)
    rows = rows.head(MOST_BARS)
    left = rows["undisbursed_bn_vnd"].astype(float)
    enough(left)
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        plain = rows["item"].eq("")
        axes.barh(range(len(rows)), left, color=np.where(plain, PALE, FOCUS), height=0.62)
        for place, row in enumerate(rows.to_dict("records")):
            share = ctx.fmt.number(float(row["cumulative_share_pct"]), 0)
            text = ctx.say("investment.holders_label", left=words.money(row, "undisbursed_bn_vnd", ctx), share=share)
            note(axes, text, (float(row["undisbursed_bn_vnd"]), place), (6, 0), va="center", color=INK)
        names = [words.item_name(each, ctx) if each else ctx.say("investment.rest_of_works") for each in rows["item"]]
        categories(axes, "y", range(len(rows)), [_wrapped(name) for name in names])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 1.45 * float(left.max()))
        axes.xaxis.set_major_formatter(number_ticks(ctx.fmt))
        day = rows["as_of"].dropna().max()
        source = words.cited(rows, ctx)
        values: dict[str, Any] = {"day": ctx.fmt.date(day)}
        return captioned(figure, ctx, "investment.holders", "investment_holders", title, source, rows, **values)


def envelope(nation: pd.DataFrame) -> pd.DataFrame:
    """Lowest and highest share of past years by month, where at least three years hold totals on both sides of it."""
    grid = np.arange(1, MONTHS + 1)
    lines = []
    for _, rows in nation.groupby("budget_year"):
        dated = rows.sort_values("months").drop_duplicates("months", keep="last")
        if len(dated) > 1:
            lines.append(np.interp(grid, dated["months"], dated["ratio_pct"], left=np.nan, right=np.nan))
    if not lines:
        return pd.DataFrame(columns=["months", "low", "high"])
    table = pd.DataFrame(lines, columns=grid)
    held = table.notna().sum() >= FEWEST_IN_BAND
    found = pd.DataFrame({"months": grid, "low": table.min().to_numpy(), "high": table.max().to_numpy()})
    return found[held.to_numpy()].reset_index(drop=True)


def _version(axes: Axes, place: int, row: dict[str, Any], ctx: ReportContext) -> None:
    plan, paid = float(row["plan_bn_vnd"]), float(row["disbursed_bn_vnd"])
    leads = bool(row["leads"])
    estimated = row["standing"] == ESTIMATE
    axes.barh(place, plan, height=0.5, facecolor="white", edgecolor=CONTEXT, lw=1.1)
    colour = FOCUS if leads else CONTEXT
    axes.barh(place, paid, height=0.5, color=colour, hatch=HATCH["estimate"] if estimated else None)
    values = {name: ctx.fmt.bounded(row, f"{name}_bn_vnd", "bare") for name in ("disbursed", "plan")}
    key = "investment.version_label" if pd.notna(row["ratio_pct"]) else "investment.version_label_short"
    ratio = words.ratio_text(row, ctx) if pd.notna(row["ratio_pct"]) else "–"
    text = ctx.say(key, paid=values["disbursed"], plan=values["plan"], ratio=ratio)
    text = fill(text, int(9 * axes.get_figure().get_figwidth()))  # type: ignore[union-attr]
    note(axes, text, (0, place - 0.27), (2, 2), va="bottom", color=INK, weight="bold" if leads else "normal")


def _target_line(axes: Axes, rows: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext) -> None:
    """The target on each version's own plan."""
    share = float(aim["target_pct"].iloc[0]) / 100
    for place, plan in enumerate(rows["plan_bn_vnd"].astype(float)):
        axes.plot([share * plan] * 2, [place - 0.3, place + 0.3], color=SECOND, ls="--", lw=1.6)
    name = ctx.say("investment.aim_line", aim=words.aim_text(aim, ctx))
    at = (share * float(rows["plan_bn_vnd"].iloc[-1]), len(rows) - 0.7)  # below: above stand the labels of the bars
    note(axes, name, at, (0, -3), ha="center", va="top", color=SECOND, size=9)


def _version_name(row: dict[str, Any], ctx: ReportContext) -> str:
    day = ctx.fmt.date(row["as_of"]) if pd.notna(row["as_of"]) else str(ctx.data.year)
    return ctx.say(f"investment.version_{row['standing']}", day=day, vintage=ctx.fmt.published(row["vintage"]))


def _aim_name(aim: pd.DataFrame, ctx: ReportContext) -> str:
    values = words._aim_values(aim, ctx)
    return f"{values['aim']} ({values['aim_name']})"


def _line(axes: Axes, rows: pd.DataFrame, colour: str, dash: str, marker: str, width: float) -> None:
    """A line with its points; one point is a dot."""
    line = rows.sort_values("months")
    look: dict[str, Any] = {"ls": dash if len(line) > 1 else "", "marker": marker, "ms": 4 if width < 2 else 6}
    axes.plot(line["months"].astype(float), line["ratio_pct"].astype(float), color=colour, lw=width, **look)


def _name(axes: Axes, rows: pd.DataFrame, name: str, **look: Any) -> None:
    """Name of a line beside its end, at the first side where no other name and no point stands."""
    if rows.empty:
        return
    end = tuple(rows.sort_values("months")[["months", "ratio_pct"]].astype(float).iloc[-1])
    beside = {"left": 7, "right": -7}
    places = [partial(note, axes, name, end, (beside[ha], dy), ha=ha, va=va, **look) for ha, dy, va in _SIDES]
    points = [each for line in axes.lines for each in axes.transData.transform(np.column_stack(line.get_data()))]
    taken = [Bbox.from_bounds(x - 5, y - 5, 10, 10) for x, y in points if np.isfinite([x, y]).all()]
    if first_free(axes, places, [*taken, *(box_of(each) for each in axes.texts)]) is None:
        places[0]()  # the frame leaves it out and says so


def _rate(axes: Axes, row: dict[str, Any], ctx: ReportContext) -> None:
    """One rate of a whole year: filled where it is a result, open where it is an estimate, its plan beside it."""
    main = row["ratio_base"] in OWN_BASES
    colour = FOCUS if main else THIRD
    face = colour if row["standing"] == OUTTURN else "white"
    axes.plot(
        row["budget_year"], row["ratio_pct"], marker="o" if main else "D", ms=8, mfc=face, mec=colour, mew=1.8, ls=""
    )
    base = ctx.say(f"investment.line_{row['ratio_base']}")
    text = words.ratio_text(row, ctx) + (f"\n{base}" if base else "")
    at = (row["budget_year"], row["ratio_pct"])
    note(axes, text, at, (9, 0), color=colour, bbox=PAPER, va="center", size=9, weight="bold")


def _without_repeats(own: pd.DataFrame) -> pd.DataFrame:
    """Rates without those that repeat a number of the same year, base and standing."""
    return own.drop_duplicates(["budget_year", "ratio_base", "standing", "ratio_pct"], keep="last")


def _works_and_rest(works: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    """Named projects and, last, what else is left of the plan."""
    rows = need(works, "investment_holders")
    total = words.leading_row(balance).get("undisbursed_bn_vnd", float("nan"))
    named = float(rows["undisbursed_bn_vnd"].sum())
    if pd.isna(total) or total <= named:
        total = named
    else:
        rest = {"item": "", "as_of": rows["as_of"].iloc[0]}
        rest |= beside("undisbursed_bn_vnd", total - named, total - named, total - named, "rounding")
        rest["undisbursed_bn_vnd_decimals"] = None
        rest["figure_ids"] = words.leading_row(balance)["figure_ids"]
        rows = pd.concat([rows, pd.DataFrame([rest])], ignore_index=True)
    return rows.assign(cumulative_share_pct=100 * rows["undisbursed_bn_vnd"].cumsum() / total)


def _sources(own: pd.DataFrame, nation: pd.DataFrame, ctx: ReportContext) -> str:
    """Sources of the area's rows; of the nation's many pages the newest of each year."""
    newest = nation.sort_values("vintage").drop_duplicates("budget_year", keep="last")
    newest = newest[newest["budget_year"] == ctx.data.year]
    return words.cited(pd.concat([own, newest]), ctx)


def _wrapped(name: str, width: int = 26) -> str:
    """A long name on two lines."""
    if len(name) <= width:
        return name
    middle = min((place for place, sign in enumerate(name) if sign == " "), key=lambda at: abs(at - len(name) // 2))
    return name[:middle] + "\n" + name[middle + 1 :]
