"""How often each forecast of an open budget year keeps its word, on simulated years.

Every simulated year pays its outturn along an S-curve whose shape, level and months vary from year to year; the units
of a year share its shape loosely. A forecast is made from the totals up to a month and held against the outturn.
Prints, a method: how often its range held the outturn, with its Monte Carlo error, beside what it claims.

    python benchmarks/bench_forecasts.py --trials 200
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from kg_analysis.analysis.forecasts import BOTTOM_UP, PROFILE, RUN_RATE, claimed_coverage, forecasts
from kg_analysis.analysis.investment import MONTHS, last_month_day, totals

PLAN = 5000.0
UNITS = {"districts": 2700.0, "provincial_departments": 2300.0}


def share_paid(generator: np.random.Generator) -> np.ndarray:
    """Cumulative share of a year's outturn by month: a Beta curve with a peak late in the year, and noise."""
    early, late = generator.uniform(1.3, 2.0), generator.uniform(0.8, 1.2)
    edges = np.linspace(0, 1, MONTHS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    weight = middle ** (early - 1) * (1 - middle) ** (late - 1) * generator.lognormal(0, 0.25, MONTHS)
    return np.cumsum(weight) / weight.sum()


def simulated(generator: np.random.Generator, years: range) -> pd.DataFrame:
    """``investment`` of several years, in the shape of the clean table, whole and by unit."""
    rows = []
    for year in years:
        level = generator.uniform(0.7, 0.95)
        paid = {
            name: plan * np.clip(level + generator.normal(0, 0.04), 0.4, 1) * share_paid(generator)
            for name, plan in UNITS.items()
        }
        whole = {"": (PLAN, sum(paid.values()))}
        for unit, (plan, amounts) in {**whole, **{name: (UNITS[name], paid[name]) for name in UNITS}}.items():
            rows.append(_row(year, unit, "plan", plan, 1, "plan"))
            rows += [_row(year, unit, "disbursed", amount, month, "actual") for month, amount in enumerate(amounts, 1)]
    return pd.DataFrame(rows)


def _row(year: int, unit: str, measure: str, amount: float, month: int, basis: str) -> dict[str, object]:
    day = last_month_day(year, month)
    value = round(float(amount), 3)
    published = f"{day + pd.Timedelta(days=3):%Y-%m-%d}" if measure == "disbursed" else f"{year}-01-01"
    return {
        **{"area_code": "91", "boundary_version": "simulated", "budget_year": year, "measure": measure},
        **{"unit": unit, "fund": "", "as_of": day if measure == "disbursed" else pd.NaT, "vintage": published},
        **{"source_id": "simulated", "value_bn_vnd": value, "value_decimals": 3, "value_bn_vnd_low": value},
        **{"value_bn_vnd_high": value, "value_bn_vnd_kind": "exact", "ratio_pct": np.nan, "ratio_decimals": np.nan},
        **{"ratio_pct_low": np.nan, "ratio_pct_high": np.nan, "ratio_pct_kind": None, "ratio_qualifier": ""},
        **{"ratio_base": "", "basis": basis, "figure_ids": f"{year}-{unit}-{month}"},
    }


def trial(generator: np.random.Generator, past: int, month: int) -> dict[str, bool]:
    """Whether each method's range held the outturn of one simulated year."""
    years = range(2020 - past, 2021)
    rows = simulated(generator, years)
    held = totals(rows)
    now = held[(held["budget_year"] == 2020) & (held["unit"] == "")]
    outturn = float(now.loc[now["months"].eq(MONTHS), "disbursed_bn_vnd"].iloc[0])
    found = forecasts(held, 2020, month, rows)
    kept = {}
    for row in found.to_dict("records"):
        high = np.inf if np.isnan(row["disbursed_bn_vnd_high"]) else row["disbursed_bn_vnd_high"]
        kept[row["method"]] = bool(row["disbursed_bn_vnd_low"] <= outturn <= high)
    return kept


def main() -> None:
    """Print the coverage of every method, number of past years and month."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20220131)
    chosen = parser.parse_args()
    kept: dict[str, list[bool]] = {RUN_RATE: [], BOTTOM_UP: []}
    for past in (2, 3, 5, 8):
        generator = np.random.default_rng([chosen.seed, past])
        held = [trial(generator, past, month) for _ in range(chosen.trials // 2) for month in (6, 9)]
        ranges = [each[PROFILE] for each in held]
        for method in kept:
            kept[method] += [each[method] for each in held]
        _report(f"{PROFILE}_{past}_years", ranges, claimed_coverage(past))
    for method, outcomes in kept.items():
        _report(method, outcomes, None)


def _report(name: str, outcomes: list[bool], claimed: float | None) -> None:
    share = 100 * float(np.mean(outcomes))
    error = 100 * float(np.std(outcomes) / np.sqrt(len(outcomes)))
    beside = "" if claimed is None else f", claimed {claimed:.0f}%"
    print(f"{name}: held the outturn in {share:.0f}% of {len(outcomes)} years (± {error:.0f}){beside}")
    if claimed is not None:
        print(f"RATIO forecast_coverage_{name} {share / claimed:.2f} aim 1.00")


if __name__ == "__main__":
    main()
