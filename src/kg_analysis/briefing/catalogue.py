"""What a briefing can say: one line an input, finding, sentence, chart and table.

Responsibility: name what the library offers, so that a selection file can ask for it. A new chart or sentence is a new
line here and its name in ``default.toml``; no writer changes. Which charts have a native form is ``native_charts``'s
matter.

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
    causes,
    checks,
    comparison,
    covid,
    covid_steps,
    currency,
    growth,
    investment,
    outputs,
    overview,
    pacing,
    ranks,
    scenarios,
    vintages,
)
from kg_analysis.charts import checks as check_charts
from kg_analysis.charts import covid as covid_charts
from kg_analysis.charts import covid_bars, covid_timeline, q4_curve
from kg_analysis.charts import growth as growth_charts
from kg_analysis.charts import investment as investment_charts
from kg_analysis.charts import outlook as outlook_charts
from kg_analysis.charts import outputs as output_charts
from kg_analysis.charts import overview as overview_charts
from kg_analysis.charts import vintages as vintage_charts
from kg_analysis.findings import checks as check_words
from kg_analysis.findings import covid as covid_words
from kg_analysis.findings import growth as growth_words
from kg_analysis.findings import investment as investment_words
from kg_analysis.findings import measures as measure_words
from kg_analysis.findings import outlook as outlook_words
from kg_analysis.findings import outputs as output_words
from kg_analysis.findings import overview as overview_words
from kg_analysis.findings import vintages as vintage_words
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
    "wave": Item(covid.wave, "data"),
    "rates": Item(growth.growth, "data"),
    "shares": Item(scenarios.q4_shares, "data q4_share_pct"),
    "share": Item(lambda shares: shares.base, "shares"),
    "trend": Item(lambda data, rate: _chosen(rate, "pct") or data.assumption("trend_growth"), "data trend_growth_pct"),
    "growth_target": Item(lambda rate: _chosen(rate, "pct"), "target_growth_pct"),
    "ranked": Item(ranks.ranks, "data"),
    "sectors": Item(outputs.outputs, "data"),
    "revised": Item(vintages.growth_versions, "data"),
    "plan": Item(investment.investment, "data"),
    "aim": Item(investment.target, "data target_ratio_pct"),
    "months": Item(pacing.budget_months, "data"),
    "monthly": Item(pacing.pace, "plan aim months"),
    "closed": Item(vintages.outturn, "data"),
    "delays": Item(causes.causes, "data"),
    "growth_pairs": Item(partial(comparison.year_on_year, indicators=comparison.GROWTH), "data"),
    "investment_pairs": Item(partial(comparison.year_on_year, indicators=comparison.INVESTMENT), "data"),
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
    "investment_progress": Item(investment_words.progress_title, "plan aim? here"),
    "investment_remaining": Item(investment_words.remaining_title, "plan aim here"),
    "investment_pace": Item(investment_words.pace_title, "monthly aim here"),
    "investment_outturn": Item(vintage_words.outturn_title, "closed here"),
    "covid_size": Item(covid_words.size_title, "wave here"),
    "covid_community": Item(covid_words.community_title, "wave here"),
    "covid_steps": Item(covid_words.steps_title, "wave here"),
    "covid_stop": Item(covid_words.stop_title, "wave here"),
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
    "investment_progress": ("investment_progress", "investment_plan investment_dates"),
    "investment_remaining": ("investment_remaining", "investment_undisbursed investment_distance"),
    "investment_pace": ("investment_pace", "investment_pace"),
    "investment_outturn": ("investment_outturn", "investment_outturn"),
    "covid_size": ("covid_phase_bars", "covid_size"),
    "covid_community": ("covid_community_share", "covid_community"),
    "covid_steps": ("covid_phase_factors", "covid_steps"),
    "covid_stop": ("covid_timeline", "covid_stop covid_measures"),
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
    "investment_plan": Item(investment_words.plan, "plan here"),
    "investment_dates": Item(investment_words.dates, "plan here"),
    "investment_undisbursed": Item(investment_words.undisbursed, "plan here"),
    "investment_distance": Item(investment_words.distance, "plan aim here"),
    "investment_pace": Item(investment_words.pace, "monthly aim here"),
    "investment_causes": Item(investment_words.causes, "delays here"),
    "investment_outturn": Item(vintage_words.outturn, "closed here"),
    "investment_year_on_year": Item(vintage_words.year_on_year, "investment_pairs here"),
    "investment_limits": Item(investment_words.limits, "plan here"),
    "covid_size": Item(covid_words.size, "wave here"),
    "covid_community": Item(covid_words.community, "wave here"),
    "covid_steps": Item(covid_words.all_steps, "wave here"),
    "covid_stop": Item(covid_words.stop, "wave here"),
    "covid_measures": Item(measure_words.measures, "here"),
    "covid_limits": Item(lambda wave, here: covid_words.limits(wave, None, here), "wave here"),
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
    "investment_progress": Item(investment_charts.progress, "plan aim? here"),
    "investment_remaining": Item(investment_charts.remaining, "plan aim here"),
    "investment_pace": Item(investment_charts.pace, "monthly aim here"),
    "investment_outturn": Item(vintage_charts.outturn, "closed here"),
    "covid_phase_bars": Item(covid_bars.phase_bars, "wave here"),
    "covid_community_share": Item(covid_charts.community_share, "wave here"),
    "covid_phase_factors": Item(covid_charts.phase_factors, "wave here"),
    "covid_timeline": Item(covid_timeline.timeline, "wave here"),
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
    "investment_progress_rows": Item(investment.progress_rows, "plan"),
    "investment_results": Item(pacing.result_rows, "plan aim? months"),
    "investment_causes": Item(causes.causes, "data"),
    "investment_forecast_bias": Item(vintages.bias_rows, "closed"),
    "covid_phases": Item(covid.phase_rows, "wave"),
    "covid_steps": Item(covid_steps.step_rows, "wave"),
}
