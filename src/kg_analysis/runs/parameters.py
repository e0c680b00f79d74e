"""Parameters of each notebook, typed and checked before a kernel starts.

Responsibility: what may be set by ``--set`` and in the notebook's own cell. Only exact JSON values get through.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg_analysis.errors import DataError
from kg_analysis.runs import without_grammar

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


class OverviewParameters(RunParameters):
    """Parameters of 00_report_overview."""


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


class NeighbourParameters(RunParameters):
    """Parameters of 04_years_and_neighbours."""


class InvestmentParameters(RunParameters):
    """Parameters of 03_public_investment; None takes the printed target and the newest total."""

    target_ratio_pct: Annotated[float, Field(gt=0, le=200)] | None = None
    forecast_month: Annotated[float, Field(ge=1, le=12)] | None = None


NOTEBOOKS: dict[str, type[RunParameters]] = {
    "00_report_overview": OverviewParameters,
    "01_covid_waves": CovidParameters,
    "02_growth_scenarios": GrowthParameters,
    "03_public_investment": InvestmentParameters,
    "04_years_and_neighbours": NeighbourParameters,
}
UNATTENDED = "KG_UNATTENDED"  # set in the environment of kernels that no one watches
_TEXTS = ("area", "language")  # taken as they are typed: 91 is a code, not a number
# set by the run itself, not one by one
RESERVED = {"year": "--year or --years", "data_dir": "--data-dir", "output_dir": "--output-dir"}


def parse_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Values of ``name=value`` texts; a value is JSON, or bare text where it is none.

    Raises
    ------
    DataError
        Every setting that is no pair, is given twice, belongs to the run itself, or is NaN or infinite.
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

    Raises
    ------
    DataError
        An unknown notebook, with the choices; every unknown name, wrong type or value out of range.
    """
    if notebook not in NOTEBOOKS:
        raise DataError(_unknown(notebook))
    model = NOTEBOOKS[notebook]
    try:
        return model(**values)
    except ValidationError as error:
        raise DataError(_problem(notebook, model, details) for details in error.errors()) from None


def of(notebook: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings that a notebook has."""
    return {name: value for name, value in settings.items() if name in NOTEBOOKS[notebook].model_fields}


def known_to(notebooks: Iterable[str], settings: dict[str, Any]) -> None:
    """Refuse unknown notebooks, and settings that none of the others has.

    Raises
    ------
    DataError
        Every unknown name, with the likely one and all choices.
    """
    listed = list(notebooks)
    problems = [_unknown(stem) for stem in listed if stem not in NOTEBOOKS]
    if names := {name for stem in listed if stem in NOTEBOOKS for name in NOTEBOOKS[stem].model_fields}:
        problems += [_unknown_parameter(name, names) for name in settings if name not in names]
    if problems:
        raise DataError(problems)


def check_notebook(path: Path) -> None:
    """Prove that a notebook's ``parameters`` cell declares what its model does.

    Raises
    ------
    DataError
        If the file is no notebook, if there is not exactly one such cell, if it holds more than literals, or if names,
        types or defaults differ.
    """
    with without_grammar():
        import nbformat  # noqa: PLC0415  slow, and not needed where nothing is run

    try:
        with warnings.catch_warnings(action="ignore"):  # of what else is odd in it; a run that fails says so
            cells = nbformat.reads(path.read_bytes().decode("utf-8"), as_version=4).cells
    except OSError:
        raise DataError(f"{path}: the notebook is missing; restore it or name another") from None
    except Exception as error:  # nbformat raises many kinds for broken JSON and for wrong versions
        raise DataError(f"{path.name}: no notebook ({str(error)[:120]}); restore it") from None
    tagged = [n for n, cell in enumerate(cells, 1) if "parameters" in cell.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        found = ", ".join(map(str, tagged)) or "none"
        raise DataError(f"{path.name}: needs one cell tagged parameters, found {found}; tag exactly one")
    place = f"{path.name} cell {tagged[0]}"
    try:
        declared = dict(_literal(statement) for statement in ast.parse(cells[tagged[0] - 1].source).body)
    except (SyntaxError, ValueError) as error:
        raise DataError(f"{place}: {error}; write only lines like year: int = 2021") from None
    fields = NOTEBOOKS[path.stem].model_fields
    problems = []
    if list(declared) != list(fields):
        problems.append(f"declares {', '.join(declared)}, the model has {', '.join(fields)}; make them equal")
    for name in declared.keys() & fields.keys():
        default = fields[name].default if not fields[name].is_required() else declared[name]
        if declared[name] != default or type(declared[name]) is not type(default):
            problems.append(f"{name} is {declared[name]!r} by default, the model says {default!r}; make them equal")
    if problems:
        raise DataError(f"{place}: {problem}" for problem in problems)


def _literal(statement: ast.stmt) -> tuple[str, Any]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value is not None:
        return statement.target.id, ast.literal_eval(statement.value)
    raise ValueError(f"line {statement.lineno} is no typed parameter")


def _value(name: str, text: str) -> Any:
    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is no exact value; give a number")

    try:
        value = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError:
        return text
    return text if name in _TEXTS and not isinstance(value, str) else value


def _problem(notebook: str, model: type[RunParameters], error: Any) -> str:
    name, value = str(error["loc"][0]), error["input"]
    if error["type"] == "extra_forbidden":
        return f"{notebook}: {_unknown_parameter(name, model.model_fields)}"
    if error["type"] == "missing":
        return f"{notebook}: parameter {name!r} is missing; give it"
    if isinstance(value, str) and re.fullmatch(r"-?\d+,\d+", value):
        return f"{notebook}: {name} = {value!r}: write a decimal point, {value.replace(',', '.')}"
    kind = f" ({type(value).__name__})" if not isinstance(value, dict) else ""
    return f"{notebook}: {name} = {value!r}{kind}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _unknown(notebook: str) -> str:
    return f"notebook {notebook!r} is not known{_hint(notebook, NOTEBOOKS)}; notebooks: {', '.join(NOTEBOOKS)}"


def _unknown_parameter(name: str, names: Iterable[str]) -> str:
    choices = [each for each in dict.fromkeys(sorted(names)) if each not in RESERVED]
    return f"parameter {name!r} is not known{_hint(name, choices)}; choose {', '.join(choices)}"


def _hint(name: str, choices: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(choices), n=1)
    return f", did you mean {close[0]!r}" if close else ""
