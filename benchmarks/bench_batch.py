"""Cost of `kg batch` against papermill on the same notebooks and made-up data.

Run: python benchmarks/bench_batch.py [--runs 12] [--workers 2]. Sides, each a process tree of its own:

- `papermill_cli`: the command line of papermill, once a run, as a loop in a shell;
- `papermill_pool`: papermill's Python API in a pool of as many processes as we have workers;
- `limit`: the code of the notebooks alone, in as many warm processes, without kernels or papermill.

Printed are wall time, processor time and peak memory (proportional set sizes: shared pages count once), and ratios of
wall time. The share of a batch that is not the notebooks' own code is what is left of it after the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from memory import tree_memory, tree_time

ROOT = Path(__file__).resolve().parent.parent
KG = [sys.executable, "-c", "from kg_analysis.cli import main; main()"]
STEMS = ("01_covid_waves", "02_growth_scenarios", "03_public_investment")
AIMS = {"papermill_cli": 4.5, "papermill_pool": 2.0, "limit": 0.5}
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "src")}


def measure(name: str, commands: list[list[str]], cwd: Path) -> tuple[float, str]:
    """Wall time [s] of commands run one after another, and what they said; prints their cost."""
    start, cpu, peak, said = time.perf_counter(), 0.0, 0.0, ""
    for command in commands:
        with tempfile.TemporaryFile("w+") as output:  # a pipe that nobody reads would stop who writes much
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=cwd, env=ENVIRONMENT)
            spent: dict[int, float] = {}
            for turn in count():
                spent |= tree_time(process.pid)
                if turn % 8 == 4:  # adding memory up takes long enough to slow down what is measured
                    peak = max(peak, tree_memory(process.pid))
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.25)
                    break
            output.seek(0)
            said = output.read()
        if process.returncode:
            sys.exit(f"{name} failed: {said[-2000:]}")
        cpu += sum(spent.values())
    wall = time.perf_counter() - start
    print(f"{name}: {wall:.2f} s, {cpu:.1f} s of processor, {peak:.0f} MB", flush=True)
    return wall, said


def make_project(folder: Path, runs: int) -> list[dict[str, Any]]:
    """Made-up data, the notebooks, and the parameters of each run."""
    places = runs // len(STEMS)
    areas = max(number for number in range(1, min(places, 63) + 1) if places % number == 0)
    command = [
        sys.executable,
        str(ROOT / "tests" / "synthetic.py"),
        str(folder / "data"),
        "--areas",
        str(areas),
        "--years",
        str(places // areas),
    ]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    listed = [(f"{area:02}", 2015 + year) for area in range(1, areas + 1) for year in range(places // areas)]
    return [{"notebook": stem, "area": area, "year": year} for area, year in listed for stem in STEMS]


def ours(folder: Path, workers: int) -> list[str]:
    """One call of `kg batch`."""
    named = [option for stem in STEMS for option in ("--notebook", stem)]
    return [*KG, "batch", "--data-dir", str(folder / "data"), "--jobs", str(workers), *named]


def papermill_cli(folder: Path, job: dict[str, Any]) -> list[str]:
    """One call of the papermill command line."""
    source, target, given = paths(folder, job, "cli")
    options = [each for name, value in given.items() for each in ("-p" if name == "year" else "-r", name, str(value))]
    return [sys.executable, "-m", "papermill", source, target, "--cwd", str(folder / "notebooks"), *options]


def paths(folder: Path, job: dict[str, Any], side: str) -> tuple[str, str, dict[str, Any]]:
    """Notebook, copy and parameters of a run."""
    output = folder / side / str(job["area"])
    output.mkdir(parents=True, exist_ok=True)
    given = {"year": job["year"], "area": job["area"], "data_dir": "../data", "output_dir": f"../{side}/{job['area']}"}
    source = folder / "notebooks" / f"{job['notebook']}.ipynb"
    return str(source), str(output / f"{job['year']}-{job['notebook']}.ipynb"), given


def run_papermill(folder: Path, job: dict[str, Any]) -> None:
    """One run through papermill's Python API."""
    import papermill  # noqa: PLC0415

    source, target, given = paths(folder, job, "pool")
    papermill.execute_notebook(source, target, given, cwd=str(folder / "notebooks"), progress_bar=False)


def run_code(folder: Path, jobs: list[dict[str, Any]]) -> tuple[float, float]:
    """When the code of runs began and ended in this process, which has run one of them before."""
    import nbformat  # noqa: PLC0415
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415

    os.environ["KG_UNATTENDED"] = "1"
    os.chdir(folder / "notebooks")
    shell, start = InteractiveShell.instance(), 0.0
    for number, job in enumerate([*jobs[-len(STEMS) :], *jobs]):  # the first passes import
        start = time.time() if number == len(STEMS) else start
        source, _, given = paths(folder, job, "limit")
        for cell in nbformat.read(source, as_version=4).cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source).raise_error()
                if "parameters" in cell.metadata.get("tags", []):
                    shell.user_ns.update(given)
        shell.reset()
    return start, time.time()


def as_a_side(side: str, folder: Path, workers: int) -> None:
    """What the process of a side does."""
    jobs = json.loads((folder / "jobs.json").read_text())
    with ProcessPoolExecutor(workers) as pool:
        if side == "papermill_pool":
            for future in [pool.submit(run_papermill, folder, job) for job in jobs]:
                future.result()
        else:
            spans = [f.result() for f in [pool.submit(run_code, folder, jobs[n::workers]) for n in range(workers)]]
            print(f"SPENT {max(end - start for start, end in spans)}")


def main() -> None:
    """Print times, memory and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=12, help="size of the batch, a multiple of 3")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default=",".join(AIMS), help="sides to compare with")
    parser.add_argument("--side", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        as_a_side(given.side[0], Path(given.side[1]), given.workers)
        return
    print(f"{given.workers} workers, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
        folder = Path(name)
        jobs = make_project(folder, given.runs)
        (folder / "jobs.json").write_text(json.dumps(jobs))
        full, _ = measure("kg batch", [ours(folder, given.workers)], folder)
        again, _ = measure("kg batch, nothing changed", [ours(folder, given.workers)], folder)
        print(f"RATIO batch_{given.runs}_unchanged_within_2pct {0.02 * full / again:.2f} aim 1.00")
        for side in given.only.split(","):
            own = [sys.executable, __file__, "--side", side, name, "--workers", str(given.workers)]
            commands = [papermill_cli(folder, job) for job in jobs] if side == "papermill_cli" else [own]
            wall, said = measure(side, commands, folder)
            if side == "limit":
                wall = float(said.rpartition("SPENT ")[2].split()[0])
                print(f"share of the batch that is not the notebooks' own code: {100 * (1 - wall / full):.0f}%")
            print(f"RATIO batch_{given.runs}_vs_{side} {wall / full:.2f} aim {AIMS[side]:.2f}", flush=True)


if __name__ == "__main__":
    main()
