"""How often the 95% intervals of the epidemic statistics hold the truth, over simulated epidemics and the real series.

Run: python benchmarks/bench_coverage.py [--epidemics 200]. Every case is a renewal process of 160 days whose truth is
known; 35 days are left for the start. The table gives, for each case and quantity, coverage, its Monte Carlo error
(spread between epidemics) and the median width over that of an *oracle*.

Truth. Reproduction number and growth: the mean over the window's days, weighted by infectiousness (what a window
estimates); growth is its Euler-Lotka rate. Where reports are delayed the result is moved back by the mean delay and set
against the days of infection. Next day: the count itself. Peak: maximum of the seven-day mean of the cases expected
from the past, by day of report.

Oracle. Reproduction number and growth: the same posterior of the same window with the true dispersion of the window's
total, measured over all epidemics of the case. Next day: a negative binomial with the true mean and dispersion of the
day. Peak: the central 95% of the errors of the smooth's peak over all epidemics of the case. An epidemic
with too few cases for a result is in neither.

Superspreading comes in two kinds. *Events*: each day's infections of one person fall on that day's draw. *Lasting*: a
person's infectiousness is drawn once, and its cases spread over the days after; the daily counts look smooth.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import nbinom

from kg_analysis.analysis import daily_counts, epidemic, turning_points
from kg_analysis.analysis.dispersion import Floats
from kg_analysis.data import load
from kg_analysis.errors import DataError

DAYS, SEED_DAYS, START = 160, 20, 35
DATES = pd.date_range("2021-06-01", periods=DAYS, name="date")
WEIGHTS = epidemic.discretised_interval(epidemic.INTERVAL_MEAN_DAYS, epidemic.INTERVAL_SD_DAYS).to_numpy()
WEEKDAYS = np.array([1.3, 1.1, 1.05, 1.0, 1.0, 0.95, 0.6])  # Monday to Sunday, mean 1
DELAY = np.array([0, 0.02, 0.06, 0.11, 0.15, 0.17, 0.15, 0.12, 0.09, 0.06, 0.04, 0.03])
MEAN_DELAY = round(float(np.arange(len(DELAY)) @ DELAY))
STEADY = np.full(DAYS, 1.03)
STEP_DAY, GIVEN_DAY = 80, 65  # the second has no change in any case
STEP = np.where(np.arange(DAYS) < STEP_DAY, 1.22, 0.85)
WAVE = 1 + 0.32 * np.cos(np.pi * (np.minimum(np.arange(DAYS), 120) - 20) / 70)
HALF = DAYS // 2


@dataclass(frozen=True)
class Case:
    """One kind of epidemic: reproduction number by day, first counts, who infects how many, and how it is reported."""

    name: str
    r: Floats
    start: float = 40.0
    k: float | None = None
    lasting: bool = False
    weekday: bool = False
    delay: bool = False
    imports: float = 0.0
    marked: bool = True
    k_until: int = DAYS
    peak: bool = False


CASES = (
    Case("Poisson", STEADY),
    Case("events k=0.3", STEADY, k=0.3),
    Case("events k=0.1", STEADY, k=0.1),
    Case("lasting k=0.3", STEADY, k=0.3, lasting=True),
    Case("lasting k=0.1", STEADY, k=0.1, lasting=True),
    Case("k=0.1, then Poisson", STEADY, k=0.1, k_until=HALF),
    Case("weekdays", STEADY, weekday=True),
    Case("step of R", STEP, 15.0),
    Case("wave", WAVE, 15.0, peak=True),
    Case("wave, events k=0.3", WAVE, 15.0, k=0.3, peak=True),
    Case("wave, events k=0.1", WAVE, 15.0, k=0.1, peak=True),
    Case("wave, lasting k=0.3", WAVE, 15.0, k=0.3, lasting=True, peak=True),
    Case("wave, weekdays", WAVE, 15.0, weekday=True, peak=True),
    Case("wave, delay", WAVE, 15.0, delay=True, peak=True),
    Case("imports marked", np.full(DAYS, 0.9), imports=5.0),
    Case("imports unmarked", np.full(DAYS, 0.9), imports=5.0, marked=False),
)
MAY_FAIL = ("imports unmarked",)


@dataclass(frozen=True)
class Simulated:
    """Epidemics of one case [days x epidemics]: counts as reported, those imported, their mean, R x Lambda, Lambda."""

    counts: Floats
    imported: Floats
    mean: Floats
    infected: Floats
    pressure: Floats


def simulate(case: Case, epidemics: int, rng: np.random.Generator) -> Simulated:
    """Draw the epidemics day by day."""
    local, imported, mean = (np.zeros((DAYS, epidemics)) for _ in range(3))
    arrived = rng.poisson(case.imports, (DAYS, epidemics)).astype(float)
    lasting = np.zeros((DAYS + len(WEIGHTS), epidemics))
    pressure = np.zeros_like(local)
    for day in range(DAYS):
        if day < SEED_DAYS:
            local[day] = rng.poisson(case.start, epidemics)
            mean[day] = case.start
        else:
            imported[day] = arrived[day]
            lags = np.arange(1, min(day, len(WEIGHTS) - 1) + 1)
            pressure[day] = WEIGHTS[lags] @ (local + imported)[day - lags]
            mean[day] = case.r[day] * pressure[day]
            force = mean[day]
            if case.lasting:
                force = lasting[day]
            elif case.k and day < case.k_until:
                force = case.r[day] * rng.gamma(np.maximum(case.k * pressure[day], 1e-9)) / case.k
            local[day] = rng.poisson(force)
        if case.lasting and case.k:
            infectors = local[day] + imported[day]
            drawn = np.where(infectors > 0, rng.gamma(np.maximum(case.k * infectors, 1e-9)) / case.k, 0)
            later = slice(day + 1, min(day + len(WEIGHTS), DAYS))
            ahead = np.arange(1, later.stop - day)
            lasting[later] += case.r[later, None] * WEIGHTS[ahead, None] * drawn
    counts, expected = local + imported, mean + np.where(np.arange(DAYS)[:, None] >= SEED_DAYS, case.imports, 0)
    if case.weekday:
        factor = WEEKDAYS[DATES.day_of_week][:, None]
        counts, expected = rng.poisson(counts * factor).astype(float), expected * factor
    if case.delay:
        counts, expected = _reported(counts, expected, rng)
    return Simulated(counts, imported if case.marked else np.zeros_like(imported), expected, mean, pressure)


def _reported(counts: Floats, expected: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Counts by day of report, each infection delayed on its own; and their mean."""
    found, mean, left = np.zeros_like(counts), np.zeros_like(counts), counts.astype(int)
    remaining = 1.0
    for days, share in enumerate(DELAY):
        moved = rng.binomial(left, min(1.0, share / remaining) if remaining > 1e-9 else 0.0)
        left, remaining = left - moved, remaining - share
        found[days:] += moved[: DAYS - days]
        mean[days:] += share * expected[: DAYS - days]
    return found, mean


def rolling(values: Floats, days: int) -> Floats:
    """Sum of the window that ends on each day [days x epidemics]."""
    return np.asarray(pd.DataFrame(values).rolling(days).sum().to_numpy())


def steadied(values: Floats) -> Floats:
    """Mean over epidemics, then over the month around each day: what only a simulation knows."""
    return np.asarray(pd.DataFrame(values).mean(axis=1).rolling(29, center=True, min_periods=1).mean().to_numpy())


@dataclass
class Tally:
    """Hits of each epidemic and widths of all its intervals, ours and the oracle's."""

    hits: list[float]
    ours: list[Floats]
    oracle: list[Floats]

    def line(self) -> tuple[float, float, float]:
        """Coverage, its Monte Carlo error, and the median width over the oracle's."""
        hits = np.array([hit for hit in self.hits if np.isfinite(hit)])
        ratio = np.concatenate(self.ours) / np.concatenate(self.oracle)
        return float(hits.mean()), float(hits.std() / np.sqrt(len(hits))), float(np.nanmedian(ratio))


def windows(case: Case, drawn: Simulated, days: int, growth: bool) -> Tally:
    """Coverage of the reproduction number of a window, or of its growth rate."""
    with np.errstate(invalid="ignore", divide="ignore"):
        truth = rolling(drawn.infected, days) / rolling(drawn.pressure, days)
    if case.delay:
        truth = np.vstack([np.full((MEAN_DELAY, truth.shape[1]), np.nan), truth[:-MEAN_DELAY]])
    series, elsewhere = pd.DataFrame(drawn.counts, DATES), pd.DataFrame(drawn.imported, DATES)
    pressures = np.column_stack([epidemic.infectiousness(column, WEIGHTS) for column in drawn.counts.T])
    load, own = rolling(pressures, days), rolling(drawn.counts - drawn.imported, days)
    with np.errstate(invalid="ignore", divide="ignore"):
        scatter = np.maximum(1, steadied((own - truth * load) ** 2 / (truth * load)))
    found = Tally([], [], [])
    call: Callable[..., pd.DataFrame] = epidemic.growth_rate if growth else epidemic.reproduction
    name = "growth_pct_per_day" if growth else "reproduction_number"
    for column in range(series.shape[1]):
        imported = elsewhere[column] if case.imports and case.marked else None
        table = call(series[column], window_days=days, imported=imported)
        best = oracle(own[:, column], load[:, column], scatter)
        real = truth[:, column]
        if growth:
            best, real = (100 * np.expm1(epidemic.growth_of(value, WEIGHTS)) for value in (best, real))
        low, high = table[f"{name}_low"].to_numpy(), table[f"{name}_high"].to_numpy()
        shown = np.isfinite(low) & np.isfinite(real) & (np.arange(DAYS) >= START)
        found.hits.append(float(((low <= real) & (real <= high))[shown].mean()) if shown.any() else np.nan)
        found.ours.append((high - low)[shown])
        found.oracle.append((best[1] - best[0])[shown])
    return found


def oracle(cases: Floats, load: Floats, scatter: Floats) -> Floats:
    """Bounds [2 x days] of the posterior that knows the dispersion."""
    from scipy.special import gammaincinv  # noqa: PLC0415

    shape, rate = 1 + np.nan_to_num(cases) / scatter, 0.2 + load / scatter
    return np.stack([gammaincinv(shape, level) / rate for level in (0.025, 0.975)])


def next_days(drawn: Simulated) -> Tally:
    """Coverage of the forecast of the next day."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scatter = np.maximum(1.0001, steadied((drawn.counts - drawn.mean) ** 2 / drawn.mean))
    found = Tally([], [], [])
    for column in range(drawn.counts.shape[1]):
        table = epidemic.predict_next(pd.Series(drawn.counts[:, column], DATES)).iloc[:-1]
        low, high = table["predicted_cases_low"].to_numpy(), table["predicted_cases_high"].to_numpy()
        mean = np.maximum(drawn.mean[:, column], 0.1)
        best = [nbinom.ppf(level, mean / (scatter - 1), 1 / scatter) for level in (0.025, 0.975)]
        shown = np.isfinite(low) & (np.arange(DAYS) >= START)
        found.hits.append(float(table["inside"][shown].mean()) if shown.any() else np.nan)
        found.ours.append((high - low + 1)[shown])
        found.oracle.append((best[1] - best[0] + 1)[shown])
    return found


def peaks(drawn: Simulated) -> Tally:
    """Coverage of the day of the peak; widths in days, both ends counted."""
    real = pd.DataFrame(drawn.mean).iloc[SEED_DAYS:].rolling(7, center=True).mean().idxmax().to_numpy()
    found, errors = Tally([], [], []), []
    for column, day in enumerate(real):
        try:
            row = turning_points.turning_points(pd.Series(drawn.counts[:, column], DATES)).loc["peak"]
        except DataError:  # hardly a case: no wave whose peak could be dated
            continue
        low = DATES[0] if pd.isna(row["day_low"]) else row["day_low"]
        high = DATES[-1] if pd.isna(row["day_high"]) else row["day_high"]
        found.hits.append(float(low <= DATES[day] <= high))
        found.ours.append(np.array([(high - low).days + 1.0]))
        errors.append((row["day"] - DATES[day]).days if pd.notna(row["day"]) else np.nan)
    spread = np.subtract(*np.nanquantile(errors, [0.975, 0.025])) + 1
    found.oracle = [np.array([spread])] * len(found.ours)
    return found


def real_series() -> list[tuple[str, float, int]]:
    """Share of the real days inside the forecast of the day before, all and those without a collector's remark."""
    daily = daily_counts.daily_counts(load().covid_daily)
    inside = epidemic.predict_next(daily["used"])["inside"].dropna().astype(bool)
    agreed = inside[daily["remark"].reindex(inside.index) == ""]
    return [("all days", inside.mean(), len(inside)), ("days without a remark", agreed.mean(), len(agreed))]


def main() -> None:
    """Print the table and one line a figure: the worst case of each quantity."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epidemics", type=int, default=200)
    parser.add_argument("--case", default="", help="only cases whose name contains this")
    arguments = parser.parse_args()
    rng = np.random.default_rng(20211130)
    worst: dict[str, list[tuple[float, float, str]]] = {}
    print(f"{'case':22}" + "".join(f"{name:>24}" for name in ("rt", "growth", "next_day", "peak")))
    print(f"{arguments.epidemics:<4} epidemics a case   " + 4 * f"{'cover  +-   width':>24}")
    for case in CASES:
        if arguments.case not in case.name:
            continue
        drawn = simulate(case, arguments.epidemics, rng)
        lines = {
            "rt": windows(case, drawn, 7, False).line(),
            "growth": windows(case, drawn, 14, True).line(),
            "next_day": next_days(drawn).line(),
        }
        if case.peak:
            lines["peak"] = peaks(drawn).line()
        cells = [f"{100 * cover:12.1f} {100 * error:4.1f} {width:6.2f}" for cover, error, width in lines.values()]
        print(f"{case.name:22}" + "".join(cells), flush=True)
        for quantity, (cover, _, width) in lines.items():
            if case.name not in MAY_FAIL:
                worst.setdefault(quantity, []).append((cover, width, case.name))
    for quantity, found in worst.items():
        print(f"{quantity}: worst coverage in {min(found)[2]}, widest in {max(found, key=lambda each: each[1])[2]}")
        print(f"RATIO {quantity}_worst_coverage {min(found)[0] / 0.9:.3f} aim 1.000")
        print(f"RATIO {quantity}_widest {1.5 / max(each[1] for each in found):.3f} aim 1.000")
    for name, share, days in real_series():
        print(f"real series, {name}: {100 * share:.1f}% of {days} days inside the forecast of the day before")
        print(f"RATIO next_day_real_{name.split()[0]} {share / 0.9:.3f} aim 1.000")


if __name__ == "__main__":
    main()
