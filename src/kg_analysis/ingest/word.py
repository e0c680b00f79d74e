"""Word files (docx) as paragraphs, rows of tables and footnotes, with the numbers that Word puts before headings.

Responsibility: the text that Word shows once all tracked changes are accepted: insertions kept, deletions dropped,
fields by their result, numbers of headings as Word counts them. python-docx opens the file; footnotes, which it leaves
out, are read from their own part. What is not read is said in a remark.

Terms: *list* = numbering instance (``w:num``), which counts on the *scheme* (``w:abstractNum``) behind it; *level* = 0
for the outermost.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import docx
from lxml import etree

from kg_analysis.ingest.document import CELL, STRUCK, Block, superscript, tidy

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 9
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Level:
    """How one level counts: first number, format and text, e.g. 1, ``lowerLetter``, ``%1)``."""

    start: int
    format: str
    text: str
    plain: bool  # all numbers in digits


@dataclass
class Numbering:
    """Lists of a document and how far each has counted."""

    schemes: dict[str, dict[int, Level]]
    lists: dict[str, tuple[str, dict[int, int]]]
    styles: dict[str, tuple[str, int]]
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: Any) -> str:
        """Number before a paragraph with a blank behind it; empty where Word shows none."""
        name, level = self._list_of(paragraph)
        if name not in self.lists:
            return ""
        scheme, starts = self.lists[name]
        levels = self.schemes.get(scheme, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(scheme, [None] * _DEEPEST)
        if level in starts and (name, level) not in self.begun:
            counts[level] = starts[level]
            self.begun.add((name, level))
        else:
            counts[level] = levels[level].start if (now := counts[level]) is None else now + 1
        counts[level + 1 :] = [None] * (_DEEPEST - level - 1)
        return _shown(levels, level, counts)

    def _list_of(self, paragraph: Any) -> tuple[str, int]:
        """List and level of a paragraph: its own, else those of its style."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return "", 0
        style = properties.find(f"{W}pStyle")
        name, level = self.styles.get(style.get(f"{W}val"), ("", 0)) if style is not None else ("", 0)
        own = properties.find(f"{W}numPr")
        if own is not None:
            name, level = _reference(own, name, level)
        return name, level


def numbering_of(numbering: Any | None, styles: Any | None) -> Numbering:
    """Numbering of a document."""
    if numbering is None:
        return Numbering({}, {}, {})
    schemes = {
        each.get(f"{W}abstractNumId"): {int(level.get(f"{W}ilvl")): _level(level) for level in each.findall(f"{W}lvl")}
        for each in numbering.findall(f"{W}abstractNum")
    }
    lists = {}
    for each in numbering.findall(f"{W}num"):
        scheme = _value(each, "abstractNumId", "")
        starts = {
            int(override.get(f"{W}ilvl")): int(_value(override, "startOverride", "1"))
            for override in each.findall(f"{W}lvlOverride")
            if override.find(f"{W}startOverride") is not None
        }
        lists[each.get(f"{W}numId")] = (scheme, starts)
    return Numbering(schemes, lists, _numbered_styles(styles))


def _numbered_styles(styles: Any | None) -> dict[str, tuple[str, int]]:
    """Lists of the styles that have one, be it from the style that they are based on."""
    found: dict[str, tuple[str, int]] = {}
    elements = {} if styles is None else {each.get(f"{W}styleId"): each for each in styles.findall(f"{W}style")}
    for style in elements:
        chain, current = [], style
        while current in elements and current not in chain:
            chain.append(current)
            current = _value(elements[current], "basedOn", "")
        for each in reversed(chain):
            own = elements[each].find(f"{W}pPr/{W}numPr")
            if own is not None:
                found[style] = _reference(own, *found.get(style, ("", 0)))
            elif each != style and each in found:
                found[style] = found[each]
    return found


def _reference(element: Any, name: str, level: int) -> tuple[str, int]:
    return _value(element, "numId", name), int(_value(element, "ilvl", str(level)))


def _level(element: Any) -> Level:
    return Level(
        int(_value(element, "start", "0")),
        _value(element, "numFmt", "decimal"),
        _value(element, "lvlText", ""),
        element.find(f"{W}isLgl") is not None,
    )


def _shown(levels: dict[int, Level], level: int, counts: list[int | None]) -> str:
    own = levels[level]
    if own.format == "bullet":
        return "- "
    if own.format == "none":
        return ""

    def number(found: re.Match[str]) -> str:
        index = int(found[1]) - 1
        each = levels.get(index, own)
        count = counts[index]
        return _formatted(each.start if count is None else count, "decimal" if own.plain else each.format)

    text = re.sub(r"%([1-9])", number, own.text).strip()
    return f"{text} " if text else ""


def _formatted(number: int, style: str) -> str:
    if style in ("upperRoman", "lowerRoman"):
        text = _roman(number)
        return text if style == "upperRoman" else text.lower()
    if style in ("upperLetter", "lowerLetter"):
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return text.upper() if style == "upperLetter" else text
    return f"{number:02}" if style == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), *_ROMAN):
        count, number = divmod(number, value)
        text += letters * count
    return text


def _value(element: Any, child: str, default: str) -> str:
    found = element.find(f"{W}{child}")
    return default if found is None else str(found.get(f"{W}val", default))


_TOGGLES = ("vanish", "strike", "dstrike")
_OWN_SIGNS = dict.fromkeys(map(ord, STRUCK))  # which no text of a file may bring
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_REMOVED = {f"{W}del", f"{W}moveFrom"}
_LEFT_OUT = {*_REMOVED, f"{_MC}Fallback", f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}delText", f"{W}txbxContent"}
_SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-", f"{W}sym": " "}
_ADDED = {f"{W}ins", f"{W}moveTo"}
_FOLDER = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@dataclass
class _Reader:
    """State of reading one document: how far lists and footnotes have been counted."""

    numbering: Numbering
    notes: dict[tuple[str, str], str]
    styles: dict[str, Any] = field(default_factory=dict)  # by id; the default of paragraphs by the empty one
    toggles: frozenset[str] = frozenset()  # that any style names
    count: int = 0
    pending: list[tuple[int, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


def read_word(content: bytes) -> tuple[list[Block], list[str]]:
    """Blocks of a Word file in order of reading, and remarks on what was settled.

    Raises
    ------
    Exception
        Of any kind, by the libraries, if the file is broken.
    """
    part = docx.Document(io.BytesIO(content)).part
    roots = {name: _related(part, name) for name in ("footnotes", "endnotes", "numbering", "styles")}
    notes = {**_notes(roots["footnotes"], "footnote"), **_notes(roots["endnotes"], "endnote")}
    styles = _styles(roots["styles"])
    toggles = frozenset(
        name for name in _TOGGLES if any(each.find(f"{W}rPr/{W}{name}") is not None for each in styles.values())
    )
    reader = _Reader(numbering_of(roots["numbering"], roots["styles"]), notes, styles, toggles)
    blocks = list(_blocks(reader, part.element.body))
    texts = {
        "ins": "tracked insertions kept",
        "del": "tracked deletions dropped",
        "toc": "lines of contents left out",
        "strike": "runs struck out but read; their figures have a warning",
        "vanish": "hidden runs with figures left out",
    }
    remarks = [f"{reader.seen[key]} {text}" for key, text in texts.items() if reader.seen[key]]
    return blocks, [*remarks, *_unread(part)]


def _unread(part: Any) -> Iterator[str]:
    """What of a document is not read although it may print figures."""
    if parts := sum(1 for _ in part.element.body.iter(f"{W}altChunk")):
        yield f"{parts} documents inside the document not read; paste their text into it"
    for relation in part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind not in ("header", "footer") or relation.is_external:
            continue
        said = "".join(each.text or "" for each in relation.target_part.element.iter(f"{W}t"))
        if re.search(r"\d[\d.,]*\s*(?:%|tỷ|tỉ|triệu|nghìn)", said):
            yield f"a {kind} with figures not read: {said.strip()[:80]!r}"


def _related(part: Any, name: str) -> Any | None:
    """Root of a part that the document refers to; None where it has no such part."""
    for each in part.rels.values():
        if each.reltype == f"{_FOLDER}{name}" and not each.is_external:
            return etree.fromstring(each.target_part.blob, _PARSER)
    return None


def _notes(root: Any | None, kind: str) -> dict[tuple[str, str], str]:
    """Text of the notes by kind and id; separators are no notes."""
    found = {}
    for note in () if root is None else root.findall(f"{W}{kind}"):
        if note.get(f"{W}type", "normal") == "normal":
            empty = _Reader(Numbering({}, {}, {}), {})
            texts = (_inline(empty, paragraph) for paragraph in note.iter(f"{W}p"))
            found[kind, note.get(f"{W}id")] = tidy(" ".join(texts))
    return found


def _blocks(reader: _Reader, parent: Any) -> Iterator[Block]:
    """Paragraphs and tables under an element, through content controls and tracked moves."""
    head = ""  # of a paragraph whose end is deleted: it runs on into the next
    for element in parent:
        if element.tag == f"{W}p":
            if _is_contents(element):
                reader.seen["toc"] += 1
                continue
            text = head + reader.numbering.label(element) + _inline(reader, element)
            if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                head = text
                continue
            head = ""
            yield _block(reader, text)
            yield from _from_boxes(reader)
        elif element.tag == f"{W}tbl":
            yield from _rows(reader, element)
        elif element.tag not in _LEFT_OUT:
            yield from _blocks(reader, element)
    if head:
        yield _block(reader, head)


def _block(reader: _Reader, text: str, row: bool = False) -> Block:
    notes, reader.pending = tuple(reader.pending), []
    return Block(tidy(text) if row else tidy(text.replace(CELL, " ")), row, notes)


def _from_boxes(reader: _Reader) -> Iterator[Block]:
    """What stands in text boxes, behind the paragraph that holds them."""
    while reader.boxes:
        yield from _blocks(reader, reader.boxes.pop(0))


def _rows(reader: _Reader, table: Any) -> Iterator[Block]:
    for row in table.iter(f"{W}tr"):
        if row.find(f"{W}trPr/{W}del") is not None or _nested(row, table):
            continue
        cells = [each for each in row.iter(f"{W}tc") if next(each.iterancestors(f"{W}tr")) is row]
        texts = [" ".join(_cell(reader, each)) for each in cells]
        yield _block(reader, CELL.join(each.replace(CELL, " ") for each in texts), row=True)


def _nested(row: Any, table: Any) -> bool:
    return next(row.iterancestors(f"{W}tbl")) is not table


def _cell(reader: _Reader, cell: Any) -> Iterator[str]:
    """Paragraphs of a cell, those of tables inside it included."""
    for paragraph in cell.iter(f"{W}p"):
        yield tidy(reader.numbering.label(paragraph) + _inline(reader, paragraph))


def _is_contents(paragraph: Any) -> bool:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style is not None and str(style.get(f"{W}val", "")).lower().startswith("toc")


def _inline(reader: _Reader, element: Any) -> str:
    """Text of a paragraph or of what stands in it; marks of notes as superscripts."""
    parts = []
    for child in element:
        if child.tag == f"{W}r":
            parts.append(_run(reader, child))
        elif child.tag in _REMOVED:
            reader.seen["del"] += 1
        elif child.tag not in _LEFT_OUT and isinstance(child.tag, str):
            reader.seen["ins"] += child.tag in _ADDED
            parts.append(_inline(reader, child))
    return "".join(parts)


def _run(reader: _Reader, run: Any) -> str:
    if _is_on(reader, run, "vanish"):
        reader.seen["vanish"] += any(each.isdigit() for text in run.iter(f"{W}t") for each in text.text or "")
        return ""
    raised = run.find(f"{W}rPr/{W}vertAlign[@{W}val='superscript']") is not None
    text = "".join(_piece(reader, run, child, raised) for child in run.iter())
    if text.strip() and (_is_on(reader, run, "strike") or _is_on(reader, run, "dstrike")):
        reader.seen["strike"] += 1
        return f"{STRUCK[0]}{text}{STRUCK[1]}"
    return text


def _is_on(reader: _Reader, run: Any, name: str) -> bool:
    """Whether a toggle is set: by the run itself, else by one of the styles of its paragraph and of its letters."""
    own = run.find(f"{W}rPr/{W}{name}")
    if own is not None:
        return _is_set(own)
    if name not in reader.toggles:
        return False
    paragraph = next(run.iterancestors(f"{W}p"), run)
    styles = (paragraph.find(f"{W}pPr/{W}pStyle"), run.find(f"{W}rPr/{W}rStyle"))
    named = ["" if each is None else str(each.get(f"{W}val")) for each in styles]
    by_letters = named[1] != "" and _by_style(reader.styles, named[1], name)
    return _by_style(reader.styles, named[0], name) != by_letters  # set by both, it is not set: Word's rule


def _is_set(toggle: Any) -> bool:
    return toggle.get(f"{W}val", "1") not in ("0", "false", "off")


def _by_style(styles: dict[str, Any], style: str, name: str) -> bool:
    """Whether a style, or the nearest one that it is based on, sets a toggle."""
    seen: set[str] = set()
    while style in styles and style not in seen:
        seen.add(style)
        toggle = styles[style].find(f"{W}rPr/{W}{name}")
        if toggle is not None:
            return _is_set(toggle)
        style = _value(styles[style], "basedOn", " ")
    return False


def _styles(root: Any | None) -> dict[str, Any]:
    found = {} if root is None else {str(each.get(f"{W}styleId")): each for each in root.findall(f"{W}style")}
    for each in list(found.values()):
        if each.get(f"{W}default") == "1" and each.get(f"{W}type") == "paragraph":
            found[""] = each
    return found


def _piece(reader: _Reader, run: Any, child: Any, raised: bool) -> str:
    """Text of one element of a run; a text box in it waits for the end of the paragraph."""
    around = {each.tag for each in takewhile(lambda each: each is not run, child.iterancestors())}
    if not isinstance(child.tag, str) or around & {f"{_MC}Fallback", f"{W}txbxContent"}:
        return ""
    if child.tag == f"{W}txbxContent":
        reader.boxes.append(child)
        return ""
    if child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
        return _mark(reader, child)
    if child.tag == f"{W}t":
        text = (child.text or "").translate(_OWN_SIGNS)
        return superscript(text) if raised and text.strip().isdecimal() else text
    return _SIGNS.get(child.tag, "")


def _mark(reader: _Reader, child: Any) -> str:
    """Superscript of a note, which is counted in order of its mark."""
    kind = child.tag.removeprefix(W).removesuffix("Reference")
    note = reader.notes.get((kind, child.get(f"{W}id")))
    if note is None:
        return ""
    reader.count += 1
    reader.pending.append((reader.count, note))
    return superscript(reader.count)
