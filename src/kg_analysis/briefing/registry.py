"""What can be said, drawn and tabled: one line a finding, and how its frames follow from a year's data.

Responsibility: the one place that ties a title to its sentences, chart and table. What a function needs stands in its
own parameters: ``daily_cases(cases, deaths, wave, totals, ctx)`` takes the frames of these names, so that a notebook's
cells, a briefing and the tests feed it the same. A new finding is a line here and its name in ``default.toml``.

Terms: *frame* = a DataFrame (or several by name) that follows from the year's data; *finding* = a title of at most 15
words with what stands behind it.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kg_analysis.analysis import (
    checks,
    covid,
    daily_counts,
    epidemic,
    forecasts,
    growth,
    investment,
    levels,
    overview,
    panel,
    scenarios,
)
from kg_analysis.analysis import turning_points as turning
from kg_analysis.analysis.key_numbers import key_numbers
from kg_analysis.bounds import select
from kg_analysis.briefing import editor
from kg_analysis.charts import covid as covid_charts
from kg_analysis.charts import growth as growth_charts
from kg_analysis.charts import investment as investment_charts
from kg_analysis.charts import neighbours as neighbour_charts
from kg_analysis.charts import overview as overview_charts
from kg_analysis.data.series import as_investment
from kg_analysis.errors import DataError
from kg_analysis.narrative import covid as covid_words
from kg_analysis.narrative import growth as growth_words
from kg_analysis.narrative import investment as investment_words
from kg_analysis.narrative import neighbours as neighbour_words
from kg_analysis.narrative import overview as overview_words
from kg_analysis.narrative import scenarios as scenario_words
from kg_analysis.narrative.context import ReportContext

log = logging.getLogger(__name__)
_KEY_FRAMES = ("nine_years", "around", "claimed", "rates", "balance", "aim", "totals", "wave")
DEATH_LAG_DAYS = 14  # from the report of a case to that of a death


@dataclass(frozen=True)
class Finding:
    """A title with what stands behind it.

    Attributes
    ----------
    title : callable
        Frames and context to a title.
    sentences, caveats : tuple of callable
        Frames and context to sentences.
    chart : callable or None
        Frames and context to a figure.
    table : str
        Name of the frame to show as a table; "" for none.
    columns : str
        Its columns in their order, separated by blanks; numbers keep their bounds.
    """

    title: Callable[..., str]
    sentences: tuple[Callable[..., str], ...]
    chart: Callable[..., Any] | None = None
    table: str = ""
    columns: str = ""
    caveats: tuple[Callable[..., str], ...] = ()


def _reproductions(ctx: ReportContext, series: pd.DataFrame) -> dict[tuple[float, float], pd.DataFrame]:
    """Reproduction number of a year's days under each serial interval; the days before them still infect."""
    return {
        (mean, sd): daily_counts.of_year(epidemic.reproduction(series["used"], mean, sd), ctx.data.year)
        for mean, sd in epidemic.serial_intervals(ctx.data.assumptions)
    }


def boundary_of(ctx: ReportContext) -> str:
    """Boundary that the figures of the year hold for."""
    return str(ctx.data.figures["boundary_version"].iloc[0])


def _invested(ctx: ReportContext) -> pd.DataFrame:
    """Plans and totals of the area within the year's boundary, of all years; a department's own series among them."""
    table = ctx.data.tables.investment
    own = table[(table["area_code"] == ctx.data.area) & (table["boundary_version"] == boundary_of(ctx))]
    series = as_investment(ctx.data.disbursement_monthly)
    return pd.concat([own, series], ignore_index=True) if len(series) else own


def _required(paid_year: pd.DataFrame, aim: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    """Pace still needed; none for a year that is closed or has no target."""
    if aim.empty or balance.empty or (balance["standing"] == investment.OUTTURN).any():
        return pd.DataFrame()
    year = int(paid_year["budget_year"].iloc[0])
    return forecasts.required_pace(forecasts.course(paid_year, year), float(aim["target_pct"].iloc[0]))


def _key_numbers(ctx: ReportContext, frames: Frames) -> pd.DataFrame:
    """Key numbers of page one, by the rows of the editor's rules."""
    table = ctx.data.tables.figures
    own = table[(table["area_code"] == ctx.data.area) & (table["boundary_version"] == boundary_of(ctx))]
    rules = editor.rules()["page_one"]
    known = {name: frames[name] for name in _KEY_FRAMES}
    return key_numbers(own, ctx.data.year, rules["rows"], known, rules["most_rows"])


def _growth_published(ctx: ReportContext) -> pd.DataFrame:
    """Growth within the boundary of the year's figures, every year and publication."""
    rows = ctx.data.regional_growth
    return rows[(rows["area_code"] == ctx.data.area) & (rows["boundary_version"] == boundary_of(ctx))]


def _levels_published(ctx: ReportContext) -> pd.DataFrame:
    """Levels within the boundary of the year's figures, every year and publication."""
    rows = ctx.data.regional_levels
    return rows[(rows["area_code"] == ctx.data.area) & (rows["boundary_version"] == boundary_of(ctx))]


def _growth_figures(ctx: ReportContext) -> pd.DataFrame:
    """Figures on growth within the boundary of the year's figures."""
    rows = ctx.data.regional_figures
    return rows[(rows["area_code"] == ctx.data.area) & (rows["boundary_version"] == boundary_of(ctx))]


def _in_year(ctx: ReportContext) -> pd.DataFrame:
    """Growth within every boundary that was in force in the year."""
    return growth.within_year(ctx.data.regional_growth, ctx.data.all_areas, ctx.data.area, ctx.data.year)


def _nation(ctx: ReportContext) -> pd.DataFrame:
    return ctx.data.regional_growth[ctx.data.regional_growth["area_code"] == "00"]


def _provisional(rates: pd.DataFrame, replaced: frozenset[str]) -> pd.DataFrame:
    """The rates, those as estimates whose figures a later page changed that may not be cited itself."""
    stale = [not replaced.isdisjoint(ids.split()) for ids in rates["figure_ids"]] if len(rates) else []
    return rates.assign(basis=rates["basis"].mask(stale, "estimate")) if any(stale) else rates


def _outputs_of(ctx: ReportContext) -> pd.DataFrame:
    """Outputs of the year within its boundary, every publication."""
    rows = ctx.data.tables.sector_outputs
    own = (rows["area_code"] == ctx.data.area) & (rows["boundary_version"] == boundary_of(ctx))
    return rows[own & (rows["year"] == ctx.data.year)]


def _added(ctx: ReportContext, growth_published: pd.DataFrame, levels_published: pd.DataFrame) -> pd.DataFrame:
    """Contributions to the year's growth, from levels at constant prices and the rates published with them."""
    results = growth_published[growth_published["basis"].isin(["actual", "estimate"])]
    fixed = levels_published[levels_published["price_base"] == levels.CONSTANT]
    points = levels.contributions(panel.choose(fixed, column="level_bn_vnd"), results)
    return levels.added(points, results, _growth_figures(ctx), ctx.data.year)


def trend_of(ctx: ReportContext) -> float:
    """Growth a year that the register of assumptions takes for the trend [percent]."""
    return float(ctx.data.assumptions.at["trend_growth", "value"])


# How each frame follows from the context or from other frames, which the parameters name.
FRAMES: dict[str, Callable[..., Any]] = {
    "wave": lambda ctx: covid.phase_summary(ctx.data.covid_phases),
    "wave_steps": covid.phase_steps,
    "series": lambda ctx: daily_counts.daily_counts(ctx.data.covid_daily),
    "cases": lambda ctx, series: daily_counts.of_year(series, ctx.data.year),
    "deaths": lambda ctx: daily_counts.of_year(
        daily_counts.daily_counts(ctx.data.covid_deaths_daily, "new_deaths"), ctx.data.year
    ),
    "totals": lambda wave, cases, deaths: daily_counts.periods(wave, cases, deaths, DEATH_LAG_DAYS),
    "compared": lambda wave, cases: daily_counts.by_phase_and_lag(wave, cases, daily_counts.LAGS),
    "turning": lambda cases: turning.turning_points(cases["used"]).reset_index(),
    "growth_rates": lambda ctx, series: daily_counts.of_year(epidemic.growth_rate(series["used"]), ctx.data.year),
    "rts": _reproductions,
    "invested": _invested,
    "invested_year": lambda ctx, invested: invested[invested["budget_year"] == ctx.data.year],
    "paid": lambda invested: investment.totals(invested),  # noqa: PLW0108  names the frame
    "paid_year": lambda ctx, paid: paid[paid["budget_year"] == ctx.data.year],
    "nation_paid": lambda ctx: investment.totals(
        ctx.data.tables.investment[ctx.data.tables.investment["area_code"] == "00"]
    ),
    "aim": lambda ctx, invested, target_ratio_pct: investment.target(invested, ctx.data.year, target_ratio_pct),
    "balance": lambda paid_year, aim, invested_year: investment.summary(paid_year, aim, invested_year),  # noqa: PLW0108  names the frame
    "errors": lambda paid: forecasts.forecast_error(paid),  # noqa: PLW0108  names the frame
    "rates": lambda paid, nation_paid: investment.rates_by_year(pd.concat([paid, nation_paid])),
    "clashes": lambda paid: investment.conflicts(paid),  # noqa: PLW0108  names the frame
    "courses": lambda paid, nation_paid: investment.paths(pd.concat([paid, nation_paid])),
    "tree": lambda invested_year: investment.parts_of(invested_year),  # noqa: PLW0108  names the frame
    "rest": lambda tree: investment.holders(tree),  # noqa: PLW0108  names the frame
    "works": lambda ctx: investment.projects(ctx.data.published, ctx.data.year),
    "dips": lambda paid_year: investment.falls(paid_year),  # noqa: PLW0108  names the frame
    "ahead": lambda ctx, paid, invested: forecasts.forecasts(paid, ctx.data.year, None, invested),
    "required": _required,
    "odds": lambda ctx, paid, aim: (
        forecasts.chance(paid, ctx.data.year, float(aim["target_pct"].iloc[0])) if len(aim) else pd.DataFrame()
    ),
    "delays": lambda ctx: investment.causes(ctx.data.figures),
    # Scenario inputs: a selection's own, see Frames; None takes the assumption or the printed target.
    "q4_share_pct": lambda: None,
    "trend_growth_pct": lambda: None,
    "target_growth_pct": lambda: None,
    "target_ratio_pct": lambda: None,
    "solve_sector": lambda: "industry_construction",
    "growth_published": _growth_published,
    "levels_published": _levels_published,
    "year_rates": lambda ctx: _provisional(growth.by_period(_in_year(ctx), ctx.data.year), ctx.data.replaced),
    "own_rates": lambda ctx, year_rates: year_rates[year_rates["boundary_version"] == boundary_of(ctx)],
    "sector_rates": lambda ctx: growth.by_sector(_in_year(ctx), ctx.data.year),
    "course": lambda ctx, own_rates: growth.course(
        ctx.data.grdp_growth, own_rates, ctx.data.figures, ctx.data.assumptions
    ),
    "goals": lambda ctx, growth_published, target_growth_pct: growth.goals(
        growth_published, ctx.data.year, ctx.data.assumptions, target_growth_pct
    ),
    "rest_need": lambda ctx, growth_published, goals, q4_share_pct: growth.rest_of_year(
        growth.beside_the_year(growth_published, ctx.data.year),
        goals,
        growth.rest_shares(ctx.data.assumptions, q4_share_pct),
    ),
    "rest_plan": lambda ctx, goals: growth.rest_from_plan(_growth_figures(ctx), goals, ctx.data.year),
    "before": lambda ctx, growth_published: growth.beside_last_year(growth_published, ctx.data.year),
    "twice": lambda ctx, growth_published: growth.publications(growth_published, ctx.data.year),
    "growth_targets": lambda ctx: growth.targets(_in_year(ctx), ctx.data.year),
    "growth_measures": lambda ctx: growth.measures(
        ctx.data.regional_figures.query("area_code == @ctx.data.area"), ctx.data.year
    ),
    "added": _added,
    "ahead_growth": lambda ctx, growth_published, trend_growth_pct: growth.next_year(
        panel.over_years(pd.concat([growth_published, _nation(ctx)]), ctx.data.area),
        ctx.data.year,
        trend_of(ctx) if trend_growth_pct is None else trend_growth_pct,
    ),
    "base": lambda own_rates: growth.base_effect(own_rates),  # noqa: PLW0108  names the frame
    "path": lambda ctx, nine_years: growth.five_year_path(
        nine_years[nine_years["boundary_version"] == boundary_of(ctx)], _growth_figures(ctx), ctx.data.year
    ),
    "made": lambda ctx: growth.outputs(_outputs_of(ctx), ctx.data.published, ctx.data.indicators["unit"]),
    "level_versions": lambda ctx, levels_published, growth_published: levels.level_versions(
        levels_published, growth_published[growth_published["basis"] != "plan"], ctx.data.year
    ),
    "measured": lambda levels_published: levels.measured_shares(levels_published),  # noqa: PLW0108  names the frame
    "quarterly": lambda ctx: levels.singles(levels.of_series(ctx.data.grdp_quarterly)),
    "quarter_points": lambda ctx, quarterly: levels.compared(quarterly, ctx.data.year),
    "gaps": lambda quarter_points: levels.gap(quarter_points),  # noqa: PLW0108  names the frame
    "required_growth": lambda ctx, quarterly, goals, solve_sector: scenarios.required(
        quarterly, ctx.data.year, goals, solve_sector
    ),
    "scenarios": lambda ctx, quarterly, goals: scenarios.scenario_table(quarterly, ctx.data.year, goals),
    "quarters_revised": lambda ctx, quarterly: scenarios.benchmarked(quarterly, ctx.data.year),
    "target_list": lambda ctx: overview.by_status(ctx.data.targets),
    "target_totals": lambda target_list: overview.target_totals(target_list),  # noqa: PLW0108  names the frame
    "work": lambda ctx: overview.by_status(ctx.data.tasks),
    "schemes": lambda ctx: overview.by_status(ctx.data.programme_items, whole_year=False),
    "online": lambda ctx: ctx.data.online_services,
    "days": lambda ctx: overview.cut_offs(ctx.data.figures, ctx.data.indicators),
    "checked": lambda ctx: checks.of_year(ctx.data),
    "to_settle": lambda ctx, checked: checks.review(checked, ctx.data.reports),
    "pairs": lambda ctx: overview.year_on_year(ctx.data),
    "regional": lambda ctx: panel.named(panel.choose(ctx.data.regional_growth), ctx.data.all_areas),
    "nine_years": lambda ctx: panel.over_years(ctx.data.regional_growth, ctx.data.area),
    "around": lambda ctx: panel.neighbours(ctx.data.regional_growth, ctx.data.year),
    "claimed": lambda ctx: panel.rank_claims(ctx.data.regional_figures),
    "key_numbers": _key_numbers,
    "persons": lambda ctx: panel.side_by_side(ctx.data.regional_figures, "grdp_per_capita"),
}

FINDINGS: dict[str, Finding] = {
    "overview_targets": Finding(
        overview_words.targets_title,
        (overview_words.targets, overview_words.districts),
        overview_charts.targets,
        "target_list",
        "system status as_of count basis",
    ),
    "overview_tasks": Finding(
        overview_words.tasks_title,
        (overview_words.tasks, overview_words.programme, overview_words.services, overview_words.enterprises),
        overview_charts.tasks,
        "work",
        "system status as_of count basis",
        (overview_words.systems_apart,),
    ),
    "overview_cut_offs": Finding(
        overview_words.cut_offs_title,
        (overview_words.cut_offs,),
        table="days",
        columns="topic cut_off basis figures",
        caveats=(overview_words.limits, overview_words.references),
    ),
    "overview_review": Finding(
        overview_words.review_title,
        (overview_words.review,),
        table="to_settle",
        columns="title_vi title_en left left_printed left_places right right_printed right_places",
        caveats=(overview_words.counted, overview_words.revisions, overview_words.apart, overview_words.year_on_year),
    ),
    "covid_year": Finding(
        covid_words.year_title,
        (covid_words.year_size, covid_words.year_peak, covid_words.after_table),
        covid_charts.daily_cases,
        caveats=(covid_words.quality,),
    ),
    "covid_size": Finding(
        covid_words.size_title,
        (covid_words.size, covid_words.steps),
        covid_charts.phase_bars,
        "wave",
        "phase start end days mean_cases_per_day cases community_share_pct share_of_cases_pct",
        (covid_words.stop, covid_words.limits),
    ),
    "covid_community": Finding(
        covid_words.community_title,
        (covid_words.community,),
        covid_charts.community_share,
        "wave_steps",
        "from_phase to_phase total_factor community_factor other_factor",
        (covid_words.measures,),
    ),
    "covid_reproduction": Finding(
        covid_words.reproduction_title,
        (covid_words.growth, covid_words.reproduction, covid_words.turning_points),
        covid_charts.reproduction,
        caveats=(covid_words.limits_of_spread,),
    ),
    "covid_lag": Finding(
        covid_words.lag_title,
        (covid_words.lag, covid_words.fatality),
        covid_charts.report_and_bulletins,
        "totals",
        "period start end cases deaths days_missing cfr_pct",
    ),
    "investment_year": Finding(
        investment_words.headline_title,
        (investment_words.headline, investment_words.shortfall, investment_words.estimate_error),
        investment_charts.versions,
        "balance",
        "as_of standing plan_bn_vnd disbursed_bn_vnd ratio_pct undisbursed_bn_vnd short_bn_vnd",
        (investment_words.limits,),
    ),
    "investment_error": Finding(
        investment_words.error_title,
        (investment_words.estimate_error, investment_words.estimate),
        table="errors",
        columns="budget_year estimated_pct settled_pct error_pp from_money_pp from_plan_pp",
    ),
    "investment_course": Finding(investment_words.course_title, (investment_words.paces,), investment_charts.course),
    "investment_rates": Finding(
        investment_words.rates_title, (investment_words.final_years, investment_words.conflict), investment_charts.rates
    ),
    "investment_holders": Finding(
        investment_words.holders_title,
        (investment_words.who_holds, investment_words.named_works, investment_words.named_causes),
        investment_charts.who_holds,
    ),
    "investment_ahead": Finding(investment_words.ahead_title, (investment_words.forecast, investment_words.needed)),
    "growth_year": Finding(
        growth_words.year_title,
        (growth_words.year, growth_words.periods, growth_words.third_quarter),
        growth_charts.periods,
        "year_rates",
        "boundary_version period growth_pct basis vintage first_pct",
        (growth_words.limits,),
    ),
    "growth_rest": Finding(
        growth_words.rest_title,
        (growth_words.rest_of_year, growth_words.rest_by_plan),
        growth_charts.rest_of_year,
        "rest_need",
        "goal goal_pct share_pct done done_pct rest need_pct",
        (growth_words.weight, scenario_words.shares),
    ),
    "growth_added": Finding(
        growth_words.added_title,
        (growth_words.contributions, growth_words.sectors),
        growth_charts.contributions,
        "added",
        "period sector contribution_pp printed_pp origin basis",
    ),
    "growth_outputs": Finding(
        growth_words.outputs_title,
        (growth_words.outputs,),
        growth_charts.outputs,
        "made",
        "indicator period growth_pct plan_ratio_pct planned_growth_pct realised_share_pct basis",
    ),
    "growth_ahead": Finding(
        growth_words.five_title,
        (growth_words.catch_up, growth_words.five_years),
        growth_charts.five_years,
        "path",
        "year growth_pct index mean_pct need_pct target_pct",
    ),
    "growth_publications": Finding(
        growth_words.twice_title,
        (growth_words.beside_last_year, scenario_words.versions),
        table="twice",
        columns="period growth_pct basis vintage source_id",
    ),
    "growth_scenarios": Finding(
        scenario_words.scenario_title,
        (scenario_words.needed, growth_words.aims, scenario_words.series_contributions, scenario_words.revision),
        growth_charts.scenario_map,
        "required_growth",
        "goal goal_pct spread period sector need_pct years_reached years_known",
    ),
    "neighbours_years": Finding(
        neighbour_words.years_title,
        (neighbour_words.years, neighbour_words.per_person),
        neighbour_charts.years,
        "nine_years",
        "year boundary_version growth_pct basis first_pct target_pct nation_pct",
        (neighbour_words.boundary,),
    ),
    "neighbours_place": Finding(
        neighbour_words.place_title,
        (neighbour_words.place, neighbour_words.claims),
        neighbour_charts.around,
        "around",
        "boundary_version growth_pct basis vintage",
        (neighbour_words.limits,),
    ),
}


# The names by which a selection file asks for what a finding holds: ``<topic>_<function>``, ``<topic>_<frame>``; the
# topic is the first word of the finding's name.
SENTENCES: dict[str, Callable[..., str]] = {}
CHARTS: dict[str, Callable[..., Any]] = {}
TABLES: dict[str, Finding] = {}
SHOWN: dict[str, tuple[str, tuple[str, ...]]] = {}  # chart and sentences of a finding that stands by itself


def _register(name: str, finding: Finding) -> None:
    topic = name.partition("_")[0]
    named = {f"{topic}_{each.__name__}": each for each in (*finding.sentences, *finding.caveats)}
    SENTENCES.update(named)
    chart = f"{topic}_{finding.chart.__name__}" if finding.chart else ""
    if finding.chart:
        CHARTS[chart] = finding.chart
    if finding.table:
        TABLES[f"{topic}_{finding.table}"] = finding
    SHOWN[name] = chart, tuple(list(named)[: len(finding.sentences)])


for _name, _finding in FINDINGS.items():
    _register(_name, _finding)


def series_of(rows: pd.DataFrame) -> set[str]:
    """Sources of the series in the rows of a frame: of daily counts, or named beside what follows from them."""
    columns = [name for name in rows.columns if name.endswith("series_source_id")]
    columns += ["source_id"] if {"source_id", "date_basis"} <= set(rows.columns) else []
    return {each for name in columns for each in rows[name].dropna().unique() if each}


class Frames:
    """Frames of one year, each worked out when it is first asked for.

    Parameters
    ----------
    ctx : ReportContext
    given : mapping of str to Any
        Frames that the caller has already, by name.

    Attributes
    ----------
    known : dict of str to Any
        Frames worked out so far.
    """

    def __init__(self, ctx: ReportContext, given: Mapping[str, Any] | None = None) -> None:
        self.known: dict[str, Any] = {"ctx": ctx, "frames": self, **(given or {})}

    def __getitem__(self, name: str) -> Any:
        """A frame by name; no rows where the year's figures do not allow it."""
        if name not in self.known:
            try:
                self.known[name] = self.call(FRAMES[name])
            except DataError as error:  # what needs it is left out with a reason of its own
                log.info("%s: no frame: %s", name, error)
                self.known[name] = pd.DataFrame()
        return self.known[name]

    def call(self, function: Callable[..., Any]) -> Any:
        """Result of a function of the registry, fed with the frames its parameters name; others keep their default."""
        return function(**{name: self[name] for name in self.inputs_of(function)})

    @staticmethod
    def inputs_of(function: Callable[..., Any]) -> list[str]:
        """Frames that a function of the registry takes."""
        return [each.name for each in inspect.signature(function).parameters.values() if each.default is each.empty]

    def series_behind(self, function: Callable[..., Any]) -> set[str]:
        """Sources of the daily or monthly series that a function's frames rest on, which are no printed figures."""
        frames = [self[name] for name in self.inputs_of(function)]
        return {one for each in frames if isinstance(each, pd.DataFrame) for one in series_of(each)}

    def table(self, finding: Finding) -> pd.DataFrame:
        """Table of a finding: its columns, each number with its bounds, and the figures behind the rows."""
        return select(self[finding.table], *finding.columns.split())
