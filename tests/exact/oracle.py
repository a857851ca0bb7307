"""Limits by mpmath, with no part of the package but the parser and the definitions of composite rows.

A formula is evaluated very near the point with hundreds of digits, and differentiated by finite differences. As in the
package, a condition without a value is true, and a comparison with what has no value is false.
"""

from fractions import Fraction
from math import comb

import mpmath

from actfn.expression.primitives import INFIX
from actfn.expression.rules import definition, replaced
from actfn.expression.tree import Apply, Number, fold

DIGITS = 450
STEPS = (mpmath.mpf(10) ** -20, mpmath.mpf(10) ** -40)  # the distances from a point
FINE = mpmath.mpf(10) ** -15  # of such a distance, the step of finite differences
FAR = (mpmath.mpf(10) ** 4 + mpmath.mpf("0.3"), mpmath.mpf(10) ** 6 + mpmath.mpf("0.3"))  # what stands for infinity
# the same where more digits show what is small there, and a break that is very near
LESS_FAR, NEARER = (mpmath.mpf("12.3"), mpmath.mpf("24.6")), (mpmath.mpf(10) ** -300, mpmath.mpf(10) ** -550)
WHOLE = mpmath.mpf(10) ** 1000  # argument that mpmath still reduces
LARGEST = mpmath.mpf(10) ** 50  # exponent of which mpmath still takes the exponential in a short time
mp = mpmath.mp


def _truth(test):
    return lambda u, v: mpmath.mpf(int(test(u, v)))


capped = set()  # rows of whose results a disagreement says nothing: they were replaced by limits, or oscillate


def _far(name, function, bound=LARGEST, left=mp.nan, right=mp.nan):
    """A function of mpmath, and its limits where its argument is too large."""

    def rule(u):
        if abs(u) < bound:
            return function(u)
        if not mp.isinf(u):
            capped.add(name)
        return left if u < 0 else right

    return rule


def _sinc(u):
    if abs(u) > 1:  # it tends to 0 without getting nearer at each step
        capped.add("sinc")
    return mp.sincpi(u) if abs(u) < WHOLE else mp.zero


_exp = _far("exp", mp.exp, LARGEST, mp.zero, mp.inf)


def _power(u, v):
    if u == 0:
        return mp.nan if v < 0 else u**v
    if abs(v) > 100 and abs(v * mp.log(abs(u))) > LARGEST:
        return mp.nan if u < 0 else _exp(v * mp.log(u))
    return u**v


def _remainder(u, v):
    if mp.isinf(v):
        return mp.nan if mp.isinf(u) else u if mp.sign(u) * mp.sign(v) >= 0 else v
    return u - v * ROWS["floor(u)"](u / v)


ROWS = {
    "pi": lambda: +mp.pi,
    "e": lambda: mp.e + 0,
    "u or v": lambda u, v: u or v,
    "u and v": lambda u, v: v if u else u,
    "not u": lambda u: mp.mpf(not u),
    "u < v": _truth(lambda u, v: u < v),
    "u <= v": _truth(lambda u, v: u <= v),
    "u > v": _truth(lambda u, v: u > v),
    "u >= v": _truth(lambda u, v: u >= v),
    "u == v": _truth(lambda u, v: u == v),
    "u != v": _truth(lambda u, v: u != v),
    "u + v": lambda u, v: u + v,
    "u - v": lambda u, v: u - v,
    "u * v": lambda u, v: u * v,
    "u / v": lambda u, v: u / v,
    "u % v": _remainder,
    "-u": lambda u: -u,
    "u ** v": _power,
    "exp(u)": _exp,
    "expm1(u)": lambda u: _exp(u) - 1,
    "log(u)": mp.log,
    "log1p(u)": lambda u: mp.log(1 + u),
    "log2(u)": lambda u: mp.log(u) / mp.log(2),
    "log10(u)": lambda u: mp.log(u) / mp.log(10),
    "sqrt(u)": mp.sqrt,
    "cbrt(u)": lambda u: mp.sign(u) * mp.cbrt(abs(u)),
    "hypot(u, v)": lambda u, v: mp.sqrt(u * u + v * v),
    "where(u, v, w)": lambda u, v, w: v if u else w,
    "max(u, v)": max,
    "min(u, v)": min,
    "abs(u)": abs,
    "sign(u)": mp.sign,
    "step(u, threshold=0.0)": lambda u, v: mp.mpf(u >= v),
    "floor(u)": _far("floor", mp.floor, WHOLE, mp.ninf, mp.inf),
    "ceil(u)": _far("ceil", mp.ceil, WHOLE, mp.ninf, mp.inf),
    "round(u)": _far("round", mp.nint, WHOLE, mp.ninf, mp.inf),
    "sin(u)": _far("sin", mp.sin, WHOLE),
    "cos(u)": _far("cos", mp.cos, WHOLE),
    "tan(u)": _far("tan", mp.tan, WHOLE),
    "sinc(u)": _sinc,
    "asin(u)": mp.asin,
    "acos(u)": mp.acos,
    "atan(u)": mp.atan,
    "atan2(u, v)": mp.atan2,
    "sinh(u)": lambda u: (_exp(u) - _exp(-u)) / 2,
    "cosh(u)": lambda u: (_exp(u) + _exp(-u)) / 2,
    "tanh(u)": _far("tanh", mp.tanh, LARGEST, -mp.one, mp.one),
    "sech(u)": lambda u: 2 / (_exp(u) + _exp(-u)),
    "asinh(u)": mp.asinh,
    "acosh(u)": mp.acosh,
    "atanh(u)": mp.atanh,
    "erf(u)": _far("erf", mp.erf, LARGEST, -mp.one, mp.one),
    "erfc(u)": _far("erfc", mp.erfc, LARGEST, 2 * mp.one, mp.zero),
}
LENIENT = {name for name, row in INFIX.items() if row.operator.chains} | {"and", "or", "not", "where"}


def written_out(tree):
    """The tree with rows that mpmath does not have replaced by their textbook definitions."""
    return replaced(tree, lambda row: None if row.signature in ROWS else definition(row))


def value(tree, x):
    """The formula at x in the precision of mpmath; nan where it is not real."""

    def visit(node, args):
        if isinstance(node, Number):
            return mp.mpf(node.value)
        if not isinstance(node, Apply):
            return x
        rule = ROWS[node.row.signature]
        if node.row is INFIX["**"] and mp.isnan(args[0]) and args[1] == 0:  # 1 in floats
            capped.add("**")
        if node.row.name not in LENIENT and any(map(mp.isnan, args)):
            return mp.nan
        try:
            found = rule(*args)
        except (ZeroDivisionError, ValueError, OverflowError):
            return mp.nan
        if mp.isnan(found) and any(map(mp.isinf, args)):
            capped.add("inf")  # a named function has its limit there, and its textbook formula none
        return mp.nan if isinstance(found, mpmath.mpc) else found

    return fold(tree, visit)


def beside(tree, x, order, step):
    """The derivative of an order at x, by central differences; nan where there is none."""
    values = [value(tree, x + (k - mp.mpf(order) / 2) * step) for k in range(order + 1)]
    if order and all(map(mp.isinf, values)):
        capped.add("inf")  # the slope of an infinite constant is what one says it is
    if any(mp.isnan(v) for v in values):
        return mp.nan
    return mp.fsum((-1) ** (order - k) * comb(order, k) * v for k, v in enumerate(values)) / step**order


def approached(tree, at, side, order, digits=DIGITS):
    """Two values of a derivative, at a point near `at` and at one that is nearer."""
    tree = written_out(tree)
    steps = STEPS if digits <= DIGITS else NEARER
    with mp.workdps(digits):
        if isinstance(at, float) and mp.isinf(at):
            ends = FAR if digits <= DIGITS else LESS_FAR
            return [beside(tree, mp.sign(at) * far, order, mp.mpf(10) ** -40) for far in ends]
        at = (
            value(at, mp.nan)
            if isinstance(at, Apply)
            else mp.mpf(at.numerator) / at.denominator
            if isinstance(at, Fraction)
            else mp.mpf(at)
        )
        return [beside(tree, at + side * step, order, step * FINE) for step in steps]


def agrees(limit, near, nearer):
    """Whether a certified limit can be that of two values on the way to it; None where these do not tell."""
    with mp.workdps(DIGITS):
        if limit.status == "undefined":
            return bool(mp.isnan(nearer))
        if mp.isnan(nearer) or mp.isnan(near):
            return None if limit.status == "unresolved" else False
        if limit.status == "unresolved":
            return None
        if limit.status == "infinite":
            grows = mp.isinf(nearer) or abs(nearer) > mp.mpf("1.2") * abs(near)
            return bool(mp.sign(nearer) == limit.sign and grows)
        expected = mp.mpf(limit.number.ball.mid().str(40, radius=False))
        error, before = abs(nearer - expected), abs(near - expected)
        small = error <= mp.mpf(10) ** -9 * max(1, abs(expected))
        return bool(small or error < mp.mpf("0.75") * before)
