"""What computed values look like, before anybody asks for the exact ones: by these labels `saturation` cuts the line.

Labels come from floats alone but for two things: whether a constant that the last floats share is a limit of the
function is settled by its exact value far beyond them, and one beside 0 by the exact value there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actfn.errors import LengthError
from actfn.expression import rules
from actfn.expression.evaluate import blockwise, evaluate_all
from actfn.expression.primitives import FUNCTIONS, INFIX
from actfn.expression.tree import Apply, Number, Tree, apply, number, postorder, substitute
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actfn.expression.exact import Exact
    from actfn.expression.function import Function
    from actfn.expression.primitives import Primitive
    from actfn.numerics.bisection import Ordinals
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

# the labels; those of constants and asymptotes follow
NORMAL, FLAT, ZERO, SUBNORMAL, NAN, INFINITE, UNMEANT, FIRST_LIMIT = range(8)
MERGED = 100

_WHERE = FUNCTIONS["where"]

BITS = 3000  # of exact values that only decide what a place is called: what cancels further is taken for 0
_MOST_BITS, _LONG = 4000, 200  # of what is shown, of formulas of fewer parts
_OUTWARDS = np.geomspace(1e-2, 1.7e308, 2500)
_LEAST = 3  # of these that must be alike


class Tail(NamedTuple):
    """An end of the line: the constant that the values have there, and the slope; 0 for none.

    `broken` is that they have it only before they overflow on the way: exp(x)/(1 + exp(x)) is 1 from 37 to 709.
    """

    constant: float
    slope: float
    broken: bool = False


def tails(function: Function, form: Format) -> dict[int, Tail]:
    """Both ends of the line, -1 and 1."""
    found = {}
    for side in (-1, 1):
        far = side * form.round(form.max * np.array([1.0, 0.75, 0.5]))
        values = function.values(far, form)
        constant = float(values[0]) if np.all(values == values[0]) and np.isfinite(values[0]) else 0.0
        with np.errstate(all="ignore"):
            # a slope that is no number of the format, as tanh(1), is known better than from its values
            rise = function.values(far, FLOAT64) if function.named else values
            slope = float(rise[2] / far[2])
            linear = not constant and np.array_equal(form.round(slope * far), values)
        found[side] = Tail(constant, slope if linear and np.isfinite(slope) else 0.0)
        if not function.named and not np.any(values[np.isfinite(values)]):
            found[side] = Tail(_plateau(function, form, side), 0.0, broken=True)
    return found


def _plateau(function: Function, form: Format, side: int) -> float:
    """The constant that the last values on a side have that are numbers, and not 0; 0 if they have none."""
    x = side * form.round(_OUTWARDS[form.max >= _OUTWARDS])
    values = function.values(x, form)
    there = np.flatnonzero(np.isfinite(values) & (np.abs(values) >= form.smallest_normal))[-_LEAST:]
    alike = there.size == _LEAST and np.all(values[there] == values[there[-1]])
    return float(values[there[-1]]) if alike else 0.0


def _is_limit(function: Function, form: Format, side: int, constant: float) -> bool:
    """Whether the exact function far beyond the floats still rounds to the constant: log's last values are no limit."""
    import mpmath

    from actfn.expression import approach, exact

    with mpmath.workprec(64):
        beyond = exact.value(function.exact_tree(), {function.variable: side * mpmath.mpf(10) ** 4000}, 8)
    if not beyond.defined:  # exponentials are too large there
        return float(form.round(approach.at_infinity(function, side))) == constant
    return exact.rounded(beyond.value, form) == constant


def _limits_at_0(function: Function, form: Format) -> set[float]:
    """The constants that the function has beside 0 and does not have at it, as tanh(1/x) has 1 and -1."""
    beside = form.from_ordinal(np.array([1, 2, form.max_ordinal // 16]))
    found = {float(v[0]) for v in (function.values(beside, form), function.values(-beside, form)) if np.all(v == v[0])}
    there = float(function.values(np.zeros(1), form)[0]) if function.named else 0.0
    return {c for c in found if c not in (0, there) and np.isfinite(c) and not equals(function, 0.0, c)}


class Labels:
    """Ordinals to labels: what a computed value looks like, before anybody asked for the exact one.

    Attributes:
        broken: by side, the constants that values only have before they overflow on the way.
        ends: by side, the outermost ordinal; of a side with such a constant to be set to the last that has it.
    """

    def __init__(self, function: Function, form: Format) -> None:
        self.function = function
        self.form = form
        ends = tails(function, form)
        self.broken = {side: tail.constant for side, tail in ends.items() if tail.broken and tail.constant}
        self.ends = {side: side * form.max_ordinal for side in ends}
        self.at_0 = _limits_at_0(function, form)
        self.constants = sorted(
            {t.constant for side, t in ends.items() if t.constant and _is_limit(function, form, side, t.constant)}
            | self.at_0
        )
        self.slopes = sorted({tail.slope for tail in ends.values() if tail.slope})

    def __call__(self, ordinals: Ordinals) -> Any:
        form = self.form
        x = form.from_ordinal(ordinals)
        values = self.function.values(x, form)
        labels = np.full(x.shape, NORMAL)
        labels[np.abs(values) < form.smallest_normal] = SUBNORMAL
        labels[values == 0] = ZERO
        labels[np.isnan(values)] = NAN
        labels[np.isinf(values)] = INFINITE
        for place, constant in enumerate(self.constants):
            labels[values == constant] = FIRST_LIMIT + place
        for place, slope in enumerate(self.slopes):
            with np.errstate(over="ignore"):
                line = form.round(slope * x)
            labels[(labels == NORMAL) & (values == line)] = MERGED + place
        strange = labels != NORMAL
        if np.any(strange):
            constant = constant_by_definition(self.function, x)
            # 1/max(0, x) is 1/0 at -1, which is not what it is at 1e-309: too large
            labels[strange & constant & ~np.isfinite(values)] = UNMEANT
            labels[strange & _meant(self.function, constant, values)] = FLAT
        return labels


def meant(function: Function, x: Array, values: Array) -> Any:
    """Where the values at x are constants by definition; not finite ones only where the expression says inf or nan.

    log(abs(x)) at 0 and 1/max(0, x) at -1 are infinite for want of a value.
    """
    return _meant(function, constant_by_definition(function, x), values)


def unmeant(function: Function, x: Array, values: Array) -> Any:
    """Where the values at x are infinite for want of a value, as those of 1/max(0, x) are left of 0."""
    constant = constant_by_definition(function, x)
    return np.isinf(values) & np.logical_and(constant, ~np.asarray(_meant(function, constant, values)))


def _meant(function: Function, constant: Any, values: Array) -> Any:
    said = any(isinstance(node, Number) and not np.isfinite(node.value) for node in _nodes(function))
    return constant if said or constant is False else np.logical_and(constant, np.isfinite(values))


def constant_by_definition(function: Function, x: Array) -> Any:
    """Where the branch taken at x is a constant, as 0 is for relu(-5): a boolean array of x's shape, or one for all."""
    conditions = _conditions(function)
    if not conditions:
        return _is_constant(function, {})

    def compute(block: Mapping[str, Array]) -> Any:
        return _is_constant(function, dict(zip(conditions, evaluate_all(conditions, block) != 0, strict=True)))

    return blockwise(compute, {function.variable: x}) != 0


def _is_constant(function: Function, met: Mapping[Tree, Any]) -> Any:
    """The same, from where the conditions are met."""
    results: dict[Tree, Any] = {}
    for node in _nodes(function):
        if isinstance(node, Apply) and node.row is _WHERE:
            chosen, other = (results[branch] for branch in node.args[1:])
            if chosen is other:
                results[node] = chosen
            else:
                taken = met[node.args[0]]
                results[node] = taken if chosen is True and other is False else np.where(taken, chosen, other)
        elif isinstance(node, Apply):
            results[node] = node.row.steps or all_of([results[argument] for argument in node.args])
        else:
            results[node] = isinstance(node, Number)
    return results[node]


@lru_cache(maxsize=16)
def _nodes(function: Function) -> tuple[Tree, ...]:
    """The nodes of the function as pieces, arguments first; a stream asks once a block."""
    return postorder(rules.piecewise(function.exact_tree()))


@lru_cache(maxsize=16)
def _conditions(function: Function) -> tuple[Tree, ...]:
    """The conditions of the function's pieces."""
    wheres = (node for node in _nodes(function) if isinstance(node, Apply) and node.row is _WHERE)
    return tuple(dict.fromkeys(node.args[0] for node in wheres))


def only_chooses(function: Function) -> bool:
    """Whether every value is the argument, its negative or a constant: no operation rounds, so nothing can go wrong."""
    return _all_choose(function.exact_tree())


def _all_choose(tree: Tree) -> bool:
    return all(_chooses(node.row) for node in postorder(tree) if isinstance(node, Apply))


def _chooses(row: Primitive) -> bool:
    return row.chooses or row.steps or bool(row.definition and _all_choose(rules.definition(row)))


def all_of(parts: list[Any]) -> Any:
    """Whether all are true, element by element; of none, yes."""
    if any(part is False for part in parts):
        return False
    result: Any = True
    for part in parts:
        if part is not True:
            result = part if result is True else np.logical_and(result, part)
    return result


def rest(function: Function, x: float, constant: float, most_bits: int | None = None) -> Exact:
    """The exact value minus a constant: the difference itself is computed, so that no digit hides it."""
    from actfn.expression import exact

    difference = apply(INFIX["-"], function.exact_tree(), number(constant))
    usual = _MOST_BITS if len(postorder(difference)) < _LONG else BITS
    return exact.value(difference, {function.variable: x}, 3, most_bits or usual)


def equals(function: Function, x: float, constant: float) -> bool:
    """Whether the exact value is the constant itself, as far as digits tell."""
    difference = rest(function, x, constant, BITS)
    if difference.certain:
        return bool(difference.value == 0)
    # x/sqrt(x*x) - 1 is not known to be 0, but its slope is not known to be another either; that of tanh(1e9) is
    slope = function.derivative().exact_value(x, 3, BITS)
    return not (slope.certain and slope.value)


def straight(function: Function, x: float, further: float) -> bool:
    """Whether the function is a straight line between two points, or at least nothing tells that it is none."""
    try:
        return _straight(function, x, further)
    except LengthError:  # the formula of a slope is too long
        return True


def _straight(function: Function, x: float, further: float) -> bool:
    from actfn.expression import exact

    slope = function.derivative().exact_tree()
    here, there = (substitute(slope, {function.variable: number(each)}) for each in (x, further))
    difference = exact.value(apply(INFIX["-"], here, there), {}, 3, BITS)
    if difference.certain:
        return bool(difference.value == 0)
    if len(postorder(slope)) > _LONG:  # the formula of its slope takes long to be worked out
        return True
    # 1/3 - 1/3 is not known to be 0, but a slope that does not change is
    bend = function.derivative(2).exact_tree()
    bends = [exact.value(bend, {function.variable: each}, 3, BITS) for each in (x, further)]
    return all(each.certain and each.value == 0 for each in bends)
