"""What tells figures of one indicator apart: the named thing that each is of, its basis, and what a rate compares with.

Responsibility: from the entities that are visible where a figure stands to the dimension and item that its indicator
goes by; outturn, estimate, plan or scenario by the words of its bracket, clause, sentence, headings and title, and
where none says, by the end of its period against the day of writing.

Terms: *dimension* = what figures of one indicator differ in, e.g. sector; *item* = the entity's id within it;
*system* = who set the targets or gave the tasks that a count is about; *status* = e.g. met, missed, overdue.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from kg_analysis.ingest import grammar
from kg_analysis.ingest.document import Span
from kg_analysis.ingest.frames import ACTUAL, ESTIMATE, PLAN, SCENARIO, Placed, Text
from kg_analysis.ingest.labels import UPPER, Entity, ascii_id
from kg_analysis.ingest.meaning import Meaning
from kg_analysis.vietnamese import Period

_E, _B = grammar("entities", upper=UPPER), grammar("meaning")
_COUNTED = {  # by status: what is counted, by whom it is set and in what state where the text does not say
    "target_count": ("target", "unspecified", "total"),
    "task_count": ("task", "province", "assigned"),
    "programme_item_count": ("programme", "programme", "assigned"),
}
_INDEX_REACH, _PROGRAMME_REACH, _SYSTEM_REACH = 1000, 1500, 400
_CITIES = ("00", "01", "31", "48", "79", "92")  # whose reports say "the city" of themselves, and the country
_GROUND = 2  # how much oftener a name counts that figures are said to be on the ground of
_BEGINNING, _OPENING = 600, 60  # characters of a text that say whose report it is, and its first words
_NOTHING = ("", "", "")


def dimensions_of(indicator: str) -> tuple[str, ...]:
    """Dimensions that tell figures of an indicator apart."""
    return next((tuple(wanted) for stem, wanted in _E.families.items() if indicator.startswith(stem)), ())


def home_of(text: Text, area: str) -> tuple[Entity | None, bool]:
    """District that a text is about, named in its beginning and oftener than others and the province; or may be."""
    begins = text.text[:_BEGINNING]
    areas = text.entities.of("area")
    named = {ascii_id(each["name"]): each["name"] for each in _E.ground.finditer(text.text)}
    grounds = dict.fromkeys(named, _GROUND)
    named |= {ascii_id(each): each for each in _E.districts.get(area, ()) if each in begins}
    districts = sorted(text.entities.of("district"), key=lambda each: -len(each.name))
    if area in _CITIES:  # Phó Chủ tịch UBND thành phố Hồ Kỳ Minh
        districts = [each for each in districts if not _E.chair.search(text.folded, each.start - 30, each.end)]
    named |= {each.item: _E.prefix.sub("", each.name) for each in districts}  # without the name of its chairman
    of_areas = {ascii_id(_E.prefix.sub("", each.name)) for each in areas}
    often = {
        item: text.text.count(name) + grounds.get(item, 0)
        for item, name in named.items()
        if name in begins and item not in of_areas
    }
    near = any(each.start < _BEGINNING for each in text.entities.of("district") if each.item not in of_areas)
    said = begins.lower()
    local = near or bool(_E.of_district.search(said) and not _E.whole.search(said))
    local = local or (area not in _CITIES and _E.of_city.search(said) is not None)
    item = max(often, key=often.__getitem__, default="")
    whole = len(_E.of_province.findall(text.folded))
    whole += max(Counter(each.item for each in areas if each.item != "00").values(), default=0)
    rivals = sum(count for each, count in often.items() if each != item)
    if not item or often[item] < max(rivals + 1, whole):
        return None, local
    at = text.text.index(named[item])
    is_home = at < _OPENING or _E.home.search(text.folded[max(at - 25, 0) : at]) or _E.of_district.search(text.folded)
    return (Entity(at, at + len(named[item]), "district", item, named[item]), False) if is_home else (None, local)


def item_of(  # noqa: PLR0911
    text: Text, placed: Placed, name: str, label: Span, period: Period, above: str, wave: str
) -> tuple[str, str, str]:
    """Dimension, item and readable name of what tells a figure apart; ``label`` is where its indicator is named."""
    if not name:
        return _NOTHING
    if name in _COUNTED:
        return _status_of(text, placed, name, period, above)
    span = (placed.sentence.start, placed.sentence.end)
    if special := special_item(name, text.folded, span, (placed.found.start, placed.found.end), wave):
        return *special, ""
    if "_rank" in name and not name.startswith(("governance", "online")) and (region := _region(text, placed)):
        return "region", *region
    dimension, entity = _entity_of(text, name, placed, label)
    if dimension == "sector" and ("per_capita" in name or _is_of_whole(text, placed)):
        return _NOTHING
    if entity and not (name.startswith(("iip", "fish_catch")) and entity.item in ("industry", "seafood")):  # of itself
        return dimension, entity.item, entity.name
    if name.startswith("governance_index"):
        return _last_named(text, "index", span[0] - _INDEX_REACH, placed.found.start)
    return _plan_level(text, placed) if name in ("pubinv_plan", "pubinv_disbursed_plan_ratio") else _NOTHING


def _entity_of(text: Text, indicator: str, placed: Placed, label: Span) -> tuple[str, Entity | None]:
    """Dimension and entity of a figure, by the nearest visible one of its clause that belongs to its label."""
    wanted = dimensions_of(indicator)
    for each in reversed(placed.entities):
        if each.end <= placed.found.start and each.start >= placed.clause and each.dimension in (*wanted, "district"):
            if _E.mainly.search(text.folded, max(each.start - 12, 0), each.start):
                continue  # thủy sản, chủ yếu là tôm
            if each.dimension == "sector" and _E.whole_label.match(text.folded[each.end : label[1]]):
                return "", None
            of_unit = indicator.startswith("pubinv") and each.dimension in ("district", "body")
            return "unit" if of_unit else each.dimension, each
    if wanted and (lead := _lead_in(text, placed.sentence.start)):
        for each in text.entities.between(*lead):
            if each.dimension in wanted and each.dimension == "season":
                return each.dimension, each  # Vụ Đông Xuân: …. Năng suất đạt 6,88 tấn/ha
    end = placed.partner.end
    for each in text.entities.between(end, min(placed.following, end + 60)) if indicator.startswith("covid") else ():
        if each.dimension == "district" and _E.beside.fullmatch(text.folded, end, each.start):
            return each.dimension, each  # 03 ca mắc ở huyện Cầu Kè
    return "", None


def _lead_in(text: Text, at: int) -> tuple[int, int] | None:
    """Span of the words that a paragraph opens with before a colon."""
    start = text.folded.rfind("\n", 0, at) + 1
    end = text.folded.find(":", start, start + _OPENING)
    return (start, end) if 0 <= end < at else None


def _is_of_whole(text: Text, placed: Placed) -> bool:
    """Whether a sector before a figure is only part of what it is of: trong tổng số …, 7,1% chung."""
    behind = text.folded[placed.found.end : placed.found.end + 20]
    before = text.folded[placed.chain : placed.found.start]
    return bool(_E.of_whole.match(behind) and _E.in_total.search(before))


def _last_named(text: Text, dimension: str, start: int, end: int) -> tuple[str, str, str]:
    """The thing of a dimension that the text spoke of last."""
    named = [each for each in text.entities.between(max(start, 0), end) if each.dimension == dimension]
    return (dimension, named[-1].item, named[-1].name) if named else _NOTHING


def _status_of(text: Text, placed: Placed, name: str, period: Period, above: str) -> tuple[str, str, str]:
    """Dimension and item of a count by status: ``task_status``, ``government/overdue``."""
    kind, system, status = _COUNTED[name]
    system = _system(text, placed, f"{kind}_system") or system
    if kind == "programme" and (
        found := _E.programme.search(above)
        or _E.programme.search(text.folded, max(placed.sentence.start - _PROGRAMME_REACH, 0), placed.found.start)
    ):
        system = f"programme{found[1]}"
    if placed.found.pair != "second":
        status = _status(text, placed, f"{kind}_status") or status
    quarter = f"_q{(period[1].month + 2) // 3}" if kind == "programme" and period[0] == "quarter" else ""
    return f"{kind}_status", f"{system}/{status}{quarter}", ""


def _system(text: Text, placed: Placed, dimension: str) -> str:
    """Who set the targets or gave the tasks: named behind the figure, else before it, else anywhere in the sentence."""
    end = placed.partner.end
    named = [
        each
        for each in text.entities.between(placed.sentence.start, placed.sentence.end)
        if each.dimension == dimension and not _E.in_session.match(text.folded, each.end)
    ]
    behind = [each for each in named if end <= each.start < placed.following]
    before = [each for each in named if each.start < placed.found.start]
    beside = [each for each in behind if not re.search(r"[,;.()]", text.folded[end : each.start])]
    earlier = [
        each
        for each in text.entities.between(max(placed.sentence.start - _SYSTEM_REACH, 0), placed.sentence.start)
        if each.dimension == dimension == "task_system"
    ]
    ranked = [*beside, *before[::-1], *behind, *named, *earlier[::-1]]
    return ranked[0].item if ranked else ""


def _status(text: Text, placed: Placed, dimension: str) -> str:
    """Status right before the figure, else the first one behind it, up to the neighbouring figures."""
    start, end, stop = placed.found.start, placed.partner.end, placed.following

    def between(first: int, last: int) -> list[Entity]:
        return [each for each in text.entities.between(first, last) if each.dimension == dimension]

    beside = [each for each in between(end, end + 2) if each.start < stop]
    before = between(placed.chain, start + 1)
    close = [each for each in before if not re.search(r"[;.,]", text.folded[each.end : start])]
    stop = min((at for mark in ";,)" if (at := text.folded.find(mark, end, stop)) >= 0), default=stop)
    ranked = [*beside[:1], *close[-1:], *between(start, stop), *before[-1:]]
    return ranked[0].item if ranked else ""


def special_item(
    name: str, folded: str, sentence: tuple[int, int], figure: tuple[int, int], wave: str
) -> tuple[str, str] | None:
    """Dimension and item that only one topic's words give: phase of a wave, directive, share that bounds a count."""
    if name.startswith(("covid_mean", "covid_phase_start", "covid_phase_end")):
        phases = list(_E.phase.finditer(folded, sentence[0], figure[0]))
        return ("wave_phase", f"{wave}-{int(phases[-1][1])}") if phases and wave else None
    if name.startswith("measure_") and (found := list(_E.directives.finditer(folded, *sentence))):
        before = [each for each in found if each.start() < figure[0]] or found
        numbers = re.findall(r"\d+", before[-1][2]) or [before[-1][1]]
        scope = "province" if _E.whole_province.search(folded, *sentence) else "localities"
        return "measure", f"directive_{'_'.join(sorted(numbers))}/{scope}"
    if name == "pubinv_unit_count" and (bound := _E.bound.match(folded, figure[1])):
        return "disbursed_ratio", f"units/{'below' if bound[1] == 'dưới' else 'above'}_{bound[2]}pct"
    return None


def _plan_level(text: Text, placed: Placed) -> tuple[str, str, str]:
    """Who set the plan that a sum or ratio is about, where the sentence names it: Thủ tướng Chính phủ giao."""
    found = placed.found
    stop = min(placed.following, found.end + 60)
    if end := re.search(r"[;.,)]", text.folded[found.end : stop]):
        stop = found.end + end.start()
    behind = text.entities.between(found.end, stop)
    before = [each for each in reversed(placed.entities) if each.end <= found.start]
    level = next((each for each in (*behind, *before) if each.dimension == "plan_level"), None)
    return ("plan_level", level.item, level.name) if level else _NOTHING


def _region(text: Text, placed: Placed) -> tuple[str, str] | None:
    """Region within which a rank is printed: behind it, else right before it."""
    found = placed.partner
    stop = min(placed.following, found.end + 75)
    if end := re.search(r"[;.]|,(?! thành\b| phố\b)", text.folded[found.end : stop]):
        stop = found.end + end.start()
    before = [
        each
        for each in reversed(placed.entities)
        if each.end <= placed.found.start
        and re.search(r"(?:thứ|hạng)\s(?:[^\s]+\s){1,3}$", text.folded[max(each.start - 30, 0) : each.start])
    ]
    of_country = found.value in (63, 34)  # provinces before and after 1 July 2025
    if of_country:
        return "country", ""
    for each in (*text.entities.between(found.number_end, stop), *before):
        if each.dimension == "region" or (each.dimension == "area" and each.item == "00"):
            return "country" if each.item == "00" else each.item, each.name
    return None


_CALENDAR_PERIODS = ("year", "half", "quarter", "ytd", "month")
_MEASURED = ("level", "rate", "ratio", "mean", "rank")
_EXPECTED, _ALL_BUT_OVER = "expected", 62  # days


@dataclass(frozen=True)
class Setting:
    """A figure with what its basis depends on."""

    placed: Placed
    name: str  # id and kind of the indicator; empty for none
    kind: str
    period: Period
    source: str  # frame that gave the period; ``former`` for one that is only compared with
    as_of: date | None  # cut-off printed with the figure


def basis_of(meaning: Meaning, at: Setting) -> tuple[str, str]:  # noqa: PLR0911
    """Basis of a figure and where it is from: meaning, aside, words, sentence, carried, as_of or time."""
    folded, outline, state, placed = meaning.folded, meaning.outline, meaning.state, at.placed
    name, period, figure = at.name, at.period, placed.found.start
    past, former = period[2].year < outline.year, at.source == "former"
    if name.endswith(("_plan", "_target")) and not name.endswith("_above_plan"):
        return PLAN, "meaning"
    if past and not former and _nearest(folded, max(placed.clause, placed.bracket), figure) == ESTIMATE:
        return ESTIMATE, "words"
    if former and period[2].year < outline.written.year:
        return ACTUAL, "meaning"
    if aside := _aside(folded, placed, name):
        return aside, "aside"
    if past or former or name.endswith("_rank_of") or name == "district_count":
        return ACTUAL, "meaning"
    if period[1].year > outline.year or (
        period[0] == "phase" and period[2] > outline.written and period[2].year > outline.year
    ):
        return PLAN, "meaning"
    own = _nearest(folded, placed.clause, figure)
    earlier = _nearest(folded, placed.sentence.start, placed.clause)
    said = own or ("" if earlier == ACTUAL else earlier)
    if said == _EXPECTED:  # dự kiến: an estimate of what is all but over, else a plan
        ahead = (
            _B.by_plan.match(folded, placed.sentence.start)
            or state.carried
            or "kịch bản" in outline.title_text
            or (period[2] - outline.written).days > _ALL_BUT_OVER
        )
        said = PLAN if ahead else ESTIMATE
    if said == ACTUAL and period[0] == "year" and period[1].year == outline.written.year:
        return ACTUAL, "words"
    found = _by_words(meaning, at, said) or _by_time(meaning, at)
    return (found[0], "sentence") if found[0] in (PLAN, SCENARIO) and not own and found[1] == "words" else found


def _aside(folded: str, placed: Placed, name: str) -> str:
    """Plan or scenario where the figure is only the one compared with: vượt kế hoạch đề ra (5,2%)."""
    found, start = placed.found, placed.sentence.start
    before = folded[max(found.start - 90, start) : found.start]
    if found.pair in ("first", "second") or found.unit_class in ("points", "count") or name.endswith("_plan_ratio"):
        return ""
    if _B.comparators["same_period_last_year"].match(folded[found.end : found.end + 60]):
        return ""
    if _B.aside_scenario.search(before):
        return SCENARIO
    if _B.given.match(folded[start : found.start]):
        return PLAN
    is_beyond = found.direction in ("vượt", "cao hơn", "thấp hơn", "hụt")
    return PLAN if not is_beyond and _B.aside_plan.search(before) else ""


def _by_words(meaning: Meaning, at: Setting, said: str) -> tuple[str, str] | None:  # noqa: PLR0911
    """Basis that the sentence, the headings or the title name."""
    outline, carried, period = meaning.outline, meaning.state.carried, at.period
    headings = outline.headings(at.placed.sentence.passage)
    headed, titled = _headed(headings), bool(_B.titled_scenario.search(outline.title_text))
    if said == SCENARIO or (headed == SCENARIO and said in ("", PLAN)):
        return SCENARIO, "words"
    if carried == SCENARIO and said in ("", PLAN, ESTIMATE):
        return SCENARIO, "carried"
    if carried == PLAN and said == "" and period[2] >= outline.written.replace(month=1, day=1):  # noqa: SIM102
        if meaning.of_title == PLAN or meaning.state.planned in (None, period):
            return PLAN, "carried"
    if said == ESTIMATE:
        return ESTIMATE, "words"
    if said == PLAN or (headed == PLAN and said == "" and period[2] >= outline.written):
        return PLAN, "carried" if titled else "words"
    begun = outline.title is None or period[2] >= outline.title[1]
    if titled and said == "" and (period[1] > outline.written or (begun and not outline.is_dated and not headings)):
        return SCENARIO, "carried"
    return None


def _by_time(meaning: Meaning, at: Setting) -> tuple[str, str]:
    """Outturn, or an estimate where the period had not ended when the text was written."""
    written = meaning.outline.written
    if at.as_of and at.as_of <= written:
        return ACTUAL, "as_of"
    measured = at.kind in _MEASURED and not at.name.startswith("cpi_")
    is_over = at.period[2] <= written or not measured or at.period[0] not in _CALENDAR_PERIODS
    return ACTUAL if is_over else ESTIMATE, "time"


def _headed(headings: list[str]) -> str:
    """Basis that the nearest heading with one gives."""
    for line in headings:
        if _B.headed_scenario.match(line):
            return SCENARIO
        if _B.headed_plan.match(line):
            return PLAN
    return ""


def _nearest(folded: str, start: int, end: int) -> str:
    """Last cue of a stretch that is no comparison: the kế hoạch of ``so với kế hoạch`` says nothing."""
    for found in reversed(list(_B.cues.finditer(folded, start, end))):
        name = found.lastgroup or ""
        if found[0] == "kịch bản" and _B.scenario_number.match(folded, found.end()):
            return SCENARIO
        against = _B.against_aim if found[0] == "mục tiêu" else _B.against
        if name in (PLAN, SCENARIO) and against.search(folded[max(start, found.start() - 30) : found.start()]):
            continue
        return name
    return ""


def planner_of(folded: str, end: int) -> str:
    """Whose plan a ratio is printed against, where the words behind it say; the centre's and the province's differ."""
    return next((name for name, who in _B.planners.items() if who.match(folded, end)), "")


def comparator_of(folded: str, end: int, indicator: str, kind: str, has_plan: bool) -> str:
    """What a rate or ratio compares with: what is printed behind it, else what its kind implies."""
    for ending, comparator in _B.by_ending.items():
        if indicator.endswith(ending):
            return str(comparator)
    if kind not in ("rate", "ratio") and not indicator.endswith("_change"):
        return "plan" if has_plan else ""
    if kind == "ratio":
        return ""
    printed = next((name for name, pattern in _B.comparators.items() if pattern.search(folded[end : end + 60])), "")
    stock = indicator.startswith(tuple(_B.stocks))
    if printed == "previous_year" and not stock:
        return "same_period_last_year"  # a whole year's flow: the year before is the same period
    if printed and printed not in ("plan", "expectation"):
        return printed
    return "previous_year" if stock else "same_period_last_year"
