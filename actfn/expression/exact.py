"""Tree and a number to a number of any precision, by mpmath."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import mpmath

from actfn.expression import rules
from actfn.expression.tree import Apply, Number, Tree, Variable, postorder

if TYPE_CHECKING:
    from collections.abc import Mapping

_HUGE = 1 << 40  # the binary exponent beyond which numbers are as good as infinite: exp of one would fill the memory


def compute(tree: Tree, values: Mapping[str, Any], bits: int) -> Any:
    """The value of the expression with every operation carried out to `bits` bits.

    Composite rows are computed by their definitions.

    Args:
        tree: the expression.
        values: the numbers of its variables: floats, taken exactly, or mpmath numbers.
        bits: the working precision.

    Returns:
        An mpmath real: ±inf where that is the limit of the operation, nan where there is no real value.
    """
    mp = mpmath.mp
    with mp.workprec(bits):
        results: dict[Tree, Any] = {}
        basic = _basic(tree)
        for node in postorder(basic):
            if isinstance(node, Variable):
                results[node] = mp.mpf(values[node.name])
            elif isinstance(node, Number):
                results[node] = mp.mpf(node.value)
            else:
                results[node] = _operate(node, [results[argument] for argument in node.args])
        return results[basic]


@lru_cache(maxsize=256)
def _basic(tree: Tree) -> Tree:
    """The tree written out in basic rows."""
    return rules.expanded(tree)


def _operate(node: Apply, args: list[Any]) -> Any:
    mp = mpmath.mp
    exact = node.row.exact
    if not node.args:
        return +getattr(mp, str(exact))
    counterpart = getattr(mp, exact) if isinstance(exact, str) else lambda *given: exact(mp, *given)
    try:
        result = mp.convert(counterpart(*args))
    except (ZeroDivisionError, ValueError, OverflowError):
        return mp.nan
    if isinstance(result, mp.mpc):
        return mp.nan
    if mp.isfinite(result) and result and abs(mp.mag(result)) > _HUGE:
        return mp.sign(result) * mp.inf if mp.mag(result) > 0 else mp.zero
    return result
