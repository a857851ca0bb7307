"""A tree at a point, or a derivative of it, to as many certain digits as are asked for, or why they cannot be had.

Everything is computed on balls; where cancellation eats the digits, precision is added until those asked for are
certain. Rows are computed by their Arb counterparts, others by their stable forms or textbook definitions; derivatives
by the rules of the table, order by order, as `expression.jet` does on floats.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from flint import arb, ctx, fmpq

from actfn.exact import arithmetic
from actfn.exact.arithmetic import ONE, UNDEFINED, ZERO, Number, Ray, choose, counterpart, is_ball
from actfn.exact.effort import EFFORT, MOST_BITS, most_bits
from actfn.exact.number import Exact, bits_of
from actfn.expression import rules
from actfn.expression.jet import Factors, Plan, Series, grown, summed
from actfn.expression.primitives import FUNCTIONS, INFIX
from actfn.expression.simplify import folded
from actfn.expression.ties import pulled_out
from actfn.expression.tree import Apply, Tree, Variable, fold, number, postorder, rebuild
from actfn.expression.tree import Number as Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction

_GUARD_BITS = 32
_BITS_OF_EXPONENTS = 2500  # with as many, exp of every float can be computed: its exponent has 1024 bits at most
_BITS_OF_CONDITIONS, _DIGITS_OF_SIDES = 1000, 20
_MOST_SIDES = 3  # whole numbers that a step may have
_LAZY = (FUNCTIONS["where"], INFIX["or"], INFIX["and"])


class Undecided(NamedTuple):
    """A condition or step that no number of digits decides, as floor(log10(1000)).

    Attributes:
        part: the condition or the step.
        values: the values that the expression has on its sides, and at the step.
    """

    part: Tree
    values: tuple[Exact, ...]


def value(tree: Tree, values: Mapping[str, float | Fraction], digits: int = 30, bits_at_most: int = MOST_BITS) -> Exact:
    """Return the value of an expression, certain to a number of significant digits, whatever cancels on the way.

    Args:
        tree: the expression.
        values: the numbers of its variables, taken exactly.
        digits: how many significant digits must be certain.
        bits_at_most: the precision at which what still cancels is given up.
    """
    operations = _operations(tree)
    return _certain(lambda: operations.value(_balls(values)), operations.size, digits, bits_at_most)


def derivative(
    tree: Tree,
    name: str,
    x: float | Fraction,
    order: int,
    digits: int = 30,
    bits_at_most: int = MOST_BITS,
    *,
    minus: float = 0.0,
) -> Exact:
    """Return a derivative of an expression at a point, minus a constant; of order 0 its value.

    A derivative is undefined where the expression is. The arguments are those of `value`; `order` counts from 0.
    """
    size, compute = _computation(tree, name, x, order)
    if minus:
        return _certain(lambda: arithmetic.subtract(compute(), arb(minus)), size, digits, bits_at_most)
    return _certain(compute, size, digits, bits_at_most)


def difference(
    tree: Tree,
    name: str,
    points: tuple[float | Fraction, float | Fraction],
    order: int,
    digits: int = 30,
    bits_at_most: int = MOST_BITS,
) -> Exact:
    """Return a derivative at the first of two points minus that at the second; arguments as in `derivative`."""
    computations = [_computation(tree, name, x, order) for x in points]
    sizes = [size for size, _ in computations]
    size = _Size(*map(sum, zip(*sizes, strict=True)))
    return _certain(
        lambda: arithmetic.subtract(*(compute() for _, compute in computations)), size, digits, bits_at_most
    )


def of_float(x: float, digits: int) -> Exact:
    """Return a float as an exact value; nan is undefined."""
    return Exact.of(UNDEFINED if x != x else arb(x), digits)  # noqa: PLR0124


class _Size(NamedTuple):
    """How many operations a computation has, and how many of these are functions."""

    operations: int
    functions: int


def _computation(tree: Tree, name: str, x: float | Fraction, order: int) -> tuple[_Size, Callable[[], Number]]:
    """Return what gives a derivative at a point in the precision of the context, and its size."""
    if not order:
        operations = _operations(tree)
        return operations.size, lambda: operations.value({name: _ball(x)})
    plan = _plan(tree, name, order)
    size = _Size(order * len(plan.sequence), order * sum(map(_is_function, plan.sequence)))
    return size, lambda: _derivative(plan, x)


def _certain(compute: Callable[[], Number], size: _Size, digits: int, bits_at_most: int) -> Exact:
    """Return the number that `compute` gives, with precision added until the digits are certain."""
    needed = bits_of(digits)
    bits = needed + _GUARD_BITS
    limit = max(most_bits(size.operations, bits_at_most), bits)
    before = ctx.prec
    try:
        while True:
            ctx.prec = bits
            EFFORT.add(*size, bits)
            found = compute()
            exact = Exact.of(found, digits)
            if exact.certain or bits >= limit or (bits >= _BITS_OF_EXPONENTS and _is_far_out(found)):
                return exact
            told = is_ball(found) and not found.contains(ZERO)
            bits = min((2 if told else 4) * bits, limit)
    finally:
        ctx.prec = before


def _is_far_out(found: Number) -> bool:
    """Return whether a number is too large or too small for Arb at this precision."""
    return isinstance(found, Ray) or arithmetic.is_tiny(found)


class Operations:
    """An expression as operations on numbers. Of a choice, only the branch taken is computed."""

    def __init__(self, tree: Tree) -> None:
        self.tree = rules.with_counterparts(tree)
        self.root = tree
        order = postorder(self.tree)
        self.size = _Size(len(order), sum(map(_is_function, order)))
        self._rules = {node: counterpart(node.row) for node in order if isinstance(node, Apply)}
        lazy = any(isinstance(node, Apply) and node.row in _LAZY for node in order)
        self._straight = () if lazy else order

    def value(self, known: Mapping[str, arb]) -> Number:
        """Return the number of the expression."""
        return self.results(known)[self.root]

    def results(self, known: Mapping[str, arb]) -> dict[Tree, Number]:
        """Return the number of each part that was computed, and that of the expression."""
        numbers: dict[Tree, Number] = {}
        for node in self._straight:
            numbers[node] = (
                self._rules[node](*[numbers[each] for each in node.args])
                if isinstance(node, Apply)
                else _leaf(node, known)
            )
        pending = [] if self._straight else [self.tree]
        while pending:
            node = pending[-1]
            if node in numbers:
                pending.pop()
            elif not isinstance(node, Apply):
                numbers[node] = _leaf(node, known)
            elif missing := self._missing(node, numbers):
                pending += missing
            else:
                numbers[node] = self._operate(node, numbers)
        numbers[self.root] = numbers[self.tree]
        return numbers

    def _missing(self, node: Apply, numbers: dict[Tree, Number]) -> list[Tree]:
        """Return the arguments that are needed before the node can be computed: of a branch, only the one taken."""
        if node.row in _LAZY:
            if node.args[0] not in numbers:
                return [node.args[0]]
            taken = _taken(node, numbers)
            if taken is not None:
                return [] if taken in numbers else [taken]
        return [each for each in node.args if each not in numbers]

    def _operate(self, node: Apply, numbers: dict[Tree, Number]) -> Number:
        taken = _taken(node, numbers) if node.row in _LAZY else None
        return numbers[taken] if taken is not None else self._rules[node](*[numbers[each] for each in node.args])


def _taken(node: Apply, numbers: dict[Tree, Number]) -> Tree | None:
    """Return the argument that a choice gives; None if its condition is not decided."""
    holds = arithmetic.truth(numbers[node.args[0]])
    if holds is None:
        return None
    *_, chosen, other = node.args
    if node.row is INFIX["or"]:
        chosen, other = node.args
    elif node.row is INFIX["and"]:
        other, chosen = node.args
    return chosen if holds else other


@lru_cache(maxsize=256)
def _operations(tree: Tree) -> Operations:
    return Operations(tree)


@lru_cache(maxsize=64)
def _plan(tree: Tree, name: str, order: int) -> Plan:
    """Return what a derivative takes: ties shared evenly, and constants folded, as in floats."""
    return Plan(fold(pulled_out(tree, name) if order > 1 else tree, folded), name, order, exact=True)


def _ball(x: float | Fraction) -> arb:
    """Return a number as a ball: a float exactly, another one as the context's precision holds it."""
    return arb(x) if isinstance(x, float) else arb(fmpq(x.numerator, x.denominator))


def _balls(values: Mapping[str, float | Fraction]) -> dict[str, arb]:
    return {name: _ball(x) for name, x in values.items()}


def _derivative(plan: Plan, x: float | Fraction) -> Number:
    series = grown(plan, _Numbers(_ball(x)))
    if series[0] is UNDEFINED:
        return UNDEFINED
    return ZERO if series[-1] is None else series[-1]


def _leaf(node: Tree, values: Mapping[str, arb]) -> Number:
    return values[node.name] if isinstance(node, Variable) else _constant(node)


def _constant(node: Tree) -> Number:
    assert isinstance(node, Constant)
    return UNDEFINED if node.value != node.value else arb(node.value)


def _is_function(node: Tree) -> bool:
    """Return whether a part is a function that takes long: no operation, choice or step."""
    if not isinstance(node, Apply):
        return False
    row = node.row
    return row is INFIX["**"] or not (row.operator or row.chooses or row.steps)


class _Numbers:
    """Certified numbers for `jet.grown`."""

    def __init__(self, x: arb) -> None:
        self.x = x

    def value(self, node: Tree, args: Sequence[Number]) -> Number:
        if isinstance(node, Apply):
            return counterpart(node.row)(*args)
        return self.x if isinstance(node, Variable) else _constant(node)

    def one(self) -> Number:
        return ONE

    def choose(self, condition: Number, chosen: Any, other: Any) -> Any:
        holds = arithmetic.truth(condition)
        if holds is None:
            return choose(condition, ZERO if chosen is None else chosen, ZERO if other is None else other)
        return chosen if holds else other

    def chain(self, factors: Factors, k: int) -> Any:
        return summed(factors, k, _product, arithmetic.add)

    def series(self, order: int) -> Series:
        return Series(order)


def _product(slope: Number, inner: Number, times: int) -> Number:
    product = arithmetic.multiply(slope, inner)
    return product if times == 1 else arithmetic.multiply(product, arb(times))


def undecided(tree: Tree, name: str, x: float, order: int = 0) -> Undecided | None:
    """Return the one condition or step that leaves a derivative unresolved; None where something else does."""
    tree = rules.piecewise(tree) if order else rules.with_counterparts(tree)
    before, ctx.prec = ctx.prec, _BITS_OF_CONDITIONS
    try:
        numbers = _operations(tree).results({name: _ball(x)})
    finally:
        ctx.prec = before
    for part, found in numbers.items():
        if isinstance(part, Apply) and part.row.steps and is_ball(found) and not found.is_exact():
            sides = [_with(tree, part, side) for side in _sides(found)]
            results = [derivative(side, name, x, order, _DIGITS_OF_SIDES) for side in sides]
            different = tuple({each.text: each for each in results}.values())
            known = all(each.certain and each.defined for each in results)
            return Undecided(part, different) if known and len(different) > 1 else None
    return None


def _sides(found: arb) -> list[float]:
    """Return the whole numbers that a condition or a step may be, ascending."""
    low, high = float(found.lower().ceil()), float(found.upper().floor())
    return [low + step for step in range(int(min(high - low, _MOST_SIDES - 1)) + 1)]


def _with(tree: Tree, part: Tree, constant: float) -> Tree:
    return fold(tree, lambda node, args: number(constant) if node is part else rebuild(node, args))
