"""Proof that every typed row stands in the report, and that no digit of the report is left out.

Responsibility: hold ``data/printed`` against the report's text: hash, token at its offsets, section and place, the
value that the token gives against ``data/clean``, and the coverage of every run of digits.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kg_analysis.data.clean import stale_rows
from kg_analysis.data.printed import place, read_exclusions, read_printed, read_references, read_registers
from kg_analysis.errors import DataError
from kg_analysis.ingest.document import Document, read_document
from kg_analysis.vietnamese import BOUNDS_AFTER, HEDGES, NEGATIVE

FIGURE, REFERENCE = "figure", "legal_reference"
_RUN = re.compile(r"[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_RULES = {
    "footnote_mark": re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+"),
    "virus_name": re.compile(r"covid\s*-\s*19", re.IGNORECASE),
    "section_number": re.compile(r"^\d{1,2}(?=\.\s)", re.MULTILINE),
    # the year of the report, of the plan, of the aims
    "context_period": re.compile(r"\bnăm\s+20\d\d\b(?!\s*[-–/])", re.IGNORECASE),
}


class Claim(NamedTuple):
    """A stretch of text that a typed row or a rule accounts for."""

    start: int  # offsets [characters]
    end: int
    kind: str  # ``figure``, ``legal_reference`` or the reason of an exclusion
    where: str = ""  # row that claims it; empty for a rule


class Run(NamedTuple):
    """Digits of the text and the claims on them."""

    start: int
    text: str
    claims: tuple[Claim, ...]


def runs(document: Document, claims: Iterable[Claim], year: int) -> list[Run]:
    """Every run of digits with the claims on it; a rule counts only where no row claims the run."""
    text, typed = document.text, sorted(claims, key=lambda each: each.start)
    ruled = [
        Claim(*found.span(), reason)
        for reason, rule in _RULES.items()
        for found in rule.finditer(text)
        if reason != "context_period" or abs(int(found[0][-4:]) - year) <= 1
    ]

    def holding(start: int, end: int, among: list[Claim]) -> tuple[Claim, ...]:
        return tuple(each for each in among if each.start <= start and end <= each.end)

    return [
        Run(found.start(), found[0], holding(*found.span(), typed) or holding(*found.span(), ruled)[:1])
        for found in _RUN.finditer(text)
    ]


def coverage_problems(document: Document, found: Iterable[Run], claims: Iterable[Claim]) -> Iterator[str]:
    """Runs that nobody claims, runs claimed as two kinds of thing, and exclusions that hold no digits."""
    used = set()
    for run in found:
        used |= set(run.claims)
        kinds = {each.kind for each in run.claims}
        if not kinds:
            yield (
                f"{_quoted(document, run)}: neither figure, legal reference nor excluded; add it to printed/, "
                "printed/references/ or printed/exclusions/"
            )
        elif len(kinds) > 1:
            rows = " and ".join(each.where for each in run.claims)
            yield f"{_quoted(document, run)}: claimed as {' and '.join(sorted(kinds))} by {rows}; keep one"
    for claim in claims:  # words may be figures, and a congress has no number
        if claim not in used and claim.kind not in (FIGURE, REFERENCE):
            yield f"{claim.where}: {document.text[claim.start : claim.end]!r} holds no digits; remove the row"


def _quoted(document: Document, run: Run) -> str:
    """The run with its neighbours and its place."""
    before = document.text[max(run.start - 12, 0) : run.start].rpartition("\n")[2]
    after = document.text[run.start + len(run.text) : run.start + len(run.text) + 12].partition("\n")[0]
    passage = document.passage_at(run.start)
    where = f"section {passage.section}, {passage.place}" if passage else "between passages"
    return f"{run.text!r} at {run.start} in '{before}{run.text}{after}' ({where})"


_MEASURED = ("level", "rate", "ratio", "mean", "count", "rank")
_BEFORE = "|".join([r"[-−–]", *(rf"\b{word}" for word in (*NEGATIVE, *HEDGES))])


@dataclass(frozen=True)
class Verified:
    """Outcome of a proof without failures."""

    source_id: str
    by_topic: dict[str, int]  # confirmed figures
    references: int  # confirmed mentions of legal documents
    # runs of digits in the text by what accounts for them: figure, legal_reference, or the reason of an exclusion
    runs: dict[str, int]


def verify_report(report: Path, data_dir: Path, source_id: str | None = None) -> Verified:
    """Confirm every printed row of a source against the report's text.

    Parameters
    ----------
    report : Path
        Text of the report.
    data_dir : Path
    source_id : str, optional
        Source to hold it against; by default the one with the report's hash, else the only one, else the one named
        like the file.

    Returns
    -------
    Verified

    Raises
    ------
    DataError
        Every row that the text does not bear out, with file, row and reason; every clean row that does not follow
        from the printed ones.
    """
    document = read_document(report)
    registers = read_registers(data_dir)
    source_id = source_id or _matching_source(report, document, registers.sources)
    if source_id not in registers.sources.index:
        close = difflib.get_close_matches(source_id, registers.sources.index, n=3)
        hint = f", did you mean {' or '.join(close)}?" if close else ""
        raise DataError(f"source {source_id[:80]!r} is not in sources.csv{hint}; give an id that stands there")
    source = registers.sources.loc[source_id]
    problems = []
    if document.sha256 != source["sha256"]:
        problems.append(
            f"sources.csv row {registers.sources.index.get_loc(source_id) + 2}: sha256 of {source_id} is "
            f"{source['sha256'] or 'empty'}, the report's is {document.sha256}; use the report that the offsets were "
            "taken from"
        )
    figures, references, excluded = (
        rows[rows["source_id"] == source_id]
        for rows in (read(data_dir, registers) for read in (read_printed, read_references, read_exclusions))
    )
    kinds = registers.indicators["kind"].reindex(figures["indicator"]).tolist()
    tables = (
        (figures.assign(kind=kinds), [FIGURE] * len(figures)),
        (references.assign(kind=""), [REFERENCE] * len(references)),
        (excluded.assign(kind=""), excluded["reason"]),
    )
    claims = []
    for rows, names in tables:
        for row, name in zip(rows.to_dict("records"), names, strict=True):
            claims.append(Claim(int(row["start"]), int(row["end"]), name, place(row)))
            problems += (f"{place(row)}: {problem}" for problem in _row_problems(row, document))
    found = runs(document, claims, int(source["report_year"] or 0))
    problems += coverage_problems(document, found, claims)
    try:
        problems += stale_rows(data_dir)
    except DataError as error:  # a token that cannot be parsed, a broken clean table
        problems += error.problems
    if figures.empty:
        problems.append(f"printed/{source_id}.csv: no figures of this source; restore the file")
    if problems:
        raise DataError(problems)
    topics = Counter(figures["indicator"].map(registers.indicators["topic"]))
    kinds = Counter(each.claims[0].kind for each in found)
    return Verified(source_id, dict(sorted(topics.items())), len(references), dict(sorted(kinds.items())))


def _matching_source(report: Path, document: Document, sources: pd.DataFrame) -> str:
    same = sources.index[sources["sha256"] == document.sha256]
    with_text = sources.index[sources["sha256"] != ""]
    for names in (same, with_text):
        if len(names) == 1:
            return str(names[0])
    if report.stem in with_text:
        return report.stem
    raise DataError(
        f"{report.name}: no source has its hash {document.sha256}; say which with --source: {', '.join(with_text)}"
    )


def _row_problems(row: Mapping[Hashable, Any], document: Document) -> Iterator[str]:
    start, end = int(row["start"]), int(row["end"])
    token, found = row["as_printed"], document.text[start:end]
    if found != token:
        yield f"as_printed {token!r}, but the report has {found!r} at {start} to {end}; correct token or offsets"
        return
    if word := _left_out(document.text, start, end) if row["kind"] in _MEASURED else "":
        yield f"as_printed {token!r} leaves out {word!r} at {start} to {end}; type the token with it"
    if _continues(document.text, start, end):
        yield f"as_printed {token!r} is part of a longer number at {start} to {end}; type the whole token"
    passage = document.passage_at(start)
    where = (passage.section, passage.place) if passage else ("", "")
    if where != (row["section"], row["place"]):
        yield (
            f"{token!r} is quoted from section {row['section']}, {row['place']}, but stands in section {where[0]}, "
            f"{where[1]}; correct section and place"
        )


def _left_out(text: str, start: int, end: int) -> str:
    """Sign, direction or bound beside a token that would change its value: the "âm -" of "âm -6,58%"."""
    before = re.search(rf"(?:(?:{_BEFORE})\s*)+$", text[max(start - 20, 0) : start], re.IGNORECASE)
    after = re.match(rf"\s*({'|'.join(BOUNDS_AFTER)})\b", text[end : end + 20], re.IGNORECASE)
    return (before or after or [""])[0].strip()


def _continues(text: str, start: int, end: int) -> bool:
    """Whether digits go on beyond a token that begins or ends in a digit: 83 out of 83,12%."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    left = text[start].isdecimal() and (before[-1:].isdecimal() or (before[-1:] in ".," and before[:1].isdecimal()))
    right = text[end - 1].isdecimal() and (after[:1].isdecimal() or (after[:1] in ".," and after[1:2].isdecimal()))
    return left or right
