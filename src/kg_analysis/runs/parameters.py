"""Parameters of each notebook, typed and checked before a kernel starts.

Responsibility: what may be set. Only exact JSON values get through.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg_analysis.errors import DataError

Share = Annotated[float, Field(ge=5, le=60)]  # of a quarter in its year; beyond, formulas hold but say nothing
Rate = Annotated[float, Field(gt=-100, lt=100)]
MeanDays = Annotated[float, Field(gt=1, le=30)]  # of a serial interval, which is at least one day
SpreadDays = Annotated[float, Field(ge=0.3, le=30)]


class RunParameters(BaseModel):
    """Parameters that every notebook has."""

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

    The last two need the quarterly levels: the sector that is solved for, and the quarters taken as known (None: all
    that are given).
    """

    q4_share_pct: Share | None = None
    target_growth_pct: Rate | None = None
    trend_growth_pct: Rate | None = None
    target_low_pct: Rate | None = None
    target_high_pct: Rate | None = None
    solve_sector: Literal["agriculture", "industry_construction", "services", "product_tax"] = "industry_construction"
    done_quarters: Annotated[int, Field(ge=1, le=4)] | None = None


class NeighbourParameters(RunParameters):
    """Parameters of 04_years_and_neighbours."""


class InvestmentParameters(RunParameters):
    """Parameters of 03_public_investment; None takes the printed target, the last month, plan and estimate known."""

    target_ratio_pct: Annotated[float, Field(gt=0, le=200)] | None = None
    forecast_month: Annotated[int, Field(ge=1, le=12)] | None = None
    plan_basis: Literal["assigned", "council", "allocated"] | None = None
    own_forecast_pct: Annotated[float, Field(gt=0, le=200)] | None = None


NOTEBOOKS: dict[str, type[RunParameters]] = {
    "00_report_overview": OverviewParameters,
    "01_covid_waves": CovidParameters,
    "02_growth_scenarios": GrowthParameters,
    "03_public_investment": InvestmentParameters,
    "04_years_and_neighbours": NeighbourParameters,
}
_TEXTS = ("area", "language")  # taken as they are typed: 91 is a code, not a number
RESERVED = ("year", "data_dir", "output_dir")  # set by the run itself, not one by one


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
            option = {"year": "--year or --years", "data_dir": "--data-dir", "output_dir": "--output-dir"}[name]
            problems.append(f"--set {setting!r}: use {option}")
        else:
            try:
                values[name] = _text(text) if name in _TEXTS else _json(text)
            except ValueError as error:
                problems.append(f"--set {setting!r}: {error}")
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
        raise DataError(_problem(notebook, model, each) for each in error.errors()) from None


def of(notebook: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings that a notebook has."""
    if notebook not in NOTEBOOKS:
        return settings
    return {name: value for name, value in settings.items() if name in NOTEBOOKS[notebook].model_fields}


def known_to(notebooks: Iterable[str], settings: dict[str, Any]) -> None:
    """Refuse unknown notebooks, and settings that none of the others has.

    Raises
    ------
    DataError
        Every unknown name, with the likely one and all choices.
    """
    listed = list(notebooks)
    problems = [_unknown(each) for each in listed if each not in NOTEBOOKS]
    if names := {name for each in listed if each in NOTEBOOKS for name in NOTEBOOKS[each].model_fields}:
        choices = sorted(names - set(RESERVED))
        problems += [
            f"parameter {each!r} is not known{_hint(each, choices)}; choose {_list(choices)}"
            for each in settings
            if each not in names
        ]
    if problems:
        raise DataError(problems)


def _unknown(notebook: str) -> str:
    return f"notebook {notebook!r} is not known{_hint(notebook, NOTEBOOKS)}; notebooks: {_list(NOTEBOOKS)}"


def _text(text: str) -> str:
    """Text as it is typed, or without its JSON quotation marks."""
    value = _json(text)
    return value if isinstance(value, str) else text


def _json(text: str) -> Any:
    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is no exact value; give a number")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError:
        return text


def _problem(notebook: str, model: type[RunParameters], error: Any) -> str:
    name, value = str(error["loc"][0]), error["input"]
    if error["type"] == "extra_forbidden":
        choices = [each for each in model.model_fields if each not in RESERVED]
        return f"{notebook}: parameter {name!r} is not known{_hint(name, choices)}; choose {_list(choices)}"
    if error["type"] == "missing":
        return f"{notebook}: parameter {name!r} is missing; give it"
    if isinstance(value, str) and re.fullmatch(r"-?\d+,\d+", value):
        return f"{notebook}: {name} = {value!r}: write a decimal point, {value.replace(',', '.')}"
    kind = f" ({type(value).__name__})" if not isinstance(value, dict) else ""
    return f"{notebook}: {name} = {value!r}{kind}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _hint(name: str, choices: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(choices), n=1)
    return f", did you mean {close[0]!r}" if close else ""


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
