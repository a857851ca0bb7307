"""The keys of an exercise file: what each may hold, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actfn.numerics.numerals import number
from actfn.numerics.spacing import USUAL_POINTS, evenly, exact

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.numerics.kernels import Array

LEAST_SECONDS, MOST_SECONDS = 0.001, 100_000.0
LEAST_MEMORY, MOST_MEMORY = 16, 1 << 20  # MiB
MOST_POINTS = 100_000
_COUNTS = range(2, MOST_POINTS + 1)
_MOST_WORTH = 1_000_000


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_number, value))


def _is_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def spread(value: Any) -> Array:
    """The points of `[low, high, how many]` or `"low:high:how many"`, or of either without a number.

    Raises:
        ValueError: it is none.
    """
    texts = value.split(":") if isinstance(value, str) else [repr(each) for each in value]
    parts = list(map(number, texts)) if isinstance(value, str) else value
    low, high, count = parts if len(parts) == 3 else (*parts, USUAL_POINTS)
    if not _is_numbers([low, high, count]) or not np.isfinite([low, high]).all() or count not in _COUNTS:
        raise ValueError
    return evenly(exact(texts[0], low), exact(texts[1], high), int(count))


def _is_range(value: Any) -> bool:
    try:
        spread(value)
    except (TypeError, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Kind:
    """What the value of a key may be, in words, by a test, and by an example where words are not enough."""

    name: str
    holds: Callable[[Any], bool]
    example: str = ""


_TEXT = Kind("a text", lambda value: isinstance(value, str) and bool(value.strip()))
_TEXTS = Kind("a text or a list of texts", _is_texts, '["one", "two"]')
_FLAG = Kind("true or false", lambda value: isinstance(value, bool))
_AMOUNT = Kind("a number, 0 or more", lambda value: _is_number(value) and 0 <= value < float("inf"))
_WORTH = Kind(f"a number from 0 to {_MOST_WORTH}", lambda value: _is_number(value) and 0 <= value <= _MOST_WORTH)
_SECONDS = Kind(
    f"a number of seconds from {LEAST_SECONDS:g} to {MOST_SECONDS:g}",
    lambda value: _is_number(value) and LEAST_SECONDS <= value <= MOST_SECONDS,
)
_WHOLE = Kind("a whole number, 0 or more", lambda value: _is_number(value) and isinstance(value, int) and value >= 0)
_MEMORY = Kind(
    f"a whole number of MiB from {LEAST_MEMORY} to {MOST_MEMORY}",
    lambda value: _WHOLE.holds(value) and LEAST_MEMORY <= value <= MOST_MEMORY,
)
_POINTS = Kind(
    "a number or a list of numbers, for a function of a vector a list of lists",
    lambda value: _is_number(value) or _is_numbers(value)
    or (isinstance(value, list) and bool(value) and all(map(_is_numbers, value))),
    "[-1, 0.5, inf]",
)  # fmt: skip
_RANGE = Kind(
    f"[low, high] or [low, high, how many (2 to {MOST_POINTS})]",
    _is_range,
    "[-5, 5, 11]",
)
_NUMBERS_BY_NAME = Kind(
    "a table of numbers",
    lambda value: isinstance(value, dict) and all(map(_is_number, value.values())),
    "{alpha = 0.2}",
)
_CHECKS = Kind(
    "tables, each under a line [[check]]",
    lambda value: isinstance(value, list) and all(isinstance(each, dict) for each in value),
)


class Key(NamedTuple):
    """A key: what its value may be, and what it says."""

    kind: Kind
    meaning: str


TOP = {
    "title": Key(_TEXT, "what the report is called"),
    "against": Key(_TEXT, "what is graded, as --against of the command; {function} becomes that of each check"),
    "timeout": Key(_SECONDS, "seconds that a check may take"),
    "memory": Key(_MEMORY, "that a submission may use"),
    "forbid": Key(_TEXTS, "Python packages that may not be imported"),
    "check": Key(_CHECKS, "a [[check]] for each thing that is graded"),
}
CHECK = {
    "name": Key(_TEXT, "what it is called; needed"),
    "function": Key(_TEXT, "what is right, a name or an expression; needed"),
    "parameters": Key(_NUMBERS_BY_NAME, "of the function: {alpha = 0.2}"),
    "against": Key(_TEXT, "instead of the one above"),
    "at": Key(_POINTS, "where it is asked"),
    "range": Key(_RANGE, f"the same, evenly spaced ({USUAL_POINTS}); without either, where it usually goes wrong"),
    "atol": Key(_AMOUNT, "how far an answer may be off"),
    "rtol": Key(_AMOUNT, "the same, as a share of the right one"),
    "ulp": Key(_WHOLE, "the same, in units of its last place"),
    "dtype": Key(_TEXT, "a float format"),
    "derivative": Key(_FLAG, "whether slopes are asked for"),
    "vector": Key(_FLAG, "whether a Python function is called with an array"),
    "property": Key(_TEXTS, "what must hold of the answers together"),
    "slope-of": Key(_TEXT, "for 'matches derivative': the values whose slopes these are"),
    "points": Key(_WORTH, "what it is worth (1)"),
    "hint": Key(_TEXT, "what a failure says"),
    "needs": Key(_TEXTS, "checks above that must have passed"),
    "timeout": Key(_SECONDS, "instead of the one above"),
}
