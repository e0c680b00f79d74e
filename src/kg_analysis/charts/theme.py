"""House style: colours by use, faces and line work.

Responsibility: constants, the measure of their contrast, and ``kg.mplstyle``. A colour means the same on every chart of
a briefing; labels and line styles carry the meaning too, since two of the colours print as the same grey.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg_analysis.errors import DataError
from kg_analysis.formats import LANGUAGES

INK, MUTED, RULE, SHADE = "#222222", "#595959", "#D9D9D9", "#F3F3F3"
FOCUS, SECOND, THIRD, CONTEXT = "#12436D", "#C04A00", "#1F7A72", "#737373"  # each at least 4.5:1 on white
PALE = "#C9D6E2"  # fill beside FOCUS, never for text

SIZE = (8.5, 4.8)  # inches
# Full width of the text of an A4 page, half a page, two lower ones with larger text for a page of prose, and a phone.
SIZES = {"full": SIZE, "half": (8.5, 6.4), "strip": (7.6, 3.6), "band": (7.6, 2.4), "narrow": (4.3, 4.8)}
DPI = 200
FACES = ("Arimo-Regular.ttf", "Arimo-Bold.ttf")  # with the metrics of Arial and every Vietnamese letter

HATCH = {"actual": "", "estimate": "////", "plan": "", "scenario": ""}
DASH = {"actual": "-", "estimate": "-", "plan": "--", "scenario": "--"}

_language: ContextVar[str] = ContextVar("language", default="vi")


@cache
def rc() -> dict[Any, Any]:
    """Settings of ``kg.mplstyle``, its faces made known to matplotlib."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib import font_manager  # noqa: PLC0415

    folder = Path(str(files(__package__)))
    for face in FACES:
        font_manager.fontManager.addfont(folder / "fonts" / face)
    settings = mpl.rc_params_from_file(folder / "kg.mplstyle", use_default_template=False)
    return {str(name): value for name, value in settings.items()}


@contextmanager
def style(language: str = "vi") -> Iterator[None]:
    """House style for any seaborn or matplotlib drawing within the context.

    Parameters
    ----------
    language : str
        ``vi`` or ``en``: the decimal mark of axis ticks.

    Raises
    ------
    DataError
        If there is no such language.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with style("vi"):
    ...     mpl.rcParams["font.family"], mpl.rcParams["axes.spines.top"]
    (['Arimo', 'DejaVu Sans'], False)
    """
    import matplotlib as mpl  # noqa: PLC0415

    if language not in LANGUAGES:
        raise DataError(f"language {language!r} is not known; languages: {', '.join(LANGUAGES)}")
    with mpl.rc_context(rc()):
        token = _language.set(language)
        try:
            yield
        finally:
            _language.reset(token)


def language() -> str:
    """Language of the style in force."""
    return _language.get()
