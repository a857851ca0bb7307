"""A condition or step that no number of digits decides, as whether log10(1000) >= 3, and the values that it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import mpmath

from actfn.expression import balls, exact
from actfn.expression.operations import operate
from actfn.expression.tree import Apply, Tree, fold, number, postorder, rebuild

if TYPE_CHECKING:
    from collections.abc import Mapping

_BITS = 1000
_DIGITS = 20


class Undecided(NamedTuple):
    """What cannot be told, and what follows.

    Attributes:
        part: the condition or the step.
        values: the values that the expression has on its sides, and at the step.
    """

    part: Tree
    values: tuple[Any, ...]


def undecided(tree: Tree, values: Mapping[str, Any]) -> Undecided | None:
    """The one choice that makes the value of the expression unknown; None where it is another thing that does."""
    tree = balls.written_out(tree)
    if not any(isinstance(node, Apply) and node.row.steps for node in postorder(tree)):
        return None
    found: dict[Tree, set[float]] = {}

    def watch(node: Apply, args: list[balls.Ball], result: balls.Ball) -> None:
        if node.row.steps and result[1]:
            found[node] = _sides(node, args)

    balls.ball(tree, values, _BITS, watch)
    if not found:
        return None
    part, sides = next(iter(found.items()))
    results = [exact.value(_with(tree, part, side), values, _DIGITS) for side in sorted(sides)]
    different = tuple(dict.fromkeys(each.value for each in results))
    known = all(each.certain and each.defined for each in results)
    return Undecided(part, different) if known and len(different) > 1 else None


def _sides(node: Apply, args: list[balls.Ball]) -> set[float]:
    """What a condition, or a step around its argument and at the whole number there, may be."""
    if len(args) != 1:
        return {0.0, 1.0}
    middle, radius = args[0]
    points = [middle - radius, middle, middle + radius, mpmath.nint(middle)]
    return {float(operate(node, [each])) for each in points if abs(each - middle) <= radius}


def _with(tree: Tree, part: Tree, value: float) -> Tree:
    return fold(tree, lambda node, args: number(value) if node is part else rebuild(node, args))
