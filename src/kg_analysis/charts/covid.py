"""Charts of a COVID wave from its phase table.

Responsibility: the marks. Numbers come from ``analysis.covid``, words from ``findings.covid``.
"""

from __future__ import annotations

import math
from datetime import timedelta

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from kg_analysis.analysis import covid, covid_steps
from kg_analysis.analysis.covid import Phase, Wave
from kg_analysis.charts.dates import day_ticks, x
from kg_analysis.charts.frame import Chart, canvas, finish, number_ticks
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, PALE, RULE, SECOND, SHADE
from kg_analysis.findings import covid as findings
from kg_analysis.findings.context import Context
from kg_analysis.quantities import Quantity, frame

DAY = timedelta(days=1)
NARROW = 20  # days; a label is wider than the bar of a shorter phase


def phase_bars(found: Wave, here: Context) -> Chart:
    """Bars as wide as the phase and as high as its mean, so that the area is cases; community cases at the foot."""
    with canvas() as (figure, axes):
        for phase in found.phases:
            _phase_bar(axes, phase, here)
        last = found.end + DAY
        room = max(20, found.days // 4)
        axes.axvspan(x(last), x(last + room * DAY), color=SHADE, lw=0)
        top = max(phase.mean.high for phase in found.phases)
        axes.text(
            x(last) + room / 2,
            0.97,
            here.say("covid.no_data_after", end=found.end),
            ha="center",
            va="top",
            color=MUTED,
            size=9,
            transform=axes.get_xaxis_transform(),
        )
        axes.set_ylim(0, top * 1.5)
        axes.set_xlim(x(found.start), x(last + room * DAY))
        day_ticks(axes, [phase.start for phase in found.phases] + [found.end], here)
        axes.yaxis.set_major_formatter(number_ticks(here.page))
        data = frame(covid.phase_rows(found))
        return finish(
            figure,
            here.page,
            name="covid_phase_bars",
            title=findings.size_title(found, here),
            subtitle=here.say("covid.phase_bars_subtitle", start=found.start, end=found.end),
            source=here.cite(_ids(found)),
            alt=here.say("covid.phase_bars_alt", finding=findings.size(found, here)),
            data=data,
        )


def community_share(found: Wave, here: Context) -> Chart:
    """Share of community cases by phase and for the wave, with its rounding interval."""
    findings.community_peak(found)  # says what is missing before anything is drawn
    shares = {str(each.number): each.community_share for each in found.phases} | {"wave": found.community_share}
    shown = {phase: share for phase, share in shares.items() if share is not None}
    with canvas() as (figure, axes):
        for position, (phase, share) in enumerate(shown.items()):
            whole = phase == "wave"
            _interval_mark(axes, share, position, INK if whole else FOCUS, here, marker="D" if whole else "o")
        _rows_axis(axes, [_name(phase, here) for phase in shown])
        axes.set_xlim(0, min(100, max(share.high for share in shown.values()) * 1.35))
        axes.xaxis.set_major_formatter(number_ticks(here.page, unit="%"))
        return finish(
            figure,
            here.page,
            name="covid_community_share",
            title=findings.community_title(found, here),
            subtitle=here.say("covid.community_subtitle", start=found.start, end=found.end),
            source=here.cite(_ids(found)),
            alt=here.say("covid.community_alt", finding=findings.community(found, here)),
            data=frame({"phase": phase, "community_share_pct": share} for phase, share in shown.items()),
        )


def phase_factors(found: Wave, here: Context) -> Chart:
    """Factors from phase to phase of all, community and other cases per day, on a log axis."""
    listed = covid_steps.steps(found)
    names = ("total", "community", "non_community")
    rows = [(step, name, getattr(step, name)) for step in listed for name in names if getattr(step, name) is not None]
    with canvas() as (figure, axes):
        colours = dict(zip(names, (INK, SECOND, FOCUS), strict=True))
        markers = dict(zip(names, ("D", "o", "s"), strict=True))
        labels = []
        floor = min(each for *_, factor in rows for each in (factor.low, factor.value, factor.high) if each > 0) / 2
        for position, (step, name, factor) in enumerate(rows):
            _interval_mark(axes, factor, position, colours[name], here, marker=markers[name], floor=floor)
            kind = here.say(f"covid.factor_{name}")
            labels.append(here.say("covid.step_label", first=step.first.number, second=step.second.number, kind=kind))
        axes.axvline(1, color=CONTEXT, lw=1.2)
        axes.set_xscale("log")
        low = min(max(factor.low, floor) for *_, factor in rows)
        high = max(factor.high for *_, factor in rows)
        axes.set_xlim(min(low / 1.5, 0.5), max(high, 1) * (max(high, 1) / min(low, 1)) ** 0.45)
        axes.xaxis.set_major_locator(FixedLocator(_log_ticks(low, high)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: "×" + _plain(value, here)))
        _rows_axis(axes, labels)
        return finish(
            figure,
            here.page,
            name="covid_phase_factors",
            title=findings.steps_title(found, here),
            subtitle=here.say("covid.factors_subtitle", start=found.start, end=found.end),
            source=here.cite(_ids(found)),
            alt=here.say("covid.factors_alt", finding=findings.all_steps(found, here)),
            data=frame(
                {
                    "from_phase": step.first.number,
                    "to_phase": step.second.number,
                    "cases": name,
                    "factor": factor,
                }
                for step, name, factor in rows
            ),
        )


def _log_ticks(low: float, high: float) -> list[float]:
    """Round factors within the range, always with 1; only powers of ten where more would not be legible."""
    steps = (1, 2, 5) if math.log10(max(high, 1) / min(low, 1)) < 3 else (1,)
    factors = [float(f"{step}e{power}") for power in range(-4, 6) for step in steps]
    return sorted({1.0, *(each for each in factors if low / 2 <= each <= high * 1.5)})


def _phase_bar(axes: Axes, phase: Phase, here: Context) -> None:
    left, centre = x(phase.start), x(phase.start) + phase.days / 2
    outline = {"width": phase.days, "align": "edge", "edgecolor": "white", "linewidth": 1.5}
    axes.bar(left, phase.mean.value, color=PALE, **outline)  # type: ignore[arg-type]
    if phase.community_mean is not None:
        axes.bar(left, phase.community_mean.value, color=FOCUS, **outline)  # type: ignore[arg-type]
        _community_label(axes, phase, here)
    mean, narrow = phase.mean, phase.days < NARROW
    error = [[mean.value - mean.low], [mean.high - mean.value]]
    axes.errorbar(centre, mean.value, yerr=error, color=INK, capsize=4, lw=1.2)
    axes.annotate(
        _bar_label(phase, narrow, here),
        (left if narrow else centre, mean.high),
        xytext=(4 if narrow else 0, 5),
        textcoords="offset points",
        ha="left" if narrow else "center",
        va="bottom",
        size=9,
        linespacing=1.3,
    )


def _bar_label(phase: Phase, narrow: bool, here: Context) -> str:
    label = here.say("covid.bar_label", phase=phase.number, mean=phase.mean, days=phase.days, cases=phase.cases)
    if narrow and phase.community_mean is not None:
        label += "\n" + here.say("covid.community_label", mean=phase.community_mean)
    return label


def _community_label(axes: Axes, phase: Phase, here: Context) -> None:
    """Inside the dark part where it is high enough to be read, else just above it."""
    community = phase.community_mean
    if community is None or phase.days < NARROW:
        return
    inside = community.value > 15
    axes.annotate(
        here.say("covid.community_label", mean=community),
        (x(phase.start) + phase.days / 2, community.value),
        xytext=(0, -6 if inside else 3),
        textcoords="offset points",
        ha="center",
        va="top" if inside else "bottom",
        color="white" if inside else FOCUS,
        size=9,
        weight="bold",
    )


def _interval_mark(
    axes: Axes, quantity: Quantity, position: int, colour: str, here: Context, marker: str, floor: float = -math.inf
) -> None:
    """Point with its rounding interval and the printed number at its right end; a log axis has a ``floor``."""
    value = max(quantity.value, floor)
    error = [[value - max(quantity.low, floor)], [quantity.high - value]]
    axes.errorbar(value, position, xerr=error, color=colour, marker=marker, ms=8, capsize=5, lw=2)
    axes.annotate(
        here.page.quantity(quantity),
        (quantity.high, position),
        xytext=(10, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        weight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},  # keeps grid lines off the number
    )


def _rows_axis(axes: Axes, labels: list[str]) -> None:
    """First row on top, labels at the left, grid along the values."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.6)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=RULE)
    axes.tick_params(axis="y", length=0, labelcolor=INK)


def _plain(value: float, here: Context) -> str:
    return here.page.number(round(value, 9), next(each for each in range(4) if round(value, each) == value))


def _ids(found: Wave) -> list[str]:
    return [each for phase in found.phases for each in (*phase.mean.figure_ids, *_community_ids(phase))]


def _community_ids(phase: Phase) -> tuple[str, ...]:
    return phase.community_mean.figure_ids if phase.community_mean else ()


def _name(phase: str, here: Context) -> str:
    return here.say("covid.whole_wave") if phase == "wave" else here.say("covid.phase", phase=phase)
