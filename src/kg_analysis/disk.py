"""Files replaced in one step.

Responsibility: the one way in which the library writes a file, and who may write in a folder. Imports nothing heavy.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_JOURNAL = ".change"  # folder of files that are being replaced together
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


def replace_all(folder: Path, files: dict[str, bytes]) -> None:
    """Replace several files of a folder, all or none: a journal written first is finished by :func:`finish` if need be.

    Parameters
    ----------
    folder : Path
    files : dict of str to bytes
        New content by path under the folder.
    """
    finish(folder)
    if not files:
        return
    journal = folder / _JOURNAL
    staged = folder / f".{os.getpid()}.partial"
    try:
        for name, content in files.items():
            write_bytes(staged / name, content)
        staged.replace(journal)  # from here on the change counts as made
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    finish(folder)


def finish(folder: Path) -> bool:
    """Bring a change of several files to its end that was interrupted; whether there was one."""
    journal = folder / _JOURNAL
    if not journal.is_dir():
        return False
    for path in sorted(each for each in journal.rglob("*") if each.is_file()):
        write_bytes(folder / path.relative_to(journal), path.read_bytes())
    shutil.rmtree(journal)
    return True


def repacked(content: bytes) -> bytes:
    """An Office file with its entries in order of name and without the time of writing: same content, same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, _TIMES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", source.read(name)))
    return packed.getvalue()


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes of this machine that ask for it; a killed one lets go.

    Where the system cannot lock a folder (Windows, some network file systems), nothing is held.
    """
    try:
        import fcntl  # noqa: PLC0415  not on Windows

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
