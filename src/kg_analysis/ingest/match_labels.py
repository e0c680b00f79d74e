"""Label patterns: where a text uses the words that the codebook's indicators and entities go by.

Responsibility: read ``data/label_patterns.csv`` into a tree of words and find every pattern in a text in one pass.

Terms: *subject* = indicator, or the stem that the names of its family begin with (``retail_sales`` for level, growth
and plan ratio); *entity* = what a pattern without a subject names: sector, unit, district, status …; *hit* = a pattern
found; ``[a|b]`` in a pattern may be left out or be one of the two, ``…`` stands for further words of the clause.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from kg_analysis.ingest.wording import WORD, fold

BEFORE, AFTER, ENTITY = "before", "after", "entity"
_LAYERS = (BEFORE, AFTER, ENTITY)
GROWTH = "growth"  # a label that says "grows" of whatever the sentence is about
OTHER = "other"  # a label that is known to be none of the codebook's
ABBREVIATIONS = {
    "ntm": "nông thôn mới",
    "dn": "doanh nghiệp",
    "nsnn": "ngân sách nhà nước",
    "bhyt": "bảo hiểm y tế",
    "xnk": "xuất nhập khẩu",
    "tngt": "tai nạn giao thông",
    "gtsx": "giá trị sản xuất",
    "đtc": "đầu tư công",
    "knxk": "kim ngạch xuất khẩu",
    "vđt": "vốn đầu tư",
}
_OPTION = re.compile(r"\[([^\[\]]*)\]")
_JOINT = re.compile(r"[ ,/\-\"“”'’*()\n]{1,4}")
_GAP = 60  # characters that "…" may stand for

Tree = dict[str, Any]


@dataclass(frozen=True)
class Label:
    """One row of the patterns.

    Attributes
    ----------
    subject : str
        Empty for an entity, ``other`` for a label outside the codebook.
    dimension, item : str
    place : str
        Whether the label stands before or after its number.
    """

    subject: str
    dimension: str
    item: str
    place: str


@dataclass(frozen=True)
class Hit:
    """A pattern found in the text, with every row that has it."""

    start: int
    end: int
    size: int
    labels: tuple[Label, ...]
    has_gap: bool = False


@dataclass(frozen=True)
class Hits:
    """All hits of a text in order, to be asked by offset."""

    found: tuple[Hit, ...]
    starts: tuple[int, ...]

    def between(self, start: int, end: int) -> tuple[Hit, ...]:
        """Hits that begin in ``[start, end)``."""
        return self.found[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def at(self, offset: int) -> tuple[Hit, ...]:
        """Hits that begin exactly at ``offset``."""
        return self.found[bisect_left(self.starts, offset) : bisect_right(self.starts, offset)]


def compile_labels(patterns: pd.DataFrame) -> Tree:
    """Tree of words whose leaves are the labels that end there.

    Parameters
    ----------
    patterns : DataFrame
        Columns pattern, subject, dimension, item, place.
    """
    tree: Tree = {}
    for row in patterns.to_dict("records"):
        label = Label(row["subject"], row["dimension"], row["item"], row["place"] or BEFORE)
        for variant in _variants(row["pattern"]):
            _plant(tree, variant, label)
            for short, long in ABBREVIATIONS.items():
                if long in variant:
                    _plant(tree, variant.replace(long, short), label)
    return tree


def _variants(pattern: str) -> Iterator[str]:
    """Every wording that a pattern allows."""
    option = _OPTION.search(pattern)
    if option is None:
        yield " ".join(pattern.split())
        return
    for choice in ("", *option[1].split("|")):
        yield from _variants(f"{pattern[: option.start()]}{choice}{pattern[option.end() :]}")


def _plant(tree: Tree, variant: str, label: Label) -> None:
    head, _, rest = fold(variant).partition("…")
    node = tree
    for word in WORD.findall(head):
        node = node.setdefault(word, {})
    if rest:
        gapped = rf"[^.;:]{{0,{_GAP}}}?".join(
            r"\b" + r"\W+".join(WORD.findall(part)) + r"\b" for part in rest.split("…")
        )
        node.setdefault("…", {}).setdefault(gapped, []).append(label)
    elif label not in node.setdefault("", []):
        node[""].append(label)


@lru_cache(maxsize=512)
def _gap(rest: str) -> re.Pattern[str]:
    return re.compile(rf"[^.;:\n]{{0,{_GAP}}}?{rest}")


def find_labels(tree: Tree, folded: str) -> Hits:
    """Hits of a text; those that lie inside a longer hit are left out."""
    tokens = list(WORD.finditer(folded))
    found: list[Hit] = []
    reached = dict.fromkeys(_LAYERS, -1)
    for index, token in enumerate(tokens):
        if token[0] not in tree:
            continue
        for hit, place in _from(tree, folded, tokens, index):
            if place == "" or hit.start >= reached[place]:
                found.append(hit)
            if place:
                reached[place] = max(reached[place], hit.end)
    return Hits(tuple(found), tuple(each.start for each in found))


def _layer(label: Label) -> str:
    """Labels before a number, labels after one and entities do not hide each other."""
    return label.place if label.subject else ENTITY


def _from(tree: Tree, folded: str, tokens: list[re.Match[str]], index: int) -> Iterator[tuple[Hit, str]]:
    """Longest hits that begin with one token, a layer each, and hits with a gap."""
    node, start, at = tree, tokens[index].start(), index
    longest: dict[str, Hit] = {}
    while node := node.get(tokens[at][0], {}):
        end, size = tokens[at].end(), at - index + 1
        for layer in _LAYERS if "" in node else ():
            if labels := tuple(each for each in node[""] if _layer(each) == layer):
                longest[layer] = Hit(start, end, size, labels)
        for rest, labels in node.get("…", {}).items():
            if further := _gap(rest).match(folded, end):
                yield Hit(start, further.end(), size + 1, tuple(labels), True), ""
        if at + 1 >= len(tokens) or not _JOINT.fullmatch(folded, end, tokens[at + 1].start()):
            break
        at += 1
    yield from ((hit, place) for place, hit in longest.items())
