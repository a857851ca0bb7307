"""How much work exact values may take: the one limit of effort, the same on every machine.

Precision is added until the digits asked for are certain. It ends at MOST_BITS: a value that 20 000 bits do not tell
from 0 is below 10^-6000, and more bits help as a rule only where none do. Long formulas end earlier: their parts times
bits stay below `_PARTS_TIMES_BITS`, which a formula of 50 parts reaches at MOST_BITS and which takes about a second.

What has been spent is counted in units of about 5 microseconds: an operation is one, a function five and one more for
each 50 bits. Analyses that ask for many exact values stop by this count, and not by time, which varies from run to run.
"""

from __future__ import annotations

from dataclasses import dataclass

from actfn.expression.effort import CALL, charge

MOST_BITS = 20_000
LEAST_MOST_BITS = 1500  # a long formula may take as many all the same

_PARTS_TIMES_BITS = 1_000_000
_OF_FUNCTION, _BITS_OF_ONE = 5, 50
_MICROSECONDS, _BITS_OF_FUNCTION = 2, 300  # that a function takes, and bits for which it takes as many again


@dataclass
class Effort:
    """What exact values have taken so far."""

    spent: int = 0

    def add(self, operations: int, functions: int, bits: int) -> None:
        """Count one evaluation that is about to be done. Raises EffortError where a command has none left."""
        self.spent += operations + functions * (_OF_FUNCTION + bits // _BITS_OF_ONE)
        microseconds = operations + _MICROSECONDS * functions * (1 + bits // _BITS_OF_FUNCTION)
        charge(microseconds * CALL)


EFFORT = Effort()


def most_bits(operations: int, wanted: int = MOST_BITS) -> int:
    """Return the precision at which a formula of so many operations is given up."""
    return min(wanted, max(_PARTS_TIMES_BITS // max(operations, 1), LEAST_MOST_BITS))
