"""Labels that must not cover one another: the first of several places that is free.

Responsibility: measure and choose. Where the places are, and what else is in the way, is the chart's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from kg_analysis.charts.layout import overlap

SMALLEST = {"left": 0.09, "right": 0.95, "bottom": 0.17, "top": 0.75}  # as a long title and source leave the axes

Place = Callable[[], Annotation]


def shrink(axes: Axes, left: float = SMALLEST["left"], bottom: float = SMALLEST["bottom"]) -> None:
    """Make the axes as small as the frame may make them, so that what is free now stays free when they are fitted.

    Parameters
    ----------
    axes : Axes
    left : float
        Where they begin at most, as a share of the figure: words at their left take room.
    bottom : float
        The same for words below them.
    """
    axes.figure.subplots_adjust(**SMALLEST | {"left": left, "bottom": bottom})


def first_free(axes: Axes, places: Iterable[Place], taken: Sequence[Bbox]) -> Annotation | None:
    """Label at the first place that lies within the axes and covers nothing; None where none is free.

    Parameters
    ----------
    axes : Axes
        With its limits set.
    places : iterable of callable
        Each draws the label somewhere; those that are not chosen are removed.
    taken : sequence of Bbox
        What is in the way [pixels].
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
