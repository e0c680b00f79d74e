"""Charts of what the rest of the year must grow, of the scenarios, and of benchmarked quarters.

Responsibility: the marks. Numbers come from ``analysis.spreads``, ``scenario_table`` and ``benchmarking``, words from
``findings.required``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from kg_analysis.analysis.benchmarking import Revision, revision_rows
from kg_analysis.analysis.levels import Levels
from kg_analysis.analysis.required import Path
from kg_analysis.analysis.scenario_table import WHOLE, Cell, Scenario, scenario_rows
from kg_analysis.analysis.spreads import EVEN, PATH, Spread, spread_rows
from kg_analysis.analysis.targets import BASE, HIGH, LOW, Targets
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import PAPER, tick_numbers
from kg_analysis.charts.marks import spread as apart
from kg_analysis.charts.outlook import readable
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, PALE, SECOND, THIRD
from kg_analysis.findings import required as findings
from kg_analysis.findings.wording import capital, listed
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, frame, union_ids


def required(found: Sequence[Spread], goals: Targets, levels: Levels, here: ReportContext) -> Chart:
    """One line a way of spreading: base target filled, low and high hollow, over the quarter's past years."""
    title = findings.required_title(found, goals, here)
    with canvas() as (figure, axes):
        for row, each in enumerate(found):
            _need(axes, row, each, here)
        axes.set_yticks(range(len(found)), [_need_label(each, levels, here) for each in found])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(len(found) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.margins(x=0.16)
        axes.locator_params(axis="x", steps=[1, 2, 5, 10])
        axes.axvline(0, color=INK, lw=0.8)
        tick_numbers(axes.xaxis, here.page, "%")
        return finish(
            figure,
            here.page,
            name="growth_levels_required",
            title=title,
            subtitle=here.say("growth_levels.need_subtitle"),
            source=_source([each.needs[BASE] for each in found], levels, here),
            alt=here.say("growth_levels.need_alt", finding=findings.required(found, levels, here)),
            data=frame(spread_rows(found)),
        )


def scenario_map(
    cells: Sequence[Cell], outcome: Sequence[Scenario], levels: Levels, rates: Path, here: ReportContext
) -> Chart:
    """Growth of sectors by quarter: what is known, then each remaining quarter and the year in three scenarios."""
    import seaborn as sns  # noqa: PLC0415 - slow to import, and used here only

    columns = list(dict.fromkeys((cell.period, cell.scenario) for cell in sorted(cells, key=_column)))
    sectors = list(dict.fromkeys(cell.sector for cell in cells))
    grid = {(cell.sector, cell.period, cell.scenario): cell.growth for cell in cells}
    values = np.array([[grid[sector, *column].value for column in columns] for sector in sectors])
    texts = [[here.page.number(round(each, 9), 1) for each in row] for row in values]
    title = findings.scenarios_title(outcome, here)
    with canvas() as (figure, axes):
        style = {"linewidths": 1.5, "linecolor": "white", "annot_kws": {"size": 9.5}}
        palette = sns.light_palette(FOCUS, as_cmap=True)
        sns.heatmap(values, annot=np.array(texts), fmt="", cmap=palette, cbar=False, ax=axes, **style)
        readable(axes)
        axes.set_xticks(np.arange(len(columns)) + 0.5, [_column_label(column, here) for column in columns], size=9)
        names = [capital(here.say(f"growth_levels.short_{each}")) for each in sectors]
        axes.set_yticks(np.arange(len(sectors)) + 0.5, names)
        axes.tick_params(axis="both", length=0, labelrotation=0, labelcolor=INK)
        axes.grid(visible=False)
        _groups(axes, columns, len(sectors))
        return finish(
            figure,
            here.page,
            name="growth_levels_scenarios",
            title=title,
            subtitle=here.say("growth_levels.scenario_subtitle"),
            source=_source([each.target for each in outcome], levels, here),
            alt=here.say("growth_levels.scenario_alt", finding=findings.scenarios(outcome, levels, rates, here)),
            data=frame(scenario_rows(cells)),
        )


def revision(found: Revision, here: ReportContext) -> Chart:
    """Quarters against their first publication: republished, by Denton, and scaled year by year, which jumps."""
    lines = {"scaled": found.scaled, "revised": found.revised, "denton": found.denton}
    with canvas() as (figure, axes):
        ends = {}
        for name, quarters in lines.items():
            points = [100 * (quarters[each].value / found.first[each].value - 1) for each in found.periods if quarters]
            if points:
                axes.plot(points, **_LINES[name])
                ends[name] = points[-1]
        axes.axhline(0, color=INK, lw=0.9)
        labels = [
            here.say("growth_levels.quarter_tick", quarter=capital(here.say(f"growth.short_Q{quarter}")), which=year)
            for year, quarter in found.periods
        ]
        axes.set_xticks(range(len(labels)), labels)
        axes.tick_params(axis="x", length=0, labelcolor=INK)
        axes.set_xlim(-0.3, len(labels) + 0.9)
        axes.margins(y=0.12)
        tick_numbers(axes.yaxis, here.page, "%")
        _line_names(axes, ends | {"first": 0.0}, len(labels) - 1, here)
        title = findings.revision_title(found, here)
        first, last = (here.page.published(each) for each in found.vintages)
        key = f"growth_levels.revision_subtitle{'_chosen' if found.chosen else ''}"
        return finish(
            figure,
            here.page,
            name="growth_levels_revision",
            title=title,
            subtitle=here.say(key, first=first, last=last),
            source=here.cite_series(found.source_ids),
            alt=here.say("growth_levels.revision_alt", finding=findings.revision(found, here)),
            data=frame(revision_rows(found)),
        )


_LINES: dict[str, dict[str, Any]] = {
    "scaled": {"color": CONTEXT, "ls": ":", "lw": 1.6, "drawstyle": "steps-mid"},
    "revised": {"color": SECOND, "ls": "-", "lw": 2, "marker": "o", "ms": 6},
    "denton": {"color": FOCUS, "ls": "--", "lw": 2.2, "marker": "s", "mfc": "white", "ms": 6},
}
_LINE_INKS = {"scaled": MUTED, "revised": SECOND, "denton": FOCUS, "first": INK}


def _source(quantities: Sequence[Quantity], levels: Levels, here: ReportContext) -> str:
    """The series, and the printed plan where a target rests on it."""
    series = here.cite_series([levels.release.source_id])
    ids = union_ids(quantities)
    return f"{here.cite(ids)}. {series}" if ids else series


def _need(axes: Axes, row: int, each: Spread, here: ReportContext) -> None:
    if each.standing is not None:
        ends = each.standing.slowest.value, each.standing.fastest.value
        axes.plot(ends, [row, row], color=PALE, lw=13, solid_capstyle="butt", zorder=1)
    colour = {EVEN: FOCUS, PATH: THIRD}.get(each.kind, SECOND)
    low, base, high = (each.needs[name] for name in (LOW, BASE, HIGH))
    axes.plot([low.value, high.value], [row, row], color=colour, lw=1.4, ls="--", zorder=2)
    axes.plot([low.value, high.value], [row, row], "o", color=colour, mfc="white", mew=1.6, ms=8, zorder=3)
    axes.plot(base.value, row, "o", color=colour, ms=9, zorder=3)
    style: dict[str, Any] = {"textcoords": "offset points", "size": 9, "zorder": 5, "color": colour}
    places: list[tuple[Quantity, dict[str, Any]]] = [  # each on a side of its own, however near the three lie
        (low, {"xytext": (-8, 0), "ha": "right", "va": "center"}),
        (base, {"xytext": (0, 9), "ha": "center", "va": "bottom", "weight": "bold", "bbox": PAPER}),
        (high, {"xytext": (8, 0), "ha": "left", "va": "center"}),
    ]
    for rate, place in places:
        label = here.page.unit(here.page.number(rate.interval.value or 0, min(rate.shown_decimals, 2)), "pct")
        axes.annotate(label, (rate.value, row), **style, **place)


def _need_label(each: Spread, levels: Levels, here: ReportContext) -> str:
    quarters = listed([here.say(f"growth.short_Q{quarter}") for quarter in levels.remaining], here)
    quarter = here.say(f"growth.short_Q{each.quarter}") if each.quarter else ""
    sector = here.say(f"growth_levels.short_{each.sector}")
    return capital(here.say(f"growth_levels.row_{each.kind}", quarters=quarters, quarter=quarter, sector=sector))


def _column(cell: Cell) -> tuple[bool, str, int]:
    return cell.period == WHOLE, cell.period, ("", LOW, BASE, HIGH).index(cell.scenario)


def _column_label(column: tuple[str, str], here: ReportContext) -> str:
    period, scenario = column
    said = here.say(f"growth_levels.scenario_{scenario or 'known'}")
    name = here.say("growth_levels.column_year") if period == WHOLE else capital(here.say(f"growth.short_{period}"))
    return here.say("growth_levels.scenario_column", period=name, scenario=said)


def _groups(axes: Axes, columns: Sequence[tuple[str, str]], height: int) -> None:
    """Outline of the base scenario, and of the row of the whole economy."""
    for place, (_, scenario) in enumerate(columns):
        if scenario == BASE:
            axes.add_patch(Rectangle((place, 0), 1, height, fill=False, edgecolor=SECOND, lw=2, clip_on=False))
            axes.get_xticklabels()[place].set_color(SECOND)
    axes.axhline(height - 1, color=INK, lw=1.6)
    axes.get_yticklabels()[height - 1].set_fontweight("bold")


def _line_names(axes: Axes, ends: dict[str, float], last: int, here: ReportContext) -> None:
    low, high = axes.get_ylim()
    for (name, _), height in zip(ends.items(), apart(list(ends.values()), 0.08 * (high - low)), strict=True):
        text = here.say(f"growth_levels.line_{name}")
        style: dict[str, Any] = {"va": "center", "weight": "bold", "size": 9.5, "bbox": PAPER}
        axes.annotate(text, (last + 0.2, height), color=_LINE_INKS[name], **style)
