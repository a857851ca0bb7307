"""Powers of mpmath numbers whose exponents are astronomical."""

from typing import Any

import mpmath

_BOUND = 40
BOUNDED = 1 << _BOUND  # binary exponents beyond this are infinite or 0: exp(exp(exp(9))) would fill the memory
_MOST_WHOLE = 1 << 17  # bits: a number of more of them has more digits than any precision here, and is even
_USUAL = 64  # bits of an exponent


def far_power(base: Any, exponent: Any) -> Any:
    """base**exponent by the logarithm, where mpmath would multiply for ages; infinite or 0 beyond the bound.

    None where both are of a usual size, nan where there is no real value.
    """
    if _is_usual(base._mpf_, exponent._mpf_):
        return None
    mp = mpmath.mp
    # here and below: before mpmath takes a complex logarithm
    if mp.isnan(exponent) or (mp.isnan(base) and exponent) or (base < 0 and mp.isinf(exponent)):
        return mp.nan
    if mp.isfinite(exponent) and mp.mag(exponent) > _MOST_WHOLE and (base == 0 or mp.isinf(base)):
        grows = (base == 0) == (exponent < 0)
        return (mp.nan if base == 0 else mp.inf) if grows else mp.zero  # as mpmath has them for smaller exponents
    if not (mp.isfinite(base) and mp.isfinite(exponent) and base and exponent):
        return None
    if base < 0 and not mp.isint(exponent):
        return mp.nan
    size_of_base = mp.fneg(base, exact=True) if base < 0 else base  # abs rounds, to 1 what is nearly 1
    with mp.workprec(53):
        size = exponent * mp.log(size_of_base, 2)
    far = abs(size) > BOUNDED
    if not far and mp.mag(exponent) <= _USUAL:
        return None
    if far:
        result = mp.inf if size > 0 else mp.zero
    else:
        with mp.workprec(mp.prec + 64):
            result = mp.exp(exponent * mp.log(size_of_base))
    odd = base < 0 and mp.mag(exponent) <= _MOST_WHOLE and int(exponent) % 2
    return -result if odd else +result


def _is_usual(base: Any, exponent: Any) -> bool:
    """Whether neither these raw numbers nor the power itself, of a positive base or a whole exponent, are far out."""
    (negative, mantissa, scale, bits), (_, its_mantissa, its_scale, its_bits) = base, exponent
    if not (mantissa and its_mantissa) or (negative and its_scale < 0):  # 0, infinite, nan; an odd mantissa's fraction
        return False
    # |exponent| < 2**at_most, and |log2(base)| is at most one more than its binary exponent
    at_most = its_scale + its_bits
    return bool(at_most <= _USUAL and at_most + abs(scale + bits).bit_length() <= _BOUND)
