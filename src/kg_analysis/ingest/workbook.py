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
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kg_analysis.data.columns import (
    BASES,
    COMPARATORS,
    DOCUMENTS,
    EXCLUSIONS,
    LANGUAGES,
    PERIOD_TYPES,
    QUALIFIERS,
    SOURCE_KINDS,
)
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


@dataclass(frozen=True)
class Column:
    """A column of a sheet."""

    name: str  # as in the data contract, where it stands there
    width: int  # width [characters]
    choices: str = ""  # name of the list that its cells choose from; empty for none
    given: bool = False  # whether it only informs: what a person writes there is not read


# fmt: off
_PLACE = (Column("section", 9), Column("place", 14), Column("start", 8), Column("end", 8))
_HEAD = (Column("key", 12, given=True), Column("status", 12, "status"))
_FIGURE = (
    *_HEAD, Column("context", 60, given=True), Column("as_printed", 18), Column("value", 12),
    Column("unit", 12, "unit"), Column("indicator", 28, "indicator"), Column("period_type", 11, "period_type"),
    Column("period_start", 11),
    Column("period_end", 11), Column("basis", 10, "basis"), Column("item", 18), Column("confidence", 10, given=True),
    Column("warning", 40, given=True), Column("dimension", 14), Column("area_code", 8, "area_code"),
    Column("comparator", 18, "comparator"), Column("as_of", 11), Column("qualifier", 13, "qualifier"),
    Column("label", 34), Column("topic", 14, given=True), *_PLACE, Column("unit_printed", 12),
    Column("reason", 16, "reason"), Column("figure_id", 32), Column("note", 24),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    FIGURES: _FIGURE,
    UNMATCHED: _FIGURE,
    REFERENCES: (
        *_HEAD, Column("as_printed", 60), Column("type", 14, "type"), Column("context", 70, given=True), *_PLACE,
        Column("ref_id", 32), Column("note", 24),
    ),
    EXCLUSIONS_SHEET: (
        *_HEAD, Column("as_printed", 30), Column("reason", 16, "reason"), Column("context", 70, given=True), *_PLACE,
        Column("note", 24),
    ),
}
FIXED = {
    "status": STATUSES, "qualifier": QUALIFIERS, "period_type": PERIOD_TYPES, "basis": BASES, "comparator": COMPARATORS,
    "reason": EXCLUSIONS, "type": DOCUMENTS, "kind": SOURCE_KINDS, "language": LANGUAGES,
}
# Rows of the sheet on the source, in order; `area_code` and `vintage` hold for its figures.
SOURCE_FIELDS = (
    "id", "title", "issuer", "doc_no", "doc_date", "url", "sha256", "retrieved", "kind", "grade", "report_year",
    "language", "licence", "note", "area_code", "vintage",
)
# fmt: on
LOCKED_FIELDS = ("sha256",)
DAYS = ("period_start", "period_end", "as_of", "doc_date", "retrieved")
_SERIALS = range(20_000, 80_000)  # days since 1900 as a spreadsheet counts them, from 1954 to 2119


def shown(key: str, language: str) -> str:
    """Text of the workbook in a language."""
    return texts(language)[f"review.{key}"]


def read_word(prefix: str, names: tuple[str, ...], word: str) -> str:
    """Name behind a word shown in any language; the word itself where it is none."""
    meant = {texts(language)[f"review.{prefix}_{name}"]: name for language in SHOWN for name in names}
    return meant.get(word, word)


Cells = dict[str, str]
_FILLS = dict(sure="DDF0E3", likely="FFF2CC", unsure="F8D7CD", given="EFEFEF", head="12436D", warned="F4B183")  # noqa: C408
_SPARE = 200  # rows below the last in which the drop-downs still stand


def build_workbook(
    rows: Mapping[str, Sequence[Cells]],
    source: Cells,
    proposals: Sequence[tuple[str, Cells]],
    choices: Mapping[str, Sequence[str]],
    language: str,
) -> bytes:
    """Excel file of a review.

    Parameters
    ----------
    rows : mapping
        Rows of each sheet of ``ROW_SHEETS`` in order, each a cell by column name.
    source : dict
        Fields of the source.
    proposals : sequence of (sheet, cells)
        What the machine proposed, kept out of sight to tell later what a person changed.
    choices : mapping
        Lists that hang on the data: ``indicator``, ``unit``, ``area_code``.
    language : str
        ``vi`` or ``en``.
    """
    book = Workbook()
    book.remove(book.active)
    lists = {**choices, **FIXED, "status": [shown(f"status_{each}", language) for each in FIXED["status"]]}
    _guide(book.create_sheet(shown("sheet_guide", language)), language)
    _source(book.create_sheet(shown("sheet_source", language)), source, lists, language)
    for name in ROW_SHEETS:
        sheet = book.create_sheet(shown(f"sheet_{name}", language))
        _fill(sheet, COLUMNS[name], rows[name], language)
        _drop_downs(sheet, COLUMNS[name], lists, len(rows[name]))
    _lists(book.create_sheet(LISTS), lists)
    _proposals(book.create_sheet(PROPOSALS), proposals)
    content = io.BytesIO()
    book.save(content)
    return repacked(content.getvalue())


def put(cell: Cell, text: str) -> None:
    """Write text that stays text: an "=" or "+" at its beginning is no formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.value = text
    cell.data_type = "s" if text else cell.data_type
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def _guide(sheet: Worksheet, language: str) -> None:
    sheet.column_dimensions["A"].width = 110
    for number, line in enumerate(shown("guide", language).split("\n"), 1):
        put(sheet.cell(number, 1), line)
        sheet.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    first = len(shown("guide", language).split("\n")) + 2
    for number, key in enumerate(("sure", "likely", "unsure", "warned"), first):
        put(sheet.cell(number, 1), shown(f"colour_{key}", language))
        sheet.cell(number, 1).fill = _fill_of(key)


def _source(sheet: Worksheet, source: Cells, lists: Mapping[str, Sequence[str]], language: str) -> None:
    for column, width in zip("ABC", (16, 70, 70), strict=True):
        sheet.column_dimensions[column].width = width
    _header(sheet, [shown(f"source_{each}", language) for each in ("field", "value", "meaning")])
    for number, name in enumerate(SOURCE_FIELDS, 2):
        put(sheet.cell(number, 1), name)
        put(sheet.cell(number, 2), source[name])
        sheet.cell(number, 2).number_format = "@"
        put(sheet.cell(number, 3), shown(f"source_about_{name}", language))
        sheet.cell(number, 1).fill = _fill_of("given")
        sheet.cell(number, 2).alignment = sheet.cell(number, 3).alignment = Alignment(wrap_text=True, vertical="top")
        if name in LOCKED_FIELDS:
            sheet.cell(number, 2).fill = _fill_of("given")
        if name in ("kind", "language", "area_code"):
            _validate(sheet, name, lists[name], f"B{number}", lists)


def _fill(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Cells], language: str) -> None:
    _header(sheet, [shown(f"column_{each.name}", language) for each in columns])
    looks: dict[tuple[str, bool, bool], Any] = {}
    section = None
    for number, row in enumerate(rows, 2):
        begins = section not in (None, row["section"])
        section = row["section"]
        for index, column in enumerate(columns, 1):
            cell = sheet.cell(number, index)
            text = row.get(column.name, "")
            look = (_colour_of(column, row), column.width >= 30, begins)
            if look not in looks:
                _dress(cell, *look)
                looks[look] = cell._style
            cell._style = copy(looks[look])
            put(cell, shown(f"status_{text}", language) if column.name == "status" else text)
            if column.name == "context" and row.get("as_printed"):
                _stress(cell, text, row["as_printed"])
    for index, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(len(rows) + 1, 2)}"


def _stress(cell: Cell, sentence: str, token: str) -> None:
    """Set the token in bold within its sentence, where it stands there once."""
    if sentence.count(token) != 1 or ILLEGAL_CHARACTERS_RE.search(sentence) or sentence[:1] in ("=", "+", "-", "@"):
        return
    before, after = sentence.split(token)
    bold = TextBlock(InlineFont(b=True), token)
    cell.value = CellRichText(*[each for each in (before, bold, after) if each])


def _dress(cell: Cell, colour: str, wrap: bool, begins: bool) -> None:
    """Look of a cell: its colour, whether its text wraps, a line above where a section begins."""
    cell.alignment, cell.number_format = Alignment(vertical="top", wrap_text=wrap), "@"
    if colour:
        cell.fill = _fill_of(colour)
    if begins:
        cell.border = Border(top=Side(style="medium", color=_FILLS["head"]))


def _colour_of(column: Column, row: Cells) -> str:
    """Confidence by how sure the machine is, status where a person has to look; grey is only to read."""
    if column.name in ("status", "confidence") and row.get("confidence"):
        sure = float(row["confidence"])
        return "sure" if sure >= SURE else "likely" if sure >= 0.6 else "unsure"
    if column.name == "warning" and row.get("warning"):
        return "warned"
    return "given" if column.given else ""


def _header(sheet: Worksheet, labels: Sequence[str]) -> None:
    for index, label in enumerate(labels, 1):
        cell = sheet.cell(1, index)
        put(cell, label)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _fill_of("head")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.protection = Protection(locked=True)


def _drop_downs(sheet: Worksheet, columns: Sequence[Column], lists: Mapping[str, Sequence[str]], count: int) -> None:
    for index, column in enumerate(columns, 1):
        if column.choices:
            letter = get_column_letter(index)
            _validate(sheet, column.choices, lists[column.choices], f"{letter}2:{letter}{count + 1 + _SPARE}", lists)


def _validate(
    sheet: Worksheet, name: str, words: Sequence[str], cells: str, lists: Mapping[str, Sequence[str]]
) -> None:
    letter = get_column_letter(list(lists).index(name) + 1)
    rule = DataValidation("list", formula1=f"{LISTS}!${letter}$2:${letter}${len(words) + 1}", allow_blank=True)
    rule.showErrorMessage = True
    rule.add(cells)
    sheet.add_data_validation(rule)


def _lists(sheet: Worksheet, lists: Mapping[str, Sequence[str]]) -> None:
    """The words of the drop-downs: hidden, and locked against changes."""
    for index, (name, words) in enumerate(lists.items(), 1):
        for number, word in enumerate((name, *words), 1):
            put(sheet.cell(number, index), word)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True


def _proposals(sheet: Worksheet, proposals: Sequence[tuple[str, Cells]]) -> None:
    for number, (name, row) in enumerate(proposals, 1):
        put(sheet.cell(number, 1), name)
        put(sheet.cell(number, 2), json.dumps(row, ensure_ascii=False, sort_keys=True)[:32_000])
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True


def _fill_of(name: str) -> PatternFill:
    return PatternFill("solid", fgColor=_FILLS[name])


SURE = 0.9  # from here on a row is green
AT = "@"  # under this name a row keeps the number that it has on its sheet
_TOGETHER = ("context", "as_printed", "start", "end")
# Different words that changed places, and their share of a column's changes, from which no person has typed them.
_FEWEST_MOVED, _SHARE_MOVED = 4, 0.8


@dataclass(frozen=True)
class Review:
    """A review as given back."""

    source: Cells  # fields of the source
    rows: dict[str, list[Cells]]  # rows by sheet; ``@`` holds the number of the row
    proposals: dict[str, tuple[str, Cells]]  # what the machine had proposed, by key: sheet and cells
    titles: dict[str, str]  # title of each sheet in the file
    letters: dict[str, dict[str, str]]  # letter of each column by sheet and name

    def at(self, sheet: str, row: Cells, column: str) -> str:
        """Where a cell stands: ``Số liệu!I14``."""
        return f"{self.titles[sheet]}!{self.letters[sheet].get(column, '')}{row[AT]}"

    def at_source(self, name: str) -> str:
        """Where a field of the source stands."""
        return f"{self.titles[SOURCE]}!B{SOURCE_FIELDS.index(name) + 2}"

    def misplaced(self) -> Iterator[str]:
        """Rows that were deleted, stand twice, or whose cells no longer belong together."""
        seen: dict[str, str] = {}
        for sheet in ROW_SHEETS:
            for row in self.rows[sheet]:
                key = row["key"]
                if key not in self.proposals:
                    continue
                if key in seen:
                    yield f"{self.at(sheet, row, 'key')}: the row {key!r} already stands in {seen[key]}; remove one"
                seen[key] = self.at(sheet, row, "key")
                proposed = self.proposals[key][1]
                apart = {each for each in _TOGETHER if row[each] != _one_line(proposed.get(each, ""))}
                if "context" in apart or len(apart) == len(_TOGETHER) - 1:
                    yield (
                        f"{seen[key]}: sentence and offsets are not those of {key!r}: cells were sorted or moved without "  # noqa: E501
                        "the rest of their row; undo it"
                    )
        for key, (sheet, proposed) in self.proposals.items():
            if key not in seen:
                token = proposed.get("as_printed", "")
                yield (
                    f"{self.titles.get(sheet, sheet)}: the row of {token!r} ({key}) is gone; put it back, or take it back "  # noqa: E501
                    "and set its status to excluded"
                )

    def sorted_alone(self) -> Iterator[str]:
        """Columns most of whose changed cells hold what was proposed for other rows: sorted or shifted alone."""
        for sheet in ROW_SHEETS:
            changed = [(row, self.changes(sheet, row)) for row in self.rows[sheet] if row["key"] in self.proposals]
            for column in (each.name for each in COLUMNS[sheet] if not each.given):
                rows = [row for row, cells in changed if column in cells]
                now = Counter(row[column] for row in rows)
                before = Counter(_one_line(self.proposals[row["key"]][1].get(column, "")) for row in rows)
                moved = now & before
                if len(moved) >= _FEWEST_MOVED and moved.total() >= _SHARE_MOVED * len(rows):
                    yield (
                        f"{self.at(sheet, rows[0], column)}: {moved.total()} cells of the column hold what was "
                        "proposed for other rows: it was sorted or moved without the rest of its rows; undo it"
                    )

    def changes(self, sheet: str, row: Cells) -> Cells:
        """Cells of a row that a person has changed; all of a row that a person has added."""
        _, proposed = self.proposals.get(row.get("key", ""), ("", {}))
        names = [each.name for each in COLUMNS[sheet] if not each.given]
        return {name: row[name] for name in names if row.get(name, "") != _one_line(proposed.get(name, ""))}


def read_review(path: Path) -> Review:
    """Review of an Excel file.

    Raises
    ------
    DataError
        If the file is no such workbook; every missing sheet or column, formula, error value and unknown status, each
        by sheet and cell.
    """
    book = read_book(path, "the workbook that `kg draft` wrote", strict=True)
    problems: list[str] = []
    titles = {name: _title(book, name) for name in (SOURCE, *ROW_SHEETS)}
    absent = [shown(f"sheet_{name}", "vi") for name, title in titles.items() if not title]
    if PROPOSALS not in book or absent:
        missing = ", ".join(absent) or PROPOSALS
        raise DataError(f"{path.name}: sheets are missing: {missing}; take the workbook that `kg draft` wrote")
    letters: dict[str, dict[str, str]] = {}
    rows: dict[str, list[Cells]] = {}
    for name in ROW_SHEETS:
        letters[name] = _letters(book[titles[name]], name, problems)
        rows[name] = list(_rows(book[titles[name]], name, letters[name], problems))
    source = _source_read(book[titles[SOURCE]], problems)
    proposals = _proposals_read(book[PROPOSALS], path)
    if problems:
        raise DataError(problems)
    return Review(source, rows, proposals, titles, letters)


def _title(book: Mapping[str, Sheet], name: str) -> str:
    wanted = {shown(f"sheet_{name}", language) for language in SHOWN}
    return next((title for title in book if title in wanted), "")


def _letters(sheet: Sheet, name: str, problems: list[str]) -> dict[str, str]:
    """Letter of each column by its header, wherever it has been moved to."""
    headers = sheet.heading()
    found = {}
    for column in COLUMNS[name]:
        words = [shown(f"column_{column.name}", language) for language in SHOWN]
        letter = next((headers[word] for word in words if word in headers), "")
        if letter:
            found[column.name] = letter
        else:
            problems.append(f"{sheet.title}!1: column {words[0]!r} ({column.name}) is missing; put it back")
    return found


def _rows(sheet: Sheet, name: str, letters: dict[str, str], problems: list[str]) -> Iterator[Cells]:
    for number in range(2, sheet.rows + 1):
        cells = {column: _text(sheet, f"{letter}{number}", problems, column) for column, letter in letters.items()}
        if not any(cells.values()):
            continue
        status = read_word("status", STATUSES, cells.get("status", ""))
        if "status" in letters and status not in STATUSES:
            words = ", ".join(shown(f"status_{each}", "vi") for each in STATUSES)
            problems.append(f"{sheet.title}!{letters['status']}{number}: status {status!r}: choose one of {words}")
        yield {each.name: cells.get(each.name, "") for each in COLUMNS[name]} | {"status": status, AT: str(number)}


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
    return re.sub(r"\s*[\n\r\t]\s*", " ", text).strip()
