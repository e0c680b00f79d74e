"""The other ways to execute notebooks that `kg batch` is compared with, and what the process of each does.

Run by bench_batch.py: python benchmarks/batch_sides.py SIDE FOLDER WORKERS, with the runs in FOLDER/jobs.json.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent


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
    me = [sys.executable, str(Path(__file__)), "limit"]
    places = [Path(folder) / f"part{number}" for number in range(workers)]
    for number, place in enumerate(places):
        for name in ("data", "notebooks"):
            shutil.copytree(Path(folder) / name, place / name)
        (place / "jobs.json").write_text(json.dumps(jobs[number::workers]))
    processes = [subprocess.Popen([*me, str(place), "1"]) for place in places]
    codes = [process.wait() for process in processes]
    if any(codes):
        raise SystemExit("limit_at_once: a process did not get to its end")
    spent = [json.loads((place / "limit.json").read_text()) for place in places]
    total = {"wall": max(each["wall"] for each in spent), "cpu": sum(each["cpu"] for each in spent)}
    (Path(folder) / "limit.json").write_text(json.dumps(total))


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


if __name__ == "__main__":
    as_a_side(sys.argv[1], sys.argv[2], int(sys.argv[3]))
