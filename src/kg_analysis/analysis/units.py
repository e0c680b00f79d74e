"""Money not disbursed by unit or project, as far as a year's sources print it.

Responsibility: rank by money where plan and payment, or the money left itself, are printed at one day; list the others
with their rate. Of a unit known only by its rate the money is not known: it is neither 0 nor small. Groups may overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import NotPrintedError
from kg_analysis.quantities import Quantity, Row, derive

_PLAN, _PAID, _RATIO, _LEFT = "pubinv_plan", "pubinv_disbursed", "pubinv_disbursed_plan_ratio", "pubinv_undisbursed"
INDICATORS = (_PLAN, _PAID, _RATIO, _LEFT)
DIMENSIONS = ("unit", "project")


@dataclass(frozen=True)
class Unit:
    """A unit, group of units or project at the last day that is printed of it.

    Attributes
    ----------
    name, label : str
        Id, and the label of one of its figures.
    kind : str
        ``unit`` or ``project``.
    as_of : date
    undisbursed : Quantity or None
        Money left [bn VND]; None where only a rate is printed.
    ratio : Quantity or None
        Share of its plan paid [percent].
    """

    name: str
    label: str
    kind: str
    as_of: date
    undisbursed: Quantity | None
    ratio: Quantity | None


@dataclass(frozen=True)
class Units:
    """Units of a year.

    Attributes
    ----------
    ranked : tuple of Unit
        By money left, most first; all of one day.
    rates : tuple of Unit
        Known only by their rate, in order of the page; their days may differ.
    whole : Quantity or None
        Money left of the province's whole plan on the day of the ranking [bn VND].
    """

    ranked: tuple[Unit, ...]
    rates: tuple[Unit, ...]
    whole: Quantity | None


def units(data: Dataset) -> Units:
    """Units and projects of the year, whoever published them.

    Raises
    ------
    NotPrintedError
        If nothing is printed by unit or project.
    """
    rows = data.ever(*INDICATORS)
    rows = rows[rows["dimension"].isin(DIMENSIONS) & (rows["period_start"].dt.year == data.year)]
    dated = rows[rows["as_of"].notna() & (rows["basis"] == "actual")]
    if dated.empty:
        raise NotPrintedError(f"pubinv: nothing is printed by unit for {data.year}", "investment_units")
    found = [_unit(data, rows, item, group) for item, group in dated.groupby("item", sort=False)]
    known = [each for each in found if each.undisbursed is not None]
    last = max((each.as_of for each in known), default=None)
    ranked = sorted((each for each in known if each.as_of == last), key=lambda each: -_money(each))
    rates = tuple(each for each in found if each.undisbursed is None and each.ratio is not None)
    return Units(tuple(ranked), rates, None if last is None else _whole(data, last))


def unit_rows(found: Units) -> list[Row]:
    """Ranked units first, then those of which the money is not known."""
    return [
        {
            "rank": number if each.undisbursed is not None else None,
            "unit_name": each.name,
            "unit_name_printed": each.label,
            "as_of": each.as_of,
            "undisbursed_bn_vnd": each.undisbursed,
            "ratio_pct": each.ratio,
        }
        for number, each in enumerate((*found.ranked, *found.rates), 1)
    ]


def _unit(data: Dataset, rows: pd.DataFrame, item: object, group: pd.DataFrame) -> Unit:
    last = group[group["as_of"] == group["as_of"].max()]
    source = last["source_id"].iloc[-1]
    here = {
        row["indicator"]: data.quantity(str(name))
        for name, row in rows[(rows["item"] == item) & (rows["source_id"] == source)].iterrows()
        if pd.isna(row["as_of"]) or row["as_of"] == last["as_of"].iloc[-1]
    }
    left = here.get(_LEFT)
    if left is None and _PLAN in here and _PAID in here:
        left = derive(lambda plan, paid: plan - paid, here[_PLAN], here[_PAID], unit="bn_vnd")
    first = last.iloc[0]
    return Unit(str(item), first["label"], first["dimension"], first["as_of"].date(), left, here.get(_RATIO))


def _whole(data: Dataset, day: date) -> Quantity | None:
    """Money left of the whole plan, where plan and payment of that day stand in one source."""
    rows = data.ever(_PLAN, _PAID)
    rows = rows[(rows["dimension"] == "") & (rows["period_start"].dt.year == data.year) & rows["value"].notna()]
    paid = rows[(rows["indicator"] == _PAID) & (rows["as_of"] == pd.Timestamp(day)) & (rows["basis"] == "actual")]
    for figure, source in paid["source_id"].items():
        plans = rows[(rows["indicator"] == _PLAN) & (rows["source_id"] == source)]
        if len(plans):
            pair = data.quantity(str(plans.index[-1])), data.quantity(str(figure))
            return derive(lambda plan, spent: plan - spent, *pair, unit="bn_vnd")
    return None


def _money(each: Unit) -> float:
    return 0.0 if each.undisbursed is None else each.undisbursed.value
