"""One batch at a time in an output folder.

Responsibility: the lock file of an output folder. A batch that was killed leaves its lock; it is recognised by its
process, which is gone or was started at another moment, and replaced.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from kg_analysis.disk import exclusive, write_bytes
from kg_analysis.errors import RunError

NAME = ".kg-batch.lock"
_SAME_START = 1.0  # seconds that two readings of one process's start may differ


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Hold the output folder for the time of a batch.

    Raises
    ------
    RunError
        If another batch holds it, naming its process and machine; if nothing can be written there.
    """
    path = root / NAME
    own = {"host": socket.gethostname(), "pid": os.getpid(), "started": psutil.Process().create_time()}
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
        return {"host": str(found["host"]), "pid": int(found["pid"]), "started": float(found["started"])}
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return None  # no batch of ours writes half a lock: it is nobody's


def _lives(found: dict[str, object]) -> bool:
    if found["host"] != socket.gethostname():
        return True  # cannot be told from here
    try:
        process = psutil.Process(int(str(found["pid"])))
        return (
            abs(process.create_time() - float(str(found["started"]))) < _SAME_START
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.Error:
        return False
