"""How much of a report the draft finds and gets right, against figures that a person typed.

Run: python benchmarks/bench_draft_accuracy.py [--report TEXT] [--part building|judging] [--list]. Truth is
data/printed/kien-giang-2021.csv for the report, whose text is not part of the project (--report or KG_REPORT), and
tests/fixtures/corpus/ for made-up reports of other provinces; those for judging were written with their truth before
any result was seen and never tuned on. A figure is found where a proposal overlaps the typed token; right means value,
unit, place, indicator, period, basis and item as typed. Of the figures given with confidence 0.9 or more, the share
that is right in all of them is measured too, and the seconds of processor time that 40 pages take.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.draft import propose
from kg_analysis.vietnamese import parse_amount

ROOT = Path(__file__).resolve().parent.parent
DATA, CORPUS = ROOT / "data", ROOT / "tests" / "fixtures" / "corpus"
REPORT = ROOT.parent / "shared" / "report" / "kien-giang-2021.txt"
WHOLE = ("value", "unit", "place", "indicator", "period", "basis", "item")
PARTS = (*WHOLE, "comparator", "as_of")
SURE = 0.9
PAGE = 3300  # characters on a page of the report of 2021
LIMIT_SECONDS = 2.0

Row = dict[str, Any]


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

    def share(self, part: str) -> float:
        """Percent of the judged figures that are right in a part."""
        return 100 * self.right[part] / self.judged[part] if self.judged[part] else 0.0

    def sure_share(self) -> float:
        """Percent of the figures given as sure that are wholly right."""
        return 100 * self.sure_right / self.sure if self.sure else 0.0


def read_csv(path: Path) -> pd.DataFrame:
    """CSV as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def report_truth() -> pd.DataFrame:
    """Typed figures of 2021 without those that are words only, in the form of the corpus."""
    rows = read_csv(DATA / "printed" / "kien-giang-2021.csv")
    codebook = read_csv(DATA / "indicators.csv").set_index("id")
    rows["unit"] = rows["indicator"].map(codebook["unit"])
    words_only = rows["indicator"].map(codebook["kind"]).isin(["statement", "list"])
    rows = rows[~words_only].copy()
    rows["value"] = [typed_value(row) for row in rows.to_dict("records")]
    return rows


def typed_value(row: Row) -> str:
    """Value of a typed token, of a hedged one its bound; empty for dates and periods."""
    if row["unit"] in ("date", "period"):
        return ""
    token = f"{row['as_printed']} {row['unit_printed']}".strip()
    try:
        amount = parse_amount(token, row["unit"])
    except DataError:
        return ""
    if amount.value is not None:
        return str(float(amount.value))
    bounds = [float(each) for each in (amount.interval.low, amount.interval.high) if abs(float(each)) != float("inf")]
    return str(bounds[0]) if bounds else ""


def compare(name: str, text: str, rows: pd.DataFrame, truth: pd.DataFrame) -> Score:
    """Hold the proposals of one text against its truth."""
    score = Score()
    claimed = bytearray(len(text))
    for row in rows.to_dict("records"):
        claimed[row["start"] : row["end"]] = b"\x01" * (row["end"] - row["start"])
    runs = list(re.finditer(r"[0-9]+", text))
    score.digits, score.digits_claimed = len(runs), sum(all(claimed[each.start() : each.end()]) for each in runs)
    left = {row["start"]: row for row in rows[rows["kind"] == "figure"].to_dict("records")}
    for wanted in truth.to_dict("records"):
        score.truth += 1
        start, end = int(wanted["start"]), int(wanted["end"])
        row = next((each for each in left.values() if each["start"] < end and start < each["end"]), None)
        if row is None:
            score.judged.update(part for part in PARTS if is_judged(part, wanted))
            score.misses.append(f"{name} {start} {wanted['as_printed']!r} {wanted['indicator']}: not found")
            continue
        del left[row["start"]]
        add_figure(score, name, row, wanted)
    for row in left.values():
        score.extra += 1
        score.sure += row["confidence"] >= SURE
        said = row["indicator"] or "no indicator"
        score.misses.append(f"{name} {row['start']} {row['as_printed']!r} [{row['confidence']}]: not in truth, {said}")
    return score


def add_figure(score: Score, name: str, row: Row, wanted: Row) -> None:
    """Count one figure that was found."""
    outcome = {part: agrees(part, row, wanted) for part in PARTS if is_judged(part, wanted)}
    score.found += 1
    score.judged.update(outcome.keys())
    score.right.update(part for part, right in outcome.items() if right)
    whole = all(outcome.get(part, True) for part in WHOLE)
    sure = row["confidence"] >= SURE
    score.sure += sure
    score.sure_right += sure and whole
    if wrong := [part for part, right in outcome.items() if not right]:
        said = ", ".join(f"{part} {shown(part, row)} instead of {shown(part, wanted)}" for part in wrong)
        mark = " SURE" if sure and not whole else ""
        score.misses.append(f"{name} {row['start']} {row['as_printed']!r} [{row['confidence']}]{mark}: {said}")


def is_judged(part: str, wanted: Row) -> bool:
    """Whether the truth says anything about a part; ``?`` stands for an indicator that nobody judges."""
    if part == "place":
        return "place" in wanted
    if part == "period":
        return bool(wanted["period_type"])
    if part == "indicator":
        return bool(wanted["indicator"] != "?")
    if part == "item" and wanted["dimension"] == "mention":
        return False
    return bool(wanted[part]) and (part in ("value", "unit") or wanted["indicator"] != "?")


def agrees(part: str, row: Row, wanted: Row) -> bool:
    """Whether a proposal has a part as typed."""
    if part == "value":
        value = row["value"]
        return not pd.isna(value) and abs(value - float(wanted["value"])) <= 1e-9 * max(1.0, abs(value))
    if part == "unit":
        return bool(row["unit_id"] == wanted["unit"] or wanted["indicator"] == "?")
    if part == "place":
        return bool((row["section"], row["place"]) == (wanted["section"], wanted["place"]))
    if part == "period":
        return all(row[each] == wanted[each] for each in ("period_type", "period_start", "period_end"))
    if part == "item":  # total-2 is a repeated mention of total
        return bool(row["item"] == re.sub(r"(?<=[a-z])-\d$", "", wanted["item"]))
    return bool(row[part] == wanted[part])


def shown(part: str, row: Row) -> str:
    """A part of a proposal or of the truth, for the list of misses."""
    if part == "period":
        return f"{row['period_type']} {row['period_start']}..{row['period_end']}"
    if part == "place":
        return f"{row['section']}, {row['place']}"
    return str(row.get("unit_id", row["unit"]) if part == "unit" else row[part])


def corpus(part: str) -> Iterator[tuple[str, Path, int, str]]:
    """Texts of a part with name, path, year and area."""
    for row in read_csv(CORPUS / "corpora.csv").to_dict("records"):
        if row["part"] == part:
            yield row["name"], CORPUS / f"{row['name']}.txt", int(row["year"]), row["area_code"]


def proposals(path: Path, year: int, area: str) -> tuple[str, pd.DataFrame, float]:
    """Text of a file, the rows proposed for it, and the seconds of processor time that took."""
    document = read_document(path)
    indicators, patterns = read_csv(DATA / "indicators.csv"), read_csv(DATA / "label_patterns.csv")
    start = time.process_time()
    rows = propose(document, year=year, area_code=area, indicators=indicators, patterns=patterns)
    return document.text, rows, time.process_time() - start


def measure(name: str, path: Path, year: int, area: str, truth: pd.DataFrame) -> Score:
    """Score of one text."""
    text, rows, _ = proposals(path, year, area)
    return compare(name, text, rows, truth)


def seconds_for(pages: int, folder: Path) -> float:
    """Processor time for a text of so many pages, put together from the corpus [s]."""
    texts = [path.read_text(encoding="utf-8") for _, path, _, _ in corpus("building")]
    long = "\n\n".join(texts * (1 + pages * PAGE // sum(map(len, texts))))[: pages * PAGE]
    path = folder / "long.txt"
    path.write_text(long, encoding="utf-8")
    return proposals(path, 2022, "91")[2]


def summarise(title: str, score: Score) -> None:
    """Print the shares of a score, in percent, and its RATIO lines."""
    digits = f"digits accounted for {score.digits_claimed}/{score.digits}"
    print(f"\n{title}: {score.truth} figures, {score.found} found, {score.extra} more given; {digits}")
    for part in PARTS:
        if score.judged[part]:
            print(f"  {part:<11}{score.share(part):6.1f}%  of {score.judged[part]}")
    print(f"  {'sure':<11}{score.sure_share():6.1f}%  of {score.sure} given with confidence {SURE} or more")
    print(f"RATIO draft_{title}_digits {score.digits_claimed / score.digits:.3f} aim 1")
    for part, aim in (("value", 98), ("unit", 98), ("indicator", 90), ("period", 90), ("basis", 90)):
        print(f"RATIO draft_{title}_{part} {score.share(part) / aim:.3f} aim 1")
    print(f"RATIO draft_{title}_sure {score.sure_share() / 95:.3f} aim 1")


def main() -> None:
    """Print the scores and the RATIO lines."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--report", type=Path, default=os.environ.get("KG_REPORT", REPORT))
    options.add_argument("--part", choices=["report", "building", "judging"], action="append")
    options.add_argument("--list", action="store_true", help="list every figure that is not right")
    chosen = options.parse_args()
    for part in chosen.part or ["report", "building", "judging"]:
        total = Score()
        if part == "report":
            if not Path(chosen.report).is_file():
                print("report: its text is not here; give --report or KG_REPORT")
                continue
            total.add(measure("report", Path(chosen.report), 2021, "91", report_truth()))
        else:
            for name, path, year, area in corpus(part):
                total.add(measure(name, path, year, area, read_csv(path.with_suffix(".csv"))))
        summarise(part, total)
        if chosen.list:
            print("\n".join(f"    {each}" for each in total.misses))
    with tempfile.TemporaryDirectory() as folder:
        print(f"RATIO draft_40_pages {LIMIT_SECONDS / seconds_for(40, Path(folder)):.2f} aim 1")


if __name__ == "__main__":
    main()
