"""The series under ``data/series``: read where they are there, held to the registers.

Responsibility: the only reader of the series, and of a department's treasury export: the workbook of
``data/templates``, one row an investor, fund source and cut-off day, every failure named by sheet and row. Its layout
is that of the columns a TABMIS listing of disbursement is usually cut down to; it is ours, not the treasury's.

Terms: *investor* = who spends the money; *cut-off day* = day up to which the money is counted. Amounts in bn VND.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.bounds import with_rounding
from kg_analysis.data.columns import Table, is_day
from kg_analysis.data.files import convert, read_text
from kg_analysis.data.schemas import AREAS, DISBURSEMENT_MONTHLY, SERIES, SOURCES
from kg_analysis.errors import DataError
from kg_analysis.spreadsheet import read_book
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


SHEET = "Giải ngân"
# Heading in the workbook of every column, with what it becomes.
HEADINGS = {
    "Năm ngân sách": "budget_year",
    "Ngày chốt số liệu": "as_of",
    "Đơn vị (chủ đầu tư)": "investor",
    "Nguồn vốn": "fund_source",
    "Kế hoạch Thủ tướng giao (tỷ đồng)": "plan_bn_vnd",
    "Kế hoạch HĐND giao (tỷ đồng)": "plan_council_bn_vnd",
    "Kế hoạch phân bổ chi tiết (tỷ đồng)": "plan_allocated_bn_vnd",
    "Lũy kế giải ngân (tỷ đồng)": "disbursed_cum_bn_vnd",
    "Lũy kế khối lượng hoàn thành (tỷ đồng)": "volume_cum_bn_vnd",
    "Nguyên nhân chậm": "cause",
}
_AMOUNTS = tuple(name for name in HEADINGS.values() if name.endswith("bn_vnd"))
_TOTAL = ("tổng số", "tổng cộng", "total")
DECIMALS = 3  # a treasury counts to the million VND


def read_treasury(
    path: Path, source_id: str, vintage: str, area_code: str = "91", boundary_version: str = "kien-giang"
) -> pd.DataFrame:
    """Rows of ``series/disbursement_monthly`` from a filled workbook.

    ``path``: ``.xlsx`` in the layout of ``data/templates/disbursement_treasury.xlsx``. ``source_id``: source to enter
    in sources.csv. ``vintage``: when the export was made, e.g. ``2022-09-05``.
    In the types of the series; an empty cell is missing and not 0.
    Raises DataError: A file that is no workbook, or too large; a missing sheet or heading; every cell that is no day or
    amount.
    """
    given = {"area_code": area_code, "boundary_version": boundary_version, "vintage": vintage, "source_id": source_id}
    problems: list[str] = []
    rows = [{**row, **given} for row in _rows(path, problems)]
    if problems:
        raise DataError(problems)
    if not rows:
        raise DataError(f"{path.name}: sheet {SHEET!r} holds no row; fill it in below the headings")
    table = pd.DataFrame(rows, dtype=str).reindex(columns=list(DISBURSEMENT_MONTHLY.columns)).fillna("")
    key = list(DISBURSEMENT_MONTHLY.key)
    if (twice := table[table.duplicated(key)]).size:
        row = twice.iloc[0]
        raise DataError(f"{path.name}: {row['investor']}, {row['fund_source']}, {row['as_of']} stands twice; keep one")
    return convert(table.sort_values(key, kind="stable").reset_index(drop=True), DISBURSEMENT_MONTHLY)


def write_template(path: Path, rows: pd.DataFrame | None = None) -> None:
    """Write the workbook with its headings, and rows of the series where some are given."""
    import openpyxl  # noqa: PLC0415  slow to import, and used here only

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(list(HEADINGS))
    sheet.freeze_panes = "A2"
    for row in [] if rows is None else rows.to_dict("records"):
        sheet.append([_cell(row[name]) for name in HEADINGS.values()])
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = max(14, len(str(column[0].value)) + 2)
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    book.save(path)


def _cell(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if value is None or pd.isna(value) or value == "" else value


def _rows(path: Path, problems: list[str]) -> Iterator[dict[str, str]]:
    book = read_book(path, f"the treasury's workbook with the sheet {SHEET!r}", strict=False)
    if SHEET not in book:
        raise DataError(f"{path.name}: no sheet {SHEET!r}, only {', '.join(book)}; rename the sheet")
    sheet = book[SHEET]
    letters = sheet.heading()
    if missing := [each for each in HEADINGS if each not in letters]:
        raise DataError(f"{path.name}: sheet {SHEET!r} lacks the heading {missing[0]!r}; take those of the template")
    for number in range(2, sheet.rows + 1):
        cells = {name: sheet.cells.get(f"{letters[heading]}{number}") for heading, name in HEADINGS.items()}
        if any(cell is not None for cell in cells.values()):
            yield _row(cells, f"{path.name}, sheet {SHEET!r} row {number}", problems)


def _row(cells: dict[str, Any], where: str, problems: list[str]) -> dict[str, str]:
    row = {name: str(cells[name] or "").strip() for name in ("investor", "fund_source", "cause")}
    for name in ("investor", "fund_source"):
        row[name] = "total" if row[name].casefold() in _TOTAL else row[name]
        if not row[name]:
            problems.append(f"{where}: {name} is empty; write the unit or fund, or Tổng số")
    for name in _AMOUNTS:
        value = cells[name]
        if value is None:
            row[name] = ""
        elif isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(f"{where}: {name} is {value!r}; enter a number in bn VND, or leave the cell empty")
        else:
            row[name] = f"{value:.{DECIMALS}f}"
    row["decimals"] = str(DECIMALS)
    day, year = cells["as_of"], cells["budget_year"]
    if not isinstance(day, date) or isinstance(year, bool) or not isinstance(year, int | float):
        problems.append(f"{where}: budget year {year!r} and cut-off day {day!r}; enter a year and a date")
        return row
    index = (day.year - int(year)) * 12 + day.month
    if not 1 <= index <= 13:
        problems.append(f"{where}: {day:%Y-%m-%d} lies outside budget year {int(year)}; correct one of the two")
    return row | {"budget_year": str(int(year)), "month_index": str(index), "as_of": f"{day:%Y-%m-%d}"}


def as_investment(series: pd.DataFrame) -> pd.DataFrame:
    """A department's monthly series in the shape of ``clean/investment``, so that all else takes it alike.

    Rows of one investor and one fund source do not overlap: where the series has no row of all funds, of all investors
    or of everything, it is their sum. An empty amount of one makes the sum empty.
    """
    if series.empty:
        return pd.DataFrame()
    amounts = {"plan_bn_vnd": "plan_assigned", "plan_allocated_bn_vnd": "plan_allocated"}
    amounts |= {"disbursed_cum_bn_vnd": "disbursed", "volume_cum_bn_vnd": "completed_volume"}
    parts = {"unit": series["investor"].replace("total", ""), "fund": series["fund_source"].replace("total", "")}
    parts["plan"] = series["plan_council_bn_vnd"].fillna(series["plan_bn_vnd"])
    own = series.assign(**parts).rename(columns=amounts)
    shared = ["area_code", "boundary_version", "budget_year", "vintage", "source_id", "as_of"]
    named = [*shared, "unit", "fund", "decimals"]
    long = own.melt(named, ["plan", *amounts.values()], var_name="measure", value_name="value_bn_vnd")
    for summed, kept in ((["fund"], ["unit"]), (["unit"], ["fund"]), (["unit", "fund"], [])):
        long = pd.concat([long, _missing_sums(long, [*shared, "measure"], kept, summed)], ignore_index=True)
    long = with_rounding(long[long["value_bn_vnd"].notna()], "value_bn_vnd", "decimals")
    ratio = dict.fromkeys(("ratio_pct", "ratio_decimals", "ratio_pct_low", "ratio_pct_high", "ratio_pct_kind"), np.nan)
    basis = np.where(long["measure"].str.startswith("plan"), "plan", "actual")
    long = long.rename(columns={"decimals": "value_decimals"}).reset_index(drop=True)
    return long.assign(basis=basis, **ratio, ratio_qualifier="", ratio_base="", figure_ids="")


def _missing_sums(long: pd.DataFrame, key: list[str], kept: list[str], summed: list[str]) -> pd.DataFrame:
    """Sums over units or funds that the series does not hold itself."""
    single = long[(long["unit"] != "") & (long["fund"] != "")]
    if single.empty:
        return single
    groups = single.groupby([*key, *kept], dropna=False, sort=False)
    sums = groups.agg(
        value_bn_vnd=("value_bn_vnd", lambda cells: cells.sum(skipna=False)), decimals=("decimals", "min")
    )
    sums = sums.reset_index().assign(**dict.fromkeys(summed, ""))
    place = [*key, "unit", "fund"]
    held = set(map(tuple, long[place].astype(str).to_numpy()))
    new = [tuple(row) not in held for row in sums[place].astype(str).to_numpy()]
    return sums[new]
