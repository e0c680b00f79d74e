"""Chart of the declared checks: one cell a check, by what it holds against what.

Responsibility: the marks. Verdicts come from ``analysis.checks``, words from ``findings.checks``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes

from kg_analysis.analysis.checks import Check, check_rows
from kg_analysis.charts.chart import Chart, canvas, finish
from kg_analysis.charts.theme import FOCUS, INK, RULE, SECOND
from kg_analysis.findings import checks as findings
from kg_analysis.findings.wording import capital
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import frame

# Sign, fill and ink of a verdict; the sign alone tells them apart in grey.
_CELL = {"contradicts": ("✗", SECOND, "white"), "indeterminate": ("?", "white", INK), "holds": ("✓", RULE, FOCUS)}


def verdicts(found: Sequence[Check], here: ReportContext) -> Chart:
    """One cell a check, grouped by kind, contradictions first."""
    counts = Counter(each.kind for each in found)
    kinds = sorted(counts, key=lambda kind: (-counts[kind], kind))
    with canvas() as (figure, axes):
        for row, kind in enumerate(kinds):
            verdicts_ = sorted((each.verdict for each in found if each.kind == kind), key=list(_CELL).index)
            for column, verdict in enumerate(verdicts_):
                _cell(axes, column, row, verdict)
        axes.set_xlim(-0.1, max(counts.values()) + 0.1)
        axes.set_ylim(len(kinds) - 0.5, -0.5)
        axes.set_yticks(range(len(kinds)), [capital(here.say(f"checks.kind_{each}")) for each in kinds])
        axes.tick_params(axis="y", labelcolor=INK)
        axes.set_xticks([])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        return finish(
            figure,
            here.page,
            name="overview_checks",
            title=findings.title(found, here),
            subtitle=here.say("checks.subtitle"),
            source=findings.sources(found, here),
            alt=here.say("checks.alt", finding=findings.summary(found, here)),
            data=frame(check_rows(found, here.page.language)),
        )


def _cell(axes: Axes, column: int, row: int, verdict: str) -> None:
    sign, face, ink = _CELL[verdict]
    edge = INK if face == "white" else face
    axes.bar(column + 0.5, 0.62, width=0.84, bottom=row - 0.31, facecolor=face, edgecolor=edge)
    axes.text(column + 0.5, row, sign, color=ink, weight="bold", ha="center", va="center", size=11)
