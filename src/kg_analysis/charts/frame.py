"""The frame around every chart: title, subtitle, source line, layout and pictures.

Responsibility: everything around the marks. A chart function opens a :func:`canvas` within :func:`theme.style`, draws,
and returns what :func:`finish` makes of it: a matplotlib ``Figure`` with its rows in ``figure.data``. A label that
finds no room is dropped and named in the log. No pyplot: figures are plain objects without global state. Pictures carry
title and alt text and no clock, and are drawn as few times as can be.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kg_analysis.charts import layout, theme
from kg_analysis.charts.chart import MOST_TITLE_WORDS, PREVIEW_DPI, drawing_size, is_preview, is_titled
from kg_analysis.charts.layout import LayoutError, overlap
from kg_analysis.charts.theme import DPI, INK, MUTED
from kg_analysis.errors import DataError, NotPrintedError
from kg_analysis.formats import NumberFormatter

log = logging.getLogger(__name__)
FEWEST_NUMBERS = 3  # of a chart


@dataclass(frozen=True)
class Words:
    """Words around a chart.

    Attributes
    ----------
    name : str
        Stem of its files.
    title, subtitle, source, alt : str
        ``alt`` states the finding for those who do not see the picture.
    """

    name: str
    title: str
    subtitle: str
    source: str
    alt: str


class ReportFigure(Figure):
    """A figure with its rows and words; a notebook shows it with its alt text.

    Attributes
    ----------
    data : DataFrame
        The rows it plots.
    words : Words
    dropped : list of str
        Labels that found no room. All three are set by :func:`finish`.
    """

    data: pd.DataFrame
    words: Words
    dropped: list[str]

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        """Show the picture that is saved, with its alt text."""
        size = {"width": int(self.get_figwidth() * 100), "height": int(self.get_figheight() * 100)}
        alt = self.words.alt
        return {"image/png": png(self), "text/plain": alt}, {"image/png": {**size, "alt": alt}}


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

    Parameters
    ----------
    rows : int
    height_ratios : tuple of float or None
        Of the rows; None makes them equal.
    """
    figure = ReportFigure(figsize=drawing_size(), dpi=PREVIEW_DPI if is_preview() else DPI, facecolor="white")
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
        edge = layout.write(figure, title, 0.965, size=13, weight="bold", color=INK) if is_titled() else 0.965
        if subtitle:
            edge = layout.write(figure, subtitle, edge - 0.012, size=10, color=MUTED)
        foot = layout.write(figure, prefix, None, size=8, color=MUTED)
        dropped = place(figure, (0.005, foot + 0.015, 0.995, edge - 0.02))
        if not is_preview() and (hidden := drop_hidden(figure)):
            dropped += hidden
            figure.canvas.draw()
    for label in dropped:
        log.warning("chart %s: no room for the label %r; it is left out", name, label)
    figure.data = data  # type: ignore[attr-defined]
    figure.dropped = dropped  # type: ignore[attr-defined]
    figure.words = Words(name, title, subtitle, source, alt or title)  # type: ignore[attr-defined]
    return figure


def place(figure: Figure, rect: tuple[float, float, float, float]) -> list[str]:
    """Fit all axes with their labels into the rectangle; labels that leave no room for the axes are dropped."""
    dropped: list[str] = []
    while True:
        try:
            layout.tighten(figure, rect)
            break
        except LayoutError:
            shown = [text for axes in figure.axes for text in axes.texts if text.get_visible()]
            widest = max(shown, key=_beyond, default=None)
            if widest is None:
                figure.subplots_adjust(rect[0] + 0.08, rect[1] + 0.08, rect[2] - 0.02, rect[3] - 0.02)
                break
            dropped.append(_drop(widest))
    figure.canvas.draw()
    return dropped


def drop_hidden(figure: Figure) -> list[str]:
    """Drop labels that leave the canvas or cover another; those written first stay, titles always."""
    dropped: list[str] = []
    kept = [text.get_window_extent() for text in figure.texts if text.get_text().strip()]
    for text in _labels(figure):
        box = text.get_window_extent()
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= figure.bbox.width + 1 and box.y1 <= figure.bbox.height + 1
        if inside and not any(overlap(box, other) for other in kept):
            kept.append(box)
        else:
            dropped.append(_drop(text))
    return dropped


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


def _labels(figure: Figure) -> list[Text]:
    """Labels in the order in which they are kept: of the axes, of their ticks, then those within."""
    found: list[Text] = []
    beyond = layout.beyond_axes(figure)
    for axes in figure.axes:
        ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()] if axes.axison else []
        found += [axes.xaxis.label, axes.yaxis.label, *(each for each in ticks if each not in beyond)]
    for axes in figure.axes:
        found += [*axes.texts, *(axes.legend_.get_texts() if axes.legend_ else [])]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def _drop(text: Text) -> str:
    text.set_visible(False)
    text.set_in_layout(False)
    arrow = getattr(text, "arrow_patch", None)
    if arrow is not None:
        arrow.set_visible(False)
    return text.get_text()


def _beyond(text: Text) -> tuple[float, float]:
    """How far a label reaches out of its axes, and how wide it is [pixels]."""
    box, axes = text.get_window_extent(), text.axes.bbox  # type: ignore[union-attr]
    outside = max(axes.x0 - box.x0, box.x1 - axes.x1, axes.y0 - box.y0, box.y1 - axes.y1, 0)
    return outside, box.width


SVG_DPI = 72  # points: the unit of the format


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
