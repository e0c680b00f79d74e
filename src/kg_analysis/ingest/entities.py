"""Which named thing a figure is of: sector, unit, district, region, status of a count, and what one topic tells apart.

Responsibility: from the entities that are visible where a figure stands to the dimension and item that its indicator
goes by.

Terms: *dimension* = what figures of one indicator differ in, e.g. sector; *item* = the entity's id within it;
*system* = who set the targets or gave the tasks that a count is about; *status* = e.g. met, missed, overdue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg_analysis.ingest import grammar
from kg_analysis.ingest.frames import Placed, Text
from kg_analysis.ingest.labels import Entities, Entity
from kg_analysis.periods import Period

_G = grammar("entities")
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
_INDEX_REACH = 1000  # characters before a score or rank in which its index may be named
_NOBODY = Entity(0, 0, "", "", "")


def entity_of(indicator: str, visible: Sequence[Entity], end: int, clause: int) -> tuple[str, Entity | None]:
    """Dimension and entity of a figure, by the nearest visible one of its clause."""
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
    """Dimension and item of a count by status: ``task_status``, ``government/overdue``."""
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


def item_of(text: Text, placed: Placed, name: str, period: Period, above: str, wave: str) -> tuple[str, str, str]:  # noqa: PLR0911
    """Dimension, item and readable name of what tells a figure apart."""
    if not name:
        return "", "", ""
    found, sentence, entities = placed.found, placed.sentence, text.entities
    span = (sentence.start, sentence.end)
    own, bounds = (found.start, placed.partner.end), (placed.chain, placed.following)
    dimension, item = status_of(name, entities, text.folded, span, own, bounds, found.pair == "second", above)
    if dimension:
        quarter = period[0] == "quarter" and dimension == "programme_status"
        return dimension, f"{item}_q{(period[1].month + 2) // 3}" if quarter else item, ""
    if special := special_item(name, text.folded, span, (found.start, found.end), wave):
        return *special, ""
    if "_rank" in name and not name.startswith(("governance", "online")) and (region := _region(text, placed)):
        return "region", *region
    dimension, entity = entity_of(name, placed.entities, found.start, placed.clause)
    if dimension == "sector" and "per_capita" in name:
        return "", "", ""
    if entity and re.match(r"\s+(?:của (?:toàn )?tỉnh|toàn tỉnh|chung)\b", text.folded[found.end : found.end + 20]):  # noqa: SIM102
        if dimension == "sector" and re.search(
            r"trong tổng (?:số|mức)[^,;]*$", text.folded[placed.chain : found.start]
        ):
            return "", "", ""
    if entity and not (name.startswith("iip") and entity.item == "industry"):  # the index is of industry itself
        return dimension, entity.item, entity.name
    if name.startswith("governance_index"):  # the index that the text spoke of last
        named = [each for each in entities.between(max(span[0] - _INDEX_REACH, 0), found.start) if each.dimension == "index"]
        return ("index", named[-1].item, named[-1].name) if named else ("", "", "")
    if _G.of_district.search(text.folded, *span):
        named = [each for each in entities.between(max(span[0] - 400, 0), found.start) if each.dimension == "district"]
        if named:
            return "district", named[-1].item, named[-1].name
    if name in ("pubinv_plan", "pubinv_disbursed_plan_ratio"):
        return _plan_level(text, placed)
    return "", "", ""


def _plan_level(text: Text, placed: Placed) -> tuple[str, str, str]:
    """Who set the plan that a sum or ratio is about, where the sentence names it: Thủ tướng Chính phủ giao."""
    found = placed.found
    stop = min(placed.following, found.end + 60)
    if end := re.search(r"[;.,)]", text.folded[found.end : stop]):
        stop = found.end + end.start()
    behind = [each for each in text.entities.between(found.end, stop) if each.dimension == "plan_level"]
    before = [each for each in placed.entities if each.dimension == "plan_level" and each.end <= found.start]
    if each := next(iter([*behind, *reversed(before)]), None):
        return "plan_level", each.item, each.name
    return "", "", ""


def _region(text: Text, placed: Placed) -> tuple[str, str] | None:
    """Region within which a rank is printed: behind it, else right before it."""
    found = placed.partner
    stop = min(placed.following, found.end + 75)
    if end := re.search(r"[;.]|,(?! thành\b| phố\b)", text.folded[found.end : stop]):
        stop = found.end + end.start()
    for each in text.entities.between(found.end, stop):
        if each.dimension == "region":
            return each.item, each.name
        if each.dimension == "area" and each.item == "00":
            return "country", each.name
    if (placed.partner is not placed.found and placed.partner.value in (63, 34)) or found.value in (63, 34):
        return "country", ""
    before = [
        each
        for each in placed.entities
        if each.end <= placed.found.start
        and (each.dimension == "region" or each.item == "00")
        and re.search(r"(?:thứ|hạng)\s(?:[^\s]+\s){1,3}$", text.folded[max(each.start - 30, 0) : each.start])
    ]
    if before:
        return ("country" if before[-1].item == "00" else before[-1].item), before[-1].name
    return None
