"""Charts of the overview: targets as one bar of statuses, tasks by who counts them.

Responsibility: the marks. Numbers come from ``analysis.overview``, words from ``narrative.overview``. Each takes frames
and returns a figure whose rows are in ``figure.data``; a parameter's name says which frame of the registry it is.
"""

from __future__ import annotations

from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kg_analysis.charts.frame import canvas, enough, finish, number_ticks
from kg_analysis.charts.theme import CONTEXT, FOCUS, HATCH, INK, RULE, SECOND, THIRD, style
from kg_analysis.errors import NotPrintedError
from kg_analysis.narrative import overview as words
from kg_analysis.narrative.context import ReportContext

STATUS = {"completed": THIRD, "in_progress": FOCUS, "overdue": SECOND, "late": SECOND, "on_time": THIRD}
# Parts of a bar of targets, by what is told apart; the first set that adds up to the total is drawn.
REACHED = (("exceeded", "met"), ("met_or_exceeded",))
MISSED = (("missed_economic", "missed_other"), ("missed",))
FACE = {"exceeded": FOCUS, "met": THIRD, "met_or_exceeded": FOCUS, "missed_economic": SECOND, "missed_other": CONTEXT}
HEADROOM = 0.62  # of a row, for its heading


def targets(target_totals: pd.DataFrame, target_list: pd.DataFrame, ctx: ReportContext) -> Figure:
    """One bar of statuses a system, as long as its targets are many; estimates hatched."""
    bars = [(row, _parts(row)) for row in target_totals.to_dict("records")]
    bars = [(row, parts) for row, parts in bars if parts]
    if not bars:
        raise NotPrintedError(f"no total of targets with its parts for {ctx.data.year}", "targets")
    shown = [row["system"] for row, _ in bars]
    enough(pd.Series([row[f"{each}_count"] for row, parts in bars for each in parts]))
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        for place, (row, parts) in enumerate(bars):
            _bar(axes, place, row, parts, ctx)
        axes.set_xlim(0, 1.02 * max(row["total_count"] for row, _ in bars))
        axes.set_ylim(len(bars) - 0.7, -HEADROOM)
        axes.set_axis_off()  # every part carries its number
        return finish(
            figure,
            name="overview_targets",
            title=words.targets_title(target_totals[target_totals["system"].isin(shown)], ctx),
            subtitle=ctx.say("overview.targets_subtitle"),
            source=ctx.cite(" ".join(row["figure_ids"] for row, _ in bars).split()),
            alt=ctx.say("overview.targets_alt", finding=words.targets(target_totals, ctx)),
            data=target_list[target_list["system"].isin(shown)].reset_index(drop=True),
        )


def tasks(work: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Bars of each system's tasks by status, under the system's own name and cut-off day."""
    whole = work.groupby("system")["status"].transform(lambda found: found.isin(["assigned", "total"]).any())
    rows = work[work["status"].isin(list(STATUS)) | ~whole] if len(work) else work
    if rows.empty:
        raise NotPrintedError(f"no tasks by status for {ctx.data.year}", "tasks")
    rows = rows.reset_index(drop=True)
    enough(rows["count"])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        names, place = {}, 0.0
        for _, group in rows.groupby("system", sort=False):
            heading = fill(words.system_heading(group, ctx), int(8.5 * figure.get_figwidth()))
            place += 0.6 * heading.count("\n")
            axes.text(0, place, heading, weight="bold", va="center", color=INK)
            place += 0.3 * heading.count("\n")
            for row in group.to_dict("records"):
                place += 1
                axes.barh(place, row["count"], height=0.7, color=STATUS.get(row["status"], CONTEXT))
                label = ctx.fmt.bounded(row, "count")
                axes.annotate(label, (row["count"], place), xytext=(5, 0), textcoords="offset points", va="center")
                names[place] = words.status(row["status"], ctx)
            place += 1.3
        axes.set_xlim(0, 1.08 * rows["count"].max())
        axes.set_ylim(place - 0.7, -0.6)
        axes.set_yticks(list(names), list(names.values()))
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x", color=RULE)
        axes.xaxis.set_major_formatter(number_ticks(ctx.fmt))
        return finish(
            figure,
            name="overview_tasks",
            title=words.tasks_title(work, ctx),
            subtitle=ctx.say("overview.tasks_subtitle"),
            source=ctx.cite(" ".join(rows["figure_ids"]).split()),
            alt=ctx.say("overview.tasks_alt", finding=words.tasks(work, ctx)),
            data=rows,
        )


def _parts(row: dict[Any, Any]) -> list[str]:
    """Statuses that make up the total; none where they are not known."""
    for reached in REACHED:
        for missed in MISSED:
            parts = [*reached, *missed]
            counts = [row[f"{each}_count"] for each in parts]
            if not any(pd.isna(each) for each in (*counts, row["total_count"])) and sum(counts) == row["total_count"]:
                return [each for each, count in zip(parts, counts, strict=True) if count]
    return []


def _bar(axes: Axes, place: int, row: dict[Any, Any], parts: list[str], ctx: ReportContext) -> None:
    left = 0
    axes.text(0, place - 0.42, words.targets_heading(row, ctx), weight="bold", va="center")
    for each in parts:
        count = int(row[f"{each}_count"])
        face: dict[str, Any] = {
            "facecolor": FACE.get(each, CONTEXT),
            "edgecolor": "white",
            "hatch": HATCH[row["basis"]],
        }
        axes.barh(place, count, left=left, height=0.4, linewidth=1.5, **face)
        name = ctx.say(f"overview.part_{each}", row=row)
        axes.text(left + 0.1, place - 0.26, name, va="center", color=INK)
        left += count
