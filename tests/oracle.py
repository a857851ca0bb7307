"""An independent oracle: a tree evaluated by mpmath, node by node, with the textbook definitions of composite rows."""

import operator

from mpmath import mp

from actfn.expression import rules
from actfn.expression.tree import Apply, Variable, fold


def _power(u, v):
    if u == 0 and v < 0:
        return mp.nan
    return mp.power(u, v)


def _remainder(u, v):
    if mp.isinf(v):
        return mp.nan if mp.isinf(u) or mp.isnan(u) else u if u * mp.sign(v) >= 0 else v
    with mp.extraprec(2 * abs(mp.mag(u) - mp.mag(v)) if u and mp.isfinite(u) else 0):
        return u - v * mp.floor(u / v)


def _extreme(choose):
    return lambda u, v: u if mp.isnan(u) else v if mp.isnan(v) else choose(u, v)


def _compared(test):
    return lambda u, v: mp.mpf(int(test(u, v)))


def _far(at_most, function, left, right):
    """mpmath's function, and its limits beyond what mpmath computes in a reasonable time."""
    return lambda u: function(u) if mp.isnan(u) or abs(u) < at_most else mp.mpf(left if u < 0 else right)


def _oscillating(function):
    return lambda u: function(u) if mp.isnan(u) or abs(u) < mp.mpf(10) ** 1000 else mp.nan


BY_NAME = {
    "pi": lambda: +mp.pi,
    "e": lambda: +mp.e,
    "or": lambda u, v: u or v,
    "and": lambda u, v: v if u else u,
    "not": lambda u: mp.mpf(not u),
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
    "==": _compared(operator.eq),
    "!=": _compared(operator.ne),
    "+": operator.add,
    "*": operator.mul,
    "/": operator.truediv,
    "%": _remainder,
    "**": _power,
    "exp": _far(1e9, mp.exp, 0, "inf"),
    "expm1": _far(1e9, mp.expm1, -1, "inf"),
    "log": mp.log,
    "log1p": mp.log1p,
    "log2": lambda u: mp.log(u) / mp.log(2),
    "log10": mp.log10,
    "sqrt": mp.sqrt,
    "cbrt": lambda u: mp.sign(u) * mp.cbrt(abs(u)),
    "hypot": mp.hypot,
    "where": lambda u, v, w: v if u else w,
    "max": _extreme(max),
    "min": _extreme(min),
    "abs": abs,
    "sign": mp.sign,
    "step": lambda u, threshold: u if mp.isnan(u) else mp.mpf(u >= threshold),
    "floor": mp.floor,
    "ceil": mp.ceil,
    "round": mp.nint,
    "sin": _oscillating(mp.sin),
    "cos": _oscillating(mp.cos),
    "tan": _oscillating(mp.tan),
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "atan2": mp.atan2,
    "sinh": _far(1e9, mp.sinh, "-inf", "inf"),
    "cosh": _far(1e9, mp.cosh, "inf", "inf"),
    "tanh": _far(1e9, mp.tanh, -1, 1),
    "sech": _far(1e9, mp.sech, 0, 0),
    "sinc": _oscillating(mp.sincpi),
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "erf": _far(1e5, mp.erf, -1, 1),
    "erfc": _far(1e5, mp.erfc, 2, 0),
}


def by_mpmath(tree, values, bits):
    """The value of a tree with every operation carried out to `bits` bits; nan where there is no real value."""
    return computed(written_out(tree), values, bits)


def written_out(tree):
    """The tree with composite rows replaced by their textbook definitions."""
    return rules.replaced(tree, lambda row: None if row.name in BY_NAME or row.name == "-" else rules.definition(row))


def computed(tree, values, bits):
    """The same for a tree that is written out."""

    def visit(node, args):
        if not isinstance(node, Apply):
            return mp.mpf(values[node.name]) if isinstance(node, Variable) else mp.mpf(node.value)
        if node.row.name == "-":
            return -args[0] if len(args) == 1 else args[0] - args[1]
        try:
            result = mp.convert(BY_NAME[node.row.name](*args))
        except (ZeroDivisionError, ValueError, OverflowError, mp.NoConvergence):
            return mp.nan
        return mp.nan if isinstance(result, mp.mpc) else result

    with mp.workprec(bits):
        return fold(tree, visit)


def number(exact):
    """An exact value of the package as a number of mpmath, with all its digits."""
    with mp.workdps(exact.digits + 10):
        return mp.mpf(exact.text)
