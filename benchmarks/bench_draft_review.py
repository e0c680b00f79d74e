"""What a person has to touch between a report's file and accepted data, and what gets through unseen.

Run: python benchmarks/bench_draft_review.py [--part judging] [--list]. For every made-up report of the corpus: the draft
is written; rows marked sure are confirmed as they stand; every other row is set to what the truth says, or excluded;
the workbook is accepted. Counted are the cells touched beyond the status, what ``accept`` refuses, and the sure rows
that were wrong and got through.
"""  # noqa: E501

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

from bench_draft_accuracy import CORPUS, DATA, WHOLE, agrees, corpus, is_judged, read_csv

from kg_analysis.data.clean import write_clean
from kg_analysis.errors import DataError
from kg_analysis.ingest.accept import accept_review
from kg_analysis.ingest.workbook import COLUMNS, FIGURES, SURE, UNMATCHED, shown
from kg_analysis.runs.draft import draft_report

SET = ("indicator", "dimension", "item", "period_type", "period_start", "period_end", "basis", "comparator", "as_of")
TODAY = date(2026, 1, 1)


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
        names = [each.name for each in COLUMNS[name]]
        for line in range(2, sheet.max_row + 1):
            cells = {column: sheet.cell(line, index) for index, column in enumerate(names, 1)}
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
                if str(wanted[each]) != row[each]:
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
    return [each for each in parts if not agrees(each, known | {"item": re.sub(r"-\d$", "", row["item"])}, wanted)]


def accepted(path: Path, folder: Path) -> tuple[int, list[str]]:
    """Figures that the data then hold, and what was refused."""
    try:
        return accept_review(path, folder, TODAY).counts["printed"], []
    except DataError as error:
        return 0, list(error.problems)


def main() -> None:
    """Print the counts of every report and of all."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--part", choices=["building", "judging"], default="judging")
    options.add_argument("--list", action="store_true")
    chosen = options.parse_args()
    total = {"rows": 0, "sure": 0, "touched": 0, "wrong": 0, "refused": 0}
    for name, path, year, area in corpus(chosen.part):
        with tempfile.TemporaryDirectory() as root:
            folder = folder_of(Path(root), area, name)
            workbook = Path(root) / "review.xlsx"
            draft_report(path, year, area, folder, workbook, None, "vi")
            counts = decide(workbook, read_csv(CORPUS / f"{name}.csv"))
            held, refused = accepted(workbook, folder)
        numbers = {each: counts[each] for each in ("rows", "sure", "touched")}
        numbers |= {"wrong": len(counts["wrong"]), "refused": len(refused)}
        total = {each: total[each] + numbers[each] for each in total}
        print(name, ", ".join(f"{each} {number}" for each, number in numbers.items()), f"accepted {held}")
        if chosen.list:
            print("\n".join(f"    {each}" for each in [*counts["wrong"], *refused]))
    print("all", ", ".join(f"{each} {number}" for each, number in total.items()))


if __name__ == "__main__":
    main()
