"""A table as lines of text, for pages that have only so much room.

Responsibility: which texts stand where. A wide and short table is turned, so that its columns become lines.
"""

from __future__ import annotations

from kg_analysis.briefing.elements import Table

MOST_COLUMNS = 6


def laid_out(table: Table) -> tuple[list[list[str]], list[bool]]:
    """Lines of a table, the head first, and which of its columns stand to the right.

    A unit that all quantities of a column share is named in its head and left out of its cells.
    """
    lines = [[each.head for each in table.columns]]
    for row in table.rows:
        pairs = zip(row.cells, table.columns, strict=True)
        lines.append([cell.bare or cell.text if column.unit_label else cell.text for cell, column in pairs])
    right = [each.numeric for each in table.columns]
    if len(table.columns) > MOST_COLUMNS >= len(lines):
        return [list(each) for each in zip(*lines, strict=True)], [False] + [True] * (len(lines) - 1)
    return lines, right
