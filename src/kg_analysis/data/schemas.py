"""The data contract: every table under ``data/`` with its columns, keys and rules.

Responsibility: registers, what is typed from the page, the clean tables that are views of it, and the series that come
dense. The order of the columns is the order in the file; a column says its unit.

Terms: *collection* = file of many pages of which a few figures each are taken; *month index* = month of the budget
year: 1 to 12 are its calendar months, 13 is January of the next year.
"""

from __future__ import annotations

import pandas as pd

from kg_analysis.data.columns import (
    AREA,
    BASES,
    BOUND_KINDS,
    CAUSES,
    CHECK_KINDS,
    COMPARATORS,
    DATE_BASES,
    DIFFERENCES,
    DOCUMENTS,
    EXCLUSIONS,
    FIGURE_IDS,
    GRADES,
    KINDS,
    LANGUAGES,
    PERIOD_RULES,
    PERIOD_TYPES,
    PERIODS,
    PLACE,
    PLACES,
    PLAN_BASES,
    QUALIFIERS,
    RATINGS,
    SECTION,
    SECTORS,
    SERIES_BASES,
    SOURCE,
    SOURCE_KINDS,
    TOPICS,
    VINTAGE_COLUMN,
    WORDS,
    Column,
    Table,
    count,
    day,
    in_order,
    name,
    not_above,
    number,
    numbered,
    one_of,
    pattern,
    text,
    whole,
)
from kg_analysis.vietnamese import UNITS


def is_graded(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows with a grade, and those of made-up sources, which need none."""
    return (rows["grade"] != "") | (rows["kind"] == "synthetic")


def is_citable(sources: pd.DataFrame) -> pd.Series[bool]:
    """Sources that may be cited in what is sent: all but pages that repost others."""
    return sources["grade"] != "aggregator"


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
            "hash of the report's file; offsets refer to its text", r"[0-9a-f]{64}", "64 hex digits", optional=True
        ),
        "retrieved": day("day on which the text was taken"),
        "kind": one_of(
            "report of the province, statistics office, press, collection of counts, or made up",
            SOURCE_KINDS,
        ),
        "grade": one_of(
            "who answers for the source: government, statistics office or ministry, press of record, or a page that "
            "reposts others and is not cited in what is sent; empty for what is made up",
            GRADES,
            optional=True,
        ),
        "report_year": whole("year that the report reviews; empty for other kinds", optional=True),
        "language": one_of("language whose numerals the tokens are printed in", LANGUAGES),
        "licence": text("terms under which the figures may be used"),
        "note": text("what a reader should know", optional=True),
    },
    {"grade is empty; choose one of official, statistics, press, aggregator": is_graded},
)

INDICATORS = Table(
    "indicators",
    "codebook: what each indicator means",
    ("id",),
    {
        "id": name("indicator"),
        "label_vi": text("label on the page, Vietnamese"),
        "label_en": text("label on the page, English"),
        "topic": one_of("topic", TOPICS),
        "unit": one_of("unit of the value", (*UNITS, *WORDS)),
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
        **AREA,
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
        "unit": one_of("unit", ("pct", "percentage_point", "share_pct", "share", "months", "days")),
        "basis": text("where the value comes from"),
        "quality": one_of("how well it is known", RATINGS),
        "impact": one_of("how much the results depend on it", RATINGS),
    },
)

# Inputs that the analysis cannot do without, each with its unit.
REQUIRED_ASSUMPTIONS = {
    "budget_months": "months",
    "h1_of_9m_low": "share",
    "h1_of_9m_nation": "share",
    "h1_of_9m_high": "share",
    "q4_share_low": "share_pct",
    "q4_share_base": "share_pct",
    "q4_share_high": "share_pct",
    "trend_growth": "pct",
    **{f"delta_interval_{name}_{part}": "days" for name in ("low", "base", "high") for part in ("mean", "sd")},
}
ASCENDING_ASSUMPTIONS = (
    ("h1_of_9m_low", "h1_of_9m_high"),
    ("q4_share_low", "q4_share_base", "q4_share_high"),
    ("delta_interval_low_mean", "delta_interval_base_mean", "delta_interval_high_mean"),
)

CHECKS = Table(
    "checks",
    "declared identities between printed figures",
    ("id",),
    {
        "id": name("check"),
        "topic": one_of("topic", TOPICS),
        "kind": one_of("what is held against what", CHECK_KINDS),
        "formula": text("comparison over [figure_id]s, see data/README.md"),
        "differs_in": one_of("what the two sides differ in, so that they need not agree", DIFFERENCES, optional=True),
        "title_vi": text("what must hold, in words, Vietnamese"),
        "title_en": text("what must hold, in words, English"),
        "note_vi": text("what may explain it where it does not hold, Vietnamese", optional=True),
        "note_en": text("what may explain it where it does not hold, English", optional=True),
    },
)

CORRECTIONS = Table(
    "corrections",
    "known errors of a source: the figure stays as printed and is left out of results",
    ("figure_id",),
    {
        "figure_id": name("figure that is wrong as printed"),
        "guard": text("token that the correction was made for; another token makes it stale"),
        "reason_vi": text("why it cannot be right, Vietnamese"),
        "reason_en": text("why it cannot be right, English"),
    },
)


def is_subject_or_entity(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows that name either a subject with its place or a dimension with its item."""
    subject = (rows["subject"] != "") & (rows["place"] != "")
    entity = (rows["dimension"] != "") & (rows["item"] != "")
    nothing = (rows["subject"] == "") & (rows["place"] == "")
    return (subject & (rows["dimension"] == "") & (rows["item"] == "")) | (entity & nothing)


LABEL_PATTERNS = Table(
    "label_patterns",
    "wordings by which a draft knows indicators and what tells their figures apart, one row a wording",
    ("pattern", "subject", "dimension", "item", "place"),
    {
        "pattern": text("words; [a|b] may be left out or be one of the two, … stands for further words"),
        "subject": name(
            "indicator, stem of a family of indicators, growth or other; empty for an entity", optional=True
        ),
        "dimension": name("what the item tells apart", optional=True),
        "item": name("sector, unit, fund, status, area … that the words name", optional=True),
        "place": one_of(
            "whether the words stand before or after the number; empty for an entity", PLACES, optional=True
        ),
    },
    {
        "a row names a subject with its place, or a dimension with its item; give one of the two": is_subject_or_entity,
    },
)


_TOKEN = {
    "section": pattern("headings of the place, joined by dots; empty = no text held", SECTION, "I.4.a", optional=True),
    "place": pattern("line of text in the section, footnote or heading", PLACE, "paragraph 2", optional=True),
    "as_printed": text("token as printed, nothing converted"),
    "start": whole("offset of the token's first character in the text [characters]", optional=True),
    "end": whole("offset after its last character [characters]", optional=True),
}
_PRINTED = {
    **_TOKEN,
    "unit_printed": text("unit word that the page prints elsewhere, e.g. after the next number", optional=True),
    "label": text("what the figure is, in words"),
    "indicator": name("indicator, see indicators.csv"),
    **AREA,
    "dimension": name("what item tells apart", optional=True),
    "item": name("phase, measure, sector, region …", optional=True),
    "period_type": one_of("kind of period", PERIOD_TYPES),
    "period_start": day("first day"),
    "period_end": day("last day"),
    "basis": one_of("actual, estimate, plan or scenario", BASES),
    "comparator": one_of("what a rate or ratio compares with", COMPARATORS, optional=True),
    "qualifier": one_of("whether the print gives the number or only a bound", QUALIFIERS),
    "as_of": day("cut-off date printed with the figure", optional=True),
    "vintage": VINTAGE_COLUMN,
    "note": text("what a reader should know", optional=True),
}

PRINTED = Table(
    "printed/*",
    "the page, typed: one row a printed figure",
    ("figure_id",),
    {"figure_id": name("figure, unique over all sources"), **_PRINTED},
    PERIOD_RULES,
)

COLLECTED = Table(
    "printed/* (collection)",
    "many pages of which a few figures each are taken, typed: one row a printed figure, each with its source",
    ("figure_id",),
    {"figure_id": name("figure, unique over all sources"), "source_id": SOURCE, **_PRINTED},
    PERIOD_RULES,
)

MAPPINGS = Table(
    "mappings/growth_names",
    "names under which growth figures of other collections were typed, and what they are in this codebook",
    ("collection", "name"),
    {
        "collection": name("file of printed/ that the rows stand in"),
        "name": name("name of the figure in the list it was taken from"),
        "indicator": name("indicator, see indicators.csv"),
        "dimension": name("what item tells apart", optional=True),
        "item": name("sector, region, end of a range …", optional=True),
        "basis": one_of("basis that the name implies", BASES, optional=True),
        "span": text("years that an average runs over, first to last", optional=True),
    },
)

INVESTMENT_NAMES = Table(
    "mappings/investment_names",
    "names under which measures, funds and units of public investment were listed, and what they are in this codebook",
    ("collection", "name"),
    {
        "collection": name("file of printed/ that the rows stand in"),
        "name": text("name in the list it was taken from"),
        "indicator": name("indicator of a measure, see indicators.csv", optional=True),
        "dimension": name("what item tells apart", optional=True),
        "item": name("unit or fund, a part of one after a stroke", optional=True),
        "basis": one_of("basis that the name implies", BASES, optional=True),
    },
)

FIGURES = Table(
    "clean/figures",
    "printed figures with their value; all other clean tables are views of it",
    ("figure_id",),
    {
        "figure_id": name("figure"),
        "source_id": SOURCE,
        **_PRINTED,
        "value": number("value to show, in the unit; empty where only a bound or words are printed", optional=True),
        "unit": one_of("unit", (*UNITS, *WORDS)),
        "decimals": whole("decimals that the print holds in this unit", optional=True),
        "low": number("lower bound of what the print stands for; empty = open", optional=True),
        "high": number("upper bound, itself excluded; empty = open", optional=True),
        "bound_kind": one_of(
            "what the bounds are: none, the rounding of the print, or one unit of its last digit by a word such as "
            "gần; empty where there is no number",
            BOUND_KINDS,
            optional=True,
        ),
    },
    PERIOD_RULES,
)

REFERENCES = Table(
    "printed/references/*",
    "legal documents that the page names, typed: one row a mention",
    ("ref_id",),
    {
        "ref_id": name("mention, unique over all sources"),
        **_TOKEN,
        "type": one_of("type of document where the token leaves it out", DOCUMENTS, optional=True),
        "note": text("what a reader should know", optional=True),
    },
)

EXCLUDED = Table(
    "printed/exclusions/*",
    "digits on the page that are no figure, typed: one row a token",
    ("start",),
    {
        **_TOKEN,
        "reason": one_of("why it is no figure", EXCLUSIONS),
        "note": text("what a reader should know", optional=True),
    },
)

LEGAL_REFERENCES = Table(
    "clean/legal_references",
    "legal documents that the reports name, one row a mention",
    ("ref_id",),
    {
        "ref_id": name("mention"),
        "source_id": SOURCE,
        **_TOKEN,
        "type": one_of("type of document", DOCUMENTS),
        "number": text("number as printed; empty = it has none", optional=True),
        "date": day("date of the document; empty = not printed", optional=True),
        "issuer": text(
            "who issued it, by name or by the number's ending; empty = neither says",
            optional=True,
        ),
        "note": text("what a reader should know", optional=True),
    },
)


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
        "mean_cases_per_day": number("mean of new cases"),
        "community_cases_per_day": number("of these found in the community", optional=True),
        "mean_cases_per_day_decimals": whole("decimals of mean_cases_per_day"),
        "community_cases_per_day_decimals": whole("decimals of community_cases_per_day", optional=True),
        "figure_ids": FIGURE_IDS,
    },
    {
        "the phase ends before it starts; correct the dates in printed/": in_order("start", "end"),
        "community cases exceed all cases; correct the means in printed/": not_above(
            "community_cases_per_day", "mean_cases_per_day"
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

GRDP_LEVELS = Table(
    "clean/grdp_levels",
    "gross regional domestic product, or value added of a sector, of a quarter or since 1 January",
    ("area_code", "boundary_version", "year", "period", "sector", "price_base", "vintage", "basis", "source_id"),
    {
        **AREA,
        "year": whole("year"),
        "period": one_of("quarter, or cumulative H1, 9M, FY", PERIODS),
        "sector": name("total or sector"),
        "price_base": one_of("prices", ("constant_2010", "current")),
        "vintage": VINTAGE_COLUMN,
        "source_id": SOURCE,
        "span": one_of("whether the period is one quarter or cumulative", ("single", "cumulative")),
        "level_bn_vnd": number("level; empty where only words are printed", optional=True),
        "decimals": whole("decimals of level_bn_vnd", optional=True),
        **_bounds("level_bn_vnd"),
        "basis": one_of("actual, estimate, plan or scenario", BASES),
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

INVESTMENT_MEASURES = ("plan", "plan_assigned", "plan_allocated", "completed_volume", "disbursed")

INVESTMENT = Table(
    "clean/investment",
    "public investment: plans, work completed, money disbursed and aims, with their cut-off dates; an amount printed "
    "beside ratios of several plans stands in a row of each",
    (
        *("area_code", "boundary_version", "budget_year", "measure", "unit", "fund", "as_of", "vintage", "basis"),
        *("source_id", "ratio_base"),
    ),
    {
        **AREA,
        "budget_year": whole("year of the plan; payment closes on 31 January of the next"),
        "measure": one_of("which plan, work completed or money disbursed", INVESTMENT_MEASURES),
        "unit": name("who spends the money, a part of a unit after a stroke; empty = all", optional=True),
        "fund": name("where the money comes from, a part of a fund after a stroke; empty = all", optional=True),
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
        "ratio_base": one_of("plan that the ratio is of; empty = the page does not say", PLAN_BASES, optional=True),
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


# Words of a flag that keep a day out of every mean, rate and model; any other word is a remark.
EXCLUDING_FLAGS = {
    "corrupt": "the number cannot be right",
    "dump": "holds cases of earlier days",
    "negative": "a count taken back",
    "no_report": "nothing was reported that day; the 0 is not a count",
    "partial": "the day had not ended when the count was taken",
    "two_days": "holds two days, the one before having none",
}
FLAG = pattern(
    f"words separated by blanks; {', '.join(EXCLUDING_FLAGS)} keep the day out of means, rates and models, others "
    "(collections_differ, one_collection) are remarks",
    r"[a-z0-9_]+( [a-z0-9_]+)*",
    "one_collection partial",
    optional=True,
)

COVID_DAILY = Table(
    "series/covid_daily",
    "new COVID-19 cases by day; a day without a row, or with an empty count, is missing and not 0",
    ("area_code", "boundary_version", "date", "source_id"),
    {
        **AREA,
        "date": day("day that the cases are counted on"),
        "source_id": SOURCE,
        "new_cases": count("new confirmed cases as published, negative where a count was taken back", optional=True),
        "community_cases": count("of these found in the community", optional=True),
        "imported_cases": count("of these infected outside the area", optional=True),
        "date_basis": one_of("what the date is: day of report, of sampling or of first symptoms", DATE_BASES),
        "flag": FLAG,
    },
    {
        "community cases exceed all cases; correct one of the two": not_above("community_cases", "new_cases"),
        "imported cases exceed all cases; correct one of the two": not_above("imported_cases", "new_cases"),
    },
)

COVID_DEATHS_DAILY = Table(
    "series/covid_deaths_daily",
    "new deaths of COVID-19 by day; a day without a row, or with an empty count, is missing and not 0",
    ("area_code", "boundary_version", "date", "source_id"),
    {
        **AREA,
        "date": day("day that the deaths are counted on"),
        "source_id": SOURCE,
        "new_deaths": count("new deaths as published, negative where a count was taken back", optional=True),
        "date_basis": one_of("what the date is: day of report, of sampling or of first symptoms", DATE_BASES),
        "flag": FLAG,
        "note": text("what a reader should know", optional=True),
    },
)

GRDP_QUARTERLY = Table(
    "series/grdp_quarterly",
    "gross regional domestic product of single quarters by sector",
    ("area_code", "boundary_version", "year", "quarter", "sector", "vintage", "source_id"),
    {
        **AREA,
        "year": whole("year"),
        "quarter": numbered("quarter, never cumulative", 4),
        "sector": one_of("sector, or total", SECTORS),
        "vintage": VINTAGE_COLUMN,
        "source_id": SOURCE,
        "value_bn_vnd": number("value added; for total the product [bn VND]"),
        "decimals": whole("decimals of value_bn_vnd as published"),
        "price_base": one_of("prices", ("constant_2010", "current")),
        "basis": one_of("actual or estimate", SERIES_BASES),
    },
)

DISBURSEMENT_MONTHLY = Table(
    "series/disbursement_monthly",
    "public investment disbursed since the start of the budget year, by month, investor and fund source",
    ("area_code", "boundary_version", "budget_year", "month_index", "investor", "fund_source", "vintage", "source_id"),
    {
        **AREA,
        "budget_year": whole("year of the plan; payment closes on 31 January of the next"),
        "month_index": numbered("1 to 12 = month of the year, 13 = January of the next", 13),
        "investor": text("who spends the money; total = all"),
        "fund_source": text("where the money comes from; total = all"),
        "vintage": VINTAGE_COLUMN,
        "source_id": SOURCE,
        "as_of": day("day up to which the money is counted"),
        "plan_bn_vnd": number("plan assigned by the Prime Minister [bn VND]", optional=True),
        "plan_council_bn_vnd": number("plan assigned by the People's Council [bn VND]", optional=True),
        "plan_allocated_bn_vnd": number("plan allocated in detail [bn VND]", optional=True),
        "disbursed_cum_bn_vnd": number("disbursed since 1 January of the budget year [bn VND]", optional=True),
        "volume_cum_bn_vnd": number("work completed since then [bn VND]", optional=True),
        "decimals": whole("decimals of the amounts as published"),
        "cause": one_of("main cause of delay that the investor names", CAUSES, optional=True),
    },
)


def is_excluded(flags: pd.Series[str]) -> pd.Series[bool]:
    """Days that enter no mean, rate or model; they still count in totals, but for corrupt and partial ones."""
    return flags.map(lambda cell: not EXCLUDING_FLAGS.keys().isdisjoint(str(cell).split())).astype(bool)


SERIES = (COVID_DAILY, GRDP_QUARTERLY, DISBURSEMENT_MONTHLY, COVID_DEATHS_DAILY)


REGISTERS = (SOURCES, INDICATORS, AREAS, ASSUMPTIONS, CHECKS, CORRECTIONS)
WORDINGS = (LABEL_PATTERNS,)  # what a draft reads; no result rests on them
TYPED = (PRINTED, COLLECTED, REFERENCES, EXCLUDED)
TOPICAL = (
    COVID_PHASES,
    MEASURES,
    GRDP_GROWTH,
    GRDP_LEVELS,
    SECTOR_OUTPUTS,
    INVESTMENT,
    TARGETS,
    TASKS,
    PROGRAMME_ITEMS,
    ONLINE_SERVICES,
)
CLEAN = (FIGURES, *TOPICAL, LEGAL_REFERENCES)
