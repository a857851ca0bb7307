"""All rows, by family and by name. Imports nothing heavy: listing them computes nothing."""

from __future__ import annotations

from functools import cache

from actfn.catalogue import (
    bumps,
    exponential_units,
    gated,
    others,
    periodic,
    rectifiers,
    shrinkers,
    sigmoids,
    smooth_rectifiers,
    vectors,
)
from actfn.catalogue.activation import Activation, VectorActivation

Row = Activation | VectorActivation

FAMILIES: dict[str, tuple[Row, ...]] = {
    "rectifiers": rectifiers.ROWS,
    "exponential_units": exponential_units.ROWS,
    "smooth_rectifiers": smooth_rectifiers.ROWS,
    "gated": gated.ROWS,
    "sigmoids": sigmoids.ROWS,
    "shrinkers": shrinkers.ROWS,
    "periodic": periodic.ROWS,
    "bumps": bumps.ROWS,
    "others": others.ROWS,
    "vectors": vectors.ROWS,
}
ROWS = tuple(row for rows in FAMILIES.values() for row in rows)

# What frameworks or the survey have and the catalogue has not, and why.
OMITTED = {
    "funnel": "it needs the weights of a learned convolution",
    "xunit": "it needs the weights of a learned convolution",
    "pau": "a Padé activation unit is its learned coefficients; any one can be typed as a quotient of polynomials",
    "iplu": "the survey prints a branch that jumps from 1 to 0, which its source does not explain",
    "trapezoidsaf": "the formula that the survey prints is no trapezoid",
}


def normalised(name: str) -> str:
    """A name with case, underscores, hyphens and blanks taken out: HardSwish, hard_swish and hardswish are one."""
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


@cache
def _index() -> dict[str, Row]:
    index: dict[str, Row] = {}
    for row in ROWS:
        for name in (row.name, *row.aliases):
            index.setdefault(normalised(name), row)
    return index


def find(name: str) -> Row | None:
    """The row of a name or alias."""
    return _index().get(normalised(name))


@cache
def _families() -> dict[str, str]:
    return {row.name: name for name, rows in FAMILIES.items() for row in rows}


def family(row: Row) -> str:
    """The family that the row stands in."""
    return _families()[row.name]


def search(text: str) -> list[Row]:
    """The rows in whose name, aliases, title or source the text occurs; all for an empty text."""
    if not text:
        return list(ROWS)
    wanted, plain = normalised(text), text.casefold()
    return [
        row
        for row in ROWS
        if any(wanted in normalised(name) for name in (row.name, *row.aliases))
        or plain in f"{row.title} {row.source}".casefold()
    ]
