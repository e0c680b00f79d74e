"""Units of the codebook and the words that Vietnamese reports print for them.

Responsibility: which words may follow a numeral in each unit, and which units are counted. How an amount is read is
``vietnamese``'s matter.

Terms: *power* = of ten, from the printed unit word to the unit of the codebook: ``nghìn tỷ đồng`` is 3 for bn VND.
"""

from __future__ import annotations

_PERSONS = (
    "người",
    "lượt",
    "lượt khách",
    "lượt người",
    "lượt hành khách",
    "lượt lao động",
    "lao động",
    "khách",
    "hành khách",
    "dân",
)
# Printed words of each unit with the power of ten that leads to the unit of the codebook; "" = no word needed.
UNITS: dict[str, dict[str, int]] = {
    "pct": {"%": 0, "phần trăm": 0, "% kế hoạch": 0, "% chỉ tiêu kế hoạch": 0},
    "percentage_point": {"điểm phần trăm": 0, "điểm %": 0, "%": 0},  # reports print points as "%" too
    "bn_vnd": {
        "nghìn tỷ đồng": 3,
        "nghìn tỉ đồng": 3,
        "ngàn tỷ đồng": 3,
        "ngàn tỉ đồng": 3,
        "tỷ đồng": 0,
        "tỉ đồng": 0,
        "nghìn tỷ": 3,
        "nghìn tỉ": 3,
        "ngàn tỷ": 3,
        "ngàn tỉ": 3,
        "tỷ": 0,
        "tỉ": 0,
        "triệu đồng": -3,
        "nghìn đồng": -6,
        "ngàn đồng": -6,
        "đồng": -9,
    },
    "cases_per_day": {"ca/ngày": 0, "ca mỗi ngày": 0},
    "cases": {"": 0, "ca": 0, "ca mắc": 0, "trường hợp": 0, "người": 0, "bệnh nhân": 0},
    "days": {"ngày": 0},
    "mn_vnd": {
        "triệu đồng": 0,
        "triệu đồng/người/năm": 0,
        "triệu đồng/người": 0,
        "triệu đồng/năm": 0,
        "triệu đồng/người/tháng": 0,
        "triệu": 0,
    },
    "mn_usd": {
        "triệu USD": 0,
        "tỷ USD": 3,
        "tỉ USD": 3,
        "nghìn USD": -3,
        "ngàn USD": -3,
        "USD": -6,
        "triệu đô la Mỹ": 0,
        "tỷ đô la Mỹ": 3,
    },
    "usd": {"USD": 0, "USD/người": 0, "USD/người/năm": 0, "USD/năm": 0, "đô la Mỹ": 0},
    "tonnes_per_ha": {"tạ/ha": -1, "tấn/ha": 0},
    "persons": {
        f"{scale}{word}": power
        for word in _PERSONS
        for scale, power in (("", 0), ("nghìn ", 3), ("ngàn ", 3), ("triệu ", 6))
    },
    "tonnes": {"tấn": 0, "nghìn tấn": 3, "ngàn tấn": 3, "triệu tấn": 6},
    "ha": {"ha": 0, "héc ta": 0, "hecta": 0, "nghìn ha": 3, "ngàn ha": 3},
    "points": {"điểm": 0, "": 0},
    "per_10000": {"bác sĩ": 0, "giường bệnh": 0, "giường": 0, "": 0},
    "times": {"lần": 0},
    "years": {"năm": 0},
    "rank": {"": 0},
    "count": {"": 0},
}
EXACT_UNITS = frozenset({"count", "rank", "days", "cases", "years"})  # counted, not measured: printed = meant
