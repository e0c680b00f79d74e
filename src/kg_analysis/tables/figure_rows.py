"""Rows of ``clean/figures`` as the topic tables take them: grouped, with their area, ids and period.

Responsibility: what all topic tables share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Figure = dict[str, Any]


def grouped(rows: Iterable[Figure], key: Callable[[Figure], tuple[str, ...]]) -> dict[tuple[str, ...], list[Figure]]:
    """Rows by a key of text, in the order in which the keys first stand."""
    found: dict[tuple[str, ...], list[Figure]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def ids(rows: Iterable[Figure]) -> str:
    """Ids of the rows, separated by blanks."""
    return " ".join(row["figure_id"] for row in rows)


def area(row: Figure) -> Figure:
    """Area columns of a topic table."""
    return {"area_code": row["area_code"], "boundary_version": row["boundary_version"]}


def numbers(row: Mapping[str, Any], column: str, decimals: str) -> Figure:
    """Columns of a number and of what it stands for; empty where there is no such figure."""
    return {
        column: row.get("value", ""),
        decimals: row.get("decimals", ""),
        f"{column}_low": row.get("low", ""),
        f"{column}_high": row.get("high", ""),
        f"{column}_kind": row.get("bound_kind", ""),
    }


def period_name(row: Figure) -> str:
    """Short name of a figure's period: ``Q3``, ``M11`` and ``H2`` alone, ``9M`` and ``FY`` from 1 January on."""
    last = int(row["period_end"][5:7])
    if row["period_type"] == "quarter":
        return f"Q{last // 3}"
    if row["period_type"] == "half":
        return f"H{last // 6}"
    return {"ytd": f"{last}M", "month": f"M{last}"}.get(row["period_type"], "FY")
