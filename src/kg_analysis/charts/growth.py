"""Chart of growth by period: the year's course, and the Q4 it implies.

Responsibility: the marks. Numbers come from ``analysis.growth``, words from ``findings.growth``.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from kg_analysis.analysis import growth, scenarios
from kg_analysis.analysis.growth import CUMULATIVE, Growth
from kg_analysis.analysis.nature import nature
from kg_analysis.analysis.scenarios import Shares
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import DERIVED, PAPER, fill, tick_numbers
from kg_analysis.charts.theme import FOCUS, INK, SHADE
from kg_analysis.findings import growth as findings
from kg_analysis.findings.wording import as_given, capital
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, frame, union_ids

WIDE, NARROW = 0.72, 0.36  # bars of cumulative and of single periods


def periods(found: Growth, shares: Shares, here: ReportContext) -> Chart:
    """Bars by period in order of time: cumulative ones wide, single ones narrow, the implied Q4 open."""
    title = findings.periods_title(found, here)  # says what is missing before anything is drawn
    implied = _implied(found, shares)
    rates = dict(found.periods) | ({"Q4": implied[1]} if implied else {})
    names = sorted(rates, key=growth.PERIODS.index)
    with canvas() as (figure, axes):
        for position, name in enumerate(names):
            derived = implied if implied and name == "Q4" else None
            _period_bar(axes, position, name, rates[name], derived, here)
        axes.axhline(0, color=INK, lw=0.9)
        axes.set_xticks(range(len(names)), [_tick(name, implied is not None, here) for name in names])
        axes.tick_params(axis="x", length=0, labelcolor=INK)
        reach = [0.0, *(each.value for each in rates.values())]
        reach += [bound for each in implied or () for bound in (each.low, each.high)]
        room = 0.22 * (max(reach) - min(reach) or 1)  # two lines of a label
        axes.set_ylim(min(reach) - room * (min(reach) < 0), max(reach) + room)
        tick_numbers(axes.yaxis, here.page, "%")
        key = f"growth.periods_subtitle{'_derived' if implied else ''}"
        low, base, high = (as_given(each) for each in (shares.low, shares.base, shares.high))
        return finish(
            figure,
            here.page,
            name="growth_periods",
            title=title,
            subtitle=here.say(key, share=base, low=low, high=high),
            source=here.cite(union_ids(rates.values())),
            alt=here.say("growth.periods_alt", finding=title + "."),
            data=frame(_period_rows(rates, names, implied)),
        )


def _implied(found: Growth, shares: Shares) -> tuple[Quantity, Quantity, Quantity] | None:
    """Implied Q4 at the low, base and high share; None where Q4 itself is printed, or what implies it is not."""
    if "Q4" in found.periods or not {"9M", "FY"} <= set(found.periods):
        return None
    year, nine = found.period("FY"), found.period("9M")
    low, base, high = (scenarios.implied_q4(year, nine, each) for each in (shares.low, shares.base, shares.high))
    return low, base, high


def _period_bar(
    axes: Axes,
    position: int,
    name: str,
    rate: Quantity,
    implied: Sequence[Quantity] | None,
    here: ReportContext,
) -> None:
    basis = DERIVED if implied else rate.basis
    above = rate.value >= 0
    axes.bar(position, rate.value, width=WIDE if name in CUMULATIVE else NARROW, zorder=2, **fill(FOCUS, basis))
    ends = [rate.value]
    label = here.say("growth.bar_estimate", rate=rate) if rate.basis == "estimate" else here.page.quantity(rate)
    if implied:
        axes.axvspan(position - 0.48, position + 0.48, color=SHADE, lw=0)  # rests on an assumption
        bounds = min(each.interval.low for each in implied), max(each.interval.high for each in implied)
        ends = [float(each) for each in bounds]
        axes.plot([position, position], ends, color=INK, lw=1.4, marker="_", ms=9, zorder=3)
        low, high = (here.page.number(each, rate.shown_decimals) for each in bounds)
        key = f"growth.bar_derived{'_signs' if bounds[0] < 0 else ''}"
        label = here.say(key, rate=_plain(rate, here), low=low, high=high)
    axes.annotate(
        label,
        (position, max(*ends, 0) if above else min(*ends, 0)),
        xytext=(0, 5 if above else -5),
        textcoords="offset points",
        ha="center",
        va="bottom" if above else "top",
        weight="bold",
        size=10,
        color=FOCUS,
        bbox=None if implied else PAPER,
    )


def _plain(rate: Quantity, here: ReportContext) -> str:
    """The rate alone; its interval is drawn."""
    return here.page.unit(here.page.number(rate.interval.value or 0, rate.shown_decimals), rate.unit)


def _tick(name: str, implied: bool, here: ReportContext) -> str:
    span = "derived" if implied and name == "Q4" else "cumulative" if name in CUMULATIVE else "single"
    return f"{capital(here.say(f'growth.short_{name}'))}\n{here.say(f'growth.span_{span}')}"


def _period_rows(
    rates: dict[str, Quantity], names: Sequence[str], implied: Sequence[Quantity] | None
) -> list[dict[str, object]]:
    rows = [("Q4_low_share", implied[0]), ("Q4_high_share", implied[2])] if implied else []
    listed = [*((name, rates[name]) for name in names), *rows]
    return [
        {
            "period": name,
            "span": "cumulative" if name in CUMULATIVE else "single",
            "growth_pct": rate,
            "basis": nature(rate),
        }
        for name, rate in listed
    ]
