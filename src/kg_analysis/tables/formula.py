"""Formulas of ``checks.csv``: read as data, never run.

Responsibility: from a formula's text to a small tree of numbers, inputs and operations. The text is split into known
tokens first, so that a refusal can name what stands there; Python's grammar then only says how they group. What the
inputs are worth is known elsewhere.

Terms: *input* = what a formula takes from outside: a figure's value, first day, last day or years, an assumption, or
the span between two of them; *side* = what stands left or right of the comparison.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

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
