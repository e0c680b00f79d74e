"""Labels and named things: where a text uses the words that indicators and entities go by; the codebook.

Responsibility: read ``data/label_patterns.csv`` into a tree of words and find every pattern in a text in one pass;
names of departments, districts and other bodies that no list can hold, by their capital letters; from subject, role
and printed unit to one indicator of the codebook, or to none.

Terms: *subject* = indicator, or the stem that the names of its family begin with (``retail_sales`` for level, growth
and plan ratio); *entity* = what a pattern without a subject names: sector, unit, district, status …; *hit* = a pattern
found; ``[a|b]`` in a pattern may be left out or be one of the two, ``…`` stands for further words of the clause;
*role* = how a figure is printed: level, growth, plan_ratio, share, points, rank, count …; *item* = id of an entity:
from the patterns, else its proper name in ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from kg_analysis.ingest import grammar
from kg_analysis.ingest.document import fold
from kg_analysis.ingest.numerals import Found
from kg_analysis.vietnamese import NEGATIVE

UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x1EF9) if chr(code).isupper() and chr(code).isalpha())
_G = grammar("labels", upper=UPPER)
BEFORE, AFTER, ENTITY = "before", "after", "entity"
_LAYERS = (BEFORE, AFTER, ENTITY)
GROWTH = "growth"  # a label that says "grows" of whatever the sentence is about
REVENUE = "revenue"  # a label that says "revenue" of whatever the sentence is about
OWNER = "owner"  # a label that says whose a figure is, and nothing of what it measures
OTHER = "other"  # a label that is known to be none of the codebook's
_OPTION = re.compile(r"\[([^\[\]]*)\]")
_JOINT = re.compile(r"[ ,%/\-\"“”'’*()\n]{1,4}|\.|(?<=tp)\. ")
_TOKEN = re.compile(r"[^\W_⁰¹²³⁴⁵⁶⁷⁸⁹]+")  # words of labels; those of khu vực 1 and mũi 2 hold a digit
_HOUSEHOLDS = re.compile(r"\bhộ\b|gia đình")
_BETWEEN = r"(?:[^.;:\n]|(?<=\d)\.(?=\d)){0,60}?"  # what "…" may stand for, numbers of thousands among it
_WITHIN = (  # dimensions of entities that a label may hold: diện tích sắn
    *("index", "product", "season", "species", "water", "carriage", "waste", "disease", "revenue_item"),
    *("cause", "expenditure_item", "term", "school_level", "ownership", "currency", "purpose", "deposit_kind"),
    *("timeliness", "stage", "sanction", "debt_kind", "dose", "sex", "settlement"),
)
_ELSEWHERE = ("district", "unit", "body")  # entities that make a figure one of part of the province


Tree = dict[str, Any]


@dataclass(frozen=True)
class Label:
    """One row of the patterns."""

    subject: str  # empty for an entity, ``other`` for a label outside the codebook
    dimension: str
    item: str
    place: str  # whether the label stands before or after its number


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


def compile_labels(patterns: pd.DataFrame) -> Tree:
    """Tree of words whose leaves are the labels that end there."""
    columns = ["pattern", "subject", "dimension", "item", "place"]
    return _compiled(tuple(patterns[columns].itertuples(index=False, name=None)))


@lru_cache(maxsize=2)  # several reports are drafted with the same rows
def _compiled(rows: tuple[tuple[str, ...], ...]) -> Tree:
    tree: Tree = {}
    for pattern, subject, dimension, item, place in rows:
        label = Label(subject, dimension, item, place or BEFORE)
        for variant in _variants(pattern):
            _plant(tree, variant, label)
            for short, long in _G.abbreviations.items():
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
    for word in _TOKEN.findall(head):
        node = node.setdefault(word, {})
    if rest:
        gapped = _BETWEEN.join(r"\b" + r"\W+".join(_TOKEN.findall(part)) + r"\b" for part in rest.split("…"))
        node.setdefault("…", {}).setdefault(gapped, []).append(label)
    elif label not in node.setdefault("", []):
        node[""].append(label)


@lru_cache(maxsize=512)
def _gap(rest: str) -> re.Pattern[str]:
    return re.compile(_BETWEEN + rest)


def find_labels(tree: Tree, folded: str) -> Hits:
    """Hits of a text; those that lie inside a longer hit are left out."""
    tokens = list(_TOKEN.finditer(folded))
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

    def of(self, dimension: str) -> list[Entity]:
        """Entities of a dimension."""
        return [each for each in self.found if each.dimension == dimension]

    def between(self, start: int, end: int) -> tuple[Entity, ...]:
        """Entities that begin in ``[start, end)``."""
        return self.found[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def find_entities(text: str, folded: str, hits: Hits) -> Entities:
    """Entities by the patterns and by name, without those that only report or are told what to do."""
    listed = [
        _listed(text, hit, label.dimension, label.item)
        for hit in _outside(hits)
        for label in hit.labels
        if not label.subject and not (label.item == "construction" and _G.builds.match(folded, hit.start))
    ]
    taken = {each.start for each in listed if each.dimension == "unit"}
    elsewhere = {each.name.lower() for each in listed if each.dimension in ("area", "market")}
    spans = [(each.start, each.end) for each in listed if each.dimension == "area"]
    starts = [start for start, _ in spans]
    named = [
        each
        for each in _named(text)
        if each.start not in taken and each.name.lower() not in elsewhere and not _overlaps(text, spans, starts, each)
    ]
    kept = [
        each
        for each in (*listed, *named)
        if each.dimension not in _ELSEWHERE or not _G.source.search(folded, max(each.start - 16, 0), each.start)
    ]
    short = sorted({each.item for each in kept if each.dimension == "district"}, key=len)
    kept = [replace(each, item=_shortest(each, short)) for each in kept]
    kept = _apart(sorted(kept, key=lambda each: (each.start, -each.end)))
    names = sorted((each.start, each.end) for each in (*listed, *named))
    return Entities(tuple(kept), tuple(each.start for each in kept), tuple(names))


def _shortest(each: Entity, items: list[str]) -> str:
    """Item of a district's name without the name of its chairman, where the text has it alone too."""
    own = (item for item in items if each.dimension == "district" and f"{each.item}_".startswith(f"{item}_"))
    own = (item for item in own if each.item.removeprefix(f"{item}_") not in _SIDES)
    return next(own, each.item)


def _overlaps(text: str, spans: list[tuple[int, int]], starts: list[int], each: Entity) -> bool:
    """Whether a name read by its capitals is a city's that is a province, with whatever follows it: UBND TP. HCM."""
    index = bisect_left(starts, each.end) - 1
    if index < 0 or spans[index][1] <= each.start:
        return False
    start = spans[index][0]
    return start <= each.start or text[start : start + 9].lower().startswith(("tp", "thành phố"))


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
    for hit in sorted(hits.found, key=lambda each: (each.start, -each.end)):
        is_entity = not hit.labels[0].subject
        if not is_entity and not hit.has_gap and hit.labels[0].place == BEFORE and hit.end > reached[1]:
            reached = [hit.start, hit.end]
        inside = reached[0] <= hit.start and hit.end <= reached[1] and (hit.start, hit.end) != tuple(reached)
        if is_entity and (not inside or any(each.dimension in _WITHIN for each in hit.labels)):
            yield hit


def _listed(text: str, hit: Hit, dimension: str, item: str) -> Entity:
    return Entity(hit.start, hit.end, dimension, item, text[hit.start : hit.end])


def _named(text: str) -> Iterator[Entity]:
    for found in _G.district.finditer(text):
        yield Entity(found.start(), found.end(), "district", ascii_id(found["name"]), found[0])
    for found in _G.body.finditer(text):
        yield Entity(found.start(), found.end(), "body", ascii_id(found[0]), found[0].strip())
    for found in _G.actor.finditer(text):
        yield Entity(found.start("name"), found.end("name"), "district", ascii_id(found["name"]), found["name"])
    for found in _G.bare.finditer(text):
        yield Entity(found.start("name"), found.end("name"), "district", ascii_id(found["name"]), found["name"])


def ascii_id(name: str) -> str:
    """Id of a proper name: its letters without marks, joined by underscores."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "_".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower()))


_ROLE_OF_FORM = {"rank": "rank", "rank_of": "rank_of", "date": "date", "period": "date"}
_ROLE_OF_CLASS = {"points": "points", "places": "places", "score": "score", "time": "level"}
_SCALED = (
    *("money", "million", "usd", "people", "weight", "area", "count", "yield", "time"),
    *("power", "volume", "tonne_km", "person_km"),
)
_POWERS = {"bn_vnd": 9} | dict.fromkeys(("mn_vnd", "mn_usd", "mn_kwh", "mn_tonne_km", "mn_person_km"), 6)
_INDEX = 50  # percent of last year's from which "đạt" says no growth
_SIDES = ("dong", "tay", "nam", "bac")  # that tell districts of one name apart: Gò Công, Gò Công Tây
_POINT_SUFFIXES = ("_change", "_vs_expectation")


class Codebook:
    """Units and kinds of the indicators, and the members of a family by role."""

    def __init__(self, indicators: pd.DataFrame) -> None:
        table = indicators.set_index("id") if "id" in indicators.columns else indicators
        self.units: dict[str, str] = table["unit"].to_dict()
        self.kinds: dict[str, str] = table["kind"].to_dict()
        self.topics: dict[str, str] = table["topic"].to_dict()

    def topic_of(self, subject: str) -> str:
        """Topic of a subject's family."""
        return self.topics.get(subject) or next(
            (self.topics[each] for each in self.topics if each.startswith(f"{subject}_")), ""
        )

    def resolve(self, subject: str, role: str, unit_class: str, unit: str) -> str:
        """Indicator of a subject's family that fits the role and the printed unit; empty for none."""
        if subject in ("", OTHER, OWNER, REVENUE):
            return ""
        subject = "grdp_growth" if subject == GROWTH else subject
        if unit_class in ("money", "usd"):  # tăng trưởng GRDP đạt 48.212 tỷ đồng
            subject = subject.removesuffix("_growth")
        suffixes = _G.suffixes.get(role, ())
        if role == "growth" and subject.endswith("_growth"):
            suffixes = ("",)
        if unit_class == "usd" and f"{subject}_usd" in self.units:
            subject = f"{subject}_usd"
        if role == "neutral" and subject not in self.units:
            suffixes = ("_growth", "_ratio", "_share")
        for suffix in suffixes:
            name = subject + suffix
            if name in self.units and self._fits(name, suffix, role, unit_class, unit):
                return name
        return ""

    def _fits(self, name: str, suffix: str, role: str, unit_class: str, unit: str) -> bool:
        """Whether an indicator can be printed in this unit, in this role."""
        printed, kind = self.units[name], self.kinds[name]
        if (
            kind in ("statement", "list")
            or (printed == "persons" and unit in _G.things)
            or (printed == "count" and unit in _G.persons)
            or ("households" in name and unit_class in ("people", "count", "cases") and not _HOUSEHOLDS.search(unit))
            or (role in ("growth", "growth_mean", "index") and suffix == "" and kind != "rate")
        ):
            return False
        if role in ("change", "compared") and suffix == "" and not name.endswith("_change"):
            return False
        wanted = {"plan_ratio": name.endswith("_ratio"), "share": not name.endswith("_growth")}
        if suffix == "" and not wanted.get(role, True):
            return False
        if unit_class == "time":
            return printed == {"ngày": "days", "năm": "years"}.get(unit.rpartition(" ")[2], "")
        if unit_class == "pct" and printed == "percentage_point":
            return suffix.endswith(_POINT_SUFFIXES) or name.endswith("_change")
        fits = printed in _G.units.get(unit_class, ())
        return fits and (unit_class != "pct" or kind in ("rate", "ratio"))

    def amount(self, found: Found, name: str, folded: str) -> dict[str, Any]:
        """Value, decimals and unit, in the codebook's unit where the indicator is known."""
        unit = self.units.get(name, "") or _default_unit(found)
        shift = found.power - _POWERS.get(unit, 0) if found.unit_class in _SCALED else 0
        value = None if found.value is None else found.value.scaleb(shift)
        changes = name.endswith(("_change", "_vs_expectation", "_difference")) and not found.direction
        if value is not None and value > 0 and changes and _falls(folded, found):
            value = -value
        return {
            "value": None if value is None else float(value),
            "decimals": None if found.value is None else max(0, found.decimals - shift),
            "unit": found.unit,
            "unit_id": unit,
            "qualifier": found.qualifier,
        }


def _falls(folded: str, found: Found) -> bool:
    """Whether the clause before a change says that it falls: giảm tỷ lệ hộ nghèo 0,5%."""
    before = folded[max(found.start - 60, 0) : found.start]
    words = [each for each in ("giảm", "tăng", "thấp hơn", "cao hơn") if each in before]
    return bool(words) and max(words, key=before.rindex) in NEGATIVE


def _default_unit(found: Found) -> str:
    """Unit of a figure whose indicator is not known."""
    if found.unit_class in ("money", "million"):
        return "bn_vnd" if found.power >= 9 else "mn_vnd"
    if found.unit_class == "time":
        return {"ngày": "days", "năm": "years"}.get(found.unit, "")
    return _G.default_units.get(found.unit_class, "")


def role_of(found: Found, folded: str, start: int, end: int = 0) -> str:  # noqa: PLR0911
    """Role of a figure by its form, unit and the words beside it, which begin behind ``start`` and go on at ``end``."""
    end = max(end, found.end)
    if found.form in _ROLE_OF_FORM:
        return _ROLE_OF_FORM[found.form]
    before = folded[max(start, found.start - 70) : found.start]
    if found.unit_class == "points" and _G.expected_before.search(before):
        return "expectation"
    if found.unit_class == "score" and found.pair == "second":
        return "score_of"
    against_year = _G.against_year.match(folded, end)
    moves = found.direction in ("tăng", "giảm") or (found.direction in ("cao hơn", "thấp hơn") and against_year)
    if found.unit_class == "score" and (moves or _G.places_and.search(before)):
        return "score_change"
    of_before = found.direction in ("tăng", "giảm") and against_year
    if found.unit_class == "points" and (of_before or found.direction in ("cao hơn", "thấp hơn", "vượt")):
        return "expectation" if found.direction == "vượt" or _G.expected.match(folded, end) else "compared"
    if found.unit_class in _ROLE_OF_CLASS:
        return _ROLE_OF_CLASS[found.unit_class]
    if found.unit_class == "pct":
        return _role_of_share(found, before, folded[end : end + 60])
    return _role_of_amount(found, before, folded[end : end + 60])


def _role_of_amount(found: Found, before: str, after: str) -> str:
    """Role of a figure in money, persons, tonnes, times, or of a count."""
    if found.unit_class == "times":
        return "multiple" if found.direction in ("tăng", "giảm", "gấp") or before.endswith("gấp ") else "level"
    if found.unit_class == "" and found.decimals and (role := _unitless(found, before)):
        return role
    if (
        found.direction in ("tăng", "giảm", "cao hơn", "thấp hơn")
        or _G.changed.search(before)
        or _signed(found, before)
    ):
        return "change"
    if found.direction == "vượt" and found.unit_class in ("money", "usd", "million") and _G.plan.match(after):
        return "none"  # by how much
    if _G.same_as.search(before) and found.unit_class != "usd":
        return "none"  # says again what was just said, in another unit
    return "count" if found.unit_class in ("count", "") else "level"


def _signed(found: Found, before: str) -> bool:
    """Whether a figure has a sign for its direction: máy in -44,1%; in brackets (+11,2%), (- 787 ha)."""
    below = found.value is not None and found.value < 0
    return bool(_G.signed.search(before)) or (below and (found.unit_class == "pct" or before.endswith("(")))


def _unitless(found: Found, before: str) -> str:
    """Role of decimals without a unit: gấp 2,03 cùng kỳ, tăng 8,66 so với cùng kỳ, tổng điểm là 72,80."""
    if found.direction in ("tăng", "giảm", "gấp"):
        return "multiple" if found.direction == "gấp" else "growth"
    return "score" if _G.scored.search(before) else ""


def _role_of_share(found: Found, before: str, after: str) -> str:  # noqa: PLR0911
    """Role of a figure in percent."""
    expected = _G.expected_before.search(before) and not _G.stated.search(before)
    if found.direction in ("vượt", "hụt", "cao hơn", "thấp hơn") or expected:
        if found.direction == "vượt" and _G.against_year.match(after):
            return "growth"
        if found.direction == "vượt" and before.endswith("đạt và ") and not _G.plan.match(after):
            return "neutral"
        if _G.expected.match(after) or expected:
            return "expectation"
        if found.direction in ("cao hơn", "thấp hơn") and not _G.plan.match(after):
            return "compared"
        return "above_plan"
    if _G.above_before.search(before) and not _G.stated.search(before):
        return "above_plan"
    if found.direction in ("tăng", "giảm") and _G.against_plan.match(after):
        return "above_plan" if _G.planned.match(after) else "expectation"
    if found.direction in ("tăng", "giảm", "âm") or _G.speed.search(before) or _signed(found, before):
        return "growth_mean" if _G.mean.search(before) else "growth"
    if _G.mean.search(before):
        return "neutral_mean"
    shared = _G.share.search(before) and not (_G.plan.match(after) or _G.of_grdp.match(after))
    return "share" if shared else _role_of_ratio(found, after)


def _role_of_ratio(found: Found, after: str) -> str:
    """Role of a share by what it is held against."""
    above = found.direction == "đạt" and found.value is not None and found.value > _INDEX
    if (found.direction == "bằng" or above) and _G.against_year.match(after):
        return "index"  # 118,5% of last year's: neither growth nor share of the plan
    if _G.of_grdp.match(after):
        return "of_grdp"
    return "plan_ratio" if _G.plan.match(after) else "neutral"
