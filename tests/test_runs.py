"""Runs of notebooks with real kernels: what papermill lets through, and that nothing good is ever lost."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kg_analysis.errors import DataError, RunError
from kg_analysis.runs import batch, manifest, outputs
from kg_analysis.runs.manifest import Section
from kg_analysis.runs.notebook import run_notebook
from kg_analysis.runs.parameters import build, known_to, parse_settings
from kg_analysis.runs.source import check_notebook

STEM = "00_report_overview"
PARAMETERS = """year: int = 2021  # năm
area: str = "91"
language: str = "vi"
data_dir: str = "../data"
output_dir: str = "../outputs"
"""
EXPORT = """from pathlib import Path
from kg_analysis.runs import manifest
folder = Path(output_dir) / str(year)
(folder / "tables").mkdir(parents=True, exist_ok=True)
(folder / "tables" / f"{name}.csv").write_text("value\\n1\\n")
print(Path.cwd().name, output_dir)
manifest.record(folder, "00_report_overview", manifest.Section({}, {}, [f"tables/{name}.csv"], [], {}))
"""
NOBODY = 2**22 - 7  # above the highest process number of a stock Linux


def notebook(folder: Path, *sources: str, parameters: str = PARAMETERS, export: str = EXPORT) -> Path:
    """A small notebook under the name of a real one, so that it has that one's parameters."""
    cells = [new_markdown_cell("# Title"), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source) for source in sources] + [new_code_cell(export)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    path = folder / "notebooks" / f"{STEM}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def good(tmp_path: Path) -> dict[str, bytes]:
    """Outputs of a run that went well."""
    run_notebook(notebook(tmp_path, 'name = "good"'), build(STEM, year=2021), tmp_path / "outputs")
    return contents(tmp_path / "outputs")


# --- parameters


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"year": "2021"}, r"year = '2021' \(str\): input should be a valid integer"),
        ({"year": 2021.0}, "year = 2021.0"),
        ({"year": True}, r"year = True \(bool\)"),
        ({"year": 1821}, "greater than or equal to 1990"),
        ({"year": 2021, "language": "fr"}, "'vi' or 'en'"),
        ({"year": 2021, "area": 91}, r"area = 91 \(int\)"),
        ({"year": 2021, "area": "../x"}, "area = '../x'"),
        ({"year": 2021, "q4_share_pct": 100}, "less than or equal to 60"),
        ({"year": 2021, "q4_share_pct": float("nan")}, "finite"),
        ({"year": 2021, "q4_share_pct": "25"}, "valid number"),
        ({"year": 2021, "q4_share_pct": True}, "valid number"),
        (
            {"year": 2021, "q4_shares_pct": 25},
            "'q4_shares_pct' is not known, did you mean 'q4_share_pct'; choose area, ",
        ),
        ({}, "'year' is missing"),
    ],
)
def test_a_wrong_parameter_names_itself_and_what_is_expected(values: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        build("02_growth_scenarios", **values)


def test_all_wrong_parameters_are_named_at_once() -> None:
    with pytest.raises(DataError) as caught:
        build("02_growth_scenarios", year="2021", language="fr", trend=6)
    assert len(caught.value.problems) == 3


def test_a_whole_number_is_a_number() -> None:
    assert build("02_growth_scenarios", year=2021, q4_share_pct=28).q4_share_pct == 28.0  # type: ignore[attr-defined]


def test_an_unknown_notebook_names_the_known_ones() -> None:
    with pytest.raises(DataError, match="did you mean '02_growth_scenarios'"):
        build("02_growth_scenario", year=2021)


def test_settings_are_exact_json_or_bare_text() -> None:
    found = parse_settings(["language=en", "q4_share_pct=28.5", "target_growth_pct=null", 'area="91"'])
    assert found == {"language": "en", "q4_share_pct": 28.5, "target_growth_pct": None, "area": "91"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["q4_share_pct=NaN"], "NaN is no exact value"),
        (["q4_share_pct=-Infinity"], "no exact value"),
        (["language"], "write name=value"),
        (["language=vi", "language=en"], "already set to 'vi'"),
        (["year=2022"], "use --year"),
        (["output_dir=/"], "use --output-dir"),
    ],
)
def test_settings_that_are_refused(settings: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_settings(settings)


def test_a_setting_that_no_notebook_has() -> None:
    with pytest.raises(DataError, match="'langage' is not known, did you mean 'language'"):
        known_to(["00_report_overview"], {"langage": "en"})


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
        check_notebook(notebook(tmp_path, parameters=parameters))


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
        check_notebook(path)


# --- one run


def test_a_run_writes_the_notebook_its_outputs_and_the_manifest(tmp_path: Path, good: dict[str, bytes]) -> None:
    assert sorted(good) == ["2021/00_report_overview.ipynb", "2021/manifest.json", "2021/tables/good.csv"]
    section = manifest.read(tmp_path / "outputs/2021")[STEM]
    assert section.files == [f"{STEM}.ipynb", "tables/good.csv"]
    assert section.parameters["output_dir"] == "../outputs"


def test_the_working_directory_is_the_notebooks_folder(good: dict[str, bytes]) -> None:
    assert "notebooks ../outputs" in good[f"2021/{STEM}.ipynb"].decode()


def test_a_notebook_names_no_machine_path_and_no_clock(tmp_path: Path, good: dict[str, bytes]) -> None:
    for name, content in good.items():
        assert str(tmp_path) not in content.decode(), name
        assert ".partial-" not in content.decode(), name
    record = json.loads(good[f"2021/{STEM}.ipynb"])["metadata"]["papermill"]
    assert (record["input_path"], record["output_path"]) == (f"{STEM}.ipynb", f"2021/{STEM}.ipynb")
    assert "start_time" not in str(good)


def test_two_runs_give_the_same_bytes(tmp_path: Path, good: dict[str, bytes]) -> None:
    run_notebook(tmp_path / f"notebooks/{STEM}.ipynb", build(STEM, year=2021), tmp_path / "outputs")
    assert contents(tmp_path / "outputs") == good


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1 / 0", "cell 3 (1 / 0): ZeroDivisionError: division by zero"),
        ('from kg_analysis.errors import DataError\nraise DataError(["row 3: bad", "row 9: worse"])', "row 9: worse"),
        ("import sys\nsys.exit(0)", "a notebook may not leave early"),
        ("raise SystemExit", "a notebook may not leave early"),
        ("import os\nos._exit(0)", "the kernel died"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "the kernel died"),
        ("x =", "SyntaxError"),
    ],
)
def test_a_failing_cell_leaves_the_last_good_outputs(
    tmp_path: Path, good: dict[str, bytes], cell: str, message: str
) -> None:
    path = notebook(tmp_path, cell, 'name = "new"')
    with pytest.raises(RunError) as caught:
        run_notebook(path, build(STEM, year=2021), tmp_path / "outputs")
    text = str(caught.value)
    assert message in text
    assert f"{STEM}.ipynb cell 3 (" in text
    assert "the last good outputs stand" in text
    after = contents(tmp_path / "outputs")
    failed = after.pop(f"2021/{STEM}.failed.ipynb").decode()
    assert after == good
    assert cell.splitlines()[-1] in json.dumps(json.loads(failed), ensure_ascii=False).replace('\\"', '"')
    assert str(tmp_path) not in failed


def test_a_run_that_records_nothing_is_no_run(tmp_path: Path, good: dict[str, bytes]) -> None:
    with pytest.raises(RunError, match=r"the last code cell must be run\.export"):
        run_notebook(notebook(tmp_path, export="pass"), build(STEM, year=2021), tmp_path / "outputs")


def test_a_later_success_removes_the_failed_copy_and_stale_files_but_not_the_readers(
    tmp_path: Path, good: dict[str, bytes]
) -> None:
    year = tmp_path / "outputs/2021"
    (year / "notes.txt").write_text("mine")
    (year / "tables/mine.csv").write_text("mine")
    with pytest.raises(RunError):
        run_notebook(notebook(tmp_path, "1 / 0"), build(STEM, year=2021), tmp_path / "outputs")
    assert (year / f"{STEM}.failed.ipynb").exists()
    run_notebook(notebook(tmp_path, 'name = "new"'), build(STEM, year=2021), tmp_path / "outputs")
    assert sorted(contents(year)) == [
        f"{STEM}.ipynb",
        "manifest.json",
        "notes.txt",
        "tables/mine.csv",
        "tables/new.csv",
    ]


def test_a_manifest_cannot_have_files_elsewhere_removed(tmp_path: Path, good: dict[str, bytes]) -> None:
    victim = tmp_path / "outputs/precious.txt"
    victim.write_text("keep")
    manifest.record(tmp_path / "outputs/2021", STEM, Section({}, {}, ["../precious.txt", "tables/good.csv"], [], {}))
    run_notebook(notebook(tmp_path, 'name = "new"'), build(STEM, year=2021), tmp_path / "outputs")
    assert victim.read_text() == "keep"


def test_folders_with_blanks_braces_and_vietnamese_names(tmp_path: Path) -> None:
    folder = tmp_path / "báo cáo {year} năm"
    run_notebook(notebook(folder, 'name = "x"'), build(STEM, year=2021), folder / "kết quả {x}")
    assert (folder / "kết quả {x}/2021/tables/x.csv").is_file()


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("a file stands here")
    with pytest.raises(RunError, match="cannot write outputs there"):
        run_notebook(notebook(tmp_path, 'name = "x"'), build(STEM, year=2021), tmp_path / "outputs")


def test_a_missing_and_a_broken_notebook(tmp_path: Path) -> None:
    path = tmp_path / f"{STEM}.ipynb"
    with pytest.raises(DataError, match="the notebook is missing"):
        run_notebook(path, build(STEM, year=2021), tmp_path / "outputs")
    path.write_text("{")
    with pytest.raises(DataError, match="no notebook"):
        run_notebook(path, build(STEM, year=2021), tmp_path / "outputs")


# --- killed in the middle


DRIVER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs deaf to it
from pathlib import Path
from kg_analysis.runs import batch, parameters
folder = Path(sys.argv[1])
job = batch.Job(folder / "notebooks/00_report_overview.ipynb", parameters.build("00_report_overview", year=2021))
batch.run_all([job], folder / "outputs")
"""


def wait_for(condition: object, seconds: float = 30) -> None:
    end = time.time() + seconds
    while not condition():  # type: ignore[operator]
        assert time.time() < end, "waited in vain"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_leaves_the_last_good_outputs_and_the_next_one_clears_up(
    tmp_path: Path, good: dict[str, bytes], number: int
) -> None:
    tell = f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"
    notebook(tmp_path, f"import os, pathlib, time; {tell}; time.sleep(120)", 'name = "new"')
    process = subprocess.Popen([sys.executable, "-c", DRIVER, tmp_path], stderr=subprocess.DEVNULL)
    wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    kernel = int((tmp_path / "pid").read_text())
    process.send_signal(number)
    assert process.wait(60) != 0
    wait_for(lambda: not Path(f"/proc/{kernel}").exists() or sys.platform != "linux")  # no kernel outlives its run
    wait_for(lambda: not [each for each in (tmp_path / "outputs").glob(".partial-*") if outputs_owner_lives(each)])
    staged = contents(tmp_path / "outputs")
    assert {name: content for name, content in staged.items() if not name.startswith(".partial")} == good
    outputs.recover(tmp_path / "outputs")
    assert contents(tmp_path / "outputs") == good


def outputs_owner_lives(folder: Path) -> bool:
    return Path(f"/proc/{folder.name.rpartition('-')[2]}").exists()


@pytest.mark.parametrize("moves", range(4))
def test_a_commit_killed_between_its_moves_is_completed_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    root = tmp_path / "outputs"
    manifest.record(root / "2021", STEM, Section({}, {}, ["tables/old.csv"], [], {}))
    (root / "2021/tables").mkdir()
    (root / "2021/tables/old.csv").write_text("old")
    staging = outputs.stage(root, STEM, 2021, NOBODY)
    for name in ("charts/a.png", "tables/b.csv", f"{STEM}.ipynb"):
        (staging.written / name).parent.mkdir(exist_ok=True)
        (staging.written / name).write_text("new")
    replace, done = Path.replace, []

    def stop(self: Path, target: Path) -> Path:
        if not self.name.endswith(".partial"):
            if len(done) == moves:
                raise KeyboardInterrupt  # as sudden as a kill, and leaves the same on disk
            done.append(target)
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop)
        with contextlib.suppress(KeyboardInterrupt):
            outputs.commit(staging, Section({}, {}, [], [], {}))
    outputs.recover(root)
    assert sorted(contents(root)) == [
        "2021/00_report_overview.ipynb",
        "2021/charts/a.png",
        "2021/manifest.json",
        "2021/tables/b.csv",
    ]
    assert manifest.read(root / "2021")[STEM].files == [f"{STEM}.ipynb", "charts/a.png", "tables/b.csv"]


def test_staging_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    mine = outputs.stage(tmp_path, STEM, 2021, os.getpid())
    dead = outputs.stage(tmp_path, STEM, 2021, NOBODY)
    outputs.recover(tmp_path)
    assert mine.folder.exists()
    assert not dead.folder.exists()


def test_a_broken_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "2021").mkdir()
    (tmp_path / "2021/manifest.json").write_text("[]")
    with pytest.raises(DataError, match=r"2021/manifest.json: no manifest"):
        manifest.read(tmp_path / "2021")


# --- several at once


def test_one_failure_stops_none_of_the_others(tmp_path: Path) -> None:
    good = batch.Job(notebook(tmp_path / "a", 'name = "x"'), build(STEM, year=2021))
    bad = batch.Job(notebook(tmp_path / "b", "1 / 0"), build(STEM, year=2022))
    dead = batch.Job(notebook(tmp_path / "c", "import os\nos.kill(os.getppid(), 9)"), build(STEM, year=2023))
    with pytest.raises(RunError) as caught:
        batch.run_all([good, bad, dead], tmp_path / "outputs")
    assert "ZeroDivisionError" in str(caught.value)
    assert "its process ended with code" in str(caught.value)
    assert (tmp_path / "outputs/2021/tables/x.csv").is_file()
