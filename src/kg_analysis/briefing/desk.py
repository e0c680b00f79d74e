"""Where items of the catalogue are worked out, each input once.

Responsibility: call the library with the inputs that an item names; a part whose figures are not printed becomes a
:class:`Missing` with the reader's reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kg_analysis.briefing.catalogue import CHARTS, INPUTS, Item
from kg_analysis.briefing.elements import Figure
from kg_analysis.briefing.plots import plot
from kg_analysis.briefing.witness import Witness
from kg_analysis.charts.chart import Chart, drawn
from kg_analysis.charts.layout import LayoutError
from kg_analysis.data.dataset import Dataset
from kg_analysis.errors import LeftOutError
from kg_analysis.narrative.context import ReportContext


@dataclass(frozen=True)
class Missing:
    """Stands for a result whose figures are not printed."""

    reason: str


@dataclass
class Desk:
    """Inputs of one briefing, worked out when first asked for.

    Attributes
    ----------
    here : ReportContext
        Dataset and page.
    page : Witness
        The same page, which remembers what it prints.
    inputs : dict
        Scenario inputs by name; None where the reader sets none.
    """

    here: ReportContext
    page: Witness
    inputs: Mapping[str, float | None]
    _known: dict[str, Any] = field(default_factory=dict)
    _figures: dict[str, Figure | Missing] = field(default_factory=dict)

    @property
    def data(self) -> Dataset:
        """Dataset of the year."""
        return self.here.data

    def item(self, item: Item) -> Any:
        """Result of an item; a Missing where one of its inputs or its own figures are not printed."""
        inputs = [self._input(each) for each in item.inputs.split()]
        absent = next((each for each in inputs if isinstance(each, Missing)), None)
        if absent is not None:
            return absent
        try:
            return item.function(*inputs)
        except LeftOutError as error:
            return Missing(self.here.say(f"missing.{error.missing}"))

    def figure(self, name: str, size: str) -> Figure | Missing:
        """Chart of the catalogue with its native plot, drawn once, in the size that is asked for first."""
        if name not in self._figures:
            found = self._chart(CHARTS[name], size)
            self._figures[name] = found if isinstance(found, Missing) else Figure(found, plot(found, self.here))
        return self._figures[name]

    def _chart(self, item: Item, size: str) -> Chart | Missing:
        """Chart in the size asked for, in full size where its texts do not fit that; Missing where they never do."""
        for each in (size, "full", "half"):
            try:
                with drawn(each):
                    found: Chart | Missing = self.item(item)
            except LayoutError:
                continue
            return found
        return Missing(self.here.say("briefing.chart_does_not_fit"))

    def _input(self, name: str) -> Any:
        """Input by name; None for an optional one that is missing."""
        optional, name = name.endswith("?"), name.removesuffix("?")
        if name not in self._known:
            given = {"data": self.data, "here": self.here, "language": self.here.page.language, **self.inputs}
            self._known[name] = given[name] if name in given else self.item(INPUTS[name])
        found = self._known[name]
        return None if optional and isinstance(found, Missing) else found
