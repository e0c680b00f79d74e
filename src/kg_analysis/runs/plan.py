"""What a batch consists of: years by areas by notebooks, from the command line or a TOML file.

Responsibility: read and check the order, and list its runs. Which of them need to be run is decided in ``unchanged``.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from kg_analysis.errors import DataError
from kg_analysis.runs import parameters
from kg_analysis.runs.children import Job

ALL = "all"
_MOST_NAMED = 12  # years in one message
_SPAN = re.compile(r"(\d{4})(?:-(\d{4}))?")
_WRITE = {
    "years": 'years = "2015-2024,2026", [2020, 2021] or "all"',
    "areas": 'areas = ["91", "89"] or "all"',
    "notebooks": 'notebooks = ["01_covid_waves"] or "all"',
    "parameters": 'numbers, texts, true or false, as language = "en" under [parameters]',
}


class Order(BaseModel):
    """A batch as it is asked for; the names are those of the TOML file.

    Attributes
    ----------
    years : "all", text or list of int
        Text like ``2015-2024,2026``; "all" = every year with figures.
    areas : "all" or list of str
        Area codes; "all" = every area with figures.
    notebooks : "all" or list of str
        Stems.
    parameters : dict
        Parameters of the notebooks; each gets those it has.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    years: str | Annotated[list[int], Field(min_length=1)] = "all"
    areas: Literal["all"] | Annotated[list[str], Field(min_length=1)] = "all"
    notebooks: Literal["all"] | Annotated[list[str], Field(min_length=1)] = "all"
    parameters: dict[str, JsonValue] = {}


@dataclass(frozen=True)
class Folders:
    """Where a batch reads and writes.

    Attributes
    ----------
    data, notebooks, output : Path
    """

    data: Path
    notebooks: Path
    output: Path


def read_order(path: Path | None, **options: Any) -> Order:
    """Order of a TOML file, if one is given, with the options of the command line in front of it.

    Raises
    ------
    DataError
        A file that is no TOML; every unknown name or wrong type, with the choices.
    """
    content: dict[str, Any] = {}
    if path is not None:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataError(
                f"{path.name}: cannot be read as TOML ({error}); see docs/scaling.md for an example"
            ) from None
    settings = options.pop("parameters", {})
    of_file = content.get("parameters")
    _refuse_own([*settings, *(of_file if isinstance(of_file, dict) else ())], path)
    given = content | {name: value for name, value in options.items() if value not in (None, [])}
    place = path.name if path else "batch"
    try:
        order = Order(**given)
    except ValidationError as error:
        wrong = dict.fromkeys(str(each["loc"][0]) for each in error.errors())  # a choice of types has an error for each
        raise DataError(f"{place}: {_refused(name, given.get(name))}" for name in wrong) from None
    return order.model_copy(update={"parameters": order.parameters | settings})


def _refused(name: str, value: object) -> str:
    if name not in _WRITE:
        return f"{name!r} is no part of an order; its parts: {', '.join(_WRITE)}"
    return f"{name} = {value!r} cannot be read; write {_WRITE[name]}"


def _refuse_own(given: Sequence[str], path: Path | None) -> None:
    """Refuse as parameters what the order itself says of each run."""
    remedies = {"year": "years", "area": "areas (--area)", "data_dir": "--data-dir", "output_dir": "--output-dir"}
    problems = [f"parameter {name} is set for each run; use {remedies[name]}" for name in remedies if name in given]
    if problems:
        raise DataError(f"{path.name if path else 'batch'}: {problem}" for problem in problems)


def list_years(text: str | Sequence[int]) -> list[int] | None:
    """Years of a text like ``2015-2024,2026``; None for all.

    Raises
    ------
    DataError
        If it is none.
    """
    if not isinstance(text, str):
        return sorted(set(text))
    if text == ALL:
        return None
    found: set[int] = set()
    for part in text.split(","):
        span = _SPAN.fullmatch(part.strip())
        if not span or (span[2] and int(span[2]) < int(span[1])):
            raise DataError(f"years {text!r}: {part.strip()!r} is no year or span; write 2015-2024,2026 or all")
        found.update(range(int(span[1]), int(span[2] or span[1]) + 1))
    return sorted(found)


def list_jobs(order: Order, folders: Folders, published: dict[str, list[int]]) -> list[Job]:
    """Runs of an order: by area, then year, then notebook.

    Parameters
    ----------
    order : Order
    folders : Folders
    published : dict of str to list of int
        Years with figures, by area.

    Raises
    ------
    DataError
        An area that has no figures; a year that no chosen area has figures of; unknown notebooks or parameters.
    """
    areas = sorted(published) if order.areas == ALL else list(dict.fromkeys(order.areas))
    years = list_years(order.years)
    problems = [
        f"area {area!r} has no figures; areas with figures: {', '.join(sorted(published))}"
        for area in areas
        if area not in published
    ]
    offered = {year for area in areas for year in published.get(area, [])}
    if absent := [year for year in years or [] if year not in offered]:
        more = len(absent) - _MOST_NAMED
        named = ", ".join(map(str, absent[:_MOST_NAMED])) + (f" and {more} more" if more > 0 else "")
        years_with = ", ".join(map(str, sorted(offered)))
        problems.append(f"no figures of {named} in the areas chosen; years with figures: {years_with}")
    notebooks = list(parameters.NOTEBOOKS) if order.notebooks == ALL else list(dict.fromkeys(order.notebooks))
    try:
        parameters.known_to(notebooks, order.parameters)
    except DataError as error:
        problems += error.problems
    if problems:
        raise DataError(problems)
    return [
        _job(notebook, area, year, order, folders)
        for area in areas
        for year in published[area]
        if years is None or year in years
        for notebook in notebooks
    ]


def _job(notebook: str, area: str, year: int, order: Order, folders: Folders) -> Job:
    root = folders.output / area
    values = parameters.of(notebook, order.parameters) | {
        "year": year,
        "area": area,
        "data_dir": _from(folders.notebooks, folders.data),
        "output_dir": _from(folders.notebooks, root),
    }
    return Job(folders.notebooks / f"{notebook}.ipynb", parameters.build(notebook, **values), root)


def _from(start: Path, path: Path) -> str:
    return Path(os.path.relpath(path.resolve(), start.resolve())).as_posix()
