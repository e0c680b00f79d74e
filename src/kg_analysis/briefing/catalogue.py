"""What a briefing can say of topics that are not yet DataFrames, and the findings of the registry beside them.

Responsibility: name what the library offers, so that a selection file can ask for it. A topic that is converted stands
in :mod:`kg_analysis.briefing.registry`; its findings are added here under their own names, their sentences and caveats
as ``<topic>_<function>``, so that selection files and writers need not know which is which.

Terms: *input* of an item = the name of another input, ``data``, ``here`` (context),
``language`` or a scenario input of the selection (``q4_share_pct``); one that ends in
``?`` is None where it is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kg_analysis.briefing.registry import FINDINGS as REGISTRY
from kg_analysis.briefing.registry import Finding, Frames
from kg_analysis.charts.chart import Chart, drawing_size, of_figure
from kg_analysis.charts.layout import LayoutError
from kg_analysis.charts.theme import SIZE, SIZES
from kg_analysis.formats import in_language, rows
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import need


@dataclass(frozen=True)
class Item:
    """A function of the library with the names of its inputs, separated by blanks."""

    function: Callable[..., Any]
    inputs: str


INPUTS: dict[str, Item] = {}
FINDINGS: dict[str, Item] = {}
SENTENCES: dict[str, Item] = {}
CHARTS: dict[str, Item] = {}
TABLES: dict[str, Item] = {}

# Chart and sentences of a finding, for a format that shows one finding at a time.
SHOWN: dict[str, tuple[str, str]] = {}

SELECTED = "here q4_share_pct trend_growth_pct target_growth_pct target_ratio_pct"  # inputs of a registry's frames
_latest: tuple[ReportContext, tuple[float | None, ...], Frames] | None = None


def frames_of(here: ReportContext, *chosen: float | None) -> Frames:
    """Frames of a context and the selection's scenario inputs, worked out once for all items of a briefing."""
    global _latest  # noqa: PLW0603  the one context at work
    if _latest is None or _latest[0] is not here or _latest[1] != chosen:
        _latest = here, chosen, Frames(here, dict(zip(SELECTED.split()[1:], chosen, strict=False)))
    return _latest[2]


def _of_registry(function: Callable[..., Any]) -> Item:
    return Item(lambda here, *chosen: frames_of(here, *chosen).call(function), SELECTED)


def _chart_of_registry(function: Callable[..., Any]) -> Item:
    def chart(here: ReportContext, *chosen: float | None) -> Chart:
        figure = frames_of(here, *chosen).call(function)
        if figure.dropped and drawing_size() not in (SIZE, SIZES["narrow"]):
            raise LayoutError(f"no room for {figure.dropped[0]!r} in this size")
        return of_figure(figure)

    return Item(chart, SELECTED)


def _table_of_registry(finding: Finding) -> Item:
    def listed(here: ReportContext, *chosen: float | None) -> list[dict[str, Any]]:
        frames = frames_of(here, *chosen)
        need(frames[finding.table], "rows")
        return rows(in_language(frames.table(finding), here.fmt.language))

    return Item(listed, SELECTED)


def sentence_name(name: str, function: Callable[..., Any]) -> str:
    """Name of a registry's sentence in a selection file: ``covid_community``."""
    topic = name.partition("_")[0]
    return f"{topic}_{function.__name__}"


for _name, _finding in REGISTRY.items():
    FINDINGS[_name] = _of_registry(_finding.title)
    for _function in (*_finding.sentences, *_finding.caveats):
        SENTENCES[sentence_name(_name, _function)] = _of_registry(_function)
    SHOWN[_name] = ("", " ".join(sentence_name(_name, each) for each in _finding.sentences))
    if _finding.chart is not None:
        CHARTS[f"{_name.partition('_')[0]}_{_finding.chart.__name__}"] = _chart_of_registry(_finding.chart)
        SHOWN[_name] = (f"{_name.partition('_')[0]}_{_finding.chart.__name__}", SHOWN[_name][1])
    if _finding.table:
        TABLES[f"{_name.partition('_')[0]}_{_finding.table}"] = _table_of_registry(_finding)
