"""Words that the tables may hold, and the forms that codes and periods take.

Responsibility: closed vocabularies of the data contract, and when a period's days agree with its type.
"""

from __future__ import annotations

import pandas as pd

from kg_analysis.periods import period_bounds
from kg_analysis.tables.columns import is_day

PERIOD_TYPES = ("point", "day", "phase", "month", "quarter", "half", "ytd", "year", "budget_year")
BASES = ("actual", "estimate", "plan", "scenario")
QUALIFIERS = ("exact", "approx_below", "approx_above", "at_least", "at_most", "vague")
BOUND_KINDS = ("exact", "rounding", "wording")
LANGUAGES = ("vi", "en", "fr")
GRADES = ("official", "statistics", "press", "aggregator")  # best first
SOURCE_KINDS = ("report", "statistics", "press", "collection", "synthetic")
TOPICS = (
    "covid",
    "growth",
    "sector_output",
    "investment",
    "targets",
    "tasks",
    "programme",
    "online_services",
    "economy",
    "society",
    "administration",
    "report",
)
DOCUMENTS = ("resolution", "decision", "plan", "directive", "programme", "report")
EXCLUSIONS = ("virus_name", "footnote_mark", "section_number", "page_artefact", "context_period", "name")
COMPARATORS = ("same_period_last_year", "previous_year", "previous_month", "plan", "expectation", "total")
CHECK_KINDS = ("sum", "repeated", "ratio", "rank", "dates", "list", "words", "sources")
KINDS = ("level", "rate", "ratio", "mean", "count", "rank", "date", "period", "list", "statement")
_MONTHS = tuple(f"M{month}" for month in range(1, 13))
_TO_DATE = tuple(f"{months}M" for months in range(1, 12) if months != 6)
PERIODS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2", "FY", *_TO_DATE, *_MONTHS)
PLACES = ("before", "after")  # where a label stands by its number
WORDS = ("date", "period", "text")  # units of what has no value
DATE_BASES = ("report", "sampling", "onset")
SECTORS = ("total", "agriculture", "industry_construction", "services", "product_tax")
SERIES_BASES = ("actual", "estimate")
CAUSES = ("site_clearance", "procedures", "land_revenue", "record_only")
RATINGS = ("high", "medium", "low")

VINTAGE = r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?"


def period_agrees(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether first and last day are those of the period type."""
    return pd.Series(
        [_agrees(*row) for row in rows[["period_type", "period_start", "period_end"]].itertuples(index=False)]
    )


def _agrees(period_type: str, start: str, end: str) -> bool:
    if not (is_day(start) and is_day(end)) or period_type not in PERIOD_TYPES:
        return True  # reported by the column's own check
    if period_type in ("point", "day"):
        return start == end
    if period_type == "phase":
        return True
    year, month, last_month = int(start[:4]), int(start[5:7]), int(end[5:7])
    length = {"month": 1, "quarter": 3, "half": 6}.get(period_type, 12)
    index = last_month if period_type == "ytd" else (month - 1) // length + 1
    first, last = period_bounds(period_type, year, index)
    return (start, end) == (first.isoformat(), last.isoformat())
