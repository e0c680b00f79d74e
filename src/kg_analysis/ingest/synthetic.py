"""A made-up national data folder, for tests and benchmarks of many runs.

Responsibility: registers, printed figures and clean tables of as many areas and years as are asked for, sound in every
respect but that no figure is real. Every source is named synthetic, and so is every area.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg_analysis.data.clean import write_clean
from kg_analysis.data.columns import Table
from kg_analysis.data.schemas import AREAS, CHECKS, CORRECTIONS, COVID_DAILY, PRINTED, SOURCES
from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError
from kg_analysis.ingest.synthetic_report import cases_by_day, write_report
from kg_analysis.ingest.synthetic_text import Report, Row

MOST_AREAS, FIRST_YEAR = 99, 2015
_BORROWED = ("README.md", "indicators.csv", "assumptions.csv", "label_patterns.csv")  # mean the same for any figures


def write_synthetic(
    target: Path, codebook: Path, areas: int, years: int, seed: int, daily: bool = False
) -> tuple[int, int]:
    """Write a made-up data folder; the same arguments give the same bytes.

    Parameters
    ----------
    target : Path
        Folder to make, and ``reports`` beside it for the texts; neither may exist, unless empty.
    codebook : Path
        Data folder that indicators and assumptions are taken from.
    areas, years : int
        How many; areas are numbered from 01, years run from 2015.
    seed : int
    daily : bool
        Also write daily counts of every wave.

    Returns
    -------
    tuple of int
        Reports and figures written.

    Raises
    ------
    DataError
        If the folder holds something, or the one for texts beside it does; if more areas are asked for than two digits
        can number.
    """
    texts = target.parent / "reports"
    if problems := [
        f"{each}: is not an empty folder; name a new one for the data, in a folder of its own: nothing is written over"
        for each in (target, texts)
        if each.exists() and (not each.is_dir() or any(each.iterdir()))
    ]:
        raise DataError(problems)
    if not 1 <= areas <= MOST_AREAS or years < 1:
        raise DataError(f"{areas} areas and {years} years: choose 1 to {MOST_AREAS} areas and at least one year")
    target.mkdir(parents=True, exist_ok=True)
    for name in _BORROWED:
        shutil.copyfile(codebook / name, target / name)
    reports = list(_reports(areas, range(FIRST_YEAR, FIRST_YEAR + years), seed))
    _write(target / "areas.csv", AREAS, _areas(areas))
    _write(target / "sources.csv", SOURCES, map(_source, reports))
    _write(target / "checks.csv", CHECKS, [check for report in reports for check in report.checks])
    _write(target / "corrections.csv", CORRECTIONS, [])
    for report in reports:
        _write(target / "printed" / f"{report.source_id}.csv", PRINTED, report.rows)
        write_bytes(texts / f"{report.source_id}.txt", report.text.encode())
    if daily:
        _write(target / f"{COVID_DAILY.name}.csv", COVID_DAILY, _days(reports, seed))
    write_clean(target)
    return len(reports), sum(len(report.rows) for report in reports)


def _reports(areas: int, years: Iterable[int], seed: int) -> Iterator[Report]:
    listed = list(years)
    for area in range(1, areas + 1):
        for year in listed:
            yield write_report(f"{area:02}", f"Tỉnh giả lập {area:02}", year, seed, listed[0])


def _areas(count: int) -> Iterator[Row]:
    for area in range(1, count + 1):
        code = f"{area:02}"
        yield {"area_code": code, "boundary_version": f"synthetic-{code}", "name": f"Tỉnh giả lập {code}"}


def _source(report: Report) -> Row:
    return {
        "id": report.source_id,
        "title": f"Báo cáo giả lập năm {report.year} của {report.name}",
        "issuer": f"{report.name} (giả lập)",
        "doc_date": f"{report.year}-12-20",
        "sha256": hashlib.sha256(report.text.encode()).hexdigest(),
        "retrieved": f"{report.year + 1}-02-01",
        "kind": "report",
        "grade": "official",
        "report_year": str(report.year),
        "language": "vi",
        "licence": "MIT",
        "note": "Synthetic: made up for tests and benchmarks; no figure is real",
    }


def _days(reports: Iterable[Report], seed: int) -> Iterator[Row]:
    for report in reports:
        for day, cases, community in cases_by_day(report, seed):
            yield {
                "area_code": report.area,
                "boundary_version": f"synthetic-{report.area}",
                "date": day.isoformat(),
                "source_id": report.source_id,
                "new_cases": str(cases),
                "community_cases": str(community),
                "date_basis": "report",
            }


def _write(path: Path, table: Table, rows: Iterable[Row]) -> None:
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, list(table.columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(path, content.getvalue().encode())
