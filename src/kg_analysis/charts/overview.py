"""Charts of the overview: targets as one bar of statuses, tasks by who counts them, and page one as an A4 page.

Responsibility: the marks. Numbers come from ``analysis``, words from
``narrative.overview`` and ``narrative.page_one``. Each takes frames and returns a figure whose rows are in
``figure.data``; a parameter's name says which frame of the registry it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from kg_analysis.charts import theme
from kg_analysis.charts.frame import ReportFigure, Words, canvas, captioned, enough, note, number_ticks
from kg_analysis.charts.theme import CONTEXT, FOCUS, HATCH, INK, MUTED, RULE, SECOND, SHADE, THIRD, style
from kg_analysis.errors import NotPrintedError
from kg_analysis.formats import breakable
from kg_analysis.narrative import overview as words
from kg_analysis.narrative import page_one as page_words
from kg_analysis.narrative.context import ReportContext

STATUS = {"completed": THIRD, "in_progress": FOCUS, "overdue": SECOND, "late": SECOND, "on_time": THIRD}
# Parts of a bar of targets, by what is told apart; the first set that adds up to the total is drawn.
REACHED = (("exceeded", "met"), ("met_or_exceeded",))
MISSED = (("missed_economic", "missed_other"), ("missed",))
FACE = {"exceeded": FOCUS, "met": THIRD, "met_or_exceeded": FOCUS, "missed_economic": SECOND, "missed_other": CONTEXT}
HEADROOM = 0.62  # of a row, for its heading


def targets(target_totals: pd.DataFrame, target_list: pd.DataFrame, ctx: ReportContext) -> Figure:
    """One bar of statuses a system, as long as its targets are many; estimates hatched."""
    bars = [(row, _parts(row)) for row in target_totals.to_dict("records")]
    bars = [(row, parts) for row, parts in bars if parts]
    if not bars:
        raise NotPrintedError(f"no total of targets with its parts for {ctx.data.year}", "targets")
    shown = [row["system"] for row, _ in bars]
    enough(pd.Series([row[f"{each}_count"] for row, parts in bars for each in parts]))
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        for place, (row, parts) in enumerate(bars):
            _bar(axes, place, row, parts, ctx)
        axes.set_xlim(0, 1.02 * max(row["total_count"] for row, _ in bars))
        axes.set_ylim(len(bars) - 0.7, -HEADROOM)
        axes.set_axis_off()  # every part carries its number
        source = ctx.cite(" ".join(row["figure_ids"] for row, _ in bars).split())
        data = target_list[target_list["system"].isin(shown)].reset_index(drop=True)
        title = words.targets_title(target_totals[target_totals["system"].isin(shown)], ctx)
        values: dict[str, Any] = {"finding": words.targets(target_totals, ctx)}
        return captioned(figure, ctx, "overview.targets", "overview_targets", title, source, data, **values)


def tasks(work: pd.DataFrame, ctx: ReportContext) -> Figure:
    """Bars of each system's tasks by status, under the system's own name and cut-off day."""
    whole = work.groupby("system")["status"].transform(lambda found: found.isin(["assigned", "total"]).any())
    rows = work[work["status"].isin(list(STATUS)) | ~whole] if len(work) else work
    if rows.empty:
        raise NotPrintedError(f"no tasks by status for {ctx.data.year}", "tasks")
    rows = rows.reset_index(drop=True)
    enough(rows["count"])
    with style(ctx.fmt.language):
        figure, (axes,) = canvas()
        names, place = {}, 0.0
        for _, group in rows.groupby("system", sort=False):
            heading = fill(words.system_heading(group, ctx), int(8.5 * figure.get_figwidth()))
            place += 0.6 * heading.count("\n")
            axes.text(0, place, heading, weight="bold", va="center", color=INK)
            place += 0.3 * heading.count("\n")
            for row in group.to_dict("records"):
                place += 1
                axes.barh(place, row["count"], height=0.7, color=STATUS.get(row["status"], CONTEXT))
                label = ctx.fmt.bounded(row, "count")
                note(axes, label, (row["count"], place), (5, 0), va="center")
                names[place] = words.status(row["status"], ctx)
            place += 1.3
        axes.set_xlim(0, 1.08 * rows["count"].max())
        axes.set_ylim(place - 0.7, -0.6)
        axes.set_yticks(list(names), list(names.values()))
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x", color=RULE)
        axes.xaxis.set_major_formatter(number_ticks(ctx.fmt))
        source = ctx.cite(" ".join(rows["figure_ids"]).split())
        title = words.tasks_title(work, ctx)
        values: dict[str, Any] = {"finding": words.tasks(work, ctx)}
        return captioned(figure, ctx, "overview.tasks", "overview_tasks", title, source, rows, **values)


def _parts(row: dict[Any, Any]) -> list[str]:
    """Statuses that make up the total; none where they are not known."""
    for reached in REACHED:
        for missed in MISSED:
            parts = [*reached, *missed]
            counts = [row[f"{each}_count"] for each in parts]
            if not any(pd.isna(each) for each in (*counts, row["total_count"])) and sum(counts) == row["total_count"]:
                return [each for each, count in zip(parts, counts, strict=True) if count]
    return []


def _bar(axes: Axes, place: int, row: dict[Any, Any], parts: list[str], ctx: ReportContext) -> None:
    left = 0
    axes.text(0, place - 0.42, words.targets_heading(row, ctx), weight="bold", va="center")
    for each in parts:
        count = int(row[f"{each}_count"])
        face: dict[str, Any] = {
            "facecolor": FACE.get(each, CONTEXT),
            "edgecolor": "white",
            "hatch": HATCH[row["basis"]],
        }
        axes.barh(place, count, left=left, height=0.4, linewidth=1.5, **face)
        name = ctx.say(f"overview.part_{each}", row=row)
        axes.text(left + 0.1, place - 0.26, name, va="center", color=INK)
        left += count


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
    table = page_words.lines(key_numbers, ctx)
    shown = [name for name in page_words.COLUMNS if (table[name] != page_words.NOTHING).any()]
    heads = dict(zip(page_words.COLUMNS, page_words.heads(ctx), strict=True))
    title, subtitle = page_words.title(ctx), page_words.subtitle(ctx)
    source = page_words.source(key_numbers, ctx)
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
        for each in (" ".join(page_words.notes(key_numbers, ctx)), ctx.say("source.prefix", source=source)):
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
        look: dict[str, Any] = {"ha": "right" if right else "left", "va": "center", "linespacing": 1.2}
        look |= {"size": size, "color": colour, "weight": "bold" if bold else "normal"}
        figure.text(left + (width - 0.008 if right else 0.008), page.edge - height / 2, cell, **look)
        left += width
    page.edge -= height
