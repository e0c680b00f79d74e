"""Tidy tables as views of the figures: phases, measures, growth, outputs, investment, counts by status.

Responsibility: which indicators make up which table. A view rearranges figures; it computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from kg_analysis.errors import DataError
from kg_analysis.tables import schemas
from kg_analysis.tables.columns import Table
from kg_analysis.tables.count_views import COUNTS, counts, online_services
from kg_analysis.tables.figure_rows import Figure, area, grouped, ids, numbers, period_name

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
        schemas.ONLINE_SERVICES.name: _frame(schemas.ONLINE_SERVICES, online_services(rows)),
    }
    for indicator, table in COUNTS.items():
        views[table.name] = _frame(table, counts(row for row in rows if row["indicator"] == indicator))
    if problems:
        raise DataError(problems)
    return views


def _frame(table: Table, rows: Iterable[Figure]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(table.columns), dtype=str).fillna("")
    return frame.sort_values(list(table.key), kind="stable").reset_index(drop=True)


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


def _covid_phases(rows: list[Figure], problems: list[str]) -> Iterable[Figure]:
    members = [row for row in rows if row["dimension"] == "wave_phase"]
    groups = grouped(members, lambda row: (row["area_code"], row["boundary_version"], row["item"]))
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
        yield area(mean) | {
            "wave": wave,
            "phase": phase,
            "start": start,
            "end": end,
            "mean_cases": mean["value"],
            "mean_community_cases": community.get("value", ""),
            "decimals": mean["decimals"],
            "community_decimals": community.get("decimals", ""),
            "figure_ids": ids(group),
        }


def _measures(rows: list[Figure], problems: list[str]) -> Iterable[Figure]:
    members = [row for row in rows if row["dimension"] == "measure"]
    for group in grouped(members, lambda row: (*area(row).values(), row["item"], row["source_id"])).values():
        by_indicator = _roles(group, problems, _indicator)
        measure, _, scope = group[0]["item"].partition("/")
        yield area(group[0]) | {
            "measure": measure,
            "source_id": group[0]["source_id"],
            "start": by_indicator.get("measure_start", {}).get("period_start", ""),
            "end": by_indicator.get("measure_end", {}).get("period_start", ""),
            "days_printed": by_indicator.get("measure_days", {}).get("value", ""),
            "scope": scope,
            "figure_ids": ids(group),
        }


def _span(row: Figure) -> str:
    return _CUMULATIVE if row["period_start"][5:] == "01-01" and row["period_type"] != "quarter" else _SINGLE


def _grdp_growth(rows: list[Figure], indicators: pd.DataFrame) -> Iterable[Figure]:
    for row in rows:
        if row["indicator"] != "grdp_growth":
            continue
        yield area(row) | {
            "year": row["period_start"][:4],
            "period": period_name(row),
            "sector": row["item"] or "total",
            "vintage": row["vintage"],
            "source_id": row["source_id"],
            "span": _span(row),
            **numbers(row, "growth_pct", "decimals"),
            "basis": row["basis"],
            "price_base": indicators.at["grdp_growth", "price_basis"],
            "figure_ids": row["figure_id"],
        }


def _sector_outputs(rows: list[Figure], indicators: pd.DataFrame, problems: list[str]) -> Iterable[Figure]:
    """One row an output: ``x``, ``x_growth`` and ``x_plan_ratio`` of the codebook belong together."""
    members = [row for row in rows if indicators.at[row["indicator"], "topic"] == "sector_output"]

    def key(row: Figure) -> tuple[str, ...]:
        output = str(row["indicator"]).removesuffix("_growth").removesuffix("_plan_ratio")
        fixed = (*area(row).values(), row["period_start"][:4], period_name(row), output)
        return *fixed, row["vintage"], row["source_id"], "aim" if row["basis"] == "plan" else ""

    for (*_, year, period, indicator, vintage, source, aim), group in grouped(members, key).items():
        if aim:  # an aim is no output; it stays among the figures
            continue
        found = _roles(group, problems, lambda row: row["indicator"].removeprefix(indicator).lstrip("_"))  # noqa: B023
        yield area(group[0]) | {
            "year": year,
            "period": period,
            "indicator": indicator,
            "vintage": vintage,
            "source_id": source,
            **numbers(found.get("", {}), "value", "value_decimals"),
            **numbers(found.get("growth", {}), "growth_pct", "growth_decimals"),
            **numbers(found.get("plan_ratio", {}), "plan_ratio_pct", "plan_ratio_decimals"),
            "figure_ids": ids(group),
        }


_INVESTMENT = {
    "pubinv_plan": ("plan", "value"),
    "pubinv_completed_volume": ("completed_volume", "value"),
    "pubinv_completed_volume_plan_ratio": ("completed_volume", "ratio"),
    "pubinv_disbursed": ("disbursed", "value"),
    "pubinv_disbursed_plan_ratio": ("disbursed", "ratio"),
}


def _investment(rows: list[Figure], problems: list[str]) -> Iterable[Figure]:
    """The whole plan only: a part of it (dimension ``unit``) stays among the figures."""
    members = [row for row in rows if row["indicator"] in _INVESTMENT and row["dimension"] == ""]

    def key(row: Figure) -> tuple[str, ...]:
        measure = _INVESTMENT[row["indicator"]][0]
        fixed = (*area(row).values(), row["period_start"][:4], measure)
        return *fixed, row["as_of"], row["vintage"], row["basis"], row["source_id"]

    for (*_, year, measure, as_of, vintage, basis, source), group in grouped(members, key).items():
        found = _roles(group, problems, lambda row: _INVESTMENT[row["indicator"]][1])
        amount, ratio = found.get("value", {}), found.get("ratio", {})
        yield area(group[0]) | {
            "budget_year": year,
            "measure": measure,
            "as_of": as_of,
            "vintage": vintage,
            "source_id": source,
            **numbers(amount, "value_bn_vnd", "value_decimals"),
            **numbers(ratio, "ratio_pct", "ratio_decimals"),
            "ratio_qualifier": ratio.get("qualifier", ""),
            "basis": basis,
            "figure_ids": ids(group),
        }
