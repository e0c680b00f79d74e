"""Which sections, parts and charts a briefing has, in which order and words: a small TOML file.

Responsibility: read a reader's file over the defaults of ``default.toml`` and refuse what is not known, all at once.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg_analysis.briefing.calculations import COMPUTATIONS
from kg_analysis.briefing.registry import CHARTS, FINDINGS, SENTENCES, TABLES
from kg_analysis.errors import DataError
from kg_analysis.untrusted import read_toml

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)
Size = Literal["full", "half", "strip", "band"]  # those of charts.theme
_LISTS: dict[str, Iterable[str]] = {
    "findings": FINDINGS,
    "sentences": SENTENCES,
    "charts": CHARTS,
    "tables": TABLES,
    "caveats": SENTENCES,
    "calculations": COMPUTATIONS,
}


class PartChoice(BaseModel):
    """What stands under one heading."""

    model_config = _STRICT

    heading: str = ""
    chart_size: Size | None = None
    sentences: list[str] = []
    charts: list[str] = []
    tables: list[str] = []
    caveats: list[str] = []


class SectionChoice(BaseModel):
    """A topic and its parts."""

    model_config = _STRICT

    heading: str = ""
    findings: list[str] = []
    parts: list[str] = []
    calculations: list[str] = []


class MastheadChoice(BaseModel):
    """Words of the header block; empty = the usual ones."""

    model_config = _STRICT

    parent: str = ""
    issuer: str = ""
    abbreviation: str = ""
    place: str = ""
    date: str = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")
    kind: str = ""


class LayoutChoice(BaseModel):
    """Page of the Word file, within what Decree 30/2020/NĐ-CP allows [mm; pt], and size of all charts."""

    model_config = _STRICT

    top_mm: float = Field(default=20, ge=20, le=25)
    bottom_mm: float = Field(default=20, ge=20, le=25)
    left_mm: float = Field(default=30, ge=30, le=35)
    right_mm: float = Field(default=20, ge=15, le=20)
    font_pt: float = Field(default=13, ge=13, le=14)
    chart_size: Size = "strip"


class InputsChoice(BaseModel):
    """Scenario inputs; without one, the assumption of ``assumptions.csv`` or the printed target."""

    model_config = _STRICT

    q4_share_pct: float | None = Field(default=None, ge=5, le=60)
    trend_growth_pct: float | None = Field(default=None, gt=-100, lt=100)
    target_growth_pct: float | None = Field(default=None, gt=-100, lt=100)
    target_ratio_pct: float | None = Field(default=None, gt=0, le=200)


class Selection(BaseModel):
    """A whole briefing's choices."""

    model_config = _STRICT

    title: str = ""
    language: Literal["vi", "en"] = "vi"
    sections: list[str]
    masthead: MastheadChoice = Field(default_factory=MastheadChoice)
    layout: LayoutChoice = Field(default_factory=LayoutChoice)
    inputs: InputsChoice = Field(default_factory=InputsChoice)
    section: dict[str, SectionChoice]
    part: dict[str, PartChoice]


_MODELS: dict[str, type[BaseModel]] = {
    "part": PartChoice,
    "section": SectionChoice,
    "masthead": MastheadChoice,
    "layout": LayoutChoice,
    "inputs": InputsChoice,
}


def read_selection(path: Path | None = None, language: str | None = None) -> Selection:
    """The defaults, with a reader's file laid over them.

    A table of the file replaces the keys it names and leaves the others as they are by default.

    Parameters
    ----------
    path : Path or None
        TOML file; None = the defaults alone.
    language : str or None
        Takes the place of the file's.

    Raises
    ------
    DataError
        A file that cannot be read; every unknown key, name, type or value out of range, with the choices.
    """
    values = tomllib.loads(files(__package__).joinpath("default.toml").read_text(encoding="utf-8"))
    name = "default.toml" if path is None else path.name
    if path is not None:
        values = _over(values, read_toml(path, "the selection (toml)"))
    if language is not None:
        values["language"] = language
    try:
        found = Selection.model_validate(values)
    except ValidationError as error:
        raise DataError(_problem(name, each) for each in error.errors()) from None
    if problems := [*_unknown(name, found)]:
        raise DataError(problems)
    return found


def _over(values: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Values with those of another table laid over them, table by table."""
    result = dict(values)
    for key, value in other.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _over(result[key], value) if both else value
    return result


def _unknown(name: str, found: Selection) -> Iterable[str]:
    """Every name that the file uses and that does not exist, or that stands twice."""
    yield from _names(name, "sections", found.sections, found.section)
    for key, section in found.section.items():
        yield from _names(name, f"section.{key}.parts", section.parts, found.part)
        for each in ("findings", "calculations"):
            yield from _names(name, f"section.{key}.{each}", getattr(section, each), _LISTS[each])
    for key, part in found.part.items():
        for each in ("sentences", "charts", "tables", "caveats"):
            yield from _names(name, f"part.{key}.{each}", getattr(part, each), _LISTS[each])


def _names(file: str, place: str, names: list[str], choices: Iterable[str]) -> Iterable[str]:
    known = list(choices)
    for each in dict.fromkeys(names):
        if each not in known:
            yield f"{file}: {place} names {each!r}, which is not known{_hint(each, known)}; choose {', '.join(known)}"
        elif names.count(each) > 1:
            yield f"{file}: {place} names {each!r} {names.count(each)} times; name it once"


def _problem(file: str, error: Any) -> str:
    place = ".".join(str(each) for each in error["loc"])
    if error["type"] == "extra_forbidden":
        known = list(_MODELS.get(str(error["loc"][0]) if len(error["loc"]) > 1 else "", Selection).model_fields)
        key = str(error["loc"][-1])
        return f"{file}: key {place!r} is not known{_hint(key, known)}; keys there: {', '.join(known)}"
    return f"{file}: {place} = {error['input']!r}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _hint(name: str, choices: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(choices), n=1)
    return f", did you mean {close[0]!r}" if close else ""
