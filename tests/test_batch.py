"""Many runs: what is planned, what is skipped, what harms whom, and that nothing is lost when a batch is killed."""

from __future__ import annotations

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
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from conftest import DATA, ROOT
from nbformat.v4 import new_code_cell, new_notebook
from synthetic import write_synthetic

from kg_analysis.data.clean import check_data, write_clean
from kg_analysis.data.dataset import load
from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import fingerprint, lock, manifest, outputs, parcel, unchanged
from kg_analysis.runs.children import Job
from kg_analysis.runs.parameters import build
from kg_analysis.runs.plan import Folders, Order, list_jobs, list_years, read_order

KG = Path(sys.executable).parent / "kg"
OPEN = """from kg_analysis.runs.session import open_session
run = open_session("{stem}", year, area, language, data_dir, output_dir)"""
READS = {  # what the small notebook of each name reads
    "00_report_overview": "run.data.size('figures')",
    "01_covid_waves": """from kg_analysis.analysis import covid
run.table('phases', covid.phase_rows, run.compute(covid.wave, run.data))""",
}


def notebook(folder: Path, stem: str, *cells: str) -> None:
    """A small notebook under the name of a real one: it opens a session, does what the cells say, and exports."""
    real = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4)
    parameters = next(each.source for each in real.cells if "parameters" in each.metadata.get("tags", []))
    sources = [parameters, OPEN.format(stem=stem), *cells, "run.export()"]
    book = new_notebook(cells=[new_code_cell(each, id=f"cell-{n}") for n, each in enumerate(sources)])
    book.cells[0].metadata["tags"] = ["parameters"]
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, folder / f"{stem}.ipynb")


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
        notebook(tmp_path / "notebooks", stem, cell)
    return tmp_path


def kg(project: Path, *options: object) -> subprocess.CompletedProcess[str]:
    names = [each for stem in READS for each in ("--notebook", stem)]
    command = [KG, "batch", "--data-dir", project / "data", "--jobs", "2", *names, *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def counts(result: subprocess.CompletedProcess[str]) -> tuple[int, int, int]:
    """Runs done, skipped and failed, as the summary counts them."""
    words = [line.split() for line in result.stdout.splitlines()[:3]]
    assert [each[0] for each in words] == ["done", "skipped", "failed"], result.stderr
    return tuple(int(each[1]) for each in words)  # type: ignore[return-value]


def contents(folder: Path) -> dict[str, bytes]:
    """Files by their path; those of a folder that is being removed may vanish under way."""
    found = {}
    for place, _, names in os.walk(folder):
        for path in (Path(place) / name for name in names):
            with suppress(FileNotFoundError):
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def change(project: Path, figure: str, token: str) -> None:
    """Correct one figure where it is typed."""
    area, year = figure[3:5], figure[6:10]
    path = project / "data" / "printed" / f"synthetic-{area}-{year}.csv"
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    row = next(each for each in rows if each[0] == figure)
    row[rows[0].index("as_printed")] = token
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    write_clean(project / "data")


# --- the order


@pytest.mark.parametrize(
    ("text", "years"),
    [("2015-2017,2020", [2015, 2016, 2017, 2020]), ("2021", [2021]), ([2022, 2021, 2022], [2021, 2022]), ("all", None)],
)
def test_years_of_an_order(text: str | Sequence[int], years: list[int] | None) -> None:
    assert list_years(text) == years


@pytest.mark.parametrize("text", ["2017-2015", "15", "2015-", "2015;2016", ""])
def test_years_that_are_none(text: str) -> None:
    with pytest.raises(DataError, match="is no year or span"):
        list_years(text)


def test_an_order_of_a_file_gives_way_to_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "batch.toml"
    path.write_text('years = "2015-2016"\nareas = ["01"]\n[parameters]\nlanguage = "en"\n')
    order = read_order(path, years="2017", areas=[], parameters={"q4_share_pct": 28})
    assert (order.years, order.areas, order.parameters) == ("2017", ["01"], {"language": "en", "q4_share_pct": 28})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("years = ", "batch.toml: cannot be read as TOML"),
        ('year = "2015"', "batch.toml: 'year' is no part of an order; its parts: years, areas"),
        ("years = 2015", "^batch.toml: years = 2015 cannot be read; write years = [^\n]*$"),
        ("areas = [91]", r'^batch.toml: areas = \[91\] cannot be read; write areas = \["91"[^\n]*$'),
        ('areas = "91"', "batch.toml: areas = '91' cannot be read"),
        ("[parameters]\nlanguage = 2015-01-01", "batch.toml: parameters = .* cannot be read; write numbers, texts"),
    ],
)
def test_an_order_that_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "batch.toml").write_text(text)
    with pytest.raises(DataError, match=message):
        read_order(tmp_path / "batch.toml")


def test_the_runs_of_an_order(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data", tmp_path / "notebooks", tmp_path / "out")
    published = {"01": [2015, 2016], "02": [2016]}
    order = Order(years="2016", notebooks=["01_covid_waves", "02_growth_scenarios"], parameters={"q4_share_pct": 28})
    jobs = list_jobs(order, folders, published)
    assert [(job.parameters.area, job.parameters.year, job.source.stem) for job in jobs] == [
        (area, 2016, stem) for area in ("01", "02") for stem in ("01_covid_waves", "02_growth_scenarios")
    ]
    assert jobs[0].parameters.output_dir == "../out/01"
    with pytest.raises(DataError, match="years '': '' is no year"):
        list_jobs(read_order(None, years=""), folders, published)
    with pytest.raises(DataError, match=r"no figures of 1000, .*, 1011 and 8986 more in the areas chosen"):
        list_jobs(Order(years="1000-9999"), folders, published)
    with pytest.raises(DataError) as caught:
        list_jobs(Order(years="2016,2017", areas=["01", "03"], notebooks=["nope"]), folders, published)
    assert [each.partition(";")[0] for each in caught.value.problems] == [
        "area '03' has no figures",
        "no figures of 2017 in the areas chosen",
        "notebook 'nope' is not known",
    ]


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
    assert set(data.sources.index) == {f"synthetic-02-{year}" for year in (2015, 2016, 2017)}


# --- what has changed


def test_data_in_linked_folders_are_data_like_any_other(tmp_path: Path) -> None:
    data, store = tmp_path / "data", tmp_path / "store"
    for folder in (data, store / "printed", tmp_path / "notebooks"):
        folder.mkdir(parents=True)
    (store / "printed/a.csv").write_text("1")
    (data / "printed").symlink_to(store / "printed")
    (store / "printed/round").symlink_to(data)  # a folder that leads to itself
    folders = Folders(data, tmp_path / "notebooks", tmp_path / "out")
    before = fingerprint.of_data(data), parcel.pack(folders)
    (store / "printed/a.csv").write_text("2")
    after = fingerprint.of_data(data), parcel.pack(folders)
    assert before[0] != after[0]
    assert before[1] != after[1]


@pytest.mark.slow
def test_only_what_is_missing_or_touched_is_run(project: Path) -> None:
    assert counts(kg(project)) == (12, 0, 0)
    first = contents(project / "outputs")
    assert sorted(each for each in first if each.startswith("02/2016/")) == [
        "02/2016/00_report_overview.ipynb",
        "02/2016/01_covid_waves.ipynb",
        "02/2016/manifest.json",
        "02/2016/tables/phases.csv",
    ]
    assert counts(kg(project)) == (0, 12, 0)
    assert counts(kg(project, "--years", "2015")) == (0, 4, 0)
    assert contents(project / "outputs").keys() == first.keys()
    (project / "outputs/01/2015/tables/phases.csv").unlink()
    assert counts(kg(project)) == (1, 11, 0)
    assert counts(kg(project, "--area", "02", "--set", "language=en")) == (6, 0, 0)
    assert counts(kg(project, "--area", "02")) == (6, 0, 0)
    notebook(project / "notebooks", "00_report_overview", "run.data.size('measures')")
    assert counts(kg(project)) == (6, 6, 0)


def test_a_killed_batch_of_other_parameters_leaves_nothing_to_be_skipped_by_mistake(project: Path) -> None:
    kg(project, "--area", "01", "--years", "2015")
    before = contents(project / "outputs")
    state = (project / "outputs" / unchanged.STATE).read_bytes()
    assert counts(kg(project, "--area", "01", "--years", "2015")) == (0, 2, 0)
    english = ("--area", "01", "--years", "2015", "--set", "language=en")
    notebook(project / "notebooks", "01_covid_waves", "1 / 0")
    assert counts(kg(project, *english)) == (1, 0, 1)
    assert (project / "outputs" / unchanged.STATE).read_bytes() != state
    notebook(project / "notebooks", "01_covid_waves", READS["01_covid_waves"])
    (project / "outputs/01/2015/01_covid_waves.failed.ipynb").unlink()  # as after a kill: nothing tells of it
    assert counts(kg(project, "--area", "01", "--years", "2015"))[2] == 0
    after = contents(project / "outputs")
    assert {n: c for n, c in after.items() if n.startswith("01/")} == {
        n: c for n, c in before.items() if n.startswith("01/")
    }


@pytest.mark.parametrize("name", ["year", "area", "output_dir"])
def test_what_an_order_says_itself_is_no_parameter(tmp_path: Path, name: str) -> None:
    (tmp_path / "batch.toml").write_text(f'[parameters]\n{name} = "89"\n')
    with pytest.raises(DataError, match=f"batch.toml: parameter {name} is set for each run; use"):
        read_order(tmp_path / "batch.toml")
    with pytest.raises(DataError, match=f"batch: parameter {name}"):
        read_order(None, parameters={name: 1})


def test_a_changed_data_file_runs_everything_again_and_an_unchanged_one_nothing(project: Path) -> None:
    kg(project)
    assert counts(kg(project)) == (0, 12, 0)
    change(project, "syn02-2016-covid-p2-mean", "777 ca/ngày")
    assert counts(kg(project)) == (12, 0, 0)


def test_a_run_that_does_not_say_what_it_read_is_always_run(tmp_path: Path) -> None:
    root = tmp_path / "outputs/01"
    job = Job(ROOT / "notebooks/01_covid_waves.ipynb", build("01_covid_waves", year=2021), root)
    assert unchanged.needed([job], DATA) == [job]
    manifest.record(root / "2021", "01_covid_waves", manifest.Section(job.parameters.model_dump(), {}, [], [], {}))
    assert unchanged.needed([job], DATA) == [job]


@pytest.mark.slow
def test_a_broken_manifest_is_made_anew(project: Path) -> None:
    kg(project, "--area", "01", "--years", "2015")
    (project / "outputs/01/2015/manifest.json").write_text("{")
    assert counts(kg(project, "--area", "01", "--years", "2015")) == (2, 0, 0)


def test_bad_data_stop_a_batch_before_anything_is_run(project: Path) -> None:
    (project / "data/printed/synthetic-01-2015.csv").write_text("figure_id\n")
    result = kg(project)
    assert result.returncode == 1
    assert "printed/synthetic-01-2015.csv" in result.stderr
    assert not list((project / "outputs").glob("*/*"))


# --- one harms no other


HARMFUL = {  # by area and year: what the cell does, and what is said of it
    ("01", 2015): ("1 / 0", "ZeroDivisionError: division by zero"),
    ("01", 2016): ("import os; os._exit(0)", "the kernel died"),
    ("01", 2017): ("import time; time.sleep(600)", "the run took longer than its limit of 25 s"),
    ("02", 2015): ("import numpy as np; x = np.ones(500 * 2**20 // 8)", "MemoryError"),
    ("02", 2016): ("import os, time; os.kill(os.getppid(), 9); time.sleep(9)", "the kernel died"),
    ("02", 2017): ("import os, shutil; shutil.rmtree(os.getcwd())", ""),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_a_harmful_notebook_harms_no_other_run(project: Path) -> None:
    harm = [f"if (area, year) == {place}:\n    {cell}" for place, (cell, _) in HARMFUL.items()]
    notebook(project / "notebooks", "01_covid_waves", "\n".join(harm))
    before = contents(project / "notebooks"), contents(project / "data")
    options = ("--time-limit", "25", "--memory-limit", "300")
    result = kg(project, *options)
    assert (contents(project / "notebooks"), contents(project / "data")) == before
    assert counts(result) == (7, 0, 5)
    assert result.returncode == 1
    for (area, year), (_, message) in HARMFUL.items():
        failed = project / "outputs" / area / str(year) / "01_covid_waves.failed.ipynb"
        assert failed.is_file() == bool(message)
        if message:
            said = [line for line in result.stdout.splitlines() if f"{area} {year} 01_covid_waves: cell 3 (" in line]
            assert message in said[0]
    assert not [each for each in (project / "outputs").rglob("*") if ".partial" in each.name]
    notebook(project / "notebooks", "01_covid_waves", READS["01_covid_waves"])
    assert counts(kg(project, *options)) == (6, 6, 0), "all of the mended notebook, none of the other"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_a_notebook_that_floods_its_outputs_is_bounded_too(project: Path) -> None:
    flood = "import time\nif area == '01':\n    while True:\n        print('x' * 10**6); time.sleep(0.05)"
    notebook(project / "notebooks", "01_covid_waves", flood)
    start = time.monotonic()
    result = kg(project, "--years", "2015", "--time-limit", "120", "--memory-limit", "300")
    assert time.monotonic() - start < 100, "it is not its time that ends it"
    assert counts(result) == (3, 0, 1)
    assert "01 2015 01_covid_waves: cell 3 (import time): its outputs take more memory than its limit" in result.stdout
    assert (project / "outputs/01/2015/01_covid_waves.failed.ipynb").stat().st_size < 10**6


STARVING = {  # by area: what the cell does that one process's own bound does not stop, or not with an error
    "01": "for n in range(9):\n        print(str(n) * 10**7)",
    "02": """import subprocess, sys
    hold = "import time; x = bytearray(200 * 2**20); time.sleep(300)"
    started = [subprocess.Popen([sys.executable, "-c", hold]) for _ in range(4)]
    [each.wait() for each in started]""",
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux only")
def test_what_is_printed_is_never_lost_and_memory_is_that_of_all_processes(project: Path) -> None:
    cells = [f"if area == '{area}':\n    {cell}" for area, cell in STARVING.items()]
    notebook(project / "notebooks", "01_covid_waves", "\n".join(cells))
    result = kg(project, "--years", "2015", "--time-limit", "120", "--memory-limit", "300")
    assert counts(result) == (2, 0, 2)
    for area in STARVING:
        assert f"{area} 2015 01_covid_waves: cell 3 (if area == '01':): the kernel died" in result.stdout


def test_no_more_memory_is_asked_for_than_is_allowed() -> None:
    code = """import os, resource
from kg_analysis.runs.limits import bound_memory
resource.setrlimit(resource.RLIMIT_DATA, (2**40, 2**40))
bound_memory(os.getpid(), 10**7)
print(resource.getrlimit(resource.RLIMIT_DATA)[1] == 2**40)"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "True", result.stderr


# --- interrupted


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_interrupted_batch_leaves_nothing_behind(project: Path, number: signal.Signals) -> None:
    notebook(project / "notebooks", "01_covid_waves", "import time; time.sleep(100)")
    with tempfile.TemporaryDirectory() as temporary:  # a path that is short enough for sockets
        interrupt(project, number, Path(temporary))
    if number != signal.SIGKILL:
        assert sorted(each.name for each in (project / "outputs").rglob("*")) == [".kg-batch.json", "01"]


def as_in_a_terminal() -> None:
    """Heed what whoever started the tests may have had ignored."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def interrupt(project: Path, number: signal.Signals, temporary: Path) -> None:
    """Start a batch, send it a signal when a kernel runs, and wait until its temporary files are gone."""
    names = ("--notebook", "01_covid_waves", "--area", "01", "--jobs", "2")
    command = [KG, "batch", "--data-dir", project / "data", *names]
    environment = os.environ | {"TMPDIR": str(temporary)}
    batch = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
        preexec_fn=as_in_a_terminal,  # noqa: PLW1509  nothing else runs in this process
    )
    end = time.time() + 60
    while not list(temporary.glob("*/kg-*-1")):  # a kernel's socket
        if time.time() > end:
            batch.kill()
        assert batch.poll() is None, batch.communicate()
        time.sleep(0.05)
    if number == signal.SIGINT:  # a terminal sends it to all of them
        os.killpg(batch.pid, number)
    else:
        batch.send_signal(number)
    _, err = batch.communicate(timeout=30)
    assert batch.returncode != 0
    if number != signal.SIGKILL:  # what is killed cannot keep a kernel from telling what it misses
        assert "Traceback" not in err
    while list(temporary.iterdir()):
        assert time.time() < end, contents(temporary)
        time.sleep(0.05)


@pytest.mark.slow
def test_a_temporary_folder_with_a_long_name_is_no_obstacle(project: Path) -> None:
    temporary = project / "a folder whose name is long" / ("n" * 90)
    temporary.mkdir(parents=True)
    os.environ["TMPDIR"] = str(temporary)
    try:
        assert counts(kg(project, "--area", "01", "--years", "2015")) == (2, 0, 0)
    finally:
        del os.environ["TMPDIR"]


def test_a_folder_of_notebooks_that_is_not_there_is_said_once(project: Path) -> None:
    result = kg(project, "--notebooks-dir", project / "nope")
    assert result.returncode == 1
    assert [line for line in result.stderr.splitlines() if "nope" in line] == result.stderr.splitlines()
    assert len(result.stderr.splitlines()) == 1
    assert not (project / "outputs").exists()


@pytest.mark.slow
def test_what_is_in_the_way_of_a_run_fails_that_run_in_words(project: Path) -> None:
    assert counts(kg(project)) == (12, 0, 0)
    shutil.rmtree(project / "outputs/01/2015")
    (project / "outputs/01/2015").write_text("in the way")
    (project / "outputs/01/2016/manifest.json").unlink()
    (project / "outputs/01/2016/manifest.json").mkdir()
    (project / "notebooks/01_covid_waves.ipynb").unlink()
    result = kg(project)
    assert counts(result) == (0, 4, 8)
    assert "Traceback" not in result.stderr
    said = [line for line in result.stdout.splitlines() if line.startswith("  ")]
    assert len(said) == 8
    assert sum("01_covid_waves.ipynb: the notebook is missing; restore it" in line for line in said) == 6, said
    assert any("01 2015 00_report_overview" in line and "Not a directory" in line for line in said), said
    assert any("01 2016 00_report_overview" in line and "manifest.json" in line for line in said), said


def test_what_a_process_killed_while_writing_has_left_is_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    folder = tmp_path / "01/2015"
    folder.mkdir(parents=True)
    left = [tmp_path / f".kg-batch.json.{gone.pid}.partial", folder / f".manifest.json.{gone.pid}.partial"]
    kept = [folder / f".manifest.json.{os.getpid()}.partial", folder / "manifest.json"]
    for each in (*left, *kept):
        each.write_text("{}")
    outputs.recover_all(tmp_path)
    assert sorted(folder.iterdir()) == sorted(kept)
    assert not left[0].exists()


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
def test_what_a_notebook_starts_ends_with_it(project: Path) -> None:
    cell = "import subprocess\nprint(subprocess.Popen(['sleep', '321'], start_new_session=True).pid)"
    notebook(project / "notebooks", "01_covid_waves", cell)
    kg(project, "--years", "2015", "--area", "01")
    text = (project / "outputs/01/2015/01_covid_waves.ipynb").read_text()
    book = nbformat.reads(text, as_version=4)
    pid = int(book.cells[3].outputs[0].text if book.cells[3].outputs else book.cells[2].outputs[0].text)
    end = time.time() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.time() < end
        time.sleep(0.1)


def test_the_working_folder_is_not_the_notebooks_own_but_looks_like_it(project: Path) -> None:
    (project / "notebooks/beside.txt").write_text("here")
    cell = "from pathlib import Path\nprint(Path.cwd().name, Path('beside.txt').read_text(), data_dir, output_dir)"
    notebook(project / "notebooks", "01_covid_waves", cell)
    kg(project, "--years", "2015", "--area", "01")
    assert "notebooks here ../data ../outputs/01" in (project / "outputs/01/2015/01_covid_waves.ipynb").read_text()


# --- the lock


def test_two_batches_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        code = "import pathlib, sys\nfrom kg_analysis.runs import lock\nwith lock.held(pathlib.Path(sys.argv[1])): pass"
        other = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
        assert f"a batch of process {os.getpid()} on " in other.stderr
        with pytest.raises(RunError, match="choose another --output-dir"), lock.held(tmp_path):
            pass
    assert not (tmp_path / lock.NAME).exists()


@pytest.mark.parametrize("change_of", [{"pid": 2**22 - 7}, {"started": 12.5}, {"boot": "before"}, None])
def test_a_stale_lock_is_recognised(tmp_path: Path, change_of: dict[str, float] | None) -> None:
    with lock.held(tmp_path):
        own = json.loads((tmp_path / lock.NAME).read_text())
    (tmp_path / lock.NAME).write_text("{" if change_of is None else json.dumps(own | change_of))
    with lock.held(tmp_path):
        assert json.loads((tmp_path / lock.NAME).read_text()) == own


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for name in ("file", "file/below"):
        with pytest.raises(RunError, match="cannot write outputs there"), lock.held(tmp_path / name):
            pass


def test_a_lock_of_another_machine_cannot_be_judged_from_here(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        own = json.loads((tmp_path / lock.NAME).read_text())
    for change_of in ({"host": "elsewhere"}, {"space": "of a container"}):
        (tmp_path / lock.NAME).write_text(json.dumps(own | {"pid": 2**22 - 7} | change_of))
        with pytest.raises(RunError, match="writes there"), lock.held(tmp_path):
            pass


# --- killed at any moment


@pytest.mark.slow
def test_a_batch_killed_at_random_moments_gives_the_same_bytes_in_the_end(project: Path) -> None:
    kg(project, "--area", "01", "--years", "2015")  # from here on the data are known to be sound
    start = time.monotonic()
    assert counts(kg(project, "--area", "02")) == (6, 0, 0)
    whole = time.monotonic() - start
    outputs = project / "outputs/02"
    expected = contents(outputs)
    draw = random.Random(50)  # noqa: S311  the same moments each time
    names = [each for stem in READS for each in ("--notebook", stem)]
    command = [KG, "batch", "--data-dir", project / "data", "--jobs", "2", "--area", "02", *names]
    hits = 0
    for number in range(50):
        if number % 3 == 0:
            shutil.rmtree(outputs, ignore_errors=True)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0, whole))
        hits += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        for name, content in (contents(outputs) if outputs.exists() else {}).items():
            if name.startswith("."):
                continue  # staged, not yet in place
            if name.endswith("manifest.json"):  # grows by a section a notebook
                assert json.loads(content)["notebooks"].keys() <= set(READS)
            else:
                assert "/." in name or content == expected[name], name
    assert hits >= 25, "most moments lie within a batch"
    assert counts(kg(project, "--area", "02"))[2] == 0
    assert contents(outputs) == expected


# --- as papermill would have it


@pytest.mark.slow
def test_outputs_equal_those_of_stock_papermill_cell_by_cell(tmp_path: Path, made_up: Path) -> None:
    shutil.copytree(made_up, tmp_path / "data")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    command = [KG, "batch", "--data-dir", tmp_path / "data", "--years", "2016", "--area", "02"]
    subprocess.run(command, check=True, capture_output=True)
    for source in sorted((tmp_path / "notebooks").glob("0*.ipynb")):
        given = {"year": 2016, "area": "02", "data_dir": "../data", "output_dir": "../outputs/02"}
        ours = nbformat.read(tmp_path / "outputs/02/2016" / source.name, as_version=4)
        given = build(source.stem, **given).model_dump()  # in the order in which they are injected
        code = (
            "import json, sys, papermill\npapermill.execute_notebook(sys.argv[1], sys.argv[2],"
            " json.loads(sys.argv[3]), cwd=sys.argv[4], progress_bar=False)"
        )
        stock_path = tmp_path / "stock.ipynb"
        arguments = [source, stock_path, json.dumps(given), tmp_path / "notebooks"]
        subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)
        stock = nbformat.read(stock_path, as_version=4)
        assert len(ours.cells) == len(stock.cells)
        for mine, theirs in zip(ours.cells, stock.cells, strict=True):
            assert mine.source == theirs.source
            assert mine.get("outputs") == theirs.get("outputs")
            assert mine.get("execution_count") == theirs.get("execution_count")
