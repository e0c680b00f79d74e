"""Cost of `kg batch` against other ways to execute the same notebooks on the same data.

Run: python benchmarks/bench_batch.py [--runs 12,189,600] [--workers 2] [--sample 12] [--only limit,papermill_pool].
Runs are areas and years of a made-up national data folder by the notebooks 01, 02 and 03. Our side makes all of them,
for each size. Peers are measured on a sample of the first size; each of their runs costs the same, so their cost for
the other sizes is that times the runs. `limit` is the code of the notebooks in one warm process that has the machine
for itself, divided by the workers; `limit_at_once` is the same code in as many warm processes at once, which is what
processors that share caches and clocks allow.

ploomber-engine hooks itself into papermill, which would then import it in every run of every other side; so it is
looked for in a folder of its own only: pip install --target FOLDER ploomber-engine, then --ploomber FOLDER.

Each side is a process of its own. Printed are wall time, processor time of its whole process tree (sampled, so a
little too low), and peak memory (proportional set sizes: shared pages count once). On a machine that others use, wall
times mean little; the processor time says what a side costs, and RATIO lines of both are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from batch_sides import BIN, nbconvert, papermill_cli
from memory import tree_memory, tree_time

ROOT = Path(__file__).resolve().parent.parent
STEMS = ("01_covid_waves", "02_growth_scenarios", "03_public_investment")
AIMS = {"papermill_cli": 8.0, "papermill_api": 4.0, "papermill_pool": 3.0, "nbconvert": 4.0, "ploomber": 3.0}
MOST_AREAS = 63
MEMORY_MB, MEMORY_A_WORKER_MB = 350, 150


@dataclass(frozen=True)
class Cost:
    """Of one side: wall and processor time [s], peak memory [MB]."""

    wall: float
    cpu: float
    peak: float

    def scaled(self, factor: float) -> Cost:
        """Cost of so many times the runs."""
        return Cost(self.wall * factor, self.cpu * factor, self.peak)


class FailedError(Exception):
    """A side that did not get to its end."""


def measure(commands: list[list[str]], cwd: Path, path: str = "") -> Cost:
    """Cost of commands run one after another, with a folder of packages of their own if need be."""
    env = {**os.environ, "PYTHONPATH": path} if path else None
    wall, cpu, peak = time.perf_counter(), 0.0, 0.0
    for command in commands:
        with (
            tempfile.TemporaryFile() as said,  # a pipe that nobody reads would stop who writes much
            subprocess.Popen(command, stdout=said, stderr=said, cwd=cwd, env=env) as process,
        ):
            spent: dict[int, float] = {}
            before = _of_children()
            for turn in count():
                spent |= tree_time(process.pid)
                if turn % 8 == 4:  # adding memory up takes long enough to slow down what is measured
                    peak = max(peak, tree_memory(process.pid))
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.5)
                    break
            cpu += max(sum(spent.values()), _of_children() - before)  # a short one may end unseen
            if process.returncode:
                said.seek(0)
                error = said.read().decode(errors="replace")
                raise FailedError(f"{' '.join(command)[:200]}: {error.strip()[-200:]}")
    return Cost(time.perf_counter() - wall, cpu, peak)


def _of_children() -> float:
    """Processor time of all children that have ended, and of theirs that they waited for [s]."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def make_project(folder: Path, runs: int) -> list[dict[str, object]]:
    """Made-up data, the notebooks, and the parameters of each run."""
    places = runs // len(STEMS)
    areas = max(count for count in range(1, min(places, MOST_AREAS) + 1) if places % count == 0)
    years = places // areas
    command = [
        sys.executable,
        str(ROOT / "tests" / "synthetic.py"),
        str(folder / "data"),
        "--areas",
        str(areas),
        "--years",
        str(years),
    ]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    listed = [(f"{area:02}", 2015 + year) for area in range(1, areas + 1) for year in range(years)]
    return [{"notebook": stem, "area": area, "year": year} for area, year in listed for stem in STEMS]


def ours(folder: Path, output: str, workers: int) -> list[str]:
    """One call of `kg batch`."""
    named = [each for stem in STEMS for each in ("--notebook", stem)]
    command = [str(BIN / "kg"), "batch", "--data-dir", str(folder / "data"), "--output-dir", str(folder / output)]
    return [*command, "--jobs", str(workers), *named]


def side(name: str, folder: Path, jobs: list[dict[str, object]], workers: int, sample: int, packages: str) -> Cost:
    """Cost of all runs by one side."""
    if name in ("papermill_pool", *LIMITS):
        sample = max(sample, len(STEMS) * 2 * workers)  # or some workers would stand idle
    step = max(1, len(jobs) // sample)
    few = [job for place, job in enumerate(jobs) if place // len(STEMS) % step == 0][:sample]  # every notebook alike
    factor = len(jobs) / len(few)
    if factor > 1:
        print(f"{name}: measured on {len(few)} runs, times {factor:.2f}")
    if name in ("papermill_cli", "nbconvert"):
        one = papermill_cli if name == "papermill_cli" else nbconvert
        return measure([one(folder, job) for job in few], folder / "notebooks").scaled(factor)
    (folder / "jobs.json").write_text(json.dumps(few))
    command = [sys.executable, str(ROOT / "benchmarks" / "batch_sides.py"), name, str(folder), str(workers)]
    path = packages if name == "ploomber" else ""
    cost = measure([command], folder, path).scaled(factor)
    if not name.startswith("limit"):
        return cost
    spent = json.loads((folder / "limit.json").read_text())
    share = workers if name == "limit" else 1
    return Cost(spent["wall"] / share * factor, spent["cpu"] * factor, cost.peak)


def report(name: str, cost: Cost, runs: int) -> None:
    """One line a side."""
    each = f"{cost.wall / runs:.2f} s a run"
    print(f"{name}: {cost.wall:.1f} s, {each}, {cost.cpu:.1f} s of processor, {cost.peak:.0f} MB", flush=True)


def main() -> None:
    """Print times, memory and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", default="12,189,600", help="sizes of the batch, each a multiple of 3")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--sample", type=int, default=12, help="runs that a peer is measured on")
    parser.add_argument("--only", default=",".join([*LIMITS, *AIMS]), help="sides to compare with")
    parser.add_argument("--ploomber", default="", help="folder that ploomber-engine is installed in")
    given = parser.parse_args()
    sizes = [int(each) for each in given.runs.split(",")]
    if any(each % len(STEMS) for each in sizes):
        parser.error(f"--runs {given.runs}: each must be a multiple of {len(STEMS)}, the notebooks of an area and year")
    print(f"{given.workers} workers, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
    ours_by_size: dict[int, Cost] = {}
    peers: dict[str, Cost] = {}
    for runs in sizes:
        with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
            jobs = make_project(Path(name), runs)
            ours_by_size[runs] = measure_ours(Path(name), runs, given.workers)
            if runs == sizes[0]:
                peers = measure_peers(Path(name), jobs, given)
    for runs, full in ours_by_size.items():
        compare(runs, full, {name: cost.scaled(runs / sizes[0]) for name, cost in peers.items()}, given.workers)
    first, last = sizes[0], sizes[-1]
    if first != last:  # a batch has a start of its own, so the cost of a run may only fall
        before, after = ours_by_size[first], ours_by_size[last]
        print(f"RATIO batch_cost_per_run_{first}_to_{last} {before.wall / first * last / after.wall:.2f} aim 1.00")
        print(f"RATIO batch_cost_per_run_{first}_to_{last}_cpu {before.cpu / first * last / after.cpu:.2f} aim 1.00")


def measure_ours(folder: Path, runs: int, workers: int) -> Cost:
    """Cost of a whole batch; prints it, and that of the same with nothing changed."""
    full = measure([ours(folder, "outputs", workers)], folder)
    report(f"kg batch, {runs} runs", full, runs)
    again = measure([ours(folder, "outputs", workers)], folder)
    report(f"kg batch, {runs} runs, nothing changed", again, runs)
    print(f"RATIO batch_{runs}_unchanged_within_2pct {0.02 * full.wall / again.wall:.2f} aim 1.00")
    print(f"RATIO batch_{runs}_unchanged_within_2pct_cpu {0.02 * full.cpu / again.cpu:.2f} aim 1.00")
    bound = MEMORY_MB + MEMORY_A_WORKER_MB * workers
    print(f"RATIO batch_{runs}_memory_{bound}MB_limit {bound / full.peak:.2f} aim 1.00", flush=True)
    return full


def measure_peers(folder: Path, jobs: list[dict[str, object]], given: argparse.Namespace) -> dict[str, Cost]:
    """Cost of all runs by each of the other sides that get to their end."""
    found: dict[str, Cost] = {}
    for name in filter(None, given.only.split(",")):
        if name == "ploomber" and not given.ploomber:
            print("ploomber: not measured, no --ploomber")
            continue
        try:
            found[name] = side(name, folder, jobs, given.workers, given.sample, given.ploomber)
        except FailedError as error:
            print(f"{name}: does not get to its end: {error}")
            continue
        report(f"{name}, {len(jobs)} runs", found[name], len(jobs))
    return found


def compare(runs: int, full: Cost, peers: dict[str, Cost], workers: int) -> None:
    """Print the ratio of each side's cost to ours."""
    for name, cost in peers.items():
        aim = 0.67 if name in LIMITS else AIMS[name]
        print(f"RATIO batch_{runs}_vs_{name} {cost.wall / full.wall:.2f} aim {aim:.2f}")
        share = aim / workers if name in ONE else aim
        print(f"RATIO batch_{runs}_vs_{name}_cpu {cost.cpu / full.cpu:.2f} aim {share:.2f}", flush=True)


LIMITS = ("limit", "limit_at_once")
ONE = ("papermill_cli", "papermill_api", "nbconvert", "ploomber")  # use one processor, we use all


if __name__ == "__main__":
    main()
