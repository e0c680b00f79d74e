"""Runs of notebooks with real kernels: what papermill lets through, and that nothing good is ever lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from conftest import ROOT, STOCK, at_length, contents, kg, moments
from filelock import FileLock
from killing import as_in_a_terminal
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kg_analysis import disk, manifest
from kg_analysis.errors import DataError, RunError
from kg_analysis.manifest import Section
from kg_analysis.parameters import check_notebook
from kg_analysis.runs import run

STEM = "00_report_overview"
PARAMETERS = """year: int = 2021  # năm
area: str = "91"
language: str = "vi"
data_dir: str = "../data"
output_dir: str = "../outputs"
"""
EXPORT = """from pathlib import Path
from kg_analysis import manifest
print(Path.cwd().name, output_dir)
section = manifest.Section({"language": language}, {}, [], [], {})
key, files = manifest.key_of("00_report_overview", section.parameters), {f"tables/{name}.csv": b"value\\n1\\n"}
manifest.commit(Path(output_dir) / str(year), key, files, section, replaces=False)
"""


def notebook(folder: Path, *sources: str, parameters: str = PARAMETERS, export: str = EXPORT) -> Path:
    """A small notebook under the name of a real one, so that it has that one's parameters."""
    cells = [new_markdown_cell("# Title"), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source) for source in sources] + [new_code_cell(export)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    path = folder / "notebooks" / f"{STEM}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
    (folder / "data").mkdir(exist_ok=True)
    return path


def once(folder: Path, server: Any, outputs: str = "outputs", **values: Any) -> list[Path]:
    """Run the small notebook of a folder; what was written."""
    folders = run.Folders(folder / "data", folder / "notebooks", folder / outputs)
    (outcome,) = run.run_year([run.plan(STEM, folders, **{"year": 2021} | values)], folders, server, seconds=60)
    return list(outcome.paths)


@pytest.fixture
def good(tmp_path: Path, server: Any) -> dict[str, bytes]:
    """Outputs of a run that went well."""
    notebook(tmp_path, 'name = "good"')
    once(tmp_path, server)
    return contents(tmp_path / "outputs")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (PARAMETERS.replace("2021", "int(2021)"), "cell 2: malformed node"),
        (PARAMETERS + "import os\n", "line 6 is no typed parameter"),
        (PARAMETERS.replace("year: int", "jahr: int"), "declares jahr"),
        (PARAMETERS.replace('"vi"', '"en"'), "language is 'en' by default, the model says 'vi'"),
        (PARAMETERS.replace("= 2021", "= "), "invalid syntax"),
    ],
)
def test_a_parameters_cell_that_is_not_its_models(tmp_path: Path, parameters: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        path = notebook(tmp_path, parameters=parameters)
        check_notebook(path.name, path.read_bytes())


@pytest.mark.parametrize("count", [0, 2])
def test_one_parameters_cell_and_one_only(tmp_path: Path, count: int) -> None:
    path = notebook(tmp_path)
    book = nbformat.read(path, as_version=4)
    for cell in book.cells:
        cell.metadata.tags = []
    for cell in book.cells[1 : 1 + count]:
        cell.metadata.tags = ["parameters"]
    nbformat.write(book, path)
    with pytest.raises(DataError, match="tag exactly one"):
        check_notebook(path.name, path.read_bytes())


# --- one run


def test_a_run_writes_the_notebook_its_outputs_and_the_manifest(tmp_path: Path, good: dict[str, bytes]) -> None:
    assert sorted(good) == ["2021/00_report_overview.ipynb", "2021/manifest.json", "2021/tables/good.csv"]
    section = manifest.read(tmp_path / "outputs/2021")[STEM]
    assert section.files == [f"{STEM}.ipynb", "tables/good.csv"]
    assert (section.parameters["data_dir"], section.parameters["output_dir"]) == ("../data", "../outputs")


def test_the_working_directory_looks_like_the_notebooks_folder(tmp_path: Path, server: Any) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/beside.txt").write_text("beside")
    notebook(tmp_path, 'name = Path("beside.txt").read_text()\nname', export="from pathlib import Path\n" + EXPORT)
    path = tmp_path / f"notebooks/{STEM}.ipynb"
    path.write_text(path.read_text().replace("name = Path", "from pathlib import Path\\nname = Path"))
    once(tmp_path, server)
    assert "notebooks ../outputs" in (tmp_path / f"outputs/2021/{STEM}.ipynb").read_text()
    assert (tmp_path / "outputs/2021/tables/beside.csv").is_file()


def test_a_notebook_names_no_machine_path_and_no_clock(tmp_path: Path, good: dict[str, bytes], server: Any) -> None:
    for name, content in good.items():
        assert str(tmp_path) not in content.decode(), name
        assert str(server.home) not in content.decode(), name
    record = json.loads(good[f"2021/{STEM}.ipynb"])["metadata"]["papermill"]
    assert (record["input_path"], record["output_path"]) == (f"{STEM}.ipynb", f"2021/{STEM}.ipynb")
    assert "start_time" not in str(good)


def test_what_a_cell_prints_of_its_place_names_no_machine(tmp_path: Path, server: Any) -> None:
    notebook(tmp_path, 'from pathlib import Path; name = "x"; print(Path.cwd(), Path("none.csv").resolve())')
    once(tmp_path, server)
    text = (tmp_path / f"outputs/2021/{STEM}.ipynb").read_text()
    assert "notebooks notebooks/none.csv" in text
    assert str(server.home) not in text


def test_two_runs_give_the_same_bytes(tmp_path: Path, good: dict[str, bytes], server: Any) -> None:
    once(tmp_path, server)
    assert contents(tmp_path / "outputs") == good


def test_one_language_never_overwrites_the_other(tmp_path: Path, good: dict[str, bytes], server: Any) -> None:
    once(tmp_path, server, language="en")
    after = contents(tmp_path / "outputs")
    assert after.keys() == good.keys() | {f"2021/{STEM}.en.ipynb"}
    assert after[f"2021/{STEM}.ipynb"] == good[f"2021/{STEM}.ipynb"]
    assert manifest.read(tmp_path / "outputs/2021").keys() == {STEM, f"{STEM}.en"}
    notebook(tmp_path, 'name = "new"')
    once(tmp_path, server)
    assert (tmp_path / "outputs/2021/tables/good.csv").is_file(), "the English run still has it"
    once(tmp_path, server, language="en")
    assert not (tmp_path / "outputs/2021/tables/good.csv").exists()


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1 / 0", "cell 3 (1 / 0): ZeroDivisionError: division by zero"),
        ('from kg_analysis.errors import DataError\nraise DataError(["row 3: bad", "row 9: worse"])', "row 9: worse"),
        ("import sys\nsys.exit(0)", "a notebook may not leave early"),
        ("raise SystemExit", "a notebook may not leave early"),
        ("import os\nos._exit(0)", "the kernel died"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "the kernel died"),
        ("import os, time\nos.kill(os.getppid(), 9); time.sleep(9)", "the kernel died"),
        ("x =", "SyntaxError"),
    ],
)
def test_a_failing_cell_leaves_the_last_good_outputs(
    tmp_path: Path, good: dict[str, bytes], server: Any, cell: str, message: str
) -> None:
    notebook(tmp_path, cell, 'name = "new"')
    with pytest.raises(RunError) as caught:
        once(tmp_path, server)
    text = str(caught.value)
    assert message in text
    assert f"{STEM}.ipynb cell 3 (" in text
    assert "the last good outputs stand" in text
    after = contents(tmp_path / "outputs")
    failed = after.pop(f"2021/{STEM}.failed.ipynb").decode()
    assert after == good
    assert cell.splitlines()[-1] in json.dumps(json.loads(failed), ensure_ascii=False).replace('\\"', '"')
    assert str(tmp_path) not in failed


@pytest.mark.slow
def test_a_notebook_that_loops_or_floods_is_ended(
    tmp_path: Path, good: dict[str, bytes], server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = run.Folders(tmp_path / "data", tmp_path / "notebooks", tmp_path / "outputs")
    notebook(tmp_path, "while True: pass")
    with pytest.raises(RunError, match="the run took longer than its limit of 3 s"):
        run.run_year([run.plan(STEM, folders, year=2021)], folders, server, seconds=3)
    monkeypatch.setattr("kg_analysis.runs.engine.MOST_OUTPUT", 10**7)
    notebook(tmp_path, "while True: print('x' * 10**6)")
    with pytest.raises(RunError, match=r"cell 3 .*: its outputs are longer than 10000000 characters"):
        once(tmp_path, server)
    assert (tmp_path / f"outputs/2021/{STEM}.failed.ipynb").stat().st_size < 10**6
    (tmp_path / f"outputs/2021/{STEM}.failed.ipynb").unlink()
    assert contents(tmp_path / "outputs") == good


def test_a_notebook_that_deletes_its_folder_deletes_links(tmp_path: Path, server: Any) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("1")
    notebook(tmp_path, "import os, shutil; shutil.rmtree(os.getcwd()); shutil.rmtree('../data', ignore_errors=True)")
    before = contents(tmp_path)
    with pytest.raises(RunError):
        once(tmp_path, server)
    after = contents(tmp_path)
    assert before.items() <= after.items()


def test_a_run_that_records_nothing_is_no_run(tmp_path: Path, server: Any) -> None:
    notebook(tmp_path, export="pass")
    with pytest.raises(RunError, match=r"the last code cell must be run\.save"):
        once(tmp_path, server)


def test_what_a_notebook_writes_elsewhere_fails_it(tmp_path: Path, good: dict[str, bytes], server: Any) -> None:
    notebook(tmp_path, 'from pathlib import Path; name = "x"; Path(f"{output_dir}/2021/mine.txt").write_text("x")')
    with pytest.raises(RunError, match=r"wrote mine.txt; a notebook writes to charts"):
        once(tmp_path, server)
    assert contents(tmp_path / "outputs") == good


def test_a_later_success_removes_the_failed_copy_and_stale_files_but_not_the_readers(
    tmp_path: Path, good: dict[str, bytes], server: Any
) -> None:
    year = tmp_path / "outputs/2021"
    (year / "notes.txt").write_text("mine")
    (year / "tables/mine.csv").write_text("mine")
    notebook(tmp_path, "1 / 0")
    with pytest.raises(RunError):
        once(tmp_path, server)
    assert (year / f"{STEM}.failed.ipynb").exists()
    notebook(tmp_path, 'name = "new"')
    once(tmp_path, server)
    written = [f"{STEM}.ipynb", "manifest.json", "tables/new.csv"]
    assert sorted(contents(year)) == sorted([*written, "notes.txt", "tables/mine.csv"])


def test_no_file_has_two_notebooks_of_one_library_that_write_it(tmp_path: Path) -> None:
    """Else what it holds hangs on which of them ends last."""
    table = {"tables/a.csv": b"1"}
    section = Section({}, {}, [], [], {}, {"library": "x"})
    manifest.commit(tmp_path, "01_covid_waves", table, section)
    manifest.commit(tmp_path, "01_covid_waves.en", table, section)
    with pytest.raises(RunError, match=r"^03_public_investment: wrote tables/a\.csv, which 01\S+ writes too"):
        manifest.commit(tmp_path, "03_public_investment", {"tables/a.csv": b"2"}, section)
    assert (tmp_path / "tables/a.csv").read_bytes() == b"1"
    manifest.commit(
        tmp_path, "03_public_investment", {"tables/a.csv": b"2"}, Section({}, {}, [], [], {}, {"library": "y"})
    )


def test_folders_with_blanks_braces_and_vietnamese_names(tmp_path: Path, server: Any) -> None:
    folder = tmp_path / "báo cáo {year} năm"
    notebook(folder, 'name = "x"')
    once(folder, server, "kết quả {x}")
    assert (folder / "kết quả {x}/2021/tables/x.csv").is_file()


@pytest.mark.parametrize("outputs", [".", "notebooks/out", "data/out", "../beside"])
def test_outputs_may_lie_anywhere(tmp_path: Path, server: Any, outputs: str) -> None:
    (tmp_path / "p/data").mkdir(parents=True)
    (tmp_path / "p/data/a.csv").write_text("a")
    notebook(tmp_path / "p", "from pathlib import Path; name = Path(data_dir, 'a.csv').read_text()")
    once(tmp_path / "p", server, outputs)
    assert (tmp_path / "p" / outputs / "2021/tables/a.csv").is_file()


def test_an_output_folder_that_cannot_be_written(tmp_path: Path, server: Any) -> None:
    notebook(tmp_path, 'name = "x"')
    (tmp_path / "outputs").write_text("a file stands here")
    with pytest.raises(RunError, match="cannot write outputs there"):
        once(tmp_path, server)


def test_a_missing_and_a_broken_notebook(tmp_path: Path, server: Any) -> None:
    path = notebook(tmp_path)
    path.write_text("{")
    with pytest.raises(DataError, match="no notebook"):
        once(tmp_path, server)
    path.unlink()
    with pytest.raises(DataError, match="the notebook is missing"):
        once(tmp_path, server)


def test_stock_kernels_where_there_is_no_fork_give_the_same_bytes(
    tmp_path: Path, good: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg_analysis.runs import warm  # noqa: PLC0415

    monkeypatch.setattr(warm, "CAN_FORK", False)
    with warm.Server() as bare:
        once(tmp_path, bare)
    assert contents(tmp_path / "outputs") == good
    assert not bare.home.exists()


def test_one_failure_stops_none_of_the_others(tmp_path: Path, server: Any) -> None:
    outcomes = []
    for year, cell in ((2021, 'name = "x"'), (2022, "1 / 0"), (2023, "import os; os.kill(os.getppid(), 9)")):
        notebook(tmp_path / str(year), cell)
        folders = run.Folders(tmp_path / f"{year}/data", tmp_path / f"{year}/notebooks", tmp_path / "outputs")
        job = run.plan(STEM, folders, year=year, language="vi" if year != 2022 else "en")
        outcomes.append(run.execute(job, folders.files(), server))
    assert [bool(outcome.problems) for outcome in outcomes] == [False, True, True]
    assert "tables/x.csv" in outcomes[0].files


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
def test_what_a_notebook_starts_ends_with_it(tmp_path: Path, server: Any) -> None:
    started = "subprocess.Popen(['sleep', '321'], start_new_session=True).pid"
    notebook(tmp_path, f"import subprocess; name = str({started})")
    (path,) = (each for each in once(tmp_path, server) if each.suffix == ".csv")
    assert not psutil.pid_exists(int(path.stem)) or psutil.Process(int(path.stem)).status() == psutil.STATUS_ZOMBIE


# --- who writes in a folder


def test_a_second_run_waits_a_little_and_is_refused_with_who_holds_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook(tmp_path, 'name = "x"')
    code = "import sys, pathlib\nfrom kg_analysis import disk\nfrom kg_analysis import manifest\n"
    code += "disk.PATIENCE = 0.5\n"
    code += "with manifest.held(pathlib.Path(sys.argv[1])): print('in')"
    command = [sys.executable, "-c", code, tmp_path / "outputs/2021"]
    with manifest.held(tmp_path / "outputs/2021"):
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
        assert f"process {os.getpid()} on " in refused.stderr
        assert "wait for it, or choose another place to write to" in refused.stderr
        with manifest.held(tmp_path / "outputs/2021"):  # who holds it already may
            pass
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == "in\n"
    monkeypatch.setattr(disk, "PATIENCE", 20)
    lock = FileLock(tmp_path / "outputs/2021/.lock", thread_local=False)
    lock.acquire()
    threading.Timer(0.5, lock.release).start()
    with manifest.held(tmp_path / "outputs/2021"):  # it waits a little
        pass


def crafted(root: Path, outside: Path) -> None:
    """What somebody might have put into a folder of outputs: links, foreign names, broken records."""
    journal = root / ".change"
    (journal / "tables").mkdir(parents=True)
    (journal / "notes.txt").write_text("evil")
    (journal / "tables/link.csv").symlink_to(outside / "precious.txt")
    (journal / "charts/vi").mkdir(parents=True)
    (journal / "charts/vi/x.png").write_text("evil")
    (journal / ".removed").write_text(json.dumps(["../precious.txt", "notes.txt", "charts/vi/x.png", 1, "tables/\0"]))
    (root / "charts").symlink_to(outside)
    (root / ".change.77.partial").symlink_to(outside)
    (root / ".change.78.partial/charts").mkdir(parents=True)
    (root / ".manifest.json.79.partial").write_text("half")
    section = {"parameters": {}, "inputs": {}, "files": ["../precious.txt", "charts/vi/x.png", "tables/../../x"]}
    stale = {"notebooks": {STEM: section | {"skipped": [], "packages": {}}}}
    (root / "manifest.json").write_text(json.dumps(stale))


def test_what_is_left_in_a_folder_is_data_from_outside(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "outputs/2021"
    (outside / "vi").mkdir(parents=True)
    for name in ("precious.txt", "x", "vi/x.png"):
        (outside / name).write_text("keep")
    root.mkdir(parents=True)
    (root / "notes.txt").write_text("mine")
    (tmp_path / "outputs/precious.txt").write_text("keep")
    crafted(root, outside)
    before = contents(outside)
    with manifest.held(root):
        pass
    assert contents(outside) == before
    assert (tmp_path / "outputs/precious.txt").read_text() == "keep"
    assert (root / "notes.txt").read_text() == "mine"
    assert [path.name for path in root.glob(".*") if path.name != ".lock"] == [".change.77.partial"]  # a link: not ours
    new = {"tables/a.csv": b"new", f"{STEM}.ipynb": b"new"}
    manifest.commit(root, STEM, new, Section({}, {}, [], [], {}))  # what the record names outside is not removed
    assert contents(outside) == before
    assert (tmp_path / "outputs/precious.txt").read_text() == "keep"
    with pytest.raises(DataError, match=r"charts/vi/a.png: is no file that is written here, or leads elsewhere"):
        manifest.commit(root, STEM, {"charts/vi/a.png": b""}, Section({}, {}, [], [], {}))
    for name in ("notes.txt", "../x", "02_growth_scenarios.ipynb", "manifest.json", "tables/../../../x"):
        with pytest.raises(RunError, match="a notebook writes to charts"):
            manifest.commit(root, STEM, {name: b""}, Section({}, {}, [], [], {}))


def test_a_journal_of_another_program_is_left_alone(tmp_path: Path, server: Any) -> None:
    left = tmp_path / "outputs/.partial-x-999999"
    left.mkdir(parents=True)
    record = {"notebook": "02_growth_scenarios", "year": 2021, "files": ["../../Makefile"], "stale": [], "section": {}}
    (left / "journal.json").write_text(json.dumps(record))
    (tmp_path / "Makefile").write_text("mine")
    notebook(tmp_path, 'name = "x"')
    once(tmp_path, server)
    assert (tmp_path / "Makefile").read_text() == "mine"


def test_a_broken_manifest_is_named_and_made_anew(tmp_path: Path, server: Any) -> None:
    notebook(tmp_path, 'name = "x"')
    (tmp_path / "outputs/2021").mkdir(parents=True)
    for text in ("[]", "{", '{"notebooks": {"a": {"files": 1}}}'):
        (tmp_path / "outputs/2021/manifest.json").write_text(text)
        with pytest.raises(DataError, match=r"2021/manifest.json: no manifest"):
            manifest.read(tmp_path / "outputs/2021")
    once(tmp_path, server)
    assert manifest.read(tmp_path / "outputs/2021").keys() == {STEM}


def test_a_manifest_of_a_hundred_thousand_brackets_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    code = "import sys, pathlib; from kg_analysis import manifest; manifest.read(pathlib.Path(sys.argv[1]))"
    result = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
    assert "DataError: " in result.stderr
    assert "no manifest" in result.stderr


# --- killed


DRIVER = """
import sys
from pathlib import Path
from kg_analysis.runs import run
from kg_analysis.runs.warm import Server
folder = Path(sys.argv[1])
folders = run.Folders(folder / "data", folder / "notebooks", folder / "outputs")
with Server() as server:
    run.run_year([run.plan("00_report_overview", folders, year=2021)], folders, server)
"""


def wait_for(condition: Any, seconds: float = 120) -> None:
    end = time.time() + seconds
    while not condition():
        assert time.time() < end, "waited in vain"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, *at_length(signal.SIGTERM, signal.SIGHUP)])
def test_a_killed_run_leaves_the_last_good_outputs_and_nothing_else(
    tmp_path: Path, good: dict[str, bytes], number: int
) -> None:
    tell = f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"
    notebook(tmp_path, f"import os, pathlib, time; {tell}; time.sleep(120)", 'name = "new"')
    temporary = tmp_path / "t"
    temporary.mkdir()
    environment = os.environ | {"TMPDIR": str(temporary)} if len(str(temporary)) < 60 else None
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, tmp_path],
        stderr=subprocess.DEVNULL,
        env=environment,
        preexec_fn=as_in_a_terminal,  # noqa: PLW1509  nothing else runs in this process
    )
    wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    kernel = int((tmp_path / "pid").read_text())
    process.send_signal(number)
    assert process.wait(60) != 0
    wait_for(lambda: not Path(f"/proc/{kernel}").exists())  # no kernel outlives its run
    wait_for(lambda: not list(temporary.iterdir()))  # nor does its temporary folder
    assert contents(tmp_path / "outputs") == good


@pytest.mark.slow
def test_kill_9_at_many_moments_of_a_run(executed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(executed, folder)
    before = contents(folder / "outputs")
    for moment in moments(50, few=3):
        command = [sys.executable, "-c", "from kg_analysis.cli import main; main()", "run", "--year", "2021"]
        command += ["--notebook", STEM, "--jobs", "2"]
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5 + moment * 0.1)
        process.kill()
        process.wait()
        assert contents(folder / "outputs") == before, moment
    assert kg("run", "--year", 2021, "--notebook", STEM, cwd=folder).returncode == 0
    assert contents(folder / "outputs") == before
    assert not list(folder.glob("outputs/2021/.commit-*"))


# --- as papermill would have it


@pytest.mark.slow
@pytest.mark.parametrize("stem", [STOCK[0], *at_length(*STOCK[1:])])
def test_outputs_equal_those_of_stock_papermill_cell_by_cell(
    stem: str, executed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Any, stock: Any
) -> None:
    monkeypatch.setattr("kg_analysis.executed.for_reader", lambda book, language: book)  # before it is edited
    folders = run.Folders(executed / "data", executed / "notebooks", tmp_path / "outputs")
    job = run.plan(stem, folders, year=2021)
    made = run.execute(job, folders.files(), server).files[f"{job.key}.ipynb"]
    ours, theirs_of_all = nbformat.reads(made.decode(), as_version=4).cells, stock(stem).cells
    assert len(ours) == len(theirs_of_all) - 1  # which tells what was imported
    for mine, theirs in zip(ours, theirs_of_all[:-1], strict=True):
        if "injected-parameters" not in mine.metadata.get("tags", []):
            assert mine.source == theirs.source
        assert mine.get("outputs") == theirs.get("outputs")
        assert mine.get("execution_count") == theirs.get("execution_count")
