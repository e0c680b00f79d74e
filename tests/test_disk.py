"""One writer at a time, all or none, and nothing written where something else is."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DATA, contents, kg_forked, kg_here, moments, small_notebook
from killing import FORK, killed_at, raced

from kg_analysis import disk, manifest
from kg_analysis.data.clean import check_data, write_clean
from kg_analysis.errors import DataError
from kg_analysis.runs import run

STEM = "00_report_overview"
ANY = re.compile(r"[\w./]+")
NEW = {"a": b"new", "b/c": b"new", "b/d": b"new"}
# --- all or none


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_a_change_killed_at_any_moment_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    old = {"a": b"old", "b/c": b"old", "gone": b"old"}
    seen = set()
    for moment in range(60):
        folder = tmp_path / str(moment)
        for name, content in old.items():
            disk.write_bytes(folder / name, content)
        is_over = killed_at(moment, folder, lambda where=folder: disk.replace_all(where, NEW, ANY, ["gone"]))
        with disk.locked(folder, ANY):
            found = contents(folder)
        assert found in (old, NEW), moment
        assert {path.name for path in folder.iterdir() if path.name.startswith(".")} == {".lock"}
        seen.add(found == NEW)
        if is_over:
            break
    assert is_over
    assert seen == {True, False}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_clean_run_briefing_and_batch_are_killed_between_their_renames(
    window: list[int], data_dir: Path, tmp_path: Path, server: Any
) -> None:
    (data_dir / "clean/targets.csv").write_bytes(b"stale")
    assert kg_here("clean", "--data-dir", data_dir).exit_code == 0
    commands = {
        "run": ("--year", 2021, "--notebook", "03_public_investment"),
        "batch": ("--years", 2021, "--area", "91", "--notebook", "03_public_investment", "--jobs", 1),
        "briefing": ("--year", 2021, "--format", "xlsx", "--selection", tmp_path / "small.toml"),
    }
    small = 'sections = ["investment"]\n[section.investment]\nfindings = []\n[part.investment_year]\ncharts = []\n'
    (tmp_path / "small.toml").write_text(small)
    shutil.copytree(DATA.parent / "notebooks", data_dir.parent / "notebooks")
    for name, options in commands.items():
        before = len(window)
        places = ("--data-dir", data_dir, "--output-dir", tmp_path / "outputs")
        result = kg_forked(server, name, *options, *places, cwd=tmp_path)
        assert result.exit_code == 0, result.output
        assert len(window) > before, name


# --- recovery records come from outside


def test_a_journal_in_a_received_data_folder_changes_only_what_commands_write(tmp_path: Path) -> None:
    outside, data = tmp_path / "outside", tmp_path / "data"
    outside.mkdir()
    (outside / "figures.csv").write_text("keep")
    journal = data / ".change"
    (journal / "clean").mkdir(parents=True)
    (journal / "series").mkdir()
    for name in ("Makefile", "areas.csv", "series/covid_daily.csv", "clean/figures.py", "clean/figures.csv"):
        (journal / name).write_text("evil")
    (journal / "sources.csv").symlink_to(outside / "figures.csv")
    (journal / ".removed").write_text(json.dumps(["../outside/figures.csv", "areas.csv", "clean/targets.csv"]))
    (data / "clean").symlink_to(outside)
    (data / "areas.csv").write_text("mine")
    disk.settle(data, disk.DATA_FILES)
    assert contents(outside) == {"figures.csv": b"keep"}
    assert {path.name for path in data.iterdir()} == {"areas.csv", "clean", ".lock"}
    assert (data / "areas.csv").read_text() == "mine"
    (outside / "real").mkdir()
    link = tmp_path / "linked"
    link.mkdir()
    (link / ".change").symlink_to(outside / "real")
    disk.settle(link, disk.DATA_FILES)
    assert (link / ".change").is_symlink()


@pytest.mark.parametrize("text", ["", "[", "{}", "[" * 100_000, '"a"', "[1, null]"])
def test_a_journal_with_a_broken_record_is_cleared(tmp_path: Path, text: str) -> None:
    (tmp_path / ".change").mkdir()
    (tmp_path / ".change/.removed").write_text(text)
    (tmp_path / ".change/a").write_bytes(b"new")
    with disk.locked(tmp_path, ANY):
        assert contents(tmp_path) == {"a": b"new"}
    assert not (tmp_path / ".change").exists()


def test_what_is_in_the_way_is_named_before_anything_is_written(tmp_path: Path) -> None:
    for name, files in {"folder": {"a": b"", "in/the/way": b""}, "file": {"a": b"", "file/x": b""}}.items():
        (tmp_path / "in/the/way").mkdir(parents=True, exist_ok=True)
        (tmp_path / "file").write_bytes(b"old")
        with pytest.raises(OSError, match=f"a {name} is in the way"):
            disk.replace_all(tmp_path, files, ANY)
        assert contents(tmp_path) == {"file": b"old"}
    with pytest.raises(DataError, match="is no file that is written here"):
        disk.replace_all(tmp_path, {"b": b"", "../a": b""}, ANY)
    assert contents(tmp_path) == {"file": b"old"}


# --- one writer at a time


def holding(path: Path, hold: Callable[[Path], Any], ready: Any) -> None:
    with hold(path):
        ready.set()
        time.sleep(60)


@pytest.fixture
def second() -> Iterator[Callable[[Path, Callable[[Path], Any]], int]]:
    """Holds a path in another process; its id."""
    assert FORK is not None
    started = []

    def start(path: Path, hold: Callable[[Path], Any]) -> int:
        ready = FORK.Event()
        process = FORK.Process(target=holding, args=(path, hold, ready), daemon=True)
        process.start()
        started.append(process)
        assert ready.wait(10)
        return int(process.pid or 0)

    yield start
    for process in started:
        process.kill()
        process.join()


def test_who_holds_a_place_is_named_to_a_second_writer_and_a_killed_one_lets_go(
    tmp_path: Path, second: Any, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    monkeypatch.setattr(disk, "PATIENCE", 0.2)
    pid = second(data_dir, lambda path: disk.locked(path, disk.DATA_FILES))
    before = contents(data_dir)
    result = kg_here("clean", "--data-dir", data_dir)
    assert result.exit_code == 1
    assert f"error: {data_dir}: process {pid} on " in result.output
    assert "wait for it" in result.output
    assert contents(data_dir) == before
    os.kill(pid, signal.SIGKILL)
    monkeypatch.setattr(disk, "PATIENCE", 10)
    with disk.locked(data_dir, disk.DATA_FILES):
        pass
    book = tmp_path / "review.xlsx"
    monkeypatch.setattr(disk, "PATIENCE", 0.2)
    pid = second(book, disk.locked_file)
    with pytest.raises(DataError, match=f"review.xlsx: process {pid} on "), disk.locked_file(book):
        pass
    assert not list(tmp_path.glob("*review*"))  # no lock beside the reader's file


def test_data_that_change_while_they_are_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "b.csv").write_text("1")
    read = manifest.hashes(manifest.contents(tmp_path))
    manifest.unchanged(tmp_path, read)
    (tmp_path / "b.csv").write_text("2")
    with pytest.raises(DataError, match=r"^[^\n]*b\.csv changed while it was read; run again$"):
        manifest.unchanged(tmp_path, read)
    manifest.unchanged(tmp_path, {"a.csv": read["a.csv"]})


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_two_cleans_at_once_give_what_one_gives(data_dir: Path) -> None:
    write_clean(data_dir)
    good = contents(data_dir)
    for _ in moments(50, few=2):
        (data_dir / "clean/targets.csv").write_bytes(b"stale")
        assert set(raced(write_clean, [(data_dir,), (data_dir,)])) <= {0, 1}
        assert contents(data_dir) == good
        check_data(data_dir)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_a_run_beside_a_clean_is_whole_or_refused_in_words(data_dir: Path, server: Any) -> None:
    project = data_dir.parent
    small_notebook(project, STEM, 'run.table("figures", run.data.figures[["value"]].reset_index())')
    folders = run.Folders(data_dir, project / "notebooks", project / "outputs")
    jobs = [run.plan(STEM, folders, year=2021)]
    figures = data_dir / "clean/figures.csv"
    stale = figures.read_bytes().replace(b",0.58,", b",0.57,")

    def outputs() -> dict[str, bytes]:
        with contextlib.suppress(DataError):  # in words, and what was there stands
            run.run_year(jobs, folders, server)
        return {name: each for name, each in contents(project / "outputs").items() if "failed" not in name}

    good = outputs()
    for _ in moments(50, few=1):
        figures.write_bytes(stale)
        before = outputs()
        assert before != good
        process = FORK.Process(target=write_clean, args=(data_dir,))  # type: ignore[union-attr]
        process.start()
        while process.is_alive():
            assert outputs() in (before, good)
        assert process.exitcode == 0
        check_data(data_dir)
        assert outputs() == good


def commit(folder: Path, key: str, number: int) -> None:
    files = {f"tables/{key}_{each}.csv": f"{number}".encode() for each in range(5)}
    manifest.commit(folder, key, files, manifest.Section({"number": number}, {}, [], [], {}), replaces=False)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_outputs_of_two_writers_at_once_are_those_of_one_and_both_are_recorded(tmp_path: Path) -> None:
    for number in moments(50):
        ways = [(tmp_path, "briefing", number), (tmp_path, "briefing", -number), (tmp_path, "00_report_overview", 7)]
        assert raced(commit, ways) == [0, 0, 0]
        found = contents(tmp_path)
        sections = manifest.read(tmp_path)
        assert sections.keys() == {"briefing", "00_report_overview"}
        last = str(sections["briefing"].parameters["number"]).encode()
        assert {found[f"tables/briefing_{each}.csv"] for each in range(5)} == {last}


# --- what may be written where


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({"--output": "report.docx"}, "--output .*would overwrite REPORT"),
        ({"--output": "linked.docx"}, "--output .*would overwrite REPORT"),
        ({"--output": "sub/../report.docx"}, "would overwrite REPORT"),
        ({"--output": "x.xlsx", "--csv": "x.xlsx"}, "--csv .*would overwrite --output"),
        ({"--output": "new/x.xlsx", "--csv": "new/X.xlsx"}, "--csv .*would overwrite --output"),  # the same on Windows
        ({"--csv": "data/sources.csv"}, "--csv .*lies in .*data, which is an input"),
        ({"--csv": "data/new/x.csv"}, "lies in .*data"),
        ({"--output-dir": "data"}, "--output-dir .*lies in .*data"),
    ],
)
def test_an_output_is_no_input_and_no_other_output(tmp_path: Path, outputs: dict[str, str], message: str) -> None:
    report = tmp_path / "report.docx"
    report.write_bytes(b"report")
    (tmp_path / "linked.docx").symlink_to(report)
    (tmp_path / "data").mkdir()
    given = {name: tmp_path / path for name, path in outputs.items()}
    with pytest.raises(DataError, match=message):
        disk.check_outputs(given, {"REPORT": report, "--template": None}, [tmp_path / "data"])
    disk.check_outputs({"--output": tmp_path / "x.xlsx", "--csv": None}, {"REPORT": report}, [tmp_path / "data"])


def test_a_draft_replaces_only_what_a_draft_has_written(data_dir: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("BÁO CÁO\nTăng trưởng kinh tế năm 2024 đạt 7,5%.\n", encoding="utf-8")
    (tmp_path / "own.csv").write_text("name,value\na,1\n")
    before = contents(tmp_path)
    for options, message in {
        ("--output", "new.xlsx", "--csv", "own.csv"): "own.csv: is there and holds no proposals",
        ("--output", "own.csv"): "own.csv: a name that ends in .xlsx is needed",
        ("--output", "new.xlsx", "--csv", "new.txt"): "new.txt: a name that ends in .csv is needed",
        ("--output", "report.txt"): "would overwrite REPORT",
    }.items():
        paths = [each if each.startswith("--") else tmp_path / each for each in options]
        result = kg_here("draft", report, "--year", 2024, "--data-dir", data_dir, *paths)
        assert result.exit_code == 1
        assert message in result.output
        assert contents(tmp_path) == before
    good = ("draft", report, "--year", 2024, "--data-dir", data_dir, "--output", tmp_path / "a.xlsx")
    for _ in range(2):  # the second replaces what the first has written
        assert kg_here(*good, "--csv", tmp_path / "a.csv").exit_code == 0


@pytest.mark.parametrize("command", [("run", "--year", 2021), ("batch",), ("briefing", "--year", 2021)])
def test_no_outputs_among_data_or_notebooks(data_dir: Path, command: tuple[object, ...]) -> None:
    (data_dir.parent / "notebooks").mkdir()
    before = contents(data_dir)
    for place in ("data", "data/clean/x", "notebooks"):
        result = kg_here(*command, "--data-dir", data_dir, "--output-dir", data_dir.parent / place)
        assert result.exit_code == 1
        assert "which is an input; write to another folder" in result.output
    assert contents(data_dir) == before
