"""A batch on many machines: jobs go out by area and year, outputs come back and are committed here.

Responsibility: the side of the batch that hands out work through an existing dask.distributed scheduler. Data and
notebooks are shipped with the work, so workers share no folder; only this process writes outputs, so whatever a worker
that dies, comes back or is slow may do, every run is committed once.

Terms: *parcel* = data and notebooks as one tar file; *bundle of jobs* = the notebooks of one area and year.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
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

_RETRIES = 3  # of a bundle that fails on its way; how many deaths of workers it may see is the scheduler's setting
_SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")
_PATIENCE = 15  # seconds that the scheduler and its first worker have to answer [s]


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
        If dask.distributed is not installed, the scheduler does not answer or has no workers, or one of them has
        another version of this library or of a package.
    """
    try:
        from distributed import Client  # noqa: PLC0415  an extra
    except ImportError:
        raise RunError("dask.distributed is missing; install kg-analysis[cluster]") from None
    _check_address(address)
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it tells of a lost scheduler, we say
    try:
        client = Client(address, timeout=f"{_PATIENCE}s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(f"scheduler {address} does not answer ({error}); check the address") from None
    found: dict[int, Outcome] = {}
    with client, progress(len(jobs), "run") as bar:
        _check_workers(client, address)
        for job, answer in _answers(client, jobs, folders, limits, address):
            found[id(job)] = _settle(job, answer, folders.output)
            bar.update()
            if found[id(job)].problems:
                bar.write(f"failed {found[id(job)].problems[0]}", file=sys.stderr)
    return [found[id(job)] for job in jobs]


def _check_address(address: str) -> None:
    """Refuse what is no address before a client tries to use it."""
    from distributed import Security  # noqa: PLC0415
    from distributed.comm.addressing import parse_address, parse_host_port  # noqa: PLC0415

    try:
        scheme, place = parse_address(address, strict=True)
        _, port = parse_host_port(place)
    except ValueError:
        scheme, port = "", None
    if scheme not in _SCHEMES or not port:
        raise RunError(f"scheduler {address!r} is no address; write one like tcp://host:8786")
    if scheme == "tls" and not Security().get_connection_args("client")["ssl_context"]:
        raise RunError(f"scheduler {address}: no certificates; set distributed.comm.tls in dask's configuration")


def _lost(client: Any, address: str) -> str:
    if client.status != "running":
        return f"scheduler {address} no longer answers; start it"
    return "given up by the scheduler"


def _check_workers(client: Any, address: str) -> None:
    """Refuse a cluster whose workers are not all like this machine: what they make would differ."""
    from kg_analysis.runs.station import versions  # noqa: PLC0415

    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
        found = client.run(versions, on_error="return")
    except TimeoutError:
        raise RunError(f"scheduler {address} has no workers; start some and run again") from None
    own = versions()
    if others := sorted(each for each, theirs in found.items() if theirs != own):
        raise RunError(
            f"worker {each} has other versions of kg_analysis or its packages; install the same everywhere"
            for each in others
        )


def _answers(
    client: Any, jobs: Sequence[Job], folders: Folders, limits: Limits, address: str
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """Each job with what a worker answered, as the bundles come back."""
    from distributed import as_completed  # noqa: PLC0415

    from kg_analysis.runs.station import run_bundle, versions  # noqa: PLC0415

    content = pack(folders)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that it is large; but so it can be made again when a worker dies
        parcel = client.submit(bytes, content, key=f"kg-parcel-{fingerprint.of_bytes(content)}")
    code = versions()
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
        error = _lost(client, address) if future.cancelled() else future.exception()
        problem = {"problems": [f"area {bundle[0].parameters.area}: {error}; run again"], "files": {}}
        answers = [problem] * len(bundle) if error is not None else future.result()
        yield from zip(bundle, answers, strict=True)
        future.release()  # its outputs are here: the workers may forget them


def _settle(job: Job, answer: dict[str, Any], output: Path) -> Outcome:
    """Put what came back in place; a run that failed leaves its copy and nothing else."""
    from kg_analysis.runs import outputs  # noqa: PLC0415
    from kg_analysis.runs.notebook import RunResult  # noqa: PLC0415

    root, year = job.root or output, job.parameters.year
    try:
        if answer["problems"]:
            return Outcome(job, None, (*answer["problems"], *_keep_copies(answer["files"], root / str(year))))
        section = manifest.Section(**answer["section"])
        if (section.parameters["area"], section.parameters["year"]) != (job.parameters.area, year):
            return Outcome(job, None, (f"{job.source.name}: a worker answered for another area or year; run again",))
        staging = outputs.stage(root, job.source.stem, year, os.getpid())
        try:
            for name, content in answer["files"].items():
                write_bytes(staging.written / name, content)
            files = outputs.commit(staging, section)
        finally:
            outputs.discard(staging)
    except DataError as error:
        return Outcome(job, None, error.problems)
    except OSError as error:
        why = f"{root}: cannot write outputs there ({error}); free the path or pass --output-dir"
        return Outcome(job, None, (why,))
    return Outcome(job, RunResult(job.source.stem, tuple(files), tuple(answer["skipped"])))


def _keep_copies(files: dict[str, bytes], folder: Path) -> Iterator[str]:
    """Write the copies of a failed notebook, and say where each lies."""
    from kg_analysis.runs.notebook import place_of  # noqa: PLC0415

    for name, content in files.items():
        write_bytes(folder / name, content)
        yield place_of(folder / name)
