"""Which runs of a batch need not be run again.

Responsibility: hold what a manifest says of a run against notebook, parameters, library, packages and data as they are
now. A run that does not say what it has read is always run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError
from kg_analysis.runs import fingerprint, manifest
from kg_analysis.runs.children import Job
from kg_analysis.runs.manifest import Section
from kg_analysis.runs.plan import Folders, Order

STATE = ".kg-batch.json"


def needed(jobs: Sequence[Job], data_dir: Path) -> list[Job]:
    """Jobs whose outputs are missing or rest on something that has changed since.

    Where only other parts of the data have changed, the manifest is brought up to date with the files as they are now,
    as if the run had been repeated.
    """
    found: list[Job] = []
    for (area, year), group in groupby(jobs, key=lambda job: (job.parameters.area, job.parameters.year)):
        found += _needed_of(list(group), area, year, data_dir)
    return found


def key_of(order: Order, folders: Folders) -> str:
    """Hash over all that a batch depends on: when it and the outputs are the same, nothing needs to be done."""
    names = sorted(folders.notebooks.glob("*.ipynb"))
    parts = {
        "order": order.model_dump(),
        "data": fingerprint.of_data(folders.data),
        "notebooks": fingerprint.of_files(names, folders.notebooks),
        "library": fingerprint.library(),
        "packages": fingerprint.packages(),
    }
    return fingerprint.of_text(json.dumps(parts, sort_keys=True))


def count_complete(key: str, root: Path) -> int | None:
    """Number of runs of a batch with this key that ended well and whose outputs are all there; None if none did."""
    try:
        state = json.loads((root / STATE).read_text(encoding="utf-8"))
        if state["key"] != key:
            return None
        if any(_of_manifest(root / place) != found for place, found in state["manifests"].items()):
            return None  # somebody else has run something there
        runs = [(root / place, notebooks) for place, notebooks in state["runs"].items()]
        return sum(len(names) for _, names in runs) if all(_stands(*each) for each in runs) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, DataError):
        return None


def is_sound(data: str, root: Path) -> bool:
    """Whether a data folder with this hash was found sound by an earlier batch of this library."""
    try:
        return bool(json.loads((root / STATE).read_text(encoding="utf-8"))["sound"] == _mark(data))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def remember(root: Path, data: str, key: str | None = None, jobs: Iterable[Job] = ()) -> None:
    """Write down that the data are sound, and, with a key, that all jobs are done; without one, that none is known."""
    runs: dict[str, list[str]] = {}
    for job in jobs:
        runs.setdefault(f"{job.parameters.area}/{job.parameters.year}", []).append(job.source.stem)
    manifests = {place: _of_manifest(root / place) for place in runs}
    state = {"sound": _mark(data), "key": key, "runs": runs, "manifests": manifests}
    write_bytes(root / STATE, (json.dumps(state, indent=1, sort_keys=True) + "\n").encode())


def _mark(data: str) -> str:
    return fingerprint.of_text(f"{data} {fingerprint.library()}")


def _of_manifest(folder: Path) -> str:
    return fingerprint.of_file(folder / manifest.NAME)


def _stands(folder: Path, notebooks: Sequence[str]) -> bool:
    sections = manifest.read(folder)
    return all(name in sections and _files_stand(folder, name, sections[name]) for name in notebooks)


def _files_stand(folder: Path, notebook: str, section: Section) -> bool:
    there = all((folder / each).is_file() for each in section.files)
    return there and not (folder / f"{notebook}.failed.ipynb").exists()


def _needed_of(jobs: list[Job], area: str, year: int, data_dir: Path) -> list[Job]:
    """Jobs of one area and year that must be run."""
    from kg_analysis.data.dataset import read_store  # noqa: PLC0415

    folder = (jobs[0].root or Path()) / str(year)
    try:
        sections = manifest.read(folder)
    except DataError:  # broken: all of it is made anew
        with suppress(OSError):  # what is in the way is named by the runs that it stops
            (folder / manifest.NAME).unlink()
        sections = {}
    inputs = read_store(data_dir).inputs
    stems = {name for name, section in sections.items() if section.inputs == inputs}
    same = [job for job in jobs if job.source.stem in stems and _same_code(job, folder, sections[job.source.stem])]
    return [job for job in jobs if job not in same]


def _same_code(job: Job, folder: Path, section: Section) -> bool:
    """Whether notebook, parameters, library and packages are those of the last run, and its outputs stand."""
    code = {"notebook": _of_notebook(job.source), "library": fingerprint.library()}
    return (
        bool(section.inputs)
        and section.code == code
        and section.packages == fingerprint.packages()
        and section.parameters == job.parameters.model_dump()
        and _files_stand(folder, job.source.stem, section)
    )


@lru_cache(maxsize=64)
def _of_notebook(path: Path) -> str:
    try:
        return fingerprint.of_file(path)
    except OSError:
        return ""  # its run will say so
