"""Many runs: what is planned, what is skipped, what harms whom, and that nothing is lost when a batch is killed."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import distributed
import psutil
import pytest
from click.testing import Result
from conftest import DATA, KG, ROOT, at_length, contents, kg_forked, moments, small_notebook
from conftest import kg as command
from killing import as_in_a_terminal
from synthetic import write_synthetic

from kg_analysis import manifest
from kg_analysis.data.clean import check_data
from kg_analysis.data.dataset import load
from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import batch
from kg_analysis.runs.run import Folders

READS = {  # what the small notebook of each name reads
    "00_report_overview": "len(run.data.figures)",
    "01_covid_waves": """from kg_analysis.analysis import covid
run.table("phases", covid.phase_summary(run.data.covid_phases))""",
}
NAMES = [option for stem in READS for option in ("--notebook", stem)]


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up data folder of two areas and three years."""
    folder = tmp_path_factory.mktemp("made-up") / "data"
    write_synthetic(folder, DATA, areas=2, years=3, seed=7)
    return folder


@pytest.fixture
def project(tmp_path: Path, made_up: Path) -> Path:
    """A project of made-up data and two small notebooks."""
    shutil.copytree(made_up, tmp_path / "data")
    for stem, cell in READS.items():
        small_notebook(tmp_path, stem, cell)
    return tmp_path


Batch = Callable[..., Result]


@pytest.fixture
def kg(server: Any) -> Batch:
    """Both small notebooks of a project in a batch of this process, as the command does it."""

    def run(project: Path, *options: object) -> Result:
        asked = ("--data-dir", project / "data", "--jobs", 2, *NAMES, *options)
        return kg_forked(server, "batch", *asked, cwd=project)

    return run


def counts(result: Result | subprocess.CompletedProcess[str]) -> tuple[int, int, int]:
    """Runs done, skipped and failed, as the summary counts them."""
    words = [line.split() for line in result.stdout.splitlines()[:3]]
    assert [each[0] for each in words] == ["done", "skipped", "failed"], result.stderr
    return tuple(int(each[1]) for each in words)  # type: ignore[return-value]


# --- the made-up data


def test_the_made_up_data_are_sound_and_the_same_each_time(made_up: Path, tmp_path: Path) -> None:
    check_data(made_up)
    write_synthetic(tmp_path / "data", DATA, areas=2, years=3, seed=7)
    assert contents(tmp_path / "data") == contents(made_up)
    write_synthetic(tmp_path / "other/data", DATA, areas=1, years=1, seed=8, daily=True)
    check_data(tmp_path / "other/data")
    assert len(load(tmp_path / "other/data", 2015, "01").covid_daily) > 0
    sources = list(csv.DictReader((made_up / "sources.csv").open(encoding="utf-8")))
    assert all("synthetic" in each["id"] and "Synthetic" in each["note"] for each in sources)
    before = contents(tmp_path)
    (tmp_path / "file").write_text("in the way")
    for name in ("data", "beside its texts", "file"):
        with pytest.raises(DataError, match="is not an empty folder"):
            write_synthetic(tmp_path / name, DATA, areas=2, years=3, seed=8)
    (tmp_path / "file").unlink()
    assert contents(tmp_path) == before


def test_an_area_is_shown_its_own_checks_only(made_up: Path) -> None:
    data = load(made_up, 2016, "02")
    assert len(data.checks)
    assert all("syn02-2016-" in each for each in data.checks["formula"])
    assert set(data.published["source_id"]) == {f"synthetic-02-{year}" for year in (2015, 2016, 2017)}


# --- what has changed


def test_every_data_file_counts_those_in_linked_folders_too(tmp_path: Path) -> None:
    data, store = tmp_path / "data", tmp_path / "store"
    data.mkdir()
    (store / "printed").mkdir(parents=True)
    (store / "printed/a.csv").write_text("1")
    (data / "printed").symlink_to(store / "printed")
    (store / "printed/round").symlink_to(data)  # a folder that leads to itself
    before = manifest.hashes(manifest.contents(data))
    (store / "printed/a.csv").write_text("2")
    after = manifest.hashes(manifest.contents(data))
    assert {name for name in after if after[name] != before[name]} == {"printed/a.csv"}
    (data / "new.csv").write_text("")
    assert manifest.hashes(manifest.contents(data))[manifest.NAMES] != after[manifest.NAMES]


WANTED = manifest.Section({"year": 2021}, {"*": "n", "a.csv": "1", "b.csv": "2"}, [], [], {"numpy": "2"}, {"x": "y"})


@pytest.mark.parametrize(
    ("change", "is_current"),
    [
        ({}, True),
        ({"inputs": {"a.csv": "1"}}, True),  # b.csv was not read
        ({"inputs": {"a.csv": "0"}}, False),
        ({"inputs": {"a.csv": "1", "gone.csv": "3"}}, False),
        ({"inputs": {"a.csv": "1", "*": "fewer files"}}, False),
        ({"inputs": {}}, False),  # it does not say what it read
        ({"parameters": {"year": 2022}}, False),
        ({"packages": {"numpy": "1"}}, False),
        ({"code": {"x": "z"}}, False),
        ({"files": ["tables/gone.csv"]}, False),
        ({"files": ["../outside.csv"]}, False),
    ],
)
def test_what_is_skipped(tmp_path: Path, change: dict[str, Any], is_current: bool) -> None:
    (tmp_path / "outside.csv").write_text("")
    fields = {name: getattr(WANTED, name) for name in ("parameters", "inputs", "files", "skipped", "packages", "code")}
    section = manifest.Section(**fields | change)
    (tmp_path / "2021").mkdir()
    assert manifest.is_current(tmp_path / "2021", "01_covid_waves", WANTED, section) == is_current
    (tmp_path / "2021/01_covid_waves.failed.ipynb").write_text("")
    assert not manifest.is_current(tmp_path / "2021", "01_covid_waves", WANTED, section)
    assert not manifest.is_current(tmp_path / "2022", "01_covid_waves", WANTED, None)


@pytest.mark.slow
def test_only_what_is_missing_or_touched_is_run(project: Path, kg: Batch) -> None:
    assert counts(kg(project)) == (12, 0, 0)
    first = contents(project / "outputs")
    assert sorted(each for each in first if each.startswith("02/2016/")) == [
        "02/2016/00_report_overview.ipynb",
        "02/2016/01_covid_waves.ipynb",
        "02/2016/manifest.json",
        "02/2016/tables/phases.csv",
    ]
    assert counts(kg(project)) == (0, 12, 0)
    assert contents(project / "outputs") == first
    assert counts(kg(project, "--years", "2015")) == (0, 4, 0)
    (project / "outputs/01/2015/tables/phases.csv").unlink()
    (project / "outputs/01/2016/manifest.json").write_text("{")
    assert counts(kg(project)) == (3, 9, 0)
    assert contents(project / "outputs") == first
    assert counts(kg(project, "--area", "02", "--set", "language=en")) == (6, 0, 0)
    assert counts(kg(project)) == (0, 12, 0), "neither language touches the other"
    small_notebook(project, "00_report_overview", "len(run.data.measures)")
    assert counts(kg(project)) == (6, 6, 0)


@pytest.mark.slow
def test_a_changed_file_runs_what_read_it_as_if_everything_were_made_anew(project: Path, kg: Batch) -> None:
    few = ("--years", "2016")
    assert counts(kg(project, *few)) == (4, 0, 0)
    path = project / "data/printed/synthetic-02-2016.csv"
    text = path.read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    row = next(each for each in rows if each[0] == "syn02-2016-covid-p2-mean")
    old = row[rows[0].index("as_printed")]
    path.write_text(text.replace(old, "777 ca/ngày", 1), encoding="utf-8")
    assert command("clean", "--data-dir", project / "data").returncode == 0
    assert counts(kg(project, *few)) == (4, 0, 0), "all of them read clean/figures.csv"
    after = contents(project / "outputs")
    shutil.rmtree(project / "outputs")
    kg(project, *few)
    assert contents(project / "outputs") == after


def test_bad_data_stop_a_batch_before_anything_is_run(project: Path, kg: Batch) -> None:
    (project / "data/printed/synthetic-01-2015.csv").write_text("figure_id\n")
    result = kg(project)
    assert result.exit_code == 1
    assert "printed/synthetic-01-2015.csv" in result.stderr
    assert not list((project / "outputs").glob("*/*"))


def test_a_folder_of_notebooks_that_is_not_there_is_said_once(project: Path, kg: Batch) -> None:
    result = kg(project, "--notebooks-dir", project / "nope")
    assert result.exit_code == 1
    assert [line for line in result.stderr.splitlines() if "nope" in line] == result.stderr.splitlines()
    assert len(result.stderr.splitlines()) == 1
    assert not (project / "outputs").exists()


@pytest.mark.parametrize("state", ["", "{", "[]", '{"sound": 1}', '{"sound": "x", "published": {"01": "y"}}'])
def test_what_a_batch_remembers_may_be_broken(project: Path, state: str) -> None:
    (project / "outputs").mkdir()
    path = project / "outputs" / batch.STATE
    path.write_text(state)
    folders = Folders(project / "data", project / "notebooks", project / "outputs")
    started: list[int] = []
    published = batch._published(folders, "x", lambda: started.append(1))
    assert published == {"01": [2015, 2016, 2017], "02": [2015, 2016, 2017]}
    assert started == [1]
    assert batch._published(folders, "x", lambda: started.append(1)) == published
    assert started == [1], "the second time nothing needs to be checked"


# --- what one run can do to the others

HARMFUL = {  # by area and year: what the second notebook does, and what is said of it
    ("01", 2015): ("1 / 0", "ZeroDivisionError: division by zero"),
    ("01", 2016): ("import os; os._exit(0)", "the kernel died"),
    ("01", 2017): ("import time; time.sleep(600)", "the run took longer than its limit of 12 s"),
    ("02", 2015): ("import sys; sys.exit(0)", "a notebook may not leave early"),
    ("02", 2016): ("import os, time; os.kill(os.getppid(), 9); time.sleep(9)", "the kernel died"),
    ("02", 2017): ("import os, shutil; shutil.rmtree(os.getcwd()); os.getcwd()", "FileNotFoundError"),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
def test_a_harmful_notebook_harms_no_other_run(project: Path, kg: Batch) -> None:
    harm = [f"if (area, year) == {place}:\n    {cell}" for place, (cell, _) in HARMFUL.items()]
    small_notebook(project, "01_covid_waves", "\n".join(harm))
    before = contents(project / "notebooks"), contents(project / "data")
    asked = ("--data-dir", project / "data", "--jobs", 2, *NAMES, "--time-limit", 12)
    result = command("batch", *asked, cwd=project)
    assert (contents(project / "notebooks"), contents(project / "data")) == before
    assert counts(result) == (6, 0, 6)
    assert result.returncode == 1
    for (area, year), (_, message) in HARMFUL.items():
        failed = project / "outputs" / area / str(year) / "01_covid_waves.failed.ipynb"
        assert failed.is_file()
        said = [line for line in result.stdout.splitlines() if f"{area} {year} 01_covid_waves: cell 3 (" in line]
        assert message in said[0]
    small_notebook(project, "01_covid_waves", READS["01_covid_waves"])
    assert counts(kg(project)) == (6, 6, 0), "all of the mended notebook, none of the other"


@pytest.mark.slow
def test_what_is_in_the_way_of_a_run_fails_that_run_in_words(project: Path, kg: Batch) -> None:
    for year in (2015, 2016):
        (project / f"outputs/01/{year}").parent.mkdir(parents=True, exist_ok=True)
    (project / "outputs/01/2015").write_text("in the way")
    (project / "outputs/01/2016/manifest.json").mkdir(parents=True)
    (project / "notebooks/01_covid_waves.ipynb").unlink()
    result = kg(project, "--area", "01")
    assert counts(result) == (1, 0, 5)
    assert isinstance(result.exception, SystemExit)
    said = [line for line in result.stdout.splitlines() if line.startswith("  ")]
    assert sum("01_covid_waves: " in line and "the notebook is missing; restore it" in line for line in said) == 3, said
    for year in (2015, 2016):
        line = next(line for line in said if f"01 {year} 00_report_overview" in line)
        assert "cannot write outputs there" in line


# --- interrupted


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, *at_length(signal.SIGTERM, signal.SIGHUP)])
def test_an_interrupted_batch_leaves_nothing_behind(project: Path, number: signal.Signals) -> None:
    small_notebook(project, "01_covid_waves", "import time; time.sleep(100)")
    with tempfile.TemporaryDirectory() as temporary:  # a path that is short enough for sockets
        interrupt(project, number, Path(temporary))
    assert contents(project / "outputs") == {}


def interrupt(project: Path, number: signal.Signals, temporary: Path) -> None:
    """Start a batch, send it a signal when a kernel runs, and wait until its temporary files are gone."""
    asked = [*KG, "batch", "--data-dir", project / "data", "--notebook", "01_covid_waves", "--area", "01"]
    process = subprocess.Popen(
        [*asked, "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(ROOT / "src")},
        start_new_session=True,
        preexec_fn=as_in_a_terminal,  # noqa: PLW1509  nothing else runs in this process
    )
    end = time.time() + 60
    while not list(temporary.glob("*/k*-1")):  # a kernel's socket
        if time.time() > end:
            process.kill()
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    if number == signal.SIGINT:  # a terminal sends it to all of them
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode != 0
    assert number == signal.SIGKILL or "Traceback" not in err, err
    while list(temporary.glob("kg-*")):
        assert time.time() < end, list(temporary.rglob("*"))
        time.sleep(0.05)


@pytest.mark.slow
def test_a_batch_killed_at_many_moments_gives_the_same_bytes_in_the_end(project: Path, kg: Batch) -> None:
    start = time.monotonic()
    asked = [*KG, "batch", "--data-dir", project / "data", "--jobs", "2", "--area", "02", *NAMES]
    temporary = project / "a temporary folder whose name is long" / ("n" * 90)  # too long for sockets
    temporary.mkdir(parents=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(temporary)}
    subprocess.run(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=True)
    whole = time.monotonic() - start
    outputs = project / "outputs/02"
    expected = contents(outputs)
    draw = random.Random(50)  # noqa: S311  the same moments each time
    hits, tried = 0, moments(50, few=3)
    for number in tried:
        if number % 3 == 0:
            shutil.rmtree(outputs, ignore_errors=True)
        process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        time.sleep(draw.uniform(0, whole))
        hits += process.poll() is None
        process.kill()
        process.wait()
        for name, content in contents(outputs).items() if outputs.exists() else ():
            if name.endswith("manifest.json"):  # grows by a section a notebook
                assert json.loads(content)["notebooks"].keys() <= set(READS)
            else:
                assert content == expected[name], name
    assert hits >= 0.4 * len(tried), "most moments lie within a batch"
    assert counts(kg(project, "--area", "02"))[2] == 0
    assert contents(outputs) == expected
    assert not [path for path in outputs.rglob(".*") if path.name != ".lock"]


# --- on a scheduler


def start(*arguments: str) -> subprocess.Popen[bytes]:
    asked = [sys.executable, "-m", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(asked, stdout=quiet, stderr=quiet, start_new_session=True, env=environment)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler on the loopback with two workers of one thread each."""
    file = str(tmp_path / "scheduler.json")
    local = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", file]
    running = [start("distributed.cli.dask_scheduler", "--port", "0", *local)]
    worker = ["distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", *local]
    running += [start(*worker, "--local-directory", str(tmp_path / "dask")) for _ in range(2)]
    try:
        with distributed.Client(scheduler_file=file, timeout="90s") as client:
            client.wait_for_workers(2, timeout=90)
            address = client.scheduler.address
        yield address, running
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    tmp_path: Path, kg: Batch, scheduler: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    write_synthetic(tmp_path / "data", DATA, areas=5, years=1, seed=3)
    for stem, cell in READS.items():
        noted = f"open({str(tmp_path / 'begun.txt')!r}, 'a').write(f'{{area}} {stem}\\n')"
        small_notebook(tmp_path, stem, cell, f"import time; time.sleep(0.5); _ = {noted}")
    address, (_, first, _) = scheduler
    asked = [*KG, "batch", "--data-dir", tmp_path / "data", "--scheduler", address, *NAMES]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    end = time.time() + 240
    while len(list((tmp_path / "outputs").glob("*/*/manifest.json"))) < 2:
        assert process.poll() is None, process.communicate()
        assert time.time() < end
        time.sleep(0.05)
    below = psutil.Process(first.pid).children(recursive=True)
    first.kill()
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert out.splitlines()[0].split() == ["done", "10"]
    begun = Counter((tmp_path / "begun.txt").read_text().splitlines())
    assert len(begun) == 10
    again = sum(begun.values()) - 10
    assert again <= 4, "no more than what the worker was at, and what it had not handed over"
    while any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in below):
        assert time.time() < end, "a preloaded process outlives its worker"
        time.sleep(0.1)
    after = contents(tmp_path / "outputs")
    assert counts(kg(tmp_path)) == (0, 10, 0), "what the cluster wrote is what this machine would have"
    shutil.rmtree(tmp_path / "outputs")
    assert counts(kg(tmp_path)) == (10, 0, 0)
    assert contents(tmp_path / "outputs") == after


@pytest.mark.slow
def test_a_scheduler_lost_in_the_middle_is_said_of_each_run_that_is_left(
    project: Path, scheduler: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, (of_all, *_) = scheduler
    small_notebook(project, "01_covid_waves", "import time; time.sleep(3)")
    asked = [*KG, "batch", "--data-dir", project / "data", "--scheduler", address, *NAMES]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    while not list((project / "outputs").glob("*/*/manifest.json")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    of_all.kill()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert int(out.splitlines()[2].split()[1]) >= 1
    assert "run again" in out


def test_a_batch_here_is_seen_by_this_machine_only(server: Any) -> None:
    with batch._cluster(None, 1, lambda: contextlib.nullcontext(server)):
        listening = [each.laddr.ip for each in psutil.Process().net_connections() if each.status == psutil.CONN_LISTEN]
    assert set(listening) == {"127.0.0.1"}


@pytest.mark.parametrize("address", ["", "foo", "http://127.0.0.1:9", "127.0.0.1:x", "tcp://127.0.0.1", "inproc://x"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(RunError, match="is no address; write one like tcp://"), batch._cluster(address, 1, list):
        pass


def test_an_encrypted_scheduler_needs_certificates() -> None:
    with (
        pytest.raises(RunError, match=r"set distributed.comm.tls in dask's configuration"),
        batch._cluster("tls://127.0.0.1:9", 1, list),
    ):
        pass


class Cluster:
    """What is asked of a client before anything is handed out."""

    def __init__(self, found: dict[str, object]) -> None:
        self.found = found

    def wait_for_workers(self, count: int, timeout: float) -> None:
        if len(self.found) < count:
            raise TimeoutError(timeout)

    def run(self, function: object, on_error: str) -> dict[str, object]:
        return self.found


def test_workers_of_another_version_are_refused_before_anything_is_run() -> None:
    own = batch.versions()
    batch.check_workers(Cluster({"tcp://a": own, "tcp://b": own}), "tcp://s")
    with pytest.raises(RunError, match="worker tcp://b has other versions"):
        batch.check_workers(Cluster({"tcp://a": own, "tcp://b": (own[0], {"numpy": "0.1"})}), "tcp://s")
    with pytest.raises(RunError, match="tcp://s has no workers"):
        batch.check_workers(Cluster({}), "tcp://s")


def test_a_scheduler_that_is_not_there_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_PATIENCE", 1)
    with (
        pytest.raises(RunError, match=r"scheduler tcp://127.0.0.1:9 does not answer"),
        batch._cluster("tcp://127.0.0.1:9", 1, list),
    ):
        pass
