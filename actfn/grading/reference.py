"""What is right at a point: computed here, in the grader, and never told to a submission.

The exact value rounded into the format, where an exact value can be had and the points are not too many; else the
function's own values, which are a few ULP from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actfn.functions import kinks
from actfn.functions.function import Function
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.functions.function import VectorFunction
    from actfn.functions.kinks import Kink
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

_MOST_EXACT = 2000
_DIGITS = 30
_BITS = 6000
_SHORT = 9  # digits: a kink whose place is told by so few is at that float, another one between two


@dataclass(frozen=True)
class Truth:
    """The right answer to a question.

    Attributes:
        values: the numbers to be shown as expected.
        low, high: the numbers between which an answer is right before any tolerance. They differ at kinks only, where
            every slope between the two one-sided ones is right.
    """

    values: Array
    low: Array
    high: Array


def truths(function: Function | VectorFunction, questions: Sequence[Array], form: Format) -> list[Truth]:
    """The right answers to questions, numbers of the format; for a `Function` element by element."""
    if not isinstance(function, Function):
        return [Truth(values, values, values) for values in (function.values(x, form) for x in questions)]
    if not questions:
        return []
    points = np.concatenate(questions)
    values = function.values(points, form)
    if points.size <= _MOST_EXACT:
        for place in np.flatnonzero(np.isfinite(points)).tolist():
            values[place] = _exact(function, float(points[place]), float(values[place]), form)
    low, high = values.copy(), values.copy()
    if function.order == 1:
        for place, kink in enumerate(_kinks(function, points)):
            if kink and np.isfinite([kink.slope_left, kink.slope_right]).all():
                slopes = (kink.slope_left, kink.slope_right, float(values[place]))
                low[place], high[place] = form.round(min(slopes)), form.round(max(slopes))
    ends = np.cumsum([x.size for x in questions])[:-1]
    return [Truth(*parts) for parts in zip(*(np.split(each, ends) for each in (values, low, high)), strict=True)]


def _kinks(function: Function, points: Array) -> list[Kink | None]:
    """The kink at each point; one between two floats is at both."""
    found = kinks.at(function.tree, function.variable, points)
    for steps in (-1, 1):
        beside = kinks.at(function.tree, function.variable, FLOAT64.neighbour(points, steps))
        for place, kink in enumerate(beside):
            if kink and not found[place] and kink.x != float(f"{kink.x:.{_SHORT}g}"):
                found[place] = kink
    return found


def _exact(function: Function, x: float, computed: float, form: Format) -> float:
    found = function.exact(x, _DIGITS, _BITS)
    value = found.rounded(form) if found.certain else None
    return computed if value is None else value
