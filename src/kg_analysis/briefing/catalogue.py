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
from functools import partial
from typing import Any

from kg_analysis.analysis import (
    checks,
    comparison,
    currency,
    growth,
    outputs,
    overview,
    ranks,
    scenarios,
    vintages,
)
from kg_analysis.briefing.registry import FINDINGS as REGISTRY
from kg_analysis.briefing.registry import Finding, Frames
from kg_analysis.charts import checks as check_charts
from kg_analysis.charts import growth as growth_charts
from kg_analysis.charts import outlook as outlook_charts
from kg_analysis.charts import outputs as output_charts
from kg_analysis.charts import overview as overview_charts
from kg_analysis.charts import q4_curve
from kg_analysis.charts import vintages as vintage_charts
from kg_analysis.charts.chart import Chart, drawing_size, of_figure
from kg_analysis.charts.layout import LayoutError
from kg_analysis.charts.theme import SIZE, SIZES
from kg_analysis.findings import checks as check_words
from kg_analysis.findings import growth as growth_words
from kg_analysis.findings import outlook as outlook_words
from kg_analysis.findings import outputs as output_words
from kg_analysis.findings import overview as overview_words
from kg_analysis.findings import vintages as vintage_words
from kg_analysis.formats import rows
from kg_analysis.narrative.context import ReportContext
from kg_analysis.narrative.wording import need
from kg_analysis.quantities import Quantity, given


@dataclass(frozen=True)
class Item:
    """A function of the library with the names of its inputs, separated by blanks."""

    function: Callable[..., Any]
    inputs: str


def _chosen(value: float | None, unit: str) -> Quantity | None:
    """Scenario input that the reader sets; None where none is set."""
    return None if value is None else given(value, unit)


INPUTS = {
    "goals": Item(overview.targets, "data"),
    "work": Item(overview.tasks, "data"),
    "schemes": Item(overview.programme, "data"),
    "days": Item(currency.cut_offs, "data"),
    "checked": Item(checks.of_year, "data"),
    "rates": Item(growth.growth, "data"),
    "shares": Item(scenarios.q4_shares, "data q4_share_pct"),
    "share": Item(lambda shares: shares.base, "shares"),
    "trend": Item(lambda data, rate: _chosen(rate, "pct") or data.assumption("trend_growth"), "data trend_growth_pct"),
    "growth_target": Item(lambda rate: _chosen(rate, "pct"), "target_growth_pct"),
    "ranked": Item(ranks.ranks, "data"),
    "sectors": Item(outputs.outputs, "data"),
    "revised": Item(vintages.growth_versions, "data"),
    "growth_pairs": Item(partial(comparison.year_on_year, indicators=comparison.GROWTH), "data"),
}

FINDINGS = {
    "targets": Item(overview_words.targets_title, "goals here"),
    "tasks": Item(overview_words.tasks_title, "work here"),
    "currency": Item(overview_words.currency_title, "days here"),
    "checks": Item(check_words.title, "checked here"),
    "growth_periods": Item(growth_words.periods_title, "rates here"),
    "growth_q4": Item(growth_words.fourth_quarter_title, "rates shares here"),
    "growth_outputs": Item(output_words.outputs_title, "sectors here"),
    "growth_next_year": Item(outlook_words.next_year_title, "rates trend here"),
    "growth_revisions": Item(vintage_words.revisions_title, "revised here"),
}

# Chart and sentences of a finding, for a format that shows one finding at a time.
SHOWN = {
    "targets": ("overview_targets", "targets"),
    "tasks": ("overview_tasks", "tasks programme"),
    "currency": ("overview_currency", "currency"),
    "checks": ("overview_checks", "checks"),
    "growth_periods": ("growth_periods", "growth_periods growth_third_quarter"),
    "growth_q4": ("growth_q4_curve", "growth_q4"),
    "growth_outputs": ("growth_outputs", "growth_outputs"),
    "growth_next_year": ("growth_next_year", "growth_next_year"),
    "growth_revisions": ("growth_revisions", "growth_revisions"),
}

SENTENCES = {
    "targets": Item(overview_words.targets, "goals here"),
    "tasks": Item(overview_words.tasks, "work here"),
    "tasks_apart": Item(overview_words.apart, "work here"),
    "programme": Item(overview_words.programme, "schemes here"),
    "currency": Item(overview_words.currency, "days here"),
    "references": Item(overview_words.references, "here"),
    "checks": Item(check_words.summary, "checked here"),
    "checks_open": Item(check_words.open_readings, "checked here"),
    "overview_limits": Item(overview_words.limits, "here"),
    "growth_periods": Item(growth_words.periods, "rates here"),
    "growth_ranks": Item(growth_words.ranks, "ranked here"),
    "growth_third_quarter": Item(growth_words.third_quarter, "rates here"),
    "growth_expectation": Item(growth_words.expectation, "rates here"),
    "growth_diagnostic": Item(growth_words.diagnostic, "rates here"),
    "growth_q4": Item(growth_words.fourth_quarter, "rates shares here"),
    "growth_targets": Item(outlook_words.targets, "rates shares growth_target here"),
    "growth_assumptions": Item(outlook_words.assumptions, "shares trend here"),
    "growth_outputs": Item(output_words.all_outputs, "sectors here"),
    "growth_output_note": Item(output_words.note, "sectors here"),
    "growth_next_year": Item(outlook_words.next_year, "rates trend here"),
    "growth_revisions": Item(vintage_words.revisions, "revised here"),
    "growth_year_on_year": Item(vintage_words.year_on_year, "growth_pairs here"),
    "growth_limits": Item(growth_words.limits, "rates shares here"),
}

CHARTS = {
    "overview_targets": Item(overview_charts.targets, "goals here"),
    "overview_tasks": Item(overview_charts.tasks, "work here"),
    "overview_currency": Item(overview_charts.currency, "days here"),
    "overview_checks": Item(check_charts.verdicts, "checked here"),
    "growth_periods": Item(growth_charts.periods, "rates shares here"),
    "growth_q4_curve": Item(q4_curve.q4_curve, "rates shares here"),
    "growth_target_heatmap": Item(outlook_charts.target_heatmap, "rates shares growth_target here"),
    "growth_outputs": Item(output_charts.outputs, "sectors here"),
    "growth_next_year": Item(outlook_charts.next_year, "rates trend here"),
    "growth_revisions": Item(vintage_charts.revisions, "revised here"),
}

TABLES = {
    "overview_target_counts": Item(overview.count_rows, "goals"),
    "overview_task_counts": Item(overview.count_rows, "work"),
    "overview_programme": Item(overview.count_rows, "schemes"),
    "overview_online_services": Item(overview.service_rows, "data"),
    "overview_other_figures": Item(overview.other_rows, "data"),
    "overview_checks": Item(checks.check_rows, "checked language"),
    "overview_year_on_year": Item(comparison.year_on_year, "data"),
    "growth_results": Item(scenarios.growth_rows, "rates share trend"),
    "growth_output_results": Item(outputs.output_rows, "sectors"),
    "growth_revision_rows": Item(vintages.version_rows, "revised"),
}

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
        return rows(frames.table(finding))

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
