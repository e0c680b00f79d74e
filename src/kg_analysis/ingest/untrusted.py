"""The process that opens a Word or PDF file: bytes in, blocks out as JSON.

Responsibility: nothing of the file reaches the main process but text. Started by ``untrusted.read_apart`` as
``python -m kg_analysis.ingest.untrusted docx NAME``; memory is limited here, time by the one who waits.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kg_analysis.errors import DataError

TEXT_LIMIT = 20_000_000  # [bytes]; 40 pages hold about 200,000
FILE_LIMIT = 100_000_000  # [bytes]; a scan of 40 pages has some 20 MB
ENTRY_LIMIT = 3_000  # entries of a packed file
UNPACKED_LIMIT = 200_000_000  # [bytes] of all entries together
XML_LIMIT = 60_000_000  # [bytes] of one entry that is parsed
RATIO_LIMIT = 200
RATIO_FROM = 1_000_000  # [bytes] below which the ratio of an entry does not matter
SECONDS = 20
_MEMORY = 2_000_000_000  # [bytes] of the reading process
_XML = (".xml", ".rels")
_OTHERS = {
    b"MZ": "a program (exe); nothing was opened, give the report as docx, pdf or txt",
    b"\x7fELF": "a program; nothing was opened, give the report as docx, pdf or txt",
    b"\xd0\xcf\x11\xe0": "an old Word file (doc) or one locked with a password; open it in Word and save it as docx",
    b"{\\rtf": "an RTF file; open it in Word and save it as docx",
    b"\x89PNG": "a picture; have its text recognised (OCR) and give it as docx, pdf or txt",
    b"\xff\xd8\xff": "a picture; have its text recognised (OCR) and give it as docx, pdf or txt",
    b"Rar!": "a packed archive; unpack it and give the report in it",
    b"7z\xbc\xaf": "a packed archive; unpack it and give the report in it",
    b"\x1f\x8b": "a packed archive; unpack it and give the report in it",
}


def read_content(path: Path) -> tuple[str, bytes]:
    """Kind of a report's file, ``txt``, ``docx`` or ``pdf``, and its bytes.

    Raises
    ------
    DataError
        If the file is missing, empty, too large, or of another kind, which the message names.
    """
    size = _size(path)
    if size == 0:
        raise DataError(f"{path.name}: the file is empty; give the report itself")
    if size > FILE_LIMIT:
        raise DataError(f"{path.name}: {_mb(size)} MB, at most {_mb(FILE_LIMIT)} are read; give the report alone")
    with path.open("rb") as file:
        head = file.read(2048)
    kind = kind_of(path, head)
    if kind == "txt" and size > TEXT_LIMIT:
        raise DataError(f"{path.name}: {_mb(size)} MB of text, at most {_mb(TEXT_LIMIT)} are read; give one report")
    content = path.read_bytes()
    if kind == "docx":
        check_package(path, "word/", "docx")
    return kind, content


def kind_of(path: Path, head: bytes) -> str:
    """Kind of a file by its first bytes, whatever its name says."""
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")
    if not other and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        other = "no text, Word or PDF file; give the report as docx, pdf or txt"
    if other:
        raise DataError(f"{path.name}: is {other}")
    if path.suffix.lower() in (".docx", ".pdf"):
        raise DataError(f"{path.name}: holds no {path.suffix[1:].lower()}, its beginning is broken; get the file anew")
    return "txt"


def check_package(path: Path, folder: str, kind: str) -> None:
    """Refuse a packed Office file that is broken, a bomb, of another kind, or brings a document type of its own.

    Parameters
    ----------
    path : Path
    folder : str
        Folder that a file of this kind has, e.g. ``word/``.
    kind : str
        Its name in messages.

    Raises
    ------
    DataError
        What is wrong with it.
    """
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if any(each.flag_bits & 1 for each in entries):
                raise DataError(f"{path.name}: is locked with a password; save it without one")
            _refuse_bomb(path, entries)
            if not any(each.filename.startswith(folder) for each in entries):
                raise DataError(f"{path.name}: a packed file, but no {kind}; give the report as {kind}")
            for entry in entries:
                if entry.filename.lower().endswith(_XML):
                    _refuse_doctype(path, entry.filename, package.read(entry))
    except DataError:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        # among them the library's words for a way of packing that it does not know
        raise DataError(f"{path.name}: the {kind} is broken or cut off ({error}); get the file anew") from None


def _refuse_bomb(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRY_LIMIT:
        raise DataError(f"{path.name}: holds {len(entries)} entries, at most {ENTRY_LIMIT} are read; save it anew")
    total = sum(each.file_size for each in entries)
    if total > UNPACKED_LIMIT:
        raise DataError(
            f"{path.name}: unpacks to {_mb(total)} MB, at most {_mb(UNPACKED_LIMIT)} are read; save it anew"
        )
    for each in entries:
        ratio = each.file_size / max(each.compress_size, 1)
        if each.file_size > RATIO_FROM and ratio > RATIO_LIMIT:
            raise DataError(
                f"{path.name}: entry {each.filename!r} unpacks to {ratio:.0f} times its size, at most {RATIO_LIMIT} "
                "times is read; save it anew"
            )
        if each.filename.lower().endswith(_XML) and each.file_size > XML_LIMIT:
            raise DataError(
                f"{path.name}: entry {each.filename!r} has {_mb(each.file_size)} MB, at most {_mb(XML_LIMIT)} are read"
            )


def _refuse_doctype(path: Path, name: str, content: bytes) -> None:
    """Office files declare no document type: one that does wants to pull in entities, from inside or outside."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DataError(f"{path.name}: entry {name!r} declares a DOCTYPE, which Word never does; it was not opened")


def read_apart(kind: str, path: Path, content: bytes, seconds: float = SECONDS) -> dict[str, Any]:
    """What ``ingest.worker`` reads from a file, in a process of its own.

    Raises
    ------
    DataError
        What the reader says is wrong; also if it does not end in time, or not within its memory.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    command = [sys.executable, "-P", "-m", "kg_analysis.ingest.untrusted", kind, path.name]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise DataError(
            f"{path.name}: not read within {seconds:g} seconds, which a report needs a tenth of; save it anew as docx"
        ) from None
    if done.returncode:
        raise DataError(f"{path.name}: the {kind} cannot be read, it is broken or too large; save it anew as docx")
    answer: dict[str, Any] = json.loads(done.stdout)
    if problems := answer.get("problems"):
        raise DataError(problems)
    return answer


def limit_memory() -> None:
    """Hold this process to its memory limit, where the system can."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            raise DataError(f"{path}: is a folder; give the path of the report's file")
        return path.stat().st_size
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); give the path of the report's file") from None


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f}"


def answer(kind: str, name: str, content: bytes) -> dict[str, Any]:
    """Blocks and remarks of a file, or its problems."""
    try:
        if kind == "docx":
            from kg_analysis.ingest.word import read_word  # noqa: PLC0415

            blocks, remarks = read_word(content)
        else:
            from kg_analysis.ingest.layout import read_pdf  # noqa: PLC0415

            blocks, remarks = read_pdf(content)
    except DataError as error:
        return {"problems": [f"{name}: {each}" for each in error.problems]}
    return {"blocks": [asdict(each) for each in blocks], "remarks": remarks}


if __name__ == "__main__":
    limit_memory()
    found = answer(sys.argv[1], sys.argv[2], sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(found).encode())
