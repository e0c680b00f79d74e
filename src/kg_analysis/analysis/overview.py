"""What a year's sources say on one page: targets, tasks, programme, cut-off days, and the figures as printed.

Responsibility: arrange printed counts by who counts them, never adding across systems, and say up to which day every
figure counts. One frame in, one frame out.

Terms: *system* = who set or who counts: the same thing counted by two systems is two counts; *cut-off* = last day that
a figure covers: its printed day, else the end of its period.
"""

from __future__ import annotations

import pandas as pd

from kg_analysis.analysis.comparison import age
from kg_analysis.bounds import exact, union_ids

COUNCIL = "people_council"
STATUSES = ("total", "exceeded", "met", "met_or_exceeded", "missed", "missed_economic", "missed_other")


def by_status(view: pd.DataFrame, *, whole_year: bool = True) -> pd.DataFrame:
    """Printed counts of every system by status.

    Parameters
    ----------
    view : DataFrame
        ``targets``, ``tasks`` or ``programme_items`` of a year.
    whole_year : bool
        Whether counts of parts of the year are left out.

    Returns
    -------
    DataFrame
        ``system``, ``status``, ``as_of`` (empty where no day is printed), ``count`` with bounds, ``basis``,
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

    Parameters
    ----------
    goals : DataFrame
        As :func:`by_status` gives it.

    Returns
    -------
    DataFrame
        ``system``; ``total_count`` and the like for ``STATUSES``, with bounds, empty where they do not follow;
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

    Parameters
    ----------
    figures : DataFrame
        Figures of the year, indexed by ``figure_id``.
    indicators : DataFrame
        Register, indexed by its id.

    Returns
    -------
    DataFrame
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

    Returns
    -------
    DataFrame
        ``label``, ``as_printed``, ``until``, ``basis``, ``place`` (section, or who published it), ``figure_ids``.
    """
    place = figures["section"].where(figures["section"] != "", figures["source_id"].map(sources["issuer"]))
    table = figures.assign(until=last_days(figures), place=place, figure_ids=figures.index)
    return table[["label", "as_printed", "until", "basis", "place", "figure_ids"]].reset_index(drop=True)


def last_days(figures: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Cut-off day of each figure; empty where it was counted "up to now" and no day is printed."""
    running = pd.Series([age(row) == "running" for _, row in figures.iterrows()], index=figures.index, dtype=bool)
    until_now = running & (figures["basis"] == "actual") & figures["as_of"].isna()
    return figures["as_of"].fillna(figures["period_end"]).mask(until_now)
