"""What a stretch of text was found to be.

Responsibility: the record of a find, and the claims that keep finds from overlapping. No wording is read here.

Terms: *kind* = ``figure``, ``legal_reference``, or the reason why digits are no figure (see the vocabulary of
exclusions); *form* = how a figure is printed: amount, rank, rank_of, date or period.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

FIGURE, REFERENCE = "figure", "legal_reference"
CONTEXT, NAME, SECTION, ARTEFACT = "context_period", "name", "section_number", "page_artefact"


@dataclass(frozen=True)
class Found:
    """A stretch of text and what it is.

    Attributes
    ----------
    start, end : int
        Offsets of the token as a person would type it, direction, hedge and unit included [characters].
    kind : str
    form : str
        amount, rank, rank_of, date, period or word; empty where it is no figure.
    number_start, number_end : int
        Offsets of the numeral itself [characters].
    value : Decimal or None
        As sign and numeral say, in the printed unit.
    decimals : int
        Decimals printed.
    unit : str
        Unit or counted noun as printed, also where the page prints it after the next number.
    unit_class : str
        pct, points, money, usd, people, weight, area, cases, per_day, times, time, rank, score, count or empty.
    power : int
        Power of ten of the unit word within its class, e.g. 9 for ``tỷ``.
    direction : str
        Word that carries the direction, folded: tăng, giảm, vượt …
    qualifier : str
        exact, approx_below, approx_above, at_least, at_most or vague.
    pair : str
        ``first`` or ``second`` of a printed a/b.
    noun_end : int
        Offset after a counted noun that a comma divides (``63 tỉnh, thành phố``), of which the token holds the first
        part; 0 elsewhere [characters].
    period : tuple or None
        Period type, first and last day, of dates and periods.
    doubtful : bool
        Whether the numeral can be read in more than one way.
    """

    start: int
    end: int
    kind: str
    form: str = ""
    number_start: int = 0
    number_end: int = 0
    value: Decimal | None = None
    decimals: int = 0
    unit: str = ""
    unit_class: str = ""
    power: int = 0
    direction: str = ""
    qualifier: str = "exact"
    pair: str = ""
    noun_end: int = 0
    period: tuple[str, date, date] | None = None
    doubtful: bool = False


@dataclass
class Claims:
    """Stretches of a text that are already accounted for; the first claim on a character stands."""

    length: int
    found: list[Found] = field(default_factory=list)
    taken: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.taken = bytearray(self.length)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing between the offsets is claimed."""
        return not any(self.taken[start:end])

    def add(self, item: Found) -> bool:
        """Claim a stretch; False where part of it is taken."""
        if not self.is_free(item.start, item.end):
            return False
        self.taken[item.start : item.end] = b"\x01" * (item.end - item.start)
        self.found.append(item)
        return True
