"""Cost of the reproduction number of all provinces in one call against a loop over provinces and days.

Run: python benchmarks/bench_rt.py [--rounds 3]. Both sides compute posterior mean, standard deviation and three
quantiles of the same windows by the same formula, and must agree. The loop is what a user writes from the paper with
numpy and scipy, the serial interval ready-made; a leaner loop, with the special function in place of ``scipy.stats``,
is measured beside it. The median of the rounds counts. The cost of a count is then printed for growing tables: it stays
level where cost is linear.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.special import gammaincinv

from kg_analysis.analysis.daily import Floats
from kg_analysis.analysis.reproduction import FEWEST_CASES, PRIOR_SCALE, PRIOR_SHAPE, QUANTILES, WINDOW_DAYS, estimate_r
from kg_analysis.analysis.serial_intervals import probabilities

PROVINCES, DAYS = 63, 1100
LINEAR_LIMIT = 1.5  # cost a count on the largest table over that on the smallest, beyond which it is not linear
Quantiles = Callable[[float, float], Floats]


def table(days: int, provinces: int) -> Floats:
    """Made-up counts: waves of different height and phase, scattered more than a Poisson count."""
    rng = np.random.default_rng(20210621)
    day = np.arange(days)[:, None]
    level = 40 * rng.gamma(2, 1, provinces) * (1 + 0.9 * np.sin(day / rng.uniform(15, 40, provinces)))
    return rng.negative_binomial(5, 5 / (5 + level)).astype(float)


def loop(cases: Floats, weights: Floats, quantiles: Quantiles) -> Floats:
    """Mean, standard deviation and quantiles [days x provinces x 5], one window after another."""
    days, provinces = cases.shape
    found = np.full((days, provinces, 5), np.nan)
    for province in range(provinces):
        counts = cases[:, province]
        infectious = np.full(days, np.nan)
        for day in range(1, days):
            past = counts[max(0, day - len(weights) + 1) : day][::-1]
            infectious[day] = np.dot(weights[1 : len(past) + 1], past)
        first = int(np.argmax(counts > 0))
        for day in range(first + WINDOW_DAYS, days):
            window = slice(day - WINDOW_DAYS + 1, day + 1)
            total = counts[window].sum()
            if total < FEWEST_CASES:
                continue
            shape = PRIOR_SHAPE + total
            scale = 1 / (1 / PRIOR_SCALE + infectious[window].sum())
            found[day, province, 0] = shape * scale
            found[day, province, 1] = np.sqrt(shape) * scale
            found[day, province, 2:] = quantiles(shape, scale)
    return found


def with_stats(shape: float, scale: float) -> Floats:
    """Quantiles as most write them."""
    return np.asarray(stats.gamma.ppf(QUANTILES, shape, scale=scale))


def with_special(shape: float, scale: float) -> Floats:
    """Quantiles without the checks of ``scipy.stats``."""
    return np.asarray(gammaincinv(shape, QUANTILES) * scale)


def ours(cases: Floats, weights: Floats) -> Floats:
    """The same numbers in one call."""
    found = estimate_r(cases, weights)
    return np.stack([found.mean, found.sd, found.low, found.median, found.high], axis=-1)


def timed(call: Callable[[], Floats], rounds: int) -> tuple[float, Floats]:
    """Median wall time [s] and the result."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def main() -> None:
    """Print times, ratios and the cost a count of growing tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    weights, cases = probabilities(4.7, 2.9), table(DAYS, PROVINCES)
    ours(cases, weights)
    fast, expected = timed(lambda: ours(cases, weights), max(rounds, 5))
    slow, found = timed(lambda: loop(cases, weights, with_stats), rounds)
    lean, _ = timed(lambda: loop(cases, weights, with_special), rounds)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    print(f"{DAYS} days x {PROVINCES} provinces: one call {fast:.3f} s, loop {slow:.2f} s, leaner loop {lean:.2f} s")
    costs = {}
    for days, provinces in ((DAYS // 4, PROVINCES), (DAYS, PROVINCES // 4), (DAYS, PROVINCES), (4 * DAYS, PROVINCES)):
        part = table(days, provinces)
        seconds, _ = timed(lambda part=part: ours(part, weights), 5)  # type: ignore[misc]
        costs[days, provinces] = 1e6 * seconds / part.size
        print(f"{days} days x {provinces} provinces: {seconds:.3f} s, {costs[days, provinces]:.2f} us a count")
    print(f"RATIO rt_vs_loop {slow / fast:.1f} aim 20.0")
    print(f"RATIO rt_vs_leaner_loop {lean / fast:.1f} aim 1.0")
    print(f"RATIO rt_linear_in_days {LINEAR_LIMIT * costs[DAYS, PROVINCES] / costs[4 * DAYS, PROVINCES]:.2f} aim 1.00")
    by_provinces = LINEAR_LIMIT * costs[DAYS, PROVINCES // 4] / costs[DAYS, PROVINCES]
    print(f"RATIO rt_linear_in_provinces {by_provinces:.2f} aim 1.00")


if __name__ == "__main__":
    main()
