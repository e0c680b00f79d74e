"""Make up a monthly disbursement series for the tests and the tutorial, the same bytes each time.

Responsibility: ``disbursement_monthly.csv`` beside this script. Investors and amounts are invented and named as such;
none is a figure of Kiên Giang, and the file may never stand in ``data/series``. It holds, on purpose, what a real
series holds: a correction, a plan raised during the year, a revised month, a total that its parts do not give, a gap.

    python examples/series/make_disbursement_monthly.py
"""

from __future__ import annotations

import calendar
import csv
from datetime import date
from pathlib import Path

import numpy as np

from kg_analysis.data.schemas import DISBURSEMENT_MONTHLY

TARGET = Path(__file__).with_name("disbursement_monthly.csv")
SEED = 20220131
YEARS, LAST_MONTH = range(2018, 2023), 8  # the last year is still running: nothing is known after its month 8
CENTRAL, LOCAL, LAND = "Ngân sách trung ương", "Ngân sách địa phương", "Tiền sử dụng đất"
# Investor, size of its plan [bn VND], how late in the year it pays (1 = evenly), fund sources, cause of delay.
INVESTORS = (
    ("Chủ đầu tư A (mô phỏng)", 1150, 1.9, (CENTRAL, LOCAL), "site_clearance"),
    ("Chủ đầu tư B (mô phỏng)", 820, 1.5, (CENTRAL, LOCAL), "procedures"),
    ("Chủ đầu tư C (mô phỏng)", 640, 2.2, (LOCAL, LAND), "land_revenue"),
    ("Chủ đầu tư D (mô phỏng)", 430, 1.3, (LOCAL,), ""),
    ("Chủ đầu tư E (mô phỏng)", 300, 1.7, (LOCAL, LAND), "record_only"),
    ("Chủ đầu tư F (mô phỏng)", 210, 1.4, (LOCAL,), ""),
    ("Chủ đầu tư G (mô phỏng)", 90, 2.6, (CENTRAL,), "site_clearance"),
    ("Chủ đầu tư H (mô phỏng)", 60, 3.0, (LOCAL,), "procedures"),
)
RAISED_FROM, RAISED_BY = 6, 1.04  # the plan of 2021 is raised in June
FALL = (2021, 7, "Chủ đầu tư B (mô phỏng)", LOCAL)  # money wrongly booked is taken back
UNEQUAL = (2020, 5)  # a total published before one part was corrected
GAP = (2019, 4, "Chủ đầu tư H (mô phỏng)")  # an investor that did not report
REVISED = (2022, 6, "Chủ đầu tư D (mô phỏng)")  # published again a month later


def month_end(year: int, month: int) -> date:
    """Last day of a month of the budget year; month 13 is January of the next."""
    year, month = (year + 1, month - 12) if month > 12 else (year, month)
    return date(year, month, calendar.monthrange(year, month)[1])


def parts(year: int, month: int, random: np.random.Generator) -> list[list[object]]:
    """Investor, fund source, three plans, money paid, work done and cause, of one month."""
    found: list[list[object]] = []
    for name, size, late, funds, cause in INVESTORS:
        for number, fund in enumerate(funds):
            plan = size * (1 + 0.05 * (year - 2018)) * (0.7 if number == 0 else 0.3) / (1 if len(funds) > 1 else 0.7)
            plan *= RAISED_BY if (year, month) >= (2021, RAISED_FROM) and year == 2021 else 1
            end = 0.66 + 0.05 * (year % 3) + 0.1 * random.random()
            power = late * (0.9 + 0.2 * ((year * 7 + number) % 5) / 5)
            paid = plan * end * (month / 13) ** power
            found.append([name, fund, plan, plan * 1.02, plan * 0.97, paid, min(paid * 1.08, plan), cause])
    return found


def rows() -> list[list[str]]:
    """Every row of the file in the order of its key."""
    table = []
    for year in YEARS:
        ends: dict[tuple[str, str], float] = {}
        for month in range(1, (LAST_MONTH if year == YEARS[-1] else 13) + 1):
            month_parts = parts(year, month, np.random.default_rng(SEED + year))
            table += month_rows(year, month, month_parts, ends)
    return sorted(table, key=lambda row: (int(row[2]), int(row[3]), *row[4:8]))


def month_rows(year: int, month: int, found: list[list[object]], ends: dict[tuple[str, str], float]) -> list[list[str]]:
    """Rows of one month, flaws included, with the total."""
    table = []
    total = [0.0] * 5
    for name, fund, *numbers, cause in found:
        amounts = [round(float(each), 1) for each in numbers]  # type: ignore[arg-type]
        amounts[3] = max(amounts[3], ends.get((name, fund), 0.0))  # type: ignore[call-overload]
        if (year, month, name, fund) == FALL:
            amounts[3] = round(amounts[3] - 30, 1)
        ends[(name, fund)] = amounts[3]  # type: ignore[index]
        total = [a + b for a, b in zip(total, amounts, strict=True)]
        if (year, month, name) == GAP:
            continue
        shown = [f"{each:.1f}" for each in amounts]
        if (year, month, name) == REVISED:
            early = [*shown[:3], f"{amounts[3] - 4:.1f}", shown[4]]
            table.append(row(year, month, str(name), str(fund), early, str(cause)))
            table.append(row(year, month, str(name), str(fund), shown, str(cause), later=1))
        else:
            table.append(row(year, month, str(name), str(fund), shown, str(cause)))
    if (year, month) == UNEQUAL:
        total[3] += 25
    table.append(row(year, month, "total", "total", [f"{each:.1f}" for each in total], ""))
    return table


def row(year: int, month: int, investor: str, fund: str, amounts: list[str], cause: str, later: int = 0) -> list[str]:
    """One row; published on the fifth of the month after, or later."""
    published = month_end(year, month + 1 + later).replace(day=5)
    fixed = ["91", "kien-giang", str(year), str(month), investor, fund, published.isoformat(), "synthetic-example"]
    return [*fixed, month_end(year, month).isoformat(), *amounts, "1", cause]


def main() -> None:
    """Write the file."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(DISBURSEMENT_MONTHLY.columns)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
