"""The check of a data folder in a process of its own, while this one does something else.

Responsibility: start it, and hand on what it raises. Its memory ends with it.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg_analysis.errors import DataError, RunError
from kg_analysis.runs.children import METHOD, end
from kg_analysis.runs.signals import follow_owner


@contextmanager
def checked_aside(data_dir: Path) -> Iterator[Callable[[], None]]:
    """Start the check, and yield a call that waits for its end and raises what it has raised."""
    context: Any = multiprocessing.get_context(METHOD)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_check, args=(data_dir, sender, os.getpid()))
    process.start()
    sender.close()
    try:
        yield partial(_wait, receiver, process)
    finally:
        end(process)


def _wait(receiver: Connection, process: Any) -> None:
    try:
        problem = receiver.recv()
    except EOFError:
        process.join()
        raise RunError(f"the check of the data ended with code {process.exitcode}; run again") from None
    if problem is not None:
        raise problem


def _check(data_dir: Path, sender: Connection, owner: int) -> None:
    follow_owner(owner)
    from kg_analysis.data.clean import check_data  # noqa: PLC0415

    try:
        check_data(data_dir)
    except DataError as error:
        sender.send(error)
    except Exception as error:
        sender.send(RunError(f"check of the data: {type(error).__name__}: {error}"))
    else:
        sender.send(None)
