"""The frame around every chart: title, subtitle, source line, layout and pictures.

Responsibility: everything around the marks, in the size that is asked for. A chart function opens a :func:`canvas`
within :func:`theme.style`, draws, and returns what :func:`finish` makes of it: a matplotlib ``Figure`` with its rows in
``figure.data``; documents take it in as a :class:`Chart`. A label that finds no room is dropped and named in the log.
No pyplot: figures are plain objects without global state. Pictures carry title and alt text and no clock, and are drawn
as few times as can be.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.ticker import FuncFormatter
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kg_analysis.charts import layout, theme
from kg_analysis.charts.theme import DPI, INK, MUTED, SIZE, SIZES
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.formats import NumberFormatter
from kg_analysis.narrative.context import ReportContext

log = logging.getLogger(__name__)
FEWEST_NUMBERS = 3  # of a chart
MOST_TITLE_WORDS = 15
PREVIEW_DPI = 100  # as many pixels as a notebook shows
SVG_DPI = 72  # points: the unit of the format
_previewing: ContextVar[bool] = ContextVar("previewing", default=False)
_drawing: ContextVar[tuple[tuple[float, float], bool, bool]] = ContextVar("drawing", default=(SIZE, False, True))


@dataclass(frozen=True)
class Words:
    """Words around a chart."""

    name: str  # stem of its files
    # title, subtitle, source, alt: ``alt`` states the finding for those who do not see the picture
    title: str
    subtitle: str
    source: str
    alt: str


class ReportFigure(Figure):
    """A figure with its rows and words; a notebook shows it with its alt text."""

    data: pd.DataFrame  # the rows it plots
    words: Words
    dropped: list[str]  # labels that found no room. All three are set by :func:`finish`

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        """Show the picture that is saved, with its alt text."""
        return _shown(png(self), (self.get_figwidth(), self.get_figheight()), self.words.alt)


@dataclass(frozen=True)
class Chart(Words):
    """A finished chart as documents take it in."""

    data: pd.DataFrame  # the rows it plots, with ``figure_ids``
    # png, svg: the pictures, drawn once; a preview has no SVG
    png: bytes
    svg: bytes
    pdf: bytes = b""  # for print; empty unless asked for with :func:`drawn`

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        """Show the saved picture itself in a notebook, with its alt text."""
        return _shown(self.png, SIZE, self.alt)


def of_figure(figure: Figure) -> Chart:
    """A finished figure as a chart: its words, rows and pictures."""
    words = figure.words  # type: ignore[attr-defined]
    parts = (words.name, words.title, words.subtitle, words.source, words.alt)
    svg_ = b"" if _previewing.get() else svg(figure)  # a slider does not wait for what nobody sees
    pdf_ = pdf(figure) if _drawing.get()[1] else b""
    return Chart(*parts, figure.data, png(figure), svg_, pdf_)  # type: ignore[attr-defined]


def _shown(picture: bytes, size: tuple[float, float], alt: str) -> tuple[dict[str, object], dict[str, object]]:
    """A picture with its alt text, as a notebook takes it."""
    width, height = (int(each * 100) for each in size)
    return {"image/png": picture, "text/plain": alt}, {"image/png": {"width": width, "height": height, "alt": alt}}


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

    ``size``: ``full`` (full width, 160 x 90 mm on paper), ``half`` (half a page, 160 x 120 mm), ``strip`` (130 x 62
    mm), ``band`` (130 x 41 mm) or ``narrow`` (for a phone). ``titled``: false where a heading beside the picture says
    its title.
    Raises DataError: if there is no such size.
    """
    if size not in SIZES:
        raise DataError(f"chart size {size!r} is not known; sizes: {', '.join(SIZES)}")
    token = _drawing.set((SIZES[size], pdf, titled))
    try:
        yield
    finally:
        _drawing.reset(token)


def drawing_size() -> tuple[float, float]:
    """Size in which charts are asked for [inches]."""
    return _drawing.get()[0]


def enough(numbers: pd.DataFrame | pd.Series) -> None:
    """Refuse a chart of one or two numbers, which are a sentence.

    Parameters
    ----------
    numbers : DataFrame or Series
        What is to be drawn; empty cells do not count.

    Raises
    ------
    NotPrintedError
        If there are fewer than three: the chart is left out, and the reader is told why.

    Examples
    --------
    >>> enough(pd.Series([7.5, 6.79, 7.09]))
    """
    if (count := int(numbers.notna().to_numpy().sum())) < FEWEST_NUMBERS:
        raise NotPrintedError(f"{count} of at least {FEWEST_NUMBERS} numbers; say them in a sentence", "few_numbers")


def canvas(rows: int = 1, height_ratios: tuple[float, ...] | None = None) -> tuple[ReportFigure, list[Axes]]:
    """Figure and its axes, one above the other with a common horizontal axis; size and resolution as asked for.

    ``height_ratios``: of the rows; None makes them equal.
    """
    figure = ReportFigure(figsize=drawing_size(), dpi=PREVIEW_DPI if _previewing.get() else DPI, facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": height_ratios})
    return figure, list(grid[:, 0])


def finish(
    figure: Figure,
    *,
    title: str,
    source: str,
    subtitle: str = "",
    alt: str = "",
    data: pd.DataFrame | None = None,
    name: str = "chart",
) -> Figure:
    """The figure with title, subtitle and source line around its axes, and every label legible.

    Parameters
    ----------
    figure : Figure
        Of the library's own :func:`canvas`, or any of matplotlib and seaborn.
    title : str
        The finding with its number, at most 15 words.
    source : str
        Where the rows come from.
    subtitle : str
        Measure, place, period and unit.
    alt : str
        The finding for those who do not see the picture; the title where it is empty.
    data : DataFrame or None
        The rows plotted, kept as ``figure.data``.
    name : str
        Stem of its files.

    Returns
    -------
    Figure

    Raises
    ------
    DataError
        If there is no source or no title, or the title is too long.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> with theme.style("en"):
    ...     figure, axes = plt.subplots()
    ...     bars = axes.bar(["2020", "2021"], [3.05, 0.58])
    ...     figure = finish(figure, title="Growth fell to 0.58% in 2021", source="Annual report 2021, section I.1")
    >>> figure.texts[0].get_text()
    'Growth fell to 0.58% in 2021'
    >>> plt.close(figure)
    """
    if not source.strip() or not title.strip():
        raise DataError(
            f"chart {name!r} lacks its title or source; pass title=… and source=…, e.g. the report's section"
        )
    if len(title.split()) > MOST_TITLE_WORDS:
        raise layout.LongTitleError(f"title {title!r} has {len(title.split())} words; say it in {MOST_TITLE_WORDS}")
    if not isinstance(figure.canvas, FigureCanvasAgg):
        FigureCanvasAgg(figure)
    prefix = NumberFormatter(theme.language()).text("source.prefix").replace("{source}", source)
    with mpl.rc_context(theme.rc()):
        edge = layout.write(figure, title, 0.965, size=13, weight="bold", color=INK) if _drawing.get()[2] else 0.965
        if subtitle:
            edge = layout.write(figure, subtitle, edge - 0.012, size=10, color=MUTED)
        foot = layout.write(figure, prefix, None, size=8, color=MUTED)
        dropped = layout.place(figure, (0.005, foot + 0.015, 0.995, edge - 0.02))
        if not _previewing.get() and (hidden := layout.drop_hidden(figure)):
            dropped += hidden
            figure.canvas.draw()
    for label in dropped:
        log.warning("chart %s: no room for the label %r; it is left out", name, label)
    figure.data = data  # type: ignore[attr-defined]
    figure.dropped = dropped  # type: ignore[attr-defined]
    figure.words = Words(name, title, subtitle, source, alt or title)  # type: ignore[attr-defined]
    return figure


def captioned(
    figure: Figure,
    ctx: ReportContext,
    key: str,
    name: str,
    title: str,
    source: str,
    data: pd.DataFrame,
    *,
    ending: str = "",
    **values: Any,
) -> Figure:
    """The figure finished with the texts ``<key>_subtitle`` and ``<key>_alt``, of a variant with its ending."""
    alt = f"{key}_alt{ending}" if ctx.fmt.knows(f"{key}_alt{ending}") else f"{key}_alt"
    subtitle, said = ctx.say(f"{key}_subtitle{ending}", **values), ctx.say(alt, **{"finding": title} | values)
    return finish(figure, title=title, source=source, subtitle=subtitle, alt=said, data=data, name=name)


def note(axes: Axes, text: str, at: tuple[Any, Any], offset: tuple[float, float], **look: Any) -> Annotation:
    """A label beside a point of the data, moved by points."""
    return axes.annotate(text, at, xytext=offset, textcoords="offset points", **look)


def categories(axes: Axes, along: Literal["x", "y"], places: Iterable[float], labels: Iterable[str]) -> None:
    """Name places on an axis: no ticks and no grid lines at them."""
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_ticks(list(places), list(labels))
    axes.tick_params(axis=along, length=0, labelcolor=INK)
    axes.grid(visible=False, axis=along)


def number_ticks(fmt: NumberFormatter, decimals: int = 0, unit: str = "") -> FuncFormatter:
    """Axis formatter that prints ticks as numbers are printed in the text."""
    return FuncFormatter(lambda value, _: fmt.number(round(value, 9), decimals) + unit)


def png(figure: Figure) -> bytes:
    """The picture as PNG, with title and alt text inside."""
    words = figure.words  # type: ignore[attr-defined]
    if isinstance(figure, ReportFigure):
        return _png(figure, words.title, words.alt)
    content = io.BytesIO()
    with mpl.rc_context(theme.rc()):
        figure.savefig(content, format="png", metadata={"Title": words.title, "Description": words.alt})
    return content.getvalue()


def svg(figure: Figure) -> bytes:
    """The picture as SVG, with title and alt text inside."""
    words = figure.words  # type: ignore[attr-defined]
    with mpl.rc_context(theme.rc()):
        return _svg(figure, words.title, words.alt)


def pdf(figure: Figure) -> bytes:
    """The picture as PDF, for print."""
    words = figure.words  # type: ignore[attr-defined]
    with mpl.rc_context(theme.rc()):
        return _pdf(figure, words.title, words.alt)


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
    """Vector picture for print."""
    content = io.BytesIO()
    undated = {"CreationDate": None, "Title": title, "Subject": alt}
    figure.savefig(content, format="pdf", facecolor="white", metadata=undated)
    return content.getvalue()
