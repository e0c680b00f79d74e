"""What a person has to touch between a report's file and accepted data, and what gets through unseen.

Run: python benchmarks/bench_draft_review.py [--part building|judging] [--list]. Without a part, a made-up report of
twelve pages with all topics, tests/fixtures/twelve_pages.txt; with one, the short reports of the corpus. The draft is
written; rows marked sure are confirmed as they stand; every other row is set to what the truth says, or excluded; the
workbook is accepted, and what it refuses of rows that were set is excluded. Counted are the cells touched beyond the
status, the sure rows that ``accept`` refuses, and the sure rows that were wrong and got through.

The twelve pages hold each figure as ``{token|indicator|item|period|basis}``, coded as in ``real_texts``; a basis that
may be outturn or estimate, and a period that the text leaves open, stand as proposed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_draft_accuracy import CORPUS, DATA, PAGE, ROOT, WHOLE, agrees, corpus, is_judged, read_csv, typed_value
from real_texts import BASES, SECTORS, period_of

from kg_analysis.data.clean import write_clean
from kg_analysis.errors import DataError
from kg_analysis.ingest.accept import accept_review
from kg_analysis.ingest.report import draft_report
from kg_analysis.ingest.workbook import COLUMNS, FIGURES, SURE, UNMATCHED, shown

SET = ("indicator", "dimension", "item", "period_type", "period_start", "period_end", "basis", "comparator", "as_of")
TODAY = date(2026, 1, 1)
TRIES = 5  # of accepting what is left
TWELVE = ROOT / "tests" / "fixtures" / "twelve_pages.txt"
TYPES = {"Y": "year", "B": "budget_year", "H": "half", "Q": "quarter", "M": "month", "D": "day", "P": "phase"}
MARK = re.compile(r"\{([^|{}]+)\|([^|{}]*)\|([^|{}]*)\|([^|{}]*)\|([^|{}]*)\}")


def twelve_pages(folder: Path) -> tuple[Path, pd.DataFrame]:
    """File of the plain text in a folder, and what its marks say of each figure."""
    units = read_csv(DATA / "indicators.csv").set_index("id")["unit"]
    marked, plain, rows = TWELVE.read_text(encoding="utf-8"), "", []
    at = 0
    for found in MARK.finditer(marked):
        token, indicator, item, period, basis = found.groups()
        plain += marked[at : found.start()]
        dimension, _, name = (f"sector:{SECTORS[item]}" if item in SECTORS else item).partition(":")
        start, end = period_of(period)
        row = {"start": len(plain), "end": len(plain) + len(token), "as_printed": token, "unit_printed": ""}
        row |= {"indicator": indicator, "unit": units[indicator], "dimension": dimension, "item": name}
        row |= {"period_type": TYPES.get(period[0], "") if start else "", "period_start": start, "period_end": end}
        rows.append(row | {"basis": BASES.get(basis, ""), "comparator": "", "as_of": ""})
        rows[-1]["value"] = typed_value(rows[-1])
        plain, at = plain + token, found.end()
    path = folder / "twelve_pages.txt"
    path.write_text(plain + marked[at:], encoding="utf-8")
    return path, pd.DataFrame(rows)


def folder_of(root: Path, area: str, name: str) -> Path:
    """Copy of the data folder with one more province."""
    folder = Path(shutil.copytree(DATA, root / "data"))
    areas = folder / "areas.csv"
    columns = areas.read_text(encoding="utf-8").split("\n")[0].split(",")
    if area not in set(read_csv(areas)["area_code"]):
        row = read_csv(areas).iloc[0].to_dict() | {"area_code": area, "name": name}
        with areas.open("a", encoding="utf-8") as file:
            file.write(",".join(str(row[each]) for each in columns) + "\n")
    write_clean(folder)
    return folder


def decide(path: Path, truth: pd.DataFrame) -> dict[str, Any]:
    """Confirm what is sure, set the rest to the truth, and count."""
    book = load_workbook(path)
    yes, no = (shown(f"status_{each}", "vi") for each in ("confirmed", "excluded"))
    counts: dict[str, Any] = {"rows": 0, "sure": 0, "touched": 0, "wrong": []}
    held: set[tuple[str, ...]] = set()  # what one cell of the data can hold once
    for name in (FIGURES, UNMATCHED):
        sheet = book[shown(f"sheet_{name}", "vi")]
        for line in range(2, sheet.max_row + 1):
            cells = _cells(sheet, name, line)
            row = {column: str(cell.value or "") for column, cell in cells.items()}
            counts["rows"] += 1
            wanted = next((t for t in truth.to_dict("records") if overlaps(row, t)), None)
            if float(row["confidence"] or 0) >= SURE:
                counts["sure"] += 1
                cells["status"].value = yes
                held.add(tuple(row[each] for each in SET if each != "comparator"))
                if wanted is None or (wrong := wrong_parts(row, wanted)):
                    counts["wrong"].append(
                        f"{row['as_printed']} {row['indicator']}: {wrong if wanted else 'no figure'}"
                    )
                continue
            cell = tuple(str(wanted[each]) for each in SET if each != "comparator") if wanted else ()
            if wanted is None or wanted["indicator"] == "?" or cell in held:
                cells["status"].value, cells["reason"].value = no, "name"
                counts["touched"] += 1
                continue
            cells["status"].value = yes
            held.add(cell)
            for each in SET:
                if wanted[each] and str(wanted[each]) != row[each]:  # what the truth leaves open stands as proposed
                    cells[each].value = wanted[each] or None
                    counts["touched"] += 1
            if row["indicator"] != wanted["indicator"]:
                cells["unit"].value = cells["value"].value = None
    book.save(path)
    return counts


def overlaps(row: dict[str, str], wanted: dict[str, Any]) -> bool:
    """Whether a row's token is that of a typed figure."""
    return int(row["start"]) < int(wanted["end"]) and int(wanted["start"]) < int(row["end"])


def wrong_parts(row: dict[str, str], wanted: dict[str, Any]) -> list[str]:
    """Parts of a row that are not as typed."""
    known = row | {"value": float(row["value"]) if row["value"] else None, "unit_id": row["unit"]}
    parts = [each for each in WHOLE if each != "place" and is_judged(each, wanted)]
    wrong = [each for each in parts if not agrees(each, known | {"item": re.sub(r"-\d$", "", row["item"])}, wanted)]
    return wrong + (["item"] if row["item"] and not wanted["item"] and wanted["indicator"] != "?" else [])


def accepted(path: Path, folder: Path) -> tuple[int, int, list[str]]:
    """Figures that the data then hold, rows excluded since they could not be, and refusals of sure rows."""
    titles = {shown(f"sheet_{name}", "vi"): name for name in (FIGURES, UNMATCHED)}
    excluded = 0
    of_sure: list[str] = []
    for _ in range(TRIES):
        try:
            return accept_review(path, folder, TODAY).counts["printed"], excluded, of_sure
        except DataError as error:
            book = load_workbook(path)
            for problem in error.problems:
                named = re.findall(rf"({'|'.join(titles)})!\D*(\d+)", problem)
                rows = [_cells(book[title], titles[title], int(line)) for title, line in named]
                set_by_hand = [each for each in rows if float(each["confidence"].value or 0) < SURE]
                of_sure += [] if set_by_hand else [problem]
                cells = (set_by_hand or rows)[-1]
                cells["status"].value, cells["reason"].value = shown("status_excluded", "vi"), "name"
                excluded += 1
            book.save(path)
    return 0, excluded, of_sure


def _cells(sheet: Any, name: str, line: int) -> dict[str, Any]:
    return {column.name: sheet.cell(line, index) for index, column in enumerate(COLUMNS[name], 1)}


def main() -> None:
    """Print the counts of every report and of all."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--part", choices=["building", "judging"], action="append")
    options.add_argument("--list", action="store_true")
    chosen = options.parse_args()
    total = dict.fromkeys(("characters", "rows", "sure", "touched", "wrong", "refused", "accepted"), 0)
    with tempfile.TemporaryDirectory() as root:
        if chosen.part:
            reports = [each for part in chosen.part for each in corpus(part)]
            known = [(*each, read_csv(CORPUS / f"{each[0]}.csv")) for each in reports]
        else:
            path, truth = twelve_pages(Path(root))
            known = [("song-cua", path, 2024, "98", truth)]
        for name, path, year, area, truth in known:
            numbers, wrong = through(Path(root) / name, path, year, area, truth)
            total = {each: total[each] + numbers[each] for each in total}
            print(name, ", ".join(f"{each} {number}" for each, number in numbers.items()))
            if chosen.list:
                print("\n".join(f"    {each}" for each in wrong))
    print(f"all {total['characters'] / PAGE:.1f} pages,", ", ".join(f"{each} {total[each]}" for each in total))
    print(f"RATIO draft_review_right_of_sure {(1 - total['wrong'] / total['sure']) / 0.95:.3f} aim 1")
    print(f"RATIO draft_review_untouched {1 - total['touched'] / (8 * total['rows']):.3f} aim 0.95")


def through(root: Path, path: Path, year: int, area: str, truth: pd.DataFrame) -> tuple[dict[str, int], list[str]]:
    """Counts of one report from its file to accepted data, and its sure rows that were wrong or refused."""
    root.mkdir()
    folder, workbook = folder_of(root, area, root.name), root / "review.xlsx"
    draft_report(path, year, area, folder, workbook, None, "vi")
    counts = decide(workbook, truth)
    held, excluded, refused = accepted(workbook, folder)
    numbers = {each: counts[each] for each in ("rows", "sure")}
    numbers |= {"touched": counts["touched"] + 2 * excluded, "wrong": len(counts["wrong"])}
    numbers |= {"refused": len(refused), "accepted": held, "characters": len(path.read_text(encoding="utf-8"))}
    return numbers, [*counts["wrong"], *refused]


if __name__ == "__main__":
    main()
