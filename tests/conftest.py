"""Where the tests find the project's data and the report that it must be proved against."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kg_analysis.data.clean import write_clean
from kg_analysis.data.dataset import Dataset, load
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


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


@pytest.fixture
def next_year_dir(data_dir: Path) -> Path:
    """The project's data with a made-up report on 2023 added: other figures, other decimals, no COVID."""
    fixture = ROOT / "tests" / "fixtures" / "next_year"
    shutil.copytree(fixture / "printed", data_dir / "printed", dirs_exist_ok=True)
    row = (fixture / "sources.csv").read_text(encoding="utf-8").splitlines(keepends=True)[1]
    with (data_dir / "sources.csv").open("a", encoding="utf-8") as sources:
        sources.write(row)
    write_clean(data_dir)
    return data_dir
