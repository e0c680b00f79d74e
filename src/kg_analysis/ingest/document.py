"""A report's text with the places that figures are quoted by, from a txt, docx or pdf file.

Responsibility: one model for all kinds of file. The file is untrusted: its kind is told by its content, its size is
limited, and Word and PDF files are read in a process of their own.

Terms: *text* = what all offsets count in [characters]: for txt the characters of the file in NFC, for docx and pdf the
text that ``blocks`` makes of them.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from kg_analysis.errors import DataError
from kg_analysis.ingest.blocks import Block, text_of
from kg_analysis.ingest.legacy import legacy_problem
from kg_analysis.ingest.places import PREAMBLE, Passage, passages
from kg_analysis.ingest.untrusted import SECONDS, read_apart, read_content

__all__ = ["PREAMBLE", "Document", "Passage", "read_document"]
_WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@dataclass(frozen=True)
class Document:
    """Text of a report, the sha256 of its file and its passages in order.

    Attributes
    ----------
    text : str
    sha256 : str
        Hash of the file as it is.
    passages : tuple of Passage
    kind : str
        ``txt``, ``docx`` or ``pdf``.
    remarks : tuple of str
        What reading left out or settled, e.g. page numbers, tracked changes.
    """

    text: str
    sha256: str
    passages: tuple[Passage, ...]
    kind: str = "txt"
    remarks: tuple[str, ...] = ()

    def passage_at(self, offset: int) -> Passage | None:
        """Passage that holds the character at ``offset``; None between passages."""
        index = bisect_right([each.start for each in self.passages], offset) - 1
        found = self.passages[index] if index >= 0 else None
        return found if found and offset < found.end else None


def read_document(path: Path, seconds: float = SECONDS) -> Document:
    """Document of a report's file.

    Parameters
    ----------
    path : Path
        UTF-8 text, Word (docx), or PDF with text.
    seconds : float
        Time that reading a Word or PDF file may take.

    Raises
    ------
    DataError
        If the file is missing, empty, of another kind, too large, broken, locked, a scan, in an old Vietnamese
        encoding, or takes too long; each with what to do.
    """
    kind, content = read_content(path)
    remarks: tuple[str, ...] = ()
    if kind == "txt":
        text = _decoded(path, content)
    else:
        answer = read_apart(kind, path, content, seconds)
        blocks = [Block(each["text"], each["row"], tuple(map(tuple, each["notes"]))) for each in answer["blocks"]]
        text, remarks = text_of(blocks), tuple(answer["remarks"])
    if problem := legacy_problem(text.split("\n")):
        raise DataError(f"{path.name}: {problem}")
    if not text.strip():
        raise DataError(f"{path.name}: holds no text; give the report itself")
    return Document(text, hashlib.sha256(content).hexdigest(), tuple(passages(text)), kind, remarks)


def _decoded(path: Path, content: bytes) -> str:
    """Characters of a text file: NFC, LF line ends, no byte order mark."""
    if content[:2] in _WIDE:
        raise DataError(f"{path.name}: is {_WIDE[content[:2]]} text; save the report as UTF-8 text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if problem := legacy_problem(content.decode("cp1252", "replace").split("\n")):
            raise DataError(f"{path.name}: {problem}") from None
        raise DataError(f"{path.name}: byte {error.start} is no UTF-8; save the report as UTF-8 text") from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
