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
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise
from typing import Any

import pandas as pd

from kg_analysis.data.clean import parse_row
from kg_analysis.data.printed import Registers
from kg_analysis.errors import DataError
from kg_analysis.ingest.workbook import COLUMNS, FIGURES, UNMATCHED, shown

Row = dict[str, Any]
# fmt: off
_MARKS = (
    "far", "stale", "passed", "generic", "doubtful", "listed", "distant", "areas", "periods",
    "labels", "short", "unknown_near", "strange:some", "strange:many", "local", "minor", "rivals", "terms", "unsaid",
)
# fmt: on
_STRANGE = {"strange:some": 0.1, "strange:many": 0.3}  # share of a text's figures that no indicator is known for
UNKNOWN = 0.3
CLASH = 0.6  # at most, where another figure contradicts
_BROKEN = 0.3
# Kinds of evidence that failed oftener at first sight of texts than on those the weights come from: a nearer label
# that the unit does not fit, a label of an earlier figure or behind the figure, unknown words before it, a sentence
# of several labels, multiples, a plan that only an earlier clause names, states of a year that is not over; a period
# that is only compared with, one of several in its paragraph, not the text's usual one, or of a text that also speaks
# of parts of the year; figures of the province in a text that speaks of a district first.
# fmt: off
DOUBTS = frozenset({
    "passed", "subject:carried", "subject:behind", "strangers:1", "strangers:2", "strangers:3", "labels",
    "role:multiple", "basis:state", "basis:sentence", "period:former", "period:mixed", "period:part", "local",
    "minor", "rivals", "terms",
})
# fmt: on
_DOUBT = 0.85
_CELL = ("indicator", "dimension", "item", "area_code", "period_start", "period_end", "basis", "comparator", "as_of")
_RESULTS = ("actual", "estimate")
_SMALL = 100
_FEWEST_PERCENT = 10  # of the growth that a sector contributes, where it is said in percent
_SECTORS, _MAIN = ("agriculture", "industry_construction", "services", "product_tax"), 3
_NO_INDUSTRY = {"agriculture", "services", "trade", "construction", "product_tax", "livestock", "accommodation_food"}


@cache
def _fitted() -> Row:
    """Intercept and weights as the benchmark has fitted them."""
    return tomllib.loads(files(__package__).joinpath("confidence.toml").read_text(encoding="utf-8"))


@cache
def _usual() -> frozenset[str]:
    """Indicators that reports often print: what few texts speak of is oftener misread."""
    return frozenset(_fitted()["usual"])


def features(name: str, evidence: Row) -> list[str]:
    """Kinds of evidence of a proposal, by the names that their weights have."""
    if not name:
        return []
    found = [f"subject:{evidence['subject']}", f"period:{evidence['source']}", f"area:{evidence['area_source']}"]
    found.append(f"basis:{evidence['basis_source']}")
    found += [f"strangers:{min(evidence['strangers'], 3)}"] if evidence["strangers"] else []
    found += [each for each in _MARKS if evidence.get(each)]
    found += ["seldom"] if name not in _usual() else []
    if name in ("task_count", "programme_item_count", "target_count"):
        found.append("status")
    elif evidence["kind"] in ("count", "rank"):
        found.append(
            "kind:daily" if evidence["kind"] == "count" and evidence.get("far") else f"kind:{evidence['kind']}"
        )
    if evidence["role"] in ("neutral", "share", "change", "multiple", "expectation", "compared"):
        found.append(f"role:{evidence['role']}")
    return found


def confidence_of(name: str, evidence: Row) -> float:
    """Confidence of a proposal by its evidence alone."""
    if not name:
        return UNKNOWN
    if evidence["broken"]:
        return _BROKEN
    kinds, fitted = features(name, evidence), _fitted()
    score = fitted["intercept"] + sum(fitted["weights"].get(each, 0.0) for each in kinds)
    sure = 1 / (1 + math.exp(-score))
    return round(min(sure, _DOUBT) if DOUBTS.intersection(kinds) else sure, 3)


def checked(rows: list[Row]) -> list[Row]:
    """Proposals after the checks: clashes lowered with their reason, agreements raised."""
    read = [row for row in rows if row["kind"] == "figure" and row.get("evidence")]
    _surroundings(read)
    for row in read:
        row["confidence"] = confidence_of(row["indicator"], row["evidence"])
    figures = [row for row in read if row["indicator"]]
    _points_of_growth(figures)
    _one_value_a_cell(figures)
    _entities_and_periods(figures)
    _ranks_in_range(rows)
    _plan_and_ratio(figures)
    _parts_and_whole(figures)
    for row in rows:
        clash = [f"clash:{row['doubt']}"] if row.get("doubt") else []
        row["evidence"] = " ".join([*features(row["indicator"], row["evidence"]), *clash]) if row["evidence"] else ""
    return rows


def _surroundings(rows: list[Row]) -> None:
    """Mark figures whose sentence, or whose text at large, holds others that nothing is known of."""
    unknown = {row["context"] for row in rows if not row["indicator"]}
    share = sum(not row["indicator"] for row in rows) / max(len(rows), 1)
    strange = {name: share > least for name, least in _STRANGE.items()}
    for row in rows:
        row["evidence"] |= {"unknown_near": row["context"] in unknown, **strange}


def _agree(rows: Iterable[Row]) -> None:
    """Raise figures that confirm each other, unless something else speaks against one; small counts agree by chance."""
    for row in rows:
        by_chance = row["evidence"]["kind"] == "count" and (row["value"] or 0) < _SMALL
        doubted = row.get("doubt") or DOUBTS.intersection(features(row["indicator"], row["evidence"]))
        if not (by_chance or doubted):
            row["confidence"] = max(row["confidence"], min(0.97, row["confidence"] + 0.05))


def _clash(rows: Iterable[Row], reason: str) -> None:
    """Lower figures that contradict each other or themselves, with the reason."""
    for row in rows:
        row |= {"confidence": min(row["confidence"], CLASH), "doubt": reason}


def _points_of_growth(rows: list[Row]) -> None:
    """Contributions in percent that are small, or add up to the growth itself, are points: đóng góp 1,19% of 5,56%."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    growth: dict[tuple[str, ...], float] = {}
    for row in rows:
        where: tuple[str, ...] = (row["area_code"], row["period_start"], row["period_end"])
        if row["indicator"] == "grdp_contribution_share" and row["value"] is not None:
            groups[where].append(row)
        if row["indicator"] == "grdp_growth" and not row["item"] and row["value"] is not None:
            growth.setdefault(where, row["value"])
    for cell, parts in groups.items():
        adds_up = abs(sum(each["value"] for each in parts) - growth.get(cell, math.inf)) < 0.05 * len(parts)
        for each in parts:
            small = each["unit"] == "phần trăm" and 0 < each["value"] < _FEWEST_PERCENT
            if small or (adds_up and len(parts) > 1):
                each |= {"indicator": "grdp_contribution", "unit_id": "percentage_point"}


def _one_value_a_cell(rows: list[Row]) -> None:
    """Two values in one cell clash; the same value twice agrees."""
    cells: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    among = {id(each): other["value"] for rank, other in _ranked(rows) for each in (rank, other)}
    for row in rows:
        if row["basis"] == "scenario":
            continue  # of several
        of = str(among.get(id(row), ""))  # 8/63 of the country and 3/13 of a region are two ranks
        cells[(row["planner"], of, *(str(row[each]) for each in _CELL))].append(row)
    for same in cells.values():
        if any(_apart(*_bounds(one), *_bounds(other)) for one, other in combinations(same, 2)):
            _clash(same, "cell")
        elif len(same) > 1:
            _agree(same)


_NEAR = 0.05  # part of a value that a hedge such as "gần" or "hơn" leaves open


def _bounds(row: Row) -> tuple[float, float]:
    """What the print of a value allows: rounding, hedge, or the bound of a range."""
    value: float = math.nan if row["value"] is None else row["value"]
    qualifier = row["qualifier"]
    half, open_part = 0.49 * 10.0 ** -(row["decimals"] or 0), _NEAR * abs(value)
    low = {"at_most": -math.inf, "approx_below": value - open_part, "vague": value - open_part}.get(qualifier, value)
    high = {"at_least": math.inf, "approx_above": value + open_part, "vague": value + open_part}.get(qualifier, value)
    return low - half, high + half


def _entities_and_periods(rows: list[Row]) -> None:
    """Industry's index has no figure for services, a score is of a named index, growth against a month is a month's."""
    for row in rows:
        nameless = row["indicator"].startswith("governance_index") and not row["item"]
        is_industry = row["indicator"].startswith(("iip_", "industrial_"))
        if nameless or (is_industry and row["dimension"] == "sector" and row["item"] in _NO_INDUSTRY):
            _clash([row], "entity")
        if row["comparator"] == "previous_month" and row["period_type"] != "month":
            _clash([row], "period")


def _ranks_in_range(rows: list[Row]) -> None:
    """A rank lies between one and the number ranked."""
    for rank, among in _ranked(rows):
        if rank["value"] and among["value"] and rank["value"] > among["value"]:
            _clash([rank, among], "rank")


def _ranked(rows: list[Row]) -> list[tuple[Row, Row]]:
    """Ranks, each with the number ranked that stands behind it."""
    return [
        (rank, among)
        for rank, among in pairwise(rows)
        if str(rank["indicator"]).endswith("_rank") and str(among["indicator"]).endswith("_rank_of")
    ]


def _plan_and_ratio(rows: list[Row]) -> None:
    """Plan times ratio is the amount, within what the print allows; held against figures of one sentence."""
    by_name = {(row["context"], row["indicator"], row["item"]): row for row in rows if row["value"]}
    for (context, name, item), plan in by_name.items():
        paid = by_name.get((context, "pubinv_disbursed", item))
        ratio = by_name.get((context, "pubinv_disbursed_plan_ratio", item))
        if name == "pubinv_plan" and paid and ratio:
            share = 100 * paid["value"] / plan["value"]
            slack = max(0.5 * 10.0 ** -(ratio["decimals"] or 0), 0.005 * share)
            _hold([plan, paid, ratio], abs(share - ratio["value"]) <= 2 * slack, "ratio")


def _parts_and_whole(rows: list[Row]) -> None:
    """The sectors' shares add up to 100, their points to the growth, and the growth lies between theirs."""
    groups: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row["value"] is not None and (row["item"] in _SECTORS or not row["item"]):
            basis = "result" if row["basis"] in _RESULTS else row["basis"]
            where = (row["area_code"], row["period_start"], row["period_end"], basis)
            groups[row["indicator"], *where][row["item"]] = row
    for (name, *place), found in groups.items():
        parts = [row for item, row in found.items() if item]
        whole = groups.get(("grdp_growth", *place), {}).get("")
        values = [row["value"] for row in parts]
        if name == "grdp_share" and len(parts) == len(_SECTORS):
            _hold(parts, abs(sum(values) - 100) < 0.3, "parts")
        if whole is None or len(parts) < _MAIN:
            continue
        if name == "grdp_contribution" and abs(sum(values) - whole["value"]) < 0.1:
            _agree([*parts, whole])
        if name == "grdp_growth":
            _hold([*parts, whole], min(values) - 0.1 <= whole["value"] <= max(values) + 0.1, "parts")


def _hold(rows: list[Row], agree: bool, reason: str) -> None:
    """Raise figures that a check confirms, lower those that fail it."""
    if agree:
        _agree(rows)
    else:
        _clash(rows, reason)


Cells = dict[str, str]
_SAME = ["indicator", "area_code", "dimension", "item", "period_type", "period_start", "period_end", "basis", "as_of"]
_LINE = ["indicator", "area_code", "dimension", "item", "period_type"]
_JUMP = 3.0


def parsed_figures(
    rows: dict[str, list[Cells]], registers: Registers, language: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Proposed figures with their values, indexed by id, and by key what cannot be read of the others."""
    found, problems = [], {}
    for row in [*rows[FIGURES], *rows[UNMATCHED]]:
        if row["indicator"] not in registers.indicators.index:
            continue
        try:
            read = parse_row(row, registers.indicators.loc[row["indicator"]], language)
            found.append(row | read)
            if row.get("value") and read["value"] and float(row["value"]) != float(read["value"]):
                problems[row["key"]] = shown("warning_value", language).format(value=read["value"].replace(".", ","))
        except (DataError, ValueError) as error:
            problems[row["key"]] = str(error)
    names = [each.name for each in COLUMNS[FIGURES]]
    frame = pd.DataFrame(found, columns=[*names, "decimals", "low", "high"])
    for name in ("value", "low", "high"):
        frame[name] = pd.to_numeric(frame[name].replace("", None)).astype(float)
    return frame.set_index("figure_id", drop=False).rename_axis(None), problems


def disagreements(
    figures: pd.DataFrame, earlier: pd.DataFrame, indicators: pd.DataFrame, language: str
) -> dict[str, list[str]]:
    """Warnings by key of the row."""
    printed = _by(earlier, _SAME)
    levels = _by(pd.concat([earlier, figures], ignore_index=True), _LINE)
    growths = _by(figures, [*_LINE, "period_start", "period_end", "basis"])
    found: dict[str, list[str]] = {}
    for row in figures.to_dict("records"):
        texts = [*_restated(row, printed, language), *_unlike_growth(row, levels, growths, indicators, language)]
        if texts:
            found[row["key"]] = texts
    return found


def _restated(
    row: dict[str, Any], printed: dict[tuple[str, ...], list[dict[str, Any]]], language: str
) -> Iterator[str]:
    for other in printed.get(tuple(row[each] for each in _SAME), []):
        if _apart(row["low"], row["high"], other["low"], other["high"]):
            yield shown("warning_restated", language).format(figure=other["figure_id"], token=other["as_printed"])


def _unlike_growth(
    row: dict[str, Any],
    levels: dict[tuple[str, ...], list[dict[str, Any]]],
    growths: dict[tuple[str, ...], list[dict[str, Any]]],
    indicators: pd.DataFrame,
    language: str,
) -> Iterator[str]:
    if indicators.at[row["indicator"], "kind"] != "level" or not row["value"] > 0 or row["basis"] not in _RESULTS:
        return
    before = _year_before(row, levels)
    if before is None:
        return
    ratio = row["value"] / before["value"]
    if ratio > _JUMP or ratio < 1 / _JUMP:
        yield shown("warning_jump", language).format(
            ratio=f"{ratio:.3g}".replace(".", ","), figure=before["figure_id"], token=before["as_printed"]
        )
    growth = _growth_beside(row, growths)
    low, high = 100 * (row["low"] / before["high"] - 1), 100 * (row["high"] / before["low"] - 1)
    if growth is not None and _apart(growth["low"], growth["high"], low, high):
        yield shown("warning_growth", language).format(
            growth=growth["as_printed"],
            implied=f"{100 * (ratio - 1):.1f}".replace(".", ","),
            figure=before["figure_id"],
            token=before["as_printed"],
        )


def _year_before(row: dict[str, Any], levels: dict[tuple[str, ...], list[dict[str, Any]]]) -> dict[str, Any] | None:
    """Result of the year before for the same thing and period, the last published."""
    ends = [str(int(row[each][:4]) - 1) + row[each][4:] for each in ("period_start", "period_end")]
    found = [
        each
        for each in levels.get(tuple(row[name] for name in _LINE), [])
        if [each["period_start"], each["period_end"]] == ends and each["basis"] in _RESULTS and each["value"] > 0
    ]
    return max(found, key=lambda each: str(each.get("vintage", "")), default=None)


def _growth_beside(row: dict[str, Any], growths: dict[tuple[str, ...], list[dict[str, Any]]]) -> dict[str, Any] | None:
    line = (f"{row['indicator']}_growth", *(row[name] for name in _LINE[1:]))
    found = growths.get((*line, row["period_start"], row["period_end"], row["basis"]), [])
    return found[0] if len(found) == 1 else None


def _apart(low: float, high: float, other_low: float, other_high: float) -> bool:
    """Whether two intervals share nothing; a missing bound is open."""
    return bool(high < other_low or other_high < low)


def _by(rows: pd.DataFrame, columns: Iterable[str]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    names = list(columns)
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows.to_dict("records"):
        found.setdefault(tuple(str(row[name]) for name in names), []).append(row)
    return found
