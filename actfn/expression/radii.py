"""How far small radii move the result of a smooth row, by how steep it is: in a third of the time of moving it.

Numbers are those that mpmath has inside, of few bits and rounded upwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mpmath
from mpmath import libmp

from actfn.expression.operations import magnitude

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.expression.tree import Apply

BITS = 30
_SMALL = 10  # binary digits by which what is small is smaller than 1: slopes change by a hundredth at most

# how steep a row is at most around u, where its value is y; None where that is not told
_STEEPEST: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("sin", "cos", "tanh", "atan", "asinh"), lambda _y, _u: libmp.fone),
    "exp": lambda y, _u: y,
    "expm1": lambda y, _u: _add(libmp.mpf_abs(y), libmp.fone),
    "sinh": lambda y, _u: _add(libmp.mpf_abs(y), libmp.fone),
    # |tanh(u)| is neither above 1 nor above |u|
    **dict.fromkeys(("cosh", "sech"), lambda y, u: _mul(y, _at_most_1(u))),
    "logcosh": lambda _y, u: _at_most_1(u),
    # log(1 + t) is at least t/(1 + t): these are themselves at least as large as their slopes
    **dict.fromkeys(("softplus", "log_sigmoid"), lambda y, _u: _at_most_1(y)),
    "log": lambda _y, u: _over(libmp.fone, u),
    "log1p": lambda _y, u: None if u[0] and _size(u) >= 0 else _over(libmp.fone, _add(libmp.fone, u)),
    "sqrt": lambda y, _u: _over(libmp.fhalf, y),
    # of the tails of the normal distribution, Mills' ratio: erfc(u)*(u + sqrt(u*u + 2)) is above -erfc'(u)
    "erf": lambda _y, _u: libmp.ftwo,
    "erfc": lambda y, u: _mul(y, _add(libmp.mpf_shift(libmp.mpf_abs(u), 1), libmp.ftwo)),
    "ndtr": lambda y, u: _mul(y, _add(libmp.mpf_abs(u), libmp.fone)),
}
_STEEPER = ("erfc", "ndtr")  # whose slope changes with u*a
SMOOTH = frozenset([*_STEEPEST, "**"])


def moved(node: Apply, args: list[tuple[Any, Any]], result: Any) -> Any:
    """How much the result of a row of SMOOTH changes within the radii of its arguments; None if that is not told."""
    if not (magnitude(result) is not None and all(map(mpmath.mp.isfinite, (each for arg in args for each in arg)))):
        return None
    y, (u, a), *exponent = result._mpf_, *((middle._mpf_, radius._mpf_) for middle, radius in args)
    size = _size(u)
    if exponent and node.row.name != "**":  # a parameter
        if exponent != [(libmp.fone, libmp.fzero)]:
            return None
        exponent = []
    if not u[1] or _size(a) > min(size, -size if node.row.name in _STEEPER else 0, 0) - _SMALL:
        return None
    if exponent:
        if u[0] and exponent[0][1][1]:  # of a negative number, only whole powers are real
            return None
        # u**v changes by the factor exp(v*log(1 + a/u) + b*log(u))
        relative = _add(
            _mul(_add(libmp.mpf_abs(exponent[0][0]), exponent[0][1]), _over(a, u)), _mul(exponent[0][1], _log(u))
        )
        most = _mul(y, relative) if _size(relative) <= -_SMALL else None
    else:
        steepest = _STEEPEST[node.row.name](y, u)
        most = _mul(steepest, a) if steepest else None
    return None if most is None else mpmath.mp.make_mpf(_add(most, libmp.mpf_shift(most, 4 - _SMALL)))


def _size(raw: Any) -> Any:
    """The binary exponent; -inf of 0."""
    return raw[2] + raw[3] if raw[1] else -float("inf")


def _at_most_1(u: Any) -> Any:
    return libmp.mpf_abs(u) if _size(u) <= 0 else libmp.fone


def _log(u: Any) -> Any:
    """An upper bound of |log(u)| that is not much larger."""
    size = _size(u)
    if size not in (0, 1):
        return libmp.from_int(abs(size) + 1)
    return libmp.mpf_mul(libmp.from_int(2), _add(u, libmp.fnone))


def _mul(u: Any, v: Any) -> Any:
    return libmp.mpf_abs(libmp.mpf_mul(u, v, BITS, "u"))


def _over(u: Any, v: Any) -> Any:
    return libmp.mpf_abs(libmp.mpf_div(u, v, BITS, "u"))


def _add(u: Any, v: Any) -> Any:
    return libmp.mpf_abs(libmp.mpf_add(u, v, BITS, "u"))
