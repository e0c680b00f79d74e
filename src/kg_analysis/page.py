"""How numbers, dates and sentences are printed: the one way, in either language.

Responsibility: every number a reader sees. Decimals follow from the print or from the interval; a derived number that
is not stable over its interval carries it: ``5.198,3 tỷ đồng (5.197,6–5.199,0)``. No system locale.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from string import Formatter
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from kg_analysis.errors import DataError
from kg_analysis.intervals import Interval, Number, is_stable, round_half_up
from kg_analysis.quantities import Quantity
from kg_analysis.text import texts

_DATES = {"vi": "dd/MM/yyyy", "en": "d MMMM yyyy"}
_SHORT_DATES = {"vi": "d/M", "en": "d MMM"}


@dataclass(frozen=True)
class Page:
    """Printer of one language.

    Attributes
    ----------
    language : str
        ``vi`` or ``en``.
    """

    language: str

    def text(self, key: str) -> str:
        """Text of a key, as it stands in the language's file."""
        found = texts(self.language)
        if key not in found:
            raise DataError(f"text {key!r} is missing; add it to text/{self.language}.toml and to the other languages")
        return found[key]

    def knows(self, key: str) -> bool:
        """Whether the language has a text of this key."""
        return key in texts(self.language)

    def say(self, key: str, **values: Any) -> str:
        """Sentence of a key with its values printed.

        In a text, ``{x}`` prints a quantity with unit and, where it is not stable, its interval; ``{x:short}`` prints
        it without interval, "about" where needed, for titles; ``{x:n}`` and ``{x:short-n}`` leave out the unit;
        ``{x:size}`` drops the sign.
        """
        template = self.text(key)
        return "".join(
            literal + ("" if name is None else self._field(key, name, spec or "", values))
            for literal, name, spec, _ in Formatter().parse(template)
        )

    def number(self, value: Number | int | Decimal, decimals: int) -> str:
        """Number with a fixed count of decimals: ``1.234,5``, with a true minus sign."""
        rounded = round_half_up(Fraction(value), decimals)
        digits = format_decimal(
            Decimal(rounded.numerator) / Decimal(rounded.denominator),
            format="#,##0." + "0" * decimals if decimals else "#,##0",
            locale=self.language,
        )
        return digits.replace("-", "−")

    def date(self, day: dt.date) -> str:
        """Day: ``30/09/2021``, ``30 September 2021``."""
        return format_date(day, _DATES[self.language], locale=self.language)

    def short_date(self, day: dt.date) -> str:
        """Day without its year: ``30/9``, ``30 Sep``."""
        return format_date(day, _SHORT_DATES[self.language], locale=self.language)

    def published(self, vintage: str) -> str:
        """Date of publication as exactly as it is known: ``18/08/2022``, ``08/2022``, ``2022``."""
        known = vintage.count("-")
        day = dt.date.fromisoformat(vintage + "-01" * (2 - known))
        form = ("yyyy", {"vi": "MM/yyyy", "en": "MMMM yyyy"}[self.language], _DATES[self.language])[known]
        return format_date(day, form, locale=self.language)

    def unit(self, number: str, unit: str) -> str:
        """Number with its unit: ``3.456,7 tỷ đồng``, the blanks unbreakable."""
        name = f"{unit}_one" if number == "1" and self.knows(f"units.{unit}_one") else unit
        return self.text(f"units.{name}").replace("{n}", number).replace(" ", "\u00a0")

    def quantity(self, quantity: Quantity, style: str = "") -> str:
        """Quantity as printed in a sentence; ``style`` as in :meth:`say`."""
        name = quantity.unit if not style.endswith("n") else "count"
        interval = quantity.interval
        if interval.value is None and math.isfinite(interval.width):
            return self.unit(self.range(interval, quantity.shown_decimals), name)
        if interval.value is None:
            return self._bound(interval, name, quantity.shown_decimals)
        if style == "size" and interval.value < 0:
            interval = Interval(-interval.high, -interval.low, -interval.value)
        value = interval.value or Fraction(0)
        if quantity.decimals is not None:
            return self.unit(self.number(value, quantity.decimals), name)
        decimals = quantity.shown_decimals
        if is_stable(interval, decimals):
            return self.unit(self.number(value, decimals), name)
        if style.startswith("short"):
            return self._short(interval, name, decimals)
        return f"{self.unit(self.number(value, decimals), name)} ({self.range(interval, decimals)})"

    def bound(self, quantity: Quantity, bound: Number, decimals: int) -> str:
        """One end of a quantity's interval, for a sentence that names both ends."""
        del quantity  # a page that keeps what it prints asks for it
        return self.number(bound, decimals)

    def range(self, interval: Interval, decimals: int) -> str:
        """Bounds: ``5.197,6–5.199,0``, with a word between where a sign would read as a dash."""
        low, high = self.number(interval.low, decimals), self.number(interval.high, decimals)
        return f"{low}–{high}" if interval.low >= 0 else f"{low} {self.text('units.to')} {high}"

    def _bound(self, interval: Interval, unit: str, most: int) -> str:
        low, high = interval.low, interval.high
        key, bound = ("at_least", low) if math.isfinite(low) else ("at_most", high)
        if not math.isfinite(bound):
            return self.text("units.unknown")
        decimals = next((each for each in range(4) if round_half_up(bound, each) == bound), most)
        return self.text(f"units.{key}").replace("{n}", self.unit(self.number(bound, decimals), unit))

    def _short(self, interval: Interval, unit: str, most: int) -> str:
        """Value with the decimals that are stable over the interval, else "about" and one digit less than beside it."""
        value = interval.value or Fraction(0)
        for decimals in range(most, -1, -1):
            if is_stable(interval, decimals) and round_half_up(value, decimals) != 0:
                return self.unit(self.number(value, decimals), unit)
        loose = min(most, max(0, math.floor(-math.log10(interval.width))))
        return self.text("units.about").replace("{n}", self.unit(self.number(value, loose), unit))

    def _field(self, key: str, name: str, spec: str, values: dict[str, Any]) -> str:
        if name not in values:
            raise DataError(f"text {key!r} asks for {name!r}, given: {', '.join(sorted(values))}; correct the text")
        value = values[name]
        if isinstance(value, Quantity):
            return self.quantity(value, spec)
        if isinstance(value, dt.date):
            return self.short_date(value) if spec == "short" else self.date(value)
        return str(value)
