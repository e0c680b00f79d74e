"""Daily COVID counts of one collection: which days are there, which are doubtful, and their 7-day mean.

Responsibility: the counts that everything about single days rests on. What was published stays beside what is used and
the flag that says why they differ; nothing is filled in. Several collections are never merged.

Terms: *raw* = as published; *cases* = raw, empty where a day is flagged as a dump or negative; *dump* = a day above ten
times the median of the days around it, usually a backlog or a slip; *shown* = from 1 January of the year to 31 January
of the next, with the days before it kept for what looks back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.intervals import Interval
from kg_analysis.quantities import Quantity

Alignment = Literal["trailing", "centred"]
Floats = npt.NDArray[np.float64]

MISSING, NEGATIVE, DUMP, SUDDEN_ZERO = FLAGS = ("missing", "negative", "dump", "sudden_zero")
AROUND = 7  # days on either side that make the local median
DUMP_TIMES = 10
SMALL = 5  # cases a day; below it counts scatter too much to call a day a dump
ZERO_AMID = 10  # cases a day; among such days a zero is more likely a day without a bulletin
WEEK = 7


@dataclass(frozen=True)
class Daily:
    """Daily counts of one source, every calendar day a row.

    Attributes
    ----------
    source_id : str
    date_basis : str
        What the date is: report, sampling or onset.
    first_shown : date
        First day of the year that a notebook shows.
    table : DataFrame
        Indexed by day without gaps: ``raw`` [cases] as published, ``cases`` used, ``community`` and ``imported``
        [cases], NaN where missing; ``flag`` (ids separated by blanks) and ``collector_flag``.
    others : tuple of str
        Further sources of daily counts, left out.
    """

    source_id: str
    date_basis: str
    first_shown: date
    table: pd.DataFrame
    others: tuple[str, ...] = ()

    @property
    def shown(self) -> pd.DataFrame:
        """Days of the year."""
        return self.table.loc[pd.Timestamp(self.first_shown) :]

    @property
    def start(self) -> date:
        """First day shown."""
        return self.shown.index[0].date()

    @property
    def end(self) -> date:
        """Last day of the series, where the collection stops."""
        return self.table.index[-1].date()


def has_days(data: Dataset) -> bool:
    """Whether some daily count falls into the year."""
    return bool((data.covid_daily["date"].map(lambda day: day.year) == data.year).any())


def daily(data: Dataset, source_id: str | None = None) -> Daily:
    """Daily counts of the year, flagged.

    Parameters
    ----------
    data : Dataset
    source_id : str or None
        Collection to use; None takes the one with the most days in the year.

    Raises
    ------
    NotPrintedError
        If there is no daily count, or none of this year.
    DataError
        If the source has no daily counts, with those that have, or mixes what its dates mean.
    """
    if data.covid_daily.empty:
        raise NotPrintedError("series/covid_daily.csv holds no row of this area", "covid_daily")
    first, last = pd.Timestamp(data.year, 1, 1), pd.Timestamp(data.year + 1, 1, 31)
    rows = data.covid_daily[data.covid_daily["date"] <= last]
    days = rows.loc[rows["date"].between(first, first.replace(month=12, day=31)), "source_id"].value_counts()
    if days.empty:
        raise NotPrintedError(f"series/covid_daily.csv holds no day of {data.year}", "covid_daily_year")
    chosen = source_id or min(days.index, key=lambda each: (-days[each], each))
    if chosen not in days.index:
        raise DataError(f"source {chosen!r} has no daily counts of {data.year}; choose {', '.join(sorted(days.index))}")
    own = rows[rows["source_id"] == chosen]
    bases = sorted(own["date_basis"].unique())
    if len(bases) > 1:
        raise DataError(
            f"series/covid_daily.csv: source {chosen!r} mixes dates of {' and '.join(bases)}; keep them as two sources"
        )
    table = flagged(own.set_index("date").sort_index())
    start = max(first, table.index[0])
    return Daily(chosen, bases[0], start.date(), table, tuple(sorted({*days.index} - {chosen})))


def flagged(rows: pd.DataFrame) -> pd.DataFrame:
    """Counts with every calendar day a row, what is used beside what was published.

    Parameters
    ----------
    rows : DataFrame
        Columns ``new_cases``, ``community_cases``, ``imported_cases``, ``flag``, indexed by day, each once.

    Returns
    -------
    DataFrame
        As :attr:`Daily.table`.
    """
    every = rows.reindex(pd.date_range(rows.index[0], rows.index[-1], name="date"))
    raw = pd.to_numeric(every["new_cases"]).astype(float)
    local = local_median(raw)
    marks = {
        MISSING: raw.isna(),
        NEGATIVE: raw < 0,
        DUMP: raw > DUMP_TIMES * local.clip(lower=SMALL),
        SUDDEN_ZERO: (raw == 0) & (local >= ZERO_AMID),
    }
    flags = pd.DataFrame(marks)
    return pd.DataFrame(
        {
            "raw": raw,
            "cases": raw.mask(marks[NEGATIVE] | marks[DUMP]),
            "community": pd.to_numeric(every["community_cases"]).astype(float),
            "imported": pd.to_numeric(every["imported_cases"]).astype(float),
            "flag": [" ".join(flags.columns[row]) for row in flags.to_numpy()],
            "collector_flag": every["flag"].fillna(""),
        }
    )


def local_median(raw: pd.Series[float]) -> pd.Series[float]:
    """Median of the days around each day, the day itself left out, so that a dump does not hide itself."""
    padded = np.pad(raw.to_numpy(dtype=float), AROUND, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
    others = np.ma.masked_invalid(np.delete(around, AROUND, axis=1))
    return pd.Series(np.ma.filled(np.ma.median(others, axis=1), np.nan), raw.index)


def seven_day_mean(cases: pd.Series[float], alignment: Alignment = "trailing") -> pd.Series[float]:
    """Mean of seven days [cases per day]; NaN where one of them is missing.

    Parameters
    ----------
    cases : Series
        Indexed by every calendar day.
    alignment : {"trailing", "centred"}
        The day and the six before it, or the day with three on either side.

    Raises
    ------
    DataError
        If the alignment is another.
    """
    if alignment not in ("trailing", "centred"):
        raise DataError(f"alignment {alignment!r} is not known; choose trailing or centred")
    return cases.rolling(WEEK, min_periods=WEEK, center=alignment == "centred").mean()


def estimate(value: float, low: float, high: float, unit: str) -> Quantity:
    """A statistical estimate with its interval, as results travel."""
    return Quantity(Interval(Fraction(low), Fraction(high), Fraction(value)), unit, inputs=frozenset({"actual"}))


def counted(cases: float) -> Quantity:
    """A whole count of a day, exact as published."""
    return Quantity(Interval.exact(int(cases)), "cases", inputs=frozenset({"actual"}))


def exact_mean(mean: float) -> Quantity:
    """A mean of seven whole counts [cases per day], free of a float's last digits."""
    return Quantity(Interval.exact(Fraction(round(mean * WEEK), WEEK)), "cases_per_day", inputs=frozenset({"actual"}))
