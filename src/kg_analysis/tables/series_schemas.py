"""Schemas of the optional series: daily COVID counts, quarterly GRDP by sector, monthly disbursement.

Responsibility: column names with their unit, and the rules a row must keep. A series that is not there is no error; one
that is there keeps the contract like any other table.

Terms: *month index* = month of the budget year: 1 to 12 are its calendar months, 13 is January of the next year.
"""

from __future__ import annotations

import pandas as pd

from kg_analysis.tables.columns import Table, count, day, not_above, number, numbered, one_of, pattern, text, whole
from kg_analysis.tables.fields import AREA, SOURCE, VINTAGE_COLUMN
from kg_analysis.tables.vocabulary import CAUSES, DATE_BASES, SECTORS, SERIES_BASES

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


SERIES = (COVID_DAILY, COVID_DEATHS_DAILY, GRDP_QUARTERLY, DISBURSEMENT_MONTHLY)
