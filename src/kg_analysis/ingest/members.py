"""Which indicator of its family a figure or date is: by prices, sector and the words beside it.

Responsibility: from the indicator that a label and a role give to the one that the figure's place makes it: GRDP at
current prices, output of the sector that is named, all projects there are by now, a change of the growth just told, the
whole of a printed pair; and of a date the indicator that the words before it call for.

Terms: see ``frames`` and ``subjects``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kg_analysis.ingest import grammar
from kg_analysis.ingest.frames import Candidate, Placed, Text
from kg_analysis.ingest.labels import Hit
from kg_analysis.ingest.numerals import Found
from kg_analysis.vietnamese import Period

_G = grammar("subjects")

CUTOFF = "report_cutoff"

_OUTPUT = re.compile(r"(?:agriculture|industrial|construction|services|industry_construction)_output(_\w+)?$")
_STEMS = {"industry": "industrial", "farming": "agriculture"}  # stems of the sectors' output in the codebook
_PARTS = (  # beginning of a whole's indicator, dimension and item that name the part, beginning of the part's indicator
    ("retail_sales", "sector", "accommodation_food", "lodging_revenue"),
    ("goods_retail", "sector", "accommodation_food", "lodging_revenue"),
    ("tourism_revenue", "sector", "accommodation_food", "lodging_revenue"),
    ("retail_sales", "product", "", "goods_retail"),
    ("travel_revenue", "sector", "accommodation_food", "lodging_revenue"),
    ("other_services_revenue", "sector", "accommodation_food", "lodging_revenue"),
    ("lodging_revenue", "sector", "accommodation", "accommodation_revenue"),
    ("lodging_revenue", "sector", "food_service", "food_revenue"),
    ("fisheries_output", "product", "shrimp", "shrimp_output"),
    ("aquaculture_output", "product", "shrimp", "shrimp_output"),
    ("fish_output", "product", "shrimp", "shrimp_output"),
    ("fisheries_output", "species", "fish", "fish_output"),
    ("fisheries_output", "fishing", "catch", "fish_catch"),
    ("fisheries_output", "fishing", "farming", "aquaculture_output"),
    ("fish_catch", "fishing", "farming", "aquaculture_output"),
    ("aquaculture_output", "fishing", "catch", "fish_catch"),
    ("electricity_output", "product", "", "product_output"),  # điện sản xuất tăng 8%; bia tăng 11,9%
    ("commercial_power", "product", "", "product_output"),
    ("fruit_output", "product", "", "crop_output"),
    ("rice_output", "product", "", "crop_output"),
    ("rice_area", "product", "", "crop_area"),
    ("maize_output", "product", "", "crop_output"),
    ("maize_area", "product", "", "crop_area"),
)
_NO_CROPS = ("rice", "shrimp", "seafood")  # diện tích lúa - tôm
_CROPS = ("rice", "aquaculture", "crop", "maize", "shrimp", "food")  # stems of what is harvested
_CARRIED = ("passengers_carried_growth", "freight_carried_growth")
_MOVED = re.compile(r"luân chuyển(?! (?:hành )?khách)|vận chuyển (?:tăng|giảm)")
_SHARED = re.compile(r"(?:chiếm )?tỷ trọng")
_WITHIN = re.compile(r"\b(?:trong|cơ cấu)(?: tổng)? $")
_NEAR = 16  # characters in which a share says what it is of
_RECENT = 250  # characters in which transport's revenue was told
_HEAD = 25  # characters of a paragraph that may say what it is about: Cây ngô: …
_RESOLVED = {  # what is counted by a noun alone, where the verb says more
    "dossiers_received": "dossiers_resolved",
    "complaints_received": "complaints_resolved",
    "complaint_cases": "complaints_resolved",
    "court_cases": "court_cases_resolved",
}
_OF_ANIMALS = dict.fromkeys(("traffic_deaths", "disaster_deaths"), "animals_killed") | {
    "vaccine_doses": "animals_vaccinated"
}
_OF_HARM = ("disaster_", "houses_", "fire_")  # indicators behind which the dead are not those of traffic
_IN_FORCE = {  # projects of a period, and all that there are
    "fdi_projects": "fdi_projects_active",
    "fdi_registered": "fdi_registered_total",
    "domestic_projects": "domestic_projects_active",
    "domestic_projects_capital": "domestic_projects_capital_total",
    "investment_projects": "investment_projects_active",
}


@dataclass(frozen=True)
class Matched:
    """What a figure was found to measure."""

    found: Found
    candidate: Candidate | None
    indicator: str
    evidence: str  # empty where there is no indicator
    role: str = ""


def member_of(text: Text, placed: Placed, previous: Matched | None, name: str, start: int) -> str:  # noqa: PLR0911, PLR0912
    """The chosen indicator, or the one of its family that the figure's place makes it; ``start`` is its label's."""
    found, units = placed.found, text.book.units
    if name and found.pair == "second":
        name = _whole(text, name)
    if name.startswith("grdp_contribution") and re.search(
        r"trong (?:tổng số|mức tăng(?: chung)?)\s+$|(?<!vào )(?<!cho )mức tăng(?: trưởng)?(?: là| đạt)?\s+$",
        text.folded[max(found.start - 25, 0) : found.start],
    ):
        return "grdp_growth"
    if name.startswith("grdp_") and previous and previous.indicator == "grdp_share" and found.unit_class == "pct":
        between = text.folded[previous.found.end : found.start].strip()
        minus = found.value is not None and found.value < 0
        if between == "(+" or (between == "(" and (minus or found.direction in ("tăng", "giảm"))):
            return "grdp_share_change"  # chiếm 23,68% (giảm 0,82%)
        if name == "grdp_growth" and not found.direction and "tăng" not in text.folded[placed.chain : found.start]:
            return "grdp_share"
    if name == "grdp_growth" and not found.direction and found.unit_class == "pct":
        _, structure, since = text.folded[placed.sentence.start : found.start].rpartition("cơ cấu")
        if structure and not re.search(r"\btăng\b|tốc độ|đóng góp", since):
            return "grdp_share"  # cơ cấu GRDP chuyển dịch đúng hướng, khu vực nông nghiệp còn 11,3%
    of_mean = previous and previous.indicator in ("grdp_growth_mean", "grdp_growth_average")
    if (
        name == "grdp_growth"
        and previous
        and of_mean
        and found.direction
        and previous.found.start >= placed.sentence.start
    ):
        return previous.indicator  # bình quân đạt 11,3%; trong đó nông nghiệp tăng 7,9%
    if name in ("grdp_level", "grdp_level_change") and _is_current(text, placed):
        name = name.replace("level", "level_current")
    if name == "grdp_level_current" and "giá so sánh" in text.folded[start : found.start]:
        name = "grdp_level"
    if name.startswith("grdp_growth_rank") and "hiện hành" in text.folded[start : found.start]:
        name = name.replace("growth", "level_current", 1)  # GRDP theo giá hiện hành đứng thứ 34
    if name == "grdp_growth" and _is_change_of_growth(text, placed, previous):
        return "grdp_growth_change"
    if text.is_gross and name in ("grdp_growth", "grdp_share"):
        name = name.replace("grdp", "total_output")
    if name.startswith("total_output"):
        name = _output_of_sector(text, placed, name, start)
    elif of_sector := _OUTPUT.match(name):  # giá trị sản xuất dịch vụ 1.900 tỷ, công nghiệp 2.000 tỷ
        name = _output_of_sector(text, placed, f"total_output{of_sector[1] or ''}", max(start, placed.chain), name)
    if (narrower := _narrower(text, placed, name, start, previous)) in units:
        return narrower
    if (
        name in ("grdp_share", "grdp_growth")
        and not found.direction
        and (
            wider := _G.wider.match(text.folded, found.end)  # chiếm 2,5% GDP cả nước
        )
    ):
        return "grdp_national_share" if wider["country"] else "grdp_regional_share"
    if previous and previous.indicator.startswith("exports_volume") and start < previous.found.start:
        name = name.replace("exports_", "exports_volume_", 1)  # gạo 226.679 tấn, tăng 34,12%
    if name in _CARRIED and (previous is None or previous.indicator.startswith("transport_revenue")):  # noqa: SIM102
        if text.folded.startswith("vận tải", start) and _is_of_revenue(text, start):
            return "transport_revenue_growth"  # doanh thu vận tải 381 tỷ đồng. Trong đó, vận tải hành khách tăng 13%
    if name.startswith("passenger") and _MOVED.match(text.folded, start):
        said = text.folded[max(start - _RECENT, 0) : start]
        if said.rfind("hàng hóa") > said.rfind("khách"):  # hàng hóa đạt 2.867 ngàn tấn; luân chuyển tăng 3%
            return name.replace("passengers", "freight").replace("passenger", "freight")
    return _by_words(text, placed, previous, name, start)


def _by_words(text: Text, placed: Placed, previous: Matched | None, name: str, start: int) -> str:  # noqa: PLR0911, PLR0912
    """The indicator, or another one of its kind by the words and the unit beside the figure."""
    found, units = placed.found, text.book.units
    if name == "grdp_growth_vs_expectation" and _G.contributed.match(text.folded, found.end):
        return "grdp_contribution"  # với 7,46 điểm phần trăm vào mức tăng GRDP
    if name == "egg_output_growth" and _G.priced.search(text.folded, placed.sentence.start, found.start):
        return "cpi_growth"  # CPI tăng do giá thịt lợn tăng 2,8%; trứng tăng 1,75%
    if name.startswith(("traffic_deaths", "traffic_injuries")) and found.unit == "vụ":
        name = f"traffic_accidents{name.removeprefix('traffic_deaths').removeprefix('traffic_injuries')}"
    if name in _IN_FORCE and _is_in_force(text, placed, previous):
        return _IN_FORCE[name]
    if (resolved := _RESOLVED.get(name)) and _G.resolved.search(text.folded[max(found.start - 60, 0) : found.start]):
        return resolved
    if name == "new_cooperatives":
        raised = "nâng tổng số" in text.folded[max(found.start - 40, placed.sentence.start) : found.start]
        if raised or not _G.founded.search(text.folded, placed.sentence.start, found.end + 40):
            return "cooperatives"
    if name in ("traffic_deaths", "traffic_injuries") and previous and previous.indicator.startswith(_OF_HARM):
        name = name.replace("traffic", previous.indicator.partition("_")[0].replace("houses", "disaster"))
    if name in ("disaster_deaths", "fire_deaths") and text.folded.startswith(" bị thương", found.end):
        return name.replace("deaths", "injuries")
    if found.unit.endswith("con") and name in _OF_ANIMALS:
        return _OF_ANIMALS[name]
    if name.startswith("forest_area") and _G.planted.search(text.folded, placed.clause, found.start):
        name = name.replace("forest_area", "forest_planted_area", 1)
    if name == "new_rural_criteria" and _G.each_commune.search(text.folded, placed.clause, found.start):
        return f"{name}_mean"
    if f"{name}_mean" in units and (
        text.folded.startswith("/năm", found.end) or (found.decimals and "count" in units[name])
    ):
        return f"{name}_mean"
    if name.startswith("grdp_level") and "/người" in found.unit:
        return "grdp_per_capita"
    if name == "grdp_share" and _SHARED.match(text.folded, start) and (of := _whole_of_share(text, placed, start)):
        return of  # trong tổng kim ngạch xuất khẩu, doanh nghiệp FDI chiếm tỷ trọng 76%
    if previous and name == "grdp_share":
        stem = re.sub(r"_(?:growth|share|plan_ratio)$", "", previous.indicator)
        name = f"{stem}_share" if f"{stem}_share" in units else name
    if f"{name}_target" in units and _G.asked.search(text.folded[max(found.start - 20, 0) : found.start]):
        return f"{name}_target"
    if name == "grdp_contribution_share" and re.match(
        r"\s+(?:vào |cho )?(?:grdp|tổng sản phẩm)", text.folded[found.end : found.end + 20]
    ):
        return "grdp_share"
    if name == "task_count" and previous and previous.indicator == "programme_item_count":
        return "programme_item_count"  # of the programme's schemes and tasks, the tasks
    return name


def _narrower(text: Text, placed: Placed, name: str, start: int, previous: Matched | None) -> str:
    """Indicator of the part that is named behind the label of a whole, or that goes on; empty where none does.

    bán lẻ hàng hóa tăng 11%, lưu trú, ăn uống tăng 15%; sản lượng thủy sản …, trong đó tôm 34.948 tấn, giảm 2%.
    """
    named = [each for each in placed.entities if each.start >= placed.chain and each.start > start]
    label = previous.candidate.start if previous and previous.candidate else placed.found.start
    goes_on = previous is not None and label <= start < previous.found.start
    goes_on = goes_on and previous is not None and ";" not in text.folded[previous.found.end : placed.found.start]
    for whole, dimension, item, part in _PARTS:
        if not name.startswith(whole):
            continue
        last = next((each for each in reversed(named) if each.dimension == dimension), None)
        other = not item and not (last and part.startswith("crop") and last.item in _NO_CROPS)
        if last and (other or last.item == item):
            return part + name.removeprefix(whole)
        if previous and goes_on and not named and name != whole and previous.indicator.startswith(part):
            return part + name.removeprefix(whole)
    return ""


def _whole_of_share(text: Text, placed: Placed, start: int) -> str:
    """Share of what its sentence says it is part of, right behind it or last before it, where that is no GRDP."""
    behind = text.hits.between(placed.found.end, placed.found.end + _NEAR)
    for hit in (*behind, *reversed(text.hits.between(placed.sentence.start, start))):
        within = _WITHIN.search(text.folded, max(hit.start - _NEAR, 0), hit.start)
        for label in hit.labels:
            if label.subject.startswith("grdp"):
                return ""
            if within and f"{label.subject}_share" in text.book.units:
                return f"{label.subject}_share"
    return ""


def _is_of_revenue(text: Text, start: int) -> bool:
    """Whether what was spoken of last in transport is its revenue."""
    for hit in reversed(text.hits.between(max(start - _RECENT, 0), start)):
        subjects = {each.subject for each in hit.labels} - {""}
        if subjects and not subjects & {"growth", "passengers_carried", "freight_carried"}:
            return "transport_revenue" in subjects
        if subjects and "transport_revenue" not in subjects and "growth" not in subjects:
            return False
    return False


def _is_change_of_growth(text: Text, placed: Placed, previous: Matched | None) -> bool:
    """Whether a rate is told of a growth rate just printed: đạt 6,81% (tăng 1% so với cùng kỳ)."""
    found = placed.found
    if previous is None or previous.indicator != "grdp_growth" or found.direction not in ("tăng", "giảm"):
        return False
    between = text.folded[previous.found.end : found.start]
    less = found.value is not None and previous.found.value is not None and abs(found.value) < abs(previous.found.value)
    return less and _G.at_once.fullmatch(between) is not None and _G.of_before.match(text.folded, found.end) is not None


def _is_in_force(text: Text, placed: Placed, previous: Matched | None) -> bool:
    """Whether projects or their capital are all that there are by now: đến nay, toàn tỉnh có 446 dự án."""
    if previous and previous.indicator.endswith("_active") and placed.found.unit_class in ("money", "usd"):
        return True
    said = text.folded[placed.clause : placed.found.start]
    around = text.folded[max(placed.clause, placed.found.start - 60) : placed.found.end + 40]
    return bool(_G.by_now.search(said)) and not _G.of_late.search(around)


def _output_of_sector(text: Text, placed: Placed, name: str, start: int, default: str = "") -> str:
    """Output of the sector that the figure's own words name, where the codebook has it."""
    named = [each for each in placed.entities if each.dimension == "sector" and each.start >= start]
    own = name.replace("total_output", f"{_STEMS.get(named[-1].item, named[-1].item)}_output", 1) if named else ""
    own = own.replace("fisheries_output", "fisheries_value")
    return own if own in text.book.units else default or name


def _is_current(text: Text, placed: Placed) -> bool:
    """Whether the prices named right behind a figure, or last before it in its line, are current ones."""
    if beside := _G.prices.match(text.folded, placed.found.end):
        return beside["current"] is not None
    before = text.folded[max(0, placed.found.start - 800) : placed.found.start]
    return before.rfind("hiện hành") > before.rfind("so sánh")


def _whole(text: Text, name: str) -> str:
    """Indicator of the b of a printed a/b."""
    stem = name.partition("_")[0]
    for each in (f"{name}_target", f"{name}_of", f"{stem}_plan"):
        if each in text.book.units and (text.book.units[each] == text.book.units[name] or each.endswith("_of")):
            return each
    return "district_count" if name.startswith("districts_") else name


def crop_of(text: Text, placed: Placed, hit: Hit) -> str:
    """Area, yield or output, bare, of what was named last: Cây ngô: diện tích 63 ha. Sản lượng đạt 308 tấn."""
    if not (bare := _G.harvest.fullmatch(text.folded, hit.start, hit.end)):
        return ""
    measure = bare.lastgroup or "output"
    paragraph = text.folded.rfind("\n", 0, placed.sentence.start) + 1
    start = placed.sentence.start if measure == "area" else paragraph
    sown, head = False, text.folded.find(":", paragraph, paragraph + _HEAD)
    for each in (*text.hits.between(paragraph, head), *reversed(text.hits.between(start, hit.start))):
        crop = next((stem for label in each.labels for stem in _CROPS if label.subject.startswith(f"{stem}_")), "")
        holds = any(one.dimension == "product" for one in text.entities.between(each.start, each.end))
        sown |= crop == "crop" and "thu hoạch" not in text.folded[each.start : each.end]
        if crop and not (crop == "crop" and not holds) and not _G.harvest.fullmatch(text.folded, each.start, each.end):
            return f"{crop}_{measure}" if measure != "area" or crop in ("rice", "maize") else ""
    if sown and any(each.dimension == "season" for each in text.entities.between(start, hit.start)):
        return f"rice_{measure}"
    return "food_output" if sown and measure == "output" else ""


def date_subject(text: Text, found: Found, sentence: tuple[int, int], written: date) -> str:
    """Indicator of a date or period within its sentence; empty where it is mere context."""
    start, end = sentence
    holding_it = [each for each in text.mentions.between(found.start - 45, found.end) if each.end >= found.end]
    before = text.folded[max(found.start - 24, start) : found.start]
    begins, ends = (
        bool(_G.begins.search(before)),
        bool(_G.to.search(before)) or any(each.start != found.start or each.is_cutoff for each in holding_it),
    )
    wanted = "date" if found.form == "date" else "period"
    near = [
        *reversed(text.hits.between(max(start, found.start - 160), found.start)),
        *text.hits.between(found.end, min(end, found.end + 160)),
    ]
    for hit in near:
        for label in hit.labels:
            name = "pubinv_cutoff" if label.subject == "pubinv_disbursed" else label.subject
            if name != CUTOFF and text.book.units.get(name) == wanted:  # noqa: SIM102
                if _fits_date(name, begins, ends, found, hit.start):
                    return name
    latest = found.period is not None and found.period[2] == written and ends
    return CUTOFF if latest and CUTOFF in text.book.units else ""


def basis_of_date(name: str, period: Period, written: date) -> str:
    """A span that is not over is planned; a cut-off ahead of the day of writing is estimated."""
    if "scenario" in name:
        return "scenario"
    if period[0] != "day":
        return "plan" if period[2] > written or name.endswith("push_period") else "actual"
    return "estimate" if period[1] > written else "actual"


def _fits_date(name: str, begins: bool, ends: bool, found: Found, label: int) -> bool:
    """Whether the word before a date is the one that its indicator calls for."""
    if name.endswith("_start"):
        return begins
    if name.endswith(("_end", "_cutoff")):
        return ends
    kind = found.period[0] if found.period else ""
    if name.endswith(("_span", "_term")) or (name.endswith("_period") and not name.endswith("push_period")):
        return kind == "phase" and label < found.start
    if name.endswith("_horizon"):
        return kind == "year" and label < found.start
    return kind in ("month", "quarter", "day")
