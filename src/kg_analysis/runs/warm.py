"""Kernels forked from a process that has the libraries imported and the tables read already.

Responsibility: what a run costs besides its own cells. Starting an interpreter and importing pandas and matplotlib
takes longer than a notebook's charts; a fork inherits them. The preloaded process has one thread and is started as a
command, so whoever has threads only asks it. Where there is no safe fork, stock kernels are started.

Terms: *owner* = the process whose threads ask for kernels; *keeper* = parent of one kernel, which ends it and what it
has started as soon as the owner hangs up. A cell that kills its parent kills its keeper, never the preloaded process.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import psutil
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Instance, Unicode

from kg_analysis.parameters import UNATTENDED, without_grammar

CAN_FORK = sys.platform == "linux"
# What every kernel imports in order to start, and what most notebooks import at their first table or chart.
_MODULES = (
    *("ipykernel.debugger", "ipykernel.ipkernel", "ipykernel.kernelapp", "IPython.core.completerlib", "sqlite3"),
    *("IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic", "tornado.platform.asyncio"),
    *("jupyter_client.localinterfaces", "pandas.io.formats.csvs", "pandas.io.formats.string", "seaborn", "PIL.Image"),
)
_FORMATS = ("docx", "html", "native", "pptx", "produce", "xlsx")
_NOT_FOR_NOTEBOOKS = (*_FORMATS, "cli", "explore", "ingest", "draft", "accept")
_SUBREAPER, _DIE_WITH_PARENT = 36, 1  # prctl's numbers for them
_LONGEST_FOLDER = 60  # bytes; a socket's path has its own name behind it, and systems allow 104
_PATIENCE = 10  # that processes have to end [s]


class Server:
    """The preloaded process, and a temporary folder that goes when its owner ends, however it ends.

    ``data_dir`` has data that are read once for all kernels.
    """

    def __init__(self, data_dir: Path | None = None) -> None:
        is_short = len(os.fsencode(tempfile.gettempdir())) < _LONGEST_FOLDER
        self.home = Path(tempfile.mkdtemp(prefix="kg-", dir=None if is_short else "/tmp")).resolve()  # noqa: S108
        self._process: subprocess.Popen[bytes] | None = None
        self._is_asked = False
        if CAN_FORK:
            self._process = subprocess.Popen(  # noqa: S603  this Python, this package
                [sys.executable, "-m", "kg_analysis.runs.warm", str(self.home), str(data_dir or "")],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
                start_new_session=True,  # Ctrl-C is for the owner
            )

    def fork(self, **asked: Any) -> ForkedKernel:
        """Ask for a kernel. Raises OSError or ValueError: if there is no process to ask, or it is gone."""
        if self._process is None:
            raise OSError("this system cannot fork safely")
        connection = socket.socket(socket.AF_UNIX)
        while connection.connect_ex(str(self.home / "warm")):
            if self._process.poll() is not None:
                connection.close()
                raise OSError("the preloaded process is gone")
            time.sleep(0.02)  # it has only just been started
        self._is_asked = True
        connection.sendall(json.dumps(asked).encode() + b"\n")
        return ForkedKernel(int(connection.makefile().readline()), connection)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *error: object) -> None:
        """End the process, every kernel and what they have started; remove the folder."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE if self._is_asked else 0)  # it may be importing still
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


class ForkedKernel:
    """A forked kernel with the part of Popen's interface that jupyter_client needs."""

    stdin = stdout = stderr = returncode = None

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid, self._connection = pid, connection

    def poll(self) -> int | None:
        """Zero once it has ended, with all that it has started."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for that [s]; None while it runs."""
        if self._connection.fileno() >= 0 and not select.select([self._connection], [], [], timeout)[0]:
            return None
        self._connection.close()
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Provisioner(LocalProvisioner):
    """Starts a kernel by asking for a fork; a stock one where none can be had."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch the kernel and return its connection."""
        try:
            if not isinstance(self.parent, KernelManager):
                raise ValueError("a manager without a server")
            file, cwd, env = self.parent.connection_file, str(kwargs["cwd"]), dict(kwargs["env"])
            forked = self.parent.server.fork(connection_file=file, cwd=cwd, env=env)
        except (OSError, ValueError):  # slower, but no run is lost
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]  # as far as is needed
        self.pid = self.pgid = forked.pid  # it leads a session of its own
        return self.connection_info


class KernelManager(AsyncKernelManager):
    """Kernels on sockets in the folder of a server, so that no port is opened; they know that no one watches."""

    server = Instance(Server)
    cwd = Unicode()

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]  # as its base is
        """Start the kernel."""
        path = str(self.server.home / f"k{uuid.uuid4().hex[:12]}")
        self.connection_file = f"{path}.json"
        if os.name == "posix":
            self.transport, self.ip = "ipc", path
        self.kernel_id = uuid.uuid4().hex
        self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        await super().start_kernel(**options | {"cwd": self.cwd, "env": os.environ | {UNATTENDED: "1"}})


# --- the preloaded process


def main(home: Path, data_dir: Path | None) -> None:
    """Preload, then fork a kernel a request until the owner is gone."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(home / "warm"))
    listener.listen(256)  # who asks before the imports are done waits
    preload(data_dir)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers that have ended are reaped by the system
    gc.collect()
    gc.freeze()  # keeps the collector from touching, and so copying, shared pages
    watched: list[Any] = [sys.stdin, listener]
    while sys.stdin not in select.select(watched, [], [])[0]:
        with suppress(OSError, ValueError), listener.accept()[0] as connection:  # whoever asked may be gone
            asked = json.loads(connection.makefile().readline())
            if os.fork() == 0:
                listener.close()
                _keep(connection, asked)
    _end_all_below()
    shutil.rmtree(home, ignore_errors=True)


def preload(data_dir: Path | None) -> None:
    """Import what notebooks need, and look up what is looked up once."""
    import kg_analysis  # noqa: PLC0415

    package = pkgutil.walk_packages(kg_analysis.__path__, "kg_analysis.")
    ours = [module.name for module in package if not {*module.name.split(".")} & {*_NOT_FOR_NOTEBOOKS}]
    with without_grammar():
        for name in (*_MODULES, *ours):
            importlib.import_module(name)
    # Imported outside a kernel, pandas takes this for a terminal and fits a frame's columns into it.
    sys.modules["pandas"].set_option("display.max_columns", 20)
    from kg_analysis import manifest  # noqa: PLC0415
    from kg_analysis.data.loader import load  # noqa: PLC0415

    sys.modules["jupyter_client.localinterfaces"].local_ips()
    sys.modules["PIL.Image"].preinit()
    manifest.packages()
    if data_dir is not None:
        with suppress(ValueError):  # what is wrong with the data, the run says
            load(data_dir)


def _keep(connection: socket.socket, asked: dict[str, Any]) -> NoReturn:
    """In the forked child: start one kernel, and end it when it has ended or its owner has hung up."""
    try:
        os.setsid()  # a signal to the kernel's group is none to the preloaded process
        ctypes.CDLL(None).prctl(_SUBREAPER, 1)  # what leaves the kernel's session becomes a child of this process
        kernel = os.fork()
        if kernel == 0:
            connection.close()
            _become_kernel(**asked)
        connection.sendall(f"{kernel}\n".encode())
        ended: list[Any] = [connection, os.pidfd_open(kernel)]
        select.select(ended, [], [])
    finally:
        _end_all_below()
        os._exit(0)


def _end_all_below() -> None:
    end = time.monotonic() + _PATIENCE
    while (left := psutil.Process().children(recursive=True)) and time.monotonic() < end:
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        time.sleep(0.005)


def _become_kernel(connection_file: str, cwd: str, env: dict[str, str]) -> NoReturn:
    """In the forked child: shed what was the preloaded process's, then be an ordinary kernel."""
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")  # where memory runs out, the run goes, not its owner
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
        sys.argv = ["ipykernel_launcher", "-f", connection_file]
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.modules["numpy"].random.seed()
        options = ["--log-level=50", "--HistoryManager.enabled=False"]  # a run is no part of what its user has typed
        sys.modules["ipykernel.kernelapp"].IPKernelApp.launch_instance(["-f", connection_file, *options])
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None)
