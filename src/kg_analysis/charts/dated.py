"""Charts of dated totals of a budget year, and of the province's estimates against the outturn by year.

Responsibility: the marks. Numbers come from ``analysis.dated`` and ``analysis.self_forecast``, words from
``findings.dated``. A bound is an arrow head and never joined to a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.text import Annotation

from kg_analysis.analysis import self_forecast
from kg_analysis.analysis.dated import Course, DatedPoint
from kg_analysis.analysis.investment import Target
from kg_analysis.analysis.monthly import CLOSE
from kg_analysis.analysis.self_forecast import Bias, Haircut
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.labels import box_of, first_free, shrink
from kg_analysis.charts.marks import PAPER, spread, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, RULE, SECOND
from kg_analysis.findings import dated as findings
from kg_analysis.findings import investment as words
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, Row, derive, frame, union_ids


def course(found: Course, goal: Target | None, here: ReportContext) -> Chart:
    """Totals at their day of the 13-month budget year, the mean pace drawn out, plan and the year's own target."""
    aim = _aim(found, goal)
    with canvas() as (figure, axes):
        shown = [*_drawn(found), *(each for each in (found.plan, aim) if each is not None)]
        axes.set_xlim(0, CLOSE + 2.2)
        axes.set_ylim(0, 1.15 * max(each.value if each.interval.value is not None else each.low for each in shown))
        _lines(axes, found, aim, goal, here)
        _points(axes, found, here)
        axes.set_xticks(range(CLOSE + 1))
        tick_numbers(axes.yaxis, here.page)
        axes.set_xlabel(here.say("investment_monthly.curve_axis"))
        title = findings.course_title(found, here)
        return finish(
            figure,
            here.page,
            name="investment_dated",
            title=title,
            subtitle=here.say("investment_monthly.dated_subtitle"),
            source=here.cite(union_ids(shown)),
            alt=here.say("investment_monthly.dated_alt", finding=title + "."),
            data=frame(_rows(found, aim)),
        )


def bias(found: Sequence[Bias], cut: Haircut | None, here: ReportContext) -> Chart:
    """Estimate and outturn of each year on one line, and this year's estimate less the bias of earlier years."""
    with canvas() as (figure, axes):
        for row, each in enumerate(found):
            ends = {"estimated": each.estimated, "settled": each.settled, "points": each.points}
            heading = here.say("investment_monthly.bias_row", year=each.year, **ends)
            _pair(axes, row, (each.estimated, each.settled), heading)
        if cut is not None:
            heading = here.say("investment_monthly.haircut_row", estimate=cut.estimate, corrected=cut.corrected)
            _pair(axes, len(found), (cut.estimate, cut.corrected), heading, derived=True)
        rows = len(found) + (cut is not None)
        axes.set_ylim(rows - 0.4, -0.7)
        axes.set_yticks([])
        axes.set_xlim(0, 100)
        axes.grid(visible=True, axis="x", color=RULE)
        tick_numbers(axes.xaxis, here.page, "%")
        title = findings.bias_title(found, here)
        quantities = [part for each in found for part in (each.estimated, each.settled)]
        return finish(
            figure,
            here.page,
            name="investment_bias",
            title=title,
            subtitle=here.say("investment_monthly.bias_subtitle"),
            source=here.cite(union_ids(quantities + ([] if cut is None else [cut.estimate, cut.corrected]))),
            alt=here.say("investment_monthly.bias_alt", finding=findings.bias(found, cut, here)),
            data=frame(self_forecast.bias_rows(found)),
        )


def _aim(found: Course, goal: Target | None) -> Quantity | None:
    """The target in money, where it is the year's own or the reader's: another year's is no aim of this course."""
    if found.plan is None or goal is None or goal.year not in (None, found.year):
        return None
    return derive(lambda plan, ratio: plan * ratio / 100, found.plan, goal.ratio, unit="bn_vnd")


def _drawn(found: Course) -> list[Quantity]:
    return [each.paid for each in found.points if each.paid.interval.value is not None or _is_floor(each.paid)]


def _is_floor(paid: Quantity) -> bool:
    return paid.interval.value is None and paid.low > float("-inf")


def _lines(axes: Axes, found: Course, aim: Quantity | None, goal: Target | None, here: ReportContext) -> None:
    if found.plan is not None:
        axes.plot([0, CLOSE], [found.plan.value] * 2, color=INK, lw=1.2, ls="-.")
        text = here.say("investment_monthly.line_plan", amount=found.plan)
        axes.annotate(text, (0.15, found.plan.value), xytext=(0, 3), textcoords="offset points", size=9)
    ends = {}
    last, end = found.last, found.at_run_rate
    if last is not None and end is not None:
        axes.plot([0, float(last.months)], [0, last.paid.value], color=CONTEXT, lw=0.8, ls=":")
        axes.plot([float(last.months), CLOSE], [last.paid.value, end.value], color=FOCUS, lw=1.8, ls="--")
        ends[here.say("investment_monthly.dated_end", end=end)] = (end, FOCUS)
        if aim is not None and goal is not None:
            axes.plot([float(last.months), CLOSE], [last.paid.value, aim.value], color=SECOND, lw=1.6, ls=":")
    if aim is not None and goal is not None:
        axes.plot(CLOSE, aim.value, "_", color=SECOND, ms=16, mew=2.5)
        text = here.say("investment_monthly.dated_goal", ratio=words.aimed(goal, here), amount=aim)
        ends[text] = (aim, SECOND)
    places = spread([each.value for each, _ in ends.values()], 0.2 * axes.get_ylim()[1])
    for (text, (each, colour)), place in zip(ends.items(), places, strict=True):
        axes.annotate(
            text, (CLOSE, each.value), xytext=(CLOSE + 0.4, place), va="center", color=colour, weight="bold", size=9
        )


def _points(axes: Axes, found: Course, here: ReportContext) -> None:
    shrink(axes, bottom=0.28)  # the axis has a name, and a source may have three lines
    taken = [box_of(text) for text in axes.texts]
    at_close = [_height(each) for each in found.points if each.months > CLOSE - 4]
    for each in found.points:
        kind = "bound" if each.paid.interval.value is None else each.paid.basis
        if kind == "bound" and not _is_floor(each.paid):
            continue  # an upper bound has no place that would not be read as a point
        x, y = float(each.months), _height(each)
        mark = {"bound": "^", "estimate": "o"}.get(kind, "o")
        if kind == "bound":
            up = {"arrowstyle": "<-", "color": INK, "lw": 1.6}
            axes.annotate("", (x, y), xytext=(0, 34), textcoords="offset points", arrowprops=up)
        axes.plot(x, y, mark, color=INK, mfc=INK if kind == "actual" else "white", ms=9, mew=1.8, zorder=3)
        late = x > CLOSE - 4
        above = late and len(at_close) > 1 and y == max(at_close)  # of two that lie close each has a side of its own
        places = [
            partial(_named, axes, _label(each, kind, here), (x, y), place, INK if kind == "actual" else CONTEXT)
            for place in ((late, above), (late, not above), (not late, above), (not late, not above))
        ]
        taken.append(box_of(first_free(axes, places, taken) or places[0]()))


def _height(each: DatedPoint) -> float:
    return each.paid.low if each.paid.interval.value is None else each.paid.value


def _named(axes: Axes, label: str, point: tuple[float, float], place: tuple[bool, bool], colour: str) -> Annotation:
    """Label of a point: left or right of it, above or below."""
    left, above = place
    return axes.annotate(
        label,
        point,
        xytext=(-9 if left else 9, 4 if above else -4),
        textcoords="offset points",
        ha="right" if left else "left",
        va="bottom" if above else "top",
        color=colour,
        weight="bold",
        size=9,
        bbox=PAPER,
    )


def _label(each: DatedPoint, kind: str, here: ReportContext) -> str:
    limit = findings.bound(each.paid, here)
    return here.say(f"investment_monthly.dated_label_{kind}", day=each.day, paid=each.paid, limit=limit)


def _pair(axes: Axes, row: int, ends: tuple[Quantity, Quantity], heading: str, derived: bool = False) -> None:
    """An estimate as a ring, what came of it as a dot, or as an open diamond with its range where it is derived."""
    first, second = (each.value for each in ends)
    axes.plot([first, second], [row, row], color=SECOND, lw=2, ls="--" if derived else "-", zorder=1)
    axes.plot(first, row, "o", color=FOCUS, mfc="white", ms=11, mew=2.2, zorder=2)
    axes.plot(second, row, "D" if derived else "o", color=FOCUS, mfc="white" if derived else FOCUS, ms=10, zorder=2)
    if derived:
        bounds = [[second - ends[1].low], [ends[1].high - second]]
        axes.errorbar(second, row, xerr=bounds, color=INK, capsize=4, lw=1.2, zorder=1)
    axes.annotate(heading, (0, row), xytext=(4, 14), textcoords="offset points", va="bottom", bbox=PAPER)


def _rows(found: Course, aim: Quantity | None) -> list[Row]:
    rows: list[Row] = [
        {"what": "bound" if each.paid.interval.value is None else each.paid.basis, "as_of": each.day, "months": months}
        | {"amount_bn_vnd": each.paid}
        for each, months in zip(found.points, (round(float(each.months), 3) for each in found.points), strict=True)
    ]
    ends = {"run_rate": found.at_run_rate, "plan": found.plan, "target": aim}
    rows += [
        {"what": name, "as_of": None, "months": CLOSE, "amount_bn_vnd": each}
        for name, each in ends.items()
        if each is not None
    ]
    return rows
