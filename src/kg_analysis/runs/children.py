"""Runs in processes of their own: started, followed, bounded, ended.

Responsibility: one process a run, so many at a time; what each answers, or why it cannot. The failure of one stops none
of the others.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from kg_analysis.errors import DataError, RunError
from kg_analysis.runs.limits import Limits, bound_memory
from kg_analysis.runs.parameters import RunParameters
from kg_analysis.runs.signals import follow_owner

# A forked child has papermill imported already; where there is no fork, each child imports it.
METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() and sys.platform == "linux" else "spawn"
_TO_CLEAN_UP = 5  # seconds that a run has to end itself when it is asked to [s]
_GRACE = 30  # seconds beyond its limit after which a run that does not end itself is ended [s]


@dataclass(frozen=True)
class Job:
    """One notebook to run.

    Attributes
    ----------
    source : Path
        The notebook's file.
    parameters : RunParameters
        Checked parameters.
    root : Path or None
        Root of its outputs; None = that of all jobs.
    """

    source: Path
    parameters: RunParameters
    root: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    job : Job
    result : RunResult or None
        None if it failed.
    problems : tuple of str
        Why it failed.
    """

    job: Job
    result: Any
    problems: tuple[str, ...] = ()


@dataclass
class _Child:
    process: Any
    job: Job
    deadline: float
    answer: Any = field(default=None)


def follow(
    jobs: Sequence[Job], root: Path, workers: int, limits: Limits, on_cell: Callable[[], None] = lambda: None
) -> Iterator[Outcome]:
    """Run jobs, so many at a time, and yield how each ended, in the order of their ends.

    Leaving the iteration early ends what still runs.
    """
    from kg_analysis.runs import notebook  # noqa: PLC0415  imported before the fork, once for all children

    waiting, running = list(reversed(jobs)), dict[Connection, _Child]()
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                connection, child = _start(waiting.pop(), root, limits, notebook.run_notebook)
                running[connection] = child
            for ready in wait(list(running), timeout=1):
                child = running[ready]  # type: ignore[index]
                if _receive(ready, child, on_cell):  # type: ignore[arg-type]
                    del running[ready]  # type: ignore[arg-type]
                    yield _outcome(child)
            for child in running.values():
                if time.monotonic() > child.deadline:
                    child.process.kill()
    finally:
        _stop(running)


def _start(job: Job, root: Path, limits: Limits, run: Callable[..., Any]) -> tuple[Connection, _Child]:
    context: Any = multiprocessing.get_context(METHOD)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, root, limits, sender, os.getpid(), run))
    process.start()
    sender.close()
    return receiver, _Child(process, job, time.monotonic() + limits.seconds + _GRACE)


def _receive(connection: Connection, child: _Child, on_cell: Callable[[], None]) -> bool:
    """Take one message; whether the child has ended."""
    try:
        kind, content = connection.recv()
    except (EOFError, OSError):  # it may have been killed in the middle of a message
        child.process.join()
        code = child.process.exitcode
        child.answer = RunError(
            f"{child.job.source.name}: its process ended with code {code}; the last good outputs stand"
        )
    else:
        if kind == "cell":
            on_cell()
            return False
        child.process.join()
        child.answer = content
    connection.close()
    return True


def _outcome(child: _Child) -> Outcome:
    if isinstance(child.answer, DataError):
        return Outcome(child.job, None, child.answer.problems)
    return Outcome(child.job, child.answer)


def _stop(running: dict[Connection, _Child]) -> None:
    for child in running.values():
        child.process.terminate()
    for child in running.values():
        end(child.process)


def end(process: Any) -> None:
    """Have a process end in order, or be ended: what it leaves is cleaned up by who started it."""
    process.terminate()
    process.join(_TO_CLEAN_UP)
    process.kill()
    process.join()


def _work(job: Job, root: Path, limits: Limits, sender: Connection, owner: int, run: Callable[..., Any]) -> None:
    """In the child: one run, reported cell by cell."""
    follow_owner(owner)
    try:
        bound_memory(os.getpid(), limits.memory_mb)  # it gathers what the cells write
        answer = run(
            job.source,
            job.parameters,
            job.root or root,
            lambda: sender.send(("cell", None)),
            lambda: os.getppid() == owner,
            limits,
        )
    except DataError as error:
        sender.send(("end", error))
    except Exception as error:
        sender.send(("end", RunError(f"{job.source.name}: {type(error).__name__}: {error}")))
    else:
        sender.send(("end", answer))
