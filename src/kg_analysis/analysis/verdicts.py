"""Whether a formula holds for all values that its figures may stand for, for none, or for some.

Responsibility: bounds of a formula's parts over the bounds of its inputs, and the verdict that follows. Formulas have
passed :mod:`kg_analysis.data.checks`, so extremes lie at the corners.

Terms: *pole* = a divisor that may be zero within its inputs' bounds; nothing is known beyond it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product

from kg_analysis.analysis.known import Known
from kg_analysis.data.checks import Constant, Formula, Input, Node, Operation, inputs_of, parts
from kg_analysis.errors import DataError
from kg_analysis.intervals import Interval, Number, propagate

HOLDS, CONTRADICTS, INDETERMINATE = "holds", "contradicts", "indeterminate"
_MIRRORED = {">=": "<=", ">": "<"}


def bounds(node: Node, known: Mapping[Input, Known]) -> Interval:
    """Least and largest value of a part; without bounds behind a pole or where infinities meet.

    Parameters
    ----------
    node : Node
    known : mapping of Input to Known
        All inputs of the part.
    """
    divisors = [each.right for each in parts(node) if isinstance(each, Operation) and each.symbol == "/"]
    if any((found := bounds(each, known)).low <= 0 <= found.high for each in divisors):
        return Interval.bounded()
    inputs = inputs_of(node)
    try:
        return propagate(
            lambda *values: _value(node, dict(zip(inputs, values, strict=True))),
            *(known[each].interval for each in inputs),
        )
    except DataError:  # infinity less infinity
        return Interval.bounded()


def verdict(formula: Formula, known: Mapping[Input, Known]) -> str:
    """holds, contradicts or indeterminate.

    An equation holds where rounding leaves room for it, and is indeterminate only where an input without bounds leaves
    it open; an inequality is indeterminate where rounding alone decides it.

    Parameters
    ----------
    formula : Formula
    known : mapping of Input to Known

    Returns
    -------
    str
    """
    first, second = formula.left, formula.right
    if formula.symbol in _MIRRORED:
        first, second = second, first
    difference = Operation("-", first, second)
    found = bounds(difference, known)
    touches = 0 in (found.low, found.high) and _reaches_zero(difference, known)
    if formula.symbol == "==":
        return _equal(found, touches)
    if _MIRRORED.get(formula.symbol, formula.symbol) == "<=":
        if found.high <= 0:
            return HOLDS
        return CONTRADICTS if found.low > 0 or (found.low == 0 and not touches) else INDETERMINATE
    if found.high < 0 or (found.high == 0 and not touches):
        return HOLDS
    return CONTRADICTS if found.low >= 0 else INDETERMINATE


def _equal(found: Interval, touches: bool) -> str:
    if not (found.low < 0 < found.high or touches):
        return CONTRADICTS
    return HOLDS if found.is_exact or math.isfinite(found.width) else INDETERMINATE


def _reaches_zero(difference: Operation, known: Mapping[Input, Known]) -> bool:
    """Whether the difference is zero at values that the inputs may take, not only at bounds that they stay under."""
    inputs = inputs_of(difference)
    points = product(*(known[each].closed_points() for each in inputs))
    return any(_value(difference, dict(zip(inputs, corner, strict=True))) == 0 for corner in points)


def _value(node: Node, values: Mapping[Input, Number]) -> Number:
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Input):
        return values[node]
    return _SIGNS[node.symbol](_value(node.left, values), _value(node.right, values))


def _divided(left: Number, right: Number) -> Number:
    if math.isinf(right) and math.isfinite(left):
        return Fraction(0)  # not the float that Python would give, which is rounded in what follows
    return left / right


_SIGNS: dict[str, Callable[[Number, Number], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "days": lambda first, last: last - first + 1,  # both ends included
}
