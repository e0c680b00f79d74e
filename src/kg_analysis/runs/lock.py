"""One batch at a time in an output folder.

Responsibility: the lock file of an output folder. A batch that was killed leaves its lock; it is recognised by its
process, which is gone or was started at another moment, and replaced. The moment is counted from the start of the
system, which setting the clock does not move.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from kg_analysis.disk import exclusive, write_bytes
from kg_analysis.errors import RunError

NAME = ".kg-batch.lock"
_SAME_START = 0.5  # that two readings of one process's start may differ by
_BOOT, _NAMESPACE = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold the output folder for the time of a batch.

    Raises
    ------
    RunError
        If another batch holds it, naming its process and machine; if nothing can be written there.
    """
    path = root / NAME
    own = _system() | {"pid": os.getpid(), "started": _started(os.getpid())}
    try:
        _take(path, own)
    except OSError as error:
        raise RunError(f"{root}: cannot write outputs there ({error.strerror}); pass another --output-dir") from None
    try:
        yield
    finally:
        if _read(path) == own:
            path.unlink(missing_ok=True)


def _take(path: Path, own: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(path.parent):  # between reading an old lock and writing the new one, nobody else may
        found = _read(path)
        if found and _lives(found):
            raise RunError(
                f"{path.parent}: a batch of process {found['pid']} on {found['host']} writes there; wait for it, "
                f"choose another --output-dir, or remove {NAME} if that machine is gone"
            )
        write_bytes(path, (json.dumps(own) + "\n").encode())


def _read(path: Path) -> dict[str, object] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        system = {name: str(found[name]) for name in _system()}
        return system | {"pid": int(found["pid"]), "started": float(found["started"])}
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return None  # no batch of ours writes half a lock: it is nobody's


def _lives(found: dict[str, object]) -> bool:
    own = _system()
    if (found["host"], found["space"]) != (own["host"], own["space"]):
        return True  # cannot be told from here
    if found["boot"] != own["boot"]:
        return False  # no process outlives its system
    try:
        pid = int(str(found["pid"]))
        same = abs(_started(pid) - float(str(found["started"]))) < _SAME_START
        return same and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError):
        return False


def _system() -> dict[str, object]:
    """This machine, its start, and the space of processes that is seen here: that of a container is its own."""
    boot, space = "", ""
    with suppress(OSError):
        boot, space = _BOOT.read_text(encoding="utf-8").strip(), str(_NAMESPACE.readlink())
    return {"host": socket.gethostname(), "boot": boot, "space": space}


def _started(pid: int) -> float:
    """When a process started: ticks since the start of the system where that is told, else seconds of the clock.

    Raises
    ------
    OSError or psutil.Error
        If there is no such process.
    """
    if _BOOT.is_file():
        return float(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
    return psutil.Process(pid).create_time()
