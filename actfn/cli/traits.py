"""What a table says of a function, a line a property: everything computed, in words and few digits."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.initialisation import DEPTH, SCALES, expectation, initialisation
from actfn.analysis.properties import properties
from actfn.numerics.formats import FORMATS
from actfn.output.described import described, number, saturated

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.cli.foreign import Foreign
    from actfn.functions.function import Function
    from actfn.numerics.kernels import Array

_NONE = np.zeros(0)
_USUAL = np.linspace(-5, 5, 41)  # a callable without a value at one of these is not asked for expectations
_MOST = 4  # borders that are told
_SCALES = {weights: ", ".join(name for name in SCALES if SCALES[name] == weights) for weights in SCALES.values()}
_FORMAT = FORMATS["float32"]
_DESCRIBED = ("range", "monotone", "symmetry", "curvature", "kinks", "jumps", "smoothness", "steepest")

NAMES = (
    *_DESCRIBED,
    "slope at 0",
    f"saturated in {_FORMAT.name}",
    "zero-centred",
    "share of zero slope",
    "mean square slope",
    "gain",
    *(f"{what}, {DEPTH} layers, {scale}" for scale in _SCALES.values() for what in ("signal", "gradient")),
)
"""What `of_function` tells, in order. Expectations are over a standard normal input."""


def of_function(function: Function, show: Callable[[float], str]) -> list[str]:
    """The texts for `NAMES`; numbers that stand alone as `show` writes them."""
    known, normal = properties(function), initialisation(function)
    words = described(known)
    return [
        *(words.get(name, "-") for name in _DESCRIBED),
        show(known.slope_at_0),
        ", ".join(saturated(function, _FORMAT)[:_MOST]) or "-",
        "-" if isnan(normal.mean) else "yes" if normal.mean == 0 else f"no: mean {number(normal.mean)}",
        show(normal.flat),
        # beside a pole, the square has no mean
        *(["-"] * 2 if known.poles else [show(normal.mean_square_slope), show(normal.gain)]),
        *(
            str(fate)
            for passage in {SCALES[each.scale]: each for each in normal.passages}.values()
            for fate in passage.fates
        ),
    ]


def of_foreign(callable_: Foreign, x: Array, show: Callable[[float], str]) -> list[str]:
    """The same of a callable, as far as it can be told of one that has no formula: slopes at points x."""
    slopes = np.abs(callable_.slopes(x))
    told = {"slope at 0": show(float(callable_.slopes(np.zeros(1))[0]))}
    if np.all(np.isfinite(callable_.answers(_USUAL).values)):
        square = expectation(lambda z: callable_.answers(z).values ** 2, _NONE)
        told["mean square slope"] = show(expectation(lambda z: callable_.slopes(z) ** 2, _NONE))
        told["gain"] = show(float(np.sqrt(1 / square)) if square > 0 else np.nan)
    if np.any(np.isfinite(slopes)):
        place = int(np.nanargmax(slopes))
        told["steepest"] = f"{number(float(slopes[place]))} at {number(float(x[place]))}"
    return [told.get(name, "-") for name in NAMES]
