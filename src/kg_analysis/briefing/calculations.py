"""Results that a reader may want to recompute with another input, each with its formula.

Responsibility: name inputs, formulas and the library's own results. A result whose inputs are not printed is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from kg_analysis.analysis.investment import MONTHS
from kg_analysis.briefing import editor
from kg_analysis.briefing.content import Calculation, Input, Result
from kg_analysis.briefing.desk import Desk, Missing
from kg_analysis.briefing.native import unit_label
from kg_analysis.briefing.registry import Frames
from kg_analysis.errors import NotPrintedError
from kg_analysis.formats import Quantity, given, number
from kg_analysis.narrative.investment import leading_row
from kg_analysis.narrative.wording import need

Number = Callable[[Frames], Quantity]  # that follows from the registry's frames under the selection's inputs


@dataclass(frozen=True)
class Formula:
    """A result: its formula over input ids, and the library's function that it must equal."""

    text: str
    item: Number


@dataclass(frozen=True)
class Computation:
    """Inputs and results by id."""

    inputs: dict[str, Number]
    results: dict[str, Formula]


_IMPLIED = "{0} + ({0} - growth_9m) * (100 - q4_share) / q4_share"


COMPUTATIONS = {
    "investment": Computation(
        {
            "plan": lambda frames: _balance(frames, "plan_bn_vnd"),
            "paid": lambda frames: _balance(frames, "disbursed_bn_vnd"),
            "target": lambda frames: _aim(frames),  # noqa: PLW0108  defined below
            "months": lambda frames: given(MONTHS, "months"),
        },
        {
            "undisbursed": Formula("plan - paid", lambda frames: _balance(frames, "undisbursed_bn_vnd")),
            "missing_to_target": Formula("plan * target / 100 - paid", lambda frames: _balance(frames, "short_bn_vnd")),
            "pace_needed": Formula(
                "plan * target / 100 / months", lambda frames: _balance(frames, "needed_bn_vnd_per_month")
            ),
        },
    ),
    "growth": Computation(
        {
            "growth_9m": lambda frames: _rate(frames, "9M"),
            "growth_fy": lambda frames: _rate(frames, "FY"),
            "growth_q3": lambda frames: _rate(frames, "Q3"),
            "q4_share": lambda frames: _assumed(_rest(frames, "printed", "share_pct")),
            "goal": lambda frames: given(0, "pct"),
            "trend": lambda frames: _assumed(_number(frames["ahead_growth"], "trend_pct")),
        },
        {
            "implied_q4": Formula(_IMPLIED.format("growth_fy"), lambda frames: _rest(frames, "printed", "need_pct")),
            "needed_q4": Formula(_IMPLIED.format("goal"), lambda frames: _rest(frames, "zero", "need_pct")),
            "catch_up_next_year": Formula(
                "100 * ((1 + trend / 100) * (1 + trend / 100) / (1 + growth_fy / 100) - 1)",
                lambda frames: _number(frames["ahead_growth"], "catch_up_pct"),
            ),
            "level_next_year_at_trend": Formula(
                "100 * ((1 + growth_fy / 100) * (1 + trend / 100) - 1)",
                lambda frames: _number(frames["ahead_growth"], "level_at_trend_pct"),
            ),
            "base_effect_q3": Formula(
                "100 * (1 / (1 + growth_q3 / 100) - 1)",
                lambda frames: _number(frames["base"], "base_effect_pct"),
            ),
        },
    ),
}


def calculation(name: str, desk: Desk) -> Calculation | None:
    """Calculation of the catalogue with what the year's figures allow; None where they allow nothing."""
    known = COMPUTATIONS[name]
    attempts = [_result(each, formula, desk) for each, formula in known.results.items()]
    results = tuple(each for each in attempts if each is not None)
    if not results:
        return None
    used = {word for each in results for word in re.findall(r"[a-z]\w*", each.formula)}
    inputs = [_input(each, item, desk) for each, item in known.inputs.items() if each in used]
    title = desk.here.say(f"briefing.calculation_{name}")
    return Calculation(name, title, tuple(each for each in inputs if each is not None), results)


def _balance(frames: Frames, column: str) -> Quantity:
    """A number of the total that leads the year."""
    row = leading_row(frames["balance"])
    if pd.isna(row[column]):
        raise NotPrintedError(f"{column} does not follow from what is printed", "investment_open")
    return number(row, column)


def _aim(frames: Frames) -> Quantity:
    aim = need(frames["aim"], "investment_target").iloc[0]
    return replace(given(float(aim["target_pct"]), "share_pct"), figure_ids=tuple(str(aim["figure_ids"]).split()))


def _assumed(found: Quantity) -> Quantity:
    """A number that no source prints: the figures beside it are none of its sources."""
    return replace(found, figure_ids=())


def _rate(frames: Frames, period: str) -> Quantity:
    """Growth of a period of the year."""
    rates = need(frames["own_rates"], "growth_period")
    return _number(rates[rates["period"] == period], "growth_pct")


def _rest(frames: Frames, goal: str, column: str) -> Quantity:
    """A number of the fourth quarter at the base share, where nine months are printed."""
    rest = need(frames["rest_need"], "growth_rest")
    return _number(rest[(rest["goal"] == goal) & (rest["case"] == "base") & (rest["rest"] == "Q4")], column)


def _number(table: pd.DataFrame, column: str) -> Quantity:
    row = need(table, "growth_period").iloc[-1]
    if pd.isna(row[column]):
        raise NotPrintedError(f"{column} does not follow from what is printed", "only_bound")
    return number(row, column)


def _result(name: str, formula: Formula, desk: Desk) -> Result | None:
    found = Missing("") if editor.is_absurd(name, desk.frames) else desk.made(lambda: formula.item(desk.frames))
    if isinstance(found, Missing):
        return None
    label = desk.here.say(f"briefing.result_{name}")
    text = desk.here.page.quantity(found)
    unit = unit_label(found.unit, desk.here.page)
    return Result(name, label, formula.text, float(found.value), found.shown_decimals, text, unit)


def _input(name: str, item: Number, desk: Desk) -> Input | None:
    found = desk.made(lambda: item(desk.frames))
    if isinstance(found, Missing):
        return None
    here = desk.here
    source = here.cite(found.figure_ids) if found.figure_ids else here.say(f"briefing.basis_{name}")
    label = here.say(f"briefing.input_{name}")
    text, unit = here.page.quantity(found), unit_label(found.unit, here.page)
    return Input(name, label, float(found.value), found.shown_decimals, text, unit, source, found.figure_ids)
