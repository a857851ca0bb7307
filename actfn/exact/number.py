"""An exact value as the rest of the package sees it: certified digits, bounds, and what is known where they are not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from actfn.exact import rounding
from actfn.exact.arithmetic import UNDEFINED, ZERO, Number, Ray, is_ball, is_infinite, is_tiny
from actfn.exact.deciding import order
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from decimal import Decimal

    from actfn.numerics.formats import Format

_BITS_PER_DIGIT = 3.3219280948873626


def bits_of(digits: int) -> int:
    """Return how many bits so many decimal digits take."""
    return int(digits * _BITS_PER_DIGIT) + 2


class Status(StrEnum):
    """What is known of an exact value."""

    NUMBER = "number"
    INFINITE = "infinite"
    UNDEFINED = "undefined"  # there certainly is no real value
    UNRESOLVED = "unresolved"  # neither a value nor its absence is certain


@dataclass(frozen=True, eq=False)
class Exact:
    """An exact value as far as it is known.

    Attributes:
        status: a number, infinite, undefined or unresolved.
        digits: how many significant digits of a number are certain.
    """

    status: Status
    digits: int
    _number: Number

    @classmethod
    def of(cls, number: Number, digits: int) -> Exact:
        """Return what a number of certified arithmetic is, if so many digits are wanted."""
        if is_ball(number):
            certain = number.rel_accuracy_bits() >= digits * _BITS_PER_DIGIT + 1
            status = Status.NUMBER if certain else Status.UNRESOLVED
        elif number is UNDEFINED:
            status = Status.UNDEFINED
        else:
            status = Status.INFINITE if is_infinite(number) else Status.UNRESOLVED
        return cls(status, digits, number)

    @property
    def certain(self) -> bool:
        """Whether the value, or that there is none, is certain."""
        return self.status is not Status.UNRESOLVED

    @property
    def defined(self) -> bool:
        """Whether there is, or may be, a real or infinite value."""
        return self.status is not Status.UNDEFINED

    @property
    def is_finite(self) -> bool:
        """Whether there certainly is a finite value, known or not."""
        return isinstance(self._number, Ray) or is_ball(self._number)

    @property
    def is_zero(self) -> bool:
        """Whether the value certainly is 0."""
        return self.sign == 0

    @property
    def may_be_zero(self) -> bool:
        """Whether the value is 0 or cannot be told from it."""
        return is_ball(self._number) and bool(self._number.contains(ZERO))

    @property
    def may_be_finite(self) -> bool:
        """Whether the value is a number, or nothing excludes that."""
        return self.status in (Status.NUMBER, Status.UNRESOLVED)

    @property
    def sign(self) -> int | None:
        """1, 0 or -1; None where the sign is not certain, or there is no value."""
        if isinstance(self._number, Ray):
            return self._number.sign
        if self._number is UNDEFINED:
            return None
        if self._number.is_zero():
            return 0
        return 1 if self._number > ZERO else -1 if self._number < ZERO else None

    @property
    def bounded(self) -> bool:
        """Whether all that is known is an upper bound of the size: it cannot be told from 0."""
        return not self.certain and is_ball(self._number)

    @property
    def tiny(self) -> bool:
        """Whether all that is known is that it is nearer to 0 than any number that can be computed with."""
        return not self.certain and is_tiny(self._number)

    @property
    def huge(self) -> bool:
        """Whether all that is known is that it is larger than any number that can be computed with."""
        return isinstance(self._number, Ray)

    @property
    def text(self) -> str:
        """The certified digits, without trailing zeros; `inf`, `-inf`, and `nan` where there is no certain value."""
        return rounding.text(self._number, self.digits) if self.certain else "nan"

    def shown(self, digits: int) -> str:
        """Return the value to at most so many significant digits, for people: 10**(-4.34e+299)."""
        return rounding.brief(self._number, min(digits, self.digits)) if self.certain else "nan"

    @property
    def bound(self) -> str:
        """An upper bound of the size to two digits, as text."""
        return rounding.upper_bound(self._number)

    @property
    def lower(self) -> Decimal:
        """A number that the value is not below. Raises ValueError where there is no value."""
        return rounding.decimal(self._number, self.digits, -1)

    @property
    def upper(self) -> Decimal:
        """A number that the value is not above. Raises ValueError where there is no value."""
        return rounding.decimal(self._number, self.digits, 1)

    def rounded(self, form: Format = FLOAT64) -> float | None:
        """Return the value rounded into a format, ties to even; None where that is not certain, nan if undefined."""
        return rounding.rounded(self._number, form)

    def __float__(self) -> float:
        """The nearest float64, or one of two where the digits end near their middle; nan where nothing is certain."""
        found = self.rounded()
        if found is None and self.status is Status.NUMBER:
            found = rounding.middle(self._number)
        return float("nan") if found is None else found

    def is_below(self, size: float) -> bool:
        """Return whether the size of the value certainly is below a number."""
        return is_ball(self._number) and abs(self._number) < size

    def is_at_least(self, size: float) -> bool:
        """Return whether the size of the value certainly is at least a number."""
        if isinstance(self._number, Ray):
            return bool(self._number.least >= size)
        return self._number is not UNDEFINED and bool(abs(self._number) >= size)

    def compared(self, other: Exact) -> int | None:
        """Return the sign of this value minus another; None where it is not certain."""
        signs = order(self._number, other._number)
        return signs[0] if len(signs) == 1 else None

    def equals(self, other: float) -> bool:
        """Return whether the value certainly is that float."""
        number = self._number
        return (is_ball(number) or is_infinite(number)) and number.is_exact() and bool(number == other)

    def ulp_error(self, computed: float, form: Format) -> float:
        """Return how far a computed number of a format is from the value, in spacings of the format there.

        nan against a number, or an infinity against a finite value that the format could hold, is infinitely far.
        """
        return rounding.ulp_error(computed, self._number, form)

    def error(self, computed: float) -> float:
        """Return a computed number minus the value, rounded once; nan where one is no finite number."""
        return rounding.error(computed, self._number)

    def relative_error(self, computed: float) -> float:
        """Return how far a computed number is from the value, relative to the value."""
        return rounding.relative_error(computed, self._number)

    def __str__(self) -> str:
        return self.text
