"""The limit of effort: with how many bits and terms an expansion is computed, and how much may be computed."""

from __future__ import annotations

from actfn.exact.effort import EFFORT
from actfn.exact.unresolved import UnresolvedError
from actfn.expression.effort import CALL, charge

BITS = (128, 512, 2048, 8192)  # what fails for want of bits is repeated with the next number of bits
MOST_TERMS = 48  # what fails for want of terms is repeated with twice as many, up to about so many
MOST_NODES = 5_000
MOST_WORK = 40_000  # products of coefficients for one point, all repetitions together: at most about a second
_MICROSECONDS = 5  # that a product takes
_BITS_OF_ONE = 2048  # a product of so many bits takes twice as long as a short one


class Context:
    """What one attempt works with. It counts work, not time, so that an answer is the same on every machine.

    Attributes:
        bits: the precision of balls.
        terms: how many powers of h are kept after the leading one.
        work: how many products of coefficients are left.
        one_sided: a flag: raised when something was computed that holds for h > 0 only, and not for small negative h.
        singular: a flag: raised when something was computed that need not hold for h = 0.
    """

    __slots__ = ("bits", "one_sided", "singular", "terms", "work")

    def __init__(self, bits: int = BITS[0], terms: int = 8, work: int = MOST_WORK) -> None:
        self.bits = bits
        self.terms = terms
        self.work = work
        self.one_sided = False
        self.singular = False

    def spend(self, products: int) -> None:
        """Count some products of coefficients. Raise UnresolvedError when there are none left."""
        EFFORT.spent += products
        charge(products * (1 + self.bits // _BITS_OF_ONE) * _MICROSECONDS * CALL)
        self.work -= products * (1 + self.bits // _BITS_OF_ONE)
        if self.work < 0:
            raise UnresolvedError("the formula is too long: its expansion takes more work than is allowed")

    def flag(self, *, one_sided: bool, singular: bool) -> None:
        """Raise flags."""
        self.one_sided |= one_sided
        self.singular |= singular
