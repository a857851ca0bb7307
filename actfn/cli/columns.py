"""Which columns of records a function is given, and what the answers beside them are called."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from actfn.cli.readers.block import Wanted
from actfn.errors import DataError, UsageError, quoted
from actfn.functions.function import VectorFunction
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from actfn.functions.function import Function


def wanted(
    function: Function | VectorFunction, columns: Sequence[str] | None, names: Sequence[str] | None, order: int = 0
) -> Wanted | None:
    """Return what `--column` and `--as` say; None without columns.

    A function of a vector is given a vector of all the columns.

    Raises:
        UsageError: names are given without columns, or not one for each answer, or something twice; or the function
            takes no vector of as many elements.
    """
    if not columns:
        if names:
            message = "--as names the answer beside a column, and there is no --column"
            raise UsageError(message, hint="--column NAME says which column holds the numbers")
        return None
    _refuse_repeated("--column", columns)
    count = _count(function, len(columns), order)
    given: Callable[[Sequence[str]], tuple[str, ...]] = partial(_names, function, count, order)
    if names:
        _refuse_repeated("--as", names)
        if len(names) != count:
            answers = "1 answer" if count == 1 else f"{count} answers"
            message = f"a record gets {answers}, and --as names {len(names)}"
            raise UsageError(message, hint="give --as once for each, or leave it out")
        chosen = tuple(names)
        given = lambda _: chosen  # noqa: E731 - the names of the columns do not matter
    _refuse_what_is_no_text(given(columns))
    return Wanted(tuple(columns), given)


def _names(function: Function | VectorFunction, count: int, order: int, columns: Sequence[str]) -> tuple[str, ...]:
    """What answers are called: `gelu(x)`, `gelu'(x)` beside a column `x`; an expression `x^2` as itself.

    Beside several columns the latter is `(x^2)(a)` and `(x^2)(b)`. If a vector is given another number of answers than
    it has elements, these are `glu 1`, `glu 2`.
    """
    name, primes = function.name, order * "'"
    if count != len(columns):
        return tuple(f"{name} {place}" for place in range(1, count + 1))
    if name.replace(".", "").isidentifier():
        return tuple(f"{name}{primes}({column})" for column in columns)
    if count > 1:
        return tuple(f"({name}){primes}({column})" for column in columns)
    return (f"({name}){primes}" if order else name,)


def _count(function: Function | VectorFunction, columns: int, order: int) -> int:
    """How many answers there are for a record. Raises UsageError."""
    if not isinstance(function, VectorFunction):
        return columns
    if order:
        message = f"{function.name!r} is a function of a vector: its Jacobian has several rows, a record is one"
        raise UsageError(message, hint="pipe in the vectors, one a line, without --column")
    if columns == 1:
        message = f"{function.name!r} is a function of a vector: a column gives it one number a record"
        raise UsageError(message, hint="give --column for each element, or pipe in the vectors, one a line")
    try:
        return int(function.values(np.zeros(columns), FLOAT64).size)
    except DataError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _refuse_repeated(option: str, given: Sequence[str]) -> None:
    twice = next((each for place, each in enumerate(given) if each in given[:place]), None)
    if twice is not None:
        message = f"{option} {quoted(twice)} is given twice"
        raise UsageError(message, hint="leave one out")


def _refuse_what_is_no_text(names: Sequence[str]) -> None:
    for name in names:
        try:
            name.encode()
        except UnicodeEncodeError:
            message = f"a name that is no UTF-8: {quoted(name)}"
            raise UsageError(message, hint="name the answer with --as") from None
