"""The limit of effort of one attempt: how many bits and terms it works with, and how much it may compute."""

from __future__ import annotations

from actfn.exact.unresolved import UnresolvedError

BITS = (128, 512, 2048, 8192)  # an attempt that fails for want of bits is repeated with the next number of bits
MOST_TERMS = 48  # one that fails for want of terms is repeated with twice as many, up to so many
MOST_NODES = 5_000
MOST_WORK = 200_000  # products of coefficients in one attempt: about a second


class Budget:
    """What one attempt may use. It counts work, not time, so that an answer is the same on every machine.

    Attributes:
        bits: the precision of balls.
        terms: how many powers of h are kept after the leading one.
        work: how many products of coefficients are left.
    """

    __slots__ = ("bits", "terms", "work")

    def __init__(self, bits: int = BITS[0], terms: int = 8, work: int = MOST_WORK) -> None:
        self.bits = bits
        self.terms = terms
        self.work = work

    def spend(self, products: int) -> None:
        """Count some products of coefficients. Raise UnresolvedError when there are none left."""
        self.work -= products
        if self.work < 0:
            raise UnresolvedError(f"the formula is too long: its expansion takes more than {MOST_WORK} products")
