"""Charts of public investment: progress against plan and target, what remains, the pace.

Responsibility: the marks. Numbers come from ``analysis.investment``, words from ``findings.investment``.
"""

from __future__ import annotations

from datetime import date

from matplotlib.axes import Axes

from kg_analysis.analysis import investment
from kg_analysis.analysis.investment import Investment, Progress, Target
from kg_analysis.analysis.nature import nature
from kg_analysis.analysis.pacing import Pace
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import DERIVED, PAPER, HeadedBar, can_draw, headed_bars, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, SECOND, THIRD
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import investment as findings
from kg_analysis.findings.wording import FALL, RISE, capital, direction, size
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, Row, derive, frame, union_ids

_COLOURS = {"completed_volume": THIRD, "disbursed": FOCUS}


def progress(found: Investment, goal: Target | None, here: ReportContext) -> Chart:
    """Completed work and money paid, each with its cut-off date, against the plan and the target."""
    shown = [each for each in (found.completed, found.disbursed) if each is not None and can_draw(each.amount)]
    if not shown:
        raise NotPrintedError(f"investment: no amount is printed for {found.year}", "investment_paid")
    bars = [_progress_bar(each, here) for each in shown]
    lines = _lines(found, goal, here)
    with canvas() as (figure, axes):
        headed_bars(axes, bars)
        _reference_lines(axes, lines, max(bar.value.value for bar in bars))
        tick_numbers(axes.xaxis, here.page)
        rows = [_row(each.measure, each.as_of, each.amount) for each in shown]
        rows += [_row(name, None, amount) for name, _, amount in lines]
        ids = union_ids([bar.value for bar in bars] + [amount for *_, amount in lines])
        return finish(
            figure,
            here.page,
            name="investment_progress",
            title=findings.progress_title(found, goal, here),
            subtitle=here.say("investment.progress_subtitle"),
            source=here.cite(ids),
            alt=here.say("investment.progress_alt", finding=findings.progress_title(found, goal, here) + "."),
            data=frame(rows),
        )


def remaining(found: Investment, goal: Target, here: ReportContext) -> Chart:
    """The plan as parts that follow one another: paid, missing to the target, the rest, and the whole."""
    bars = _parts(found, goal, here)
    with canvas() as (figure, axes):
        headed_bars(axes, list(bars.values()))
        for row, bar in enumerate(list(bars.values())[:-1]):
            end = bar.start + bar.value.value
            axes.plot([end, end], [row, row + 1], color=CONTEXT, lw=0.9, ls=":", zorder=0.5)
        axes.set_xlim(0, 1.05 * max(bar.start + max(bar.value.value, 0) for bar in bars.values()))
        tick_numbers(axes.xaxis, here.page)
        ids = union_ids([bar.value for bar in bars.values()] + [goal.ratio])
        return finish(
            figure,
            here.page,
            name="investment_remaining",
            title=findings.remaining_title(found, goal, here),
            subtitle=here.say("investment.remaining_subtitle", goal=findings.target_name(goal, here)),
            source=here.cite(ids),
            alt=here.say("investment.remaining_alt", finding=findings.remaining_title(found, goal, here) + "."),
            data=frame(
                {"part": name, "amount_bn_vnd": bar.value, "basis": nature(bar.value)} for name, bar in bars.items()
            ),
        )


def pace(found: Pace, goal: Target, here: ReportContext) -> Chart:
    """Disbursement a month: achieved, needed over the whole budget year, and from now on if months are left."""
    bars = _pace_bars(found, goal, here)
    with canvas() as (figure, axes):
        headed_bars(axes, list(bars.values()))
        values = [bar.value.value for bar in bars.values()]
        axes.set_xlim(0, 1.08 * max(values))
        tick_numbers(axes.xaxis, here.page)
        return finish(
            figure,
            here.page,
            name="investment_pace",
            title=findings.pace_title(found, goal, here),
            subtitle=here.say(
                "investment.pace_subtitle",
                months=findings.months(found.months),
                next=here.data.year + 1,
                goal=findings.target_name(goal, here),
            ),
            source=here.cite(union_ids([bar.value for bar in bars.values()])),
            alt=here.say("investment.pace_alt", finding=findings.pace_title(found, goal, here) + "."),
            data=frame(
                {"pace": name, "pace_bn_vnd_per_month": bar.value, "basis": nature(bar.value)}
                for name, bar in bars.items()
            ),
        )


def _progress_bar(found: Progress, here: ReportContext) -> HeadedBar:
    amount = found.amount
    if amount is None:
        raise NotPrintedError("investment: no amount is printed", "investment_paid")
    heading = here.say(
        f"investment.row_progress{'_ratio' if found.ratio is not None else ''}",
        measure=capital(findings.measure_name(found, here)),
        until=findings.until(found, here),
        amount=amount,
        ratio=found.ratio,
    )
    return HeadedBar(heading, amount, _COLOURS[found.measure], found.basis)


def _row(what: str, day: date | None, amount: Quantity | None) -> Row:
    return {
        "what": what,
        "as_of": day,
        "amount_bn_vnd": amount,
        "basis": "" if amount is None else nature(amount),
    }


def _lines(found: Investment, goal: Target | None, here: ReportContext) -> list[tuple[str, str, Quantity]]:
    """Plan and target as vertical lines: id, label, amount."""
    if found.plan is None:
        return []
    lines = [("plan", here.say(f"investment.line_plan{_implied(found.plan)}", plan=found.plan), found.plan)]
    if goal is not None:
        amount = derive(lambda plan, ratio: plan * ratio / 100, found.plan, goal.ratio, unit="bn_vnd")
        origin = findings.origin(goal, here)
        ratio = findings.aimed(goal, here)
        label = here.say(f"investment.line_target_{origin}", ratio=ratio, aim=goal.year, amount=amount)
        lines.append(("target", label, amount))
    return sorted(lines, key=lambda line: line[2].value)


def _implied(plan: Quantity) -> str:
    """Ending of the keys whose text says that the plan is not printed but implied by ratios."""
    return "_implied" if plan.decimals is None else ""


def _reference_lines(axes: Axes, lines: list[tuple[str, str, Quantity]], longest: float) -> None:
    """Lines through all bars; the lower one is labelled to its left, the higher one to its right."""
    reach = max([longest, *(amount.value for *_, amount in lines)])
    axes.set_xlim(0, reach * (1.28 if lines else 1.05))
    top = -1.15  # room above the first heading
    axes.set_ylim(axes.get_ylim()[0], top)
    for index, (name, label, amount) in enumerate(lines):
        last = index == len(lines) - 1
        colour = INK if name == "plan" else SECOND
        axes.axvline(amount.value, color=colour, lw=1.8, ls="--")
        axes.annotate(
            label,
            (amount.value, top),
            xytext=(6 if last else -6, 0),
            textcoords="offset points",
            ha="left" if last else "right",
            va="top",
            color=colour,
            weight="bold",
            size=9,
            bbox=PAPER,
        )


def _parts(found: Investment, goal: Target, here: ReportContext) -> dict[str, HeadedBar]:
    plan, paid, missing = found.whole_plan(), found.paid(), investment.missing_to_target(found, goal)
    ratio = findings.aimed(goal, here)
    if found.disbursed is None:
        raise NotPrintedError("investment: no disbursement is printed", "investment_paid")
    way = direction(missing)
    if way == RISE:
        rest = derive(lambda whole, share: whole * (1 - share / 100), plan, goal.ratio, unit="bn_vnd")
        reached, kind = paid.value + missing.value, "target" if direction(rest) == FALL else direction(rest)
    else:
        rest = investment.undisbursed(found)
        reached, kind = paid.value, direction(rest)
    until = findings.until(found.disbursed, here)
    lacking = findings.least(goal, missing, here) if way == RISE else here.page.quantity(size(missing))
    say = here.say
    heads = {
        "disbursed": say("investment.row_paid", until=until, value=paid),
        "missing_to_target": say(f"investment.row_missing_{way}", ratio=ratio, value=lacking),
        "rest_of_plan": say(f"investment.row_rest_{kind}", value=size(rest)),
        "plan": say(f"investment.row_plan{_implied(plan)}", value=plan),
    }
    return {
        "disbursed": HeadedBar(heads["disbursed"], paid, FOCUS, found.disbursed.basis),
        "missing_to_target": HeadedBar(heads["missing_to_target"], missing, SECOND, DERIVED, paid.value),
        "rest_of_plan": HeadedBar(heads["rest_of_plan"], rest, CONTEXT, DERIVED, reached),
        "plan": HeadedBar(heads["plan"], plan, INK, DERIVED),
    }


def _pace_bars(found: Pace, goal: Target, here: ReportContext) -> dict[str, HeadedBar]:
    achieved = here.say(
        f"investment.row_achieved{findings.estimated(found.basis)}",
        done=findings.months(found.months_done),
        value=found.achieved,
    )
    needed = here.say(
        "investment.row_needed",
        ratio=findings.aimed(goal, here),
        months=findings.months(found.months),
        value=findings.least(goal, found.needed, here),
    )
    bars = {
        "achieved": HeadedBar(achieved, found.achieved, FOCUS, found.basis),
        "needed": HeadedBar(needed, found.needed, SECOND, DERIVED),
    }
    rest = found.needed_from_now
    if rest is not None and direction(rest) != FALL:  # nothing is needed where the target is met
        left = findings.months(found.months - found.months_done)
        heading = here.say("investment.row_from_now", left=left, value=findings.least(goal, rest, here))
        bars["needed_from_now"] = HeadedBar(heading, rest, SECOND, DERIVED)
    return bars
