"""The float formats: what they can hold, how a number is rounded into them, and distances between their numbers.

The numbers of every format are kept as float64 arrays whose elements the format can represent, so one set of
operations serves all formats: an operation is computed in float64 and rounded once, which is correct rounding for
+ - * / and sqrt in every narrower format here (53 >= 2*24 + 2), and for other functions but for rare near-ties.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import UnknownNameError, suggestion
from actfn.numerics.numerals import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal
    from fractions import Fraction

    from numpy.typing import NDArray

    from actfn.numerics.kernels import Array


@dataclass(frozen=True)
class Format:
    """A binary floating-point format.

    Attributes:
        name: as NumPy and ml_dtypes spell it.
        precision: bits of the significand, the hidden one included.
        min_exponent: exponent of the smallest normal number.
        max: the largest finite number.
        has_infinity: False where overflow gives nan (float8_e4m3fn).
        aliases: what else it is called.
    """

    name: str
    precision: int
    min_exponent: int
    max: float
    has_infinity: bool = True
    aliases: tuple[str, ...] = ()

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """The NumPy dtype; for the small formats it comes from ml_dtypes, imported here."""
        if self.name in ("float64", "float32", "float16"):
            return np.dtype(self.name)
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, self.name))

    @property
    def eps(self) -> float:
        """The spacing of the numbers just above 1."""
        return 2.0 ** (1 - self.precision)

    @property
    def smallest_normal(self) -> float:
        return float(2.0**self.min_exponent)

    @property
    def smallest_subnormal(self) -> float:
        return float(2.0 ** (self.min_exponent - self.precision + 1))

    def round(self, x: Any) -> Array:
        """The numbers of the format nearest to x, ties to even, as float64. x: float64, any shape."""
        x = np.asarray(x, np.float64)
        if self.name == "float64":
            return x
        with np.errstate(all="ignore"):
            if self.name in ("float32", "float16"):
                return x.astype(self.dtype).astype(np.float64)
            spacing = self.spacing(x)
            rounded = np.rint(x / spacing) * spacing
            beyond = np.inf if self.has_infinity else np.nan
            return np.where(np.abs(rounded) > self.max, np.copysign(beyond, x), rounded)

    def off_ties(self, x: Array, exact: Callable[[list[int]], Iterable[tuple[int, Fraction | Decimal]]]) -> Array:
        """Return numbers that `round` takes to where it would take the exact numbers that they were read from.

        A float64 in the middle between two numbers of the format is moved by one float to the side where the exact
        number is: 0.5000000298023223877 is a little more than such a middle, which is the nearest float64.

        Args:
            x: float64, one dimension.
            exact: gives, of some indices, those where a number may differ from its float, with the number.
        """
        if self is FLOAT64:
            return x
        # a middle has one bit more than the numbers of the format: most numbers have more, and take no time
        few = np.flatnonzero(x.view(np.int64) & ((1 << (52 - self.precision)) - 1) == 0)
        with np.errstate(all="ignore"):
            places = np.abs(x[few]) / self.spacing(x[few])
            tied = few[places - np.floor(places) == 0.5]
        moved = np.array(x) if tied.size else x
        for index, there in exact(tied.tolist()) if tied.size else ():
            value = float(x[index])
            if there != value:
                moved[index] = math.nextafter(value, math.inf if there > value else -math.inf)
        return moved

    def read(self, text: str, value: float) -> float:
        """Return the float64 that a text spells, moved as in `off_ties`."""
        return float(self.off_ties(np.array([value]), lambda _: [(0, spelled(text))])[0])

    def near_tie(self, x: Array) -> NDArray[np.bool_]:
        """Where a float64 is within 8 of its ULP of the middle between two numbers of the format."""
        with np.errstate(all="ignore"):
            places = np.abs(x) / self.spacing(x)
            return np.abs(places - np.floor(places) - 0.5) <= 8 * FLOAT64.eps * places

    def spacing(self, x: Array) -> Array:
        """The distance between neighbouring numbers of the format at magnitude |x| (of the binade of x)."""
        exponent = np.frexp(np.where(np.isfinite(x), x, 0.0))[1] - 1
        exponent = np.where(x == 0, self.min_exponent, np.maximum(exponent, self.min_exponent))
        return np.ldexp(1.0, exponent - self.precision + 1)

    def ordinal(self, x: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The place of each number in the format's order: 0 for ±0, consecutive for neighbours, odd in x."""
        x = np.asarray(x, np.float64)
        if self.name == "float64":  # whose bits are the place
            place = np.where(np.isnan(x), 0, np.abs(x).view(np.int64))
            return np.where(x < 0, -place, place)
        place = np.where(np.isinf(x), self.max_ordinal + 1, self._place(np.where(np.isfinite(x), np.abs(x), 0.0)))
        return np.where(x < 0, -place, place)

    @cached_property
    def max_ordinal(self) -> int:
        """The ordinal of the largest finite number."""
        return int(self._place(np.asarray(self.max)))

    def _place(self, magnitude: Array) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Binades below the number times numbers a binade, plus the significand as an integer."""
        exponent = np.where(magnitude == 0, self.min_exponent, np.frexp(magnitude)[1] - 1)
        exponent = np.maximum(exponent, self.min_exponent).astype(np.int64)
        significand = np.ldexp(magnitude, self.precision - 1 - exponent).astype(np.int64)
        return (exponent - self.min_exponent) * 2 ** (self.precision - 1) + significand

    def from_ordinal(self, place: Any) -> Array:
        """The numbers with these ordinals; one beyond the largest is infinity."""
        place = np.asarray(place, np.int64)
        magnitude = np.abs(place)
        if self.name == "float64":
            x = np.minimum(magnitude, self.max_ordinal + 1).view(np.float64)
            return np.where(place < 0, -x, x)
        binade = np.maximum(magnitude // 2 ** (self.precision - 1) - 1, 0)
        significand = (magnitude - binade * 2 ** (self.precision - 1)).astype(np.float64)
        beyond = magnitude > self.max_ordinal
        # scaled in two steps: the power of two alone may be no float
        x = np.ldexp(
            np.where(beyond, np.inf, significand), np.where(beyond, 0, binade + self.min_exponent - self.precision + 1)
        )
        return np.where(place < 0, -x, x)

    def neighbour(self, x: Any, steps: int = 1) -> Array:
        """The number `steps` places above x (below, if negative), ±inf beyond the largest."""
        place = self.ordinal(x) + steps
        return self.from_ordinal(np.clip(place, -self.max_ordinal - 1, self.max_ordinal + 1))

    def ulp_distance(self, x: Any, y: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
        """How many numbers of the format lie between x and y, one of them included. nan is not a place: -1 there.

        From -max to max of float64 there are more than an int64 counts: it stays at the largest int64.
        """
        places = self.ordinal(x), self.ordinal(y)
        high, low = (np.asarray(end(*places)).astype(np.uint64) for end in (np.maximum, np.minimum))
        distance = np.minimum(np.subtract(high, low), np.uint64(np.iinfo(np.int64).max)).astype(np.int64)
        return np.where(np.isnan(x) | np.isnan(y), -1, distance)


FORMATS = {
    row.name: row
    for row in (
        Format("float64", 53, -1022, 1.7976931348623157e308, aliases=("f64", "fp64", "double")),
        Format("float32", 24, -126, (2 - 2.0**-23) * 2.0**127, aliases=("f32", "fp32", "single")),
        Format("float16", 11, -14, 65504.0, aliases=("f16", "fp16", "half")),
        Format("bfloat16", 8, -126, (2 - 2.0**-7) * 2.0**127, aliases=("bf16",)),
        Format("float8_e4m3fn", 4, -6, 448.0, has_infinity=False, aliases=("fp8_e4m3fn", "f8_e4m3fn", "e4m3fn")),
        Format("float8_e5m2", 3, -14, 57344.0, aliases=("fp8_e5m2", "f8_e5m2", "e5m2")),
    )
}

FLOAT64 = FORMATS["float64"]


def find_format(name: str) -> Format:
    """The float format of that name, as `float32`, `fp32` or `torch.float32`. Raises UnknownNameError."""
    plain = name.lower().rpartition(".")[2]
    for form in FORMATS.values():
        if plain == form.name or plain in form.aliases:
            return form
    begun = [each for each in FORMATS if plain and each.startswith(plain)]
    hint = f"which one? {' or '.join(begun)}" if len(begun) > 1 else ""
    hint = hint or suggestion(plain, list(FORMATS)) or f"the formats: {', '.join(FORMATS)}"
    message = f"unknown float format {name!r}"
    raise UnknownNameError(message, hint=hint)
