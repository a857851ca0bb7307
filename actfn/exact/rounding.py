"""Certified numbers as decimal text, as numbers of a float format, and as errors in units of its spacing."""

from __future__ import annotations

from math import inf, ldexp, nan
from typing import TYPE_CHECKING

from flint import arb, ctx, fmpz

from actfn.exact.arithmetic import UNDEFINED, Number, Ray, is_ball, is_infinite
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from decimal import Decimal

    from actfn.numerics.formats import Format

_GUARD_DIGITS = 3
_GUARD_BITS = 128
_LONGEST_EXPONENT = 10**18  # a number whose decimal exponent has more digits is written as a power of ten
_SMALLEST, _LARGEST = "1E-999999999999999999", "1E+999999999999999999"  # powers of ten that a Decimal can be
_LEAST_FIXED = -5  # decimal exponent from which on a small number is written without one


def text(number: Number, digits: int) -> str:
    """Return a number to so many significant digits, without trailing zeros."""
    if not is_ball(number):
        return f"{float(number)!r}" if is_infinite(number) else "nan"
    middle, _, exponent = number.mid_rad_10exp(digits + _GUARD_DIGITS)
    return _decimal_text(str(middle), exponent, digits)


def brief(number: Number, digits: int) -> str:
    """Return the same for people: a power of ten where the exponent has more digits than anybody reads."""
    if is_ball(number) and abs(number.mid_rad_10exp(1)[2]) > _LONGEST_EXPONENT:
        return f"{'-' if number < 0 else ''}10**({text(_exponent(number), digits)})"
    return text(number, digits)


def _exponent(number: arb) -> arb:
    """Return the decimal logarithm of the size of a number."""
    return abs(number).log() / arb.const_log10()


def _decimal_text(middle: str, exponent: fmpz | int, digits: int) -> str:
    """Return middle * 10**exponent, rounded to so many digits."""
    sign, middle = ("-", middle[1:]) if middle.startswith("-") else ("", middle)
    if middle == "0":
        return "0.0"
    exponent += len(middle) - 1  # of the first digit
    if len(middle) > digits:
        up = middle[digits] >= "5"
        middle = middle[:digits]
        if up:
            kept = middle.rstrip("9")
            middle = kept[:-1] + str(int(kept[-1]) + 1) if kept else "1"
            exponent += not kept
    if min(-(digits // 3), _LEAST_FIXED) < exponent < digits:
        near = int(exponent)
        middle = "0" * -near + middle if near < 0 else middle.ljust(near + 1, "0")
        point, suffix = max(near, 0) + 1, ""
    else:
        point, suffix = 1, f"e{'+' if exponent >= 0 else ''}{exponent}"
    return f"{sign}{middle[:point]}.{middle[point:].rstrip('0') or '0'}{suffix}"


def upper_bound(number: Number) -> str:
    """Return an upper bound of the size of a number to two digits; `inf` where none is known."""
    if not is_ball(number):
        return "inf"
    size = number.abs_upper()
    if abs(size.mid_rad_10exp(1)[2]) > _LONGEST_EXPONENT:
        return f"10**({_rounded_up(_exponent(size))})"
    return _rounded_up(size)


def _rounded_up(number: arb) -> str:
    """Return a number of two digits that is not below another."""
    middle, radius, exponent = number.mid_rad_10exp(2 + _GUARD_DIGITS)
    most = int(middle) + int(radius)
    drop = 10 ** max(len(str(abs(most))) - 2, 0)
    return _decimal_text(str(-(-most // drop) * drop), exponent, 2)


def decimal(number: Number, digits: int, side: int) -> Decimal:
    """Return a decimal number of some more digits that a number is not below, or above for a `side` of 1.

    Raises:
        ValueError: there is no value.
    """
    from decimal import Decimal

    if number is UNDEFINED:
        message = "an undefined value has no bounds"
        raise ValueError(message)
    if is_ball(number):
        middle, radius, exponent = number.mid_rad_10exp(digits + _GUARD_DIGITS)
        most = middle + side * radius
        if not most:
            return Decimal(0)
        try:
            return Decimal(f"{most}E{exponent}")
        except ArithmeticError:  # an exponent of more than 18 digits
            away, towards = ("Infinity", _LARGEST) if exponent > 0 else (_SMALLEST, "0")
            return Decimal(f"{'-' if most < 0 else ''}{away if side * most > 0 else towards}")
    if is_infinite(number):
        return Decimal(float(number))
    if isinstance(number, Ray) and number.sign != side:
        return decimal(number.sign * number.least, digits, side)
    return Decimal(side) * Decimal("Infinity")


def rounded(number: Number, form: Format) -> float | None:
    """Return a number rounded into a format, ties to even; nan if undefined, None where that is not certain."""
    if number is UNDEFINED:
        return nan
    if isinstance(number, Ray):
        return number.sign * _too_large(form) if number.least > arb(form.max) * 2 else None
    if is_infinite(number):
        return float(number)
    if not is_ball(number):
        return None
    low, high = (_rounded(end, form) for end in _ends(number))
    return high if low == high or (low != low and high != high) else None  # noqa: PLR0124


def middle(number: Number) -> float | None:
    """Return the middle of a ball rounded to a float64; None for another number."""
    return _rounded(number.mid(), FLOAT64) if is_ball(number) else None


def _ends(ball: arb) -> tuple[arb, arb]:
    """Return the ends of a ball; of an exact one these are exact."""
    with ctx.workprec(int(ball.mid().bits()) + _GUARD_BITS):
        return ball.lower(), ball.upper()


def _too_large(form: Format) -> float:
    return inf if form.has_infinity else nan


def _rounded(exact: arb, form: Format) -> float:
    """Return an exact number rounded into a format."""
    mantissa, exponent = map(int, exact.man_exp())
    if not mantissa:
        return 0.0
    sign, mantissa = (-1, -mantissa) if mantissa < 0 else (1, mantissa)
    top = mantissa.bit_length() + exponent - 1
    last = max(top, form.min_exponent) - form.precision + 1  # exponent of the spacing there
    if top > _binary_exponent(form.max) + 1:
        return sign * _too_large(form)
    shift = last - exponent
    if shift > mantissa.bit_length() + 1:
        return sign * 0.0
    if shift <= 0:
        whole = mantissa << -shift
    else:
        whole, rest = mantissa >> shift, mantissa & ((1 << shift) - 1)
        half = 1 << (shift - 1)
        whole += rest > half or (rest == half and whole & 1)
    result = _scaled(whole, last)
    return sign * (result if result <= form.max else _too_large(form))


def _scaled(whole: int, exponent: int) -> float:
    try:
        return ldexp(whole, exponent)
    except OverflowError:
        return inf


def _binary_exponent(size: float) -> int:
    from math import frexp

    return frexp(size)[1] - 1


def ulp_error(computed: float, number: Number, form: Format) -> float:
    """Return how far a computed number of a format is from an exact one, in spacings of the format there."""
    if number is UNDEFINED or computed != computed:  # noqa: PLR0124 - nan
        return 0.0 if number is UNDEFINED and computed != computed else inf  # noqa: PLR0124
    if is_infinite(number):
        return 0.0 if computed == float(number) else inf
    if not is_ball(number):
        overflows = isinstance(number, Ray) and computed == number.sign * inf
        return 0.0 if overflows else inf
    if computed in (inf, -inf):
        return 0.0 if _rounded(number.mid(), form) == computed else inf
    mantissa, exponent = map(int, number.mid().man_exp())
    top = mantissa.bit_length() + exponent - 1 if mantissa else form.min_exponent
    spacing = max(top, form.min_exponent) - form.precision + 1
    return _size((arb(computed) - number) * arb(2) ** -spacing)


def error(computed: float, number: Number) -> float:
    """Return a computed number minus an exact one."""
    return float((arb(computed) - number).mid()) if is_ball(number) else nan


def relative_error(computed: float, number: Number) -> float:
    """Return how far a computed number is from an exact one, relative to the exact one; infinite from nan or inf."""
    finite = computed - computed == 0  # neither inf nor nan
    if not is_ball(number):
        return 0.0 if finite or number is UNDEFINED or is_infinite(number) else inf
    if not finite:
        return inf
    if number.contains(0):
        return 0.0 if computed == 0 else inf
    return _size((number - arb(computed)) / number)


def _size(error: arb) -> float:
    """Return the size of a number as a float."""
    size = abs(error.mid())
    return inf if size > arb(1e308) else float(size)
