"""Colours and marks of native charts, the same in slides and in workbooks.

Responsibility: which colour a series has, and which bases are hatched or dashed. The theme is that of the pictures.
"""

from __future__ import annotations

from kg_analysis.charts.theme import CONTEXT, FOCUS, SECOND, THIRD

_ORDER = (FOCUS, THIRD, SECOND, CONTEXT)


def colours(count: int) -> list[str]:
    """Colour of each of ``count`` series; beyond four they repeat, and the labels must tell them apart."""
    return [_ORDER[number % len(_ORDER)] for number in range(count)]


def is_hatched(basis: str) -> bool:
    """Whether a bar is an estimate, or follows from one."""
    return basis in ("estimate", "derived_estimate")


def is_dashed(basis: str) -> bool:
    """Whether a line is a scenario or a plan and not what was."""
    return basis in ("scenario", "plan")
