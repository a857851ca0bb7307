"""What a submission is asked in one line: points given, a range, the default ones; or pairs that come with answers."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from actfn.cli import input as numbers
from actfn.cli.readers.text import blocks
from actfn.errors import ActfnError, DataError, UsageError
from actfn.functions.function import Function
from actfn.grading.points import Group, grouped, singles
from actfn.grading.submission import Reply
from actfn.output.numbers import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.functions.function import VectorFunction
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

_OF_NUMBERS = "paste xs.txt ys.txt makes such lines"
_OF_VECTORS = "a line is a vector, and then the answer to it"
_SINGLY = 20  # points given one by one are checks of their own, up to so many


def groups(
    function: Function | VectorFunction, points: Sequence[str], range_: str | None, form: Format, *, vector: bool
) -> Sequence[Group]:
    """The questions that were asked for, or the default ones."""
    if not points and range_ is None:
        groups = grouped(function, form)
        if vector and isinstance(function, Function):
            groups = tuple(Group(group.name, (np.concatenate(group.questions),)) for group in groups)
        return groups
    values = np.concatenate([block.within(form).values for block in numbers.source(points, range_).blocks])
    values = form.round(values)
    if vector:
        return [Group(f"a vector of {values.size} numbers", (values,))]
    if range_ is None and values.size <= _SINGLY:
        return [Group(f"x = {text}", (x,)) for text, x in zip(texts(values, form), singles(values), strict=True)]
    first, last = texts(values[[0, -1]], form)
    return [Group(f"{values.size} points from {first} to {last}", singles(values.tolist()))]


def pairs(function: Function | VectorFunction, form: Format, *, vector: bool) -> tuple[Group, list[Reply]]:
    """The questions and answers on standard input: `x y` a line; with vectors, x and then the answer to it."""
    if sys.stdin is None or sys.stdin.isatty():
        message = "there is nothing to check"
        raise UsageError(message, hint="add --against WHAT, or pipe in lines of x and y")
    questions: list[Array] = []
    replies: list[Reply] = []
    place = 0
    for block in blocks(sys.stdin.buffer, "stdin"):
        for line in block.within(form).lines():
            place += 1
            if line.size:
                length = _length_of_x(function, line.size) if vector else 1 if line.size == 2 else None
                if length is None:
                    message = f"stdin:{place}: {line.size} {'number' if line.size == 1 else 'numbers'}, not a pair x y"
                    raise DataError(message, hint=_OF_VECTORS if vector else _OF_NUMBERS)
                questions.append(form.round(line[:length]))
                replies.append(Reply(tuple(line[length:].tolist())))
    if not questions:
        message = "there is nothing to check: standard input is empty"
        raise UsageError(message, hint="add --against WHAT, or pipe in lines of x and y")
    return Group(f"{len(questions)} {'pair' if len(questions) == 1 else 'pairs'}", tuple(questions)), replies


@lru_cache
def _length_of_x(function: Function | VectorFunction, size: int) -> int | None:
    """How many of the numbers on a line are x, where the others answer it; None where it cannot be."""
    if isinstance(function, Function):
        return None if size % 2 else size // 2
    for length in range(1, size):
        try:
            answer = function.values(np.zeros(length)).size
        except ActfnError:
            continue
        if length + answer == size:
            return length
    return None
