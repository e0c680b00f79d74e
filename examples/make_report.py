"""Make the Word and PDF forms of an example report from its text.

Run: python examples/make_report.py [examples/song-cua-2024.txt]. Writes the docx and the pdf beside it; the same text
gives the same bytes. The province and all its figures are made up.

The text has a line a paragraph, rows of tables with tabs between the cells, and each footnote on a line behind the
paragraph of its mark. The Word file numbers the headings by itself and keeps the footnotes in their own part; the PDF
sets them at the foot of the page, where a sentence may be interrupted.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D

from kg_analysis.disk import repacked
from kg_analysis.ingest.document import SUPERSCRIPTS

PLAIN = str.maketrans(SUPERSCRIPTS, "0123456789")
MARKS = re.compile(rf"([{SUPERSCRIPTS}]+)")
NOTE = re.compile(rf"([{SUPERSCRIPTS}]+)\s+(.*)")
LEVELS = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-"))
HEADINGS = (r"([IVX]+)\.\s", r"(\d{1,2})\.\s", r"([a-zđ])\)\s", r"(-)\s")
WHEN = datetime(2024, 12, 18)


def parts_of(text: str) -> Iterator[list[str]]:
    """Paragraphs as a list of one line, tables as the list of their rows."""
    table: list[str] = []
    for line in text.split("\n"):
        if "\t" in line:
            table.append(line)
            continue
        if table:
            yield table
            table = []
        if line.strip():
            yield [line]
    if table:
        yield table


# --- Word


def build_docx(text: str) -> bytes:
    """Word file of a text."""
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = WHEN
    number = _add_numbering(document)
    notes: list[tuple[str, str]] = []
    counts = [0, 0, 0, 0]
    for part in parts_of(text):
        if note := NOTE.fullmatch(part[0]):
            notes.append((note[1].translate(PLAIN), note[2]))
        elif "\t" in part[0]:
            _add_table(document, [row.split("\t") for row in part])
        else:
            _add_paragraph(document, part[0], number, counts)
    _add_page_number(document)
    _add_footnotes(document, notes)
    content = io.BytesIO()
    document.save(content)
    return repacked(content.getvalue())


def _add_paragraph(document: docx.document.Document, line: str, number: int, counts: list[int]) -> None:
    paragraph = document.add_paragraph()
    for level, pattern in enumerate(HEADINGS):
        found = re.match(pattern, line)
        if found and found[1] == _label(level, counts[level] + 1):
            counts[level:] = [counts[level] + 1, *[0] * (3 - level)]
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = number
            line = line[found.end() :]
            break
    _add_runs(paragraph, line)


def _label(level: int, count: int) -> str:
    if level == 0:
        return ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"][count]
    return str(count) if level == 1 else chr(96 + count) if level == 2 else "-"


def _add_runs(paragraph: docx.text.paragraph.Paragraph, line: str) -> None:
    """Text of a line; each mark becomes a reference to its footnote."""
    for piece in MARKS.split(line):
        run = paragraph.add_run("" if MARKS.fullmatch(piece) else piece)
        if MARKS.fullmatch(piece):
            run.font.superscript = True
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), piece.translate(PLAIN))
            run._r.append(reference)


def _add_table(document: docx.document.Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)), style="Table Grid")
    for cells, row in zip(rows, table.rows, strict=True):
        for text, cell in zip(cells, row.cells, strict=False):
            _add_runs(cell.paragraphs[0], text)


def _add_numbering(document: docx.document.Document) -> int:
    """List with the levels I. 1. a) -; its number."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (style, text) in enumerate(LEVELS)
    )
    root = document.part.numbering_part.element
    scheme = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>')
    root.insert(0, scheme)
    return int(root.add_num(90).numId)


def _add_page_number(document: docx.document.Document) -> None:
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    document.sections[0].header.paragraphs[0]._p.append(field)


def _add_footnotes(document: docx.document.Document, notes: list[tuple[str, str]]) -> None:
    body = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {_escaped(text)}'
        "</w:t></w:r></w:p></w:footnote>"
        for number, text in notes
    )
    mark = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    content = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>{mark}{body}</w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, content.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


# --- PDF

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 595.0, 842.0, 85.0, 540.0, 770.0, 70.0
BODY, SMALL, TINY, INDENT = 12.0, 9.5, 7.5, 28.0
LETTERS = FontProperties(family="DejaVu Serif")


class Pages:
    """Pages of a PDF under way: where the next line goes, and the footnotes that wait for the foot of the page."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.waiting: list[str] = []
        self.turn()

    def turn(self) -> None:
        """Begin a page."""
        self.figures.append(Figure(figsize=(WIDTH / 72, HEIGHT / 72)))
        self.y = TOP
        self.foot = FOOT
        if len(self.figures) > 1:
            self.write((LEFT + RIGHT) / 2, 800, str(len(self.figures)), BODY)

    def write(self, x: float, y: float, text: str, size: float) -> None:
        """Text at a place; marks small and raised."""
        for piece in filter(None, MARKS.split(text)):
            raised = bool(MARKS.fullmatch(piece))
            shown, height = (piece.translate(PLAIN), TINY * size / BODY) if raised else (piece, size)
            lift = 0.35 * size if raised else 0.0
            self.figures[-1].text(x / WIDTH, (y + lift) / HEIGHT, shown, size=height, fontproperties=LETTERS)
            x += width_of(shown, height)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A thin line."""
        line = Line2D([x0 / WIDTH, x1 / WIDTH], [y0 / HEIGHT, y1 / HEIGHT], linewidth=0.5, color="black")
        self.figures[-1].add_artist(line)

    def line(self, x: float, text: str, notes: dict[str, str]) -> None:
        """The next line of the body; its footnotes go to the foot of its page."""
        marked = [line for mark in MARKS.findall(text) for line in broken(f"{mark} {notes.get(mark, '')}", SMALL, 0)]
        need = 12 * len(marked) + (8 if marked and not self.waiting else 0)
        if self.y - 16 < self.foot + need:
            self.finish()
        self.waiting += marked
        self.foot += need
        self.write(x, self.y, text, BODY)
        self.y -= 16

    def finish(self) -> None:
        """Write the footnotes of the page and turn it."""
        y = FOOT + 12 * (len(self.waiting) - 1)
        if self.waiting:
            self.rule(LEFT, y + 14, LEFT + 140, y + 14)
        for text in self.waiting:
            self.write(LEFT, y, text, SMALL)
            y -= 12
        self.waiting = []
        self.turn()


@cache
def advance(letter: str) -> float:
    """Width of a letter over the size of the font."""
    font = get_font(findfont(LETTERS))
    font.set_size(100, 72)
    return font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


def width_of(text: str, size: float) -> float:
    """Width of a text [points]."""
    return size * sum(map(advance, text))


def broken(text: str, size: float, indent: float) -> list[str]:
    """Text broken into lines that fit the page, the first indented."""
    lines, room = [""], RIGHT - LEFT - indent
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer.translate(PLAIN), size) > room:
            lines.append(word)
            room = RIGHT - LEFT
        else:
            lines[-1] = longer
    return lines


def build_pdf(text: str) -> bytes:
    """PDF of a text."""
    notes = {found[1]: found[2] for part in parts_of(text) if (found := NOTE.fullmatch(part[0]))}
    pages = Pages()
    for part in parts_of(text):
        if NOTE.fullmatch(part[0]):
            continue
        if "\t" in part[0]:
            _draw_table(pages, [row.split("\t") for row in part])
            continue
        for number, line in enumerate(broken(part[0], BODY, INDENT)):
            pages.line(LEFT + (0 if number else INDENT), line, notes)
        pages.y -= 6
    pages.finish()
    content = io.BytesIO()
    with rc_context({"pdf.fonttype": 42}), PdfPages(content, metadata={"CreationDate": WHEN}) as book:
        for figure in pages.figures[:-1]:
            book.savefig(figure)
    return content.getvalue()


def _draw_table(pages: Pages, rows: list[list[str]]) -> None:
    columns = max(map(len, rows))
    step, height = (RIGHT - LEFT) / columns, 34
    if pages.y - height * len(rows) < pages.foot:
        pages.finish()
    for cells in rows:
        top = pages.y + 12
        for index, cell in enumerate(cells):
            for number, line in enumerate(_fitted(cell, step - 8)):
                pages.write(LEFT + index * step + 4, pages.y - 11 * number, line, SMALL)
        for index in range(columns + 1):
            pages.rule(LEFT + index * step, top - height, LEFT + index * step, top)
        pages.rule(LEFT, top, RIGHT, top)
        pages.rule(LEFT, top - height, RIGHT, top - height)
        pages.y -= height
    pages.y -= 8


def _fitted(text: str, room: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, SMALL) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def main() -> None:
    """Write the docx and the pdf of the texts named, by default of the example."""
    here = Path(__file__).parent
    for source in map(Path, sys.argv[1:] or [here / "song-cua-2024.txt"]):
        text = source.read_text(encoding="utf-8")
        source.with_suffix(".docx").write_bytes(build_docx(text))
        source.with_suffix(".pdf").write_bytes(build_pdf(text))


if __name__ == "__main__":
    main()
