"""The basic rows of the table on expansions. All other rows are written with these, in the table itself.

A rule takes expansions and returns one. Where it has to know a sign that is not certain it raises UnresolvedError, and
UndefinedError where it is certain that there is no real value for small h.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING, Any

from flint import fmpq

from actfn.exact import constants, reals
from actfn.exact.levels import ZERO, Key, Level
from actfn.exact.reals import Real, pi, real
from actfn.exact.series import (
    Expansion,
    bounded,
    composed,
    constant,
    gathered,
    terms_wanted,
    unknown,
)
from actfn.exact.unresolved import NeedBitsError, UndefinedError, UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from actfn.exact.context import Context

LOGARITHM: Key = (0, -1)  # of log(1/h)
HALF = fmpq(1, 2)
MOST_NESTED = 3  # large exponentials in an exponent


@dataclass(frozen=True)
class Infinite:
    """The constant inf or -inf of a formula, which can be compared, negated and be a result, and nothing else."""

    positive: bool

    def sign(self) -> int:
        return 1 if self.positive else -1

    def __neg__(self) -> Infinite:
        return Infinite(not self.positive)


def parted(u: Expansion) -> tuple[Expansion | None, Real, Expansion]:
    """Return large, constant and small parts: u = large + constant + small; None for no large part.

    Raise UnresolvedError unless the first two are known exactly.
    """
    large: list[Level] = []
    small: list[Level] = []
    number = real(0)
    for level in u.levels:
        growth = level.scale.sign() if level.scale else 0
        if growth < 0:
            small.append(level)
        elif growth > 0:
            if not level.exact:
                raise UnresolvedError("of an exponentially large part only the leading factor is known")
            large.append(level)
        else:
            if level.order is not None and level.order <= ZERO:
                raise unknown(u)
            number = level.terms.get(ZERO, number)
            large.append(Level(None, {key: c for key, c in level.terms.items() if key < ZERO}))
            small.append(level._replace(terms={key: c for key, c in level.terms.items() if key > ZERO}))
    first, last = gathered(u.context, large), gathered(u.context, small, u.rough)
    return (None if first.is_zero else first), number, last


def is_large(u: Expansion) -> bool:
    """Whether u certainly tends to inf or -inf, its sign being known."""
    if not u.levels or (u.rough and not u.levels[0].terms):
        return False
    first = u.levels[0]
    growth = first.scale.sign() if first.scale else 0
    large = growth > 0 or (growth == 0 and bool(first.terms) and min(first.terms) < ZERO)
    return large and u.sign() != 0


def exp(u: Expansion) -> Expansion:
    """Expand the exponential: large parts become a scale, multiples of log(1/h) powers of h."""
    first = u.levels[0] if u.levels else None
    if first and first.scale and not first.exact and is_large(u):
        if u.sign() < 0:  # which flags it
            return Expansion(u.context, (Level(None, {}, None, 1),))
        raise UnresolvedError("an exponential of an exponential that is known to a factor only")
    large, number, small = parted(u)
    result = composed([real(fmpq(1, factorial(k))) for k in range(terms_wanted(small))], small)
    result = result.scaled(constants.exp(number))
    return result * _exp_of_large(large) if large else result


def _exp_of_large(large: Expansion) -> Expansion:
    large.context.flag(one_sided=True, singular=True)
    power: reals.Exponent = 0
    levels = []
    for level in large.levels:
        terms = dict(level.terms)
        if level.scale is None:
            factor = terms.pop(LOGARITHM, real(0)).rational
            if factor is None:
                raise UnresolvedError("an irrational power of h")
            power = -reals.fraction(factor)
            if any(key > LOGARITHM for key in terms):
                raise UnresolvedError("an exponential of a root of a logarithm")
        levels.append(level._replace(terms=terms))
    scale = gathered(large.context, levels)
    if _nested(scale) > MOST_NESTED:
        raise UnresolvedError(f"more than {MOST_NESTED} exponentials are nested")
    return Expansion(large.context, (Level(None if scale.is_zero else scale, {(power, 0): real(1)}),))


def _nested(expansion: Expansion) -> int:
    """How many large exponentials are nested in it."""
    return max((1 + _nested(level.scale) for level in expansion.levels if level.scale), default=0)


def log(u: Expansion) -> Expansion | Infinite:
    """Expand the logarithm of what is positive; of 0 it is -inf, as in floating point."""
    return Infinite(positive=False) if u.is_zero else _log(u)


def _log(u: Expansion) -> Expansion:
    if u.sign() < 0:
        raise UndefinedError("the logarithm of a negative number")
    scale, key, coefficient, small = u.split()
    u.context.flag(one_sided=key != ZERO, singular=key != ZERO)
    if key[1]:
        raise UnresolvedError("a logarithm of a logarithm")
    factors = [real(0), *(real(fmpq((-1) ** (k + 1), k)) for k in range(1, max(2, terms_wanted(small))))]
    result = composed(factors, small) + u.lift(constants.log(coefficient))
    if key[0]:
        result += Expansion(u.context, (Level(None, {LOGARITHM: real(-key[0])}),))
    return result + scale if scale else result


def power(u: Expansion, v: Expansion) -> Expansion:
    """Return u**v: of any u for a rational v, else of a positive u."""
    exponent = v.constant()
    if exponent is not None and exponent.rational is not None:
        return u.power(reals.fraction(exponent.rational))
    if not u.is_zero:
        return exp(v * _log(u))
    if v.sign() > 0:
        return u
    raise UndefinedError("a negative power of 0")


def sin(u: Expansion) -> Expansion:
    """Expand the sine."""
    return _wave(u, 0)


def cos(u: Expansion) -> Expansion:
    """Expand the cosine."""
    return _wave(u, 1)


def _wave(u: Expansion, quarter: int) -> Expansion:
    if is_large(u):
        return bounded(u.context)
    _, number, small = parted(u)
    sine, cosine = constants.sin_cos(number)
    cycle = [sine, cosine, -sine, -cosine]
    wanted = range(terms_wanted(small))
    return composed([cycle[(k + quarter) % 4] * real(fmpq(1, factorial(k))) for k in wanted], small)


def atan(u: Expansion) -> Expansion:
    """Expand the arc tangent, far out by that of 1/u."""
    if is_large(u):
        return u.lift(pi() * real(fmpq(u.sign(), 2))) - atan(u.power(-1))
    _, c, small = parted(u)
    inverse = (real(1) + c * c).power(-1)

    def slopes(n: int) -> list[Real]:
        found = [inverse, -(c + c) * inverse * inverse]
        while len(found) < n:
            found.append(-((c + c) * found[-1] + found[-2]) * inverse)
        return found

    return _integrated(constants.atan(c), slopes, small)


def erf(u: Expansion) -> Expansion:
    """Expand the error function."""
    if is_large(u):
        return u.lift(1) - _far_erfc(u) if u.sign() > 0 else _far_erfc(-u) - u.lift(1)
    _, number, small = parted(u)
    return _integrated(constants.erf(number), lambda n: _bell(number, n, 1), small)


def erfc(u: Expansion) -> Expansion:
    """Expand the complementary error function."""
    if is_large(u):
        return _far_erfc(u) if u.sign() > 0 else u.lift(2) - _far_erfc(-u)
    _, number, small = parted(u)
    return _integrated(constants.erfc(number), lambda n: _bell(number, n, -1), small)


def _bell(c: Real, n: int, sign: int) -> list[Real]:
    """Taylor coefficients of sign 2/sqrt(pi) exp(-u^2) at c, from g' = -2 u g."""
    first = real(2 * sign) * pi().power(Fraction(-1, 2)) * constants.exp(-(c * c))
    found = [first, real(-2) * c * first]
    while len(found) < n:
        found.append(real(fmpq(-2, len(found))) * (c * found[-1] + found[-2]))
    return found


def _far_erfc(u: Expansion) -> Expansion:
    """erfc(u) for u -> inf: exp(-u^2)/(u sqrt(pi)) (1 - 1/(2 u^2) + 3/(2 u^2)^2 - 15/(2 u^2)^3 + ...), DLMF 7.12.1."""
    square = u * u
    small = (square + square).power(-1)
    factors, odd = [], 1
    for k in range(terms_wanted(small)):
        factors.append(real((-1) ** k * odd))
        odd *= 2 * k + 1
    return exp(-square) * composed(factors, small) * u.power(-1).scaled(pi().power(Fraction(-1, 2)))


def _integrated(value: Real, slopes: Callable[[int], Sequence[Real]], small: Expansion) -> Expansion:
    """A function of c + small, from its value and the Taylor coefficients of its derivative at c."""
    wanted = terms_wanted(small)
    factors = [value, *(slope * real(fmpq(1, k + 1)) for k, slope in enumerate(slopes(wanted)))]
    return composed(factors[:wanted], small)


def floor(u: Expansion) -> Expansion:
    """Return the greatest whole number up to u."""
    return _whole(u, 0)


def nearest(u: Expansion) -> Expansion:
    """Return the nearest whole number, of two the even one."""
    return _whole(u + u.lift(HALF), 1)


def _whole(u: Expansion, even: int) -> Expansion:
    """floor(u), less 1 where `even` and u is exactly an odd number."""
    if is_large(u):
        return u + bounded(u.context)
    _, number, small = parted(u)
    value = number.rational
    if value is None:
        below = number.ball.floor().unique_fmpz()
        if below is None:
            raise NeedBitsError("it is not certain on which side of a whole number a number is")
        return u.lift(int(below))
    whole = int(value.floor())
    if value == whole:
        sign = small.sign()
        whole -= sign < 0 or (sign == 0 and bool(even) and whole % 2)
    return u.lift(whole)


def order(u: Expansion | Infinite, v: Expansion | Infinite) -> int:
    """Return the sign of u - v."""
    if isinstance(u, Expansion) and isinstance(v, Expansion):
        return 0 if u is v else (u - v).sign()
    sizes = [w.sign() if isinstance(w, Infinite) else 0 for w in (u, v)]
    return (sizes[0] > sizes[1]) - (sizes[0] < sizes[1])


# Operators and functions by the row's signature; a row without a rule has a form in the table. The arguments of
# comparisons may be infinite.
CONSTANTS: dict[str, Callable[[Context], Expansion]] = {
    "pi": lambda context: constant(context, pi()),
    "e": lambda context: constant(context, constants.exp(real(1))),
}
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "u < v": operator.lt,
    "u <= v": operator.le,
    "u > v": operator.gt,
    "u >= v": operator.ge,
    "u == v": operator.eq,
    "u != v": operator.ne,
}
RULES: dict[str, Callable[..., Any]] = {
    "u + v": operator.add,
    "u - v": operator.sub,
    "u * v": operator.mul,
    "u / v": operator.truediv,
    "-u": operator.neg,
    "u ** v": power,
    "exp(u)": exp,
    "log(u)": log,
    "sin(u)": sin,
    "cos(u)": cos,
    "atan(u)": atan,
    "erf(u)": erf,
    "erfc(u)": erfc,
    "floor(u)": floor,
    "round(u)": nearest,
}
