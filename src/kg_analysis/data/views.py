"""Tidy tables as views of the figures: phases, measures, growth, outputs, investment, counts by status.

Responsibility: which indicators make up which table. A view rearranges figures; it computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from kg_analysis.data import schemas
from kg_analysis.data.columns import Table
from kg_analysis.errors import DataError

Figure = dict[str, Any]


def grouped(rows: Iterable[Figure], key: Callable[[Figure], tuple[str, ...]]) -> dict[tuple[str, ...], list[Figure]]:
    """Rows by a key of text, in the order in which the keys first stand."""
    found: dict[tuple[str, ...], list[Figure]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def ids(rows: Iterable[Figure]) -> str:
    """Ids of the rows, separated by blanks."""
    return " ".join(row["figure_id"] for row in rows)


def same(row: Figure, *names: str) -> Figure:
    """Columns of a topic table that stand in the figure under their own name."""
    return {name: row[name] for name in names}


def area(row: Figure) -> Figure:
    """Area columns of a topic table."""
    return same(row, "area_code", "boundary_version")


def numbers(row: Mapping[str, Any], column: str, decimals: str) -> Figure:
    """Columns of a number and of what it stands for; empty where there is no such figure."""
    return {
        column: row.get("value", ""),
        decimals: row.get("decimals", ""),
        f"{column}_low": row.get("low", ""),
        f"{column}_high": row.get("high", ""),
        f"{column}_kind": row.get("bound_kind", ""),
    }


def period_names(figures: pd.DataFrame) -> pd.Series:
    """Short name of each figure's period: ``Q3``, ``M11`` and ``H2`` alone, ``9M`` and ``FY`` from 1 January on."""
    kinds, months = figures["period_type"], pd.to_datetime(figures["period_end"]).dt.month
    named = {"quarter": "Q" + (months // 3).astype(str), "half": "H" + (months // 6).astype(str)}
    named |= {"ytd": months.astype(str) + "M", "month": "M" + months.astype(str)}
    found = np.select([kinds == each for each in named], list(named.values()), "FY")
    return pd.Series(found, figures.index, dtype=object)


_COUNTS = {"targets": "target_count", "tasks": "task_count", "programme_items": "programme_item_count"}


def counts(members: Iterable[Figure]) -> Iterable[Figure]:
    """Item ``system/status``, e.g. ``government/overdue``; a repeat (``total-2``) stays among the figures."""
    for row in members:
        system, _, status = row["item"].partition("/")
        if status[-1:].isdecimal() and status[-2:-1] == "-":
            continue
        yield (
            area(row)
            | same(row, "period", "as_of", "vintage", "source_id", "basis")
            | {
                "year": row["period_start"][:4],
                "system": system,
                "status": status,
                "count": row["value"],
                "figure_ids": row["figure_id"],
            }
        )


def online_services(rows: Iterable[Figure]) -> Iterable[Figure]:
    """Every ``online_service_x`` as the measure ``x``."""
    for row in rows:
        measure = str(row["indicator"]).removeprefix("online_service_")
        if measure != row["indicator"]:
            yield (
                area(row)
                | same(row, "as_of", "vintage", "source_id", "unit")
                | {
                    "year": row["period_start"][:4],
                    "measure": measure,
                    **numbers(row, "value", "decimals"),
                    "figure_ids": row["figure_id"],
                }
            )


def build_views(figures: pd.DataFrame, indicators: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every clean table but the figures, as text, by its name.

    ``figures``: ``clean/figures`` as text. ``indicators``: codebook as text, indexed by id.
    Raises DataError: every figure that does not fit its table: a phase without dates, a mean whose period is not its
    phase's.
    """
    rows = figures.assign(period=period_names(figures)).to_dict("records")
    problems: list[str] = []
    made = {
        "covid_phases": _covid_phases(rows, problems),
        "measures": _measures(rows, problems),
        "grdp_growth": _grdp(rows, _GROWTH, "growth_pct"),
        "grdp_levels": _grdp(rows, _LEVELS, "level_bn_vnd"),
        "sector_outputs": _sector_outputs(rows, indicators, problems),
        "investment": _investment(rows, problems),
        "online_services": online_services(rows),
        **{name: counts([row for row in rows if row["indicator"] == of]) for name, of in _COUNTS.items()},
    }
    views = {schemas.TABLES[name].name: _frame(schemas.TABLES[name], found) for name, found in made.items()}
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
            "mean_cases_per_day": mean["value"],
            "community_cases_per_day": community.get("value", ""),
            "mean_cases_per_day_decimals": mean["decimals"],
            "community_cases_per_day_decimals": community.get("decimals", ""),
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


_GROWTH, _LEVELS = {"grdp_growth": "constant_2010"}, {"grdp_level": "constant_2010", "grdp_level_current": "current"}


def _grdp(rows: list[Figure], prices: Mapping[str, str], column: str) -> Iterable[Figure]:
    """Growth or levels of the whole economy and its sectors, at the prices of their indicators.

    Ends of a target's range and what a rest of the year must reach stand among the figures.
    """
    for row in rows:
        if row["indicator"] in prices and row["dimension"] in ("", "sector"):
            cumulative = row["period_start"][5:] == "01-01" and row["period_type"] != "quarter"
            yield (
                area(row)
                | same(row, "period", "vintage", "source_id", "basis")
                | {
                    "year": row["period_start"][:4],
                    "sector": row["item"] or "total",
                    "price_base": prices[row["indicator"]],
                    "span": "cumulative" if cumulative else "single",
                    **numbers(row, column, "decimals"),
                    "figure_ids": row["figure_id"],
                }
            )


def _sector_outputs(rows: list[Figure], indicators: pd.DataFrame, problems: list[str]) -> Iterable[Figure]:
    """One row an output: ``x``, ``x_growth`` and ``x_plan_ratio`` of the codebook belong together."""
    members = [row for row in rows if indicators.at[row["indicator"], "topic"] == "sector_output"]

    def key(row: Figure) -> tuple[str, ...]:
        output = str(row["indicator"]).removesuffix("_growth").removesuffix("_plan_ratio")
        fixed = (*area(row).values(), row["period_start"][:4], row["period"], output)
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
    "pubinv_plan_assigned": ("plan_assigned", "value"),
    "pubinv_allocated": ("plan_allocated", "value"),
    "pubinv_completed_volume": ("completed_volume", "value"),
    "pubinv_completed_volume_plan_ratio": ("completed_volume", "ratio"),
    "pubinv_disbursed": ("disbursed", "value"),
    "pubinv_disbursed_plan_ratio": ("disbursed", "ratio"),
}
_OF_PARTS = {"unit": "unit", "fund_source": "fund"}


def _investment(rows: list[Figure], problems: list[str]) -> Iterable[Figure]:
    """Totals and parts: amounts with their ratios, a row a ratio base."""
    members = [row for row in rows if row["indicator"] in _INVESTMENT and row["dimension"] in ("", *_OF_PARTS)]

    def key(row: Figure) -> tuple[str, ...]:
        measure = _INVESTMENT[row["indicator"]][0]
        fixed = (*area(row).values(), row["period_start"][:4], measure, row["dimension"], row["item"])
        return *fixed, row["as_of"], row["vintage"], row["basis"], row["source_id"]

    for (*_, year, measure, dimension, item, as_of, vintage, basis, source), group in grouped(members, key).items():
        amounts = [row for row in group if _INVESTMENT[row["indicator"]][1] == "value"]
        amount = _roles(amounts, problems, _indicator)
        ratios = grouped((row for row in group if row not in amounts), lambda row: (row["comparator"],))
        for base, of_base in (ratios or {("plan",): []}).items():
            ratio = _roles(of_base, problems, _indicator)
            number, share = next(iter(amount.values()), {}), next(iter(ratio.values()), {})
            yield area(group[0]) | {
                "budget_year": year,
                "measure": measure,
                **dict.fromkeys(_OF_PARTS.values(), ""),
                **({_OF_PARTS[dimension]: item} if dimension else {}),
                "as_of": as_of,
                "vintage": vintage,
                "source_id": source,
                **numbers(number, "value_bn_vnd", "value_decimals"),
                **numbers(share, "ratio_pct", "ratio_decimals"),
                "ratio_qualifier": share.get("qualifier", ""),
                "ratio_base": "" if base[0] == "plan" else base[0],
                "basis": basis,
                "figure_ids": ids([*amounts, *of_base]),
            }
