"""What the tests share: the project's data and report, one executed set of notebooks, small notebooks to run."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from hypothesis import settings
from killing import killed_at

from kg_analysis import disk
from kg_analysis import manifest as runs_manifest
from kg_analysis.cli import main
from kg_analysis.data.clean import write_clean
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.formats import NumberFormatter
from kg_analysis.ingest.report import draft_report
from kg_analysis.narrative.context import ReportContext
from kg_analysis.parameters import without_grammar
from kg_analysis.runs import warm

with without_grammar():
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from kg_analysis.briefing.content import Briefing

# Workers inherit it before they import numpy; its threads would wait for each other longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
settings.register_profile("project", deadline=None)  # how long a case takes says nothing of it
settings.load_profile("project")

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
FULL = os.environ.get("KG_FULL") == "1"  # every case of what is otherwise sampled; see make full
KG = [sys.executable, "-c", "from kg_analysis.cli import main; main()"]
OPEN = """from kg_analysis.notebook import open_notebook
run = open_notebook("{stem}", year, area, language, data_dir, output_dir)"""


def kg(*arguments: object, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command of the product in a process of its own, with this checkout's package."""
    path = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": path} | (env or {})
    command = [*KG, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, env=environment)


def kg_here(*arguments: object) -> Result:
    """A command of the product in this process, for what is over before anything is started."""
    return CliRunner().invoke(main, [*map(str, arguments)])


class Lent(warm.Server):
    """A preloaded process that is there already, and stays when who has borrowed it is done."""

    def __init__(self, server: warm.Server) -> None:
        vars(self).update(vars(server))

    def __exit__(self, *error: object) -> None:
        """Leave it running."""


def kg_forked(server: warm.Server, *arguments: object, cwd: Path) -> Result:
    """A command of the product in this process, whose kernels a preloaded process forks that is there already.

    Saves eight seconds of imports a command; what ends, kills or starts processes is called with ``kg``.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(warm, "Server", lambda *_: Lent(server))
        return kg_here(*arguments)


def moments(most: int, few: int = 7) -> range:
    """Moments to kill at: a few spread over all in every run of the tests, each of them where ``KG_FULL=1``."""
    return range(0, most, 1 if FULL else max(most // few, 1))


def at_length(*values: Any) -> list[Any]:
    """Further parameters of a test, for ``make full``: kinds of case of which CI has one that goes the same way."""
    return [pytest.param(*(each if isinstance(each, tuple) else (each,)), marks=pytest.mark.full) for each in values]


def contents(folder: Path) -> dict[str, bytes]:
    """Files by their path, without locks and what else begins with a dot."""
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    shown = {name: path for name, path in files.items() if not any(part.startswith(".") for part in name.parts)}
    return {name.as_posix(): path.read_bytes() for name, path in shown.items()}


def small_notebook(project: Path, stem: str, *cells: str) -> Path:
    """A notebook of a few cells under the name of a real one: opens the data, does what the cells say, and exports."""
    real = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4)
    parameters = next(cell.source for cell in real.cells if "parameters" in cell.metadata.get("tags", []))
    sources = [parameters, OPEN.format(stem=stem), *cells, "run.save()"]
    cells = [new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
    book = new_notebook(cells=cells, metadata=real.metadata)
    book.cells[0].metadata["tags"] = ["parameters"]
    path = project / "notebooks" / f"{stem}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, path)
    return path


def execute(
    path: Path, folder: Path, data_dir: Path, year: int, language: str = "vi", **inputs: object
) -> dict[str, Any]:
    """Run a notebook's cells in this process; the kernels have their own tests."""
    values = {"year": year, "language": language, "data_dir": str(data_dir), "output_dir": str(folder)} | inputs
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type != "code":
                continue
            exec(cell.source, names)  # noqa: S102
            if "parameters" in cell.metadata.get("tags", []):
                names |= values
    return names


def manifest(folder: Path, year: int, path: Path, language: str = "vi") -> dict[str, Any]:
    """What the manifest of a year says of a notebook."""
    key = f"{path.stem}.en" if language == "en" else path.stem
    return json.loads((folder / str(year) / "manifest.json").read_text())["notebooks"][key]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Folder that all processes of the tests see."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@cache
def kept_folder() -> Path:
    """Folder of what tests read, kept for the next command as long as nothing that decides on it changes."""
    read = [runs_manifest.hashes(runs_manifest.contents(ROOT / name)) for name in ("data", "notebooks")]
    decides = [runs_manifest.library(), runs_manifest.packages(), *read]
    kept = ROOT / ".pytest_cache" / "runs"
    for other in kept.glob("*"):
        if time.time() - other.stat().st_mtime > 24 * 3600:
            shutil.rmtree(other, ignore_errors=True)
    return kept / runs_manifest.sha256(json.dumps(decides).encode())[:16]


def kept(name: str, make: Callable[[], Briefing]) -> Briefing:
    """A briefing of the project's own data, made once for all tests; not to be changed."""
    path = kept_folder() / f"{name}.pickle"
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.is_file():
            disk.write_bytes(path, pickle.dumps(make()))
    found: Briefing = pickle.loads(path.read_bytes())  # noqa: S301  written by these tests
    return found


@pytest.fixture(scope="session")
def runs() -> Path:
    """Folder of the runs that tests read."""
    return kept_folder()


@pytest.fixture(scope="session")
def run_of(runs: Path, request: pytest.FixtureRequest) -> Callable[[int, str], Path]:
    """A project in which a year has been run in a language, once for all tests; not to be changed.

    What the command said is in ``stdout`` and ``stderr`` beside it.
    """

    def project_of(year: int, language: str) -> Path:
        folder = runs / f"{year}-{language}"
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not (folder / "stdout").is_file():
                for name in ("data", "notebooks"):
                    ignored = shutil.ignore_patterns(".*")
                    shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True, ignore=ignored)
                options = ("--year", year, "--set", f"language={language}", "--jobs", 2)
                result = kg_forked(request.getfixturevalue("server"), "run", *options, cwd=folder)
                assert result.exit_code == 0, result.output
                (folder / "stderr").write_text(result.stderr)
                (folder / "stdout").write_text(result.stdout)
        return folder

    return project_of


@pytest.fixture(scope="session")
def executed(run_of: Callable[[int, str], Path]) -> Path:
    """A project in which 2021 has been run, in Vietnamese; not to be changed."""
    return run_of(2021, "vi")


STOCK = (
    "03_public_investment",
    "00_report_overview",
    "01_covid_waves",
    "02_growth_scenarios",
    "04_years_and_neighbours",
)
OTHERS = [
    (2022, "vi"),
    (2021, "en"),
    *(pytest.param(each, marks=pytest.mark.full) for each in [(2020, "vi"), (2022, "en")]),
]


@pytest.fixture(scope="session", params=OTHERS, ids=str)
def other_run(request: pytest.FixtureRequest, run_of: Callable[[int, str], Path]) -> tuple[int, str, Path]:
    """Another year or language: year, language, its outputs; not to be changed."""
    year, language = request.param
    return year, language, run_of(year, language) / "outputs" / str(year)


@pytest.fixture(scope="session")
def stock(shared: Path) -> Callable[[str], nbformat.NotebookNode]:
    """A notebook as the papermill command leaves it, run once for all tests; one more cell tells what was imported."""
    folder = shared / "stock"
    folder.mkdir(exist_ok=True)

    def executed_by_papermill(stem: str) -> nbformat.NotebookNode:
        out = folder / f"{stem}.out.ipynb"
        with FileLock(folder / f"{stem}.lock"):
            if not out.is_file():
                notebook = nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4)
                notebook.cells.append(new_code_cell("import sys\nprint(*sorted(sys.modules))"))
                nbformat.write(notebook, folder / f"{stem}.ipynb")
                parameters = ["-p", "data_dir", "../data", "-p", "output_dir", str(folder / "outputs")]
                command = [sys.executable, "-m", "papermill", str(folder / f"{stem}.ipynb"), str(out), *parameters]
                environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "JPY_SESSION_NAME": "as from a notebook"}
                cwd = ROOT / "notebooks"
                done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stderr[-2000:]
        return nbformat.read(out, as_version=4)

    return executed_by_papermill


@pytest.fixture(scope="session")
def outputs(executed: Path) -> Path:
    """Outputs of 2021 in Vietnamese; not to be changed."""
    return executed / "outputs" / "2021"


@pytest.fixture(scope="session")
def server() -> Iterator[warm.Server]:
    """A preloaded process that forks kernels for all tests of this process."""
    with warm.Server() as started:
        yield started


@pytest.fixture(scope="session")
def briefing_of() -> Callable[..., Briefing]:
    """The usual briefing of a year in a language, of an area if one is given; not to be changed."""
    from kg_analysis.briefing.build import build  # noqa: PLC0415
    from kg_analysis.briefing.selection import read_selection  # noqa: PLC0415

    @cache
    def made(year: int, language: str, area: str = "91") -> Briefing:
        def make() -> Briefing:
            return build(load(DATA, year, area, citable=True), read_selection(None, language), narrow=True)

        return kept(f"briefing-{year}-{language}-{area}", make)

    return made


@pytest.fixture(scope="session")
def report() -> Path:
    """Text of the 2021 report; absent outside the team, required in CI."""
    path = Path(os.environ.get("KG_REPORT") or ROOT.parent / "shared" / "report" / "kien-giang-2021.txt")
    if not path.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(f"no report at {path}; set KG_REPORT")
        pytest.skip(f"no report at {path}; set KG_REPORT to prove the figures against its text")
    return path


@pytest.fixture(scope="session")
def data() -> Dataset:
    """The project's own figures of 2021."""
    return load(DATA, 2021, "91")


@pytest.fixture(params=["vi", "en"])
def here(request: pytest.FixtureRequest, data: Dataset) -> ReportContext:
    """ReportContext of 2021 in either language."""
    return ReportContext(data, NumberFormatter(request.param))


@pytest.fixture
def vi(data: Dataset) -> ReportContext:
    """ReportContext of 2021 in Vietnamese."""
    return ReportContext(data, NumberFormatter("vi"))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A copy of the data folder to break."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture(scope="session")
def next_year_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's data with a made-up report on 2023 added, not to be changed: other decimals, no COVID."""
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("next_year") / "data"))
    fixture = ROOT / "tests" / "fixtures" / "next_year"
    shutil.copytree(fixture / "printed", folder / "printed", dirs_exist_ok=True)
    row = (fixture / "sources.csv").read_text(encoding="utf-8").splitlines(keepends=True)[1]
    with (folder / "sources.csv").open("a", encoding="utf-8") as sources:
        sources.write(row)
    write_clean(folder)
    return folder


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Lets every change of several files be tried on a copy first, in processes that are killed in the midst of it."""
    real = disk.replace_all
    tried: list[int] = []

    def replace_all(folder: Path, files: Mapping[str, bytes], owned: re.Pattern[str], removed: Any = ()) -> None:
        removed = list(removed)
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".*"))
        old = contents(copy)
        new = {name: content for name, content in (old | dict(files)).items() if name not in removed}
        for moment in moments(50, few=4):
            shutil.rmtree(copy)
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".*"))
            is_over = killed_at(moment, copy, lambda: real(copy, files, owned, removed))
            with disk.locked(copy, owned):
                assert contents(copy) in (old, new), moment
            tried.append(moment)
            if is_over:
                break
        shutil.rmtree(copy)
        real(folder, files, owned, removed)

    monkeypatch.setattr(disk, "replace_all", replace_all)
    return tried


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder with the made-up province."""
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("province") / "data"))
    with (folder / "areas.csv").open("a", encoding="utf-8") as areas:
        areas.write("98,song-cua,Sông Cửa,,,\n")
    write_clean(folder)
    return folder


@pytest.fixture(scope="session")
def drafted(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Review of the example, as drafted."""
    output = tmp_path_factory.mktemp("draft") / "review.xlsx"
    draft_report((ROOT / "examples/song-cua-2024").with_suffix(".docx"), 2024, "98", province, output, None, "vi")
    return output
