"""Tree and arrays to an array, in any format.

Each node is one operation, computed in float64 and rounded once into the format. What a row computes inside counts as
one operation too: `sigmoid(x)` is the best that the format can hold, `1/(1+exp(-x))` is rounded three times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.expression import rules
from actfn.expression.tree import Apply, Number, Tree, Variable, postorder
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from actfn.numerics.kernels import Array

Values = Mapping[str, Any]

_BLOCK = 1 << 15  # elements at a time: intermediate arrays stay in the cache


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
    nodes = postorder(tree)
    return blockwise(lambda block: _compute(nodes, block, form), arrays)


def blockwise(
    compute: Callable[[Mapping[str, Array]], Array],
    values: Mapping[str, Array],
    *,
    leading: tuple[int, ...] = (),
    divisible: bool = True,
) -> Array:
    """The result of an element-wise computation, a block of elements at a time.

    Args:
        compute: arrays of one shape to an array of `leading` and that shape, or one that broadcasts to it.
        values: the arrays, broadcastable against each other.
        leading: dimensions of the result before those of the arrays.
        divisible: False where the computation holds arrays of its own, of the whole shape.
    """
    shape = np.broadcast_shapes(*(array.shape for array in values.values())) if values else ()
    with np.errstate(all="ignore"):
        size = math.prod(shape)
        if not divisible or size <= _BLOCK:
            return _owned(compute(values), leading + shape, values.values())
        flat = {
            name: (array if array.shape == shape else np.broadcast_to(array, shape)).reshape(-1)
            for name, array in values.items()
        }
        result = np.empty((*leading, size), np.float64)
        for start in range(0, size, _BLOCK):
            part = slice(start, start + _BLOCK)
            result[..., part] = compute({name: array[part] for name, array in flat.items()})
    return result.reshape(leading + shape)


def _owned(result: Array, shape: tuple[int, ...], given: Iterable[Array]) -> Array:
    """The result in that shape, in memory that nobody else has."""
    if result.shape == shape and result.dtype == np.float64 and not any(np.may_share_memory(result, x) for x in given):
        return result
    return np.broadcast_to(result, shape).astype(np.float64)


def parts(tree: Tree, values: Values, form: Format = FLOAT64) -> dict[Tree, Array]:
    """The value of each part of the expression, itself included. Arguments as `evaluate`, for few numbers."""
    with np.errstate(all="ignore"):
        return _results(postorder(tree), {name: form.round(value) for name, value in values.items()}, form)


def _compute(nodes: Sequence[Tree], values: Mapping[str, Array], form: Format) -> Array:
    """The value of the last node; arguments stand before what they are arguments of."""
    return np.asarray(_results(nodes, values, form)[nodes[-1]])


def _results(nodes: Sequence[Tree], values: Mapping[str, Array], form: Format) -> dict[Tree, Any]:
    results: dict[Tree, Any] = {}
    for node in nodes:
        if isinstance(node, Variable):
            results[node] = values[node.name]
        elif isinstance(node, Number):
            results[node] = form.round(node.value)
        else:
            results[node] = form.round(operate(node, [results[argument] for argument in node.args]))
    return results


def operate(node: Apply, args: list[Any]) -> Any:
    """One operation in float64. A constant given for a parameter, such as a slope, stays exact."""
    row = node.row
    for place in range(row.required, len(args)):
        parameter = node.args[place]
        if isinstance(parameter, Number):
            args[place] = np.float64(parameter.value)
    if row.kernel:
        return row.kernel(*args)
    return _compute(postorder(rules.definition(row)), dict(zip(row.arguments, args, strict=True)), FLOAT64)
