"""Errors a person can act on: what is wrong, where, what to do.

Responsibility: the exception types of the whole library. Every message names the value, the place and the remedy;
several problems of one file travel together in one error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def one_line(error: BaseException) -> str:
    """What an exception of a library says, in at most one short line; its name where it says nothing."""
    return " ".join(str(error).split())[:120] or type(error).__name__


class DataError(ValueError):
    """Input that cannot be used, with one line a problem.

    Parameters
    ----------
    problems : str or iterable of str
        Each names the value, the place and the remedy.

    Attributes
    ----------
    problems : tuple of str
        The same lines, in the order given.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type[DataError], tuple[Any, ...]]:
        """Keep the problems apart when the error travels between processes."""
        return type(self), (self.problems,)


class LeftOutError(DataError):
    """A result that the figures do not allow; the reader is told, the run goes on.

    Parameters
    ----------
    problem : str
        What is missing and where it would stand.
    missing : str
        Key of the reader's text under ``missing`` in ``text/``.
    """

    def __init__(self, problem: str, missing: str) -> None:
        self.missing = missing
        super().__init__(problem)

    def __reduce__(self) -> tuple[type[DataError], tuple[Any, ...]]:
        """Keep the key when the error travels between processes."""
        return type(self), (self.problems[0], self.missing)


class NotPrintedError(LeftOutError):
    """A figure that the year's sources do not give."""


class NotComparableError(LeftOutError):
    """Two figures that must not be set against each other: another boundary, vintage, basis or price base."""


class RunError(DataError):
    """A notebook run that did not complete; the last good outputs stand."""
