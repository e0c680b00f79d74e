"""What a report says of itself: number, date, title, issuer; the row that it will have in ``sources.csv``.

Responsibility: propose that row. A person confirms it; what the page does not say stays empty.
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from kg_analysis.data.printed import Registers
from kg_analysis.ingest.document import Document
from kg_analysis.ingest.review_ids import source_id
from kg_analysis.ingest.sheets import SOURCE_FIELDS

_NUMBER = re.compile(r"\bSố:?\s*(\d+\s*/\s*[\w-]+)")
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})")
_TITLE = re.compile(r"^BÁO CÁO\b[ .:]*(.*)$", re.IGNORECASE)
_HEAD = 12  # lines in which a report names itself
_LICENCE = "Figures are facts and free to use; the text itself is not redistributed"


def source_fields(document: Document, registers: Registers, area: str, year: int) -> dict[str, str]:
    """Fields of the source's sheet; those of the register where the file is known.

    Parameters
    ----------
    document : Document
    registers : Registers
    area : str
        Area code, of ``areas.csv``.
    year : int
        Year that the report reviews.
    """
    known = registers.sources[registers.sources["sha256"] == document.sha256]
    fields = dict.fromkeys(SOURCE_FIELDS, "") | {"sha256": document.sha256, "area_code": area}
    if len(known):
        row = known.iloc[0]
        fields |= {str(name): str(cell) for name, cell in row.items()} | {"id": str(known.index[0])}
        return fields | {"vintage": str(row["doc_date"]) or f"{row['report_year'] or year}-12"}
    name = _area_name(registers.areas, area, year)
    lines = [document.text[each.start : each.end].strip() for each in document.passages[:_HEAD]]
    number = next((found[1] for line in lines if (found := _NUMBER.search(line))), "")
    day = next((_day(found) for line in lines if (found := _DATE.search(line))), "")
    return fields | {
        "id": source_id(name, year, list(registers.sources.index)),
        "title": _title(lines) or f"Báo cáo năm {year}",
        "issuer": f"UBND tỉnh {name}",
        "doc_no": re.sub(r"\s", "", number),
        "doc_date": day,
        "kind": "report",
        "grade": "official",
        "report_year": str(year),
        "language": "vi",
        "licence": _LICENCE,
        "vintage": day or f"{year}-12",
    }


def _area_name(areas: pd.DataFrame, area: str, year: int) -> str:
    rows = areas.loc[[code == area for code, _ in areas.index]]
    end = f"{year}-12-31"
    fitting = rows[(rows["valid_to"] == "") | (rows["valid_to"] >= end)]
    fitting = fitting[(fitting["valid_from"] == "") | (fitting["valid_from"] <= end)]
    return str((fitting if len(fitting) else rows)["name"].iloc[0])


def _title(lines: list[str]) -> str:
    """Title as on the document: "Báo cáo" and the line that says of what."""
    for index, line in enumerate(lines):
        if found := _TITLE.match(line):
            about = found[1].strip() or (lines[index + 1] if index + 1 < len(lines) else "")
            return " ".join(f"Báo cáo {about[:1].lower()}{about[1:]}".split())[:200]
    return ""


def _day(found: re.Match[str]) -> str:
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return ""
