"""A batch on many machines: jobs go out by area and year, outputs come back and are committed here.

Responsibility: the side of the batch that hands out work through an existing dask.distributed scheduler. Data and
notebooks are shipped with the work, so workers share no folder; only this process writes outputs, so whatever a worker
that dies, comes back or is slow may do, every run is committed once.

Terms: *parcel* = data and notebooks as one tar file; *bundle of jobs* = the notebooks of one area and year.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import fingerprint, manifest
from kg_analysis.runs.children import Job, Outcome
from kg_analysis.runs.limits import Limits
from kg_analysis.runs.parcel import pack
from kg_analysis.runs.plan import Folders
from kg_analysis.runs.progress import progress

_RETRIES = 3  # of a bundle whose worker ends in the middle


def run_on(jobs: Sequence[Job], folders: Folders, address: str, limits: Limits) -> list[Outcome]:
    """Run jobs on the workers of a scheduler.

    Parameters
    ----------
    jobs : sequence of Job
        In the order of area and year.
    folders : Folders
    address : str
        Of the scheduler, e.g. ``tcp://host:8786``.
    limits : Limits
        Of each run; memory is bounded where the worker's system can.

    Returns
    -------
    list of Outcome
        In the order of the jobs.

    Raises
    ------
    RunError
        If dask.distributed is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client  # noqa: PLC0415  an extra
    except ImportError:
        raise RunError("dask.distributed is missing; install kg-analysis[cluster]") from None
    try:
        client = Client(address, timeout="15s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(f"scheduler {address} does not answer ({error}); check the address") from None
    found: dict[int, Outcome] = {}
    with client, progress(len(jobs), "run") as bar:
        for job, answer in _answers(client, jobs, folders, limits):
            found[id(job)] = _settle(job, answer, folders.output)
            bar.update()
            if found[id(job)].problems:
                bar.write(f"failed {found[id(job)].problems[0]}")
    return [found[id(job)] for job in jobs]


def _answers(
    client: Any, jobs: Sequence[Job], folders: Folders, limits: Limits
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """Each job with what a worker answered, as the bundles come back."""
    from distributed import as_completed  # noqa: PLC0415

    from kg_analysis.runs.station import run_bundle  # noqa: PLC0415

    content = pack(folders)
    parcel = client.scatter(content, broadcast=True, hash=True)
    code = {"library": fingerprint.library(), "packages": fingerprint.packages()}
    waiting: dict[str, list[Job]] = {}
    futures = []
    for (area, year), group in groupby(jobs, key=lambda job: (job.parameters.area, job.parameters.year)):
        bundle = list(group)
        orders = [{"notebook": job.source.stem, "parameters": job.parameters.model_dump()} for job in bundle]
        key = f"kg-{area}-{year}-{os.urandom(4).hex()}"
        waiting[key] = bundle
        options = {"folder": folders.notebooks.resolve().name, "seconds": limits.seconds, "memory": limits.memory_mb}
        futures.append(client.submit(run_bundle, parcel, orders, options, code, key=key, retries=_RETRIES, pure=False))
    for future in as_completed(futures, loop=client.loop):
        bundle = waiting.pop(future.key)
        error = future.exception()
        problem = {"problems": [f"area {bundle[0].parameters.area}: {error or 'no answer'}"], "files": {}}
        answers = [problem] * len(bundle) if error is not None else future.result()
        yield from zip(bundle, answers, strict=True)
        future.release()  # its outputs are here: the workers may forget them


def _settle(job: Job, answer: dict[str, Any], output: Path) -> Outcome:
    """Put what came back in place; a run that failed leaves its copy and nothing else."""
    from kg_analysis.runs import outputs  # noqa: PLC0415
    from kg_analysis.runs.notebook import RunResult  # noqa: PLC0415

    root, year = job.root or output, job.parameters.year
    if answer["problems"]:
        for name, content in answer["files"].items():
            write_bytes(root / str(year) / name, content)
        return Outcome(job, None, tuple(answer["problems"]))
    staging = outputs.stage(root, job.source.stem, year, os.getpid())
    try:
        for name, content in answer["files"].items():
            write_bytes(staging.written / name, content)
        files = outputs.commit(staging, manifest.Section(**answer["section"]))
    except DataError as error:
        return Outcome(job, None, error.problems)
    finally:
        outputs.discard(staging)
    return Outcome(job, RunResult(job.source.stem, tuple(files), tuple(answer["skipped"])))
