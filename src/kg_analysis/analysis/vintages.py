"""The same figure in several publications: growth revised, disbursement estimated and then settled.

Responsibility: set versions of one figure side by side, oldest first, each with its source. None replaces another.

Terms: *version* = a figure as one publication prints it; *outturn* = the result after the period closed; *bias* =
outturn less estimate [percentage points].
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.data.views import period_name
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, Row

_RATIO, _PAID, _PLAN = "pubinv_disbursed_plan_ratio", "pubinv_disbursed", "pubinv_plan"


@dataclass(frozen=True)
class Version:
    """Growth of a period as one publication prints it.

    Attributes
    ----------
    year : int
    period : str
        ``H1``, ``9M``, ``FY`` …
    published : str
        Vintage.
    source_id : str
    growth : Quantity
        [percent].
    """

    year: int
    period: str
    published: str
    source_id: str
    growth: Quantity


def growth_versions(data: Dataset) -> list[Version]:
    """Versions of every period's growth of the year that was published with more than one value, oldest first.

    Raises
    ------
    NotPrintedError
        If no growth of the year was published with two values.
    """
    rows = data.about(data.year, "grdp_growth")
    rows = rows[(rows["dimension"] == "") & rows["value"].notna()]
    rows = rows[rows["basis"].isin(["actual", "estimate"])]
    found = [_version(data, row) for _, row in rows.sort_values(["period_end", "vintage"], kind="stable").iterrows()]
    values = {each.period: {v.growth.value for v in found if v.period == each.period} for each in found}
    revised = [each for each in found if len(values[each.period]) > 1]
    if not revised:
        raise NotPrintedError(f"grdp_growth: no growth of {data.year} was published with two values", "growth_versions")
    return revised


def version_rows(found: list[Version]) -> list[Row]:
    """One row a version."""
    return [
        {
            "year": each.year,
            "period": each.period,
            "published": each.published,
            "source_id": each.source_id,
            "growth_pct": each.growth,
            "basis": each.growth.basis,
        }
        for each in found
    ]


def _version(data: Dataset, row: pd.Series) -> Version:
    named = {"period_end": row["period_end"].date().isoformat(), "period_type": row["period_type"]}
    return Version(data.year, period_name(named), row["vintage"], row["source_id"], data.quantity(str(row.name)))
