"""Charts of versions: growth as each publication gave it, disbursement as estimated and as settled.

Responsibility: the marks. Numbers come from ``analysis.vintages``, words from ``findings.vintages``. The year's own
report is drawn in colour, other sources in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from kg_analysis.analysis import vintages
from kg_analysis.analysis.vintages import Version
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.marks import PAPER, tick_numbers
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED
from kg_analysis.findings import vintages as findings
from kg_analysis.findings.wording import capital
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import frame, union_ids


def revisions(found: Sequence[Version], here: ReportContext) -> Chart:
    """Growth of each revised period, one dot a publication in order, joined by a line."""
    periods = list(dict.fromkeys(each.period for each in found))
    with canvas() as (figure, axes):
        ticks: list[tuple[float, str]] = []
        for period in periods:
            versions = [each for each in found if each.period == period]
            ticks += _path(axes, versions, len(ticks) + len(periods[: periods.index(period)]), here)
        axes.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
        axes.tick_params(axis="x", length=0, labelcolor=INK)
        values = [each.growth.value for each in found]
        room = 0.3 * ((max(values) - min(values)) or 1)
        axes.set_ylim(min(*values, 0) - room * (min(values) < 0), max(*values, 0) + room)
        axes.set_xlim(-0.6, max(place for place, _ in ticks) + 0.6)
        axes.axhline(0, color=INK, lw=0.8)
        tick_numbers(axes.yaxis, here.page)
        return finish(
            figure,
            here.page,
            name="growth_revisions",
            title=findings.revisions_title(found, here),
            subtitle=here.say("vintages.revisions_subtitle"),
            source=here.cite(union_ids(each.growth for each in found)),
            alt=here.say("vintages.revisions_alt", finding=findings.revisions(found, here)),
            data=frame(vintages.version_rows(list(found))),
        )


def _path(axes: Axes, versions: Sequence[Version], first: int, here: ReportContext) -> list[tuple[float, str]]:
    """Dots of one period from ``first`` on, with the period's name above the first; ticks to label."""
    places = [float(first + index) for index in range(len(versions))]
    axes.plot(places, [each.growth.value for each in versions], color=CONTEXT, lw=1.2, ls=":", zorder=1)
    style: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "bbox": PAPER}
    for place, each in zip(places, versions, strict=True):
        own = here.data.sources.at[each.source_id, "kind"] == "report"
        colour = FOCUS if own else CONTEXT
        face = "white" if each.growth.basis == "estimate" else colour
        axes.plot(place, each.growth.value, "o", color=colour, mfc=face, ms=9, mew=2, zorder=2)
        label = here.page.quantity(each.growth)
        axes.annotate(label, (place, each.growth.value), xytext=(0, 10), color=colour, weight="bold", **style)
    name = capital(here.say(f"growth.name_{versions[0].period}"))
    middle = (places[0] + places[-1]) / 2
    top = max(each.growth.value for each in versions)
    axes.annotate(name, (middle, top), xytext=(0, 32), color=MUTED, **style)
    issuers = [str(here.data.sources.at[each.source_id, "issuer"]) for each in versions]
    return [
        (place, f"{findings.published(each, here)}\n{_wrapped(issuer)}")
        for place, each, issuer in zip(places, versions, issuers, strict=True)
    ]


def _wrapped(issuer: str) -> str:
    """Issuer in two lines at most, so that neighbours do not touch."""
    words = issuer.split()
    half = len(words) // 2
    return issuer if len(issuer) < 16 else "\n".join((" ".join(words[:half]), " ".join(words[half:])))
