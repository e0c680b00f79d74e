"""Whether a figure is an outturn, an estimate, a plan or a scenario, and what it compares with.

Responsibility: the words that say so, nearest first; where none does, the end of the period against the day of writing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kg_analysis.ingest.numerals import Found
from kg_analysis.periods import Period

ACTUAL, ESTIMATE, PLAN, SCENARIO = "actual", "estimate", "plan", "scenario"
_CUES = re.compile(
    r"(?P<estimate>\bước\b|\bdự ước\b|\bước tính\b|\bdự kiến (?:đến|hết)\b)"
    r"|(?P<scenario>\bkịch bản\b|\bphương án\b|\bdự báo\b|\bđể (?:cả năm )?đạt\b)"
    r"|(?P<plan>\bphấn đấu\b|\bmục tiêu\b|\bnhiệm vụ năm\b|\byêu cầu\b|\bphải (?:đạt|tăng)\b|\bcần (?:đạt|"
    r"tăng)\b|\bchỉ tiêu (?:đề ra|là)\b"
    r"|\bdự kiến\b|\bquyết tâm\b|\btheo hướng\b|\bđặt ra\b|\b(?:kế hoạch|chỉ tiêu)(?=\s*(?:là\s*)?$))"
    r"|(?P<actual>\bđã\b|\bthực tế\b|\bghi nhận\b|\bđến nay\b|\bkết quả\b|\bmới (?:giải ngân|đạt|chỉ)\b|(?<!ước )\bchỉ (?:đạt|mới)\b)"
)
_AGAINST = re.compile(r"(?:so với|so|bằng|đạt|vượt|hơn|hoàn thành|đạt và vượt|với)\s+(?:\S+\s+){0,3}$")
_AGAINST_AIM = re.compile(r"(?:so với|so|bằng|vượt|hơn|hoàn thành|đạt và vượt)\s+(?:\S+\s+){0,2}$")
_PLAN_NOUN = r"(?:chỉ tiêu|mục tiêu|kế hoạch|nghị quyết|dự toán|mức đề ra)"
_ASIDE_PLAN = re.compile(
    rf"{_PLAN_NOUN}[^.;()\d]{{0,45}}\((?:(?!đạt|vượt|chiếm|bằng|trong|cùng kỳ|năm|tương đương)[^()]{{0,25}})$|"
    rf"\((?:{_PLAN_NOUN}|kh)\s+(?:[^\W\d_]+\s+){{0,3}}$|"
    rf"(?:so (?:với )?|hơn |vượt (?:so với )?|đạt và vượt |vượt |đạt |là )(?:{_PLAN_NOUN})(?: [^\W\d_]+){{0,8}} (?:là|đề ra|giao|giao là|đề ra là|đặt ra|"
    rf"đặt ra là)\s+(?:đạt |tăng |từ |khoảng )*$|"
    rf"(?:so (?:với )?|hơn (?:nhiều )?(?:so với )?|sẽ (?:đạt )?(?:và )?vượt )(?:{_PLAN_NOUN})\s+(?:là )?$|{_PLAN_NOUN}(?: [^\W\d_]+){{0,4}} (?:đề ra|giao) là\s+$"
)
_GIVEN = re.compile(r"\W*(?:về )?(?:tổng )?(?:dự toán|kế hoạch)\b[^.;()]{0,110}(?:giao(?: là)?|là)\s+$")
_ASIDE_SCENARIO = re.compile(
    r"(?:kịch bản)[^.;()\d]{0,45}\((?:(?!đạt|vượt|chiếm|bằng|trong)[^()]{0,25})$|"
    r"(?:so với|vượt|hơn)[^.;()]{0,30}\bkịch bản(?: [^\W\d_]+){0,4}(?: trước đó)?(?: đề ra)?(?: là)?\s+$|kịch bản tại [^.;()]{0,40}\((?:[\d,]+% và )?$"
)
_NUMBERING = r"^(?:[-*\s]|[ivx]+[.)/]|[a-hđ][.)]|\d{1,2}(?:\.\d{1,2})*[.)/]?|phần \S+)*\s*(?:về |một số |các )?"
_HEADED_PLAN = re.compile(
    rf"{_NUMBERING}(?:phương hướng|định hướng|nhiệm vụ(?! được)|mục tiêu|chỉ tiêu (?:chủ yếu|năm|đề ra|"
    rf"phấn đấu|kế hoạch|cụ thể|theo)|giải pháp|kế hoạch (?:năm|phát triển))"
)
_HEADED_SCENARIO = re.compile(rf"{_NUMBERING}(?:kịch bản|phương án|.{{0,40}}kịch bản (?:tăng trưởng|điều hành))")
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
_BY_ENDING = {
    "_plan_ratio": "plan",
    "_above_plan": "plan",
    "_allocated_ratio": "plan",
    "_vs_expectation": "expectation",
    "_contribution": "",
    "_new_change": "",
    "_share": "total",
}
_STOCKS = ("credit_outstanding", "deposits", "poverty_rate", "governance_index", "online_service")
_CALENDAR_PERIODS = ("year", "half", "quarter", "ytd", "month")
_MEASURED = ("level", "rate", "ratio", "mean", "rank")


@dataclass(frozen=True)
class Setting:
    """Where a figure stands, as far as its basis depends on it.

    Attributes
    ----------
    sentence, clause : int
        Where sentence and clause begin [characters].
    found : Found
    bracket : int
        Where the bracket around the figure opens; -1 outside of brackets [characters].
    headings : list of str
        Headings above it, folded, the nearest first, without the title.
    title : str
        Title, folded.
    carried : str
        Basis that the paragraph's lead gives.
    is_dated : bool
        Whether the text says when it was written.
    """

    sentence: int
    clause: int
    found: Found
    bracket: int
    headings: list[str]
    title: str
    carried: str = ""
    is_dated: bool = True

    @property
    def figure(self) -> int:
        """Where the figure begins [characters]."""
        return self.found.start


def basis_of(
    folded: str,
    at: Setting,
    period: Period,
    as_of: date | None,
    written: date,
    year: int,
    kind: str,
    name: str,
    source: str,
) -> tuple[str, str]:
    """Basis of a figure and where it is from: meaning, aside, words, carried or time.

    Parameters
    ----------
    folded : str
    at : Setting
    period : Period
    as_of : date or None
        Cut-off printed with the figure.
    written : date
        Day of writing.
    year : int
        Year reviewed.
    kind, name : str
        Kind and id of the indicator; empty for none.
    source : str
        Frame that gave the period; ``former`` for one that is only compared with.
    """
    if name.endswith(("_plan", "_target")) and not name.endswith("_above_plan"):
        return PLAN, "meaning"
    if source != "former" and period[2].year < year and _nearest(folded, at.clause, at.figure) == ESTIMATE:
        return ESTIMATE, "words"
    if source == "former" and period[2].year < written.year:
        return ACTUAL, "meaning"
    aside = _aside(folded, at)
    if aside:
        return aside, "aside"
    if name.endswith("_rank_of") or name == "district_count" or period[2].year < year or source == "former":
        return ACTUAL, "meaning"
    if period[1].year > year or (period[0] == "phase" and period[2] > written and period[2].year > year):
        return PLAN, "meaning"
    said = _nearest(folded, at.clause, at.figure, name.endswith(("_plan_ratio", "_above_plan"))) or _standing(folded, at.sentence, at.clause)
    if said == ACTUAL and period[0] == "year" and period[1].year == written.year:
        return ACTUAL, "words"
    return _by_words(at, period, written, said) or _by_time(period, as_of, written, kind)


def _aside(folded: str, at: Setting) -> str:
    """Plan or scenario where the figure is only the one compared with: vượt kế hoạch đề ra (5,2%)."""
    before = folded[max(at.figure - 90, at.sentence) : at.figure]
    if at.found.pair or at.found.unit_class in ("points", "count"):
        return ""
    if _ASIDE_SCENARIO.search(before):
        return SCENARIO
    if _GIVEN.match(folded[at.sentence : at.figure]):
        return PLAN
    if at.found.direction in ("vượt", "cao hơn", "thấp hơn", "hụt"):
        return ""
    return PLAN if _ASIDE_PLAN.search(before) else ""


def _by_words(at: Setting, period: Period, written: date, said: str) -> tuple[str, str] | None:
    """Basis that the sentence, the headings or the title name."""
    headed, titled = _headed(at), "kịch bản" in at.title
    if said == SCENARIO or (headed == SCENARIO and said in ("", PLAN)):
        return SCENARIO, "words"
    if at.carried == SCENARIO and said in ("", PLAN, ESTIMATE):
        return SCENARIO, "carried"
    if at.carried == PLAN and said == "" and period[2] >= written.replace(month=1, day=1):
        return PLAN, "carried"
    if said == ESTIMATE:
        return ESTIMATE, "words"
    if said == PLAN or (headed == PLAN and said == "" and period[2] >= written):
        return PLAN, "carried" if titled else "words"
    if titled and said == "" and (period[1] > written or (not at.is_dated and not at.headings)):
        return SCENARIO, "carried"
    return None


def _by_time(period: Period, as_of: date | None, written: date, kind: str) -> tuple[str, str]:
    """Outturn, or an estimate where the period had not ended when the text was written."""
    if as_of and as_of <= written:
        return ACTUAL, "as_of"
    if period[2] <= written or kind not in _MEASURED or period[0] not in _CALENDAR_PERIODS:
        return ACTUAL, "time"
    return ESTIMATE, "time"


def _headed(at: Setting) -> str:
    """Basis that the nearest heading with one gives."""
    for line in at.headings:
        if _HEADED_SCENARIO.match(line):
            return SCENARIO
        if _HEADED_PLAN.match(line):
            return PLAN
    return ""


def _nearest(folded: str, start: int, end: int, of_plan: bool = False) -> str:
    """Last cue of a stretch that is no comparison: the kế hoạch of ``so với kế hoạch`` says nothing."""
    for found in reversed(list(_CUES.finditer(folded, start, end))):
        name = found.lastgroup or ""
        against = _AGAINST_AIM if found[0] == "mục tiêu" else _AGAINST
        if of_plan and found[0] in ("kế hoạch", "chỉ tiêu"):
            continue
        if found[0] == "kịch bản" and re.match(r"\s+(?:\d|i+\b|cao|thấp|cơ sở|thứ)", folded[found.end() : found.end() + 8]):
            return SCENARIO
        if name in (PLAN, SCENARIO) and against.search(folded[max(start, found.start() - 30) : found.start()]):
            continue
        return name
    return ""


def _standing(folded: str, start: int, end: int) -> str:
    """Cue of the sentence's earlier clauses, where it is one that governs what follows."""
    said = _nearest(folded, start, end)
    return said if said in (PLAN, SCENARIO, ESTIMATE) else ""


def comparator_of(folded: str, end: int, indicator: str, kind: str, has_plan: bool) -> str:
    """What a rate or ratio compares with: what is printed behind it, else what its kind implies."""
    for ending, comparator in _BY_ENDING.items():
        if indicator.endswith(ending):
            return comparator
    if kind not in ("rate", "ratio") and not indicator.endswith("_change"):
        return "plan" if has_plan else ""
    if kind == "ratio":
        return ""
    printed = next((name for name, pattern in _COMPARATORS if pattern.search(folded[end : end + 60])), "")
    stock = indicator.startswith(_STOCKS)
    if printed == "previous_year" and not stock:
        return "same_period_last_year"  # a whole year's flow: the year before is the same period
    if printed and printed not in ("plan", "expectation"):
        return printed
    return "previous_year" if stock else "same_period_last_year"
