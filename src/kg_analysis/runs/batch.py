"""Many runs: those of an order, what of them has changed, and their way over dask.

Responsibility: one path for this machine (a LocalCluster of threads, each of which waits for a kernel) and for many
(``--scheduler``). What runs read travels with the work and outputs come back, so no folder is shared, and only this
process writes outputs, each run once, whatever a worker does that dies or comes back.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg_analysis import manifest, parameters
from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError, RunError
from kg_analysis.manifest import Section
from kg_analysis.runs.run import Folders, Job, Outcome, below, execute, plan, settle

STATE = ".kg-batch.json"
_MOST_NAMED = 12  # years in one message
_PATIENCE = 15  # that the scheduler and its first worker have to answer [s]
_RETRIES = 3  # of a run whose worker fails
_ADDRESS = re.compile(r"(tcp|tls|wss?|ucx)://[^/]+:\d+")


@dataclass(frozen=True)
class Summary:
    """What became of a batch: runs that were made and failed, and how many needed none."""

    done: tuple[Job, ...]
    failed: tuple[tuple[Job, Outcome], ...]
    skipped: int


def list_jobs(order: parameters.Order, folders: Folders, published: Mapping[str, list[int]]) -> list[Job]:
    """Runs of an order, by area, then year, then notebook.

    ``published`` has the years with figures by area; ``folders.output`` gets a folder an area.
    Raises DataError: an area or year without figures; unknown notebooks or parameters.
    """
    areas = sorted(published) if order.areas == parameters.ALL else list(dict.fromkeys(order.areas))
    years = parameters.list_years(order.years)
    choices = ", ".join(sorted(published))
    problems = [
        f"area {each!r} has no figures; areas with figures: {choices}" for each in areas if each not in published
    ]
    offered = sorted({year for area in areas for year in published.get(area, [])})
    if absent := [str(year) for year in years or [] if year not in offered]:
        more = f" and {len(absent) - _MOST_NAMED} more" if len(absent) > _MOST_NAMED else ""
        named, choices = ", ".join(absent[:_MOST_NAMED]) + more, ", ".join(map(str, offered))
        problems.append(f"no figures of {named} in the areas chosen; years with figures: {choices}")
    settings: dict[str, dict[str, Any]] = {}
    try:
        settings = parameters.divide(
            parameters.NOTEBOOKS if order.notebooks == parameters.ALL else order.notebooks, order.parameters
        )
    except DataError as error:
        problems += error.problems
    if problems:
        raise DataError(problems)
    return [
        plan(name, replace(folders, output=folders.output / area), **settings[name] | {"year": year, "area": area})
        for area in areas
        for year in published[area]
        if years is None or year in years
        for name in settings
    ]


def run_batch(
    order: parameters.Order,
    folders: Folders,
    workers: int,
    seconds: float,
    say: Callable[[str], None],
    scheduler: str | None = None,
    force: bool = False,
) -> Summary:
    """Run what an order needs.

    ``workers`` notebooks at a time on this machine, or on the workers of the dask ``scheduler`` at an address; the
    cells of each may take ``seconds`` [s].
    Raises DataError: before anything is run: wrong data or orders, no folder of notebooks, another run in the same
    outputs.
    """
    if not folders.notebooks.is_dir():
        raise DataError(f"{folders.notebooks}: is no folder of notebooks; pass another --notebooks-dir")
    with manifest.held(folders.output), ExitStack() as stack:
        files = folders.files()
        inputs = manifest.hashes(below(files, "data"))
        server: list[Any] = []

        def start() -> Any:
            from kg_analysis.runs.warm import Server  # noqa: PLC0415

            server.extend([] if server else [stack.enter_context(Server(folders.data))])
            return server[0]

        published = _published(folders, manifest.sha256(json.dumps([inputs, manifest.library()]).encode()), start)
        jobs = list_jobs(order, folders, published)
        wanted = jobs if force else list(_changed(jobs, files, inputs))
        if not wanted:
            return Summary((), (), len(jobs))
        manifest.unchanged(folders.data, inputs)
        say(f"{len(jobs)} runs, {len(wanted)} to do")
        client = stack.enter_context(_cluster(scheduler, workers, start))
        outcomes = dict(settle(_submit(client, wanted, files, seconds)))
    failed = tuple((job, outcomes[job]) for job in wanted if outcomes[job].problems)
    return Summary(tuple(job for job in wanted if not outcomes[job].problems), failed, len(jobs) - len(wanted))


def _published(folders: Folders, mark: str, start: Callable[[], Any]) -> dict[str, list[int]]:
    """Years with figures by area, of data that are sound; remembered for the next batch on the same files."""
    path = folders.output / STATE
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        state = json.loads(path.read_text(encoding="utf-8"))
        if state["sound"] == mark:
            return {str(area): [int(year) for year in years] for area, years in state["published"].items()}
    start()  # it imports what kernels need while the data are checked
    from kg_analysis.data.clean import check_data  # noqa: PLC0415
    from kg_analysis.data.dataset import published_years  # noqa: PLC0415

    check_data(folders.data)
    published = published_years(folders.data)
    write_bytes(path, json.dumps({"sound": mark, "published": published}, sort_keys=True).encode())
    return published


def _changed(jobs: Sequence[Job], files: Mapping[str, bytes], inputs: dict[str, str]) -> Iterator[Job]:
    """Jobs whose outputs are missing or rest on something that has changed since; what killed runs left is settled."""
    sections: dict[Path, dict[str, Section]] = {}
    for folder in {job.target: None for job in jobs}:
        sections[folder] = {}
        with suppress(DataError, OSError):  # made anew; what is in the way is named by the runs that it stops
            if folder.is_dir():
                with manifest.held(folder):
                    sections[folder] = manifest.read(folder)
    for job in jobs:
        source = manifest.sha256(files.get(f"notebooks/{job.notebook}.ipynb", b""))
        code = {"notebook": source, "library": manifest.library()}
        as_made = Section(job.parameters.model_dump(), inputs, [], [], manifest.packages(), code)
        if not manifest.is_current(job.target, job.key, as_made, sections[job.target].get(job.key)):
            yield job


# --- on dask

_HERE = "127.0.0.1:0"  # pages of a cluster's state are open to this machine only
_PRIVATE: dict[str, Any] = {
    "dashboard_address": None,
    "worker_dashboard_address": _HERE,
    "scheduler_kwargs": {"dashboard_address": _HERE},
}


@contextmanager
def _cluster(address: str | None, workers: int, start: Callable[[], Any]) -> Iterator[Any]:
    """Client of a scheduler: this process's own, or another's whose workers are all like this machine."""
    from distributed import Client, LocalCluster  # noqa: PLC0415

    for name in ("asyncio", "distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel("CRITICAL")  # what they tell of a lost scheduler, we say
    if address is None:
        with (
            LocalCluster(n_workers=1, threads_per_worker=workers, processes=False, **_PRIVATE) as local,
            Client(local, set_as_default=False) as client,
            start() as _SERVERS[os.getpid()],  # ends first, and with it the runs that the cluster would wait for
        ):
            yield client
        _SERVERS.clear()
        return
    if not _ADDRESS.fullmatch(address):
        raise RunError(f"scheduler {address!r} is no address; write one like tcp://host:8786")
    try:
        client = Client(address, timeout=f"{_PATIENCE}s", set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        secured = "set distributed.comm.tls in dask's configuration"
        remedy = secured if address.startswith("tls") else "check the address"
        raise RunError(f"scheduler {address} does not answer ({error}); {remedy}") from None
    with client:
        check_workers(client, address)
        yield client


def check_workers(client: Any, address: str) -> None:
    """Refuse a cluster without workers, or with one that has another version of this library or of a package."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        raise RunError(f"scheduler {address} has no workers; start some and run again") from None
    theirs = client.run(versions, on_error="return")
    if others := sorted(worker for worker in theirs if theirs[worker] != versions()):
        remedy = "install the same everywhere"
        raise RunError(f"worker {each} has other versions of kg_analysis or its packages; {remedy}" for each in others)


def versions() -> tuple[str, dict[str, str]]:
    """What decides on the outputs' bytes here: this library's source and the packages."""
    return manifest.library(), manifest.packages()


def _submit(client: Any, jobs: Sequence[Job], files: dict[str, bytes], seconds: float) -> dict[Any, Job]:
    """Futures of all runs; what they read is handed to each worker once."""
    mark = manifest.sha256(json.dumps(manifest.hashes(files)).encode())
    executor = client.get_executor(pure=False, retries=_RETRIES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that it is large; but so it can be made again if a worker dies
        shared = client.submit(dict, files, key=f"kg-{mark}")
    return {executor.submit(work, job, shared, seconds): job for job in jobs}


_SERVERS: dict[int, Any] = {}  # of this process, by its id: a forked one has none
_LOCK = threading.Lock()


def work(job: Job, files: dict[str, bytes], seconds: float) -> Outcome:
    """On a worker: one run, on the data and notebooks that came with it."""
    with _LOCK:
        if os.getpid() not in _SERVERS:
            from kg_analysis.runs.warm import Server  # noqa: PLC0415

            _SERVERS[os.getpid()] = Server()
    return execute(job, files, _SERVERS[os.getpid()], seconds)
