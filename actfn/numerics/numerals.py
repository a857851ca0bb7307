"""One number as text. Imports nothing heavy: the command line asks this about every argument that begins with `-`."""

import math
import re

MAX_ORDER = 170  # of a derivative: 170! is the last factorial that is a float


BLANKS = " \t\n\v\f\r"  # the white space of ASCII, which may stand around numbers


def number(token: str) -> float:
    """Return the number that a token spells. Raises ValueError.

    Digits are those of ASCII, and other white space than BLANKS is part of no number: a no-break space may group
    digits, and a control character may be anything.
    """
    plain = token.strip(f"{BLANKS}\"'").replace("\N{MINUS SIGN}", "-")
    if not plain.isascii() or plain != plain.strip():  # `float` would take both
        message = f"not a number: {token!r}"
        raise ValueError(message)
    try:
        return float(plain)
    except ValueError:
        if re.match(r"[+-]?0[xX]", plain):
            try:
                return float.fromhex(plain)
            except OverflowError:
                return math.copysign(math.inf, -1 if plain.startswith("-") else 1)
        if re.fullmatch(r"[+-]?nan\(\w*\)", plain, re.IGNORECASE):  # as C prints it
            return math.nan
        raise


def is_number(token: str) -> bool:
    """Whether all that commas separate in the token are numbers."""
    try:
        return bool([number(part) for part in token.split(",") if part])
    except ValueError:
        return False
