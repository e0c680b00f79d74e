"""Numbering of headings and points, and text fit for a file.

Responsibility: ``I.``, ``1.``, ``a)`` as Decree 30/2020/NĐ-CP has them, and what XML does not allow in a text.
"""

from __future__ import annotations

import re

_POINTS = "abcdđeghiklmnopqrstuvxy"  # the letters of points in Vietnamese documents: đ after d, no f, j, w, z
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_WITHIN_UNIT = re.compile("(?<=[^\\W\\d_])\u00a0")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def roman(number: int) -> str:
    """``I``, ``II``, ``III``, ``IV`` …"""
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text


def point(number: int) -> str:
    """Letter of the n-th point, from 1: a, b, c, d, đ, e, g …; after y come aa, ab …"""
    first, last = divmod(number - 1, len(_POINTS))
    return (_POINTS[first - 1] if first else "") + _POINTS[last]


def breakable(text: str) -> str:
    """The text with no-break blanks kept only after a digit: within a unit of several words a line may end."""
    return _WITHIN_UNIT.sub(" ", text)


def printable(text: str) -> str:
    """The text without characters that an XML file cannot hold."""
    return _NOT_XML.sub("", text)
