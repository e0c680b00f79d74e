"""The project's own files agree with each other: dependencies, lock, commands, and what the README names."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from rattler import MatchSpec

# conda-forge packages that go by another name than on PyPI
CONDA_NAMES = {
    "jupyter-server": "jupyter_server",
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [Requirement(each) for each in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
READMES = ["README.md", "README.vi.md", "CONTRIBUTING.md"]


def conda_specs() -> dict[str, SpecifierSet]:
    specs = [MatchSpec(each) for each in CONDA["dependencies"]]
    return {spec.name.normalized: SpecifierSet(str(spec.version or "")) for spec in specs}


def test_imports_between_the_rooms_point_one_way() -> None:
    root = ROOT / "src/kg_analysis"
    uses: dict[str, set[str]] = {}
    for path in root.rglob("*.py"):
        room = path.relative_to(root).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kg_analysis"):
                names = [f"{node.module}.{each.name}" for each in node.names]
                uses.setdefault(room, set()).update({name.split(".")[1] for name in names} - {room})
    order = list(TopologicalSorter(uses).static_order())  # raises where there is a circle
    assert {"data", "narrative", "briefing", "runs"} < set(order)
    assert not [room for room, its in uses.items() if "runs" in its and room != "cli"]
    assert not {"charts", "briefing", "notebook", "ingest"} & uses["narrative"]


def test_conda_and_pip_ask_for_the_same() -> None:
    wanted = {CONDA_NAMES.get(each.name, each.name): each.specifier for each in REQUIREMENTS}
    wanted |= {"python": SpecifierSet(PROJECT["requires-python"]), "pip": SpecifierSet()}
    assert conda_specs() == wanted


def locked() -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.M):
        pins.setdefault(canonicalize_name(name), []).append(version)
    return pins


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda each: each.name)
def test_the_lock_pins_what_is_asked_for(requirement: Requirement) -> None:
    versions = locked()[canonicalize_name(requirement.name)]
    assert all(requirement.specifier.contains(version, prereleases=True) for version in versions)


def test_every_pin_has_hashes_and_no_registry_is_named() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    pins = [block for block in blocks if "==" in block.split("\n")[0]]
    assert len(pins) > 100
    assert not [block.split("\n")[0] for block in pins if "--hash=sha256:" not in block]
    assert "://" not in text
    assert "--index" not in text


def targets() -> list[str]:
    return re.findall(r"^([a-z0-9]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def test_help_lists_every_command() -> None:
    text = subprocess.run(["make", "-C", ROOT, "help"], capture_output=True, text=True, check=True).stdout
    assert all(f"make {target} " in text for target in targets())
    assert {"setup", "run", "test", "e2e", "lab", "data", "check", "lock", "bench", "clean"} <= set(targets())


@pytest.mark.parametrize("name", READMES)
def test_what_the_readmes_name_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    unknown = set(re.findall(r"(?:^|`)make ([a-z0-9]+)", text, re.M)) - set(targets())
    assert not unknown
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", text)
    assert not [link for link in links if not (ROOT / link.split("#")[0]).exists()]


@pytest.mark.parametrize("name", READMES[:2])
def test_the_readme_shows_both_commands_and_the_first_chart_at_once(name: str) -> None:
    screen = "\n".join((ROOT / name).read_text(encoding="utf-8").splitlines()[:25])
    assert "make run" in screen
    assert "make test" in screen
    assert re.search(r"!\[[^\]]{20,}\]\(docs/images/(en/)?[a-z_]+\.png\)", screen)


def test_ci_calls_the_readmes_commands() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert {"make run", "make test", "make slow", "make e2e", "make check &", 'wait "$check"'} <= set(lines)


TESTS = sorted((ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_a_test_imports_no_other_test_and_asserts_something(path: Path) -> None:
    """What tests share stands in conftest or in a module of its own: an imported test would be run twice."""
    tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    imported = {node.module for node in tree if isinstance(node, ast.ImportFrom) and node.module}
    imported |= {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    assert not [each for each in imported if each.rpartition(".")[2].startswith("test_")]
    tests = [node for node in tree if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    assert [each.name for each in tests if not is_seen_to_assert(each)] == []


def is_seen_to_assert(test: ast.FunctionDef) -> bool:
    names = {getattr(node, "attr", "") for node in ast.walk(test)}
    return bool(names & {"raises", "warns"}) or any(isinstance(node, ast.Assert) for node in ast.walk(test))


def test_a_desktops_language_variable_does_not_reach_the_run() -> None:
    command = ["make", "-n", "-o", ".venv/.ready", "run"]
    desktop = {"PATH": "/usr/bin:/bin", "LANGUAGE": "en_US:en"}
    shown = subprocess.run(command, cwd=ROOT, env=desktop, capture_output=True, text=True, check=True).stdout
    assert 'language=vi"' in shown
    shown = subprocess.run([*command, "LANGUAGE=en"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert 'language=en"' in shown


def test_a_clone_as_windows_makes_it_has_the_same_bytes(tmp_path: Path) -> None:
    """Git for Windows turns line ends unless it is told not to; data are hashed and compared byte for byte."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    clone = tmp_path / "clone"
    command = ["git", "clone", "--quiet", "--config", "core.autocrlf=true", ROOT, clone]
    subprocess.run(command, check=True, capture_output=True)
    texts = [path for path in clone.rglob("*") if path.suffix in (".csv", ".py", ".ipynb", ".toml", ".md", ".json")]
    assert len(texts) > 200
    assert not [path for path in texts if b"\r" in path.read_bytes()]
    assert b"\r" not in (clone / "Makefile").read_bytes()
