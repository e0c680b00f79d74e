"""Reading an analyst's series of daily counts: dated, whole, every calendar day once.

Responsibility: turn a Series into floats indexed by date, or say what is wrong with it and what to do. Nothing is
sorted, filled in, smoothed or guessed: a day without a count stays empty.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.errors import DataError


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
