"""The counterparts of the table's basic rows in certified arithmetic: powers, functions of one number, and all by name.

As in floating point, log(0) is -inf. Functions know their limits at infinity, their domains, and where they overflow.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from flint import arb

from actfn.exact import deciding
from actfn.exact.arithmetic import (
    ONE,
    TWO,
    UNDEFINED,
    UNKNOWN,
    ZERO,
    Number,
    Ray,
    Rule,
    add,
    certain_sign,
    divide,
    is_ball,
    is_infinite,
    is_unknown,
    multiply,
    negative,
    subtract,
)
from actfn.exact.deciding import choose, order, union

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.expression.primitives import Primitive

_INFINITY = arb.pos_inf()

# Arb computes exp(u) while the exponent of the result is a number of some hundred bits; what is larger is at least this
_LARGE = TWO ** arb(1 << 40)


def _bounded_by_one() -> arb:
    """Return a number from -1 to 1, a new object."""
    return ONE.union(-ONE)


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
    sign = certain_sign(u)
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
    if certain_sign(u) < 0:
        return UNDEFINED
    signs = order(u, ONE)
    if signs == (0,):
        return ONE
    if len(signs) > 1 or is_unknown(u):
        return UNKNOWN
    grows = (signs == (1,)) == (certain_sign(v) > 0)
    return _INFINITY if grows else ZERO


def _remainder(u: Number, v: Number) -> Number:
    """Return u - v*floor(u/v), which has the sign of v."""
    if is_infinite(v) and is_ball(u):
        signs = order(u, ZERO)
        same = [sign * certain_sign(v) >= 0 for sign in signs]
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
    if certain_sign(v) > 0:
        return _arctangent(divide(u, v))
    sign = certain_sign(u)
    if not sign:
        return UNKNOWN
    return subtract(arb.pi() * sign / 2, _arctangent(divide(v, u)))


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
        sign = self.overflow[u > 0] if certain_sign(u) else 0
        return Ray(sign, _LARGE) if sign else UNKNOWN

    def _of_ray(self, u: Ray) -> Number:
        end, first = self.ends[u.sign > 0](), self(u.sign * u.least.lower())
        if end is UNDEFINED:
            return UNDEFINED if first is UNDEFINED else UNKNOWN
        if is_ball(end):
            return union(first, end)
        if isinstance(first, Ray):
            return first
        size = (certain_sign(end) * first).lower() if is_ball(first) else ZERO
        return Ray(certain_sign(end), size) if size > 0 else UNKNOWN


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
    "not": deciding.negated,
    "less": deciding.comparison(operator.lt),
    "less_equal": deciding.comparison(operator.le),
    "greater": deciding.comparison(operator.gt),
    "greater_equal": deciding.comparison(operator.ge),
    "equal": deciding.comparison(operator.eq),
    "not_equal": deciding.comparison(operator.ne, unordered=True),
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "remainder": _remainder,
    "negative": negative,
    "power": power,
    "where": choose,
    "maximum": deciding.extreme(1),
    "minimum": deciding.extreme(-1),
    "absolute": deciding.absolute,
    "sign": deciding.sign_of,
    "step": deciding.step,
    "floor": deciding.whole(arb.floor),
    "ceil": deciding.whole(arb.ceil),
    "nearest": deciding.whole(deciding.nearest),
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
