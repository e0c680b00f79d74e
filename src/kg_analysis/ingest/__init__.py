"""From a report's file to accepted rows: text and places, proposals, review, acceptance, and the proof of typed rows.

Responsibility here: the grammar of printed figures, which is data (``grammar.toml``).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any


@cache
def grammar(section: str, **words: Any) -> SimpleNamespace:
    """One section of the grammar: its words as they stand, its patterns compiled.

    Parameters
    ----------
    section : str
    **words
        Further words that its patterns are made of; a sequence of them is put in as alternatives, the longest first.

    Examples
    --------
    >>> grammar("entities").programme.search("chương trình hành động số 3")[1]
    '3'
    """
    content = tomllib.loads(files(__package__).joinpath("grammar.toml").read_text(encoding="utf-8"))[section]
    given = content.pop("words", {})
    parts = {**content.pop("parts", {}), **given, **words}

    def filled(pattern: str) -> str:
        whole = re.sub(r"(?m)(?:^|\n)  (?=.)", "", pattern) if pattern.startswith("  ") else pattern
        return re.sub(r"«(\w+)»", lambda found: _alternatives(parts[found[1]], filled), whole)

    def compiled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: compiled(each) for name, each in value.items()}
        return [compiled(each) for each in value] if isinstance(value, list) else re.compile(filled(value))

    return SimpleNamespace(**given, **{name: compiled(value) for name, value in content.items()})


def _alternatives(part: Any, filled: Any) -> str:
    """A part of a pattern: a pattern itself, or words any of which may stand."""
    if isinstance(part, str):
        return str(filled(part))
    return "|".join(r"\s+".join(map(re.escape, each.split())) for each in sorted(part, key=len, reverse=True))
