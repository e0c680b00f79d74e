"""What a formula may combine: units that fit, and inputs that corners can bound.

Responsibility: refuse a formula whose result would mean nothing before it is given any value. A date is never added to
a number, percent is never compared with points, and no input stands where its extremes could lie between its bounds.

Terms: *pure number* = a count, rank, multiple or share, which may stand beside any unit as a factor; *degree* = highest
power of an input above and below the fraction bar.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from kg_analysis.errors import DataError
from kg_analysis.tables.formula import Constant, Formula, Input, Node, Operation

SHARE = "share"
_PURE = frozenset({"", "count", "rank", "times", "factor", SHARE})
_PERCENT = frozenset({"pct", "percentage_point"})
_SAME_AS = {"share_pct": "pct"}
_PRODUCTS = {frozenset({"cases_per_day", "days"}): "cases"}
_QUOTIENTS = {("cases", "days"): "cases_per_day"}
_HUNDRED = Constant(Fraction(100))


def side_units(formula: Formula, figures: Mapping[str, str], assumptions: Mapping[str, str]) -> tuple[str, str]:
    """Unit of each side; a side that is a pure number takes the unit of the other.

    Parameters
    ----------
    formula : Formula
    figures, assumptions : mapping of str to str
        Unit by id; ids that the formula names must be known.

    Raises
    ------
    DataError
        If a part combines what does not fit, naming both units and the way out.
    """
    left, right = (_unit(each, figures, assumptions) for each in (formula.left, formula.right))
    if left != right and not (left in _PURE and right in _PURE) and "" not in (left, right):
        raise DataError(
            f"compares {_named(left)} with {_named(right)}; bring both sides to one unit (share * 100 is pct)"
        )
    if "date" in (left, right) and left != right:
        raise DataError("compares a date with a number; subtract a date, or use days(a, b)")
    return left or right or "count", right or left or "count"


def refuse_unbounded(formula: Formula) -> None:
    """Refuse an input that corners cannot bound: one that is squared, or that stands over and under several bars.

    A quotient of two parts that are each linear in an input rises or falls throughout, so its extremes lie at the
    input's bounds; beyond that they need not.

    Raises
    ------
    DataError
        Naming the input.
    """
    for each in formula.inputs:
        above, below = _degree(Operation("-", formula.left, formula.right), each)
        if max(above, below) > 1:
            shown = each.name or "span"
            raise DataError(f"{shown!r} multiplies or divides itself; rearrange so that each input stands once")


def _unit(node: Node, figures: Mapping[str, str], assumptions: Mapping[str, str]) -> str:
    if isinstance(node, Constant):
        return ""
    if isinstance(node, Input):
        return _input_unit(node, figures, assumptions)
    left, right = (_unit(each, figures, assumptions) for each in (node.left, node.right))
    if node.symbol == "days":
        if (left, right) != ("date", "date"):
            raise DataError("days() counts from a date to a date; give two date figures, or start(p) and end(p)")
        return "days"
    if "date" in (left, right):
        if (node.symbol, left, right) != ("-", "date", "date"):
            raise DataError(f"{node.symbol!r} mixes a date with a number; a date is only subtracted from a date")
        return "days"
    if node.symbol in "+-":
        return _sum(node.symbol, left, right)
    return _product(left, right, node) if node.symbol == "*" else _quotient(left, right, node)


def _input_unit(node: Input, figures: Mapping[str, str], assumptions: Mapping[str, str]) -> str:
    if node.kind in ("start", "end"):
        return "date"
    if node.kind == "years":
        return "years"
    if node.kind == "span":
        low, high = (_unit(each, figures, assumptions) for each in node.ends)
        return _sum("+", low, high)
    unit = assumptions[node.name] if node.kind == "assumption" else figures[node.name]
    if unit == "period":
        raise DataError(f"[{node.name}] is a period, not a number; use start(), end() or years() of it")
    if unit == "text":
        raise DataError(f"[{node.name}] holds words and no number; name a figure with a number")
    return _SAME_AS.get(unit, unit)


def _sum(symbol: str, left: str, right: str) -> str:
    if left in _PURE and right in _PURE:
        return SHARE if SHARE in (left, right) else left or right
    if left in _PERCENT and right in _PERCENT:
        both = left == right == "pct"
        return "percentage_point" if (both and symbol == "-") or "pct" not in (left, right) else "pct"
    if left == right or "" in (left, right):
        return left or right
    raise DataError(f"{symbol!r} joins {_named(left)} and {_named(right)}; bring both to one unit")


def _product(left: str, right: str, node: Operation) -> str:
    if SHARE in (left, right) and _HUNDRED in (node.left, node.right):
        return "pct"
    if right in _PURE or right in _PERCENT:
        return left or right
    return right if left in _PURE or left in _PERCENT else _known(_PRODUCTS, frozenset({left, right}), "*", left, right)


def _quotient(left: str, right: str, node: Operation) -> str:
    if left in _PERCENT and node.right == _HUNDRED:
        return SHARE
    if isinstance(node.right, Constant):
        return left
    if left == right or (left in _PURE and right in _PURE) or (left in _PERCENT and right in _PERCENT):
        return SHARE
    return left if right in _PURE or right in _PERCENT else _known(_QUOTIENTS, (left, right), "/", left, right)


def _known(units: Mapping[Any, str], pair: object, symbol: str, left: str, right: str) -> str:
    if pair not in units:
        raise DataError(f"{symbol!r} of {_named(left)} and {_named(right)} has no unit here; rearrange the formula")
    return units[pair]


def _named(unit: str) -> str:
    return {"date": "a date", "": "a number"}.get(unit, unit)


def _degree(node: Node, wanted: Input) -> tuple[int, int]:
    """Degree of an input above and below the bar."""
    if not isinstance(node, Operation):
        return int(node == wanted), 0
    (above, below), (other_above, other_below) = (_degree(each, wanted) for each in (node.left, node.right))
    if node.symbol == "*":
        return above + other_above, below + other_below
    if node.symbol == "/":
        return above + other_below, below + other_above
    return max(above + other_below, other_above + below), below + other_below
