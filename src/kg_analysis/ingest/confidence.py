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
from typing import Any

import pandas as pd

from kg_analysis.data.clean import parse_row
from kg_analysis.data.printed import Registers
from kg_analysis.errors import DataError
from kg_analysis.ingest.workbook import COLUMNS, FIGURES, UNMATCHED, shown

Row = dict[str, Any]
_MARKS = (
    "far",
    "stale",
    "passed",
    "generic",
    "doubtful",
    "listed",
    "unknown_before",
    "distant",
    "areas",
    "periods",
    "labels",
    "short",
    "unknown_near",
    "strange",
)
_STRANGE = 0.25  # share of figures without an indicator from which a text is of a kind that few wordings were made on
UNKNOWN = 0.3
CLASH = 0.6  # at most, where another figure contradicts
_BROKEN = 0.3
# Kinds of evidence that fail oftener on texts nobody has seen than on those the weights come from: a nearer label that
# the unit does not fit, three unknown words before the figure, counts, states of a year that is not over, a period that
# later sentences have left, figures beside others that nothing is known of.
DOUBTS, _DOUBT = (
    frozenset(
        {
            "passed",
            "strangers:3",
            "kind:count",
            "basis:state",
            "status",
            "stale",
            "unknown_near",
            "strange",
            "period:part",
        }
    ),
    0.85,
)
_SECTORS, _MAIN = ("agriculture", "industry_construction", "services", "product_tax"), 3
_NO_INDUSTRY = {"agriculture", "services", "trade", "construction", "product_tax", "livestock", "accommodation_food"}


@cache
def _fitted() -> Row:
    """Intercept and weights as the benchmark has fitted them."""
    return tomllib.loads(files(__package__).joinpath("confidence.toml").read_text(encoding="utf-8"))


def features(name: str, evidence: Row) -> list[str]:
    """Kinds of evidence of a proposal, by the names that their weights have."""
    if not name:
        return []
    found = [f"subject:{evidence['subject']}", f"period:{evidence['source']}", f"area:{evidence['area_source']}"]
    found.append(f"basis:{evidence['basis_source']}")
    found += [f"strangers:{min(evidence['strangers'], 3)}"] if evidence["strangers"] else []
    found += [each for each in _MARKS if evidence.get(each)]
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
    kinds, fitted = features(name, evidence), _fitted()
    score = fitted["intercept"] - fitted["caution"] + sum(fitted["weights"].get(each, 0.0) for each in kinds)
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
    _entities(figures)
    _month_against_month(figures)
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
    strange = sum(not row["indicator"] for row in rows) > _STRANGE * len(rows)
    for row in rows:
        row["evidence"] |= {"unknown_near": row["context"] in unknown, "strange": strange}


def _agree(rows: Iterable[Row]) -> None:
    """Raise figures that confirm each other, unless something else speaks against one."""
    for row in rows:
        if not row.get("doubt"):
            row["confidence"] = max(row["confidence"], min(0.97, row["confidence"] + 0.05))


def _lowered(row: Row, reason: str) -> None:
    row["confidence"] = min(row["confidence"], CLASH)
    row["doubt"] = reason


def _points_of_growth(rows: Iterable[Row]) -> None:
    """Contributions in percent that add up to the growth itself are points: đóng góp 1,19% of 5,56%."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    growth: dict[tuple[str, ...], float] = {}
    for row in rows:
        key: tuple[str, ...] = (row["area_code"], row["period_start"], row["period_end"])
        if row["indicator"] == "grdp_contribution_share" and row["value"] is not None:
            groups[key].append(row)
        if row["indicator"] == "grdp_growth" and not row["item"] and row["value"] is not None:
            growth.setdefault(key, row["value"])
    for row in rows:
        if (
            row["indicator"] == "grdp_contribution_share"
            and row["unit"] == "phần trăm"
            and row["value"]
            and row["value"] < 10
        ):
            row |= {"indicator": "grdp_contribution", "unit_id": "percentage_point"}
    for where, parts in groups.items():
        total = sum(each["value"] for each in parts)
        if len(parts) > 1 and where in growth and abs(total - growth[where]) < 0.05 * len(parts):
            for each in parts:
                each |= {"indicator": "grdp_contribution", "unit_id": "percentage_point"}


def _cell(row: Row) -> tuple[str, ...]:
    names = (
        "indicator",
        "dimension",
        "item",
        "area_code",
        "period_start",
        "period_end",
        "basis",
        "comparator",
        "as_of",
    )
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
                _agree([each])


def _entities(rows: Iterable[Row]) -> None:
    """The index of industrial production has no figure for services or farming; a score is of a named index."""
    for row in rows:
        if row["indicator"].startswith("governance_index") and not row["item"]:
            _lowered(row, "entity")
        is_industry = row["indicator"].startswith(("iip_", "industrial_"))
        if is_industry and row["dimension"] == "sector" and row["item"] in _NO_INDUSTRY:
            _lowered(row, "entity")


def _month_against_month(rows: Iterable[Row]) -> None:
    """What is held against the month before is of a month."""
    for row in rows:
        if row["comparator"] == "previous_month" and row["period_type"] != "month":
            _lowered(row, "period")


def _ranks_in_range(rows: Iterable[Row]) -> None:
    """A rank lies between one and the number ranked."""
    last: Row | None = None
    for row in rows:
        if last is not None and str(row["indicator"]).endswith("_rank_of") and last["value"] and row["value"]:  # noqa: SIM102
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
                    _agree([each])


def _parts_and_whole(rows: list[Row]) -> None:
    """The sectors' shares add up to 100, their points to the growth, and the growth lies between theirs."""
    groups: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row["value"] is not None and (row["item"] in _SECTORS or not row["item"]):
            groups[row["indicator"], row["area_code"], row["period_start"], row["period_end"]][row["item"]] = row
    for (name, *where), found in groups.items():
        parts = [row for item, row in found.items() if item]
        total = sum(row["value"] for row in parts)
        if name == "grdp_share" and len(parts) == len(_SECTORS):
            _agree(parts) if abs(total - 100) < 0.3 else [_lowered(row, "parts") for row in parts]
        whole = groups.get(("grdp_growth", *where), {}).get("")
        if name == "grdp_contribution" and whole and len(parts) >= _MAIN and abs(total - whole["value"]) < 0.1:
            _agree([*parts, whole])
        if name == "grdp_growth" and whole and len(parts) >= _MAIN:
            values = [row["value"] for row in parts]
            inside = min(values) - 0.1 <= whole["value"] <= max(values) + 0.1
            _agree([*parts, whole]) if inside else [_lowered(row, "parts") for row in [*parts, whole]]


Cells = dict[str, str]
_SAME = ["indicator", "area_code", "dimension", "item", "period_type", "period_start", "period_end", "basis", "as_of"]
_LINE = ["indicator", "area_code", "dimension", "item", "period_type"]
_JUMP = 3.0
_RESULTS = ("actual", "estimate")


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
