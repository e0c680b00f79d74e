"""How much of what is typed about each year an analysis uses, and whether all of it is in the year's table of figures.

Run: python benchmarks/bench_use.py [DATA_DIR]. For each year 2017–2025 of Kiên Giang: the figures whose period lies in
the year, those that a sentence, chart or table of the registry rests on (rows of its frames), and those in the table of
all figures (``Dataset.printed``). Words, dates and periods have no number: they are held, not to be used.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from kg_analysis.briefing.registry import FINDINGS, Frames
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext

AREA, YEARS = "91", range(2017, 2026)
# Frames that a notebook shows as a table beside those of the findings.
TABLES = ("sector_rates", "growth_targets", "growth_measures", "level_versions", "rest_plan", "before", "paid_year")
LEAST = 60  # percent of the typed numbers of a year that an analysis uses


def typed(data: Dataset) -> pd.DataFrame:
    """Figures of the area whose period lies in the year, whoever printed them, but those known to be wrong."""
    rows = data.tables.figures
    rows = rows[(rows["area_code"] == data.area) & ~rows["is_corrected"]]
    return rows[(rows["period_start"].dt.year == data.year) & (rows["period_end"].dt.year <= data.year + 1)]


def ids_of(tables: Iterable[object]) -> Iterator[str]:
    """Figures behind the rows of frames."""
    for table in tables:
        if isinstance(table, pd.DataFrame) and "figure_ids" in table:
            yield from (each for cell in table["figure_ids"].dropna() for each in str(cell).split())


def used(data: Dataset) -> set[str]:
    """Figures that a part of the registry which can be made for the year rests on."""
    frames = Frames(ReportContext(data, NumberFormatter("vi")))
    found: set[str] = set()
    for finding in FINDINGS.values():
        for part in (finding.title, *finding.sentences, *finding.caveats):
            own = Frames(frames.known["ctx"], {name: frames[name] for name in frames.inputs_of(part)})
            try:
                own.call(part)
            except DataError:
                continue
            found |= set(ids_of(own.known.values()))
        if finding.table:
            found |= set(ids_of([frames[finding.table]]))
    return found | set(ids_of(frames[name] for name in TABLES))


def measure(data_dir: Path) -> pd.DataFrame:
    """A row a year: typed figures, those with a number, those used, and those in the year's table."""
    rows = []
    for year in YEARS:
        data = load(data_dir, year, AREA)
        held = typed(data)
        numbers = held[held["bound_kind"].isin(["exact", "rounding", "wording"])]
        shown, behind = set(data.printed()["figure_ids"]), used(data)
        rows.append(
            {
                "year": year,
                "typed": len(held),
                "numbers": len(numbers),
                "used": int(numbers["figure_id"].isin(behind).sum()),
                "in_table": int(held["figure_id"].isin(shown).sum()),
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(
        used_pct=100 * table["used"] / table["numbers"], shown_pct=100 * table["in_table"] / table["typed"]
    )


def main() -> None:
    """Print a row a year and one line for each aim."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    table = measure(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "data")
    print(table.round(0).to_string(index=False))
    print(f"RATIO least_used {table['used_pct'].min() / LEAST:.2f} aim 1")
    print(f"RATIO least_in_table {table['shown_pct'].min() / 100:.2f} aim 1")


if __name__ == "__main__":
    main()
