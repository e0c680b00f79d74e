"""The declared checks of an earlier report, asked of a new one that nobody has typed yet.

Responsibility: put the same figures of the new report into the formulas of an old one, and say which no longer hold.
A check whose figures the new report prints twice, or not at all, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from kg_analysis.analysis.checks import CONTRADICTS, run_checks
from kg_analysis.data.checks import parse_formula

_SAME = ("indicator", "area_code", "dimension", "item", "period_type", "basis")


def contradicted(
    checks: pd.DataFrame, published: pd.DataFrame, figures: pd.DataFrame, assumptions: pd.DataFrame
) -> pd.DataFrame:
    """Renewed checks that the figures of a new report contradict.

    Parameters
    ----------
    checks : DataFrame
        ``checks.csv``.
    published : DataFrame
        ``clean/figures``, indexed by ``figure_id``, days as text.
    figures : DataFrame
        Figures of the new report, indexed likewise, days and decimals as text.
    assumptions : DataFrame
        ``assumptions.csv``, indexed by its id.

    Returns
    -------
    DataFrame
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
