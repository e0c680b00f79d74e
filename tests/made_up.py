"""Made-up input that several tests share: changed cells of a table, published rates, quarters of a year."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from kg_analysis.analysis import levels
from kg_analysis.bounds import with_rounding

PRINTED_FILE = "printed/kien-giang-2021.csv"
PARTS = levels.SECTORS


def edit(path: Path, *changes: tuple[int, str, str]) -> None:
    """Set cells of a CSV by spreadsheet row and column name."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    for row, column, value in changes:
        rows[row - 2][column] = value
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


def published(*rows: tuple[int, str, str, str]) -> pd.DataFrame:
    """Rates of one province: year, period, rate as printed, vintage."""
    shared = {"area_code": "91", "boundary_version": "kien-giang", "sector": "total", "basis": "actual"}
    shared |= {"source_id": "s", "price_base": "constant_2010", "span": "cumulative"}
    table = pd.DataFrame(
        [
            shared
            | {"year": year, "period": period, "growth_pct": float(rate), "vintage": vintage}
            | {"decimals": len(rate.partition(".")[2]), "figure_ids": f"{year}-{period}-{vintage}"}
            for year, period, rate, vintage in rows
        ]
    )
    return with_rounding(table, "growth_pct", "decimals")


def made(now: dict[tuple[int, str], float], before: float = 100.0, vintage: str = "2021-06-29") -> pd.DataFrame:
    """A year whose sectors all stood at ``before`` in every quarter of the year before."""
    cells = {(2020, quarter, part): before for quarter in (1, 2, 3, 4) for part in PARTS}
    cells |= {(2021, quarter, part): value for (quarter, part), value in now.items()}
    shared = {"area_code": "91", "boundary_version": "kien-giang", "vintage": vintage, "source_id": "synthetic-example"}
    shared |= {"price_base": "constant_2010", "basis": "actual", "decimals": 1}
    rows = [shared | {"year": y, "quarter": q, "sector": s, "value_bn_vnd": v} for (y, q, s), v in cells.items()]
    return levels.singles(levels.of_series(pd.DataFrame(rows)))


def quarter(number: int, *values: float) -> dict[tuple[int, str], float]:
    return {(number, part): value for part, value in zip(PARTS, values, strict=True)}
