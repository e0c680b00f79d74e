"""Words that depend on a number: risen or fallen, above or below, and a number that the reader chose.

Responsibility: choose by the whole interval, so that rounding never decides a word. The words are in ``text/``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg_analysis.intervals import Interval, round_half_up
from kg_analysis.narrative.context import ReportContext
from kg_analysis.quantities import Quantity

RISE, FALL, FLAT = "rise", "fall", "flat"
TITLE_WORDS = 15
ABOVE, BELOW, LEVEL = "above", "below", "level"


def direction(quantity: Quantity) -> str:
    """rise, fall, or flat where the interval holds zero."""
    if quantity.interval.low > 0:
        return RISE
    return FALL if quantity.interval.high < 0 else FLAT


def compare(first: Quantity, second: Quantity) -> str:
    """Whether the first lies above or below the second, or level with it where their intervals meet."""
    if first.interval.low > second.interval.high:
        return ABOVE
    return BELOW if first.interval.high < second.interval.low else LEVEL


def size(quantity: Quantity) -> Quantity:
    """The quantity without its sign, for a word that says it."""
    low, high, value = quantity.interval.low, quantity.interval.high, quantity.interval.value
    if high > 0:
        return quantity
    return replace(quantity, interval=Interval(-high, -low, None if value is None else -value))


def as_given(quantity: Quantity) -> Quantity:
    """A number that someone chose, with no more decimals than it has: a share of 25%, not of 25,0%."""
    if not quantity.interval.is_exact:
        return quantity
    value = quantity.interval.low
    return replace(quantity, decimals=next((each for each in range(4) if round_half_up(value, each) == value), 4))


def printed_as(style: str, quantity: Quantity, here: ReportContext) -> str:
    """A rate with the word for its direction, "estimated" where it is.

    Parameters
    ----------
    style : str
        ``rate`` (it grew), ``need`` (that it grows) or ``title``; keys of the section ``wording``.
    quantity : Quantity
    here : ReportContext
    """
    estimate = "_estimate" if quantity.basis == "estimate" and style != "need" else ""
    return here.say(f"wording.{style}_{direction(quantity)}{estimate}", rate=quantity, size=size(quantity))


def between(first: Quantity, second: Quantity, here: ReportContext) -> str:
    """Everything from one rate to the other, rounding included: ``tăng khoảng 2,3–3,5%``, or with both signs."""
    ends = first.interval, second.interval
    whole = replace(first, interval=Interval.bounded(min(e.low for e in ends), max(e.high for e in ends)))
    way = direction(whole)
    shown = size(whole) if way == FALL else whole
    bounds = shown.interval.low, shown.interval.high
    decimals = 1 if round_half_up(bounds[0], 1) != round_half_up(bounds[1], 1) else 2
    low, high = (here.page.bound(shown, each, decimals) for each in bounds)
    return here.say(f"wording.between_{way}", low=low, high=high)


def listed(parts: Iterable[str], here: ReportContext) -> str:
    """Parts of a sentence as a list: commas, and the word for "and" before the last."""
    *most, last = parts
    return here.say("wording.and", most=", ".join(most), last=last) if most else last


def ordinal(number: int, here: ReportContext) -> str:
    """A rank with the ending of its language: ``6th``, ``22nd``, ``6``."""
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return here.say(f"wording.ordinal{f'_{last}' if last in (1, 2, 3) else ''}", n=number)


def fitting(candidates: Iterable[str]) -> str:
    """The first title that keeps to the words a title may have, else the last."""
    title = ""
    for title in candidates:
        if len(title.split()) <= TITLE_WORDS:
            break
    return title


def capital(text: str) -> str:
    """The text with its first letter as a capital, the rest untouched (not "Quý iii")."""
    return text[:1].upper() + text[1:]
