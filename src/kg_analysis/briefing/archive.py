"""Office files without a clock: the same content gives the same bytes.

Responsibility: rewrite the zip container of docx, pptx and xlsx with fixed times, order and attributes, and the dates
of its core properties.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip entry can carry
_FIRST = "[Content_Types].xml"
_CORE = "docProps/core.xml"
_STAMP = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")


def normalised(content: bytes, day: dt.date) -> bytes:
    """The same Office file with nothing in it that depends on when or where it was written.

    Parameters
    ----------
    content : bytes
        A docx, pptx or xlsx file.
    day : date
        Stands for its creation and last change.
    """
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        for name in sorted(old.namelist(), key=lambda each: (each != _FIRST, each)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            part = old.read(name)
            if name.endswith(".xlsx"):  # the table behind a native chart
                part = normalised(part, day)
            new.writestr(entry, _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", part) if name == _CORE else part)
    return result.getvalue()
