"""Certified numbers, and their sums, products and quotients: Arb balls with proven error bounds.

A number is a ball (a finite real with an error bound), an exact infinity, a `Ray` (a finite real of which only the sign
and a lower bound of the size are known), UNDEFINED (there certainly is no real value) or UNKNOWN (nothing
is certain at this precision). All operations work in the precision of flint's context.

As in floating point, 0 times infinity and 1/0 are undefined.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard

from flint import arb

if TYPE_CHECKING:
    from collections.abc import Callable


class Undefined(Enum):
    """The type of UNDEFINED."""

    UNDEFINED = "undefined"


@dataclass(frozen=True, eq=False, slots=True)
class Ray:
    """A finite real number with a sign, 1 or -1, whose size is at least `least`, a positive ball."""

    sign: int
    least: arb


Number = arb | Ray | Undefined
Rule: TypeAlias = "Callable[..., Number]"

UNDEFINED: Final = Undefined.UNDEFINED
UNKNOWN: Final = arb.nan()
ZERO, ONE, TWO = arb(0), arb(1), arb(2)
_TINY = ONE / TWO ** arb(1 << 38)


def is_ball(u: Number | None) -> TypeGuard[arb]:
    """Whether the number is a finite real with a finite error bound."""
    return type(u) is arb and u.is_finite()


def is_infinite(u: Number) -> TypeGuard[arb]:
    """Whether the number is exactly inf or -inf."""
    return type(u) is arb and not u.is_finite() and u.is_exact() and not u.is_nan()


def is_unknown(u: Number) -> TypeGuard[arb]:
    """Whether nothing is certain about the number."""
    return type(u) is arb and not u.is_finite() and not is_infinite(u)


def negative(u: Number) -> Number:
    """Return -u."""
    if isinstance(u, Ray):
        return Ray(-u.sign, u.least)
    return u if isinstance(u, Undefined) else -u


def add(u: Number, v: Number) -> Number:
    """Return u + v."""
    if type(u) is arb and type(v) is arb:
        result = u + v
        return result if result.is_finite() else _of_infinities(result, u, v)
    if u is UNDEFINED or v is UNDEFINED:
        return UNDEFINED
    if not isinstance(u, Ray):
        u, v = v, u
    assert isinstance(u, Ray)
    if isinstance(v, Ray):
        return Ray(u.sign, u.least + v.least) if u.sign == v.sign else UNKNOWN
    if is_ball(v):
        least = (u.least + u.sign * v).lower()
        return Ray(u.sign, least) if least > 0 else UNKNOWN
    return v


def subtract(u: Number, v: Number) -> Number:
    """Return u - v; a number minus itself is 0."""
    if u is v and (isinstance(u, Ray) or is_ball(u)):
        return ZERO
    return add(u, negative(v))


def multiply(u: Number, v: Number) -> Number:
    """Return u * v."""
    if type(u) is arb and type(v) is arb:
        result = u * v
        return result if result.is_finite() else _of_infinities(result, u, v)
    if u is UNDEFINED or v is UNDEFINED:
        return UNDEFINED
    if not isinstance(u, Ray):
        u, v = v, u
    assert isinstance(u, Ray)
    sign = certain_sign(v)
    if isinstance(v, Ray):
        return Ray(u.sign * sign, u.least * v.least)
    if v.is_zero() or is_infinite(v):
        return u.sign * v
    return Ray(u.sign * sign, u.least * abs(v).lower()) if sign and is_ball(v) else UNKNOWN


def divide(u: Number, v: Number) -> Number:
    """Return u / v, undefined where v is 0; a number over itself is 1."""
    if type(u) is arb and type(v) is arb:
        if u is v and u.is_finite() and not u.contains(ZERO):
            return ONE
        if v.is_zero():
            return UNDEFINED
        result = u / v
        return result if result.is_finite() else _of_infinities(result, u, v)
    if u is UNDEFINED or v is UNDEFINED:
        return UNDEFINED
    return ONE if u is v else multiply(u, _reciprocal(v))


def _reciprocal(u: arb | Ray) -> Number:
    if isinstance(u, Ray):
        bound = (1 / u.least).upper()
        return bound.union(ZERO) if u.sign > 0 else (-bound).union(ZERO)
    return UNDEFINED if u.is_zero() else 1 / u


def certain_sign(u: Number) -> int:
    """Return 1 or -1, 0 where neither is certain."""
    if type(u) is arb:
        return 1 if u > 0 else -1 if u < 0 else 0
    return u.sign if isinstance(u, Ray) else 0


def _of_infinities(result: arb, *args: arb) -> Number:
    """Return the result of an operation on infinities; inf - inf and 0*inf are undefined."""
    if is_infinite(result.mid()):  # the sum of inf and a ball has the ball's error bound
        return result.mid()
    certain = all(is_infinite(u) or u.is_finite() for u in args) and any(map(is_infinite, args))
    return (
        UNDEFINED
        if certain and not any(u.is_finite() and not u.is_exact() and u.contains(ZERO) for u in args)
        else UNKNOWN
    )


def is_tiny(u: Number) -> TypeGuard[arb]:
    """Return whether a ball holds 0 and nothing but numbers that are too small for Arb to tell from it."""
    return is_ball(u) and not u.is_exact() and u.contains(ZERO) and abs(u) < _TINY
