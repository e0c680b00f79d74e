"""Papermill's engine for staged runs: real kernels, no saving in between.

Responsibility: execute a notebook's cells and report each. Papermill saves the notebook twice a cell; here the run is
staged as a whole, so it is written once, when it has ended.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_core.utils import ensure_async
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.log import logger as papermill_logger
from traitlets import Unicode, default

from kg_analysis.runs import provisioner, warm
from kg_analysis.runs.presence import UNATTENDED

NAME = "kg"


ASKED_EVERY, HEARD_WITHIN = 1, 0.2  # seconds [s]
LONGEST_SOCKET_PATH = 100  # bytes; systems allow from 104 on, and a port number follows


class PromptClient(AsyncKernelClient):
    """Client that is ready as soon as its kernel is.

    jupyter_client listens for another 0.2 s to what the kernel may still say of its start; nbclient passes over it.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both channels.

        Raises
        ------
        RuntimeError
            If it dies before, or does not within ``timeout`` [s].
        """
        end = time.monotonic() + (timeout or float("inf"))
        while not await self._answers():
            if not await self._async_is_alive():
                raise RuntimeError("the kernel died before it was ready")
            if time.monotonic() > end:
                raise RuntimeError(f"the kernel was not ready within {timeout} s")

    async def _answers(self) -> bool:
        self.kernel_info()
        with suppress(Empty):
            reply = await ensure_async(self.shell_channel.get_msg(timeout=ASKED_EVERY))
            await ensure_async(self.iopub_channel.get_msg(timeout=HEARD_WITHIN))  # or it is not connected yet
            self._handle_kernel_info_reply(reply)
            return True
        return False

    wait_for_ready = _async_wait_for_ready


class LocalKernelManager(AsyncKernelManager):
    """Kernels on sockets of this machine's file system, where there are such; no port is opened."""

    client_class = f"{__name__}.{PromptClient.__name__}"

    _socket = Unicode()

    @default("_socket")
    def _new_socket(self) -> str:
        """A path of this kernel's own; jupyter_client's default would be the same for kernels started at once."""
        return str(warm.folder() / f"kg-{uuid.uuid4().hex[:12]}")

    @default("connection_file")
    def _new_connection_file(self) -> str:
        return f"{self._socket}.json"

    @default("transport")
    def _local_transport(self) -> str:
        return "ipc" if os.name == "posix" and len(os.fsencode(self._socket)) < LONGEST_SOCKET_PATH else "tcp"

    @default("ip")
    def _local_ip(self) -> str:
        return self._socket if self.transport == "ipc" else "127.0.0.1"

    async def start_kernel(self, *arguments: Any, **options: Any) -> None:  # type: ignore[override]  # as its base is
        """Start a kernel that knows that no one watches."""
        env = {**(options.pop("env", None) or os.environ), UNATTENDED: "1"}
        await super().start_kernel(*arguments, env=env, **options)


class StagedEngine(NBClientEngine):  # type: ignore[misc]
    """Engine that hands out the notebook it works on, whether it completes or not."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        keep: Callable[[NotebookNode], None] = lambda _: None,
        on_cell: Callable[[], None] = lambda: None,
        **options: Any,
    ) -> Any:
        """Execute all cells; ``keep`` gets the notebook before, ``on_cell`` is called after each code cell."""
        keep(nb_man.nb)
        return super().execute_managed_notebook(
            nb_man,
            kernel_name,
            kernel_manager_class=LocalKernelManager,
            shutdown_kernel="immediate",  # its outputs are written; nothing is left that it could lose
            on_cell_complete=lambda cell, cell_index: on_cell(),
            **options,
        )


def register(memory_mb: int | None = None) -> str:
    """Make the engine known to papermill and return its name; kernels may use so much memory each."""
    provisioner.limit_memory(memory_mb)
    papermill_engines.register(NAME, StagedEngine)
    if warm.is_used() or memory_mb is not None:
        KernelProvisionerFactory.instance().default_provisioner_name = provisioner.NAME
    papermill_logger.setLevel("ERROR")  # it warns of parameters typed "float | None"; ours are checked before
    return NAME
