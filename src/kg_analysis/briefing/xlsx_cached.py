"""Results stored beside formulas, as Excel does.

Responsibility: openpyxl writes a formula without its result, so a viewer that does not calculate would show nothing.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from openpyxl import load_workbook


def with_results(content: bytes, results: Mapping[tuple[str, str], float]) -> bytes:
    """The same workbook with the result of each formula cell, given by sheet and cell.

    Raises
    ------
    ValueError
        If a cell that has a result holds no formula.
    """
    if not results:
        return content
    names = load_workbook(io.BytesIO(content), read_only=True).sheetnames
    paths = {f"xl/worksheets/sheet{number}.xml": name for number, name in enumerate(names, 1)}
    done = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            cells = {cell: value for (sheet, cell), value in results.items() if sheet == paths.get(name)}
            for cell, value in cells.items():
                part = _stored(part, cell, value)
            new.writestr(name, part)
    return done.getvalue()


def _stored(part: bytes, cell: str, value: float) -> bytes:
    pattern = re.compile(rb'(<c r="%s"[^>]*><f>[^<]*</f>)<v\s*/?>(?:</v>)?' % cell.encode())
    changed, count = pattern.subn(rb"\g<1><v>" + repr(value).encode() + rb"</v>", part)
    if count != 1:
        raise ValueError(f"cell {cell} holds no formula to store a result beside")
    return changed
