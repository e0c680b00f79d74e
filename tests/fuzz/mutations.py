"""Damage: what may happen to a file or a value on its way here, made from a seed.

Each function takes a random generator and gives other content; the same seed gives the same damage.
"""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator

from lxml import etree

NUMBERS = ("-1", "0", "00", "1e999", "NaN", "99999999999999999999", "-0", "1,5", "0x1F", "", " ", "١٢", "½", "2021.5")
TEXTS = (
    "\u202e12.345", "5,\u200b22%", "a\u000bb", "\ufffe", "\x00", "🙂" * 50, "é" * 3000, "=1+1", "'; --", "../../x",
    "[" * 3000, "{" * 3000, "%s%n", "1.2.3,4,5", "0,,5%", "\ud7ff", "năm 0000", "ngày 31/02/2021", "từ đến trở lên",
    "9" * 400, "quý XIX", "III.", "₫¹²³⁴", "tỷ đồng tỷ đồng", "-−–-5%", "1/0", "63/63/63", "\u00a0\u2007\u202f",
)  # fmt: skip


def torn(dice: random.Random, content: bytes) -> bytes:
    """Bytes changed, cut, doubled or moved."""
    data = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        if not data:
            break
        at, length = dice.randrange(len(data)), dice.choice((1, 2, 16, 400))
        what = dice.randrange(5)
        if what == 0:
            data[at] = dice.randrange(256)
        elif what == 1:
            del data[at : at + length]
        elif what == 2:
            data[at:at] = data[at : at + length] * dice.choice((1, 3, 200))
        elif what == 3:
            data[at : at + length] = dice.randbytes(length)
        else:
            data = data[: dice.choice((at, len(data), len(data)))]
    return bytes(data[:5_000_000])


def worded(dice: random.Random, content: bytes) -> bytes:
    """Lines of a text changed, doubled, joined, and strange words put in."""
    lines = content.decode("utf-8", "replace").split("\n")
    for _ in range(dice.choice((1, 3, 10))):
        at = dice.randrange(len(lines))
        what = dice.randrange(6)
        if what == 0:
            lines.insert(at, dice.choice(TEXTS))
        elif what == 1:
            lines[at] = lines[at] * dice.choice((2, 40))
        elif what == 2:
            lines[at : at + 2] = ["".join(lines[at : at + 2])]
        elif what == 3:
            words = lines[at].split(" ")
            words.insert(dice.randrange(len(words) + 1), dice.choice((*TEXTS, *NUMBERS)))
            lines[at] = " ".join(words)
        elif what == 4:
            lines[at] = re.sub(r"\d+", lambda _: dice.choice(NUMBERS), lines[at], count=3)
        else:
            lines[at] = "\t".join(dice.sample(lines[at].split(" "), len(lines[at].split(" "))))
    return "\n".join(lines)[:2_000_000].encode("utf-8", dice.choice(("surrogatepass", "replace")))


def packed(dice: random.Random, content: bytes) -> bytes:
    """An Office file with an entry damaged, lost, doubled, or its elements changed; sometimes the package itself."""
    if dice.random() < 0.15:
        return torn(dice, content)
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        entries = {each: source.read(each) for each in source.namelist()}
    for _ in range(dice.choice((1, 1, 3))):
        name = dice.choice(_likely(list(entries)))
        what = dice.random()
        if what < 0.08:
            del entries[name]
        elif what < 0.16:
            entries[name] = entries[dice.choice(list(entries))]
        elif what < 0.3:
            entries[name] = torn(dice, entries[name])
        elif what < 0.34:
            entries[f"word/{dice.randrange(9)}.bin"] = bytes(dice.choice((10, 30_000_000)))
        else:
            entries[name] = elements(dice, entries[name])
        if not entries:
            break
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as target:
        for name, each in entries.items():
            target.writestr(name, each)
    return out.getvalue()


def _likely(names: list[str]) -> list[str]:
    """Names of entries, those that hold most of what is read several times."""
    main = re.compile(r"document|footnotes|numbering|styles|sheet\d|sharedStrings|workbook|rels$|Content_Types")
    return [each for name in names for each in [name] * (6 if main.search(name) else 1)]


def elements(dice: random.Random, content: bytes) -> bytes:
    """XML with elements removed, doubled, moved, nested deep, and attributes and texts changed."""
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return torn(dice, content)
    for _ in range(dice.choice((1, 2, 6, 30))):
        nodes = [each for each in root.iter(etree.Element) if each is not root]
        if not nodes:
            break
        _change(dice, dice.choice(nodes), nodes)
    return etree.tostring(root)


def _change(dice: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    parent, what = node.getparent(), dice.randrange(7)
    if what == 0:
        parent.remove(node)
    elif what == 1:
        parent.append(copy.deepcopy(node))
    elif what == 2 and node.attrib:
        node.set(dice.choice(list(node.attrib)), re.sub(r"[\x00\x0b\ufffe]", "", dice.choice((*NUMBERS, *TEXTS))))
    elif what == 3:
        node.text = re.sub(r"[\x00\x0b\ufffe]", "", dice.choice((*NUMBERS, *TEXTS)))
    elif what == 4:
        inner = node
        for _ in range(dice.choice((3, 150))):
            inner = etree.SubElement(inner, node.tag)
    elif what == 5:
        node.tag = dice.choice(nodes).tag
    else:
        for name in list(node.attrib)[: dice.choice((1, 5))]:
            del node.attrib[name]


def portable(dice: random.Random, content: bytes) -> bytes:
    """A PDF whose numbers, names and streams are changed."""
    if dice.random() < 0.3:
        return torn(dice, content)
    parts = re.split(rb"(\b\d+(?:\.\d+)?\b|/[A-Za-z]+)", content)
    for _ in range(dice.choice((1, 3, 20))):
        at = dice.randrange(len(parts))
        if re.fullmatch(rb"[\d.]+", parts[at]):
            parts[at] = dice.choice(NUMBERS).encode()
        elif parts[at].startswith(b"/"):
            parts[at] = dice.choice(parts)
        else:
            parts[at] = torn(dice, parts[at])
    return b"".join(parts)


def tabular(dice: random.Random, content: bytes) -> bytes:
    """A CSV with cells changed, cells and rows lost or doubled, other separators and ends of lines."""
    rows = [line.split(",") for line in content.decode("utf-8").split("\n")]
    for _ in range(dice.choice((1, 3, 10))):
        row = dice.choice(rows)
        what = dice.randrange(5)
        if what == 0:
            row[dice.randrange(len(row))] = dice.choice((*NUMBERS, *TEXTS, '"', '"x\n"', "1.234", "31/12/2021"))
        elif what == 1:
            row.insert(dice.randrange(len(row) + 1), "")
        elif what == 2 and len(row) > 1:
            row.pop()
        elif what == 3:
            rows.insert(dice.randrange(len(rows) + 1), list(row))
        elif len(rows) > 1:
            rows.remove(row)
    text = dice.choice(("\n", "\n", "\n", "\r\n", "\r")).join(
        dice.choice((",", ",", ",", ";", "\t")).join(row) for row in rows
    )
    start = dice.choice((b"", b"", b"\xef\xbb\xbf"))
    coded = start + text.encode(dice.choice(("utf-8", "utf-8", "utf-8", "utf-16", "cp1258")), "replace")
    return coded if dice.random() < 0.9 else torn(dice, coded)


def notebook(dice: random.Random, content: bytes) -> bytes:
    """A notebook with values of its JSON changed or lost."""
    if dice.random() < 0.2:
        return torn(dice, content)
    book = json.loads(content)
    places = list(_places(book))
    for _ in range(dice.choice((1, 3, 10))):
        holder, key = dice.choice(places)
        try:
            if dice.random() < 0.3:
                del holder[key]
            else:
                odd = (
                    None,
                    [],
                    {},
                    -1,
                    1e308,
                    True,
                    *NUMBERS,
                    *TEXTS,
                    "year: int = -1",
                    "import os",
                    "x = [" + "[" * 500,
                )
                holder[key] = dice.choice(odd)
        except (IndexError, KeyError):  # lost with an earlier change
            continue
    return json.dumps(book).encode()


def _places(value: object) -> Iterator[tuple[object, object]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in list(items):
        yield value, key
        yield from _places(each)


Mutation = Callable[[random.Random, bytes], bytes]
