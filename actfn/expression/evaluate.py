"""Tree and arrays to an array, in any format.

Each node is one operation, computed in float64 and rounded once into the format. What a row computes inside counts as
one operation too: `sigmoid(x)` is the best that the format can hold, `1/(1+exp(-x))` is rounded three times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.expression import effort, rules
from actfn.expression.tree import Apply, Number, Tree, Variable, postorder, rebuild, substitute
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from actfn.expression.primitives import Primitive
    from actfn.numerics.kernels import Array

Values = Mapping[str, Any]

BLOCK = 1 << 15  # elements at a time: intermediate arrays stay in the cache


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
    plan = _plan((tree,), form)
    return blockwise(lambda block: plan.results(block)[-1], _rounded(values, form))


def evaluate_all(trees: Sequence[Tree], values: Values) -> Array:
    """The values of several expressions in float64, common parts computed once: (len(trees), *shape of the values)."""
    plan = _plan(tuple(trees), FLOAT64)

    def compute(block: Mapping[str, Array]) -> Array:
        return np.stack([np.broadcast_to(result, _shape(block)) for result in plan.results(block)])

    return blockwise(compute, _rounded(values, FLOAT64), leading=(len(trees),))


def _rounded(values: Values, form: Format) -> dict[str, Array]:
    return {name: form.round(value) for name, value in values.items()}


def blockwise(
    compute: Callable[[Mapping[Any, Array]], Any],
    values: Mapping[Any, Array],
    *,
    leading: tuple[int, ...] = (),
    most: int = BLOCK,
) -> Array:
    """The result of an element-wise computation, a block of elements at a time.

    Args:
        compute: arrays of one shape to an array of `leading` and that shape, or one that broadcasts to it.
        values: the arrays, broadcastable against each other.
        leading: dimensions of the result before those of the arrays.
        most: elements of a block.
    """
    shape = _shape(values)
    with np.errstate(all="ignore"):
        size = math.prod(shape)
        if size <= most:
            return _owned(compute(values), leading + shape, values.values())
        flat = {
            name: (array if array.shape == shape else np.broadcast_to(array, shape)).reshape(-1)
            for name, array in values.items()
        }
        result = np.empty((*leading, size), np.float64)
        for start in range(0, size, most):
            part = slice(start, start + most)
            result[..., part] = compute({name: array[part] for name, array in flat.items()})
    return result.reshape(leading + shape)


def _shape(values: Mapping[Any, Array]) -> tuple[int, ...]:
    """What the arrays broadcast to."""
    shapes = {array.shape for array in values.values()}
    return np.broadcast_shapes(*shapes) if len(shapes) != 1 else shapes.pop()  # one is the rule, and takes no time


def _owned(result: Any, shape: tuple[int, ...], given: Iterable[Array]) -> Array:
    """The result in that shape, in memory that nobody else has."""
    result = np.asarray(result)
    if result.shape == shape and result.dtype == np.float64 and not any(np.may_share_memory(result, x) for x in given):
        return result
    return np.broadcast_to(result, shape).astype(np.float64)


def parts(tree: Tree, values: Values, form: Format = FLOAT64) -> dict[Tree, Array]:
    """The value of each part of the expression, itself included. Arguments as `evaluate`, for few numbers."""
    plan = _plan((tree,), form)
    with np.errstate(all="ignore"):
        return dict(zip(plan.nodes, map(np.asarray, plan.results(_rounded(values, form), every=True)), strict=True))


def operation(node: Apply) -> Callable[..., Any]:
    """What a node does with its arguments, in float64. A constant given for a parameter, as a slope, stays exact."""
    row = node.row
    exact = {
        place: parameter
        for place, parameter in enumerate(node.args)
        if place >= row.required and isinstance(parameter, Number)
    }
    if not row.kernel:
        return _defined(row, {row.arguments[place]: parameter for place, parameter in exact.items()})
    if not exact:
        return row.kernel
    kernel, numbers = row.kernel, {place: np.float64(parameter.value) for place, parameter in exact.items()}
    return lambda *args: kernel(*[numbers.get(place, each) for place, each in enumerate(args)])


def _defined(row: Primitive, constants: Mapping[str, Tree]) -> Callable[..., Any]:
    """The definition of a row without a kernel, in float64; a part that is 0 by a constant is no part of it."""
    from actfn.expression.simplify import folded

    plain, short = (substitute(rules.definition(row), constants, build) for build in (rebuild, folded))
    plan = _plan((short,), FLOAT64)

    def compute(*args: Any) -> Any:
        return plan.results(dict(zip(row.arguments, args, strict=True)))[-1]

    if short is plain:
        return compute
    return lambda *args: np.where(np.isnan(args[0]), args[0], compute(*args))  # 0*nan is nan


def cost(node: Tree) -> tuple[int, int]:
    """The calls of NumPy that a node takes, and the effort of each number.

    None for a row without a kernel, which has a plan that counts.
    """
    if not isinstance(node, Apply) or not node.row.kernel:
        return 0, 0
    row = node.row
    if row.steps or row.chooses or row.shares or row.name in "+-*/":
        return row.calls, 1
    return row.calls, effort.FUNCTION + effort.PASS * (row.calls - 1)


class _Plan:
    """What is computed for some expressions, operation by operation; parts without variables are computed here.

    Attributes:
        nodes: all distinct parts, arguments before what they are arguments of.
        roots: the places of the expressions.
    """

    def __init__(self, trees: Sequence[Tree], form: Format) -> None:
        self.nodes = postorder(*trees)
        effort.charge(len(self.nodes) * effort.VISIT)
        place = {node: count for count, node in enumerate(self.nodes)}
        self.roots = [place[tree] for tree in trees]
        self._form = None if form is FLOAT64 else form  # kernels answer in float64
        self._names: list[tuple[int, str]] = []
        self._operations: list[tuple[int, Callable[..., Any], list[int], list[int]]] = []
        self._known: list[Any] = [None] * len(self.nodes)
        for count, node in enumerate(self.nodes):
            if isinstance(node, Variable):
                self._names.append((count, node.name))
            elif isinstance(node, Number):
                self._known[count] = form.round(node.value)
            else:
                places = [place[argument] for argument in node.args]
                args = [self._known[each] for each in places]
                if any(each is None for each in args):
                    self._operations.append((count, operation(node), places, []))
                else:
                    with np.errstate(all="ignore"):
                        self._known[count] = form.round(operation(node)(*args))
        rounding = effort.of_rounding(form) * len(self._operations)
        costs = [cost(self.nodes[place]) for place, *_ in self._operations]
        self._calls = effort.EVALUATION + sum(calls for calls, _ in costs) + rounding
        self._per_number = sum(each for _, each in costs) + rounding
        needed = set(self.roots)
        for _, _, places, done_with in reversed(self._operations):
            done_with.extend(set(places) - needed)
            needed.update(places)

    def results(self, values: Mapping[str, Array], *, every: bool = False) -> list[Any]:
        """The value of each expression, or of every node; one without variables in no dimensions."""
        effort.charge(self._calls * effort.CALL + self._per_number * max(map(np.size, values.values()), default=1))
        results = self._known.copy()
        for place, name in self._names:
            results[place] = values[name]
        for place, compute, places, done_with in self._operations:
            result = compute(*[results[each] for each in places])
            results[place] = result if self._form is None else self._form.round(result)
            if not every:  # thousands of arrays at once would fill the memory
                for each in done_with:
                    results[each] = None
        return results if every else [results[place] for place in self.roots]


@lru_cache(maxsize=256)
def _plan(trees: tuple[Tree, ...], form: Format) -> _Plan:
    return _Plan(trees, form)
