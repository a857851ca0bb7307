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

# how steep a row is at most around u, where its value is y
_STEEPEST: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("sin", "cos", "tanh", "atan", "asinh"), lambda _y, _u: libmp.fone),
    "exp": lambda y, _u: y,
    "log": lambda _y, u: _over(libmp.fone, u),
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
        most = _mul(_STEEPEST[node.row.name](y, u), a)
    return None if most is None else mpmath.mp.make_mpf(_add(most, libmp.mpf_shift(most, 4 - _SMALL)))


def _size(raw: Any) -> Any:
    """The binary exponent; -inf of 0."""
    return raw[2] + raw[3] if raw[1] else -float("inf")


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
