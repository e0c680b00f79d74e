"""The editor's rules: what leads page one, what stands beside a claim, what is not said, who may issue.

Responsibility: apply ``editor.toml``. Which figure of a quantity leads is the matter of ``data.dataset``; sentences are
worded in ``narrative``.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from kg_analysis.data.columns import GRADES


@cache
def rules() -> dict[str, Any]:
    """Rules of ``editor.toml``."""
    return tomllib.loads(files(__package__).joinpath("editor.toml").read_text(encoding="utf-8"))


def largest_fact(frames: Any) -> str:
    """Sentence of the largest fact, by the registry's frames, beyond what the report covers; "" where none is."""
    found = [(_factor(rule, frames), rule["sentence"]) for rule in rules()["largest"]]
    return max(((factor, name) for factor, name in found if factor > 0), default=(0.0, ""))[1]


def _factor(rule: Mapping[str, Any], frames: Any) -> float:
    """How many times what the report covers; 0 where that is less than the rule asks for."""
    rows = frames[rule["frame"]]
    if not len(rows) or rule["factor"] not in rows:
        return 0.0
    for column, value in rule["row"].items():
        rows = rows[rows[column] == value]
    known = rows[rule["factor"]].dropna().astype(float)
    return float(known.max()) if len(known) and known.max() >= rule["at_least"] else 0.0


def with_evidence(names: Iterable[str], near: Collection[str] = ()) -> list[str]:
    """Sentences with the evidence that must stand beside them, each once, in their order.

    Evidence that stands ``near``, in the same section, is not said twice.

    Examples
    --------
    >>> with_evidence(["neighbours_place", "growth_limits"])
    ['neighbours_place', 'neighbours_claims', 'growth_limits']
    """
    beside = rules()["beside"]
    pairs = [(name, [each for each in beside.get(name, []) if each not in near]) for name in names]
    return list(dict.fromkeys(each for name, evidence in pairs for each in [name, *evidence]))


def is_absurd(name: str, frames: Any) -> bool:
    """Whether an item is not made for this year: a rule bounds the year's number, and it lies outside."""
    for rule in rules()["absurd"]:
        if name not in rule["items"]:
            continue
        rows = frames[rule["frame"]]
        year = frames["ctx"].data.year
        if len(rows) and "year" in rows:
            known = rows.loc[rows["year"] == year, rule["column"]].dropna().astype(float)
            low, high = rule["between"]
            if len(known) and not low <= known.iloc[0] <= high:
                return True
    return False


def below_floor(sources: pd.DataFrame) -> list[str]:
    """Ids of sources whose grade is below the floor; a report and a collection have a place of their own.

    Parameters
    ----------
    sources : DataFrame
        Rows of ``sources.csv`` indexed by id, with ``grade``.
    """
    worse = GRADES[GRADES.index(rules()["sources"]["floor"]) + 1 :]
    return list(sources.index[sources["grade"].isin(worse)])


def issuer_on(area: str, day: dt.date, areas: pd.DataFrame) -> str:
    """Name of the province that an area's authority bears on a day.

    Parameters
    ----------
    area : str
        Area code.
    day : date
        Of the briefing.
    areas : DataFrame
        ``areas`` indexed by code and boundary, with ``name``, ``valid_from`` and ``valid_to``.

    Notes
    -----
    A province that was merged issues nothing any more: from 1 July 2025 An Giang speaks for what was Kiên Giang.
    """
    at = pd.Timestamp(day)
    valid = areas[~(areas["valid_from"] > at) & ~(areas["valid_to"] < at)]
    own = valid[valid.index.get_level_values("area_code") == area]
    if len(own):
        return str(own["name"].iloc[0])
    merged = valid[[area in str(each).split() for each in valid["predecessors"]]]
    return str(merged["name"].iloc[0]) if len(merged) else str(areas.xs(area, level="area_code")["name"].iloc[0])
