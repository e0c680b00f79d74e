"""Panels: controls, and below them a chart and its sentences that follow every change.

Responsibility: what a control may offer, so that a panel never offers what a run refuses; lay out, redraw, reset, and
say in the panel what went wrong; the sliders of each topic and what they show. The numbers are those of the analysis.

Terms: *control* = a slider whose value is one input; *view* = what a choice of values shows.
"""

from __future__ import annotations

import asyncio
import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

import ipywidgets as widgets
import pandas as pd
from pydantic import BaseModel

from kg_analysis.analysis import epidemic, growth, investment
from kg_analysis.charts import covid as covid_charts
from kg_analysis.charts import growth as growth_charts
from kg_analysis.charts import investment as investment_charts
from kg_analysis.charts.frame import Chart, of_figure, preview
from kg_analysis.charts.theme import SIZE
from kg_analysis.errors import DataError, LeftOutError
from kg_analysis.narrative import covid as covid_words
from kg_analysis.narrative import growth as growth_words
from kg_analysis.narrative import investment as investment_words
from kg_analysis.narrative.context import ReportContext


@dataclass(frozen=True)
class Limits:
    """Bounds of a parameter, in its unit."""

    low: float
    high: float
    # whether the bound itself is allowed
    with_low: bool = True
    with_high: bool = True

    def hold(self, value: float) -> bool:
        """Whether a run would take the value."""
        above = value > self.low or (self.with_low and value == self.low)
        return above and (value < self.high or (self.with_high and value == self.high))

    def steps(self, low: float, high: float, step: str, also: Iterable[float] = ()) -> list[float]:
        """Allowed values from ``low`` to ``high``, and those of ``also``; ascending.

        ``low``, ``high``: ends that are worth looking at; what lies outside the limits is left out. ``step``: distance
        as a decimal text, e.g. ``0.1``; the values are its multiples. ``also``: values that must be there: where the
        panel starts.
        """
        size = Fraction(step)
        first, last = -((-Fraction(low)) // size), Fraction(high) // size
        grid = {float(size * index) for index in range(int(first), int(last) + 1)}
        return sorted(each for each in grid | set(also) if self.hold(each))


@dataclass(frozen=True)
class Knobs:
    """What the parameters of a notebook allow, and how this run has set them."""

    limits: dict[str, Limits]  # by parameter; those that are numbers with bounds
    values: dict[str, Any]  # every parameter of the run; None where it is left unset


def knobs(model: type[BaseModel], values: dict[str, Any]) -> Knobs:
    """Limits of a notebook's parameters as their types declare them, with the values of the run."""
    limits = {}
    for name, declared in model.model_json_schema()["properties"].items():
        for each in (declared, *declared.get("anyOf", ())):
            found = _limits(each)
            if found is not None:
                limits[name] = found
    return Knobs(limits, values)


def _limits(declared: dict[str, Any]) -> Limits | None:
    low, high = (declared.get(each, declared.get(f"exclusive{each.capitalize()}")) for each in ("minimum", "maximum"))
    if low is None or high is None:
        return None
    return Limits(low, high, "minimum" in declared, "maximum" in declared)


PAUSE = 0.03  # seconds; changes that arrive meanwhile are drawn once
WIDTH = "850px"  # of the chart at full size


@dataclass(frozen=True)
class View:
    """What a choice of values shows: a chart and sentences under it; several are a list."""

    chart: Chart
    sentences: Sequence[str]


Draw = Callable[[dict[str, Any]], View]


class Panel:
    """Controls with a view that follows them.

    Attributes
    ----------
    controls : dict of str to Widget
        By the name of the value that they set.
    picture, words : HTML
        The chart with its alt text, and the sentences or what went wrong.
    """

    def __init__(self, controls: Mapping[str, Any], draw: Draw, here: ReportContext) -> None:
        self.controls, self._draw, self._here = dict(controls), draw, here
        self._start = {name: each.value for name, each in self.controls.items()}
        self._waiting = False
        self.picture, self.words = widgets.HTML(), widgets.HTML()
        self.reset = widgets.Button(description=here.say("explore.reset"), icon="undo")
        self.reset.on_click(lambda _: self._reset())
        for each in self.controls.values():
            each.observe(lambda _: self._changed(), names="value")
        self.redraw()

    def widget(self) -> widgets.VBox:
        """All of it, to be shown."""
        note = widgets.HTML(f"<em>{escape(self._here.say('explore.unsaved'))}</em>")
        parts = [*self.controls.values(), widgets.HBox([self.reset, note]), self.picture, self.words]
        return widgets.VBox(parts, layout={"max_width": WIDTH})

    def redraw(self) -> None:
        """Draw the values as they are now; an error becomes a sentence, and the next change draws again."""
        self._waiting = False
        try:
            with preview():
                view = self._draw({name: each.value for name, each in self.controls.items()})
        except LeftOutError as error:
            self._say([self._here.say(f"missing.{error.missing}")])
        except DataError as error:
            self._say(error.problems)
        except Exception as error:  # whatever it is, the panel must live on
            self._say([self._here.say("explore.failed", error=f"{type(error).__name__}: {error}")])
        else:
            self.picture.value = image_html(view.chart)
            self.words.value = _text(view.sentences)

    def _changed(self) -> None:
        """Draw once the changes that are on their way have arrived; at once where nothing can be awaited."""
        if self._waiting:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.redraw()
        else:
            self._waiting = True
            loop.call_later(PAUSE, self.redraw)

    def _reset(self) -> None:
        for name, each in self.controls.items():
            each.value = self._start[name]

    def _say(self, problems: Sequence[str]) -> None:
        self.picture.value = ""
        self.words.value = _text([f"{self._here.say('explore.nothing')} {each}" for each in problems])


def slider(here: ReportContext, key: str, values: Sequence[float], start: float, label: Callable[[float], str]) -> Any:
    """Slider over values that the page prints; arrow keys, Home and End move it.

    ``key``: of its name, with the unit, among the texts of ``explore``. ``values``: ascending. ``start``: one of them.
    ``label``: prints a value.
    """
    return _slider(here, key, [(label(each), each) for each in values], start)


def choice(here: ReportContext, key: str, options: Sequence[tuple[str, Any]]) -> Any:
    """Slider over named options, the first chosen; JupyterLab keeps the arrow keys of a list for itself."""
    return _slider(here, key, options, options[0][1])


def _slider(here: ReportContext, key: str, options: Sequence[tuple[str, Any]], start: Any) -> Any:
    return widgets.SelectionSlider(
        options=list(options),
        value=start,
        description=here.say(f"explore.{key}"),
        continuous_update=True,  # what arrives while a chart is drawn is drawn once, with the last value
        style={"description_width": "22em"},
        layout={"width": "100%"},
    )


def _text(sentences: Sequence[str]) -> str:
    if len(sentences) == 1:
        return f'<p style="line-height: 1.5">{escape(sentences[0], quote=False)}</p>'
    items = "".join(f"<li>{escape(each, quote=False)}</li>" for each in sentences)
    return f'<ul tabindex="0" style="max-height: 22em; overflow-y: auto; line-height: 1.5">{items}</ul>'


class DescribedChart:
    """A chart that a screen reader can read."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def _repr_html_(self) -> str:
        return image_html(self.chart)


def image_html(chart: Chart) -> str:
    """The picture with its alt text, never wider than its place."""
    width, height = (int(each * 100) for each in SIZE)
    data = base64.b64encode(chart.png).decode()
    return (
        f'<img src="data:image/png;base64,{data}" alt="{escape(chart.alt)}" width="{width}" height="{height}" '
        'style="max-width: 100%; height: auto">'
    )


MEAN, SPREAD, WINDOW = "serial_interval_mean_days", "serial_interval_sd_days", "rt_window_days"
LONGEST = 12.0  # days of a serial interval that are worth asking about
TARGET, SHARE = "target_growth_pct", "q4_share_pct"
BELOW, ABOVE = 3, 8  # percentage points around the goal that are worth asking about
_Q4 = "quarters_done == 3 and case == 'base'"
RATIO = "target_ratio_pct"
LEAST, MOST = 50.0, 120.0  # percent of the plan that are worth asking about
FALLBACK = 100.0  # the whole plan, where no target is printed or chosen


def covid_panel(
    cases: pd.DataFrame,
    rts: covid_words.Reproductions,
    ctx: ReportContext,
    knobs: Knobs,
) -> Panel:
    """Sliders for the mean and spread of the serial interval and for the window, all in days.

    The other intervals stay beside it as they are, for comparison.
    """
    (start_mean, start_sd), *others = rts

    def draw(values: dict[str, Any]) -> View:
        window = int(values[WINDOW])
        rt = epidemic.reproduction(cases["used"], values[MEAN], values[SPREAD], window_days=window)
        moved = {(values[MEAN], values[SPREAD]): rt} | {each: rts[each] for each in others}
        return View(
            of_figure(covid_charts.reproduction(moved, cases, ctx, window_days=window)),
            [covid_words.reproduction(moved, ctx)],
        )

    def days(each: float) -> str:
        return ctx.fmt.unit(ctx.fmt.number(each, 0 if float(each).is_integer() else 1), "days")

    def control(key: str, name: str, low: float, high: float, step: str, start: float) -> Any:
        steps = knobs.limits[name].steps(min(low, start), max(high, start), step, [start])
        return slider(ctx, key, steps, start, days)

    limits = knobs.limits[WINDOW]
    controls = {
        MEAN: control("interval_mean", MEAN, knobs.limits[MEAN].low, LONGEST, "0.1", start_mean),
        SPREAD: control("interval_sd", SPREAD, knobs.limits[SPREAD].low, LONGEST / 2, "0.1", start_sd),
        WINDOW: control("window", WINDOW, limits.low, limits.high, "1", float(knobs.values[WINDOW])),
    }
    return Panel(controls, draw, ctx)


def growth_panel(rates: pd.DataFrame, goals: pd.DataFrame, ctx: ReportContext, knobs: Knobs) -> Panel:
    """Sliders for the year's growth [percent] and the share of Q4 in last year's GRDP [percent]."""
    year = rates[rates["period"] == "FY"]
    printed = float(year["growth_pct"].iloc[-1]) if len(year) else float(goals.set_index("goal").at["base", "goal_pct"])
    start = printed if knobs.values[TARGET] is None else float(knobs.values[TARGET])
    share = float(growth.rest_shares(ctx.data.assumptions, knobs.values[SHARE]).query(_Q4)["share_pct"].item())

    def draw(values: dict[str, Any]) -> View:
        shares = growth.rest_shares(ctx.data.assumptions, values[SHARE])
        asked = growth.goals(rates, ctx.data.year, ctx.data.assumptions, values[TARGET]).query("goal == 'base'")
        # What is asked for takes the place of the year as printed.
        rest = growth.rest_of_year(rates[rates["period"] != "FY"], asked.assign(goal=growth.PRINTED), shares)
        return View(of_figure(growth_charts.rest_of_year(rest, ctx)), [growth_words.rest_of_year(rest, ctx)])

    targets = knobs.limits[TARGET].steps(math.floor(start) - BELOW, math.ceil(start) + ABOVE, "0.1", [start])
    limits = knobs.limits[SHARE]
    shares = limits.steps(limits.low, limits.high, "0.5", [share])
    controls = {
        TARGET: slider(ctx, "target_growth", targets, start, lambda each: _printed(each, ctx)),
        SHARE: slider(ctx, "q4_share", shares, share, lambda each: _printed(each, ctx)),
    }
    return Panel(controls, draw, ctx)


def _printed(value: float, ctx: ReportContext) -> str:
    decimals = next(each for each in (0, 1, 2) if each == 2 or round(value, each) == value)
    return ctx.fmt.unit(ctx.fmt.number(value, decimals), "pct")


def investment_panel(
    invested: pd.DataFrame, paid: pd.DataFrame, aim: pd.DataFrame, ctx: ReportContext, knobs: Knobs
) -> Panel:
    """Slider for the target [percent of the plan]."""
    start = float(aim["target_pct"].iloc[0]) if len(aim) else FALLBACK

    def draw(values: dict[str, Any]) -> View:
        printed = len(aim) and values[RATIO] == start
        goal = aim if printed else investment.target(invested, ctx.data.year, float(values[RATIO]))
        balance = investment.summary(paid, goal, invested)
        return View(
            of_figure(investment_charts.versions(balance, goal, ctx)), [investment_words.shortfall(balance, goal, ctx)]
        )

    ratios = knobs.limits[RATIO].steps(min(LEAST, start), max(MOST, start), "1", [start])
    show = lambda each: ctx.fmt.unit(ctx.fmt.number(each, 0 if float(each).is_integer() else 1), "pct")  # noqa: E731
    return Panel({RATIO: slider(ctx, "target_ratio", ratios, start, show)}, draw, ctx)


PANELS = {"covid": covid_panel, "growth": growth_panel, "investment": investment_panel}
