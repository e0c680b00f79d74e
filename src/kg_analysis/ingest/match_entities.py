"""The named things of a text: sectors, units, districts and other bodies, statuses, indices, areas.

Responsibility: entities from the patterns, and the names of departments, districts and other bodies that no list can
hold, read by their capital letters. Which of them is a figure's own is ``match_dimensions``'s matter.

Terms: *item* = the entity's id: from the patterns, else its proper name in ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from kg_analysis.ingest.match_labels import BEFORE, Hit, Hits

_UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x1EF9) if chr(code).isupper() and chr(code).isalpha())
_NAME = rf"[{_UPPER}][\w'’]*(?:[ -][{_UPPER}][\w'’]*){{0,4}}"
_DISTRICT = re.compile(
    rf"(?:(?:UBND|Ủy ban nhân dân)\s+)?(?:[Hh]uyện|[Tt]hành phố|[Tt]hị xã|TP\.?|TX\.?|[Qq]uận|"
    rf"[Hh]uyện đảo)\s+(?P<name>{_NAME})"
)
_BODY = re.compile(
    rf"(?:(?:Sở|Ban|Trường|Bệnh viện|Công ty|Văn phòng|Đài|Hội|Trung tâm|Chi cục|Cục|Viện|Báo|Liên đoàn|"
    rf"Tỉnh đoàn|Bộ Chỉ huy|Thanh tra)\s+[{_UPPER}])"
    r"[^\d;:().,\n]{0,90}?(?=\s*[;:().,\n]|\s+(?:giải ngân|đạt|mới|chưa|chỉ|cho|thông tin|"
    r"vừa|tổ chức|được|với|có|là|ước|đã|còn|chiếm)\b|\s+\d)"
)
_BARE = re.compile(
    rf"(?!TP|TX)(?:(?<=[:;,(] )|(?<=\blà )|(?<=\bgồm )|(?<=\btại )|(?<=\bvà )|"
    rf"(?<=\bở ))(?P<name>[{_UPPER}]\w*(?: [{_UPPER}]\w*){{1,3}})(?=:? \(?\d)"
)
_ACTOR = re.compile(
    rf"(?:[Tt]rong đó,?|[Rr]iêng|[.;] ) ?(?P<name>[{_UPPER}]\w+(?: [{_UPPER}]\w+){{1,2}}) (?=đón|đạt|thu|"
    rf"giải ngân|có|ghi nhận|ước|tăng|giảm)"
)
_SOURCE = re.compile(
    r"(?:theo|giao|của|yêu cầu|chỉ đạo|đề nghị|báo cáo|lãnh đạo|đại diện|giám đốc|tại|cũng theo|thống kê)\s+$"
)
_ELSEWHERE = ("district", "unit", "body")  # entities that make a figure one of part of the province


@dataclass(frozen=True)
class Entity:
    """A named thing in the text.

    Attributes
    ----------
    start, end : int
        Offsets [characters].
    dimension, item : str
    name : str
        As printed.
    """

    start: int
    end: int
    dimension: str
    item: str
    name: str


@dataclass(frozen=True)
class Entities:
    """All entities of a text in order."""

    found: tuple[Entity, ...]
    starts: tuple[int, ...]
    names: tuple[tuple[int, int], ...]

    def spans(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Spans of all names that begin in ``[start, end)``, also of those that only report or give orders."""
        return self.names[bisect_left(self.names, (start, 0)) : bisect_left(self.names, (end, 0))]

    def between(self, start: int, end: int) -> tuple[Entity, ...]:
        """Entities that begin in ``[start, end)``."""
        return self.found[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def find_entities(text: str, folded: str, hits: Hits) -> Entities:
    """Entities by the patterns and by name, without those that only report or are told what to do."""
    listed = [
        _listed(text, hit, label.dimension, label.item)
        for hit in _outside(hits)
        for label in hit.labels
        if not label.subject
    ]
    taken = {each.start for each in listed if each.dimension == "unit"}
    provinces = {each.name.lower() for each in listed if each.dimension == "area"}
    named = [each for each in _named(text) if each.start not in taken and each.name.lower() not in provinces]
    kept = [
        each
        for each in (*listed, *named)
        if each.dimension not in _ELSEWHERE or not _SOURCE.search(folded, max(each.start - 16, 0), each.start)
    ]
    kept = _apart(sorted(kept, key=lambda each: (each.start, -each.end)))
    names = sorted((each.start, each.end) for each in (*listed, *named))
    return Entities(tuple(kept), tuple(each.start for each in kept), tuple(names))


def _apart(ordered: list[Entity]) -> list[Entity]:
    """Entities without the names that begin inside another name: TP Quy Nhơn holds Quy Nhơn."""
    found: list[Entity] = []
    reached = -1
    for each in ordered:
        if each.dimension in ("district", "body"):
            if each.start < reached:
                continue
            reached = each.end
        found.append(each)
    return found


def _outside(hits: Hits) -> Iterator[Hit]:
    """Hits of entities that are no part of a longer label, as công nghiệp is in ``chỉ số sản xuất công nghiệp``."""
    reached = [0, 0]
    for hit in hits.found:
        is_entity = not hit.labels[0].subject
        if not is_entity and not hit.has_gap and hit.labels[0].place == BEFORE and hit.end > reached[1]:
            reached = [hit.start, hit.end]
        inside = reached[0] <= hit.start and hit.end <= reached[1] and (hit.start, hit.end) != tuple(reached)
        if is_entity and not inside:
            yield hit


def _listed(text: str, hit: Hit, dimension: str, item: str) -> Entity:
    return Entity(hit.start, hit.end, dimension, item, text[hit.start : hit.end])


def _named(text: str) -> Iterator[Entity]:
    for found in _DISTRICT.finditer(text):
        yield Entity(found.start(), found.end(), "district", ascii_id(found["name"]), found[0])
    for found in _BODY.finditer(text):
        yield Entity(found.start(), found.end(), "body", ascii_id(found[0]), found[0].strip())
    for found in _ACTOR.finditer(text):
        yield Entity(found.start("name"), found.end("name"), "district", ascii_id(found["name"]), found["name"])
    for found in _BARE.finditer(text):
        yield Entity(found.start("name"), found.end("name"), "district", ascii_id(found["name"]), found["name"])


def ascii_id(name: str) -> str:
    """Id of a proper name: its letters without marks, joined by underscores."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "_".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower()))
