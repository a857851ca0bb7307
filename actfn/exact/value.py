"""A tree at a point, or a derivative of it, to as many certain digits as are asked for, or why they cannot be had.

Everything is computed on balls; where cancellation eats the digits, precision is added until those asked for are
certain. Rows are computed by their Arb counterparts, others by their stable forms or textbook definitions; derivatives
by the rules of the table, order by order, as `expression.jet` does on floats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flint import arb, ctx, fmpq

from actfn.exact import arithmetic
from actfn.exact.arithmetic import UNDEFINED, ZERO, Number, Ray, is_ball
from actfn.exact.effort import EFFORT, MOST_BITS, most_bits
from actfn.exact.number import Exact, bits_of
from actfn.exact.program import Size, program
from actfn.expression import rules
from actfn.expression.tree import Apply, Tree, fold, number, postorder, rebuild

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

_GUARD_BITS = 32
_BITS_OF_EXPONENTS = 2500  # with as many, exp of every float can be computed: its exponent has 1024 bits at most
_BITS_OF_CONDITIONS, _DIGITS_OF_SIDES = 1000, 20
_MOST_SIDES = 3  # whole numbers that a step may have


class Undecided(NamedTuple):
    """A condition or step that no number of digits decides, as floor(log10(1000)).

    Attributes:
        part: the condition or the step.
        values: the values that the expression has on its sides, and at the step.
    """

    part: Tree
    values: tuple[Exact, ...]


def value(
    tree: Tree, values: Mapping[str, float | Fraction], digits: int = 30, bits_at_most: int | None = None
) -> Exact:
    """Return the value of an expression, certain to a number of significant digits, whatever cancels on the way.

    Args:
        tree: the expression.
        values: the numbers of its variables, taken exactly.
        digits: how many significant digits must be certain.
        bits_at_most: the precision at which what still cancels is given up, `effort.MOST_BITS` by default.
    """
    operations = program(tree, tuple(values))
    return _certain(lambda: operations.result(*map(_ball, values.values())), operations.size, digits, bits_at_most)


def derivative(
    tree: Tree,
    name: str,
    x: float | Fraction,
    order: int,
    digits: int = 30,
    bits_at_most: int | None = None,
    *,
    minus: float = 0.0,
) -> Exact:
    """Return a derivative of an expression at a point, minus a constant; of order 0 its value.

    A derivative is undefined where the expression is. The arguments are those of `value`; `order` counts from 0.
    """
    operations = program(tree, (name,), order)

    def compute() -> Number:
        found = operations.result(_ball(x))
        return arithmetic.subtract(found, arb(minus)) if minus else found

    return _certain(compute, operations.size, digits, bits_at_most)


def difference(
    tree: Tree,
    name: str,
    points: tuple[float | Fraction, float | Fraction],
    order: int,
    digits: int = 30,
    bits_at_most: int | None = None,
) -> Exact:
    """Return a derivative at the first of two points minus that at the second; arguments as in `derivative`."""
    operations = program(tree, (name,), order)

    def compute() -> Number:
        return arithmetic.subtract(*(operations.result(_ball(x)) for x in points))

    return _certain(compute, operations.size.times(2), digits, bits_at_most)


def of_float(x: float, digits: int) -> Exact:
    """Return a float as an exact value; nan is undefined."""
    return Exact.of(UNDEFINED if x != x else arb(x), digits)  # noqa: PLR0124


def _certain(compute: Callable[[], Number], size: Size, digits: int, bits_at_most: int | None) -> Exact:
    """Return the number that `compute` gives, with precision added until the digits are certain."""
    needed = bits_of(digits)
    bits = needed + _GUARD_BITS
    limit = max(most_bits(size.operations, bits_at_most or MOST_BITS), bits)
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


def _ball(x: float | Fraction) -> arb:
    """Return a number as a ball: a float exactly, another one as the context's precision holds it."""
    return arb(x) if isinstance(x, float) else arb(fmpq(x.numerator, x.denominator))


def undecided(tree: Tree, name: str, x: float, order: int = 0) -> Undecided | None:
    """Return the one condition or step that leaves a derivative unresolved; None where something else does."""
    tree = rules.piecewise(tree) if order else rules.with_counterparts(tree)
    before, ctx.prec = ctx.prec, _BITS_OF_CONDITIONS
    try:
        operations = program(tree, (name,))
        numbers = operations.results(_ball(x))
    finally:
        ctx.prec = before
    for part in postorder(tree):
        found = numbers[operations.indices[part]]
        if isinstance(part, Apply) and part.row.steps and is_ball(found) and not found.is_exact():
            sides = [_with(tree, part, side) for side in _sides(found)]
            results = [derivative(side, name, x, order, _DIGITS_OF_SIDES) for side in sides]
            different = tuple({each.text: each for each in results}.values())
            if len(different) > 1 and all(each.certain and each.defined for each in results):
                return Undecided(part, different)
    return None


def _sides(found: arb) -> list[float]:
    """Return the whole numbers that a condition or a step may be, ascending."""
    low, high = float(found.lower().ceil()), float(found.upper().floor())
    return [low + step for step in range(int(min(high - low, _MOST_SIDES - 1)) + 1)]


def _with(tree: Tree, part: Tree, constant: float) -> Tree:
    return fold(tree, lambda node, args: number(constant) if node is part else rebuild(node, args))
