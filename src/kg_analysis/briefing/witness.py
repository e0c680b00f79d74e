"""A page that remembers every number it prints.

Responsibility: the evidence of a briefing. Whatever a sentence, a title or a chart says was printed here, so a number
that is not remembered was not computed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kg_analysis.formats import NumberFormatter, number
from kg_analysis.intervals import Number
from kg_analysis.quantities import Quantity, Row


@dataclass(frozen=True)
class Witness(NumberFormatter):
    """Printer that keeps what it printed.

    Attributes
    ----------
    quantities : list of (str, Quantity)
        With their printed text, in the order of printing.
    others : dict of str to int or date
        Counts of rows and days by their printed text; ticks of an axis say nothing and are not kept.
    """

    quantities: list[tuple[str, Quantity]] = field(default_factory=list, compare=False)
    others: dict[str, int | dt.date] = field(default_factory=dict, compare=False)

    def quantity(self, quantity: Quantity, style: str = "") -> str:
        """As the page prints it, remembered."""
        text = super().quantity(quantity, style)
        self.quantities.append((text, quantity))
        return text

    def bound(self, quantity: Quantity, bound: Number, decimals: int) -> str:
        """As the page prints it, remembered."""
        text = super().bound(quantity, bound, decimals)
        self.quantities.append((text, quantity))
        return text

    def date(self, day: dt.date) -> str:
        """As the page prints it, remembered."""
        return self._keep(super().date(day), day)

    def short_date(self, day: dt.date) -> str:
        """As the page prints it, remembered."""
        return self._keep(super().short_date(day), day)

    def published(self, vintage: str) -> str:
        """As the page prints it, remembered as the first day that it can mean."""
        first = dt.date.fromisoformat(vintage + "-01" * (2 - vintage.count("-")))
        return self._keep(super().published(vintage), first)

    def rows(self) -> list[Row]:
        """What was printed, in the order of first printing: quantities with their provenance, then counts and days.

        Returns
        -------
        list of Row
            ``shown`` (the text on the page), ``value`` (Quantity, with the printed figures behind it, int or date).
        """
        once = {(text, quantity.figure_ids): quantity for text, quantity in reversed(self.quantities)}
        rows: list[Row] = [{"shown": text, "value": once[text, ids]} for text, ids in reversed(once)]
        return rows + [{"shown": text, "value": value} for text, value in self.others.items()]

    def figures_since(self, mark: int) -> set[str]:
        """Figures behind what was printed after the first ``mark`` quantities."""
        return {each for _, quantity in self.quantities[mark:] for each in quantity.figure_ids}

    def _keep(self, text: str, value: dt.date) -> str:
        self.others.setdefault(text, value)
        return text

    def bounded(self, row: Mapping[Any, Any] | pd.Series, column: str, style: str = "") -> str:
        """As the page prints it, remembered."""
        before = len(self.quantities)
        text = super().bounded(row, column, style)
        if len(self.quantities) == before:
            self.quantities.append((text, number(row, column)))
        return text

    def value(self, value: float, column: str, spec: str = "") -> str:
        """As the page prints it, remembered."""
        text = super().value(value, column, spec)
        self.quantities.append((text, number({column: value}, column)))
        return text

    def _field(self, key: str, name: str, spec: str, values: dict[str, Any]) -> str:
        text = super()._field(key, name, spec, values)
        if isinstance(values.get(name), int):
            self.others.setdefault(text, values[name])
        return text
