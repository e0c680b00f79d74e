"""Word files (docx) as paragraphs, rows of tables and footnotes, with the numbers that Word puts before headings.

Responsibility: the text that Word shows once all tracked changes are accepted: insertions kept, deletions dropped,
fields by their result, numbers of headings as Word counts them. python-docx opens the file; footnotes, which it leaves
out, are read from their own part. What is not read is said in a remark.

Terms: *list* = numbering instance (``w:num``), which counts on the *scheme* (``w:abstractNum``) behind it; *level* = 0
for the outermost; *toggle* = a property of letters that a style may switch on and the text off again.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml

from kg_analysis.ingest.document import CELL, STRUCK, Block, superscript, tidy

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 9
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_TOGGLES = ("vanish", "strike", "dstrike")
_STYLED = {"list": "pPr/numPr/numId", "level": "pPr/numPr/ilvl", **{name: f"rPr/{name}" for name in _TOGGLES}}
_OFF = ("0", "false", "off")
_OWN_SIGNS = dict.fromkeys(map(ord, STRUCK))  # which no text of a file may bring
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_REMOVED = {f"{W}del", f"{W}moveFrom"}
_LEFT_OUT = {*_REMOVED, _FALLBACK, f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}delText"}
_SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-", f"{W}sym": " "}
_ADDED = {f"{W}ins", f"{W}moveTo"}
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_REMARKS = {
    "ins": "tracked insertions kept",
    "del": "tracked deletions dropped",
    "toc": "lines of contents left out",
    "strike": "runs struck out but read; their figures have a warning",
    "vanish": "hidden runs with figures left out",
}


def read_word(content: bytes) -> tuple[list[Block], list[str]]:
    """Blocks of a Word file in order of reading, and remarks on what was settled; libraries raise what they like."""
    part = docx.Document(io.BytesIO(content)).part
    roots = {
        each.reltype.rpartition("/")[2]: parse_xml(each.target_part.blob)
        for each in part.rels.values()
        if not each.is_external and each.reltype.endswith(("/footnotes", "/endnotes", "/numbering", "/styles"))
    }
    reader = _Reader(roots, _notes(roots))
    blocks = list(reader.blocks(part.element.body))
    remarks = [f"{reader.seen[key]} {text}" for key, text in _REMARKS.items() if reader.seen[key]]
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


def _notes(roots: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Text of the notes by kind and id; separators are no notes."""
    reader = _Reader(roots, {})
    return {
        (kind, note.get(f"{W}id")): tidy(" ".join(map(reader.inline, note.iter(f"{W}p"))))
        for kind in _NOTES.values()
        for note in (roots[f"{kind}s"].findall(f"{W}{kind}") if f"{kind}s" in roots else ())
        if note.get(f"{W}type", "normal") == "normal"
    }


class _Reader:
    """One document, with how far its lists and footnotes have been counted."""

    def __init__(self, roots: dict[str, Any], notes: dict[tuple[str, str], str]) -> None:
        self.styles, self.notes = _styles(roots.get("styles")), notes
        self.numbering = _Numbering(roots.get("numbering"))
        self.count = 0  # of notes so far
        self.pending: list[tuple[int, str]] = []  # notes whose mark stands in the block that is being read
        self.boxes: list[Any] = []  # text boxes, which wait for the end of their paragraph
        self.seen: Counter[str] = Counter()

    def blocks(self, parent: Any) -> Iterator[Block]:
        """Paragraphs and tables under an element, through content controls and tracked moves."""
        head = ""  # of a paragraph whose end is deleted: it runs on into the next
        for element in parent:
            if element.tag == f"{W}p":
                if _value(element, "pPr/pStyle").lower().startswith("toc"):
                    self.seen["toc"] += 1
                    continue
                head += self.label(element) + self.inline(element)
                if _at(element, "pPr/rPr/del") is None:
                    yield self.block(head.replace(CELL, " "))
                    head = ""
                    while self.boxes:
                        yield from self.blocks(self.boxes.pop(0))
            elif element.tag == f"{W}tbl":
                yield from self.rows(element)
            elif element.tag not in _LEFT_OUT:
                yield from self.blocks(element)
        if head:
            yield self.block(head.replace(CELL, " "))

    def block(self, text: str, row: bool = False) -> Block:
        """Block of a text, with the notes whose marks it holds."""
        notes, self.pending = tuple(self.pending), []
        return Block(tidy(text), row, notes)

    def rows(self, table: Any) -> Iterator[Block]:
        """Rows of a table; what stands in a cell, tables included, is one text."""
        for row in _inside(table, "tr"):
            if _at(row, "trPr/del") is None:
                cells = [list(self.blocks(each)) for each in _inside(row, "tc")]
                texts = [" ".join(each.text for each in cell).replace(CELL, " ") for cell in cells]
                self.pending = [note for cell in cells for each in cell for note in each.notes]
                yield self.block(CELL.join(texts), row=True)

    def inline(self, element: Any) -> str:
        """Text of a paragraph or of what stands in it; marks of notes as superscripts."""
        parts = []
        for child in element.iterchildren("*"):
            if child.tag in _REMOVED:
                self.seen["del"] += 1
            elif child.tag == f"{W}txbxContent":
                self.boxes.append(child)
            elif child.tag == f"{W}t":
                parts.append((child.text or "").translate(_OWN_SIGNS))
            elif child.tag == f"{W}r":
                parts.append(self.run(child))
            elif child.tag in _NOTES:
                parts.append(self.mark(_NOTES[child.tag], child.get(f"{W}id")))
            elif child.tag not in _LEFT_OUT:
                self.seen["ins"] += child.tag in _ADDED
                parts.append(_SIGNS.get(child.tag, "") + self.inline(child))
        return "".join(parts)

    def run(self, run: Any) -> str:
        """Text of letters that look alike: hidden ones left out, raised digits as superscripts."""
        if self.is_on(run, "vanish"):
            self.seen["vanish"] += any(each.isdigit() for text in run.iter(f"{W}t") for each in text.text or "")
            return ""
        text = self.inline(run)
        if text.strip().isdecimal() and _value(run, "rPr/vertAlign") == "superscript":
            text = superscript(text)
        if text.strip() and (self.is_on(run, "strike") or self.is_on(run, "dstrike")):
            self.seen["strike"] += 1
            return f"{STRUCK[0]}{text}{STRUCK[1]}"
        return text

    def mark(self, kind: str, name: str) -> str:
        """Superscript of a note, which is counted in order of its mark."""
        if (kind, name) not in self.notes:
            return ""
        self.count += 1
        self.pending.append((self.count, self.notes[kind, name]))
        return superscript(self.count)

    def is_on(self, run: Any, name: str) -> bool:
        """Whether a toggle is set: by the run itself, else by one of the styles of its paragraph and of its letters."""
        if (own := _at(run, _STYLED[name])) is not None:
            return own.get(f"{W}val", "1") not in _OFF
        paragraph = next(run.iterancestors(f"{W}p"), run)
        named = (_value(paragraph, "pPr/pStyle"), _value(run, "rPr/rStyle", "none"))
        by_paragraph, by_letters = (self.styles.get(each, {}).get(name, "0") not in _OFF for each in named)
        return by_paragraph != by_letters  # set by both, it is not set: Word's rule

    def label(self, paragraph: Any) -> str:
        """Number before a paragraph with a blank behind it; empty where Word shows none."""
        style = self.styles.get(_value(paragraph, "pPr/pStyle"), {})
        name, level = (_value(paragraph, _STYLED[each], style.get(each, "0")) for each in ("list", "level"))
        return self.numbering.label(name, int(level))


class _Numbering:
    """Lists of a document and how far each has counted."""

    def __init__(self, root: Any | None) -> None:
        self.schemes: dict[str, dict[int, Any]] = {}
        self.lists: dict[str, tuple[str, dict[int, int]]] = {}
        self.counts: dict[str, list[int | None]] = {}
        self.begun: set[tuple[str, int]] = set()
        for each in () if root is None else root.findall(f"{W}abstractNum"):
            levels = {int(level.get(f"{W}ilvl")): level for level in each.findall(f"{W}lvl")}
            self.schemes[each.get(f"{W}abstractNumId")] = levels
        for each in () if root is None else root.findall(f"{W}num"):
            starts = {
                int(override.get(f"{W}ilvl")): int(_value(override, "startOverride", "1"))
                for override in each.findall(f"{W}lvlOverride")
                if _at(override, "startOverride") is not None
            }
            self.lists[each.get(f"{W}numId")] = (_value(each, "abstractNumId"), starts)

    def label(self, name: str, level: int) -> str:
        """Next number of a list at a level."""
        scheme, starts = self.lists.get(name, ("", {}))
        levels = self.schemes.get(scheme, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(scheme, [None] * _DEEPEST)
        if level in starts and (name, level) not in self.begun:
            counts[level] = starts[level]
            self.begun.add((name, level))
        else:
            counts[level] = _start(levels[level]) if (now := counts[level]) is None else now + 1
        counts[level + 1 :] = [None] * (_DEEPEST - level - 1)
        return _shown(levels, level, counts)


def _shown(levels: dict[int, Any], level: int, counts: list[int | None]) -> str:
    own = levels[level]
    style = _value(own, "numFmt", "decimal")
    if style in ("bullet", "none"):
        return "- " if style == "bullet" else ""

    def number(found: re.Match[str]) -> str:
        index = int(found[1]) - 1
        each, count = levels.get(index, own), counts[index]
        plain = _at(own, "isLgl") is not None  # all numbers in digits
        style = "decimal" if plain else _value(each, "numFmt", "decimal")
        return _formatted(_start(each) if count is None else count, style)

    text = re.sub(r"%([1-9])", number, _value(own, "lvlText")).strip()
    return f"{text} " if text else ""


def _start(level: Any) -> int:
    return int(_value(level, "start", "0"))


def _formatted(number: int, style: str) -> str:
    text = f"{number:02}" if style == "decimalZero" else str(number)
    if style.endswith("Letter"):
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif style.endswith("Roman"):
        text = ""
        for value, letters in _ROMAN:
            count, number = divmod(number, value)
            text += letters.lower() * count
    return text.upper() if style.startswith("upper") else text


def _styles(root: Any | None) -> dict[str, dict[str, str]]:
    """What each style says of lists and toggles, be it by one that it is based on; the default by an empty name."""
    styles = {} if root is None else {str(each.get(f"{W}styleId")): each for each in root.findall(f"{W}style")}
    found = {}
    for name, style in styles.items():
        chain, current = [], name
        while current in styles and styles[current] not in chain:
            chain.append(styles[current])
            current = _value(styles[current], "basedOn")
        found[name] = {
            key: said.get(f"{W}val", "1")
            for each in reversed(chain)
            for key, path in _STYLED.items()
            if (said := _at(each, path)) is not None
        }
        if style.get(f"{W}default") == "1" and style.get(f"{W}type") == "paragraph":
            found[""] = found[name]
    return found


def _inside(parent: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through content controls, but of no table inside it."""
    for each in parent.iterchildren("*"):
        if each.tag == f"{W}{name}":
            yield each
        elif each.tag not in {*_LEFT_OUT, f"{W}tbl", f"{W}tc"}:
            yield from _inside(each, name)


def _at(element: Any, path: str) -> Any | None:
    """Element at a path of Word's own names, e.g. ``pPr/pStyle``."""
    return element.find(W + path.replace("/", f"/{W}"))


def _value(element: Any, path: str, default: str = "") -> str:
    found = _at(element, path)
    return default if found is None else str(found.get(f"{W}val", default))
