"""A worker's side of a batch on many machines: a process beside the worker that forks warm kernels.

Responsibility: run bundles of jobs that a scheduler hands out. A worker has threads and must not fork, so it starts a
station, tells it the jobs line by line, and reads back where their outputs lie. A station ends with its worker.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from kg_analysis.errors import RunError
from kg_analysis.runs import fingerprint
from kg_analysis.runs.signals import follow_owner

_LOCAL = threading.local()
_PATIENCE = 30  # seconds that a station has to end its runs [s]


def run_bundle(
    parcel: bytes, orders: list[dict[str, Any]], options: dict[str, Any], code: dict[str, Any]
) -> list[dict[str, Any]]:
    """On a worker: run the notebooks of one area and year, and return their outputs.

    Parameters
    ----------
    parcel : bytes
        Data and notebooks.
    orders : list of dict
        ``notebook`` and ``parameters`` of each run.
    options : dict
        ``folder`` of the notebooks, ``seconds`` and ``memory`` of each run.
    code : dict
        ``library`` and ``packages`` that the batch was planned with.

    Returns
    -------
    list of dict
        For each run ``problems``, ``files`` (content by path), ``section`` of the manifest and ``skipped``.

    Raises
    ------
    RunError
        If the worker has another version of the library or of a package.
    """
    if code != versions():
        raise RunError("a worker has other versions of kg_analysis or its packages; install the same everywhere")
    answers = _station(parcel, orders[0]["parameters"], options).ask(orders)
    folders = {answer["folder"] for answer in answers}
    collected = [_collected(each) for each in answers]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)  # on its way to the batch
    return collected


def versions() -> dict[str, Any]:
    """What decides on the outputs' bytes here: this library's source and the packages."""
    return {"library": fingerprint.library(), "packages": fingerprint.packages()}


class Station:
    """The process that a worker's thread talks to."""

    def __init__(self, parcel: bytes, given: dict[str, Any], options: dict[str, Any]) -> None:
        self.home = tempfile.TemporaryDirectory(prefix="kg-station-")
        (Path(self.home.name) / "parcel.tar").write_bytes(parcel)
        paths = {"data_dir": given["data_dir"], "output_dir": given["output_dir"]}
        (Path(self.home.name) / "options.json").write_text(json.dumps(options | paths))
        self._process = subprocess.Popen(  # noqa: S603  this Python, this package
            [sys.executable, "-m", "kg_analysis.runs.station", self.home.name, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Have jobs run; where their outputs lie, or their problems. After any failure the station is given up."""
        try:
            return self._ask(orders)
        except BaseException:
            self._process.terminate()  # an answer that is still to come must not be taken for the next one's
            raise

    def _ask(self, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RunError("the station has no pipes; start the worker again")
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RunError(f"the station ended with code {self._process.wait()}; the bundle is tried again")
        return list(json.loads(line))

    def close(self) -> None:
        """End it, and all that it keeps."""
        if self._process.stdin is not None:
            with suppress(OSError):  # it may be gone
                self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.home.cleanup()

    @property
    def lives(self) -> bool:
        """Whether its process still runs."""
        return self._process.poll() is None


def _station(parcel: bytes, given: dict[str, Any], options: dict[str, Any]) -> Station:
    """Station of this thread for a parcel; another parcel gets another."""
    key = (fingerprint.of_bytes(parcel), json.dumps(options))
    if getattr(_LOCAL, "key", None) != key or not _LOCAL.station.lives:
        if hasattr(_LOCAL, "station"):
            _LOCAL.station.close()  # an idle one would keep its warm kernels' memory as long as the worker lives
        _LOCAL.station = Station(parcel, given, options)
        _LOCAL.key = key
    found: Station = _LOCAL.station
    return found


def _collected(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with the content of its files."""
    folder = Path(answer.pop("folder"))
    names = answer.pop("names")
    return answer | {"files": {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}}


def main(home: Path) -> None:
    """The station itself: one answer a line, until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a notebook's programs print is no answer
    from kg_analysis.data.dataset import published_years  # noqa: PLC0415
    from kg_analysis.runs import batch  # noqa: PLC0415
    from kg_analysis.runs.limits import Limits  # noqa: PLC0415
    from kg_analysis.runs.parcel import unpack  # noqa: PLC0415

    options = json.loads((home / "options.json").read_text())
    parcel = (home / "parcel.tar").read_bytes()
    folders = unpack(parcel, home, options["folder"], options["data_dir"], options["output_dir"])
    limits = Limits(options["seconds"], options["memory"])
    with batch.helped(partial(published_years, folders.data)) as loaded:
        batch.prepare()
        loaded()
        for line in sys.stdin:
            answers.write(json.dumps(_run(json.loads(line), folders, limits)) + "\n")
            answers.flush()


def _run(orders: list[dict[str, Any]], folders: Any, limits: Any) -> list[dict[str, Any]]:
    from dataclasses import asdict  # noqa: PLC0415

    from kg_analysis.runs import manifest  # noqa: PLC0415
    from kg_analysis.runs.children import Job, follow  # noqa: PLC0415
    from kg_analysis.runs.notebook import place_of  # noqa: PLC0415
    from kg_analysis.runs.parameters import build  # noqa: PLC0415

    area, year = orders[0]["parameters"]["area"], orders[0]["parameters"]["year"]
    root = folders.output / area
    shutil.rmtree(root, ignore_errors=True)  # of a try before
    jobs = [
        Job(folders.notebooks / f"{each['notebook']}.ipynb", build(each["notebook"], **each["parameters"]), root)
        for each in orders
    ]
    outcomes = {id(each.job): each for each in follow(jobs, root, 1, limits)}
    sections = manifest.read(root / str(year))
    answers = []
    for job in jobs:
        ended, stem = outcomes[id(job)], job.source.stem
        section = asdict(sections[stem]) if not ended.problems else None
        names = section["files"] if section else [f"{stem}.failed.ipynb"]
        skipped = list(ended.result.skipped) if ended.result else []
        here = place_of(root / str(year) / f"{stem}.failed.ipynb")  # nobody can look there
        problems = [each for each in ended.problems if each != here]
        answer = {"problems": problems, "section": section, "skipped": skipped}
        answers.append(answer | {"folder": str(root / str(year)), "names": names})
    return answers


if __name__ == "__main__":
    follow_owner(int(sys.argv[2]))
    try:
        main(Path(sys.argv[1]))
    finally:
        shutil.rmtree(sys.argv[1], ignore_errors=True)  # a worker that was killed cannot
