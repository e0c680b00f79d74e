"""Ids of a new report and of its figures.

Responsibility: an id says which report and what; one that a token already has stays, and none is given twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


def source_id(area_name: str, year: int, taken: Sequence[str]) -> str:
    """Id of a new report: ``song-cua-2024``; the second one of a year is ``song-cua-2024-2``."""
    plain = unicodedata.normalize("NFD", area_name.lower().replace("đ", "d"))
    base = f"{re.sub(r'[^a-z0-9]+', '-', plain.encode('ascii', 'ignore').decode()).strip('-')}-{year}"
    number = 2
    name = base
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def prefix_of(source: str) -> str:
    """Beginning of the ids of a source's figures: ``kien-giang-2021`` gives ``kg21``."""
    words = source.split("-")
    years = [each[2:] if re.fullmatch(r"20\d\d", each) else f"-{each}" for each in words if each.isdigit()]
    return "".join(each[0] for each in words if each and not each.isdigit()) + "".join(years)


@dataclass(frozen=True)
class Typed:
    """A row that this text already has under ``printed/``: its token and id, and what a person wrote beside it."""

    start: int
    end: int
    name: str
    indicator: str = ""
    label: str = ""
    note: str = ""


@dataclass
class Names:
    """Ids given to figures and mentions, each once."""

    prefix: str
    taken: set[str]
    known: Sequence[Typed]
    given: set[str] = field(default_factory=set)

    def new(self, found: dict[Any, Any], *parts: str) -> str:
        """Id of a token: the one that it has, else a new one of its parts: ``kg21-grdp-growth-q3``."""
        known = self._known(int(found["start"]), int(found["end"]), parts[0])
        if known:
            self.given.add(known)
            return known
        base = re.sub(r"[^a-z0-9]+", "-", "-".join([self.prefix, *(each for each in parts if each)]).lower())
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}-{number}", number + 1
        self.taken.add(name)
        return name

    def _known(self, start: int, end: int, indicator: str) -> str:
        """Id of the row that has this token, or most of it, already."""
        shared = [
            ((each.start, each.end) == (start, end), each.indicator == indicator, size, each.name)
            for each in self.known
            if each.name
            and each.name not in self.given
            and (size := min(each.end, end) - max(each.start, start)) * 2 >= max(each.end - each.start, end - start)
        ]
        return max(shared, default=(False, False, 0, ""))[3]
