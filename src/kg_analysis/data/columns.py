"""Column types of the data contract, its closed vocabularies, and the columns that several tables share.

Responsibility: the vocabulary in which ``tables.toml`` is written. Cells are validated as the text of the file, so that
a message shows what stands there, each with the remedy that it calls for, and converted when the whole table is sound.

Terms: *kind* = how a column is read: ``text``, ``number``, ``whole`` or ``day``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pandera.pandas as pa

from kg_analysis.vietnamese import UNITS, period_bounds

Column = pa.Column
RowRule = Callable[[pd.DataFrame], "pd.Series[bool]"]


@dataclass(frozen=True)
class Table:
    """Schema of one CSV: a pandera schema over its text, and how to read each column."""

    name: str  # path under ``data/`` without ``.csv``; ``printed/*`` stands for a file a source
    about: str
    key: tuple[str, ...]  # columns that together identify a row; the stable order of the file
    columns: dict[str, pa.Column]
    # remedy to a check over whole rows; true where the row is sound
    rules: dict[str, RowRule] = field(default_factory=dict)

    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema, over text columns."""
        checks = [pa.Check(rule, error=remedy) for remedy, rule in self.rules.items()]
        return pa.DataFrameSchema(self.columns, checks=checks, strict=True, ordered=True, name=self.name)

    def kind(self, column: str) -> str:
        """How a column is read."""
        return str(self.columns[column].metadata["kind"])


def _column(kind: str, about: str, check: Callable[[str], bool], remedy: str, optional: bool) -> pa.Column:
    test = pa.Check(lambda cell: (optional and cell == "") or check(cell), element_wise=True, error=remedy)
    return pa.Column(str, [test], description=about, metadata={"kind": kind, "optional": optional})


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda cell: compiled.fullmatch(cell) is not None


def text(about: str, *, optional: bool = False) -> pa.Column:
    """Free text without line breaks or blanks at its ends."""
    remedy = "write text without line breaks and without blanks at its ends"
    if not optional:
        remedy += "; it may not be empty"
    return _column("text", about, lambda cell: cell == cell.strip() != "" and "\n" not in cell, remedy, optional)


def name(about: str, *, optional: bool = False) -> pa.Column:
    """Identifier in lower-case ASCII."""
    pattern = r"[a-z0-9][a-z0-9_.:/-]*"
    return _column("text", about, _matches(pattern), "write an id of lower-case letters, digits, - _ . : /", optional)


def pattern(about: str, regex: str, example: str, *, optional: bool = False) -> pa.Column:
    """Text of a given form."""
    return _column("text", about, _matches(regex), f"write it like {example}", optional)


def one_of(about: str, choices: Sequence[str], *, optional: bool = False) -> pa.Column:
    """Word of a closed vocabulary."""
    return _column("text", about, lambda cell: cell in choices, f"choose one of {', '.join(choices)}", optional)


def number(about: str, *, optional: bool = False) -> pa.Column:
    """Decimal number with a point."""
    remedy = "write a number with a decimal point and no thousands separator, e.g. 4.52"
    return _column("number", about, _matches(r"-?\d+(\.\d+)?"), remedy, optional)


def whole(about: str, *, optional: bool = False) -> pa.Column:
    """Whole number, 0 or more."""
    return _column("whole", about, _matches(r"\d{1,9}"), "write a whole number without separators, e.g. 1222", optional)


def numbered(about: str, last: int) -> pa.Column:
    """Whole number from 1 to ``last``."""
    numbers = [str(each) for each in range(1, last + 1)]
    return _column("whole", about, lambda cell: cell in numbers, f"write a whole number from 1 to {last}", False)


def count(about: str, *, optional: bool = False) -> pa.Column:
    """Whole number that may be negative: a count that was corrected downwards."""
    remedy = "write a whole number without separators, e.g. 1222, or leave it empty where it is not known"
    return _column("whole", about, _matches(r"-?\d{1,9}"), remedy, optional)


def day(about: str, *, optional: bool = False) -> pa.Column:
    """Calendar day in ISO form."""
    return _column("day", about, is_day, "write a calendar day as year-month-day, e.g. 2021-09-30", optional)


def is_day(cell: str) -> bool:
    """Whether a cell is a calendar day, e.g. 2021-09-30."""
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def in_order(first: str, last: str) -> RowRule:
    """Rows in which ``first`` is not after ``last``; cells that are no days are another check's matter."""

    def days(cells: pd.Series[str]) -> pd.Series[pd.Timestamp]:
        return pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")

    return lambda rows: ~(days(rows[first]) > days(rows[last]))


def not_above(part: str, total: str) -> RowRule:
    """Rows in which ``part`` does not exceed ``total``; cells that are no numbers pass."""
    return lambda rows: ~(pd.to_numeric(rows[part], "coerce") > pd.to_numeric(rows[total], "coerce"))


PERIOD_TYPES = ("point", "day", "phase", "month", "quarter", "half", "ytd", "year", "budget_year")
BASES = ("actual", "estimate", "plan", "scenario")
QUALIFIERS = ("exact", "approx_below", "approx_above", "at_least", "at_most", "vague")
BOUND_KINDS = ("exact", "rounding", "wording")
LANGUAGES = ("vi", "en", "fr")
GRADES = ("official", "statistics", "press", "aggregator")  # best first
SOURCE_KINDS = ("report", "statistics", "press", "collection", "synthetic")
TOPICS = (
    "covid", "growth", "sector_output", "investment", "targets", "tasks", "programme", "online_services", "economy",
    "society", "administration", "report",
)  # fmt: skip
DOCUMENTS = ("resolution", "decision", "plan", "directive", "programme", "report")
EXCLUSIONS = ("virus_name", "footnote_mark", "section_number", "page_artefact", "context_period", "name")
# Plans that a ratio may be of: of the Prime Minister, the province, all money of the year with what is carried over, a
# unit's or fund's own, the nation. A ratio of ``plan`` is of one that the page does not name.
PLAN_BASES = ("pm_plan", "province_plan", "total_plan", "unit_plan", "national_plan")
COMPARATORS = (
    "same_period_last_year", "previous_year", "previous_month", "plan", *PLAN_BASES, "expectation", "total",
)  # fmt: skip
CHECK_KINDS = ("sum", "repeated", "ratio", "rank", "dates", "list", "words", "sources")
DIFFERENCES = ("vintage", "forecast", "definition", "prices", "period", "wording")  # of the two sides of a check
KINDS = ("level", "rate", "ratio", "mean", "count", "rank", "date", "period", "list", "statement")
_MONTHS = tuple(f"M{month}" for month in range(1, 13))
_TO_DATE = tuple(f"{months}M" for months in range(1, 12) if months != 6)
PERIODS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2", "FY", *_TO_DATE, *_MONTHS)
INVESTMENT_MEASURES = ("plan", "plan_assigned", "plan_allocated", "completed_volume", "disbursed")
PLACES = ("before", "after")  # where a label stands by its number
WORDS = ("date", "period", "text")  # units of what has no value
ALL_UNITS = (*UNITS, *WORDS)
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


SECTION = r"(0|[IVX]+)(\.\d+)?(\.[a-zđ])?"
PLACE = r"(paragraph|footnote) \d+|heading"
AREA = {
    "area_code": pattern("area, see areas.csv", r"\d{2}", "91"),
    "boundary_version": name("boundary that the figure holds for, see areas.csv"),
}
FIGURE_IDS = pattern("printed figures behind the row, separated by blanks", r"[a-z0-9_.:/ -]+", "kg21-growth-h1")
VINTAGE_COLUMN = pattern("when this version was published, to the day, month or year", VINTAGE, "2021-12")
SOURCE = name("source, see sources.csv")
PERIOD_RULES = {
    "period_end lies before period_start; correct one of them": in_order("period_start", "period_end"),
    "period_start and period_end are not those of period_type; correct one of the three": period_agrees,
}
