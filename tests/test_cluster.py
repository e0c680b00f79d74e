"""A batch on a real scheduler with worker processes, one of which is killed in the middle."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from conftest import DATA
from synthetic import write_synthetic
from test_batch import READS, contents, counts, kg, notebook

from kg_analysis.errors import RunError
from kg_analysis.runs import cluster, parcel, station
from kg_analysis.runs.children import Job
from kg_analysis.runs.parameters import build
from kg_analysis.runs.plan import Folders

distributed = pytest.importorskip("distributed")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of made-up data: eight areas, one year, two small notebooks that note that they begin."""
    write_synthetic(tmp_path / "data", DATA, areas=8, years=1, seed=3)
    for stem, cell in READS.items():
        printed = "import subprocess; subprocess.run(['echo', '[]'])"  # what a program prints is no answer of a worker
        noted = f"open({str(tmp_path / 'begun.txt')!r}, 'a').write(f'{{area}} {stem}\\n')"
        notebook(tmp_path / "notebooks", stem, cell, f"import time; time.sleep(0.5); _ = {noted}", printed)
    return tmp_path


def start(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler on the loopback with two workers of one thread each."""
    file = str(tmp_path / "scheduler.json")
    options = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", file]
    running = [start("distributed.cli.dask_scheduler", "--port", "0", *options)]
    worker = [
        "distributed.cli.dask_worker",
        "--scheduler-file",
        file,
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
    ]
    local = ["--host", "127.0.0.1", "--local-directory", str(tmp_path / "dask")]
    running += [start(*worker, *local) for _ in range(2)]
    try:
        with distributed.Client(scheduler_file=file, timeout="90s") as client:
            client.wait_for_workers(2, timeout=90)
            address = client.scheduler.address
        yield address, running[1:]
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    project: Path, scheduler: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = scheduler
    names = [each for stem in READS for each in ("--notebook", stem)]
    command = [
        Path(sys.executable).parent / "kg",
        "batch",
        "--data-dir",
        project / "data",
        "--scheduler",
        address,
        *names,
    ]
    batch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = time.time() + 240
    while len(list((project / "outputs").glob("*/*/manifest.json"))) < 2:
        assert batch.poll() is None, batch.communicate()
        assert time.time() < end
        time.sleep(0.05)
    stations = psutil.Process(workers[0].pid).children(recursive=True)
    workers[0].kill()
    out, err = batch.communicate(timeout=240)
    assert batch.returncode == 0, err
    assert out.splitlines()[0].split() == ["done", "16"]
    begun = Counter((project / "begun.txt").read_text().splitlines())
    assert len(begun) == 16
    repeated = {name.split()[0] for name, times in begun.items() if times > 1}
    assert len(repeated) <= 2, "no more than the area that the worker was at, and one whose outputs it still held"
    after = contents(project / "outputs")
    assert not [name for name in after if ".partial" in name]
    deadline = time.time() + 20
    while any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in stations):
        assert time.time() < deadline, "a station outlives its worker"
        time.sleep(0.1)
    assert counts(kg(project)) == (0, 16, 0), "what the cluster wrote is what this machine would have"
    shutil.rmtree(project / "outputs")
    assert counts(kg(project)) == (16, 0, 0)
    assert contents(project / "outputs") == after


def test_a_parcel_keeps_every_relative_path(tmp_path: Path) -> None:
    for name in ("here/data/printed/a.csv", "here/notebooks/b.ipynb", "here/notebooks/.checkpoints/c.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    folders = Folders(tmp_path / "here/data", tmp_path / "here/notebooks", tmp_path / "elsewhere/out")
    content = parcel.pack(folders)
    assert content == parcel.pack(folders)
    (tmp_path / "there").mkdir()
    found = parcel.unpack(content, tmp_path / "there", "notebooks", "../data", "../../elsewhere/out/91")
    assert (found.data / "printed/a.csv").read_text() == "here/data/printed/a.csv"
    assert [each.name for each in found.notebooks.iterdir()] == ["b.ipynb"]
    assert Path(os.path.normpath(found.notebooks / "../../elsewhere/out")) == found.output
    assert found.output.is_relative_to(tmp_path / "there")


class Cluster:
    """What is asked of a client before anything is handed out."""

    def __init__(self, found: dict[str, object]) -> None:
        self.found = found

    def wait_for_workers(self, count: int, timeout: float) -> None:
        if len(self.found) < count:
            raise TimeoutError(timeout)

    def run(self, function: object, on_error: str) -> dict[str, object]:
        return self.found


@pytest.mark.slow
def test_a_worker_keeps_one_station_however_often_the_data_change(project: Path) -> None:
    folders = Folders(project / "data", project / "notebooks", project / "outputs")
    content, stem = parcel.pack(folders), "00_report_overview"
    values = {"year": 2015, "area": "01", "data_dir": "../data", "output_dir": "../outputs/01"}
    orders = [{"notebook": stem, "parameters": build(stem, **values).model_dump()}]
    homes = []
    for seconds in (100, 101):
        options = {"folder": "notebooks", "seconds": seconds, "memory": None}
        answers = station.run_bundle(content, orders, options, station.versions())
        assert not answers[0]["problems"]
        homes.append(Path(station._LOCAL.station.home.name))
    below = [each for each in psutil.Process().children() if "kg_analysis.runs.station" in each.cmdline()]
    assert len(below) == 1
    assert [each.exists() for each in homes] == [False, True]
    station._LOCAL.station.close()
    assert not below[0].is_running()


@pytest.mark.parametrize("address", ["", "foo", "http://127.0.0.1:9", "127.0.0.1:x", "tcp://127.0.0.1", "inproc://x"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(RunError, match="is no address; write one like tcp://"):
        cluster._check_address(address)


def test_an_encrypted_scheduler_needs_certificates() -> None:
    with pytest.raises(RunError, match=r"set distributed.comm.tls in dask's configuration"):
        cluster._check_address("tls://127.0.0.1:9")


def test_workers_of_another_version_are_refused_before_anything_is_run() -> None:
    own = station.versions()
    cluster._check_workers(Cluster({"tcp://a": own, "tcp://b": own}), "tcp://s")
    other = own | {"packages": {**own["packages"], "numpy": "0.1"}}
    with pytest.raises(RunError, match="worker tcp://b has other versions"):
        cluster._check_workers(Cluster({"tcp://a": own, "tcp://b": other}), "tcp://s")
    with pytest.raises(RunError, match="tcp://s has no workers"):
        cluster._check_workers(Cluster({}), "tcp://s")


def answer(area: str, files: dict[str, bytes]) -> dict[str, object]:
    given = build("01_covid_waves", year=2021, area=area).model_dump()
    section = {"parameters": given, "inputs": {}, "files": list(files), "skipped": [], "packages": {}}
    return {"problems": [], "files": files, "section": section, "skipped": []}


def test_what_comes_back_is_put_in_place_once_or_its_run_fails_alone(tmp_path: Path) -> None:
    job = Job(Path("01_covid_waves.ipynb"), build("01_covid_waves", year=2021), tmp_path / "91")
    files = {"charts/a.png": b"a", "01_covid_waves.ipynb": b"{}"}
    assert "another area" in cluster._settle(job, answer("89", files), tmp_path).problems[0]
    assert not (tmp_path / "91").exists() or not contents(tmp_path / "91")
    assert not cluster._settle(job, answer("91", files), tmp_path).problems
    assert {"2021/charts/a.png", "2021/01_covid_waves.ipynb", "2021/manifest.json"} == set(contents(tmp_path / "91"))
    failed = {"problems": ["01_covid_waves.ipynb cell 3: broken"], "files": {"01_covid_waves.failed.ipynb": b"{}"}}
    said = cluster._settle(job, failed, tmp_path).problems
    assert said[0].endswith("broken")
    assert "91/2021/01_covid_waves.failed.ipynb" in said[1]
    (tmp_path / "file").write_text("in the way")
    for each in (answer("91", files), failed):
        blocked = Job(job.source, job.parameters, tmp_path / "file")
        assert "--output-dir" in cluster._settle(blocked, each, tmp_path).problems[0]


def test_a_scheduler_that_is_not_there_is_named(project: Path) -> None:
    result = kg(project, "--scheduler", "tcp://127.0.0.1:9")
    assert result.returncode == 1
    assert "error: scheduler tcp://127.0.0.1:9 does not answer" in result.stderr
    assert not list((project / "outputs").glob("*/*"))
