"""The frame around every chart: title, subtitle, source line, layout check and saving.

Responsibility: everything around the marks. A chart function opens a :func:`canvas`, draws, and returns what
:func:`finish` makes of it. No pyplot: figures are plain objects without global state.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import Bbox
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kg_analysis.charts.theme import DPI, INK, MUTED, SIZE, SIZES, THEME
from kg_analysis.errors import DataError
from kg_analysis.page import Page

MARGIN = 0.02
MOST_TITLE_WORDS = 15
SVG_DPI = 72  # points: the unit of the format
PREVIEW_DPI = 100  # as many pixels as a notebook shows

_widths: dict[tuple[object, ...], float] = {}  # of words by their style [pixels]; all are in the one font
_previewing: ContextVar[bool] = ContextVar("previewing", default=False)


class LayoutError(ValueError):
    """Text on a chart leaves the canvas or covers other text."""


class LongTitleError(DataError, LayoutError):
    """A title has more words than a title may have."""


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
def drawn(size: str = "full", *, pdf: bool = False) -> Iterator[None]:
    """Let charts be drawn in another size, and as PDF too, for the time of the context.

    Parameters
    ----------
    size : str
        ``full`` (full width, 160 x 90 mm on paper), ``half`` (half a page, 160 x 120 mm), ``strip`` (130 x 62 mm) or
        ``band`` (130 x 41 mm).
    pdf : bool

    Raises
    ------
    DataError
        If there is no such size.
    """
    if size not in SIZES:
        raise DataError(f"chart size {size!r} is not known; sizes: {', '.join(SIZES)}")
    token = _drawing.set(_Drawing(SIZES[size], pdf))
    try:
        yield
    finally:
        _drawing.reset(token)


@contextmanager
def canvas(size: tuple[float, float] | None = None) -> Iterator[tuple[Figure, Axes]]:
    """Figure and axes in the house style, for the time of drawing and finishing; the size asked for by default."""
    size = size or _drawing.get().size
    with mpl.rc_context(THEME):  # type: ignore[arg-type]
        figure = Figure(figsize=size, dpi=PREVIEW_DPI if _previewing.get() else DPI, facecolor="white")
        FigureCanvasAgg(figure)
        try:
            yield figure, figure.add_subplot()
        finally:
            figure.clear()  # its parts refer to each other, so that only the garbage collector would free the pixels
            vars(figure.canvas).pop("renderer", None)


def finish(
    figure: Figure, page: Page, *, name: str, title: str, subtitle: str, source: str, alt: str, data: pd.DataFrame
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
    edge = _write(figure, title, 0.965, size=13, weight="bold", color=INK)
    edge = _write(figure, subtitle, edge - 0.012, size=10, color=MUTED)
    foot = _write(figure, page.say("source.prefix", source=source), None, size=8, color=MUTED)
    rect = (0.005, foot + 0.015, 0.995, edge - 0.02)
    if _previewing.get() and len(figure.axes) == 1:
        _fit(figure.axes[0], rect)
    else:
        figure.tight_layout(rect=rect)
    figure.canvas.draw()
    if _previewing.get():
        return Chart(name, title, subtitle, source, alt, data, _png(figure, title, alt, compress_level=1), b"")
    _check_layout(figure)
    pictures = _png(figure, title, alt), _svg(figure, title, alt)
    pdf = _pdf(figure, title, alt) if _drawing.get().pdf else b""
    return Chart(name, title, subtitle, source, alt, data, *pictures, pdf)


def number_ticks(page: Page, decimals: int = 0, unit: str = "") -> FuncFormatter:
    """Axis formatter that prints ticks as the page prints numbers."""
    return FuncFormatter(lambda value, _: page.number(round(value, 9), decimals) + unit)


def _fit(axes: Axes, rect: tuple[float, float, float, float]) -> None:
    """Place axes so that they fill the rectangle with all their texts, measured once; tight_layout measures twice."""
    place, whole = axes.get_position(), axes.get_tightbbox()
    figure = axes.figure.bbox
    if whole is None:
        return
    left, right = place.x0 - whole.x0 / figure.width, whole.x1 / figure.width - place.x1
    below, above = place.y0 - whole.y0 / figure.height, whole.y1 / figure.height - place.y1
    corner = rect[0] + left, rect[1] + below
    axes.set_position((*corner, rect[2] - right - corner[0], rect[3] - above - corner[1]))


def _write(figure: Figure, text: str, top: float | None, **style: object) -> float:
    """Write wrapped text below ``top`` and return its lower edge; at the foot if None, returning its upper edge."""
    place = {"va": "top", "y": top} if top is not None else {"va": "bottom", "y": MARGIN}
    artist = figure.text(MARGIN, place["y"], "", va=place["va"], linespacing=1.25, **style)  # type: ignore[arg-type]
    artist.set_text(_wrapped(text.split(" "), artist, figure.bbox.width * (1 - 2 * MARGIN)))
    box = artist.get_window_extent()
    return float((box.y0 if top is not None else box.y1) / figure.bbox.height)


def _wrapped(words: list[str], artist: Text, limit: float) -> str:
    """Words in lines no wider than the limit [pixels]; each word is measured once, a whole line never."""
    style = artist.get_fontsize(), artist.get_fontweight(), artist.figure.dpi if artist.figure else 0

    renderer: Any = artist.get_figure(root=True).canvas.get_renderer()  # type: ignore[union-attr]

    def width(text: str) -> float:
        if (text, *style) not in _widths:
            measured = renderer.get_text_width_height_descent(text, artist.get_fontproperties(), False)
            _widths[text, *style] = float(measured[0])
        return _widths[text, *style]

    blank = width("n n") - width("nn")
    lines, used = [[words[0]]], width(words[0])
    for word in words[1:]:  # no-break spaces are within words
        wide = width(word)
        if used + blank + wide > limit:
            lines.append([])
            used = -blank
        lines[-1].append(word)
        used += blank + wide
    return "\n".join(" ".join(line) for line in lines)


def _texts(figure: Figure) -> list[Text]:
    texts = list(figure.texts)
    for axes in figure.axes:
        if axes.axison:
            texts += [*axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label, axes.yaxis.label]
        texts += axes.texts
    return [text for text in texts if text.get_text().strip() and text.get_visible()]


def _check_layout(figure: Figure) -> None:
    hidden = _beyond_axes(figure)
    boxes = [(text, text.get_window_extent()) for text in _texts(figure) if text not in hidden]
    for text, box in boxes:
        if box.x0 < 0 or box.y0 < 0 or box.x1 > figure.bbox.width or box.y1 > figure.bbox.height:
            raise LayoutError(f"{text.get_text()!r} leaves the canvas; shorten it or give it room")
    for (first, box), (second, other) in combinations(boxes, 2):
        if _overlap(box, other):
            raise LayoutError(f"{first.get_text()!r} covers {second.get_text()!r}; move one of them")


def _beyond_axes(figure: Figure) -> set[Text]:
    """Tick labels beyond the axis limits: they exist but are not drawn."""
    found: set[Text] = set()
    for axes in figure.axes:
        for axis, labels in ((axes.xaxis, axes.get_xticklabels()), (axes.yaxis, axes.get_yticklabels())):
            low, high = sorted(axis.get_view_interval())
            placed = zip(labels, axis.get_majorticklocs(), strict=False)
            found.update(label for label, place in placed if not low <= place <= high)
    return found


def _overlap(first: Bbox, second: Bbox) -> bool:
    """Whether two boxes share more than a hair of two pixels."""
    return bool(
        min(first.x1, second.x1) - max(first.x0, second.x0) > 2
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 2
    )


def _png(figure: Figure, title: str, alt: str, compress_level: int = 3) -> bytes:
    """Picture of what is already drawn on the canvas; saving through matplotlib would draw it again."""
    info = PngInfo()
    info.add_itxt("Title", title, lang="", tkey="Title")
    info.add_itxt("Description", alt, lang="", tkey="Description")
    content = io.BytesIO()
    canvas_ = figure.canvas
    if not isinstance(canvas_, FigureCanvasAgg):
        raise TypeError(f"chart canvas is {type(canvas_).__name__}; open it with charts.frame.canvas")
    image = Image.frombuffer("RGBA", canvas_.get_width_height(), canvas_.buffer_rgba(), "raw", "RGBA", 0, 1).convert(
        "RGB"
    )
    image.save(content, format="png", pnginfo=info, dpi=(figure.dpi, figure.dpi), compress_level=compress_level)
    return content.getvalue()


def _svg(figure: Figure, title: str, alt: str) -> bytes:
    """Vector picture; saving through the figure would first go through all of it once without drawing."""
    content = io.StringIO()
    canvas_, dpi = figure.canvas, figure.dpi
    try:
        figure.dpi = SVG_DPI
        FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None, "Title": title, "Description": alt})
    finally:
        figure.set_canvas(canvas_)
        figure.dpi = dpi
    return content.getvalue().encode("utf-8")


def _pdf(figure: Figure, title: str, alt: str) -> bytes:
    content = io.BytesIO()
    undated = {"CreationDate": None, "Title": title, "Subject": alt}
    figure.savefig(content, format="pdf", facecolor="white", metadata=undated)
    return content.getvalue()
