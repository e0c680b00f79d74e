"""Writes covid_daily.csv: made-up daily counts with the faults that real ones have, for the tutorial and the tests.

Run: python examples/series/make_covid_daily.py. Two steps of the level, a weekday pattern, imported cases, a gap of two
days, a dump, a count taken back and a day without a bulletin. Nothing here was ever counted.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

HEADER = "area_code,boundary_version,date,source_id,new_cases,community_cases,imported_cases,date_basis,flag"
FIRST = date(2021, 7, 1)
LEVELS = (25, 130, 60)  # cases a day of the three stretches
DAYS = (40, 45, 35)
WEEKDAYS = (0.95, 1.05, 1.05, 1.05, 1.0, 0.95, 0.95)
GAP, DUMP, TAKEN_BACK, NO_BULLETIN = (50, 51), 70, 90, 100  # days since the first


def text() -> str:
    """Content of the file."""
    rng = np.random.default_rng(2021)
    days = [FIRST + timedelta(days=each) for each in range(sum(DAYS))]
    level = np.repeat(LEVELS, DAYS) * np.array([WEEKDAYS[day.weekday()] for day in days])
    cases = rng.negative_binomial(40, 40 / (40 + level))
    imported = rng.binomial(cases, 0.1)
    cases[DUMP], cases[TAKEN_BACK], cases[NO_BULLETIN] = 4100, -15, 0
    imported[[DUMP, TAKEN_BACK, NO_BULLETIN]] = 0
    rows = []
    for number, day in enumerate(days):
        if number not in GAP:
            counts = f"{cases[number]},,{imported[number] if cases[number] >= 0 else ''}"
            rows.append(f"91,kien-giang,{day},synthetic-example,{counts},report,")
    return "\n".join([HEADER, *rows, ""])


if __name__ == "__main__":
    (Path(__file__).parent / "covid_daily.csv").write_text(text(), encoding="utf-8", newline="\n")
