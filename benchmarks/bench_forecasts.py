"""How often each forecast of an open budget year keeps its word, on simulated years.

Every simulated year pays its outturn along an S-curve whose shape, level and months vary from year to year. A forecast
is made from the totals up to a month and held against the outturn. The forecast by unit is that of the sum of units
which each have a level and a course of their own every year. The floor of the mean pace is also held against the
nation's published totals.
Prints, a method: how often its range held the outturn, with its Monte Carlo error, beside what it claims.

    python benchmarks/bench_forecasts.py --trials 200
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from kg_analysis.analysis.forecasts import BOTTOM_UP, PROFILE, RUN_RATE, claimed_coverage, floor_record, forecasts
from kg_analysis.analysis.investment import MONTHS, totals
from kg_analysis.data.loader import load
from kg_analysis.data.series import as_investment

PLAN = 5000.0
UNITS = 8


def share_paid(generator: np.random.Generator) -> np.ndarray:
    """Cumulative share of a year's outturn by month: a Beta curve with a peak late in the year, and noise."""
    early, late = generator.uniform(1.3, 2.0), generator.uniform(0.8, 1.2)
    edges = np.linspace(0, 1, MONTHS + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    weight = middle ** (early - 1) * (1 - middle) ** (late - 1) * generator.lognormal(0, 0.25, MONTHS)
    return np.cumsum(weight) / weight.sum()


def simulated(generator: np.random.Generator, years: range) -> pd.DataFrame:
    """Totals of several years by month, as :func:`~kg_analysis.analysis.investment.totals` gives them."""
    rows = []
    for year in years:
        level, course = generator.uniform(0.7, 0.95), share_paid(generator)
        days = [pd.Timestamp(year, 1, 1) + pd.offsets.MonthEnd(month) for month in range(1, MONTHS + 1)]
        rows.append(
            pd.DataFrame(
                {
                    "as_of": days,
                    "months": np.arange(1.0, MONTHS + 1),
                    "disbursed_bn_vnd": PLAN * level * course,
                    "budget_year": year,
                }
            )
        )
    held = pd.concat(rows, ignore_index=True)
    held["standing"] = np.where(held["months"] == MONTHS, "outturn", "to_date")
    held["vintage"] = held["as_of"].dt.strftime("%Y-%m-%d")
    held["figure_ids"] = "simulated"
    fixed = {"area_code": "91", "unit": "", "fund": "", "ratio_base": "", "basis": "actual", "plan_bn_vnd": PLAN}
    return held.assign(**fixed)


def trial(generator: np.random.Generator, past: int, month: int) -> dict[str, bool]:
    """Whether each method's range held the outturn of one simulated year."""
    years = range(2020 - past, 2021)
    held = simulated(generator, years)
    now = held[held["budget_year"] == 2020]
    outturn = float(now.loc[now["months"].eq(MONTHS), "disbursed_bn_vnd"].iloc[0])
    found = forecasts(held, 2020, month)
    kept = {}
    for row in found.to_dict("records"):
        high = np.inf if np.isnan(row["disbursed_bn_vnd_high"]) else row["disbursed_bn_vnd_high"]
        kept[row["method"]] = bool(row["disbursed_bn_vnd_low"] <= outturn <= high)
    return kept


def simulated_units(generator: np.random.Generator, years: range) -> pd.DataFrame:
    """A department's monthly series of units that add to the whole, in the columns of the committed template."""
    rows = []
    for year in years:
        shared = share_paid(generator)
        for unit in range(UNITS):
            plan, level = PLAN / UNITS * (1 + unit) / 4.5, generator.uniform(0.6, 1.0)
            course = (shared + share_paid(generator)) / 2
            rows += [
                {"budget_year": year, "investor": f"unit {unit}",
                 "as_of": pd.Timestamp(year, 1, 1) + pd.offsets.MonthEnd(month),
                 "plan_bn_vnd": plan, "disbursed_cum_bn_vnd": round(plan * level * course[month - 1], 3)}
                for month in range(1, MONTHS + 1)
            ]  # fmt: skip
    series = pd.DataFrame(rows)
    empty = dict.fromkeys(("plan_council_bn_vnd", "plan_allocated_bn_vnd", "volume_cum_bn_vnd"), np.nan)
    names = {"area_code": "91", "boundary_version": "kien-giang", "source_id": "simulated", "fund_source": "all"}
    vintage = series["as_of"].dt.strftime("%Y-%m-%d")
    return series.assign(**empty, **names, vintage=vintage, decimals=3)


def trial_of_units(generator: np.random.Generator, past: int, month: int) -> bool:
    """Whether the range by unit held the outturn of one simulated year."""
    rows = as_investment(simulated_units(generator, range(2020 - past, 2021)))
    held = totals(rows)
    closed = held[(held["budget_year"] == 2020) & held["months"].eq(MONTHS) & held["unit"].eq("") & held["fund"].eq("")]
    outturn = float(closed["disbursed_bn_vnd"].iloc[0])
    (row,) = forecasts(held, 2020, month, parts=rows).query("method == @BOTTOM_UP").to_dict("records")
    return bool(row["disbursed_bn_vnd_low"] <= outturn <= row["disbursed_bn_vnd_high"])


def main() -> None:
    """Print the coverage of every method, number of past years and month."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--units-trials", type=int, default=40, help="fewer, since each reads eight units")
    parser.add_argument("--seed", type=int, default=20220131)
    chosen = parser.parse_args()
    kept: dict[str, list[bool]] = {RUN_RATE: []}
    for past in (2, 3, 5, 8):
        generator = np.random.default_rng([chosen.seed, past])
        held = [trial(generator, past, month) for _ in range(chosen.trials // 2) for month in (6, 9)]
        ranges = [each[PROFILE] for each in held]
        for method in kept:
            kept[method] += [each[method] for each in held]
        _report(f"{PROFILE}_{past}_years", ranges, claimed_coverage(past))
    for method, outcomes in kept.items():
        _report(method, outcomes, None)
    for past in (2, 3, 5, 8):
        generator = np.random.default_rng([chosen.seed, past, UNITS])
        outcomes = [trial_of_units(generator, past, month) for _ in range(chosen.units_trials // 2) for month in (6, 9)]
        _report(f"{BOTTOM_UP}_{past}_years", outcomes, claimed_coverage(past))
    kept_years, of_years = floor_record(totals(load().investment))
    print(f"{RUN_RATE}: in {kept_years} of {of_years} years of the nation no total drawn out lay above the result")


def _report(name: str, outcomes: list[bool], claimed: float | None) -> None:
    share = 100 * float(np.mean(outcomes))
    error = 100 * float(np.std(outcomes) / np.sqrt(len(outcomes)))
    beside = "" if claimed is None else f", claimed {claimed:.0f}%"
    print(f"{name}: held the outturn in {share:.0f}% of {len(outcomes)} years (± {error:.0f}){beside}")
    if claimed is not None:
        print(f"RATIO forecast_coverage_{name} {share / claimed:.2f} aim 1.00")


if __name__ == "__main__":
    main()
