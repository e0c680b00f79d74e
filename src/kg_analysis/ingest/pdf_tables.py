"""Ruled tables on a page of a PDF: rows of cells.

Responsibility: which pieces of text stand in which cell, by the rules drawn around them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from kg_analysis.ingest.blocks import CELL
from kg_analysis.ingest.pdf_page import PageContent, Piece, Rule, lines_of

_NEAR = 3.0  # [points] within which rules meet


@dataclass(frozen=True)
class TableRow:
    """A row: its upper edge, the size of its letters, and its cells divided by tabs."""

    y: float
    size: float
    text: str


def take_tables(page: PageContent) -> tuple[list[TableRow], list[Piece]]:
    """Rows of the page's tables from top to bottom, and the pieces that stand in none."""
    rows: list[TableRow] = []
    left = page.pieces
    for low, high, upright in _bands([each for each in page.rules if each.upright]):
        level = [each for each in page.rules if not each.upright and low - _NEAR <= each.y0 <= high + _NEAR]
        edges = _distinct(each.y0 for each in level)
        if len(edges) < 2 or len(_distinct(each.x0 for each in upright)) < 3:
            continue
        first, last = min(each.x0 for each in upright), max(each.x1 for each in upright)
        inside = [each for each in left if edges[0] < each.y < edges[-1] and first - _NEAR < each.x < last]
        left = [each for each in left if each not in set(inside)]
        found = [_row(inside, upright, *edge) for edge in itertools.pairwise(edges)]
        rows.extend(each for each in reversed(found) if each.text.strip())
    return sorted(rows, key=lambda each: -each.y), left


def _bands(upright: list[Rule]) -> list[tuple[float, float, list[Rule]]]:
    """Upright rules that hang together, with the lowest and highest point of each group."""
    bands: list[tuple[float, float, list[Rule]]] = []
    for rule in sorted(upright, key=lambda each: each.y0):
        if bands and rule.y0 <= bands[-1][1] + _NEAR:
            low, high, rules = bands[-1]
            bands[-1] = (low, max(high, rule.y1), [*rules, rule])
        else:
            bands.append((rule.y0, rule.y1, [rule]))
    return bands


def _row(inside: list[Piece], upright: list[Rule], low: float, high: float) -> TableRow:
    middle = (low + high) / 2
    columns = _distinct(each.x0 for each in upright if each.y0 - _NEAR <= middle <= each.y1 + _NEAR)
    here = [each for each in inside if low < each.y + 0.3 * each.size <= high]
    cells = [
        " ".join(
            line.text.replace(CELL, " ")
            for line in lines_of(each for each in here if left - _NEAR <= each.x + 0.1 < right - _NEAR)
        )
        for left, right in itertools.pairwise(columns)
    ]
    return TableRow(high, max((each.size for each in here), default=0.0), CELL.join(cells))


def _distinct(values: Iterable[float]) -> list[float]:
    """Values in ascending order, those that lie together as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found
