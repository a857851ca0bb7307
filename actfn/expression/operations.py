"""One operation of the table of primitives on numbers of mpmath, within what it can compute with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mpmath
from mpmath import libmp

from actfn.expression.powers import BOUNDED, far_power

if TYPE_CHECKING:
    from actfn.expression.tree import Apply

BELOW = {"+": libmp.mpf_add, "-": libmp.mpf_sub, "*": libmp.mpf_mul, "/": libmp.mpf_div}  # mpmath's own operators
_REAL_FROM = {"log": 0, "log2": 0, "log10": 0, "sqrt": 0, "log1p": -1}  # below, mpmath computes complex numbers
FAR = 40  # binary exponent of arguments, see `Primitive.far`
_MOST_REDUCED = 1 << 14  # bits: of a larger argument sin takes ages to find what is left beyond the whole turns
_USUAL = 16  # bits of a whole exponent


def operate(node: Apply, args: list[Any]) -> Any:
    """One operation on numbers of mpmath, in its working precision; infinite or 0 beyond what it can compute with."""
    mp = mpmath.mp
    exact = node.row.exact
    if not node.args:
        return +getattr(mp, str(exact))
    if node.row.far != "computed":
        args = [_tamed(node, argument) for argument in args]
    least = _REAL_FROM.get(node.row.name)
    if least is not None and args[0] < least:
        return mp.nan
    if node.row.name == "**" and (result := far_power(*args)) is not None:
        return result
    try:
        result = getattr(mp, exact)(*args) if isinstance(exact, str) else exact(mp, *args)
        if not isinstance(result, mp.mpf):
            result = mp.convert(result)
    except (ZeroDivisionError, ValueError, OverflowError, mp.NoConvergence):
        return mp.nan
    if isinstance(result, mp.mpc):
        return mp.nan
    size = magnitude(result)
    if size is not None and abs(size) > BOUNDED:
        return mp.sign(result) * mp.inf if size > 0 else mp.zero
    return result


def quickly(node: Apply, args: list[Any]) -> Any:
    """The same as `operate`, most operations without its care."""
    operation = BELOW.get(node.row.name) if len(args) == 2 else None
    if operation:
        u, v = (argument._mpf_ for argument in args)
        if v[1] or operation is not libmp.mpf_div:  # a mantissa: neither 0, infinite nor nan
            result = operation(u, v, mpmath.mp.prec, "n")
            if not result[1] or abs(result[2] + result[3]) <= BOUNDED:
                return mpmath.mp.make_mpf(result)
    elif node.row.name == "**" and (power := whole_power(args[0], args[1], mpmath.mp.prec)):
        return power
    return operate(node, args)


def whole_power(base: Any, exponent: Any, bits: int) -> Any:
    """The power to a whole number of a usual size, of a number that is not 0; None where it is not that simple."""
    negative, odd, shift, size = exponent._mpf_
    if not odd or shift < 0 or shift + size > _USUAL or magnitude(base) is None:
        return None
    result = mpmath.mp.make_mpf(libmp.mpf_pow_int(base._mpf_, (-odd if negative else odd) << shift, bits, "n"))
    return result if abs(magnitude(result) or 0) <= BOUNDED else None


def _tamed(node: Apply, argument: Any) -> Any:
    """An argument so large that a function is at its limit there, as infinity; one too large for mpmath, as nan."""
    mp = mpmath.mp
    if node.row.far == "settled" and is_beyond(argument, FAR):
        return mp.sign(argument) * mp.inf
    return mp.nan if is_refused(node, argument) else argument


def is_refused(node: Apply, argument: Any) -> bool:
    """Whether it is too large for mpmath to compute the row of it."""
    return not node.row.far and is_beyond(argument, _MOST_REDUCED)


def is_beyond(number: Any, exponent: int) -> bool:
    """Whether it is finite and has a larger binary exponent."""
    size = magnitude(number)
    return size is not None and size > exponent


def magnitude(number: Any) -> int | None:
    """The binary exponent of an mpmath real, None of 0, nan and infinities: `mag` asks many times what it is given."""
    _, mantissa, exponent, bits = number._mpf_
    return exponent + bits if mantissa else None
