"""From typed tokens to values: ``clean/figures`` and ``clean/legal_references``.

Responsibility: parse every token in the unit that the codebook gives its indicator, in the language of its source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.foreign import to_vietnamese
from kg_analysis.legal import parse_mention
from kg_analysis.periods import parse_date, parse_period
from kg_analysis.tables.printed import Registers, place
from kg_analysis.tables.schemas import FIGURES, LEGAL_REFERENCES
from kg_analysis.vietnamese import Amount, parse_amount, parse_list


_VALUES = ("value", "unit", "decimals", "low", "high", "bound_kind")


def build_figures(printed: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Table ``clean/figures`` as text, in order of source and offset.

    Raises
    ------
    DataError
        Every token that cannot be parsed in its indicator's unit or does not agree with the row's period.
    """

    languages = registers.sources["language"].to_dict()
    indicators = registers.indicators[["kind", "unit"]].to_dict("index")

    def values(row: dict[str, Any]) -> dict[str, str]:
        return parse_row(row, indicators[row["indicator"]], str(languages[row["source_id"]]))

    return _parsed(printed, values, _VALUES)[list(FIGURES.columns)]


def build_references(mentions: pd.DataFrame) -> pd.DataFrame:
    """Table ``clean/legal_references`` as text, in order of source and offset.

    Raises
    ------
    DataError
        Every token that names no document, or one of another type than its row says.
    """

    def values(row: dict[str, Any]) -> dict[str, str]:
        found = parse_mention(row["as_printed"], row["type"])
        day = found.date.isoformat() if found.date else ""
        return {"type": found.type, "number": found.number, "date": day, "issuer": found.issuer}

    parsed = _parsed(mentions, values, ("type", "number", "date", "issuer"))
    return parsed[list(LEGAL_REFERENCES.columns)]


def _parsed(
    rows: pd.DataFrame, values: Callable[[dict[str, Any]], dict[str, str]], wanted: Sequence[str]
) -> pd.DataFrame:
    problems: list[str] = []
    found: list[dict[str, str]] = []
    for row in rows.to_dict("records"):
        try:
            found.append(values(row))
        except DataError as error:
            problems.extend(f"{place(row)}: {problem}" for problem in error.problems)
    if problems:
        raise DataError(problems)
    new = pd.DataFrame(found, index=rows.index, columns=None if found else list(wanted))
    whole = pd.concat([rows.drop(columns=[each for each in new.columns if each in rows.columns]), new], axis=1)
    order = pd.to_numeric(whole["start"].replace("", None)).fillna(-1)
    ordered = whole.assign(_o=order).sort_values(["source_id", "_o", "file_row"], kind="stable")
    return ordered.reset_index(drop=True)


def parse_row(row: dict[str, str], indicator: Mapping[Any, Any] | pd.Series, language: str = "vi") -> dict[str, str]:
    """Value columns of ``clean/figures`` for one printed row, as text.

    Raises
    ------
    DataError
        If token, unit, qualifier and period do not agree.
    """
    token, kind, unit = row["as_printed"], indicator["kind"], indicator["unit"]
    year = int(row["period_start"][:4])
    if kind == "date":
        day = parse_date(token, year)
        _same(token, row, ("day", day, day))
    elif kind == "period":
        _same(token, row, parse_period(token, year))
    if kind in ("date", "period", "statement"):
        return dict.fromkeys(_VALUES, "") | {"unit": unit}
    amount = _amount(row, kind, unit, language)
    if amount.qualifier != row["qualifier"]:
        raise DataError(f"{token!r} reads as {amount.qualifier}, the row says {row['qualifier']}; correct qualifier")
    return {
        "value": _text(Fraction(amount.value)) if amount.value is not None else "",
        "unit": unit,
        "decimals": str(amount.decimals) if amount.value is not None else "",
        "low": _text(amount.interval.low),
        "high": _text(amount.interval.high),
        "bound_kind": amount.bound_kind,
    }


def _amount(row: dict[str, str], kind: str, unit: str, language: str) -> Amount:
    if kind == "list":
        return parse_list(row["as_printed"])
    return parse_amount(to_vietnamese(f"{row['as_printed']} {row['unit_printed']}".strip(), language), unit)


def _same(token: str, row: dict[str, str], meant: tuple[str, date, date]) -> None:
    kinds = ("day", "point") if meant[0] == "day" else (meant[0],)
    printed = (row["period_start"], row["period_end"])
    if row["period_type"] not in kinds or printed != (meant[1].isoformat(), meant[2].isoformat()):
        raise DataError(
            f"{token!r} means {meant[0]} {meant[1]} to {meant[2]}, the row says {row['period_type']} {printed[0]} to "
            f"{printed[1]}; correct the row's period"
        )


def _text(bound: Fraction | float) -> str:
    """Plain decimal digits of a finite number; "" for an open bound."""
    if isinstance(bound, float):
        return ""
    return format(Decimal(bound.numerator) / Decimal(bound.denominator), "f")
