"""Schemas of the clean topic tables, all of them views of ``clean/figures``.

Responsibility: column names with their unit, and the rules a row must keep. The order of the columns is the order in
the file.
"""

from __future__ import annotations

from kg_analysis.tables.columns import Column, Table, day, in_order, name, not_above, number, one_of, whole
from kg_analysis.tables.fields import AREA, FIGURE_IDS, SOURCE, VINTAGE_COLUMN
from kg_analysis.tables.vocabulary import BASES, BOUND_KINDS, PERIODS, QUALIFIERS



def _bounds(of: str) -> dict[str, Column]:
    """Columns that say what the number of another column stands for."""
    return {
        f"{of}_low": number(f"lower bound of {of}; empty = open", optional=True),
        f"{of}_high": number(f"upper bound of {of}; empty = open", optional=True),
        f"{of}_kind": one_of(f"what the bounds of {of} are, as in clean/figures", BOUND_KINDS, optional=True),
    }


COVID_PHASES = Table(
    "clean/covid_phases",
    "phases of a COVID wave with mean daily cases",
    ("area_code", "boundary_version", "wave", "phase"),
    {
        **AREA,
        "wave": whole("number of the wave"),
        "phase": whole("number of the phase in the wave"),
        "start": day("first day"),
        "end": day("last day, included"),
        "mean_cases": number("new cases [cases per day]"),
        "mean_community_cases": number("of these found in the community [cases per day]", optional=True),
        "decimals": whole("decimals of mean_cases"),
        "community_decimals": whole("decimals of mean_community_cases", optional=True),
        "figure_ids": FIGURE_IDS,
    },
    {
        "the phase ends before it starts; correct the dates in printed/": in_order("start", "end"),
        "community cases exceed all cases; correct the means in printed/": not_above(
            "mean_community_cases", "mean_cases"
        ),
    },
)

MEASURES = Table(
    "clean/measures",
    "social distancing measures, dated where the report dates them",
    ("area_code", "boundary_version", "measure", "start", "scope", "source_id"),
    {
        **AREA,
        "measure": name("measure"),
        "start": day("first day; empty = not printed", optional=True),
        "end": day("last day; empty = not printed", optional=True),
        "days_printed": whole("length as printed [days]", optional=True),
        "scope": name("province or localities"),
        "source_id": SOURCE,
        "figure_ids": FIGURE_IDS,
    },
    {"the measure ends before it starts; correct the dates in printed/": in_order("start", "end")},
)

GRDP_GROWTH = Table(
    "clean/grdp_growth",
    "growth of gross regional domestic product over the same period of the year before",
    ("area_code", "boundary_version", "year", "period", "sector", "vintage", "basis", "source_id"),
    {
        **AREA,
        "year": whole("year"),
        "period": one_of("quarter, or cumulative H1, 9M, FY", PERIODS),
        "sector": name("total or sector"),
        "vintage": VINTAGE_COLUMN,
        "source_id": SOURCE,
        "span": one_of("whether the period is one quarter or cumulative", ("single", "cumulative")),
        "growth_pct": number("growth; empty where only words are printed", optional=True),
        "decimals": whole("decimals of growth_pct", optional=True),
        **_bounds("growth_pct"),
        "basis": one_of("actual, estimate, plan or scenario", BASES),
        "price_base": one_of("prices", ("constant_2010", "current")),
        "figure_ids": FIGURE_IDS,
    },
)

SECTOR_OUTPUTS = Table(
    "clean/sector_outputs",
    "output of a sector with its growth and its ratio to plan",
    ("area_code", "boundary_version", "year", "period", "indicator", "vintage", "source_id"),
    {
        **AREA,
        "year": whole("year"),
        "period": one_of("month, quarter, or cumulative H1, 9M, 11M, FY", PERIODS),
        "indicator": name("output, see indicators.csv"),
        "vintage": VINTAGE_COLUMN,
        "source_id": SOURCE,
        "value": number("output [bn VND]", optional=True),
        "value_decimals": whole("decimals of value", optional=True),
        **_bounds("value"),
        "growth_pct": number("growth over the year before", optional=True),
        "growth_decimals": whole("decimals of growth_pct", optional=True),
        **_bounds("growth_pct"),
        "plan_ratio_pct": number("share of the year's plan", optional=True),
        "plan_ratio_decimals": whole("decimals of plan_ratio_pct", optional=True),
        **_bounds("plan_ratio_pct"),
        "figure_ids": FIGURE_IDS,
    },
)

INVESTMENT = Table(
    "clean/investment",
    "public investment: work completed, money disbursed and aims, with their cut-off dates",
    ("area_code", "boundary_version", "budget_year", "measure", "as_of", "vintage", "basis", "source_id"),
    {
        **AREA,
        "budget_year": whole("year of the plan; payment closes on 31 January of the next"),
        "measure": one_of("plan, work completed or money disbursed", ("plan", "completed_volume", "disbursed")),
        "as_of": day("cut-off date as printed; empty = not printed", optional=True),
        "vintage": VINTAGE_COLUMN,
        "source_id": SOURCE,
        "value_bn_vnd": number("amount [bn VND]", optional=True),
        "value_decimals": whole("decimals of value_bn_vnd", optional=True),
        **_bounds("value_bn_vnd"),
        "ratio_pct": number("share of the plan; empty where only a bound is printed", optional=True),
        "ratio_decimals": whole("decimals of ratio_pct", optional=True),
        **_bounds("ratio_pct"),
        "ratio_qualifier": one_of("whether the ratio is a number or a bound", QUALIFIERS, optional=True),
        "basis": one_of("actual, estimate, plan or scenario", BASES),
        "figure_ids": FIGURE_IDS,
    },
)


def _counts(path: str, about: str, system: str) -> Table:
    """Table of counts by status, of one system each; counts of two systems are never added or averaged."""
    return Table(
        path,
        about,
        ("area_code", "boundary_version", "year", "period", "system", "status", "as_of", "vintage", "source_id"),
        {
            **AREA,
            "year": whole("year that the counts are about"),
            "period": one_of("period that the counts are about", PERIODS),
            "system": name(system),
            "status": name("status; total = all of the system"),
            "as_of": day("cut-off date as printed; empty = not printed", optional=True),
            "vintage": VINTAGE_COLUMN,
            "source_id": SOURCE,
            "count": whole("number; empty where only a bound is printed", optional=True),
            "basis": one_of("actual, estimate, plan or scenario", BASES),
            "figure_ids": FIGURE_IDS,
        },
    )


TARGETS = _counts("clean/targets", "targets met, exceeded and missed", "who set the targets")
TASKS = _counts("clean/tasks", "tasks by status", "who gave the tasks, and who counts them")
PROGRAMME_ITEMS = _counts("clean/programme_items", "schemes and tasks of a programme by status", "programme")

ONLINE_SERVICES = Table(
    "clean/online_services",
    "online public services: number, rank, and share of procedures received",
    ("area_code", "boundary_version", "year", "measure", "as_of", "vintage", "source_id"),
    {
        **AREA,
        "year": whole("year"),
        "measure": name("services, rank, rank_of, rank_change, intake_share or intake_share_change"),
        "as_of": day("cut-off date as printed; empty = not printed", optional=True),
        "vintage": VINTAGE_COLUMN,
        "source_id": SOURCE,
        "value": number("value in the unit; empty where only a bound is printed", optional=True),
        "unit": name("unit, see indicators.csv"),
        "decimals": whole("decimals of value", optional=True),
        **_bounds("value"),
        "figure_ids": FIGURE_IDS,
    },
)
