"""Many runs: an order of years by areas by notebooks, what of it has changed, and its runs on dask.

Responsibility: one path for this machine (a LocalCluster of threads, each of which waits for a kernel) and for many
(``--scheduler``). Data and notebooks travel with the work and outputs come back, so no folder is shared, and only this
process writes outputs, each run once, whatever a worker does that dies or comes back.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from kg_analysis.disk import files_below, write_bytes
from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import manifest, parameters
from kg_analysis.runs.manifest import Section
from kg_analysis.runs.run import Folders, Job, Outcome, execute, plan, progress, settle
from kg_analysis.untrusted import read_toml

ALL, STATE = "all", ".kg-batch.json"
_MOST_NAMED = 12  # years in one message
_PATIENCE = 15  # that the scheduler and its first worker have to answer [s]
_RETRIES = 3  # of a run whose worker fails
_SPAN = re.compile(r"(\d{4})(?:-(\d{4}))?")
_ADDRESS = re.compile(r"(tcp|tls|wss?|ucx)://[^/]+:\d+")
_WRITE = {
    "years": 'years = "2015-2024,2026", [2020, 2021] or "all"',
    "areas": 'areas = ["91", "89"] or "all"',
    "notebooks": 'notebooks = ["01_covid_waves"] or "all"',
    "parameters": 'numbers, texts, true or false, as language = "en" under [parameters]',
}
_OWN = {"area": "areas (--area)"} | parameters.RESERVED | {"year": "years"}


class Order(BaseModel):
    """A batch as it is asked for; the names are those of the TOML file, and "all" is what has figures."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    years: str | Annotated[list[int], Field(min_length=1)] = ALL
    areas: Literal["all"] | Annotated[list[str], Field(min_length=1)] = "all"
    notebooks: Literal["all"] | Annotated[list[str], Field(min_length=1)] = "all"
    parameters: dict[str, JsonValue] = {}


@dataclass(frozen=True)
class Summary:
    """What became of a batch: runs that were made and failed, and how many needed none."""

    done: tuple[Job, ...]
    failed: tuple[tuple[Job, Outcome], ...]
    skipped: int


def read_order(path: Path | None, **options: Any) -> Order:
    """Order of a TOML file, if one is given, with the options of the command line in front of it.

    Raises
    ------
    DataError
        A file that is no TOML; every unknown name or wrong type, with the choices.
    """
    content: dict[str, Any] = {}
    place = path.name if path else "batch"
    if path is not None:
        content = read_toml(path, "the order of a batch (toml), see docs/scaling.md")
    settings = options.pop("parameters", {})
    given = content | {name: value for name, value in options.items() if value not in (None, [])}
    try:
        order = Order(**given)
    except ValidationError as error:
        wrong = dict.fromkeys(str(details["loc"][0]) for details in error.errors())  # a choice of types has several
        raise DataError(f"{place}: {_refused(name, given.get(name))}" for name in wrong) from None
    order = order.model_copy(update={"parameters": order.parameters | settings})
    if own := [name for name in order.parameters if name in _OWN]:
        raise DataError(f"{place}: parameter {name} is set for each run; use {_OWN[name]}" for name in own)
    return order


def _refused(name: str, value: object) -> str:
    if name not in _WRITE:
        return f"{name!r} is no part of an order; its parts: {', '.join(_WRITE)}"
    return f"{name} = {value!r} cannot be read; write {_WRITE[name]}"


def list_years(text: str | Sequence[int]) -> list[int] | None:
    """Years of a text like ``2015-2024,2026``; None for all.

    Raises
    ------
    DataError
        If it is none.

    Examples
    --------
    >>> list_years("2015-2017,2020")
    [2015, 2016, 2017, 2020]
    """
    if not isinstance(text, str):
        return sorted(set(text))
    if text == ALL:
        return None
    years: set[int] = set()
    for part in map(str.strip, text.split(",")):
        span = _SPAN.fullmatch(part)
        if not span or (span[2] and int(span[2]) < int(span[1])):
            raise DataError(f"years {text!r}: {part!r} is no year or span; write 2015-2024,2026 or all")
        years.update(range(int(span[1]), int(span[2] or span[1]) + 1))
    return sorted(years)


def list_jobs(order: Order, folders: Folders, published: dict[str, list[int]]) -> list[Job]:
    """Runs of an order, by area, then year, then notebook.

    ``published`` has the years with figures by area; ``folders.output`` gets a folder an area.

    Raises
    ------
    DataError
        An area or year without figures; unknown notebooks or parameters.
    """
    areas = sorted(published) if order.areas == ALL else list(dict.fromkeys(order.areas))
    years = list_years(order.years)
    with_figures = ", ".join(sorted(published))
    problems = [
        f"area {area!r} has no figures; areas with figures: {with_figures}" for area in areas if area not in published
    ]
    offered = sorted({year for area in areas for year in published.get(area, [])})
    if absent := [str(year) for year in years or [] if year not in offered]:
        more = f" and {len(absent) - _MOST_NAMED} more" if len(absent) > _MOST_NAMED else ""
        named, choices = ", ".join(absent[:_MOST_NAMED]) + more, ", ".join(map(str, offered))
        problems.append(f"no figures of {named} in the areas chosen; years with figures: {choices}")
    notebooks = list(parameters.NOTEBOOKS) if order.notebooks == ALL else list(dict.fromkeys(order.notebooks))
    try:
        parameters.known_to(notebooks, order.parameters)
    except DataError as error:
        problems += error.problems
    if problems:
        raise DataError(problems)
    return [
        plan(
            notebook,
            replace(folders, output=folders.output / area),
            **parameters.of(notebook, order.parameters) | {"year": year, "area": area},
        )
        for area in areas
        for year in published[area]
        if years is None or year in years
        for notebook in notebooks
    ]


def run_batch(
    order: Order,
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

    Raises
    ------
    DataError
        Before anything is run: wrong data or orders, no folder of notebooks, another run in the same outputs.
    """
    if not folders.notebooks.is_dir():
        raise DataError(f"{folders.notebooks}: is no folder of notebooks; pass another --notebooks-dir")
    with manifest.held(folders.output), ExitStack() as stack:
        inputs = manifest.data_hashes(folders.data)
        server: list[Any] = []

        def start() -> Any:
            from kg_analysis.runs.warm import Server  # noqa: PLC0415

            server.extend([] if server else [stack.enter_context(Server(folders.data))])
            return server[0]

        published = _published(folders, manifest.sha256(json.dumps([inputs, manifest.library()]).encode()), start)
        jobs = list_jobs(order, folders, published)
        wanted = jobs if force else list(_changed(jobs, inputs))
        if not wanted:
            return Summary((), (), len(jobs))
        say(f"{len(jobs)} runs, {len(wanted)} to do")
        outcomes = []
        client = stack.enter_context(_cluster(scheduler, workers, start))
        with progress(len(wanted), "run") as bar:
            for job, outcome in settle(_submit(client, wanted, folders, inputs, seconds), lambda *_, **__: None):
                bar.update()
                if outcome.problems:
                    bar.write(f"failed {outcome.problems[0]}", file=sys.stderr)
                outcomes.append((job, outcome))
    order_of = {id(job): place for place, job in enumerate(wanted)}
    failed = sorted((each for each in outcomes if each[1].problems), key=lambda each: order_of[id(each[0])])
    done = tuple(job for job, outcome in outcomes if not outcome.problems)
    return Summary(done, tuple(failed), len(jobs) - len(wanted))


def _published(folders: Folders, mark: str, start: Callable[[], Any]) -> dict[str, list[int]]:
    """Years with figures by area, of data that are sound; remembered for the next batch on the same files."""
    path = folders.output / STATE
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        if state["sound"] == mark:
            return {str(area): [int(year) for year in years] for area, years in state["published"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    start()  # it imports what kernels need while the data are checked
    from kg_analysis.data.clean import check_data  # noqa: PLC0415
    from kg_analysis.data.dataset import published_years  # noqa: PLC0415

    check_data(folders.data)
    published = published_years(folders.data)
    write_bytes(path, json.dumps({"sound": mark, "published": published}, sort_keys=True).encode())
    return published


def _changed(jobs: Iterable[Job], inputs: dict[str, str]) -> Iterator[Job]:
    """Jobs whose outputs are missing or rest on something that has changed since; what killed runs left is settled."""
    code: dict[str, dict[str, str]] = {}
    sections: dict[Path, dict[str, Section]] = {}
    for job in jobs:
        if job.target not in sections:
            try:
                if job.target.is_dir():
                    with manifest.held(job.target):
                        sections[job.target] = manifest.read(job.target)
                sections.setdefault(job.target, {})
            except (DataError, OSError):  # made anew; what is in the way is named by the runs that it stops
                sections[job.target] = {}
        if job.notebook not in code:
            path = job.folders.notebooks / f"{job.notebook}.ipynb"
            source = manifest.sha256(path.read_bytes()) if path.is_file() else ""
            code[job.notebook] = {"notebook": source, "library": manifest.library()}
        given = job.parameters.model_dump()
        as_made = Section(given, inputs, [], [], manifest.packages(), code[job.notebook])
        if not manifest.is_current(job.target, job.key, as_made, sections[job.target]):
            yield job


# --- on dask


@contextmanager
def _cluster(address: str | None, workers: int, start: Callable[[], Any]) -> Iterator[Any]:
    """Client of a scheduler: this process's own, or another's whose workers are all like this machine."""
    from distributed import Client, LocalCluster  # noqa: PLC0415

    for name in ("asyncio", "distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel("CRITICAL")  # what they tell of a lost scheduler, we say
    if address is None:
        with (
            LocalCluster(n_workers=1, threads_per_worker=workers, processes=False, dashboard_address=None) as local,
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
        remedy = (
            "set distributed.comm.tls in dask's configuration" if address.startswith("tls") else "check the address"
        )
        raise RunError(f"scheduler {address} does not answer ({error}); {remedy}") from None
    with client:
        check_workers(client, address)
        yield client


def check_workers(client: Any, address: str) -> None:
    """Refuse a cluster whose workers are not all like this machine: what they make would differ.

    Raises
    ------
    RunError
        If there is no worker, or one has another version of this library or of a package.
    """
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        raise RunError(f"scheduler {address} has no workers; start some and run again") from None
    others = sorted(
        worker for worker, theirs in client.run(versions, on_error="return").items() if theirs != versions()
    )
    if others:
        raise RunError(
            f"worker {worker} has other versions of kg_analysis or its packages; install the same everywhere"
            for worker in others
        )


def versions() -> tuple[str, dict[str, str]]:
    """What decides on the outputs' bytes here: this library's source and the packages."""
    return manifest.library(), manifest.packages()


def _submit(
    client: Any, jobs: Sequence[Job], folders: Folders, inputs: dict[str, str], seconds: float
) -> dict[Any, Job]:
    """Futures of all runs; the data must still be those that were checked."""
    parcel = {
        f"{top}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for top, folder in (("data", folders.data), ("notebooks", folders.notebooks))
        for path in files_below(folder)
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
    manifest.unchanged(folders.data, inputs)
    mark = manifest.sha256("".join(f"{name} {manifest.sha256(content)}" for name, content in parcel.items()).encode())
    executor = client.get_executor(pure=False, retries=_RETRIES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that it is large; but so it can be made again if a worker dies
        shared = client.submit(dict, parcel, key=f"kg-{mark}")
    return {executor.submit(work, shared, mark, job, seconds): job for job in jobs}


_SERVERS: dict[int, Any] = {}  # of this process, by its id: a forked one has none
_LOCK = threading.Lock()


def work(parcel: dict[str, bytes], mark: str, job: Job, seconds: float) -> Outcome:
    """On a worker: one run, on the data and notebooks that came with it."""
    with _LOCK:
        if os.getpid() not in _SERVERS:
            from kg_analysis.runs.warm import Server  # noqa: PLC0415

            _SERVERS[os.getpid()] = Server()
        server = _SERVERS[os.getpid()]
        place = server.home / mark[:16]
        if not place.is_dir():
            for name, content in parcel.items():
                write_bytes(place / name, content)
    return execute(job, Folders(place / "data", place / "notebooks", place), server, seconds)
