"""Schemas of every table in ``data/``: the data contract.

Responsibility: column names with their unit, vocabularies, and the rules a row must keep. The order of the columns is
the order in the file.
"""

from __future__ import annotations

from kg_analysis.tables.columns import (
    Table,
    day,
    in_order,
    name,
    not_above,
    number,
    one_of,
    pattern,
    text,
    whole,
)
from kg_analysis.tables.vocabulary import (
    BASES,
    BOUNDARIES,
    COMPARATORS,
    GRDP_PERIODS,
    KINDS,
    PERIOD_TYPES,
    QUALIFIERS,
    RATINGS,
    VINTAGE,
    period_agrees,
)
from kg_analysis.vietnamese import UNITS

_PLACE = pattern("paragraph of the section (a line of text), or footnote", r"(paragraph|footnote) \d+", "paragraph 2")
_FIGURE_IDS = pattern("printed figures behind the row, separated by blanks", r"[a-z0-9_.:/ -]+", "kg21-growth-h1")
_AREA = {
    "area_code": pattern("area, see areas.csv", r"\d{2}", "91"),
    "boundary_version": one_of("boundary that the figure holds for", BOUNDARIES),
}
_VINTAGE = pattern("when this version was published, to the month or day", VINTAGE, "2021-12")
_ORDERED = {"period_end lies before period_start; correct one of them": in_order("period_start", "period_end")}

SOURCES = Table(
    "sources",
    "documents that figures are taken from",
    ("id",),
    {
        "id": name("source, also the name of its file in printed/"),
        "title": text("title as on the document"),
        "issuer": text("who issued it"),
        "doc_no": text("number of the document", optional=True),
        "doc_date": day("date on the document", optional=True),
        "url": pattern("address", r"https?://\S+", "https://example.org/report", optional=True),
        "sha256": pattern(
            "hash of the text file that offsets refer to", r"[0-9a-f]{64}", "64 hex digits", optional=True
        ),
        "retrieved": day("day on which the text was taken"),
        "licence": text("terms under which the figures may be used"),
        "note": text("what a reader should know", optional=True),
    },
)

INDICATORS = Table(
    "indicators",
    "codebook: what each indicator means",
    ("id",),
    {
        "id": name("indicator"),
        "label_vi": text("label on the page, Vietnamese"),
        "label_en": text("label on the page, English"),
        "topic": one_of("topic", ("covid", "growth", "sector_output", "investment", "report")),
        "unit": one_of("unit of the value", (*UNITS, "date", "period", "text")),
        "kind": one_of("kind of number; counts, ranks and dates are exact", KINDS),
        "price_basis": one_of("prices", ("constant_2010", "current"), optional=True),
        "good_direction": one_of("direction that is better", ("up", "down"), optional=True),
        "definition": text("what is measured, with any convention the reports leave out"),
    },
)

AREAS = Table(
    "areas",
    "areas and their boundaries in time",
    ("area_code", "boundary_version"),
    {
        **_AREA,
        "name": text("name"),
        "valid_from": day("first day of the boundary; empty = before the data begin", optional=True),
        "valid_to": day("last day of the boundary; empty = still valid", optional=True),
        "predecessors": pattern(
            "area codes merged into it, separated by blanks", r"\d{2}( \d{2})*", "89 91", optional=True
        ),
    },
    {"valid_to lies before valid_from; correct one of them": in_order("valid_from", "valid_to")},
)

ASSUMPTIONS = Table(
    "assumptions",
    "inputs that no report prints",
    ("id",),
    {
        "id": name("assumption"),
        "label_vi": text("label on the page, Vietnamese"),
        "label_en": text("label on the page, English"),
        "value": number("value"),
        "unit": one_of("unit", ("pct", "share_pct", "share", "months")),
        "basis": text("where the value comes from"),
        "quality": one_of("how well it is known", RATINGS),
        "impact": one_of("how much the results depend on it", RATINGS),
    },
)

_PRINTED = {
    "section": pattern("headings of the place, joined by dots", r"(0|[IVX]+)(\.\d+)?(\.[a-zđ])?", "I.4.a"),
    "place": _PLACE,
    "as_printed": text("token as printed, nothing converted"),
    "start": whole("offset of the token's first character in the text [characters]"),
    "end": whole("offset after its last character [characters]"),
    "label": text("what the figure is, in words"),
    "indicator": name("indicator, see indicators.csv"),
    **_AREA,
    "dimension": name("what item tells apart", optional=True),
    "item": name("phase, measure, sector, region …", optional=True),
    "period_type": one_of("kind of period", PERIOD_TYPES),
    "period_start": day("first day"),
    "period_end": day("last day"),
    "basis": one_of("actual, estimate, plan or scenario", BASES),
    "comparator": one_of("what a rate or ratio compares with", COMPARATORS, optional=True),
    "qualifier": one_of("whether the print gives the number or only a bound", QUALIFIERS),
    "as_of": day("cut-off date printed with the figure", optional=True),
    "vintage": _VINTAGE,
    "note": text("what a reader should know", optional=True),
}
_PRINTED_RULES = {
    **_ORDERED,
    "period_start and period_end are not those of period_type; correct one of the three": period_agrees,
}

PRINTED = Table(
    "printed/*",
    "the page, typed: one row a printed figure",
    ("figure_id",),
    {"figure_id": name("figure, unique over all sources"), **_PRINTED},
    _PRINTED_RULES,
)

FIGURES = Table(
    "clean/figures",
    "printed figures with their value; all other clean tables are views of it",
    ("figure_id",),
    {
        "figure_id": name("figure"),
        "source_id": name("source, see sources.csv"),
        **_PRINTED,
        "value": number("value in the unit; empty where only a bound or words are printed", optional=True),
        "unit": one_of("unit", (*UNITS, "date", "period", "text")),
        "decimals": whole("decimals that the print holds in this unit", optional=True),
        "low": number("lower bound of the rounding interval; empty = open", optional=True),
        "high": number("upper bound, itself excluded; empty = open", optional=True),
    },
    _PRINTED_RULES,
)

COVID_PHASES = Table(
    "clean/covid_phases",
    "phases of a COVID wave with mean daily cases",
    ("area_code", "boundary_version", "wave", "phase"),
    {
        **_AREA,
        "wave": whole("number of the wave"),
        "phase": whole("number of the phase in the wave"),
        "start": day("first day"),
        "end": day("last day, included"),
        "mean_cases": number("new cases [cases per day]"),
        "mean_community_cases": number("of these found in the community [cases per day]", optional=True),
        "decimals": whole("decimals of mean_cases"),
        "community_decimals": whole("decimals of mean_community_cases", optional=True),
        "figure_ids": _FIGURE_IDS,
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
    ("area_code", "boundary_version", "measure", "start"),
    {
        **_AREA,
        "measure": name("measure"),
        "start": day("first day; empty = not printed", optional=True),
        "end": day("last day; empty = not printed", optional=True),
        "days_printed": whole("length as printed [days]", optional=True),
        "scope": name("province or localities"),
        "figure_ids": _FIGURE_IDS,
    },
    {"the measure ends before it starts; correct the dates in printed/": in_order("start", "end")},
)

GRDP_GROWTH = Table(
    "clean/grdp_growth",
    "growth of gross regional domestic product over the same period of the year before",
    ("area_code", "boundary_version", "year", "period", "sector", "vintage", "basis"),
    {
        **_AREA,
        "year": whole("year"),
        "period": one_of("quarter, or cumulative H1, 9M, FY", GRDP_PERIODS),
        "sector": name("total or sector"),
        "vintage": _VINTAGE,
        "span": one_of("whether the period is one quarter or cumulative", ("single", "cumulative")),
        "growth_pct": number("growth; empty where only words are printed", optional=True),
        "decimals": whole("decimals of growth_pct", optional=True),
        "basis": one_of("actual, estimate, plan or scenario", BASES),
        "price_base": one_of("prices", ("constant_2010", "current")),
        "figure_ids": _FIGURE_IDS,
    },
)

SECTOR_OUTPUTS = Table(
    "clean/sector_outputs",
    "output of a sector with its growth and its ratio to plan",
    ("area_code", "boundary_version", "year", "indicator", "vintage"),
    {
        **_AREA,
        "year": whole("year"),
        "indicator": name("output, see indicators.csv"),
        "vintage": _VINTAGE,
        "value": number("output [bn VND]", optional=True),
        "value_decimals": whole("decimals of value", optional=True),
        "growth_pct": number("growth over the year before", optional=True),
        "growth_decimals": whole("decimals of growth_pct", optional=True),
        "plan_ratio_pct": number("share of the year's plan", optional=True),
        "plan_ratio_decimals": whole("decimals of plan_ratio_pct", optional=True),
        "figure_ids": _FIGURE_IDS,
    },
)

INVESTMENT = Table(
    "clean/investment",
    "public investment: work completed, money disbursed and aims, with their cut-off dates",
    ("area_code", "boundary_version", "budget_year", "measure", "as_of", "vintage", "basis"),
    {
        **_AREA,
        "budget_year": whole("year of the plan; payment closes on 31 January of the next"),
        "measure": one_of("work completed or money disbursed", ("completed_volume", "disbursed")),
        "as_of": day("cut-off date as printed; empty = not printed", optional=True),
        "vintage": _VINTAGE,
        "value_bn_vnd": number("amount [bn VND]", optional=True),
        "value_decimals": whole("decimals of value_bn_vnd", optional=True),
        "ratio_pct": number("share of the plan; for at_least the bound", optional=True),
        "ratio_decimals": whole("decimals of ratio_pct", optional=True),
        "ratio_qualifier": one_of("whether the ratio is a number or a bound", QUALIFIERS, optional=True),
        "basis": one_of("actual, estimate, plan or scenario", BASES),
        "figure_ids": _FIGURE_IDS,
    },
)

REGISTERS = (SOURCES, INDICATORS, AREAS, ASSUMPTIONS)
CLEAN = (FIGURES, COVID_PHASES, MEASURES, GRDP_GROWTH, SECTOR_OUTPUTS, INVESTMENT)
