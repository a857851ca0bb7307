"""The one place that writes a float as text: the shortest that reads back to the same number of its format.

Numbers of 8 bits are written exactly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import orjson

from actfn.numerics.formats import FLOAT64, FORMATS, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.numerics.kernels import Array

_TOLD_EXACTLY = 4  # bits: in float8_e5m2 the shortest text for 0.75 would be 0.8
_DIGITS_OF_FLOAT64 = 17
_NATIVE = ("float64", "float32")
_COMMA, _BLANK, _NEWLINE = b", \n"


def texts(values: Array, form: Format = FLOAT64) -> list[str]:
    """The text of each number of a float64 array whose elements the format holds; `inf`, `-inf` and `nan` as such."""
    flat = np.ascontiguousarray(values, np.float64).reshape(-1)
    if flat.size == 0:
        return []
    if form.name not in _NATIVE:
        return [_shortest(repr(value), form.name) for value in flat.tolist()]
    shown = _dumped(flat, form)[1:-1].decode().split(",")
    for place in np.flatnonzero(~np.isfinite(flat)):
        shown[place] = str(flat[place])
    return shown


def lines(values: Array, form: Format = FLOAT64, counts: Sequence[int] | None = None) -> bytes | memoryview | None:
    """The numbers one a line, or so many a line, much quicker than `texts`; None where only that can write them."""
    if not values.size:
        return b"" if counts is None else None
    if form.name not in _NATIVE or not np.isfinite(values).all():
        return None
    if counts is not None and not all(counts):
        return None
    dumped = np.frombuffer(_dumped(values, form), np.uint8)
    commas = dumped == _COMMA
    shown = dumped - commas * np.uint8(_COMMA - (_NEWLINE if counts is None else _BLANK))  # a replacement, and quick
    if counts is not None:
        shown[np.flatnonzero(commas)[np.cumsum(counts[:-1], dtype=np.intp) - 1]] = _NEWLINE
    shown[-1] = _NEWLINE
    return memoryview(shown)[1:]


def _dumped(values: Array, form: Format) -> bytes:
    """A JSON array; what is not finite is `null`."""
    return orjson.dumps(np.ascontiguousarray(values, form.dtype), option=orjson.OPT_SERIALIZE_NUMPY)


def text(value: float, form: Format = FLOAT64) -> str:
    """The text of one number."""
    return texts(np.asarray([value], np.float64), form)[0]


@lru_cache(maxsize=1 << 16)
def _shortest(exact: str, name: str) -> str:
    """The shortest text that rounds to the number; the key is a text because 0.0 and -0.0 are one as numbers.

    A number that the format does not hold is told as a float64.
    """
    value, form = float(exact), FORMATS[name]
    if value == 0 or not np.isfinite(value) or form.precision <= _TOLD_EXACTLY:
        return exact
    shorter = (float(f"{value:.{digits}g}") for digits in range(1, _DIGITS_OF_FLOAT64))
    return repr(next((shown for shown in shorter if form.round(shown) == value), value))
