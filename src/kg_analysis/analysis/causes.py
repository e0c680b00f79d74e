"""Causes of delay that the report names, and the projects it names as slow.

Responsibility: list them as printed; the report gives no shares, so nothing is computed. Sectors and funding are kinds
of slow projects, not causes.
"""

from __future__ import annotations

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Row

KINDS = ("cause", "sector", "funding")
_INDICATORS = [f"pubinv_delay_{kind}" for kind in KINDS]


def causes(data: Dataset) -> list[Row]:
    """Causes of delay, and sectors and funding of slow projects, in the order of the page; no shares are given.

    Returns
    -------
    list of Row
        ``kind`` (one of KINDS), ``delay`` (its id), ``delay_printed`` (its label), ``figure_ids``.

    Raises
    ------
    NotPrintedError
        If the report names none.
    """
    rows = data.topic("investment")
    rows = rows[rows["indicator"].isin(_INDICATORS)]
    if rows.empty:
        problem = f"pubinv_delay_cause: no cause of delay is printed for {data.year}"
        raise NotPrintedError(problem, "investment_causes")
    return [
        {
            "kind": row["dimension"],
            "delay": f"{row['dimension']}_{row['item']}",
            "delay_printed": row["label"],
            "figure_ids": figure_id,
        }
        for figure_id, row in rows.iterrows()
    ]
