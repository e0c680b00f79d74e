"""Cost of `kg run` for a year against the papermill command line called once for each of the same notebooks.

Run: python benchmarks/bench_run.py [--rounds 3]. Both sides execute the notebooks of notebooks/ on data/ and write
charts and tables; `kg run` also checks the data first and proves its runs complete. The median of rounds counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from bench_batch import KG, ROOT, measure

NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))


def papermill(output: Path) -> list[list[str]]:
    """One call of the papermill command line a notebook, as a loop in a shell would make them."""
    output.mkdir(parents=True)
    options = ["--cwd", str(ROOT / "notebooks"), "-p", "year", "2021"]
    options += ["-p", "output_dir", os.path.relpath(output, ROOT / "notebooks")]
    return [[sys.executable, "-m", "papermill", str(each), str(output / each.name), *options] for each in NOTEBOOKS]


def main() -> None:
    """Print times, memory and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {"papermill": [], "kg run": []}
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        for number in range(rounds):
            output = Path(folder) / str(number)
            ours = [[*KG, "run", "--year", "2021", "--output-dir", str(output / "ours")]]
            for name, commands in (("papermill", papermill(output / "stock")), ("kg run", ours)):
                times[name].append(measure(f"round {number + 1}, {name}", commands, ROOT)[0])
    ratio = statistics.median(times["papermill"]) / statistics.median(times["kg run"])
    print(f"RATIO run_vs_papermill_cli {ratio:.2f} aim 2.00")


if __name__ == "__main__":
    main()
