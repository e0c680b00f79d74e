"""Ranks of the province's growth, each with the number of provinces ranked where the report prints it.

Responsibility: which rank belongs to which region. A rank without its total is kept as such.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity


@dataclass(frozen=True)
class Rank:
    """Rank of the year's growth among the provinces of a region; 1 is the fastest.

    Attributes
    ----------
    region : str
        Item of the figure, e.g. ``mekong_delta``.
    label : str
        As typed from the page.
    rank : Quantity
    of : Quantity or None
        Provinces ranked; None where the report does not print them.
    """

    region: str
    label: str
    rank: Quantity
    of: Quantity | None


def ranks(data: Dataset) -> list[Rank]:
    """Ranks of the year's growth, in the order of the page.

    Raises
    ------
    NotPrintedError
        If none is printed.
    """
    rows = data.select("grdp_growth_rank")
    if rows.empty:
        raise NotPrintedError(f"grdp_growth_rank: no rank is printed for {data.year}", "growth_rank")
    return [
        Rank(row["item"], row["label"], data.quantity(str(each)), data.find("grdp_growth_rank_of", item=row["item"]))
        for each, row in rows.iterrows()
    ]
