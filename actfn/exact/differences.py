"""Derivatives by central differences of certified values: a route that sees neither the rules of the table nor kernels.

Composite rows are computed by their textbook definitions. The step is made smaller, and the precision larger, until two
steps agree to the digits asked for: (f(x + h) - f(x - h))/2h is off by a part that falls as h**2.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, frexp

from flint import arb, ctx, fmpq

from actfn.exact import arithmetic
from actfn.exact.arithmetic import UNDEFINED, UNKNOWN, ZERO, Number, is_ball
from actfn.exact.effort import EFFORT, MOST_BITS
from actfn.exact.number import Exact, bits_of
from actfn.exact.program import Computation, program
from actfn.expression import rules
from actfn.expression.tree import Tree, variables

_GUARD_BITS = 64
_NEARER = 4  # bits by which the smaller of two steps is smaller: its error is 256 times as small


def by_differences(tree: Tree, name: str, x: float, order: int, digits: int = 20) -> Exact:
    """Return a derivative at a finite point that is no kink, certain as far as two steps agree.

    It ends early where the derivative is too small for a float64 of its size to be anything but 0.
    """
    if name not in variables(tree):
        return Exact.of(ZERO, digits)
    operations = program(rules.expanded(tree), (name,))
    needed = bits_of(digits)
    # no step goes as far as 0, where kinks are
    step = needed // 2 + 8 + max(0, -frexp(x)[1])
    more = needed + _GUARD_BITS
    before = ctx.prec
    try:
        while True:
            ctx.prec = bits = order * (step + _NEARER) + more
            EFFORT.add(2 * (order + 1) * operations.size.operations, 2 * (order + 1) * operations.size.functions, bits)
            coarse, fine = (_quotient(operations, x, order, each) for each in (step, step + _NEARER))
            found = Exact.of(_agreed(coarse, fine), digits)
            if found.certain or found.rounded() is not None or bits >= MOST_BITS:
                return found
            if is_ball(fine) and fine.rel_accuracy_bits() > needed:
                step *= 2
            else:
                more *= 2  # the values are too near to each other to be told apart
    finally:
        ctx.prec = before


def _quotient(operations: Computation, x: float, order: int, step: int) -> Number:
    """Return the central difference of an order with the step 2**-step, divided by the step to that order."""
    total: Number = ZERO
    h = Fraction(1, 1 << step)
    for k in range(order + 1):
        place = Fraction(x) + (Fraction(order, 2) - k) * h
        value = operations.result(arb(fmpq(place.numerator, place.denominator)))
        total = arithmetic.add(total, arithmetic.multiply(arb((-1) ** k * comb(order, k)), value))
    if arithmetic.is_infinite(total):
        return UNDEFINED
    return arithmetic.multiply(total, arb(2) ** (order * step))


def _agreed(coarse: Number, fine: Number) -> Number:
    """Return the finer of two quotients, with their difference as its error."""
    if coarse is UNDEFINED or fine is UNDEFINED:
        return UNDEFINED
    if not (is_ball(coarse) and is_ball(fine)):
        return UNKNOWN
    error = abs(fine - coarse).upper()
    return fine + error.union(-error)
