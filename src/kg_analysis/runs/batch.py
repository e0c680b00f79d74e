"""Several notebooks at once, each in a process of its own.

Responsibility: start, follow and stop them, with one progress bar. Each run commits for itself; the failure of one
stops none of the others.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import warm
from kg_analysis.runs.aside import checked_aside
from kg_analysis.runs.children import METHOD, Job, Outcome, end, follow
from kg_analysis.runs.limits import Limits
from kg_analysis.runs.progress import progress
from kg_analysis.runs.signals import follow_owner

__all__ = ["METHOD", "Job", "Outcome", "helped", "prepare", "run_all", "run_each"]


def prepare() -> None:
    """Import and look up what every child needs, once, before any is forked."""
    with _without("rfc3987_syntax"):
        import jsonschema  # noqa: F401, PLC0415
    from jupyter_client.provisioning.factory import KernelProvisionerFactory  # noqa: PLC0415

    from kg_analysis.runs import fingerprint, notebook  # noqa: F401, PLC0415

    fingerprint.library()
    KernelProvisionerFactory.instance()  # reads the entry points of all packages


@contextmanager
def _without(package: str) -> Iterator[None]:
    """Keep an optional package from being imported.

    jsonschema would compile a grammar of internationalised addresses, which takes longer than all other imports
    together; what a notebook is held to has none.
    """
    known = package in sys.modules
    sys.modules.setdefault(package, None)  # type: ignore[arg-type]  # what Python takes for "not there"
    try:
        yield
    finally:
        if not known:
            del sys.modules[package]


@contextmanager
def helped(plan: Callable[[], Any], check: Path | None = None) -> Iterator[Callable[[], Any]]:
    """A process that looks at the data while this one imports papermill, and forks warm kernels from then on.

    Parameters
    ----------
    plan : callable
        Runs in the helper, whose memory the kernels share; what it returns or raises comes out of the call that is
        yielded.
    check : Path or None
        Data folder that is checked before; what is wrong with it comes out of the same call.
    """
    if METHOD != "fork":
        yield partial(_both, plan, check)
        return
    context: Any = multiprocessing.get_context(METHOD)
    with warm.socket_folder() as name:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_help, args=(plan, check, sender, Path(name), os.getpid()))
        process.start()
        sender.close()
        try:
            yield partial(_helpers_answer, receiver, process, Path(name))
        finally:
            end(process)


def _both(plan: Callable[[], Any], check: Path | None) -> Any:
    from kg_analysis.data.clean import check_data  # noqa: PLC0415

    if check:
        check_data(check)
    return plan()


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


def _help(plan: Callable[[], Any], check: Path | None, sender: Connection, folder: Path, owner: int) -> None:
    follow_owner(owner)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a thread would not survive the fork
    try:
        if check:
            with checked_aside(check) as checked:
                warm.import_what_kernels_need()
                checked()
        warm.serve(plan, sender, folder)
    except DataError as error:
        sender.send(("error", error))
    except Exception as error:
        sender.send(("error", RunError(f"{type(error).__name__}: {error}")))
    finally:
        if os.getppid() != owner:  # nobody else is left to do it
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a killed batch's folder; its runs are ending too, and may write there to the last."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.1)


def run_all(jobs: Sequence[Job], root: Path, workers: int = 1, limits: Limits = Limits()) -> list[Any]:  # noqa: B008
    """Run notebooks, one or several at a time.

    Parameters
    ----------
    jobs : sequence of Job
    root : Path
        Root of the outputs.
    workers : int
        Notebooks at a time; each more takes less time and more memory.
    limits : Limits
        Time and memory that each may take.

    Returns
    -------
    list of RunResult
        In the order of the jobs.

    Raises
    ------
    RunError
        After all have ended: the problems of every run that failed.
    """
    from kg_analysis.runs import outputs  # noqa: PLC0415
    from kg_analysis.runs.source import read_notebook  # noqa: PLC0415

    outputs.recover(root)
    _check_notebooks(jobs)
    cells = sum(cell.cell_type == "code" for job in jobs for cell in read_notebook(job.source).cells) + len(jobs)
    found: dict[int, Outcome] = {}
    with progress(cells, "cell") as bar:
        for each in follow(jobs, root, workers, limits, bar.update):
            found[id(each.job)] = each
            bar.write(f"{'failed' if each.problems else 'done'} {each.job.source.stem}", file=sys.stderr)
    if problems := [problem for each in found.values() for problem in each.problems]:
        raise RunError(problems)
    return [found[id(job)].result for job in jobs]


def run_each(jobs: Sequence[Job], root: Path, workers: int, limits: Limits) -> list[Outcome]:
    """Run many notebooks and say how each ended, in the order of the jobs; a failure is named as it happens."""
    _check_notebooks(jobs)
    found: dict[int, Outcome] = {}
    with progress(len(jobs), "run") as bar:
        for each in follow(jobs, root, workers, limits):
            found[id(each.job)] = each
            bar.update()
            if each.problems:
                bar.write(f"failed {each.problems[0]}", file=sys.stderr)
    return [found[id(job)] for job in jobs]


def _check_notebooks(jobs: Sequence[Job]) -> None:
    """Check each notebook once, for all children to come; what is wrong with it is said of each run of it."""
    from kg_analysis.runs.source import check_notebook  # noqa: PLC0415

    for source in {job.source for job in jobs}:
        with suppress(DataError):
            check_notebook(source)
