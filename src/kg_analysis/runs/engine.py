"""Papermill's engine for staged runs: real kernels, no saving in between.

Responsibility: execute a notebook's cells and report each. Papermill saves the notebook twice a cell; here the run is
staged as a whole, so it is written once, when it has ended.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from traitlets import default

NAME = "kg"


class LocalKernelManager(AsyncKernelManager):
    """Kernels on sockets of this machine's file system, where there are such; no port is opened."""

    @default("transport")
    def _transport(self) -> str:
        return "ipc" if os.name == "posix" else "tcp"


class StagedEngine(NBClientEngine):
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
            on_cell_complete=lambda cell, cell_index: on_cell(),
            **options,
        )


def register() -> str:
    """Make the engine known to papermill and return its name."""
    papermill_engines.register(NAME, StagedEngine)
    return NAME
