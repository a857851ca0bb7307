"""Tree and arrays to an array, in any format.

Each node is one operation, computed in float64 and rounded once into the format. What a row computes inside counts as
one operation too: `sigmoid(x)` is the best that the format can hold, `1/(1+exp(-x))` is rounded three times.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.expression import rules
from actfn.expression.tree import Apply, Number, Tree, Variable, postorder
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from actfn.numerics.kernels import Array

Values = Mapping[str, Any]

_BLOCK = 1 << 15  # elements at a time: the intermediate arrays of a deep formula stay in the cache


def evaluate(tree: Tree, values: Values, form: Format = FLOAT64) -> Array:
    """The value of the expression.

    Args:
        tree: the expression.
        values: the numbers of each variable; float64, of one shape or broadcastable. They are rounded into the format.
        form: every operation is rounded into it.

    Returns:
        float64 array of the broadcast shape, its elements numbers of the format. No exception, no warning: what has no
        value is nan.
    """
    arrays = {name: form.round(value) for name, value in values.items()}
    shape = np.broadcast_shapes(*(array.shape for array in arrays.values())) if arrays else ()
    with np.errstate(all="ignore"):
        if np.prod(shape, dtype=np.int64) <= _BLOCK:
            return np.broadcast_to(_compute(tree, arrays, form), shape).astype(np.float64)
        flat = {name: np.broadcast_to(array, shape).reshape(-1) for name, array in arrays.items()}
        result = np.empty(shape, np.float64)
        line = result.reshape(-1)
        for start in range(0, line.size, _BLOCK):
            part = slice(start, start + _BLOCK)
            line[part] = _compute(tree, {name: array[part] for name, array in flat.items()}, form)
    return result


def _compute(tree: Tree, values: Mapping[str, Array], form: Format) -> Array:
    results: dict[Tree, Any] = {}
    for node in postorder(tree):
        if isinstance(node, Variable):
            results[node] = values[node.name]
        elif isinstance(node, Number):
            results[node] = form.round(node.value)
        else:
            results[node] = form.round(_operate(node, [results[argument] for argument in node.args]))
    return np.asarray(results[tree])


def _operate(node: Apply, args: list[Any]) -> Any:
    """One operation in float64. A constant given for a parameter, such as a slope, stays exact."""
    row = node.row
    for place in range(row.required, len(args)):
        parameter = node.args[place]
        if isinstance(parameter, Number):
            args[place] = np.float64(parameter.value)
    if row.kernel:
        return row.kernel(*args)
    return _compute(rules.definition(row), dict(zip(row.arguments, args, strict=True)), FLOAT64)
