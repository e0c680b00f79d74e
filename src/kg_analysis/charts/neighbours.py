"""Charts of growth over years and among neighbours: with targets, the delta in one year, and by year.

Responsibility: the marks. Numbers come from ``analysis.panel``, words from ``narrative.neighbours``. A conflict is
drawn as two dots; a boundary change is a line that no series crosses.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from kg_analysis.analysis.panel import DELTA, DELTA_2025, MERGER
from kg_analysis.charts.frame import canvas, captioned, enough, note, number_ticks
from kg_analysis.charts.theme import CONTEXT, FOCUS, HATCH, INK, MUTED, PALE, RULE, SECOND, SHADE, style
from kg_analysis.narrative import neighbours as words
from kg_analysis.narrative.context import ReportContext

CLOSE = 1.0  # points by which a mark lies within the label above a bar
PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
# Row and column of each province, as they lie from the north-east to the south-west.
TILES = {
    "long-an": (0, 3), "dong-thap": (0, 1), "tien-giang": (0, 2), "an-giang": (0, 0), "ben-tre": (1, 3),
    "vinh-long": (1, 2), "can-tho": (1, 1), "kien-giang": (1, 0), "tra-vinh": (2, 3), "soc-trang": (2, 2),
    "hau-giang": (2, 1), "bac-lieu": (3, 2), "ca-mau": (3, 1),
}  # fmt: skip
TILES_2025 = {
    "an-giang-2025": (0, 0),
    "dong-thap-2025": (0, 1),
    "vinh-long-2025": (1, 2),
    "can-tho-2025": (1, 1),
    "ca-mau-2025": (2, 1),
}


def years(nine_years: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Growth of each year as a bar, its target as a mark, the nation as a line; the merged province apart."""
    title = words.years_title(nine_years, ctx)
    rows = nine_years[nine_years["growth_pct"].notna() | nine_years["target_pct"].notna()].reset_index(drop=True)
    enough(rows[["growth_pct", "target_pct", "nation_pct"]])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        spots, edge = _spots(rows)
        for spot, row in zip(spots, rows.to_dict("records"), strict=True):
            _year_bar(axes, spot, row, ctx)
        beside = rows.assign(_spot=spots)
        nation = beside.dropna(subset=["nation_pct"])
        for _, part in beside.groupby("boundary_version"):
            axes.plot(part["_spot"], part["nation_pct"], color=SECOND, lw=1.6, ls="-", marker="s", ms=4, zorder=4)
        if len(nation):
            last = nation.iloc[-1]
            at = (last["_spot"], last["nation_pct"])
            note(axes, ctx.say("neighbours.nation"), at, (30, 0), color=SECOND, va="center", size=9)
        if edge is not None:
            axes.axvline(edge, color=INK, lw=1, ls=":")
            text, upright = ctx.say("neighbours.break", day=MERGER.date()), axes.get_xaxis_transform()
            note(axes, text, (edge, 1.0), (-4, 0), xycoords=upright, color=MUTED, ha="right", va="top", size=8)
        axes.axhline(0, color=INK, lw=1)
        axes.set_xticks(spots, _year_labels(rows, ctx))
        axes.set_xlim(min(spots) - 0.6, max(spots) + 1.3)
        top = float(rows[["growth_pct", "target_pct", "nation_pct"]].max().max())
        axes.set_ylim(min(0.0, 1.2 * float(rows["growth_pct"].min())), 1.25 * top)
        axes.grid(visible=False, axis="x")
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        source = words.source_line(rows["figure_ids"], ctx)
        return captioned(figure, ctx, "neighbours.years", "growth_years", title, source, rows)


def around(around: pd.DataFrame, ctx: ReportContext) -> Figure:
    """The delta's provinces and the nation in one year, the fastest first; two dots where sources conflict."""
    title = words.place_title(around, ctx)
    order = list(dict.fromkeys(around["boundary_version"]))
    enough(around["growth_pct"])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        axes.axvline(0, color=INK, lw=1)
        for spot, name in enumerate(order):
            _province_row(axes, spot, around[around["boundary_version"] == name], ctx)
        axes.set_yticks(range(len(order)), [words.name_of(each, ctx) for each in order], size=9)
        axes.set_ylim(len(order) - 0.5, -0.6)
        known = around["growth_pct"].dropna()
        spread = max(1.0, float(known.max() - known.min()))
        axes.set_xlim(min(0.0, float(known.min())) - 0.08 * spread, max(0.0, float(known.max())) + 0.22 * spread)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.xaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        source = words.source_line(around["figure_ids"], ctx)
        return captioned(figure, ctx, "neighbours.around", "growth_neighbours", title, source, around)


def tiles(around: pd.DataFrame, ctx: ReportContext) -> Figure:
    """The delta as a grid of equal tiles: the darker the faster, hatched where sources conflict."""
    title = words.tiles_title(around, ctx)
    grid = TILES_2025 if around["boundary_version"].isin(DELTA_2025).any() else TILES
    latest = around[around["latest"]].set_index("boundary_version")["growth_pct"]
    known = latest[latest.index.isin(grid)]
    enough(known)
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        for name, (row, column) in grid.items():
            values = around[(around["boundary_version"] == name) & around["growth_pct"].notna()]
            _tile(axes, (row, column), name, values, known, ctx)
        axes.set_xlim(-0.05, 4.05)
        axes.set_ylim(max(row for row, _ in grid.values()) + 1.05, -0.05)
        axes.axis("off")
        source = words.source_line(around["figure_ids"], ctx)
        return captioned(figure, ctx, "neighbours.tiles", "growth_tiles", title, source, around)


def by_year(regional: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Every province's growth by year as a dot, the own one marked, the nation as a dash; merged provinces apart."""
    title = words.by_year_title(regional, ctx)
    rows = regional[(regional["period"] == "FY") & (regional["sector"] == "total") & regional["growth_pct"].notna()]
    rows = rows[rows["boundary_version"].isin([*DELTA, *DELTA_2025, words.NATION]) & (rows["year"] >= 2017)]
    # A merged province's restated years stand with the year of the merger only: its code meant another area before.
    rows = rows[~rows["boundary_version"].isin(DELTA_2025) | (rows["year"] >= MERGER.year)].reset_index(drop=True)
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        own = rows["area_code"].eq(ctx.data.area)
        nation = rows["boundary_version"].eq(words.NATION)
        late = rows["boundary_version"].isin(DELTA_2025)
        spot = rows["year"].astype(float)
        others = rows[~own & ~nation]
        axes.scatter(spot[others.index], others["growth_pct"], s=22, color=CONTEXT, alpha=0.7, lw=0)
        axes.scatter(spot[nation], rows.loc[nation, "growth_pct"], s=260, marker="_", color=SECOND, lw=2)
        axes.scatter(spot[own], rows.loc[own, "growth_pct"], s=60, color=FOCUS, zorder=4)
        for index in rows.index[own]:
            label, at = ctx.fmt.bounded(rows.loc[index], "growth_pct"), (spot[index], rows.at[index, "growth_pct"])
            note(axes, label, at, (8, 0), color=FOCUS, weight="bold", bbox=PAPER, va="center", size=9)
        if late.any():
            axes.axvline(MERGER.year - 0.5, color=INK, lw=1, ls=":")
        axes.axhline(0, color=INK, lw=1)
        axes.set_xticks(sorted(rows["year"].unique()), [str(each) for each in sorted(rows["year"].unique())])
        axes.yaxis.set_major_locator(MultipleLocator(2))
        axes.set_xlim(rows["year"].min() - 0.5, rows["year"].max() + 0.9)
        axes.grid(visible=False, axis="x")
        axes.yaxis.set_major_formatter(number_ticks(ctx.fmt, unit="%"))
        source = words.source_line(rows["figure_ids"], ctx)
        return captioned(figure, ctx, "neighbours.by_year", "growth_by_year", title, source, rows)


def _spots(rows: pd.DataFrame) -> tuple[list[float], float | None]:
    """Place of each row on the axis, and of the line between two boundaries."""
    late = rows["boundary_version"].str.endswith("-2025")
    spots = [float(year) + (1.2 if is_late else 0.0) for year, is_late in zip(rows["year"], late, strict=True)]
    return spots, (MERGER.year + 0.6 if late.any() and (~late).any() else None)


def _year_labels(rows: pd.DataFrame, ctx: ReportContext) -> list[str]:
    return [
        f"{row['year']}\n{words.name_of(row['boundary_version'], ctx)}"
        if row["boundary_version"].endswith("-2025")
        else str(row["year"])
        for row in rows.to_dict("records")
    ]


def _year_bar(axes: Axes, spot: float, row: dict[str, Any], ctx: ReportContext) -> None:
    of_year = row["year"] == ctx.data.year
    if pd.notna(row["growth_pct"]):
        fill = FOCUS if of_year else PALE
        hatch = HATCH["estimate"] if row["basis"] == "estimate" else ""
        axes.bar(
            spot, row["growth_pct"], width=0.62, color=fill, hatch=hatch, edgecolor="white" if hatch else "none", lw=0
        )
        near = pd.notna(row["nation_pct"]) and 0 <= row["nation_pct"] - row["growth_pct"] < CLOSE
        above = max(row["nation_pct"] if near else row["growth_pct"], 0)
        at: dict[str, Any] = {"ha": "center", "size": 9, "weight": "bold" if of_year else "normal", "zorder": 5}
        note(axes, ctx.fmt.bounded(row, "growth_pct"), (spot, above), (0, 6), color=FOCUS, bbox=PAPER, **at)
    if pd.notna(row["target_pct"]):
        axes.hlines(row["target_pct"], spot - 0.4, spot + 0.4, color=INK, lw=1.6, ls="--", zorder=3)


def _province_row(axes: Axes, spot: int, rows: pd.DataFrame, ctx: ReportContext) -> None:
    name = str(rows["boundary_version"].iloc[0])
    known = rows[rows["growth_pct"].notna()]
    own = (known["area_code"] == ctx.data.area).any()
    colour = FOCUS if own else SECOND if name == words.NATION else CONTEXT
    if known.empty:
        note(axes, ctx.say("neighbours.no_figure"), (0, spot), (6, 0), va="center", color=MUTED, size=8)
        return
    if len(known) > 1:
        axes.hlines(spot, known["growth_pct"].min(), known["growth_pct"].max(), color=RULE, lw=3, zorder=1)
    for row in known.to_dict("records"):
        face = colour if row["latest"] else "white"
        axes.plot(row["growth_pct"], spot, "o", ms=7, mfc=face, mec=colour, mew=1.4, zorder=3)
    right = known.loc[known["growth_pct"].idxmax()]
    text = ctx.say("neighbours.or").join(ctx.fmt.bounded(row, "growth_pct") for row in known.to_dict("records"))
    at: dict[str, Any] = {"va": "center", "size": 9, "color": colour, "weight": "bold" if own else "normal"}
    note(axes, text, (right["growth_pct"], spot), (9, 0), **at)


def _tile(
    axes: Axes, place: tuple[int, int], name: str, values: pd.DataFrame, known: pd.Series, ctx: ReportContext
) -> None:
    row, column = place
    box: dict[str, Any] = {"lw": 0.8, "edgecolor": "white"}
    light = "white"
    own = (values["area_code"] == ctx.data.area).any() if len(values) else False
    if values.empty:
        face, ink = SHADE, MUTED
    else:
        value = float(known[name])
        span = float(known.max() - known.min()) or 1.0
        depth = (value - float(known.min())) / span
        face, ink = (*(1 - depth * (1 - each) for each in (0.07, 0.26, 0.43)),), (light if depth > 0.55 else INK)  # type: ignore[assignment]
    hatch = "///" if len(values) > 1 else ""
    box |= {"edgecolor": RULE, "hatch": hatch} if hatch else {"edgecolor": RULE}
    axes.add_patch(Rectangle((column, row), 0.96, 0.94, facecolor=face, **box))
    if own:
        axes.add_patch(Rectangle((column, row), 0.96, 0.94, facecolor="none", edgecolor=SECOND, lw=2.4, zorder=5))
    text = ctx.say("neighbours.or").join(ctx.fmt.bounded(each, "growth_pct") for each in values.to_dict("records"))
    label = f"{words.name_of(name, ctx)}\n{text or ctx.say('neighbours.no_figure')}"
    pad: dict[str, Any] = (
        {"facecolor": face, "edgecolor": "none", "pad": 1.0} if hatch else {"facecolor": "none", "edgecolor": "none"}
    )
    look: dict[str, Any] = {"ha": "center", "va": "center", "size": 9, "linespacing": 1.4, "color": ink}
    axes.text(column + 0.48, row + 0.47, label, bbox=pad, weight="bold" if own else "normal", **look)
