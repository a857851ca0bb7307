"""Conditions, comparisons and choices on certified numbers, and the rows that are made of them.

As in floating point, a condition that is undefined is true, and a comparison with what is undefined is false.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import arb

from actfn.exact.arithmetic import (
    ONE,
    UNDEFINED,
    UNKNOWN,
    ZERO,
    Number,
    Ray,
    Rule,
    Undefined,
    is_ball,
    is_infinite,
    is_unknown,
    negative,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _either() -> arb:
    """Return a condition that is not decided; a new object, as one object is one number."""
    return ZERO.union(ONE)


def truth(u: Number) -> bool | None:
    """Return whether the number, taken as a condition, holds; None if that is not decided."""
    if type(u) is not arb:
        return True
    if u.is_zero():
        return False
    return None if is_unknown(u) or u.contains(ZERO) else True


def order(u: Number, v: Number) -> tuple[int, ...]:
    """Return the signs that u - v may have, -1, 0 or 1; none where one of the two is undefined."""
    if u is UNDEFINED or v is UNDEFINED:
        return ()
    if is_unknown(u) or is_unknown(v):
        return (-1, 0, 1)
    if u is v:  # the same part of a formula, hence the same number
        return (0,)
    if isinstance(u, Ray) or isinstance(v, Ray):
        return _order_of_rays(u, v)
    if u > v:
        return (1,)
    if u < v:
        return (-1,)
    if u.is_exact() and v.is_exact():
        return (0,)
    return (0, 1) if u >= v else (-1, 0) if u <= v else (-1, 0, 1)


def _order_of_rays(u: Number, v: Number) -> tuple[int, ...]:
    if not isinstance(u, Ray):
        return tuple(-sign for sign in _order_of_rays(v, u))
    if isinstance(v, Ray):
        return (u.sign,) if u.sign != v.sign else (-1, 0, 1)
    if is_infinite(v):
        return (-1,) if v > 0 else (1,)
    assert not isinstance(v, Undefined)
    end = u.sign * u.least
    certain = end > v if u.sign > 0 else end < v
    return (u.sign,) if certain else (-1, 0, 1)


def comparison(test: Callable[[int, int], bool], unordered: bool = False) -> Rule:
    """Return the rule of a comparison; `unordered` is its answer where an argument is undefined."""

    def rule(u: Number, v: Number) -> Number:
        signs = order(u, v)
        if not signs:
            return ONE if unordered else ZERO
        if len(signs) == 3 and (is_unknown(u) or is_unknown(v)):
            return _either()  # one of the two may be undefined
        return _joined([test(sign, 0) for sign in signs])

    return rule


def _joined(answers: Sequence[bool]) -> arb:
    return ONE if all(answers) else _either() if any(answers) else ZERO


def negated(u: Number) -> Number:
    """Return 1 where a condition does not hold, else 0."""
    holds = truth(u)
    return _either() if holds is None else ZERO if holds else ONE


def choose(condition: Number, chosen: Number, other: Number) -> Number:
    """Return `chosen` where the condition holds, `other` where it does not, what holds for both where that is open."""
    holds = truth(condition)
    if holds is None:
        return union(chosen, other)
    return chosen if holds else other


def union(u: Number, v: Number) -> Number:
    """Return what is certain of a number that is one of the two."""
    if u is v:
        return u
    if isinstance(u, Ray) and isinstance(v, Ray) and u.sign == v.sign:
        return Ray(u.sign, u.least.min(v.least))
    return u.union(v) if is_ball(u) and is_ball(v) else UNKNOWN


def extreme(better: int) -> Rule:
    """Return the rule of the maximum, or of the minimum for a `better` of -1."""

    def rule(u: Number, v: Number) -> Number:
        if u is UNDEFINED or v is UNDEFINED:
            return UNDEFINED
        signs = order(u, v)
        if better not in signs:
            return v
        if -better not in signs:
            return u
        if is_ball(u) and is_ball(v):
            return u.max(v) if better > 0 else u.min(v)
        return union(u, v)

    return rule


def absolute(u: Number) -> Number:
    """Return the size of a number."""
    signs = order(u, ZERO)
    if -1 not in signs:
        return u
    return negative(u) if 1 not in signs else abs(u) if type(u) is arb else u


def sign_of(u: Number) -> Number:
    """Return -1, 0 or 1."""
    signs = order(u, ZERO)
    if not signs:
        return UNDEFINED
    return UNKNOWN if is_unknown(u) else arb(min(signs)).union(arb(max(signs)))


def step(u: Number, threshold: Number) -> Number:
    """Return 1 from the threshold on, 0 below it."""
    signs = order(u, threshold)
    if not signs:
        return UNDEFINED
    return UNKNOWN if is_unknown(u) or is_unknown(threshold) else _joined([sign >= 0 for sign in signs])


def whole(function: Callable[[arb], arb]) -> Rule:
    """Return the rule of a row whose values are whole numbers."""

    def rule(u: Number) -> Number:
        if isinstance(u, Ray):
            return Ray(u.sign, u.least - 1)
        return function(u) if is_ball(u) else u

    return rule


def nearest(u: arb) -> arb:
    """Return the nearest whole number, of two the even one."""
    above = (u + arb(0.5)).floor()
    tie = u + arb(0.5)
    if tie.is_exact() and tie.is_integer():
        return above - 2 * (above / 2 - (above / 2).floor())
    return above
