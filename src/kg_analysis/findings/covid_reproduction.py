"""Sentences and titles on the reproduction number.

Responsibility: on how many days it is above or below 1 whichever serial interval is taken, and where the two part. Days
on which they disagree are said to be open.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kg_analysis.analysis.daily import estimate
from kg_analysis.analysis.daily_reproduction import Reproduction
from kg_analysis.analysis.reproduction import FEWEST_CASES
from kg_analysis.analysis.serial_intervals import SerialInterval
from kg_analysis.findings.wording import as_given, listed
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity, given


def reproduction(found: Reproduction, here: ReportContext) -> str:
    """Days above and below 1 under every serial interval; the values of the last settled day."""
    above, below, unsure, suppressed = _days(found)
    day = _last_settled(found)
    names = [
        here.say("covid_daily.rt_interval", **_size(each, here), basis=_basis(each, here)) for each in found.intervals
    ]
    first, second = (_value(frame.loc[day]) for frame in (found.frames[0], found.frames[-1]))
    text = here.say(
        "covid_daily.rt",
        intervals=listed(names, here),
        above=_day_count(above, here),
        below=_day_count(below, here),
        open=unsure,
        suppressed=_day_count(suppressed, here),
        fewest=FEWEST_CASES,
        window=found.window_days,
        day=day.date(),
        first=first,
        second=second,
    )
    known = found.daily.table["imported"].notna().any()
    return f"{text} {here.say('covid_daily.imported_known' if known else 'covid_daily.imported_unknown')}"


def reproduction_title(found: Reproduction, here: ReportContext) -> str:
    """Finding on the reproduction number, at most 15 words."""
    above, below, _, _ = _days(found)
    return here.say("covid_daily.rt_title", above=_day_count(above, here), below=_day_count(below, here))


def line_name(interval: SerialInterval, here: ReportContext) -> str:
    """Label of a line: its serial interval."""
    return here.say("covid_daily.rt_line", **_size(interval, here))


def _size(interval: SerialInterval, here: ReportContext) -> dict[str, str]:
    """Mean and standard deviation as short as they were given."""
    parts = {"mean": interval.mean_days, "sd": interval.sd_days}
    return {name: here.page.quantity(as_given(given(value, "days")), "n") for name, value in parts.items()}


def _basis(interval: SerialInterval, here: ReportContext) -> str:
    return here.say(f"covid_daily.basis_{'chosen' if interval.chosen else interval.name}")


def _days(found: Reproduction) -> tuple[int, int, int, int]:
    """Days above 1, below 1, open, and not computed, under every serial interval."""
    low = np.column_stack([frame["low"] for frame in found.frames])
    high = np.column_stack([frame["high"] for frame in found.frames])
    known = ~np.isnan(low).any(axis=1)
    above, below = (low > 1).all(axis=1) & known, (high < 1).all(axis=1) & known
    return int(above.sum()), int(below.sum()), int((known & ~above & ~below).sum()), int((~known).sum())


def _last_settled(found: Reproduction) -> pd.Timestamp:
    """Last day with a value that later bulletins will hardly change; the last with any where there is none such."""
    frame = found.frames[0]
    known = frame[~frame["suppressed"]]
    settled = known[~known["recent"]]
    return (known if settled.empty else settled).index[-1]


def _value(row: pd.Series) -> Quantity:
    return estimate(row["mean"], row["low"], row["high"], "reproduction")


def _day_count(days: int, here: ReportContext) -> str:
    return here.page.unit(here.page.number(days, 0), "days")
