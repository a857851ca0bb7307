"""The words for what floats do to a function. Imports nothing heavy: every evaluation names them."""

from enum import StrEnum


class Regime(StrEnum):
    """What may be said of the computed value at a finite point."""

    OK = "ok"
    SATURATED = "saturated"  # equals a constant limit that the exact value, a normal number, does not equal
    VANISHED = "vanished"  # a derivative that is 0 where the exact one is not
    UNDERFLOW = "underflow"  # smaller than the smallest normal number: 0, or short of digits
    MERGED = "merged"  # equals a sloped asymptote
    OVERFLOW = "overflow"  # infinite where the exact value is finite
    INVALID = "invalid"  # nan where the exact value is a number
    UNDEFINED = "undefined"  # the function itself has no value
