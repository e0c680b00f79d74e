"""Whether every digit of a report is accounted for: a figure, a legal reference, or excluded with its reason.

Responsibility: class each run of digits, and name those that nobody claims or that two claim. Nothing is judged by its
value; a run belongs to the typed row whose token holds it.

Terms: *run* = digits without a break, superscripts apart from the digits before them: ``21³`` is two runs; *rule* = an
exclusion that the text itself shows, so that nobody types it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kg_analysis.data.printed import place
from kg_analysis.ingest.document import Document

FIGURE, REFERENCE = "figure", "legal_reference"
_RUN = re.compile(r"[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_RULES = {
    "footnote_mark": re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+"),
    "virus_name": re.compile(r"covid\s*-\s*19", re.IGNORECASE),
    "section_number": re.compile(r"^\d{1,2}(?=\.\s)", re.MULTILINE),
    "context_period": re.compile(
        r"\bnăm\s+20\d\d\b(?!\s*[-–/])", re.IGNORECASE
    ),  # the year of the report, of the plan, of the aims
}


@dataclass(frozen=True)
class Claim:
    """A stretch of text that a typed row or a rule accounts for.

    Attributes
    ----------
    start, end : int
        Offsets [characters].
    kind : str
        ``figure``, ``legal_reference`` or the reason of an exclusion.
    where : str
        Row that claims it; empty for a rule.
    """

    start: int
    end: int
    kind: str
    where: str = ""


@dataclass(frozen=True)
class Run:
    """Digits of the text and the claims on them."""

    start: int
    text: str
    claims: tuple[Claim, ...]


def typed_claims(figures: pd.DataFrame, references: pd.DataFrame, exclusions: pd.DataFrame) -> list[Claim]:
    """Claims of the typed rows of one source."""
    return [
        *(_claim(row, FIGURE) for row in figures.to_dict("records")),
        *(_claim(row, REFERENCE) for row in references.to_dict("records")),
        *(_claim(row, str(row["reason"])) for row in exclusions.to_dict("records")),
    ]


def runs(document: Document, claims: Iterable[Claim], year: int) -> list[Run]:
    """Every run of digits with the claims on it; a rule counts only where no row claims the run.

    Parameters
    ----------
    document : Document
    claims : iterable of Claim
        Those of the typed rows.
    year : int
        Year that the report reviews: it, its neighbours, and no other year are mere context.
    """
    typed = sorted(claims, key=lambda each: each.start)
    ruled = [Claim(*found.span(), reason) for reason, rule in _RULES.items() for found in rule.finditer(document.text)]
    ruled = [each for each in ruled if each.kind != "context_period" or _is_near(document.text, each, year)]
    found = []
    for match in _RUN.finditer(document.text):
        holding = tuple(each for each in typed if each.start <= match.start() and match.end() <= each.end)
        holding = (
            holding or tuple(each for each in ruled if each.start <= match.start() and match.end() <= each.end)[:1]
        )
        found.append(Run(match.start(), match[0], holding))
    return found


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
    for claim in claims:
        if claim not in used and claim.kind not in (
            FIGURE,
            REFERENCE,
        ):  # words may be figures, and a congress has no number
            yield f"{claim.where}: {document.text[claim.start : claim.end]!r} holds no digits; remove the row"


def _is_near(text: str, claim: Claim, year: int) -> bool:
    return abs(int(text[claim.end - 4 : claim.end]) - year) <= 1


def _holding(claims: Iterable[Claim], span: tuple[int, int]) -> tuple[Claim, ...]:
    return tuple(each for each in claims if each.start <= span[0] and span[1] <= each.end)


def _claim(row: dict[Hashable, Any], kind: str) -> Claim:
    return Claim(int(row["start"]), int(row["end"]), kind, place(row))


def _quoted(document: Document, run: Run) -> str:
    """The run with its neighbours and its place."""
    before = document.text[max(run.start - 12, 0) : run.start].rpartition("\n")[2]
    after = document.text[run.start + len(run.text) : run.start + len(run.text) + 12].partition("\n")[0]
    passage = document.passage_at(run.start)
    where = f"section {passage.section}, {passage.place}" if passage else "between passages"
    return f"{run.text!r} at {run.start} in '{before}{run.text}{after}' ({where})"
