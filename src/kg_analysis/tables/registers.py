"""Schemas of the registers: sources, codebook, areas, assumptions, checks, label patterns.

Responsibility: what printed figures refer to.
"""

from __future__ import annotations

import pandas as pd

from kg_analysis.tables.columns import Table, day, in_order, name, number, one_of, pattern, text, whole
from kg_analysis.tables.fields import AREA
from kg_analysis.tables.labels import is_subject_or_entity
from kg_analysis.tables.vocabulary import CHECK_KINDS, GRADES, KINDS, LANGUAGES, PLACES, RATINGS, SOURCE_KINDS, TOPICS, WORDS
from kg_analysis.units import UNITS



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
            "how far the source is answered for: government, statistics office or ministry, press of record, or a page that "
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
    "serial_interval_first_mean": "days",
    "serial_interval_first_sd": "days",
    "serial_interval_second_mean": "days",
    "serial_interval_second_sd": "days",
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
