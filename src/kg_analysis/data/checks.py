"""Formulas of the declared checks: what they may hold, which units they may combine, their bounds over columns.

Responsibility: refuse a formula whose result would mean nothing before it is given any value, name everything that is
wrong with ``checks.csv``, and bound a formula over the bounds of its inputs. Whether a check holds is decided in
:mod:`kg_analysis.analysis.checks`.

Terms: *input* = a number from outside, equal wherever it stands; *corner* = one choice of an end for each input;
*pole* = a divisor that may be zero within its inputs' bounds; *dimensions* = powers of the units in a product.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from kg_analysis.errors import DataError

MOST_CHARACTERS, MOST_DEPTH = 1000, 40
MOST_INPUTS = 12  # each may double the corners
ALLOWED = (
    "[figure_id], {assumption_id}, numbers, + - * / ( ), one of == <= < >= >, "
    "days(a, b), start([p]), end([p]), years([p]), span(low, high)"
)
_COMPARISONS: dict[type, str] = {ast.Eq: "==", ast.LtE: "<=", ast.Lt: "<", ast.GtE: ">=", ast.Gt: ">"}
_SIGNS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_REFERENCE = re.compile(r"\[([a-z0-9][a-z0-9_.:/-]*)\]|\{([a-z0-9][a-z0-9_.:/-]*)\}")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")
_PARTS = ("figure", "start", "end", "years")  # of a figure: its number, or its period


class Input(NamedTuple):
    """A number (kind ``number``), an assumption, a figure, start, end or years of its period, or a span of two ends."""

    kind: str
    name: Any  # id, Fraction, or a pair of Inputs


class Part(NamedTuple):
    """Two parts with a sign between them: ``+ - * /`` or ``days``."""

    sign: str
    left: Any
    right: Any


class Formula(NamedTuple):
    """Comparison of two sides."""

    sign: str
    left: Input | Part
    right: Input | Part

    @property
    def difference(self) -> Part:
        """Left less right."""
        return Part("-", self.left, self.right)

    @property
    def figure_ids(self) -> tuple[str, ...]:
        """Figures named, sorted."""
        return figures_of(self.difference)

    @property
    def assumption_ids(self) -> tuple[str, ...]:
        """Assumptions named, sorted."""
        ends = [end for each in inputs_of(self.difference) for end in (each.name if each.kind == "span" else (each,))]
        return tuple(sorted({end.name for end in ends if end.kind == "assumption"}))


T = TypeVar("T")
Bound = Fraction | float  # a float only where it is infinite


def fold(part: Input | Part, leaf: Callable[[Input], T], join: Callable[[str, T, T], T]) -> T:
    """What a part comes to: ``leaf`` of its inputs, joined at each sign."""
    if isinstance(part, Input):
        return leaf(part)
    return join(part.sign, fold(part.left, leaf, join), fold(part.right, leaf, join))


def inputs_of(part: Input | Part) -> tuple[Input, ...]:
    """Distinct inputs of a part, in order of the text."""
    found: dict[Input, None] = fold(part, lambda each: {each: None}, lambda _, first, second: first | second)
    return tuple(found)


def figures_of(part: Input | Part) -> tuple[str, ...]:
    """Figures that a part names, sorted."""
    return tuple(sorted({each.name for each in inputs_of(part) if each.kind in _PARTS}))


@cache
def parse_formula(text: str) -> Formula:
    """Tree of a formula: one comparison, e.g. ``days(start([p]), end([p])) <= 102``.

    Raises DataError: if the text holds anything but what ``ALLOWED`` lists, naming it; if it is too long or too deep.

    Examples
    --------
    >>> parse_formula("[done] + [open] == [total]").figure_ids
    ('done', 'open', 'total')
    """
    if len(text) > MOST_CHARACTERS:
        raise DataError(f"formula has {len(text)} characters, at most {MOST_CHARACTERS}; split it into several checks")
    if strange := re.search(r"[^ -~]", text):  # so that no name typed by hand is one of those generated below
        raise _refusal(strange[0], {})
    names: dict[str, Input] = {}

    def generated(match: re.Match[str]) -> str:
        names[f"ƒ{len(names)}"] = Input("figure", match[1]) if match[1] else Input("assumption", match[2])
        return f" ƒ{len(names) - 1} "

    try:
        body = ast.parse(_REFERENCE.sub(generated, text).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise DataError(f"{text!r} is no complete formula; look for a missing sign, number or parenthesis") from None
    if not isinstance(body, ast.Compare) or len(body.ops) > 1:
        raise DataError(f"{text!r} is not one comparison; write two sides and one of == <= < >= > between them")
    if type(body.ops[0]) not in _COMPARISONS:
        raise _refusal(body, names)
    left, right = (_part(each, names, 0) for each in (body.left, body.comparators[0]))
    formula = Formula(_COMPARISONS[type(body.ops[0])], left, right)
    if not formula.figure_ids:
        raise DataError(f"{text!r} names no figure; compare at least one [figure_id]")
    count = sum(each.kind != "number" for each in inputs_of(formula.difference))
    if count > MOST_INPUTS:
        raise DataError(f"formula has {count} inputs, at most {MOST_INPUTS}; split it into several checks")
    return formula


def _part(tree: ast.expr, names: Mapping[str, Input], depth: int) -> Input | Part:
    if depth > MOST_DEPTH:
        raise DataError(f"formula is more than {MOST_DEPTH} levels deep; split it into several checks")
    match tree:
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Constant() if _NUMBER.fullmatch(ast.unparse(tree)):
            return Input("number", Fraction(ast.unparse(tree)))
        case ast.UnaryOp(op=ast.USub(), operand=each):
            return Part("-", Input("number", Fraction(0)), _part(each, names, depth + 1))
        case ast.BinOp(left=first, op=sign, right=second) if type(sign) in _SIGNS:
            return Part(_SIGNS[type(sign)], _part(first, names, depth + 1), _part(second, names, depth + 1))
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
            found = _call(function, [_part(each, names, depth + 1) for each in arguments])
            if found is not None:
                return found
    raise _refusal(tree, names)


def _call(function: str, parts: list[Any]) -> Input | Part | None:
    kinds = [each.kind if isinstance(each, Input) else "" for each in parts]
    if function in _PARTS[1:] and kinds == ["figure"]:
        return Input(function, parts[0].name)
    if function == "span" and len(parts) == 2 and set(kinds) <= {"number", "assumption"}:
        return Input("span", tuple(parts))
    return Part("days", *parts) if function == "days" and len(parts) == 2 else None


def _refusal(found: ast.expr | str, names: Mapping[str, Input]) -> DataError:
    def typed(match: re.Match[str]) -> str:
        each = names[match[0]]
        return f"[{each.name}]" if each.kind == "figure" else f"{{{each.name}}}"

    text = found if isinstance(found, str) else re.sub(r"ƒ\d+", typed, ast.unparse(found))
    return DataError(f"{text!r} is not allowed in a formula; allowed: {ALLOWED}")


class _PoleError(Exception):
    """A divisor may be zero."""


def bounds(part: Input | Part, ends: Mapping[Input, tuple[Bound, Bound]]) -> tuple[Bound, Bound]:
    """Least and largest value of a part over all corners; unbounded behind a pole or where infinities meet.

    ``part``: of a formula that :func:`check_problems` finds nothing wrong with: it rises or falls throughout in each
    input, so that extremes lie at corners, and an input that stands twice is still one number. ``ends``: least and
    largest value of every input, both of which it may take.

    Examples
    --------
    >>> share = parse_formula("[part] / [whole] * 100 == [share]").left
    >>> part, whole, hundred = inputs_of(share)
    >>> ends = {part: (Fraction(1), Fraction(2)), whole: (Fraction(4), Fraction(8)), hundred: (Fraction(100),) * 2}
    >>> [float(each) for each in bounds(share, ends)]
    [12.5, 50.0]
    """
    inputs = inputs_of(part)
    corners = zip(*product(*(dict.fromkeys(ends[each]) for each in inputs)), strict=True)
    columns = {each: np.array(cells, dtype=object) for each, cells in zip(inputs, corners, strict=True)}
    try:
        with np.errstate(invalid="ignore"):
            found = values(part, columns)
    except _PoleError:
        return -math.inf, math.inf
    if any(math.isnan(each) for each in found):  # infinity less infinity
        return -math.inf, math.inf
    return min(found), max(found)


def values(part: Input | Part, columns: Mapping[Input, np.ndarray]) -> np.ndarray:
    """A part's value row by row, from a column an input."""
    return fold(part, columns.__getitem__, lambda sign, left, right: _OPERATIONS[sign](left, right))


def _divided(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    if min(right) <= 0 <= max(right):
        raise _PoleError
    return _quotients(left, right)


# Not the float that Python would give for x / infinity, which is rounded in what follows.
_quotients = np.frompyfunc(lambda a, b: Fraction(0) if math.isinf(b) and math.isfinite(a) else a / b, 2, 1)
_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "days": lambda first, last: last - first + 1,  # both ends included
}


class _Unit(NamedTuple):
    dimensions: tuple[tuple[str, int], ...] = ()
    literal: bool = False  # a number of the formula itself: it joins a sum of any unit


_RATE, _POINTS, _DATE = (_Unit(((name, 1),)) for name in ("pct", "percentage_point", "date"))
_PER_DAY = _Unit((("cases", 1), ("days", -1)))
_SPECIAL = {name: _Unit() for name in ("count", "rank", "times", "factor", "share")} | {
    "share_pct": _RATE,
    "cases_per_day": _PER_DAY,
}


def side_units(formula: Formula, figures: Mapping[str, str], assumptions: Mapping[str, str]) -> tuple[str, str]:
    """Unit of each side; a number of the formula itself takes the unit of the other side.

    ``figures``, ``assumptions``: unit by id; ids that the formula names must be known.
    Raises DataError: if a part combines what does not fit, naming both units and the way out.
    """

    def unit(each: Input) -> _Unit:
        if each.kind == "number":  # by a hundred, shares become percent and percent shares
            return _Unit(_RATE.dimensions if each.name == 100 else (), literal=True)
        if each.kind == "span":
            return next((found for end in each.name if not (found := unit(end)).literal), _Unit(literal=True))
        given = {"start": "date", "end": "date", "years": "years"}.get(each.kind)
        given = given or (assumptions if each.kind == "assumption" else figures)[each.name]
        if given in ("period", "text"):
            remedy = "use start(), end() or years() of it" if given == "period" else "name a figure with a number"
            raise DataError(f"[{each.name}] is a {given}, not a number; {remedy}")
        return _SPECIAL.get(given, _Unit(((given, 1),)))

    left, right = (fold(side, unit, _joined) for side in (formula.left, formula.right))
    fits = left.dimensions == right.dimensions or ((left.literal or right.literal) and _DATE not in (left, right))
    if not fits:
        raise DataError(f"compares {_a(left)} with {_a(right)}; bring both sides to one unit (share * 100 is pct)")
    units = figures, assumptions
    named = [_name(side, found, *units) for side, found in ((formula.left, left), (formula.right, right))]
    return (named[1] if left.literal else named[0]), (named[0] if right.literal else named[1])


def _joined(sign: str, left: _Unit, right: _Unit) -> _Unit:
    if sign == "days" or _DATE in (left, right):
        if left == right == _DATE and sign in ("-", "days"):
            return _Unit((("days", 1),))
        raise DataError(
            f"{sign!r} mixes a date with {_a(right if left == _DATE else left)}; subtract a date from a date"
        )
    if sign in "+-":
        if left.literal or right.literal:
            return right if left.literal else left
        if {left, right} == {_RATE, _POINTS}:
            return _RATE
        if left != right:
            raise DataError(f"{sign!r} joins {_a(left)} and {_a(right)}; bring both to one unit")
        return _POINTS if left == _RATE and sign == "-" else left
    powers: Counter[str] = Counter()
    for unit, power in ((left, 1), (right, 1 if sign == "*" else -1)):
        for name, exponent in _RATE.dimensions if unit == _POINTS else unit.dimensions:
            powers[name] += power * exponent
    found = _Unit(
        tuple(sorted((name, power) for name, power in powers.items() if power)), left.literal and right.literal
    )
    return _POINTS if found == _RATE and _POINTS in (left, right) else found


def _name(side: Input | Part, unit: _Unit, figures: Mapping[str, str], assumptions: Mapping[str, str]) -> str:
    """Unit by which a side is printed."""
    if isinstance(side, Input) and side.kind in ("figure", "assumption"):
        return (figures if side.kind == "figure" else assumptions)[side.name].replace("share_pct", "pct")
    if not unit.dimensions:
        return fold(side, lambda _: "count", lambda sign, left, right: "share" if sign == "/" else max(left, right))
    if unit == _PER_DAY or unit.dimensions == ((unit.dimensions[0][0], 1),):
        return "cases_per_day" if unit == _PER_DAY else unit.dimensions[0][0]
    raise DataError(f"{_a(unit)} has no unit here; rearrange the formula")


def _a(unit: _Unit) -> str:
    return " ".join(name if power == 1 else f"{name}^{power}" for name, power in unit.dimensions) or "a number"


def _degrees(sign: str, left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    """Highest power of an input above and below the fraction bar."""
    if sign in "*/":
        over, under = right if sign == "*" else right[::-1]
        return left[0] + over, left[1] + under
    return max(left[0] + right[1], right[0] + left[1]), left[1] + right[1]


def check_problems(
    checks: pd.DataFrame, figures: Mapping[str, str] | None, assumptions: Mapping[str, str]
) -> Iterator[str]:
    """Every problem of the checks, each with row and remedy: ``checks.csv row 7: figure 'kg21-x' is not printed; …``.

    ``checks``: ``checks.csv`` in the order of the file; rows count as in a spreadsheet. ``figures``: unit by figure id,
    over all sources; None where the printed figures cannot be read, so that only the form of the formulas can be told.
    ``assumptions``: unit by assumption id.
    """
    cells = checks[["formula", "note_vi", "note_en"]].itertuples(index=False, name=None)
    for row, (formula, note_vi, note_en) in enumerate(cells, 2):
        if (note_vi == "") != (note_en == ""):
            yield f"checks.csv row {row}: a note stands in one language only; write both, or neither"
        yield from (f"checks.csv row {row}: {each}" for each in _formula_problems(formula, figures, assumptions))


def _formula_problems(text: str, figures: Mapping[str, str] | None, assumptions: Mapping[str, str]) -> list[str]:
    try:
        formula = parse_formula(text)
        for wanted in inputs_of(formula.difference):
            degrees = fold(formula.difference, lambda each, wanted=wanted: (int(each == wanted), 0), _degrees)  # type: ignore[misc]
            if wanted.kind != "number" and max(degrees) > 1:  # its extremes need not lie at its bounds
                name = "span" if wanted.kind == "span" else wanted.name
                raise DataError(f"{name!r} multiplies or divides itself; rearrange so that each input stands once")
        if figures is None:
            return []
        lost = {
            "figure": set(formula.figure_ids) - set(figures),
            "assumption": set(formula.assumption_ids) - set(assumptions),
        }
        if any(lost.values()):
            return [
                *(
                    f"figure {each!r} is not printed; correct the id, or type the figure"
                    for each in sorted(lost["figure"])
                ),
                *(
                    f"assumption {each!r} is not known; correct the id, or add it"
                    for each in sorted(lost["assumption"])
                ),
            ]
        side_units(formula, figures, assumptions)
    except DataError as error:
        return list(error.problems)
    return []
