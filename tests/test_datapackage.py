"""What describes the tables follows from the schemas, and another tool reads the tables by it."""

from __future__ import annotations

import json
from pathlib import Path

import frictionless
import pytest
from conftest import DATA

from kg_analysis.data.clean import build_documents, check_data, write_clean
from kg_analysis.errors import DataError


def test_the_committed_files_are_those_that_the_schemas_give() -> None:
    for name, content in build_documents(DATA).items():
        assert (DATA / name).read_bytes() == content, f"{name} is stale; run make data"


def test_every_csv_is_described_and_valid_to_frictionless() -> None:
    paths = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")}
    described = {each["path"] for each in json.loads((DATA / "datapackage.json").read_text())["resources"]}
    assert described == paths
    found = frictionless.validate(DATA / "datapackage.json")
    assert found.valid, found.flatten(["path", "rowNumber", "fieldName", "message"])


def test_frictionless_sees_what_breaks_the_description(data_dir: Path) -> None:
    path = data_dir / "clean/grdp_growth.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",-6.58,", ",minus six,", 1), encoding="utf-8")
    found = frictionless.validate(data_dir / "datapackage.json")
    assert not found.valid
    assert any("minus six" in str(each) for each in found.flatten(["message"]))


def test_an_edited_description_is_stale_and_made_anew(data_dir: Path) -> None:
    readme = data_dir / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").replace("| `growth_pct` |", "| `growth` |"), encoding="utf-8")
    with pytest.raises(DataError, match=r"README.md: no longer describes the tables; run `kg clean`"):
        check_data(data_dir)
    write_clean(data_dir)
    check_data(data_dir)


def test_a_readme_without_its_marks_is_not_overwritten(data_dir: Path) -> None:
    readme = data_dir / "README.md"
    readme.write_text("# My own notes\n", encoding="utf-8")
    with pytest.raises(DataError, match="are missing; restore them"):
        write_clean(data_dir)
    assert readme.read_text(encoding="utf-8") == "# My own notes\n"
