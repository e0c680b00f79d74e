"""Charts of monthly disbursement: the curve of the year with three forecasts, and the pace needed against that of late.

Responsibility: the marks. Numbers come from ``analysis.forecasts``, words from ``findings.disbursement``.
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from kg_analysis.analysis import forecasts
from kg_analysis.analysis.forecasts import BOTTOM_UP, PROFILE, RECENT, RUN_RATE, Forecast, MonthlyPace
from kg_analysis.analysis.investment import Target
from kg_analysis.analysis.monthly import CLOSE
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import DERIVED, PAPER, fill, spread, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, PALE, SECOND, THIRD
from kg_analysis.findings import disbursement as findings
from kg_analysis.findings import investment as words
from kg_analysis.findings.wording import RISE, direction
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, Row, frame

_COLOURS = {RUN_RATE: SECOND, PROFILE: FOCUS, BOTTOM_UP: THIRD, "outturn": INK}
_DASHES = {RUN_RATE: "--", PROFILE: (0, (5, 2)), BOTTOM_UP: ":"}


def curve(made: Forecast, goal: Target | None, here: ReportContext) -> Chart:
    """Money paid month by month, the band of past years scaled to the month, three forecasts, plan and target."""
    with canvas() as (figure, axes):
        _band(axes, made)
        top = max([made.plan.value, *(each.high for each in made.at_close.values())])
        axes.set_xlim(0, CLOSE + 3.6)
        axes.set_ylim(0, 1.17 * top)
        _paid(axes, made, here)
        _forecasts(axes, made, here)
        _levels(axes, made, goal, here)
        axes.set_xticks(range(CLOSE + 1))
        tick_numbers(axes.yaxis, here.page)
        axes.set_xlabel(here.say("investment_monthly.curve_axis"))
        title = findings.forecast_title(made, goal, here)
        return finish(
            figure,
            here.page,
            name="investment_curve",
            title=title,
            subtitle=here.say(
                "investment_monthly.curve_subtitle", month=made.month, which=findings.plan_name(made, here)
            ),
            source=findings.source(made, goal, here),
            alt=here.say("investment_monthly.curve_alt", finding=title + "."),
            data=frame(_curve_rows(made, goal)),
        )


def pace(found: MonthlyPace, made: Forecast, goal: Target, here: ReportContext) -> Chart:
    """Money paid in each month, the mean of the last three, and what the months left take."""
    months = _monthly(made)
    needed = found.required if direction(found.required) == RISE else None
    with canvas() as (figure, axes):
        for month, each in months.items():
            axes.bar(month, each.value, width=0.7, **fill(FOCUS if month > made.month - RECENT else CONTEXT, "actual"))
        if needed is not None:
            for month in range(made.month + 1, CLOSE + 1):
                axes.bar(month, needed.value, width=0.7, **fill(SECOND, DERIVED))
        _pace_labels(axes, found, made, needed, here)
        axes.axhline(0, color=INK, lw=0.8)
        axes.set_xticks(range(1, CLOSE + 1))
        axes.set_xlim(0.4, CLOSE + 0.6)
        tick_numbers(axes.yaxis, here.page)
        axes.set_xlabel(here.say("investment_monthly.curve_axis"))
        title = findings.pace_title(found, goal, here)
        return finish(
            figure,
            here.page,
            name="investment_monthly_pace",
            title=title,
            subtitle=here.say("investment_monthly.pace_subtitle", goal=words.target_name(goal, here)),
            source=findings.source(made, goal, here),
            alt=here.say("investment_monthly.pace_alt", finding=title + "."),
            data=frame(_pace_rows(months, found, made)),
        )


def _band(axes: Axes, made: Forecast) -> None:
    """Least to most of past years on their way through the month, as far as each month is known."""
    known = [(month, found) for month in range(CLOSE + 1) if (found := forecasts.path(made, month)) is not None]
    if not known:
        return
    months = [month for month, _ in known]
    axes.fill_between(months, [each.low for _, each in known], [each.high for _, each in known], color=PALE, lw=0)
    ahead = [(month, each.value) for month, each in known if month >= made.month]
    axes.plot(*zip(*ahead, strict=True), color=FOCUS, ls=_DASHES[PROFILE], lw=1.8)


def _paid(axes: Axes, made: Forecast, here: ReportContext) -> None:
    """What was paid: solid up to the month of the forecast, open dots after it."""
    paid = {month: made.found.paid(month) for month in made.found.months}
    past = [(month, each.value) for month, each in paid.items() if each is not None and month <= made.month]
    later = [(month, each.value) for month, each in paid.items() if each is not None and month > made.month]
    axes.plot(*zip((0, 0.0), *past, strict=True), color=INK, lw=2.4, marker="o", ms=5, markevery=slice(1, None))
    if later:
        axes.plot(*zip(*later, strict=True), ls="", marker="o", ms=5, mfc="white", mec=INK)
    early = made.month < 5  # no room to the left; the curve is still low
    axes.annotate(
        here.say("investment_monthly.last_paid", month=made.month, paid=made.paid),
        (made.month, made.paid.value),
        xytext=(-6, 34) if early else (-8, 6),
        textcoords="offset points",
        ha="left" if early else "right",
        color=INK,
        weight="bold",
        bbox=PAPER,
    )


def _forecasts(axes: Axes, made: Forecast, here: ReportContext) -> None:
    """Straight lines to the run rate and to bottom-up, and the name and value of each forecast at the close."""
    ends = dict(made.at_close)
    for name in (RUN_RATE, BOTTOM_UP):
        if name in ends:
            axes.plot(
                [made.month, CLOSE], [made.paid.value, ends[name].value], color=_COLOURS[name], ls=_DASHES[name], lw=1.8
            )
    if made.outturn is not None:
        ends["outturn"] = made.outturn
    gap = 0.13 * axes.get_ylim()[1]
    for (name, each), place in zip(ends.items(), spread([each.value for each in ends.values()], gap), strict=True):
        axes.plot([CLOSE + 0.1, CLOSE + 0.32], [each.value, place], color=_COLOURS[name], lw=0.8)
        axes.plot(CLOSE, each.value, "o" if name != "outturn" else "D", color=_COLOURS[name], ms=6, zorder=3)
        axes.annotate(
            here.say(f"investment_monthly.line_{name}", paid=_middle(each)),
            (CLOSE, each.value),
            xytext=(CLOSE + 0.35, place),
            va="center",
            color=_COLOURS[name],
            weight="bold",
            size=8.5,
            linespacing=1.05,
        )


def _levels(axes: Axes, made: Forecast, goal: Target | None, here: ReportContext) -> None:
    """Plan and target as level lines, the upper one named above itself and the lower one below."""
    levels = {"plan": made.plan}
    if goal is not None:
        levels["goal"] = forecasts.aim(made, goal)
    upper = max(levels, key=lambda name: levels[name].value)
    for name, each in levels.items():
        axes.plot([0, CLOSE], [each.value] * 2, color=INK if name == "plan" else SECOND, lw=1.2, ls="-.")
        axes.annotate(
            _level_name(name, each, goal, here),
            (0.15, each.value),
            xytext=(0, 3 if name == upper else -3),
            textcoords="offset points",
            va="bottom" if name == upper else "top",
            color=INK if name == "plan" else SECOND,
            size=9,
        )


def _level_name(name: str, amount: Quantity, goal: Target | None, here: ReportContext) -> str:
    """Plan, or the target with the year that it was set for where that is another."""
    if name == "plan" or goal is None:
        return here.say("investment_monthly.line_plan", amount=amount)
    other = "_other" if words.origin(goal, here) == "other" else ""
    ratio = words.aimed(goal, here)
    return here.say(f"investment_monthly.line_goal{other}", amount=amount, ratio=ratio, aim=goal.year)


def _middle(each: Quantity) -> Quantity:
    """The middle value as it is drawn, without bounds and without decimals that they do not bear."""
    return Quantity(each.interval, each.unit, decimals=0, basis=each.basis, inputs=each.inputs)


def _pace_labels(axes: Axes, found: MonthlyPace, made: Forecast, needed: Quantity | None, here: ReportContext) -> None:
    """Both paces named above all columns, side by side wherever the year stands."""
    values = [0.0, *(each.value for each in _monthly(made).values())]
    top = max([*values, needed.value if needed is not None else 0]) or 1
    axes.set_ylim(min(values) * 1.1, 1.3 * top)
    style: dict[str, Any] = {"va": "top", "weight": "bold", "size": 9.5}
    if found.recent is not None:
        axes.plot([made.month - RECENT + 0.55, made.month + 0.45], [found.recent.value] * 2, color=INK, lw=2)
        text = here.say("investment_monthly.label_recent", recent=found.recent)
        right = made.month >= 4
        place = min(made.month + 0.45, CLOSE - 3.9) if right else 0.6
        axes.text(place, 1.28 * top, text, ha="right" if right else "left", color=FOCUS, **style)
    if needed is not None:
        text = here.say("investment_monthly.label_required", required=needed)
        left = found.months_left >= 4
        place = max(made.month + 0.65, 4.6) if left else CLOSE + 0.5
        axes.text(place, 1.28 * top, text, ha="left" if left else "right", color=SECOND, **style)


def _monthly(made: Forecast) -> dict[int, Quantity]:
    """Money paid in each month of which it and the one before are known."""
    return {month: each for month in range(1, made.month + 1) if (each := made.found.increment(month)) is not None}


def _curve_rows(made: Forecast, goal: Target | None) -> list[Row]:
    rows: list[Row] = []
    for month in range(CLOSE + 1):
        paid, way = made.found.paid(month) if month else None, forecasts.path(made, month)
        rows.append({"what": "paid", "month": month, "amount_bn_vnd": paid} if paid is not None else {})
        rows.append({"what": "past_years", "month": month, "amount_bn_vnd": way} if way is not None else {})
    rows += [{"what": name, "month": CLOSE, "amount_bn_vnd": each} for name, each in made.at_close.items()]
    rows.append({"what": "plan", "month": made.month, "amount_bn_vnd": made.plan})
    if goal is not None:
        rows.append({"what": "target", "month": CLOSE, "amount_bn_vnd": forecasts.aim(made, goal)})
    return [{**row, "source_id": made.found.source_id} for row in rows if row]


def _pace_rows(months: dict[int, Quantity], found: MonthlyPace, made: Forecast) -> list[Row]:
    rows = [{"what": "paid", "month": month, "pace_bn_vnd_per_month": each} for month, each in months.items()]
    rows += [
        {"what": name, "month": made.month, "pace_bn_vnd_per_month": each}
        for name, each in (("recent", found.recent), ("required", found.required))
        if each is not None
    ]
    return [{**row, "source_id": made.found.source_id} for row in rows]
