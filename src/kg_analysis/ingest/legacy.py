"""Vietnamese in the encodings of before Unicode: TCVN3 (fonts .VnTime …) and VNI (VNI-Times …).

Responsibility: notice such text and say what to do. It is not converted here: letters that look alike would be
guessed, and every offset would lie in a text that nobody holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Letters of Western alphabets that TCVN3 fonts draw as Vietnamese ones: ¸ is á, ® is đ, Ö is ệ.
_TCVN3 = frozenset("µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ªÌÐÎÏÑÕÒÓÔÖ×ÝØÜÞßãáâä«èåæçé¬íêëìîóïñòô­øõö÷ùúýûüþ")
# Only TCVN3 uses these signs inside words.
_SIGNS = re.compile(r"(?<=[A-Za-z])[µ¸¶·¹¨»¾¼½©®ª«¬¦§¡¢£¤¥]|[µ¸¶·¹¨»¾¼½©®ª«¬¦§](?=[A-Za-z])")
# VNI writes the mark behind the letter: "aù" is á, "eä" is ệ, ñ is đ, "öô" is ươ.
_VNI = re.compile(r"[aeouyAEOUYöôÖÔ][ùøûõïéèëáàåãäâêúüÙØÛÕÏÉÈËÁÀÅÃÄÂÊÚÜ]|(?<![A-Za-z])[ñÑ](?=[aeiouyö])|öô")
_UNICODE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_LETTER = re.compile(r"[^\W\d_]")
_SHARE = 0.03
_FEWEST_SIGNS = 3  # a footnote mark or a degree sign alone says nothing
_FEWEST = 20  # letters below which a line is not judged
_REMEDY = "convert it to Unicode (e.g. with Unikey, Ctrl+Shift+F6: {name} to Unicode) and save it anew"


def legacy_problem(lines: Iterable[str]) -> str:
    """What to do about the first line in an old encoding; empty where all are Unicode."""
    for number, line in enumerate(lines, 1):
        if name := legacy_encoding(line):
            return f"line {number} ({line.strip()[:40]!r}) is Vietnamese in {name}; {_REMEDY.format(name=name)}"
    return ""


def legacy_encoding(text: str) -> str:
    """``TCVN3``, ``VNI``, or nothing."""
    letters = len(_LETTER.findall(text))
    if letters < _FEWEST or len(_UNICODE.findall(text)) / letters > _SHARE:
        return ""
    signs = len(_SIGNS.findall(text))
    if (
        signs >= _FEWEST_SIGNS
        and signs / letters > _SHARE / 2
        and sum(each in _TCVN3 for each in text) / letters > _SHARE
    ):
        return "TCVN3"
    pairs = len(_VNI.findall(text))
    return "VNI" if pairs >= _FEWEST_SIGNS and pairs / letters > _SHARE else ""
