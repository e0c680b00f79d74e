"""Kernels forked from a process that has the libraries imported already.

Responsibility: what a run costs besides its own cells. Starting an interpreter and importing pandas and matplotlib
takes longer than a notebook's charts; a fork inherits them, and shares their memory. The kernels are real ones, behind
jupyter_client's provisioner; where there is no fork, stock kernels are started.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

NAME = "kg-warm"  # the entry point of WarmProvisioner in pyproject.toml
_ADDRESS = "KG_WARM_SERVER"  # names the server's socket to the processes that start kernels


def serve(prepare: Callable[[], Any], ready: Connection, folder: Path) -> None:
    """Import, answer on ``ready`` with what ``prepare`` returns, then fork a kernel a request until killed."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a thread would not survive the fork
    result = prepare()
    _import_what_kernels_need()
    with Listener(str(folder / "warm"), family="AF_UNIX") as listener:
        ready.send(("result", result))
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels are reaped by the system
        gc.collect()
        gc.freeze()  # keeps the collector from touching, and so copying, shared pages
        while True:
            with listener.accept() as request:
                connection_file, cwd, env = request.recv()
                pid = os.fork()
                if pid == 0:
                    request.close()  # not the listener: closing it would remove the server's socket
                    _become_kernel(connection_file, cwd, env)
                request.send(pid)


def use(folder: Path) -> None:
    """Let kernels started from here on, and from forked children, come from the server in ``folder``."""
    os.environ[_ADDRESS] = str(folder / "warm")


def is_used() -> bool:
    """Whether there is a server to ask."""
    return _ADDRESS in os.environ


class ForkedKernel:
    """A forked kernel with the part of Popen's interface that a provisioner needs."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Exit code, of which only "ended" is known; None while it runs."""
        try:
            running = psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            running = False
        self.returncode = None if running else 0
        return self.returncode

    def wait(self) -> int:
        """Wait until it has ended."""
        while self.poll() is None:
            time.sleep(0.02)
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by asking the server for a fork; stock where none serves or the kernel is another Python's."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch the kernel and return its connection."""
        if not is_used() or "-f" not in cmd or os.path.realpath(cmd[0]) != os.path.realpath(sys.executable):
            return await super().launch_kernel(cmd, **kwargs)
        env = dict(kwargs.get("env") or os.environ)
        cwd = str(kwargs.get("cwd") or Path.cwd())
        with Client(os.environ[_ADDRESS], family="AF_UNIX") as server:
            server.send((cmd[cmd.index("-f") + 1], cwd, env))
            forked = ForkedKernel(server.recv())
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid  # it leads a session of its own
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info


def socket_folder() -> tempfile.TemporaryDirectory[str]:
    """Folder for the server's socket, closed to other users."""
    return tempfile.TemporaryDirectory(prefix="kg-")


def _import_what_kernels_need() -> None:
    import ipykernel.ipkernel  # noqa: PLC0415
    import ipykernel.kernelapp  # noqa: F401, PLC0415

    from kg_analysis.charts import covid, covid_timeline, growth, investment, outlook, outputs  # noqa: F401, PLC0415
    from kg_analysis.runs import session  # noqa: F401, PLC0415


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
        np.random.seed()
        IPKernelApp.launch_instance(
            ["-f", connection_file, f"--IPKernelApp.parent_handle={os.getppid()}", "--log-level=50"]
        )
        code = 0
    finally:
        os._exit(code)
