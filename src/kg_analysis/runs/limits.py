"""What one run may take, and the folder it works in.

Responsibility: bounds of time and memory, and a working folder of the run's own, so that a cell that hangs, fills
memory or deletes the folder around it harms this run only.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

IN, OUT = ".kg-in", ".kg-out"
MEMORY = "KG_RUN_MEMORY_MB"  # tells a run's process, and who starts its kernels, how much they may use


@dataclass(frozen=True)
class Limits:
    """Bounds of one run.

    Attributes
    ----------
    seconds : float
        Wall time of all its cells together.
    memory_mb : int or None
        Memory that its kernel, with all that this starts, and the process that gathers its outputs may each take on
        top of what they start with [MB]; None = no bound. Only Linux keeps it.
    """

    seconds: float = 600
    memory_mb: int | None = None


def bound_memory(pid: int, megabytes: int | None) -> None:
    """Let the system refuse a process more data than it has now and so much more; only Linux can.

    What it starts inherits the bound, each process for itself; memory that processes share is not counted.

    Parameters
    ----------
    pid : int
    megabytes : int or None
        Memory on top [MB]; None = no bound.
    """
    if megabytes is None or not hasattr(psutil, "RLIMIT_DATA"):
        return
    process = psutil.Process(pid)
    most = getattr(process.memory_info(), "data", 0) + megabytes * 2**20
    _, allowed = process.rlimit(psutil.RLIMIT_DATA)
    if allowed == psutil.RLIM_INFINITY or most < allowed:  # only root may raise what is allowed
        process.rlimit(psutil.RLIMIT_DATA, (most, most))


class TreeMemory:
    """Memory of a process and all that it has started, against a bound on what they take on top of its beginning.

    Parameters
    ----------
    pid : int
    megabytes : int
        Memory on top [MB].
    """

    def __init__(self, pid: int, megabytes: int) -> None:
        self._process = psutil.Process(pid)
        self._most = megabytes * 2**20
        self._resident, self._own = self._sum("rss"), self._sum("pss")

    def is_exceeded(self) -> bool:
        """Whether they take more now; Linux only."""
        if self._sum("rss") - self._resident <= self._most:  # counts shared pages in full: too high, but cheap
            return False
        return self._sum("pss") - self._own > self._most

    def _sum(self, kind: str) -> int:
        total = 0
        with suppress(psutil.Error):
            for each in [self._process, *self._process.children(recursive=True)]:
                with suppress(psutil.Error):
                    found = each.memory_full_info() if kind == "pss" else each.memory_info()
                    total += getattr(found, kind)
        return total


class Clock:
    """Time that is left of a run, counted from the first cell."""

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.seconds
        self._end: float | None = None

    def left(self, cell: object = None) -> float:
        """Seconds left [s], never quite none: a client takes 0 for "no limit"."""
        if self._end is None:
            self._end = time.monotonic() + self._seconds
        return max(self._end - time.monotonic(), 0.01)


@dataclass(frozen=True)
class Workplace:
    """Working folder of one run, and where data and outputs lie as seen from it.

    Attributes
    ----------
    folder : Path
        Has the name of the notebook's own folder and links to everything in it.
    data_dir, output_dir : str
        As the notebook's parameters name them for the time of the run; no other text is like them.
    """

    folder: Path
    data_dir: str
    output_dir: str


def workplace(staging: Path, source: Path, data_dir: Path, root: Path) -> Workplace:
    """Make the working folder of a run inside its staging folder.

    Parameters
    ----------
    staging : Path
        Stands in for the root of the outputs.
    source : Path
        The notebook.
    data_dir, root : Path
        Folder of the data and root of the outputs, absolute.
    """
    place = staging / "work"
    folder = place / (source.parent.name or "notebooks")
    folder.mkdir(parents=True)
    for each in source.parent.iterdir():
        if not each.name.startswith("."):
            _link(folder / each.name, each)
    return Workplace(
        folder,
        _named(place / IN / (data_dir.name or "data"), data_dir),
        _named(place / OUT / (root.name or "outputs"), staging),
    )


def _named(link: Path, target: Path) -> str:
    """Path of a link to a folder as seen from the working folder; of the folder itself where links are not allowed."""
    link.parent.mkdir()
    _link(link, target)
    return f"../{link.parent.name}/{link.name}" if link.is_symlink() else str(target)


def _link(link: Path, target: Path) -> None:
    with suppress(OSError):  # Windows keeps links for administrators
        link.symlink_to(target, target_is_directory=target.is_dir())
