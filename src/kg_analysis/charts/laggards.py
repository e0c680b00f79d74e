"""Charts of who is behind: investors by money left, their place by percent and money, and units that sources print.

Responsibility: the marks. Numbers come from ``analysis.laggards`` and ``analysis.units``, words from
``findings.laggards``.
"""

from __future__ import annotations

from matplotlib.axes import Axes

from kg_analysis.analysis import laggards as standing
from kg_analysis.analysis.laggards import SLOW_LARGE, Laggard, Standing
from kg_analysis.analysis.monthly import add_up
from kg_analysis.analysis.units import Unit, Units, unit_rows
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import DERIVED, PAPER, HeadedBar, headed_bars, spread, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, SECOND
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import laggards as findings
from kg_analysis.findings.disbursement import month_name
from kg_analysis.findings.wording import capital
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, frame, union_ids

MOST_BARS, MOST_NAMES = 6, 5
LONGEST = 34  # letters of a name beside a point


def pareto(found: Standing, here: ReportContext) -> Chart:
    """Investors by money left, most first, with their share, the running share and the cause they name."""
    with canvas() as (figure, axes):
        headed_bars(axes, _bars(found, here), size=8.5)
        tick_numbers(axes.xaxis, here.page)
        title = findings.pareto_title(found, here)
        return finish(
            figure,
            here.page,
            name="investment_laggards",
            title=title,
            subtitle=here.say("investment_monthly.pareto_subtitle", **_when(found, here)),
            source=here.cite_series([found.found.source_id]),
            alt=here.say("investment_monthly.pareto_alt", finding=title + "."),
            data=frame(standing.laggard_rows(found)),
        )


def quadrant(found: Standing, here: ReportContext) -> Chart:
    """Each investor by share paid and money left; slow ones with much money left are in the emphasis colour."""
    points = [each for each in found.ranked if each.ratio is not None]
    with canvas() as (figure, axes):
        for each in points:
            worst = found.quadrant(each) == SLOW_LARGE
            axes.plot(*_place(each), "o" if worst else "s", color=SECOND if worst else CONTEXT, ms=8, zorder=3)
        _limits(axes, points, here)
        _thresholds(axes, found)
        _names(axes, found, points)
        axes.set_xlabel(here.say("investment_monthly.quadrant_x"))
        axes.set_ylabel(here.say("investment_monthly.quadrant_y"))
        title = findings.quadrant_title(found, here)
        return finish(
            figure,
            here.page,
            name="investment_quadrant",
            title=title,
            subtitle=here.say(
                "investment_monthly.quadrant_subtitle",
                **_when(found, here),
                ratio=found.ratio,
                even=standing.even_share(found),
            ),
            source=here.cite_series([found.found.source_id]),
            alt=here.say("investment_monthly.quadrant_alt", finding=title + "."),
            data=frame(standing.laggard_rows(found)),
        )


def units(found: Units, here: ReportContext) -> Chart:
    """Units or projects of which the money left is known; the others have no bar, since theirs is not."""
    if not found.ranked:
        raise NotPrintedError("pubinv: no money is printed by unit", "investment_units_money")
    bars = [_unit_bar(each, here) for each in found.ranked]
    with canvas() as (figure, axes):
        headed_bars(axes, bars)
        tick_numbers(axes.xaxis, here.page)
        title = findings.units_title(found, here)
        shown = [each for each in unit_rows(found) if each["undisbursed_bn_vnd"] is not None]
        return finish(
            figure,
            here.page,
            name="investment_units",
            title=title,
            subtitle=here.say(f"investment_monthly.units_subtitle_{found.ranked[0].kind}", day=found.ranked[0].as_of),
            source=here.cite(union_ids(_quantities(found))),
            alt=here.say("investment_monthly.units_alt", finding=title + "."),
            data=frame(shown),
        )


def _bars(found: Standing, here: ReportContext) -> list[HeadedBar]:
    many = len(found.ranked) > MOST_BARS + 1
    first = found.ranked[:MOST_BARS] if many else found.ranked
    rows = standing.laggard_rows(found)
    bars: list[HeadedBar] = []
    for each, row in zip(first, rows, strict=False):
        heading = here.say(
            "investment_monthly.pareto_row",
            name=_short(each.name),
            left=each.undisbursed,
            ratio=each.ratio,
            share=row["cumulative_share_pct"],
            cause=here.say(f"cell.{each.cause}"),
        )
        bars.append(HeadedBar(heading, _left(each), FOCUS if len(bars) < found.few else CONTEXT, DERIVED))
    if many:
        rest = add_up([_left(each) for each in found.ranked[MOST_BARS:]])
        heading = here.say("investment_monthly.pareto_rest", n=len(found.ranked) - MOST_BARS, left=rest)
        bars.append(HeadedBar(heading, rest, CONTEXT, DERIVED))
    return bars


def _unit_bar(each: Unit, here: ReportContext) -> HeadedBar:
    key = f"investment_monthly.units_row{'' if each.ratio is None else '_ratio'}"
    name = capital(findings.unit_name(each, here))
    heading = here.say(key, name=name, left=each.undisbursed, ratio=each.ratio)
    if each.undisbursed is None:
        raise NotPrintedError(f"{each.name}: the money is not printed", "investment_units_money")
    return HeadedBar(heading, each.undisbursed, FOCUS, each.undisbursed.basis or DERIVED)


def _quantities(found: Units) -> list[Quantity]:
    return [part for each in found.ranked for part in (each.undisbursed, each.ratio) if part is not None]


def _when(found: Standing, here: ReportContext) -> dict[str, str]:
    which = here.say(f"investment_monthly.plan_{found.denominator}")
    return {"month": month_name(found.month, found.found.year, here), "which": which}


def _short(name: str) -> str:
    """A name as long as a chart can bear; the table has it whole."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def _place(each: Laggard) -> tuple[float, float]:
    return (0.0 if each.ratio is None else each.ratio.value), _left(each).value


def _left(each: Laggard) -> Quantity:
    if each.undisbursed is None:
        raise NotPrintedError(f"{each.name}: the money left is not known", "disbursement_investors")
    return each.undisbursed


def _limits(axes: Axes, points: list[Laggard], here: ReportContext) -> None:
    shares, money = zip(*(_place(each) for each in points), strict=True)
    axes.set_xlim(0, max(1.0, *shares) * 1.45)
    axes.set_ylim(min(0.0, *money), max(money) * 1.15)
    tick_numbers(axes.xaxis, here.page, "%")
    tick_numbers(axes.yaxis, here.page)


def _thresholds(axes: Axes, found: Standing) -> None:
    """Share of all investors together, and an even share of the money left; the subtitle gives their values."""
    axes.axhline(standing.even_share(found).value, color=MUTED, lw=1, ls="--")
    if found.ratio is not None:
        axes.axvline(found.ratio.value, color=MUTED, lw=1, ls="--")


def _names(axes: Axes, found: Standing, points: list[Laggard]) -> None:
    """Names of those with most money left, apart from one another; the others stand in the table."""
    named = points[:MOST_NAMES]
    gap = 0.075 * (axes.get_ylim()[1] - axes.get_ylim()[0])
    heights = spread([_place(each)[1] for each in named], gap)
    for each, height in zip(named, heights, strict=True):
        x, y = _place(each)
        axes.annotate(
            _short(each.name),
            (x, y),
            xytext=(x + 0.02 * axes.get_xlim()[1], height),
            va="center",
            color=SECOND if found.quadrant(each) == SLOW_LARGE else INK,
            size=8.5,
            bbox=PAPER,
        )
