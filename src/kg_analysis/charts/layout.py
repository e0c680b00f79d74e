"""Where the words around a chart stand: written, wrapped, fitted.

Responsibility: measure text, place axes, drop labels that find no place. What is written is the frame's matter.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from kg_analysis.errors import DataError

MARGIN = 0.02

_widths: dict[tuple[object, ...], float] = {}  # of words by their style [pixels]; all are in the one font


class LayoutError(ValueError):
    """Text on a chart leaves the canvas or covers other text."""


class LongTitleError(DataError, LayoutError):
    """A title has more words than a title may have."""


def tighten(figure: Figure, rect: tuple[float, float, float, float]) -> None:
    """Fit all axes with their texts into the rectangle.

    Raises LayoutError: if they do not fit, of which matplotlib only warns.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Tight layout not applied")
        try:
            figure.tight_layout(rect=rect)
        except UserWarning:
            raise LayoutError("text or marks beside the axes leave them no room; shorten or move them") from None


def write(figure: Figure, text: str, top: float | None, **style: object) -> float:
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


def beyond_axes(figure: Figure) -> set[Text]:
    """Tick labels beyond the axis limits: they exist but are not drawn."""
    found: set[Text] = set()
    for axes in figure.axes:
        for axis, labels in ((axes.xaxis, axes.get_xticklabels()), (axes.yaxis, axes.get_yticklabels())):
            low, high = sorted(axis.get_view_interval())
            placed = zip(labels, axis.get_majorticklocs(), strict=False)
            found.update(label for label, place in placed if not low <= place <= high)
    return found


def overlap(first: Bbox, second: Bbox) -> bool:
    """Whether two boxes share more than a hair of two pixels."""
    return bool(
        min(first.x1, second.x1) - max(first.x0, second.x0) > 2
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 2
    )


def place(figure: Figure, rect: tuple[float, float, float, float]) -> list[str]:
    """Fit all axes with their labels into the rectangle; labels that leave no room for the axes are dropped."""
    dropped: list[str] = []
    while True:
        try:
            tighten(figure, rect)
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


def _labels(figure: Figure) -> list[Text]:
    """Labels in the order in which they are kept: of the axes, of their ticks, then those within."""
    found: list[Text] = []
    beyond = beyond_axes(figure)
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


SMALLEST = {"left": 0.09, "right": 0.95, "bottom": 0.17, "top": 0.75}  # as a long title and source leave the axes

Place = Callable[[], Annotation]


def shrink(axes: Axes, left: float = SMALLEST["left"], bottom: float = SMALLEST["bottom"]) -> None:
    """Make the axes as small as the frame may make them, so that what is free now stays free when they are fitted.

    ``left``: where they begin at most, as a share of the figure: words at their left take room. ``bottom``: the same
    for words below them.
    """
    axes.figure.subplots_adjust(**SMALLEST | {"left": left, "bottom": bottom})


def first_free(axes: Axes, places: Iterable[Place], taken: Sequence[Bbox]) -> Annotation | None:
    """Label at the first place that lies within the axes and covers nothing; None where none is free.

    ``axes``: with its limits set. ``places``: each draws the label somewhere; those that are not chosen are removed.
    ``taken``: what is in the way [pixels].
    """
    for place in places:
        label = place()
        box = box_of(label)
        if _within(box, axes.bbox) and not any(overlap(box, other) for other in taken):
            return label
        label.remove()
    return None


def box_of(label: Text) -> Bbox:
    """Box of the words of a label, without a line that leads to it [pixels]."""
    if isinstance(label, Annotation):
        canvas: Any = label.get_figure(root=True).canvas  # type: ignore[union-attr]
        label.update_positions(canvas.get_renderer())
    return Text.get_window_extent(label)


def _within(box: Bbox, frame: Bbox) -> bool:
    return bool(box.x0 >= frame.x0 - 1 and box.x1 <= frame.x1 + 1 and box.y1 <= frame.y1 + 1)
