"""``manifest.json`` and the folder of a year's outputs: what was written from what, and what may be skipped.

Responsibility: hashes, the rule by which a run is skipped, and the one way in which outputs get into place. The record
holds no clock and no absolute path: same inputs, same bytes.

Terms: *key* = notebook and language, ``01_covid_waves`` in Vietnamese and ``01_covid_waves.en`` in English.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from kg_analysis import disk
from kg_analysis.errors import DataError, RunError

NAME = "manifest.json"
NAMES = "*"  # stands among the inputs for the names of all data files, so that a file that is added counts as a change
PACKAGES = (
    *("babel", "ipykernel", "ipython", "kg-analysis", "matplotlib", "nbclient", "nbformat", "numpy", "pandas"),
    *("papermill", "pillow", "scipy", "seaborn"),
)
# Every file that is written into a folder of a year.
OWNED = re.compile(
    r"(?:charts/(?:vi|en)|tables|briefing(?:-en)?-charts)(?:/\w[\w .-]*)+|\d\d_\w+?(?:\.en)?(?:\.failed)?\.ipynb"
    r"|(?:briefing|page_one)(?:-en)?\.(?:docx|pptx|xlsx|html|png|pdf)|manifest\.json"
)


@dataclass(frozen=True, config=ConfigDict(strict=True))
class Section:
    """Record of one notebook in one language."""

    parameters: dict[str, Any]
    inputs: dict[str, str]  # sha256 of each data file read, by its path under the data folder
    files: list[str]  # written, relative to the folder of the year
    skipped: list[dict[str, str]]  # ``what`` was left out and ``why``
    packages: dict[str, str]  # versions
    # sha256 of the ``notebook`` and of this ``library``'s source; empty where no run of ours wrote the section
    code: dict[str, str] = field(default_factory=dict)


# --- hashes


def sha256(content: bytes) -> str:
    """Hash of bytes, as the manifest writes it."""
    return hashlib.sha256(content).hexdigest()


@cache
def library() -> str:
    """sha256 over the source of this package."""
    root = Path(__file__).resolve().parent.parent
    files = sorted(path for kind in ("*.py", "*.toml", "*.mplstyle") for path in root.rglob(kind))
    return _digest({path.relative_to(root).as_posix(): sha256(path.read_bytes()) for path in files})


@cache
def packages() -> dict[str, str]:
    """Versions of Python and of the packages whose code decides on the outputs' bytes."""
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in PACKAGES}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path, without hidden ones."""
    paths = {path.relative_to(folder).as_posix(): path for path in disk.files_below(folder)}
    return {name: path.read_bytes() for name, path in paths.items() if not name.startswith(".") and "/." not in name}


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """sha256 of the files of a data folder by their path, and of all their names under ``*``."""
    return {NAMES: names_of(files)} | {name: sha256(content) for name, content in files.items()}


def names_of(files: Iterable[str]) -> str:
    """sha256 over the names of the files of a data folder."""
    return _digest(dict.fromkeys(files, ""))


def unchanged(data_dir: Path, inputs: Mapping[str, str]) -> None:
    """Prove that what was read is what is there: data that change while they are read may be half old, half new.

    Raises RunError: every file of ``inputs`` whose content is another now.
    """
    disk.settle(data_dir, disk.DATA_FILES)  # who is at it ends first
    now = hashes(contents(data_dir))
    if changed := sorted(name for name, value in inputs.items() if now.get(name) != value):
        raise RunError(f"{data_dir.name}/{name} changed while it was read; run again" for name in changed)


def _digest(parts: Mapping[str, str]) -> str:
    return sha256("\n".join(f"{value} {name}" for name, value in parts.items()).encode())


# --- the record


def key_of(notebook: str, parameters: Mapping[str, Any]) -> str:
    """Name under which the outputs of a notebook stand: one language never overwrites the other."""
    return f"{notebook}.en" if parameters.get("language") == "en" else notebook


def read(folder: Path) -> dict[str, Section]:
    """Sections of a year's manifest by key; empty if there is none. Raises DataError: if the file is no manifest."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {str(key): Section(**section) for key, section in content["notebooks"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError, OSError, RecursionError) as error:
        why = str(error).partition("\n")[0]
        raise DataError(f"{folder.name}/{NAME}: no manifest ({why}); remove the file and run again") from None


def is_current(folder: Path, key: str, wanted: Section, section: Section | None) -> bool:
    """Whether a run need not be made: the outputs of its ``section`` stand, and rest on what is there now.

    ``wanted`` has ``parameters``, ``packages`` and ``code`` of the run as it would be made, and all data files as
    ``inputs``.
    """
    if section is None or not section.inputs or (folder / f"{key}.failed.ipynb").exists():
        return False
    same = (section.parameters, section.packages, section.code) == (wanted.parameters, wanted.packages, wanted.code)
    unchanged = all(wanted.inputs.get(name) == value for name, value in section.inputs.items())
    return same and unchanged and all(OWNED.fullmatch(name) and (folder / name).is_file() for name in section.files)


# --- the folder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder of outputs as :func:`kg_analysis.disk.locked` does; what killed runs have left is settled first."""
    with ExitStack() as stack:
        with _writing(folder):
            stack.enter_context(disk.locked(folder, OWNED))
        yield


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say what to do about a folder that refuses outputs."""
    try:
        yield
    except OSError as error:
        where = f", {Path(error.filename).name}" if error.filename else ""
        raise RunError(
            f"{folder}: cannot write outputs there ({error.strerror}{where}); close the file where it is open, free "
            "the path or pass --output-dir"
        ) from None


def commit(folder: Path, key: str, files: Mapping[str, bytes], section: Section, replaces: bool = True) -> list[Path]:
    """Put outputs, by path under the folder of the year, and the manifest into place, all or none.

    ``replaces``: whether files of the section's last run that are not among these are removed.
    Raises RunError: if they cannot be written, or are none that a notebook may write; what was in place stays.
    """
    for name in files:
        if not OWNED.fullmatch(name) or name == NAME or (name.endswith(".ipynb") and name != f"{key}.ipynb"):
            why = "a notebook writes to charts/<language>/ and tables/ of its year only"
            raise RunError(f"{key}: wrote {name}; {why}")
    with held(folder):
        try:
            sections = read(folder)
        except DataError:
            sections = {}
        others = {name: other for other, theirs in sections.items() if other != key for name in theirs.files}
        for name in others.keys() & files.keys():
            _refuse_shared(key, section, name, others[name], sections[others[name]])
        last = {*sections[key].files} if key in sections and replaces else set()
        sections[key] = replace(section, files=sorted(files))
        content = {"notebooks": {each: asdict(sections[each]) for each in sections}}
        text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        stale = last - others.keys() - files.keys() | ({f"{key}.failed.ipynb"} if replaces else set())
        with _writing(folder):
            disk.replace_all(folder, {**files, NAME: text.encode()}, OWNED, stale)
    return [folder / name for name in sorted(files)]


def _refuse_shared(key: str, section: Section, name: str, other: str, its: Section) -> None:
    """Refuse a file that another notebook of this library writes too: what it holds would hang on which ends last."""
    is_same = other.removesuffix(".en") == key.removesuffix(".en")  # tables are alike in both languages
    if not is_same and its.code.get("library") == section.code.get("library"):
        raise RunError(f"{key}: wrote {name}, which {other} writes too; give it a name of its own")
