"""Page one as a picture of an A4 page: the key numbers as a table, three sentences, room for recommendations.

Responsibility: where things stand on the page. Numbers come from ``analysis.key_numbers``, words from
``narrative.page_one``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from kg_analysis.charts import theme
from kg_analysis.charts.frame import ReportFigure, Words
from kg_analysis.charts.theme import FOCUS, INK, MUTED, RULE, SHADE
from kg_analysis.formats import breakable
from kg_analysis.narrative import page_one as words
from kg_analysis.narrative.context import ReportContext

A4 = (8.27, 11.69)  # inches
LEFT, RIGHT, TOP = 0.07, 0.93, 0.955  # of the page
LINE = 0.0158  # height of a line of text, as a share of the page
_SHARES = {"measure": 2.6, "actual": 1.6, "plan": 1.5, "last_year": 1.5, "rank": 1.2, "nation": 0.8, "status": 1.9}
_MARKS = {"met": theme.THIRD, "exceeded": theme.THIRD, "missed": theme.SECOND}


def page_one(key_numbers: pd.DataFrame, sentences: Sequence[str], ctx: ReportContext) -> Figure:
    """An A4 page that stands alone: title, sentences, key numbers, notes and source, room for recommendations.

    ``key_numbers``: as :func:`kg_analysis.analysis.key_numbers.key_numbers` gives it. ``sentences``: what leads, at
    most three.
    Its rows are in ``figure.data``.
    """
    table = words.lines(key_numbers, ctx)
    shown = [name for name in words.COLUMNS if (table[name] != words.NOTHING).any()]
    heads = dict(zip(words.COLUMNS, words.heads(ctx), strict=True))
    title, subtitle = words.title(ctx), words.subtitle(ctx)
    source = words.source(key_numbers, ctx)
    with theme.style(ctx.fmt.language):
        figure = ReportFigure(figsize=A4, dpi=150, facecolor="white")
        FigureCanvasAgg(figure)
        page = _Page(figure)
        page.write(title, size=19, weight="bold", color=FOCUS)
        page.write(subtitle, size=10.5, color=MUTED, after=0.6)
        for each in sentences:
            page.write(each, size=11, after=0.4)
        page.space(0.4)
        _table(page, table, [*shown], heads, key_numbers["verdict"])
        for each in (" ".join(words.notes(key_numbers, ctx)), ctx.say("source.prefix", source=source)):
            page.write(each, size=7.5, color=MUTED, after=0.25)
        page.space(0.8)
        page.write(ctx.say("page_one.recommendations"), size=13, weight="bold", color=FOCUS, after=1.2)
        page.rules(3)
        figure.canvas.draw()
    figure.data = key_numbers
    figure.dropped = []
    figure.words = Words("page_one", title, subtitle, source, ctx.say("page_one.alt"))
    return figure


class _Page:
    """A page that is written from the top."""

    def __init__(self, figure: Figure) -> None:
        self.figure, self.edge = figure, TOP
        self.renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]

    def space(self, lines: float) -> None:
        self.edge -= lines * LINE

    def write(self, text: str, *, after: float = 0.5, **style: Any) -> None:
        """Text over the width of the page, in as many lines as it takes."""
        shown = wrapped(text, self.figure, RIGHT - LEFT, style.get("size", 10), style.get("weight", "normal"))
        drawn = self.figure.text(LEFT, self.edge, shown, va="top", ha="left", linespacing=1.3, **{"color": INK} | style)
        self.edge -= drawn.get_window_extent(self.renderer).height / self.figure.bbox.height
        self.space(after)

    def rules(self, count: int) -> None:
        """Dotted lines to write on."""
        for _ in range(count):
            line = mpl.lines.Line2D([LEFT, RIGHT], [self.edge] * 2, color=MUTED, lw=0.8, ls=":")
            self.figure.add_artist(line)
            self.space(1.6)


def wrapped(text: str, figure: Figure, share: float, size: float, weight: str = "normal") -> str:
    """A text in lines no longer than a share of the figure's width."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    face = mpl.font_manager.FontProperties(size=size, weight=weight, family=mpl.rcParams["font.family"])
    room = share * figure.bbox.width
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if renderer.get_text_width_height_descent(longer, face, ismath=False)[0] <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def _table(
    page: _Page, table: pd.DataFrame, shown: Sequence[str], heads: dict[str, str], verdicts: Iterable[str]
) -> None:
    total = sum(_SHARES[name] for name in shown)
    widths = [(RIGHT - LEFT) * _SHARES[name] / total for name in shown]
    _row(page, [heads[name] for name in shown], shown, widths, head=True)
    for number, (line, verdict) in enumerate(zip(table.to_dict("records"), verdicts, strict=True)):
        _row(page, [line[name] for name in shown], shown, widths, shade=bool(number % 2), verdict=verdict)
    page.space(0.7)


def _row(
    page: _Page,
    texts: Sequence[str],
    shown: Sequence[str],
    widths: Sequence[float],
    *,
    head: bool = False,
    shade: bool = False,
    verdict: str = "",
) -> None:
    figure, size = page.figure, 9.5
    weight = "bold" if head else "normal"
    cells = [
        wrapped(breakable(text), figure, width - 0.016, size, weight) for text, width in zip(texts, widths, strict=True)
    ]
    height = max(cell.count("\n") + 1 for cell in cells) * LINE * 0.82 + 0.010
    fill = FOCUS if head else SHADE if shade else "white"
    figure.add_artist(
        Rectangle((LEFT, page.edge - height), RIGHT - LEFT, height, facecolor=fill, edgecolor=RULE, lw=0.6)
    )
    left = LEFT
    for name, cell, width in zip(shown, cells, widths, strict=True):
        right = name not in ("measure", "status")
        colour = "white" if head else _MARKS.get(verdict, INK) if name == "status" else INK
        bold = head or name == "actual"
        figure.text(
            left + (width - 0.008 if right else 0.008),
            page.edge - height / 2,
            cell,
            ha="right" if right else "left",
            va="center",
            size=size,
            color=colour,
            weight="bold" if bold else "normal",
            linespacing=1.2,
        )
        left += width
    page.edge -= height
