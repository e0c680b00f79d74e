"""Made-up quarterly GRDP for the tests and the tutorial: ``python examples/series/make_grdp_quarterly.py``.

No row is a figure of any province. Three releases, as a statistics office would make them: 2019 and 2020, then
2020 with the first quarter of 2021, then everything from 2010 on with two quarters of 2021 and a revised 2020.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

SECTORS = {  # level of a quarter in 2010 [bn VND], growth a year, spread of it, share of each quarter
    "agriculture": (400.0, 0.028, 0.012, (0.20, 0.32, 0.22, 0.26)),
    "industry_construction": (240.0, 0.075, 0.020, (0.22, 0.25, 0.25, 0.28)),
    "services": (300.0, 0.068, 0.018, (0.24, 0.25, 0.25, 0.26)),
    "product_tax": (60.0, 0.050, 0.015, (0.24, 0.25, 0.25, 0.26)),
}
BACK = "2021-06-29"  # release that reaches back to 2010
COLUMNS = [
    *("area_code", "boundary_version", "year", "quarter", "sector", "vintage"),
    *("source_id", "value_bn_vnd", "decimals", "price_base", "basis"),
]
TARGET = Path(__file__).with_name("grdp_quarterly.csv")


def levels() -> dict[tuple[int, int, str], float]:
    """Level of every quarter and sector, a seed's worth of noise around steady growth [bn VND]."""
    draw = np.random.default_rng(20211231)
    found = {}
    for sector, (start, rate, spread, shares) in SECTORS.items():
        level = 4 * start
        for year in range(2010, 2022):
            level *= 1 + (rate - (0.03 if year == 2020 else 0)) * (year > 2010) + spread * draw.normal() * (year > 2010)
            for quarter, share in enumerate(shares, 1):
                found[year, quarter, sector] = level * share * (1 + 0.008 * draw.normal())
    return found


def releases() -> dict[str, list[tuple[int, int, float]]]:
    """Year, quarter and factor on the final level, by vintage."""
    whole = [(year, quarter, 1.0) for year in range(2010, 2021) for quarter in range(1, 5)]
    drift = {1: 1.004, 2: 1.001, 3: 0.991, 4: 0.984}  # the first 2020 was too low, more so late in the year
    early = [(2019, quarter, 0.999) for quarter in range(1, 5)] + [(2020, q, drift[q]) for q in range(1, 5)]
    later = [(2020, q, (drift[q] + 1) / 2) for q in range(1, 5)] + [(2021, 1, 1.006)]
    return {"2020-12-28": early, "2021-03-29": later, BACK: [*whole, (2021, 1, 1.0), (2021, 2, 1.0)]}


def rows() -> list[list[str]]:
    """Rows of the file; the total is the sum of the sectors as rounded."""
    found, table = levels(), []
    for vintage, cells in releases().items():
        for year, quarter, factor in cells:
            values = {sector: round(found[year, quarter, sector] * factor, 2) for sector in SECTORS}
            values["total"] = round(sum(values.values()), 2)
            basis = "actual" if year < int(vintage[:4]) else "estimate"
            for sector, value in values.items():
                head = ["91", "kien-giang", str(year), str(quarter), sector, vintage, "synthetic-example"]
                table.append([*head, f"{value:.2f}", "2", "constant_2010", basis])
    return sorted(table, key=lambda row: (row[2], row[3], row[4], row[5]))


if __name__ == "__main__":
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows()])
