"""Numerals of a text: amounts with sign, direction, hedge, unit and bound; a/b, ranges, ranks and counts in words.

Responsibility: every numeral that is neither date nor name becomes a figure, and its token is what a person would type
from the page. A numeral with something unseen, a blank, a look-alike letter or an apostrophe inside is read whole and
marked as doubtful, never cut. What a figure measures is ``frames``'s matter.

Terms: *kind* = ``figure``, ``legal_reference``, or the reason why digits are no figure; *form* = how a figure is
printed: amount, rank, rank_of, date, period, word; *class* = units that measure the same thing, e.g. money; *power* =
of ten, from the printed unit to the class's own: đồng, USD, tấn, người; *noun* = the word that a count counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from kg_analysis.vietnamese import BOUNDS_AFTER, HEDGES, NEGATIVE

FIGURE, REFERENCE = "figure", "legal_reference"
CONTEXT, NAME, SECTION, ARTEFACT = "context_period", "name", "section_number", "page_artefact"


@dataclass(frozen=True)
class Found:
    """A stretch of text and what it is.

    Attributes
    ----------
    start, end : int
        Offsets of the token as a person would type it, direction, hedge and unit included [characters].
    kind : str
    form : str
        amount, rank, rank_of, date, period or word; empty where it is no figure.
    number_start, number_end : int
        Offsets of the numeral itself [characters].
    value : Decimal or None
        As sign and numeral say, in the printed unit.
    decimals : int
        Decimals printed.
    unit : str
        Unit or counted noun as printed, also where the page prints it after the next number.
    unit_class : str
        pct, points, money, usd, people, weight, area, cases, per_day, times, time, rank, score, count or empty.
    power : int
        Power of ten of the unit word within its class, e.g. 9 for ``tỷ``.
    direction : str
        Word that carries the direction, folded: tăng, giảm, vượt …
    qualifier : str
        exact, approx_below, approx_above, at_least, at_most or vague.
    pair : str
        ``first`` or ``second`` of a printed a/b.
    noun_end : int
        Offset after a counted noun that a comma divides (``63 tỉnh, thành phố``), of which the token holds the first
        part; 0 elsewhere [characters].
    period : tuple or None
        Period type, first and last day, of dates and periods.
    doubtful : bool
        Whether the numeral can be read in more than one way.
    broken : bool
        Whether something that belongs to no numeral stands inside it.
    """

    start: int
    end: int
    kind: str
    form: str = ""
    number_start: int = 0
    number_end: int = 0
    value: Decimal | None = None
    decimals: int = 0
    unit: str = ""
    unit_class: str = ""
    power: int = 0
    direction: str = ""
    qualifier: str = "exact"
    pair: str = ""
    noun_end: int = 0
    period: tuple[str, date, date] | None = None
    doubtful: bool = False
    broken: bool = False


@dataclass
class Claims:
    """Stretches of a text that are already accounted for; the first claim on a character stands."""

    length: int
    found: list[Found] = field(default_factory=list)
    taken: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.taken = bytearray(self.length)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing between the offsets is claimed."""
        return self.taken.find(1, start, end) < 0

    def add(self, item: Found) -> bool:
        """Claim a stretch; False where part of it is taken."""
        if not self.is_free(item.start, item.end):
            return False
        self.taken[item.start : item.end] = b"\x01" * (item.end - item.start)
        self.found.append(item)
        return True


_SCALES = {
    "": 0,
    "vạn ": 4,
    "nghìn ": 3,
    "ngàn ": 3,
    "triệu ": 6,
    "tỷ ": 9,
    "nghìn tỷ ": 12,
    "ngàn tỷ ": 12,
    "triệu tỷ ": 15,
}
_PEOPLE = (
    "lượt khách",
    "lượt hành khách",
    "lượt người",
    "lượt lao động",
    "lượt",
    "người lao động",
    "người dân",
    "người",
    "lao động",
    "hành khách",
    "khách",
    "bệnh nhân",
    "học sinh",
    "dân",
)
_DOLLARS = ("usd", "đô la mỹ", "đô la", "đô-la mỹ")
_HECTARES = ("ha", "héc ta", "hecta")
_THINGS = ("liều", "mũi", "mẫu", "hộ", "hồ sơ", "con", "cây", "tài khoản")
_CLASSES: dict[str, tuple[str, int]] = {
    "%": ("pct", 0),
    "phần trăm": ("pct", 0),
    "điểm phần trăm": ("points", 0),
    "điểm %": ("points", 0),
    "điểm%": ("points", 0),
    "ca/ngày": ("per_day", 0),
    "ca mỗi ngày": ("per_day", 0),
    "ca": ("cases", 0),
    "trường hợp": ("cases", 0),
    "bậc": ("places", 0),
    "điểm": ("score", 0),
    "lần": ("times", 0),
    "ngày": ("time", 0),
    "tuần": ("time", 0),
    "tháng": ("time", 0),
    "năm": ("time", 0),
    "giờ": ("time", 0),
    "phút": ("time", 0),
    "km": ("length", 0),
    "km2": ("length", 0),
    "m2": ("length", 0),
    "m3": ("length", 0),
    "mm": ("length", 0),
    "m": ("length", 0),
    "mw": ("power", 0),
    "kwh": ("power", 0),
    "triệu kwh": ("power", 6),
    "tạ/ha": ("yield", -1),
    "tấn/ha": ("yield", 0),
    "đồng/kg": ("price", 0),
    "đồng/lít": ("price", 0),
    **{f"{scale}đồng": ("money", power) for scale, power in _SCALES.items()},
    **{f"{scale}": ("money", power) for scale, power in (("tỷ", 9), ("nghìn tỷ", 12), ("ngàn tỷ", 12))},
    **{f"{scale}{word}": ("usd", power) for scale, power in _SCALES.items() for word in _DOLLARS},
    **{f"{scale}tấn": ("weight", power) for scale, power in _SCALES.items() if power < 9},
    **{f"{scale}{word}": ("area", power) for scale, power in _SCALES.items() if power < 9 for word in _HECTARES},
    **{f"{scale}{word}": ("people", power) for scale, power in _SCALES.items() if power < 9 for word in _PEOPLE},
    **{f"{scale}{word}": ("count", power) for scale, power in _SCALES.items() if 0 < power < 9 for word in _THINGS},
    "triệu": ("million", 6),
}  # fmt: skip
_MONEY_PER = r"(?:/(?:người|tháng|năm|ha|hộ|lao động|lượt|ngày)(?:/(?:năm|tháng))?)?"
# Nouns of two syllables that reports count; any other noun counts by its first syllable.
_NOUNS = (
    "nhiệm vụ|chỉ tiêu kinh tế|chỉ tiêu|đề án/nhiệm vụ|đề án|dự án|doanh nghiệp|sở ngành|sở, ngành|"
    "sở, ban, ngành|đơn vị|địa phương|chủ đầu tư|vụ việc|"
    "dịch vụ|hồ sơ|thủ tục|sản phẩm|bác sỹ|giường bệnh|điểm cầu|tiêu chí|công trình|hợp tác xã|trang trại|"
    "hộ nghèo|thành phố|tỉnh, thành phố|tỉnh|huyện|xã|phường|"
    "huyện, thành phố|huyện, thị xã, thành phố|huyện, thị xã|xã, phường, thị trấn|xã, phường|kịch bản|"
    "phương án|khu vực|giai đoạn|tiểu ban|tổ công tác|tổ|đoàn|lớp|trường|mẫu|liều|mũi|vụ|hộ|cuộc|văn bản|"
    "bộ|ngành|sở|nước|chuyến|căn|nhà|lĩnh vực|"
    "quốc gia|quận|thị xã|thị trấn|khu phố|"
    "giải pháp|nội dung|mục tiêu|khu công nghiệp|cụm công nghiệp|gói thầu|tàu|con|cây|cơ sở|đại biểu|"
    "thành viên|ấp|thôn|sao|cấp"
)
_KNOWN = frozenset(_NOUNS.split("|"))
_WORDS = "|".join(r"\s+".join(map(re.escape, each.split())) for each in sorted(_CLASSES, key=len, reverse=True))
_NOUN_WORDS = "|".join(sorted(_NOUNS.split("|"), key=len, reverse=True))
_UNIT = re.compile(
    r"\s*(?P<per>(?:(?:nghìn|ngàn|triệu|tỷ)\s+)?đồng/(?:người/năm|người/tháng|người|năm|tháng|ha|hộ|lượt|kg|lít|ngày)|"
    r"usd/(?:người/năm|người|năm))|"
    rf"\s*(?P<unit>{_WORDS})(?![^\W_⁰¹²³⁴⁵⁶⁷⁸⁹])(?!(?<=đồng) (?:bằng|thời|chí|bộ|loạt))"
)
_NOUN = re.compile(rf"\s+(?P<noun>{_NOUN_WORDS})\b|\s+(?P<any>[^\W\d_]+)")
_NO_NOUN_WORDS = """
    và hoặc so với của trong đã đang là thì ở tại từ đến tới do bằng đạt tăng giảm vượt có được cho để còn
    hoàn theo kế nên mà nhưng thuộc nhằm khi nếu như này đó vào ra lên trên dưới cùng cả lại bị đúng trước sau
    toàn gồm tương trễ quá năm phát chưa không đều mới người
"""
_NO_NOUN = frozenset(_NO_NOUN_WORDS.split())
SPELLED = {
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
}
NOUNS = {"ca": "cases", "lần": "times"}
SPELLED_BEFORE = re.compile(
    rf"(?<!thứ )(?<!lần )(?<!ngày )(?<!tất cả )\b(?P<number>{'|'.join(sorted(SPELLED, key=len, reverse=True))})\s+"
    r"(?P<noun>nhiệm vụ|chỉ tiêu|đề án|tổ công tác|tiểu ban|dự án|doanh nghiệp|vụ việc|ca|xã|huyện)\b"
)


@dataclass(frozen=True)
class Unit:
    """Unit word behind a numeral.

    Attributes
    ----------
    start, end : int
        Offsets of the word; both at the numeral's end where there is none [characters].
    unit : str
        As printed, folded.
    unit_class : str
    power : int
        Power of ten.
    """

    start: int
    end: int
    unit: str = ""
    unit_class: str = ""
    power: int = 0


def read_unit(folded: str, end: int) -> Unit:
    """Unit or counted noun that follows a numeral ending at ``end``."""
    unit, found = _UNIT.match(folded, end, end + 40), _NOUN.match(folded, end, end + 40)
    if unit and not (found and found["noun"] and found.end() > unit.end()):
        return _measured(unit)
    if found and (found["noun"] or found["any"] not in _NO_NOUN):
        group = "noun" if found["noun"] else "any"
        return Unit(found.start(group), found.end(group), found[group], "count")
    return Unit(end, end)


def _measured(found: re.Match[str]) -> Unit:
    if found["per"]:
        word = " ".join(found["per"].split())
        scale, _, per = word.partition("đồng/")
        kind = "price" if per in ("kg", "lít") else "usd" if word.startswith("usd") else "money"
        return Unit(found.start("per"), found.end("per"), word, kind, _SCALES.get(scale, 0))
    word = " ".join(found["unit"].split())
    kind, power = _CLASSES[word]
    return Unit(found.start("unit"), found.end("unit"), word, kind, power)


_DIRECTIONS = (
    "tăng",
    "giảm",
    "vượt",
    "âm",
    "hụt",
    "cao hơn",
    "thấp hơn",
    "tăng thêm",
    "giảm bớt",
    "vượt trên",
    "gấp",
    "đạt",
    "bằng",
)
_HEDGE = "|".join(sorted(HEDGES, key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?:\b(?P<rank>thứ|hạng|vị trí(?: thứ)?|xếp|đứng)\s+(?:thứ\s+|"
    rf"hạng\s+)?)?(?:\b(?P<direction>{'|'.join(sorted(_DIRECTIONS, key=len, reverse=True))})\s+(?:thêm\s+)?)?"
    rf"(?:\b(?P<hedge>{_HEDGE})\s+)?(?P<sign>(?<![\d%\w])(?<![\d%]\s)-|(?<=âm )-\s)?$"
)
_LOOK_BACK = 48
_AFTER = re.compile(rf"\s+(?P<bound>{'|'.join(BOUNDS_AFTER)})\b")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+")
_POINT = re.compile(r"\d+\.\d{1,2}|\d+\.\d{4,}")
_KEPT = ("tăng", "giảm", "vượt", "âm", "hụt", "cao hơn", "thấp hơn")  # a token is typed with these
_MIRROR = {"approx_below": "approx_above", "approx_above": "approx_below", "at_least": "at_most", "at_most": "at_least"}


@dataclass(frozen=True)
class Number:
    """A numeral with its neighbours on both sides.

    Attributes
    ----------
    match : re.Match
        The numeral itself.
    before : re.Match
        Words right before it that belong to it, as groups ``rank``, ``direction``, ``hedge`` and ``sign``.
    unit : Unit
        Unit word or counted noun behind it.
    bound : str
        Word behind the unit that bounds it, e.g. ``trở lên``; empty where there is none.
    """

    match: re.Match[str]
    before: re.Match[str]
    unit: Unit
    bound: str

    @property
    def start(self) -> int:
        """Offset of the numeral [characters]."""
        return self.match.start()

    @property
    def end(self) -> int:
        """Offset after the numeral [characters]."""
        return self.match.end()


def read_number(folded: str, found: re.Match[str]) -> Number:
    """A numeral of the folded text with what stands before and behind it; ``found`` is the numeral's match."""
    before = _BEFORE.search(folded, max(found.start() - _LOOK_BACK, 0), found.start())
    if before is None:
        raise AssertionError("the pattern before a numeral matches the empty string")
    unit = read_unit(folded, found.end())
    bound = _AFTER.match(folded, unit.end)
    return Number(found, before, unit, bound["bound"] if bound else "")


def amount(folded: str, found: re.Match[str]) -> Found:
    """One amount, or a rank that no total follows, with what belongs to its token.

    Parameters
    ----------
    folded : str
        The text in its form of comparison.
    found : re.Match
        The numeral in it.
    """
    number = read_number(folded, found)
    ordinal = number.before["rank"] and ("thứ" in number.before[0] or "hạng" in number.before[0])
    if not number.before["direction"] and (ordinal and number.unit.unit_class in ("", "count")):
        return rank(number)
    return figure(folded, number, number.unit)


def rank(number: Number) -> Found:
    """Rank that a numeral prints; its token begins at ``thứ`` where that word stands before it."""
    start = number.start
    if number.before["rank"] and "thứ" in number.before[0]:
        start = number.before.start() + number.before[0].rindex("thứ")
    value, decimals, doubtful = _value(number.match[0])
    return Found(
        start,
        number.end,
        FIGURE,
        "rank",
        number.start,
        number.end,
        value,
        decimals,
        unit_class="rank",
        doubtful=doubtful,
    )


def figure(folded: str, number: Number, unit: Unit) -> Found:
    """Amount that a numeral prints in a unit.

    Parameters
    ----------
    folded : str
        The text in its form of comparison.
    number : Number
    unit : Unit
        The numeral's own, or that of the next number where the page prints it once for both; that one begins before the
        numeral's end (at -1), so that the token does not reach to it.
    """
    value, decimals, doubtful = _value(number.match[0])
    direction, hedge = number.before["direction"] or "", number.before["hedge"] or ""
    if hedge == "từ" and not number.bound:
        direction = ""  # "giảm từ 6,4% xuống còn 5,2%" is a level before the change
    negative = direction in NEGATIVE or number.before["sign"] is not None
    if value is not None and negative:
        value = -value
    start = _token_start(number, unit)
    end = unit.end if unit.start >= number.end else number.end
    noun_end = 0
    if unit.unit_class == "count" and "," in unit.unit and unit.start >= number.end:
        noun_end, end = end, folded.index(",", unit.start)
        unit = replace(unit, unit=unit.unit.partition(",")[0])
    if number.bound:
        end = _after_bound(folded, unit.end if unit.unit else number.end)
    return Found(
        start,
        end,
        FIGURE,
        "amount",
        number.start,
        number.end,
        value,
        decimals,
        unit.unit,
        unit.unit_class,
        unit.power,
        direction,
        _qualifier(hedge, number.bound, negative),
        doubtful=doubtful,
        broken=_is_broken(number.match[0]),
        noun_end=noun_end,
    )


def _after_bound(folded: str, end: int) -> int:
    found = _AFTER.match(folded, end)
    return found.end() if found else end


def _token_start(number: Number, unit: Unit) -> int:
    """Where the token begins: at a direction that gives the sign, a hedge that bounds it, or the numeral."""
    before = number.before
    direction, hedge = before["direction"], before["hedge"]
    if hedge == "từ" and not number.bound:
        return number.start
    if direction in _KEPT or (direction in _DIRECTIONS and not unit.unit):
        return before.start("direction")
    if hedge and (hedge != "từ" or number.bound):
        return before.start("hedge")
    return before.start("sign") if before["sign"] else number.start


def _qualifier(hedge: str, bound: str, negative: bool) -> str:
    before, after = HEDGES.get(hedge, ""), BOUNDS_AFTER.get(bound, "")
    if hedge == "từ" and not after:
        before = ""  # "từ 6,4% xuống còn 5,2%" bounds nothing
    qualifier = after or before or "exact"
    return _MIRROR.get(qualifier, qualifier) if negative else qualifier


def _value(numeral: str) -> tuple[Decimal | None, int, bool]:
    """Value, decimals and whether another reading is possible."""
    numeral = _INSIDE.sub("", numeral).replace("o", "0").replace("l", "1")
    if _GROUPED.fullmatch(numeral):
        return Decimal(numeral.replace(".", "").replace(",", ".")), len(numeral.partition(",")[2]), False
    if _ENGLISH.fullmatch(numeral):
        return Decimal(numeral.replace(",", "")), len(numeral.partition(".")[2]), True
    if _POINT.fullmatch(numeral):
        return Decimal(numeral), len(numeral.partition(".")[2]), True
    return None, 0, True


def _is_broken(numeral: str) -> bool:
    """Whether a numeral holds more than digits, points and commas."""
    return re.fullmatch(r"[\d.,]+", numeral) is None


UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_INSIDE = re.compile(rf"[{UNSEEN}'’´` ]+")
# Numerals with something inside that belongs to none: 5,<soft hyphen>22 · 5'198,3 · 1O,22 · 5.l98 · 5 198,3 · 5, 22%
_BROKEN = rf"\d[\d.,]*(?:[{UNSEEN}]+[.,]?\d[\d.,]*|['’´`]\d{{3}}(?!\d)|[ol](?=[\d.,])|(?<=[.,])[ol](?=\d)|(?<=\d[ol])[.,]?\d[\d.,]*)+[\d.,]*\b"  # noqa: E501
_SPACED = r"(?<![\d.,/-])\d{1,3}(?: \d{3})+(?:,\d+)?(?![\d/]|[.,]\d)(?=\s?(?:%|tỷ|triệu|nghìn|ngàn|đồng|ha\b|tấn|ca\b|người|lượt|hộ\b|usd))"  # noqa: E501
_TORN = r"(?:(?<=tăng )|(?<=giảm )|(?<=đạt )|(?<=là ))\d{1,3}[.,] \d{1,3}(?=\s?(?:%|tỷ|triệu|điểm))"
_NUMERAL = re.compile(rf"(?P<broken>{_BROKEN}|{_SPACED}|{_TORN})|\d+(?:[.,]\d+)*")
_RANKED = re.compile(r"(?:xếp hạng|thứ hạng|vị trí)[^.;\n]*$")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)*")
_RANGE = re.compile(r"\s*(?:-|đến|tới)\s*")


def claim_amounts(claims: Claims, text: str, folded: str) -> None:
    """Claim every numeral that is still free as a figure, and counts spelled in words."""
    free = list(_free(claims, text, folded))
    skip = -1
    ranked = 0  # end of a printed rank among others, which a further one may follow: xếp thứ 4/13 … và 26/63
    for index, found in enumerate(free):
        if found.start() < skip:
            continue
        following = free[index + 1] if index + 1 < len(free) else None
        among = ranked > 0 and re.fullmatch(r"[^.;\d]{0,60}(?:,|và)\s*", folded[ranked : found.start()]) is not None
        joined = _pair(folded, found, following, among) or _range(folded, found, following)
        items = joined if joined else [amount(folded, found)]
        for item in items:
            claims.add(_widened(claims, item))
        skip = items[-1].number_end
        ranked = items[-1].end if items[-1].form == "rank_of" else 0
    for found in SPELLED_BEFORE.finditer(folded):
        claims.add(_spelled(found))
    for found in _ORDINAL.finditer(folded):
        claims.add(_ordinal(found))


def is_idle(found: Found) -> bool:
    """Whether a number counts what no report counts: 2 sân, 7 nhánh; its noun is in no list."""
    plain = found.form == "amount" and found.unit_class == "count" and found.decimals == 0 and not found.direction
    return plain and not found.pair and found.unit not in _KNOWN


def _free(claims: Claims, text: str, folded: str) -> Iterator[re.Match[str]]:
    """Numerals that nothing has claimed; cells of a table are never one numeral."""
    at = 0
    while found := _NUMERAL.search(folded, at):
        if found["broken"] and ("\t" in text[found.start() : found.end()] or not claims.is_free(*found.span())):
            found = _PLAIN.search(folded, found.start())
        if found is None:
            return
        if claims.is_free(*found.span()):
            yield found
        at = found.end()


def claim_rest(claims: Claims, folded: str) -> None:
    """Claim digits that nobody claimed, so that none is dropped."""
    for found in re.finditer(r"[0-9]+", folded):
        if claims.is_free(*found.span()):
            claims.add(Found(found.start(), found.end(), NAME))


def _pair(folded: str, first: re.Match[str], second: re.Match[str] | None, among: bool) -> list[Found]:
    """Two figures of a printed a/b: a rank among, a part of a total."""
    if second is None or second.start() - first.end() > 24 or "/" not in folded[first.end() : second.start()]:
        return []
    one, two = read_number(folded, first), read_number(folded, second)
    if not re.fullmatch(r"\s*/\s*", folded[first.end() : second.start()]):
        if (
            not one.unit.unit
            or one.unit.unit_class != two.unit.unit_class
            or folded[one.unit.end : second.start()].strip() != "/"
        ):
            return []
        return [
            replace(figure(folded, one, one.unit), pair="first"),
            replace(figure(folded, two, two.unit), pair="second"),
        ]
    listed = (
        two.match[0] in ("63", "34", "13")
        and not one.unit.unit
        and _RANKED.search(folded, max(first.start() - 150, 0), first.start())
    )
    if (one.before["rank"] or among or listed) and one.before["direction"] is None:
        ranked = replace(figure(folded, two, two.unit), form="rank_of", pair="second")
        return [replace(rank(one), pair="first"), ranked]
    whole = replace(figure(folded, two, two.unit), pair="second")
    shared = replace(two.unit, start=-1, end=one.end)  # printed after the second number, holds for both
    part = replace(figure(folded, one, shared), pair="first")
    return [part, whole]


def _range(folded: str, first: re.Match[str], second: re.Match[str] | None) -> list[Found]:
    """Two bounds of a printed range: 6,5 - 7%, từ 120 đến 150 ca."""
    gap = folded[first.end() : second.start()] if second else ""
    if second is None or len(gap) > 40 or not any(each in gap for each in ("-", "đến", "tới")):
        return []
    one, two = read_number(folded, first), read_number(folded, second)
    between = _RANGE.fullmatch(folded[(one.unit.end if one.unit.unit else first.end()) : second.start()])
    if between is None or (one.unit.unit and one.unit.unit_class != two.unit.unit_class):
        return []
    if ("đến" in between[0] or "tới" in between[0]) and one.before["hedge"] != "từ" and one.unit.unit:
        return []
    low = figure(folded, one, one.unit if one.unit.unit else replace(two.unit, start=-1, end=first.end()))
    high = figure(folded, replace_before(two, one), two.unit)
    if low.value is not None and high.value is not None and abs(low.value) > abs(high.value):
        return []
    bounds = ("at_most", "at_least") if low.value is not None and low.value < 0 else ("at_least", "at_most")
    if one.before["hedge"] == "từ" and low.start == low.number_start:
        low = replace(low, start=one.before.start("hedge"))
    direction = one.before["direction"] or ""
    return [
        replace(low, qualifier=bounds[0], direction=direction),
        replace(high, start=second.start(), qualifier=bounds[1], direction=direction),
    ]


def replace_before(number: Number, first: Number) -> Number:
    """The second number of a range under the first one's direction."""
    return replace(number, before=first.before)


def _widened(claims: Claims, item: Found) -> Found:
    """The token, cut back to the numeral where a neighbour has taken part of it."""
    start, end = item.start, item.end
    if not claims.is_free(start, item.number_start):
        start = item.number_start
    if not claims.is_free(item.number_end, end):
        end = item.number_end
    return replace(item, start=start, end=end)


_ORDINALS = {"nhất": 1, "nhì": 2, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8}
_ORDINAL = re.compile(
    rf"(?P<before>\b(?:xếp|đứng|vươn lên|vị trí|hạng)\s+(?:hạng\s+|vị trí\s+|ở\s+)?)?\bthứ\s+(?P<number>{'|'.join(_ORDINALS)})\b"  # noqa: E501
    r"(?P<after>\s+(?:[^\W\d_]+\s+){0,2}?(?:vùng|cả nước|toàn quốc|khu vực|đbscl|đồng bằng|tại đbscl))?"
)


def _ordinal(found: re.Match[str]) -> Found:
    """Rank in words, xếp thứ nhất vùng; where neither side says that it is a rank, a name."""
    start = found.start("number") - 4
    span = (found.start("number"), found.end("number"))
    if not (found["before"] or found["after"]):
        return Found(start, span[1], NAME)
    value = Decimal(_ORDINALS[found["number"]])
    return Found(start, span[1], FIGURE, "rank", *span, value, 0, "", "rank")


def _spelled(found: re.Match[str]) -> Found:
    noun = found["noun"]
    unit_class = NOUNS.get(noun, "count")
    value = Decimal(SPELLED[found["number"]])
    return Found(
        found.start("number"),
        found.end(),
        FIGURE,
        "word",
        found.start("number"),
        found.end("number"),
        value,
        0,
        noun,
        unit_class,
    )
