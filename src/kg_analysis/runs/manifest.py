"""``manifest.json`` and the folder of a year's outputs: who writes, what was written from what, what may be skipped.

Responsibility: hashes, the rule by which a run is skipped, the lock of a folder, and the one way in which the files of
a run get into place, all or none. The record holds no clock and no absolute path: same inputs, same bytes.

Terms: *key* = notebook and language, ``01_covid_waves`` in Vietnamese and ``01_covid_waves.en`` in English; *pending* =
``.commit-<key>``, the complete outputs of a run on their way into place. Its name, like all that is found in a folder
of outputs, may come from anywhere: only names that this module writes itself are touched.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import ConfigDict, ValidationError
from pydantic.dataclasses import dataclass

from kg_analysis.disk import files_below, write_bytes
from kg_analysis.errors import DataError, RunError

NAME, LOCK = "manifest.json", ".lock"
NAMES = "*"  # stands among the inputs for the names of all data files, so that a file that is added counts as a change
PACKAGES = (
    *("babel", "ipykernel", "ipython", "kg-analysis", "matplotlib", "nbclient", "nbformat", "numpy", "pandas"),
    *("papermill", "pillow", "scipy", "seaborn"),
)
_PATIENCE = 5.0  # that a second run waits for the first [s]
_SECTION = "section.json"
_KEY = r"\d\d_\w+?(?:\.en)?"
_OWNED = re.compile(rf"(?:charts/(?:vi|en)|tables)(?:/\w[\w .-]*)+|{_KEY}\.ipynb")
_LEFT = re.compile(rf"\.commit-({_KEY})(\.partial)?")
_TORN = re.compile(rf"\.(?:manifest\.json|{_KEY}\.failed\.ipynb)\.\d+\.partial")


@dataclass(frozen=True, config=ConfigDict(strict=True))
class Section:
    """Record of one notebook in one language.

    Attributes
    ----------
    parameters : dict
    inputs : dict of str to str
        sha256 of each data file read, by its path under the data folder.
    files : list of str
        Files written, relative to the folder of the year.
    skipped : list of dict
        ``what`` was left out and ``why``.
    packages : dict of str to str
        Versions.
    code : dict of str to str
        sha256 of the ``notebook`` and of this ``library``'s source; empty where no run of ours wrote the section.
    """

    parameters: dict[str, Any]
    inputs: dict[str, str]
    files: list[str]
    skipped: list[dict[str, str]]
    packages: dict[str, str]
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


def data_hashes(data_dir: Path) -> dict[str, str]:
    """sha256 of every file of a data folder by its path, and of all their names under ``*``."""
    return {NAMES: names_of(data_dir)} | {name: sha256(path.read_bytes()) for name, path in _files(data_dir).items()}


def names_of(data_dir: Path) -> str:
    """sha256 over the names of all files of a data folder."""
    return _digest(dict.fromkeys(_files(data_dir), ""))


def _files(data_dir: Path) -> dict[str, Path]:
    found = {path.relative_to(data_dir).as_posix(): path for path in files_below(data_dir)}
    return {name: path for name, path in found.items() if not name.startswith(".") and "/." not in name}


def _digest(parts: Mapping[str, str]) -> str:
    return sha256("\n".join(f"{value} {name}" for name, value in parts.items()).encode())


# --- the record


def key_of(notebook: str, parameters: Mapping[str, Any]) -> str:
    """Name under which the outputs of a notebook stand: one language never overwrites the other."""
    return f"{notebook}.en" if parameters.get("language") == "en" else notebook


def read(folder: Path) -> dict[str, Section]:
    """Sections of a year's manifest by key; empty if there is none.

    Raises
    ------
    DataError
        If the file is no manifest.
    """
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {str(key): Section(**section) for key, section in content["notebooks"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError, OSError, RecursionError) as error:
        why = str(error).partition("\n")[0]
        raise DataError(f"{folder.name}/{NAME}: no manifest ({why}); remove the file and run again") from None


def record(folder: Path, notebook: str, section: Section) -> None:
    """Set the section of a notebook, in the language of its parameters, in the manifest of a year."""
    with held(folder):
        _write(folder, read(folder) | {key_of(notebook, section.parameters): section})


def is_current(folder: Path, key: str, wanted: Section, sections: Mapping[str, Section] | None = None) -> bool:
    """Whether a run need not be made: its outputs stand, and rest on what is there now.

    ``wanted`` has ``parameters``, ``packages`` and ``code`` of the run as it would be made, and all data files as
    ``inputs``; ``sections`` is the manifest of the folder, if it has been read already.
    """
    section = (read(folder) if sections is None else sections).get(key)
    if section is None or not section.inputs or (folder / f"{key}.failed.ipynb").exists():
        return False
    same = (section.parameters, section.packages, section.code) == (wanted.parameters, wanted.packages, wanted.code)
    unchanged = all(wanted.inputs.get(name) == value for name, value in section.inputs.items())
    return same and unchanged and all(_OWNED.fullmatch(name) and (folder / name).is_file() for name in section.files)


def _write(folder: Path, sections: dict[str, Section]) -> None:
    content = {"notebooks": {key: asdict(section) for key, section in sections.items()}}
    write_bytes(folder / NAME, (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode())


# --- the folder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder of outputs; who already holds it in this process may again, another waits a little.

    Raises
    ------
    RunError
        If another process holds it for longer, naming it; if nothing can be written there.
    """
    path = folder / LOCK
    lock = FileLock(path, is_singleton=True, thread_local=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=_PATIENCE)
        path.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
    except Timeout:
        who = "another process"
        with suppress(OSError):  # Windows lets nobody else read it
            who = path.read_text(encoding="utf-8")[:200] or who
        raise RunError(f"{folder}: {who} writes there; wait for it or choose another --output-dir") from None
    except OSError as error:
        lock.release(force=True)
        raise _unwritable(folder, error) from None
    try:
        yield
    finally:
        lock.release()


def commit(folder: Path, key: str, files: Mapping[str, bytes], section: Section) -> list[Path]:
    """Put the outputs of a run into place, all or none, and remove those of its last run that it no longer has.

    ``files`` are their contents by path under the folder of the year; they become those of the section.

    Raises
    ------
    RunError
        If the outputs cannot be written, or are none that a notebook may write; what was in place stays.
    """
    pending = folder / f".commit-{key}"
    partial = pending.with_name(f"{pending.name}.partial")
    section = replace(section, files=sorted(files))
    if strange := [name for name in section.files if not _is_inside(folder, name, key)]:
        raise RunError(
            f"{key}: wrote {strange[0]}; a notebook writes to charts/<language>/ and tables/ of its year only"
        )
    try:
        with held(folder):
            recover(folder)
            for name, content in files.items():
                write_bytes(partial / name, content)
            write_bytes(partial / _SECTION, json.dumps(asdict(section)).encode())
            partial.replace(pending)  # from here on the run counts as made: a kill is made good by recover()
            _finish(folder, key)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise _unwritable(folder, error) from None
    return [folder / name for name in sorted(files)]


def recover(folder: Path) -> None:
    """Complete or remove what a killed run has left in the folder of a year, which must be held."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (match := _LEFT.fullmatch(path.name)) and path.is_dir() and not path.is_symlink():
            if match[2]:
                shutil.rmtree(path, ignore_errors=True)
            else:
                _finish(folder, match[1])
        elif _TORN.fullmatch(path.name) and path.is_file():
            path.unlink()


def _finish(folder: Path, key: str) -> None:
    """Move what is pending into place; every step may already be done. What is not ours to write is dropped."""
    pending = folder / f".commit-{key}"
    try:
        section = Section(**json.loads((pending / _SECTION).read_text(encoding="utf-8")))
    except (ValueError, TypeError, OSError, RecursionError, ValidationError):
        shutil.rmtree(pending)  # no run of ours leaves it so
        return
    try:
        sections = read(folder)
    except DataError:
        sections = {}
    new = [name for name in _names(pending, section.files) if _is_inside(folder, name, key)]
    kept = {name for other, theirs in sections.items() if other != key for name in theirs.files}
    for name in new:
        if (pending / name).is_file() and not (pending / name).is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (pending / name).replace(folder / name)
    for name in sections[key].files if key in sections else []:
        if name not in kept and name not in new and _is_inside(folder, name, key):
            (folder / name).unlink(missing_ok=True)
    (folder / f"{key}.failed.ipynb").unlink(missing_ok=True)
    _write(folder, sections | {key: replace(section, files=[name for name in new if (folder / name).is_file()])})
    shutil.rmtree(pending)


def _names(pending: Path, already: Iterable[str]) -> list[str]:
    """Files that are pending, and those that the record says have been moved already."""
    found = {path.relative_to(pending).as_posix() for path in pending.rglob("*") if path.is_file()}
    return sorted((found | set(already)) - {_SECTION})


def _is_inside(folder: Path, name: str, key: str) -> bool:
    """Whether a name is one that this notebook may have written, and does not lead out of the folder by a link."""
    own = bool(_OWNED.fullmatch(name)) and (not name.endswith(".ipynb") or name == f"{key}.ipynb")
    return own and (folder / name).parent.resolve().is_relative_to(folder.resolve())


def _unwritable(folder: Path, error: OSError) -> RunError:
    return RunError(f"{folder}: cannot write outputs there ({error.strerror}); free the path or pass --output-dir")
