"""The role of a figure, and the member of an indicator's family that it calls for.

Responsibility: from how a figure is printed (its form, its unit, the words beside it) to one role; from subject, role
and unit to one indicator of the codebook, or to none. Which subject a figure is about is ``match_subjects``'s matter.

Terms: *role* = how a figure is printed: level, growth, plan_ratio, share, points, rank, count …; *family* = indicators
of one subject, told apart by their suffix: ``x``, ``x_growth``, ``x_plan_ratio``.
"""

from __future__ import annotations

import re

import pandas as pd

from kg_analysis.ingest.figures_claims import Found

_SUFFIXES = {
    "level": ("", "_level"),
    "growth": ("_growth", "_change", ""),
    "plan_ratio": ("_plan_ratio", ""),
    "above_plan": ("_above_plan",),
    "expectation": ("_vs_expectation", "_growth_vs_expectation"),
    "share": ("_share", "_ratio", ""),
    "neutral": ("", "_plan_ratio", "_ratio", "_growth"),
    "points": ("_contribution", "_vs_expectation", "_change", ""),
    "rank": ("_rank", "_growth_rank", ""),
    "rank_of": ("_rank_of", "_growth_rank_of"),
    "places": ("_rank_change",),
    "count": ("", "_services", "_count", "_change"),
    "change": ("_change", ""),
    "score": ("_score", ""),
    "date": ("",),
    "index": ("",),
}
# Units of the codebook that a class of printed units can be read in.
UNITS_OF_CLASS = {
    "pct": ("pct", "percentage_point"),
    "points": ("percentage_point",),
    "money": ("bn_vnd", "mn_vnd"),
    "million": ("mn_vnd", "bn_vnd"),
    "usd": ("mn_usd",),
    "people": ("persons", "cases", "count"),
    "weight": ("tonnes",),
    "area": ("ha",),
    "cases": ("cases", "count"),
    "per_day": ("cases_per_day",),
    "times": ("times", "count"),
    "count": ("count", "persons", "per_10000"),
    "rank": ("rank",),
    "places": ("count",),
    "score": ("points",),
    "": ("count", "cases", "persons"),
}
_ROLE_OF_FORM = {"rank": "rank", "rank_of": "rank_of", "date": "date", "period": "date"}
_ROLE_OF_CLASS = {"points": "points", "places": "places", "score": "score", "time": "level"}
_POINT_SUFFIXES = ("_change", "_vs_expectation")
_PLAN = re.compile(
    r"\s*\)?\s*(?:,\s*)?(?:so với |so |của |tổng |chỉ tiêu )?(?:tổng )?(?:kế hoạch|kh\b|dự toán|nghị quyết|"
    r"mục tiêu|chỉ tiêu)\b(?! đề ra là)"
)
_EXPECTED = re.compile(r"\s*(?:so với |so )?(?:mức )?(?:dự kiến|kịch bản|mục tiêu|nghị quyết)\b")
_EXPECTED_BEFORE = re.compile(
    r"(?:cao hơn|thấp hơn|vượt)(?: so với)? [^.;,\d]{0,30}?(?:kịch bản|dự kiến|mục tiêu|nghị quyết)[^.;,\d]{0,20}$"
)
_ABOVE_BEFORE = re.compile(r"vượt (?:so với )?(?:kế hoạch|dự toán)[^.;,\d]{0,25}$")
_SAME_AS = re.compile(
    r"(?:tương đương|tương ứng|tức|tương đương với)\s+(?:tăng |giảm |với )?(?:khoảng |gần |hơn |trên )?$"
)
_AGAINST_YEAR = re.compile(r"\s*(?:so với|so|của)?\s*(?:cùng kỳ|năm|tháng)\b")
_SHARE = re.compile(r"\b(?:chiếm|tỷ trọng)\s+(?:[^\W\d_]+\s+){0,3}$")


class Codebook:
    """Units and kinds of the indicators, and the members of a family by role."""

    def __init__(self, indicators: pd.DataFrame) -> None:
        table = indicators.set_index("id") if "id" in indicators.columns else indicators
        self.units: dict[str, str] = table["unit"].to_dict()
        self.kinds: dict[str, str] = table["kind"].to_dict()
        self.topics: dict[str, str] = table["topic"].to_dict()

    def resolve(self, subject: str, role: str, unit_class: str, unit: str) -> str:
        """Indicator of a subject's family that fits the role and the printed unit; empty for none."""
        suffixes = _SUFFIXES.get(role, ())
        if role == "neutral" and subject not in self.units:
            suffixes = ("_growth", "_ratio")
        for suffix in suffixes:
            name = subject + suffix
            if name in self.units and self._fits(name, suffix, role, unit_class, unit):
                return name
        return ""

    def _fits(self, name: str, suffix: str, role: str, unit_class: str, unit: str) -> bool:
        """Whether an indicator can be printed in this unit, in this role."""
        printed, kind = self.units[name], self.kinds[name]
        if kind in ("statement", "list") or (role in ("growth", "index") and suffix == "" and kind != "rate"):
            return False
        if role == "change" and suffix == "" and not name.endswith("_change"):
            return False
        if role == "plan_ratio" and suffix == "" and not name.endswith("_ratio"):
            return False
        if unit_class == "time":
            return printed == {"ngày": "days", "năm": "years"}.get(unit, "")
        if unit_class == "pct" and printed == "percentage_point":
            return suffix.endswith(_POINT_SUFFIXES) or name.endswith("_change")
        fits = printed in UNITS_OF_CLASS.get(unit_class, ())
        return fits and (unit_class != "pct" or kind in ("rate", "ratio"))


def role_of(found: Found, folded: str, start: int) -> str:
    """Role of a figure by its form, unit and the words beside it; ``start`` bounds the look back."""
    if found.form in _ROLE_OF_FORM:
        return _ROLE_OF_FORM[found.form]
    before = folded[max(start, found.start - 70) : found.start]
    if found.unit_class == "points" and _EXPECTED_BEFORE.search(before):
        return "expectation"
    if found.unit_class in _ROLE_OF_CLASS:
        return _ROLE_OF_CLASS[found.unit_class]
    if found.unit_class == "pct":
        return _role_of_share(found, before, folded[found.end : found.end + 60])
    return _role_of_amount(found, before)


def _role_of_amount(found: Found, before: str) -> str:
    """Role of a figure in money, persons, tonnes, times, or of a count."""
    if found.unit_class == "times":
        return "growth" if found.direction in ("tăng", "giảm", "gấp") else "level"
    if found.direction in ("tăng", "giảm"):
        return "change"
    if _SAME_AS.search(before):
        return "none"  # says again what was just said, in another unit
    return "count" if found.unit_class in ("count", "") else "level"


def _role_of_share(found: Found, before: str, after: str) -> str:
    """Role of a figure in percent."""
    if found.direction in ("vượt", "hụt", "cao hơn", "thấp hơn") or _EXPECTED_BEFORE.search(before):
        if _EXPECTED.match(after) or _EXPECTED_BEFORE.search(before):
            return "expectation"
        return "above_plan"
    if _ABOVE_BEFORE.search(before):
        return "above_plan"
    if found.direction in ("tăng", "giảm", "âm"):
        return "growth"
    return "share" if _SHARE.search(before) else _role_of_ratio(found, after)


def _role_of_ratio(found: Found, after: str) -> str:
    """Role of a share by what it is held against."""
    if found.direction == "bằng" and _AGAINST_YEAR.match(after):
        return "index"  # 118,5% of last year's: neither growth nor share of the plan
    return "plan_ratio" if _PLAN.match(after) else "neutral"
