"""How numbers, dates and sentences are printed: the one way, in either language.

Responsibility: every number a reader sees. Decimals follow from the print or from the bounds; a derived number that is
not stable over its bounds carries them: ``5.198,3 tỷ đồng (5.197,6–5.199,0)``, and names what they mean where it is not
rounding. No system locale.

Terms: *row* = mapping of column names to cells in which a number x has ``x_low``, ``x_high`` and ``x_kind`` beside it,
``x_decimals`` where it is printed as the page has it, and ``x_unit`` where rows of a column differ in unit; *unit* =
id under ``units`` in ``text/``.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from kg_analysis.errors import DataError
from kg_analysis.quantities import (
    MOST_DECIMALS,
    Interval,
    Number,
    Quantity,
    is_stable,
    meaningful_decimals,
    round_half_up,
)
from kg_analysis.text import texts

_DATES = {"vi": "dd/MM/yyyy", "en": "d MMMM yyyy"}
_SHORT_DATES = {"vi": "d/M", "en": "d MMM"}
_NOISE = 9  # decimals beyond which a float holds no more than its own error
PAGE_KINDS = ("exact", "rounding", "wording")  # bounds that follow from what a page prints
# Units by the end of a column's name; the first that fits counts.
_WITHIN_UNIT = re.compile("(?<=[^\\W\\d_])\u00a0")
_UNIT_ENDINGS = {
    "bn_vnd_per_month": "bn_vnd_per_month",
    "bn_vnd": "bn_vnd",
    "amount": "amount",
    "mn_vnd": "mn_vnd",
    "mn_usd": "mn_usd",
    "usd": "usd",
    "pct_per_day": "pct_per_day",
    "share_pct": "share_pct",
    "share": "share",
    "share_of_cases_pct": "share_pct",
    "share_of_days_pct": "share_pct",
    "difference_pct": "share_pct",
    "cfr_pct": "share_pct",
    "change_pct": "share_pct",
    "pct": "pct",
    "pp": "percentage_point",
    "cases_per_day": "cases_per_day",
    "deaths_per_day": "deaths_per_day",
    "cases": "cases",
    "deaths": "deaths",
    "doses": "doses",
    "persons": "persons",
    "days": "days",
    "months": "months",
    "factor": "factor",
    "number": "reproduction",
    "rank": "rank",
    "count": "count",
}


def breakable(text: str) -> str:
    """The text with plain blanks within a unit of several words; a number stays on one line with the first of them."""
    return _WITHIN_UNIT.sub(" ", text)


def unit_of(column: str) -> str:
    """Unit of a column, by the end of its name.

    Examples
    --------
    >>> unit_of("disbursed_bn_vnd"), unit_of("community_share_pct"), unit_of("cases")
    ('bn_vnd', 'share_pct', 'cases')
    """
    for ending, unit in _UNIT_ENDINGS.items():
        if column == ending or column.endswith(f"_{ending}"):
            return unit
    return "count"


def number(row: Mapping[Any, Any] | pd.Series, column: str) -> Quantity:
    """A number of a row as the type that unconverted code takes.

    Raises
    ------
    DataError
        If the row holds neither the number nor a bound of it.
    """
    value, low, high = (_exact(row.get(name)) for name in (column, f"{column}_low", f"{column}_high"))
    if value is None and low is None and high is None:
        raise DataError(f"{column} is empty; there is nothing to print")
    if low is None and high is None and f"{column}_low" not in row:
        low = high = value
    ends = -math.inf if low is None else low, math.inf if high is None else high
    ids = row.get("figure_ids")
    decimals = row.get(f"{column}_decimals")
    return Quantity(
        Interval(ends[0], ends[1], value),
        str(row.get(f"{column}_unit") or unit_of(column)),
        tuple(str(ids).split()) if isinstance(ids, str) else (),
        None if pd.isna(decimals) else int(decimals),  # type: ignore[arg-type]
        str(row.get("basis") or ""),
    )


def bounded_columns(table: pd.DataFrame) -> list[str]:
    """Columns that have bounds beside them."""
    return [column for column in table.columns if f"{column}_low" in table.columns]


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as unconverted code takes them: a number with bounds is one cell, an empty one None."""
    numbers = bounded_columns(table)
    beside = {f"{column}{end}" for column in numbers for end in ("_low", "_high", "_kind", "_decimals", "_unit")}
    kept = [column for column in table.columns if column not in beside]
    return [{column: _cell(row, column, column in numbers) for column in kept} for row in table.to_dict("records")]


def in_language(table: pd.DataFrame, language: str) -> pd.DataFrame:
    """The table with the columns of one language, without its ending: ``title_vi`` as ``title``.

    Examples
    --------
    >>> in_language(pd.DataFrame({"title_vi": ["Tổng"], "title_en": ["Sum"]}), "en")
      title
    0   Sum
    """
    others = [name for name in table.columns if name[-3:] in ("_vi", "_en") and not name.endswith(f"_{language}")]
    return table.drop(columns=others).rename(columns=lambda name: name.removesuffix(f"_{language}"))


def _cell(row: dict[Any, Any], column: str, bounded: bool) -> Any:
    value = row[column]
    if isinstance(value, dt.date) and value is not pd.NaT:
        return value.date() if isinstance(value, pd.Timestamp) else value
    if bounded and not all(pd.isna(row[f"{column}{end}"]) for end in ("", "_low", "_high")):
        return number(row, column)
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, Real) and not isinstance(value, bool):
        return int(float(value)) if float(value).is_integer() else number(row, column)
    return value


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with no more decimals than its bounds bear: what a file of results holds.

    Examples
    --------
    >>> share = {"share_pct": [17.647], "share_pct_low": [14.286], "share_pct_high": [21.212]}
    >>> rounded(pd.DataFrame(share)).iloc[0].tolist()
    [17.6, 14.3, 21.2]
    """
    result = table.copy()
    for column in bounded_columns(table):
        ends = [column, f"{column}_low", f"{column}_high"]
        if not all(pd.api.types.is_numeric_dtype(table[end]) for end in ends):
            continue  # days have no decimals
        units = table.get(f"{column}_unit", pd.Series(unit_of(column), index=table.index)).fillna("count")
        most = units.map(MOST_DECIMALS)
        printed = table.get(f"{column}_decimals", pd.Series(index=table.index, dtype=float))
        printed = printed.map(lambda cell: np.nan if pd.isna(cell) else float(cell)).astype(float)
        width = (table[ends[2]] - table[ends[1]]).astype(float)
        with np.errstate(divide="ignore"):
            digits = (1 - np.floor(np.log10(width.where(width > 0)))).clip(0, most)
        digits = digits.fillna(most)
        # The bounds of a printed number hold one digit more than itself.
        digits = digits.where(printed.isna(), printed.astype(float) + 1)
        for end in ends:
            pairs = zip(table[end], digits, strict=True)
            result[end] = [value if pd.isna(value) else round_to(value, int(kept)) for value, kept in pairs]
        if all((result[end].dropna() % 1 == 0).all() for end in ends):
            result[ends] = result[ends].astype("Int64")
    beside = {f"{column}{end}" for column in bounded_columns(table) for end in ("", "_low", "_high", "_decimals")}
    for column in table.select_dtypes("floating").columns.difference(beside):
        result[column] = _plain_numbers(table[column])
    return result


def _plain_numbers(column: pd.Series) -> pd.Series:
    """A column without bounds, with the decimals of its unit; counts as whole numbers."""
    named = any(column.name == ending or str(column.name).endswith(f"_{ending}") for ending in _UNIT_ENDINGS)
    most = MOST_DECIMALS[unit_of(str(column.name))] if named else 2
    kept = column.map(lambda value: value if not np.isfinite(value) else round_to(value, most))
    return kept.astype("Int64") if np.isfinite(kept.dropna()).all() and (kept.dropna() % 1 == 0).all() else kept


def decimals_borne(low: Number, high: Number, unit: str) -> int:
    """Decimals worth printing of a number within these bounds; of an exact one, as many as it has.

    Examples
    --------
    >>> decimals_borne(0.5784, 0.5802, "share"), decimals_borne(64, 64, "count"), decimals_borne(0.5, 0.5, "pct")
    (4, 0, 1)
    """
    if low == high and math.isfinite(low):
        exact = Fraction(str(round(float(low), _NOISE)))
        return next((each for each in range(4) if round_half_up(exact, each) == exact), 4)
    return meaningful_decimals(Interval.bounded(low, high), MOST_DECIMALS[unit])


def round_to(value: float, decimals: int) -> float:
    """A number rounded as statistics offices do, halves away from zero."""
    return float(round_half_up(Fraction(str(round(float(value), _NOISE))), decimals))


def _exact(cell: Any) -> Fraction | None:
    """A float's value without its own error; None where it is empty or infinite."""
    if cell is None or pd.isna(cell) or math.isinf(cell):
        return None
    return Fraction(str(round(float(cell), _NOISE)))


@dataclass(frozen=True)
class NumberFormatter:
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

        A field ``{wave.cases}`` prints the column ``cases`` of the row given as ``wave`` with its unit and, where it is
        not stable, its bounds; ``{x}`` prints a value given by name. ``:short`` leaves out the bounds ("about" where
        needed), for titles; ``:n`` and ``:short-n`` leave out the unit; ``:size`` drops the sign; ``:bare`` prints the
        value without bounds, ``:1`` with so many decimals; ``:short`` of a date leaves out its year.

        Examples
        --------
        >>> row = {"cases": 986.0, "cases_low": 957.0, "cases_high": 1014.0, "cases_kind": "rounding"}
        >>> NumberFormatter("vi").say("covid.bar_cases", phase=row).replace(chr(160), " ")
        '986 ca (957–1.014)'
        """
        template = self.text(key)
        return "".join(
            literal + ("" if name is None else self._field(key, name, spec or "", values))
            for literal, name, spec, _ in Formatter().parse(template)
        )

    def number(self, value: Number | int | Decimal, decimals: int) -> str:
        """Number with a fixed count of decimals: ``1.234,5``, with a true minus sign."""
        exact = Fraction(str(round(value, _NOISE))) if isinstance(value, float) else Fraction(value)
        rounded = round_half_up(exact, decimals)
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

    def value(self, value: float, column: str, spec: str = "") -> str:
        """A number without bounds, with the unit of its column: a count as it is, else the decimals of its unit.

        ``spec`` sets the decimals (``"1"``); with an ``n`` (``"n"``, ``"1n"``) the unit is left out.

        Examples
        --------
        >>> NumberFormatter("vi").value(12.25, "share_pct", "1")
        '12,3%'
        """
        digits, unit = spec.rstrip("n"), unit_of(column)
        fitting = 0 if float(value).is_integer() else MOST_DECIMALS[unit]
        shown = self.number(float(value), int(digits) if digits.isdecimal() else fitting)
        return shown if spec.endswith("n") else self.unit(shown, unit)

    def unit(self, number: str, unit: str) -> str:
        """Number with its unit: ``3.456,7 tỷ đồng``, the blanks unbreakable."""
        name = f"{unit}_one" if number == "1" and self.knows(f"units.{unit}_one") else unit
        return self.text(f"units.{name}").replace("{n}", number).replace(" ", "\u00a0")

    def bounded(self, row: Mapping[Any, Any] | pd.Series, column: str, style: str = "") -> str:
        """Number of a row with its unit and, where it is not stable over them, its bounds and what they mean."""
        quantity = number(row, column)
        kind = row.get(f"{column}_kind")
        if style == "bare":
            return self._value(quantity)
        if style.isdecimal():
            return self.unit(self.number(quantity.value, int(style)), quantity.unit)
        if kind in PAGE_KINDS or not isinstance(kind, str) or style.startswith("short"):
            return self.quantity(quantity, style)
        return self._statistical(quantity, kind, style)

    def quantity(self, quantity: Quantity, style: str = "") -> str:
        """Number of unconverted code as printed in a sentence; ``style`` as in :meth:`say`."""
        name = quantity.unit if not style.endswith("n") else "count"
        interval = quantity.interval
        if interval.value is None and math.isfinite(interval.width):
            return self.unit(self.range(interval, quantity.shown_decimals), name)
        if interval.value is None:
            return self._bound(interval, name, quantity.shown_decimals)
        if style.endswith("size") and interval.value < 0:
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
        del quantity  # a formatter that keeps what it prints asks for it
        return self.number(bound, decimals)

    def range(self, interval: Interval, decimals: int) -> str:
        """Bounds: ``5.197,6–5.199,0``, with a word between where a sign would read as a dash."""
        low, high = self.number(interval.low, decimals), self.number(interval.high, decimals)
        return f"{low}–{high}" if interval.low >= 0 else f"{low} {self.text('units.to')} {high}"

    def _statistical(self, quantity: Quantity, kind: str, style: str) -> str:
        interval, most = quantity.interval, MOST_DECIMALS[quantity.unit]
        if style.endswith("size") and interval.value is not None and interval.value < 0:
            interval = Interval(-interval.high, -interval.low, -interval.value)
        decimals = meaningful_decimals(interval, most)
        name = "count" if style.endswith("n") else quantity.unit
        shown = self.unit(self.number(interval.value or Fraction(0), decimals), name)
        meaning = self.text(f"units.kind_{kind}").replace("{range}", self.range(interval, decimals))
        return f"{shown} ({meaning})".replace(" ", "\u00a0") if len(meaning) < 12 else f"{shown} ({meaning})"

    def _value(self, quantity: Quantity) -> str:
        """Value without unit's bounds: as many decimals as are meant, no more."""
        value = quantity.interval.value
        if value is None:
            return self.quantity(quantity)
        return self.unit(self.number(value, quantity.shown_decimals), quantity.unit)

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
        row, _, column = name.partition(".")
        if row not in values or (column and column not in values[row]):
            raise DataError(f"text {key!r} asks for {name!r}, given: {', '.join(sorted(values))}; correct the text")
        value = values[row][column] if column else values[row]
        if column and f"{column}_low" in values[row] and not isinstance(value, dt.date):
            return self.bounded(values[row], column, spec)
        if isinstance(value, Quantity):
            return self.quantity(value, spec)
        if value is pd.NaT:
            return self.text("units.unknown")
        if isinstance(value, dt.date):
            return self.short_date(value) if spec == "short" else self.date(value)
        if column and isinstance(value, Real) and not isinstance(value, bool):
            return self.value(float(value), column, spec)
        return str(value)
