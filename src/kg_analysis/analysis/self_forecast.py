"""How good the province's own estimates of a year's disbursement were, and what that takes off the next one.

Responsibility: estimate against outturn at the same close, year by year, and the haircut. An estimate never stands for
an outturn: a year without a settled share has no row.

Terms: *bias* = settled less estimated share of the plan of the time [percentage points]; *haircut* = a new estimate
plus the bias of earlier years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kg_analysis.analysis.profile import envelope
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity, Row, derive, given, union_ids

_RATIO = "pubinv_disbursed_plan_ratio"


@dataclass(frozen=True)
class Bias:
    """One budget year: share of the plan estimated before its close and settled after it [percent]."""

    year: int
    estimated: Quantity
    settled: Quantity

    @property
    def points(self) -> Quantity:
        """Settled less estimated [percentage points]."""
        return derive(lambda a, b: a - b, self.settled, self.estimated, unit="percentage_point")


@dataclass(frozen=True)
class Haircut:
    """A year's estimate with the bias of earlier years taken off.

    Attributes
    ----------
    estimate : Quantity
        Share of the plan at the close, as printed or as the reader sets it [percent].
    years : tuple of int
        Earlier years whose bias is used.
    corrected : Quantity
        [percent]; its bounds are the years with the most and the least bias.
    """

    estimate: Quantity
    years: tuple[int, ...]
    corrected: Quantity


def biases(data: Dataset) -> list[Bias]:
    """Bias of every budget year up to this one of which both sides were published, the first year first.

    Raises
    ------
    NotPrintedError
        If there is no such year.
    """
    rows = _at_close(data)
    found = []
    for year, group in rows[rows["period_start"].dt.year <= data.year].groupby(rows["period_start"].dt.year):
        estimates, settled = (group[group["basis"] == basis] for basis in ("estimate", "actual"))
        if len(estimates) and len(settled):
            pair = _own(data, estimates), data.quantity(str(settled.index[-1]))
            found.append(Bias(int(year), *pair))
    if not found:
        raise NotPrintedError(f"investment: no estimate with a later outturn up to {data.year}", "investment_bias")
    return found


def haircut(data: Dataset, found: Sequence[Bias], own_forecast_pct: float | None = None) -> Haircut | None:
    """This year's estimate less the bias of earlier years; None without an estimate or without an earlier year."""
    estimate = _estimate(data) if own_forecast_pct is None else given(own_forecast_pct, "pct")
    earlier = [each for each in found if each.year < data.year]
    if estimate is None or not earlier:
        return None
    ends = [derive(lambda a, b: a + b, estimate, each.points, unit="pct") for each in earlier]
    corrected = envelope(ends).interval
    inputs = estimate.rests_on | {"actual", "estimate"}
    ids = union_ids([estimate, *(each.points for each in earlier)])
    bounded = Interval(corrected.low, corrected.high, corrected.value)
    return Haircut(estimate, tuple(each.year for each in earlier), Quantity(bounded, "pct", ids, inputs=inputs))


def bias_rows(found: Sequence[Bias]) -> list[Row]:
    """One row a year."""
    return [
        {
            "year": str(each.year),
            "estimated_pct": each.estimated,
            "settled_pct": each.settled,
            "bias_pp": each.points,
        }
        for each in found
    ]


def _at_close(data: Dataset) -> pd.DataFrame:
    """Shares of the whole plan at the close of a budget year, oldest publication first."""
    rows = data.ever(_RATIO)
    rows = rows[(rows["dimension"] == "") & rows["value"].notna()]
    return rows[rows["as_of"] == rows["period_end"]].sort_values("vintage", kind="stable")


def _own(data: Dataset, estimates: pd.DataFrame) -> Quantity:
    """The province's own estimate in its report, else the last one published."""
    report = estimates["source_id"].map(data.sources["kind"]) == "report"
    chosen = estimates[report] if report.any() else estimates
    return data.quantity(str(chosen.index[-1]))


def _estimate(data: Dataset) -> Quantity | None:
    rows = _at_close(data)
    rows = rows[(rows["period_start"].dt.year == data.year) & (rows["basis"] == "estimate")]
    return _own(data, rows) if len(rows) else None
