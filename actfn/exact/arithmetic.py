"""The table's rows on Arb balls: one operation on numbers with proven error bounds.

A number is a ball (a finite real with an error bound), an exact infinity, a `Ray` (a finite real of which only the sign
and a lower bound of the size are known), UNDEFINED (there certainly is no real value) or UNKNOWN (nothing
is certain at this precision). All operations work in the precision of flint's context.

As in floating point, 0 times infinity and 1/0 are undefined, log(0) is -inf, a condition that is undefined is true, and
a comparison with what is undefined is false.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard

from flint import arb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from actfn.expression.primitives import Primitive


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
_INFINITY = arb.pos_inf()
# Arb computes exp(u) while the exponent of the result is a number of some hundred bits; what is larger is at least this
_LARGE = TWO ** arb(1 << 40)
_TINY = ONE / TWO ** arb(1 << 38)


def _either() -> arb:
    """Return a condition that is not decided; a new object, as one object is one number."""
    return ZERO.union(ONE)


def _bounded_by_one() -> arb:
    """Return a number from -1 to 1, a new object."""
    return ONE.union(-ONE)


def is_ball(u: Number | None) -> TypeGuard[arb]:
    """Whether the number is a finite real with a finite error bound."""
    return type(u) is arb and u.is_finite()


def is_infinite(u: Number) -> TypeGuard[arb]:
    """Whether the number is exactly inf or -inf."""
    return type(u) is arb and not u.is_finite() and u.is_exact() and not u.is_nan()


def is_unknown(u: Number) -> TypeGuard[arb]:
    """Whether nothing is certain about the number."""
    return type(u) is arb and not u.is_finite() and not is_infinite(u)


# Deciding


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


def _comparison(test: Callable[[int, int], bool], unordered: bool = False) -> Rule:
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


def _negated(u: Number) -> Number:
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


def _extreme(better: int) -> Rule:
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


def _absolute(u: Number) -> Number:
    signs = order(u, ZERO)
    if -1 not in signs:
        return u
    return negative(u) if 1 not in signs else abs(u) if type(u) is arb else u


def _sign(u: Number) -> Number:
    signs = order(u, ZERO)
    if not signs:
        return UNDEFINED
    return UNKNOWN if is_unknown(u) else arb(min(signs)).union(arb(max(signs)))


def _step(u: Number, threshold: Number) -> Number:
    signs = order(u, threshold)
    if not signs:
        return UNDEFINED
    return UNKNOWN if is_unknown(u) or is_unknown(threshold) else _joined([sign >= 0 for sign in signs])


def _whole(function: Callable[[arb], arb]) -> Rule:
    def rule(u: Number) -> Number:
        if isinstance(u, Ray):
            return Ray(u.sign, u.least - 1)
        return function(u) if is_ball(u) else u

    return rule


def _nearest(u: arb) -> arb:
    """Return the nearest whole number, of two the even one."""
    above = (u + arb(0.5)).floor()
    tie = u + arb(0.5)
    if tie.is_exact() and tie.is_integer():
        return above - 2 * (above / 2 - (above / 2).floor())
    return above


# Arithmetic


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
    sign = _certain_sign(v)
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


def _certain_sign(u: Number) -> int:
    """Return 1 or -1, 0 where neither is certain."""
    if type(u) is arb:
        return 1 if u > 0 else -1 if u < 0 else 0
    return u.sign if isinstance(u, Ray) else 0


def _of_infinities(result: arb, *args: arb) -> Number:
    """Return the result of an operation on infinities; inf - inf and 0*inf are undefined."""
    if is_infinite(result):
        return result
    certain = all(is_infinite(u) or u.is_finite() for u in args) and any(map(is_infinite, args))
    return (
        UNDEFINED
        if certain and not any(u.is_finite() and not u.is_exact() and u.contains(ZERO) for u in args)
        else UNKNOWN
    )


def power(u: Number, v: Number) -> Number:
    """Return u ** v; undefined for a negative base unless the exponent is whole, and for 0 to a negative power."""
    if type(v) is arb and v.is_zero():
        return ONE
    if u is UNDEFINED or v is UNDEFINED:
        return UNDEFINED
    if is_unknown(u) or is_unknown(v):
        return UNKNOWN
    if is_ball(u) and is_ball(v):
        if u.is_zero():
            return ZERO if v > 0 else UNDEFINED if v < 0 else UNKNOWN
        result = u**v
        if result.is_finite():
            return result
    if is_infinite(v):
        return _infinite_power(u, v)
    sign = _certain_sign(u)
    if sign < 0:
        return _power_of_negative(u, v)
    return exponential(multiply(v, logarithm(u))) if sign else UNKNOWN


def _power_of_negative(u: Number, v: Number) -> Number:
    if type(v) is not arb or not v.is_exact():
        return UNDEFINED if is_ball(v) and not v.contains_integer() else UNKNOWN
    if not v.is_integer():
        return UNDEFINED
    size = exponential(multiply(v, logarithm(negative(u))))
    half = v / 2
    return size if half.is_exact() and half.is_integer() else negative(size)


def _infinite_power(u: Number, v: Number) -> Number:
    if _certain_sign(u) < 0:
        return UNDEFINED
    signs = order(u, ONE)
    if signs == (0,):
        return ONE
    if len(signs) > 1 or is_unknown(u):
        return UNKNOWN
    grows = (signs == (1,)) == (_certain_sign(v) > 0)
    return _INFINITY if grows else ZERO


def _remainder(u: Number, v: Number) -> Number:
    """Return u - v*floor(u/v), which has the sign of v."""
    if is_infinite(v) and is_ball(u):
        signs = order(u, ZERO)
        same = [sign * _certain_sign(v) >= 0 for sign in signs]
        return u if all(same) else v if not any(same) else UNKNOWN
    if is_infinite(u) or is_infinite(v):
        return UNDEFINED
    return subtract(u, multiply(v, COUNTERPARTS["floor"](divide(u, v))))


def _hypotenuse(u: Number, v: Number) -> Number:
    return _root(add(multiply(u, u), multiply(v, v)))


def _angle(u: Number, v: Number) -> Number:
    """Return the angle of the point (v, u): atan2."""
    if is_ball(u) and is_ball(v):
        return arb.atan2(u, v)
    if u is UNDEFINED or v is UNDEFINED or (is_infinite(u) and is_infinite(v)):
        return UNDEFINED
    if _certain_sign(v) > 0:
        return _arctangent(divide(u, v))
    sign = _certain_sign(u)
    if not sign:
        return UNKNOWN
    return subtract(arb.pi() * sign / 2, _arctangent(divide(v, u)))


# Functions of one number


@dataclass(frozen=True)
class _Monotone:
    """The rule of a row that is monotone far out.

    Attributes:
        function: its counterpart on balls.
        ends: the limits towards -inf and inf.
        domain: the closed interval outside of which it is undefined.
        borders: its values at the ends of the domain, where Arb has none.
        overflow: the sign of results too large for Arb, for negative and positive arguments; 0 where there are none.
    """

    function: Callable[[arb], arb]
    ends: tuple[Callable[[], Number], Callable[[], Number]]
    domain: tuple[float, float] = (-inf, inf)
    borders: tuple[float, float] | None = None
    overflow: tuple[int, int] = (0, 0)

    def __call__(self, u: Number) -> Number:
        if type(u) is not arb:
            return self._of_ray(u) if isinstance(u, Ray) else UNDEFINED
        result = self.function(u)
        if result.is_finite():
            return result
        if is_infinite(u):
            return self.ends[u > 0]()
        return self._without_ball(u) if u.is_finite() else UNKNOWN

    def _without_ball(self, u: arb) -> Number:
        """Return what is certain where Arb's function has no finite ball."""
        low, high = map(arb, self.domain)
        if u < low or u > high:
            return UNDEFINED
        if self.borders and u in (low, high):
            return arb(self.borders[u == high])
        sign = self.overflow[u > 0] if _certain_sign(u) else 0
        return Ray(sign, _LARGE) if sign else UNKNOWN

    def _of_ray(self, u: Ray) -> Number:
        end, first = self.ends[u.sign > 0](), self(u.sign * u.least.lower())
        if end is UNDEFINED:
            return UNDEFINED if first is UNDEFINED else UNKNOWN
        if is_ball(end):
            return union(first, end)
        if isinstance(first, Ray):
            return first
        size = (_certain_sign(end) * first).lower() if is_ball(first) else ZERO
        return Ray(_certain_sign(end), size) if size > 0 else UNKNOWN


def _constant(value: Number) -> Callable[[], Number]:
    return lambda: value


def _limits(left: float | None, right: float | None) -> tuple[Callable[[], Number], Callable[[], Number]]:
    """Return the limits towards -inf and inf; None stands for a domain that ends before."""
    first, last = (UNDEFINED if end is None else arb(end) for end in (left, right))
    return _constant(first), _constant(last)


def _oscillation(function: Callable[[arb], arb], bound: Callable[[], arb], limit: Number = UNDEFINED) -> Rule:
    """Return the rule of a row that oscillates; far out nothing but a bound is known of it."""

    def rule(u: Number) -> Number:
        if type(u) is not arb:
            return bound() if isinstance(u, Ray) else UNDEFINED
        if is_infinite(u):
            return limit
        result = function(u)
        return result if result.is_finite() and u.is_finite() else UNKNOWN

    return rule


def _cube_root(u: arb) -> arb:
    return ZERO if u.is_zero() else u.root(3) if u > 0 else -((-u).root(3)) if u < 0 else UNKNOWN


def _quarter_turn(sign: int) -> Callable[[], Number]:
    return lambda: sign * arb.pi() / 2


exponential = _Monotone(arb.exp, _limits(0, inf), overflow=(0, 1))
logarithm = _Monotone(arb.log, _limits(None, inf), (0, inf), (-inf, inf))
_root = _Monotone(arb.sqrt, _limits(None, inf), (0, inf))
_arctangent = _Monotone(arb.atan, (_quarter_turn(-1), _quarter_turn(1)))

COUNTERPARTS: dict[str, Rule] = {
    "pi": arb.pi,
    "e": arb.const_e,
    "or": lambda u, v: choose(u, u, v),
    "and": lambda u, v: choose(u, v, u),
    "not": _negated,
    "less": _comparison(operator.lt),
    "less_equal": _comparison(operator.le),
    "greater": _comparison(operator.gt),
    "greater_equal": _comparison(operator.ge),
    "equal": _comparison(operator.eq),
    "not_equal": _comparison(operator.ne, unordered=True),
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "remainder": _remainder,
    "negative": negative,
    "power": power,
    "where": choose,
    "maximum": _extreme(1),
    "minimum": _extreme(-1),
    "absolute": _absolute,
    "sign": _sign,
    "step": _step,
    "floor": _whole(arb.floor),
    "ceil": _whole(arb.ceil),
    "nearest": _whole(_nearest),
    "exp": exponential,
    "expm1": _Monotone(arb.expm1, _limits(-1, inf), overflow=(0, 1)),
    "log": logarithm,
    "log2": _Monotone(lambda u: u.log() / arb.const_log2(), _limits(None, inf), (0, inf), (-inf, inf)),
    "log10": _Monotone(lambda u: u.log() / arb.const_log10(), _limits(None, inf), (0, inf), (-inf, inf)),
    "log1p": _Monotone(arb.log1p, _limits(None, inf), (-1, inf), (-inf, inf)),
    "sqrt": _root,
    "cbrt": _Monotone(_cube_root, _limits(-inf, inf)),
    "hypot": _hypotenuse,
    "sin": _oscillation(arb.sin, _bounded_by_one),
    "cos": _oscillation(arb.cos, _bounded_by_one),
    "tan": _oscillation(arb.tan, arb.nan),
    "sinc": _oscillation(arb.sinc_pi, _bounded_by_one, ZERO),
    "asin": _Monotone(arb.asin, _limits(None, None), (-1, 1)),
    "acos": _Monotone(arb.acos, _limits(None, None), (-1, 1)),
    "atan": _arctangent,
    "atan2": _angle,
    "sinh": _Monotone(arb.sinh, _limits(-inf, inf), overflow=(-1, 1)),
    "cosh": _Monotone(arb.cosh, _limits(inf, inf), overflow=(1, 1)),
    "tanh": _Monotone(arb.tanh, _limits(-1, 1)),
    "sech": _Monotone(arb.sech, _limits(0, 0)),
    "asinh": _Monotone(arb.asinh, _limits(-inf, inf)),
    "acosh": _Monotone(arb.acosh, _limits(None, inf), (1, inf)),
    "atanh": _Monotone(arb.atanh, _limits(None, None), (-1, 1), (-inf, inf)),
    "erf": _Monotone(arb.erf, _limits(-1, 1)),
    "erfc": _Monotone(arb.erfc, _limits(2, 0)),
}


def counterpart(row: Primitive) -> Rule:
    """Return the rule that computes a basic row on numbers."""
    return COUNTERPARTS[row.exact]


def is_tiny(u: Number) -> TypeGuard[arb]:
    """Return whether a ball holds 0 and nothing but numbers that are too small for Arb to tell from it."""
    return is_ball(u) and not u.is_exact() and u.contains(ZERO) and abs(u) < _TINY
