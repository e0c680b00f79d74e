"""Declared checks between printed figures: both sides with bounds and places, whether they agree, and what it means.

Responsibility: verdict and reading of every check. A check that fails is a result, never an error; checks rest on the
figures of all sources and years, since one fact may be printed in several.

Terms: *verdict* = holds, contradicts or indeterminate; two sides only contradict each other where they are on one base
(period, price basis, definition), which ``differs_in`` of ``checks.csv`` denies; words that no number measures stay
indeterminate. *Reading* of a check that does not hold = ``slip`` (one source contradicts itself), ``rank`` (neighbours'
figures contradict a claimed rank), ``conflict`` (two sources do), ``revision`` (a later release has another number),
``forecast`` (an estimate missed the result), ``wording`` (words that no number measures) or ``open`` (undecided).
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from kg_analysis.analysis.panel import RANKED, UNTESTED, rank_claims
from kg_analysis.bounds import EXACT, ROUNDING, WORDING
from kg_analysis.data.checks import (
    Bound,
    Formula,
    Input,
    Part,
    bounds,
    check_problems,
    figures_of,
    inputs_of,
    parse_formula,
    side_units,
)
from kg_analysis.data.dataset import Dataset
from kg_analysis.data.loader import Tables
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter, decimals_borne, round_to

HOLDS, CONTRADICTS, INDETERMINATE = "holds", "contradicts", "indeterminate"
SLIP, RANK, CONFLICT, REVISION, FORECAST = "slip", "rank", "conflict", "revision", "forecast"
UNMEASURED, OPEN = "wording", "open"
READINGS = (SLIP, RANK, CONFLICT, REVISION, FORECAST, UNMEASURED, OPEN)
ASSUMED, CONFLICTING = "assumed", "range_of_figures"  # bounds by a span of assumptions, by figures that conflict
_SAME_BASE = ("", "vintage", "forecast")  # differences that leave two numbers of one thing
_JUST_UNDER = Fraction(1, 10**12)  # from a bound that a rounded number does not take itself
_SIDE = ("", "_low", "_high", "_kind", "_unit", "_decimals", "_printed", "_places")
COLUMNS = ["check", "topic", "kind", "title_vi", "title_en", "verdict", "reading"]
COLUMNS += [f"{side}{end}" for side in ("left", "right") for end in _SIDE]
COLUMNS += ["note_vi", "note_en", "differs_in", "formula", "source_ids", "rests_on", "figure_ids"]


def run_checks(checks: pd.DataFrame, figures: pd.DataFrame, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Every check with its verdict and what it means, in the order of the file.

    ``checks``: ``checks.csv``. ``figures``: ``clean/figures`` of all sources and years. ``assumptions``:
    ``assumptions.csv``, indexed by its id.
    A row a check: ``check``, ``topic``, ``kind``, ``title_vi``, ``title_en``, ``verdict``, ``reading`` (empty where it
    holds), both sides as ``left`` and ``right`` with bounds, unit, printed tokens and their places (a date is text),
    ``note_vi``, ``note_en``, ``differs_in``, ``formula``, ``source_ids``, ``rests_on`` (every basis behind it),
    ``figure_ids``.
    Raises DataError: every formula that cannot be read, or names what is not there.

    Examples
    --------
    >>> from kg_analysis.data import load
    >>> found = of_tables(load()).set_index("check")
    >>> found.loc["plan-years", ["verdict", "reading", "left", "right", "left_places"]].tolist()
    ['contradicts', 'slip', 6, 5, '0, paragraph 3']
    """
    flat = figures if "figure_id" in figures else figures.reset_index()
    units = flat.set_index("figure_id")["unit"].to_dict(), assumptions["unit"].to_dict()
    if problems := list(check_problems(checks, *units)):
        raise DataError(problems)
    formulas = [parse_formula(each) for each in checks["formula"]]
    named = flat[flat["figure_id"].isin({each for formula in formulas for each in formula.figure_ids})]
    known = {row["figure_id"]: row for row in named.to_dict("records")}
    assumed = {name: Fraction(str(value)) for name, value in assumptions["value"].items()}
    pairs = zip(checks.to_dict("records"), formulas, strict=True)
    rows = [_row(check, formula, known, assumed, units) for check, formula in pairs]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)  # sides are numbers or days, each with its decimals


def of_tables(tables: Tables) -> pd.DataFrame:
    """Every declared check of a data folder, see :func:`run_checks`."""
    return run_checks(tables.checks, tables.figures, tables.assumptions.set_index("id"))


def of_year(data: Dataset) -> pd.DataFrame:
    """Checks that use a figure about the year, whoever printed it, and the ranks of growth that its sources claim.

    As :func:`run_checks` gives it; no rows where no check does.
    """
    figures = data.tables.figures
    declared = run_checks(data.checks.reset_index(), figures, data.assumptions)
    claimed = rank_claims(data.regional_figures)
    own = claimed[(claimed["year"] == data.year) & (claimed["area_code"] == data.area)] if len(claimed) else claimed
    names = data.all_areas.reset_index().set_index("boundary_version")["name"]
    ranks = rank_checks(own, figures[figures["source_id"].isin(data.publications)], names)
    return pd.concat([declared, ranks], ignore_index=True) if len(ranks) else declared


def rank_checks(claimed: pd.DataFrame, figures: pd.DataFrame, names: pd.Series[str]) -> pd.DataFrame:
    """Claimed ranks as checks: the rank on the left, on the right those that the neighbours' figures allow.

    ``claimed``: as :func:`kg_analysis.analysis.panel.rank_claims` gives it. ``figures``: ``clean/figures`` of the
    sources whose claims are asked for. ``names``: names of areas by their boundary.
    """
    claims = figures[figures["indicator"].isin(list(RANKED))].set_index("figure_id")
    rows = []
    for claim in claimed.to_dict("records"):
        named = claims.loc[[each for each in claim["figure_ids"].split() if each in claims.index]]
        named = named[named["indicator"].map(RANKED) == claim["measure"]]
        if named.empty or claim["verdict"] == UNTESTED:
            continue
        printed = named.iloc[0]
        reading = {HOLDS: "", CONTRADICTS: RANK}.get(claim["verdict"], OPEN)
        name = f"{printed['indicator']}-{claim['year']}-{claim['period']}-{claim['region']}"
        row = {"check": name.replace("_", "-").lower(), "topic": "growth"}
        row |= {"kind": "rank", "verdict": claim["verdict"], "reading": reading, "figure_ids": claim["figure_ids"]}
        row |= {"source_ids": printed["source_id"], "rests_on": printed["basis"], "differs_in": "", "formula": ""}
        above = [names[each.partition(" ")[0]] for each in filter(None, claim["above"].split("; "))]
        for language in ("vi", "en"):
            say = NumberFormatter(language).say
            words = {each: say(f"neighbours.{each}_{claim[each]}") for each in ("measure", "region", "period")}
            row[f"title_{language}"] = say("checks.rank_title", year=claim["year"], **words)
            row[f"note_{language}"] = say("checks.rank_note", above=", ".join(above)) if above else ""
        row |= _ranks("left", claim["claimed_rank"], claim["claimed_rank"])
        row |= _ranks("right", claim["best_rank"], claim["worst_rank"])
        row |= {"left_printed": printed["as_printed"], "left_places": _place(printed)}
        rows.append(row | {"right_printed": "; ".join(above), "right_places": ""})
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _ranks(side: str, best: float, worst: float) -> dict[str, Any]:
    one = best == worst
    kind = EXACT if one else CONFLICTING
    ends = {"": int(best) if one else None, "_low": int(best), "_high": int(worst), "_kind": kind, "_unit": "rank"}
    return {f"{side}{end}": cell for end, cell in ends.items()}


def _place(printed: Mapping[Any, Any]) -> str:
    """Where a figure stands: its section, and its paragraph or footnote."""
    found = (printed.get("section"), printed.get("place"))
    return ", ".join(each for each in found if isinstance(each, str) and each)


def review(checked: pd.DataFrame, reports: Iterable[str]) -> pd.DataFrame:
    """What a report should settle before it is signed: where it contradicts itself, and ranks that do not stand.

    ``checked``: as :func:`run_checks` gives it. ``reports``: sources that are the report of the year; none where no
    report is held.
    Rows of ``checked``, those with a difference in the report's own numbers; revisions, missed forecasts and words are
    not among them.
    """
    own = checked["source_ids"].isin(list(reports))
    return checked[own & checked["reading"].isin([SLIP, RANK])].reset_index(drop=True)


def verdict(sign: str, low: Bound, high: Bound) -> str:
    """Whether a comparison holds for all values of left less right, for none, or for some.

    An equation holds where rounding leaves room for it; it stays open only where nothing bounds a side.

    Examples
    --------
    >>> verdict("==", -0.5, 0.5), verdict("<", 0.0, 1.0), verdict(">=", -1.0, 0.5)
    ('holds', 'contradicts', 'indeterminate')
    """
    if sign == "==":
        if not low <= 0 <= high:
            return CONTRADICTS
        return HOLDS if math.isfinite(high - low) else INDETERMINATE
    if sign in (">", ">="):
        low, high = -high, -low
    strict = "=" not in sign
    if high < 0 or (high == 0 and not strict):
        return HOLDS
    return CONTRADICTS if low > 0 or (low == 0 and strict) else INDETERMINATE


def _row(
    check: Mapping[Any, Any],
    formula: Formula,
    known: Mapping[str, Mapping[Any, Any]],
    assumed: Mapping[str, Fraction],
    units: tuple[dict[str, str], dict[str, str]],
) -> dict[str, Any]:
    ends = {each: _ends(each, known, assumed) for each in inputs_of(formula.difference)}
    found = verdict(formula.sign, *bounds(formula.difference, ends))
    differs = str(check["differs_in"])
    if differs == "wording" or (found == CONTRADICTS and differs not in _SAME_BASE):
        found = INDETERMINATE
    sources = sorted({str(known[each].get("source_id", "")) for each in formula.figure_ids})
    row = {name: check[name] for name in ("topic", "kind", "title_vi", "title_en", "note_vi", "note_en", "formula")}
    row |= {"check": check["id"], "differs_in": differs, "verdict": found}
    row |= {"reading": _reading(found, differs, len(sources)), "source_ids": " ".join(sources)}
    row["rests_on"] = " ".join(sorted({str(known[each]["basis"]) for each in formula.figure_ids}))
    row["figure_ids"] = " ".join(formula.figure_ids)
    for name, side, unit in zip(
        ("left", "right"), (formula.left, formula.right), side_units(formula, *units), strict=True
    ):
        row |= {f"{name}{end}": cell for end, cell in _side(side, unit, ends, known).items()}
    return row


def _reading(found: str, differs: str, sources: int) -> str:
    if found == HOLDS:
        return ""
    if found == INDETERMINATE:
        return UNMEASURED if differs == "wording" else OPEN
    if differs:
        return {"vintage": REVISION, "forecast": FORECAST}[differs]
    return SLIP if sources == 1 else CONFLICT


def _ends(each: Input, known: Mapping[str, Mapping[Any, Any]], assumed: Mapping[str, Fraction]) -> tuple[Bound, Bound]:
    """Least and largest value that an input may take; a date counts days."""
    if each.kind == "span":
        (low, _), (_, high) = (_ends(end, known, assumed) for end in each.name)
        return low, high
    if each.kind in ("number", "assumption"):
        value = each.name if each.kind == "number" else assumed[each.name]
        return value, value
    row = known[each.name]
    if each.kind == "years":
        return (Fraction(row["period_end"].year - row["period_start"].year + 1),) * 2
    if each.kind in ("start", "end") or row["unit"] == "date":
        return (Fraction(row["period_end" if each.kind == "end" else "period_start"].toordinal()),) * 2
    low, high = (open_end if pd.isna(row[end]) else Fraction(str(row[end])) for end, open_end in _OPEN_ENDS)
    if low == high:
        return low, high
    worded = row["qualifier"] in ("approx_below", "approx_above")
    if worded:
        low += _JUST_UNDER
    return low, high if row["qualifier"] == "at_most" else high - _JUST_UNDER


_OPEN_ENDS = (("low", -math.inf), ("high", math.inf))


def _side(
    side: Input | Part,
    unit: str,
    ends: Mapping[Input, tuple[Bound, Bound]],
    known: Mapping[str, Mapping[Any, Any]],
) -> dict[str, Any]:
    """One side by itself: a figure as it is printed, the rest with the decimals that it bears."""
    printed = [known[each] for each in figures_of(side)]
    words = {
        "_unit": unit,
        "_printed": "; ".join(dict.fromkeys(map(_token, printed))),
        "_places": "; ".join(dict.fromkeys(filter(None, map(_place, printed)))),
    }
    low, high = bounds(side, ends)
    if unit == "date":
        return words | {"": pd.Timestamp.fromordinal(int(low)).date(), "_kind": EXACT}
    points = {each: (_point(each, ends[each], known),) * 2 for each in inputs_of(side)}
    value = None if any(pd.isna(each[0]) for each in points.values()) else bounds(side, points)[0]
    own = printed[0]["decimals"] if isinstance(side, Input) and side.kind == "figure" else None
    decimals = decimals_borne(low, high, unit) if own is None or pd.isna(own) else int(own)
    digits = decimals + (own is not None and low != high)  # the bounds of a printed number hold one digit more
    cells = {"": value, "_low": low, "_high": high}
    shown = {
        end: None if cell is None or math.isinf(cell) else round_to(float(cell), digits) for end, cell in cells.items()
    }
    return (
        words
        | _whole(shown)
        | {"_kind": _kind(side, low, high, printed), "_decimals": decimals if low == high else own}
    )


def _token(row: Mapping[Any, Any]) -> str:
    """What a figure prints; a statement, of which only the period counts, by its label."""
    return str(row.get("label" if row["unit"] == "text" else "as_printed", ""))


def _point(each: Input, ends: tuple[Bound, Bound], known: Mapping[str, Mapping[Any, Any]]) -> Any:
    if each.kind == "span":
        return None if ends[0] != ends[1] else ends[0]
    if each.kind != "figure" or known[each.name]["unit"] == "date":
        return ends[0]
    value = known[each.name]["value"]
    return None if pd.isna(value) else Fraction(str(value))


def _kind(side: Input | Part, low: Bound, high: Bound, printed: list[Mapping[Any, Any]]) -> str:
    if low == high:
        return EXACT
    if any(each.kind == "span" for each in inputs_of(side)):
        return ASSUMED
    return WORDING if any(row.get("bound_kind") == WORDING for row in printed) else ROUNDING


def _whole(cells: dict[str, Any]) -> dict[str, Any]:
    """Counts as whole numbers: 24 targets, not 24.0."""
    known = [each for each in cells.values() if each is not None]
    return {
        end: int(each) if each is not None and all(cell % 1 == 0 for cell in known) else each
        for end, each in cells.items()
    }


_SAME = ("indicator", "area_code", "dimension", "item", "period_type", "basis")


def contradicted(
    checks: pd.DataFrame, published: pd.DataFrame, figures: pd.DataFrame, assumptions: pd.DataFrame
) -> pd.DataFrame:
    """Renewed checks that the figures of a new report contradict.

    ``checks``: ``checks.csv``. ``published``: ``clean/figures``, indexed by ``figure_id``, days as text. ``figures``:
    figures of the new report, indexed likewise, days and decimals as text. ``assumptions``: ``assumptions.csv``,
    indexed by its id.
    As :func:`kg_analysis.analysis.checks.run_checks` gives it.
    """
    renewed = pd.DataFrame(_renewed(checks, published, figures), columns=list(checks.columns))
    typed = figures.assign(**{name: pd.to_datetime(figures[name]) for name in ("period_start", "period_end")})
    decimals = pd.to_numeric(figures["decimals"].replace("", None)).astype("Int64")
    found = run_checks(renewed, typed.assign(decimals=decimals), assumptions)
    return found[found["verdict"] == CONTRADICTS]


def _renewed(checks: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Checks with each figure replaced by the same figure of the new report, where there is exactly one."""
    places: dict[tuple[str, ...], list[str]] = {}
    for name, row in new.to_dict("index").items():
        places.setdefault(_about(row, 0), []).append(str(name))
    known = old.to_dict("index")
    years = sorted({int(each[:4]) for each in new["period_start"] if each}, reverse=True)[:2]
    for check in checks.to_dict("records"):
        names = parse_formula(check["formula"]).figure_ids
        if not names or not set(names) <= known.keys() or len({known[each]["source_id"] for each in names}) != 1:
            continue
        last = max(int(known[each]["period_start"][:4]) for each in names)
        for year in years:
            found = {each: places.get(_about(known[each], year - last), []) for each in names}
            if all(len(each) == 1 for each in found.values()):
                yield {str(key): str(cell) for key, cell in check.items()} | {"formula": _with(check["formula"], found)}
                break


def _with(formula: str, found: Mapping[str, list[str]]) -> str:
    def renewed(match: re.Match[str]) -> str:
        return f"[{found[match[1]][0]}]"

    return re.sub(r"\[([^\]]+)\]", renewed, formula)


def _about(row: Mapping[Hashable, Any], shift: int) -> tuple[str, ...]:
    """What a figure is about, its period ``shift`` years later."""
    days = (f"{int(row[name][:4]) + shift}{row[name][4:]}" for name in ("period_start", "period_end"))
    return (*(str(row[name]) for name in _SAME), *days)
