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
from collections.abc import Iterator, Mapping
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


def unchanged(data_dir: Path, inputs: Mapping[str, str]) -> None:
    """Prove that what was read is what is there: data that change while they are read may be half old, half new.

    Raises
    ------
    RunError
        Every file of ``inputs`` whose content is another now.
    """
    now = data_hashes(data_dir)
    if changed := sorted(name for name, value in inputs.items() if now.get(name) != value):
        raise RunError(f"{data_dir.name}/{name} changed while it was read; run again" for name in changed)


def _files(data_dir: Path) -> dict[str, Path]:
    found = {path.relative_to(data_dir).as_posix(): path for path in disk.files_below(data_dir)}
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
    return same and unchanged and all(OWNED.fullmatch(name) and (folder / name).is_file() for name in section.files)


# --- the folder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder of outputs as :func:`kg_analysis.disk.locked` does; what killed runs have left is settled first.

    Raises
    ------
    RunError
        If another process holds it, naming it; if nothing can be written there.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(disk.locked(folder, OWNED))
        except OSError as error:
            raise unwritable(folder, error) from None
        except DataError as error:
            raise RunError(error.problems) from None
        yield


def commit(folder: Path, key: str, files: Mapping[str, bytes], section: Section, replaces: bool = True) -> list[Path]:
    """Put outputs and the manifest into place, all or none.

    Parameters
    ----------
    folder : Path
        Of the year; held meanwhile.
    key : str
    files : mapping of str to bytes
        Contents by path under the folder; they become those of the section.
    section : Section
    replaces : bool
        Whether files of the last run that are not among these are removed.

    Raises
    ------
    RunError
        If the outputs cannot be written, or are none that a notebook may write; what was in place stays.
    """
    own = [name for name in files if OWNED.fullmatch(name) and name != NAME]
    if strange := [name for name in files if name not in own or (name.endswith(".ipynb") and name != f"{key}.ipynb")]:
        raise RunError(
            f"{key}: wrote {strange[0]}; a notebook writes to charts/<language>/ and tables/ of its year only"
        )
    try:
        with held(folder):
            try:
                sections = read(folder)
            except DataError:
                sections = {}
            others = {name: other for other, theirs in sections.items() if other != key for name in theirs.files}
            _refuse_shared(key, section, sections, {name: others[name] for name in files if name in others})
            last = {*sections[key].files} if key in sections and replaces else set()
            sections[key] = replace(section, files=sorted(files))
            content = {"notebooks": {each: asdict(sections[each]) for each in sections}}
            text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
            stale = last - others.keys() - files.keys() | ({f"{key}.failed.ipynb"} if replaces else set())
            disk.replace_all(folder, {**files, NAME: text.encode()}, OWNED, stale)
    except OSError as error:
        raise unwritable(folder, error) from None
    return [folder / name for name in sorted(files)]


def _refuse_shared(key: str, section: Section, sections: Mapping[str, Section], shared: Mapping[str, str]) -> None:
    """Refuse a file that another notebook of this library writes too: what it holds would hang on which ends last."""
    for name, other in shared.items():
        is_same = other.removesuffix(".en") == key.removesuffix(".en")  # tables are alike in both languages
        if not is_same and sections[other].code.get("library") == section.code.get("library"):
            raise RunError(f"{key}: wrote {name}, which {other} writes too; give it a name of its own")


def unwritable(folder: Path, error: OSError) -> RunError:
    """What to do about a folder that refuses outputs."""
    where = f", {Path(error.filename).name}" if error.filename else ""
    return RunError(
        f"{folder}: cannot write outputs there ({error.strerror}{where}); close the file where it is open, free the "
        "path or pass --output-dir"
    )
