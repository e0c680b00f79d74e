"""Tidy tables as views of the figures: phases, measures, growth, outputs, investment.

Responsibility: which indicators make up which table. A view rearranges figures; it computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.tables import schemas
from kg_analysis.tables.columns import Table

Figure = dict[str, Any]
_SINGLE, _CUMULATIVE = "single", "cumulative"


def build_views(figures: pd.DataFrame, indicators: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every clean table but the figures, as text, by its name.

    Parameters
    ----------
    figures : DataFrame
        ``clean/figures`` as text.
    indicators : DataFrame
        Codebook as text, indexed by id.

    Raises
    ------
    DataError
        Every figure that does not fit its table: a phase without dates, a mean whose period is not its phase's.
    """
    rows = figures.to_dict("records")
    problems: list[str] = []
    views = {
        schemas.COVID_PHASES.name: _frame(schemas.COVID_PHASES, _covid_phases(rows, problems)),
        schemas.MEASURES.name: _frame(schemas.MEASURES, _measures(rows, problems)),
        schemas.GRDP_GROWTH.name: _frame(schemas.GRDP_GROWTH, _grdp_growth(rows, indicators)),
        schemas.SECTOR_OUTPUTS.name: _frame(schemas.SECTOR_OUTPUTS, _sector_outputs(rows, indicators, problems)),
        schemas.INVESTMENT.name: _frame(schemas.INVESTMENT, _investment(rows, problems)),
    }
    if problems:
        raise DataError(problems)
    return views


def _frame(table: Table, rows: Iterable[Figure]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(table.columns), dtype=str).fillna("")
    return frame.sort_values(list(table.key), kind="stable").reset_index(drop=True)


def _groups(rows: Iterable[Figure], key: Callable[[Figure], tuple[str, ...]]) -> dict[tuple[str, ...], list[Figure]]:
    groups: dict[tuple[str, ...], list[Figure]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _roles(group: list[Figure], problems: list[str], role: Callable[[Figure], str]) -> dict[str, Figure]:
    """Figures of one table row by the column they fill; two for one column is a conflict to settle in printed/."""
    roles: dict[str, Figure] = {}
    for row in group:
        first = roles.setdefault(role(row), row)
        if first is not row:
            problems.append(
                f"figures {first['figure_id']} and {row['figure_id']} fill the same cell; tell them apart by item, "
                "as_of or vintage"
            )
    return roles


def _indicator(row: Figure) -> str:
    return str(row["indicator"])


def _ids(rows: Iterable[Figure]) -> str:
    return " ".join(row["figure_id"] for row in rows)


def _area(row: Figure) -> Figure:
    return {"area_code": row["area_code"], "boundary_version": row["boundary_version"]}


def _covid_phases(rows: list[Figure], problems: list[str]) -> Iterable[Figure]:
    members = [row for row in rows if row["dimension"] == "wave_phase"]
    groups = _groups(members, lambda row: (row["area_code"], row["boundary_version"], row["item"]))
    for (*_, item), group in groups.items():
        by_indicator = _roles(group, problems, _indicator)
        missing = {"covid_phase_start", "covid_phase_end", "covid_mean_cases"} - set(by_indicator)
        if missing:
            problems.append(f"phase {item}: no figure for {', '.join(sorted(missing))}; add it to printed/")
            continue
        start = by_indicator["covid_phase_start"]["period_start"]
        end = by_indicator["covid_phase_end"]["period_start"]
        problems.extend(
            f"figure {row['figure_id']}: period {row['period_start']} to {row['period_end']} is not phase {item}, "
            f"{start} to {end}; correct the row"
            for row in group
            if row["period_type"] == "phase" and (row["period_start"], row["period_end"]) != (start, end)
        )
        mean, community = by_indicator["covid_mean_cases"], by_indicator.get("covid_mean_community_cases", {})
        wave, _, phase = item.partition("-")
        yield _area(mean) | {
            "wave": wave,
            "phase": phase,
            "start": start,
            "end": end,
            "mean_cases": mean["value"],
            "mean_community_cases": community.get("value", ""),
            "decimals": mean["decimals"],
            "community_decimals": community.get("decimals", ""),
            "figure_ids": _ids(group),
        }


def _measures(rows: list[Figure], problems: list[str]) -> Iterable[Figure]:
    members = [row for row in rows if row["dimension"] == "measure"]
    for group in _groups(members, lambda row: (row["area_code"], row["boundary_version"], row["item"])).values():
        by_indicator = _roles(group, problems, _indicator)
        measure, _, scope = group[0]["item"].partition("/")
        yield _area(group[0]) | {
            "measure": measure,
            "start": by_indicator.get("measure_start", {}).get("period_start", ""),
            "end": by_indicator.get("measure_end", {}).get("period_start", ""),
            "days_printed": by_indicator.get("measure_days", {}).get("value", ""),
            "scope": scope,
            "figure_ids": _ids(group),
        }


def grdp_period(row: Figure) -> tuple[str, str]:
    """Period and span of a growth figure: ``("Q3", "single")``, ``("9M", "cumulative")``."""
    last = int(row["period_end"][5:7])
    if row["period_type"] == "quarter":
        return f"Q{last // 3}", _SINGLE
    if row["period_type"] == "half":
        return f"H{last // 6}", _CUMULATIVE if last == 6 else _SINGLE
    return {"ytd": f"{last}M", "year": "FY"}[row["period_type"]], _CUMULATIVE


def _grdp_growth(rows: list[Figure], indicators: pd.DataFrame) -> Iterable[Figure]:
    for row in rows:
        if row["indicator"] != "grdp_growth":
            continue
        period, span = grdp_period(row)
        yield _area(row) | {
            "year": row["period_start"][:4],
            "period": period,
            "sector": row["item"] or "total",
            "vintage": row["vintage"],
            "span": span,
            "growth_pct": row["value"],
            "decimals": row["decimals"],
            "basis": row["basis"],
            "price_base": indicators.at["grdp_growth", "price_basis"],
            "figure_ids": row["figure_id"],
        }


def _sector_outputs(rows: list[Figure], indicators: pd.DataFrame, problems: list[str]) -> Iterable[Figure]:
    """One row an output: ``x``, ``x_growth`` and ``x_plan_ratio`` of the codebook belong together."""
    members = [row for row in rows if indicators.at[row["indicator"], "topic"] == "sector_output"]

    def output(row: Figure) -> str:
        return str(row["indicator"]).removesuffix("_growth").removesuffix("_plan_ratio")

    def key(row: Figure) -> tuple[str, ...]:
        return row["area_code"], row["boundary_version"], row["period_start"][:4], output(row), row["vintage"]

    for (*_, year, indicator, vintage), group in _groups(members, key).items():
        found = _roles(group, problems, lambda row: row["indicator"].removeprefix(indicator).lstrip("_"))  # noqa: B023
        yield _area(group[0]) | {
            "year": year,
            "indicator": indicator,
            "vintage": vintage,
            "value": found.get("", {}).get("value", ""),
            "value_decimals": found.get("", {}).get("decimals", ""),
            "growth_pct": found.get("growth", {}).get("value", ""),
            "growth_decimals": found.get("growth", {}).get("decimals", ""),
            "plan_ratio_pct": found.get("plan_ratio", {}).get("value", ""),
            "plan_ratio_decimals": found.get("plan_ratio", {}).get("decimals", ""),
            "figure_ids": _ids(group),
        }


_INVESTMENT = {
    "pubinv_completed_volume": ("completed_volume", "value"),
    "pubinv_completed_volume_plan_ratio": ("completed_volume", "ratio"),
    "pubinv_disbursed": ("disbursed", "value"),
    "pubinv_disbursed_plan_ratio": ("disbursed", "ratio"),
}


def _investment(rows: list[Figure], problems: list[str]) -> Iterable[Figure]:
    members = [row for row in rows if row["indicator"] in _INVESTMENT]

    def key(row: Figure) -> tuple[str, ...]:
        measure = _INVESTMENT[row["indicator"]][0]
        fixed = (row["area_code"], row["boundary_version"], row["period_start"][:4], measure)
        return *fixed, row["as_of"], row["vintage"], row["basis"]

    for (*_, year, measure, as_of, vintage, basis), group in _groups(members, key).items():
        found = _roles(group, problems, lambda row: _INVESTMENT[row["indicator"]][1])
        amount, ratio = found.get("value", {}), found.get("ratio", {})
        bound = ratio.get("low") or ratio.get("high") or ""
        yield _area(group[0]) | {
            "budget_year": year,
            "measure": measure,
            "as_of": as_of,
            "vintage": vintage,
            "value_bn_vnd": amount.get("value", ""),
            "value_decimals": amount.get("decimals", ""),
            "ratio_pct": ratio.get("value") or bound,
            "ratio_decimals": ratio.get("decimals", ""),
            "ratio_qualifier": ratio.get("qualifier", ""),
            "basis": basis,
            "figure_ids": _ids(group),
        }
