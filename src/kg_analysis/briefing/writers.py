"""The formats of a briefing and the module that writes each.

Responsibility: the one list of formats. A writer is a module with ``write(briefing, path, layout, template)``; it is
imported when it is asked for, since each brings a library of its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from kg_analysis.briefing.model import Briefing
from kg_analysis.briefing.selection import LayoutChoice
from kg_analysis.errors import DataError

MODULES = {
    "docx": "kg_analysis.briefing.docx",
    "pptx": "kg_analysis.briefing.pptx",
    "xlsx": "kg_analysis.briefing.xlsx",
    "html": "kg_analysis.briefing.html",
}
PICTURES = ("png", "svg", "pdf")  # of the charts, see kg_analysis.briefing.pictures


class Writer(Protocol):
    """Lays a briefing out in one format."""

    def __call__(self, briefing: Briefing, path: Path, layout: LayoutChoice, template: Path | None) -> None:
        """Write one complete file.

        Parameters
        ----------
        briefing : Briefing
        path : Path
            File to write; its folder exists. Whoever calls moves it into place.
        layout : LayoutChoice
            Page of the Word file; other formats leave it alone.
        template : Path or None
            File whose styles replace the house style, for formats that take one.

        Raises
        ------
        DataError
            If the template is none of the format.
        """


def chosen(names: Iterable[str]) -> list[str]:
    """Formats by name, each once.

    Raises
    ------
    DataError
        Every unknown format, with the choices.
    """
    listed = list(dict.fromkeys(each.strip() for each in names))
    known = [*MODULES, *PICTURES]
    unknown = [each for each in listed if each not in known]
    if unknown:
        raise DataError(f"format {each!r} is not known; formats: {', '.join(known)}" for each in unknown)
    return listed


def writer(name: str) -> Writer:
    """Writer of a format."""
    found: Writer = importlib.import_module(MODULES[name]).write
    return found
