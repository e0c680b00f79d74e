"""JupyterLab on this machine, a browser that may talk to nothing else, and what a batch run writes."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# No news, no windowing (every cell is in the page), the checkpoint saved only when asked.
OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
LOOPBACK = {"127.0.0.1", "localhost"}
PATIENCE = 120  # that JupyterLab has to start and to end [s]


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its root, with a copy of notebooks and data, and how to reach it."""

    root: Path
    url: str
    token: str


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a notebook on one worker, which opens it once; leave out those that a test does not name."""
    for item in items[:]:
        if Path(__file__).parent in item.path.parents:
            stem = item.callspec.params["opened"]  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group(stem))
            if stem not in getattr(item.function, "notebooks", [stem]):  # type: ignore[attr-defined]
                items.remove(item)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; absent on a plain machine, required in CI."""
    path = os.environ.get("KG_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium found; make e2e installs it, or set KG_CHROMIUM")
        pytest.skip("no Chromium found; make e2e installs it, or set KG_CHROMIUM")
    return path


@pytest.fixture(scope="session")
def lab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a free port of the loopback, its token in the environment, its settings and files its own."""
    home = tmp_path_factory.mktemp("lab")
    root = home / "root"
    for each in ("notebooks", "data"):
        shutil.copytree(ROOT / each, root / each, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    settings = home / "settings"
    settings.mkdir()
    (settings / "overrides.json").write_text(json.dumps(OVERRIDES))
    lab = Lab(root, "", secrets.token_urlsafe(24))
    own = {f"JUPYTER_{each}_DIR": str(home / each.lower()) for each in ("CONFIG", "RUNTIME", "DATA")}
    own |= {f"JUPYTERLAB_{each}_DIR": str(home / f"lab-{each.lower()}") for each in ("SETTINGS", "WORKSPACES")}
    own |= {"IPYTHONDIR": str(home / "ipython")}
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += [f"--ServerApp.root_dir={root}", f"--LabApp.app_settings_dir={settings}"]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    environment = _environment() | own | {"JUPYTER_TOKEN": lab.token}
    with (home / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
        try:
            yield Lab(root, _address(home / "runtime", server, home / "lab.log"), lab.token)
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _environment() -> dict[str, str]:
    """This one, with this checkout's package first for processes elsewhere; numpy has the threads it likes."""
    paths = [str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": ""}


def _address(runtime: Path, server: subprocess.Popen[bytes], log: Path) -> str:
    """Address that the server has written down once it listens."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        for each in runtime.glob(f"jpserver-{server.pid}.json"):
            try:
                return str(json.loads(each.read_text())["url"])
            except ValueError:
                pass  # it is being written
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium, without playwright's own download."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@dataclass
class Traffic:
    """Addresses outside this machine that the page asked for, and how many it asked for at all."""

    strangers: list[str]
    seen: int = 0

    def watch(self, context: Any) -> None:
        """Record every request and socket of a browser context, and let none out."""
        context.route("**/*", self._route)
        context.on("page", lambda page: page.on("websocket", lambda socket: self._note(socket.url)))

    def _route(self, route: Any) -> None:
        if self._note(route.request.url):
            route.continue_()
        else:
            route.abort()

    def _note(self, url: str) -> bool:
        self.seen += 1
        own = urlsplit(url).hostname in LOOPBACK
        if not own:
            self.strangers.append(url)
        return own


@pytest.fixture(scope="session")
def batch(run_of: Callable[[int, str], Path]) -> Callable[[int, str], Path]:
    """Outputs of a year in a language as ``kg run`` writes them."""
    return lambda year, language: run_of(year, language) / "outputs" / str(year)
