"""Two figures side by side only where they may be compared, and this year against the year before.

Responsibility: the rules of comparison and their reasons. A pair that breaks one is refused, never adjusted.

Terms: *age* of a figure = how long after its period's end it was published: ``running`` (before the end), ``first``
(within three months), later ``revised``, which is an age of its own for each date. Two figures of one publication
count as one age, since whoever printed them together compared them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from kg_analysis.bounds import union_ids, weakest_of
from kg_analysis.data.dataset import Dataset, is_result
from kg_analysis.data.views import period_name
from kg_analysis.errors import NotComparableError

GROWTH = ("grdp_growth", "industrial_output_growth", "retail_sales_growth")
INVESTMENT = ("pubinv_disbursed_plan_ratio", "pubinv_completed_volume_plan_ratio")
HEADLINES = (*GROWTH, *INVESTMENT)
_RATES = ("pct", "percentage_point")
_ENDS = ("", "_low", "_high", "_kind", "_unit", "_decimals")
_NOISE = 9  # decimals beyond which a float holds no more than its own error


def check_comparable(now: pd.Series, before: pd.Series, data: Dataset) -> None:
    """Prove that two figures may be set against each other.

    ``now``, ``before``: rows of ``clean/figures``, named by their ``figure_id``.
    Raises NotComparableError: if they differ in boundary, price base, basis, measure, cut-off or age; it says which and
    why that matters.
    """
    for key, what, why, value in _RULES:
        pair = value(now, data), value(before, data)
        if pair[0] != pair[1] and not (key == "other_vintage" and _published_together(now, before)):
            raise NotComparableError(f"{now.name} and {before.name}: {what} {pair[0]} and {pair[1]}; {why}", key)


def change(now: pd.Series, before: pd.Series, data: Dataset) -> dict[str, Any]:
    """Difference of two comparable figures with its bounds: points for rates, percent for levels.

    Columns: ``change``, ``change_low``, ``change_high``, ``change_kind``, ``change_unit``.
    Raises NotComparableError: as for :func:`check_comparable`, or if only a bound is printed.
    """
    check_comparable(now, before, data)
    if pd.isna(now["value"]) or pd.isna(before["value"]):
        raise NotComparableError(
            f"{now.name} and {before.name}: only a bound is printed; compare numbers", "only_bound"
        )
    in_points = now["unit"] in _RATES
    pairs = {"": ("value", "value"), "_low": ("low", "high"), "_high": ("high", "low")}
    found = {f"change{end}": _difference(now[a], before[b], in_points) for end, (a, b) in pairs.items()}
    kind = weakest_of([now["bound_kind"], before["bound_kind"]])
    return found | {"change_kind": kind, "change_unit": "percentage_point" if in_points else "pct"}


def age(figure: pd.Series) -> str:
    """How long after the end of its period a figure was published: running, first, or revised with the date."""
    end = figure["as_of"] if not pd.isna(figure["as_of"]) else figure["period_end"]
    published = pd.Period(figure["vintage"]).end_time.normalize()  # a month or year known alone counts as its end
    if published <= end:
        return "running"
    return "first" if published <= end + pd.offsets.MonthEnd(3) else f"revised {figure['vintage']}"


def year_on_year(data: Dataset, indicators: Iterable[str] = HEADLINES) -> pd.DataFrame:
    """Headline figures of the year against the year before, each with its change or why there is none.

    Returns
    -------
    DataFrame
        ``indicator``, ``period``, ``until``, ``now``, ``before`` and ``change`` with bounds and units, ``reason`` (key
        of the reader's text under ``missing``; empty where there is a change), ``rests_on``, ``figure_ids``; no rows
        where the year has none of the headline figures.
    """
    rows = [_row(data, figure) for each in indicators for _, figure in _results(data, each).iterrows()]
    numbers = [f"{name}{end}" for name in ("now", "before", "change") for end in _ENDS]
    return pd.DataFrame(rows, columns=["indicator", "period", "until", *numbers, "reason", "rests_on", "figure_ids"])


def _results(data: Dataset, indicator: str) -> pd.DataFrame:
    found = data.select(indicator, dimension="")
    return found[is_result(found) & (found["period_start"].dt.year == data.year)]


def _row(data: Dataset, now: pd.Series) -> dict[str, Any]:
    before, found, reason = _best(data, now)
    until = now["as_of"] if not pd.isna(now["as_of"]) else now["period_end"]
    row = {"indicator": now["indicator"], "period": _period(now), "until": until, "reason": reason}
    used = [now] if before is None else [now, before]
    row |= _number("now", now) | ({} if before is None else _number("before", before)) | found
    row["rests_on"] = " ".join(sorted({str(each["basis"]) for each in used}))
    return row | {"figure_ids": union_ids(str(each.name) for each in used)}


def _number(name: str, figure: pd.Series) -> dict[str, Any]:
    cells = {
        "": "value",
        "_low": "low",
        "_high": "high",
        "_kind": "bound_kind",
        "_unit": "unit",
        "_decimals": "decimals",
    }
    return {f"{name}{end}": figure[column] for end, column in cells.items()}


def _difference(now: float, before: float, in_points: bool) -> float:
    return round(now - before if in_points else 100 * (now - before) / before, _NOISE)


def _period(figure: pd.Series) -> str:
    """Name of its period: H1, Q3, 9M, FY; ``budget`` for a budget year."""
    if figure["period_type"] == "budget_year":
        return "budget"
    return period_name({"period_end": f"{figure['period_end']:%Y-%m-%d}", "period_type": figure["period_type"]})


def _best(data: Dataset, now: pd.Series) -> tuple[pd.Series | None, dict[str, Any], str]:
    """The figure of the year before that may be compared; else why the first that was tried may not."""
    candidates = _a_year_before(data, now)
    if candidates.empty:
        return None, {}, "no_figure_before"
    reason = ""
    for _, before in candidates.iterrows():
        try:
            return before, change(now, before, data), ""
        except NotComparableError as error:
            reason = reason or error.missing
    return None, {}, reason  # a figure that may not be compared is not set beside the other either


def _a_year_before(data: Dataset, now: pd.Series) -> pd.DataFrame:
    """Results about the same months of the year before: first those published with ``now``, then the latest."""
    year = pd.DateOffset(years=1)
    rows = data.about(now["period_start"].year - 1, now["indicator"])
    chosen = (rows["dimension"] == now["dimension"]) & is_result(rows)
    chosen &= (rows["period_start"] == now["period_start"] - year) & (rows["period_type"] == now["period_type"])
    found = rows[chosen]
    together = found.apply(lambda row: _published_together(now, row), axis=1) if len(found) else []
    return found.assign(_together=together).sort_values(["_together", "vintage"], ascending=False)


def _published_together(first: pd.Series, second: pd.Series) -> bool:
    return bool(first["source_id"] == second["source_id"] and first["vintage"] == second["vintage"])


def _price_base(figure: pd.Series, data: Dataset) -> str:
    return str(data.indicators.at[figure["indicator"], "price_basis"])


def _measure(figure: pd.Series) -> str:
    """Everything that a figure is about but its time."""
    return " ".join(str(figure[each]) for each in ("indicator", "area_code", "dimension", "item", "period_type"))


def _cutoff(figure: pd.Series) -> str:
    """Days from which and up to which it was counted, without their year: 31/1 of the next year is ``31/1 (+1)``."""
    first, day = figure["period_start"], figure["as_of"] if not pd.isna(figure["as_of"]) else figure["period_end"]
    later = day.year - first.year
    return f"{first.day}/{first.month} to {day.day}/{day.month}" + (f" (+{later})" if later else "")


_Rule = tuple[str, str, str, Callable[[pd.Series, Dataset], object]]
_RULES: tuple[_Rule, ...] = (
    (
        "other_boundary",
        "boundary is",
        "the area is not the same, compare figures of one boundary",
        lambda row, _: row["boundary_version"],
    ),
    ("other_prices", "price base is", "compare figures at one price base", _price_base),
    ("other_measure", "measured is", "compare figures of one measure", lambda row, _: _measure(row)),
    ("other_cutoff", "counted from", "compare figures of one cut-off day", lambda row, _: _cutoff(row)),
    ("other_basis", "basis is", "an estimate or an aim is not compared with an outturn", lambda row, _: row["basis"]),
    ("other_vintage", "age is", "compare figures published as long after their period", lambda row, _: age(row)),
)
