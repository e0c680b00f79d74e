"""What a run depends on besides its data: this library's source, the packages, the notebook; and whole folders.

Responsibility: content hashes, without importing anything heavy. No clock, no path of a machine.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from kg_analysis.disk import files_below

PACKAGES = (
    "babel",
    "ipykernel",
    "ipython",
    "kg-analysis",
    "matplotlib",
    "nbclient",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "pillow",
    "scipy",
    "seaborn",
)
_SOURCE = Path(__file__).resolve().parent.parent  # the package as it is installed


@cache
def library() -> str:
    """sha256 over version and source of this package."""
    files = sorted(each for kind in ("*.py", "*.toml") for each in _SOURCE.rglob(kind))
    version = importlib.metadata.version("kg-analysis")
    return hashlib.sha256(f"{version} {of_files(files, _SOURCE)}".encode()).hexdigest()


@cache
def packages() -> dict[str, str]:
    """Versions of Python and of the packages whose code decides on the outputs' bytes."""
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in PACKAGES}


def of_file(path: Path) -> str:
    """sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def of_data(data_dir: Path) -> str:
    """sha256 over everything in a data folder, typed and generated."""
    return of_files(files_below(data_dir), data_dir)


def of_files(paths: Iterable[Path], root: Path) -> str:
    """sha256 over the names of files relative to a folder and their bytes."""
    lines = [f"{of_file(each)} {each.relative_to(root).as_posix()}" for each in paths]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def of_text(text: str) -> str:
    """sha256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def of_bytes(content: bytes) -> str:
    """sha256 of bytes."""
    return hashlib.sha256(content).hexdigest()
