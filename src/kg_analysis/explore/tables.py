"""Tables that an analyst sorts and filters in JupyterLab, without a network.

Responsibility: the same cells as the plain table, each column with its own order: numbers and dates by value, words in
Vietnamese order. Sorting and filtering are done by itables (DataTables), whose code comes from the installed package.

Terms: *order* = place of a cell among those of its column, equal for equal cells; what is not printed comes last.
Words sort a syllable at a time, letters before tones, capitals like small letters, as Vietnamese dictionaries do.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from datetime import date
from numbers import Number
from typing import Any

import pandas as pd
from itables.widget import ITable

from kg_analysis.formats import Quantity, Row
from kg_analysis.narrative.context import HIDDEN, ReportContext, cell_text, column_label

PAGE = 15  # rows; a table that fits on one page has no pages to turn
FEW = 5  # rows that need no search
_LANGUAGE = {
    "search": "search", "lengthMenu": "length", "info": "info", "infoEmpty": "info_empty", "infoFiltered": "filtered",
    "zeroRecords": "none", "emptyTable": "none", "thousands": "thousands", "decimal": "decimal",
}  # fmt: skip


class SortableTable:
    """A table for JupyterLab; whoever cannot show it gets the plain one.

    Attributes
    ----------
    widget : ITable
    plain : str
        The same table as HTML.
    """

    def __init__(self, rows: Sequence[Row], here: ReportContext, plain: str) -> None:
        self.widget, self.plain = _widget(rows, here), plain

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        shown: Any = self.widget._repr_mimebundle_() or {}
        return {"text/html": self.plain} | (shown[0] if isinstance(shown, tuple) else shown)


def cells_and_order(rows: Sequence[Row], here: ReportContext) -> pd.DataFrame:
    """Cells as the page prints them, then the order of each column under the column's id.

    Column labels in the reader's language with text, then ids with whole numbers from 1.
    """
    names = [name for name in rows[0] if name not in HIDDEN]
    texts = {name: [cell_text(row[name], name, here, row.get(f"{name}_printed")) for row in rows] for name in names}
    orders = {name: _order([row[name] for row in rows], texts[name]) for name in names}
    table = pd.DataFrame({name: texts[name] for name in names} | {f"order {name}": orders[name] for name in names})
    return table.set_axis([*(column_label(name, here) for name in names), *names], axis=1)


def _widget(rows: Sequence[Row], here: ReportContext) -> ITable:
    table = cells_and_order(rows, here)
    width = table.shape[1] // 2
    names = list(table.columns[width:])
    words = [place for place, name in enumerate(names) if isinstance(rows[0][name], str)]
    definitions: list[dict[str, Any]] = [
        *({"targets": place, "orderData": [width + place]} for place in range(width)),
        {"targets": list(range(width, 2 * width)), "visible": False, "searchable": False},
        {"targets": words, "className": "dt-left"},
        {"targets": [place for place in range(width) if place not in words], "className": "dt-right"},
    ]
    lengths: list[list[int | str]] = [[PAGE, 30, 60, -1], [str(PAGE), "30", "60", here.say("explore.table_all")]]
    return ITable(
        table,
        showIndex=False,
        columnDefs=definitions,
        order=[],  # as the notebook has it, until a column is chosen
        layout=_layout(len(rows)),
        paging=len(rows) > PAGE,
        lengthMenu=lengths,
        language=_language(here),
        classes="display compact",
        style="width:100%;max-width:100%;margin:0",
        autoWidth=False,
        maxBytes=0,  # never leave out rows
        warn_on_unexpected_option_type=False,  # its types do not know DataTables' nested texts
        warn_on_undocumented_option=False,
    )


def _layout(rows: int) -> dict[str, str | None]:
    paged = rows > PAGE
    return {
        "topStart": "pageLength" if paged else None,
        "topEnd": "search" if rows > FEW else None,
        "bottomStart": "info" if paged else None,
        "bottomEnd": "paging" if paged else None,
    }


def _language(here: ReportContext) -> dict[str, Any]:
    said: dict[str, Any] = {name: here.say(f"explore.table_{key}") for name, key in _LANGUAGE.items()}
    said["paginate"] = {each: here.say(f"explore.table_{each}") for each in ("first", "last", "next", "previous")}
    sort = here.say("explore.table_sort")
    said["aria"] = dict.fromkeys(("orderable", "orderableReverse", "orderableRemove"), sort)
    return said


def _order(cells: Sequence[Any], texts: Sequence[str]) -> list[int]:
    keys = [_key(cell, text) for cell, text in zip(cells, texts, strict=True)]
    places = {key: place for place, key in enumerate(sorted(set(keys)), 1)}
    return [places[key] for key in keys]


def _key(cell: Any, text: str) -> tuple[Any, ...]:
    """Numbers and dates by value, then words, then what is not printed."""
    if cell is None:
        return (2,)
    if isinstance(cell, Quantity):
        # of a bound ("gần 40%") the end that is printed
        ends = (cell.value, cell.low, cell.high)
        return (0, float(next(each for each in ends if each is not None and math.isfinite(each))))
    if isinstance(cell, date):
        return (0, float(cell.toordinal()))
    if isinstance(cell, Number):
        return (0, float(str(cell)))
    return (1, collation_key(text))


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_PLACE = {letter: place for place, letter in enumerate(_LETTERS)}

Key = tuple[tuple[tuple[tuple[int, int], ...], tuple[int, ...]], ...]


def collation_key(text: str) -> Key:
    """Key by which texts sort in Vietnamese order: letters, then tones, a syllable at a time."""
    return tuple(_syllable(each) for each in text.casefold().split())


def _syllable(text: str) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for whole in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", whole)
        tone = next((place for place, mark in enumerate(_TONES, 1) if mark in parts), 0)
        letter = unicodedata.normalize("NFC", "".join(each for each in parts if each not in _TONES))
        known = letter in _PLACE
        letters.append((int(known), _PLACE[letter] if known else ord(letter[0])))  # signs and digits come first
        tones.append(tone)
    return tuple(letters), tuple(tones)
