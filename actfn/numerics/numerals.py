"""One number as text. Imports nothing heavy: the command line asks this about every argument that begins with `-`."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

MAX_ORDER = 170  # of a derivative: 170! is the last factorial that is a float


BLANKS = " \t\n\v\f\r"  # the white space of ASCII, which may stand around numbers


def number(token: str) -> float:
    """Return the number that a token spells. Raises ValueError.

    Digits are those of ASCII, and other white space than BLANKS is part of no number: a no-break space may group
    digits, and a control character may be anything.
    """
    plain = _plain(token)
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


def spelled(token: str) -> Decimal:
    """Return exactly the number that a token spells, of which `number` is the nearest float. Raises ValueError.

    Hexadecimal floats are as `number` reads them.
    """
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(_plain(token))
    except InvalidOperation:
        return Decimal(number(token))


def _plain(token: str) -> str:
    return token.strip(f"{BLANKS}\"'").replace("\N{MINUS SIGN}", "-")


def is_number(token: str) -> bool:
    """Whether all that commas separate in the token are numbers."""
    try:
        return bool([number(part) for part in token.split(",") if part])
    except ValueError:
        return False
