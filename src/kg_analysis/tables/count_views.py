"""Counts by status and online services as views of the figures.

Responsibility: tables in which each figure is a row of its own. Counts of two systems are never added.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg_analysis.tables import schemas
from kg_analysis.tables.figure_rows import Figure, area, numbers, period_name

COUNTS = {
    "target_count": schemas.TARGETS,
    "task_count": schemas.TASKS,
    "programme_item_count": schemas.PROGRAMME_ITEMS,
}


def counts(members: Iterable[Figure]) -> Iterable[Figure]:
    """Item ``system/status``, e.g. ``government/overdue``; a repeat (``total-2``) stays among the figures."""
    for row in members:
        system, _, status = row["item"].partition("/")
        if status[-1:].isdecimal() and status[-2:-1] == "-":
            continue
        yield area(row) | {
            "year": row["period_start"][:4],
            "period": period_name(row),
            "system": system,
            "status": status,
            "as_of": row["as_of"],
            "vintage": row["vintage"],
            "source_id": row["source_id"],
            "count": row["value"],
            "basis": row["basis"],
            "figure_ids": row["figure_id"],
        }


def online_services(rows: Iterable[Figure]) -> Iterable[Figure]:
    """Every ``online_service_x`` as the measure ``x``."""
    for row in rows:
        measure = str(row["indicator"]).removeprefix("online_service_")
        if measure != row["indicator"]:
            yield area(row) | {
                "year": row["period_start"][:4],
                "measure": measure,
                "as_of": row["as_of"],
                "vintage": row["vintage"],
                "source_id": row["source_id"],
                **numbers(row, "value", "decimals"),
                "unit": row["unit"],
                "figure_ids": row["figure_id"],
            }
