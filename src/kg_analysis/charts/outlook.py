"""Charts of what lies ahead: the Q4 that a target takes, and next year's level of GRDP.

Responsibility: the marks. Numbers come from ``analysis.growth``, words from ``findings.outlook``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from kg_analysis.analysis import scenarios
from kg_analysis.analysis.growth import Growth
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import PAPER, spread, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, SECOND, SHADE, luminance
from kg_analysis.findings import outlook as findings
from kg_analysis.findings.wording import as_given, printed_as
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, derive, frame, union_ids


def target_heatmap(found: Growth, shares: Shares, target: Quantity | None, here: ReportContext) -> Chart:
    """Q4 growth needed for each growth of the year and each share; the printed year and the target outlined."""
    import seaborn as sns  # noqa: PLC0415 - slow to import, and used here only

    title = findings.target_title(found, shares, target, here)
    targets = scenarios.target_grid(found, target)[::-1]  # the highest on top, as on an axis
    columns = scenarios.share_grid(shares)
    rows = scenarios.required_rows(found, targets, columns)
    values = np.array([row["required_q4_pct"].value for row in rows]).reshape(len(targets), len(columns))
    texts = [here.page.number(row["required_q4_pct"].interval.value, 1) for row in rows]
    with canvas() as (figure, axes):
        palette = sns.light_palette(FOCUS, as_cmap=True)
        style = {"linewidths": 1.5, "linecolor": "white", "annot_kws": {"size": 10}}
        sns.heatmap(
            values, annot=np.array(texts).reshape(values.shape), fmt="", cmap=palette, cbar=False, ax=axes, **style
        )
        readable(axes)
        axes.set_xticks(np.arange(len(columns)) + 0.5, [here.page.quantity(as_given(each)) for each in columns])
        axes.set_xlabel(here.say("growth.target_axis"))
        axes.set_yticks(np.arange(len(targets)) + 0.5, [_target_label(each, target, here) for each in targets])
        axes.tick_params(axis="both", length=0, labelrotation=0, labelcolor=INK)
        axes.grid(visible=False)
        axes.get_xticklabels()[columns.index(shares.base)].set_fontweight("bold")
        for row, each in enumerate(targets):
            _outline(axes, row, each, len(columns), target)
        return finish(
            figure,
            here.page,
            name="growth_target_heatmap",
            title=title,
            subtitle=here.say("growth.target_subtitle"),
            source=here.cite(union_ids(row["required_q4_pct"] for row in rows)),
            alt=here.say("growth.target_alt", finding=title + "."),
            data=frame(rows),
        )


def next_year(found: Growth, trend: Quantity, here: ReportContext) -> Chart:
    """Levels with two years back as 100: actual, the trend, and next year at trend growth or caught up with it."""
    year = found.period("FY")
    actual = derive(lambda g: 100 + g, year, unit="share_pct")
    on_trend = [derive(lambda t, n=n: 100 * (1 + t / 100) ** n, trend, unit="share_pct") for n in range(3)]
    at_trend = derive(lambda g, t: (100 + g) * (1 + t / 100), year, trend, unit="share_pct")
    with canvas() as (figure, axes):
        _next_lines(axes, year, actual.value, at_trend.value, [each.value for each in on_trend])
        _next_frame(axes, [100, actual.value, at_trend.value, *(each.value for each in on_trend)], found, here)
        _next_labels(axes, found, trend, [actual, at_trend, *on_trend], here)
        rows = [
            {"line": "actual", "year": found.year - 1, "level": on_trend[0], "basis": "base"},
            {"line": "actual", "year": found.year, "level": actual, "basis": year.basis},
            *({"line": "trend", "year": found.year - 1 + n, "level": on_trend[n], "basis": "scenario"} for n in (1, 2)),
            {"line": "at_trend", "year": found.year + 1, "level": at_trend, "basis": "scenario"},
            {"line": "catch_up", "year": found.year + 1, "level": on_trend[2], "basis": "scenario"},
        ]
        ids = union_ids([year, *filter(None, [found.periods.get("Q3")])])
        title, last, following = findings.next_year_title(found, trend, here), found.year - 1, found.year + 1
        key = f"growth.next_subtitle{_ending(year)}"
        return finish(
            figure,
            here.page,
            name="growth_next_year",
            title=title,
            subtitle=here.say(key, last=last, next=following, trend=as_given(trend)),
            source=here.cite(ids),
            alt=here.say("growth.next_alt", finding=title + ".", next=following),
            data=frame(rows),
        )


def _next_lines(axes: Axes, year: Quantity, actual: float, at_trend: float, on_trend: Sequence[float]) -> None:
    """The year as printed, the trend, and both ways ahead on shaded ground."""
    axes.axvspan(1, 2, color=SHADE, lw=0)
    axes.plot([0, 1, 2], on_trend, color=CONTEXT, ls="--", lw=1.6)
    axes.plot([1, 2], [actual, at_trend], color=FOCUS, ls="--", lw=2)
    axes.plot([1, 2], [actual, on_trend[2]], color=SECOND, ls="-.", lw=2)
    axes.plot([0, 1], [100, actual], color=FOCUS, lw=3.4, ls=_dash(year))
    axes.plot(0, 100, color=FOCUS, marker="o", ms=8)
    axes.plot(1, actual, color=FOCUS, marker="o", ms=8, mfc=_marker_face(year), mew=2)


def _next_frame(axes: Axes, values: Sequence[float], found: Growth, here: ReportContext) -> None:
    span = max(values) - min(values) or 1
    axes.set_ylim(min(values) - 0.35 * span, max(values) + 0.2 * span)
    axes.set_xlim(-0.12, 2.85)
    axes.set_xticks([0, 1, 2], _years(found, here))
    axes.tick_params(axis="x", length=0, labelcolor=INK)
    axes.locator_params(axis="y", nbins=6)
    tick_numbers(axes.yaxis, here.page)
    axes.set_yticks(
        [each for each in axes.get_yticks() if min(values) - 0.1 * span <= each <= max(values) + 0.2 * span]
    )


def _years(found: Growth, here: ReportContext) -> list[str]:
    ending = _ending(found.period("FY"))
    this = here.say("growth.next_year_estimate", year=found.year) if ending else str(found.year)
    return [str(found.year - 1), this, here.say("growth.next_year_scenario", year=found.year + 1)]


def _marker_face(rate: Quantity) -> str:
    """An estimate is a hollow point."""
    return "white" if _ending(rate) else FOCUS


def _dash(rate: Quantity) -> str | tuple[float, tuple[float, float]]:
    """An estimate is a striped line, as its bars are hatched."""
    return (0, (0.9, 0.45)) if _ending(rate) else "-"


def _ending(rate: Quantity) -> str:
    """Ending of the keys whose text says that the number is an estimate."""
    return "_estimate" if rate.basis == "estimate" else ""


def _next_labels(axes: Axes, found: Growth, trend: Quantity, levels: Sequence[Quantity], here: ReportContext) -> None:
    actual, at_trend, _, _, caught_up = levels
    low, high = axes.get_ylim()
    rate = printed_as("title", scenarios.catch_up(found.period("FY"), trend), here)
    names = [
        (at_trend, here.say("growth.next_label_trend", trend=as_given(trend), value=_level(at_trend, here)), FOCUS),
        (caught_up, here.say("growth.next_label_catch_up", rate=rate, value=_level(caught_up, here)), SECOND),
    ]
    heights = spread([level.value for level, *_ in names], 0.17 * (high - low))
    style: dict[str, Any] = {"textcoords": "offset points", "bbox": PAPER}
    for (_, text, colour), height in zip(names, heights, strict=True):
        axes.annotate(text, (2, height), xytext=(8, 0), va="center", color=colour, weight="bold", **style)
    if "Q3" in found.periods:
        said = printed_as("need", scenarios.base_effect(found.period("Q3")), here)
        text = here.say("growth.next_base", last=found.year - 1, next=found.year + 1, rate=said)
        axes.annotate(text, (2, low), xytext=(8, 6), va="bottom", color=MUTED, size=9, **style)
    _year_labels(axes, found, trend, actual, levels[3].value, here)


def _year_labels(
    axes: Axes, found: Growth, trend: Quantity, actual: Quantity, on_trend: float, here: ReportContext
) -> None:
    """Level of the year, on the side where no line leaves its point; name of the trend on the other side."""
    below = actual.value < on_trend
    style: dict[str, Any] = {"textcoords": "offset points"}
    axes.annotate(
        here.say(f"growth.next_level{_ending(found.period('FY'))}", value=_level(actual, here)),
        (1, actual.value),
        xytext=(8, -8) if below else (-8, 8),
        ha="left" if below else "right",
        va="top" if below else "bottom",
        color=FOCUS,
        weight="bold",
        **style,
    )
    step = on_trend - 100
    beside = (step > 0) == below  # then the line is farthest at the label's far end
    axes.annotate(
        here.say("growth.next_line_trend", trend=as_given(trend)),
        (-0.08 if beside else 0.2, 100 + step * (0.75 if beside else 0.2)),
        xytext=(0, 7 if below else -7),
        va="bottom" if below else "top",
        color=MUTED,
        bbox=PAPER,
        **style,
    )


def _level(level: Quantity, here: ReportContext) -> str:
    return here.page.number(level.interval.value or 0, 1)


def _target_label(each: Quantity, target: Quantity | None, here: ReportContext) -> str:
    if each.figure_ids:
        key = "target_row_estimate" if each.basis == "estimate" else "target_row_printed"
    else:
        key = "target_row_chosen" if target is not None and each.value == target.value else "target_row"
    return here.say(f"growth.{key}", target=as_given(each))


def readable(axes: Axes) -> None:
    """White or black, whichever stands out more from the cell: at least 4.5 to 1."""
    axes.figure.canvas.draw()  # colours of the cells exist once they are drawn
    for text, cell in zip(axes.texts, np.asarray(axes.collections[0].get_facecolor()), strict=True):
        light = luminance(cell[:3])
        text.set_color("white" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "black")


def _outline(axes: Axes, row: int, each: Quantity, width: int, target: Quantity | None) -> None:
    chosen = target is not None and each.value == target.value
    if each.figure_ids or chosen:
        colour, dash = (SECOND, "--") if chosen else (INK, "-")
        axes.add_patch(Rectangle((0, row), width, 1, fill=False, edgecolor=colour, ls=dash, lw=2.2, clip_on=False))
        axes.get_yticklabels()[row].set_color(colour)
        axes.get_yticklabels()[row].set_fontweight("bold")
