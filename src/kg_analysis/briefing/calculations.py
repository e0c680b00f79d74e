"""Results that a reader may want to recompute with another input, each with its formula.

Responsibility: name inputs, formulas and the library's own results. A result whose inputs are not printed is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kg_analysis.analysis.investment import MONTHS
from kg_analysis.briefing import editor
from kg_analysis.briefing.content import Calculation, Term
from kg_analysis.briefing.desk import Desk, Missing
from kg_analysis.briefing.native import unit_label
from kg_analysis.briefing.registry import Frames
from kg_analysis.errors import NotPrintedError
from kg_analysis.formats import Quantity, given, number


@dataclass(frozen=True)
class Item:
    """A number of a frame of the registry, in the last row ``where`` columns have these values; else one ``given``.

    ``assumed``: no source prints it, the figures beside it are none of its sources. ``unit`` replaces its own.
    """

    frame: str = ""
    column: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""
    assumed: bool = False
    given: float | None = None


_LEADS = {"leads": True}
_REST = {"case": "base", "rest": "Q4"}
_IMPLIED = "{0} + ({0} - growth_9m) * (100 - q4_share) / q4_share"

# Inputs by id, and results: the formula over ids, and the library's own number that it must equal.
COMPUTATIONS: dict[str, tuple[dict[str, Item], dict[str, tuple[str, Item]]]] = {
    "investment": (
        {
            "plan": Item("balance", "plan_bn_vnd", _LEADS),
            "paid": Item("balance", "disbursed_bn_vnd", _LEADS),
            "target": Item("aim", "target_pct", unit="share_pct"),
            "months": Item(given=MONTHS, unit="months"),
        },
        {
            "undisbursed": ("plan - paid", Item("balance", "undisbursed_bn_vnd", _LEADS)),
            "missing_to_target": ("plan * target / 100 - paid", Item("balance", "short_bn_vnd", _LEADS)),
            "pace_needed": ("plan * target / 100 / months", Item("balance", "needed_bn_vnd_per_month", _LEADS)),
        },
    ),
    "growth": (
        {
            "growth_9m": Item("own_rates", "growth_pct", {"period": "9M"}),
            "growth_fy": Item("own_rates", "growth_pct", {"period": "FY"}),
            "growth_q3": Item("own_rates", "growth_pct", {"period": "Q3"}),
            "q4_share": Item("rest_need", "share_pct", _REST | {"goal": "printed"}, assumed=True),
            "goal": Item(given=0, unit="pct"),
            "trend": Item("ahead_growth", "trend_pct", assumed=True),
        },
        {
            "implied_q4": (_IMPLIED.format("growth_fy"), Item("rest_need", "need_pct", _REST | {"goal": "printed"})),
            "needed_q4": (_IMPLIED.format("goal"), Item("rest_need", "need_pct", _REST | {"goal": "zero"})),
            "catch_up_next_year": (
                "100 * ((1 + trend / 100) * (1 + trend / 100) / (1 + growth_fy / 100) - 1)",
                Item("ahead_growth", "catch_up_pct"),
            ),
            "level_next_year_at_trend": (
                "100 * ((1 + growth_fy / 100) * (1 + trend / 100) - 1)",
                Item("ahead_growth", "level_at_trend_pct"),
            ),
            "base_effect_q3": ("100 * (1 / (1 + growth_q3 / 100) - 1)", Item("base", "base_effect_pct")),
        },
    ),
}


def calculation(name: str, desk: Desk) -> Calculation | None:
    """Calculation by its name with what the year's figures allow; None where they allow nothing."""
    inputs, results = COMPUTATIONS[name]
    found = [term for each in results if (term := _result(each, *results[each], desk)) is not None]
    if not found:
        return None
    used = {word for each in found for word in re.findall(r"[a-z]\w*", each.formula)}
    terms = tuple(term for each in inputs if each in used and (term := _input(each, inputs[each], desk)) is not None)
    return Calculation(name, desk.here.say(f"briefing.calculation_{name}"), terms, tuple(found))


def _number(item: Item, frames: Frames) -> Quantity:
    if item.given is not None:
        return given(item.given, item.unit)
    rows = frames[item.frame]
    for column, value in item.where.items() if len(rows) else ():
        rows = rows[rows[column] == value]
    rows = rows[rows[item.column].notna()].tail(1) if len(rows) else rows
    if rows.empty:
        raise NotPrintedError(f"{item.column} does not follow from what is printed", "only_bound")
    found = number(rows.iloc[0], item.column)
    return replace(found, unit=item.unit or found.unit, figure_ids=() if item.assumed else found.figure_ids)


def _result(name: str, formula: str, item: Item, desk: Desk) -> Term | None:
    absurd = editor.is_absurd(name, desk.frames)
    return None if absurd else _term(name, f"briefing.result_{name}", item, desk, formula)


def _input(name: str, item: Item, desk: Desk) -> Term | None:
    found = _term(name, f"briefing.input_{name}", item, desk)
    if found is None:
        return None
    here = desk.here
    source = here.cite(found.figure_ids) if found.figure_ids else here.say(f"briefing.basis_{name}")
    return replace(found, source=source)


def _term(name: str, label: str, item: Item, desk: Desk, formula: str = "") -> Term | None:
    found = desk.made(lambda: _number(item, desk.frames))
    if isinstance(found, Missing):
        return None
    text, unit = desk.page.quantity(found), unit_label(found.unit, desk.page)
    shown = (float(found.value), found.shown_decimals, text, unit)
    return Term(name, desk.here.say(label), *shown, figure_ids=found.figure_ids, formula=formula)
