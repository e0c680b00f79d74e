"""Command ``kg batch``: many years, areas and notebooks.

Responsibility: options, the summary table and the exit code.
"""

from __future__ import annotations

import math
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg_analysis.cli_base import DATA, Command, data_folder

if TYPE_CHECKING:
    from kg_analysis.runs.limits import Limits
    from kg_analysis.runs.many import Runner, Summary
    from kg_analysis.runs.plan import Folders


@click.command(cls=Command)
@click.argument("order", type=click.Path(path_type=Path), required=False)
@click.option("--years", help="Years, e.g. 2015-2024,2026; default: all with figures.")
@click.option("--area", "areas", multiple=True, help="Area code; may be repeated. Default: all with figures.")
@click.option("--notebook", "notebooks", multiple=True, help="Stem of a notebook; may be repeated. Default: all.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Parameter, e.g. language=en.")
@click.option("--output-dir", type=click.Path(path_type=Path), help="Root of the outputs; default outputs/.")
@click.option("--notebooks-dir", type=click.Path(path_type=Path), help="Folder of the notebooks; default notebooks/.")
@click.option("--jobs", type=click.IntRange(min=1), help="Notebooks at a time; default: one for each processor.")
@click.option("--time-limit", type=click.FloatRange(1, 10**6), default=600, show_default=True, help="Of each run [s].")
@click.option(
    "--memory-limit", type=click.IntRange(50, 10**7), default=2000, show_default=True, help="Of each run [MB]."
)
@click.option("--scheduler", metavar="ADDRESS", help="Run on the workers of a dask scheduler, e.g. tcp://host:8786.")
@click.option("--force", is_flag=True, help="Run everything, changed or not.")
@DATA
def batch(order: Path | None, settings: tuple[str, ...], **options: Any) -> None:
    """Run notebooks for many years and areas; write OUTPUT-DIR/AREA/YEAR.

    ORDER is a TOML file with years, areas, notebooks and [parameters]; options stand in for what it says. Runs whose
    notebook, parameters, data and library are unchanged are skipped, so that a batch that was stopped goes on where it
    was, and a correction runs only what has read it.

    Example: kg batch --years 2020-2022 --area 91 --jobs 2
    """
    from kg_analysis.runs.limits import Limits  # noqa: PLC0415
    from kg_analysis.runs.many import run_batch  # noqa: PLC0415
    from kg_analysis.runs.parameters import parse_settings  # noqa: PLC0415
    from kg_analysis.runs.plan import Folders, read_order  # noqa: PLC0415

    if math.isnan(options["time_limit"]):
        raise click.BadParameter("nan is no number of seconds", param_hint="--time-limit")
    start = time.monotonic()
    data = data_folder(options["data_dir"])
    folders = Folders(
        data,
        options["notebooks_dir"] or data.parent / "notebooks",
        options["output_dir"] or data.parent / "outputs",
    )
    wanted = read_order(
        order,
        years=options["years"],
        areas=list(options["areas"]),
        notebooks=list(options["notebooks"]),
        parameters=parse_settings(settings),
    )
    limits = Limits(options["time_limit"], options["memory_limit"])
    elsewhere = _elsewhere(options["scheduler"], folders, limits)
    jobs = options["jobs"] or _processors()
    summary = run_batch(wanted, folders, jobs, limits, _say, elsewhere, options["force"])
    for line in _table(summary):
        click.echo(line)
    click.echo(f"{time.monotonic() - start:.1f} s", err=True)
    if summary.failed:
        sys.exit(1)


def _processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _elsewhere(address: str | None, folders: Folders, limits: Limits) -> Runner | None:
    """What runs jobs on the workers of a scheduler; None where none is named."""
    if address is None:
        return None
    from kg_analysis.runs.cluster import run_on  # noqa: PLC0415

    return lambda jobs, _: run_on(jobs, folders, address, limits)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _table(summary: Summary) -> list[str]:
    """Counts, and each failed run with its cell and message."""
    lines = [
        f"done    {len(summary.done):6}",
        f"skipped {summary.skipped:6}  (nothing they read has changed)",
        f"failed  {len(summary.failed):6}",
    ]
    for each in summary.failed:
        given = each.job.parameters
        name = f"{each.job.source.stem}.ipynb"
        problems = [problem.removeprefix(name).lstrip(" :") for problem in each.problems]
        lines += [f"  {given.area} {given.year} {each.job.source.stem}: {problem}" for problem in problems]
    return lines
