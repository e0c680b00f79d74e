"""Files replaced in one step, several of them all or none, and who may write where.

Responsibility: the one way in which the library writes files, and what keeps two writers apart. Imports nothing heavy.

Terms: a folder is *held* while one process changes it; its *journal* is the folder ``.change`` with the complete new
files on their way into place. What is found in a folder may come from anywhere: only names that the product itself
writes there (*owned*) are ever moved or removed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import socket
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from kg_analysis.errors import DataError

LOCK = ".lock"
PATIENCE = 5.0  # that a second writer waits for the first [s]
# Files of a data folder that commands write; all else in it is typed by people.
DATA_FILES = re.compile(
    r"(?:sources\.csv|datapackage\.json|README\.md|(?:clean|printed|printed/references|printed/exclusions)/[\w.-]+\.csv)"
)
_JOURNAL, _REMOVED = ".change", ".removed"
_LEFT = re.compile(r"\..+\.\d+\.partial")  # what a killed process was writing
# When an Office file was made, in its core properties.
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def files_below(folder: Path) -> list[Path]:
    """Every file of a folder in order of path, those in linked folders too; a folder met again is not entered."""
    found: list[Path] = []
    met: set[Path] = set()
    for name, folders, names in os.walk(folder, followlinks=True):
        place = Path(name)
        if place.resolve() in met:
            folders.clear()
            continue
        met.add(place.resolve())
        found += [path for path in (place / each for each in names) if path.is_file()]
    return sorted(found)


# --- one writer at a time


@contextmanager
def locked(folder: Path, owned: re.Pattern[str]) -> Iterator[None]:
    """Hold a folder, made if need be; who holds it in this process may again, another waits a little.

    The lock is the system's on ``.lock`` in the folder, so that a killed process holds nothing. What a killed one has
    left there is completed or cleared first.

    Raises
    ------
    DataError
        If another process holds it for longer, naming it.
    OSError
        If nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _acquired(folder.resolve() / LOCK, folder):
        _finish(folder, owned)
        yield


@contextmanager
def locked_file(path: Path) -> Iterator[None]:
    """Hold a single file, as :func:`locked` does a folder; the lock lies with the system's temporary files."""
    mark = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]
    with _acquired(Path(tempfile.gettempdir()) / f"kg-{mark}{LOCK}", path):
        yield


@contextmanager
def _acquired(file: Path, path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # noqa: PLC0415  it brings asyncio

    lock = FileLock(file, is_singleton=True, thread_local=False)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        who = "another process"
        with suppress(OSError):  # Windows lets nobody else read it
            who = file.read_text(encoding="utf-8")[:200] or who
        raise DataError(f"{path}: {who} writes there; wait for it, or choose another place to write to") from None
    try:
        with suppress(OSError):  # what a second writer is told, and no more
            file.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        lock.release()


def replace_all(folder: Path, files: Mapping[str, bytes], owned: re.Pattern[str], removed: Iterable[str] = ()) -> None:
    """Replace several files of a held folder, all or none; what a kill interrupts, the next :func:`locked` completes.

    Parameters
    ----------
    folder : Path
    files : mapping of str to bytes
        New content by path under the folder.
    owned : pattern
        What names of files must be like.
    removed : iterable of str
        Files to remove in the same step, where there are any.

    Raises
    ------
    DataError
        A name that is not owned, or that leads out of the folder by a link; nothing is written then.
    OSError
        If the files cannot be written; what was in place stays.
    """
    for name in files:
        if not _is_own(folder, name, owned):
            raise DataError(f"{folder / name}: is no file that is written here, or leads elsewhere; remove the link")
        if (folder / name).is_dir():
            raise IsADirectoryError(21, "a folder is in the way", str(folder / name))
        _writable(folder, (folder / name).parent)
    staged = folder / f"{_JOURNAL}.{os.getpid()}.partial"
    try:
        for name, content in files.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        staged.mkdir(parents=True, exist_ok=True)
        (staged / _REMOVED).write_text(json.dumps(sorted(removed)), encoding="utf-8")
        staged.replace(folder / _JOURNAL)  # from here on the change counts as made
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    _finish(folder, owned)


def settle(folder: Path, owned: re.Pattern[str]) -> None:
    """Complete a change of a folder that was killed half-way, if there is one, as soon as nobody is at work on it."""
    if (folder / _JOURNAL).is_dir():
        with locked(folder, owned):
            pass


def _finish(folder: Path, owned: re.Pattern[str]) -> None:
    """Complete an interrupted change of a folder that is held; what in it is not ours to write is dropped."""
    for path in folder.iterdir():
        if _LEFT.fullmatch(path.name) and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    journal = folder / _JOURNAL
    if journal.is_symlink() or not journal.is_dir():
        return
    staged = {path.relative_to(journal).as_posix(): path for path in sorted(journal.rglob("*"))}
    staged.pop(_REMOVED, None)
    for name, path in staged.items():
        if path.is_file() and not path.is_symlink() and _is_own(folder, name, owned):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            path.replace(folder / name)
    for name in _names(journal / _REMOVED):
        if _is_own(folder, name, owned):
            (folder / name).unlink(missing_ok=True)
    shutil.rmtree(journal)


def _is_own(folder: Path, name: str, owned: re.Pattern[str]) -> bool:
    inside = (folder / name).parent.resolve().is_relative_to(folder.resolve())
    return bool(owned.fullmatch(name)) and ".." not in Path(name).parts and inside


def _writable(folder: Path, parent: Path) -> None:
    """Prove that a file can be moved into a folder that there is or will be."""
    while not parent.exists() and parent != folder:
        parent = parent.parent
    if not parent.is_dir() and parent.exists():
        raise NotADirectoryError(20, "a file is in the way", str(parent))
    if parent.exists() and not os.access(parent, os.W_OK):
        raise PermissionError(13, "not allowed", str(parent))


def _names(path: Path) -> list[str]:
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    return [each for each in listed if isinstance(each, str) and "\0" not in each] if isinstance(listed, list) else []


# --- what may be written where


def check_outputs(outputs: Mapping[str, Path | None], inputs: Mapping[str, Path | None], kept: Iterable[Path]) -> None:
    """Refuse outputs that are an input or one another, or lie where data and notebooks are kept.

    Parameters
    ----------
    outputs, inputs : mapping of str to Path or None
        By the name that the user knows them under, such as ``--csv``; None is not given.
    kept : iterable of Path
        Folders in which nothing of the kind is written.

    Raises
    ------
    DataError
        Every such output, with what it would overwrite.
    """
    given = {name: path for name, path in outputs.items() if path is not None}
    problems = []
    for number, (name, path) in enumerate(given.items()):
        others = {**inputs, **dict(list(given.items())[:number])}
        if same := next((other for other, its in others.items() if its is not None and _same(path, its)), None):
            problems.append(f"{name} {path}: would overwrite {same}; give it another name")
        if folder := next((each for each in kept if path.resolve().is_relative_to(each.resolve())), None):
            problems.append(f"{name} {path}: lies in {folder}, which is an input; write to another folder")
    if problems:
        raise DataError(problems)


def _same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        if one.exists() and other.exists():
            return one.samefile(other)
    return str(one.resolve()).casefold() == str(other.resolve()).casefold()


# --- Office files


def repacked(content: bytes, day: str = "2000-01-01") -> bytes:
    """An Office file with nothing in it of when or where it was written: same content, same bytes.

    ``day``, as 2021-12-01, stands for its creation and last change.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # the earliest time that an entry can carry
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            part = source.read(name)
            if name.endswith(".xlsx"):  # the table behind a native chart
                part = repacked(part, day)
            if name == "docProps/core.xml":
                part = _TIMES.sub(rb"\g<1>" + f"{day}T00:00:00Z".encode() + rb"\g<2>", part)
            target.writestr(entry, part)
    return packed.getvalue()
