"""How much of a report the draft finds and gets right, against figures that a person typed.

Run: python benchmarks/bench_draft_accuracy.py [--report TEXT] [--part building|judging] [--list]. Truth is
data/printed/kien-giang-2021.csv for the report, whose text is not part of the project (--report or KG_REPORT), and
tests/fixtures/corpus/ for made-up reports of other provinces, of which the judging ones were never tuned on. A figure is
found where the proposal's numeral lies inside the typed token; right means value, unit, place, indicator, period and
basis as typed. Also measured: of the figures given with confidence 0.9 or more, the share that is right in all of them.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.match import propose
from kg_analysis.ingest.wording import fold
from kg_analysis.vietnamese import parse_amount

ROOT = Path(__file__).resolve().parent.parent
DATA, CORPUS = ROOT / "data", ROOT / "tests" / "fixtures" / "corpus"
PARTS = ("value", "unit", "place", "indicator", "period", "basis", "item", "comparator", "as_of")
SURE = 0.9


@dataclass
class Score:
    """Counts over one or more texts."""

    truth: int = 0
    found: int = 0
    right: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    sure: int = 0
    sure_right: int = 0
    extra: int = 0
    digits: int = 0
    digits_claimed: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts of another text."""
        for name in ("truth", "found", "sure", "sure_right", "extra", "digits", "digits_claimed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.right += other.right
        self.judged += other.judged
        self.misses += other.misses


def read_csv(path: Path) -> pd.DataFrame:
    """CSV as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def report_truth() -> pd.DataFrame:
    """Typed figures of 2021 with a digit or a counted word, in the form of the corpus."""
    rows = read_csv(DATA / "printed" / "kien-giang-2021.csv")
    codebook = read_csv(DATA / "indicators.csv").set_index("id")
    rows["unit"] = rows["indicator"].map(codebook["unit"])
    rows["kind"] = rows["indicator"].map(codebook["kind"])
    rows = rows[~rows["kind"].isin(["statement", "list"])].copy()
    rows["value"] = [typed_value(row) for row in rows.to_dict("records")]
    return rows


def typed_value(row: dict[str, Any]) -> str:
    """Value of a typed token, of a hedged one its bound; empty for dates and periods."""
    if row["unit"] in ("date", "period"):
        return ""
    token = f"{row['as_printed']} {row['unit_printed']}".strip() if row["unit_printed"] else row["as_printed"]
    try:
        amount = parse_amount(token, row["unit"])
    except DataError:
        return ""
    if amount.value is not None:
        return str(float(amount.value))
    bounds = [float(each) for each in (amount.interval.low, amount.interval.high) if abs(float(each)) != float("inf")]
    return str(bounds[0]) if bounds else ""


def compare(name: str, text: str, rows: pd.DataFrame, truth: pd.DataFrame, places: bool) -> Score:
    """Hold the proposals of one text against its truth."""
    score = Score()
    figures = rows[rows["kind"] == "figure"].to_dict("records")
    claimed = [(int(row["start"]), int(row["end"])) for row in rows.to_dict("records")]
    for run in re.finditer(r"[0-9]+", text):
        score.digits += 1
        score.digits_claimed += any(start <= run.start() and run.end() <= end for start, end in claimed)
    met = set()
    for wanted in truth.to_dict("records"):
        score.truth += 1
        start, end = int(wanted["start"]), int(wanted["end"])
        overlapping = [row for row in figures if row["start"] < end and start < row["end"] and row["start"] not in met]
        if not overlapping:
            score.misses.append(f"{name} {start} {wanted['as_printed']!r} {wanted['indicator']}: not found")
            for part in PARTS:
                score.judged[part] += judged(part, wanted, places)
            continue
        row = overlapping[0]
        met.add(row["start"])
        score.found += 1
        outcome = {part: agrees(part, row, wanted) for part in PARTS if judged(part, wanted, places)}
        score.judged.update(outcome.keys())
        score.right.update(part for part, right in outcome.items() if right)
        whole = all(
            outcome.get(part, True) for part in ("value", "unit", "place", "indicator", "period", "basis", "item")
        )
        if row["confidence"] >= SURE:
            score.sure += 1
            score.sure_right += whole
        if not all(outcome.values()):
            wrong = ", ".join(
                f"{part} {shown(part, row)}≠{wanted_shown(part, wanted)}"
                for part, right in outcome.items()
                if not right
            )
            mark = " SURE" if row["confidence"] >= SURE and not whole else ""
            score.misses.append(f"{name} {start} {row['as_printed']!r} [{row['confidence']}]{mark}: {wrong}")
    for row in figures:
        if row["start"] not in met and not any(
            row["start"] < int(each["end"]) and int(each["start"]) < row["end"] for each in truth.to_dict("records")
        ):
            score.extra += 1
            score.sure += row["confidence"] >= SURE
            mark = " SURE" if row["confidence"] >= SURE else ""
            score.misses.append(
                f"{name} {row['start']} {row['as_printed']!r} [{row['confidence']}]{mark}: no figure of the truth, {row['indicator'] or '-'}"
            )
    return score


def judged(part: str, wanted: dict[str, Any], places: bool) -> bool:
    """Whether the truth says anything about a part."""
    if part == "place":
        return places
    if part == "indicator":
        return wanted["indicator"] != "?"
    if part == "period":
        return wanted["period_type"] != ""
    if part in ("value", "unit", "basis", "item", "comparator", "as_of"):
        if part == "item" and wanted.get("dimension") == "mention":
            return False
        return wanted[part] not in ("",) and not (
            part in ("basis", "item", "comparator", "as_of") and wanted["indicator"] == "?"
        )
    return True


def base_item(item: str) -> str:
    """Item without the number that keeps a repeated mention apart: total-2."""
    return re.sub(r"(?<=[a-z])-\d$", "", item)


def agrees(part: str, row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a proposal has a part as typed."""
    if part == "value":
        return (
            row["value"] is not None
            and not pd.isna(row["value"])
            and abs(float(row["value"]) - float(wanted["value"])) < 1e-9 * max(1.0, abs(float(wanted["value"])))
        )
    if part == "unit":
        return bool(row["unit_id"] == wanted["unit"] or (wanted["indicator"] == "?"))
    if part == "place":
        return bool((row["section"], row["place"]) == (wanted["section"], wanted["place"]))
    if part == "period":
        return all(row[each] == wanted[each] for each in ("period_type", "period_start", "period_end"))
    if part == "item":
        return bool(row["item"] == base_item(wanted["item"]))
    return bool(row[part] == wanted[part])


def shown(part: str, row: dict[str, Any]) -> str:
    if part == "period":
        return f"{row['period_type']} {row['period_start']}..{row['period_end']}"
    return str(
        row["unit_id"] if part == "unit" else row["section"] + "/" + row["place"] if part == "place" else row[part]
    )


def wanted_shown(part: str, wanted: dict[str, Any]) -> str:
    if part == "period":
        return f"{wanted['period_type']} {wanted['period_start']}..{wanted['period_end']}"
    return str(wanted["section"] + "/" + wanted["place"] if part == "place" else wanted[part])


def corpus(part: str) -> Iterator[tuple[str, Path, int, str]]:
    """Texts of a part with name, path, year and area."""
    for row in read_csv(CORPUS / "corpora.csv").to_dict("records"):
        if row["part"] == part:
            yield row["name"], CORPUS / f"{row['name']}.txt", int(row["year"]), row["area_code"]


def measure(name: str, path: Path, year: int, area: str, truth: pd.DataFrame, places: bool) -> Score:
    """Score of one text."""
    document = read_document(path)
    rows = propose(
        document,
        year=year,
        area_code=area,
        indicators=read_csv(DATA / "indicators.csv"),
        patterns=read_csv(DATA / "label_patterns.csv"),
    )
    return compare(name, document.text, rows, truth, places)


def summarise(title: str, score: Score) -> None:
    """Print the shares of a score, in percent."""
    print(
        f"\n{title}: {score.truth} figures, {score.found} found, {score.extra} more given; digits accounted for {score.digits_claimed}/{score.digits}"
    )
    for part in PARTS:
        if score.judged[part]:
            print(f"  {part:<11}{100 * score.right[part] / score.judged[part]:6.1f}%  of {score.judged[part]}")
    sure = 100 * score.sure_right / score.sure if score.sure else 0.0
    print(f"  sure       {sure:6.1f}%  right of {score.sure} given with confidence {SURE} or more")


def speed(path: Path, pages: int = 40) -> float:
    """Seconds to read so many pages of a text, repeated to that length."""
    text = path.read_text(encoding="utf-8")
    long = path.parent / ".long.txt"
    words = 450 * pages
    document = read_document(path)
    times = max(1, round(words / max(1, len(fold(text).split()))))
    del document, long
    from kg_analysis.ingest.document import Document, _passages

    repeated = "\n\n".join([text] * times)
    big = Document(repeated, "", tuple(_passages(repeated)))
    indicators, patterns = read_csv(DATA / "indicators.csv"), read_csv(DATA / "label_patterns.csv")
    start = time.perf_counter()
    propose(big, year=2021, indicators=indicators, patterns=patterns)
    return time.perf_counter() - start


def main() -> None:
    """Print the scores and the RATIO lines."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--report", type=Path, default=os.environ.get("KG_REPORT"))
    options.add_argument("--part", choices=["report", "building", "judging"], action="append")
    options.add_argument("--list", action="store_true", help="list every figure that is not right")
    chosen = options.parse_args()
    parts = chosen.part or ["report", "building", "judging"]
    for part in parts:
        total = Score()
        if part == "report":
            path = Path(chosen.report) if chosen.report else ROOT.parent / "shared" / "report" / "kien-giang-2021.txt"
            if not path.is_file():
                print("report: its text is not here; give --report or KG_REPORT")
                continue
            total.add(measure("report", path, 2021, "91", report_truth(), places=True))
        else:
            for name, path, year, area in corpus(part):
                total.add(measure(name, path, year, area, read_csv(path.with_suffix(".csv")), places=False))
        summarise(part, total)
        if chosen.list:
            print("\n".join(f"    {each}" for each in total.misses))
    print(f"RATIO draft_40_pages {2.0 / speed(next(CORPUS.glob('*.txt'))):.2f} aim 1")


if __name__ == "__main__":
    main()
