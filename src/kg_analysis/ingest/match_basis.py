"""Whether a figure is an outturn, an estimate, a plan or a scenario, and what it compares with.

Responsibility: the words that say so, nearest first; where none does, the end of the period against the day of writing.
"""

from __future__ import annotations

import re
from datetime import date

from kg_analysis.periods import Period

ACTUAL, ESTIMATE, PLAN, SCENARIO = "actual", "estimate", "plan", "scenario"
_CUES = re.compile(
    r"(?P<estimate>\bước\b|\bdự ước\b|\bước tính\b)"
    r"|(?P<scenario>\bkịch bản\b|\bphương án\b|\bdự báo\b|\bđể đạt\b|\btheo đó, để\b)"
    r"|(?P<plan>\bphấn đấu\b|\b(?:đặt )?mục tiêu\b|\bnhiệm vụ năm\b|\byêu cầu\b|\bphải (?:đạt|tăng)\b|\bcần (?:đạt|tăng)\b|\bđề ra chỉ tiêu\b|\bchỉ tiêu (?:đề ra|năm|chủ yếu năm)\b|\bkế hoạch (?:vốn|năm|đề ra|là)\b|\bdự kiến\b|\bquyết tâm\b|\btheo hướng\b|\bđặt ra\b)"
    r"|(?P<actual>\bđã\b|\bthực tế\b|\bghi nhận\b|\bthực hiện\b|\bđạt\b|\btính đến\b|\bđến nay\b)"
)
_AGAINST = re.compile(
    r"(?:so với|so|bằng|đạt|vượt|hơn|theo|thấp hơn|cao hơn|hoàn thành|đạt và vượt|với)\s+(?:\S+\s+){0,2}$"
)
_SECTION_PLAN = re.compile(
    r"phương hướng|nhiệm vụ(?: trọng tâm| chủ yếu)?(?: \S+){0,3} năm|nhiệm vụ trọng tâm|mục tiêu|chỉ tiêu|giải pháp|kế hoạch năm"
)
_SECTION_SCENARIO = re.compile(r"kịch bản|phương án")
_COMPARATORS = (
    ("plan", re.compile(r"^[^.;,\d]{0,12}?\b(?:so với |so |của )?(?:tổng )?(?:kế hoạch|dự toán|kh\b|chỉ tiêu)")),
    ("expectation", re.compile(r"^[^.;,\d]{0,12}?\bso (?:với )?(?:dự kiến|kịch bản|mục tiêu|nghị quyết)")),
    ("previous_month", re.compile(r"^[^.;,\d]{0,12}?\bso (?:với )?tháng (?:trước|\d)")),
    (
        "same_period_last_year",
        re.compile(r"^[^.;,\d]{0,12}?\b(?:so (?:với )?)?(?:bình quân )?(?:cùng kỳ|cùng thời điểm)"),
    ),
    ("previous_year", re.compile(r"^[^.;,\d]{0,12}?\bso (?:với )?(?:năm|cuối năm|đầu năm|thời điểm|31/12|cuối|đầu)")),
)
_STOCKS = ("credit_outstanding", "deposits", "poverty_rate", "governance_index", "online_service")
_MEASURED = ("level", "rate", "ratio", "mean", "rank")


def basis_of(
    folded: str,
    sentence_start: int,
    clause: int,
    figure: tuple[int, int],
    heading: str,
    period: Period,
    written: date,
    year: int,
    kind: str,
    indicator: str,
) -> tuple[str, float]:
    """Basis of a figure and how certain it is, 0 to 1.

    Parameters
    ----------
    folded : str
    sentence_start, clause : int
        Where sentence and clause begin [characters].
    figure : (int, int)
        Offsets of the figure.
    heading : str
        Headings above the figure, folded.
    period : Period
    written : date
        Day of writing.
    year : int
        Year reviewed.
    kind : str
        Kind of the indicator; empty for none.
    indicator : str
    """
    if indicator.endswith(("_plan", "_target")):
        return PLAN, 0.98
    if period[1].year > year:
        return PLAN, 0.95
    said = _nearest(folded, clause, figure[0]) or _standing(folded, sentence_start, clause)
    if said == SCENARIO or (said in ("", ACTUAL) and _SECTION_SCENARIO.search(heading) and period[2] >= written):
        return SCENARIO, 0.92
    if said in (PLAN, ESTIMATE):
        return said, 0.95
    if _SECTION_PLAN.search(heading) and period[2] > written:
        return PLAN, 0.9
    if period[2] > written and kind in _MEASURED and period[0] not in ("day", "point", "phase", "budget_year"):
        return ESTIMATE, 0.92
    return ACTUAL, 0.96 if kind else 0.8


def _nearest(folded: str, start: int, end: int) -> str:
    """Last cue of a stretch that is no comparison: the kế hoạch of ``so với kế hoạch`` says nothing."""
    for found in reversed(list(_CUES.finditer(folded, start, end))):
        name = found.lastgroup or ""
        if name in (PLAN, SCENARIO) and _AGAINST.search(folded[max(start, found.start() - 30) : found.start()]):
            if found[0] not in ("kịch bản", "phương án") or not re.search(r"\btheo\s+$", folded[: found.start()][-6:]):
                continue
        if name == ACTUAL:
            earlier = _nearest(folded, start, found.start()) if found[0] in ("đạt", "thực hiện") else ""
            return earlier or ACTUAL
        return name
    return ""


def _standing(folded: str, start: int, end: int) -> str:
    """Cue of the sentence's earlier clauses, where it is a plan or an estimate that governs what follows."""
    said = _nearest(folded, start, end)
    return said if said in (PLAN, SCENARIO, ESTIMATE) else ""


def comparator_of(folded: str, end: int, indicator: str, kind: str, has_plan: bool) -> str:
    """What a rate or ratio compares with: what is printed behind it, else what its kind implies."""
    if indicator.endswith(("_plan_ratio", "_above_plan", "_allocated_ratio")):
        return "plan"
    if indicator.endswith("_vs_expectation"):
        return "expectation"
    if kind not in ("rate", "ratio") and not indicator.endswith(("_change",)):
        return "plan" if has_plan else ""
    if kind == "ratio":
        return "total" if indicator.endswith("_share") else ""
    if indicator.endswith("_contribution"):
        return ""
    printed = next((name for name, pattern in _COMPARATORS if pattern.search(folded[end : end + 60])), "")
    stock = indicator.startswith(_STOCKS)
    if printed == "previous_year" and not stock:
        return "same_period_last_year"  # a whole year's flow: the year before is the same period
    if printed in ("plan", "expectation"):
        printed = ""
    return printed or ("previous_year" if stock else "same_period_last_year")
