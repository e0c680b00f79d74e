"""What tells a figure apart from others of its indicator: the dimension, the item of it, and the area.

Responsibility: which of the entities around a figure is its own, by the dimensions that its indicator goes by; the
status that a count is of, and what only one topic's words give. How entities are found is ``match_entities``'s matter.

Terms: *dimension* = what figures of one indicator differ in, e.g. sector; *item* = the entity's id within it;
*system* = who set the targets or gave the tasks that a count is about.
"""

from __future__ import annotations

import re

from kg_analysis.ingest.match_entities import Entities, Entity

_FAMILIES = (
    ("grdp_growth_rank", ("region",)),
    ("grdp", ("sector",)),
    ("iip", ("sector",)),
    ("industrial", ("sector",)),
    ("pubinv", ("unit", "fund_source", "district", "body")),
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
_PROGRAMME = re.compile(r"chương trình (?:hành động )?số (\d{1,3})")
_NOBODY = Entity(0, 0, "", "", "")


def entity_of(indicator: str, entities: Entities, start: int, end: int, hard: int) -> tuple[str, Entity | None]:
    """Dimension and entity of a figure, by the nearest one before it.

    Parameters
    ----------
    indicator : str
    entities : Entities
    start, end : int
        Offsets between which the entity must begin: the clause up to the figure [characters].
    hard : int
        Offset behind which an entity of another kind (a district within a provincial figure) counts.
    """
    wanted = dimensions_of(indicator)
    for each in reversed(entities.between(start, end)):
        if each.end > end:
            continue
        if each.dimension in wanted:
            dimension = (
                "unit" if indicator.startswith("pubinv") and each.dimension in ("district", "body") else each.dimension
            )
            return dimension, each
        if each.dimension == "district" and each.start >= hard and indicator not in _COUNTED:
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
        found := _PROGRAMME.search(above) or _PROGRAMME.search(folded, max(sentence[0] - 1500, 0), figure[0])
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
    before = [each for each in entities.between(bounds[0], figure[0] + 1) if each.dimension == dimension]
    close = [each for each in before if not re.search(r"[;.,]", folded[each.end : figure[0]])]
    if close:
        return close[-1].item
    stop = min((at for mark in ";,)" if (at := folded.find(mark, figure[1], bounds[1])) >= 0), default=bounds[1])
    behind = [each for each in entities.between(figure[0], stop) if each.dimension == dimension]
    return (behind or before[-1:] or [_NOBODY])[0].item


_PHASE = re.compile(r"giai đoạn (?:thứ )?0?(\d{1,2})\b")
_DIRECTIVES = re.compile(r"chỉ thị (?:số )?(\d{1,2})(?:/ct-ttg)?((?:\s*(?:,|và|xuống|sang)\s*\d{1,2}\b)*)")
_BOUND = re.compile(r"[^.;]{0,60}?\b(dưới|trên)\s+(\d{1,3})\s?%")


def special_item(
    name: str, folded: str, sentence: tuple[int, int], figure: tuple[int, int], wave: str
) -> tuple[str, str] | None:
    """Dimension and item that only one topic's words give: phase of a wave, directive, share that bounds a count."""
    if name.startswith(("covid_mean", "covid_phase_start", "covid_phase_end")):
        phases = list(_PHASE.finditer(folded, sentence[0], figure[0]))
        return ("wave_phase", f"{wave}-{int(phases[-1][1])}") if phases and wave else None
    if name.startswith("measure_") and (found := list(_DIRECTIVES.finditer(folded, *sentence))):
        before = [each for each in found if each.start() < figure[0]] or found
        numbers = re.findall(r"\d+", before[-1][2]) or [before[-1][1]]
        scope = (
            "province" if re.search(r"toàn tỉnh|trên địa bàn tỉnh", folded[sentence[0] : sentence[1]]) else "localities"
        )
        return "measure", f"directive_{'_'.join(sorted(numbers))}/{scope}"
    if name == "pubinv_unit_count" and (bound := _BOUND.match(folded, figure[1])):
        return "disbursed_ratio", f"units/{'below' if bound[1] == 'dưới' else 'above'}_{bound[2]}pct"
    return None


_NO_AREA = re.compile(
    r"(?:so với|bình quân|xếp|đứng|hạng|từ|giáp|các tỉnh|cùng|với|thứ \d+(?:/\d+)?)\s+(?:\S+\s+){0,3}$"
)


def area_of(entities: Entities, folded: str, start: int, end: int, own: str) -> tuple[str, str]:
    """Area that a sentence speaks of before a figure, with its name; the report's own where it names none."""
    for each in reversed(entities.between(start, end)):
        if each.dimension != "area" or each.end > end:
            continue
        if _NO_AREA.search(folded[max(each.start - 40, start) : each.start]) and "(" not in folded[each.end : end]:
            continue
        return each.item, "" if each.item == own else each.name
    return own, ""
