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
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from memory import tree_memory, tree_time

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
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
    command = [str(BIN / "kg"), "synthetic", str(folder / "data"), "--areas", str(areas), "--years", str(years)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    listed = [(f"{area:02}", 2015 + year) for area in range(1, areas + 1) for year in range(years)]
    return [{"notebook": stem, "area": area, "year": year} for area, year in listed for stem in STEMS]


def ours(folder: Path, output: str, workers: int) -> list[str]:
    """One call of `kg batch`."""
    named = [each for stem in STEMS for each in ("--notebook", stem)]
    command = [str(BIN / "kg"), "batch", "--data-dir", str(folder / "data"), "--output-dir", str(folder / output)]
    return [*command, "--jobs", str(workers), *named]


def papermill_cli(folder: Path, job: dict[str, object]) -> list[str]:
    """One call of the papermill command line."""
    source, target, given = _paths(folder, job, "cli")
    options = [each for name, value in given.items() for each in ("-p" if name == "year" else "-r", name, str(value))]
    return [str(BIN / "papermill"), source, target, "--cwd", str(folder / "notebooks"), *options]


def nbconvert(folder: Path, job: dict[str, object]) -> list[str]:
    """One call of nbconvert on a notebook whose parameters are filled in already."""
    from papermill.iorw import load_notebook_node  # noqa: PLC0415
    from papermill.parameterize import parameterize_notebook  # noqa: PLC0415

    source, target, given = _paths(folder, job, "nbconvert")
    filled = folder / "filled" / Path(target).name
    filled.parent.mkdir(exist_ok=True)
    book = parameterize_notebook(load_notebook_node(source), given)
    import nbformat  # noqa: PLC0415

    nbformat.write(book, filled)
    command = [
        str(BIN / "jupyter"),
        "nbconvert",
        "--execute",
        "--to",
        "notebook",
        "--output-dir",
        str(Path(target).parent),
    ]
    return [*command, str(filled)]


def _paths(folder: Path, job: dict[str, object], side: str) -> tuple[str, str, dict[str, object]]:
    output = folder / side / str(job["area"])
    output.mkdir(parents=True, exist_ok=True)
    given = {"year": job["year"], "area": job["area"], "data_dir": "../data", "output_dir": f"../{side}/{job['area']}"}
    source = folder / "notebooks" / f"{job['notebook']}.ipynb"
    return str(source), str(output / f"{job['year']}-{job['notebook']}.ipynb"), given


def run_papermill(folder: str, job: dict[str, object], side: str = "api") -> None:
    """One run through papermill's Python API."""
    import papermill  # noqa: PLC0415

    source, target, given = _paths(Path(folder), job, side)
    papermill.execute_notebook(source, target, given, cwd=str(Path(folder) / "notebooks"), progress_bar=False)


def run_pool(folder: str, jobs: list[dict[str, object]], workers: int) -> None:
    """All runs through papermill's Python API in a process pool."""
    with ProcessPoolExecutor(workers) as pool:
        for each in [pool.submit(run_papermill, folder, job, "pool") for job in jobs]:
            each.result()


def run_ploomber(folder: str, job: dict[str, object]) -> None:
    """One run through ploomber-engine, in this process."""
    from ploomber_engine import execute_notebook  # noqa: PLC0415

    source, target, given = _paths(Path(folder), job, "ploomber")
    os.chdir(Path(folder) / "notebooks")
    execute_notebook(source, target, parameters=given, progress_bar=False, verbose=False)


def run_limit(folder: str, jobs: list[dict[str, object]]) -> None:
    """The code of all runs in one warm process; says how long it took, the first run apart."""
    import nbformat  # noqa: PLC0415
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415

    shell = InteractiveShell.instance()
    os.chdir(Path(folder) / "notebooks")
    start, cpu = 0.0, 0.0
    for number, job in enumerate([jobs[-1], *jobs]):  # the first pass imports
        if number == 1:
            start, cpu = time.perf_counter(), time.process_time()
        source, _, given = _paths(Path(folder), job, "limit")
        for cell in nbformat.read(source, as_version=4).cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source).raise_error()
                if "parameters" in cell.metadata.get("tags", []):
                    shell.user_ns.update(given)
        shell.user_ns.clear()
        shell.init_user_ns()
    spent = {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    (Path(folder) / "limit.json").write_text(json.dumps(spent))


def run_limit_at_once(folder: str, jobs: list[dict[str, object]], workers: int) -> None:
    """The code of all runs in so many warm processes, which wait for each other before they start."""
    me = [sys.executable, str(Path(__file__)), "--side", "limit", "--workers", "1", "--folder"]
    places = [Path(folder) / f"part{number}" for number in range(workers)]
    for number, place in enumerate(places):
        for name in ("data", "notebooks"):
            shutil.copytree(Path(folder) / name, place / name)
        (place / "jobs.json").write_text(json.dumps(jobs[number::workers]))
    processes = [subprocess.Popen([*me, str(place)]) for place in places]
    codes = [process.wait() for process in processes]
    if any(codes):
        raise FailedError("limit_at_once")
    spent = [json.loads((place / "limit.json").read_text()) for place in places]
    total = {"wall": max(each["wall"] for each in spent), "cpu": sum(each["cpu"] for each in spent)}
    (Path(folder) / "limit.json").write_text(json.dumps(total))


def side(name: str, folder: Path, jobs: list[dict[str, object]], workers: int, sample: int, packages: str) -> Cost:
    """Cost of all runs by one side."""
    if name in ("papermill_pool", *LIMITS):
        sample = max(sample, len(STEMS) * 2 * workers)  # or some workers would stand idle
    step = max(1, len(jobs) // sample)
    few = [job for place, job in enumerate(jobs) if place // len(STEMS) % step == 0][:sample]  # every notebook alike
    factor = len(jobs) / len(few)
    if name in ("papermill_cli", "nbconvert"):
        command = papermill_cli if name == "papermill_cli" else nbconvert
        if factor > 1:
            print(f"{name}: measured on {len(few)} runs, times {factor:.2f}")
        return measure([command(folder, job) for job in few], folder / "notebooks").scaled(factor)
    listed = few
    factor = len(jobs) / len(listed)
    if factor > 1:
        print(f"{name}: measured on {len(listed)} runs, times {factor:.2f}")
    (folder / "jobs.json").write_text(json.dumps(listed))
    arguments = ["--side", name, "--folder", str(folder), "--workers", str(workers)]
    path = packages if name == "ploomber" else ""
    cost = measure([[sys.executable, str(Path(__file__)), *arguments]], folder, path).scaled(factor)
    if not name.startswith("limit"):
        return cost
    spent = json.loads((folder / "limit.json").read_text())
    share = workers if name == "limit" else 1
    return Cost(spent["wall"] / share * factor, spent["cpu"] * factor, cost.peak)


def as_a_side(name: str, folder: str, workers: int) -> None:
    """What the process of a side does."""
    jobs = json.loads((Path(folder) / "jobs.json").read_text())
    if name == "papermill_pool":
        run_pool(folder, jobs, workers)
    elif name == "limit":
        run_limit(folder, jobs)
    elif name == "limit_at_once":
        run_limit_at_once(folder, jobs, workers)
    else:
        for job in jobs:
            (run_papermill if name == "papermill_api" else run_ploomber)(folder, job)


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
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        as_a_side(given.side, given.folder, given.workers)
        return
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
