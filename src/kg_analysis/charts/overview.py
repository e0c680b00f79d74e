"""Charts of the overview: targets, tasks by system, cut-off days, and the report's own consistency.

Responsibility: the marks. Numbers come from ``analysis.overview`` and ``analysis.checks``, words from ``findings``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from kg_analysis.analysis import currency as currency_
from kg_analysis.analysis import overview
from kg_analysis.analysis.currency import CutOff
from kg_analysis.analysis.overview import System
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.dates import day_ticks, x
from kg_analysis.charts.marks import HeadedBar, headed_bars
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, RULE, SECOND, THIRD
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import overview as findings
from kg_analysis.findings.wording import capital
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, frame, union_ids

_STATUS = {"completed": THIRD, "in_progress": FOCUS, "overdue": SECOND, "late": SECOND, "on_time": THIRD}
_MOST_CELLS = 60  # more targets than this are no longer counted by eye


@dataclass(frozen=True)
class _Part:
    """Cells of one status in a row of targets."""

    status: str
    count: Quantity
    face: str


def targets(found: Sequence[System], here: ReportContext) -> Chart:
    """One cell a target, by status; a row for each system that set targets."""
    rows = [(each, _target_parts(each)) for each in found]
    shown = [(each, parts) for each, parts in rows if parts and sum(part.count.value for part in parts) <= _MOST_CELLS]
    if not shown:
        raise NotPrintedError(f"targets: no total with its parts is printed for {here.data.year}", "targets")
    with canvas() as (figure, axes):
        widest = max(sum(part.count.value for part in parts) for _, parts in shown)
        for row, (each, parts) in enumerate(shown):
            _cells(axes, row, each, parts, here)
        axes.set_xlim(0, widest + 0.2)
        axes.set_ylim(len(shown) - 0.6, -0.62)
        axes.set_axis_off()
        counts = [count for each, _ in shown for count in each.counts.values()]
        return finish(
            figure,
            here.page,
            name="overview_targets",
            title=findings.targets_title([each for each, _ in shown], here),
            subtitle=here.say("overview.targets_subtitle"),
            source=here.cite(union_ids(counts)),
            alt=here.say("overview.targets_alt", finding=findings.targets(found, here)),
            data=frame(overview.count_rows([each for each, _ in shown])),
        )


def tasks(found: Sequence[System], here: ReportContext) -> Chart:
    """Bars of each system's tasks by status, each system under its own name and cut-off day."""
    bars, rows = [], []
    for each in found:
        for status, count in each.counts.items():
            if status in _STATUS or each.total is None:
                bars.append(_task_bar(each, status, count, here))
                rows.append({"system": each.name, "status": status, "as_of": each.as_of, "count": count})
    if not bars:
        raise NotPrintedError(f"tasks: none are printed by status for {here.data.year}", "tasks")
    with canvas(size=(8.5, max(4.8, 1.6 + 0.62 * len(bars)))) as (figure, axes):
        headed_bars(axes, bars)
        axes.set_xlim(0, 1.05 * max(bar.value.value for bar in bars))
        return finish(
            figure,
            here.page,
            name="overview_tasks",
            title=findings.tasks_title(found, here),
            subtitle=here.say("overview.tasks_subtitle"),
            source=here.cite(union_ids(bar.value for bar in bars)),
            alt=here.say("overview.tasks_alt", finding=findings.tasks(found, here)),
            data=frame(rows),
        )


def currency(found: Sequence[CutOff], here: ReportContext) -> Chart:
    """Cut-off days by topic: filled where counted, open where estimated ahead."""
    topics = list(dict.fromkeys(each.topic for each in found))
    with canvas(size=(8.5, max(4.8, 1.7 + 0.36 * len(topics)))) as (figure, axes):
        for each in found:
            face = "white" if each.estimated else FOCUS
            axes.plot(x(each.day), topics.index(each.topic), "o", color=FOCUS, mfc=face, ms=9, mew=1.8, clip_on=False)
        axes.set_yticks(range(len(topics)), [capital(here.say(f"overview.topic_{each}")) for each in topics])
        axes.set_ylim(len(topics) - 0.5, -0.5)
        axes.tick_params(axis="y", labelcolor=INK)
        axes.grid(visible=True, axis="x", color=RULE)
        low, high = min(each.day for each in found), max(each.day for each in found)
        pad = max(6.0, (x(high) - x(low)) * 0.05)
        axes.set_xlim(x(low) - pad, x(high) + pad)
        day_ticks(axes, [each.day for each in found], here)
        return finish(
            figure,
            here.page,
            name="overview_currency",
            title=findings.currency_title(found, here),
            subtitle=here.say("overview.currency_subtitle"),
            source=here.cite(each for cut in found for each in cut.figure_ids),
            alt=here.say("overview.currency_alt", finding=findings.currency(found, here)),
            data=frame(currency_.cut_off_rows(found)),
        )


def _target_parts(found: System) -> list[_Part]:
    """Parts that make up the total: exceeded, met, missed; those met and exceeded together where not told apart."""
    exceeded, met, missed = found.counts.get("exceeded"), found.counts.get("met"), found.missed
    parts = []
    if exceeded is not None and met is not None:
        parts = [_Part("exceeded", exceeded, FOCUS), _Part("met", met, THIRD)]
    elif found.reached is not None:
        parts = [_Part("met_or_exceeded", found.reached, FOCUS)]
    if not parts or missed is None:
        return parts
    if found.missed_other is not None:
        economic = found.counts["missed_economic"]
        return [*parts, _Part("missed_economic", economic, SECOND), _Part("missed_other", found.missed_other, RULE)]
    return [*parts, _Part("missed", missed, RULE)] if missed.value > 0 else parts


def _cells(axes: Axes, row: int, found: System, parts: list[_Part], here: ReportContext) -> None:
    """A row of cells; each part is named above its first cell."""
    left = 0
    name = capital(findings.system(found, here))
    heading = here.say(
        f"overview.targets_row{'_estimate' if found.is_estimate else ''}", system=name, total=found.total
    )
    axes.text(0, row - 0.52, heading, weight="bold", va="center")
    for part in parts:
        count = int(part.count.value)
        for cell in range(left, left + count):
            axes.bar(cell + 0.5, 0.34, width=0.86, bottom=row - 0.1, facecolor=part.face, edgecolor="white")
        axes.text(left + 0.07, row - 0.2, _named(part, here), va="center")
        left += count


def _named(part: _Part, here: ReportContext) -> str:
    """Name over a part; the economic ones lead those missed."""
    key = "chart_missed_economic" if part.status == "missed_economic" else f"part_{part.status}"
    return here.say(f"overview.{key}", count=part.count)


def _task_bar(found: System, status: str, count: Quantity, here: ReportContext) -> HeadedBar:
    key = "overview.tasks_row_dated" if found.as_of else "overview.tasks_row"
    heading = here.say(
        key,
        system=capital(findings.system(found, here)),
        day=found.as_of,
        status=findings.named("status", status, here),
        count=count,
    )
    return HeadedBar(heading, count, _STATUS.get(status, CONTEXT), "actual")
