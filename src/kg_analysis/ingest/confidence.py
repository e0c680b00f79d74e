"""How sure a proposal is: the weight of each kind of evidence, and what the other figures say against it or for it.

Responsibility: from evidence to a probability by weights that were fitted on texts that no wording was tuned on
(``benchmarks/bench_draft_accuracy.py --fit``); and the checks of an accepted report, asked before a person reads the
draft: two figures for one cell, growth that parts do not add up to, plan times ratio, ranks outside their range. A
clash is never sure and says why; agreement raises confidence.

Terms: *confidence* = estimated probability that value, unit, indicator, entity, area, period and basis are all right;
*cell* = indicator, entity, area, period and basis; *weight* = change of the log odds.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]
UNKNOWN = 0.3
CLASH = 0.6  # at most, where another figure contradicts
_BROKEN = 0.3
# Log odds by evidence; fitted with a ridge on texts that nobody tuned on, rounded.
INTERCEPT = 4.01
WEIGHTS: dict[str, float] = {
    "stale": -2.58,
    "kind:count": -2.48,
    "status": -1.96,
    "basis:time_in_year": -1.39,
    "period:former": -1.13,
    "strangers:2": -1.11,
    "basis:words": -1.04,
    "far": -1.03,
    "subject:carried": -0.93,
    "strangers:1": -0.92,
    "subject:same": -0.88,
    "strangers:3": -0.67,
    "role:neutral": -0.65,
    "period:year": -0.45,
    "area:own": -0.45,
    "period:mixed": -0.43,
    "period:text": -0.31,
    "subject:before": -0.31,
    "basis:carried": -0.23,
    "role:multiple": -0.14,
    "period:paragraph": -0.06,
    "role:expectation": 0.05,
    "subject:entity": 0.05,
    "basis:same": 0.12,
    "basis:aside": 0.14,
    "period:title": 0.23,
    "subject:heading": 0.39,
    "subject:behind": 0.42,
    "period:sentence": 0.42,
    "area:paragraph": 0.43,
    "role:share": 0.43,
    "period:heading": 0.45,
    "role:change": 0.46,
    "subject:after": 0.57,
    "basis:meaning": 0.57,
    "basis:time": 0.67,
    "kind:rank": 0.72,
    "subject:paragraph": 0.72,
    "basis:as_of": 1.2,
    "period:clause": 1.29,
}


def features(name: str, evidence: Row) -> list[str]:
    """Kinds of evidence of a proposal, by the names that ``WEIGHTS`` has."""
    found = [f"subject:{evidence['subject']}", f"period:{evidence['source']}", f"area:{evidence['area_source']}"]
    found.append(f"basis:{evidence['basis_source']}")
    found += [f"strangers:{min(evidence['strangers'], 3)}"] if evidence["strangers"] else []
    found += [each for each in ("far", "stale") if evidence.get(each)]
    if name in ("task_count", "programme_item_count", "target_count"):
        found.append("status")
    elif evidence["kind"] in ("count", "rank"):
        found.append(f"kind:{evidence['kind']}")
    if evidence["role"] in ("neutral", "share", "change", "multiple", "expectation", "compared"):
        found.append(f"role:{evidence['role']}")
    return found


def confidence_of(name: str, evidence: Row) -> float:
    """Confidence of a proposal by its evidence alone."""
    if not name:
        return UNKNOWN
    if evidence["broken"]:
        return _BROKEN
    score = INTERCEPT + sum(WEIGHTS.get(each, 0.0) for each in features(name, evidence))
    return round(1 / (1 + math.exp(-score)), 3)


def checked(rows: list[Row]) -> list[Row]:
    """Proposals after the checks: clashes lowered with their reason, agreements raised."""
    figures = [row for row in rows if row["kind"] == "figure" and row["indicator"] and row.get("evidence")]
    _points_of_growth(figures)
    _one_value_a_cell(figures)
    _ranks_in_range(rows)
    _plan_and_ratio(figures)
    return rows


def _lowered(row: Row, reason: str) -> None:
    row["confidence"] = min(row["confidence"], CLASH)
    row["doubt"] = reason


def _points_of_growth(rows: Iterable[Row]) -> None:
    """Contributions in percent that add up to the growth itself are points: đóng góp 1,19% of 5,56%."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    growth: dict[tuple[str, ...], float] = {}
    for row in rows:
        key = (row["area_code"], row["period_start"], row["period_end"])
        if row["indicator"] == "grdp_contribution_share" and row["value"] is not None:
            groups[key].append(row)
        if row["indicator"] == "grdp_growth" and not row["item"] and row["value"] is not None:
            growth.setdefault(key, row["value"])
    for row in rows:
        if row["indicator"] == "grdp_contribution_share" and row["unit"] == "phần trăm" and row["value"] and row["value"] < 10:
            row |= {"indicator": "grdp_contribution", "unit_id": "percentage_point"}
    for key, parts in groups.items():
        total = sum(each["value"] for each in parts)
        if len(parts) > 1 and key in growth and abs(total - growth[key]) < 0.05 * len(parts):
            for each in parts:
                each |= {"indicator": "grdp_contribution", "unit_id": "percentage_point"}


def _cell(row: Row) -> tuple[str, ...]:
    names = ("indicator", "dimension", "item", "area_code", "period_start", "period_end", "basis", "comparator", "as_of")
    return tuple(str(row[each]) for each in names)


def _one_value_a_cell(rows: Iterable[Row]) -> None:
    """Two values in one cell clash; the same value twice agrees."""
    cells: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        cells[_cell(row)].append(row)
    for same in cells.values():
        values = {each["value"] for each in same}
        if len(same) < 2:
            continue
        for each in same:
            if len(values) > 1:
                _lowered(each, "cell")
            else:
                each["confidence"] = max(each["confidence"], min(0.97, each["confidence"] + 0.05))


def _ranks_in_range(rows: Iterable[Row]) -> None:
    """A rank lies between one and the number ranked."""
    last: Row | None = None
    for row in rows:
        if last is not None and str(row["indicator"]).endswith("_rank_of") and last["value"] and row["value"]:
            if last["value"] > row["value"]:
                _lowered(last, "rank")
                _lowered(row, "rank")
        last = row if str(row["indicator"]).endswith("_rank") else None


def _plan_and_ratio(rows: list[Row]) -> None:
    """Plan times ratio is the amount, within what the print allows; held against figures of one sentence."""
    by_name: dict[tuple[str, ...], Row] = {}
    for row in rows:
        by_name[(row["context"], row["indicator"], row["item"])] = row
    for (context, name, item), plan in by_name.items():
        if name != "pubinv_plan" or not plan["value"]:
            continue
        paid = by_name.get((context, "pubinv_disbursed", item))
        ratio = by_name.get((context, "pubinv_disbursed_plan_ratio", item))
        if paid and ratio and paid["value"] and ratio["value"]:
            share = 100 * paid["value"] / plan["value"]
            slack = max(0.5 * 10.0 ** -(ratio["decimals"] or 0), 0.005 * share)
            for each in (plan, paid, ratio):
                if abs(share - ratio["value"]) > 2 * slack:
                    _lowered(each, "ratio")
                else:
                    each["confidence"] = max(each["confidence"], min(0.97, each["confidence"] + 0.05))
