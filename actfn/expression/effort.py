"""The effort that one answer may take, counted in operations and not in seconds.

A command allows itself `MOST` operations. What does the work charges them before it does it, so that an answer or a
refusal depends on what was typed alone, never on the processor or its load. Nothing is counted where nothing was
allowed: a program that imports actfn decides for itself.
"""

from __future__ import annotations

from actfn.errors import EffortError

# an operation on one number takes 1 to 30 ns, so that these are at most about 3 seconds; the dearest function of the
# catalogue takes a fifth of them in its dearest command
MOST = 2_500_000_000
CALL = 1000  # operations: what calling NumPy, or visiting a part of a formula, takes by itself, about a microsecond
EXACT = 3 * CALL  # one unit of the effort of exact values

# of one number: an addition, comparison or choice is 1; functions take 1 to 45 ns (erf), those of several steps up to 80
FUNCTION, COMPOSITE = 10, 30
ROUNDING = 10  # of one number into bfloat16 or smaller, and of calls
POINTS = 2048  # numbers that are looked at once for `MOST`; more numbers may take more in proportion

BYTES = 1 << 27  # of the arrays that a computation holds at once: 128 MB


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
        raise EffortError(message, hint="give a shorter formula, a lower order or fewer conditions")
