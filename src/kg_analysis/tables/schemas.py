"""The data contract: every table under ``data/``.

Responsibility: which tables there are, in the order in which they are checked. Their columns stand in ``registers``,
``printed_schemas``, ``topic_schemas`` and ``series_schemas``.
"""

from __future__ import annotations

from kg_analysis.tables.printed_schemas import COLLECTED, EXCLUDED, FIGURES, LEGAL_REFERENCES, PRINTED, REFERENCES
from kg_analysis.tables.registers import AREAS, ASSUMPTIONS, CHECKS, CORRECTIONS, INDICATORS, LABEL_PATTERNS, SOURCES
from kg_analysis.tables.series_schemas import COVID_DAILY, COVID_DEATHS_DAILY, DISBURSEMENT_MONTHLY, GRDP_QUARTERLY, SERIES
from kg_analysis.tables.topic_schemas import (
    COVID_PHASES,
    GRDP_GROWTH,
    INVESTMENT,
    MEASURES,
    ONLINE_SERVICES,
    PROGRAMME_ITEMS,
    SECTOR_OUTPUTS,
    TARGETS,
    TASKS,
)

REGISTERS = (SOURCES, INDICATORS, AREAS, ASSUMPTIONS, CHECKS, CORRECTIONS)
WORDINGS = (LABEL_PATTERNS,)  # what a draft reads; no result rests on them
TYPED = (PRINTED, COLLECTED, REFERENCES, EXCLUDED)
TOPICAL = (
    COVID_PHASES,
    MEASURES,
    GRDP_GROWTH,
    SECTOR_OUTPUTS,
    INVESTMENT,
    TARGETS,
    TASKS,
    PROGRAMME_ITEMS,
    ONLINE_SERVICES,
)
CLEAN = (FIGURES, *TOPICAL, LEGAL_REFERENCES)

__all__ = [
    "AREAS",
    "ASSUMPTIONS",
    "CHECKS",
    "CLEAN",
    "COLLECTED",
    "CORRECTIONS",
    "COVID_DAILY",
    "COVID_DEATHS_DAILY",
    "COVID_PHASES",
    "DISBURSEMENT_MONTHLY",
    "EXCLUDED",
    "FIGURES",
    "GRDP_GROWTH",
    "GRDP_QUARTERLY",
    "INDICATORS",
    "INVESTMENT",
    "LABEL_PATTERNS",
    "LEGAL_REFERENCES",
    "MEASURES",
    "ONLINE_SERVICES",
    "PRINTED",
    "PROGRAMME_ITEMS",
    "REFERENCES",
    "REGISTERS",
    "SECTOR_OUTPUTS",
    "SERIES",
    "SOURCES",
    "TARGETS",
    "TASKS",
    "TOPICAL",
    "TYPED",
    "WORDINGS",
]
