"""How numbers, dates and sentences are printed: the one way, in either language; the texts are in ``text/``.

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
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from numbers import Real
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from kg_analysis.bounds import PRINTED, union_ids
from kg_analysis.errors import DataError

LANGUAGES = ("vi", "en")
Row = Mapping[str, Any]
Number = Fraction | float  # a float only where a bound is infinite
_DATES = {"vi": "dd/MM/yyyy", "en": "d MMMM yyyy"}
_SHORT_DATES = {"vi": "d/M", "en": "d MMM"}
_NOISE = 9  # decimals beyond which a float holds no more than its own error
_WITHIN_UNIT = re.compile("(?<=[^\\W\\d_])\u00a0")
# Most decimals that a derived number of the unit is printed with.
MOST_DECIMALS = {
    unit: decimals
    for decimals, units in (
        (0, "cases deaths doses days months years persons count rank usd tonnes ha m3"),
        (1, "amount bn_vnd bn_vnd_per_month mn_usd share_pct pct_per_day cases_per_day deaths_per_day reproduction"),
        (1, "per_10000 mn_kwh mn_tonne_km mn_person_km km m2"),
        (2, "pct percentage_point mn_vnd tonnes_per_ha points times"),
        (3, "factor"),
        (4, "share"),
    )
    for unit in units.split()
}
# Units by the end of a column's name; the longest that fits counts.
_UNIT_ENDINGS = {
    ending: unit or ending
    for unit, endings in {
        "": "amount bn_vnd bn_vnd_per_month mn_vnd mn_usd usd pct pct_per_day share share_pct cases cases_per_day "
        "deaths deaths_per_day doses persons days months factor rank count",
        "share_pct": "share_of_cases_pct share_of_days_pct difference_pct cfr_pct change_pct",
        "percentage_point": "pp",
        "reproduction": "number",
    }.items()
    for ending in endings.split()
}


@cache
def texts(language: str) -> dict[str, str]:
    """Every sentence and label of a language by dotted key, e.g. ``covid.size_title``; the same keys in each.

    Raises DataError: if there is no such language.
    """
    if language not in LANGUAGES:
        raise DataError(f"language {language!r} is not known; languages: {', '.join(LANGUAGES)}")
    content = files("kg_analysis").joinpath("text", f"{language}.toml").read_text(encoding="utf-8")
    return {
        f"{section}.{key}": text for section, entries in tomllib.loads(content).items() for key, text in entries.items()
    }


@dataclass(frozen=True)
class Quantity:
    """A number taken out of a row to be printed; a DataError if its bounds are not in order."""

    # Bounds; the upper bound of a rounding is itself excluded.
    low: Number
    high: Number
    value: Fraction | None  # None where the source gives only a bound ("từ 95% trở lên")
    unit: str
    figure_ids: tuple[str, ...] = ()  # printed figures behind it, sorted
    decimals: int | None = None  # as printed; None for a derived number, whose decimals follow from its bounds
    basis: str = ""  # actual, estimate, plan or scenario; "" for a derived number

    def __post_init__(self) -> None:
        if not (self.low <= self.high and (self.value is None or self.low <= self.value <= self.high)):
            raise DataError(f"no interval from {self.low} over {self.value} to {self.high}; check the inputs' order")

    @property
    def shown_decimals(self) -> int:
        """Decimals that it is printed with: as on the page, or as its bounds bear."""
        if self.decimals is not None:
            return self.decimals
        return meaningful_decimals(self.low, self.high, MOST_DECIMALS[self.unit])


def given(value: float | int, unit: str) -> Quantity:
    """A scenario input: exact by choice, behind which stands no printed figure."""
    number = Fraction(str(value))
    return Quantity(number, number, number, unit, basis="scenario")


def round_half_up(number: Number, decimals: int) -> Fraction:
    """``number`` rounded as statistics offices do: halves away from zero."""
    scaled = Fraction(number) * Fraction(10) ** decimals
    rounded = math.floor(abs(scaled) + Fraction(1, 2))
    return Fraction(rounded if scaled >= 0 else -rounded) / Fraction(10) ** decimals


def is_stable(low: Number, high: Number, value: Fraction | None, decimals: int) -> bool:
    """Whether the value, printed with ``decimals`` decimals, stands for no less than all between the bounds."""
    if value is None or math.isinf(high - low):
        return False
    printed, half = round_half_up(value, decimals), Fraction(1, 2 * 10**decimals)
    return printed - half <= low and high <= printed + half


def meaningful_decimals(low: Number, high: Number, most: int) -> int:
    """Decimals worth printing beside the bounds: one digit more than the leading digit of their distance.

    From 0 to ``most``, usually that of the unit; 1.45 apart gives 1, 0.0018 apart gives 4.
    """
    width = high - low
    if width == 0 or math.isinf(width):
        return most
    return min(most, max(0, 1 - math.floor(math.log10(width))))


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
    return _UNIT_ENDINGS.get(_ending(column), "count")


def _ending(column: str) -> str:
    """The longest ending of a column's name that names a unit; "" where none does."""
    parts = column.split("_")
    tails = ("_".join(parts[start:]) for start in range(len(parts)))
    return next((tail for tail in tails if tail in _UNIT_ENDINGS), "")


def number(row: Mapping[Any, Any] | pd.Series, column: str) -> Quantity:
    """A number of a row, to be printed.

    Raises DataError: if the row holds neither the number nor a bound of it.
    """
    value, low, high = (_exact(row.get(name)) for name in (column, f"{column}_low", f"{column}_high"))
    if value is None and low is None and high is None:
        raise DataError(f"{column} is empty; there is nothing to print")
    if low is None and high is None and f"{column}_low" not in row:
        low = high = value
    ids = row.get("figure_ids")
    decimals = row.get(f"{column}_decimals")
    return Quantity(
        -math.inf if low is None else low,
        math.inf if high is None else high,
        value,
        str(row.get(f"{column}_unit") or unit_of(column)),
        tuple(str(ids).split()) if isinstance(ids, str) else (),
        None if pd.isna(decimals) else int(decimals),  # type: ignore[arg-type]
        str(row.get("basis") or ""),
    )


def bounded_columns(table: pd.DataFrame) -> list[str]:
    """Columns that have bounds beside them."""
    return [column for column in table.columns if f"{column}_low" in table.columns]


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table to be printed: a number with its bounds is one cell, an empty one None."""
    numbers = bounded_columns(table)
    beside = {f"{column}{end}" for column in numbers for end in ("_low", "_high", "_kind", "_decimals", "_unit")}
    kept = [column for column in table.columns if column not in beside]
    return [{column: _cell(row, column, column in numbers) for column in kept} for row in table.to_dict("records")]


def frame(listed: Iterable[Row]) -> pd.DataFrame:
    """Table of such rows, rounded as the page prints them: each number ``x`` becomes ``x``, ``x_low`` and ``x_high``.

    A column may hold plain values too, which have no bounds. ``rests_on`` (every basis behind the row) and
    ``figure_ids`` come last.
    """
    cells = list(listed)
    numbers = {name for row in cells for name, cell in row.items() if isinstance(cell, Quantity)}
    table = pd.DataFrame([_flat(row, numbers) for row in cells])
    for name in sorted(numbers):  # counts as whole numbers: 986 cases, not 986.0
        columns = [name, f"{name}_low", f"{name}_high"]
        found = table[columns].apply(pd.to_numeric, errors="coerce").astype(float)
        if (found.isna() == table[columns].isna()).all(axis=None) and (found.isna() | (found % 1 == 0)).all(axis=None):
            table[columns] = found.astype("Int64")
    return table


def _flat(row: Row, numbers: set[str]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    held = [cell for cell in row.values() if isinstance(cell, Quantity)]
    for name, cell in row.items():
        flat[name] = cell
        if isinstance(cell, Quantity):  # the bounds of a printed number hold one digit more than itself
            digits, ends = cell.shown_decimals + (cell.decimals is not None), (cell.value, cell.low, cell.high)
            shown = [math.nan if each is None or math.isinf(each) else round_half_up(each, digits) for each in ends]
            flat |= zip((name, f"{name}_low", f"{name}_high"), map(float, shown), strict=True)
        elif name in numbers:
            flat |= {name: math.nan if cell is None else cell, f"{name}_low": math.nan, f"{name}_high": math.nan}
    if numbers:
        flat["rests_on"] = " ".join(sorted({each.basis for each in held} - {""}))
    return flat if "figure_ids" in row else flat | {"figure_ids": union_ids(" ".join(each.figure_ids) for each in held)}


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
    """The table with no more decimals than its bounds bear: what a file of results holds; an open end is empty.

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
            result[end] = [round_to(value, int(kept)) if np.isfinite(value) else np.nan for value, kept in pairs]
        if all((result[end].dropna() % 1 == 0).all() for end in ends):
            result[ends] = result[ends].astype("Int64")
    beside = {f"{column}{end}" for column in bounded_columns(table) for end in ("", "_low", "_high", "_decimals")}
    for column in table.select_dtypes("floating").columns.difference(beside):
        result[column] = _plain_numbers(table[column])
    return result


def _plain_numbers(column: pd.Series) -> pd.Series:
    """A column without bounds, with the decimals of its unit; counts as whole numbers."""
    ending = _ending(str(column.name))
    most = MOST_DECIMALS[_UNIT_ENDINGS[ending]] if ending else 2
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
    return meaningful_decimals(low, high, MOST_DECIMALS[unit])


def round_to(value: Number, decimals: int) -> float:
    """A number rounded as statistics offices do, halves away from zero."""
    return float(round_half_up(Fraction(str(round(float(value), _NOISE))), decimals))


def _exact(cell: Any) -> Fraction | None:
    """A float's value without its own error; None where it is empty or infinite."""
    if cell is None or pd.isna(cell) or math.isinf(cell):
        return None
    return Fraction(str(round(float(cell), _NOISE)))


@dataclass(frozen=True)
class NumberFormatter:
    """Printer of one language."""

    language: str  # ``vi`` or ``en``

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
        found = number(row, column)
        kind = row.get(f"{column}_kind")
        if found.value is not None and style == "bare":  # as many decimals as are meant, no more
            return self.unit(self.number(found.value, found.shown_decimals), found.unit)
        if found.value is not None and style.isdecimal():
            return self.unit(self.number(found.value, int(style)), found.unit)
        if style == "bare" or kind in PRINTED or not isinstance(kind, str) or style.startswith("short"):
            return self.quantity(found, "" if style == "bare" else style)
        return self._statistical(found, kind, style)

    def quantity(self, found: Quantity, style: str = "") -> str:
        """Number as printed in a sentence; ``style`` as in :meth:`say`."""
        name, decimals = "count" if style.endswith("n") else found.unit, found.shown_decimals
        if found.value is None:
            return self._bound(found, name, decimals)
        low, high, value = _sized(found, style)
        if found.decimals is not None or is_stable(low, high, value, decimals):
            return self.unit(self.number(value, decimals), name)
        if style.startswith("short"):
            return self._short(low, high, value, name, decimals)
        return f"{self.unit(self.number(value, decimals), name)} ({self._range(low, high, decimals)})"

    def _range(self, low: Number, high: Number, decimals: int) -> str:
        """Bounds: ``5.197,6–5.199,0``, with a word between where a sign would read as a dash."""
        first, last = self.number(low, decimals), self.number(high, decimals)
        return f"{first}–{last}" if low >= 0 else f"{first} {self.text('units.to')} {last}"

    def _statistical(self, found: Quantity, kind: str, style: str) -> str:
        low, high, value = _sized(found, style)
        decimals = meaningful_decimals(low, high, MOST_DECIMALS[found.unit])
        shown = self.unit(self.number(value or Fraction(0), decimals), "count" if style.endswith("n") else found.unit)
        meaning = self.text(f"units.kind_{kind}").replace("{range}", self._range(low, high, decimals))
        return f"{shown} ({meaning})".replace(" ", "\u00a0") if len(meaning) < 12 else f"{shown} ({meaning})"

    def _bound(self, found: Quantity, unit: str, most: int) -> str:
        """What is known without a value: both bounds, the one there is, or nothing."""
        low, high = found.low, found.high
        if math.isfinite(low) and math.isfinite(high):
            return self.unit(self._range(low, high, most), unit)
        key, bound = ("at_least", low) if math.isfinite(low) else ("at_most", high)
        if not math.isfinite(bound):
            return self.text("units.unknown")
        decimals = next((each for each in range(4) if round_half_up(bound, each) == bound), most)
        return self.text(f"units.{key}").replace("{n}", self.unit(self.number(bound, decimals), unit))

    def _short(self, low: Number, high: Number, value: Fraction, unit: str, most: int) -> str:
        """Value with the decimals that are stable over its bounds, else "about" and one digit less than beside them."""
        for decimals in range(most, -1, -1):
            if is_stable(low, high, value, decimals) and round_half_up(value, decimals) != 0:
                return self.unit(self.number(value, decimals), unit)
        loose = min(most, max(0, math.floor(-math.log10(high - low))))
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


def _sized(found: Quantity, style: str) -> tuple[Number, Number, Any]:
    """Bounds and value, without their sign where the style asks for the size of a fall."""
    if style.endswith("size") and found.value is not None and found.value < 0:
        return -found.high, -found.low, -found.value
    return found.low, found.high, found.value
