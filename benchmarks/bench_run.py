"""Cost of `kg run` for a year against the papermill command line called once for each of the same notebooks.

Run: python benchmarks/bench_run.py [--rounds 3]. Both sides execute the notebooks of notebooks/ on data/ and write
charts and tables; `kg run` also checks the data first and proves its runs complete. Rounds alternate; the median
counts. Peak memory is that of the whole process tree: the sum of proportional set sizes (shared pages counted once)
where the system gives them, else of resident sizes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from memory import tree_memory

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
BIN = Path(sys.executable).parent
MEMORY_LIMIT_MB = 400


def ours(output: Path) -> list[list[str]]:
    """One call of `kg run`."""
    return [[str(BIN / "kg"), "run", "--year", "2021", "--output-dir", str(output)]]


def papermill(output: Path) -> list[list[str]]:
    """One call of the papermill command line a notebook, as a loop in a shell would make them."""
    output.mkdir(parents=True)
    relative = os.path.relpath(output, ROOT / "notebooks")
    options = ["--cwd", str(ROOT / "notebooks"), "-p", "year", "2021", "-p", "output_dir", relative]
    return [[str(BIN / "papermill"), str(each), str(output / each.name), *options] for each in NOTEBOOKS]


def measure(commands: list[list[str]]) -> tuple[float, float]:
    """Wall time [s] and peak memory [MB] of commands run one after another."""
    peak, start = 0.0, time.perf_counter()
    for command in commands:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT) as process:
            while process.poll() is None:
                peak = max(peak, tree_memory(process.pid))
                time.sleep(0.1)
            if process.returncode:
                sys.exit(f"{' '.join(command)} failed: {process.stderr.read().decode() if process.stderr else ''}")
    return time.perf_counter() - start, peak


def main() -> None:
    """Print times, memory and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {"papermill": [], "kg": []}
    memory: dict[str, list[float]] = {"papermill": [], "kg": []}
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        for number in range(rounds):
            for name, commands in (("papermill", papermill), ("kg", ours)):
                seconds, peak = measure(commands(Path(folder) / f"{name}-{number}"))
                times[name].append(seconds)
                memory[name].append(peak)
                print(f"round {number + 1} {name}: {seconds:.2f} s, {peak:.0f} MB", flush=True)
    ratio = statistics.median(times["papermill"]) / statistics.median(times["kg"])
    print(f"RATIO run_vs_papermill_cli {ratio:.2f} aim 2.00")
    print(f"RATIO run_memory_{MEMORY_LIMIT_MB}MB_limit {MEMORY_LIMIT_MB / max(memory['kg']):.2f} aim 1.00")


if __name__ == "__main__":
    main()
