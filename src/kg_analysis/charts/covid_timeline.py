"""Timeline of a COVID wave: phases, distancing measures, and where the figures stop.

Responsibility: draw what is dated where it is dated, and what is not dated as not dated.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from kg_analysis.analysis.covid import Wave
from kg_analysis.charts.dates import day_ticks, x
from kg_analysis.charts.frame import Chart, canvas, finish
from kg_analysis.charts.theme import CONTEXT, FOCUS, INK, MUTED, RULE, SECOND, SHADE
from kg_analysis.findings import covid as findings
from kg_analysis.findings.context import Context

DAY = timedelta(days=1)
BAR = 0.5  # height of a lane's bar
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}  # keeps grid lines off the words
_CENTRED: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "center"}


def timeline(found: Wave, here: Context) -> Chart:
    """Phases and measures on one time axis; a length without dates is dashed and stands at no date."""
    measures = _in_page_order(here)
    with canvas() as (figure, axes):
        end = found.latest_cutoff or found.end + found.days // 4 * DAY
        _phases(axes, found, end, here)
        for lane, measure in enumerate(measures, 1):
            _measure(axes, lane, measure, found, end, here)
        _lanes(axes, [here.say("covid.lane_phases"), *[_label(each, here) for each in measures]])
        axes.set_xlim(x(found.start) - 1, x(end) + found.days * 0.14)
        days = [*(phase.start for phase in found.phases), found.end, *filter(None, [found.latest_cutoff])]
        day_ticks(axes, days, here)
        ids = [each for phase in found.phases for each in phase.mean.figure_ids]
        return finish(
            figure,
            here.page,
            name="covid_timeline",
            title=findings.stop_title(found, here),
            subtitle=here.say("covid.timeline_subtitle"),
            source=here.cite(
                ids + [each for row in measures for each in str(row["figure_ids"]).split()] + _cutoff_ids(here)
            ),
            alt=here.say("covid.timeline_alt", finding=findings.stop(found, here)),
            data=_rows(found, measures),
        )


def _phases(axes: Axes, found: Wave, end: date, here: Context) -> None:
    for phase in found.phases:
        axes.barh(0, phase.days, left=x(phase.start), height=BAR, color=FOCUS, edgecolor="white", linewidth=1.5)
        axes.text(
            x(phase.start) + phase.days / 2,
            0,
            str(phase.number),
            ha="center",
            va="center",
            color="white",
            weight="bold",
        )
    gap = x(end) - x(found.end + DAY)
    if gap > found.days / 5:
        axes.barh(0, gap, left=x(found.end + DAY), height=BAR, color=SHADE, edgecolor=CONTEXT, linestyle=":")
        axes.text(
            x(found.end + DAY) + gap / 2, 0, here.say("covid.no_cases_lane"), ha="center", va="center", color=MUTED
        )
    if found.latest_cutoff:
        axes.axvline(x(found.latest_cutoff), color=CONTEXT, lw=1, ls=":")


def _measure(axes: Axes, lane: int, row: dict[str, object], found: Wave, end: date, here: Context) -> None:
    start, last, days = row["start"], row["end"], row["days_printed"]
    if isinstance(start, pd.Timestamp) and not pd.isna(start):
        stop = last if isinstance(last, pd.Timestamp) and not pd.isna(last) else None
        left, right = x(start.date()), x(stop.date() + DAY) if stop is not None else x(end)
        axes.barh(lane, right - left, left=left, height=BAR, color=SECOND)
        key = "covid.measure_from" if stop is None else "covid.measure_between"
        text = here.say(key, start=start.date(), end=stop.date() if stop is not None else None)
        if stop is None:
            axes.annotate(
                "", (right + 8, lane), (right - 1, lane), arrowprops={"arrowstyle": "-|>", "color": SECOND, "lw": 2}
            )
        _beside(axes, left, lane, text, SECOND)
    elif not pd.isna(days):
        length = int(str(days))
        left = (x(found.start) + x(found.end) - length) / 2  # amid the wave, so that it starts at no date
        axes.barh(lane, length, left=left, height=BAR, color="white", edgecolor=SECOND, linestyle="--", linewidth=1.5)
        for edge, sign in ((left, -1), (left + length, 1)):
            axes.annotate("?", (edge, lane), xytext=(9 * sign, 0), **_CENTRED, color=SECOND, weight="bold")
        axes.annotate(
            here.say("covid.measure_unanchored", days=days),
            (left + length / 2, lane),
            xytext=(0, 0),
            **_CENTRED,
            color=SECOND,
        )
    else:
        _after(axes, x(found.start) - 1, lane, here.say("covid.measure_undated"), MUTED)


def _beside(axes: Axes, left: float, lane: int, text: str, colour: str) -> None:
    axes.annotate(
        text,
        (left, lane),
        xytext=(-6, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        color=colour,
        bbox=_PAPER,
    )


def _after(axes: Axes, right: float, lane: int, text: str, colour: str) -> None:
    axes.annotate(
        text, (right, lane), xytext=(6, 0), textcoords="offset points", va="center", color=colour, bbox=_PAPER
    )


def _in_page_order(here: Context) -> list[dict[str, object]]:
    """Measures as the report comes to them."""
    rows = here.data.measures
    offsets = rows["figure_ids"].map(lambda ids: here.data.figures.loc[ids.split(), "start"].min())
    return [
        {str(name): cell for name, cell in row.items()}
        for row in rows.loc[offsets.sort_values().index].to_dict("records")
    ]


def _lanes(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=RULE)
    axes.tick_params(axis="y", length=0, labelcolor=INK)


def _label(row: dict[str, object], here: Context) -> str:
    """Name of the measure, or the label of its figure where next year's measure has no name here yet."""
    if not here.page.knows(f"covid.measure_{row['measure']}"):
        return str(here.data.figures.at[str(row["figure_ids"]).split()[0], "label"])
    measure, scope = here.say(f"covid.measure_{row['measure']}"), here.say(f"covid.scope_{row['scope']}")
    return here.say("covid.lane_measure", measure=measure, scope=scope)


def _rows(found: Wave, measures: list[dict[str, object]]) -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "row": f"phase_{phase.number}",
            "scope": "province",
            "start": phase.start,
            "end": phase.end,
            "days": phase.days,
            "figure_ids": " ".join(phase.mean.figure_ids),
        }
        for phase in found.phases
    ]
    rows += [
        {
            "row": row["measure"],
            "scope": row["scope"],
            "start": row["start"],
            "end": row["end"],
            "days": row["days_printed"],
            "figure_ids": row["figure_ids"],
        }
        for row in measures
    ]
    table = pd.DataFrame(rows)
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column]).dt.date
    return table.astype({"days": "Int64"})


def _cutoff_ids(here: Context) -> list[str]:
    return list(here.data.select("report_cutoff").index)
