"""Hostile and broken files: a clear error within seconds, and nothing written."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from conftest import DATA, ROOT, kg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from kg_analysis import untrusted
from kg_analysis.errors import DataError
from kg_analysis.ingest.document import read_document

EXAMPLE = ROOT / "examples" / "song-cua-2024"
DOCX = EXAMPLE.with_suffix(".docx").read_bytes()
PDF = EXAMPLE.with_suffix(".pdf").read_bytes()


def changed(name: str, change: Callable[[bytes], bytes], content: bytes = DOCX) -> bytes:
    """A packed file with one entry changed or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        old = source.read(name) if name in source.namelist() else b""
        target.writestr(name, change(old))
    return packed.getvalue()


def doctype(old: bytes) -> bytes:
    declared = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return old.replace(b"<w:document", declared + b"<w:document", 1)


def wide(old: bytes) -> bytes:
    return doctype(old).decode().replace("UTF-8", "UTF-16").encode("utf-16")


def locked(content: bytes) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(content))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scan(pages: int, with_text: int = 0) -> bytes:
    out = io.BytesIO()
    with PdfPages(out) as book:
        for number in range(pages):
            figure = Figure(figsize=(4, 5))
            if number < with_text:
                figure.text(0.1, 0.5, "Trang này có chữ, đạt 4,52%")
            else:
                figure.figimage([[0.2, 0.8], [0.5, 0.1]], resize=False)
            book.savefig(figure)
    return out.getvalue()


def many_entries() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for number in range(4000):
            target.writestr(f"word/{number}.xml", b"")
    return packed.getvalue()


def unknown_packing() -> bytes:
    """A Word file of which an entry says that it is packed in a way nobody knows."""
    content = bytearray(DOCX)
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.index(magic)
        content[at + offset : at + offset + 2] = (77).to_bytes(2, "little")
    return bytes(content)


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("r.docx", lambda: changed("word/document.xml", lambda _: b" " * 50_000_000), "times its size"),
    "several bombs": (
        "r.docx",
        lambda: changed("word/media/x.bin", lambda _: os.urandom(64) + bytes(300_000_000)),
        "unpacks to",
    ),
    "entries": ("r.docx", many_entries, "entries, at most"),
    "doctype": ("r.docx", lambda: changed("word/document.xml", doctype), "declares a DOCTYPE"),
    "doctype in utf-16": ("r.docx", lambda: changed("word/document.xml", wide), "declares a DOCTYPE"),
    "doctype in footnotes": (
        "r.docx",
        lambda: changed("word/footnotes.xml", lambda old: b"<!DOCTYPE x>" + old),
        "DOCTYPE",
    ),
    "broken xml": ("r.docx", lambda: changed("word/document.xml", lambda old: old[:-40]), "broken or cut off"),
    "unknown packing": ("r.docx", unknown_packing, "broken or cut off"),
    "cut docx": ("r.docx", lambda: DOCX[: len(DOCX) // 2], "broken or cut off"),
    "other package": ("r.docx", lambda: changed("a.txt", lambda _: b"x", b"PK\x05\x06" + bytes(18)), "but no docx"),
    "old word": ("r.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "save it as docx"),
    "renamed exe": ("r.docx", lambda: b"MZ\x90\x00" + os.urandom(2000), "is a program"),
    "exe as pdf": ("r.pdf", lambda: b"MZ\x90\x00" + os.urandom(2000), "is a program"),
    "exe as text": ("r.txt", lambda: b"\x7fELF" + bytes(200), "is a program"),
    "bytes": ("r.txt", lambda: bytes(range(256)) * 10, "no text, Word or PDF file"),
    "no pdf": ("r.pdf", lambda: b"just words", "its beginning is broken"),
    "locked pdf": ("r.pdf", lambda: locked(PDF), "locked with a password"),
    "cut pdf": ("r.pdf", lambda: PDF[: len(PDF) // 2], "cut off"),
    "broken pdf": ("r.pdf", lambda: PDF[:200] + b"%%EOF", "broken"),
    "scan": ("r.pdf", lambda: scan(3), "is a scan: 3 of 3 pages"),
    "half a scan": ("r.pdf", lambda: scan(5, with_text=4), "pages 5 hold a picture and no text"),
    "empty": ("r.txt", bytes, "the file is empty"),
    "blank": ("r.txt", lambda: b" \n\n ", "holds no text"),
    "utf-16": ("r.txt", lambda: "Báo cáo".encode("utf-16"), "UTF-16"),
    "picture": ("r.pdf", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "is a picture"),
    "rich text": ("r.txt", lambda: b"{\\rtf1 x}", "RTF"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name_within_seconds(name: str, tmp_path: Path) -> None:
    file, make, message = HOSTILE[name]
    path = tmp_path / file
    path.write_bytes(make())
    start = time.process_time()
    with pytest.raises(DataError, match=message) as error:
        read_document(path)
    assert time.process_time() - start < 5
    assert all(each.startswith(file) for each in error.value.problems)


def test_200_mb_of_text_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
        file.seek(0)
        file.write(b"Ch\xe1\xbb\x89 ti\xc3\xaau\n" * 1000)
    with pytest.raises(DataError, match="200 MB of text, at most 20 are read"):
        read_document(path)
    with path.open("rb+") as file:
        file.truncate(30_000_000)
    with pytest.raises(DataError, match="30 MB of text, at most 20 are read"):
        read_document(path)


def test_a_file_that_is_not_there_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_document(tmp_path / "none.docx")
    with pytest.raises(DataError, match="is a folder"):
        read_document(tmp_path)


def test_reading_ends_by_its_deadline() -> None:
    with pytest.raises(DataError, match=r"not read within 0\.01 seconds"):
        read_document(EXAMPLE.with_suffix(".pdf"), seconds=0.01)


@pytest.mark.slow
def test_reading_ends_by_its_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A page whose one stream unpacks to far more than the file has."""
    writer = pypdf.PdfWriter(io.BytesIO(PDF))
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf (x) Tj ET\n" * 20_000_000)
    writer.pages[0][pypdf.generic.NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    path = tmp_path / "bomb.pdf"
    with path.open("wb") as file:
        writer.write(file)
    assert path.stat().st_size < 2_000_000
    start = time.monotonic()
    with pytest.raises(DataError, match=r"cannot be read|broken|not read within"):
        read_document(path)
    assert time.monotonic() - start < untrusted.SECONDS + 10


def test_no_entity_of_a_file_is_opened(tmp_path: Path) -> None:
    """Even where the check for a document type is passed by, the parser takes nothing from outside."""
    from kg_analysis.ingest.word import read_word  # noqa: PLC0415

    secret = tmp_path / "secret.txt"
    secret.write_text("1234567", encoding="utf-8")
    notes = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()

    def with_entity(old: bytes) -> bytes:
        start = old.index(b"<w:footnotes")
        return old[:start] + notes + old[start:].replace(b" Theo", b"&x; Theo", 1)

    blocks, _ = read_word(changed("word/footnotes.xml", with_entity))
    assert "1234567" not in str(blocks)


@pytest.mark.parametrize("name", ["doctype", "cut pdf", "renamed exe"])
def test_the_command_names_the_file_and_writes_nothing(name: str, tmp_path: Path) -> None:
    file, make, message = HOSTILE[name]
    (tmp_path / file).write_bytes(make())
    wanted = ["--year", 2024, "--output", "review.xlsx", "--csv", "p.csv", "--data-dir", DATA]
    done = kg("draft", file, *wanted, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {file}: ")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == [file]
