"""Limits of an expression, from exact values ever nearer to a place: floats overflow and cancel there, these do not.

The values must settle, or grow or fall without end, a logarithm's slowness included. Where an exponential is too large
even for exact numbers, nearer places are looked at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import LengthError
from actfn.expression.primitives import INFIX
from actfn.expression.tree import Tree, Variable, apply, number, substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.expression.function import Function

_NAN = float("nan")
_POWERS = (40, 60, 100, 150, 250, 400, 600)  # of ten: how far out, or how near
_NEARER = (1e3 + 0.3, 5e4 + 2.1, 1e6 + 4.7, 7e7 + 0.1, 1e9 + 3.3, 3e10 + 1.7)  # exp of them is no trouble yet
_ENOUGH = 3  # values that are the same
_SETTLED = 1e-15
_STEADILY = 1.4  # a logarithm grows by more from each of the powers to the next
_SMALL = 1e-2
_CLOSE = 1e-9
_DIGITS, _BITS = 20, 5000


def at_infinity(function: Function, side: float) -> float:
    """The limit towards the infinity that has the sign of `side`; nan where none is found."""
    import mpmath

    sign = 1 if side > 0 else -1
    try:
        tree = function.exact_tree()
    except LengthError:  # the formula of a slope is too long
        return _NAN
    far = [sign * mpmath.mpf(10) ** power for power in _POWERS]
    return _limit(tree, function.variable, far, [sign * x for x in _NEARER])


@lru_cache(maxsize=64)
def beside(function: Function, place: float, direction: int) -> float:
    """The limit at a finite place from below (direction -1) or above (1); nan where none is found."""
    import mpmath

    try:
        tree = function.exact_tree()
    except LengthError:
        return _NAN
    if place:  # the sum is taken exactly, however near
        shifted = apply(INFIX["+"], number(place), Variable(function.variable))
        tree = substitute(tree, {function.variable: shifted})
    near = [direction / mpmath.mpf(10) ** power for power in _POWERS]
    return _limit(tree, function.variable, near, [direction / x for x in _NEARER], seen=bool(place))


def _limit(tree: Tree, name: str, far: Sequence[Any], nearer: Sequence[float], *, seen: bool = False) -> float:
    """The limit along far places, or nearer ones; `seen` is that they are to be seen in a sum with another place."""
    values = _values(tree, name, far, seen=seen)
    return _judged(_values(tree, name, nearer, seen=seen) if np.isnan(values).any() else values)


def _values(tree: Tree, name: str, places: Sequence[Any], *, seen: bool) -> list[float]:
    """The values at the places, as many as are needed to judge them."""
    import mpmath

    values: list[float] = []
    for x in places:
        digits = _DIGITS - int(mpmath.log10(abs(x))) if seen else _DIGITS
        values.append(_value(tree, name, x, digits))
        if np.isnan(values[-1]) or (len(values) >= _ENOUGH and len(set(values[-_ENOUGH:])) == 1):
            break
    return values


def _value(tree: Tree, name: str, x: Any, digits: int) -> float:

    from actfn.expression import exact

    found = exact.value(tree, {name: x}, digits, _BITS)
    known = found.certain or found.bounded
    return float(found.value) if known else _NAN


@np.errstate(all="ignore")  # infinities
def _judged(values: Sequence[float]) -> float:
    """What values tend to, nan if that cannot be told."""
    v = np.array(values)
    if np.isnan(v).any():
        return _NAN
    size = np.abs(v)
    if np.isfinite(v).all() and abs(v[-1] - v[-2]) <= _SETTLED * size[-2] and size[-1] >= np.finfo(float).tiny:
        return float(v[-1])
    one_sign = np.all(np.signbit(v) == np.signbit(v[0]))
    if one_sign and np.all((size[1:] >= _STEADILY * size[:-1]) | np.isinf(size[1:])) and size[-1] > 1 / _SMALL:
        return float(np.copysign(np.inf, v[-1]))
    falls = np.all((size[1:] * _STEADILY <= size[:-1]) | (size[1:] == 0)) and size[-1] < _SMALL
    return 0.0 if falls else _round_limit(v)


def _round_limit(values: Any) -> float:
    """The number of few digits that values come near to, ever nearer, as x/(1 + x) to 1; nan if there is none."""
    limit = float(f"{values[-1]:.9g}")
    gaps = np.abs(values - limit)
    near = gaps[-1] <= _CLOSE * max(1.0, abs(limit))
    return limit if near and np.all(gaps[1:] * _STEADILY <= gaps[:-1]) else _NAN
