"""What the figures of a new report say against those already published.

Responsibility: mark, never judge: a figure printed before with another value, a level that does not follow from last
year's by the growth printed beside it, a level that has jumped by a factor that smells of another unit.

Terms: *earlier* = figures of other sources in ``clean/figures``; all comparisons hold the rounding intervals of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from kg_analysis.data.clean import parse_row
from kg_analysis.data.printed import Registers
from kg_analysis.errors import DataError
from kg_analysis.ingest.sheets import COLUMNS, FIGURES, UNMATCHED, shown

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
            value = parse_row(row, registers.indicators.loc[row["indicator"]], language)
            found.append(row | value)
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
    """Warnings by key of the row.

    Parameters
    ----------
    figures : DataFrame
        From :func:`parsed_figures`.
    earlier : DataFrame
        ``clean/figures`` of other sources, cells as text but ``value``, ``low`` and ``high``.
    indicators : DataFrame
        Codebook, indexed by id.
    language : str
    """
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
