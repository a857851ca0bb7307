"""The effort that one answer may take, counted in operations and not in seconds.

A command allows itself `MOST` operations. What does the work charges them before it does it, so that an answer or a
refusal depends on what was typed alone, never on the processor or its load. Nothing is counted where nothing was
allowed: a program that imports actfn decides for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actfn.errors import EffortError

if TYPE_CHECKING:
    from actfn.numerics.formats import Format

# operations are weighed so that one takes 0.3 to 1.7 ns, and these at most 4.5 seconds: `python -m tests.sweep.effort`
# measures both; of the catalogue nothing takes half of them
MOST = 2_700_000_000
VISIT = 2000  # what a part of a formula takes that is built or read
CALL = 1000  # operations: what calling NumPy takes by itself, about a microsecond
EVALUATION = 6  # calls of NumPy that each evaluation of a formula makes, besides those of its parts

# of one number: an addition, comparison or choice is 1; functions take 1 to 45 ns; a kernel of several calls of NumPy
# takes 2 to 3 ns more for each of them
FUNCTION, PASS = 20, 3
ROUNDING = {"float64": 0, "float32": 2, "float16": 3}  # of a number into a format, and calls that this takes
ROUNDING_SMALL = 10  # into all others
POINTS = 2048  # numbers that are looked at once for `MOST`; more numbers may take more in proportion

BYTES = 1 << 27  # of the arrays that a computation holds at once: 128 MB


def of_rounding(form: Format) -> int:
    """The calls that rounding into a format takes, and about the operations of each number."""
    return ROUNDING.get(form.name, ROUNDING_SMALL)


class _Budget:
    """What is left; None where nothing is counted."""

    def __init__(self) -> None:
        self.most: int | None = None
        self.spent = 0


_budget = _Budget()


def allow() -> None:
    """Allow what follows as many operations as a command may take."""
    _budget.most, _budget.spent = MOST, 0


def renew(numbers: int) -> None:
    """Where operations are counted, allow what follows as many again, in proportion to so many numbers."""
    if _budget.most is not None:
        _budget.most, _budget.spent = MOST * max(1, -(-numbers // POINTS)), 0


def forget() -> None:
    """Count no longer."""
    _budget.most = None


def spent() -> int:
    """The operations since `allow`."""
    return _budget.spent


def charge(operations: int) -> None:
    """Count operations that are about to be done.

    Raises:
        EffortError: they are more than are left.
    """
    if _budget.most is None:
        return
    _budget.spent += operations
    if _budget.spent > _budget.most:
        millions = _budget.most // 1_000_000
        message = f"this formula takes more than {millions} million operations here, which is the limit"
        raise EffortError(message, hint="give a shorter formula, a lower --order, or one --dtype at a time")
