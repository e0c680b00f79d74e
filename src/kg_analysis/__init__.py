"""Figures of a province's annual reports as DataFrames: the front door.

Responsibility: the functions an analyst needs, each imported when it is first used, so that ``import kg_analysis`` is
quick. ``help(kg.wave)`` shows each with an example; ``docs/cookbook.md`` answers the commonest questions.

Terms: every frame has dates as dates, codes as strings and columns that end in their unit; a number x has its bounds in
``x_low`` and ``x_high`` and what they mean in ``x_kind``.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.2.0"

_PLACES = {
    "figures": "kg_analysis.queries", "wave": "kg_analysis.queries", "daily_cases": "kg_analysis.queries",
    "trace": "kg_analysis.queries", "check": "kg_analysis.queries", "growth": "kg_analysis.analysis.panel",
    "compare": "kg_analysis.analysis.panel", "levels": "kg_analysis.analysis.levels",
    "disbursement": "kg_analysis.analysis.investment", "required_pace": "kg_analysis.analysis.forecasts",
    "forecast_disbursement": "kg_analysis.analysis.forecasts", "reproduction": "kg_analysis.analysis.epidemic",
    "style": "kg_analysis.charts.theme", "finish": "kg_analysis.charts.frame",
}  # fmt: skip
__all__ = sorted(_PLACES)  # noqa: PLE0605  names that __getattr__ imports


def __getattr__(name: str) -> Any:
    """A function of the front door, imported when it is first asked for."""
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    raise AttributeError(f"kg_analysis has no {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
