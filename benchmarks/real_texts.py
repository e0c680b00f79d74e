"""Verdicts on texts as they were published: what a person reads each figure to say, and whether a proposal says so.

Responsibility: ``tests/fixtures/real_texts.csv``, whose texts are not part of the project: a folder holds them, each
under the first twelve digits of the sha256 of its address, from its beginning as far as the verdicts go. A part is
``building``, ``fit`` or ``calibration`` (wordings and weights were made on them), ``measured`` and ``final`` (some
wordings were added after they had been measured), or ``fourth`` and so on: sets read by a person before any result was
seen, measured at first sight and used for mends only after it. No weight is fitted on the last one.

Terms: indicator ``?`` = the codebook lacks it, which counts as wrong; ``x`` = no figure; ``~`` = not judged; answers
that a person would take are divided by ``/`` or ``,``; *period*: ``Y23``, ``H23``, ``9T23``, ``Q3.23``, ``M0923``,
``B23`` (budget year), ``D211127``, ``P2021-2023``, ``P210621-210930``, ``*``; *basis*: ``a``, ``e``, ``p``, ``s`` and
their combinations, ``r`` = result, outturn or estimate.
"""

from __future__ import annotations

import calendar
import csv
import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

TRUTH = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "real_texts.csv"
PARTS = (
    "building",
    "calibration",
    "fit",
    "measured",
    "final",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty_first",
    "twenty_second",
    "twenty_third",
    "twenty_fourth",
    "twenty_fifth",
    "last",
)
SECTORS = {"ag": "agriculture", "ic": "industry_construction", "se": "services", "pt": "product_tax"}
BASES = {"a": "actual", "e": "estimate", "p": "plan", "s": "scenario"}

Row = dict[str, Any]


def verdicts(part: str) -> dict[str, list[Row]]:
    """Verdicts of a part by the address of their text, in text order."""
    found: dict[str, list[Row]] = {}
    with TRUTH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["part"] == part:
                found.setdefault(row["url"], []).append(row)
    return found


def path_of(folder: Path, address: str) -> Path:
    """File that holds the text of an address."""
    return folder / f"{hashlib.sha256(address.encode()).hexdigest()[:12]}.txt"


def matched(text: str, rows: list[Row], truth: list[Row]) -> Iterator[tuple[Row | None, Row]]:
    """Each judged verdict with the proposal for its token, and each further proposal with an empty verdict."""
    figures = [row for row in rows if row["kind"] == "figure"]
    used: set[int] = set()
    at, lowered = 0, text.lower()
    for wanted in truth:
        place = text.find(wanted["token"], at)
        place = place if place >= 0 else lowered.index(wanted["token"].lower(), at)
        number = place + (found.start() if (found := re.search(r"\d", wanted["token"])) else 0)
        at = place + len(wanted["token"])
        row = next(
            (each for each in figures if each["start"] <= number < each["end"] and each["start"] not in used), None
        )
        used |= {row["start"]} if row else set()
        if wanted["indicator"] == "~" or (wanted["indicator"] == "x" and not (row and row["value"] is not None)):
            continue
        yield row, wanted
    for row in figures:
        if row["start"] not in used and row["unit_id"] not in ("date", "period"):  # cut-off days are not judged
            yield row, {}


def wrong_parts(row: Row, wanted: Row, units: dict[str, str]) -> list[str]:
    """What of a proposal is not as a person reads it; nothing where it is wholly right."""
    names = wanted["indicator"].split("/")
    if row["indicator"] not in names:
        return [f"indicator {row['indicator']} instead of {wanted['indicator']}"]
    items = [f"sector:{SECTORS[each]}" if each in SECTORS else each for each in wanted["item"].split(",")]
    item = f"{row['dimension']}:{row['item']}" if row["item"] else ""
    spans = [period_of(each) for each in wanted["period"].split(",")]
    bases = wanted["basis"].replace("r", "ae").replace("*", "aeps")
    area = wanted["area"] or wanted["area_code"]
    period = (row["period_start"], row["period_end"])
    outcome = (
        ("item", item, wanted["item"], "*" in items or item in items),
        ("period", "..".join(period), wanted["period"], period in spans or ("", "") in spans),
        ("basis", row["basis"], wanted["basis"], row["basis"] in [BASES[each] for each in bases]),
        ("area", row["area_code"], area, row["area_code"] == area),
        ("unit", row["unit_id"], units[row["indicator"]], row["unit_id"] == units[row["indicator"]]),
    )
    return [f"{part} {said} instead of {read}" for part, said, read, right in outcome if not right]


def period_of(code: str) -> tuple[str, str]:
    """First and last day of a period's code in ISO form; empty where any will do."""
    if code == "*":
        return "", ""
    if code[0] in "DP":
        days = [_day(each) if len(each) == 6 else each for each in code[1:].split("-")]
        return (f"{days[0]}-01-01", f"{days[-1]}-12-31") if len(days[0]) == 4 else (days[0], days[-1])
    year = 2000 + int(code[-2:])
    first, last = {
        "Y": lambda: (1, 12),
        "B": lambda: (1, 13),
        "H": lambda: (1, 6),
        "Q": lambda: (3 * int(code[1]) - 2, 3 * int(code[1])),
        "M": lambda: (int(code[1:3]), int(code[1:3])),
    }.get(code[0], lambda: (1, int(code.partition("T")[0])))()
    end_year, end = (year, last) if last < 13 else (year + 1, 1)
    return f"{date(year, first, 1)}", f"{date(end_year, end, calendar.monthrange(end_year, end)[1])}"


def _day(digits: str) -> str:
    return f"20{digits[:2]}-{digits[2:4]}-{digits[4:]}"
