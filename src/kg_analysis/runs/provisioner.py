"""Forked kernels as jupyter_client sees them: a provisioner that asks :mod:`kg_analysis.runs.warm` for them.

Responsibility: start, watch and end a kernel that is not a child of this process, and bound its memory.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kg_analysis.runs import warm
from kg_analysis.runs.limits import MEMORY, bound_memory

NAME = "kg-warm"  # its entry point in pyproject.toml


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


def limit_memory(megabytes: int | None) -> None:
    """Bound the memory of kernels started from here on, each of them for itself; None lifts it."""
    os.environ.pop(MEMORY, None)
    if megabytes is not None:
        os.environ[MEMORY] = str(megabytes)


def _bound(pid: int) -> None:
    if MEMORY in os.environ:
        bound_memory(pid, int(os.environ[MEMORY]))


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by asking the server for a fork; stock where none serves or the kernel is another Python's."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch the kernel and return its connection."""
        if not warm.is_used() or "-f" not in cmd or os.path.realpath(cmd[0]) != os.path.realpath(sys.executable):
            return await self._launch_stock(cmd, **kwargs)
        env = dict(kwargs.get("env") or os.environ)
        cwd = str(kwargs.get("cwd") or Path.cwd())
        try:
            forked = ForkedKernel(warm.fork(cmd[cmd.index("-f") + 1], cwd, env))
        except (OSError, EOFError):  # the server is gone: slower, but no run is lost
            return await self._launch_stock(cmd, **kwargs)
        _bound(forked.pid)
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid  # it leads a session of its own
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info

    async def _launch_stock(self, cmd: list[str], **kwargs: Any) -> Any:
        info = await super().launch_kernel(cmd, **kwargs)
        if self.pid is not None:
            _bound(self.pid)
        return info
