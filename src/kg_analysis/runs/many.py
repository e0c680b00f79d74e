"""A whole batch: planned, run where something has changed, summed up.

Responsibility: the order of the steps, under the lock of the output folder. Each run commits for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kg_analysis.errors import DataError
from kg_analysis.runs import batch, fingerprint, lock, outputs, unchanged
from kg_analysis.runs.children import METHOD, Job, Outcome
from kg_analysis.runs.limits import Limits
from kg_analysis.runs.plan import Folders, Order, list_jobs
from kg_analysis.runs.signals import in_order

Runner = Callable[[Sequence[Job], Path], list[Outcome]]


@dataclass(frozen=True)
class Summary:
    """What became of a batch.

    Attributes
    ----------
    done, failed : tuple of Outcome
    skipped : int
        Runs whose outputs stand and rest on nothing that has changed.
    """

    done: tuple[Outcome, ...]
    failed: tuple[Outcome, ...]
    skipped: int


def run_batch(
    order: Order,
    folders: Folders,
    workers: int,
    limits: Limits,
    say: Callable[[str], None],
    run: Runner | None = None,
    force: bool = False,
) -> Summary:
    """Run what an order needs.

    Parameters
    ----------
    order : Order
    folders : Folders
    workers : int
        Notebooks at a time.
    limits : Limits
        Time and memory that each run may take.
    say : callable
        Gets a line for the reader now and then.
    run : callable or None
        Runs jobs elsewhere; None = here.
    force : bool
        Run everything, changed or not.

    Returns
    -------
    Summary

    Raises
    ------
    DataError
        Before anything is run: wrong data or orders, no folder of notebooks, another batch in the same output folder.
    """
    if not folders.notebooks.is_dir():
        raise DataError(f"{folders.notebooks}: is no folder of notebooks; pass another --notebooks-dir")
    with in_order(), lock.held(folders.output):
        key = unchanged.key_of(order, folders)
        if not force and (count := unchanged.count_complete(key, folders.output)) is not None:
            return Summary((), (), count)
        data = fingerprint.of_data(folders.data)
        check = None if unchanged.is_sound(data, folders.output) else folders.data
        with batch.helped(partial(_plan, order, folders, force, data), check) as planned:
            batch.prepare()
            jobs, wanted = planned()
            say(f"{len(jobs)} runs, {len(wanted)} to do, {_kernels()}")
            try:
                outcomes = (run or partial(batch.run_each, workers=workers, limits=limits))(wanted, folders.output)
            finally:
                outputs.recover_all(folders.output)  # of runs that were killed
        failed = tuple(each for each in outcomes if each.problems)
        if not failed and unchanged.key_of(order, folders) == key:
            unchanged.remember(folders.output, data, key, jobs)
        return Summary(tuple(each for each in outcomes if not each.problems), failed, len(jobs) - len(wanted))


def _plan(order: Order, folders: Folders, force: bool, data: str) -> tuple[list[Job], list[Job]]:
    """In the helper, whose memory the kernels share: load the sound data, list the jobs and those needed."""
    from kg_analysis.data.dataset import published_years  # noqa: PLC0415

    unchanged.remember(folders.output, data)  # until this batch is complete, none is
    jobs = list_jobs(order, folders, published_years(folders.data))
    outputs.recover_all(folders.output)
    return jobs, jobs if force else unchanged.needed(jobs, folders.data)


def _kernels() -> str:
    return "warm kernels" if METHOD == "fork" else "stock kernels, since this system cannot fork safely"
