"""Files of others: which are opened at all, and the limited process that opens them.

Responsibility: the border for Word, PDF, Excel and TOML files. A file is measured, then read in a process of its own
whose memory, time and writing are limited; only JSON comes back. Whatever a library raises there becomes one line. What
cannot be seen in a text is named here too. Started by ``read_apart`` as ``python -m kg_analysis.untrusted KIND NAME``.

Terms: *kind* = ``docx``, ``pdf``, ``txt``, ``xlsx``, ``toml`` or ``template`` (a Word file for a briefing).
"""

from __future__ import annotations

import base64
import dataclasses
import importlib
import io
import json
import math
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg_analysis.errors import DataError, one_line

# Largest file that is read [bytes]; a report of 40 pages has 200,000 of text and a scan of it some 20 million.
SIZES = {
    "docx": 100_000_000,
    "pdf": 100_000_000,
    "template": 100_000_000,
    "xlsx": 30_000_000,
    "txt": 20_000_000,
    "toml": 1_000_000,
}
ENTRY_LIMIT = 3_000  # entries of a packed file
UNPACKED_LIMIT = 200_000_000  # [bytes] of all entries together
XML_LIMIT = 60_000_000  # [bytes] of one entry that is parsed
RATIO_LIMIT = 200
RATIO_FROM = 1_000_000  # [bytes] below which the ratio of an entry does not matter
SECONDS = 20  # of the processor; on a busy machine it may last three times as long
_MEMORY = 2_000_000_000  # [bytes] of the reading process
_XML = (".xml", ".rels")
_FOLDERS = {"docx": "word/", "template": "word/", "xlsx": "xl/"}  # that a packed file of the kind has
_READERS = {
    "docx": "kg_analysis.ingest.word:read_word",
    "pdf": "kg_analysis.ingest.layout:read_pdf",
    "xlsx": "kg_analysis.spreadsheet:read_cells",
    "template": "kg_analysis.briefing.template:cleaned",
    "toml": "kg_analysis.untrusted:parse_toml",
}
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
# Control characters, halves of characters, non-characters, soft hyphens, marks of direction, and what shows nothing.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
    "|[" + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)) + "]"
)


def unseen(text: str) -> str:
    """First character of a text that cannot be seen, e.g. ``U+200B``; empty where there is none."""
    found = _UNSEEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def read_content(path: Path, kind: str, what: str = "the file") -> bytes:
    """Bytes of a file of a kind; ``what`` says in messages which one to give.

    Raises
    ------
    DataError
        If it is missing, a folder, empty or too large.
    """
    try:
        if path.is_dir():
            raise DataError(f"{path}: is a folder; give the path of {what}")
        size, limit = path.stat().st_size, SIZES[kind]
        if size == 0:
            raise DataError(f"{path.name}: the file is empty; give {what} itself")
        if size > limit:
            of_text = " of text" if kind == "txt" else ""
            raise DataError(f"{path.name}: {_mb(size)} MB{of_text}, at most {_mb(limit)} are read; give {what} alone")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); give the path of {what}") from None


def kind_of(path: Path) -> str:
    """Kind of a report by its first bytes, whatever its name says.

    Raises
    ------
    DataError
        If it is none of ``txt``, ``docx`` and ``pdf``; the message names what it is.
    """
    if not path.is_file():
        return "txt"  # the reading says what is in the way
    with path.open("rb") as file:
        head = file.read(2048)
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")
    if not other and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        other = "no text, Word or PDF file; give the report as docx, pdf or txt"
    if other:
        raise DataError(f"{path.name}: is {other}")
    if head and path.suffix.lower() in (".docx", ".pdf"):
        raise DataError(f"{path.name}: holds no {path.suffix[1:].lower()}, its beginning is broken; get the file anew")
    return "txt"


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Content of a TOML file; days are texts in ISO form.

    Raises
    ------
    DataError
        If it cannot be read as TOML; every text in it that holds what cannot be seen, by its key.
    """
    found = read_apart("toml", path, read_content(path, "toml", what), seconds=3)
    if problems := [*_unseen_in(path.name, found)]:
        raise DataError(problems)
    return dict(found)


def _unseen_in(place: str, value: Any) -> Iterator[str]:
    """Texts and keys with a character that cannot be seen, each by the keys that lead to it."""
    if isinstance(value, dict):
        for key, each in value.items():
            if code := unseen(key):
                yield f"{place}: the key {key!r} holds {code}, a character that cannot be seen; remove it"
            yield from _unseen_in(f"{place}: {key}" if ": " not in place else f"{place}.{key}", each)
    elif isinstance(value, list):
        for each in value:
            yield from _unseen_in(place, each)
    elif isinstance(value, str) and (code := unseen(value.replace("\n", ""))):
        yield f"{place} = {value[:80]!r} holds {code}, a character that cannot be seen; remove it"


def parse_toml(content: bytes) -> dict[str, Any]:
    """Content of a TOML file in UTF-8, with or without the mark of its byte order."""
    import tomllib  # noqa: PLC0415  the caller has no use for it

    return tomllib.loads(content.decode("utf-8-sig"))


def read_apart(kind: str, path: Path, content: bytes, seconds: float = SECONDS, **options: Any) -> Any:
    """What the reader of a kind makes of a file, in a process of its own: JSON values.

    Parameters
    ----------
    kind : str
    path : Path
        Only its name goes there, for messages.
    content : bytes
    seconds : float
        Of the processor, that it may take.
    **options
        Keywords of the reader, JSON values.

    Raises
    ------
    DataError
        What the reader says is wrong; also if it does not end in time, or not within its memory.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    command = [sys.executable, "-P", "-m", "kg_analysis.untrusted", kind, path.name, str(seconds), json.dumps(options)]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, timeout=3 * seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise DataError(_too_long(path, seconds)) from None
    if done.returncode:
        stopped = done.returncode == -getattr(signal, "SIGXCPU", 0)
        broken = f"{path.name}: the {kind} cannot be read, it is broken or too large; save it anew"
        raise DataError(_too_long(path, seconds) if stopped else broken)
    answered = json.loads(done.stdout)
    if problems := answered.get("problems"):
        raise DataError(problems)
    return answered["found"]


def _too_long(path: Path, seconds: float) -> str:
    return f"{path.name}: not read within {seconds:g} seconds, of which a sound file needs a tenth; save it anew"


@contextmanager
def deadline(seconds: float, problem: str) -> Iterator[None]:
    """Raise ``DataError(problem)`` if what runs inside takes longer, in seconds of the processor.

    It holds in the main thread of systems with such a clock; elsewhere (Windows) nothing is stopped.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: Any) -> None:
        raise DataError(problem)

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


# --- in the limited process


def answer(kind: str, name: str, content: bytes, options: dict[str, Any]) -> dict[str, Any]:
    """What the reader of a kind found, or its problems: the one place where what a library raises becomes a line."""
    try:
        if kind in _FOLDERS:
            check_package(content, kind)
        return {"found": _reader(kind)(content, **options)}
    except DataError as error:
        problems: tuple[str, ...] = error.problems
    except Exception as error:
        broken = "no TOML in UTF-8" if kind == "toml" else f"the {kind} is broken or cut off"
        remedy = "correct the file" if kind == "toml" else "get the file anew"
        locked = "password" in str(error).lower()
        said = f"{broken} ({one_line(error)}); {remedy}"
        problems = ("is locked with a password; save it without one" if locked else said,)
    return {"problems": [f"{name}: {each}" for each in problems]}


def _reader(kind: str) -> Any:
    module, _, function = _READERS[kind].partition(":")
    return getattr(importlib.import_module(module), function)


def check_package(content: bytes, kind: str) -> None:
    """Refuse a packed Office file that is a bomb, of another kind, has macros, or brings a document type of its own."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()
        _refuse_bomb(entries)
        office = "xlsx" if kind == "xlsx" else "docx"
        if not any(each.filename.startswith(_FOLDERS[kind]) for each in entries):
            raise DataError(f"a packed file, but no {office}; give it as {office}")
        for entry in entries:
            if entry.filename.lower().endswith(_XML):
                _refuse_doctype(entry.filename, package.read(entry))
        if b"macroEnabled" in package.read("[Content_Types].xml"):
            raise DataError(f"a file with macros; save it as {office} without them")


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRY_LIMIT:
        raise DataError(f"holds {len(entries)} entries, at most {ENTRY_LIMIT} are read; save it anew")
    total = sum(each.file_size for each in entries)
    if total > UNPACKED_LIMIT:
        raise DataError(f"unpacks to {_mb(total)} MB, at most {_mb(UNPACKED_LIMIT)} are read; save it anew")
    for each in entries:
        ratio = each.file_size / max(each.compress_size, 1)
        if each.file_size > RATIO_FROM and ratio > RATIO_LIMIT:
            raise DataError(
                f"entry {each.filename!r} unpacks to {ratio:.0f} times its size, at most {RATIO_LIMIT} times is read; "
                "save it anew"
            )
        if each.filename.lower().endswith(_XML) and each.file_size > XML_LIMIT:
            raise DataError(f"entry {each.filename!r} has {_mb(each.file_size)} MB, at most {_mb(XML_LIMIT)} are read")


def _refuse_doctype(name: str, content: bytes) -> None:
    """Office files declare no document type: one that does wants to pull in entities, from inside or outside."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DataError(f"entry {name!r} declares a DOCTYPE, which Office never does; it was not opened")


def limit_process(seconds: int) -> None:
    """Hold this process to its memory and its time of the processor, and keep it from writing files, where possible."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # Windows; the time is kept by who waits
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def plain(value: Any) -> Any:
    """A value that JSON has no form for: records as dicts, days in ISO form, bytes in base 64."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f}"


def main() -> None:
    """Read the file on standard input, write the answer on standard output."""
    kind, name, seconds, options = sys.argv[1:]
    _reader(kind)  # before the limits: its own code may be compiled and kept
    limit_process(math.ceil(float(seconds)))
    found = answer(kind, name, sys.stdin.buffer.read(), json.loads(options))
    sys.stdout.buffer.write(json.dumps(found, default=plain).encode())


if __name__ == "__main__":
    main()
