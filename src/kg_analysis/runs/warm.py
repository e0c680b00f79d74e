"""Kernels forked from a process that has the libraries imported already.

Responsibility: what a run costs besides its own cells. Starting an interpreter and importing pandas and matplotlib
takes longer than a notebook's charts; a fork inherits them, and shares their memory. The server is forked before its
parent imports papermill, which no kernel needs. Where there is no fork, stock kernels are started.

Terms: *owner* = the process of the run that a kernel works for; *keeper* = the parent of one kernel, which ends it and
whatever it started as soon as the owner is gone. A cell that kills its parent kills its keeper, never the server.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import logging
import os
import pkgutil
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

import psutil

from kg_analysis.runs.limits import MEMORY, TreeMemory

# What every kernel imports in order to start, and what most notebooks import at their first table or chart.
_KERNEL = (
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
)
_NOTEBOOK = ("kg_analysis.runs.session", "pandas.io.formats.csvs", "pandas.io.formats.string", "seaborn")

_SUBREAPER = 36  # prctl's number for it
_LOOKED_EVERY = 1.0  # seconds between two looks at a run's memory [s]
_LONGEST_FOLDER = 68  # bytes; a socket's path has its own name behind, and systems allow 104
_ADDRESS = "KG_WARM_SERVER"  # names the server's socket to the processes that start kernels


def serve(plan: Callable[[], Any], ready: Connection, folder: Path) -> None:
    """Answer on ``ready`` with what ``plan`` returns, import, then fork a kernel a request until killed."""
    result = plan()
    with Listener(str(folder / "warm"), family="AF_UNIX") as listener:
        ready.send(("result", result))  # who asks for a kernel from now on waits until the imports are done
        import_what_kernels_need()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels are reaped by the system
        gc.collect()
        gc.freeze()  # keeps the collector from touching, and so copying, shared pages
        while True:
            with suppress(EOFError, OSError), listener.accept() as request:  # whoever asked may be gone
                asked = request.recv()
                if os.fork() == 0:
                    _keep(request, *asked)


def use(folder: Path) -> None:
    """Let kernels started from here on, and from forked children, come from the server in ``folder``."""
    os.environ[_ADDRESS] = str(folder / "warm")


def is_used() -> bool:
    """Whether there is a server to ask."""
    return _ADDRESS in os.environ


def fork(connection_file: str, cwd: str, env: dict[str, str]) -> int:
    """Ask the server for a kernel on a connection file; its process id."""
    with Client(os.environ[_ADDRESS], family="AF_UNIX") as server:
        server.send((connection_file, cwd, env, os.getpid()))
        return int(server.recv())


def socket_folder() -> tempfile.TemporaryDirectory[str]:
    """Folder for the sockets of the server and its kernels, closed to other users, with a path that is short enough."""
    is_short = len(os.fsencode(tempfile.gettempdir())) < _LONGEST_FOLDER
    return tempfile.TemporaryDirectory(prefix="kg-", dir=None if is_short else "/tmp")  # noqa: S108  a folder of our own


def folder() -> Path:
    """Where a kernel's sockets and connection file belong: beside the server's, so that they go when it goes."""
    return Path(os.environ[_ADDRESS]).parent if is_used() else Path(tempfile.gettempdir())


def import_what_kernels_need() -> None:
    """Import, and look up what is looked up once; the second call costs nothing."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # the debugger warns of frozen modules, needlessly
    from kg_analysis import charts  # noqa: PLC0415

    modules = [module.name for module in pkgutil.iter_modules(charts.__path__, f"{charts.__name__}.")]
    for name in (*_KERNEL, *_NOTEBOOK, *modules):
        importlib.import_module(name)
    from jupyter_client.localinterfaces import local_ips  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    from kg_analysis.formats import NumberFormatter  # noqa: PLC0415
    from kg_analysis.runs import fingerprint  # noqa: PLC0415

    local_ips()  # what is looked up once is looked up here: addresses, formats, versions, hashes, numerals
    Image.preinit()
    fingerprint.library()
    fingerprint.packages()
    for language in ("vi", "en"):
        NumberFormatter(language).number(1.5, 1)


def _keep(request: Connection, connection_file: str, cwd: str, env: dict[str, str], owner: int) -> None:
    """In the forked child: start one kernel, and end it when it or its owner has ended."""
    try:
        os.setsid()  # a signal to the kernel's group is none to the server
        ctypes.CDLL(None).prctl(_SUBREAPER, 1)  # what leaves the kernel's session becomes a child of this process
        watched = [os.pidfd_open(owner)]
        kernel = os.fork()
        if kernel == 0:
            request.close()  # not the listener: closing it would remove the server's socket
            _become_kernel(connection_file, cwd, env)
        watched.append(os.pidfd_open(kernel))
        request.send(kernel)
        request.close()
        memory = TreeMemory(kernel, int(env[MEMORY])) if MEMORY in env else None
        while not select.select(watched, [], [], _LOOKED_EVERY if memory else None)[0]:
            if memory and memory.is_exceeded():
                break
    finally:
        _end_all_below()
        os._exit(0)


def _end_all_below() -> None:
    while left := psutil.Process().children(recursive=True):
        for each in left:
            with suppress(psutil.Error):
                each.kill()
        time.sleep(0.01)


def _become_kernel(connection_file: str, cwd: str, env: dict[str, str]) -> None:
    """In the forked child: shed what was the server's, then be an ordinary kernel."""
    import numpy as np  # noqa: PLC0415
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(env)
        os.environ.pop(_ADDRESS, None)
        os.chdir(cwd)
        sys.argv = ["ipykernel_launcher", "-f", connection_file]
        sys.path.pop(0)  # the folder of the kg command
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # ipykernel repeats there what a cell's programs print
        np.random.seed()
        _end_when_starved()
        options = [f"--IPKernelApp.parent_handle={os.getppid()}", "--log-level=50"]
        options += ["--HistoryManager.enabled=False"]  # a run is no part of what its user has typed
        IPKernelApp.launch_instance(["-f", connection_file, *options])
        code = 0
    finally:
        os._exit(code)


class _Starved(logging.Handler):
    """Ends the kernel when a thread of its own has no memory to go on."""

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one record of the log."""
        if record.exc_info and isinstance(record.exc_info[1], MemoryError):
            os._exit(1)


def _end_when_starved() -> None:
    """Let the kernel die where its output thread would drop what was printed, log it where nobody looks, and go on."""
    for name in ("asyncio", "tornado.application", "tornado.general"):
        logging.getLogger(name).addHandler(_Starved(logging.ERROR))
