"""The charts of a briefing as files of their own: for the screen, for Word, for print.

Responsibility: which charts a selection shows, and their pictures in two sizes.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg_analysis.briefing.catalogue import CHARTS, SHOWN
from kg_analysis.briefing.desk import Desk, Missing
from kg_analysis.briefing.selection import Selection
from kg_analysis.briefing.witness import Witness
from kg_analysis.charts.chart import drawn
from kg_analysis.data.dataset import Dataset
from kg_analysis.narrative.context import ReportContext

SIZES = ("full", "half")


def pictures(data: Dataset, choice: Selection, formats: Iterable[str]) -> dict[str, bytes]:
    """Every chart of a selection in each format, full width (160 x 90 mm) and half a page (160 x 120 mm).

    Parameters
    ----------
    data : Dataset
    choice : Selection
    formats : iterable of str
        Of ``png`` (200 dpi), ``svg`` and ``pdf``.

    Returns
    -------
    dict of str to bytes
        By file name: ``growth_periods-half.pdf``. A chart whose figures are not printed is not among them.
    """
    listed = list(formats)
    found: dict[str, bytes] = {}
    for size in SIZES:
        page = Witness(choice.language)
        desk = Desk(ReportContext(data, page), page, choice.inputs.model_dump())
        for name in _names(choice):
            with drawn(size, pdf="pdf" in listed):
                chart = desk.item(CHARTS[name])
            if not isinstance(chart, Missing):
                found |= {f"{name}-{size}.{each}": getattr(chart, each) for each in listed}
    return found


def _names(choice: Selection) -> list[str]:
    """Charts of all parts and findings of the selection, each once."""
    sections = [choice.section[each] for each in choice.sections]
    named = [chart for each in sections for part in each.parts for chart in choice.part[part].charts]
    return list(dict.fromkeys([*named, *(SHOWN[finding][0] for each in sections for finding in each.findings)]))
