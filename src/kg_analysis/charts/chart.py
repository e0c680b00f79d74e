"""In which size charts are asked for, and a finished chart as what documents take in: pictures, words and rows.

Responsibility: what is said around drawing, and what is kept of it once the figure is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from kg_analysis.charts.theme import SIZE, SIZES
from kg_analysis.errors import DataError

MOST_TITLE_WORDS = 15
PREVIEW_DPI = 100  # as many pixels as a notebook shows

_previewing: ContextVar[bool] = ContextVar("previewing", default=False)


@dataclass(frozen=True)
class Chart:
    """A finished chart with what must travel with it.

    Attributes
    ----------
    name : str
        Stem of its files.
    title, subtitle, source, alt : str
        ``alt`` states the finding for those who do not see the picture.
    data : DataFrame
        The rows it plots, with ``figure_ids``.
    png, svg : bytes
        The pictures, drawn once; a preview has no SVG.
    pdf : bytes
        For print; empty unless asked for with :func:`drawn`.
    """

    name: str
    title: str
    subtitle: str
    source: str
    alt: str
    data: pd.DataFrame
    png: bytes
    svg: bytes
    pdf: bytes = b""

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        """Show the saved picture itself in a notebook, with its alt text."""
        size = {"width": int(SIZE[0] * 100), "height": int(SIZE[1] * 100)}
        return {"image/png": self.png, "text/plain": self.alt}, {"image/png": {**size, "alt": self.alt}}


@dataclass(frozen=True)
class _Drawing:
    size: tuple[float, float] = SIZE
    pdf: bool = False
    titled: bool = True


_AS_USUAL = _Drawing()
_drawing: ContextVar[_Drawing] = ContextVar("drawing", default=_AS_USUAL)


@contextmanager
def preview() -> Iterator[None]:
    """Within it charts are drawn for a quick look: few pixels, no SVG, no check of the layout. Never to be saved."""
    token = _previewing.set(True)
    try:
        yield
    finally:
        _previewing.reset(token)


@contextmanager
def drawn(size: str = "full", *, pdf: bool = False, titled: bool = True) -> Iterator[None]:
    """Let charts be drawn in another size, and as PDF too, for the time of the context.

    Parameters
    ----------
    size : str
        ``full`` (full width, 160 x 90 mm on paper), ``half`` (half a page, 160 x 120 mm), ``strip`` (130 x 62 mm),
        ``band`` (130 x 41 mm) or ``narrow`` (for a phone).
    pdf : bool
    titled : bool
        False where a heading beside the picture says its title.

    Raises
    ------
    DataError
        If there is no such size.
    """
    if size not in SIZES:
        raise DataError(f"chart size {size!r} is not known; sizes: {', '.join(SIZES)}")
    token = _drawing.set(_Drawing(SIZES[size], pdf, titled))
    try:
        yield
    finally:
        _drawing.reset(token)


def is_preview() -> bool:
    """Whether charts are drawn for a quick look."""
    return _previewing.get()


def drawing_size() -> tuple[float, float]:
    """Size in which charts are asked for [inches]."""
    return _drawing.get().size


def is_titled() -> bool:
    """Whether a picture bears its own title."""
    return _drawing.get().titled


def of_figure(figure: Figure) -> Chart:
    """A converted figure as code expects it that takes a finished chart."""
    from kg_analysis.charts import frame  # noqa: PLC0415  which imports this module

    words = figure.words  # type: ignore[attr-defined]
    pdf = frame.pdf(figure) if _drawing.get().pdf else b""
    parts = (words.name, words.title, words.subtitle, words.source, words.alt)
    svg = b"" if is_preview() else frame.svg(figure)  # a slider does not wait for what nobody sees
    return Chart(*parts, figure.data, frame.png(figure), svg, pdf)  # type: ignore[attr-defined]
