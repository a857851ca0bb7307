"""One number as text. Imports nothing heavy: the command line asks this about every argument that begins with `-`."""

import math
import re

MAX_ORDER = 170  # of a derivative: 170! is the last factorial that is a float


def number(token: str) -> float:
    """The number a token spells. Raises ValueError."""
    plain = token.strip("\"'").replace("\N{MINUS SIGN}", "-")
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
