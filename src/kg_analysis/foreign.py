"""Tokens of English and French pages, rewritten as Vietnamese reports would print them.

Responsibility: marks and words of another language, one for one, so that one grammar reads all tokens. What it does
not know stays as it is and is refused there.
"""

from __future__ import annotations

import re

_SWAP = str.maketrans(",.", ".,")
_WORDS = {
    "en": {
        "trillion vnd": "nghìn tỷ đồng",
        "billion vnd": "tỷ đồng",
        "million vnd": "triệu đồng",
        "million usd": "triệu USD",
        "trillion": "nghìn tỷ đồng",
        "billion": "tỷ đồng",
        "million": "triệu đồng",
        "percent": "%",
        "per cent": "%",
        "or higher": "trở lên",
        "at least": "ít nhất",
        "less than": "dưới",
        "topped": "hơn",
        "cases": "ca",
        "more than": "hơn",
        "over": "hơn",
        "surpassing": "trên",
        "nearly": "gần",
        "about": "khoảng",
        "increased by": "tăng",
        "an increase of": "tăng",
        "people": "người",
        "up": "tăng",
        "down": "giảm",
        "decreased by": "giảm",
        "decrease by": "giảm",
        "first": "thứ nhất",
        "second": "thứ hai",
        "third": "thứ ba",
        "fourth": "thứ tư",
    },
    "fr": {
        "milliards de dongs": "tỷ đồng",
        "millions de dongs": "triệu đồng",
        "milliards": "tỷ đồng",
        "plus de": "hơn",
        "le plus élevé": "cao nhất",
        "deuxième": "thứ hai",
    },
}
_CURRENCY_FIRST = re.compile(r"(VND|VNĐ|USD)\s?([\d.,]+(?:\s(?:trillion|billion|million))?)")


def _currency_last(found: re.Match[str]) -> str:
    return f"{found[2]} {found[1].upper().replace('Đ', 'D')}"


_DECIMAL_POINT = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d{1,2})(?![\d.,])")


def to_vietnamese(token: str, language: str) -> str:
    """Token in Vietnamese marks and words: ``VND25,743.77 billion`` gives ``25.743,77 tỷ đồng``.

    Parameters
    ----------
    token : str
        As printed.
    language : str
        ``vi``, ``en`` or ``fr``; French pages print thousands with a point as Vietnamese ones do.
    """
    if language == "vi":  # some pages print a point before one or two decimals, which no thousand has
        return _DECIMAL_POINT.sub(r"\1,\2", token)
    text = token
    if language == "en":
        text = re.sub(r"[\d.,]*\d", lambda found: found[0].translate(_SWAP), _CURRENCY_FIRST.sub(_currency_last, text))
    for word, vietnamese in _WORDS[language].items():
        text = re.sub(rf"(?<![^\W\d]){word}\b", vietnamese, text, flags=re.IGNORECASE)
    return re.sub(r"\s+%", "%", text)
