"""Several notebooks at once, each in a process of its own.

Responsibility: start, follow and stop them, with one progress bar. Each run commits for itself; the failure of one
stops none of the others.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import warm
from kg_analysis.runs.parameters import RunParameters

# A forked child has papermill imported already; where there is no fork, each child imports it.
METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else "spawn"


@dataclass(frozen=True)
class Job:
    """One notebook to run: its file and its checked parameters."""

    source: Path
    parameters: RunParameters


@dataclass
class _Child:
    process: Any
    job: Job
    answer: Any = field(default=None)


def prepare() -> None:
    """Import what every child needs, once, before any is forked."""
    from kg_analysis.runs import notebook  # noqa: F401, PLC0415


@contextmanager
def helped(check: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """A process that checks the data while this one imports papermill, and forks warm kernels from then on.

    Parameters
    ----------
    check : callable
        Runs in the helper; what it returns or raises comes out of the call that is yielded.
    """
    if METHOD != "fork":
        yield check
        return
    context: Any = multiprocessing.get_context(METHOD)
    with warm.socket_folder() as name:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_help, args=(check, sender, Path(name), os.getpid()))
        process.start()
        sender.close()
        try:
            yield partial(_helpers_answer, receiver, process, Path(name))
        finally:
            process.terminate()
            process.join()


def _helpers_answer(receiver: Connection, process: Any, folder: Path) -> Any:
    try:
        kind, content = receiver.recv()
    except EOFError:
        process.join()
        raise RunError(f"the helper process ended with code {process.exitcode}; run again") from None
    if kind == "error":
        raise content
    warm.use(folder)
    return content


def _help(check: Callable[[], Any], sender: Connection, folder: Path, owner: int) -> None:
    _die_with(owner)
    try:
        warm.serve(check, sender, folder)
    except DataError as error:
        sender.send(("error", error))


def run_all(jobs: Sequence[Job], root: Path, workers: int = 1) -> list[Any]:
    """Run notebooks, one or several at a time.

    Parameters
    ----------
    jobs : sequence of Job
    root : Path
        Root of the outputs.
    workers : int
        Notebooks at a time; each more takes less time and more memory.

    Returns
    -------
    list of RunResult
        In the order of the jobs.

    Raises
    ------
    RunError
        After all have ended: the problems of every run that failed.
    """
    from kg_analysis.runs import notebook, outputs  # noqa: PLC0415  imported before the fork, once for all children
    from kg_analysis.runs.source import read_notebook  # noqa: PLC0415

    outputs.recover(root)
    cells = sum(cell.cell_type == "code" for job in jobs for cell in read_notebook(job.source).cells) + len(jobs)
    tqdm.monitor_interval = 0  # no thread may exist when a child is forked
    with tqdm(total=cells, unit="cell", disable=None, file=sys.stderr) as bar:
        return _follow(list(jobs), root, workers, bar, notebook.run_notebook)


def _follow(jobs: list[Job], root: Path, workers: int, bar: Any, run: Callable[..., Any]) -> list[Any]:
    waiting, running = list(jobs), dict[Connection, _Child]()
    results: dict[int, Any] = {}
    problems: list[str] = []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                connection, child = _start(waiting.pop(0), root, run)
                running[connection] = child
            for ready in wait(list(running)):
                child = running[ready]  # type: ignore[index]
                if _receive(ready, child, bar):  # type: ignore[arg-type]
                    del running[ready]  # type: ignore[arg-type]
                    _settle(child, results, problems, bar)
    finally:
        _stop(running)
    if problems:
        raise RunError(problems)
    return [results[id(job)] for job in jobs]


def _start(job: Job, root: Path, run: Callable[..., Any]) -> tuple[Connection, _Child]:
    context: Any = multiprocessing.get_context(METHOD)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, root, sender, os.getpid(), run))
    process.start()
    sender.close()
    return receiver, _Child(process, job)


def _receive(connection: Connection, child: _Child, bar: Any) -> bool:
    """Take one message; whether the child has ended."""
    try:
        kind, content = connection.recv()
    except EOFError:
        child.process.join()
        code = child.process.exitcode
        child.answer = RunError(
            f"{child.job.source.name}: its process ended with code {code}; the last good outputs stand"
        )
        return True
    if kind == "cell":
        bar.update()
        return False
    child.process.join()
    child.answer = content
    return True


def _settle(child: _Child, results: dict[int, Any], problems: list[str], bar: Any) -> None:
    name = child.job.source.stem
    if isinstance(child.answer, DataError):
        problems.extend(child.answer.problems)
        bar.write(f"failed {name}", file=sys.stderr)
    else:
        results[id(child.job)] = child.answer
        bar.write(f"done {name}", file=sys.stderr)


def _stop(running: dict[Connection, _Child]) -> None:
    for child in running.values():
        child.process.terminate()
    for child in running.values():
        child.process.join()


def _work(job: Job, root: Path, sender: Connection, owner: int, run: Callable[..., Any]) -> None:
    """In the child: one run, reported cell by cell."""
    _die_with(owner)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends the kernel on the way out
    try:
        answer = run(
            job.source, job.parameters, root, lambda: sender.send(("cell", None)), lambda: os.getppid() == owner
        )
    except DataError as error:
        sender.send(("end", error))
    except KeyboardInterrupt:
        sys.exit(1)
    else:
        sender.send(("end", answer))


def _die_with(owner: int) -> None:
    """Ask Linux to end this process when its parent is killed; elsewhere the check before the commit must do."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
        if os.getppid() != owner:  # it was gone before we asked
            sys.exit(1)
