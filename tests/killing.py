"""Processes that are killed in the midst of what they do, and such as do the same thing at the same moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg_analysis.errors import DataError

FORK = multiprocessing.get_context("fork") if sys.platform != "win32" else None
_STEPS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "open"}  # of a change, as Python's audit names them


def die_at(moment: int, folder: Path) -> None:
    """Kill this process before the so-many-th step that changes something in a folder."""
    steps = iter(range(moment, -1, -1))

    def hook(event: str, details: tuple[Any, ...]) -> None:
        is_change = event in _STEPS and (event != "open" or (isinstance(details[1], str) and "w" in details[1]))
        if is_change and str(details[0]).startswith(str(folder)) and next(steps) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def killed_at(moment: int, folder: Path, change: Callable[[], object]) -> bool:
    """Make a change in a process that is killed at a moment; whether it came to its end before."""
    child = os.fork()
    if child == 0:
        die_at(moment, folder)
        change()
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def raced(target: Callable[..., object], several: list[tuple[Any, ...]]) -> list[int]:
    """Exit codes of calls made at the same moment, each in a process of its own; 1 is a refusal in words."""
    assert FORK is not None
    start = FORK.Event()

    def wait(*values: Any) -> None:
        start.wait()
        try:
            target(*values)
        except DataError:
            os._exit(1)
        except BaseException:
            os._exit(2)
        os._exit(0)

    processes = [FORK.Process(target=wait, args=values) for values in several]
    for process in processes:
        process.start()
    start.set()
    for process in processes:
        process.join(120)
    return [int(process.exitcode or 0) for process in processes]


def as_in_a_terminal() -> None:
    """Heed what whoever started the tests may have had ignored, as a shell does for what it runs in the background."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
