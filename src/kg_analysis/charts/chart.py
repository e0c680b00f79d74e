"""Charts of topics that are not yet DataFrames: a finished picture with its words and rows.

Responsibility: the frame that unconverted chart functions use, the sizes that a briefing asks for, and a converted
figure handed to code that expects such a chart. New charts use :mod:`kg_analysis.charts.frame`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from kg_analysis.charts import layout, pictures
from kg_analysis.charts.layout import LongTitleError
from kg_analysis.charts.theme import DPI, INK, MUTED, SIZE, SIZES, rc
from kg_analysis.errors import DataError
from kg_analysis.formats import NumberFormatter

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


@contextmanager
def canvas(size: tuple[float, float] | None = None) -> Iterator[tuple[Figure, Axes]]:
    """Figure and axes in the house style, for the time of drawing and finishing; the size asked for by default."""
    size = size or _drawing.get().size
    with mpl.rc_context(rc()):
        figure = Figure(figsize=size, dpi=PREVIEW_DPI if _previewing.get() else DPI, facecolor="white")
        FigureCanvasAgg(figure)
        try:
            yield figure, figure.add_subplot()
        finally:
            figure.clear()  # its parts refer to each other, so that only the garbage collector would free the pixels
            vars(figure.canvas).pop("renderer", None)


def finish(
    figure: Figure,
    page: NumberFormatter,
    *,
    name: str,
    title: str,
    subtitle: str,
    source: str,
    alt: str,
    data: pd.DataFrame,
) -> Chart:
    """Chart with its frame drawn around the marks.

    Raises
    ------
    DataError
        If the source, the alt text or the plotted rows are missing.
    LayoutError
        If the title is too long (which is a DataError too), or text leaves the canvas or covers other text.
    """
    if not source or not alt or data.empty:
        raise DataError(f"chart {name!r} lacks its source, alt text or rows; build them from the figures it shows")
    if len(title.split()) > MOST_TITLE_WORDS:
        raise LongTitleError(f"title {title!r} has {len(title.split())} words; say it in {MOST_TITLE_WORDS}")
    edge = layout.write(figure, title, 0.965, size=13, weight="bold", color=INK) if is_titled() else 0.965
    edge = layout.write(figure, subtitle, edge - 0.012, size=10, color=MUTED)
    foot = layout.write(figure, page.say("source.prefix", source=source), None, size=8, color=MUTED)
    rect = (0.005, foot + 0.015, 0.995, edge - 0.02)
    if _previewing.get() and len(figure.axes) == 1:
        layout.fit(figure.axes[0], rect)
    elif _previewing.get():
        figure.tight_layout(rect=rect)
    else:
        layout.tighten(figure, rect)
    figure.canvas.draw()
    if _previewing.get():
        return Chart(name, title, subtitle, source, alt, data, pictures.png(figure, title, alt, compress_level=1), b"")
    layout.check(figure)
    drawn_as = pictures.png(figure, title, alt), pictures.svg(figure, title, alt)
    pdf = pictures.pdf(figure, title, alt) if _drawing.get().pdf else b""
    return Chart(name, title, subtitle, source, alt, data, *drawn_as, pdf)


def number_ticks(page: NumberFormatter, decimals: int = 0, unit: str = "") -> FuncFormatter:
    """Axis formatter that prints ticks as the page prints numbers."""
    return FuncFormatter(lambda value, _: page.number(round(value, 9), decimals) + unit)
