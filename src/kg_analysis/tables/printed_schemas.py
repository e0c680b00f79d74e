"""Schemas of what is typed from the page: figures, legal references, and what is neither.

Responsibility: the tables under ``printed/``, and ``clean/figures`` and ``clean/legal_references`` that are read from
them.
"""

from __future__ import annotations

from kg_analysis.tables.columns import Table, day, name, number, one_of, pattern, text, whole
from kg_analysis.tables.fields import AREA, PERIOD_RULES, PLACE, SECTION, SOURCE, VINTAGE_COLUMN
from kg_analysis.tables.vocabulary import (
    BASES,
    BOUND_KINDS,
    COMPARATORS,
    DOCUMENTS,
    EXCLUSIONS,
    PERIOD_TYPES,
    QUALIFIERS,
    WORDS,
)
from kg_analysis.units import UNITS

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
            "what the bounds are: none, the rounding of the print, or one unit of the last digit by a word such as gần; "
            "empty where there is no number",
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
