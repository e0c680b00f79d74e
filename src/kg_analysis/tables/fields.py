"""Columns and rules that several tables of the data contract share.

Responsibility: one meaning for one column name, wherever it stands.
"""

from __future__ import annotations

from kg_analysis.tables.columns import in_order, name, pattern
from kg_analysis.tables.vocabulary import VINTAGE, period_agrees

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
