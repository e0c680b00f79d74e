"""How much of a report the draft finds and gets right, against figures that a person typed; the fit of its confidence.

Run: python benchmarks/bench_draft_accuracy.py [--report TEXT] [--texts FOLDER] [--part NAME] [--list] [--first-sight]
[--fit]. Truth is data/printed/kien-giang-2021.csv for the report, whose text is not part of the project (--report or
KG_REPORT); tests/fixtures/corpus/ for made-up reports of other provinces, those for judging written with their truth
before any result was seen; and tests/fixtures/real_texts.csv for texts as published (see real_texts.py), which --texts
or KG_TEXTS holds. A figure is found where a proposal overlaps the typed token; right means value, unit, place,
indicator, period, basis and item as typed. Of the figures given with confidence 0.9 or more, the share that is right in
all of them is measured too, and the seconds of processor time that 40 pages take. --first-sight keeps what the figures
of --part were read by, before anything is mended for them, in tests/fixtures/first_sight.csv; --fit writes
ingest/confidence.toml.
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

import numpy as np
import pandas as pd
from real_texts import PARTS as REAL
from real_texts import matched, path_of, verdicts, wrong_parts
from scipy.optimize import minimize

from kg_analysis.errors import DataError
from kg_analysis.ingest.confidence import DOUBTS
from kg_analysis.ingest.document import read_document
from kg_analysis.ingest.draft import propose
from kg_analysis.vietnamese import parse_amount

ROOT = Path(__file__).resolve().parent.parent
DATA, CORPUS = ROOT / "data", ROOT / "tests" / "fixtures" / "corpus"
REPORT = ROOT.parent / "shared" / "report" / "kien-giang-2021.txt"
WHOLE = ("value", "unit", "place", "indicator", "period", "basis", "item")
PARTS = (*WHOLE, "comparator", "as_of")
SURE = 0.9
MADE_UP = ("report", "made_up_building", "made_up_judging")
PAGE = 3300  # characters on a page of the report of 2021
LIMIT_SECONDS = 2.0

Row = dict[str, Any]
Evidence = tuple[float, str, bool, str]  # confidence (in a fit the weight), evidence, whether right, text


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
    rows: list[Evidence] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts of another text."""
        for name in ("truth", "found", "sure", "sure_right", "extra", "digits", "digits_claimed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.right += other.right
        self.judged += other.judged
        self.misses += other.misses
        self.rows += other.rows

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
    bounds = [float(each) for each in (amount.low, amount.high) if abs(float(each)) != float("inf")]
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
    score.rows.append((row["confidence"], row["evidence"], whole, name))
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


@dataclass
class Judged:
    """Proposals of published texts: (confidence, evidence, whether wholly right, text), and counts beside them."""

    rows: list[Evidence] = field(default_factory=list)
    missing: int = 0
    false: int = 0
    texts: int = 0
    misses: list[str] = field(default_factory=list)

    def sure(self) -> list[bool]:
        """Whether each of the sure ones is right."""
        return [right for confidence, _, right, _ in self.rows if confidence >= SURE]


def real(part: str, folder: Path) -> Judged:
    """Proposals for the texts of a part that the folder holds."""
    judged = Judged()
    units = read_csv(DATA / "indicators.csv").set_index("id")["unit"].to_dict()
    for address, truth in verdicts(part).items():
        if not (path := path_of(folder, address)).is_file():
            continue
        judged.texts += 1
        text, rows, _ = proposals(path, int(truth[0]["year"]), truth[0]["area_code"])
        for row, wanted in matched(text, rows.to_dict("records"), truth):
            name = f"{truth[0]['title']} {(row or wanted).get('as_printed', wanted.get('token'))!r}"
            if row is None:
                judged.missing += 1
                judged.misses.append(f"{name}: not found")
                continue
            wrong = wrong_parts(row, wanted, units) if wanted.get("indicator", "x") != "x" else ["no figure"]
            judged.false += wrong == ["no figure"]
            judged.rows.append((row["confidence"], row["evidence"], not wrong, address))
            judged.misses += [f"{name} [{row['confidence']}]: {'; '.join(wrong)}"] if wrong else []
    return judged


def summarise_real(part: str, judged: Judged) -> None:
    """Print the counts of a part of the published texts."""
    sure, right = judged.sure(), sum(each[2] for each in judged.rows)
    count = max(len(judged.rows) - judged.false + judged.missing, 1)
    print(f"\n{part}: {judged.texts} texts, {count} figures, {judged.missing} not found, {judged.false} false")
    print(f"  wholly right {right} ({right / count:.1%})")
    print(f"  sure {len(sure)} ({len(sure) / count:.1%}), of them right {sum(sure)} ({np.mean(sure or [False]):.1%})")
    print(f"RATIO draft_{part}_right {right / count / 0.75:.3f} aim 1")
    print(f"RATIO draft_{part}_sure {np.mean(sure or [False]) / 0.95:.3f} aim 1")
    print(f"RATIO draft_{part}_sure_of_all {len(sure) / count / 0.5:.3f} aim 1")


def reliability(rows: list[Evidence]) -> None:
    """Print how sure proposals were and how often right, by step of confidence and kind of evidence."""
    groups: dict[str, list[tuple[float, bool]]] = {}
    for confidence, evidence, right, _ in rows:
        step = "below 0.5" if confidence < 0.5 else f"from {int(confidence * 10) / 10}"
        for name in (f"({step})", *evidence.split()):
            groups.setdefault(name, []).append((confidence, right))
    print(f"\n  {'evidence':<24}{'figures':>8}{'confidence':>12}{'right':>8}")
    for name, found in sorted(groups.items()):
        mean, share = (sum(each[index] for each in found) / len(found) for index in (0, 1))
        print(f"  {name:<24}{len(found):>8}{mean:>12.2f}{share:>8.2f}")


RIDGE = 2.0
# What a figure counts: one of a text that wordings were made on, and one of a made-up text, which repeats its maker's.
KNOWN_WEIGHT, MADE_UP_WEIGHT = 1.0, 0.6
FEW = 7  # texts: what no more of them speak of is seldom printed
FIRST_SIGHT = ROOT / "tests" / "fixtures" / "first_sight.csv"
WEIGHTS = ROOT / "src" / "kg_analysis" / "ingest" / "confidence.toml"


def fitted(rows: list[Evidence]) -> tuple[float, dict[str, float]]:
    """Intercept and weights of the kinds of evidence, by logistic regression with a ridge."""
    names = sorted({name for _, evidence, _, _ in rows for name in evidence.split()})
    table = np.array([[1.0, *(name in evidence.split() for name in names)] for _, evidence, _, _ in rows])
    right = np.array([each for _, _, each, _ in rows], dtype=float)
    often = np.array([weight for weight, _, _, _ in rows])
    ridge = np.array([0.01, *[RIDGE] * len(names)])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = table @ weights
        cost = (often * (np.logaddexp(0, score) - right * score)).sum() + (ridge * weights**2).sum() / 2
        return cost, table.T @ (often * (1 / (1 + np.exp(-score)) - right)) + ridge * weights

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    return float(found[0]), dict(zip(names, map(float, found[1:]), strict=True))


def known(report: Path, folder: Path) -> dict[str, list[Evidence]]:
    """Evidence by part: as it was at first sight where that is kept, else as it is today; of the last part none."""
    seen = pd.read_csv(FIRST_SIGHT)
    found = {
        str(part): [(1.0, evidence, right, "") for evidence, right in zip(rows["evidence"], rows["right"], strict=True)]
        for part, rows in seen.groupby("part", sort=False)
    }
    for part in (*MADE_UP, *REAL[:-1]):
        if part not in found:
            rows = score_of(part, report).rows if part in MADE_UP else real(part, folder).rows
            weight = MADE_UP_WEIGHT if "made_up" in part else KNOWN_WEIGHT
            found[part] = [(weight, *each[1:]) for each in rows if each[1]]
    return found


def usual() -> list[str]:
    """Indicators that more than a few of the judged texts speak of, those of the last part apart."""
    texts = Counter(
        name
        for part in REAL[:-1]
        for truth in verdicts(part).values()
        for name in {each for row in truth for each in row["indicator"].split("/")}
    )
    codebook = set(read_csv(DATA / "indicators.csv")["id"])
    return sorted(name for name, count in texts.items() if count > FEW and name in codebook)


def keep_first_sight(part: str, rows: list[Evidence]) -> None:
    """Add the evidence of a part's figures, and whether they are right, to those kept."""
    seen = pd.read_csv(FIRST_SIGHT)
    new = [{"part": part, "right": right, "evidence": evidence} for _, evidence, right, _ in rows if evidence]
    pd.concat([seen[seen["part"] != part], pd.DataFrame(new)]).to_csv(FIRST_SIGHT, index=False, lineterminator="\n")


def write_fit(report: Path, folder: Path) -> None:
    """Fit the weights on every part but the last one, print what they give held out, and write them."""
    parts = known(report, folder)
    least = np.log(SURE / (1 - SURE))
    for left_out, found in parts.items():
        intercept, weights = fitted([each for part, others in parts.items() if part != left_out for each in others])
        free = [each for each in found if not DOUBTS.intersection(each[1].split()) and "clash:" not in each[1]]
        sure = [each[2] for each in free if intercept + sum(weights.get(kind, 0) for kind in each[1].split()) >= least]
        print(f"without {left_out}: {len(sure)} of {len(found)} sure, of them right {100 * np.mean(sure):.1f}%")
    intercept, weights = fitted([each for found in parts.values() for each in found])
    order = sorted(weights.items(), key=lambda each: each[1])
    lines = [f'"{name}" = {weight:.2f}' for name, weight in order]
    head = (
        "# Written by benchmarks/bench_draft_accuracy.py --fit: log odds by kind of evidence. Figures read at first\n"
        "# sight count in full, those of texts that wordings were made on less.\n"
    )
    names = "\n".join(f'  "{each}",' for each in usual())
    head += f"intercept = {intercept:.2f}\nusual = [  # indicators that many texts print\n{names}\n]\n\n[weights]\n"
    WEIGHTS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Print the scores and the RATIO lines."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--report", type=Path, default=os.environ.get("KG_REPORT", REPORT))
    options.add_argument("--texts", type=Path, default=os.environ.get("KG_TEXTS", ""))
    options.add_argument("--part", choices=[*MADE_UP, *REAL], action="append")
    options.add_argument("--list", action="store_true", help="list every figure that is not right")
    options.add_argument("--first-sight", action="store_true", help="keep the evidence of the parts named")
    options.add_argument("--fit", action="store_true", help="fit the weights of the evidence anew")
    chosen = options.parse_args()
    if chosen.fit:
        write_fit(Path(chosen.report), chosen.texts)
    rows = []
    for part in chosen.part or [*MADE_UP, *REAL]:
        misses: list[str] = []
        if part in MADE_UP:
            score = score_of(part, Path(chosen.report))
            if not score.truth:
                print("report: its text is not here; give --report or KG_REPORT")
                continue
            summarise(part, score)
            misses = score.misses
        else:
            judged = real(part, chosen.texts)
            if not judged.texts:
                print(f"{part}: its texts are not here; give --texts or KG_TEXTS")
                continue
            summarise_real(part, judged)
            rows += judged.rows if part == REAL[-1] else []
            if chosen.part and chosen.first_sight:
                keep_first_sight(part, judged.rows)
            misses = judged.misses
        if chosen.list:
            print("\n".join(f"    {each}" for each in misses))
    if rows:
        reliability(rows)
    with tempfile.TemporaryDirectory() as folder:
        print(f"RATIO draft_40_pages {LIMIT_SECONDS / seconds_for(40, Path(folder)):.2f} aim 1")


def score_of(part: str, report: Path) -> Score:
    """Score of the report or of the made-up reports of a part."""
    total = Score()
    if part == "report" and report.is_file():
        total.add(measure("report", report, 2021, "91", report_truth()))
    for name, path, year, area in corpus(part.removeprefix("made_up_")):
        total.add(measure(name, path, year, area, read_csv(path.with_suffix(".csv"))))
    return total


if __name__ == "__main__":
    main()
