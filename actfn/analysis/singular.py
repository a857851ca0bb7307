"""Single points where a formula has no value, as x/abs(x) at 0, and jumps that no condition makes, as atan(1/x) has.

They lie where a part of the formula that is divided by, or taken a logarithm of, is 0.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.signs import sign_changes
from actfn.expression import rules
from actfn.expression.evaluate import evaluate
from actfn.expression.tree import Apply, depends, postorder
from actfn.functions.kinks import Break, Kink
from actfn.functions.steps import TINY, next_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.expression.primitives import Primitive
    from actfn.expression.tree import Tree
    from actfn.functions.function import Function
    from actfn.numerics.kernels import Array

_MOST = 100  # places that are looked at, nearest to 0
_BITS = 500  # of exact values asked for here
_BOUNDED = 1e50
_APART = 1e-6  # one-sided values that differ by less, relative to their size, are one value
_SETTLED = 1e-3  # of their difference: one that still moves more, a float further, belongs to a pole


def places(function: Function, x: Array) -> list[float]:
    """Where a part whose 0 a row has no number at is 0, or changes its sign, between the points x; ascending."""
    tree = rules.piecewise(function.expression_tree())
    varying = depends(tree, [function.variable])
    parts = {node.args[place] for node in _applied(tree) for place in _no_number_at_0(node.row)} & varying
    found: set[float] = set()
    for value in (partial(_value, part, function.variable) for part in parts):
        for low, high, left, right in sign_changes(value, x):
            ends = [low, high] if left and right else [low] if right else [high]
            place = min(ends, key=lambda end: abs(float(value(np.array(end)))))
            found.add(place if abs(place) >= TINY else 0.0)
    return sorted(sorted(found, key=abs)[:_MOST])


def _value(part: Tree, name: str, x: Array) -> Array:
    return evaluate(part, {name: x})


def _applied(tree: Tree) -> Iterator[Apply]:
    return (node for node in postorder(tree) if isinstance(node, Apply))


@cache
def _no_number_at_0(row: Primitive) -> tuple[int, ...]:
    """The arguments at whose 0 the row is infinite or nan: what is divided by, what a logarithm is taken of."""
    if row.kernel is None or row.steps:
        return ()
    found = []
    for place in range(row.required):
        trials = [[0.0 if other == place else value for other in range(len(row.arguments))] for value in (1.0, -1.0)]
        with np.errstate(all="ignore"):
            if not np.all(np.isfinite([row.kernel(*map(np.float64, trial)) for trial in trials])):
                found.append(place)
    return tuple(found)


def holes(function: Function, at: list[float]) -> tuple[float, ...]:
    """Those of the places where the function has no finite value: log(0) is infinite, and no value."""
    return tuple(x for x in at if not function.exact(x, 3, _BITS).may_be_finite)


def jumps(function: Function, at: list[float]) -> list[Kink]:
    """The jumps at those of the places on whose two sides the function has different values, both finite."""
    found = []
    for x in at:
        sides = np.array([[next_to(np.array(x), side * steps) for steps in (1, 2)] for side in (-1, 1)])
        (left, further_left), (right, further_right) = function.values(sides).tolist()
        gap = abs(left - right)
        size = max(abs(left), abs(right))
        moving = max(abs(left - further_left), abs(right - further_right))
        if size < _BOUNDED and gap > _APART * size and moving <= _SETTLED * gap:
            slope_left, slope_right = function.derivative().values(sides[:, 0]).tolist()
            found.append(
                Kink(x, Break.JUMP, left, right, slope_left, slope_right, float("nan"), "it has no value there")
            )
    return found
