"""Files replaced in one step.

Responsibility: the one way in which the library writes a file. Imports nothing heavy.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path


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
