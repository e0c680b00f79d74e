"""A panel: controls, and below them a chart and its sentences that follow every change.

Responsibility: what a control may offer, so that a panel never offers what a run refuses; lay out, redraw, reset, and
say in the panel what went wrong. What is drawn is up to each topic.

Terms: *control* = a slider whose value is one input; *view* = what a choice of values shows.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

import ipywidgets as widgets
from pydantic import BaseModel

from kg_analysis.charts.frame import Chart, preview
from kg_analysis.charts.theme import SIZE
from kg_analysis.errors import DataError, LeftOutError
from kg_analysis.narrative.context import ReportContext


@dataclass(frozen=True)
class Limits:
    """Bounds of a parameter, in its unit.

    Attributes
    ----------
    low, high : float
    with_low, with_high : bool
        Whether the bound itself is allowed.
    """

    low: float
    high: float
    with_low: bool = True
    with_high: bool = True

    def hold(self, value: float) -> bool:
        """Whether a run would take the value."""
        above = value > self.low or (self.with_low and value == self.low)
        return above and (value < self.high or (self.with_high and value == self.high))

    def steps(self, low: float, high: float, step: str, also: Iterable[float] = ()) -> list[float]:
        """Allowed values from ``low`` to ``high``, and those of ``also``; ascending.

        Parameters
        ----------
        low, high : float
            Ends that are worth looking at; what lies outside the limits is left out.
        step : str
            Distance as a decimal text, e.g. ``0.1``; the values are its multiples.
        also : iterable of float
            Values that must be there: where the panel starts.
        """
        size = Fraction(step)
        first, last = -((-Fraction(low)) // size), Fraction(high) // size
        grid = {float(size * index) for index in range(int(first), int(last) + 1)}
        return sorted(each for each in grid | set(also) if self.hold(each))


@dataclass(frozen=True)
class Knobs:
    """What the parameters of a notebook allow, and how this run has set them.

    Attributes
    ----------
    limits : dict of str to Limits
        By parameter; those that are numbers with bounds.
    values : dict of str to Any
        Every parameter of the run; None where it is left unset.
    """

    limits: dict[str, Limits]
    values: dict[str, Any]


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
