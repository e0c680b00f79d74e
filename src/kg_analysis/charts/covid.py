"""Charts of a COVID wave from its phase table: community share, and factors from phase to phase.

Responsibility: the marks. Numbers come from ``analysis.covid``, words from ``findings.covid``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from kg_analysis.analysis import covid_steps
from kg_analysis.analysis.covid import Phase, Wave
from kg_analysis.charts.frame import Chart, canvas, finish, number_ticks
from kg_analysis.charts.marks import PAPER
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, RULE
from kg_analysis.findings import covid as findings
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, Row, frame

DAY = timedelta(days=1)
NARROW = 20  # days; a label is wider than the bar of a shorter phase
_FACTOR_MARKS = {"total": (INK, "D"), "community": (FOCUS, "o"), "non_community": (CONTEXT, "s")}
_BESIDE: dict[str, Any] = {"textcoords": "offset points", "ha": "left", "va": "center", "weight": "bold"}


def community_share(found: Wave, here: ReportContext) -> Chart:
    """Share of community cases by phase and for the wave, with its rounding interval."""
    findings.community_peak(found)  # says what is missing before anything is drawn
    shares = {str(each.number): each.community_share for each in found.phases} | {"wave": found.community_share}
    shown = {phase: share for phase, share in shares.items() if share is not None}
    with canvas() as (figure, axes):
        for position, (phase, share) in enumerate(shown.items()):
            whole = phase == "wave"
            colour = INK if whole else FOCUS
            _interval_mark(axes, share, position, colour, marker="D" if whole else "o")
            axes.annotate(
                here.page.quantity(share), (share.high, position), xytext=(10, 0), **_BESIDE, color=colour, bbox=PAPER
            )
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
            alt=here.say("covid.community_alt", finding=findings.community_title(found, here) + "."),
            data=frame({"phase": phase, "community_share_pct": share} for phase, share in shown.items()),
        )


def phase_factors(found: Wave, here: ReportContext) -> Chart:
    """Factors from phase to phase of all, community and other cases per day, on a log axis."""
    rows = [
        {"from_phase": step.first.number, "to_phase": step.second.number, "cases": name, "factor": getattr(step, name)}
        for step in covid_steps.steps(found)
        for name in _FACTOR_MARKS
        if getattr(step, name) is not None
    ]
    with canvas() as (figure, axes):
        factors = [row["factor"] for row in rows]
        floor = min(each for one in factors for each in (one.low, one.value, one.high) if each > 0) / 2
        for position, row in enumerate(rows):
            colour, marker = _FACTOR_MARKS[row["cases"]]
            _interval_mark(axes, row["factor"], position, colour, marker=marker, floor=floor)
            _at_the_edge(axes, position, findings.factor(row["factor"], here), colour)
        _factor_axis(axes, factors, floor, here)
        _rows_axis(axes, [_step_label(row, here) for row in rows])
        title = findings.steps_title(found, here)
        return finish(
            figure,
            here.page,
            name="covid_phase_factors",
            title=title,
            subtitle=here.say("covid.factors_subtitle", start=found.start, end=found.end),
            source=here.cite(_ids(found)),
            alt=here.say("covid.factors_alt", finding=title + "."),
            data=frame(rows),
        )


def _step_label(row: Row, here: ReportContext) -> str:
    kind = here.say(f"covid.factor_{row['cases']}")
    return here.say("covid.step_label", first=row["from_phase"], second=row["to_phase"], kind=kind)


def _at_the_edge(axes: Axes, position: int, text: str, colour: str) -> None:
    """Number of a row beside the axes, where it covers no line."""
    place: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "xytext": (8, 0)}
    axes.annotate(text, (1, position), color=colour, size=9, **place, **_BESIDE)


def _factor_axis(axes: Axes, factors: Sequence[Quantity], floor: float, here: ReportContext) -> None:
    """Log axis with a line at no change."""
    axes.axvline(1, color=CONTEXT, lw=1.2)
    axes.set_xscale("log")
    low, high = min(max(each.low, floor) for each in factors), max(each.high for each in factors)
    axes.set_xlim(min(low / 1.5, 0.5), max(high, 1) * 1.5)
    axes.xaxis.set_major_locator(FixedLocator(_log_ticks(low, high)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: "×" + _plain(value, here)))


def _log_ticks(low: float, high: float) -> list[float]:
    """Round factors within the range, always with 1; only powers of ten where more would not be legible."""
    steps = (1, 2, 5) if math.log10(max(high, 1) / min(low, 1)) < 2 else (1,)
    factors = [float(f"{step}e{power}") for power in range(-4, 6) for step in steps]
    return sorted({1.0, *(each for each in factors if low / 2 <= each <= high * 1.5)})


def _interval_mark(
    axes: Axes, quantity: Quantity, position: int, colour: str, marker: str, floor: float = -math.inf
) -> None:
    """Point with its rounding interval, the caps clear of a small marker; a log axis has a ``floor``."""
    value = max(quantity.value, floor)
    error = [[value - max(quantity.low, floor)], [quantity.high - value]]
    axes.errorbar(value, position, xerr=error, color=colour, marker=marker, ms=4, capsize=7, capthick=1.6, lw=1.6)


def _rows_axis(axes: Axes, labels: list[str]) -> None:
    """First row on top, labels at the left, grid along the values."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.6)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=RULE)
    axes.tick_params(axis="y", length=0, labelcolor=INK)


def _plain(value: float, here: ReportContext) -> str:
    return here.page.number(round(value, 9), next(each for each in range(4) if round(value, each) == value))


def _ids(found: Wave) -> list[str]:
    return [each for phase in found.phases for each in (*phase.cases.figure_ids, *_community_ids(phase))]


def _community_ids(phase: Phase) -> tuple[str, ...]:
    return phase.community_mean.figure_ids if phase.community_mean else ()


def _name(phase: str, here: ReportContext) -> str:
    return here.say("covid.whole_wave") if phase == "wave" else here.say("covid.phase", phase=phase)
