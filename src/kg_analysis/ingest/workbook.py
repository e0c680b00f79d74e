"""The review workbook as an Excel file: its layout, written and read back.

Responsibility: one description of sheets and columns for both directions. Text stays text, also where it begins like a
formula, and the same rows give the same bytes; a workbook that comes back is untrusted: it is opened safely, sheets and
columns are found by their headers in either language, every cell is taken as text. What rows say is ``review``'s
matter, what a person confirmed is judged in ``accept``.

Terms: *key* = name of a row that never changes, by the span of its token in the report: ``s93-105``.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from kg_analysis.data import columns as contract
from kg_analysis.data.printed import Registers
from kg_analysis.disk import repacked
from kg_analysis.errors import DataError
from kg_analysis.formats import LANGUAGES as SHOWN
from kg_analysis.formats import texts
from kg_analysis.spreadsheet import Refused, Sheet, read_book

PROPOSED, CONFIRMED, EXCLUDED = "proposed", "confirmed", "excluded"
STATUSES = (PROPOSED, CONFIRMED, EXCLUDED)
FIGURES, UNMATCHED, REFERENCES, EXCLUSIONS_SHEET = "figures", "unmatched", "references", "exclusions"
GUIDE, SOURCE, LISTS, PROPOSALS = "guide", "source", "lists", "proposals"
ROW_SHEETS = (FIGURES, UNMATCHED, REFERENCES, EXCLUSIONS_SHEET)
Cells = dict[str, str]


class Column(NamedTuple):
    """A column of a sheet; one that is named like a list chooses from it."""

    name: str  # as in the data contract, where it stands there
    width: int  # width [characters]


# fmt: off
_PLACE = (Column("section", 9), Column("place", 14), Column("start", 8), Column("end", 8))
_HEAD = (Column("key", 12), Column("status", 12))
_FIGURE = (
    *_HEAD, Column("context", 60), Column("as_printed", 18), Column("value", 12), Column("unit", 12),
    Column("indicator", 28), Column("period_type", 11), Column("period_start", 11), Column("period_end", 11),
    Column("basis", 10), Column("item", 18), Column("confidence", 10), Column("warning", 40), Column("dimension", 14),
    Column("area_code", 8), Column("comparator", 18), Column("as_of", 11), Column("qualifier", 13),
    Column("label", 34), Column("topic", 14), *_PLACE, Column("unit_printed", 12), Column("reason", 16),
    Column("figure_id", 32), Column("note", 24),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    FIGURES: _FIGURE,
    UNMATCHED: _FIGURE,
    REFERENCES: (
        *_HEAD, Column("as_printed", 60), Column("type", 14), Column("context", 70), *_PLACE, Column("ref_id", 32),
        Column("note", 24),
    ),
    EXCLUSIONS_SHEET: (
        *_HEAD, Column("as_printed", 30), Column("reason", 16), Column("context", 70), *_PLACE, Column("note", 24),
    ),
}
GIVEN = ("key", "context", "confidence", "warning", "topic")  # only inform: what a person writes there is not read
# Rows of the sheet on the source, in order; `area_code` and `vintage` hold for its figures.
SOURCE_FIELDS = (
    "id", "title", "issuer", "doc_no", "doc_date", "url", "sha256", "retrieved", "kind", "grade", "report_year",
    "language", "licence", "note", "area_code", "vintage",
)
# fmt: on
FIXED: dict[str, Sequence[str]] = {
    "status": STATUSES,
    "qualifier": contract.QUALIFIERS,
    "period_type": contract.PERIOD_TYPES,
    "basis": contract.BASES,
    "comparator": contract.COMPARATORS,
    "reason": contract.EXCLUSIONS,
    "type": contract.DOCUMENTS,
    "kind": contract.SOURCE_KINDS,
    "language": contract.LANGUAGES,
}
DAYS = ("period_start", "period_end", "as_of", "doc_date", "retrieved")
_SERIALS = range(20_000, 80_000)  # days since 1900 as a spreadsheet counts them, from 1954 to 2119


def lists_of(registers: Registers) -> dict[str, Sequence[str]]:
    """Words that a column or a field of the source chooses from, by its name."""
    return {
        "indicator": list(registers.indicators.index),
        "unit": contract.ALL_UNITS,
        "area_code": list(dict.fromkeys(code for code, _ in registers.areas.index)),
        **FIXED,
    }


def shown(key: str, language: str) -> str:
    """Text of the workbook in a language."""
    return texts(language)[f"review.{key}"]


_FILLS = {
    **{"sure": "#DDF0E3", "likely": "#FFF2CC", "unsure": "#F8D7CD", "warned": "#F4B183"},
    **{"given": "#EFEFEF", "head": "#12436D"},
}
_HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": _FILLS["head"], "text_wrap": True, "valign": "vcenter"}
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 32_000  # characters of a cell
_SPARE = 200  # rows below the last in which the drop-downs still stand


def build_workbook(
    rows: Mapping[str, Sequence[Cells]],
    source: Cells,
    proposals: Iterable[tuple[str, Cells]],
    registers: Registers,
    language: str,
) -> bytes:
    """Excel file of a review.

    ``rows``: of each sheet of ``ROW_SHEETS`` in order. ``proposals``: sheet and cells of what the machine proposed,
    kept out of sight to tell later what a person changed. ``registers``: whose words cells choose from.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        _Writer(book, registers, language).fill(rows, source, proposals)
    return repacked(content.getvalue())


class _Writer:
    """A workbook at work: its lists, and looks of cells made once."""

    def __init__(self, book: xlsxwriter.Workbook, registers: Registers, language: str) -> None:
        self.book, self.language = book, language
        self.lists = lists_of(registers) | {"status": [self.word(f"status_{each}") for each in STATUSES]}
        self.looks: dict[str, Any] = {}

    def word(self, key: str) -> str:
        """Text of the workbook."""
        return shown(key, self.language)

    def look(self, **properties: Any) -> Any:
        """Format of a cell."""
        name = repr(properties)
        if name not in self.looks:
            self.looks[name] = self.book.add_format(properties)
        return self.looks[name]

    def put(self, sheet: Worksheet, row: int, column: int, text: str, **look: Any) -> None:
        """Write text that stays text: an "=" or "+" at its beginning is no formula."""
        text = _UNWRITABLE.sub("", text)[:_LONGEST]
        look |= {"quote_prefix": True} if text[:1] in ("=", "+", "-", "@") else {}
        (sheet.write_string if text else sheet.write_blank)(row, column, text, self.look(**look))

    def fill(self, rows: Mapping[str, Sequence[Cells]], source: Cells, proposals: Iterable[tuple[str, Cells]]) -> None:
        """Write every sheet, the hidden ones last."""
        self.guide()
        self.source(source)
        for name in ROW_SHEETS:
            self.table(name, rows[name])
        sheet = self.book.add_worksheet(LISTS)
        for column, (name, words) in enumerate(self.lists.items()):
            for row, word in enumerate((name, *words)):
                self.put(sheet, row, column, word)
        sheet.hide()
        sheet.protect()
        sheet = self.book.add_worksheet(PROPOSALS)
        for number, (name, cells) in enumerate(proposals):
            self.put(sheet, number, 0, name)
            self.put(sheet, number, 1, json.dumps(cells, ensure_ascii=False, sort_keys=True))
        sheet.very_hidden()
        sheet.protect()

    def guide(self) -> None:
        """What a person has to do, and what the colours mean."""
        sheet = self.book.add_worksheet(self.word("sheet_guide"))
        sheet.set_column(0, 0, 110)
        lines = self.word("guide").split("\n")
        for number, line in enumerate(lines):
            self.put(sheet, number, 0, line, text_wrap=True, valign="top", **_TITLE if number == 0 else {})
        for number, key in enumerate(("sure", "likely", "unsure", "warned"), len(lines) + 1):
            self.put(sheet, number, 0, self.word(f"colour_{key}"), bg_color=_FILLS[key])

    def source(self, source: Cells) -> None:
        """What the report says of itself, a row a field."""
        sheet = self.book.add_worksheet(self.word("sheet_source"))
        for column, (width, name) in enumerate(((16, "field"), (70, "value"), (70, "meaning"))):
            sheet.set_column(column, column, width)
            self.put(sheet, 0, column, self.word(f"source_{name}"), **_HEADER)
        grey, wrapped = {"bg_color": _FILLS["given"]}, {"text_wrap": True, "valign": "top"}
        for row, name in enumerate(SOURCE_FIELDS, 1):
            locked = grey if name == "sha256" else {}
            self.put(sheet, row, 0, name, **grey)
            self.put(sheet, row, 1, source[name], num_format="@", **wrapped, **locked)
            self.put(sheet, row, 2, self.word(f"source_about_{name}"), **wrapped)
            self.choose(sheet, name, (row, 1, row, 1))

    def table(self, name: str, rows: Sequence[Cells]) -> None:
        """A sheet with a row a token, which stands out in its sentence."""
        sheet, columns = self.book.add_worksheet(self.word(f"sheet_{name}")), COLUMNS[name]
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            self.put(sheet, 0, index, self.word(f"column_{column.name}"), **_HEADER)
            self.choose(sheet, column.name, (1, index, len(rows) + _SPARE, index))
        for number, row in enumerate(rows, 1):
            begins = number > 1 and row["section"] != rows[number - 2]["section"]
            for index, column in enumerate(columns):
                text, colour = row.get(column.name, ""), _colour_of(column, row)
                look: dict[str, Any] = {"valign": "top", "num_format": "@", "text_wrap": column.width >= 30}
                look |= {"bg_color": _FILLS[colour]} if colour else {}
                look |= {"top": 2, "top_color": _FILLS["head"]} if begins else {}
                self.put(sheet, number, index, self.word(f"status_{text}") if column.name == "status" else text, **look)
                if column.name == "context":
                    self.stress(sheet, number, index, text, row["as_printed"], look)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)

    def stress(self, sheet: Worksheet, row: int, column: int, sentence: str, token: str, look: dict[str, Any]) -> None:
        """Set the token in bold within its sentence, where it stands there once."""
        sentence, token = (_UNWRITABLE.sub("", each) for each in (sentence, token))
        if token and sentence.count(token) == 1 and sentence != token and sentence[:1] not in ("=", "+", "-", "@"):
            before, after = sentence.split(token)
            parts = (before, self.look(bold=True), token, after)
            sheet.write_rich_string(row, column, *(each for each in parts if each), self.look(**look))

    def choose(self, sheet: Worksheet, name: str, cells: tuple[int, int, int, int]) -> None:
        """Let cells choose from the list of their column, if it has one."""
        if name in self.lists:
            letter = chr(ord("A") + list(self.lists).index(name))
            words = f"={LISTS}!${letter}$2:${letter}${len(self.lists[name]) + 1}"
            sheet.data_validation(*cells, {"validate": "list", "source": words})


_TITLE = {"bold": True, "font_size": 14}
SURE = 0.9  # from here on a row is green


def _colour_of(column: Column, row: Cells) -> str:
    """Confidence by how sure the machine is, status where a person has to look; grey is only to read."""
    if column.name in ("status", "confidence") and row.get("confidence"):
        sure = float(row["confidence"])
        return "sure" if sure >= SURE else "likely" if sure >= 0.6 else "unsure"
    if column.name == "warning" and row.get("warning"):
        return "warned"
    return "given" if column.name in GIVEN else ""


AT, SHEET = "@", "@sheet"  # under these names a row keeps its number and the sheet that it stands on
_TOGETHER = ("context", "as_printed", "start", "end")
# Different words that changed places, and their share of a column's changes, from which no person has typed them.
_FEWEST_MOVED, _SHARE_MOVED = 4, 0.8


@dataclass(frozen=True)
class Review:
    """A review as given back."""

    source: Cells  # fields of the source
    rows: dict[str, list[Cells]]  # rows by sheet; ``@`` and ``@sheet`` hold where each stands
    proposals: dict[str, tuple[str, Cells]]  # what the machine had proposed, by key: sheet and cells
    titles: dict[str, str]  # title of each sheet in the file
    letters: dict[str, dict[str, str]]  # letter of each column by sheet and name

    def at(self, row: Cells, column: str) -> str:
        """Where a cell stands: ``Số liệu!I14``."""
        sheet = row[SHEET]
        return f"{self.titles[sheet]}!{self.letters[sheet].get(column, '')}{row[AT]}"

    def at_source(self, name: str) -> str:
        """Where a field of the source stands."""
        return f"{self.titles[SOURCE]}!B{SOURCE_FIELDS.index(name) + 2}"

    def proposed(self, row: Cells) -> Cells:
        """What the machine had proposed for a row; nothing for one that a person has added."""
        return self.proposals.get(row["key"], ("", {}))[1]

    def changes(self, row: Cells) -> Cells:
        """Cells of a row that a person has changed; all of a row that a person has added."""
        proposed = self.proposed(row)
        names = (each.name for each in COLUMNS[row[SHEET]] if each.name not in GIVEN)
        return {name: row[name] for name in names if row[name] != _one_line(proposed.get(name, ""))}

    def misplaced(self) -> Iterator[str]:
        """Rows that were deleted, stand twice, or whose cells no longer belong together."""
        seen: dict[str, str] = {}
        for row in (row for rows in self.rows.values() for row in rows if row["key"] in self.proposals):
            key, here = row["key"], self.at(row, "key")
            if key in seen:
                yield f"{here}: the row {key!r} already stands in {seen[key]}; remove one"
            seen[key] = here
            apart = {each for each in _TOGETHER if row[each] != _one_line(self.proposed(row).get(each, ""))}
            if "context" in apart or len(apart) == len(_TOGETHER) - 1:
                yield (
                    f"{here}: sentence and offsets are not those of {key!r}: cells were sorted or moved without the "
                    "rest of their row; undo it"
                )
        for key, (sheet, proposed) in self.proposals.items():
            if key not in seen:
                yield (
                    f"{self.titles.get(sheet, sheet)}: the row of {proposed.get('as_printed', '')!r} ({key}) is gone; "
                    "put it back, or take it back and set its status to excluded"
                )

    def sorted_alone(self) -> Iterator[str]:
        """Columns most of whose changed cells hold what was proposed for other rows: sorted or shifted alone."""
        for sheet, rows in self.rows.items():
            changed = [(row, self.changes(row)) for row in rows if row["key"] in self.proposals]
            for column in COLUMNS[sheet]:
                own = [row for row, cells in changed if column.name in cells]
                before = Counter(_one_line(self.proposed(row).get(column.name, "")) for row in own)
                moved = (Counter(row[column.name] for row in own) & before).total()
                different = len(Counter(row[column.name] for row in own) & before)
                if different >= _FEWEST_MOVED and moved >= _SHARE_MOVED * len(own):
                    yield (
                        f"{self.at(own[0], column.name)}: {moved} cells of the column hold what was proposed for other "
                        "rows: it was sorted or moved without the rest of its rows; undo it"
                    )


def read_review(path: Path) -> Review:
    """Review of an Excel file.

    Raises DataError: if the file is no such workbook; every missing sheet or column, formula, error value and unknown
    status, each by sheet and cell.
    """
    book = read_book(path, "the workbook that `kg draft` wrote", strict=True)
    titles = {
        name: next((each for each in book if each in _all_languages(f"sheet_{name}")), "")
        for name in (SOURCE, *ROW_SHEETS)
    }
    absent = [shown(f"sheet_{name}", "vi") for name, title in titles.items() if not title]
    if PROPOSALS not in book or absent:
        missing = ", ".join(absent) or PROPOSALS
        raise DataError(f"{path.name}: sheets are missing: {missing}; take the workbook that `kg draft` wrote")
    problems: list[str] = []
    letters = {name: _letters(book[titles[name]], name, problems) for name in ROW_SHEETS}
    rows = {name: list(_rows(book[titles[name]], name, letters[name], problems)) for name in ROW_SHEETS}
    source = _source_read(book[titles[SOURCE]], problems)
    proposals = _proposals_read(book[PROPOSALS], path)
    if problems:
        raise DataError(problems)
    return Review(source, rows, proposals, titles, letters)


def _all_languages(key: str) -> list[str]:
    return [shown(key, language) for language in SHOWN]


def _letters(sheet: Sheet, name: str, problems: list[str]) -> dict[str, str]:
    """Letter of each column by its header, wherever it has been moved to."""
    headers, found = sheet.heading(), {}
    for column in COLUMNS[name]:
        words = _all_languages(f"column_{column.name}")
        if letter := next((headers[word] for word in words if word in headers), ""):
            found[column.name] = letter
        else:
            problems.append(f"{sheet.title}!1: column {words[0]!r} ({column.name}) is missing; put it back")
    return found


def _rows(sheet: Sheet, name: str, letters: dict[str, str], problems: list[str]) -> Iterator[Cells]:
    statuses = {word: status for status in STATUSES for word in (status, *_all_languages(f"status_{status}"))}
    for number in range(2, sheet.rows + 1):
        cells = {column: _text(sheet, f"{letter}{number}", problems, column) for column, letter in letters.items()}
        if not any(cells.values()):
            continue
        status = cells.get("status", "")
        if "status" in letters and status not in statuses:
            words = ", ".join(shown(f"status_{each}", "vi") for each in STATUSES)
            problems.append(f"{sheet.title}!{letters['status']}{number}: status {status!r}: choose one of {words}")
        yield (
            {each.name: cells.get(each.name, "") for each in COLUMNS[name]}
            | {"status": statuses.get(status, status), AT: str(number), SHEET: name}
        )


def _source_read(sheet: Sheet, problems: list[str]) -> Cells:
    found = {}
    for number in range(2, min(sheet.rows, 100) + 1):
        name = _text(sheet, f"A{number}", problems)
        if name in SOURCE_FIELDS:
            found[name] = _text(sheet, f"B{number}", problems, name)
    found.setdefault("grade", "official" if found.get("kind") == "report" else "")  # workbooks from before the column
    for name in SOURCE_FIELDS:
        if name not in found:
            problems.append(f"{sheet.title}!A: the row {name!r} is missing; put it back")
    return found


def _proposals_read(sheet: Sheet, path: Path) -> dict[str, tuple[str, Cells]]:
    try:
        rows = [
            (sheet.cells[f"A{number}"], json.loads(sheet.cells[f"B{number}"])) for number in range(1, sheet.rows + 1)
        ]
        return {cells["key"]: (str(name), {str(k): str(each) for k, each in cells.items()}) for name, cells in rows}
    except Exception:  # any way in which a sheet that nobody sees has become another
        raise DataError(f"{path.name}: the hidden sheet {PROPOSALS!r} was changed; draft the report anew") from None


def _text(sheet: Sheet, place: str, problems: list[str], column: str = "") -> str:
    """Text of a cell; days in ISO form, also where only their serial number is left, whole numbers without a point."""
    value = sheet.cells.get(place, "")
    if isinstance(value, Refused):
        problems.append(f"{sheet.title}!{place}: {value.problem}")
        return ""
    if column in DAYS and isinstance(value, int | float) and value in _SERIALS:
        value = sheet.day(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _one_line(str(value))


def _one_line(text: str) -> str:
    """Text of a cell as it comes back, whatever program has saved it."""
    return re.sub(r"\s*[\n\r\t]\s*", " ", _UNWRITABLE.sub("", text)).strip()
