"""The series under ``data/series``: read where they are there, held to the registers.

Responsibility: the only reader of the series. What a notebook leaves out without one is said where it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from kg_analysis.data.columns import Table, is_day
from kg_analysis.data.files import convert, read_text
from kg_analysis.data.schemas import AREAS, SERIES, SOURCES
from kg_analysis.errors import DataError
from kg_analysis.vietnamese import period_bounds


def present(data_dir: Path) -> list[Table]:
    """Series that the data folder holds a file of."""
    return [table for table in SERIES if (data_dir / f"{table.name}.csv").exists()]


def read_series(data_dir: Path) -> dict[str, pd.DataFrame]:
    """Every series by its name, e.g. ``covid_daily``; no rows where the folder has no such file.

    Raises DataError: every failure of the files: a broken cell, a source or area that the registers do not know, a day
    after the source was taken or outside the boundary, a month index that is not the month of its cut-off day.
    """
    found = {short(table): pd.DataFrame(columns=list(table.columns), dtype=str) for table in SERIES}
    problems: list[str] = []
    for table in present(data_dir):
        try:
            sources, areas = (read_text(data_dir / f"{each.name}.csv", each) for each in (SOURCES, AREAS))
            found[short(table)] = read_text(data_dir / f"{table.name}.csv", table)
            problems.extend(series_problems(table, found[short(table)], sources, areas))
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(dict.fromkeys(problems))
    return {short(table): convert(found[short(table)], table) for table in SERIES}


def short(table: Table) -> str:
    """Name of a series without its folder."""
    return table.name.rpartition("/")[2]


def series_problems(table: Table, rows: pd.DataFrame, sources: pd.DataFrame, areas: pd.DataFrame) -> Iterator[str]:
    """What the rows of a series, still text, say against the registers and against the calendar."""
    taken = sources.drop_duplicates("id").set_index("id")["retrieved"].to_dict()
    limits = areas.drop_duplicates(list(AREAS.key)).set_index(list(AREAS.key))[["valid_from", "valid_to"]]
    bounds = limits.to_dict("index")
    for number, row in enumerate(rows.to_dict("records"), 2):
        where = f"{table.name}.csv row {number}"
        if row["source_id"] not in taken:
            yield f"{where}: source {row['source_id']!r} is not in sources.csv; add it"
        area = (row["area_code"], row["boundary_version"])
        if area not in bounds:
            yield f"{where}: area {area[0]} with boundary {area[1]!r} is not in areas.csv; correct it, or add it there"
        last_day = _last_day(table, row)
        if last_day is None:
            continue  # a cell that its column has already refused
        if last_day > taken.get(row["source_id"], last_day):
            day = taken[row["source_id"]]
            yield f"{where}: {last_day} lies after {day}, the day its source was taken; correct the date"
        if area in bounds and not _within(last_day, bounds[area]):
            yield f"{where}: {last_day} leaves boundary {area[1]!r}; use the boundary of that time"
        yield from (f"{where}: {problem}" for problem in _month_problems(row))


def _last_day(table: Table, row: dict[object, str]) -> str | None:
    """Last day that a row speaks of."""
    if "quarter" in table.columns:
        if not (row["year"].isdecimal() and len(row["year"]) == 4 and row["quarter"] in "1234"):
            return None
        return period_bounds("quarter", int(row["year"]), int(row["quarter"]))[1].isoformat()
    last_day = row["date"] if "date" in table.columns else row["as_of"]
    return last_day if is_day(last_day) else None


def _within(last_day: str, limits: dict[object, str]) -> bool:
    return limits["valid_from"] <= last_day and (limits["valid_to"] == "" or last_day <= limits["valid_to"])


def _month_problems(row: dict[object, str]) -> Iterator[str]:
    """A cut-off day that does not lie in the month that the row is filed under."""
    if "month_index" not in row or not row["budget_year"].isdecimal() or not row["month_index"].isdecimal():
        return
    year, month, _ = map(int, row["as_of"].split("-"))
    index = (year - int(row["budget_year"])) * 12 + month
    if index != int(row["month_index"]):
        yield (
            f"as_of {row['as_of']} is in month {index} of budget year {row['budget_year']}, not in month "
            f"{row['month_index']}; correct one of them (month 13 is January of the next year)"
        )
