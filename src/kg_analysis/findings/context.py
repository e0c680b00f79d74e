"""What every finding and chart needs besides its numbers: the dataset it rests on and the page it is printed on.

Responsibility: print texts in the reader's language and cite figures down to section and footnote.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.page import Page
from kg_analysis.tables.dataset import Dataset


@dataclass(frozen=True)
class Context:
    """Dataset and page of one run."""

    data: Dataset
    page: Page

    def say(self, key: str, **values: Any) -> str:
        """Text of a key with its values printed; ``{area}`` and ``{year}`` are always known."""
        return self.page.say(key, **{"area": self.data.area_name, "year": self.data.year, **values})

    def label(self, indicator: str) -> str:
        """Label of an indicator in the reader's language."""
        return str(self.data.indicators.at[indicator, f"label_{self.page.language}"])

    def cite(self, figure_ids: Iterable[str]) -> str:
        """Source line of the figures: title, issuer, and every section and footnote they stand in.

        Raises
        ------
        DataError
            If no figure is given: what rests on nothing cannot be quoted.
        """
        chosen = self.data.figures.loc[sorted(set(figure_ids))]
        if chosen.empty:
            raise DataError("no figure to cite; pass the figures that the chart shows")
        parts = []
        for source_id, rows in chosen.sort_values("start").groupby("source_id", sort=True):
            source = self.data.sources.loc[str(source_id)]
            places = dict.fromkeys(self._place(row) for _, row in rows.iterrows())
            parts.append(
                self.say("source.line", title=source["title"], issuer=source["issuer"], places="; ".join(places))
            )
        return ". ".join(parts)

    def _place(self, row: pd.Series) -> str:
        kind, _, number = str(row["place"]).partition(" ")
        key = "source.footnote" if kind == "footnote" else "source.section"
        return self.say(key, section=row["section"], number=number)
