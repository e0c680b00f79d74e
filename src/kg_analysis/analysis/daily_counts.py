"""Daily COVID counts: which days are there, which are doubtful, their 7-day mean, and the report's phases beside them.

Responsibility: completeness, level, peak, totals and deaths of a dated series, and the reading of an analyst's own:
floats indexed by date, or what is wrong with it and what to do. Rates are in ``epidemic``. What was
published stays beside what is used, with the flag that says why they differ; nothing is filled in, several collections
are never merged, and neither source of a comparison is corrected.

Terms: *raw* = as published; *used* = raw, empty where a day is flagged; *dump* = a day above ten times the median of
the days around it, usually a backlog or a slip; *lag* = days by which a bulletin's date follows the report's; *cfr* =
deaths per hundred cases reported earlier by a lag, which falls where cases go unreported and says nothing of a cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd

from kg_analysis.analysis.covid import MEAN, WAVE
from kg_analysis.bounds import EXACT, derive
from kg_analysis.errors import DataError

AROUND, DUMP_TIMES = 7, 10  # days on either side that make the local median, and what it is multiplied by
SMALL, ZERO_AMID = 5, 10  # cases a day: too few to call a day a dump; enough for a zero to be a day without a bulletin
WEEK = 7
LAGS = range(11)
# Remarks of the collector that keep a day out of every mean, rate and model; others only inform.
SET_ASIDE = ("corrupt", "partial", "no_report", "two_days")
# Of these, counts that are right in a sum though not on their day.
RIGHT_IN_A_SUM = ("two_days",)
SEVEN_AT_ONCE = 2.69  # quantile of the normal distribution at 1 - 0.05 / 14
INSIDE, ABOVE, BELOW, INCOMPLETE = "inside", "above", "below", "incomplete"


def daily_counts(series: pd.DataFrame, column: str = "new_cases", source_id: str | None = None) -> pd.DataFrame:
    """One collection of daily counts, every calendar day a row, what is used beside what was published.

    ``series``: ``covid_daily`` or ``covid_deaths_daily`` of one area: ``date``, ``source_id``, ``column``, ``flag``.
    ``column``: ``new_cases`` or ``new_deaths``. ``source_id``: collection; None takes the one with the most days.
    Indexed by ``date``: ``raw``, ``used`` (NaN where missing or flagged), ``sum`` (what counts in a total), ``mean``
    (of seven days), ``flag`` (of rules and collector, separated by blanks), ``remark``, ``source_id`` and, where it is
    given, ``date_basis``. No rows where there is no series.
    Raises DataError: if the collection is not there, with those that are; if its dates do not all mean the same.

    Examples
    --------
    >>> days = pd.date_range("2021-09-01", periods=3)
    >>> rows = pd.DataFrame({"date": days, "source_id": "a", "new_cases": [10, 999, 12], "flag": ["", "corrupt", ""]})
    >>> daily_counts(rows)["used"].tolist()
    [10.0, nan, 12.0]
    """
    if series.empty:
        return pd.DataFrame(
            columns=["raw", "used", "sum", "mean", "flag", "remark", "source_id"], index=pd.DatetimeIndex([])
        )
    days = series["source_id"].value_counts()
    chosen = source_id or min(days.index, key=lambda each: (-days[each], each))
    if chosen not in days.index:
        raise DataError(f"source {chosen!r} has no daily counts; choose {', '.join(sorted(days.index))}")
    rows = series[series["source_id"] == chosen].set_index("date").sort_index()
    rows = rows.reindex(pd.date_range(rows.index[0], rows.index[-1], name="date"))
    basis = sorted(rows["date_basis"].dropna().unique()) if "date_basis" in rows else []
    if len(basis) > 1:
        raise DataError(f"source {chosen!r} mixes dates of {' and '.join(basis)}; give each a source_id of its own")
    daily = flagged(rows[column], rows["flag"].fillna("")).assign(source_id=chosen)
    return daily.assign(date_basis=basis[0]) if basis else daily


def flagged(raw: pd.Series, remarks: pd.Series | None = None) -> pd.DataFrame:
    """Counts with their flags: what is used beside what was published.

    ``raw``: counts by day, every calendar day once, NaN where missing. ``remarks``: flags of the collector by day,
    separated by blanks.
    """
    counts = pd.to_numeric(raw).astype(float)
    said = pd.Series("", counts.index) if remarks is None else remarks
    local = local_median(counts)
    marks = pd.DataFrame(
        {
            "missing": counts.isna(),
            "negative": counts < 0,
            "dump": counts > DUMP_TIMES * local.clip(lower=SMALL),
            "sudden_zero": (counts == 0) & (local >= ZERO_AMID),
        }
        | {flag: said.str.split().map(lambda each, flag=flag: flag in each) for flag in SET_ASIDE}
    )
    aside = marks.drop(columns="missing").any(axis=1)
    wrong = marks.drop(columns=["missing", "sudden_zero", *RIGHT_IN_A_SUM]).any(axis=1)
    flags = [" ".join(marks.columns[row]) for row in marks.to_numpy()]
    used, total = counts.mask(aside), counts.mask(wrong)
    return pd.DataFrame(
        {
            "raw": counts,
            "used": used,
            "sum": total,
            "mean": seven_day_mean(used),  # here, where the days before the year are still known
            "flag": flags,
            "remark": said,
        }
    )


def local_median(raw: pd.Series) -> pd.Series:
    """Median of the days around each day, the day itself left out, so that a dump does not hide itself."""
    padded = np.pad(raw.to_numpy(dtype=float), AROUND, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
    others = np.ma.masked_invalid(np.delete(around, AROUND, axis=1))
    return pd.Series(np.ma.filled(np.ma.median(others, axis=1), np.nan), raw.index)


def of_year(daily: pd.DataFrame, year: int) -> pd.DataFrame:
    """Days from 1 January of a year to 31 January of the next, in which the report of the year is written."""
    return daily.loc[f"{year}-01-01" : f"{year + 1}-01-31"]


def seven_day_mean(used: pd.Series, alignment: Literal["trailing", "centred"] = "trailing") -> pd.Series:
    """Mean of seven days [per day]; NaN where one of them is missing or flagged.

    Raises DataError: if the alignment is neither ``trailing`` (the day and the six before it) nor ``centred``.

    Examples
    --------
    >>> cases = pd.Series([7.0] * 8, index=pd.date_range("2021-07-01", periods=8))
    >>> seven_day_mean(cases).tolist()
    [nan, nan, nan, nan, nan, nan, 7.0, 7.0]
    """
    if alignment not in ("trailing", "centred"):
        raise DataError(f"alignment {alignment!r} is not known; choose trailing or centred")
    return used.rolling(WEEK, min_periods=WEEK, center=alignment == "centred").mean()


def peak(
    used: pd.Series, alignment: Literal["trailing", "centred"] = "trailing", mean: pd.Series | None = None
) -> pd.Series:
    """Day and height of the highest 7-day mean [per day], and the highest single day; empty without a whole week.

    ``mean`` are the means of these days where the series goes further back than ``used``: the first week of a year has
    one too.
    Columns: ``day``, ``mean_cases_per_day``, ``highest_day``, ``highest_cases``.
    """
    mean = (seven_day_mean(used, alignment) if mean is None else mean).dropna()
    if mean.empty:
        return pd.Series(dtype=object)
    return pd.Series(
        {
            "day": mean.idxmax(),
            "mean_cases_per_day": mean.max(),
            "highest_day": used.idxmax(),
            "highest_cases": int(used.max()),
        }
    )


def quality(daily: pd.DataFrame) -> pd.DataFrame:
    """How many days are there and how many carry each flag, with the first and last of them.

    Columns: ``finding`` (days, missing, dump, …, or a remark of the collector), ``days``, ``first_day``, ``last_day``.
    """
    names = ["missing", "negative", "dump", "sudden_zero", *SET_ASIDE]
    remarks = sorted({each for cell in daily["remark"] for each in cell.split()} - set(SET_ASIDE))
    both = daily["flag"].str.split() + daily["remark"].str.split()
    chosen = {"days": daily.index} | {
        name: daily.index[both.map(lambda cell, name=name: name in cell).astype(bool)] for name in [*names, *remarks]
    }
    rows = [
        {"finding": name, "days": len(days), "first_day": days.min(), "last_day": days.max()}
        for name, days in chosen.items()
        if name == "days" or len(days)
    ]
    return pd.DataFrame(rows)


def weekday_pattern(used: pd.Series) -> pd.DataFrame:
    """Counts of each weekday against the week around them, with intervals that hold for all seven at once.

    Columns: ``weekday`` (0 = Monday), ``weekday_factor`` with bounds of 95%; no rows where a weekday has no case.

    Notes
    -----
    Ratio of sums; its logarithm has variance dispersion / cases (quasi-Poisson). The quantile is that of seven
    comparisons (Bonferroni), since the odd one out is looked for.
    """
    table = pd.DataFrame({"cases": used, "mean": seven_day_mean(used, "centred")}).dropna()
    sums = table.groupby(table.index.day_of_week).sum()
    sums = sums[(sums > 0).all(axis=1)]
    if len(sums) < WEEK:
        return pd.DataFrame(columns=["weekday", "weekday_factor"])
    ratio = sums["cases"] / sums["mean"]
    expected = (table["mean"] * ratio.loc[table.index.day_of_week].to_numpy())[table["mean"] > 0]
    residuals = (table["cases"].loc[expected.index] - expected) ** 2 / expected
    spread = np.exp(SEVEN_AT_ONCE * np.sqrt(max(1.0, residuals.sum() / (len(expected) - WEEK)) / sums["cases"]))
    found = pd.DataFrame({"weekday_factor": ratio, "weekday_factor_low": ratio / spread})
    found = found.assign(weekday_factor_high=ratio * spread, weekday_factor_kind="confidence_95")
    return found.rename_axis("weekday").reset_index()


def by_phase_and_lag(wave: pd.DataFrame, daily: pd.DataFrame, lags: Iterable[int] = LAGS) -> pd.DataFrame:
    """The daily series added up over the report's phases, for every lag of the bulletin behind the report's dates.

    ``wave``: as :func:`kg_analysis.analysis.covid.phase_summary` gives it. ``daily``: as :func:`daily_counts` gives it.
    What is set side by side are totals, so that a count filed under the next day is in place; ``days_flagged`` says how
    many days a rule or the collector doubts. ``lags``: days.
    Columns: ``phase``, ``lag_days``, ``days``, ``days_known``, ``days_flagged``, the printed mean and
    ``bulletin_cases_per_day`` [cases per day], ``difference_pct`` with bounds, and ``verdict``: ``inside`` the rounding
    of the printed mean, ``above``, ``below`` or ``incomplete``. The whole wave is a row ``wave``.
    """
    if wave.empty or daily.empty:
        return pd.DataFrame(columns=["phase", "lag_days", "days_known", MEAN, "bulletin_cases_per_day", "verdict"])
    kept = [name for name in wave if name.startswith(MEAN) or name in ("phase", "start", "end", "days", "figure_ids")]
    table = wave[kept].merge(pd.DataFrame({"lag_days": list(lags)}), how="cross")
    counted = [_within(daily, row.start, row.end, row.lag_days) for row in table.itertuples()]
    table = table.join(pd.DataFrame(counted)).sort_values(["lag_days", "start"], kind="stable", ignore_index=True)
    bulletin = table["bulletin_cases_per_day"]
    table = table.assign(bulletin_cases_per_day_low=bulletin, bulletin_cases_per_day_high=bulletin)
    table["bulletin_cases_per_day_kind"] = pd.Series(EXACT, table.index).where(bulletin.notna(), None)
    table = derive(table, "difference_pct", lambda b, m: 100 * (b / m - 1), "bulletin_cases_per_day", MEAN)
    # The upper bound of a rounding interval is itself excluded: a mean of 17.5 prints as 18.
    verdicts = [bulletin.isna(), bulletin < table[f"{MEAN}_low"], bulletin >= table[f"{MEAN}_high"]]
    table = table.assign(verdict=np.select(verdicts, [INCOMPLETE, BELOW, ABOVE], INSIDE))
    return table.assign(series_source_id=daily["source_id"].dropna().iloc[0]) if "source_id" in daily else table


def _within(daily: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, lag: int) -> dict[str, float]:
    """Days known and flagged, and the mean of a phase as the bulletins have it; no mean where a day is unknown."""
    shift = pd.Timedelta(days=lag)
    days = daily.reindex(pd.date_range(start + shift, end + shift))
    counts = days["sum"]
    mean = counts.sum() / len(counts) if counts.notna().all() else np.nan
    doubted = int((days["flag"].fillna("") != "").sum())
    return {"days_known": int(counts.notna().sum()), "days_flagged": doubted, "bulletin_cases_per_day": mean}


def best_lag(compared: pd.DataFrame) -> int | None:
    """Lag at which the phases agree best, by the sum of absolute log ratios of the means; None if none is complete."""
    phases = compared[compared["phase"] != WAVE]
    if phases.empty:
        return None
    means = phases[["bulletin_cases_per_day", MEAN]].astype(float)
    logs = np.log(means.where(means > 0))  # a phase without a single case has no ratio
    ratio = (logs["bulletin_cases_per_day"] - logs[MEAN]).abs()
    total = ratio.groupby(phases["lag_days"]).sum(min_count=phases["phase"].nunique())
    return None if total.dropna().empty else int(total.idxmin())


def periods(wave: pd.DataFrame, cases: pd.DataFrame, deaths: pd.DataFrame, lag_days: int = 14) -> pd.DataFrame:
    """Cases and deaths before, within and after the report's phases, all to one cut-off day.

    ``wave``: the report's phases; empty where the year prints none. ``cases``, ``deaths``: as :func:`daily_counts`
    gives them; deaths may be empty. ``lag_days``: days from the report of a case to that of a death.
    One row a period (``before``, ``phases``, ``after``, ``later`` = the part of it whose deaths have been counted for
    ``lag_days``, ``all``, ``year`` = the part of it within the calendar year, where it goes beyond): ``start``,
    ``end``, ``cases``, ``deaths``, ``days_missing``, ``cfr_pct`` (deaths ``lag_days`` later per hundred cases; empty
    where those days lie beyond the series or fewer than a hundred cases were reported), and the counts as a multiple of
    the phases'.
    """
    valid = cases["sum"].dropna()
    if valid.empty:
        return pd.DataFrame(columns=["period", "start", "end", "cases", "deaths", "days_missing", "cfr_pct"])
    last = valid.index[-1]
    has_deaths = not deaths.empty and deaths["sum"].notna().any()
    if has_deaths:
        last = min(last, deaths["sum"].last_valid_index())
    first = cases.index[0]
    spans = {"all": (first, last)}
    close = pd.Timestamp(first.year, 12, 31)
    if last > close:  # January is the next year's too: two years never count a day twice
        spans["year"] = (first, close)
    if len(wave):
        start, end = wave["start"].min(), wave["end"].max()
        day = pd.Timedelta(days=1)
        spans = {
            "before": (first, start - day),
            "phases": (start, end),
            "after": (end + day, last),
            "later": (end + day, last - lag_days * day),
        } | spans
    rows = [_period(name, *span, cases, deaths, lag_days) for name, span in spans.items() if span[0] <= span[1]]
    table = pd.DataFrame(rows).assign(series_source_id=cases["source_id"].dropna().iloc[0])
    if has_deaths:
        table["deaths_series_source_id"] = deaths["source_id"].dropna().iloc[0]
    for column in ("cases", "deaths"):
        within = table.loc[table["period"] == "phases", column]
        base = within.iloc[0] if len(within) and within.iloc[0] else np.nan
        table[f"{column}_of_phases_factor"] = table[column] / base
    return table


def _period(
    name: str, start: pd.Timestamp, end: pd.Timestamp, cases: pd.DataFrame, deaths: pd.DataFrame, lag: int
) -> dict[str, object]:
    counted = cases["sum"].loc[start:end]
    died = deaths["sum"].loc[start:end] if not deaths.empty else pd.Series(dtype=float)
    shift = pd.Timedelta(days=lag)
    later = deaths["sum"].loc[start + shift : end + shift] if not deaths.empty else pd.Series(dtype=float)
    whole = len(later) == len(counted) and counted.sum() >= 100
    return {
        "period": name,
        "start": start,
        "end": end,
        "cases": counted.sum(),
        "deaths": died.sum() if len(died) else np.nan,
        "days_missing": int(counted.isna().sum()),
        "cfr_pct": 100 * later.sum() / counted.sum() if whole else np.nan,
    }


def dated_counts(cases: pd.Series[Any], name: str = "cases") -> pd.Series[float]:
    """The counts as floats indexed by ``date``, or an error that says what to do.

    ``cases``: indexed by dates, or by text that is an ISO date; nothing is sorted, filled in or rounded. ``name``: what
    the messages call it.
    Raises DataError: one line a problem: not dated, dates missing, twice or out of order, values that are no counts.

    Examples
    --------
    >>> dated_counts(pd.Series(["3", "4"], ["2021-07-01", "2021-07-02"])).tolist()
    [3.0, 4.0]
    """
    if not isinstance(cases, pd.Series):
        raise DataError(f"{name} is a {type(cases).__name__}: give a pandas Series of one count a day, indexed by date")
    index = _dates(cases.index, name)
    values = pd.to_numeric(cases, errors="coerce")
    unread = values.isna().to_numpy() & cases.notna().to_numpy()
    if unread.any():
        where = int(np.flatnonzero(unread)[0])
        raise DataError(f"{name} of {index[where]:%Y-%m-%d} is {cases.iloc[where]!r}: give a number, or leave it empty")
    counts = pd.Series(values.to_numpy(dtype=float, na_value=np.nan), index.rename("date"), name=name)
    problems = [
        f"{name} of {counts.index[wrong.to_numpy()][0]:%Y-%m-%d} is {counts[wrong].iloc[0]:g}: {remedy}"
        for wrong, remedy in (
            (counts < 0, "a count cannot be negative; leave the day empty (NaN) or correct the source"),
            (np.isinf(counts), "give a finite count, or leave the day empty (NaN)"),
            (
                np.isfinite(counts) & (counts >= 0) & (counts % 1 != 0),
                "give counts as published, whole numbers; a mean of days has lost the scatter that the interval needs",
            ),
        )
        if wrong.any()
    ]
    if problems:
        raise DataError(problems)
    return counts


def _dates(index: pd.Index[Any], name: str) -> pd.DatetimeIndex:
    """The index as calendar days in order without a gap."""
    if len(index) == 0:
        raise DataError(f"{name} has no day: give at least one count")
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if not isinstance(index, pd.DatetimeIndex):
        index = _from_text(index, name)
    if index.tz is not None or (index != index.normalize()).any():
        raise DataError(f"{name} is indexed by times of day, first {index[0]}: give one count a day, indexed by dates")
    if index.has_duplicates:
        raise DataError(f"{name} has {index[index.duplicated()][0]:%Y-%m-%d} twice: give each day one count")
    if not index.is_monotonic_increasing:
        raise DataError(f"{name} is not in the order of its dates: use .sort_index()")
    missing = pd.date_range(index[0], index[-1]).difference(index)
    if len(missing):
        raise DataError(
            f"{name}: {len(missing)} days missing, first {missing[0]:%Y-%m-%d}; "
            'use .asfreq("D"), which leaves them empty (a missing day is not a day without cases)'
        )
    return pd.DatetimeIndex(index)


def _from_text(index: pd.Index[Any], name: str) -> pd.DatetimeIndex:
    """ISO dates written as text, or date objects, as dates; whatever can be read in two ways is refused."""
    texts = [str(value) for value in index]
    wrong = [text for text in texts if not re.fullmatch(r"\d{4}-\d{2}-\d{2}( 00:00:00)?", text)]
    if wrong:
        raise DataError(
            f"{name} is indexed by {wrong[0]!r}, which is no date as YYYY-MM-DD: "
            "set the index with pd.to_datetime(..., dayfirst=True) or the format it is written in"
        )
    try:
        return pd.DatetimeIndex(pd.to_datetime([text[:10] for text in texts], format="%Y-%m-%d"))
    except ValueError as error:
        raise DataError(f"{name} is indexed by a day that is not in the calendar: {error}") from None
