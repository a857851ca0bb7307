"""What can be asked of the answers as a whole, by name: no right value is needed for it.

A property looks at finite points from left to right and the numbers that came for them, and names the first place where
it does not hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.labels import constant_by_definition
from actfn.errors import UnknownNameError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from actfn.functions.function import Function
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

    Places = NDArray[np.bool_]

MATCHES_DERIVATIVE = "matches derivative"

_ROUNDINGS = 4  # ULP that a rounded value may fall back
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_BETWEEN = re.compile(rf"between ({_NUMBER}) and ({_NUMBER})")


@dataclass(frozen=True)
class Property:
    """Something that holds of answers, or does not.

    Attributes:
        name: as an exercise writes it.
        expected: what a report says was expected.
        broken: the places where it does not hold, given points, values and their format; the values at ±inf of the
            function asked for come last.
    """

    name: str
    expected: str
    broken: Callable[[Array, Array, Format, tuple[float, ...]], Places]


def _never_nan(_x: Array, y: Array, _form: Format, _ends: tuple[float, ...]) -> Places:
    return np.isnan(y)


def _finite(_x: Array, y: Array, _form: Format, _ends: tuple[float, ...]) -> Places:
    return ~np.isfinite(y)


def _monotone(_x: Array, y: Array, form: Format, _ends: tuple[float, ...]) -> Places:
    direction = 1.0 if y[-1] >= y[0] else -1.0
    steps = np.append(0, form.ordinal(direction * y[1:]) - form.ordinal(direction * y[:-1]))
    return np.isnan(y) | (steps < -_ROUNDINGS)


def _increasing(_x: Array, y: Array, _form: Format, _ends: tuple[float, ...]) -> Places:
    return np.isnan(y) | np.append(False, ~(y[1:] > y[:-1]))


def _never_saturated(_x: Array, y: Array, _form: Format, ends: tuple[float, ...]) -> Places:
    return ~np.isfinite(y) | np.isin(y, ends)


PROPERTIES = {
    row.name: row
    for row in (
        Property("never nan", "a number", _never_nan),
        Property("finite", "a finite number", _finite),
        Property("monotone", "no step back", _monotone),
        Property("strictly increasing", "more than at the point before", _increasing),
        Property("never saturated", "not the limit itself", _never_saturated),
    )
}


def known() -> list[str]:
    """What an exercise may write."""
    return [*PROPERTIES, MATCHES_DERIVATIVE, "between A and B"]


def find(name: str) -> Property:
    """The property of that name, or `between A and B`. Raises UnknownNameError."""
    between = _BETWEEN.fullmatch(name)
    if between:
        low, high = map(float, between.groups())
        return Property(name, f"from {low:g} to {high:g}", lambda _x, y, _form, _ends: ~((y >= low) & (y <= high)))
    if name not in PROPERTIES:
        message = f"unknown property {name!r}"
        raise UnknownNameError(message, hint=suggestion(name, known()) or f"the properties: {', '.join(known())}")
    return PROPERTIES[name]


def ends(function: Function, form: Format) -> tuple[float, ...]:
    """The values of a function at both infinities, where they are finite and it is not, by definition, constant."""
    values = function.values(np.array([-np.inf, np.inf]), form)
    constant = constant_by_definition(function, np.array([-form.max, form.max]))
    return tuple(values[np.isfinite(values) & ~np.asarray(constant)].tolist())
