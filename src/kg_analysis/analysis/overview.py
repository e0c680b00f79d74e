"""What a year's sources say on one page: targets, tasks, programme, cut-off days, and the figures as printed.

Responsibility: arrange printed counts by who counts them, never adding across systems; say up to which day every
figure counts; set this year against the year before where the rules of comparison allow it: a pair that breaks one is
refused, never adjusted. One frame in, one frame out.

Terms: *system* = who set or who counts: the same thing counted by two systems is two counts; *cut-off* = last day that
a figure covers: its printed day, else the end of its period; *age* of a figure = how long after its period's end it
was published: ``running`` (before the end), ``first`` (within three months), later ``revised``, which is an age of its
own for each date. Two figures of one publication count as one age, since whoever printed them together compared them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from kg_analysis.bounds import exact, union_ids, weakest_of
from kg_analysis.data.dataset import Dataset, is_result
from kg_analysis.data.views import period_names
from kg_analysis.errors import NotComparableError

COUNCIL = "people_council"
STATUSES = ("total", "exceeded", "met", "met_or_exceeded", "missed", "missed_economic", "missed_other")


def by_status(view: pd.DataFrame, *, whole_year: bool = True) -> pd.DataFrame:
    """Printed counts of every system by status.

    ``view``: ``targets``, ``tasks`` or ``programme_items`` of a year. ``whole_year``: whether counts of parts of the
    year are left out.
    Columns: ``system``, ``status``, ``as_of`` (empty where no day is printed), ``count`` with bounds, ``basis``,
    ``figure_ids``.

    Examples
    --------
    >>> view = pd.DataFrame({"system": ["government"] * 2, "status": ["assigned", "overdue"], "period": "FY",
    ...     "as_of": pd.Timestamp("2021-12-20"), "count": [64, 5], "basis": "actual", "figure_ids": ["a", "b"]})
    >>> by_status(view)[["system", "status", "count"]]
           system    status  count
    0  government  assigned     64
    1  government   overdue      5
    """
    rows = view[view["count"].notna() & (view["basis"] != "plan")]
    rows = rows[rows["period"] == "FY"] if whole_year else rows
    return exact(rows, "count")[
        ["system", "status", "as_of", "count", "count_low", "count_high", "count_kind", "basis", "figure_ids"]
    ].reset_index(drop=True)


def target_totals(goals: pd.DataFrame) -> pd.DataFrame:
    """Targets exceeded, met and missed, a row a system; what is not printed follows from total and parts.

    Settled counts go before estimates, then the targets of the People's Council, which are the plan in law, lead.

    ``goals``: as :func:`by_status` gives it.
    Columns: ``system``; ``total_count`` and the like for ``STATUSES``, with bounds, empty where they do not follow;
    ``basis`` (estimate if any count was printed before its period ended), ``figure_ids``.

    Examples
    --------
    >>> counts = {"exceeded": 8, "met": 5, "missed_economic": 8, "total": 24}
    >>> goals = pd.DataFrame({"system": "people_council", "status": list(counts), "count": list(counts.values()),
    ...     "basis": "estimate", "figure_ids": list("abcd")})
    >>> target_totals(goals)[["met_or_exceeded_count", "missed_count", "missed_other_count"]].iloc[0].tolist()
    [13, 11, 3]
    """
    if goals.empty:
        return pd.DataFrame(columns=["system", *(f"{each}_count" for each in STATUSES), "basis", "figure_ids"])
    first = goals.drop_duplicates(["system", "status"])
    wide = first.pivot(index="system", columns="status", values="count").reindex(columns=list(STATUSES))
    wide = wide.astype("Int64")
    wide["met_or_exceeded"] = wide["met_or_exceeded"].fillna(wide["met"] + wide["exceeded"])
    wide["missed"] = wide["missed"].fillna(wide["total"] - wide["met_or_exceeded"])
    wide["missed_other"] = wide["missed"] - wide["missed_economic"]
    wide = wide.rename(columns=lambda status: f"{status}_count")
    table = exact(wide, *wide.columns)
    groups = goals.groupby("system")
    table["basis"] = groups["basis"].agg(lambda found: "estimate" if "estimate" in set(found) else "actual")
    table["figure_ids"] = groups["figure_ids"].agg(union_ids)
    places = {each: (table.at[each, "basis"] == "estimate", each != COUNCIL) for each in goals["system"].unique()}
    return table.loc[sorted(places, key=lambda each: places[each])].reset_index()


def cut_offs(figures: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Days up to which the results of each topic count.

    ``figures``: figures of the year, indexed by ``figure_id``. ``indicators``: register, indexed by its id.
    A row a topic, day and basis: ``topic``, ``cut_off`` (empty for counts "up to now" of which no day is printed),
    ``basis`` (estimate where the day lay ahead), ``figures`` (how many), ``figure_ids``.
    """
    results = figures["basis"].isin(["actual", "estimate"]) & (figures["period_type"] != "day")
    rows = figures[results & (figures["low"].notna() | figures["high"].notna())]
    columns = ["topic", "cut_off", "basis", "figures", "figure_ids"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    rows = rows.assign(
        topic=rows["indicator"].map(indicators["topic"]),
        cut_off=last_days(rows),
        basis=rows["basis"].where(rows["basis"] == "estimate", "actual"),
    )
    groups = rows.reset_index().groupby(["topic", "cut_off", "basis"], dropna=False, sort=True)["figure_id"]
    return groups.agg(figures="size", figure_ids=" ".join).reset_index()[columns]


def listed(figures: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Figures as printed, each with its cut-off day and where it stands, in the order given.

    Columns: ``label``, ``as_printed``, ``until``, ``basis``, ``place`` (section, or who published it), ``figure_ids``.
    """
    place = figures["section"].where(figures["section"] != "", figures["source_id"].map(sources["issuer"]))
    table = figures.assign(until=last_days(figures), place=place, figure_ids=figures.index)
    return table[["label", "as_printed", "until", "basis", "place", "figure_ids"]].reset_index(drop=True)


def last_days(figures: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Cut-off day of each figure; empty where it was counted "up to now" and no day is printed."""
    running = pd.Series([age(row) == "running" for _, row in figures.iterrows()], index=figures.index, dtype=bool)
    until_now = running & (figures["basis"] == "actual") & figures["as_of"].isna()
    return figures["as_of"].fillna(figures["period_end"]).mask(until_now)


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

    Columns: ``indicator``, ``period``, ``until``, ``now``, ``before`` and ``change`` with bounds and units, ``reason``
    (key of the reader's text under ``missing``; empty where there is a change), ``rests_on``, ``figure_ids``; no rows
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
    cells = {"": "value", "_low": "low", "_high": "high", "_kind": "bound_kind", "_unit": "unit"}
    cells |= {"_decimals": "decimals"}
    return {f"{name}{end}": figure[column] for end, column in cells.items()}


def _difference(now: float, before: float, in_points: bool) -> float:
    return round(now - before if in_points else 100 * (now - before) / before, _NOISE)


def _period(figure: pd.Series) -> str:
    """Name of its period: H1, Q3, 9M, FY; ``budget`` for a budget year."""
    if figure["period_type"] == "budget_year":
        return "budget"
    return str(period_names(figure.to_frame().T).iloc[0])


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
