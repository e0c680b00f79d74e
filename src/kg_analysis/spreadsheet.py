"""Tables as CSV that Excel opens as they are meant.

Responsibility: bytes of a CSV file. Vietnamese letters need a byte order mark there, and a text that begins like a
formula would be run as one.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

BOM = b"\xef\xbb\xbf"  # without it Excel reads Vietnamese letters wrongly
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d.,]+%?")


def csv_bytes(table: pd.DataFrame) -> bytes:
    """CSV of a table, its texts kept texts.

    A text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return and is no plain number gets an
    apostrophe before it, as Excel itself marks text.
    """
    return BOM + table.map(_as_text).to_csv(index=False, lineterminator="\n").encode("utf-8")


def _as_text(cell: Any) -> Any:
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
