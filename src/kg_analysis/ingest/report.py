"""A report's file becomes a review workbook: read, propose, hold against what is known, write.

Responsibility: the order of the steps of ``kg draft``, and the declared checks of an earlier report asked of the new
one. Each step is done elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kg_analysis.analysis.checks import contradicted
from kg_analysis.data.files import read_text, to_csv
from kg_analysis.data.printed import Registers, read_exclusions, read_printed, read_references, read_registers
from kg_analysis.data.schemas import ASSUMPTIONS, CHECKS, LABEL_PATTERNS
from kg_analysis.data.schemas import FIGURES as CLEAN_FIGURES
from kg_analysis.disk import locked_file, write_bytes
from kg_analysis.errors import DataError
from kg_analysis.ingest.confidence import CLASH, disagreements, parsed_figures
from kg_analysis.ingest.document import Document, read_document
from kg_analysis.ingest.draft import propose
from kg_analysis.ingest.review import Draft, Typed, carry_over, draft_review, prefix_of, source_fields
from kg_analysis.ingest.workbook import FIGURES, UNMATCHED, Cells, build_workbook, read_review, shown
from kg_analysis.untrusted import deadline

# fmt: off
_CSV = (
    "start", "end", "as_printed", "value", "unit", "qualifier", "indicator", "entity", "period", "basis", "comparator",
    "confidence",
)
# fmt: on
_YEARS = range(1945, 2101)
_SECONDS = 120  # of which 4,000 lines need a tenth
_CELL = ("indicator", "area_code", "dimension", "item", "period_type", "period_start", "period_end", "as_of", "basis")


@dataclass(frozen=True)
class Drafted:
    """What a draft holds."""

    counts: dict[str, int]  # rows by sheet
    warned: int  # figures with a warning
    kept: int  # rows whose decision was carried over
    remarks: tuple[str, ...]  # what reading settled, and decisions that found no place


def draft_report(
    report: Path, year: int, area: str, data_dir: Path, output: Path, csv: Path | None, language: str
) -> Drafted:
    """Write the review workbook of a report, and its proposals as CSV where asked.

    Parameters
    ----------
    report : Path
        docx, pdf or txt.
    year : int
        Year that it reviews.
    area : str
        Area code.
    data_dir : Path
    output : Path
        Workbook; if there is one, what was decided in it is kept.
    csv : Path or None
    language : str
        Of the workbook: ``vi`` or ``en``.

    Raises
    ------
    DataError
        If report, data or the earlier workbook cannot be read, a file in place is none that a draft writes, or another
        process drafts into it; nothing is written then.
    """
    if year not in _YEARS:
        raise DataError(f"year {year} is none that a report reviews; give one from {_YEARS[0]} to {_YEARS[-1]}")
    _replaceable(output, csv)
    with locked_file(output):  # what was decided in it is read, carried over and written as one step
        return _draft_report(report, year, area, data_dir, output, csv, language)


def _replaceable(output: Path, csv: Path | None) -> None:
    """Refuse names of another kind, and a file in place that is none of ours: the workbook is read, see below."""
    for path, suffix in ((output, ".xlsx"), (csv, ".csv")):
        if path is not None and path.suffix.lower() != suffix:
            raise DataError(f"{path}: a name that ends in {suffix} is needed; rename it")
    if csv is not None and csv.exists():
        start = csv.read_bytes()[:1000] if csv.is_file() else b""
        if not start.removeprefix(b"\xef\xbb\xbf").startswith(",".join(_CSV).encode()):
            raise DataError(f"{csv}: is there and holds no proposals; give --csv another name, or remove the file")


def _draft_report(
    report: Path, year: int, area: str, data_dir: Path, output: Path, csv: Path | None, language: str
) -> Drafted:
    registers = read_registers(data_dir)
    document = read_document(report)
    earlier = read_review(output) if output.exists() else None
    with deadline(_SECONDS, f"{report.name}: not drafted within {_SECONDS} seconds; split the report"):
        proposals = _proposed(document, year, area, registers, data_dir)
    source = source_fields(document, registers, area, year)
    elsewhere, typed = _typed(data_dir, source["id"], document, registers)
    draft = draft_review(document, proposals, registers.indicators, year, typed, prefix_of(source["id"]), elsewhere)
    warned = _warn(draft, document, source, registers, data_dir, language)
    kept = 0
    if earlier is not None:
        kept = sum(bool(earlier.changes(row)) for rows in earlier.rows.values() for row in rows)
        carry_over(draft, earlier, same_file=earlier.source["sha256"] == document.sha256)
        source |= {name: said for name, said in earlier.source.items() if said and name != "sha256"}
    rows = {name: sorted(rows, key=lambda row: int(row["start"] or 0)) for name, rows in draft.rows.items()}
    content = build_workbook(rows, source, draft.proposals.values(), registers, language)
    if csv is not None:
        write_bytes(csv, proposals_csv(proposals))
    write_bytes(output, content)
    lost = tuple(f"decided on {each!r}, which the report no longer holds" for each in draft.lost)
    counts = {name: len(each) for name, each in rows.items()}
    return Drafted(counts, warned, kept - len(draft.lost), document.remarks + lost)


def proposals_csv(proposals: pd.DataFrame) -> bytes:
    """Proposals for programs: the columns that every reader needs first, then all others."""
    period = proposals["period_start"] + "/" + proposals["period_end"]
    rows = proposals.assign(period=period.where(period != "/", ""))
    return to_csv(rows[[*_CSV, *(each for each in rows.columns if each not in _CSV)]])


def _proposed(document: Document, year: int, area: str, registers: Registers, data_dir: Path) -> pd.DataFrame:
    areas = dict.fromkeys(code for code, _ in registers.areas.index)
    if area not in areas:
        raise DataError(f"area {area!r} is not in areas.csv; areas: {', '.join(areas)}")
    patterns = read_text(data_dir / "label_patterns.csv", LABEL_PATTERNS)
    return propose(document, year=year, area_code=area, indicators=registers.indicators, patterns=patterns)


def _typed(data_dir: Path, source: str, document: Document, registers: Registers) -> tuple[list[str], list[Typed]]:
    """Ids of the figures of other sources, and the rows that the same text already has."""
    printed = read_printed(data_dir, registers)
    elsewhere = printed.loc[printed["source_id"] != source, "figure_id"].tolist()
    if source not in registers.sources.index or registers.sources.at[source, "sha256"] != document.sha256:
        return elsewhere, []
    tables = (
        printed.assign(name=printed["figure_id"]),
        read_references(data_dir, registers).rename(columns={"ref_id": "name"}),
        read_exclusions(data_dir, registers),
    )
    rows = [row for table in tables for row in table[table["source_id"] == source].to_dict("records")]
    said = ("name", "indicator", "label", "note")
    return elsewhere, [Typed(int(row["start"]), int(row["end"]), *(row.get(each, "") for each in said)) for row in rows]


def _warn(draft: Draft, document: Document, source: Cells, registers: Registers, data_dir: Path, language: str) -> int:
    """Write what speaks against a figure into its row; how many rows have something."""
    figures, problems = parsed_figures(draft.rows, registers, source["language"])
    published = _published(data_dir)
    others = published[published["source_id"] != source["id"]]
    rows = [*draft.rows[FIGURES], *draft.rows[UNMATCHED]]
    struck = (
        (row["key"], shown("warning_struck", language))
        for row in rows
        if any(start < int(row["end"]) and int(row["start"]) < end for start, end in document.struck)
    )
    warnings: defaultdict[str, list[str]] = defaultdict(list)
    warnings |= disagreements(figures, others, registers.indicators, language)
    for key, text in (
        *problems.items(),
        *_failed_checks(figures, published, data_dir, language),
        *_same_cell(draft.rows[FIGURES], language),
        *struck,
    ):
        warnings[key].append(text)
    for row in rows:
        if warnings[row["key"]]:  # a row that is green passes what `accept` asks of it
            row["warning"] = "; ".join(dict.fromkeys(warnings[row["key"]]))
            row["confidence"] = f"{min(float(row['confidence']), CLASH):.2f}"
    return sum(bool(row["warning"]) for row in rows)


def _same_cell(rows: list[Cells], language: str) -> Iterator[tuple[str, str]]:
    """Figures that would fill one cell of the data: both where they differ, else the later one, by key."""
    cells: defaultdict[tuple[str, ...], list[Cells]] = defaultdict(list)
    for row in rows:
        cells[tuple(row[each] for each in _CELL)].append(row)
    for first, *again in cells.values():
        differ = len({row["value"] for row in (first, *again)}) > 1
        for row, other in [*([(first, again[0])] if differ else []), *((row, first) for row in again)]:
            said = shown("warning_cell", language)
            yield row["key"], said.format(token=other["as_printed"], figure=other["figure_id"])


def _published(data_dir: Path) -> pd.DataFrame:
    rows = read_text(data_dir / "clean" / "figures.csv", CLEAN_FIGURES)
    for name in ("value", "low", "high"):
        rows[name] = pd.to_numeric(rows[name].replace("", None)).astype(float)
    return rows


def _failed_checks(
    figures: pd.DataFrame, published: pd.DataFrame, data_dir: Path, language: str
) -> Iterator[tuple[str, str]]:
    """Declared checks of an earlier report that this one contradicts, by key of each figure."""
    checks = read_text(data_dir / "checks.csv", CHECKS)
    assumptions = read_text(data_dir / "assumptions.csv", ASSUMPTIONS).set_index("id")
    for check in contradicted(checks, published.set_index("figure_id"), figures, assumptions).to_dict("records"):
        text = shown("warning_check", language).format(title=check[f"title_{language}"])
        yield from ((str(figures.at[each, "key"]), text) for each in check["figure_ids"].split())
