"""The folder of a year's outputs: written beside, moved into place, never half.

Responsibility: staging, commit and recovery. A run writes into a staging folder on the same disk; a commit first
writes a journal of all its moves, so that a run killed in the middle of them is completed by the next one.

Terms: *staging* = ``outputs/.partial-<notebook>-<process>``; *stale* = a file that this notebook wrote last time and no
longer does; files that no notebook owns are the reader's and are left alone.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from kg_analysis.disk import write_bytes
from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import manifest
from kg_analysis.runs.manifest import Section

JOURNAL = "journal.json"
_PATIENCE = 10  # seconds that the runs of a killed batch have to end [s]
_OWNED = re.compile(
    r"(charts|tables)/[\w.-]+|[\w-]+\.ipynb"
)  # a manifest is a file like any other: trust no path in it


@dataclass(frozen=True)
class Staging:
    """Where one run of a notebook writes until it is complete.

    Attributes
    ----------
    root : Path
        Root of the outputs.
    folder : Path
        Staging folder; stands in for the root.
    notebook : str
    year : int
    """

    root: Path
    folder: Path
    notebook: str
    year: int

    @property
    def written(self) -> Path:
        """Staged folder of the year."""
        return self.folder / str(self.year)


def stage(root: Path, notebook: str, year: int, owner: int) -> Staging:
    """New, empty staging folder, owned by a process.

    Raises
    ------
    RunError
        If it cannot be made.
    """
    folder = root / f".partial-{notebook}-{owner}"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / str(year)).mkdir(parents=True)
    except OSError as error:
        raise RunError(
            f"{root}: cannot write outputs there ({error.strerror}); free the path or pass --output-dir"
        ) from None
    return Staging(root, folder, notebook, year)


def commit(staging: Staging, section: Section) -> list[Path]:
    """Move everything a run has written into place.

    Parameters
    ----------
    staging : Staging
    section : Section
        The run's record, final paths inside.

    Returns
    -------
    list of Path
        Files now in place.

    Raises
    ------
    RunError
        If the outputs cannot be written; what was in place stays.
    """
    target = staging.root / str(staging.year)
    try:
        return _commit(staging, section, target)
    except OSError as error:
        raise RunError(f"{target}: cannot write outputs there ({error}); free the path or pass --output-dir") from None


def _commit(staging: Staging, section: Section, target: Path) -> list[Path]:
    files = sorted(
        path.relative_to(staging.written).as_posix()
        for path in staging.written.rglob("*")
        if path.is_file() and path.name != manifest.NAME
    )
    sections = manifest.read(target)
    others = {each for name, other in sections.items() if name != staging.notebook for each in other.files}
    before = sections[staging.notebook].files if staging.notebook in sections else []
    stale = [each for each in before if each not in {*files, *others} and _OWNED.fullmatch(each)]
    journal = {
        "notebook": staging.notebook,
        "year": staging.year,
        "files": files,
        "stale": [*stale, f"{staging.notebook}.failed.ipynb"],
        "section": asdict(section) | {"files": files},
    }
    write_bytes(staging.folder / JOURNAL, json.dumps(journal, ensure_ascii=False).encode("utf-8"))
    _roll_forward(staging.root, staging.folder)
    return [target / each for each in files]


def discard(staging: Staging) -> None:
    """Remove a staging folder that will not be committed."""
    shutil.rmtree(staging.folder, ignore_errors=True)


def recover(root: Path) -> None:
    """Complete or remove what killed runs have left; leave the staging of a living process alone.

    Raises
    ------
    RunError
        If a complete run cannot be moved into place.
    """
    for folder in sorted(root.glob(".partial-*-*")):
        owner = folder.name.rpartition("-")[2]
        if owner.isdecimal() and _lives(int(owner), folder):
            continue
        if (folder / JOURNAL).is_file():
            try:
                _roll_forward(root, folder)
            except (OSError, ValueError, KeyError, DataError) as error:
                raise RunError(f"{folder}: an earlier run cannot be completed ({error}); remove this folder") from None
        else:
            shutil.rmtree(folder, ignore_errors=True)


def recover_all(output: Path) -> None:
    """Recover every area's folder of a batch, whose lock is held; what a killed batch left running is waited for."""
    end = time.monotonic() + _PATIENCE
    while left := {each.parent for each in output.glob("*/.partial-*-*")}:
        for root in sorted(left):
            recover(root)
        if time.monotonic() > end:
            break
        time.sleep(0.1)
    for each in (*output.glob(".*.partial"), *output.glob("*/*/.*.partial")):  # of a process killed while it wrote
        owner = each.name.split(".")[-2]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            each.unlink(missing_ok=True)


def _lives(owner: int, folder: Path) -> bool:
    """Whether the process that made a folder still runs; one started after it has only inherited the number."""
    try:
        process = psutil.Process(owner)
        return process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= folder.stat().st_mtime + 1
    except (psutil.Error, OSError):
        return False


def _roll_forward(root: Path, folder: Path) -> None:
    """Carry out a journal; every step may already be done."""
    journal = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
    target = root / str(int(journal["year"]))
    for name in journal["files"]:
        source = folder / str(journal["year"]) / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            source.replace(target / name)
    for name in journal["stale"]:
        if _OWNED.fullmatch(name) or name == f"{journal['notebook']}.failed.ipynb":
            (target / name).unlink(missing_ok=True)
    manifest.record(target, journal["notebook"], Section(**journal["section"]))
    shutil.rmtree(folder)
