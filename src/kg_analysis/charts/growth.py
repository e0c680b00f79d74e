"""Charts of growth: periods of the year, what its rest takes, contributions, five years, outputs, scenarios.

Responsibility: the marks. Numbers come from ``analysis.growth``, ``levels`` and ``scenarios``, words from
``narrative.growth``. Estimates are hatched, what rests on an assumption stands on a shaded ground; two boundaries never
share a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from kg_analysis.analysis.growth import CUMULATIVE, PRINTED, ZERO
from kg_analysis.analysis.levels import OTHERS, SECTORS, TOTAL
from kg_analysis.charts.frame import canvas, captioned, categories, enough, note, number_ticks
from kg_analysis.charts.theme import CONTEXT, FOCUS, HATCH, INK, MUTED, PALE, SECOND, SHADE, THIRD, style
from kg_analysis.errors import NotPrintedError
from kg_analysis.narrative import growth as words
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.neighbours import name_of, source_line
from kg_analysis.narrative.scenarios import scenario_title
from kg_analysis.narrative.wording import capital, need, percent, rate

WIDE, NARROW = 0.72, 0.36  # bars of cumulative and of single periods
PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.9}
MOST_PANELS = 3
ORDER = (*SECTORS, OTHERS)
FILLS = dict(zip(ORDER, (THIRD, FOCUS, SECOND, PALE, CONTEXT), strict=True))
INKS = dict(zip(ORDER, (THIRD, FOCUS, SECOND, INK, MUTED), strict=True))


def periods(year_rates: pd.DataFrame, nine_years: pd.DataFrame, rest_need: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Bars by period in order of time, cumulative ones wide; the rest of the year as a range; boundaries apart."""
    title = words.year_title(year_rates, nine_years, ctx)
    implied = rest_need
    if len(rest_need):  # a rest that follows from a replaced figure does not stand beside the one that replaced it
        implied = rest_need[rest_need["goal"].eq(PRINTED) & rest_need["need_pct"].notna() & ~rest_need["done_replaced"]]
    rows = [*year_rates.to_dict("records")]
    if len(implied) and implied["rest"].iloc[0] not in set(year_rates["period"]):
        rows.insert(len(rows) - 1, _implied(implied))
    enough(pd.Series([_value(row) for row in rows]))
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        for place, row in enumerate(rows):
            _period_bar(axes, place, row, ctx)
        changes = [n for n in range(1, len(rows)) if rows[n]["boundary_version"] != rows[n - 1]["boundary_version"]]
        for place in changes:
            axes.axvline(place - 0.5, color=INK, lw=1, ls=":")
        axes.axhline(0, color=INK, lw=0.9)
        categories(axes, "x", range(len(rows)), [_tick(row, bool(changes), ctx) for row in rows])
        ends = [0.0, *(_value(row, end) for row in rows for end in ("_low", "_high"))]
        room = 0.2 * (max(ends) - min(ends) or 1)
        axes.set_ylim(min(ends) - room * (min(ends) < 0), max(ends) + room)
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        ending = "_rest" if len(rows) > len(year_rates) else ""
        source = words.cited(year_rates, ctx)
        data = pd.DataFrame(rows)
        return captioned(figure, ctx, "growth.periods", "growth_periods", title, source, data, ending=ending)


def rest_of_year(rest_need: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Growth that the rest of the year needs over its share: the assumed range as lines with their roundings."""
    title = words.rest_title(rest_need, ctx)
    closed = (rest_need["goal"] == PRINTED).any()
    shown = [PRINTED, ZERO] if closed else ["low", "base", "high"]
    rows = rest_need[rest_need["goal"].isin(shown) & rest_need["need_pct"].notna()].sort_values(["goal", "share_pct"])
    rows = rows.groupby("goal").filter(lambda own: own["need_pct"].abs().max() < words.FARTHEST or own.name == PRINTED)
    colours = {PRINTED: FOCUS, ZERO: SECOND, "low": CONTEXT, "base": FOCUS, "high": SECOND}
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        span = rows["share_pct"].min(), rows["share_pct"].max()
        axes.axvspan(*span, color=SHADE, lw=0)
        heights = _spread([own["need_pct"].iloc[-1] for _, own in rows.groupby("goal")], 0.12 * _reach(rows))
        for (goal, own), height in zip(rows.groupby("goal"), heights, strict=True):
            _need_line(axes, str(goal), own, colours[str(goal)], height, ctx)
        axes.axhline(0, color=INK, lw=0.9)
        axes.set_xlim(span[0] - 2, span[1] + 0.55 * (span[1] - span[0]))
        axes.margins(y=0.25)
        axes.set_xticks(sorted(rows["share_pct"].unique()))
        axes.xaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt, 1, unit="%"))
        axes.set_xlabel(ctx.say("growth.rest_axis", rest=ctx.say(f"growth.rest_{rows['rest'].iloc[0]}")))
        return captioned(figure, ctx, "growth.rest", "growth_rest_of_year", title, words.cited(rows, ctx), rows)


def contributions(added: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Points that each sector added, stacked to both sides of zero a period; growth as a diamond."""
    title = words.added_title(added, ctx)
    whole = added.loc[(added["sector"] == TOTAL) & added["contribution_pp"].notna(), "period"]
    rows = added[added["period"].isin(whole) & added["contribution_pp"].notna()]
    places = {period: place for place, period in enumerate(dict.fromkeys(rows["period"]))}
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        tops = [_stacked(axes, place, rows[rows["period"] == period], ctx) for period, place in places.items()]
        axes.axhline(0, color=INK, lw=0.9)
        low, high = min(low for low, _ in tops), max(high for _, high in tops)
        axes.set_ylim(low - 0.12 * (high - low), high + 0.16 * (high - low))
        axes.set_xlim(-0.6, len(places) - 0.4 + 0.42 * len(places))
        last = list(places)[-1]
        _sector_names(axes, places[last], rows[rows["period"] == last], ctx)
        categories(axes, "x", places.values(), [capital(ctx.say(f"growth.short_{each}")) for each in places])
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt))
        name = "growth_contributions" if rows["figure_ids"].ne("").any() else "growth_contributions_quarters"
        return captioned(figure, ctx, "growth.added", name, title, words.cited(rows, ctx), rows)


def five_years(path: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Level over the years of the plan, its start 100, against the path of the target; the rest needed dashed."""
    title = words.five_title(path, ctx)
    held = path[path["growth_pct"].notna()]
    first, years = int(path["year"].iloc[0]) - 1, [int(path["year"].iloc[0]) - 1, *path["year"].astype(int)]
    enough(pd.concat([held["growth_pct"], path["target_pct"].head(1)]))
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        line = [100.0, *held["index"]]
        axes.plot(years[: len(line)], line, color=FOCUS, lw=2.2, marker="o", ms=6)
        for row in held.to_dict("records"):
            text = ctx.fmt.bounded(row, "growth_pct", "bare")
            # Right of the point, where a rising line leaves room on its lower side.
            at: dict[str, Any] = {"va": "top", "bbox": PAPER, "color": FOCUS, "weight": "bold"}
            note(axes, text, (row["year"], row["index"]), (6, -4), **at)
        goal = path["target_pct"].iloc[0]
        if pd.notna(goal):
            ideal = [100 * (1 + goal / 100) ** n for n in range(len(years))]
            axes.plot(years, ideal, color=SECOND, lw=1.4, ls="--")
            text = ctx.say("growth.five_goal_line", goal=percent(goal, ctx), years=path["target_years"].iloc[0])
            note(axes, text, (years[-1], ideal[-1]), (6, 0), color=SECOND, va="center", size=9)
            if pd.notna(held["need_pct"].iloc[-1]):
                axes.plot([years[len(line) - 1], years[-1]], [line[-1], ideal[-1]], color=CONTEXT, lw=1.4, ls=":")
                middle = (years[len(line) - 1] + years[-1]) / 2, (line[-1] + ideal[-1]) / 2
                text = ctx.say("growth.five_need_line", need=rate(held.iloc[-1], "need_pct", ctx, "need"))
                note(axes, text, middle, (-8, 8), ha="right", color=MUTED, size=9, bbox=PAPER)
        axes.set_xticks(years)
        axes.set_xlim(first - 0.3, years[-1] + (1.4 if pd.notna(goal) else 0.4))  # room for the name of the target
        axes.margins(y=0.15)
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt))
        source, ending = source_line(held["figure_ids"], ctx), "" if pd.notna(goal) else "_alone"
        values: dict[str, Any] = {"ending": ending, "base": first}
        return captioned(figure, ctx, "growth.five", "growth_five_years", title, source, path, **values)


def outputs(made: pd.DataFrame, ctx: ReportContext) -> Figure:
    """A panel a sector: output, plan and last year as bars; an index of last year where no amount is printed."""
    title = words.outputs_title(made, ctx)
    rows = made[made["leads"] & made[["growth_pct", "plan_ratio_pct"]].notna().any(axis=1)].head(MOST_PANELS)
    if rows.empty:
        raise NotPrintedError("only bounds are printed", "only_bound")
    enough(rows[["actual_amount", "growth_pct", "plan_ratio_pct"]])
    with style(ctx.fmt.language):
        figure, (first,) = canvas()
        grid = figure.add_gridspec(1, len(rows))
        first.set_subplotspec(grid[0])
        places = [first, *(figure.add_subplot(grid[n]) for n in range(1, len(rows)))]
        for axes, row in zip(places, rows.to_dict("records"), strict=True):
            _bullet(axes, row, ctx)
        return captioned(figure, ctx, "growth.outputs", "growth_outputs", title, words.cited(rows, ctx), rows)


def scenario_map(scenarios: pd.DataFrame, required_growth: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Growth of sectors by quarter: what is known, then each remaining quarter and the year in three scenarios."""
    import seaborn as sns  # noqa: PLC0415 - slow to import, and used here only

    title = scenario_title(required_growth, ctx)
    order = {"known": 0, "low": 1, "base": 2, "high": 3}
    rows = need(scenarios, "grdp_quarterly").assign(_order=lambda part: part["scenario"].map(order))
    rows = rows.assign(_year=rows["period"].eq("FY")).sort_values(["_year", "period", "_order"], kind="stable")
    columns = list(dict.fromkeys(zip(rows["period"], rows["scenario"], strict=True)))
    names = [*(each for each in SECTORS if each in set(rows["sector"])), TOTAL]
    cells = rows.set_index(["sector", "period", "scenario"])["growth_pct"]
    values = np.array([[cells[(name, *column)] for column in columns] for name in names])
    texts = np.array([[ctx.fmt.number(each, 1) for each in row] for row in values])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        look: dict[str, Any] = {"linewidths": 1.5, "linecolor": "white", "annot_kws": {"size": 9.5}}
        palette = sns.light_palette(FOCUS, as_cmap=True)
        sns.heatmap(values, annot=texts, fmt="", cmap=palette, cbar=False, ax=axes, **look)
        axes.set_xticks(np.arange(len(columns)) + 0.5, [_scenario_tick(*each, ctx) for each in columns], size=9)
        labels = [capital(ctx.say(f"growth.short_{each}")) for each in names]
        axes.set_yticks(np.arange(len(names)) + 0.5, labels)
        axes.tick_params(axis="both", length=0, labelrotation=0, labelcolor=INK)
        axes.grid(visible=False)
        for place, (_, scenario) in enumerate(columns):
            if scenario == "base":
                axes.add_patch(Rectangle((place, 0), 1, len(names), fill=False, edgecolor=SECOND, lw=2, clip_on=False))
        axes.axhline(len(names) - 1, color=INK, lw=1.6)
        source = words.cited(required_growth, ctx)
        data = rows.drop(columns=["_order", "_year"])
        return captioned(figure, ctx, "growth.scenario", "growth_scenarios", title, source, data)


def _implied(implied: pd.DataFrame) -> dict[str, Any]:
    """The rest of the year as one bar: the middle of the assumed shares, with all of their range."""
    base = implied[implied["case"] == "base"].iloc[0]
    row = {"period": base["rest"], "boundary_version": base["boundary_version"], "basis": "scenario", "span": "single"}
    row |= {"growth_pct": base["need_pct"], "growth_pct_kind": base["need_pct_kind"], "figure_ids": base["figure_ids"]}
    return row | {"growth_pct_low": implied["need_pct_low"].min(), "growth_pct_high": implied["need_pct_high"].max()}


def _value(row: dict[str, Any], end: str = "") -> float:
    """The number drawn of a row: its value, or the bound where only one is printed."""
    known = [row.get(f"growth_pct{each}") for each in (end, "", "_low", "_high")]
    return float(next(each for each in known if each is not None and pd.notna(each)))


def _period_bar(axes: Axes, place: int, row: dict[str, Any], ctx: ReportContext) -> None:
    value, assumed = _value(row), row["basis"] == "scenario"
    width = WIDE if row["period"] in CUMULATIVE else NARROW
    if assumed:
        axes.axvspan(place - 0.48, place + 0.48, color=SHADE, lw=0)
        axes.bar(place, value, width=width, facecolor="white", edgecolor=FOCUS, ls="--", lw=1.6, zorder=2)
        axes.plot(
            [place, place], [_value(row, "_low"), _value(row, "_high")], color=INK, lw=1.4, marker="_", ms=9, zorder=3
        )
        low, high = (ctx.fmt.number(_value(row, end), 1) for end in ("_low", "_high"))
        text = ctx.say("growth.bar_range", low=low, high=high)
    else:
        hatch = HATCH["estimate"] if row["basis"] == "estimate" else ""
        axes.bar(place, value, width=width, color=FOCUS, hatch=hatch, edgecolor="white", lw=0, zorder=2)
        text = ctx.fmt.bounded(row, "growth_pct")
    above = value >= 0
    ends = [value, *([_value(row, "_high" if above else "_low")] if assumed else [])]
    at: dict[str, Any] = {"ha": "center", "va": "bottom" if above else "top", "weight": "bold", "size": 10}
    note(axes, text, (place, max(*ends, 0) if above else min(*ends, 0)), (0, 5 if above else -5), color=FOCUS, **at)


def _tick(row: dict[str, Any], with_name: bool, ctx: ReportContext) -> str:
    assumed = row["basis"] == "scenario"
    name = ctx.say(f"growth.rest_{row['period']}") if assumed else ctx.say(f"growth.short_{row['period']}")
    span = "derived" if assumed else "cumulative" if row["period"] in CUMULATIVE else "single"
    lines = [
        capital(name),
        ctx.say(f"growth.span_{span}"),
        *([name_of(row["boundary_version"], ctx)] if with_name else []),
    ]
    return "\n".join(lines)


def _reach(rows: pd.DataFrame) -> float:
    return float(rows["need_pct_high"].max() - rows["need_pct_low"].min()) or 1.0


def _need_line(axes: Axes, goal: str, own: pd.DataFrame, colour: str, height: float, ctx: ReportContext) -> None:
    dash = "-." if goal == ZERO else "--"
    x, y = own["share_pct"], own["need_pct"]
    axes.fill_between(x, own["need_pct_low"], own["need_pct_high"], color=colour, alpha=0.2, lw=0)
    axes.plot(x, y, color=colour, ls=dash, lw=2, marker="o", mfc="white", mew=1.6, ms=6)
    at: dict[str, Any] = {"color": colour, "bbox": PAPER, "weight": "bold"}
    for share, value in zip(x, y, strict=True):
        text = ctx.fmt.unit(ctx.fmt.number(value, 1), "pct")
        note(axes, text, (share, value), (0, 7), ha="center", va="bottom", size=9, **at)
    year = ctx.fmt.unit(ctx.fmt.number(own["goal_pct"].iloc[0], 2 if goal != ZERO else 0), "pct")
    key = "growth.line_year" if goal in (PRINTED, ZERO) else "growth.line_goal"
    note(axes, ctx.say(key, n=year), (x.iloc[-1], height), (12, 0), va="center", **at)


def _stacked(axes: Axes, place: int, own: pd.DataFrame, ctx: ReportContext) -> tuple[float, float]:
    """Positive parts upwards and negative ones downwards from zero, growth as a diamond; both ends of the bar."""
    width = NARROW if own["period"].iloc[0].startswith("Q") else WIDE - 0.1
    ends = [0.0]
    for row, start in _stack(own):
        hatch = HATCH["estimate"] if row["basis"] == "estimate" else ""
        value = row["contribution_pp"]
        axes.bar(place, value, width, bottom=start, color=FILLS[row["sector"]], hatch=hatch, edgecolor="white", lw=0.8)
        ends.append(start + value)
    growth = float(own.loc[own["sector"] == TOTAL, "contribution_pp"].iloc[0])
    axes.plot(place, growth, "D", color=INK, mfc="white", mew=1.6, ms=8, zorder=4)
    at: dict[str, Any] = {"ha": "center", "va": "bottom", "weight": "bold", "color": INK}
    note(axes, f"◆ {ctx.fmt.number(growth, 2)}", (place, max(*ends, growth)), (0, 8), **at)
    return min(*ends, growth), max(*ends, growth)


def _stack(own: pd.DataFrame) -> list[tuple[dict[Any, Any], float]]:
    up = down = 0.0
    parts = []
    rows = own[own["sector"] != TOTAL].assign(_order=own["sector"].map({each: n for n, each in enumerate(ORDER)}))
    for row in rows.sort_values("_order").to_dict("records"):
        value = row["contribution_pp"]
        parts.append((row, up if value >= 0 else down))
        up, down = up + max(value, 0), down + min(value, 0)
    return parts


def _sector_names(axes: Axes, place: int, own: pd.DataFrame, ctx: ReportContext) -> None:
    low, high = axes.get_ylim()
    parts = _stack(own)
    middles = [start + row["contribution_pp"] / 2 for row, start in parts]
    for (row, _), middle, height in zip(parts, middles, _spread(middles, 0.11 * (high - low)), strict=True):
        name = capital(ctx.say(f"growth.short_{row['sector']}"))
        line = {"arrowstyle": "-", "color": MUTED, "lw": 0.7, "shrinkA": 1, "shrinkB": 0}
        at: dict[str, Any] = {
            "xytext": (place + WIDE / 2 + 0.08, height),
            "va": "center",
            "weight": "bold",
            "size": 9.5,
        }
        text = f"{name} {ctx.fmt.number(row['contribution_pp'], 2)}"
        axes.annotate(text, (place + WIDE / 2 - 0.05, middle), color=INKS[row["sector"]], arrowprops=line, **at)


def _bullet(axes: Axes, row: dict[str, Any], ctx: ReportContext) -> None:
    """One sector on its own scale: an amount, else last year = 100, else the plan = 100."""
    if pd.notna(row["actual_amount"]):
        scale, bars = (
            "level",
            {"actual": row["actual_amount"], "plan": row["plan_amount"], "last": row["last_year_amount"]},
        )
    elif pd.notna(row["growth_pct"]):
        planned = 100 + row["planned_growth_pct"]
        scale, bars = "index_last", {"actual": 100 + row["growth_pct"], "plan": planned, "last": 100.0}
    else:
        scale, bars = "index_plan", {"actual": row["plan_ratio_pct"], "plan": 100.0}
    colours = {"actual": FOCUS, "plan": "white", "last": CONTEXT}
    shown = {name: float(value) for name, value in bars.items() if pd.notna(value)}
    for place, (name, value) in enumerate(shown.items()):
        hatch = HATCH["estimate"] if name == "actual" and row["basis"] == "estimate" else ""
        look: dict[str, Any] = (
            {"edgecolor": INK, "ls": "--", "lw": 1.4} if name == "plan" else {"edgecolor": "white", "lw": 0}
        )
        axes.barh(place, value, height=0.4, color=colours[name], hatch=hatch, **look)
        text = ctx.say(f"growth.row_{name}", n=ctx.fmt.number(value, 1 if scale != "level" else 0))
        note(axes, text, (0, place - 0.22), (3, 2), va="bottom", size=9)
    axes.set_ylim(len(shown) - 0.5, -0.75)
    axes.set_xlim(0, 1.12 * max(shown.values()))
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(number_ticks(ctx.fmt))
    unit = ctx.fmt.unit("", str(row["unit"])).strip() if scale == "level" else ""
    name = ctx.say(f"growth.panel_{scale}", name=capital(words.output_name(row, ctx)), unit=unit)
    axes.set_title(name, loc="left", size=10, weight="bold")


def _scenario_tick(period: str, scenario: str, ctx: ReportContext) -> str:
    return f"{capital(ctx.say(f'growth.short_{period}'))}\n{ctx.say(f'growth.scenario_{scenario}')}"


def _spread(values: Sequence[float], gap: float) -> list[float]:
    """Positions as near to the values as a gap between neighbours allows, in the order given."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    placed = [values[index] for index in order]
    for _ in range(60 * len(values)):  # four that lie close take more than a few rounds to settle
        for lower in range(len(placed) - 1):
            short = gap - (placed[lower + 1] - placed[lower])
            if short > 0:
                placed[lower] -= short / 2
                placed[lower + 1] += short / 2
    found = dict(zip(order, placed, strict=True))
    return [found[index] for index in range(len(values))]
