"""What a control may offer: the limits that the types of the run's parameters set.

Responsibility: read them off the model, so that a panel never offers what a run refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import BaseModel


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
