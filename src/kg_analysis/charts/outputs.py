"""Chart of output against its plan and against last year, one panel a sector.

Responsibility: the marks. Numbers come from ``analysis.outputs``, words from ``findings.outputs``. Amounts and indices
never share a scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kg_analysis.analysis.nature import nature
from kg_analysis.analysis.outputs import Output
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import DERIVED, HeadedBar, can_draw, headed_bars, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK
from kg_analysis.errors import NotPrintedError
from kg_analysis.findings import outputs as findings
from kg_analysis.findings.wording import as_given, capital
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, derive, frame, given, union_ids

MOST_PANELS = 3
_INDEX = given(100, "pct")


@dataclass(frozen=True)
class _Panel:
    """One sector on its own scale: what is drawn, and what the scale is."""

    sector: Output
    scale: str  # level, index_last or index_plan
    bars: dict[str, HeadedBar]


def outputs(found: Sequence[Output], here: ReportContext) -> Chart:
    """A panel a sector: amounts where they are printed, else an index of last year, never both on one scale."""
    title = findings.outputs_title(found, here)  # says what is missing before anything is drawn
    panels = [panel for each in found if (panel := _panel(each, here)) is not None][:MOST_PANELS]
    if not panels:
        raise NotPrintedError("sector_outputs: only bounds are printed", "outputs")
    rows = [
        {
            "indicator": panel.sector.indicator,
            "scale": panel.scale,
            "what": name,
            "value": bar.value,
            "unit": unit,
            "basis": nature(bar.value) if bar.basis == DERIVED else bar.basis,
        }
        for panel in panels
        for name, bar in panel.bars.items()
        for unit in ["bn_vnd" if panel.scale == "level" else panel.scale]
    ]
    with canvas() as (figure, axes):
        for place, panel in zip(_places(figure, axes, len(panels)), panels, strict=True):
            headed_bars(place, list(panel.bars.values()), size=9)
            name = capital(findings.short_name(panel.sector, here))
            place.set_title(here.say(f"growth.panel_{panel.scale}", name=name), loc="left", size=10, weight="bold")
            place.locator_params(axis="x", nbins=5)
            tick_numbers(place.xaxis, here.page)
        return finish(
            figure,
            here.page,
            name="growth_outputs",
            title=title,
            subtitle=here.say("growth.outputs_subtitle"),
            source=here.cite(union_ids(bar.value for panel in panels for bar in panel.bars.values())),
            alt=here.say("growth.outputs_alt", finding=title + "."),
            data=frame(rows),
        )


def _panel(found: Output, here: ReportContext) -> _Panel | None:
    """What can be drawn of a sector; None where only bounds are printed."""
    estimate = "estimate" if found.is_estimate else "actual"
    if found.actual is not None and can_draw(found.actual):
        values = {"actual": found.actual, "plan": found.plan, "last": found.last_year}
        return _Panel(found, "level", _bars(values, {"actual": estimate}, here))
    if can_draw(found.growth) and found.growth is not None:
        actual = replace(derive(lambda g: 100 + g, found.growth, unit="pct"), decimals=found.growth.decimals)
        planned = found.planned_growth
        plan = None if planned is None else derive(lambda g: 100 + g, planned, unit="pct")
        values = {"actual": actual, "plan": plan, "last": as_given(_INDEX)}
        return _Panel(found, "index_last", _bars(values, {"actual": estimate, "last": "actual"}, here))
    if can_draw(found.plan_ratio):
        values = {"actual": found.plan_ratio, "plan": as_given(_INDEX), "last": None}
        return _Panel(found, "index_plan", _bars(values, {"actual": estimate, "plan": "plan"}, here))
    return None


def _bars(values: dict[str, Quantity | None], bases: dict[str, str], here: ReportContext) -> dict[str, HeadedBar]:
    colours = {"actual": FOCUS, "plan": INK, "last": CONTEXT}
    bars = {}
    for name, value in values.items():
        if value is not None:
            basis = bases.get(name, DERIVED)
            key = f"growth.row_{name}{f'_{basis}' if basis in ('estimate', DERIVED) else ''}"
            heading = here.say(key, value=here.page.quantity(value, "n"))
            bars[name] = HeadedBar(heading, value, colours[name], basis)
    return bars


def _places(figure: Figure, axes: Axes, count: int) -> list[Axes]:
    """As many axes side by side, the canvas's own as the first."""
    grid = figure.add_gridspec(1, count)
    axes.set_subplotspec(grid[0])
    return [axes, *(figure.add_subplot(grid[index]) for index in range(1, count))]
