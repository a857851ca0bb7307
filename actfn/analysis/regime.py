"""The words for what floats do to a function. Imports nothing heavy: every evaluation names them."""

from enum import StrEnum
from typing import Self


class Regime(StrEnum):
    """What may be said of the computed value at a finite point: a word, and its meaning."""

    meaning: str

    def __new__(cls, word: str, meaning: str = "") -> Self:
        member = str.__new__(cls, word)
        member._value_ = word
        member.meaning = meaning
        return member

    OK = "ok", "is as near as the format allows"
    SATURATED = "saturated", "equals a constant limit that the exact value, a normal number, does not equal"
    VANISHED = "vanished", "is 0, for a derivative that is not"
    UNDERFLOW = "underflow", "is 0 or short of digits: the exact one is below the smallest normal number"
    MERGED = "merged", "equals a sloped asymptote, as softplus(40) = 40: shown, never warned of"
    OVERFLOW = "overflow", "is infinite where the exact one is finite"
    INVALID = "invalid", "is nan where the exact one is a number"
    UNDEFINED = "undefined", "is of no matter: the function itself has no value there"
