"""Unit words and counted nouns behind a numeral.

Responsibility: which words may follow a numeral, the class of unit each belongs to and its power of ten.

Terms: *class* = units that measure the same thing, e.g. money; *power* = of ten, from the printed unit to the class's
own: đồng, USD, tấn, người.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    "tạ/ha": ("yield", 0),
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
    "giải pháp|nội dung|mục tiêu|khu công nghiệp|cụm công nghiệp|gói thầu|tàu|con|cây|cơ sở|đại biểu|"
    "thành viên|ấp|thôn|sao|cấp"
)
_WORDS = "|".join(r"\s+".join(map(re.escape, each.split())) for each in sorted(_CLASSES, key=len, reverse=True))
_NOUN_WORDS = "|".join(sorted(_NOUNS.split("|"), key=len, reverse=True))
_UNIT = re.compile(
    r"\s*(?P<per>(?:(?:nghìn|ngàn|triệu|tỷ)\s+)?đồng/(?:người/năm|người/tháng|người|năm|tháng|ha|hộ|lượt|kg|lít|ngày))|"
    rf"\s*(?P<unit>{_WORDS})(?![^\W_])"
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
    rf"(?<!thứ )(?<!lần )(?<!ngày )\b(?P<number>{'|'.join(sorted(SPELLED, key=len, reverse=True))})\s+"
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
        kind = "price" if per in ("kg", "lít") else "money"
        return Unit(found.start("per"), found.end("per"), word, kind, _SCALES.get(scale, 0))
    word = " ".join(found["unit"].split())
    kind, power = _CLASSES[word]
    return Unit(found.start("unit"), found.end("unit"), word, kind, power)
