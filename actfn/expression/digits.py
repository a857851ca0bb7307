"""A number of mpmath as text."""

from typing import Any

_LONG = 8000  # binary digits of an exponent that is written out as a whole number


def exact_text(value: Any, digits: int) -> str:
    """The text of an mpmath number to so many significant digits, without trailing zeros."""
    import mpmath

    mp = mpmath.mp
    with mp.workdps(digits + 15):
        if not mp.isfinite(value) or abs(mp.mag(value)) < _LONG or not value:
            return str(mp.nstr(value, digits)).removeprefix("+")
        # mpmath writes an exponent of thousands through a whole number of as many digits, which Python refuses
        exponent = int(mp.floor(mp.log10(abs(value))))
        with mp.workprec(mp.prec + 2 * abs(mp.mag(value)).bit_length()):
            mantissa = value / mp.mpf(10) ** exponent
        shown = mp.nstr(mantissa, digits)
        return (
            f"{shown}e{exponent:+d}"
            if abs(mp.mpf(shown)) < 10
            else f"{mp.nstr(mantissa / 10, digits)}e{exponent + 1:+d}"
        )
