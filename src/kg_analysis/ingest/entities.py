"""The named things of a text: sectors, units, districts and other bodies, statuses, indices, areas.

Responsibility: entities from the patterns, and the names of departments, districts and other bodies that no list can
hold, read by their capital letters; which of them is a figure's own, by the dimensions that its indicator goes by.

Terms: *dimension* = what figures of one indicator differ in, e.g. sector; *item* = the entity's id within it: from the
patterns, else its proper name in ASCII; *system* = who set the targets or gave the tasks that a count is about.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg_analysis.ingest import grammar
from kg_analysis.ingest.labels import BEFORE, Hit, Hits

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
    rf"(?!TP|TX)(?:(?<=[:;,(] )|(?<=\blà )|(?<=\bgồm )|(?<=\btại )|(?<=\bvà )|(?<=\btiếp )|(?<=\bđến )|"
    rf"(?<=\bở ))(?P<name>[{_UPPER}]\w*(?: [{_UPPER}]\w*){{1,3}})(?=:? \(?\d)"
)
_ACTOR = re.compile(
    rf"(?:[Tt]rong đó,?|[Rr]iêng|[.;] ) ?(?P<name>[{_UPPER}]\w+(?: [{_UPPER}]\w+){{1,2}}) (?=đón|đạt|thu|"
    rf"giải ngân|có|ghi nhận|ước|tăng|giảm)"
)

_G = grammar("entities")
_ELSEWHERE = ("district", "unit", "body")  # entities that make a figure one of part of the province


@dataclass(frozen=True)
class Entity:
    """A named thing in the text."""

    start: int  # offsets [characters]
    end: int
    dimension: str
    item: str
    name: str  # as printed


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
    spans = [(each.start, each.end) for each in listed if each.dimension == "area"]
    starts = [start for start, _ in spans]
    named = [
        each
        for each in _named(text)
        if each.start not in taken and each.name.lower() not in provinces and not _overlaps(spans, starts, each)
    ]
    kept = [
        each
        for each in (*listed, *named)
        if each.dimension not in _ELSEWHERE or not _G.source.search(folded, max(each.start - 16, 0), each.start)
    ]
    kept = _apart(sorted(kept, key=lambda each: (each.start, -each.end)))
    names = sorted((each.start, each.end) for each in (*listed, *named))
    return Entities(tuple(kept), tuple(each.start for each in kept), tuple(names))


def _overlaps(spans: list[tuple[int, int]], starts: list[int], each: Entity) -> bool:
    """Whether a name read by its capitals is a province's: TP. HCM."""
    index = bisect_left(starts, each.end) - 1
    return index >= 0 and spans[index][0] <= each.start and spans[index][1] >= each.end


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


_FAMILIES = (
    ("grdp_growth_rank", ("region",)),
    ("grdp", ("sector",)),
    ("iip", ("sector",)),
    ("industrial", ("sector",)),
    ("pubinv", ("unit", "fund_source", "district", "body")),
    ("exports", ("product",)),
    ("imports", ("product",)),
    ("covid", ("district",)),
    ("vaccin", ("district",)),
    ("governance_index", ("index",)),
    ("target_count", ()),
    ("task_count", ()),
    ("programme_item_count", ()),
)
LISTED = ("district", "unit", "body", "sector", "fund_source")  # what lists of figures go by
_COUNTED = {"target_count": "target", "task_count": "task", "programme_item_count": "programme"}
_DEFAULT_SYSTEM = {"target": "unspecified", "task": "province", "programme": "programme"}
_DEFAULT_STATUS = {"target": "total", "task": "assigned", "programme": "assigned"}
_NOBODY = Entity(0, 0, "", "", "")


def entity_of(indicator: str, visible: Sequence[Entity], end: int, clause: int) -> tuple[str, Entity | None]:
    """Dimension and entity of a figure, by the nearest visible one of its clause.

    Parameters
    ----------
    indicator : str
    visible : sequence of Entity
        Entities that are visible before the figure, in text order.
    end : int
        Where the figure begins [characters].
    clause : int
        Where its clause begins.
    """
    wanted = dimensions_of(indicator)
    for each in reversed(visible):
        if each.end > end or each.start < clause:
            continue
        if each.dimension in wanted:
            dimension = (
                "unit" if indicator.startswith("pubinv") and each.dimension in ("district", "body") else each.dimension
            )
            return dimension, each
        if each.dimension == "district" and indicator not in _COUNTED:
            return "district", each
    return "", None


def dimensions_of(indicator: str) -> tuple[str, ...]:
    """Dimensions that tell figures of an indicator apart."""
    return next((wanted for stem, wanted in _FAMILIES if indicator.startswith(stem)), ())


def status_of(
    indicator: str,
    entities: Entities,
    folded: str,
    sentence: tuple[int, int],
    figure: tuple[int, int],
    bounds: tuple[int, int],
    second: bool,
    above: str,
) -> tuple[str, str]:
    """Dimension and item of a count by status: ``task_status``, ``government/overdue``.

    Parameters
    ----------
    indicator : str
    entities : Entities
    folded : str
    sentence : (int, int)
        Offsets of the stretch in which the system is named.
    figure : (int, int)
        Offsets of the figure.
    bounds : (int, int)
        End of the figure before and start of the one after.
    second : bool
        Whether the figure is the total of a printed a/b.
    above : str
        Headings above the figure, folded.
    """
    kind = _COUNTED.get(indicator, "")
    if not kind:
        return "", ""
    system = _system(entities, f"{kind}_system", folded, sentence, figure, bounds) or _DEFAULT_SYSTEM[kind]
    if kind == "programme" and (
        found := _G.programme.search(above) or _G.programme.search(folded, max(sentence[0] - 1500, 0), figure[0])
    ):
        system = f"programme{found[1]}"
    status = "" if second else _status(entities, f"{kind}_status", folded, figure, bounds)
    return f"{kind}_status", f"{system}/{status or _DEFAULT_STATUS[kind]}"


def _system(
    entities: Entities,
    dimension: str,
    folded: str,
    sentence: tuple[int, int],
    figure: tuple[int, int],
    bounds: tuple[int, int],
) -> str:
    """Who set the targets or gave the tasks: named behind the figure, else before it, else anywhere in the sentence."""
    named = [each for each in entities.between(*sentence) if each.dimension == dimension]
    behind = [each for each in named if figure[1] <= each.start < bounds[1]]
    before = [each for each in named if each.start < figure[0]]
    beside = [each for each in behind if not re.search(r"[,;.()]", folded[figure[1] : each.start])]
    ranked = [*beside, *before[::-1], *behind, *named]
    return ranked[0].item if ranked else ""


def _status(entities: Entities, dimension: str, folded: str, figure: tuple[int, int], bounds: tuple[int, int]) -> str:
    """Status right before the figure, else the first one behind it, up to the neighbouring figures."""
    beside = [each for each in entities.between(figure[1], figure[1] + 2) if each.dimension == dimension]
    if beside and beside[0].start < bounds[1]:
        return beside[0].item
    before = [each for each in entities.between(bounds[0], figure[0] + 1) if each.dimension == dimension]
    close = [each for each in before if not re.search(r"[;.,]", folded[each.end : figure[0]])]
    if close:
        return close[-1].item
    stop = min((at for mark in ";,)" if (at := folded.find(mark, figure[1], bounds[1])) >= 0), default=bounds[1])
    behind = [each for each in entities.between(figure[0], stop) if each.dimension == dimension]
    return (behind or before[-1:] or [_NOBODY])[0].item


def special_item(
    name: str, folded: str, sentence: tuple[int, int], figure: tuple[int, int], wave: str
) -> tuple[str, str] | None:
    """Dimension and item that only one topic's words give: phase of a wave, directive, share that bounds a count."""
    if name.startswith(("covid_mean", "covid_phase_start", "covid_phase_end")):
        phases = list(_G.phase.finditer(folded, sentence[0], figure[0]))
        return ("wave_phase", f"{wave}-{int(phases[-1][1])}") if phases and wave else None
    if name.startswith("measure_") and (found := list(_G.directives.finditer(folded, *sentence))):
        before = [each for each in found if each.start() < figure[0]] or found
        numbers = re.findall(r"\d+", before[-1][2]) or [before[-1][1]]
        scope = (
            "province" if re.search(r"toàn tỉnh|trên địa bàn tỉnh", folded[sentence[0] : sentence[1]]) else "localities"
        )
        return "measure", f"directive_{'_'.join(sorted(numbers))}/{scope}"
    if name == "pubinv_unit_count" and (bound := _G.bound.match(folded, figure[1])):
        return "disbursed_ratio", f"units/{'below' if bound[1] == 'dưới' else 'above'}_{bound[2]}pct"
    return None
