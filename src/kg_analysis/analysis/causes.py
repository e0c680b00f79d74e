"""Causes of delay that the report names.

Responsibility: list them as printed; the report gives no shares, so nothing is computed.
"""

from __future__ import annotations

from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Row
from kg_analysis.tables.dataset import Dataset


def causes(data: Dataset) -> list[Row]:
    """Causes of delay and sectors concerned that the report names, in the order of the page; no shares are given.

    Returns
    -------
    list of Row
        ``kind`` (cause or sector), ``item``, ``label``, ``section``, ``place``, ``figure_ids``.

    Raises
    ------
    NotPrintedError
        If the report names none.
    """
    rows = data.figures[data.figures["indicator"].isin(["pubinv_delay_cause", "pubinv_delay_sector"])]
    if rows.empty:
        problem = f"pubinv_delay_cause: no cause of delay is printed for {data.year}"
        raise NotPrintedError(problem, "investment_causes")
    return [
        {
            "kind": row["dimension"],
            "item": row["item"],
            "label": row["label"],
            "section": row["section"],
            "place": row["place"],
            "figure_ids": figure_id,
        }
        for figure_id, row in rows.iterrows()
    ]
