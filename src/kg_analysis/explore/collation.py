"""Vietnamese alphabetical order: a ă â b c d đ e ê … with the tones ngang, huyền, hỏi, ngã, sắc, nặng.

Responsibility: one sort key. Words are compared syllable by syllable, letters before tones, capitals like small
letters, as Vietnamese dictionaries do.
"""

from __future__ import annotations

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_PLACE = {letter: place for place, letter in enumerate(_LETTERS)}

Key = tuple[tuple[tuple[tuple[int, int], ...], tuple[int, ...]], ...]


def collation_key(text: str) -> Key:
    """Key by which texts sort in Vietnamese order: letters, then tones, a syllable at a time."""
    return tuple(_syllable(each) for each in text.casefold().split())


def _syllable(text: str) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for whole in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", whole)
        tone = next((place for place, mark in enumerate(_TONES, 1) if mark in parts), 0)
        letter = unicodedata.normalize("NFC", "".join(each for each in parts if each not in _TONES))
        known = letter in _PLACE
        letters.append((int(known), _PLACE[letter] if known else ord(letter[0])))  # signs and digits come first
        tones.append(tone)
    return tuple(letters), tuple(tones)
