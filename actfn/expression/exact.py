"""Tree and a number to a number of any precision, by mpmath, with a bound on its error.

Cancellation is seen by the radii of `balls`: where it eats the digits, more are taken, until those asked for are
certain. Composite rows are computed by their textbook definitions, or by a counterpart where those cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import mpmath

from actfn.expression import effort
from actfn.expression.balls import ball, compute, is_tiny, written_out
from actfn.expression.tree import Apply, postorder, variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actfn.expression.balls import Ball
    from actfn.expression.tree import Tree
    from actfn.numerics.formats import Format

MOST_BITS = 20_000  # what cannot be told from 0 with 6000 digits is called so

_WORK, _LEAST_BITS = 1_000_000, 1500  # parts times bits: long formulas are given up earlier, but not before so many

_OF_FUNCTION, _BITS_OF_ONE = 5, 50  # units of effort, and bits that are one more
_PER_PART, _PER_FUNCTION = 5, 25  # microseconds; of a function as many again for the square of each 500 bits,
_BITS_OF_SQUARE, _SQUARES = 500, 12  # but of 6000 at most: more have those alone that are too small to be told from 0

_MOST_DIGITS = 3000  # of a numerical derivative
_DIGITS_OF_ZERO = 1000
_GUARD_BITS = 32


@dataclass
class Effort:
    """What exact values have taken so far, in units of about 5 microseconds.

    An operation is one, a function several, and more the more bits it has. By this, and not by time, which varies from
    run to run, is told when enough has been asked for.
    """

    spent: int = 0


EFFORT = Effort()


@dataclass(frozen=True)
class Exact:
    """An exact value, as far as it is known.

    Attributes:
        value: an mpmath number; ±inf, or nan where the function has no real value.
        certain: whether it is right to the digits asked for; if not, its magnitude is below `bound`.
        bound: an upper bound of the magnitude of what could not be told from 0; not finite where nothing can be said.
    """

    value: Any
    certain: bool = True
    bound: Any = None

    @property
    def defined(self) -> bool:
        """Whether there is a real or infinite value."""
        return not mpmath.isnan(self.value)

    @property
    def bounded(self) -> bool:
        """Whether all that is known is how small it is at least."""
        return not self.certain and bool(mpmath.isfinite(self.bound))

    @property
    def tiny(self) -> bool:
        """Whether all that is known is that it is too small to be computed with."""
        return not self.certain and not self.value and is_tiny(mpmath.mpf(self.bound))


def value(tree: Tree, values: Mapping[str, Any], digits: int = 30, most_bits: int = MOST_BITS) -> Exact:
    """The value of the expression to a number of significant digits, whatever cancels on the way.

    Args:
        tree: the expression.
        values: the numbers of its variables: floats, taken exactly, or mpmath numbers.
        digits: how many significant digits must be right.
        most_bits: the precision at which what still cancels is given up.
    """
    mp = mpmath.mp
    needed = int(digits * 3.33) + 2
    bits = needed + _GUARD_BITS
    parts, functions = len(postorder(tree)), _functions(tree)
    most_bits = min(most_bits, max(_WORK // parts, _LEAST_BITS))
    while True:
        _spend(parts, functions, bits)
        middle, radius = ball(tree, values, bits)
        with mp.workprec(bits):
            too_large = mp.isinf(middle) and radius
            settled = mp.isnan(middle) or mp.isinf(middle) or radius <= mp.ldexp(abs(middle), -needed)
            if settled and not mp.isinf(radius) and not too_large:
                return Exact(middle)
            too_small = not middle and is_tiny(radius)
            if bits >= most_bits or too_large or too_small or (mp.isnan(middle) and _is_lost(tree, values, bits)):
                return Exact(middle, certain=False, bound=abs(middle) + radius)
            told = abs(middle) > radius
        bits = min((2 if told else 4) * bits, max(most_bits, needed + _GUARD_BITS))


def _spend(parts: int, functions: int, bits: int) -> None:
    EFFORT.spent += parts + functions * (_OF_FUNCTION + bits // _BITS_OF_ONE)
    microseconds = _PER_PART * parts + _PER_FUNCTION * functions * (1 + min(bits // _BITS_OF_SQUARE, _SQUARES) ** 2)
    effort.charge(microseconds * effort.CALL)


@lru_cache(maxsize=256)
def _functions(tree: Tree) -> int:
    """How many parts are functions that take long: no operation, choice or step."""
    rows = [node.row for node in postorder(written_out(tree)) if isinstance(node, Apply)]
    return sum(row.name == "**" or not (row.operator or row.chooses or row.steps) for row in rows)


def _is_lost(tree: Tree, values: Mapping[str, Any], bits: int) -> bool:
    """Whether there is an inf - inf or inf*0 of numbers that are too large to be computed with: no digits help.

    Unless a condition is undecided, as with them another branch may be taken.
    """
    mp = mpmath.mp
    lost = undecided = False

    def watch(node: Apply, args: list[Ball], result: Ball) -> None:
        nonlocal lost, undecided
        lost = lost or (mp.isnan(result[0]) and any(radius and mp.isinf(middle) for middle, radius in args))
        undecided = undecided or bool(node.row.steps and result[1])

    ball(tree, values, bits, watch)
    return lost and not undecided


def by_differences(
    tree: Tree,
    name: str,
    x: float,
    order: int,
    digits: int = 20,
    digits_of_zero: int = _DIGITS_OF_ZERO,
    *,
    zero: bool = False,
) -> Exact:
    """A derivative by central differences of exact values, with precision added until two results agree.

    It sees neither the rules of the table nor its kernels. `x` must be no kink. The value is nan where there is none,
    and 0 where so many digits of it are, which are asked for at once if 0 is expected.
    """
    mp = mpmath.mp
    if name not in variables(tree):
        return Exact(mp.zero)
    if mp.isnan(x):
        return Exact(mp.nan)

    parts, functions = len(postorder(tree)), _functions(tree)

    def at(point: Any) -> Any:
        _spend(parts, functions, mp.prec)
        return compute(tree, {name: point}, mp.prec)

    previous = mp.nan
    working = 2 * digits + (max(0, -int(mp.log10(abs(x)))) if x else 0)  # no step goes as far as 0, where kinks are
    if zero:
        working = max(working, digits_of_zero + 1)
    while working <= _MOST_DIGITS:
        with mp.workdps(working):
            try:
                result = mp.diff(at, mp.mpf(x), order)
            except (ValueError, ZeroDivisionError):
                return Exact(mp.nan)
            if not mp.isfinite(result):
                return Exact(mp.nan)
            if not result and working > digits_of_zero:
                return Exact(result)
            if result and abs(result - previous) <= abs(result) * mp.mpf(10) ** -digits:
                return Exact(result)
        # 0 may be a derivative below 1e-300 that the digits do not reach yet
        last_of_zero = not result and digits_of_zero < 4 * working
        previous, working = result, digits_of_zero + 1 if last_of_zero else 2 * working
    return Exact(previous, certain=False, bound=mp.inf)


def ulp_error(computed: float, exact: Any, form: Format) -> float:
    """How far a computed number of a format is from the exact value, in spacings of the format there.

    nan against a number, or an infinity against a finite value that the format could hold, is infinitely far.
    """
    mp = mpmath.mp
    if mp.isnan(exact) or computed != computed:  # noqa: PLR0124 - nan
        return 0.0 if mp.isnan(exact) and computed != computed else float("inf")  # noqa: PLR0124
    if mp.isinf(exact):
        return 0.0 if computed == float(exact) else float("inf")
    spacing = mp.ldexp(
        1, (max(mp.mag(exact) - 1, form.min_exponent) if exact else form.min_exponent) - form.precision + 1
    )
    if computed in (float("inf"), float("-inf")):
        overflows = mp.sign(exact) * computed > 0 and abs(exact) >= form.max + mp.mpf(form.eps) * form.max / 4
        return 0.0 if overflows else float("inf")
    return float(abs(mp.mpf(computed) - exact) / spacing)


def rounded(exact: Any, form: Format) -> float:
    """An exact number rounded into a format, ties to even."""
    mp = mpmath.mp
    if not mp.isfinite(exact) or not exact:
        return float(exact)
    exponent = max(int(mp.mag(exact)) - 1, form.min_exponent) - form.precision + 1
    with mp.workprec(MOST_BITS):
        result = float(mp.ldexp(mp.nint(mp.ldexp(exact, -exponent)), exponent))
    if abs(result) > form.max:
        result = float("inf") if form.has_infinity else float("nan")
        return -result if exact < 0 else result
    return -abs(result) if exact < 0 else result
