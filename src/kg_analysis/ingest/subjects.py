"""The indicator of a figure: by the label behind it, the nearest visible one before it, or what the frames around say.

Responsibility: weigh the labels, and say by which evidence an indicator was chosen. A figure whose own clause names
nothing inherits from the sentence before, the lead-in, the heading or the title.

Terms: see ``frames``; *evidence* = where the label stands: after, before, carried (before an earlier figure), behind,
paragraph, heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg_analysis.ingest import grammar
from kg_analysis.ingest.document import Span
from kg_analysis.ingest.frames import Candidate, Placed, Text
from kg_analysis.ingest.labels import AFTER, BEFORE, GROWTH, OTHER, OWNER, REVENUE, UPPER, Hit, Label, role_of
from kg_analysis.ingest.members import Matched, crop_of, member_of
from kg_analysis.ingest.numerals import Found

_G = grammar("subjects")

_FAR = 2  # unknown words behind "growth" from which it is of something else
_OPENING = 4  # characters in which a sentence begins
_SHARES = {  # of what was counted just before
    **{"task_count": "task_share", "target_count": "target_met_share", "poor_households": "poverty_rate"},
    **{f"{each}_rural_communes": f"{each}_rural_communes_share" for each in ("new", "advanced", "model")},
    **{f"{each}_insurance_participants": f"{each}_insurance_share" for each in ("social", "health", "unemployment")},
    **{"sports_participants": "sports_participation_share", "sports_families": "sports_families_share"},
    **{"graduates": "graduation_rate", "population": "population_structure"},
    **{f"cultural_{each}": f"cultural_{each}_share" for each in ("households", "villages", "offices")},
    **{"near_poor_households": "near_poverty_rate", "new_rural_communes_target": "new_rural_communes_share"},
}
_STEM = re.compile(r"_(?:growth|change)$")  # what a share follows too: 580 người, tăng 20 người, chiếm 35%
_REACH = 1000  # characters in which sectors go on with what was said of the whole
_SAID = 10_000  # characters in which a text has said that it speaks of the epidemic
_UNKNOWN_WORDS = 3  # between the name of visitors and their number, where only the unit stands behind it
# labels to which "ha ngô" says more
_GENERAL = {"crop_area": "_area", "crops_damaged_area": "_damaged_area", "forest_area": "crop_area"}
_OF_CONTEXT = {  # what a noun counts where the label before it says more
    **{"traffic_deaths": ("_deaths",), "traffic_injuries": ("_injuries", "disaster_deaths", "fire_deaths")},
    **{"teachers": ("teacher_shortage",), "prosecuted_persons": ("procuracy_cases",)},
    "covid_cases_new": ("disease_cases", "dengue_cases", "hand_foot_mouth_cases"),
    "dossiers_received": ("dossiers_resolved", "dossiers_pending", "dossiers_online", "dossiers_by_post"),
    "party_members": ("party_members_admitted", "party_members_disciplined", "party_members_inspected", "party_badges"),
    "party_organisations_inspected": ("party_organisations_disciplined",),
    "court_cases": ("court_cases_resolved", "procuracy_cases"),
    **dict.fromkeys(
        ("pig_herd", "cattle_herd", "buffalo_herd", "poultry_herd"), ("culled_animals", "vaccine_doses", "vaccinated")
    ),
}
_COUNTED = ("count", "cases", "people", "")  # classes of units whose noun stands behind the number
_AS_UNIT = {"multiple": "times", "growth": "pct"}  # of decimals without a unit
_FAMILIES = grammar("entities", upper=UPPER).families
_FOLLOWING = ("growth", "change", "plan_ratio", "above_plan", "multiple", "compared", "index")  # of what is told more
_MAIN = {"agriculture", "industry_construction", "services"}
_OF_PARTS = (
    *("season", "species", "settlement", "transport", "carriage"),
    *("school_level", "disease", "revenue_item", "sex", "cause"),
)
_PLACES = ("district", "unit", "body", "sector", "fund_source", "area", "index", "product")
LISTED = (*_PLACES, *_OF_PARTS)  # what lists go by


def match_subject(text: Text, placed: Placed, previous: Matched | None, lead: Lead) -> Matched:
    """Indicator of a figure in its sentence, else by what the frames around it leave."""
    role = _ranked(placed, previous, text.folded) or role_of(
        placed.found, text.folded, placed.sentence.start, placed.partner.end
    )
    found = placed.found
    if role == "neutral" and previous and _is_aside(text.folded, found, previous):
        role = "growth"
    if role == "neutral" and found.direction == "bằng":  # bằng 98,6% cùng kỳ năm trước; phía Bắc bằng 97,8%
        goes_on = _G.of_last_year.search(text.folded, placed.sentence.start, found.start)
        role = "index" if goes_on else role
    if role in ("rank", "rank_of") and found.form not in ("rank", "rank_of"):
        found = replace(found, form=role, unit_class="rank" if role == "rank" else "count")
        placed = replace(placed, found=found, partner=found if placed.partner is placed.found else placed.partner)
    if read := _AS_UNIT.get(role) if found.unit_class == "" and found.decimals else None:
        found = replace(found, unit_class=read, doubtful=True)  # gấp 2,03 cùng kỳ; tăng 8,66 so với cùng kỳ
        placed = replace(placed, found=found, partner=found if placed.partner is placed.found else placed.partner)
    if _is_threshold(placed, previous, role, text.folded):
        role = "threshold"
    if role in ("none", "threshold"):
        return Matched(found, None, "", "", role)
    before = _before(text, placed, role, previous)
    after = _after(text, placed.partner, role) if found.form != "rank" else None
    followed = None if after else _followed(text, placed, previous, role, before)
    chosen, evidence = _chosen(text, placed, previous, after, before)
    if followed:
        chosen, evidence = followed, "same" if followed.indicator else ""
    chosen, evidence = _told(text, placed, previous, role, chosen, evidence)
    details = _G.details.match(text.folded, placed.sentence.start, placed.sentence.end)
    bare = details and chosen and _G.bare.fullmatch(text.folded, chosen.start, chosen.end)
    if bare and (first := _first_of(text, found, role, lead.labelled)):  # 212 ca tử vong. Trong đó, Bình Dương 28 ca
        chosen, evidence = first, "paragraph"
    if chosen is None:
        chosen, evidence = _unnamed(text, placed, previous, role, lead)
    if chosen and chosen.indicator == "covid_cases_new" and _is_of_total(text, placed):
        chosen = replace(chosen, indicator="covid_cases_cumulative")
    share = _SHARES.get(_STEM.sub("", previous.indicator)) if previous and role in ("neutral", "share") else None
    if previous and share and (chosen is None or evidence in ("behind", "carried", "same")):
        chosen, evidence = Candidate(share, None, previous.found.start, previous.found.end), "same"
    chosen = _in_epidemic(text, found, chosen, {each.indicator for each in (before, previous) if each})
    name = member_of(text, placed, previous, chosen.indicator, max(placed.clause, chosen.start)) if chosen else ""
    return Matched(found, chosen, name, evidence if name else "", role)


def _is_aside(folded: str, found: Found, previous: Matched) -> bool:
    """Whether a share says again how much the figure before grows or was to grow, or how much against another time."""
    if previous.role == "growth" and folded[previous.found.end : found.start] == " và ":
        return previous.found.direction == "tăng"  # tăng 17,45% và 25,96% so với tháng trước và cùng kỳ
    if previous.role == "change":  # giảm 39 người (6,2%)
        return found.unit_class == "pct" and folded[previous.found.end : found.start].strip() == "("
    start = max(previous.found.end, found.start - 40)
    return previous.role == "growth" and bool(_G.planned_aside.search(folded, start, found.start))  # 7,78% (KH 6-7%)


def _in_epidemic(text: Text, found: Found, chosen: Candidate | None, near: set[str]) -> Candidate | None:
    """The chosen label, where the text speaks of that epidemic: no deaths of dengue, no 89 persons found."""
    if not chosen or not chosen.indicator.startswith("covid_"):
        return chosen
    said = text.folded[max(found.start - _SAID, 0) : found.end + _REACH]
    of_disease = near & {*_OF_CONTEXT["covid_cases_new"]} or (_G.disease.search(said) and not _G.covid.search(said))
    if of_disease and chosen.indicator == "covid_deaths":
        return replace(chosen, indicator="disease_deaths")  # 292 ca sốt xuất huyết, 2 ca tử vong
    if found.unit_class in ("people", "count"):
        return chosen if _G.epidemic.search(said) else None
    return None if _G.disease.search(said) and not _G.covid.search(said) else chosen


_TOLD = ("neutral", "neutral_mean", "share", "of_grdp", "rank", "rank_of")  # roles whose label may stand behind
_OF_INDEX = ("rank", "rank_of", "places", "score", "score_of", "score_change")


def _told(
    text: Text, placed: Placed, previous: Matched | None, role: str, chosen: Candidate | None, evidence: str
) -> tuple[Candidate | None, str]:
    """The chosen label, or a better one behind the figure."""
    if (told := _G.told.match(text.folded, placed.partner.end)) and (behind := _behind(text, placed, role, told.end())):
        return behind, "behind"
    if role in _TOLD and (chosen is None or evidence in ("carried", "same") or role.startswith("rank")):
        behind = _behind(text, placed, role, placed.partner.end)
        if behind and (chosen is None or (previous and previous.evidence == "behind") or role.startswith("rank")):
            return behind, "behind"
    return chosen, evidence


def _unnamed(
    text: Text, placed: Placed, previous: Matched | None, role: str, lead: Lead
) -> tuple[Candidate | None, str]:
    """Label of a figure whose sentence has none for it."""
    found = placed.found
    if role in _OF_INDEX and text.is_of_index:
        name = text.book.resolve("governance_index", role, found.unit_class, found.unit)
        return Candidate(name, None, found.start, found.start), "heading"
    if _is_open(text, placed, previous):
        chosen, evidence = _inherited(text, placed, role, lead)
        if chosen:
            return chosen, evidence
    if found.unit_class != "pct":
        return None, ""
    if role in ("share", "of_grdp") or (role == "neutral" and previous and previous.indicator == "grdp_share"):
        return _sector_share(text, placed), "entity"
    return (_sector_growth(text, placed), "entity") if role == "growth" else (None, "")


def _ranked(placed: Placed, previous: Matched | None, folded: str) -> str:
    """Role of a number in ``thứ 8/63; 2/5 trong vùng`` and ``Kon Tum 30/63``, which goes on with ranks."""
    found = placed.found
    if previous is None or previous.role not in ("rank", "rank_of") or found.pair not in ("first", "second"):
        return ""
    if found.decimals or placed.partner.decimals or placed.partner.unit_class not in ("", "count"):
        return ""
    if found.pair == "second":
        return "rank_of" if previous.role == "rank" else ""
    return "rank" if _G.ranks.fullmatch(folded, previous.found.end, found.start) else ""


def _followed(
    text: Text, placed: Placed, previous: Matched | None, role: str, before: Candidate | None
) -> Candidate | None:
    """Label of the figure before, which it has behind it or from beyond the sentence: 65 ca cộng đồng, tăng 36 ca."""
    label = previous.candidate.label if previous and previous.candidate else None
    if previous is None or previous.candidate is None or label is None or placed.found.pair == "second":
        return None
    if before and before.start > previous.candidate.start and before.end > previous.found.start:
        return None
    behind = label.place == AFTER and previous.candidate.start >= previous.found.number_start - 1
    inherited = previous.candidate.end <= placed.sentence.start and before is None
    inherited = inherited and previous.found.unit_class == placed.found.unit_class
    if inherited or (behind and role in _FOLLOWING and (before is None or before.end <= previous.found.start)):
        name = text.book.resolve(label.subject, role, placed.found.unit_class, placed.found.unit)
        return replace(previous.candidate, indicator=name, strangers=0, passed=0)
    return None


@dataclass(frozen=True)
class Lead:
    """What the frames around a sentence leave to it."""

    before: Span | None  # span of the sentence before in the passage, or of the lead-in of a list
    earlier: Span | None  # span of the sentence before in any passage, for the items of a list of names
    passage: int  # where the passage begins [characters]
    above: Sequence[Span]  # spans of headings and title, the nearest first
    labelled: Sequence[Candidate]  # labels that the figures of the sentence before were read by


def _after(text: Text, found: Found, role: str) -> Candidate | None:
    """Indicator by the label that follows the numeral: ``64 nhiệm vụ``, ``34 ca trong cộng đồng``."""
    limit, end = found.number_end + 3, max(found.end, found.noun_end)
    inside = text.hits.between(found.number_end, max(end, limit))
    near = [each for each in inside if each.start <= limit or each.start < end]
    if text.folded[end : end + 1] in (",", ";", ")"):
        near = [each for each in near if each.end <= end]
    elif end > found.number_end:
        near = [*near, *text.hits.between(end, end + 3)]
    best: Candidate | None = None
    for hit in near:
        if hit.has_gap and re.search(r"\d", _G.counts_nothing.sub("", text.folded[hit.start : hit.end])):
            continue  # 5.775 xã (chiếm 70,2%) đạt chuẩn, but not what another number counts
        for label in hit.labels:
            name = text.book.resolve(label.subject, role, found.unit_class, found.unit)
            if label.place == AFTER and (name or label.subject == OTHER) and (best is None or hit.end > best.end):
                best = Candidate(name, label, hit.start, hit.end)
    return best


def _before(text: Text, placed: Placed, role: str, previous: Matched | None) -> Candidate | None:
    """Indicator by the nearest visible label before the figure."""
    found, book = placed.found, text.book
    passed, generic = 0, None
    kept = previous.candidate if previous else None
    for hit in sorted(placed.hits, key=lambda each: (each.end, each.end - each.start), reverse=True):
        if hit.end > found.number_start or (previous and _is_noun_of(previous, found, hit, text.folded)):
            continue
        if previous and role in _FOLLOWING and _is_whole_of(previous, hit, text.folded):
            continue
        same = kept and kept.label and any(each.subject == kept.label.subject for each in hit.labels)
        if previous and kept and not same and role in _FOLLOWING and kept.start < hit.start < previous.found.start:
            continue  # vận tải hành khách đạt 3.650 tỷ đồng, tăng 19%: what the amount passed over
        if any(each.subject == GROWTH for each in hit.labels):
            generic = generic or hit
            continue
        if any(each.subject == REVENUE for each in hit.labels):
            return _revenue(text, placed, role, hit)
        if crop := crop_of(text, placed, hit):
            name = book.resolve(crop, role, found.unit_class, found.unit)
            return Candidate(
                name, hit.labels[0], hit.start, hit.end, text.strangers(max(hit.end, placed.chain), found.start)
            )
        named = _names(text, hit, found, role, kept if kept and kept.start == hit.start else None)
        if not named:
            passed += any(each.subject for each in hit.labels)
            continue
        unknown = text.strangers(max(hit.end, placed.chain), found.start)
        return Candidate(*named, hit.start, hit.end, unknown, passed)
    if generic and (name := book.resolve("grdp_growth", role, found.unit_class, found.unit)):
        unknown = text.strangers(max(generic.end, placed.chain), found.start)
        if role == "growth" and unknown > _FAR:
            return None
        return Candidate(name, generic.labels[0], generic.start, generic.end, unknown, 1 + min(passed, 2))
    return None


def _revenue(text: Text, placed: Placed, role: str, hit: Hit) -> Candidate:
    """Revenue of tourism where the text before speaks of visitors, else of nothing that the codebook knows."""
    found = placed.found
    before = text.hits.between(max(hit.start - 500, 0), hit.start)
    about = [label.subject for each in before for label in each.labels if label.subject not in ("", GROWTH, REVENUE)]
    tourism = any(each.startswith(("tourist", "tourism", "international_arr", "domestic_arr")) for each in about[-6:])
    name = text.book.resolve("tourism_revenue", role, found.unit_class, found.unit) if tourism else ""
    return Candidate(name, hit.labels[0], hit.start, hit.end, text.strangers(max(hit.end, placed.chain), found.start))


def _is_noun_of(previous: Matched, found: Found, hit: Hit, folded: str) -> bool:
    """Whether a label is the noun that the figure before counts: the cộng đồng of ``15 ca cộng đồng, 80 ca …``."""
    before = previous.found
    if previous.indicator and before.number_end <= hit.start and hit.end <= before.end:
        return True  # khách quốc tế đạt 91 nghìn lượt khách, tăng 3%
    if before.unit_class != found.unit_class or found.unit_class not in ("cases", "count", "people"):
        return False
    return before.number_end <= hit.start <= before.end + 1 and "," not in folded[before.end : hit.end]


def _is_whole_of(previous: Matched, hit: Hit, folded: str) -> bool:
    """Whether a label is what the figure before is a share of: chiếm 7,2% trên tổng dư nợ, tăng 2%."""
    gap = folded[previous.found.end : max(hit.start, previous.found.end)]
    return previous.role in ("share", "of_grdp") and _G.part_of.fullmatch(gap) is not None


def _behind(text: Text, placed: Placed, role: str, start: int) -> Candidate | None:
    """Indicator by a label behind a share or a rank: ``41,7% người từ 18 tuổi đã tiêm``, ``đứng thứ 2 về thu ngân sách``."""  # noqa: E501
    stop = placed.following
    if end := _G.other_clause.search(text.folded, start, stop):
        stop = end.start()
    if role.startswith("rank") and not re.search(r"\b(?:về|với)\s", text.folded[start - 4 : stop]):
        return None
    for hit in sorted(text.hits.between(start, min(stop, start + 90)), key=lambda each: (each.start, -each.end)):
        if hit.end > stop or hit.labels[0].subject == "population":  # 65% dân số dùng nước sạch
            continue
        if named := _names(text, hit, placed.found, role, None):
            return Candidate(named[0], named[1], hit.start, hit.end) if named[0] else None
    return None


def _names(text: Text, hit: Hit, found: Found, role: str, kept: Candidate | None) -> tuple[str, Label] | None:
    """Indicator and label of a hit; where it has several, the one that the figure before was read by."""
    labels = sorted(hit.labels, key=lambda each: (each.subject == OTHER, kept is None or each != kept.label))
    for label in labels:
        if label.place != BEFORE or not label.subject:
            continue
        if label.subject == OTHER:
            return "", label
        if name := text.book.resolve(label.subject, role, found.unit_class, found.unit):
            return name, label
    return None


def _chosen(  # noqa: PLR0911
    text: Text, placed: Placed, previous: Matched | None, after: Candidate | None, before: Candidate | None
) -> tuple[Candidate | None, str]:
    """The better of the two labels with its evidence."""
    if after and after.indicator.endswith("_new") and _is_cumulative(text, placed, before, after):
        return replace(after, indicator=after.indicator.removesuffix("_new") + "_cumulative"), "after"
    if before and before.indicator.endswith("_new") and not after and _is_cumulative(text, placed, None, before):
        return replace(before, indicator=before.indicator.removesuffix("_new") + "_cumulative"), "before"
    if after and before and placed.found.unit_class == "people" and before.start >= placed.chain:  # noqa: SIM102
        if before.indicator and before.strangers < _UNKNOWN_WORDS and after.end <= placed.found.end:
            return before, "before"  # the label behind is only the unit: khách quốc tế đạt 91 nghìn lượt khách
    if after and before and before.indicator.endswith(_OF_CONTEXT.get(after.indicator, "?")):
        return before, "before"  # 25 vụ cháy, làm 2 người chết; tay chân miệng ghi nhận 55 ca mắc
    if after and before and after.indicator.endswith(_GENERAL.get(before.indicator, "?")):
        return after, "after"  # gieo trồng được 82,7 nghìn ha ngô
    if after and (placed.found.unit_class in _COUNTED or before is None or before.end <= placed.clause):
        return after, "after"
    if before is None:
        return None, ""
    if previous and before.end <= placed.chain:
        unnamed = not previous.indicator and previous.role == "level" and placed.found.unit_class == "pct"
        if unnamed and ")" not in text.folded[previous.found.end : placed.found.start]:
            return None, ""  # the growth of an amount that no label fits
        same = previous.candidate is not None and previous.candidate.start == before.start
        return before, "same" if same else "carried"
    return before, "before"


def _is_cumulative(text: Text, placed: Placed, before: Candidate | None, after: Candidate) -> bool:
    """Whether a count of new cases is one since the beginning: lũy kế, tổng số, từ đầu dịch đến nay."""
    said = text.folded[max(placed.chain, placed.found.start - 90) : placed.found.start]
    own = text.folded[max(after.start - 12, 0) : after.end] if after.end > placed.chain else ""
    if re.search(r"\b(?:mới|thêm)\b", own) and "tổng" not in said:
        return False
    return bool(_G.whole.search(said)) or bool(before and before.indicator.endswith("_cumulative"))


def _is_of_total(text: Text, placed: Placed) -> bool:
    """Whether a district's cases are parts of a count since the beginning: lũy kế đến nay 1.820 ca: Vinh 650 ca."""
    said = text.folded[placed.sentence.start : placed.found.start]
    of_part = any(each.dimension == "district" and each.start >= placed.chain for each in placed.entities)
    return _G.whole_list.search(said) is not None and (of_part or is_listed(text, placed))


def _is_open(text: Text, placed: Placed, previous: Matched | None) -> bool:
    """Whether a figure may take its label from beyond its sentence, which names no other subject before it."""
    if previous is not None and not previous.indicator and not is_listed(text, placed):
        return False
    return not any(
        label.place == BEFORE and label.subject not in ("", GROWTH, OWNER)
        for hit in placed.hits
        if hit.end <= placed.found.number_start
        for label in hit.labels
    )


def is_listed(text: Text, placed: Placed) -> bool:
    """Whether the name of a place, unit or sector stands right before a figure: Rạch Giá (313 ca)."""
    start = placed.found.start
    near = [each for each in placed.entities if each.dimension in LISTED and each.start >= placed.chain - 1]
    return any(
        re.fullmatch(r"\W{0,3}(?:tăng|giảm|đạt|có|là|ước)?\W{0,2}", text.folded[each.end : start]) for each in near
    )


def _inherited(text: Text, placed: Placed, role: str, lead: Lead) -> tuple[Candidate | None, str]:
    """Label of the sentence before, of the headings or of the title, where nothing else is named in between."""
    found = placed.found
    unknown = text.strangers(placed.chain, found.start)
    listed = is_listed(text, placed)
    if _G.same.search(text.folded, placed.sentence.start, found.start):
        unknown, listed = 0, True  # tỷ lệ này: what the sentence before spoke of
    opened = _G.opened.match(text.folded[placed.sentence.start : found.start].lstrip(" -+*\n")) is not None
    if found.unit_class in ("money", "usd") and not ((listed or unknown == 0) and (opened or lead.before)):
        return None, ""
    if found.unit_class in ("count", "", "time", "million") or unknown > (5 if listed else 0):
        return None, ""
    opens = text.mentions.between(placed.sentence.start, placed.sentence.start + _OPENING)
    before = lead.before or (
        lead.earlier if listed or (opens and role in ("growth", "neutral")) else None
    )  # Quý IV được xác định trong khoảng …
    if before and (found_there := _of_paragraph(text, placed, role, lead, before, listed)):
        return found_there
    for start, stop in lead.above:
        candidate = _named_in(text, found, role, start, stop)
        if candidate and candidate.indicator and not unknown:
            return candidate, "heading"
    return None, ""


def _of_paragraph(
    text: Text, placed: Placed, role: str, lead: Lead, before: Span, listed: bool
) -> tuple[Candidate | None, str] | None:
    """Label of the sentence before, which the name of a sector goes on with only where its figures have sectors."""
    found = placed.found
    of_sector = listed and any(each.dimension == "sector" and each.start >= placed.chain for each in placed.entities)
    labelled = [each for each in lead.labelled if not of_sector or _has_sectors(each.indicator)]
    if first := _first_of(text, found, role, labelled):
        return first, "paragraph"
    if of_sector and lead.labelled and not labelled:
        return None, ""
    for start, stop in (before, (min(lead.passage, before[0]), before[0])):
        candidate = _named_in(text, found, role, start, stop)
        if candidate:
            return (candidate, "paragraph") if candidate.indicator else (None, "")
    return None


def _has_sectors(name: str) -> bool:
    """Whether figures of an indicator differ in their sector."""
    return "sector" in next((wanted for stem, wanted in _FAMILIES.items() if name.startswith(stem)), ())


def _first_of(text: Text, found: Found, role: str, labelled: Sequence[Candidate]) -> Candidate | None:
    """The first label of the sentence before's figures that fits."""
    for each in labelled:
        if each.label and (name := text.book.resolve(each.label.subject, role, found.unit_class, found.unit)):
            return replace(each, indicator=name)
    return None


def _named_in(text: Text, found: Found, role: str, start: int, stop: int) -> Candidate | None:
    """Indicator that an earlier sentence, a heading or a title names first."""
    for hit in text.hits.between(start, stop):
        for label in hit.labels:
            if label.place == BEFORE and label.subject in (OTHER, REVENUE):
                return Candidate("", label, hit.start, hit.end)
            name = text.book.resolve(label.subject, role, found.unit_class, found.unit)
            if name and label.place == BEFORE:
                return Candidate(name, label, hit.start, hit.end)
    return None


def of_span(text: Text, found: Found, role: str, start: int, end: int) -> Candidate | None:
    """Indicator by the last label of a stretch that fits; for cells of a table."""
    for hit in reversed(text.hits.between(start, end)):
        for label in hit.labels if hit.end <= end + 1 else ():
            if name := text.book.resolve(label.subject, role, found.unit_class, found.unit):
                return Candidate(name, label, hit.start, hit.end)
    return None


def _sector_share(text: Text, placed: Placed) -> Candidate | None:
    """Share of a sector where nothing but the sector is named: Dịch vụ chiếm 35,6%."""
    named = [each for each in placed.entities if each.dimension == "sector" and each.start >= placed.chain - 1]
    if not named or text.strangers(placed.chain, placed.found.start):
        return None
    return Candidate("grdp_share", None, named[-1].start, named[-1].end)


def _sector_growth(text: Text, placed: Placed) -> Candidate | None:
    """Growth of a sector in a list that taxes on products are part of, as of GRDP only, or behind growth of GRDP."""
    span = (placed.sentence.start, placed.sentence.end)
    named = [each for each in placed.entities if each.dimension == "sector" and each.start >= placed.chain - 1]
    items = {each.item for each in text.entities.between(*span)}
    said = text.folded[placed.sentence.start : placed.found.start]
    of_grdp = "product_tax" in items or (items >= _MAIN and "tăng trưởng" in said and "sản xuất" not in said)
    of_grdp = of_grdp or _last_growth(text, placed.sentence.start).startswith("grdp")
    if not (named and of_grdp) or text.strangers(named[-1].end, placed.found.start):
        return None
    return Candidate("grdp_growth", None, named[-1].start, named[-1].end)


def _last_growth(text: Text, end: int) -> str:
    """Subject that sectors' growth was told of last before an offset."""
    for hit in reversed(text.hits.between(max(end - _REACH, 0), end)):
        for label in hit.labels:
            if _has_sectors(label.subject) or label.subject.endswith("_output"):
                return label.subject
    return ""


def _is_threshold(placed: Placed, previous: Matched | None, role: str, folded: str) -> bool:
    """Whether a share only bounds the units counted before it: 11 đơn vị giải ngân dưới 30%."""
    found = placed.found
    if previous is None or previous.found.unit_class != "count" or found.qualifier == "exact":
        return False
    between = folded[previous.found.end : found.start]
    return role in ("neutral", "neutral_mean", "plan_ratio", "compared") and not any(each in between for each in ",;:")
