"""Which parts of a dataset a run has read, and what stood there.

Responsibility: note every part that is used and give its digest, so that a later batch can tell whether anything that
a run rests on has changed. What is not noted here must not be reachable through a dataset.

Terms: *part* = a table of the dataset (``grdp_growth``), the rows of one indicator (``indicator:grdp_growth``), topic
(``topic:covid``), those of an indicator about a year (``about:2020:grdp_growth``) or about any (``ever:grdp_level``),
one figure (``figure:kg21-growth-h1``), the number of rows of a table (``size:figures``), the sources of the year's
figures (``publications``); *digest* = first 16 hex digits of a sha256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from kg_analysis.tables.dataset import Dataset


class Tracked:
    """Base of a dataset: notes in ``used`` the name of every table that is taken from it."""

    used: set[str]
    tables: frozenset[str] = frozenset()

    def __getattribute__(self, name: str) -> object:
        if name in object.__getattribute__(self, "tables"):
            object.__getattribute__(self, "used").add(name)
        return object.__getattribute__(self, name)

    def silent(self, name: str) -> pd.DataFrame:
        """Table that is looked into for less than the whole of it, which the caller notes."""
        table: pd.DataFrame = object.__getattribute__(self, name)
        return table


class Digests:
    """Digests of the parts of one dataset; every row is hashed once, however many parts it belongs to."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        published = data.silent("published")
        own = published.index.isin(data.silent("figures").index)
        hashes = pd.util.hash_pandas_object(published.assign(_own=own), index=True)
        self._hashes = dict(zip(published.index, hashes.to_numpy(), strict=True))
        self._sources = published["source_id"].to_dict()

    def of(self, parts: Iterable[str]) -> dict[str, str]:
        """Digest of each part; the edition and the register's rows of its sources are always among them.

        Parameters
        ----------
        parts : iterable of str
            As noted in ``data.used``.
        """
        found: dict[str, str] = {}
        sources: set[str] = set()
        for part in {*parts} - {"sources", "edition"}:
            found[part] = self._of_part(part, sources)
        register = self._data.silent("sources")
        found["sources"] = digest(register[register.index.isin(sources)])
        chosen = (self._data.edition, *self._data.vintages, self._data.area_name)
        return dict(sorted((found | {"edition": _short("\n".join(chosen).encode())}).items()))

    def _of_part(self, part: str, sources: set[str]) -> str:
        """Digest of a part; adds the sources of its rows."""
        if part.startswith("figure:"):
            rows = [name] if (name := part.removeprefix("figure:")) in self._hashes else []
        elif part.partition(":")[0] in ("figures", "published", "about", "ever", "topic", "indicator"):
            rows = list(part_of(self._data, part).index)
        else:
            return self._of_table(part_of(self._data, part), sources)
        sources.update(self._sources[each] for each in rows)
        return _short(b"".join(self._hashes[each].tobytes() for each in rows))

    def _of_table(self, rows: pd.DataFrame, sources: set[str]) -> str:
        if "source_id" in rows.columns:
            sources.update(rows["source_id"])
        if "figure_ids" in rows.columns:
            ids = {each for cell in rows["figure_ids"] for each in cell.split()}
            sources.update(self._sources[each] for each in ids if each in self._sources)
        return digest(rows)


def part_of(data: Dataset, part: str) -> pd.DataFrame:
    """Rows of a part, a single figure aside; none where the dataset no longer has it."""
    kind, _, name = part.partition(":")
    if not name:
        return publications(data) if kind == "publications" else data.silent(kind)
    figures, published = data.silent("figures"), data.silent("published")
    if kind == "size":
        return pd.DataFrame({"rows": [len(data.silent(name))]})
    if kind == "about":
        year, _, indicator = name.partition(":")
        return published[(published["period_start"].dt.year == int(year)) & (published["indicator"] == indicator)]
    if kind == "ever":
        return published[published["indicator"] == name]
    if kind == "topic":
        return figures[(figures["indicator"].map(data.silent("indicators")["topic"]) == name).to_numpy(bool)]
    return figures[figures["indicator"] == name]


def publications(data: Dataset) -> pd.DataFrame:
    """Sources of the year's figures."""
    return pd.DataFrame({"source_id": sorted(set(data.silent("figures")["source_id"]))}, dtype=str)


def digest(rows: pd.DataFrame) -> str:
    """Digest of a table: its columns, its index and every cell."""
    hashes = pd.util.hash_pandas_object(rows, index=True).to_numpy()
    return _short(" ".join(map(str, rows.columns)).encode() + b"\0" + hashes.tobytes())


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
