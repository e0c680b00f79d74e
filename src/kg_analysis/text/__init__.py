"""Every sentence and label a reader sees, one file a language, the same keys in each.

Responsibility: load a language's texts. Which text a number calls for is chosen in ``findings``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from kg_analysis.errors import DataError

LANGUAGES = ("vi", "en")


@cache
def texts(language: str) -> dict[str, str]:
    """Texts of a language by dotted key, e.g. ``covid.size_title``.

    Raises
    ------
    DataError
        If there is no such language.
    """
    if language not in LANGUAGES:
        raise DataError(f"language {language!r} is not known; languages: {', '.join(LANGUAGES)}")
    content = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return {
        f"{section}.{key}": text for section, entries in tomllib.loads(content).items() for key, text in entries.items()
    }
