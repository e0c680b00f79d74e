"""What is asked of a run or a batch: parameters of each notebook, settings and orders, checked before a kernel starts.

Responsibility: what may be set by ``--set``, in the notebook's own cell and in the order of a batch. Only exact JSON
values get through.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from kg_analysis.errors import DataError
from kg_analysis.untrusted import read_toml

Share = Annotated[float, Field(ge=5, le=60)]  # of a quarter in its year; beyond, formulas hold but say nothing
Rate = Annotated[float, Field(gt=-100, lt=100)]
MeanDays = Annotated[float, Field(gt=1, le=30)]  # of a serial interval, which is at least one day
SpreadDays = Annotated[float, Field(ge=0.3, le=30)]


class RunParameters(BaseModel):
    """Parameters that every notebook has; the folders are as seen from the notebook's own."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    year: int = Field(ge=1990, le=2100)
    area: str = Field("91", pattern=r"^[0-9]{2}$")
    language: Literal["vi", "en"] = "vi"
    data_dir: str = "../data"
    output_dir: str = "../outputs"


class CovidParameters(RunParameters):
    """Parameters of 01_covid_waves; a serial interval of None takes the value of ``assumptions.csv``."""

    serial_interval_mean_days: MeanDays | None = None
    serial_interval_sd_days: SpreadDays | None = None
    rt_window_days: int = Field(7, ge=2, le=28)

    daily_source: str | None = Field(None, min_length=1, max_length=80)


class GrowthParameters(RunParameters):
    """Parameters of 02_growth_scenarios; None takes the value of ``assumptions.csv``, or the printed one.

    Two need quarterly levels: the sector that is solved for, and the quarters taken as known (None: all).
    """

    q4_share_pct: Share | None = None
    target_growth_pct: Rate | None = None
    trend_growth_pct: Rate | None = None
    target_low_pct: Rate | None = None
    target_high_pct: Rate | None = None
    solve_sector: Literal["agriculture", "industry_construction", "services", "product_tax"] = "industry_construction"
    done_quarters: Annotated[int, Field(ge=1, le=4)] | None = None
    across_publications: bool = False


class InvestmentParameters(RunParameters):
    """Parameters of 03_public_investment; None takes the printed target and the newest total."""

    target_ratio_pct: Annotated[float, Field(gt=0, le=200)] | None = None
    forecast_month: Annotated[float, Field(ge=1, le=12)] | None = None


NOTEBOOKS: dict[str, type[RunParameters]] = {
    "00_report_overview": RunParameters,
    "01_covid_waves": CovidParameters,
    "02_growth_scenarios": GrowthParameters,
    "03_public_investment": InvestmentParameters,
    "04_years_and_neighbours": RunParameters,
}
UNATTENDED = "KG_UNATTENDED"  # set in the environment of kernels that no one watches
_TEXTS = ("area", "language")  # taken as they are typed: 91 is a code, not a number
# set by the run itself, not one by one
RESERVED = {"year": "--year or --years", "data_dir": "--data-dir", "output_dir": "--output-dir"}


# --- settings


def parse_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Values of ``name=value`` texts; a value is JSON, or bare text where it is none.

    Raises DataError: every setting that is no pair, is given twice, belongs to the run itself, or is NaN or infinite.
    """
    values: dict[str, Any] = {}
    problems = []
    for setting in settings:
        name, separator, text = setting.partition("=")
        if not separator or not name:
            problems.append(f"--set {setting!r}: write name=value, e.g. language=en")
        elif name in values:
            problems.append(f"--set {setting!r}: {name} is already set to {values[name]!r}; give it once")
        elif name in RESERVED:
            problems.append(f"--set {setting!r}: use {RESERVED[name]}")
        else:
            try:
                values[name] = _value(name, text)
            except (ValueError, RecursionError) as error:
                said = "brackets within brackets; give one value" if isinstance(error, RecursionError) else error
                problems.append(f"--set {setting[:80]!r}: {said}")
    if problems:
        raise DataError(problems)
    return values


def build(notebook: str, **values: Any) -> RunParameters:
    """Checked parameters of a notebook.

    Raises DataError: an unknown notebook, with the choices; every unknown name, wrong type or value out of range.
    """
    if notebook not in NOTEBOOKS:
        raise DataError(_unknown("notebook", notebook, NOTEBOOKS))
    model = NOTEBOOKS[notebook]
    try:
        return model(**values)
    except ValidationError as error:
        raise DataError(f"{notebook}: {_problem(model, details)}" for details in error.errors()) from None


def divide(notebooks: Iterable[str], settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Settings of each notebook: those that it has; each must be known to one of them.

    Raises DataError: every unknown notebook or name, with the likely one and all choices.
    """
    stems = list(dict.fromkeys(notebooks))
    problems = [_unknown("notebook", stem, NOTEBOOKS) for stem in stems if stem not in NOTEBOOKS]
    fields = {stem: NOTEBOOKS[stem].model_fields for stem in stems if stem in NOTEBOOKS}
    if names := {name for each in fields.values() for name in each}:
        problems += [_unknown("parameter", name, names) for name in settings if name not in names]
    if problems:
        raise DataError(problems)
    return {stem: {name: settings[name] for name in settings if name in fields[stem]} for stem in stems}


def _value(name: str, text: str) -> Any:
    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is no exact value; give a number")

    try:
        value = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError:
        return text
    return text if name in _TEXTS and not isinstance(value, str) else value


def _problem(model: type[RunParameters], error: Any) -> str:
    name, value = str(error["loc"][0]), error["input"]
    if error["type"] == "extra_forbidden":
        return _unknown("parameter", name, model.model_fields)
    if error["type"] == "missing":
        return f"parameter {name!r} is missing; give it"
    if isinstance(value, str) and re.fullmatch(r"-?\d+,\d+", value):
        return f"{name} = {value!r}: write a decimal point, {value.replace(',', '.')}"
    kind = f" ({type(value).__name__})" if not isinstance(value, dict) else ""
    return f"{name} = {value!r}{kind}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    choices = [each for each in sorted(known) if each not in RESERVED]
    close = difflib.get_close_matches(name, choices, n=1)
    hint = f", did you mean {close[0]!r}" if close else ""
    return f"{kind} {name!r} is not known{hint}; choose {', '.join(choices)}"


# --- the notebook's own cell


def check_notebook(name: str, content: bytes | None) -> Any:
    """Notebook of a file's content, whose ``parameters`` cell is proved to declare what its model does.

    Raises DataError: if there is no such file or it is no notebook; if there is not exactly one such cell, or it holds
    more than literals; if names, types or defaults differ.
    """
    with without_grammar():
        import nbformat  # noqa: PLC0415  slow, and not needed where nothing is run

    if content is None:
        raise DataError(f"{name}: the notebook is missing; restore it or name another")
    try:
        with warnings.catch_warnings(action="ignore"):  # of what else is odd in it; a run that fails says so
            notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
            tags = [cell.get("metadata", {}).get("tags", []) for cell in notebook.cells]
    except Exception as error:  # nbformat raises many kinds for broken JSON and for wrong versions
        raise DataError(f"{name}: no notebook ({str(error)[:120]}); restore it") from None
    tagged = [number for number, each in enumerate(tags, 1) if "parameters" in each]
    if len(tagged) != 1:
        found = ", ".join(map(str, tagged)) or "none"
        raise DataError(f"{name}: needs one cell tagged parameters, found {found}; tag exactly one")
    place = f"{name} cell {tagged[0]}"
    try:
        declared = dict(_literal(statement) for statement in ast.parse(notebook.cells[tagged[0] - 1].source).body)
    except (SyntaxError, ValueError) as error:
        raise DataError(f"{place}: {error}; write only lines like year: int = 2021") from None
    fields = NOTEBOOKS[name.removesuffix(".ipynb")].model_fields
    if list(declared) != list(fields):
        both = f"declares {', '.join(declared)}, the model has {', '.join(fields)}"
        raise DataError(f"{place}: {both}; make them equal")
    wanted = {each: declared[each] if field.is_required() else field.default for each, field in fields.items()}
    if odd := [each for each in fields if (declared[each], type(declared[each])) != (wanted[each], type(wanted[each]))]:
        raise DataError(
            f"{place}: {each} is {declared[each]!r} by default, the model says {wanted[each]!r}; make them equal"
            for each in odd
        )
    return notebook


def _literal(statement: ast.stmt) -> tuple[str, Any]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value is not None:
        return statement.target.id, ast.literal_eval(statement.value)
    raise ValueError(f"line {statement.lineno} is no typed parameter")


@contextmanager
def without_grammar() -> Iterator[None]:
    """Import nbformat and papermill here: jsonschema then compiles no grammar of addresses, the longest of imports."""
    known = "rfc3987_syntax" in sys.modules
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # what Python takes for "not there"
    try:
        yield
    finally:
        if not known:
            sys.modules.pop("rfc3987_syntax", None)


# --- the order of a batch

ALL = "all"
_SPAN = re.compile(r"(\d{4})(?:-(\d{4}))?")
_WRITE = {
    "years": 'years = "2015-2024,2026", [2020, 2021] or "all"',
    "areas": 'areas = ["91", "89"] or "all"',
    "notebooks": 'notebooks = ["01_covid_waves"] or "all"',
    "parameters": 'numbers, texts, true or false, as language = "en" under [parameters]',
}
_OWN = {"area": "areas (--area)"} | RESERVED | {"year": "years"}


class Order(BaseModel):
    """A batch as it is asked for; the names are those of the TOML file, and "all" is what has figures."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    years: str | Annotated[list[int], Field(min_length=1)] = ALL
    areas: Literal["all"] | Annotated[list[str], Field(min_length=1)] = "all"
    notebooks: Literal["all"] | Annotated[list[str], Field(min_length=1)] = "all"
    parameters: dict[str, JsonValue] = {}


def read_order(path: Path | None, **options: Any) -> Order:
    """Order of a TOML file, if one is given, with the options of the command line in front of it.

    Raises DataError: a file that is no TOML; every unknown name or wrong type, with the choices.
    """
    place = path.name if path else "batch"
    content: dict[str, Any] = read_toml(path, "the order of a batch (toml), see docs/scaling.md") if path else {}
    settings = options.pop("parameters", {})
    given = content | {name: value for name, value in options.items() if value not in (None, [])}
    try:
        order = Order(**given)
    except ValidationError as error:
        wrong = dict.fromkeys(str(details["loc"][0]) for details in error.errors())  # a choice of types has several
        raise DataError(
            f"{place}: {name} = {given[name]!r} cannot be read; write {_WRITE[name]}"
            if name in _WRITE
            else f"{place}: {name!r} is no part of an order; its parts: {', '.join(_WRITE)}"
            for name in wrong
        ) from None
    order = order.model_copy(update={"parameters": order.parameters | settings})
    if own := [name for name in order.parameters if name in _OWN]:
        raise DataError(f"{place}: parameter {name} is set for each run; use {_OWN[name]}" for name in own)
    return order


def list_years(text: str | Sequence[int]) -> list[int] | None:
    """Years of a text like ``2015-2024,2026``; None for all.

    Raises DataError: if it is none.

    Examples
    --------
    >>> list_years("2015-2017,2020")
    [2015, 2016, 2017, 2020]
    """
    if not isinstance(text, str):
        return sorted(set(text))
    if text == ALL:
        return None
    years: set[int] = set()
    for part in map(str.strip, text.split(",")):
        span = _SPAN.fullmatch(part)
        if not span or (span[2] and int(span[2]) < int(span[1])):
            raise DataError(f"years {text!r}: {part!r} is no year or span; write 2015-2024,2026 or all")
        years.update(range(int(span[1]), int(span[2] or span[1]) + 1))
    return sorted(years)
