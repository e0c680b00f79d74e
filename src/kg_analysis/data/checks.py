"""Formulas of the declared checks: their grammar, the units they may combine, the figures they name.

Responsibility: refuse a formula whose result would mean nothing before it is given any value, and name everything that
is wrong with ``checks.csv``. Whether a check holds is not decided here.

Terms: *pure number* = a count, rank, multiple or share, which may stand beside any unit as a factor; *degree* = highest
power of an input above and below the fraction bar.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import pandas as pd

from kg_analysis.errors import DataError

MOST_CHARACTERS = 1000
MOST_DEPTH = 40
MOST_INPUTS = 12  # each may double the corners to evaluate
ARGUMENTS = {"days": 2, "start": 1, "end": 1, "years": 1, "span": 2}
ALLOWED = (
    "[figure_id], {assumption_id}, numbers, + - * / ( ), one of == <= < >= >, "
    "days(a, b), start(p), end(p), years(p), span(low, high)"
)

_COMPARISONS: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.LtE: "<=", ast.Lt: "<", ast.GtE: ">=", ast.Gt: ">"}
_OPERATIONS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_ID = r"[a-z0-9][a-z0-9_.:/-]*"
_TOKEN = re.compile(
    rf"\[(?P<figure>{_ID})\]|\{{(?P<assumption>{_ID})\}}|(?P<number>\d{{1,12}}(?:\.\d{{1,6}})?)(?![\w.])"
    rf"|(?P<function>{'|'.join(ARGUMENTS)})(?=\s*\()|==|<=|>=|[<>+\-(),]|\*(?!\*)|/(?!/)| ",
    re.ASCII,
)
_REFUSED = re.compile(r"\[[^\]]*\]?|\{[^}]*\}?|[\w.]+|(?P<twice>[*/=])(?P=twice)|\S|\s")
_GROUPS = {"Tuple": ",", "Starred": "*", "UAdd": "+", "Compare": "a second comparison"}


@dataclass(frozen=True)
class Constant:
    """Number that the formula itself holds."""

    value: Fraction


@dataclass(frozen=True)
class Input:
    """Number from outside; equal inputs hold the same value wherever they stand.

    Attributes
    ----------
    kind : str
        figure, start, end or years of a figure; assumption; or span.
    name : str
        Id of the figure or the assumption; "" for a span.
    ends : tuple of Node
        Ends of a span: constants or assumptions.
    """

    kind: str
    name: str
    ends: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Operation:
    """``+ - * /`` or ``days`` of two parts."""

    symbol: str
    left: Node
    right: Node


Node = Constant | Input | Operation


@dataclass(frozen=True)
class Formula:
    """Comparison of two sides."""

    symbol: str
    left: Node
    right: Node

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Distinct inputs in order of the text; the ends of a span are part of it."""
        return inputs_of(self.left, self.right)

    @property
    def figure_ids(self) -> tuple[str, ...]:
        """Figures named, sorted."""
        return tuple(sorted({each.name for each in self.inputs if each.kind not in ("assumption", "span")}))

    @property
    def assumption_ids(self) -> tuple[str, ...]:
        """Assumptions named, sorted."""
        named = [end for each in self.inputs for end in (each, *each.ends)]
        return tuple(sorted({each.name for each in named if isinstance(each, Input) and each.kind == "assumption"}))


@cache
def parse_formula(text: str) -> Formula:
    """Tree of a formula.

    Parameters
    ----------
    text : str
        One comparison, e.g. ``[done] + [open] == [total]`` or ``days(start([p]), end([p])) <= 102``.

    Raises
    ------
    DataError
        If the text holds anything but figures, assumptions, numbers and the signs and functions of ``ALLOWED``, naming
        the token; if it is too long or too deep.
    """
    if len(text) > MOST_CHARACTERS:
        raise DataError(f"formula has {len(text)} characters, at most {MOST_CHARACTERS}; split it into several checks")
    source, atoms = _tokens(text)
    try:
        body = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise DataError(f"{text!r} is no complete formula; look for a missing sign, number or parenthesis") from None
    if not isinstance(body, ast.Compare):
        raise DataError(f"{text!r} compares nothing; write two sides and one of == <= < >= > between them")
    if len(body.ops) > 1:
        raise DataError(f"{text!r} holds {len(body.ops)} comparisons; write one a check")
    left, right = (_node(each, atoms, 0) for each in (body.left, body.comparators[0]))
    formula = Formula(_COMPARISONS[type(body.ops[0])], left, right)
    if not formula.figure_ids:
        raise DataError(f"{text!r} names no figure; compare at least one [figure_id]")
    if len(formula.inputs) > MOST_INPUTS:
        raise DataError(
            f"formula has {len(formula.inputs)} inputs, at most {MOST_INPUTS}; split it into several checks"
        )
    return formula


def inputs_of(*nodes: Node) -> tuple[Input, ...]:
    """Distinct inputs of some parts, in order of the text."""
    return tuple(dict.fromkeys(part for node in nodes for part in parts(node) if isinstance(part, Input)))


def parts(node: Node) -> Iterator[Node]:
    """The node and everything under it."""
    yield node
    if isinstance(node, Operation):
        yield from parts(node.left)
        yield from parts(node.right)


def _tokens(text: str) -> tuple[str, dict[str, Node]]:
    """The text with a generated name for each figure, assumption and number; a name typed by hand is refused."""
    names: dict[str, Node] = {}
    pieces: list[str] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            refused = _REFUSED.match(text, position)
            raise _refusal(repr(refused[0] if refused else text[position:]))
        kind, position = match.lastgroup, match.end()
        if kind in (None, "function"):
            pieces.append(match[0])
            continue
        name = f"_{len(names)}"
        names[name] = Constant(Fraction(match[0])) if kind == "number" else Input(str(kind), match[str(kind)])
        pieces.append(f" {name} ")
    return "".join(pieces), names


def _node(tree: ast.expr, names: dict[str, Node], depth: int) -> Node:
    if depth > MOST_DEPTH:
        raise DataError(f"formula is more than {MOST_DEPTH} levels deep; split it into several checks")
    if isinstance(tree, ast.Name):
        return names[tree.id]
    if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATIONS:
        left, right = (_node(each, names, depth + 1) for each in (tree.left, tree.right))
        return Operation(_OPERATIONS[type(tree.op)], left, right)
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return Operation("-", Constant(Fraction(0)), _node(tree.operand, names, depth + 1))
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in ARGUMENTS:
        return _call(tree.func.id, [_node(each, names, depth + 1) for each in tree.args])
    found = type(tree.op if isinstance(tree, ast.UnaryOp) else tree).__name__
    raise _refusal(repr(_GROUPS.get(found, found)))


def _call(function: str, arguments: Sequence[Node]) -> Node:
    if len(arguments) != ARGUMENTS[function]:
        raise DataError(
            f"{function}() has {len(arguments)} arguments, it takes {ARGUMENTS[function]}; correct the call"
        )
    if function == "days":
        return Operation("days", *arguments)
    plain = [isinstance(each, Input) and each.kind == "figure" for each in arguments]
    if function != "span":
        if not all(plain):
            raise DataError(f"{function}() takes one [figure_id] and nothing else; correct the call")
        return Input(function, getattr(arguments[0], "name", ""))
    fixed = [
        isinstance(each, Constant) or (isinstance(each, Input) and each.kind == "assumption") for each in arguments
    ]
    if not all(fixed):
        raise DataError("span() takes two numbers or {assumption_id}s; correct the call")
    low, high = (each.value if isinstance(each, Constant) else None for each in arguments)
    if low is not None and high is not None and low > high:
        raise DataError(f"span({low}, {high}) ends before it begins; give the lower number first")
    return Input("span", "", tuple(arguments))


def _refusal(token: str) -> DataError:
    return DataError(f"{token} is not allowed in a formula; allowed: {ALLOWED}")


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


def check_problems(
    checks: pd.DataFrame, figures: Mapping[str, str] | None, assumptions: Mapping[str, str]
) -> Iterator[str]:
    """Every problem of the checks, each with row and remedy.

    Parameters
    ----------
    checks : DataFrame
        ``checks.csv`` in the order of the file.
    figures : mapping of str to str or None
        Unit by figure id, over all sources; None where the printed figures cannot be read, so that only the form of
        the formulas can be told.
    assumptions : mapping of str to str
        Unit by assumption id.

    Yields
    ------
    str
        ``checks.csv row 7: figure 'kg21-x' is not printed; …``. Rows count as in a spreadsheet.
    """
    for row, (check, note_vi, note_en) in enumerate(
        checks[["formula", "note_vi", "note_en"]].itertuples(index=False, name=None), 2
    ):
        if (note_vi == "") != (note_en == ""):
            yield f"checks.csv row {row}: a note stands in one language only; write both, or neither"
        yield from (f"checks.csv row {row}: {each}" for each in _formula_problems(check, figures, assumptions))


def _formula_problems(text: str, figures: Mapping[str, str] | None, assumptions: Mapping[str, str]) -> list[str]:
    try:
        formula = parse_formula(text)
        refuse_unbounded(formula)
        missing = [] if figures is None else _missing(formula, figures, assumptions)
        if figures is not None and not missing:
            side_units(formula, figures, assumptions)
    except DataError as error:
        return list(error.problems)
    return missing


def _missing(formula: Formula, figures: Mapping[str, str], assumptions: Mapping[str, str]) -> list[str]:
    figure = "figure {!r} is not printed; correct the id, or type the figure in data/printed"
    assumption = "assumption {!r} is not known; correct the id, or add it to data/assumptions.csv"
    return [
        *(figure.format(each) for each in formula.figure_ids if each not in figures),
        *(assumption.format(each) for each in formula.assumption_ids if each not in assumptions),
    ]
