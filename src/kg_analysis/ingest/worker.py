"""The process that opens a Word or PDF file: bytes in, blocks out as JSON.

Responsibility: nothing of the file reaches the main process but text. Started by ``untrusted.read_apart`` as
``python -m kg_analysis.ingest.worker docx NAME``; memory is limited here, time by the one who waits.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from kg_analysis.errors import DataError
from kg_analysis.ingest.untrusted import limit_memory


def answer(kind: str, name: str, content: bytes) -> dict[str, Any]:
    """Blocks and remarks of a file, or its problems."""
    try:
        if kind == "docx":
            from kg_analysis.ingest.word import read_word  # noqa: PLC0415

            blocks, remarks = read_word(content)
        else:
            from kg_analysis.ingest.pdf import read_pdf  # noqa: PLC0415

            blocks, remarks = read_pdf(content)
    except DataError as error:
        return {"problems": [f"{name}: {each}" for each in error.problems]}
    return {"blocks": [asdict(each) for each in blocks], "remarks": remarks}


if __name__ == "__main__":
    limit_memory()
    found = answer(sys.argv[1], sys.argv[2], sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(found).encode())
